//! Scores of very large lists: rows flow from a source ([`source`]) in parts, through as many workers as there are threads
//! ([`worker`]), in their order into a file in the making ([`output`]), beside which a journal ([`journal`]) says how far it is, so that a
//! run that was cut short can be resumed ([`pipeline`]).

#[cfg(any(test, fuzzing))]
pub mod doors;
mod journal;
mod listed;
mod output;
#[cfg(feature = "parquet")]
mod parquet;
mod pipeline;
mod source;
mod worker;

pub(crate) use journal::{Fingerprint, hex};
pub(crate) use output::{Sink, Totals};
pub(crate) use pipeline::{Job, run};
pub(crate) use source::Source;
pub(crate) use worker::{Format, Worker};
