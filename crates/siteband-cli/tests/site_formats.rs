//! Lists of sites as GeoJSON text sequences, KML and KMZ: the same answers as from a table, and what is refused.

mod common;

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use common::{BORDER, CLAIM, Folder, Problems, SINO_RI, siteband};
use siteband::{Site, Sites};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Sites whose coordinates say nothing about how well they are known.
fn sites() -> Vec<Site> {
    let list = Sites::from_path(&common::repository().join(common::SITES)).expect("the list");
    list.as_slice().to_vec()
}

fn geojson_features(sites: &[Site]) -> Vec<String> {
    let feature = |site: &Site| {
        serde_json::json!({
            "type": "Feature", "id": site.id(),
            "properties": {"name": site.name(), "group": site.group(), "tags": site.tags()},
            "geometry": {"type": "Point", "coordinates": [site.position().lon_deg(), site.position().lat_deg()]},
        })
        .to_string()
    };
    sites.iter().map(feature).collect()
}

fn placemark(site: &Site) -> String {
    let mut data = format!("<Data name=\"tags\"><value>{}</value></Data>", site.tags().join(";"));
    if let Some(group) = site.group() {
        write!(data, "<Data name=\"group\"><value>{group}</value></Data>").expect("text");
    }
    format!(
        "<Placemark id=\"{}\"><name>{}</name><ExtendedData>{data}</ExtendedData><Point><coordinates>{},{},0</coordinates></Point></Placemark>",
        site.id(),
        site.name().replace('&', "&amp;").replace('<', "&lt;"),
        site.position().lon_deg(),
        site.position().lat_deg()
    )
}

fn kml(placemarks: &str) -> String {
    format!(
        "<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document><Folder>\n{placemarks}\n</Folder></Document></kml>"
    )
}

fn kmz(name: &str, text: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in [("files/icon.png", &b"\x89PNG"[..]), (name, text)] {
        archive.start_file(name, options).expect("memory");
        archive.write_all(content).expect("memory");
    }
    archive.finish().expect("memory").into_inner()
}

#[test]
fn every_format_gives_the_same_answers() {
    let folder = Folder::new();
    let sites = sites();
    let features = geojson_features(&sites);
    let text = kml(&sites.iter().map(placemark).collect::<Vec<_>>().join("\n"));
    let geojson =
        folder.file("s.geojson", format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(",")));
    let others = [
        folder.file("s.geojsonl", features.join("\n")),
        folder.file("s.ndjson", features.join("\r\n") + "\r\n"),
        folder.file("s.geojsons", features.iter().fold(String::new(), |all, text| all + "\u{1e}" + text + "\n")),
        folder.file("s.GEOJSONSEQ", features.iter().fold(String::new(), |all, text| all + "\u{1e}\n" + text + "\n")),
        folder.file("s.kml", &text),
        folder.file("s.kmz", kmz("doc.kml", text.as_bytes())),
        folder.file("other.kmz", kmz("../../inner/Other.KML", text.as_bytes())),
    ];
    let commands: [&[&str]; 3] =
        [&["rank", SINO_RI, "--format", "json"], &["explain", SINO_RI, "sino-ri"], &["distance", "--to", BORDER]];
    for command in commands {
        let expected = siteband(&[command, &["--sites", &geojson]].concat()).ok();
        for other in &others {
            let found = siteband(&[command, &["--sites", other]].concat()).ok();
            assert!(found.stdout == expected.stdout, "{command:?} {other}: {}", found.text());
        }
    }
    assert_eq!(folder.names().len(), 1 + others.len(), "nothing is unpacked");
    let saved = folder.path("s.sbx");
    siteband(&["index", &others[5], "-o", &saved]).ok();
    let rank = |sites: &str| siteband(&["rank", SINO_RI, "--format", "json", "--sites", sites]).ok().stdout;
    assert!(rank(&saved) == rank(&others[5]));
}

#[test]
fn bad_rows_cost_no_other() {
    let folder = Folder::new();
    let good = &sites()[..2];
    let features = geojson_features(good);
    let far = geojson_features(&[good[0].clone()])[0].replace("[12", "[9912");
    let lines = folder.file("s.geojsonl", [&features[0], "{\"type\":\"Feature\",", "", &far, &features[1]].join("\n"));
    let line = "<Placemark><name>Way</name><LineString><coordinates>1,2 3,4</coordinates></LineString></Placemark>";
    let swapped = "<Placemark id=\"x\"><Point><coordinates>39.6,125.3</coordinates></Point></Placemark>";
    let placemarks = [&placemark(&good[0]), line, swapped, &placemark(&good[1])].join("\n");
    let kml = folder.file("s.kml", kml(&placemarks));
    let mut problems = Problems::default();
    for (path, says) in [
        (&lines, ["s.geojsonl: line 2: ", "not JSON", "s.geojsonl: line 4, geometry: ", "2 of 4 rows"]),
        (
            &kml,
            [
                "s.kml: line 3, placemark 2: geometry: ",
                "found a LineString",
                "line 4, placemark 3: coordinates: ",
                "2 of 4 rows",
            ],
        ),
    ] {
        problems.partial("rank", &["rank", "--claim", CLAIM, "--sites", path], &says);
        problems.partial("distance", &["distance", "--to", BORDER, "--sites", path], &says);
    }
    problems.none(4);
}

#[test]
fn hostile_files_are_refused() {
    let folder = Folder::new();
    let mut laughs = "<!DOCTYPE kml [<!ENTITY l0 \"lol\">".to_owned();
    for level in 1..10 {
        let references = format!("&l{};", level - 1).repeat(10);
        write!(laughs, "<!ENTITY l{level} \"{references}\">").expect("text");
    }
    laughs += "]><kml><Placemark><name>&l9;</name><Point><coordinates>125,39</coordinates></Point></Placemark></kml>";
    let external = "<!DOCTYPE kml SYSTEM \"file:///etc/passwd\"><kml/>";
    let deep = format!("<kml>{}", "<Folder>".repeat(100_000));
    let good = kml(&placemark(&sites()[0]));
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let whole = kmz("doc.kml", good.as_bytes());
    let bomb = kmz("doc.kml", format!("<kml>{}</kml>", " <!-- -->".repeat(4 << 20)).as_bytes());
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    let mut flipped = whole.clone();
    let at = flipped.windows(7).position(|bytes| bytes == b"doc.kml").expect("its name") + 20;
    flipped[at] ^= 0x55;
    let features = geojson_features(&sites()[..1]);
    let utf16_lines: Vec<u8> = features[0].encode_utf16().flat_map(u16::to_be_bytes).collect();
    let cases: [(&str, &str, &[u8], &[&str]); 15] = [
        ("entities", "s.kml", laughs.as_bytes(), &["line 1: ", "document type"]),
        ("external entity", "s.kml", external.as_bytes(), &["document type"]),
        ("deep", "s.kml", deep.as_bytes(), &["within 100 other elements"]),
        ("UTF-16", "s.kml", &utf16, &["UTF-16", "UTF-8"]),
        ("empty", "s.kml", b"", &["no element", "<kml>"]),
        ("cut", "s.kml", &good.as_bytes()[..good.len() - 5], &["line 3: "]),
        ("an archive", "s.kml", &whole, &[".kmz"]),
        ("HTML", "s.kml", b"<!-- --><html/>", &["<html>", "expected <kml>"]),
        ("no archive", "s.kmz", good.as_bytes(), &["not a KMZ archive"]),
        ("empty", "s.kmz", b"", &["not a KMZ archive"]),
        ("cut", "s.kmz", &whole[..whole.len() - 30], &["not a KMZ archive"]),
        ("bomb", "s.kmz", &bomb, &["doc.kml in the archive: ", "far larger than the archive"]),
        ("damaged", "s.kmz", &flipped, &["doc.kml in the archive: "]),
        ("nothing in it", "s.kmz", &kmz("doc.txt", b""), &["no .kml in it"]),
        ("UTF-16", "s.ndjson", &utf16_lines, &["UTF-16", "UTF-8"]),
    ];
    let mut problems = Problems::default();
    for (case, name, content, says) in cases {
        let path = folder.file(name, content);
        let says = [says, &[name]].concat();
        problems.refused(case, &["rank", "--claim", CLAIM, "--sites", &path], 1, &says);
        problems.refused(case, &["distance", "--to", BORDER, "--sites", &path], 1, &says);
    }
    let long = format!("\"{}\"\n{}\n", "x".repeat(17 << 20), features[0]);
    let says = ["line 1: ", "more than 16 MiB", "1 of 2 rows measured"];
    problems.partial("long", &["distance", "--to", BORDER, "--sites", &folder.file("s.geojsonl", long)], &says);
    let crs = ["rank", "--claim", CLAIM, "--sites-crs", "EPSG:4326", "--sites"];
    let kml = folder.file("s.kml", &good);
    siteband(&[&crs[..], &[kml.as_str()]].concat()).ok();
    problems.none(31);
}
