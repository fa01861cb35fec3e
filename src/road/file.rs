//! Roads from GeoJSON lines.

use std::fmt;
use std::path::PathBuf;

use geo_types::{Coord, LineString, MultiLineString};
use geojson::GeometryValue;

use crate::feature::{Feature, InvalidGeometry};
use crate::features_file;

/// The lines of a text as one feature, each of two vertices or more.
pub(super) fn roads(text: &str) -> Result<Feature, RoadsError> {
    let mut roads = Vec::new();
    // The number of the feature that each road is of, and which part of it.
    let mut origins = Vec::new();
    for (at, feature) in features_file::features(text, None).map_err(RoadsError::whole)?.into_iter().enumerate() {
        let number = at + 1;
        let lines = feature.and_then(|read| lines(&read.feature)).map_err(|reason| RoadsError::new(number, reason))?;
        origins.extend((0..lines.len()).map(|part| (number, part)));
        roads.extend(lines);
    }
    if roads.is_empty() {
        return Err(RoadsError::whole("there are no features: expected roads, as LineStrings or MultiLineStrings"));
    }
    Feature::new("roads", MultiLineString::new(roads).into()).map_err(|error| {
        let (number, part) = origins[error.part];
        RoadsError::new(number, InvalidGeometry { part, ..error }.to_string())
    })
}

fn lines(feature: &geojson::Feature) -> Result<Vec<LineString<f64>>, String> {
    let lines = match feature.geometry.as_ref().map(|geometry| &geometry.value) {
        Some(GeometryValue::LineString { coordinates }) => std::slice::from_ref(coordinates),
        Some(GeometryValue::MultiLineString { coordinates }) => coordinates.as_slice(),
        Some(other) => {
            return Err(format!("a road is a LineString or a MultiLineString, found a {}", other.type_name()));
        }
        None => return Err("the feature has no geometry".to_owned()),
    };
    if lines.is_empty() {
        return Err("the MultiLineString has no lines".to_owned());
    }
    lines.iter().enumerate().map(|(part, line)| vertices(part, line)).collect()
}

fn vertices(part: usize, line: &[geojson::Position]) -> Result<LineString<f64>, String> {
    if line.len() < 2 {
        let noun = if line.len() == 1 { "position" } else { "positions" };
        return Err(format!("part {part}: a line of {} {noun}: expected at least two", line.len()));
    }
    let coord = |(vertex, position): (usize, &geojson::Position)| match position.as_slice() {
        &[lon_deg, lat_deg, ..] => Ok(Coord { x: lon_deg, y: lat_deg }),
        other => {
            let reason = format!("{other:?} is no position: expected a longitude and a latitude");
            Err(InvalidGeometry { part, vertex, reason }.to_string())
        }
    };
    line.iter().enumerate().map(coord).collect()
}

/// A file of roads that cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoadsError {
    /// The file, where it came from one.
    pub file: Option<PathBuf>,
    /// The number of the feature at fault, counted from one; none where it is the file as a whole.
    pub feature: Option<usize>,
    /// What was found and what was expected. Parts of a feature and their positions are counted from zero.
    pub reason: String,
}

impl RoadsError {
    pub(super) fn whole(reason: impl Into<String>) -> Self {
        Self { file: None, feature: None, reason: reason.into() }
    }

    fn new(number: usize, reason: String) -> Self {
        Self { feature: Some(number), ..Self::whole(reason) }
    }
}

impl fmt::Display for RoadsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        if let Some(number) = self.feature {
            write!(f, "feature {number}: ")?;
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for RoadsError {}

#[cfg(test)]
mod tests {
    use crate::RoadNetwork;

    fn refused(text: &str) -> String {
        RoadNetwork::from_geojson(text.as_bytes()).expect_err(text).to_string()
    }

    /// A collection whose first feature is a sound road.
    fn with(geometry: &str) -> String {
        let feature = |geometry: &str| format!(r#"{{"type":"Feature","properties":null,"geometry":{geometry}}}"#);
        let road = r#"{"type":"LineString","coordinates":[[124,40],[126,41]]}"#;
        format!(r#"{{"type":"FeatureCollection","features":[{},{}]}}"#, feature(road), feature(geometry))
    }

    #[test]
    fn what_is_no_road_is_refused_by_number() {
        for (geometry, says) in [
            (
                r#"{"type":"Point","coordinates":[125,40]}"#,
                "feature 2: a road is a LineString or a MultiLineString, found a Point",
            ),
            (
                r#"{"type":"GeometryCollection","geometries":[]}"#,
                "feature 2: a road is a LineString or a MultiLineString, found a GeometryCollection",
            ),
            ("null", "feature 2: the feature has no geometry"),
            (
                r#"{"type":"LineString","coordinates":[[125,40]]}"#,
                "feature 2: part 0: a line of 1 position: expected at least two",
            ),
            (
                r#"{"type":"MultiLineString","coordinates":[[[125,40],[125,41]],[]]}"#,
                "feature 2: part 1: a line of 0 positions: expected at least two",
            ),
            (r#"{"type":"MultiLineString","coordinates":[]}"#, "feature 2: the MultiLineString has no lines"),
            (
                r#"{"type":"LineString","coordinates":[[125,40],[124]]}"#,
                "feature 2: part 0, position 1: [124.0] is no position: expected a longitude and a latitude",
            ),
            (
                r#"{"type":"MultiLineString","coordinates":[[[125,40],[125,41]],[[40,125],[41,125]]]}"#,
                "feature 2: part 1, position 0: [40, 125]: latitude 125 is out of range: expected from -90 to 90 degrees; are latitude and longitude swapped? (GeoJSON has longitude first)",
            ),
            (
                r#"{"type":"LineString","coordinates":[[0,90],[0,-90]]}"#,
                "feature 2: part 0, position 0: the edge joins opposite places of the Earth, between which many geodesics are shortest: add a vertex",
            ),
        ] {
            assert_eq!(refused(&with(geometry)), says);
        }
    }

    #[test]
    fn what_is_no_list_of_roads_is_refused_as_a_whole() {
        for (text, says) in [
            (
                r#"{"type":"FeatureCollection","features":[]}"#,
                "there are no features: expected roads, as LineStrings or MultiLineStrings",
            ),
            ("", "not JSON: EOF while parsing a value at line 1 column 0"),
            ("road", "not JSON: expected value at line 1 column 1"),
        ] {
            assert_eq!(refused(text), says);
        }
        let elsewhere = refused(r#"{"type":"LineString","crs":{"properties":{"name":"EPSG:1"}},"coordinates":[]}"#);
        assert!(elsewhere.starts_with("the coordinates are in EPSG:1: "), "{elsewhere}");
        assert_eq!(refused("[1, 2]"), "not GeoJSON: invalid type: sequence, expected GeoJson object");
        let latin1 = RoadNetwork::from_geojson(&b"{\"name\":\"Stra\xdfe\"}"[..]).expect_err("Latin-1");
        assert_eq!(
            latin1.to_string(),
            "line 1: byte 13 is not UTF-8, perhaps Latin-1 or Windows-1252: expected text in UTF-8"
        );
    }

    #[test]
    fn a_file_is_named() {
        let folder = RoadNetwork::from_path("src".as_ref()).expect_err("a folder").to_string();
        assert_eq!(folder, "src: this is a folder: expected a GeoJSON file");
        let missing = RoadNetwork::from_path("src/missing.geojson".as_ref()).expect_err("no file").to_string();
        assert!(missing.starts_with("src/missing.geojson: No such file"), "{missing}");
        let points = RoadNetwork::from_path("data/sites/features.geojson".as_ref()).expect_err("points").to_string();
        assert_eq!(
            points,
            "data/sites/features.geojson: feature 1: a road is a LineString or a MultiLineString, found a Point"
        );
    }

    #[test]
    fn every_form_of_lines_is_read() {
        let line = r#"{"type":"LineString","coordinates":[[124,40,17.5],[126,41,20]]}"#;
        for text in [line, &format!(r#"{{"type":"Feature","properties":{{"ref":7}},"geometry":{line}}}"#), &with(line)]
        {
            assert!(RoadNetwork::from_geojson(text.as_bytes()).is_ok(), "{text}");
        }
    }
}
