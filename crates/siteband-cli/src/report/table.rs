//! A table for people, at most 100 columns wide.

use std::fmt::Write;

use comfy_table::{ContentArrangement, Table, presets};
use siteband::{Constraint, Ranked};

use super::{CAUTION, Report, percent, signed};
use crate::output::printable;

const WIDTH: u16 = 100;

/// A table without lines, its columns as wide as they must be.
pub(crate) fn plain_table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(header.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    let mut text = String::new();
    for line in table.to_string().lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The ranking as a table, with what must be said beside it.
pub(crate) fn table(report: &Report<'_>, top: usize) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut text, report, top);
    printable(&text)
}

fn write(text: &mut String, report: &Report<'_>, top: usize) -> std::fmt::Result {
    let ranking = report.ranking;
    text.push_str(paragraph(report.title).trim_start());
    text.push('\n');
    if ranking.contradiction {
        writeln!(text, "What was said contradicts itself: nothing is possible under it, and the prior is shown.\n")?;
    }
    let first_distance = ranking.constraints().position(|constraint| constraint.kind() == "distance");
    let mut header = vec!["#", "site", "posterior"];
    if first_distance.is_some() {
        header.push("distance");
    }
    header.push("for and against, dB");
    let rows = ranking.top(top).map(|ranked| row(&ranked, first_distance));
    text.push_str(&plain_table(&header, rows));
    let shown = top.min(ranking.len());
    if shown < ranking.len() {
        let rest: f64 = 1.0 - ranking.none_of_these - ranking.top(shown).map(|ranked| ranked.posterior).sum::<f64>();
        writeln!(text, " … {} more sites, together {}", ranking.len() - shown, percent(rest.max(0.0)))?;
    }
    writeln!(text, "\nnone of these: {} (prior {})", percent(ranking.none_of_these), percent(ranking.prior_none))?;
    for group in ranking.groups().iter().take(3) {
        writeln!(text, "group {}: {}", group.group, percent(group.posterior))?;
    }

    writeln!(text, "\nstatements:")?;
    for constraint in ranking.constraints() {
        let contamination = ranking.contamination(constraint.id()).unwrap_or(0.0);
        // A reading that leaves no room for a wrong source overrides it, and says so.
        let insists = if contamination == constraint.source().contamination() { "" } else { ", as the reading has it" };
        let right = percent(1.0 - contamination);
        text.push_str(&paragraph(&format!("{} (source right with {right}{insists}): {constraint}", constraint.id())));
    }
    for repeated in &ranking.said_before {
        text.push_str(&paragraph(&format!("{repeated}: repeats another statement of the same origin, not counted")));
    }
    text.push('\n');
    text.push_str(&paragraph(&format!(
        "reading {}; prior for none of these {}; dB: ten times the decimal logarithm of the change in odds against it",
        report.reading,
        percent(ranking.prior_none)
    )));
    if let Some(region) = ranking.search_region() {
        let words = format!("an unlisted site could be anywhere in {} ({} across)", region.name(), region.diameter());
        text.push_str(&paragraph(&words));
    }
    let mut seen: Vec<&str> = Vec::new();
    for feature in ranking.constraints().filter_map(Constraint::feature) {
        if !seen.contains(&feature.id()) {
            seen.push(feature.id());
            let source = feature.source().unwrap_or("no source stated");
            text.push_str(&paragraph(&format!(
                "{}: known to {}; {source}",
                feature.name(),
                feature.position_uncertainty()
            )));
        }
    }
    writeln!(text, "\n{CAUTION}")
}

fn row(ranked: &Ranked<'_>, first_distance: Option<usize>) -> Vec<String> {
    let mut evidence: Vec<_> = ranked.evidence.iter().collect();
    evidence.sort_by(|a, b| {
        let size = |decibans: Option<f64>| decibans.map_or(f64::INFINITY, f64::abs);
        size(b.decibans).total_cmp(&size(a.decibans))
    });
    let reasons: Vec<String> = evidence
        .into_iter()
        .filter(|evidence| {
            evidence.decibans.map_or(evidence.log_likelihood == f64::NEG_INFINITY, |decibans| decibans.abs() >= 0.05)
        })
        .take(4)
        .map(|evidence| match evidence.decibans {
            Some(decibans) => format!("{} {}", signed(decibans), evidence.claim),
            None => format!("excluded by {}", evidence.claim),
        })
        .collect();
    let tie = if ranked.tied_with.is_empty() { "" } else { " =" };
    let mut row = vec![format!("{}{tie}", ranked.rank), ranked.site.name().to_owned(), percent(ranked.posterior)];
    if let Some(at) = first_distance {
        row.push(ranked.evidence[at].distance.map_or_else(String::new, |distance| distance.to_string()));
    }
    row.push(reasons.join(", "));
    row
}

/// A paragraph of the notes: indented by two, no line longer than the table.
pub(crate) fn paragraph(words: &str) -> String {
    let mut text = String::new();
    let mut line = String::from(" ");
    for word in words.split(' ') {
        if line.chars().count() + 1 + word.chars().count() > usize::from(WIDTH) {
            text.push_str(&line);
            text.push('\n');
            line = String::from("   ");
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
    text
}
