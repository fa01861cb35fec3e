//! Scores as columns.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Metadata, Schema};
use siteband::Scores;

use crate::InvalidColumns;
use crate::rows::Read;

/// Rows with their scores behind them, under these names ([`siteband::Scorer::column_names`]); each row has a score. The schema's metadata,
/// which may be those of a file, are left out.
///
/// # Errors
/// [`InvalidColumns`] if there are not as many scores as rows.
pub fn with_scores(rows: &RecordBatch, scores: &Scores, names: &[String]) -> Result<RecordBatch, InvalidColumns> {
    let score = |values: &[f64]| -> ArrayRef { Arc::new(Float64Array::from(values.to_vec())) };
    let added = names.iter().zip(scores.columns());
    let added = added.map(|(name, values)| (Field::new(name, DataType::Float64, false), score(values)));
    with_columns(rows, added, Metadata::default())
}

/// All rows that were read with their scores behind them: null where a row is no site, and behind them in a column `rejected` the reason
/// why it is none.
///
/// # Errors
/// As [`with_scores`].
pub fn with_all_scores(
    rows: &RecordBatch,
    read: &Read,
    scores: &Scores,
    names: &[String],
) -> Result<RecordBatch, InvalidColumns> {
    let added = names.iter().zip(scores.columns()).map(|(name, values)| {
        (Field::new(name, DataType::Float64, true), Arc::new(spread(values, &read.is_good)) as ArrayRef)
    });
    let mut reasons = vec![None; rows.num_rows()];
    for (at, row) in &read.rejected {
        if let Some(reason) = reasons.get_mut(*at) {
            *reason = Some(row.to_string());
        }
    }
    let reasons: ArrayRef = Arc::new(StringArray::from(reasons));
    let added = added.chain([(Field::new("rejected", DataType::Utf8, true), reasons)]);
    with_columns(rows, added, rows.schema().metadata().clone())
}

/// A value for each good row, null for the others.
fn spread(values: &[f64], is_good: &BooleanArray) -> Float64Array {
    if values.len() == is_good.len() {
        return Float64Array::from(values.to_vec());
    }
    let mut values = values.iter();
    let all = is_good.values().iter().map(|good| if good { values.next().copied().unwrap_or(f64::NAN) } else { 0.0 });
    Float64Array::new(all.collect(), Some(NullBuffer::new(is_good.values().clone())))
}

fn with_columns(
    rows: &RecordBatch,
    added: impl Iterator<Item = (Field, ArrayRef)>,
    metadata: Metadata,
) -> Result<RecordBatch, InvalidColumns> {
    let mut fields: Vec<Arc<Field>> = rows.schema().fields().iter().cloned().collect();
    let mut columns: Vec<ArrayRef> = rows.columns().to_vec();
    for (field, values) in added {
        fields.push(Arc::new(field));
        columns.push(values);
    }
    let schema = Schema::new_with_metadata(fields, metadata);
    RecordBatch::try_new(Arc::new(schema), columns).map_err(InvalidColumns::new)
}
