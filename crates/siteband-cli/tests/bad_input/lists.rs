//! Lists of sites that cannot be read, in every format.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use siteband::Sites;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::{Case, GOOD_SITES, latin1, utf16, utf16_big};

/// A feature as a line of a sequence.
const FEATURE: &str =
    r#"{"type":"Feature","id":"a","properties":{},"geometry":{"type":"Point","coordinates":[125,39]}}"#;

/// KML of one place, of three lines.
const KML: &str = "<kml>\n<Placemark id=\"a\"><Point><coordinates>125,39</coordinates></Point></Placemark>\n</kml>";

pub(crate) fn tables_that_cannot_be_read() -> Vec<Case> {
    vec![
        ("missing column", b"id,lat,long\na,39,125\n".into(), &["column 'lon' is missing", "rename 'long'?"]),
        ("no id", b"name,lat,lon\na,39,125\n".into(), &["column 'id' is missing", "found name, lat, lon"]),
        ("longer names", b"id,latitude,lng\na,1,2\n".into(), &["column 'lat' is missing", "rename 'latitude'?"]),
        ("column twice", b"id,lat,lon,LAT\na,39,125,4\n".into(), &["column 'lat' stands twice"]),
        ("empty", Vec::new(), &["the table is empty", "id, lat and lon"]),
        ("byte order mark alone", "\u{feff}".into(), &["the table is empty"]),
        ("blank lines alone", b"\n\n\n".into(), &["the table is empty"]),
        ("commas alone", b",,\n,,\n".into(), &["the table is empty"]),
        ("UTF-16", utf16("id,lat,lon\na,39,125\n"), &["UTF-16 (little-endian)", "UTF-8"]),
        ("UTF-16, no mark", utf16_big("id,lat,lon\na,39,125\n"), &["UTF-16 (big-endian)", "UTF-8"]),
        ("a spreadsheet", b"PK\x03\x04\x14\0\x06\0".into(), &["an archive (ZIP), as spreadsheets are", "CSV"]),
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0".into(), &["compressed (gzip)"]),
        ("zeros", vec![0; 100_000], &["binary"]),
        ("a zero byte", b"id,lat,lon\na,3\09,125\n".into(), &["binary"]),
        ("Latin-1 header", latin1("id,lat,lon,größe\na,39,125,1\n"), &["Latin-1", "Windows-1252", "UTF-8"]),
        ("semicolons", b"id;lat;lon\na;39,5;125,5\n".into(), &["separated by ';'", "commas", "points"]),
        ("tabs", b"id\tlat\tlon\na\t39.5\t125.5\n".into(), &["separated by '\\t'", "commas"]),
        ("bars", b"id|lat|lon\na|39.5|125.5\n".into(), &["separated by '|'", "commas"]),
        ("JSON", FEATURE.into(), &["column 'id' is missing"]),
        ("HTML", b"<!DOCTYPE html>\n<html>404</html>\n".into(), &["column 'id' is missing", "found <!DOCTYPE html>"]),
        ("a quotation without end", b"\"id,lat,lon\na,39,125\n".into(), &["column 'id' is missing"]),
        (
            "too many columns",
            format!("id,lat,lon{}\n", ",x".repeat(20_000)).into(),
            &["20003 columns", "16384 at most"],
        ),
        (
            "a header without end",
            format!("id,\"lat{}", "x".repeat(17 << 20)).into(),
            &["the header: ", "longer than 16 MiB", "quotation mark"],
        ),
        (
            "an escape of a terminal",
            b"id,lat,\x1b]0;x\x07\n".into(),
            &["column 'lon' is missing", "found id, lat, \u{fffd}]0;x\u{fffd}"],
        ),
    ]
}

pub(crate) fn geojson_that_cannot_be_read() -> Vec<Case> {
    vec![
        ("cut", b"{\"type\":\"FeatureCollection\",\n\"features\":[\n{\"type\":\"Fea".into(), &["line 3 column 12"]),
        ("empty", Vec::new(), &["not JSON", "line 1"]),
        ("UTF-16", utf16(r#"{"type":"FeatureCollection","features":[]}"#), &["UTF-16 (little-endian)", "UTF-8"]),
        ("Latin-1", latin1("{\"type\":\n\"Straße\"}"), &["line 2: byte 14 is not UTF-8", "Latin-1"]),
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0".into(), &["compressed (gzip)"]),
        ("a table", GOOD_SITES.into(), &["not JSON", "line 1 column 1"]),
        ("a sequence", format!("{FEATURE}\n{FEATURE}\n").into(), &["not JSON", "line 2 column 1"]),
        ("deep", "[".repeat(100_000).into(), &["not JSON", "recursion limit"]),
        ("deep objects", "{\"a\":".repeat(100_000).into(), &["not JSON", "recursion limit"]),
        ("overflow", FEATURE.replace("125", "1e999").into(), &["not JSON", "out of range"]),
        ("NaN", FEATURE.replace("125", "NaN").into(), &["not JSON", "line 1"]),
        ("no type", b"{}".into(), &["not GeoJSON", "`type`"]),
        ("TopoJSON", br#"{"type":"Topology","objects":{}}"#.into(), &["not GeoJSON", "`Topology`"]),
        ("features that are no list", br#"{"type":"FeatureCollection","features":{}}"#.into(), &["not GeoJSON"]),
        (
            "another system",
            br#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32652"}},
            "features":[]}"#
                .into(),
            &["EPSG::32652", "WGS 84"],
        ),
        (
            "a system that is none",
            br#"{"type":"FeatureCollection","crs":7,"features":[]}"#.into(),
            &["'crs' is 7", "WGS 84"],
        ),
    ]
}

pub(crate) fn sequences_that_cannot_be_read() -> Vec<Case> {
    vec![
        ("UTF-16", utf16(FEATURE), &["UTF-16 (little-endian)", "UTF-8"]),
        ("UTF-16, no mark", utf16_big(FEATURE), &["UTF-16 (big-endian)", "UTF-8"]),
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0".into(), &["compressed (gzip)"]),
        ("zeros", vec![0; 100_000], &["binary"]),
    ]
}

pub(crate) fn kml_that_cannot_be_read() -> Vec<Case> {
    let mut laughs = "<!DOCTYPE kml [<!ENTITY l0 \"lol\">".to_owned();
    for level in 1..10 {
        write!(laughs, "<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10)).expect("text");
    }
    laughs += "]><kml><Placemark><name>&l9;</name></Placemark></kml>";
    let doctype = |inside: &str| KML.replace("<kml>", &format!("<!DOCTYPE kml {inside}>\n<kml>")).into_bytes();
    vec![
        ("entities", laughs.into(), &["line 1: ", "document type"]),
        ("an external entity", doctype("[<!ENTITY x SYSTEM \"file:///etc/passwd\">]"), &["document type"]),
        ("a parameter entity", doctype("[<!ENTITY % x SYSTEM \"http://192.0.2.1/x\"> %x;]"), &["document type"]),
        ("an external document type", doctype("SYSTEM \"file:///dev/zero\""), &["document type"]),
        ("deep", format!("<kml>{}", "<Folder>".repeat(100_000)).into(), &["within 100 other elements"]),
        ("empty", Vec::new(), &["no element", "<kml>"]),
        ("words", b"id,lat,lon\n".into(), &["no element"]),
        ("cut", KML[..KML.len() - 5].into(), &["line 3: "]),
        ("cut within a placemark", KML[..40].into(), &["line 2: "]),
        ("crossed", b"<kml>\n<Placemark></Folder></kml>".into(), &["line 2: "]),
        ("two texts", KML.repeat(2).into(), &["line 3: ", "stands behind the end"]),
        ("HTML", b"<!-- --><html/>".into(), &["<html>", "expected <kml>"]),
        ("an archive", b"PK\x03\x04".into(), &[".kmz"]),
        ("UTF-16", utf16(KML), &["UTF-16 (little-endian)", "UTF-8"]),
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0".into(), &["compressed (gzip)"]),
        ("Latin-1", latin1(&KML.replace("\"a\"", "\"ä\"")), &["line 2: "]),
        (
            "Latin-1 by its own words",
            format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{KML}").into(),
            &["says that it is in ISO-8859-1"],
        ),
        (
            "a name without end",
            KML.replace("<Point>", &format!("<name>{}", "x".repeat(17 << 20))).into(),
            &["more than 16 MiB"],
        ),
        (
            "an attribute without end",
            KML.replace("\"a\"", &format!("\"{}\"", "x".repeat(17 << 20))).into(),
            &["more than 16 MiB"],
        ),
    ]
}

/// An archive with some files.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in files {
        archive.start_file(*name, options).expect("memory");
        archive.write_all(content).expect("memory");
    }
    archive.finish().expect("memory").into_inner()
}

pub(crate) fn archives_that_cannot_be_read() -> Vec<Case> {
    let whole = archive(&[("doc.kml", KML.as_bytes())]);
    let bomb = archive(&[(
        "doc.kml",
        format!("<kml>{}</kml>", format!("<!--{}-->", " ".repeat(1 << 20)).repeat(36)).as_bytes(),
    )]);
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    let mut damaged = whole.clone();
    let at = damaged.windows(7).position(|bytes| bytes == b"doc.kml").expect("its name") + 20;
    damaged[at] ^= 0x55;
    vec![
        ("a text", KML.into(), &["not a KMZ archive"]),
        ("empty", Vec::new(), &["not a KMZ archive"]),
        ("cut", whole[..whole.len() - 30].into(), &["not a KMZ archive"]),
        ("damaged", damaged, &["doc.kml in the archive: "]),
        ("a bomb", bomb, &["doc.kml in the archive: ", "far larger than the archive"]),
        ("nothing in it", archive(&[]), &["no .kml in it"]),
        (
            "another text",
            archive(&[("doc.txt", KML.as_bytes())]),
            &["no .kml in it", "expected a KMZ archive with doc.kml"],
        ),
        ("an archive in an archive", archive(&[("doc.kml", &whole)]), &["doc.kml in the archive: ", ".kmz"]),
        (
            "a path out of the folder",
            archive(&[("../../s.kml", b"<html/>")]),
            &["../../s.kml in the archive: ", "<html>"],
        ),
        (
            "entities",
            archive(&[("doc.kml", b"<!DOCTYPE kml [<!ENTITY a \"b\">]><kml/>")]),
            &["doc.kml in the archive: ", "document type"],
        ),
    ]
}

pub(crate) fn saved_indexes_that_cannot_be_read() -> Vec<Case> {
    const AGAIN: &str = "build it again from its list with 'siteband index'";
    let mut whole = Vec::new();
    Sites::from_csv(GOOD_SITES.as_bytes()).expect("a table").save(&mut whole).expect("memory");
    let with = |at: usize, bits: u8| {
        let mut bytes = whole.clone();
        bytes[at] ^= bits;
        bytes
    };
    vec![
        ("empty", Vec::new(), &["cut off", AGAIN]),
        ("cut", whole[..whole.len() - 1].into(), &["cut off", AGAIN]),
        ("cut in the middle", whole[..whole.len() / 2].into(), &["cut off", AGAIN]),
        ("damaged", with(whole.len() / 2, 1), &["damaged (a checksum does not fit)", AGAIN]),
        ("a length without end", with(15, 0x7f), &["cut off", AGAIN]),
        ("newer", with(8, 3), &["format 2", "this siteband reads 1"]),
        ("more behind", [whole.as_slice(), b"\0"].concat(), &["goes on behind its end", AGAIN]),
        ("a table", GOOD_SITES.into(), &["not one that siteband has written", AGAIN]),
    ]
}
