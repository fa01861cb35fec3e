//! Geometries in KML: longitude, latitude, on the ground.

use std::fmt::Write as _;
use std::io;

use geo::{Coord, Geometry, LineString, Polygon};

use super::xml::Xml;
use crate::shape::rounded_deg;

/// A geometry as KML has it: several parts together are one `MultiGeometry`.
pub(super) fn write(xml: &mut Xml, geometry: &Geometry<f64>) -> io::Result<()> {
    match geometry {
        Geometry::Point(at) => point(xml, at.0),
        Geometry::MultiPoint(points) => several(xml, &points.0, |xml, at| point(xml, at.0)),
        Geometry::MultiLineString(lines) => several(xml, &lines.0, line),
        Geometry::MultiPolygon(polygons) => several(xml, &polygons.0, polygon),
        // Nothing else is drawn.
        _ => Ok(()),
    }
}

/// One part as itself, several as one.
fn several<T>(xml: &mut Xml, parts: &[T], write: impl Fn(&mut Xml, &T) -> io::Result<()>) -> io::Result<()> {
    if let [only] = parts {
        return write(xml, only);
    }
    xml.open("MultiGeometry")?;
    for part in parts {
        write(xml, part)?;
    }
    xml.close("MultiGeometry")
}

fn point(xml: &mut Xml, at: Coord<f64>) -> io::Result<()> {
    xml.open("Point")?;
    xml.leaf("coordinates", &coordinates(&[at]))?;
    xml.close("Point")
}

fn line(xml: &mut Xml, line: &LineString<f64>) -> io::Result<()> {
    xml.open("LineString")?;
    xml.leaf("tessellate", "1")?;
    xml.leaf("coordinates", &coordinates(&line.0))?;
    xml.close("LineString")
}

fn polygon(xml: &mut Xml, polygon: &Polygon<f64>) -> io::Result<()> {
    xml.open("Polygon")?;
    xml.leaf("tessellate", "1")?;
    boundary(xml, "outerBoundaryIs", polygon.exterior())?;
    for hole in polygon.interiors() {
        boundary(xml, "innerBoundaryIs", hole)?;
    }
    xml.close("Polygon")
}

fn boundary(xml: &mut Xml, name: &str, ring: &LineString<f64>) -> io::Result<()> {
    xml.open(name)?;
    xml.open("LinearRing")?;
    xml.leaf("coordinates", &coordinates(&ring.0))?;
    xml.close("LinearRing")?;
    xml.close(name)
}

fn coordinates(path: &[Coord<f64>]) -> String {
    let mut text = String::with_capacity(24 * path.len());
    for (count, at) in path.iter().enumerate() {
        let space = if count == 0 { "" } else { " " };
        // Into memory: nothing can fail.
        let _ = write!(text, "{space}{},{}", rounded_deg(at.x), rounded_deg(at.y));
    }
    text
}
