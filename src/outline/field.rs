//! How far a place is from being part of an outline: a number in metres for each condition, none of which changes by more than the
//! way between two places.

use crate::band::Interval;
use crate::feature::Feature;
use crate::position::Position;

/// For each [condition](Field) how far a place is from meeting it, in metres: negative where it does, −∞ where there is no
/// such condition.
pub(super) type Terms = [f64; 3];

/// A place that meets all conditions has no term above zero.
pub(super) fn level_m(terms: &Terms) -> f64 {
    terms[0].max(terms[1]).max(terms[2])
}

/// How far a place is from having a distance in the interval; zero at its ends.
pub(super) fn distance_level_m(terms: &Terms) -> f64 {
    terms[0].max(terms[1])
}

/// The conditions on a place: no nearer than the lower end, no farther than the upper end, inside the area.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'a> {
    pub(super) feature: &'a Feature,
    pub(super) interval: Interval,
    pub(super) within: Option<&'a Feature>,
}

impl Field<'_> {
    /// The terms of many places, in their order.
    pub(super) fn terms(&self, places: &[Position]) -> Vec<Terms> {
        let [from_m, to_m] = [self.interval.from.m(), self.interval.to.m()];
        let nearest = self.feature.nearest_all(places);
        let outside_m = match self.within {
            Some(area) => area.signed_distances_m(places),
            None => vec![f64::NEG_INFINITY; places.len()],
        };
        // Everything is at least as far as nothing.
        let lower = |distance_m: f64| if from_m > 0.0 { from_m - distance_m } else { f64::NEG_INFINITY };
        let terms = |(nearest, outside_m): (&crate::Nearest, f64)| {
            let distance_m = nearest.distance.m();
            [lower(distance_m), distance_m - to_m, outside_m]
        };
        nearest.iter().zip(outside_m).map(terms).collect()
    }
}
