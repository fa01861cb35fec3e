//! Who is first, and where sites stand, under one assumption.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::band::ln_sum_exp;
use crate::rank::{Model, decibans};
use crate::site::Sites;

/// The first place of a ranking.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Leader {
    /// The name of the group, or the id of a site without one.
    pub place: String,
    /// Its posterior probability.
    pub posterior: f64,
    /// The first of its sites.
    pub site: String,
    /// The place with the next greatest posterior.
    pub runner_up: Option<String>,
    /// How far it is ahead of that: ten times the decimal logarithm of the ratio of posteriors. None without another place, or
    /// where that has no probability at all.
    pub lead_decibans: Option<f64>,
}

/// Where a site stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// The site's id.
    pub id: String,
    /// Its rank among the sites, from 1.
    pub rank: usize,
    /// Its posterior probability.
    pub posterior: f64,
}

/// The ranking under another assumption.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WhatIf {
    /// What is assumed, in words.
    pub assumption: String,
    /// Who is first then; none where no site is possible.
    pub leader: Option<Leader>,
    /// The posterior probability that no listed site is right.
    pub none_of_these: f64,
    /// Whether every hypothesis has zero likelihood: then the posteriors are the priors.
    pub contradiction: bool,
    /// The sites that were first in the ranking itself, and those that are watched, in that order.
    pub standings: Vec<Standing>,
}

/// Whether a logarithm is greater than another by more than rounding, which must not decide who is first: among equals it is the
/// place whose best site has the first id.
fn is_ahead(one: f64, other: f64) -> bool {
    one > other + 1e-12
}

/// The places that sites make up: groups, and sites without one.
pub(super) struct Places<'a> {
    sites: &'a Sites,
    names: Vec<&'a str>,
    of_site: Vec<usize>,
}

/// What a model says of sites and places.
pub(super) struct Posteriors {
    of_sites: Vec<f64>,
    /// ln of the weight of each place and of none of these: what is compared, since posteriors may be too small for a number, or
    /// too close to one.
    ln_places: Vec<f64>,
    ln_none: f64,
    ln_total: f64,
    pub(super) none: f64,
    contradiction: bool,
    /// The sites, best first.
    pub(super) order: Vec<usize>,
}

impl Posteriors {
    pub(super) fn of_place(&self, place: usize) -> f64 {
        (self.ln_places[place] - self.ln_total).exp()
    }

    /// ln of the odds of the first place against none of these, its prior included.
    pub(super) fn ln_first_to_none(&self) -> f64 {
        self.ln_places.iter().copied().fold(f64::NEG_INFINITY, f64::max) - self.ln_none
    }

    /// ln of the odds of a place against all other places and none of these.
    pub(super) fn ln_odds(&self, place: usize) -> f64 {
        let others = self.ln_places.iter().enumerate().filter(|(other, _)| *other != place);
        self.ln_places[place] - ln_sum_exp(others.map(|(_, ln_weight)| *ln_weight).chain([self.ln_none]))
    }
}

impl<'a> Places<'a> {
    pub(super) fn new(sites: &'a Sites) -> Self {
        let mut names: Vec<&str> = Vec::new();
        let mut by_group = BTreeMap::new();
        let of_site = sites
            .as_slice()
            .iter()
            .map(|site| {
                let at = names.len();
                let at = site.group().map_or(at, |group| *by_group.entry(group).or_insert(at));
                if at == names.len() {
                    names.push(site.group().unwrap_or(site.id()));
                }
                at
            })
            .collect();
        Self { sites, names, of_site }
    }

    /// The place that a site belongs to.
    pub(super) fn of_site(&self, site: usize) -> usize {
        self.of_site[site]
    }

    pub(super) fn name(&self, place: usize) -> &'a str {
        self.names[place]
    }

    /// Better first, then by id.
    fn by_weight(&self, a: (f64, usize), b: (f64, usize)) -> Ordering {
        let id = |site: usize| self.sites.as_slice()[site].id();
        b.0.total_cmp(&a.0).then_with(|| id(a.1).cmp(id(b.1)))
    }

    /// ln of prior times likelihood of every site; of the prior alone where nothing is possible.
    fn ln_weights(&self, model: &Model<'_>) -> (Vec<f64>, bool) {
        let all: Vec<usize> = (0..self.of_site.len()).collect();
        let ln_weights = crate::batch::map(&all, |site| model.ln_prior(*site) + model.log_likelihood(*site));
        let nothing = ln_weights.iter().all(|ln_weight| *ln_weight == f64::NEG_INFINITY);
        if nothing && model.ln_joint_none() == f64::NEG_INFINITY {
            (all.iter().map(|site| model.ln_prior(*site)).collect(), true)
        } else {
            (ln_weights, false)
        }
    }

    pub(super) fn posteriors(&self, model: &Model<'_>) -> Posteriors {
        let (ln_weights, contradiction) = self.ln_weights(model);
        let ln_none = if contradiction { model.question.prior_none.ln() } else { model.ln_joint_none() };
        let ln_none = if ln_weights.is_empty() { 0.0 } else { ln_none };
        let ln_total = ln_sum_exp(ln_weights.iter().copied().chain([ln_none]));
        let of_sites: Vec<f64> = ln_weights.iter().map(|ln_weight| (ln_weight - ln_total).exp()).collect();
        let mut of_places: Vec<Vec<f64>> = vec![Vec::new(); self.names.len()];
        for (place, ln_weight) in self.of_site.iter().zip(&ln_weights) {
            of_places[*place].push(*ln_weight);
        }
        let ln_places = of_places.into_iter().map(|of_place| ln_sum_exp(of_place.into_iter())).collect();
        let mut order: Vec<usize> = (0..ln_weights.len()).collect();
        order.sort_by(|a, b| self.by_weight((ln_weights[*a], *a), (ln_weights[*b], *b)));
        let none = (ln_none - ln_total).exp();
        Posteriors { of_sites, ln_places, ln_none, ln_total, none, contradiction, order }
    }

    /// Every place, in the order of its best site.
    fn in_order(&self, posteriors: &Posteriors) -> Vec<usize> {
        let mut is_seen = vec![false; self.names.len()];
        let places = posteriors.order.iter().map(|site| self.of_site[*site]);
        places.filter(|place| !std::mem::replace(&mut is_seen[*place], true)).collect()
    }

    /// The places of the first sites, and the first places, so many of each.
    pub(super) fn best(&self, posteriors: &Posteriors, most: usize) -> Vec<usize> {
        let mut places = self.in_order(posteriors);
        places.sort_by(|a, b| posteriors.ln_places[*b].total_cmp(&posteriors.ln_places[*a]));
        places.truncate(most);
        places.extend(posteriors.order.iter().take(most).map(|site| self.of_site[*site]));
        places
    }

    /// The sites of some places, in the order of the list.
    pub(super) fn sites_of(&self, places: &BTreeSet<usize>) -> Vec<usize> {
        (0..self.of_site.len()).filter(|site| places.contains(&self.of_site[*site])).collect()
    }

    /// ln of what all other places have beside those of some sites; minus infinity where these have nothing themselves.
    pub(super) fn ln_others(&self, posteriors: &Posteriors, sites: &[usize]) -> f64 {
        let these: BTreeSet<usize> = sites.iter().map(|site| self.of_site[*site]).collect();
        let sum = |is_inside: bool| {
            let places = (0..self.names.len()).filter(|place| these.contains(place) == is_inside);
            ln_sum_exp(places.map(|place| posteriors.ln_places[place]))
        };
        let ln_others = sum(false) - sum(true);
        if ln_others.is_finite() { ln_others } else { f64::NEG_INFINITY }
    }

    /// Who is first; none where no site is possible, and the prior alone would decide.
    pub(super) fn leader(&self, posteriors: &Posteriors) -> Option<Leader> {
        if posteriors.contradiction {
            return None;
        }
        let order = &posteriors.order;
        let mut best_sites = vec![None; self.names.len()];
        for site in order {
            best_sites[self.of_site[*site]].get_or_insert(*site);
        }
        let greatest = |except: Option<usize>| {
            let places = (0..self.names.len()).filter(|place| Some(*place) != except);
            let most = places.clone().map(|place| posteriors.ln_places[place]).fold(f64::NEG_INFINITY, f64::max);
            let tied = places.filter(|place| !is_ahead(most, posteriors.ln_places[*place]));
            tied.min_by_key(|place| best_sites[*place].map(|site: usize| self.sites.as_slice()[site].id()))
        };
        let ln_weight = |place: usize| posteriors.ln_places[place];
        let place = greatest(None).filter(|place| ln_weight(*place) > f64::NEG_INFINITY)?;
        let site = best_sites[place]?;
        let runner_up = greatest(Some(place));
        Some(Leader {
            place: self.names[place].to_owned(),
            posterior: posteriors.of_place(place),
            site: self.sites.as_slice()[site].id().to_owned(),
            runner_up: runner_up.map(|place| self.names[place].to_owned()),
            lead_decibans: runner_up
                .map(|other| decibans(ln_weight(place) - ln_weight(other)))
                .filter(|lead| lead.is_finite()),
        })
    }

    pub(super) fn what_if(&self, assumption: String, posteriors: &Posteriors, watched: &[usize]) -> WhatIf {
        let standings = watched.iter().filter_map(|site| {
            Some(Standing {
                id: self.sites.as_slice()[*site].id().to_owned(),
                rank: posteriors.order.iter().position(|other| other == site)? + 1,
                posterior: posteriors.of_sites[*site],
            })
        });
        WhatIf {
            assumption,
            leader: self.leader(posteriors),
            none_of_these: posteriors.none,
            contradiction: posteriors.contradiction,
            standings: standings.collect(),
        }
    }

    /// The place that is first among some sites, ties by id.
    pub(super) fn first_among(&self, model: &Model<'_>, candidates: &[usize]) -> Option<usize> {
        let mut order: Vec<(f64, usize)> =
            candidates.iter().map(|site| (model.ln_prior(*site) + model.log_likelihood(*site), *site)).collect();
        order.sort_by(|a, b| self.by_weight(*a, *b));
        self.first_of(&order).map(|(place, _)| place)
    }

    /// The place with the greatest sum over sites that are in order, with its logarithm; none where nothing is possible.
    pub(super) fn first_of(&self, order: &[(f64, usize)]) -> Option<(usize, f64)> {
        let (greatest, _) = order.first().filter(|(ln_weight, _)| *ln_weight > f64::NEG_INFINITY)?;
        // Of each place, with its best site.
        let mut sums: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
        for (ln_weight, site) in order {
            sums.entry(self.of_site[*site]).or_insert((0.0, *site)).0 += (ln_weight - greatest).exp();
        }
        let ln_most = sums.values().map(|(sum, _)| sum.ln()).fold(f64::NEG_INFINITY, f64::max);
        let tied = sums.into_iter().filter(|(_, (sum, _))| !is_ahead(ln_most, sum.ln()));
        let (place, _) = tied.min_by_key(|(_, (_, site))| self.sites.as_slice()[*site].id())?;
        Some((place, greatest + ln_most))
    }
}
