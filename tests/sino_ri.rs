//! The question of 2012: the ranking follows the evidence, and changes with it.

use std::path::Path;

use siteband::{Constraint, RankOptions, Ranking, Reading, RestsOn, Scenario, Sites, Source};

fn scenario() -> (Scenario, Sites) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/scenarios/sino-ri.toml");
    let scenario = Scenario::from_path(&path).expect("shipped scenario");
    let sites = scenario.load_sites().expect("shipped sites");
    (scenario, sites)
}

fn order<'a>(ranking: &Ranking<'a>) -> Vec<&'a str> {
    ranking.top(ranking.len()).map(|ranked| ranked.site.id()).collect()
}

fn posterior(ranking: &Ranking<'_>, id: &str) -> f64 {
    ranking.get(id).expect("ranked").posterior
}

fn without(constraints: &[Constraint], id: &str) -> Vec<Constraint> {
    constraints.iter().filter(|constraint| constraint.id() != id).cloned().collect()
}

#[test]
fn posteriors_sum_to_one_under_every_reading() {
    let (scenario, sites) = scenario();
    for reading in Reading::all() {
        let ranking = scenario.rank(&sites, &reading);
        let sum: f64 = ranking.top(ranking.len()).map(|ranked| ranked.posterior).sum::<f64>() + ranking.none_of_these;
        assert!((sum - 1.0).abs() < 1e-12, "{reading}: {sum}");
        assert!(!ranking.contradiction, "{reading}");
    }
}

#[test]
fn the_distance_alone_does_not_decide() {
    let (scenario, sites) = scenario();
    let all = scenario.constraints(&Reading::default());
    let distance: Vec<Constraint> = all.iter().filter(|constraint| constraint.kind() == "distance").cloned().collect();
    assert_eq!(distance.len(), 1);
    let (with_all, alone) = (sites.rank(&all, scenario.options()), sites.rank(&distance, scenario.options()));
    assert_ne!(order(&with_all), order(&alone));
    // Yongbyon, 95 km away, fits the words nearly as well as Sino-ri.
    let ratio = posterior(&alone, "yongbyon") / posterior(&alone, "sino-ri");
    assert!((0.3..2.0).contains(&ratio), "{ratio}");
}

/// Each statement moves the site that it speaks of, in its direction.
#[test]
fn removing_a_statement_moves_sites_the_right_way() {
    let (scenario, sites) = scenario();
    let all = scenario.constraints(&Reading::default());
    let with_all = sites.rank(&all, scenario.options());
    for (left_out, site, was_helped) in [
        ("bermudez-1", "sino-ri", true),
        ("bermudez-1", "panghyon-vehicles", true),
        ("bermudez-1", "yongbyon", false),
        ("diplomat-1", "sino-ri", true),
        ("diplomat-1", "chamjin-ri", false),
        ("diplomat-2", "chongju", false),
        ("analyst-1", "kangson", false),
        ("analyst-2", "sakkanmol", false),
    ] {
        let remaining = sites.rank(&without(&all, left_out), scenario.options());
        let fell = posterior(&remaining, site) < posterior(&with_all, site);
        assert_eq!(fell, was_helped, "{site} without {left_out}");
    }
}

#[test]
fn contradicting_a_statement_moves_sites_the_other_way() {
    let (scenario, sites) = scenario();
    let all = scenario.constraints(&Reading::default());
    let with_all = sites.rank(&all, scenario.options());
    let source = Source::new("bermudez", 0.8).expect("a share");
    let mut contrary = without(&all, "bermudez-1");
    contrary.push(Constraint::attribute("training", 1.0 / 3.0, 1.0).expect("a ratio").with_source(source));
    let contrary = sites.rank(&contrary, scenario.options());
    assert!(posterior(&contrary, "sino-ri") < posterior(&with_all, "sino-ri"));
    // The site beside it has no such tag, and loses nothing by it.
    let odds = |ranking: &Ranking<'_>| posterior(ranking, "sino-ri-nearby") / posterior(ranking, "sino-ri");
    assert!(odds(&contrary) > odds(&with_all));

    // Had the report said 25, the base at Hoejung-ni, 24.6 km from the border, would lead.
    let border = scenario.features().iter().find(|feature| feature.id() == "cn-kp").expect("the border");
    let claim = "about 25 km from the Chinese border".parse().expect("valid");
    let mut other = without(&all, "diplomat-1");
    let source = Source::new("diplomat", 0.9).expect("a share");
    other.push(Constraint::distance(&claim, std::sync::Arc::clone(border), &Reading::default()).with_source(source));
    let other = sites.rank(&other, scenario.options());
    let near_25 = ["hoejung-ni", "sinpung-dong"];
    assert!(near_25.contains(&order(&other)[0]), "{:?}", &order(&other)[..3]);
    assert!(posterior(&other, "sino-ri") < posterior(&with_all, "sino-ri") / 5.0);
}

/// Taken at their word, 85 km exclude the right answer: what a hard band does.
#[test]
fn hard_readings_leave_nothing_at_92_km() {
    let (scenario, sites) = scenario();
    for reading in [Reading::literal(), Reading::rounded()] {
        let certain = Source::new("diplomat", 1.0).expect("a share");
        let claim: Vec<Constraint> = scenario
            .constraints(&reading)
            .into_iter()
            .filter(|constraint| constraint.kind() == "distance")
            .map(|constraint| constraint.with_source(certain.clone()))
            .collect();
        let ranking = sites.rank(&claim, scenario.options());
        let at_92: Vec<_> = ranking
            .top(ranking.len())
            .filter(|ranked| (91.0..=93.0).contains(&ranked.evidence[0].distance.expect("measured").km()))
            .collect();
        assert!(!at_92.is_empty());
        assert!(at_92.iter().all(|ranked| ranked.posterior == 0.0), "{reading}");
        assert!((ranking.none_of_these - 1.0).abs() < 1e-12, "{reading}: {}", ranking.none_of_these);
    }
}

/// The default prior is that of the scenario; with the list of candidates certain to be complete but for one in twenty, none
/// of these gets less, with one in two, more.
#[test]
fn the_prior_for_none_counts() {
    let (scenario, sites) = scenario();
    let constraints = scenario.constraints(&Reading::default());
    let none = |prior: f64| {
        let options: RankOptions = scenario.options().clone().with_none_of_these(prior).expect("a share");
        sites.rank(&constraints, &options).none_of_these
    };
    assert!(none(0.05) < none(0.2) && none(0.2) < none(0.5));
}

/// The first places by best-first search are those of the whole ranking.
#[test]
fn top_k_is_the_head_of_the_ranking() {
    let (scenario, sites) = scenario();
    for reading in Reading::all() {
        let constraints = scenario.constraints(&reading);
        let whole = order(&sites.rank(&constraints, scenario.options()));
        for k in [1, 5, 29, 40] {
            let top: Vec<&str> =
                sites.top_k(k, &constraints, scenario.options()).iter().map(|(site, _)| site.id()).collect();
            assert_eq!(top, whole[..k.min(29)], "{reading} {k}");
        }
    }
}

/// The report says what the result rests on, and repeats the ranking without the tags that come from the analysis that names
/// Sino-ri.
#[test]
fn the_report_says_what_the_result_rests_on() {
    let (scenario, sites) = scenario();
    let constraints = scenario.constraints(&Reading::default());
    let report = sites.robustness(&constraints, scenario.options(), &scenario.robustness_options());
    let leader = report.leader.as_ref().expect("a first place");
    let reliance = &report.reliance[0];
    assert_eq!((leader.place.as_str(), &reliance.place), ("sino-ri-area", &leader.place));
    assert_eq!(reliance.rests_on, Some(RestsOn::SoftStatements));

    // What is left out is what the ranking without it says.
    let area = |ranking: &Ranking<'_>| ranking.groups()[0].posterior;
    let decibans = |with: f64, without: f64| 10.0 * ((with / (1.0 - with)) / (without / (1.0 - without))).log10();
    let of = |keep: &dyn Fn(&Constraint) -> bool| {
        let kept: Vec<Constraint> = constraints.iter().filter(|constraint| keep(constraint)).cloned().collect();
        area(&sites.rank(&kept, scenario.options()))
    };
    let with_all = of(&|_| true);
    let is_distance = |constraint: &Constraint| constraint.kind() == "distance";
    let by_analysis = |constraint: &Constraint| ["analyst", "bermudez"].contains(&constraint.source().id());
    for (part, without) in
        [(reliance.soft_statements, of(&is_distance)), (reliance.distances, of(&|constraint| !is_distance(constraint)))]
    {
        assert!((part.posterior_without - without).abs() < 1e-12);
        assert!((part.decibans.expect("odds") - decibans(with_all, without)).abs() < 1e-9);
    }
    // The analyst's own soft statements alone count for more than the distance.
    let analyst = reliance.by_source.iter().find(|part| part.source == "analyst").expect("it speaks");
    assert!(analyst.contribution.decibans > reliance.distances.decibans);

    let circular = ["training", "anti-aircraft"];
    let tagless = of(&|constraint| !constraint.tag().is_some_and(|tag| circular.contains(&tag)));
    let repeated = &report.assumptions[0];
    let leader = repeated.leader.as_ref().expect("a first place");
    assert!(repeated.assumption.contains("without the tags"));
    assert_eq!(leader.place, "sino-ri-area");
    assert!((leader.posterior - tagless).abs() < 1e-12);
    assert!(tagless < with_all);
    // The whole analysis, tags or none, is worth more than the distance.
    assert!(
        decibans(with_all, of(&|constraint| !by_analysis(constraint))) > reliance.distances.decibans.expect("odds")
    );
}
