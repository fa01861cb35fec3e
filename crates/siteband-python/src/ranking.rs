//! Rankings, as they are shown in Python.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch};
use arrow::datatypes::SchemaRef;
use arrow::pyarrow::PyArrowType;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{IntoPyDict, PyBytes, PyDict};
use self_cell::self_cell;
use siteband::{Reading, Rejected, Robustness, Scenario, Site, Sites};
use siteband_arrow::{Ids, Shape};
use siteband_map::text::Text;
use siteband_map::{Drawing, PictureOptions, Report};

use crate::refuse;

/// So many sites are shown, as the command does.
const SHOWN: usize = 10;

/// What was ranked.
#[derive(Debug)]
struct Asked {
    scenario: Arc<Scenario>,
    reading: Reading,
    sites: Sites,
}

type RankingOf<'a> = siteband::Ranking<'a>;

self_cell!(
    /// A ranking beside what was ranked.
    struct Answered {
        owner: Asked,
        #[covariant]
        dependent: RankingOf,
    }
    impl { Debug }
);

/// The sites of rows.
#[derive(Debug)]
pub(crate) struct Listed {
    sites: Sites,
    /// The row of each site, from 0.
    rows: Vec<usize>,
    rejected: Vec<String>,
}

/// The sites of the rows of a frame, beside what was rejected before there were rows. Of two rows with one id the second is rejected.
pub(crate) fn list(
    schema: &SchemaRef,
    batches: impl Iterator<Item = Result<RecordBatch, String>>,
    mut rejected: Vec<String>,
) -> Result<Listed, String> {
    let shape = Shape::new(schema, schema.metadata(), Ids::Optional).map_err(|error| error.to_string())?;
    let (mut sites, mut rows): (Vec<Site>, Vec<usize>) = Default::default();
    let mut first_of: HashMap<String, usize> = HashMap::new();
    let mut before = 0;
    for batch in batches {
        let batch = batch?;
        let listed = shape.list(&batch, before).map_err(|error| error.to_string())?;
        let mut reject = |at: usize, row: Rejected| {
            let column = format!("row {}, {}", before + at + 1, row.column);
            rejected.push(Rejected { column, ..row }.to_string());
        };
        for (at, row) in listed.rejected {
            reject(at, row);
        }
        for (at, site) in listed.sites {
            match first_of.entry(site.id().to_ascii_lowercase()) {
                Entry::Vacant(entry) => {
                    entry.insert(before + at);
                    sites.push(site);
                    rows.push(before + at);
                }
                Entry::Occupied(first) => {
                    let reason = format!("this id is used before, in row {}", first.get() + 1);
                    let (column, value) = ("id".to_owned(), site.id().to_owned());
                    reject(at, Rejected { file: None, line: None, column, value, reason });
                }
            }
        }
        before += batch.num_rows();
    }
    if sites.is_empty() {
        let first = rejected.first().map_or_else(String::new, |first| format!("; {first}"));
        return Err(format!("the list has no valid site to rank{first}"));
    }
    let sites = Sites::new(sites).map_err(|error| error.to_string())?;
    Ok(Listed { sites, rows, rejected })
}

/// Sites that have been ranked.
#[derive(Debug)]
pub(crate) struct Ranked {
    answered: Answered,
    rows: Vec<usize>,
    rejected: Vec<String>,
}

impl Ranked {
    pub(crate) fn of(scenario: Arc<Scenario>, reading: Reading, listed: Listed) -> Self {
        let asked = Asked { scenario, reading, sites: listed.sites };
        let answered = Answered::new(asked, |asked| asked.scenario.rank(&asked.sites, &asked.reading));
        Self { answered, rows: listed.rows, rejected: listed.rejected }
    }

    fn ranking(&self) -> &siteband::Ranking<'_> {
        self.answered.borrow_dependent()
    }

    fn report(&self) -> Report<'_> {
        let asked = self.answered.borrow_owner();
        Report::new(&asked.scenario, &asked.sites, &asked.reading)
    }

    /// What a ranking adds to its rows, best first, and in the column `row` which they are.
    fn columns(&self) -> Result<RecordBatch, String> {
        let ranking = self.ranking();
        let ranked: Vec<siteband::Ranked<'_>> = ranking.top(ranking.len()).collect();
        let row_of: HashMap<&str, usize> =
            self.answered.borrow_owner().sites.as_slice().iter().map(Site::id).zip(self.rows.iter().copied()).collect();
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let whole = |value: &dyn Fn(&siteband::Ranked<'_>) -> usize| -> ArrayRef {
            Arc::new(ranked.iter().map(|site| number(value(site))).collect::<Int64Array>())
        };
        let real = |value: &dyn Fn(&siteband::Ranked<'_>) -> Option<f64>| -> ArrayRef {
            Arc::new(ranked.iter().map(value).collect::<Float64Array>())
        };
        let mut columns: Vec<(String, ArrayRef)> = vec![
            ("row".to_owned(), whole(&|site| row_of.get(site.site.id()).copied().unwrap_or(usize::MAX))),
            ("rank".to_owned(), whole(&|site| site.rank)),
            ("posterior".to_owned(), real(&|site| Some(site.posterior))),
            ("log_likelihood".to_owned(), real(&|site| Some(site.log_likelihood))),
            ("decibans".to_owned(), real(&|site| Some(ranking.decibans(site)).filter(|decibans| !decibans.is_nan()))),
        ];
        for (at, constraint) in ranking.constraints().enumerate() {
            let id = constraint.id();
            let evidence = |site: &siteband::Ranked<'_>| site.evidence.get(at).cloned();
            if constraint.kind() != "attribute" {
                let distance_m = real(&|site| evidence(site)?.distance.map(siteband::Length::m));
                columns.push((format!("{id}_distance_m"), distance_m));
            }
            columns.push((format!("{id}_log_likelihood"), real(&|site| Some(evidence(site)?.log_likelihood))));
        }
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, values)| (name, values, true)))
            .map_err(|error| error.to_string())
    }
}

/// Sites ranked by how well they fit what was said, with the probability that none does: see `Scenario.rank`.
///
/// It prints as the table of `siteband rank`, shows itself in a notebook as the page of `siteband map`, and plots.
///
/// >>> import siteband as sb
/// >>> ranking = sb.read_scenario(DATA / "scenarios/sino-ri.toml").rank()
/// >>> print(ranking)  # doctest: +ELLIPSIS
/// Iranian experts in North Korea, 2012
/// <BLANKLINE>
///  #   site ...
///  1   Sino-ri ...
#[pyclass(frozen, module = "siteband", skip_from_py_object)]
pub(crate) struct Ranking {
    ranked: Ranked,
    /// The rows that were ranked, in their own kind.
    frame: Py<PyAny>,
    table: PyOnceLock<Py<PyAny>>,
    robustness: OnceLock<Robustness>,
}

impl std::fmt::Debug for Ranking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ranking").field("ranked", &self.ranked).finish_non_exhaustive()
    }
}

impl Ranking {
    pub(crate) fn new(ranked: Ranked, frame: Py<PyAny>) -> Self {
        Self { ranked, frame, table: PyOnceLock::new(), robustness: OnceLock::new() }
    }

    fn draw(&self, py: Python<'_>, drawing: Drawing, options: &PictureOptions) -> PyResult<Vec<u8>> {
        py.detach(|| self.ranked.report().draw(drawing, options)).map_err(refuse)
    }

    fn text(&self, py: Python<'_>, drawing: Drawing, options: &PictureOptions) -> PyResult<String> {
        String::from_utf8(self.draw(py, drawing, options)?).map_err(refuse)
    }
}

#[pymethods]
impl Ranking {
    /// The ranked rows, best first, in the kind in which they were given, with columns added: `rank`, `posterior`, `log_likelihood`,
    /// `decibans`, and for each statement `ID_distance_m` and `ID_log_likelihood`.
    ///
    /// >>> import siteband as sb
    /// >>> sb.read_scenario(DATA / "scenarios/sino-ri.toml").rank().table.column_names[10:13]
    /// ['rank', 'posterior', 'log_likelihood']
    #[getter]
    fn table(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let table = self.table.get_or_try_init(py, || {
            let columns = py.detach(|| self.ranked.columns()).map_err(refuse)?;
            self.frame.call_method1(py, "ranked", (PyArrowType(columns),))
        })?;
        Ok(table.clone_ref(py))
    }

    /// The first `k` rows of the table.
    #[pyo3(signature = (k=10))]
    fn top(&self, py: Python<'_>, k: usize) -> PyResult<Py<PyAny>> {
        self.frame.call_method1(py, "top", (self.table(py)?, k))
    }

    /// The posterior probability that no listed site is right.
    #[getter]
    fn none_of_these(&self) -> f64 {
        self.ranked.ranking().none_of_these
    }

    /// The prior probability that no listed site is right.
    #[getter]
    fn prior_none(&self) -> f64 {
        self.ranked.ranking().prior_none
    }

    /// The posterior of each group of sites, greatest first.
    ///
    /// >>> import siteband as sb
    /// >>> next(iter(sb.read_scenario(DATA / "scenarios/sino-ri.toml").rank().groups))
    /// 'sino-ri-area'
    #[getter]
    fn groups<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.ranked.ranking().groups().into_iter().map(|group| (group.group, group.posterior)).into_py_dict(py)
    }

    /// Why each row that is not ranked is no site, in the order of the rows; rows are counted from 1.
    #[getter]
    fn rejected(&self) -> &[String] {
        &self.ranked.rejected
    }

    /// What is asked, for people.
    #[getter]
    fn title(&self) -> &str {
        self.ranked.answered.borrow_owner().scenario.title()
    }

    /// The name of the reading.
    #[getter]
    fn reading(&self) -> &'static str {
        self.ranked.answered.borrow_owner().reading.name()
    }

    fn __len__(&self) -> usize {
        self.ranked.ranking().len()
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        py.detach(|| {
            let asked = self.ranked.answered.borrow_owner();
            let robustness = self.robustness.get_or_init(|| {
                let constraints = asked.scenario.constraints(&asked.reading);
                asked.sites.robustness(&constraints, asked.scenario.options(), &asked.scenario.robustness_options())
            });
            let text = Text {
                title: asked.scenario.title(),
                reading: &asked.reading,
                ranking: self.ranked.ranking(),
                robustness: Some(robustness),
            };
            text.essentials(SHOWN, "more: .table for every site; .save(\"report.html\") for a page to explore")
        })
    }

    /// The page of `siteband map`, whole, as a notebook shows it: in a frame of its own.
    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        let page = self.html(py)?.replace('&', "&amp;").replace('"', "&quot;");
        Ok(format!(
            "<iframe srcdoc=\"{page}\" style=\"width: 100%; height: 720px; border: 0\" sandbox=\"allow-scripts allow-downloads\"></iframe>"
        ))
    }

    /// The page to explore: map, sites, statements and how far to trust it, in one file.
    fn html(&self, py: Python<'_>) -> PyResult<String> {
        self.text(py, Drawing::Html, &PictureOptions::default())
    }

    /// The map as SVG.
    fn svg(&self, py: Python<'_>) -> PyResult<String> {
        self.text(py, Drawing::Svg, &PictureOptions::default())
    }

    /// The map as PNG.
    fn png<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.draw(py, Drawing::Png, &PictureOptions::default())?))
    }

    /// Writes what the ending of the file says: `.html`, `.svg`, `.png`, `.kml`, `.kmz`, `.geojson` or `.md`.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let drawing = Drawing::of(&path).map_err(refuse)?;
        let drawn = self.draw(py, drawing, &PictureOptions::default())?;
        py.detach(|| write(&path, &drawn)).map_err(|error| refuse(format!("{}: {error}", path.display())))
    }

    /// The posteriors of the first sites, and of none of these, as bars; with matplotlib, on new axes or these. Gives the axes.
    #[pyo3(signature = (ax=None, top=10))]
    fn plot<'py>(slf: &Bound<'py, Self>, ax: Option<Bound<'py, PyAny>>, top: usize) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("siteband._plot")?.getattr("plot")?.call1((slf, ax, top))
    }

    /// Name and posterior of the first sites.
    fn _bars(&self, top: usize) -> Vec<(String, f64)> {
        self.ranked.ranking().order().take(top).map(|(site, posterior)| (site.name().to_owned(), posterior)).collect()
    }
}

/// A file that appears under its name only when it is whole.
fn write(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
