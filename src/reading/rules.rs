//! The narrow readings: published rules, and one sceptic's.

use crate::band::Trapezoid;
use crate::claim::Offset;

/// The width of a number on the 5-lattice: five steps of its last digit where it ends in 0 or 5, else one.
pub(super) fn five_lattice(offset: &Offset) -> f64 {
    let on_lattice = offset.steps() % 5.0 == 0.0;
    offset.last_digit() * if on_lattice { 5.0 } else { 1.0 }
}

/// The precision of a number after Chapman & Wieczorek 2020, whose half is the uncertainty: fractions by their denominator
/// (.5 is a half, .25 and .75 quarters), else the last significant digit, but no more than a tenth of the decade for powers of
/// ten and from a hundred up.
pub(super) fn best_practice_precision(offset: &Offset) -> f64 {
    if offset.decimals() > 0 {
        let fraction = offset.value().fract();
        return [0.5, 0.25, 0.125]
            .into_iter()
            .find(|part| fraction % part == 0.0 && fraction > 0.0)
            .unwrap_or(offset.last_digit());
    }
    let significant = offset.significant_digit();
    let decade = decade(offset.value());
    let power_of_ten = (offset.value() - decade).abs() < 1e-9 * decade;
    if decade >= 100.0 || (power_of_ten && decade >= 10.0) { significant.min(decade / 10.0) } else { significant }
}

/// The precision of a number after Wieczorek, Guo & Hijmans 2004, whose half is the uncertainty: twice the denominator's part for
/// a fraction (9.5 is good to half a unit either way), else the last significant digit.
pub(super) fn wieczorek_precision(offset: &Offset) -> f64 {
    if offset.decimals() > 0 || offset.last_digit() < 1.0 {
        2.0 * best_practice_precision(offset)
    } else {
        offset.significant_digit()
    }
}

/// Twice the uncertainty of a number after Frazier et al. 2004: 15 % of a round number; for any other, half of its last digit.
pub(super) fn frazier_precision(offset: &Offset) -> f64 {
    if offset.trailing_zeros() > 0 { 2.0 * 0.15 * offset.value() } else { offset.last_digit() }
}

/// The analyst's trapezoid: core = hull of the number rounded half up to 10^k and to 5·10^k, k = ⌊log10⌋ (to 5·10^(k−1) where
/// the number is below 2.5·10^k), support two units of 10^k further.
pub(super) fn analyst(value: f64, unit_m: f64) -> Trapezoid {
    let decade = decade(value);
    let half_up = |to: f64| (value / to + 0.5).floor() * to;
    let first = half_up(decade);
    let second = half_up(if value < 2.5 * decade { decade / 2.0 } else { 5.0 * decade });
    let (low, high) = (first.min(second), first.max(second));
    Trapezoid {
        a_m: (low - 2.0 * decade) * unit_m,
        b_m: low * unit_m,
        c_m: high * unit_m,
        d_m: (high + 2.0 * decade) * unit_m,
    }
}

/// 10^⌊log10 value⌋: one unit of the first digit.
pub(super) fn decade(value: f64) -> f64 {
    10_f64.powi(exponent(value))
}

/// ⌊log10 value⌋, right at the powers of ten too.
#[allow(clippy::cast_possible_truncation, reason = "the logarithm of a finite positive number is far within i32")]
fn exponent(value: f64) -> i32 {
    let rough = value.log10().floor() as i32;
    (rough - 1..=rough + 1).rev().find(|&exponent| 10_f64.powi(exponent) <= value * (1.0 + 1e-12)).unwrap_or(rough)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Claim;

    fn offset_of(digits: &str) -> Offset {
        format!("{digits} km from X").parse::<Claim>().expect(digits).offset().clone()
    }

    /// The published table, row by row: example, uncertainty.
    #[test]
    fn the_best_practice_table() {
        for (digits, uncertainty) in [
            ("10.1", 0.05),
            ("10.25", 0.125),
            ("10.5", 0.25),
            ("10.6", 0.05),
            ("10.75", 0.125),
            ("10", 0.5),
            ("15", 0.5),
            ("20", 5.0),
            ("30", 5.0),
            ("33", 0.5),
            ("100", 5.0),
            ("140", 5.0),
            ("200", 5.0),
            ("1000", 50.0),
            ("2000", 50.0),
            ("85", 0.5),
        ] {
            let precision = best_practice_precision(&offset_of(digits));
            assert!((precision / 2.0 - uncertainty).abs() < 1e-12, "{digits}: {precision}");
        }
    }

    #[test]
    fn a_decade_is_one_unit_of_the_first_digit() {
        for (value, expected) in
            [(1.0, 1.0), (9.5, 1.0), (9.999, 1.0), (10.0, 10.0), (999.9, 100.0), (1000.0, 1000.0), (1e9, 1e9)]
        {
            assert_eq!(decade(value), expected, "{value}");
        }
        for (value, expected) in [(0.085, 0.01), (0.1, 0.1), (0.001, 0.001)] {
            assert!((decade(value) / expected - 1.0).abs() < 1e-12, "{value}");
        }
    }

    #[test]
    fn the_analyst_rounds_half_up() {
        for (value, corners_km) in [
            (85.0, [70.0, 90.0, 100.0, 120.0]),
            (15.0, [-5.0, 15.0, 20.0, 40.0]),
            (74.0, [30.0, 50.0, 70.0, 90.0]),
            (240.0, [0.0, 200.0, 250.0, 450.0]),
            (100.0, [-100.0, 100.0, 100.0, 300.0]),
            (1000.0, [-1000.0, 1000.0, 1000.0, 3000.0]),
        ] {
            let Trapezoid { a_m, b_m, c_m, d_m } = analyst(value, 1.0);
            assert_eq!([a_m, b_m, c_m, d_m], corners_km, "{value}");
        }
    }

    #[test]
    fn decades_at_the_powers_of_ten() {
        for power in -3..6 {
            assert_eq!(exponent(10_f64.powi(power)), power);
            assert_eq!(exponent(9.999 * 10_f64.powi(power)), power);
        }
    }

    #[test]
    fn trailing_zeros_and_last_digits() {
        for (digits, zeros, last) in
            [("85", 0, 1.0), ("80", 1, 1.0), ("100", 2, 1.0), ("85.0", 0, 0.1), ("1,200", 2, 1.0)]
        {
            let offset = offset_of(digits);
            assert_eq!((offset.trailing_zeros(), offset.last_digit()), (zeros, last), "{digits}");
        }
    }
}
