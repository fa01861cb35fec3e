//! What was said: a distance claim, from its words.
//!
//! # Grammar
//! ```text
//! text     = { lead claim } rest
//! claim    = [ side ] [ course ] [ figure place [ closing ] | outskirts ]
//! figure   = measure [ "or so" ] [ restated ]
//! measure  = [ hedge ] numbers [ "or so" | "odd" ] [ "-" ] unit [ "and a half" ]
//! numbers  = number | [ "from" ] number ( "-" | "to" ) number | "between" number "and" number
//! number   = digits [ "." digits ] | digits "/" digits | words such as eighty-five, two and a half, a dozen
//! unit     = m | km | mi | nmi | ft | yd | li | ri, and their names (see Unit)
//! restated = "(" measure ")" | "/" measure | [ "," ] "or" measure [ "," ]
//! hedge    = about | around | roughly | approximately | … and the phrases taken like them (see Hedge)
//! place    = { "away" | course | direction } relation feature { course | "to the" direction | side }
//! relation = "from" | "off" | "inside" | "outside" | "across the border from" | "of" behind a direction | … (see Relation)
//! closing  = [ "," ] "or so" | "or more" | "at most" | "approximately" | … at the end of a clause
//! course   = "as the crow flies" | "by air" | "by road" | "along the coast" | … (see Course)
//! direction = [ "due" | "to the" ] one of the 32 points of the compass, in full or short: NNE, ExN
//! outskirts = "on the" [ "northern" … ] "outskirts of" feature
//! side     = "in" area | "inside" area | "on the" … "side" [ "of" feature ]
//! feature  = words, up to the end of the clause, a verb, or the next claim
//! ```
//! The lead and the rest are kept as [`Claim::skipped`]. In the lead, a word before the number that is neither a hedge nor a
//! plain lead-in is an error, never skipped in silence; so is a negation anywhere before it in the sentence. A second number
//! in another unit has to agree with the first. What is no distance from a feature is an error too: "a range of 85 km", "flew
//! 85 km", "500 m deep", "85 km²"; and so is a number with an uncertainty of its own, "85 ± 5 km".
//!
//! # Examples
//! | text | read as | not used |
//! |---|---|---|
//! | about 85 kilometers from the North Korean border with China | about 85 km from the North Korean border with China | |
//! | a military facility about 85 km from the border | about 85 km from the border | a military facility |
//! | 338-kilometers north of the demilitarized zone | 338 km north of the demilitarized zone | |
//! | nearly 53 miles from the Chinese border | nearly 53 mi from the Chinese border | |
//! | 85.0 km NNE of Pyongyang, officials said | 85.0 km north-northeast of Pyongyang | officials said |
//! | SOME 80 MILES SOUTH OF DAKHLA | about 80 mi south of DAKHLA | |
//! | Around 345NM ExN of Salalah, Oman | around 345 nmi east by north of Salalah | Oman |
//! | 2½ miles off Lagos | 2 1/2 mi off Lagos | |
//! | three-quarters of a mile from the buoy | 3/4 mi from the buoy | |
//! | one hundred and twenty km from Seoul | 120 km from Seoul | |
//! | a dozen kilometers from Seoul | about 12 km from Seoul | |
//! | 85 km or so from Seoul | about 85 km from Seoul | |
//! | 80-odd km from Seoul | over 80 km from Seoul | |
//! | between 80 and 90 km from the border | 80 to 90 km from the border | |
//! | 50 to 60 miles north of Seoul | 50 to 60 mi north of Seoul | |
//! | about 77 kilometers (48 miles) northwest of Pyongyang | about 77 km (48 mi) northwest of Pyongyang | |
//! | 85 kilometers, or 53 miles, from the border | 85 km (53 mi) from the border | |
//! | within 5 km of the U.S. border with Mexico | at most 5 km from the U.S. border with Mexico | |
//! | 60NM offshore Brava, Somalia | 60 nmi off Brava | Somalia |
//! | 53nm offshore SW of Bonny River | 53 nmi southwest off Bonny River | |
//! | 20 km deep inside the border | 20 km inside the border | |
//! | 20 km across the Chinese border from Dandong | 20 km across the border from Dandong | |
//! | 85 km from Pyongyang as the crow flies | 85 km in a straight line from Pyongyang | |
//! | 85 km along the coast from Pyongyang | 85 km by road from Pyongyang | |
//! | in North Korea, 85 km from the Chinese border | inside North Korea, 85 km from the Chinese border | |
//! | 20 km from Dandong, on the Chinese side | on the Chinese side, 20 km from Dandong | |
//! | a base on the northern outskirts of Pyongyang | on the northern outskirts of Pyongyang | a base |
//!
//! And what is no claim, with the word at fault:
//!
//! | text | word | because |
//! |---|---|---|
//! | abuot 85 km from China | abuot | no hedge; did you mean 'about'? |
//! | not 85 km from China | not | changes its meaning |
//! | dozens of km from China | dozens of | says no number |
//! | 85,5 km from China | 85,5 | write decimals with a point |
//! | 90 to 80 km from China | 90 to 80 | lower number first |
//! | 85 km (63 miles) from China | 63 | not the same distance |
//! | two hours' drive from China | hours' | is a time and no distance |
//! | 85 furlongs from China | furlongs | unknown unit |
//! | 85 km of China | of | was expected |
//! | a range of 85 km from China | range of | makes it another measure |
//! | 85 ± 5 km from China | ± | an uncertainty |
//!
//! # Judgements
//! "m" is a metre, also where a ship's report means nautical miles; "ri" is Korean; "80-odd" is more than 80; the "coast" that
//! a distance is off stays part of the feature's name. [`Hedge`], [`Unit`], [`Relation`] and [`Claim::OUTSKIRTS_KM`] say what
//! else was decided.

mod fault;
mod figure;
mod find;
mod grammar;
mod hedge;
mod number;
mod offset;
mod part;
mod place;
mod relation;
mod token;
mod words;

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::direction::Direction;
use crate::length::{Length, Unit};
use crate::limits::CLAIM_BYTES;
use fault::Fault;
use figure::Mode;
use grammar::{Found as Next, add_skipped, next_claim, nothing};
use token::tokens;

pub use fault::ParseClaimError;
pub use find::{Found, NotUnderstood};
pub use hedge::Hedge;
pub use hedge::Side;
pub use offset::{Offset, Restated};
pub use part::{Part, Role};
pub use relation::{Course, Relation};

/// A distance claim: an offset from a feature, as somebody worded it.
///
/// Two claims are equal if they say the same; the verbatim text, and the words around it, do not count.
///
/// # Example
/// ```
/// use siteband::{Claim, Hedge, Unit};
/// let claim: Claim = "a military facility about 85 kilometers from the North Korean border with China".parse()?;
/// assert_eq!(claim.hedge(), Some(Hedge::About));
/// assert_eq!((claim.offset().value(), claim.unit()), (85.0, Unit::Kilometer));
/// assert_eq!(claim.feature(), "the North Korean border with China");
/// assert_eq!(claim.skipped(), ["a military facility"]);
/// # Ok::<(), siteband::ParseClaimError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Claim {
    wording: Box<Wording>,
    hedge: Option<Hedge>,
    offset: Offset,
    offset_to: Option<Offset>,
    unit: Unit,
    restated: Option<Restated>,
    direction: Option<Direction>,
    relation: Relation,
    course: Course,
    feature: String,
    side: Option<String>,
}

/// How a claim was worded, which does not count for what it says.
#[derive(Clone, Debug, Default)]
struct Wording {
    text: String,
    span: Range<usize>,
    parts: Vec<Part>,
    skipped: Vec<String>,
}

impl Claim {
    /// How far out of a place its outskirts are taken to lie, in km: a judgement, for towns of some ten thousand people and
    /// more, measured from the middle of the place.
    pub const OUTSKIRTS_KM: (u32, u32) = (2, 10);

    /// Every claim that a text makes, in order; the text may join several ("242 kilometers north of … and only 65 kilometers
    /// from …").
    ///
    /// # Errors
    /// [`ParseClaimError`] if the text makes no claim, or one that is not understood, or has more than [`CLAIM_BYTES`].
    pub fn parse_all(text: &str) -> Result<Vec<Self>, ParseClaimError> {
        if text.len() > CLAIM_BYTES {
            let reason = format!("{} bytes for one claim: expected {CLAIM_BYTES} at most", text.len());
            return Err(Fault { span: 0..0, reason }.in_text(text));
        }
        let words = tokens(text);
        let mut claims: Vec<Self> = Vec::new();
        let mut start = 0;
        loop {
            match next_claim(text, &words, start, Mode::Claim) {
                Next::Claim(mut claim, end) => {
                    let more = !matches!(next_claim(text, &words, end, Mode::Claim), Next::Nothing);
                    let until = if more { end } else { words.len() };
                    add_skipped(text, &words[start..until], &mut claim);
                    claims.push(claim);
                    if !more {
                        return Ok(claims);
                    }
                    start = end;
                }
                Next::Fault(fault, _) => return Err(fault.in_text(text)),
                Next::Nothing => return Err(nothing(&words).in_text(text)),
            }
        }
    }

    /// The words of the claim as they were given.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.wording.text
    }

    /// Where those words stand: bytes of the text that was parsed.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.wording.span.clone()
    }

    /// What each word of the text was understood to be, in order. Of a text with several claims, each has the words behind
    /// the claim before it, and the last has the rest.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.wording.parts
    }

    /// The parts of the text that are no part of the claim.
    #[must_use]
    pub fn skipped(&self) -> &[String] {
        &self.wording.skipped
    }

    /// The hedge, if there is one.
    #[must_use]
    pub fn hedge(&self) -> Option<Hedge> {
        self.hedge
    }

    /// The number as it was written; the lower one of a range.
    #[must_use]
    pub fn offset(&self) -> &Offset {
        &self.offset
    }

    /// The upper number of a range.
    #[must_use]
    pub fn offset_to(&self) -> Option<&Offset> {
        self.offset_to.as_ref()
    }

    /// Whether the numbers are not said but implied, as by "on the outskirts of": see [`Claim::OUTSKIRTS_KM`].
    #[must_use]
    pub fn is_implied(&self) -> bool {
        self.relation == Relation::Outskirts
    }

    /// The unit of the number.
    #[must_use]
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// The number in its unit, as a length.
    #[must_use]
    pub fn offset_length(&self) -> Length {
        Length::computed_m(self.offset.value() * self.unit.m())
    }

    /// The same offset in another unit, if it was stated twice.
    #[must_use]
    pub fn restated(&self) -> Option<&Restated> {
        self.restated.as_ref()
    }

    /// The direction from the feature to the place, if one was stated.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        self.direction
    }

    /// How the place lies to the feature.
    #[must_use]
    pub fn relation(&self) -> Relation {
        self.relation
    }

    /// Along which way the offset was measured.
    #[must_use]
    pub fn course(&self) -> Course {
        self.course
    }

    /// The words that name the feature.
    #[must_use]
    pub fn feature(&self) -> &str {
        &self.feature
    }

    /// The area that the words put the place in: "North Korea" in "in North Korea, 85 km from …".
    #[must_use]
    pub fn side(&self) -> Option<&str> {
        self.side.as_deref()
    }

    /// Whether two claims say the same of features that may have several names, such as "the DMZ" and "the demilitarized zone".
    pub(crate) fn says_the_same_but_for_names(&self, other: &Self) -> bool {
        self.hedge == other.hedge
            && self.offset == other.offset
            && self.offset_to == other.offset_to
            && self.unit == other.unit
            && self.restated == other.restated
            && self.direction == other.direction
            && self.relation == other.relation
            && self.course == other.course
    }
}

impl PartialEq for Claim {
    fn eq(&self, other: &Self) -> bool {
        let side = |claim: &Self| claim.side.as_ref().map(|side| side.to_lowercase());
        self.says_the_same_but_for_names(other)
            && self.feature.to_lowercase() == other.feature.to_lowercase()
            && side(self) == side(other)
    }
}

impl fmt::Display for Claim {
    /// The claim in its plainest words, which parse to the same claim.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(side) = &self.side {
            write!(f, "{} {side}, ", if place::is_on_side(side) { "on" } else { "inside" })?;
        }
        self.write_about(f, &self.feature)
    }
}

impl Claim {
    /// The claim with another number, so many steps of its last significant digit away; none for a range, or where that is no
    /// distance. A number that was said twice is said once then.
    pub(crate) fn with_number_moved(&self, steps: i32) -> Option<Self> {
        if self.offset_to.is_some() {
            return None;
        }
        Some(Self { offset: self.offset.moved(steps)?, restated: None, ..self.clone() })
    }

    /// The claim without its side, about a feature under another name.
    pub(crate) fn write_about(&self, f: &mut fmt::Formatter<'_>, feature: &str) -> fmt::Result {
        if self.is_implied() {
            return match self.direction {
                Some(direction) => write!(f, "on the {direction}ern outskirts of {feature}"),
                None => write!(f, "on the outskirts of {feature}"),
            };
        }
        if let Some(hedge) = self.hedge {
            write!(f, "{hedge} ")?;
        }
        write_numbers(f, &self.offset, self.offset_to())?;
        write!(f, " {} ", self.unit)?;
        if let Some(restated) = &self.restated {
            f.write_str("(")?;
            write_numbers(f, restated.offset(), restated.offset_to())?;
            write!(f, " {}) ", restated.unit())?;
        }
        if self.course != Course::Unstated {
            write!(f, "{} ", self.course)?;
        }
        match (self.direction, self.relation) {
            (Some(direction), Relation::From) => write!(f, "{direction} of {feature}"),
            (Some(direction), relation) => write!(f, "{direction} {relation} {feature}"),
            (None, relation) => write!(f, "{relation} {feature}"),
        }
    }
}

fn write_numbers(f: &mut fmt::Formatter<'_>, offset: &Offset, to: Option<&Offset>) -> fmt::Result {
    match to {
        Some(to) => write!(f, "{offset} to {to}"),
        None => write!(f, "{offset}"),
    }
}

impl FromStr for Claim {
    type Err = ParseClaimError;

    fn from_str(text: &str) -> Result<Self, ParseClaimError> {
        match <[Self; 1]>::try_from(Self::parse_all(text)?) {
            Ok([claim]) => Ok(claim),
            Err(claims) => {
                let span = claims.get(1).map_or(0..0, Self::span);
                let reason = format!("found {} claims in one text: give them one at a time", claims.len());
                Err(Fault { span, reason }.in_text(text))
            }
        }
    }
}

impl TryFrom<String> for Claim {
    type Error = ParseClaimError;

    fn try_from(text: String) -> Result<Self, ParseClaimError> {
        text.parse()
    }
}

impl From<Claim> for String {
    fn from(claim: Claim) -> Self {
        claim.wording.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Claim {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn the_words_of_real_reports() {
        for (text, hedge, offset, unit, direction, feature) in [
            (
                "a military facility about 85 kilometers from the North Korean border with China",
                "about",
                "85",
                Unit::Kilometer,
                "",
                "the North Korean border with China",
            ),
            (
                "Approximately 27 kilometers from the China-North Korean border",
                "approximately",
                "27",
                Unit::Kilometer,
                "",
                "the China-North Korean border",
            ),
            ("212 kilometers north of the DMZ", "", "212", Unit::Kilometer, "north", "the DMZ"),
            (
                "338-kilometers north of the demilitarized zone",
                "",
                "338",
                Unit::Kilometer,
                "north",
                "the demilitarized zone",
            ),
            ("about 77 kilometers northwest of Pyongyang", "about", "77", Unit::Kilometer, "northwest", "Pyongyang"),
            (
                "located some 53 miles north-north-east of Seoul, officials said.",
                "about",
                "53",
                Unit::Mile,
                "north-northeast",
                "Seoul",
            ),
            ("~85.0km from the border", "about", "85.0", Unit::Kilometer, "", "the border"),
            ("no more than 1,200 nautical miles from Guam", "at most", "1200", Unit::NauticalMile, "", "Guam"),
            ("ca. 85 km from Sinuiju", "about", "85", Unit::Kilometer, "", "Sinuiju"),
            (
                "about 77 kilometers (48 miles) northwest of Pyongyang",
                "about",
                "77",
                Unit::Kilometer,
                "northwest",
                "Pyongyang",
            ),
            (
                "within 5 km of the U.S. border with Mexico",
                "at most",
                "5",
                Unit::Kilometer,
                "",
                "the U.S. border with Mexico",
            ),
            ("- 85 km. from St. Petersburg, a source said", "", "85", Unit::Kilometer, "", "St. Petersburg"),
            ("only 65 km away from the Chinese border", "", "65", Unit::Kilometer, "", "the Chinese border"),
        ] {
            let claim = parse(text);
            assert_eq!(claim.hedge().map_or(String::new(), |hedge| hedge.to_string()), hedge, "{text}");
            assert_eq!(claim.offset().to_string(), offset, "{text}");
            assert_eq!(claim.unit(), unit, "{text}");
            assert_eq!(claim.direction().map_or("", Direction::name), direction, "{text}");
            assert_eq!(claim.feature(), feature, "{text}");
            assert_eq!(parse(&claim.to_string()), claim, "{text}: {claim}");
        }
    }

    #[test]
    fn two_claims_in_one_sentence_are_two() {
        let text = "242 kilometers north of the demilitarized zone and only 65 kilometers from the Chinese border";
        let claims = Claim::parse_all(text).expect("two claims");
        let said: Vec<_> = claims.iter().map(ToString::to_string).collect();
        assert_eq!(said, ["242 km north of the demilitarized zone", "65 km from the Chinese border"]);
        let error = text.parse::<Claim>().expect_err("one only").to_string();
        assert!(error.contains("2 claims"), "{error}");
        // "and" between two names is no second claim.
        assert_eq!(
            parse("85 km from the border between China and North Korea").feature(),
            "the border between China and North Korea"
        );
    }

    #[test]
    fn precision_is_kept() {
        assert_ne!(parse("85 km from X"), parse("85.0 km from X"));
        assert_eq!(parse("85 km from X"), parse("a base 85 kilometres from x"));
        assert_eq!(parse("85.0 km from X").offset().last_digit(), 0.1);
        assert_eq!(parse("85.0 km from X").offset_length(), Length::from_km(85.0).expect("valid"));
    }

    #[test]
    fn what_is_not_understood_names_the_word() {
        for (text, word, why) in [
            ("about eighty km from", "", "no feature"),
            ("dozens of km from China", "dozens of", "says no number"),
            ("abuot 85 km from China", "abuot", "did you mean 'about'"),
            ("give or take 85 km from China", "or", "changes its meaning"),
            ("not about 85 km from China", "not", "changes its meaning"),
            ("more than about 85 km from China", "more than", "one of two"),
            ("a depot 85 km from China", "depot", "no hedge"),
            ("about 85 furlongs from China", "furlongs", "unknown unit"),
            ("about 85 kilomters from China", "kilomters", "did you mean 'kilometers'"),
            ("about 85", "", "no unit"),
            ("about 85 km", "", "ends before"),
            ("about 85 km from", "", "no feature"),
            ("about 85 km beside China", "beside", "was expected"),
            ("about 85 km of China", "of", "was expected"),
            ("about 85,5 km from China", "85,5", "write decimals with a point"),
            ("about 0 km from China", "0", "more than zero"),
            ("about .85 km from China", ".85", "no distance"),
            ("-85 km from China", "-85", "without a sign"),
            ("about 85-80 km from China", "85-80", "lower number first"),
            ("about 85 000 km from China", "85 000", "farther than"),
            ("about 85000 km from China", "85000", "farther than"),
            ("about 85 km (63 miles) from China", "63", "not the same distance"),
            ("about 85 km (53 miles or so) from China", "53", "holds more"),
            ("about 85 km (or so) from China", "(", "was expected"),
        ] {
            let error = text.parse::<Claim>().expect_err(text);
            assert_eq!(error.word, word, "{text}: {error}");
            assert_eq!(&text[error.span.clone()], word, "{text}: {error}");
            assert!(error.to_string().contains(why), "{text}: {error}");
        }
    }
}
