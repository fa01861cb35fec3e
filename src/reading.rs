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
//! | `mixture-prior` | 90 % within 73.6–96.8 km | a mixture over how finely the number was meant, how well the source knew, and digits that say nothing; worked out before any data were looked at |
//! | `mixture` | 90 % within 70.4–115.0 km | the same mixture with tails and mix-ups of units, fitted to claims whose truth is known: see `docs/CALIBRATION.md` |
//!
//! The first four have hard edges: what lies outside has no likelihood at all. `mixture` is the default.
//!
//! Further readings are there by name, for comparison and for special sources: `wieczorek-2004` (J. Wieczorek, Q. Guo & R. J.
//! Hijmans, International Journal of Geographical Information Science 18), `frazier-2004` (Frazier et al. 2004: 15 % of
//! round numbers), and `truncated`, for offsets that a machine writes and cuts off, as earthquake catalogues do.

mod hedge;
mod mixture;
mod rules;
mod wind;
mod wording;

use std::fmt;
use std::str::FromStr;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::band::{Band, Trapezoid};
use crate::claim::Claim;
use crate::feature::{Feature, FeatureKind};
use crate::length::Length;
use crate::near::did_you_mean;
pub use mixture::{Loose, Mixture};
pub(crate) use wind::Wind;
pub(crate) use wording::{DETOUR, MEASURE_SHARES};
use wording::{Wording, originals};

/// How the width of a number is found.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    Literal,
    Rounded,
    BestPractice,
    Wieczorek,
    Frazier,
    Analyst,
    /// A share of the number and a fixed distance either way, for comparison.
    PlusMinus {
        share: f64,
        m: f64,
    },
    Mixture {
        name: &'static str,
        parameters: Mixture,
    },
}

/// What is known of the feature that a claim names.
#[derive(Clone, Copy, Debug, PartialEq)]
struct FeatureKnown {
    uncertainty_m: f64,
    is_point: bool,
    extent_m: Option<f64>,
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
    /// `mixture`.
    fn default() -> Self {
        Self::mixture()
    }
}

impl Reading {
    /// The readings to lay side by side, from the narrowest to the default.
    #[must_use]
    pub fn all() -> [Self; 6] {
        [
            Self::literal(),
            Self::rounded(),
            Self::best_practice(),
            Self::analyst(),
            Self::mixture_prior(),
            Self::mixture(),
        ]
    }

    /// Every reading that has a name: those of [`Reading::all`], and the further ones.
    #[must_use]
    pub fn named() -> Vec<Self> {
        let further = [Self::wieczorek_2004(), Self::frazier_2004(), Self::truncated()];
        Self::all().into_iter().chain(further).collect()
    }

    /// The number means itself, to half a unit of its last digit; nothing else is possible, and the source cannot be wrong. Of two
    /// numbers side by side both hold.
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

    /// Its predecessor (Wieczorek, Guo & Hijmans 2004), which is wider for fractions and for large round numbers.
    #[must_use]
    pub fn wieczorek_2004() -> Self {
        Self { rule: Rule::Wieczorek }
    }

    /// 15 % of a round number (Frazier et al. 2004), else half of its last digit.
    #[must_use]
    pub fn frazier_2004() -> Self {
        Self { rule: Rule::Frazier }
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
        Self { rule: Rule::Mixture { name: "mixture-prior", parameters: Mixture::PRIOR } }
    }

    /// The mixture as it was fitted to claims whose truth is known: with shoulders and tails for claims that are off, and a peak
    /// where a mistaken unit would be. See `docs/CALIBRATION.md`.
    #[must_use]
    pub fn mixture() -> Self {
        Self { rule: Rule::Mixture { name: "mixture", parameters: Mixture::FITTED } }
    }

    /// Offsets that a machine has computed and cut off to whole units, with a feature whose position is not quite that of the
    /// machine's own list. Fitted to earthquake catalogues.
    #[must_use]
    pub fn truncated() -> Self {
        Self { rule: Rule::Mixture { name: "truncated", parameters: Mixture::TRUNCATED } }
    }

    /// A share of the number and a fixed distance either way, with hard edges: what people draw on maps. For comparison; it has
    /// no name.
    pub(crate) fn plus_minus(share: f64, distance: Length) -> Self {
        Self { rule: Rule::PlusMinus { share, m: distance.m() } }
    }

    /// The mixture with other parameters; the narrow readings have none and stay as they are.
    pub(crate) fn with_parameters(self, parameters: Mixture) -> Self {
        match self.rule {
            Rule::Mixture { name, .. } => Self { rule: Rule::Mixture { name, parameters } },
            _ => self,
        }
    }

    /// The mixture with another share of claims whose digits say nothing; the narrow readings stay as they are.
    ///
    /// # Errors
    /// [`InvalidShare`] if it is not between 0 and what the mixture's other shares leave.
    pub fn with_spurious_precision(self, share: f64) -> Result<Self, InvalidShare> {
        let most =
            self.parameters().map_or(1.0, |mixture| 1.0 - mixture.loose.share - mixture.gross.share - mixture.mixed_up);
        if !(0.0..=most).contains(&share) {
            return Err(InvalidShare { name: "spurious precision", value: share, range: InvalidShare::BESIDE_OTHERS });
        }
        Ok(match self.parameters() {
            Some(mixture) => self.with_parameters(Mixture { spurious_precision: share, ..*mixture }),
            None => self,
        })
    }

    /// Its name, as in `--reading`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.rule {
            Rule::Literal => "literal",
            Rule::Rounded => "rounded",
            Rule::BestPractice => "best-practice",
            Rule::Wieczorek => "wieczorek-2004",
            Rule::Frazier => "frazier-2004",
            Rule::Analyst => "analyst",
            Rule::PlusMinus { .. } => "plus-minus",
            Rule::Mixture { name, .. } => name,
        }
    }

    /// Which fit its parameters come from, where they come from one: a result is comparable only with results of the same
    /// version. None for other parameters, such as those of a new fit.
    #[must_use]
    pub fn version(&self) -> Option<&'static str> {
        let released = [Self::mixture(), Self::truncated()].contains(self);
        released.then_some(mixture::FIT_VERSION)
    }

    /// The parameters, for a mixture.
    #[must_use]
    pub fn parameters(&self) -> Option<&Mixture> {
        match &self.rule {
            Rule::Mixture { parameters, .. } => Some(parameters),
            _ => None,
        }
    }

    /// The contamination that this reading insists on, whatever the source's reliability: none for `literal`.
    #[must_use]
    pub fn contamination(&self) -> Option<f64> {
        matches!(self.rule, Rule::Literal).then_some(0.0)
    }

    /// How uncertain this reading takes a distance that is known to be at the limit of an "at least" or "at most" statement,
    /// as one standard deviation: zero for the narrow readings.
    pub(crate) fn limit_uncertainty_m(&self, limit_m: f64, feature: Length) -> f64 {
        self.parameters().map_or(0.0, |mixture| {
            let abs_m = mixture.source_abs_m.min(mixture.source_abs_share * limit_m);
            (abs_m.powi(2) + (mixture.source_relative * limit_m).powi(2) + feature.m().powi(2)).sqrt()
        })
    }

    /// The widths that the claim's number may have, with their weights, which sum to one. The narrow readings have one width; the
    /// analyst's is that of its support. What a mixture has beside them, such as digits that say nothing, comes on top.
    #[must_use]
    pub fn widths(&self, claim: &Claim) -> Vec<(Length, f64)> {
        let (wording, _) = &originals(claim)[0];
        let widths = match &self.rule {
            Rule::Mixture { parameters, .. } => parameters.grains(wording),
            Rule::Analyst => {
                let shape = rules::analyst(wording.offset.value(), 1.0);
                vec![(shape.d_m - shape.a_m, 1.0)]
            }
            _ => vec![(self.narrow_width(wording), 1.0)],
        };
        widths.into_iter().map(|(width, weight)| (Length::computed_m(width * wording.unit.m()), weight)).collect()
    }

    /// The one width of a narrow reading, in the wording's unit.
    fn narrow_width(&self, wording: &Wording) -> f64 {
        let offset = &wording.offset;
        match self.rule {
            Rule::Rounded => rules::five_lattice(offset),
            Rule::BestPractice => rules::best_practice_precision(offset),
            Rule::Wieczorek => rules::wieczorek_precision(offset),
            Rule::Frazier => rules::frazier_precision(offset),
            Rule::PlusMinus { share, m } => 2.0 * (share * wording.middle_m() + m) / wording.unit.m(),
            _ => offset.last_digit(),
        }
    }

    /// The width that half of all listeners give the claim's number, where its hedge has been measured (Ferson et al. 2015).
    #[must_use]
    pub fn median_width(claim: &Claim) -> Option<Length> {
        let median = hedge::median_width(claim.offset(), claim.hedge()?)?;
        Some(Length::computed_m(median * claim.unit().m()))
    }

    /// The band that a claim's words allow, for a feature whose own position is uncertain by `feature_uncertainty` (one standard
    /// deviation; the narrow readings ignore it).
    #[must_use]
    pub fn band(&self, claim: &Claim, feature_uncertainty: Length) -> Band {
        self.band_of(claim, FeatureKnown { uncertainty_m: feature_uncertainty.m(), is_point: false, extent_m: None })
    }

    /// The band that a claim allows about a feature that has been found: with the uncertainty of the feature's position, and,
    /// where it is given as a point but extends (a town), with its extent.
    #[must_use]
    pub fn band_about(&self, claim: &Claim, feature: &Feature) -> Band {
        let is_point = feature.kind() == FeatureKind::Point;
        let uncertainty_m = feature.position_uncertainty().m();
        self.band_of(claim, FeatureKnown { uncertainty_m, is_point, extent_m: feature.extent().map(Length::m) })
    }

    fn band_of(&self, claim: &Claim, feature: FeatureKnown) -> Band {
        match &self.rule {
            Rule::Mixture { parameters, .. } => parameters.band(claim, feature),
            Rule::Literal => literal(claim),
            Rule::Analyst => analyst(&originals(claim)[0].0),
            _ => {
                let (wording, _) = &originals(claim)[0];
                Band::hard(wording.window(self.narrow_width(wording)), (0.0, f64::INFINITY))
            }
        }
    }
}

/// The number to half a unit of its last digit; two numbers side by side hold both.
fn literal(claim: &Claim) -> Band {
    let window = |wording: &Wording| wording.window(wording.offset.last_digit());
    let said = window(&Wording::said(claim));
    let both = Wording::restated(claim).map_or(said, |restated| {
        let other = window(&restated);
        let shape = Trapezoid {
            a_m: said.a_m.max(other.a_m),
            b_m: said.b_m.max(other.b_m),
            c_m: said.c_m.min(other.c_m),
            d_m: said.d_m.min(other.d_m),
        };
        // Numbers that agree to their last significant digit only have no distance in common to the last digit written.
        if shape.a_m <= shape.b_m && shape.b_m <= shape.c_m && shape.a_m < shape.d_m { shape } else { said }
    });
    Band::hard(both, (0.0, f64::INFINITY))
}

/// The sceptic's trapezoid; for a range the hull of those of its ends.
fn analyst(wording: &Wording) -> Band {
    let unit_m = wording.unit.m();
    let (low_m, high_m) = wording.ends_m();
    let [low, high] = [low_m, high_m].map(|end_m| rules::analyst(end_m / unit_m, unit_m));
    let hull = Trapezoid { c_m: low.c_m.max(high.c_m), d_m: low.d_m.max(high.d_m), ..low };
    Band::hard(wording.along(hull), wording.limits_m())
}

impl fmt::Display for Reading {
    /// Its name, with the version of the fit where it has one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.version() {
            Some(version) => f.pad(&format!("{} ({version})", self.name())),
            None => f.pad(self.name()),
        }
    }
}

impl FromStr for Reading {
    type Err = UnknownReading;

    /// By name.
    fn from_str(name: &str) -> Result<Self, UnknownReading> {
        let lower = name.trim().to_lowercase();
        Self::named()
            .into_iter()
            .find(|reading| reading.name() == lower)
            .ok_or_else(|| UnknownReading { found: name.to_owned() })
    }
}

impl Serialize for Reading {
    /// Name, version and parameters; the narrow readings have none, and say so by zeros.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Parameters {
            contamination: Option<f64>,
            #[serde(flatten)]
            mixture: Mixture,
        }
        let mixture = self.parameters().copied().unwrap_or(Mixture::NONE);
        let mut reading = serializer.serialize_struct("Reading", 3)?;
        reading.serialize_field("name", self.name())?;
        reading.serialize_field("version", &self.version())?;
        reading.serialize_field("parameters", &Parameters { contamination: self.contamination(), mixture })?;
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
        let names: Vec<&str> = Reading::named().iter().map(Reading::name).collect();
        let near = did_you_mean(&self.found, names.iter().copied());
        write!(f, "unknown reading '{}': expected {}{near}", self.found, names.join(", "))
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
    pub(crate) const BESIDE_OTHERS: &'static str = "from 0 to what the mixture's other shares leave of 1";
    pub(crate) const ABOVE_ZERO: &'static str = "above 0 and at most 1";
    pub(crate) const OPEN: &'static str = "between 0 and 1, neither included";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(text: &str) -> Claim {
        text.parse().expect("a claim")
    }

    /// 1.21 km or a quarter, 0.81 %, and what the feature has, each squared; worked by hand.
    #[test]
    fn how_well_a_limit_is_known() {
        let of = |limit_m: f64| Reading::mixture().limit_uncertainty_m(limit_m, Length::computed_m(300.0));
        for (limit_m, square) in
            [(100_000.0, 1_464_100.0 + 656_100.0 + 90_000.0), (2_000.0, 250_000.0 + 262.44 + 90_000.0)]
        {
            assert!((of(limit_m).powi(2) - square).abs() < 1e-6, "{limit_m}: {}", of(limit_m));
        }
        assert_eq!(Reading::literal().limit_uncertainty_m(100_000.0, Length::computed_m(300.0)), 0.0);
    }

    /// The fitted mixture has 13.8 %, 5.7 % and 2 % of claims that are off in other ways.
    #[test]
    fn digits_that_say_nothing_are_what_the_others_leave() {
        let with = |share| Reading::mixture().with_spurious_precision(share);
        assert!([0.0, 0.78].into_iter().all(|share| with(share).is_ok()));
        assert!([-0.01, 0.79, 1.0, f64::NAN].into_iter().all(|share| with(share).is_err()));
    }

    /// As far as the analyst's trapezoid reaches, from 70 to 120; a tenth and a kilometre either way; to the last digit.
    #[test]
    fn narrow_readings_have_one_width() {
        let ten_percent = Reading::plus_minus(0.1, Length::computed_m(1_000.0));
        for (reading, text, km) in [
            (Reading::analyst(), "85 km from X", 50.0),
            (ten_percent, "85 km from X", 19.0),
            (ten_percent, "10 miles from X", 2.0 * (1.609_344 + 1.0)),
            (Reading::literal(), "85 km from X", 1.0),
            (Reading::rounded(), "85 km from X", 5.0),
        ] {
            let widths = reading.widths(&claim(text));
            assert_eq!(widths.len(), 1, "{reading}, {text}");
            assert!((widths[0].0.km() - km).abs() < 1e-9 && widths[0].1 == 1.0, "{reading}, {text}: {widths:?}");
        }
    }

    #[test]
    fn readings_have_names_of_their_own() {
        let readings = Reading::named();
        let names: Vec<&str> = readings.iter().map(Reading::name).collect();
        assert_eq!(names[..6], ["literal", "rounded", "best-practice", "analyst", "mixture-prior", "mixture"]);
        assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), 9);
    }

    /// What is printed is the name, with the version of a fit; what is read is the name, in any letters.
    #[test]
    fn readings_are_told_by_their_names() {
        for reading in Reading::named() {
            let read: Reading = format!(" {} ", reading.name().to_uppercase()).parse().expect("a name");
            assert_eq!(read.name(), reading.name());
            assert!(reading.to_string().starts_with(reading.name()));
        }
        assert_eq!(Reading::mixture().to_string(), "mixture (2026-11)");
        let error = "mixtures".parse::<Reading>().expect_err("no such reading");
        assert!(error.to_string().contains("'mixtures'") && error.to_string().contains("best-practice"), "{error}");
    }
}
