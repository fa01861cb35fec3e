//! From the entries of the file to what they mean: every name is found, every number checked.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::{
    AccessEntry, ClaimEntry, DirectionEntry, File, LimitEntry, LogisticEntry, NearbyEntry, OneOrMany, Reliability,
    SideEntry, SourceEntry, WhatIfEntry,
};
use super::locate::Key;
use super::{Scenario, Statement, region};
use crate::atlas::{Atlas, AtlasOptions};
use crate::claim::Claim;
use crate::constraint::{Constraint, InvalidAccess, Source};
use crate::crs::Crs;
use crate::feature::Feature;
use crate::length::Length;
use crate::limits::{SCENARIO_ENTRIES, STATEMENTS};
use crate::near::did_you_mean;
use crate::rank::{RankOptions, lineage};
use crate::reading::Reading;
use crate::road::RoadNetwork;
use crate::robustness::Assumption;

/// What is wrong with a value, and where in the file it stands.
pub(super) struct Fault {
    pub(super) at: Vec<Key>,
    pub(super) reason: String,
}

pub(super) fn fault<T>(at: &[Key], reason: impl fmt::Display) -> Result<T, Fault> {
    Err(Fault { at: at.to_vec(), reason: reason.to_string() })
}

/// Adds keys to a path.
pub(super) fn below(at: &[Key], keys: &[&'static str]) -> Vec<Key> {
    at.iter().copied().chain(keys.iter().map(|key| Key::Name(key))).collect()
}

/// The scenario's own features, and those that siteband carries.
pub(super) struct Features {
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
    pub(super) fn file(&mut self, path: &str) -> PathBuf {
        if !self.named.iter().any(|other| other == Path::new(path)) {
            self.named.push(path.into());
        }
        self.folder.join(path)
    }

    pub(super) fn find(&mut self, words: &str, at: &[Key]) -> Result<Arc<Feature>, Fault> {
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

pub(super) fn resolve(file: File, folder: &Path, default_title: String) -> Result<Scenario, Fault> {
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
