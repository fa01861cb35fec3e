//! Positions.

use std::hash::{DefaultHasher, Hash, Hasher};

use pyo3::prelude::*;
use siteband::Length;

use crate::refuse;

/// A position on WGS 84: latitude and longitude in degrees, and how far off it may be, as one standard deviation in metres.
///
/// From numbers it is exact unless said otherwise; from text it is as good as its digits.
///
/// >>> import siteband as sb
/// >>> sb.Position("39° 38′ 50″ N, 125° 22′ 03″ E").lat_deg
/// 39.64722222222222
/// >>> sb.Position(39.6472, 125.3675, uncertainty_m=100)
/// Position(39.6472, 125.3675, uncertainty_m=100.0)
#[pyclass(frozen, module = "siteband", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct Position(pub(crate) siteband::Position);

/// What a position is made from.
#[derive(FromPyObject)]
enum Said {
    Text(String),
    LatDeg(f64),
}

#[pymethods]
impl Position {
    #[new]
    #[pyo3(signature = (lat_deg, lon_deg=None, uncertainty_m=None))]
    fn new(lat_deg: Said, lon_deg: Option<f64>, uncertainty_m: Option<f64>) -> PyResult<Self> {
        let position = match (lat_deg, lon_deg) {
            (Said::Text(text), None) => text.parse().map_err(refuse)?,
            (Said::LatDeg(lat_deg), Some(lon_deg)) => siteband::Position::new(lat_deg, lon_deg).map_err(refuse)?,
            _ => return Err(refuse("expected a text, or a latitude and a longitude in degrees")),
        };
        Ok(Self(match uncertainty_m {
            Some(m) => position.with_uncertainty(Length::from_m(m).map_err(refuse)?),
            None => position,
        }))
    }

    /// Latitude in degrees, north positive.
    #[getter]
    fn lat_deg(&self) -> f64 {
        self.0.lat_deg()
    }

    /// Longitude in degrees, east positive, in [-180, 180).
    #[getter]
    fn lon_deg(&self) -> f64 {
        self.0.lon_deg()
    }

    /// How far off it may be, as one standard deviation in metres.
    #[getter]
    fn uncertainty_m(&self) -> f64 {
        self.0.uncertainty().m()
    }

    fn __repr__(&self) -> String {
        let [lat_deg, lon_deg, m] = [self.lat_deg(), self.lon_deg(), self.uncertainty_m()];
        if m == 0.0 {
            format!("Position({lat_deg:?}, {lon_deg:?})")
        } else {
            format!("Position({lat_deg:?}, {lon_deg:?}, uncertainty_m={m:?})")
        }
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        // No zero has a sign, and nothing is NaN: equal numbers have equal bits.
        for number in [self.lat_deg(), self.lon_deg(), self.uncertainty_m()] {
            number.to_bits().hash(&mut hasher);
        }
        hasher.finish()
    }

    fn __getnewargs__(&self) -> (f64, f64, f64) {
        (self.lat_deg(), self.lon_deg(), self.uncertainty_m())
    }
}
