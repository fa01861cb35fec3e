//! From words to a claim: the grammar that stands in the documentation of [`super`].

use super::hedge::HEDGES;
use super::{Claim, Course, Hedge, Offset, ParseClaimError, Relation, Restated};
use crate::direction::Direction;
use crate::length::{Length, Unit, UnknownUnit};
use crate::near::did_you_mean;

/// A word, a number or a mark of the text, with where it stands.
#[derive(Clone, Debug)]
pub(super) struct Word {
    lower: String,
    from: usize,
    to: usize,
}

impl Word {
    pub(super) fn is_number(&self) -> bool {
        self.lower.starts_with(|c: char| c.is_ascii_digit())
    }

    fn is_letter(&self) -> bool {
        let mut chars = self.lower.chars();
        chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
    }

    fn is_mark(&self) -> bool {
        !self.lower.starts_with(|c: char| c.is_alphanumeric() || c == '~')
    }
}

const ABBREVIATIONS: [&str; 7] = ["ca", "approx", "km", "mi", "nm", "st", "mt"];

/// The words of a text, in order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((from, c)) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut to = from + c.len_utf8();
        let mut extend = |belongs: &dyn Fn(char, Option<char>) -> bool| {
            while let Some(&(at, c)) = chars.peek() {
                if !belongs(c, text[at + c.len_utf8()..].chars().next()) {
                    break;
                }
                to = at + c.len_utf8();
                chars.next();
            }
        };
        if c.is_ascii_digit() {
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            extend(&|c, next| c.is_ascii_digit() || (matches!(c, '.' | ',') && digit(next)));
        } else if c.is_alphabetic() {
            extend(&|c, _| c.is_alphabetic() || matches!(c, '\'' | '’'));
        }
        let lower = text[from..to].to_lowercase();
        // The full stop of an abbreviation ends no clause: a single letter (U.S.), or one of these.
        let abbreviated = lower == "."
            && words.last().is_some_and(|word| {
                word.to == from && (ABBREVIATIONS.contains(&word.lower.as_str()) || word.is_letter())
            });
        if !abbreviated {
            words.push(Word { lower, from, to });
        }
    }
    words
}

/// The claim that begins at word `start` or later, and the word behind it.
pub(super) fn one(text: &str, words: &[Word], start: usize) -> Result<(Claim, usize), ParseClaimError> {
    fn refuse<T>(text: &str, word: &str, reason: String) -> Result<T, ParseClaimError> {
        Err(ParseClaimError::new(text, word, reason))
    }
    let verbatim = |from: usize, to: usize| &text[words[from].from..words[to - 1].to];

    let Some(number) = (start..words.len()).find(|&at| words[at].is_number()) else {
        return refuse(text, "", "found no number: expected a distance such as \"about 85 km from …\"".to_owned());
    };
    check_sign(text, &words[number])?;
    let (hedge, lead_end) = hedge_before(words, start, number);
    check_lead(text, words, start..lead_end, hedge)?;

    let digits = &text[words[number].from..words[number].to];
    let offset = Offset::parse(digits).or_else(|reason| refuse(text, digits, reason))?;

    let (unit, mut at) = unit_at(text, words, number + 1)?;
    if Length::new(offset.value(), unit).is_ok_and(|length| length.m() > GREATEST_OFFSET_M) {
        return refuse(
            text,
            digits,
            format!("{digits} {unit} is farther than any two places on Earth are apart (20,004 km)"),
        );
    }

    let mut skipped = Vec::new();
    if lead_end > start {
        skipped.push(verbatim(start, lead_end).to_owned());
    }
    let mut restated = None;
    if let Some((found, end)) = restatement(text, words, at, &offset, unit)? {
        restated = Some(found);
        at = end;
    }

    let mut rose = String::new();
    while let Some(word) = words.get(at) {
        let joined = format!("{rose}{}", word.lower);
        if word.lower == "-" && !rose.is_empty() {
        } else if joined.parse::<Direction>().is_ok() || is_rose_prefix(&joined) {
            rose = joined;
        } else {
            break;
        }
        at += 1;
    }
    let direction = rose.parse::<Direction>().ok();
    if words.get(at).is_some_and(|word| word.lower == "away") {
        at += 1;
    }
    match words.get(at) {
        Some(word) if word.lower == "from" => at += 1,
        // "north of", "within 5 km of".
        Some(word) if word.lower == "of" && (direction.is_some() || hedge == Some(Hedge::AtMost)) => at += 1,
        Some(word) => {
            let found = &text[word.from..word.to];
            return refuse(
                text,
                found,
                format!("'{found}' stands where \"from\", or a direction such as \"north of\", was expected"),
            );
        }
        None => return refuse(text, "", "the text ends before \"from\" and the name of a feature".to_owned()),
    }

    let end = clause_end(words, at);
    if end == at {
        return refuse(text, "", "no feature is named: expected words such as \"the Chinese border\"".to_owned());
    }
    let rest = &words[end..];
    if let (Some(first), Some(last), false) = (
        rest.iter().find(|word| !word.is_mark()),
        rest.iter().rfind(|word| !word.is_mark()),
        rest.iter().any(Word::is_number),
    ) {
        skipped.push(text[first.from..last.to].to_owned());
    }
    let from = if hedge.is_some() { lead_end } else { number };
    let claim = Claim {
        text: verbatim(from, end).to_owned(),
        span: words[from].from..words[end - 1].to,
        parts: Vec::new(),
        skipped,
        hedge,
        offset,
        offset_to: None,
        unit,
        restated,
        direction,
        relation: Relation::From,
        course: Course::Unstated,
        feature: verbatim(at, end).to_owned(),
        side: None,
    };
    Ok((claim, end))
}

/// Somewhat more than half the meridian: no offset on Earth is longer.
const GREATEST_OFFSET_M: f64 = 20_004_000.0;

/// The longest hedge that ends right before the number, and where it begins.
fn hedge_before(words: &[Word], start: usize, number: usize) -> (Option<Hedge>, usize) {
    (1..=3_usize)
        .rev()
        .filter_map(|count| number.checked_sub(count).filter(|from| *from >= start))
        .find_map(|from| {
            let phrase = words[from..number].iter().map(|word| word.lower.as_str()).collect::<Vec<_>>().join(" ");
            let (hedge, _) = HEDGES.iter().find(|(_, phrases)| phrases.contains(&phrase.as_str()))?;
            Some((Some(*hedge), from))
        })
        .unwrap_or((None, number))
}

/// Words that may stand before a hedge or a bare number without changing what it means.
const LEAD_INS: [&str; 31] = [
    "only",
    "just",
    "at",
    "is",
    "was",
    "are",
    "were",
    "be",
    "lies",
    "lay",
    "lying",
    "located",
    "situated",
    "stationed",
    "sits",
    "stands",
    "base",
    "facility",
    "site",
    "camp",
    "airfield",
    "complex",
    "area",
    "place",
    "town",
    "village",
    "distance",
    "and",
    "a",
    "the",
    "of",
];

/// Refuses a lead that could change what the number means.
fn check_lead(
    text: &str,
    words: &[Word],
    lead: std::ops::Range<usize>,
    hedge: Option<Hedge>,
) -> Result<(), ParseClaimError> {
    const TURNS: [&str; 9] = ["not", "no", "never", "nor", "than", "between", "maybe", "perhaps", "or"];
    let words = &words[lead];
    for word in words {
        let single_hedge = HEDGES.iter().any(|(_, phrases)| phrases.contains(&word.lower.as_str()));
        if single_hedge || TURNS.contains(&word.lower.as_str()) {
            let found = &text[word.from..word.to];
            let reason = format!(
                "'{found}' before the number changes its meaning in a way that is not understood; expected one hedge, right before the number"
            );
            return Err(ParseClaimError::new(text, found, reason));
        }
    }
    match words.iter().rfind(|word| !word.is_mark()) {
        Some(word) if hedge.is_none() && !LEAD_INS.contains(&word.lower.as_str()) => {
            let known = HEDGES.iter().flat_map(|(_, phrases)| phrases.iter().copied());
            let found = &text[word.from..word.to];
            let reason = format!(
                "'{found}' before the number is no hedge that is understood{}; understood are {}",
                did_you_mean(&word.lower, known.clone()),
                known.collect::<Vec<_>>().join(", ")
            );
            Err(ParseClaimError::new(text, found, reason))
        }
        _ => Ok(()),
    }
}

/// The unit that begins at word `at`, and the word behind it.
fn unit_at(text: &str, words: &[Word], at: usize) -> Result<(Unit, usize), ParseClaimError> {
    let at = if words.get(at).is_some_and(|word| word.lower == "-") { at + 1 } else { at };
    let Some(word) = words.get(at) else {
        return Err(ParseClaimError::new(text, "", "the number has no unit: expected m, km, miles or nautical miles"));
    };
    if let Some(second) = words.get(at + 1)
        && let Ok(unit) = format!("{} {}", word.lower, second.lower).parse::<Unit>()
    {
        return Ok((unit, at + 2));
    }
    let found = &text[word.from..word.to];
    let unit = word.lower.parse::<Unit>().map_err(|error: UnknownUnit| {
        let known = Unit::ALL.iter().flat_map(|unit| unit.spellings().iter().copied());
        ParseClaimError::new(text, found, format!("{error}{}", did_you_mean(&word.lower, known)))
    })?;
    Ok((unit, at + 1))
}

/// Refuses a number with a sign or a decimal point right before it, which would be lost.
fn check_sign(text: &str, number: &Word) -> Result<(), ParseClaimError> {
    let mut before = text[..number.from].chars().rev();
    let (mark, further) = (before.next(), before.next());
    let starts = further.is_none_or(char::is_whitespace);
    let lost = match mark {
        Some('.' | ',') => true,
        Some('-' | '\u{2212}' | '–' | '+') => starts,
        _ => false,
    };
    if !lost {
        return Ok(());
    }
    let found = format!("{}{}", mark.unwrap_or_default(), &text[number.from..number.to]);
    let reason =
        format!("'{found}' is no distance that is understood: expected a number like 85 or 0.85, without a sign");
    Err(ParseClaimError::new(text, &found, reason))
}

/// The end of a restatement in another unit, "(48 miles)", if one begins at word `at`. It is not used, but it has to agree.
fn restatement(
    text: &str,
    words: &[Word],
    at: usize,
    offset: &Offset,
    unit: Unit,
) -> Result<Option<(Restated, usize)>, ParseClaimError> {
    let (Some(open), Some(number)) = (words.get(at), words.get(at + 1)) else {
        return Ok(None);
    };
    if open.lower != "(" || !number.is_number() {
        return Ok(None);
    }
    let digits = &text[number.from..number.to];
    let other = Offset::parse(digits).map_err(|reason| ParseClaimError::new(text, digits, reason))?;
    let (other_unit, end) = unit_at(text, words, at + 2)?;
    if words.get(end).is_none_or(|word| word.lower != ")") {
        return Err(ParseClaimError::new(
            text,
            digits,
            format!("the bracket before '{digits}' holds more than a number and a unit, or is not closed"),
        ));
    }
    // Each number is good to half of its last significant digit.
    let half_m = |offset: &Offset, unit: Unit| offset.significant_digit() / 2.0 * unit.m();
    let apart_m = (offset.value() * unit.m() - other.value() * other_unit.m()).abs();
    if apart_m > half_m(offset, unit) + half_m(&other, other_unit) {
        let reason = format!("{offset} {unit} and {other} {other_unit} are not the same distance: which one holds?");
        return Err(ParseClaimError::new(text, digits, reason));
    }
    Ok(Some((Restated { offset: other, offset_to: None, unit: other_unit }, end + 1)))
}

/// Whether more words could make this a wind: "north", or "southsouth".
fn is_rose_prefix(joined: &str) -> bool {
    ["northnorth", "eastnorth", "eastsouth", "southsouth", "westsouth", "westnorth"].contains(&joined)
}

/// Where the words of a feature end: at a mark other than a hyphen or apostrophe, or at "and" before another claim.
fn clause_end(words: &[Word], from: usize) -> usize {
    let next_claim = |at: usize| {
        let number = (at..words.len()).find(|&at| words[at].is_number());
        number.is_some_and(|number| {
            let (_, lead_end) = hedge_before(words, at, number);
            words[at..lead_end].iter().all(|word| LEAD_INS.contains(&word.lower.as_str()))
        })
    };
    (from..words.len())
        .find(|&at| {
            let word = &words[at];
            (word.is_mark() && !["-", "–", "'", "’"].contains(&word.lower.as_str()))
                || (word.lower == "and" && next_claim(at + 1))
        })
        .unwrap_or(words.len())
}
