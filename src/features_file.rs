//! GeoJSON texts, checked for what the types of the format do not check: syntax with its line, the reference system, positions
//! of fewer than two numbers, rings that are not closed.

use std::fs;
use std::io::Read;
use std::path::Path;

use geojson::GeoJson;
use serde_json::Value;

use crate::crs::Crs;

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

/// The features of a text one by one, in WGS 84: for lists in which a bad one is rejected and the rest is read. `crs` is what the
/// coordinates are in, if it is something else.
///
/// # Errors
/// What is wrong with the syntax or the reference system.
pub(crate) fn features(text: &str, crs: Option<&Crs>) -> Result<Vec<Result<geojson::Feature, String>>, String> {
    let (mut value, crs) = syntax(text, crs)?;
    let Some(Value::Array(listed)) = value.get_mut("features").map(Value::take) else {
        convert(&mut value, crs.as_ref())?;
        return typed(value).map(|features| features.into_iter().map(Ok).collect());
    };
    let one = |mut feature: Value| {
        convert(&mut feature, crs.as_ref())?;
        serde_json::from_value(feature).map_err(|error| format!("not a GeoJSON feature: {error}"))
    };
    Ok(listed.into_iter().map(one).collect())
}

/// The features of a text, in WGS 84, all of them with positions of two numbers or more and closed rings. `crs` is what the coordinates
/// are in, if it is something else.
///
/// # Errors
/// What is wrong, with the place in the file.
pub(crate) fn sound_features(text: &str, crs: Option<&Crs>) -> Result<Vec<geojson::Feature>, String> {
    let (mut value, crs) = syntax(text, crs)?;
    let in_feature = |feature: &Value, reason: String| match feature.get("id").or(feature.pointer("/properties/id")) {
        Some(Value::String(id)) => format!("feature '{id}': {reason}"),
        Some(id @ Value::Number(_)) => format!("feature '{id}': {reason}"),
        _ => reason,
    };
    let listed = match value.get_mut("features") {
        Some(Value::Array(listed)) => listed.as_mut_slice(),
        _ => std::slice::from_mut(&mut value),
    };
    for feature in listed {
        check_geometry(feature.get("geometry").unwrap_or(feature)).map_err(|reason| in_feature(feature, reason))?;
        convert(feature, crs.as_ref()).map_err(|reason| in_feature(feature, reason))?;
    }
    typed(value)
}

/// Brings the coordinates of a feature or a geometry from another system to longitude and latitude in WGS 84.
fn convert(value: &mut Value, crs: Option<&Crs>) -> Result<(), String> {
    let Some(crs) = crs else {
        return Ok(());
    };
    if let Some(geometry) = value.get_mut("geometry") {
        return convert(geometry, Some(crs));
    }
    if let Some(Value::Array(geometries)) = value.get_mut("geometries") {
        return geometries.iter_mut().try_for_each(|geometry| convert(geometry, Some(crs)));
    }
    value.get_mut("coordinates").map_or(Ok(()), |coordinates| convert_positions(coordinates, crs))
}

fn convert_positions(value: &mut Value, crs: &Crs) -> Result<(), String> {
    let Value::Array(items) = value else {
        return Ok(());
    };
    if let [x, y, ..] = items.as_mut_slice()
        && let (Some(east), Some(north)) = (x.as_f64(), y.as_f64())
    {
        let position = crs.position(east, north)?;
        (*x, *y) = (position.lon_deg().into(), position.lat_deg().into());
        return Ok(());
    }
    items.iter_mut().try_for_each(|item| convert_positions(item, crs))
}

/// The syntax first, by itself: its errors have a line and a column. And the system that the coordinates are in, if it is not WGS 84.
fn syntax(text: &str, crs: Option<&Crs>) -> Result<(Value, Option<Crs>), String> {
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    let crs = reference_system(&value, crs)?;
    Ok((value, crs))
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

/// The system that the coordinates are in, if it is another than WGS 84: what the caller says, or what the file does, as old GeoJSON could.
fn reference_system(value: &Value, said: Option<&Crs>) -> Result<Option<Crs>, String> {
    let Some(crs) = value.get("crs").filter(|crs| !crs.is_null()) else {
        return Ok(said.cloned());
    };
    let name = crs.pointer("/properties/name").and_then(Value::as_str).unwrap_or("one without a name");
    let lower = name.to_lowercase();
    let is_wgs84 = lower.ends_with("crs84") || lower.ends_with("4326");
    let own = if is_wgs84 {
        None
    } else {
        Some(name.parse::<Crs>().map_err(|error| format!("the coordinates are in {name}: {}", error.reason))?)
    };
    match (said, &own) {
        (Some(said), None) if said.name() != "WGS 84" => {
            Err(format!("the file says that its coordinates are in {name}, not in {said}"))
        }
        (Some(said), Some(own)) if said.name() != own.name() => {
            Err(format!("the file says that its coordinates are in {own}, not in {said}"))
        }
        _ => Ok(own),
    }
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
