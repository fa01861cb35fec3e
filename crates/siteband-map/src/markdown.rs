//! Markdown, for an article.

use std::fmt::Write as _;

use siteband::{Constraint, Ranked};

use crate::report::Report;
use crate::words::{self, CAUTION, MADE_WITH, Reason, percent};

/// So many sites are in the table.
const LISTED: usize = 10;
/// So many reasons stand beside each site of the table.
const BESIDE: usize = 2;

impl Report<'_> {
    /// The result as a section of an article, in `CommonMark` with the tables of GitHub: the caption, what was said, the first ten
    /// sites and none of these, the reasons, what would change the result, and where the data come from.
    ///
    /// Names are text: what Markdown or HTML would take for markup is escaped, line ends are spaces, and characters that control a
    /// terminal or the direction of what stands beside them are U+FFFD.
    ///
    /// # Example
    /// ```
    /// use siteband::{Reading, Scenario};
    /// use siteband_map::Report;
    /// let scenario = Scenario::from_path("../../data/scenarios/sino-ri.toml".as_ref())?;
    /// let sites = scenario.load_sites()?;
    /// let text = Report::new(&scenario, &sites, &Reading::default()).markdown();
    /// assert!(text.starts_with("# Iranian experts in North Korea, 2012\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        // Into memory: nothing can fail.
        let _ = write_all(&mut text, self);
        text
    }
}

fn write_all(text: &mut String, report: &Report<'_>) -> std::fmt::Result {
    let ranking = report.ranking();
    writeln!(text, "# {}\n", plain(report.scenario().title()))?;
    writeln!(text, "{}\n", caption(report))?;
    writeln!(text, "## What was said\n")?;
    table(
        text,
        &["Statement", "Words", "Source", "Reliability"],
        ranking.constraints().map(|said| statement(report, said)),
    )?;
    if !ranking.said_before.is_empty() {
        writeln!(text, "\nNot counted, since they repeat another: {}.", plain(&ranking.said_before.join(", ")))?;
    }
    writeln!(text, "\n## Ranking\n")?;
    let distances: Vec<&Constraint> = ranking.constraints().filter(|said| said.kind() == "distance").collect();
    let to: Vec<String> = distances.iter().map(|said| format!("Distance ({})", said.id())).collect();
    let header: Vec<&str> = ["Rank", "Site", "Posterior"]
        .into_iter()
        .chain(to.iter().map(String::as_str))
        .chain(["Main reasons"])
        .collect();
    let rows = ranking.top(LISTED).map(|ranked| row(report, &ranked)).chain([none_row(report, to.len())]);
    table(text, &header, rows)?;
    let more = ranking.len().saturating_sub(LISTED);
    if more > 0 {
        writeln!(text, "\n{more} more sites are listed; the probabilities are those of the whole list.")?;
    }
    if let Some(first) = ranking.top(1).next() {
        writeln!(text, "\n## Main reasons\n")?;
        writeln!(text, "Against none of these, what was said changes the odds of {} by:\n", plain(first.site.name()))?;
        for reason in telling(report, &first) {
            writeln!(text, "- {}", plain(&of_reason(&reason)))?;
        }
        writeln!(
            text,
            "\nEach number compares with leaving that statement out; what one source says need not add up."
        )?;
    }
    writeln!(text, "\n## What would change the result\n")?;
    for sentence in report.robustness().sentences() {
        writeln!(text, "- {}", plain(&sentence))?;
    }
    writeln!(text, "\n## Data\n")?;
    for line in words::origins(report) {
        writeln!(text, "- {}", plain(&line))?;
    }
    writeln!(text, "\n{MADE_WITH}. {CAUTION}")
}

fn caption(report: &Report<'_>) -> String {
    let ranking = report.ranking();
    let first = ranking.top(1).next().filter(|first| first.posterior > 0.0).map_or_else(String::new, |first| {
        let ties = words::ties(&first).map_or_else(String::new, |ties| format!(", tied with {ties}"));
        format!(" First is {} ({}{ties}).", first.site.name(), percent(first.posterior))
    });
    let of_all = format!(
        "{} sites, ranked by how well they fit what was said, read as {}.{first} {}",
        ranking.len(),
        report.reading(),
        words::none_sentence(report)
    );
    format!("{} **{CAUTION}**", plain(&of_all))
}

/// What was said: the statement, its note, who says it, and how far that is relied on.
fn statement(report: &Report<'_>, said: &Constraint) -> Vec<String> {
    let meaning = said.to_string();
    let what = match (said.claim(), report.scenario().note(said.id())) {
        (Some(claim), Some(note)) => format!("\u{201c}{claim}\u{201d} ({note})"),
        (Some(claim), None) => format!("\u{201c}{claim}\u{201d}"),
        (None, Some(note)) => format!("{meaning} ({note})"),
        (None, None) => meaning,
    };
    let contamination = report.ranking().contamination(said.id()).unwrap_or_else(|| said.source().contamination());
    let repeats = said.source().repeats().map_or_else(String::new, |of| format!(", repeats {of}"));
    vec![said.id().to_owned(), what, format!("{}{repeats}", said.source().id()), percent(1.0 - contamination)]
}

fn row(report: &Report<'_>, ranked: &Ranked<'_>) -> Vec<String> {
    let tie = if ranked.tied_with.is_empty() { "" } else { " =" };
    let mut cells = vec![format!("{}{tie}", ranked.rank), ranked.site.name().to_owned(), percent(ranked.posterior)];
    let distances = ranked.evidence.iter().filter(|evidence| evidence.kind == "distance");
    cells.extend(distances.map(|evidence| evidence.distance.map_or_else(String::new, |distance| distance.to_string())));
    let reasons: Vec<String> = telling(report, ranked).iter().take(BESIDE).map(of_reason).collect();
    cells.push(reasons.join("; "));
    cells
}

fn none_row(report: &Report<'_>, distances: usize) -> Vec<String> {
    let none = [String::new(), "None of these".to_owned(), percent(report.ranking().none_of_these)];
    none.into_iter().chain((0..=distances).map(|_| String::new())).collect()
}

/// What changes its odds, the most telling first.
fn telling(report: &Report<'_>, ranked: &Ranked<'_>) -> Vec<Reason> {
    const LEAST_DB: f64 = 0.05;
    let mut reasons = words::reasons(report, ranked);
    reasons.retain(|reason| reason.size_db() >= LEAST_DB);
    reasons.sort_by(|a, b| b.size_db().total_cmp(&a.size_db()));
    reasons
}

fn of_reason(reason: &Reason) -> String {
    let distance = reason.distance.map_or_else(String::new, |distance| format!(", {distance}"));
    let place = match reason.place {
        "" => String::new(),
        "outside" => ", outside the band".to_owned(),
        place => format!(", in the {place} of the band"),
    };
    format!("{}: {}{distance}{place} ({})", reason.weight(), reason.what, reason.claim)
}

fn table(text: &mut String, header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> std::fmt::Result {
    let line =
        |cells: &[String]| format!("| {} |", cells.iter().map(|cell| plain(cell)).collect::<Vec<_>>().join(" | "));
    writeln!(text, "{}", line(&header.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>()))?;
    writeln!(text, "|{}", " --- |".repeat(header.len()))?;
    for row in rows {
        writeln!(text, "{}", line(&row))?;
    }
    Ok(())
}

/// Text that means nothing but itself in Markdown, on one line.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => escaped.push(' '),
            '\\' | '|' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '#' | '~' | '&' | '$' => escaped.extend(['\\', c]),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => escaped.push('\u{fffd}'),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn markup_is_text() {
        assert_eq!(plain("a|b`c`\n*d* _e_ <f> [g] \\"), "a\\|b\\`c\\` \\*d\\* \\_e\\_ \\<f\\> \\[g\\] \\\\");
        assert_eq!(plain("\u{202e}x\u{1}"), "\u{fffd}x\u{fffd}");
    }
}
