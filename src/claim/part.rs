//! What each word of a text was understood to be.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Some words of a text, and what they were understood to be.
///
/// # Example
/// ```
/// use siteband::{Claim, Role};
/// let text = "about 85 km from Seoul";
/// let claim: Claim = text.parse()?;
/// let words: Vec<_> = claim.parts().iter().map(|part| (part.role, &text[part.span.clone()])).collect();
/// assert_eq!(words[..2], [(Role::Hedge, "about"), (Role::Number, "85")]);
/// # Ok::<(), siteband::ParseClaimError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What they are.
    pub role: Role,
    /// Where they stand: bytes of the text that was parsed.
    pub span: Range<usize>,
}

/// What words of a claim are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// How firmly the number is meant.
    Hedge,
    /// The number, or the two of a range.
    Number,
    /// The unit.
    Unit,
    /// The same offset in another unit.
    Restatement,
    /// The direction from the feature.
    Direction,
    /// How the place lies to the feature.
    Relation,
    /// Along which way the offset was measured.
    Course,
    /// The name of the feature.
    Feature,
    /// The area that the place is in.
    Side,
    /// No part of the claim.
    Skipped,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Hedge => "hedge",
            Self::Number => "number",
            Self::Unit => "unit",
            Self::Restatement => "restatement",
            Self::Direction => "direction",
            Self::Relation => "relation",
            Self::Course => "course",
            Self::Feature => "feature",
            Self::Side => "side",
            Self::Skipped => "not used",
        })
    }
}
