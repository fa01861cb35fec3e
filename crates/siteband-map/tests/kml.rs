//! KML and KMZ: well-formed, whatever the names are, and the same bytes each time.

mod common;

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use siteband::Sites;

/// The text of each element of one name, in order; fails where the document is not well-formed.
fn texts(kml: &str, name: &str) -> Vec<String> {
    let mut reader = Reader::from_str(kml);
    reader.config_mut().check_end_names = true;
    let (mut found, mut text, mut depth) = (Vec::new(), String::new(), 0_u32);
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => {
                for attribute in start.attributes() {
                    attribute.expect("an attribute").normalized_value(XmlVersion::Explicit1_0).expect("its value");
                }
                depth += 1;
                text.clear();
            }
            Event::Text(words) => text.push_str(&words.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().expect("a character") {
                Some(c) => text.push(c),
                None => text.push_str(resolve_predefined_entity(&reference).expect("an entity of XML")),
            },
            Event::End(end) => {
                depth -= 1;
                if end.name().as_ref() == name {
                    found.push(std::mem::take(&mut text));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    found
}

#[test]
fn every_layer_is_there() {
    let (scenario, sites) = common::sino_ri();
    let report = common::report(&scenario, &sites);
    let kml = report.kml();
    let names = texts(&kml, "name");
    assert_eq!(names[0], "Iranian experts in North Korea, 2012");
    for expected in ["Sites", "Shortest ways", "Sino-ri", "Pyongyang", "half credit: up to 40.0 km"] {
        assert!(names.iter().any(|name| name == expected), "{expected} in {names:?}");
    }
    let of_claims = report.layers().claims().iter().map(|layer| format!("{}: {}", layer.claim, layer.meaning));
    let folders: Vec<&String> = names.iter().filter(|name| of_claims.clone().any(|claim| claim == **name)).collect();
    assert_eq!(folders.len(), report.ranking().constraints().count());
    let descriptions = texts(&kml, "description");
    assert!(descriptions[0].contains("not evidence that anything is there"));
    assert!(descriptions[0].contains("None of these: ") && descriptions[0].contains("Natural Earth"));
    // In the order of the ranking, each with its reasons.
    let first = report.ranking().top(1).next().unwrap();
    let at = descriptions.iter().position(|words| words.contains("Rank 1 of 29")).unwrap();
    assert!(descriptions[at].contains(first.site.name()) && descriptions[at].contains(" dB</td>"));
    assert!(descriptions[at + 1].contains("Rank 2 of 29"));
    assert!(texts(&kml, "innerBoundaryIs").is_empty() || kml.contains("<innerBoundaryIs>"));
}

#[test]
fn styles_that_are_used_are_defined() {
    let (scenario, sites) = common::sino_ri();
    let kml = common::report(&scenario, &sites).kml();
    for url in texts(&kml, "styleUrl") {
        let id = url.strip_prefix('#').unwrap();
        assert_eq!(kml.matches(&format!("<Style id=\"{id}\">")).count(), 1, "{id}");
    }
}

#[test]
fn hostile_names_are_names() {
    let (scenario, _) = common::sino_ri();
    let sites = common::hostile_sites();
    let kml = common::report(&scenario, &sites).kml();
    let names = texts(&kml, "name");
    for name in common::hostile_names() {
        let expected = name.replace('\u{1}', "\u{fffd}");
        assert_eq!(names.iter().filter(|name| **name == expected).count(), 1, "{expected} in {names:?}");
    }
    assert!(!kml.contains('\u{1}'));
    // In balloons, which are HTML, they are text too.
    for words in texts(&kml, "description") {
        assert!(!words.contains("<script") && !words.contains("$["), "{words}");
    }
}

#[test]
fn long_lists_go_into_a_second_folder() {
    let (scenario, _) = common::sino_ri();
    let sites = common::many_sites(450);
    let kml = common::report(&scenario, &sites).kml();
    assert_eq!(texts(&kml, "name").iter().filter(|name| *name == "Sites from rank 201 on").count(), 1);
    assert_eq!(kml.matches("<styleUrl>#other-site</styleUrl>").count(), 250);
}

#[test]
fn coordinates_are_on_the_map() {
    let (scenario, sites) = common::sino_ri();
    let kml = common::report(&scenario, &sites).kml();
    let mut count = 0;
    for coordinates in texts(&kml, "coordinates") {
        for pair in coordinates.split(' ') {
            let (lon, lat) = pair.split_once(',').unwrap();
            let (lon_deg, lat_deg): (f64, f64) = (lon.parse().unwrap(), lat.parse().unwrap());
            assert!(lon_deg.abs() <= 180.0 && lat_deg.abs() <= 90.0);
            count += 1;
        }
    }
    assert!(count > 1000);
}

#[test]
fn an_archive_holds_the_same_and_is_the_same_each_time() {
    let (scenario, sites) = common::sino_ri();
    let kmz = common::report(&scenario, &sites).kmz();
    assert_eq!(kmz, common::report(&scenario, &sites).kmz());
    let mut archive = zip::ZipArchive::new(Cursor::new(&kmz)).unwrap();
    let mut kml = String::new();
    archive.by_index(0).unwrap().read_to_string(&mut kml).unwrap();
    assert_eq!(archive.by_index(0).unwrap().name().unwrap(), "doc.kml");
    assert_eq!(texts(&kml, "name"), texts(&common::report(&scenario, &sites).kml(), "name"));
    for href in texts(&kml, "href") {
        let mut picture = Vec::new();
        archive.by_name(&href).unwrap().read_to_end(&mut picture).unwrap();
        assert!(picture.starts_with(b"\x89PNG"));
    }
}

#[test]
fn an_empty_list_is_a_map_without_sites() {
    let (scenario, _) = common::sino_ri();
    let sites = Sites::new(Vec::new()).unwrap();
    let kml = common::report(&scenario, &sites).kml();
    assert!(texts(&kml, "description")[0].contains("None of these: 100.0 %"));
}
