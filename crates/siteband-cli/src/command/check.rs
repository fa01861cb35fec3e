//! `siteband check`: what each statement was understood to mean.

use std::fmt::Arguments;

use siteband::{Interval, Scenario};

use super::{account, reading, warn_of_edges};
use crate::args::Check;
use crate::output::write_text;
use crate::report::one_line;
use crate::{Failure, Outcome};

pub(super) fn run(args: &Check) -> Result<Outcome, Failure> {
    let scenario = Scenario::from_path(&args.scenario).map_err(Failure::input)?;
    warn_of_edges(scenario.warnings());
    let reading = reading(args.reading.as_deref(), *scenario.reading())?;
    write_text(None, &understood(&scenario, &reading))?;
    if scenario.sites_path().is_none() {
        write_text(None, "\nno list of sites is named: 'siteband rank' needs --sites FILE\n")?;
        return Ok(Outcome::Whole);
    }
    let sites = scenario.load_sites().map_err(Failure::input)?;
    write_text(None, &format!("\n{} sites\n", sites.len()))?;
    Ok(account(&sites))
}

/// Lines of words, which may come from anywhere: none can be taken for two.
#[derive(Debug, Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, words: Arguments<'_>) {
        self.0.push_str(&one_line(&words.to_string()));
        self.0.push('\n');
    }
}

fn understood(scenario: &Scenario, reading: &siteband::Reading) -> String {
    let mut text = Lines::default();
    text.add(format_args!("{}", scenario.title()));
    text.add(format_args!(
        "reading {reading}, prior for none of these {:.0} %",
        100.0 * scenario.options().none_of_these()
    ));
    match scenario.options().search_region() {
        Some(region) => text.add(format_args!("search region {}, {} across", region.name(), region.diameter())),
        None => text.add(format_args!("search region: a disc around the listed sites")),
    }
    for constraint in scenario.constraints(reading) {
        let source = constraint.source();
        text.0.push('\n');
        text.add(format_args!("{}: {constraint}", constraint.id()));
        let repeats = source.repeats().map_or_else(String::new, |of| format!(", repeats {of}"));
        let leaning = if source.tempering() < 1.0 {
            format!(", each statement to the power {}", source.tempering())
        } else {
            String::new()
        };
        text.add(format_args!(
            "    by {}, right with probability {:.2}{repeats}{leaning}",
            source.id(),
            1.0 - source.contamination()
        ));
        if constraint.kind() != "distance" && !constraint.is_tempered() {
            text.add(format_args!("    counted as it is stated"));
        }
        if let Some(note) = scenario.note(constraint.id()) {
            text.add(format_args!("    note: {note}"));
        }
        if let Some(claim) = constraint.claim() {
            text.add(format_args!("    from the words \"{}\"", claim.text()));
            for skipped in claim.skipped() {
                text.add(format_args!("    not used: \"{skipped}\""));
            }
        }
        for feature in constraint.features() {
            let source = feature.source().map_or_else(String::new, |source| format!("; {source}"));
            text.add(format_args!(
                "    feature {}: {} ({}), known to {}{source}",
                feature.id(),
                feature.name(),
                feature.kind(),
                feature.position_uncertainty()
            ));
        }
        if let Some(band) = constraint.band() {
            let ends = |interval: Interval| format!("{:.1}–{:.1} km", interval.from.km(), interval.to.km());
            text.add(format_args!(
                "    core {}, support {}, 50 % {}, 90 % {}",
                ends(band.core()),
                ends(band.support()),
                ends(band.credible_interval(0.5)),
                ends(band.credible_interval(0.9))
            ));
        }
    }
    text.0
}
