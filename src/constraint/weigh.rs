//! What a place measures of a statement, what that is worth, and the most that it could be worth anywhere near.

use super::gauge::{Gauge, Gauges};
use super::soft::{Look, Soft};
use super::tempering::Tempering;
use super::{Constraint, Statement};
use crate::band::{BandTable, Bound, Envelope, Place};
use crate::distance::Polyline;
use crate::length::Length;
use crate::position::Position;
use crate::site::{Cluster, Site, SiteBatch};

/// What upper bounds over clusters of sites need.
#[derive(Debug)]
pub(crate) struct Over<'a> {
    /// The least and the greatest uncertainty of a site.
    uncertainty: [Length; 2],
    /// Of a distance claim.
    envelope: Option<Envelope<'a>>,
}

impl Over<'_> {
    /// Whether a finer grain may give a lower bound.
    pub(crate) fn has_grain(&self) -> bool {
        self.envelope.as_ref().is_some_and(Envelope::has_cells)
    }
}

impl Constraint {
    /// What a place measures; `own` is the id of the site that stands there.
    pub(crate) fn gauge(&self, at: Position, own: Option<&str>) -> Gauge {
        match &self.statement {
            Statement::Distance(measure) => measure.gauge(at),
            Statement::Soft(soft) => soft.gauge(at, own),
            Statement::Attribute { .. } => Gauge::of_distance(0.0),
        }
    }

    /// ln g at what a place measures, for a site whose own position is uncertain by so much; ln of the density per kilometre for a
    /// distance claim.
    pub(crate) fn ln_credit(&self, gauge: &Gauge, uncertainty: Length) -> f64 {
        match &self.statement {
            Statement::Distance(measure) => measure.ln_density(gauge, uncertainty, None),
            Statement::Soft(soft) => soft.ln_credit(gauge, uncertainty),
            Statement::Attribute { .. } => 0.0,
        }
    }

    /// For a distance whether another measure could have been meant, and how much longer the road is.
    pub(crate) fn choice(&self) -> Option<(bool, Option<f64>)> {
        match &self.statement {
            Statement::Distance(measure) => Some(measure.choice()),
            _ => None,
        }
    }

    /// The part of a distance claim's likelihood that is not about how far it is.
    pub(crate) fn ln_beside(&self, gauge: &Gauge, uncertainty: Length) -> f64 {
        match &self.statement {
            Statement::Distance(measure) => measure.ln_beside(gauge, uncertainty),
            _ => 0.0,
        }
    }

    /// What the site's own likelihood of the statement is, in natural logarithms: the density per kilometre for a distance
    /// claim, the tempered likelihood ratio for a soft one.
    pub(crate) fn log_likelihood(&self, site: &Site, gauge: &Gauge, ln_expectation: f64, tempering: Tempering) -> f64 {
        let tempering = if self.is_as_stated { Tempering::NONE } else { tempering };
        match &self.statement {
            Statement::Distance(_) => self.ln_credit(gauge, site.position().uncertainty()),
            Statement::Soft(soft) => {
                tempering.apply(soft.ln_credit(gauge, site.position().uncertainty()), ln_expectation)
            }
            Statement::Attribute { tag, present, absent } => {
                tempering.apply(if site.has_tag(tag) { present.ln() } else { absent.ln() }, 0.0)
            }
        }
    }

    /// [`Constraint::log_likelihood`] of each of many sites, given what they measure; by the band's table where there is one.
    pub(crate) fn log_likelihoods(
        &self,
        sites: &SiteBatch,
        gauges: &Gauges,
        ln_expectation: f64,
        tempering: Tempering,
        table: Option<&BandTable>,
    ) -> Vec<f64> {
        let tempering = if self.is_as_stated { Tempering::NONE } else { tempering };
        let numbers: Vec<usize> = (0..sites.len()).collect();
        let uncertainty = |at: usize| sites.positions()[at].uncertainty();
        match &self.statement {
            Statement::Distance(measure) => {
                crate::batch::map(&numbers, |at| measure.ln_density(&gauges.get(*at), uncertainty(*at), table))
            }
            Statement::Soft(soft) => crate::batch::map(&numbers, |at| {
                tempering.apply(soft.ln_credit(&gauges.get(*at), uncertainty(*at)), ln_expectation)
            }),
            Statement::Attribute { tag, present, absent } => {
                let [with, without] = [present, absent].map(|ratio| tempering.apply(ratio.ln(), 0.0));
                crate::batch::map(&numbers, |at| if sites.has_tag(*at, tag) { with } else { without })
            }
        }
    }

    /// What a gauge shows as one length, in metres.
    pub(crate) fn measured_m(&self, gauge: &Gauge) -> f64 {
        match &self.statement {
            Statement::Soft(soft) => soft.measured_m(gauge),
            _ => gauge.distance_m,
        }
    }

    /// [`Constraint::gauge`] for each of many sites, whose ids are told.
    pub(crate) fn gauges<'a>(&self, at: &[Position], id: impl Fn(usize) -> &'a str) -> Gauges {
        match &self.statement {
            Statement::Distance(measure) => measure.gauges(at),
            Statement::Soft(soft) => soft.gauges(at, id),
            Statement::Attribute { .. } => Gauges::Distances(vec![0.0; at.len()]),
        }
    }

    /// What bounds of it need, for sites with uncertainties between two.
    pub(crate) fn over(&self, uncertainty: [Length; 2]) -> Over<'_> {
        Over { uncertainty, envelope: self.band().map(|band| Envelope::new(band, uncertainty)) }
    }

    /// An upper bound of [`Constraint::log_likelihood`] over a cluster of sites.
    pub(crate) fn log_upper_bound(
        &self,
        cluster: &Cluster,
        over: &Over<'_>,
        ln_expectation: f64,
        tempering: Tempering,
    ) -> Bound {
        match (&self.statement, &over.envelope) {
            (Statement::Distance(measure), Some(envelope)) => {
                measure.log_upper_bound(&measure.gauge(cluster.center), cluster.reach_m, envelope)
            }
            // A distance has a band, and hence an envelope.
            (Statement::Distance(_), None) => Bound::above(f64::INFINITY),
            (Statement::Soft(soft), _) => {
                self.of_credit(soft.ln_greatest_credit(cluster, over.uncertainty), ln_expectation, tempering)
            }
            (Statement::Attribute { tag, present, absent }, _) => {
                let tempering = if self.is_as_stated { Tempering::NONE } else { tempering };
                let value = |ratio: f64| tempering.apply(ratio.ln(), 0.0);
                if cluster.may_have(tag) && present != absent {
                    Bound::above(value(present.max(*absent)))
                } else {
                    Bound { ln: value(*absent), is_level: true }
                }
            }
        }
    }

    /// The line that it measures distances to, where those are all that it measures.
    pub(crate) fn line(&self) -> Option<&Polyline> {
        match &self.statement {
            Statement::Distance(measure) => measure.line(),
            Statement::Soft(Soft { look: Look::Distance(feature), .. }) => feature.line(),
            _ => None,
        }
    }

    /// [`Constraint::log_upper_bound`] for sites whose distance to the line is between two.
    pub(crate) fn log_upper_bound_between(
        &self,
        [from_m, to_m]: [f64; 2],
        grain_m: f64,
        over: &Over<'_>,
        ln_expectation: f64,
        tempering: Tempering,
    ) -> Bound {
        match (&self.statement, &over.envelope) {
            (Statement::Distance(_), Some(envelope)) => envelope.over((from_m - 1e-5).max(0.0), to_m + 1e-5, grain_m),
            (Statement::Soft(soft), _) => {
                let bound = soft.ln_greatest_between(from_m - 1e-5, to_m + 1e-5, over.uncertainty);
                self.of_credit(bound, ln_expectation, tempering)
            }
            // Others have no line.
            _ => Bound::above(f64::INFINITY),
        }
    }

    fn of_credit(&self, bound: Bound, ln_expectation: f64, tempering: Tempering) -> Bound {
        let tempering = if self.is_as_stated { Tempering::NONE } else { tempering };
        let slack = if bound.is_level { 0.0 } else { 1e-12 };
        Bound { ln: tempering.apply(bound.ln, ln_expectation) + slack, ..bound }
    }

    /// How far a site is from what the statement is about, and the nearest place of it where there is one.
    pub(crate) fn nearest(&self, site: &Site) -> Option<(Length, Option<Position>)> {
        match &self.statement {
            Statement::Distance(measure) => {
                let nearest = measure.nearest(site.position());
                Some((nearest.distance, Some(nearest.position)))
            }
            Statement::Soft(soft) => soft.nearest(site.position(), Some(site.id())),
            Statement::Attribute { .. } => None,
        }
    }

    /// How far a site is from the roads that a statement knows.
    pub(crate) fn snapping(&self, at: Position) -> Option<Length> {
        match &self.statement {
            Statement::Soft(Soft { look: Look::Ways(ways), .. }) => ways.snapping(at),
            _ => None,
        }
    }

    /// Where in the band a distance lies, for a distance claim.
    pub(crate) fn place(&self, distance: Length) -> Option<Place> {
        self.band().map(|band| band.place(distance))
    }
}
