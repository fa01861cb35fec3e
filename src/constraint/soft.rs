//! Soft statements: arguments about where a site lies, each with a credit between nothing and all.

use std::fmt;
use std::sync::Arc;

use super::access::Ways;
use super::gauge::{Gauge, Gauges};
use crate::band::{Bound, phi};
use crate::distance::Nearest;
use crate::feature::Feature;
use crate::length::Length;
use crate::position::Position;
use crate::reading::{Reading, Wind};
use crate::site::{Cluster, Sites, Tagged};

/// On which side of a distance a statement puts the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Toward {
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

/// What a soft statement looks at.
#[derive(Clone, Debug)]
pub(super) enum Look {
    /// The distance to a feature.
    Distance(Arc<Feature>),
    /// The distance to the outline of an area, negative inside.
    Outline(Arc<Feature>),
    /// The azimuth from the nearest point of a feature.
    Azimuth(Arc<Feature>),
    /// The ways to some places.
    Ways(Ways),
    /// The distance to the nearest site with a tag.
    Tagged { tag: String, include_self: bool, sites: Arc<Tagged> },
}

/// How the credit depends on what is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    /// 1/(1 + exp(±(D − midpoint)/scale)).
    Logistic { toward: Toward, midpoint_m: f64, scale_m: f64 },
    /// A normal distribution function about the limit, as wide as the reading takes such a distance to be known; a step where it
    /// knows no doubt. Positions of sites count where there is doubt.
    Limit { toward: Toward, limit_m: f64, reading: Reading },
    /// A von Mises distribution of the azimuth, with a share for directions that are wrong.
    Wind(Wind),
    /// exp(−D/scale).
    Decay { scale_m: f64 },
}

/// A number of a soft statement that somebody chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SoftParameter {
    Midpoint,
    Scale,
    Limit,
    Detour,
    RatioPresent,
    RatioAbsent,
}

#[derive(Clone, Debug)]
pub(super) struct Soft {
    /// The key that a scenario has for it.
    pub(super) kind: &'static str,
    pub(super) look: Look,
    pub(super) shape: Shape,
}

impl Soft {
    pub(super) fn says_the_same_as(&self, other: &Self) -> bool {
        let looks_alike = match (&self.look, &other.look) {
            (Look::Tagged { tag, include_self, .. }, Look::Tagged { tag: other, include_self: its, .. }) => {
                tag.eq_ignore_ascii_case(other) && include_self == its
            }
            (Look::Ways(one), Look::Ways(other)) => one.says_the_same_as(other),
            _ => match (self.look.feature(), other.look.feature()) {
                (Some(feature), Some(other)) => feature.id() == other.id(),
                _ => false,
            },
        };
        self.kind == other.kind && self.shape == other.shape && looks_alike
    }

    /// The same statement, held against the tags of a list of sites.
    pub(super) fn among(&self, sites: &Sites) -> Self {
        let look = match &self.look {
            Look::Tagged { tag, include_self, .. } => {
                Look::Tagged { tag: tag.clone(), include_self: *include_self, sites: Arc::new(sites.tagged(tag)) }
            }
            look => look.clone(),
        };
        Self { look, ..self.clone() }
    }

    /// The same statement about the features that `swap` gives for its own.
    pub(super) fn with_features(&self, swap: &mut impl FnMut(&Arc<Feature>) -> Arc<Feature>) -> Self {
        let look = match &self.look {
            Look::Distance(feature) => Look::Distance(swap(feature)),
            Look::Outline(area) => Look::Outline(swap(area)),
            Look::Azimuth(feature) => Look::Azimuth(swap(feature)),
            Look::Ways(ways) => Look::Ways(ways.with_destinations(swap)),
            tagged @ Look::Tagged { .. } => tagged.clone(),
        };
        Self { look, ..self.clone() }
    }

    /// The nearest place of what the statement is about.
    pub(super) fn nearest(&self, at: Position, own: Option<&str>) -> Option<(Length, Option<Position>)> {
        let of = |nearest: Nearest| Some((nearest.distance, Some(nearest.position)));
        match &self.look {
            Look::Distance(feature) | Look::Azimuth(feature) => of(feature.nearest(at)),
            Look::Outline(area) => of(area.nearest_boundary(at)),
            Look::Ways(ways) => Some((ways.mean(at), None)),
            Look::Tagged { include_self, sites, .. } => {
                sites.nearest(at, own.filter(|_| !include_self)).map(|(distance, position)| (distance, Some(position)))
            }
        }
    }

    /// What a place measures; `own` is the id of the site that stands there.
    pub(super) fn gauge(&self, at: Position, own: Option<&str>) -> Gauge {
        match &self.look {
            Look::Distance(feature) => Gauge::of_distance(feature.nearest(at).distance.m()),
            Look::Outline(area) => Gauge::of_distance(area.signed_distance_m(at)),
            Look::Azimuth(feature) => {
                let nearest = feature.nearest(at);
                let azimuth_deg = Some(crate::ellipsoid::inverse(nearest.position, at).azimuth_deg);
                Gauge { azimuth_deg, ..Gauge::of_distance(nearest.distance.m()) }
            }
            Look::Ways(ways) => ways.gauge(at),
            Look::Tagged { .. } => {
                let nearest = self.nearest(at, own);
                Gauge::of_distance(nearest.map_or(f64::INFINITY, |(distance, _)| distance.m()))
            }
        }
    }

    /// [`Soft::gauge`] for each of many places; `own` gives the id of the site that stands there.
    pub(super) fn gauges<'a>(&self, at: &[Position], own: impl Fn(usize) -> &'a str) -> Gauges {
        match &self.look {
            Look::Distance(feature) => Gauges::of_nearest(feature.nearest_all(at)),
            Look::Outline(_) | Look::Azimuth(_) => Gauges::Full(crate::batch::map(at, |at| self.gauge(*at, None))),
            Look::Ways(ways) => ways.gauges(at),
            Look::Tagged { include_self, sites, .. } => {
                let own = |number: usize| (!include_self).then(|| own(number));
                Gauges::Distances(sites.distances_m(at, own))
            }
        }
    }

    /// What a gauge shows as one length: the mean way where it is about ways.
    pub(super) fn measured_m(&self, gauge: &Gauge) -> f64 {
        match &self.look {
            Look::Ways(ways) => ways.detour() * gauge.distance_m + gauge.road_m,
            _ => gauge.distance_m,
        }
    }

    /// ln of the credit of a place, for a site whose own position is uncertain by so much.
    pub(super) fn ln_credit(&self, gauge: &Gauge, uncertainty: Length) -> f64 {
        let m = self.measured_m(gauge);
        match self.shape {
            // ln 1/(1 + exp(-x)), for large |x| too.
            Shape::Logistic { toward, midpoint_m, scale_m } => {
                let x = toward.sign() * (m - midpoint_m) / scale_m;
                x.min(0.0) - (-x.abs()).exp().ln_1p()
            }
            Shape::Limit { toward, limit_m, reading } => {
                let width_m = reading.limit_uncertainty_m(limit_m, self.feature_uncertainty());
                let tau_m = if width_m > 0.0 { width_m.hypot(uncertainty.m()) } else { 0.0 };
                let x_m = toward.sign() * (m - limit_m);
                match (tau_m > 0.0, x_m >= 0.0) {
                    (true, _) => phi(x_m / tau_m).ln(),
                    (false, true) => 0.0,
                    (false, false) => f64::NEG_INFINITY,
                }
            }
            Shape::Wind(wind) => {
                let blur_m = self.feature_uncertainty().m().hypot(uncertainty.m());
                gauge.azimuth_deg.map_or(0.0, |azimuth_deg| wind.ln_ratio(azimuth_deg, m, blur_m))
            }
            Shape::Decay { scale_m } => -m / scale_m,
        }
    }

    /// The distance from a feature at which it gives half of its credit.
    pub(super) fn half_credit(&self) -> Option<Length> {
        let m = match (&self.look, self.shape) {
            (Look::Distance(_), Shape::Logistic { midpoint_m, .. }) => midpoint_m,
            (Look::Distance(_), Shape::Limit { limit_m, .. }) => limit_m,
            _ => return None,
        };
        Some(Length::computed_m(m))
    }

    fn feature_uncertainty(&self) -> Length {
        self.look.feature().map_or(Length::ZERO, |feature| feature.position_uncertainty())
    }

    /// An upper bound of [`Soft::ln_credit`] over a cluster of sites, each uncertain by no less and no more than so much.
    pub(super) fn ln_greatest_credit(&self, cluster: &Cluster, uncertainty: [Length; 2]) -> Bound {
        // Credit rises or falls all the way with the distance, and for each distance with the uncertainty.
        let toward = match self.shape {
            Shape::Logistic { toward, .. } | Shape::Limit { toward, .. } => toward,
            Shape::Decay { .. } => Toward::Nearer,
            Shape::Wind(wind) => return Bound::above(wind.ln_greatest_ratio()),
        };
        match &self.look {
            // No way is shorter than the straight line.
            Look::Ways(ways) => {
                let least_m = (ways.mean_straight_m(cluster.center) - cluster.reach_m).max(0.0);
                let best = Gauge { road_m: least_m, ..Gauge::of_distance(0.0) };
                Bound::above(self.ln_credit(&best, uncertainty[1]))
            }
            // A site that must not count itself is never nearer to the tag than the place it stands on.
            Look::Tagged { .. } if toward == Toward::Farther => Bound::above(0.0),
            look => {
                let (middle_m, reach_m) = (self.gauge(cluster.center, None).distance_m, cluster.reach_m + 1e-5);
                let bound = self.ln_greatest_between(middle_m - reach_m, middle_m + reach_m, uncertainty);
                // That site is farther from the tag, too.
                Bound { is_level: bound.is_level && !matches!(look, Look::Tagged { .. }), ..bound }
            }
        }
    }

    /// The same for sites whose distance is between two, where the credit rises or falls with it all the way.
    pub(super) fn ln_greatest_between(&self, from_m: f64, to_m: f64, uncertainty: [Length; 2]) -> Bound {
        let ends = [from_m, to_m].map(Gauge::of_distance);
        let [from, to] = ends.map(|end| uncertainty.map(|uncertainty| self.ln_credit(&end, uncertainty)));
        let values = || from.into_iter().chain(to);
        let ln = values().fold(f64::NEG_INFINITY, f64::max);
        // Of what is full everywhere, or nothing, there is nothing in between.
        let is_flat = ln == 0.0 || ln == f64::NEG_INFINITY;
        Bound { ln, is_level: is_flat && values().all(|value| value == ln) }
    }

    /// Its own numbers, as they stand: lengths in km.
    pub(super) fn parameters(&self) -> Vec<(SoftParameter, f64)> {
        let mut numbers = match self.shape {
            Shape::Logistic { midpoint_m, scale_m, .. } if midpoint_m > 0.0 => {
                vec![(SoftParameter::Midpoint, midpoint_m / 1000.0), (SoftParameter::Scale, scale_m / 1000.0)]
            }
            Shape::Logistic { scale_m, .. } | Shape::Decay { scale_m } => {
                vec![(SoftParameter::Scale, scale_m / 1000.0)]
            }
            Shape::Limit { limit_m, .. } if limit_m > 0.0 => vec![(SoftParameter::Limit, limit_m / 1000.0)],
            Shape::Limit { .. } | Shape::Wind(_) => Vec::new(),
        };
        if let Look::Ways(ways) = &self.look {
            numbers.push((SoftParameter::Detour, ways.detour()));
        }
        numbers
    }

    /// The same statement with another of these numbers.
    pub(super) fn with(mut self, parameter: SoftParameter, value: f64) -> Self {
        match (parameter, &mut self.shape, &mut self.look) {
            (SoftParameter::Midpoint, Shape::Logistic { midpoint_m, .. }, _) => *midpoint_m = 1000.0 * value,
            (SoftParameter::Scale, Shape::Logistic { scale_m, .. } | Shape::Decay { scale_m }, _) => {
                *scale_m = 1000.0 * value;
            }
            (SoftParameter::Limit, Shape::Limit { limit_m, .. }, _) => *limit_m = 1000.0 * value,
            (SoftParameter::Detour, _, Look::Ways(ways)) => *ways = ways.clone().with_detour(value),
            _ => {}
        }
        self
    }
}

impl Look {
    /// The feature, where there is one.
    pub(super) fn feature(&self) -> Option<&Arc<Feature>> {
        match self {
            Self::Distance(feature) | Self::Outline(feature) | Self::Azimuth(feature) => Some(feature),
            Self::Ways(_) | Self::Tagged { .. } => None,
        }
    }
}

impl fmt::Display for Soft {
    /// What the statement was understood to mean, in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let km = |m: f64| m / 1000.0;
        match &self.look {
            Look::Ways(ways) => write!(f, "well connected to {ways}")?,
            Look::Tagged { tag, include_self, .. } => {
                write!(f, "near a site tagged '{tag}'{}", if *include_self { "" } else { " other than itself" })?;
            }
            Look::Outline(area) => write!(f, "{} {}", self.kind, area.name())?,
            Look::Azimuth(feature) => match self.shape {
                Shape::Wind(wind) => write!(f, "{} of {}", wind.direction(), feature.name())?,
                _ => write!(f, "direction from {}", feature.name())?,
            },
            Look::Distance(feature) => {
                if let Shape::Limit { toward, limit_m, .. } = self.shape {
                    let word = if toward == Toward::Farther { "least" } else { "most" };
                    return write!(f, "at {word} {} km from {}", km(limit_m), feature.name());
                }
                let word = if self.kind == "near" { "near" } else { "away from" };
                write!(f, "{word} {}", feature.name())?;
            }
        }
        match (self.shape, &self.look) {
            (Shape::Logistic { scale_m, .. }, Look::Outline(_)) => write!(f, " (edge {} km wide)", km(scale_m)),
            (Shape::Logistic { midpoint_m, scale_m, .. }, _) => {
                write!(f, " (half credit at {} km, scale {} km)", km(midpoint_m), km(scale_m))
            }
            (Shape::Decay { scale_m }, _) => write!(f, ", scale {} km", km(scale_m)),
            (Shape::Limit { .. } | Shape::Wind(_), _) => Ok(()),
        }
    }
}
