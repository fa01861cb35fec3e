//! A stretch of an edge, so short that a parabola in space follows it, and the nearest place on it.

use super::series::{LONG_SERIES_CHORD_M, Place, SERIES_CHORD_M};
use crate::ellipsoid::{ECCENTRICITY_SQ, LEAST_CURVATURE_RADIUS_M, chord_m};

/// No piece is longer. A parabola through its ends and its middle is then within 0.1 µm of the geodesic.
pub(super) const PIECE_M: f64 = 4_000.0;

/// A piece is measured by the short series if its start is within this chord of the site.
pub(super) const REACH_M: f64 = SERIES_CHORD_M - PIECE_M;

/// A piece is measured by the long series if its start is within this chord of the site.
pub(super) const LONG_REACH_M: f64 = LONG_SERIES_CHORD_M - PIECE_M;

/// From this chord on, the nearest place by chord is corrected to the nearest by geodesic: nearer, that would gain 1 nm.
const SHIFT_FROM_SQ: f64 = 1e5 * 1e5;

/// Nearer than this, the square of the bulge counts: it moves the foot by 40 µm at most, which is 1 nm of distance here.
const BENT_BELOW_SQ: f64 = 10.0;

/// A stretch of one edge: X(t) = start + t·way + t(1−t)·bulge, for t from 0 to 1, with start and way on the grid. 64 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) start_m: [f64; 3],
    way_m: [f64; 3],
    /// How long the bulge is, by the normal of the middle: at most 1.3 m, so that half the digits are enough.
    bulge_per_normal: f32,
    pub(super) edge: u32,
    /// The how manieth piece of all, in the order of parts and edges.
    pub(super) number: u32,
}

/// The nearest place of a piece.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Foot {
    pub(super) at_m: [f64; 3],
    /// From 0 to 1.
    pub(super) share: f64,
    /// The length of the geodesic to it.
    pub(super) distance_m: f64,
}

/// By which series a piece is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Series {
    Short,
    Long,
}

#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Along the normal of the ellipsoid at the middle of a piece, and nearly as long as the Earth's radius.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn normal_m(start_m: &[f64; 3], way_m: &[f64; 3]) -> [f64; 3] {
    const STRETCH: f64 = 1.0 / (1.0 - ECCENTRICITY_SQ);
    let middle = |axis: usize| start_m[axis] + 0.5 * way_m[axis];
    [middle(0), middle(1), middle(2) * STRETCH]
}

/// X(t).
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn at_share(start_m: &[f64; 3], way_m: &[f64; 3], bulge_m: &[f64; 3], share: f64) -> [f64; 3] {
    let lift = share * (1.0 - share);
    let on = |axis: usize| start_m[axis] + share * way_m[axis] + lift * bulge_m[axis];
    [on(0), on(1), on(2)]
}

/// The nearest place of a piece, or of what a lane holds of it, as seen from a site within reach of the short series.
///
/// # Accuracy
/// 0.15 µm; see docs/ACCURACY.md.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
pub(super) fn foot<const BRANCHES: bool>(
    start_m: &[f64; 3],
    way_m: &[f64; 3],
    bulge_per_normal: f32,
    site: &Place,
) -> Foot {
    let (share, at_m) = short_foot::<BRANCHES>(start_m, way_m, bulge_per_normal, site);
    Foot { at_m, share, distance_m: site.geodesic_m(&Place::at(at_m)) }
}

#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn short_foot<const BRANCHES: bool>(
    start_m: &[f64; 3],
    way_m: &[f64; 3],
    bulge_per_normal: f32,
    site: &Place,
) -> (f64, [f64; 3]) {
    let bulge_m = normal_m(start_m, way_m).map(|component| component * f64::from(bulge_per_normal));
    let from_start = minus(&site.at_m, start_m);
    // The least chord: its derivative is linear in t, but for the square of the bulge.
    let lift = dot(&from_start, &bulge_m);
    let way_sq = dot(way_m, way_m);
    let share = clamped((dot(&from_start, way_m) + lift) / (way_sq + 2.0 * lift).max(f64::MIN_POSITIVE));
    let at_m = at_share(start_m, way_m, &bulge_m, share);
    let to_site = minus(&site.at_m, &at_m);
    let chord_sq = dot(&to_site, &to_site);
    let is_enough = (BENT_BELOW_SQ..SHIFT_FROM_SQ).contains(&chord_sq);
    if BRANCHES && is_enough {
        return (share, at_m);
    }
    // One step of Newton's, which is exact to 1e-12 of the piece, and the way from the least chord to the least geodesic.
    let step_m = [0, 1, 2].map(|axis| way_m[axis] + (1.0 - 2.0 * share) * bulge_m[axis]);
    let step = dot(&to_site, &step_m) / (dot(&step_m, &step_m) + 2.0 * dot(&to_site, &bulge_m));
    let shift = if chord_sq > BENT_BELOW_SQ { site.shift(&at_m, chord_sq, &step_m) } else { 0.0 };
    // A piece without length has no share but zero.
    let better = if way_sq > 0.0 { clamped(share + step + shift) } else { share };
    let share = if is_enough { share } else { better };
    (share, at_share(start_m, way_m, &bulge_m, share))
}

/// The same within reach of the long series: the least of a parabola through the lengths to both ends and to the middle.
///
/// # Accuracy
/// 0.15 µm; see docs/ACCURACY.md.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
pub(super) fn long_foot(start_m: &[f64; 3], way_m: &[f64; 3], bulge_per_normal: f32, site: &Place) -> Foot {
    let bulge_m = normal_m(start_m, way_m).map(|component| component * f64::from(bulge_per_normal));
    let start = long_at(start_m, way_m, &bulge_m, 0.0, site);
    let middle = long_at(start_m, way_m, &bulge_m, 0.5, site);
    let end = long_at(start_m, way_m, &bulge_m, 1.0, site);
    let bend_m = (start.distance_m - middle.distance_m) + (end.distance_m - middle.distance_m);
    let falls_m = start.distance_m - end.distance_m;
    // Where the way is too short to show that it bends, the nearer end.
    let share = if bend_m > 0.0 { clamped(0.5 + falls_m / (4.0 * bend_m)) } else { f64::from(u8::from(falls_m > 0.0)) };
    long_at(start_m, way_m, &bulge_m, share, site)
}

/// X(t), and how far it is.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn long_at(start_m: &[f64; 3], way_m: &[f64; 3], bulge_m: &[f64; 3], share: f64, site: &Place) -> Foot {
    let at_m = at_share(start_m, way_m, bulge_m, share);
    Foot { at_m, share, distance_m: site.long_geodesic_m(&Place::at(at_m)) }
}

impl Piece {
    pub(super) fn new(edge: u32, number: u32, start_m: [f64; 3], end_m: [f64; 3]) -> Self {
        let way_m = [0, 1, 2].map(|axis| end_m[axis] - start_m[axis]);
        let normal_m = normal_m(&start_m, &way_m);
        // The geodesic bends towards the normal of the ellipsoid, by c²k/8 in the middle: the normal of its middle, to 1e-9 m.
        let bulge_m = 0.5 * Place::at(start_m).curvature(&Place::at(end_m)) * dot(&way_m, &way_m);
        #[allow(clippy::cast_possible_truncation, reason = "half the digits of a metre are enough")]
        let bulge_per_normal = (bulge_m / dot(&normal_m, &normal_m).sqrt()) as f32;
        Self { start_m, way_m, bulge_per_normal, edge, number }
    }

    pub(super) fn end_m(&self) -> [f64; 3] {
        [0, 1, 2].map(|axis| self.start_m[axis] + self.way_m[axis])
    }

    pub(super) fn way_m(&self) -> [f64; 3] {
        self.way_m
    }

    /// The piece stays within this distance of its chord: the most bent of all geodesics, with a hundredth and a micrometre
    /// to spare.
    pub(super) fn sagitta_m(&self) -> f64 {
        1.01 * dot(&self.way_m, &self.way_m) / (8.0 * LEAST_CURVATURE_RADIUS_M) + 1e-6
    }

    /// How far a point is from the chord.
    pub(super) fn chord_m(&self, point_m: &[f64; 3]) -> f64 {
        chord_m(*point_m, self.foot_of_chord_m(point_m))
    }

    /// The place of the chord that is nearest to a point.
    pub(super) fn foot_of_chord_m(&self, point_m: &[f64; 3]) -> [f64; 3] {
        let share = self.share_of_chord(point_m);
        [0, 1, 2].map(|axis| self.start_m[axis] + share * self.way_m[axis])
    }

    /// Where on the chord a point is nearest, from 0 to 1.
    pub(super) fn share_of_chord(&self, point_m: &[f64; 3]) -> f64 {
        let from_start = [0, 1, 2].map(|axis| point_m[axis] - self.start_m[axis]);
        let length_sq = dot(&self.way_m, &self.way_m);
        if length_sq > 0.0 { (dot(&from_start, &self.way_m) / length_sq).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// By which series the piece is measured from a site; None if that is too far away for both.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn series(&self, site_m: &[f64; 3]) -> Option<Series> {
        let from_start = minus(site_m, &self.start_m);
        let chord_sq = dot(&from_start, &from_start);
        if chord_sq <= REACH_M * REACH_M {
            Some(Series::Short)
        } else if chord_sq <= LONG_REACH_M * LONG_REACH_M {
            Some(Series::Long)
        } else {
            None
        }
    }

    /// The nearest place as seen from a site, unless that is too far away for the series.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn foot(&self, site: &Place) -> Option<Foot> {
        Some(match self.series(&site.at_m)? {
            Series::Short => foot::<true>(&self.start_m, &self.way_m, self.bulge_per_normal, site),
            Series::Long => long_foot(&self.start_m, &self.way_m, self.bulge_per_normal, site),
        })
    }

    pub(super) fn bulge_per_normal(&self) -> f32 {
        self.bulge_per_normal
    }
}

#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn minus(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn clamped(share: f64) -> f64 {
    // What a processor does in one step; a share is never NaN.
    let share = if share > 0.0 { share } else { 0.0 };
    if share < 1.0 { share } else { 1.0 }
}
