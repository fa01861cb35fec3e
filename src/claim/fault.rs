//! What is wrong with a text, and where.

use std::ops::Range;

use winnow::error::{ErrMode, ParserError};
use winnow::stream::{Location, Stream};

/// Text that is not one claim, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}; in \"{text}\"")]
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
