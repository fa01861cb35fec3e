//! Sites in columns: what a scorer looks at, and nothing else.

use super::Site;
use crate::position::Position;

/// Sites in columns, for lists too long to hold as [`Site`]s: ids, positions, tags and prior weights, packed.
///
/// # Example
/// ```
/// use siteband::{Position, SiteBatch};
/// let mut batch = SiteBatch::default();
/// batch.push("sino-ri", Position::new(39.6472, 125.3675)?, ["training"], 1.0);
/// assert_eq!((batch.len(), batch.id(0)), (1, "sino-ri"));
/// assert!(batch.has_tag(0, "Training") && !batch.has_tag(0, "town"));
/// # Ok::<(), siteband::InvalidPosition>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteBatch {
    positions: Vec<Position>,
    ids: Texts,
    tags: Texts,
    /// For each site the number of tags up to its last.
    tag_ends: Vec<u32>,
    priors: Vec<f64>,
}

/// Texts, one behind the other.
#[derive(Clone, Debug, Default, PartialEq)]
struct Texts {
    all: String,
    ends: Vec<usize>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(self.all.len());
    }

    fn get(&self, at: usize) -> &str {
        let from = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.all[from..self.ends[at]]
    }
}

impl SiteBatch {
    /// Adds a site: its id, its position (whose uncertainty counts), its tags, and its prior weight, which must be finite and above zero.
    pub fn push<'a>(&mut self, id: &str, position: Position, tags: impl IntoIterator<Item = &'a str>, prior: f64) {
        debug_assert!(prior.is_finite() && prior > 0.0, "a prior weight, found {prior}");
        self.ids.push(id);
        self.positions.push(position);
        for tag in tags {
            self.tags.push(tag);
        }
        #[allow(clippy::cast_possible_truncation, reason = "a batch is small")]
        self.tag_ends.push(self.tags.ends.len() as u32);
        self.priors.push(prior);
    }

    /// How many sites there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// The id of a site.
    ///
    /// # Panics
    /// If there are not so many sites; so do the others that take a number.
    #[must_use]
    pub fn id(&self, at: usize) -> &str {
        self.ids.get(at)
    }

    /// Where the sites are.
    #[must_use]
    pub fn positions(&self) -> &[Position] {
        &self.positions
    }

    /// The prior weights.
    #[must_use]
    pub fn priors(&self) -> &[f64] {
        &self.priors
    }

    /// Whether a site has a tag, compared without case.
    #[must_use]
    pub fn has_tag(&self, at: usize, tag: &str) -> bool {
        let from = if at == 0 { 0 } else { self.tag_ends[at - 1] };
        (from..self.tag_ends[at]).any(|own| self.tags.get(own as usize).eq_ignore_ascii_case(tag))
    }
}

impl<'a> FromIterator<&'a Site> for SiteBatch {
    fn from_iter<I: IntoIterator<Item = &'a Site>>(sites: I) -> Self {
        let mut batch = Self::default();
        for site in sites {
            batch.push(&site.id, site.position, site.tags.iter().map(String::as_str), site.prior);
        }
        batch
    }
}
