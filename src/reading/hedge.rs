//! How wide listeners take a hedged number to be.

use crate::band::phi;
use crate::claim::{Hedge, Offset};

/// Widths that a stated number may have, in steps of its last digit: the lattice on which people round.
///
/// Source: rounding on the lattice {1, 2, 5}·10ⁿ; a grain that could not have printed the number keeps its weight as a width.
const GRAINS: [f64; 6] = [1.0, 5.0, 10.0, 20.0, 50.0, 100.0];

/// Where one grain gives way to the next: the geometric midpoints.
const GRAIN_LIMITS_SQ: [f64; 5] = [5.0, 50.0, 200.0, 1000.0, 5000.0];

impl Hedge {
    /// Listeners' interval widths for hedged numbers, where they have been measured: eight coefficients and the standard deviation of
    /// log10 of the width.
    ///
    /// With z = log10 of the value, r its trailing zeros, and f = 1 where the last significant digit is 5, the mean is
    /// A + B·z + C·r + D·f + E·z·r + F·z·f + G·r·f + H·z·r·f.
    ///
    /// # Source
    /// S. Ferson et al., "Natural language of uncertainty: numeric hedge words", International Journal of Approximate Reasoning,
    /// 2015; the coefficients second-hand from a public implementation.
    ///
    /// # Example
    /// ```
    /// use siteband::Hedge;
    /// let (coefficients, sigma) = Hedge::About.width_regression().ok_or("a measured word")?;
    /// // log10 of the width that half of all listeners give "about 80": z = 1.9, r = 1.
    /// let z = 80_f64.log10();
    /// let width = 10_f64.powf(coefficients[0] + coefficients[1] * z + coefficients[2] + coefficients[4] * z);
    /// assert!((5.0..15.0).contains(&width) && sigma > 0.5);
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn width_regression(self) -> Option<([f64; 8], f64)> {
        regression(self)
    }
}

/// Listeners' interval widths W for hedged numbers: with z = log10 of the value, r its trailing zeros, and f = 1 where the last
/// significant digit is 5, log10 W is normal about A + B·z + C·r + D·f + E·z·r + F·z·f + G·r·f + H·z·r·f with the last
/// number as standard deviation.
///
/// Source: S. Ferson et al., "Natural language of uncertainty: numeric hedge words", International Journal of Approximate
/// Reasoning, 2015; the coefficients second-hand from a public implementation.
fn regression(hedge: Hedge) -> Option<([f64; 8], f64)> {
    Some(match hedge {
        Hedge::About => ([-0.2085, 0.4285, 0.2807, 0.0940, 0.0147, -0.0640, -0.0102, 0.0404], 0.5837),
        Hedge::Around => ([-0.1018, 0.3429, 0.3169, 0.0951, 0.0381, -0.0005, 0.0174, -0.0029], 0.5261),
        Hedge::Roughly => ([-0.103, 0.3687, 0.2559, -0.0303, 0.0353, 0.1051, 0.1422, -0.0562], 0.5966),
        Hedge::Approximately => ([-0.3171, 0.4993, 0.254, 0.6410, 0.0177, -0.2835, 0.1025, 0.0169], 0.6192),
        Hedge::Nearly => ([-0.2716, 0.3420, 0.2722, 0.0923, 0.0440, 0.0196, 0.0386, -0.0270], 0.5969),
        Hedge::Almost => ([-0.4539, 0.4593, 0.3567, 0.4006, -0.0196, -0.2245, -0.0534, 0.0882], 0.6640),
        Hedge::Over => ([-0.0668, 0.3793, 0.2490, -0.1635, 0.0344, 0.1353, -0.0068, -0.0176], 0.6666),
        Hedge::Above => ([-0.1736, 0.4483, 0.2625, 0.0224, 0.0112, 0.0669, -0.1354, 0.0156], 0.6668),
        Hedge::Below => ([-0.3052, 0.4275, 0.2666, 0.3141, 0.0353, -0.1348, 0.1678, -0.0168], 0.6577),
        Hedge::AtLeast => ([-0.1128, 0.3624, 0.3829, 0.3188, 0.0087, -0.1404, 0.0069, 0.0409], 0.5927),
        Hedge::AtMost => ([-0.3076, 0.4751, 0.2477, 0.1168, 0.0088, -0.0619, 0.1551, 0.0052], 0.5956),
        // The regression is useless for numbers said to be exact: half the last digit is used there.
        Hedge::Exactly => return None,
    })
}

/// The widths that a number may have under a hedge, in its unit, with their weights, which sum to one.
pub(super) fn grains(offset: &Offset, hedge: Option<Hedge>) -> Vec<(f64, f64)> {
    let step = offset.last_digit();
    let Some((coefficients, sigma)) = hedge.and_then(regression) else {
        // A bare number is meant to its last significant digit, one said to be exact to its last digit.
        let exact = hedge == Some(Hedge::Exactly);
        return vec![(if exact { step } else { offset.significant_digit() }, 1.0)];
    };
    let median = median_log_width(offset, &coefficients);
    let below = |limit: f64| phi(((limit * step).log10() - median) / sigma);
    let limits = GRAIN_LIMITS_SQ.map(|square| below(square.sqrt()));
    let mut weights = [0.0; GRAINS.len()];
    for (at, weight) in weights.iter_mut().enumerate() {
        let from = if at == 0 { 0.0 } else { limits[at - 1] };
        let to = limits.get(at).copied().unwrap_or(1.0);
        *weight = to - from;
    }
    GRAINS.iter().map(|grain| grain * step).zip(weights).collect()
}

/// The width that half of all listeners give a number, in its unit, where the hedge has been measured.
pub(super) fn median_width(offset: &Offset, hedge: Hedge) -> Option<f64> {
    let (coefficients, _) = regression(hedge)?;
    Some(10_f64.powf(median_log_width(offset, &coefficients)))
}

/// The median of log10 W.
fn median_log_width(offset: &Offset, [a, b, c, d, e, f, g, h]: &[f64; 8]) -> f64 {
    let z = offset.value().log10();
    let r = f64::from(offset.trailing_zeros());
    let five = if (offset.value() / offset.significant_digit()).round() % 10.0 == 5.0 { 1.0 } else { 0.0 };
    a + b * z + c * r + d * five + e * z * r + f * z * five + g * r * five + h * z * r * five
}
