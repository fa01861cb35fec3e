//! The search region of a gazetteer: an unlisted site is likelier where places are.

use crate::ellipsoid::GREATEST_DISTANCE_M;
use crate::feature::{Feature, FeatureKind};
use crate::length::Length;
use crate::position::Position;
use crate::region::{LEAST_REACH_M, NoArea, SearchRegion};
use crate::site::{Site, Sites};

/// No kernel is wider: it would be no neighbourhood of a place. Metres that were given as kilometres are found by it.
const WIDEST_KERNEL_M: f64 = 1_000_000.0;

/// How many places represent the region, about.
const PLACES: usize = super::PLACES as usize;

/// So many places are tried at most, where nearly all lie outside the area.
const MOST: usize = 1_000_000;

/// The golden angle, in degrees.
const GOLDEN_DEG: f64 = 137.507_764_050_037_85;

/// The golden section, less one.
const GOLDEN: f64 = 0.618_033_988_749_894_8;

impl SearchRegion {
    /// The surroundings of listed places, such as the towns of a country: a mixture of normal distributions on the ground, one about
    /// each place, by the prior weights of the list. `kernel` is their standard deviation in each direction (39 % lie within it,
    /// 86 % within twice as much); with zero the listed places themselves are the region. What lies outside the area `within`
    /// is cut off, so that a place at the coast counts for less. Groups of the list do not matter, nor do the uncertainties of its
    /// positions: the kernel stands for both.
    ///
    /// The diameter is that of the area. Without one it is twice the way from the middle of the list to the farthest place, and at
    /// least 200 km.
    ///
    /// # Errors
    /// [`InvalidGazetteer`] if the list is empty, the kernel is wider than 1,000 km, `within` is no area, or nothing lies inside it.
    ///
    /// # Accuracy
    /// Some ten thousand places represent it, as many for each entry of the list: spirals by the golden angle, at the quantiles of
    /// the distance.
    ///
    /// # Example
    /// ```
    /// use siteband::{Atlas, Length, RankOptions, SearchRegion, Sites};
    /// let atlas = Atlas::from_path("data/regions/north-korea.geojson".as_ref())?;
    /// let towns = Sites::from_path("data/sites/dprk-places.csv".as_ref())?;
    /// let region = SearchRegion::gazetteer(&towns, Length::from_km(10.0)?, Some(atlas.resolve("North Korea")?))?;
    /// assert_eq!(region.name(), "the surroundings (kernel 10.0 km) of the 127 places of a list, inside North Korea");
    /// let options = RankOptions::default().with_search_region(region);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn gazetteer(places: &Sites, kernel: Length, within: Option<&Feature>) -> Result<Self, InvalidGazetteer> {
        Self::gazetteer_of("a list", places, kernel, within)
    }

    /// [`SearchRegion::gazetteer`] of a list that has a name.
    pub(crate) fn gazetteer_of(
        list: &str,
        listed: &Sites,
        kernel: Length,
        within: Option<&Feature>,
    ) -> Result<Self, InvalidGazetteer> {
        if kernel.m() > WIDEST_KERNEL_M {
            return Err(InvalidGazetteer::TooWide { kernel });
        }
        if let Some(area) = within.filter(|area| area.kind() != FeatureKind::Area) {
            return Err(NoArea { id: area.id().to_owned(), kind: area.kind() }.into());
        }
        let Some((middle, _)) = listed.middle_and_reach() else { return Err(InvalidGazetteer::Empty) };
        let sites = listed.as_slice();
        let found = surroundings(sites, kernel, within);
        if let (true, Some(area)) = (found.is_empty(), within) {
            return Err(InvalidGazetteer::NothingWithin { area: area.name().to_owned(), kernel });
        }

        let greatest = found.iter().map(|(entry, _)| sites[*entry].prior()).fold(0.0, f64::max);
        let relative = |entry: usize| sites[entry].prior() / greatest;
        let sum: f64 = found.iter().map(|(entry, _)| relative(*entry)).sum();
        let weights = found.iter().map(|(entry, _)| relative(*entry) / sum).collect();
        let diameter = within.map_or_else(
            || {
                let reach_m =
                    found.iter().map(|(_, place)| middle.distance_to(place).m()).fold(LEAST_REACH_M, f64::max);
                Length::computed_m((2.0 * reach_m).min(GREATEST_DISTANCE_M))
            },
            Feature::diameter,
        );
        // Entries stand together, in the order of the list.
        let mut entries: Vec<usize> = found.iter().map(|(entry, _)| *entry).collect();
        entries.dedup();
        let count = if entries.len() == sites.len() {
            format!("the {}", sites.len())
        } else {
            format!("{} of the {}", entries.len(), sites.len())
        };
        let around =
            if kernel == Length::ZERO { String::new() } else { format!("the surroundings (kernel {kernel}) of ") };
        let inside = within.map_or_else(String::new, |area| format!(", inside {}", area.name()));
        let name = format!("{around}{count} places of {list}{inside}");
        Ok(Self { name, diameter, places: found.into_iter().map(|(_, place)| place).collect(), weights })
    }
}

/// Places about every site that lie within the area, each with the number of its site: as many are tried for each site, and more
/// where most are cut off.
fn surroundings(sites: &[Site], kernel: Length, within: Option<&Feature>) -> Vec<(usize, Position)> {
    let most_each = if kernel == Length::ZERO { 1 } else { MOST.div_ceil(sites.len()) };
    let mut each = PLACES.div_ceil(sites.len()).min(most_each);
    loop {
        let tried: Vec<(usize, Position)> = sites
            .iter()
            .enumerate()
            .flat_map(|(entry, site)| spiral(site.position(), kernel, each, entry).map(move |place| (entry, place)))
            .collect();
        let inside = crate::batch::map(&tried, |(_, place)| within.is_none_or(|area| area.contains(*place)));
        let found: Vec<_> =
            tried.into_iter().zip(inside).filter_map(|(place, inside)| inside.then_some(place)).collect();
        if found.len() >= PLACES / 2 || each >= most_each {
            return found;
        }
        // From few hits the share is little known: go up by no more than a hundredfold at a time.
        let more = if found.len() > 100 { PLACES.div_ceil(found.len()) } else { 100 };
        each = (each * more).min(most_each);
    }
}

/// So many places that are spread normally about a middle. Those of the next middle are turned, and between the quantiles of these.
fn spiral(middle: Position, kernel: Length, count: usize, number: usize) -> impl Iterator<Item = Position> {
    #[allow(clippy::cast_precision_loss, reason = "far fewer places than an f64 can count")]
    let [of, number] = [count as f64, number as f64];
    let shift = (0.5 + number * GOLDEN).fract();
    std::iter::successors(Some(0.0), |at| Some(at + 1.0)).take_while(move |at| *at < of).map(move |at| {
        // The share that lies farther away is exp(-r²/2) at r standard deviations: never zero, since the shift is below one.
        let farther = (of - at - shift) / of;
        let reach = Length::computed_m(kernel.m() * (-2.0 * farther.ln()).sqrt());
        if reach == Length::ZERO {
            return middle.with_uncertainty(Length::ZERO);
        }
        middle.destination((GOLDEN_DEG * (number * of + at)) % 360.0, reach)
    })
}

/// A gazetteer that makes no search region.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidGazetteer {
    /// The list is empty.
    #[error("the list has no places: expected at least one")]
    Empty,
    /// The kernel is wider than 1,000 km.
    #[error("a kernel of {kernel} is no neighbourhood of a place: expected at most 1,000 km")]
    TooWide {
        /// The kernel.
        kernel: Length,
    },
    /// What is to bound it has no inside.
    #[error(transparent)]
    NoArea(#[from] NoArea),
    /// No listed place lies inside the area, nor do its surroundings.
    #[error("no listed place with a kernel of {kernel} reaches into {area}: expected places inside")]
    NothingWithin {
        /// The name of the area.
        area: String,
        /// The kernel.
        kernel: Length,
    },
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn at(lat_deg: f64, lon_deg: f64) -> Position {
        Position::new(lat_deg, lon_deg).expect("valid")
    }

    fn km(km: f64) -> Length {
        Length::from_km(km).expect("valid")
    }

    fn list(places: &[(f64, f64)]) -> Sites {
        let site =
            |(number, &(lat_deg, lon_deg)): (usize, &(f64, f64))| Site::new(number.to_string(), at(lat_deg, lon_deg));
        Sites::new(places.iter().enumerate().map(site).collect()).expect("ids of their own")
    }

    /// An area between the equator and 5 degrees north: its southern edge is the equator itself.
    fn box_north_of_the_equator(east_deg: f64) -> Feature {
        let corners = [(0.0, 0.0), (east_deg, 0.0), (east_deg, 5.0), (0.0, 5.0), (0.0, 0.0)];
        Feature::new("box", geo_types::Polygon::new(geo_types::LineString::from(corners.to_vec()), vec![]).into())
            .expect("valid")
    }

    /// The weight of what a condition holds of.
    fn share(region: &SearchRegion, holds: impl Fn(&Position) -> bool) -> f64 {
        region.places().iter().zip(region.weights()).filter(|(place, _)| holds(place)).map(|(_, weight)| weight).sum()
    }

    /// Of a normal distribution in two dimensions, 1 − exp(−k²/2) lies within k standard deviations, a quarter in each quadrant,
    /// and the mean distance is √(π/2) standard deviations; anywhere on the Earth.
    #[test]
    fn one_place_has_a_normal_distribution_about_it() {
        for (lat_deg, lon_deg, kernel_km) in [(39.0, 126.0, 10.0), (-10.0, 179.99, 50.0), (90.0, 0.0, 1.0)] {
            let middle = at(lat_deg, lon_deg);
            let region = SearchRegion::gazetteer(&list(&[(lat_deg, lon_deg)]), km(kernel_km), None).expect("a region");
            assert_eq!((region.places().len(), region.weights().len()), (10_000, 10_000));
            for k in [0.5, 1.0, 2.0, 3.0] {
                let within = share(&region, |place| middle.distance_to(place).km() <= k * kernel_km);
                let expected = 1.0 - f64::exp(-k * k / 2.0);
                assert!((within - expected).abs() < 2e-4, "{lat_deg}, {k}: {within} {expected}");
            }
            let mean_km: f64 = region
                .places()
                .iter()
                .zip(region.weights())
                .map(|(place, weight)| weight * middle.distance_to(place).km())
                .sum();
            assert!((mean_km / kernel_km - (PI / 2.0).sqrt()).abs() < 2e-4, "{lat_deg}: {mean_km}");
            if lat_deg < 90.0 {
                let azimuth_deg = |place: &Position| crate::ellipsoid::inverse(middle, *place).azimuth_deg;
                for from_deg in [-180.0, -90.0, 0.0, 90.0] {
                    let quadrant = share(&region, |place| (0.0..90.0).contains(&(azimuth_deg(place) - from_deg)));
                    assert!((quadrant - 0.25).abs() < 2e-3, "{lat_deg}, {from_deg}: {quadrant}");
                }
            }
        }
    }

    /// A list longer than the number of places that represent a region: one place for each entry, and together they are normal.
    #[test]
    fn a_long_list_has_a_place_for_each_entry() {
        let towns: Vec<(f64, f64)> =
            (0..20_000_u32).map(|number| (f64::from(number / 200) - 50.0, f64::from(number % 200) - 100.0)).collect();
        let region = SearchRegion::gazetteer(&list(&towns), km(5.0), None).expect("a region");
        assert_eq!(region.places().len(), towns.len());
        let away_km: Vec<f64> = region
            .places()
            .iter()
            .zip(&towns)
            .map(|(place, (lat_deg, lon_deg))| at(*lat_deg, *lon_deg).distance_to(place).km())
            .collect();
        for k in [0.5, 1.0, 2.0] {
            let within = away_km.iter().filter(|away_km| **away_km <= 5.0 * k).count();
            let found = f64::from(u32::try_from(within).expect("small")) / 20_000.0;
            assert!((found - (1.0 - f64::exp(-k * k / 2.0))).abs() < 1e-3, "{k}: {found}");
        }
        let east =
            region.places().iter().zip(&towns).filter(|(place, (_, lon_deg))| place.lon_deg() > *lon_deg).count();
        assert!((9_900..10_100).contains(&east), "{east}");
    }

    #[test]
    fn prior_weights_count() {
        let site =
            |id: &str, lon_deg: f64, prior: f64| Site::new(id, at(40.0, lon_deg)).with_prior(prior).expect("valid");
        // Not even their sum is a number.
        for scale in [1.0, 1e-300, 5e307] {
            let sites = Sites::new(vec![site("a", 120.0, 3.0 * scale), site("b", 130.0, scale)]).expect("two ids");
            let region = SearchRegion::gazetteer(&sites, km(20.0), None).expect("a region");
            let west = share(&region, |place| place.lon_deg() < 125.0);
            assert!((west - 0.75).abs() < 1e-12, "{scale}: {west}");
            assert!((region.weights().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_kernel_of_zero_is_the_list_itself() {
        let sites = Sites::new(vec![
            Site::new("a", at(40.0, 125.0).with_uncertainty(km(3.0))),
            Site::new("b", at(41.0, 126.0)).with_prior(4.0).expect("valid"),
        ])
        .expect("two ids");
        let region = SearchRegion::gazetteer(&sites, Length::ZERO, None).expect("a region");
        assert_eq!(region.places(), [at(40.0, 125.0), at(41.0, 126.0)]);
        assert_eq!(region.weights(), [0.2, 0.8]);
        assert_eq!(region.name(), "the 2 places of a list");
    }

    /// Half of what is spread about a place on the equator lies north of it: against another place, whose surroundings lie inside
    /// altogether, it has half the weight. A third place reaches nowhere inside.
    #[test]
    fn an_area_cuts_the_kernel() {
        let area = box_north_of_the_equator(10.0).with_name("the box");
        let sites = list(&[(0.0, 2.0), (2.5, 7.0), (-20.0, 2.0)]);
        let region = SearchRegion::gazetteer(&sites, km(30.0), Some(&area)).expect("a region");
        assert!(region.places().iter().all(|place| area.contains(*place)));
        let at_the_edge = share(&region, |place| place.lon_deg() < 4.5);
        assert!((at_the_edge - 1.0 / 3.0).abs() < 1e-3, "{at_the_edge}");
        assert_eq!(region.diameter(), area.diameter());
        assert_eq!(region.name(), "the surroundings (kernel 30.0 km) of 2 of the 3 places of a list, inside the box");
        let sites = list(&[(-0.5, 2.0), (2.5, 7.0)]);
        let places = SearchRegion::gazetteer_of("towns.csv", &sites, Length::ZERO, Some(&area)).expect("a region");
        assert_eq!(places.places(), [at(2.5, 7.0)]);
        assert_eq!(places.name(), "1 of the 2 places of towns.csv, inside the box");
    }

    /// A strip of 1.1 km in the surroundings of a place that reach a hundred times as far holds some 0.4 % of them: enough are tried
    /// for it to be filled.
    #[test]
    fn a_small_area_is_filled() {
        let strip = box_north_of_the_equator(0.01);
        let region = SearchRegion::gazetteer(&list(&[(2.5, 0.0)]), km(110.0), Some(&strip)).expect("a region");
        let count = region.places().len();
        assert!((3_000..5_000).contains(&count), "{count}");
    }

    #[test]
    fn the_diameter_holds_every_two_places() {
        let region = SearchRegion::gazetteer(&list(&[(40.0, 120.0), (40.0, 121.0), (40.0, 130.0)]), km(40.0), None);
        let region = region.expect("a region");
        let ends = |least: bool| {
            let by_lon = |a: &&Position, b: &&Position| a.lon_deg().total_cmp(&b.lon_deg());
            let places = region.places().iter();
            *if least { places.min_by(by_lon) } else { places.max_by(by_lon) }.expect("places")
        };
        let across = ends(true).distance_to(&ends(false));
        assert!(across.km() > 1000.0 && region.diameter() >= across, "{across} {}", region.diameter());
        let near = SearchRegion::gazetteer(&list(&[(40.0, 120.0)]), Length::ZERO, None).expect("a region");
        assert_eq!(near.diameter(), km(200.0));
        let far = SearchRegion::gazetteer(&list(&[(0.0, 0.0), (0.0, 180.0), (0.0, 90.0)]), km(1000.0), None);
        assert_eq!(far.expect("a region").diameter().m(), GREATEST_DISTANCE_M);
    }

    #[test]
    fn what_makes_no_region_is_refused_with_the_reason() {
        let (area, towns) = (box_north_of_the_equator(10.0).with_name("the box"), list(&[(40.0, 120.0)]));
        let reason = |sites: &Sites, kernel_km: f64, within: Option<&Feature>| {
            SearchRegion::gazetteer(sites, km(kernel_km), within).expect_err("no region").to_string()
        };
        assert_eq!(reason(&list(&[]), 10.0, None), "the list has no places: expected at least one");
        assert!(
            reason(&towns, 10_000.0, None).starts_with("a kernel of 10000.0 km"),
            "{}",
            reason(&towns, 10_000.0, None)
        );
        for kernel_km in [0.0, 10.0] {
            let reason = reason(&towns, kernel_km, Some(&area));
            assert!(reason.ends_with("reaches into the box: expected places inside"), "{reason}");
        }
        let point = Feature::point("p", at(1.0, 1.0));
        assert_eq!(reason(&towns, 10.0, Some(&point)), "'p' is a point without an inside: expected an area");
    }
}
