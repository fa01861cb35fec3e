//! `siteband check`: what each statement was understood to mean.

use std::fmt::Write;

use siteband::{Interval, Scenario};

use super::{account, reading, warn_of_edges};
use crate::args::Check;
use crate::output::write_text;
use crate::report::printable;
use crate::{Failure, Outcome};

pub(super) fn run(args: &Check) -> Result<Outcome, Failure> {
    let scenario = Scenario::from_path(&args.scenario).map_err(Failure::input)?;
    warn_of_edges(scenario.warnings());
    let reading = reading(args.reading.as_deref(), *scenario.reading())?;
    let text = understood(&scenario, &reading).map_err(Failure::input)?;
    write_text(None, &printable(&text))?;
    if scenario.sites_path().is_none() {
        write_text(None, "\nno list of sites is named: 'siteband rank' needs --sites FILE\n")?;
        return Ok(Outcome::Whole);
    }
    let sites = scenario.load_sites().map_err(Failure::input)?;
    write_text(None, &format!("\n{} sites\n", sites.len()))?;
    Ok(account(&sites))
}

fn understood(scenario: &Scenario, reading: &siteband::Reading) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(text, "{}", scenario.title())?;
    writeln!(text, "reading {reading}, prior for none of these {:.0} %", 100.0 * scenario.options().none_of_these())?;
    match scenario.options().search_region() {
        Some(region) => writeln!(text, "search region {}, {} across", region.name(), region.diameter())?,
        None => writeln!(text, "search region: a disc around the listed sites")?,
    }
    for constraint in scenario.constraints(reading) {
        let source = constraint.source();
        writeln!(text, "\n{}: {constraint}", constraint.id())?;
        let repeats = source.repeats().map_or_else(String::new, |of| format!(", repeats {of}"));
        let leaning = if source.tempering() < 1.0 {
            format!(", each statement to the power {}", source.tempering())
        } else {
            String::new()
        };
        writeln!(
            text,
            "    by {}, right with probability {:.2}{repeats}{leaning}",
            source.id(),
            1.0 - source.contamination()
        )?;
        if constraint.kind() != "distance" && !constraint.is_tempered() {
            writeln!(text, "    counted as it is stated")?;
        }
        if let Some(note) = scenario.note(constraint.id()) {
            writeln!(text, "    note: {note}")?;
        }
        if let Some(claim) = constraint.claim() {
            writeln!(text, "    from the words \"{}\"", claim.text())?;
            for skipped in claim.skipped() {
                writeln!(text, "    not used: \"{skipped}\"")?;
            }
        }
        for feature in constraint.features() {
            let source = feature.source().map_or_else(String::new, |source| format!("; {source}"));
            writeln!(
                text,
                "    feature {}: {} ({}), known to {}{source}",
                feature.id(),
                feature.name(),
                feature.kind(),
                feature.position_uncertainty()
            )?;
        }
        if let Some(band) = constraint.band() {
            let ends = |interval: Interval| format!("{:.1}–{:.1} km", interval.from.km(), interval.to.km());
            writeln!(
                text,
                "    core {}, support {}, 50 % {}, 90 % {}",
                ends(band.core()),
                ends(band.support()),
                ends(band.credible_interval(0.5)),
                ends(band.credible_interval(0.9))
            )?;
        }
    }
    Ok(text)
}
