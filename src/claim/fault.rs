//! What is wrong with a text, and where.

use std::ops::Range;

use winnow::error::{ErrMode, ParserError};
use winnow::stream::{Location, Stream};

use crate::text::beginning;

/// Text that is not one claim, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}; in \"{}\"", beginning(reason, LONGEST), self.excerpt())]
pub struct ParseClaimError {
    /// The whole text.
    pub text: String,
    /// The word at fault, as it stands in the text; empty where something is missing.
    pub word: String,
    /// Where it stands: bytes of the text. Empty where something is missing.
    pub span: Range<usize>,
    /// What was found and what was expected.
    pub reason: String,
}

/// How much of a long text a message shows, in characters.
const LONGEST: usize = 300;

impl ParseClaimError {
    /// The text, or as much of a long one as stands around the word at fault.
    fn excerpt(&self) -> String {
        if self.text.chars().count() <= LONGEST {
            return self.text.clone();
        }
        let before: Vec<char> = self.text[..self.span.start].chars().rev().take(LONGEST / 2).collect();
        let lead = if before.len() < LONGEST / 2 { "" } else { "…" };
        let before: String = before.into_iter().rev().collect();
        format!("{lead}{before}{}", beginning(&self.text[self.span.start..], LONGEST / 2))
    }
}

/// What one parser found wrong, before the text is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) span: Range<usize>,
    pub(super) reason: String,
}

/// A parser backtracks where the words are something else, and cuts where they are what it reads, but wrong.
pub(super) type Parsed<T> = Result<T, ErrMode<Fault>>;

/// The words are what was wanted, but wrong: no alternative is tried.
pub(super) fn refuse<T>(span: Range<usize>, reason: impl Into<String>) -> Parsed<T> {
    Err(ErrMode::Cut(Fault { span, reason: reason.into() }))
}

impl Fault {
    pub(super) fn in_text(self, text: &str) -> ParseClaimError {
        let Self { span, reason } = self;
        ParseClaimError { text: text.to_owned(), word: text[span.clone()].to_owned(), span, reason }
    }
}

impl<I: Stream + Location> ParserError<I> for Fault {
    type Inner = Self;

    fn from_input(input: &I) -> Self {
        let at = input.current_token_start();
        Self { span: at..at, reason: "not understood".to_owned() }
    }

    fn into_inner(self) -> Result<Self, Self> {
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use crate::claim::Claim;

    #[test]
    fn a_message_shows_what_stands_around_the_word() {
        let short = "about 85 furlongs from X".parse::<Claim>().expect_err("a unit that is not known").to_string();
        assert!(short.ends_with("; in \"about 85 furlongs from X\""), "{short}");
        let long = format!("{} 85 furlongs from X {}", "lä ".repeat(2000), "lä ".repeat(2000));
        let message = long.parse::<Claim>().expect_err("a unit that is not known").to_string();
        assert!(message.chars().count() < 700, "{}", message.len());
        assert!(message.contains("…") && message.contains("85 furlongs from X"), "{message}");
    }
}
