//! Bytes that arrive a few at a time.

use std::io::{self, Read};

pub(crate) struct Trickle<'a> {
    rest: &'a [u8],
    at_once: usize,
}

impl<'a> Trickle<'a> {
    pub(crate) fn new(bytes: &'a [u8], at_once: usize) -> Self {
        Self { rest: bytes, at_once }
    }
}

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.at_once.min(buffer.len());
        self.rest.read(&mut buffer[..count])
    }
}
