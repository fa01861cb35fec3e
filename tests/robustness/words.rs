//! The report as people and programs read it.

use super::*;
use serde_json::{Value, json};
use siteband::Assumption;

/// As [`World::two_sites`], with a tag of b's that counts 1.5: the weights are 0.0122, 0.0093 and 0.0016, of 0.0231.
fn small() -> World {
    let mut world = World::two_sites().with([tagged("t", 1.5).with_source(by("expert", 1.0))]);
    world.sites = list(two_tagged_sites("s", "t"));
    world.report.assumptions = vec![Assumption {
        title: "had the expert not spoken".to_owned(),
        without_sources: vec!["expert".to_owned()],
        ..Assumption::default()
    }];
    world
}

fn sentences(sites: Vec<Site>, said: Vec<Constraint>) -> Vec<String> {
    World::new(sites, said).report().sentences()
}

/// b's posterior under a mixture, as a percentage: a and b are 95 and 80 km away, the two places 80 and 130.
fn percentage_of_b(reading: &Reading) -> f64 {
    let claim: Claim = "about 85 km from X".parse().expect("a claim");
    let band = reading.band_about(&claim, &point("x", 0.0));
    let [a, b, far] = [95.0, 80.0, 130.0].map(|at_km| 0.9 * band.likelihood_per_km(km(at_km)) + 0.0005);
    let weights = [0.4 * a, 0.4 * b * 1.5, 0.2 * f64::midpoint(b, far)];
    100.0 * weights[1] / weights.iter().sum::<f64>()
}

/// | | a | b | none of these |
/// |---|---|---|---|
/// | as it is | 122/231 | 93/231 | 16/231 |
/// | without the report | 0.4/1.2 | 0.6/1.2 | 0.2/1.2 |
/// | without the expert | 0.61 | 0.31 | 0.08 |
/// | neither site fits, as when 85 is rounded to 5 | 2/6 | 3/6 | 1/6 |
/// | prior 5 % | 0.0144875/0.02593125 | | 0.0004/0.02593125 |
/// | prior 50 % | 0.007625/0.0174375 | | 0.004/0.0174375 |
///
/// a's odds are 122/109; without the report 1/2, without the expert 122/78.
#[test]
fn word_by_word() {
    let [prior, fitted] = [Reading::mixture_prior(), Reading::mixture()].map(|reading| percentage_of_b(&reading));
    let expected = [
        "First is a with 52.8 %, 1.2 dB ahead of b; none of these has 6.9 %.".to_owned(),
        "The 52.8 % of a rest on the distance more than on soft statements: soft statements change its odds by −1.5 dB, 61.0 % without; the distance by +3.5 dB, 33.3 % without.".to_owned(),
        "One statement alone decides who is first, report-1: without it b would be first.".to_owned(),
        "One source alone decides who is first, report: without it b would be first.".to_owned(),
        "Had the expert not spoken: a stays first with 61.0 % (none of these 8.0 %).".to_owned(),
        format!(
            "Of the readings: a is first in 1 of 6; read as literal, no site is possible; read as rounded, b is first with 50.0 %; read as best-practice, b is first with 50.0 %; read as mixture-prior, b is first with {prior:.1} %; read as mixture, b is first with {fitted:.1} %."
        ),
        "Leaving out one statement: a is first in 1 of 2; without report-1, b is first with 50.0 %.".to_owned(),
        "Leaving out one source: a is first in 1 of 2; without report, b is first with 50.0 %.".to_owned(),
        "Prior for none of these 5 %: a stays first with 55.9 % (none of these 1.5 %).".to_owned(),
        "Prior for none of these 50 %: a stays first with 43.7 % (none of these 22.9 %).".to_owned(),
        "Soft statements counted as they are stated: a stays first with 52.8 % (none of these 6.9 %).".to_owned(),
        "Soft statements not counted: a stays first with 61.0 % (none of these 8.0 %).".to_owned(),
        "With 1.97 instead of 1.5 as the likelihood ratio of expert-1, b would be first; that is plausible.".to_owned(),
        "No other site beats these in everything that was said: a, b.".to_owned(),
    ];
    assert_eq!(small().report().sentences(), expected);
}

/// Two experts name tags of a's that count 2 and 3; a's odds, 0.0122·6/0.0078, fall to a half and to a third. A reading under
/// which all is as it was is counted.
#[test]
fn several_sources_in_words() {
    let sites = vec![site("a", 95.0).with_tags(["t", "u"]), site("b", 80.0)];
    let said = [tagged("t", 2.0).with_source(by("one", 1.0)), tagged("u", 3.0).with_source(by("two", 1.0))];
    let world = World::new(sites, World::two_sites().said).with(said);
    let found = world.report().sentences();
    let odds = 0.0122 * 6.0 / 0.0078;
    let percent = |odds: f64| 100.0 * odds / (1.0 + odds);
    assert_eq!(
        found[1],
        format!(
            "The {:.1} % of a rest on soft statements more than on the distance: soft statements change its odds by +7.8 dB, 61.0 % without; the distance by +{:.1} dB, 80.0 % without. Soft statements by source: one +3.0 dB, {:.1} % without; two +4.8 dB, {:.1} % without.",
            percent(odds),
            decibans(odds / 4.0),
            percent(odds / 2.0),
            percent(odds / 3.0)
        )
    );
    assert!(found.contains(&"Leaving out one statement: a stays first in every case (3).".to_owned()), "{found:?}");
}

/// Groups, lone places and probabilities that would be rounded away.
#[test]
fn the_first_sentence() {
    let of_group = |id: &str| site(id, 80.0).with_group("g").with_tags(["t"]);
    let said = |ratio: f64| [World::two_sites().said, vec![tagged("t", ratio).with_source(by("expert", 1.0))]].concat();
    let group = || vec![site("a", 95.0), of_group("c"), of_group("b")];
    // 0.0186 against 0.0122 and 0.0016.
    assert_eq!(
        sentences(group(), said(3.0))[0],
        "First is g with 57.4 %, b before its other sites, 1.8 dB ahead of a; none of these has 4.9 %."
    );
    assert_eq!(
        sentences(group(), said(1e9))[0],
        "First is g with > 99.9 %, b before its other sites, 87.1 dB ahead of a; none of these has < 0.1 %."
    );
    assert_eq!(sentences(vec![site("a", 95.0)], said(1.0))[0], "First is a with 93.8 %; none of these has 6.2 %.");
    let literal = distance("95 km from X", point("x", 0.0), &Reading::literal());
    let found = sentences(vec![site("a", 95.0), site("b", 80.0)], vec![literal]);
    assert_eq!(found[0], "First is a with 100.0 %, the only place that is possible; none of these has 0 %.");
}

/// Of one kind alone there is nothing to compare: a's odds are 61/39 by the distance, and 2/3 without; with a ratio of 3 for its tag
/// 1.2/0.6, and 0.4/0.6 without.
#[test]
fn one_kind_of_statement_in_words() {
    let about = |said: Vec<Constraint>| sentences(two_tagged_sites("t", "u"), said)[1].clone();
    assert_eq!(
        about(World::two_sites().said),
        "The 61.0 % of a rest on the distance alone: it changes its odds by +3.7 dB, 40.0 % without."
    );
    assert_eq!(
        about(vec![tagged("t", 3.0).with_source(by("expert", 1.0))]),
        "The 66.7 % of a rest on soft statements alone: they change its odds by +4.8 dB, 40.0 % without."
    );
    assert_eq!(
        about(vec![tagged("t", 1.0).with_source(by("expert", 1.0))]),
        "Neither soft statements nor the distance speak for a: what was said changes its odds by nothing."
    );
    // Nor is there anything left without the only statement.
    let found = sentences(two_tagged_sites("t", "u"), World::two_sites().said);
    assert!(found.iter().all(|sentence| !sentence.starts_with("Leaving out")), "{found:?}");
}

/// Where little was said many sites are on the front: thirty of them are named.
#[test]
fn a_long_front_in_words() {
    let sites = (0..32_u32).map(|number| site(&format!("s{number:02}"), 95.0)).collect();
    let found = sentences(sites, World::two_sites().said);
    let last = found.last().expect("a sentence");
    assert!(last.ends_with(", s28, s29 and 2 more."), "{last}");
}

/// Neither statement speaks for b, which leads by its weight beforehand alone.
#[test]
fn neither_speaks_for_the_first() {
    let b = site("b", 80.0).with_prior(9.0).expect("a weight");
    let found = sentences(
        vec![site("a", 95.0).with_tags(["s"]), b],
        vec![about_85().with_source(by("report", 0.9)), tagged("s", 1.5).with_source(by("expert", 1.0))],
    );
    assert!(found[1].starts_with("Neither soft statements nor the distance speak for b: soft"), "{}", found[1]);
}

#[test]
fn plausible_changes_in_words() {
    let none = "No plausible change of a single number (3 were tried) changes who is first.".to_owned();
    assert!(World::two_sites().report().sentences().contains(&none));
    // None of these ties at 0.496: see the tipping points.
    let mut world = World::two_sites();
    world.options = world.options.with_search_region(places(&[80.0]));
    for (prior, words) in [
        (
            0.2,
            "With 0.496 instead of 0.2 as the prior for none of these, none of these would be likelier than the first place; that is plausible.",
        ),
        (
            0.9,
            "With 0.496 instead of 0.9 as the prior for none of these, a would be likelier than none of these; that is plausible.",
        ),
    ] {
        world.options = world.options.with_none_of_these(prior).expect("a prior");
        let found = world.report().sentences();
        assert!(found.contains(&words.to_owned()), "{found:?}");
    }
    // A shift has a unit.
    let vague = point("x", 0.0).with_name("the point").with_position_uncertainty(km(5.0));
    let said = distance("about 85 km from X", vague, &Reading::analyst()).with_source(by("report", 0.9));
    let found = sentences(vec![site("a", 95.0), site("b", 80.0)], vec![said]);
    let words = "With 7.5 km more instead of 0 km more as the distance of every site from the point, as the data have it, b would be first; that is plausible.";
    assert!(found.contains(&words.to_owned()), "{found:?}");
}

#[test]
fn draws_in_words() {
    let mut world = World::two_sites();
    world.report.draws = 100;
    let words = "Over 100 draws of all numbers at once, first is a in 100.0 % (± 0.0); none of these is likelier than any place in 0 %.";
    assert!(world.report().sentences().contains(&words.to_owned()));
    // Of two that are first one time in two the error is 5 %.
    let mut world = World::new(
        vec![site("a", 95.0).with_tags(["s"]), site("b", 95.0).with_tags(["t"])],
        vec![tagged("s", 2.0).with_source(by("one", 0.8)), tagged("t", 2.0).with_source(by("two", 0.8))],
    );
    world.report.draws = 100;
    let found = world.report().sentences();
    assert!(found.iter().any(|sentence| sentence.contains("(± 5.0), ") || sentence.contains("(± 4.9), ")), "{found:?}");
}

/// Where nothing is possible, or nobody is listed, no sentence is left without an end.
#[test]
fn nothing_in_words() {
    let literal = distance("about 85 km from X", point("x", 0.0), &Reading::literal()).with_source(by("report", 0.9));
    let mut world = World::new(vec![site("a", 95.0), site("b", 80.0)], vec![literal]);
    world.report.draws = 5;
    let found = world.report().sentences();
    assert_eq!(found[0], "No site is possible; none of these has 20.0 %.");
    assert_eq!(found[1], "What was said contradicts itself: nothing is possible under it, and the prior is shown.");
    let drawn = "Over 5 draws of all numbers at once, no place is ever possible; none of these is likelier than any place in 0 %.";
    assert!(found.contains(&drawn.to_owned()), "{found:?}");
    let found = sentences(Vec::new(), World::two_sites().said);
    assert_eq!(found[0], "No site is possible; none of these has 100.0 %.");
    assert!(found.iter().all(|sentence| !sentence.contains(": .") && !sentence.contains("is ;")), "{found:?}");
}

/// Where a tag that nobody has counts by its absence, every site is as much likelier or less than none of these: that is not
/// nothing.
#[test]
fn a_missing_tag_in_words() {
    for absent in [1.0, 0.5] {
        let tag = Constraint::attribute("nowhere", 3.0, absent).expect("ratios").with_source(by("expert", 1.0));
        let found = World::two_sites().with([tag]).report().flags;
        let words: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            words,
            ["No listed site has the tag 'nowhere' that expert-1 looks at: it tells no site from another."]
        );
    }
}

/// The keys of the report, and its plain values.
#[test]
fn as_json() {
    let mut world = small();
    world.report.draws = 10;
    world.report.watched = vec!["b".to_owned()];
    let report = world.report();
    let json = serde_json::to_value(&report).expect("JSON");
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        keys(&json),
        [
            "acceptability",
            "assumptions",
            "atlases",
            "flags",
            "leader",
            "none_of_these",
            "pareto_front",
            "prior_none",
            "readings",
            "reliance",
            "search_regions",
            "tempering",
            "tipping_points",
            "ways_to_win",
            "without_claim",
            "without_source",
        ]
    );
    assert_eq!(keys(&json["leader"]), ["lead_decibans", "place", "posterior", "runner_up", "site"]);
    assert_eq!((&json["leader"]["place"], &json["leader"]["runner_up"]), (&json!("a"), &json!("b")));
    let what_if = &json["readings"][0];
    assert_eq!(keys(what_if), ["assumption", "contradiction", "leader", "none_of_these", "standings"]);
    assert_eq!((&what_if["leader"], &what_if["contradiction"]), (&Value::Null, &json!(true)));
    assert_eq!(keys(&what_if["standings"][0]), ["id", "posterior", "rank"]);
    let reliance = &json["reliance"][0];
    assert_eq!(keys(reliance), ["by_source", "distances", "place", "posterior", "rests_on", "soft_statements"]);
    assert_eq!(reliance["rests_on"], "distances");
    assert_eq!(keys(&reliance["by_source"][0]), ["decibans", "posterior_without", "source"]);
    assert_eq!(keys(&reliance["distances"]), ["decibans", "posterior_without"]);
    let tip = &json["tipping_points"][0];
    assert_eq!(keys(tip), ["is_plausible", "parameter", "plausible", "then", "tips_at", "unit", "value"]);
    assert_eq!((&tip["plausible"], &tip["unit"]), (&json!([0.05, 0.5]), &Value::Null));
    assert_eq!(keys(&json["ways_to_win"][0]), ["place", "points"]);
    let drawn = &json["acceptability"];
    assert_eq!(keys(drawn), ["draws", "first_places", "none_first", "seed", "sites"]);
    assert_eq!((&drawn["draws"], &drawn["seed"]), (&json!(10), &json!(2012)));
    assert_eq!(keys(&drawn["first_places"][0]), ["of", "share"]);
    assert_eq!(
        keys(&drawn["sites"][0]),
        ["first_error", "id", "posterior_high", "posterior_low", "posterior_median", "ranks", "wins"]
    );
    assert_eq!(json["flags"][0], json!({ "flag": "one_claim_decides", "claim": "report-1", "then": "b" }));
    assert_eq!(json["pareto_front"], json!(["a", "b"]));
}
