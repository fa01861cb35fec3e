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

/// Up to this chord the short series is used: its fit reaches to 1,100 km, and its check to 1,020 km.
pub(super) const SERIES_CHORD_M: f64 = 1_010_000.0;
/// Up to this chord the long series is used: its fit reaches to 7,100 km (a chord of 6,730 km), and its check to 7,000 km.
pub(super) const LONG_SERIES_CHORD_M: f64 = 6_630_000.0;

/// A place on the ellipsoid, ready for measuring.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) at_m: [f64; 3],
    inverse_normal: f64,
}

/// What the length of a geodesic depends on.
struct Between {
    chord_m: f64,
    /// The square of the share of the chord that goes north, w.
    rise: f64,
    /// How far the ends are from the equator's plane, n = (z₁² + z₂²)/b².
    north: f64,
    /// The mean curvature k, per metre.
    curvature: f64,
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
        let Between { chord_m, rise, north, curvature } = self.between(to);
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
        // (2g + g·cos g − 3·sin g) / (4·(1 + cos g)·g⁵)
        let first = 1.0 / 480.0 + g * (17.0 / 40_320.0 + g * (31.0 / 483_840.0 + g * (691.0 / 79_833_600.0)));
        let second = fitted(rise, north, g);
        let scale_m = EQUATORIAL_RADIUS_M * ECCENTRICITY_SQ * (g * g * angle);
        arc_m + scale_m * ((2.0 * rise - north) * first + ECCENTRICITY_SQ * second)
    }

    /// The same, if the chord is at most [`LONG_SERIES_CHORD_M`]: with more terms, which take longer.
    ///
    /// # Accuracy
    /// 0.03 µm, with the rounding of the coordinates.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn long_geodesic_m(&self, to: &Self) -> f64 {
        let Between { chord_m, rise, north, curvature } = self.between(to);
        let half = 0.5 * curvature * chord_m;
        let arc_m = chord_m * polynomial(half * half, &ARCSINE);
        let angle = curvature * arc_m;
        let g = angle * angle;
        let first = polynomial(g, &FIRST_ORDER);
        let second = long_fitted(rise, north, g);
        let scale_m = EQUATORIAL_RADIUS_M * ECCENTRICITY_SQ * (g * g * angle);
        arc_m + scale_m * ((2.0 * rise - north) * first + ECCENTRICITY_SQ * second)
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn between(&self, to: &Self) -> Between {
        let way = |axis: usize| to.at_m[axis] - self.at_m[axis];
        let [dx, dy, dz] = [way(0), way(1), way(2)];
        let chord_sq = dx * dx + dy * dy + dz * dz;
        // At no distance the rise is anything between 0 and 1, and counts for nothing.
        let rise = dz * dz / chord_sq.max(f64::MIN_POSITIVE);
        let north = (self.at_m[2] * self.at_m[2] + to.at_m[2] * to.at_m[2]) * (1.0 / (POLAR_RADIUS_M * POLAR_RADIUS_M));
        let curvature = (1.0 + SECOND_ECCENTRICITY_SQ * rise) * (0.5 * (self.inverse_normal + to.inverse_normal));
        Between { chord_m: chord_sq.sqrt(), rise, north, curvature }
    }

    /// The curvature of the short geodesic to another place, per metre.
    pub(super) fn curvature(&self, to: &Self) -> f64 {
        self.between(to).curvature
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

/// asin(√h)/√h for h up to 0.281.
///
/// # Source
/// The polynomial through the values at Chebyshev's points. 10⁻¹⁶ off at most.
const ARCSINE: [f64; 13] = [
    1.0,
    0.166_666_666_666_578_78,
    0.075_000_000_017_445_28,
    0.044_642_855_786_644_56,
    0.030_381_999_014_877_478,
    0.022_370_858_306_323_658,
    0.017_372_552_010_784_22,
    0.013_764_692_754_188_533,
    0.012_922_455_938_031_652,
    0.003_423_677_220_316_73,
    0.027_631_081_803_366_854,
    -0.028_360_882_630_231_83,
    0.039_858_267_109_140_45,
];

/// (2g + g·cos g − 3·sin g) / (4·(1 + cos g)·g⁵), by g² up to 1.25.
///
/// # Source
/// The polynomial through the values at Chebyshev's points. 8·10⁻¹⁴ off at most.
const FIRST_ORDER: [f64; 8] = [
    0.002_083_333_333_264_893_3,
    0.000_421_626_991_127_566_5,
    6.407_065_024_080_681e-5,
    8.656_243_883_075_91e-6,
    1.093_945_136_758_504_3e-6,
    1.370_715_342_613_387e-7,
    1.235_808_738_381_078_5e-8,
    3.325_040_458_581_008_4e-9,
];

/// What the first order in e² leaves, in units of a·e⁴·g⁵.
///
/// # Source
/// Fitted by least squares to 400,000 pairs up to 7,100 km against Karney's direct problem, at all latitudes and azimuths, weighted
/// by distance. Another 3,000,000 pairs up to 7,000 km are 22 nm off at most, 4 nm in the root mean square, rounding included.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn long_fitted(rise: f64, north: f64, g: f64) -> f64 {
    let [w, n] = [rise, north];
    let w0_n1 = polynomial(
        g,
        &[
            -4.208_860_434e-3,
            -1.067_128_514e-3,
            -1.941_033_412e-4,
            -3.235_865_068e-5,
            -3.017_763_753e-6,
            -1.243_886_153e-6,
        ],
    );
    let w0_n2 = polynomial(
        g,
        &[
            5.314_186_032e-4,
            3.692_185_189e-4,
            1.368_331_715e-4,
            3.792_441_760e-5,
            7.883_873_416e-6,
            1.307_045_995e-6,
            5.706_994_622e-7,
        ],
    );
    let w0_n3 = polynomial(
        g,
        &[
            -1.344_975_502e-6,
            -1.603_023_537e-6,
            -8.306_172_396e-7,
            -6.496_175_562e-7,
            4.102_447_254e-8,
            -6.504_799_843e-8,
            -2.345_958_576e-8,
        ],
    );
    let w0_n4 = polynomial(g, &[6.259_416_862e-9, -6.646_904_950e-9, 2.078_157_669e-8]);
    let w1_n0 = polynomial(
        g,
        &[1.404_841_046e-2, 3.152_259_869e-3, 5.355_948_450e-4, 8.435_108_329e-5, 8.203_252_026e-6, 2.949_027_276e-6],
    );
    let w1_n1 = polynomial(
        g,
        &[
            -4.950_654_409e-3,
            1.353_660_754e-3,
            -5.669_093_332e-5,
            -6.246_023_957e-5,
            -2.381_731_439e-5,
            -2.166_342_544e-6,
            -2.043_322_598e-6,
        ],
    );
    let w1_n2 =
        polynomial(g, &[9.337_768_335e-6, -1.630_513_025e-6, -4.448_077_119e-7, -1.449_152_212e-6, 7.539_251_658e-7]);
    let w1_n3 = polynomial(g, &[-4.187_912_323e-8, 3.793_902_530e-8]);
    let w2_n0 = polynomial(
        g,
        &[
            -1.849_884_861e-2,
            1.722_423_392e-3,
            -1.197_568_119e-3,
            -9.649_353_457e-6,
            1.220_363_857e-5,
            -1.654_934_953e-6,
            2.032_490_697e-6,
        ],
    );
    let w2_n1 =
        polynomial(g, &[1.336_491_021e-4, -2.815_590_702e-5, -1.229_386_648e-6, 2.148_432_155e-6, 1.096_787_484e-6]);
    let w2_n2 = polynomial(g, &[-2.977_949_764e-7, 2.622_588_125e-7, -1.012_447_859e-7]);
    let w3_n0 =
        polynomial(g, &[2.871_793_719e-4, -1.288_968_651e-4, 3.864_832_821e-5, 3.807_690_211e-7, -1.689_663_085e-6]);
    let w3_n1 = polynomial(g, &[-1.939_607_752e-6, 7.554_191_628e-7, -1.671_535_787e-7]);
    let w4_n0 = polynomial(g, &[-3.400_045_390e-6, 3.115_004_480e-6, -1.110_775_075e-6, 1.635_597_985e-7]);
    let w4_n1 = polynomial(g, &[1.306_663_083e-8]);
    let w0 = n * (w0_n1 + n * (w0_n2 + n * (w0_n3 + n * w0_n4)));
    let w1 = w1_n0 + n * (w1_n1 + n * (w1_n2 + n * w1_n3));
    let w2 = w2_n0 + n * (w2_n1 + n * w2_n2);
    let w3 = w3_n0 + n * w3_n1;
    let w4 = w4_n0 + n * w4_n1;
    w0 + w * (w1 + w * (w2 + w * (w3 + w * w4)))
}

/// By Horner's rule.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn polynomial<const TERMS: usize>(x: f64, coefficients: &[f64; TERMS]) -> f64 {
    let mut sum = 0.0;
    let mut at = TERMS;
    while at > 0 {
        at -= 1;
        sum = sum * x + coefficients[at];
    }
    sum
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
        pairs_up_to(1_010_000.0, 60_000)
    }

    fn pairs_up_to(greatest_m: f64, count: u32) -> impl Iterator<Item = (Position, Position, f64)> {
        // Knuth's linear congruential generator.
        let mut state = 1_u64;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(state >> 32).unwrap_or(0)) / f64::from(u32::MAX)
        };
        (0..count).map(move |number| {
            let (even, in_area) = (180.0 * next() - 90.0, (2.0 * next() - 1.0).asin().to_degrees());
            let lat_deg = if number % 2 == 0 { even } else { in_area };
            let from = Position::computed_deg(lat_deg, 360.0 * next() - 180.0);
            let length_m = if number % 3 == 0 { 10_f64.powf(greatest_m.log10() * next()) } else { greatest_m * next() };
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
    fn long_lengths_are_karneys() {
        let (mut worst_m, mut count): (f64, _) = (0.0, 0);
        for (from, to, _) in pairs_up_to(7_000_000.0, 200_000) {
            let (a, b) = (Place::new(from), Place::new(to));
            if chord_m(a.at_m, b.at_m) <= LONG_SERIES_CHORD_M {
                let (own_m, expected_m) = (a.long_geodesic_m(&b), inverse(from, to).distance_m);
                worst_m = worst_m.max((own_m - expected_m).abs());
                assert!((own_m - expected_m).abs() <= 1e-7, "{from} {to}: {own_m}, expected {expected_m}");
                assert_eq!(own_m, b.long_geodesic_m(&a), "{from} {to}: there and back");
                count += 1;
            }
        }
        println!("worst {worst_m:e} m of {count}");
        assert!(count > 190_000);
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
