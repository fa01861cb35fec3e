//! What a place measures for a statement.

use std::borrow::Cow;

use crate::distance::Nearest;

/// Distances, azimuths and ways from one place to what a statement is about. No reading and no parameter of the statement changes
/// them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Gauge {
    /// The distance to the feature, in metres; negative inside an area for a statement about a side. Infinite where there is nothing
    /// to measure to.
    pub(crate) distance_m: f64,
    /// To the named crossing.
    pub(crate) crossing_m: Option<f64>,
    /// From the nearest point of the feature to the site, in degrees clockwise from north, where a direction was stated.
    pub(crate) azimuth_deg: Option<f64>,
    /// To the outline of each area that the claim puts the place in or out of, negative inside.
    pub(crate) sides_m: Vec<f64>,
    /// Along roads, beside the distance that has none, where a statement is about ways.
    pub(crate) road_m: f64,
}

/// What each of many places measures.
#[derive(Clone, Debug)]
pub(crate) enum Gauges {
    /// Where a distance is all.
    Distances(Vec<f64>),
    Full(Vec<Gauge>),
}

impl Gauges {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Distances(all_m) => all_m.len(),
            Self::Full(all) => all.len(),
        }
    }

    /// What the place with this number measures.
    pub(crate) fn get(&self, at: usize) -> Cow<'_, Gauge> {
        match self {
            Self::Distances(all_m) => Cow::Owned(Gauge::of_distance(all_m[at])),
            Self::Full(all) => Cow::Borrowed(&all[at]),
        }
    }

    /// One by one.
    pub(crate) fn to_vec(&self) -> Vec<Gauge> {
        (0..self.len()).map(|at| self.get(at).into_owned()).collect()
    }

    /// Distances to the nearest places.
    pub(crate) fn of_nearest(nearest: Vec<Nearest>) -> Self {
        Self::Distances(nearest.into_iter().map(|nearest| nearest.distance.m()).collect())
    }
}

impl Gauge {
    pub(crate) fn of_distance(distance_m: f64) -> Self {
        Self { distance_m, crossing_m: None, azimuth_deg: None, sides_m: Vec::new(), road_m: 0.0 }
    }

    /// The same place if the feature were farther by so much; a distance stays one, unless it has a sign.
    pub(crate) fn shifted(&self, by_m: f64, is_signed: bool) -> Self {
        let distance_m = self.distance_m + by_m;
        Self { distance_m: if is_signed { distance_m } else { distance_m.max(0.0) }, ..self.clone() }
    }
}
