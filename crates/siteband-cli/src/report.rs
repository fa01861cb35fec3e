//! A ranking for people and for programs.

mod calibration;
mod csv;
mod explanation;
mod geojson;
mod json;
mod robustness;
mod table;

pub(crate) use calibration::calibration_svg;
use serde::Serialize;
use siteband::{Ranking, Reading, Robustness, Sites};

pub(crate) use csv::csv;
pub(crate) use explanation::{Explained, explanation};
pub(crate) use geojson::geojson;
pub(crate) use json::json;
pub(crate) use table::{full_table, paragraph, plain_table, table, wrapped};

/// A ranking with what must stand beside it.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    pub(crate) title: &'a str,
    pub(crate) reading: &'a Reading,
    pub(crate) sites: &'a Sites,
    pub(crate) ranking: &'a Ranking<'a>,
    /// None where it was not asked for.
    pub(crate) robustness: Option<&'a Robustness>,
}

/// What no report is without.
pub(crate) const CAUTION: &str = "This is how well sites fit what was said, not evidence that anything is there.";

/// A probability for people: one decimal, and never 0 for what is possible or 100 for what is not certain.
pub(crate) fn percent(probability: f64) -> String {
    match 100.0 * probability {
        0.0 => "0 %".to_owned(),
        p if p < 0.05 => "< 0.1 %".to_owned(),
        p if p > 99.95 && p < 100.0 => "> 99.9 %".to_owned(),
        p => format!("{p:.1} %"),
    }
}

/// A number with its sign: a real minus, and none for zero.
pub(crate) fn signed(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded == 0.0 {
        "0.0".to_owned()
    } else if rounded < 0.0 {
        format!("\u{2212}{:.1}", -rounded)
    } else {
        format!("+{rounded:.1}")
    }
}

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
