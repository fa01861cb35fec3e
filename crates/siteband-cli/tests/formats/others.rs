//! What the other commands write.

use std::collections::BTreeSet;

use crate::common::{BORDER, CLAIM, Folder, SITES, repository, siteband, siteband_with};
use crate::{SITE_COUNT, column, ends, keys, list, number, parse, rank};

#[test]
fn claim_json_has_the_keys_of_the_contract() {
    // The words, the hedge, the number, its unit, metres, the direction, the feature.
    type Meaning<'a> = (&'a str, Option<&'a str>, f64, &'a str, f64, Option<&'a str>, &'a str);
    let sentences: [Meaning; 8] = [
        (
            "about 85 kilometers from the North Korean border with China",
            Some("about"),
            85.0,
            "km",
            85_000.0,
            None,
            "the North Korean border with China",
        ),
        (
            "a military facility about 85 kilometers from the North Korean border with China",
            Some("about"),
            85.0,
            "km",
            85_000.0,
            None,
            "the North Korean border with China",
        ),
        (
            "338-kilometers north of the demilitarized zone",
            None,
            338.0,
            "km",
            338_000.0,
            Some("north"),
            "the demilitarized zone",
        ),
        (
            "nearly 53 miles from the Chinese border",
            Some("nearly"),
            53.0,
            "mi",
            53.0 * 1609.344,
            None,
            "the Chinese border",
        ),
        ("85.0 km NNE of Pyongyang, officials said", None, 85.0, "km", 85_000.0, Some("north-northeast"), "Pyongyang"),
        ("at least 100 nautical miles from Seoul", Some("at least"), 100.0, "nmi", 185_200.0, None, "Seoul"),
        ("no more than 1,200 m from the bridge", Some("at most"), 1200.0, "m", 1200.0, None, "the bridge"),
        ("roughly 0.5 miles away from the bridge", Some("roughly"), 0.5, "mi", 804.672, None, "the bridge"),
    ];
    for (text, hedge, value, unit, offset_m, direction, feature) in sentences {
        let json = siteband(&["claim", text, "--format", "json"]).ok().json();
        for key in ["text", "hedge", "value", "unit", "offset_m", "direction", "feature", "band"] {
            assert!(json.get(key).is_some(), "{text}: no key {key}");
        }
        assert_eq!(json["text"], text);
        assert_eq!(json["hedge"].as_str(), hedge, "{text}");
        assert_eq!(json["value"], value, "{text}");
        assert_eq!(json["unit"], unit, "{text}");
        assert!((number(&json, "offset_m") - offset_m).abs() < 1e-9, "{text}: {}", json["offset_m"]);
        assert_eq!(json["direction"].as_str(), direction, "{text}");
        assert_eq!(json["feature"], feature, "{text}");

        let band = &json["band"];
        let band_keys = ["core_m", "support_m", "credible_50_m", "credible_80_m", "credible_90_m"];
        assert_eq!(keys(band), BTreeSet::from(band_keys));
        let [core, support, half, most, nearly_all] = band_keys.map(|key| ends(band, key));
        let within = |inner: (f64, f64), outer: (f64, f64)| outer.0 <= inner.0 && inner.1 <= outer.1;
        assert!(within(core, support), "{text}: {band}");
        assert!(within(half, most) && within(most, nearly_all), "{text}: {band}");
    }
}

#[test]
fn claim_json_follows_the_reading() {
    let band = |reading: &str| siteband(&["claim", CLAIM, "--format", "json", "--reading", reading]).ok().json();
    let analyst = band("analyst");
    assert_eq!(ends(&analyst["band"], "core_m"), (90_000.0, 100_000.0));
    assert_eq!(ends(&analyst["band"], "support_m"), (70_000.0, 120_000.0));
    assert_eq!(ends(&band("literal")["band"], "support_m"), (84_500.0, 85_500.0));
    assert_eq!(ends(&band("rounded")["band"], "support_m"), (82_500.0, 87_500.0));
    let default = siteband(&["claim", CLAIM, "--format", "json"]).ok();
    assert_eq!(default.json(), band("mixture"));
    let (from, to) = ends(&band("mixture-prior")["band"], "credible_90_m");
    assert!((from - 73_600.0).abs() < 100.0 && (to - 96_800.0).abs() < 100.0, "{from} to {to}");
}

#[test]
fn claim_table_shows_every_reading() {
    let table = siteband(&["claim", CLAIM]).ok();
    for words in [
        "about",
        "85 km = 85.000 km",
        "the Chinese border",
        "90.0–100.0",
        "70.0–120.0",
        "mixture-prior",
        "mixture (2026-11)",
    ] {
        assert!(table.text().contains(words), "no \"{words}\" in {}", table.text());
    }
}

#[test]
fn distances_are_those_of_the_borders() {
    for (border, sino_ri_km, nearby_km) in [(BORDER, 92.38, 90.60), ("data/borders/cn-kp-110m.geojson", 89.33, 86.62)] {
        let (header, rows) = siteband(&["distance", "--to", border, "--sites", SITES]).ok().csv();
        assert_eq!(
            header,
            ["id", "lat", "lon", "distance_m", "nearest_lat", "nearest_lon", "feature", "part", "segment"]
        );
        assert_eq!(rows.len(), SITE_COUNT);
        for (id, km) in [("sino-ri", sino_ri_km), ("sino-ri-nearby", nearby_km)] {
            let row = rows.iter().find(|row| row[0] == id).expect("the site");
            let found_km = parse(&row[3]) / 1000.0;
            assert!((found_km - km).abs() <= 0.01, "{id} from {border}: {found_km} km");
        }
        for row in &rows {
            assert_eq!(row[6], "cn-kp");
            assert_eq!(row[7], "0");
            assert!(row[8].parse::<usize>().is_ok(), "{row:?}");
        }
    }
}

#[test]
fn distances_have_full_precision() {
    let (_, rows) = siteband(&["distance", "--to", BORDER, "--sites", SITES]).ok().csv();
    for row in &rows {
        for field in &row[1..6] {
            // The shortest text that is read back as the same bits.
            assert_eq!(&parse(field).to_string(), field);
        }
    }
    assert!(rows.iter().filter(|row| row[3].len() >= 15).count() > SITE_COUNT / 2, "rounded? {rows:?}");
    // The ranking measures the very same: digit for digit.
    let json = rank("json", &[]);
    for row in &rows {
        for (field, key) in row[3..6].iter().zip(["distance_m", "nearest_lat", "nearest_lon"]) {
            assert!(json.text().contains(&format!("\"{key}\": {field},")), "{key} of {}: {field}", row[0]);
        }
    }
}

#[test]
fn distance_reads_standard_input_and_keeps_the_order() {
    let table = std::fs::read(repository().join(SITES)).expect("the list of sites");
    let from_stdin = siteband_with(&["distance", "--to", BORDER, "--sites", "-"], &table, &[]).ok();
    assert_eq!(from_stdin.stdout, siteband(&["distance", "--to", BORDER, "--sites", SITES]).ok().stdout);
    let input: Vec<&str> =
        std::str::from_utf8(&table).expect("UTF-8").lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let ids: Vec<String> = from_stdin.csv().1.into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(ids, input);
}

#[test]
fn distance_takes_one_feature_or_the_nearest_of_all() {
    let features = "data/sites/features.geojson";
    let with = |more: &[&str]| siteband(&[&["distance", "--to", features, "--sites", SITES], more].concat()).ok().csv();
    let single = |id: &str| {
        let (header, rows) = with(&["--feature", id]);
        assert!(rows.iter().all(|row| row[6] == id), "{id}");
        column(&header, &rows, "distance_m")
    };
    let (pyongyang, seoul, bridge) = (single("pyongyang"), single("seoul"), single("sinuiju-dandong-bridge"));
    let (header, rows) = with(&[]);
    for (at, nearest) in column(&header, &rows, "distance_m").into_iter().enumerate() {
        assert_eq!(nearest, pyongyang[at].min(seoul[at]).min(bridge[at]), "{}", rows[at][0]);
    }
    assert_eq!(with(&["--feature", "Pyongyang"]).1, with(&["--feature", "pyongyang"]).1);
}

#[test]
fn borders_are_listed_in_both_formats() {
    let json = siteband(&["borders", "--format", "json"]).ok().json();
    let ids: Vec<_> = json.as_array().expect("a list").iter().filter_map(|feature| feature["id"].as_str()).collect();
    for id in ["cn-kp", "kp-kr", "north-korea", "pyongyang"] {
        assert!(ids.contains(&id), "{ids:?}");
    }
    let table = siteband(&["borders"]).ok();
    assert!(ids.iter().all(|id| table.text().contains(id)), "{}", table.text());
    assert!(table.text().lines().all(|line| line.chars().count() <= 100), "{}", table.text());
    for (arguments, expected) in [
        (&["--country", "China"][..], vec!["cn-kp"]),
        (&["--country", "KP"], vec!["cn-kp", "kp-kr"]),
        (&["--country", "North Korea", "--with", "south korea"], vec!["kp-kr"]),
    ] {
        let json = siteband(&[&["borders", "--format", "json"], arguments].concat()).ok().json();
        let ids: Vec<_> = json.as_array().expect("a list").iter().filter_map(|border| border["id"].as_str()).collect();
        assert_eq!(ids, expected, "{arguments:?}");
    }
}

#[test]
fn a_new_scenario_can_be_checked_and_ranked() {
    let folder = Folder::new();
    folder.file("sites.csv", "id,lat,lon,tags\na,39.647,125.367,training\nb,40.2,126.1,\n");
    let path = folder.path("question.toml");
    let new = siteband(&["new", &path]).ok();
    assert!(new.stdout.is_empty() && new.stderr.contains("question.toml"), "{}", new.stderr);
    let check = siteband(&["check", &path]);
    assert_eq!(check.code, Some(0), "it is not understood: {}", check.stderr);
    assert_eq!(list(&siteband(&["rank", &path, "--format", "json"]).ok().json(), "ranking").len(), 2);
    // Comments are what it is for, and JSON has none.
    let json = siteband(&["new", &folder.path("question.json")]);
    assert_eq!(json.code, Some(1));
    assert!(json.stderr.contains("expected a name in .toml"), "{}", json.stderr);
}
