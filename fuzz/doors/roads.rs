//! A file of roads.

use siteband::{Position, RoadNetwork};

/// Whatever is accepted is a network: ways along it are as long there as back, and never shorter than the geodesic. What is refused has
/// a reason.
pub(crate) fn door(data: &[u8]) {
    let network = match RoadNetwork::from_geojson(data) {
        Ok(network) => network,
        Err(error) => {
            assert!(!error.reason.is_empty());
            return;
        }
    };
    assert!(network.length().m().is_finite() && network.component_count() > 0);
    let places = [(39.0, 125.0), (39.7, 125.9), (40.0, 124.4)];
    let places = places.map(|(lat_deg, lon_deg)| Position::new(lat_deg, lon_deg).expect("a position"));
    for (from, to) in [(0, 1), (1, 2), (0, 2), (1, 1)] {
        let (there, back) = (network.routes_to(places[to]), network.routes_to(places[from]));
        let way = there.way_from(&network.snap(places[from]), 1.3);
        let again = back.way_from(&network.snap(places[to]), 1.3);
        let straight_m = places[from].distance_to(&places[to]).m();
        assert!(way.length.m().is_finite() && way.length.m() >= straight_m, "{way:?}");
        assert_eq!(way.by_network, again.by_network, "{way:?} {again:?}");
        assert!((way.length.m() - again.length.m()).abs() < 1e-3, "{way:?} {again:?}");
    }
}
