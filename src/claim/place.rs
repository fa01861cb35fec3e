//! What stands behind the figure: course, direction, relation, feature and side.

use std::ops::Range;

use winnow::combinator::{alt, delimited, opt, peek, preceded};
use winnow::error::{ErrMode, ParserError};
use winnow::prelude::*;
use winnow::token::{take, take_while};

use super::fault::{Parsed, refuse};
use super::figure::{Mode, closing, figure};
use super::hedge::Hedge;
use super::number::{longest, number, phrase, word};
use super::part::{Part, Role};
use super::relation::{Course, Relation};
use super::token::{Token, Words, span_of, span_of_name, tokens};
use super::words::{FEATURE_ENDS, LEAD_INS, LINE_WORDS, SIDED_WORDS, TIMES_OF_YEAR, WAYS};
use crate::direction::Direction;
use crate::near::did_you_mean;

/// Where the place is, as far as the words say.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) direction: Option<Direction>,
    pub(super) relation: Option<Relation>,
    pub(super) course: Course,
    pub(super) feature: Range<usize>,
    pub(super) side: Option<Range<usize>>,
    pub(super) parts: Vec<Part>,
}

impl Place {
    fn add(&mut self, role: Role, words: &[Token<'_>]) {
        if !words.is_empty() {
            self.parts.push(Part { role, span: span_of(words) });
        }
    }
}

/// ```text
/// place    = approach feature { [ "," ] course | "to the" wind | [ "," ] side }
/// approach = { "away" | course | direction } relation
/// ```
pub(super) fn place(input: &mut Words<'_, '_>, hedge: Option<Hedge>) -> Parsed<Place> {
    let mut place = approach(input, hedge)?;
    let feature = feature.parse_next(input)?;
    place.feature = span_of_name(feature);
    place.add(Role::Feature, feature);
    let of_line = feature.iter().any(|word| LINE_WORDS.contains(&word.lower.as_str()));
    loop {
        if place.course == Course::Unstated
            && let Some((found, words)) = opt(preceded(opt(word(",")), course.with_taken())).parse_next(input)?
        {
            place.course = found;
            place.add(Role::Course, words);
            continue;
        }
        if place.direction.is_none()
            && let Some((wind, words)) = opt(direction_behind.with_taken()).parse_next(input)?
        {
            place.direction = Some(wind);
            place.add(Role::Direction, words);
            continue;
        }
        let side = |input: &mut Words<'_, '_>| side(input, of_line);
        if place.side.is_none()
            && let Some((area, words)) = opt(preceded(opt(word(",")), side.with_taken())).parse_next(input)?
        {
            place.side = Some(area);
            place.add(Role::Side, words);
            continue;
        }
        return Ok(place);
    }
}

/// "on the northern outskirts of Pyongyang", which needs no figure.
pub(super) fn outskirts(input: &mut Words<'_, '_>) -> Parsed<Place> {
    let mut place = Place { relation: Some(Relation::Outskirts), ..Place::default() };
    let opening = (opt(alt((word("on"), word("in"), word("at")))), opt(word("the"))).take();
    let ending = (word("outskirts"), word("of")).take();
    let (opening, wind, ending) = (opening, opt(adjective.with_taken()), ending).parse_next(input)?;
    if let Some((wind, words)) = wind {
        place.add(Role::Relation, opening);
        place.direction = Some(wind);
        place.add(Role::Direction, words);
        place.add(Role::Relation, ending);
    } else {
        let start = opening.first().map_or(ending[0].span.start, |first| first.span.start);
        place.parts.push(Part { role: Role::Relation, span: start..span_of(ending).end });
    }
    let feature = feature.parse_next(input)?;
    place.feature = span_of_name(feature);
    place.add(Role::Feature, feature);
    Ok(place)
}

/// Everything between the figure and the name of the feature.
fn approach(input: &mut Words<'_, '_>, hedge: Option<Hedge>) -> Parsed<Place> {
    let mut place = Place::default();
    let mut abbreviated = false;
    for _ in 0..6 {
        let aside = delimited(word(","), course, word(","));
        if place.course == Course::Unstated
            && let Some((found, words)) = opt(alt((course, aside)).with_taken()).parse_next(input)?
        {
            place.course = found;
            place.add(Role::Course, words);
        } else if place.direction.is_none()
            && let Some((wind, words)) = opt(direction.with_taken()).parse_next(input)?
        {
            place.direction = Some(wind);
            place.add(Role::Direction, words);
            abbreviated = matches!(words, [only] if (2..=3).contains(&only.lower.len()));
        } else if let Some(words) = opt(filler.take()).parse_next(input)? {
            place.add(Role::Relation, words);
        } else {
            break;
        }
    }
    let of_goes = place.direction.is_some() || hedge == Some(Hedge::AtMost) || upstream(&place, input);
    let start = input.clone();
    if let Some((relation, words)) = opt(alt((relation, across)).with_taken()).parse_next(input)? {
        place.relation = Some(relation);
        place.add(Role::Relation, words);
        let wind_of = (direction.with_taken(), word("of").take());
        if relation == Relation::Off
            && place.direction.is_none()
            && let Some(((wind, words), of)) = opt(wind_of).parse_next(input)?
        {
            // "off NW of the islands"
            place.direction = Some(wind);
            place.add(Role::Direction, words);
            place.add(Role::Relation, of);
        }
    } else if of_goes && let Some(of) = opt(word("of").take()).parse_next(input)? {
        place.relation = Some(Relation::From);
        place.add(Role::Relation, of);
    } else if abbreviated && input.first().is_some_and(|next| next.is_capitalised() || next.lower == "the") {
        // "SE Salalah"; a wind in full may be part of the name, as in "South Korea".
        place.relation = Some(Relation::From);
    } else {
        return no_relation(&start);
    }
    merge(&mut place.parts);
    Ok(place)
}

/// Whether the last course was "upstream" or "downstream", behind which "of" says from where.
fn upstream(place: &Place, input: &Words<'_, '_>) -> bool {
    place.course == Course::Road && input.previous_tokens().next().is_some_and(|word| word.lower.ends_with("stream"))
}

/// Neighbours of one role become one part.
pub(super) fn merge(parts: &mut Vec<Part>) {
    parts.dedup_by(|next, before| {
        let same = next.role == before.role;
        if same {
            before.span.end = next.span.end;
        }
        same
    });
}

fn no_relation<T>(input: &Words<'_, '_>) -> Parsed<T> {
    const EXPECTED: [&str; 14] = [
        "from",
        "off",
        "offshore",
        "of",
        "inside",
        "outside",
        "across",
        "away",
        "north",
        "east",
        "south",
        "west",
        "northeast",
        "southwest",
    ];
    // "20-km-wide": at the word.
    let hyphen = input.first().is_some_and(|first| first.lower == "-") && input.len() > 1;
    let Some(found) = input.get(usize::from(hyphen)) else {
        let end = input.previous_tokens().next().map_or(0, |last| last.span.end);
        return refuse(end..end, "the text ends before \"from\" and the name of a feature");
    };
    no_uncertainty(input)?;
    let reason = match found.lower.as_str() {
        "across" | "over" => {
            format!("'{}' stands without its \"from\": expected \"across the border from\"", found.text)
        }
        word => format!(
            "'{}' stands where \"from\", or a direction such as \"north of\", was expected{}",
            found.text,
            if found.is_word() && word.parse::<Direction>().is_err() {
                did_you_mean(
                    word,
                    EXPECTED.into_iter().filter(|known| (1..=2).contains(&strsim::osa_distance(known, word))),
                )
            } else {
                String::new()
            }
        ),
    };
    refuse(found.span.clone(), reason)
}

/// What to say of a number with an uncertainty of its own.
pub(super) const UNCERTAIN: &str =
    "an uncertainty beside the number is not understood: expected a range, such as \"80 to 90 km\"";

/// Refuses an uncertainty: "85 km from the border, ± 5 km".
pub(super) fn no_uncertainty(input: &Words<'_, '_>) -> Parsed<()> {
    let mut input = input.clone();
    opt(alt((word(","), word("(")))).parse_next(&mut input)?;
    match opt(uncertainty.take()).parse_next(&mut input)? {
        Some(words) => refuse(span_of(words), UNCERTAIN),
        None => Ok(()),
    }
}

fn uncertainty(input: &mut Words<'_, '_>) -> Parsed<()> {
    const PHRASES: [&str; 9] = [
        "±",
        "+ / -",
        "+ -",
        "plus or minus",
        "plus / minus",
        "with an error",
        "with an uncertainty",
        "with an accuracy",
        "to within",
    ];
    let listed = |input: &mut Words<'_, '_>| longest(input, PHRASES.iter().map(|words| ((), *words)));
    let give_or_take = |input: &mut Words<'_, '_>| phrase(input, "give or take");
    let counted = (give_or_take, alt((number.void(), peek(word("a")).void()))).void();
    alt((listed, counted)).parse_next(input)
}

/// Words between the unit and the relation that add nothing.
fn filler(input: &mut Words<'_, '_>) -> Parsed<()> {
    const FILLERS: [&str; 7] = ["away", "distant", "out", "out at sea", "out to sea", "inland", "distance"];
    // "deep inside", but not "500 m deep off Lagos".
    let inside = alt((word("inside"), word("into"), word("within")));
    alt(((word("deep"), peek(inside)).void(), |input: &mut Words<'_, '_>| {
        longest(input, FILLERS.iter().map(|words| ((), *words)))
    }))
    .parse_next(input)
}

fn relation(input: &mut Words<'_, '_>) -> Parsed<Relation> {
    const RELATIONS: [(Relation, &str); 18] = [
        (Relation::From, "from"),
        (Relation::Off, "off"),
        (Relation::Off, "off of"),
        (Relation::Off, "off from"),
        (Relation::Off, "offshore"),
        (Relation::Off, "offshore of"),
        (Relation::Off, "offshore from"),
        (Relation::Inside, "inside"),
        (Relation::Inside, "inside of"),
        (Relation::Inside, "into"),
        (Relation::Inside, "within"),
        (Relation::Inside, "within the territory of"),
        (Relation::Inside, "inside the territory of"),
        (Relation::Inside, "into the territory of"),
        (Relation::Outside, "outside"),
        (Relation::Outside, "outside of"),
        (Relation::Outside, "beyond"),
        (Relation::Across, "across from"),
    ];
    longest(input, RELATIONS.into_iter())
}

/// "across the border from", "over the Chinese border from".
fn across(input: &mut Words<'_, '_>) -> Parsed<Relation> {
    alt((word("across"), word("over"))).parse_next(input)?;
    let words = take_while(1..=6, |token: &Token<'_>| token.lower != "from" && (token.is_word() || token.lower == "-"))
        .parse_next(input)?;
    let over_line = words.last().is_some_and(|last| LINE_WORDS.contains(&last.lower.as_str()) || last.lower == "river");
    if !over_line {
        return Err(ErrMode::from_input(input));
    }
    word("from").value(Relation::Across).parse_next(input)
}

/// "north of", "due north", "to the north", "NNE", "north by east", "north-westward"; not the wind of an "East Coast".
pub(super) fn direction(input: &mut Words<'_, '_>) -> Parsed<Direction> {
    let opening =
        alt((|input: &mut Words<'_, '_>| phrase(input, "to the"), |input: &mut Words<'_, '_>| phrase(input, "in the")));
    (opt(opening), opt(word("due"))).void().parse_next(input)?;
    let wind = wind(input, |word| word.trim_end_matches("wards").trim_end_matches("ward").to_owned())?;
    if input.first().is_some_and(|next| SIDED_WORDS.contains(&next.lower.as_str())) {
        return Err(ErrMode::from_input(input));
    }
    opt(word("direction")).parse_next(input)?;
    Ok(wind)
}

/// "to the north", where the clause ends with it.
fn direction_behind(input: &mut Words<'_, '_>) -> Parsed<Direction> {
    let wind = preceded(peek((word("to"), word("the"))), direction).parse_next(input)?;
    match input.first() {
        Some(next) if !next.ends_clause() => Err(ErrMode::from_input(input)),
        _ => Ok(wind),
    }
}

/// "northern", "north-eastern".
fn adjective(input: &mut Words<'_, '_>) -> Parsed<Direction> {
    wind(input, |word| word.trim_end_matches("ern").to_owned())
}

/// The longest row of words that names a wind.
fn wind(input: &mut Words<'_, '_>, plain: impl Fn(&str) -> String) -> Parsed<Direction> {
    // "north - north - east", "north - east by east"
    const MOST_WORDS: usize = 7;
    let mut joined = String::new();
    let mut found = None;
    for (at, token) in input.iter().enumerate().take(MOST_WORDS) {
        let word = plain(&token.lower);
        match word.as_str() {
            "-" | "by" if at > 0 => {}
            word if token.is_word() && word.parse::<Direction>().is_ok() => {}
            _ => break,
        }
        joined.push_str(&word);
        if let Ok(wind) = joined.parse::<Direction>()
            && token.is_word()
            && word != "by"
        {
            found = Some((wind, at + 1));
        }
    }
    let (wind, count) = found.ok_or_else(|| ErrMode::from_input(input))?;
    take(count).void().parse_next(input)?;
    Ok(wind)
}

/// ```text
/// course = "as the crow flies" | "in a straight line" | "by air" | "by road" | "driving distance" | …
///        | ( "along" | "up" | "down" ) [ "the" ] { word } ( "road" | "coast" | "river" | … ) | "downstream" | …
/// ```
/// It may stand in brackets.
pub(super) fn course(input: &mut Words<'_, '_>) -> Parsed<Course> {
    const COURSES: [(Course, &str); 33] = [
        (Course::Straight, "as the crow flies"),
        (Course::Straight, "as a crow flies"),
        (Course::Straight, "in a straight line"),
        (Course::Straight, "in straight line"),
        (Course::Straight, "in a direct line"),
        (Course::Straight, "straight - line distance"),
        (Course::Straight, "straight line distance"),
        (Course::Straight, "straight - line"),
        (Course::Straight, "straight line"),
        (Course::Straight, "by air"),
        (Course::Road, "by road"),
        (Course::Road, "by car"),
        (Course::Road, "by highway"),
        (Course::Road, "by land"),
        (Course::Road, "by rail"),
        (Course::Road, "by train"),
        (Course::Road, "by sea"),
        (Course::Road, "by river"),
        (Course::Road, "by boat"),
        (Course::Road, "overland"),
        (Course::Road, "driving"),
        (Course::Road, "driving distance"),
        (Course::Road, "road distance"),
        (Course::Road, "travel distance"),
        (Course::Road, "upstream"),
        (Course::Road, "downstream"),
        (Course::Road, "upriver"),
        (Course::Road, "downriver"),
        (Course::Road, "up - river"),
        (Course::Road, "down - river"),
        (Course::Road, "up river"),
        (Course::Road, "down river"),
        (Course::Road, "by the road"),
    ];
    let listed = |input: &mut Words<'_, '_>| longest(input, COURSES.into_iter());
    let bracketed = (word("("), listed, word(")")).map(|(_, course, _)| course);
    alt((bracketed, listed, way.value(Course::Road))).parse_next(input)
}

/// "along the coast", "down the old coast road".
fn way(input: &mut Words<'_, '_>) -> Parsed<()> {
    const MOST_WORDS: usize = 4;
    alt((word("along"), word("up"), word("down"))).parse_next(input)?;
    let is_way = |token: &Token<'_>| WAYS.contains(&token.lower.as_str());
    let words = input.iter().take_while(|token| token.is_word() && token.lower != "from").take(MOST_WORDS + 1);
    let count = words.enumerate().filter(|(_, token)| is_way(token)).map(|(at, _)| at + 1).last();
    take(count.ok_or_else(|| ErrMode::from_input(input))?).void().parse_next(input)
}

/// The words that name a feature, up to the end of the clause or where something else begins.
pub(super) fn feature<'w, 't>(input: &mut Words<'w, 't>) -> Parsed<&'w [Token<'t>]> {
    let all = input.peek_slice(input.len());
    let mut count = all.len();
    // What ends it may depend on what lies behind it: until its words by themselves are all of it, which takes two rounds as a rule. Each looks at all
    // of them, so that there are no more than eight.
    for _ in 0..8 {
        let words = &all[..count];
        let mut fewer = (0..count).find(|at| ends_feature(&words[*at..], *at == 0)).unwrap_or(count);
        while fewer > 0 && words[fewer - 1].is_mark() {
            fewer -= 1;
        }
        if fewer == count {
            break;
        }
        count = fewer;
    }
    if !is_name(&all[..count]) {
        let reason = "no feature is named: expected words such as \"the Chinese border\"";
        let end = input.previous_tokens().next().map_or(0, |last| last.span.end);
        let next = all.get(count).or(all.last()).filter(|next| !next.is_mark());
        return refuse(next.map_or(end..end, |next| next.span.clone()), reason);
    }
    take(count).parse_next(input)
}

/// Whether words name anything.
fn is_name(words: &[Token<'_>]) -> bool {
    /// Words that name nothing by themselves.
    const EMPTY: [&str; 12] = ["the", "a", "an", "of", "its", "their", "-", "and", "or", "at", "but", "only"];
    words.iter().any(|word| word.text == "A" || !EMPTY.contains(&word.lower.as_str()))
}

fn ends_feature(rest: &[Token<'_>], first: bool) -> bool {
    let Some((token, behind)) = rest.split_first() else {
        return true;
    };
    let next = behind.first();
    if token.is_mark() {
        // Marks within names: Sino-ri, China/North Korea, L' Orange, A & B.
        let glued_after = next.is_some_and(|next| next.glued && !next.is_mark());
        return !match token.lower.as_str() {
            "-" | "/" => !first && token.glued && glued_after,
            "'" => !first && token.glued && next.is_some_and(Token::is_capitalised),
            "&" | "#" => true,
            _ => false,
        };
    }
    // "Is. de Goree" and "Tin Can Island".
    let named = token.is_capitalised() && token.text.chars().skip(1).all(char::is_lowercase);
    if first {
        // "that base" is a feature, "where they stood" is none.
        let pointing = matches!(token.lower.as_str(), "that" | "this" | "those" | "these");
        return (FEATURE_ENDS.contains(&token.lower.as_str()) && !named && !pointing) || claim_follows(rest);
    }
    let time_follows = next.is_some_and(|next| next.is_number() || TIMES_OF_YEAR.contains(&next.lower.as_str()));
    if closing(&mut Words::new(rest)).is_ok() {
        return true;
    }
    match token.lower.as_str() {
        word if FEATURE_ENDS.contains(&word) => !named,
        "on" | "in" | "by" | "of" if time_follows && next.is_none_or(|next| next.lower != "march") => true,
        "to" => direction_behind(&mut Words::new(rest)).is_ok(),
        "for" => next.is_some_and(|next| !next.is_capitalised()),
        "and" | "or" | "at" | "but" | "only" => {
            // "and 20 km east"; but "and Three Mile Island".
            let figure_follows = |rest: &[Token<'_>]| {
                rest.first().is_some_and(Token::is_number) && figure(&mut Words::new(rest), Mode::Prose).is_ok()
            };
            let lead = behind.iter().take_while(|word| LEAD_INS.contains(&word.lower.as_str()));
            (0..=lead.count()).any(|at| claim_follows(&behind[at..]) || figure_follows(&behind[at..]))
        }
        _ => {
            let mut rest = Words::new(rest);
            let uncertain = uncertainty(&mut rest.clone()).is_ok();
            uncertain || course(&mut rest.clone()).is_ok() || side(&mut rest, false).is_ok() || claim_follows(&rest)
        }
    }
}

/// The words that name an area: a feature, up to where the words turn to something in it, or to a figure.
fn area<'w, 't>(input: &mut Words<'w, 't>) -> Parsed<&'w [Token<'t>]> {
    const TURNS: [&str; 11] = ["at", "near", "on", "in", "inside", "within", "outskirts", "by", "a", "an", "about"];
    let named = feature(&mut input.clone())?;
    let is_turn = |at: &usize| {
        TURNS.contains(&named[*at].lower.as_str()) || figure(&mut Words::new(&named[*at..]), Mode::Prose).is_ok()
    };
    let turn = (1..named.len()).find(is_turn);
    let words = &named[..turn.unwrap_or(named.len())];
    let count = words.iter().rposition(|word| !word.is_mark()).map_or(words.len(), |last| last + 1);
    take(count).verify(is_name).parse_next(input)
}

/// Whether words behind "inside" or "within" may name an area: not "within two days", not "within range of Seoul".
fn is_definite(words: &[Token<'_>]) -> bool {
    const NO_AREAS: [&str; 11] =
        ["a", "an", "outskirts", "range", "reach", "sight", "striking", "earshot", "hours", "minutes", "days"];
    let is_word = |word: &Token<'_>| word.is_word() && !NO_AREAS.contains(&word.lower.as_str());
    words.first().is_some_and(is_word) && number(&mut Words::new(words)).is_err()
}

/// Whether words behind "in" may name an area: not "in fact", not "in May".
fn is_area(words: &[Token<'_>]) -> bool {
    const AREAS: [&str; 7] = ["country", "territory", "zone", "province", "region", "waters", "county"];
    let first = words.iter().find(|word| word.lower != "the");
    let named = words.iter().any(|word| word.is_capitalised() || AREAS.contains(&word.lower.as_str()));
    named
        && first.is_some_and(|first| {
            !first.is_number() && first.lower != "outskirts" && !TIMES_OF_YEAR.contains(&first.lower.as_str())
        })
}

/// Whether another claim begins here: a figure and what leads to a feature.
fn claim_follows(rest: &[Token<'_>]) -> bool {
    let mut input = Words::new(rest);
    figure(&mut input, Mode::Prose).is_ok_and(|figure| approach(&mut input, figure.measure.hedge).is_ok())
}

/// Whether it is a side that something lies on, and not an area that it lies in.
pub(super) fn is_on_side(side: &str) -> bool {
    let text = format!("on {side}, ");
    let tokens = tokens(&text);
    let mut input = Words::new(&tokens);
    on_side(&mut input).is_ok() && input.len() == 1
}

fn on_side(input: &mut Words<'_, '_>) -> Parsed<Range<usize>> {
    word("on").parse_next(input)?;
    let start = input.clone();
    // Where another side begins, this is none.
    let of_side = |token: &Token<'_>| {
        token.is_word() && !["side", "on", "in", "inside", "within", "outskirts"].contains(&token.lower.as_str())
    };
    let words = take_while(1..=5, of_side).parse_next(input)?;
    word("side").parse_next(input)?;
    opt((word("of"), area)).parse_next(input)?;
    let taken = start.len() - input.len();
    Ok(words[0].span.start..span_of_name(&start[..taken]).end)
}

/// ```text
/// side = "on" [ "the" ] { word } "side" [ "of" area ] | [ "deep" ] ( "inside" | "within" ) area | "in" area
/// ```
/// The last only behind a line, which is in no area itself.
pub(super) fn side(input: &mut Words<'_, '_>, of_line: bool) -> Parsed<Range<usize>> {
    let inside = preceded(
        (opt(alt((word("deep"), word("well"), word("just")))), alt((word("inside"), word("within")))),
        area.verify(|words: &[Token<'_>]| is_definite(words)).map(span_of_name),
    );
    let in_area = preceded(word("in"), area.verify(|words: &[Token<'_>]| is_area(words)).map(span_of_name));
    if of_line { alt((on_side, inside, in_area)).parse_next(input) } else { alt((on_side, inside)).parse_next(input) }
}
