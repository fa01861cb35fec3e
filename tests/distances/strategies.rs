//! What the laws of lines and of areas draw from.

use proptest::prelude::*;
use siteband::{Nearest, Position};

use crate::distances::at;

pub(crate) fn apart_m(a: &Nearest, b: &Nearest) -> f64 {
    (a.distance.m() - b.distance.m()).abs()
}

/// Even over the Earth's surface.
pub(crate) fn anywhere() -> impl Strategy<Value = Position> {
    (-1.0..1.0, -180.0..180.0).prop_map(|(sine, lon_deg): (f64, f64)| at(sine.asin().to_degrees(), lon_deg))
}

/// A fifth within a degree of the antimeridian, a fifth above 85° of latitude, and now and then a pole itself or a round place of
/// the equator, of the antimeridian, or between.
pub(crate) fn start() -> impl Strategy<Value = Position> {
    let round = (-2_i8..=2, -2_i8..2).prop_map(|(lat, lon)| at(45.0 * f64::from(lat), 90.0 * f64::from(lon)));
    prop_oneof![
        11 => anywhere(),
        4 => (-80.0..80.0, 179.0..181.0).prop_map(|(lat_deg, lon_deg): (f64, f64)| at(lat_deg, lon_deg)),
        4 => (85.0..90.0, -180.0..180.0, any::<bool>())
            .prop_map(|(lat_deg, lon_deg, south): (f64, f64, bool)| at(if south { -lat_deg } else { lat_deg }, lon_deg)),
        1 => round,
    ]
}

pub(crate) fn turned(position: Position, by_deg: f64) -> Position {
    at(position.lat_deg(), (position.lon_deg() + by_deg + 540.0).rem_euclid(360.0) - 180.0)
}
