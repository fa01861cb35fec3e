//! Positions on the WGS 84 ellipsoid, and the notations in which people write them.
//!
//! # Notations
//! A position is read from text in any of these notations; latitude comes first unless hemisphere letters say otherwise.
//!
//! | text | read as |
//! |---|---|
//! | `39.6472N 125.3675E`, `N39.6472, E125.3675` | decimal degrees with hemispheres |
//! | `39.6472, 125.3675`, `-33.9, 18.4`, `+39.6472+125.3675/` | signed decimal degrees, latitude first |
//! | `39° 38′ 50″ N, 125° 22′ 03″ E`, `39°37'53.52"N 125°18'10.19"E` | degrees, minutes, seconds, in any typographic marks |
//! | `39-38-50N 125-22-03E`, `39:38:50N 125:22:03E`, `39 38 50 N 125 22 03 E` | the same without marks; the letters are needed |
//! | `39°38.83'N 125°22.05'E`, `N 39 38.83 E 125 22.05` | degrees and decimal minutes |
//! | `393850N 1252203E`, `3938N 12522E` | packed digits, as in aviation |
//! | `Latitude: 39.6472, Longitude: 125.3675` | labelled |
//! | `북위 39도 38분 50초 동경 125도 22분 3초` | Korean |
//! | `北纬39°38′50″ 东经125°22′03″`, `北緯39度38分50秒 東經125度22分03秒` | Chinese, simplified and traditional |
//! | `北緯39度38分50秒 東経125度22分03秒` | Japanese |
//!
//! Unicode minus signs, full-width digits, letters and marks, and non-breaking blanks are understood. Text that could mean
//! two positions, or that has lost a character, is an error that says why.

mod notation;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ellipsoid;
use crate::length::Length;
use notation::Angle;
pub(crate) use notation::number_field;

/// A position on the WGS 84 ellipsoid that knows how finely it was written.
///
/// Latitude is in [-90, 90] degrees, longitude in [-180, 180): 180° and what lies between 180° and 360° are normalised on
/// the way in. [`Position::uncertainty`] is what the written digits imply, and zero for a position made from numbers.
///
/// # Example
/// ```
/// use siteband::Position;
/// let sino_ri: Position = "39° 38′ 50″ N,  125° 22′ 03″ E".parse()?;
/// assert!((sino_ri.lat_deg() - 39.647_222).abs() < 1e-6);
/// assert!((sino_ri.lon_deg() - 125.367_5).abs() < 1e-6);
/// // Whole seconds leave half a second either way: 15 m north and south, 12 m east and west.
/// assert!((sino_ri.uncertainty().m() - 19.5).abs() < 0.1);
/// # Ok::<(), siteband::ParsePositionError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Position {
    lat_deg: f64,
    lon_deg: f64,
    uncertainty: Length,
}

impl Position {
    /// The position at so many degrees north and east, taken as exact.
    ///
    /// # Errors
    /// [`InvalidPosition`] unless the latitude is in [-90, 90] and the longitude in [-180, 360).
    pub fn new(lat_deg: f64, lon_deg: f64) -> Result<Self, InvalidPosition> {
        let lat_ok = (-90.0..=90.0).contains(&lat_deg);
        let lon_ok = (-180.0..360.0).contains(&lon_deg);
        if !lat_ok {
            let swapped = (-90.0..=90.0).contains(&lon_deg) && (-180.0..360.0).contains(&lat_deg);
            return Err(InvalidPosition { axis: Axis::Latitude, value_deg: lat_deg, swapped });
        }
        if !lon_ok {
            return Err(InvalidPosition { axis: Axis::Longitude, value_deg: lon_deg, swapped: false });
        }
        let lon_deg = if lon_deg >= 180.0 { lon_deg - 360.0 } else { lon_deg };
        // Adding zero turns -0.0 into 0.0, so that equal positions have equal bits.
        Ok(Self { lat_deg: lat_deg + 0.0, lon_deg: lon_deg + 0.0, uncertainty: Length::ZERO })
    }

    /// A position that comes out of a computation on the ellipsoid: any finite longitude is normalised.
    pub(crate) fn computed_deg(lat_deg: f64, lon_deg: f64) -> Self {
        let mut lon_deg = if (-180.0..180.0).contains(&lon_deg) { lon_deg } else { lon_deg % 360.0 };
        if lon_deg >= 180.0 {
            lon_deg -= 360.0;
        } else if lon_deg < -180.0 {
            lon_deg += 360.0;
        }
        Self { lat_deg: lat_deg.clamp(-90.0, 90.0) + 0.0, lon_deg: lon_deg + 0.0, uncertainty: Length::ZERO }
    }

    /// A latitude and a longitude that are in their ranges already.
    pub(crate) const fn at_deg(lat_deg: f64, lon_deg: f64) -> Self {
        Self { lat_deg, lon_deg, uncertainty: Length::ZERO }
    }

    /// The position written in two fields, such as the columns `lat` and `lon` of a table.
    ///
    /// Besides every notation of the module, numbers in scientific notation (`5e-05`) are read, which programs write.
    ///
    /// # Errors
    /// [`ParsePositionError`], with the axis of the field that is wrong.
    pub fn from_fields(lat: &str, lon: &str) -> Result<Self, ParsePositionError> {
        Self::from_angles(notation::field(lat, Axis::Latitude)?, notation::field(lon, Axis::Longitude)?)
    }

    fn from_angles(lat: Angle, lon: Angle) -> Result<Self, ParsePositionError> {
        let position = Self::new(lat.degrees, lon.degrees)
            .map_err(|error| ParsePositionError::new(Some(error.axis), error.to_string()))?;
        Ok(position.with_uncertainty(ellipsoid::half_diagonal(position, lat.step_deg, lon.step_deg)))
    }

    /// The same position, known only to within `uncertainty`.
    #[must_use]
    pub fn with_uncertainty(self, uncertainty: Length) -> Self {
        Self { uncertainty, ..self }
    }

    /// Degrees north of the equator, in [-90, 90].
    #[must_use]
    pub fn lat_deg(&self) -> f64 {
        self.lat_deg
    }

    /// Degrees east of Greenwich, in [-180, 180).
    #[must_use]
    pub fn lon_deg(&self) -> f64 {
        self.lon_deg
    }

    /// How far the true position may be from this one, as far as the written digits tell: half the diagonal of the cell
    /// of positions that are written alike.
    ///
    /// The tables of the georeferencing literature (Wieczorek 2001) give twice this, because they also allow for digits
    /// that were cut off instead of rounded.
    #[must_use]
    pub fn uncertainty(&self) -> Length {
        self.uncertainty
    }
}

impl fmt::Display for Position {
    /// Decimal degrees with hemispheres, to the last bit: `39.6472 N 125.3675 E`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lat = if self.lat_deg < 0.0 { 'S' } else { 'N' };
        let lon = if self.lon_deg < 0.0 { 'W' } else { 'E' };
        write!(f, "{} {lat} {} {lon}", self.lat_deg.abs(), self.lon_deg.abs())
    }
}

impl FromStr for Position {
    type Err = ParsePositionError;

    fn from_str(text: &str) -> Result<Self, ParsePositionError> {
        let (lat, lon) = notation::pair(text)?;
        Self::from_angles(lat, lon)
    }
}

/// The two coordinates of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Degrees north or south.
    Latitude,
    /// Degrees east or west.
    Longitude,
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Latitude => "latitude",
            Self::Longitude => "longitude",
        })
    }
}

/// Numbers that are no position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InvalidPosition {
    /// The coordinate that is out of range.
    pub axis: Axis,
    /// What it was, in degrees.
    pub value_deg: f64,
    /// Whether the two numbers would be a position the other way round.
    pub swapped: bool,
}

impl fmt::Display for InvalidPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { axis, value_deg, swapped } = self;
        let range = match axis {
            Axis::Latitude => "from -90 to 90",
            Axis::Longitude => "from -180 to less than 360",
        };
        write!(f, "{axis} {value_deg} is out of range: expected {range} degrees")?;
        if *swapped {
            f.write_str("; are latitude and longitude swapped?")?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidPosition {}

/// Text that is not one position, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ParsePositionError {
    /// The coordinate in which the fault lies, where it lies in one.
    pub axis: Option<Axis>,
    /// What was found and what was expected.
    pub reason: String,
}

impl ParsePositionError {
    fn new(axis: Option<Axis>, reason: impl Into<String>) -> Self {
        Self { axis, reason: reason.into() }
    }
}

/// How a position stands in JSON or TOML: as text in any notation, or as numbers.
#[derive(Deserialize, Serialize)]
#[serde(untagged, expecting = "expected a position: text such as \"39.6472 N 125.3675 E\", or { lat, lon }")]
enum Written {
    Text(String),
    Numbers(Numbers),
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Numbers {
    lat: f64,
    lon: f64,
    #[serde(default)]
    uncertainty_m: Length,
}

impl TryFrom<Written> for Position {
    type Error = ParsePositionError;

    fn try_from(written: Written) -> Result<Self, ParsePositionError> {
        match written {
            Written::Text(text) => text.parse(),
            Written::Numbers(Numbers { lat, lon, uncertainty_m }) => Self::new(lat, lon)
                .map(|position| position.with_uncertainty(uncertainty_m))
                .map_err(|error| ParsePositionError::new(Some(error.axis), error.to_string())),
        }
    }
}

impl From<Position> for Written {
    fn from(position: Position) -> Self {
        Self::Numbers(Numbers { lat: position.lat_deg, lon: position.lon_deg, uncertainty_m: position.uncertainty })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Position, ParsePositionError> {
        text.parse()
    }

    #[test]
    fn every_spelling_of_sino_ri_is_the_same_place() {
        for text in [
            "39° 38′ 50″ N,  125° 22′ 03″ E",
            "39°38′50″N 125°22′03″E",
            "39°38'50\"N 125°22'03\"E",
            "39º38’50”N, 125º22’03”E",
            "39˚38´50´´N; 125˚22´03´´E",
            "39-38-50N 125-22-03E",
            "39‐38‐50N 125‐22‐03E",
            "39 - 38 - 50 N, 125 - 22 - 03 E",
            "39:38:50 N 125:22:03 E",
            "39 38 50 N 125 22 03 E",
            "N39 38 50 E125 22 03",
            "N 39° 38' 50\", E 125° 22' 03\"",
            "E 125° 22' 03\" N 39° 38' 50\"",
            "125°22′03″E 39°38′50″N",
            "393850N 1252203E",
            "N393850 E1252203",
            "３９°３８′５０″Ｎ　１２５°２２′０３″Ｅ",
            "３９°３８＇５０＂Ｎ，１２５°２２＇０３＂Ｅ",
            "39 deg 38 min 50 sec North, 125 deg 22 min 03 sec East",
            "(39°38′50″N, 125°22′03″E)",
            "39d38m50sN 125d22m03sE",
            "39d 38m 50s N, 125d 22m 03s E",
            "39°38′50″, 125°22′03″",
            "Lat 39°38′50″ Lon 125°22′03″",
            "북위 39도 38분 50초 동경 125도 22분 3초",
            "북위39도38분50초동경125도22분3초",
            "동경 125° 22′ 03″, 북위 39° 38′ 50″",
            "北纬39°38′50″ 东经125°22′03″",
            "北纬39度38分50秒，东经125度22分03秒",
            "北緯39度38分50秒、東經125度22分03秒",
            "北緯39度38分50秒 東経125度22分03秒",
            "北緯３９度３８分５０秒　東経１２５度２２分０３秒",
            "위도 39도 38분 50초, 경도 125도 22분 3초",
            "39\u{a0}°\u{202f}38\u{2009}′ 50 ″ N / 125 ° 22 ′ 03 ″ E",
        ] {
            let position = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert!((position.lat_deg() - (39.0 + 38.0 / 60.0 + 50.0 / 3600.0)).abs() < 1e-12, "{text}: {position}");
            assert!((position.lon_deg() - (125.0 + 22.0 / 60.0 + 3.0 / 3600.0)).abs() < 1e-12, "{text}: {position}");
            assert!((position.uncertainty().m() - 19.5).abs() < 0.3, "{text}: {}", position.uncertainty().m());
        }
    }

    #[test]
    fn decimals_and_signs() {
        for (text, lat_deg, lon_deg) in [
            ("39.6472N 125.3675E", 39.6472, 125.3675),
            ("39.6472 N, 125.3675 E", 39.6472, 125.3675),
            ("39.6472, 125.3675", 39.6472, 125.3675),
            ("39.6472 125.3675", 39.6472, 125.3675),
            ("39.6472,125.3675", 39.6472, 125.3675),
            ("39.6472° 125.3675°", 39.6472, 125.3675),
            ("-33.9, 18.4", -33.9, 18.4),
            ("\u{2212}33.9, 18.4", -33.9, 18.4),
            ("－33.9，18.4", -33.9, 18.4),
            ("–33.9, –70.5", -33.9, -70.5),
            ("33.9S 18.4E", -33.9, 18.4),
            ("33°54'S 18°24'E", -33.9, 18.4),
            ("+39.6472+125.3675/", 39.6472, 125.3675),
            ("+39.6472-125.3675/", 39.6472, -125.3675),
            ("-33.9 -70.5", -33.9, -70.5),
            ("Latitude: 39.6472, Longitude: 125.3675", 39.6472, 125.3675),
            ("lat=39.6472 lon=-125.3675", 39.6472, -125.3675),
            ("39°38.83'N 125°22.05'E", 39.0 + 38.83 / 60.0, 125.3675),
            ("39 38.83 N 125 22.05 E", 39.0 + 38.83 / 60.0, 125.3675),
            ("90N 0E", 90.0, 0.0),
            ("0, 359.5", 0.0, -0.5),
            ("0N 180E", 0.0, -180.0),
            ("3938N 12522E", 39.0 + 38.0 / 60.0, 125.0 + 22.0 / 60.0),
            (".5, -.25", 0.5, -0.25),
            ("북위 39.6472도 동경 125.3675도", 39.6472, 125.3675),
            ("남위 33.9도 서경 70.5도", -33.9, -70.5),
            ("南緯33度54分 西経70度30分", -33.9, -70.5),
            ("南纬33.9° 西经70.5°", -33.9, -70.5),
            ("南緯33.9度 西經70.5度", -33.9, -70.5),
            ("北緯39.6472 東経125.3675", 39.6472, 125.3675),
        ] {
            let position = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert!((position.lat_deg() - lat_deg).abs() < 1e-12, "{text}: {position}");
            assert!((position.lon_deg() - lon_deg).abs() < 1e-12, "{text}: {position}");
        }
    }

    #[test]
    fn ambiguous_or_lossy_text_is_an_error_that_says_why() {
        for (text, why) in [
            ("", "empty"),
            ("39.6472", "one coordinate"),
            ("91N 125E", "latitude 91 is out of range"),
            ("125.3675, 39.6472", "swapped"),
            ("39,6472 125,3675", "decimal comma"),
            ("39,6472N 125,3675E", "decimal comma"),
            ("39,125", "decimal comma"),
            ("39.6472N 125.3675", "E or W"),
            ("39.6472 125.3675E", "N or S"),
            ("39.6472N 12.3675N", "two latitudes"),
            ("-39.6472N 125.3675E", "both a sign and"),
            ("39°60'N 125°22'E", "minutes 60"),
            ("39°38'61\"N 125°22'E", "seconds 61"),
            ("39.5°30'N 125°22'E", "only the last"),
            ("39?38?50?N 125?22?03?E", "lost"),
            ("39\u{fffd}38'50\"N 125\u{fffd}22'03\"E", "lost"),
            ("39 38 50 125 22 03", "hemisphere"),
            ("39°38′50″N", "one coordinate"),
            ("39.6472N 125.3675E 12", "after"),
            ("39.64.72N 125.3675E", "two decimal points"),
            ("Sino-ri", "'Sino'"),
            ("북위 39도 125도", "E or W"),
            ("39도 38분, 동경 125도 22분", "N or S"),
            ("北纬39° 南纬12°", "two latitudes"),
            ("東経125度 東経39度", "two longitudes"),
            ("북위 39도 38분", "one coordinate"),
            ("북위 -39도 동경 125도", "both a sign and"),
            ("北緯39分38度 東経125度", "in this order"),
            ("북위 39도 60분 동경 125도", "minutes 60"),
            ("경도 39도, 위도 95도", "out of range"),
            ("신오리 39도", "'신오리'"),
            ("NaN, 12", "'NaN'"),
            ("1e1 2e1", "something is left"),
            ("1E 2E", "two longitudes"),
            ("39°50″38′N 125E", "in this order"),
            ("39N 125E 40N", "three hemisphere"),
            ("39.6 - 125.3", "one coordinate"),
            ("99999999999999999999N 5E", "out of range"),
        ] {
            let error = parse(text).expect_err(text).to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn digits_imply_uncertainty() {
        // The literature's table for a precision of 0.01° at 30° (1,470 m) is twice ours: see `Position::uncertainty`.
        let position = parse("30.00, 125.00").expect("valid");
        assert!((position.uncertainty().m() - 735.0).abs() < 1.0, "{}", position.uncertainty().m());
        let minutes = parse("60°00'N 5°00'E").expect("valid");
        assert!((minutes.uncertainty().m() - 2077.0 / 2.0).abs() < 1.0, "{}", minutes.uncertainty().m());
        assert_eq!(Position::new(30.0, 125.0).expect("valid").uncertainty(), Length::ZERO);
    }

    #[test]
    fn fields_of_a_table() {
        let position = Position::from_fields(" 39.647222 ", "5e-05").expect("valid");
        assert_eq!((position.lat_deg(), position.lon_deg()), (39.647_222, 5e-5));
        let dms = Position::from_fields("39°38′50″N", "125°22′03″E").expect("valid");
        assert!((dms.lat_deg() - 39.647_222).abs() < 1e-6);
        for (lat, lon, axis, why) in [
            ("91", "12", Axis::Latitude, "swapped"),
            ("", "12", Axis::Latitude, "empty"),
            ("12", "inf", Axis::Longitude, "'inf'"),
            ("NaN", "12", Axis::Latitude, "'NaN'"),
            ("12E", "12", Axis::Latitude, "E or W"),
            ("39,5", "125,1", Axis::Latitude, "decimal comma"),
            ("12", "360", Axis::Longitude, "out of range"),
        ] {
            let error = Position::from_fields(lat, lon).expect_err(lat);
            assert_eq!(error.axis, Some(axis), "{lat} {lon}: {error}");
            assert!(error.reason.contains(why), "{lat} {lon}: {error}");
        }
    }

    #[test]
    fn serde_goes_through_the_same_checks() {
        let text: Position = serde_json::from_str("\"39.0392 N 125.7625 E\"").expect("text");
        assert_eq!(text.lat_deg(), 39.0392);
        let back: Position = serde_json::from_str(&serde_json::to_string(&text).expect("write")).expect("read");
        assert_eq!(back, text);
        assert!(serde_json::from_str::<Position>("{\"lat\": 91, \"lon\": 0}").is_err());
        assert!(serde_json::from_str::<Position>("\"91N 0E\"").is_err());
    }
}
