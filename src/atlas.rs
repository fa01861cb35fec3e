//! Many features, found by id, by country, or by the words of a claim.

use std::collections::HashMap;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
#[cfg(feature = "atlas")]
use std::sync::LazyLock;

use crate::country::{CountryCode, country, plain};
use crate::crs::Crs;
use crate::edges::{EdgeWarning, Edges};
use crate::feature::{Feature, FeatureKind, UnknownCountry};
use crate::features_file;
use crate::length::Length;
use crate::limits::PIECES;

mod words;

pub use words::UnknownFeature;

/// A collection of features.
///
/// # Example
/// ```
/// use siteband::Atlas;
/// let atlas = Atlas::from_path("data/borders/cn-kp.geojson".as_ref())?;
/// let border = atlas.resolve("the North Korean border with China")?;
/// assert_eq!(border.id(), "cn-kp");
/// assert_eq!(atlas.resolve("the Chinese border")?.id(), "cn-kp");
/// let error = atlas.resolve("the Mongolian border").unwrap_err();
/// assert!(error.to_string().contains("no border of MN"));
/// let atlas = Atlas::from_path("data/regions/north-korea.geojson".as_ref())?;
/// assert_eq!(atlas.resolve("the North Korean coast")?.id(), "north-korea");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Atlas {
    features: Vec<Arc<Feature>>,
    /// How many pieces their edges are cut into.
    pieces: usize,
    /// Where each id is in the list, in lower case.
    by_id: HashMap<String, usize>,
    /// Where the features of each id, name or alias are, as [`bare`] has it, in the order of the list.
    by_name: HashMap<String, Vec<usize>>,
    /// Where the features of each country are, in the order of the list.
    by_country: HashMap<CountryCode, Vec<usize>>,
}

/// How a file of features is read.
///
/// # Example
/// ```
/// use siteband::{Atlas, AtlasOptions, Edges};
/// let options = AtlasOptions::default().with_edges(Edges::Planar);
/// let atlas = Atlas::from_path_with("data/borders/cn-kp.geojson".as_ref(), &options)?;
/// assert_eq!(atlas.features()[0].edges(), Edges::Planar);
/// # Ok::<(), siteband::AtlasError>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct AtlasOptions {
    /// What edges are, where a feature does not say so itself.
    pub edges: Edges,
    /// The coordinate reference system of the file, if it is another than WGS 84 and the file does not say so.
    pub crs: Option<Crs>,
}

impl AtlasOptions {
    /// The same options with edges of another meaning.
    #[must_use]
    pub fn with_edges(self, edges: Edges) -> Self {
        Self { edges, ..self }
    }

    /// The same options for a file in another coordinate reference system. Edges are then what they are between the converted ends.
    #[must_use]
    pub fn with_crs(self, crs: Option<Crs>) -> Self {
        Self { crs, ..self }
    }
}

impl Atlas {
    /// An atlas without features.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The borders and regions that siteband carries: China–North Korea, North Korea–South Korea, North Korea (Natural Earth
    /// 1:10m, public domain), Pyongyang, Seoul and the Sinuiju–Dandong bridge.
    ///
    /// # Panics
    /// Never: the data are checked by the tests.
    #[cfg(feature = "atlas")]
    #[must_use]
    #[allow(clippy::expect_used, clippy::missing_panics_doc, reason = "the data are part of the crate and tested")]
    pub fn bundled() -> Self {
        // Read once: a program may ask for each of many scenarios.
        static BUNDLED: LazyLock<Atlas> = LazyLock::new(|| {
            let mut atlas = Atlas::new();
            for text in [
                include_str!("../data/borders/cn-kp.geojson"),
                include_str!("../data/borders/kp-kr.geojson"),
                include_str!("../data/regions/north-korea.geojson"),
                include_str!("../data/sites/features.geojson"),
            ] {
                let part = Atlas::parse(text, &AtlasOptions::default()).expect("bundled features are valid");
                atlas.extend(part).expect("bundled features have ids of their own");
            }
            atlas
        });
        BUNDLED.clone()
    }

    /// The features of a GeoJSON text: points, lines and areas in WGS 84, or in the system that a `crs` member names (with the feature
    /// `proj`: see [`Crs`]).
    ///
    /// A feature's id is its `id` member, or else the property `id`, or else its number. These properties are understood:
    /// `name`, `aliases` (a list), `countries` (two codes for a border, one for an area), `position_uncertainty_m` (one standard
    /// deviation), `extent_m` (of a point: how far it reaches), `edges` (`geodesic`, the default, or `planar`: see [`Edges`]), `source`,
    /// `licence`.
    ///
    /// # Errors
    /// [`AtlasError`] for text that is not GeoJSON, coordinates that are not longitude and latitude, a ring that is not
    /// closed, a property of the wrong type, or an id that is taken.
    pub fn from_geojson(reader: impl Read) -> Result<Self, AtlasError> {
        Self::from_geojson_with(reader, &AtlasOptions::default())
    }

    /// [`Atlas::from_geojson`] with options.
    ///
    /// # Errors
    /// As [`Atlas::from_geojson`].
    pub fn from_geojson_with(reader: impl Read, options: &AtlasOptions) -> Result<Self, AtlasError> {
        let text = features_file::text(reader).map_err(|reason| AtlasError::new("", reason))?;
        Self::parse(&text, options)
    }

    /// [`Atlas::from_geojson`] for a file, which errors then name.
    ///
    /// # Errors
    /// [`AtlasError`], also where the file cannot be read.
    pub fn from_path(path: &Path) -> Result<Self, AtlasError> {
        Self::from_path_with(path, &AtlasOptions::default())
    }

    /// [`Atlas::from_path`] with options.
    ///
    /// # Errors
    /// As [`Atlas::from_path`].
    pub fn from_path_with(path: &Path, options: &AtlasOptions) -> Result<Self, AtlasError> {
        let in_file = |error: AtlasError| AtlasError { file: Some(path.to_owned()), ..error };
        let file = features_file::open(path).map_err(|reason| in_file(AtlasError::new("", reason)))?;
        Self::from_geojson_with(file, options).map_err(in_file)
    }

    fn parse(text: &str, options: &AtlasOptions) -> Result<Self, AtlasError> {
        let features =
            features_file::sound_features(text, options.crs.as_ref()).map_err(|reason| AtlasError::new("", reason))?;
        let mut atlas = Self::new();
        for (at, features_file::Read { feature, uncertainty }) in features.into_iter().enumerate() {
            let feature = read_feature(&feature, at + 1, uncertainty, options)?;
            atlas.insert(feature)?;
        }
        if atlas.features.is_empty() {
            return Err(AtlasError::new("", "there are no features"));
        }
        Ok(atlas)
    }

    /// Adds a feature.
    ///
    /// # Errors
    /// [`AtlasError`] if its id is taken, or if the atlas has more than [`PIECES`] with it.
    pub fn insert(&mut self, feature: impl Into<Arc<Feature>>) -> Result<(), AtlasError> {
        let feature = feature.into();
        if self.get(feature.id()).is_some() {
            return Err(AtlasError::new(feature.id(), "another feature has this id already"));
        }
        let pieces = self.pieces + feature.piece_count();
        if pieces > PIECES {
            let reason =
                format!("the features up to here make more than {PIECES} pieces of 4 km: expected fewer of them");
            return Err(AtlasError::new(feature.id(), reason));
        }
        self.pieces = pieces;
        let at = self.features.len();
        self.by_id.insert(feature.id().to_ascii_lowercase(), at);
        for name in names(&feature) {
            add(&mut self.by_name, bare(&plain(name)).to_owned(), at);
        }
        for code in feature.countries() {
            add(&mut self.by_country, code.clone(), at);
        }
        self.features.push(feature);
        Ok(())
    }

    /// Adds the features of another atlas.
    ///
    /// # Errors
    /// [`AtlasError`] if an id is taken.
    pub fn extend(&mut self, other: Self) -> Result<(), AtlasError> {
        other.features.into_iter().try_for_each(|feature| self.insert(feature))
    }

    /// Every feature, in the order in which they were added.
    #[must_use]
    pub fn features(&self) -> &[Arc<Feature>] {
        &self.features
    }

    /// The edges that may not mean what was drawn, each with its feature.
    pub fn warnings(&self) -> impl Iterator<Item = (&Feature, &EdgeWarning)> {
        self.features.iter().flat_map(|feature| feature.warnings().iter().map(move |warning| (&**feature, warning)))
    }

    /// The feature with this id, compared without case.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Arc<Feature>> {
        self.by_id.get(&id.to_ascii_lowercase()).map(|&at| &self.features[at])
    }

    /// The borders of one country, or between two, given by code, name or adjective.
    ///
    /// # Errors
    /// [`UnknownCountry`] if a name is no country.
    pub fn borders(&self, country_name: &str, with: Option<&str>) -> Result<Vec<&Arc<Feature>>, UnknownCountry> {
        let code = |name: &str| country(name).ok_or_else(|| UnknownCountry { found: name.to_owned() });
        let codes: Vec<String> = std::iter::once(country_name).chain(with).map(code).collect::<Result<_, _>>()?;
        Ok(self.of_countries(FeatureKind::Line, &codes))
    }

    /// The borders that all of these countries share, or the areas of exactly these; all of the kind where none is given.
    fn of_countries(&self, kind: FeatureKind, codes: &[CountryCode]) -> Vec<&Arc<Feature>> {
        let Some(first) = codes.first() else {
            return self.features.iter().filter(|feature| feature.kind() == kind).collect();
        };
        let fits = |feature: &&Arc<Feature>| {
            feature.kind() == kind
                && codes.iter().all(|code| feature.countries().contains(code))
                && (kind != FeatureKind::Area || feature.countries().len() == codes.len())
        };
        self.at(self.by_country.get(first)).filter(fits).collect()
    }

    fn at<'a>(&'a self, places: Option<&'a Vec<usize>>) -> impl Iterator<Item = &'a Arc<Feature>> {
        places.into_iter().flatten().map(|&at| &self.features[at])
    }
}

/// A plain name without its article.
fn bare(plain: &str) -> &str {
    plain.strip_prefix("the ").unwrap_or(plain)
}

/// Notes a place under a key, once.
fn add(index: &mut HashMap<String, Vec<usize>>, key: String, at: usize) {
    let places = index.entry(key).or_default();
    if places.last() != Some(&at) {
        places.push(at);
    }
}

fn names(feature: &Feature) -> impl Iterator<Item = &str> {
    [feature.id(), feature.name()].into_iter().chain(feature.aliases().iter().map(String::as_str))
}

/// `conversion` is how far off the positions may be after a change of datum.
fn read_feature(
    feature: &geojson::Feature,
    number: usize,
    conversion: Length,
    options: &AtlasOptions,
) -> Result<Feature, AtlasError> {
    let id = features_file::id(feature).unwrap_or_else(|| number.to_string());
    let refuse = |reason: String| AtlasError::new(&id, reason);
    let Some(geometry) = &feature.geometry else {
        return Err(refuse("the feature has no geometry".to_owned()));
    };
    let shape: geo_types::Geometry<f64> =
        (&geometry.value).try_into().map_err(|error: geojson::Error| refuse(error.to_string()))?;

    let text = |key: &str| match feature.property(key) {
        None | Some(serde_json::Value::Null) => Ok(None),
        Some(serde_json::Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(refuse(format!("property '{key}' is {other}: expected text"))),
    };
    let list = |key: &str| match feature.property(key) {
        None | Some(serde_json::Value::Null) => Ok(Vec::new()),
        Some(other) => serde_json::from_value::<Vec<String>>(other.clone())
            .map_err(|_| refuse(format!("property '{key}' is {other}: expected a list of texts"))),
    };
    let metres = |key: &str| match feature.property(key) {
        None | Some(serde_json::Value::Null) => Ok(None),
        Some(other) => match other.as_f64().and_then(|m| Length::from_m(m).ok()) {
            Some(length) => Ok(Some(length)),
            None => Err(refuse(format!("property '{key}' is {other}: expected metres, zero or more"))),
        },
    };
    let (uncertainty, extent) = (metres("position_uncertainty_m")?.unwrap_or_default(), metres("extent_m")?);
    let name = text("name")?.unwrap_or_else(|| id.clone());
    let countries = list("countries")?;
    let edges = match text("edges")? {
        Some(name) => {
            name.parse().map_err(|error: crate::UnknownEdges| refuse(format!("property 'edges': {error}")))?
        }
        None => options.edges,
    };
    let read = Feature::drawn(id.clone(), shape, edges)
        .map_err(|error| refuse(error.to_string()))?
        .with_name(name)
        .with_aliases(list("aliases")?)
        .with_position_uncertainty(uncertainty.hypot(conversion))
        .with_source(text("source")?, text("licence")?)
        .with_countries(countries.iter().map(String::as_str))
        .map_err(|error| refuse(error.to_string()))?;
    Ok(match extent {
        Some(extent) => read.with_extent(extent),
        None => read,
    })
}

/// A file of features that cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtlasError {
    /// The file, where it came from one.
    pub file: Option<PathBuf>,
    /// The id of the feature at fault; empty where it is the file as a whole.
    pub feature: String,
    /// What was found and what was expected.
    pub reason: String,
}

impl AtlasError {
    fn new(feature: &str, reason: impl Into<String>) -> Self {
        Self { file: None, feature: feature.to_owned(), reason: reason.into() }
    }
}

impl fmt::Display for AtlasError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        if !self.feature.is_empty() {
            write!(f, "feature '{}': ", self.feature)?;
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for AtlasError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_on_insert() {
        let mut atlas = Atlas::new();
        let point = |id: &str| Feature::new(id, geo_types::point!(x: 1.0, y: 2.0).into()).expect("valid");
        // Its id, its name and an alias are one name: that is one feature, not three.
        atlas.insert(point("the-bridge").with_name("The Bridge").with_aliases(["bridge"])).expect("new");
        assert_eq!(atlas.resolve("the bridge").map(|found| found.id()), Ok("the-bridge"));
        assert!(atlas.insert(point("THE-BRIDGE")).is_err(), "ids are compared without case");
        let mut more = Atlas::new();
        more.insert(point("other").with_aliases(["Bridge"])).expect("new");
        atlas.extend(more).expect("an id of its own");
        assert_eq!(atlas.resolve("bridge").expect_err("two").candidates, ["the-bridge", "other"]);
        assert_eq!(atlas.get("Other").map(|found| found.id()), Some("other"));
    }

    #[test]
    fn damaged_files_are_refused_with_the_reason() {
        let feature = |geometry: &str, properties: &str| {
            format!(r#"{{"type":"Feature","id":"x","properties":{{{properties}}},"geometry":{geometry}}}"#)
        };
        let line = r#"{"type":"LineString","coordinates":[[124,40],[126,41]]}"#;
        for (text, why) in [
            (r#"{"type":"FeatureCollection","features":["#.to_owned(), "line 1 column"),
            (r#"{"type":"FeatureCollection","features":[]}"#.to_owned(), "no features"),
            ("[1, 2]".to_owned(), "not GeoJSON"),
            (r#"{"type":"Feature","properties":null,"geometry":null}"#.to_owned(), "no geometry"),
            (feature(r#"{"type":"LineString","coordinates":[[500000,4000000],[500100,4000000]]}"#, ""), "projected"),
            (feature(r#"{"type":"LineString","coordinates":[[40,124],[41,126]]}"#, ""), "longitude first"),
            (
                feature(r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}"#, ""),
                "coordinates[0]: the ring is not closed",
            ),
            (feature(r#"{"type":"LineString","coordinates":[[124],[125,40]]}"#, ""), "coordinates[0] is [124]"),
            (
                feature(r#"{"type":"LineString","coordinates":[["124","40"],[125,40]]}"#, ""),
                "a longitude and a latitude",
            ),
            (feature(r#"{"type":"LineString","coordinates":[]}"#, ""), "no vertices"),
            (feature(r#"{"type":"Point","coordinates":[]}"#, ""), ""),
            (feature(r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}"#, ""), "ring of 3"),
            (feature(r#"{"type":"LineString","coordinates":[[0,90],[0,-90]]}"#, ""), "many geodesics"),
            (feature(line, r#""position_uncertainty_m":-5"#), "zero or more"),
            (feature(line, r#""countries":["Chian"]"#), "did you mean 'china'"),
            (feature(line, r#""aliases":"Yalu""#), "list of texts"),
            (
                format!(
                    r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"EPSG:32652"}}}},"features":[{}]}}"#,
                    feature(line, "")
                ),
                "EPSG:32652",
            ),
        ] {
            let error = Atlas::from_geojson(text.as_bytes()).expect_err(&text).to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
        let folder = Atlas::from_path("src".as_ref()).expect_err("a folder").to_string();
        assert!(folder.starts_with("src: this is a folder"), "{folder}");
    }
}
