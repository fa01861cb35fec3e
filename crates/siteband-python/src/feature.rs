//! Features, and distances to them.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use arrow::array::{Array, ArrayData, AsArray, BooleanArray, Float64Array, make_array};
use arrow::buffer::NullBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use arrow::pyarrow::PyArrowType;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyInt, PyList};
use siteband::{Atlas, Nearest, Position};

use crate::refuse;

/// The bundled atlas, once.
fn bundled() -> &'static Atlas {
    static BUNDLED: OnceLock<Atlas> = OnceLock::new();
    BUNDLED.get_or_init(Atlas::bundled)
}

fn by_id<'py>(py: Python<'py>, atlas: &Atlas) -> PyResult<Bound<'py, PyDict>> {
    let features = PyDict::new(py);
    for feature in atlas.features() {
        features.set_item(feature.id(), Feature(Arc::clone(feature)))?;
    }
    Ok(features)
}

/// The borders and areas that siteband carries, by id.
///
/// >>> import siteband as sb
/// >>> sb.borders()["cn-kp"]
/// <Feature cn-kp: China - North Korea border, line>
#[pyfunction]
pub(crate) fn borders(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    by_id(py, py.detach(bundled))
}

/// The bundled border between two countries, by code or name; or the feature that words name, as a claim would.
///
/// >>> import siteband as sb
/// >>> sb.border("CN", "KP") == sb.border("the North Korean border with China")
/// True
#[pyfunction]
#[pyo3(signature = (words, other=None))]
pub(crate) fn border(py: Python<'_>, words: &str, other: Option<&str>) -> PyResult<Feature> {
    let atlas = py.detach(bundled);
    let Some(other) = other else { return atlas.resolve(words).map(Arc::clone).map(Feature).map_err(refuse) };
    let found = atlas.borders(words, Some(other)).map_err(refuse)?;
    match found.as_slice() {
        [border] => Ok(Feature(Arc::clone(border))),
        [] => Err(refuse(format!("no bundled border between {words} and {other}: borders() lists what there is"))),
        several => {
            let ids: Vec<&str> = several.iter().map(|border| border.id()).collect();
            Err(refuse(format!("several borders between {words} and {other}: expected one of {}", ids.join(", "))))
        }
    }
}

/// The features of a GeoJSON file, by id; their edges are geodesics unless the file says otherwise.
///
/// >>> import siteband as sb
/// >>> list(sb.read_features(DATA / "borders/cn-kp.geojson"))
/// ['cn-kp']
#[pyfunction]
pub(crate) fn read_features(py: Python<'_>, path: PathBuf) -> PyResult<Bound<'_, PyDict>> {
    by_id(py, &py.detach(|| Atlas::from_path(&path)).map_err(refuse)?)
}

/// A named point, line or area on WGS 84, with the uncertainty of its own position. Features are equal if they are one.
///
/// Distances are geodesic, in metres, exact to a micrometre up to 1,000 km. `lat` and `lon` are degrees: numbers, numpy arrays, pandas
/// Series, or Arrow or polars arrays; the result is of the same kind. A missing value (NaN or null) stays missing; a value that is no
/// latitude or longitude is an `Error`.
///
/// >>> import siteband as sb
/// >>> border = sb.border("CN", "KP")
/// >>> round(border.distance(39.6472, 125.3675))
/// 92380
/// >>> import numpy as np
/// >>> border.distance(np.array([39.6472, np.nan]), np.array([125.3675, 125.0])).round()
/// array([92380.,    nan])
#[pyclass(frozen, module = "siteband", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct Feature(pub(crate) Arc<siteband::Feature>);

type Column = PyArrowType<ArrayData>;

#[pymethods]
impl Feature {
    /// Its identifier.
    #[getter]
    fn id(&self) -> &str {
        self.0.id()
    }

    /// Its name for people.
    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    /// `point`, `line` or `area`.
    #[getter]
    fn kind(&self) -> String {
        self.0.kind().to_string()
    }

    /// How well its own position is known, as one standard deviation in metres.
    #[getter]
    fn position_uncertainty_m(&self) -> f64 {
        self.0.position_uncertainty().m()
    }

    /// Where its data come from, if that is stated.
    #[getter]
    fn source(&self) -> Option<&str> {
        self.0.source()
    }

    /// Under which terms its data may be used, if that is stated.
    #[getter]
    fn licence(&self) -> Option<&str> {
        self.0.licence()
    }

    /// The distance to the nearest place of the feature, in metres; zero inside an area.
    fn distance<'py>(&self, lat: Bound<'py, PyAny>, lon: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = lat.py();
        match scalars(&lat, &lon)? {
            Some(site) => Ok(PyFloat::new(py, py.detach(|| self.0.nearest(site)).distance.m()).into_any()),
            None => self.measure(py, "_distance", lat, lon)?.get_item(0),
        }
    }

    /// The nearest place of the feature: `distance_m`, and `lat_deg` and `lon_deg` of the place; inside an area the site itself.
    ///
    /// >>> import siteband as sb
    /// >>> nearest = sb.border("CN", "KP").nearest(39.6472, 125.3675)
    /// >>> round(nearest.distance_m), round(nearest.lat_deg, 3), round(nearest.lon_deg, 3)
    /// (92380, 40.31, 124.714)
    fn nearest<'py>(&self, lat: Bound<'py, PyAny>, lon: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = lat.py();
        let columns = match scalars(&lat, &lon)? {
            Some(site) => {
                let nearest = py.detach(|| self.0.nearest(site));
                let place = nearest.position;
                PyList::new(py, [nearest.distance.m(), place.lat_deg(), place.lon_deg()])?.into_any()
            }
            None => self.measure(py, "_nearest", lat, lon)?,
        };
        py.import("siteband._kinds")?.getattr("Nearest")?.call1(columns.cast::<PyList>()?.to_tuple())
    }

    /// Whether an area contains the place; False for points and lines.
    ///
    /// >>> import siteband as sb
    /// >>> sb.border("North Korea").contains(39.6472, 125.3675)
    /// True
    fn contains<'py>(&self, lat: Bound<'py, PyAny>, lon: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = lat.py();
        match scalars(&lat, &lon)? {
            Some(site) => Ok(self.0.contains(site).into_pyobject(py)?.to_owned().into_any()),
            None => self.measure(py, "_contains", lat, lon)?.get_item(0),
        }
    }

    fn _distance(&self, py: Python<'_>, lat: Column, lon: Column) -> PyResult<Vec<Column>> {
        self.columns(py, lat, lon, &[|nearest| nearest.distance.m()])
    }

    fn _nearest(&self, py: Python<'_>, lat: Column, lon: Column) -> PyResult<Vec<Column>> {
        let [m, lat_deg, lon_deg]: [fn(&Nearest) -> f64; 3] = [
            |nearest| nearest.distance.m(),
            |nearest| nearest.position.lat_deg(),
            |nearest| nearest.position.lon_deg(),
        ];
        self.columns(py, lat, lon, &[m, lat_deg, lon_deg])
    }

    fn _contains(&self, py: Python<'_>, lat: Column, lon: Column) -> PyResult<Vec<Column>> {
        py.detach(|| {
            let places = Places::new(lat, lon)?;
            let inside: Vec<bool> = places.sites.iter().map(|site| self.0.contains(*site)).collect();
            let inside = BooleanArray::new(places.spread(&inside, false).into(), places.nulls);
            Ok(vec![PyArrowType(inside.into_data())])
        })
        .map_err(refuse::<String>)
    }

    fn __repr__(&self) -> String {
        format!("<Feature {}: {}, {}>", self.0.id(), self.0.name(), self.0.kind())
    }

    fn __eq__(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn __hash__(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
}

impl Feature {
    /// Measures columns of any kind: `siteband._kinds` knows them, and calls back with Arrow arrays.
    fn measure<'py>(
        &self,
        py: Python<'py>,
        method: &str,
        lat: Bound<'py, PyAny>,
        lon: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let method = Self(Arc::clone(&self.0)).into_pyobject(py)?.getattr(method)?;
        py.import("siteband._kinds")?.getattr("measure")?.call1((method, lat, lon))
    }

    fn columns(
        &self,
        py: Python<'_>,
        lat: Column,
        lon: Column,
        values: &[fn(&Nearest) -> f64],
    ) -> PyResult<Vec<Column>> {
        py.detach(|| {
            let places = Places::new(lat, lon)?;
            let nearest = self.0.nearest_all(&places.sites);
            let column = |value: &fn(&Nearest) -> f64| {
                let values: Vec<f64> = nearest.iter().map(value).collect();
                let values = places.spread(&values, f64::NAN);
                PyArrowType(Float64Array::new(values.into(), places.nulls.clone()).into_data())
            };
            Ok(values.iter().map(column).collect())
        })
        .map_err(refuse::<String>)
    }
}

/// The place that two numbers of Python are; none if they are something else.
fn scalars(lat: &Bound<'_, PyAny>, lon: &Bound<'_, PyAny>) -> PyResult<Option<Position>> {
    let number = |value: &Bound<'_, PyAny>| {
        let is_number = value.is_instance_of::<PyFloat>() || value.is_instance_of::<PyInt>();
        is_number.then(|| value.extract::<f64>()).transpose()
    };
    match (number(lat)?, number(lon)?) {
        (Some(lat_deg), Some(lon_deg)) => Position::new(lat_deg, lon_deg).map(Some).map_err(refuse),
        _ => Ok(None),
    }
}

/// The places of two columns, without those where something is missing.
struct Places {
    sites: Vec<Position>,
    /// Which rows have a place; none if all have.
    is_known: Option<Vec<bool>>,
    nulls: Option<NullBuffer>,
}

impl Places {
    fn new(lat: Column, lon: Column) -> Result<Self, String> {
        let [lat, lon] = [("lat", lat), ("lon", lon)].map(|(name, column)| {
            cast(&make_array(column.0), &DataType::Float64).map_err(|error| format!("{name}: {error}"))
        });
        let (lat, lon) = (lat?, lon?);
        let (lat, lon) = (lat.as_primitive::<Float64Type>(), lon.as_primitive::<Float64Type>());
        if lat.len() != lon.len() {
            return Err(format!("{} latitudes and {} longitudes: expected as many", lat.len(), lon.len()));
        }
        let nulls = NullBuffer::union(lat.nulls(), lon.nulls());
        let is_null = |at: usize| nulls.as_ref().is_some_and(|nulls| nulls.is_null(at));
        let mut sites = Vec::with_capacity(lat.len());
        let mut is_known: Option<Vec<bool>> = None;
        for (at, (lat_deg, lon_deg)) in lat.values().iter().zip(lon.values()).enumerate() {
            let is_missing = lat_deg.is_nan() || lon_deg.is_nan() || is_null(at);
            if is_missing && is_known.is_none() {
                is_known = Some(vec![true; at]);
            }
            if let Some(is_known) = &mut is_known {
                is_known.push(!is_missing);
            }
            if !is_missing {
                let site = Position::new(*lat_deg, *lon_deg);
                sites.push(site.map_err(|error| format!("row {}: {error}", at + 1))?);
            }
        }
        Ok(Self { sites, is_known, nulls })
    }

    /// A value for each row.
    fn spread<T: Copy>(&self, values: &[T], missing: T) -> Vec<T> {
        let Some(is_known) = &self.is_known else { return values.to_vec() };
        let mut values = values.iter();
        is_known.iter().map(|known| if *known { values.next().copied().unwrap_or(missing) } else { missing }).collect()
    }
}
