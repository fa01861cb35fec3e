//! Files of features.

use crate::common::{BORDER, CLAIM, Folder, Problems, SITES};
use crate::{Case, latin1, utf16, utf16_big};

/// One feature with the id `b`.
fn feature(geometry: &str) -> Vec<u8> {
    with_properties("", geometry)
}

fn with_properties(properties: &str, geometry: &str) -> Vec<u8> {
    format!(
        r#"{{"type":"FeatureCollection","features":[
{{"type":"Feature","id":"b","properties":{{{properties}}},"geometry":{geometry}}}]}}"#
    )
    .into()
}

pub(crate) fn texts_that_are_no_features() -> Vec<Case> {
    vec![
        (
            "truncated",
            b"{\"type\":\"FeatureCollection\",\n\"features\":[\n{\"type\":\"Fea".into(),
            &["not JSON", "line 3 column 12"],
        ),
        ("empty", Vec::new(), &["not JSON", "line 1"]),
        ("no type", br#"{"a":1}"#.into(), &["not GeoJSON", "`type`"]),
        ("a list", b"[1,2]".into(), &["not GeoJSON", "sequence"]),
        (
            "TopoJSON",
            br#"{"type":"Topology","objects":{}}"#.into(),
            &["not GeoJSON", "`Topology`", "`FeatureCollection`"],
        ),
        ("no features", br#"{"type":"FeatureCollection","features":[]}"#.into(), &["there are no features"]),
        (
            "named system",
            br#"{"type":"FeatureCollection","features":[],
                "crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32652"}}}"#
                .into(),
            &["EPSG::32652", "WGS 84"],
        ),
        ("NaN", feature(r#"{"type":"LineString","coordinates":[[NaN,40],[1,2]]}"#), &["not JSON", "line 2 column"]),
        (
            "overflow",
            feature(r#"{"type":"LineString","coordinates":[[1e999,40],[1,2]]}"#),
            &["out of range", "line 2 column"],
        ),
        ("UTF-16", utf16(r#"{"type":"FeatureCollection"}"#), &["UTF-16 (little-endian)", "UTF-8"]),
        ("UTF-16, no mark", utf16_big(r#"{"type":"FeatureCollection"}"#), &["UTF-16 (big-endian)", "UTF-8"]),
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0".into(), &["compressed (gzip)"]),
        (
            "a line of a sequence and one more",
            b"{\"type\":\"Point\",\"coordinates\":[1,2]}\n{}".into(),
            &["not JSON", "line 2 column 1"],
        ),
        (
            "deep coordinates",
            feature(&format!(r#"{{"type":"LineString","coordinates":{}}}"#, "[".repeat(50_000))),
            &["not JSON", "recursion limit", "line 2"],
        ),
        ("Latin-1", latin1("{\"type\":\"Straße\"}"), &["line 1: byte 13 is not UTF-8", "Latin-1 or Windows-1252"]),
        ("deep", "[".repeat(100_000).into(), &["not JSON", "recursion"]),
    ]
}

pub(crate) fn geometries_that_are_nowhere_on_earth() -> Vec<Case> {
    vec![
        (
            "projected",
            feature(r#"{"type":"LineString","coordinates":[[500000,4400000],[510000,4410000]]}"#),
            &["feature 'b'", "part 0, position 0", "[500000, 4400000]", "projected", "WGS 84"],
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
            &["feature 'b'", "coordinates[0]: the ring is not closed"],
        ),
        (
            "open hole",
            feature(r#"{"type":"MultiPolygon","coordinates":[[[[1,1],[9,1],[9,9],[1,1]],[[5,2],[6,2],[6,3],[5,3]]]]}"#),
            &["feature 'b'", "coordinates[0][1]: the ring is not closed"],
        ),
        (
            "ring of three",
            feature(r#"{"type":"Polygon","coordinates":[[[124,40],[125,40],[124,40]]]}"#),
            &["feature 'b'", "ring of 3 positions", "at least four"],
        ),
        (
            "too many pieces",
            feature(&format!(r#"{{"type":"LineString","coordinates":[{}[1,2]]}}"#, "[-90,1],[85,1],".repeat(2_100))),
            &["feature 'b'", "part 0, ", "more than 20000000 pieces of 4 km"],
        ),
        ("empty line", feature(r#"{"type":"LineString","coordinates":[]}"#), &["feature 'b'", "no vertices"]),
        ("no lines", feature(r#"{"type":"MultiLineString","coordinates":[]}"#), &["feature 'b'", "no vertices"]),
        (
            "collection",
            feature(r#"{"type":"GeometryCollection","geometries":[]}"#),
            &["feature 'b'", "geometry collection"],
        ),
        (
            "words",
            feature(r#"{"type":"LineString","coordinates":[["a",40],[1,2]]}"#),
            &["coordinates[0]", "\"a\"", "a longitude and a latitude"],
        ),
        (
            "half a point",
            feature(r#"{"type":"Point","coordinates":[124]}"#),
            &["feature 'b'", "[124]", "a longitude and a latitude"],
        ),
        ("half a position", feature(r#"{"type":"LineString","coordinates":[[124],[125,40]]}"#), &["position"]),
        ("half an area", feature(r#"{"type":"Polygon","coordinates":[[[1],[1],[1],[1]]]}"#), &["position"]),
        ("half of several", feature(r#"{"type":"MultiPoint","coordinates":[[1,2],[1]]}"#), &["position"]),
        (
            "no single geodesic",
            feature(r#"{"type":"LineString","coordinates":[[0,0],[180,0]]}"#),
            &["feature 'b'", "opposite places", "add a vertex"],
        ),
    ]
}

pub(crate) fn features_with_wrong_properties() -> Vec<Case> {
    let line = r#"{"type":"LineString","coordinates":[[124,40],[125,41]]}"#;
    vec![
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
        (
            "country",
            with_properties(r#""countries":["Atlantis"]"#, line),
            &["feature 'b'", "unknown country 'Atlantis'"],
        ),
        (
            "aliases",
            with_properties(r#""aliases":"x""#, line),
            &["feature 'b'", "'aliases' is \"x\"", "a list of texts"],
        ),
        (
            "extent",
            with_properties(r#""extent_m":"wide""#, line),
            &["feature 'b'", "'extent_m' is \"wide\"", "zero or more"],
        ),
        ("edges", with_properties(r#""edges":"straight""#, line), &["feature 'b'", "unknown edges 'straight'"]),
        ("no geometry", feature("null"), &["feature 'b'", "no geometry"]),
    ]
}

#[test]
fn files_of_features_that_are_not_there() {
    let mut problems = Problems::default();
    let folder = Folder::new();
    let missing = folder.path("missing.geojson");
    for (path, says) in [(missing.as_str(), "missing.geojson: No such file"), ("data", "data: this is a folder")] {
        problems.refused(path, &["distance", "--to", path, "--sites", SITES], 1, &[says]);
        problems.refused(path, &["rank", "--claim", CLAIM, "--atlas", path, "--sites", SITES], 1, &[says]);
    }
    problems.none(4);
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
