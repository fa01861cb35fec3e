//! Questions at the edge: what contradicts itself, ties, one statement, long lists, large groups.

mod common;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use common::siteband;
use tempfile::TempDir;

const POINTS: &str = "
[[feature]]
id = 'py'
name = 'Pyongyang'
at = '39.03 N 125.75 E'

[[feature]]
id = 'x'
name = 'Xtown'
at = '40.0 N 125.0 E'
";

const FIVE: &str = "id,name,group,lat,lon,tags
s1,Site one,,39.7,125.4,t
s2,Site two,g,39.9,125.1,
s3,Site three,g,40.5,126.1,
s4,Site four,,38.9,125.6,t
s5,Site five,,41.2,128.9,
";

/// A scenario of one source over a list of sites, with statements of one line each.
fn scenario(folder: &Path, sites: &str, reliability: f64, statements: &[&str]) -> String {
    let path = folder.join("question.toml");
    let mut text = format!("sites = 'sites.csv'\n{POINTS}\n[[source]]\nid = 'a'\nreliability = {reliability}\n");
    for statement in statements {
        let _ = write!(text, "\n[[claim]]\nsource = 'a'\n{statement}\n");
    }
    fs::write(folder.join("sites.csv"), sites).expect("a list");
    fs::write(&path, text).expect("a scenario");
    path.to_string_lossy().into_owned()
}

fn folder() -> TempDir {
    TempDir::new().expect("a folder")
}

/// Where nothing is possible, no place is first, draws have the prior that the ranking has, and nothing is no number.
#[test]
fn a_contradiction_has_no_first_place() {
    let folder = folder();
    let said = ["text = 'about 85 km from Xtown'", "text = 'about 600 km from Xtown'"];
    let path = scenario(folder.path(), FIVE, 1.0, &said);
    let literal = ["--reading", "literal"];
    let ranked = siteband(&["rank", &path, "--format", "json", literal[0], literal[1]]).ok().json();
    assert_eq!(ranked["contradiction"], true);
    let report = &ranked["robustness"];
    assert!(report["leader"].is_null(), "{}", report["leader"]);
    for site in report["acceptability"]["sites"].as_array().expect("sites") {
        let ranked = ranked["ranking"].as_array().expect("sites").iter().find(|other| other["id"] == site["id"]);
        let prior = ranked.and_then(|ranked| ranked["posterior"].as_f64()).expect("ranked");
        assert!((site["posterior_median"].as_f64().expect("a number") - prior).abs() < 1e-12, "{site}");
    }
    assert_eq!(report["acceptability"]["none_first"], 0.0);
    let text = siteband(&["rank", &path, "--full", literal[0], literal[1]]).ok();
    assert!(text.text().contains("draws of all numbers at once, no place is ever possible"), "{}", text.text());
    assert!(!text.text().contains("NaN") && !text.text().contains("stays first"), "{}", text.text());
    let explained = siteband(&["explain", &path, "s1", literal[0], literal[1]]).ok();
    assert!(!explained.text().contains("ahead of"), "{}", explained.text());
}

/// 0.1 and 0.1 of a group are no more than 0.2 of a site: only ids decide, those of the best sites of places (s1, then s2 of g, then
/// s4), and no rounding.
#[test]
fn sums_that_are_equal_are_tied() {
    let folder = folder();
    let path = scenario(folder.path(), FIVE, 0.9, &["nearby = { tag = 'nobody', midpoint_km = 10, scale_km = 3 }"]);
    let report = siteband(&["rank", &path, "--format", "json"]).ok().json()["robustness"].clone();
    assert_eq!(report["leader"]["place"], "s1");
    assert_eq!(report["leader"]["runner_up"], "g");
    assert_eq!(report["leader"]["lead_decibans"].as_f64().map(|lead| lead.abs() < 1e-9), Some(true));
    for point in report["tipping_points"].as_array().expect("points").iter().skip(1) {
        assert!(point["tips_at"].is_null(), "{point}");
    }
    let text = siteband(&["rank", &path]).ok();
    assert!(text.text().contains("s1, s4 and s5 are tied for the first rank."), "{}", text.text());
    assert!(text.text().contains("it tells no site from another"), "{}", text.text());
    let explained = siteband(&["explain", &path, "s1"]).ok();
    assert!(explained.text().contains("Only the order of ids puts it first"), "{}", explained.text());
}

/// What was not said is not compared with, and leaving out the only statement is no test of anything.
#[test]
fn one_statement_is_not_compared_with_none() {
    let folder = folder();
    let path = scenario(folder.path(), FIVE, 1.0, &["text = 'about 85 km from the Chinese border'"]);
    let text = siteband(&["rank", &path, "--full"]).ok();
    assert!(text.text().contains("on the distance alone"), "{}", text.text());
    assert!(!text.text().contains("Leaving out one statement"), "{}", text.text());
    let one = "id,name,lat,lon\ns1,Site one,39.7,125.4\n";
    let path = scenario(folder.path(), one, 1.0, &["text = 'about 85 km from the Chinese border'"]);
    let explained = siteband(&["explain", &path, "s1", "--reading", "literal"]).ok();
    assert!(explained.text().contains("leaves any listed site possible"), "{}", explained.text());
    assert!(!explained.text().contains("inf"), "{}", explained.text());
}

/// A list of thousands that are alike: the sentences name a few, and a site's share of draws is of the whole list.
#[test]
fn thousands_of_ties_fit_on_a_screen() {
    let folder = folder();
    let mut sites = String::from("id,name,lat,lon,tags\n");
    for site in 0..3000 {
        let tag = if site % 2 == 0 { "t" } else { "" };
        let _ = writeln!(sites, "m{site},M {site},39.5,{},{tag}", 125.0 + f64::from(site) * 1e-3);
    }
    let path = scenario(folder.path(), &sites, 0.9, &["attribute = { tag = 't', likelihood_ratio = 3 }"]);
    let text = siteband(&["rank", &path, "--full", "--top", "3"]).ok();
    assert!(text.text().contains("and 1498 more are tied for the first rank."), "{}", text.text());
    assert!(text.text().lines().count() < 100);
    let report = siteband(&["rank", &path, "--format", "json", "--top", "1"]).ok().json();
    let posterior = report["ranking"][0]["posterior"].as_f64().expect("a number");
    let middle = report["robustness"]["acceptability"]["sites"][0]["posterior_median"].as_f64().expect("a number");
    assert!((middle / posterior - 1.0).abs() < 0.5, "{middle} of draws, {posterior} itself");
}

/// A group whose sites are many and small is first by all of them, in draws too.
#[test]
fn a_large_group_counts_whole() {
    let folder = folder();
    let mut sites = String::from("id,name,group,lat,lon,tags\n");
    for site in 0..100 {
        let _ = writeln!(sites, "m{site},M {site},big,39.5,125.5,t");
    }
    for site in 0..40 {
        let _ = writeln!(sites, "k{site},K {site},,39.6,{},", 125.5 + f64::from(site) * 1e-3);
    }
    let path = scenario(folder.path(), &sites, 0.9, &["attribute = { tag = 't', likelihood_ratio = 9 }"]);
    let report = siteband(&["rank", &path, "--format", "json"]).ok().json()["robustness"].clone();
    assert_eq!(report["leader"]["place"], "big");
    let first = &report["acceptability"]["first_places"][0];
    assert_eq!(first["of"], "big");
    assert!(first["share"].as_f64() > Some(0.9), "{first}");
}

/// Two statements that a place satisfies nearly, or as far as a matter of degree can be, contradict nothing; 85 km from a place and
/// 200 km from it do.
#[test]
fn only_contradictions_are_flagged() {
    let folder = folder();
    let flagged = |statements: &[&str]| {
        let path = scenario(folder.path(), FIVE, 0.9, statements);
        let report = siteband(&["rank", &path, "--format", "json"]).ok().json();
        let flags = report["robustness"]["flags"].as_array().expect("flags").clone();
        flags.iter().any(|flag| flag["flag"] == "contradiction")
    };
    let access = "access = { to = ['py'], detour = 1.3, scale_km = 10 }";
    assert!(!flagged(&["text = 'about 85 km from the Chinese border'", access]));
    assert!(flagged(&["text = 'about 85 km from Xtown'", "text = 'about 200 km from Xtown'"]));
}

/// The number of a statement with a distance is in CSV as in GeoJSON; lines end at 100 columns.
#[test]
fn every_distance_is_written_and_every_line_wrapped() {
    let folder = folder();
    let statements = [
        "access = { to = ['py', 'x'], detour = 1.3, scale_km = 50 }\nnote = 'a note that goes on and on, as notes do that were written by somebody who had much to say about roads'",
        "nearby = { tag = 't', midpoint_km = 10, scale_km = 3, include_self = true }",
    ];
    let path = scenario(folder.path(), FIVE, 0.9, &statements);
    let (header, rows) = siteband(&["rank", &path, "--format", "csv"]).ok().csv();
    for column in ["a-1_distance_m", "a-2_distance_m"] {
        let at = header.iter().position(|name| name == column).expect(column);
        assert!(rows[0][at].parse::<f64>().is_ok(), "{column}: {:?}", rows[0]);
    }
    let explained = siteband(&["explain", &path, "s1"]).ok();
    assert!(explained.text().lines().all(|line| line.chars().count() <= 100), "{}", explained.text());
    assert!(explained.text().contains("0 m from the nearest site tagged 't'"), "{}", explained.text());
}
