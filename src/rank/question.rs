//! What is asked, measured once: the statements that count, the sites, and what is taken for granted.

use std::borrow::Cow;
use std::sync::Arc;

use super::RankOptions;
use crate::band::ln_sum_exp;
use crate::constraint::{Constraint, Gauge, Gauges, Source, Tempering};
use crate::length::Length;
use crate::position::Position;
use crate::reading::InvalidShare;
use crate::region::SearchRegion;
use crate::site::{Priors, Site, Sites};

/// A statement, with what places measure for it, and what it makes of that.
#[derive(Clone, Debug)]
pub(crate) struct Posed {
    pub(super) constraint: Constraint,
    /// Of every place of the search region; empty for what is not about location. No reading and no parameter changes it.
    places: Arc<[Gauge]>,
    /// Of every site, where they are to be asked about more than once.
    sites: Option<Arc<[Gauge]>>,
    /// ln E[g] over the search region for a soft statement about location, else 0.
    pub(super) ln_expectation: f64,
    /// ln of the density per kilometre at every place of the search region, for a distance.
    pub(super) ln_densities: Arc<[f64]>,
    /// Whether the two above are those of another wording, and have to be worked out again.
    is_stale: bool,
}

impl Posed {
    fn new(constraint: Constraint, region: Option<&SearchRegion>, ln_shares: &[f64]) -> Self {
        let places = match region {
            Some(region) if constraint.is_about_location() => {
                crate::batch::map(region.places(), |place| constraint.gauge(*place, None)).into()
            }
            _ => Arc::from([]),
        };
        let nothing = Arc::from([]);
        Self { constraint, places, sites: None, ln_expectation: 0.0, ln_densities: nothing, is_stale: true }
            .weighed(ln_shares)
    }

    pub(crate) fn constraint(&self) -> &Constraint {
        &self.constraint
    }

    /// What every place of the search region measures; empty for what is not about location.
    pub(crate) fn places(&self) -> &[Gauge] {
        &self.places
    }

    /// What every site measures, where that was asked.
    pub(crate) fn sites(&self) -> &[Gauge] {
        self.sites.as_deref().unwrap_or_default()
    }

    fn weighed(self, ln_shares: &[f64]) -> Self {
        let Self { constraint, places, .. } = &self;
        if constraint.is_distance() {
            let ln_density = |gauge: &Gauge| constraint.ln_credit(gauge, Length::ZERO);
            return Self { ln_densities: crate::batch::map(places, ln_density).into(), is_stale: false, ..self };
        }
        if places.is_empty() {
            return Self { is_stale: false, ..self };
        }
        let credits = places.iter().zip(ln_shares);
        let ln_expectation =
            ln_sum_exp(credits.map(|(gauge, ln_share)| ln_share + constraint.ln_credit(gauge, Length::ZERO)));
        Self { ln_expectation, is_stale: false, ..self }
    }
}

/// What is asked: the statements that count, the sites, and what is taken for granted.
#[derive(Clone, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) sites: &'a Sites,
    pub(crate) posed: Vec<Posed>,
    pub(crate) prior_none: f64,
    pub(crate) tempering: Tempering,
    pub(crate) region: Option<Arc<SearchRegion>>,
    /// ln of the share of the region that each place stands for.
    pub(crate) ln_shares: Arc<[f64]>,
    /// ln of each site's prior, given that one of them is right.
    pub(crate) priors: Priors,
}

impl<'a> Question<'a> {
    /// The question for the order of sites alone, without measuring what is not needed for it.
    pub(super) fn of_order(sites: &'a Sites, constraints: &[Constraint], options: &RankOptions) -> Self {
        Self::with(sites, constraints, options, |constraint| !constraint.is_distance()).0
    }

    /// The question, and the ids of the statements that only repeat.
    pub(crate) fn new(sites: &'a Sites, constraints: &[Constraint], options: &RankOptions) -> (Self, Vec<String>) {
        Self::with(sites, constraints, options, |_| true)
    }

    /// With what the places of the search region measure for the statements for which `look` holds.
    fn with(
        sites: &'a Sites,
        constraints: &[Constraint],
        options: &RankOptions,
        look: impl Fn(&Constraint) -> bool,
    ) -> (Self, Vec<String>) {
        let region = options.search_region.as_ref().or_else(|| sites.region()).cloned();
        let (kept, said_before) = said_once(&constraints.iter().collect::<Vec<_>>(), constraints);
        let ln_shares = ln_shares(region.as_ref());
        let posed = |constraint: &Constraint| {
            Posed::new(constraint.among(sites), region.as_ref().filter(|_| look(constraint)), &ln_shares)
        };
        let posed = kept.into_iter().map(posed).collect();
        let question = Self {
            sites,
            posed,
            prior_none: options.none_of_these,
            tempering: options.tempering,
            region: region.map(Arc::new),
            ln_shares: ln_shares.into(),
            priors: sites.summary().priors.clone(),
        };
        (question, said_before)
    }

    /// The same question with what every site measures, to be asked again under other assumptions.
    pub(crate) fn measured(mut self) -> Self {
        for at in 0..self.posed.len() {
            self.measure_sites(at);
        }
        self
    }

    fn measure_sites(&mut self, at: usize) {
        let constraint = &self.posed[at].constraint;
        let sites = self.sites.as_slice();
        let positions: Vec<Position> = sites.iter().map(Site::position).collect();
        let gauges = constraint.gauges(&positions, |number| sites[number].id());
        self.posed[at].sites = Some(gauges.to_vec().into());
    }

    /// Puts another statement about the same features in the place of one: nothing has to be measured again.
    pub(crate) fn restate(&mut self, at: usize, constraint: Constraint) {
        self.posed[at] = Posed { constraint, is_stale: true, ..self.posed[at].clone() };
    }

    /// Puts the same statement about other features in the place of one.
    pub(crate) fn remeasure(&mut self, at: usize, constraint: Constraint) {
        let is_measured = self.posed[at].sites.is_some();
        self.posed[at] = Posed::new(constraint, self.region.as_deref(), &self.ln_shares);
        if is_measured {
            self.measure_sites(at);
        }
    }

    /// Counts the statement to another power.
    pub(crate) fn temper(&mut self, at: usize, power: f64) {
        let constraint = &mut self.posed[at].constraint;
        *constraint = constraint.by_source(|source| source.with_tempering(power));
    }

    /// Changes a source, wherever it speaks.
    pub(crate) fn resource(&mut self, id: &str, change: impl Fn(Source) -> Result<Source, InvalidShare>) {
        for posed in self.posed.iter_mut().filter(|posed| posed.constraint.source().id() == id) {
            posed.constraint = posed.constraint.by_source(&change);
        }
    }

    /// Moves what is measured for a statement farther by so much.
    pub(crate) fn shift(&mut self, at: usize, by_m: f64) {
        let posed = self.posed[at].clone();
        let is_signed = posed.constraint.is_about_an_outline();
        let shifted =
            |gauges: &[Gauge]| gauges.iter().map(|gauge| gauge.shifted(by_m, is_signed)).collect::<Arc<[Gauge]>>();
        let sites = posed.sites.as_deref().map(shifted);
        self.posed[at] = Posed { places: shifted(&posed.places), sites, is_stale: true, ..posed };
    }

    /// The same question with another search region.
    pub(crate) fn within(mut self, region: SearchRegion) -> Self {
        self.ln_shares = ln_shares(Some(&region)).into();
        self.region = Some(Arc::new(region));
        for posed in &mut self.posed {
            let measured = Posed::new(posed.constraint.clone(), self.region.as_deref(), &self.ln_shares);
            *posed = Posed { sites: posed.sites.clone(), ..measured };
        }
        self
    }

    /// The same question without one of its statements.
    pub(crate) fn without(mut self, at: usize) -> Self {
        self.posed.remove(at);
        self
    }

    /// The question as it would be if only those of all statements had been made for which `keep` holds: of what was said twice,
    /// either may be left.
    pub(crate) fn if_only(&self, said: &[Constraint], keep: impl Fn(&Constraint) -> bool) -> Self {
        let made: Vec<&Constraint> = said.iter().filter(|constraint| keep(constraint)).collect();
        let posed = said_once(&made, said).0.into_iter().filter_map(|constraint| {
            let same = |posed: &&Posed| posed.constraint.says_the_same_as(constraint);
            let itself = |posed: &&Posed| {
                posed.constraint.id() == constraint.id() && posed.constraint.source().id() == constraint.source().id()
            };
            let posed = self.posed.iter().filter(same);
            posed.clone().find(itself).cloned().or_else(|| {
                let constraint = constraint.among(self.sites);
                posed.clone().next().map(|twin| Posed { constraint, is_stale: true, ..twin.clone() })
            })
        });
        Self { posed: posed.collect(), ..self.clone() }
    }

    /// The same question about the statements for which `keep` holds.
    pub(crate) fn retaining(mut self, keep: impl Fn(&Constraint) -> bool) -> Self {
        self.posed.retain(|posed| keep(&posed.constraint));
        self
    }

    /// The same question, with a search region represented by at most so many of its places: every so manieth in the order of the
    /// distance to the first feature, so that they spread over all distances. Half of them are chosen by their share alone, half by
    /// what they contribute to the likelihood of none of these, given for each place; so a narrow band has its places, too.
    pub(crate) fn thinned(mut self, most: usize, ln_likelihoods: &[f64]) -> Self {
        let count = self.ln_shares.len();
        if count <= most {
            return self;
        }
        let mut order: Vec<usize> = (0..count).collect();
        let first = self.posed.iter().filter(|posed| !posed.places.is_empty());
        if let Some(first) = first.min_by_key(|posed| posed.constraint.id()) {
            order.sort_by(|a, b| first.places[*a].distance_m.total_cmp(&first.places[*b].distance_m));
        }
        let ln_part = |at: usize| self.ln_shares[at] + ln_likelihoods.get(at).copied().unwrap_or_default();
        let ln_sum = ln_sum_exp((0..count).map(ln_part));
        let size = |at: usize| {
            let share = self.ln_shares[at].exp();
            if ln_sum == f64::NEG_INFINITY { share } else { f64::midpoint(share, (ln_part(at) - ln_sum).exp()) }
        };
        #[allow(clippy::cast_precision_loss, reason = "a few hundred")]
        let most = most as f64;
        let (mut passed, mut next) = (0.0, 0.5);
        let mut kept: Vec<(usize, f64)> = Vec::new();
        for at in order {
            passed += most * size(at);
            let mut hits = 0.0;
            while next < passed {
                hits += 1.0;
                next += 1.0;
            }
            if hits > 0.0 {
                kept.push((at, self.ln_shares[at] + (hits / size(at)).ln()));
            }
        }
        let ln_all = ln_sum_exp(kept.iter().map(|(_, ln_share)| *ln_share));
        self.ln_shares = kept.iter().map(|(_, ln_share)| ln_share - ln_all).collect();
        for posed in self.posed.iter_mut().filter(|posed| !posed.places.is_empty()) {
            let places = kept.iter().map(|(at, _)| posed.places[*at].clone()).collect();
            *posed = Posed { places, is_stale: true, ..posed.clone() };
        }
        self
    }

    /// The same question for the order of sites alone: what distances are worth to none of these is left out.
    pub(crate) fn of_sites_alone(mut self) -> Self {
        for posed in self.posed.iter_mut().filter(|posed| posed.constraint.is_distance()) {
            posed.places = Arc::from([]);
            posed.ln_densities = Arc::from([]);
        }
        self
    }

    /// Works out again what has been changed.
    pub(super) fn refresh(&mut self) {
        for posed in self.posed.iter_mut().filter(|posed| posed.is_stale) {
            *posed = posed.clone().weighed(&self.ln_shares);
        }
    }

    /// What each of some sites measures for each of the statements.
    pub(super) fn gauges(&self, numbers: &[usize]) -> Vec<Gauges> {
        let all = self.sites.as_slice();
        let positions: Vec<Position> = numbers.iter().map(|at| all[*at].position()).collect();
        let of = |posed: &Posed| match &posed.sites {
            Some(gauges) => Gauges::Full(numbers.iter().map(|at| gauges[*at].clone()).collect()),
            None => posed.constraint.gauges(&positions, |number| all[numbers[number]].id()),
        };
        self.posed.iter().map(of).collect()
    }

    /// What a place measures for a statement, by the site that stands there.
    pub(crate) fn gauge(&self, at: usize, site: usize) -> Cow<'_, Gauge> {
        let posed = &self.posed[at];
        if let Some(gauges) = &posed.sites {
            return Cow::Borrowed(&gauges[site]);
        }
        let site = &self.sites.as_slice()[site];
        Cow::Owned(posed.constraint.gauge(site.position(), Some(site.id())))
    }
}

/// ln of the share of the region that each place stands for.
fn ln_shares(region: Option<&SearchRegion>) -> Vec<f64> {
    region.map_or_else(Vec::new, |region| region.weights().iter().map(|weight| weight.ln()).collect())
}

/// The ids of a statement's source and of those that it repeats, one behind the other, as far as what was said tells.
pub(crate) fn lineage<'a>(
    constraint: &'a Constraint,
    said: &(impl Iterator<Item = &'a Constraint> + Clone),
) -> Vec<&'a str> {
    let mut source = constraint.source();
    let mut ids = vec![source.id()];
    // A circle ends where it closes.
    while let Some(of) = source.repeats().filter(|of| !ids.contains(of)) {
        ids.push(of);
        let Some(original) = said.clone().map(Constraint::source).find(|source| source.id() == of) else { break };
        source = original;
    }
    ids
}

/// The statements among `said` that count, and the ids of those that only repeat: what one source says twice, or repeats of
/// another, counts once, as it was said nearest to the original.
fn said_once<'a>(constraints: &[&'a Constraint], said: &'a [Constraint]) -> (Vec<&'a Constraint>, Vec<String>) {
    let classes = classes(constraints, said);
    let mut kept: Vec<(usize, &Constraint)> = Vec::new();
    let mut said_before = Vec::new();
    for (constraint, (says, precedence)) in constraints.iter().zip(classes) {
        if precedence == 0 {
            kept.push((says, constraint));
        } else {
            said_before.push(constraint.id().to_owned());
        }
    }
    kept.sort_by_key(|(says, _)| *says);
    (kept.into_iter().map(|(_, constraint)| constraint).collect(), said_before)
}

/// For each statement which of the things said it says, counted in their order, and its place among those that say the same: the one
/// that was said nearest to the original is the first.
pub(super) fn classes(constraints: &[&Constraint], said: &[Constraint]) -> Vec<(usize, usize)> {
    let lines: Vec<Vec<&str>> = constraints.iter().map(|constraint| lineage(constraint, &said.iter())).collect();
    let mut members: Vec<Vec<usize>> = Vec::new();
    for (at, constraint) in constraints.iter().enumerate() {
        let same =
            |first: usize| constraint.says_the_same_as(constraints[first]) && lines[at].last() == lines[first].last();
        match members.iter_mut().find(|members| same(members[0])) {
            Some(members) => members.push(at),
            None => members.push(vec![at]),
        }
    }
    let mut classes = vec![(0, 0); constraints.len()];
    for (says, members) in members.iter_mut().enumerate() {
        members.sort_by_key(|&at| (lines[at].len(), lines[at][0]));
        for (precedence, &at) in members.iter().enumerate() {
            classes[at] = (says, precedence);
        }
    }
    classes
}
