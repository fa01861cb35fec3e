//! What a question is worth: priors, likelihoods, and the marginal likelihood of *none of these*.

use super::question::{Posed, Question};
use crate::band::{BandTable, Bound, ln_sum_exp};
use crate::constraint::{Constraint, Evidence, Gauge, Gauges, Over};
use crate::region::SearchRegion;
use crate::site::{Cluster, Priors, Site, SiteBatch};

/// Sites are looked at so many at a time: enough to be measured together, few enough to stay in memory.
const AT_ONCE: usize = 16_384;

/// A question with everything worked out that does not depend on the site.
#[derive(Debug)]
pub(crate) struct Model<'a> {
    pub(crate) question: Question<'a>,
    weighed: Vec<Weighed>,
    sources: Vec<SourceGroup>,
    /// ln of the likelihood of everything said under H0; and without each of the statements.
    ln_none: f64,
    ln_none_without: Vec<f64>,
}

/// What does not depend on the site in a statement.
#[derive(Debug)]
struct Weighed {
    /// ln b: what an arbitrary number is worth.
    ln_arbitrary: f64,
    /// λ of its source.
    power: f64,
}

impl Weighed {
    /// ln f as it counts: between f and what an arbitrary number is worth. A tempered claim says less; it never comes to say
    /// something else because of its unit.
    fn counted(&self, ln_f: f64) -> f64 {
        if self.power == 1.0 { ln_f } else { self.ln_arbitrary + self.power * (ln_f - self.ln_arbitrary) }
    }
}

#[derive(Debug)]
struct SourceGroup {
    contamination: f64,
    ln_right: f64,
    ln_wrong: f64,
    members: Vec<usize>,
}

impl<'a> Model<'a> {
    pub(crate) fn new(question: Question<'a>) -> Self {
        let mut model = Self::without_leaving_out(question);
        model.ln_none_without = (0..model.weighed.len()).map(|at| model.log_likelihood_none_without(at)).collect();
        model
    }

    /// A model that is not asked for evidence: what H0 would be worth without a statement is not worked out.
    pub(crate) fn without_leaving_out(mut question: Question<'a>) -> Self {
        question.refresh();
        let region = question.region.as_deref();
        let weighed: Vec<Weighed> = question.posed.iter().map(|posed| weigh(&posed.constraint, region)).collect();
        let mut by_source: Vec<(&str, SourceGroup)> = Vec::new();
        for (at, posed) in question.posed.iter().enumerate() {
            let id = posed.constraint.source().id();
            match by_source.iter_mut().find(|(source, _)| *source == id) {
                Some((_, group)) => group.members.push(at),
                None => by_source
                    .push((id, SourceGroup { contamination: 0.0, ln_right: 0.0, ln_wrong: 0.0, members: vec![at] })),
            }
        }
        let mut sources: Vec<SourceGroup> = by_source.into_iter().map(|(_, group)| group).collect();
        for group in &mut sources {
            let constraint = |at: &usize| &question.posed[*at].constraint;
            let fixed = group.members.iter().find_map(|at| constraint(at).fixed_contamination());
            group.contamination = fixed.unwrap_or_else(|| constraint(&group.members[0]).source().contamination());
            (group.ln_right, group.ln_wrong) = ((1.0 - group.contamination).ln(), group.contamination.ln());
        }
        let mut model = Self { question, weighed, sources, ln_none: 0.0, ln_none_without: Vec::new() };
        model.ln_none = model.average_over_places(None);
        model
    }

    pub(crate) fn ln_prior(&self, site: usize) -> f64 {
        self.ln_prior_of(self.question.priors.ln(site))
    }

    /// [`Model::ln_prior`] for a site that has this prior, given that one of them is right.
    pub(super) fn ln_prior_of(&self, ln_prior: f64) -> f64 {
        (1.0 - self.question.prior_none).ln() + ln_prior
    }

    pub(super) fn has_even_priors(&self) -> bool {
        matches!(self.question.priors, Priors::Even(_))
    }

    /// ln of the prior times the likelihood of none of these.
    pub(crate) fn ln_joint_none(&self) -> f64 {
        self.question.prior_none.ln() + self.ln_none
    }

    /// ln L of everything said but statement `without`, given each statement's own ln f.
    pub(super) fn log_likelihood_of(&self, ln_f: impl Fn(usize) -> f64, without: Option<usize>) -> f64 {
        self.sources
            .iter()
            .map(|group| {
                let members = || group.members.iter().copied().filter(|at| Some(*at) != without);
                let right: f64 = members().map(&ln_f).sum();
                let wrong: f64 = members().map(|at| self.weighed[at].ln_arbitrary).sum();
                ln_sum_exp([group.ln_right + right, group.ln_wrong + wrong].into_iter())
            })
            .sum()
    }

    pub(crate) fn ln_f(&self, at: usize, site: usize) -> f64 {
        let gauge = self.question.gauge(at, site);
        self.ln_f_at(at, &self.question.sites.as_slice()[site], &gauge)
    }

    /// [`Model::ln_f`] for a gauge that is known.
    pub(crate) fn ln_f_at(&self, at: usize, site: &Site, gauge: &Gauge) -> f64 {
        let Posed { constraint, ln_expectation, .. } = &self.question.posed[at];
        self.weighed[at].counted(constraint.log_likelihood(site, gauge, *ln_expectation, self.question.tempering))
    }

    /// [`Model::ln_f_at`] of many sites, by the band's table where there is one.
    pub(super) fn ln_f_of(&self, at: usize, sites: &SiteBatch, gauges: &Gauges, table: Option<&BandTable>) -> Vec<f64> {
        let Posed { constraint, ln_expectation, .. } = &self.question.posed[at];
        let mut all = constraint.log_likelihoods(sites, gauges, *ln_expectation, self.question.tempering, table);
        for ln_f in &mut all {
            *ln_f = self.weighed[at].counted(*ln_f);
        }
        all
    }

    /// An upper bound of [`Model::ln_f`] over a cluster of sites.
    pub(super) fn ln_f_bound(&self, at: usize, cluster: &Cluster, over: &Over<'_>) -> Bound {
        let Posed { constraint, ln_expectation, .. } = &self.question.posed[at];
        let bound = constraint.log_upper_bound(cluster, over, *ln_expectation, self.question.tempering);
        Bound { ln: self.weighed[at].counted(bound.ln), ..bound }
    }

    /// [`Model::ln_f_bound`] for sites whose distance to the statement's line is between two, by cells of a band no narrower than the grain.
    pub(super) fn ln_f_bound_between(&self, at: usize, between_m: [f64; 2], grain_m: f64, over: &Over<'_>) -> Bound {
        let Posed { constraint, ln_expectation, .. } = &self.question.posed[at];
        let tempering = self.question.tempering;
        let bound = constraint.log_upper_bound_between(between_m, grain_m, over, *ln_expectation, tempering);
        Bound { ln: self.weighed[at].counted(bound.ln), ..bound }
    }

    pub(crate) fn log_likelihood(&self, site: usize) -> f64 {
        self.log_likelihood_of(|at| self.ln_f(at, site), None)
    }

    /// [`Model::log_likelihood`] of every site, many at a time.
    pub(crate) fn log_likelihoods(&self) -> Vec<f64> {
        let numbers: Vec<usize> = (0..self.question.sites.len()).collect();
        let groups: Vec<&[usize]> = numbers.chunks(AT_ONCE).collect();
        let of_group = |group: &&[usize]| {
            let gauges = self.question.gauges(group);
            crate::batch::map(group, |at| {
                let (site, number) = (&self.question.sites.as_slice()[*at], at % AT_ONCE);
                self.log_likelihood_of(|of| self.ln_f_at(of, site, &gauges[of].get(number)), None)
            })
        };
        crate::batch::map(&groups, of_group).concat()
    }

    pub(crate) fn log_likelihood_none(&self) -> f64 {
        self.ln_none
    }

    fn log_likelihood_none_without(&self, without: usize) -> f64 {
        if self.question.posed[without].ln_densities.is_empty() {
            self.ln_none
        } else {
            self.average_over_places(Some(without))
        }
    }

    /// The average over the search region of what is said about distances; a place that satisfies one statement has to satisfy the
    /// others too. Soft statements are worth 1 to it.
    fn average_over_places(&self, without: Option<usize>) -> f64 {
        let of_places = self.ln_of_places(without);
        if of_places.is_empty() {
            return 0.0;
        }
        ln_sum_exp(self.question.ln_shares.iter().zip(of_places).map(|(ln_share, ln_of_place)| ln_share + ln_of_place))
    }

    /// ln of the likelihood, at each place of the search region, of what is said about distances; empty where nothing is.
    pub(crate) fn ln_of_places(&self, without: Option<usize>) -> Vec<f64> {
        let density = |at: usize, place: usize| self.weighed[at].counted(self.question.posed[at].ln_densities[place]);
        let sources: Vec<(&SourceGroup, Vec<usize>, f64)> = self
            .sources
            .iter()
            .map(|group| {
                let counts = |at: &usize| !self.question.posed[*at].ln_densities.is_empty() && Some(*at) != without;
                let members: Vec<usize> = group.members.iter().copied().filter(counts).collect();
                let ln_arbitrary = members.iter().map(|at| self.weighed[*at].ln_arbitrary).sum();
                (group, members, ln_arbitrary)
            })
            .filter(|(_, members, _)| !members.is_empty())
            .collect();
        if sources.is_empty() {
            return Vec::new();
        }
        let ln_of_place = |place: usize| {
            let of_sources = sources.iter().map(|(group, members, ln_arbitrary)| {
                let right: f64 = members.iter().map(|at| density(*at, place)).sum();
                ln_sum_exp([group.ln_right + right, group.ln_wrong + ln_arbitrary].into_iter())
            });
            of_sources.sum()
        };
        (0..self.question.ln_shares.len()).map(ln_of_place).collect()
    }

    /// What a site shows of each statement.
    pub(crate) fn evidence(&self, site: usize) -> Vec<Evidence> {
        let ln_f: Vec<f64> = (0..self.weighed.len()).map(|at| self.ln_f(at, site)).collect();
        let ln_likelihood = |without| self.log_likelihood_of(|at| ln_f[at], without);
        let with_all = ln_likelihood(None) - self.ln_none;
        let of_site = &self.question.sites.as_slice()[site];
        self.question
            .posed
            .iter()
            .enumerate()
            .map(|(at, Posed { constraint, .. })| {
                let nearest = constraint.nearest(of_site);
                let change = with_all - (ln_likelihood(Some(at)) - self.ln_none_without[at]);
                let distance = nearest.map(|(distance, _)| distance);
                Evidence {
                    claim: constraint.id().to_owned(),
                    kind: constraint.kind(),
                    distance,
                    nearest: nearest.and_then(|(_, position)| position),
                    snapping: constraint.snapping(of_site.position()),
                    azimuth_deg: self.question.gauge(at, site).azimuth_deg,
                    log_likelihood: ln_f[at],
                    decibans: change.is_finite().then_some(decibans(change)),
                    position: distance.and_then(|distance| constraint.place(distance)),
                }
            })
            .collect()
    }

    /// ε as it was used for a statement's source.
    pub(crate) fn contamination(&self, at: usize) -> Option<f64> {
        self.sources.iter().find(|group| group.members.contains(&at)).map(|group| group.contamination)
    }
}

/// Ten times the decimal logarithm.
pub(crate) fn decibans(ln_ratio: f64) -> f64 {
    10.0 * ln_ratio / std::f64::consts::LN_10
}

fn weigh(constraint: &Constraint, region: Option<&SearchRegion>) -> Weighed {
    let ln_arbitrary = match region {
        Some(region) if constraint.is_distance() => -region.diameter().km().ln(),
        _ => 0.0,
    };
    Weighed { ln_arbitrary, power: constraint.source().tempering() }
}
