//! Sites from GeoJSON points.

use geojson::GeometryValue;
use serde_json::Value;

use super::header::tags_of;
use super::{Rejected, RowPlace, Site, SitesError};
use crate::crs::Crs;
use crate::features_file;
use crate::length::Length;
use crate::position::Position;

/// The features of a text as rows.
pub(super) fn rows(
    text: &str,
    crs: Option<&Crs>,
) -> Result<impl Iterator<Item = Result<(Site, RowPlace), Rejected>> + use<>, SitesError> {
    let features = features_file::features(text, crs).map_err(|reason| SitesError::new(None, reason))?;
    Ok(features.into_iter().enumerate().map(|(at, feature)| {
        let place = RowPlace::Feature(at + 1);
        let read = feature.map_err(|reason| place.reject("geometry or properties", "", reason))?;
        site(&read.feature, read.uncertainty, place).map(|site| (site, place))
    }))
}

/// The properties that siteband uses; others are kept.
const KNOWN: [&str; 6] = ["id", "name", "group", "tags", "prior", "uncertainty_m"];

/// `conversion` is how far off the position may be after a change of datum.
pub(super) fn site(feature: &geojson::Feature, conversion: Length, place: RowPlace) -> Result<Site, Rejected> {
    let id = features_file::id(feature)
        .filter(|id| !id.trim().is_empty())
        .ok_or_else(|| place.reject("id", "", "the feature has no id"))?;
    let coordinates = match feature.geometry.as_ref().map(|geometry| &geometry.value) {
        Some(GeometryValue::Point { coordinates }) => coordinates,
        Some(other) => {
            return Err(place.reject(
                "geometry",
                other.type_name(),
                format!("a site is a Point, found a {}", other.type_name()),
            ));
        }
        None => return Err(place.reject("geometry", "", "the feature has no geometry")),
    };
    let (Some(&lon), Some(&lat)) = (coordinates.as_slice().first(), coordinates.as_slice().get(1)) else {
        return Err(place.reject("geometry", "", "a point has a longitude and a latitude"));
    };
    let refuse = |error: String| {
        place.reject("geometry", &format!("[{lon}, {lat}]"), format!("{error} (GeoJSON has longitude first)"))
    };
    let position = Position::new(lat, lon).map_err(|error| refuse(error.to_string()))?;

    let property = |key: &str| feature.property(key).filter(|value| !value.is_null());
    let text = |key: &str| match property(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Some(other) => Err(place.reject(key, &other.to_string(), "expected text")),
    };
    let number = |key: &str| match property(key) {
        None => Ok(None),
        Some(value) => {
            value.as_f64().map(Some).ok_or_else(|| place.reject(key, &value.to_string(), "expected a number"))
        }
    };
    let own = match number("uncertainty_m")? {
        Some(m) => {
            Length::from_m(m).map_err(|error| place.reject("uncertainty_m", &m.to_string(), error.to_string()))?
        }
        None => Length::ZERO,
    };
    let mut site = Site::new(id, position.with_uncertainty(own.hypot(conversion)));
    site.name = text("name")?;
    site.group = text("group")?;
    site.tags = match property("tags") {
        Some(Value::Array(tags)) => {
            let tags: Option<Vec<String>> =
                tags.iter().map(|tag| tag.as_str().map(|tag| tag.trim().to_owned())).collect();
            tags.ok_or_else(|| place.reject("tags", "", "expected a list of texts"))?
        }
        _ => text("tags")?.map_or_else(Vec::new, |tags| tags_of(&tags).map(str::to_owned).collect()),
    };
    if let Some(weight) = number("prior")? {
        site =
            site.with_prior(weight).map_err(|error| place.reject("prior", &weight.to_string(), error.to_string()))?;
    }
    let others = feature.properties.iter().flatten().filter(|(key, _)| !KNOWN.contains(&key.as_str()));
    site.other = others
        .map(|(key, value)| (key.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    Ok(site)
}

#[cfg(test)]
mod tests {
    use super::super::Sites;

    #[test]
    fn points_with_properties() {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","id":"a","properties":{"name":"A","tags":["x","y"],"note":7},"geometry":{"type":"Point","coordinates":[125.5,39.5]}},
            {"type":"Feature","properties":{"id":"b","tags":"x;z"},"geometry":{"type":"Point","coordinates":[125.6,39.6]}},
            {"type":"Feature","properties":{"id":"A"},"geometry":{"type":"Point","coordinates":[125.6,39.6]}},
            {"type":"Feature","properties":{"id":"c"},"geometry":{"type":"Point","coordinates":[39.6,125.6]}},
            {"type":"Feature","properties":{"id":"d"},"geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]}},
            {"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}},
            {"type":"Feature","properties":{"id":"e","prior":-1},"geometry":{"type":"Point","coordinates":[1,2]}}]}"#;
        let sites = Sites::from_geojson(text.as_bytes()).expect("valid");
        assert_eq!(sites.as_slice().iter().map(super::Site::id).collect::<Vec<_>>(), ["a", "b"]);
        assert!(sites.get("B").is_some_and(|site| site.has_tag("z")));
        let rejected: Vec<_> = sites.rejected().iter().map(|row| row.column.as_str()).collect();
        assert_eq!(
            rejected,
            ["feature 3: id", "feature 4: geometry", "feature 5: geometry", "feature 6: id", "feature 7: prior"]
        );
        assert!(sites.rejected()[1].reason.contains("swapped"), "{:?}", sites.rejected()[1]);
        let error = Sites::from_geojson("{\"type\":".as_bytes()).expect_err("truncated").to_string();
        assert!(error.contains("line 1"), "{error}");
    }
}
