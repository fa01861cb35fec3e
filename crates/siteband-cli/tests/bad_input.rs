//! Everything that can be wrong with what the commands are given: each is refused or rejected with its place and its reason.

mod common;

use common::{BORDER, CLAIM, Folder, Problems, SINO_RI, SITES, siteband, siteband_with};

/// A list of sites without faults.
const GOOD_SITES: &str = "id,lat,lon,tags\na,39.6,125.3,training\nb,40,126,\n";

// ---------------------------------------------------------------------------------------------------------------------------
// Lists of sites

/// UTF-16 with a byte order mark, the little end first, as spreadsheets write it.
fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// Latin-1.
fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).expect("a character of Latin-1")).collect()
}

#[test]
fn lists_that_cannot_be_read() {
    let cases: [(&str, &str, Vec<u8>, &[&str]); 19] = [
        ("missing column", "s.csv", b"id,lat,long\na,39,125\n".into(), &["column 'lon' is missing", "rename 'long'?"]),
        ("no id", "s.csv", b"name,lat,lon\na,39,125\n".into(), &["column 'id' is missing", "found name, lat, lon"]),
        ("longer names", "s.csv", b"id,latitude,lng\na,1,2\n".into(), &["column 'lat' is missing", "rename 'latitude'?"]),
        ("duplicate column", "s.csv", b"id,lat,lon,LAT\na,39,125,4\n".into(), &["column 'lat' stands twice"]),
        ("empty file", "s.csv", Vec::new(), &["the table is empty", "id, lat and lon"]),
        ("byte order mark alone", "s.csv", "\u{feff}".into(), &["the table is empty"]),
        ("blank lines alone", "s.csv", b"\n\n\n".into(), &["the table is empty"]),
        ("UTF-16", "s.csv", utf16("id,lat,lon\na,39,125\n"), &["UTF-16", "UTF-8"]),
        ("Latin-1 header", "s.csv", latin1("id,lat,lon,größe\na,39,125,1\n"), &["Latin-1", "UTF-8"]),
        ("semicolons", "s.csv", b"id;lat;lon\na;39,5;125,5\n".into(), &["separated by ';'", "commas"]),
        ("tabs", "s.csv", b"id\tlat\tlon\na\t39.5\t125.5\n".into(), &["separated by '\\t'", "commas"]),
        ("bars", "s.csv", b"id|lat|lon\na|39.5|125.5\n".into(), &["separated by '|'", "commas"]),
        ("unknown ending", "s.txt", b"id,lat,lon\na,39,125\n".into(), &["unknown kind of site list", ".csv or .geojson"]),
        ("truncated", "s.geojson", b"{\"type\":\"FeatureCollection\",\n\"features\":[\n{\"type\":\"Fea".into(), &["line 3 column 12"]),
        ("bare geometry", "s.geojson", br#"{"type":"Point","coordinates":[125,39]}"#.into(), &["no id", "expected features"]),
        ("empty JSON", "s.geojson", Vec::new(), &["not GeoJSON", "line 1"]),
        ("UTF-16 JSON", "s.geojson", utf16(r#"{"type":"FeatureCollection","features":[]}"#), &["UTF-8"]),
        ("half a position", "s.geojson", site_geojson("[125]"), &["two", "line 1"]),
        (
            "other system",
            "s.geojson",
            br#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32652"}},
                "features":[{"type":"Feature","id":"a","properties":{},"geometry":{"type":"Point","coordinates":[50,40]}}]}"#
                .into(),
            &["EPSG::32652", "WGS 84"],
        ),
    ];
    let mut problems = Problems::default();
    for (case, name, content, says) in cases {
        let folder = Folder::new();
        let sites = folder.file(name, content);
        let says = [says, &[name]].concat();
        problems.refused(case, &["distance", "--to", BORDER, "--sites", &sites], 1, &says);
        problems.refused(case, &["rank", "--claim", CLAIM, "--sites", &sites], 1, &says);
        problems.refused(case, &["explain", SINO_RI, "a", "--sites", &sites], 1, &says);
    }
    problems.none(3 * 19);
}

/// One site.
fn site_geojson(coordinates: &str) -> Vec<u8> {
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","id":"a","properties":{{}},"geometry":{{"type":"Point","coordinates":{coordinates}}}}}]}}"#
    )
    .into()
}

#[test]
fn lists_that_are_not_there() {
    let folder = Folder::new();
    let mut problems = Problems::default();
    let missing = folder.path("missing.csv");
    for (path, says) in [(missing.as_str(), &["missing.csv: No such file"][..]), ("data", &["data: this is a folder"])]
    {
        problems.refused(path, &["distance", "--to", BORDER, "--sites", path], 1, says);
        problems.refused(path, &["rank", "--claim", CLAIM, "--sites", path], 1, says);
        problems.refused(path, &["rank", SINO_RI, "--sites", path], 1, says);
        problems.refused(path, &["explain", SINO_RI, "sino-ri", "--sites", path], 1, says);
    }
    problems.none(8);
}

#[test]
fn rows_that_are_rejected() {
    // The table, how many rows are good and bad, and what is said of the bad ones.
    let long = format!("id,lat,lon\n{0},91,125\nb{0},39,125\n", "x".repeat(100_000));
    let cases: [(&str, Vec<u8>, usize, usize, &[&str]); 22] = [
        (
            "latitude 91",
            b"id,lat,lon\na,39,125\nb,91,12\n".into(),
            1,
            1,
            &["line 3, lat: latitude 91 is out of range", "from -90 to 90", "swapped?"],
        ),
        (
            "longitude 360",
            b"id,lat,lon\na,39,125\nb,39,360\n".into(),
            1,
            1,
            &["line 3, lon: longitude 360", "less than 360"],
        ),
        (
            "half a row",
            b"id,lat,lon\na,39,125\nb,39\nc,40,125\n".into(),
            2,
            1,
            &["line 3: the row has 2 fields, the header 3"],
        ),
        (
            "a row and a half",
            b"id,lat,lon\na,39,125,7,8\n".into(),
            0,
            1,
            &["line 2: the row has 5 fields, the header 3"],
        ),
        ("empty cells", b"id,lat,lon\na,39,125\nb,,\n".into(), 1, 1, &["line 3, lat: the latitude is empty"]),
        ("empty longitude", b"id,lat,lon\na,39,125\nb,39,\n".into(), 1, 1, &["line 3, lon: the longitude is empty"]),
        ("empty id", b"id,lat,lon\n,39,125\n".into(), 0, 1, &["line 2, id: the id is empty"]),
        ("NaN", b"id,lat,lon\na,NaN,125\nb,39,nan\n".into(), 0, 2, &["line 2, lat: 'NaN'", "line 3, lon: 'nan'"]),
        ("infinite", b"id,lat,lon\na,inf,125\nb,39,-inf\n".into(), 0, 2, &["line 2, lat: 'inf'", "line 3, lon: 'inf'"]),
        (
            "overflow",
            b"id,lat,lon\na,1e999,125\nb,39,-1e999\n".into(),
            0,
            2,
            &["line 2, lat: ", "line 3, lon: ", "1e999"],
        ),
        (
            "decimal commas",
            b"id,lat,lon\na,\"39,5\",\"125,5\"\n".into(),
            0,
            1,
            &["line 2, lat: '39,5'", "decimal comma"],
        ),
        ("two points", b"id,lat,lon\na,39.6.4,125\n".into(), 0, 1, &["line 2, lat: '39.6.4' has two decimal points"]),
        ("words", b"id,lat,lon\na,north,125\n".into(), 0, 1, &["line 2, lat: 'north'"]),
        ("minutes", b"id,lat,lon\na,39 60 0,125\n".into(), 0, 1, &["line 2, lat: minutes 60", "less than 60"]),
        ("hemispheres", b"id,lat,lon\na,39 E,125 N\n".into(), 0, 1, &["line 2, lat: '39 E'", "latitude"]),
        (
            "Latin-1 cell",
            latin1("id,lat,lon,name\na,39,125,x\nb,39,125,Straße\n"),
            1,
            1,
            &["line 3, name: not UTF-8", "save the table"],
        ),
        (
            "carriage returns alone",
            b"id,lat,lon\ra,39,125\r\rb,91,5\rc,40,125\rd,40\r".into(),
            2,
            2,
            &["line 4, lat: latitude 91", "line 6"],
        ),
        (
            "carriage returns and line feeds",
            b"id,lat,lon\r\na,39,125\r\n\r\nb,91,5\r\n".into(),
            1,
            1,
            &["line 4, lat: latitude 91"],
        ),
        (
            "a quoted line feed before",
            b"id,lat,lon,name\na,39,125,\"two\nlines\"\nb,91,5,x\n".into(),
            1,
            1,
            &["line 4, lat: latitude 91"],
        ),
        (
            "prior",
            b"id,lat,lon,prior\na,39,125,0\nb,39,125,-1\nc,39,125,many\nd,39,125,2\n".into(),
            1,
            3,
            &["line 2, prior: '0' is no prior weight", "line 3, prior: '-1'", "line 4, prior: 'many'", "above zero"],
        ),
        (
            "uncertainty",
            b"id,lat,lon,uncertainty_m\na,39,125,-5\nb,39,125,1e999\nc,39,125,5\n".into(),
            1,
            2,
            &["line 2, uncertainty_m: '-5'", "line 3, uncertainty_m: '1e999'", "zero or more"],
        ),
        ("very long ids", long.into(), 1, 1, &["line 2, lat: latitude 91"]),
    ];
    let mut problems = Problems::default();
    for (case, table, good, bad, says) in cases {
        let folder = Folder::new();
        let sites = folder.file("sites.csv", table);
        rejected(&mut problems, &folder, case, &sites, (good, bad), &[says, &["sites.csv: line "]].concat());
    }
    problems.none(2 * 22);
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
    let mut problems = Problems::default();
    for (case, feature, says) in cases {
        let folder = Folder::new();
        let id = if feature.starts_with("\"id\"") { "" } else { r#""id":"bad","# };
        let good =
            r#"{"type":"Feature","id":"good","properties":{},"geometry":{"type":"Point","coordinates":[125.5,39.5]}}"#;
        let sites = folder.file(
            "sites.geojson",
            format!(r#"{{"type":"FeatureCollection","features":[{good},{{"type":"Feature",{id}{feature}}}]}}"#),
        );
        rejected(&mut problems, &folder, case, &sites, (1, 1), &[says, &["sites.geojson: feature 2"]].concat());
    }
    problems.none(2 * 8);
}

/// Ranks and measures a list of good and bad rows: the good ones are used, the bad ones told, and none is lost.
fn rejected(
    problems: &mut Problems,
    folder: &Folder,
    case: &str,
    sites: &str,
    (good, bad): (usize, usize),
    says: &[&str],
) {
    let distance = ["distance", "--to", BORDER, "--sites", sites];
    let measured = problems.partial(&format!("distance {case}"), &distance, says);
    let account = format!("{good} of {} rows measured, {bad} rejected", good + bad);
    problems.must(case, &format!("no \"{account}\" in {}", measured.stderr), measured.stderr.contains(&account));
    problems.must(case, "distance lost a row", measured.csv().1.len() == good);

    let rank = ["rank", "--claim", CLAIM, "--sites", sites, "--format", "json"];
    if good == 0 {
        problems.refused(case, &rank, 1, &[says, &["no valid site"]].concat());
        return;
    }
    let ranked = problems.partial(&format!("rank {case}"), &rank, says);
    let account = format!("{good} of {} rows scored, {bad} rejected", good + bad);
    problems.must(case, &format!("no \"{account}\" in {}", ranked.stderr), ranked.stderr.contains(&account));
    let json = ranked.json();
    let count = |key: &str| json[key].as_array().map_or(0, Vec::len);
    problems.must(case, "scored and rejected rows do not add up", (count("ranking"), count("rejected")) == (good, bad));

    let output = folder.path("partial.json");
    let to_file = siteband(&[&rank[..], &["-o", &output]].concat());
    problems.check(case, &to_file, 1, says);
    problems.must(case, "a file has other bytes than standard output", folder.read("partial.json") == ranked.stdout);
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
    let rows: String = (0..1000).map(|number| format!("s{number},91,5\n")).collect();
    let sites = folder.file("sites.csv", format!("id,lat,lon\na,39,125\n{rows}"));
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
    let says = ["sites.csv: line 4, id: ", "'A'", "used before", "on line 2"];
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
    problems.check("a bad row", &ran, 1, &["line 2, lat: latitude 91", "1 of 2 rows measured, 1 rejected"]);
    problems.must("a bad row", "the good row is not measured", ran.csv().1.len() == 1);
    problems.none(4);
}

// ---------------------------------------------------------------------------------------------------------------------------
// Files of features

/// One feature with the id `b`.
fn feature(geometry: &str) -> Vec<u8> {
    with_properties("", geometry)
}

fn with_properties(properties: &str, geometry: &str) -> Vec<u8> {
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","id":"b","properties":{{{properties}}},"geometry":{geometry}}}]}}"#
    )
    .into()
}

#[test]
fn files_of_features_that_cannot_be_used() {
    let line = r#"{"type":"LineString","coordinates":[[124,40],[125,41]]}"#;
    let cases: [(&str, Vec<u8>, &[&str]); 32] = [
        (
            "projected",
            feature(r#"{"type":"LineString","coordinates":[[500000,4400000],[510000,4410000]]}"#),
            &["feature 'b'", "part 0, position 0", "[500000, 4400000]", "projected", "WGS 84"],
        ),
        (
            "named system",
            br#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32652"}},"features":[]}"#
                .into(),
            &["EPSG::32652", "WGS 84"],
        ),
        (
            "swapped",
            feature(r#"{"type":"LineString","coordinates":[[40.1,124.4],[41.0,126.0]]}"#),
            &["feature 'b'", "part 0, position 0", "latitude 124.4", "swapped?", "longitude first"],
        ),
        (
            "swapped later",
            feature(r#"{"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[41.0,126.0]]]}"#),
            &["feature 'b'", "part 1, position 1", "latitude 126", "swapped?"],
        ),
        (
            "open ring",
            feature(r#"{"type":"Polygon","coordinates":[[[124,40],[125,40],[125,41],[124,41]]]}"#),
            &["feature 'b'", "ring 0 is not closed"],
        ),
        (
            "open hole",
            feature(
                r#"{"type":"MultiPolygon","coordinates":[[[[1,1],[9,1],[9,9],[1,1]],[[5,2],[6,2],[6,3],[5,3]]]]}"#,
            ),
            &["feature 'b'", "polygon 0, ring 1 is not closed"],
        ),
        (
            "ring of three",
            feature(r#"{"type":"Polygon","coordinates":[[[124,40],[125,40],[124,40]]]}"#),
            &["feature 'b'", "ring of 3 positions", "at least four"],
        ),
        (
            "truncated",
            b"{\"type\":\"FeatureCollection\",\n\"features\":[\n{\"type\":\"Fea".into(),
            &["not JSON", "line 3 column 12"],
        ),
        ("empty", Vec::new(), &["not JSON", "line 1"]),
        ("no type", br#"{"a":1}"#.into(), &["not GeoJSON", "`type`"]),
        ("a list", b"[1,2]".into(), &["not GeoJSON", "sequence"]),
        ("TopoJSON", br#"{"type":"Topology","objects":{}}"#.into(), &["not GeoJSON", "`Topology`", "`FeatureCollection`"]),
        ("no features", br#"{"type":"FeatureCollection","features":[]}"#.into(), &["there are no features"]),
        ("no geometry", feature("null"), &["feature 'b'", "no geometry"]),
        ("empty line", feature(r#"{"type":"LineString","coordinates":[]}"#), &["feature 'b'", "no vertices"]),
        ("no lines", feature(r#"{"type":"MultiLineString","coordinates":[]}"#), &["feature 'b'", "no vertices"]),
        ("collection", feature(r#"{"type":"GeometryCollection","geometries":[]}"#), &["feature 'b'", "geometry collection"]),
        ("words", feature(r#"{"type":"LineString","coordinates":[["a",40],[1,2]]}"#), &["not GeoJSON", "\"a\""]),
        ("NaN", feature(r#"{"type":"LineString","coordinates":[[NaN,40],[1,2]]}"#), &["not JSON", "line 1 column"]),
        ("overflow", feature(r#"{"type":"LineString","coordinates":[[1e999,40],[1,2]]}"#), &["out of range", "line 1 column"]),
        ("half a point", feature(r#"{"type":"Point","coordinates":[124]}"#), &["not GeoJSON", "two or more"]),
        ("half a position", feature(r#"{"type":"LineString","coordinates":[[124],[125,40]]}"#), &["position"]),
        ("half an area", feature(r#"{"type":"Polygon","coordinates":[[[1],[1],[1],[1]]]}"#), &["position"]),
        ("half of several", feature(r#"{"type":"MultiPoint","coordinates":[[1,2],[1]]}"#), &["position"]),
        (
            "no single geodesic",
            feature(r#"{"type":"LineString","coordinates":[[0,0],[180,0]]}"#),
            &["feature 'b'", "opposite places", "add a vertex"],
        ),
        (
            "id twice",
            br#"{"type":"FeatureCollection","features":[
                {"type":"Feature","id":"x","properties":{},"geometry":{"type":"Point","coordinates":[50,40]}},
                {"type":"Feature","id":"X","properties":{},"geometry":{"type":"Point","coordinates":[50,41]}}]}"#
                .into(),
            &["feature 'X'", "has this id already"],
        ),
        (
            "uncertainty",
            with_properties(r#""position_uncertainty_m":-3"#, line),
            &["feature 'b'", "'position_uncertainty_m' is -3", "zero or more"],
        ),
        ("name", with_properties(r#""name":3"#, line), &["feature 'b'", "'name' is 3", "expected text"]),
        ("country", with_properties(r#""countries":["Atlantis"]"#, line), &["feature 'b'", "unknown country 'Atlantis'"]),
        ("UTF-16", utf16(r#"{"type":"FeatureCollection"}"#), &["UTF-8"]),
        ("Latin-1", latin1("{\"type\":\"Straße\"}"), &["byte 13 is not UTF-8"]),
        ("deep", "[".repeat(100_000).into(), &["not JSON", "recursion"]),
    ];
    let mut problems = Problems::default();
    let folder = Folder::new();
    let sites = folder.file("sites.csv", GOOD_SITES);
    for (case, content, says) in cases {
        let path = folder.file("f.geojson", content);
        let says = [says, &["f.geojson: "]].concat();
        problems.refused(case, &["distance", "--to", &path, "--sites", &sites], 1, &says);
        problems.refused(case, &["rank", "--claim", CLAIM, "--atlas", &path, "--sites", &sites], 1, &says);
        let scenario = folder.file("q.toml", format!("atlas = [\"f.geojson\"]\n{SCENARIO}"));
        problems.refused(case, &["check", &scenario], 1, &[&says[..], &["q.toml: line 1: atlas[1]"]].concat());
    }
    let missing = folder.path("missing.geojson");
    let says = &["missing.geojson: No such file"];
    problems.refused("missing", &["distance", "--to", &missing, "--sites", &sites], 1, says);
    problems.refused("missing", &["rank", "--claim", CLAIM, "--atlas", &missing, "--sites", &sites], 1, says);
    problems.refused("folder", &["distance", "--to", "data", "--sites", &sites], 1, &["data: this is a folder"]);
    problems.none(3 * 32 + 3);
}

#[test]
fn features_that_are_not_known() {
    let mut problems = Problems::default();
    let distance = ["distance", "--to", BORDER, "--sites", SITES, "--feature"];
    let near = ["cn-kp.geojson", "'cn-kr'", "did you mean 'cn-kp'?"];
    problems.refused("near", &[&distance[..], &["cn-kr"]].concat(), 1, &near);
    problems.refused("far", &[&distance[..], &["zebra"]].concat(), 1, &["'zebra'", "which has cn-kp"]);
    let rank = |claim, more: &[&'static str]| [&["rank", "--claim", claim, "--sites", SITES], more].concat();
    for (case, args, says) in [
        ("near", rank("about 85 km from Pyongyan", &[]), &["'Pyongyan'", "did you mean 'Pyongyang'"][..]),
        ("no border", rank("about 85 km from the Mongolian border", &[]), &["no border of MN", "cn-kp, kp-kr"]),
        (
            "two borders",
            rank("about 85 km from the North Korean border", &[]),
            &["KP has several borders: cn-kp, kp-kr"],
        ),
        ("option", rank(CLAIM, &["--border", "cn-kk"]), &["'cn-kk'", "did you mean 'cn-kp'?"]),
    ] {
        problems.refused(case, &args, 1, says);
    }
    problems.none(6);
}

// ---------------------------------------------------------------------------------------------------------------------------
// Scenarios

/// A scenario without faults, of ten lines.
const SCENARIO: &str = r#"sites = "sites.csv"
none_of_these = 0.2

[[source]]
id = "diplomat"
reliability = 0.9

[[claim]]
source = "diplomat"
text = "about 85 kilometers from the North Korean border with China"
"#;

/// The scenario with something else in one place.
fn but(from: &str, to: &str) -> Vec<u8> {
    assert_eq!(SCENARIO.matches(from).count(), 1, "'{from}' does not stand once in the scenario");
    SCENARIO.replace(from, to).into()
}

/// The scenario with a second claim, its statement on line 14.
fn and_claims(statement: &str) -> Vec<u8> {
    format!("{SCENARIO}\n[[claim]]\nsource = \"diplomat\"\n{statement}\n").into()
}

/// The scenario with something behind it, from line 12.
fn and(more: &str) -> Vec<u8> {
    format!("{SCENARIO}\n{more}").into()
}

/// The scenario with something on its first line.
fn before(more: &str) -> Vec<u8> {
    format!("{more}\n{SCENARIO}").into()
}

/// Runs each case through every command that reads scenarios.
fn refused_scenarios(name: &str, cases: &[(&str, Vec<u8>, &[&str])]) {
    let mut problems = Problems::default();
    for (case, content, says) in cases {
        let folder = Folder::new();
        folder.file("sites.csv", GOOD_SITES);
        let scenario = folder.file(name, content);
        let says = [*says, &[name]].concat();
        problems.refused(case, &["rank", &scenario], 1, &says);
        problems.refused(case, &["explain", &scenario, "a"], 1, &says);
        problems.refused(case, &["check", &scenario], 1, &says);
    }
    problems.none(3 * cases.len());
}

#[test]
fn the_scenario_of_these_tests_has_no_fault() {
    for (name, content) in [("q.toml", SCENARIO), ("q.json", JSON_SCENARIO)] {
        let folder = Folder::new();
        folder.file("sites.csv", GOOD_SITES);
        let scenario = folder.file(name, content);
        siteband(&["check", &scenario]).ok();
        assert_eq!(siteband(&["rank", &scenario, "--format", "csv"]).ok().csv().1.len(), 3);
    }
}

#[test]
fn scenarios_that_are_no_toml() {
    refused_scenarios(
        "q.toml",
        &[
            ("syntax", but("reliability = 0.9", "reliability = = 0.9"), &["line 6: "]),
            ("no end of text", but("with China\"", "with China"), &["line 10: ", "\""]),
            (
                "key twice",
                but("none_of_these = 0.2", "none_of_these = 0.2\nnone_of_these = 0.3"),
                &["line 3: duplicate key"],
            ),
            ("overflow", but("0.2", "1e999"), &["line 2: ", "overflow"]),
            ("JSON", b"{\"sites\": 1}".into(), &["line 1: "]),
            ("CSV", GOOD_SITES.into(), &["line 1: "]),
            ("carriage returns alone", SCENARIO.replace('\n', "\r").into(), &["line 1: ", "carriage return"]),
            ("UTF-16", utf16(SCENARIO), &["not UTF-8"]),
            ("Latin-1", latin1(&SCENARIO.replace("diplomat", "diplömat")), &["not UTF-8"]),
        ],
    );
}

#[test]
fn scenarios_with_wrong_keys_and_types() {
    refused_scenarios(
        "q.toml",
        &[
            (
                "unknown key",
                but("none_of_these", "none_of_thees"),
                &["line 2: ", "`none_of_thees`", "did you mean 'none_of_these'?"],
            ),
            (
                "unknown key of a source",
                but("reliability", "reliabilty"),
                &["line 6: ", "`reliabilty`", "did you mean 'reliability'?"],
            ),
            ("unknown key of a claim", but("text =", "txet ="), &["line 10: ", "`txet`", "did you mean 'text'?"]),
            (
                "unknown key of a statement",
                and_claims(r#"near = { featur = "pyongyang", midpoint_km = 40, scale_km = 10 }"#),
                &["line 14: ", "`featur`", "did you mean 'feature'?"],
            ),
            ("text for a number", but("0.2", "\"much\""), &["line 2: ", "\"much\"", "number"]),
            ("number for text", but("\"sites.csv\"", "7"), &["line 1: ", "`7`", "string"]),
            ("neither number nor letter", but("0.9", "true"), &["line 6: ", "expected a probability from 0 to 1"]),
            ("windows line ends", SCENARIO.replace("0.9", "[]").replace('\n', "\r\n").into(), &["line 6: "]),
            ("no source", but("source = \"diplomat\"\n", ""), &["line 8: ", "`source`"]),
            ("no likelihood ratio", and_claims(r#"attribute = { tag = "x" }"#), &["line 14: ", "`likelihood_ratio`"]),
            ("no claim", b"sites = \"sites.csv\"\n".into(), &["no [[claim]]", "at least one"]),
            ("empty", Vec::new(), &["no [[claim]]"]),
        ],
    );
}

#[test]
fn scenarios_with_wrong_sources() {
    let source = |more: &str| and(&format!("[[source]]\n{more}\n"));
    refused_scenarios(
        "q.toml",
        &[
            (
                "undeclared",
                but("source = \"diplomat\"", "source = \"diplomt\""),
                &["line 9: claim[1].source: ", "'diplomt'", "did you mean 'diplomat'?"],
            ),
            (
                "twice",
                source("id = \"Diplomat\"\nreliability = 0.5"),
                &["line 13: source[2].id: ", "'Diplomat' is declared twice"],
            ),
            (
                "circle",
                source(
                    "id = \"x\"\nreliability = 0.5\nrepeats = \"y\"\n[[source]]\nid = \"y\"\nreliability = 0.5\nrepeats = \"x\"",
                ),
                &["line 19: source[3].repeats: ", "in a circle"],
            ),
            (
                "repeats itself",
                but("0.9", "0.9\nrepeats = \"diplomat\""),
                &["line 7: source[1].repeats: ", "in a circle"],
            ),
            (
                "repeats nobody",
                but("0.9", "0.9\nrepeats = \"diplomt\""),
                &["line 7: source[1].repeats: ", "'diplomt'", "did you mean 'diplomat'?"],
            ),
            (
                "reliability 1.5",
                but("0.9", "1.5"),
                &["line 6: source[1].reliability: 1.5 is no reliability", "from 0 to 1"],
            ),
            ("reliability below zero", but("0.9", "-0.1"), &["line 6: source[1].reliability: -0.1", "from 0 to 1"]),
            ("reliability NaN", but("0.9", "nan"), &["line 6: source[1].reliability: NaN"]),
            ("reliability G", but("0.9", "\"G\""), &["line 6: source[1].reliability: 'G'", "from A to F"]),
            ("reliability B2", but("0.9", "\"B2\""), &["line 6: source[1].reliability: 'B2'", "from A to F", "digit"]),
            ("reliability in words", but("0.9", "\"fairly good\""), &["line 6: source[1].reliability: 'fairly good'"]),
        ],
    );
}

#[test]
fn scenarios_with_wrong_statements() {
    refused_scenarios(
        "q.toml",
        &[
            (
                "two in one",
                and_claims(
                    "attribute = { tag = \"x\", likelihood_ratio = 2 }\nat_most_km = { feature = \"cn-kp\", value = 5 }",
                ),
                &["line 12: claim[2]: ", "at_most_km and attribute", "one statement"],
            ),
            ("none", and_claims("note = \"nothing\""), &["line 12: claim[2]: ", "found none", "text, away_from, near"]),
            (
                "unknown unit",
                but("kilometers", "leagues"),
                &["line 10: claim[1].text: unknown unit 'leagues'", "nautical miles"],
            ),
            ("unknown hedge", but("about", "abuot"), &["line 10: claim[1].text: 'abuot'", "did you mean 'about'"]),
            ("no number", but("about 85 kilometers from", "near"), &["line 10: claim[1].text: found no number"]),
            ("two claims", but("with China", "and 90 km from Seoul"), &["line 10: claim[1].text: found 2 claims"]),
            (
                "unknown border",
                but("North Korean border with China", "Mongolian border"),
                &["line 10: claim[1].text: 'the Mongolian border'", "no border of MN"],
            ),
            (
                "unknown feature beside the words",
                but("\nsource = \"diplomat\"", "\nsource = \"diplomat\"\nfeature = \"cn-kr\""),
                &["line 10: claim[1].feature: 'cn-kr'", "did you mean 'cn-kp'"],
            ),
            (
                "unknown feature",
                and_claims(r#"near = { feature = "pyongyan", midpoint_km = 1, scale_km = 10 }"#),
                &["line 14: claim[2].near.feature: 'pyongyan'", "did you mean 'Pyongyang'"],
            ),
            (
                "feature beside an attribute",
                and_claims("feature = \"cn-kp\"\nattribute = { tag = \"x\", likelihood_ratio = 2 }"),
                &["line 14: claim[2].feature: ", "beside 'text' only"],
            ),
            (
                "negative scale",
                and_claims(r#"away_from = { feature = "pyongyang", midpoint_km = 40, scale_km = -10 }"#),
                &["line 14: claim[2].away_from.scale_km: -10 km"],
            ),
            (
                "scale of zero",
                and_claims(r#"away_from = { feature = "pyongyang", midpoint_km = 40, scale_km = 0 }"#),
                &["line 14: claim[2].away_from.scale_km: ", "more than zero"],
            ),
            (
                "infinite midpoint",
                and_claims(r#"near = { feature = "pyongyang", midpoint_km = inf, scale_km = 10 }"#),
                &["line 14: claim[2].near.midpoint_km: inf km"],
            ),
            (
                "negative limit",
                and_claims(r#"at_least_km = { feature = "kp-kr", value = -1 }"#),
                &["line 14: claim[2].at_least_km.value: -1 km"],
            ),
            (
                "likelihood ratio 0",
                and_claims(r#"attribute = { tag = "x", likelihood_ratio = 0 }"#),
                &["line 14: claim[2].attribute: 0 is no likelihood ratio", "above zero"],
            ),
            (
                "likelihood ratio of absence",
                and_claims(r#"attribute = { tag = "x", likelihood_ratio = 1, likelihood_ratio_absent = -2 }"#),
                &["line 14: claim[2].attribute: -2 is no likelihood ratio"],
            ),
            (
                "inside a line",
                and_claims(r#"inside = { region = "cn-kp", edge_km = 5 }"#),
                &["line 14: claim[2].inside: 'cn-kp' is a line", "expected an area"],
            ),
            (
                "outside a point",
                and_claims(r#"outside = { region = "seoul", edge_km = 5 }"#),
                &["line 14: claim[2].outside: 'seoul' is a point", "expected an area"],
            ),
            (
                "negative edge",
                and_claims(r#"inside = { region = "north-korea", edge_km = -1 }"#),
                &["line 14: claim[2].inside.edge_km: -1 km"],
            ),
            (
                "claim id twice",
                and_claims("id = \"DIPLOMAT-1\"\nattribute = { tag = \"x\", likelihood_ratio = 2 }"),
                &["line 14: claim[2].id: ", "'DIPLOMAT-1' already"],
            ),
        ],
    );
}

#[test]
fn scenarios_with_wrong_surroundings() {
    refused_scenarios(
        "q.toml",
        &[
            ("none of these 0", but("0.2", "0"), &["line 2: none_of_these: 0 ", "between"]),
            ("none of these 1", but("0.2", "1"), &["line 2: none_of_these: 1 ", "between"]),
            ("none of these above 1", but("0.2", "20"), &["line 2: none_of_these: 20 "]),
            ("none of these NaN", but("0.2", "nan"), &["line 2: none_of_these: NaN "]),
            (
                "search region a point",
                before("search_region = \"pyongyang\""),
                &["line 1: search_region: 'pyongyang' is a point", "expected an area"],
            ),
            (
                "search region a line",
                before("search_region = \"cn-kp\""),
                &["line 1: search_region: 'cn-kp' is a line"],
            ),
            (
                "search region unknown",
                before("search_region = \"north-koreaa\""),
                &["line 1: search_region: 'north-koreaa'", "did you mean", "'north-korea'"],
            ),
            (
                "reading",
                before("reading = \"litteral\""),
                &["line 1: reading: ", "'litteral'", "did you mean 'literal'?"],
            ),
            (
                "feature id twice",
                and("[[feature]]\nid = \"p\"\nat = \"39 N 125 E\"\n[[feature]]\nid = \"P\"\nat = \"39 N 125 E\"\n"),
                &["line 16: feature[2].id: ", "'P'", "has this id already"],
            ),
            (
                "feature off the Earth",
                and("[[feature]]\nid = \"p\"\nat = \"91 N 125 E\"\n"),
                &["line 14: feature[1].at: latitude 91", "from -90 to 90"],
            ),
            (
                "feature without a place",
                and("[[feature]]\nid = \"p\"\nat = \"somewhere\"\n"),
                &["line 14: feature[1].at: 'somewhere'"],
            ),
            (
                "feature uncertainty",
                and("[[feature]]\nid = \"p\"\nat = \"39 N 125 E\"\nuncertainty_m = -1\n"),
                &["line 15: feature[1].uncertainty_m: -1 m"],
            ),
            (
                "atlas missing",
                before("atlas = [\"nope.geojson\"]"),
                &["line 1: atlas[1]: ", "nope.geojson: No such file"],
            ),
            ("atlas a folder", before("atlas = [\".\"]"), &["line 1: atlas[1]: ", "this is a folder"]),
        ],
    );
}

/// The scenario of these tests in JSON, of four lines.
const JSON_SCENARIO: &str = r#"{"sites": "sites.csv", "none_of_these": 0.2,
"source": [{"id": "diplomat", "reliability": 0.9}],
"claim": [{"source": "diplomat", "text": "about 85 km from the Chinese border"}]
}"#;

#[test]
fn scenarios_in_json() {
    let but = |from: &str, to: &str| -> Vec<u8> {
        assert_eq!(JSON_SCENARIO.matches(from).count(), 1, "'{from}' does not stand once in the scenario");
        JSON_SCENARIO.replace(from, to).into()
    };
    refused_scenarios(
        "q.json",
        &[
            ("syntax", but("0.9}", "0.9"), &["line 2: ", "column 49"]),
            ("truncated", JSON_SCENARIO[..100].into(), &["line 3: ", "column"]),
            ("empty", Vec::new(), &["line 1: "]),
            ("more behind", format!("{JSON_SCENARIO}\n}}").into(), &["line 5: ", "column 1"]),
            ("TOML", SCENARIO.into(), &["line 1: "]),
            (
                "key twice",
                but("\"sites\": \"sites.csv\"", "\"sites\": \"a\", \"sites\": \"b\""),
                &["line 1: ", "`sites`"],
            ),
            (
                "unknown key",
                but("reliability", "reliabilty"),
                &["line 2: ", "`reliabilty`", "did you mean 'reliability'?", "column"],
            ),
            ("wrong type", but("0.9", "[]"), &["line 2: ", "expected a probability", "column"]),
            ("overflow", but("0.9", "1e999"), &["line 2: ", "out of range", "column"]),
            (
                "undeclared source",
                but("\"source\": \"diplomat\"", "\"source\": \"diplomt\""),
                &["claim[1].source: ", "did you mean 'diplomat'?"],
            ),
            (
                "unknown feature",
                but("the Chinese border", "Pyongyan"),
                &["claim[1].text: 'Pyongyan'", "did you mean 'Pyongyang'"],
            ),
            ("none of these 1", but("0.2", "1"), &["none_of_these: 1 "]),
            ("UTF-16", utf16(JSON_SCENARIO), &["not UTF-8"]),
        ],
    );
}

#[test]
fn scenarios_that_are_not_there_or_have_no_sites() {
    let mut problems = Problems::default();
    let folder = Folder::new();
    let missing = folder.path("missing.toml");
    for (path, says) in [(missing.as_str(), "missing.toml: No such file"), ("data", "data: this is a folder")] {
        problems.refused(path, &["rank", path], 1, &[says]);
        problems.refused(path, &["explain", path, "a"], 1, &[says]);
        problems.refused(path, &["check", path], 1, &[says]);
    }
    let scenario = folder.file("q.toml", but("sites = \"sites.csv\"\n", ""));
    problems.refused("no list", &["rank", &scenario], 1, &["q.toml", "no list of sites", "--sites"]);
    problems.refused("no list", &["explain", &scenario, "a"], 1, &["q.toml", "no list of sites", "--sites"]);
    let scenario = folder.file("q.toml", but("sites.csv", "nope.csv"));
    problems.refused("list missing", &["rank", &scenario], 1, &["nope.csv: No such file"]);
    problems.refused("list missing", &["explain", &scenario, "a"], 1, &["nope.csv: No such file"]);
    // Checking says what it understood all the same.
    let check = siteband(&["check", &scenario]);
    problems.check("check list missing", &check, 1, &["nope.csv: No such file"]);
    problems.must("check list missing", "nothing was understood", check.text().contains("diplomat-1: about 85 km"));
    problems.none(10);
}

// ---------------------------------------------------------------------------------------------------------------------------
// The other commands, and the command line itself

#[test]
fn words_that_are_no_claim() {
    let long = "x".repeat(5000);
    let cases: [(&str, &[&str]); 20] = [
        ("", &["no number"]),
        ("near China", &["no number", "in \"near China\""]),
        ("about NaN km from the Chinese border", &["no number"]),
        (&long, &["no number"]),
        ("about 85 leagues from the Chinese border", &["unknown unit 'leagues'", "km", "nautical miles"]),
        ("about 85 from the Chinese border", &["unknown unit 'from'"]),
        ("about 1e999 km from the Chinese border", &["'e'"]),
        ("abuot 85 km from the Chinese border", &["'abuot'", "did you mean 'about'"]),
        ("not 85 km from the Chinese border", &["'not'", "not understood"]),
        ("about 85 km", &["ends before \"from\""]),
        ("about 85 km from", &["no feature is named"]),
        ("85 km towards the Chinese border", &["'towards'", "\"from\""]),
        ("about 0 km from the Chinese border", &["'0' is no distance", "more than zero"]),
        ("about 99999 km from the Chinese border", &["99999 km", "20,004 km"]),
        ("about 9999999999999999 km from the Chinese border", &["'9999999999999999'", "digits"]),
        ("about 85.0000000000000000000001 km from the Chinese border", &["digits"]),
        ("about 85,5 km from the Chinese border", &["'85,5'", "decimals with a point"]),
        ("about 85 km from the Chinese border and 90 km from Seoul", &["found 2 claims", "one at a time"]),
        ("between 80 and 90 km from the Chinese border", &["'between'"]),
        ("\u{4e2d} 85 km from the Chinese border", &["'\u{4e2d}'"]),
    ];
    let mut problems = Problems::default();
    for (words, says) in cases {
        let case: String = words.chars().take(60).collect();
        problems.refused(&case, &["claim", words], 1, says);
        problems.refused(&case, &["claim", words, "--format", "json"], 1, says);
        problems.refused(&case, &["rank", "--claim", words, "--sites", SITES], 1, says);
    }
    problems.none(3 * 20);
}

#[test]
fn command_lines_that_make_no_sense() {
    let cases: [(&[&str], &[&str]); 30] = [
        (&[], &["Usage"]),
        (&["rnak"], &["rnak", "rank"]),
        (&["rank"], &["<SCENARIO>"]),
        (&["rank", SINO_RI, "--raeding", "literal"], &["--raeding", "--reading"]),
        (&["rank", "--claim", CLAIM], &["--sites"]),
        (&["rank", SINO_RI, "--claim", CLAIM, "--sites", SITES], &["--claim"]),
        (&["rank", SINO_RI, "--border", "cn-kp"], &["--claim"]),
        (&["rank", SINO_RI, "--atlas", BORDER], &["--claim"]),
        (&["rank", SINO_RI, "--top", "0"], &["'0'", "--top"]),
        (&["rank", SINO_RI, "--top", "-1"], &["-1"]),
        (&["rank", SINO_RI, "--top", "few"], &["'few'", "--top"]),
        (&["rank", SINO_RI, "--top", "99999999999999999999999"], &["--top", "too large"]),
        (&["rank", SINO_RI, "--format", "yaml"], &["'yaml'", "--format", "geojson"]),
        (&["rank", SINO_RI, "--reading", "nonsense"], &["'nonsense'", "mixture-prior"]),
        (&["rank", SINO_RI, "--reading", "analist"], &["'analist'", "did you mean 'analyst'?"]),
        (&["rank", SINO_RI, SINO_RI], &["unexpected argument"]),
        (&["explain", SINO_RI], &["<SITE>"]),
        (&["explain", SINO_RI, "sino-ri", "--reading", "nonsense"], &["'nonsense'", "mixture-prior"]),
        (&["claim"], &["<TEXT>"]),
        (&["claim", CLAIM, "--reading", "nonsense"], &["'nonsense'", "mixture-prior"]),
        (&["claim", CLAIM, "--reading", "nonsense", "--format", "json"], &["'nonsense'", "mixture-prior"]),
        (&["claim", CLAIM, "--format", "csv"], &["'csv'", "table, json"]),
        (&["distance"], &["--to", "--sites"]),
        (&["distance", "--to", BORDER], &["--sites"]),
        (&["distance", "--sites", SITES], &["--to"]),
        (&["check"], &["<SCENARIO>"]),
        (&["check", SINO_RI, "--reading", "nonsense"], &["'nonsense'", "mixture-prior"]),
        (&["new"], &["<FILE>"]),
        (&["borders", "--with", "China"], &["--country"]),
        (&["borders", "--format", "xml"], &["'xml'", "table, json"]),
    ];
    let mut problems = Problems::default();
    for (args, says) in cases {
        problems.refused(&args.join(" "), args, 2, says);
    }
    problems.none(30);
}

#[test]
fn sites_that_are_not_known() {
    let long = "x".repeat(5000);
    let mut problems = Problems::default();
    let near = ["'sinori'", "did you mean 'sino-ri'"];
    problems.refused("near", &["explain", SINO_RI, "sinori"], 1, &near);
    problems.refused("far", &["explain", SINO_RI, "zebra"], 1, &["no site has the id 'zebra'"]);
    problems.refused("empty", &["explain", SINO_RI, ""], 1, &["no site has the id ''"]);
    problems.refused("long", &["explain", SINO_RI, &long], 1, &["no site has the id"]);
    problems.none(4);
}

#[test]
fn new_overwrites_nothing() {
    let folder = Folder::new();
    let mut problems = Problems::default();
    let taken = folder.file("taken.toml", "mine");
    problems.refused("a file", &["new", &taken], 1, &["taken.toml: ", "exists already"]);
    problems.refused("a folder", &["new", &folder.path("")], 1, &["exists already"]);
    problems.refused("no folder", &["new", &folder.path("no/such/folder/q.toml")], 1, &["q.toml: No such file"]);
    problems.none(3);
    assert_eq!(folder.read("taken.toml"), b"mine");
    assert_eq!(folder.names(), ["taken.toml"]);
}

#[test]
fn borders_that_are_not_known() {
    let mut problems = Problems::default();
    let has = "China - North Korea border";
    problems.refused("Atlantis", &["borders", "--country", "Atlantis"], 1, &["'Atlantis'", has]);
    problems.refused("json", &["borders", "--country", "Atlantis", "--format", "json"], 1, &["'Atlantis'", has]);
    problems.refused("France", &["borders", "--country", "France"], 1, &["'France'", has]);
    problems.refused("near", &["borders", "--country", "Chnia"], 1, &["'Chnia'", "did you mean"]);
    problems.refused(
        "with",
        &["borders", "--country", "China", "--with", "Atlantis"],
        1,
        &["'China' with 'Atlantis'", has],
    );
    problems.refused("no common border", &["borders", "--country", "CN", "--with", "KR"], 1, &["'CN' with 'KR'", has]);
    problems.refused("empty", &["borders", "--country", ""], 1, &["''", has]);
    problems.none(7);
}

#[test]
fn files_that_cannot_be_written() {
    let folder = Folder::new();
    let sites = folder.file("sites.csv", "id,lat,lon\na,39,125\nb,91,12\n");
    let nowhere = folder.path("no/such/folder/result");
    let mut problems = Problems::default();
    let rank = ["rank", SINO_RI, "-o"];
    let distance = ["distance", "--to", BORDER, "--sites", &sites];
    for (case, args) in [
        ("no folder", [&rank[..], &[&nowhere]].concat()),
        ("no folder", [&distance[..], &["-o", &nowhere]].concat()),
        ("no folder for rejects", [&distance[..], &["--rejects", &nowhere]].concat()),
    ] {
        problems.refused(case, &args, 1, &["folder/result: No such file"]);
        let said = siteband(&args).stderr;
        problems.must(case, &format!("a name that nobody gave is told: {said}"), !said.contains(".tmp"));
    }
    let taken = folder.path("");
    problems.refused("a folder", &[&rank[..], &[&taken]].concat(), 1, &["directory"]);
    problems.refused("a folder", &[&distance[..], &["-o", &taken]].concat(), 1, &["directory"]);
    let before = folder.names();
    // Two streams into one file: one would silently replace the other.
    let both = folder.path("both.csv");
    let ran = siteband(&[&distance[..], &["-o", &both, "--rejects", &both]].concat());
    problems.must("one file for both", &format!("exit code {:?}, expected a refusal", ran.code), ran.code == Some(2));
    problems.must("one file for both", "a file appeared", folder.names() == before);
    problems.none(5);
}

#[test]
fn binary_garbage_as_every_kind_of_file() {
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    });
    let garbage: [(&str, Vec<u8>); 5] = [
        ("every byte", (0..=255).cycle().take(1024).collect()),
        ("zeros", vec![0; 1000]),
        ("ones", vec![0xff; 1000]),
        ("noise", noise.take(5000).collect()),
        ("an image", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[200; 300]].concat()),
    ];
    let mut problems = Problems::default();
    for (case, bytes) in garbage {
        let folder = Folder::new();
        let sites = folder.file("sites.csv", GOOD_SITES);
        for name in ["g.toml", "g.json"] {
            let path = folder.file(name, &bytes);
            problems.refused(case, &["rank", &path], 1, &["error: ", name]);
            problems.refused(case, &["check", &path], 1, &["error: ", name]);
            problems.refused(case, &["explain", &path, "a"], 1, &["error: ", name]);
        }
        for name in ["g.csv", "g.geojson", "g.json"] {
            let path = folder.file(name, &bytes);
            problems.refused(case, &["rank", "--claim", CLAIM, "--sites", &path], 1, &["error: ", name]);
            problems.refused(case, &["rank", SINO_RI, "--sites", &path], 1, &["error: ", name]);
            problems.refused(case, &["distance", "--to", BORDER, "--sites", &path], 1, &["error: ", name]);
        }
        let features = folder.file("g.geojson", &bytes);
        problems.refused(case, &["distance", "--to", &features, "--sites", &sites], 1, &["error: ", "g.geojson"]);
        let rank = ["rank", "--claim", CLAIM, "--atlas", &features, "--sites", &sites];
        problems.refused(case, &rank, 1, &["error: ", "g.geojson"]);
        problems.refused_with(case, &["distance", "--to", BORDER, "--sites", "-"], &bytes, 1, &["error: "]);
    }
    problems.none(5 * 18);
}

#[test]
fn names_of_any_length_and_script_do_no_harm() {
    let folder = Folder::new();
    let long = "x".repeat(100_000);
    let sites = folder.file(
        "sites.csv",
        format!("id,lat,lon,name\n{long},39,125,{long}\n\u{c2e0}\u{c624}\u{b9ac},39.6,125.3,\u{1f3ef}\u{202e}\n"),
    );
    for format in ["table", "json", "csv", "geojson"] {
        let ran = siteband(&["rank", "--claim", CLAIM, "--sites", &sites, "--format", format]).ok();
        assert!(ran.text().contains('\u{1f3ef}'), "{format}");
    }
    let (_, rows) = siteband(&["distance", "--to", BORDER, "--sites", &sites]).ok().csv();
    assert_eq!(rows[0][0], long);
}
