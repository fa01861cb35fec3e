//! KML and KMZ, for Google Earth.

mod balloon;
mod geometry;
mod style;
mod xml;

use std::io::{self, Cursor, Write as _};

use geo::{Geometry, Point};
use siteband::{Feature, Ranked};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::layers::{ClaimLayer, Connection, Layers};
use crate::report::Report;
use crate::shape;
use crate::words;
use xml::Xml;

/// So many sites get their reasons and a style by posterior; the others are points in a folder of their own.
const EXPLAINED: usize = 200;
/// A white disc with a dark rim, 32 pixels wide, which each style tints.
const DISC: &[u8] = include_bytes!("kml/disc.png");
const DISC_NAME: &str = "disc.png";

impl Report<'_> {
    /// The map as KML 2.2: a folder for each statement with its features and bands, the sites in the order of the ranking, and the
    /// shortest ways.
    ///
    /// Each of the first 200 sites has its reasons in its balloon and its numbers as extended data. The larger a point is, the likelier
    /// the site. It refers to no file elsewhere, so points are pins as the program draws them; [`Report::kmz`] carries a picture
    /// for them. Characters that XML cannot hold are replaced by U+FFFD.
    ///
    /// # Example
    /// ```
    /// use siteband::{Reading, Scenario};
    /// use siteband_map::Report;
    /// let scenario = Scenario::from_path("../../data/scenarios/sino-ri.toml".as_ref())?;
    /// let sites = scenario.load_sites()?;
    /// let kml = Report::new(&scenario, &sites, &Reading::default()).kml();
    /// assert!(kml.contains("<name>Sino-ri</name>"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn kml(&self) -> String {
        // Into memory: nothing can fail, and what is written is UTF-8.
        let bytes = document(self, None).unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// The same as KMZ: an archive with `doc.kml` and the picture of a point. The same report gives the same bytes.
    ///
    /// # Example
    /// ```
    /// use siteband::{Reading, Scenario};
    /// use siteband_map::Report;
    /// let scenario = Scenario::from_path("../../data/scenarios/sino-ri.toml".as_ref())?;
    /// let sites = scenario.load_sites()?;
    /// let kmz = Report::new(&scenario, &sites, &Reading::default()).kmz();
    /// assert!(kmz.starts_with(b"PK"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn kmz(&self) -> Vec<u8> {
        // Into memory: nothing can fail.
        archive(self).unwrap_or_default()
    }
}

fn archive(report: &Report<'_>) -> io::Result<Vec<u8>> {
    // The time is none, so that the same map is the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // The first file is the one that is opened.
    archive.start_file("doc.kml", options)?;
    archive.write_all(&document(report, Some(DISC_NAME))?)?;
    archive.start_file(DISC_NAME, options)?;
    archive.write_all(DISC)?;
    Ok(archive.finish()?.into_inner())
}

fn document(report: &Report<'_>, picture: Option<&str>) -> io::Result<Vec<u8>> {
    let mut xml = Xml::new()?;
    xml.open_with("kml", "xmlns", "http://www.opengis.net/kml/2.2")?;
    xml.open("Document")?;
    xml.leaf("name", report.scenario().title())?;
    xml.leaf("open", "1")?;
    xml.empty("Snippet", "maxLines", "0")?;
    xml.leaf("description", &balloon::of_document(report))?;
    style::write(&mut xml, picture)?;
    for layer in report.layers().claims() {
        claim(&mut xml, report, layer)?;
    }
    sites(&mut xml, report)?;
    ways(&mut xml, report.layers())?;
    xml.close("Document")?;
    xml.close("kml")?;
    Ok(xml.finish())
}

/// A statement: what it is about, and where its distances are.
fn claim(xml: &mut Xml, report: &Report<'_>, layer: &ClaimLayer) -> io::Result<()> {
    xml.open("Folder")?;
    xml.leaf("name", &format!("{}: {}", layer.claim, layer.meaning))?;
    if let Some(note) = report.scenario().note(&layer.claim) {
        xml.empty("Snippet", "maxLines", "0")?;
        xml.leaf("description", &xml::html(note))?;
    }
    for feature in &layer.features {
        placemark_of(xml, feature)?;
    }
    for band in &layer.bands {
        let polygons = band.outline.polygons();
        if polygons.0.is_empty() {
            continue;
        }
        xml.open("Placemark")?;
        let name = style::band_name(band.kind, band.interval);
        xml.leaf("name", &name)?;
        xml.empty("Snippet", "maxLines", "0")?;
        xml.leaf("description", &balloon::of_shape(&name, &[&layer.claim, &layer.meaning]))?;
        xml.leaf("styleUrl", &format!("#{}", style::band(band.kind)))?;
        let numbers = [
            ("claim", layer.claim.clone()),
            ("kind", band.kind.name().to_owned()),
            ("from_km", band.interval.from.km().to_string()),
            ("to_km", band.interval.to.km().to_string()),
        ];
        data(xml, numbers)?;
        geometry::write(xml, &Geometry::MultiPolygon(polygons.clone()))?;
        xml.close("Placemark")?;
    }
    xml.close("Folder")
}

fn placemark_of(xml: &mut Xml, feature: &Feature) -> io::Result<()> {
    xml.open("Placemark")?;
    xml.leaf("name", feature.name())?;
    xml.empty("Snippet", "maxLines", "0")?;
    let origin: Vec<&str> = [feature.source(), feature.licence()].into_iter().flatten().collect();
    xml.leaf("description", &balloon::of_shape(feature.name(), &origin))?;
    xml.leaf("styleUrl", &format!("#{}", style::FEATURE))?;
    geometry::write(xml, &shape::drawn(feature))?;
    xml.close("Placemark")
}

fn sites(xml: &mut Xml, report: &Report<'_>) -> io::Result<()> {
    xml.open("Folder")?;
    xml.leaf("name", "Sites")?;
    let count = report.ranking().len();
    for ranked in report.ranking().top(EXPLAINED) {
        let style = style::site(words::class(ranked.posterior));
        site(xml, report, &ranked, &style, &balloon::of_site(report, &ranked))?;
    }
    xml.close("Folder")?;
    if count <= EXPLAINED {
        return Ok(());
    }
    xml.open("Folder")?;
    xml.leaf("name", &format!("Sites from rank {} on", EXPLAINED + 1))?;
    xml.leaf("open", "0")?;
    for ranked in report.ranking().top(count).skip(EXPLAINED) {
        site(xml, report, &ranked, style::OTHER_SITE, &balloon::of_other_site(report, &ranked))?;
    }
    xml.close("Folder")
}

fn site(xml: &mut Xml, report: &Report<'_>, ranked: &Ranked<'_>, style: &str, balloon: &str) -> io::Result<()> {
    let (site, position) = (ranked.site, ranked.site.position());
    xml.open("Placemark")?;
    xml.leaf("name", site.name())?;
    xml.empty("Snippet", "maxLines", "0")?;
    xml.leaf("description", balloon)?;
    xml.leaf("styleUrl", &format!("#{style}"))?;
    let mut numbers = vec![
        ("id".to_owned(), site.id().to_owned()),
        ("rank".to_owned(), ranked.rank.to_string()),
        ("posterior".to_owned(), ranked.posterior.to_string()),
    ];
    if let Some(group) = site.group() {
        numbers.push(("group".to_owned(), group.to_owned()));
    }
    for (constraint, evidence) in report.ranking().constraints().zip(&ranked.evidence) {
        if let Some(distance) = evidence.distance {
            numbers.push((format!("{}_distance_m", constraint.id()), distance.m().to_string()));
        }
        if let Some(decibans) = evidence.decibans {
            numbers.push((format!("{}_decibans", constraint.id()), decibans.to_string()));
        }
    }
    data(xml, numbers)?;
    geometry::write(xml, &Point::new(position.lon_deg(), position.lat_deg()).into())?;
    xml.close("Placemark")
}

fn ways(xml: &mut Xml, layers: &Layers) -> io::Result<()> {
    xml.open("Folder")?;
    xml.leaf("name", "Shortest ways")?;
    for Connection { site, claim, distance, path } in layers.connections() {
        let lines = shape::way(path);
        // A site on the feature has no way to go.
        if lines.0.is_empty() {
            continue;
        }
        xml.open("Placemark")?;
        let name = format!("{site} to {claim}: {distance}");
        xml.leaf("name", &name)?;
        xml.empty("Snippet", "maxLines", "0")?;
        xml.leaf("description", &balloon::of_shape(&name, &[]))?;
        xml.leaf("styleUrl", &format!("#{}", style::WAY))?;
        let numbers = [("site", site.clone()), ("claim", claim.clone()), ("distance_m", distance.m().to_string())];
        data(xml, numbers)?;
        geometry::write(xml, &lines.into())?;
        xml.close("Placemark")?;
    }
    xml.close("Folder")
}

/// Numbers and names by key.
fn data<K: AsRef<str>>(xml: &mut Xml, numbers: impl IntoIterator<Item = (K, String)>) -> io::Result<()> {
    xml.open("ExtendedData")?;
    for (key, value) in numbers {
        xml.open_with("Data", "name", key.as_ref())?;
        xml.leaf("value", &value)?;
        xml.close("Data")?;
    }
    xml.close("ExtendedData")
}
