//! The ranking under other assumptions.

use super::*;
use siteband::Assumption;

#[test]
fn who_is_first_and_by_how_much() {
    let report = World::two_sites().report();
    let leader = report.leader.as_ref().expect("a first place");
    assert_eq!((leader.place.as_str(), leader.site.as_str(), leader.runner_up.as_deref()), ("a", "a", Some("b")));
    assert_close(leader.posterior, 0.61);
    assert_close(leader.lead_decibans.expect("a rival"), decibans(61.0 / 31.0));
    assert_close(report.none_of_these, 0.08);

    let alone = World::new(vec![site("a", 95.0)], World::two_sites().said).report();
    let leader = alone.leader.expect("a first place");
    assert_eq!((leader.runner_up, leader.lead_decibans), (None, None));
}

/// Places are rivals, not sites: together b and c, which share one prior, are ahead of a, which is ahead of either.
/// With priors of 0.4 each: a 0.4·0.0305 = 0.0122; b and c 0.2·0.0155 each = 0.0031, or, with a ratio of 3 for their
/// tag, 0.0093 each, 0.0186 together.
#[test]
fn a_group_is_one_rival() {
    let of_group = |id: &str| site(id, 80.0).with_tags(["t"]).with_group("g");
    let world = World::new(
        vec![site("a", 95.0), of_group("c"), of_group("b")],
        vec![about_85().with_source(by("report", 0.9)), tagged("t", 3.0).with_source(by("expert", 1.0))],
    );
    let report = world.report();
    let leader = report.leader.as_ref().expect("a first place");
    assert_eq!((leader.place.as_str(), leader.site.as_str(), leader.runner_up.as_deref()), ("g", "b", Some("a")));
    assert_close(leader.posterior, 0.0186 / (0.0186 + 0.0122 + 0.0016));
    assert_close(leader.lead_decibans.expect("a rival"), decibans(186.0 / 122.0));
    assert_eq!(world.sites.rank(&world.said, &world.options).top(1).next().expect("a site").site.id(), "a");
}

/// Sites at 95 km and 85 km; the places of the region are at 85 and 130 km. Literal and best practice allow 84.5–85.5 km (1 per
/// km), rounded 82.5–87.5 (0.2 per km), the analyst 3/4 of 1/30 at 85 km. A literal reading has no room for a wrong source.
#[test]
fn readings_side_by_side() {
    let mut world = World::new(vec![site("a", 95.0), site("b", 85.0)], vec![about_85().with_source(by("report", 0.9))]);
    world.options = world.options.with_search_region(places(&[85.0, 130.0]));
    let claim: Claim = "about 85 km from X".parse().expect("a claim");
    let mixed =
        |reading: Reading, at_km: f64| reading.band_about(&claim, &point("x", 0.0)).likelihood_per_km(km(at_km));
    let report = world.report();
    let cases = [
        (Reading::literal(), [0.0, 1.0, 0.0]),
        (Reading::rounded(), [0.0, 0.2, 0.0]),
        (Reading::best_practice(), [0.0, 1.0, 0.0]),
        (Reading::analyst(), [1.0 / 30.0, 0.025, 0.0]),
        (Reading::mixture_prior(), [95.0, 85.0, 130.0].map(|at_km| mixed(Reading::mixture_prior(), at_km))),
        (Reading::mixture(), [95.0, 85.0, 130.0].map(|at_km| mixed(Reading::mixture(), at_km))),
    ];
    assert_eq!(report.readings.len(), cases.len());
    for (what_if, (reading, [at_95, at_85, at_130])) in report.readings.iter().zip(cases) {
        let wrong = if reading == Reading::literal() { 0.0 } else { 0.1 };
        let counted = |f: f64| (1.0 - wrong) * f + wrong / 200.0;
        let weights = [0.4 * counted(at_95), 0.4 * counted(at_85)];
        let none = 0.2 * f64::midpoint(counted(at_85), counted(at_130));
        let (leader, weight) = if weights[0] > weights[1] { ("a", weights[0]) } else { ("b", weights[1]) };
        assert_what_if(what_if, &format!("read as {}", reading.name()), leader, weight, &weights, none);
    }
    // By hand, for one of them: 0.4·0.1805, 0.4·0.0005 and 0.2·0.0905 sum to 0.0905.
    assert_close(report.readings[1].leader.as_ref().expect("b").posterior, 0.0722 / 0.0905);
    assert_close(report.readings[1].none_of_these, 0.2);
}

/// An agency's distance, which a paper copies; the paper adds a tag that b has, with a ratio of 4: 0.7·4 + 0.3 = 3.1. A witness
/// names a tag of a's: 0.8·3 + 0.2 = 2.6. The weights are
///
/// a 0.4·0.0305·2.6 = 0.03172, b 0.4·0.0155·3.1 = 0.01922, none of these 0.0016.
fn agency_and_paper() -> World {
    let paper = by("paper", 0.7).with_repeats("agency");
    World::new(
        two_tagged_sites("army", "rail"),
        vec![
            about_85().with_source(by("agency", 0.9)),
            about_85().with_source(paper.clone()),
            tagged("rail", 4.0).with_source(paper).with_id("paper-2"),
            tagged("army", 3.0).with_source(by("witness", 0.8)),
        ],
    )
}

#[test]
fn one_statement_left_out() {
    let report = agency_and_paper().report();
    assert_close(report.leader.expect("a first place").posterior, 0.03172 / 0.05254);
    let [agency, paper, witness] = report.without_claim.as_slice() else {
        panic!("the copy is no statement of its own: {:?}", report.without_claim)
    };
    assert_what_if(agency, "without agency-1", "b", 1.24, &[1.04, 1.24], 0.2);
    assert_what_if(paper, "without paper-2", "a", 0.03172, &[0.03172, 0.0062], 0.0016);
    assert_what_if(witness, "without witness-1", "b", 0.01922, &[0.0122, 0.01922], 0.0016);
}

/// Without the agency what the paper says beside it does not count either.
#[test]
fn one_source_left_out() {
    let report = agency_and_paper().report();
    let [agency, witness] = report.without_source.as_slice() else {
        panic!("the paper is no source of its own: {:?}", report.without_source)
    };
    assert_what_if(agency, "without agency", "a", 1.04, &[1.04, 0.4], 0.2);
    assert_what_if(witness, "without witness", "b", 0.01922, &[0.0122, 0.01922], 0.0016);
}

/// Priors of 0.475 and 0.25 for each of the sites.
#[test]
fn other_priors() {
    let report = World::two_sites().report();
    let weights = |share: f64| [share * 0.0305, share * 0.0155];
    let [low, high] = report.prior_none.as_slice() else { panic!("two of them") };
    assert_what_if(low, "prior for none of these 5 %", "a", 0.014_487_5, &weights(0.475), 0.05 * 0.008);
    assert_what_if(high, "prior for none of these 50 %", "a", 0.007_625, &weights(0.25), 0.5 * 0.008);
}

/// One source says both "about 85 km" and that the place has b's tag, with a ratio of 9, tempered 3. As one argument each counts
/// with λ = 1/2: √(f/200) for the distance, √3 for the tag.
///
/// | λ | a | b | none of these |
/// |---|---|---|---|
/// | 1 | 0.9/30 + 0.0005 = 0.0305 | 0.9·3/60 + 0.0005 = 0.0455 | 0.008 |
/// | 1/2 | 0.9·√(1/6000) + 0.0005 | 0.9·√(3/12000) + 0.0005 | 0.9·√(1/12000)/2 + 0.0005 |
#[test]
fn both_ends_of_tempering() {
    let report_says = by("report", 0.9);
    let tag = Constraint::attribute("rail", 9.0, 1.0).expect("a ratio");
    let said = vec![about_85().with_source(report_says.clone()), tag.with_source(report_says).with_id("report-2")];
    let report = World::new(two_tagged_sites("army", "rail"), said.clone()).report();
    let [apart, together, as_stated, without] = report.tempering.as_slice() else {
        panic!("four ends: {:?}", report.tempering)
    };
    let words = "what one source says taken as";
    let base = [0.4 * 0.0305, 0.4 * 0.0455];
    assert_what_if(apart, &format!("{words} independent of each other"), "b", base[1], &base, 0.0016);
    assert_close(report.leader.expect("a first place").posterior, apart.leader.as_ref().expect("b").posterior);
    let [a, b, none] =
        [1.0 / 6000.0, 3.0 / 12_000.0, 1.0 / 12_000.0 / 4.0].map(|square: f64| 0.9 * square.sqrt() + 0.0005);
    let weights = [0.4 * a, 0.4 * b];
    assert_what_if(together, &format!("{words} one argument"), "b", weights[1], &weights, 0.2 * none);
    let weights = [0.0122, 0.4 * (0.9 * 9.0 / 60.0 + 0.0005)];
    assert_what_if(as_stated, "soft statements counted as they are stated", "b", weights[1], &weights, 0.0016);
    assert_what_if(without, "soft statements not counted", "a", 0.0122, &[0.0122, 0.0062], 0.0016);

    // A source that tempers itself: the ranking lies between the ends, and they stay what they are.
    let tempered = by("report", 0.9).with_tempering(0.75).expect("a power");
    let said = said.into_iter().zip(["report-1", "report-2"]);
    let said = said.map(|(statement, id)| statement.with_source(tempered.clone()).with_id(id)).collect();
    let between = World::new(two_tagged_sites("army", "rail"), said).report();
    assert_eq!(between.tempering[..2], report.tempering[..2]);
    // f^(3/4)·b^(1/4) for the distance, 3^(3/4) for the tag.
    let counted = |f: f64, tag: f64| 0.9 * f.powf(0.75) * 200_f64.powf(-0.25) * tag.powf(0.75) + 0.0005;
    let weights = [0.4 * counted(1.0 / 30.0, 1.0), 0.4 * counted(1.0 / 60.0, 3.0)];
    let total = weights[0] + weights[1] + 0.2 * (counted(1.0 / 60.0, 1.0) + 0.0005) / 2.0;
    assert_close(between.leader.expect("a first place").posterior, weights[1] / total);
}

/// One distance of one source cannot be tempered; nor is there anything to be left out in its stead.
#[test]
fn nothing_to_temper() {
    let report = World::two_sites().report();
    assert!(report.tempering.is_empty() && report.atlases.is_empty() && report.search_regions.is_empty());
    assert!(report.assumptions.is_empty() && report.ways_to_win.is_empty());
    let without = &report.without_claim[0];
    assert_what_if(without, "without report-1", "a", 0.4, &[0.4, 0.4], 0.2);
}

/// The point 5 km farther south: 100 km to a (1/30), 85 km to b (0.025), 85 and 135 km to the places of the region. An atlas
/// without it, or with a line under its name, is no other data.
#[test]
fn other_data() {
    let mut world = World::two_sites();
    let atlas = |feature: Feature| {
        let mut atlas = Atlas::new();
        atlas.insert(feature).expect("the only one");
        atlas
    };
    let line = geo::LineString::from(vec![(125.0, 39.0), (126.0, 39.0)]);
    world.report.atlases = vec![
        ("moved".to_owned(), atlas(point("X", -5.0))),
        ("other".to_owned(), atlas(point("y", -5.0))),
        ("line".to_owned(), atlas(Feature::new("x", line.into()).expect("a line"))),
    ];
    let report = world.report();
    assert_eq!(report.atlases.len(), 1);
    let weights = [0.4 * 0.0305, 0.4 * (0.9 * 0.025 + 0.0005)];
    let none = 0.2 * (0.9 * 0.025 / 2.0 + 0.0005);
    assert_what_if(&report.atlases[0], "with moved", "a", weights[0], &weights, none);
}

/// With the one place at 80 km none of these is worth as much as b. A wider region makes room for more arbitrary numbers.
#[test]
fn other_search_regions() {
    let mut world = World::two_sites();
    let wide = places(&[80.0, 680.0]);
    world.report.search_regions = vec![places(&[80.0]), wide.clone()];
    let report = world.report();
    let [near, far] = report.search_regions.as_slice() else { panic!("two of them") };
    let words = |region: &SearchRegion| format!("an unlisted site could be anywhere in {}", region.name());
    assert_what_if(near, &words(&places(&[80.0])), "a", 0.0122, &[0.0122, 0.0062], 0.2 * 0.0155);
    let arbitrary = 1.0 / wide.diameter().km();
    assert!((wide.diameter().km() - 600.0).abs() < 1.0, "{}", wide.diameter());
    let counted = |f: f64| 0.9 * f + 0.1 * arbitrary;
    let weights = [0.4 * counted(1.0 / 30.0), 0.4 * counted(1.0 / 60.0)];
    assert_what_if(far, &words(&wide), "a", weights[0], &weights, 0.2 * counted(1.0 / 120.0));
}

/// Five sites from the top and the watched ones, each once, with rank and posterior under the assumption.
#[test]
fn standings() {
    let sites = (0..8_u32).map(|number| site(&format!("s{number}"), 95.0 - 3.0 * f64::from(number))).collect();
    let mut world = World::new(sites, World::two_sites().said);
    world.report.watched = ["S7", "s2", "nobody"].map(str::to_owned).to_vec();
    let report = world.report();
    let ranking = world.sites.rank(&world.said, &world.options.clone().with_none_of_these(0.5).expect("a prior"));
    let standings = &report.prior_none[1].standings;
    let ids: Vec<&str> = standings.iter().map(|standing| standing.id.as_str()).collect();
    assert_eq!(ids, ["s0", "s1", "s2", "s3", "s4", "s7"]);
    for standing in standings {
        let ranked = ranking.get(&standing.id).expect("listed");
        assert_eq!(standing.rank, ranked.rank);
        assert_close(standing.posterior, ranked.posterior);
    }
}

#[test]
fn an_empty_list() {
    let report = World::new(Vec::new(), World::two_sites().said).report();
    assert!(report.leader.is_none() && report.tipping_points.is_empty() && report.pareto_front.is_empty());
    assert_eq!((report.none_of_these, report.acceptability.draws), (1.0, 0));
    assert!(report.readings.iter().all(|what_if| what_if.leader.is_none() && what_if.none_of_these == 1.0));
}

#[test]
fn nothing_said() {
    let report = World::new(vec![site("b", 95.0), site("a", 80.0)], Vec::new()).report();
    let leader = report.leader.expect("a first place");
    assert_eq!((leader.place.as_str(), leader.runner_up.as_deref(), leader.lead_decibans), ("a", Some("b"), Some(0.0)));
    assert!(report.without_claim.is_empty() && report.without_source.is_empty() && report.tempering.is_empty());
}

/// Of equal runners-up the first by id is named.
#[test]
fn equal_runners_up_go_by_id() {
    let sites = vec![site("d", 80.0), site("b", 80.0), site("a", 95.0), site("c", 80.0)];
    let report = World::new(sites, World::two_sites().said).report();
    assert_eq!(report.leader.expect("a first place").runner_up.as_deref(), Some("b"));
}

/// Likelihoods too small for a number still have an order.
#[test]
fn the_first_of_the_improbable_is_first() {
    let said = ["x", "y"]
        .map(|id| distance("about 85 km from X", point(id, 0.0), &Reading::mixture_prior()).with_source(by(id, 1.0)));
    let report = World::new(vec![site("far", 8000.0), site("farther", 9000.0)], said.to_vec()).report();
    let leader = report.leader.expect("a first place");
    assert_eq!((leader.place.as_str(), leader.posterior, leader.runner_up.as_deref()), ("far", 0.0, Some("farther")));
    let band = Reading::mixture_prior().band(said[0].claim().expect("a claim"), Length::ZERO);
    let [far, farther] = [8000.0, 9000.0].map(|at_km| band.log_likelihood(km(at_km), Length::ZERO));
    assert_close(leader.lead_decibans.expect("a lead"), 2.0 * decibans(std::f64::consts::E) * (far - farther));
    assert_close(report.none_of_these, 1.0);
}

/// Read literally, nothing fits anywhere: the prior is shown, and nobody is first.
#[test]
fn a_contradiction_has_no_leader() {
    let report = World::two_sites().report();
    let literal = &report.readings[0];
    assert!(literal.contradiction && literal.leader.is_none());
    assert_close(literal.none_of_these, 0.2);
    assert_close(literal.standings[0].posterior, 0.4);
    // Where the place of none of these fits, it is no contradiction, but no site is possible.
    let mut world = World::two_sites();
    world.options = world.options.with_search_region(places(&[85.0, 130.0]));
    let literal = &world.report().readings[0];
    assert!(!literal.contradiction && literal.leader.is_none());
    assert_eq!(literal.none_of_these, 1.0);
}

/// Statements that were given no ids of their own are left out one by one all the same.
#[test]
fn statements_without_ids_are_left_out_one_by_one() {
    let expert = by("expert", 1.0);
    let said = [tagged("army", 3.0), tagged("rail", 2.0)].map(|statement| statement.with_source(expert.clone()));
    let report = World::new(two_tagged_sites("army", "rail"), said.to_vec()).report();
    assert_eq!(report.without_claim.len(), 2);
    assert_what_if(&report.without_claim[0], "without expert-1", "b", 0.8, &[0.4, 0.8], 0.2);
    assert_what_if(&report.without_claim[1], "without expert-1", "a", 1.2, &[1.2, 0.4], 0.2);
}

/// Who repeats somebody who repeats the agency repeats the agency, also where the one between has said nothing else, and nobody
/// of them has said anything of their own.
#[test]
fn who_repeats_at_second_hand_repeats() {
    let paper = by("paper", 0.7).with_repeats("agency");
    let blog = by("blog", 0.5).with_repeats("paper");
    let said = [
        about_85().with_source(by("agency", 0.9)),
        about_85().with_source(paper),
        tagged("rail", 4.0).with_source(blog),
        tagged("army", 3.0).with_source(by("witness", 0.8)),
    ];
    let words = |said: &[Constraint]| {
        let report = World::new(two_tagged_sites("army", "rail"), said.to_vec()).report();
        report.without_source.into_iter().map(|what_if| what_if.assumption).collect::<Vec<_>>()
    };
    assert_eq!(words(&said), ["without agency", "without witness"]);
    assert_eq!(words(&said[1..]), ["without agency", "without witness"]);
    assert_eq!(words(&said[2..]), ["without paper", "without witness"]);
    let mut world = World::new(two_tagged_sites("army", "rail"), said.to_vec());
    let without_agency = Assumption {
        title: "no agency".to_owned(),
        without_sources: vec!["Agency".to_owned()],
        ..Assumption::default()
    };
    world.report.assumptions = vec![without_agency];
    assert_what_if(&world.report().assumptions[0], "no agency", "a", 1.04, &[1.04, 0.4], 0.2);
}

/// Of what is said twice, either may be left out, and the other still counts; in whichever order they are given.
#[test]
fn an_assumption_leaves_a_copy_standing() {
    let twice = |ids: [&str; 2]| ids.map(|id| tagged("rail", 4.0).with_source(by("expert", 1.0)).with_id(id));
    for ids in [["one", "two"], ["two", "one"]] {
        let mut world = World::new(two_tagged_sites("army", "rail"), twice(ids).to_vec());
        let assume = |without: &[&str]| Assumption {
            title: "left out".to_owned(),
            without_claims: without.iter().map(ToString::to_string).collect(),
            ..Assumption::default()
        };
        world.report.assumptions = vec![assume(&["one"]), assume(&["two"]), assume(&["one", "two"])];
        let report = world.report();
        for what_if in &report.assumptions[..2] {
            assert_what_if(what_if, "left out", "b", 1.6, &[0.4, 1.6], 0.2);
        }
        assert_what_if(&report.assumptions[2], "left out", "a", 0.4, &[0.4, 0.4], 0.2);
    }
}

#[test]
fn assumptions_of_the_callers_own() {
    let names = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let assume = |title: &str, claims: &[&str], sources: &[&str], tags: &[&str]| Assumption {
        title: title.to_owned(),
        without_claims: names(claims),
        without_sources: names(sources),
        without_tags: names(tags),
    };
    let mut world = agency_and_paper();
    world.report.assumptions = vec![
        assume("no claim", &["Witness-1"], &[], &[]),
        assume("no agency", &[], &["AGENCY"], &[]),
        assume("no paper", &[], &["paper"], &[]),
        assume("no tags", &[], &[], &["Rail", "army"]),
        assume("all kinds", &["agency-1"], &["witness"], &["rail"]),
        assume("the copy", &["paper-1"], &[], &[]),
        assume("nobody", &["nobody-1"], &["nobody"], &["nothing"]),
    ];
    let report = world.report();
    let of = |at: usize| &report.assumptions[at];
    assert_what_if(of(0), "no claim", "b", 0.01922, &[0.0122, 0.01922], 0.0016);
    assert_what_if(of(1), "no agency", "a", 1.04, &[1.04, 0.4], 0.2);
    // The agency still says what the paper copied.
    assert_what_if(of(2), "no paper", "a", 0.03172, &[0.03172, 0.0062], 0.0016);
    assert_what_if(of(3), "no tags", "a", 0.0122, &[0.0122, 0.0062], 0.0016);
    // The paper's copy of what the agency says is left: by a source that is right seven times in ten.
    let counted = |f: f64| 0.7 * f + 0.3 / 200.0;
    let weights = [0.4 * counted(1.0 / 30.0), 0.4 * counted(1.0 / 60.0)];
    assert_what_if(of(4), "all kinds", "a", weights[0], &weights, 0.2 * counted(1.0 / 120.0));
    for at in [5, 6] {
        assert_what_if(of(at), &world.report.assumptions[at].title, "a", 0.03172, &[0.03172, 0.01922], 0.0016);
    }
}
