//! Ways by road: small networks by hand, and laws over random ones.

mod drawn;

use drawn::config;
use geo::{Coord, LineString, MultiLineString};
use proptest::prelude::*;
use siteband::{Feature, Length, Position, RoadNetwork, Way};

fn at(lat_deg: f64, lon_deg: f64) -> Position {
    Position::new(lat_deg, lon_deg).expect("a position")
}

/// Roads through these vertices, as GeoJSON.
fn network(roads: &[Vec<Position>]) -> RoadNetwork {
    let coordinates: Vec<Vec<[f64; 2]>> =
        roads.iter().map(|road| road.iter().map(|vertex| [vertex.lon_deg(), vertex.lat_deg()]).collect()).collect();
    let text = serde_json::json!({"type": "MultiLineString", "coordinates": coordinates}).to_string();
    RoadNetwork::from_geojson(text.as_bytes()).expect("roads")
}

fn way(network: &RoadNetwork, from: Position, to: Position, detour: f64) -> Way {
    network.routes_to(to).way_from(&network.snap(from), detour)
}

fn geodesic_m(vertices: &[Position]) -> f64 {
    vertices.windows(2).map(|ends| ends[0].distance_to(&ends[1]).m()).sum()
}

/// To a micrometre.
#[track_caller]
fn assert_m(found: Length, expected_m: f64) {
    assert!((found.m() - expected_m).abs() < 1e-6, "{} m, expected {expected_m} m", found.m());
}

/// The corners of a road that runs north along a meridian and then east: south, corner, east.
fn corners() -> [Position; 3] {
    [at(39.0, 125.0), at(40.0, 125.0), at(40.0, 126.0)]
}

#[test]
fn round_a_corner() {
    let [south, corner, east] = corners();
    for roads in [vec![vec![south, corner, east]], vec![vec![south, corner], vec![east, corner]]] {
        let network = network(&roads);
        assert_m(network.length(), geodesic_m(&[south, corner, east]));
        for (from, to) in [(south, east), (east, south)] {
            let way = way(&network, from, to, 1.3);
            assert!(way.by_network);
            assert_m(way.length, geodesic_m(&[south, corner, east]));
            assert_m(way.snapping, 0.0);
        }
    }
}

/// The geodesic from a place to its mirror image beyond a meridian crosses that at a right angle, halfway.
#[test]
fn from_beside_the_road_to_beyond_its_end() {
    let [south, corner, east] = corners();
    let (site, mirrored, beyond) = (at(39.5, 124.9), at(39.5, 125.1), at(40.0, 126.2));
    let network = network(&[vec![south, corner, east]]);
    let snapped = network.snap(site);
    let to_road_m = geodesic_m(&[site, mirrored]) / 2.0;
    assert_eq!(snapped.place(), site);
    assert_m(snapped.distance(), to_road_m);
    assert!((snapped.road().lon_deg() - 125.0).abs() < 1e-11, "{}", snapped.road());
    assert_m(site.distance_to(&snapped.road()), to_road_m);

    let routes = network.routes_to(beyond);
    assert_eq!(routes.destination().place(), beyond);
    assert_eq!(routes.destination().road(), east);
    let beyond_m = geodesic_m(&[east, beyond]);
    for detour in [1.0, 1.3, 2.0] {
        let way = routes.way_from(&snapped, detour);
        assert!(way.by_network);
        assert_m(way.snapping, to_road_m + beyond_m);
        assert_m(way.length, detour * (to_road_m + beyond_m) + geodesic_m(&[snapped.road(), corner, east]));
    }
}

#[test]
fn along_one_segment() {
    let [south, corner, east] = corners();
    // One road; the same road twice, once the other way round; and one with a second way between the ends of the segment.
    for roads in [
        vec![vec![south, corner, east]],
        vec![vec![corner, south], vec![south, corner], vec![corner, south]],
        vec![vec![south, corner], vec![south, east, corner]],
    ] {
        let network = network(&roads);
        let (site, destination) = (network.snap(at(39.3, 124.99)), network.snap(at(39.6, 125.01)));
        let way = way(&network, site.place(), destination.place(), 1.3);
        assert!(way.by_network);
        let snapping_m = site.distance().m() + destination.distance().m();
        assert_m(way.length, 1.3 * snapping_m + geodesic_m(&[site.road(), destination.road()]));
    }
}

#[test]
fn shorter_roads_are_taken_and_longer_ones_are_not() {
    let [south, corner, east] = corners();
    let bend = vec![south, corner, east];
    let detour = vec![south, at(41.0, 125.5), east];
    let shortcut = vec![south, at(39.5, 125.6), east];
    let length_m = |roads: &[Vec<Position>]| way(&network(roads), south, east, 1.3).length;
    assert_m(length_m(&[bend.clone(), detour.clone()]), geodesic_m(&bend));
    assert_m(length_m(&[bend, detour, shortcut.clone()]), geodesic_m(&shortcut));
}

#[test]
fn where_no_road_leads_the_way_is_straight() {
    let [south, corner, east] = corners();
    let network = network(&[vec![south, corner], vec![at(40.1, 126.0), east]]);
    assert_eq!(network.component_count(), 2);
    let (site, destination) = (at(39.5, 124.9), at(40.05, 126.1));
    let found = way(&network, site, destination, 1.3);
    assert!(!found.by_network);
    assert_m(found.length, 1.3 * geodesic_m(&[site, destination]));
    assert_m(found.snapping, network.snap(site).distance().m() + network.snap(destination).distance().m());
    // On the site's own road there is one.
    assert!(way(&network, site, south, 1.3).by_network);
}

#[test]
fn where_the_road_is_farther_than_the_destination_the_way_is_straight() {
    let [south, corner, east] = corners();
    let network = network(&[vec![south, corner, east]]);
    let (site, destination) = (at(39.5, 124.9), at(39.52, 124.9));
    let found = way(&network, site, destination, 1.4);
    assert!(!found.by_network);
    assert_m(found.length, 1.4 * geodesic_m(&[site, destination]));
    for place in [site, south, corner] {
        let nowhere = way(&network, place, place, 1.4);
        assert_eq!((nowhere.length, nowhere.by_network), (Length::ZERO, false), "{place}");
    }
}

#[test]
fn crossings_join_at_vertices_only() {
    let [west, east, south, north] = [at(39.0, 125.0), at(39.0, 126.0), at(38.5, 125.5), at(39.5, 125.5)];
    let crossing = network(&[vec![west, east], vec![south, north]]);
    assert_eq!(crossing.component_count(), 2);
    assert!(!way(&crossing, west, north, 1.3).by_network);
    let middle = crossing.snap(at(39.0, 125.5)).road();
    // A vertex on one of both roads does not do, nor does an end at the other's side.
    assert_eq!(network(&[vec![west, middle, east], vec![south, north]]).component_count(), 2);
    assert_eq!(network(&[vec![west, east], vec![south, middle]]).component_count(), 2);
    let junction = network(&[vec![west, middle, east], vec![south, middle, north]]);
    assert_eq!(junction.component_count(), 1);
    assert_m(way(&junction, west, north, 1.3).length, geodesic_m(&[west, middle, north]));
}

#[test]
fn vertices_within_a_metre_join_at_the_length_of_the_gap() {
    let [south, corner, east] = corners();
    let moved = |azimuth_deg, m| corner.destination(azimuth_deg, Length::from_m(m).expect("a length"));
    for azimuth_deg in [0.0, 45.0, 130.0, 250.0] {
        let near = moved(azimuth_deg, 0.999);
        let joined = network(&[vec![south, corner], vec![near, east]]);
        assert_eq!(joined.component_count(), 1);
        assert_m(way(&joined, south, east, 1.3).length, geodesic_m(&[south, corner, near, east]));
        assert_eq!(network(&[vec![south, corner], vec![moved(azimuth_deg, 1.001), east]]).component_count(), 2);
    }
}

#[test]
fn a_road_of_many_short_segments_keeps_its_length() {
    let road: Vec<Position> = (0..400).map(|step| at(39.0, 125.0 + 5e-6 * f64::from(step))).collect();
    let network = network(std::slice::from_ref(&road));
    let (first, last) = (road[0], road[399]);
    // 0.43 m a step along the parallel, which is the geodesic to a nanometre.
    assert_m(way(&network, first, last, 1.3).length, geodesic_m(&[first, last]));
    assert!((geodesic_m(&[first, last]) - 172.8).abs() < 0.1, "{}", geodesic_m(&[first, last]));
}

#[test]
fn across_the_antimeridian_and_over_the_pole() {
    let [west, east] = [at(10.0, 179.0), at(10.0, -179.0)];
    let network_at_180 = network(&[vec![west, at(10.0, 180.0)], vec![at(10.0, -180.0), east]]);
    assert_m(way(&network_at_180, west, east, 1.0).length, geodesic_m(&[west, at(10.0, 180.0), east]));
    // One pole, at two longitudes.
    let [here, there] = [at(89.0, 0.0), at(89.0, 120.0)];
    let network_at_pole = network(&[vec![here, at(90.0, 0.0)], vec![at(90.0, 77.0), there]]);
    assert_m(way(&network_at_pole, here, there, 1.0).length, 2.0 * geodesic_m(&[here, at(90.0, 0.0)]));
}

#[test]
fn a_detour_is_at_least_one_and_at_most_a_thousand() {
    let [south, corner, east] = corners();
    let network = network(&[vec![south, corner, east]]);
    let (routes, site) = (network.routes_to(at(39.9, 126.1)), network.snap(at(39.5, 124.9)));
    for (detour, as_if) in
        [(f64::NAN, 1.0), (f64::NEG_INFINITY, 1.0), (0.5, 1.0), (1e308, 1000.0), (f64::INFINITY, 1000.0)]
    {
        assert_eq!(routes.way_from(&site, detour), routes.way_from(&site, as_if), "{detour}");
    }
}

/// A place from another network has a way that means nothing, but it has one.
#[test]
fn places_of_another_network_do_no_harm() {
    let [south, corner, east] = corners();
    let (small, large) = (network(&[vec![south, corner]]), network(&[vec![south, corner, east, at(41.0, 127.0)]]));
    let found = small.routes_to(south).way_from(&large.snap(at(41.0, 127.0)), 1.3);
    assert!(found.length >= south.distance_to(&at(41.0, 127.0)));
}

/// Roads between some places, each road by the numbers of its vertices, and two places to go from and to.
#[derive(Clone, Debug)]
struct Case {
    vertices: Vec<Position>,
    roads: Vec<Vec<usize>>,
    ends: [Position; 2],
}

impl Case {
    fn roads(&self) -> Vec<Vec<Position>> {
        self.roads.iter().map(|road| road.iter().map(|&vertex| self.vertices[vertex]).collect()).collect()
    }

    fn network(&self) -> RoadNetwork {
        network(&self.roads())
    }

    /// The length of the way and whether it is by the network, by Floyd and Warshall: a matrix of lengths between the vertices
    /// and the two places where the ends meet the network, which are found by measuring every segment.
    fn by_floyd_and_warshall(&self, detour: f64) -> (f64, bool) {
        let coord = |position: &Position| Coord { x: position.lon_deg(), y: position.lat_deg() };
        let lines: Vec<LineString<f64>> = self.roads().iter().map(|road| road.iter().map(coord).collect()).collect();
        let feature = Feature::new("roads", MultiLineString::new(lines).into()).expect("lines");
        let feet = self.ends.map(|end| feature.nearest_brute_force(end));

        let count = self.vertices.len();
        let places: Vec<Position> = self.vertices.iter().copied().chain(feet.map(|foot| foot.position)).collect();
        let mut shortest_m = vec![vec![f64::INFINITY; count + 2]; count + 2];
        let mut join = |a: usize, b: usize| {
            let length_m = places[a].distance_to(&places[b]).m();
            (shortest_m[a][b], shortest_m[b][a]) = (length_m, length_m);
        };
        self.roads.iter().flat_map(|road| road.windows(2)).for_each(|ends| join(ends[0], ends[1]));
        let segments = feet.map(|foot| {
            let mut segment = [foot.segment, foot.segment + 1].map(|vertex| self.roads[foot.part][vertex]);
            segment.sort_unstable();
            segment
        });
        for (foot, segment) in segments.iter().enumerate() {
            for &vertex in segment {
                join(count + foot, vertex);
            }
        }
        if segments[0] == segments[1] {
            join(count, count + 1);
        }
        for through in 0..count + 2 {
            for from in 0..count + 2 {
                for to in 0..count + 2 {
                    let length_m = shortest_m[from][through] + shortest_m[through][to];
                    shortest_m[from][to] = shortest_m[from][to].min(length_m);
                }
            }
        }
        let straight_m = geodesic_m(&self.ends);
        let snapping_m = feet[0].distance.m() + feet[1].distance.m();
        let along_m = shortest_m[count][count + 1];
        if along_m.is_finite() && straight_m > snapping_m {
            (detour * snapping_m + along_m, true)
        } else {
            (detour * straight_m, false)
        }
    }
}

/// Two to nine vertices within some 300 km, near Pyongyang, on the antimeridian or by the pole; up to seven roads between them,
/// which cross, share vertices, run along each other and in loops; and ends that lie anywhere, on a vertex, or close to one.
fn case() -> impl Strategy<Value = Case> {
    let corner = prop::sample::select(vec![(39.0, 125.0), (-1.0, 178.5), (87.0, 0.0)]);
    let place = || (-0.2..1.2, -0.2..1.2);
    let end = (any::<prop::sample::Index>(), place(), prop::sample::select(vec![0.0, 1e-3, 1.0]));
    let roads = prop::collection::vec(prop::collection::vec(any::<prop::sample::Index>(), 2..5), 1..8);
    (corner, prop::collection::vec(place(), 2..10), roads, [end.clone(), end]).prop_map(
        |((south_deg, west_deg), vertices, roads, ends)| {
            let position =
                |(north, east): (f64, f64)| at(south_deg + 2.0 * north, (west_deg + 3.0 * east + 360.0) % 360.0);
            let roads =
                roads.iter().map(|road| road.iter().map(|vertex| vertex.index(vertices.len())).collect()).collect();
            let ends = ends.map(|(vertex, (north, east), share)| {
                let (from_north, from_east) = vertices[vertex.index(vertices.len())];
                position((from_north + share * (north - from_north), from_east + share * (east - from_east)))
            });
            Case { vertices: vertices.into_iter().map(position).collect(), roads, ends }
        },
    )
}

proptest! {
    #![proptest_config(config(600))]

    /// Dijkstra's ways are those of Floyd and Warshall.
    #[test]
    fn ways_are_the_shortest(case in case(), detour in 1.0..2.0) {
        let (expected_m, by_network) = case.by_floyd_and_warshall(detour);
        let found = way(&case.network(), case.ends[0], case.ends[1], detour);
        prop_assert_eq!(found.by_network, by_network);
        prop_assert!((found.length.m() - expected_m).abs() < 2e-6, "{} m, expected {expected_m} m", found.length.m());
    }

    /// No way is shorter than the straight line, and the way back is as long as the way there.
    #[test]
    fn ways_are_no_shorter_than_geodesics_and_symmetric(case in case(), detour in 1.0..2.0) {
        let network = case.network();
        let [a, b] = case.ends;
        let (there, back) = (way(&network, a, b, detour), way(&network, b, a, detour));
        prop_assert!(there.length >= a.distance_to(&b), "{} m", there.length.m());
        prop_assert!(back.length >= b.distance_to(&a), "{} m", back.length.m());
        prop_assert!((there.length.m() - back.length.m()).abs() < 2e-6, "{} m, {} m", there.length.m(), back.length.m());
        prop_assert_eq!((there.snapping, there.by_network), (back.snapping, back.by_network));
    }

    /// Neither the order of the roads nor which end of one comes first makes a difference.
    #[test]
    fn roads_have_no_order(case in case(), shift in 0_usize..8, reversed: [bool; 8]) {
        let mut roads = case.roads();
        roads.iter_mut().zip(reversed).filter(|(_, reversed)| *reversed).for_each(|(road, _)| road.reverse());
        let count = roads.len();
        roads.rotate_left(shift % count);
        let [a, b] = case.ends;
        let (as_it_is, shuffled) = (way(&case.network(), a, b, 1.3), way(&network(&roads), a, b, 1.3));
        prop_assert_eq!(as_it_is.by_network, shuffled.by_network);
        prop_assert!((as_it_is.length.m() - shuffled.length.m()).abs() < 2e-6, "{as_it_is:?} {shuffled:?}");
        prop_assert_eq!(case.network().component_count(), network(&roads).component_count());
    }
}
