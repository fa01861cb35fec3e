//! Which column is the geometry, and how it is written: as GeoParquet says in the metadata of a file, or GeoArrow in those of a column.

use arrow::datatypes::{Field, Metadata, SchemaRef};
use serde_json::Value;

use crate::InvalidColumns;
use crate::shape::Place;

const WGS84: &str = "expected OGC:CRS84, longitude and latitude in WGS 84";

/// The geometry, if there is one.
pub(crate) fn geometry(schema: &SchemaRef, metadata: &Metadata) -> Result<Option<Place>, InvalidColumns> {
    match metadata.get("geo") {
        Some(geo) => geoparquet(schema, geo).map(Some),
        None => geoarrow(schema),
    }
}

fn geoparquet(schema: &SchemaRef, geo: &str) -> Result<Place, InvalidColumns> {
    let geo: Value =
        serde_json::from_str(geo).map_err(|error| InvalidColumns::new(format!("the GeoParquet metadata: {error}")))?;
    let name = geo["primary_column"]
        .as_str()
        .ok_or_else(|| InvalidColumns::new("the GeoParquet metadata name no primary_column"))?;
    let column = &geo["columns"][name];
    let at =
        schema.index_of(name).map_err(|_| InvalidColumns::new(format!("the geometry column '{name}' is missing")))?;
    check_system(column.get("crs"))?;
    match column["encoding"].as_str() {
        Some("WKB") => Ok(Place::Wkb(at)),
        Some("point") => Ok(Place::Point(at)),
        other => Err(InvalidColumns::new(format!(
            "the geometry is encoded as {}: expected WKB or point",
            other.unwrap_or("nothing")
        ))),
    }
}

fn geoarrow(schema: &SchemaRef) -> Result<Option<Place>, InvalidColumns> {
    let extension = |field: &Field| field.metadata().get("ARROW:extension:name").cloned().unwrap_or_default();
    let mut found = schema.fields().iter().enumerate().filter(|(_, field)| extension(field).starts_with("geoarrow."));
    let Some((at, field)) = found.next() else { return Ok(None) };
    if let Some((_, other)) = found.next() {
        return Err(InvalidColumns::new(format!(
            "the columns '{}' and '{}' are both geometries: expected one",
            field.name(),
            other.name()
        )));
    }
    let said = field.metadata().get("ARROW:extension:metadata").map_or("{}", String::as_str);
    let said: Value = serde_json::from_str(if said.is_empty() { "{}" } else { said })
        .map_err(|error| InvalidColumns::new(format!("the metadata of the column '{}': {error}", field.name())))?;
    // Unlike GeoParquet, GeoArrow takes nothing for granted where no system is named.
    check_system(Some(&said["crs"]))?;
    match extension(field).as_str() {
        "geoarrow.wkb" => Ok(Some(Place::Wkb(at))),
        "geoarrow.point" => Ok(Some(Place::Point(at))),
        other => Err(InvalidColumns::new(format!(
            "the geometry is encoded as {other}: expected geoarrow.wkb or geoarrow.point"
        ))),
    }
}

/// Nothing said of the system means longitude and latitude in WGS 84.
fn check_system(crs: Option<&Value>) -> Result<(), InvalidColumns> {
    let (authority, code, name) = match crs {
        None => return Ok(()),
        Some(Value::Object(crs)) => {
            let (authority, code) = (&crs["id"]["authority"], &crs["id"]["code"]);
            let code = code.as_str().map_or_else(|| code.to_string(), str::to_owned);
            let name = crs.get("name").and_then(|name| name.as_str()).unwrap_or("without a name");
            (authority.as_str().unwrap_or_default().to_owned(), code, name)
        }
        Some(Value::String(crs)) => {
            let (authority, code) = crs.split_once(':').unwrap_or(("", crs));
            (authority.to_owned(), code.to_owned(), "without a name")
        }
        Some(_) => {
            return Err(InvalidColumns::new(format!("the geometry's coordinate reference system is unknown: {WGS84}")));
        }
    };
    if matches!((authority.as_str(), code.as_str()), ("OGC", "CRS84" | "CRS:84") | ("EPSG", "4326")) {
        return Ok(());
    }
    Err(InvalidColumns::new(format!(
        "the geometry is in another coordinate reference system ({name}, {authority}:{code}): {WGS84}"
    )))
}
