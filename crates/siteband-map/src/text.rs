//! Text for people, at most 100 columns wide: what a terminal shows, and what its tables and paragraphs are made with.

mod robustness;

use std::fmt::Write;

use comfy_table::{ContentArrangement, Table, presets};
use siteband::{Constraint, Feature, Ranked, Ranking, Reading, Robustness};

use crate::words::{CAUTION, percent, signed};
pub use robustness::{overturning, short, tip};

const WIDTH: u16 = 100;

/// A table without lines, its columns as wide as they must be.
#[must_use]
pub fn plain_table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(header.iter().copied());
    for row in rows {
        table.add_row(row.iter().map(|cell| one_line(cell)));
    }
    let mut text = String::new();
    for line in table.to_string().lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A ranking as text, at most 100 columns wide: what the command prints.
///
/// # Example
/// ```
/// use siteband::{Reading, Scenario};
/// use siteband_map::text::Text;
/// let scenario = Scenario::from_path("../../data/scenarios/sino-ri.toml".as_ref())?;
/// let (sites, reading) = (scenario.load_sites()?, Reading::default());
/// let ranking = scenario.rank(&sites, &reading);
/// let text = Text { title: scenario.title(), reading: &reading, ranking: &ranking, robustness: None };
/// assert!(text.essentials(3, "more: the same for more sites").contains("\n … 26 more sites, together "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// What is asked.
    pub title: &'a str,
    /// How stated numbers were taken.
    pub reading: &'a Reading,
    /// The ranking.
    pub ranking: &'a Ranking<'a>,
    /// How far it can be trusted; none where that is not to be shown.
    pub robustness: Option<&'a Robustness>,
}

impl Text<'_> {
    /// The essentials on one screen with the first `top` sites, and where the rest is to be had.
    #[must_use]
    pub fn essentials(&self, top: usize, more: &str) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = write_essentials(&mut text, self, top, more);
        printable(&text)
    }

    /// Everything, with what must be said beside it, and the first `top` sites.
    #[must_use]
    pub fn full(&self, top: usize) -> String {
        let mut text = String::new();
        let _ = write_all(&mut text, self, top);
        printable(&text)
    }
}

/// Text for a terminal: characters that could rewrite or turn round what stands on it are shown as such.
#[must_use]
pub fn printable(text: &str) -> String {
    let is_unseen = |c: char| match c {
        '\n' => false,
        '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    };
    text.chars().map(|c| if is_unseen(c) { '\u{fffd}' } else { c }).collect()
}

/// [`printable`] text without line ends: a name cannot be taken for a line of its own.
#[must_use]
pub fn one_line(text: &str) -> String {
    printable(text).replace('\n', " ")
}

fn write_essentials(text: &mut String, report: &Text<'_>, top: usize, more: &str) -> std::fmt::Result {
    let ranking = report.ranking;
    write_ranking(text, report, top, Reasons::OnOneLine)?;
    if let Some(robustness) = report.robustness {
        text.push('\n');
        for sentence in robustness::essentials(robustness) {
            text.push_str(&paragraph(&sentence));
        }
    }
    let region = ranking.search_region().map_or_else(String::new, |region| {
        format!("; unlisted: anywhere in {} ({} across)", region.name(), region.diameter())
    });
    text.push('\n');
    text.push_str(&paragraph(&format!("reading {}{region}", report.reading)));
    let sources = sources(&features(report));
    if !sources.is_empty() {
        text.push_str(&paragraph(&format!("data: {sources}")));
    }
    text.push_str(&paragraph(more));
    text.push_str(&paragraph(CAUTION));
    Ok(())
}

fn write_all(text: &mut String, report: &Text<'_>, top: usize) -> std::fmt::Result {
    let ranking = report.ranking;
    write_ranking(text, report, top, Reasons::AsManyAsThereAre)?;
    writeln!(text, "\nstatements:")?;
    for constraint in ranking.constraints() {
        let contamination = ranking.contamination(constraint.id()).unwrap_or(0.0);
        // A reading that leaves no room for a wrong source overrides it, and says so.
        let insists = if contamination == constraint.source().contamination() { "" } else { ", as the reading has it" };
        let right = percent(1.0 - contamination);
        let tempered =
            if constraint.kind() == "distance" || constraint.is_tempered() { "" } else { ", counted as stated" };
        text.push_str(&paragraph(&format!(
            "{} (source right with {right}{insists}{tempered}): {constraint}",
            constraint.id()
        )));
    }
    for repeated in &ranking.said_before {
        text.push_str(&paragraph(&format!("{repeated}: repeats another statement of the same origin, not counted")));
    }
    if let Some(robustness) = report.robustness {
        text.push_str(&robustness::everything(robustness));
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
    for feature in features(report) {
        let source = feature.source().unwrap_or("no source stated");
        let licence = feature.licence().map_or_else(String::new, |licence| format!("; {licence}"));
        let known = feature.position_uncertainty();
        text.push_str(&paragraph(&format!("{}: known to {known}; {source}{licence}", feature.name())));
    }
    writeln!(text, "\n{CAUTION}")
}

/// Every feature that the statements refer to, once.
fn features<'a>(report: &Text<'a>) -> Vec<&'a Feature> {
    let mut features: Vec<&Feature> = Vec::new();
    for feature in report.ranking.constraints().flat_map(Constraint::features) {
        if !features.iter().any(|other| other.id() == feature.id()) {
            features.push(feature);
        }
    }
    features
}

/// How well features are known, and the terms under which they may be used, or where they come from where that is not said, each with the features.
fn sources(features: &[&Feature]) -> String {
    let mut by_terms: Vec<(&str, Vec<String>)> = Vec::new();
    for feature in features {
        let known = format!("{} ± {}", feature.name(), feature.position_uncertainty());
        let terms = feature.licence().or(feature.source()).unwrap_or("no source stated");
        match by_terms.iter_mut().find(|(other, _)| *other == terms) {
            Some((_, names)) => names.push(known),
            None => by_terms.push((terms, vec![known])),
        }
    }
    let words = by_terms.into_iter().map(|(terms, names)| format!("{} ({terms})", names.join(", ")));
    words.collect::<Vec<_>>().join("; ")
}

/// How many reasons a row of the table has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reasons {
    OnOneLine,
    AsManyAsThereAre,
}

/// Title, table, none of these and groups.
fn write_ranking(text: &mut String, report: &Text<'_>, top: usize, reasons: Reasons) -> std::fmt::Result {
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
    let mut rows: Vec<Vec<String>> = ranking.top(top).map(|ranked| row(&ranked, first_distance)).collect();
    let all_reasons: Vec<Vec<String>> = ranking.top(top).map(|ranked| self::reasons(&ranked)).collect();
    // Each column is as wide as its widest cell, with a blank on either side.
    let columns = (0..header.len() - 1).map(|column| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([header[column].chars().count()]).max().unwrap_or(0) + 2
    });
    let left = usize::from(WIDTH).saturating_sub(columns.sum::<usize>() + 2);
    for (row, all) in rows.iter_mut().zip(all_reasons) {
        row.push(match reasons {
            Reasons::OnOneLine => as_many_as_fit(&all, left),
            Reasons::AsManyAsThereAre => all.join(", "),
        });
    }
    text.push_str(&plain_table(&header, rows.into_iter()));
    let shown = top.min(ranking.len());
    if shown < ranking.len() {
        let rest: f64 = 1.0 - ranking.none_of_these - ranking.top(shown).map(|ranked| ranked.posterior).sum::<f64>();
        writeln!(text, " … {} more sites, together {}", ranking.len() - shown, percent(rest.max(0.0)))?;
    }
    let groups = ranking.groups().into_iter().take(3);
    let groups = groups.map(|group| format!("; group {}: {}", group.group, percent(group.posterior)));
    let (none, prior) = (percent(ranking.none_of_these), percent(ranking.prior_none));
    let words = format!("none of these: {none} (prior {prior}){}", groups.collect::<String>());
    text.push('\n');
    text.push_str(paragraph(&words).trim_start());
    Ok(())
}

/// The first reasons, so many as are no wider together; at least one.
fn as_many_as_fit(reasons: &[String], width: usize) -> String {
    let mut text = String::new();
    for reason in reasons {
        let separated = if text.is_empty() { reason.clone() } else { format!(", {reason}") };
        if !text.is_empty() && text.chars().count() + separated.chars().count() > width {
            break;
        }
        text.push_str(&separated);
    }
    text
}

/// What speaks for and against a site, most telling first.
fn reasons(ranked: &Ranked<'_>) -> Vec<String> {
    let mut evidence: Vec<_> = ranked.evidence.iter().collect();
    evidence.sort_by(|a, b| {
        let size = |decibans: Option<f64>| decibans.map_or(f64::INFINITY, f64::abs);
        size(b.decibans).total_cmp(&size(a.decibans))
    });
    evidence
        .into_iter()
        .filter(|evidence| {
            evidence.decibans.map_or(evidence.log_likelihood == f64::NEG_INFINITY, |decibans| decibans.abs() >= 0.05)
        })
        .map(|evidence| match evidence.decibans {
            Some(decibans) => format!("{} {}", signed(decibans), evidence.claim),
            None => format!("excluded by {}", evidence.claim),
        })
        .collect()
}

/// A site's row but for the reasons.
fn row(ranked: &Ranked<'_>, first_distance: Option<usize>) -> Vec<String> {
    let tie = if ranked.tied_with.is_empty() { "" } else { " =" };
    let mut row = vec![format!("{}{tie}", ranked.rank), ranked.site.name().to_owned(), percent(ranked.posterior)];
    if let Some(at) = first_distance {
        row.push(ranked.evidence[at].distance.map_or_else(String::new, |distance| distance.to_string()));
    }
    row
}

/// A paragraph of the notes: indented by two, no line longer than the table.
#[must_use]
pub fn paragraph(words: &str) -> String {
    wrapped(words, " ", "   ")
}

/// Words on lines no longer than the table, the first and the others with so many blanks and one before them.
#[must_use]
pub fn wrapped(words: &str, first: &str, others: &str) -> String {
    let mut text = String::new();
    let mut line = first.to_owned();
    for word in one_line(words).split(' ') {
        if line.chars().count() + 1 + word.chars().count() > usize::from(WIDTH) {
            text.push_str(&line);
            text.push('\n');
            others.clone_into(&mut line);
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
    text
}
