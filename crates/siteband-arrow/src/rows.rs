//! Rows that become sites, or are rejected with a reason.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float64Array, RecordBatch};
use arrow::compute::{cast, filter_record_batch};
use arrow::datatypes::{DataType, Float64Type};
use siteband::{Length, Position, Rejected, Site, SiteBatch};

use crate::InvalidColumns;
use crate::places::Places;
use crate::shape::Shape;
use crate::tags::Tags;

/// A column, a value and a reason.
pub(crate) type Fault = (&'static str, String, String);

/// The sites of some rows, in columns.
#[derive(Clone, Debug)]
pub struct Read {
    /// The sites, in the order of their rows.
    pub sites: SiteBatch,
    /// Whether each row is a site.
    pub is_good: BooleanArray,
    /// The rows that are none, each with its number among these rows, from 0.
    pub rejected: Vec<(usize, Rejected)>,
}

impl Read {
    /// Those of these rows that are sites.
    ///
    /// # Errors
    /// [`InvalidColumns`] if these are not the rows that were read.
    pub fn good_rows(&self, rows: &RecordBatch) -> Result<RecordBatch, InvalidColumns> {
        if self.rejected.is_empty() {
            return Ok(rows.clone());
        }
        filter_record_batch(rows, &self.is_good).map_err(InvalidColumns::new)
    }
}

/// The sites of some rows, with what a ranking shows of them.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// Each site with the number of its row among these rows, from 0.
    pub sites: Vec<(usize, Site)>,
    /// The rows that are none, with their numbers.
    pub rejected: Vec<(usize, Rejected)>,
}

/// What a row says of its site.
struct Row<'a> {
    at: usize,
    id: &'a str,
    position: Position,
    prior: f64,
}

impl Shape {
    /// The sites of some rows of this shape, to be scored. A row without an id has an empty one where ids are optional.
    ///
    /// # Errors
    /// [`InvalidColumns`] if a column cannot be read as numbers, texts or points; a row that is no site is rejected.
    pub fn sites(&self, rows: &RecordBatch) -> Result<Read, InvalidColumns> {
        let tags = self.tags(rows)?;
        let mut sites = SiteBatch::default();
        let rejected = self.each(rows, |row| {
            match &tags {
                Some(tags) => sites.push(row.id, row.position, tags.get(row.at), row.prior),
                None => sites.push(row.id, row.position, [], row.prior),
            }
            Ok(())
        })?;
        let mut is_good = vec![true; rows.num_rows()];
        for (at, _) in &rejected {
            is_good[*at] = false;
        }
        Ok(Read { sites, is_good: BooleanArray::from(is_good), rejected })
    }

    /// The sites of some rows of this shape, to be ranked; `before` rows came before them, which matters for the ids of rows without a
    /// column of ids.
    ///
    /// # Errors
    /// As [`Shape::sites`].
    pub fn list(&self, rows: &RecordBatch, before: usize) -> Result<Listed, InvalidColumns> {
        let tags = self.tags(rows)?;
        let texts = |at: Option<usize>| at.map(|at| self.column(rows, at, &DataType::Utf8)).transpose();
        let (names, groups) = (texts(self.name)?, texts(self.group)?);
        let text = |texts: &Option<ArrayRef>, at: usize| {
            let texts = texts.as_ref()?.as_string::<i32>();
            texts.is_valid(at).then(|| texts.value(at).trim().to_owned()).filter(|text| !text.is_empty())
        };
        let mut sites = Vec::new();
        let rejected = self.each(rows, |row| {
            let id = if self.id.is_some() { row.id.to_owned() } else { (before + row.at + 1).to_string() };
            let mut site = Site::new(id, row.position)
                .with_prior(row.prior)
                .map_err(|error| ("prior", row.prior.to_string(), error.to_string()))?;
            if let Some(name) = text(&names, row.at) {
                site = site.with_name(name);
            }
            if let Some(group) = text(&groups, row.at) {
                site = site.with_group(group);
            }
            if let Some(tags) = &tags {
                site = site.with_tags(tags.get(row.at));
            }
            sites.push((row.at, site));
            Ok(())
        })?;
        Ok(Listed { sites, rejected })
    }

    fn column(&self, rows: &RecordBatch, at: usize, kind: &DataType) -> Result<ArrayRef, InvalidColumns> {
        let name = self.schema.field(at).name();
        let failed = |error: &dyn std::fmt::Display| InvalidColumns::new(format!("the column '{name}': {error}"));
        let column = rows.columns().get(at).ok_or_else(|| failed(&"these rows have none"))?;
        cast(column, kind).map_err(|error| failed(&error))
    }

    fn tags(&self, rows: &RecordBatch) -> Result<Option<Tags>, InvalidColumns> {
        let tags = |at: usize| Tags::new(rows.column(at), |kind| self.column(rows, at, kind));
        self.tags.map(tags).transpose()
    }

    /// Gives each row that is a site to `keep`; the others, and those that it refuses, are rejected.
    fn each(
        &self,
        rows: &RecordBatch,
        mut keep: impl FnMut(Row<'_>) -> Result<(), Fault>,
    ) -> Result<Vec<(usize, Rejected)>, InvalidColumns> {
        let column = |at: usize, kind: &DataType| self.column(rows, at, kind);
        let numbers = |at: Option<usize>| {
            at.map(|at| column(at, &DataType::Float64).map(|array| array.as_primitive::<Float64Type>().clone()))
                .transpose()
        };
        let ids = self.id.map(|at| column(at, &DataType::Utf8)).transpose()?;
        let places = Places::new(self.place, rows, column)?;
        let (priors, uncertainties_m) = (numbers(self.prior)?, numbers(self.uncertainty_m)?);
        let known = |numbers: &Option<Float64Array>, at: usize| {
            numbers.as_ref().filter(|numbers| numbers.is_valid(at)).map(|numbers| numbers.value(at))
        };
        let site = |at: usize| -> Result<Row<'_>, Fault> {
            let id = match &ids {
                Some(ids) => {
                    let ids = ids.as_string::<i32>();
                    let id = if ids.is_valid(at) { ids.value(at).trim() } else { "" };
                    if id.is_empty() {
                        return Err(("id", String::new(), "the id is empty".to_owned()));
                    }
                    id
                }
                None => "",
            };
            let mut position = places.get(at)?;
            if let Some(m) = known(&uncertainties_m, at) {
                let length = Length::from_m(m).map_err(|error| ("uncertainty_m", m.to_string(), error.to_string()))?;
                position = position.with_uncertainty(length);
            }
            let prior = known(&priors, at).unwrap_or(1.0);
            if !(prior.is_finite() && prior > 0.0) {
                let reason = format!("'{prior}' is no prior weight: expected a number above zero");
                return Err(("prior", prior.to_string(), reason));
            }
            Ok(Row { at, id, position, prior })
        };
        let mut rejected = Vec::new();
        for at in 0..rows.num_rows() {
            if let Err((column, value, reason)) = site(at).and_then(&mut keep) {
                rejected.push((at, Rejected { file: None, line: None, column: column.to_owned(), value, reason }));
            }
        }
        Ok(rejected)
    }
}
