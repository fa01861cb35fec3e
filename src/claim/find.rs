//! The claims of a whole paragraph, and the distances that are none.

use std::ops::Range;

use super::Claim;
use super::figure::Mode;
use super::grammar::{Found as Next, add_skipped, next_claim};
use super::token::{span_of, tokens};

/// What a text says of distances.
///
/// # Example
/// ```
/// use siteband::Claim;
/// let found = Claim::find_all("In 2012 three men said it was 85 km from Seoul. Its range is 300 km.");
/// assert_eq!(found.claims.len(), 1);
/// assert_eq!(found.claims[0].feature(), "Seoul");
/// assert_eq!(found.not_understood[0].text, "300 km");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The claims, in order. Their spans and parts are bytes of the whole text.
    pub claims: Vec<Claim>,
    /// The numbers with a unit that look like distances and are no claims that are understood, in order.
    pub not_understood: Vec<NotUnderstood>,
}

/// A number with a unit that is no claim that is understood, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUnderstood {
    /// The number and the unit, as they stand in the text.
    pub text: String,
    /// Where they stand: bytes of the text.
    pub span: Range<usize>,
    /// The word at fault; empty where something is missing.
    pub word: String,
    /// Where it stands: bytes of the text.
    pub word_span: Range<usize>,
    /// What was found and what was expected.
    pub reason: String,
}

impl Claim {
    /// Every claim in a text of any length, and every number with a unit of length that was not understood, with the reason.
    /// Figures that are no distances, such as dates and counts, are left alone.
    ///
    /// What stands between the claims is not listed: the parts of each claim begin with its own first word.
    #[must_use]
    pub fn find_all(text: &str) -> Found {
        let words = tokens(text);
        let mut found = Found::default();
        let mut start = 0;
        loop {
            match next_claim(text, &words, start, Mode::Prose) {
                Next::Claim(mut claim, end) => {
                    let within = |span: &Range<usize>| claim.span().start <= span.start && span.end <= claim.span().end;
                    let own: Vec<_> = words[start..end].iter().filter(|word| within(&word.span)).cloned().collect();
                    add_skipped(text, &own, &mut claim);
                    found.claims.push(claim);
                    start = end;
                }
                Next::Fault(fault, figure) => {
                    start = figure.end.max(start + 1);
                    let figure = span_of(&words[figure]);
                    // "85 furlongs", "5 km wide": with the word at fault.
                    let has_word = text[fault.span.clone()].contains(char::is_alphanumeric);
                    let span = figure.start..if has_word { figure.end.max(fault.span.end) } else { figure.end };
                    found.not_understood.push(NotUnderstood {
                        text: text[span.clone()].to_owned(),
                        span,
                        word: text[fault.span.clone()].to_owned(),
                        word_span: fault.span,
                        reason: fault.reason,
                    });
                }
                Next::Nothing => return found,
            }
        }
    }
}
