//! A look at what a Parquet file says of itself before its reader believes it.
//!
//! The metadata of the file and the header of each page are in the compact protocol of Thrift, in which a list says how many elements it has. The
//! reader counts through truth values in a list that it does not know as if they took no bytes, as many as the list says: some hundred bytes keep it
//! busy for seconds. And it reads a field that it knows without a look at its kind, so that it may find such a list where the file has something
//! else. So there must be no such lists, and known fields must be what they should.

use std::fs::File;
use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Seek, SeekFrom};

use parquet::file::metadata::RowGroupMetaData;

use super::MAGIC;

/// Values within each other; real metadata have some ten.
const DEPTH: usize = 64;

/// Page headers take some ten bytes, or some hundred.
const HEADER_BYTES: usize = 1024;

/// Whether everything in the metadata has the bytes that it takes. What is wrong in another way is for the reader to say.
pub(super) fn check(mut file: &File) -> Result<()> {
    let mut end = [0; 8];
    let length = file.seek(SeekFrom::End(0))?;
    if length < 8 {
        return Ok(());
    }
    file.seek(SeekFrom::End(-8))?;
    file.read_exact(&mut end)?;
    let [a, b, c, d, magic @ ..] = end;
    let footer = u64::from(u32::from_le_bytes([a, b, c, d]));
    if magic[..] != *MAGIC || footer > length - 8 {
        return Ok(());
    }
    file.seek(SeekFrom::Start(length - 8 - footer))?;
    Values::of(BufReader::new(file.take(footer))).fields(FILE, 0)
}

/// [`check`] for the headers of the pages of a row group.
pub(super) fn check_pages(file: &File, group: &RowGroupMetaData) -> Result<()> {
    let mut bytes = BufReader::with_capacity(HEADER_BYTES, file);
    for column in group.columns() {
        let (from, mut left) = column.byte_range();
        bytes.seek(SeekFrom::Start(from))?;
        while left > 0 {
            let mut header = Values::of(&mut bytes);
            let page = header.page_header()?;
            // A page that is longer than its column is for the reader to say.
            let Some(rest) = left.checked_sub(header.read + u64::from(page)) else { break };
            bytes.seek_relative(page.into())?;
            left = rest;
        }
    }
    Ok(())
}

/// The kinds of values.
mod kind {
    pub(super) const TRUE: u8 = 1;
    pub(super) const FALSE: u8 = 2;
    pub(super) const BYTE: u8 = 3;
    pub(super) const SHORT: u8 = 4;
    pub(super) const INTEGER: u8 = 5;
    pub(super) const LONG: u8 = 6;
    pub(super) const DOUBLE: u8 = 7;
    pub(super) const BINARY: u8 = 8;
    pub(super) const LIST: u8 = 9;
    pub(super) const SET: u8 = 10;
    pub(super) const MAP: u8 = 11;
    pub(super) const STRUCT: u8 = 12;
}

/// What a known field is.
enum Known {
    Truth,
    Byte,
    Integer,
    Double,
    Binary,
    List(&'static Known),
    Struct(Fields),
}

/// Those of a struct or a union, by their numbers.
type Fields = &'static [(i64, Known)];

use Known::{Binary, Byte, Double, Integer, List, Struct, Truth};

/// `FileMetaData`, and what is in it, as the reader knows it.
///
/// Source: parquet.thrift of Apache Parquet's format 2.11 (Apache License 2.0).
const FILE: Fields = &[
    (1, Integer),
    (2, List(&Struct(SCHEMA_ELEMENT))),
    (3, Integer),
    (4, List(&Struct(ROW_GROUP))),
    (5, List(&KEY_VALUE)),
    (6, Binary),
    (7, List(&Struct(&[(1, NOTHING)]))),
    (9, Binary),
];
const NOTHING: Known = Struct(&[]);
const KEY_VALUE: Known = Struct(&[(1, Binary), (2, Binary)]);
const SCHEMA_ELEMENT: Fields = &[
    (1, Integer),
    (2, Integer),
    (3, Integer),
    (4, Binary),
    (5, Integer),
    (6, Integer),
    (7, Integer),
    (8, Integer),
    (9, Integer),
    (10, Struct(LOGICAL_TYPE)),
];
const LOGICAL_TYPE: Fields = &[
    (1, NOTHING),
    (2, NOTHING),
    (3, NOTHING),
    (4, NOTHING),
    (5, Struct(&[(1, Integer), (2, Integer)])),
    (6, NOTHING),
    (7, TIME),
    (8, TIME),
    (10, Struct(&[(1, Byte), (2, Truth)])),
    (11, NOTHING),
    (12, NOTHING),
    (13, NOTHING),
    (14, NOTHING),
    (15, NOTHING),
    (16, Struct(&[(1, Byte)])),
    (17, Struct(&[(1, Binary)])),
    (18, Struct(&[(1, Binary), (2, Integer)])),
];
const TIME: Known = Struct(&[(1, Truth), (2, Struct(&[(1, NOTHING), (2, NOTHING), (3, NOTHING)]))]);
const ROW_GROUP: Fields = &[
    (1, List(&Struct(COLUMN_CHUNK))),
    (2, Integer),
    (3, Integer),
    (4, List(&Struct(&[(1, Integer), (2, Truth), (3, Truth)]))),
    (5, Integer),
    (6, Integer),
    (7, Integer),
];
const COLUMN_CHUNK: Fields = &[
    (1, Binary),
    (2, Integer),
    (3, Struct(COLUMN)),
    (4, Integer),
    (5, Integer),
    (6, Integer),
    (7, Integer),
    (9, Binary),
];
const COLUMN: Fields = &[
    (1, Integer),
    (2, INTEGERS),
    (3, List(&Binary)),
    (4, Integer),
    (5, Integer),
    (6, Integer),
    (7, Integer),
    (8, List(&KEY_VALUE)),
    (9, Integer),
    (10, Integer),
    (11, Integer),
    (12, Struct(STATISTICS)),
    (13, List(&Struct(&[(1, Integer), (2, Integer), (3, Integer)]))),
    (14, Integer),
    (15, Integer),
    (16, Struct(&[(1, Integer), (2, INTEGERS), (3, INTEGERS)])),
    (17, Struct(&[(1, Struct(BOX)), (2, INTEGERS)])),
];
const INTEGERS: Known = List(&Integer);
const STATISTICS: Fields =
    &[(1, Binary), (2, Binary), (3, Integer), (4, Integer), (5, Binary), (6, Binary), (7, Truth), (8, Truth)];
const BOX: Fields =
    &[(1, Double), (2, Double), (3, Double), (4, Double), (5, Double), (6, Double), (7, Double), (8, Double)];

/// `PageHeader`. Statistics of pages are passed over by the reader.
const PAGE: Fields = &[
    (1, Integer),
    (2, Integer),
    (PAGE_BYTES, Integer),
    (4, Integer),
    (5, Struct(&[(1, Integer), (2, Integer), (3, Integer), (4, Integer)])),
    (6, NOTHING),
    (7, Struct(&[(1, Integer), (2, Integer), (3, Truth)])),
    (8, Struct(&[(1, Integer), (2, Integer), (3, Integer), (4, Integer), (5, Integer), (6, Integer), (7, Truth)])),
];
/// `compressed_page_size`.
const PAGE_BYTES: i64 = 3;

/// Values that are passed over, and how many bytes they took.
struct Values<R> {
    bytes: R,
    read: u64,
}

fn damaged(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

impl<R: BufRead> Values<R> {
    fn of(bytes: R) -> Self {
        Self { bytes, read: 0 }
    }

    fn skip(&mut self, count: u64) -> Result<()> {
        let mut left = count;
        while left > 0 {
            let here = self.bytes.fill_buf()?.len();
            if here == 0 {
                return Err(damaged("what it says of itself ends within a value"));
            }
            let step = here.min(usize::try_from(left).unwrap_or(here));
            self.bytes.consume(step);
            left -= step as u64;
        }
        self.read += count;
        Ok(())
    }

    fn byte(&mut self) -> Result<u8> {
        let first = self.bytes.fill_buf()?.first().copied().unwrap_or(0);
        self.skip(1)?;
        Ok(first)
    }

    /// Seven bits a byte, the lowest first.
    fn number(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(damaged("a number in what it says of itself does not end"))
    }

    /// A number that may be negative.
    fn signed(&mut self) -> Result<i64> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// The number and the kind of a field; None at the end of the fields.
    fn field(&mut self, last: i64) -> Result<Option<(i64, u8)>> {
        let head = self.byte()?;
        if head == 0 {
            return Ok(None);
        }
        let id = if head >> 4 == 0 { self.signed()? } else { last + i64::from(head >> 4) };
        // The reader has sixteen bits for it.
        let id = i16::try_from(id).map_err(|_| damaged("what it says of itself has a field without a number"))?;
        Ok(Some((id.into(), head & 15)))
    }

    /// The fields of a struct, until its end.
    fn fields(&mut self, known: Fields, depth: usize) -> Result<()> {
        let mut last = 0;
        while let Some((id, kind)) = self.field(last)? {
            self.one_of(known, id, kind, depth)?;
            last = id;
        }
        Ok(())
    }

    fn one_of(&mut self, known: Fields, id: i64, kind: u8, depth: usize) -> Result<()> {
        match known.iter().find(|(number, _)| *number == id) {
            Some((_, known)) => self.known(known, kind, depth + 1),
            None => self.value(kind, depth + 1),
        }
    }

    /// A value that the reader takes for what is known of it.
    fn known(&mut self, known: &Known, kind: u8, depth: usize) -> Result<()> {
        match (known, kind) {
            (Truth, kind::TRUE | kind::FALSE)
            | (Byte, kind::BYTE)
            // All of them take as many bytes as they need.
            | (Integer, kind::SHORT | kind::INTEGER | kind::LONG)
            | (Double, kind::DOUBLE)
            | (Binary, kind::BINARY) => self.value(kind, depth),
            (List(known), kind::LIST) => {
                let (count, kind) = self.list()?;
                (0..count).try_for_each(|_| self.known(known, kind, depth + 1))
            }
            (Struct(known), kind::STRUCT) => self.fields(known, depth),
            _ => Err(damaged("what it says of itself has a field of another kind than Parquet's")),
        }
    }

    /// How many values follow, and their kind.
    fn list(&mut self) -> Result<(u64, u8)> {
        let head = self.byte()?;
        let count = if head >> 4 == 15 { self.number()? } else { u64::from(head >> 4) };
        Ok((count, head & 15))
    }

    /// A value of which nothing is known but its kind.
    fn value(&mut self, kind: u8, depth: usize) -> Result<()> {
        if depth > DEPTH {
            return Err(damaged("what it says of itself has too many values within each other"));
        }
        match kind {
            // A field has its truth value in its kind.
            kind::TRUE | kind::FALSE => Ok(()),
            kind::BYTE => self.skip(1),
            kind::SHORT | kind::INTEGER | kind::LONG => self.number().map(drop),
            kind::DOUBLE => self.skip(8),
            kind::BINARY => {
                let length = self.number()?;
                self.skip(length)
            }
            kind::LIST | kind::SET => {
                let (count, kind) = self.list()?;
                (0..count).try_for_each(|_| self.element(kind, depth))
            }
            kind::MAP => {
                let count = self.number()?;
                let kinds = if count == 0 { 0 } else { self.byte()? };
                (0..count).try_for_each(|_| {
                    self.element(kinds >> 4, depth)?;
                    self.element(kinds & 15, depth)
                })
            }
            kind::STRUCT => self.fields(&[], depth),
            _ => Err(damaged("what it says of itself has a value of no known kind")),
        }
    }

    /// So every element takes a byte at least.
    fn element(&mut self, kind: u8, depth: usize) -> Result<()> {
        match kind {
            kind::TRUE | kind::FALSE => {
                Err(damaged("what it says of itself has a list of truth values, where Parquet has none"))
            }
            _ => self.value(kind, depth + 1),
        }
    }

    /// How many bytes the page has behind its header.
    fn page_header(&mut self) -> Result<u32> {
        let (mut last, mut bytes) = (0, None);
        while let Some((id, kind)) = self.field(last)? {
            if (id, kind) == (PAGE_BYTES, kind::INTEGER) {
                bytes = u32::try_from(self.signed()?).ok();
            } else {
                self.one_of(PAGE, id, kind, 0)?;
            }
            last = id;
        }
        bytes.ok_or_else(|| damaged("the header of a page does not say how long the page is"))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn file(footer: &[u8]) -> File {
        let mut file = tempfile::tempfile().expect("a file");
        let length = u32::try_from(footer.len()).expect("a short one").to_le_bytes();
        file.write_all(&[MAGIC, footer, &length, MAGIC].concat()).expect("a file");
        file
    }

    #[test]
    fn what_has_no_bytes_is_not_counted() {
        let within = "ends within a value";
        // Fields of the number 20 and more, which are not known.
        for (footer, wrong) in [
            // A struct of nothing; a list of three bytes; of a text of two bytes; a map from a byte to a number; an empty list of no kind.
            (&[0][..], ""),
            (&[0x09, 40, 0x33, 1, 2, 1, 0], ""),
            (&[0x09, 40, 0x18, 2, b'a', b'b', 0], ""),
            (&[0x0b, 40, 1, 0x35, 7, 0x80, 1, 0], ""),
            (&[0x09, 40, 0, 0], ""),
            // Each kind of numbers, a truth value, a struct in a struct.
            (&[0x04, 40, 5, 0x15, 5, 0x16, 5, 0x17, 1, 2, 3, 4, 5, 6, 7, 8, 0x11, 0x13, 9, 0x1c, 0x1c, 0, 0, 0], ""),
            // The same, a byte short.
            (&[], within),
            (&[0x09, 40, 0x33, 1, 2], within),
            (&[0x09, 40, 0x18, 3, b'a', b'b'], within),
            // Truth values in lists, sets and maps; two billion structs; a text of nearly 2^64 bytes.
            (&[0x09, 40, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x07, 0], "truth values"),
            (&[0x0a, 40, 0x12, 0, 0], "truth values"),
            (&[0x0b, 40, 1, 0x31, 7, 0], "truth values"),
            (&[0x09, 40, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07, 0], within),
            (&[0x08, 40, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0], within),
            // A kind that there is not, a number without end, a field beyond sixteen bits, lists within lists.
            (&[0x0d, 40, 0], "no known kind"),
            (&[0x05, 40, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0], "does not end"),
            (&[0x05, 0x80, 0x80, 0x04, 0, 0], "without a number"),
            (&[[0x09, 40].as_slice(), &[0x19; 100], &[0; 101]].concat(), "too many values within each other"),
            // The version is a number, and so is that of columns; the schema is a list, of structs; names are texts.
            (&[0x15, 2, 0x19, 0x1c, 0x48, 1, b'a', 0x15, 2, 0, 0x16, 6, 0], ""),
            (&[0x18, 1, b'a', 0], "another kind"),
            (&[0x15, 2, 0x1c, 0, 0], "another kind"),
            (&[0x15, 2, 0x19, 0x15, 2, 0], "another kind"),
            (&[0x15, 2, 0x19, 0x1c, 0x45, 2, 0, 0], "another kind"),
            (&[0x15, 2, 0x19, 0x1c, 0x48, 1, b'a', 0x11, 0, 0], "another kind"),
        ] {
            let found = check(&file(footer)).map_or_else(|error| error.to_string(), |()| String::new());
            assert!(found.contains(wrong) && found.is_empty() == wrong.is_empty(), "{footer:x?}: {found}");
        }
        // Too short, and something else: the reader says so.
        for bytes in [&b"PAR1"[..], b"id,lat,lon\n"] {
            let mut file = tempfile::tempfile().expect("a file");
            file.write_all(bytes).expect("a file");
            assert!(check(&file).is_ok());
        }
    }

    #[test]
    fn the_header_of_a_page_says_how_long_the_page_is() {
        let length = |header: &[u8]| {
            let mut values = Values::of(header);
            values.page_header().map(|page| (page, values.read)).map_err(|error| error.to_string())
        };
        // A data page of 10 bytes with 5 values; a dictionary; the second form, whose statistics are a struct; what comes in later versions.
        for header in [
            &[0x15, 0, 0x15, 20, 0x15, 20, 0x2c, 0x15, 10, 0x15, 0, 0x15, 6, 0x15, 6, 0x1c, 0x18, 1, b'x', 0, 0, 0][..],
            &[0x15, 4, 0x15, 20, 0x15, 20, 0x4c, 0x15, 10, 0x15, 0, 0x11, 0, 0],
            &[0x15, 6, 0x15, 20, 0x15, 20, 0x5c, 0x15, 10, 0x55, 0, 0x12, 0x1c, 0, 0, 0],
            &[0x15, 2, 0x15, 20, 0x15, 20, 0x3c, 0, 0x59, 0x13, 7, 0],
        ] {
            assert_eq!(length(header), Ok((10, header.len() as u64)), "{header:x?}");
        }
        for (header, wrong) in [
            // No length; a negative one; one that is a text; a truth value for the number of values, in whose place the reader reads on.
            (&[0x15, 0, 0x15, 20, 0][..], "does not say how long"),
            (&[0x15, 0, 0x15, 20, 0x15, 19, 0], "does not say how long"),
            (&[0x15, 0, 0x15, 20, 0x18, 1, b'x', 0], "of another kind than"),
            (&[0x15, 0, 0x15, 20, 0x15, 20, 0x2c, 0x11, 0, 0], "of another kind than"),
            (&[0x15, 0, 0x15, 20, 0x15, 20, 0x29, 0, 0], "of another kind than"),
            (&[0x15, 0, 0x15, 20, 0x15, 20, 0x69, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x07, 0], "truth values"),
            (&[0x15, 0, 0x15, 20, 0x15, 20], "ends within a value"),
        ] {
            let found = length(header).expect_err("it is refused");
            assert!(found.contains(wrong), "{header:x?}: {found}");
        }
    }
}
