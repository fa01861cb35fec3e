//! The first bytes of a list, which say what kind of text it is.

use std::io::{self, Read};

use crate::text::START;

/// Hands on the first bytes together, however they arrive: a byte order mark is known by all of its bytes alone.
#[derive(Debug)]
pub(super) struct WholeStart<R> {
    reader: R,
    has_begun: bool,
}

impl<R> WholeStart<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, has_begun: false }
    }
}

impl<R: Read> Read for WholeStart<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if std::mem::replace(&mut self.has_begun, true) {
            return self.reader.read(buffer);
        }
        let mut count = 0;
        while count < buffer.len().min(START) {
            match self.reader.read(&mut buffer[count..]) {
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
