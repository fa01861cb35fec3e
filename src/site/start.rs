//! The first bytes of a list, which say what kind of text it is.

use std::io::{self, Read};

use crate::text::START;

/// Hands on the first bytes together, however they arrive: a byte order mark is known by all of its bytes alone. Amid a list, where such
/// bytes are text, the first byte is handed on alone.
#[derive(Debug)]
pub(super) struct Start<R> {
    reader: R,
    /// How many bytes are handed on first; zero once they have been.
    first: usize,
}

impl<R> Start<R> {
    pub(super) fn of_list(reader: R) -> Self {
        Self { reader, first: START }
    }

    pub(super) fn amid_list(reader: R) -> Self {
        Self { reader, first: 1 }
    }
}

impl<R: Read> Read for Start<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let first = std::mem::take(&mut self.first).min(buffer.len());
        if first == 0 {
            return self.reader.read(buffer);
        }
        let mut count = 0;
        while count < first {
            match self.reader.read(&mut buffer[count..first]) {
                Ok(0) => break,
                Ok(more) => count += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // What has been read goes first.
                Err(_) if count > 0 => break,
                Err(error) => return Err(error),
            }
        }
        Ok(count)
    }
}
