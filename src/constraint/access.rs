//! Ways to some places: "well connected by highways to X, Y and Z".

use std::fmt;
use std::sync::Arc;

use super::gauge::{Gauge, Gauges};
use crate::feature::Feature;
use crate::length::Length;
use crate::position::Position;
use crate::road::{RoadNetwork, Routes};

/// The ways from a site to some destinations: by a network of roads, and by stated detour where there is none.
#[derive(Clone, Debug)]
pub(super) struct Ways {
    to: Vec<Arc<Feature>>,
    detour: f64,
    roads: Option<Roads>,
}

/// A network, with the shortest ways to each destination.
#[derive(Clone, Debug)]
struct Roads {
    network: Arc<RoadNetwork>,
    routes: Arc<[Routes]>,
}

impl Roads {
    fn new(network: Arc<RoadNetwork>, to: &[Arc<Feature>]) -> Self {
        // A destination on a network is a point.
        let routes = to.iter().map(|feature| network.routes_to(feature.parts()[0][0])).collect();
        Self { network, routes }
    }
}

impl Ways {
    pub(super) fn new(to: Vec<Arc<Feature>>, detour: f64) -> Self {
        Self { to, detour, roads: None }
    }

    pub(super) fn by_roads(self, network: Arc<RoadNetwork>) -> Self {
        let roads = Some(Roads::new(network, &self.to));
        Self { roads, ..self }
    }

    pub(super) fn with_detour(self, detour: f64) -> Self {
        Self { detour, ..self }
    }

    pub(super) fn with_destinations(&self, swap: &mut impl FnMut(&Arc<Feature>) -> Arc<Feature>) -> Self {
        let to: Vec<Arc<Feature>> = self.to.iter().map(swap).collect();
        let roads = self.roads.as_ref().map(|roads| Roads::new(Arc::clone(&roads.network), &to));
        Self { to, roads, ..self.clone() }
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
        let same_roads = match (&self.roads, &other.roads) {
            (Some(one), Some(other)) => Arc::ptr_eq(&one.network, &other.network),
            (None, None) => true,
            _ => false,
        };
        self.detour == other.detour && same_roads && ids(self) == ids(other)
    }

    /// The mean over the destinations of the ways, those without a road apart.
    pub(super) fn gauge(&self, at: Position) -> Gauge {
        let Some(Roads { network, routes }) = &self.roads else {
            return Gauge::of_distance(self.mean_straight_m(at));
        };
        let site = network.snap(at);
        let (mut beside_m, mut along_m) = (0.0, 0.0);
        for to in routes.iter() {
            let way = to.way_from(&site, 1.0);
            if way.by_network {
                beside_m += way.snapping.m();
                along_m += (way.length.m() - way.snapping.m()).max(0.0);
            } else {
                beside_m += way.length.m();
            }
        }
        let count = self.count();
        Gauge { road_m: along_m / count, ..Gauge::of_distance(beside_m / count) }
    }

    /// [`Ways::gauge`] for each of many places.
    pub(super) fn gauges(&self, at: &[Position]) -> Gauges {
        if self.roads.is_some() {
            return Gauges::Full(crate::batch::map(at, |at| self.gauge(*at)));
        }
        let mut sums_m = vec![0.0; at.len()];
        for feature in &self.to {
            for (sum_m, nearest) in sums_m.iter_mut().zip(feature.nearest_all(at)) {
                *sum_m += nearest.distance.m();
            }
        }
        Gauges::Distances(sums_m.into_iter().map(|sum_m| sum_m / self.count()).collect())
    }

    /// How far a place is from the roads, where they are known.
    pub(super) fn snapping(&self, at: Position) -> Option<Length> {
        self.roads.as_ref().map(|roads| roads.network.snap(at).distance())
    }

    #[allow(clippy::cast_precision_loss, reason = "a few destinations")]
    fn count(&self) -> f64 {
        self.to.len() as f64
    }

    /// The mean way.
    pub(super) fn mean(&self, at: Position) -> Length {
        let gauge = self.gauge(at);
        Length::computed_m(self.detour * gauge.distance_m + gauge.road_m)
    }

    /// The mean over the destinations of the straight lines.
    pub(super) fn mean_straight_m(&self, at: Position) -> f64 {
        self.to.iter().map(|feature| feature.nearest(at).distance.m()).sum::<f64>() / self.count()
    }
}

impl fmt::Display for Ways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.to.iter().map(|feature| feature.name()).collect();
        match names.as_slice() {
            [others @ .., last] if !others.is_empty() => write!(f, "{} and {last}", others.join(", "))?,
            _ => f.write_str(&names.join(""))?,
        }
        let Some(roads) = &self.roads else {
            return write!(f, " (ways {} times the straight line)", self.detour);
        };
        let farthest = roads.routes.iter().map(|to| to.destination().distance()).max().unwrap_or_default();
        write!(
            f,
            " (by {} of roads, which pass within {farthest} of them; beside the roads {} times the straight line)",
            roads.network.length(),
            self.detour
        )
    }
}
