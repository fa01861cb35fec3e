//! What an edge is: a geodesic, or straight in longitude and latitude.

use geo::{Coord, LineString, Polygon};
use siteband::{Atlas, AtlasOptions, Edges, Feature, Position, SearchRegion};

fn at(lat_deg: f64, lon_deg: f64) -> Position {
    Position::new(lat_deg, lon_deg).expect("in range")
}

/// Longitude first, as geometries have it.
fn line(vertices: &[(f64, f64)]) -> LineString {
    LineString(vertices.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect())
}

fn drawn(vertices: &[(f64, f64)], edges: Edges) -> Feature {
    Feature::drawn("line", line(vertices).into(), edges).expect("a valid line")
}

fn area(ring: &[(f64, f64)], edges: Edges) -> Feature {
    Feature::drawn("area", Polygon::new(line(ring), Vec::new()).into(), edges).expect("a valid area")
}

/// The figures are GeographicLib's (2.0, Python): the geodesic from 49° N 123.03° W to 49° N 95.15° W, its middle at
/// 49.848594216876° N, and from there to the parallel.
#[test]
fn the_49th_parallel() {
    let ends = [(-123.03, 49.0), (-95.15, 49.0)];
    let geodesic = drawn(&ends, Edges::Geodesic);
    assert!((geodesic.length().m() - 2_028_467.868).abs() < 1e-3);
    let warnings = geodesic.warnings();
    assert_eq!((warnings.len(), warnings[0].part, warnings[0].segment), (1, 0, 0));
    assert!((warnings[0].departure.m() - 94_378.907).abs() < 1e-3, "{}", warnings[0]);
    assert!((geodesic.nearest(at(49.0, -109.09)).distance.m() - 94_378.907).abs() < 1e-3);

    let planar = drawn(&ends, Edges::Planar);
    // N·cos φ·Δλ.
    assert!((planar.length().m() - 2_040_029.599).abs() < 0.1, "{}", planar.length());
    assert_eq!((planar.segment_count(), planar.parts()[0].len(), planar.edges()), (1, 2, Edges::Planar));
    assert!(planar.warnings().is_empty());
    for step in 0..=1000 {
        let nearest = planar.nearest(at(49.0, -123.03 + 27.88 * f64::from(step) / 1000.0));
        assert!(nearest.distance.m() <= 0.01, "{nearest:?}");
        assert_eq!((nearest.part, nearest.segment), (0, 0));
    }
}

/// By a search along the drawn line with GeographicLib (2.0, Python): 87,949.226786 m.
#[test]
fn a_slanting_line() {
    let planar = drawn(&[(120.0, 35.0), (135.0, 55.0)], Edges::Planar);
    let distance_m = planar.nearest(at(44.0, 128.0)).distance.m();
    assert!((distance_m - 87_949.226_786).abs() <= 0.01, "{distance_m}");
}

/// Numbers between 0 and 1, by Knuth's linear congruential generator.
fn generator(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).expect("32 bits")) / f64::from(u32::MAX)
    }
}

#[test]
fn drawn_lines_are_followed_to_a_centimetre() {
    let mut next = generator(5);
    let mut worst_m: f64 = 0.0;
    for number in 0..300 {
        let span_deg = 10_f64.powf(-2.0 + 4.0 * next()).min(150.0);
        let (x, y) = (360.0 * next() - 180.0, 178.0 * next() - 89.0);
        let (dx, dy) = match number % 3 {
            0 => (span_deg, 0.0),
            1 => (span_deg * next(), span_deg * (next() - 0.5)),
            _ => (span_deg * next() * 0.01, span_deg * (next() - 0.5)),
        };
        let end = (x + dx, (y + dy).clamp(-90.0, 90.0));
        let planar = drawn(&[(x, y), end], Edges::Planar);
        for _ in 0..40 {
            let share = next();
            let on = at(y + share * (end.1 - y), x + share * dx);
            worst_m = worst_m.max(planar.nearest(on).distance.m());
        }
    }
    println!("worst {worst_m} m");
    // Nor denser than need be.
    assert!((0.008..=0.01).contains(&worst_m), "{worst_m} m");
}

/// Near the equator an edge hardly bends, and the geodesic between places half a turn apart is far from it; near a pole a short edge
/// winds around.
#[test]
fn wide_edges_are_followed_to_a_centimetre_at_the_equator_and_the_poles() {
    let mut next = generator(6);
    let mut worst_m: f64 = 0.0;
    for number in 0..600 {
        let mut near =
            |widest: f64| 10_f64.powf(-9.0 + 9.0 * next()).min(widest) * if next() < 0.5 { -1.0 } else { 1.0 };
        let (one, other) = (near(1.0), near(1.0));
        let (y, end_y) = match number % 3 {
            0 => (one, other),
            1 => (one, one),
            _ => (90.0 - one.abs(), 90.0 - other.abs()),
        };
        let span_deg = if number % 7 == 0 { 180.0 } else { 180.0 - 90.0 * next() * next() };
        let planar = drawn(&[(0.0, y), (span_deg, end_y)], Edges::Planar);
        for _ in 0..20 {
            let share = next();
            let distance_m = planar.nearest(at(y + share * (end_y - y), share * span_deg)).distance.m();
            assert!(distance_m <= 0.01, "{y} to {end_y} over {span_deg}°: {distance_m} m");
            worst_m = worst_m.max(distance_m);
        }
    }
    println!("worst {worst_m} m");
}

/// Half the equator is πa long, half a meridian 20,003,931.4586 m; the geodesics between their ends are not unique.
#[test]
fn half_turns_are_no_puzzle_on_a_plane() {
    for (ends, length_m, on, off) in [
        ([(0.0, 0.0), (180.0, 0.0)], std::f64::consts::PI * 6_378_137.0, at(0.0, 77.0), at(0.0, -77.0)),
        ([(0.0, 0.0), (-180.0, 0.0)], std::f64::consts::PI * 6_378_137.0, at(0.0, -77.0), at(0.0, 77.0)),
        ([(20.0, -90.0), (20.0, 90.0)], 20_003_931.458_6, at(33.0, 20.0), at(33.0, -160.0)),
    ] {
        assert!(Feature::new("line", line(&ends).into()).is_err());
        let planar = drawn(&ends, Edges::Planar);
        assert!((planar.length().m() - length_m).abs() < 1e-3, "{}", planar.length().m());
        assert!(planar.nearest(on).distance.m() < 1e-6 && planar.nearest(off).distance.km() > 6000.0, "{ends:?}");
        assert_eq!(planar.segment_count(), 1);
    }
}

#[test]
fn meridians_points_and_repeated_vertices_are_the_same_either_way() {
    for vertices in [
        vec![(20.0, -35.0), (20.0, 71.0)],
        vec![(20.0, 10.0)],
        vec![(20.0, 10.0), (20.0, 10.0)],
        vec![(0.0, 90.0), (100.0, 90.0), (100.0, 89.0)],
    ] {
        let [geodesic, planar] = [Edges::Geodesic, Edges::Planar].map(|edges| drawn(&vertices, edges));
        for site in [at(0.0, 0.0), at(30.0, 21.0), at(-80.0, -170.0), at(89.5, 50.0)] {
            assert_eq!(geodesic.nearest(site), planar.nearest(site), "{vertices:?} {site}");
        }
    }
}

/// The northern and southern sides of a box bend north as geodesics: to 63.4° and 44.1° (tan φ / cos 30°, on a sphere).
#[test]
fn boxes() {
    let ring = [(-30.0, 40.0), (30.0, 40.0), (30.0, 60.0), (-30.0, 60.0), (-30.0, 40.0)];
    let [geodesic, planar] = [Edges::Geodesic, Edges::Planar].map(|edges| area(&ring, edges));
    for (site, in_geodesic, in_planar) in [
        (at(60.1, 0.0), true, false),
        (at(59.9, 0.0), true, true),
        (at(40.1, 0.0), false, true),
        (at(39.9, 0.0), false, false),
    ] {
        assert_eq!((geodesic.contains(site), planar.contains(site)), (in_geodesic, in_planar), "{site}");
    }
    assert_eq!(planar.nearest(at(50.0, 0.0)).distance.m(), 0.0);
    assert_eq!(planar.segment_count(), 4);
}

/// Antarctica as it is drawn on a plane: along the 60th parallel, and down the sides of the map to its lower edge.
#[test]
fn a_cap_as_drawn_on_a_map() {
    let ring = [(-180.0, -60.0), (0.0, -60.0), (180.0, -60.0), (180.0, -90.0), (-180.0, -90.0), (-180.0, -60.0)];
    let cap = area(&ring, Edges::Planar);
    for lon_deg in [-180.0, -179.0, -90.0, 0.5, 77.0, 179.5] {
        assert!(cap.contains(at(-60.1, lon_deg)) && cap.contains(at(-75.0, lon_deg)), "{lon_deg}");
        assert!(!cap.contains(at(-59.9, lon_deg)) && !cap.contains(at(75.0, lon_deg)), "{lon_deg}");
    }
}

/// The corners of a box, and its columns and rows.
type Boxed<'a> = (&'a [(f64, f64)], [f64; 2], [f64; 2]);

/// A planar area is what its ring encloses on the map, more than half of the Earth too, and wherever vertices stand on the sides of the
/// map.
#[test]
fn areas_are_what_a_map_shows() {
    let boxes: [Boxed<'_>; 10] = [
        (&[(0.0, 80.0), (100.0, 80.0), (100.0, 90.0), (0.0, 90.0)], [0.0, 100.0], [80.0, 90.0]),
        (&[(-90.0, -90.0), (90.0, -90.0), (90.0, 90.0), (-90.0, 90.0)], [-90.0, 90.0], [-90.0, 90.0]),
        (&[(170.0, 10.0), (190.0, 10.0), (190.0, 20.0), (170.0, 20.0)], [170.0, 190.0], [10.0, 20.0]),
        (&[(-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, 90.0)], [-180.0, 180.0], [-90.0, 90.0]),
        // All but Antarctica, with and without a vertex amid the upper edge of the map; then the Arctic alike, and a belt.
        (
            &[(-180.0, -60.0), (0.0, -60.0), (180.0, -60.0), (180.0, 90.0), (-180.0, 90.0)],
            [-180.0, 180.0],
            [-60.0, 90.0],
        ),
        (
            &[(-180.0, -60.0), (0.0, -60.0), (180.0, -60.0), (180.0, 90.0), (0.0, 90.0), (-180.0, 90.0)],
            [-180.0, 180.0],
            [-60.0, 90.0],
        ),
        (&[(-180.0, 66.0), (0.0, 66.0), (180.0, 66.0), (180.0, 90.0), (-180.0, 90.0)], [-180.0, 180.0], [66.0, 90.0]),
        (
            &[(-180.0, 66.0), (0.0, 66.0), (180.0, 66.0), (180.0, 90.0), (7.0, 90.0), (-180.0, 90.0)],
            [-180.0, 180.0],
            [66.0, 90.0],
        ),
        (
            &[(-180.0, 50.0), (0.0, 50.0), (180.0, 50.0), (180.0, 60.0), (0.0, 60.0), (-180.0, 60.0)],
            [-180.0, 180.0],
            [50.0, 60.0],
        ),
        (
            &[(-170.0, -80.0), (0.0, -80.0), (170.0, -80.0), (170.0, 80.0), (0.0, 80.0), (-170.0, 80.0)],
            [-170.0, 170.0],
            [-80.0, 80.0],
        ),
    ];
    for (ring, [west, east], [south, north]) in boxes {
        let turned_back: Vec<(f64, f64)> = ring.iter().rev().copied().collect();
        for area in [area(ring, Edges::Planar), area(&turned_back, Edges::Planar)] {
            for (column, row) in (0..36).flat_map(|column| (0..18).map(move |row| (column, row))) {
                let (lon_deg, lat_deg) = (-179.7 + 10.0 * f64::from(column), -84.6 + 9.9 * f64::from(row));
                let in_columns = [lon_deg, lon_deg + 360.0].iter().any(|lon_deg| (west..east).contains(lon_deg));
                let expected = in_columns && (south..north).contains(&lat_deg);
                assert_eq!(area.contains(at(lat_deg, lon_deg)), expected, "{ring:?}: {lat_deg} {lon_deg}");
            }
        }
    }
}

/// The search region of an area that is more than half of the Earth: its places are even by longitude, for it is a box on the map.
#[test]
fn a_search_region_may_be_most_of_the_earth() {
    let ring = [(-170.0, -80.0), (0.0, -80.0), (170.0, -80.0), (170.0, 80.0), (0.0, 80.0), (-170.0, 80.0)];
    let region = SearchRegion::area(&area(&ring, Edges::Planar)).expect("an area");
    let count =
        |west: f64, east: f64| region.places().iter().filter(|place| (west..east).contains(&place.lon_deg())).count();
    let twentieth = region.places().len() / 17;
    for column in 0..17 {
        let west = -170.0 + 20.0 * f64::from(column);
        let found = count(west, west + 20.0);
        assert!(found.abs_diff(twentieth) * 20 < twentieth, "{found} of {twentieth} from {west}");
    }
}

#[test]
fn the_long_way_round_is_refused() {
    let crossing = line(&[(179.0, 10.0), (-179.0, 20.0)]);
    let error = Feature::drawn("line", crossing.clone().into(), Edges::Planar).expect_err("358°").to_string();
    assert!(
        error.contains("from longitude 179 to -179 runs 358.0°") && error.contains("write its end as 181"),
        "{error}"
    );
    assert!(Feature::new("line", crossing.into()).is_ok(), "as a geodesic it goes the short way");
    let written = drawn(&[(179.0, 10.0), (181.0, 20.0)], Edges::Planar);
    assert!(written.nearest(at(15.0, -180.0)).distance.m() <= 0.01);

    // What is proposed can be written; where there is no short way, only a vertex more helps.
    for (from, to, proposed) in [
        (-179.0, 179.0, "write its start as 181"),
        (350.0, 10.0, "write its start as -10"),
        (10.0, 350.0, "write its end as -10"),
        (-170.0, 350.0, "write its end as -10"),
        (-180.0, 180.0, "at most 180°; add a vertex half way"),
    ] {
        let ends = line(&[(from, 10.0), (to, 20.0)]);
        let error = Feature::drawn("line", ends.into(), Edges::Planar).expect_err("too far").to_string();
        assert!(error.contains(proposed), "{error}");
    }
}

#[test]
fn only_long_edges_along_parallels_are_warned_of() {
    let count = |ends: [(f64, f64); 2]| drawn(&ends, Edges::Geodesic).warnings().len();
    assert_eq!(count([(0.0, 0.0), (20.0, 0.0)]), 0, "the equator is a geodesic");
    assert_eq!(count([(0.0, 49.0), (1.3, 49.0)]), 0, "95 km");
    assert_eq!(count([(0.0, 49.0), (1.4, 49.0)]), 1, "102 km");
    assert_eq!(count([(0.0, 49.0), (10.0, 50.0)]), 0, "not along a parallel");
    assert_eq!(count([(0.0, 49.0), (10.0, 49.05)]), 1, "nearly along one");
    assert_eq!(count([(0.0, 40.0), (0.0, 60.0)]), 0, "a meridian");
    assert_eq!(count([(175.0, -40.0), (-175.0, -40.0)]), 1, "over the antimeridian, south");
    let bundled = Atlas::bundled();
    assert_eq!(bundled.warnings().count(), 0);
}

#[test]
fn a_file_says_what_its_edges_are() {
    let feature = |id: &str, more: &str| {
        format!(
            r#"{{"type": "Feature", "id": "{id}", "properties": {{{more}}},
                "geometry": {{"type": "LineString", "coordinates": [[-123.03, 49], [-95.15, 49]]}}}}"#
        )
    };
    let file =
        |features: &[String]| format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, features.join(","));
    let text = file(&[
        feature("plain", ""),
        feature("planar", r#""edges": "planar""#),
        feature("geodesic", r#""edges": "geodesic""#),
    ]);
    let edges = |atlas: &Atlas| atlas.features().iter().map(|feature| feature.edges()).collect::<Vec<_>>();
    let as_is = Atlas::from_geojson(text.as_bytes()).expect("valid");
    assert_eq!(edges(&as_is), [Edges::Geodesic, Edges::Planar, Edges::Geodesic]);
    let warned: Vec<&str> = as_is.warnings().map(|(feature, _)| feature.id()).collect();
    assert_eq!(warned, ["plain", "geodesic"]);
    let options = AtlasOptions::default().with_edges(Edges::Planar);
    let planar = Atlas::from_geojson_with(text.as_bytes(), &options).expect("valid");
    assert_eq!(edges(&planar), [Edges::Planar, Edges::Planar, Edges::Geodesic]);

    let wrong = file(&[feature("x", r#""edges": "planer""#)]);
    let error = Atlas::from_geojson(wrong.as_bytes()).expect_err("a misspelling").to_string();
    assert_eq!(
        error,
        "feature 'x': property 'edges': unknown edges 'planer': expected geodesic or planar; did you mean 'planar'?"
    );
}
