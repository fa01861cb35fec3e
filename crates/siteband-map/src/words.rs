//! Words and numbers that every output says in the same way.

use siteband::{Length, Place, Ranked, Site};

use crate::report::Report;

/// What no output is without.
pub const CAUTION: &str = "This is how well sites fit what was said, not evidence that anything is there.";

/// What made it.
pub(crate) const MADE_WITH: &str = concat!("Made with siteband ", env!("CARGO_PKG_VERSION"));

/// A probability for people: one decimal, and never 0 for what is possible or 100 for what is not certain.
#[must_use]
pub fn percent(probability: f64) -> String {
    match 100.0 * probability {
        0.0 => "0 %".to_owned(),
        p if p < 0.05 => "< 0.1 %".to_owned(),
        p if p > 99.95 && p < 100.0 => "> 99.9 %".to_owned(),
        p => format!("{p:.1} %"),
    }
}

/// A number with its sign: a real minus, and none for zero.
#[must_use]
pub fn signed(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded == 0.0 {
        "0.0".to_owned()
    } else if rounded < 0.0 {
        format!("\u{2212}{:.1}", -rounded)
    } else {
        format!("+{rounded:.1}")
    }
}

/// Sites are drawn in so many classes of posterior, from these on: the likeliest first, then what is below all of them.
pub(crate) const CLASSES_FROM: [f64; 3] = [0.5, 0.1, 0.01];

/// The class of a posterior: 0 is the likeliest.
pub(crate) fn class(posterior: f64) -> usize {
    CLASSES_FROM.iter().position(|from| posterior >= *from).unwrap_or(CLASSES_FROM.len())
}

/// What one site shows of one statement, for people.
#[derive(Debug)]
pub(crate) struct Reason {
    /// The statement's id.
    pub(crate) claim: String,
    /// Its note, or else what it means.
    pub(crate) what: String,
    /// How far the site is from what the statement is about.
    pub(crate) distance: Option<Length>,
    /// Where that lies in the band.
    pub(crate) place: &'static str,
    /// What it does to the odds; minus infinity where it excludes the site, none where there are no odds.
    pub(crate) decibans: Option<f64>,
}

impl Reason {
    /// What it does to the odds, in words.
    pub(crate) fn weight(&self) -> String {
        match self.decibans {
            Some(f64::NEG_INFINITY) => "excluded".to_owned(),
            Some(decibans) => format!("{} dB", signed(decibans)),
            None => "no odds".to_owned(),
        }
    }

    /// How telling it is, either way.
    pub(crate) fn size_db(&self) -> f64 {
        self.decibans.map_or(0.0, f64::abs)
    }
}

/// What a site shows of each statement, in their order.
pub(crate) fn reasons(report: &Report<'_>, ranked: &Ranked<'_>) -> Vec<Reason> {
    let constraints = report.ranking().constraints();
    let reason = |(constraint, evidence): (&siteband::Constraint, &siteband::Evidence)| Reason {
        claim: constraint.id().to_owned(),
        what: report.scenario().note(constraint.id()).map_or_else(|| constraint.to_string(), str::to_owned),
        distance: evidence.distance,
        place: match evidence.position {
            Some(Place::Core) => "core",
            Some(Place::Support) => "support",
            Some(Place::Outside) => "outside",
            None => "",
        },
        decibans: match evidence.decibans {
            None if evidence.log_likelihood == f64::NEG_INFINITY => Some(f64::NEG_INFINITY),
            decibans => decibans,
        },
    };
    constraints.zip(&ranked.evidence).map(reason).collect()
}

/// Where the data of each feature come from, each once: its name, its source, its licence.
pub(crate) fn origins(report: &Report<'_>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for feature in report.layers().claims().iter().flat_map(|layer| &layer.features) {
        let source = feature.source().unwrap_or("no source stated");
        let licence = feature.licence().map_or_else(String::new, |licence| format!(" ({licence})"));
        let line = format!("{}: {source}{licence}", feature.name());
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// With which other sites a site is tied, the first few by id.
pub(crate) fn ties(ranked: &Ranked<'_>) -> Option<String> {
    const MOST: usize = 5;
    let count = ranked.tied_with.len();
    let first = ranked.tied_with.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    match count {
        0 => None,
        _ if count <= MOST => Some(first),
        _ => Some(format!("{first} and {} more", count - MOST)),
    }
}

/// The first of the listed sites with its posterior, if any of them is possible.
pub(crate) fn first<'a>(report: &'a Report<'_>) -> Option<(&'a Site, f64)> {
    report.ranking().order().next().filter(|(_, posterior)| *posterior > 0.0)
}

/// The probability that no site of the list is the one, in a sentence.
pub(crate) fn none_sentence(report: &Report<'_>) -> String {
    let ranking = report.ranking();
    let contradiction = if ranking.contradiction {
        " Nothing fits all that was said, so these are the probabilities before."
    } else {
        ""
    };
    format!(
        "None of these: {} (before anything was said: {}).{contradiction}",
        percent(ranking.none_of_these),
        percent(ranking.prior_none)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!([0.0, 1e-9, 0.123, 0.9999, 1.0].map(percent), ["0 %", "< 0.1 %", "12.3 %", "> 99.9 %", "100.0 %"]);
        assert_eq!([-0.01, 2.34, -7.0].map(signed), ["0.0", "+2.3", "\u{2212}7.0"]);
        assert_eq!([1.0, 0.5, 0.2, 0.1, 0.05, 0.01, 0.0].map(class), [0, 0, 1, 1, 2, 2, 3]);
    }
}
