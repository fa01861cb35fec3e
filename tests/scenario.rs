//! What a scenario says of arguments, tempering, assumptions and other data is what the same question says in code.
#![cfg(feature = "atlas")]

use std::fs;
use std::path::{Path, PathBuf};

use siteband::{Assumption, Atlas, Constraint, Feature, Length, Reading, Scenario, Sites, Source};

fn km(km: f64) -> Length {
    Length::from_km(km).expect("a length")
}

/// A folder of its own for a test, with a list of three sites.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder");
    let sites = "id,lat,lon,tags\na,39.6,125.3,rail;battery\nb,40,126,battery\nc,39.2,126.1,\n";
    fs::write(folder.join("sites.csv"), sites).expect("written");
    folder
}

fn scenario(folder: &Path, name: &str, text: &str) -> Scenario {
    fs::write(folder.join(name), text).expect("written");
    Scenario::from_path(&folder.join(name)).unwrap_or_else(|error| panic!("{error}"))
}

const TOML: &str = r#"
sites = "sites.csv"
search_region = "north-korea"
other_atlas = "moved.geojson"

[[feature]]
id = "mill"
at = "39.5 N 125.5 E"

[[source]]
id = "agency"
reliability = 0.9
tempering = 0.75

[[source]]
id = "paper"
reliability = "C"
repeats = "agency"

[[claim]]
source = "agency"
text = "about 85 km from the Chinese border"

[[claim]]
source = "agency"
direction = { from = "pyongyang", wind = "north-northwest" }

[[claim]]
source = "agency"
access = { to = ["seoul", "mill"], detour = 1.3, scale_km = 50 }
tempered = true

[[claim]]
source = "paper"
nearby = { tag = "battery", midpoint_km = 12, scale_km = 4 }
tempered = false

[[claim]]
source = "paper"
nearby = { tag = "battery", midpoint_km = 12, scale_km = 4, include_self = true }

[[claim]]
source = "paper"
attribute = { tag = "rail", likelihood_ratio = 3, likelihood_ratio_absent = 0.5 }
tempered = false

[[what_if]]
title = "no tags"
without_tags = ["Rail", "battery"]

[[what_if]]
title = "no words"
without_claims = ["agency-1"]
without_sources = ["paper"]
"#;

const JSON: &str = r#"{"sites": "sites.csv", "search_region": "north-korea", "other_atlas": ["moved.geojson"],
"feature": [{"id": "mill", "at": "39.5 N 125.5 E"}],
"source": [{"id": "agency", "reliability": 0.9, "tempering": 0.75},
  {"id": "paper", "reliability": "C", "repeats": "agency"}],
"claim": [{"source": "agency", "text": "about 85 km from the Chinese border"},
  {"source": "agency", "direction": {"from": "pyongyang", "wind": "north-northwest"}},
  {"source": "agency", "access": {"to": ["seoul", "mill"], "detour": 1.3, "scale_km": 50}, "tempered": true},
  {"source": "paper", "nearby": {"tag": "battery", "midpoint_km": 12, "scale_km": 4}, "tempered": false},
  {"source": "paper", "nearby": {"tag": "battery", "midpoint_km": 12, "scale_km": 4, "include_self": true}},
  {"source": "paper", "attribute": {"tag": "rail", "likelihood_ratio": 3, "likelihood_ratio_absent": 0.5}, "tempered": false}],
"what_if": [{"title": "no tags", "without_tags": ["Rail", "battery"]},
  {"title": "no words", "without_claims": ["agency-1"], "without_sources": ["paper"]}]}"#;

/// Pyongyang somewhere else.
const MOVED: &str = r#"{"type":"Feature","id":"pyongyang","properties":{"name":"Pyongyang"},
"geometry":{"type":"Point","coordinates":[125.0,39.0]}}"#;

/// The same statements, made by hand.
fn said() -> Vec<Constraint> {
    let atlas = Atlas::bundled();
    let feature = |id: &str| std::sync::Arc::clone(atlas.get(id).expect("bundled"));
    let agency = Source::new("agency", 0.9).expect("a share").with_tempering(0.75).expect("a power");
    let paper = Source::admiralty("paper", 'C').expect("a letter").with_repeats("agency");
    let mill = Feature::point("mill", "39.5 N 125.5 E".parse().expect("a position"));
    let words = "about 85 km from the Chinese border".parse().expect("a claim");
    let nearby = |include_self: bool| Constraint::nearby("battery", km(12.0), km(4.0), include_self).expect("a scale");
    [
        (Constraint::resolve(&words, &atlas, &Reading::default()).expect("a border"), &agency, "agency-1"),
        (Constraint::toward(feature("pyongyang"), "NNW".parse().expect("a wind")), &agency, "agency-2"),
        (Constraint::access(vec![feature("seoul"), mill.into()], 1.3, km(50.0)).expect("ways"), &agency, "agency-3"),
        (nearby(false).as_stated(), &paper, "paper-1"),
        (nearby(true), &paper, "paper-2"),
        (Constraint::attribute("rail", 3.0, 0.5).expect("ratios").as_stated(), &paper, "paper-3"),
    ]
    .into_iter()
    .map(|(statement, source, id)| statement.with_source(source.clone()).with_id(id))
    .collect()
}

#[test]
fn a_scenario_is_the_question_that_it_states() {
    let folder = folder("a_scenario_is_the_question");
    fs::write(folder.join("moved.geojson"), MOVED).expect("written");
    for (name, text) in [("q.toml", TOML), ("q.json", JSON)] {
        let scenario = scenario(&folder, name, text);
        let sites: Sites = scenario.load_sites().expect("three sites");
        let (read, said) = (scenario.constraints(&Reading::default()), said());
        for (read, said) in read.iter().zip(&said) {
            assert_eq!(
                (read.id(), read.kind(), read.to_string()),
                (said.id(), said.kind(), said.to_string()),
                "{name}"
            );
            assert_eq!((read.is_tempered(), read.tag()), (said.is_tempered(), said.tag()), "{name}: {}", read.id());
            assert_eq!(read.source(), said.source(), "{name}: {}", read.id());
        }
        let (by_file, by_hand) = (scenario.rank(&sites, &Reading::default()), sites.rank(&said, scenario.options()));
        assert_eq!(by_file.none_of_these, by_hand.none_of_these, "{name}");
        for ranked in by_hand.top(3) {
            let read = by_file.get(ranked.site.id()).expect("listed");
            assert_eq!((read.posterior, read.evidence), (ranked.posterior, ranked.evidence), "{name}");
        }
        let ids: Vec<&str> = scenario.features().iter().map(|feature| feature.id()).collect();
        assert_eq!(ids, ["cn-kp", "pyongyang", "seoul", "mill"], "{name}");
    }
}

#[test]
fn what_a_scenario_wants_reported() {
    let folder = folder("what_a_scenario_wants");
    fs::write(folder.join("moved.geojson"), MOVED).expect("written");
    for (name, text) in [("q.toml", TOML), ("q.json", JSON)] {
        let scenario = scenario(&folder, name, text);
        let options = scenario.robustness_options();
        assert_eq!((options.draws, options.seed, options.search_regions.len()), (1000, 2012, 0));
        let list = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
        let expected = [
            Assumption {
                title: "no tags".to_owned(),
                without_tags: list(&["Rail", "battery"]),
                ..Assumption::default()
            },
            Assumption {
                title: "no words".to_owned(),
                without_claims: list(&["agency-1"]),
                without_sources: list(&["paper"]),
                ..Assumption::default()
            },
        ];
        assert_eq!(options.assumptions, expected, "{name}");
        let [(other, atlas)] = options.atlases.as_slice() else { panic!("{name}: one file") };
        assert_eq!(other, "moved.geojson");
        assert_eq!(atlas.get("pyongyang").expect("it").parts()[0][0].lon_deg(), 125.0);
    }
}

/// What a source repeats, and who it is that repeats it, may be left out even where they said nothing by themselves.
#[test]
fn an_assumption_about_a_silent_source() {
    let folder = folder("a_silent_source");
    let text = r#"
        sites = "sites.csv"
        source = [{ id = "agency", reliability = 0.9 }, { id = "paper", reliability = 0.8, repeats = "agency" }, { id = "witness", reliability = 0.7 }]
        claim = [{ source = "paper", text = "about 85 km from the Chinese border" }, { source = "witness", attribute = { tag = "rail", likelihood_ratio = 3 } }]
        what_if = [{ title = "no agency", without_sources = ["agency"] }]
    "#;
    let scenario = scenario(&folder, "q.toml", text);
    let sites = scenario.load_sites().expect("three sites");
    let constraints = scenario.constraints(&Reading::default());
    let options = siteband::RobustnessOptions { draws: 0, ..scenario.robustness_options() };
    let report = sites.robustness(&constraints, scenario.options(), &options);
    let without = sites.rank(&constraints[1..], scenario.options());
    assert!((report.assumptions[0].none_of_these - without.none_of_these).abs() < 1e-12);
}

#[test]
fn every_file_that_is_named_is_listed_once() {
    let folder = folder("scenario-files");
    let border = |lat_deg: f64| {
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","id":"line","properties":{{}},
            "geometry":{{"type":"LineString","coordinates":[[125,{lat_deg}],[127,{lat_deg}]]}}}}]}}"#
        )
    };
    fs::create_dir_all(folder.join("maps")).expect("a folder");
    fs::write(folder.join("maps/line.geojson"), border(40.0)).expect("written");
    fs::write(folder.join("moved.geojson"), border(40.1)).expect("written");
    fs::write(folder.join("roads.geojson"), border(39.5)).expect("written");
    let text = r#"
sites = "sites.csv"
atlas = "maps/line.geojson"
other_atlas = "moved.geojson"

[gazetteer]
places = "sites.csv"
kernel_km = 5

[[feature]]
id = "mill"
at = "39.5 N 125.5 E"

[[source]]
id = "agency"
reliability = 0.9

[[claim]]
source = "agency"
text = "about 20 km from line"

[[claim]]
source = "agency"
access = { to = ["mill"], detour = 1.3, scale_km = 20, network = "maps/../roads.geojson" }
"#;
    let scenario = scenario(&folder, "files.toml", text);
    let files: Vec<&str> = scenario.files().iter().filter_map(|file| file.to_str()).collect();
    assert_eq!(files, ["maps/line.geojson", "sites.csv", "maps/../roads.geojson", "moved.geojson"]);
    assert_eq!(scenario.path(), folder.join("files.toml"));
    for file in files {
        assert!(folder.join(file).is_file(), "{file}");
    }
}
