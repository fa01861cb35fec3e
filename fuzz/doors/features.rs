//! A file of features: points, lines and areas.

use siteband::{Atlas, AtlasOptions, Edges, Feature, Length, Position};

/// Whatever is accepted can be found by its id and measured: the index finds what measuring every edge finds, to the bit; distances are
/// numbers, and zero inside an area. What is refused has a reason.
pub(crate) fn door(data: &[u8]) {
    for edges in [Edges::Geodesic, Edges::Planar] {
        match Atlas::from_geojson_with(data, &AtlasOptions::default().with_edges(edges)) {
            Ok(atlas) => {
                assert!(!atlas.features().is_empty());
                for feature in atlas.features() {
                    assert!(atlas.get(feature.id()).is_some_and(|found| found.id() == feature.id()));
                    if let Err(error) = atlas.resolve(feature.name()) {
                        assert!(!error.reason.is_empty());
                    }
                    check(feature);
                }
                assert!(atlas.warnings().all(|(feature, _)| feature.edges() == Edges::Geodesic));
            }
            Err(error) => assert!(!error.reason.is_empty() && !error.to_string().is_empty()),
        }
    }
}

fn check(feature: &Feature) {
    assert!(feature.length().m().is_finite() && feature.diameter().m().is_finite());
    let vertex = feature.parts()[0][0];
    let aside = vertex.destination(30.0, Length::from_km(7.0).expect("a length"));
    let far = Position::new(39.0, 125.0).expect("a position");
    // Measuring every piece takes its time.
    let is_short = feature.length().km() < 1000.0 && feature.segment_count() < 100;
    for site in [vertex, aside, far] {
        let nearest = feature.nearest(site);
        let boundary = feature.nearest_boundary(site);
        assert!(nearest.distance <= boundary.distance && boundary.distance.m().is_finite(), "{nearest:?}");
        assert!(feature.is_within(site, nearest.distance), "{site}: {nearest:?}");
        assert!(!feature.contains(site) || nearest.distance == Length::ZERO, "{site}: {nearest:?}");
        if is_short {
            assert_eq!(boundary, feature.nearest_brute_force(site), "{site}");
        }
    }
}
