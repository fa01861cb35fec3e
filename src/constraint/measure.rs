//! A distance claim as it is held against a site: how far, by which measure, in which direction, on which side.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use super::gauge::{Gauge, Gauges};
use crate::band::{Band, BandTable, Bound, Envelope, ln_sum_exp, phi};
use crate::claim::{Claim, Course, Relation};
use crate::distance::{Nearest, Polyline};
use crate::feature::{Feature, FeatureKind};
use crate::length::Length;
use crate::position::Position;
use crate::reading::{DETOUR, MEASURE_SHARES, Reading, Wind};

/// How sharp the side of an area is taken to be, at the least.
const LEAST_EDGE_M: f64 = 500.0;

/// A distance claim with its feature found and its band made.
#[derive(Clone, Debug)]
pub(super) struct Measure {
    pub(super) claim: Box<Claim>,
    pub(super) band: Band,
    pub(super) feature: Arc<Feature>,
    pub(super) contamination: Option<f64>,
    pub(super) reading: Reading,
    crossing: Option<Arc<Feature>>,
    road_factor: Option<f64>,
    wind: Option<Wind>,
    sides: Vec<Side>,
}

/// The area that a claim puts the place in, or out of.
#[derive(Clone, Debug)]
struct Side {
    area: Arc<Feature>,
    outside: bool,
}

impl Measure {
    pub(super) fn new(claim: &Claim, feature: Arc<Feature>, reading: &Reading) -> Self {
        let outside = claim.relation() == Relation::Outside;
        let of_area = feature.kind() == FeatureKind::Area && (outside || claim.relation() == Relation::Inside);
        Self {
            band: reading.band_about(claim, &feature),
            contamination: reading.contamination(),
            reading: *reading,
            crossing: None,
            road_factor: None,
            wind: claim.direction().map(Wind::new),
            sides: of_area.then(|| Side { area: Arc::clone(&feature), outside }).into_iter().collect(),
            claim: Box::new(claim.clone()),
            feature,
        }
    }

    /// The same claim under another reading.
    pub(super) fn read_as(&self, reading: &Reading) -> Self {
        Self {
            band: reading.band_about(&self.claim, &self.feature),
            contamination: reading.contamination(),
            reading: *reading,
            ..self.clone()
        }
    }

    /// The same claim with another number.
    pub(super) fn with_number_moved(&self, steps: i32) -> Option<Self> {
        let claim = self.claim.with_number_moved(steps)?;
        let band = self.reading.band_about(&claim, &self.feature);
        Some(Self { claim: Box::new(claim), band, ..self.clone() })
    }

    /// The same claim about the features that `swap` gives for its own.
    pub(super) fn with_features(&self, swap: &mut impl FnMut(&Arc<Feature>) -> Arc<Feature>) -> Self {
        let feature = swap(&self.feature);
        Self {
            band: self.reading.band_about(&self.claim, &feature),
            crossing: self.crossing.as_ref().map(&mut *swap),
            sides: self.sides.iter().map(|side| Side { area: swap(&side.area), ..*side }).collect(),
            feature,
            ..self.clone()
        }
    }

    pub(super) fn features(&self) -> Vec<&Feature> {
        let mut features = vec![self.feature.as_ref()];
        features.extend(self.crossing.as_deref());
        let sides = self.sides.iter().map(|side| side.area.as_ref());
        features.extend(sides.filter(|area| area.id() != self.feature.id()));
        features
    }

    /// With the area that the claim's words name as the side.
    pub(super) fn with_side(mut self, area: Arc<Feature>) -> Self {
        self.sides.push(Side { area, outside: false });
        self
    }

    /// With a crossing that the distance may have been measured to, and how much longer the road is than the straight line.
    pub(super) fn with_ways(self, crossing: Option<Arc<Feature>>, road_factor: Option<f64>) -> Self {
        Self { crossing, road_factor, ..self }
    }

    /// Whether another measure could have been meant than the one that the words state.
    fn has_choice(&self) -> bool {
        self.claim.course() == Course::Unstated && (self.crossing.is_some() || self.road_factor.is_some())
    }

    /// Whether both say the same of the same features, by whatever names.
    pub(super) fn says_the_same_as(&self, other: &Self) -> bool {
        let sides = |measure: &Self| {
            measure.sides.iter().map(|side| (side.area.id().to_owned(), side.outside)).collect::<Vec<_>>()
        };
        self.claim.says_the_same_but_for_names(&other.claim)
            && self.feature.id() == other.feature.id()
            && sides(self) == sides(other)
            && self.crossing.as_ref().map(|crossing| crossing.id())
                == other.crossing.as_ref().map(|crossing| crossing.id())
            && self.road_factor == other.road_factor
    }

    /// The nearest place of the feature; of its edge where the claim says inside or outside.
    pub(super) fn nearest(&self, at: Position) -> Nearest {
        match self.claim.relation() {
            Relation::Inside | Relation::Outside => self.feature.nearest_boundary(at),
            _ => self.feature.nearest(at),
        }
    }

    pub(super) fn gauge(&self, at: Position) -> Gauge {
        let nearest = self.nearest(at);
        Gauge {
            distance_m: nearest.distance.m(),
            crossing_m: self.crossing.as_ref().map(|crossing| crossing.nearest(at).distance.m()),
            azimuth_deg: self.wind.map(|_| crate::ellipsoid::inverse(nearest.position, at).azimuth_deg),
            sides_m: self.sides.iter().map(|side| side.area.signed_distance_m(at)).collect(),
            road_m: 0.0,
        }
    }

    /// The line that it measures to, where the distance to it is all that counts.
    pub(super) fn line(&self) -> Option<&Polyline> {
        let is_all = !self.has_choice() && self.wind.is_none() && self.sides.is_empty();
        let is_distance = !matches!(self.claim.relation(), Relation::Inside | Relation::Outside);
        self.feature.line().filter(|_| is_all && is_distance)
    }

    /// [`Measure::gauge`] for each of many places.
    pub(super) fn gauges(&self, at: &[Position]) -> Gauges {
        if self.line().is_none() {
            return Gauges::Full(crate::batch::map(at, |at| self.gauge(*at)));
        }
        Gauges::of_nearest(self.feature.nearest_all(at))
    }

    /// ln of the density per kilometre at what a site measures, whose own position is uncertain by so much; by the band's table where
    /// there is one.
    pub(super) fn ln_density(&self, gauge: &Gauge, uncertainty: Length, table: Option<&BandTable>) -> f64 {
        let ln_distance = self.over_measures(gauge, |m, _| match table {
            Some(table) => table.log_likelihood(&self.band, m, uncertainty.m()),
            None => self.band.log_likelihood(Length::computed_m(m), uncertainty),
        });
        ln_distance + self.ln_beside(gauge, uncertainty)
    }

    /// The part of [`Measure::ln_density`] that is not about how far it is: direction and side.
    pub(super) fn ln_beside(&self, gauge: &Gauge, uncertainty: Length) -> f64 {
        let blur_m = self.feature.position_uncertainty().m().hypot(uncertainty.m());
        let ln_wind = match (self.wind, gauge.azimuth_deg) {
            (Some(wind), Some(azimuth_deg)) => wind.ln_ratio(azimuth_deg, gauge.distance_m, blur_m),
            _ => 0.0,
        };
        let sides = self.sides.iter().zip(&gauge.sides_m);
        let ln_sides: f64 = sides.map(|(side, side_m)| side.ln_credit(*side_m, uncertainty)).sum();
        ln_wind + ln_sides
    }

    /// Whether another measure could have been meant than the one that the words state, and how much longer the road is.
    pub(super) fn choice(&self) -> (bool, Option<f64>) {
        (self.has_choice(), self.road_factor)
    }

    /// An upper bound of [`Measure::ln_density`] over sites within `reach_m` of one that measures `middle`.
    pub(super) fn log_upper_bound(&self, middle: &Gauge, reach_m: f64, envelope: &Envelope<'_>) -> Bound {
        // Distances are good to far less than this.
        let reach_m = reach_m + 1e-5;
        let is_level = Cell::new(!self.has_choice() && self.wind.is_none() && self.sides.is_empty());
        // A road is as many times longer as the distance is, and so is what it changes by within reach.
        let bound = |m: f64, factor: f64| {
            let reach_m = reach_m * factor;
            let bound = envelope.over((m - reach_m).max(0.0), m + reach_m, 0.0);
            is_level.set(is_level.get() && bound.is_level);
            bound.ln
        };
        let ln = self.over_measures(middle, bound) + self.wind.map_or(0.0, |wind| wind.ln_greatest_ratio());
        Bound { ln, is_level: is_level.get() }
    }

    /// ln Σ ω·exp(value) over the measures that may have been meant; each value is told how many times the way is longer.
    fn over_measures(&self, gauge: &Gauge, value: impl Fn(f64, f64) -> f64) -> f64 {
        if !self.has_choice() {
            return value(gauge.distance_m, 1.0);
        }
        let (mut nearest, crossing, road) = MEASURE_SHARES;
        let mut terms = Vec::new();
        match gauge.crossing_m {
            Some(m) => terms.push(crossing.ln() + value(m, 1.0)),
            None => nearest += crossing,
        }
        let from_m = gauge.crossing_m.unwrap_or(gauge.distance_m);
        // The least, the middle and the greatest detour, where the road itself is unknown.
        let detours = match self.road_factor {
            Some(factor) => vec![factor],
            None => vec![DETOUR.0, f64::midpoint(DETOUR.0, DETOUR.1), DETOUR.1],
        };
        #[allow(clippy::cast_precision_loss, reason = "three at most")]
        let share = road / detours.len() as f64;
        terms.extend(detours.into_iter().map(|detour| share.ln() + value(from_m * detour, detour)));
        terms.push(nearest.ln() + value(gauge.distance_m, 1.0));
        ln_sum_exp(terms.into_iter())
    }
}

impl Side {
    /// ln of the credit that a signed distance to the outline gives: one well inside, none well outside.
    fn ln_credit(&self, side_m: f64, uncertainty: Length) -> f64 {
        let edge_m = self.area.position_uncertainty().m().max(LEAST_EDGE_M).hypot(uncertainty.m());
        let inward_m = if self.outside { side_m } else { -side_m };
        phi(inward_m / edge_m).ln()
    }
}

impl fmt::Display for Measure {
    /// The claim's own words for its number, about the feature that was found.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.claim.write_about(f, self.feature.name())?;
        // The feature itself is the first side where the relation names it; the side of the words comes behind.
        let own = usize::from(self.sides.first().is_some_and(|side| Arc::ptr_eq(&side.area, &self.feature)));
        if own == 0 && self.claim.relation().names_a_side() {
            f.write_str(" (on which side of it is not used)")?;
        }
        match (self.sides.get(own), self.claim.side()) {
            (Some(side), _) => write!(f, ", in {}", side.area.name())?,
            (None, Some(side)) => write!(f, " (that it is in {side} is not used)")?,
            (None, None) => {}
        }
        if self.has_choice() {
            f.write_str(", or")?;
            if let Some(crossing) = &self.crossing {
                write!(f, " from {}, or", crossing.name())?;
            }
            f.write_str(" by road")?;
            if let Some(factor) = self.road_factor {
                write!(f, " ({factor} times as far)")?;
            }
        }
        Ok(())
    }
}
