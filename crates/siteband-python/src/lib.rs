//! siteband for Python: the classes, as thin as they can be. What depends on the kind of a frame (pandas, GeoPandas, polars, Arrow) is done in
//! Python, in `siteband._kinds`; here everything is Arrow.
//!
//! The interpreter is let go around everything that takes time.

#![allow(clippy::doc_link_with_quotes, clippy::doc_markdown, reason = "the documentation is Python's")]
#![allow(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]

mod archive;
mod claim;
mod feature;
mod position;
mod ranking;
mod scenario;
mod sites;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

pyo3::create_exception!(
    siteband,
    Error,
    PyValueError,
    "What cannot be used, and why: what was found, where it stands (file, line, column), and what was expected.\n\n\
     >>> import siteband as sb\n\
     >>> try:\n\
     ...     sb.Position(95, 125)\n\
     ... except sb.Error as error:\n\
     ...     print(error)\n\
     latitude 95 is out of range: expected from -90 to 90 degrees\n"
);

/// An error of the library as one of Python.
fn refuse<E: std::fmt::Display>(error: E) -> PyErr {
    Error::new_err(error.to_string())
}

#[pymodule(name = "_siteband")]
mod module {
    #[pymodule_export]
    use super::Error;
    #[pymodule_export]
    use super::claim::{Band, Claim, find_claims, parse_claim};
    #[pymodule_export]
    use super::feature::{Feature, border, borders, read_features};
    #[pymodule_export]
    use super::position::Position;
    #[pymodule_export]
    use super::ranking::Ranking;
    #[pymodule_export]
    use super::scenario::{Scenario, read_scenario};
    #[pymodule_export]
    use super::sites::read_sites;
}
