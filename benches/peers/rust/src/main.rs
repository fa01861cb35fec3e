//! siteband, and what Rust has beside it.
//!
//! - `siteband-batch`: [`Feature::nearest_all`], on one thread;
//! - `siteband-single`: [`Feature::nearest`], site by site;
//! - `siteband-karney`: [`Feature::nearest_by_karney`], siteband's oracle;
//! - `rstar`: the recipe of `benches/rstar_karney`, which measures the edge whose chord is nearest;
//! - `rstar-all`: the same, measuring every edge whose chord is nearly as near;
//! - `geo-haversine`: geo's nearest point on a sphere, and its distance on that sphere;
//! - `geo-geodesic`: the same point, and its geodesic distance.

use geo::{Closest, Coord, Distance, Geodesic, Haversine, HaversineClosestPoint, LineString, MultiLineString, Point};
use siteband::{Feature, Position};

mod measure;
#[path = "../../../rstar_karney/mod.rs"]
mod rstar_karney;

use measure::{Task, Told, version};
use rstar_karney::{RstarKarney, chord_space, edge_distance_m};

fn main() -> Told<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let task = Task::from_words(&words)?;
    let lines = lines(&task);
    let feature = || Feature::new("border", lines.clone().into());
    match task.mode.as_str() {
        "siteband-batch" => {
            let border = feature()?;
            task.report(&version("siteband"), |sites| {
                border.nearest_all(sites).iter().map(|nearest| nearest.distance.m()).collect()
            })
        }
        "siteband-single" => {
            let border = feature()?;
            task.report_each(&version("siteband"), |site| border.nearest(site).distance.m())
        }
        "siteband-karney" => {
            let border = feature()?;
            task.report_each(&version("siteband"), |site| border.nearest_by_karney(site).distance.m())
        }
        "rstar" => {
            let recipe = RstarKarney::new(&feature()?);
            task.report_each(&recipe_version(), |site| recipe.distance_m(site))
        }
        "rstar-all" => {
            let recipe = RstarKarney::new(&feature()?);
            task.report_each(&recipe_version(), |site| all_near_m(&recipe, site))
        }
        "geo-haversine" => task.report_each(&version("geo"), |site| {
            let site = point(site);
            Haversine.distance(site, foot(&lines, site))
        }),
        "geo-geodesic" => task.report_each(&version("geo"), |site| {
            let site = point(site);
            Geodesic.distance(site, foot(&lines, site))
        }),
        other => Err(format!("unknown mode {other}").into()),
    }
}

fn lines(task: &Task) -> MultiLineString {
    let line = |part: &Vec<Position>| part.iter().map(|place| Coord::from(point(*place))).collect::<LineString>();
    task.parts.iter().map(line).collect()
}

fn point(position: Position) -> Point {
    Point::new(position.lon_deg(), position.lat_deg())
}

fn recipe_version() -> String {
    format!("{}, {}", version("rstar"), version("geographiclib-rs"))
}

/// The least distance to any edge whose chord is within a ten-thousandth and a metre of the nearest.
fn all_near_m(recipe: &RstarKarney, site: Position) -> f64 {
    let at = chord_space(site);
    let mut limit_sq_m2 = f64::INFINITY;
    let mut least_m = f64::INFINITY;
    for (edge, chord_sq_m2) in recipe.tree.nearest_neighbor_iter_with_distance_2(&at) {
        if chord_sq_m2 > limit_sq_m2 {
            break;
        }
        if limit_sq_m2.is_infinite() {
            limit_sq_m2 = (1.000_1 * chord_sq_m2.sqrt() + 1.0).powi(2);
        }
        least_m = least_m.min(edge_distance_m(site, at, edge));
    }
    least_m
}

/// The nearest point on a sphere.
fn foot(lines: &MultiLineString, site: Point) -> Point {
    match lines.haversine_closest_point(&site) {
        Closest::Intersection(point) | Closest::SinglePoint(point) => point,
        Closest::Indeterminate => Point::new(f64::NAN, f64::NAN),
    }
}
