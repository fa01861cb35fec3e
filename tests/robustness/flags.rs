//! What an analyst is warned of, and of what not.

use super::*;
use siteband::Flag;

fn flags(sites: Vec<Site>, said: Vec<Constraint>) -> Vec<Flag> {
    World::new(sites, said).report().flags
}

fn contradictions(world: &World) -> Vec<Flag> {
    world.report().flags.into_iter().filter(|flag| matches!(flag, Flag::Contradiction { .. })).collect()
}

fn sites() -> Vec<Site> {
    vec![site("a", 95.0), site("b", 80.0)]
}

fn literal(words: &str) -> Constraint {
    distance(words, point("x", 0.0), &Reading::literal()).with_source(by("report", 0.9))
}

#[test]
fn nothing_to_warn_of() {
    assert_eq!(World::two_sites().report().flags, []);
}

/// Read literally, 85 km rules out both sites, and both places of the region. With one place at 85 km only the sites are ruled
/// out.
#[test]
fn nothing_possible() {
    assert_eq!(flags(sites(), vec![literal("about 85 km from X")]), [Flag::NothingPossible]);
    let mut world = World::new(sites(), vec![literal("about 85 km from X")]);
    world.options = world.options.with_search_region(places(&[85.0, 130.0]));
    assert_eq!(world.report().flags, [Flag::NoSiteBeatsNone { behind_decibans: None }]);
}

/// None of these is worth 0.008. At 74 km a site has 0.9·0.2/30 + 0.0005 = 0.0065, at 76 km 0.9·0.3/30 + 0.0005 = 0.0095.
#[test]
fn no_site_beats_none() {
    let said = World::two_sites().said;
    let found = flags(vec![site("a", 74.0)], said.clone());
    let [Flag::NoSiteBeatsNone { behind_decibans: Some(behind) }] = found.as_slice() else { panic!("{found:?}") };
    assert_close(*behind, decibans(80.0 / 65.0));
    assert_eq!(flags(vec![site("a", 76.0)], said), []);
    // As well is not worse: where nothing was said, or nothing that tells.
    assert_eq!(flags(vec![site("a", 76.0)], Vec::new()), []);
    assert_eq!(flags(vec![site("a", 76.0).with_tags(["t"])], vec![tagged("t", 1.0)]), []);
}

/// None of these ties with a at a prior of 0.01525/0.02325 = 0.656.
#[test]
fn none_leads() {
    for (prior, leads) in [(0.65, false), (0.66, true)] {
        let mut world = World::two_sites();
        world.options = world.options.with_none_of_these(prior).expect("a prior");
        let report = world.report();
        let expected = Flag::NoneLeads { none_of_these: report.none_of_these };
        assert_eq!(report.flags, if leads { vec![expected] } else { Vec::new() });
        let weight = (1.0 - prior) / 2.0;
        let total = weight * (0.0305 + 0.0155) + prior * 0.008;
        assert_close(report.none_of_these, prior * 0.008 / total);
    }
}

/// Near y and near z, L apart, with half credit at 20 km and a scale of 10 km: whoever is at one of them falls short of the other
/// by (1 + exp((L − 20)/10))/(1 + exp(−2)), which is 15 dB at L = 20 + 10·ln(10^1.5·(1 + e^−2) − 1) = 55.53 km.
#[test]
fn statements_that_no_place_satisfies_together() {
    for (apart_km, contradicts) in [(55.6, true), (55.4, false)] {
        let near = |id: &str, at_km: f64| {
            Constraint::near(point(id, at_km), km(20.0), km(10.0)).expect("a scale").with_source(by(id, 0.9))
        };
        let mut world =
            World::new(vec![site("a", 0.0), site("b", apart_km)], vec![near("y", 0.0), near("z", apart_km)]);
        world.options = world.options.with_search_region(places(&[0.0, apart_km]));
        let found = contradictions(&world);
        if contradicts {
            let [Flag::Contradiction { claims, behind_decibans: Some(behind) }] = found.as_slice() else {
                panic!("{found:?}")
            };
            assert_eq!(claims, &("y-1".to_owned(), "z-1".to_owned()));
            assert_close(*behind, decibans((1.0 + f64::exp((apart_km - 20.0) / 10.0)) / (1.0 + f64::exp(-2.0))));
        } else {
            assert_eq!(found, []);
        }
    }
}

/// No way is no way at all, so access is short of what it could be everywhere: that is no contradiction. Nor is what one and the
/// same place satisfies, however narrow it is, or what says nothing of places.
#[test]
fn statements_that_do_not_contradict_each_other() {
    let access = |id: &str, at_km: f64| {
        let to = vec![point(id, at_km).into()];
        Constraint::access(to, 1.0, km(1.0)).expect("ways").with_source(by(id, 0.9))
    };
    let near = Constraint::near(point("x", 0.0), km(1.0), km(0.1)).expect("a scale").with_source(by("x", 0.9));
    let said =
        vec![access("y", 0.0), access("z", 100.0), near.clone(), near.with_source(by("other", 0.9)), tagged("t", 1e6)];
    assert_eq!(contradictions(&World::new(sites(), said)), []);
}

/// The launch of 2017-05-21 was first reported from Pukchang, and was at Anju, 19 km away. Taken as "within some 5 km", the two
/// contradict each other: halfway, at 9.5 km, each is worth exp(−(9.5 − 5)/1)/2 or so of what it is where it is best. Taken as
/// "within some 10 km, more or less" they do not.
#[test]
fn two_reports_of_one_launch() {
    let pukchang = Feature::point("pukchang", "39.5044 N 125.9643 E".parse().expect("a position"));
    let anju = Feature::point("anju", "39°37′N 125°48′E".parse().expect("a position"));
    let venue = Site::new("venue", "39.6167 N 125.8 E".parse().expect("a position"));
    let apart = pukchang.nearest(venue.position()).distance;
    assert!((apart.km() - 19.0).abs() < 0.5, "{apart}");
    let region = SearchRegion::around(venue.position(), km(100.0));
    for (midpoint_km, scale_km, contradicts) in [(5.0, 1.0, true), (10.0, 3.0, false)] {
        let near = |feature: &Feature, source: &str| {
            Constraint::near(feature.clone(), km(midpoint_km), km(scale_km))
                .expect("a scale")
                .with_source(by(source, 0.9))
        };
        let mut world = World::new(
            vec![venue.clone(), Site::new("elsewhere", "39.0 N 126.0 E".parse().expect("a position"))],
            vec![near(&pukchang, "first"), near(&anju, "later")],
        );
        world.options = world.options.with_search_region(region.clone());
        let found = contradictions(&world);
        if contradicts {
            let [Flag::Contradiction { claims, behind_decibans: Some(behind) }] = found.as_slice() else {
                panic!("{found:?}")
            };
            assert_eq!(claims, &("first-1".to_owned(), "later-1".to_owned()));
            // The best place: at one of them, or on the line between, of all that lie within the lattice's mesh of a few km.
            let credit = |at_km: f64| {
                -f64::exp((at_km - midpoint_km) / scale_km).ln_1p() - credit_at_zero(midpoint_km, scale_km)
            };
            let best = (0..=190).map(|tenth| f64::from(tenth) / 10.0).map(|at| credit(at) + credit(apart.km() - at));
            let best = best.fold(f64::NEG_INFINITY, f64::max);
            assert_relative_eq!(*behind, -10.0 * best / std::f64::consts::LN_10, max_relative = 0.1);
        } else {
            assert_eq!(found, []);
        }
    }
}

fn credit_at_zero(midpoint_km: f64, scale_km: f64) -> f64 {
    -f64::exp(-midpoint_km / scale_km).ln_1p()
}

/// Distances contradict each other under the default reading, whatever the ranking's own. 20 km from one point and 20 km from
/// another 200 km away cannot be; 80 km from both, 150 km apart, can, and "120 km" beside "80 km" of two points 190 km apart,
/// too.
#[test]
fn distances_that_contradict_each_other() {
    let says = |words: &str, id: &str, moved_km: f64| {
        distance(words, point(id, moved_km), &Reading::analyst()).with_source(by(id, 0.9))
    };
    let region = SearchRegion::around(north(100.0), km(200.0));
    for (words, apart_km, contradicts) in [
        (["20 km from Y", "20 km from Z"], 200.0, true),
        (["80 km from Y", "80 km from Z"], 150.0, false),
        (["120 km from Y", "80 km from Z"], 190.0, false),
    ] {
        let mut world = World::new(sites(), vec![says(words[0], "y", 0.0), says(words[1], "z", apart_km)]);
        world.options = world.options.with_search_region(region.clone());
        let found = contradictions(&world);
        assert_eq!(!found.is_empty(), contradicts, "{words:?}: {found:?}");
    }
}

/// What is possible nowhere together is infinitely far behind: at most 10 km away, and at least 500 km.
#[test]
fn a_contradiction_without_end() {
    let limits = vec![
        Constraint::at_most(point("x", 0.0), km(10.0), &Reading::default()).with_source(by("one", 0.9)),
        Constraint::at_least(point("x", 0.0), km(5000.0), &Reading::default()).with_source(by("two", 0.9)),
    ];
    let mut world = World::new(sites(), limits);
    world.options = world.options.with_search_region(places(&[5.0, 9000.0]));
    let claims = ("one-1".to_owned(), "two-1".to_owned());
    assert_eq!(contradictions(&world), [Flag::Contradiction { claims, behind_decibans: None }]);
}

/// One statement that rules out every site: without it there is a first place.
#[test]
fn one_statement_rules_out_all() {
    let said = vec![literal("about 85 km from X"), tagged("t", 3.0).with_source(by("expert", 0.8))];
    let found = flags(two_tagged_sites("s", "t"), said);
    let expected = Flag::OneClaimDecides { claim: "report-1".to_owned(), then: Some("b".to_owned()) };
    assert!(found.contains(&Flag::NothingPossible) && found.contains(&expected), "{found:?}");
}

#[test]
fn sites_that_are_tied() {
    let said = World::two_sites().said;
    let found = flags(vec![site("c", 95.0), site("b", 80.0), site("a", 95.0)], said.clone());
    assert_eq!(found, [Flag::Tied { sites: vec!["a".to_owned(), "c".to_owned()] }]);
    // Tied for the second rank is no matter; nor are sites that are all impossible.
    assert_eq!(flags(vec![site("a", 95.0), site("b", 80.0), site("c", 80.0)], said), []);
    let mut world = World::new(sites(), vec![literal("about 85 km from X")]);
    world.options = world.options.with_search_region(places(&[85.0]));
    assert!(!world.report().flags.iter().any(|flag| matches!(flag, Flag::Tied { .. })));
}

/// A market is published as 20.7 km from Pyongyang, and is 33.1 km away: 20.7 miles. A number twenty times too small is far off;
/// one that is half as large again is somewhat off, which is nothing to be warned of.
#[test]
fn a_number_that_is_far_off() {
    let flags_at = |words: &str, at_km: f64, reading: &Reading| {
        let said = vec![distance(words, point("x", 0.0), reading).with_source(by("report", 0.9))];
        let mut world = World::new(vec![site("a", at_km)], said);
        world.options = world.options.with_search_region(places(&[1000.0]));
        world.report().flags
    };
    let reading = Reading::default();
    for (words, at_km, origin) in [("20.7 km from X", 33.1, "meant in mi"), ("about 85 km from X", 400.0, "far off")] {
        let found = flags_at(words, at_km, &reading);
        let claim: Claim = words.parse().expect("a claim");
        let origins = reading.band_about(&claim, &point("x", 0.0)).origins(km(at_km));
        let expected = Flag::FarOff {
            claim: "report-1".to_owned(),
            site: "a".to_owned(),
            origin: origin.to_owned(),
            probability: origins[0].1,
        };
        let [Flag::FarOff { probability, .. }] = found.as_slice() else { panic!("{found:?}") };
        assert_relative_eq!(*probability, origins[0].1, max_relative = 1e-6);
        assert_eq!(expected.to_string(), found[0].to_string());
    }
    assert_eq!(flags_at("about 85 km from X", 95.0, &reading), []);
    assert_eq!(flags_at("about 85 km from X", 95.0, &Reading::analyst()), []);
}

/// Of two tags one is nowhere on the list; tags are compared without case.
#[test]
fn a_tag_that_nobody_has() {
    let near = Constraint::nearby("aa", km(10.0), km(3.0), false).expect("a scale").with_source(by("one", 0.9));
    let said =
        [World::two_sites().said, vec![tagged("S", 2.0), near, tagged("ss", 2.0).with_source(by("two", 0.9))]].concat();
    let found = flags(two_tagged_sites("s", "t"), said);
    let missing = |claim: &str, tag: &str| Flag::NoSuchTag { claim: claim.to_owned(), tag: tag.to_owned() };
    assert_eq!(found, [missing("one-1", "aa"), missing("two-1", "ss")]);
}

/// In the order of what matters: hypotheses, contradictions, what decides, what is off.
#[test]
fn warnings_in_words() {
    let none = |behind_decibans| Flag::NoSiteBeatsNone { behind_decibans };
    let text = |words: &str| words.to_owned();
    let pair = || (text("a-1"), text("b-1"));
    for (flag, words) in [
        (
            Flag::NothingPossible,
            "What was said contradicts itself: nothing is possible under it, and the prior is shown.",
        ),
        (
            none(Some(0.96)),
            "No listed site fits what was said better than an unlisted one would: the best is 1.0 dB behind.",
        ),
        (none(None), "What was said leaves no listed site possible."),
        (
            Flag::NoneLeads { none_of_these: 0.456 },
            "That no listed site is right is likelier (45.6 %) than any one place.",
        ),
        (
            Flag::Contradiction { claims: pair(), behind_decibans: Some(12.0) },
            "a-1 and b-1 contradict each other: no place satisfies both.",
        ),
        (
            Flag::OneClaimDecides { claim: text("c-1"), then: Some(text("b")) },
            "One statement alone decides who is first, c-1: without it b would be first.",
        ),
        (
            Flag::OneSourceDecides { source: text("c"), then: None },
            "One source alone decides who is first, c: without it no site would be possible.",
        ),
        (Flag::Tied { sites: vec![text("a"), text("b")] }, "a and b are tied for the first rank."),
        (Flag::Tied { sites: vec![text("a"), text("b"), text("c")] }, "a, b and c are tied for the first rank."),
        (
            Flag::Tied { sites: ["a", "b", "c", "d", "e"].map(text).to_vec() },
            "a, b and 3 more are tied for the first rank.",
        ),
        (
            Flag::FarOff { claim: text("c-1"), site: text("a"), origin: text("far off"), probability: 0.987 },
            "If a is the place, the number of c-1 is most likely far off (99 %).",
        ),
    ] {
        assert_eq!(flag.to_string(), words);
    }
    let missing = Flag::NoSuchTag { claim: text("c-1"), tag: text("t") }.to_string();
    assert!(missing.starts_with("No listed site has the tag 't' that c-1 looks at"), "{missing}");
}

/// b's tag with a ratio of 3 puts it first; without it a is. The distance alone decides nothing: without it b stays first.
#[test]
fn one_statement_decides() {
    let said = vec![World::two_sites().said[0].clone(), tagged("t", 3.0).with_source(by("expert", 1.0))];
    let decides = |source: &str, then: &str| {
        [
            Flag::OneClaimDecides { claim: format!("{source}-1"), then: Some(then.to_owned()) },
            Flag::OneSourceDecides { source: source.to_owned(), then: Some(then.to_owned()) },
        ]
    };
    assert_eq!(flags(two_tagged_sites("s", "t"), said.clone()), decides("expert", "a"));
    // Another who says the same: neither is alone in that.
    let twice = [said.clone(), vec![tagged("t", 3.0).with_source(by("other", 1.0))]].concat();
    assert_eq!(flags(two_tagged_sites("s", "t"), twice), []);
    assert_eq!(flags(two_tagged_sites("s", "t"), vec![tagged("u", 1.0), said[1].clone()])[..2], decides("expert", "a"));
    // Where there is but one statement, it is no news that it decides.
    assert_eq!(flags(vec![site("b", 95.0), site("a", 80.0)], World::two_sites().said), []);
    // Two statements of one source decide, and either of them would do: 2·2, and 2, against 1.97.
    let pair = ["t", "u"].map(|tag| tagged(tag, 2.0).with_source(by("expert", 1.0)).with_id(tag));
    let sites = vec![site("a", 95.0), site("b", 80.0).with_tags(["t", "u"])];
    let both = [vec![said[0].clone()], pair.to_vec()].concat();
    assert_eq!(flags(sites.clone(), both), decides("expert", "a")[1..]);
    // Ids that begin like the words of the report.
    let odd = tagged("t", 3.0).with_source(by("without borders", 1.0)).with_id("without without");
    let found = flags(sites, vec![said[0].clone(), odd]);
    let [claim, source] = decides("without borders", "a");
    assert_eq!(
        found,
        [Flag::OneClaimDecides { claim: "without without".to_owned(), then: Some("a".to_owned()) }, source]
    );
    assert!(matches!(claim, Flag::OneClaimDecides { .. }));
}
