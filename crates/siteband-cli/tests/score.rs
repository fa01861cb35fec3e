//! `siteband score`: every row of a list, in its order, with what a ranking would give it.

mod common;

use std::collections::HashMap;
use std::fmt::Write;

use common::{Folder, Problems, SINO_RI, SITES, siteband, siteband_with};
use serde_json::Value;

/// A table of sites in and around the country, with some rows that are none.
fn table(rows: usize) -> String {
    let mut table = "id,lat,lon,tags,note\n".to_owned();
    for row in 0..rows {
        let share = |step: usize| f64::from(u32::try_from(row * step % 10_007).expect("small")) / 10_007.0;
        let lat_deg = if row % 5_000 == 7 { 95.0 } else { 37.5 + 5.6 * share(6_185) };
        let tags = if row % 97 == 0 { "training;x" } else { "" };
        let note = if row % 100 == 3 { "\"two\nlines, \"\"quoted\"\"\"" } else { "" };
        writeln!(table, "s{row},{lat_deg:.6},{:.6},{tags},{note}", 124.0 + 7.0 * share(3_822)).expect("text");
    }
    table
}

#[test]
fn listed_sites_have_the_scores_of_the_ranking() {
    let folder = Folder::new();
    let summary = folder.path("summary.json");
    let scored = siteband(&["score", SINO_RI, "--sites", SITES, "--summary", &summary]).ok();
    assert!(scored.stderr.is_empty(), "{}", scored.stderr);
    let (header, rows) = scored.csv();
    let ranking = siteband(&["rank", SINO_RI, "--format", "json", "--no-robustness"]).ok().json();
    let ranked: HashMap<&str, &Value> = ranking["ranking"]
        .as_array()
        .expect("a ranking")
        .iter()
        .map(|site| (site["id"].as_str().expect("an id"), site))
        .collect();
    assert_eq!(rows.len(), ranked.len());
    let column =
        |name: &str| header.iter().position(|other| other == name).unwrap_or_else(|| panic!("{name}: {header:?}"));
    let number = |row: &[String], name: &str| row[column(name)].parse::<f64>().expect("a number");
    let is_near = |a: f64, b: f64| (a - b).abs() <= 1e-10 * b.abs().max(1.0);
    for row in &rows {
        let site = ranked[row[column("id")].as_str()];
        assert!(is_near(number(row, "log_likelihood"), site["log_likelihood"].as_f64().expect("a number")));
        for evidence in site["evidence"].as_array().expect("evidence") {
            let claim = evidence["claim"].as_str().expect("a claim");
            let ln = evidence["log_likelihood"].as_f64().expect("a number");
            assert!(is_near(number(row, &format!("{claim}_log_likelihood")), ln), "{claim}");
            let name = format!("{claim}_distance_m");
            if let Some(m) = evidence["distance_m"].as_f64() {
                assert!((number(row, &name) - m).abs() < 1e-6, "{claim}");
            } else {
                // An attribute has none; the only site with a tag has no other one nearby.
                assert!(!header.contains(&name) || number(row, &name) == f64::INFINITY, "{claim}");
            }
        }
    }
    // The columns of the list stand first, as they were.
    let list = std::fs::read_to_string(common::repository().join(SITES)).expect("a list");
    for (row, line) in scored.text().lines().zip(list.lines()) {
        assert!(row.starts_with(line), "{row}");
    }
    let summary: Value = serde_json::from_slice(&folder.read("summary.json")).expect("JSON");
    assert_eq!(summary["scored"].as_u64(), Some(rows.len() as u64));
    let ln_none = summary["log_likelihood_none"].as_f64().expect("a number");
    // Each row has its own weight, whatever its group.
    assert_eq!(summary["weight"].as_f64(), Some(29.0));
    let mean = rows.iter().map(|row| number(row, "log_likelihood").exp()).sum::<f64>() / 29.0;
    assert!(is_near(summary["log_mean_likelihood"].as_f64().expect("a number"), mean.ln()));
    let none = 0.2 * ln_none.exp();
    assert!(is_near(summary["none_of_these"].as_f64().expect("a share"), none / (none + 0.8 * mean)));
    for row in &rows {
        let decibans = 10.0 * (number(row, "log_likelihood") - ln_none) / std::f64::consts::LN_10;
        assert!((number(row, "decibans") - decibans).abs() < 1e-9);
    }
}

#[test]
fn every_row_is_accounted_for_by_any_number_of_threads() {
    let folder = Folder::new();
    let rows = 60_000;
    let sites = folder.file("sites.csv", table(rows));
    let [one, rejects] = ["one.csv", "rejects.csv"].map(|name| folder.path(name));
    let scored = siteband(&["score", SINO_RI, "--sites", &sites, "-o", &one, "--rejects", &rejects, "--threads", "1"]);
    assert_eq!(scored.code, Some(1), "{}", scored.stderr);
    assert_eq!(scored.stderr.trim(), "warning: 59988 of 60000 rows scored, 12 rejected");
    let of_file = folder.read("one.csv");
    let mut reader = csv::Reader::from_reader(of_file.as_slice());
    let ids = reader.records().map(|row| row.expect("rows of one length")[0].to_owned());
    assert!(ids.eq((0..rows).filter(|row| row % 5_000 != 7).map(|row| format!("s{row}"))), "in the order of the list");
    let told = String::from_utf8(folder.read("rejects.csv")).expect("UTF-8");
    assert_eq!(told.lines().count(), 13);
    // Seven rows and one more line of a note come before it.
    assert!(told.lines().nth(1).is_some_and(|line| line.starts_with(&format!("{sites},10,lat,95.000000,"))), "{told}");

    let many = siteband_with(
        &["score", SINO_RI, "--sites", "-", "--threads", "5"],
        table(rows).replace('\n', "\r\n").as_bytes(),
        &[],
    );
    assert_eq!(many.code, Some(1));
    assert!(many.stderr.contains("rejected: -: line 10, lat: '95.000000'"), "{}", many.stderr);
    assert!(many.stdout == of_file, "the same bytes from standard input, with other line ends and more threads");
    assert_eq!(folder.names().len(), 3, "{:?}", folder.names());
}

#[test]
fn what_cannot_be_done_is_said_and_leaves_nothing() {
    let folder = Folder::new();
    let good = folder.file("good.csv", table(10).replace("95.000000", "39"));
    let bad = folder.file("bad.csv", table(10));
    let output = folder.path("out.csv");
    let bare = folder.file(
        "bare.toml",
        "[[source]]\nid = \"a\"\nreliability = 0.9\n[[claim]]\nsource = \"a\"\nattribute = { tag = \"x\", likelihood_ratio = 2 }\n",
    );
    let scored = folder.file("scored.csv", "id,lat,lon,decibans\na,39,125,1\n");
    let mut problems = Problems::default();
    for (case, args, code, says) in [
        ("no list", vec![SINO_RI], 2, "--sites"),
        ("no scenario", vec!["none.toml", "--sites", &good], 1, "none.toml"),
        ("no such list", vec![SINO_RI, "--sites", "none.csv"], 1, "none.csv"),
        ("a folder", vec![SINO_RI, "--sites", "src"], 1, "this is a folder"),
        ("another kind", vec![SINO_RI, "--sites", "Cargo.toml"], 1, "Cargo.toml: unknown kind of site list"),
        ("scores twice", vec![SINO_RI, "--sites", &scored], 1, "rename it"),
        ("nothing to hold against", vec![&bare, "--sites", &good], 1, "neither a search_region nor sites"),
        ("resume a stream", vec![SINO_RI, "--sites", &good, "--resume"], 2, "give --output FILE"),
        (
            "one file twice",
            vec![SINO_RI, "--sites", &good, "-o", &output, "--rejects", &output],
            2,
            "needs a file of its own",
        ),
        ("no threads", vec![SINO_RI, "--sites", &good, "--threads", "0"], 2, "--threads"),
        ("no folder", vec![SINO_RI, "--sites", &good, "-o", "none/out.csv"], 1, "No such file or folder"),
        ("too many errors", vec![SINO_RI, "--sites", &bad, "-o", &output, "--max-errors", "0"], 1, "more than 0 rows"),
    ] {
        let ran = siteband(&[&["score"], args.as_slice()].concat());
        problems.check(case, &ran, code, &[says]);
        problems.must(case, "something on standard output", ran.stdout.is_empty());
        problems.must(case, "a file appeared", !folder.names().contains(&"out.csv".to_owned()));
    }
    // What was cut short is gone on with, or begun anew by hand.
    let again = siteband(&["score", SINO_RI, "--sites", &bad, "-o", &output, "--resume"]);
    problems.check("resumed", &again, 1, &["9 of 10 rows scored, 1 rejected"]);
    problems.must("resumed", "no file", folder.names().contains(&"out.csv".to_owned()));
    // The file that is named is the one to delete.
    siteband(&["score", SINO_RI, "--sites", &bad, "-o", &output, "--max-errors", "0"]);
    let cut_short = siteband(&["score", SINO_RI, "--sites", &bad, "-o", &output]);
    let journal = folder.path("out.csv.journal");
    problems.check("cut short", &cut_short, 1, &[&journal, "delete this file to begin anew"]);
    let other = siteband(&["score", SINO_RI, "--sites", &good, "-o", &output, "--resume"]);
    problems.check("another list", &other, 1, &[&journal, "the list of sites has changed"]);
    std::fs::remove_file(&journal).expect("a journal");
    problems.check("begun anew", &siteband(&["score", SINO_RI, "--sites", &good, "-o", &output]), 0, &[]);
    problems.none(0);
}

/// Lists that are no tables get the columns that siteband knows, and those of their properties in the order in which they come up.
#[test]
fn other_lists_are_tables_too() {
    let folder = Folder::new();
    let feature = |properties: &str, lon_deg: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"Point","coordinates":[{lon_deg},39.5]}}}}"#
        )
    };
    let features = [
        feature(r#""id":"a","name":"a","remark":"one, \"two\"""#, 125.25),
        feature(r#""id":"b","name":"Bee","height":7,"tags":["training","x"]"#, 126.5),
    ];
    let collection = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    for list in [folder.file("list.geojson", collection), folder.file("list.geojsonl", features.join("\n"))] {
        let (header, rows) = siteband(&["score", SINO_RI, "--sites", &list]).ok().csv();
        let known = ["id", "name", "group", "lat", "lon", "tags", "prior", "uncertainty_m", "remark", "height"];
        assert_eq!(header[..10], known, "{list}");
        assert_eq!(header[10], "log_likelihood");
        let firsts: Vec<Vec<&str>> =
            rows.iter().map(|row| [0, 1, 3, 4, 5, 8, 9].map(|at| row[at].as_str()).to_vec()).collect();
        assert_eq!(firsts[0], ["a", "", "39.5", "125.25", "", "one, \"two\"", ""], "{list}");
        assert_eq!(firsts[1], ["b", "Bee", "39.5", "126.5", "training;x", "", "7"], "{list}");
    }
}
