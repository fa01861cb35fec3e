//! Ways to some places: "well connected by highways to X, Y and Z".

use std::fmt;
use std::sync::Arc;

use super::gauge::Gauge;
use crate::feature::Feature;
use crate::length::Length;
use crate::position::Position;

/// The ways from a site to some destinations, by stated detour.
#[derive(Clone, Debug)]
pub(super) struct Ways {
    to: Vec<Arc<Feature>>,
    detour: f64,
}

impl Ways {
    pub(super) fn new(to: Vec<Arc<Feature>>, detour: f64) -> Self {
        Self { to, detour }
    }

    pub(super) fn with_detour(self, detour: f64) -> Self {
        Self { detour, ..self }
    }

    pub(super) fn with_destinations(&self, swap: &mut impl FnMut(&Arc<Feature>) -> Arc<Feature>) -> Self {
        Self { to: self.to.iter().map(swap).collect(), ..self.clone() }
    }

    /// How many times longer a way without a known road is than the straight line.
    pub(super) fn detour(&self) -> f64 {
        self.detour
    }

    pub(super) fn destinations(&self) -> &[Arc<Feature>] {
        &self.to
    }

    pub(super) fn says_the_same_as(&self, other: &Self) -> bool {
        let ids = |ways: &Self| {
            let mut ids: Vec<String> = ways.to.iter().map(|feature| feature.id().to_lowercase()).collect();
            ids.sort();
            ids
        };
        self.detour == other.detour && ids(self) == ids(other)
    }

    /// The mean over the destinations of the ways, those without a road apart.
    pub(super) fn gauge(&self, at: Position) -> Gauge {
        Gauge::of_distance(self.mean_straight_m(at))
    }

    /// The mean way.
    pub(super) fn mean(&self, at: Position) -> Length {
        let gauge = self.gauge(at);
        Length::computed_m(self.detour * gauge.distance_m + gauge.road_m)
    }

    /// The mean over the destinations of the straight lines.
    pub(super) fn mean_straight_m(&self, at: Position) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "a few destinations")]
        let count = self.to.len() as f64;
        self.to.iter().map(|feature| feature.nearest(at).distance.m()).sum::<f64>() / count
    }
}

impl fmt::Display for Ways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.to.iter().map(|feature| feature.name()).collect();
        match names.as_slice() {
            [others @ .., last] if !others.is_empty() => write!(f, "{} and {last}", others.join(", "))?,
            _ => f.write_str(&names.join(""))?,
        }
        write!(f, " (ways {} times the straight line)", self.detour)
    }
}
