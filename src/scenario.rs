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

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::atlas::{Atlas, AtlasOptions};
use crate::claim::Claim;
use crate::constraint::{Constraint, InvalidAccess, Source};
use crate::crs::Crs;
use crate::edges::EdgeWarning;
use crate::feature::Feature;
use crate::length::Length;
use crate::limits::{SCENARIO_BYTES, SCENARIO_ENTRIES, STATEMENTS};
use crate::near::did_you_mean;
use crate::rank::{RankOptions, Ranking, lineage};
use crate::reading::Reading;
use crate::region::SearchRegion;
use crate::road::RoadNetwork;
use crate::robustness::{Assumption, RobustnessOptions};
use crate::site::Sites;
#[cfg(feature = "schema")]
pub use file::schema;
use file::{
    AccessEntry, ClaimEntry, DirectionEntry, File, LimitEntry, LogisticEntry, NearbyEntry, OneOrMany, Reliability,
    SideEntry, SourceEntry, WhatIfEntry,
};
use locate::{Format, Key};

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

/// What is wrong with a value, and where in the file it stands.
struct Fault {
    at: Vec<Key>,
    reason: String,
}

fn fault<T>(at: &[Key], reason: impl fmt::Display) -> Result<T, Fault> {
    Err(Fault { at: at.to_vec(), reason: reason.to_string() })
}

/// Adds keys to a path.
fn below(at: &[Key], keys: &[&'static str]) -> Vec<Key> {
    at.iter().copied().chain(keys.iter().map(|key| Key::Name(key))).collect()
}

/// The scenario's own features, and those that siteband carries.
struct Features {
    own: Atlas,
    bundled: Atlas,
    used: Vec<Arc<Feature>>,
    /// Where the scenario stands.
    folder: PathBuf,
    /// Road networks that have been read.
    roads: Vec<(String, Arc<RoadNetwork>)>,
    /// Files that the scenario names.
    named: Vec<PathBuf>,
}

impl Features {
    /// Where a file that the scenario names is.
    fn file(&mut self, path: &str) -> PathBuf {
        if !self.named.iter().any(|other| other == Path::new(path)) {
            self.named.push(path.into());
        }
        self.folder.join(path)
    }

    fn find(&mut self, words: &str, at: &[Key]) -> Result<Arc<Feature>, Fault> {
        let found = Arc::clone(self.own.resolve_or_in(&self.bundled, words).or_else(|error| fault(at, error))?);
        if !self.used.iter().any(|feature| feature.id() == found.id()) {
            self.used.push(Arc::clone(&found));
        }
        Ok(found)
    }

    fn roads(&mut self, path: &str, at: &[Key]) -> Result<Arc<RoadNetwork>, Fault> {
        if let Some((_, roads)) = self.roads.iter().find(|(other, _)| other == path) {
            return Ok(Arc::clone(roads));
        }
        let roads = Arc::new(RoadNetwork::from_path(&self.file(path)).or_else(|error| fault(at, error))?);
        self.roads.push((path.to_owned(), Arc::clone(&roads)));
        Ok(roads)
    }
}

/// No list of the file is longer than a ranking can be repeated for.
fn check_counts(file: &File) -> Result<(), Fault> {
    let paths = |paths: &OneOrMany| if let OneOrMany::Many(paths) = paths { paths.len() } else { 1 };
    let counts = [
        ("atlas", paths(&file.atlas), SCENARIO_ENTRIES),
        ("other_atlas", paths(&file.other_atlas), SCENARIO_ENTRIES),
        ("feature", file.feature.len(), SCENARIO_ENTRIES),
        ("source", file.source.len(), SCENARIO_ENTRIES),
        ("claim", file.claim.len(), STATEMENTS),
        ("what_if", file.what_if.len(), STATEMENTS),
    ];
    match counts.into_iter().find(|(_, count, most)| count > most) {
        Some((key, count, most)) => fault(&[Key::Name(key), Key::Number(most)], too_many(count, most)),
        None => Ok(()),
    }
}

fn too_many(count: usize, most: usize) -> String {
    format!("{count} entries of one list: expected {most} at most")
}

fn resolve(file: File, folder: &Path, default_title: String) -> Result<Scenario, Fault> {
    check_counts(&file)?;
    let mut features = Features {
        own: Atlas::new(),
        bundled: bundled(),
        used: Vec::new(),
        folder: folder.to_owned(),
        roads: Vec::new(),
        named: Vec::new(),
    };
    let crs = |name: Option<String>, key| match name {
        Some(name) => name.parse::<Crs>().map(Some).or_else(|error| fault(&[Key::Name(key)], error)),
        None => Ok(None),
    };
    let atlas_options =
        AtlasOptions::default().with_edges(file.edges).with_crs(crs(file.features_crs, "features_crs")?);
    let sites_crs = crs(file.sites_crs, "sites_crs")?;
    for (number, path) in file.atlas.into_vec().into_iter().enumerate() {
        let at = [Key::Name("atlas"), Key::Number(number)];
        let part = Atlas::from_path_with(&features.file(&path), &atlas_options).or_else(|error| fault(&at, error))?;
        features.own.extend(part).or_else(|error| fault(&at, error))?;
    }
    for (number, entry) in file.feature.into_iter().enumerate() {
        let at = [Key::Name("feature"), Key::Number(number)];
        let position = entry.at.parse::<crate::Position>().or_else(|error| fault(&below(&at, &["at"]), error))?;
        let uncertainty = match entry.uncertainty_m {
            Some(m) => Length::from_m(m).or_else(|error| fault(&below(&at, &["uncertainty_m"]), error))?,
            None => position.uncertainty(),
        };
        let mut feature = Feature::point(entry.id.clone(), position)
            .with_name(entry.name.unwrap_or(entry.id))
            .with_aliases(entry.aliases)
            .with_position_uncertainty(uncertainty)
            .with_source(entry.source, None);
        if let Some(m) = entry.extent_m {
            let extent = Length::from_m(m).or_else(|error| fault(&below(&at, &["extent_m"]), error))?;
            feature = feature.with_extent(extent);
        }
        features.own.insert(feature).or_else(|error| fault(&below(&at, &["id"]), error))?;
    }

    let mut options = RankOptions::default();
    if let Some(prior) = file.none_of_these {
        options = options.with_none_of_these(prior).or_else(|error| fault(&[Key::Name("none_of_these")], error))?;
    }
    let (region, other_region) = region::resolve(file.search_region.as_deref(), file.gazetteer, &mut features)?;
    // No claim refers to it yet.
    let search_area = features.used.pop();
    if let Some(region) = region {
        options = options.with_search_region(region);
    }
    let reading = match file.reading {
        Some(name) => name.parse().or_else(|error: crate::UnknownReading| fault(&[Key::Name("reading")], error))?,
        None => Reading::default(),
    };

    let sources = resolve_sources(file.source)?;
    if file.claim.is_empty() {
        return fault(&[], "there is no [[claim]]: expected at least one");
    }
    let mut statements: Vec<Statement> = Vec::new();
    for (number, entry) in file.claim.into_iter().enumerate() {
        let at = [Key::Name("claim"), Key::Number(number)];
        let statement = resolve_claim(entry, &at, &sources, &statements, &mut features)?;
        statements.push(statement);
    }
    let mut other_atlases = Vec::new();
    for (number, path) in file.other_atlas.into_vec().into_iter().enumerate() {
        let at = [Key::Name("other_atlas"), Key::Number(number)];
        let atlas = Atlas::from_path_with(&features.file(&path), &atlas_options).or_else(|error| fault(&at, error))?;
        if !statements.iter().any(|statement| statement.constraint.with_features_of(&atlas).is_some()) {
            return fault(&at, "it has none of the features that the claims refer to: expected the same ids");
        }
        let name =
            Path::new(&path).file_name().map_or_else(|| path.clone(), |name| name.to_string_lossy().into_owned());
        other_atlases.push((name, atlas));
    }
    let assumptions = resolve_what_ifs(file.what_if, &statements)?;
    let search_area = search_area.filter(|area| !features.used.iter().any(|feature| feature.id() == area.id()));
    Ok(Scenario {
        search_area,
        other_atlases,
        other_region,
        assumptions,
        file: PathBuf::new(),
        title: file.title.unwrap_or(default_title),
        reading,
        options,
        sites: file.sites.map(|path| features.file(&path)),
        sites_crs,
        statements,
        features: features.used,
        named: features.named,
    })
}

#[cfg(feature = "atlas")]
fn bundled() -> Atlas {
    Atlas::bundled()
}

#[cfg(not(feature = "atlas"))]
fn bundled() -> Atlas {
    Atlas::new()
}

fn resolve_sources(entries: Vec<SourceEntry>) -> Result<Vec<Source>, Fault> {
    let mut sources: Vec<Source> = Vec::new();
    let at = |number: usize, key: &'static str| [Key::Name("source"), Key::Number(number), Key::Name(key)];
    let repeats: Vec<Option<String>> = entries.iter().map(|entry| entry.repeats.clone()).collect();
    for (number, entry) in entries.into_iter().enumerate() {
        if sources.iter().any(|source| source.id().eq_ignore_ascii_case(&entry.id)) {
            return fault(&at(number, "id"), format!("the source '{}' is declared twice", entry.id));
        }
        let tempering = entry.tempering;
        let source = match entry.reliability {
            Reliability::Probability(reliability) => {
                Source::new(entry.id, reliability).or_else(|error| fault(&at(number, "reliability"), error))?
            }
            Reliability::Letter(letter) => {
                let mut letters = letter.chars();
                let single = letters.next().filter(|_| letters.next().is_none());
                match single.and_then(|letter| Source::admiralty(entry.id, letter)) {
                    Some(source) => source,
                    None => {
                        return fault(
                            &at(number, "reliability"),
                            format!(
                                "'{letter}' is no reliability: expected a probability from 0 to 1, or one Admiralty letter from A to F (the digit of its second half does not combine with the letter)"
                            ),
                        );
                    }
                }
            }
        };
        let source = match tempering {
            Some(power) => source.with_tempering(power).or_else(|error| fault(&at(number, "tempering"), error))?,
            None => source,
        };
        sources.push(source);
    }
    for (number, of) in repeats.into_iter().enumerate() {
        let Some(of) = of else { continue };
        let Some(original) = sources.iter().find(|source| source.id().eq_ignore_ascii_case(&of)) else {
            let near = did_you_mean(&of, sources.iter().map(Source::id));
            return fault(&at(number, "repeats"), format!("no [[source]] has the id '{of}'{near}"));
        };
        let original = original.id().to_owned();
        sources[number] = sources[number].clone().with_repeats(original);
        // Whoever repeats somebody who repeats them has no origin.
        let mut id = number;
        for _ in 0..sources.len() {
            match sources[id].repeats().and_then(|of| sources.iter().position(|source| source.id() == of)) {
                Some(next) if next == number => {
                    return fault(&at(number, "repeats"), "these sources repeat each other in a circle");
                }
                Some(next) => id = next,
                None => break,
            }
        }
    }
    Ok(sources)
}

/// Assumptions whose every name is that of something in the file.
fn resolve_what_ifs(entries: Vec<WhatIfEntry>, statements: &[Statement]) -> Result<Vec<Assumption>, Fault> {
    let constraints = || statements.iter().map(|statement| &statement.constraint);
    let claims: Vec<&str> = constraints().map(Constraint::id).collect();
    // Whoever is repeated can be left out, too.
    let sources: Vec<&str> = constraints().flat_map(|constraint| lineage(constraint, &constraints())).collect();
    let tags: Vec<&str> = constraints().filter_map(Constraint::tag).collect();
    let mut assumptions = Vec::new();
    for (number, entry) in entries.into_iter().enumerate() {
        let at = [Key::Name("what_if"), Key::Number(number)];
        let lists = [
            ("without_claims", &entry.without_claims, &claims, "no [[claim]] has the id"),
            ("without_sources", &entry.without_sources, &sources, "no [[claim]] has a source with the id"),
            ("without_tags", &entry.without_tags, &tags, "no [[claim]] looks at the tag"),
        ];
        for (key, names, known, reason) in lists {
            let unknown =
                names.iter().enumerate().find(|(_, name)| !known.iter().any(|id| id.eq_ignore_ascii_case(name)));
            if let Some((place, name)) = unknown {
                let near = did_you_mean(name, known.iter().copied());
                let at: Vec<Key> = below(&at, &[key]).into_iter().chain([Key::Number(place)]).collect();
                return fault(&at, format!("{reason} '{name}'{near}"));
            }
        }
        let assumption = Assumption {
            title: entry.title,
            without_claims: entry.without_claims,
            without_sources: entry.without_sources,
            without_tags: entry.without_tags,
        };
        if !constraints().any(|constraint| assumption.keeps(constraint, &constraints())) {
            return fault(&at, "nothing that was said is left: expected at least one claim that still counts");
        }
        if constraints().all(|constraint| assumption.keeps(constraint, &constraints())) {
            return fault(&at, "nothing is left out: expected without_claims, without_sources or without_tags");
        }
        assumptions.push(assumption);
    }
    Ok(assumptions)
}

fn resolve_claim(
    entry: ClaimEntry,
    at: &[Key],
    sources: &[Source],
    before: &[Statement],
    features: &mut Features,
) -> Result<Statement, Fault> {
    let Some(source) = sources.iter().find(|source| source.id().eq_ignore_ascii_case(&entry.source)) else {
        let near = did_you_mean(&entry.source, sources.iter().map(Source::id));
        return fault(&below(at, &["source"]), format!("no [[source]] has the id '{}'{near}", entry.source));
    };
    let before = || before.iter().map(|statement| &statement.constraint);
    let number = before().filter(|other| other.source().id() == source.id()).count() + 1;
    let id = entry.id.clone().unwrap_or_else(|| format!("{}-{number}", source.id()));
    if before().any(|other| other.id().eq_ignore_ascii_case(&id)) {
        return fault(&below(at, &["id"]), format!("another claim has the id '{id}' already"));
    }
    let kinds = entry.kinds();
    let [kind] = kinds.as_slice() else {
        let found = if kinds.is_empty() { "none".to_owned() } else { kinds.join(" and ") };
        return fault(
            at,
            format!("a [[claim]] makes one statement, found {found}: expected one of {}", ClaimEntry::KINDS.join(", ")),
        );
    };
    if entry.feature.is_some() && entry.text.is_none() {
        return fault(&below(at, &["feature"]), format!("'feature' stands beside 'text' only; put it inside '{kind}'"));
    }
    for (key, is_there) in [("crossing", entry.crossing.is_some()), ("road_factor", entry.road_factor.is_some())] {
        if is_there && entry.text.is_none() {
            return fault(&below(at, &[key]), format!("'{key}' stands beside 'text' only"));
        }
    }
    if entry.tempered.is_some() && entry.text.is_some() {
        return fault(&below(at, &["tempered"]), "a distance claim is never tempered: leave 'tempered' out");
    }
    let note = entry.note.clone();
    let is_as_stated = entry.tempered == Some(false);
    let constraint = said(entry, kind, at, features)?.with_source(source.clone()).with_id(id);
    let constraint = if is_as_stated { constraint.as_stated() } else { constraint };
    Ok(Statement { constraint, note })
}

/// The statement, under the default reading.
fn said(entry: ClaimEntry, kind: &'static str, at: &[Key], features: &mut Features) -> Result<Constraint, Fault> {
    let here = |keys: &[&'static str]| below(at, keys);
    let km = |value: f64, key: &'static str| Length::from_km(value).or_else(|error| fault(&here(&[kind, key]), error));
    let reading = Reading::default();

    if entry.text.is_some() {
        return distance(&entry, at, features);
    }
    if let Some(LogisticEntry { feature, midpoint_km, scale_km }) = entry.away_from.clone().or(entry.near) {
        let feature = features.find(&feature, &here(&[kind, "feature"]))?;
        let (midpoint, scale) = (km(midpoint_km, "midpoint_km")?, km(scale_km, "scale_km")?);
        let constraint = if entry.away_from.is_some() {
            Constraint::away_from(feature, midpoint, scale)
        } else {
            Constraint::near(feature, midpoint, scale)
        };
        return constraint.or_else(|error| fault(&here(&[kind, "scale_km"]), error));
    }
    if let Some(LimitEntry { feature, value }) = entry.at_least_km.clone().or(entry.at_most_km) {
        let feature = features.find(&feature, &here(&[kind, "feature"]))?;
        let limit = km(value, "value")?;
        return Ok(if entry.at_least_km.is_some() {
            Constraint::at_least(feature, limit, &reading)
        } else {
            Constraint::at_most(feature, limit, &reading)
        });
    }
    if let Some(SideEntry { region, edge_km }) = entry.inside.clone().or(entry.outside) {
        let area = features.find(&region, &here(&[kind, "region"]))?;
        let edge = km(edge_km, "edge_km")?;
        let constraint =
            if entry.inside.is_some() { Constraint::inside(area, edge) } else { Constraint::outside(area, edge) };
        return constraint.or_else(|error| fault(&here(&[kind]), error));
    }
    if let Some(DirectionEntry { from, wind }) = entry.direction {
        let feature = features.find(&from, &here(&[kind, "from"]))?;
        let wind = wind.parse().or_else(|error: crate::UnknownDirection| fault(&here(&[kind, "wind"]), error))?;
        return Ok(Constraint::toward(feature, wind));
    }
    if let Some(AccessEntry { to, detour, network, scale_km }) = entry.access {
        if to.len() > SCENARIO_ENTRIES {
            return fault(&here(&[kind, "to"]), too_many(to.len(), SCENARIO_ENTRIES));
        }
        let find = |(number, id): (usize, &String)| {
            let at: Vec<Key> = here(&[kind, "to"]).into_iter().chain([Key::Number(number)]).collect();
            features.find(id, &at)
        };
        let places = to.iter().enumerate().map(find).collect::<Result<_, _>>()?;
        let scale = km(scale_km, "scale_km")?;
        let refuse = |error: InvalidAccess| {
            let key = match error {
                InvalidAccess::NoPlaces | InvalidAccess::NoPoint { .. } => "to",
                InvalidAccess::Detour(_) => "detour",
                InvalidAccess::ZeroScale(_) => "scale_km",
            };
            fault(&here(&[kind, key]), error)
        };
        let access = Constraint::access(places, detour, scale).or_else(refuse)?;
        let Some(path) = network else { return Ok(access) };
        return access.by_roads(features.roads(&path, &here(&[kind, "network"]))?).or_else(refuse);
    }
    if let Some(NearbyEntry { tag, midpoint_km, scale_km, include_self }) = entry.nearby {
        let (midpoint, scale) = (km(midpoint_km, "midpoint_km")?, km(scale_km, "scale_km")?);
        return Constraint::nearby(tag, midpoint, scale, include_self)
            .or_else(|error| fault(&here(&[kind, "scale_km"]), error));
    }
    let Some(attribute) = entry.attribute else {
        return fault(at, "a [[claim]] without a statement");
    };
    Constraint::attribute(attribute.tag, attribute.likelihood_ratio, attribute.likelihood_ratio_absent)
        .or_else(|error| fault(&here(&[kind]), error))
}

/// A claim in words, with everything that it refers to.
fn distance(entry: &ClaimEntry, at: &[Key], features: &mut Features) -> Result<Constraint, Fault> {
    let here = |keys: &[&'static str]| below(at, keys);
    let text = entry.text.as_deref().unwrap_or_default();
    let claim: Claim = text.parse().or_else(|error: crate::ParseClaimError| fault(&here(&["text"]), error))?;
    let feature = match &entry.feature {
        Some(id) => features.find(id, &here(&["feature"]))?,
        None => features.find(claim.feature(), &here(&["text"]))?,
    };
    let mut constraint = Constraint::distance(&claim, feature, &Reading::default());
    if let Some(words) = claim.side() {
        let area = features.find(words, &here(&["text"]))?;
        constraint = constraint.with_side(area).or_else(|error| fault(&here(&["text"]), error))?;
    }
    let crossing = entry.crossing.as_deref().map(|id| features.find(id, &here(&["crossing"]))).transpose()?;
    for (key, is_there) in [("crossing", crossing.is_some()), ("road_factor", entry.road_factor.is_some())] {
        if is_there && claim.course() != crate::claim::Course::Unstated {
            let reason = format!("the words say how it was measured, {}: leave '{key}' out", claim.course());
            return fault(&here(&[key]), reason);
        }
    }
    constraint.with_ways(crossing, entry.road_factor).or_else(|error| fault(&here(&["road_factor"]), error))
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
