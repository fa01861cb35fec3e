//! One row per site, for spreadsheets: the site, its place, for each claim the distance and the decibans, and the
//! reading with its version.

use super::Text;

/// The ranking as CSV. A cell that a spreadsheet would take for a formula gets an apostrophe in front.
pub(crate) fn csv(told: &Text<'_>, top: usize) -> String {
    let ranking = told.ranking;
    let mut header: Vec<String> =
        ["rank", "id", "name", "group", "lat", "lon", "posterior", "log_likelihood", "tied_with"]
            .map(str::to_owned)
            .to_vec();
    for constraint in ranking.constraints() {
        if constraint.kind() != "attribute" {
            header.push(inert(&format!("{}_distance_m", constraint.id())));
        }
        header.push(inert(&format!("{}_decibans", constraint.id())));
    }
    header.push("reading".to_owned());
    let reading = told.reading.to_string();
    let mut rows = vec![header];
    for ranked in ranking.top(top) {
        let (site, position) = (ranked.site, ranked.site.position());
        let mut row = vec![
            ranked.rank.to_string(),
            inert(site.id()),
            inert(site.name()),
            inert(site.group().unwrap_or_default()),
            position.lat_deg().to_string(),
            position.lon_deg().to_string(),
            ranked.posterior.to_string(),
            number(super::finite(ranked.log_likelihood)),
            inert(&ranked.tied_with.join(";")),
        ];
        for (constraint, evidence) in ranking.constraints().zip(&ranked.evidence) {
            if constraint.kind() != "attribute" {
                row.push(number(evidence.distance.map(siteband::Length::m)));
            }
            row.push(number(evidence.decibans));
        }
        row.push(reading.clone());
        rows.push(row);
    }
    let mut none: Vec<String> = [
        "",
        "none-of-these",
        "None of these",
        "",
        "",
        "",
        &ranking.none_of_these.to_string(),
        &number(super::finite(ranking.log_likelihood_none())),
    ]
    .map(str::to_owned)
    .to_vec();
    none.resize(rows[0].len() - 1, String::new());
    none.push(reading);
    rows.push(none);
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    for row in rows {
        // Rows of one length into memory: nothing can fail.
        let _ = writer.write_record(&row);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Text that no spreadsheet runs: an apostrophe before what begins as a formula, after spaces too, which some programs drop, and in
/// the wide forms of East Asian keyboards, which some take for the narrow ones.
fn inert(text: &str) -> String {
    let is_filler = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}');
    let first = text.trim_start_matches(is_filler);
    let is_formula = first.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    if is_formula || text.starts_with(['\t', '\r', '\n']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn formulas_are_text() {
        for text in
            ["=1", "+1", "-1", "@A1", "\t=1", "\ttext", "\rtext", "\n=1", "  =cmd()", "\u{a0}=1", "\u{3000}\u{ff1d}1"]
        {
            assert_eq!(inert(text), format!("'{text}"));
        }
        for text in ["\u{ff1d}1", "\u{ff0b}1", "\u{ff0d}1", "\u{ff20}A1", "\u{feff}=1", "\u{1}=1", "\u{200e}=1"] {
            assert_eq!(inert(text), format!("'{text}"));
        }
        for text in ["", "Sino-ri", "a=1", " town", "\u{2212}5", "(=1)"] {
            assert_eq!(inert(text), text);
        }
    }
}
