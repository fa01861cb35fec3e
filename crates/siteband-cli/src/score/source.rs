//! Where rows come from, a part at a time; the same parts on every run.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use siteband::{Crs, Rejected, SiteBlock, SiteBlocks, SiteHeader, SiteSequence, Sites};
use xxhash_rust::xxh3::xxh3_64;

use super::listed::{self, Told, other_columns};
use crate::Failure;

/// A table is cut into parts of about so many bytes.
const BLOCK_BYTES: usize = 1 << 20;

/// What a part is made of.
#[derive(Debug)]
pub(crate) enum Rows {
    /// Rows of a table.
    Text(SiteBlock),
    /// Rows of a Parquet file.
    #[cfg(feature = "parquet")]
    Arrow(super::parquet::Batch),
}

/// Some rows that follow each other.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) rows: Rows,
    /// Of what was read, to know it again.
    pub(crate) digest: u64,
    /// How much of the input has been read with it, in its own measure.
    pub(crate) done: u64,
    /// Rows that could not even be brought into a part.
    pub(crate) rejected: Vec<Rejected>,
}

/// What the rows of a source look like.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Table(SiteHeader),
    #[cfg(feature = "parquet")]
    Arrow(super::parquet::Shape),
}

impl Shape {
    pub(crate) fn columns(&self) -> Vec<&str> {
        match self {
            Self::Table(header) => header.columns().iter().map(String::as_str).collect(),
            #[cfg(feature = "parquet")]
            Self::Arrow(shape) => shape.columns(),
        }
    }
}

/// A table of text, or a list that is read as one.
pub(crate) struct Table {
    blocks: SiteBlocks<Box<dyn Read + Send>>,
    name: String,
    /// Zero if nobody knows.
    bytes: u64,
    /// What was no site already when the list became a table.
    rejected: Told,
    has_ended: bool,
}

/// Where rows come from.
pub(crate) enum Source {
    Table(Box<Table>),
    #[cfg(feature = "parquet")]
    Parquet(Box<super::parquet::Source>),
}

impl Source {
    /// Opens a list of sites.
    pub(crate) fn open(path: &Path, crs: Option<&Crs>) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Self::table(Box::new(io::stdin()), path, crs, Told::default());
        }
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        if path.is_dir() {
            return Err(Failure::input(format!("{}: this is a folder: expected a file", path.display())));
        }
        let file = || File::open(path).map_err(|error| Failure::input(format!("{}: {error}", path.display())));
        match ending.as_str() {
            "csv" => Self::table(Box::new(file()?), path, crs, Told::default()),
            "geojsonl" | "ndjson" | "geojsons" | "geojsonseq" => Self::sequence(&file, path, crs),
            #[cfg(feature = "parquet")]
            "parquet" | "geoparquet" if crs.is_some() => Err(Failure::Usage(
                "--sites-crs is not for Parquet: its positions are longitude and latitude in WGS 84".to_owned(),
            )),
            #[cfg(feature = "parquet")]
            "parquet" | "geoparquet" => {
                super::parquet::Source::open(file()?, path).map(|source| Self::Parquet(Box::new(source)))
            }
            #[cfg(not(feature = "parquet"))]
            "parquet" | "geoparquet" => Err(Failure::input(format!(
                "{}: this build does not read Parquet: build siteband with the feature 'parquet'",
                path.display()
            ))),
            // Small enough for memory, and refused there if it is no list.
            _ => {
                let sites = match crs {
                    Some(crs) => Sites::from_path_in(path, crs),
                    None => Sites::from_path(path),
                }
                .map_err(Failure::input)?;
                let columns = other_columns(sites.as_slice().iter());
                let rejected = Told::new(Mutex::new(sites.rejected().to_vec()));
                let rows = sites.as_slice().to_vec().into_iter().map(Ok);
                Self::table(Box::new(listed::Table::new(rows, columns, Arc::clone(&rejected))), path, None, rejected)
            }
        }
    }

    /// A GeoJSON text sequence: read once for the names of its properties, and once more for its rows.
    fn sequence(file: &impl Fn() -> Result<File, Failure>, path: &Path, crs: Option<&Crs>) -> Result<Self, Failure> {
        let open = || -> Result<SiteSequence<File>, Failure> {
            let sequence = match crs {
                Some(crs) => SiteSequence::new_in(file()?, crs),
                None => SiteSequence::new(file()?),
            };
            sequence.map_err(|error| Failure::input(format!("{}: {}", path.display(), error.reason)))
        };
        if !path.is_file() {
            let words = "a sequence is read twice, first for its columns: expected a file, not a pipe or a device";
            return Err(Failure::input(format!("{}: {words}", path.display())));
        }
        let columns = other_columns(open()?.flatten());
        let rejected = Told::default();
        let rows = listed::Table::new(open()?, columns, Arc::clone(&rejected));
        Self::table(Box::new(rows), path, None, rejected)
    }

    fn table(reader: Box<dyn Read + Send>, path: &Path, crs: Option<&Crs>, rejected: Told) -> Result<Self, Failure> {
        let bytes = std::fs::metadata(path).map_or(0, |found| found.len());
        let blocks = match crs {
            Some(crs) => SiteBlocks::new_in(reader, BLOCK_BYTES, crs),
            None => SiteBlocks::new(reader, BLOCK_BYTES),
        };
        let name = path.display().to_string();
        let blocks = blocks.map_err(|error| Failure::input(format!("{name}: {}", error.reason)))?;
        Ok(Self::Table(Box::new(Table { blocks, name, bytes, rejected, has_ended: false })))
    }

    pub(crate) fn shape(&self) -> Shape {
        match self {
            Self::Table(table) => Shape::Table(table.blocks.header().clone()),
            #[cfg(feature = "parquet")]
            Self::Parquet(source) => Shape::Arrow(source.shape()),
        }
    }

    /// How much there is to read, in the measure of [`Part::done`]; none if nobody knows.
    pub(crate) fn size(&self) -> Option<u64> {
        match self {
            Self::Table(table) => Some(table.bytes).filter(|bytes| *bytes > 0),
            #[cfg(feature = "parquet")]
            Self::Parquet(source) => Some(source.rows()),
        }
    }

    /// The next part; none behind the last.
    pub(crate) fn next_part(&mut self) -> Result<Option<Part>, Failure> {
        match self {
            Self::Table(table) => table.next_part(),
            #[cfg(feature = "parquet")]
            Self::Parquet(source) => source.next_part(),
        }
    }

    /// Passes over the next part; its digest and how much of the input that was, or none behind the last.
    pub(crate) fn skip_part(&mut self) -> Result<Option<(u64, u64)>, Failure> {
        match self {
            Self::Table(_) => Ok(self.next_part()?.map(|part| (part.digest, part.done))),
            #[cfg(feature = "parquet")]
            Self::Parquet(source) => source.skip_part(),
        }
    }
}

impl Table {
    fn next_part(&mut self) -> Result<Option<Part>, Failure> {
        let block = self.blocks.next_block();
        let block = block.map_err(|error| Failure::input(format!("{}: {}", self.name, error.reason)))?;
        let rejected = std::mem::take(&mut *self.rejected.lock().unwrap_or_else(PoisonError::into_inner));
        let Some(block) = block else {
            // What came behind the last site is told in a part without any.
            let is_last = std::mem::replace(&mut self.has_ended, true);
            let nothing = SiteBlock { text: Vec::new(), lines_before: 0 };
            let part = Part { rows: Rows::Text(nothing), digest: 0, done: 0, rejected };
            return Ok(Some(part).filter(|part| !is_last && !part.rejected.is_empty()));
        };
        let (digest, done) = (xxh3_64(&block.text), block.text.len() as u64);
        Ok(Some(Part { rows: Rows::Text(block), digest, done, rejected }))
    }
}
