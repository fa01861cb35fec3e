//! GeoJSON texts, checked for what the types of the format do not check: syntax with its line, the reference system, positions
//! of fewer than two numbers, rings that are not closed.

use std::fs;
use std::io;
use std::path::Path;

use geojson::GeoJson;
use serde_json::Value;

use crate::crs::Crs;
use crate::length::Length;
use crate::limits::GEOJSON_BYTES;

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
pub(crate) fn text(reader: impl io::Read) -> Result<String, String> {
    crate::text::read(reader, GEOJSON_BYTES)
}

/// A feature as it was read, in WGS 84.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) feature: geojson::Feature,
    /// How far off its positions may be after a change of datum.
    pub(crate) uncertainty: Length,
}

/// The features of a text one by one, in WGS 84: for lists in which a bad one is rejected and the rest is read. `crs` is what the
/// coordinates are in, if it is something else.
///
/// # Errors
/// What is wrong with the syntax or the reference system.
pub(crate) fn features(text: &str, crs: Option<&Crs>) -> Result<Vec<Result<Read, String>>, String> {
    let (mut value, system) = syntax(text, crs)?;
    let Some(Value::Array(listed)) = value.get_mut("features").map(Value::take) else {
        let uncertainty = system.convert(&mut value)?;
        return typed(value)
            .map(|features| features.into_iter().map(|feature| Ok(Read { feature, uncertainty })).collect());
    };
    let one = |mut feature: Value| {
        system.check(&feature)?;
        let uncertainty = system.convert(&mut feature)?;
        let feature = serde_json::from_value(feature).map_err(|error| format!("not a GeoJSON feature: {error}"))?;
        Ok(Read { feature, uncertainty })
    };
    Ok(listed.into_iter().map(one).collect())
}

/// The one feature of a text, in WGS 84: for sequences of such texts. `crs` is what its coordinates are in, if it is something else.
///
/// # Errors
/// What is wrong, with the column where it is the syntax.
pub(crate) fn feature(text: &str, crs: Option<&Crs>) -> Result<Read, String> {
    let mut value: Value = serde_json::from_str(text).map_err(|error| {
        // On which line the text begins is known to whoever has the sequence.
        let (whole, column) = (error.to_string(), error.column());
        let of_line = if error.line() > 1 { format!(" of its line {}", error.line()) } else { String::new() };
        format!("not JSON: {} at column {column}{of_line}", whole.split(" at line ").next().unwrap_or(&whole))
    })?;
    match value.get("type").and_then(Value::as_str) {
        Some("Feature") => {}
        Some(other) => return Err(format!("expected a feature, found a {other}")),
        None => return Err("expected a feature, with a \"type\"".to_owned()),
    }
    let system = System::of(&value, crs)?;
    let uncertainty = system.convert(&mut value)?;
    let feature = serde_json::from_value(value).map_err(|error| format!("not a GeoJSON feature: {error}"))?;
    Ok(Read { feature, uncertainty })
}

/// The features of a text, in WGS 84, all of them with positions of two numbers or more and closed rings. `crs` is what the coordinates
/// are in, if it is something else.
///
/// # Errors
/// What is wrong, with the place in the file.
pub(crate) fn sound_features(text: &str, crs: Option<&Crs>) -> Result<Vec<Read>, String> {
    let (mut value, system) = syntax(text, crs)?;
    let in_feature = |feature: &Value, reason: String| match feature.get("id").or(feature.pointer("/properties/id")) {
        Some(Value::String(id)) => format!("feature '{id}': {reason}"),
        Some(id @ Value::Number(_)) => format!("feature '{id}': {reason}"),
        _ => reason,
    };
    let is_list = matches!(value.get("features"), Some(Value::Array(_)));
    let listed = match value.get_mut("features") {
        Some(Value::Array(listed)) => listed.as_mut_slice(),
        _ => std::slice::from_mut(&mut value),
    };
    let mut uncertainties = Vec::with_capacity(listed.len());
    for feature in listed {
        if is_list {
            system.check(feature).map_err(|reason| in_feature(feature, reason))?;
        }
        check_geometry(feature.get("geometry").unwrap_or(feature)).map_err(|reason| in_feature(feature, reason))?;
        uncertainties.push(system.convert(feature).map_err(|reason| in_feature(feature, reason))?);
    }
    let read = typed(value)?.into_iter().zip(uncertainties);
    Ok(read.map(|(feature, uncertainty)| Read { feature, uncertainty }).collect())
}

/// The syntax first, by itself: its errors have a line and a column. And the system that the coordinates are in.
fn syntax(text: &str, crs: Option<&Crs>) -> Result<(Value, System), String> {
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    let system = System::of(&value, crs)?;
    Ok((value, system))
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

/// What the coordinates of a file are in.
struct System {
    /// None for WGS 84.
    crs: Option<Crs>,
    /// The member `crs` of the file, as old GeoJSON could have it.
    member: Value,
}

impl System {
    /// The system that the caller says, or that the file does.
    fn of(value: &Value, said: Option<&Crs>) -> Result<Self, String> {
        let member = value.get("crs").cloned().unwrap_or_default();
        let own = match name_of(&member)? {
            Some(name) => {
                Some(name.parse::<Crs>().map_err(|error| format!("the coordinates are in {name}: {}", error.reason))?)
            }
            None => None,
        };
        if let (Some(said), Some(own)) = (said, &own)
            && !said.is_same_as(own)
        {
            return Err(format!("the file says that its coordinates are in {own}, not in {said}"));
        }
        Ok(Self { crs: own.or_else(|| said.cloned()).filter(|crs| !crs.is_wgs84()), member })
    }

    /// No feature or geometry inside has a system of its own.
    fn check(&self, value: &Value) -> Result<(), String> {
        if let Some(member) = value.get("crs").filter(|member| !member.is_null() && **member != self.member) {
            let is_wgs84 = name_of(member)?.is_some_and(|name| name.parse().is_ok_and(|crs: Crs| crs.is_wgs84()));
            if !is_wgs84 || self.crs.is_some() {
                return Err(format!(
                    "it has a 'crs' of its own, {member}: expected one for the whole file, beside 'features'"
                ));
            }
        }
        let geometries = value.get("geometries").and_then(Value::as_array).into_iter().flatten();
        value.get("geometry").into_iter().chain(geometries).try_for_each(|inner| self.check(inner))
    }

    /// Brings the coordinates of a feature or a geometry to longitude and latitude in WGS 84, and says how far off they may be.
    fn convert(&self, value: &mut Value) -> Result<Length, String> {
        self.crs.as_ref().map_or(Ok(Length::ZERO), |crs| convert(value, crs))
    }
}

/// What a member `crs` names, if there is one.
fn name_of(member: &Value) -> Result<Option<String>, String> {
    if member.is_null() {
        return Ok(None);
    }
    let code = || member.pointer("/properties/code").and_then(Value::as_u64).map(|code| format!("EPSG:{code}"));
    let name = member.pointer("/properties/name").and_then(Value::as_str).map(str::to_owned);
    name.or_else(code).map(Some).ok_or_else(|| {
        format!(
            "the file's 'crs' is {member}: expected {{\"type\": \"name\", \"properties\": {{\"name\": \"EPSG:32652\"}}}} or none, for WGS 84"
        )
    })
}

fn convert(value: &mut Value, crs: &Crs) -> Result<Length, String> {
    if let Some(geometry) = value.get_mut("geometry") {
        return convert(geometry, crs);
    }
    if let Some(Value::Array(geometries)) = value.get_mut("geometries") {
        return greatest(geometries, |geometry| convert(geometry, crs));
    }
    value.get_mut("coordinates").map_or(Ok(Length::ZERO), |coordinates| convert_positions(coordinates, crs))
}

fn convert_positions(value: &mut Value, crs: &Crs) -> Result<Length, String> {
    let Value::Array(items) = value else {
        return Ok(Length::ZERO);
    };
    if let [x, y, ..] = items.as_mut_slice()
        && let (Some(east), Some(north)) = (x.as_f64(), y.as_f64())
    {
        let position = crs.position(east, north).map_err(|error| error.to_string())?;
        (*x, *y) = (position.lon_deg().into(), position.lat_deg().into());
        return Ok(position.uncertainty());
    }
    greatest(items, |item| convert_positions(item, crs))
}

fn greatest(items: &mut [Value], convert: impl Fn(&mut Value) -> Result<Length, String>) -> Result<Length, String> {
    items.iter_mut().try_fold(Length::ZERO, |greatest, item| Ok(greatest.max(convert(item)?)))
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
