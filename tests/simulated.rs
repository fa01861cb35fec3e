//! Simulation-based calibration: questions are drawn from the model itself, so that posteriors have to be right as often as they say.
//!
//! What is generated, and what came out, stands in `docs/RANKING.md`, whose figures are held to these.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts and bins of some thousands"
)]

#[path = "simulated/closed.rs"]
mod closed;
#[path = "simulated/document.rs"]
mod document;
#[path = "simulated/figures.rs"]
mod figures;
#[path = "simulated/menu.rs"]
mod menu;
#[path = "simulated/question.rs"]
mod question;
#[path = "simulated/statement.rs"]
mod statement;
#[path = "simulated/world.rs"]
mod world;

use std::sync::LazyLock;

use rand::SeedableRng;
use rand_pcg::Pcg64;
use siteband::{RankOptions, Ranking, Reading, Tempering};

use closed::{Rule, posterior, rivals};
use figures::{CHI_SQUARE_ONE_IN_A_THOUSAND, Judged, Summary, bins, mean};
use menu::{Menus, in_order};
use question::{Question, Unlisted};
use world::{Law, World};

/// Worlds, and questions in each.
const OF_PLACES: (u64, u64) = (30, 350);
const OF_AREA: (u64, u64) = (4, 50);

/// Numbers written as often as makes the model a law; and all alike.
static MENUS: LazyLock<[Menus; 2]> = LazyLock::new(Menus::both);

/// Every question about unlisted places of a list, asked in every way that is compared.
static ASKED: LazyLock<Vec<Asked>> = LazyLock::new(|| {
    let worlds: Vec<u64> = (1..=OF_PLACES.0).collect();
    let of_world = |number: &u64| -> Vec<Asked> {
        let world = World::new(Law::Places, &mut Pcg64::seed_from_u64(number << 32));
        (1..=OF_PLACES.1).map(|question| Asked::new(&world, (number << 32) + question)).collect()
    };
    in_order(&worlds, of_world).into_iter().flatten().collect()
});

/// One question, and what each way of asking made of it.
struct Asked {
    /// As it is stated: no tempering, no cap.
    plain: Judged,
    /// The default.
    tempered: Judged,
    /// As stated, where an unlisted truth makes soft statements as often as the ranking takes for granted.
    by_region: Judged,
    /// As stated, where every number is written alike; for one question in three.
    alike: Option<Judged>,
    rivals: Vec<Judged>,
    /// How far the ranking is from the closed computation, as stated and by default; for one question in ten.
    apart: Option<f64>,
    without_truth: Option<WithoutTruth>,
}

/// A ranking of the list without the true site.
struct WithoutTruth {
    /// By how much the likelihood of none of these exceeds every site's.
    ahead_db: f64,
    none_of_these: f64,
}

impl Asked {
    fn new(world: &World, seed: u64) -> Self {
        let [fitted, alike] = &*MENUS;
        let ask = |menus: &Menus, unlisted: Unlisted| {
            let mut random = Pcg64::seed_from_u64(seed);
            let question = Question::new(world, menus, unlisted, &mut random);
            (question, random)
        };
        let (question, random) = ask(fitted, Unlisted::ByPlace);
        // Every way draws the same order of hypotheses.
        let judged = |posterior: &[f64]| Judged::new(posterior, question.answer(), &mut random.clone());
        let stated = question.options().with_tempering(Tempering::NONE);
        let constraints = question.constraints();
        let plain = question.posterior(&question.sites.rank(&constraints, &stated));
        let tempered = question.posterior(&question.sites.rank(&constraints, &question.options()));
        let apart = || {
            let of = |tempering, ranked: &[f64]| furthest(&posterior(&question, model(), tempering), ranked);
            of(Tempering::NONE, &plain).max(of(Tempering::default(), &tempered))
        };
        let in_other_ways = |menus: &Menus, unlisted: Unlisted| {
            let (question, mut random) = ask(menus, unlisted);
            Judged::new(&posterior(&question, model(), Tempering::NONE), question.answer(), &mut random)
        };
        let by_region = match question.truth {
            Some(_) => judged(&plain),
            None => in_other_ways(fitted, Unlisted::ByRegion),
        };
        let rivals = rivals().into_iter().map(|(_, rule)| judged(&posterior(&question, rule, Tempering::NONE)));
        Self {
            plain: judged(&plain),
            tempered: judged(&tempered),
            by_region,
            alike: seed.is_multiple_of(3).then(|| in_other_ways(alike, Unlisted::ByPlace)),
            rivals: rivals.collect(),
            apart: seed.is_multiple_of(10).then(apart),
            without_truth: without_truth(&question, seed),
        }
    }
}

/// At the default prior; one question in four as stated, one by default.
fn without_truth(question: &Question<'_>, seed: u64) -> Option<WithoutTruth> {
    let tempering = match seed % 4 {
        0 => Tempering::NONE,
        1 => Tempering::default(),
        _ => return None,
    };
    let sites = question.others()?;
    let options = RankOptions::default().with_search_region(question.world.region.clone()).with_tempering(tempering);
    let ranking = sites.rank(&question.constraints(), &options);
    Some(WithoutTruth { ahead_db: ahead_db(&ranking), none_of_these: ranking.none_of_these })
}

fn model() -> Rule {
    Rule::Reading(Reading::default())
}

fn ahead_db(ranking: &Ranking<'_>) -> f64 {
    let best = ranking.top(ranking.len()).map(|ranked| ranked.log_likelihood).fold(f64::NEG_INFINITY, f64::max);
    10.0 * (ranking.log_likelihood_none() - best) / std::f64::consts::LN_10
}

fn furthest(one: &[f64], other: &[f64]) -> f64 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// A summary of one way of asking.
fn summary(of: impl Fn(&Asked) -> Option<Judged>) -> Summary {
    Summary::new(&ASKED.iter().filter_map(of).collect::<Vec<Judged>>())
}

fn plain() -> Summary {
    summary(|asked| Some(asked.plain))
}

/// Without the true site, where the likelihood of none of these exceeds every site's by 10 dB: how many questions were asked, and what
/// none of these came to in those.
fn far_ahead() -> (usize, Vec<f64>) {
    let asked: Vec<&WithoutTruth> = ASKED.iter().filter_map(|asked| asked.without_truth.as_ref()).collect();
    let ahead = asked.iter().filter(|without| without.ahead_db >= 10.0);
    (asked.len(), ahead.map(|without| without.none_of_these).collect())
}

/// Questions whose unlisted truth is anywhere in a disc.
static ASKED_OF_AREA: LazyLock<Vec<Judged>> = LazyLock::new(|| {
    let worlds: Vec<u64> = (1..=OF_AREA.0).map(|number| number + OF_PLACES.0).collect();
    let of_world = |number: &u64| -> Vec<Judged> {
        let world = World::new(Law::Area, &mut Pcg64::seed_from_u64(number << 32));
        let ask = |seed: u64| {
            let mut random = Pcg64::seed_from_u64(seed);
            let question = Question::new(&world, &MENUS[0], Unlisted::ByPlace, &mut random);
            let stated = question.options().with_tempering(Tempering::NONE);
            let ranking = question.sites.rank(&question.constraints(), &stated);
            Judged::new(&question.posterior(&ranking), question.answer(), &mut random)
        };
        (1..=OF_AREA.1).map(|question| ask((number << 32) + question)).collect()
    };
    in_order(&worlds, of_world).into_iter().flatten().collect()
});

#[test]
fn numbers_make_the_model_a_law() {
    for (wording, menus) in MENUS[0].all() {
        for menu in menus {
            let (most, average) = menu.off();
            assert!(most < 0.03 && average < 0.006, "{wording}: {most} {average}");
        }
    }
}

#[test]
fn rankings_agree_with_a_closed_computation() {
    let apart: Vec<f64> = ASKED.iter().filter_map(|asked| asked.apart).collect();
    assert!(apart.len() >= 1000);
    assert!(apart.iter().all(|apart| *apart < 1e-9), "{apart:?}");
}

/// The expected calibration error over ten bins is below .02 for the greatest posterior of all, for that of the sites alone, and for
/// none of these; ranks of the truth are uniform.
#[test]
fn posteriors_are_right_as_often_as_they_say() {
    let plain = plain();
    assert!(plain.questions >= 10_000);
    for (error, _) in [plain.first, plain.first_site, plain.none] {
        assert!(error < 0.02, "{plain:?}");
    }
    assert!(plain.chi_square < CHI_SQUARE_ONE_IN_A_THOUSAND, "{plain:?}");
}

/// The test of ranks is strong enough to refuse every other rule.
#[test]
fn ranks_under_other_rules_are_not_uniform() {
    for (at, (name, _)) in rivals().iter().enumerate() {
        let rival = summary(|asked| Some(asked.rivals[at]));
        assert!(rival.chi_square > CHI_SQUARE_ONE_IN_A_THOUSAND, "{name}: {rival:?}");
    }
}

/// By more than five standard errors of the difference, question by question.
#[test]
fn the_log_score_beats_that_of_every_other_rule() {
    for (at, (name, _)) in rivals().iter().enumerate() {
        let gains: Vec<f64> = ASKED.iter().map(|asked| asked.plain.ln_score - asked.rivals[at].ln_score).collect();
        let (gain, error) = mean(&gains);
        assert!(gain > 5.0 * error, "{name}: {gain} ± {error}");
    }
}

/// At the default prior of .2 this is a theorem: no mean of the sites' likelihoods is above the greatest, so the odds of none of these
/// are at least 10·.2/.8 = 2.5 to 1, a posterior of .714.
#[test]
fn without_the_true_site_none_of_these_wins_where_it_fits_best() {
    let (asked, ahead) = far_ahead();
    assert!(asked > 2000 && ahead.len() > 100, "{} of {asked}", ahead.len());
    assert!(ahead.iter().all(|none| *none > 0.7), "{ahead:?}");
}

/// Too few questions for ten bins: on average the greatest posteriors, and none of these, are right as often as they say to within
/// three standard errors.
#[test]
fn an_unlisted_place_may_be_anywhere_in_an_area() {
    for said in [|judged: &Judged| judged.first, |judged: &Judged| judged.none] {
        let (off, error) = mean(&off(&ASKED_OF_AREA, said));
        assert!(off.abs() < 3.0 * error, "{off} ± {error}");
    }
    assert!(Summary::new(&ASKED_OF_AREA).chi_square < CHI_SQUARE_ONE_IN_A_THOUSAND);
}

/// What was said, less one where that is so.
fn off(judged: &[Judged], said: fn(&Judged) -> (f64, bool)) -> Vec<f64> {
    judged.iter().map(said).map(|(confidence, right)| confidence - f64::from(u8::from(right))).collect()
}
