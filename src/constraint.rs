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
//! | attribute | LR = likelihood ratio where the site has the tag, the ratio for its absence where not |

mod measure;

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::atlas::{Atlas, UnknownFeature};
use crate::band::{Band, Place, phi};
use crate::claim::Claim;
use crate::distance::Nearest;
use crate::feature::{Feature, FeatureKind};
use crate::length::Length;
use crate::position::Position;
use crate::reading::{InvalidShare, Reading};
use crate::region::NoArea;
use crate::site::{Cluster, Site};
pub(crate) use measure::Gauge;
use measure::Measure;

/// Who says something, and how likely it is that what they say is simply wrong.
///
/// # Example
/// ```
/// use siteband::Source;
/// let diplomat = Source::new("diplomat", 0.9)?;
/// assert!((diplomat.contamination() - 0.1).abs() < 1e-15);
/// assert_eq!(Source::admiralty("agency", 'B').map(|source| source.contamination()), Some(0.05));
/// # Ok::<(), siteband::InvalidShare>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    id: String,
    contamination: f64,
    repeats: Option<String>,
}

impl Default for Source {
    /// A source of which nothing is known: F of the Admiralty scale, wrong one time in four.
    fn default() -> Self {
        Self { id: "unnamed".to_owned(), contamination: 0.25, repeats: None }
    }
}

impl Source {
    /// A source that is right with the probability `reliability`.
    ///
    /// # Errors
    /// [`InvalidShare`] if it is not between 0 and 1.
    pub fn new(id: impl Into<String>, reliability: f64) -> Result<Self, InvalidShare> {
        if !(0.0..=1.0).contains(&reliability) {
            return Err(InvalidShare { name: "reliability", value: reliability, range: InvalidShare::CLOSED });
        }
        Ok(Self { id: id.into(), contamination: 1.0 - reliability, repeats: None })
    }

    /// A source by its letter on the Admiralty scale: A .02, B .05, C .15, D .35, E .60, F (cannot be judged) .25 are the
    /// probabilities of being wrong. None for another letter.
    #[must_use]
    pub fn admiralty(id: impl Into<String>, letter: char) -> Option<Self> {
        let contamination = match letter.to_ascii_uppercase() {
            'A' => 0.02,
            'B' => 0.05,
            'C' => 0.15,
            'D' => 0.35,
            'E' => 0.60,
            'F' => 0.25,
            _ => return None,
        };
        Some(Self { id: id.into(), contamination, repeats: None })
    }

    /// The same source, which only repeats another: what both say counts once.
    #[must_use]
    pub fn with_repeats(self, of: impl Into<String>) -> Self {
        Self { repeats: Some(of.into()), ..self }
    }

    /// Its identifier.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// ε: the probability that it is simply wrong.
    #[must_use]
    pub fn contamination(&self) -> f64 {
        self.contamination
    }

    /// The source that it repeats.
    #[must_use]
    pub fn repeats(&self) -> Option<&str> {
        self.repeats.as_deref()
    }
}

/// On which side of a distance a statement puts the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Toward {
    Nearer,
    Farther,
}

impl Toward {
    /// Plus or minus one, so that the credit rises with the sign times the distance.
    fn sign(self) -> f64 {
        match self {
            Self::Nearer => -1.0,
            Self::Farther => 1.0,
        }
    }
}

/// How a soft statement's credit depends on distance.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    Logistic {
        midpoint_m: f64,
        scale_m: f64,
    },
    /// A normal distribution function about the limit; a step where its width is zero. Positions of sites count where the
    /// width is not zero.
    Limit {
        limit_m: f64,
        width_m: f64,
    },
}

/// What a statement looks at.
#[derive(Clone, Debug)]
enum Statement {
    Distance(Measure),
    Soft { kind: &'static str, feature: Arc<Feature>, signed: bool, toward: Toward, shape: Shape },
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
}

impl Constraint {
    fn new(statement: Statement) -> Self {
        let source = Source::default();
        Self { id: format!("{}-1", source.id), source, statement }
    }

    /// A distance claim under a reading, its feature, and the area that it names as the side, found in the atlas by the claim's
    /// words.
    ///
    /// # Errors
    /// [`UnknownFeature`] if the words name none, or several, or no area as the side.
    pub fn resolve(claim: &Claim, atlas: &Atlas, reading: &Reading) -> Result<Self, UnknownFeature> {
        let constraint = Self::distance(claim, Arc::clone(atlas.resolve(claim.feature())?), reading);
        let Some(side) = claim.side() else { return Ok(constraint) };
        constraint.with_side(Arc::clone(atlas.resolve(side)?)).map_err(|error| UnknownFeature {
            words: side.to_owned(),
            reason: error.to_string(),
            candidates: Vec::new(),
        })
    }

    /// A distance claim under a reading, about a feature that the caller has found. A direction that was stated counts; the
    /// side that the words may name does not unless it is given by [`Constraint::with_side`].
    #[must_use]
    pub fn distance(claim: &Claim, feature: impl Into<Arc<Feature>>, reading: &Reading) -> Self {
        Self::new(Statement::Distance(Measure::new(claim, feature.into(), reading)))
    }

    /// The same distance claim for a place inside an area: "in North Korea, 85 km from …". Other statements stay as they are.
    ///
    /// # Errors
    /// [`NoArea`] if the feature is none.
    pub fn with_side(self, area: impl Into<Arc<Feature>>) -> Result<Self, NoArea> {
        let area = area.into();
        if area.kind() != FeatureKind::Area {
            return Err(NoArea { id: area.id().to_owned(), kind: area.kind() });
        }
        Ok(self.on_side(area))
    }

    /// [`Constraint::with_side`] for what is known to be an area.
    pub(crate) fn on_side(self, area: Arc<Feature>) -> Self {
        match self.statement {
            Statement::Distance(measure) => Self { statement: Statement::Distance(measure.with_side(area)), ..self },
            _ => self,
        }
    }

    /// The same distance claim where more than the nearest point of the feature may have been meant: the distance to a named
    /// crossing, or the way by road, which is `factor` times the straight line (1.2 to 1.4 if none is given). Without either, and
    /// where the words themselves say how it was measured, nothing changes.
    ///
    /// # Errors
    /// [`InvalidFactor`] unless the factor is finite and at least 1.
    pub fn with_ways(self, crossing: Option<Arc<Feature>>, road_factor: Option<f64>) -> Result<Self, InvalidFactor> {
        if let Some(value) = road_factor.filter(|factor| !(factor.is_finite() && *factor >= 1.0)) {
            return Err(InvalidFactor { value });
        }
        Ok(self.by_ways(crossing, road_factor))
    }

    /// [`Constraint::with_ways`] with a factor that has been checked.
    pub(crate) fn by_ways(self, crossing: Option<Arc<Feature>>, road_factor: Option<f64>) -> Self {
        match self.statement {
            Statement::Distance(measure) => {
                Self { statement: Statement::Distance(measure.with_ways(crossing, road_factor)), ..self }
            }
            _ => self,
        }
    }

    /// The site is at least so far from a feature.
    #[must_use]
    pub fn at_least(feature: impl Into<Arc<Feature>>, limit: Length, reading: &Reading) -> Self {
        Self::limit("at_least_km", feature.into(), limit, reading, Toward::Farther)
    }

    /// The site is at most so far from a feature.
    #[must_use]
    pub fn at_most(feature: impl Into<Arc<Feature>>, limit: Length, reading: &Reading) -> Self {
        Self::limit("at_most_km", feature.into(), limit, reading, Toward::Nearer)
    }

    fn limit(kind: &'static str, feature: Arc<Feature>, limit: Length, reading: &Reading, toward: Toward) -> Self {
        let width_m = reading.limit_uncertainty_m(limit, feature.position_uncertainty());
        let shape = Shape::Limit { limit_m: limit.m(), width_m };
        Self::new(Statement::Soft { kind, feature, signed: false, toward, shape })
    }

    /// The site is away from a feature: half credit at `midpoint`, nearly none or nearly full a few `scale` to either side.
    ///
    /// # Errors
    /// [`ZeroScale`] if the scale is zero.
    pub fn away_from(feature: impl Into<Arc<Feature>>, midpoint: Length, scale: Length) -> Result<Self, ZeroScale> {
        Self::logistic("away_from", feature.into(), false, midpoint, scale, Toward::Farther)
    }

    /// The site is near a feature: half credit at `midpoint`.
    ///
    /// # Errors
    /// [`ZeroScale`] if the scale is zero.
    pub fn near(feature: impl Into<Arc<Feature>>, midpoint: Length, scale: Length) -> Result<Self, ZeroScale> {
        Self::logistic("near", feature.into(), false, midpoint, scale, Toward::Nearer)
    }

    /// The site is inside an area, whose edge is uncertain by about `edge`.
    ///
    /// # Errors
    /// [`InvalidStatement`] if the feature is no area, or the edge is zero.
    pub fn inside(area: impl Into<Arc<Feature>>, edge: Length) -> Result<Self, InvalidStatement> {
        Self::side_of("inside", area.into(), edge, Toward::Nearer)
    }

    /// The site is outside an area, whose edge is uncertain by about `edge`.
    ///
    /// # Errors
    /// [`InvalidStatement`] if the feature is no area, or the edge is zero.
    pub fn outside(area: impl Into<Arc<Feature>>, edge: Length) -> Result<Self, InvalidStatement> {
        Self::side_of("outside", area.into(), edge, Toward::Farther)
    }

    fn side_of(kind: &'static str, area: Arc<Feature>, edge: Length, toward: Toward) -> Result<Self, InvalidStatement> {
        if area.kind() != FeatureKind::Area {
            return Err(NoArea { id: area.id().to_owned(), kind: area.kind() }.into());
        }
        Ok(Self::logistic(kind, area, true, Length::ZERO, edge, toward)?)
    }

    fn logistic(
        kind: &'static str,
        feature: Arc<Feature>,
        signed: bool,
        midpoint: Length,
        scale: Length,
        toward: Toward,
    ) -> Result<Self, ZeroScale> {
        if scale == Length::ZERO {
            return Err(ZeroScale { kind });
        }
        let shape = Shape::Logistic { midpoint_m: midpoint.m(), scale_m: scale.m() };
        Ok(Self::new(Statement::Soft { kind, feature, signed, toward, shape }))
    }

    /// The site has an attribute: so many times more (or less) probable if it is the one than if it is not, where it has the
    /// tag, and where it has not.
    ///
    /// # Errors
    /// [`InvalidRatio`] unless both ratios are finite and above zero.
    pub fn attribute(tag: impl Into<String>, present: f64, absent: f64) -> Result<Self, InvalidRatio> {
        if let Some(value) = [present, absent].into_iter().find(|ratio| !(ratio.is_finite() && *ratio > 0.0)) {
            return Err(InvalidRatio { value });
        }
        Ok(Self::new(Statement::Attribute { tag: tag.into(), present, absent }))
    }

    /// The same statement by another source; its id becomes the source's with a `-1` behind it.
    #[must_use]
    pub fn with_source(self, source: Source) -> Self {
        Self { id: format!("{}-1", source.id), source, ..self }
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

    /// What kind of statement it is: `distance`, or the key that a scenario has for it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.statement {
            Statement::Distance(_) => "distance",
            Statement::Soft { kind, .. } => kind,
            Statement::Attribute { .. } => "attribute",
        }
    }

    /// The feature that it refers to, if it refers to one.
    #[must_use]
    pub fn feature(&self) -> Option<&Feature> {
        match &self.statement {
            Statement::Distance(Measure { feature, .. }) | Statement::Soft { feature, .. } => Some(feature),
            Statement::Attribute { .. } => None,
        }
    }

    /// The tag of an attribute.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        match &self.statement {
            Statement::Attribute { tag, .. } => Some(tag),
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

    /// Whether two constraints say the same thing, whoever says it.
    pub(crate) fn says_the_same_as(&self, other: &Self) -> bool {
        match (&self.statement, &other.statement) {
            (Statement::Distance(one), Statement::Distance(other)) => one.says_the_same_as(other),
            (
                Statement::Soft { kind: a, feature: f, shape: s, .. },
                Statement::Soft { kind: b, feature: g, shape: t, .. },
            ) => a == b && s == t && f.id() == g.id(),
            (
                Statement::Attribute { tag: a, present: p, absent: q },
                Statement::Attribute { tag: b, present: r, absent: s },
            ) => a.eq_ignore_ascii_case(b) && (p, q) == (r, s),
            _ => false,
        }
    }

    /// What the statement looks at.
    pub(crate) fn gauge(&self, at: Position) -> Gauge {
        match &self.statement {
            Statement::Distance(measure) => measure.gauge(at),
            Statement::Soft { feature, signed: false, .. } => Gauge::of_distance(feature.nearest(at).distance.m()),
            Statement::Soft { feature, .. } => Gauge::of_distance(feature.signed_distance_m(at)),
            Statement::Attribute { .. } => Gauge::default(),
        }
    }

    /// ln g at what a place measures, for a site whose own position is uncertain by so much; ln of the density per kilometre for a
    /// distance claim.
    fn ln_credit(&self, gauge: &Gauge, uncertainty: Length) -> f64 {
        match &self.statement {
            Statement::Distance(measure) => measure.ln_density(gauge, uncertainty),
            Statement::Soft { toward, shape, .. } => {
                let ahead_m = |from_m: f64| toward.sign() * (gauge.distance_m - from_m);
                match *shape {
                    // ln 1/(1 + exp(-x)), for large |x| too.
                    Shape::Logistic { midpoint_m, scale_m } => {
                        let x = ahead_m(midpoint_m) / scale_m;
                        x.min(0.0) - (-x.abs()).exp().ln_1p()
                    }
                    Shape::Limit { limit_m, width_m } => {
                        let tau_m = if width_m > 0.0 { width_m.hypot(uncertainty.m()) } else { 0.0 };
                        let x_m = ahead_m(limit_m);
                        match (tau_m > 0.0, x_m >= 0.0) {
                            (true, _) => phi(x_m / tau_m).ln(),
                            (false, true) => 0.0,
                            (false, false) => f64::NEG_INFINITY,
                        }
                    }
                }
            }
            Statement::Attribute { .. } => 0.0,
        }
    }

    /// The average credit over places of a search region, whose gauges these are.
    pub(crate) fn ln_expectation(&self, gauges: &[Gauge]) -> f64 {
        let credits = gauges.iter().map(|gauge| self.ln_credit(gauge, Length::ZERO));
        #[allow(clippy::cast_precision_loss, reason = "far fewer places than an f64 can count")]
        let count = gauges.len() as f64;
        crate::band::ln_sum_exp(credits) - count.ln()
    }

    /// What the site's own likelihood of the statement is, in natural logarithms: the density per kilometre for a distance
    /// claim, the tempered likelihood ratio for a soft one.
    pub(crate) fn log_likelihood(&self, site: &Site, gauge: &Gauge, ln_expectation: f64) -> f64 {
        match &self.statement {
            Statement::Distance(_) => self.ln_credit(gauge, site.position().uncertainty()),
            Statement::Soft { .. } => tempered(self.ln_credit(gauge, site.position().uncertainty()), ln_expectation),
            Statement::Attribute { tag, present, absent } => {
                tempered(if site.has_tag(tag) { present.ln() } else { absent.ln() }, 0.0)
            }
        }
    }

    /// An upper bound of [`Constraint::log_likelihood`] over a cluster of sites, each uncertain by at most so much.
    pub(crate) fn log_upper_bound(&self, cluster: &Cluster, uncertainty: Length, ln_expectation: f64) -> f64 {
        if let Statement::Attribute { present, absent, .. } = &self.statement {
            return tempered(present.max(*absent).ln(), 0.0);
        }
        let middle = self.gauge(cluster.center);
        match &self.statement {
            Statement::Distance(measure) => measure.log_upper_bound(&middle, cluster.reach_m, uncertainty),
            Statement::Soft { toward, .. } => {
                // Credit rises or falls all the way with the distance, and for each distance with the uncertainty.
                let best = Gauge::of_distance(middle.distance_m + toward.sign() * cluster.reach_m);
                let credit = self.ln_credit(&best, Length::ZERO).max(self.ln_credit(&best, uncertainty));
                tempered(credit, ln_expectation) + 1e-12
            }
            Statement::Attribute { .. } => 0.0,
        }
    }

    /// What a site shows of the statement.
    pub(crate) fn nearest(&self, at: Position) -> Option<Nearest> {
        match &self.statement {
            Statement::Distance(measure) => Some(measure.nearest(at)),
            Statement::Soft { feature, signed: false, .. } => Some(feature.nearest(at)),
            Statement::Soft { feature, .. } => Some(feature.nearest_boundary(at)),
            Statement::Attribute { .. } => None,
        }
    }

    /// The azimuth from the feature to a site, in degrees clockwise from north, where a direction was stated.
    pub(crate) fn azimuth_deg(&self, at: Position) -> Option<f64> {
        match &self.statement {
            Statement::Distance(measure) => measure.gauge(at).azimuth_deg,
            _ => None,
        }
    }

    /// Where in the band a distance lies, for a distance claim.
    pub(crate) fn place(&self, distance: Length) -> Option<Place> {
        self.band().map(|band| band.place(distance))
    }
}

/// ln `LR_used`: half the logarithm of the likelihood ratio, and at most a factor of ten either way. A ratio of nothing to nothing
/// says nothing.
fn tempered(ln_credit: f64, ln_expectation: f64) -> f64 {
    let ln_ratio = ln_credit - ln_expectation;
    if ln_ratio.is_nan() {
        return 0.0;
    }
    (0.5 * ln_ratio).clamp(-std::f64::consts::LN_10, std::f64::consts::LN_10)
}

impl fmt::Display for Constraint {
    /// What the statement was understood to mean, in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.statement {
            Statement::Distance(measure) => write!(f, "{measure}"),
            Statement::Soft { kind, feature, shape, .. } => match (*kind, *shape) {
                ("at_least_km", Shape::Limit { limit_m, .. }) => {
                    write!(f, "at least {} km from {}", limit_m / 1000.0, feature.name())
                }
                ("at_most_km", Shape::Limit { limit_m, .. }) => {
                    write!(f, "at most {} km from {}", limit_m / 1000.0, feature.name())
                }
                ("inside" | "outside", Shape::Logistic { scale_m, .. }) => {
                    write!(f, "{kind} {} (edge {} km wide)", feature.name(), scale_m / 1000.0)
                }
                (_, Shape::Logistic { midpoint_m, scale_m }) => {
                    let word = if *kind == "near" { "near" } else { "away from" };
                    write!(
                        f,
                        "{word} {} (half credit at {} km, scale {} km)",
                        feature.name(),
                        midpoint_m / 1000.0,
                        scale_m / 1000.0
                    )
                }
                _ => write!(f, "{kind} {}", feature.name()),
            },
            Statement::Attribute { tag, present, absent } => {
                write!(f, "tagged '{tag}' (likelihood ratio {present} with the tag, {absent} without)")
            }
        }
    }
}

/// What one site shows of one statement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// The statement's id.
    pub claim: String,
    /// Its kind: see [`Constraint::kind`].
    pub kind: &'static str,
    /// How far the site is from the feature; from the outline for a side of an area. None for an attribute.
    pub distance: Option<Length>,
    /// The nearest place of the feature.
    pub nearest: Option<Position>,
    /// The azimuth from that place to the site, in degrees clockwise from north, where the claim states a direction.
    pub azimuth_deg: Option<f64>,
    /// The natural logarithm of the site's likelihood of the statement: per kilometre for a distance, a tempered likelihood ratio
    /// for a soft statement. Minus infinity where a hard reading excludes the site.
    pub log_likelihood: f64,
    /// How much the statement changes the odds of the site against *none of these*: ten times the decimal logarithm, with the
    /// source's chance of being wrong taken into account: against the odds without this statement. Where a source makes several,
    /// these need not add up. None where either way there are no odds.
    pub decibans: Option<f64>,
    /// Where the distance lies in the claim's band.
    pub position: Option<Place>,
}

/// A soft statement whose credit would jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{kind}' has a width of zero: expected more than zero")]
pub struct ZeroScale {
    /// The kind of statement.
    pub kind: &'static str,
}

/// A number that is no likelihood ratio.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{value} is no likelihood ratio: expected a finite number above zero")]
pub struct InvalidRatio {
    /// The number.
    pub value: f64,
}

/// A number that is no road factor.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{value} is no road factor: expected a finite number of 1 or more, such as 1.3")]
pub struct InvalidFactor {
    /// The number.
    pub value: f64,
}

/// A statement about the side of an area that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidStatement {
    /// The feature has no inside.
    #[error(transparent)]
    NoArea(#[from] NoArea),
    /// The edge has no width.
    #[error(transparent)]
    ZeroScale(#[from] ZeroScale),
}
