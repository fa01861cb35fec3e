//! The distance engine on a real border and on hard lines, against Karney's inverse on every piece, with the greatest difference
//! shown: what docs/ACCURACY.md states.

use geo::LineString;
use siteband::{Atlas, Feature, Length, Position};

/// 1 µm up to 1,000 km, 1 µm × (distance / 1,000 km) beyond.
fn promise_m(distance: Length) -> f64 {
    1e-6 * (distance.m() / 1e6).max(1.0)
}

/// Numbers in [0, 1), the same on every run (Knuth's linear congruential generator).
fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).expect("32 bits")) / f64::from(u32::MAX)
    }
}

fn m(m: f64) -> Length {
    Length::from_m(m).expect("a length")
}

/// Checks every site and returns the greatest difference, as a share of the promise.
fn worst(feature: &Feature, sites: &[Position]) -> f64 {
    let all = feature.nearest_all(sites);
    let mut worst: f64 = 0.0;
    for (site, own) in sites.iter().zip(&all) {
        assert_eq!(*own, feature.nearest(*site), "{site}: many and one");
        assert_eq!(*own, feature.nearest_brute_force(*site), "{site}: index and every piece");
        let karneys = feature.nearest_by_karney(*site);
        let share = (own.distance.m() - karneys.distance.m()).abs() / promise_m(karneys.distance);
        assert!(share <= 1.0, "{site}: {own:?}, by Karney {karneys:?}");
        worst = worst.max(share);
    }
    worst
}

/// The border between China and North Korea, from sites around it.
#[test]
fn a_border() {
    let atlas = Atlas::bundled();
    let border = atlas.get("cn-kp").expect("bundled");
    let mut next = numbers(1);
    let sites: Vec<Position> =
        (0..60).map(|_| Position::new(37.5 + 5.6 * next(), 124.0 + 7.0 * next()).expect("valid")).collect();
    println!("border: {:.3} of the promise", worst(border, &sites));
}

/// Edges of a millimetre to 3,000 km in all directions at all latitudes, from sites square to them and beside their ends, a
/// micrometre to 1,100 km away.
#[test]
fn edges_of_all_lengths_from_sites_at_all_distances() {
    let mut next = numbers(2);
    let mut greatest = [0.0_f64; 4];
    for _ in 0..15_000 {
        let start = Position::new((2.0 * next() - 1.0).asin().to_degrees(), 359.0 * next() - 179.5).expect("valid");
        let azimuth_deg = 360.0 * next();
        let length_m = 10_f64.powf(-3.0 + 9.4 * next());
        let end = start.destination(azimuth_deg, m(length_m));
        let (x, y) = (|p: Position| p.lon_deg(), |p: Position| p.lat_deg());
        let edge: LineString<f64> = vec![(x(start), y(start)), (x(end), y(end))].into();
        let feature = Feature::new("edge", edge.into()).expect("an edge");
        let on = start.destination(azimuth_deg, m(length_m * next()));
        let away_m = 10_f64.powf(-6.0 + 12.04 * next());
        let side_deg = if next() < 0.7 { 90.0 } else { 360.0 * next() };
        let site = on.destination(azimuth_deg + side_deg, m(away_m));
        let class = if away_m < 10.0 {
            0
        } else if away_m < 1e5 {
            1
        } else if away_m < 1.0e6 {
            2
        } else {
            3
        };
        greatest[class] = greatest[class].max(worst(&feature, &[site]));
    }
    println!("below 10 m, 100 km, 1,000 km, beyond: {greatest:.3?} of the promise");
}

/// Points take the same closed form: to the pole, across it, across the antimeridian.
#[test]
fn points() {
    let mut next = numbers(3);
    let mut greatest: f64 = 0.0;
    for _ in 0..300 {
        let at = Position::new(180.0 * next() - 90.0, 360.0 * next() - 180.0).expect("valid");
        let point = Feature::point("point", at);
        let site = at.destination(360.0 * next(), m(1_050_000.0 * next()));
        greatest = greatest.max(worst(&point, &[site, at]));
        assert_eq!(point.nearest(at).distance, Length::ZERO);
        let own_m = point.nearest(site).distance.m();
        assert!((own_m - at.distance_to(&site).m()).abs() <= 2.5e-8, "{at} {site}");
    }
    println!("points: {greatest:.3} of the promise");
}

/// Where two edges meet, both are equally near: the first is named, whatever the order of the search.
#[test]
fn of_two_edges_that_meet_the_first_is_named() {
    let mut next = numbers(4);
    for _ in 0..200 {
        let meeting = Position::new(160.0 * next() - 80.0, 300.0 * next() - 150.0).expect("valid");
        let azimuth_deg = 360.0 * next();
        let ends = [20.0, -20.0].map(|turn| meeting.destination(azimuth_deg + turn, m(30_000.0 * next() + 100.0)));
        let coordinates = [ends[0], meeting, ends[1]].map(|p| (p.lon_deg(), p.lat_deg()));
        let feature = Feature::new("corner", LineString::from(coordinates.to_vec()).into()).expect("a line");
        let site = meeting.destination(azimuth_deg + 180.0, m(900_000.0 * next()));
        let nearest = feature.nearest(site);
        assert_eq!((nearest.segment, nearest.position), (0, meeting), "{site}");
    }
}
