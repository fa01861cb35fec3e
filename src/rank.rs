//! From claims to a ranking: posteriors of sites, of groups of sites, and of *none of these*.
//!
//! Hypotheses are the sites and H0, that no listed site is right. Statements of one source share one fate: with ε the chance
//! that the source is simply wrong,
//!
//! ```text
//! L_source = (1−ε)·Π f_c + ε·Π b_c
//! ```
//!
//! where `f_c` is the site's likelihood of statement c and `b_c` that of an arbitrary number: one over the region's diameter for a
//! distance, 1 for a soft statement. The likelihood of everything said under H0 is the average of the product over sources over the
//! places of the search region, with soft statements worth 1: an unlisted site is at *one* place, so what is said about distances
//! has to hold there together. The posterior is proportional to the prior times the likelihood. All in natural logarithms.
//!
//! Where a source's statements lean on each other, each counts with a power λ < 1: `f_c^λ·b_c^(1−λ)`.

mod cover;
mod model;
mod question;
mod score;
mod search;
mod worksheet;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::constraint::{Constraint, Evidence, Tempering};
use crate::reading::InvalidShare;
use crate::region::SearchRegion;
use crate::site::{Site, Sites};
pub use cover::LatLonBox;
pub(crate) use model::{Model, decibans};
pub(crate) use question::{Posed, Question, lineage};
pub use score::{Scorer, Scores, StatementScores};
pub use worksheet::{Distances, Worked, WorkedDistance, WorkedStatement, Worksheet};

/// What a ranking needs beside sites and constraints.
///
/// # Example
/// ```
/// use siteband::{Length, Position, RankOptions, SearchRegion};
/// let region = SearchRegion::around(Position::new(39.0, 126.0)?, Length::from_km(300.0)?);
/// let options = RankOptions::default().with_none_of_these(0.5)?.with_search_region(region);
/// assert_eq!(options.none_of_these(), 0.5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RankOptions {
    none_of_these: f64,
    search_region: Option<SearchRegion>,
    tempering: Tempering,
}

impl Default for RankOptions {
    /// One chance in five that no listed site is right, a search region around the listed sites, and soft statements tempered by
    /// default.
    fn default() -> Self {
        Self { none_of_these: 0.2, search_region: None, tempering: Tempering::default() }
    }
}

impl RankOptions {
    /// The same options with another prior probability that no listed site is right.
    ///
    /// # Errors
    /// [`InvalidShare`] unless it lies strictly between 0 and 1.
    pub fn with_none_of_these(self, prior: f64) -> Result<Self, InvalidShare> {
        if prior > 0.0 && prior < 1.0 {
            Ok(Self { none_of_these: prior, ..self })
        } else {
            Err(InvalidShare { name: "prior for none of these", value: prior, range: InvalidShare::OPEN })
        }
    }

    /// The same options with the region in which an unlisted site could be.
    #[must_use]
    pub fn with_search_region(self, region: SearchRegion) -> Self {
        Self { search_region: Some(region), ..self }
    }

    /// The same options with soft statements counted so far.
    #[must_use]
    pub fn with_tempering(self, tempering: Tempering) -> Self {
        Self { tempering, ..self }
    }

    /// The prior probability that no listed site is right.
    #[must_use]
    pub fn none_of_these(&self) -> f64 {
        self.none_of_these
    }

    /// How far soft statements count.
    #[must_use]
    pub fn tempering(&self) -> Tempering {
        self.tempering
    }

    /// The region in which an unlisted site could be, where one was given.
    #[must_use]
    pub fn search_region(&self) -> Option<&SearchRegion> {
        self.search_region.as_ref()
    }
}

/// Sites ranked by how well they fit what was said, with the probability that none does.
///
/// Ties are broken by site id.
///
/// # Example
/// ```
/// use siteband::{Reading, Scenario};
/// let scenario = Scenario::from_path("data/scenarios/sino-ri.toml".as_ref())?;
/// let sites = scenario.load_sites()?;
/// let ranking = scenario.rank(&sites, &Reading::analyst());
/// let sino_ri = ranking.get("sino-ri").ok_or("a listed site")?;
/// assert!(sino_ri.rank <= 3 && sino_ri.evidence.len() == 7);
/// assert_eq!(ranking.groups()[0].group, "sino-ri-area");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Ranking<'a> {
    sites: &'a Sites,
    model: Model<'a>,
    order: Vec<Scored>,
    /// The posterior probability that no listed site is right.
    pub none_of_these: f64,
    /// The prior probability that no listed site is right.
    pub prior_none: f64,
    /// Whether every hypothesis, H0 included, has zero likelihood: then the posteriors are the priors.
    pub contradiction: bool,
    /// The ids of the statements that only repeat another and were not counted.
    pub said_before: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
struct Scored {
    site: usize,
    log_likelihood: f64,
    /// ln of prior times likelihood: what is ranked and tied by, since posteriors too small for a number would all be equal.
    ln_weight: f64,
    posterior: f64,
}

/// One site of a ranking.
#[derive(Clone, Debug)]
pub struct Ranked<'a> {
    /// Its place, from 1.
    pub rank: usize,
    /// The site.
    pub site: &'a Site,
    /// The posterior probability that it is the one.
    pub posterior: f64,
    /// The natural logarithm of the likelihood of all that was said if it is the one.
    pub log_likelihood: f64,
    /// The ids of the sites with exactly the same product of prior and likelihood, at most a hundred.
    pub tied_with: Vec<&'a str>,
    /// What it shows of each statement.
    pub evidence: Vec<Evidence>,
}

/// One group of a ranking.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RankedGroup {
    /// The group's name.
    pub group: String,
    /// The posterior probability that one of its sites is the one.
    pub posterior: f64,
}

impl Sites {
    /// Ranks every site by how well it fits the constraints.
    ///
    /// Without a search region in the options, an unlisted site is taken to lie within the reach of the listed ones. An empty
    /// list leaves *none of these* alone, at probability 1.
    ///
    /// # Example
    /// ```
    /// use siteband::{Atlas, Constraint, RankOptions, Reading, Sites};
    /// let atlas = Atlas::from_path("data/borders/cn-kp.geojson".as_ref())?;
    /// let sites = Sites::from_path("data/sites/dprk-facilities.csv".as_ref())?;
    /// let claim = "about 85 km from the Chinese border".parse()?;
    /// let ranking = sites.rank(&[Constraint::resolve(&claim, &atlas, &Reading::default())?], &RankOptions::default());
    /// let sum: f64 = ranking.top(sites.len()).map(|ranked| ranked.posterior).sum();
    /// assert!((sum + ranking.none_of_these - 1.0).abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn rank(&self, constraints: &[Constraint], options: &RankOptions) -> Ranking<'_> {
        let (question, said_before) = Question::new(self, constraints, options);
        Ranking::new(Model::new(question), said_before)
    }
}

impl<'a> Ranking<'a> {
    pub(crate) fn new(model: Model<'a>, said_before: Vec<String>) -> Self {
        let sites = model.question.sites;
        let log_likelihoods = model.log_likelihoods();
        let ln_none = model.ln_joint_none();
        let ln_joint: Vec<f64> = log_likelihoods
            .iter()
            .enumerate()
            .map(|(site, log_likelihood)| model.ln_prior(site) + log_likelihood)
            .collect();
        // Beside the greatest: where all are very small, their logarithms have no digits left for a share of the sum.
        let ln_greatest = ln_joint.iter().copied().fold(ln_none, f64::max);
        let contradiction = ln_greatest == f64::NEG_INFINITY;
        let sum: f64 = ln_joint.iter().chain([&ln_none]).map(|ln| (ln - ln_greatest).exp()).sum();
        let mut order: Vec<Scored> = ln_joint
            .into_iter()
            .zip(log_likelihoods)
            .enumerate()
            .map(|(site, (ln_joint, log_likelihood))| {
                let (ln_weight, posterior) = if contradiction {
                    (model.ln_prior(site), model.ln_prior(site).exp())
                } else {
                    (ln_joint, (ln_joint - ln_greatest).exp() / sum)
                };
                Scored { site, log_likelihood, ln_weight, posterior }
            })
            .collect();
        let by_id = |a: &Scored, b: &Scored| sites.as_slice()[a.site].id().cmp(sites.as_slice()[b.site].id());
        order.sort_by(|a, b| b.ln_weight.total_cmp(&a.ln_weight).then_with(|| by_id(a, b)));
        let none_of_these = match (contradiction, sites.is_empty()) {
            (_, true) => 1.0,
            (true, _) => model.question.prior_none,
            (false, _) => (ln_none - ln_greatest).exp() / sum,
        };
        let prior_none = model.question.prior_none;
        Self { sites, model, order, none_of_these, prior_none, contradiction, said_before }
    }

    /// The first `k` sites, best first, each with its evidence.
    pub fn top(&self, k: usize) -> impl Iterator<Item = Ranked<'a>> {
        (0..k.min(self.order.len())).map(|at| self.ranked(at))
    }

    /// Every site with its posterior, best first: what [`Ranking::top`] has, without the evidence.
    pub fn order(&self) -> impl Iterator<Item = (&'a Site, f64)> {
        self.order.iter().map(|scored| (self.site(scored), scored.posterior))
    }

    /// ln of the likelihood, at each of the search region's places, of what is said about distances: where a site that is on no list
    /// would most likely be. Zeros where nothing is said about distances.
    #[must_use]
    pub fn log_likelihoods_of_places(&self) -> Vec<f64> {
        let ln = self.model.ln_of_places(None);
        let count = self.search_region().map_or(0, |region| region.places().len());
        if ln.is_empty() { vec![0.0; count] } else { ln }
    }

    /// One site's place in the ranking.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Ranked<'a>> {
        let at = self.order.iter().position(|scored| self.site(scored).id().eq_ignore_ascii_case(id))?;
        Some(self.ranked(at))
    }

    fn site(&self, scored: &Scored) -> &'a Site {
        &self.sites.as_slice()[scored.site]
    }

    fn ranked(&self, at: usize) -> Ranked<'a> {
        const MOST_TIES: usize = 100;
        let scored = &self.order[at];
        let same = |other: &&Scored| other.ln_weight.to_bits() == scored.ln_weight.to_bits();
        let first = self.order.partition_point(|other| other.ln_weight > scored.ln_weight);
        let tied_with = self.order[first..]
            .iter()
            .take_while(same)
            .filter(|other| other.site != scored.site)
            .map(|other| self.site(other).id())
            .take(MOST_TIES)
            .collect();
        let site = self.site(scored);
        Ranked {
            rank: at + 1,
            site,
            posterior: scored.posterior,
            log_likelihood: scored.log_likelihood,
            tied_with,
            evidence: self.model.evidence(scored.site),
        }
    }

    /// How many sites are ranked.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether no site is ranked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The posterior of each group of sites, greatest first.
    #[must_use]
    pub fn groups(&self) -> Vec<RankedGroup> {
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for scored in &self.order {
            if let Some(group) = self.site(scored).group() {
                *sums.entry(group).or_default() += scored.posterior;
            }
        }
        let mut groups: Vec<RankedGroup> =
            sums.into_iter().map(|(group, posterior)| RankedGroup { group: group.to_owned(), posterior }).collect();
        groups.sort_by(|a, b| b.posterior.total_cmp(&a.posterior).then_with(|| a.group.cmp(&b.group)));
        groups
    }

    /// The statements that were counted, in order.
    pub fn constraints(&self) -> impl Iterator<Item = &Constraint> {
        self.model.question.posed.iter().map(Posed::constraint)
    }

    /// ε as it was used for a statement's source: its own, or what the reading insists on.
    #[must_use]
    pub fn contamination(&self, statement: &str) -> Option<f64> {
        let at = self.constraints().position(|constraint| constraint.id() == statement)?;
        self.model.contamination(at)
    }

    /// The likelihood of everything said if no listed site is right, as a natural logarithm.
    #[must_use]
    pub fn log_likelihood_none(&self) -> f64 {
        self.model.log_likelihood_none()
    }

    /// How much what was said speaks for a site and against *none of these*, before priors: ten times the decimal logarithm of the
    /// site's likelihood over that of *none of these*, as [`Scores::decibans`] has it.
    #[must_use]
    pub fn decibans(&self, ranked: &Ranked<'_>) -> f64 {
        decibans(ranked.log_likelihood - self.log_likelihood_none())
    }

    /// The search region that gave *none of these* its likelihood; none for an empty list.
    #[must_use]
    pub fn search_region(&self) -> Option<&SearchRegion> {
        self.model.question.region.as_deref()
    }
}
