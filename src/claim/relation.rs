//! How a place lies to the feature that a claim names.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How the place lies to the feature.
///
/// # Example
/// ```
/// use siteband::{Claim, Relation};
/// let claim: Claim = "20 km inside the North Korean border".parse()?;
/// assert_eq!((claim.relation(), claim.feature()), (Relation::Inside, "the North Korean border"));
/// # Ok::<(), siteband::ParseClaimError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// "from", "away from", "north of", "to the north of", and "of" behind "within".
    From,
    /// "off", "offshore", "off the coast of": at sea, as seen from the feature.
    Off,
    /// "inside", "into", "within the territory of": on the feature's own side of its edge.
    Inside,
    /// "outside", "beyond": on the far side of its edge.
    Outside,
    /// "across the border from": on the other side of a border.
    Across,
    /// "on the outskirts of": the one relation that needs no number. It is taken as [`Claim::OUTSKIRTS_KM`] from the feature.
    ///
    /// [`Claim::OUTSKIRTS_KM`]: crate::Claim::OUTSKIRTS_KM
    Outskirts,
}

impl Relation {
    /// The words that say it, before the name of the feature.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::Off => "off",
            Self::Inside => "inside",
            Self::Outside => "outside",
            Self::Across => "across the border from",
            Self::Outskirts => "on the outskirts of",
        }
    }
}

impl Relation {
    /// Whether it says on which side of the feature the place is.
    pub(crate) fn names_a_side(self) -> bool {
        matches!(self, Self::Inside | Self::Outside | Self::Across)
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.words())
    }
}

/// Along which way the offset was measured.
///
/// # Example
/// ```
/// use siteband::{Claim, Course};
/// let claim: Claim = "85 km by road from Pyongyang".parse()?;
/// assert_eq!(claim.course(), Course::Road);
/// # Ok::<(), siteband::ParseClaimError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Course {
    /// The words do not say.
    #[default]
    Unstated,
    /// "as the crow flies", "in a straight line", "by air": the shortest way over ground.
    Straight,
    /// "by road", "driving distance", "down the highway from", "along the coast from": a way that is longer than the straight
    /// line.
    Road,
}

impl fmt::Display for Course {
    /// The words that say it, behind the unit; none where it is unstated.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unstated => "",
            Self::Straight => "in a straight line",
            Self::Road => "by road",
        })
    }
}
