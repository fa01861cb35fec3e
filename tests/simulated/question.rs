//! Questions with known truth: a list of sites, a place drawn from the prior, and what sources say about it.

use rand::RngExt;
use rand_pcg::Pcg64;
use siteband::{Constraint, RankOptions, Ranking, Site, Sites, Source};

use crate::menu::Menus;
use crate::statement::{Content, Shows, TAGS, Topic};
use crate::world::{Seen, World, pick};

/// What an unlisted truth makes of soft statements about location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unlisted {
    /// They depend on its place, as they do for a site.
    ByPlace,
    /// They are made as often as over the whole region, wherever it is: what the ranking takes for granted.
    ByRegion,
}

/// A question and its answer.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    pub(crate) world: &'a World,
    pub(crate) sites: Sites,
    /// Of every site.
    pub(crate) seen: Vec<Seen>,
    pub(crate) prior_none: f64,
    /// The prior of every site: together 1 − `prior_none`.
    pub(crate) priors: Vec<f64>,
    /// Of every source, how likely it is to be wrong.
    pub(crate) wrong: Vec<f64>,
    pub(crate) statements: Vec<Statement>,
    /// The true site; none for an unlisted place.
    pub(crate) truth: Option<usize>,
}

/// What a source says.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) source: usize,
    pub(crate) constraint: Constraint,
    pub(crate) content: Content,
}

impl<'a> Question<'a> {
    pub(crate) fn new(world: &'a World, menus: &Menus, unlisted: Unlisted, random: &mut Pcg64) -> Self {
        let (sites, seen) = list(world, random);
        let prior_none = random.random_range(0.05..0.5);
        let priors: Vec<f64> = priors(sites.as_slice()).iter().map(|prior| (1.0 - prior_none) * prior).collect();
        let topics = topics(random);
        let wrong: Vec<f64> = topics.iter().map(|_| random.random_range(0.02..0.5)).collect();

        let with_none: Vec<f64> = priors.iter().copied().chain([prior_none]).collect();
        let truth = Some(pick(&with_none, random)).filter(|at| *at < priors.len());
        let place = truth.map_or_else(|| world.unlisted(random), |at| seen[at].clone());

        let mut statements = Vec::new();
        for (source, topics) in topics.into_iter().enumerate() {
            let is_wrong = random.random_bool(wrong[source]);
            let shows = Shows {
                seen: &place,
                wrong: is_wrong,
                soft_by_region: is_wrong || (truth.is_none() && unlisted == Unlisted::ByRegion),
                tags: truth.filter(|_| !is_wrong).map(|at| sites.as_slice()[at].tags()),
            };
            for topic in topics {
                let (constraint, content) = topic.say(shows, world, menus, random);
                let by = Source::new(format!("source-{source}"), 1.0 - wrong[source]).expect("a share");
                let constraint = constraint.with_source(by).with_id(format!("statement-{}", statements.len()));
                statements.push(Statement { source, constraint, content });
            }
        }
        Self { world, sites, seen, prior_none, priors, wrong, statements, truth }
    }

    pub(crate) fn constraints(&self) -> Vec<Constraint> {
        self.statements.iter().map(|statement| statement.constraint.clone()).collect()
    }

    pub(crate) fn options(&self) -> RankOptions {
        let options = RankOptions::default().with_search_region(self.world.region.clone());
        options.with_none_of_these(self.prior_none).expect("between 0 and 1")
    }

    /// Where the truth stands in [`Question::posterior`].
    pub(crate) fn answer(&self) -> usize {
        self.truth.unwrap_or(self.sites.len())
    }

    /// The posterior of every site in the order of the list and, last, of none of these.
    pub(crate) fn posterior(&self, ranking: &Ranking<'_>) -> Vec<f64> {
        let mut posterior = vec![0.0; self.sites.len()];
        for ranked in ranking.top(self.sites.len()) {
            let number: usize = ranked.site.id().parse().expect("numbered sites");
            posterior[number] = ranked.posterior;
        }
        posterior.push(ranking.none_of_these);
        posterior
    }

    /// The list without the true site.
    pub(crate) fn others(&self) -> Option<Sites> {
        let truth = self.truth?;
        let others = self.sites.as_slice().iter().enumerate().filter(|(at, _)| *at != truth);
        Some(Sites::new(others.map(|(_, site)| site.clone()).collect()).expect("ids of their own"))
    }
}

/// 3 to 30 sites, some in groups, some with tags, some likelier than others.
fn list(world: &World, random: &mut Pcg64) -> (Sites, Vec<Seen>) {
    let count: u32 = random.random_range(3..=30);
    let groups: u32 = random.random_range(1..=4);
    let site = |number: u32| {
        let (place, seen) = world.scene.place(random);
        let site = Site::new(number.to_string(), place).with_prior(random.random_range(0.2..3.0)).expect("a weight");
        let site = site.with_tags(TAGS.into_iter().filter(|_| random.random_bool(0.4)));
        let is_grouped = random.random_bool(0.3);
        let group = random.random_range(0..groups);
        (if is_grouped { site.with_group(format!("group-{group}")) } else { site }, seen)
    };
    let (sites, seen) = (0..count).map(site).unzip();
    (Sites::new(sites).expect("ids of their own"), seen)
}

/// What 1 to 3 sources speak of, in 1 or 2 statements each; none makes one statement twice.
fn topics(random: &mut Pcg64) -> Vec<Vec<Topic>> {
    let sources = random.random_range(1..=3);
    (0..sources)
        .map(|_| {
            let first = random.random_range(0..4);
            let second = (first + random.random_range(1..4)) % 4;
            let count = random.random_range(1..=2);
            let about = [first, second].into_iter().zip(TAGS).take(count);
            about.map(|(feature, tag)| Topic::new(feature, tag, random)).collect()
        })
        .collect()
}

/// The prior of every site if one of them is right: a group has as much as its weightiest member alone, shared out by weight.
fn priors(sites: &[Site]) -> Vec<f64> {
    let weight = |site: &Site| {
        let Some(group) = site.group() else { return site.prior() };
        let weights: Vec<f64> = sites.iter().filter(|mate| mate.group() == Some(group)).map(Site::prior).collect();
        let most = weights.iter().copied().fold(0.0, f64::max);
        site.prior() / weights.iter().sum::<f64>() * most
    };
    let weights: Vec<f64> = sites.iter().map(weight).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}
