//! Coordinate reference systems: what the numbers of a file mean, where they are not WGS 84.
//!
//! PROJ does the work, behind the feature `proj`. Without the feature the type is there, and knows WGS 84 alone: every file that names
//! another system is refused with a sentence that says how to read it.

use std::fmt;
use std::str::FromStr;

use crate::ellipsoid;
use crate::length::Length;
use crate::position::Position;

/// A coordinate reference system, for files that are not in longitude and latitude in WGS 84.
///
/// It is made from whatever PROJ knows: `EPSG:32652`, `ESRI:102025`, `urn:ogc:def:crs:EPSG::5179`, WKT, a PROJ string. All but WGS 84
/// itself (`EPSG:4326`, `CRS84`) needs the feature `proj`; docs/PROJ.md says how to build that, and what is promised.
///
/// **Order.** As in GeoJSON and on maps, the first number goes east (x, easting, longitude) and the second north (y, northing,
/// latitude), whatever order the system's own definition has. **Units** are those of the system.
///
/// **Datum.** Where the system is not on WGS 84, PROJ's best operation for the place is taken that needs no grids: files of the same
/// bytes give the same positions everywhere. What PROJ says of the operation's accuracy becomes the position's uncertainty.
///
/// # Example
/// ```
/// # #[cfg(feature = "proj")] {
/// use siteband::{Crs, Sites};
/// let utm: Crs = "EPSG:32652".parse()?;
/// assert_eq!(utm.name(), "WGS 84 / UTM zone 52N");
/// let sites = Sites::from_csv_in("id,easting,northing\nsino-ri,188301.884,4394910.176\n".as_bytes(), &utm)?;
/// let at = sites.as_slice()[0].position();
/// assert!((at.lat_deg() - 39.6472).abs() < 1e-6 && (at.lon_deg() - 125.3675).abs() < 1e-6);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Crs {
    definition: String,
    name: String,
    /// All that PROJ knows of it, to tell systems apart that have no name.
    json: String,
    /// West, south, east and north end of where it is meant to be used, in degrees; west is greater than east over 180°.
    /// The west, south, east and north end of where it is meant to be used, in degrees; west is greater than east if 180° lies within.
    area_deg: Option<[f64; 4]>,
    is_wgs84: bool,
    is_geographic: bool,
    /// One unit of its numbers, in degrees if it is geographic, else in metres.
    unit: f64,
    /// Whether its ellipsoid is that of WGS 84, or GRS 80: of a datum around the Earth's centre.
    is_modern: bool,
}

/// A system that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("coordinate reference system '{found}': {reason}")]
pub struct UnknownCrs {
    /// What was given.
    pub found: String,
    /// Why it is no system that can be used, and what was expected.
    pub reason: String,
}

/// Two numbers that are no coordinates of a system, and why.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("[{x}, {y}] in {crs}: {reason}")]
pub struct InvalidCoordinates {
    /// The number to the east.
    pub x: f64,
    /// The number to the north.
    pub y: f64,
    /// The system.
    pub crs: String,
    /// Why they are none, what was expected, and what may be wrong.
    pub reason: String,
}

impl FromStr for Crs {
    type Err = UnknownCrs;

    fn from_str(text: &str) -> Result<Self, UnknownCrs> {
        let text = text.trim();
        if is_wgs84(text) {
            return Ok(Self {
                definition: text.to_owned(),
                name: "WGS 84".to_owned(),
                json: String::new(),
                area_deg: None,
                is_wgs84: true,
                is_geographic: true,
                unit: 1.0,
                is_modern: true,
            });
        }
        inner::open(text).map_err(|reason| UnknownCrs { found: text.to_owned(), reason })
    }
}

/// Whether a name is one of those that longitude and latitude in WGS 84 have.
fn is_wgs84(name: &str) -> bool {
    let name = name.to_lowercase();
    let (authority, code) = name.rsplit_once([':', '/']).unwrap_or(("", &name));
    matches!((authority, code), ("", "wgs84" | "wgs 84" | "crs84"))
        || (code == "crs84" && authority.contains("ogc"))
        || (code == "4326" && authority.contains("epsg"))
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // WKT and PROJ's JSON are pages long.
        if self.definition.contains(['[', '{']) {
            return f.write_str(&self.name);
        }
        write!(f, "{} ({})", self.definition, self.name)
    }
}

/// So many degrees outside of its area of use a system is still believed. Whole countries are often in the UTM zone of their middle, and
/// Kenya is in a zone of the southern hemisphere: the next zone belongs to it, the one behind does not.
const MARGIN_DEG: f64 = 6.0;

/// So far from WGS 84, in metres, is a datum on its ellipsoid that PROJ's database relates to it by no operation, such as China's of 2000:
/// all that there are follow the Earth's centre. Those that it does relate are given 1 m, and at most 4 m (NAD83): continents drift.
const MODERN_M: f64 = 5.0;

/// So far apart, in metres, numbers and what their position is converted back to are taken for the same: another change of datum may be best
/// in that direction.
const RETURN_M: f64 = 1000.0;

impl Crs {
    /// Its name, as PROJ has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether its numbers are longitude and latitude, and not those of a map.
    #[must_use]
    pub fn is_geographic(&self) -> bool {
        self.is_geographic
    }

    /// The position in WGS 84 of two numbers, the first to the east and the second to the north.
    ///
    /// # Errors
    /// [`InvalidCoordinates`] where they are no numbers of this system, lie outside of its area of use by more than six degrees, or where
    /// PROJ knows nothing better than a guess about the datum.
    ///
    /// # Accuracy
    /// PROJ's own is below a micrometre for the usual projections. That of a change of datum, as PROJ states it, is the position's
    /// [`Position::uncertainty`]; there is none where the system is on WGS 84.
    pub fn position(&self, x: f64, y: f64) -> Result<Position, InvalidCoordinates> {
        let refuse = |reason: String| InvalidCoordinates { x, y, crs: self.to_string(), reason };
        if !x.is_finite() || !y.is_finite() {
            return Err(refuse("expected two finite numbers".to_owned()));
        }
        if let Some(hint) = self.misfit(x, y) {
            return Err(refuse(hint.to_owned()));
        }
        if self.is_wgs84 {
            return Position::new(y, x).map_err(|error| refuse(error.to_string()));
        }
        let with_hint = |reason: String| refuse(format!("{reason}{}", self.hint(x, y)));
        let place = inner::to_wgs84(self, x, y).map_err(with_hint)?;
        if !self.is_used_at(place.lon_lat_deg) {
            let [lon, lat] = place.lon_lat_deg;
            let [west, south, east, north] = self.area_deg.unwrap_or([-180.0, -90.0, 180.0, 90.0]);
            return Err(with_hint(format!(
                "that is at longitude {lon:.4}, latitude {lat:.4}, outside of where the system is used (longitude {west} to {east}, latitude \
                 {south} to {north})"
            )));
        }
        let [back_x, back_y] = place.back;
        // Numbers that are too large for the map become some place or other.
        let off_m = (back_x - x).hypot(back_y - y) * self.unit;
        if !self.is_geographic && (off_m.is_nan() || off_m > RETURN_M) {
            return Err(with_hint(format!(
                "that is beyond the edge of the map: the place that PROJ finds is [{back_x:.3}, {back_y:.3}]"
            )));
        }
        let accuracy_m = match place.accuracy_m.map_err(refuse)? {
            Some(accuracy_m) => accuracy_m,
            None if self.is_modern => MODERN_M,
            None => {
                return Err(refuse(
                    "PROJ knows no change of datum from there to WGS 84 that needs no grid, and guesses are off by hundreds of metres: \
                     convert the file with the grid beforehand, or name a system whose datum is known"
                        .to_owned(),
                ));
            }
        };
        let [lon_deg, lat_deg] = place.lon_lat_deg;
        let position = Position::new(lat_deg, lon_deg).map_err(|error| refuse(error.to_string()))?;
        Ok(position.with_uncertainty(Length::computed_m(accuracy_m)))
    }

    /// What is wrong with numbers that cannot be of such a system.
    fn misfit(&self, x: f64, y: f64) -> Option<&'static str> {
        // A little more, for units such as the grad.
        let degrees = |lon: f64, lat: f64| lon.abs() <= 360.000_001 && lat.abs() <= 90.000_001;
        if self.is_geographic {
            if degrees(x * self.unit, y * self.unit) {
                None
            } else if degrees(y * self.unit, x * self.unit) {
                Some("expected a longitude and a latitude; the two look swapped: expected east first")
            } else {
                Some("expected a longitude and a latitude; these look like metres of a projected system")
            }
        } else if degrees(x, y) && self.unit <= 1.0 {
            Some("expected metres or feet of a map; these look like degrees")
        } else {
            None
        }
    }

    /// Whether a longitude and a latitude, in degrees, lie in the area of use or close to it.
    fn is_used_at(&self, [lon_deg, lat_deg]: [f64; 2]) -> bool {
        let Some([west, south, east, north]) = self.area_deg else {
            return true;
        };
        let east_of_west = (lon_deg - (west - MARGIN_DEG)).rem_euclid(360.0);
        let span = if east - west >= 360.0 { 360.0 } else { (east - west).rem_euclid(360.0) };
        (south - MARGIN_DEG..=north + MARGIN_DEG).contains(&lat_deg) && east_of_west <= span + 2.0 * MARGIN_DEG
    }

    /// What may be wrong, if other numbers would be where the system is used.
    fn hint(&self, x: f64, y: f64) -> &'static str {
        let is_used = |x: f64, y: f64| {
            self.area_deg.is_some() && inner::to_wgs84(self, x, y).is_ok_and(|place| self.is_used_at(place.lon_lat_deg))
        };
        if is_used(y, x) {
            "; the two look swapped: expected east first"
        } else if self.name.contains("UTM zone") && is_used(x, y + 1e7) {
            "; these look like numbers of the zone's northern half"
        } else if self.name.contains("UTM zone") && is_used(x, y - 1e7) {
            "; these look like numbers of the zone's southern half"
        } else {
            ""
        }
    }

    /// What the last digits of two numbers leave open: half the diagonal of the cell of coordinates that are written alike. `x_step` and
    /// `y_step` are one step of their last digits.
    pub(crate) fn half_diagonal(&self, at: Position, x_step: f64, y_step: f64) -> Length {
        if self.is_geographic {
            ellipsoid::half_diagonal(at, y_step * self.unit, x_step * self.unit)
        } else {
            Length::computed_m(x_step.hypot(y_step) * self.unit / 2.0)
        }
    }

    /// Whether its numbers are WGS 84 as they stand.
    pub(crate) fn is_wgs84(&self) -> bool {
        self.is_wgs84
    }

    /// Whether two systems are one, whatever they were called.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        let is_named = !matches!(self.name.as_str(), "unknown" | "unnamed" | "");
        (is_named && self.name == other.name) || self.json == other.json
    }
}

/// What PROJ makes of two numbers.
struct Converted {
    lon_lat_deg: [f64; 2],
    /// The numbers of that place.
    back: [f64; 2],
    /// How far off a change of datum may be; none where PROJ only guesses; or why it is not to be used.
    accuracy_m: Result<Option<f64>, String>,
}

#[cfg(feature = "proj")]
mod inner {
    use std::cell::RefCell;
    use std::collections::HashMap;

    use serde_json::Value;

    use super::{Converted, Crs};

    const WGS84: &str = "EPSG:4326";

    /// A way to WGS 84.
    struct Way {
        proj: proj::Proj,
        /// Whether it is the same everywhere, and changes no datum.
        is_exact: bool,
    }

    thread_local! {
        // PROJ's own objects belong to one thread each.
        static OPEN: RefCell<HashMap<String, Way>> = RefCell::new(HashMap::new());
    }

    pub(super) fn open(definition: &str) -> Result<Crs, String> {
        let refuse = |error: String| {
            let error = error.trim_start_matches("The underlying PROJ call failed: ");
            let error = if error.starts_with("Unknown error") { "there is no such system" } else { error };
            let hint = if std::env::var_os("PROJ_DATA").is_some() {
                "; the variable PROJ_DATA is set: is that the database of another PROJ?"
            } else {
                ""
            };
            format!(
                "PROJ says: {error}; expected something like EPSG:32652, WKT or a PROJ string of a coordinate reference system{hint}"
            )
        };
        let system = proj::Proj::new(definition).map_err(|error| refuse(error.to_string()))?;
        let json = system.to_projjson(Some(false), None, None).map_err(|error| refuse(error.to_string()))?;
        let value: Value = serde_json::from_str(&json).map_err(|error| refuse(error.to_string()))?;
        // A compound system's first part is the horizontal one, a bound system's source the one that is bound.
        let mut horizontal = &value;
        while let Some(part) = horizontal.pointer("/components/0").or(horizontal.get("source_crs")) {
            horizontal = part;
        }
        let is_geographic = match horizontal.get("type").and_then(Value::as_str) {
            Some("GeographicCRS") => true,
            Some("ProjectedCRS") => false,
            other => {
                let kind = other.unwrap_or("no reference system");
                return Err(format!("it is a {kind}: expected a geographic or projected one, in two dimensions"));
            }
        };
        // On an ellipsoid PROJ took latitudes for those of a sphere up to 9.7.
        if horizontal.pointer("/conversion/method/name").and_then(Value::as_str) == Some("Equidistant Cylindrical") {
            return Err("PROJ 9.6 computes Equidistant Cylindrical on a sphere, which is wrong by up to 23 km: expected another \
                        system, or one that says that it is of a sphere"
                .to_owned());
        }
        let name = value.get("name").and_then(Value::as_str).unwrap_or(definition).to_owned();
        let area = system.area_of_use().ok().and_then(|(area, _)| area);
        let area_deg = area.map(|area| [area.west, area.south, area.east, area.north]);
        let unit = unit(horizontal.pointer("/coordinate_system/axis/0/unit"), is_geographic)
            .ok_or("its unit is not known: expected one that has a size")?;
        let is_modern = is_modern(horizontal.get("base_crs").unwrap_or(horizontal));
        let definition_of = definition.to_owned();
        let crs =
            Crs { definition: definition_of, name, json, area_deg, is_wgs84: false, is_geographic, unit, is_modern };
        // Whether there is a way to WGS 84 at all.
        with(definition, |_| Ok(()))?;
        Ok(crs)
    }

    /// The size of a unit, in degrees or metres.
    fn unit(unit: Option<&Value>, is_geographic: bool) -> Option<f64> {
        let size = match unit? {
            Value::String(name) if name == "metre" || name == "degree" => return Some(1.0),
            unit => unit.get("conversion_factor")?.as_f64()?,
        };
        Some(if is_geographic { size.to_degrees() } else { size })
    }

    /// Whether a geographic system is on the ellipsoid of WGS 84 or GRS 80.
    fn is_modern(geographic: &Value) -> bool {
        let datum = geographic.get("datum").or(geographic.get("datum_ensemble"));
        let number = |key: &str| datum.and_then(|datum| datum.get("ellipsoid")?.get(key)?.as_f64()).unwrap_or_default();
        number("semi_major_axis") == 6_378_137.0 && (number("inverse_flattening") - 298.257_223).abs() < 1e-5
    }

    fn with<T>(definition: &str, work: impl FnOnce(&Way) -> Result<T, String>) -> Result<T, String> {
        OPEN.with_borrow_mut(|open| {
            if !open.contains_key(definition) {
                let proj = proj::Proj::new_known_crs(definition, WGS84, None)
                    .map_err(|error| format!("PROJ finds no way to WGS 84: {error}"))?;
                let is_exact = proj.proj_info().accuracy == 0.0;
                open.insert(definition.to_owned(), Way { proj, is_exact });
            }
            open.get(definition).map_or_else(|| Err("PROJ is gone".to_owned()), work)
        })
    }

    pub(super) fn to_wgs84(crs: &Crs, x: f64, y: f64) -> Result<Converted, String> {
        with(&crs.definition, |way| {
            let (lon, lat) = way.proj.convert((x, y)).map_err(|error| error.to_string())?;
            if !lon.is_finite() || !lat.is_finite() {
                return Err("PROJ finds no such place".to_owned());
            }
            // What was used for these numbers, where there are several operations.
            let accuracy_m = if way.is_exact { Ok(Some(0.0)) } else { accuracy_m(&way.proj.proj_info()) };
            let back = way.proj.project((lon, lat), true).unwrap_or((f64::NAN, f64::NAN));
            Ok(Converted { lon_lat_deg: [lon, lat], back: [back.0, back.1], accuracy_m })
        })
    }

    /// How far off the operation that was used last may be.
    fn accuracy_m(used: &proj::ProjInfo) -> Result<Option<f64>, String> {
        if used.definition.as_deref().is_some_and(|steps| steps.contains("grids=")) {
            return Err(
                "its definition takes a grid, which others may not have: convert the file beforehand".to_owned()
            );
        }
        if used.accuracy >= 0.0 {
            return Ok(Some(used.accuracy));
        }
        let is_guess = used.description.as_deref().is_some_and(|steps| steps.contains("Ballpark"));
        // Or the parameters that the definition itself gives.
        Ok(if is_guess { None } else { Some(0.0) })
    }
}

#[cfg(not(feature = "proj"))]
mod inner {
    use super::{Converted, Crs};

    const WITHOUT: &str = "this siteband was built without PROJ: expected longitude and latitude in WGS 84 (EPSG:4326), or a build with the \
                           feature 'proj' (docs/PROJ.md)";

    pub(super) fn open(_: &str) -> Result<Crs, String> {
        Err(WITHOUT.to_owned())
    }

    pub(super) fn to_wgs84(_: &Crs, _: f64, _: f64) -> Result<Converted, String> {
        Err(WITHOUT.to_owned())
    }
}
