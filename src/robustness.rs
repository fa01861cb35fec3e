//! How far a ranking can be trusted: what carries it, what would overturn it, and what it is worth under other assumptions.
//!
//! | question | answer |
//! |---|---|
//! | What if the words are read otherwise, a claim or a source is left out, the prior for none of these is another, the sources' statements lean on each other, the border is another data set's? | [`WhatIf`]: who is first then |
//! | Does it rest on distances, or on arguments about sites? | [`Reliance`] |
//! | What is the smallest change of each number that changes the first place? | [`TippingPoint`] |
//! | In what share of all plausible numbers is each site first, second, …? | [`Acceptability`] (SMAA-2: R. Lahdelma & P. Salminen, Operations Research 49, 2001) |
//! | Which sites does no other beat in everything that was said? | [`Robustness::pareto_front`] |
//! | What has an analyst to be warned of? | [`Flag`] |
//!
//! # First place
//! Rivals are *places*: a group of sites is one, a site without a group is one. The first place is the one with the greatest
//! posterior; *none of these* is no place, and what it gets is said beside it.

mod acceptability;
mod flag;
mod parameter;
mod reliance;
mod sentences;
mod standing;
mod tipping;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde::Serialize;

use crate::atlas::Atlas;
use crate::constraint::{Constraint, Tempering};
use crate::rank::{Model, Posed, Question, RankOptions, lineage};
use crate::reading::Reading;
use crate::region::SearchRegion;
use crate::site::Sites;
pub use acceptability::{Acceptability, Acceptance, Share};
pub use flag::Flag;
pub use reliance::{Contribution, Reliance, RestsOn, SourceContribution};
pub use standing::{Leader, Standing, WhatIf};
use standing::{Places, Posteriors};
pub use tipping::{TippingPoint, WaysToWin};

/// What a report on robustness looks at beside the question itself.
///
/// # Example
/// ```
/// use siteband::RobustnessOptions;
/// let options = RobustnessOptions { draws: 200, ..RobustnessOptions::default() };
/// assert_eq!(options.draws, 200);
/// ```
#[derive(Clone, Debug)]
pub struct RobustnessOptions {
    /// How many times all parameters are drawn at once.
    pub draws: u32,
    /// Where the random numbers start: the same seed gives the same report.
    pub seed: u64,
    /// Other data for the same features, by name: features are replaced by those with the same id.
    pub atlases: Vec<(String, Atlas)>,
    /// Other regions where an unlisted site could be.
    pub search_regions: Vec<SearchRegion>,
    /// Assumptions to be tried.
    pub assumptions: Vec<Assumption>,
    /// Ids of sites whose standing is wanted under every assumption, beside those that are ranked first.
    pub watched: Vec<String>,
}

impl Default for RobustnessOptions {
    /// A thousand draws, and nothing beside the question itself.
    fn default() -> Self {
        Self {
            draws: 1000,
            seed: 2012,
            atlases: Vec::new(),
            search_regions: Vec::new(),
            assumptions: Vec::new(),
            watched: Vec::new(),
        }
    }
}

/// An assumption of the caller's own: some of what was said does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assumption {
    /// What is assumed, for people.
    pub title: String,
    /// Ids of statements that do not count.
    pub without_claims: Vec<String>,
    /// Ids of sources that do not count.
    pub without_sources: Vec<String>,
    /// Tags that do not count: every statement that looks at one is left out.
    pub without_tags: Vec<String>,
}

impl Assumption {
    /// Whether one of the statements that were made still counts.
    pub(crate) fn keeps<'a>(
        &self,
        constraint: &'a Constraint,
        said: &(impl Iterator<Item = &'a Constraint> + Clone),
    ) -> bool {
        let names = |ids: &[String], id: &str| ids.iter().any(|other| other.eq_ignore_ascii_case(id));
        !names(&self.without_claims, constraint.id())
            && !lineage(constraint, said).into_iter().any(|source| names(&self.without_sources, source))
            && !constraint.tag().is_some_and(|tag| names(&self.without_tags, tag))
    }
}

/// How far a ranking can be trusted.
///
/// # Example
/// ```
/// use siteband::{Reading, RobustnessOptions, Scenario};
/// let scenario = Scenario::from_path("data/scenarios/sino-ri.toml".as_ref())?;
/// let sites = scenario.load_sites()?;
/// let options = RobustnessOptions { draws: 100, ..scenario.robustness_options() };
/// let report = sites.robustness(&scenario.constraints(&Reading::default()), scenario.options(), &options);
/// let leader = report.leader.as_ref().ok_or("a list that is not empty")?;
/// assert_eq!(leader.place, "sino-ri-area");
/// assert!(report.readings.iter().any(|what_if| what_if.assumption == "read as literal"));
/// for sentence in report.sentences() {
///     println!("{sentence}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Robustness {
    /// Who is first, and by how much; none where no site is possible.
    pub leader: Option<Leader>,
    /// The posterior probability that no listed site is right.
    pub none_of_these: f64,
    /// Under each of [`Reading::all`].
    pub readings: Vec<WhatIf>,
    /// Without each statement.
    pub without_claim: Vec<WhatIf>,
    /// Without each source, and whoever only repeats it.
    pub without_source: Vec<WhatIf>,
    /// With a prior for none of these of 0.05 and 0.5.
    pub prior_none: Vec<WhatIf>,
    /// With each source's statements taken as independent, and as one argument; with soft statements as stated, and not at all.
    pub tempering: Vec<WhatIf>,
    /// With features from other data.
    pub atlases: Vec<WhatIf>,
    /// With other regions where an unlisted site could be.
    pub search_regions: Vec<WhatIf>,
    /// Under the caller's own assumptions.
    pub assumptions: Vec<WhatIf>,
    /// What the lead of the first place, and that of each watched site's place, rests on.
    pub reliance: Vec<Reliance>,
    /// The smallest change of each parameter that changes the first place.
    pub tipping_points: Vec<TippingPoint>,
    /// For the place of each site that the caller watches and that is not first, the smallest changes that make it first.
    pub ways_to_win: Vec<WaysToWin>,
    /// Ranks over drawn parameters.
    pub acceptability: Acceptability,
    /// The ids of the sites that no other beats in everything that was said, in the order of the ranking.
    pub pareto_front: Vec<String>,
    /// What an analyst has to be warned of.
    pub flags: Vec<Flag>,
}

impl Robustness {
    /// Every ranking under another assumption, kind by kind.
    pub fn what_ifs(&self) -> impl Iterator<Item = &WhatIf> {
        let kinds = [
            &self.readings,
            &self.without_claim,
            &self.without_source,
            &self.assumptions,
            &self.prior_none,
            &self.tempering,
            &self.atlases,
            &self.search_regions,
        ];
        kinds.into_iter().flatten()
    }
}

impl Sites {
    /// How far the ranking of these sites can be trusted.
    ///
    /// # Accuracy
    /// What-ifs are whole rankings. Tipping points are found among the sites that are first, or nearly, under any of them. Draws
    /// are made of the same, with the search region represented by some 200 places: *none of these* is then good to a tenth of its odds.
    #[must_use]
    pub fn robustness(
        &self,
        constraints: &[Constraint],
        options: &RankOptions,
        robustness: &RobustnessOptions,
    ) -> Robustness {
        let (question, _) = Question::new(self, constraints, options);
        Inquiry::new(question.measured(), constraints, robustness).report()
    }
}

/// The question, and everything that is looked up again and again while it is asked under other assumptions.
struct Inquiry<'a> {
    question: Question<'a>,
    /// Everything that was said, repetitions as well.
    said: &'a [Constraint],
    places: Places<'a>,
    options: &'a RobustnessOptions,
    /// Of the ranking itself.
    posteriors: Posteriors,
    leader: Option<Leader>,
    /// The sites whose standing is kept in every what-if.
    watched: Vec<usize>,
}

/// How many sites of the ranking are watched.
const WATCHED: usize = 5;

/// So many of the first sites, and of the first places, are candidates for the first place under every assumption.
const CANDIDATES: usize = 30;

impl<'a> Inquiry<'a> {
    fn new(question: Question<'a>, said: &'a [Constraint], options: &'a RobustnessOptions) -> Self {
        let places = Places::new(question.sites);
        let model = Model::without_leaving_out(question.clone());
        let posteriors = places.posteriors(&model);
        let leader = places.leader(&posteriors);
        let mut watched: Vec<usize> = posteriors.order.iter().copied().take(WATCHED).collect();
        for id in &options.watched {
            let site = question.sites.as_slice().iter().position(|site| site.id().eq_ignore_ascii_case(id));
            watched.extend(site.filter(|site| !watched.contains(site)));
        }
        Self { question, said, places, options, posteriors, leader, watched }
    }

    /// The sites, best first.
    fn base(&self) -> &[usize] {
        &self.posteriors.order
    }

    /// The sites that the caller watches, as far as they are listed, best first.
    fn called(&self) -> impl Iterator<Item = usize> {
        let is_called = |site: &&usize| {
            let id = self.question.sites.as_slice()[**site].id();
            self.options.watched.iter().any(|watched| watched.eq_ignore_ascii_case(id))
        };
        self.base().iter().filter(is_called).copied()
    }

    fn report(&self) -> Robustness {
        let mut candidates: BTreeSet<usize> = self.watched.iter().map(|site| self.places.of_site(*site)).collect();
        candidates.extend(self.places.best(&self.posteriors, CANDIDATES));
        let mut ask = |assumption: String, question: Question<'a>| {
            let posteriors = self.places.posteriors(&Model::without_leaving_out(question));
            candidates.extend(self.places.best(&posteriors, CANDIDATES));
            self.places.what_if(assumption, &posteriors, &self.watched)
        };
        let readings = Reading::all()
            .iter()
            .map(|reading| ask(format!("read as {}", reading.name()), self.read_as(reading)))
            .collect();
        let without_claim = (0..self.question.posed.len())
            .map(|at| {
                let id = self.question.posed[at].constraint().id();
                ask(format!("without {id}"), self.question.clone().without(at))
            })
            .collect();
        let without_source = self
            .ids(|posed| self.origin(posed.constraint()))
            .into_iter()
            .map(|id| {
                let question = self.question.clone().retaining(|constraint| self.origin(constraint) != id);
                ask(format!("without {id}"), question)
            })
            .collect();
        let prior_none = [0.05, 0.5]
            .into_iter()
            .map(|prior| {
                let question = Question { prior_none: prior, ..self.question.clone() };
                ask(format!("prior for none of these {:.0} %", 100.0 * prior), question)
            })
            .collect();
        let tempering = self.temperings().into_iter().map(|(what, question)| ask(what, question)).collect();
        let atlases = self
            .options
            .atlases
            .iter()
            .filter_map(|(name, atlas)| Some(ask(format!("with {name}"), self.with_features_of(atlas)?)))
            .collect();
        let search_regions = self
            .options
            .search_regions
            .iter()
            .map(|region| {
                let question = self.question.clone().within(region.clone());
                ask(format!("an unlisted site could be anywhere in {}", region.name()), question)
            })
            .collect();
        let assumptions = self
            .options
            .assumptions
            .iter()
            .map(|assumption| {
                let keep = |constraint: &Constraint| assumption.keeps(constraint, &self.said.iter());
                ask(assumption.title.clone(), self.question.if_only(self.said, keep))
            })
            .collect();
        let candidates = self.places.sites_of(&candidates);
        let mut report = Robustness {
            leader: self.leader.clone(),
            none_of_these: self.posteriors.none,
            readings,
            without_claim,
            without_source,
            prior_none,
            tempering,
            atlases,
            search_regions,
            assumptions,
            reliance: self.reliance(),
            tipping_points: self.tipping_points(&candidates),
            ways_to_win: self.ways_to_win(&candidates),
            acceptability: self.acceptability(&candidates),
            pareto_front: self.pareto_front(),
            flags: Vec::new(),
        };
        report.flags = self.flags(&report);
        report
    }

    /// Something of each statement, each once, in order.
    fn ids(&self, of: impl Fn(&Posed) -> String) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for id in self.question.posed.iter().map(of) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// The source that a statement comes from in the end, as far as what was said tells.
    fn origin(&self, constraint: &Constraint) -> String {
        let line = lineage(constraint, &self.said.iter());
        line.last().map_or_else(String::new, ToString::to_string)
    }

    fn read_as(&self, reading: &Reading) -> Question<'a> {
        let mut question = self.question.clone();
        for at in 0..question.posed.len() {
            let read = question.posed[at].constraint().read_as(reading);
            question.restate(at, read);
        }
        question
    }

    fn with_features_of(&self, atlas: &Atlas) -> Option<Question<'a>> {
        let mut question = self.question.clone();
        let mut changed = false;
        for at in 0..question.posed.len() {
            if let Some(constraint) = question.posed[at].constraint().with_features_of(atlas) {
                question.remeasure(at, constraint);
                changed = true;
            }
        }
        changed.then_some(question)
    }

    /// Both ends of how far statements count.
    fn temperings(&self) -> Vec<(String, Question<'a>)> {
        let mut ends = Vec::new();
        let sources = self.ids(|posed| posed.constraint().source().id().to_owned());
        let count =
            |id: &str| self.question.posed.iter().filter(|posed| posed.constraint().source().id() == id).count();
        if sources.iter().any(|id| count(id) > 1) {
            for (words, is_one) in [("independent of each other", false), ("one argument", true)] {
                let mut question = self.question.clone();
                for at in 0..question.posed.len() {
                    #[allow(clippy::cast_precision_loss, reason = "a few statements")]
                    let of_source = count(question.posed[at].constraint().source().id()) as f64;
                    question.temper(at, if is_one { 1.0 / of_source } else { 1.0 });
                }
                ends.push((format!("what one source says taken as {words}"), question));
            }
        }
        if self.question.posed.iter().any(|posed| !posed.constraint().is_distance()) {
            let as_stated = Question { tempering: Tempering::NONE, ..self.question.clone() };
            ends.push(("soft statements counted as they are stated".to_owned(), as_stated));
            let not_at_all = self.question.clone().retaining(Constraint::is_distance);
            ends.push(("soft statements not counted".to_owned(), not_at_all));
        }
        ends
    }

    /// The sites that no other beats in everything that was said.
    fn pareto_front(&self) -> Vec<String> {
        let model = Model::without_leaving_out(self.question.clone());
        let statements = 0..self.question.posed.len();
        let mut front: Vec<(usize, Vec<f64>)> = Vec::new();
        // Whoever beats a site in everything has no lesser sum, and of equal sums (rounded, or of zeros) comes first by the first
        // statement in which they differ; and whoever is beaten by a beaten one is beaten by its victor.
        let mut by_sum: Vec<(f64, usize, Vec<f64>)> = self
            .base()
            .iter()
            .map(|site| {
                let of_site: Vec<f64> = statements.clone().map(|at| model.ln_f(at, *site)).collect();
                (of_site.iter().sum(), *site, of_site)
            })
            .collect();
        let by_statement = |a: &[f64], b: &[f64]| {
            let each = a.iter().zip(b).map(|(a, b)| b.partial_cmp(a).unwrap_or(Ordering::Equal));
            each.fold(Ordering::Equal, Ordering::then)
        };
        by_sum.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| by_statement(&a.2, &b.2)));
        for (_, site, of_site) in by_sum {
            let beats = |other: &Vec<f64>| {
                other.iter().zip(&of_site).all(|(other, own)| other >= own)
                    && other.iter().zip(&of_site).any(|(other, own)| other > own)
            };
            if !front.iter().any(|(_, other)| beats(other)) {
                front.push((site, of_site));
            }
        }
        let on_front: BTreeSet<usize> = front.into_iter().map(|(site, _)| site).collect();
        let id = |site: &usize| self.question.sites.as_slice()[*site].id().to_owned();
        self.base().iter().filter(|site| on_front.contains(site)).map(id).collect()
    }
}
