//! Pictures and pages are well-formed, harmless whatever sites are called, and the same on every run.

mod common;

use siteband::Reading;
use siteband_map::{PictureOptions, Report};

/// Every event of an XML text, or the first error.
fn is_well_formed(text: &str) -> Result<usize, quick_xml::Error> {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut events = 0;
    loop {
        match reader.read_event()? {
            quick_xml::events::Event::Eof => return Ok(events),
            _ => events += 1,
        }
    }
}

#[test]
fn names_do_no_harm() {
    let (scenario, _) = common::sino_ri();
    let sites = common::hostile_sites();
    let report = Report::new(&scenario, &sites, &Reading::default());
    let svg = report.svg(&PictureOptions { labelled: 20, ..PictureOptions::default() }).expect("a picture");
    assert!(is_well_formed(&svg).expect("XML") > 50);
    assert!(!svg.contains("<script"));
    let page = report.html().expect("a page");
    // The page's own four scripts, and no other.
    assert_eq!(page.matches("<script").count(), 4);
    assert!(!page.contains("alert(1)</script>"));
    assert!(page.contains("default-src 'none'"));
    let json = page.split("id=\"data\">").nth(1).and_then(|rest| rest.split("</script>").next()).expect("data");
    let data: serde_json::Value = serde_json::from_str(json).expect("JSON");
    let names: Vec<&str> =
        data["sites"]["name"].as_array().expect("names").iter().filter_map(|name| name.as_str()).collect();
    assert_eq!(names, common::hostile_names());
}

#[test]
fn the_page_is_small_and_asks_nothing_of_any_network() {
    let (scenario, sites) = common::sino_ri();
    let page = Report::new(&scenario, &sites, &Reading::default()).html().expect("a page");
    assert!(page.len() < 1_500_000, "{}", page.len());
    for outside in ["src=\"http", "href=\"http", "url(http", "import(", "fetch(", "XMLHttpRequest", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn pictures_are_as_large_as_they_were_asked_for() {
    let (scenario, sites) = common::sino_ri();
    let report = Report::new(&scenario, &sites, &Reading::analyst());
    let options = PictureOptions { width_px: 500, dots_per_inch: 300, is_dark: true, ..PictureOptions::default() };
    let png = report.png(&options).expect("a picture");
    assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    // IHDR: 500 px at 96 to the inch are 1,562 or 1,563 at 300; pHYs: 300 to the inch are 11,811 to the metre.
    assert!((1562..=1563).contains(&number(16)), "{}", number(16));
    assert_eq!((&png[37..41], number(41), number(45), png[49]), (&b"pHYs"[..], 11_811, 11_811, 1));
    assert_eq!(report.png(&options).expect("a picture"), png);
    for (wrong, words) in [
        (PictureOptions { width_px: 10, ..options }, "10 pixels wide"),
        (PictureOptions { dots_per_inch: 5000, ..options }, "5000 dots per inch"),
    ] {
        let error = report.svg(&wrong).expect_err("out of range").to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn ten_thousand_sites_are_drawn() {
    let (scenario, _) = common::sino_ri();
    let sites = common::many_sites(10_000);
    let report = Report::new(&scenario, &sites, &Reading::default());
    let svg = report.svg(&PictureOptions { labelled: 0, ..PictureOptions::default() }).expect("a picture");
    // Those in the window, which shows where the first of them are: some five hundred, each with a line around it.
    let alone = common::many_sites(1);
    let without = Report::new(&scenario, &alone, &Reading::default());
    let without = without.svg(&PictureOptions { labelled: 0, ..PictureOptions::default() }).expect("a picture");
    let dots = svg.matches("<path").count().saturating_sub(without.matches("<path").count());
    assert!((400..10_000).contains(&dots), "{dots}");
    let page = report.html().expect("a page");
    assert!(sites.as_slice().iter().all(|site| page.contains(&format!("\"{}\"", site.id()))));
    assert!(page.len() < 12_000_000, "{}", page.len());
}

/// Where no listed site is possible, none is called the first.
#[test]
fn none_is_first_where_none_is_possible() {
    let (scenario, sites) = common::sino_ri();
    let says_first = |reading: &Reading| {
        let report = Report::new(&scenario, &sites, reading);
        [report.html().expect("a page").contains(">First: "), report.markdown().contains(" First is ")]
    };
    assert_eq!(says_first(&Reading::mixture()), [true, true]);
    // 85 km and no metre more or less.
    assert_eq!(says_first(&Reading::literal()), [false, false]);
}

/// The picture of the documents is the one that the program makes: `SITEBAND_WRITE_PICTURES=1` writes it.
#[test]
#[cfg(target_arch = "x86_64")]
fn the_picture_of_the_documents_is_true() {
    let (scenario, sites) = common::sino_ri();
    let report = Report::new(&scenario, &sites, &Reading::default());
    let drawn = report.png(&PictureOptions { width_px: 800, ..PictureOptions::default() }).expect("a picture");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pictures/sino-ri.png");
    if std::env::var_os("SITEBAND_WRITE_PICTURES").is_some() {
        std::fs::write(&path, &drawn).expect("written");
    }
    assert!(std::fs::read(&path).expect("the picture") == drawn, "{} is another one", path.display());
}

/// Every file that the example writes is what its name says.
#[test]
fn the_example_draws_everything() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = std::process::Command::new(env!("CARGO"))
        .args(["run", "--quiet", "-p", "siteband-map", "--example", "draw_map", "--"])
        .arg(folder.path())
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("diplomat-1: 3 bands"));
    for (ending, start) in [
        ("html", &b"<!DOCTYPE html>"[..]),
        ("svg", b"<svg"),
        ("png", b"\x89PNG"),
        ("md", b"# "),
        ("kml", b"<?xml"),
        ("kmz", b"PK"),
        ("geojson", b"{\"type\":\"FeatureCollection\""),
        ("qml", b"<!DOCTYPE qgis"),
    ] {
        let bytes = std::fs::read(folder.path().join(format!("sino-ri.{ending}"))).expect(ending);
        assert!(bytes.starts_with(start), "{ending}");
    }
}
