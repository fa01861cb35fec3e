//! Which columns are what.

use std::sync::Arc;

use arrow::datatypes::{Metadata, Schema, SchemaRef};

use crate::InvalidColumns;
use crate::geometry::geometry;

/// How positions are written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// In columns of degrees.
    Columns { lat: usize, lon: usize },
    /// As points in the well-known binary format.
    Wkb(usize),
    /// As structures of x and y, or lists of them.
    Point(usize),
}

/// Whether rows must have an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ids {
    /// Without a column of ids, columns cannot be used.
    Required,
    /// Without a column of ids, a row's id is empty, which is no listed site's, or its number from 1 in a list.
    Optional,
}

/// What the columns of rows are, found by their names in any order and without case: `id`; `lat` and `lon` in degrees, or a geometry of
/// points as GeoParquet or GeoArrow have it; and, where they are there, `name`, `group`, `tags` (texts with semicolons, or lists), `prior`
/// and `uncertainty_m`.
#[derive(Clone, Debug)]
pub struct Shape {
    pub(crate) schema: SchemaRef,
    pub(crate) id: Option<usize>,
    pub(crate) place: Place,
    pub(crate) name: Option<usize>,
    pub(crate) group: Option<usize>,
    pub(crate) tags: Option<usize>,
    pub(crate) prior: Option<usize>,
    pub(crate) uncertainty_m: Option<usize>,
}

impl Shape {
    /// What the columns of a schema are; `metadata` are those of the file or of the schema, where GeoParquet describes its geometry.
    /// Columns of degrees go before a geometry.
    ///
    /// # Errors
    /// [`InvalidColumns`] if a column is missing or stands twice, or if the geometry is not in longitude and latitude, or neither in the
    /// well-known binary format nor points.
    pub fn new(schema: &SchemaRef, metadata: &Metadata, ids: Ids) -> Result<Self, InvalidColumns> {
        let find = |wanted: &str| {
            let mut found =
                schema.fields().iter().enumerate().filter(|(_, field)| field.name().eq_ignore_ascii_case(wanted));
            match (found.next(), found.next()) {
                (Some(_), Some(_)) => Err(InvalidColumns::new(format!("the column '{wanted}' stands twice"))),
                (found, _) => Ok(found.map(|(at, _)| at)),
            }
        };
        let missing = |wanted: &str| {
            let names = schema.fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>().join(", ");
            let (id, geometry) = match ids {
                Ids::Required => ("id, ", "the geometry of GeoParquet"),
                Ids::Optional => ("", "a geometry"),
            };
            InvalidColumns::new(format!(
                "the column '{wanted}' is missing: expected {id}lat and lon (or {geometry}), found {names}"
            ))
        };
        let place = match (find("lat")?, find("lon")?) {
            (Some(lat), Some(lon)) => Place::Columns { lat, lon },
            (lat, _) => {
                geometry(schema, metadata)?.ok_or_else(|| missing(if lat.is_some() { "lon" } else { "lat" }))?
            }
        };
        let id = find("id")?;
        if id.is_none() && ids == Ids::Required {
            return Err(missing("id"));
        }
        Ok(Self {
            id,
            place,
            name: find("name")?,
            group: find("group")?,
            tags: find("tags")?,
            prior: find("prior")?,
            uncertainty_m: find("uncertainty_m")?,
            schema: Arc::clone(schema),
        })
    }

    /// The columns.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The names of the columns, in order.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        self.schema.fields().iter().map(|field| field.name().as_str()).collect()
    }

    /// Which column is the geometry, if positions come from one.
    #[must_use]
    pub fn geometry_column(&self) -> Option<usize> {
        match self.place {
            Place::Columns { .. } => None,
            Place::Wkb(at) | Place::Point(at) => Some(at),
        }
    }
}
