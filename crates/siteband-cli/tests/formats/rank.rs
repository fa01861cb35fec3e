//! What `rank` writes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::common::{BORDER, CLAIM, Folder, SINO_RI, SITES, repository, siteband, siteband_with};
use crate::{SITE_COUNT, column, keys, list, number, parse, rank, same};

const SUM_TOLERANCE: f64 = 1e-12;
/// The formats of `rank` that need no map.
const FORMATS: [&str; 4] = ["table", "json", "csv", "geojson"];

const READINGS: [&str; 9] = [
    "literal",
    "rounded",
    "best-practice",
    "analyst",
    "mixture-prior",
    "mixture",
    "wieczorek-2004",
    "frazier-2004",
    "truncated",
];

/// The fit of the default reading.
const FIT_VERSION: &str = "2026-11";

#[test]
fn json_has_the_keys_of_the_contract() {
    let json = rank("json", &[]).json();
    for key in [
        "schema",
        "none_of_these",
        "prior_none",
        "reading",
        "contradiction",
        "ranking",
        "groups",
        "rejected",
        "robustness",
    ] {
        assert!(json.get(key).is_some(), "no key {key}");
    }
    assert_eq!(json["schema"], 1);
    assert_eq!(json["prior_none"], 0.2);
    assert_eq!(json["contradiction"], false);
    assert_eq!(keys(&json["reading"]), BTreeSet::from(["name", "version", "parameters"]));
    assert_eq!((&json["reading"]["name"], &json["reading"]["version"]), (&"mixture".into(), &FIT_VERSION.into()));
    assert!(json["reading"]["parameters"].is_object());
    assert!(json["robustness"].is_object());
    assert_eq!(list(&json, "rejected").len(), 0);

    let site_keys =
        ["rank", "id", "name", "group", "lat", "lon", "posterior", "log_likelihood", "tied_with", "evidence"];
    let evidence_keys =
        ["claim", "kind", "distance_m", "nearest_lat", "nearest_lon", "log_likelihood", "decibans", "position"];
    let ranking = list(&json, "ranking");
    assert_eq!(ranking.len(), SITE_COUNT);
    for (at, site) in ranking.iter().enumerate() {
        assert_eq!(keys(site), BTreeSet::from(site_keys));
        assert_eq!(site["rank"], at + 1);
        assert!(site["id"].is_string() && site["name"].is_string());
        assert!(site["group"].is_string() || site["group"].is_null());
        assert!((-90.0..=90.0).contains(&number(site, "lat")) && (-180.0..180.0).contains(&number(site, "lon")));
        assert!(list(site, "tied_with").iter().all(Value::is_string));
        for evidence in list(site, "evidence") {
            assert_eq!(keys(evidence), BTreeSet::from(evidence_keys));
        }
    }
    for pair in ranking.windows(2) {
        assert!(number(&pair[0], "posterior") >= number(&pair[1], "posterior"), "{} {}", pair[0], pair[1]);
    }
    for group in list(&json, "groups") {
        assert_eq!(keys(group), BTreeSet::from(["group", "posterior"]));
    }
}

#[test]
fn probabilities_sum_to_one_under_every_reading() {
    for reading in READINGS {
        let json = rank("json", &["--reading", reading]).json();
        assert_eq!(json["reading"]["name"], reading);
        let fitted = ["mixture", "truncated"].contains(&reading);
        assert_eq!(json["reading"]["version"].as_str(), fitted.then_some(FIT_VERSION), "{reading}");
        let of_sites: f64 = list(&json, "ranking").iter().map(|site| number(site, "posterior")).sum();
        let sum = of_sites + number(&json, "none_of_these");
        assert!((sum - 1.0).abs() < SUM_TOLERANCE, "{reading}: {sum}");
    }
}

#[test]
fn groups_add_up_their_sites() {
    let json = rank("json", &[]).json();
    let groups = list(&json, "groups");
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0]["group"], "sino-ri-area");
    let of_sites: f64 = list(&json, "ranking")
        .iter()
        .filter(|site| site["group"] == "sino-ri-area")
        .map(|site| number(site, "posterior"))
        .sum();
    assert!((number(&groups[0], "posterior") - of_sites).abs() < SUM_TOLERANCE);
}

#[test]
fn evidence_has_its_kind_and_null_for_what_does_not_apply() {
    let json = rank("json", &[]).json();
    for site in list(&json, "ranking") {
        let evidence = list(site, "evidence");
        let kinds: Vec<_> = evidence.iter().map(|evidence| evidence["kind"].as_str().expect("text")).collect();
        assert_eq!(kinds, ["distance", "attribute", "away_from", "at_least_km", "access", "nearby", "attribute"]);
        let claims: Vec<_> = evidence.iter().map(|evidence| evidence["claim"].as_str().expect("text")).collect();
        let ids = ["diplomat-1", "diplomat-2", "analyst-1", "analyst-2", "analyst-3", "analyst-4", "bermudez-1"];
        assert_eq!(claims, ids);
        for evidence in evidence {
            assert!(evidence["log_likelihood"].is_f64() && evidence["decibans"].is_f64(), "{evidence}");
            let measured = ["distance_m", "nearest_lat", "nearest_lon"].map(|key| &evidence[key]);
            if evidence["kind"] == "attribute" {
                assert!(measured.into_iter().all(Value::is_null), "{evidence}");
            } else if evidence["kind"] == "access" {
                // Ways lead to several places.
                assert!(measured[0].is_f64() && measured[1..].iter().all(|place| place.is_null()), "{evidence}");
            } else if evidence["kind"] == "nearby" && site["id"] == "sino-ri-nearby" {
                // It is the only one with the tag, and no neighbour of its own.
                assert!(measured.into_iter().all(Value::is_null), "{evidence}");
            } else {
                assert!(measured.into_iter().all(Value::is_f64), "{evidence}");
            }
            if evidence["kind"] == "distance" {
                let position = evidence["position"].as_str().expect("text");
                assert!(["core", "support", "outside"].contains(&position), "{evidence}");
            } else {
                assert!(evidence["position"].is_null(), "{evidence}");
            }
        }
    }
}

/// From 39.0392 N 125.7625 E GeographicLib 2.1 has the azimuths −0.5° (Yongbyon), −26.6° (Sino-ri) and 149.2° (Sakkanmol): who lies
/// in the north is likelier for it, who lies in the south-east is less likely.
#[test]
fn a_stated_direction_counts_and_is_told() {
    let likelihoods = |claim: &str| {
        let json = siteband(&["rank", "--claim", claim, "--sites", SITES, "--format", "json"]).ok().json();
        ["yongbyon", "sino-ri", "sakkanmol"].map(|id| {
            let site = list(&json, "ranking").iter().find(|site| site["id"] == id).expect("listed");
            number(&site["evidence"][0], "log_likelihood")
        })
    };
    let (north, anywhere) = (likelihoods("about 70 km north of Pyongyang"), likelihoods("about 70 km from Pyongyang"));
    assert!(north[0] > anywhere[0] && north[1] > anywhere[1] && north[2] < anywhere[2], "{north:?} {anywhere:?}");
    assert!(north[0] - anywhere[0] > north[1] - anywhere[1], "{north:?} {anywhere:?}");

    let folder = Folder::new();
    folder.file("sites.csv", "id,lat,lon\nsino-ri,39.647222,125.3675\n");
    let claim = "[[claim]]\nsource = \"a\"\ntext = \"about 70 km north of Pyongyang\"\n";
    let source = "[[source]]\nid = \"a\"\nreliability = 0.9\n";
    let scenario = folder.file("question.toml", format!("sites = \"sites.csv\"\n{source}{claim}"));
    let explained = siteband(&["explain", &scenario, "sino-ri"]).ok();
    assert!(explained.text().contains("it lies 333° from there, 27° off north"), "{}", explained.text());
}

#[test]
fn what_a_hard_reading_excludes_is_null_and_the_rest_stays_numbers() {
    let json = rank("json", &["--reading", "literal"]).json();
    for site in list(&json, "ranking") {
        for evidence in list(site, "evidence").iter().filter(|evidence| evidence["kind"] == "distance") {
            assert_eq!(evidence["position"] == "outside", evidence["log_likelihood"].is_null(), "{evidence}");
            assert!(evidence["distance_m"].is_f64());
        }
        assert!(site["posterior"].is_f64());
    }
}

#[test]
fn top_cuts_the_list_and_changes_no_number() {
    let (whole, cut) = (rank("json", &[]).json(), rank("json", &["--top", "3"]).json());
    assert_eq!(list(&cut, "ranking"), &list(&whole, "ranking")[..3]);
    let without_ranking = |mut json: Value| {
        json.as_object_mut().expect("an object").remove("ranking");
        json
    };
    assert_eq!(without_ranking(cut), without_ranking(whole));

    let ((_, whole), (_, cut)) = (rank("csv", &[]).csv(), rank("csv", &["--top", "3"]).csv());
    assert_eq!(cut[..3], whole[..3]);
    assert_eq!((cut.len(), cut.last()), (4, whole.last()));

    let (whole, cut) = (rank("geojson", &[]).json(), rank("geojson", &["--top", "3"]).json());
    assert_eq!(list(&cut, "features"), &list(&whole, "features")[..3]);
    assert_eq!(cut["none_of_these"], whole["none_of_these"]);

    let (whole, cut) = (rank("table", &["--top", "29"]), rank("table", &["--top", "3"]));
    // Columns are as wide as what they hold: the words are compared, not the blanks.
    let row = |text: &str, number: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(&format!("{number}  ")));
        line.map(|line| line.split_whitespace().take(6).collect::<Vec<_>>().join(" "))
    };
    for number in ["1", "2", "3"] {
        assert_eq!(row(cut.text(), number), row(whole.text(), number));
        assert!(row(cut.text(), number).is_some(), "{}", cut.text());
    }
    assert_eq!(row(cut.text(), "4"), None);
    assert!(cut.text().contains("26 more sites"), "{}", cut.text());
    let more = rank("json", &["--top", "1000000"]).json();
    assert_eq!(list(&more, "ranking").len(), SITE_COUNT);
}

#[test]
fn csv_has_a_row_for_each_site_and_one_for_none_of_these() {
    let json = rank("json", &[]).json();
    let (header, rows) = rank("csv", &[]).csv();
    assert_eq!(header[..9], ["rank", "id", "name", "group", "lat", "lon", "posterior", "log_likelihood", "tied_with"]);
    assert_eq!(rows.len(), SITE_COUNT + 1);
    assert_eq!(rows.last().map(|row| row[1].as_str()), Some("none-of-these"));
    let posteriors = column(&header, &rows, "posterior");
    assert!((posteriors.iter().sum::<f64>() - 1.0).abs() < SUM_TOLERANCE, "{posteriors:?}");
    assert!(same(posteriors[SITE_COUNT], number(&json, "none_of_these")));
    for (row, site) in rows.iter().zip(list(&json, "ranking")) {
        assert_eq!(Some(row[1].as_str()), site["id"].as_str());
        let numbers = ["rank", "lat", "lon", "posterior", "log_likelihood"];
        for (at, key) in [0, 4, 5, 6, 7].into_iter().zip(numbers) {
            assert!(same(parse(&row[at]), number(site, key)), "{key} of {}", row[1]);
        }
    }
    let distances = column(&header, &rows[..SITE_COUNT], "diplomat-1_distance_m");
    for (distance, site) in distances.iter().zip(list(&json, "ranking")) {
        assert!(same(*distance, number(&site["evidence"][0], "distance_m")));
    }
    for name in ["diplomat-1_decibans", "analyst-1_distance_m", "bermudez-1_decibans"] {
        assert!(header.iter().any(|column| column == name), "no column {name}: {header:?}");
    }
    assert!(!header.iter().any(|column| column == "bermudez-1_distance_m"), "{header:?}");
}

#[test]
fn csv_runs_no_formula_in_a_spreadsheet() {
    let folder = Folder::new();
    let sites = folder.file("sites.csv", "id,name,lat,lon\n=1+1,@SUM(A1),39.6,125.3\n-b,+2,40,126\n");
    let (_, rows) = siteband(&["rank", "--claim", CLAIM, "--sites", &sites, "--format", "csv"]).ok().csv();
    for row in &rows[..2] {
        for cell in [&row[1], &row[2]] {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
}

#[test]
fn geojson_is_a_collection_of_points() {
    let (geojson, json) = (rank("geojson", &[]).json(), rank("json", &[]).json());
    assert_eq!(geojson["type"], "FeatureCollection");
    let features = list(&geojson, "features");
    assert_eq!(features.len(), SITE_COUNT);
    for (feature, site) in features.iter().zip(list(&json, "ranking")) {
        assert_eq!(feature["type"], "Feature");
        assert_eq!(feature["id"], site["id"]);
        assert_eq!(feature["geometry"]["type"], "Point");
        let coordinates = list(&feature["geometry"], "coordinates");
        assert_eq!(coordinates, [site["lon"].clone(), site["lat"].clone()]);
        let properties = &feature["properties"];
        for key in ["rank", "name", "group", "posterior", "log_likelihood"] {
            assert_eq!(properties[key], site[key], "{key} of {}", site["id"]);
        }
        assert_eq!(properties["diplomat-1_distance_m"], site["evidence"][0]["distance_m"]);
    }
    for key in ["none_of_these", "prior_none", "reading"] {
        assert_eq!(geojson[key], json[key], "{key}");
    }
}

#[test]
fn a_ranking_in_geojson_is_a_list_of_sites_again() {
    let folder = Folder::new();
    let output = folder.path("ranking.geojson");
    rank("geojson", &["-o", &output]);
    let (_, rows) = siteband(&["distance", "--to", BORDER, "--sites", &output]).ok().csv();
    assert_eq!(rows.len(), SITE_COUNT);
}

#[test]
fn table_fits_a_hundred_columns() {
    let words = "a large underground military facility that the source alone has ever seen with his own eyes, \
        about 85 km from the Chinese border";
    let mut too_wide = BTreeSet::new();
    let mut look = |table: &crate::common::Ran| {
        let wide = table.text().lines().filter(|line| line.chars().count() > 100);
        too_wide.extend(wide.map(|line| format!("{}: {line}", line.chars().count())));
    };
    for reading in READINGS {
        look(&rank("table", &["--reading", reading, "--top", "29"]));
    }
    for claim in [CLAIM, words] {
        look(&siteband(&["rank", "--claim", claim, "--sites", SITES]).ok());
    }
    assert!(too_wide.is_empty(), "{too_wide:#?}");
}

#[test]
fn table_ends_with_what_must_be_said() {
    for reading in READINGS {
        for top in ["1", "10", "29"] {
            let table = rank("table", &["--reading", reading, "--top", top, "--full", "--no-robustness"]);
            let (_, end) = table.text().split_once("\nnone of these: ").expect("none of these under the rows");
            for words in [
                &format!("reading {reading}"),
                "prior 20.0 %",
                "China - North Korea border: known to 1.0 km",
                "Natural Earth",
                "1:10m",
            ] {
                assert!(end.contains(words), "{reading}, top {top}: no \"{words}\" in {end}");
            }
            assert_eq!(
                end.lines().last(),
                Some("This is how well sites fit what was said, not evidence that anything is there.")
            );
        }
    }
}

/// Without `--full` the table fits a screen, and says what matters, where the rest is, and from which data it comes.
#[test]
fn the_essentials_fit_one_screen() {
    const SCREEN_LINES: usize = 36;
    let table = rank("table", &[]);
    let text = table.text();
    assert!(text.lines().count() <= SCREEN_LINES, "{} lines", text.lines().count());
    for words in [
        "none of these: ",
        "group sino-ri-area: ",
        "rests on soft statements (",
        "more than on the distance (",
        "without the tags that come from the analysis that names Sino-ri: ",
        "! One statement alone decides who is first, diplomat-2",
        "would be overturned by: likelihood ratio of diplomat-2",
        "of 1000 draws",
        "border ± 1.0 km",
        "public domain",
        "siteband explain SCENARIO sino-ri",
    ] {
        let unwrapped = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(unwrapped.contains(words), "no \"{words}\" in {text}");
    }
    assert_eq!(
        text.lines().last(),
        Some("  This is how well sites fit what was said, not evidence that anything is there.")
    );
    let full = rank("table", &["--full"]);
    for words in ["statements:", "how far to trust it:", "what if", "tips at", "ahead of"] {
        assert!(full.text().contains(words), "no \"{words}\" with --full");
    }
}

#[test]
fn the_table_is_the_default_and_shows_ten_sites() {
    let default = siteband(&["rank", SINO_RI]).ok();
    assert_eq!(default.stdout, rank("table", &["--top", "10"]).stdout);
    assert!(default.text().contains("19 more sites"));
    assert!(default.stderr.is_empty(), "{}", default.stderr);
}

#[test]
fn a_file_has_the_bytes_of_standard_output() {
    let folder = Folder::new();
    for format in FORMATS {
        let stdout = rank(format, &[]).stdout;
        for option in ["-o", "--output"] {
            let to_file = rank(format, &[option, &folder.path(format)]);
            assert!(to_file.stdout.is_empty(), "{format}: also on standard output");
            assert_eq!(folder.read(format), stdout, "{format}");
        }
    }
    let distance = ["distance", "--to", BORDER, "--sites", SITES];
    let stdout = siteband(&distance).ok().stdout;
    assert!(siteband(&[&distance[..], &["-o", &folder.path("d.csv")]].concat()).ok().stdout.is_empty());
    assert_eq!(folder.read("d.csv"), stdout);
    assert_eq!(folder.names().len(), FORMATS.len() + 1, "{:?}", folder.names());
}

#[test]
fn a_file_that_is_written_again_is_replaced_whole() {
    let folder = Folder::new();
    let output = folder.file("ranking.json", "x".repeat(1_000_000));
    rank("json", &["-o", &output, "--top", "1"]);
    assert_eq!(folder.read("ranking.json"), rank("json", &["--top", "1"]).stdout);
}

#[test]
fn every_text_ends_with_a_line_feed() {
    for format in FORMATS {
        let ran = rank(format, &[]);
        assert!(ran.text().ends_with('\n') && !ran.text().ends_with("\n\n"), "{format}");
        assert!(!ran.text().contains('\r'), "{format}");
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let commands: [&[&str]; 5] = [
        &["rank", SINO_RI, "--format", "json"],
        &["rank", SINO_RI, "--format", "table"],
        &["rank", "--claim", CLAIM, "--sites", SITES, "--format", "json"],
        &["explain", SINO_RI, "sino-ri"],
        &["distance", "--to", BORDER, "--sites", SITES],
    ];
    for command in commands {
        let with = |threads| siteband_with(command, b"", &[("RAYON_NUM_THREADS", threads)]).ok();
        let (one, two) = (with("1"), with("2"));
        assert!(!one.stdout.is_empty());
        assert_eq!(one.stdout, two.stdout, "{command:?}");
    }
}

#[test]
fn one_claim_without_a_scenario_ranks_too() {
    let json = siteband(&["rank", "--claim", CLAIM, "--sites", SITES, "--format", "json"]).ok().json();
    assert_eq!(json["prior_none"], 0.2);
    let ranking = list(&json, "ranking");
    assert_eq!(ranking.len(), SITE_COUNT);
    let sum = number(&json, "none_of_these") + ranking.iter().map(|site| number(site, "posterior")).sum::<f64>();
    assert!((sum - 1.0).abs() < SUM_TOLERANCE, "{sum}");
    assert!(ranking.iter().all(|site| list(site, "evidence").len() == 1));

    let words = "about 85 km from the border that the report speaks of";
    let named = ["rank", "--claim", words, "--border", "cn-kp", "--sites", SITES, "--format", "json"];
    assert_eq!(siteband(&named).ok().json()["ranking"], json["ranking"]);
}

#[test]
fn rank_reads_sites_from_standard_input() {
    let arguments = ["rank", "--claim", CLAIM, "--format", "json", "--sites"];
    let table = std::fs::read(repository().join(SITES)).expect("the list of sites");
    let from_stdin = siteband_with(&[&arguments[..], &["-"]].concat(), &table, &[]).ok();
    let from_file = siteband(&[&arguments[..], &[SITES]].concat()).ok();
    assert_eq!(from_stdin.json()["ranking"], from_file.json()["ranking"]);
}
