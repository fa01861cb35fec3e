//! Sites that are close together, searched for side by side: the pieces that may be nearest to any of them are found once, and their
//! chords are compared for eight sites at a time.

use wide::f32x8;

use super::order::Placed;
use super::series::gridded_m;
use super::tree::{Ball, ROUNDING, Tree, single, square_of, surely_nearest_m};
use super::{CANDIDATES_M, LONG_CANDIDATES_M};
use crate::ellipsoid::chord_m;

/// So many sites that follow each other are searched for together.
pub(super) const PACKET: usize = 16;

/// So many are compared at once.
const BLOCK: usize = 8;

/// More pieces are not worth it.
const NEARBY: usize = 320;

/// Sites that are close together.
pub(super) struct Packet {
    pub(super) count: usize,
    /// Where they stand among all sites.
    pub(super) at: [u32; PACKET],
    at_m: [[f64; PACKET]; 3],
}

impl Packet {
    /// The sites that come next in an order; at least one, at most [`PACKET`].
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn new(sites: &[Placed]) -> Self {
        let mut packet = Self { count: sites.len(), at: [0; PACKET], at_m: [[0.0; PACKET]; 3] };
        let (mut lat_deg, mut lon_deg) = ([0.0; PACKET], [0.0; PACKET]);
        for (lane, site) in sites.iter().enumerate() {
            packet.at[lane] = site.at;
            (lat_deg[lane], lon_deg[lane]) = (site.lat_deg, site.lon_deg);
        }
        for lane in 0..PACKET {
            let [x, y, z] = gridded_m(lat_deg[lane], lon_deg[lane]);
            packet.at_m[0][lane] = x;
            packet.at_m[1][lane] = y;
            packet.at_m[2][lane] = z;
        }
        packet
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn at_m(&self, lane: usize) -> [f64; 3] {
        [self.at_m[0][lane], self.at_m[1][lane], self.at_m[2][lane]]
    }

    /// A ball that holds its sites.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn ball(&self) -> Ball {
        let (mut low_m, mut high_m) = (self.at_m(0), self.at_m(0));
        for lane in 1..self.count {
            for axis in 0..3 {
                low_m[axis] = low_m[axis].min(self.at_m[axis][lane]);
                high_m[axis] = high_m[axis].max(self.at_m[axis][lane]);
            }
        }
        let middle = |axis: usize| 0.5 * (low_m[axis] + high_m[axis]);
        #[allow(clippy::cast_possible_truncation, reason = "rounded up")]
        let radius_m = ((0.5 * chord_m(low_m, high_m)) as f32).next_up() + 1e-3;
        Ball { center_m: [middle(0), middle(1), middle(2)], radius_m }
    }
}

/// The chord of a piece, from the center of a ball.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chord {
    pub(super) slot: u32,
    pub(super) start_m: [f32; 3],
    pub(super) way_m: [f32; 3],
    pub(super) per_way_sq: f32,
}

/// Which lanes of a packet may be beyond reach of the short series, and of the long one, a bit for each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    pub(super) far: u32,
    pub(super) beyond: u32,
}

/// The pieces that may be nearest to some of the sites of a packet.
#[derive(Default)]
pub(super) struct Nearby {
    leaves: Vec<u32>,
    chords: Vec<Chord>,
    squares: Vec<[f32; BLOCK]>,
    /// A leaf that may be near the next packet too.
    hint: u32,
    ball: Ball,
    leaf_pad_m: f32,
}

impl Nearby {
    /// Finds the pieces for a packet; false if there are too many.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn gather(&mut self, tree: &Tree, packet: &Packet) -> bool {
        self.ball = packet.ball();
        let Some(leaf_pad_m) = tree.gather(&self.ball, &mut self.hint, &mut self.leaves, &mut self.chords) else {
            return false;
        };
        self.leaf_pad_m = leaf_pad_m;
        self.chords.len() <= NEARBY
    }

    /// For each site within reach of the series the pieces that may be nearest, in pairs of lane and slot.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn pairs(&mut self, packet: &Packet, pairs: &mut Vec<(u32, u32)>) -> Reach {
        pairs.clear();
        let mut reach = Reach { far: 0, beyond: 0 };
        let mut lane = 0;
        while lane < packet.count {
            let count = (packet.count - lane).min(BLOCK);
            let mut at_m = [[0.0_f32; BLOCK]; 3];
            for ((rounded_m, all_m), center_m) in at_m.iter_mut().zip(&packet.at_m).zip(&self.ball.center_m) {
                for (at, rounded_m) in rounded_m.iter_mut().enumerate() {
                    // Lanes without a site repeat the last.
                    let site = lane + if at < count { at } else { count - 1 };
                    *rounded_m = single(all_m[site] - center_m);
                }
            }
            let block = self.block(&at_m, lane, count, pairs);
            reach = Reach { far: reach.far | block.far << lane, beyond: reach.beyond | block.beyond << lane };
            lane += BLOCK;
        }
        reach
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn block(&mut self, at_m: &[[f32; BLOCK]; 3], first: usize, count: usize, pairs: &mut Vec<(u32, u32)>) -> Reach {
        let mut least = [f32::MAX; BLOCK];
        self.squares.clear();
        for chord in &self.chords {
            let mut squares = [0.0; BLOCK];
            let ([sx, sy, sz], [wx, wy, wz]) = (chord.start_m, chord.way_m);
            for lane in 0..BLOCK {
                let (x, y, z) = (at_m[0][lane] - sx, at_m[1][lane] - sy, at_m[2][lane] - sz);
                let along = (x * wx + y * wy + z * wz) * chord.per_way_sq;
                let along = if along > 0.0 { along } else { 0.0 };
                let along = if along < 1.0 { along } else { 1.0 };
                let (x, y, z) = (x - along * wx, y - along * wy, z - along * wz);
                squares[lane] = x * x + y * y + z * z;
                least[lane] = if squares[lane] < least[lane] { squares[lane] } else { least[lane] };
            }
            self.squares.push(squares);
        }
        let mut within = [0.0; BLOCK];
        let (mut far, mut beyond) = (0, 0);
        for lane in 0..BLOCK {
            let chord_m = least[lane].sqrt() * (1.0 + ROUNDING);
            // Coordinates from the center are rounded in proportion to themselves.
            let pad_m = self.leaf_pad_m + ROUNDING * (chord_m + 2.0 * self.ball.radius_m);
            let limit_m = surely_nearest_m(chord_m + pad_m);
            far |= u32::from(limit_m > CANDIDATES_M) << lane;
            beyond |= u32::from(limit_m > LONG_CANDIDATES_M) << lane;
            within[lane] = square_of(limit_m, pad_m);
        }
        let (within, all) = (f32x8::from(within), (1_u32 << count) - 1);
        let (far, beyond) = (far & all, beyond & all);
        for (chord, squares) in self.chords.iter().zip(&self.squares) {
            let mut near = f32x8::from(*squares).simd_le(within).to_bitmask() & all & !beyond;
            while near != 0 {
                #[allow(clippy::cast_possible_truncation, reason = "a packet is small")]
                pairs.push((first as u32 + near.trailing_zeros(), chord.slot));
                near &= near - 1;
            }
        }
        Reach { far, beyond }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance::order::as_they_come;
    use crate::distance::piece::Piece;
    use crate::distance::{PIECE_M, Polyline};
    use crate::ellipsoid::ecef_m;
    use crate::length::Length;
    use crate::position::Position;

    fn metres(m: f64) -> Length {
        Length::from_m(m).expect("a length")
    }

    /// A line of a few hundred edges, one piece each; and packets of one to sixteen sites, from the line to 300 km away, all within a
    /// metre or within 2 km.
    fn lines_and_packets(mut check: impl FnMut(&Polyline, &[Position])) {
        let mut state = 7_u64;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(state >> 32).unwrap_or(0)) / 4_294_967_296.0
        };
        for number in 0..40 {
            let mut vertices = vec![Position::computed_deg(160.0 * next() - 80.0, 360.0 * next() - 180.0)];
            let mut azimuth_deg = 360.0 * next();
            let longest_m = [1_000.0, PIECE_M][number % 2];
            for _ in 0..150 + 50 * (number % 5) {
                azimuth_deg += 60.0 * (next() - 0.5);
                let last = vertices[vertices.len() - 1];
                vertices.push(last.destination(azimuth_deg, metres(longest_m * (0.6 + 0.4 * next()))));
            }
            let middle = vertices[vertices.len() / 2];
            let line = Polyline::new(vec![vertices], |_, _| Ok(Vec::new())).expect("a line");
            for packet in 0..12 {
                let center = middle.destination(360.0 * next(), metres(10_f64.powf(5.5 * next())));
                let reach_m = [1.0, 2_000.0][packet % 2];
                let count = if packet < 8 { PACKET } else { 1 + packet };
                let site = |_| center.destination(360.0 * next(), metres(reach_m * next()));
                check(&line, &(0..count).map(site).collect::<Vec<_>>());
            }
        }
    }

    /// What every bound may be off by, so far away: the pads of a leaf, how much a geodesic is longer than its chord, and single precision.
    fn slack_m(chord_m: f64) -> f64 {
        1.5 + 3.1e-17 * chord_m.powi(3) + 1e-5 * chord_m
    }

    fn box_of(pieces: &[Piece]) -> [[f64; 2]; 3] {
        [0, 1, 2].map(|axis| {
            let ends = pieces.iter().flat_map(|piece| [piece.start_m[axis], piece.end_m()[axis]]);
            ends.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], at| [low.min(at), high.max(at)])
        })
    }

    /// Of a box, the way to its nearest place and to its farthest.
    fn ways_m(of: &[[f64; 2]; 3], at_m: &[f64; 3]) -> [f64; 2] {
        let nearest = |axis: usize| (of[axis][0] - at_m[axis]).max(at_m[axis] - of[axis][1]).max(0.0);
        let farthest = |axis: usize| (of[axis][1] - at_m[axis]).max(at_m[axis] - of[axis][0]);
        let length = |part: &dyn Fn(usize) -> f64| (0..3).map(|axis| part(axis).powi(2)).sum::<f64>().sqrt();
        [length(&nearest), length(&farthest)]
    }

    /// The ball holds the sites, and is no greater than a ball around their box.
    #[test]
    fn a_ball_around_a_packet() {
        lines_and_packets(|_, sites| {
            let ball = Packet::new(&as_they_come(sites)).ball();
            let (mut low_m, mut high_m) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
            for at_m in sites.iter().map(|site| ecef_m(*site)) {
                assert!(chord_m(at_m, ball.center_m) <= f64::from(ball.radius_m));
                (low_m, high_m) = ([0, 1, 2].map(|a| low_m[a].min(at_m[a])), [0, 1, 2].map(|a| high_m[a].max(at_m[a])));
            }
            assert!(f64::from(ball.radius_m) <= 0.5 * chord_m(low_m, high_m) + 2e-3);
        });
    }

    /// With c the middle of the sites, r their reach and f the nearest place of a chord: whatever has a place p with
    /// |c−p|² − |c−f|² ≤ 2r·|p−f| is gathered, and nothing that is beyond that by more than the slack. So it is for pieces and for
    /// leaves, where the search begins at the leaf that it named the last time.
    #[test]
    fn what_is_gathered_may_be_nearest_and_nothing_else() {
        let (mut leaves, mut chords, mut tight) = (Vec::new(), Vec::new(), 0);
        lines_and_packets(|line, sites| {
            let ball = Packet::new(&as_they_come(sites)).ball();
            let (center_m, radius_m) = (&ball.center_m, f64::from(ball.radius_m));
            let nearest = line.pieces.iter().min_by(|a, b| a.chord_m(center_m).total_cmp(&b.chord_m(center_m)));
            let foot_m = nearest.expect("a piece").foot_of_chord_m(center_m);
            let least_m = chord_m(*center_m, foot_m);
            let slack_m = slack_m(least_m + radius_m);
            let excess = |way_m: f64, from_foot_m: f64| way_m.powi(2) - least_m.powi(2) - 2.0 * radius_m * from_foot_m;
            let most = |way_m: f64| slack_m * (2.0 * (least_m + radius_m) + slack_m) + 2e-5 * way_m * way_m;

            let mut hint = 0;
            line.tree.gather(&ball, &mut hint, &mut leaves, &mut chords).expect("few leaves");
            let of_leaf = |leaf: u32| {
                let from = 8 * leaf as usize;
                &line.pieces[from..(from + 8).min(line.pieces.len())]
            };
            let hinted_m = of_leaf(hint).iter().map(|piece| piece.chord_m(center_m)).fold(f64::INFINITY, f64::min);
            assert!(hinted_m <= least_m + slack_m, "{hinted_m} instead of {least_m}");

            line.tree.gather(&ball, &mut hint, &mut leaves, &mut chords).expect("few leaves");
            for leaf in &leaves {
                let of = box_of(of_leaf(*leaf));
                let ([way_m, _], [_, from_foot_m]) = (ways_m(&of, center_m), ways_m(&of, &foot_m));
                assert!(excess(way_m, from_foot_m) <= most(way_m), "leaf {leaf}: {way_m} beside {least_m}");
            }
            let mut gathered = vec![false; line.pieces.len()];
            for chord in &chords {
                let piece = &line.pieces[chord.slot as usize];
                assert!(!std::mem::replace(&mut gathered[chord.slot as usize], true), "twice");
                let start_m = [0, 1, 2].map(|axis| piece.start_m[axis] - center_m[axis]);
                assert!(chord_m(start_m, chord.start_m.map(f64::from)) < 0.1 + 1e-6 * least_m);
                assert!(chord_m(piece.way_m(), chord.way_m.map(f64::from)) < 1e-3);
            }
            for (piece, is_gathered) in line.pieces.iter().zip(gathered) {
                let way_m = piece.chord_m(center_m);
                let from_foot_m = chord_m(piece.start_m, foot_m).max(chord_m(piece.end_m(), foot_m));
                assert!(!is_gathered || excess(way_m, from_foot_m) <= most(way_m), "{way_m} beside {least_m}");
                let own_foot_m = piece.foot_of_chord_m(center_m);
                assert!(is_gathered || excess(way_m, chord_m(own_foot_m, foot_m)) > 0.0, "{way_m} beside {least_m}");
                tight += usize::from(is_gathered);
            }
        });
        assert!(tight > 1_000, "{tight}");
    }

    /// Of each site its nearest piece is kept, and none that is farther by more than the slack.
    #[test]
    fn pairs_are_those_that_may_be_nearest() {
        let mut nearby = Nearby::default();
        let mut pairs = Vec::new();
        lines_and_packets(|line, sites| {
            let packet = Packet::new(&as_they_come(sites));
            assert!(nearby.gather(&line.tree, &packet));
            let reach = nearby.pairs(&packet, &mut pairs);
            assert_eq!((reach.far, reach.beyond), (0, 0));
            for (lane, site) in (0..).zip(sites) {
                let at_m = ecef_m(*site);
                let number = line.nearest_brute_force(*site).segment;
                let least_m = line.pieces.iter().map(|piece| piece.chord_m(&at_m)).fold(f64::INFINITY, f64::min);
                let of_site = || pairs.iter().filter(|pair| pair.0 == lane).map(|pair| &line.pieces[pair.1 as usize]);
                assert!(of_site().any(|piece| piece.number as usize == number), "the nearest of {site} is missing");
                for piece in of_site() {
                    assert!(
                        piece.chord_m(&at_m) <= least_m + slack_m(least_m),
                        "{} beside {least_m}",
                        piece.chord_m(&at_m)
                    );
                }
            }
            assert!(pairs.iter().all(|pair| (pair.0 as usize) < sites.len()));
            // The hint of one line means nothing for the next.
            nearby.hint = 0;
        });
    }

    /// Which sites the series do not reach is told lane by lane: some of a packet lie beyond.
    #[test]
    fn reach_is_told_for_each_site() {
        let start = Position::computed_deg(10.0, 20.0);
        let ends = vec![start, start.destination(90.0, metres(3_000.0))];
        let line = Polyline::new(vec![ends], |_, _| Ok(Vec::new())).expect("a line");
        for (reach_m, is_beyond) in [(CANDIDATES_M, false), (LONG_CANDIDATES_M, true)] {
            // Along the meridian a chord is so much shorter than the way.
            let at = |chord_m: f32| {
                let (mut low_m, mut high_m) = (0.0, 1.2e7);
                for _ in 0..60 {
                    let middle_m = f64::midpoint(low_m, high_m);
                    let chord =
                        crate::ellipsoid::chord_m(ecef_m(start), ecef_m(start.destination(180.0, metres(middle_m))));
                    if chord < f64::from(chord_m) { low_m = middle_m } else { high_m = middle_m }
                }
                start.destination(180.0, metres(low_m))
            };
            let sites: Vec<Position> =
                (0_u8..11).map(|lane| at(reach_m + [-2e4, 2e4][usize::from(lane % 3 == 0)])).collect();
            let packet = Packet::new(&as_they_come(&sites));
            let (mut nearby, mut pairs) = (Nearby::default(), Vec::new());
            assert!(nearby.gather(&line.tree, &packet));
            let reach = nearby.pairs(&packet, &mut pairs);
            let expected = 0b010_0100_1001;
            assert_eq!(if is_beyond { reach.beyond } else { reach.far }, expected);
            assert_eq!(if is_beyond { reach.far } else { reach.beyond }, if is_beyond { 0x7ff } else { 0 });
            for lane in 0..11 {
                let count = pairs.iter().filter(|pair| pair.0 == lane).count();
                assert_eq!(count, usize::from(!is_beyond || expected & (1 << lane) == 0), "{lane}");
            }
        }
    }
}
