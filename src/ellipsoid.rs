//! The WGS 84 ellipsoid: geodesics between positions, Cartesian coordinates, and the bounds that tie the two together.
//!
//! Geodesics are Karney's (C. F. F. Karney, "Algorithms for geodesics", J. Geodesy 87, 43–55, 2013,
//! doi:10.1007/s00190-012-0578-z), by the crate `geographiclib-rs`, accurate to 15 nm.
//!
//! # Bounds
//! For two positions with the straight-line distance ("chord") `c` through the Earth and the geodesic distance `s`:
//!
//! - `s ≥ c`: no curve is shorter than the chord;
//! - `s ≥ c + c³/(24·(6,450 km)²)` up to 1,100 km: docs/ACCURACY.md argues it;
//! - `s ≥ 2b·asin(c/2a)`: stretching the ellipsoid along its axis by a/b makes it a sphere of radius a, lengthens no curve by
//!   more than a/b, and shortens no chord;
//! - `s ≤ 2R·asin(c/2R)` with `R = a(1−e²)` for `c < 2R`: no geodesic bends more than a circle of that radius, and of two
//!   curves of one length the less bent one has the longer chord (Schur's theorem).

use std::sync::LazyLock;

use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};

use crate::length::Length;
use crate::position::Position;
use crate::trigonometry::{atan2_deg, sin_cos_deg};

/// The equatorial radius a, in metres.
pub(crate) const EQUATORIAL_RADIUS_M: f64 = 6_378_137.0;
/// The flattening f.
pub(crate) const FLATTENING: f64 = 1.0 / 298.257_223_563;
/// The polar radius b = a(1 − f), in metres.
pub(crate) const POLAR_RADIUS_M: f64 = EQUATORIAL_RADIUS_M * (1.0 - FLATTENING);
/// The first eccentricity squared, e² = f(2 − f).
pub(crate) const ECCENTRICITY_SQ: f64 = FLATTENING * (2.0 - FLATTENING);
/// The least radius of curvature of any geodesic, a(1 − e²): that of the meridian at the equator.
pub(crate) const LEAST_CURVATURE_RADIUS_M: f64 = EQUATORIAL_RADIUS_M * (1.0 - ECCENTRICITY_SQ);
/// Half the meridian: the greatest distance between any two positions.
pub(crate) const GREATEST_DISTANCE_M: f64 = 20_003_931.458_625_44;

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// The ellipsoid itself, for geodesic lines.
pub(crate) fn wgs84() -> &'static Geodesic {
    &WGS84
}

/// The shortest geodesic from one position to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inverse {
    /// Its length.
    pub(crate) distance_m: f64,
    /// Its azimuth where it starts, in degrees clockwise from north.
    pub(crate) azimuth_deg: f64,
}

pub(crate) fn inverse(from: Position, to: Position) -> Inverse {
    let (distance_m, azimuth_deg, _, _): (f64, f64, f64, f64) =
        WGS84.inverse(from.lat_deg(), from.lon_deg(), to.lat_deg(), to.lon_deg());
    Inverse { distance_m, azimuth_deg }
}

pub(crate) fn distance_m(from: Position, to: Position) -> f64 {
    WGS84.inverse(from.lat_deg(), from.lon_deg(), to.lat_deg(), to.lon_deg())
}

impl Position {
    /// The WGS 84 geodesic distance to another position.
    ///
    /// # Accuracy
    /// 15 nm (Karney 2013).
    ///
    /// # Example
    /// ```
    /// use siteband::Position;
    /// let pyongyang: Position = "39.0392 N 125.7625 E".parse()?;
    /// let sino_ri: Position = "39°38′50″N 125°22′03″E".parse()?;
    /// assert_eq!(format!("{:.1}", pyongyang.distance_to(&sino_ri).km()), "75.6");
    /// # Ok::<(), siteband::ParsePositionError>(())
    /// ```
    #[must_use]
    pub fn distance_to(&self, other: &Position) -> Length {
        Length::computed_m(distance_m(*self, *other))
    }

    /// The position `distance` away along the geodesic that starts at `azimuth_deg`, in degrees clockwise from north.
    ///
    /// # Accuracy
    /// 15 nm (Karney 2013).
    ///
    /// # Panics
    /// If the azimuth is infinite or not a number.
    #[must_use]
    pub fn destination(&self, azimuth_deg: f64, distance: Length) -> Position {
        assert!(azimuth_deg.is_finite(), "an azimuth is a finite number of degrees, found {azimuth_deg}");
        let (lat_deg, lon_deg) = WGS84.direct(self.lat_deg(), self.lon_deg(), azimuth_deg, distance.m());
        Position::computed_deg(lat_deg, lon_deg)
    }

    /// The shortest way to another position: places evenly spaced along the geodesic, from this one to the other, in so many steps (at
    /// least one).
    ///
    /// # Accuracy
    /// 15 nm (Karney 2013).
    ///
    /// # Example
    /// ```
    /// use siteband::Position;
    /// let (london, new_york) = (Position::new(51.5, 0.0)?, Position::new(40.7, -74.0)?);
    /// let way = london.geodesic_to(&new_york, 10);
    /// assert_eq!((way.len(), way[0], way[10]), (11, london, new_york));
    /// // It leads over the north of both.
    /// assert!(way[5].lat_deg() > 52.0);
    /// # Ok::<(), siteband::InvalidPosition>(())
    /// ```
    #[must_use]
    pub fn geodesic_to(&self, other: &Position, steps: usize) -> Vec<Position> {
        let steps = steps.max(1);
        let Inverse { azimuth_deg, distance_m, .. } = inverse(*self, *other);
        #[allow(clippy::cast_precision_loss, reason = "a few steps")]
        let along = |step: usize| Length::computed_m(distance_m * (step as f64 / steps as f64));
        let between = (1..steps).map(|step| self.destination(azimuth_deg, along(step)));
        std::iter::once(*self).chain(between).chain([*other]).collect()
    }
}

/// Earth-centred, Earth-fixed Cartesian coordinates, in metres.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
pub(crate) fn ecef_m(position: Position) -> [f64; 3] {
    cartesian_m(position.lat_deg(), position.lon_deg())
}

/// The same for many positions side by side.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
pub(crate) fn cartesian_m(lat_deg: f64, lon_deg: f64) -> [f64; 3] {
    let (sin_lat, cos_lat) = sin_cos_deg(lat_deg);
    let (sin_lon, cos_lon) = sin_cos_deg(lon_deg);
    let prime_vertical_m = EQUATORIAL_RADIUS_M / (1.0 - ECCENTRICITY_SQ * sin_lat * sin_lat).sqrt();
    [
        prime_vertical_m * cos_lat * cos_lon,
        prime_vertical_m * cos_lat * sin_lon,
        prime_vertical_m * (1.0 - ECCENTRICITY_SQ) * sin_lat,
    ]
}

/// The position on the ellipsoid whose normal is close to a Cartesian point near the surface.
///
/// # Accuracy
/// Exact on the surface; elsewhere it is some position nearby, which is all that a bound needs.
pub(crate) fn surface_near(point_m: [f64; 3]) -> Position {
    let [x, y, z] = point_m;
    let lat = z.atan2((1.0 - ECCENTRICITY_SQ) * x.hypot(y));
    Position::computed_deg(lat.to_degrees(), y.atan2(x).to_degrees())
}

/// Latitude and longitude of a Cartesian point on the surface.
///
/// # Accuracy
/// 2 nm, where the point is no more than a micrometre off the surface.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
pub(crate) fn on_surface_deg(point_m: &[f64; 3]) -> (f64, f64) {
    let [x, y, z] = *point_m;
    (atan2_deg(z, (1.0 - ECCENTRICITY_SQ) * (x * x + y * y).sqrt()), atan2_deg(y, x))
}

/// The straight-line distance between two Cartesian points.
pub(crate) fn chord_m(p: [f64; 3], q: [f64; 3]) -> f64 {
    let [dx, dy, dz] = [p[0] - q[0], p[1] - q[1], p[2] - q[2]];
    (dx * dx + dy * dy + dz * dz).sqrt()
}

/// s ≥ c + αc³ for a geodesic of the length s and its chord c, up to 1,100 km: α = 1/(24·(6,450 km)²).
const ALPHA: f64 = 1.0 / (24.0 * 6_450_000.0 * 6_450_000.0);

/// No geodesic of this length has a longer chord; with a slack of 10 µm, far more than all rounding.
pub(crate) fn greatest_chord_m(distance_m: f64) -> f64 {
    const SLACK_M: f64 = 1e-5;
    /// Up to here the cubic bound is argued and checked.
    const CUBIC_M: f64 = 1_100_000.0;
    let chord_m = if distance_m <= CUBIC_M {
        let bend = ALPHA * distance_m * distance_m;
        distance_m * (1.0 - bend * (1.0 - 3.0 * bend))
    } else {
        let half_angle = (distance_m / (2.0 * POLAR_RADIUS_M)).min(std::f64::consts::FRAC_PI_2);
        distance_m.min(2.0 * EQUATORIAL_RADIUS_M * libm::sin(half_angle))
    };
    chord_m + SLACK_M
}

/// No geodesic whose ends have this chord is shorter, but for 10 µm.
pub(crate) fn least_distance_m(chord_m: f64) -> f64 {
    /// A chord of a geodesic that is well below 1,100 km.
    const CUBIC_M: f64 = 1_000_000.0;
    (chord_m + if chord_m < CUBIC_M { ALPHA * chord_m.powi(3) } else { 0.0 } - 1e-5).max(0.0)
}

/// No geodesic whose ends have this chord is longer.
pub(crate) fn greatest_distance_m(chord_m: f64) -> f64 {
    let ratio = chord_m / (2.0 * LEAST_CURVATURE_RADIUS_M);
    if ratio < 1.0 {
        (2.0 * LEAST_CURVATURE_RADIUS_M * ratio.asin()).min(GREATEST_DISTANCE_M)
    } else {
        GREATEST_DISTANCE_M
    }
}

/// Half the diagonal of a cell of so many degrees of latitude by so many of longitude, from the radii of curvature.
pub(crate) fn half_diagonal(at: Position, lat_step_deg: f64, lon_step_deg: f64) -> Length {
    let (sin_lat, cos_lat) = at.lat_deg().to_radians().sin_cos();
    let w_sq = 1.0 - ECCENTRICITY_SQ * sin_lat * sin_lat;
    let meridian_m = LEAST_CURVATURE_RADIUS_M / (w_sq * w_sq.sqrt());
    let parallel_m = EQUATORIAL_RADIUS_M * cos_lat / w_sq.sqrt();
    let diagonal_m = (meridian_m * lat_step_deg.to_radians()).hypot(parallel_m * lon_step_deg.to_radians());
    Length::computed_m((diagonal_m / 2.0).min(GREATEST_DISTANCE_M))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chord_bounds_hold_for_every_kind_of_pair() {
        let lats = [-90.0, -60.0, -12.3, 0.0, 0.1, 45.0, 89.999, 90.0];
        let lons = [0.0, 1e-6, 0.5, 12.0, 90.0, 179.3, 179.9999, -180.0];
        for lat_a in lats {
            for lat_b in lats {
                for lon in lons {
                    let a = Position::new(lat_a, 0.0).expect("valid");
                    let b = Position::new(lat_b, lon).expect("valid");
                    let (s, c) = (distance_m(a, b), chord_m(ecef_m(a), ecef_m(b)));
                    let slack_m = 1e-7 + 1e-12 * s;
                    assert!(c <= greatest_chord_m(s) + slack_m, "{a} {b}: {s} {c}");
                    assert!(greatest_distance_m(c) >= s - slack_m, "{a} {b}: {s} {c}");
                    assert!(least_distance_m(c) <= s + slack_m, "{a} {b}: {s} {c}");
                }
            }
        }
    }

    #[test]
    fn chord_bounds_hold_for_short_geodesics_everywhere() {
        for lat_step in -9..=9 {
            for azimuth_step in 0..=18 {
                for length_step in 1..=22 {
                    let from = Position::new(10.0 * f64::from(lat_step), 0.0).expect("valid");
                    let length_m = 50_000.0 * f64::from(length_step);
                    let to = from.destination(20.0 * f64::from(azimuth_step), Length::from_m(length_m).expect("valid"));
                    let c = chord_m(ecef_m(from), ecef_m(to));
                    let spare_m = greatest_chord_m(length_m) - c;
                    // At least a hundredth of what the chord is shorter.
                    assert!(spare_m > 0.01 * (length_m - c), "{from} {to}: {length_m} {c}");
                    assert!(greatest_distance_m(c) >= length_m, "{from} {to}: {length_m} {c}");
                    assert!(least_distance_m(c) <= length_m, "{from} {to}: {length_m} {c}");
                }
            }
        }
    }

    /// Ten million geodesics from all latitudes, in all azimuths, of 1 m to half the way around the Earth; a tenth of them end within
    /// 250 km of the antipode. No chord is longer than the bound on it, and no geodesic longer than the bound on that.
    #[test]
    fn chord_bounds_hold_in_ten_million_trials() {
        use geographiclib_rs::{GeodesicLine, capability};
        // Knuth's linear congruential generator.
        let mut state = 5_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(state >> 32).unwrap_or(0)) / 4_294_967_296.0
        };
        let mask = capability::LATITUDE | capability::LONGITUDE | capability::DISTANCE_IN;
        // The shares of the least room there was: of what the chord is shorter than the geodesic, in three ranges of distance.
        let mut least_room = [1.0_f64; 3];
        let mut trials = 0;
        for number in 0..250_000 {
            // Even in latitude, even over the surface, beside the equator and beside a pole.
            let lat_deg = match number % 4 {
                0 => 180.0 * next() - 90.0,
                1 => (2.0 * next() - 1.0).asin().to_degrees(),
                2 => 2.0 * next() - 1.0,
                _ => 90.0 - 10_f64.powf(5.0 * next() - 4.0),
            };
            let azimuth_deg = if number % 5 == 0 { 90.0 * (4.0 * next()).floor() } else { 360.0 * next() - 180.0 };
            let from = Position::computed_deg(lat_deg, 0.0);
            let line = GeodesicLine::new(wgs84(), from.lat_deg(), 0.0, azimuth_deg, Some(mask), None, None);
            let from_m = ecef_m(from);
            for step in 0..40 {
                let along_m = match step {
                    0..=15 => 10_f64.powf(6.05 * next()),
                    16..=23 => 1_100_000.0 * next(),
                    24..=35 => GREATEST_DISTANCE_M * next(),
                    _ => GREATEST_DISTANCE_M - 250_000.0 * next(),
                };
                let (_, lat_deg, lon_deg, ..) = line._gen_position(false, along_m, mask);
                let to = Position::computed_deg(lat_deg, lon_deg);
                // Beyond that, there may be a shorter way.
                let s = if along_m > 19_900_000.0 { distance_m(from, to) } else { along_m };
                let c = chord_m(from_m, ecef_m(to));
                let room_m = greatest_chord_m(s) - c;
                assert!(room_m > 0.0, "{from} {to}: {s} m, chord {c} m, {room_m} m of room");
                assert!(greatest_distance_m(c) >= s - 1e-7, "{from} {to}: {s} m, chord {c} m");
                assert!(least_distance_m(c) <= s + 1e-7, "{from} {to}: {s} m, chord {c} m");
                // The slack of 10 µm is for rounding alone: without it, the bound holds to the micrometre.
                assert!(room_m > 1e-5 - 1e-6, "{from} {to}: {s} m, chord {c} m, {room_m} m of room");
                if s > 10_000.0 {
                    let range = if s < 1_100_000.0 { 0 } else { usize::from(s > 10_000_000.0) + 1 };
                    least_room[range] = least_room[range].min((room_m - 1e-5) / (s - c));
                }
                trials += 1;
            }
        }
        assert_eq!(trials, 10_000_000);
        println!("least room up to 1,100 km, 10,000 km, and beyond: {least_room:.4?} of what a chord is shorter");
        assert!(least_room[0] > 0.01, "{least_room:?}");
    }

    /// Geodesics with one chord, of any latitudes and azimuths, differ in length by less than 2.1·10⁻¹⁷ of the cube of the chord: so
    /// docs/ACCURACY.md has it, and by that the index leaves out what has a longer chord.
    #[test]
    fn geodesics_with_one_chord_are_nearly_as_long() {
        // Knuth's linear congruential generator.
        let mut state = 23_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(state >> 32).unwrap_or(0)) / 4_294_967_296.0
        };
        let metres = |m: f64| Length::from_m(m).expect("a length");
        let chord_of = |from: Position, azimuth_deg: f64, length_m: f64| {
            chord_m(ecef_m(from), ecef_m(from.destination(azimuth_deg, metres(length_m))))
        };
        let mut greatest: f64 = 0.0;
        for number in 0..400_000 {
            let mut geodesic = |kind: usize| {
                // Any; most and least bent, along the meridian and across it at the equator; and least bent by a pole.
                match kind % 4 {
                    0 => (Position::computed_deg(180.0 * next() - 90.0, 0.0), 360.0 * next()),
                    1 => (Position::computed_deg(10.0 * next() - 5.0, 0.0), 10.0 * next() - 5.0),
                    2 => (Position::computed_deg(10.0 * next() - 5.0, 0.0), 85.0 + 10.0 * next()),
                    _ => (Position::computed_deg(90.0 - 5.0 * next(), 0.0), 360.0 * next()),
                }
            };
            let ((from_a, azimuth_a), (from_b, azimuth_b)) = (geodesic(number), geodesic(number / 4));
            let length_m = if number % 3 == 0 { 10_f64.powf(6.0 * next()) } else { 1_010_000.0 * next() };
            let chord = chord_of(from_a, azimuth_a, length_m);
            // The length of the other that has this chord: a metre of length is a metre of chord, to a hundredth.
            let mut other_m = length_m;
            for _ in 0..4 {
                other_m = (other_m + (chord - chord_of(from_b, azimuth_b, other_m))).max(0.0);
            }
            let apart_m = (other_m - length_m).abs();
            assert!(
                apart_m <= 2.1e-17 * chord.powi(3) + 5e-9,
                "{from_a} {azimuth_a}°, {from_b} {azimuth_b}°: chord {chord} m, {length_m} m and {other_m} m"
            );
            if chord > 100_000.0 {
                greatest = greatest.max(apart_m / chord.powi(3));
            }
        }
        println!("at most {greatest:e} of the cube of the chord");
        // The bound is no idle one.
        assert!(greatest > 1e-17, "{greatest:e}");
    }

    #[test]
    fn cartesian_and_back() {
        for (lat_deg, lon_deg) in [(0.0, 0.0), (45.0, -120.0), (-89.9, 10.0), (90.0, 0.0)] {
            let position = Position::new(lat_deg, lon_deg).expect("valid");
            let back = surface_near(ecef_m(position));
            assert!(distance_m(position, back) < 1e-6, "{position} {back}");
        }
    }
}
