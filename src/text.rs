//! Text from files: no more than there is room for, and, where it is none in UTF-8, what it is instead.

use std::borrow::Cow;
use std::io::Read;

/// Everything that there is to read, of at most so many bytes.
///
/// # Errors
/// Why it cannot be read, or why it is no text in UTF-8.
pub(crate) fn read(reader: impl Read, most: usize) -> Result<String, String> {
    let (mut bytes, mut reader) = (Vec::new(), reader.take(most as u64 + 1));
    let unread = |error: std::io::Error| error.to_string();
    reader.by_ref().take(START as u64).read_to_end(&mut bytes).map_err(unread)?;
    if let Some(other) = other_than_utf8(&bytes) {
        return Err(format!("this is {other}: expected text in UTF-8"));
    }
    reader.read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() > most {
        return Err(format!("this has more than {} MiB: expected less", most >> 20));
    }
    String::from_utf8(bytes).map_err(|error| {
        let (bytes, at) = (error.as_bytes(), error.utf8_error().valid_up_to());
        let line = 1 + memchr::memchr_iter(b'\n', &bytes[..at]).count();
        format!("line {line}: byte {at} is not UTF-8, perhaps Latin-1 or Windows-1252: expected text in UTF-8")
    })
}

/// So many bytes say what something is.
pub(crate) const START: usize = 64;

/// What something is that begins so, if it is no text in UTF-8: by its mark, or by bytes of zero, which no such text has.
pub(crate) fn other_than_utf8(start: &[u8]) -> Option<&'static str> {
    let start = &start[..start.len().min(START)];
    let zeros = |from: usize| start.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    match start {
        [0x1f, 0x8b, ..] => Some("compressed (gzip)"),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some("an archive (ZIP), as spreadsheets are"),
        [0xff, 0xfe, ..] => Some("UTF-16 (little-endian)"),
        [0xfe, 0xff, ..] => Some("UTF-16 (big-endian)"),
        _ => match (zeros(0), zeros(1)) {
            (0, 0) => None,
            // Latin letters, a mark missing.
            (0, odd) if 2 * odd > start.len() / 2 => Some("UTF-16 (little-endian)"),
            (even, 0) if 2 * even > start.len() / 2 => Some("UTF-16 (big-endian)"),
            _ => Some("binary"),
        },
    }
}

/// The first characters of a text, and whether there are more.
pub(crate) fn beginning(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_utf8_is_named() {
        let utf16 = |to_bytes: fn(u16) -> [u8; 2]| "id,lat".encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>();
        let (little, big) = (utf16(u16::to_le_bytes), utf16(u16::to_be_bytes));
        for (bytes, name) in [
            (little.as_slice(), "UTF-16 (little-endian)"),
            (&big, "UTF-16 (big-endian)"),
            (&[b"\xff\xfe".as_slice(), &little].concat(), "UTF-16 (little-endian)"),
            (&[b"\xfe\xff".as_slice(), &big].concat(), "UTF-16 (big-endian)"),
            (&[0; 100], "binary"),
            (b"id,l\0at", "binary"),
            (b"\x1f\x8b\x08", "compressed (gzip)"),
            (b"PK\x03\x04", "an archive (ZIP), as spreadsheets are"),
        ] {
            assert_eq!(other_than_utf8(bytes), Some(name), "{bytes:?}");
            assert_eq!(read(bytes, 1000), Err(format!("this is {name}: expected text in UTF-8")));
        }
        for text in ["", "i", "id,lat", "\u{feff}id", "PK,lat"] {
            assert_eq!(other_than_utf8(text.as_bytes()), None);
            assert_eq!(read(text.as_bytes(), 1000).as_deref(), Ok(text));
        }
        assert!(read(&b"a\nStra\xdfe"[..], 1000).is_err_and(|said| said.starts_with("line 2: byte 6 is not UTF-8")));
    }

    #[test]
    fn no_more_is_read_than_there_is_room_for() {
        let endless = || std::io::repeat(b'x');
        assert!(read(endless(), 5 << 20).is_err_and(|said| said.contains("more than 5 MiB")));
        assert_eq!(read(endless().take(5), 5).as_deref(), Ok("xxxxx"));
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!((beginning("äöü", 3), beginning("äöü", 2)), ("äöü".into(), "äö…".into()));
    }
}
