//! From a text to its words, numbers and marks.

use std::ops::Range;

use winnow::stream::{Location, TokenSlice};

use crate::direction::Direction;

/// A word, a number or a mark, with where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    pub(super) text: &'t str,
    /// In lower case, with a straight apostrophe, and without the full stop of an abbreviation.
    pub(super) lower: String,
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
    /// The character right before it, be it a blank.
    pub(super) before: Option<char>,
    /// Whether it touches what stands before it.
    pub(super) glued: bool,
    /// Whether it is an abbreviation with its full stop.
    pub(super) dotted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, apostrophes and digits, a letter first; or an ordinal such as 38th.
    Word,
    /// Digits with points and commas between them.
    Digits,
    /// A fraction that is one character, such as ½: its numerator and denominator.
    Fraction(u8, u8),
    /// Anything else.
    Mark,
}

/// The words that a parser has before it.
pub(super) type Words<'w, 't> = TokenSlice<'w, Token<'t>>;

impl Token<'_> {
    pub(super) fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Digits | Kind::Fraction(..))
    }

    pub(super) fn is_mark(&self) -> bool {
        self.kind == Kind::Mark
    }

    pub(super) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    pub(super) fn is_capitalised(&self) -> bool {
        self.is_word() && self.text.starts_with(char::is_uppercase)
    }

    /// Whether a sentence ends here.
    pub(super) fn ends_sentence(&self) -> bool {
        matches!(self.lower.as_str(), "." | "!" | "?" | ";")
    }

    /// Whether a clause ends here: at a mark that does not stand within words, as hyphens and apostrophes do.
    pub(super) fn ends_clause(&self) -> bool {
        self.is_mark() && !["-", "'", "~", "≈"].contains(&self.lower.as_str())
    }
}

/// Words are compared in lower case.
impl PartialEq<&str> for Token<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.lower == *other
    }
}

impl Location for Token<'_> {
    fn previous_token_end(&self) -> usize {
        self.span.end
    }

    fn current_token_start(&self) -> usize {
        self.span.start
    }
}

/// Words whose full stop ends no sentence, besides single letters.
const ABBREVIATIONS: [&str; 41] = [
    "ca", "approx", "app", "km", "mi", "nm", "ft", "yd", "st", "mt", "ft", "pt", "tg", "tk", "lt", "dr", "gen", "col",
    "sgt", "capt", "gov", "no", "nr", "is", "pk", "pul", "prov", "dist", "naut", "jr", "sr", "hwy", "jct", "rd", "rte",
    "mtn", "max", "min", "est", "alt", "elev",
];

/// Those that are units, behind which a capital begins a sentence.
const UNITS: [&str; 6] = ["m", "km", "mi", "nm", "ft", "yd"];

/// Those that are words too.
const WORDS_TOO: [&str; 4] = ["is", "no", "max", "min"];

/// The words, numbers and marks of a text, in order.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((from, c)) = chars.next() {
        if c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}') {
            continue;
        }
        let mut to = from + c.len_utf8();
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        let mut extend = |belongs: &dyn Fn(Option<char>, char, Option<char>) -> bool| {
            while let Some(&(at, c)) = chars.peek() {
                let next = text[at + c.len_utf8()..].chars().next();
                if !belongs(text[..at].chars().next_back(), c, next) {
                    break;
                }
                to = at + c.len_utf8();
                chars.next();
            }
        };
        let kind = if c.is_ascii_digit() {
            extend(&|_, c, next| c.is_ascii_digit() || (matches!(c, '.' | ',') && digit(next)));
            Kind::Digits
        } else if let Some((numerator, denominator)) = fraction(c) {
            Kind::Fraction(numerator, denominator)
        } else if c.is_alphabetic() {
            // A number that has run into a word, "O18.5NM", stays with it.
            extend(&|before, c, next| {
                let letters = c.is_alphanumeric() && fraction(c).is_none() && !is_superscript(c);
                let inside = (is_apostrophe(c) && letter(next)) || (c == '.' && digit(before) && digit(next));
                letters || inside || is_combining(c)
            });
            Kind::Word
        } else {
            Kind::Mark
        };
        let glued = tokens.last().is_some_and(|token| token.span.end == from);
        let mut token = Token {
            text: &text[from..to],
            lower: lower(&text[from..to]),
            span: from..to,
            kind,
            before: text[..from].chars().next_back(),
            glued,
            dotted: false,
        };
        if let Some(before) = tokens.last_mut() {
            let rest = text[to..].trim_start();
            if token.lower == "." && glued && is_abbreviation(before, rest) {
                before.dotted = true;
                before.span.end = to;
                before.text = &text[before.span.clone()];
                continue;
            }
            // 38th
            if before.kind == Kind::Digits && glued && ["st", "nd", "rd", "th"].contains(&token.lower.as_str()) {
                token.span.start = before.span.start;
                token.text = &text[token.span.clone()];
                token.lower = lower(token.text);
                token.glued = before.glued;
                token.before = before.before;
                tokens.pop();
            }
        }
        // The possessive of a plural: hours'.
        if token.lower == "'"
            && glued
            && let Some(before) = tokens.last_mut().filter(|before| before.is_word() && before.lower.ends_with('s'))
        {
            before.span.end = to;
            before.text = &text[before.span.clone()];
            before.lower.push('\'');
            continue;
        }
        tokens.push(token);
    }
    tokens
}

fn is_abbreviation(word: &Token<'_>, rest: &str) -> bool {
    let mut letters = word.lower.chars();
    // "Berth I. The next" ends a sentence: that is a Roman one.
    let one_letter = letters.next().is_some_and(|c| c.is_alphabetic() && c != 'i') && letters.next().is_none();
    // "10 km NW. of it"
    let wind = (2..=3).contains(&word.lower.len())
        && (rest == "of" || rest.starts_with("of "))
        && word.lower.parse::<Direction>().is_ok();
    if word.kind != Kind::Word || !(one_letter || wind || ABBREVIATIONS.contains(&word.lower.as_str())) {
        return false;
    }
    // "85 km. from it"; but "85 km. From there".
    let mut following = rest.chars();
    let (first, second) = (following.next(), following.next());
    let wind =
        matches!(first, Some('N' | 'E' | 'S' | 'W')) && second.is_none_or(|c| c == ' ' || c == '.' || c.is_uppercase());
    let capital = first.is_some_and(char::is_uppercase) && !second.is_some_and(char::is_uppercase);
    if UNITS.contains(&word.lower.as_str()) && ((capital && !wind) || rest.is_empty()) {
        return false;
    }
    // "Is. de Goree", "No. 3"; but "where it is. The base".
    !WORDS_TOO.contains(&word.lower.as_str()) || word.is_capitalised() || rest.starts_with(|c: char| c.is_ascii_digit())
}

fn lower(text: &str) -> String {
    let mut lower = text.to_lowercase().replace(is_apostrophe, "'");
    if matches!(lower.as_str(), "\u{2010}" | "\u{2011}" | "\u{2012}" | "\u{2013}" | "\u{2212}") {
        "-".clone_into(&mut lower);
    }
    lower
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '‘')
}

fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// A power, or the mark of a footnote.
fn is_superscript(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '\u{2070}'..='\u{2079}')
}

fn fraction(c: char) -> Option<(u8, u8)> {
    Some(match c {
        '½' => (1, 2),
        '⅓' => (1, 3),
        '⅔' => (2, 3),
        '¼' => (1, 4),
        '¾' => (3, 4),
        '⅕' => (1, 5),
        '⅖' => (2, 5),
        '⅗' => (3, 5),
        '⅘' => (4, 5),
        '⅙' => (1, 6),
        '⅚' => (5, 6),
        '⅛' => (1, 8),
        '⅜' => (3, 8),
        '⅝' => (5, 8),
        '⅞' => (7, 8),
        _ => return None,
    })
}

/// Words as they stand, for a message.
pub(super) fn quoted(tokens: &[Token<'_>]) -> String {
    let mut quoted = String::from("'");
    for (at, token) in tokens.iter().enumerate() {
        if at > 0 && !token.glued {
            quoted.push(' ');
        }
        quoted.push_str(token.text);
    }
    quoted.push('\'');
    quoted
}

/// Where words stand.
pub(super) fn span_of(tokens: &[Token<'_>]) -> Range<usize> {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.span.start..last.span.end,
        _ => 0..0,
    }
}

/// Where a name stands: without a last full stop that belongs to it only because of what stands behind.
pub(super) fn span_of_name(tokens: &[Token<'_>]) -> Range<usize> {
    let span = span_of(tokens);
    let is_bare = tokens.last().is_some_and(|last| last.dotted && !is_abbreviation(last, ""));
    span.start..span.end - usize::from(is_bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lower(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.lower).collect()
    }

    #[test]
    fn words_numbers_and_marks() {
        assert_eq!(lower("About 15nm off Cox’s Bazar"), ["about", "15", "nm", "off", "cox's", "bazar"]);
        assert_eq!(lower("80–90 km"), ["80", "-", "90", "km"]);
        assert_eq!(lower("1,200.5 m, or 2½"), ["1,200.5", "m", ",", "or", "2", "½"]);
        assert_eq!(lower("the 38th parallel"), ["the", "38th", "parallel"]);
        assert_eq!(lower("TCS1 Buoy"), ["tcs1", "buoy"]);
        assert_eq!(lower("O18.5NM"), ["o18.5nm"]);
        assert_eq!(lower("two hours' drive"), ["two", "hours'", "drive"]);
    }

    #[test]
    fn full_stops_of_abbreviations_end_nothing() {
        assert_eq!(lower("Tg. Berakit, the U.S. No. 3"), ["tg", "berakit", ",", "the", "u", "s", "no", "3"]);
        assert_eq!(lower("85 km. from it. There"), ["85", "km", "from", "it", ".", "there"]);
        assert_eq!(lower("300 km. From it"), ["300", "km", ".", "from", "it"]);
        assert_eq!(lower("85 KM. FROM IT"), ["85", "km", "from", "it"]);
        assert_eq!(lower("where it is. The base"), ["where", "it", "is", ".", "the", "base"]);
    }

    #[test]
    fn spans_are_those_of_the_text() {
        let text = "≈ 85 km from Ürümqi’s St. Olga";
        for token in tokens(text) {
            assert_eq!(&text[token.span.clone()], token.text);
        }
    }
}
