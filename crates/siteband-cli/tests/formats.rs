//! Every format that the commands write, as other programs read it: names and keys are a contract.

mod common;

#[path = "formats/others.rs"]
mod others;
#[path = "formats/rank.rs"]
mod rank;
#[path = "formats/scenario.rs"]
mod scenario;

use std::collections::BTreeSet;

use common::{SINO_RI, siteband};
use serde_json::Value;

/// Sites of the bundled list.
const SITE_COUNT: usize = 29;

fn rank(format: &str, more: &[&str]) -> common::Ran {
    siteband(&[&["rank", SINO_RI, "--format", format], more].concat()).ok()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("'{key}' is no list: {}", value[key]))
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_else(|| panic!("'{key}' is no number: {}", value[key]))
}

/// The two ends of an interval, in metres.
fn ends(band: &Value, key: &str) -> (f64, f64) {
    let ends: Vec<f64> = list(band, key).iter().map(|end| end.as_f64().expect("a number")).collect();
    let [from, to] = ends[..] else { panic!("{key} has {} ends", ends.len()) };
    assert!(0.0 <= from && from <= to, "{key}: {from} to {to}");
    (from, to)
}

/// Whether two numbers agree but for the last bits, which a JSON reader may get wrong.
fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 4.0 * f64::EPSILON * a.abs()
}

fn parse(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("'{text}' is no number"))
}

/// The numbers of a CSV column.
fn column(header: &[String], rows: &[Vec<String>], name: &str) -> Vec<f64> {
    let at = header.iter().position(|column| column == name).unwrap_or_else(|| panic!("no column {name}: {header:?}"));
    rows.iter().map(|row| parse(&row[at])).collect()
}
