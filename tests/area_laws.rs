//! Laws of areas, over random rings and sites, around the poles and across the antimeridian too: what they contain, and how far they
//! are.

mod distances;
mod drawn;
#[path = "distances/strategies.rs"]
mod strategies;

use std::f64::consts::TAU;

use distances::{at, coord, line, metres, promise_m};
use drawn::config;
use geo::{Contains, Coord, LineString, Polygon};
use proptest::prelude::*;
use siteband::{Feature, Length, Position};
use strategies::{anywhere, apart_m, start, turned};

/// The corners of a star-shaped ring: each in its own sector, as azimuth in degrees and share of the greatest radius.
fn star() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((0.1..0.9, 0.2..1.0), 3..=10).prop_map(|corners| {
        let sector_deg = 360.0 / f64::from(u8::try_from(corners.len()).expect("ten at most"));
        let azimuths = (0_u8..).map(f64::from).map(|sector| sector * sector_deg);
        azimuths.zip(corners).map(|(from_deg, (within, radius))| (from_deg + within * sector_deg, radius)).collect()
    })
}

fn ring(center: Position, corners: &[(f64, f64)], radius_m: f64) -> Vec<Position> {
    corners
        .iter()
        .map(|(azimuth_deg, share)| center.destination(*azimuth_deg, metres(share * radius_m)))
        .chain(corners.first().map(|(azimuth_deg, share)| center.destination(*azimuth_deg, metres(share * radius_m))))
        .collect()
}

/// An outer ring, perhaps with a hole of its shape.
fn area(rings: &[Vec<Position>]) -> Feature {
    let mut lines = rings.iter().map(|ring| ring.iter().copied().map(coord).collect::<LineString<f64>>());
    let outer = lines.next().expect("an outer ring");
    Feature::new("area", Polygon::new(outer, lines.collect()).into()).expect("an area")
}

/// Earth-centred coordinates, in equatorial radii.
fn cartesian(position: Position) -> [f64; 3] {
    const ECCENTRICITY_SQ: f64 = 0.006_694_379_990_14;
    let (sin_lat, cos_lat) = position.lat_deg().to_radians().sin_cos();
    let (sin_lon, cos_lon) = position.lon_deg().to_radians().sin_cos();
    let radius = 1.0 / (1.0 - ECCENTRICITY_SQ * sin_lat * sin_lat).sqrt();
    [radius * cos_lat * cos_lon, radius * cos_lat * sin_lon, radius * (1.0 - ECCENTRICITY_SQ) * sin_lat]
}

/// The central projection onto a plane: sections through the Earth's centre become straight lines, and geodesics do but for some
/// kilometres.
fn projected(center: Position, position: Position) -> Coord<f64> {
    let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let (sin_lat, cos_lat) = center.lat_deg().to_radians().sin_cos();
    let (sin_lon, cos_lon) = center.lon_deg().to_radians().sin_cos();
    let up = [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat];
    let east = [-sin_lon, cos_lon, 0.0];
    let north = [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat];
    let point = cartesian(position);
    let height = dot(point, up);
    assert!(height > 0.0, "{position} lies beyond the horizon of {center}");
    Coord { x: dot(point, east) / height, y: dot(point, north) / height }
}

/// On the plane: inside the outer ring and outside its hole.
fn planar(rings: &[Vec<Position>], site: Position, plane: impl Fn(Position) -> Coord<f64>) -> bool {
    let mut lines = rings.iter().map(|ring| ring.iter().map(|vertex| plane(*vertex)).collect::<LineString<f64>>());
    let outer = lines.next().expect("an outer ring");
    Polygon::new(outer, lines.collect()).contains(&plane(site))
}

/// Around a pole, on the antimeridian, or anywhere.
fn center() -> impl Strategy<Value = Position> {
    prop_oneof![
        2 => start(),
        1 => (-180.0..180.0, any::<bool>()).prop_map(|(lon_deg, south)| at(if south { -90.0 } else { 90.0 }, lon_deg)),
    ]
}

proptest! {
    #![proptest_config(config(400))]

    /// A small area contains what it contains on the plane of longitude and latitude, away from its outline: an edge of two
    /// degrees is straight on that plane to 2 km.
    #[test]
    fn small_areas_contain_what_they_contain_on_a_plane(
        (lat_deg, lon_deg) in (-70.0..70.0, -178.0..178.0),
        corners in star(),
        hole in any::<bool>(),
        sites in prop::collection::vec((-1.2..1.2, -1.2..1.2), 20),
    ) {
        let ring = |radius_deg: f64| -> Vec<Position> {
            let vertex = |(azimuth_deg, share): &(f64, f64)| {
                let (sin, cos) = (azimuth_deg / 360.0 * TAU).sin_cos();
                at(lat_deg + radius_deg * share * cos, lon_deg + radius_deg * share * sin)
            };
            corners.iter().chain(corners.first()).map(vertex).collect()
        };
        let rings = if hole { vec![ring(0.99), ring(0.4)] } else { vec![ring(0.99)] };
        let feature = area(&rings);
        for (north, east) in sites {
            let site = at(lat_deg + north, lon_deg + east);
            if feature.nearest_boundary(site).distance.km() > 2.0 {
                prop_assert_eq!(feature.contains(site), planar(&rings, site, coord), "{}", site);
            }
        }
    }

    /// A large area, around a pole and across the antimeridian too, contains what it contains under the central projection, away
    /// from its outline.
    #[test]
    fn large_areas_contain_what_they_contain_under_the_central_projection(
        center in center(),
        corners in star(),
        radius_m in 2e5..2.5e6,
        hole in any::<bool>(),
        sites in prop::collection::vec((0.0..360.0, 0.0..1.6), 20),
    ) {
        let mut rings = vec![ring(center, &corners, radius_m)];
        if hole {
            rings.push(ring(center, &corners, 0.4 * radius_m));
        }
        let feature = area(&rings);
        let sites = sites.into_iter().map(|(azimuth_deg, share): (f64, f64)| {
            center.destination(azimuth_deg, metres(share * radius_m))
        });
        let pole = at(if center.lat_deg() < 0.0 { -90.0 } else { 90.0 }, 0.0);
        let pole_in_sight = center.distance_to(&pole).m() < 5e6;
        for site in sites.chain(pole_in_sight.then_some(pole)).chain([center]) {
            if feature.nearest_boundary(site).distance.km() > 20.0 {
                let inside = planar(&rings, site, |position| projected(center, position));
                prop_assert_eq!(feature.contains(site), inside, "{}", site);
                prop_assert_eq!(feature.nearest(site).distance == Length::ZERO, inside, "{}", site);
                prop_assert_eq!(feature.is_within(site, Length::ZERO), inside, "{}", site);
            }
        }
        let antipode = at(-center.lat_deg(), center.lon_deg() + 180.0);
        prop_assert!(!feature.contains(antipode));
    }

    /// An area contains the same whichever way round its rings are drawn, and wherever they begin.
    #[test]
    fn a_ring_has_no_direction_and_no_beginning(
        center in center(),
        corners in star(),
        radius_m in 1e2..2.5e6,
        first in any::<prop::sample::Index>(),
        sites in prop::collection::vec((0.0..360.0, 0.0..1.6), 10),
        far in anywhere(),
    ) {
        let mut reversed = corners.clone();
        reversed.reverse();
        let mut rolled = corners.clone();
        rolled.rotate_left(first.index(corners.len()));
        let [feature, others @ ..] = [&corners, &reversed, &rolled].map(|corners| area(&[ring(center, corners, radius_m)]));
        let sites = sites.into_iter().map(|(azimuth_deg, share): (f64, f64)| {
            center.destination(azimuth_deg, metres(share * radius_m))
        });
        for site in sites.chain([center, far, at(90.0, 0.0), at(-90.0, 0.0)]) {
            if feature.nearest_boundary(site).distance.m() > 1e-3 {
                for other in &others {
                    prop_assert_eq!(feature.contains(site), other.contains(site), "{}", site);
                }
            }
        }
    }

    /// The distance to an area, around a pole and across the antimeridian too, is that to its outline as a line, or zero inside; it
    /// is the same from the outline's other end, and after turning the Earth.
    #[test]
    fn an_area_is_as_far_as_its_outline(
        center in center(),
        corners in star(),
        radius_m in 1e2..2.5e6,
        by_deg in -180.0..180.0,
        sites in prop::collection::vec((0.0..360.0, 0.0..1.6), 5),
        far in anywhere(),
    ) {
        let outline = ring(center, &corners, radius_m);
        let reversed: Vec<Position> = outline.iter().rev().copied().collect();
        let turned_outline: Vec<Position> = outline.iter().map(|vertex| turned(*vertex, by_deg)).collect();
        let [here, back, there] = [outline.clone(), reversed, turned_outline].map(|outline| area(&[outline]));
        let as_line = line(&outline);
        let sites = sites.into_iter().map(|(azimuth_deg, share): (f64, f64)| {
            center.destination(azimuth_deg, metres(share * radius_m))
        });
        for site in sites.chain([center, far, outline[0]]) {
            let boundary = here.nearest_boundary(site);
            prop_assert_eq!(boundary, as_line.nearest(site), "{}", site);
            let backward = back.nearest_boundary(site);
            prop_assert!(apart_m(&boundary, &backward) <= promise_m(boundary.distance.m()), "{}: {:?} {:?}", site, boundary, backward);
            let turned_m = there.nearest_boundary(turned(site, by_deg));
            prop_assert!(apart_m(&boundary, &turned_m) <= promise_m(boundary.distance.m()), "{}: {:?} {:?}", site, boundary, turned_m);
            let nearest = here.nearest(site);
            if here.contains(site) {
                prop_assert_eq!((nearest.distance, nearest.position), (Length::ZERO, site));
            } else {
                prop_assert_eq!(nearest, boundary, "{}", site);
            }
        }
    }

    /// Turning the Earth about its axis moves nothing in or out of an area.
    #[test]
    fn turning_moves_nothing_in_or_out(
        center in center(),
        corners in star(),
        radius_m in 1e2..2.5e6,
        by_deg in -180.0..180.0,
        sites in prop::collection::vec((0.0..360.0, 0.0..1.6), 10),
    ) {
        let outline = ring(center, &corners, radius_m);
        let turned_outline: Vec<Position> = outline.iter().map(|vertex| turned(*vertex, by_deg)).collect();
        let [here, there] = [area(&[outline]), area(&[turned_outline])];
        for (azimuth_deg, share) in sites {
            let site = center.destination(azimuth_deg, metres(share * radius_m));
            if here.nearest_boundary(site).distance.m() > 1e-3 {
                prop_assert_eq!(here.contains(site), there.contains(turned(site, by_deg)), "{}", site);
            }
        }
    }

    /// A ring of vertices around a pole contains the pole, what lies poleward of all of it, and nothing on the side of its
    /// farthest vertex's parallel that faces away.
    #[test]
    fn rings_around_a_pole(
        gaps in prop::collection::vec(0.2..1.0, 4..=12),
        lats_deg in prop::collection::vec(60.0..89.0, 12),
        west_deg in -180.0..180.0,
        south in any::<bool>(),
        lon_deg in -180.0..180.0,
        beyond_deg in 0.01..100.0,
    ) {
        let flip = |lat_deg: f64| if south { -lat_deg } else { lat_deg };
        let total: f64 = gaps.iter().sum();
        // With four gaps or more between 0.2 and 1, none is half a turn.
        prop_assume!(gaps.iter().all(|gap| gap / total < 0.49));
        let mut outline = Vec::new();
        let mut lon = west_deg;
        for (gap, lat_deg) in gaps.iter().zip(&lats_deg) {
            outline.push(turned(at(flip(*lat_deg), 0.0), lon));
            lon += 360.0 * gap / total;
        }
        outline.push(outline[0]);
        let least_deg = outline.iter().map(|vertex| vertex.lat_deg().abs()).fold(90.0, f64::min);
        let feature = area(&[outline]);
        prop_assert!(feature.contains(at(flip(90.0), lon_deg)));
        let reach = feature.nearest_boundary(at(flip(90.0), 0.0)).distance;
        let close = at(flip(90.0), 0.0).destination(lon_deg, metres(0.99 * reach.m()));
        prop_assert!(feature.contains(close), "{}", close);
        prop_assert!(!feature.contains(at(flip(least_deg - beyond_deg), lon_deg)));
        prop_assert!(!feature.contains(at(flip(-90.0), lon_deg)));
    }

    /// A sector with a corner at the pole is the same sector whatever longitude the pole is written with.
    #[test]
    fn the_pole_has_no_longitude(
        pole_lon_deg in prop_oneof![-180.0..180.0, (-8_i8..8).prop_map(|eighth| f64::from(eighth) * 22.5)],
        west_deg in -180.0..180.0,
        span_deg in 5.0..175.0,
        rim_deg in 60.0..85.0,
        south in any::<bool>(),
        reversed in any::<bool>(),
        (share, sunward) in (0.05..0.95, 0.2..0.8),
    ) {
        let flip = |lat_deg: f64| if south { -lat_deg } else { lat_deg };
        let rim = |share: f64| turned(at(flip(rim_deg), 0.0), west_deg + share * span_deg);
        let pole = at(flip(90.0), pole_lon_deg);
        let mut outline = vec![pole, rim(0.0), rim(0.25), rim(0.5), rim(0.75), rim(1.0), pole];
        if reversed {
            outline.reverse();
        }
        let feature = area(&[outline]);
        let lat_deg = flip(90.0 - sunward * (90.0 - rim_deg) * 0.9);
        let place = |share: f64| turned(at(lat_deg, 0.0), west_deg + share * span_deg);
        prop_assert!(feature.contains(place(share)), "{}", place(share));
        let opposite = turned(place(0.5), 180.0);
        prop_assert!(!feature.contains(opposite), "{}", opposite);
        prop_assert!(!feature.contains(at(-lat_deg, west_deg)));
    }
}
