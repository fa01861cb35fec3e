//! Phrases and what they say, row by row: the tables of `tests/phrases`, whose README has the sources.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use siteband::{Claim, Course, Direction, Hedge, Offset, ParseClaimError, Role};

/// One claim of a text, as somebody read it.
#[derive(Debug, Deserialize, PartialEq)]
struct Row {
    text: String,
    hedge: String,
    value: String,
    value_to: String,
    unit: String,
    restated: String,
    direction: String,
    relation: String,
    course: String,
    feature: String,
    side: String,
    skipped: String,
}

#[derive(Debug, Deserialize)]
struct Refused {
    text: String,
    word: String,
    message: String,
}

fn rows<R: for<'de> Deserialize<'de>>(name: &str) -> Vec<R> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/phrases").join(name);
    let mut reader = csv::Reader::from_path(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    reader.deserialize().map(|row| row.unwrap_or_else(|error| panic!("{}: {error}", path.display()))).collect()
}

/// What a claim says, in the words of the tables.
fn row_of(text: &str, claim: &Claim) -> Row {
    let words = |words: Option<String>| words.unwrap_or_default();
    let range = |offset: &Offset, to: Option<&Offset>| match to {
        Some(to) => format!("{offset} to {to}"),
        None => offset.to_string(),
    };
    Row {
        text: text.to_owned(),
        hedge: words(claim.hedge().map(|hedge: Hedge| hedge.to_string())),
        value: claim.offset().to_string(),
        value_to: words(claim.offset_to().map(Offset::to_string)),
        unit: claim.unit().to_string(),
        restated: words(
            claim
                .restated()
                .map(|restated| format!("{} {}", range(restated.offset(), restated.offset_to()), restated.unit())),
        ),
        direction: words(claim.direction().map(|wind: Direction| wind.name().to_owned())),
        relation: format!("{:?}", claim.relation()).to_lowercase(),
        course: match claim.course() {
            Course::Unstated => String::new(),
            course => format!("{course:?}").to_lowercase(),
        },
        feature: claim.feature().to_owned(),
        side: words(claim.side().map(str::to_owned)),
        skipped: claim.skipped().join(" | "),
    }
}

const TABLES: [&str; 5] = ["written.csv", "dprk.csv", "piracy.csv", "ships.csv", "earthquakes.csv"];

/// Every text of the tables with its claims, in order.
fn phrases() -> Vec<(String, Vec<Row>)> {
    let mut phrases: Vec<(String, Vec<Row>)> = Vec::new();
    for row in TABLES.into_iter().flat_map(rows::<Row>) {
        match phrases.last_mut().filter(|(text, _)| *text == row.text) {
            Some((_, claims)) => claims.push(row),
            None => phrases.push((row.text.clone(), vec![row])),
        }
    }
    phrases
}

#[test]
fn every_phrase_says_what_stands_beside_it() {
    let phrases = phrases();
    let mut wrong = Vec::new();
    for (text, expected) in &phrases {
        let found =
            Claim::parse_all(text).map(|claims| claims.iter().map(|claim| row_of(text, claim)).collect::<Vec<_>>());
        match found {
            Ok(found) if found == *expected => {}
            Ok(found) => wrong.push(format!("{text}\n  expected {expected:?}\n  found    {found:?}")),
            Err(error) => wrong.push(format!("{text}\n  refused: {error}")),
        }
    }
    assert!(phrases.len() >= 300, "{} phrases", phrases.len());
    assert!(wrong.is_empty(), "{} of {} phrases:\n{}", wrong.len(), phrases.len(), wrong.join("\n"));
}

#[test]
fn what_must_not_parse_names_the_word() {
    let refused: Vec<Refused> = rows("refused.csv");
    let mut wrong = Vec::new();
    for Refused { text, word, message } in &refused {
        match Claim::parse_all(text) {
            Ok(claims) => wrong.push(format!("{text}\n  understood as {claims:?}")),
            Err(error @ ParseClaimError { .. }) => {
                let says = error.to_string();
                let at_word = text[error.span.clone()] == error.word;
                if error.word != *word || !says.contains(message.as_str()) || !at_word {
                    wrong.push(format!(
                        "{text}\n  expected '{word}' and \"{message}\"\n  found    '{}': {says}",
                        error.word
                    ));
                }
            }
        }
    }
    assert!(refused.len() >= 100, "{} phrases", refused.len());
    assert!(wrong.is_empty(), "{} of {} phrases:\n{}", wrong.len(), refused.len(), wrong.join("\n"));
}

/// No word is lost: each is in one part, in order, and the claims of a text share no part.
#[test]
fn parts_cover_every_word() {
    for (text, _) in phrases() {
        let claims = Claim::parse_all(&text).unwrap_or_else(|error| panic!("{error}"));
        let parts: Vec<_> = claims.iter().flat_map(Claim::parts).collect();
        assert!(parts.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "{text}: {parts:?}");
        for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            assert!(parts.iter().any(|part| part.span.contains(&at)), "{text}: '{c}' at byte {at} is in no part");
        }
        for claim in &claims {
            let words = |role: Role| {
                claim
                    .parts()
                    .iter()
                    .filter(|part| part.role == role)
                    .map(|part| &text[part.span.clone()])
                    .collect::<Vec<_>>()
            };
            assert_eq!(words(Role::Feature), [claim.feature()], "{text}");
            assert_eq!(words(Role::Skipped), claim.skipped(), "{text}");
            assert_eq!(claim.text(), &text[claim.span()], "{text}");
        }
    }
}

/// parse(print(c)) = c, and the claim's own words say the same without what stands around them.
#[test]
fn printed_claims_and_their_own_words_say_the_same() {
    for (text, _) in phrases() {
        for claim in Claim::parse_all(&text).unwrap_or_else(|error| panic!("{error}")) {
            for words in [claim.to_string(), claim.text().to_owned()] {
                let again: Claim = words.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
                assert_eq!(again, claim, "{text}: {words}");
            }
        }
    }
}

/// A paragraph of phrases has the claims of each phrase, at the right places.
#[test]
fn every_phrase_is_found_in_a_paragraph() {
    let phrases: Vec<_> = phrases().into_iter().filter(|(text, _)| !text.contains(['(', '[', '\n'])).collect();
    for (text, expected) in &phrases {
        let paragraph =
            format!("On 14 March 2012 they counted 30 men in 3 camps. {text}. The range is 300 km, officials said.");
        let found = Claim::find_all(&paragraph);
        assert_eq!(found.claims.len(), expected.len(), "{paragraph}\n{found:?}");
        for (claim, row) in found.claims.iter().zip(expected) {
            assert_eq!(claim.feature(), row.feature, "{paragraph}");
            assert_eq!(claim.text(), &paragraph[claim.span()], "{paragraph}");
        }
        let left: BTreeMap<_, _> =
            found.not_understood.iter().map(|other| (other.text.as_str(), &other.reason)).collect();
        assert_eq!(left.keys().copied().collect::<Vec<_>>(), ["300 km"], "{paragraph}");
    }
}

/// The tables in the documentation of the module `claim` are the specification.
#[test]
fn the_tables_of_the_documentation() {
    let documentation = include_str!("../src/claim.rs");
    let lines = documentation.lines().filter_map(|line| line.strip_prefix("//! | ")?.strip_suffix('|'));
    let mut tables = [0, 0];
    let mut table = None;
    for line in lines {
        let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
        let [text, second, third] = cells.as_slice() else { panic!("three cells: {line}") };
        match (*second, table) {
            ("read as", _) => table = Some(0),
            ("word", _) => table = Some(1),
            (read_as, Some(0)) => {
                let claim: Claim = text.parse().unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(claim.to_string(), read_as, "{text}");
                assert_eq!(claim.skipped().join(" | "), *third, "{text}");
                tables[0] += 1;
            }
            (word, _) => {
                let error = text.parse::<Claim>().expect_err(text);
                assert_eq!(error.word, word, "{text}: {error}");
                let parts: Vec<_> = third.split("; ").collect();
                assert!(parts.iter().all(|part| error.reason.contains(part.trim_end_matches('?'))), "{text}: {error}");
                tables[1] += 1;
            }
        }
    }
    assert_eq!(tables, [27, 11]);
}

/// Text that nobody wrote: what is found lies within it, and a claim's own words say what it says.
#[test]
fn long_and_odd_texts() {
    let chain = "1 km from A and ".repeat(2000);
    let found = Claim::find_all(&chain);
    assert_eq!(found.claims.len(), 2000);
    assert!(found.not_understood.is_empty(), "{:?}", found.not_understood.first());
    for odd in [
        "one ".repeat(5000),
        "between ".repeat(5000),
        "1/2 ".repeat(5000),
        "(".repeat(5000),
        "km from ".repeat(5000),
        "north by ".repeat(5000),
    ] {
        let found = Claim::find_all(&odd);
        assert!(found.claims.is_empty(), "{:?}", found.claims.first());
    }
}
