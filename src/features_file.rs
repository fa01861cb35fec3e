//! GeoJSON texts, checked for what the types of the format do not check: syntax with its line, the reference system, positions
//! of fewer than two numbers, rings that are not closed.

use std::fs;
use std::io::Read;
use std::path::Path;

use geojson::GeoJson;
use serde_json::Value;

/// Opens a file.
///
/// # Errors
/// Why it cannot be opened.
pub(crate) fn open(path: &Path) -> Result<fs::File, String> {
    if path.is_dir() {
        return Err("this is a folder: expected a GeoJSON file".to_owned());
    }
    fs::File::open(path).map_err(|error| error.to_string())
}

/// Everything that there is to read, as text.
///
/// # Errors
/// Why it cannot be read, or where it is no text.
pub(crate) fn text(mut reader: impl Read) -> Result<String, String> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    String::from_utf8(bytes)
        .map_err(|error| format!("byte {} is not UTF-8: expected GeoJSON, which is", error.utf8_error().valid_up_to()))
}

/// The features of a text one by one: for lists in which a bad one is rejected and the rest is read.
///
/// # Errors
/// What is wrong with the syntax or the reference system.
pub(crate) fn features(text: &str) -> Result<Vec<Result<geojson::Feature, String>>, String> {
    let mut value = syntax(text)?;
    let Some(Value::Array(listed)) = value.get_mut("features").map(Value::take) else {
        return typed(value).map(|features| features.into_iter().map(Ok).collect());
    };
    let one = |feature| serde_json::from_value(feature).map_err(|error| format!("not a GeoJSON feature: {error}"));
    Ok(listed.into_iter().map(one).collect())
}

/// The features of a text, all of them with positions of two numbers or more and closed rings.
///
/// # Errors
/// What is wrong, with the place in the file.
pub(crate) fn sound_features(text: &str) -> Result<Vec<geojson::Feature>, String> {
    let value = syntax(text)?;
    let in_feature = |feature: &Value, reason: String| match feature.get("id").or(feature.pointer("/properties/id")) {
        Some(Value::String(id)) => format!("feature '{id}': {reason}"),
        Some(id @ Value::Number(_)) => format!("feature '{id}': {reason}"),
        _ => reason,
    };
    let listed = value.get("features").and_then(Value::as_array).map_or(std::slice::from_ref(&value), Vec::as_slice);
    for feature in listed {
        check_geometry(feature.get("geometry").unwrap_or(feature)).map_err(|reason| in_feature(feature, reason))?;
    }
    typed(value)
}

/// The syntax first, by itself: its errors have a line and a column.
fn syntax(text: &str) -> Result<Value, String> {
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    check_reference_system(&value)?;
    Ok(value)
}

fn typed(value: Value) -> Result<Vec<geojson::Feature>, String> {
    let geojson: GeoJson = serde_json::from_value(value).map_err(|error| format!("not GeoJSON: {error}"))?;
    Ok(match geojson {
        GeoJson::FeatureCollection(collection) => collection.features,
        GeoJson::Feature(feature) => vec![feature],
        GeoJson::Geometry(geometry) => vec![geojson::Feature::from(geometry)],
    })
}

/// The id of a feature: its member, or its property.
pub(crate) fn id(feature: &geojson::Feature) -> Option<String> {
    match (&feature.id, feature.property("id")) {
        (Some(geojson::feature::Id::String(id)), _) | (None, Some(Value::String(id))) => Some(id.clone()),
        (Some(geojson::feature::Id::Number(id)), _) | (None, Some(Value::Number(id))) => Some(id.to_string()),
        _ => None,
    }
}

/// Old GeoJSON could name a reference system; anything but WGS 84 is refused rather than misread.
fn check_reference_system(value: &Value) -> Result<(), String> {
    let Some(crs) = value.get("crs").filter(|crs| !crs.is_null()) else {
        return Ok(());
    };
    let name = crs.pointer("/properties/name").and_then(Value::as_str).unwrap_or("one without a name");
    let lower = name.to_lowercase();
    if lower.ends_with("crs84") || lower.ends_with("4326") {
        return Ok(());
    }
    Err(format!("the coordinates are in {name}: expected longitude and latitude in WGS 84 (EPSG:4326)"))
}

/// A geometry's positions have two numbers at least, and every ring ends where it begins.
fn check_geometry(geometry: &Value) -> Result<(), String> {
    if let Some(geometries) = geometry.get("geometries").and_then(Value::as_array) {
        return geometries.iter().try_for_each(check_geometry);
    }
    let in_polygon = geometry.get("type").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("Polygon"));
    geometry.get("coordinates").map_or(Ok(()), |coordinates| check_positions(coordinates, "coordinates", in_polygon))
}

fn check_positions(value: &Value, path: &str, in_polygon: bool) -> Result<(), String> {
    let Some(items) = value.as_array() else {
        return Err(format!("{path} is {value}: expected a list of numbers"));
    };
    if items.iter().all(|item| !item.is_array()) {
        let numbers = items.len() >= 2 && items.iter().all(Value::is_number);
        // An empty list is an empty geometry, which is refused where it is used.
        return if numbers || items.is_empty() {
            Ok(())
        } else {
            Err(format!("{path} is {value}: expected a position, a longitude and a latitude"))
        };
    }
    let is_ring = items.iter().all(|item| item.as_array().is_some_and(|numbers| numbers.iter().all(Value::is_number)));
    if in_polygon && is_ring && items.first() != items.last() {
        return Err(format!("{path}: the ring is not closed: expected its last position to equal its first"));
    }
    items.iter().enumerate().try_for_each(|(at, item)| check_positions(item, &format!("{path}[{at}]"), in_polygon))
}
