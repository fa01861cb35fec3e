//! Who says something, and how far that is to be relied on.

use crate::reading::InvalidShare;

/// Who says something, and how likely it is that what they say is simply wrong.
///
/// # Example
/// ```
/// use siteband::Source;
/// let diplomat = Source::new("diplomat", 0.9)?;
/// assert!((diplomat.contamination() - 0.1).abs() < 1e-15);
/// assert_eq!(Source::admiralty("agency", 'B').map(|source| source.contamination()), Some(0.05));
/// # Ok::<(), siteband::InvalidShare>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    id: String,
    contamination: f64,
    repeats: Option<String>,
    tempering: f64,
}

impl Default for Source {
    /// A source of which nothing is known: F of the Admiralty scale, wrong one time in four.
    fn default() -> Self {
        Self { id: "unnamed".to_owned(), contamination: 0.25, repeats: None, tempering: 1.0 }
    }
}

impl Source {
    /// A source that is right with the probability `reliability`.
    ///
    /// # Errors
    /// [`InvalidShare`] if it is not between 0 and 1.
    pub fn new(id: impl Into<String>, reliability: f64) -> Result<Self, InvalidShare> {
        if !(0.0..=1.0).contains(&reliability) {
            return Err(InvalidShare { name: "reliability", value: reliability, range: InvalidShare::CLOSED });
        }
        Ok(Self { id: id.into(), contamination: 1.0 - reliability, repeats: None, tempering: 1.0 })
    }

    /// A source by its letter on the Admiralty scale: A .02, B .05, C .15, D .35, E .60, F (cannot be judged) .25 are the
    /// probabilities of being wrong. None for another letter.
    #[must_use]
    pub fn admiralty(id: impl Into<String>, letter: char) -> Option<Self> {
        let contamination = match letter.to_ascii_uppercase() {
            'A' => 0.02,
            'B' => 0.05,
            'C' => 0.15,
            'D' => 0.35,
            'E' => 0.60,
            'F' => 0.25,
            _ => return None,
        };
        Some(Self { id: id.into(), contamination, repeats: None, tempering: 1.0 })
    }

    /// The same source, which only repeats another: what both say counts once.
    #[must_use]
    pub fn with_repeats(self, of: impl Into<String>) -> Self {
        Self { repeats: Some(of.into()), ..self }
    }

    /// Its identifier.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// ε: the probability that it is simply wrong.
    #[must_use]
    pub fn contamination(&self) -> f64 {
        self.contamination
    }

    /// The same source, whose statements lean on each other: of each, only the power λ counts (0 < λ ≤ 1). At 1 they are taken as
    /// independent of each other; with n statements, 1/n makes them worth one. More of it makes all that the source says weigh
    /// more.
    ///
    /// # Errors
    /// [`InvalidShare`] unless λ is above 0 and at most 1.
    pub fn with_tempering(self, tempering: f64) -> Result<Self, InvalidShare> {
        if !(tempering > 0.0 && tempering <= 1.0) {
            return Err(InvalidShare { name: "tempering", value: tempering, range: InvalidShare::ABOVE_ZERO });
        }
        Ok(Self { tempering, ..self })
    }

    /// The same source with another probability of being right, as [`Source::new`] has it.
    ///
    /// # Errors
    /// [`InvalidShare`] if it is not between 0 and 1.
    pub fn with_reliability(self, reliability: f64) -> Result<Self, InvalidShare> {
        let Self { contamination, .. } = Self::new("", reliability)?;
        Ok(Self { contamination, ..self })
    }

    /// λ: the power to which each of its statements counts.
    #[must_use]
    pub fn tempering(&self) -> f64 {
        self.tempering
    }

    /// The source that it repeats.
    #[must_use]
    pub fn repeats(&self) -> Option<&str> {
        self.repeats.as_deref()
    }
}
