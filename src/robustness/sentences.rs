//! The report in plain sentences.

use super::Robustness;

impl Robustness {
    /// The report in plain sentences, what matters most first.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        self.flags.iter().map(ToString::to_string).collect()
    }
}
