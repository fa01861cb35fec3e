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
mod tempering;

use std::fmt;
use std::sync::Arc;

use crate::atlas::{Atlas, UnknownFeature};
use crate::band::{Band, BandTable, Bound, Envelope, Place};
use crate::claim::Claim;
use crate::direction::Direction;
use crate::distance::Polyline;
use crate::feature::{Feature, FeatureKind};
use crate::length::Length;
use crate::position::Position;
use crate::reading::{Reading, Wind};
use crate::region::NoArea;
use crate::road::RoadNetwork;
use crate::site::{Cluster, Site, SiteBatch, Sites, Tagged};
use access::Ways;
pub use evidence::Evidence;
pub(crate) use gauge::{Gauge, Gauges};
pub use invalid::{InvalidAccess, InvalidFactor, InvalidRatio, InvalidStatement, ZeroScale};
use measure::Measure;
pub(crate) use soft::SoftParameter;
use soft::{Look, Shape, Soft, Toward};
pub use source::Source;
pub use tempering::{InvalidTempering, Tempering};

/// What a statement looks at.
#[derive(Clone, Debug)]
enum Statement {
    Distance(Measure),
    Soft(Soft),
    Attribute { tag: String, present: f64, absent: f64 },
}

/// What upper bounds over clusters of sites need.
#[derive(Debug)]
pub(crate) struct Over<'a> {
    /// The least and the greatest uncertainty of a site.
    uncertainty: [Length; 2],
    /// Of a distance claim.
    envelope: Option<Envelope<'a>>,
}

impl Over<'_> {
    /// Whether a finer grain may give a lower bound.
    pub(crate) fn has_grain(&self) -> bool {
        self.envelope.as_ref().is_some_and(Envelope::has_cells)
    }
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

    fn soft(kind: &'static str, look: Look, shape: Shape) -> Self {
        Self::new(Statement::Soft(Soft { kind, look, shape }))
    }

    /// The site is at least so far from a feature.
    #[must_use]
    pub fn at_least(feature: impl Into<Arc<Feature>>, limit: Length, reading: &Reading) -> Self {
        let shape = Shape::Limit { toward: Toward::Farther, limit_m: limit.m(), reading: *reading };
        Self::soft("at_least_km", Look::Distance(feature.into()), shape)
    }

    /// The site is at most so far from a feature.
    #[must_use]
    pub fn at_most(feature: impl Into<Arc<Feature>>, limit: Length, reading: &Reading) -> Self {
        let shape = Shape::Limit { toward: Toward::Nearer, limit_m: limit.m(), reading: *reading };
        Self::soft("at_most_km", Look::Distance(feature.into()), shape)
    }

    /// The site is away from a feature: half credit at `midpoint`, nearly none or nearly full a few `scale` to either side.
    ///
    /// # Errors
    /// [`ZeroScale`] if the scale is zero.
    pub fn away_from(feature: impl Into<Arc<Feature>>, midpoint: Length, scale: Length) -> Result<Self, ZeroScale> {
        Self::logistic("away_from", Look::Distance(feature.into()), Toward::Farther, midpoint, scale)
    }

    /// The site is near a feature: half credit at `midpoint`.
    ///
    /// # Errors
    /// [`ZeroScale`] if the scale is zero.
    pub fn near(feature: impl Into<Arc<Feature>>, midpoint: Length, scale: Length) -> Result<Self, ZeroScale> {
        Self::logistic("near", Look::Distance(feature.into()), Toward::Nearer, midpoint, scale)
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
        Ok(Self::logistic(kind, Look::Outline(area), toward, Length::ZERO, edge)?)
    }

    /// The site lies in a direction from a feature. How far off directions may be is known from reports: see
    /// `docs/CALIBRATION.md`.
    ///
    /// # Example
    /// ```
    /// use siteband::{Constraint, Feature};
    /// let pyongyang = Feature::point("pyongyang", "39.0392 N 125.7625 E".parse()?);
    /// assert_eq!(Constraint::toward(pyongyang, "NW".parse()?).to_string(), "northwest of pyongyang");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn toward(feature: impl Into<Arc<Feature>>, wind: Direction) -> Self {
        Self::soft("direction", Look::Azimuth(feature.into()), Shape::Wind(Wind::new(wind)))
    }

    /// The site is well connected to some places, by roads that are not known: each way is `detour` times the straight line, and
    /// the credit falls by a factor of e for each `scale` of their mean, so that a group of places is one argument.
    ///
    /// # Errors
    /// [`InvalidAccess`] without a place, for a detour below 1, or for a scale of zero.
    pub fn access(to: Vec<Arc<Feature>>, detour: f64, scale: Length) -> Result<Self, InvalidAccess> {
        if to.is_empty() {
            return Err(InvalidAccess::NoPlaces);
        }
        if !(detour.is_finite() && detour >= 1.0) {
            return Err(InvalidFactor { value: detour }.into());
        }
        if scale == Length::ZERO {
            return Err(ZeroScale { kind: "access" }.into());
        }
        let shape = Shape::Decay { scale_m: scale.m() };
        Ok(Self::soft("access", Look::Ways(Ways::new(to, detour)), shape))
    }

    /// The same access by a network of roads: ways lead along it, and `detour` holds only for what lies beside it. Other statements
    /// stay as they are.
    ///
    /// # Errors
    /// [`InvalidAccess`] if a place is no point.
    pub fn by_roads(self, network: Arc<RoadNetwork>) -> Result<Self, InvalidAccess> {
        match self.statement {
            Statement::Soft(Soft { kind, look: Look::Ways(ways), shape }) => {
                if let Some(place) = ways.destinations().iter().find(|to| to.kind() != FeatureKind::Point) {
                    return Err(InvalidAccess::NoPoint { id: place.id().to_owned(), kind: place.kind() });
                }
                let look = Look::Ways(ways.by_roads(network));
                Ok(Self { statement: Statement::Soft(Soft { kind, look, shape }), ..self })
            }
            _ => Ok(self),
        }
    }

    /// A site with this tag is near: half credit at `midpoint` from the nearest one on the list. A site that has the tag itself is
    /// no neighbour of its own unless `include_self`.
    ///
    /// # Errors
    /// [`ZeroScale`] if the scale is zero.
    pub fn nearby(
        tag: impl Into<String>,
        midpoint: Length,
        scale: Length,
        include_self: bool,
    ) -> Result<Self, ZeroScale> {
        let look = Look::Tagged { tag: tag.into(), include_self, sites: Arc::new(Tagged::default()) };
        Self::logistic("nearby", look, Toward::Nearer, midpoint, scale)
    }

    fn logistic(
        kind: &'static str,
        look: Look,
        toward: Toward,
        midpoint: Length,
        scale: Length,
    ) -> Result<Self, ZeroScale> {
        if scale == Length::ZERO {
            return Err(ZeroScale { kind });
        }
        Ok(Self::soft(kind, look, Shape::Logistic { toward, midpoint_m: midpoint.m(), scale_m: scale.m() }))
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

    /// What a place measures; `own` is the id of the site that stands there.
    pub(crate) fn gauge(&self, at: Position, own: Option<&str>) -> Gauge {
        match &self.statement {
            Statement::Distance(measure) => measure.gauge(at),
            Statement::Soft(soft) => soft.gauge(at, own),
            Statement::Attribute { .. } => Gauge::of_distance(0.0),
        }
    }

    /// ln g at what a place measures, for a site whose own position is uncertain by so much; ln of the density per kilometre for a
    /// distance claim.
    pub(crate) fn ln_credit(&self, gauge: &Gauge, uncertainty: Length) -> f64 {
        match &self.statement {
            Statement::Distance(measure) => measure.ln_density(gauge, uncertainty, None),
            Statement::Soft(soft) => soft.ln_credit(gauge, uncertainty),
            Statement::Attribute { .. } => 0.0,
        }
    }

    /// For a distance whether another measure could have been meant, and how much longer the road is.
    pub(crate) fn choice(&self) -> Option<(bool, Option<f64>)> {
        match &self.statement {
            Statement::Distance(measure) => Some(measure.choice()),
            _ => None,
        }
    }

    /// The part of a distance claim's likelihood that is not about how far it is.
    pub(crate) fn ln_beside(&self, gauge: &Gauge, uncertainty: Length) -> f64 {
        match &self.statement {
            Statement::Distance(measure) => measure.ln_beside(gauge, uncertainty),
            _ => 0.0,
        }
    }

    /// What the site's own likelihood of the statement is, in natural logarithms: the density per kilometre for a distance
    /// claim, the tempered likelihood ratio for a soft one.
    pub(crate) fn log_likelihood(&self, site: &Site, gauge: &Gauge, ln_expectation: f64, tempering: Tempering) -> f64 {
        let tempering = if self.is_as_stated { Tempering::NONE } else { tempering };
        match &self.statement {
            Statement::Distance(_) => self.ln_credit(gauge, site.position().uncertainty()),
            Statement::Soft(soft) => {
                tempering.apply(soft.ln_credit(gauge, site.position().uncertainty()), ln_expectation)
            }
            Statement::Attribute { tag, present, absent } => {
                tempering.apply(if site.has_tag(tag) { present.ln() } else { absent.ln() }, 0.0)
            }
        }
    }

    /// [`Constraint::log_likelihood`] of each of many sites, given what they measure; by the band's table where there is one.
    pub(crate) fn log_likelihoods(
        &self,
        sites: &SiteBatch,
        gauges: &Gauges,
        ln_expectation: f64,
        tempering: Tempering,
        table: Option<&BandTable>,
    ) -> Vec<f64> {
        let tempering = if self.is_as_stated { Tempering::NONE } else { tempering };
        let numbers: Vec<usize> = (0..sites.len()).collect();
        let uncertainty = |at: usize| sites.positions()[at].uncertainty();
        match &self.statement {
            Statement::Distance(measure) => {
                crate::batch::map(&numbers, |at| measure.ln_density(&gauges.get(*at), uncertainty(*at), table))
            }
            Statement::Soft(soft) => crate::batch::map(&numbers, |at| {
                tempering.apply(soft.ln_credit(&gauges.get(*at), uncertainty(*at)), ln_expectation)
            }),
            Statement::Attribute { tag, present, absent } => {
                let [with, without] = [present, absent].map(|ratio| tempering.apply(ratio.ln(), 0.0));
                crate::batch::map(&numbers, |at| if sites.has_tag(*at, tag) { with } else { without })
            }
        }
    }

    /// What a gauge shows as one length, in metres.
    pub(crate) fn measured_m(&self, gauge: &Gauge) -> f64 {
        match &self.statement {
            Statement::Soft(soft) => soft.measured_m(gauge),
            _ => gauge.distance_m,
        }
    }

    /// [`Constraint::gauge`] for each of many sites, whose ids are told.
    pub(crate) fn gauges<'a>(&self, at: &[Position], id: impl Fn(usize) -> &'a str) -> Gauges {
        match &self.statement {
            Statement::Distance(measure) => measure.gauges(at),
            Statement::Soft(soft) => soft.gauges(at, id),
            Statement::Attribute { .. } => Gauges::Distances(vec![0.0; at.len()]),
        }
    }

    /// What bounds of it need, for sites with uncertainties between two.
    pub(crate) fn over(&self, uncertainty: [Length; 2]) -> Over<'_> {
        Over { uncertainty, envelope: self.band().map(|band| Envelope::new(band, uncertainty)) }
    }

    /// An upper bound of [`Constraint::log_likelihood`] over a cluster of sites.
    pub(crate) fn log_upper_bound(
        &self,
        cluster: &Cluster,
        over: &Over<'_>,
        ln_expectation: f64,
        tempering: Tempering,
    ) -> Bound {
        match (&self.statement, &over.envelope) {
            (Statement::Distance(measure), Some(envelope)) => {
                measure.log_upper_bound(&measure.gauge(cluster.center), cluster.reach_m, envelope)
            }
            // A distance has a band, and hence an envelope.
            (Statement::Distance(_), None) => Bound::above(f64::INFINITY),
            (Statement::Soft(soft), _) => {
                self.of_credit(soft.ln_greatest_credit(cluster, over.uncertainty), ln_expectation, tempering)
            }
            (Statement::Attribute { tag, present, absent }, _) => {
                let tempering = if self.is_as_stated { Tempering::NONE } else { tempering };
                let value = |ratio: f64| tempering.apply(ratio.ln(), 0.0);
                if cluster.may_have(tag) && present != absent {
                    Bound::above(value(present.max(*absent)))
                } else {
                    Bound { ln: value(*absent), is_level: true }
                }
            }
        }
    }

    /// The line that it measures distances to, where those are all that it measures.
    pub(crate) fn line(&self) -> Option<&Polyline> {
        match &self.statement {
            Statement::Distance(measure) => measure.line(),
            Statement::Soft(Soft { look: Look::Distance(feature), .. }) => feature.line(),
            _ => None,
        }
    }

    /// [`Constraint::log_upper_bound`] for sites whose distance to the line is between two.
    pub(crate) fn log_upper_bound_between(
        &self,
        [from_m, to_m]: [f64; 2],
        grain_m: f64,
        over: &Over<'_>,
        ln_expectation: f64,
        tempering: Tempering,
    ) -> Bound {
        match (&self.statement, &over.envelope) {
            (Statement::Distance(_), Some(envelope)) => envelope.over((from_m - 1e-5).max(0.0), to_m + 1e-5, grain_m),
            (Statement::Soft(soft), _) => {
                let bound = soft.ln_greatest_between(from_m - 1e-5, to_m + 1e-5, over.uncertainty);
                self.of_credit(bound, ln_expectation, tempering)
            }
            // Others have no line.
            _ => Bound::above(f64::INFINITY),
        }
    }

    fn of_credit(&self, bound: Bound, ln_expectation: f64, tempering: Tempering) -> Bound {
        let tempering = if self.is_as_stated { Tempering::NONE } else { tempering };
        let slack = if bound.is_level { 0.0 } else { 1e-12 };
        Bound { ln: tempering.apply(bound.ln, ln_expectation) + slack, ..bound }
    }

    /// How far a site is from what the statement is about, and the nearest place of it where there is one.
    pub(crate) fn nearest(&self, site: &Site) -> Option<(Length, Option<Position>)> {
        match &self.statement {
            Statement::Distance(measure) => {
                let nearest = measure.nearest(site.position());
                Some((nearest.distance, Some(nearest.position)))
            }
            Statement::Soft(soft) => soft.nearest(site.position(), Some(site.id())),
            Statement::Attribute { .. } => None,
        }
    }

    /// How far a site is from the roads that a statement knows.
    pub(crate) fn snapping(&self, at: Position) -> Option<Length> {
        match &self.statement {
            Statement::Soft(Soft { look: Look::Ways(ways), .. }) => ways.snapping(at),
            _ => None,
        }
    }

    /// Where in the band a distance lies, for a distance claim.
    pub(crate) fn place(&self, distance: Length) -> Option<Place> {
        self.band().map(|band| band.place(distance))
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
