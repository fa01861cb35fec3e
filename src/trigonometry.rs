//! Sine and cosine of degrees, the same bits on every platform and in every build.
//!
//! The standard library's come from the platform. These are the polynomials of FDLIBM (Sun Microsystems, 1993), without any
//! branch, so that a compiler can work out several at once.

/// 1.5·2⁵²: adding it leaves a whole number in the last bits.
const WHOLE: f64 = 6_755_399_441_055_744.0;

/// A polynomial by Horner's rule, its constant first; a macro, for nested parentheses take rustfmt a minute.
macro_rules! polynomial {
    ($x:ident; $last:expr) => { $last };
    ($x:ident; $first:expr, $($rest:expr),+) => { $first + $x * polynomial!($x; $($rest),+) };
}

/// Degrees in (-180, 180].
pub(crate) fn half_turn_deg(degrees: f64) -> f64 {
    let turned = degrees % 360.0;
    if turned > 180.0 {
        turned - 360.0
    } else if turned <= -180.0 {
        turned + 360.0
    } else {
        turned
    }
}

/// Sine and cosine of an angle in degrees, between -720° and 720°.
///
/// # Accuracy
/// 2.5·10⁻¹⁶, and exact at every multiple of 90°.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "loops over many angles are compiled for wider registers only if this is part of them"
)]
pub(crate) fn sin_cos_deg(deg: f64) -> (f64, f64) {
    let quarters = deg / 90.0 + WHOLE;
    // Exact: both are multiples of one power of two, and the difference is no greater than either.
    let x = (deg - 90.0 * (quarters - WHOLE)) * (std::f64::consts::PI / 180.0);
    let xx = x * x;
    let of_sine = polynomial!(xx;
        -1.666_666_666_666_663_2e-1,
        8.333_333_333_322_49e-3,
        -1.984_126_982_985_795e-4,
        2.755_731_370_707_006_8e-6,
        -2.505_076_025_340_686_3e-8,
        1.589_690_995_211_55e-10
    );
    let of_cosine = polynomial!(xx;
        4.166_666_666_666_66e-2,
        -1.388_888_888_887_411e-3,
        2.480_158_728_947_673e-5,
        -2.755_731_435_139_066_3e-7,
        2.087_572_321_298_175e-9,
        -1.135_964_755_778_819_5e-11
    );
    let (sine, tail) = (x + x * xx * of_sine, xx * xx * of_cosine);
    let half = 0.5 * xx;
    let whole = 1.0 - half;
    // What rounding took from 1 - x²/2 is given back.
    let cosine = whole + ((1.0 - whole) - half + tail);
    let quarter = quarters.to_bits();
    let (sine, cosine) = if quarter & 1 == 0 { (sine, cosine) } else { (cosine, sine) };
    let sign = |bit: u64| (bit & 2) << 62;
    (f64::from_bits(sine.to_bits() ^ sign(quarter)), f64::from_bits(cosine.to_bits() ^ sign(quarter.wrapping_add(1))))
}

/// The angle in degrees, from -180° to 180°, whose tangent is y/x, in the quadrant of the point (x, y); 0 where both are zero.
///
/// # Accuracy
/// 5·10⁻¹⁶ of a radian, and exact at every multiple of 90°. The polynomial is `atan a/a` interpolated at Chebyshev's nodes up to
/// `a = tan 22.5°`, 7·10⁻¹⁸ off.
#[inline(always)]
#[allow(clippy::inline_always, reason = "as for sine and cosine")]
pub(crate) fn atan2_deg(y: f64, x: f64) -> f64 {
    use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI, SQRT_2};
    let (across, along) = (y.abs(), x.abs());
    let (less, more) = if across < along { (across, along) } else { (along, across) };
    // From 22.5° on, the angle to 45°.
    let is_steep = less > (SQRT_2 - 1.0) * more;
    let (opposite, adjacent, offset) = if is_steep { (less - more, less + more, FRAC_PI_4) } else { (less, more, 0.0) };
    let adjacent = if adjacent > 0.0 { adjacent } else { 1.0 };
    let a = opposite / adjacent;
    let z = a * a;
    let of_arc = polynomial!(z;
        -3.333_333_333_333_333e-1,
        1.999_999_999_999_552e-1,
        -1.428_571_428_466_654_2e-1,
        1.111_111_101_525_629_2e-1,
        -9.090_904_578_121_085e-2,
        7.692_183_190_760_651e-2,
        -6.664_511_446_460_22e-2,
        5.858_148_904_795_124e-2,
        -5.085_449_696_039_258_4e-2,
        3.923_165_708_508_368_6e-2,
        -1.917_688_563_658_905_3e-2
    );
    let angle = offset + (a + a * (z * of_arc));
    let angle = if across < along { angle } else { FRAC_PI_2 - angle };
    let angle = if more > 0.0 { angle } else { 0.0 };
    let angle = if x < 0.0 { PI - angle } else { angle };
    angle.copysign(y) * (180.0 / PI)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_angle_of_a_point_is_the_standard_librarys() {
        for step in -36_000..=36_000 {
            let (y, x) = (f64::from(step) * 0.005_000_3).to_radians().sin_cos();
            for scale in [1e-3, 6.4e6] {
                let (y, x) = (scale * y, scale * x);
                let (own_deg, expected_deg) = (atan2_deg(y, x), y.atan2(x).to_degrees());
                assert!((own_deg - expected_deg).abs() <= 4e-14, "{y} {x}: {own_deg} {expected_deg}");
            }
        }
        for (y, x, expected_deg) in
            [(0.0, 1.0, 0.0), (1.0, 0.0, 90.0), (-2.0, 0.0, -90.0), (0.0, -3.0, 180.0), (0.0, 0.0, 0.0)]
        {
            assert_eq!(atan2_deg(y, x), expected_deg, "{y} {x}");
        }
        assert!((atan2_deg(1.0, 1.0) - 45.0).abs() <= 1e-14);
    }

    #[test]
    fn agrees_with_the_standard_library() {
        for step in -72_000..=72_000 {
            let deg = f64::from(step) * 0.01;
            let (sine, cosine) = sin_cos_deg(deg);
            let (expected_sine, expected_cosine) = deg.to_radians().sin_cos();
            // What the standard library is given is itself rounded: to 4·10⁻¹⁶ per turn.
            let slack = 3e-16 + 3e-16 * deg.abs().to_radians();
            assert!((sine - expected_sine).abs() <= slack, "sin {deg}°: {sine} {expected_sine}");
            assert!((cosine - expected_cosine).abs() <= slack, "cos {deg}°: {cosine} {expected_cosine}");
        }
    }

    #[test]
    fn right_angles_are_exact() {
        for (deg, expected) in [(0.0, (0.0, 1.0)), (90.0, (1.0, 0.0)), (180.0, (0.0, -1.0)), (-90.0, (-1.0, 0.0))] {
            assert_eq!(sin_cos_deg(deg), expected, "{deg}");
        }
        assert!((sin_cos_deg(30.0).0 - 0.5).abs() <= 1.2e-16);
        assert!((sin_cos_deg(45.0).0 - std::f64::consts::FRAC_1_SQRT_2).abs() <= 1.2e-16);
    }
}
