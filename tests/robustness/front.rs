//! The sites that no other beats in everything that was said.

use super::*;

/// a fits the distance best, b has the tag, c has neither and fits the distance less than either; d is where b is, and has the
/// tag as well.
#[test]
fn whoever_is_beaten_in_everything_is_left_out() {
    let with_tag = |id: &str, at_km: f64| site(id, at_km).with_tags(["t"]);
    let said = vec![about_85().with_source(by("report", 0.9)), tagged("t", 2.0).with_source(by("expert", 0.5))];
    let front = |sites: Vec<Site>| World::new(sites, said.clone()).report().pareto_front;
    let mut sites = vec![site("c", 78.0), with_tag("d", 80.0), with_tag("b", 80.0), site("a", 95.0)];
    // In the order of the ranking: a 0.0305, b and d 0.0155·1.5.
    assert_eq!(front(sites.clone()), ["a", "b", "d"]);
    // e is as far as a and has the tag: it beats all, whatever the weights beforehand.
    sites.push(with_tag("e", 95.0).with_prior(1e-3).expect("a weight"));
    assert_eq!(front(sites), ["e"]);
}

/// Where nothing was said nobody is beaten.
#[test]
fn nobody_is_beaten_in_nothing() {
    let report = World::new(vec![site("b", 80.0), site("a", 95.0)], Vec::new()).report();
    assert_eq!(report.pareto_front, ["a", "b"]);
}

/// Where a claim rules out both, the tag still counts; by id, and by its weight beforehand, a comes first.
#[test]
fn what_is_ruled_out_can_be_beaten_too() {
    let ruled_out = distance("500 km from X", point("x", 0.0), &Reading::literal()).with_source(by("report", 0.9));
    let sites = vec![
        site("a", 95.0).with_prior(3.0).expect("a weight"),
        site("b", 80.0).with_tags(["t"]),
        site("c", 80.0).with_prior(2.0).expect("a weight"),
    ];
    let said = vec![ruled_out, tagged("t", 2.0).with_source(by("expert", 0.5))];
    assert_eq!(World::new(sites, said).report().pareto_front, ["b"]);
}
