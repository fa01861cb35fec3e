//! Ranks over drawn numbers, where the share of a rank has a closed form.

use super::*;
use siteband::{Acceptability, Acceptance, Share};

const DRAWS: u32 = 2000;

/// Φ, the distribution function of the normal distribution.
fn normal(z: f64) -> f64 {
    libm::erfc(-z / std::f64::consts::SQRT_2) / 2.0
}

fn logit(share: f64) -> f64 {
    (share / (1.0 - share)).ln()
}

fn drawn(sites: Vec<Site>, said: Vec<Constraint>) -> Acceptability {
    let mut world = World::new(sites, said);
    world.report.draws = DRAWS;
    world.report().acceptability
}

fn of<'a>(drawn: &'a Acceptability, id: &str) -> &'a Acceptance {
    drawn.sites.iter().find(|site| site.id == id).expect("shown")
}

fn share(shares: &[Share], of: &str) -> f64 {
    shares.iter().find(|share| share.of == of).map_or(0.0, |share| share.share)
}

/// Within four Monte Carlo errors of a share that is known.
fn assert_share(found: f64, expected: f64) {
    let error = (expected * (1.0 - expected) / f64::from(DRAWS)).sqrt();
    assert!((found - expected).abs() < 4.0 * error, "{found}, expected {expected} ± {error}");
}

/// A distance that is certain, from a point that is moved north.
fn certain_distance(id: &str, moved_km: f64) -> Constraint {
    distance("about 85 km from X", point(id, moved_km), &Reading::analyst()).with_source(by(id, 1.0))
}

/// However reliable the report is, a fits it better than b, and b better than an arbitrary number.
#[test]
fn a_site_that_is_always_first() {
    let drawn = drawn(vec![site("a", 95.0), site("b", 80.0)], World::two_sites().said);
    assert_eq!((drawn.draws, drawn.seed), (DRAWS, 2012));
    let ids: Vec<&str> = drawn.sites.iter().map(|site| site.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(
        (of(&drawn, "a").ranks.as_slice(), of(&drawn, "b").ranks.as_slice()),
        (&[1.0, 0.0][..], &[0.0, 1.0][..])
    );
    assert_eq!((of(&drawn, "a").first_error, of(&drawn, "b").first_error), (0.0, 0.0));
    assert_eq!((share(&of(&drawn, "a").wins, "b"), share(&of(&drawn, "b").wins, "a")), (1.0, 0.0));
    assert_eq!(drawn.first_places.len(), 1);
    assert_eq!((share(&drawn.first_places, "a"), drawn.none_first), (1.0, 0.0));
}

/// Two experts who are as reliable and as sure, one for a and one for b: whoever is drawn the higher is first, one time in two.
#[test]
fn two_sites_of_equal_rights() {
    let said = vec![tagged("s", 2.0).with_source(by("one", 0.8)), tagged("t", 2.0).with_source(by("two", 0.8))];
    let drawn = drawn(vec![site("a", 95.0).with_tags(["s"]), site("b", 95.0).with_tags(["t"])], said);
    assert_share(of(&drawn, "a").ranks[0], 0.5);
    assert_share(share(&of(&drawn, "b").wins, "a"), 0.5);
    assert_relative_eq!(of(&drawn, "a").first_error, 0.5 / f64::from(DRAWS).sqrt(), max_relative = 0.02);
    // Who cannot be told apart goes by id.
    let same = World::new(vec![site("b", 95.0), site("a", 95.0)], Vec::new());
    let mut world = same.with([tagged("t", 2.0)]);
    world.report.draws = 10;
    assert_eq!(of(&world.report().acceptability, "a").ranks, [1.0, 0.0]);
}

/// The ratio 3 for a's tag is drawn log-normally with 0.7; b is twice as likely beforehand. a is first where the ratio exceeds
/// 2: Φ(ln(3/2)/0.7) = 0.7188. Its posterior is r·0.8/3/(r·0.8/3 + 2·0.8/3 + 0.2), which rises with r.
#[test]
fn a_likelihood_ratio_is_drawn_log_normally() {
    let b = site("b", 95.0).with_prior(2.0).expect("a weight");
    let said = vec![tagged("t", 3.0).with_source(by("expert", 1.0))];
    let drawn = drawn(vec![site("a", 95.0).with_tags(["t"]), b], said);
    assert_share(of(&drawn, "a").ranks[0], normal(1.5_f64.ln() / 0.7));
    assert_share(share(&drawn.first_places, "a"), normal(1.5_f64.ln() / 0.7));
    let posterior = |z: f64| {
        let weight = 3.0 * f64::exp(0.7 * z) * 0.8 / 3.0;
        weight / (weight + 1.6 / 3.0 + 0.2)
    };
    let a = of(&drawn, "a");
    // The error of a quantile is √(p·(1−p)/n)/φ(z), in z: 0.028 in the middle, 0.047 at 5 %.
    let within = |found: f64, z: f64, error: f64| {
        assert!(posterior(z - 4.0 * error) < found && found < posterior(z + 4.0 * error), "{found} {z}");
    };
    within(a.posterior_median, 0.0, 0.028);
    within(a.posterior_low, -1.645, 0.047);
    within(a.posterior_high, 1.645, 0.047);
    // None of these, with 0.2, is ahead of both where b's 0.5333 is less, which it never is.
    assert_eq!(drawn.none_first, 0.0);
}

/// Alone on the list a has 0.8·r: none of these is likelier where r is below 1/4.
#[test]
fn none_of_these_can_be_first() {
    let said = vec![tagged("t", 0.4).with_source(by("expert", 1.0))];
    let drawn = drawn(vec![site("a", 95.0).with_tags(["t"])], said);
    assert_share(drawn.none_first, normal((0.25_f64 / 0.4).ln() / 0.7));
    assert_eq!(of(&drawn, "a").ranks, [1.0]);
}

/// With y 14.5 km south of x, "about 85 km from Y" fits b, at 94.5 km, by 1/30, and a, at 109.5 km, by 0.525/30: a ratio of
/// R = 1/0.525. The report on x, whose reliability is drawn by its log odds with 0.8, makes up for it above
/// r = 3·(R − 1)/(17 − 7·R) = 0.7403.
#[test]
fn a_reliability_is_drawn_by_its_log_odds() {
    let ratio = 1.0 / 0.525;
    let tie = 3.0 * (ratio - 1.0) / (17.0 - 7.0 * ratio);
    let said = vec![about_85().with_source(by("report", 0.9)), certain_distance("y", -14.5)];
    let drawn = drawn(vec![site("a", 95.0), site("b", 80.0)], said);
    assert_share(of(&drawn, "a").ranks[0], normal((logit(0.9) - logit(tie)) / 0.8));
}

/// One source says that x is about 85 km away, which fits a twice as well as b, and that y is, 18 1/3 km south of x, which fits
/// b, at 98.3, three times as well as a, at 113.3: together by 1.5^λ. Another has z, 4.8 km south, at 84.8 km from b and 99.8
/// from a, which fits a by 1/0.74. λ is drawn evenly from 1/2 to 1, and b is first above ln(1/0.74)/ln 1.5 = 0.7426.
#[test]
fn tempering_is_drawn_evenly() {
    let said = vec![
        certain_distance("x", 0.0),
        certain_distance("y", -55.0 / 3.0).with_source(by("x", 1.0)).with_id("x-2"),
        certain_distance("z", -4.8),
    ];
    let tie = (1.0 / 0.74_f64).ln() / 1.5_f64.ln();
    let drawn = drawn(vec![site("a", 95.0), site("b", 80.0)], said);
    assert_share(of(&drawn, "b").ranks[0], (1.0 - tie) / 0.5);
}

/// Both the exponent e, evenly from 0 to 1, and the ratio R are drawn; a is first where R^e exceeds b's prior of 2: the mean over
/// e of Φ((ln 9 − ln 2/e)/0.7).
#[test]
fn the_soft_exponent_is_drawn_evenly() {
    let b = site("b", 95.0).with_prior(2.0).expect("a weight");
    let tag = Constraint::attribute("t", 9.0, 1.0).expect("a ratio").with_source(by("expert", 1.0));
    let drawn = drawn(vec![site("a", 95.0).with_tags(["t"]), b], vec![tag]);
    let steps = 10_000_u32;
    let of_step = |step: u32| {
        let exponent = (f64::from(step) + 0.5) / f64::from(steps);
        normal((9_f64.ln() - 2_f64.ln() / exponent) / 0.7)
    };
    assert_share(of(&drawn, "a").ranks[0], (0..steps).map(of_step).sum::<f64>() / f64::from(steps));
}

/// Places are rivals: b, c and d, which share a weight of 9, are together ahead of a, with 4; each alone is not. b's likelihood
/// lies between a half of a's and a's, whatever the report is worth: 3·L' < 4·L < 9·L'.
#[test]
fn first_places_and_first_sites() {
    let of_group = |id: &str| site(id, 80.0).with_group("g").with_prior(9.0).expect("a weight");
    let a = site("a", 95.0).with_prior(4.0).expect("a weight");
    let said = vec![about_85().with_source(by("report", 0.5))];
    let drawn = drawn(vec![a, of_group("b"), of_group("c"), of_group("d")], said);
    assert_eq!((of(&drawn, "a").ranks[0], of(&drawn, "b").ranks[1]), (1.0, 1.0));
    assert_eq!(drawn.first_places, [Share { of: "g".to_owned(), share: 1.0 }]);
}

/// Each site has one rank in each draw, and each rank one site; of two sites one is ahead.
#[test]
fn ranks_and_wins_add_up() {
    let sites: Vec<Site> = (0..7_u32)
        .map(|number| site(&format!("s{number}"), 75.0 + 6.0 * f64::from(number)).with_tags([format!("t{number}")]))
        .collect();
    let said = (0..7_u32).map(|number| {
        tagged(&format!("t{number}"), 1.0 + f64::from(number)).with_source(by(&format!("e{number}"), 0.7))
    });
    let drawn = drawn(sites, World::two_sites().said.into_iter().chain(said).collect());
    assert_eq!(drawn.sites.len(), 7);
    for site in &drawn.sites {
        assert_eq!(site.ranks.len(), 7);
        approx::assert_abs_diff_eq!(site.ranks.iter().sum::<f64>(), 1.0, epsilon = 1e-12);
        assert_eq!(site.wins.len(), 6);
        for other in drawn.sites.iter().filter(|other| other.id != site.id) {
            approx::assert_abs_diff_eq!(
                share(&site.wins, &other.id) + share(&other.wins, &site.id),
                1.0,
                epsilon = 1e-12
            );
        }
        // Ahead of how many on average: what its ranks say.
        let behind: f64 = (0..7_u8).zip(&site.ranks).map(|(rank, share)| f64::from(6 - rank) * share).sum();
        approx::assert_abs_diff_eq!(site.wins.iter().map(|win| win.share).sum::<f64>(), behind, epsilon = 1e-12);
        let p = site.ranks[0];
        assert_relative_eq!(site.first_error, (p * (1.0 - p) / f64::from(DRAWS)).sqrt());
        assert!(site.posterior_low <= site.posterior_median && site.posterior_median <= site.posterior_high);
    }
    for rank in 0..7 {
        approx::assert_abs_diff_eq!(drawn.sites.iter().map(|site| site.ranks[rank]).sum::<f64>(), 1.0, epsilon = 1e-12);
    }
    assert!(drawn.sites.is_sorted_by(|a, b| a.ranks >= b.ranks));
    assert!(drawn.first_places.is_sorted_by(|a, b| a.share >= b.share));
    approx::assert_abs_diff_eq!(drawn.first_places.iter().map(|share| share.share).sum::<f64>(), 1.0, epsilon = 1e-12);
}

/// Ten sites are shown, and those that are watched; ranks go to the tenth.
#[test]
fn ten_sites_are_shown() {
    let sites = (0..15_u32).map(|number| site(&format!("s{number:02}"), 95.0 - f64::from(number))).collect();
    let mut world = World::new(sites, World::two_sites().said);
    world.report.draws = 5;
    world.report.watched = vec!["S13".to_owned()];
    let drawn = world.report().acceptability;
    let ids: Vec<&str> = drawn.sites.iter().map(|site| site.id.as_str()).collect();
    let expected: Vec<String> = (0..10).chain([13]).map(|number: u32| format!("s{number:02}")).collect();
    assert_eq!(ids, expected);
    assert!(drawn.sites.iter().all(|site| site.ranks.len() == 10));
    assert_eq!(of(&drawn, "s13").ranks.iter().sum::<f64>(), 0.0);
}

#[test]
fn the_seed_decides_and_nothing_else() {
    let mut world = World::two_sites().with([tagged("t", 2.2).with_source(by("expert", 0.8))]);
    world.sites = list(two_tagged_sites("s", "t"));
    world.report.draws = 300;
    let report = world.report();
    assert_eq!(report, world.report());
    world.report.seed = 1;
    let other = world.report();
    assert_ne!(other.acceptability, report.acceptability);
    assert_eq!(other.acceptability.seed, 1);
    assert_eq!(other.tipping_points, report.tipping_points);
    world.report.draws = 0;
    let none = world.report().acceptability;
    assert_eq!(none, Acceptability { seed: 1, ..Acceptability::default() });
}

/// However many cores there are, the bits are the same.
#[cfg(feature = "rayon")]
#[test]
fn cores_do_not_count() {
    let mut world = World::two_sites().with([tagged("t", 2.2).with_source(by("expert", 0.8))]);
    world.sites = list(two_tagged_sites("s", "t"));
    world.report.draws = 300;
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| world.report())
    };
    assert_eq!(on(1), on(4));
}

/// 90 sites of one group are first together, though each of them comes behind 40 others.
#[test]
fn a_place_of_many_sites_comes_first() {
    let many = (0..90_u32).map(|number| site(&format!("g{number:02}"), 95.0).with_group("g"));
    let others = (0..40_u32).map(|number| site(&format!("o{number:02}"), 80.0));
    let drawn = drawn(many.chain(others).collect(), World::two_sites().said);
    assert_eq!(share(&drawn.first_places, "g"), 1.0);
}

/// Where nothing is possible nobody is first, and posteriors are the priors.
#[test]
fn draws_of_a_contradiction() {
    let literal = distance("about 85 km from X", point("x", 0.0), &Reading::literal()).with_source(by("report", 0.9));
    let drawn = drawn(vec![site("a", 95.0), site("b", 80.0)], vec![literal]);
    assert!(drawn.first_places.is_empty());
    assert_eq!(drawn.none_first, 0.0);
    for site in &drawn.sites {
        for posterior in [site.posterior_low, site.posterior_median, site.posterior_high] {
            assert_close(posterior, 0.4);
        }
    }
}

/// Where nothing is drawn that counts, each draw is the ranking itself, also where more sites are listed than can come first.
#[test]
fn a_draw_of_nothing_is_the_ranking() {
    let sites: Vec<Site> =
        (0..200_u32).map(|number| site(&format!("s{number:03}"), 95.0 - 0.01 * f64::from(number))).collect();
    let world = World::new(sites.clone(), vec![about_85().with_source(by("report", 1.0))]);
    let ranking = world.sites.rank(&world.said, &world.options);
    let drawn = drawn(sites, world.said.clone());
    assert_eq!(drawn.sites.len(), 10);
    for site in &drawn.sites {
        assert_close(site.posterior_median, ranking.get(&site.id).expect("listed").posterior);
    }
}

/// A source that was called certain, or certainly wrong, stays it.
#[test]
fn certainty_is_not_drawn() {
    for reliability in [0.0, 1.0] {
        let sites = vec![site("a", 95.0), site("b", 80.0)];
        let said = vec![about_85().with_source(by("report", reliability))];
        let posterior = list(sites.clone())
            .rank(&said, &World::new(Vec::new(), Vec::new()).options)
            .get("a")
            .expect("listed")
            .posterior;
        let drawn = drawn(sites, said);
        let a = of(&drawn, "a");
        for found in [a.posterior_median, a.posterior_low, a.posterior_high] {
            assert_close(found, posterior);
        }
    }
}

/// In a draw 200 places stand for ten thousand. Where nothing is drawn that counts, what is left to none of these is that of the
/// ranking to a tenth, under wide and narrow readings, for one statement and for two.
#[test]
fn a_few_places_stand_for_the_region() {
    let options = RankOptions::default().with_search_region(SearchRegion::around(north(0.0), km(200.0)));
    // Readings without parameters of their own, which would be drawn.
    for reading in Reading::named().into_iter().filter(|reading| reading.parameters().is_none()) {
        let says = |id: &str, moved_km: f64| {
            distance("about 85 km from X", point(id, moved_km), &reading).with_source(by(id, 1.0))
        };
        for said in [vec![says("x", 0.0)], vec![says("x", 0.0), says("y", 170.0)]] {
            let mut world = World::new(vec![site("a", 95.0), site("b", 85.2)], said);
            (world.options, world.report.draws) = (options.clone(), 1);
            let report = world.report();
            let drawn: f64 = report.acceptability.sites.iter().map(|site| site.posterior_median).sum();
            let odds = |none: f64| none / (1.0 - none);
            let off = odds(1.0 - drawn) / odds(report.none_of_these);
            assert!((0.9..1.1).contains(&off), "{reading}, {} statements: {off}", world.said.len());
        }
    }
}
