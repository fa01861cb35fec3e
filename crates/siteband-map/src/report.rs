//! What every output is made of: a ranking, with its bands drawn and its trust measured.

use std::sync::OnceLock;

use siteband::{Ranking, Reading, Robustness, Scenario, Sites};

use crate::layers::Layers;

/// A ranking, with everything that is shown of it.
#[derive(Debug)]
pub struct Report<'a> {
    scenario: &'a Scenario,
    sites: &'a Sites,
    reading: Reading,
    ranking: Ranking<'a>,
    robustness: OnceLock<Robustness>,
    layers: Layers,
}

impl<'a> Report<'a> {
    /// Ranks the sites under a reading, and draws the bands of what was said.
    #[must_use]
    pub fn new(scenario: &'a Scenario, sites: &'a Sites, reading: &Reading) -> Self {
        let constraints = scenario.constraints(reading);
        let ranking = sites.rank(&constraints, scenario.options());
        let layers = Layers::new(&ranking);
        Self { scenario, sites, reading: *reading, ranking, robustness: OnceLock::new(), layers }
    }

    /// The question.
    #[must_use]
    pub fn scenario(&self) -> &'a Scenario {
        self.scenario
    }

    /// The list that was ranked.
    #[must_use]
    pub fn sites(&self) -> &'a Sites {
        self.sites
    }

    /// How stated numbers were taken.
    #[must_use]
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// The ranking.
    #[must_use]
    pub fn ranking(&self) -> &Ranking<'a> {
        &self.ranking
    }

    /// How far the ranking can be trusted: asked when it is first wanted, for it takes longer than the ranking itself.
    #[must_use]
    pub fn robustness(&self) -> &Robustness {
        self.robustness.get_or_init(|| {
            let constraints = self.scenario.constraints(&self.reading);
            self.sites.robustness(&constraints, self.scenario.options(), &self.scenario.robustness_options())
        })
    }

    /// What is drawn, in longitude and latitude.
    #[must_use]
    pub fn layers(&self) -> &Layers {
        &self.layers
    }
}
