//! A ranking for people and for programs.

mod calibration;
mod csv;
mod explanation;
mod geojson;
mod json;

pub(crate) use calibration::calibration_svg;
use serde::Serialize;
pub(crate) use siteband_map::text::{Text, one_line, paragraph, plain_table, printable, wrapped};
pub(crate) use siteband_map::{CAUTION, percent, signed};

pub(crate) use csv::csv;
pub(crate) use explanation::{Explained, explanation};
pub(crate) use geojson::geojson;
pub(crate) use json::json;

/// Indented JSON with a line feed at the end.
pub(crate) fn pretty_json(value: &impl Serialize) -> String {
    // These types hold no maps with keys that are not text, and no numbers that are not finite: nothing can fail.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// Minus infinity and its like, which JSON does not have, as none.
pub(crate) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
