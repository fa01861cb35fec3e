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

    /// A length that the caller has computed and knows to be valid: rounding below zero is cut off.
    pub(crate) fn computed_m(m: f64) -> Self {
        debug_assert!(m.is_finite() && m > -1e-3, "computed length {m} m");
        Self { m: m.max(0.0) + 0.0 }
    }

    /// The uncertainty of what is off by two lengths that have nothing to do with each other.
    pub(crate) fn hypot(self, other: Self) -> Self {
        Self::computed_m(self.m().hypot(other.m()))
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
    /// International foot of 0.3048 m.
    #[serde(rename = "ft")]
    Foot,
    /// International yard of 0.9144 m.
    #[serde(rename = "yd")]
    Yard,
    /// Chinese li of 500 m, as fixed in 1930.
    #[serde(rename = "li")]
    Li,
    /// Korean ri of 392.73 m, a tenth of the Japanese one. A bare "ri" is read as Korean.
    #[serde(rename = "ri")]
    Ri,
    /// Japanese ri of 3,927.3 m, ten times the Korean one.
    #[serde(rename = "Japanese ri")]
    JapaneseRi,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 9] = [
        Self::Meter,
        Self::Kilometer,
        Self::Mile,
        Self::NauticalMile,
        Self::Foot,
        Self::Yard,
        Self::Li,
        Self::Ri,
        Self::JapaneseRi,
    ];

    /// How many metres one unit has.
    #[must_use]
    pub fn m(self) -> f64 {
        match self {
            Self::Meter => 1.0,
            Self::Kilometer => 1000.0,
            Self::Mile => 1609.344,
            Self::NauticalMile => 1852.0,
            Self::Foot => 0.3048,
            Self::Yard => 0.9144,
            Self::Li => 500.0,
            // 1,296 and 12,960 shaku of 10/33 m.
            Self::Ri => 12_960.0 / 33.0,
            Self::JapaneseRi => 129_600.0 / 33.0,
        }
    }

    /// Its name in the plural, with its length where the name alone leaves a doubt.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Meter => "metres",
            Self::Kilometer => "kilometres",
            Self::Mile => "statute miles of 1,609.344 m",
            Self::NauticalMile => "nautical miles of 1,852 m",
            Self::Foot => "feet of 0.3048 m",
            Self::Yard => "yards of 0.9144 m",
            Self::Li => "Chinese li of 500 m",
            Self::Ri => "Korean ri of 392.7 m",
            Self::JapaneseRi => "Japanese ri of 3,927 m",
        }
    }

    /// The spellings that are understood, in lower case; the first is the symbol, but for its case.
    ///
    /// An "m" is a metre, whatever the text is about; some reports from ships mean nautical miles by it.
    #[must_use]
    pub fn spellings(self) -> &'static [&'static str] {
        match self {
            Self::Meter => &["m", "metre", "metres", "meter", "meters", "mtr", "mtrs"],
            Self::Kilometer => {
                &["km", "kms", "kilometre", "kilometres", "kilometer", "kilometers", "klick", "klicks", "klik", "kliks"]
            }
            Self::Mile => &["mi", "mile", "miles", "statute mile", "statute miles"],
            Self::NauticalMile => &[
                "nmi",
                "nm",
                "nms",
                "nautical mile",
                "nautical miles",
                "naut mile",
                "naut miles",
                "n mile",
                "n miles",
                "n m",
                "sea mile",
                "sea miles",
            ],
            Self::Foot => &["ft", "foot", "feet"],
            Self::Yard => &["yd", "yds", "yard", "yards"],
            Self::Li => &["li", "chinese li"],
            Self::Ri => &["ri", "korean ri"],
            Self::JapaneseRi => &["japanese ri"],
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::JapaneseRi => "Japanese ri",
            other => other.spellings()[0],
        })
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
    "unknown unit '{found}': expected m, km, mi, nmi, ft, yd, li or ri, or one of their names such as kilometers, miles, nautical miles"
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

    /// Ten Korean ri are a tenth of ten Japanese ones: 3.93 and 39.3 km.
    #[test]
    fn ri_of_two_countries() {
        assert!((Unit::Ri.m() - 392.7).abs() < 0.05);
        assert!((Unit::JapaneseRi.m() - 3927.0).abs() < 0.5);
    }

    #[test]
    fn each_spelling_names_one_unit() {
        for unit in Unit::ALL {
            for spelling in unit.spellings() {
                assert_eq!(spelling.parse(), Ok(unit), "{spelling}");
            }
        }
        assert!("furlongs".parse::<Unit>().is_err());
        for unit in Unit::ALL {
            assert_eq!(unit.to_string().parse(), Ok(unit));
            assert_eq!(serde_json::to_string(&unit).expect("text"), format!("\"{unit}\""));
        }
    }
}
