//! The words that say how firmly a number is meant.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A word that says how firmly a number is meant.
///
/// The variants are the words that listener studies have measured (see [`Reading`](crate::Reading)). Reports use many more;
/// each is taken as the measured word that is nearest to it, as listed here. That is a judgement, not a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hedge {
    /// "about"; unmeasured and taken alike: "some", "circa", "ca.", "c.", "~", "≈", "in the region of", "in the
    /// neighbourhood of", "in the vicinity of", "on the order of", "more or less"; behind the number "or so", "or
    /// thereabouts", "give or take", "more or less". "A dozen", "half a dozen", "a couple" and "a score" are taken as "about" where no other hedge stands before them.
    About,
    /// "around".
    Around,
    /// "roughly".
    Roughly,
    /// "approximately", and its abbreviations "approx.", "app.".
    Approximately,
    /// "nearly": not quite so much; unmeasured and taken alike: "close to", "not quite", "just under", "a little under", "a
    /// little less than", "slightly under", "slightly less than", "just short of".
    Nearly,
    /// "almost": not quite so much.
    Almost,
    /// "over": somewhat more; unmeasured and taken alike: "more than", "just over", "a little over", "a little more than",
    /// "slightly over", "slightly more than", "well over", "greater than", "in excess of", "upwards of", and "-odd": 80-odd is
    /// more than 80, and less than 90.
    Over,
    /// "above": somewhat more.
    Above,
    /// "below": somewhat less; unmeasured and taken alike: "under", "less than", "fewer than", "well under".
    Below,
    /// "at least": so much or more; unmeasured and taken alike: "no less than", "not less than", "no fewer than", "a minimum
    /// of", "or more" and "+" behind the number, and "as little as", "as close as": the least of several distances.
    #[serde(rename = "at least")]
    AtLeast,
    /// "at most": so much or less; unmeasured and taken alike: "up to", "within", "within a radius of", "no more than", "not more than", "no farther
    /// than", "no further than", "a maximum of", "or less" behind the number, and "as much as", "as far as", "as many as": the most of several distances.
    #[serde(rename = "at most")]
    AtMost,
    /// "exactly"; taken alike: "precisely".
    Exactly,
}

/// On which side of the stated number a hedge puts the true one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// On either.
    Both,
    /// Not quite so much.
    Less,
    /// So much and more.
    More,
}

/// The phrases that stand before a number, in lower case; the first is the name. Longer phrases win over shorter ones.
pub(super) const HEDGES: [(Hedge, &[&str]); 12] = [
    (
        Hedge::About,
        &[
            "about",
            "some",
            "circa",
            "ca",
            "c",
            "~",
            "≈",
            "in the region of",
            "in the neighbourhood of",
            "in the neighborhood of",
            "in the vicinity of",
            "on the order of",
            "in the order of",
            "of the order of",
            "more or less",
        ],
    ),
    (Hedge::Around, &["around"]),
    (Hedge::Roughly, &["roughly"]),
    (Hedge::Approximately, &["approximately", "approx", "app"]),
    (
        Hedge::Nearly,
        &[
            "nearly",
            "close to",
            "not quite",
            "just under",
            "a little under",
            "a little less than",
            "slightly under",
            "slightly less than",
            "just short of",
        ],
    ),
    (Hedge::Almost, &["almost"]),
    (
        Hedge::Over,
        &[
            "over",
            "more than",
            "just over",
            "a little over",
            "a little more than",
            "slightly over",
            "slightly more than",
            "just more than",
            "well over",
            "greater than",
            "in excess of",
            "upwards of",
            "upward of",
            ">",
        ],
    ),
    (Hedge::Above, &["above"]),
    (Hedge::Below, &["below", "under", "less than", "just less than", "fewer than", "well under", "<"]),
    (
        Hedge::AtLeast,
        &[
            "at least",
            "no less than",
            "not less than",
            "no fewer than",
            "a minimum of",
            "minimum of",
            "as little as",
            "as close as",
            "≥",
        ],
    ),
    (
        Hedge::AtMost,
        &[
            "at most",
            "up to",
            "within",
            "within a radius of",
            "no more than",
            "not more than",
            "no farther than",
            "no further than",
            "as much as",
            "as far as",
            "as many as",
            "a maximum of",
            "maximum of",
            "≤",
        ],
    ),
    (Hedge::Exactly, &["exactly", "precisely"]),
];

/// The phrases that stand behind a number or its unit.
pub(super) const TRAILING: [(Hedge, &str); 10] = [
    (Hedge::About, "or so"),
    (Hedge::About, "or thereabouts"),
    (Hedge::About, "give or take"),
    (Hedge::About, "more or less"),
    (Hedge::Over, "odd"),
    (Hedge::AtLeast, "or more"),
    (Hedge::AtLeast, "+"),
    (Hedge::AtLeast, "at least"),
    (Hedge::AtMost, "or less"),
    (Hedge::AtMost, "at most"),
];

/// The phrases that stand behind the feature, besides those.
pub(super) const CLOSING: [(Hedge, &str); 4] = [
    (Hedge::Approximately, "approximately"),
    (Hedge::Approximately, "approx"),
    (Hedge::Roughly, "roughly"),
    (Hedge::About, "about"),
];

impl Hedge {
    /// Every word that has been measured, and "exactly".
    ///
    /// # Example
    /// ```
    /// use siteband::{Hedge, Side};
    /// assert_eq!(Hedge::all().filter(|hedge| hedge.side() == Side::More).count(), 3);
    /// ```
    pub fn all() -> impl Iterator<Item = Self> {
        HEDGES.iter().map(|(hedge, _)| *hedge)
    }

    /// On which side of the stated number it puts the true one.
    #[must_use]
    pub fn side(self) -> Side {
        match self {
            Self::About | Self::Around | Self::Roughly | Self::Approximately | Self::Exactly => Side::Both,
            Self::Nearly | Self::Almost | Self::Below | Self::AtMost => Side::Less,
            Self::Over | Self::Above | Self::AtLeast => Side::More,
        }
    }

    /// Whether it says no more than that the number is not exact.
    pub(super) fn is_vague(self) -> bool {
        self.side() == Side::Both && self != Self::Exactly
    }

    /// Every phrase that may stand before a number.
    pub(super) fn phrases() -> impl Iterator<Item = &'static str> + Clone {
        HEDGES.iter().flat_map(|(_, phrases)| phrases.iter().copied())
    }
}

impl fmt::Display for Hedge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phrases = HEDGES.iter().find(|(hedge, _)| hedge == self).map_or(&[""][..], |(_, phrases)| phrases);
        f.pad(phrases[0])
    }
}
