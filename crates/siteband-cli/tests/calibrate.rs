//! `siteband calibrate`: readings held against claims whose truth is known.

mod common;

use std::collections::BTreeSet;
use std::fmt::Write;

use common::{Folder, Problems, Ran, siteband, siteband_with};
use serde_json::Value;

/// 96 published distances of 48 markets, which come with the project.
const MARKETS: &str = "data/claims/dprk-markets.csv";

/// What the default reading is called wherever it is named.
const DEFAULT: &str = "mixture (2026-11)";

/// The parameters of a mixture that a fit may change.
const FREE: [&str; 9] = [
    "loose.share",
    "loose.reach_m",
    "gross.share",
    "gross.factor",
    "spurious_precision",
    "source_abs_m",
    "source_relative",
    "extent_m",
    "contamination",
];

/// Places due north of 40 N 125 E: kilometres away, latitude, after GeographicLib 2.1 in Python
/// (`Geodesic.WGS84.Direct(40, 125, 0, s12)["lat2"]`).
const NORTH: [(f64, &str); 10] = [
    (49.30, "40.44398853742214"),
    (49.52, "40.44596974841355"),
    (49.57, "40.44642002354387"),
    (49.65, "40.447140463679204"),
    (49.83, "40.44876145365437"),
    (50.03, "40.45056255309198"),
    (50.22, "40.452273597036246"),
    (50.38, "40.45371447575313"),
    (50.43, "40.454164750278274"),
    (60.00, "40.5403466464242"),
];

/// "50 km from X", said of each of those places. The groups `a`, `d` and `f` are for test, `b`, `c` and `e` for training: the
/// hash worked out by another program.
fn fifty_km_from_x(folder: &Folder) -> String {
    let groups = ["a", "b", "c", "d", "e", "f", "b", "c", "e", "e"];
    let mut table = "id,group,claim,lat,lon,feature_lat,feature_lon\n".to_owned();
    for ((km, lat), group) in NORTH.iter().zip(groups) {
        writeln!(table, "at-{km},{group},50 km from X,{lat},125,40,125").expect("text");
    }
    folder.file("north.csv", table)
}

fn calibrate(more: &[&str]) -> Ran {
    siteband(&[&["calibrate"], more].concat())
}

fn json(more: &[&str]) -> Value {
    calibrate(&[more, &["--format", "json"]].concat()).ok().json()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("'{key}' is no list: {}", value[key]))
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_else(|| panic!("'{key}' is no number: {}", value[key]))
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn named<'a>(rules: &'a [Value], name: &str) -> &'a Value {
    rules.iter().find(|rule| rule["name"] == name).unwrap_or_else(|| panic!("no rule {name}"))
}

fn near(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within, "found {found}, expected {expected}");
}

#[test]
fn json_has_the_keys_of_the_contract() {
    let json = json(&[MARKETS]);
    let top = ["schema", "reading", "claims", "training", "test", "shown", "rules", "by", "rejected"];
    let suspects = ["mixed_up", "far_off", "worst"];
    assert_eq!(keys(&json), top.into_iter().chain(suspects).collect());
    assert_eq!(json["schema"], 1);
    assert_eq!((&json["reading"]["name"], &json["reading"]["version"]), (&"mixture".into(), &"2026-11".into()));
    assert_eq!((&json["claims"], &json["shown"]), (&96.into(), &"all claims".into()));
    assert_eq!(list(&json, "rejected").len(), 0);

    let figures = [
        "name",
        "count",
        "coverage",
        "pit",
        "median_width_90_km",
        "median_width_90_share",
        "crps_km",
        "winkler_90_km",
        "log_score",
        "contamination",
    ];
    let parts = json["by"].as_object().expect("an object");
    let kinds: BTreeSet<&str> = parts.keys().map(String::as_str).collect();
    assert_eq!(kinds, BTreeSet::from(["corpus", "feature", "hedge", "roundness", "size", "unit"]));
    for rule in list(&json, "rules").iter().chain(parts.values().flat_map(|rules| rules.as_array().expect("a list"))) {
        assert_eq!(keys(rule), BTreeSet::from(figures));
        let count = rule["count"].as_u64().expect("a count");
        let pit: u64 = list(rule, "pit").iter().map(|tenth| tenth.as_u64().expect("a count")).sum();
        assert_eq!((list(rule, "pit").len(), pit), (10, count));
        let coverage = list(rule, "coverage");
        assert_eq!(coverage.iter().map(|one| number(one, "share")).collect::<Vec<_>>(), [0.5, 0.8, 0.9]);
        for one in coverage {
            assert_eq!(keys(one), BTreeSet::from(["share", "found", "limits_95"]));
            let limits: Vec<f64> =
                list(one, "limits_95").iter().map(|limit| limit.as_f64().expect("a share")).collect();
            assert!(limits[0] <= number(one, "found") && number(one, "found") <= limits[1], "{one}");
        }
        // ln(ε/20,004): what a claim that is simply wrong is worth.
        let floor = (number(rule, "contamination") / 20_003.932).ln();
        assert!(number(rule, "log_score") >= floor - 1e-9, "{rule}");
    }
    for (kind, rules) in parts {
        let count: u64 = rules.as_array().expect("a list").iter().filter_map(|rule| rule["count"].as_u64()).sum();
        assert_eq!(count, 96, "{kind}");
    }
    for suspect in suspects.iter().flat_map(|kind| list(&json, kind)) {
        let place = ["id", "name", "corpus", "line"];
        let shown = ["claim", "said_km", "true_km", "log_likelihood", "origin", "probability"];
        assert_eq!(keys(suspect), place.into_iter().chain(shown).collect());
    }
    assert!(list(&json, "mixed_up").iter().all(|suspect| suspect["origin"]["kind"] == "mixed-up"));
    assert_eq!(list(&json, "worst").len(), 10);
}

#[test]
fn every_reading_and_the_baselines_are_compared() {
    let rules = json(&[MARKETS])["rules"].clone();
    let names: Vec<&str> = rules.as_array().expect("a list").iter().filter_map(|rule| rule["name"].as_str()).collect();
    assert_eq!(names[0], DEFAULT);
    let others = [
        "literal",
        "rounded",
        "best-practice",
        "analyst",
        "mixture-prior",
        "wieczorek-2004",
        "frazier-2004",
        "truncated (2026-11)",
        "±5 km",
    ];
    for name in others {
        assert_eq!(names.iter().filter(|other| **other == name).count(), 1, "{name} in {names:?}");
    }
    for best in ["(best log score)", "(best CRPS)"] {
        assert!(names.iter().any(|name| name.starts_with('±') && name.ends_with(best)), "{best} in {names:?}");
    }
    assert_eq!(names.len(), 1 + others.len() + 2);

    let table = calibrate(&[MARKETS]).ok();
    for name in names {
        assert!(table.text().lines().any(|line| line.trim_start().starts_with(name)), "no row {name}");
    }
    assert!(
        table.text().lines().all(|line| line.chars().count() <= 125 && line == line.trim_end()),
        "{}",
        table.text()
    );
}

/// The window is 49.5 to 50.5 km: its middle 50 % is 49.75–50.25, 80 % is 49.6–50.4, 90 % is 49.55–50.45. Of the ten places three,
/// five and seven lie there, and eight lie in the window.
#[test]
fn the_coverage_of_literal_is_what_was_put_in() {
    let folder = Folder::new();
    let table = fifty_km_from_x(&folder);
    let json = json(&[&table, "--reading", "literal"]);
    let rule = &json["rules"][0];
    assert_eq!((&rule["name"], &rule["count"]), (&"literal".into(), &10.into()));
    let found: Vec<f64> = list(rule, "coverage").iter().map(|coverage| number(coverage, "found")).collect();
    assert_eq!(found, [0.3, 0.5, 0.7]);
    // Of 7 in 10, tables of Clopper and Pearson's limits print 0.3475 to 0.9333.
    let limits = &rule["coverage"][2]["limits_95"];
    near(limits[0].as_f64().expect("a share"), 0.3475, 5e-5);
    near(limits[1].as_f64().expect("a share"), 0.9333, 5e-5);
    // Kilometres above 49.5: below, .02, .07, .15, .33, .53, .72, .88, .93, above.
    assert_eq!(rule["pit"], serde_json::json!([3, 1, 0, 1, 0, 1, 0, 1, 1, 2]));
    near(number(rule, "median_width_90_km"), 0.9, 1e-6);
    // A window of one kilometre has CRPS (u³ + (1−u)³)/3 at u inside, and 1/3 and the way to it outside: .5333 (.2 below), .3137,
    // .2684, .2058, .1122, .0842, .1317, .2277, .2683 and 9.8333 (9.5 above); in the mean 1.1979.
    near(number(rule, "crps_km"), 1.1979, 5e-5);
    // Twenty times what is outside of 49.55–50.45: .25, .03 and 9.55; in the mean 19.66, and the width.
    near(number(rule, "winkler_90_km"), 19.66 + 0.9, 1e-5);

    // Training has seven, of which one is excluded: that share is simply wrong, but for what an arbitrary number would explain.
    assert_eq!((&json["training"], &json["test"]), (&7.into(), &3.into()));
    near(number(rule, "contamination"), 1.0 / 7.0, 1e-4);
    // Eight claims have the density 1 per km; two have nothing but the chance of being wrong, spread over 20,004 km.
    let floor = (1.0 / 7.0 / 20_003.932_f64).ln();
    near(number(rule, "log_score"), (8.0 * (6.0 / 7.0_f64).ln() + 2.0 * floor) / 10.0, 1e-3);

    // Outside come first, then those inside, all with the same likelihood, by name.
    let worst: Vec<&str> = list(&json, "worst").iter().filter_map(|suspect| suspect["id"].as_str()).collect();
    assert_eq!(worst[..3], ["at-49.3", "at-60", "at-49.52"]);
    assert!(json["worst"][0]["origin"].is_null() && json["worst"][0]["log_likelihood"].is_null());
    for (suspect, (km, _)) in list(&json, "worst").iter().zip([NORTH[0], NORTH[9]]) {
        near(number(suspect, "true_km"), km, 1e-9);
        near(number(suspect, "said_km"), 50.0, 1e-12);
    }
}

/// Of the published sentences on missile bases one row has a position that contradicts it: 52 km are said, and GeographicLib 2.1
/// measures 265.8 to the same border, and 344.0 km to Seoul. It is named with its line, and no other is accused.
#[test]
fn a_position_that_contradicts_its_claims_is_named() {
    let arguments = ["data/claims/dprk-bases.csv"];
    let ran = siteband(&[&["calibrate"], &arguments[..], &["--format", "json"]].concat());
    let json = ran.json();
    // Two rows have a position and no sentence.
    assert_eq!((ran.code, &json["claims"], list(&json, "rejected").len()), (Some(1), &14.into(), 2));
    let far_off = list(&json, "far_off");
    assert_eq!(far_off.len(), 2, "{far_off:?}");
    for (suspect, (said_km, true_km)) in far_off.iter().zip([(125.0, 344.0), (52.0, 265.8)]) {
        assert_eq!(
            (&suspect["name"], &suspect["line"], &suspect["corpus"]),
            (&"Kal-gol".into(), &7.into(), &"dprk-bases".into())
        );
        assert_eq!(suspect["origin"]["kind"], "gross");
        near(number(suspect, "said_km"), said_km, 1e-9);
        near(number(suspect, "true_km"), true_km, 0.05);
        near(number(suspect, "probability"), 1.0, 0.01);
    }
    // They are the least likely, too; the table says it once.
    assert_eq!(list(&json, "worst")[..2], far_off[..]);
    assert!(list(&json, "worst")[2..].iter().chain(list(&json, "mixed_up")).all(|suspect| suspect["line"] != 7));

    let table = calibrate(&arguments);
    let (_, listed) = table.text().split_once("\nprobably a wrong number, feature or position:\n").expect("the list");
    let (listed, _) = listed.split_once("\n\n").expect("another list");
    let line =
        "  Kal-gol, line 7: \"approximately 52 kilometers north of the DMZ\" is 265.8 km (52.0 said): far off 100 %";
    assert!(listed.lines().count() == 2 && listed.lines().any(|listed| listed == line), "{listed}");
    assert_eq!(table.text().matches("Kal-gol").count(), 2, "{}", table.text());
    // Nobody is accused among the markets: their worst are miles.
    assert!(list(&self::json(&[MARKETS]), "far_off").is_empty());
}

#[test]
fn parts_are_those_of_the_split() {
    let folder = Folder::new();
    let table = fifty_km_from_x(&folder);
    let count = |part: &str| {
        let json = json(&[&table, "--part", part, "--reading", "literal"]);
        assert_eq!((&json["claims"], &json["training"], &json["test"]), (&10.into(), &7.into(), &3.into()));
        let found = number(&json["rules"][0]["coverage"][2], "found");
        (json["shown"].as_str().expect("text").to_owned(), json["rules"][0]["count"].clone(), found)
    };
    assert_eq!(count("all"), ("all claims".to_owned(), 10.into(), 0.7));
    assert_eq!(count("training"), ("the training part".to_owned(), 7.into(), 5.0 / 7.0));
    // For test are 49.3, 49.65 and 50.03.
    assert_eq!(count("test"), ("the test part".to_owned(), 3.into(), 2.0 / 3.0));
    let usage = calibrate(&[&table, "--part", "half"]);
    assert_eq!(usage.code, Some(2));
    assert!(usage.stderr.contains("half") && usage.stderr.contains("training"), "{}", usage.stderr);
}

/// A machine that cuts off says 50 from 50 to 51 km: the density there is more than a fifth of what `truncated` has to give, and
/// nothing below is likelier.
#[test]
fn truncated_offsets_lie_above_what_is_said() {
    let folder = Folder::new();
    let table = fifty_km_from_x(&folder);
    let json = json(&[&table, "--reading", "truncated"]);
    assert_eq!(json["reading"]["name"], "truncated");
    assert_eq!(json["reading"]["parameters"]["truncated"], true);
    assert_eq!(json["rules"][0]["name"], "truncated (2026-11)");
    let worst: Vec<&str> = list(&json, "worst").iter().filter_map(|suspect| suspect["id"].as_str()).collect();
    let at = |id: &str| worst.iter().position(|other| *other == id).expect("all ten are shown");
    for (below, above) in [("at-49.3", "at-50.22"), ("at-49.83", "at-50.38"), ("at-60", "at-49.3")] {
        assert!(at(below) < at(above), "{worst:?}");
    }
}

#[test]
fn several_tables_are_one_corpus() {
    let folder = Folder::new();
    let table = fifty_km_from_x(&folder);
    let json = json(&[&table, MARKETS]);
    assert_eq!(json["claims"], 106);
    let corpora = &json["by"]["corpus"].as_array().expect("a list");
    assert_eq!(named(corpora, "north")["count"], 10);
    assert_eq!(named(corpora, "markets")["count"], 96);
}

#[test]
fn a_fit_improves_on_what_it_starts_from() {
    let before = json(&[MARKETS, "--part", "training"]);
    let after = json(&[MARKETS, "--part", "training", "--fit"]);
    let fit = &after["fit"];
    assert_eq!(fit["count"], 46);
    let (was, is) = (number(&before["rules"][0], "log_score"), number(&after["rules"][0], "log_score"));
    assert!(is > was, "{is} after, {was} before");
    near(number(fit, "log_score"), is, 1e-9);
    // The reading as it was stands beside it, with the same figures as before.
    let rules = list(&after, "rules");
    assert_eq!(rules[0]["name"], "mixture (fitted here)");
    assert_eq!(named(rules, DEFAULT), &before["rules"][0]);
    // Numbers of another fit have no version of the default's.
    assert_eq!((&after["reading"]["name"], &after["reading"]["version"]), (&"mixture".into(), &Value::Null));
    assert_ne!(after["reading"]["parameters"], before["reading"]["parameters"]);

    let parameters = list(fit, "parameters");
    let names: Vec<&str> = parameters.iter().filter_map(|parameter| parameter["name"].as_str()).collect();
    assert_eq!(names, FREE);
    for parameter in parameters {
        assert!(number(parameter, "value") >= 0.0 && number(parameter, "standard_error") >= 0.0, "{parameter}");
    }
    for share in ["loose.share", "gross.share", "spurious_precision", "contamination"] {
        assert!(number(named(parameters, share), "value") <= 1.0, "{share}");
    }
    near(number(&fit["reading"]["parameters"], "extent_m"), number(named(parameters, "extent_m"), "value"), 1e-9);
}

#[test]
fn a_fit_is_printed_with_its_uncertainty_and_is_the_same_every_time() {
    let arguments = ["calibrate", MARKETS, "--part", "training", "--fit"];
    let [once, again] =
        ["1", "2"].map(|threads| siteband_with(&arguments, b"", &[("RAYON_NUM_THREADS", threads)]).ok());
    assert_eq!(once.text(), again.text());
    let line = |start: &str| once.text().lines().find(|line| line.trim_start().starts_with(start));
    assert!(line("fitted to 46 claims, log score ").is_some(), "{}", once.text());
    for name in FREE {
        let words: Vec<&str> = line(&format!("{name} ")).unwrap_or_default().split_whitespace().collect();
        let [_, value, "±", standard_error] = words[..] else { panic!("{name}: {words:?} in {}", once.text()) };
        assert!([value, standard_error].iter().all(|number| number.parse::<f64>().is_ok()), "{name}: {words:?}");
    }
}

#[test]
fn a_picture_has_a_bar_for_each_tenth() {
    let folder = Folder::new();
    let path = folder.path("markets.svg");
    let with = calibrate(&[MARKETS, "--picture", &path]).ok();
    assert_eq!(with.stdout, calibrate(&[MARKETS]).ok().stdout);
    let svg = String::from_utf8(folder.read("markets.svg")).expect("UTF-8");
    let elements = elements(&svg);
    assert_eq!(elements.first().map(String::as_str), Some("svg"));
    assert!(svg.contains(&format!("<title>Calibration of {DEFAULT} on 96 claims</title>")), "{svg}");
    let bars: Vec<&str> = svg.lines().filter(|line| line.starts_with("<rect ") && line.contains("#0072b2")).collect();
    assert_eq!(bars.len(), 10, "{svg}");
    // Each bar is as high as it holds claims.
    let pit = json(&[MARKETS])["rules"][0]["pit"].clone();
    let height = |bar: &str| -> f64 {
        let (_, rest) = bar.split_once(" height=\"").expect("a height");
        rest.split('"').next().and_then(|text| text.parse().ok()).expect("a number")
    };
    let counts: Vec<f64> = pit.as_array().expect("a list").iter().filter_map(Value::as_f64).collect();
    let per_claim = bars.iter().map(|bar| height(bar)).sum::<f64>() / 96.0;
    for (bar, count) in bars.iter().zip(counts) {
        near(height(bar), count * per_claim, 0.1);
    }
    // Three circles for three intervals.
    assert_eq!(elements.iter().filter(|element| *element == "circle").count(), 3);
}

/// The names of all elements; fails where the text is no well-formed XML: each start has its end, each value its quotes.
fn elements(xml: &str) -> Vec<String> {
    let (mut names, mut open) = (Vec::new(), Vec::new());
    let mut rest = xml.trim();
    while let Some((text, tail)) = rest.split_once('<') {
        assert!(!text.contains('>'), "a bracket in {text}");
        let ampersands = text.matches('&').count();
        let entities = ["&amp;", "&lt;", "&gt;", "&quot;"].map(|entity| text.matches(entity).count());
        assert_eq!(ampersands, entities.iter().sum::<usize>(), "{text}");
        let (tag, tail) = tail.split_once('>').expect("a tag that ends");
        rest = tail;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap_or_default().to_owned();
        assert!(tag.matches('"').count() == 2 * tag.matches('=').count() && !tag.contains('&'), "{tag}");
        names.push(name.clone());
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(rest.is_empty() && open.is_empty(), "not closed: {open:?}, left: {rest}");
    names
}

#[test]
fn rows_that_will_not_do_are_told_and_counted() {
    let folder = Folder::new();
    let table = folder.file(
        "claims.csv",
        "id,claim,lat,lon,feature\n\
        a,85 km from Pyongyang,39.7,126.2,\n\
        b,85 kilomters from Pyongyang,39.7,126.2,\n\
        c,5 km from Atlantis,39.7,126.2,\n\
        d,5 km from the town,39.7,126.2,pyongyan\n\
        e,5 km from Seoul,91,126.2,\n\
        f,,39.7,126.2,\n\
        g,a day's walk from Seoul,37,127,\n\
        h,63 km from the town,39.7,126.2,Pyongyang\n",
    );
    let says = [
        "claims.csv: line 3, claim: '85 kilomters from Pyongyang': unknown unit 'kilomters'",
        "claims.csv: line 4, claim: 'Atlantis': no feature of this name",
        "claims.csv: line 5, feature: 'pyongyan'",
        "did you mean 'Pyongyang'",
        "claims.csv: line 6, lat: latitude 91 is out of range",
        "claims.csv: line 7, claim: the claim is empty",
        "claims.csv: line 8, claim: 'a day's walk from Seoul'",
        "2 of 8 claims used, 6 rejected",
    ];
    let mut problems = Problems::default();
    let ran = problems.partial("rows", &["calibrate", &table, "--format", "json"], &says);
    problems.partial("table", &["calibrate", &table], &says);
    problems.none(2);
    let json = ran.json();
    let lines: Vec<u64> = list(&json, "rejected").iter().filter_map(|row| row["line"].as_u64()).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7, 8]);
    assert_eq!((&json["claims"], &json["rules"][0]["count"]), (&2.into(), &2.into()));
    assert!(list(&json, "rejected").iter().all(|row| row["reason"].as_str().is_some_and(|reason| !reason.is_empty())));
}

#[test]
fn what_cannot_be_calibrated_is_refused() {
    let folder = Folder::new();
    let none_usable = folder.file("none.csv", "claim,lat,lon\n85 kilomters from Seoul,39,125\n");
    let few = folder.file("few.csv", "claim,lat,lon\n85 km from Seoul,39,125\n");
    let test_only = folder.file("test.csv", "group,claim,lat,lon\na,85 km from Seoul,38,127\n");
    let mut problems = Problems::default();
    let mut refused = |case: &str, args: &[&str], code: i32, says: &[&str]| {
        problems.refused(case, &[&["calibrate"], args].concat(), code, says);
        problems.refused(case, &[&["calibrate"], args, &["--format", "json"]].concat(), code, says);
    };
    for (case, content, says) in [
        ("empty", "", &["the table is empty", "claim, lat and lon"][..]),
        ("no rows", "claim,lat,lon\n", &["there is no claim to calibrate on"]),
        ("no claim", "id,lat,lon\na,39,125\n", &["the column 'claim' is missing", "found id, lat, lon"]),
        (
            "no lat",
            "claim,lon\n85 km from Seoul,125\n",
            &["the column 'lat' is missing", "expected claim, lat and lon"],
        ),
        ("semicolons", "claim;lat;lon\n85 km from Seoul;39;125\n", &["separated by ';'"]),
    ] {
        let path = folder.file(&format!("{case}.csv"), content);
        refused(case, &[&path], 1, says);
    }
    refused("missing", &[&folder.path("missing.csv")], 1, &["missing.csv: No such file"]);
    refused("folder", &["data"], 1, &["data: this is a folder"]);
    refused("one of two", &[MARKETS, &folder.path("missing.csv")], 1, &["missing.csv: No such file"]);
    refused(
        "nothing usable",
        &[&none_usable],
        1,
        &["none.csv: line 2, claim", "'kilomters'", "0 of 1 claims used", "there is no claim to calibrate on"],
    );
    refused("no such part", &[&test_only, "--part", "training"], 1, &["no claim to calibrate on in the training part"]);
    refused("no table", &[], 2, &["CORPUS.csv"]);
    refused("reading", &[MARKETS, "--reading", "nonsense"], 2, &["unknown reading 'nonsense'", "mixture", "truncated"]);
    refused("near reading", &[MARKETS, "--reading", "mixtur"], 2, &["did you mean 'mixture'"]);
    refused(
        "nothing to fit",
        &[MARKETS, "--reading", "literal", "--fit"],
        1,
        &["literal cannot be fitted", "no free parameters"],
    );
    refused("too few", &[&few, "--fit"], 1, &["mixture cannot be fitted", "expected 40 or more"]);
    refused("atlas", &[MARKETS, "--atlas", &folder.path("no.geojson")], 1, &["no.geojson: No such file"]);
    let nowhere = folder.path("no/where.svg");
    refused("picture", &[MARKETS, "--picture", &nowhere], 1, &["where.svg: No such file or folder to write in"]);
    problems.none(2 * 16);
    assert!(!folder.names().contains(&"no".to_owned()));
}
