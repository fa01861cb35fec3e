//! Lengths, and the units in which reports state them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A length: finite, zero or more, ordered. Held in metres.
///
/// # Example
/// ```
/// use siteband::Length;
/// let offset = Length::from_km(85.0)?;
/// assert_eq!(offset.m(), 85_000.0);
/// assert_eq!(offset.to_string(), "85.0 km");
/// assert!(offset < Length::from_mi(53.0)?);
/// # Ok::<(), siteband::InvalidLength>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Length {
    m: f64,
}

impl Length {
    /// No length at all.
    pub const ZERO: Self = Self { m: 0.0 };

    /// The length of `value` units.
    ///
    /// # Errors
    /// [`InvalidLength`] if the value is negative, infinite or not a number.
    pub fn new(value: f64, unit: Unit) -> Result<Self, InvalidLength> {
        let m = value * unit.m();
        if m.is_finite() && m >= 0.0 {
            // Adding zero turns -0.0 into 0.0, so that equal lengths have equal bits.
            Ok(Self { m: m + 0.0 })
        } else {
            Err(InvalidLength { value, unit })
        }
    }

    /// The length of so many metres.
    ///
    /// # Errors
    /// [`InvalidLength`] if the value is negative, infinite or not a number.
    pub fn from_m(m: f64) -> Result<Self, InvalidLength> {
        Self::new(m, Unit::Meter)
    }

    /// The length of so many kilometres.
    ///
    /// # Errors
    /// [`InvalidLength`] if the value is negative, infinite or not a number.
    pub fn from_km(km: f64) -> Result<Self, InvalidLength> {
        Self::new(km, Unit::Kilometer)
    }

    /// The length of so many international miles (1,609.344 m).
    ///
    /// # Errors
    /// [`InvalidLength`] if the value is negative, infinite or not a number.
    pub fn from_mi(mi: f64) -> Result<Self, InvalidLength> {
        Self::new(mi, Unit::Mile)
    }

    /// The length of so many nautical miles (1,852 m).
    ///
    /// # Errors
    /// [`InvalidLength`] if the value is negative, infinite or not a number.
    pub fn from_nmi(nmi: f64) -> Result<Self, InvalidLength> {
        Self::new(nmi, Unit::NauticalMile)
    }

    /// A length that the caller has computed and knows to be valid: rounding below zero is cut off.
    pub(crate) fn computed_m(m: f64) -> Self {
        debug_assert!(m.is_finite() && m > -1e-3, "computed length {m} m");
        Self { m: m.max(0.0) + 0.0 }
    }

    /// In metres.
    #[must_use]
    pub fn m(self) -> f64 {
        self.m
    }

    /// In kilometres.
    #[must_use]
    pub fn km(self) -> f64 {
        self.m / 1000.0
    }

    /// In units of the caller's choice.
    #[must_use]
    pub fn to_unit(self, unit: Unit) -> f64 {
        self.m / unit.m()
    }
}

impl Eq for Length {}

impl Ord for Length {
    fn cmp(&self, other: &Self) -> Ordering {
        self.m.total_cmp(&other.m)
    }
}

impl PartialOrd for Length {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Length {
    /// Kilometres with one decimal from 1 km up, else metres.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.m >= 1000.0 { write!(f, "{:.1} km", self.km()) } else { write!(f, "{:.0} m", self.m) }
    }
}

impl TryFrom<f64> for Length {
    type Error = InvalidLength;

    fn try_from(m: f64) -> Result<Self, InvalidLength> {
        Self::from_m(m)
    }
}

impl From<Length> for f64 {
    fn from(length: Length) -> Self {
        length.m
    }
}

/// A number that is no length.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{value} {unit} is not a length: expected a finite number, zero or more")]
pub struct InvalidLength {
    /// The number that was given.
    pub value: f64,
    /// The unit it was given in.
    pub unit: Unit,
}

/// A unit of length that reports use.
///
/// # Example
/// ```
/// use siteband::Unit;
/// assert_eq!("nautical miles".parse(), Ok(Unit::NauticalMile));
/// assert_eq!(Unit::Mile.m(), 1609.344);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Metre.
    #[serde(rename = "m")]
    Meter,
    /// Kilometre.
    #[serde(rename = "km")]
    Kilometer,
    /// International (statute) mile of 1,609.344 m.
    #[serde(rename = "mi")]
    Mile,
    /// Nautical mile of 1,852 m.
    #[serde(rename = "nmi")]
    NauticalMile,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 4] = [Self::Meter, Self::Kilometer, Self::Mile, Self::NauticalMile];

    /// How many metres one unit has.
    #[must_use]
    pub fn m(self) -> f64 {
        match self {
            Self::Meter => 1.0,
            Self::Kilometer => 1000.0,
            Self::Mile => 1609.344,
            Self::NauticalMile => 1852.0,
        }
    }

    /// The spellings that are understood, in lower case; the first is the symbol.
    #[must_use]
    pub fn spellings(self) -> &'static [&'static str] {
        match self {
            Self::Meter => &["m", "metre", "metres", "meter", "meters"],
            Self::Kilometer => &["km", "kms", "kilometre", "kilometres", "kilometer", "kilometers"],
            Self::Mile => &["mi", "mile", "miles", "statute mile", "statute miles"],
            Self::NauticalMile => &["nmi", "nm", "nautical mile", "nautical miles"],
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.spellings()[0])
    }
}

impl FromStr for Unit {
    type Err = UnknownUnit;

    fn from_str(text: &str) -> Result<Self, UnknownUnit> {
        let lower = text.trim().to_lowercase();
        Self::ALL
            .into_iter()
            .find(|unit| unit.spellings().contains(&lower.as_str()))
            .ok_or_else(|| UnknownUnit { found: text.trim().to_owned() })
    }
}

/// A word that is no unit of length that siteband knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown unit '{found}': expected m, km, mi or nmi, or one of their names such as kilometers, miles, nautical miles"
)]
pub struct UnknownUnit {
    /// The word that was found.
    pub found: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_length_is_refused() {
        for bad in [f64::NAN, f64::INFINITY, -1.0, -1e-12] {
            assert!(Length::from_km(bad).is_err(), "{bad}");
        }
        assert_eq!(
            Length::from_mi(-2.0).expect_err("negative").to_string(),
            "-2 mi is not a length: expected a finite number, zero or more"
        );
        assert_eq!(Length::from_m(-0.0).expect("zero").m().to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn serde_goes_through_the_same_check() {
        assert!(serde_json::from_str::<Length>("-3.0").is_err());
        assert_eq!(serde_json::from_str::<Length>("12.5").expect("valid").m(), 12.5);
    }

    #[test]
    fn each_spelling_names_one_unit() {
        for unit in Unit::ALL {
            for spelling in unit.spellings() {
                assert_eq!(spelling.parse(), Ok(unit), "{spelling}");
            }
        }
        assert!("furlongs".parse::<Unit>().is_err());
    }
}
