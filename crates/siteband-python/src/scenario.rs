//! Whole questions from files.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arrow::array::{RecordBatch, RecordBatchReader};
use arrow::datatypes::{Schema, SchemaRef};
use arrow::ffi_stream::RecordBatchStreamReader;
use arrow::pyarrow::{PyArrowType, Table};
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyBytes, PyDict};
use self_cell::self_cell;
use siteband::{Length, Reading, Scorer, Sites};
use siteband_arrow::{Ids, Shape, with_all_scores};

use crate::ranking::{self, Ranking};
use crate::{archive, refuse, sites};

/// So many rows are scored at a time: the scores are the same bits however many these are.
const AT_ONCE: usize = 1 << 17;

self_cell!(
    /// A scorer beside the list that it looks at.
    struct Prepared {
        owner: Arc<Sites>,
        #[covariant]
        dependent: Scorer,
    }
    impl { Debug }
);

/// Reads a scenario: a question in TOML or JSON, as `siteband new` writes one. `Error` has the line at fault.
///
/// >>> import siteband as sb
/// >>> scenario = sb.read_scenario(DATA / "scenarios/sino-ri.toml")
/// >>> scenario.title
/// 'Iranian experts in North Korea, 2012'
#[pyfunction]
pub(crate) fn read_scenario(py: Python<'_>, path: PathBuf) -> PyResult<Scenario> {
    let scenario = py.detach(|| siteband::Scenario::from_path(&path)).map_err(refuse)?;
    Ok(Scenario::new(scenario))
}

/// A question: what was said and by whom, about which features, over which sites. See `read_scenario`.
///
/// Sites are given as None (the scenario's own), a path, a pandas, GeoPandas or polars frame, or anything that speaks Arrow, with columns
/// `lat` and `lon` in degrees or a geometry of points, and optionally `id`, `name`, `group`, `tags`, `prior` and `uncertainty_m`. A
/// GeoDataFrame is reprojected by its own coordinate reference system. Results come back as the same kind, with columns added; for None and
/// a path as a pyarrow Table.
///
/// It can be pickled, with every file that it needs.
///
/// >>> import pickle, siteband as sb
/// >>> scenario = sb.read_scenario(DATA / "scenarios/sino-ri.toml")
/// >>> pickle.loads(pickle.dumps(scenario)).title == scenario.title
/// True
#[pyclass(frozen, module = "siteband", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct Scenario {
    inner: Arc<siteband::Scenario>,
    /// Where it came from one.
    archive: OnceLock<Vec<u8>>,
    /// What [`siteband::Scenario::reference_sites`] gives.
    listed: OnceLock<Arc<Sites>>,
    scorers: Mutex<Vec<(Reading, Arc<Prepared>)>>,
}

impl Scenario {
    fn new(scenario: siteband::Scenario) -> Self {
        let (archive, listed) = (OnceLock::new(), OnceLock::new());
        Self { inner: Arc::new(scenario), archive, listed, scorers: Mutex::default() }
    }

    fn read_as(&self, name: Option<&str>) -> PyResult<Reading> {
        name.map_or(Ok(*self.inner.reading()), |name| name.parse().map_err(refuse))
    }

    fn listed(&self) -> Result<Arc<Sites>, String> {
        if let Some(listed) = self.listed.get() {
            return Ok(Arc::clone(listed));
        }
        let read = Arc::new(self.inner.reference_sites().map_err(|error| error.to_string())?);
        Ok(Arc::clone(self.listed.get_or_init(|| read)))
    }

    /// The scorer under a reading, made once.
    fn scorer(&self, reading: &Reading) -> Result<Arc<Prepared>, String> {
        let mut scorers = self.scorers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, scorer)) = scorers.iter().find(|(other, _)| other == reading) {
            return Ok(Arc::clone(scorer));
        }
        let constraints = self.inner.constraints(reading);
        let prepared =
            Arc::new(Prepared::new(self.listed()?, |listed| listed.scorer(&constraints, self.inner.options())));
        scorers.push((*reading, Arc::clone(&prepared)));
        Ok(prepared)
    }

    /// Rows with their scores; of the columns that they had, all or none are kept.
    fn scored(
        &self,
        reading: &Reading,
        schema: &SchemaRef,
        batches: impl Iterator<Item = Result<RecordBatch, String>>,
        keep: bool,
    ) -> Result<Vec<RecordBatch>, String> {
        let prepared = self.scorer(reading)?;
        let scorer = prepared.borrow_dependent();
        let names = scorer.column_names();
        let shape = Shape::new(schema, schema.metadata(), Ids::Optional).map_err(|error| error.to_string())?;
        let added = || names.iter().map(String::as_str).chain(["rejected"]);
        if let Some(name) = shape.columns().iter().find(|name| added().any(|added| added.eq_ignore_ascii_case(name))) {
            return Err(format!(
                "the list has a column '{name}', which would be added: rename it, or take a list that has no scores yet"
            ));
        }
        let mut parts = Vec::new();
        for batch in batches {
            let batch = batch?;
            let mut from = 0;
            // Also a batch without rows, which has the columns.
            while from == 0 || from < batch.num_rows() {
                let rows = batch.slice(from, AT_ONCE.min(batch.num_rows() - from));
                let read = shape.sites(&rows).map_err(|error| error.to_string())?;
                let found = scorer.score_batch(&read.sites);
                let rows = if keep { rows } else { rows.project(&[]).map_err(|error| error.to_string())? };
                parts.push(with_all_scores(&rows, &read, &found, &names).map_err(|error| error.to_string())?);
                from += AT_ONCE;
            }
        }
        Ok(parts)
    }
}

/// The batches of a stream.
fn batches(stream: RecordBatchStreamReader) -> impl Iterator<Item = Result<RecordBatch, String>> {
    stream.map(|batch| batch.map_err(|error| error.to_string()))
}

#[pymethods]
impl Scenario {
    /// What is asked, for people.
    #[getter]
    fn title(&self) -> &str {
        self.inner.title()
    }

    /// The name of the reading that it asks for.
    #[getter]
    fn reading(&self) -> &'static str {
        self.inner.reading().name()
    }

    /// What was said, in its own words or in siteband's, by id.
    ///
    /// >>> import siteband as sb
    /// >>> next(iter(sb.read_scenario(DATA / "scenarios/sino-ri.toml").statements))
    /// 'diplomat-1'
    #[getter]
    fn statements<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let constraints = self.inner.constraints(self.inner.reading());
        let text = |constraint: &siteband::Constraint| {
            constraint.claim().map_or_else(|| constraint.to_string(), |claim| claim.text().to_owned())
        };
        constraints.iter().map(|constraint| (constraint.id(), text(constraint))).into_py_dict(py)
    }

    /// The files that it names, relative to its own folder.
    #[getter]
    fn files(&self) -> Vec<PathBuf> {
        self.inner.files().to_vec()
    }

    /// The sites that it lists, as a pyarrow Table.
    ///
    /// >>> import siteband as sb
    /// >>> sb.read_scenario(DATA / "scenarios/sino-ri.toml").sites().num_rows
    /// 29
    fn sites<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("siteband._kinds")?.getattr("listed")?.call1((slf,))
    }

    /// Ranks sites by how well they fit what was said; see the class for what sites can be. Rows that are no sites are left out: see
    /// `Ranking.rejected`.
    ///
    /// >>> import siteband as sb
    /// >>> ranking = sb.read_scenario(DATA / "scenarios/sino-ri.toml").rank()
    /// >>> ranking.top(1)["id"][0].as_py(), round(ranking.none_of_these, 3)
    /// ('sino-ri', 0.066)
    #[pyo3(signature = (sites=None, reading=None))]
    fn rank<'py>(
        slf: &Bound<'py, Self>,
        sites: Option<Bound<'py, PyAny>>,
        reading: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("siteband._kinds")?.getattr("rank")?.call1((slf, sites, reading))
    }

    /// Scores sites, each alone, as `siteband score` does: `log_likelihood`, `decibans`, and per statement its distance and likelihood. A
    /// row that is no site keeps its place: its scores are missing, and the column `rejected` has the reason.
    ///
    /// >>> import pandas as pd, siteband as sb
    /// >>> scenario = sb.read_scenario(DATA / "scenarios/sino-ri.toml")
    /// >>> scores = scenario.score(pd.DataFrame({"lat": [39.6472, 40.2], "lon": [125.3675, 125.1]}))
    /// >>> (scores["diplomat-1_distance_m"] / 1000).round(1).tolist()
    /// [92.4, 29.2]
    #[pyo3(signature = (sites=None, reading=None))]
    fn score<'py>(
        slf: &Bound<'py, Self>,
        sites: Option<Bound<'py, PyAny>>,
        reading: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("siteband._kinds")?.getattr("score")?.call1((slf, sites, reading))
    }

    /// Scores the sites of an Arrow record batch: all its columns, without copying them, and those of `score` behind them. This is what
    /// Spark, Ray, Dask and polars call for each of their batches.
    ///
    /// >>> import pyarrow as pa, siteband as sb
    /// >>> scenario = sb.read_scenario(DATA / "scenarios/sino-ri.toml")
    /// >>> batch = pa.record_batch({"lat": [39.6472, 95.0], "lon": [125.3675, 125.0]})
    /// >>> scenario.score_batch(batch)["rejected"].to_pylist()[1][:16]
    /// 'lat: latitude 95'
    #[pyo3(signature = (batch, reading=None))]
    fn score_batch(
        &self,
        py: Python<'_>,
        batch: PyArrowType<RecordBatch>,
        reading: Option<&str>,
    ) -> PyResult<PyArrowType<RecordBatch>> {
        let reading = self.read_as(reading)?;
        let schema = batch.0.schema();
        let scored = py.detach(|| {
            let scored = self.scored(&reading, &schema, std::iter::once(Ok(batch.0)), true)?;
            let schema = scored.first().map_or(schema, RecordBatch::schema);
            match <[RecordBatch; 1]>::try_from(scored) {
                Ok([whole]) => Ok(whole),
                Err(parts) => arrow::compute::concat_batches(&schema, &parts).map_err(|error| error.to_string()),
            }
        });
        scored.map(PyArrowType).map_err(refuse::<String>)
    }

    /// The names of the columns that `score` adds, but for `rejected`.
    ///
    /// >>> import siteband as sb
    /// >>> sb.read_scenario(DATA / "scenarios/sino-ri.toml").score_columns()[:3]
    /// ['log_likelihood', 'decibans', 'diplomat-1_distance_m']
    #[pyo3(signature = (reading=None))]
    fn score_columns(&self, py: Python<'_>, reading: Option<&str>) -> PyResult<Vec<String>> {
        let reading = self.read_as(reading)?;
        let scorer = py.detach(|| self.scorer(&reading)).map_err(refuse)?;
        Ok(scorer.borrow_dependent().column_names())
    }

    /// Boxes outside of which no site has so many decibans, whatever its tags, if its position is certain: (south, north, west, east) in
    /// degrees, about `at_most` of them. The more boxes, the closer they lie around such places. A list that is sorted by place needs to be
    /// read no farther for its best sites.
    ///
    /// >>> import siteband as sb
    /// >>> boxes = sb.read_scenario(DATA / "scenarios/sino-ri.toml").cover(0.0)
    /// >>> all(30 < south < north < 50 and 110 < west < east < 140 for south, north, west, east in boxes)
    /// True
    #[pyo3(signature = (decibans, reading=None, at_most=64))]
    fn cover(
        &self,
        py: Python<'_>,
        decibans: f64,
        reading: Option<&str>,
        at_most: usize,
    ) -> PyResult<Vec<(f64, f64, f64, f64)>> {
        if decibans.is_nan() {
            return Err(refuse("nan decibans: expected a number"));
        }
        let reading = self.read_as(reading)?;
        let boxes = py.detach(|| {
            let prepared = self.scorer(&reading)?;
            let scorer = prepared.borrow_dependent();
            let least = scorer.log_likelihood_none() + decibans / 10.0 * std::f64::consts::LN_10;
            Ok(scorer.cover(least, Length::ZERO, at_most))
        });
        let boxes = boxes.map_err(refuse::<String>)?;
        Ok(boxes.iter().map(|of| (of.south_deg, of.north_deg, of.west_deg, of.east_deg)).collect())
    }

    /// The scenario with every file that it names, as bytes that `from_bytes` reads where none of the files are.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        if let Some(archive) = self.archive.get() {
            return Ok(PyBytes::new(py, archive));
        }
        let packed = py.detach(|| archive::pack(&self.inner)).map_err(refuse)?;
        Ok(PyBytes::new(py, &packed))
    }

    /// The scenario that `to_bytes` gave.
    ///
    /// >>> import siteband as sb
    /// >>> scenario = sb.read_scenario(DATA / "scenarios/sino-ri.toml")
    /// >>> sb.Scenario.from_bytes(scenario.to_bytes()).rank().none_of_these == scenario.rank().none_of_these
    /// True
    #[staticmethod]
    fn from_bytes(py: Python<'_>, archive: Vec<u8>) -> PyResult<Self> {
        py.detach(|| {
            let (_folder, path) = archive::unpack(&archive)?;
            let scenario = Self::new(siteband::Scenario::from_path(&path).map_err(|error| error.to_string())?);
            // The files are about to go.
            if scenario.inner.sites_path().is_some() {
                scenario.listed()?;
            }
            scenario.archive.get_or_init(|| archive);
            Ok(scenario)
        })
        .map_err(refuse::<String>)
    }

    #[new]
    fn unpickled(py: Python<'_>, archive: Vec<u8>) -> PyResult<Self> {
        Self::from_bytes(py, archive)
    }

    fn __getnewargs__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyBytes>,)> {
        Ok((self.to_bytes(py)?,))
    }

    fn __repr__(&self) -> String {
        let count = self.inner.constraints(self.inner.reading()).len();
        format!("<Scenario {:?}, {count} statements>", self.title())
    }

    /// The scenario's own sites as a table, and why rows of its list are none.
    fn _listed(&self, py: Python<'_>) -> PyResult<sites::Table> {
        py.detach(|| {
            if self.inner.sites_path().is_none() {
                return Err(self.inner.load_sites().err().map(|error| error.to_string()).unwrap_or_default());
            }
            sites::of(&*self.listed()?)
        })
        .map_err(refuse)
    }

    /// The columns that `score` adds to rows, each row in its place.
    fn _score(
        &self,
        py: Python<'_>,
        rows: PyArrowType<RecordBatchStreamReader>,
        reading: Option<&str>,
    ) -> PyResult<PyArrowType<Table>> {
        let reading = self.read_as(reading)?;
        py.detach(|| {
            let schema = rows.0.schema();
            let empty = RecordBatch::new_empty(Arc::clone(&schema));
            // One without rows, that there are columns in any case.
            let scored = self.scored(&reading, &schema, std::iter::once(Ok(empty)).chain(batches(rows.0)), false)?;
            let schema = scored.first().map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema);
            Table::try_new(scored, schema).map_err(|error| error.to_string())
        })
        .map(PyArrowType)
        .map_err(refuse::<String>)
    }

    /// The ranking of rows of a frame, which `_kinds` made a stream of, with what was rejected before there were rows.
    fn _rank(
        &self,
        py: Python<'_>,
        rows: PyArrowType<RecordBatchStreamReader>,
        reading: Option<&str>,
        frame: Py<PyAny>,
        rejected: Vec<String>,
    ) -> PyResult<Ranking> {
        let reading = self.read_as(reading)?;
        let ranked = py.detach(|| {
            let schema = rows.0.schema();
            let listed = ranking::list(&schema, batches(rows.0), rejected)?;
            Ok(ranking::Ranked::of(Arc::clone(&self.inner), reading, listed))
        });
        Ok(Ranking::new(ranked.map_err(refuse::<String>)?, frame))
    }
}
