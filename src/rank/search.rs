//! The first places without looking at every site: a best-first search over the index of sites.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use smallvec::SmallVec;

use super::RankOptions;
use super::model::Model;
use super::question::{Posed, Question};
use crate::band::Bound;
use crate::constraint::{Constraint, Over};
use crate::distance::{Around, Polyline};
use crate::ellipsoid::ecef_m;
use crate::site::{ABOUT_M, Cluster, Handle, Member, Site, Sites, id_order};

impl Sites {
    /// The `k` sites with the greatest product of prior and likelihood, best first, with its natural logarithm: the first places
    /// of [`Sites::rank`], to the bit and with the same ties, without looking at every site. A best-first search over the
    /// index opens only the clusters that could still hold one of them.
    ///
    /// Some 20 ms for the best hundred of ten million sites by a stated distance; longer where a statement hardly tells sites apart, since
    /// all are looked at whose likelihood is the same but for rounding (`benches/many_sites.rs`).
    ///
    /// # Example
    /// ```
    /// use siteband::{Atlas, Constraint, RankOptions, Reading, Sites};
    /// let atlas = Atlas::from_path("data/borders/cn-kp.geojson".as_ref())?;
    /// let sites = Sites::from_path("data/sites/dprk-facilities.csv".as_ref())?;
    /// let claim = "about 85 km from the Chinese border".parse()?;
    /// let constraints = [Constraint::resolve(&claim, &atlas, &Reading::default())?];
    /// let top = sites.top_k(3, &constraints, &RankOptions::default());
    /// assert_eq!(top, sites.top_k_brute_force(3, &constraints, &RankOptions::default()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn top_k(&self, k: usize, constraints: &[Constraint], options: &RankOptions) -> Vec<(&Site, f64)> {
        let model = Model::without_leaving_out(Question::of_order(self, constraints, options));
        let mut search = Search::new(self, &model, k);
        let mut open = BinaryHeap::new();
        for (cluster, handle) in self.index().roots() {
            open.push(search.weighed(None, &cluster, handle));
        }
        let (mut clusters, mut members) = (Vec::new(), Vec::new());
        while let Some(next) = open.pop() {
            if search.is_beaten(&next) {
                // No part that is left has a greater bound; with the same, another may have an earlier id.
                if search.worst().is_some_and(|worst| next.bound.ln < worst.ln_weight) {
                    break;
                }
                continue;
            }
            self.index().open(next.handle, |cluster, handle| clusters.push((cluster, handle)), |at| members.push(at));
            for (cluster, handle) in clusters.drain(..) {
                let weighed = search.weighed(Some(&next), &cluster, handle);
                if !search.is_beaten(&weighed) {
                    open.push(weighed);
                }
            }
            search.look_at(&next, &members);
            members.clear();
        }
        while !search.waiting.is_empty() {
            search.measure_best();
        }
        search.found()
    }

    /// [`Sites::top_k`] by looking at every site: the same, for those who want to check.
    #[must_use]
    pub fn top_k_brute_force(&self, k: usize, constraints: &[Constraint], options: &RankOptions) -> Vec<(&Site, f64)> {
        let model = Model::without_leaving_out(Question::of_order(self, constraints, options));
        let ln_weights = model.log_likelihoods().into_iter().enumerate().map(|(at, ln)| model.ln_prior(at) + ln);
        let mut order: Vec<(&Site, f64)> = self.as_slice().iter().zip(ln_weights).collect();
        order.sort_by(|(a, ln_a), (b, ln_b)| ln_b.total_cmp(ln_a).then_with(|| a.id().cmp(b.id())));
        order.truncate(k);
        order
    }
}

/// Puts a number on sites and on clusters of them, and keeps the best sites.
struct Search<'m, 'a> {
    sites: &'a Sites,
    model: &'m Model<'a>,
    asked: Vec<Asked<'m>>,
    k: usize,
    /// The worst of them on top.
    best: BinaryHeap<Found<'a>>,
    /// Sites that may be among the best, with their bounds: measured when there are many, the best of them first, which then leave fewer.
    waiting: Vec<(f64, usize)>,
    /// Whether a finer grain may give lower bounds.
    has_grain: bool,
    /// Of the only statement, a likelihood with which a site has been beaten: one with less is, too.
    beaten_ln: Option<f64>,
}

/// What bounds of a statement need.
struct Asked<'m> {
    over: Over<'m>,
    /// The line that it measures distances to, where that is all it does.
    line: Option<&'m Polyline>,
}

/// What is known of a statement over a part of the index.
struct Known {
    bound: Bound,
    /// The pieces of its line that count there.
    around: Option<Around>,
}

impl<'m, 'a> Search<'m, 'a> {
    fn new(sites: &'a Sites, model: &'m Model<'a>, k: usize) -> Self {
        let asked = |posed: &'m Posed| {
            let constraint = posed.constraint();
            Asked { over: constraint.over(sites.summary().uncertainty), line: constraint.line() }
        };
        let asked: Vec<Asked<'_>> = model.question.posed.iter().map(asked).collect();
        let has_grain = asked.iter().any(|asked| asked.over.has_grain());
        Self { sites, model, asked, k, best: BinaryHeap::new(), waiting: Vec::new(), has_grain, beaten_ln: None }
    }

    fn worst(&self) -> Option<&Found<'a>> {
        if self.best.len() < self.k { None } else { self.best.peek() }
    }

    /// Bounds a part of the index, which is a part of another that has been bounded.
    fn weighed<'n>(&self, whole: Option<&Open<'_>>, cluster: &Cluster, handle: Handle<'n>) -> Open<'n> {
        let center_m = ecef_m(cluster.center);
        let know = |(at, asked): (usize, &Asked<'_>)| match asked.line {
            Some(line) => {
                let among = whole.and_then(|whole| whole.known[at].around.as_ref());
                let (around, [from_m, to_m]) = line.around(among, &center_m, cluster.reach_m);
                let between_m = [from_m - cluster.reach_m, to_m + cluster.reach_m];
                let bound = self.model.ln_f_bound_between(at, between_m, 0.0, &asked.over);
                Known { bound, around: Some(around) }
            }
            None => Known { bound: self.model.ln_f_bound(at, cluster, &asked.over), around: None },
        };
        let known: Box<[Known]> = self.asked.iter().enumerate().map(know).collect();
        let ln_prior = self.model.ln_prior_of(self.sites.summary().ln_greatest_prior);
        let bound = self.sum(ln_prior, |at| known[at].bound);
        Open { bound, known, reach_m: cluster.reach_m, first: cluster.first, handle }
    }

    /// The bound of a whole from those of the statements.
    fn sum(&self, ln_prior: f64, of: impl Fn(usize) -> Bound) -> Bound {
        let is_level = self.model.has_even_priors() && (0..self.asked.len()).all(|at| of(at).is_level);
        let ln = ln_prior + self.model.log_likelihood_of(|at| of(at).ln, None);
        Bound { ln: if is_level { ln } else { above(ln) }, is_level }
    }

    /// Whether no site of a part can be among the best.
    fn is_beaten(&self, open: &Open<'_>) -> bool {
        let Some(worst) = self.worst() else {
            return self.k == 0;
        };
        match open.bound.ln.total_cmp(&worst.ln_weight) {
            Ordering::Less => true,
            Ordering::Greater => false,
            Ordering::Equal => {
                let is_later = |first: u32| id_order(self.sites.as_slice(), first, worst.site).is_gt();
                open.bound.is_level && open.first.is_some_and(is_later)
            }
        }
    }

    /// Looks at the sites of a part.
    fn look_at(&mut self, part: &Open<'_>, members: &[Member]) {
        for member in members {
            let between_m = |(asked, known): (&Asked<'_>, &Known)| {
                Some(asked.line?.distance_between_m(known.around.as_ref()?, &member.about_m, ABOUT_M))
            };
            let between_m: SmallVec<[Option<[f64; 2]>; 4]> =
                self.asked.iter().zip(&part.known).map(between_m).collect();
            // Cells that are shared with other sites leave few of them, and the least cells fewer, once there is something to beat.
            let mut bound = self.bounded(part, member.site, &between_m, part.reach_m / 16.0);
            if self.has_grain && bound.is_some() && self.worst().is_some() {
                bound = self.bounded(part, member.site, &between_m, 0.0);
            }
            match bound {
                Some(Bound { ln, is_level: true }) => self.keep(member.site, ln),
                Some(Bound { ln, .. }) => self.waiting.push((ln, member.site)),
                None => {}
            }
        }
        while self.waiting.len() > self.at_once().saturating_mul(8) {
            self.measure_best();
        }
    }

    /// How many sites are measured together.
    fn at_once(&self) -> usize {
        self.k.max(64)
    }

    /// Measures those of the sites that wait which have the greatest bounds.
    fn measure_best(&mut self) {
        let count = self.at_once().min(self.waiting.len());
        if count < self.waiting.len() {
            self.waiting.select_nth_unstable_by(count, |a, b| b.0.total_cmp(&a.0));
        }
        let numbers: Vec<usize> = self.waiting.drain(..count).map(|(_, site)| site).collect();
        let gauges = self.model.question.gauges(&numbers);
        let all = self.sites.as_slice();
        for (number, at) in numbers.iter().enumerate() {
            let ln_prior = self.model.ln_prior(*at);
            let ln_f = |of: usize| self.model.ln_f_at(of, &all[*at], &gauges[of].get(number));
            self.keep(*at, ln_prior + self.model.log_likelihood_of(ln_f, None));
        }
        if let Some(worst_ln) = self.worst().map(|worst| worst.ln_weight) {
            self.waiting.retain(|(ln, _)| *ln >= worst_ln);
        }
    }

    /// The bound of a site of a part, from its distances to the lines and by cells of bands that are no narrower than the grain; None if it
    /// is beaten.
    fn bounded(&mut self, part: &Open<'_>, site: usize, between_m: &[Option<[f64; 2]>], grain_m: f64) -> Option<Bound> {
        let know = |at: usize| match between_m[at] {
            Some(between_m) => self.model.ln_f_bound_between(at, between_m, grain_m, &self.asked[at].over),
            None => part.known[at].bound,
        };
        let known: SmallVec<[Bound; 4]> = (0..self.asked.len()).map(know).collect();
        let only = known.first().filter(|_| known.len() == 1 && self.model.has_even_priors()).map(|only| only.ln);
        if only.zip(self.beaten_ln).is_some_and(|(ln, beaten_ln)| ln <= beaten_ln) {
            return None;
        }
        let bound = self.sum(self.model.ln_prior(site), |at| known[at]);
        if bound.is_level || self.worst().is_none_or(|worst| bound.ln >= worst.ln_weight) {
            return Some(bound);
        }
        if let Some(ln) = only {
            self.beaten_ln = Some(self.beaten_ln.map_or(ln, |beaten_ln| beaten_ln.max(ln)));
        }
        None
    }

    fn keep(&mut self, at: usize, ln_weight: f64) {
        #[allow(clippy::cast_possible_truncation, reason = "an index has no greater numbers")]
        let found = Found { sites: self.sites.as_slice(), site: at as u32, ln_weight };
        match self.worst() {
            None => self.best.push(found),
            Some(worst) if found < *worst => {
                self.best.pop();
                self.best.push(found);
            }
            Some(_) => {}
        }
    }

    fn found(self) -> Vec<(&'a Site, f64)> {
        let of = |found: Found<'a>| (&found.sites[found.site as usize], found.ln_weight);
        self.best.into_sorted_vec().into_iter().map(of).collect()
    }
}

/// A hair above, for the rounding of sums.
fn above(ln: f64) -> f64 {
    if ln.is_finite() { ln + 1e-12 * (1.0 + ln.abs()) } else { ln }
}

/// A site that has been looked at; the better one is less.
#[derive(Clone, Copy)]
struct Found<'a> {
    sites: &'a [Site],
    site: u32,
    ln_weight: f64,
}

impl Ord for Found<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_id = || id_order(self.sites, self.site, other.site);
        other.ln_weight.total_cmp(&self.ln_weight).then_with(by_id)
    }
}

impl PartialOrd for Found<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Found<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Found<'_> {}

/// A part of the index that a search has still to look into.
struct Open<'a> {
    bound: Bound,
    known: Box<[Known]>,
    reach_m: f64,
    first: Option<u32>,
    handle: Handle<'a>,
}

impl Ord for Open<'_> {
    /// Greater bounds first; among equals what is known to reach its bound.
    fn cmp(&self, other: &Self) -> Ordering {
        self.bound.ln.total_cmp(&other.bound.ln).then_with(|| self.bound.is_level.cmp(&other.bound.is_level))
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
