//! Where rows come from, a part at a time; the same parts on every run.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use siteband::{Crs, Rejected, SiteBlock, SiteBlocks, SiteHeader};
use xxhash_rust::xxh3::xxh3_64;

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

/// Where rows come from.
pub(crate) enum Source {
    Table {
        blocks: SiteBlocks<Box<dyn Read + Send>>,
        name: String,
        bytes: u64,
    },
    #[cfg(feature = "parquet")]
    Parquet(super::parquet::Source),
}

impl Source {
    /// Opens a list of sites.
    pub(crate) fn open(path: &Path, crs: Option<&Crs>) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Self::table(Box::new(io::stdin()), path, crs);
        }
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        if path.is_dir() {
            return Err(Failure::input(format!("{}: this is a folder: expected a file", path.display())));
        }
        let file = || File::open(path).map_err(|error| Failure::input(format!("{}: {error}", path.display())));
        match ending.as_str() {
            "csv" => Self::table(Box::new(file()?), path, crs),
            #[cfg(feature = "parquet")]
            "parquet" | "geoparquet" if crs.is_some() => Err(Failure::Usage(
                "--sites-crs is not for Parquet: its positions are longitude and latitude in WGS 84".to_owned(),
            )),
            #[cfg(feature = "parquet")]
            "parquet" | "geoparquet" => super::parquet::Source::open(file()?, path).map(Self::Parquet),
            #[cfg(not(feature = "parquet"))]
            "parquet" | "geoparquet" => Err(Failure::input(format!(
                "{}: this build does not read Parquet: build siteband with the feature 'parquet'",
                path.display()
            ))),
            _ => Err(Failure::input(format!(
                "{}: unknown kind of site list: expected a file that ends in .csv or .parquet, or - for CSV on standard input",
                path.display()
            ))),
        }
    }

    fn table(reader: Box<dyn Read + Send>, path: &Path, crs: Option<&Crs>) -> Result<Self, Failure> {
        let bytes = std::fs::metadata(path).map_or(0, |found| found.len());
        let blocks = match crs {
            Some(crs) => SiteBlocks::new_in(reader, BLOCK_BYTES, crs),
            None => SiteBlocks::new(reader, BLOCK_BYTES),
        };
        let name = path.display().to_string();
        let blocks = blocks.map_err(|error| Failure::input(format!("{name}: {}", error.reason)))?;
        Ok(Self::Table { blocks, name, bytes })
    }

    pub(crate) fn shape(&self) -> Shape {
        match self {
            Self::Table { blocks, .. } => Shape::Table(blocks.header().clone()),
            #[cfg(feature = "parquet")]
            Self::Parquet(source) => Shape::Arrow(source.shape()),
        }
    }

    /// How much there is to read, in the measure of [`Part::done`]; none if nobody knows.
    pub(crate) fn size(&self) -> Option<u64> {
        match self {
            Self::Table { bytes, .. } => Some(*bytes).filter(|bytes| *bytes > 0),
            #[cfg(feature = "parquet")]
            Self::Parquet(source) => Some(source.rows()),
        }
    }

    /// The next part; none behind the last.
    pub(crate) fn next_part(&mut self) -> Result<Option<Part>, Failure> {
        match self {
            Self::Table { blocks, name, .. } => {
                let block = blocks.next_block();
                let block = block.map_err(|error| Failure::input(format!("{name}: {}", error.reason)))?;
                Ok(block.map(|block| {
                    let digest = xxh3_64(&block.text);
                    let done = block.text.len() as u64;
                    Part { rows: Rows::Text(block), digest, done, rejected: Vec::new() }
                }))
            }
            #[cfg(feature = "parquet")]
            Self::Parquet(source) => source.next_part(),
        }
    }

    /// Passes over the next part; its digest and how much of the input that was, or none behind the last.
    pub(crate) fn skip_part(&mut self) -> Result<Option<(u64, u64)>, Failure> {
        match self {
            Self::Table { .. } => Ok(self.next_part()?.map(|part| (part.digest, part.done))),
            #[cfg(feature = "parquet")]
            Self::Parquet(source) => source.skip_part(),
        }
    }
}
