//! Statements that cannot be made, and why.

use crate::feature::FeatureKind;
use crate::region::NoArea;

/// A soft statement whose credit would jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{kind}' has a width of zero: expected more than zero")]
pub struct ZeroScale {
    /// The kind of statement.
    pub kind: &'static str,
}

/// A number that is no likelihood ratio.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{value} is no likelihood ratio: expected a finite number above zero")]
pub struct InvalidRatio {
    /// The number.
    pub value: f64,
}

/// A number that is no road factor.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{value} is no road factor: expected a finite number of 1 or more, such as 1.3")]
pub struct InvalidFactor {
    /// The number.
    pub value: f64,
}

/// A statement about the side of an area that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidStatement {
    /// The feature has no inside.
    #[error(transparent)]
    NoArea(#[from] NoArea),
    /// The edge has no width.
    #[error(transparent)]
    ZeroScale(#[from] ZeroScale),
}

/// A statement about ways that cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InvalidAccess {
    /// A place is no point, so no road leads to it.
    #[error("'{id}' is a {kind}: expected a point that roads lead to")]
    NoPoint {
        /// The feature.
        id: String,
        /// What it is.
        kind: FeatureKind,
    },
    /// It leads nowhere.
    #[error("no place to be connected to: expected at least one")]
    NoPlaces,
    /// The detour is none.
    #[error(transparent)]
    Detour(#[from] InvalidFactor),
    /// The credit would jump.
    #[error(transparent)]
    ZeroScale(#[from] ZeroScale),
}
