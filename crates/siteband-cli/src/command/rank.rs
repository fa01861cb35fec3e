//! `siteband rank`: the main job.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use siteband::{Atlas, Claim, Constraint, RankOptions, Ranking, Reading, Scenario, Sites};

use super::{account, atlas, files_of, keep_apart, reading, sites_to_rank, warn_of_edges};
use crate::args::{Format, Rank};
use crate::output::{Output, written};
use crate::report::{self, Text};
use crate::{Failure, Outcome};

pub(super) fn run(args: &Rank) -> Result<Outcome, Failure> {
    let scenario = args.scenario.as_deref().map(Scenario::from_path).transpose().map_err(Failure::input)?;
    let mut inputs = scenario.as_ref().map(files_of).unwrap_or_default();
    inputs.extend(args.sites.iter().chain(&args.atlas).cloned());
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    keep_apart(&[("--output", args.output.as_deref())], &inputs)?;
    if let Some(scenario) = &scenario {
        warn_of_edges(scenario.warnings());
    }
    let default = scenario.as_ref().map(|scenario| *scenario.reading()).unwrap_or_default();
    let reading = reading(args.reading.as_deref(), default)?;
    let constraints = match (&scenario, &args.claim) {
        (Some(scenario), _) => scenario.constraints(&reading),
        (None, Some(text)) => vec![single_claim(text, args, &reading)?],
        (None, None) => return Err(Failure::Usage("give a scenario, or --claim and --sites".to_owned())),
    };
    let sites = sites_to_rank(scenario.as_ref(), args.sites.as_deref(), args.sites_crs.as_ref())?;
    // Before the work that would be lost without it.
    let mut output = Output::open(args.output.as_deref())?;
    let options = scenario.as_ref().map_or_else(RankOptions::default, |scenario| scenario.options().clone());
    let ranking: Ranking = sites.rank(&constraints, &options);
    let title = scenario.as_ref().map(Scenario::title).or(args.claim.as_deref()).unwrap_or_default();
    let wanted = !args.no_robustness && matches!(args.format, Format::Table | Format::Json);
    let robustness = wanted.then(|| {
        let watch = scenario.as_ref().map(Scenario::robustness_options).unwrap_or_default();
        sites.robustness(&constraints, &options, &watch)
    });
    let told = Text { title, reading: &reading, ranking: &ranking, robustness: robustness.as_ref() };
    let everything = usize::MAX;
    let top = args.top.map(|top| usize::try_from(top).unwrap_or(everything));
    let text = match args.format {
        Format::Table if args.full => told.full(top.unwrap_or(everything)),
        Format::Table => {
            let more = more(args.scenario.is_some(), &ranking);
            told.essentials(top.unwrap_or(10), &more)
        }
        Format::Json => report::json(&told, sites.rejected(), top.unwrap_or(everything)),
        Format::Csv => report::csv(&told, top.unwrap_or(everything)),
        Format::Kml => drawn(args, scenario.as_ref(), &sites, &reading)?.kml(),
        Format::Markdown => drawn(args, scenario.as_ref(), &sites, &reading)?.markdown(),
        Format::Geojson => report::geojson(&told, top.unwrap_or(everything)),
    };
    output.write_all(text.as_bytes()).map_err(written)?;
    output.finish()?;
    Ok(account(&sites))
}

/// What is drawn is always a whole scenario.
fn drawn<'a>(
    args: &Rank,
    scenario: Option<&'a Scenario>,
    sites: &'a Sites,
    reading: &Reading,
) -> Result<siteband_map::Report<'a>, Failure> {
    let refuse = |reason: &str| {
        let name = args.format.to_possible_value().map_or_else(String::new, |format| format.get_name().to_owned());
        Failure::Usage(format!("--format {name} {reason}"))
    };
    let scenario = scenario
        .ok_or_else(|| refuse("needs a scenario, not --claim: 'siteband new FILE' writes one to start from"))?;
    if args.top.is_some() {
        return Err(refuse("shows the whole ranking: leave out --top"));
    }
    Ok(siteband_map::Report::new(scenario, sites, reading))
}

/// Where the rest is to be had.
fn more(has_scenario: bool, ranking: &Ranking<'_>) -> String {
    let explain = ranking.top(1).next().filter(|_| has_scenario);
    let explain = explain.map_or_else(String::new, |first| format!("; siteband explain SCENARIO {}", first.site.id()));
    format!("more: the same with --full{explain}")
}

fn single_claim(text: &str, args: &Rank, reading: &Reading) -> Result<Constraint, Failure> {
    let claim: Claim = text.parse().map_err(Failure::input)?;
    let atlas = atlas(&args.atlas, args.edges, args.features_crs.as_ref())?;
    warn_of_edges(atlas.warnings());
    let words = args.border.as_deref().unwrap_or(claim.feature());
    let bundled = Atlas::bundled();
    let feature = atlas.resolve_or_in(&bundled, words).map_err(Failure::input)?;
    let mut constraint = Constraint::distance(&claim, Arc::clone(feature), reading).with_id("claim");
    if let Some(words) = claim.side() {
        let area = atlas.resolve_or_in(&bundled, words).map_err(Failure::input)?;
        constraint = constraint.with_side(Arc::clone(area)).map_err(Failure::input)?;
    }
    Ok(constraint)
}
