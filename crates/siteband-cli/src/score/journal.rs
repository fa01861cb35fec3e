//! How far a run is: a line for each part that has been written, so that another run can go on behind it. Each line begins with a digest
//! of what it says: its counts and sums cannot be held against anything else.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use siteband::limits::ITEM_BYTES;
use xxhash_rust::xxh3::xxh3_64;

use super::worker::Scored;
use crate::Failure;

/// What a run must have in common with the one that it resumes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fingerprint {
    pub(crate) siteband: String,
    /// Of everything that decides about a score.
    pub(crate) question: String,
    pub(crate) columns: Vec<String>,
    pub(crate) head: String,
    pub(crate) has_rejects: bool,
}

/// A part that has been written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Of what was read.
    pub(crate) input: String,
    /// How many bytes were written, and their digest.
    pub(crate) bytes: u64,
    pub(crate) digest: String,
    pub(crate) footer: String,
    pub(crate) scored: u64,
    pub(crate) rejected: u64,
    pub(crate) reject_bytes: u64,
    pub(crate) reject_digest: String,
    /// The bits of the sums, which no decimal would lose.
    pub(crate) weight: u64,
    pub(crate) ln_sum: u64,
}

impl Entry {
    pub(crate) fn new(scored: &Scored, rejects: &[u8]) -> Self {
        Self {
            input: hex(scored.digest),
            bytes: scored.bytes.len() as u64,
            digest: hex(xxh3_64(&scored.bytes)),
            footer: scored.footer.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(hex_digit).collect(),
            scored: scored.scored,
            rejected: scored.rejected.len() as u64,
            reject_bytes: rejects.len() as u64,
            reject_digest: hex(xxh3_64(rejects)),
            weight: scored.weight.to_bits(),
            ln_sum: scored.ln_sum.to_bits(),
        }
    }

    #[cfg(feature = "parquet")]
    pub(crate) fn footer(&self) -> Vec<u8> {
        let digits = |at: usize| self.footer.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        (0..self.footer.len()).step_by(2).filter_map(digits).collect()
    }
}

fn hex_digit(nibble: u8) -> char {
    char::from_digit(nibble.into(), 16).unwrap_or('0')
}

pub(crate) fn hex(digest: u64) -> String {
    format!("{digest:016x}")
}

/// What stands in a journal.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) fingerprint: Fingerprint,
    pub(crate) entries: Vec<Entry>,
    /// Where the line of the fingerprint ends, and that of each entry.
    ends: Vec<u64>,
}

/// The journal of a run.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
}

impl Journal {
    /// Begins a journal in place of whatever stood there.
    pub(crate) fn begin(mut file: File, fingerprint: &Fingerprint) -> std::io::Result<Self> {
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
        let mut journal = Self { file };
        journal.line(fingerprint)?;
        Ok(journal)
    }

    /// What a journal says, up to the first line that was not written whole, with where each entry ends; none where there is no journal.
    pub(crate) fn read(file: &mut File) -> std::io::Result<Option<Said>> {
        file.seek(SeekFrom::Start(0))?;
        let mut lines = BufReader::new(file);
        let (mut line, mut end) = (Vec::new(), 0);
        let mut next = |line: &mut Vec<u8>| -> std::io::Result<Option<u64>> {
            line.clear();
            // A line that is longer was not written by a run.
            lines.by_ref().take(ITEM_BYTES as u64).read_until(b'\n', line)?;
            end += line.len() as u64;
            Ok(line.ends_with(b"\n").then_some(end))
        };
        let Some(end) = next(&mut line)? else { return Ok(None) };
        // What a crash may have left in a file is any bytes.
        let Some(fingerprint) = as_written(&line) else { return Ok(None) };
        let mut said = Said { fingerprint, entries: Vec::new(), ends: vec![end] };
        while let Some(end) = next(&mut line)? {
            let Some(entry) = as_written(&line) else { break };
            said.entries.push(entry);
            said.ends.push(end);
        }
        Ok(Some(said))
    }

    /// Goes on behind the first so many entries.
    pub(crate) fn resume(mut file: File, said: &Said, entries: usize) -> std::io::Result<Self> {
        file.set_len(said.ends[entries])?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self { file })
    }

    pub(crate) fn add(&mut self, entry: &Entry) -> std::io::Result<()> {
        self.line(entry)
    }

    fn line(&mut self, value: &impl Serialize) -> std::io::Result<()> {
        let text = serde_json::to_string(value)?;
        let line = format!("{} {text}\n", hex(xxh3_64(text.as_bytes())));
        self.file.write_all(line.as_bytes())
    }
}

/// What a line says, if it says what was written.
fn as_written<T: DeserializeOwned>(line: &[u8]) -> Option<T> {
    let (digest, text) = line.split_at_checked(16)?;
    let text = text.strip_prefix(b" ")?.strip_suffix(b"\n")?;
    let is_whole = hex(xxh3_64(text)).as_bytes() == digest;
    serde_json::from_slice(text).ok().filter(|_| is_whole)
}

/// Opens a journal that no other run holds.
pub(crate) fn open(path: &Path) -> Result<File, Failure> {
    let named = |reason: &str| Failure::input(format!("{}: {reason}", path.display()));
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    let file = file.map_err(|error| named(&format!("cannot be written: {error}")))?;
    match file.try_lock() {
        Err(std::fs::TryLockError::WouldBlock) => Err(named("another run is writing this output")),
        // Not every file system has locks.
        Ok(()) | Err(std::fs::TryLockError::Error(_)) => Ok(file),
    }
}

/// How many of the parts a file holds, byte for byte, one behind the other from a place on.
pub(crate) fn verified<'a>(
    file: &mut File,
    from: u64,
    parts: impl Iterator<Item = (u64, &'a str)>,
) -> std::io::Result<usize> {
    file.seek(SeekFrom::Start(from))?;
    let (mut good, mut buffer) = (0, Vec::new());
    for (bytes, digest) in parts {
        buffer.clear();
        let found = (&mut *file).take(bytes).read_to_end(&mut buffer)? as u64;
        if found != bytes || hex(xxh3_64(&buffer)) != digest {
            break;
        }
        good += 1;
    }
    Ok(good)
}
