//! One site's place in a ranking, as an analyst would write it.

use std::fmt::Write;

use siteband::{
    Claim, Constraint, Evidence, Length, Place, Ranked, Ranking, Reading, Robustness, Scenario, TippingPoint, WhatIf,
};

use siteband_map::text::{overturning, short, tip};

use super::{CAUTION, one_line, paragraph, percent, plain_table, signed, wrapped};

/// A ranking with everything that an explanation needs.
#[derive(Debug)]
pub(crate) struct Explained<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) ranking: &'a Ranking<'a>,
    pub(crate) reading: &'a Reading,
    /// The site is watched in it.
    pub(crate) robustness: &'a Robustness,
}

/// What stands for a site: the paragraphs, then every statement, then every other assumption.
pub(crate) fn explanation(of: &Explained<'_>, ranked: &Ranked<'_>) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    writeln!(text, "{}\n", one_line(&format!("{} ({})", ranked.site.name(), ranked.site.id())))?;
    let paragraphs = [
        result(of, ranked),
        said(of),
        measured_all(of, ranked),
        read(of, ranked),
        speaking(of, ranked, "What speaks for it", |decibans| decibans >= LEAST_DB),
        speaking(of, ranked, "What speaks against it", |decibans| decibans <= -LEAST_DB),
        missing(of, ranked),
        trust(of, ranked),
    ];
    for words in paragraphs.iter().filter(|words| !words.is_empty()) {
        text.push_str(&paragraph(words));
    }
    writeln!(text, "\nStatement by statement:")?;
    for (constraint, evidence) in of.ranking.constraints().zip(&ranked.evidence) {
        text.push('\n');
        text.push_str(&wrapped(&format!("{}: {constraint}", constraint.id()), "", "   ")[1..]);
        let mut below = |words: &str| text.push_str(&wrapped(words, "   ", "     "));
        below(&measured(constraint, evidence, ranked));
        below(&weight(evidence));
        if let Some(note) = of.scenario.note(constraint.id()) {
            below(&format!("({note})"));
        }
    }
    for repeated in &of.ranking.said_before {
        let repeated = one_line(repeated);
        writeln!(text, "\n{repeated}: repeats another statement of the same origin, and was not counted")?;
    }
    writeln!(text, "\nEach dB compares with leaving that statement out; what one source says need not add up.")?;
    write_what_ifs(&mut text, of, ranked)?;
    writeln!(text, "\n{CAUTION}")?;
    Ok(text)
}

/// Less than this is nothing, in decibans.
const LEAST_DB: f64 = 0.05;

/// How much a change of odds is, in the words of H. Jeffreys, Theory of Probability, 1961, appendix B: grades of half a power
/// of ten.
fn grade(decibans: f64) -> &'static str {
    match decibans.abs() {
        size if size < 5.0 => "slightly",
        size if size < 10.0 => "substantially",
        size if size < 15.0 => "strongly",
        size if size < 20.0 => "very strongly",
        _ => "decisively",
    }
}

fn listed(words: &[String]) -> String {
    match words {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => words.join(""),
    }
}

/// What came out.
fn result(of: &Explained<'_>, ranked: &Ranked<'_>) -> String {
    let ranking = of.ranking;
    let (place, count, posterior) = (ranked.rank, ranking.len(), percent(ranked.posterior));
    let mut words =
        format!("Result. {} is number {place} of {count} listed sites, with {posterior}", ranked.site.name());
    let group = ranked.site.group().and_then(|name| ranking.groups().into_iter().find(|group| group.group == name));
    if let Some(group) = group {
        let _ = write!(words, "; with the other sites of {} {}", group.group, percent(group.posterior));
    }
    let (none, prior) = (percent(ranking.none_of_these), percent(ranking.prior_none));
    let _ = write!(words, ". That no listed site is right has {none} (beforehand {prior}).");
    if ranking.contradiction {
        words.push_str(" What was said contradicts itself: nothing is possible under it, and the prior is shown.");
    }
    if !ranked.tied_with.is_empty() {
        const MOST: usize = 3;
        let (named, more) = ranked.tied_with.split_at(ranked.tied_with.len().min(MOST));
        let more = if more.is_empty() { String::new() } else { " and others".to_owned() };
        let _ = write!(words, " It is tied with {}{more}.", named.join(", "));
    }
    if !ranking.contradiction {
        let _ = write!(words, " {}", gap(ranked, ranking));
    }
    words
}

/// Who said what, source by source.
fn said(of: &Explained<'_>) -> String {
    let mut sources: Vec<(&str, String, Vec<String>)> = Vec::new();
    for constraint in of.ranking.constraints() {
        let source = constraint.source();
        let words = match constraint.claim() {
            Some(claim) => format!("\"{}\"", claim.text().trim()),
            None => constraint.to_string(),
        };
        if let Some((_, _, said)) = sources.iter_mut().find(|(id, ..)| *id == source.id()) {
            said.push(words);
        } else {
            let contamination = of.ranking.contamination(constraint.id()).unwrap_or(0.0);
            sources.push((source.id(), percent(1.0 - contamination), vec![words]));
        }
    }
    let sources: Vec<String> = sources
        .into_iter()
        .map(|(id, right, said)| format!("{id}, taken to be right with {right}: {}", said.join("; ")))
        .collect();
    let copies = of.ranking.said_before.len();
    let copies = if copies == 0 { String::new() } else { format!(" {copies} more only repeat these.") };
    format!("What was said. {}.{copies}", sources.join(". "))
}

/// What was measured, feature by feature.
fn measured_all(of: &Explained<'_>, ranked: &Ranked<'_>) -> String {
    let of_distance = |(constraint, evidence): (&Constraint, &Evidence)| {
        let distance = evidence.distance?;
        Some(format!("{distance} {}", what_to(constraint, distance, ranked)))
    };
    let mut measured: Vec<String> = of.ranking.constraints().zip(&ranked.evidence).filter_map(of_distance).collect();
    let mut seen = Vec::new();
    measured.retain(|words| {
        !seen.contains(words) && {
            seen.push(words.clone());
            true
        }
    });
    if measured.is_empty() {
        return String::new();
    }
    let position = ranked.site.position();
    let uncertainty = position.uncertainty();
    let known = if uncertainty.m() < 1.0 { String::new() } else { format!(" (known to {uncertainty})") };
    format!("What was measured. From {position}{known}, on the WGS 84 ellipsoid: {}.", listed(&measured))
}

/// What a statement's distance is one to.
fn what_to(constraint: &Constraint, distance: Length, ranked: &Ranked<'_>) -> String {
    match (constraint.kind(), constraint.feature(), constraint.tag()) {
        ("access", ..) => {
            let names: Vec<String> = constraint.features().iter().map(|to| to.name().to_owned()).collect();
            format!("on the mean way to {}", listed(&names))
        }
        // A site at its own place is itself, or as good as itself.
        (_, _, Some(tag)) if ranked.site.has_tag(tag) && distance > Length::ZERO => {
            format!("from the nearest other site tagged '{tag}'")
        }
        (_, _, Some(tag)) => format!("from the nearest site tagged '{tag}'"),
        ("inside" | "outside", Some(area), _) => format!("from the edge of {}", area.name()),
        (_, Some(feature), _) => format!("from {}", feature.name()),
        _ => "away".to_owned(),
    }
}

/// How each number was taken.
fn read(of: &Explained<'_>, ranked: &Ranked<'_>) -> String {
    let of_claim = |(constraint, evidence): (&Constraint, &Evidence)| {
        let (claim, band, distance) = (constraint.claim()?, constraint.band()?, evidence.distance?);
        let interval = band.credible_interval(0.9);
        let place = match band.place(distance) {
            Place::Core => "in the core of that",
            Place::Support => "inside what is possible, outside its core",
            Place::Outside => "outside all that is possible",
        };
        let origin = band.origins_for(distance, ranked.site.position().uncertainty()).first().map_or_else(
            String::new,
            |(origin, share)| {
                format!("; if it is the place, the number was most likely {origin} ({})", percent(*share))
            },
        );
        Some(format!(
            "\"{claim}\" allows {:.1} to {:.1} km with 90 %; {distance} lies {place}{origin}",
            interval.from.km(),
            interval.to.km()
        ))
    };
    let claims: Vec<String> = of.ranking.constraints().zip(&ranked.evidence).filter_map(of_claim).collect();
    if claims.is_empty() {
        return String::new();
    }
    format!("How it was read. Under {}, {}.", of.reading, claims.join(". "))
}

/// The statements that change its odds one way, most telling first.
fn speaking(of: &Explained<'_>, ranked: &Ranked<'_>, title: &str, is_so: impl Fn(f64) -> bool) -> String {
    let mut found: Vec<(f64, String)> = Vec::new();
    for (constraint, evidence) in of.ranking.constraints().zip(&ranked.evidence) {
        let what = of.scenario.note(constraint.id()).map_or_else(|| constraint.to_string(), str::to_owned);
        match evidence.decibans {
            Some(decibans) if is_so(decibans) => found.push((
                decibans.abs(),
                format!("{}: {what} ({}, {} dB)", grade(decibans), constraint.id(), signed(decibans)),
            )),
            None if evidence.log_likelihood == f64::NEG_INFINITY && is_so(f64::NEG_INFINITY) => {
                found.push((f64::INFINITY, format!("altogether: {what} ({} excludes it)", constraint.id())));
            }
            _ => {}
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    if found.is_empty() {
        return format!("{title}. Nothing that was said.");
    }
    let found: Vec<String> = found.into_iter().map(|(_, words)| words).collect();
    format!("{title}. {}.", capitalised(&found.join("; ")))
}

/// What would be wanted and is not there.
fn missing(of: &Explained<'_>, ranked: &Ranked<'_>) -> String {
    let mut missing: Vec<String> = Vec::new();
    let distances = || of.ranking.constraints().filter(|constraint| constraint.kind() == "distance");
    let mut sources: Vec<&str> = distances().map(|constraint| constraint.source().id()).collect();
    sources.dedup();
    match sources.as_slice() {
        [] => missing.push("nobody states a distance".to_owned()),
        [only] => missing.push(format!("a second source for the distance, which {only} alone states")),
        _ => {}
    }
    if !of.ranking.constraints().any(|constraint| constraint.direction().is_some()) {
        missing.push("a direction".to_owned());
    }
    for (constraint, evidence) in of.ranking.constraints().zip(&ranked.evidence) {
        let speaks_for = constraint.likelihood_ratios().is_some_and(|(present, _)| present > 1.0);
        if let (Some(tag), true) = (constraint.tag(), speaks_for)
            && !ranked.site.has_tag(tag)
            && evidence.decibans.is_some_and(|decibans| decibans.abs() < LEAST_DB)
        {
            missing.push(format!("whether it is '{tag}': the list does not say so ({})", constraint.id()));
        }
        if constraint.kind() == "access" && evidence.snapping.is_none() {
            missing.push(format!("a map of the roads, whose length is guessed ({})", constraint.id()));
        }
    }
    let skipped: Vec<String> = distances()
        .filter_map(Constraint::claim)
        .flat_map(Claim::skipped)
        .map(|words| format!("\"{words}\""))
        .collect();
    if !skipped.is_empty() {
        missing.push(format!("what a distance cannot use of the words: {}", skipped.join(", ")));
    }
    if missing.is_empty() { String::new() } else { format!("What is missing. {}.", capitalised(&missing.join("; "))) }
}

/// How robust its place is, and what would change it.
fn trust(of: &Explained<'_>, ranked: &Ranked<'_>) -> String {
    let report = of.robustness;
    let place = ranked.site.group().unwrap_or(ranked.site.id());
    let mut words = String::from("How far to trust it.");
    if let Some(reliance) = report.reliance.iter().find(|reliance| reliance.place == place) {
        let _ = write!(words, " {reliance}");
    }
    if let Some(site) = report.acceptability.sites.iter().find(|site| site.id == ranked.site.id()) {
        let [middle, low, high] = [site.posterior_median, site.posterior_low, site.posterior_high];
        let first = site.ranks.first().copied().unwrap_or(0.0);
        let _ = write!(
            words,
            " Over {} draws of all numbers at once it is first in {} (± {:.1}), and its posterior is {} to {} in 90 % of them, {} in the middle.",
            report.acceptability.draws,
            percent(first),
            100.0 * site.first_error,
            percent(low),
            percent(high),
            percent(middle)
        );
    }
    for flag in &report.flags {
        let _ = write!(words, " {flag}");
    }
    let _ = write!(words, " {}", changes(report, place));
    words
}

/// What would have to change for its place to win or to lose.
fn changes(report: &Robustness, place: &str) -> String {
    let (points, goal): (Vec<&TippingPoint>, _) = if report.leader.as_ref().is_some_and(|leader| leader.place == place)
    {
        (overturning(report).collect(), "lose the first place")
    } else {
        let own = report.ways_to_win.iter().find(|ways| ways.place == place);
        (own.map_or_else(Vec::new, |ways| ways.points.iter().collect()), "be first")
    };
    let found = |is_plausible: bool| -> Vec<String> {
        let those = points.iter().filter(|point| point.tips_at.is_some() && point.is_plausible == is_plausible);
        those
            .map(|point| {
                format!("{} (plausible {}–{})", tip(point), short(point.plausible.0), short(point.plausible.1))
            })
            .collect()
    };
    match (found(true), found(false)) {
        (plausible, _) if !plausible.is_empty() => {
            format!("To {goal}, it would take one of these, all plausible: {}.", plausible.join("; "))
        }
        (_, far) if !far.is_empty() => format!(
            "To {goal}, a single number would have to be what is hardly plausible: {}.",
            far.into_iter().take(4).collect::<Vec<_>>().join("; ")
        ),
        _ => format!("No change of a single number that was tried makes {place} {goal}."),
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Its standing without each statement, and under every other assumption.
fn write_what_ifs(text: &mut String, of: &Explained<'_>, ranked: &Ranked<'_>) -> std::fmt::Result {
    let report = of.robustness;
    let id = ranked.site.id();
    let other_readings: Vec<&WhatIf> = report
        .readings
        .iter()
        .filter(|what_if| what_if.assumption != format!("read as {}", of.reading.name()))
        .collect();
    let others = [
        &report.without_source,
        &report.assumptions,
        &report.prior_none,
        &report.tempering,
        &report.atlases,
        &report.search_regions,
    ];
    let blocks: [(String, Vec<&WhatIf>); 3] = [
        (format!("Without one statement, {id} would be:"), report.without_claim.iter().collect()),
        ("Under another reading, it would be:".to_owned(), other_readings),
        ("Under other assumptions, it would be:".to_owned(), others.into_iter().flatten().collect()),
    ];
    for (title, what_ifs) in blocks {
        writeln!(text, "\n{}", one_line(&title))?;
        let rows = what_ifs.into_iter().filter_map(|what_if| standing(what_if, id));
        text.push_str(&plain_table(&["what if", "rank", "posterior", "none of these", "first then"], rows));
    }
    Ok(())
}

/// Rank and posterior of a site under an assumption, and who is first there.
fn standing(what_if: &WhatIf, id: &str) -> Option<Vec<String>> {
    let own = what_if.standings.iter().find(|standing| standing.id == id)?;
    let first = match &what_if.leader {
        None => "no site is possible".to_owned(),
        Some(leader) if leader.site == id => String::new(),
        Some(leader) => format!("{} {}", leader.place, percent(leader.posterior)),
    };
    let (posterior, none) = (percent(own.posterior), percent(what_if.none_of_these));
    Some(vec![what_if.assumption.clone(), own.rank.to_string(), posterior, none, first])
}

/// What was measured, in words.
fn measured(constraint: &Constraint, evidence: &Evidence, ranked: &Ranked<'_>) -> String {
    if let (Some(tag), "attribute") = (constraint.tag(), constraint.kind()) {
        return format!("the site {} the tag '{tag}'", if ranked.site.has_tag(tag) { "has" } else { "does not have" });
    }
    let Some(distance) = evidence.distance else {
        return "there is nothing to measure to".to_owned();
    };
    let nearest = evidence.nearest.map_or_else(String::new, |nearest| {
        format!(", nearest at {:.4} N {:.4} E", nearest.lat_deg(), nearest.lon_deg())
    });
    let roads = evidence.snapping.map_or_else(String::new, |snapping| format!("; the nearest road is {snapping} away"));
    let place = match evidence.position {
        Some(Place::Core) => ": in the core of what the words allow",
        Some(Place::Support) => ": in the support of what the words allow, outside the core",
        Some(Place::Outside) => ": outside what the words allow",
        None => "",
    };
    let stated = constraint.direction();
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
    format!("{:.2} km{nearest}{place}{bearing}{roads}", distance.km())
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
            } else if ranked.tied_with.contains(&first.site.id()) {
                "Only the order of ids puts another before it.".to_owned()
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
    if ranked.posterior == 0.0 {
        return "Nothing that was said leaves any listed site possible.".to_owned();
    }
    let none = decibans(ranked.posterior, ranking.none_of_these);
    let against_none = if none == f64::INFINITY {
        "none of these is impossible".to_owned()
    } else if none >= 0.0 {
        format!("{none:.1} dB ahead of none of these")
    } else {
        format!("{:.1} dB behind none of these", -none)
    };
    match ranking.top(2).nth(1) {
        None => format!("It is the only site that is listed: {against_none}."),
        Some(second) if ranked.tied_with.contains(&second.site.id()) => {
            format!("Only the order of ids puts it first: {against_none}.")
        }
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
