//! Laws of rankings, over random sites and statements.

mod drawn;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use drawn::{config, km, reading};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use siteband::{
    Atlas, Constraint, Feature, Length, Position, RankOptions, Ranking, Reading, SearchRegion, Site, Sites, Source,
    Tempering,
};

static BUNDLED: LazyLock<Atlas> = LazyLock::new(Atlas::bundled);

/// A disc of 250 km, by every twentieth of the places that represent it: the laws hold for any region, and hundreds of rankings
/// are quick.
static REGION: LazyLock<SearchRegion> = LazyLock::new(|| {
    let disc = SearchRegion::around(Position::new(39.5, 126.5).expect("a position"), km(250.0));
    let places = disc.places().iter().step_by(20).enumerate();
    let places: Vec<Site> = places.map(|(number, at)| Site::new(number.to_string(), *at)).collect();
    SearchRegion::gazetteer(&list(&places), Length::ZERO, None).expect("places")
});

fn options() -> RankOptions {
    RankOptions::default().with_search_region(REGION.clone())
}

fn feature(id: &str) -> Arc<Feature> {
    Arc::clone(BUNDLED.get(id).expect("bundled"))
}

/// Sites over the region, a few of them at one place, some in groups, some tagged, with priors.
fn sites() -> impl Strategy<Value = Vec<Site>> {
    let site = (38.0..41.0, 125.0..128.0, 0_u8..6, any::<bool>(), 0.1..10.0, any::<bool>());
    prop::collection::vec(site, 1..40).prop_map(|rows| {
        rows.into_iter()
            .enumerate()
            .map(
                |(number, (lat_deg, lon_deg, group, tagged, prior, shared)): (
                    usize,
                    (f64, f64, u8, bool, f64, bool),
                )| {
                    let position = if shared { Position::new(40.0, 126.0) } else { Position::new(lat_deg, lon_deg) };
                    let uncertainty = km(if tagged { 0.5 } else { 0.0 });
                    let mut site =
                        Site::new(format!("s{number:02}"), position.expect("a position").with_uncertainty(uncertainty));
                    if group < 2 {
                        site = site.with_group(format!("g{group}"));
                    }
                    if tagged {
                        site = site.with_tags(["training"]);
                    }
                    if prior > 5.0 { site.with_prior(prior).expect("a weight") } else { site }
                },
            )
            .collect()
    })
}

/// Statements of every kind, tempered and as stated, by sources that are never, sometimes or always right, or lean on themselves.
fn statements() -> impl Strategy<Value = Vec<Constraint>> {
    let one = (0_u8..11, 10.0..300.0, 1.0..40.0, reading(), 0_usize..4, any::<bool>());
    prop::collection::vec(one, 1..5).prop_map(|rows| {
        let sources = [("never", 0.0), ("sometimes", 0.8), ("always", 1.0), ("leaning", 0.9)]
            .map(|(id, reliability)| Source::new(id, reliability).expect("a share"));
        let [never, sometimes, always, leaning] = sources;
        let sources = [never, sometimes, always, leaning.with_tempering(0.6).expect("a power")];
        rows.into_iter()
            .enumerate()
            .map(|(number, row): (usize, (u8, f64, f64, Reading, usize, bool))| {
                let (kind, value_km, scale_km, reading, source, is_stated) = row;
                let (value, scale) = (km(value_km), km(scale_km));
                let constraint = match kind {
                    0 => {
                        let claim = format!("about {value_km:.0} km from X").parse().expect("a claim");
                        Constraint::distance(&claim, feature("cn-kp"), &reading)
                    }
                    1 => {
                        let claim = format!("about {value_km:.0} km north-northeast of X").parse().expect("a claim");
                        let constraint = Constraint::distance(&claim, feature("pyongyang"), &reading)
                            .with_ways(Some(feature("seoul")), Some(1.0 + scale_km / 100.0))
                            .expect("a factor");
                        constraint.with_side(feature("north-korea")).expect("an area")
                    }
                    2 => Constraint::at_least(feature("kp-kr"), value, &reading),
                    3 => Constraint::at_most(feature("kp-kr"), value, &reading),
                    4 => Constraint::near(feature("pyongyang"), value, scale).expect("a scale"),
                    5 => Constraint::away_from(feature("pyongyang"), value, scale).expect("a scale"),
                    6 => Constraint::inside(feature("north-korea"), scale).expect("an area"),
                    7 => Constraint::toward(feature("cn-kp"), "SSE".parse().expect("a wind")),
                    8 => {
                        let to = vec![feature("pyongyang"), feature("cn-kp")];
                        Constraint::access(to, 1.0 + scale_km / 100.0, value).expect("ways")
                    }
                    9 => Constraint::nearby("training", value, scale, scale_km > 20.0).expect("a scale"),
                    _ => Constraint::attribute("training", value_km / 50.0, 0.5).expect("ratios"),
                };
                let constraint = if is_stated { constraint.as_stated() } else { constraint };
                constraint.with_source(sources[source].clone()).with_id(format!("c{number}"))
            })
            .collect()
    })
}

fn list(sites: &[Site]) -> Sites {
    Sites::new(sites.to_vec()).expect("ids of their own")
}

fn posteriors(ranking: &Ranking<'_>) -> BTreeMap<String, f64> {
    ranking.top(ranking.len()).map(|ranked| (ranked.site.id().to_owned(), ranked.posterior)).collect()
}

fn assert_same(a: &Ranking<'_>, b: &Ranking<'_>, within: f64) -> Result<(), TestCaseError> {
    prop_assert!((a.none_of_these - b.none_of_these).abs() <= within, "{} {}", a.none_of_these, b.none_of_these);
    for ((id, p), (other, q)) in posteriors(a).into_iter().zip(posteriors(b)) {
        prop_assert_eq!(&id, &other);
        prop_assert!((p - q).abs() <= within, "{}: {} {}", id, p, q);
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(60))]

    /// Posteriors and none of these are probabilities and sum to one.
    #[test]
    fn probabilities_sum_to_one(sites in sites(), statements in statements()) {
        let sites = list(&sites);
        let ranking = sites.rank(&statements, &options());
        let posteriors = posteriors(&ranking);
        prop_assert!(posteriors.values().all(|posterior| (0.0..=1.0).contains(posterior)));
        let sum = posteriors.values().sum::<f64>() + ranking.none_of_these;
        prop_assert!((sum - 1.0).abs() < 1e-12, "{}", sum);
        for ranked in ranking.top(3) {
            for evidence in ranked.evidence {
                prop_assert!(!evidence.log_likelihood.is_nan());
                prop_assert!(evidence.decibans.is_none_or(f64::is_finite));
            }
        }
    }

    /// Neither the order of the list nor that of the statements counts, and saying a thing twice changes nothing.
    #[test]
    fn order_and_repetition_do_not_count(sites in sites(), statements in statements()) {
        let forward = list(&sites);
        let ranking = forward.rank(&statements, &options());
        let reversed: Vec<Site> = sites.iter().rev().cloned().collect();
        let backward = list(&reversed);
        assert_same(&ranking, &backward.rank(&statements, &options()), 1e-12)?;
        let mut turned: Vec<Constraint> = statements.iter().rev().cloned().collect();
        assert_same(&ranking, &forward.rank(&turned, &options()), 1e-12)?;
        let again: Vec<Constraint> = turned.iter().map(|statement| statement.clone().with_id(format!("{}-again", statement.id()))).collect();
        turned.extend(again);
        assert_same(&ranking, &forward.rank(&turned, &options()), 1e-12)?;
    }

    /// The best few without looking at all are the first of all, to the bit and with their ties, under hard readings too,
    /// whatever the tempering.
    #[test]
    fn top_k_is_the_head(sites in sites(), statements in statements(), k in 1_usize..50, is_tempered: bool) {
        let sites = list(&sites);
        let tempering = if is_tempered { Tempering::default() } else { Tempering::NONE };
        let options = options().with_tempering(tempering);
        let ranking = sites.rank(&statements, &options);
        if !ranking.contradiction {
            // Where nothing is said the score is the prior.
            let priors: BTreeMap<&str, f64> =
                sites.top_k(sites.len(), &[], &options).into_iter().map(|(site, ln_prior)| (site.id(), ln_prior)).collect();
            let head: Vec<(&str, u64)> = ranking
                .top(k)
                .map(|ranked| (ranked.site.id(), (priors[ranked.site.id()] + ranked.log_likelihood).to_bits()))
                .collect();
            let top = sites.top_k(k, &statements, &options);
            let top: Vec<(&str, u64)> = top.iter().map(|(site, score)| (site.id(), score.to_bits())).collect();
            prop_assert_eq!(top, head);
        }
    }

    /// A scorer gives each site what a ranking gives it, however many there are at a time, and speaks against none of these as much as the
    /// ranking's odds do.
    #[test]
    fn scores_are_those_of_the_ranking(sites in sites(), statements in statements(), at_once in 1_usize..9) {
        let sites = list(&sites);
        let (ranking, before) = (sites.rank(&statements, &options()), sites.rank(&[], &options()));
        let scorer = sites.scorer(&statements, &options());
        // Also for what is excluded altogether.
        let is_near = |a: f64, b: f64| a == b || (a - b).abs() <= 1e-11 * b.abs().max(1.0);
        let mut seen = 0;
        for (chunk, scores) in scorer.scores(sites.as_slice().to_vec(), at_once) {
            for (number, site) in chunk.iter().enumerate() {
                let ranked = ranking.get(site.id()).expect("a listed site");
                prop_assert!(is_near(scores.log_likelihoods[number], ranked.log_likelihood));
                prop_assert_eq!(scores.statements.len(), ranked.evidence.len());
                for (statement, evidence) in scores.statements.iter().zip(&ranked.evidence) {
                    prop_assert_eq!(&statement.id, &evidence.claim);
                    prop_assert!(is_near(statement.log_likelihoods[number], evidence.log_likelihood));
                    if let (Some(all_m), Some(distance)) = (&statement.distances_m, evidence.distance) {
                        prop_assert!((all_m[number].abs() - distance.m()).abs() < 1e-6);
                    }
                }
                if ranked.posterior > 1e-250 && ranking.none_of_these > 1e-250 && !ranking.contradiction {
                    let prior = before.get(site.id()).expect("a listed site").posterior;
                    let odds = ranked.posterior / ranking.none_of_these * before.none_of_these / prior;
                    let decibans = [scores.decibans[number], ranking.decibans(&ranked)];
                    prop_assert!(decibans.iter().all(|own| (own - 10.0 * odds.log10()).abs() < 1e-6));
                }
                seen += 1;
            }
        }
        prop_assert_eq!(seen, sites.len());
    }

    /// Whatever scores as much as asked for lies in the cover, wherever on Earth it is and whatever its tags are.
    #[test]
    fn a_cover_holds_what_scores_so_much(
        sites in sites(),
        statements in statements(),
        places in prop::collection::vec((-90.0..=90.0, -180.0..180.0, any::<bool>()), 1..40),
        at in any::<prop::sample::Index>(),
        at_most in 1_usize..200,
    ) {
        let mut sites = sites;
        for (number, (lat, lon, is_tagged)) in places.into_iter().enumerate() {
            let site = Site::new(format!("place {number}"), Position::new(lat, lon).expect("a position"));
            sites.push(if is_tagged { site.with_tags(["training"]) } else { site });
        }
        let uncertainty = sites.iter().map(|site| site.position().uncertainty()).max().unwrap_or_default();
        let sites = list(&sites);
        let scorer = sites.scorer(&statements, &options());
        let scores = scorer.score(sites.as_slice()).log_likelihoods;
        let least = *at.get(&scores);
        let boxes = scorer.cover(least, uncertainty, at_most);
        prop_assert!(boxes.len() < at_most.max(32) + 4);
        for of in &boxes {
            prop_assert!(-90.0 <= of.south_deg && of.south_deg < of.north_deg && of.north_deg <= 90.0, "{:?}", of);
            prop_assert!(-180.0 <= of.west_deg && of.west_deg < of.east_deg && of.east_deg <= 180.0, "{:?}", of);
        }
        for (site, ln) in sites.as_slice().iter().zip(scores).filter(|(_, ln)| *ln >= least) {
            let (lat, lon) = (site.position().lat_deg(), site.position().lon_deg());
            prop_assert!(boxes.iter().any(|of| of.holds(lat, lon)), "{} scores {} of {}", site.id(), ln, least);
        }
    }

    /// A site that fits nothing changes no odds between the others.
    #[test]
    fn a_stranger_changes_no_odds(sites in sites(), statements in statements()) {
        let few = list(&sites);
        let mut more = sites.clone();
        more.push(Site::new("stranger", Position::new(-40.0, -60.0).expect("a position")));
        let more = list(&more);
        let (without, with) = (posteriors(&few.rank(&statements, &options())), posteriors(&more.rank(&statements, &options())));
        let (first, reference) = without.iter().next().expect("a site");
        for (id, posterior) in &without {
            let cross = posterior * with[first] - reference * with[id];
            prop_assert!(cross.abs() < 1e-9, "{} against {}: {}", id, first, cross);
        }
    }
}

/// Many sites in the country and around it, some on the very same spot, with what else the generator says.
fn many(seed: u64, count: u32, is_weighted: bool, has_uncertainty: bool, share_tagged: f64) -> Vec<Site> {
    let mut random = Pcg64::seed_from_u64(seed);
    let mut at = Position::new(39.0, 126.0).expect("a position");
    (0..count)
        .map(|number| {
            // A third stands where the one before stands, or close to it.
            match random.random_range(0..6) {
                0 => {}
                1 => {
                    let lat_deg = at.lat_deg() + random.random_range(-0.01..0.01);
                    at = Position::new(lat_deg, at.lon_deg()).expect("a position");
                }
                _ => {
                    at =
                        Position::new(random.random_range(37.5..43.1), random.random_range(124.0..131.0)).expect("one");
                }
            }
            let uncertainty_m = if has_uncertainty { random.random_range(0.0..300.0) } else { 25.0 };
            let position = at.with_uncertainty(Length::from_m(uncertainty_m).expect("a length"));
            // Ids that come in another order than the sites.
            let site = Site::new(format!("{:x}-{number}", number.wrapping_mul(2_654_435_761)), position);
            let site = if random.random_bool(share_tagged) { site.with_tags(["training"]) } else { site };
            let site =
                if is_weighted { site.with_prior(random.random_range(0.1..10.0)).expect("a weight") } else { site };
            if is_weighted && number % 7 == 0 { site.with_group(format!("g{}", number / 50)) } else { site }
        })
        .collect()
}

/// Where a hard band leaves fewer sites than are asked for, the rest are all alike, and come by their ids.
#[test]
fn sites_that_are_excluded_come_last_by_their_ids() {
    let sites = list(&many(1, 3_000, false, false, 0.0));
    let claim = "about 10 km from X".parse().expect("a claim");
    let hard = Constraint::distance(&claim, feature("cn-kp"), &Reading::literal());
    let top = sites.top_k(1_500, std::slice::from_ref(&hard), &options());
    assert_eq!(top.len(), 1_500);
    assert!(top[0].1.is_finite() && top[1_499].1 == f64::NEG_INFINITY);
    assert!(top[1_000..].windows(2).all(|pair| pair[0].0.id() < pair[1].0.id()));
    assert_eq!(top, sites.top_k_brute_force(1_500, &[hard], &options()));
}

fn cases() -> u32 {
    std::env::var("SITEBAND_SCENARIOS").map_or(24, |count| count.parse().expect("SITEBAND_SCENARIOS is a number"))
}

/// How many sites the largest list of the tests below has.
fn most() -> u32 {
    std::env::var("SITEBAND_SITES").map_or(12_000, |count| count.parse().expect("SITEBAND_SITES is a number"))
}

proptest! {
    #![proptest_config(config(cases()))]

    /// Out of ten thousand sites and more the best few are those that looking at all finds, to the bit and with their ties. With
    /// SITEBAND_SCENARIOS=1000 and SITEBAND_SITES=1000000 in the environment, the long form.
    #[test]
    fn top_k_of_many_is_by_brute_force(
        seed: u64,
        share in 0.0..1.0,
        statements in statements(),
        k in prop::sample::select(vec![1_usize, 2, 10, 100, 3_000]),
        is_tempered: bool,
        is_weighted in prop::bool::weighted(0.3),
        has_uncertainty: bool,
        share_tagged in prop::sample::select(vec![0.0, 0.001, 0.3]),
    ) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of sites")]
        let count = (1e4 * (f64::from(most()) / 1e4).powf(share)) as u32;
        let sites = list(&many(seed, count, is_weighted, has_uncertainty, share_tagged));
        let options = options().with_tempering(if is_tempered { Tempering::default() } else { Tempering::NONE });
        let bits = |top: Vec<(&Site, f64)>| -> Vec<(String, u64)> {
            top.into_iter().map(|(site, score)| (site.id().to_owned(), score.to_bits())).collect()
        };
        let top = bits(sites.top_k(k, &statements, &options));
        prop_assert_eq!(top, bits(sites.top_k_brute_force(k, &statements, &options)));
    }

    /// A list that sites were put on and taken off is searched like one made of what is left.
    #[test]
    fn a_changed_list_is_the_list_that_is_left(seed: u64, statements in statements(), is_weighted: bool) {
        let all = many(seed, 600, is_weighted, true, 0.1);
        let (mut changed, left) = (list(&all[..400]), all.clone());
        for site in &all[400..] {
            changed.insert(site.clone()).expect("an id of its own");
        }
        prop_assert!(changed.insert(all[5].clone()).is_err());
        for number in (0..600).step_by(3) {
            let id = all[number].id().to_uppercase();
            let removed = changed.remove(&id);
            prop_assert_eq!(removed.as_ref(), Some(&all[number]));
            prop_assert_eq!(changed.remove(&id), None);
        }
        let kept = left.iter().enumerate().filter(|(number, _)| number % 3 != 0);
        let left: Vec<Site> = kept.map(|(_, site)| site.clone()).collect();
        let anew = list(&left);
        prop_assert_eq!(changed.len(), anew.len());
        for site in anew.as_slice() {
            prop_assert_eq!(changed.get(site.id()), Some(site));
        }
        // Sums over the sites are taken in another order: the last bits may differ.
        let ids = |sites: &Sites| -> Vec<(String, f32)> {
            let top = sites.top_k(40, &statements, &options());
            #[allow(clippy::cast_possible_truncation, reason = "the last bits are left out")]
            top.into_iter().map(|(site, score)| (site.id().to_owned(), score as f32)).collect()
        };
        let brute: Vec<String> = changed.top_k_brute_force(40, &statements, &options()).iter().map(|(site, _)| site.id().to_owned()).collect();
        let top = ids(&changed);
        prop_assert_eq!(top.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), brute);
        changed.pack();
        prop_assert_eq!(&ids(&changed), &top);
        if !is_weighted {
            prop_assert_eq!(&ids(&anew), &top);
        }
        let border = feature("cn-kp");
        let band = siteband::Interval { from: km(40.0), to: km(60.0) };
        let within = |sites: &Sites| -> Vec<String> {
            sites.within_band(&border, band).into_iter().map(|(site, _)| site.id().to_owned()).collect()
        };
        prop_assert_eq!(within(&changed), within(&anew));
    }
}
