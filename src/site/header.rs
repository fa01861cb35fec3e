//! What the columns of a table of sites are, and what a row under them says.

use std::borrow::Cow;

use csv::ByteRecord;

use super::{Rejected, RowPlace, Site, SiteBatch, SitesError};
use crate::crs::Crs;
use crate::length::Length;
use crate::position::{self, Axis, Position};

/// The columns of a table of sites: by it, parts of a table can be read apart, many at once.
///
/// # Example
/// ```
/// use siteband::{SiteBatch, SiteReader};
/// let table = "id,lat,lon\na,39,125\nb,40,126\n";
/// let header = SiteReader::new(table.as_bytes())?.header().clone();
/// let mut batch = SiteBatch::default();
/// let mut last_row = SiteReader::with_header(header, 2, "b,40,126\n".as_bytes());
/// assert_eq!(last_row.read_into(&mut batch), Some(Ok(0..9)));
/// assert_eq!(last_row.read_into(&mut batch), None);
/// assert_eq!(batch.id(0), "b");
/// # Ok::<(), siteband::SitesError>(())
/// ```
#[derive(Clone, Debug)]
pub struct SiteHeader {
    columns: Vec<String>,
    known: Known,
    crs: Option<Crs>,
}

/// Names of coordinates, north and east. Only the first are for WGS 84.
const COORDINATES: [[&str; 2]; 4] = [["lat", "lon"], ["northing", "easting"], ["north", "east"], ["y", "x"]];

/// Where the columns are that siteband knows.
#[derive(Clone, Debug)]
struct Known {
    /// None where rows without an id go by their line.
    id: Option<usize>,
    lat: usize,
    lon: usize,
    name: Option<usize>,
    group: Option<usize>,
    tags: Option<usize>,
    prior: Option<usize>,
    uncertainty_m: Option<usize>,
}

impl SiteHeader {
    pub(super) fn new(columns: Vec<String>, need_ids: bool, crs: Option<Crs>) -> Result<Self, SitesError> {
        let refuse = |reason: String| SitesError::new(None, reason);
        let expected = if need_ids { "id, lat and lon" } else { "claim, lat and lon" };
        if columns.iter().all(String::is_empty) {
            return Err(refuse(format!("the table is empty: expected a header with the columns {expected}")));
        }
        if let [only] = columns.as_slice()
            && let Some(separator) = [';', '\t', '|'].into_iter().find(|separator| only.contains(*separator))
        {
            return Err(refuse(format!(
                "the columns are separated by {separator:?}: save the table with commas, and decimals with points"
            )));
        }
        let find = |wanted: &str| -> Result<Option<usize>, SitesError> {
            let mut places =
                columns.iter().enumerate().filter(|(_, name)| name.eq_ignore_ascii_case(wanted)).map(|(at, _)| at);
            match (places.next(), places.next()) {
                (Some(_), Some(_)) => Err(refuse(format!("the column '{wanted}' stands twice in the header"))),
                (place, _) => Ok(place),
            }
        };
        let need = |wanted: &str| {
            find(wanted)?.ok_or_else(|| {
                let named = columns.iter().find(|name| {
                    name.to_lowercase().starts_with(wanted) || (wanted == "lon" && name.eq_ignore_ascii_case("lng"))
                });
                let hint = named.map_or(String::new(), |name| format!("; rename '{name}'?"));
                refuse(format!(
                    "the column '{wanted}' is missing: expected {expected}, found {}{hint}",
                    columns.join(", ")
                ))
            })
        };
        let names_of = |axis: usize| {
            if crs.is_some() { &COORDINATES[..] } else { &COORDINATES[..1] }.iter().map(move |pair| pair[axis])
        };
        let coordinate = |axis: usize| {
            let found: Result<Vec<usize>, _> = names_of(axis).filter_map(|name| find(name).transpose()).collect();
            match found?.as_slice() {
                [only] => Ok(*only),
                [] => need(COORDINATES[0][axis]),
                [first, second, ..] => Err(refuse(format!(
                    "both the columns '{}' and '{}' are coordinates: keep one of them",
                    columns[*first], columns[*second]
                ))),
            }
        };
        let known = Known {
            id: if need_ids { Some(need("id")?) } else { find("id")? },
            lat: coordinate(0)?,
            lon: coordinate(1)?,
            name: find("name")?,
            group: find("group")?,
            tags: find("tags")?,
            prior: find("prior")?,
            uncertainty_m: find("uncertainty_m")?,
        };
        Ok(Self { columns, known, crs })
    }

    /// The names of the columns, as they stand in the header.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What a row says; every field of it is text.
    pub(super) fn row<'a>(&'a self, fields: &'a ByteRecord, place: RowPlace) -> Result<Row<'a>, Rejected> {
        if fields.len() != self.columns.len() {
            let open_quote = fields.iter().any(|field| field.contains(&b'\n'));
            let hint = if open_quote {
                "; is a quotation mark not closed?"
            } else if fields.len() == self.columns.len() + 2 {
                "; are decimals written with commas?"
            } else {
                ""
            };
            let reason = format!("the row has {} fields, the header {}{hint}", fields.len(), self.columns.len());
            let first = String::from_utf8_lossy(fields.get(0).unwrap_or_default()).into_owned();
            return Err(place.reject("", &first, reason));
        }
        for (bytes, column) in fields.iter().zip(&self.columns) {
            if std::str::from_utf8(bytes).is_err() {
                let found = String::from_utf8_lossy(bytes);
                let reason = "not UTF-8, perhaps Latin-1 or Windows-1252: save the table as CSV in UTF-8";
                return Err(place.reject(column, &found, reason));
            }
        }
        let row = Row { header: self, fields, place, position: Position::at_deg(0.0, 0.0), prior: 1.0 };
        if self.known.id.is_some_and(|id| row.text(id).is_empty()) {
            return Err(place.reject("id", "", "the id is empty"));
        }
        Ok(Row { position: row.read_position()?, prior: row.read_prior()?, ..row })
    }
}

/// A row under a header, of which everything that siteband uses has been read.
#[derive(Debug)]
pub(super) struct Row<'a> {
    header: &'a SiteHeader,
    fields: &'a ByteRecord,
    place: RowPlace,
    position: Position,
    prior: f64,
}

impl<'a> Row<'a> {
    fn text(&self, column: usize) -> &'a str {
        std::str::from_utf8(&self.fields[column]).unwrap_or_default().trim()
    }

    fn optional(&self, column: Option<usize>) -> Option<&'a str> {
        column.map(|at| self.text(at)).filter(|text| !text.is_empty())
    }

    fn read_position(&self) -> Result<Position, Rejected> {
        let (Self { place, .. }, SiteHeader { columns, known, crs }) = (self, self.header);
        let own = match self.optional(known.uncertainty_m) {
            Some(text) => Some(text.parse().ok().and_then(|m| Length::from_m(m).ok()).ok_or_else(|| {
                let reason = format!("'{text}' is no uncertainty: expected metres, zero or more");
                place.reject("uncertainty_m", text, reason)
            })?),
            None => None,
        };
        let [lat, lon] = [known.lat, known.lon].map(|at| (at, self.text(at)));
        let refuse = |(at, text): (usize, &str), reason: String| place.reject(&columns[at], text, reason);
        let Some(crs) = crs.as_ref().filter(|crs| !crs.is_wgs84()) else {
            let position = Position::from_fields(lat.1, lon.1)
                .map_err(|error| refuse(if error.axis == Some(Axis::Longitude) { lon } else { lat }, error.reason))?;
            return Ok(own.map_or(position, |own| position.with_uncertainty(own)));
        };
        let number = |field: (usize, &str)| {
            let reason = || format!("'{}' is no coordinate: expected a plain decimal number", field.1);
            position::number_field(field.1).ok_or_else(|| refuse(field, reason()))
        };
        let ((x, x_step), (y, y_step)) = (number(lon)?, number(lat)?);
        let position = crs.position(x, y).map_err(|error| refuse(lon, error.to_string()))?;
        let own = own.unwrap_or_else(|| crs.half_diagonal(position, x_step, y_step));
        Ok(position.with_uncertainty(own.hypot(position.uncertainty())))
    }

    fn read_prior(&self) -> Result<f64, Rejected> {
        let Some(text) = self.optional(self.header.known.prior) else { return Ok(1.0) };
        let weight = text.parse().ok().filter(|weight: &f64| weight.is_finite() && *weight > 0.0);
        let reason = || format!("'{text}' is no prior weight: expected a number above zero");
        weight.ok_or_else(|| self.place.reject("prior", text, reason()))
    }

    fn id(&self) -> Cow<'a, str> {
        self.header.known.id.map_or_else(|| self.place.to_string().into(), |at| self.text(at).into())
    }

    fn tags(&self) -> impl Iterator<Item = &'a str> {
        tags_of(self.optional(self.header.known.tags).unwrap_or_default())
    }

    pub(super) fn site(&self) -> Site {
        let Known { id, lat, lon, name, group, tags, prior, uncertainty_m } = self.header.known;
        let used = [id, Some(lat), Some(lon), name, group, tags, prior, uncertainty_m];
        let others = self.header.columns.iter().enumerate().filter(|(at, _)| !used.contains(&Some(*at)));
        Site {
            id: self.id().into_owned(),
            name: self.optional(name).map(str::to_owned),
            group: self.optional(group).map(str::to_owned),
            position: self.position,
            tags: self.tags().map(str::to_owned).collect(),
            prior: self.prior,
            other: others.map(|(at, column)| (column.clone(), self.text(at).to_owned())).collect(),
        }
    }

    pub(super) fn add_to(&self, batch: &mut SiteBatch) {
        batch.push(&self.id(), self.position, self.tags(), self.prior);
    }
}

/// The tags in a text that separates them by semicolons.
pub(super) fn tags_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|tag| !tag.is_empty())
}
