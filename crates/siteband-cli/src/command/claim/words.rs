//! What each word of a claim was understood to be.

use siteband::{Claim, Course, Hedge, Relation, Role, Unit};

use crate::report::plain_table;

/// A line per part: the words, what they are, what they mean.
pub(super) fn table(said: &str, claim: &Claim) -> String {
    let rows = claim
        .parts()
        .iter()
        .map(|part| vec![one_line(&said[part.span.clone()]), part.role.to_string(), meaning(claim, part.role)]);
    plain_table(&["words", "what they are", "what they mean"], rows)
}

/// Text without its line breaks.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the words of a role mean in a claim; nothing where the words say it themselves.
pub(super) fn meaning(claim: &Claim, role: Role) -> String {
    let unit = claim.unit();
    match role {
        Role::Hedge => claim.hedge().map_or_else(String::new, |hedge| format!("{hedge}: {}", firmness(hedge))),
        Role::Number => offset(claim),
        // Some reports from ships write m for nautical miles.
        Role::Unit if unit == Unit::Meter => format!("{}; write nm for nautical miles", unit.name()),
        Role::Unit => unit.name().to_owned(),
        Role::Restatement => claim.restated().map_or_else(String::new, |restated| {
            let to = restated.offset_to().map_or_else(String::new, |to| format!(" to {to}"));
            let km = restated.offset().value() * restated.unit().m() / 1000.0;
            format!(
                "the same again: {}{to} {} = {km:.3} km{}",
                restated.offset(),
                restated.unit(),
                if to.is_empty() { "" } else { " and more" }
            )
        }),
        Role::Direction => claim
            .direction()
            .map_or_else(String::new, |wind| format!("{wind}: {}° ± {}°", wind.azimuth_deg(), wind.half_width_deg())),
        Role::Relation => relation(claim),
        Role::Course => match claim.course() {
            Course::Straight => "the shortest way".to_owned(),
            Course::Road => "a way that is longer than the straight line".to_owned(),
            Course::Unstated => String::new(),
        },
        Role::Feature => "what the distance is measured from".to_owned(),
        Role::Side => claim.side().map_or_else(String::new, |side| format!("the place is in {side}")),
        Role::Skipped => String::new(),
    }
}

/// "85 km = 85.000 km".
fn offset(claim: &Claim) -> String {
    let unit = claim.unit();
    let km = claim.offset_length().km();
    let written = match claim.offset_to() {
        None => format!("{} {unit} = {km:.3} km", claim.offset()),
        Some(to) => {
            let to_km = to.value() * unit.m() / 1000.0;
            format!("{} to {to} {unit} = {km:.3} to {to_km:.3} km", claim.offset())
        }
    };
    let by_words = claim.hedge() == Some(Hedge::About) && !claim.parts().iter().any(|part| part.role == Role::Hedge);
    let hedge = if by_words { ", taken as \"about\"" } else { "" };
    format!("{written}{hedge}")
}

fn firmness(hedge: Hedge) -> &'static str {
    match hedge {
        Hedge::About | Hedge::Around | Hedge::Roughly | Hedge::Approximately => "so much, more or less",
        Hedge::Nearly | Hedge::Almost => "not quite so much",
        Hedge::Below => "less",
        Hedge::AtMost => "so much or less",
        Hedge::Over | Hedge::Above => "more",
        Hedge::AtLeast => "so much or more",
        Hedge::Exactly => "to the last digit",
    }
}

fn relation(claim: &Claim) -> String {
    match claim.relation() {
        Relation::From => "the place lies so far from the feature".to_owned(),
        Relation::Off => "the place lies so far off the feature, at sea".to_owned(),
        Relation::Inside => "the place lies so far inside the feature's edge".to_owned(),
        Relation::Outside => "the place lies so far beyond the feature's edge".to_owned(),
        Relation::Across => "the place lies on the other side of the border".to_owned(),
        Relation::Outskirts => {
            let (near, far) = Claim::OUTSKIRTS_KM;
            format!("no number is said: taken as {near} to {far} km from the feature")
        }
    }
}
