//! Outlines against the distance itself: places along their edges, places on either side, and the topology of their rings.

use std::time::Instant;

use geo::{Coord, GeodesicArea, Line, LineString, MultiPolygon, Validation, line_string, polygon};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use siteband::{Atlas, Feature, Interval, Length, Outline, OutlineOptions, Position};

fn km(from: f64, to: f64) -> Interval {
    Interval { from: Length::from_km(from).expect("valid"), to: Length::from_km(to).expect("valid") }
}

fn at(lat_deg: f64, lon_deg: f64) -> Position {
    Position::new(lat_deg, if lon_deg >= 180.0 { lon_deg - 360.0 } else { lon_deg }).expect("valid")
}

fn line(vertices: LineString<f64>) -> Feature {
    Feature::new("line", vertices.into()).expect("valid")
}

/// How far a place is from being inside: negative inside, zero on the outline.
fn level_m(interval: Interval, within: Option<&Feature>, distance_m: f64, place: Position) -> f64 {
    let lower = if interval.from.m() > 0.0 { interval.from.m() - distance_m } else { f64::NEG_INFINITY };
    let outside = within.map_or(f64::NEG_INFINITY, |area| {
        let to_edge_m = area.nearest_boundary(place).distance.m();
        if area.contains(place) { -to_edge_m } else { to_edge_m }
    });
    lower.max(distance_m - interval.to.m()).max(outside)
}

fn edges(polygons: &MultiPolygon<f64>) -> Vec<Line<f64>> {
    let rings = |polygon: &geo::Polygon<f64>| -> Vec<LineString<f64>> {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).cloned().collect()
    };
    polygons.iter().flat_map(rings).flat_map(|ring| ring.lines().collect::<Vec<_>>()).collect()
}

fn on_side_of_map(edge: &Line<f64>) -> bool {
    let side = |a: f64, b: f64, least: f64| a == b && a.abs() == least;
    side(edge.start.x, edge.end.x, 180.0) || side(edge.start.y, edge.end.y, 90.0)
}

/// Crossings of a meridian north of the place, by itself: an odd number of them is inside.
fn holds(edges: &[Line<f64>], lat_deg: f64, lon_deg: f64) -> bool {
    let crosses = |edge: &&Line<f64>| {
        let Line { start: a, end: b } = **edge;
        (a.x > lon_deg) != (b.x > lon_deg) && a.y + (lon_deg - a.x) / (b.x - a.x) * (b.y - a.y) > lat_deg
    };
    edges.iter().filter(crosses).count() % 2 == 1
}

/// Which side of a line a place is on, in units that hardly round: twice the area of the triangle.
fn turn(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// Closed, right way round, and without any two edges that meet but at the vertex that they share.
fn assert_valid(polygons: &MultiPolygon<f64>) {
    let area2 = |ring: &LineString<f64>| ring.lines().map(|l| l.start.x * l.end.y - l.start.y * l.end.x).sum::<f64>();
    let mut all = Vec::new();
    let mut ring_number = 0;
    for polygon in polygons {
        for (number, ring) in std::iter::once(polygon.exterior()).chain(polygon.interiors()).enumerate() {
            assert!(ring.0.len() >= 4 && ring.is_closed());
            assert_eq!(area2(ring) > 0.0, number == 0, "orientation of ring {number}");
            let count = ring.lines().len();
            for (edge, line) in ring.lines().enumerate() {
                assert_ne!(line.start, line.end);
                assert!(line.start.x.abs() <= 180.0 && line.start.y.abs() <= 90.0);
                all.push((ring_number, edge, count, line));
            }
            ring_number += 1;
        }
    }
    let boxed = |(number, (_, _, _, line)): (usize, &(usize, usize, usize, Line<f64>))| {
        let corner = |c: Coord<f64>| [c.x, c.y];
        GeomWithData::new(rstar::primitives::Rectangle::from_corners(corner(line.start), corner(line.end)), number)
    };
    let tree = RTree::bulk_load(all.iter().enumerate().map(boxed).collect());
    for (number, (ring, edge, count, line)) in all.iter().enumerate() {
        let envelope = AABB::from_corners([line.start.x, line.start.y], [line.end.x, line.end.y]);
        for other in tree.locate_in_envelope_intersecting(&envelope).filter(|other| other.data > number) {
            let (other_ring, other_edge, _, other) = &all[other.data];
            let neighbours =
                ring == other_ring && ((edge + 1) % count == *other_edge || (other_edge + 1) % count == *edge);
            if neighbours {
                continue;
            }
            let apart =
                |l: &Line<f64>, m: &Line<f64>| turn(l.start, l.end, m.start) * turn(l.start, l.end, m.end) > 0.0;
            assert!(apart(line, other) || apart(other, line), "{line:?} meets {other:?}");
        }
    }
}

/// Draws an outline and holds it against the distance.
fn check(name: &str, feature: &Feature, interval: Interval, tolerance_m: f64, within: Option<&Feature>) -> Outline {
    let tolerance = Length::from_m(tolerance_m).expect("valid");
    let began = Instant::now();
    let outline = feature.outline(interval, &OutlineOptions { tolerance, within }).expect("an area");
    let took = began.elapsed();
    let edges = edges(outline.polygons());
    assert!(!edges.is_empty(), "{name}");
    assert_valid(outline.polygons());

    let mut random = Pcg64Mcg::seed_from_u64(7);
    // Along edges, those on the sides of the map apart.
    let drawn: Vec<&Line<f64>> = edges.iter().filter(|edge| !on_side_of_map(edge)).collect();
    let places: Vec<Position> = (0..10_000)
        .map(|number| {
            let edge = drawn[random.random_range(0..drawn.len())];
            let share = if number % 10 == 0 { 0.0 } else { random.random::<f64>() };
            at(edge.start.y + share * (edge.end.y - edge.start.y), edge.start.x + share * (edge.end.x - edge.start.x))
        })
        .collect();
    let mut worst_m: f64 = 0.0;
    for (number, (place, nearest)) in places.iter().zip(feature.nearest_all(&places)).enumerate() {
        if number % 100 == 0 && !feature.contains(*place) {
            let oracle_m = feature.nearest_brute_force(*place).distance.m();
            assert_eq!(oracle_m, nearest.distance.m());
        }
        let off_m = level_m(interval, within, nearest.distance.m(), *place).abs();
        worst_m = worst_m.max(off_m);
        assert!(off_m <= tolerance_m, "{name}: {place} is {off_m} m off");
    }

    // Places near edges, up to some hundred tolerances off, and places all over the Earth.
    let places: Vec<Position> = (0..20_000)
        .map(|number| {
            if number % 100 == 0 {
                at((2.0 * random.random::<f64>() - 1.0).asin().to_degrees(), 360.0 * random.random::<f64>() - 180.0)
            } else {
                let start = drawn[random.random_range(0..drawn.len())].start;
                let away = Length::from_m(tolerance_m * 10_f64.powf(4.0 * random.random::<f64>())).expect("valid");
                at(start.y, start.x).destination(360.0 * random.random::<f64>(), away)
            }
        })
        .collect();
    let mut inside = 0;
    for (place, nearest) in places.iter().zip(feature.nearest_all(&places)) {
        let level_m = level_m(interval, within, nearest.distance.m(), *place);
        if level_m.abs() > tolerance_m {
            inside += usize::from(level_m < 0.0);
            assert_eq!(holds(&edges, place.lat_deg(), place.lon_deg()), level_m < 0.0, "{name}: {place}, {level_m} m");
        }
    }
    assert!(inside > 100, "{name}: {inside} places inside");

    // The lines are where they should be, too.
    for line in outline.lines() {
        for edge in line.lines() {
            let middle = at(f64::midpoint(edge.start.y, edge.end.y), f64::midpoint(edge.start.x, edge.end.x));
            let distance_m = feature.nearest(middle).distance.m();
            let off_m = (distance_m - interval.from.m()).abs().min((distance_m - interval.to.m()).abs());
            assert!(off_m <= tolerance_m, "{name}: line at {middle} is {off_m} m off");
        }
    }
    println!(
        "{name}: {took:?}, {} vertices, {} rings, {} lines, worst {:.3} of {tolerance_m} m",
        edges.len(),
        outline.polygons().iter().map(|polygon| 1 + polygon.interiors().len()).sum::<usize>(),
        outline.lines().0.len(),
        worst_m
    );
    outline
}

fn border(atlas: &Atlas) -> &Feature {
    atlas.resolve("the Chinese border with North Korea").expect("bundled")
}

#[test]
fn a_band_around_a_border() {
    let atlas = Atlas::bundled();
    for tolerance_m in [500.0, 50.0, 5.0, 1.0] {
        check("cn-kp", border(&atlas), km(75.0, 105.0), tolerance_m, None);
    }
    check("cn-kp disc", border(&atlas), km(0.0, 85.0), 50.0, None);
    check("cn-kp close", border(&atlas), km(2.0, 3.0), 10.0, None);
    check("cn-kp thin", border(&atlas), km(84.9, 85.1), 20.0, None);
}

#[test]
fn a_band_within_a_country() {
    let atlas = Atlas::bundled();
    let north_korea = atlas.resolve("North Korea").expect("bundled");
    let outline = check("cn-kp in KP", border(&atlas), km(75.0, 105.0), 50.0, Some(north_korea));
    assert!(outline.lines().0.len() >= 2);
    check("cn-kp in KP, finer", border(&atlas), km(75.0, 105.0), 5.0, Some(north_korea));
    // A region of interest is an area like any other.
    let corners = polygon![(x: 124.5, y: 39.0), (x: 126.5, y: 39.0), (x: 126.5, y: 41.0), (x: 124.5, y: 41.0)];
    let region = Feature::drawn("box", corners.into(), siteband::Edges::Planar).expect("valid");
    check("cn-kp in a box", border(&atlas), km(75.0, 105.0), 20.0, Some(&region));
    check("KP itself", north_korea, km(0.0, 30.0), 50.0, None);
    check("around KP", north_korea, km(10.0, 30.0), 50.0, None);
}

#[test]
fn points() {
    for (lat_deg, lon_deg) in [(39.0, 125.75), (0.0, 0.0), (-17.0, 179.9), (89.9, 12.0), (90.0, 0.0), (-90.0, 0.0)] {
        let point = Feature::point("point", at(lat_deg, lon_deg));
        for (interval, tolerance_m) in [(km(0.0, 1.0), 1.0), (km(20.0, 25.0), 5.0), (km(300.0, 400.0), 50.0)] {
            check(&format!("point {lat_deg} {lon_deg} {:?}", interval.to.km()), &point, interval, tolerance_m, None);
        }
    }
    check("far", &Feature::point("point", at(20.0, 30.0)), km(9_000.0, 9_500.0), 1_000.0, None);
    check("antipode", &Feature::point("point", at(20.0, 30.0)), km(19_900.0, 20_100.0), 1_000.0, None);
    check("beyond the pole", &Feature::point("point", at(60.0, 30.0)), km(3_000.0, 3_500.0), 100.0, None);
}

#[test]
fn across_the_antimeridian_and_around_poles() {
    let fiji = line(line_string![(x: 177.5, y: -17.8), (x: 179.4, y: -16.7), (x: -179.9, y: -17.2)]);
    let outline = check("fiji", &fiji, km(30.0, 50.0), 20.0, None);
    assert!(outline.polygons().0.len() >= 2);
    let chukotka =
        line(line_string![(x: 170.0, y: 66.0), (x: 178.0, y: 69.5), (x: -175.0, y: 67.0), (x: -170.0, y: 66.0)]);
    check("chukotka", &chukotka, km(100.0, 200.0), 50.0, None);
    let polar = line(line_string![(x: 10.0, y: 85.0), (x: 120.0, y: 88.0), (x: 250.0, y: 86.0)]);
    check("polar, pole inside", &polar, km(150.0, 400.0), 50.0, None);
    check("polar, pole beyond", &polar, km(10.0, 50.0), 50.0, None);
    let over = line(line_string![(x: 10.0, y: 89.0), (x: 189.0, y: 88.0)]);
    check("over the pole", &over, km(20.0, 60.0), 10.0, None);
    // The outline passes the pole itself, or a metre beside it.
    let pole_m = Feature::point("point", at(89.0, 40.0)).nearest(at(90.0, 0.0)).distance.m();
    for beside_m in [0.0, 1.0, -1.0, 30.0] {
        let interval = Interval { from: Length::ZERO, to: Length::from_m(pole_m + beside_m).expect("valid") };
        check("by the pole", &Feature::point("point", at(89.0, 40.0)), interval, 10.0, None);
    }
}

#[test]
fn a_long_geodesic() {
    let long = line(line_string![(x: -70.0, y: 40.0), (x: 100.0, y: 35.0)]);
    check("long", &long, km(200.0, 500.0), 200.0, None);
}

/// Around a pole, a disc and its hole have the areas of zones of the ellipsoid, by the formula for parallels.
#[test]
fn areas_around_a_pole() {
    let pole = Feature::point("pole", at(90.0, 0.0));
    let outline = check("zone", &pole, km(500.0, 800.0), 1.0, None);
    let zone_m2 = |distance_m: f64| {
        let lat_deg = at(90.0, 0.0).destination(0.0, Length::from_m(distance_m).expect("valid")).lat_deg();
        let (e, s) = (0.081_819_190_842_621_5_f64, lat_deg.to_radians().sin());
        let q = |s: f64| s / (1.0 - e * e * s * s) + (e * s).atanh() / e;
        std::f64::consts::PI * 6_356_752.314_245_18_f64.powi(2) * (q(1.0) - q(s))
    };
    let expected_m2 = zone_m2(800_000.0) - zone_m2(500_000.0);
    // Edges are nearly along parallels: the area below each on the map, exactly.
    let area_m2: f64 = edges(outline.polygons())
        .iter()
        .map(|edge| {
            let lat_deg = f64::midpoint(edge.start.y, edge.end.y);
            let distance_m = at(lat_deg, 0.0).distance_to(&at(90.0, 0.0)).m();
            zone_m2(distance_m) * (edge.end.x - edge.start.x) / 360.0
        })
        .sum();
    let within_m2 = 1.0 * 2.0 * std::f64::consts::PI * 1_300_000.0;
    assert!((area_m2 - expected_m2).abs() < within_m2, "{area_m2} {expected_m2}");
}

/// A disc on the ellipsoid has the area of the same disc as a polygon of geodesics.
#[test]
fn area_of_a_disc() {
    let center = at(45.0, 10.0);
    let outline = check("disc", &Feature::point("point", center), km(0.0, 100.0), 1.0, None);
    let radius = Length::from_km(100.0).expect("valid");
    let circle: LineString<f64> = (0..3600)
        .map(|step| center.destination(-0.1 * f64::from(step), radius))
        .map(|place| Coord { x: place.lon_deg(), y: place.lat_deg() })
        .collect();
    let expected_m2 = geo::Polygon::new(circle, Vec::new()).geodesic_area_unsigned();
    let area_m2 = outline.polygons().geodesic_area_unsigned();
    assert!((area_m2 - expected_m2).abs() < 1.0 * 2.0 * std::f64::consts::PI * 100_000.0, "{area_m2} {expected_m2}");
}

#[test]
fn geo_agrees_that_polygons_are_valid() {
    let atlas = Atlas::bundled();
    let tolerance = Length::from_m(500.0).expect("valid");
    let options = OutlineOptions { tolerance, within: atlas.resolve("North Korea").ok().map(AsRef::as_ref) };
    let outline = border(&atlas).outline(km(75.0, 105.0), &options).expect("an area");
    assert!(outline.polygons().is_valid(), "{:?}", outline.polygons().validation_errors());
}

#[test]
fn what_there_is_not() {
    let point = Feature::point("point", at(10.0, 10.0));
    let options = OutlineOptions::default();
    assert!(point.outline(km(2.0, 1.0), &options).expect("none").polygons().0.is_empty());
    let refused = point.outline(km(1.0, 2.0), &OutlineOptions { within: Some(&point), ..options });
    assert!(refused.expect_err("no area").to_string().contains("expected an area"));
    // Everywhere is all of the map.
    let everywhere = point.outline(km(0.0, 30_000.0), &options).expect("all");
    assert_eq!(edges(everywhere.polygons()).len(), 4);
    assert!(everywhere.lines().0.is_empty());
}

#[cfg(feature = "rayon")]
#[test]
fn threads_change_nothing() {
    let atlas = Atlas::bundled();
    let draw = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| border(&atlas).outline(km(75.0, 105.0), &OutlineOptions::default()).expect("drawn"))
    };
    assert_eq!(draw(1), draw(4));
}
