//! What the tests of distances have in common.

#![allow(dead_code, reason = "each test uses its part")]

use geo::{Coord, LineString};
use siteband::{Feature, Length, Position};

/// Numbers in [0, 1), the same on every run (Knuth's linear congruential generator).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).expect("32 bits")) / 4_294_967_296.0
    }

    /// Even between two numbers.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }

    /// Even in the logarithm.
    pub(crate) fn spread(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.next())
    }

    /// A whole number below a count.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the count")]
    pub(crate) fn below(&mut self, count: u32) -> u32 {
        (f64::from(count) * self.next()) as u32
    }

    pub(crate) fn azimuth_deg(&mut self) -> f64 {
        self.between(-180.0, 180.0)
    }

    /// Even over the Earth's surface.
    pub(crate) fn anywhere(&mut self) -> Position {
        let lat_deg = self.between(-1.0, 1.0).asin().to_degrees();
        at(lat_deg, self.between(-180.0, 180.0))
    }

    /// Within a degree of the antimeridian.
    pub(crate) fn by_the_antimeridian(&mut self) -> Position {
        let lat_deg = self.between(-85.0, 85.0);
        at(lat_deg, self.between(179.0, 181.0))
    }

    /// Above 85° of latitude, north or south, even in latitude: half of them above 87.5°.
    pub(crate) fn by_a_pole(&mut self) -> Position {
        let lat_deg = self.between(85.0, 90.0);
        at(if self.next() < 0.5 { lat_deg } else { -lat_deg }, self.between(-180.0, 180.0))
    }
}

/// A position whose longitude may be written beyond 180°.
pub(crate) fn at(lat_deg: f64, lon_deg: f64) -> Position {
    Position::new(lat_deg, if lon_deg >= 180.0 { lon_deg - 360.0 } else { lon_deg }).expect("a position")
}

pub(crate) fn metres(m: f64) -> Length {
    Length::from_m(m).expect("a length")
}

pub(crate) fn coord(position: Position) -> Coord<f64> {
    Coord { x: position.lon_deg(), y: position.lat_deg() }
}

pub(crate) fn line(vertices: &[Position]) -> Feature {
    let geometry = match vertices {
        [only] => geo::Point(coord(*only)).into(),
        _ => vertices.iter().copied().map(coord).collect::<LineString<f64>>().into(),
    };
    Feature::new("line", geometry).expect("a line")
}

/// What is promised: 1 µm up to 1,000 km, 1 µm × (distance / 1,000 km) beyond.
pub(crate) fn promise_m(distance_m: f64) -> f64 {
    1e-6 * (distance_m / 1e6).max(1.0)
}

/// The rows of a file beside the golden ones, without its heading.
pub(crate) fn golden(file: &str) -> Vec<Vec<String>> {
    let path = format!("{}/tests/golden/{file}", env!("CARGO_MANIFEST_DIR"));
    let mut rows = csv::Reader::from_path(path).expect("a golden file");
    rows.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

pub(crate) fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

/// Vertices written as "lat lon;lat lon;…".
pub(crate) fn vertices(text: &str) -> Vec<Position> {
    text.split(';')
        .map(|vertex| {
            let (lat, lon) = vertex.split_once(' ').expect("lat lon");
            at(number(lat), number(lon))
        })
        .collect()
}
