//! Words that are no claim.

use crate::Case;

/// The words are the content of a case.
pub(crate) fn words_that_are_no_claim() -> Vec<Case> {
    fn case(name: &'static str, words: &str, says: &'static [&'static str]) -> Case {
        (name, words.into(), says)
    }
    vec![
        case("nothing", "", &["no number"]),
        case("blanks", " \t ", &["no number"]),
        case("no number", "near China", &["no number", "in \"near China\""]),
        case("NaN", "about NaN km from the Chinese border", &["no number"]),
        case("infinity", "about inf km from the Chinese border", &["no number"]),
        case("long", &"x".repeat(5000), &["no number"]),
        case("too long", &"about 85 km ".repeat(6_000), &["72000 bytes for one claim", "16384 at most"]),
        case("many claims", &"85 km from Seoul and ".repeat(700), &["found 700 claims in one text"]),
        case("many numbers", &"85 ".repeat(5_000), &["'85'"]),
        case("many brackets", &format!("85 km {} from Seoul", "(".repeat(16_000)), &["'('"]),
        case(
            "leagues",
            "about 85 leagues from the Chinese border",
            &["unknown unit 'leagues'", "km", "nautical miles"],
        ),
        case("no unit", "about 85 from the Chinese border", &["unknown unit 'from'"]),
        case("overflow", "about 1e999 km from the Chinese border", &["'e999'"]),
        case("misspelt", "abuot 85 km from the Chinese border", &["'abuot'", "did you mean 'about'"]),
        case("negated", "not 85 km from the Chinese border", &["'not'", "not understood"]),
        case("from nowhere", "about 85 km", &["ends before \"from\""]),
        case("from nothing", "about 85 km from", &["no feature is named"]),
        case("towards", "85 km towards the Chinese border", &["'towards'", "\"from\""]),
        case("zero", "about 0 km from the Chinese border", &["'0' is no distance", "more than zero"]),
        case("too far", "about 99999 km from the Chinese border", &["99999 km", "20,004 km"]),
        case("digits", "about 9999999999999999 km from the Chinese border", &["'9999999999999999'", "digits"]),
        case("decimals", "about 85.0000000000000000000001 km from the Chinese border", &["digits"]),
        case("a decimal comma", "about 85,5 km from the Chinese border", &["'85,5'", "decimals with a point"]),
        case(
            "two claims",
            "about 85 km from the Chinese border and 90 km from Seoul",
            &["found 2 claims", "one at a time"],
        ),
        case("backwards", "between 90 and 80 km from the Chinese border", &["from 90 to 80", "lower number first"]),
        case("another script", "\u{4e2d} 85 km from the Chinese border", &["'\u{4e2d}'"]),
        case(
            "an uncertainty",
            "85 ± 5 km from the Chinese border",
            &["an uncertainty beside the number", "expected a range"],
        ),
        case("a range of missiles", "a range of 85 km from the Chinese border", &["another measure"]),
        case("a time", "two hours' drive from the Chinese border", &["'hours''", "no distance"]),
        case(
            "two distances",
            "85 km (63 miles) from the Chinese border",
            &["85 km and 63 mi are not the same distance"],
        ),
        case("dozens", "dozens of km from the Chinese border", &["'dozens of'"]),
        case("no preposition", "85 km of the Chinese border", &["'of'"]),
        case("an escape of a terminal", "\u{1b}[2J 85 km from the Chinese border", &["\u{fffd}[2J"]),
        case("a turn of the line", "\u{202e}85 furlongs from the border", &["unknown unit 'furlongs'", "\u{fffd}85"]),
        case(
            "two lines",
            "85 furlongs from\nerror: the border",
            &["unknown unit 'furlongs'", "from error: the border"],
        ),
    ]
}
