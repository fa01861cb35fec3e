//! Rankings worked by hand.

use approx::{assert_abs_diff_eq, assert_relative_eq};
use siteband::{
    Claim, Constraint, Feature, Length, Position, RankOptions, Ranking, Reading, SearchRegion, Site, Sites, Source,
    Tempering, Worked,
};

fn km(km: f64) -> Length {
    Length::from_km(km).expect("valid")
}

fn origin() -> Position {
    Position::new(39.0, 126.0).expect("valid")
}

fn point() -> Feature {
    Feature::point("x", origin())
}

/// Sites so many kilometres from the origin, each in another direction.
fn sites_at(distances_km: &[f64]) -> Sites {
    let site = |(number, distance_km): (u32, &f64)| {
        Site::new(format!("at-{distance_km}"), origin().destination(f64::from(number) * 40.0, km(*distance_km)))
    };
    Sites::new((0..).zip(distances_km).map(site).collect()).expect("ids of their own")
}

fn about_85(reading: Reading, reliability: f64) -> Constraint {
    let claim: Claim = "about 85 km from X".parse().expect("valid");
    Constraint::distance(&claim, point(), &reading).with_source(Source::new("report", reliability).expect("a share"))
}

fn within(reach_km: f64) -> RankOptions {
    RankOptions::default().with_search_region(SearchRegion::around(origin(), km(reach_km)))
}

fn posterior(ranking: &Ranking<'_>, id: &str) -> f64 {
    ranking.get(id).expect("ranked").posterior
}

/// Under the analyst's trapezoid (70, 90, 100, 120), 95 km has 1/30 per km and 80 km half of that. Uniform over a disc of
/// radius R, distance has the density 2d/R², so H0's average is 2·95/R². With ε = 0.1, R = 200 km and diameter 400 km:
///
/// L = 0.9/30 + 0.1/400 = 0.03025, 0.9/60 + 0.1/400 = 0.01525, H0 0.9·0.00475 + 0.1/400 = 0.004525.
#[test]
fn one_claim_two_sites() {
    let sites = sites_at(&[95.0, 80.0]);
    let ranking = sites.rank(&[about_85(Reading::analyst(), 0.9)], &within(200.0));
    let joint = [0.4 * 0.030_25, 0.4 * 0.015_25, 0.2 * 0.004_525];
    let total: f64 = joint.iter().sum();
    // H0's average is taken over ten thousand places, on an ellipsoid instead of a plane.
    assert_relative_eq!(posterior(&ranking, "at-95"), joint[0] / total, max_relative = 1e-3);
    assert_relative_eq!(posterior(&ranking, "at-80"), joint[1] / total, max_relative = 1e-3);
    assert_relative_eq!(ranking.none_of_these, joint[2] / total, max_relative = 1e-2);
    let sum: f64 = ranking.top(2).map(|ranked| ranked.posterior).sum::<f64>() + ranking.none_of_these;
    assert_abs_diff_eq!(sum, 1.0, epsilon = 1e-12);

    let first = ranking.top(1).next().expect("a site");
    let evidence = &first.evidence[0];
    assert_abs_diff_eq!(evidence.distance.expect("measured").km(), 95.0, epsilon = 1e-9);
    assert_abs_diff_eq!(evidence.log_likelihood, (1.0_f64 / 30.0).ln(), epsilon = 1e-9);
    let decibans = evidence.decibans.expect("odds");
    assert_abs_diff_eq!(decibans, 10.0 * (0.030_25_f64 / 0.004_525).log10(), epsilon = 0.05);
}

/// What the one claim shows does not depend on what the other shows, which is the same wherever H0 looks.
#[test]
fn each_statement_shows_for_itself() {
    let sites = Sites::new(vec![
        Site::new("near", origin().destination(0.0, km(95.0))).with_tags(["training"]),
        Site::new("far", origin().destination(90.0, km(80.0))),
    ])
    .expect("ids of their own");
    let training = Constraint::attribute("training", 3.0, 1.0)
        .expect("a ratio")
        .with_id("training")
        .with_source(Source::new("map", 1.0).expect("a share"));
    let ranking = sites.rank(&[about_85(Reading::analyst(), 0.9), training], &within(200.0));
    let first = ranking.get("near").expect("ranked");
    let decibans: Vec<f64> = first.evidence.iter().map(|evidence| evidence.decibans.expect("odds")).collect();
    assert_abs_diff_eq!(decibans[0], 10.0 * (0.030_25_f64 / 0.004_525).log10(), epsilon = 0.05);
    assert_abs_diff_eq!(decibans[1], 10.0 * 3.0_f64.sqrt().log10(), epsilon = 1e-9);
}

/// What goes into a ranking and a table of scores can be asked for.
#[test]
fn what_was_asked_can_be_read_again() {
    let options = within(200.0).with_none_of_these(0.3).expect("a share");
    assert_eq!(options.none_of_these(), 0.3);
    let tempering = Tempering::new(0.3, 5.0).expect("within the range");
    assert_eq!(
        (within(1.0).tempering(), options.clone().with_tempering(tempering).tempering()),
        (Tempering::default(), tempering)
    );
    let sites = sites_at(&[95.0, 80.0]);
    for (reading, reliability, contamination) in [(Reading::analyst(), 0.9, 0.1), (Reading::literal(), 0.9, 0.0)] {
        let said = about_85(reading, reliability).with_id("85");
        let ranking = sites.rank(std::slice::from_ref(&said), &options);
        assert_abs_diff_eq!(ranking.contamination("85").expect("a statement"), contamination, epsilon = 1e-12);
        assert_eq!(ranking.contamination("86"), None);

        let scorer = sites.scorer(&[said], &options);
        assert_eq!(scorer.column_names(), ["log_likelihood", "decibans", "85_distance_m", "85_log_likelihood"]);
        let table = scorer.score(sites.as_slice());
        let columns = table.columns();
        assert_eq!(columns.len(), 4);
        assert_eq!((columns[0], columns[1]), (&table.log_likelihoods[..], &table.decibans[..]));
        assert_abs_diff_eq!(columns[2], &[95_000.0, 80_000.0][..], epsilon = 1e-4);
        assert_eq!(columns[3], table.statements[0].log_likelihoods);
    }
}

/// A worksheet has what is said beside a distance, where something is.
#[test]
fn what_stands_beside_a_distance_is_worked_out_where_it_is_said() {
    let sites = sites_at(&[95.0, 80.0]);
    assert!(!sites.rank(&[], &within(200.0)).is_empty());
    assert!(Sites::new(Vec::new()).expect("no sites").rank(&[], &within(200.0)).is_empty());
    for (words, is_beside) in [("about 85 km from X", false), ("about 85 km north of X", true)] {
        let claim: Claim = words.parse().expect("valid");
        let said = Constraint::distance(&claim, point(), &Reading::analyst());
        let worksheet = sites.worksheet(&[said], &within(200.0));
        let Worked::Distance(worked) = &worksheet.statements[0].worked else { panic!("a distance claim") };
        for distances in [&worked.sites, &worked.places] {
            assert_eq!((distances.ln_beside.is_some(), distances.crossing_m.is_some()), (is_beside, false), "{words}");
        }
    }
}

/// Likely sites lie in a ring from 70 to 120 km: two thousand boxes are little more than that, and a few are more.
#[test]
fn more_boxes_lie_closer_about_what_is_likely() {
    let sites = sites_at(&[95.0]);
    let scorer = sites.scorer(&[about_85(Reading::analyst(), 0.9)], &within(200.0));
    let least = (0.1_f64 / 400.0 + 1e-4).ln();
    let ring_km2 = std::f64::consts::PI * (120.0 * 120.0 - 70.0 * 70.0);
    let mut before = f64::INFINITY;
    for (at_most, times) in [(64, 8.0), (400, 2.5), (3_000, 1.5)] {
        let boxes = scorer.cover(least, Length::ZERO, at_most);
        let km2 = |of: &siteband::LatLonBox| {
            let middle_deg = f64::midpoint(of.south_deg, of.north_deg);
            let (high_deg, wide_deg) = (of.north_deg - of.south_deg, of.east_deg - of.west_deg);
            high_deg * wide_deg * middle_deg.to_radians().cos() * 111.2 * 111.2
        };
        let all_km2: f64 = boxes.iter().map(km2).sum();
        assert!(all_km2 > 0.95 * ring_km2 && all_km2 < times * ring_km2, "{at_most}: {} times", all_km2 / ring_km2);
        assert!(all_km2 <= before && boxes.len() < at_most + 4);
        // A place of the ring is held, its middle is not.
        let is_held = |at: Position| boxes.iter().any(|of| of.holds(at.lat_deg(), at.lon_deg()));
        assert!((0..36).all(|turn| is_held(origin().destination(10.0 * f64::from(turn), km(95.0)))));
        assert!(at_most < 400 || !is_held(origin()));
        before = all_km2;
    }
}

/// Where a site that is on no list would be: by the same trapezoid as for sites that are.
#[test]
fn places_have_likelihoods_too() {
    let (sites, options) = (sites_at(&[95.0]), within(200.0));
    let ranking = sites.rank(&[about_85(Reading::analyst(), 0.9)], &options);
    let (places, ln) = (options.search_region().expect("a region").places(), ranking.log_likelihoods_of_places());
    assert_eq!(ln.len(), places.len());
    for (place, ln) in places.iter().zip(&ln) {
        let distance_km = point().nearest(*place).distance.km();
        let rising = ((distance_km - 70.0) / 20.0).min((120.0 - distance_km) / 20.0).clamp(0.0, 1.0);
        let likelihood = 0.9 * rising / 30.0 + 0.1 / 400.0;
        // The diameter of the region is that of its places.
        assert_relative_eq!(ln.exp(), likelihood, max_relative = 2e-2);
    }
    let nothing = sites.rank(&[], &options);
    assert_eq!(nothing.log_likelihoods_of_places(), vec![0.0; places.len()]);
}

/// Three on one spot, one nearer to what was said, one farther from it.
#[test]
fn ties_are_told_of_all_who_share_them() {
    let at = |azimuth_deg: f64, distance_km: f64| origin().destination(azimuth_deg, km(distance_km));
    let sites = [
        ("best", at(0.0, 95.0)),
        ("a", at(10.0, 80.0)),
        ("b", at(10.0, 80.0)),
        ("c", at(10.0, 80.0)),
        ("last", at(0.0, 75.0)),
    ];
    let sites = Sites::new(sites.into_iter().map(|(id, position)| Site::new(id, position)).collect()).expect("ids");
    let ranking = sites.rank(&[about_85(Reading::analyst(), 0.9)], &within(200.0));
    let tied: Vec<(&str, Vec<&str>)> = ranking.top(5).map(|ranked| (ranked.site.id(), ranked.tied_with)).collect();
    let expected: [(&str, &[&str]); 5] =
        [("best", &[]), ("a", &["b", "c"]), ("b", &["a", "c"]), ("c", &["a", "b"]), ("last", &[])];
    for ((id, tied_with), (expected_id, expected_ties)) in tied.iter().zip(expected) {
        assert_eq!((*id, &tied_with[..]), (expected_id, expected_ties));
    }
}

/// A likelihood ratio of 3 counts as √3, one of 1,000 as the cap of 10, and half of either is lost where the source is a coin.
#[test]
fn soft_statements_are_tempered_and_capped() {
    let sites = Sites::new(vec![
        Site::new("with", origin()).with_tags(["training"]),
        Site::new("without", origin().destination(0.0, km(50.0))),
    ])
    .expect("ids of their own");
    for (ratio, reliability, expected) in [
        (3.0, 1.0, 3.0_f64.sqrt()),
        (1000.0, 1.0, 10.0),
        (1e-9, 1.0, 0.1),
        (3.0, 0.5, 0.5 * 3.0_f64.sqrt() + 0.5),
        (3.0, 0.0, 1.0),
    ] {
        let source = Source::new("analyst", reliability).expect("a share");
        let attribute = Constraint::attribute("Training", ratio, 1.0).expect("a ratio").with_source(source);
        let ranking = sites.rank(&[attribute], &within(200.0));
        assert_relative_eq!(
            posterior(&ranking, "with") / posterior(&ranking, "without"),
            expected,
            max_relative = 1e-12
        );
        // H0 has neither gained nor lost against the site without the tag.
        assert_relative_eq!(posterior(&ranking, "without") / ranking.none_of_these, 0.4 / 0.2, max_relative = 1e-12);
    }
}

/// The ratio for the absence of a tag is tempered alike.
#[test]
fn absence_of_a_tag_can_count() {
    let sites = sites_at(&[10.0]);
    let attribute = Constraint::attribute("training", 3.0, 0.25)
        .expect("ratios")
        .with_source(Source::new("a", 1.0).expect("a share"));
    let ranking = sites.rank(&[attribute], &within(200.0));
    assert_relative_eq!(posterior(&ranking, "at-10") / ranking.none_of_these, 0.5 * 0.8 / 0.2, max_relative = 1e-12);
}

/// A statement about location helps or hurts H0 nowhere: LR is the credit over its average. Uniform over a disc of 100 km, at
/// least 60 km away has the average 1 − 0.36, so a site beyond has LR 1/0.64, tempered 1.25, and one within has 0, capped at 0.1.
#[test]
fn limits_are_ratios_to_the_average() {
    let sites = sites_at(&[30.0, 90.0]);
    let limit = Constraint::at_least(point(), km(60.0), &Reading::literal())
        .with_source(Source::new("a", 1.0).expect("a share"));
    let ranking = sites.rank(&[limit], &within(100.0));
    assert_relative_eq!(posterior(&ranking, "at-90") / posterior(&ranking, "at-30"), 12.5, max_relative = 1e-2);
    assert_relative_eq!(posterior(&ranking, "at-90") / ranking.none_of_these, 1.25 * 0.4 / 0.2, max_relative = 1e-2);
}

/// Two statements of one source stand or fall together; of two sources they are independent.
#[test]
fn one_source_one_fate() {
    let sites = sites_at(&[95.0, 10.0]);
    let attribute = |tag: &str| Constraint::attribute(tag, 1.0, 0.25).expect("ratios");
    let by = |source: &str| Source::new(source, 0.8).expect("a share");
    let odds = |constraints: &[Constraint]| {
        let ranking = sites.rank(constraints, &within(200.0));
        posterior(&ranking, "at-95") / ranking.none_of_these
    };
    let together = odds(&[attribute("p").with_source(by("a")), attribute("q").with_source(by("a"))]);
    let apart = odds(&[attribute("p").with_source(by("a")), attribute("q").with_source(by("b"))]);
    // Each absence counts ½ after tempering.
    assert_relative_eq!(together, 2.0 * (0.8 * 0.25 + 0.2), max_relative = 1e-12);
    assert_relative_eq!(apart, 2.0 * (0.8_f64 * 0.5 + 0.2).powi(2), max_relative = 1e-12);
}

/// What a source says twice, and what another only repeats, counts once; what another source says by itself counts again.
#[test]
fn said_once() {
    let sites = sites_at(&[95.0, 10.0]);
    let claim = |source: Source| about_85(Reading::analyst(), 0.9).with_source(source);
    let agency = Source::new("agency", 0.9).expect("a share");
    let paper = Source::new("paper", 0.7).expect("a share");
    let rank = |constraints: &[Constraint]| {
        let ranking = sites.rank(constraints, &within(200.0));
        (posterior(&ranking, "at-95"), ranking.said_before.clone())
    };
    let once = rank(&[claim(agency.clone())]);
    let twice = rank(&[claim(agency.clone()), claim(agency.clone()).with_id("again")]);
    assert_eq!(twice, (once.0, vec!["again".to_owned()]));
    let copied = claim(paper.clone().with_repeats("agency")).with_id("copy");
    for constraints in [[claim(agency.clone()), copied.clone()], [copied, claim(agency.clone())]] {
        assert_eq!(rank(&constraints), (once.0, vec!["copy".to_owned()]));
    }
    let confirmed = rank(&[claim(agency), claim(paper)]);
    assert!(confirmed.0 > once.0 && confirmed.1.is_empty(), "{confirmed:?}");
}

/// Of copies whose original is not there the nearest to it counts, in whichever order they are given; among equals the first by the
/// source's id.
#[test]
fn copies_without_their_original() {
    let sites = sites_at(&[95.0, 10.0]);
    let copy = |id: &str, reliability: f64, of: &str| {
        let source = Source::new(id, reliability).expect("a share").with_repeats(of);
        about_85(Reading::analyst(), 0.9).with_source(source)
    };
    let rank = |constraints: &[Constraint]| {
        let ranking = sites.rank(constraints, &within(200.0));
        (posterior(&ranking, "at-95"), ranking.said_before.clone())
    };
    let (paper, blog, radio) = (copy("paper", 0.7, "agency"), copy("blog", 0.5, "paper"), copy("radio", 0.9, "agency"));
    let alone = rank(std::slice::from_ref(&paper)).0;
    for (said, before) in [
        ([&paper, &blog, &radio], ["blog-1", "radio-1"]),
        ([&radio, &blog, &paper], ["blog-1", "radio-1"]),
        ([&blog, &paper, &radio], ["blog-1", "radio-1"]),
    ] {
        let (found, mut said_before) = rank(&said.map(Clone::clone));
        said_before.sort();
        assert_eq!((found, said_before), (alone, before.map(str::to_owned).to_vec()));
    }
}

/// A border has many names: who repeats a distance from "the DMZ" as one from "the demilitarized zone" says the same. Another
/// number, or another border, is another claim.
#[cfg(feature = "atlas")]
#[test]
fn said_once_by_another_name() {
    let atlas = siteband::Atlas::bundled();
    let said_before = |words: [&str; 2]| {
        let claims = words.iter().enumerate().map(|(at, words)| {
            let claim = words.parse().expect("a claim");
            Constraint::resolve(&claim, &atlas, &Reading::default()).expect("a border").with_id(at.to_string())
        });
        sites_at(&[95.0]).rank(&claims.collect::<Vec<_>>(), &within(200.0)).said_before
    };
    let zone = "150 kilometers north of the demilitarized zone";
    assert_eq!(said_before(["150 km north of the DMZ", zone]), ["1"]);
    assert!(said_before(["151 km north of the DMZ", zone]).is_empty());
    assert!(said_before(["150 km north of the Chinese border", zone]).is_empty());
}

/// Two sites of one group share the prior of one place.
#[test]
fn a_group_has_one_prior() {
    let (here, there) = (origin().destination(0.0, km(95.0)), origin().destination(90.0, km(95.0)));
    let alone = Sites::new(vec![Site::new("a", here), Site::new("c", there)]).expect("ids");
    let grouped = Sites::new(vec![
        Site::new("a", here).with_group("g"),
        Site::new("b", here).with_group("g"),
        Site::new("c", there),
    ])
    .expect("ids");
    let constraints = [about_85(Reading::default(), 0.9)];
    let (alone, grouped) = (alone.rank(&constraints, &within(200.0)), grouped.rank(&constraints, &within(200.0)));
    assert_relative_eq!(grouped.groups()[0].posterior, posterior(&alone, "a"), max_relative = 1e-12);
    assert_relative_eq!(posterior(&grouped, "c"), posterior(&alone, "c"), max_relative = 1e-12);
    assert_eq!(posterior(&grouped, "a"), posterior(&grouped, "b"));
    assert_eq!(grouped.get("a").expect("ranked").tied_with, ["b"]);
}

/// Weights are relative, however great or small: a group of weights 1 and 3 has 3 of them, beside a site of 1.
#[test]
fn weights_beforehand_are_relative() {
    for scale in [1.0, 1e-300, 5e307] {
        let at = |id: &str, weight: f64| {
            Site::new(id, origin().destination(0.0, km(95.0))).with_prior(weight * scale).expect("a weight")
        };
        let sites = Sites::new(vec![at("a", 1.0), at("b", 1.0).with_group("g"), at("c", 3.0).with_group("g")]);
        let sites = sites.expect("ids");
        let ranking = sites.rank(&[about_85(Reading::analyst(), 0.9)], &within(200.0));
        let odds = |id: &str| posterior(&ranking, id) / posterior(&ranking, "a");
        assert_relative_eq!(odds("b"), 0.75, max_relative = 1e-12);
        assert_relative_eq!(odds("c"), 2.25, max_relative = 1e-12);
        let sum: f64 = ranking.top(3).map(|ranked| ranked.posterior).sum::<f64>() + ranking.none_of_these;
        assert_abs_diff_eq!(sum, 1.0, epsilon = 1e-12);
    }
    for weight in [0.0, -1.0, f64::INFINITY, f64::NAN] {
        let error = Site::new("a", origin()).with_prior(weight).expect_err("no weight");
        assert_eq!(error.to_string(), format!("{weight} is no prior weight: expected a finite number above zero"));
    }
}

/// Where nothing at all is possible, the prior is returned and says so.
#[test]
fn a_contradiction_is_said() {
    let sites = sites_at(&[10.0, 20.0]);
    let ranking = sites.rank(&[about_85(Reading::literal(), 0.5)], &within(50.0));
    assert!(ranking.contradiction);
    assert_abs_diff_eq!(ranking.none_of_these, 0.2, epsilon = 1e-12);
    assert_abs_diff_eq!(posterior(&ranking, "at-10"), 0.4, epsilon = 1e-12);
    let evidence = &ranking.top(1).next().expect("a site").evidence[0];
    assert_eq!((evidence.log_likelihood, evidence.decibans), (f64::NEG_INFINITY, None));
}

/// A source that is certainly wrong says nothing; an empty list leaves none of these alone.
#[test]
fn the_ends_of_the_scale() {
    let sites = sites_at(&[95.0, 10.0]);
    let wrong = sites.rank(&[about_85(Reading::default(), 0.0)], &within(200.0));
    assert_abs_diff_eq!(posterior(&wrong, "at-95"), 0.4, epsilon = 1e-12);
    let empty = Sites::new(Vec::new()).expect("no ids");
    let nothing = empty.rank(&[about_85(Reading::default(), 0.9)], &RankOptions::default());
    assert_eq!((nothing.none_of_these, nothing.len()), (1.0, 0));
    for prior in [0.0, 1.0, f64::NAN, -0.1] {
        assert!(RankOptions::default().with_none_of_these(prior).is_err(), "{prior}");
    }
}

/// Contamination bounds what any one claim can do: ten widths away is no worse than a hundred. The prior has no tails of its own,
/// so that nothing but contamination is left there.
#[test]
fn a_wrong_claim_costs_no_more_than_its_source_is_worth() {
    let sites = sites_at(&[85.0, 190.0, 199.0]);
    let ranking = sites.rank(&[about_85(Reading::mixture_prior(), 0.9)], &within(200.0));
    assert_relative_eq!(posterior(&ranking, "at-190"), posterior(&ranking, "at-199"), max_relative = 1e-6);
    let best_odds = posterior(&ranking, "at-85") / posterior(&ranking, "at-199");
    assert_relative_eq!(best_odds, (0.9 * 0.0798 + 0.1 / 400.0) / (0.1 / 400.0), max_relative = 1e-2);
}

/// The default has tails, which soften that fall: what is left at 199 km is theirs and contamination's, never less.
#[test]
fn tails_soften_the_fall() {
    let sites = sites_at(&[85.0, 150.0, 199.0]);
    let ranking = sites.rank(&[about_85(Reading::default(), 0.9)], &within(200.0));
    let claim: Claim = "about 85 km from X".parse().expect("valid");
    let band = Reading::default().band_about(&claim, &point());
    let likelihood = |at_km: f64| 0.9 * band.likelihood_per_km(km(at_km)) + 0.1 / 400.0;
    for (id, at_km) in [("at-150", 150.0), ("at-199", 199.0)] {
        let odds = posterior(&ranking, "at-85") / posterior(&ranking, id);
        assert_relative_eq!(odds, likelihood(85.0) / likelihood(at_km), max_relative = 1e-9);
        assert!(odds < likelihood(85.0) / (0.1 / 400.0), "{id}: {odds}");
    }
    assert!(likelihood(150.0) > likelihood(199.0));
}
