//! Every input that the fuzzer has kept, through the same doors and held to the same properties: see fuzz/README.md.

#[path = "../fuzz/doors/claim.rs"]
mod claim;
#[path = "../fuzz/doors/distance.rs"]
mod distance;
#[path = "../fuzz/doors/features.rs"]
mod features;
#[path = "../fuzz/doors/position.rs"]
mod position;
#[path = "../fuzz/doors/ranking.rs"]
mod ranking;
#[path = "../fuzz/doors/replay.rs"]
mod replay;
#[path = "../fuzz/doors/roads.rs"]
mod roads;
#[path = "../fuzz/doors/saved_index.rs"]
mod saved_index;
#[path = "../fuzz/doors/scenario.rs"]
mod scenario;
#[path = "../fuzz/doors/sites_csv.rs"]
mod sites_csv;
#[path = "../fuzz/doors/sites_geojson.rs"]
mod sites_geojson;
#[cfg(feature = "kml")]
#[path = "../fuzz/doors/sites_kml.rs"]
mod sites_kml;
#[cfg(feature = "kml")]
#[path = "../fuzz/doors/sites_kmz.rs"]
mod sites_kmz;
#[path = "../fuzz/doors/trickle.rs"]
mod trickle;

fn replay(corpus: &str, door: fn(&[u8])) {
    replay::replay(env!("CARGO_MANIFEST_DIR"), corpus, door);
}

#[test]
fn claims() {
    replay("claim", claim::door);
}

#[test]
fn positions() {
    replay("position", position::door);
}

#[test]
fn scenarios_in_toml() {
    replay("scenario_toml", scenario::toml);
}

#[test]
fn scenarios_in_json() {
    replay("scenario_json", scenario::json);
}

#[test]
fn sites_in_csv() {
    replay("sites_csv", sites_csv::door);
}

#[test]
fn sites_in_geojson() {
    replay("sites_geojson", sites_geojson::door);
}

#[cfg(feature = "kml")]
#[test]
fn sites_in_kml() {
    replay("sites_kml", sites_kml::door);
}

#[cfg(feature = "kml")]
#[test]
fn sites_in_kmz() {
    replay("sites_kmz", sites_kmz::door);
}

#[test]
fn saved_indexes() {
    replay("saved_index", saved_index::door);
}

#[test]
fn files_of_features() {
    replay("features", features::door);
}

#[test]
fn files_of_roads() {
    replay("roads", roads::door);
}

#[test]
fn distances() {
    replay("distance", distance::door);
}

#[test]
fn rankings() {
    replay("ranking", ranking::door);
}
