//! What a posterior rests on.

use super::*;
use siteband::{Contribution, Reliance, RestsOn};

fn reliance_of<'a>(report: &'a Robustness, place: &str) -> &'a Reliance {
    report.reliance.iter().find(|reliance| reliance.place == place).expect("watched")
}

fn assert_part(part: Contribution, posterior_without: f64, change_db: f64) {
    assert_close(part.posterior_without, posterior_without);
    approx::assert_abs_diff_eq!(part.decibans.expect("odds"), change_db, epsilon = 1e-8);
}

/// A tag of a's with a ratio of 3, by an expert who is right four times in five: 0.8·3 + 0.2 = 2.6. The weights are
/// a 0.0122·2.6 = 0.03172, b 0.0062, none of these 0.0016; without the distance 1.04, 0.4 and 0.2.
///
/// a's odds against the rest are 0.03172/0.0078; the tag is a factor of 2.6 in them, whatever the rest. Without the
/// distance they are 1.04/0.6.
#[test]
fn distances_and_soft_statements() {
    let mut world = World::two_sites().with([tagged("t", 3.0).with_source(by("expert", 0.8))]);
    world.sites = list(two_tagged_sites("t", "u"));
    world.report.watched = vec!["B".to_owned()];
    let report = world.report();
    assert_eq!(report.reliance.len(), 2);
    let a = &report.reliance[0];
    assert_eq!((a.place.as_str(), a.rests_on), ("a", Some(RestsOn::SoftStatements)));
    assert_close(a.posterior, 0.031_72 / 0.039_52);
    assert_part(a.soft_statements, 0.61, decibans(2.6));
    assert_part(a.distances, 1.04 / 1.64, decibans(0.031_72 / 0.0078 / (1.04 / 0.6)));
    assert_eq!(a.by_source.len(), 1);
    assert_eq!((a.by_source[0].source.as_str(), a.by_source[0].contribution), ("expert", a.soft_statements));

    // Against the odds of b, 0.0062/0.03332, both speak: without the tag 0.0062/0.0138, without the distance 0.4/1.24.
    let b = reliance_of(&report, "b");
    assert_part(b.soft_statements, 0.31, decibans(0.0062 / 0.03332 / (0.0062 / 0.0138)));
    assert_part(b.distances, 0.4 / 1.64, decibans(0.0062 / 0.03332 / (0.4 / 1.24)));
    assert_eq!(b.rests_on, Some(RestsOn::Neither));
}

/// A weaker tag, 0.8·1.5 + 0.2 = 1.4, counts for less than the distance: 0.01708/0.0078 against 0.56/0.6, a factor of 2.3.
#[test]
fn the_distance_counts_for_more() {
    let mut world = World::two_sites().with([tagged("t", 1.5).with_source(by("expert", 0.8))]);
    world.sites = list(two_tagged_sites("t", "u"));
    let report = world.report();
    assert_eq!(report.reliance[0].rests_on, Some(RestsOn::Distances));
    assert_part(report.reliance[0].soft_statements, 0.61, decibans(1.4));
    assert_part(report.reliance[0].distances, 0.56 / 1.16, decibans(0.017_08 / 0.0078 / (0.56 / 0.6)));
}

/// Two arguments of two sources multiply: each adds its own factor, and together they add up. Two of one source share its fate:
/// 0.8·6 + 0.2 = 5 together, where each alone is worth 0.8·3 + 0.2 = 2.6 and 0.8·2 + 0.2 = 1.8.
#[test]
fn soft_statements_by_source() {
    let sites = vec![site("a", 95.0).with_tags(["t", "u"]), site("b", 80.0)];
    let said = |sources: [&str; 2]| {
        [
            tagged("t", 3.0).with_source(by(sources[0], 0.8)),
            tagged("u", 2.0).with_source(by(sources[1], 0.8)).with_id("u"),
        ]
    };
    let world = |sources: [&str; 2]| World::new(sites.clone(), World::two_sites().said).with(said(sources));
    let report = world(["one", "two"]).report();
    let [one, two] = report.reliance[0].by_source.as_slice() else { panic!("two sources") };
    assert_eq!((one.source.as_str(), two.source.as_str()), ("one", "two"));
    let rest = 0.0062 + 0.0016;
    assert_part(one.contribution, 0.0122 * 1.8 / (0.0122 * 1.8 + rest), decibans(2.6));
    assert_part(two.contribution, 0.0122 * 2.6 / (0.0122 * 2.6 + rest), decibans(1.8));
    assert_part(report.reliance[0].soft_statements, 0.61, decibans(2.6 * 1.8));

    let report = world(["one", "one"]).report();
    let [one] = report.reliance[0].by_source.as_slice() else { panic!("one source") };
    assert_part(one.contribution, 0.61, decibans(5.0));
}

/// Who says a distance and an argument stands and falls with both; leaving out the argument leaves the distance. With a ratio of
/// 3 of the same source: a 0.9·3/30 + 0.0005 = 0.0905, and 0.0305 without; without the distance 0.9·3 + 0.1 = 2.8.
#[test]
fn parts_of_one_source() {
    let mut world = World::two_sites().with([tagged("t", 3.0).with_source(by("report", 0.9)).with_id("report-2")]);
    world.sites = list(two_tagged_sites("t", "u"));
    let report = world.report();
    let a = &report.reliance[0];
    assert_part(a.soft_statements, 0.61, decibans(0.0905 / 0.0305));
    assert_part(a.distances, 1.12 / 1.72, decibans(0.4 * 0.0905 / 0.0078 / (1.12 / 0.6)));
}

/// The first place comes first, though a site that is watched is ahead of each of its sites alone.
#[test]
fn the_first_place_comes_first() {
    let of_group = |id: &str| site(id, 80.0).with_tags(["t"]).with_group("g");
    let mut world = World::new(
        vec![site("a", 95.0), of_group("b"), of_group("c")],
        vec![about_85().with_source(by("report", 0.9)), tagged("t", 3.0).with_source(by("expert", 1.0))],
    );
    world.report.watched = ["a", "c", "b"].map(str::to_owned).to_vec();
    let report = world.report();
    let places: Vec<&str> = report.reliance.iter().map(|reliance| reliance.place.as_str()).collect();
    assert_eq!(places, ["g", "a"]);
    assert_close(report.reliance[0].posterior, 0.0186 / 0.0324);
}

/// Nothing was said about distances, or nothing else: what was not said contributes nothing.
#[test]
fn one_kind_alone() {
    let soft = World::new(two_tagged_sites("t", "u"), vec![tagged("t", 3.0).with_source(by("expert", 0.8))]).report();
    assert_eq!(soft.reliance[0].rests_on, Some(RestsOn::SoftStatements));
    assert_part(soft.reliance[0].distances, 1.04 / 1.64, 0.0);
    let hard = World::two_sites().report();
    assert_eq!(hard.reliance[0].rests_on, Some(RestsOn::Distances));
    assert_part(hard.reliance[0].distances, 0.4, decibans(61.0 / 39.0 / (2.0 / 3.0)));
    assert_part(hard.reliance[0].soft_statements, 0.61, 0.0);
    assert!(hard.reliance[0].by_source.is_empty());
    let nothing = World::new(vec![site("a", 95.0)], Vec::new()).report();
    assert_eq!(nothing.reliance[0].rests_on, Some(RestsOn::Neither));
}

/// Where one of them leaves no odds at all, none can be said; where they are extreme, they can.
#[test]
fn odds_without_end_and_odds_that_are_extreme() {
    let certain = |constraint: Constraint| constraint.with_source(by("certain", 1.0));
    let literal = distance("95 km from X", point("x", 0.0), &Reading::literal());
    let report = World::new(two_tagged_sites("t", "u"), vec![certain(literal)]).report();
    let a = &report.reliance[0];
    assert_eq!((a.posterior, a.distances.decibans, a.rests_on), (1.0, None, None));
    // a's odds rise from 0.4/0.6 by a factor of 10^20.
    let report = World::new(two_tagged_sites("t", "u"), vec![certain(tagged("t", 1e20))]).report();
    assert_part(report.reliance[0].soft_statements, 0.4, 200.0);
    assert_eq!(report.reliance[0].rests_on, Some(RestsOn::SoftStatements));
}

#[test]
fn nobody_first_and_nobody_watched() {
    let literal = distance("500 km from X", point("x", 0.0), &Reading::literal());
    let mut world = World::new(two_tagged_sites("t", "u"), vec![literal]);
    assert!(world.report().reliance.is_empty());
    world.report.watched = vec!["a".to_owned()];
    assert_eq!(world.report().reliance[0].place, "a");
}
