//! The numbers of a claim, in digits, in words and as fractions.

use winnow::combinator::{alt, opt, preceded};
use winnow::error::{ErrMode, ParserError};
use winnow::prelude::*;
use winnow::token::{any, take_while};

use super::fault::{Fault, Parsed, refuse};
use super::figure::known_unit;
use super::offset::Offset;
use super::token::{Kind, Token, Words, quoted, span_of};

/// A number, and whether its words are vague by themselves, as "a dozen" is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number {
    pub(super) offset: Offset,
    pub(super) vague: bool,
    /// Whether it is one only if a unit follows: "a".
    pub(super) article: bool,
}

impl Number {
    fn exact(offset: Offset) -> Self {
        Self { offset, vague: false, article: false }
    }
}

/// One word that is as given.
pub(super) fn word<'w, 't: 'w>(wanted: &'static str) -> impl Parser<Words<'w, 't>, &'w Token<'t>, ErrMode<Fault>> {
    any.verify(move |token: &&Token<'t>| token.lower == wanted)
}

/// Several words in a row, as given.
pub(super) fn phrase(input: &mut Words<'_, '_>, wanted: &str) -> Parsed<()> {
    for wanted in wanted.split(' ') {
        any.verify(|token: &&Token<'_>| token.lower == wanted).void().parse_next(input)?;
    }
    Ok(())
}

/// The longest of several phrases that comes next, and what stands beside it in the table.
pub(super) fn longest<T: Copy>(input: &mut Words<'_, '_>, table: impl Iterator<Item = (T, &'static str)>) -> Parsed<T> {
    let start = input.clone();
    let (found, end) = table
        .filter_map(|(value, wanted)| {
            let mut rest = start.clone();
            phrase(&mut rest, wanted).ok().map(|()| (value, rest))
        })
        .min_by_key(|(_, rest)| rest.len())
        .ok_or_else(|| ErrMode::from_input(input))?;
    *input = end;
    Ok(found)
}

/// ```text
/// number   = mixed | dozen | digits | whole [ "thousand" … ] | article
/// mixed    = [ whole "and" ] part | digits part | digits "/" digits
/// part     = ½ | "half" [ "a" ] | "a quarter" [ "of a" ] | "three-quarters" [ "of a" ] | …
/// ```
/// "A" and "an" are one only where a unit or a time follows, which the caller has to see to.
pub(super) fn number(input: &mut Words<'_, '_>) -> Parsed<Number> {
    if let Some(words) = opt(no_number.take()).parse_next(input)? {
        let reason = format!("{} says no number: expected one, such as \"about 85 km from …\"", quoted(words));
        return refuse(span_of(words), reason);
    }
    alt((dozen, mixed.map(Number::exact), digits.map(Number::exact), in_words.map(Number::exact), article))
        .parse_next(input)
}

/// Words that stand where a number could, and say none.
fn no_number(input: &mut Words<'_, '_>) -> Parsed<()> {
    const PHRASES: [&str; 20] = [
        "dozens of",
        "scores of",
        "tens of",
        "hundreds of",
        "thousands of",
        "many tens of",
        "many hundreds of",
        "several dozen",
        "several hundred",
        "several thousand",
        "several tens of",
        "several hundreds of",
        "a few dozen",
        "a few hundred",
        "a few thousand",
        "several",
        "a few",
        "few",
        "many",
        "a number of",
    ];
    longest(input, PHRASES.iter().map(|words| ((), *words)))
}

fn dozen(input: &mut Words<'_, '_>) -> Parsed<Number> {
    const DOZENS: [(u32, &str); 10] = [
        (6, "half a dozen"),
        (6, "a half dozen"),
        (6, "half dozen"),
        (6, "half - a - dozen"),
        (12, "a dozen"),
        (24, "two dozen"),
        (36, "three dozen"),
        (2, "a couple of"),
        (2, "a couple"),
        (20, "a score of"),
    ];
    let value = alt((
        |input: &mut Words<'_, '_>| longest(input, DOZENS.into_iter()),
        |input: &mut Words<'_, '_>| phrase(input, "a score").map(|()| 20),
    ))
    .parse_next(input)?;
    Ok(Number { offset: Offset::whole(value), vague: true, article: false })
}

fn article(input: &mut Words<'_, '_>) -> Parsed<Number> {
    alt((word("a"), word("an"))).parse_next(input)?;
    Ok(Number { offset: Offset::whole(1), vague: false, article: true })
}

fn mixed(input: &mut Words<'_, '_>) -> Parsed<Offset> {
    alt((
        slashed.verify_map(|(n, d)| Offset::fraction(0, n, d)),
        (small_digits, opt(word("-")), slashed).verify_map(|(whole, _, (n, d))| Offset::fraction(whole, n, d)),
        (small_digits, character).verify_map(|(whole, (n, d))| Offset::fraction(whole, n, d)),
        character.verify_map(|(n, d)| Offset::fraction(0, n, d)),
        (alt((small_digits, whole_words)), preceded(hyphened("and"), part_words))
            .verify_map(|(whole, (n, d))| Offset::fraction(whole, n, d)),
        (part_words, opt(of_one)).verify_map(|((n, d), _)| Offset::fraction(0, n, d)),
    ))
    .parse_next(input)
}

/// Digits of a whole number, for the whole part of a fraction.
fn small_digits(input: &mut Words<'_, '_>) -> Parsed<u32> {
    any.verify_map(|token: &Token<'_>| token.text.parse().ok()).parse_next(input)
}

/// 1/4, with nothing between.
fn slashed(input: &mut Words<'_, '_>) -> Parsed<(u8, u8)> {
    let digits = |token: &Token<'_>| (token.kind == Kind::Digits).then(|| token.text.parse().ok()).flatten();
    let glued = |token: &&Token<'_>| token.glued;
    (
        any.verify_map(digits),
        any.verify(|token: &&Token<'_>| token.glued && matches!(token.text, "/" | "\u{2044}")),
        any.verify(glued).verify_map(digits),
    )
        .map(|(numerator, _, denominator)| (numerator, denominator))
        .parse_next(input)
}

/// ½, which may touch the digits before it.
fn character(input: &mut Words<'_, '_>) -> Parsed<(u8, u8)> {
    any.verify_map(|token: &Token<'_>| match token.kind {
        Kind::Fraction(numerator, denominator) => Some((numerator, denominator)),
        _ => None,
    })
    .parse_next(input)
}

/// A word that may have hyphens around it: "one-and-a-half".
fn hyphened<'w, 't: 'w>(wanted: &'static str) -> impl Parser<Words<'w, 't>, (), ErrMode<Fault>> {
    (opt(word("-")), word(wanted), opt(word("-"))).void()
}

/// "a half", "three-quarters", "two thirds".
pub(super) fn part_words(input: &mut Words<'_, '_>) -> Parsed<(u8, u8)> {
    let count = alt((
        (word("a"), opt(word("-"))).value(1),
        word("one").value(1),
        word("two").value(2),
        word("three").value(3),
        word("four").value(4),
    ));
    let part = |input: &mut Words<'_, '_>| {
        longest(
            input,
            [
                (2, "half"),
                (3, "third"),
                (3, "thirds"),
                (4, "quarter"),
                (4, "quarters"),
                (5, "fifth"),
                (5, "fifths"),
                (8, "eighth"),
                (8, "eighths"),
            ]
            .into_iter(),
        )
    };
    let counted = (count, opt(word("-")), part).map(|(count, _, part)| (count, part));
    alt((counted, word("half").value((1, 2)), word("quarter").value((1, 4)))).parse_next(input)
}

/// "of a", "a": a part of one unit.
fn of_one(input: &mut Words<'_, '_>) -> Parsed<()> {
    alt((|input: &mut Words<'_, '_>| phrase(input, "of a"), hyphened("a"), word("an").void(), word("of").void()))
        .parse_next(input)
}

/// Digits, and their thousands: "85 000", "5 thousand".
fn digits(input: &mut Words<'_, '_>) -> Parsed<Offset> {
    let first = any.verify(|token: &&Token<'_>| token.kind == Kind::Digits).parse_next(input)?;
    let start = first.span.start;
    let is_group = |token: &Token<'_>| token.text.len() == 3 && token.kind == Kind::Digits && !token.glued;
    let may_have_groups = first.text.len() <= 3 && first.text.bytes().all(|byte| byte.is_ascii_digit());
    let groups = take_while(0.., |token: &Token<'_>| may_have_groups && is_group(token)).parse_next(input)?;
    let end = groups.last().map_or(first.span.end, |last| last.span.end);
    let joined: String = std::iter::once(first.text).chain(groups.iter().map(|group| group.text)).collect();
    let thousand = opt(word("thousand")).parse_next(input)?.is_some();
    let offset = match Offset::parse(&joined) {
        Ok(offset) => offset,
        // Dates and the like are no distances; what has a unit is meant to be one.
        Err(reason) if known_unit(&mut input.clone()).is_ok() => return refuse(start..end, reason),
        Err(_) => return Err(ErrMode::from_input(input)),
    };
    if !groups.is_empty() && first.text.starts_with('0') {
        return refuse(start..end, "begins with a zero: expected a number such as 85 000");
    }
    if !thousand {
        return Ok(offset);
    }
    match joined.parse::<u32>() {
        Ok(value) if value < 1000 => Ok(Offset::whole(value * 1000)),
        _ => refuse(start..end, format!("'{joined} thousand' is not understood: expected digits only")),
    }
}

/// "eighty-five", "a hundred and twenty", "twelve hundred", "two thousand five hundred".
fn in_words(input: &mut Words<'_, '_>) -> Parsed<Offset> {
    whole_words.map(Offset::whole).parse_next(input)
}

fn whole_words(input: &mut Words<'_, '_>) -> Parsed<u32> {
    let and = |input: &mut Words<'_, '_>| opt(word("and")).void().parse_next(input);
    let thousands = (alt((below_thousand, word("a").value(1))), word("thousand"), opt(preceded(and, below_thousand)))
        .map(|(thousands, _, rest)| thousands * 1000 + rest.unwrap_or(0));
    alt((thousands, below_thousand)).parse_next(input)
}

/// Up to 999; and "twelve hundred".
fn below_thousand(input: &mut Words<'_, '_>) -> Parsed<u32> {
    let and = |input: &mut Words<'_, '_>| opt(word("and")).void().parse_next(input);
    let hundreds = (alt((small, word("a").value(1))), word("hundred"), opt(preceded(and, small)))
        .map(|(hundreds, _, rest)| hundreds * 100 + rest.unwrap_or(0));
    alt((hundreds, small)).parse_next(input)
}

/// Up to 99.
fn small(input: &mut Words<'_, '_>) -> Parsed<u32> {
    const ONES: [&str; 19] = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let one_of = |words: &'static [&'static str]| {
        move |input: &mut Words<'_, '_>| {
            any.verify_map(|token: &Token<'_>| (1_u32..).zip(words).find(|(_, word)| token.lower == **word))
                .map(|(value, _)| value)
                .parse_next(input)
        }
    };
    let tens = (one_of(&TENS), opt(preceded(opt(word("-")), one_of(&ONES[..9]))))
        .map(|(tens, ones)| (tens + 1) * 10 + ones.unwrap_or(0));
    alt((tens, one_of(&ONES))).parse_next(input)
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    fn read(text: &str) -> Option<(String, usize)> {
        let tokens = tokens(text);
        let mut input = Words::new(&tokens);
        number(&mut input).ok().map(|number| (number.offset.to_string(), input.len()))
    }

    #[test]
    fn numbers_in_words() {
        for (text, offset) in [
            ("eighty-five", "85"),
            ("eighty five", "85"),
            ("nineteen", "19"),
            ("one hundred and twenty", "120"),
            ("a hundred", "100"),
            ("three hundred forty-two", "342"),
            ("twelve hundred", "1200"),
            ("twenty-five hundred", "2500"),
            ("two thousand five hundred", "2500"),
            ("a thousand", "1000"),
            ("one thousand and one", "1001"),
            ("5 thousand", "5000"),
            ("a dozen", "12"),
            ("half a dozen", "6"),
            ("a couple of", "2"),
            ("half a", "1/2"),
            ("three-quarters of a", "3/4"),
            ("two and a half", "2 1/2"),
            ("2 and a half", "2 1/2"),
            ("2½", "2 1/2"),
            ("2 1/2", "2 1/2"),
            ("2-1/2", "2 1/2"),
            ("1/4", "1/4"),
            ("¼", "1/4"),
            ("one-third of a", "1/3"),
            ("85 000", "85000"),
            ("1 200 000", "1200000"),
            ("an", "1"),
        ] {
            assert_eq!(read(text), Some((offset.to_owned(), 0)), "{text}");
        }
        for text in ["", "km", "hundred", "several", "½½"] {
            assert!(read(text).is_none_or(|(_, left)| left > 0), "{text}");
        }
    }
}
