//! How words become numbers: every constant between a claim and its band, with its source.
//!
//! A [`Reading`] is a rule for how widely a stated number is to be taken. For "about 85 kilometers":
//!
//! | reading | what it allows | where it comes from |
//! |---|---|---|
//! | `literal` | 84.5–85.5 km | half a unit of the last digit written |
//! | `rounded` | 82.5–87.5 km | numbers that end in 0 or 5 were rounded to 5 |
//! | `best-practice` | 84.5–85.5 km here, wider for round numbers | the table of A. D. Chapman & J. R. Wieczorek, "Georeferencing Best Practices", GBIF 2020 |
//! | `analyst` | core 90–100, support 70–120 km | the objection of 2012: an 85 is better read as 90 or 100, with tens of kilometres of doubt |
//! | `mixture-prior` | 90 % within 73.6–96.8 km | a mixture over how finely the number was meant, how well the source knew, and digits that say nothing |
//!
//! The first four have hard edges: what lies outside has no likelihood at all. `mixture-prior` is the default.

use std::fmt;
use std::str::FromStr;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::band::{Band, Interval, Origin, Piece, Spread, Trapezoid, phi};
use crate::claim::{Claim, Hedge, Offset, Side};
use crate::length::Length;
use crate::near::did_you_mean;

/// Widths that a stated number may have, in steps of its last digit: the lattice on which people round.
///
/// Source: rounding on the lattice {1, 2, 5}·10ⁿ; a grain that could not have printed the number keeps its weight as a width.
const GRAINS: [f64; 6] = [1.0, 5.0, 10.0, 20.0, 50.0, 100.0];

/// Where one grain gives way to the next: the geometric midpoints.
const GRAIN_LIMITS_SQ: [f64; 5] = [5.0, 50.0, 200.0, 1000.0, 5000.0];

/// The share of claims whose digits say nothing: one number, second-hand, from one anonymous source.
const SPURIOUS_PRECISION: f64 = 0.35;

/// How well a source knows a distance: 2 km, or a quarter of the distance where that is less.
const SOURCE_ABS_M: f64 = 2_000.0;
const SOURCE_ABS_SHARE: f64 = 0.25;
/// And 3 % of the distance.
const SOURCE_RELATIVE: f64 = 0.03;

/// Listeners' interval widths W for hedged numbers: with z = log10 of the value, r its trailing zeros, and f = 1 where the last
/// significant digit is 5, log10 W is normal about A + B·z + C·r + D·f + E·z·r + F·z·f + G·r·f + H·z·r·f with the last
/// number as standard deviation.
///
/// Source: S. Ferson et al., "Natural language of uncertainty: numeric hedge words", International Journal of Approximate
/// Reasoning, 2015; the coefficients second-hand from a public implementation.
fn listeners(hedge: Hedge) -> Option<([f64; 8], f64)> {
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

/// How the width of a number is found.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    Literal,
    Rounded,
    BestPractice,
    Analyst,
    Mixture {
        /// φ: the share of claims whose digits say nothing.
        spurious_precision: f64,
        source_abs_m: f64,
        source_relative: f64,
    },
}

/// A rule for how widely a stated number is to be taken.
///
/// # Example
/// ```
/// use siteband::{Claim, Length, Reading};
/// let claim: Claim = "about 85 km from the Chinese border".parse()?;
/// let literal = Reading::literal().band(&claim, Length::ZERO);
/// let mixture = Reading::default().band(&claim, Length::ZERO);
/// let sino_ri = Length::from_km(92.4)?;
/// assert_eq!(literal.likelihood_per_km(sino_ri), 0.0);
/// assert!(mixture.credible_interval(0.9).contains(sino_ri));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    rule: Rule,
}

impl Default for Reading {
    /// `mixture-prior`.
    fn default() -> Self {
        Self::mixture_prior()
    }
}

impl Reading {
    /// Every named reading, from the narrowest to the default.
    #[must_use]
    pub fn all() -> [Self; 5] {
        [Self::literal(), Self::rounded(), Self::best_practice(), Self::analyst(), Self::mixture_prior()]
    }

    /// The number means itself, to half a unit of its last digit; nothing else is possible, and the source cannot be wrong.
    #[must_use]
    pub fn literal() -> Self {
        Self { rule: Rule::Literal }
    }

    /// The number was rounded to five steps of its last digit if it ends in 0 or 5, else to one.
    #[must_use]
    pub fn rounded() -> Self {
        Self { rule: Rule::Rounded }
    }

    /// The published table of the georeferencing literature (Chapman & Wieczorek 2020).
    #[must_use]
    pub fn best_practice() -> Self {
        Self { rule: Rule::BestPractice }
    }

    /// The sceptic's: the core spans what the number becomes when rounded to its first digit and to half a decade, the support
    /// reaches two units of the first digit further.
    #[must_use]
    pub fn analyst() -> Self {
        Self { rule: Rule::Analyst }
    }

    /// A mixture over the width that listeners give the words, digits that say nothing, and how well a source knows.
    #[must_use]
    pub fn mixture_prior() -> Self {
        Self {
            rule: Rule::Mixture {
                spurious_precision: SPURIOUS_PRECISION,
                source_abs_m: SOURCE_ABS_M,
                source_relative: SOURCE_RELATIVE,
            },
        }
    }

    /// The mixture with another share of claims whose digits say nothing; the four hard readings stay as they are.
    ///
    /// # Errors
    /// [`InvalidShare`] if it is not between 0 and 1.
    pub fn with_spurious_precision(self, share: f64) -> Result<Self, InvalidShare> {
        if !(0.0..=1.0).contains(&share) {
            return Err(InvalidShare { name: "spurious precision", value: share, range: InvalidShare::CLOSED });
        }
        let rule = match self.rule {
            Rule::Mixture { source_abs_m, source_relative, .. } => {
                Rule::Mixture { spurious_precision: share, source_abs_m, source_relative }
            }
            hard => hard,
        };
        Ok(Self { rule })
    }

    /// Its name, as in `--reading`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.rule {
            Rule::Literal => "literal",
            Rule::Rounded => "rounded",
            Rule::BestPractice => "best-practice",
            Rule::Analyst => "analyst",
            Rule::Mixture { .. } => "mixture-prior",
        }
    }

    /// The contamination that this reading insists on, whatever the source's reliability: none for `literal`.
    #[must_use]
    pub fn contamination(&self) -> Option<f64> {
        matches!(self.rule, Rule::Literal).then_some(0.0)
    }

    /// How uncertain this reading takes a distance that is known to be at the limit of an "at least" or "at most" statement,
    /// as one standard deviation: zero for the hard readings.
    pub(crate) fn limit_uncertainty_m(&self, limit: Length, feature: Length) -> f64 {
        match self.rule {
            Rule::Mixture { source_abs_m, source_relative, .. } => {
                let abs_m = source_abs_m.min(SOURCE_ABS_SHARE * limit.m());
                (abs_m.powi(2) + (source_relative * limit.m()).powi(2) + feature.m().powi(2)).sqrt()
            }
            _ => 0.0,
        }
    }

    /// The widths that the claim's number may have, with their weights, which sum to one. The hard readings have one width; the
    /// analyst's is that of its support. The mixture's share for digits that say nothing comes on top.
    #[must_use]
    pub fn widths(&self, claim: &Claim) -> Vec<(Length, f64)> {
        let widths = match self.rule {
            Rule::Literal => vec![(claim.offset().last_digit(), 1.0)],
            Rule::Rounded => vec![(five_lattice(claim.offset()), 1.0)],
            Rule::BestPractice => vec![(best_practice_precision(claim.offset()), 1.0)],
            Rule::Analyst => {
                let shape = analyst(claim.offset().value(), 1.0);
                vec![(shape.d_m - shape.a_m, 1.0)]
            }
            Rule::Mixture { .. } => grains(claim),
        };
        widths.into_iter().map(|(width, weight)| (Length::computed_m(width * claim.unit().m()), weight)).collect()
    }

    /// The width that half of all listeners give the claim's number, where its hedge has been measured (Ferson et al. 2015).
    #[must_use]
    pub fn median_width(claim: &Claim) -> Option<Length> {
        let (coefficients, _) = listeners(claim.hedge()?)?;
        let median = 10_f64.powf(listeners_median(claim.offset(), &coefficients));
        Some(Length::computed_m(median * claim.unit().m()))
    }

    /// The band that a claim allows, for a feature whose own position is uncertain by `feature_uncertainty` (one standard
    /// deviation; the hard readings ignore it).
    #[must_use]
    pub fn band(&self, claim: &Claim, feature_uncertainty: Length) -> Band {
        let offset = claim.offset();
        let side = claim.hedge().map_or(Side::Both, Hedge::side);
        let unit_m = claim.unit().m();
        let value_m = offset.value() * unit_m;
        let window = |width: f64| window(value_m, width * unit_m, side);
        let hard = |width: f64| Band::hard(window(width), (0.0, f64::INFINITY));
        match self.rule {
            Rule::Literal => hard(offset.last_digit()),
            Rule::Rounded => hard(five_lattice(offset)),
            Rule::BestPractice => hard(best_practice_precision(offset)),
            Rule::Analyst => {
                let limits_m = match side {
                    Side::Both => (0.0, f64::INFINITY),
                    Side::Less => (0.0, value_m),
                    Side::More => (value_m, f64::INFINITY),
                };
                Band::hard(analyst(offset.value(), unit_m), limits_m)
            }
            Rule::Mixture { spurious_precision, source_abs_m, source_relative } => {
                let grains = grains(claim);
                let narrowest = window(grains[0].0);
                let mut pieces: Vec<Piece> = grains
                    .into_iter()
                    .map(|(width, weight)| Piece {
                        weight: weight * (1.0 - spurious_precision),
                        shape: window(width),
                        origin: Origin::Rounded,
                    })
                    .collect();
                let reach_m = 2.0 * decade(offset.value()) * unit_m;
                let triangle = Trapezoid {
                    a_m: if side == Side::More { value_m } else { value_m - reach_m },
                    b_m: value_m,
                    c_m: value_m,
                    d_m: if side == Side::Less { value_m } else { value_m + reach_m },
                };
                pieces.push(Piece { weight: spurious_precision, shape: triangle, origin: Origin::SpuriousDigits });
                pieces.retain(|piece| piece.weight > 0.0);
                let spread = Spread {
                    abs_m: source_abs_m.min(SOURCE_ABS_SHARE * value_m),
                    relative: source_relative,
                    feature_m: feature_uncertainty.m(),
                };
                Band::smoothed(pieces, Interval::computed_m(narrowest.a_m, narrowest.d_m), spread)
            }
        }
    }
}

/// A window of a width, on the side of the number where the hedge puts the truth.
fn window(value_m: f64, width_m: f64, side: Side) -> Trapezoid {
    match side {
        Side::Both => Trapezoid::window(value_m - width_m / 2.0, value_m + width_m / 2.0),
        Side::Less => Trapezoid::window(value_m - width_m, value_m),
        Side::More => Trapezoid::window(value_m, value_m + width_m),
    }
}

/// 10^⌊log10 value⌋: one unit of the first digit.
fn decade(value: f64) -> f64 {
    10_f64.powi(exponent(value))
}

/// ⌊log10 value⌋, right at the powers of ten too.
#[allow(clippy::cast_possible_truncation, reason = "the logarithm of a finite positive number is far within i32")]
fn exponent(value: f64) -> i32 {
    let rough = value.log10().floor() as i32;
    (rough - 1..=rough + 1).rev().find(|&exponent| 10_f64.powi(exponent) <= value * (1.0 + 1e-12)).unwrap_or(rough)
}

/// The widths that a claim's number may have, in its unit, with their weights.
fn grains(claim: &Claim) -> Vec<(f64, f64)> {
    let offset = claim.offset();
    let step = offset.last_digit();
    let Some((coefficients, sigma)) = claim.hedge().and_then(listeners) else {
        // A bare number is meant to its last significant digit, one said to be exact to its last digit.
        let exact = claim.hedge() == Some(Hedge::Exactly);
        return vec![(if exact { step } else { offset.significant_digit() }, 1.0)];
    };
    let median = listeners_median(offset, &coefficients);
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

/// The median of log10 W.
fn listeners_median(offset: &Offset, [a, b, c, d, e, f, g, h]: &[f64; 8]) -> f64 {
    let z = offset.value().log10();
    let r = f64::from(offset.trailing_zeros());
    let five = if (offset.value() / offset.significant_digit()).round() % 10.0 == 5.0 { 1.0 } else { 0.0 };
    a + b * z + c * r + d * five + e * z * r + f * z * five + g * r * five + h * z * r * five
}

/// The width of a number on the 5-lattice: five steps of its last digit where it ends in 0 or 5, else one.
fn five_lattice(offset: &Offset) -> f64 {
    let on_lattice = offset.steps() % 5.0 == 0.0;
    offset.last_digit() * if on_lattice { 5.0 } else { 1.0 }
}

/// The precision of a number after Chapman & Wieczorek 2020, whose half is the uncertainty: fractions by their denominator
/// (.5 is a half, .25 and .75 quarters), else the last significant digit, but no more than a tenth of the decade for powers of
/// ten and from a hundred up.
fn best_practice_precision(offset: &Offset) -> f64 {
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

/// The analyst's trapezoid: core = hull of the number rounded half up to 10^k and to 5·10^k, k = ⌊log10⌋ (to 5·10^(k−1) where
/// the number is below 2.5·10^k), support two units of 10^k further.
fn analyst(value: f64, unit_m: f64) -> Trapezoid {
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

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Reading {
    type Err = UnknownReading;

    /// By name. `mixture`, the name of the fitted reading to come, is `mixture-prior` until then.
    fn from_str(name: &str) -> Result<Self, UnknownReading> {
        let lower = name.trim().to_lowercase();
        if lower == "mixture" {
            return Ok(Self::mixture_prior());
        }
        Self::all()
            .into_iter()
            .find(|reading| reading.name() == lower)
            .ok_or_else(|| UnknownReading { found: name.to_owned() })
    }
}

impl Serialize for Reading {
    /// Name and parameters.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Parameters {
            spurious_precision: f64,
            source_abs_m: f64,
            source_abs_share: f64,
            source_relative: f64,
            contamination: Option<f64>,
        }
        let parameters = match self.rule {
            Rule::Mixture { spurious_precision, source_abs_m, source_relative } => Parameters {
                spurious_precision,
                source_abs_m,
                source_abs_share: SOURCE_ABS_SHARE,
                source_relative,
                contamination: self.contamination(),
            },
            _ => Parameters {
                spurious_precision: 0.0,
                source_abs_m: 0.0,
                source_abs_share: 0.0,
                source_relative: 0.0,
                contamination: self.contamination(),
            },
        };
        let mut reading = serializer.serialize_struct("Reading", 2)?;
        reading.serialize_field("name", self.name())?;
        reading.serialize_field("parameters", &parameters)?;
        reading.end()
    }
}

/// A name that is no reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownReading {
    /// The name that was given.
    pub found: String,
}

impl fmt::Display for UnknownReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Reading::all().map(|reading| reading.name());
        write!(f, "unknown reading '{}': expected {}{}", self.found, names.join(", "), did_you_mean(&self.found, names))
    }
}

impl std::error::Error for UnknownReading {}

/// A number that is no share.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{value} is no {name}: expected a number {range}")]
pub struct InvalidShare {
    /// What it was to be.
    pub name: &'static str,
    /// The number that was given.
    pub value: f64,
    /// What was expected: `from 0 to 1`, say.
    pub range: &'static str,
}

impl InvalidShare {
    pub(crate) const CLOSED: &'static str = "from 0 to 1";
    pub(crate) const OPEN: &'static str = "between 0 and 1, neither included";
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for exponent in -3..6 {
            assert_eq!(super::exponent(10_f64.powi(exponent)), exponent);
            assert_eq!(super::exponent(9.999 * 10_f64.powi(exponent)), exponent);
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
