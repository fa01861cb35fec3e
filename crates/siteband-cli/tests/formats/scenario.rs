//! Scenarios in TOML and JSON, and lists in GeoJSON: the same question however it is written.

use std::fmt::Write;

use crate::common::{BORDER, Folder, siteband};
use crate::list;

/// A small question that uses every kind of key.
const TOML: &str = r#"
title = "A small question"
none_of_these = 0.3
sites = "sites.csv"
atlas = ["border.geojson"]
search_region = "north-korea"
reading = "analyst"

[gazetteer]
places = "towns.csv"
kernel_km = 12.5

[[feature]]
id = "capital"
at = "39.0392 N 125.7625 E"
name = "The capital"
aliases = ["the city"]
uncertainty_m = 5000

[[source]]
id = "agency"
reliability = 0.9

[[source]]
id = "paper"
reliability = "B"
repeats = "agency"

[[claim]]
id = "words"
source = "agency"
text = "about 85 kilometers from the river"
feature = "river"
note = "as printed"

[[claim]]
source = "paper"
away_from = { feature = "the city", midpoint_km = 40, scale_km = 10 }

[[claim]]
source = "paper"
at_most_km = { feature = "cn-kp", value = 150 }

[[claim]]
source = "agency"
inside = { region = "north-korea", edge_km = 5 }

[[claim]]
source = "agency"
attribute = { tag = "training", likelihood_ratio = 3.0, likelihood_ratio_absent = 0.5 }
"#;

/// The same in JSON.
const JSON: &str = r#"{
  "title": "A small question",
  "none_of_these": 0.3,
  "sites": "sites.csv",
  "atlas": "border.geojson",
  "search_region": "north-korea",
  "reading": "analyst",
  "gazetteer": {"places": "towns.csv", "kernel_km": 12.5},
  "feature": [
    {"id": "capital", "at": "39.0392 N 125.7625 E", "name": "The capital", "aliases": ["the city"], "uncertainty_m": 5000}
  ],
  "source": [
    {"id": "agency", "reliability": 0.9},
    {"id": "paper", "reliability": "B", "repeats": "agency"}
  ],
  "claim": [
    {"id": "words", "source": "agency", "text": "about 85 kilometers from the river", "feature": "river", "note": "as printed"},
    {"source": "paper", "away_from": {"feature": "the city", "midpoint_km": 40, "scale_km": 10}},
    {"source": "paper", "at_most_km": {"feature": "cn-kp", "value": 150}},
    {"source": "agency", "inside": {"region": "north-korea", "edge_km": 5}},
    {"source": "agency", "attribute": {"tag": "training", "likelihood_ratio": 3.0, "likelihood_ratio_absent": 0.5}}
  ]
}"#;

/// The file of features that the small question names.
const RIVER: &str = r#"{"type":"Feature","id":"river","properties":{},
"geometry":{"type":"LineString","coordinates":[[124.4,40.1],[125.6,40.9],[126.9,41.7]]}}"#;

#[test]
fn a_scenario_in_json_gives_the_same_bytes_as_in_toml() {
    let folder = Folder::new();
    folder.file("sites.csv", "id,lat,lon,tags\na,39.647,125.367,training\nb,40.2,126.1,\nc,39.1,125.7,x;training\n");
    folder.file("border.geojson", RIVER);
    folder.file("towns.csv", "id,lat,lon,prior\nd,39.7,125.2,2\ne,40.1,126.5,1\n");
    let (toml, json) = (folder.file("question.toml", TOML), folder.file("question.json", JSON));
    for command in [&["rank", "--format", "json"][..], &["rank"], &["check"]] {
        let run = |path: &str| siteband(&[command, &[path]].concat()).ok();
        let (of_toml, of_json) = (run(&toml), run(&json));
        assert!(!of_toml.stdout.is_empty());
        assert_eq!(of_toml.text(), of_json.text(), "{command:?}");
    }
    let ranking = siteband(&["rank", "--format", "json", &toml]).ok().json();
    assert_eq!(ranking["reading"]["name"], "analyst");
    assert_eq!(list(&ranking, "ranking").len(), 3);
    let region = "the surroundings (kernel 12.5 km) of the 2 places of towns.csv, inside North Korea";
    assert_eq!(ranking["search_region"]["name"], region);
    let check = siteband(&["check", &toml]).ok();
    assert!(check.text().contains(&format!("search region {region}, 720.")), "{}", check.text());
}

#[test]
fn numbers_of_a_json_scenario_are_read_to_the_last_bit() {
    // Readers of JSON that trade the last bit for speed lose it here.
    const NUMBER: &str = "90597.44041019901";
    let folder = Folder::new();
    folder.file("sites.csv", "id,lat,lon\na,39.647,125.367\n");
    folder.file("border.geojson", RIVER);
    folder.file("towns.csv", "id,lat,lon\nd,39.7,125.2\n");
    let with = |text: &str| text.replace("5000", NUMBER);
    for path in [folder.file("question.toml", with(TOML)), folder.file("question.json", with(JSON))] {
        let ran = siteband(&["rank", "--format", "json", &path]).ok();
        let line = ran.text().lines().find(|line| line.contains("\"position_uncertainty_m\": 90597"));
        assert!(line.is_some_and(|line| line.contains(NUMBER)), "{path}: {line:?}");
    }
}

#[test]
fn positions_in_geojson_are_read_to_the_last_bit() {
    let folder = Folder::new();
    let (mut csv, mut features) = ("id,lat,lon\n".to_owned(), Vec::new());
    for number in 0..200_u32 {
        let (lat, lon) = (38.0 + f64::from(number) * 0.012_345_678_9, 125.0 + f64::from(number).sqrt() / 7.0);
        writeln!(csv, "s{number},{lat},{lon}").expect("text");
        features.push(format!(
            r#"{{"type":"Feature","id":"s{number}","properties":{{}},"geometry":{{"type":"Point","coordinates":[{lon},{lat}]}}}}"#
        ));
    }
    let geojson = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    let measure = |path: String| siteband(&["distance", "--to", BORDER, "--sites", &path]).ok().csv().1;
    let (of_csv, of_geojson) = (measure(folder.file("s.csv", csv)), measure(folder.file("s.geojson", geojson)));
    assert_eq!((of_csv.len(), of_geojson.len()), (200, 200));
    let differ: Vec<_> = of_csv.iter().zip(&of_geojson).filter(|(a, b)| a != b).collect();
    let first = differ.first().map(|(a, b)| format!("{:?} as CSV, {:?} as GeoJSON", &a[1..4], &b[1..4]));
    assert!(differ.is_empty(), "{} of {}: {first:?}", differ.len(), of_csv.len());
}
