//! Whether two reports say the same.

use std::collections::BTreeMap;

use proptest::prelude::*;
use siteband::{Acceptability, Flag, Standing};

use super::*;

pub(super) fn what_ifs(report: &Robustness) -> Vec<&WhatIf> {
    let lists = [
        &report.readings,
        &report.without_claim,
        &report.without_source,
        &report.prior_none,
        &report.tempering,
        &report.atlases,
        &report.search_regions,
        &report.assumptions,
    ];
    lists.into_iter().flatten().collect()
}

/// What a flag says, without figures and in whichever order its ids are.
pub(super) fn gist(flag: &Flag) -> (String, Vec<String>) {
    let (kind, mut ids) = match flag {
        Flag::NothingPossible => ("nothing", vec![]),
        Flag::NoSiteBeatsNone { .. } => ("no site", vec![]),
        Flag::NoneLeads { .. } => ("none", vec![]),
        Flag::Contradiction { claims: (one, other), .. } => ("contradiction", vec![one.clone(), other.clone()]),
        Flag::OneClaimDecides { claim, then } => {
            ("claim", [Some(claim.clone()), then.clone()].into_iter().flatten().collect())
        }
        Flag::OneSourceDecides { source, then } => {
            ("source", [Some(source.clone()), then.clone()].into_iter().flatten().collect())
        }
        Flag::Tied { sites } => ("tied", sites.clone()),
        Flag::FarOff { claim, site, origin, .. } => ("far off", vec![claim.clone(), site.clone(), origin.clone()]),
        Flag::NoSuchTag { claim, tag } => ("tag", vec![claim.clone(), tag.clone()]),
    };
    ids.sort();
    (kind.to_owned(), ids)
}

pub(super) fn is_close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

fn same_leader(a: Option<&Leader>, b: Option<&Leader>, with_sites: bool) -> bool {
    let of = |leader: Option<&Leader>| {
        leader.map(|leader| (leader.place.clone(), leader.runner_up.clone(), with_sites.then(|| leader.site.clone())))
    };
    let numbers =
        |leader: Option<&Leader>| leader.map_or((0.0, 0.0), |of| (of.posterior, of.lead_decibans.unwrap_or(-1.0)));
    let ((p, q), (r, s)) = (numbers(a), numbers(b));
    of(a) == of(b) && is_close(p, r) && is_close(q, s)
}

fn same_standings(a: &[Standing], b: &[Standing]) -> bool {
    let by_id = |standings: &[Standing]| -> BTreeMap<String, (usize, f64)> {
        standings.iter().map(|standing| (standing.id.clone(), (standing.rank, standing.posterior))).collect()
    };
    let (a, b) = (by_id(a), by_id(b));
    a.len() == b.len()
        && a.iter().zip(&b).all(|((id, (rank, p)), (other, (its, q)))| id == other && rank == its && is_close(*p, *q))
}

/// Two reports that say the same of places; and of sites, where these are the same.
pub(super) fn assert_same(a: &Robustness, b: &Robustness, with_sites: bool) -> Result<(), TestCaseError> {
    prop_assert!(same_leader(a.leader.as_ref(), b.leader.as_ref(), with_sites), "{:?} {:?}", a.leader, b.leader);
    prop_assert!(is_close(a.none_of_these, b.none_of_these));
    let by_words = |report: &Robustness| -> BTreeMap<String, WhatIf> {
        what_ifs(report).into_iter().map(|what_if| (what_if.assumption.clone(), what_if.clone())).collect()
    };
    let (here, there) = (by_words(a), by_words(b));
    prop_assert_eq!(here.keys().collect::<Vec<_>>(), there.keys().collect::<Vec<_>>());
    for (one, other) in here.values().zip(there.values()) {
        prop_assert!(same_leader(one.leader.as_ref(), other.leader.as_ref(), with_sites), "{:?} {:?}", one, other);
        prop_assert!(is_close(one.none_of_these, other.none_of_these) && one.contradiction == other.contradiction);
        prop_assert!(!with_sites || same_standings(&one.standings, &other.standings), "{:?} {:?}", one, other);
    }
    let tips = |report: &Robustness| -> BTreeMap<String, (f64, f64, Option<String>, bool)> {
        let of = |point: &siteband::TippingPoint| {
            (
                point.parameter.clone(),
                (point.value, point.tips_at.unwrap_or(-1.0), point.then.clone(), point.is_plausible),
            )
        };
        report.tipping_points.iter().map(of).collect()
    };
    let (here, there) = (tips(a), tips(b));
    prop_assert_eq!(here.len(), there.len());
    for ((name, one), (other_name, other)) in here.iter().zip(&there) {
        prop_assert_eq!(name, other_name);
        let near = (one.1 - other.1).abs() <= 1e-6 * (1.0 + one.1.abs());
        prop_assert!(
            near && one.0 == other.0 && one.2 == other.2 && one.3 == other.3,
            "{} {:?} {:?}",
            name,
            one,
            other
        );
    }
    let reliance = |report: &Robustness| -> BTreeMap<String, Vec<f64>> {
        let of = |of: &siteband::Reliance| {
            let mut numbers = vec![of.posterior];
            for part in [of.distances, of.soft_statements] {
                numbers.extend([part.posterior_without, part.decibans.unwrap_or(-1000.0)]);
            }
            (of.place.clone(), numbers)
        };
        report.reliance.iter().map(of).collect()
    };
    for ((place, one), (other_place, other)) in reliance(a).iter().zip(&reliance(b)) {
        prop_assert_eq!(place, other_place);
        prop_assert!(one.iter().zip(other).all(|(p, q)| is_close(*p, *q)), "{} {:?} {:?}", place, one, other);
    }
    let shares = |drawn: &Acceptability| -> BTreeMap<String, f64> {
        drawn.first_places.iter().map(|share| (share.of.clone(), share.share)).collect()
    };
    prop_assert_eq!(shares(&a.acceptability), shares(&b.acceptability));
    prop_assert_eq!(a.acceptability.none_first, b.acceptability.none_first);
    if with_sites {
        let gists = |report: &Robustness| {
            let mut gists: Vec<_> = report.flags.iter().map(gist).collect();
            gists.sort();
            gists
        };
        prop_assert_eq!(gists(a), gists(b));
        prop_assert_eq!(&a.pareto_front, &b.pareto_front);
        for site in &a.acceptability.sites {
            let other = b.acceptability.sites.iter().find(|other| other.id == site.id).expect("shown as well");
            prop_assert_eq!(&site.ranks, &other.ranks);
            prop_assert!(is_close(site.posterior_median, other.posterior_median), "{:?} {:?}", site, other);
        }
    }
    Ok(())
}
