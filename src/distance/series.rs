//! The length of a geodesic from the straight line between its ends, in closed form.
//!
//! docs/ACCURACY.md derives the terms and shows their measured errors.

use crate::ellipsoid::{ECCENTRICITY_SQ, EQUATORIAL_RADIUS_M, POLAR_RADIUS_M, cartesian_m};
use crate::position::Position;

/// The second eccentricity squared, e'² = e²/(1 − e²).
const SECOND_ECCENTRICITY_SQ: f64 = ECCENTRICITY_SQ / (1.0 - ECCENTRICITY_SQ);
const EQUATORIAL_RADIUS_SQ: f64 = EQUATORIAL_RADIUS_M * EQUATORIAL_RADIUS_M;
/// 1/N² = 1/(a² + e²z²/(1 − e²)²), with N the radius of curvature in the prime vertical.
const NORMAL_SQ_PER_Z_SQ: f64 = ECCENTRICITY_SQ / ((1.0 - ECCENTRICITY_SQ) * (1.0 - ECCENTRICITY_SQ));

/// Up to this chord the series is used: its fit reaches to 1,100 km, and its check to 1,020 km.
pub(super) const SERIES_CHORD_M: f64 = 1_010_000.0;

/// A place on the ellipsoid, ready for measuring.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) at_m: [f64; 3],
    inverse_normal: f64,
}

impl Place {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn new(position: Position) -> Self {
        Self::at(gridded_m(position.lat_deg(), position.lon_deg()))
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn at(at_m: [f64; 3]) -> Self {
        // u is 0.0068 at most: the next term is 2·10⁻¹⁴, and at 1,000 km a share of 5·10⁻¹³ would be 1 nm.
        let u = NORMAL_SQ_PER_Z_SQ / EQUATORIAL_RADIUS_SQ * (at_m[2] * at_m[2]);
        let root =
            1.0 + u * (-1.0 / 2.0 + u * (3.0 / 8.0 + u * (-5.0 / 16.0 + u * (35.0 / 128.0 - u * (63.0 / 256.0)))));
        Self { at_m, inverse_normal: root * (1.0 / EQUATORIAL_RADIUS_M) }
    }

    /// The length of the geodesic to another place, whose chord is at most [`SERIES_CHORD_M`].
    ///
    /// # Accuracy
    /// 6 nm, with the rounding of the coordinates.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn geodesic_m(&self, to: &Self) -> f64 {
        let between = |axis: usize| to.at_m[axis] - self.at_m[axis];
        let [dx, dy, dz] = [between(0), between(1), between(2)];
        let chord_sq = dx * dx + dy * dy + dz * dz;
        let chord_m = chord_sq.sqrt();
        // At no distance the rise is anything between 0 and 1, and counts for nothing.
        let rise = dz * dz / chord_sq.max(f64::MIN_POSITIVE);
        let curvature = (1.0 + SECOND_ECCENTRICITY_SQ * rise) * (0.5 * (self.inverse_normal + to.inverse_normal));
        let half = 0.5 * curvature * chord_m;
        let h = half * half;
        // (2/k)·asin(k·c/2)
        let arc_m = chord_m
            * (1.0
                + h * (1.0 / 6.0
                    + h * (3.0 / 40.0
                        + h * (15.0 / 336.0 + h * (105.0 / 3456.0 + h * (63.0 / 2816.0 + h * (231.0 / 13312.0)))))));
        let angle = curvature * arc_m;
        let g = angle * angle;
        let north = (self.at_m[2] * self.at_m[2] + to.at_m[2] * to.at_m[2]) * (1.0 / (POLAR_RADIUS_M * POLAR_RADIUS_M));
        // (2g + g·cos g − 3·sin g) / (4·(1 + cos g)·g⁵)
        let first = 1.0 / 480.0 + g * (17.0 / 40_320.0 + g * (31.0 / 483_840.0 + g * (691.0 / 79_833_600.0)));
        let second = fitted(rise, north, g);
        let scale_m = EQUATORIAL_RADIUS_M * ECCENTRICITY_SQ * (g * g * angle);
        arc_m + scale_m * ((2.0 * rise - north) * first + ECCENTRICITY_SQ * second)
    }

    /// The curvature of the short geodesic to another place, per metre.
    pub(super) fn curvature(&self, to: &Self) -> f64 {
        let between = |axis: usize| to.at_m[axis] - self.at_m[axis];
        let [dx, dy, dz] = [between(0), between(1), between(2)];
        let chord_sq = dx * dx + dy * dy + dz * dz;
        let rise = dz * dz / chord_sq.max(f64::MIN_POSITIVE);
        (1.0 + SECOND_ECCENTRICITY_SQ * rise) * (0.5 * (self.inverse_normal + to.inverse_normal))
    }

    /// How much farther along a line the nearest place is than the place with the shortest chord, in units of `step_m`, the
    /// way along the line per unit.
    ///
    /// Where the chord is shortest, the geodesic still changes with its curvature k, by (2·tan(g/2) − g)/k² per unit of it, with
    /// g = k·s; and how fast it changes changes by k/tan g per metre.
    ///
    /// # Accuracy
    /// A thousandth of itself, which is 15 m at 1,000 km.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn shift(&self, to_m: &[f64; 3], chord_sq: f64, step_m: &[f64; 3]) -> f64 {
        let to = Self::at(*to_m);
        let rise_m = to_m[2] - self.at_m[2];
        let per_chord_sq = 1.0 / chord_sq;
        let bend = 1.0 + SECOND_ECCENTRICITY_SQ * (rise_m * rise_m * per_chord_sq);
        let normals = self.inverse_normal + to.inverse_normal;
        let curvature = 0.5 * bend * normals;
        let bend_change = 2.0 * SECOND_ECCENTRICITY_SQ * rise_m * step_m[2] * per_chord_sq;
        let normal_change =
            -NORMAL_SQ_PER_Z_SQ * to_m[2] * step_m[2] * (to.inverse_normal * to.inverse_normal * to.inverse_normal);
        let curvature_change = 0.5 * (bend_change * normals + bend * normal_change);
        let curvature_sq = curvature * curvature;
        let arc = curvature_sq * chord_sq;
        let g = arc * (1.0 + arc * (1.0 / 12.0));
        let step_sq = step_m[0] * step_m[0] + step_m[1] * step_m[1] + step_m[2] * step_m[2];
        let wanted = g * g * (1.0 + g * (1.0 / 10.0)) * (1.0 + g * (1.0 / 3.0)) * curvature_change;
        -wanted / (12.0 * curvature_sq * curvature * step_sq)
    }
}

/// What the first order in e² leaves, in units of a·e⁴·g⁵.
///
/// # Source
/// Fitted by least squares to 400,000 pairs up to 1,100 km against Karney's direct problem, at all latitudes and azimuths. Another
/// 1,000,000 pairs up to 1,020 km are 3.8 nm off at most, rounding included.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn fitted(rise: f64, north: f64, g: f64) -> f64 {
    let [w, n] = [rise, north];
    let near = (1.037_676e-7 + n * (-4.208_903e-3 + n * (5.314_671e-4 - n * 1.372_120e-6)))
        + w * ((1.404_585e-2 + n * (-4.949_499e-3 + n * 9.071_769e-6))
            + w * ((-1.848_989e-2 + n * 1.307_558e-4) + w * 2.774_567e-4));
    let far = (-3.232_925e-6 + n * (-1.071_773e-3 + n * 3.710_497e-4))
        + w * ((3.238_180e-3 + n * 1.331_698e-3) + w * 1.491_690e-3);
    near + g * far
}

/// Cartesian coordinates in multiples of 2⁻³⁰ m, the last bit of the largest: all their differences are then exact, so that the
/// ends of two edges that meet are the same to the bit.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
pub(super) fn gridded_m(lat_deg: f64, lon_deg: f64) -> [f64; 3] {
    let gridded = |m: f64| {
        let shift = 4_194_304.0_f64.copysign(m);
        if m.abs() < 4_194_304.0 { (m + shift) - shift } else { m }
    };
    let [x, y, z] = cartesian_m(lat_deg, lon_deg);
    [gridded(x), gridded(y), gridded(z)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ellipsoid::{chord_m, ecef_m, inverse};
    use crate::length::Length;

    /// Pairs of all latitudes, azimuths and distances up to a little beyond the limit.
    fn pairs() -> impl Iterator<Item = (Position, Position, f64)> {
        // Knuth's linear congruential generator.
        let mut state = 1_u64;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(state >> 32).unwrap_or(0)) / f64::from(u32::MAX)
        };
        (0..60_000).map(move |number| {
            let lat_deg = 180.0 * next() - 90.0;
            let from = Position::computed_deg(lat_deg, 360.0 * next() - 180.0);
            let length_m = if number % 3 == 0 { 10_f64.powf(6.0 * next()) } else { 1_010_000.0 * next() };
            let to = from.destination(360.0 * next() - 180.0, Length::from_m(length_m).expect("a length"));
            (from, to, length_m)
        })
    }

    #[test]
    fn lengths_are_karneys() {
        let mut worst_m: f64 = 0.0;
        for (from, to, _) in pairs() {
            let (a, b) = (Place::new(from), Place::new(to));
            if chord_m(a.at_m, b.at_m) <= SERIES_CHORD_M {
                let (own_m, expected_m) = (a.geodesic_m(&b), inverse(from, to).distance_m);
                worst_m = worst_m.max((own_m - expected_m).abs());
                // The series' 6 nm and Karney's 15.
                assert!((own_m - expected_m).abs() <= 2.1e-8, "{from} {to}: {own_m}, expected {expected_m}");
                assert_eq!(own_m, b.geodesic_m(&a), "{from} {to}: there and back");
            }
        }
        println!("worst {worst_m:e} m");
    }

    #[test]
    fn a_place_is_nowhere_but_at_itself() {
        for (from, ..) in pairs().take(100) {
            let place = Place::new(from);
            assert_eq!(place.geodesic_m(&place), 0.0);
            let [x, y, z] = place.at_m;
            assert!([x, y, z].iter().all(|m| (m * 1_073_741_824.0).fract() == 0.0), "{x} {y} {z}");
            assert!(chord_m(place.at_m, ecef_m(from)) <= 1e-9);
        }
    }
}
