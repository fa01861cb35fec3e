//! The report in plain sentences.

use super::{Leader, Robustness, Share, TippingPoint, WhatIf};

impl Robustness {
    /// The report in plain sentences, what matters most first.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = vec![self.lead()];
        sentences.extend(self.reliance.first().map(ToString::to_string));
        sentences.extend(self.flags.iter().map(ToString::to_string));
        sentences.extend(self.assumptions.iter().map(|what_if| self.under(what_if)));
        sentences.extend(self.of_several("Of the readings", &self.readings));
        for (what, what_ifs) in
            [("Leaving out one statement", &self.without_claim), ("Leaving out one source", &self.without_source)]
        {
            // Without the only one nothing is said at all.
            sentences.extend(self.of_several(what, what_ifs).filter(|_| what_ifs.len() > 1));
        }
        let others = [&self.prior_none, &self.tempering, &self.atlases, &self.search_regions];
        sentences.extend(others.into_iter().flatten().map(|what_if| self.under(what_if)));
        sentences.extend(self.tipping());
        sentences.extend(self.over_draws());
        if !self.pareto_front.is_empty() {
            let front = listed(&self.pareto_front, MOST_ON_FRONT);
            sentences.push(format!("No other site beats these in everything that was said: {front}."));
        }
        sentences
    }

    fn lead(&self) -> String {
        let none = percent(self.none_of_these);
        match &self.leader {
            Some(leader) => format!("First is {}; none of these has {none}.", with_lead(leader)),
            None => format!("No site is possible; none of these has {none}."),
        }
    }

    fn place(&self) -> Option<&str> {
        self.leader.as_ref().map(|leader| leader.place.as_str())
    }

    /// What is different under one assumption.
    #[must_use]
    fn under(&self, what_if: &WhatIf) -> String {
        let assumption = capitalised(&what_if.assumption);
        let none = percent(what_if.none_of_these);
        match &what_if.leader {
            None => format!("{assumption}: no site is possible."),
            Some(leader) if Some(leader.place.as_str()) == self.place() => format!(
                "{assumption}: {} stays first with {} (none of these {none}).",
                leader.place,
                percent(leader.posterior)
            ),
            Some(leader) => {
                format!(
                    "{assumption}: {} is first with {} (none of these {none}).",
                    leader.place,
                    percent(leader.posterior)
                )
            }
        }
    }

    /// Which of several assumptions leave the first place, and what the others make of it.
    fn of_several(&self, what: &str, what_ifs: &[WhatIf]) -> Option<String> {
        let place = self.place()?;
        let is_same = |what_if: &&WhatIf| what_if.leader.as_ref().is_some_and(|leader| leader.place == place);
        let same = what_ifs.iter().filter(is_same).count();
        let changing: Vec<String> = what_ifs
            .iter()
            .filter(|what_if| !is_same(what_if))
            .map(|what_if| match &what_if.leader {
                Some(leader) => {
                    format!("{}, {} is first with {}", what_if.assumption, leader.place, percent(leader.posterior))
                }
                None => format!("{}, no site is possible", what_if.assumption),
            })
            .collect();
        let count = what_ifs.len();
        match (changing.is_empty(), same, count) {
            (_, _, 0) => None,
            (true, ..) => Some(format!("{what}: {place} stays first in every case ({count}).")),
            (false, ..) => Some(format!("{what}: {place} is first in {same} of {count}; {}.", changing.join("; "))),
        }
    }

    /// The numbers that could plausibly be others and then change the first place.
    fn tipping(&self) -> Vec<String> {
        let Some(place) = self.place() else { return Vec::new() };
        let plausible: Vec<&TippingPoint> = self.tipping_points.iter().filter(|point| point.is_plausible).collect();
        if plausible.is_empty() {
            let count = self.tipping_points.len();
            return vec![format!("No plausible change of a single number ({count} were tried) changes who is first.")];
        }
        plausible
            .into_iter()
            .map(|point| {
                let then = point.then.as_deref().unwrap_or("no site");
                let unit = point.unit.map_or_else(String::new, |unit| format!(" {unit}"));
                let tips_at = point.tips_at.map_or_else(String::new, short);
                let rival = match then {
                    "none of these" => "none of these would be likelier than the first place".to_owned(),
                    _ if then == place => format!("{place} would be likelier than none of these"),
                    _ => format!("{then} would be first"),
                };
                format!(
                    "With {tips_at}{unit} instead of {}{unit} as the {}, {rival}; that is plausible.",
                    short(point.value),
                    point.parameter
                )
            })
            .collect()
    }

    fn over_draws(&self) -> Option<String> {
        let drawn = &self.acceptability;
        if drawn.draws == 0 {
            return None;
        }
        let shares: Vec<String> = drawn
            .first_places
            .iter()
            .take(3)
            .map(|Share { of, share }| {
                let error = (share * (1.0 - share) / f64::from(drawn.draws)).sqrt();
                format!("{of} in {} (± {:.1})", percent(*share), 100.0 * error)
            })
            .collect();
        let first = if shares.is_empty() {
            "no place is ever possible".to_owned()
        } else {
            format!("first is {}", shares.join(", "))
        };
        Some(format!(
            "Over {} draws of all numbers at once, {first}; none of these is likelier than any place in {}.",
            drawn.draws,
            percent(drawn.none_first)
        ))
    }
}

/// So many sites of the front are named: where little was said, many are on it.
const MOST_ON_FRONT: usize = 30;

/// The first so many names, and how many more there are.
fn listed(names: &[String], most: usize) -> String {
    let more = names.len().saturating_sub(most);
    let shown = names[..names.len() - more].join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

fn with_lead(leader: &Leader) -> String {
    let Leader { place, posterior, site, runner_up, lead_decibans } = leader;
    let of_sites = if site == place { String::new() } else { format!(", {site} before its other sites") };
    let lead = match (runner_up, lead_decibans) {
        (Some(other), Some(lead)) => format!(", {lead:.1} dB ahead of {other}"),
        (Some(_), None) => ", the only place that is possible".to_owned(),
        (None, _) => String::new(),
    };
    format!("{place} with {}{of_sites}{lead}", percent(*posterior))
}

/// A probability for people: one decimal, and never 0 for what is possible.
pub(super) fn percent(probability: f64) -> String {
    match 100.0 * probability {
        0.0 => "0 %".to_owned(),
        p if p < 0.05 => "< 0.1 %".to_owned(),
        p if p > 99.95 && p < 100.0 => "> 99.9 %".to_owned(),
        p => format!("{p:.1} %"),
    }
}

/// A number with three significant digits.
fn short(value: f64) -> String {
    let decimals = if value == 0.0 { 0.0 } else { (2.0 - value.abs().log10().floor()).clamp(0.0, 9.0) };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 9")]
    let text = format!("{value:.*}", decimals as usize).replace('-', "\u{2212}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

pub(super) fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
