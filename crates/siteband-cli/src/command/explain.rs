//! `siteband explain`: one site's place in the ranking, claim by claim.

use std::fmt::Write;

use siteband::{Constraint, Evidence, Place, Ranked, Ranking, Reading, Scenario, Sites};

use super::{account, reading, sites_to_rank};
use crate::args::Explain;
use crate::output::{printable, write_text};
use crate::report::{CAUTION, percent, signed};
use crate::{Failure, Outcome};

pub(super) fn run(args: &Explain) -> Result<Outcome, Failure> {
    let scenario = Scenario::from_path(&args.scenario).map_err(Failure::input)?;
    let reading = reading(args.reading.as_deref(), *scenario.reading())?;
    let sites = sites_to_rank(Some(&scenario), args.sites.as_deref())?;
    sites.find(&args.site).map_err(Failure::input)?;
    let constraints = scenario.constraints(&reading);
    let ranking = sites.rank(&constraints, scenario.options());
    let text = explained(&scenario, &sites, &constraints, &ranking, &reading, &args.site).map_err(Failure::input)?;
    write_text(None, &printable(&text))?;
    Ok(account(&sites))
}

fn explained(
    scenario: &Scenario,
    sites: &Sites,
    constraints: &[Constraint],
    ranking: &Ranking<'_>,
    reading: &Reading,
    id: &str,
) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let Some(ranked) = ranking.get(id) else {
        return Ok(text);
    };
    writeln!(text, "{} ({})", ranked.site.name(), ranked.site.id())?;
    let (place, of) = (ranked.rank, ranking.len());
    let (posterior, none, prior) =
        (percent(ranked.posterior), percent(ranking.none_of_these), percent(ranking.prior_none));
    writeln!(text, "Place {place} of {of}: {posterior}; none of these {none} (prior {prior}). Reading {reading}.")?;
    if ranking.contradiction {
        writeln!(text, "What was said contradicts itself: nothing is possible under it, and the prior is shown.")?;
    }
    if !ranked.tied_with.is_empty() {
        writeln!(text, "Tied with {}.", ranked.tied_with.join(", "))?;
    }
    for (constraint, evidence) in ranking.constraints().zip(&ranked.evidence) {
        writeln!(text, "\n{}: {constraint}", constraint.id())?;
        writeln!(text, "    {}", measured(constraint, evidence, &ranked))?;
        writeln!(text, "    {}", weight(evidence))?;
        if let Some(note) = scenario.note(constraint.id()) {
            writeln!(text, "    ({note})")?;
        }
    }
    for repeated in &ranking.said_before {
        writeln!(text, "\n{repeated}: repeats another statement of the same origin, and was not counted")?;
    }
    writeln!(text, "\nEach dB compares with leaving that statement out; what one source says need not add up.")?;
    writeln!(text, "{}", gap(&ranked, ranking))?;
    writeln!(text, "\nWithout one statement, {} would be:", ranked.site.id())?;
    for left_out in ranking.constraints().map(Constraint::id) {
        let others: Vec<Constraint> = constraints.iter().filter(|other| other.id() != left_out).cloned().collect();
        writeln!(text, "    without {left_out:<16} {}", standing(&sites.rank(&others, scenario.options()), id))?;
    }
    writeln!(text, "\nUnder another reading, it would be:")?;
    for other in Reading::all().iter().filter(|other| other.name() != reading.name()) {
        writeln!(text, "    {:<24} {}", other.name(), standing(&scenario.rank(sites, other), id))?;
    }
    writeln!(text, "\n{CAUTION}")?;
    Ok(text)
}

/// What was measured, in words.
fn measured(constraint: &Constraint, evidence: &Evidence, ranked: &Ranked<'_>) -> String {
    if let Some(tag) = constraint.tag() {
        return format!("the site {} the tag '{tag}'", if ranked.site.has_tag(tag) { "has" } else { "does not have" });
    }
    let (Some(distance), Some(nearest)) = (evidence.distance, evidence.nearest) else {
        return String::new();
    };
    let place = match evidence.position {
        Some(Place::Core) => ": in the core of what the words allow",
        Some(Place::Support) => ": in the support of what the words allow, outside the core",
        Some(Place::Outside) => ": outside what the words allow",
        None => "",
    };
    let stated = constraint.claim().and_then(siteband::Claim::direction);
    let bearing = match (evidence.azimuth_deg, stated) {
        (Some(azimuth_deg), Some(stated)) => {
            let off_deg = (azimuth_deg - stated.azimuth_deg() + 540.0).rem_euclid(360.0) - 180.0;
            format!(
                "; it lies {:.0}° from there, {:.0}° off {stated}",
                azimuth_deg.round().rem_euclid(360.0),
                off_deg.abs()
            )
        }
        _ => String::new(),
    };
    format!("{:.2} km, nearest at {:.4} N {:.4} E{place}{bearing}", distance.km(), nearest.lat_deg(), nearest.lon_deg())
}

/// What a statement does to the odds.
fn weight(evidence: &Evidence) -> String {
    match evidence.decibans {
        Some(decibans) if decibans.abs() < 0.05 => "changes nothing against none of these (0.0 dB)".to_owned(),
        Some(decibans) => {
            let word = if decibans > 0.0 { "speaks for it" } else { "speaks against it" };
            format!(
                "{word}: {} dB against none of these (odds × {:.2})",
                signed(decibans),
                10_f64.powf(decibans / 10.0)
            )
        }
        None if evidence.log_likelihood == f64::NEG_INFINITY => "excludes it under this reading".to_owned(),
        None => "leaves nothing to compare: another statement excludes the site".to_owned(),
    }
}

/// How far the site is from the first place, or the next from it.
fn gap(ranked: &Ranked<'_>, ranking: &Ranking<'_>) -> String {
    let decibans = |a: f64, b: f64| 10.0 * (a / b).log10();
    if ranked.rank > 1 {
        return ranking.top(1).next().map_or_else(String::new, |first| {
            let gap = decibans(first.posterior, ranked.posterior);
            if first.posterior == 0.0 {
                "Nothing that was said leaves any listed site possible.".to_owned()
            } else if gap.is_finite() {
                format!(
                    "To be first it would need {gap:.1} dB more than it has: {} has {}.",
                    first.site.id(),
                    percent(first.posterior)
                )
            } else {
                format!(
                    "Nothing that was said leaves it possible; {} is first with {}.",
                    first.site.id(),
                    percent(first.posterior)
                )
            }
        });
    }
    let none = decibans(ranked.posterior, ranking.none_of_these);
    let against_none = if none >= 0.0 {
        format!("{none:.1} dB ahead of none of these")
    } else {
        format!("{:.1} dB behind none of these", -none)
    };
    match ranking.top(2).nth(1) {
        Some(second) if second.posterior > 0.0 => {
            let gap = decibans(ranked.posterior, second.posterior);
            format!(
                "It is first: {gap:.1} dB ahead of {}, {against_none}. Evidence of that much the other way would change the first place.",
                second.site.id()
            )
        }
        _ => format!("It is the only site that what was said leaves possible: {against_none}."),
    }
}

/// Place and posterior of a site in another ranking, and who is first there.
fn standing(ranking: &Ranking<'_>, id: &str) -> String {
    let (Some(ranked), Some(first)) = (ranking.get(id), ranking.top(1).next()) else {
        return String::new();
    };
    let lead = if first.posterior == 0.0 {
        "; no site is possible".to_owned()
    } else if first.site.id() == ranked.site.id() {
        String::new()
    } else {
        format!("; first is {} with {}", first.site.id(), percent(first.posterior))
    };
    format!(
        "place {}, {} (none of these {}){lead}",
        ranked.rank,
        percent(ranked.posterior),
        percent(ranking.none_of_these)
    )
}
