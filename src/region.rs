//! The search region: where a site that is on no list could be.

mod gazetteer;

use crate::ellipsoid::{ECCENTRICITY_SQ, chord_m, ecef_m};
use crate::feature::{Feature, FeatureKind};
use crate::length::Length;
use crate::position::Position;
pub use gazetteer::InvalidGazetteer;

/// A region that an unlisted site could be anywhere in, every square kilometre alike or by a gazetteer; it gives *none of these*
/// its likelihood.
///
/// # Accuracy
/// The region is represented by some ten thousand places (fewer below 100 km across) that are evenly spread by area on the
/// ellipsoid (a Fibonacci lattice on the authalic sphere), or normally about the places of a gazetteer: a claim's expectation over
/// it is good to a few per cent, better the wider the claim's band.
///
/// # Example
/// ```
/// use siteband::{Atlas, SearchRegion};
/// let atlas = Atlas::from_path("data/regions/north-korea.geojson".as_ref())?;
/// let region = SearchRegion::area(atlas.resolve("North Korea")?)?;
/// assert_eq!(region.diameter().km().round(), 720.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SearchRegion {
    name: String,
    diameter: Length,
    places: Vec<Position>,
    /// As many, with the sum 1.
    weights: Vec<f64>,
}

/// How many places represent a region, about.
const PLACES: u32 = 10_000;

/// A list of sites too close together still leaves this much room around its middle.
const LEAST_REACH_M: f64 = 100_000.0;

impl SearchRegion {
    /// The inside of an area.
    ///
    /// # Errors
    /// [`NoArea`] for a point or a line, or an area too thin to hold any place.
    pub fn area(feature: &Feature) -> Result<Self, NoArea> {
        let refuse = || NoArea { id: feature.id().to_owned(), kind: feature.kind() };
        if feature.kind() != FeatureKind::Area {
            return Err(refuse());
        }
        let (center_m, reach_m) = feature.center_and_reach_m();
        let places = spread(center_m, reach_m, |place| feature.contains(place));
        if places.is_empty() {
            return Err(refuse());
        }
        Ok(Self { name: feature.name().to_owned(), diameter: feature.diameter(), weights: alike(&places), places })
    }

    /// Everything within `reach` of a place, which itself stands for a disc that is too small to hold any place of the lattice. A
    /// disc without any reach counts as a metre across.
    #[must_use]
    pub fn around(center: Position, reach: Length) -> Self {
        let center_m = ecef_m(center);
        let mut places = spread(center_m, reach.m(), |place| center.distance_to(&place) <= reach);
        if places.is_empty() {
            places.push(center.with_uncertainty(Length::ZERO));
        }
        let diameter = Length::computed_m((2.0 * reach.m()).clamp(1.0, crate::ellipsoid::GREATEST_DISTANCE_M));
        Self { name: format!("within {reach} of {center}"), diameter, weights: alike(&places), places }
    }

    /// The disc around the middle of a list that reaches its farthest site, and at least 100 km: what is taken where nothing
    /// else is known.
    pub(crate) fn around_list(middle: Position, reach: Length) -> Self {
        let reach = Length::computed_m(reach.m().max(LEAST_REACH_M));
        let region = Self::around(middle, reach);
        Self { name: format!("the disc of {reach} around the middle of the listed sites"), ..region }
    }

    /// What it is, for people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The greatest distance between two places of it; for a gazetteer without an area no less than that.
    #[must_use]
    pub fn diameter(&self) -> Length {
        self.diameter
    }

    /// Places that represent it.
    #[must_use]
    pub fn places(&self) -> &[Position] {
        &self.places
    }

    /// How likely an unlisted site is to be near each of [`SearchRegion::places`], in their order: numbers that add up to 1, all
    /// alike but for a gazetteer whose list has prior weights.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }
}

/// One weight for all.
fn alike(places: &[Position]) -> Vec<f64> {
    #[allow(clippy::cast_precision_loss, reason = "far fewer places than an f64 can count")]
    let weight = 1.0 / places.len() as f64;
    vec![weight; places.len()]
}

/// About [`PLACES`] places, even by area, among those within the chord `reach_m` of a Cartesian point that also lie `inside`.
fn spread(center_m: [f64; 3], reach_m: f64, inside: impl Fn(Position) -> bool + Sync) -> Vec<Position> {
    // A coarse lattice first, to learn what share of the Earth lies inside.
    const MOST: f64 = 4e8;
    let near = |place: &Position| chord_m(center_m, ecef_m(*place)) <= reach_m;
    let mut of_earth = 12_000.0;
    loop {
        let candidates: Vec<Position> = lattice(of_earth, center_m, reach_m).filter(near).collect();
        let inside: Vec<bool> = crate::batch::map(&candidates, |place| inside(*place));
        let places: Vec<Position> =
            candidates.into_iter().zip(inside).filter_map(|(place, inside)| inside.then_some(place)).collect();
        #[allow(clippy::cast_precision_loss, reason = "far fewer places than an f64 can count")]
        let found = places.len() as f64;
        if found >= 0.9 * f64::from(PLACES) || of_earth >= MOST {
            return places;
        }
        // From few hits the share is little known: go up by no more than a hundredfold at a time.
        of_earth = (of_earth * if found > 100.0 { f64::from(PLACES) / found } else { 100.0 }).min(MOST);
    }
}

/// A Fibonacci lattice of so many places over the whole Earth, even by area, cut to those near a Cartesian point.
fn lattice(of_earth: f64, center_m: [f64; 3], reach_m: f64) -> impl Iterator<Item = Position> {
    let count = of_earth.floor();
    let golden_deg = 180.0 * (3.0 - 5.0_f64.sqrt());
    // The sine of the authalic latitude falls evenly from 1 to -1 along the lattice. At the height z above the equatorial plane
    // it lies between z/6,370 km and z/6,350 km.
    let sines = |z_m: f64| [z_m / 6_370_000.0, z_m / 6_350_000.0];
    let low = sines(center_m[2] - reach_m).into_iter().fold(1.0, f64::min);
    let high = sines(center_m[2] + reach_m).into_iter().fold(-1.0, f64::max);
    let first = ((1.0 - high.min(1.0)) / 2.0 * count).floor().max(0.0);
    let last = ((1.0 - low.max(-1.0)) / 2.0 * count).ceil().min(count);
    // The sphere lies within 25 km of the ellipsoid, place by place: what is far from the center on it need not be computed.
    let near = move |sine: f64, lon_deg: f64| {
        let (sin_lon, cos_lon) = lon_deg.to_radians().sin_cos();
        let cosine = (1.0 - sine * sine).max(0.0).sqrt();
        let on_sphere_m = [cosine * cos_lon, cosine * sin_lon, sine].map(|axis| axis * 6_371_000.0);
        chord_m(center_m, on_sphere_m) <= reach_m + 25_000.0
    };
    std::iter::successors(Some(first), |at| Some(at + 1.0)).take_while(move |at| *at < last).filter_map(move |at| {
        let (sine, lon_deg) = (1.0 - (2.0 * at + 1.0) / count, (at * golden_deg) % 360.0);
        near(sine, lon_deg).then(|| Position::computed_deg(latitude_deg(sine), lon_deg))
    })
}

/// The geodetic latitude whose authalic latitude has this sine (J. P. Snyder, "Map Projections: A Working Manual", 1987,
/// equations 3-11 and 3-12), by Newton's method.
fn latitude_deg(sine: f64) -> f64 {
    let e = ECCENTRICITY_SQ.sqrt();
    let q = |s: f64| (1.0 - ECCENTRICITY_SQ) * (s / (1.0 - ECCENTRICITY_SQ * s * s) + (e * s).atanh() / e);
    let q_pole = q(1.0);
    let mut s = sine;
    for _ in 0..4 {
        let slope = 2.0 * (1.0 - ECCENTRICITY_SQ) / (1.0 - ECCENTRICITY_SQ * s * s).powi(2);
        s = (s - (q(s) - sine * q_pole) / slope).clamp(-1.0, 1.0);
    }
    s.asin().to_degrees()
}

/// A feature that has no inside.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{id}' is a {kind} without an inside: expected an area")]
pub struct NoArea {
    /// The feature.
    pub id: String,
    /// What it is.
    pub kind: FeatureKind,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disc(lat_deg: f64, lon_deg: f64, km: f64) -> SearchRegion {
        SearchRegion::around(Position::new(lat_deg, lon_deg).expect("valid"), Length::from_km(km).expect("valid"))
    }

    /// Of a disc of twice the radius, four times the area on the plane, a quarter of the places lies in the inner disc; near the
    /// pole, across the antimeridian and for most of the Earth as well (less the curvature: sin² of half the angle).
    #[test]
    fn places_are_even_by_area() {
        for (lat_deg, lon_deg, km) in
            [(39.0, 126.0, 300.0), (89.0, 0.0, 300.0), (-10.0, 179.5, 500.0), (0.0, 0.0, 20.0), (50.0, 10.0, 9000.0)]
        {
            let region = disc(lat_deg, lon_deg, km);
            let center = Position::new(lat_deg, lon_deg).expect("valid");
            let count = region.places().len();
            assert!((900..20_000).contains(&count), "{count} places");
            let inner = region.places().iter().filter(|place| center.distance_to(place).km() <= km / 2.0).count();
            let half_angle = |km: f64| (km / 6371.0 / 2.0).sin().powi(2);
            let expected = half_angle(km / 2.0) / half_angle(km);
            let found =
                f64::from(u32::try_from(inner).expect("small")) / f64::from(u32::try_from(count).expect("small"));
            // Authalic and geodetic latitude differ by up to 0.13°, areas of zones by up to 0.7 %.
            assert!((found - expected).abs() < 0.02 * expected + 0.005, "{lat_deg} {lon_deg} {km}: {found} {expected}");
            assert!(region.places().iter().all(|place| center.distance_to(place).km() <= km));
        }
    }

    #[test]
    fn a_disc_too_small_for_the_lattice_is_its_middle() {
        for km in [0.0, 0.01] {
            let region = disc(39.0, 126.0, km);
            assert_eq!(region.places(), [Position::new(39.0, 126.0).expect("valid")]);
            assert_eq!((region.weights(), region.diameter().m()), (&[1.0][..], f64::max(2000.0 * km, 1.0)));
        }
    }

    /// The sine of the authalic latitude is the share of the hemisphere's area south of it: by summing the area of zones,
    /// M·N·cos φ dφ with the radii of curvature of meridian and prime vertical.
    #[test]
    fn authalic_latitudes() {
        let zone = |lat_deg: f64| {
            let (sin, cos) = lat_deg.to_radians().sin_cos();
            cos / (1.0 - ECCENTRICITY_SQ * sin * sin).powi(2)
        };
        let area_to = |lat_deg: f64| {
            (0..100_000).map(|step| zone((f64::from(step) + 0.5) / 100_000.0 * lat_deg)).sum::<f64>() * lat_deg
        };
        for lat_deg in [1.0, 39.0, 45.0, 80.0] {
            let share = area_to(lat_deg) / area_to(90.0);
            assert!((latitude_deg(share) - lat_deg).abs() < 1e-7, "{lat_deg}");
        }
        assert_eq!(latitude_deg(1.0), 90.0);
        assert_eq!(latitude_deg(0.0), 0.0);
    }
}
