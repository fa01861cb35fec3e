//! Many features, found by id, by country, or by the words of a claim.

use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::country::{countries_in, country, plain};
use crate::feature::{Feature, FeatureKind, UnknownCountry};
use crate::features_file;
use crate::length::Length;
use crate::near::{did_you_mean, near_matches};

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
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Atlas {
    features: Vec<Arc<Feature>>,
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
        let mut atlas = Self::new();
        for text in [
            include_str!("../data/borders/cn-kp.geojson"),
            include_str!("../data/borders/kp-kr.geojson"),
            include_str!("../data/regions/north-korea.geojson"),
            include_str!("../data/sites/features.geojson"),
        ] {
            let part = Self::parse(text).expect("bundled features are valid");
            atlas.extend(part).expect("bundled features have ids of their own");
        }
        atlas
    }

    /// The features of a GeoJSON text: points, lines and areas in WGS 84.
    ///
    /// A feature's id is its `id` member, or else the property `id`, or else its number. These properties are understood:
    /// `name`, `aliases` (a list), `countries` (two codes for a border, one for an area), `position_uncertainty_m` (one standard
    /// deviation), `source`, `licence`.
    ///
    /// # Errors
    /// [`AtlasError`] for text that is not GeoJSON, coordinates that are not longitude and latitude, a ring that is not
    /// closed, a property of the wrong type, or an id that is taken.
    pub fn from_geojson(mut reader: impl Read) -> Result<Self, AtlasError> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(|error| AtlasError::new("", error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            AtlasError::new(
                "",
                format!("byte {} is not UTF-8: expected GeoJSON, which is", error.utf8_error().valid_up_to()),
            )
        })?;
        Self::parse(&text)
    }

    /// [`Atlas::from_geojson`] for a file, which errors then name.
    ///
    /// # Errors
    /// [`AtlasError`], also where the file cannot be read.
    pub fn from_path(path: &Path) -> Result<Self, AtlasError> {
        let in_file = |error: AtlasError| AtlasError { file: Some(path.to_owned()), ..error };
        if path.is_dir() {
            return Err(in_file(AtlasError::new("", "this is a folder: expected a GeoJSON file")));
        }
        let file = fs::File::open(path).map_err(|error| in_file(AtlasError::new("", error.to_string())))?;
        Self::from_geojson(file).map_err(in_file)
    }

    fn parse(text: &str) -> Result<Self, AtlasError> {
        let features = features_file::sound_features(text).map_err(|reason| AtlasError::new("", reason))?;
        let mut atlas = Self::new();
        for (at, feature) in features.into_iter().enumerate() {
            let feature = read_feature(&feature, at + 1)?;
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
    /// [`AtlasError`] if its id is taken.
    pub fn insert(&mut self, feature: impl Into<Arc<Feature>>) -> Result<(), AtlasError> {
        let feature = feature.into();
        if self.get(feature.id()).is_some() {
            return Err(AtlasError::new(feature.id(), "another feature has this id already"));
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

    /// The feature with this id, compared without case.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Arc<Feature>> {
        self.features.iter().find(|feature| feature.id().eq_ignore_ascii_case(id))
    }

    /// The borders of one country, or between two, given by code, name or adjective.
    ///
    /// # Errors
    /// [`UnknownCountry`] if a name is no country.
    pub fn borders(&self, country_name: &str, with: Option<&str>) -> Result<Vec<&Arc<Feature>>, UnknownCountry> {
        let code = |name: &str| country(name).ok_or_else(|| UnknownCountry { found: name.to_owned() });
        let codes: Vec<String> = std::iter::once(country_name).chain(with).map(code).collect::<Result<_, _>>()?;
        Ok(self.borders_of(&codes))
    }

    fn borders_of(&self, codes: &[String]) -> Vec<&Arc<Feature>> {
        let is_border = |feature: &&Arc<Feature>| {
            feature.kind() == FeatureKind::Line && codes.iter().all(|code| feature.countries().contains(code))
        };
        self.features.iter().filter(is_border).collect()
    }

    /// [`Atlas::resolve`] here, or in another atlas where this one has nothing of that name.
    ///
    /// # Errors
    /// [`UnknownFeature`] if neither has one, or the first that has any has several.
    pub fn resolve_or_in<'a>(&'a self, other: &'a Self, words: &str) -> Result<&'a Arc<Feature>, UnknownFeature> {
        match self.resolve(words) {
            Err(own) if own.candidates.is_empty() => other.resolve(words).map_err(|others| {
                let closer =
                    self.features.is_empty() || others.reason.contains("did you mean") || !others.candidates.is_empty();
                if closer { others } else { own }
            }),
            known => known,
        }
    }

    /// The feature that the words of a claim name: by id, name or alias, or as the border of a country ("the Chinese border"),
    /// or between two ("the North Korean border with China").
    ///
    /// # Errors
    /// [`UnknownFeature`] if there is none, with near matches; if there are several; or if a word was not understood.
    pub fn resolve(&self, words: &str) -> Result<&Arc<Feature>, UnknownFeature> {
        let refuse = |reason: String| Err(UnknownFeature { words: words.to_owned(), reason, candidates: Vec::new() });
        let several = |features: &[&Arc<Feature>], reason: String| {
            let candidates = features.iter().map(|feature| feature.id().to_owned()).collect();
            Err(UnknownFeature { words: words.to_owned(), reason, candidates })
        };
        let phrase = plain(words);
        let phrase = phrase.strip_prefix("the ").unwrap_or(&phrase);
        let by_name: Vec<&Arc<Feature>> = self
            .features
            .iter()
            .filter(|feature| {
                names(feature).any(|name| plain(name).strip_prefix("the ").unwrap_or(&plain(name)) == phrase)
            })
            .collect();
        match by_name.as_slice() {
            [only] => return Ok(only),
            [] => {}
            found => return several(found, format!("fits several features: {}", listed(found))),
        }

        let (codes, rest) = countries_in(phrase);
        let speaks_of_border = rest.iter().any(|word| BORDER_WORDS.contains(&word.as_str()));
        let known = |word: &String| BORDER_WORDS.contains(&word.as_str()) || FILL_WORDS.contains(&word.as_str());
        let unknown = rest.iter().find(|word| !known(word));
        if let (true, Some(word)) = (speaks_of_border, unknown) {
            let near = did_you_mean(word, crate::country::names());
            if !codes.is_empty() || !near.is_empty() {
                let expected = "expected a border, such as \"the border between A and B\"";
                return refuse(format!("'{word}' is not understood: {expected}{near}"));
            }
        }
        if speaks_of_border && !codes.is_empty() {
            let countries = codes.join(" and ");
            return match self.borders_of(&codes).as_slice() {
                [only] => Ok(only),
                [] => refuse(format!(
                    "no border of {countries} is in the atlas, which has {}",
                    listed(&self.borders_of(&[]))
                )),
                found => several(found, format!("{countries} has several borders: {}", listed(found))),
            };
        }
        let near = near_matches(phrase, self.features.iter().flat_map(|feature| names(feature)));
        if near.is_empty() {
            return refuse(format!(
                "no feature of this name is in the atlas, which has {}",
                listed(&self.features.iter().collect::<Vec<_>>())
            ));
        }
        refuse(format!("no feature of this name is in the atlas{}", did_you_mean(phrase, near)))
    }
}

const BORDER_WORDS: [&str; 6] = ["border", "borders", "frontier", "boundary", "borderline", "line"];
const FILL_WORDS: [&str; 10] = ["the", "with", "between", "and", "of", "its", "s", "land", "international", "common"];

fn names(feature: &Feature) -> impl Iterator<Item = &str> {
    [feature.id(), feature.name()].into_iter().chain(feature.aliases().iter().map(String::as_str))
}

/// Ids for a message, the first few.
fn listed(features: &[&Arc<Feature>]) -> String {
    const MOST: usize = 8;
    if features.is_empty() {
        return "none".to_owned();
    }
    let mut ids: Vec<&str> = features.iter().map(|feature| feature.id()).take(MOST).collect();
    let more = format!("and {} more", features.len().saturating_sub(MOST));
    if features.len() > MOST {
        ids.push(&more);
    }
    ids.join(", ")
}

fn read_feature(feature: &geojson::Feature, number: usize) -> Result<Feature, AtlasError> {
    let id = features_file::id(feature).unwrap_or_else(|| number.to_string());
    let refuse = |reason: String| AtlasError::new(&id, reason);
    let Some(geometry) = &feature.geometry else {
        return Err(refuse("the feature has no geometry".to_owned()));
    };
    let shape: geo::Geometry<f64> =
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
    let uncertainty = match feature.property("position_uncertainty_m") {
        None | Some(serde_json::Value::Null) => Length::ZERO,
        Some(other) => other.as_f64().and_then(|m| Length::from_m(m).ok()).ok_or_else(|| {
            refuse(format!("property 'position_uncertainty_m' is {other}: expected metres, zero or more"))
        })?,
    };
    let name = text("name")?.unwrap_or_else(|| id.clone());
    let countries = list("countries")?;
    Feature::new(id.clone(), shape)
        .map_err(|error| refuse(error.to_string()))?
        .with_name(name)
        .with_aliases(list("aliases")?)
        .with_position_uncertainty(uncertainty)
        .with_source(text("source")?, text("licence")?)
        .with_countries(countries.iter().map(String::as_str))
        .map_err(|error| refuse(error.to_string()))
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

/// Words that name no feature, or more than one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{words}': {reason}")]
pub struct UnknownFeature {
    /// The words.
    pub words: String,
    /// What was found instead.
    pub reason: String,
    /// The ids of the features that the words fit, where they fit several.
    pub candidates: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_borders() -> Atlas {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","id":"cn-kp","properties":{"name":"China - North Korea border","countries":["CN","KP"],"aliases":["the Yalu"]},
             "geometry":{"type":"LineString","coordinates":[[124.4,40.1],[126.0,41.0]]}},
            {"type":"Feature","properties":{"id":"kp-kr","aliases":["DMZ"],"countries":["North Korea","KR"]},
             "geometry":{"type":"LineString","coordinates":[[126.7,37.8],[128.4,38.6]]}}]}"#;
        Atlas::from_geojson(text.as_bytes()).expect("valid")
    }

    #[test]
    fn borders_by_words() {
        let atlas = two_borders();
        for (words, id) in [
            ("the North Korean border with China", "cn-kp"),
            ("the border between China and North Korea", "cn-kp"),
            ("the China-North Korean border", "cn-kp"),
            ("the Chinese border", "cn-kp"),
            ("China's border with the DPRK", "cn-kp"),
            ("the South Korean frontier", "kp-kr"),
            ("the DMZ", "kp-kr"),
            ("dmz", "kp-kr"),
            ("Yalu", "cn-kp"),
            ("CN-KP", "cn-kp"),
        ] {
            assert_eq!(atlas.resolve(words).map(|feature| feature.id()), Ok(id), "{words}");
        }
        assert_eq!(atlas.borders("China", Some("kp")).map(|found| found.len()), Ok(1));
        assert_eq!(atlas.borders("North Korean", None).map(|found| found.len()), Ok(2));
    }

    #[test]
    fn what_is_ambiguous_here_is_not_looked_up_elsewhere() {
        let atlas = two_borders();
        let other = Atlas::from_geojson(
            r#"{"type":"Feature","id":"kp-ru","properties":{"countries":["KP","RU"]},"geometry":{"type":"LineString","coordinates":[[130.6,42.4],[130.7,42.3]]}}"#.as_bytes(),
        )
        .expect("valid");
        let found = |words: &str| atlas.resolve_or_in(&other, words).map(|feature| feature.id().to_owned());
        assert_eq!(found("the Chinese border").as_deref(), Ok("cn-kp"));
        assert_eq!(found("the Russian border").as_deref(), Ok("kp-ru"));
        assert_eq!(found("the North Korean border").expect_err("two here").candidates, ["cn-kp", "kp-kr"]);
        assert!(found("the Mongolian border").expect_err("nowhere").reason.contains("MN"));
    }

    #[test]
    fn a_miss_says_what_there_is() {
        let atlas = two_borders();
        for (words, why) in [
            ("the North Korean border", "several borders: cn-kp, kp-kr"),
            ("the Russian border", "no border of RU"),
            ("cn-pk", "did you mean 'cn-kp'"),
            ("the Zambezi", "which has cn-kp, kp-kr"),
            ("the northern Chinese border", "'northern' is not understood"),
            ("the Chiness border", "did you mean 'chinese'"),
        ] {
            let error = atlas.resolve(words).expect_err(words).to_string();
            assert!(error.contains(why), "{words}: {error}");
        }
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
