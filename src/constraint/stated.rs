//! How each kind of statement is made, and what of it is checked.

use std::sync::Arc;

use super::access::Ways;
use super::invalid::{InvalidAccess, InvalidFactor, InvalidRatio, InvalidStatement, ZeroScale};
use super::measure::Measure;
use super::soft::{Look, Shape, Soft, Toward};
use super::{Constraint, Statement};
use crate::atlas::{Atlas, UnknownFeature};
use crate::claim::Claim;
use crate::direction::Direction;
use crate::feature::{Feature, FeatureKind};
use crate::length::Length;
use crate::reading::{Reading, Wind};
use crate::region::NoArea;
use crate::road::RoadNetwork;
use crate::site::Tagged;

impl Constraint {
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
}
