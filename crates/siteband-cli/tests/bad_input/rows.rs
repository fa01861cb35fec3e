//! Rows of a list that are no sites: the others are used, and none is lost.

use crate::common::{BORDER, CLAIM, Folder, Problems, SINO_RI, siteband, siteband_with};
use crate::{SCENARIO, latin1, utf16, ways};

/// A table, how many of its rows are good and bad, and what is said of the bad ones.
type Case<'a> = (&'a str, Vec<u8>, usize, usize, &'a [&'a str]);

/// Gives each list to every command that reads lists.
fn rejected_rows(name: &str, cases: &[Case<'_>]) {
    let mut problems = Problems::default();
    for (case, table, good, bad, says) in cases {
        let folder = ways::folder();
        folder.file(name, table);
        rejected(&mut problems, &folder, case, name, (*good, *bad), says);
    }
    problems.none(6 * cases.len());
}

#[test]
fn rows_whose_position_is_none() {
    rejected_rows(
        "s.csv",
        &[
            (
                "latitude 91",
                b"id,lat,lon\na,39,125\nb,91,12\n".into(),
                1,
                1,
                &["line 3, lat", "latitude 91 is out of range", "from -90 to 90", "swapped?"],
            ),
            (
                "longitude 360",
                b"id,lat,lon\na,39,125\nb,39,360\n".into(),
                1,
                1,
                &["line 3, lon", "longitude 360", "less than 360"],
            ),
            ("empty cells", b"id,lat,lon\na,39,125\nb,,\n".into(), 1, 1, &["line 3, lat", "the latitude is empty"]),
            (
                "empty longitude",
                b"id,lat,lon\na,39,125\nb,39,\n".into(),
                1,
                1,
                &["line 3, lon", "the longitude is empty"],
            ),
            (
                "NaN",
                b"id,lat,lon\na,NaN,125\nb,39,nan\n".into(),
                0,
                2,
                &["line 2, lat", "'NaN'", "line 3, lon", "'nan'"],
            ),
            (
                "infinite",
                b"id,lat,lon\na,inf,125\nb,39,-inf\n".into(),
                0,
                2,
                &["line 2, lat", "'inf'", "line 3, lon", "'inf'"],
            ),
            (
                "overflow",
                b"id,lat,lon\na,1e999,125\nb,39,-1e999\n".into(),
                0,
                2,
                &["line 2, lat", "line 3, lon", "1e999"],
            ),
            (
                "decimal commas",
                b"id,lat,lon\na,\"39,5\",\"125,5\"\n".into(),
                0,
                1,
                &["line 2, lat", "'39,5'", "decimal comma"],
            ),
            (
                "two points",
                b"id,lat,lon\na,39.6.4,125\n".into(),
                0,
                1,
                &["line 2, lat", "'39.6.4' has two decimal points"],
            ),
            ("words", b"id,lat,lon\na,north,125\n".into(), 0, 1, &["line 2, lat", "north"]),
            ("minutes", b"id,lat,lon\na,39 60 0,125\n".into(), 0, 1, &["line 2, lat", "minutes 60", "less than 60"]),
            ("hemispheres", b"id,lat,lon\na,39 E,125 N\n".into(), 0, 1, &["line 2, lat", "'39 E'", "latitude"]),
        ],
    );
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn rows_with_other_faults() {
    let long = format!("id,lat,lon\n{0},91,125\nb{0},39,125\n", "x".repeat(100_000));
    rejected_rows(
        "s.csv",
        &[
            (
                "half a row",
                b"id,lat,lon\na,39,125\nb,39\nc,40,125\n".into(),
                2,
                1,
                &["line 3", "the row has 2 fields, the header 3"],
            ),
            (
                "a row and a half",
                b"id,lat,lon\na,39,125,7,8\n".into(),
                0,
                1,
                &["line 2", "the row has 5 fields, the header 3"],
            ),
            ("empty id", b"id,lat,lon\n,39,125\n".into(), 0, 1, &["line 2, id", "the id is empty"]),
            (
                "Latin-1 cell",
                latin1("id,lat,lon,name\na,39,125,x\nb,39,125,Straße\n"),
                1,
                1,
                &["line 3, name", "not UTF-8", "save the table"],
            ),
            (
                "carriage returns alone",
                b"id,lat,lon\ra,39,125\r\rb,91,5\rc,40,125\rd,40\r".into(),
                2,
                2,
                &["line 4, lat", "latitude 91", "line 6"],
            ),
            (
                "carriage returns and line feeds",
                b"id,lat,lon\r\na,39,125\r\n\r\nb,91,5\r\n".into(),
                1,
                1,
                &["line 4, lat", "latitude 91"],
            ),
            (
                "a quoted line feed before",
                b"id,lat,lon,name\na,39,125,\"two\nlines\"\nb,91,5,x\n".into(),
                1,
                1,
                &["line 4, lat", "latitude 91"],
            ),
            (
                "prior",
                b"id,lat,lon,prior\na,39,125,0\nb,39,125,-1\nc,39,125,many\nd,39,125,2\n".into(),
                1,
                3,
                &[
                    "line 2, prior",
                    "'0' is no prior weight",
                    "line 3, prior",
                    "'-1'",
                    "line 4, prior",
                    "'many'",
                    "above zero",
                ],
            ),
            (
                "uncertainty",
                b"id,lat,lon,uncertainty_m\na,39,125,-5\nb,39,125,1e999\nc,39,125,5\n".into(),
                1,
                2,
                &["line 2, uncertainty_m", "'-5'", "line 3, uncertainty_m", "'1e999'", "zero or more"],
            ),
            ("very long ids", long.into(), 1, 1, &["line 2, lat", "latitude 91"]),
            (
                "decimal commas without quotation marks",
                b"id,lat,lon\na,39,125\nb,39,5,125,5\n".into(),
                1,
                1,
                &["line 3", "the row has 5 fields, the header 3", "decimals written with commas?"],
            ),
            (
                "a value of a megabyte",
                format!("id,lat,lon\na,39,125\nb,{},125\n", "9".repeat(1 << 20)).into(),
                1,
                1,
                &["line 3, lat", "'99999", "…'"],
            ),
            (
                "names that would rewrite a terminal",
                b"id,lat,lon\na,39,125\nb,\x1b[2J\x07,125\nc,39,\"5\nerror: x\"\n".into(),
                1,
                2,
                &["line 3, lat", "\u{fffd}[2J\u{fffd}", "line 4, lon", "5 error: x"],
            ),
            (
                "a quotation that is never closed",
                b"id,lat,lon,name\na,39,125,x\nb,40,125,\"wide\nc,40.5,125,C\n".into(),
                1,
                1,
                &["line 3: 'wide': a quotation mark is opened here and never closed"],
            ),
            (
                "cut in the middle of a row",
                b"id,lat,lon\na,39.5,125.5\nb,39.5,1\nc,39".into(),
                2,
                1,
                &["line 4", "2 fields"],
            ),
        ],
    );
}

#[test]
fn features_that_are_rejected_as_sites() {
    let cases: [(&str, &str, &[&str]); 8] = [
        (
            "swapped",
            r#""properties":{},"geometry":{"type":"Point","coordinates":[39,125]}"#,
            &["latitude 125", "swapped?", "longitude first"],
        ),
        (
            "projected",
            r#""properties":{},"geometry":{"type":"Point","coordinates":[500000,4400000]}"#,
            &["latitude 4400000", "out of range"],
        ),
        (
            "a line",
            r#""properties":{},"geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]}"#,
            &["geometry", "a site is a Point, found a LineString"],
        ),
        ("no geometry", r#""properties":{},"geometry":null"#, &["the feature has no geometry"]),
        (
            "id twice",
            r#""id":"GOOD","properties":{},"geometry":{"type":"Point","coordinates":[125,39]}"#,
            &["id", "used before", "by feature 1"],
        ),
        (
            "tags",
            r#""properties":{"tags":[1]},"geometry":{"type":"Point","coordinates":[125,39]}"#,
            &["tags", "list of texts"],
        ),
        ("prior", r#""properties":{"prior":-1},"geometry":{"type":"Point","coordinates":[125,39]}"#, &["prior", "-1"]),
        (
            "uncertainty",
            r#""properties":{"uncertainty_m":"much"},"geometry":{"type":"Point","coordinates":[125,39]}"#,
            &["uncertainty_m", "expected a number"],
        ),
    ];
    let collection = |feature: &str| {
        let id = if feature.starts_with("\"id\"") { "" } else { r#""id":"bad","# };
        let good =
            r#"{"type":"Feature","id":"good","properties":{},"geometry":{"type":"Point","coordinates":[125.5,39.5]}}"#;
        format!(r#"{{"type":"FeatureCollection","features":[{good},{{"type":"Feature",{id}{feature}}}]}}"#).into_bytes()
    };
    let cases = cases.map(|(case, feature, says)| (case, collection(feature), 1, 1, says));
    rejected_rows("s.geojson", &cases);
}

/// Features of a sequence, and placemarks: the first good, the second not.
#[test]
fn lines_and_placemarks_that_are_no_sites() {
    let point = |id: &str, at: &str| {
        format!(
            r#"{{"type":"Feature","id":"{id}","properties":{{}},"geometry":{{"type":"Point","coordinates":{at}}}}}"#
        )
    };
    let good = point("good", "[125.5,39.5]");
    let lines = |bad: &str| format!("{good}\n{bad}\n").into_bytes();
    let long = lines(&format!("\"{}\"", "x".repeat(17 << 20)));
    rejected_rows(
        "s.geojsonl",
        &[
            ("cut", lines("{\"type\":\"Feature\","), 1, 1, &["line 2: ", "not JSON: EOF", "column 18"]),
            ("a list", lines("[]"), 1, 1, &["line 2: ", "expected a feature"]),
            (
                "a collection",
                lines("{\"type\":\"FeatureCollection\",\"features\":[]}"),
                1,
                1,
                &["line 2: ", "found a FeatureCollection"],
            ),
            ("swapped", lines(&point("b", "[39,125]")), 1, 1, &["line 2, geometry: ", "latitude 125", "swapped?"]),
            ("no id", lines(&point("", "[125,39]")), 1, 1, &["line 2, id: the feature has no id"]),
            ("deep", lines(&"[".repeat(100_000)), 1, 1, &["line 2: ", "recursion limit"]),
            ("long", long, 1, 1, &["line 2: ", "more than 16 MiB"]),
            ("Latin-1", [lines(""), latin1("{\"a\":\"ß\"}")].concat(), 1, 1, &["line 3: ", "not UTF-8", "Latin-1"]),
        ],
    );
    let good = "<Placemark id=\"good\"><Point><coordinates>125.5,39.5</coordinates></Point></Placemark>";
    let kml = |bad: &str| format!("<kml>{good}\n{bad}</kml>").into_bytes();
    let placemark = |inside: &str| kml(&format!("<Placemark id=\"b\">{inside}</Placemark>"));
    let at = |coordinates: &str| placemark(&format!("<Point><coordinates>{coordinates}</coordinates></Point>"));
    let values: Vec<_> = (0..17_000).map(|at| format!("<Data name='{at}'><value>1</value></Data>")).collect();
    let values = values.concat();
    let parts = format!("<name>{}</name>", format!("{}<!-- -->", "x".repeat(1 << 20)).repeat(17));
    rejected_rows(
        "s.kml",
        &[
            ("a way", placemark("<LineString/>"), 1, 1, &["line 2, placemark 2: geometry: ", "found a LineString"]),
            ("swapped", at("39.6,125.3"), 1, 1, &["line 2, placemark 2: coordinates: ", "swapped?"]),
            ("decimal commas", at("125,3 39,6"), 1, 1, &["'125,3 39,6'", "a point is one place"]),
            ("an entity", placemark("<name>&lol;</name>"), 1, 1, &["'&lol;': this stands for nothing"]),
            (
                "a link",
                kml("<NetworkLink><Link><href>http://192.0.2.1/</href></Link></NetworkLink>"),
                1,
                1,
                &["not followed"],
            ),
            ("used twice", kml(good), 1, 1, &["placemark 2: id: ", "used before, by placemark 1"]),
            (
                "many properties",
                placemark(&format!("<ExtendedData>{values}</ExtendedData>")),
                1,
                1,
                &["more than 16384 properties"],
            ),
            ("long in parts", placemark(&parts), 1, 1, &["the placemark has more than 16 MiB"]),
        ],
    );
}

/// Gives a list of good and bad rows to every command: the good ones are used, the bad ones told, none is lost, and the exit code says so.
fn rejected(
    problems: &mut Problems,
    folder: &Folder,
    case: &str,
    name: &str,
    (good, bad): (usize, usize),
    says: &[&str],
) {
    let good_question = folder.path("good.toml");
    let sites = folder.path(name);
    let all = good + bad;
    let of_file = format!("{name}: ");
    let says = [says, &[of_file.as_str()]].concat();
    let [measured, scored] = ["measured", "scored"].map(|verb| format!("{good} of {all} rows {verb}, {bad} rejected"));

    let mut run = |args: &[&str], account: &str| {
        let ran = problems.partial(&format!("{case}: {}", args[0]), args, &[&says[..], &[account]].concat());
        problems.must(case, "a column without a name is told, as in \"line 3, : …\"", !ran.stderr.contains(", :"));
        ran
    };
    let distances = run(&["distance", "--to", BORDER, "--sites", &sites], &measured).csv().1.len();
    let rows = run(&["score", &good_question, "--sites", &sites], &scored).csv().1.len();
    let saved = folder.path("saved.sbx");
    run(&["index", &sites, "-o", &saved], &format!("{good} sites and {bad} rejected rows"));
    let again = run(&["distance", "--to", BORDER, "--sites", &saved], &measured).csv().1.len();
    let question = folder.file("partial.toml", SCENARIO.replace("sites.csv", name));
    run(&["check", &question], &scored);
    let ranked = ["rank", "--claim", CLAIM, "--sites", &sites, "--no-robustness", "--format", "json"];
    if good == 0 {
        // There is nothing to rank.
        for args in [&ranked[..], &["map", &good_question, "--sites", &sites, "-o", &folder.path("new/map.svg")]] {
            let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
            ways::refused(problems, folder, case, &args, 1, &[&says[..], &["no valid site"]].concat());
        }
        return;
    }
    let json = run(&ranked, &scored).json();
    run(&["map", &good_question, "--sites", &sites, "-o", &folder.path("new/map.kml")], &scored);
    let first = json["ranking"][0]["id"].as_str().unwrap_or_default().to_owned();
    run(&["explain", &good_question, &first, "--sites", &sites], &scored);
    let count = |key: &str| json[key].as_array().map_or(0, Vec::len);
    let counts = [distances, rows, again, count("ranking"), count("rejected")];
    problems.must(case, &format!("rows were lost: {counts:?}"), counts == [good, good, good, good, bad]);

    let output = folder.path("new/partial.json");
    let to_file = siteband(&[&ranked[..], &["-o", &output]].concat());
    problems.must(
        case,
        "a file has other bytes than standard output",
        to_file.code == Some(1) && folder.read("new/partial.json") == siteband(&ranked).stdout,
    );
}

#[test]
fn a_partial_result_lists_every_rejected_row() {
    let folder = Folder::new();
    let table = "id,lat,lon,name,prior\n\
        a,39.6,125.3,A,\n\
        b,91,12,B,\n\
        c,39,inf,C,\n\
        \n\
        A,39.7,125.4,again,\n\
        d,40\n\
        e,40,126,\"two\nlines\",0\n\
        f,40.1,126.1,F,2\n";
    let sites = folder.file("sites.csv", table);
    let ran = siteband(&["rank", "--claim", CLAIM, "--sites", &sites, "--format", "json"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let json = ran.json();
    let rejected = json["rejected"].as_array().expect("a list");
    let found: Vec<_> = rejected
        .iter()
        .map(|row| {
            assert_eq!(row["file"], sites.as_str());
            let keys: Vec<_> = row.as_object().expect("an object").keys().map(String::as_str).collect();
            assert_eq!(keys, ["column", "file", "line", "reason", "value"]);
            let text = |key: &str| row[key].as_str().expect("text").to_owned();
            assert!(!text("reason").is_empty());
            (row["line"].as_u64().expect("a line"), text("column"), text("value"))
        })
        .collect();
    let expected = [(3, "lat", "91"), (4, "lon", "inf"), (6, "id", "A"), (7, "", "d"), (8, "prior", "0")];
    assert_eq!(found, expected.map(|(line, column, value)| (line, column.to_owned(), value.to_owned())));
    let ranking = json["ranking"].as_array().expect("a list");
    assert_eq!(ranking.len(), 2);
    let sum: f64 = ranking.iter().chain([&json]).map(probability).sum();
    assert!((sum - 1.0).abs() < 1e-12, "{sum}");
    for line in [3, 4, 6, 7, 8] {
        assert!(ran.stderr.contains(&format!("sites.csv: line {line}")), "line {line} is not told: {}", ran.stderr);
    }
    assert!(ran.stderr.contains("2 of 7 rows scored, 5 rejected"), "{}", ran.stderr);

    // What is ranked is what the good rows alone give.
    let good = folder.file("good.csv", "id,lat,lon,name,prior\na,39.6,125.3,A,\nf,40.1,126.1,F,2\n");
    let alone = siteband(&["rank", "--claim", CLAIM, "--sites", &good, "--format", "json"]).ok().json();
    assert_eq!(json["ranking"], alone["ranking"]);
}

/// The posterior of a site, or the probability that it is none of these.
fn probability(value: &serde_json::Value) -> f64 {
    value.get("posterior").or(value.get("none_of_these")).and_then(serde_json::Value::as_f64).expect("a probability")
}

#[test]
fn distance_writes_rejected_rows_to_a_file() {
    let folder = Folder::new();
    let sites = folder.file("sites.csv", "id,lat,lon\na,39,125\nb,91,12\nc,\"39,5\",125\n");
    let rejects = folder.path("rejects.csv");
    let ran = siteband(&["distance", "--to", BORDER, "--sites", &sites, "--rejects", &rejects]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.csv().1.len(), 1);
    let written = folder.read("rejects.csv");
    let mut reader = csv::Reader::from_reader(written.as_slice());
    assert_eq!(reader.headers().expect("a header"), vec!["file", "line", "column", "value", "reason"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let found: Vec<_> = rows.iter().map(|row| [&row[0], &row[1], &row[2], &row[3]]).collect();
    assert_eq!(found, [[sites.as_str(), "3", "lat", "91"], [sites.as_str(), "4", "lat", "39,5"]]);
    assert!(ran.stderr.contains("1 of 3 rows measured, 2 rejected"), "{}", ran.stderr);
}

#[test]
fn many_rejected_rows_are_counted_not_listed() {
    let folder = Folder::new();
    let rows: Vec<String> = (0..1000).map(|number| format!("s{number},91,5")).collect();
    let sites = folder.file("sites.csv", format!("id,lat,lon\na,39,125\n{}\n", rows.join("\n")));
    let ran = siteband(&["rank", "--claim", CLAIM, "--sites", &sites, "--format", "json"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.json()["rejected"].as_array().map(Vec::len), Some(1000));
    assert!(ran.stderr.lines().count() < 30, "{} lines", ran.stderr.lines().count());
    assert!(ran.stderr.contains("1 of 1001 rows scored, 1000 rejected"), "{}", ran.stderr);
}

#[test]
fn ids_that_stand_twice_are_told_with_both_lines() {
    let folder = Folder::new();
    let sites = folder.file("sites.csv", "id,lat,lon\na,39,125\nb,39.5,125\nA,40,125\n");
    let mut problems = Problems::default();
    let says = ["sites.csv: line 4, id", "'A'", "used before", "on line 2"];
    let ran = problems.partial("rank", &["rank", "--claim", CLAIM, "--sites", &sites, "--format", "json"], &says);
    problems.must("rank", "not two sites", ran.json()["ranking"].as_array().map(Vec::len) == Some(2));
    problems.none(1);
}

#[test]
fn a_quotation_mark_that_is_not_closed_swallows_nothing_in_silence() {
    let mut problems = Problems::default();
    for (case, table, says) in [
        (
            "in the first row",
            "id,lat,lon,name\na,39,125,\"A\nb,40,125,B\nc,40.5,125,C\n",
            &["sites.csv: line 2", "quotation mark"],
        ),
        ("in the last row", "id,lat,lon,name\nb,40,125,B\na,39,125,\"A\n", &["sites.csv: line 3", "quotation mark"]),
        (
            "in an earlier column",
            "id,lat,lon\n\"a,39,125\nb,40,125\nc,40.5,125\n",
            &["sites.csv: line 2", "quotation mark"],
        ),
    ] {
        let folder = Folder::new();
        let sites = folder.file("sites.csv", table);
        for args in [["distance", "--to", BORDER, "--sites", &sites], ["rank", "--claim", CLAIM, "--sites", &sites]] {
            let ran = siteband(&args);
            problems.check(&format!("{} {case}", args[0]), &ran, 1, says);
        }
    }
    problems.none(0);
}

#[test]
fn a_list_without_rows_can_be_measured_and_not_ranked() {
    let mut problems = Problems::default();
    for (name, content) in [
        ("s.csv", "id,lat,lon\n"),
        ("s.csv", "id,lat,lon"),
        ("s.geojson", r#"{"type":"FeatureCollection","features":[]}"#),
    ] {
        let folder = Folder::new();
        let sites = folder.file(name, content);
        let distance = siteband(&["distance", "--to", BORDER, "--sites", &sites]).ok();
        assert_eq!(distance.text(), "id,lat,lon,distance_m,nearest_lat,nearest_lon,feature,part,segment\n");
        assert!(distance.stderr.is_empty(), "{}", distance.stderr);
        let says = [name, "no valid site"];
        problems.refused("empty", &["rank", "--claim", CLAIM, "--sites", &sites], 1, &says);
        problems.refused("empty", &["rank", SINO_RI, "--sites", &sites], 1, &says);
        problems.refused("empty", &["explain", SINO_RI, "sino-ri", "--sites", &sites], 1, &says);
    }
    problems.none(9);
}

#[test]
fn standard_input_is_checked_as_files_are() {
    let mut problems = Problems::default();
    let distance = ["distance", "--to", BORDER, "--sites", "-"];
    for (case, stdin, says) in [
        ("nothing", Vec::new(), "the table is empty"),
        ("UTF-16", utf16("id,lat,lon\na,39,125\n"), "UTF-16"),
        ("semicolons", b"id;lat;lon\n".to_vec(), "separated by ';'"),
        ("zeros", vec![0; 100], "binary"),
    ] {
        problems.refused_with(case, &distance, &stdin, 1, &[says]);
    }
    let ran = siteband_with(&distance, b"id,lat,lon\na,91,12\nb,39,125\n", &[]);
    problems.check("a bad row", &ran, 1, &["line 2, lat", "latitude 91", "1 of 2 rows measured, 1 rejected"]);
    problems.must("a bad row", "the good row is not measured", ran.csv().1.len() == 1);
    problems.none(4);
}

/// What stands before a row that is too long is used; the rest of the table is not, and that is said.
#[test]
fn a_row_without_end_ends_a_table() {
    let folder = Folder::new();
    let row = "x".repeat(17 << 20);
    let sites = folder.file("sites.csv", format!("id,lat,lon,name\na,39,125,x\n\nb,39,125,\"{row}\nc,39,125,x\n"));
    let mut problems = Problems::default();
    let says =
        ["sites.csv: line 3: the rest of the table cannot be read", "longer than 16 MiB", "quotation mark not closed?"];
    for (args, account) in [
        (vec!["rank", "--claim", CLAIM, "--sites", &sites], "1 of 2 rows scored, 1 rejected"),
        (vec!["distance", "--to", BORDER, "--sites", &sites], "1 of 2 rows measured, 1 rejected"),
    ] {
        problems.partial(args[0], &args, &[&says[..], &[account]].concat());
    }
    // Scores are of whole lists.
    let output = folder.path("scores.csv");
    let says = ["sites.csv: the row on line 4 is longer than 16 MiB", "nothing under"];
    problems.refused("score", &["score", SINO_RI, "--sites", &sites, "-o", &output], 1, &says);
    problems.must("score", "a file appeared", !folder.names().contains(&"scores.csv".to_owned()));
    problems.none(3);
}

/// A list without end is read no farther than its first row shows what it is.
#[cfg(unix)]
#[test]
fn a_list_without_end_ends_with_an_error() {
    let folder = ways::folder();
    let question = folder.path("good.toml");
    let mut problems = Problems::default();
    for (name, says) in [
        ("s.csv", "the table is binary"),
        ("s.geojson", "this is binary"),
        ("s.geojsonl", "the list is binary"),
        ("s.kml", "the text is binary"),
        ("s.sbx", "not one that siteband has written"),
        ("s.kmz", "not a KMZ archive"),
    ] {
        std::os::unix::fs::symlink("/dev/zero", folder.path(name)).expect("a link");
        let sites = folder.path(name);
        problems.refused(name, &["rank", "--claim", CLAIM, "--sites", &sites], 1, &[name, says]);
        problems.refused(name, &["distance", "--to", BORDER, "--sites", &sites], 1, &[name, says]);
        problems.refused(name, &["score", &question, "--sites", &sites], 1, &[name]);
    }
    problems.none(18);
}
