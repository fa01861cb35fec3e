//! Laws of the distance engine, over random lines, areas and sites: what must hold for every geometry, near the poles and
//! across the antimeridian too.

use std::f64::consts::TAU;

use geo::{Contains, Coord, LineString, Polygon};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use siteband::{Feature, Length, Nearest, Position};

/// The same cases on every run.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x51_7eba),
        ..ProptestConfig::default()
    }
}

fn at(lat_deg: f64, lon_deg: f64) -> Position {
    let lon_deg = if lon_deg >= 180.0 { lon_deg - 360.0 } else { lon_deg };
    Position::new(lat_deg, lon_deg).expect("a position")
}

fn metres(m: f64) -> Length {
    Length::from_m(m).expect("a length")
}

fn coord(position: Position) -> Coord<f64> {
    Coord { x: position.lon_deg(), y: position.lat_deg() }
}

fn line(vertices: &[Position]) -> Feature {
    let geometry = match vertices {
        [only] => geo::Point(coord(*only)).into(),
        _ => vertices.iter().copied().map(coord).collect::<LineString<f64>>().into(),
    };
    Feature::new("line", geometry).expect("a line")
}

/// Stated accuracy: 1 µm up to 1,000 km, 1 µm × (distance / 1,000 km) beyond.
fn promise_m(distance: Length) -> f64 {
    1e-6 * (distance.m() / 1e6).max(1.0)
}

fn apart_m(a: &Nearest, b: &Nearest) -> f64 {
    (a.distance.m() - b.distance.m()).abs()
}

/// Even over the Earth's surface.
fn anywhere() -> impl Strategy<Value = Position> {
    (-1.0..1.0, -180.0..180.0).prop_map(|(sine, lon_deg): (f64, f64)| at(sine.asin().to_degrees(), lon_deg))
}

/// A fifth within a degree of the antimeridian, a fifth above 85° of latitude.
fn start() -> impl Strategy<Value = Position> {
    prop_oneof![
        3 => anywhere(),
        1 => (-80.0..80.0, 179.0..181.0).prop_map(|(lat_deg, lon_deg): (f64, f64)| at(lat_deg, lon_deg)),
        1 => (85.0..90.0, -180.0..180.0, any::<bool>())
            .prop_map(|(lat_deg, lon_deg, south): (f64, f64, bool)| at(if south { -lat_deg } else { lat_deg }, lon_deg)),
    ]
}

/// An azimuth in degrees and a length in metres, even in its logarithm.
fn step(log10_m: std::ops::Range<f64>) -> impl Strategy<Value = (f64, f64)> {
    (0.0..360.0, log10_m).prop_map(|(azimuth_deg, log10_m)| (azimuth_deg, 10_f64.powf(log10_m)))
}

/// One to eight vertices, with edges of 10 m to 3,000 km.
fn polyline() -> impl Strategy<Value = Vec<Position>> {
    (start(), prop::collection::vec(step(1.0..3e6_f64.log10()), 0..8)).prop_map(|(start, steps)| {
        let mut vertices = vec![start];
        for (azimuth_deg, length_m) in steps {
            let last = vertices[vertices.len() - 1];
            vertices.push(last.destination(azimuth_deg, metres(length_m)));
        }
        vertices
    })
}

/// A polyline and sites: half of them from a metre to 5,000 km away from some vertex, the others anywhere.
fn polyline_and_sites(count: usize) -> impl Strategy<Value = (Vec<Position>, Vec<Position>)> {
    let near = (any::<prop::sample::Index>(), step(0.0..5e6_f64.log10()));
    let site = prop_oneof![near.prop_map(Ok), anywhere().prop_map(Err)];
    (polyline(), prop::collection::vec(site, count)).prop_map(|(vertices, sites)| {
        let place = |site: Result<(prop::sample::Index, (f64, f64)), Position>| match site {
            Ok((vertex, (azimuth_deg, length_m))) => vertex.get(&vertices).destination(azimuth_deg, metres(length_m)),
            Err(position) => position,
        };
        let sites = sites.into_iter().map(place).collect();
        (vertices, sites)
    })
}

fn turned(position: Position, by_deg: f64) -> Position {
    at(position.lat_deg(), (position.lon_deg() + by_deg + 540.0).rem_euclid(360.0) - 180.0)
}

proptest! {
    #![proptest_config(config(250))]

    /// The index finds what measuring every piece finds: distance, place, part and edge, to the bit.
    #[test]
    fn the_index_is_brute_force((vertices, sites) in polyline_and_sites(2)) {
        let feature = line(&vertices);
        for site in sites {
            prop_assert_eq!(feature.nearest(site), feature.nearest_brute_force(site), "{}", site);
        }
    }

    /// The series and the parabolas find what Karney's inverse finds, within the promise. Where they name different edges, the
    /// two are within the promise of each other.
    #[test]
    fn the_engine_is_karneys((vertices, sites) in polyline_and_sites(2)) {
        let feature = line(&vertices);
        for site in sites {
            let (own, karneys) = (feature.nearest(site), feature.nearest_by_karney(site));
            prop_assert!(apart_m(&own, &karneys) <= promise_m(karneys.distance), "{}: {:?} {:?}", site, own, karneys);
        }
    }
}

proptest! {
    #![proptest_config(config(1000))]

    /// The way there is as long as the way back.
    #[test]
    fn distance_is_symmetric(a in start(), b in anywhere(), (azimuth_deg, length_m) in step(-3.0..7.0)) {
        for b in [b, a.destination(azimuth_deg, metres(length_m))] {
            prop_assert!((a.distance_to(&b).m() - b.distance_to(&a).m()).abs() <= 3e-8, "{} {}", a, b);
        }
        prop_assert_eq!(a.distance_to(&a), Length::ZERO);
    }

    /// A destination is as far as was asked, up to the distance at which geodesics cease to be shortest.
    #[test]
    fn a_destination_is_as_far_as_asked(from in start(), (azimuth_deg, length_m) in step(-3.0..7.2)) {
        let to = from.destination(azimuth_deg, metres(length_m));
        prop_assert!((from.distance_to(&to).m() - length_m).abs() <= 5e-8, "{} {} {}", from, to, length_m);
        prop_assert!((-90.0..=90.0).contains(&to.lat_deg()) && (-180.0..180.0).contains(&to.lon_deg()), "{}", to);
    }

    /// Walking from one site to another changes the distance to a feature by no more than the way walked.
    #[test]
    fn the_triangle_inequality((vertices, sites) in polyline_and_sites(2)) {
        let feature = line(&vertices);
        let [p, q] = [sites[0], sites[1]];
        let [near_p, near_q] = [p, q].map(|site| feature.nearest(site));
        prop_assert!(apart_m(&near_p, &near_q) <= p.distance_to(&q).m() + 1e-6, "{} {}", p, q);
    }

    /// Turning the Earth about its axis changes no distance.
    #[test]
    fn turning_changes_no_distance((vertices, sites) in polyline_and_sites(1), by_deg in -180.0..180.0) {
        let turned_vertices: Vec<Position> = vertices.iter().map(|vertex| turned(*vertex, by_deg)).collect();
        let here = line(&vertices).nearest(sites[0]);
        let there = line(&turned_vertices).nearest(turned(sites[0], by_deg));
        prop_assert!(apart_m(&here, &there) <= 1e-6, "{:?} {:?}", here, there);
    }

    /// A line is the same line from its other end.
    #[test]
    fn reversing_changes_no_distance((vertices, sites) in polyline_and_sites(1)) {
        let reversed: Vec<Position> = vertices.iter().rev().copied().collect();
        let (forward, backward) = (line(&vertices).nearest(sites[0]), line(&reversed).nearest(sites[0]));
        prop_assert!(apart_m(&forward, &backward) <= 1e-7, "{:?} {:?}", forward, backward);
    }

    /// A vertex more, in the middle of an edge, changes no distance.
    #[test]
    fn densifying_changes_no_distance(
        start in start(),
        (azimuth_deg, length_m) in step(1.0..3e6_f64.log10()),
        near in step(0.0..5e6_f64.log10()),
        far in anywhere(),
    ) {
        let [middle, end] = [length_m / 2.0, length_m].map(|along_m| start.destination(azimuth_deg, metres(along_m)));
        let (coarse, dense) = (line(&[start, end]), line(&[start, middle, end]));
        for site in [middle.destination(near.0, metres(near.1)), far] {
            let (by_one, by_two) = (coarse.nearest(site), dense.nearest(site));
            prop_assert!(apart_m(&by_one, &by_two) <= 1e-6, "{}: {:?} {:?}", site, by_one, by_two);
        }
    }

    /// A site on an edge is at the distance zero; one a little off the line is no farther than that.
    #[test]
    fn places_of_the_line_are_at_zero(
        start in start(),
        (azimuth_deg, length_m) in step(1.0..3e6_f64.log10()),
        share in 0.0..=1.0,
        (off_azimuth_deg, off_m) in step(-3.0..4.0),
    ) {
        let feature = line(&[start, start.destination(azimuth_deg, metres(length_m))]);
        let on = start.destination(azimuth_deg, metres(share * length_m));
        prop_assert!(feature.nearest(on).distance.m() <= 1e-6, "{:?}", feature.nearest(on));
        let off = on.destination(off_azimuth_deg, metres(off_m));
        prop_assert!(feature.nearest(off).distance.m() <= off_m + 1e-6, "{:?}", feature.nearest(off));
    }

    /// A feature is within its distance and a millionth, and within its distance, but not within a millionth less.
    #[test]
    fn within_agrees_with_nearest((vertices, sites) in polyline_and_sites(1)) {
        let feature = line(&vertices);
        let distance = feature.nearest(sites[0]).distance;
        let within = |factor: f64| feature.is_within(sites[0], metres(distance.m() * factor));
        prop_assert!(within(1.0));
        if distance.m() >= 1.0 {
            prop_assert!(within(1.0 + 1e-6), "{}", distance.m());
            prop_assert!(!within(1.0 - 1e-6), "{}", distance.m());
        }
    }

    /// The nearest place is as far as it is said to be, no vertex is nearer, and many sites are measured as one by one.
    #[test]
    fn the_nearest_place_is_at_the_distance((vertices, sites) in polyline_and_sites(3)) {
        let feature = line(&vertices);
        let all = feature.nearest_all(&sites);
        for (site, nearest) in sites.iter().zip(&all) {
            prop_assert_eq!(*nearest, feature.nearest(*site));
            let own_m = nearest.position.distance_to(site).m();
            prop_assert!((own_m - nearest.distance.m()).abs() <= 1e-6, "{}: {:?} {}", site, nearest, own_m);
            prop_assert!(nearest.part == 0 && nearest.segment < vertices.len().max(2) - 1);
            for vertex in &vertices {
                let to_vertex = vertex.distance_to(site);
                prop_assert!(nearest.distance.m() <= to_vertex.m() + promise_m(to_vertex), "{}: {:?}", vertex, nearest);
            }
        }
    }
}

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
