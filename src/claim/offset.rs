//! The number of a claim, with the precision to which it was written.

use std::fmt;

/// The number of a claim as it was written: 85 and 85.0 differ, and so do 2.5 and 2½.
///
/// # Example
/// ```
/// use siteband::Claim;
/// let offset = |words: &str| words.parse::<Claim>().map(|claim| claim.offset().clone());
/// assert_eq!(offset("85.0 km from X")?.last_digit(), 0.1);
/// assert_ne!(offset("85 km from X")?, offset("85.0 km from X")?);
/// # Ok::<(), siteband::ParseClaimError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Offset {
    value: f64,
    step: Step,
}

/// What the number was written in steps of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// A power of ten: so many digits stand behind the decimal point.
    Decimals(u8),
    /// One part of so many: 2 for halves, 4 for quarters.
    Fraction(u8),
}

impl Offset {
    /// A whole number.
    pub(super) fn whole(value: u32) -> Self {
        Self { value: f64::from(value), step: Step::Decimals(0) }
    }

    /// A whole number that was computed; none outside 1 to 4,294,967,295.
    pub(crate) fn whole_number(value: f64) -> Option<Self> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
        let whole = (1.0..=f64::from(u32::MAX)).contains(&value).then_some(value as u32)?;
        Some(Self::whole(whole))
    }

    /// So many wholes and so many parts of one, as in 2 1/2; none unless the parts are less than a whole.
    pub(super) fn fraction(whole: u32, numerator: u8, denominator: u8) -> Option<Self> {
        let proper = (2..=16).contains(&denominator) && (1..denominator).contains(&numerator);
        proper.then(|| Self {
            value: f64::from(whole) + f64::from(numerator) / f64::from(denominator),
            step: Step::Fraction(denominator),
        })
    }

    /// The number that digits state: thousands separated by commas or not, with an optional decimal part.
    pub(super) fn parse(digits: &str) -> Result<Self, String> {
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let whole = match whole.split(',').collect::<Vec<_>>().as_slice() {
            [plain] => (*plain).to_owned(),
            [first, groups @ ..]
                if (1..=3).contains(&first.len())
                    && !first.starts_with('0')
                    && groups.iter().all(|group| group.len() == 3) =>
            {
                whole.replace(',', "")
            }
            _ => {
                return Err(format!("'{digits}' has a comma that separates no thousands: write decimals with a point"));
            }
        };
        let number = format!("{whole}.{decimals}0");
        let (Ok(value), Ok(count)) = (number.parse::<f64>(), u8::try_from(decimals.len())) else {
            return Err(format!("'{digits}' is not a number"));
        };
        if whole.len() > 12 || count > 12 {
            return Err(format!("'{digits}' has more digits than a distance on Earth can have"));
        }
        if value <= 0.0 {
            return Err(format!("'{digits}' is no distance: expected more than zero"));
        }
        Ok(Self { value, step: Step::Decimals(count) })
    }

    /// The number.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// How many digits stand behind the decimal point; none for a fraction.
    #[must_use]
    pub fn decimals(&self) -> u8 {
        match self.step {
            Step::Decimals(decimals) => decimals,
            Step::Fraction(_) => 0,
        }
    }

    /// One step of the last digit that was written: 1 for 85, 0.1 for 85.0, 0.5 for 2½.
    #[must_use]
    pub fn last_digit(&self) -> f64 {
        match self.step {
            Step::Decimals(decimals) => 10_f64.powi(-i32::from(decimals)),
            Step::Fraction(denominator) => 1.0 / f64::from(denominator),
        }
    }

    /// How many zeros end the number as written. A zero behind the decimal point was written on purpose and is none.
    pub(crate) fn trailing_zeros(&self) -> u8 {
        let whole = self.step == Step::Decimals(0);
        let ends_in = |zeros: &u8| whole && self.value % 10_f64.powi(i32::from(*zeros)) == 0.0;
        (1..=12).take_while(ends_in).last().unwrap_or(0)
    }

    /// One step of the last significant digit: 10 for 140, 1 for 85, 0.1 for 85.0, 0.5 for 2½.
    pub(crate) fn significant_digit(&self) -> f64 {
        self.last_digit() * 10_f64.powi(i32::from(self.trailing_zeros()))
    }

    /// The number so many steps of its last significant digit away; none where that is not above zero.
    pub(crate) fn moved(&self, steps: i32) -> Option<Self> {
        let value = self.value + f64::from(steps) * self.significant_digit();
        (value > 0.5 * self.last_digit()).then(|| Self { value, ..self.clone() })
    }

    /// The number counted in steps of its last digit: 85 for 85, 850 for 85.0, 5 for 2½.
    pub(crate) fn steps(&self) -> f64 {
        (self.value / self.last_digit()).round()
    }
}

impl fmt::Display for Offset {
    /// As it parses again: `85`, `85.0`, `2 1/2`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            Step::Decimals(decimals) => write!(f, "{:.*}", usize::from(decimals), self.value),
            Step::Fraction(denominator) => {
                let whole = self.value.floor();
                let numerator = ((self.value - whole) * f64::from(denominator)).round();
                if whole > 0.0 {
                    write!(f, "{whole} ")?;
                }
                write!(f, "{numerator}/{denominator}")
            }
        }
    }
}

/// The same offset in another unit, as in "85 km (53 miles)".
///
/// # Example
/// ```
/// use siteband::{Claim, Unit};
/// let claim: Claim = "85 km (53 miles) from X".parse()?;
/// let restated = claim.restated().expect("a number in brackets");
/// assert_eq!((restated.offset().value(), restated.unit()), (53.0, Unit::Mile));
/// # Ok::<(), siteband::ParseClaimError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Restated {
    pub(super) offset: Offset,
    pub(super) offset_to: Option<Offset>,
    pub(super) unit: crate::length::Unit,
}

impl Restated {
    /// The number; the lower one of a range.
    #[must_use]
    pub fn offset(&self) -> &Offset {
        &self.offset
    }

    /// The upper number of a range.
    #[must_use]
    pub fn offset_to(&self) -> Option<&Offset> {
        self.offset_to.as_ref()
    }

    /// The unit of the number.
    #[must_use]
    pub fn unit(&self) -> crate::length::Unit {
        self.unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_keep_their_denominator() {
        let two_and_a_half = Offset::fraction(2, 1, 2).expect("proper");
        assert_eq!((two_and_a_half.value(), two_and_a_half.last_digit(), two_and_a_half.steps()), (2.5, 0.5, 5.0));
        assert_eq!(two_and_a_half.to_string(), "2 1/2");
        assert_ne!(two_and_a_half, Offset::parse("2.5").expect("a number"));
        assert_eq!(Offset::fraction(0, 3, 4).expect("proper").to_string(), "3/4");
        assert_eq!(Offset::fraction(0, 2, 3).expect("proper").to_string(), "2/3");
        for (numerator, denominator) in [(0, 2), (2, 2), (3, 2), (1, 1), (1, 0), (1, 17)] {
            assert_eq!(Offset::fraction(1, numerator, denominator), None, "{numerator}/{denominator}");
        }
    }

    #[test]
    fn commas_separate_thousands_only() {
        assert_eq!(Offset::parse("1,200").expect("a number"), Offset::whole(1200));
        for digits in ["85,5", "2,2", "1,20", "0,500", "1,2000", "1,,000"] {
            let reason = Offset::parse(digits).expect_err(digits);
            assert!(reason.contains("write decimals with a point"), "{reason}");
        }
    }
}
