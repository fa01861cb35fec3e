//! How far soft statements count.

use serde::Serialize;

/// How far soft statements count: `LR_used` = 10^clamp(exponent·log10 LR, ±log10 cap).
///
/// Soft arguments are found by somebody who looks at the sites, and each looks better than it is. Less of either number makes them
/// count less.
///
/// # Example
/// ```
/// use siteband::Tempering;
/// let default = Tempering::default();
/// assert_eq!((default.exponent(), default.cap()), (0.5, 10.0));
/// assert!(Tempering::new(1.5, 10.0).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Tempering {
    exponent: f64,
    cap: f64,
}

/// A search region is represented by some ten thousand places: what none of them has is not known to be rarer.
const LEAST_SHARE: f64 = 1e-4;

impl Default for Tempering {
    /// Half of the logarithm, and at most a factor of ten either way.
    fn default() -> Self {
        Self { exponent: 0.5, cap: 10.0 }
    }
}

impl Tempering {
    /// Likelihood ratios as they are stated, whatever they are.
    pub const NONE: Self = Self { exponent: 1.0, cap: f64::INFINITY };

    /// The power to which likelihood ratios count, from 0 (not at all) to 1, and the greatest factor that one statement may change
    /// odds by, at least 1.
    ///
    /// # Errors
    /// [`InvalidTempering`] for other numbers.
    pub fn new(exponent: f64, cap: f64) -> Result<Self, InvalidTempering> {
        if (0.0..=1.0).contains(&exponent) && cap >= 1.0 {
            Ok(Self { exponent, cap })
        } else {
            Err(InvalidTempering { exponent, cap })
        }
    }

    /// The power to which likelihood ratios count.
    #[must_use]
    pub fn exponent(&self) -> f64 {
        self.exponent
    }

    /// The greatest factor that one statement may change odds by.
    #[must_use]
    pub fn cap(&self) -> f64 {
        self.cap
    }

    /// ln `LR_used`. A ratio of nothing to nothing says nothing. Where a credit is something and its average nothing, the average is
    /// taken for the least that the places of a search region can tell from nothing, so that odds stay finite.
    pub(super) fn apply(self, ln_credit: f64, ln_expectation: f64) -> f64 {
        let ln_ratio = match (ln_credit == f64::NEG_INFINITY, ln_expectation == f64::NEG_INFINITY) {
            (true, true) => 0.0,
            (false, true) => (ln_credit - LEAST_SHARE.ln()).max(0.0),
            (_, false) => ln_credit - ln_expectation,
        };
        if self.exponent == 0.0 {
            return 0.0;
        }
        (self.exponent * ln_ratio).clamp(-self.cap.ln(), self.cap.ln())
    }
}

/// Numbers that are no tempering.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("no tempering: expected an exponent from 0 to 1 and a cap of at least 1, found {exponent} and {cap}")]
pub struct InvalidTempering {
    /// The exponent.
    pub exponent: f64,
    /// The cap.
    pub cap: f64,
}
