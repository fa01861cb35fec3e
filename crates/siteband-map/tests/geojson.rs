//! GeoJSON and its style: parsed again, every coordinate on the map.

mod common;

use geojson::{Feature, FeatureCollection, feature::Id};
use siteband::{Position, Scenario, Site, Sites};
use siteband_map::QML;

fn features(text: &str) -> Vec<Feature> {
    text.parse::<FeatureCollection>().expect("a collection").features
}

fn layer<'a>(features: &'a [Feature], layer: &str) -> Vec<&'a Feature> {
    features.iter().filter(|feature| feature.property("layer").expect("a layer") == layer).collect()
}

/// Every number of an array of coordinates, in pairs.
fn coordinates(value: &serde_json::Value, found: &mut Vec<(f64, f64)>) {
    let Some(values) = value.as_array() else { return };
    if let [lon, lat] = values.as_slice()
        && let (Some(lon_deg), Some(lat_deg)) = (lon.as_f64(), lat.as_f64())
    {
        found.push((lon_deg, lat_deg));
        return;
    }
    for value in values {
        coordinates(value, found);
    }
}

fn all_coordinates(feature: &Feature) -> Vec<(f64, f64)> {
    let geometry = serde_json::to_value(feature.geometry.as_ref().expect("a geometry")).expect("JSON");
    let mut found = Vec::new();
    coordinates(&geometry["coordinates"], &mut found);
    assert!(!found.is_empty());
    found
}

#[test]
fn every_layer_is_there() {
    let (scenario, sites) = common::sino_ri();
    let report = common::report(&scenario, &sites);
    let text = report.geojson();
    let features = features(&text);
    let of = |name: &str| layer(&features, name);
    assert_eq!(of("site").len(), 29);
    let bands: usize = report.layers().claims().iter().map(|layer| layer.bands.len()).sum();
    assert_eq!(of("band").len(), bands);
    assert_eq!(of("way").len(), report.layers().connections().len());
    assert!(of("feature").len() >= 5);
    let first = of("site")[0];
    assert_eq!(first.property("rank").unwrap(), 1);
    assert_eq!(first.id, report.ranking().top(1).next().map(|first| Id::String(first.site.id().to_owned())));
    assert!(
        of("band")
            .iter()
            .all(|band| band.property("from_km").unwrap().as_f64() < band.property("to_km").unwrap().as_f64())
    );
    let whole: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(
        whole["none_of_these"].as_f64().unwrap() > 0.0 && whole["caution"].as_str().unwrap().contains("not evidence")
    );
}

#[test]
fn hostile_names_are_names() {
    let (scenario, _) = common::sino_ri();
    let sites = common::hostile_sites();
    let features = features(&common::report(&scenario, &sites).geojson());
    for name in common::hostile_names() {
        let is_it = |site: &&&Feature| site.property("name").unwrap() == name.as_str();
        assert_eq!(layer(&features, "site").iter().filter(is_it).count(), 1, "{name}");
    }
}

#[test]
fn what_crosses_180_degrees_is_cut() {
    let scenario = Scenario::from_path("tests/over_180/scenario.toml".as_ref()).unwrap();
    let sites =
        [("east", -179.9), ("west", 179.9)].map(|(id, lon_deg)| Site::new(id, Position::new(-16.9, lon_deg).unwrap()));
    let sites = Sites::new(sites.to_vec()).unwrap();
    let report = common::report(&scenario, &sites);
    let features = features(&report.geojson());
    assert!(!report.kml().is_empty());
    let line = layer(&features, "feature")[0];
    assert_eq!(line.geometry.as_ref().unwrap().value.type_name(), "MultiLineString");
    for feature in &features {
        let on_map = |&(lon_deg, lat_deg): &(f64, f64)| lon_deg.abs() <= 180.0 && lat_deg.abs() <= 90.0;
        assert!(all_coordinates(feature).iter().all(on_map));
        // No line runs around the Earth.
        let geometry = serde_json::to_value(feature.geometry.as_ref().unwrap()).unwrap();
        let lines = match geometry["type"].as_str().unwrap() {
            "LineString" => vec![geometry["coordinates"].clone()],
            "MultiLineString" => geometry["coordinates"].as_array().unwrap().clone(),
            _ => Vec::new(),
        };
        for line in lines {
            let mut found = Vec::new();
            coordinates(&line, &mut found);
            assert!(found.windows(2).all(|edge| (edge[0].0 - edge[1].0).abs() < 180.0));
        }
    }
}

#[test]
fn the_style_has_a_rule_for_every_band_and_layer() {
    let (scenario, sites) = common::sino_ri();
    let report = common::report(&scenario, &sites);
    for band in report.layers().claims().iter().flat_map(|layer| &layer.bands) {
        assert!(QML.contains(&format!("'{}'", band.kind.name())), "{:?}", band.kind);
    }
    for layer in ["site", "band", "feature", "way"] {
        assert!(QML.contains(&format!("&quot;layer&quot; = '{layer}'")), "{layer}");
    }
    for symbol in 0..QML.matches("<rule ").count() {
        assert!(QML.contains(&format!("symbol=\"{symbol}\"")) && QML.contains(&format!("<symbol name=\"{symbol}\"")));
    }
}
