//! How far the places of a disc may be from a line, without measuring: by chords, of the pieces that can be nearest to any of them.
//!
//! Discs within a disc need to look only at the pieces that counted for the whole, so that a search which goes down a tree of discs soon has
//! but a few to look at.

use smallvec::SmallVec;

use super::Polyline;
use super::tree::ANYWHERE_M;
use crate::ellipsoid::{chord_m, greatest_distance_m, least_distance_m};

/// With more pieces than this around a disc, the tree is faster than looking at each.
const MOST: usize = 256;

/// Pieces that can be nearest to some place of a disc.
#[derive(Clone, Debug)]
pub(crate) struct Around(SmallVec<[u32; 12]>);

/// What squares of chords are off by at most, with room: coordinates are good to some nanometres, and no chord is longer than the Earth is wide.
const SQUARES_SQ: f64 = 1.0;

impl Polyline {
    /// The pieces around a disc in space, from among those around a greater one, and between which metres the distance of its center to
    /// them is.
    pub(crate) fn around(&self, among: Option<&Around>, center_m: &[f64; 3], reach_m: f64) -> (Around, [f64; 2]) {
        let mut chords: SmallVec<[(u32, f64); 64]> = SmallVec::new();
        let mut chords_m = [f64::from(ANYWHERE_M); 2];
        let mut nearest = 0;
        let mut look = |slot: u32| {
            let [low_m, high_m] = self.chord_to_piece_m(slot, center_m);
            if high_m < chords_m[1] {
                (chords_m[1], nearest) = (high_m, slot);
            }
            chords_m[0] = chords_m[0].min(low_m);
            chords.push((slot, low_m));
            chords_m[1] + 2.0 * reach_m
        };
        match among {
            Some(Around(slots)) if slots.len() <= MOST => slots.iter().for_each(|slot| {
                look(*slot);
            }),
            #[allow(clippy::cast_possible_truncation, reason = "pieces are numbered by 32 bits")]
            _ => self.tree.search_pieces(center_m, f64::from(ANYWHERE_M), |slot| look(slot as u32)),
        }
        // Be X a place of the disc, C its center, Q the place of the nearest piece that is nearest to C, and P any place of another. Then
        // |XP|² − |XQ|² = |CP|² − |CQ|² + 2·(X−C)·(Q−P), which is more than zero where |CP|² − |CQ|² > 2·reach·|QP|: the piece is nearest to no X.
        let foot_m = self.pieces[nearest as usize].foot_of_chord_m(center_m);
        let slack_m = self.pieces[nearest as usize].sagitta_m();
        let may_be_nearest = |(slot, low_m): &(u32, f64)| {
            let farther_sq = low_m * low_m - chords_m[1] * chords_m[1] - SQUARES_SQ;
            farther_sq <= 0.0 || {
                let piece = &self.pieces[*slot as usize];
                let [start_m, end_m] = [piece.start_m, piece.end_m()].map(|end_m| chord_m(foot_m, end_m));
                farther_sq <= 2.0 * reach_m * (start_m.max(end_m) + piece.sagitta_m() + slack_m)
            }
        };
        let slots = chords.iter().filter(|chord| may_be_nearest(chord)).map(|(slot, _)| *slot).collect();
        (Around(slots), lengths_m(chords_m))
    }

    /// Between which metres the distance of a place is, which is known to within `pad_m` and lies in the disc.
    pub(crate) fn distance_between_m(&self, Around(slots): &Around, at_m: &[f64; 3], pad_m: f64) -> [f64; 2] {
        let mut chords_m = [f64::from(ANYWHERE_M); 2];
        for slot in slots {
            let [low_m, high_m] = self.chord_to_piece_m(*slot, at_m);
            chords_m = [chords_m[0].min(low_m), chords_m[1].min(high_m)];
        }
        lengths_m([(chords_m[0] - pad_m).max(0.0), chords_m[1] + pad_m])
    }

    /// Between which metres the chord to a piece is: no place of it is farther from its chord than its sagitta.
    fn chord_to_piece_m(&self, slot: u32, at_m: &[f64; 3]) -> [f64; 2] {
        let piece = &self.pieces[slot as usize];
        let (chord_m, sagitta_m) = (piece.chord_m(at_m), piece.sagitta_m());
        [(chord_m - sagitta_m).max(0.0), chord_m + sagitta_m]
    }
}

fn lengths_m(chords_m: [f64; 2]) -> [f64; 2] {
    [least_distance_m(chords_m[0]), greatest_distance_m(chords_m[1]) + 1e-5]
}

#[cfg(test)]
mod tests {
    use crate::distance::Polyline;
    use crate::ellipsoid::{chord_m, ecef_m};
    use crate::position::Position;

    /// A line over the whole sphere, discs of every size down to a metre: each place of a disc is as far as the pieces around it say, by
    /// way of any chain of discs.
    #[test]
    fn the_distance_lies_between() {
        let turn = |at: u32, by: f64| (f64::from(at) * by).fract();
        let place =
            |at: u32| Position::computed_deg(180.0 * turn(at, 0.618_034) - 90.0, 360.0 * turn(at, 0.414_213) - 180.0);
        let near = |from: Position, at: u32, deg: f64| {
            let lat_deg = (from.lat_deg() + deg * (turn(at, 0.732_05) - 0.5)).clamp(-90.0, 90.0);
            Position::computed_deg(lat_deg, from.lon_deg() + deg * (turn(at, 0.236_07) - 0.5))
        };
        let mut vertex = place(1);
        let vertices: Vec<Position> = (0..700)
            .map(|at| {
                vertex = if at % 50 == 0 { place(at) } else { near(vertex, at, 3.0) };
                vertex
            })
            .collect();
        let line = Polyline::new(vec![vertices], |_, _| Ok(Vec::new())).expect("a line");
        let mut narrowest_m = f64::INFINITY;
        for at in 0..400 {
            let site = place(at + 5_000);
            let site_m = ecef_m(site);
            let exact_m = line.nearest(site).distance.m();
            let mut around = None;
            for (step, deg) in [40.0, 10.0, 1.0, 0.1, 0.001].into_iter().enumerate() {
                let center_m = ecef_m(near(site, at + u32::try_from(step).expect("small"), deg));
                let reach_m = chord_m(center_m, site_m) + 1e-6;
                let (next, _) = line.around(around.as_ref(), &center_m, reach_m);
                let [from_m, to_m] = line.distance_between_m(&next, &site_m, 0.0);
                assert!(from_m <= exact_m && exact_m <= to_m, "{site} {deg}: {from_m} {exact_m} {to_m}");
                narrowest_m = narrowest_m.min(to_m - from_m);
                around = None.or(Some(next)).filter(|_| step != 2);
            }
        }
        assert!(narrowest_m < 5.0, "{narrowest_m}");
    }
}
