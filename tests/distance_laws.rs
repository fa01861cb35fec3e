//! Laws of the distance engine, over random lines and sites: what must hold for every geometry, near the poles and across the
//! antimeridian too.

mod distances;
mod drawn;
#[path = "distances/strategies.rs"]
mod strategies;

use std::ops::Range;

use distances::{at, line, metres, promise_m};
use drawn::config;
use geographiclib_rs::{Geodesic, InverseGeodesic};
use proptest::prelude::*;
use siteband::{Length, Position};
use strategies::{anywhere, apart_m, start, turned};

/// An azimuth in degrees and a length in metres, even in its logarithm.
fn step(log10_m: Range<f64>) -> impl Strategy<Value = (f64, f64)> {
    let azimuth_deg = prop_oneof![9 => 0.0..360.0, 1 => (0_u8..4).prop_map(|quarter| 90.0 * f64::from(quarter))];
    (azimuth_deg, log10_m).prop_map(|(azimuth_deg, log10_m)| (azimuth_deg, 10_f64.powf(log10_m)))
}

/// The length of an edge: one in twenty goes around more than a quarter of the Earth.
fn edge_step() -> impl Strategy<Value = (f64, f64)> {
    prop_oneof![19 => step(1.0..3e6_f64.log10()), 1 => step(7.0..1.5e7_f64.log10())]
}

/// What comes after a vertex.
#[derive(Clone, Debug)]
enum Next {
    Step(f64, f64),
    Again,
    Back,
    First,
}

/// One to eight vertices, with edges of 10 m to 15,000 km. Some vertices are written twice, some edges run back over the one
/// before, and some lines close.
fn polyline() -> impl Strategy<Value = Vec<Position>> {
    let next = prop_oneof![
        17 => edge_step().prop_map(|(azimuth_deg, length_m)| Next::Step(azimuth_deg, length_m)),
        1 => Just(Next::Again),
        1 => Just(Next::Back),
        1 => Just(Next::First),
    ];
    (start(), prop::collection::vec(next, 0..8)).prop_map(|(start, all)| {
        let mut vertices = vec![start];
        for next in all {
            let last = vertices[vertices.len() - 1];
            vertices.push(match next {
                Next::Step(azimuth_deg, length_m) => last.destination(azimuth_deg, metres(length_m)),
                Next::Again => last,
                Next::Back => vertices[vertices.len().saturating_sub(2)],
                Next::First => start,
            });
        }
        // Between opposite places many geodesics are shortest: there is no edge.
        let is_edge = |ends: &[Position]| ends[0].distance_to(&ends[1]).m() < 1.9e7;
        let count = vertices.windows(2).take_while(|ends| is_edge(ends)).count();
        vertices.truncate(count + 1);
        vertices
    })
}

/// Where a site lies.
#[derive(Clone, Debug)]
enum Where {
    Anywhere(Position),
    FromVertex(prop::sample::Index, (f64, f64)),
    OnVertex(prop::sample::Index),
    /// At a share of an edge, and aside of it.
    FromEdge(prop::sample::Index, f64, (f64, f64)),
    FromAntipode(prop::sample::Index, (f64, f64)),
}

/// A polyline and sites: anywhere, from a metre to 5,000 km away from a vertex, on one, a tenth of a micrometre to a centimetre
/// beside an edge, and up to 300 km from the antipode of a vertex.
fn polyline_and_sites(count: usize) -> impl Strategy<Value = (Vec<Position>, Vec<Position>)> {
    let vertex = any::<prop::sample::Index>;
    let site = prop_oneof![
        8 => anywhere().prop_map(Where::Anywhere),
        8 => (vertex(), step(0.0..5e6_f64.log10())).prop_map(|(vertex, step)| Where::FromVertex(vertex, step)),
        1 => vertex().prop_map(Where::OnVertex),
        2 => (vertex(), 0.0..1.0, step(-7.0..-2.0)).prop_map(|(edge, share, step)| Where::FromEdge(edge, share, step)),
        1 => (vertex(), step(0.0..3e5_f64.log10())).prop_map(|(vertex, step)| Where::FromAntipode(vertex, step)),
    ];
    (polyline(), prop::collection::vec(site, count)).prop_map(|(vertices, sites)| {
        let aside =
            |from: Position, (azimuth_deg, length_m): (f64, f64)| from.destination(azimuth_deg, metres(length_m));
        let place = |site: Where| match site {
            Where::Anywhere(position) => position,
            Where::FromVertex(vertex, step) => aside(*vertex.get(&vertices), step),
            Where::OnVertex(vertex) => *vertex.get(&vertices),
            Where::FromEdge(edge, share, step) => {
                let first = edge.index(vertices.len());
                aside(between(vertices[first], vertices[(first + 1).min(vertices.len() - 1)], share), step)
            }
            Where::FromAntipode(vertex, step) => {
                let vertex = vertex.get(&vertices);
                aside(at(-vertex.lat_deg(), (vertex.lon_deg() + 360.0) % 360.0 - 180.0), step)
            }
        };
        let sites = sites.into_iter().map(place).collect();
        (vertices, sites)
    })
}

/// The place at a share of the shortest geodesic.
fn between(a: Position, b: Position, share: f64) -> Position {
    let geodesic = Geodesic::wgs84();
    let (length_m, azimuth_deg, _, _): (f64, f64, f64, f64) =
        geodesic.inverse(a.lat_deg(), a.lon_deg(), b.lat_deg(), b.lon_deg());
    a.destination(azimuth_deg, metres(share * length_m))
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
            prop_assert!(apart_m(&own, &karneys) <= promise_m(karneys.distance.m()), "{}: {:?} {:?}", site, own, karneys);
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
            // The engine's own way from point to point.
            let [there, back] = [line(&[a]).nearest(b), line(&[b]).nearest(a)];
            prop_assert!(apart_m(&there, &back) <= 3e-8, "{} {}: {:?} {:?}", a, b, there, back);
            prop_assert!((there.distance.m() - a.distance_to(&b).m()).abs() <= 3e-8, "{} {}: {:?}", a, b, there);
        }
        prop_assert_eq!(a.distance_to(&a), Length::ZERO);
        prop_assert_eq!(line(&[a]).nearest(a).distance, Length::ZERO);
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
        prop_assert!(apart_m(&here, &there) <= promise_m(here.distance.m()), "{:?} {:?}", here, there);
    }

    /// A line is the same line from its other end.
    #[test]
    fn reversing_changes_no_distance((vertices, sites) in polyline_and_sites(1)) {
        let reversed: Vec<Position> = vertices.iter().rev().copied().collect();
        let (forward, backward) = (line(&vertices).nearest(sites[0]), line(&reversed).nearest(sites[0]));
        // Where it is at no distance, what is left is how far a piece is from its geodesic, which differs from end to end.
        let allowed_m = if forward.distance.m() < 1e-5 { 5e-7 } else { 1e-7 };
        prop_assert!(apart_m(&forward, &backward) <= allowed_m, "{:?} {:?}", forward, backward);
    }

    /// A vertex more, in the middle of an edge, changes no distance.
    #[test]
    fn densifying_changes_no_distance(
        start in start(),
        (azimuth_deg, length_m) in edge_step(),
        near in step(-7.0..5e6_f64.log10()),
        far in anywhere(),
    ) {
        let [middle, end] = [length_m / 2.0, length_m].map(|along_m| start.destination(azimuth_deg, metres(along_m)));
        let (coarse, dense) = (line(&[start, end]), line(&[start, middle, end]));
        for site in [middle.destination(near.0, metres(near.1)), far] {
            let (by_one, by_two) = (coarse.nearest(site), dense.nearest(site));
            prop_assert!(apart_m(&by_one, &by_two) <= promise_m(by_one.distance.m()), "{}: {:?} {:?}", site, by_one, by_two);
        }
    }

    /// A site on an edge is at the distance zero; one a little off the line is no farther than that.
    #[test]
    fn places_of_the_line_are_at_zero(
        start in start(),
        (azimuth_deg, length_m) in edge_step(),
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
                prop_assert!(nearest.distance.m() <= to_vertex.m() + promise_m(to_vertex.m()), "{}: {:?}", vertex, nearest);
            }
        }
    }
}

/// A pole is one place, whatever longitude it is written with.
#[test]
fn a_pole_has_no_longitude() {
    // From the other side of the Earth the pole is the nearest place of a line that ends there.
    for lat_deg in [90.0, -90.0] {
        for lon_deg in [-180.0, -147.2, -90.0, 0.0, 33.0, 90.0, 179.0] {
            let (pole, end) = (at(lat_deg, lon_deg), at(lat_deg * 80.0 / 90.0, -147.2));
            let site = at(lat_deg * -76.0 / 90.0, 32.8);
            for vertices in [[end, pole], [pole, end]] {
                let nearest = line(&vertices).nearest(site);
                assert_eq!(nearest.distance, line(&[pole]).nearest(site).distance, "{pole}: {nearest:?}");
            }
        }
    }
}
