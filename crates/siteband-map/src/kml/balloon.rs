//! What a balloon says: HTML, in which all text from outside is escaped.

use siteband::Ranked;

use super::xml::html;
use crate::report::Report;
use crate::words::{self, CAUTION, MADE_WITH};

/// What the whole document is.
pub(super) fn of_document(report: &Report<'_>) -> String {
    let origins: Vec<String> = words::origins(report).iter().map(|line| format!("<li>{}</li>", html(line))).collect();
    let sources = if origins.is_empty() { String::new() } else { format!("<ul>{}</ul>", origins.concat()) };
    format!(
        "<p>{} sites, ranked by how well they fit what was said. Read as {}.</p><p>{}</p><p><b>{CAUTION}</b></p>{sources}<p>{MADE_WITH}.</p>",
        report.ranking().len(),
        html(&report.reading().to_string()),
        html(&words::none_sentence(report))
    )
}

/// Why a site is where it is in the ranking.
pub(super) fn of_site(report: &Report<'_>, ranked: &Ranked<'_>) -> String {
    let cell = |text: &str| format!("<td>{}</td>", html(text));
    let row = |reason: words::Reason| {
        let distance = reason.distance.map_or_else(String::new, |distance| distance.to_string());
        let cells = [reason.claim.as_str(), &reason.what, &distance, reason.place, &reason.weight()].map(cell);
        format!("<tr>{}</tr>", cells.concat())
    };
    let rows: Vec<String> = words::reasons(report, ranked).into_iter().map(row).collect();
    format!(
        "{}<table border=\"1\" cellspacing=\"0\" cellpadding=\"3\"><tr><th>Statement</th><th>What was said</th><th>Distance</th><th>In the band</th><th>Changes the odds by</th></tr>{}</table><p>{CAUTION}</p>",
        heading(report, ranked),
        rows.concat()
    )
}

/// The same in short, for the many sites far down the list.
pub(super) fn of_other_site(report: &Report<'_>, ranked: &Ranked<'_>) -> String {
    format!("{}<p>{CAUTION}</p>", heading(report, ranked))
}

/// What is drawn of a statement, or a way: its name, and what there is to say of it.
pub(super) fn of_shape(name: &str, words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|words| format!("<p>{}</p>", html(words))).collect();
    format!("<h3>{}</h3>{}", html(name), words.concat())
}

fn heading(report: &Report<'_>, ranked: &Ranked<'_>) -> String {
    let site = ranked.site;
    let group = site.group().map_or_else(String::new, |group| format!(", part of {}", html(group)));
    let ties = words::ties(ranked).map_or_else(String::new, |ties| format!(", tied with {}", html(&ties)));
    format!(
        "<h3>{}</h3><p>{}{group}. Rank {} of {}{ties}. Posterior {}.</p>",
        html(site.name()),
        html(site.id()),
        ranked.rank,
        report.ranking().len(),
        html(&words::percent(ranked.posterior))
    )
}
