//! A whole question from one file: what was said and by whom, about which features, over which sites.
//!
//! # Format
//! TOML, or the same keys in JSON. The example `data/scenarios/sino-ri.toml` is commented; `data/scenarios/schema.json` is its
//! JSON Schema.
//!
//! | key | meaning | default |
//! |---|---|---|
//! | `title` | what is asked, for people | the file's name |
//! | `none_of_these` | prior probability that no listed site is right, between 0 and 1 | 0.2 |
//! | `sites` | the list of sites, relative to the scenario | given on the command line |
//! | `atlas` | files of features, relative to the scenario | the bundled atlas alone |
//! | `features_crs`, `sites_crs` | the coordinate reference systems of the files of features and of the list of sites, such as `EPSG:32652` (a build with PROJ: docs/PROJ.md) | WGS 84, or what a GeoJSON file says |
//! | `edges` | what edges are in these files, where a feature does not say so: `geodesic` or `planar` | `geodesic` |
//! | `other_atlas` | files of the same features from other data: what the ranking would be with them is reported | none |
//! | `search_region` | the area where an unlisted site could be | a disc around the listed sites |
//! | `[gazetteer]` | `places` (a list of sites, relative to the scenario) and `kernel_km`: an unlisted site is likelier near these, normally distributed about each place by its `prior`, inside the search region | anywhere in the search region alike |
//! | `reading` | how stated numbers are taken, by name | `mixture` |
//! | `[[feature]]` | `id`, `at` (a position), and optionally `name`, `aliases`, `uncertainty_m`, `extent_m`, `source` | |
//! | `[[source]]` | `id`, `reliability` (a probability or an Admiralty letter), optionally `repeats` and `tempering` | `tempering`: 1 |
//! | `[[claim]]` | `source`, one statement, optionally `id`, a `note`, and `tempered = false` for a soft statement that counts as it is stated | `id`: source-N |
//! | `[[what_if]]` | `title`, and `without_claims`, `without_sources` or `without_tags`: the ranking is repeated without them | |
//!
//! | statement | parameters |
//! |---|---|
//! | `text` | the words of a distance claim; beside it `feature` where the words do not name one, and `crossing` (a feature) or `road_factor` where another distance than that to the nearest point may have been meant |
//! | `away_from`, `near` | `{ feature, midpoint_km, scale_km }` |
//! | `at_least_km`, `at_most_km` | `{ feature, value }` |
//! | `inside`, `outside` | `{ region, edge_km }` |
//! | `direction` | `{ from, wind }`: from a feature, by one of 32 winds |
//! | `access` | `{ to = [features], detour, scale_km }`: well connected to them all; with `network`, a file of roads in GeoJSON, by them |
//! | `nearby` | `{ tag, midpoint_km, scale_km, include_self = false }`: near a listed site with the tag |
//! | `attribute` | `{ tag, likelihood_ratio, likelihood_ratio_absent = 1 }` |
//!
//! Features are looked up in the scenario's own features and files first, then in the bundled atlas; by id, by name, or by words
//! such as "the Chinese border".

mod file;
mod locate;
mod region;
mod resolve;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::atlas::Atlas;
use crate::constraint::Constraint;
use crate::crs::Crs;
use crate::edges::EdgeWarning;
use crate::feature::Feature;
use crate::limits::SCENARIO_BYTES;
use crate::rank::{RankOptions, Ranking};
use crate::reading::Reading;
use crate::region::SearchRegion;
use crate::robustness::{Assumption, RobustnessOptions};
use crate::site::Sites;
use file::File;
#[cfg(feature = "schema")]
pub use file::schema;
use locate::Format;
use resolve::{Fault, resolve};

/// A question whose every name has been found and every number checked.
///
/// # Example
/// ```
/// use siteband::{Reading, Scenario};
/// let scenario = Scenario::from_path("data/scenarios/sino-ri.toml".as_ref())?;
/// let sites = scenario.load_sites()?;
/// let ranking = scenario.rank(&sites, &Reading::default());
/// println!("none of these: {:.0} %", 100.0 * ranking.none_of_these);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Scenario {
    file: PathBuf,
    /// What it names, as it names it.
    named: Vec<PathBuf>,
    title: String,
    reading: Reading,
    options: RankOptions,
    sites: Option<PathBuf>,
    sites_crs: Option<Crs>,
    statements: Vec<Statement>,
    features: Vec<Arc<Feature>>,
    /// The area of the search region, unless a claim refers to it too.
    search_area: Option<Arc<Feature>>,
    other_atlases: Vec<(String, Atlas)>,
    other_region: Option<SearchRegion>,
    assumptions: Vec<Assumption>,
}

/// One claim of the file.
#[derive(Debug)]
struct Statement {
    constraint: Constraint,
    note: Option<String>,
}

impl Scenario {
    /// Reads a scenario: TOML, or JSON where the name ends in `.json`. The sites are not read yet: see
    /// [`Scenario::load_sites`].
    ///
    /// # Errors
    /// [`ScenarioError`] with the line of the key or value at fault (for JSON, with the path to it).
    pub fn from_path(path: &Path) -> Result<Self, ScenarioError> {
        let whole = |reason: String| ScenarioError { file: path.to_owned(), line: None, field: String::new(), reason };
        if path.is_dir() {
            return Err(whole("this is a folder: expected a scenario file".to_owned()));
        }
        let file = fs::File::open(path).map_err(|error| whole(error.to_string()))?;
        let text = crate::text::read(file, SCENARIO_BYTES).map_err(whole)?;
        let is_json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        let format = if is_json { Format::Json } else { Format::Toml };
        Self::parse(&text, format, path)
    }

    fn parse(text: &str, format: Format, path: &Path) -> Result<Self, ScenarioError> {
        let file = locate::read::<File>(text, format).map_err(|(line, reason)| ScenarioError {
            file: path.to_owned(),
            line,
            field: String::new(),
            reason,
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let title = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let scenario = resolve(file, folder, title).map_err(|Fault { at, reason }| ScenarioError {
            file: path.to_owned(),
            line: locate::line_of(text, format, &at),
            field: locate::path_of(&at),
            reason,
        })?;
        Ok(Self { file: path.to_owned(), ..scenario })
    }

    /// Edges that may not mean what was drawn, each with its feature: of the features that the claims refer to, of these features in
    /// the other atlases, and of the search region.
    pub fn warnings(&self) -> impl Iterator<Item = (&Feature, &EdgeWarning)> {
        let of_other_atlases = self.other_atlases.iter().flat_map(|(_, atlas)| {
            self.features
                .iter()
                .filter_map(|feature| atlas.get(feature.id()).filter(|other| other.kind() == feature.kind()))
        });
        let features = self.features.iter().chain(of_other_atlases).chain(&self.search_area);
        features.flat_map(|feature| feature.warnings().iter().map(move |warning| (&**feature, warning)))
    }

    /// What is asked, for people.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// How stated numbers are taken unless the caller says otherwise.
    #[must_use]
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// The prior for none of these, and the search region.
    #[must_use]
    pub fn options(&self) -> &RankOptions {
        &self.options
    }

    /// The file with the list of sites.
    #[must_use]
    pub fn sites_path(&self) -> Option<&Path> {
        self.sites.as_deref()
    }

    /// The file that it was read from.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.file
    }

    /// The files that it names, each once, as it names them: relative to its own folder, or absolute. With its own, these are all that
    /// is read to rank sites by it; what siteband carries is not among them.
    ///
    /// # Example
    /// ```
    /// use siteband::Scenario;
    /// let scenario = Scenario::from_path("data/scenarios/sino-ri.toml".as_ref())?;
    /// assert!(scenario.files().iter().any(|file| file.ends_with("sites/dprk-facilities.csv")));
    /// # Ok::<(), siteband::ScenarioError>(())
    /// ```
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.named
    }

    /// Reads the list of sites that the scenario names.
    ///
    /// # Errors
    /// [`crate::SitesError`] if it names none, or the list cannot be read.
    pub fn load_sites(&self) -> Result<Sites, crate::SitesError> {
        match &self.sites {
            Some(path) => Sites::read_path(path, self.sites_crs.as_ref()),
            None => Err(crate::SitesError {
                file: Some(self.file.clone()),
                reason: "the scenario names no list of sites: add sites = \"FILE\", or give --sites FILE".to_owned(),
            }),
        }
    }

    /// The list that a scorer of other sites takes tags nearby from, and the search region where none is given: the list that the scenario
    /// names, or an empty one.
    ///
    /// # Errors
    /// [`crate::SitesError`] if the list cannot be read, or if there is neither a list nor a search region.
    pub fn reference_sites(&self) -> Result<Sites, crate::SitesError> {
        if self.sites.is_some() {
            return self.load_sites();
        }
        if self.options.search_region().is_none() {
            return Err(crate::SitesError {
                file: None,
                reason: "the scenario names neither a search_region nor sites: without one of them there is nothing to hold scores against"
                    .to_owned(),
            });
        }
        // An empty list has no ids to be used twice.
        Sites::new(Vec::new()).map_err(|error| crate::SitesError { file: None, reason: error.to_string() })
    }

    /// The features that its claims refer to, in the order in which they are first named.
    #[must_use]
    pub fn features(&self) -> &[Arc<Feature>] {
        &self.features
    }

    /// Its statements under a reading.
    #[must_use]
    pub fn constraints(&self, reading: &Reading) -> Vec<Constraint> {
        self.statements.iter().map(|statement| statement.constraint.read_as(reading)).collect()
    }

    /// What a report on robustness looks at: the scenario's other atlases and assumptions, the search region beside a gazetteer, and a
    /// thousand draws.
    #[must_use]
    pub fn robustness_options(&self) -> RobustnessOptions {
        RobustnessOptions {
            atlases: self.other_atlases.clone(),
            search_regions: self.other_region.iter().cloned().collect(),
            assumptions: self.assumptions.clone(),
            ..RobustnessOptions::default()
        }
    }

    /// The note that a claim carries, by its id.
    #[must_use]
    pub fn note(&self, claim: &str) -> Option<&str> {
        self.statements.iter().find(|statement| statement.constraint.id() == claim)?.note.as_deref()
    }

    /// Ranks sites under a reading.
    #[must_use]
    pub fn rank<'a>(&self, sites: &'a Sites, reading: &Reading) -> Ranking<'a> {
        sites.rank(&self.constraints(reading), &self.options)
    }
}

/// A scenario that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// The file.
    pub file: PathBuf,
    /// The line at fault, from 1, where it is known.
    pub line: Option<usize>,
    /// The path to the value at fault, such as `claim[2].text`; empty where it is the file as a whole.
    pub field: String,
    /// What was found and what was expected.
    pub reason: String,
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for ScenarioError {}
