//! `siteband map`, and the formats of `rank` that draw: what is written, and what is refused.

mod common;

use common::{CLAIM, Folder, Problems, SINO_RI, SITES, siteband};
use serde_json::Value;

/// A list with names that were chosen to break a map.
const HOSTILE: &str = "id,name,group,lat,lon,tags\n\
    a,<script>alert(1)</script>,g,39.1,125.5,town\n\
    b,=cmd(),g,39.2,125.5,training\n\
    c,]]>,,39.3,125.5,\n\
    d,\u{202e}\u{5e9}\u{5dc}\u{5d5}\u{5dd},,39.4,125.5,\n\
    e,control \u{1},,39.5,125.5,\n\
    f,\"\"\"q\"\" | `b`\",,39.6,125.5,\n";

#[test]
fn the_ending_says_what_is_written() {
    let folder = Folder::new();
    let cases: [(&str, &[u8]); 4] = [
        ("map.kml", b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml "),
        ("map.KMZ", b"PK"),
        ("map.geojson", b"{\"type\":\"FeatureCollection\""),
        ("map.md", b"# Iranian experts in North Korea, 2012\n"),
    ];
    for (name, start) in cases {
        let ran = siteband(&["map", SINO_RI, "-o", &folder.path(name)]).ok();
        assert!(ran.stdout.is_empty() && ran.stderr.is_empty(), "{}", ran.stderr);
        assert!(folder.read(name).starts_with(start), "{name}");
    }
    // The style stands beside the GeoJSON, and nothing else is left.
    assert!(folder.read("map.qml").starts_with(b"<!DOCTYPE qgis"));
    assert_eq!(folder.names().len(), 5);
}

#[test]
fn a_map_and_a_ranking_say_the_same() {
    let folder = Folder::new();
    for (format, name) in [("kml", "map.kml"), ("markdown", "map.md")] {
        siteband(&["map", SINO_RI, "--reading", "analyst", "-o", &folder.path(name)]).ok();
        let ranked = siteband(&["rank", SINO_RI, "--reading", "analyst", "--format", format]).ok();
        assert_eq!(folder.read(name), ranked.stdout);
    }
    // Every property of a site in the GeoJSON of a ranking is in that of a map.
    siteband(&["map", SINO_RI, "-o", &folder.path("map.geojson")]).ok();
    let map: Value = serde_json::from_slice(&folder.read("map.geojson")).expect("JSON");
    let ranked = siteband(&["rank", SINO_RI, "--format", "geojson"]).ok().json();
    let features = map["features"].as_array().expect("features");
    let sites = features.iter().filter(|feature| feature["properties"]["layer"] == "site");
    for (drawn, ranked) in sites.zip(ranked["features"].as_array().expect("features")) {
        assert_eq!((&drawn["id"], &drawn["geometry"]), (&ranked["id"], &ranked["geometry"]));
        for (key, value) in ranked["properties"].as_object().expect("properties") {
            assert_eq!(&drawn["properties"][key], value, "{key}");
        }
    }
    for key in ["title", "none_of_these", "prior_none", "reading", "caution"] {
        assert_eq!(map[key], ranked[key], "{key}");
    }
}

#[test]
fn rejected_rows_are_told() {
    let folder = Folder::new();
    let sites = folder.file("sites.csv", "id,lat,lon\na,39.6,125.4\nb,95,125\n");
    for name in ["map.kml", "map.geojson", "map.md"] {
        let ran = siteband(&["map", SINO_RI, "--sites", &sites, "-o", &folder.path(name)]);
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        assert!(ran.stderr.contains("warning: 1 of 2 rows scored, 1 rejected"), "{}", ran.stderr);
        assert!(!folder.read(name).is_empty());
    }
}

#[test]
fn hostile_names_are_read_from_a_list_and_written() {
    let folder = Folder::new();
    let sites = folder.file("hostile.csv", HOSTILE);
    for name in ["map.kml", "map.kmz", "map.geojson", "map.md"] {
        siteband(&["map", SINO_RI, "--sites", &sites, "-o", &folder.path(name)]).ok();
    }
    // The placemarks are read again as sites, under their names.
    let again = siteband(&["distance", "--to", common::BORDER, "--sites", &folder.path("map.kmz")]);
    assert_eq!(again.csv().1.len(), 6 + 3, "{}", again.stderr);
    let kml = String::from_utf8(folder.read("map.kml")).expect("UTF-8");
    assert!(kml.contains("<name>&lt;script&gt;alert(1)&lt;/script&gt;</name>"));
    assert!(!kml.contains('\u{1}') && !kml.contains("<script"));
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let folder = Folder::new();
    let mut problems = Problems::default();
    let endings = ["expected one of .kml, .kmz, .geojson, .md"];
    problems.refused("another ending", &["map", SINO_RI, "-o", &folder.path("map.doc")], 2, &endings);
    problems.refused("no ending", &["map", SINO_RI, "-o", &folder.path("map")], 2, &endings);
    problems.refused("no output", &["map", SINO_RI], 2, &["--output <FILE>"]);
    problems.refused("no scenario", &["map", "none.toml", "-o", &folder.path("map.kml")], 1, &["none.toml"]);
    let reading = ["map", SINO_RI, "--reading", "guess", "-o", &folder.path("map.kml")];
    problems.refused("a reading", &reading, 2, &["guess"]);
    let no_folder = folder.path("none/map.kml");
    problems.refused("no folder", &["map", SINO_RI, "-o", &no_folder], 1, &["No such file or folder"]);
    let empty = folder.file("empty.csv", "id,lat,lon\n");
    let no_sites = ["map", SINO_RI, "--sites", &empty, "-o", &folder.path("map.kml")];
    problems.refused("no sites", &no_sites, 1, &["the list has no valid site to rank"]);
    for format in ["kml", "markdown"] {
        let claim = ["rank", "--claim", CLAIM, "--sites", SITES, "--format", format];
        problems.refused(format, &claim, 2, &[&format!("--format {format} needs a scenario, not --claim")]);
        let top = ["rank", SINO_RI, "--top", "3", "--format", format];
        problems.refused(format, &top, 2, &["leave out --top"]);
    }
    problems.none(11);
    assert_eq!(folder.names(), ["empty.csv"]);
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    let folder = Folder::new();
    let starts = ["=", "+", "-", "@", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}", "  =", "\u{3000}\u{ff1d}", "\t="];
    let rows: Vec<String> = (0..)
        .zip(starts)
        .map(|(at, start)| format!("\"{start}{at}\",\"{start}x\",\"{start}g\",39.{at},125.5,\"{start}t\"\n"))
        .collect();
    let sites = folder.file("sites.csv", format!("id,name,group,lat,lon,tags\n{}", rows.concat()));
    let (_, rows) = siteband(&["rank", SINO_RI, "--sites", &sites, "--format", "csv"]).ok().csv();
    assert_eq!(rows.len(), starts.len() + 1);
    for cell in rows.iter().flatten().filter(|cell| cell.parse::<f64>().is_err()) {
        let first = cell.trim_start();
        assert!(!first.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']), "{cell}");
    }
}
