//! Lists of sites that cannot be read.

use crate::common::{BORDER, CLAIM, Folder, Problems, SINO_RI, siteband, siteband_with};
use crate::{latin1, utf16};

#[test]
fn lists_that_cannot_be_read() {
    let cases: [(&str, &str, Vec<u8>, &[&str]); 17] = [
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
        (
            "truncated",
            "s.geojson",
            b"{\"type\":\"FeatureCollection\",\n\"features\":[\n{\"type\":\"Fea".into(),
            &["line 3 column 12"],
        ),
        ("empty JSON", "s.geojson", Vec::new(), &["not JSON", "line 1"]),
        ("UTF-16 JSON", "s.geojson", utf16(r#"{"type":"FeatureCollection","features":[]}"#), &["UTF-8"]),
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
    problems.none(3 * 17);
}

/// A bad point is rejected by its number, and the rest goes on.
#[test]
fn a_bad_point_costs_no_other() {
    let folder = Folder::new();
    let point = |id: &str, coordinates: &str| {
        format!(
            r#"{{"type":"Feature","id":"{id}","properties":{{}},"geometry":{{"type":"Point","coordinates":{coordinates}}}}}"#
        )
    };
    let features = [point("a", "[125,39]"), point("b", "[125]"), point("c", "[39,125]")].join(",");
    let list = format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#);
    let sites = folder.file("s.geojson", list);
    let mut problems = Problems::default();
    let says = ["feature 2: ", "two or more", "feature 3: geometry", "swapped", "1 of 3 rows"];
    problems.partial("rank", &["rank", "--claim", CLAIM, "--sites", &sites], &says);
    problems.partial("distance", &["distance", "--to", BORDER, "--sites", &sites], &says);
    problems.none(2);
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
