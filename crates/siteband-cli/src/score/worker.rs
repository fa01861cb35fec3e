//! What is done with a part: its rows become sites, the sites are scored, and the scores are written behind the columns that they had.

use std::io::Write;

use siteband::{Rejected, Scorer, Scores, SiteBatch, SiteHeader};

use super::source::{Part, Rows, Shape};
use crate::Failure;

/// How scores are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    #[cfg(feature = "parquet")]
    Parquet,
}

/// A part that is done.
#[derive(Debug, Default)]
pub(crate) struct Scored {
    /// What comes next in the file.
    pub(crate) bytes: Vec<u8>,
    /// What has to be known of it at the end of the file: of a Parquet file, its row groups.
    pub(crate) footer: Vec<u8>,
    pub(crate) digest: u64,
    pub(crate) done: u64,
    pub(crate) scored: u64,
    pub(crate) rejected: Vec<Rejected>,
    /// The sum of the prior weights, and the natural logarithm of the sum of weight times likelihood.
    pub(crate) weight: f64,
    pub(crate) ln_sum: f64,
}

/// Turns parts into what is written.
#[derive(Debug)]
pub(crate) struct Worker<'a> {
    pub(crate) scorer: Scorer<'a>,
    pub(crate) shape: Shape,
    pub(crate) format: Format,
}

impl Worker<'_> {
    /// # Errors
    /// If a column of the input has the name of one that is added.
    pub(crate) fn check_columns(&self) -> Result<(), Failure> {
        let added = self.scorer.column_names();
        match self.shape.columns().iter().find(|name| added.iter().any(|added| added.eq_ignore_ascii_case(name))) {
            Some(name) => Err(Failure::input(format!(
                "the list has a column '{name}', which would be added: rename it, or take a list that has no scores yet"
            ))),
            None => Ok(()),
        }
    }

    /// What stands at the beginning of the file.
    #[cfg_attr(not(feature = "parquet"), allow(clippy::unnecessary_wraps, reason = "Parquet can fail"))]
    pub(crate) fn head(&self) -> Result<Vec<u8>, Failure> {
        match (self.format, &self.shape) {
            (Format::Csv, Shape::Table(header)) => Ok(csv_header(
                header
                    .columns()
                    .iter()
                    .map(String::as_str)
                    .chain(self.scorer.column_names().iter().map(String::as_str)),
            )),
            #[cfg(feature = "parquet")]
            (Format::Csv, Shape::Arrow(shape)) => Ok(csv_header(
                shape.csv_columns()?.into_iter().chain(self.scorer.column_names().iter().map(String::as_str)),
            )),
            #[cfg(feature = "parquet")]
            (Format::Parquet, _) => Ok(super::parquet::MAGIC.to_vec()),
        }
    }

    /// What stands at the end of a file with these parts.
    #[cfg_attr(
        not(feature = "parquet"),
        allow(clippy::unnecessary_wraps, clippy::unused_self, reason = "Parquet has an end")
    )]
    pub(crate) fn footer(&self, parts: &[(u64, Vec<u8>)]) -> Result<Vec<u8>, Failure> {
        match self.format {
            Format::Csv => {
                let _ = parts;
                Ok(Vec::new())
            }
            #[cfg(feature = "parquet")]
            Format::Parquet => {
                let nothing = Scores {
                    statements: self.scorer.score_batch(&SiteBatch::default()).statements,
                    ..Scores::default()
                };
                let (_, empty) = match &self.shape {
                    Shape::Table(header) => super::parquet::write_table(
                        header,
                        [].into_iter(),
                        &SiteBatch::default(),
                        &nothing,
                        &self.scorer.column_names(),
                    )?,
                    Shape::Arrow(shape) => shape.write_nothing(&nothing, &self.scorer.column_names())?,
                };
                super::parquet::footer(parts, &empty)
            }
        }
    }

    /// Does everything that can be done with a part alone.
    #[cfg_attr(not(feature = "parquet"), allow(clippy::unnecessary_wraps, reason = "Parquet can fail"))]
    pub(crate) fn work(&self, part: Part) -> Result<Scored, Failure> {
        let mut rejected = part.rejected;
        let (sites, scores, bytes, footer) = match (part.rows, &self.shape) {
            (Rows::Text(block), Shape::Table(header)) => {
                let (sites, ranges) = read_rows(&block, header, &mut rejected);
                let scores = self.scorer.score_batch(&sites);
                let rows = ranges.iter().map(|(from, to)| trimmed(&block.text[*from..*to]));
                let (bytes, footer) = match self.format {
                    Format::Csv => (csv_rows(rows, &scores), Vec::new()),
                    #[cfg(feature = "parquet")]
                    Format::Parquet => {
                        super::parquet::write_table(header, rows, &sites, &scores, &self.scorer.column_names())?
                    }
                };
                (sites, scores, bytes, footer)
            }
            #[cfg(feature = "parquet")]
            (Rows::Arrow(batch), Shape::Arrow(shape)) => {
                let (sites, batch) = shape.sites(&batch, &mut rejected)?;
                let scores = self.scorer.score_batch(&sites);
                let (bytes, footer) = match self.format {
                    Format::Csv => (shape.write_csv(&batch, &sites, &scores, &self.scorer.column_names())?, Vec::new()),
                    Format::Parquet => shape.write(&batch, &scores, &self.scorer.column_names())?,
                };
                (sites, scores, bytes, footer)
            }
            // A source has the rows of its shape.
            #[cfg(feature = "parquet")]
            _ => return Err(Failure::input("rows of another kind than the list's: this is a fault of siteband")),
        };
        let ln_weights = sites.priors().iter().zip(&scores.log_likelihoods).map(|(prior, ln)| prior.ln() + ln);
        Ok(Scored {
            bytes,
            footer,
            digest: part.digest,
            done: part.done,
            scored: sites.len() as u64,
            rejected,
            weight: sites.priors().iter().sum(),
            ln_sum: ln_sum_exp(ln_weights.collect::<Vec<f64>>().as_slice()),
        })
    }
}

/// ln Σ exp, minus infinity for nothing.
pub(super) fn ln_sum_exp(terms: &[f64]) -> f64 {
    let greatest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if greatest == f64::NEG_INFINITY {
        return greatest;
    }
    greatest + terms.iter().map(|term| (term - greatest).exp()).sum::<f64>().ln()
}

/// The sites of some rows, and which bytes are whose.
fn read_rows(
    block: &siteband::SiteBlock,
    header: &SiteHeader,
    rejected: &mut Vec<Rejected>,
) -> (SiteBatch, Vec<(usize, usize)>) {
    let (mut sites, mut ranges) = (SiteBatch::default(), Vec::new());
    let mut rows = block.rows(header);
    while let Some(row) = rows.read_into(&mut sites) {
        match row {
            Ok(range) => {
                // Places in a text that is in memory.
                let at = |byte: u64| usize::try_from(byte).unwrap_or(usize::MAX).min(block.text.len());
                ranges.push((at(range.start), at(range.end)));
            }
            Err(row) => rejected.push(row),
        }
    }
    (sites, ranges)
}

/// A row without the line ends around it.
fn trimmed(row: &[u8]) -> &[u8] {
    let is_end = |byte: &u8| *byte != b'\n';
    let from = row.iter().position(is_end).unwrap_or(row.len());
    let to = row.iter().rposition(is_end).map_or(from, |last| last + 1);
    &row[from..to]
}

fn csv_header<'a>(names: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Into memory: nothing can fail.
    let _ = writer.write_record(names);
    writer.into_inner().unwrap_or_default()
}

/// Rows with their scores behind them, in shortest digits that give the same numbers again.
fn csv_rows<'a>(rows: impl Iterator<Item = &'a [u8]>, scores: &Scores) -> Vec<u8> {
    let columns = scores.columns();
    let mut text = Vec::with_capacity(scores.log_likelihoods.len() * (64 + 20 * columns.len()));
    let mut digits = zmij::Buffer::new();
    for (number, row) in rows.enumerate() {
        text.extend_from_slice(row);
        for column in &columns {
            text.push(b',');
            let value = column[number];
            if value.is_finite() {
                text.extend_from_slice(digits.format_finite(value).as_bytes());
            } else {
                // inf and -inf, as other programs read them; nothing here is NaN.
                let _ = write!(text, "{value}");
            }
        }
        text.push(b'\n');
    }
    text
}
