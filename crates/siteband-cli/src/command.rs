//! What each command does.

mod borders;
mod calibrate;
mod check;
mod claim;
mod distance;
mod explain;
mod index;
mod map;
mod new;
mod rank;
mod score;

use std::path::{Path, PathBuf};

use siteband::{Atlas, AtlasOptions, Crs, EdgeWarning, Edges, Feature, Reading, Rejected, Scenario, Sites};

use crate::args::Command;
use crate::output::{folder_of, say};
use crate::{Failure, Outcome};

pub(crate) fn run(command: &Command) -> Result<Outcome, Failure> {
    match command {
        Command::Rank(args) => rank::run(args),
        Command::Map(args) => map::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Claim(args) => claim::run(args),
        Command::Distance(args) => distance::run(args),
        Command::Check(args) => check::run(args),
        Command::Score(args) => score::run(args),
        Command::Index(args) => index::run(args),
        Command::New(args) => new::run(args),
        Command::Borders(args) => borders::run(args),
        Command::Calibrate(args) => calibrate::run(args),
    }
}

/// Refuses outputs that are read, or that are the same file: one would take the place of the other. Each output goes by its option.
fn keep_apart(outputs: &[(&str, Option<&Path>)], inputs: &[&Path]) -> Result<(), Failure> {
    let mut known: Vec<PathBuf> = inputs.iter().filter_map(|path| file(path)).collect();
    let count = known.len();
    for (option, path) in outputs.iter().filter_map(|(option, path)| Some((option, (*path)?))) {
        let Some(own) = file(path) else { continue };
        let reason = match known.iter().position(|other| *other == own) {
            Some(at) if at < count => "is read, too, and would be replaced: name another file",
            Some(_) => "is an output already: each needs a file of its own",
            None => {
                known.push(own);
                continue;
            }
        };
        return Err(Failure::Usage(format!("{option} {}: this {reason}", path.display())));
    }
    Ok(())
}

/// Where a file is that is there or is to be; none for a pipe or a device, which are not replaced.
fn file(path: &Path) -> Option<PathBuf> {
    if let Ok(found) = path.canonicalize() {
        return Some(found).filter(|found| found.is_file());
    }
    let folder = folder_of(path).ok()?;
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}

/// Everything that is read for a scenario.
fn files_of(scenario: &Scenario) -> Vec<PathBuf> {
    let folder = scenario.path().parent().unwrap_or(Path::new(""));
    let named = scenario.files().iter().map(|file| folder.join(file));
    std::iter::once(scenario.path().to_owned()).chain(named).collect()
}

/// The reading that was asked for, or another.
fn reading(name: Option<&str>, otherwise: Reading) -> Result<Reading, Failure> {
    name.map_or(Ok(otherwise), |name| {
        name.parse().map_err(|error: siteband::UnknownReading| Failure::Usage(error.to_string()))
    })
}

/// The features of some files together.
fn atlas(paths: &[PathBuf], edges: Edges, crs: Option<&Crs>) -> Result<Atlas, Failure> {
    let options = AtlasOptions::default().with_edges(edges).with_crs(crs.cloned());
    let mut atlas = Atlas::new();
    for path in paths {
        atlas.extend(Atlas::from_path_with(path, &options).map_err(Failure::input)?).map_err(Failure::input)?;
    }
    Ok(atlas)
}

/// Says on standard error which edges may not mean what was drawn, each once, the first few one by one.
fn warn_of_edges<'a>(warnings: impl Iterator<Item = (&'a Feature, &'a EdgeWarning)>) {
    const MOST: usize = 5;
    let mut lines: Vec<String> = Vec::new();
    let mut more = 0;
    for (feature, warning) in warnings {
        let line = format!("warning: feature '{}': {warning}", feature.id());
        if lines.contains(&line) {
            continue;
        }
        if lines.len() < MOST {
            lines.push(line);
        } else {
            more += 1;
        }
    }
    lines.into_iter().for_each(say);
    if more > 0 {
        let noun = if more == 1 { "edge" } else { "edges" };
        say(format!("warning: … and {more} more {noun} along parallels"));
    }
}

/// The list of sites in a file, or on standard input.
fn sites_of(path: &Path, crs: Option<&Crs>) -> Result<Sites, Failure> {
    match (path == Path::new("-"), crs) {
        (true, Some(crs)) => Sites::from_csv_in(std::io::stdin(), crs),
        (true, None) => Sites::from_csv(std::io::stdin()),
        (false, Some(crs)) => Sites::from_path_in(path, crs),
        (false, None) => Sites::from_path(path),
    }
    .map_err(Failure::input)
}

/// The list of sites from the command line, or the scenario's own; never empty.
fn sites_to_rank(scenario: Option<&Scenario>, path: Option<&Path>, crs: Option<&Crs>) -> Result<Sites, Failure> {
    let sites = match (path, scenario) {
        (Some(path), _) => sites_of(path, crs)?,
        (None, Some(scenario)) => scenario.load_sites().map_err(Failure::input)?,
        (None, None) => return Err(Failure::Usage("a claim needs a list of sites: give --sites FILE".to_owned())),
    };
    if sites.is_empty() {
        let path = path.or(scenario.and_then(Scenario::sites_path)).unwrap_or(Path::new(""));
        list_rejected(sites.rejected());
        return Err(Failure::input(format!("{}: the list has no valid site to rank", path.display())));
    }
    Ok(sites)
}

/// Says on standard error which rows were rejected, the first few one by one.
fn list_rejected(rejected: &[Rejected]) -> Outcome {
    const MOST: usize = 20;
    for row in rejected.iter().take(MOST) {
        say(format!("rejected: {row}"));
    }
    if rejected.len() > MOST {
        say(format!("rejected: … and {} more", rejected.len() - MOST));
    }
    if rejected.is_empty() { Outcome::Whole } else { Outcome::Partial }
}

/// Says how many rows there were, where some were rejected: none is lost.
fn account(sites: &Sites) -> Outcome {
    let outcome = list_rejected(sites.rejected());
    if outcome == Outcome::Partial {
        let (scored, rejected) = (sites.len(), sites.rejected().len());
        say(format!("warning: {scored} of {} rows scored, {rejected} rejected", scored + rejected));
    }
    outcome
}
