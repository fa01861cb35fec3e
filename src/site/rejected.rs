//! What becomes of rows that are no sites, and of lists that are none.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::limits::SHOWN_CHARS;
use crate::text::beginning;

/// Where a row stands in its file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RowPlace {
    /// On a line, counted from 1.
    Line(u64),
    /// Among the features, counted from 1.
    Feature(usize),
    /// Among the placemarks, counted from 1, on a line.
    #[cfg(feature = "kml")]
    Placemark { number: usize, line: u64 },
}

impl RowPlace {
    pub(crate) fn line(self) -> Option<u64> {
        match self {
            Self::Line(line) => Some(line),
            Self::Feature(_) => None,
            #[cfg(feature = "kml")]
            Self::Placemark { line, .. } => Some(line),
        }
    }

    pub(crate) fn reject(self, column: &str, whole: &str, reason: impl Into<String>) -> Rejected {
        let line = self.line();
        let of = |what: &str, number: usize| {
            if column.is_empty() { format!("{what} {number}") } else { format!("{what} {number}: {column}") }
        };
        let column = match self {
            Self::Line(_) => column.to_owned(),
            Self::Feature(number) => of("feature", number),
            #[cfg(feature = "kml")]
            Self::Placemark { number, .. } => of("placemark", number),
        };
        let (value, mut reason) = (beginning(whole, SHOWN_CHARS), reason.into());
        if value.len() < whole.len() {
            // What is said of a long value shows it as short.
            reason = reason.replace(whole, &value);
        }
        let reason = beginning(&reason, 5 * SHOWN_CHARS).into_owned();
        Rejected { file: None, line, column, value: value.into_owned(), reason }
    }
}

impl fmt::Display for RowPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "on line {line}"),
            Self::Feature(number) => write!(f, "by feature {number}"),
            #[cfg(feature = "kml")]
            Self::Placemark { number, .. } => write!(f, "by placemark {number}"),
        }
    }
}

/// A row that was read and is no site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// The file, where it came from one.
    pub file: Option<PathBuf>,
    /// The line on which the row begins, counted from 1; none for GeoJSON but for text sequences.
    pub line: Option<u64>,
    /// The column at fault; for GeoJSON and KML the number of the feature or placemark, and the property.
    pub column: String,
    /// What stood there; the first [`SHOWN_CHARS`] characters of it.
    pub value: String,
    /// Why it will not do.
    pub reason: String,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        match (self.line, self.column.as_str()) {
            (Some(line), "") => write!(f, "line {line}: ")?,
            (Some(line), column) => write!(f, "line {line}, {column}: ")?,
            (None, column) => write!(f, "{column}: ")?,
        }
        if !self.value.is_empty() && !self.reason.contains(&self.value) {
            write!(f, "'{}': ", self.value)?;
        }
        f.write_str(&self.reason)
    }
}

/// A list of sites that cannot be read at all, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SitesError {
    /// The file, where it came from one.
    pub file: Option<PathBuf>,
    /// What was found and what was expected.
    pub reason: String,
}

impl SitesError {
    pub(super) fn new(file: Option<&Path>, reason: impl Into<String>) -> Self {
        Self { file: file.map(Path::to_owned), reason: reason.into() }
    }
}

impl fmt::Display for SitesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for SitesError {}
