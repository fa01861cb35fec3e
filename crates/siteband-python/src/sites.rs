//! Lists of sites in files, as Arrow tables.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, ListBuilder, RecordBatch, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Field};
use arrow::pyarrow::PyArrowType;
use pyo3::prelude::*;
use siteband::{Rejected, Site, SiteReader, Sites};

use crate::refuse;

/// A table of sites, and why each of the other rows of the list is none.
pub(crate) type Table = (PyArrowType<RecordBatch>, Vec<String>);

/// The sites of a list in a file (.csv, .geojson, .geojsonl, .kml, .kmz or .sbx) as an Arrow record batch, and why each row that is none
/// was rejected. Where the file does not say how good a position is, `uncertainty_m` is what its digits imply. Unless ids must be unique, as a
/// ranking needs them, rows of a .csv may share one.
///
/// >>> import siteband as sb
/// >>> sites, rejected = sb.read_sites(DATA / "sites/dprk-facilities.csv")
/// >>> sites.num_rows, rejected
/// (29, [])
#[pyfunction]
#[pyo3(signature = (path, unique=true))]
pub(crate) fn read_sites(py: Python<'_>, path: PathBuf, unique: bool) -> PyResult<Table> {
    py.detach(|| {
        let is_csv = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        if unique || !is_csv || path.is_dir() {
            return Sites::from_path(&path).map_err(|error| error.to_string()).and_then(|sites| of(&sites));
        }
        let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let rows =
            SiteReader::new(File::open(&path).map_err(|error| named(&error))?).map_err(|error| named(&error.reason))?;
        let (mut sites, mut rejected) = (Vec::new(), Vec::new());
        for row in rows {
            match row {
                Ok(site) => sites.push(site),
                Err(row) => rejected.push(Rejected { file: Some(path.clone()), ..row }),
            }
        }
        table(&sites, &rejected)
    })
    .map_err(refuse)
}

/// A list as a table.
pub(crate) fn of(sites: &Sites) -> Result<Table, String> {
    table(sites.as_slice(), sites.rejected())
}

fn table(sites: &[Site], rejected: &[Rejected]) -> Result<Table, String> {
    let texts =
        |text: fn(&Site) -> Option<&str>| -> ArrayRef { Arc::new(sites.iter().map(text).collect::<StringArray>()) };
    let numbers =
        |number: fn(&Site) -> f64| -> ArrayRef { Arc::new(Float64Array::from_iter_values(sites.iter().map(number))) };
    let mut tags = ListBuilder::new(StringBuilder::new()).with_field(Field::new("item", DataType::Utf8, true));
    for site in sites {
        tags.append_value(site.tags().iter().map(Some));
    }
    let mut columns: Vec<(String, ArrayRef)> = vec![
        ("id".to_owned(), texts(|site| Some(site.id()))),
        ("name".to_owned(), texts(|site| Some(site.name()))),
        ("group".to_owned(), texts(Site::group)),
        ("lat".to_owned(), numbers(|site| site.position().lat_deg())),
        ("lon".to_owned(), numbers(|site| site.position().lon_deg())),
        ("uncertainty_m".to_owned(), numbers(|site| site.position().uncertainty().m())),
        ("tags".to_owned(), Arc::new(tags.finish())),
        ("prior".to_owned(), numbers(Site::prior)),
    ];
    let mut others: Vec<&str> = Vec::new();
    for (name, _) in sites.iter().flat_map(Site::other_columns) {
        let is_own = columns.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
        if !is_own && !others.contains(&name.as_str()) {
            others.push(name);
        }
    }
    for name in others {
        let value = |site| Site::other_columns(site).iter().find(|(other, _)| other == name).map(|(_, value)| value);
        let values: StringArray = sites.iter().map(value).collect();
        columns.push((name.to_owned(), Arc::new(values)));
    }
    // Also where there are no sites, the columns may be null.
    let columns = columns.into_iter().map(|(name, values)| (name, values, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).map_err(|error| error.to_string())?;
    Ok((PyArrowType(batch), rejected.iter().map(ToString::to_string).collect()))
}
