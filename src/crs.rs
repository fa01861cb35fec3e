//! Coordinate reference systems: what the numbers of a file mean, where they are not WGS 84.
//!
//! PROJ does the work, behind the feature `proj`. Without the feature the type is there, and none can be made: every file that names
//! another system is refused with a sentence that says how to read it.

use std::fmt;
use std::str::FromStr;

use crate::position::Position;

/// A coordinate reference system other than longitude and latitude in WGS 84, for files that are in one.
///
/// It is made from whatever PROJ knows: `EPSG:32652`, `ESRI:102025`, `urn:ogc:def:crs:EPSG::5179`, WKT, a PROJ string. It needs the
/// feature `proj`; docs/PROJ.md says how to build that.
///
/// **Order.** As in GeoJSON and on maps, the first number goes east (x, easting, longitude) and the second north (y, northing,
/// latitude), whatever order the system's own definition has. **Units** are those of the system.
///
/// **Datum.** Where the system is not on WGS 84, PROJ's best operation for the place is taken that needs no grids: files of the same
/// bytes give the same positions everywhere. That is good to a metre for modern datums, and to several metres for old ones.
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
    definition: inner::Definition,
    name: String,
    /// West, south, east and north end of where it is meant to be used, in degrees; west is greater than east over 180°.
    area_deg: Option<[f64; 4]>,
    is_geographic: bool,
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

impl FromStr for Crs {
    type Err = UnknownCrs;

    fn from_str(text: &str) -> Result<Self, UnknownCrs> {
        inner::open(text.trim()).map_err(|reason| UnknownCrs { found: text.trim().to_owned(), reason })
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.definition, self.name)
    }
}

/// So many degrees outside of its area of use a system is still believed: borders reach a little beyond their country's system.
const MARGIN_DEG: f64 = 1.0;

impl Crs {
    /// Its name, as PROJ has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether its numbers are degrees of longitude and latitude.
    #[must_use]
    pub fn is_geographic(&self) -> bool {
        self.is_geographic
    }

    /// The position in WGS 84 of two numbers, the first to the east and the second to the north.
    ///
    /// # Errors
    /// Why they are none: no numbers of this system, or outside of its area of use by more than a degree.
    ///
    /// # Accuracy
    /// PROJ's own is below a micrometre for the usual projections within their area of use; that of a change of datum is up to
    /// metres.
    pub fn position(&self, x: f64, y: f64) -> Result<Position, String> {
        let found = format!("[{x}, {y}] in {self}");
        if !x.is_finite() || !y.is_finite() {
            return Err(format!("{found}: expected two finite numbers"));
        }
        if self.is_geographic && (x.abs() > 360.0 || y.abs() > 90.0) {
            let swapped = y.abs() <= 360.0 && x.abs() <= 90.0;
            let hint = if swapped { "the two look swapped" } else { "these look like metres of a projected system" };
            return Err(format!("{found}: expected a longitude and a latitude in degrees; {hint}"));
        }
        if !self.is_geographic && x.abs() <= 360.0 && y.abs() <= 90.0 {
            return Err(format!("{found}: expected metres or feet of a projection; these look like degrees"));
        }
        let place = inner::to_wgs84(self, x, y).map_err(|error| format!("{found}: {error}{}", self.hint(x, y)))?;
        if !self.is_used_at(place) {
            let [lon, lat] = place;
            let [west, south, east, north] = self.area_deg.unwrap_or([-180.0, -90.0, 180.0, 90.0]);
            return Err(format!(
                "{found} is at longitude {lon:.4}, latitude {lat:.4}, outside of where the system is used (longitude {west} to {east}, \
                 latitude {south} to {north}){}",
                self.hint(x, y)
            ));
        }
        Position::new(place[1], place[0]).map_err(|error| format!("{found}: {error}"))
    }

    fn is_used_at(&self, [lon_deg, lat_deg]: [f64; 2]) -> bool {
        let Some([west, south, east, north]) = self.area_deg else {
            return true;
        };
        let east_of_west = (lon_deg - (west - MARGIN_DEG)).rem_euclid(360.0);
        let span = (east - west).rem_euclid(360.0);
        let span = if east > west && east - west >= 360.0 { 360.0 } else { span };
        (south - MARGIN_DEG..=north + MARGIN_DEG).contains(&lat_deg) && east_of_west <= span + 2.0 * MARGIN_DEG
    }

    /// What may be wrong, if turning the numbers round puts them where the system is used.
    fn hint(&self, x: f64, y: f64) -> &'static str {
        let turned = inner::to_wgs84(self, y, x);
        if turned.is_ok_and(|place| self.is_used_at(place)) {
            "; the two look swapped: expected east first"
        } else {
            ""
        }
    }
}

#[cfg(feature = "proj")]
mod inner {
    use std::cell::RefCell;
    use std::collections::HashMap;

    use super::Crs;

    /// PROJ's own objects belong to one thread each, and are found there by this.
    pub(super) type Definition = String;

    const WGS84: &str = "EPSG:4326";

    thread_local! {
        static OPEN: RefCell<HashMap<String, proj::Proj>> = RefCell::new(HashMap::new());
    }

    pub(super) fn open(definition: &str) -> Result<Crs, String> {
        let refuse = |error: String| {
            format!(
                "PROJ says: {error}; expected something like EPSG:32652, WKT or a PROJ string of a coordinate reference system"
            )
        };
        let system = proj::Proj::new(definition).map_err(|error| refuse(error.to_string()))?;
        let json = system.to_projjson(Some(false), None, None).map_err(|error| refuse(error.to_string()))?;
        let json: serde_json::Value = serde_json::from_str(&json).map_err(|error| refuse(error.to_string()))?;
        // A compound system's first part is the horizontal one, a bound system's source the one that is bound.
        let horizontal = json.pointer("/components/0").or(json.get("source_crs")).unwrap_or(&json);
        let is_geographic = match horizontal.get("type").and_then(serde_json::Value::as_str) {
            Some("GeographicCRS") => true,
            Some("ProjectedCRS" | "DerivedProjectedCRS") => false,
            other => {
                let kind = other.unwrap_or("no reference system");
                return Err(format!("it is a {kind}: expected a geographic or projected one, in two dimensions"));
            }
        };
        let name = json.get("name").and_then(serde_json::Value::as_str).unwrap_or(definition).to_owned();
        let area = system.area_of_use().ok().and_then(|(area, _)| area);
        let area_deg = area.map(|area| [area.west, area.south, area.east, area.north]);
        let crs = Crs { definition: definition.to_owned(), name, area_deg, is_geographic };
        // Whether there is a way to WGS 84 at all.
        with(definition, |_| Ok(()))?;
        Ok(crs)
    }

    fn with<T>(definition: &str, work: impl FnOnce(&proj::Proj) -> Result<T, String>) -> Result<T, String> {
        OPEN.with_borrow_mut(|open| {
            if !open.contains_key(definition) {
                let opened = proj::Proj::new_known_crs(definition, WGS84, None)
                    .map_err(|error| format!("PROJ finds no way to WGS 84: {error}"))?;
                open.insert(definition.to_owned(), opened);
            }
            open.get(definition).map_or_else(|| Err("PROJ is gone".to_owned()), work)
        })
    }

    /// Longitude and latitude.
    pub(super) fn to_wgs84(crs: &Crs, x: f64, y: f64) -> Result<[f64; 2], String> {
        let (lon, lat) = with(&crs.definition, |proj| proj.convert((x, y)).map_err(|error| error.to_string()))?;
        if lon.is_finite() && lat.is_finite() { Ok([lon, lat]) } else { Err("PROJ finds no such place".to_owned()) }
    }
}

#[cfg(not(feature = "proj"))]
mod inner {
    use std::fmt;

    use super::Crs;

    /// Without PROJ there is none.
    #[derive(Clone, Debug)]
    pub(super) enum Definition {}

    impl fmt::Display for Definition {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            match *self {}
        }
    }

    pub(super) fn open(_: &str) -> Result<Crs, String> {
        Err("this siteband was built without PROJ: expected longitude and latitude in WGS 84 (EPSG:4326), or a build with the feature \
             'proj' (docs/PROJ.md)"
            .to_owned())
    }

    pub(super) fn to_wgs84(crs: &Crs, _: f64, _: f64) -> Result<[f64; 2], String> {
        match crs.definition {}
    }
}
