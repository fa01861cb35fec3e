//! Sites from Arrow record batches, and scores into them: what the command does with Parquet files, and Python with frames.
//!
//! A [`Shape`] says which columns are what. [`Shape::sites`] makes of each row a site or a rejected row with its reason; [`with_scores`]
//! puts scores behind the columns that were there.
//!
//! # Example
//! ```
//! use std::sync::Arc;
//! use arrow::array::{ArrayRef, Float64Array, RecordBatch};
//! use siteband::{Constraint, RankOptions, Sites};
//! use siteband_arrow::{Ids, Shape, with_scores};
//!
//! let lat: ArrayRef = Arc::new(Float64Array::from(vec![39.65, 95.0]));
//! let lon: ArrayRef = Arc::new(Float64Array::from(vec![125.37, 125.0]));
//! let rows = RecordBatch::try_from_iter([("lat", lat), ("lon", lon)])?;
//! let shape = Shape::new(&rows.schema(), rows.schema().metadata(), Ids::Optional)?;
//! let read = shape.sites(&rows)?;
//! assert_eq!((read.sites.len(), read.rejected[0].0, read.rejected[0].1.column.as_str()), (1, 1, "lat"));
//!
//! let training = Constraint::attribute("training", 3.0, 1.0)?.with_id("map-1");
//! let listed = Sites::new(Vec::new())?;
//! let scorer = listed.scorer(&[training], &RankOptions::default());
//! let scored = with_scores(&read.good_rows(&rows)?, &scorer.score_batch(&read.sites), &scorer.column_names())?;
//! assert_eq!((scored.num_rows(), scored.schema().field(2).name().as_str()), (1, "log_likelihood"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod geometry;
mod places;
mod rows;
mod scores;
mod shape;
mod tags;

pub use rows::{Listed, Read};
pub use scores::{with_all_scores, with_scores};
pub use shape::{Ids, Shape};

/// Columns that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidColumns {
    /// What was found and what was expected.
    pub reason: String,
}

impl InvalidColumns {
    fn new(reason: impl std::fmt::Display) -> Self {
        Self { reason: reason.to_string() }
    }
}
