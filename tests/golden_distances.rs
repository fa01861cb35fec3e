//! The distance engine against frozen output of GeographicLib: see tests/golden/README.md for how the rows were made.

use std::fs;

use geo::{Coord, LineString};
use siteband::{Feature, Position};

fn rows(file: &str) -> Vec<Vec<String>> {
    let path = format!("{}/tests/golden/{file}", env!("CARGO_MANIFEST_DIR"));
    let mut rows = csv::Reader::from_reader(fs::File::open(path).expect("golden file"));
    rows.records().map(|row| row.expect("row").iter().map(str::to_owned).collect()).collect()
}

fn number(text: &str) -> f64 {
    text.parse().expect("number")
}

fn line(text: &str) -> LineString<f64> {
    text.split(';')
        .map(|vertex| {
            let (lat, lon) = vertex.split_once(' ').expect("lat lon");
            Coord { x: number(lon), y: number(lat) }
        })
        .collect()
}

/// 1 µm up to 1,000 km, 1 µm × (distance / 1,000 km) beyond.
fn promise_m(distance_m: f64) -> f64 {
    1e-6 * (distance_m / 1e6).max(1.0)
}

#[test]
fn point_to_line() {
    let rows = rows("point_to_line.csv");
    assert!(rows.len() >= 2000, "{} rows", rows.len());
    let mut worst = (0.0, String::new());
    for row in &rows {
        let [case, kind, site_lat, site_lon, vertices, distance_m, nearest_lat, nearest_lon, _] = row.as_slice() else {
            panic!("{row:?}")
        };
        let site = Position::new(number(site_lat), number(site_lon)).expect("site");
        let feature = Feature::new(case.as_str(), line(vertices).into()).expect("line");
        let nearest = feature.nearest(site);
        let expected_m = number(distance_m);
        let off = (nearest.distance.m() - expected_m).abs() / promise_m(expected_m);
        if off > worst.0 {
            worst = (off, case.clone());
        }
        assert!(off <= 1.0, "{case} ({kind}): {} m, expected {expected_m} m", nearest.distance.m());
        assert_eq!(nearest, feature.nearest_brute_force(site), "{case}: index and brute force");
        // The place itself: where it is well defined, within a millimetre of the reference.
        let reference = Position::new(number(nearest_lat), number(nearest_lon)).expect("nearest");
        let ambiguous = (kind == "long" && expected_m > 9e6) || kind == "antipodal";
        let apart_m = nearest.position.distance_to(&reference).m();
        assert!(ambiguous || apart_m < 0.02, "{case} ({kind}): nearest place {apart_m} m off, distance {expected_m} m");
    }
    println!("worst of {}: {:.3} of the promise, {}", rows.len(), worst.0, worst.1);
}

#[test]
fn point_to_point() {
    for row in rows("geodesic_inverse.csv") {
        let value: Vec<f64> = row.iter().map(|text| number(text)).collect();
        let a = Position::new(value[0], value[1]).expect("first");
        let b = Position::new(value[2], value[3]).expect("second");
        assert!((a.distance_to(&b).m() - value[4]).abs() < 5e-8, "{row:?}: {}", a.distance_to(&b).m());
    }
}

/// The lines and sites that a search by hill climbing found hardest for the engine, by distance: on the line, near it, at the reach of the
/// closed form (1,006 km), and far beyond; among them edges that nearly tie, and ends of pieces.
#[test]
fn the_hardest_lines_that_were_found() {
    let rows = rows("hardest_point_to_line.csv");
    assert!(rows.len() >= 50, "{} rows", rows.len());
    let mut worst = (0.0, String::new());
    for row in &rows {
        let [case, site_lat, site_lon, vertices, distance_m] = row.as_slice() else { panic!("{row:?}") };
        let site = Position::new(number(site_lat), number(site_lon)).expect("site");
        let vertices = line(vertices);
        let feature = Feature::new(case.as_str(), vertices.clone().into()).expect("line");
        let nearest = feature.nearest(site);
        let expected_m = number(distance_m);
        let promise_m = promise_m(expected_m);
        let off = (nearest.distance.m() - expected_m).abs() / promise_m;
        assert!(off <= 1.0, "{case}: {} m, expected {expected_m} m", nearest.distance.m());
        assert_eq!(nearest, feature.nearest_brute_force(site), "{case}: index and brute force");
        assert_eq!(feature.nearest_all(&[site, site]), [nearest, nearest], "{case}: many sites and one");
        // The place that is named, and the edge alone, are as near.
        let place_m = nearest.position.distance_to(&site).m();
        assert!((place_m - expected_m).abs() <= promise_m, "{case}: the place is {place_m} m away");
        let edge = LineString::new(vertices.0[nearest.segment..nearest.segment + 2].to_vec());
        let edge_m = Feature::new("edge", edge.into()).expect("edge").nearest_by_karney(site).distance.m();
        assert!((edge_m - expected_m).abs() <= promise_m, "{case}: edge {} is {edge_m} m away", nearest.segment);
        if off > worst.0 {
            worst = (off, case.clone());
        }
    }
    println!("worst of {}: {:.3} of the promise, {}", rows.len(), worst.0, worst.1);
}
