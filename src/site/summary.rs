//! What holds for a list of sites as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Site;
use crate::band::ln_sum_exp;
use crate::ellipsoid::{chord_m, ecef_m, greatest_distance_m, surface_near};
use crate::length::Length;
use crate::position::Position;

/// Worked out once for a list, since every question needs it.
#[derive(Clone, Debug)]
pub(crate) struct Summary {
    pub(crate) priors: Priors,
    pub(crate) ln_greatest_prior: f64,
    /// The least and the greatest uncertainty of a position.
    pub(crate) uncertainty: [Length; 2],
}

/// ln of each site's prior, given that one of them is right.
#[derive(Clone, Debug)]
pub(crate) enum Priors {
    /// The same for all.
    Even(f64),
    Each(Arc<[f64]>),
}

impl Priors {
    pub(crate) fn ln(&self, site: usize) -> f64 {
        match self {
            Self::Even(ln) => *ln,
            Self::Each(each) => each[site],
        }
    }
}

impl Summary {
    pub(super) fn new(sites: &[Site]) -> Self {
        let priors = priors(sites);
        let ln_greatest_prior = match &priors {
            Priors::Even(ln) => *ln,
            Priors::Each(each) => each.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        };
        let uncertainties = || sites.iter().map(|site| site.position.uncertainty());
        let uncertainty = [uncertainties().min(), uncertainties().max()].map(Option::unwrap_or_default);
        Self { priors, ln_greatest_prior, uncertainty }
    }
}

/// The middle of the list and the greatest distance of a site from it; none for an empty list.
pub(super) fn middle_and_reach(sites: &[Site]) -> Option<(Position, Length)> {
    if sites.is_empty() {
        return None;
    }
    let mut sum_m = [0.0; 3];
    for site in sites {
        for (sum, axis_m) in sum_m.iter_mut().zip(ecef_m(site.position)) {
            *sum += axis_m;
        }
    }
    let middle = surface_near(sum_m);
    let middle_m = ecef_m(middle);
    let mut reach = Length::ZERO;
    for site in sites {
        // Most are measured by their chord alone.
        if greatest_distance_m(chord_m(middle_m, ecef_m(site.position))) + 1e-6 > reach.m() {
            reach = reach.max(middle.distance_to(&site.position));
        }
    }
    Some((middle, reach))
}

/// A group has the prior of its weightiest member, shared out by weight. In logarithms, since weights may be so great that their sum is
/// no number.
fn priors(sites: &[Site]) -> Priors {
    let ln_weight = |site: &Site| site.prior().ln();
    if sites.iter().all(|site| site.group().is_none() && site.prior() == 1.0) {
        #[allow(clippy::cast_precision_loss, reason = "far fewer than 2^53")]
        return Priors::Even(-(sites.len() as f64).ln());
    }
    let mut groups: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut ln_places: Vec<f64> = Vec::new();
    for site in sites {
        match site.group() {
            Some(group) => groups.entry(group).or_default().push(ln_weight(site)),
            None => ln_places.push(ln_weight(site)),
        }
    }
    // Of a group, what it has beside the sum of its members.
    let ln_beside: BTreeMap<&str, f64> = groups
        .into_iter()
        .map(|(group, members)| {
            let ln_greatest = members.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            ln_places.push(ln_greatest);
            (group, ln_greatest - ln_sum_exp(members.into_iter()))
        })
        .collect();
    let ln_all = ln_sum_exp(ln_places.into_iter());
    let share = |site: &Site| {
        let of_group = site.group().and_then(|group| ln_beside.get(group)).copied().unwrap_or_default();
        ln_weight(site) + of_group - ln_all
    };
    Priors::Each(sites.iter().map(share).collect())
}
