//! From claims to a ranking: posteriors of sites, of groups of sites, and of *none of these*.
//!
//! Hypotheses are the sites and H0, that no listed site is right. Statements of one source share one fate: with ε the chance
//! that the source is simply wrong,
//!
//! ```text
//! L_source = (1−ε)·Π f_c + ε·Π b_c
//! ```
//!
//! where `f_c` is the site's likelihood of statement c (for H0 its average over the search region, and 1 for a soft statement) and
//! `b_c` that of an arbitrary number: one over the region's diameter for a distance, 1 for a soft statement. The posterior is
//! proportional to the prior times the product over sources. All in natural logarithms.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

use serde::Serialize;

use crate::band::ln_sum_exp;
use crate::constraint::{Constraint, Evidence};
use crate::length::Length;
use crate::reading::InvalidShare;
use crate::region::SearchRegion;
use crate::site::{Children, Node, Site, Sites};

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
}

impl Default for RankOptions {
    /// One chance in five that no listed site is right, and a search region around the listed sites.
    fn default() -> Self {
        Self { none_of_these: 0.2, search_region: None }
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

    /// The prior probability that no listed site is right.
    #[must_use]
    pub fn none_of_these(&self) -> f64 {
        self.none_of_these
    }

    /// The region in which an unlisted site could be, where one was given.
    #[must_use]
    pub fn search_region(&self) -> Option<&SearchRegion> {
        self.search_region.as_ref()
    }
}

/// The statements that count, grouped by source, with what each is worth to H0.
#[derive(Debug)]
struct Model {
    constraints: Vec<Weighed>,
    sources: Vec<SourceGroup>,
    prior_none: f64,
    /// ln of the prior of a site of weight 1 in no group, and what groups share.
    ln_unit_prior: f64,
    group_weights: BTreeMap<String, GroupWeight>,
    region: Option<SearchRegion>,
}

#[derive(Debug)]
struct Weighed {
    constraint: Constraint,
    /// ln E[g] over the search region; 0 for an attribute.
    ln_expectation: f64,
    /// ln b: what an arbitrary number is worth.
    ln_arbitrary: f64,
}

#[derive(Debug)]
struct SourceGroup {
    contamination: f64,
    ln_right: f64,
    ln_wrong: f64,
    members: Vec<usize>,
}

/// A group has the prior of its weightiest member, shared out by weight.
#[derive(Clone, Copy, Debug, Default)]
struct GroupWeight {
    greatest: f64,
    sum: f64,
}

impl Model {
    fn new(sites: &Sites, constraints: &[Constraint], options: &RankOptions) -> (Self, Vec<String>) {
        let region = options.search_region.clone().or_else(|| SearchRegion::around_sites(sites));
        let (kept, said_before) = said_once(constraints);
        let constraints: Vec<Weighed> =
            kept.into_iter().map(|constraint| Weighed::new(constraint, region.as_ref())).collect();
        let mut by_source: Vec<(&str, SourceGroup)> = Vec::new();
        for (at, weighed) in constraints.iter().enumerate() {
            let id = weighed.constraint.source().id();
            match by_source.iter_mut().find(|(source, _)| *source == id) {
                Some((_, group)) => group.members.push(at),
                None => by_source
                    .push((id, SourceGroup { contamination: 0.0, ln_right: 0.0, ln_wrong: 0.0, members: vec![at] })),
            }
        }
        let mut sources: Vec<SourceGroup> = by_source.into_iter().map(|(_, group)| group).collect();
        for group in &mut sources {
            let fixed = group.members.iter().find_map(|at| constraints[*at].constraint.fixed_contamination());
            let contamination =
                fixed.unwrap_or_else(|| constraints[group.members[0]].constraint.source().contamination());
            (group.ln_right, group.ln_wrong) = ((1.0 - contamination).ln(), contamination.ln());
            group.contamination = contamination;
        }

        let mut group_weights: BTreeMap<String, GroupWeight> = BTreeMap::new();
        let mut alone = 0.0;
        for site in sites.as_slice() {
            if let Some(group) = site.group() {
                let weight = group_weights.entry(group.to_owned()).or_default();
                weight.greatest = weight.greatest.max(site.prior());
                weight.sum += site.prior();
            } else {
                alone += site.prior();
            }
        }
        let places: f64 = alone + group_weights.values().map(|weight| weight.greatest).sum::<f64>();
        let ln_unit_prior = (1.0 - options.none_of_these).ln() - places.ln();
        let model =
            Self { constraints, sources, prior_none: options.none_of_these, ln_unit_prior, group_weights, region };
        (model, said_before)
    }

    fn ln_prior(&self, site: &Site) -> f64 {
        let share = site
            .group()
            .and_then(|group| self.group_weights.get(group))
            .map_or(1.0, |group| group.greatest / group.sum);
        self.ln_unit_prior + (site.prior() * share).ln()
    }

    /// ln L of everything said but statement `without`, given each statement's own ln f.
    fn log_likelihood_of(&self, ln_f: impl Fn(usize) -> f64, without: Option<usize>) -> f64 {
        self.sources
            .iter()
            .map(|group| {
                let members = || group.members.iter().copied().filter(|at| Some(*at) != without);
                let right: f64 = members().map(&ln_f).sum();
                let wrong: f64 = members().map(|at| self.constraints[at].ln_arbitrary).sum();
                ln_sum_exp([group.ln_right + right, group.ln_wrong + wrong].into_iter())
            })
            .sum()
    }

    fn ln_f(&self, at: usize, site: &Site) -> f64 {
        let Weighed { constraint, ln_expectation, .. } = &self.constraints[at];
        constraint.log_likelihood(site, &constraint.gauge(site.position()), *ln_expectation)
    }

    fn log_likelihood(&self, site: &Site) -> f64 {
        self.log_likelihood_of(|at| self.ln_f(at, site), None)
    }

    fn log_likelihood_none(&self, without: Option<usize>) -> f64 {
        self.log_likelihood_of(|at| self.constraints[at].ln_f_none(), without)
    }

    fn evidence(&self, site: &Site) -> Vec<Evidence> {
        let ln_f: Vec<f64> = (0..self.constraints.len()).map(|at| self.ln_f(at, site)).collect();
        let ln_odds = |without| self.log_likelihood_of(|at| ln_f[at], without) - self.log_likelihood_none(without);
        let with_all = ln_odds(None);
        self.constraints
            .iter()
            .enumerate()
            .map(|(at, Weighed { constraint, .. })| {
                let nearest = constraint.nearest(site.position());
                let change = with_all - ln_odds(Some(at));
                let distance = nearest.map(|nearest| nearest.distance);
                Evidence {
                    claim: constraint.id().to_owned(),
                    kind: constraint.kind(),
                    distance,
                    nearest: nearest.map(|nearest| nearest.position),
                    azimuth_deg: constraint.azimuth_deg(site.position()),
                    log_likelihood: ln_f[at],
                    decibans: change.is_finite().then_some(10.0 * change / std::f64::consts::LN_10),
                    position: distance.and_then(|distance| constraint.place(distance)),
                }
            })
            .collect()
    }
}

impl Weighed {
    fn new(constraint: &Constraint, region: Option<&SearchRegion>) -> Self {
        let ln_expectation = match (constraint.feature(), region) {
            (Some(_), Some(region)) => {
                constraint.ln_expectation(&crate::batch::map(region.places(), |place| constraint.gauge(*place)))
            }
            _ => 0.0,
        };
        let ln_arbitrary = match region {
            Some(region) if constraint.is_distance() => -region.diameter().km().ln(),
            _ => 0.0,
        };
        Self { constraint: constraint.clone(), ln_expectation, ln_arbitrary }
    }

    /// What the statement is worth to H0.
    fn ln_f_none(&self) -> f64 {
        if self.constraint.is_distance() { self.ln_expectation } else { 0.0 }
    }
}

/// The statements that count, and the ids of those that only repeat: what one source says twice, or repeats of another, counts
/// once.
fn said_once(constraints: &[Constraint]) -> (Vec<&Constraint>, Vec<String>) {
    let origin = |constraint: &Constraint| {
        let mut id = constraint.source().id();
        // At most as many steps as there are statements, so that a circle ends.
        for _ in constraints {
            let Some(of) = constraints
                .iter()
                .map(Constraint::source)
                .find(|source| source.id() == id)
                .and_then(|source| source.repeats())
            else {
                break;
            };
            id = of;
        }
        id.to_owned()
    };
    let is_own = |constraint: &Constraint| constraint.source().repeats().is_none();
    let mut kept: Vec<&Constraint> = Vec::new();
    let mut said_before = Vec::new();
    for constraint in constraints {
        let twin =
            kept.iter_mut().find(|other| constraint.says_the_same_as(other) && origin(constraint) == origin(other));
        match twin {
            // The original takes the place of its copy.
            Some(other) if is_own(constraint) && !is_own(other) => {
                said_before.push(other.id().to_owned());
                *other = constraint;
            }
            Some(_) => said_before.push(constraint.id().to_owned()),
            None => kept.push(constraint),
        }
    }
    (kept, said_before)
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
/// assert!(sino_ri.rank <= 3 && sino_ri.evidence.len() == 5);
/// assert_eq!(ranking.groups()[0].group, "sino-ri-area");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Ranking<'a> {
    sites: &'a Sites,
    model: Model,
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
        let (model, said_before) = Model::new(self, constraints, options);
        let log_likelihoods: Vec<f64> = crate::batch::map(self.as_slice(), |site| model.log_likelihood(site));
        let ln_none = model.prior_none.ln() + model.log_likelihood_none(None);
        let ln_joint: Vec<f64> = self
            .as_slice()
            .iter()
            .zip(&log_likelihoods)
            .map(|(site, log_likelihood)| model.ln_prior(site) + log_likelihood)
            .collect();
        let ln_total = ln_sum_exp(ln_joint.iter().copied().chain([ln_none]));
        let contradiction = ln_total == f64::NEG_INFINITY;
        let mut order: Vec<Scored> = ln_joint
            .into_iter()
            .zip(log_likelihoods)
            .enumerate()
            .map(|(site, (ln_joint, log_likelihood))| {
                let (ln_weight, ln_sum) =
                    if contradiction { (model.ln_prior(&self.as_slice()[site]), 0.0) } else { (ln_joint, ln_total) };
                Scored { site, log_likelihood, ln_weight, posterior: (ln_weight - ln_sum).exp() }
            })
            .collect();
        let by_id = |a: &Scored, b: &Scored| self.as_slice()[a.site].id().cmp(self.as_slice()[b.site].id());
        order.sort_by(|a, b| b.ln_weight.total_cmp(&a.ln_weight).then_with(|| by_id(a, b)));
        let none_of_these = match (contradiction, self.is_empty()) {
            (_, true) => 1.0,
            (true, _) => model.prior_none,
            (false, _) => (ln_none - ln_total).exp(),
        };
        let prior_none = model.prior_none;
        Ranking { sites: self, model, order, none_of_these, prior_none, contradiction, said_before }
    }

    /// The `k` sites with the greatest product of prior and likelihood, best first, with its natural logarithm: the first places
    /// of [`Sites::rank`], to the bit and with the same ties, without looking at every site. A best-first search over the
    /// R-tree opens only the clusters that could still hold one of them.
    #[must_use]
    pub fn top_k(&self, k: usize, constraints: &[Constraint], options: &RankOptions) -> Vec<(&Site, f64)> {
        let (model, _) = Model::new(self, constraints, options);
        let all = self.as_slice();
        let uncertainty = all.iter().map(|site| site.position().uncertainty()).max().unwrap_or_default();
        let ln_greatest_prior = all.iter().map(|site| model.ln_prior(site)).fold(f64::NEG_INFINITY, f64::max);
        let mut open = BinaryHeap::new();
        let mut found = Vec::with_capacity(k.min(all.len()));
        let weigh = Weigh { model: &model, sites: self, uncertainty, ln_greatest_prior };
        open.push(weigh.node(self.root()));
        while let Some(next) = open.pop() {
            match next.what {
                What::Site(site, _) => {
                    found.push((&all[site], next.bound));
                    if found.len() == k {
                        break;
                    }
                }
                What::Cluster(children) => open.extend(children.nodes().map(|node| weigh.node(node))),
            }
        }
        found
    }
}

/// Puts a number on every node of the tree: a site's own score, or a bound for all sites of a cluster.
struct Weigh<'a> {
    model: &'a Model,
    sites: &'a Sites,
    /// The greatest position uncertainty of any site.
    uncertainty: Length,
    ln_greatest_prior: f64,
}

impl Weigh<'_> {
    fn node<'n>(&self, node: Node<'n>) -> Open<'n> {
        match node {
            Node::Site(at) => {
                let site = &self.sites.as_slice()[at];
                let score = self.model.ln_prior(site) + self.model.log_likelihood(site);
                Open { bound: score, what: What::Site(at, site.id().to_owned()) }
            }
            Node::Cluster(cluster, children) => {
                let ln_f = |at: usize| {
                    let Weighed { constraint, ln_expectation, .. } = &self.model.constraints[at];
                    constraint.log_upper_bound(&cluster, self.uncertainty, *ln_expectation)
                };
                let bound = self.ln_greatest_prior + self.model.log_likelihood_of(ln_f, None);
                // A hair above, for the rounding of sums.
                let slack = if bound.is_finite() { 1e-9 * (1.0 + bound.abs()) } else { 0.0 };
                Open { bound: bound + slack, what: What::Cluster(children) }
            }
        }
    }
}

/// What a best-first search has still to look at.
struct Open<'a> {
    bound: f64,
    what: What<'a>,
}

enum What<'a> {
    Cluster(Children<'a>),
    Site(usize, String),
}

impl Ord for Open<'_> {
    /// Greater bounds first; among equals clusters, which may hold a site of that very score, then sites by id.
    fn cmp(&self, other: &Self) -> Ordering {
        self.bound.total_cmp(&other.bound).then_with(|| match (&self.what, &other.what) {
            (What::Cluster(_), What::Site(..)) => Ordering::Greater,
            (What::Site(..), What::Cluster(_)) => Ordering::Less,
            (What::Site(_, a), What::Site(_, b)) => b.cmp(a),
            (What::Cluster(_), What::Cluster(_)) => Ordering::Equal,
        })
    }
}

impl PartialOrd for Open<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Open<'_> {}

impl<'a> Ranking<'a> {
    /// The first `k` sites, best first, each with its evidence.
    pub fn top(&self, k: usize) -> impl Iterator<Item = Ranked<'a>> {
        (0..k.min(self.order.len())).map(|at| self.ranked(at))
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
            evidence: self.model.evidence(site),
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
        self.model.constraints.iter().map(|weighed| &weighed.constraint)
    }

    /// ε as it was used for a statement's source: its own, or what the reading insists on.
    #[must_use]
    pub fn contamination(&self, statement: &str) -> Option<f64> {
        let at = self.model.constraints.iter().position(|weighed| weighed.constraint.id() == statement)?;
        self.model.sources.iter().find(|group| group.members.contains(&at)).map(|group| group.contamination)
    }

    /// The likelihood of everything said if no listed site is right, as a natural logarithm.
    #[must_use]
    pub fn log_likelihood_none(&self) -> f64 {
        self.model.log_likelihood_none(None)
    }

    /// The search region that gave *none of these* its likelihood; none for an empty list.
    #[must_use]
    pub fn search_region(&self) -> Option<&SearchRegion> {
        self.model.region.as_ref()
    }

    /// The diameter of the search region: what a number from a source that is simply wrong could have been anything up to.
    #[must_use]
    pub fn greatest_offset(&self) -> Option<Length> {
        self.search_region().map(SearchRegion::diameter)
    }
}
