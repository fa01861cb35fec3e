//! How a stated direction is taken: a distribution of the azimuth from the feature.

use crate::direction::Direction;

/// The share of stated directions that are simply wrong. More of it weighs directions less.
///
/// Source: 9 % in ships' and piracy reports that name a town (training part, 135 claims): see `docs/CALIBRATION.md`.
const WRONG_DIRECTION: f64 = 0.09;

/// A von Mises distribution of the true azimuth about the middle of the stated wind, with a share for directions that are wrong.
///
/// Its width is that of the wind's sector, taken as uniform: half the sector over √3; but no narrower than reports were found to
/// be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wind {
    direction: Direction,
    azimuth_deg: f64,
    /// One standard deviation, in radians.
    sd: f64,
}

impl Wind {
    pub(crate) fn new(direction: Direction) -> Self {
        // Source of the least widths: ships' and piracy reports, 19° for the eight winds and 11° for the sixteen (the four cardinal
        // winds were kept within 8° there, by reporters who know sixteen; the rose's own 26° stands for those who do not).
        let half_width_deg = direction.half_width_deg();
        let least_deg: f64 = if half_width_deg >= 22.5 { 19.0 } else { 11.0 };
        let sd_deg = least_deg.max(half_width_deg / 3_f64.sqrt());
        Self { direction, azimuth_deg: direction.azimuth_deg(), sd: sd_deg.to_radians() }
    }

    pub(crate) fn direction(self) -> Direction {
        self.direction
    }

    /// ln of how many times likelier the stated wind is at this azimuth than if it said nothing, for a site at a distance from a
    /// feature when both are known to within `blur_m`: close to the feature every direction is possible.
    pub(crate) fn ln_ratio(&self, azimuth_deg: f64, distance_m: f64, blur_m: f64) -> f64 {
        if distance_m == 0.0 {
            return 0.0;
        }
        let concentration = 1.0 / (self.sd.powi(2) + (blur_m / distance_m).powi(2));
        let off = (azimuth_deg - self.azimuth_deg).to_radians();
        let ln_right = concentration * (off.cos() - 1.0) - ln_scaled_bessel(concentration);
        ((1.0 - WRONG_DIRECTION) * ln_right.exp() + WRONG_DIRECTION).ln()
    }

    /// The greatest value of [`Wind::ln_ratio`]: straight in the direction, far away.
    pub(crate) fn ln_greatest_ratio(&self) -> f64 {
        self.ln_ratio(self.azimuth_deg, f64::MAX, 0.0)
    }
}

/// ln(I₀(x)·exp(−x)), with I₀ the modified Bessel function of order zero.
///
/// # Accuracy
/// A relative 1e-9 of the value, by the power series up to 20 and the asymptotic series beyond.
fn ln_scaled_bessel(x: f64) -> f64 {
    if x < 20.0 {
        let quarter_sq = x * x / 4.0;
        let (mut term, mut sum, mut k) = (1.0, 1.0, 1.0);
        while term > 1e-17 * sum {
            term *= quarter_sq / (k * k);
            sum += term;
            k += 1.0;
        }
        return sum.ln() - x;
    }
    // Σ ((2k−1)!!)²/(k!·(8x)^k)
    let (mut term, mut sum, mut k) = (1.0_f64, 1.0, 1.0_f64);
    while term.abs() > 1e-12 && k < 12.0 {
        term *= (2.0 * k - 1.0).powi(2) / (8.0 * x * k);
        sum += term;
        k += 1.0;
    }
    sum.ln() - (std::f64::consts::TAU * x).ln() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I₀(1) = 1.266 065 877 752 008, I₀(10) = 2815.716 628 466 254, I₀(50) = 2.932 553 783 849 336 e20 (tables).
    #[test]
    fn bessel() {
        for (x, value) in
            [(1.0, 1.266_065_877_752_008_4_f64), (10.0, 2_815.716_628_466_254), (50.0, 2.932_553_783_849_336e20)]
        {
            let found = ln_scaled_bessel(x) + x;
            assert!((found - value.ln()).abs() < 1e-9, "{x}: {found}");
        }
        assert!((ln_scaled_bessel(19.999_999) - ln_scaled_bessel(20.000_001)).abs() < 1e-7);
    }

    /// The ratio averages to one over all azimuths: a direction favours some places over others, not the claim as a whole.
    #[test]
    fn ratios_average_to_one() {
        for words in ["north", "northeast", "NNE", "ExN"] {
            let wind = Wind::new(words.parse().expect("a wind"));
            for (distance_m, blur_m) in [(1e5, 0.0), (1e5, 1e4), (1e4, 1e5)] {
                let ratios = (0..3600).map(|tenth| wind.ln_ratio(f64::from(tenth) / 10.0, distance_m, blur_m).exp());
                let mean = ratios.sum::<f64>() / 3600.0;
                assert!((mean - 1.0).abs() < 1e-6, "{words}: {mean}");
            }
        }
    }

    /// Behind its back a wind of 26° has a density of exp(−κ)/I₀(κ) = 3.2e-4 of the uniform, with κ = 1/0.4534² = 4.86 and I₀ = 24.1:
    /// 0.91/0.09 times that stands above what error leaves.
    #[test]
    fn far_off_azimuths_are_left_to_error() {
        let north = Wind::new("north".parse().expect("a wind"));
        let above = north.ln_ratio(180.0, 1e5, 0.0) - WRONG_DIRECTION.ln();
        assert!((above - 3.2e-3).abs() < 1e-4, "{above}");
        assert!(north.ln_ratio(0.0, 1e5, 0.0) <= north.ln_greatest_ratio());
        assert_eq!(north.ln_ratio(0.0, 0.0, 1.0), 0.0);
    }
}
