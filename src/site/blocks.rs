//! A table of sites, cut into blocks of whole rows that can be read apart.

use std::io::{BufRead, BufReader, Read};

use super::header::SiteHeader;
use super::reader::{SiteReader, UnixLines, check_start};
use super::start::Start;
use super::{RowPlace, SitesError};
use crate::crs::Crs;
use crate::limits::ITEM_BYTES;

/// Cuts a table of sites into blocks of whole rows, for as many threads as there are to read them.
///
/// The same table is cut at the same places, however its bytes arrive: each block but the last is so many bytes long, less the row that
/// it would cut. What is inside quotation marks is never cut.
///
/// # Example
/// ```
/// use siteband::{SiteBatch, SiteBlocks};
/// let table = "id,lat,lon\na,39,125\n\"b\n\",40,126\nc,41,127\n";
/// let mut blocks = SiteBlocks::new(table.as_bytes(), 20)?;
/// let mut ids = Vec::new();
/// while let Some(block) = blocks.next_block()? {
///     let mut batch = SiteBatch::default();
///     let mut rows = block.rows(blocks.header());
///     while rows.read_into(&mut batch).is_some_and(|row| row.is_ok()) {}
///     ids.push((block.lines_before, (0..batch.len()).map(|at| batch.id(at).to_owned()).collect::<Vec<_>>()));
/// }
/// assert_eq!(ids, [(1, vec!["a".to_owned()]), (2, vec!["b".to_owned()]), (4, vec!["c".to_owned()])]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct SiteBlocks<R: Read> {
    lines: UnixLines<BufReader<Start<R>>>,
    header: SiteHeader,
    /// What has been read and is in no block yet.
    rest: Vec<u8>,
    lines_before: u64,
    block_bytes: usize,
    has_ended: bool,
}

/// Some whole rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteBlock {
    /// The rows; every line ends in a line feed.
    pub text: Vec<u8>,
    /// How many lines of the table come before them.
    pub lines_before: u64,
}

impl SiteBlock {
    /// Reads its rows.
    #[must_use]
    pub fn rows(&self, header: &SiteHeader) -> SiteReader<&[u8]> {
        SiteReader::with_header(header.clone(), self.lines_before, &self.text)
    }
}

impl<R: Read> SiteBlocks<R> {
    /// Reads the header of a table that is to be cut into blocks of so many bytes.
    ///
    /// # Errors
    /// As [`SiteReader::new`].
    pub fn new(reader: R, block_bytes: usize) -> Result<Self, SitesError> {
        Self::read(reader, block_bytes, None)
    }

    /// [`SiteBlocks::new`] for a table in another coordinate reference system, as [`SiteReader::new_in`].
    ///
    /// # Errors
    /// As [`SiteReader::new`].
    pub fn new_in(reader: R, block_bytes: usize, crs: &Crs) -> Result<Self, SitesError> {
        Self::read(reader, block_bytes, Some(crs))
    }

    fn read(reader: R, block_bytes: usize, crs: Option<&Crs>) -> Result<Self, SitesError> {
        let mut reader = BufReader::with_capacity(1 << 16, Start::of_list(reader));
        check_start(reader.fill_buf().map_err(|error| SitesError::new(None, error.to_string()))?)?;
        let mut lines = UnixLines::new(reader);
        let mut rest = Vec::new();
        let mut has_ended = false;
        let end = loop {
            let text = |end: usize| rest[..end].strip_prefix(b"\xef\xbb\xbf").unwrap_or(&rest[..end]);
            // A byte order mark is no part of the first field.
            let mark = if rest.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            if let Some(end) = row_ends(&rest, mark).find(|end| text(*end).iter().any(|byte| *byte != b'\n')) {
                break end;
            }
            if has_ended || rest.len() > ITEM_BYTES {
                break rest.len();
            }
            // Twice as much each time: what has been looked through is looked through anew.
            let wanted = (2 * rest.len()).max(1 << 16);
            has_ended = !fill(&mut lines, &mut rest, wanted)?;
        };
        let text = &rest[..end];
        let header = SiteReader::of_text(BufReader::new(Start::of_list(text)), true, crs.cloned())?.header().clone();
        let lines_before = count_lines(text);
        rest.drain(..end);
        Ok(Self { lines, header, rest, lines_before, block_bytes: block_bytes.max(1), has_ended })
    }

    /// The header of the table.
    #[must_use]
    pub fn header(&self) -> &SiteHeader {
        &self.header
    }

    /// The next block; none behind the last.
    ///
    /// # Errors
    /// [`SitesError`] if the table cannot be read any farther: the reader fails, or a row is longer than 16 MiB.
    pub fn next_block(&mut self) -> Result<Option<SiteBlock>, SitesError> {
        let mut wanted = self.block_bytes;
        let end = loop {
            if !self.has_ended && self.rest.len() < wanted {
                self.has_ended = !fill(&mut self.lines, &mut self.rest, wanted)?;
                continue;
            }
            if self.has_ended && self.rest.len() <= wanted {
                break self.rest.len();
            }
            if let Some(end) = last_row_end(&self.rest[..wanted]) {
                break end;
            }
            if wanted >= ITEM_BYTES {
                let place = RowPlace::Line(self.lines_before + 1);
                let reason =
                    format!("the row {place} is longer than {} MiB: is a quotation mark not closed?", ITEM_BYTES >> 20);
                return Err(SitesError::new(None, reason));
            }
            wanted = (2 * wanted).min(ITEM_BYTES);
        };
        if end == 0 {
            return Ok(None);
        }
        let rest = self.rest.split_off(end);
        let block = SiteBlock { text: std::mem::replace(&mut self.rest, rest), lines_before: self.lines_before };
        self.lines_before += count_lines(&block.text);
        Ok(Some(block))
    }
}

/// Reads until there are so many bytes; false at the end of the table.
fn fill(lines: &mut impl Read, text: &mut Vec<u8>, wanted: usize) -> Result<bool, SitesError> {
    let mut filled = text.len();
    let wanted = wanted.max(filled + 1);
    text.resize(wanted, 0);
    let ended = loop {
        match lines.read(&mut text[filled..]) {
            Ok(0) => break true,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(SitesError::new(None, error.to_string())),
        }
        if filled == wanted {
            break false;
        }
    };
    text.truncate(filled);
    Ok(!ended)
}

fn count_lines(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}

/// Behind the last row that ends in a text which begins where a row begins.
fn last_row_end(text: &[u8]) -> Option<usize> {
    if memchr::memchr(b'"', text).is_none() {
        return memchr::memrchr(b'\n', text).map(|at| at + 1);
    }
    row_ends(text, 0).last()
}

/// Behind each row of a text, the first of which begins at `at`, by the rules of the parser: a field is quoted if it begins with a quotation
/// mark, and two of them inside stand for one.
fn row_ends(text: &[u8], mut at: usize) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        loop {
            let mut is_open = text.get(at) == Some(&b'"');
            at += usize::from(is_open);
            while is_open {
                at += memchr::memchr(b'"', text.get(at..)?)? + 1;
                is_open = text.get(at) == Some(&b'"');
                at += usize::from(is_open);
            }
            // What follows a closing mark is text as any other.
            at += memchr::memchr2(b',', b'\n', text.get(at..)?)? + 1;
            if text[at - 1] == b'\n' {
                return Some(at);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::SiteBatch;

    type Place = (Option<u64>, String);

    /// Gives a byte at a time.
    struct Trickle<'a>(&'a [u8]);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = usize::from(!self.0.is_empty() && !buffer.is_empty());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    /// Ids and lines of the good rows, lines and columns of the others, in blocks of so many bytes.
    fn in_blocks(reader: impl Read, bytes: usize) -> (Vec<String>, Vec<Place>, Vec<SiteBlock>) {
        let mut blocks = SiteBlocks::new(reader, bytes).expect("a header");
        let (mut ids, mut rejected, mut all) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(block) = blocks.next_block().expect("rows") {
            let mut batch = SiteBatch::default();
            let mut rows = block.rows(blocks.header());
            while let Some(row) = rows.read_into(&mut batch) {
                match row {
                    Ok(range) => {
                        let [from, to] = [range.start, range.end].map(|at| usize::try_from(at).expect("small"));
                        let text = std::str::from_utf8(&block.text[from..to]).expect("UTF-8").trim_matches('\n');
                        let id = batch.id(batch.len() - 1).to_owned();
                        assert!(text.trim_start_matches('"').starts_with(&id), "{text:?} {id:?}");
                        ids.push(id);
                    }
                    Err(row) => rejected.push((row.line, row.column)),
                }
            }
            all.push(block);
        }
        (ids, rejected, all)
    }

    #[test]
    fn blocks_hold_what_the_table_holds() {
        let rows = [
            "\"i\nd\",lat,lon,note",
            "a,1,2,",
            "",
            "b,91,2,\"two",
            "lines, \"\"and\"\" a mark\"",
            "c,1,2,5\" pipe",
            "\"d\",1,2,\"\"",
            "",
            "e,1,2,\"x\"y",
            "f,1",
            "g,1,2,last",
        ];
        for end in ["\n", "\r\n", "\r"] {
            let table = rows.join(end).replacen("\"i\nd\"", "\u{feff}id", 1);
            let (whole, rejected): (Vec<_>, Vec<_>) =
                SiteReader::new(table.as_bytes()).expect("a header").partition(Result::is_ok);
            let ids: Vec<String> = whole.into_iter().flatten().map(|site| site.id().to_owned()).collect();
            let lines: Vec<_> =
                rejected.into_iter().filter_map(Result::err).map(|row| (row.line, row.column)).collect();
            assert_eq!(ids, ["a", "c", "d", "e", "g"]);
            for bytes in 1..table.len() + 2 {
                let (found, places, blocks) = in_blocks(table.as_bytes(), bytes);
                assert_eq!((&found, &places), (&ids, &lines), "{end:?} {bytes}");
                assert_eq!(in_blocks(Trickle(table.as_bytes()), bytes).2, blocks, "{end:?} {bytes}");
            }
        }
    }

    #[test]
    fn a_byte_order_mark_may_come_in_parts() {
        let table = "\u{feff}\"id\",lat,lon\na,1,2\n";
        let rows = SiteReader::new(Trickle(table.as_bytes())).expect("a header");
        assert_eq!(rows.flatten().map(|site| site.id().to_owned()).collect::<Vec<_>>(), ["a"]);
        assert_eq!(in_blocks(Trickle(table.as_bytes()), 5).0, ["a"]);
        let behind_blank_lines = table.replace('\u{feff}', "\u{feff}\r\n\n");
        assert_eq!(in_blocks(behind_blank_lines.as_bytes(), 5).0, ["a"]);
        let utf16 = Trickle(b"\xff\xfei\0d\0");
        assert!(SiteReader::new(utf16).map(drop).is_err_and(|error| error.reason.contains("UTF-16")));
    }

    #[test]
    fn a_quotation_that_never_ends_stays_in_one_block() {
        let table = "id,lat,lon\na,1,2\n\"b,1,2\nc,1,2\n";
        for bytes in 1..40 {
            let (ids, rejected, _) = in_blocks(table.as_bytes(), bytes);
            assert_eq!((ids.as_slice(), rejected.as_slice()), (&["a".to_owned()][..], &[(Some(3), String::new())][..]));
        }
    }

    #[test]
    fn no_rows_and_no_header() {
        assert!(in_blocks("id,lat,lon".as_bytes(), 9).2.is_empty());
        assert!(in_blocks("\n\nid,lat,lon\n".as_bytes(), 9).2.is_empty());
        for table in ["", "\n", "id;lat;lon\n", "id,lat,lon\na,1,\0\n"] {
            assert!(SiteBlocks::new(table.as_bytes(), 9).is_err(), "{table:?}");
        }
    }
}
