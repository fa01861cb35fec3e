//! What laws on drawn cases have in common.

#![allow(dead_code, reason = "each test uses its part")]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use siteband::{Length, Reading};

/// The same cases on every run.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x51_7eba),
        ..ProptestConfig::default()
    }
}

pub(crate) fn km(km: f64) -> Length {
    Length::from_km(km).expect("a length")
}

/// One of the named readings.
pub(crate) fn reading() -> impl Strategy<Value = Reading> {
    prop::sample::select(Reading::named())
}
