//! The sites of a list that have a tag, found by place.

use std::collections::HashMap;

use rstar::RTree;

use super::Site;
use super::index::Place;
use crate::distance::Polyline;
use crate::ellipsoid::{ecef_m, greatest_chord_m};
use crate::length::Length;
use crate::position::Position;

/// The sites of a list that have a tag.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tagged {
    positions: Vec<Position>,
    /// Each site's number by its id in lower case.
    numbers: HashMap<String, usize>,
    /// The lengths of the ids.
    lengths: Vec<usize>,
    /// All of them, as places to measure to.
    places: Option<Polyline>,
    /// To find the nearest other one.
    tree: RTree<Place>,
}

impl Tagged {
    pub(super) fn new<'a>(sites: impl Iterator<Item = &'a Site>) -> Self {
        let (mut positions, mut numbers) = (Vec::new(), HashMap::new());
        for (at, site) in sites.enumerate() {
            positions.push(site.position);
            numbers.insert(site.id.to_lowercase(), at);
        }
        let places = positions.iter().enumerate().map(|(at, position)| Place::new(*position, at)).collect();
        let mut lengths: Vec<usize> = numbers.keys().map(String::len).collect();
        lengths.sort_unstable();
        lengths.dedup();
        Self { lengths, places: places_of(&positions), tree: RTree::bulk_load(places), positions, numbers }
    }

    /// The nearest of them, but for the site with the id `except`; none if there is no other.
    pub(crate) fn nearest(&self, at: Position, except: Option<&str>) -> Option<(Length, Position)> {
        if let Some(except) = except.and_then(|id| self.number(id)) {
            return self.nearest_other(at, except);
        }
        let nearest = self.places.as_ref()?.nearest(at);
        Some((nearest.distance, self.positions[nearest.part]))
    }

    /// The distance to the nearest for each of many places, as for each alone; `own` gives the id of the site that stands there, which is
    /// not counted. Infinite where there is none.
    pub(crate) fn distances_m<'a>(&self, at: &[Position], own: impl Fn(usize) -> Option<&'a str>) -> Vec<f64> {
        let Some(places) = &self.places else {
            return vec![f64::INFINITY; at.len()];
        };
        let mut all: Vec<f64> = places.nearest_all(at).into_iter().map(|nearest| nearest.distance.m()).collect();
        for (number, distance_m) in all.iter_mut().enumerate() {
            if let Some(except) = own(number).and_then(|id| self.number(id)) {
                let nearest = self.nearest_other(at[number], except);
                *distance_m = nearest.map_or(f64::INFINITY, |(distance, _)| distance.m());
            }
        }
        all
    }

    fn number(&self, id: &str) -> Option<usize> {
        // Of millions of ids hardly one is among these few; letters beyond ASCII may change their length with their case.
        if id.is_ascii() && !self.lengths.contains(&id.len()) {
            return None;
        }
        self.numbers.get(&id.to_lowercase()).copied()
    }

    fn nearest_other(&self, at: Position, except: usize) -> Option<(Length, Position)> {
        let mut best: Option<(Length, Position)> = None;
        for (place, chord_sq_m2) in self.tree.nearest_neighbor_iter_with_distance_2(&ecef_m(at)) {
            if best.is_some_and(|(distance, _)| chord_sq_m2.sqrt() > greatest_chord_m(distance.m())) {
                break;
            }
            if place.site == except {
                continue;
            }
            let position = self.positions[place.site];
            // The very measure that it has among all.
            let distance = places_of(&[position])?.nearest(at).distance;
            if best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, position));
            }
        }
        best
    }
}

fn places_of(positions: &[Position]) -> Option<Polyline> {
    Polyline::new(positions.iter().map(|position| vec![*position]).collect(), |_, _| Ok(Vec::new())).ok()
}
