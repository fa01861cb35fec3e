//! Ranks over plausible numbers: every parameter drawn at once, many times (SMAA-2).

use rand_distr::{Distribution, StandardNormal, StandardUniform};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;
use serde::Serialize;

use super::Inquiry;
use super::parameter::Parameter;
use crate::band::ln_sum_exp;
use crate::rank::{Model, Question};

/// How often each site comes first, second, … when all numbers that were put in are drawn from what is plausible.
///
/// Shares of draws; the Monte Carlo error of a share p is √(p·(1−p)/draws).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Acceptability {
    /// How many times all parameters were drawn.
    pub draws: u32,
    /// Where the random numbers started.
    pub seed: u64,
    /// The sites that come first most often, at most ten, and those of the ranking that are watched.
    pub sites: Vec<Acceptance>,
    /// The share of draws in which each place is first, greatest first; those that ever are.
    pub first_places: Vec<Share>,
    /// The share of draws in which none of these is likelier than every place.
    pub none_first: f64,
}

/// One site's ranks over all draws.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Acceptance {
    /// The site's id.
    pub id: String,
    /// The share of draws in which it is first, second, … among the sites, up to the tenth.
    pub ranks: Vec<f64>,
    /// The Monte Carlo error of the first of these: one standard deviation.
    pub first_error: f64,
    /// The middle of its posterior over all draws.
    pub posterior_median: f64,
    /// Five in a hundred of them are lower.
    pub posterior_low: f64,
    /// Five in a hundred of them are higher.
    pub posterior_high: f64,
    /// The share of draws in which it is ahead of each of the other sites here.
    pub wins: Vec<Share>,
}

/// Something's share of all draws.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    /// A site's id, or a place.
    pub of: String,
    /// The share, from 0 to 1.
    pub share: f64,
}

/// Ranks are counted so far.
const RANKS: usize = 10;

/// How many sites are reported.
const SITES: usize = 10;

/// How many places stand for the search region in a draw.
const PLACES: usize = 200;

/// What one draw comes to.
struct Draw {
    /// The candidates, best first, as places in their list.
    order: Vec<usize>,
    /// Of each candidate, in the order of their list.
    posteriors: Vec<f64>,
    first_place: Option<usize>,
    none_first: bool,
}

impl Inquiry<'_> {
    pub(super) fn acceptability(&self, candidates: &[usize]) -> Acceptability {
        let (draws, seed) = (self.options.draws, self.options.seed);
        if draws == 0 || candidates.is_empty() {
            return Acceptability { draws: 0, seed, ..Acceptability::default() };
        }
        let parameters = self.parameters();
        let of_places = Model::without_leaving_out(self.question.clone()).ln_of_places(None);
        let question = self.question.clone().thinned(PLACES, &of_places);
        let ln_others = self.places.ln_others(&self.posteriors, candidates);
        let all_values = drawn_values(&parameters, draws, seed);
        let results = crate::batch::map(&all_values, |values| {
            let mut question = question.clone();
            for (parameter, value) in parameters.iter().zip(values) {
                if *value != parameter.value {
                    parameter.what.set(&mut question, *value);
                }
            }
            self.draw(question, candidates, ln_others)
        });
        self.summary(candidates, &results)
    }

    /// One draw. The sites that are no candidates are taken to have as much beside these as in the ranking itself.
    fn draw(&self, question: Question<'_>, candidates: &[usize], ln_others: f64) -> Draw {
        let model = Model::without_leaving_out(question);
        let ln_joint = |site: usize| model.ln_prior(site) + model.log_likelihood(site);
        let mut weights: Vec<(f64, usize, usize)> =
            candidates.iter().enumerate().map(|(at, site)| (ln_joint(*site), *site, at)).collect();
        let mut ln_none = model.ln_joint_none();
        let nothing = ln_none == f64::NEG_INFINITY && weights.iter().all(|weight| weight.0 == f64::NEG_INFINITY);
        if nothing {
            // Then posteriors are the priors, as in a ranking.
            for weight in &mut weights {
                weight.0 = model.ln_prior(weight.1);
            }
            ln_none = model.question.prior_none.ln();
        }
        let ln_candidates = ln_sum_exp(weights.iter().map(|(ln_weight, ..)| *ln_weight));
        let ln_total = ln_sum_exp([ln_candidates, ln_candidates + ln_others, ln_none].into_iter());
        let posteriors = weights.iter().map(|(ln_weight, ..)| (ln_weight - ln_total).exp()).collect();
        let id = |site: usize| self.question.sites.as_slice()[site].id();
        weights.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| id(a.1).cmp(id(b.1))));
        let in_order: Vec<(f64, usize)> = weights.iter().map(|(ln_weight, site, _)| (*ln_weight, *site)).collect();
        let first = self.places.first_of(&in_order).filter(|_| !nothing);
        Draw {
            order: weights.into_iter().map(|(_, _, at)| at).collect(),
            posteriors,
            first_place: first.map(|(place, _)| place),
            none_first: !nothing && first.is_none_or(|(_, ln_weight)| ln_none > ln_weight),
        }
    }

    fn summary(&self, candidates: &[usize], results: &[Draw]) -> Acceptability {
        let share = |count: usize| {
            #[allow(clippy::cast_precision_loss, reason = "at most as many as there are draws")]
            let share = count as f64 / results.len() as f64;
            share
        };
        let mut ranks = vec![[0_usize; RANKS]; candidates.len()];
        for draw in results {
            for (rank, at) in draw.order.iter().take(RANKS).enumerate() {
                ranks[*at][rank] += 1;
            }
        }
        let mut shown: Vec<usize> = (0..candidates.len()).collect();
        let rank_of = |at: usize| self.base().iter().position(|site| *site == candidates[at]);
        // Most often first, then most often second, …; among equals as they are ranked.
        shown.sort_by(|a, b| ranks[*b].cmp(&ranks[*a]).then_with(|| rank_of(*a).cmp(&rank_of(*b))));
        let keep =
            |(place, at): (usize, usize)| (place < SITES || self.watched.contains(&candidates[at])).then_some(at);
        let shown: Vec<usize> = shown.into_iter().enumerate().filter_map(keep).collect();
        let id = |at: usize| self.question.sites.as_slice()[candidates[at]].id().to_owned();
        let position = |draw: &Draw, at: usize| draw.order.iter().position(|other| *other == at);
        let sites = shown
            .iter()
            .map(|at| {
                let mut posteriors: Vec<f64> = results.iter().map(|draw| draw.posteriors[*at]).collect();
                posteriors.sort_by(f64::total_cmp);
                let quantile = |of_hundred: usize| posteriors[(posteriors.len() - 1) * of_hundred / 100];
                let first = share(ranks[*at][0]);
                let wins = shown.iter().filter(|other| *other != at).map(|other| {
                    let ahead = results.iter().filter(|draw| position(draw, *at) < position(draw, *other)).count();
                    Share { of: id(*other), share: share(ahead) }
                });
                Acceptance {
                    id: id(*at),
                    ranks: ranks[*at].iter().take(candidates.len()).map(|count| share(*count)).collect(),
                    first_error: (first * (1.0 - first) * share(1)).sqrt(),
                    posterior_median: quantile(50),
                    posterior_low: quantile(5),
                    posterior_high: quantile(95),
                    wins: wins.collect(),
                }
            })
            .collect();
        let mut first_places: Vec<(usize, usize)> = Vec::new();
        for place in results.iter().filter_map(|draw| draw.first_place) {
            match first_places.iter_mut().find(|(other, _)| *other == place) {
                Some((_, count)) => *count += 1,
                None => first_places.push((place, 1)),
            }
        }
        first_places.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| self.places.name(a.0).cmp(self.places.name(b.0))));
        let first_places = first_places
            .into_iter()
            .map(|(place, count)| Share { of: self.places.name(place).to_owned(), share: share(count) });
        Acceptability {
            draws: self.options.draws,
            seed: self.options.seed,
            sites,
            first_places: first_places.collect(),
            none_first: share(results.iter().filter(|draw| draw.none_first).count()),
        }
    }
}

/// So many times a value for every parameter. Each has its random numbers by its name, so that the order of statements does not
/// count.
fn drawn_values(parameters: &[Parameter], draws: u32, seed: u64) -> Vec<Vec<f64>> {
    let mut random = Pcg64::seed_from_u64(seed);
    let mut by_name: Vec<usize> = (0..parameters.len()).collect();
    by_name.sort_by(|a, b| parameters[*a].name.cmp(&parameters[*b].name));
    let mut one = || {
        let mut values = vec![0.0; parameters.len()];
        for at in &by_name {
            let Parameter { scale, value, .. } = &parameters[*at];
            let normal: f64 = StandardNormal.sample(&mut random);
            let even: f64 = StandardUniform.sample(&mut random);
            values[*at] = scale.draw(*value, normal, even);
        }
        values
    };
    (0..draws).map(|_| one()).collect()
}
