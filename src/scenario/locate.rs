//! Reading TOML or JSON, and finding the line of a value again when something is wrong with it.

use std::fmt::Write;

use serde::de::DeserializeOwned;
#[cfg(feature = "toml")]
use toml::de::{DeTable, DeValue};

use crate::near::did_you_mean;

/// One step of the way to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Name(&'static str),
    Number(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Toml,
    Json,
}

/// The typed file, or the line and the reason why it is none.
pub(super) fn read<T: DeserializeOwned>(text: &str, format: Format) -> Result<T, (Option<usize>, String)> {
    match format {
        #[cfg(not(feature = "toml"))]
        Format::Toml => Err((None, "TOML is read where siteband is built with its feature 'toml'".to_owned())),
        #[cfg(feature = "toml")]
        Format::Toml => toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| line_at(text, span.start));
            (line, with_near_match(error.message()))
        }),
        Format::Json => serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
            let message = error.to_string();
            let plain = message.rsplit_once(" at line ").map_or(message.as_str(), |(plain, _)| plain);
            (Some(error.line()), format!("{} (column {})", with_near_match(plain), error.column()))
        }),
    }
}

/// Serde names an unknown key and the known ones in backticks: what is nearest is said too.
fn with_near_match(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let near = if message.starts_with("unknown field") {
        quoted.next().map_or_else(String::new, |found| did_you_mean(found, quoted))
    } else {
        String::new()
    };
    let plain = [
        ("unknown field", "unknown key"),
        ("missing field", "missing key"),
        ("floating point", "number"),
        ("expected f64", "expected a number"),
        ("expected a string", "expected text"),
        ("expected a sequence", "expected a list"),
        ("invalid type: string", "found the text"),
        ("invalid type: ", "found "),
        ("expected struct ", "expected a table for "),
    ];
    let message =
        plain.iter().fold(message.to_owned(), |message, (technical, plain)| message.replace(technical, plain));
    format!("{message}{near}")
}

#[cfg(feature = "toml")]
fn line_at(text: &str, byte: usize) -> usize {
    1 + text.get(..byte).unwrap_or(text).matches('\n').count()
}

/// The line on which a value, or as much of the way to it as exists, stands; none for JSON.
#[cfg(not(feature = "toml"))]
pub(super) fn line_of(_: &str, _: Format, _: &[Key]) -> Option<usize> {
    None
}

/// The line on which a value, or as much of the way to it as exists, stands; none for JSON.
#[cfg(feature = "toml")]
pub(super) fn line_of(text: &str, format: Format, at: &[Key]) -> Option<usize> {
    if format == Format::Json {
        return None;
    }
    let table = DeTable::parse(text).ok()?;
    let (first, rest) = at.split_first()?;
    let Key::Name(name) = first else { return None };
    let mut value = table.get_ref().get(*name)?;
    for key in rest {
        let next = match (key, value.get_ref()) {
            (Key::Name(name), DeValue::Table(table)) => table.get(*name),
            (Key::Number(number), DeValue::Array(array)) => array.get(*number),
            _ => None,
        };
        let Some(next) = next else { break };
        value = next;
    }
    Some(line_at(text, value.span().start))
}

/// `claim[2].away_from.feature`, counted from 1.
pub(super) fn path_of(at: &[Key]) -> String {
    let mut path = String::new();
    for key in at {
        // Writing to a string cannot fail.
        let _ = match key {
            Key::Name(name) if path.is_empty() => write!(path, "{name}"),
            Key::Name(name) => write!(path, ".{name}"),
            Key::Number(number) => write!(path, "[{}]", number + 1),
        };
    }
    path
}

#[cfg(all(test, feature = "toml"))]
mod tests {
    use super::Key::{Name, Number};
    use super::*;

    #[test]
    fn values_are_found_again() {
        let text = "title = 'x'\n\n[[claim]]\nsource = 'a'\n\n[[claim]]\nsource = 'b'\naway_from = { feature = 'p',\n midpoint_km = 3 }\n";
        let at = |keys: &[Key]| line_of(text, Format::Toml, keys);
        assert_eq!(at(&[Name("title")]), Some(1));
        assert_eq!(at(&[Name("claim"), Number(1), Name("source")]), Some(7));
        assert_eq!(at(&[Name("claim"), Number(1), Name("away_from"), Name("midpoint_km")]), Some(9));
        assert_eq!(at(&[Name("claim"), Number(1)]), Some(6));
        assert_eq!(
            path_of(&[Name("claim"), Number(1), Name("away_from"), Name("feature")]),
            "claim[2].away_from.feature"
        );
    }
}
