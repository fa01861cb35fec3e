//! From words to a claim: the grammar that stands in the documentation of [`super`].

use std::ops::Range;

use winnow::combinator::opt;
use winnow::error::ErrMode;
use winnow::prelude::*;
use winnow::stream::Stream;

use super::fault::Fault;
use super::figure::{Figure, Mode, figure, leading, unknown_unit};
use super::hedge::{HEDGES, Hedge};
use super::offset::Offset;
use super::part::{Part, Role};
use super::place::{Place, UNCERTAIN, course, direction, merge, no_uncertainty, outskirts, place, side};
use super::relation::{Course, Relation};
use super::token::{Token, Words, quoted, span_of};
use super::words::{EXTENTS, FEATURE_ENDS, LEAD_INS, NEGATIONS, TURNS};
use super::{Claim, Wording};
use crate::length::Unit;
use crate::near::did_you_mean;

/// Where a claim ends, or a text that is none: words are counted.
#[derive(Debug)]
pub(super) enum Found {
    /// A claim, and the word behind it.
    Claim(Claim, usize),
    /// A number with a unit that is no claim that is understood, and the word behind it.
    Fault(Fault, Range<usize>),
    /// Nothing that looks like a distance.
    Nothing,
}

/// The first claim that begins at word `start` or later.
pub(super) fn next_claim(text: &str, words: &[Token<'_>], start: usize, mode: Mode) -> Found {
    for at in start..words.len() {
        let mut input = Words::new(&words[at..]);
        match outskirts.parse_next(&mut input) {
            Ok(place) => {
                let end = words.len() - input.len();
                return match finish(text, words, start, at, Said { figure: None, place }) {
                    Ok(claim) => Found::Claim(claim, end),
                    Err(fault) => Found::Fault(fault, at..end),
                };
            }
            Err(ErrMode::Cut(fault)) => return Found::Fault(fault, at..words.len() - input.len()),
            Err(_) => {}
        }
        let mut input = Words::new(&words[at..]);
        let mut figure = match figure(&mut input, mode) {
            Ok(figure) => figure,
            Err(ErrMode::Cut(fault)) => return Found::Fault(fault, at..(at + 1).max(words.len() - input.len())),
            Err(_) => continue,
        };
        let figure_end = words.len() - input.len();
        if mode == Mode::Prose && at > 0 && words[at].glued && is_currency(&words[at - 1]) {
            continue;
        }
        if let Err(fault) = check_before(words, start, at, &figure).and_then(|()| check_kind(words, start, at)) {
            return Found::Fault(fault, at..figure_end);
        }
        let behind = input.clone();
        let place = place(&mut input, figure.measure.hedge).and_then(|place| {
            figure.restated_behind(&mut input, mode)?;
            no_uncertainty(&input)?;
            figure.hedged_behind(&mut input)?;
            Ok(place)
        });
        return match place {
            Ok(place) => match finish(text, words, start, at, Said { figure: Some(figure), place }) {
                Ok(claim) => Found::Claim(claim, words.len() - input.len()),
                Err(fault) => Found::Fault(fault, at..figure_end),
            },
            Err(ErrMode::Cut(fault) | ErrMode::Backtrack(fault)) => {
                let end = words.len() - second_part(&behind, mode).unwrap_or(behind).len();
                Found::Fault(fault, at..end)
            }
            Err(ErrMode::Incomplete(_)) => Found::Nothing,
        };
    }
    Found::Nothing
}

/// The words behind the second part of an offset that is given in two: "10 km N, 5 km E of", "5 miles and 300 yards from".
fn second_part<'w, 't>(behind: &Words<'w, 't>, mode: Mode) -> Option<Words<'w, 't>> {
    const JOINTS: [&str; 9] = ["and", "&", "or", "then", "plus", "+", "/", "-", "±"];
    let mut input = behind.clone();
    let wind = opt(direction).parse_next(&mut input).ok()?.is_some();
    let is_joint = |token: &Token<'_>| {
        JOINTS.contains(&token.lower.as_str()) || (wind && matches!(token.lower.as_str(), "," | "."))
    };
    let joints = input.iter().take_while(|token| is_joint(token)).take(3).count();
    let mut input = Words::new(&input.peek_slice(input.len())[joints..]);
    figure(&mut input, mode).ok().map(|_| input)
}

/// Why a text makes no claim at all.
pub(super) fn nothing(words: &[Token<'_>]) -> Fault {
    let end = words.last().map_or(0, |last| last.span.end);
    let refuse = |span, reason: &str| Fault { span, reason: reason.to_owned() };
    if let Some(number) = words.iter().position(Token::is_number) {
        let unit = words[number + 1..].iter().find(|word| word.lower != "-");
        return match unit {
            Some(unit) => refuse(unit.span.clone(), &unknown_unit(unit)),
            None => refuse(end..end, "the number has no unit: expected m, km, miles or nautical miles"),
        };
    }
    if let Some(mixed) = words.iter().find(|word| word.is_word() && word.text.bytes().any(|byte| byte.is_ascii_digit()))
    {
        let reason =
            format!("found no number, and '{}' mixes letters and digits: expected a number such as 85", mixed.text);
        return refuse(mixed.span.clone(), &reason);
    }
    refuse(end..end, "found no number: expected a distance such as \"about 85 km from …\"")
}

/// What was understood of a claim, before it is held against the words around it.
struct Said {
    figure: Option<Figure>,
    place: Place,
}

/// The claim, if the words before it let it stand.
fn finish(text: &str, words: &[Token<'_>], start: usize, at: usize, said: Said) -> Result<Claim, Fault> {
    let Said { figure, mut place } = said;
    let lead = lead(words, start..at, figure.is_some());
    let hedged = figure.as_ref().is_none_or(|figure| figure.measure.hedge.is_some());
    check_lead(words, start, lead.from, lead.until, hedged)?;
    let twice = |part: &Part, what: &str| Fault {
        span: part.span.clone(),
        reason: format!("the claim states its {what} twice"),
    };
    match (&lead.course, &lead.side) {
        (Some((_, part)), _) if place.course != Course::Unstated => return Err(twice(part, "course")),
        (_, Some((_, part))) if place.side.is_some() => return Err(twice(part, "side")),
        _ => {}
    }
    let mut parts = Vec::new();
    if let Some((area, part)) = lead.side {
        place.side = Some(area);
        parts.push(part);
    }
    if let Some((course, part)) = lead.course {
        place.course = course;
        parts.push(part);
    }
    let (hedge, offset, offset_to, unit, restated) = if let Some(figure) = figure {
        let Figure { measure, restated } = figure;
        parts.extend(measure.parts);
        (measure.hedge, measure.offset, measure.offset_to, measure.unit, restated)
    } else {
        let (near, far) = Claim::OUTSKIRTS_KM;
        (None, Offset::whole(near), Some(Offset::whole(far)), Unit::Kilometer, None)
    };
    parts.extend(place.parts);
    merge(&mut parts);
    let from = parts.iter().map(|part| part.span.start).min().unwrap_or_default();
    let to = parts.iter().map(|part| part.span.end).max().unwrap_or_default();
    Ok(Claim {
        wording: Box::new(Wording { text: text[from..to].to_owned(), span: from..to, parts, skipped: Vec::new() }),
        hedge,
        offset,
        offset_to,
        unit,
        restated,
        direction: place.direction,
        relation: place.relation.unwrap_or(Relation::From),
        course: place.course,
        feature: text[place.feature].to_owned(),
        side: place.side.map(|side| text[side].to_owned()),
    })
}

/// Adds what was skipped among some words to the parts of a claim.
pub(super) fn add_skipped(text: &str, words: &[Token<'_>], claim: &mut Claim) {
    let used = |word: &Token<'_>| {
        claim.parts().iter().any(|part| part.span.start < word.span.end && word.span.start < part.span.end)
    };
    let mut skipped: Vec<Part> = Vec::new();
    for run in words.chunk_by(|a, b| used(a) == used(b)).filter(|run| !used(&run[0])) {
        let says = |word: &Token<'_>| !word.is_mark() || word.text.contains(char::is_alphanumeric);
        let first = run.iter().position(says);
        let last = run.iter().rposition(says);
        if let (Some(first), Some(last)) = (first, last) {
            skipped.push(Part { role: Role::Skipped, span: span_of(&run[first..=last]) });
        }
    }
    claim.wording.skipped = skipped.iter().map(|part| text[part.span.clone()].to_owned()).collect();
    claim.wording.parts.extend(skipped);
    claim.wording.parts.sort_by_key(|part| part.span.start);
}

/// What the words before a figure say of it.
struct Lead {
    side: Option<(Range<usize>, Part)>,
    course: Option<(Course, Part)>,
    /// The words that have to be harmless: from and until which.
    from: usize,
    until: usize,
}

/// Words between a side and the figure.
const MOST_BETWEEN: usize = 10;

/// Looks for a side ("in North Korea, 85 km from …") and, where there is a figure, a course ("a driving distance of 85 km") right before it.
fn lead(words: &[Token<'_>], before: Range<usize>, has_figure: bool) -> Lead {
    let sentence =
        words[before.clone()].iter().rposition(Token::ends_sentence).map_or(before.start, |at| before.start + at + 1);
    let mut lead = Lead { side: None, course: None, from: sentence, until: before.end };
    let harmless = |words: &[Token<'_>]| {
        words.iter().all(|word| matches!(word.lower.as_str(), "," | "(") || LEAD_INS.contains(&word.lower.as_str()))
    };
    // "in North Korea, a military facility about 85 km from …"; but not "in Seoul, officials said it is 85 km from …".
    let says =
        |word: &Token<'_>| FEATURE_ENDS.contains(&word.lower.as_str()) && !LEAD_INS.contains(&word.lower.as_str());
    for at in (sentence..before.end).rev() {
        let mut input = Words::new(&words[at..before.end]);
        if has_figure
            && lead.course.is_none()
            && let Ok((found, taken)) = course.with_taken().parse_next(&mut input)
            && harmless(&input)
        {
            // "a driving distance of"
            let article = words[sentence..at].last().filter(|word| matches!(word.lower.as_str(), "a" | "the"));
            let of = input.first().filter(|word| word.lower == "of");
            let taken = span_of(taken);
            let span = article.map_or(taken.start, |word| word.span.start)..of.map_or(taken.end, |word| word.span.end);
            lead.course = Some((found, Part { role: Role::Course, span }));
            lead.until = at;
        }
        let mut input = Words::new(&words[at..lead.until]);
        if let Ok((area, taken)) = (|input: &mut Words<'_, '_>| side(input, true)).with_taken().parse_next(&mut input)
            && input.iter().take(MOST_BETWEEN + 1).filter(|word| !says(word)).count() == input.len()
        {
            lead.side = Some((area, Part { role: Role::Side, span: span_of(taken) }));
            lead.until = at;
            break;
        }
    }
    lead
}

fn is_currency(token: &Token<'_>) -> bool {
    matches!(token.text, "$" | "€" | "£" | "¥" | "₩")
}

/// Digits, or a word for a number.
fn is_number_like(word: &Token<'_>) -> bool {
    let mut input = Words::new(std::slice::from_ref(word));
    word.is_number() || super::number::number(&mut input).is_ok_and(|number| !number.article)
}

/// Marks that may stand right before a figure.
const HARMLESS: [&str; 25] = [
    "(", "[", "{", ",", ";", ":", ".", "!", "?", "-", "—", "―", "…", "\"", "“", "”", "„", "«", "»", "'", "*", "•", "·",
    ")", "]",
];

/// Refuses a figure whose number is only the end of what is written: behind a sign, a point, or another number.
fn check_before(words: &[Token<'_>], start: usize, at: usize, figure: &Figure) -> Result<(), Fault> {
    let number = figure.measure.parts.iter().find(|part| part.role == Role::Number).map_or(0, |part| part.span.start);
    let Some(number) = words[at..].iter().position(|word| word.span.start == number).map(|found| at + found) else {
        return Ok(());
    };
    let Some(before) = number.checked_sub(1) else {
        return Ok(());
    };
    let (mark, digits) = (&words[before], &words[number]);
    let touching = digits.glued && mark.is_mark();
    let lost = touching
        && match mark.lower.as_str() {
            "." | "," | "/" | ":" => true,
            "-" | "+" => {
                let glues = |word: &Token<'_>| word.is_number() || matches!(word.lower.as_str(), "+" | "/" | "±");
                mark.before.is_none_or(char::is_whitespace) || words[..before].last().is_some_and(glues)
            }
            // "5—6", "8.5·10"
            "—" | "―" | "…" | "·" | "•" | "*" | "'" | "_" => {
                mark.glued && words[..before].last().is_some_and(Token::is_number)
            }
            _ => is_currency(mark),
        };
    if lost {
        let span = mark.span.start..digits.span.end;
        let found = quoted(&words[before..=number]);
        let reason =
            format!("{found} is no distance that is understood: expected a number like 85 or 0.85, without a sign");
        return Err(Fault { span, reason });
    }
    // "± 5 km", "+/- 5 km"
    let signs =
        words[start..number].iter().rev().take_while(|word| matches!(word.lower.as_str(), "±" | "+" | "/" | "-"));
    let signs = &words[number - signs.count()..number];
    if signs.iter().any(|sign| sign.lower == "±") || (signs.len() > 1 && signs.iter().any(|sign| sign.lower == "+")) {
        return Err(Fault { span: span_of(signs), reason: UNCERTAIN.to_owned() });
    }
    if number == at && mark.is_mark() && !HARMLESS.contains(&mark.lower.as_str()) {
        let reason =
            format!("'{}' before the number is not understood: expected a hedge, such as \"about\"", mark.text);
        return Err(Fault { span: mark.span.clone(), reason });
    }
    // "eighty point five km", "80 and 85 km"
    let joint = matches!(mark.lower.as_str(), "and" | "point" | "plus" | "~");
    let numbers_before = before > start && is_number_like(&words[before - 1]);
    if joint && numbers_before && (number == at || mark.lower == "~") {
        let found = quoted(&words[before - 1..=number]);
        let reason = format!("{found} is no number that is understood: expected 85, 80.5, or \"80 to 85\"");
        return Err(Fault { span: span_of(&words[before - 1..=number]), reason });
    }
    let two_numbers = number == at && mark.is_number();
    let blanks = words[number..]
        .iter()
        .skip(1)
        .take_while(|word| word.is_number() && word.before == Some(' ') && word.text.len() == 3)
        .count();
    let open = number == at && !mark.is_mark() && blanks > 0 && digits.is_number() && digits.text.len() <= 3;
    if two_numbers || open {
        let several = if two_numbers { &words[before..=number] } else { &words[number..=number + blanks] };
        let found = quoted(several);
        let reason = format!("{found} may be one number or two: write thousands with a comma, as in 85,000");
        return Err(Fault { span: span_of(several), reason });
    }
    Ok(())
}

/// Refuses a figure that is no distance from anything: "a range of 85 km", "flew 85 km", "at least about 85 km".
fn check_kind(words: &[Token<'_>], start: usize, at: usize) -> Result<(), Fault> {
    /// The most words of a hedge.
    const MOST_WORDS: usize = 5;
    let fault = |words: &[Token<'_>], why: &str| {
        Err(Fault { span: span_of(words), reason: format!("{} before the number {why}", quoted(words)) })
    };
    let before = &words[start..at];
    match before {
        [.., what, of] if of.lower == "of" && !matches!(what.lower.as_str(), "distance" | "distances") => {
            let both = &before[before.len() - 2..];
            return fault(both, "makes it another measure: expected \"a distance of\"");
        }
        [.., moves, at] if at.lower == "at" && matches!(moves.lower.as_str(), "flying" | "flew" | "cruising") => {
            return fault(&before[before.len() - 2..], "makes it a height: expected where something is");
        }
        [.., extent] if EXTENTS.contains(&extent.lower.as_str()) => {
            let why = "makes it how far something goes or how much is added: expected where something is";
            return fault(std::slice::from_ref(extent), why);
        }
        _ => {}
    }
    let end = before.iter().rposition(|word| !word.is_mark()).map_or(0, |last| last + 1);
    for from in end.saturating_sub(MOST_WORDS)..end {
        let mut input = Words::new(&before[from..end]);
        if leading(&mut input).is_ok() && input.is_empty() {
            return fault(&before[from..end], "is a hedge that does not stand right before it, or one of two");
        }
    }
    Ok(())
}

/// Refuses a lead that could change what the number means.
fn check_lead(words: &[Token<'_>], start: usize, from: usize, until: usize, hedged: bool) -> Result<(), Fault> {
    let sentence = &words[from.max(start)..until.max(from)];
    let clause = sentence.iter().rposition(Token::ends_clause).map_or(sentence, |at| &sentence[at + 1..]);
    let is_negation =
        |word: &&Token<'_>| !word.dotted && (NEGATIONS.contains(&word.lower.as_str()) || word.lower.ends_with("n't"));
    let turns = |word: &&Token<'_>| {
        let single_hedge = HEDGES.iter().any(|(_, phrases)| phrases.contains(&word.lower.as_str()));
        TURNS.contains(&word.lower.as_str()) || (single_hedge && word.lower.len() > 3)
    };
    if let Some(word) = sentence.iter().find(is_negation).or_else(|| clause.iter().find(turns)) {
        let reason = format!(
            "'{}' before the number changes its meaning in a way that is not understood; expected one hedge, right before the number",
            word.text
        );
        return Err(Fault { span: word.span.clone(), reason });
    }
    if hedged {
        return Ok(());
    }
    let is_lead_in = |word: &Token<'_>| LEAD_INS.contains(&word.lower.as_str());
    let last = clause.iter().rfind(|word| !word.is_mark());
    let unknown = last.filter(|word| !is_lead_in(word));
    // "abuot a distance of 85 km": a misspelt hedge does not hide behind words that are harmless.
    let misspelt = clause.iter().rfind(|word| !word.is_mark() && !is_lead_in(word)).filter(|word| {
        word.lower.len() >= 5
            && Hedge::phrases().any(|known| known.len() >= 5 && strsim::osa_distance(known, &word.lower) == 1)
    });
    let Some(word) = unknown.or(misspelt) else {
        return Ok(());
    };
    let reason = format!(
        "'{}' before the number is no hedge that is understood{}; understood are {} and words like them",
        word.text,
        did_you_mean(&word.lower, Hedge::phrases()),
        HEDGES.map(|(hedge, _)| hedge.to_string()).join(", ")
    );
    Err(Fault { span: word.span.clone(), reason })
}
