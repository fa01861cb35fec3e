//! Claims, and the bands that they mean.

use pyo3::prelude::*;
use siteband::{Interval, Length, Reading};

use crate::feature::Feature;
use crate::refuse;

/// Reads a claim: a distance from something, as somebody worded it. `Error` names the word that is not understood.
///
/// >>> import siteband as sb
/// >>> claim = sb.parse_claim("about 85 kilometers from the North Korean border with China")
/// >>> claim.hedge, claim.offset, claim.unit, claim.feature
/// ('about', 85.0, 'km', 'the North Korean border with China')
#[pyfunction]
pub(crate) fn parse_claim(text: &str) -> PyResult<Claim> {
    text.parse().map(Claim).map_err(refuse)
}

/// The claims of a whole text, in order; what looks like a distance and is none that is understood is left out.
///
/// >>> import siteband as sb
/// >>> [claim.feature for claim in sb.find_claims("In 2012 it was 85 km from Seoul. Its range is 300 km.")]
/// ['Seoul']
#[pyfunction]
pub(crate) fn find_claims(text: &str) -> Vec<Claim> {
    siteband::Claim::find_all(text).claims.into_iter().map(Claim).collect()
}

/// A distance from a feature, as somebody worded it: see `parse_claim`. Claims are equal if they say the same.
#[pyclass(frozen, eq, module = "siteband", skip_from_py_object)]
#[derive(Debug, PartialEq)]
pub(crate) struct Claim(siteband::Claim);

#[pymethods]
impl Claim {
    /// The words, as they were given.
    #[getter]
    fn text(&self) -> &str {
        self.0.text()
    }

    /// The word that says how good the number is, such as `about`; None without one.
    #[getter]
    fn hedge(&self) -> Option<String> {
        self.0.hedge().map(|hedge| hedge.to_string())
    }

    /// The number, in its own unit.
    #[getter]
    fn offset(&self) -> f64 {
        self.0.offset().value()
    }

    /// The number in metres.
    #[getter]
    fn offset_m(&self) -> f64 {
        self.0.offset_length().m()
    }

    /// The unit, such as `km` or `mi`.
    #[getter]
    fn unit(&self) -> String {
        self.0.unit().to_string()
    }

    /// The wind from the feature, such as `north-northeast`; None without one.
    #[getter]
    fn direction(&self) -> Option<String> {
        self.0.direction().map(|direction| direction.to_string())
    }

    /// How it lies to the feature, such as `from` or `inside`.
    #[getter]
    fn relation(&self) -> String {
        self.0.relation().to_string()
    }

    /// The words for the feature.
    #[getter]
    fn feature(&self) -> &str {
        self.0.feature()
    }

    /// The words for the area on whose side it is; None without any.
    #[getter]
    fn side(&self) -> Option<&str> {
        self.0.side()
    }

    /// Whether the number is implied by other words, such as "on the outskirts of".
    #[getter]
    fn is_implied(&self) -> bool {
        self.0.is_implied()
    }

    /// What the words mean under a reading, by name: a band of distances. With a feature, its own uncertainty and extent count.
    ///
    /// >>> import siteband as sb
    /// >>> claim = sb.parse_claim("about 85 km from the Chinese border")
    /// >>> claim.band("analyst").core_m
    /// (90000.0, 100000.0)
    #[pyo3(signature = (reading="mixture", feature=None))]
    fn band(&self, reading: &str, feature: Option<&Feature>) -> PyResult<Band> {
        let reading: Reading = reading.parse().map_err(refuse)?;
        Ok(Band(match feature {
            Some(feature) => reading.band_about(&self.0, &feature.0),
            None => reading.band(&self.0, Length::ZERO),
        }))
    }

    fn __repr__(&self) -> String {
        format!("parse_claim({:?})", self.0.text())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (&str,))> {
        Ok((py.import("siteband")?.getattr("parse_claim")?, (self.0.text(),)))
    }
}

/// What a claim means under a reading: how likely the words are for each true distance. All in metres.
///
/// >>> import siteband as sb
/// >>> band = sb.parse_claim("about 85 km from the Chinese border").band()
/// >>> low, high = band.credible_m(0.9)
/// >>> low < 85_000 < high, band.contains(120_000)
/// (True, True)
#[pyclass(frozen, module = "siteband", skip_from_py_object)]
#[derive(Debug)]
pub(crate) struct Band(siteband::Band);

fn ends_m(interval: Interval) -> (f64, f64) {
    (interval.from.m(), interval.to.m())
}

#[pymethods]
impl Band {
    /// The distances with full credit.
    #[getter]
    fn core_m(&self) -> (f64, f64) {
        ends_m(self.0.core())
    }

    /// The distances with some credit.
    #[getter]
    fn support_m(&self) -> (f64, f64) {
        ends_m(self.0.support())
    }

    /// The middle distance: the true one is as likely below as above.
    #[getter]
    fn median_m(&self) -> f64 {
        self.0.median().m()
    }

    /// The interval that holds so much of the probability, from 0 to 1, with as much below as above.
    fn credible_m(&self, share: f64) -> PyResult<(f64, f64)> {
        if !(0.0..=1.0).contains(&share) {
            return Err(refuse(format!("{share} is no share: expected a number from 0 to 1")));
        }
        Ok(ends_m(self.0.credible_interval(share)))
    }

    /// Whether a distance has some credit.
    fn contains(&self, distance_m: f64) -> PyResult<bool> {
        Ok(self.0.support().contains(Length::from_m(distance_m).map_err(refuse)?))
    }

    /// The likelihood of the words at a true distance, as a natural logarithm of one over kilometres.
    #[pyo3(signature = (distance_m, site_uncertainty_m=0.0))]
    fn log_likelihood(&self, distance_m: f64, site_uncertainty_m: f64) -> PyResult<f64> {
        let length = |m: f64| Length::from_m(m).map_err(refuse);
        Ok(self.0.log_likelihood(length(distance_m)?, length(site_uncertainty_m)?))
    }

    fn __repr__(&self) -> String {
        let interval = |(from, to): (f64, f64)| format!("({from:?}, {to:?})");
        format!("Band(core_m={}, support_m={})", interval(self.core_m()), interval(self.support_m()))
    }
}
