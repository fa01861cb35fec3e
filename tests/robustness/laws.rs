//! Laws of the report, over random questions.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use siteband::{Assumption, Flag, Ranking};

use super::same::{assert_same, gist, is_close, what_ifs};
use super::*;
use crate::drawn::config;

fn around(east_km: f64, north_km: f64) -> Position {
    let at = north(0.0).destination(90.0, km(100.0 + east_km)).destination(0.0, km(100.0 + north_km));
    at.with_uncertainty(Length::ZERO)
}

/// Two to five sites, some at one place, in a group, tagged, or with a weight of their own.
fn some_sites() -> impl Strategy<Value = Vec<Site>> {
    let site = (-80.0..80.0, -80.0..80.0, 0_u8..4, any::<bool>(), 0.3..3.0, 0_u8..5);
    prop::collection::vec(site, 2..6).prop_map(|rows| {
        let of_row = |(number, (east_km, north_km, group, is_tagged, weight, shared)): (
            usize,
            (f64, f64, u8, bool, f64, u8),
        )| {
            let at = if shared == 0 { around(0.0, 0.0) } else { around(east_km, north_km) };
            let mut site = Site::new(format!("s{number}"), at);
            if group == 0 {
                site = site.with_group("group");
            }
            if is_tagged {
                site = site.with_tags(["tag"]);
            }
            if weight > 1.0 { site.with_prior(weight).expect("a weight") } else { site }
        };
        rows.into_iter().enumerate().map(of_row).collect()
    })
}

/// A distance, and up to four other statements of any kind, by three sources, of which one is a paper that repeats the agency.
fn some_statements() -> impl Strategy<Value = Vec<Constraint>> {
    let reading = || prop::sample::select(Reading::all().to_vec());
    let one = (0_u8..9, 20.0..250.0, 3.0..40.0, reading(), 0_usize..3, any::<bool>());
    (reading(), 40_u32..200, prop::collection::vec(one, 0..5)).prop_map(|(reading, number, rows)| {
        let sources = [
            by("agency", 0.9),
            by("expert", 0.75).with_tempering(0.8).expect("a power"),
            by("paper", 0.6).with_repeats("agency"),
        ];
        let x = || point("x", 0.0).with_position_uncertainty(km(1.0));
        let first = distance(&format!("about {number} km from X"), x(), &reading);
        let rest = rows.into_iter().map(
            |(kind, value_km, scale_km, reading, source, is_stated): (u8, f64, f64, Reading, usize, bool)| {
                let (value, scale) = (km(value_km), km(scale_km));
                let y = Feature::point("y", around(50.0, 0.0));
                let statement = match kind {
                    0 => distance(&format!("about {value_km:.0} km from X"), x(), &reading),
                    1 => distance(&format!("{value_km:.0} km south of Y"), y, &reading),
                    2 => Constraint::at_least(x(), value, &reading),
                    3 => Constraint::near(y, value, scale).expect("a scale"),
                    4 => Constraint::away_from(y, value, scale).expect("a scale"),
                    5 => Constraint::toward(x(), "NE".parse().expect("a wind")),
                    6 => Constraint::access(vec![x().into(), y.into()], 1.0 + scale_km / 100.0, value).expect("ways"),
                    7 => Constraint::nearby("tag", value, scale, scale_km > 20.0).expect("a scale"),
                    _ => Constraint::attribute("tag", value_km / 50.0, 0.5).expect("ratios"),
                };
                let statement = if is_stated { statement.as_stated() } else { statement };
                statement.with_source(sources[source].clone())
            },
        );
        let all = std::iter::once(first.with_source(sources[0].clone())).chain(rest);
        all.enumerate().map(|(number, statement)| statement.with_id(format!("c{number}"))).collect()
    })
}

/// A question whose region has 25 places, with thirty draws.
fn world(sites: &[Site], said: &[Constraint]) -> World {
    let mut world = World::new(sites.to_vec(), said.to_vec());
    let steps = || (-2..=2).map(|step| 40.0 * f64::from(step) + 3.0);
    let places = steps().flat_map(|east_km| steps().map(move |north_km| around(east_km, north_km)));
    let places = places.enumerate().map(|(number, at)| Site::new(number.to_string(), at)).collect();
    let region = SearchRegion::gazetteer(&list(places), Length::ZERO, None).expect("places");
    let mut atlas = Atlas::new();
    atlas.insert(Arc::new(point("x", -4.0))).expect("the only one");
    world.options = world.options.with_search_region(region);
    world.report = RobustnessOptions {
        draws: 30,
        atlases: vec![("moved".to_owned(), atlas)],
        search_regions: vec![super::places(&[60.0, 120.0, 180.0])],
        assumptions: vec![Assumption {
            title: "without the agency's".to_owned(),
            without_sources: vec!["agency".to_owned()],
            ..Assumption::default()
        }],
        ..RobustnessOptions::default()
    };
    world
}

/// The first place of a ranking, by the sums of its groups.
fn leader_of(ranking: &Ranking<'_>) -> Option<(String, f64)> {
    let mut sums: Vec<(String, f64)> = Vec::new();
    for ranked in ranking.top(ranking.len()) {
        let place = ranked.site.group().unwrap_or(ranked.site.id());
        match sums.iter_mut().find(|(other, _)| other == place) {
            Some((_, sum)) => *sum += ranked.posterior,
            None => sums.push((place.to_owned(), ranked.posterior)),
        }
    }
    // The first of equals.
    let greatest = sums.iter().map(|(_, sum)| *sum).fold(0.0, f64::max);
    sums.into_iter().find(|(_, sum)| *sum == greatest && *sum > 0.0)
}

fn assert_ranking(what_if: &WhatIf, ranking: &Ranking<'_>) -> Result<(), TestCaseError> {
    prop_assert_eq!(what_if.contradiction, ranking.contradiction);
    prop_assert!(is_close(what_if.none_of_these, ranking.none_of_these), "{:?}", what_if);
    for standing in &what_if.standings {
        let ranked = ranking.get(&standing.id).expect("listed");
        prop_assert!(standing.rank == ranked.rank && is_close(standing.posterior, ranked.posterior), "{:?}", what_if);
    }
    if let Some((_, posterior)) = leader_of(ranking).filter(|_| !ranking.contradiction) {
        // Sums that are equal but for rounding may go either way; the posterior is the same.
        let leader = what_if.leader.as_ref().expect("a first place");
        prop_assert!(is_close(leader.posterior, posterior), "{:?} {}", what_if, posterior);
    }
    Ok(())
}

/// Where JSON has null.
fn nulls(value: &serde_json::Value, key: &str, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Null => found.push(key.to_owned()),
        serde_json::Value::Array(list) => list.iter().for_each(|value| nulls(value, key, found)),
        serde_json::Value::Object(fields) => fields.iter().for_each(|(key, value)| nulls(value, key, found)),
        _ => {}
    }
}

/// Every what-if is the whole ranking of its question.
fn are_rankings(sites: &[Site], said: &[Constraint]) -> Result<(), TestCaseError> {
    let world = world(sites, said);
    let report = world.report();
    let rank = |said: &[Constraint], options: &RankOptions, what_if: &WhatIf| {
        assert_ranking(what_if, &world.sites.rank(said, options))
    };
    let only = |keep: &dyn Fn(&Constraint) -> bool| -> Vec<Constraint> {
        said.iter().filter(|of| keep(of)).cloned().collect()
    };
    for (what_if, reading) in report.readings.iter().zip(Reading::all()) {
        let read: Vec<Constraint> = said.iter().map(|constraint| constraint.read_as(&reading)).collect();
        rank(&read, &world.options, what_if)?;
    }
    let ranking = world.sites.rank(said, &world.options);
    let counted: Vec<&str> = ranking.constraints().map(Constraint::id).collect();
    prop_assert_eq!(report.without_claim.len(), counted.len());
    for (what_if, left_out) in report.without_claim.iter().zip(&counted) {
        // With it go the copies of it.
        rank(&only(&|of| counted.contains(&of.id()) && of.id() != *left_out), &world.options, what_if)?;
    }
    for (what_if, prior) in report.prior_none.iter().zip([0.05, 0.5]) {
        rank(said, &world.options.clone().with_none_of_these(prior).expect("a prior"), what_if)?;
    }
    let atlas = &world.report.atlases[0].1;
    let moved: Vec<Constraint> =
        said.iter().map(|of| of.with_features_of(atlas).unwrap_or_else(|| of.clone())).collect();
    rank(&moved, &world.options, &report.atlases[0])?;
    let elsewhere = world.options.clone().with_search_region(world.report.search_regions[0].clone());
    rank(said, &elsewhere, &report.search_regions[0])?;
    rank(&only(&|of| of.source().id() == "expert"), &world.options, &report.assumptions[0])?;
    for what_if in report.tempering.iter().filter(|what_if| what_if.assumption.ends_with("as they are stated")) {
        rank(said, &world.options.clone().with_tempering(Tempering::NONE), what_if)?;
    }
    Ok(())
}

/// A site that fits nothing changes no odds between the others: not under any assumption, nor in any draw.
fn a_stranger_is_none(sites: &[Site], said: &[Constraint]) -> Result<(), TestCaseError> {
    let few = world(sites, said);
    let stranger = Site::new("stranger", Position::new(-40.0, -60.0).expect("a position"));
    let mut more = world(&[sites, &[stranger]].concat(), said);
    more.report.watched = sites.iter().map(|site| site.id().to_owned()).collect();
    let (without, with) = (few.report(), more.report());
    for (one, other) in what_ifs(&without).into_iter().zip(what_ifs(&with)) {
        let (first, rest) = one.standings.split_first().expect("sites");
        let of = |id: &str| other.standings.iter().find(|standing| standing.id == id).expect("watched").posterior;
        for standing in rest {
            let cross = standing.posterior * of(&first.id) - first.posterior * of(&standing.id);
            prop_assert!(cross.abs() < 1e-9, "{:?} {:?}", one, other);
        }
    }
    for site in &without.acceptability.sites {
        let other = with.acceptability.sites.iter().find(|other| other.id == site.id).expect("shown as well");
        for win in &site.wins {
            prop_assert!(other.wins.contains(win), "{:?} {:?}", site, other);
        }
    }
    Ok(())
}

/// Two sites that are one place say of it what one site says.
fn a_pair_is_one(sites: &[Site], said: &[Constraint]) -> Result<(), TestCaseError> {
    // A weight of its own, so that it ties with nobody: sums may tie or not by their rounding.
    let at = |id: &str| Site::new(id, around(20.0, 20.0)).with_prior(1.37).expect("a weight");
    let pair = ["single", "twin"].map(|id| at(id).with_group("single"));
    let one = world(&[sites, &[at("single")]].concat(), said).report();
    let two = world(&[sites, &pair].concat(), said).report();
    assert_same(&one, &two, false)?;
    let gists = |report: &Robustness| -> Vec<_> {
        // Far off is what the first site makes of a number: it may be another of the first place.
        let about_sites = |flag: &&Flag| matches!(flag, Flag::Tied { .. } | Flag::FarOff { .. });
        report.flags.iter().filter(|flag| !about_sites(flag)).map(gist).collect()
    };
    prop_assert_eq!(gists(&one), gists(&two));
    let front = |report: &Robustness| report.pareto_front.iter().cloned().collect::<BTreeSet<String>>();
    let mut expected = front(&one);
    if expected.contains("single") {
        expected.insert("twin".to_owned());
    }
    prop_assert_eq!(expected, front(&two));
    Ok(())
}

/// Saying a thing twice changes nothing, nor does having it repeated by a blog.
fn repetition_is_nothing(sites: &[Site], said: &[Constraint]) -> Result<(), TestCaseError> {
    let once = world(sites, said).report();
    let again = said.iter().map(|statement| statement.clone().with_id(format!("{}-again", statement.id())));
    prop_assert_eq!(&world(sites, &said.iter().cloned().chain(again).collect::<Vec<_>>()).report(), &once);
    let blog = by("blog", 0.3).with_repeats("agency");
    let copies = said
        .iter()
        .filter(|of| of.source().id() == "agency")
        .map(|statement| statement.clone().with_source(blog.clone()).with_id(format!("{}-copy", statement.id())));
    assert_same(&world(sites, &copies.chain(said.iter().cloned()).collect::<Vec<_>>()).report(), &once, true)
}

/// Every number is one.
fn are_numbers(sites: &[Site], said: &[Constraint]) -> Result<(), TestCaseError> {
    let mut world = world(sites, said);
    world.report.watched = vec!["s0".to_owned(), "s1".to_owned()];
    let report = world.report();
    // JSON has no infinity and no NaN: these are none on purpose, and whatever else is null was no number.
    let mut found = Vec::new();
    nulls(&serde_json::to_value(&report).expect("JSON"), "", &mut found);
    let optional =
        ["leader", "runner_up", "lead_decibans", "decibans", "rests_on", "unit", "tips_at", "then", "behind_decibans"];
    found.retain(|key| !optional.contains(&key.as_str()));
    prop_assert_eq!(found, Vec::<String>::new());
    for what_if in what_ifs(&report) {
        let sum: f64 = what_if.standings.iter().map(|standing| standing.posterior).sum();
        prop_assert!((sum + what_if.none_of_these - 1.0).abs() < 1e-9, "{:?}", what_if);
    }
    for point in report.tipping_points.iter().chain(report.ways_to_win.iter().flat_map(|ways| &ways.points)) {
        prop_assert!(point.tips_at.is_some() || !point.is_plausible, "{:?}", point);
        prop_assert!(point.tips_at.is_none_or(f64::is_finite) && point.value.is_finite(), "{:?}", point);
    }
    for sentence in report.sentences() {
        prop_assert!(!sentence.contains("NaN") && !sentence.contains("inf "), "{}", sentence);
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn what_ifs_are_rankings(sites in some_sites(), said in some_statements()) {
        are_rankings(&sites, &said)?;
    }

    #[test]
    fn the_order_of_statements_does_not_count(sites in some_sites(), said in some_statements(), turn in 0_usize..5) {
        let mut turned = said.clone();
        turned.reverse();
        turned.rotate_left(turn % said.len());
        assert_same(&world(&sites, &said).report(), &world(&sites, &turned).report(), true)?;
    }

    #[test]
    fn the_order_of_sites_does_not_count(sites in some_sites(), said in some_statements()) {
        let mut turned = sites.clone();
        turned.reverse();
        assert_same(&world(&sites, &said).report(), &world(&turned, &said).report(), true)?;
    }

    #[test]
    fn repetition_does_not_count(sites in some_sites(), said in some_statements()) {
        repetition_is_nothing(&sites, &said)?;
    }

    #[test]
    fn a_stranger_changes_no_odds(sites in some_sites(), said in some_statements()) {
        a_stranger_is_none(&sites, &said)?;
    }

    #[test]
    fn two_sites_of_one_group_are_one(sites in some_sites(), said in some_statements()) {
        a_pair_is_one(&sites, &said)?;
    }

    #[test]
    fn numbers_are_numbers(sites in some_sites(), said in some_statements()) {
        are_numbers(&sites, &said)?;
    }
}
