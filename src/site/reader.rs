//! Sites from CSV tables, row by row.

use std::io::{BufRead, BufReader, Read};
use std::ops::Range;

use super::header::SiteHeader;
use super::start::Start;
use super::{Rejected, RowPlace, Site, SiteBatch, SitesError};
use crate::crs::Crs;
use crate::limits::{COLUMNS, ITEM_BYTES};
use crate::text::other_than_utf8;

/// Reads sites from a CSV table, one at a time, in constant memory.
///
/// A row has 16 MiB at most, and [`COLUMNS`] columns. Columns are found by the names in the first row, in any order and case: `id`, `lat` and `lon` are needed; `name`, `group`,
/// `tags` (separated by `;`), `prior` (a weight above zero) and `uncertainty_m` (one standard deviation) are understood;
/// others are kept. Latitude is in [-90, 90], longitude in [-180, 360), in decimal degrees or any notation of
/// [`crate::Position`]. Blanks around values, a UTF-8 byte order mark, and any kind of line end are accepted.
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
    table: csv::Reader<UnixLines<BufReader<Start<R>>>>,
    row: csv::ByteRecord,
    header: SiteHeader,
    /// How many lines come before the text that is read.
    lines_before: u64,
    failed: bool,
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
        let mut reader = BufReader::with_capacity(1 << 16, Start::of_list(reader));
        check_start(reader.fill_buf().map_err(|error| SitesError::new(None, error.to_string()))?)?;
        Self::of_text(reader, need_ids, crs)
    }

    /// Reads the header of a table that is known to begin as text.
    pub(super) fn of_text(reader: BufReader<Start<R>>, need_ids: bool, crs: Option<Crs>) -> Result<Self, SitesError> {
        let refuse = |reason: String| SitesError::new(None, reason);
        let lines = UnixLines { room: ITEM_BYTES, ..UnixLines::new(reader) };
        let mut table = csv::ReaderBuilder::new().has_headers(true).flexible(true).from_reader(lines);
        let header = table.byte_headers().map_err(|error| refuse(format!("the header: {error}")))?;
        if header.len() > COLUMNS {
            return Err(refuse(format!("the header has {} columns: expected {COLUMNS} at most", header.len())));
        }
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
        let header = SiteHeader::new(columns, need_ids, crs)?;
        Ok(Self { table, row: csv::ByteRecord::new(), header, lines_before: 0, failed: false })
    }

    /// The names of the columns, and what they mean.
    #[must_use]
    pub fn header(&self) -> &SiteHeader {
        &self.header
    }

    /// Adds the site of the next row to a batch, and says which bytes of the text are the row's, its line end not among them; none at the
    /// end. Bytes are counted as if every line ended in a line feed alone.
    ///
    /// # Errors
    /// [`Rejected`] for a row that is no site; the next one can be read.
    pub fn read_into(&mut self, batch: &mut SiteBatch) -> Option<Result<Range<u64>, Rejected>> {
        let from = self.table.position().byte();
        let place = match self.next_place()? {
            Ok(place) => place,
            Err(row) => return Some(Err(row)),
        };
        let to = self.table.position().byte();
        Some(self.header.row(&self.row, place).map(|row| {
            row.add_to(batch);
            from..to
        }))
    }

    /// Reads rows under a header that stands elsewhere, behind so many lines. Each part of a table that begins where a row begins and ends
    /// where one ends can be read apart.
    #[must_use]
    pub fn with_header(header: SiteHeader, lines_before: u64, reader: R) -> Self {
        let lines = UnixLines::new(BufReader::with_capacity(1 << 16, Start::amid_list(reader)));
        let table = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(lines);
        Self { table, row: csv::ByteRecord::new(), header, lines_before, failed: false }
    }

    /// Reads the next row, and says where it stands.
    fn next_place(&mut self) -> Option<Result<RowPlace, Rejected>> {
        if self.failed {
            return None;
        }
        let line_before = self.table.position().line();
        self.table.get_mut().room = ITEM_BYTES;
        match self.table.read_byte_record(&mut self.row) {
            Ok(false) => None,
            Ok(true) => {
                let (table, row) = (&self.table, &self.row);
                // The line behind the row, less the row's own lines: blank lines before it do not count as its start.
                let inside: u64 = row.iter().flatten().map(|byte| u64::from(*byte == b'\n')).sum();
                // The parser takes the end of the table for the end of an open quotation, with the last line end inside.
                let last_field_open = row.iter().next_back().is_some_and(|field| field.ends_with(b"\n"));
                let text = table.get_ref();
                if last_field_open && text.ended_after(table.position().byte()) && text.quotation == Quotation::Open {
                    let place = RowPlace::Line(self.lines_before + table.position().line() - inside);
                    let text =
                        row.iter().map(String::from_utf8_lossy).find(|field| field.contains('\n')).unwrap_or_default();
                    let start: String = text.lines().next().unwrap_or_default().chars().take(60).collect();
                    let reason = format!(
                        "a quotation mark is opened here and never closed: this and the {} lines behind it are lost",
                        inside - 1
                    );
                    return Some(Err(place.reject("", &start, reason)));
                }
                Some(Ok(RowPlace::Line(self.lines_before + table.position().line().saturating_sub(1 + inside))))
            }
            Err(error) => {
                self.failed = true;
                let place = RowPlace::Line(self.lines_before + line_before);
                Some(Err(place.reject("", "", format!("the rest of the table cannot be read: {error}"))))
            }
        }
    }

    fn next_row(&mut self) -> Option<Result<(Site, RowPlace), Rejected>> {
        let place = self.next_place()?;
        Some(place.and_then(|place| Ok((self.header.row(&self.row, place)?.site(), place))))
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

/// What begins a table is text in UTF-8.
pub(super) fn check_start(start: &[u8]) -> Result<(), SitesError> {
    match other_than_utf8(start) {
        Some(other) => Err(SitesError::new(None, format!("the table is {other}: save it as CSV in UTF-8"))),
        None => Ok(()),
    }
}

/// Any kind of line end becomes a line feed, and the last line gets one, so that lines can be counted.
#[derive(Debug)]
pub(super) struct UnixLines<R> {
    inner: R,
    after_return: bool,
    last: u8,
    ended: bool,
    /// How many bytes have been handed on.
    handed_on: u64,
    /// Whether that ends within one.
    quotation: Quotation,
    /// How many bytes more may be read, about, before the row has to end.
    room: usize,
}

/// By the rules of the parser: a field is quoted if it begins with a quotation mark, and two of them inside stand for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quotation {
    None,
    Open,
    /// At a mark that closes it, unless another follows.
    Closing,
}

impl Quotation {
    /// What becomes of it at a mark behind such a byte.
    fn at_mark_behind(self, before: u8) -> Self {
        match self {
            Self::Open => Self::Closing,
            Self::Closing if before == b'"' => Self::Open,
            _ if before == b',' || before == b'\n' => Self::Open,
            _ => Self::None,
        }
    }
}

impl<R> UnixLines<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            after_return: false,
            last: b'\n',
            ended: false,
            handed_on: 0,
            quotation: Quotation::None,
            room: usize::MAX,
        }
    }
}

impl<R> UnixLines<R> {
    /// Whether the text has ended, and has so many bytes.
    fn ended_after(&self, bytes: u64) -> bool {
        self.ended && self.handed_on == bytes
    }

    /// Hands on some bytes, one or more.
    fn hand_on(&mut self, bytes: &[u8]) {
        // A byte order mark is no part of the first field.
        let mark = if self.handed_on == 0 && bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        for at in memchr::memchr_iter(b'"', bytes) {
            let before = if at == mark { self.last } else { bytes[at - 1] };
            self.quotation = self.quotation.at_mark_behind(before);
        }
        self.last = bytes[bytes.len() - 1];
        self.handed_on += bytes.len() as u64;
    }
}

impl<R: Read> Read for UnixLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            if self.room == 0 {
                let limit = ITEM_BYTES >> 20;
                return Err(std::io::Error::other(format!(
                    "a row is longer than {limit} MiB: is a quotation mark not closed?"
                )));
            }
            let count = self.inner.read(buffer)?;
            self.room = self.room.saturating_sub(count);
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
                self.hand_on(b"\n");
                return Ok(1);
            }
            if !self.after_return && memchr::memchr(b'\r', &buffer[..count]).is_none() {
                self.hand_on(&buffer[..count]);
                return Ok(count);
            }
            let mut written = 0;
            for at in 0..count {
                let byte = buffer[at];
                let second_half = self.after_return && byte == b'\n';
                self.after_return = byte == b'\r';
                if !second_half {
                    buffer[written] = if byte == b'\r' { b'\n' } else { byte };
                    written += 1;
                }
            }
            if written > 0 {
                self.hand_on(&buffer[..written]);
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
        // Neither a mark inside a field nor two for one count.
        for (before, marks) in [("a,1,2,5\" pipe", ""), ("a,1,2,\"5\"\" pipe\"", "\"\"")] {
            let (sites, rejected) = read(&format!("id,lat,lon,note\n{before}\n\"b,1,2,open{marks}\nc,1,2,x\n"));
            assert_eq!((sites.len(), rejected.len(), rejected[0].line), (1, 1, Some(3)), "{rejected:?}");
            assert!(rejected[0].reason.contains("the 1 lines behind it"), "{}", rejected[0].reason);
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
