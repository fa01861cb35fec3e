//! The figure of a claim: hedge, number or range, unit, and the same in another unit.

use std::ops::Range;

use winnow::combinator::{alt, delimited, opt, preceded};
use winnow::error::{ErrMode, ParserError};
use winnow::prelude::*;
use winnow::token::{any, take};

use super::fault::{Parsed, refuse};
use super::hedge::{CLOSING, HEDGES, Hedge, TRAILING};
use super::number::{Number, longest, number, part_words, word};
use super::offset::{Offset, Restated};
use super::part::{Part, Role};
use super::token::{Token, Words, quoted, span_of};
use crate::length::{Unit, UnknownUnit};
use crate::near::did_you_mean;

/// Somewhat more than half the meridian: no offset on Earth is longer.
const GREATEST_OFFSET_M: f64 = 20_004_000.0;

/// What is understood of a number with its unit.
#[derive(Debug)]
pub(super) struct Figure {
    pub(super) measure: Measure,
    pub(super) restated: Option<Restated>,
}

/// How readily a number is taken for a distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// The text is a claim: a number with an unknown word and "from" behind it is a distance in an unknown unit.
    Claim,
    /// The text speaks of many things: such a number is something else.
    Prose,
}

/// ```text
/// figure   = [ hedge ] measure [ trailing ] [ restated ]
/// trailing = "or so" | "odd" | "give or take" | …
/// ```
pub(super) fn figure(input: &mut Words<'_, '_>, mode: Mode) -> Parsed<Figure> {
    let (mut measure, words) = (|input: &mut Words<'_, '_>| measure(input, mode)).with_taken().parse_next(input)?;
    if let Some((hedge, words)) = opt(trailing.with_taken()).parse_next(input)? {
        measure.add_hedge(hedge, words)?;
    }
    measure.check(span_of(words))?;
    let mut figure = Figure { measure, restated: None };
    let again = opt((|input: &mut Words<'_, '_>| restated(input, mode)).with_taken()).parse_next(input)?;
    figure.restate(again)?;
    Ok(figure)
}

impl Figure {
    /// The same again in brackets behind the feature: "85 km from Seoul (53 miles)".
    pub(super) fn restated_behind(&mut self, input: &mut Words<'_, '_>, mode: Mode) -> Parsed<()> {
        let start = input.clone();
        let measure = |input: &mut Words<'_, '_>| measure(input, mode);
        match delimited(word("("), measure, word(")")).with_taken().parse_next(input) {
            Ok(again) if self.restated.is_none() => self.restate(Some(again)),
            // Something else in brackets, which speaks for itself.
            _ => {
                *input = start;
                Ok(())
            }
        }
    }

    /// A hedge behind the feature: "85 km from Seoul, or more".
    pub(super) fn hedged_behind(&mut self, input: &mut Words<'_, '_>) -> Parsed<()> {
        if let Some((hedge, words)) = opt(preceded(opt(word(",")), closing.with_taken())).parse_next(input)? {
            self.measure.add_hedge(hedge, words)?;
        }
        Ok(())
    }

    fn restate(&mut self, again: Option<(Measure, &[Token<'_>])>) -> Parsed<()> {
        if let Some((other, words)) = again {
            if other.unit == self.measure.unit {
                let reason = format!("two numbers in {}: which one holds? A range is written \"80 to 90\"", other.unit);
                return refuse(other.number, reason);
            }
            self.measure.agrees_with(&other)?;
            self.measure.parts.push(Part { role: Role::Restatement, span: span_of(words) });
            self.restated = Some(Restated { offset: other.offset, offset_to: other.offset_to, unit: other.unit });
        }
        Ok(())
    }
}

/// A number or range with its hedge and unit.
#[derive(Debug)]
pub(super) struct Measure {
    pub(super) hedge: Option<Hedge>,
    pub(super) offset: Offset,
    pub(super) offset_to: Option<Offset>,
    pub(super) unit: Unit,
    pub(super) parts: Vec<Part>,
    /// Where the number stands, for errors.
    number: Range<usize>,
}

/// ```text
/// measure = [ hedge ] numbers [ trailing ] [ "-" ] unit [ "and" part ]
/// numbers = number | "between" number "and" number | [ "from" ] number ( "-" | "to" ) number
/// ```
/// In a range the unit may stand behind both numbers.
fn measure(input: &mut Words<'_, '_>, mode: Mode) -> Parsed<Measure> {
    let mut parts = Vec::new();
    let mut hedge = None;
    let mut take_hedge = |input: &mut Words<'_, '_>, parts: &mut Vec<Part>| -> Parsed<()> {
        if let Some((found, words)) = opt(leading.with_taken()).parse_next(input)? {
            hedge = Some(found);
            parts.push(Part { role: Role::Hedge, span: span_of(words) });
        }
        Ok(())
    };
    take_hedge(input, &mut parts)?;
    let opening = opt(alt((word("between"), word("from")))).parse_next(input)?;
    if let Some(opening) = opening {
        parts.push(Part { role: Role::Number, span: opening.span.clone() });
        take_hedge(input, &mut parts)?;
    }
    let (first, words) = number.with_taken().parse_next(input)?;
    let mut number_span = span_of(words);
    parts.push(Part { role: Role::Number, span: number_span.clone() });

    let joint = match opening.map(|opening| opening.lower.as_str()) {
        Some("between") => ["and"; 3],
        Some(_) => ["to"; 3],
        None => ["-", "to", "~"],
    };
    let unit_of = |input: &mut Words<'_, '_>| unit(input, mode, &first);
    let second = (opt(known_unit.with_taken()), alt(joint.map(word)), number.with_taken());
    let second = opt(second.verify(|(_, _, (second, _))| opening.is_some() || !(first.article || second.article)))
        .parse_next(input)?;
    let mut offset_to = None;
    let mut unit_before = None;
    match second {
        None if opening.is_some() => return Err(ErrMode::from_input(input)),
        None => {}
        Some((unit, joint, (second, words))) => {
            let from = if let Some((unit, words)) = unit {
                parts.push(Part { role: Role::Unit, span: span_of(words) });
                unit_before = Some(unit);
                joint.span.start
            } else {
                parts.pop();
                number_span.start
            };
            number_span.end = span_of(words).end;
            parts.push(Part { role: Role::Number, span: from..number_span.end });
            offset_to = Some(second.offset);
        }
    }
    let mut measure =
        Measure { hedge, offset: first.offset.clone(), offset_to, unit: Unit::Meter, parts, number: number_span };
    if let Some((hedge, words)) = opt(trailing.with_taken()).parse_next(input)? {
        measure.add_hedge(hedge, words)?;
    }
    let (unit, words) = unit_of.with_taken().parse_next(input)?;
    measure.unit = unit;
    measure.parts.push(Part { role: Role::Unit, span: span_of(words) });
    if let Some(before) = unit_before.filter(|before| *before != unit) {
        let reason = format!("the range goes from {before} to {unit}: expected one unit");
        return refuse(span_of(words), reason);
    }
    if let Some(((numerator, denominator), words)) =
        opt(preceded(word("and"), part_words).with_taken()).parse_next(input)?
    {
        // "a mile and a half"
        match Offset::fraction(1, numerator, denominator) {
            Some(offset) if first.offset == Offset::whole(1) => measure.offset = offset,
            _ => {
                return refuse(
                    span_of(words),
                    "a part of a unit behind more than one unit: expected 2½ or \"two and a half\"",
                );
            }
        }
        measure.parts.push(Part { role: Role::Number, span: span_of(words) });
    }
    if first.vague && measure.hedge.is_none() {
        measure.hedge = Some(Hedge::About);
    }
    Ok(measure)
}

impl Measure {
    fn add_hedge(&mut self, hedge: Hedge, words: &[Token<'_>]) -> Parsed<()> {
        match self.hedge {
            None => self.hedge = Some(hedge),
            Some(front) if front.is_vague() && hedge.is_vague() => {}
            Some(front) => {
                let reason = format!("{} behind a number that is \"{front}\" so much: which one holds?", quoted(words));
                return refuse(span_of(words), reason);
            }
        }
        self.parts.push(Part { role: Role::Hedge, span: span_of(words) });
        Ok(())
    }

    /// Refuses a range that is none, and an offset that is longer than the Earth.
    fn check(&self, whole: Range<usize>) -> Parsed<()> {
        let Self { offset, offset_to, unit, .. } = self;
        if let Some(to) = offset_to.as_ref().filter(|to| to.value() <= offset.value()) {
            let reason = format!("the range goes from {offset} to {to}: expected the lower number first");
            return refuse(self.number.clone(), reason);
        }
        if offset_to.as_ref().unwrap_or(offset).value() * unit.m() > GREATEST_OFFSET_M {
            let farthest = offset_to.as_ref().unwrap_or(offset);
            let reason = format!("{farthest} {unit} is farther than any two places on Earth are apart (20,004 km)");
            return refuse(if self.number.is_empty() { whole } else { self.number.clone() }, reason);
        }
        Ok(())
    }

    /// Each number is good to half of its last significant digit.
    fn agrees_with(&self, other: &Self) -> Parsed<()> {
        let half_m = |offset: &Offset, unit: Unit| offset.significant_digit() / 2.0 * unit.m();
        let agree = |a: &Offset, b: &Offset| {
            let apart_m = (a.value() * self.unit.m() - b.value() * other.unit.m()).abs();
            apart_m <= half_m(a, self.unit) + half_m(b, other.unit)
        };
        let ends_agree = match (&self.offset_to, &other.offset_to) {
            (None, None) => true,
            (Some(a), Some(b)) => agree(a, b),
            _ => false,
        };
        if ends_agree && agree(&self.offset, &other.offset) {
            return Ok(());
        }
        let written = |measure: &Self| match &measure.offset_to {
            Some(to) => format!("{} to {to} {}", measure.offset, measure.unit),
            None => format!("{} {}", measure.offset, measure.unit),
        };
        let reason = format!("{} and {} are not the same distance: which one holds?", written(self), written(other));
        refuse(other.number.clone(), reason)
    }
}

/// A hedge before a number.
pub(super) fn leading(input: &mut Words<'_, '_>) -> Parsed<Hedge> {
    let before = input.clone();
    let all = HEDGES.iter().flat_map(|(hedge, phrases)| phrases.iter().map(move |words| (*hedge, *words)));
    let hedge = longest(input, all)?;
    // A single letter is an abbreviation only with its full stop: "c. 85 km", but "Area C 85 km".
    if before[0].lower == "c" && !before[0].dotted {
        return Err(ErrMode::from_input(&before));
    }
    Ok(hedge)
}

/// A hedge behind a number or its unit.
fn trailing(input: &mut Words<'_, '_>) -> Parsed<Hedge> {
    let phrase = |input: &mut Words<'_, '_>| longest(input, TRAILING.into_iter());
    alt(((word(","), phrase, word(",")).map(|(_, hedge, _)| hedge), preceded(opt(word("-")), phrase))).parse_next(input)
}

/// A hedge that ends a clause.
pub(super) fn closing(input: &mut Words<'_, '_>) -> Parsed<Hedge> {
    let hedge = longest(input, TRAILING.into_iter().chain(CLOSING))?;
    match input.first() {
        Some(next) if !next.ends_clause() && next.lower != "and" => Err(ErrMode::from_input(input)),
        _ => Ok(hedge),
    }
}

/// The same again in another unit: "(53 miles)", "/53 miles", ", or 53 miles,".
fn restated(input: &mut Words<'_, '_>, mode: Mode) -> Parsed<Measure> {
    let open = alt((word("("), word("["), word("/"), word("or"), preceded(word(","), word("or")))).parse_next(input)?;
    let before = input.clone();
    let Some(first) = before.first() else {
        return Err(ErrMode::from_input(input));
    };
    let other = match (|input: &mut Words<'_, '_>| measure(input, mode)).parse_next(input) {
        Ok(other) => other,
        Err(ErrMode::Backtrack(_)) if first.is_number() && open.lower != "or" => {
            return refuse(first.span.clone(), format!("'{}' has no unit that is understood", first.text));
        }
        Err(error) => return Err(error),
    };
    if other.hedge.is_some_and(|hedge| !hedge.is_vague()) {
        return refuse(other.number, "the number is hedged in one unit and not in the other");
    }
    let close = match open.lower.as_str() {
        "(" => ")",
        "[" => "]",
        "or" => {
            opt(word(",")).parse_next(input)?;
            return Ok(other);
        }
        _ => return Ok(other),
    };
    if opt(word(close)).parse_next(input)?.is_none() {
        let number = &first.text;
        let reason = format!("the bracket before '{number}' holds more than a number and a unit, or is not closed");
        return refuse(other.number, reason);
    }
    Ok(other)
}

/// The unit behind a number, or what is wrong with the word that stands there.
fn unit(input: &mut Words<'_, '_>, mode: Mode, number: &Number) -> Parsed<Unit> {
    let start = input.clone();
    if let Some((unit, words)) = opt(known_unit.with_taken()).parse_next(input)? {
        // "a m" is no metre.
        if number.article && words.iter().all(|word| word.text.len() < 3) {
            return Err(ErrMode::from_input(&start));
        }
        let other =
            alt((speed.take().map(|words| (words, "a speed")), area_behind.take().map(|words| (words, "an area"))));
        return match opt(other).parse_next(input)? {
            None => Ok(unit),
            Some((words, what)) if mode == Mode::Claim => {
                refuse(span_of(words), format!("{what}, where a distance was expected"))
            }
            Some(_) => Err(ErrMode::from_input(&start)),
        };
    }
    opt(word("-")).parse_next(input)?;
    time(input, mode)?;
    if let Some(found) = input.first().filter(|found| found.is_word()) {
        let from_follows = input.get(1).is_some_and(|next| ["from", "away", "off"].contains(&next.lower.as_str()));
        if is_misspelt(&found.lower) || (from_follows && mode == Mode::Claim && !number.article) {
            return refuse(found.span.clone(), unknown_unit(found));
        }
    }
    Err(ErrMode::from_input(&start))
}

/// A unit, spelt in up to three words.
pub(super) fn known_unit(input: &mut Words<'_, '_>) -> Parsed<Unit> {
    opt(word("-")).parse_next(input)?;
    let mut spelling = String::new();
    let mut found = None;
    for (at, next) in input.iter().enumerate() {
        let mut joined = spelling.clone();
        if next.lower != "-" {
            if !next.is_word() || spelling.len() > 10 {
                break;
            }
            if !spelling.is_empty() {
                joined.push(' ');
            }
            joined.push_str(&next.lower);
        }
        spelling = joined;
        if let Ok(unit) = spelling.parse::<Unit>()
            && next.lower != "-"
        {
            found = Some((unit, at + 1));
        }
    }
    let (unit, count) = found.ok_or_else(|| ErrMode::from_input(input))?;
    take(count).void().parse_next(input)?;
    Ok(unit)
}

/// "km/h", "miles per hour".
fn speed(input: &mut Words<'_, '_>) -> Parsed<()> {
    const TIMES: [&str; 6] = ["h", "hr", "hour", "s", "sec", "second"];
    let time = any.verify(|token: &&Token<'_>| TIMES.contains(&token.lower.as_str()));
    let per = alt((word("/"), word("per"), word("an")));
    (per, time).void().parse_next(input)
}

/// "km²", "km^2", "miles square".
fn area_behind(input: &mut Words<'_, '_>) -> Parsed<()> {
    const POWERS: [&str; 5] = ["²", "³", "^", "square", "squared"];
    any.verify(|token: &&Token<'_>| POWERS.contains(&token.lower.as_str())).void().parse_next(input)
}

/// Refuses "two hours' drive", which is no distance.
fn time(input: &mut Words<'_, '_>, mode: Mode) -> Parsed<()> {
    const TIMES: [&str; 8] = ["hour", "hours", "minute", "minutes", "min", "mins", "day", "days"];
    const WAYS: [&str; 20] = [
        "by", "drive", "drives", "driving", "march", "walk", "walking", "ride", "flight", "flying", "journey", "trip",
        "sail", "sailing", "steaming", "travel", "hike", "car", "train", "boat",
    ];
    let Some(found) = input.first() else {
        return Ok(());
    };
    let plain = found.lower.trim_end_matches("'s").trim_end_matches('\'');
    let is_time = TIMES.contains(&plain);
    let next = input.iter().skip(1).find(|next| next.lower != "-");
    let travels = next.is_some_and(|next| {
        let next = next.lower.trim_end_matches('\'');
        WAYS.contains(&next) || (mode == Mode::Claim && ["from", "away", "of", "off"].contains(&next))
    });
    if is_time && travels {
        let reason =
            format!("'{}' is a time and no distance: siteband does not guess how fast one travels", found.text);
        return refuse(found.span.clone(), reason);
    }
    Ok(())
}

/// Whether a long word is a unit but for a letter or two.
fn is_misspelt(word: &str) -> bool {
    let close = if word.len() >= 9 { 2 } else { 1 };
    word.len() >= 6
        && Unit::ALL
            .into_iter()
            .flat_map(Unit::spellings)
            .any(|spelling| spelling.len() >= 5 && strsim::osa_distance(word, spelling) <= close)
}

/// What to say of a word that is no unit of length.
pub(super) fn unknown_unit(found: &Token<'_>) -> String {
    const SPEEDS: [&str; 7] = ["kph", "kmh", "kmph", "mph", "knots", "kn", "kts"];
    const AREAS: [&str; 10] = ["sq", "square", "km2", "m2", "sqkm", "acres", "acre", "hectares", "hectare", "ha"];
    let known = Unit::ALL.into_iter().flat_map(Unit::spellings).copied();
    let error = UnknownUnit { found: found.text.to_owned() };
    match found.lower.as_str() {
        speed if SPEEDS.contains(&speed) => format!("{error}; this is one of speed"),
        area if AREAS.contains(&area) => format!("{error}; this is one of area"),
        word => format!("{error}{}", did_you_mean(word, known)),
    }
}
