//! A look at the metadata of a Parquet file before its reader believes them.
//!
//! They are in the compact protocol of Thrift, in which a list says how many elements it has. The reader counts through truth values that take no
//! bytes there, as many as the list says: some hundred bytes keep it busy for seconds.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::MAGIC;

/// Values within each other; real metadata have some ten.
const DEPTH: usize = 64;

/// Whether everything in the metadata has the bytes that it takes. What is wrong in another way is for the reader to say.
pub(super) fn is_whole(mut file: &File) -> std::io::Result<bool> {
    let mut end = [0; 8];
    let length = file.seek(SeekFrom::End(0))?;
    if length < 8 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-8))?;
    file.read_exact(&mut end)?;
    let [a, b, c, d, magic @ ..] = end;
    let footer = u64::from(u32::from_le_bytes([a, b, c, d]));
    if magic[..] != *MAGIC || footer > length - 8 {
        return Ok(true);
    }
    file.seek(SeekFrom::Start(length - 8 - footer))?;
    let mut bytes = Vec::new();
    file.take(footer).read_to_end(&mut bytes)?;
    Ok(Values { rest: &bytes }.value(kind::STRUCT, 0).is_some())
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

/// Values that are passed over; None where the bytes end before they do.
struct Values<'a> {
    rest: &'a [u8],
}

impl Values<'_> {
    fn skip(&mut self, count: u64) -> Option<()> {
        self.rest = self.rest.get(usize::try_from(count).ok()?..)?;
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Seven bits a byte, the lowest first.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn value(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        match kind {
            // A field has its truth value in its kind.
            kind::TRUE | kind::FALSE => Some(()),
            kind::BYTE => self.skip(1),
            kind::SHORT | kind::INTEGER | kind::LONG => self.number().map(drop),
            kind::DOUBLE => self.skip(8),
            kind::BINARY => {
                let length = self.number()?;
                self.skip(length)
            }
            kind::LIST | kind::SET => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.number()? } else { u64::from(head >> 4) };
                (0..count).try_for_each(|_| self.element(head & 15, depth))
            }
            kind::MAP => {
                let count = self.number()?;
                let kinds = if count == 0 { 0 } else { self.byte()? };
                (0..count).try_for_each(|_| {
                    self.element(kinds >> 4, depth)?;
                    self.element(kinds & 15, depth)
                })
            }
            kind::STRUCT => loop {
                let head = self.byte()?;
                if head == 0 {
                    return Some(());
                }
                if head >> 4 == 0 {
                    self.number()?;
                }
                self.value(head & 15, depth + 1)?;
            },
            _ => None,
        }
    }

    /// A truth value in a list takes a byte, so every element takes one at least.
    fn element(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            kind::TRUE | kind::FALSE => self.skip(1),
            _ => self.value(kind, depth + 1),
        }
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
        for (footer, is_whole_one) in [
            // A struct of nothing; a list of three truth values; of a text of two bytes; a map from a byte to a number.
            (&[0][..], true),
            (&[0x19, 0x31, 1, 2, 1, 0], true),
            (&[0x19, 0x18, 2, b'a', b'b', 0], true),
            (&[0x1b, 1, 0x35, 7, 0x80, 1, 0], true),
            // The same, a byte short.
            (&[], false),
            (&[0x19, 0x31, 1, 2], false),
            (&[0x19, 0x18, 3, b'a', b'b'], false),
            // Two billion truth values, and structs.
            (&[0x19, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x07, 0], false),
            (&[0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07, 0], false),
            // A kind that there is not, a number without end, lists within lists.
            (&[0x1d, 0], false),
            (&[0x15, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0], false),
            (&[[0x19].as_slice(), &[0x19; 100], &[0; 101]].concat(), false),
        ] {
            assert_eq!(is_whole(&file(footer)).expect("a file"), is_whole_one, "{footer:x?}");
        }
        // Too short, and something else: the reader says so.
        for bytes in [&b"PAR1"[..], b"id,lat,lon\n"] {
            let mut file = tempfile::tempfile().expect("a file");
            file.write_all(bytes).expect("a file");
            assert!(is_whole(&file).expect("a file"));
        }
    }
}
