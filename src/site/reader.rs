//! Sites from CSV tables, row by row.

use std::io::{BufRead, BufReader, Read};

use super::{Rejected, RowPlace, Site, SitesError};
use crate::crs::Crs;
use crate::length::Length;
use crate::position::{self, Axis, Position};

/// Reads sites from a CSV table, one at a time, in constant memory.
///
/// Columns are found by the names in the first row, in any order and case: `id`, `lat` and `lon` are needed; `name`, `group`,
/// `tags` (separated by `;`), `prior` (a weight above zero) and `uncertainty_m` (one standard deviation) are understood;
/// others are kept. Latitude is in [-90, 90], longitude in [-180, 360), in decimal degrees or any notation of
/// [`Position`]. Blanks around values, a UTF-8 byte order mark, and any kind of line end are accepted.
///
/// # Example
/// ```
/// use siteband::SiteReader;
/// let table = "id,lat,lon\nsino-ri,39.6472,125.3675\nswapped,125.3675,39.6472\n";
/// let rows: Vec<_> = SiteReader::new(table.as_bytes())?.collect();
/// assert_eq!(rows[0].as_ref().map(|site| site.id()), Ok("sino-ri"));
/// let rejected = rows[1].as_ref().unwrap_err();
/// assert_eq!((rejected.line, rejected.column.as_str()), (Some(3), "lat"));
/// # Ok::<(), siteband::SitesError>(())
/// ```
#[derive(Debug)]
pub struct SiteReader<R: Read> {
    table: csv::Reader<UnixLines<BufReader<R>>>,
    row: csv::ByteRecord,
    columns: Vec<String>,
    known: Known,
    crs: Option<Crs>,
    failed: bool,
}

/// Names of coordinates, north and east. Only the first are for WGS 84.
const COORDINATES: [[&str; 2]; 4] = [["lat", "lon"], ["northing", "easting"], ["north", "east"], ["y", "x"]];

/// Where the columns are that siteband knows.
#[derive(Debug)]
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

impl<R: Read> SiteReader<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// [`SitesError`] if there is none, a column is missing or stands twice, or the text is in another encoding or has another
    /// separator, with a hint.
    pub fn new(reader: R) -> Result<Self, SitesError> {
        Self::read(reader, true, None)
    }

    /// Reads the header of a table in another coordinate reference system. Instead of `lat` and `lon` its columns may be named `northing` and
    /// `easting`, `north` and `east`, or `y` and `x`; their values are plain decimal numbers.
    ///
    /// # Errors
    /// As [`SiteReader::new`].
    pub fn new_in(reader: R, crs: &Crs) -> Result<Self, SitesError> {
        Self::read(reader, true, Some(crs.clone()))
    }

    /// A table of claims about sites, whose rows need no id: they go by their line.
    pub(crate) fn without_ids(reader: R) -> Result<Self, SitesError> {
        Self::read(reader, false, None)
    }

    fn read(reader: R, need_ids: bool, crs: Option<Crs>) -> Result<Self, SitesError> {
        let refuse = |reason: String| SitesError::new(None, reason);
        let expected = if need_ids { "id, lat and lon" } else { "claim, lat and lon" };
        let mut reader = BufReader::with_capacity(1 << 16, reader);
        let start = reader.fill_buf().map_err(|error| refuse(error.to_string()))?;
        if start.starts_with(&[0xff, 0xfe])
            || start.starts_with(&[0xfe, 0xff])
            || start.iter().take(64).any(|byte| *byte == 0)
        {
            return Err(refuse("the table is in UTF-16 or binary: save it as CSV in UTF-8".to_owned()));
        }
        let mut table = csv::ReaderBuilder::new().has_headers(true).flexible(true).from_reader(UnixLines::new(reader));
        let header = table.byte_headers().map_err(|error| refuse(error.to_string()))?;
        let mut columns = Vec::with_capacity(header.len());
        for name in header {
            let name = std::str::from_utf8(name).map_err(|_| {
                refuse(
                    "the header is not UTF-8 (perhaps Latin-1 or Windows-1252): save the table as CSV in UTF-8"
                        .to_owned(),
                )
            })?;
            columns.push(name.trim().to_owned());
        }
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
        Ok(Self { table, row: csv::ByteRecord::new(), columns, known, crs, failed: false })
    }

    /// The names of the columns, as they stand in the header.
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The site of the row that was read last.
    fn site(&self, place: RowPlace) -> Result<Site, Rejected> {
        if self.row.len() != self.columns.len() {
            let open_quote = self.row.iter().any(|field| field.contains(&b'\n'));
            let hint = if open_quote { "; is a quotation mark not closed?" } else { "" };
            let reason = format!("the row has {} fields, the header {}{hint}", self.row.len(), self.columns.len());
            let first = String::from_utf8_lossy(self.row.get(0).unwrap_or_default()).into_owned();
            return Err(place.reject("", &first, reason));
        }
        let mut fields = Vec::with_capacity(self.row.len());
        for (bytes, column) in self.row.iter().zip(&self.columns) {
            let text = std::str::from_utf8(bytes).map_err(|_| {
                place.reject(column, &String::from_utf8_lossy(bytes), "not UTF-8: save the table as CSV in UTF-8")
            })?;
            fields.push(text.trim());
        }
        let optional = |column: Option<usize>| column.map(|at| fields[at]).filter(|text| !text.is_empty());
        let Known { id, lat, lon, name, group, tags, prior, uncertainty_m } = self.known;
        let id_text = id.map_or_else(|| place.to_string(), |at| fields[at].to_owned());
        if id_text.is_empty() {
            return Err(place.reject("id", "", "the id is empty"));
        }
        let own = match optional(uncertainty_m) {
            Some(text) => Some(text.parse().ok().and_then(|m| Length::from_m(m).ok()).ok_or_else(|| {
                let reason = format!("'{text}' is no uncertainty: expected metres, zero or more");
                place.reject("uncertainty_m", text, reason)
            })?),
            None => None,
        };
        let position = match self.crs.as_ref().filter(|crs| !crs.is_wgs84()) {
            None => {
                let position = Position::from_fields(fields[lat], fields[lon]).map_err(|error| {
                    let at = if error.axis == Some(Axis::Longitude) { lon } else { lat };
                    place.reject(&self.columns[at], fields[at], error.reason)
                })?;
                own.map_or(position, |own| position.with_uncertainty(own))
            }
            Some(crs) => {
                let number = |at: usize| {
                    let refuse = || format!("'{}' is no coordinate: expected a plain decimal number", fields[at]);
                    position::number_field(fields[at])
                        .ok_or_else(|| place.reject(&self.columns[at], fields[at], refuse()))
                };
                let ((x, x_step), (y, y_step)) = (number(lon)?, number(lat)?);
                let position = crs
                    .position(x, y)
                    .map_err(|error| place.reject(&self.columns[lon], fields[lon], error.to_string()))?;
                let own = own.unwrap_or_else(|| crs.half_diagonal(position, x_step, y_step));
                position.with_uncertainty(own.hypot(position.uncertainty()))
            }
        };
        let mut site = Site::new(id_text, position);
        site.name = optional(name).map(str::to_owned);
        site.group = optional(group).map(str::to_owned);
        site.tags = optional(tags).map_or_else(Vec::new, split_tags);
        if let Some(text) = optional(prior) {
            let refuse =
                || place.reject("prior", text, format!("'{text}' is no prior weight: expected a number above zero"));
            site = site.with_prior(text.parse().map_err(|_| refuse())?).map_err(|_| refuse())?;
        }
        let used = [id, Some(lat), Some(lon), name, group, tags, prior, uncertainty_m];
        let others = self.columns.iter().zip(fields).enumerate().filter(|(at, _)| !used.contains(&Some(*at)));
        site.other = others.map(|(_, (column, text))| (column.clone(), text.to_owned())).collect();
        Ok(site)
    }

    /// The next row, with where it stands.
    fn next_row(&mut self) -> Option<Result<(Site, RowPlace), Rejected>> {
        if self.failed {
            return None;
        }
        match self.table.read_byte_record(&mut self.row) {
            Ok(false) => None,
            Ok(true) => {
                let (table, row) = (&self.table, &self.row);
                // The line behind the row, less the row's own lines: blank lines before it do not count as its start.
                let inside: u64 = row.iter().flatten().map(|byte| u64::from(*byte == b'\n')).sum();
                // The parser takes the end of the table for the end of an open quotation, with the last line end inside.
                let last_field_open = row.iter().next_back().is_some_and(|field| field.ends_with(b"\n"));
                if last_field_open && table.get_ref().ended_after(table.position().byte()) && table.get_ref().odd_quotes
                {
                    let place = RowPlace::Line(table.position().line() - inside);
                    let text =
                        row.iter().map(String::from_utf8_lossy).find(|field| field.contains('\n')).unwrap_or_default();
                    let start: String = text.lines().next().unwrap_or_default().chars().take(60).collect();
                    let reason = format!(
                        "a quotation mark is opened here and never closed: this and the {} lines behind it are lost",
                        inside - 1
                    );
                    return Some(Err(place.reject("", &start, reason)));
                }
                let place = RowPlace::Line(table.position().line().saturating_sub(1 + inside));
                Some(self.site(place).map(|site| (site, place)))
            }
            Err(error) => {
                self.failed = true;
                let place = RowPlace::Line(self.table.position().line());
                Some(Err(place.reject("", "", format!("the rest of the table cannot be read: {error}"))))
            }
        }
    }

    pub(crate) fn with_places(mut self) -> impl Iterator<Item = Result<(Site, RowPlace), Rejected>> {
        std::iter::from_fn(move || self.next_row())
    }
}

impl<R: Read> Iterator for SiteReader<R> {
    type Item = Result<Site, Rejected>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row().map(|row| row.map(|(site, _)| site))
    }
}

pub(super) fn split_tags(text: &str) -> Vec<String> {
    text.split(';').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// Any kind of line end becomes a line feed, and the last line gets one, so that lines can be counted.
#[derive(Debug)]
struct UnixLines<R> {
    inner: R,
    after_return: bool,
    last: u8,
    ended: bool,
    /// How many bytes have been handed on.
    handed_on: u64,
    /// Whether an odd number of quotation marks has.
    odd_quotes: bool,
}

impl<R> UnixLines<R> {
    fn new(inner: R) -> Self {
        Self { inner, after_return: false, last: b'\n', ended: false, handed_on: 0, odd_quotes: false }
    }
}

impl<R> UnixLines<R> {
    /// Whether the text has ended, and has so many bytes.
    fn ended_after(&self, bytes: u64) -> bool {
        self.ended && self.handed_on == bytes
    }
}

impl<R: Read> Read for UnixLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let count = self.inner.read(buffer)?;
            if count == 0 {
                if buffer.is_empty() {
                    return Ok(0);
                }
                let complete = self.ended || self.last == b'\n';
                self.ended = true;
                if complete {
                    return Ok(0);
                }
                buffer[0] = b'\n';
                self.last = b'\n';
                self.handed_on += 1;
                return Ok(1);
            }
            let mut written = 0;
            for at in 0..count {
                let byte = buffer[at];
                let second_half = self.after_return && byte == b'\n';
                self.after_return = byte == b'\r';
                if !second_half {
                    buffer[written] = if byte == b'\r' { b'\n' } else { byte };
                    self.odd_quotes ^= byte == b'"';
                    written += 1;
                }
            }
            if written > 0 {
                self.last = buffer[written - 1];
                self.handed_on += written as u64;
                return Ok(written);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(table: &str) -> (Vec<Site>, Vec<Rejected>) {
        let rows: Vec<_> = SiteReader::new(table.as_bytes()).expect("header").collect();
        let (good, bad): (Vec<_>, Vec<_>) = rows.into_iter().partition(Result::is_ok);
        (good.into_iter().filter_map(Result::ok).collect(), bad.into_iter().filter_map(Result::err).collect())
    }

    #[test]
    fn columns_in_any_order_and_others_kept() {
        let (sites, rejected) =
            read("\u{feff}Lon, LAT ,note,ID,tags,prior,uncertainty_m,group,name\n 125.5,39.5,hm,a,x; y ,2,300,g,A a\n");
        assert!(rejected.is_empty(), "{rejected:?}");
        let site = &sites[0];
        assert_eq!((site.id(), site.name(), site.group(), site.prior()), ("a", "A a", Some("g"), 2.0));
        assert_eq!(site.tags(), ["x", "y"]);
        assert_eq!((site.position().lat_deg(), site.position().lon_deg()), (39.5, 125.5));
        assert_eq!(site.position().uncertainty().m(), 300.0);
        assert_eq!(site.other_columns(), [("note".to_owned(), "hm".to_owned())]);
    }

    #[test]
    fn rejected_rows_have_their_physical_line() {
        for end in ["\n", "\r\n", "\r"] {
            let lines = [
                "id,lat,lon,note",
                "a,91,5,",
                "",
                "b,39,5,\"two",
                "lines\"",
                "",
                "c,x,5,",
                "d,39",
                "e,39,5,",
                ",1,2,",
                "f,NaN,3,",
            ];
            let (sites, rejected) = read(&lines.join(end));
            let ids: Vec<_> = sites.iter().map(Site::id).collect();
            assert_eq!(ids, ["b", "e"], "{end:?}");
            let at: Vec<_> =
                rejected.iter().map(|row| (row.line.unwrap_or(0), row.column.as_str(), row.value.as_str())).collect();
            assert_eq!(
                at,
                [(2, "lat", "91"), (7, "lat", "x"), (8, "", "d"), (10, "id", ""), (11, "lat", "NaN")],
                "{end:?}"
            );
        }
    }

    #[test]
    fn a_header_that_cannot_be_used_stops_with_a_hint() {
        for (table, why) in [
            ("", "is empty"),
            ("id,lat,latitude\n", "'lon' is missing"),
            ("id,latitude,longitude\n", "rename 'latitude'"),
            ("id,lat,lon,lat\n", "'lat' stands twice"),
            ("id;lat;lon\n", "separated by ';'"),
            ("id\tlat\tlon\n", "separated by '\\t'"),
            ("i\0d\0", "UTF-16"),
        ] {
            let error = SiteReader::new(table.as_bytes()).map(|_| ()).expect_err(table).to_string();
            assert!(error.contains(why), "{table}: {error}");
        }
        let latin = SiteReader::new(&b"id,lat,lon,gr\xf6\xdfe\n"[..]).map(|_| ()).expect_err("Latin-1").to_string();
        assert!(latin.contains("Latin-1"), "{latin}");
    }

    #[test]
    fn a_quotation_that_never_ends_is_said() {
        for end in ["", "\n"] {
            let (sites, rejected) =
                read(&format!("id,lat,lon,note\na,1,2,\"fine\n\"\n\nb,1,2,\"open\nc,1,2,x\nd,1,2,y{end}"));
            assert_eq!(sites.iter().map(Site::id).collect::<Vec<_>>(), ["a"]);
            assert_eq!((rejected.len(), rejected[0].line, rejected[0].value.as_str()), (1, Some(5), "open"));
            assert!(rejected[0].reason.contains("the 2 lines behind it"), "{}", rejected[0].reason);
        }
        let (sites, rejected) = read("id,lat,lon,note\na,1,2,5\" pipe\nb,1,2,\"ends here\n\"\n");
        assert_eq!((sites.len(), rejected.len()), (2, 0), "a mark inside a field opens nothing");
    }

    #[test]
    fn a_header_without_rows_is_an_empty_list() {
        assert_eq!(read("id,lat,lon").0.len(), 0);
        assert_eq!(read("id,lat,lon\n\n").0.len(), 0);
    }

    #[test]
    fn values_of_the_optional_columns_are_checked() {
        let (sites, rejected) = read("id,lat,lon,prior,uncertainty_m\na,1,2,0,\nb,1,2,,-5\nc,1,2,inf,\nd,1,2,,\n");
        assert_eq!(sites.len() + rejected.len(), 4);
        let at: Vec<_> = rejected.iter().map(|row| (row.line.unwrap_or(0), row.column.as_str())).collect();
        assert_eq!(at, [(2, "prior"), (3, "uncertainty_m"), (4, "prior")]);
    }
}
