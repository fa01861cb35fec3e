//! Sites from GeoJSON text sequences, feature by feature.

use std::io::{BufRead, BufReader, Read};

use super::start::Start;
use super::{Rejected, RowPlace, Site, SitesError, geojson};
use crate::crs::Crs;
use crate::features_file;
use crate::limits::ITEM_BYTES;
use crate::text::other_than_utf8;

/// Between the texts of RFC 8142, before each.
const RECORD_SEPARATOR: u8 = 0x1e;

/// Reads sites from a GeoJSON text sequence, one at a time, in constant memory.
///
/// A sequence has one feature a line (newline-delimited GeoJSON), or, where it begins with a record separator, features behind record
/// separators, on as many lines as they like (RFC 8142). Features are those of [`Sites::from_geojson`](crate::Sites::from_geojson); each
/// has 16 MiB at most. Blank lines and a UTF-8 byte order mark are passed over.
///
/// # Example
/// ```
/// use siteband::SiteSequence;
/// let text = r#"{"type":"Feature","id":"a","properties":{"tags":"x"},"geometry":{"type":"Point","coordinates":[125.4,39.6]}}
/// {"type":"Feature","id":"b","properties":{},"geometry":{"type":"Point","coordinates":[39.6,125.4]}}
/// "#;
/// let rows: Vec<_> = SiteSequence::new(text.as_bytes())?.collect();
/// assert_eq!(rows[0].as_ref().map(|site| site.id()), Ok("a"));
/// let rejected = rows[1].as_ref().unwrap_err();
/// assert_eq!((rejected.line, rejected.column.as_str()), (Some(2), "geometry"));
/// # Ok::<(), siteband::SitesError>(())
/// ```
#[derive(Debug)]
pub struct SiteSequence<R: Read> {
    reader: BufReader<Start<R>>,
    /// What features end with.
    separator: u8,
    crs: Option<Crs>,
    text: Vec<u8>,
    /// The line that is read next.
    line: u64,
    failed: bool,
}

impl<R: Read> SiteSequence<R> {
    /// Reads how the sequence begins.
    ///
    /// # Errors
    /// [`SitesError`] if it cannot be read, or is in UTF-16 or binary.
    pub fn new(reader: R) -> Result<Self, SitesError> {
        Self::read(reader, None)
    }

    /// [`SiteSequence::new`] for a sequence in another coordinate reference system.
    ///
    /// # Errors
    /// As [`SiteSequence::new`].
    pub fn new_in(reader: R, crs: &Crs) -> Result<Self, SitesError> {
        Self::read(reader, Some(crs.clone()))
    }

    pub(super) fn read(reader: R, crs: Option<Crs>) -> Result<Self, SitesError> {
        let mut reader = BufReader::with_capacity(1 << 16, Start::of_list(reader));
        let start = reader.fill_buf().map_err(|error| SitesError::new(None, error.to_string()))?;
        if let Some(other) = other_than_utf8(start) {
            return Err(SitesError::new(None, format!("the list is {other}: expected GeoJSON in UTF-8")));
        }
        let mark = if start.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        let separator = if start.get(mark) == Some(&RECORD_SEPARATOR) { RECORD_SEPARATOR } else { b'\n' };
        reader.consume(mark);
        Ok(Self { reader, separator, crs, text: Vec::new(), line: 1, failed: false })
    }

    /// The next text, with the line on which it begins; what is longer than the limit is cut there. None at the end.
    fn next_text(&mut self) -> std::io::Result<Option<u64>> {
        loop {
            self.text.clear();
            let mut line = self.line;
            let mut is_end = true;
            loop {
                let found = self.reader.fill_buf()?;
                if found.is_empty() {
                    break;
                }
                is_end = false;
                let end = found.iter().position(|byte| *byte == self.separator);
                let part = &found[..end.unwrap_or(found.len())];
                let room = (ITEM_BYTES + 1).saturating_sub(self.text.len());
                self.text.extend(&part[..part.len().min(room)]);
                let count = end.map_or(found.len(), |end| end + 1);
                self.line += found[..count].iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
                self.reader.consume(count);
                if end.is_some() {
                    break;
                }
            }
            if is_end {
                return Ok(None);
            }
            let blank = self.text.iter().take_while(|byte| byte.is_ascii_whitespace());
            line += blank.map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
            if !self.text.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(line));
            }
        }
    }

    /// The site of the text that was read last.
    fn site(&self, place: RowPlace) -> Result<Site, Rejected> {
        if self.text.len() > ITEM_BYTES {
            let start = String::from_utf8_lossy(&self.text[..60]).into_owned();
            let reason = format!("the feature has more than {} MiB: expected one point", ITEM_BYTES >> 20);
            return Err(place.reject("", &start, reason));
        }
        let text = std::str::from_utf8(&self.text).map_err(|_| {
            place.reject("", "", "the feature is not UTF-8, perhaps Latin-1 or Windows-1252: expected GeoJSON in UTF-8")
        })?;
        let shown = || text.trim().chars().take(60).collect::<String>();
        let read =
            features_file::feature(text, self.crs.as_ref()).map_err(|reason| place.reject("", &shown(), reason))?;
        geojson::site(&read.feature, read.uncertainty, place)
    }

    fn next_row(&mut self) -> Option<Result<(Site, RowPlace), Rejected>> {
        if self.failed {
            return None;
        }
        match self.next_text() {
            Ok(line) => {
                let place = RowPlace::Line(line?);
                Some(self.site(place).map(|site| (site, place)))
            }
            Err(error) => {
                self.failed = true;
                let reason = format!("the rest of the list cannot be read: {error}");
                Some(Err(RowPlace::Line(self.line).reject("", "", reason)))
            }
        }
    }

    pub(super) fn with_places(mut self) -> impl Iterator<Item = Result<(Site, RowPlace), Rejected>> {
        std::iter::from_fn(move || self.next_row())
    }
}

impl<R: Read> Iterator for SiteSequence<R> {
    type Item = Result<Site, Rejected>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row().map(|row| row.map(|(site, _)| site))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(id: &str, coordinates: &str) -> String {
        format!(
            r#"{{"type":"Feature","id":"{id}","properties":{{}},"geometry":{{"type":"Point","coordinates":{coordinates}}}}}"#
        )
    }

    /// The ids of what is read, and what is said of the rest.
    fn rows(text: &[u8]) -> Vec<Result<String, String>> {
        let rows = SiteSequence::new(text).expect("a sequence");
        rows.map(|row| row.map(|site| site.id().to_owned()).map_err(|row| row.to_string())).collect()
    }

    #[test]
    fn a_feature_a_line() {
        let [a, b] = ["a", "b"].map(|id| point(id, "[125,39]"));
        let ok = |id: &str| Ok(id.to_owned());
        assert_eq!(rows(format!("{a}\n{b}\n").as_bytes()), [ok("a"), ok("b")]);
        assert_eq!(rows(format!("\u{feff}{a}\r\n\r\n{b}").as_bytes()), [ok("a"), ok("b")]);
        assert_eq!(rows(b""), []);
        assert_eq!(rows(b"\n \n"), []);
    }

    #[test]
    fn record_separators() {
        let [a, b] = ["a", "b"].map(|id| point(id, "[125,39]").replace(',', ",\n"));
        let bad = "{\n\"type\": x";
        let found = rows(format!("\u{1e}{a}\n\u{1e}{bad}\n\u{1e}\n\u{1e}{b}\n").as_bytes());
        assert_eq!(found[0], Ok("a".to_owned()));
        assert!(
            found[1]
                .as_ref()
                .is_err_and(|said| said.starts_with("line 7: ") && said.ends_with("at column 9 of its line 2")),
            "{:?}",
            found[1]
        );
        assert_eq!(found[2..], [Ok("b".to_owned())]);
    }

    #[test]
    fn bad_lines_cost_no_other() {
        let good = point("a", "[125,39]");
        let deep = "[".repeat(100_000);
        let long = format!("\"{}\"", "x".repeat(ITEM_BYTES));
        for (bad, says) in [
            ("{\"type\":", "line 1: '{\"type\":': not JSON: EOF while parsing a value at column 8"),
            ("[]", "expected a feature"),
            ("{\"type\":\"FeatureCollection\",\"features\":[]}", "found a FeatureCollection"),
            ("{\"type\":\"Point\",\"coordinates\":[125,39]}", "found a Point"),
            (&point("b", "[39,125]"), "line 1, geometry: '[39, 125]': latitude 125 is out of range"),
            (&point("b", "[125]"), "two or more"),
            (&point("", "[125,39]"), "line 1, id: the feature has no id"),
            (&deep, "recursion limit"),
            (&long, "more than 16 MiB"),
        ] {
            let found = rows(format!("{bad}\n{good}\n").as_bytes());
            let said = found[0].as_ref().expect_err(says);
            assert!(said.contains(says), "{says}: {said}");
            assert_eq!(found[1..], [Ok("a".to_owned())], "{says}");
        }
        let found = rows(&[b"{\"a\":\"\xdf\"}\n", good.as_bytes()].concat());
        assert!(found[0].as_ref().is_err_and(|said| said.contains("not UTF-8")), "{found:?}");
        let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(SiteSequence::new(utf16.as_slice()).expect_err("UTF-16").reason.contains("UTF-16"));
    }

    #[test]
    fn a_reader_that_fails_ends_the_list() {
        struct Fails;
        impl Read for Fails {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("the disk is gone"))
            }
        }
        let start = format!("{}\n", point("a", "[125,39]"));
        let rows: Vec<_> = SiteSequence::new(start.as_bytes().chain(Fails)).expect("a start").collect();
        assert_eq!(rows.len(), 2);
        assert!(rows[1].as_ref().is_err_and(|row| row.line == Some(2) && row.reason.contains("the disk is gone")));
    }
}
