//! What claims mean for sites: statements with their parameters resolved, and what a site shows of each.
//!
//! A distance claim weighs a site by the density of its [`Band`] at the site's distance; a direction that it states, by a von Mises
//! distribution of the azimuth; a side, by a soft edge. Every other statement is *soft*: an
//! argument picked by somebody who looks at sites, so it is tempered. With g the statement's credit for a site and E\[g\] its
//! average over the search region, LR = g/E\[g\], and what counts is
//!
//! ```text
//! LR_used = 10^clamp(½·log10 LR, −1, 1)
//! ```
//!
//! | statement | credit g |
//! |---|---|
//! | near, away from | logistic in the distance: 1/(1 + exp(±(D − midpoint)/scale)) |
//! | inside, outside | logistic in the signed distance to the outline, midpoint 0, scale = width of the edge |
//! | at least, at most | Φ(±(D − limit)/τ), τ as for a band; a step where the reading is hard |
//! | direction | von Mises about the wind's azimuth, with a share for directions that are wrong |
//! | access | exp(−D/scale), D the mean way to the destinations: a group of them is one argument |
//! | nearby | logistic in the distance to the nearest other site with the tag |
//! | attribute | LR = likelihood ratio where the site has the tag, the ratio for its absence where not |
//!
//! The factor ½ and the bound of ten are [`Tempering`]'s defaults.

mod access;
mod evidence;
mod gauge;
mod invalid;
mod measure;
mod soft;
mod source;
mod stated;
mod tempering;
mod weigh;

use std::fmt;
use std::sync::Arc;

use crate::atlas::Atlas;
use crate::band::Band;
use crate::claim::Claim;
use crate::direction::Direction;
use crate::feature::Feature;
use crate::length::Length;
use crate::reading::Reading;
use crate::site::Sites;
pub use evidence::Evidence;
pub(crate) use gauge::{Gauge, Gauges};
pub use invalid::{InvalidAccess, InvalidFactor, InvalidRatio, InvalidStatement, ZeroScale};
use measure::Measure;
pub(crate) use soft::SoftParameter;
use soft::{Look, Shape, Soft};
pub use source::Source;
pub use tempering::{InvalidTempering, Tempering};
pub(crate) use weigh::Over;

/// What a statement looks at.
#[derive(Clone, Debug)]
enum Statement {
    Distance(Measure),
    Soft(Soft),
    Attribute { tag: String, present: f64, absent: f64 },
}

/// A statement that sites can be held against: a claim with its feature found and its band made.
///
/// # Example
/// ```
/// use siteband::{Atlas, Constraint, Length, Reading};
/// let atlas = Atlas::from_path("data/borders/cn-kp.geojson".as_ref())?;
/// let claim = "about 85 km from the Chinese border".parse()?;
/// let constraint = Constraint::resolve(&claim, &atlas, &Reading::analyst())?;
/// assert_eq!(constraint.band().map(|band| band.core().to), Some(Length::from_km(100.0)?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Constraint {
    id: String,
    source: Source,
    statement: Statement,
    /// Whether it counts as it is stated, although it is soft.
    is_as_stated: bool,
}

impl Constraint {
    fn new(statement: Statement) -> Self {
        let source = Source::default();
        Self { id: format!("{}-1", source.id()), source, statement, is_as_stated: false }
    }

    fn soft(kind: &'static str, look: Look, shape: Shape) -> Self {
        Self::new(Statement::Soft(Soft { kind, look, shape }))
    }

    /// The same statement by another source; its id becomes the source's with a `-1` behind it.
    #[must_use]
    pub fn with_source(self, source: Source) -> Self {
        Self { id: format!("{}-1", source.id()), source, ..self }
    }

    /// The same statement, not tempered: an argument that was not found by looking at the sites, such as what a report itself says
    /// about the kind of place. A distance claim is never tempered.
    #[must_use]
    pub fn as_stated(self) -> Self {
        Self { is_as_stated: true, ..self }
    }

    /// Whether it counts less than it is stated: see [`Tempering`].
    #[must_use]
    pub fn is_tempered(&self) -> bool {
        !self.is_distance() && !self.is_as_stated
    }

    /// The same statement by its source with a change, or as it is where that is impossible.
    pub(crate) fn by_source<E>(&self, change: impl Fn(Source) -> Result<Source, E>) -> Self {
        let source = change(self.source.clone()).unwrap_or_else(|_| self.source.clone());
        Self { source, ..self.clone() }
    }

    /// The same statement under another id.
    #[must_use]
    pub fn with_id(self, id: impl Into<String>) -> Self {
        Self { id: id.into(), ..self }
    }

    /// Its identifier.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Who says it.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The same statement under another reading; one that no reading changes stays as it is.
    #[must_use]
    pub fn read_as(&self, reading: &Reading) -> Self {
        let statement = match &self.statement {
            Statement::Distance(measure) => Statement::Distance(measure.read_as(reading)),
            Statement::Soft(Soft { kind, look, shape: Shape::Limit { toward, limit_m, .. } }) => {
                let shape = Shape::Limit { toward: *toward, limit_m: *limit_m, reading: *reading };
                Statement::Soft(Soft { kind, look: look.clone(), shape })
            }
            other => other.clone(),
        };
        Self { statement, ..self.clone() }
    }

    /// The same statement about other data: each feature that the atlas has under the same id is replaced. None if it has none of
    /// them.
    #[must_use]
    pub fn with_features_of(&self, atlas: &Atlas) -> Option<Self> {
        let mut replaced = false;
        let mut swap = |feature: &Arc<Feature>| {
            let other = atlas.get(feature.id()).filter(|other| other.kind() == feature.kind());
            replaced |= other.is_some();
            Arc::clone(other.unwrap_or(feature))
        };
        let statement = match &self.statement {
            Statement::Distance(measure) => Statement::Distance(measure.with_features(&mut swap)),
            Statement::Soft(soft) => Statement::Soft(soft.with_features(&mut swap)),
            other @ Statement::Attribute { .. } => other.clone(),
        };
        replaced.then(|| Self { statement, ..self.clone() })
    }

    /// What kind of statement it is: `distance`, or the key that a scenario has for it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.statement {
            Statement::Distance(_) => "distance",
            Statement::Soft(Soft { kind, .. }) => kind,
            Statement::Attribute { .. } => "attribute",
        }
    }

    /// The feature that it refers to, if it refers to one alone.
    #[must_use]
    pub fn feature(&self) -> Option<&Feature> {
        match &self.statement {
            Statement::Distance(Measure { feature, .. }) => Some(feature),
            Statement::Soft(Soft { look, .. }) => look.feature().map(Arc::as_ref),
            Statement::Attribute { .. } => None,
        }
    }

    /// Every feature that it refers to: that of [`Constraint::feature`], a crossing, sides, destinations.
    #[must_use]
    pub fn features(&self) -> Vec<&Feature> {
        match &self.statement {
            Statement::Distance(measure) => measure.features(),
            Statement::Soft(Soft { look: Look::Ways(ways), .. }) => {
                ways.destinations().iter().map(Arc::as_ref).collect()
            }
            Statement::Soft(Soft { look, .. }) => look.feature().map(Arc::as_ref).into_iter().collect(),
            Statement::Attribute { .. } => Vec::new(),
        }
    }

    /// The tag that it looks at: of an attribute, or of what is to be nearby.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        match &self.statement {
            Statement::Attribute { tag, .. } | Statement::Soft(Soft { look: Look::Tagged { tag, .. }, .. }) => {
                Some(tag)
            }
            _ => None,
        }
    }

    /// The likelihood ratios of an attribute: where the site has the tag, and where it has not.
    #[must_use]
    pub fn likelihood_ratios(&self) -> Option<(f64, f64)> {
        match &self.statement {
            Statement::Attribute { present, absent, .. } => Some((*present, *absent)),
            _ => None,
        }
    }

    /// The claim of a distance statement.
    #[must_use]
    pub fn claim(&self) -> Option<&Claim> {
        match &self.statement {
            Statement::Distance(measure) => Some(&measure.claim),
            _ => None,
        }
    }

    /// The band of a distance statement.
    #[must_use]
    pub fn band(&self) -> Option<&Band> {
        match &self.statement {
            Statement::Distance(measure) => Some(&measure.band),
            _ => None,
        }
    }

    /// The distance from its feature where a statement such as "near", "away from" or "at least" gives half of its credit. None for
    /// other statements.
    ///
    /// # Example
    /// ```
    /// use siteband::Scenario;
    /// let scenario = Scenario::from_path("data/scenarios/sino-ri.toml".as_ref())?;
    /// let constraints = scenario.constraints(scenario.reading());
    /// let away = constraints.iter().find(|constraint| constraint.kind() == "away_from").ok_or("a statement")?;
    /// assert_eq!(away.half_credit().map(|m| m.km()), Some(40.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn half_credit(&self) -> Option<Length> {
        match &self.statement {
            Statement::Soft(soft) => soft.half_credit(),
            _ => None,
        }
    }

    /// The contamination that the reading insists on for the whole source.
    pub(crate) fn fixed_contamination(&self) -> Option<f64> {
        match &self.statement {
            Statement::Distance(measure) => measure.contamination,
            _ => None,
        }
    }

    pub(crate) fn is_distance(&self) -> bool {
        matches!(self.statement, Statement::Distance(_))
    }

    /// The reading of a distance claim.
    pub(crate) fn reading(&self) -> Option<&Reading> {
        match &self.statement {
            Statement::Distance(measure) => Some(&measure.reading),
            _ => None,
        }
    }

    /// Whether it looks at where a place is, and not at what is known of it.
    pub(crate) fn is_about_location(&self) -> bool {
        !matches!(self.statement, Statement::Attribute { .. })
    }

    /// Whether what it measures is negative inside an area.
    pub(crate) fn is_about_an_outline(&self) -> bool {
        matches!(&self.statement, Statement::Soft(Soft { look: Look::Outline(_), .. }))
    }

    /// Whether two constraints say the same thing, whoever says it.
    pub(crate) fn says_the_same_as(&self, other: &Self) -> bool {
        // Distances are never tempered.
        if self.is_tempered() != other.is_tempered() {
            return false;
        }
        match (&self.statement, &other.statement) {
            (Statement::Distance(one), Statement::Distance(other)) => one.says_the_same_as(other),
            (Statement::Soft(one), Statement::Soft(other)) => one.says_the_same_as(other),
            (
                Statement::Attribute { tag: a, present: p, absent: q },
                Statement::Attribute { tag: b, present: r, absent: s },
            ) => a.eq_ignore_ascii_case(b) && (p, q) == (r, s),
            _ => false,
        }
    }

    /// The same statement, held against the tags of a list of sites.
    pub(crate) fn among(&self, sites: &Sites) -> Self {
        match &self.statement {
            Statement::Soft(soft) => Self { statement: Statement::Soft(soft.among(sites)), ..self.clone() },
            _ => self.clone(),
        }
    }

    /// The numbers of a soft statement that somebody chose: lengths in km.
    pub(crate) fn parameters(&self) -> Vec<(SoftParameter, f64)> {
        match &self.statement {
            Statement::Distance(_) => Vec::new(),
            Statement::Soft(soft) => soft.parameters(),
            Statement::Attribute { present, absent, .. } => {
                let mut numbers = vec![(SoftParameter::RatioPresent, *present)];
                if *absent != 1.0 {
                    numbers.push((SoftParameter::RatioAbsent, *absent));
                }
                numbers
            }
        }
    }

    /// The same statement with another of these numbers, which must be possible ones.
    pub(crate) fn with_parameter(&self, parameter: SoftParameter, value: f64) -> Self {
        let statement = match (&self.statement, parameter) {
            (Statement::Soft(soft), _) => Statement::Soft(soft.clone().with(parameter, value)),
            (Statement::Attribute { tag, absent, .. }, SoftParameter::RatioPresent) => {
                Statement::Attribute { tag: tag.clone(), present: value, absent: *absent }
            }
            (Statement::Attribute { tag, present, .. }, SoftParameter::RatioAbsent) => {
                Statement::Attribute { tag: tag.clone(), present: *present, absent: value }
            }
            (other, _) => other.clone(),
        };
        Self { statement, ..self.clone() }
    }

    /// The same distance claim with another number, so many steps of its last significant digit away; none where that is no
    /// distance, for a range, or for another kind of statement.
    pub(crate) fn with_number_moved(&self, steps: i32) -> Option<Self> {
        let Statement::Distance(measure) = &self.statement else { return None };
        Some(Self { statement: Statement::Distance(measure.with_number_moved(steps)?), ..self.clone() })
    }

    /// The direction that it states.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        match &self.statement {
            Statement::Distance(measure) => measure.claim.direction(),
            Statement::Soft(Soft { shape: Shape::Wind(wind), .. }) => Some(wind.direction()),
            _ => None,
        }
    }
}

impl fmt::Display for Constraint {
    /// What the statement was understood to mean, in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.statement {
            Statement::Distance(measure) => write!(f, "{measure}"),
            Statement::Soft(soft) => write!(f, "{soft}"),
            Statement::Attribute { tag, present, absent } => {
                write!(f, "tagged '{tag}' (likelihood ratio {present} with the tag, {absent} without)")
            }
        }
    }
}
