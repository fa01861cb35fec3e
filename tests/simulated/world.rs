//! Places to ask about: a border, some points, an area, and the region in which everything is.

use std::sync::Arc;

use geo::{LineString, Polygon};
use rand::RngExt;
use rand_pcg::Pcg64;
use siteband::{Feature, Length, Position, SearchRegion, Site, Sites};

use crate::menu::{DIAMETER_KM, LEAST_KM};

const REACH_KM: f64 = DIAMETER_KM / 2.0;

/// No feature is farther from the middle: then no place is farther from any than 450 km, three quarters of the diameter.
const GREATEST_OFFSET_KM: f64 = 150.0;

/// How many places a region of places has.
const PLACES: u32 = 100;

/// Where an unlisted place may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Law {
    /// At one of 100 listed places, some likelier than others: the region is exactly these.
    Places,
    /// Anywhere in a disc, which the ranking represents by a lattice.
    Area,
}

/// What a place measures.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// To each feature.
    pub(crate) distances_km: Vec<f64>,
    /// To the outline of the area, negative inside.
    pub(crate) outline_km: f64,
}

/// What there is to refer to.
#[derive(Debug)]
pub(crate) struct Scene {
    middle: Position,
    /// The border first, then three points.
    pub(crate) features: Vec<Arc<Feature>>,
    pub(crate) area: Arc<Feature>,
}

/// A scene somewhere on the Earth, and where in it unlisted places are.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) scene: Scene,
    law: Law,
    pub(crate) region: SearchRegion,
    /// Of every place of the region.
    pub(crate) seen: Vec<Seen>,
}

pub(crate) fn km(km: f64) -> Length {
    Length::from_km(km).expect("a length")
}

/// One of some things, by weight.
pub(crate) fn pick(weights: &[f64], random: &mut Pcg64) -> usize {
    let mut left = random.random::<f64>() * weights.iter().sum::<f64>();
    for (at, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return at;
        }
    }
    weights.len() - 1
}

impl Scene {
    fn new(random: &mut Pcg64) -> Self {
        // Even by area on a sphere, poles and antimeridian included.
        let lat_deg = random.random_range(-1.0_f64..1.0).asin().to_degrees();
        let middle = Position::new(lat_deg, random.random_range(-180.0..180.0)).expect("a place");
        let near_middle = |random: &mut Pcg64| within(middle, GREATEST_OFFSET_KM, random);
        let border = border(near_middle(random), random).with_position_uncertainty(km(1.0));
        let mut features = vec![Arc::new(border)];
        for number in 1..=3 {
            features.push(Arc::new(Feature::point(format!("point-{number}"), near_middle(random))));
        }
        let area = Arc::new(blob(near_middle(random), random));
        Self { middle, features, area }
    }

    fn see(&self, place: Position) -> Seen {
        let outline_km = self.area.nearest_boundary(place).distance.km();
        Seen {
            distances_km: self.features.iter().map(|feature| feature.nearest(place).distance.km()).collect(),
            outline_km: if self.area.contains(place) { -outline_km } else { outline_km },
        }
    }

    /// A place somewhere, but not close to a feature.
    pub(crate) fn place(&self, random: &mut Pcg64) -> (Position, Seen) {
        loop {
            // A hair within the straight sides of the disc's outline.
            let place = within(self.middle, 0.99 * REACH_KM, random);
            let seen = self.see(place);
            if seen.distances_km.iter().all(|distance_km| *distance_km >= f64::from(LEAST_KM)) {
                return (place, seen);
            }
        }
    }
}

impl World {
    pub(crate) fn new(law: Law, random: &mut Pcg64) -> Self {
        let scene = Scene::new(random);
        let region = match law {
            Law::Places => {
                // Opposite corners are exactly the diameter apart.
                let corner = |number| scene.middle.destination(360.0 / 64.0 * f64::from(number), km(REACH_KM));
                let disc = area_of("disc", (0..64).map(corner));
                let place = |number: u32| {
                    let (place, _) = scene.place(random);
                    Site::new(number.to_string(), place).with_prior(random.random_range(0.2..2.0)).expect("a weight")
                };
                let places = Sites::new((0..PLACES).map(place).collect()).expect("ids of their own");
                SearchRegion::gazetteer(&places, Length::ZERO, Some(&disc)).expect("places inside")
            }
            Law::Area => SearchRegion::around(scene.middle, km(REACH_KM)),
        };
        assert!((region.diameter().km() - DIAMETER_KM).abs() < 1e-6, "{}", region.diameter());
        let seen = region.places().iter().map(|place| scene.see(*place)).collect();
        Self { scene, law, region, seen }
    }

    /// What an unlisted truth measures, drawn by the region's own law.
    pub(crate) fn unlisted(&self, random: &mut Pcg64) -> Seen {
        match self.law {
            Law::Places => self.seen[pick(self.region.weights(), random)].clone(),
            Law::Area => self.scene.see(even_by_area(self.scene.middle, random)),
        }
    }
}

/// A place within so many km, even by area as on a plane.
fn within(middle: Position, reach_km: f64, random: &mut Pcg64) -> Position {
    let distance = km(reach_km * random.random::<f64>().sqrt());
    middle.destination(random.random_range(0.0..360.0), distance)
}

/// A place of the region's disc, even by area on the ellipsoid: of places that are even in longitude and latitude, each is kept in
/// proportion to the area of its cell, which goes by cos φ/(1−e² sin² φ)².
fn even_by_area(middle: Position, random: &mut Pcg64) -> Position {
    const ECCENTRICITY_SQ: f64 = 0.006_694_379_990_141_3;
    // 300 km are less than three degrees of latitude.
    let (south_deg, north_deg) = ((middle.lat_deg() - 3.0).max(-90.0), (middle.lat_deg() + 3.0).min(90.0));
    loop {
        let lat_deg: f64 = random.random_range(south_deg..north_deg);
        let (sin, cos) = lat_deg.to_radians().sin_cos();
        // Greatest at the equator, where it is one.
        let cell = (cos / (1.0 - ECCENTRICITY_SQ * sin * sin).powi(2)).clamp(0.0, 1.0);
        let place = Position::new(lat_deg, random.random_range(-180.0..180.0)).expect("a place");
        if random.random_bool(cell) && middle.distance_to(&place) <= km(REACH_KM) {
            return place;
        }
    }
}

/// A line through a place that wanders off to both sides.
fn border(through: Position, random: &mut Pcg64) -> Feature {
    let ahead_deg: f64 = random.random_range(0.0..360.0);
    let mut arm = |mut heading_deg: f64| -> Vec<Position> {
        let mut at = through;
        let step = |_| {
            heading_deg += random.random_range(-50.0..50.0);
            at = at.destination(heading_deg, km(random.random_range(15.0..70.0)));
            at
        };
        (0..5).map(step).collect()
    };
    let (forward, back) = (arm(ahead_deg), arm(ahead_deg + 180.0));
    let line = back.into_iter().rev().chain([through]).chain(forward);
    let line: Vec<(f64, f64)> = line.map(|at| (at.lon_deg(), at.lat_deg())).collect();
    Feature::new("border", LineString::from(line).into()).expect("a line")
}

/// An area about a place, with its corners 60 to 150 km from it.
fn blob(about: Position, random: &mut Pcg64) -> Feature {
    let corner = |number: u32| about.destination(45.0 * f64::from(number), km(random.random_range(60.0..150.0)));
    area_of("area", (0..8).map(corner))
}

fn area_of(id: &str, corners: impl Iterator<Item = Position>) -> Feature {
    let ring: Vec<(f64, f64)> = corners.map(|at| (at.lon_deg(), at.lat_deg())).collect();
    Feature::new(id, Polygon::new(LineString::from(ring), vec![]).into()).expect("an area")
}
