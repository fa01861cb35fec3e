//! How far a ranking can be trusted, for people.

use siteband::{Flag, RestsOn, Robustness, TippingPoint, WhatIf};

use super::{paragraph, plain_table};
use crate::words::{percent, signed};

/// What has to be seen at a glance.
pub(super) fn essentials(report: &Robustness) -> Vec<String> {
    const MOST_FLAGS: usize = 4;
    let mut lines = vec![first(report)];
    lines.extend(rests_on(report));
    // The source of the one statement that decides is no news beside it.
    let decided = report.flags.iter().any(|flag| matches!(flag, Flag::OneClaimDecides { .. }));
    let flags = report.flags.iter().filter(|flag| !(decided && matches!(flag, Flag::OneSourceDecides { .. })));
    lines.extend(flags.take(MOST_FLAGS).map(|flag| format!("! {flag}")));
    lines.extend(report.assumptions.iter().map(|what_if| format!("{}: {}", what_if.assumption, outcome(what_if))));
    lines.extend(tips(report));
    lines
}

/// Who is first, how far ahead, and under how many readings, leavings out and draws.
fn first(report: &Robustness) -> String {
    let Some(leader) = &report.leader else { return "no site is possible".to_owned() };
    let stays = |what_ifs: &[WhatIf]| {
        let is_same = |what_if: &&WhatIf| what_if.leader.as_ref().is_some_and(|other| other.place == leader.place);
        format!("{} of {}", what_ifs.iter().filter(is_same).count(), what_ifs.len())
    };
    let lead = match (&leader.runner_up, leader.lead_decibans) {
        (Some(other), Some(lead)) => format!(", {lead:.1} dB ahead of {other}"),
        _ => String::new(),
    };
    let first = report.acceptability.first_places.iter().find(|share| share.of == leader.place);
    let draws = match report.acceptability.draws {
        0 => String::new(),
        draws => format!("; in {} of {draws} draws", percent(first.map_or(0.0, |first| first.share))),
    };
    // Without the only statement nothing is said at all.
    let left_out = match report.without_claim.as_slice() {
        [] | [_] => String::new(),
        what_ifs => format!("; in {} with one statement left out", stays(what_ifs)),
    };
    format!(
        "first: {} {}{lead}; under {} readings{left_out}{draws}",
        leader.place,
        percent(leader.posterior),
        stays(&report.readings)
    )
}

/// What its posterior rests on.
fn rests_on(report: &Robustness) -> Option<String> {
    let reliance = report.reliance.first()?;
    let decibans = |part: &siteband::Contribution| {
        let change = part.decibans.map_or_else(|| "all".to_owned(), |decibans| format!("{} dB", signed(decibans)));
        format!("{change}, {} without", percent(part.posterior_without))
    };
    let (soft, distances) = (decibans(&reliance.soft_statements), decibans(&reliance.distances));
    match reliance.rests_on? {
        RestsOn::SoftStatements if reliance.distances.is_nothing() => {
            Some(format!("rests on soft statements alone ({soft})"))
        }
        RestsOn::Distances if reliance.soft_statements.is_nothing() => {
            Some(format!("rests on the distance alone ({distances})"))
        }
        RestsOn::SoftStatements => {
            Some(format!("rests on soft statements ({soft}) more than on the distance ({distances})"))
        }
        RestsOn::Distances => {
            Some(format!("rests on the distance ({distances}) more than on soft statements ({soft})"))
        }
        RestsOn::Neither => {
            Some(format!("neither soft statements ({soft}) nor the distance ({distances}) speak for it"))
        }
    }
}

fn outcome(what_if: &WhatIf) -> String {
    let none = percent(what_if.none_of_these);
    match &what_if.leader {
        Some(leader) => format!("{} {} (none of these {none})", leader.place, percent(leader.posterior)),
        None => "no site is possible".to_owned(),
    }
}

/// The plausible changes of single numbers that change the first place.
fn tips(report: &Robustness) -> Option<String> {
    const MOST: usize = 3;
    let plausible: Vec<String> = overturning(report).filter(|point| point.is_plausible).map(tip).collect();
    let more = plausible.len().saturating_sub(MOST);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    (!plausible.is_empty()).then(|| {
        format!("would be overturned by: {}{more}", plausible.into_iter().take(MOST).collect::<Vec<_>>().join("; "))
    })
}

/// The changes of single numbers after which something else is first. A lower prior at which the first place comes before none of
/// these overturns nothing.
pub fn overturning(report: &Robustness) -> impl Iterator<Item = &TippingPoint> {
    let place = report.leader.as_ref().map(|leader| &leader.place);
    report.tipping_points.iter().filter(move |point| point.then.is_none() || point.then.as_ref() != place)
}

/// One change, in few words.
#[must_use]
pub fn tip(point: &TippingPoint) -> String {
    let unit = point.unit.map_or_else(String::new, |unit| format!(" {unit}"));
    let at = point.tips_at.map_or_else(|| "nothing".to_owned(), short);
    let then = point.then.as_deref().unwrap_or("no site");
    format!("{} {at}{unit}, not {} ({then})", point.parameter, short(point.value))
}

/// A number with three significant digits.
#[must_use]
pub fn short(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let decimals = (2.0 - value.abs().log10().floor()).clamp(0.0, 9.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 9")]
    let text = format!("{value:.*}", decimals as usize).replace('-', "\u{2212}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// All of it: sentences, then tables.
pub(super) fn everything(report: &Robustness) -> String {
    let mut text = String::from("\nhow far to trust it:\n");
    for sentence in report.sentences() {
        text.push_str(&paragraph(&sentence));
    }
    text.push('\n');
    text.push_str(&what_ifs(report));
    text.push('\n');
    text.push_str(&numbers(&report.tipping_points));
    if report.acceptability.draws > 0 {
        text.push('\n');
        text.push_str(&ranks(report));
    }
    text
}

fn what_ifs(report: &Robustness) -> String {
    let row = |what_if: &WhatIf| {
        let leader = what_if.leader.as_ref();
        let lead = leader.and_then(|leader| leader.lead_decibans).map(signed);
        vec![
            what_if.assumption.clone(),
            leader.map_or_else(|| "no site".to_owned(), |leader| leader.place.clone()),
            leader.map_or_else(String::new, |leader| percent(leader.posterior)),
            lead.unwrap_or_default(),
            percent(what_if.none_of_these),
        ]
    };
    plain_table(&["what if", "first", "posterior", "lead, dB", "none of these"], report.what_ifs().map(row))
}

fn numbers(points: &[TippingPoint]) -> String {
    let row = |point: &TippingPoint| {
        let unit = point.unit.map_or_else(String::new, |unit| format!(", {unit}"));
        let (low, high) = point.plausible;
        let tips = point.tips_at.map_or_else(|| "never".to_owned(), short);
        let tips = if point.is_plausible { format!("{tips} !") } else { tips };
        vec![
            format!("{}{unit}", point.parameter),
            short(point.value),
            format!("{}–{}", short(low), short(high)),
            tips,
            point.then.clone().unwrap_or_default(),
        ]
    };
    plain_table(&["number", "is", "plausible", "tips at", "first then"], points.iter().map(row))
}

fn ranks(report: &Robustness) -> String {
    let header = ["site", "first", "second", "third", "posterior, 90 % of draws", "ahead of"];
    let rows = report.acceptability.sites.iter().map(|site| {
        let rank = |at: usize| site.ranks.get(at).map_or_else(String::new, |share| percent(*share));
        let [middle, low, high] = [site.posterior_median, site.posterior_low, site.posterior_high];
        let wins: Vec<String> =
            site.wins.iter().take(2).map(|win| format!("{} {}", win.of, percent(win.share))).collect();
        vec![
            site.id.clone(),
            rank(0),
            rank(1),
            rank(2),
            format!("{} ({}–{})", percent(middle), percent(low), percent(high)),
            wins.join(", "),
        ]
    });
    plain_table(&header, rows)
}
