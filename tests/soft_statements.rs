//! Soft statements worked by hand: directions, access, what is nearby; tempered, or as they are stated.
//!
//! An unlisted site could be at a few places only, so that every average over the search region is a sum of a few terms. A source
//! that is never wrong leaves a site's likelihood to its likelihood ratio alone: its credit over the average credit.

use std::f64::consts::PI;

use approx::{assert_abs_diff_eq, assert_relative_eq};
use siteband::{
    Atlas, Claim, Constraint, Feature, Length, Position, RankOptions, Ranking, Reading, SearchRegion, Site, Sites,
    Source, Tempering,
};

fn km(km: f64) -> Length {
    Length::from_km(km).expect("a length")
}

fn origin() -> Position {
    Position::new(39.0, 126.0).expect("a position")
}

/// So many kilometres from the origin, in a direction.
fn polar(azimuth_deg: f64, distance_km: f64) -> Position {
    origin().destination(azimuth_deg, km(distance_km)).with_uncertainty(Length::ZERO)
}

fn point(id: &str, at: Position) -> Feature {
    Feature::point(id, at.with_uncertainty(Length::ZERO))
}

fn list(sites: Vec<Site>) -> Sites {
    Sites::new(sites).expect("ids of their own")
}

/// A region of a few places, each with its weight.
fn region(places: &[(Position, f64)]) -> SearchRegion {
    let place = |(number, (at, weight)): (usize, &(Position, f64))| {
        Site::new(number.to_string(), *at).with_prior(*weight).expect("a weight")
    };
    SearchRegion::gazetteer(&list(places.iter().enumerate().map(place).collect()), Length::ZERO, None).expect("places")
}

fn options(region: &SearchRegion, tempering: Tempering) -> RankOptions {
    RankOptions::default().with_search_region(region.clone()).with_tempering(tempering)
}

/// The average over a region, by its places and weights.
fn average(region: &SearchRegion, credit: impl Fn(Position) -> f64) -> f64 {
    region.places().iter().zip(region.weights()).map(|(place, weight)| weight * credit(*place)).sum()
}

fn by(reliability: f64) -> Source {
    Source::new("expert", reliability).expect("a share")
}

/// The likelihood ratio of one statement for each site, in the order of the list.
fn ratios(statement: Constraint, sites: &Sites, options: &RankOptions) -> Vec<f64> {
    let ranking = sites.rank(&[statement.with_source(by(1.0))], options);
    assert_eq!(ranking.log_likelihood_none(), 0.0, "none of these is neither helped nor hurt");
    sites.as_slice().iter().map(|site| ranking.get(site.id()).expect("listed").log_likelihood.exp()).collect()
}

fn posterior(ranking: &Ranking<'_>, id: &str) -> f64 {
    ranking.get(id).expect("listed").posterior
}

/// 0.91·exp(κ·(cos θ − 1))/(I₀(κ)·e^−κ) + 0.09 for θ off the wind, with 1/κ = sd² + (blur/distance)²; the Bessel function from
/// its integral, (1/π)·∫ exp(κ·(cos t − 1)) dt from 0 to π.
fn wind_credit(off_deg: f64, sd_deg: f64, blur_over_distance: f64) -> f64 {
    let kappa = 1.0 / (sd_deg.to_radians().powi(2) + blur_over_distance.powi(2));
    let steps = 4000_u32;
    let scaled = |angle: f64| f64::exp(kappa * (angle.cos() - 1.0));
    let bessel = (0..steps).map(|step| scaled((f64::from(step) + 0.5) / f64::from(steps) * PI)).sum::<f64>();
    0.91 * scaled(off_deg.to_radians()) / (bessel / f64::from(steps)) + 0.09
}

/// "North" is 45°/√3 wide either way, "NE" 19° and "NNE" 11°, whatever the distance.
#[test]
fn a_direction_weighs_the_azimuth() {
    let bearings = [0.0, 30.0, 100.0, 200.0, 310.0];
    let places: Vec<(Position, f64)> = bearings
        .iter()
        .zip([1.0, 2.0, 1.0, 0.5, 3.0])
        .map(|(bearing, weight)| (polar(*bearing, 70.0), weight))
        .collect();
    let region = region(&places);
    let sites = list(vec![
        Site::new("at-0", polar(0.0, 20.0)),
        Site::new("at-45", polar(45.0, 150.0)),
        Site::new("at-180", polar(180.0, 5.0)),
    ]);
    for (wind, azimuth_deg, sd_deg) in
        [("north", 0.0, 45.0 / 3_f64.sqrt()), ("NE", 45.0, 19.0), ("NNE", 22.5, 11.0), ("SbW", 191.25, 11.0)]
    {
        let credit = |bearing: f64| wind_credit(bearing - azimuth_deg, sd_deg, 0.0);
        let total: f64 = places.iter().map(|(_, weight)| weight).sum();
        let expected: f64 =
            bearings.iter().zip(&places).map(|(bearing, (_, weight))| weight * credit(*bearing)).sum::<f64>() / total;
        let toward = Constraint::toward(point("x", origin()), wind.parse().expect("a wind"));
        let found = ratios(toward.clone(), &sites, &options(&region, Tempering::NONE));
        for (found, bearing) in found.iter().zip([0.0, 45.0, 180.0]) {
            assert_relative_eq!(*found, credit(bearing) / expected, max_relative = 1e-7);
        }
        // By default the square root, and no more than a factor of ten.
        let tempered = ratios(toward, &sites, &options(&region, Tempering::default()));
        for (tempered, stated) in tempered.iter().zip(&found) {
            assert_relative_eq!(*tempered, stated.sqrt().clamp(0.1, 10.0), max_relative = 1e-12);
        }
    }
}

/// Straight on the feature no direction tells; where site and feature are known to 3 and 4 km, 10 km away, the blur is half a
/// radian.
#[test]
fn close_to_a_feature_a_direction_tells_less() {
    let region = region(&[(polar(90.0, 100.0), 1.0)]);
    let vague = point("x", origin()).with_position_uncertainty(km(4.0));
    let sites = list(vec![
        Site::new("a", origin()),
        Site::new("b", polar(0.0, 10.0).with_uncertainty(km(3.0))),
        Site::new("c", polar(0.0, 10.0)),
    ]);
    let toward = Constraint::toward(vague, "N".parse().expect("a wind"));
    let found = ratios(toward.clone(), &sites, &options(&region, Tempering::NONE));
    // Of places of the region only the feature's own uncertainty counts.
    let sd_deg = 45.0 / 3_f64.sqrt();
    let expected = wind_credit(90.0, sd_deg, 0.04);
    assert_relative_eq!(found[0], 1.0 / expected, max_relative = 1e-7);
    assert_relative_eq!(found[1], wind_credit(0.0, sd_deg, 0.5) / expected, max_relative = 1e-7);
    assert_relative_eq!(found[2], wind_credit(0.0, sd_deg, 0.4) / expected, max_relative = 1e-7);

    let ranking = sites.rank(std::slice::from_ref(&toward), &options(&region, Tempering::NONE));
    let evidence = &ranking.get("b").expect("listed").evidence[0];
    assert_eq!((evidence.kind, evidence.position), ("direction", None));
    assert_abs_diff_eq!(evidence.azimuth_deg.expect("a direction"), 0.0, epsilon = 1e-6);
    assert_abs_diff_eq!(evidence.distance.expect("measured").km(), 10.0, epsilon = 1e-9);
    assert_eq!(toward.direction(), "north".parse().ok());
    assert_eq!(toward.to_string(), "north of x");
}

/// exp(−1.25·D/50 km), D the mean of the straight lines to y, 40 km north, and z, 100 km south.
#[test]
fn access_is_the_mean_of_the_ways() {
    let (y, z) = (polar(0.0, 40.0), polar(180.0, 100.0));
    let region = region(&[(origin(), 1.0), (polar(0.0, 60.0), 3.0), (polar(45.0, 90.0), 1.0)]);
    let access = |to: &[Position]| {
        let to = to.iter().zip(["y", "z"]).map(|(at, id)| point(id, *at).into()).collect();
        Constraint::access(to, 1.25, km(50.0)).expect("ways")
    };
    // On the line between both the mean is 70 km, at 20 km north of y 20 and 160 km: 90.
    let sites = list(vec![Site::new("between", polar(180.0, 30.0)), Site::new("beyond", polar(0.0, 60.0))]);
    let credit_of_mean = |mean_km: f64| f64::exp(-1.25 * mean_km / 50.0);
    let mean_km = |at: Position| f64::midpoint(at.distance_to(&y).km(), at.distance_to(&z).km());
    let expected = average(&region, |at| credit_of_mean(mean_km(at)));
    let found = ratios(access(&[y, z]), &sites, &options(&region, Tempering::NONE));
    assert_relative_eq!(found[0], credit_of_mean(70.0) / expected, max_relative = 1e-9);
    assert_relative_eq!(found[1], credit_of_mean(90.0) / expected, max_relative = 1e-9);
    assert_relative_eq!(found[0] / found[1], 0.5_f64.exp(), max_relative = 1e-9);

    // The same place twice is one place; a group is one argument, however many it has, and in any order.
    let twice = ratios(access(&[y, y]), &sites, &options(&region, Tempering::NONE));
    let once = ratios(access(&[y]), &sites, &options(&region, Tempering::NONE));
    assert_eq!(twice, once);
    assert_relative_eq!(once[0] / once[1], f64::exp(-1.25 * (70.0 - 20.0) / 50.0), max_relative = 1e-9);
    let (first, second) = (point("y", y), point("z", z));
    let turned = Constraint::access(vec![second.into(), first.into()], 1.25, km(50.0)).expect("ways");
    let said = [access(&[y, z]).with_id("one"), turned.with_id("other")];
    assert_eq!(sites.rank(&said, &options(&region, Tempering::NONE)).said_before, ["other"]);

    let ranking = sites.rank(&[access(&[y, z])], &options(&region, Tempering::default()));
    let evidence = &ranking.get("beyond").expect("listed").evidence[0];
    assert_abs_diff_eq!(evidence.distance.expect("the mean way").km(), 1.25 * 90.0, epsilon = 1e-9);
    assert_eq!((evidence.kind, evidence.nearest, evidence.azimuth_deg), ("access", None, None));
}

#[test]
fn access_that_leads_nowhere() {
    let reason = |to: Vec<Position>, detour: f64, scale: Length| {
        let to = to.into_iter().map(|at| point("y", at).into()).collect();
        Constraint::access(to, detour, scale).expect_err("no access").to_string()
    };
    assert_eq!(reason(Vec::new(), 1.2, km(1.0)), "no place to be connected to: expected at least one");
    for detour in [0.99, 0.0, -1.0, f64::NAN, f64::INFINITY] {
        let reason = reason(vec![origin()], detour, km(1.0));
        assert!(reason.ends_with("is no road factor: expected a finite number of 1 or more, such as 1.3"), "{reason}");
    }
    assert_eq!(reason(vec![origin()], 1.0, Length::ZERO), "'access' has a width of zero: expected more than zero");
}

fn logistic(distance_km: f64, midpoint_km: f64, scale_km: f64) -> f64 {
    1.0 / (1.0 + f64::exp((distance_km - midpoint_km) / scale_km))
}

/// Two of four sites have the tag, 30 km apart. Who has it is no neighbour of its own, unless that is wanted; a place of the
/// region is nobody's own.
#[test]
fn nearby_is_the_distance_to_the_nearest_other() {
    let sites = list(vec![
        Site::new("a", polar(0.0, 0.0)).with_tags(["battery"]),
        Site::new("b", polar(0.0, 30.0)).with_tags(["Battery", "other"]),
        Site::new("c", polar(0.0, 10.0)),
        Site::new("d", polar(180.0, 20.0)).with_tags(["batteries"]),
    ]);
    let region = region(&[(origin(), 1.0), (polar(0.0, 22.0), 1.0), (polar(180.0, 50.0), 2.0)]);
    let expected = (logistic(0.0, 12.0, 4.0) + logistic(8.0, 12.0, 4.0) + 2.0 * logistic(50.0, 12.0, 4.0)) / 4.0;
    for (include_self, distances_km) in [(false, [30.0, 30.0, 10.0, 20.0]), (true, [0.0, 0.0, 10.0, 20.0])] {
        let nearby = Constraint::nearby("BATTERY", km(12.0), km(4.0), include_self).expect("a scale");
        let found = ratios(nearby.clone(), &sites, &options(&region, Tempering::NONE));
        let ranking = sites.rank(&[nearby], &options(&region, Tempering::NONE));
        for ((site, found), distance_km) in sites.as_slice().iter().zip(found).zip(distances_km) {
            assert_relative_eq!(found, logistic(distance_km, 12.0, 4.0) / expected, max_relative = 1e-9);
            let evidence = &ranking.get(site.id()).expect("listed").evidence[0];
            assert_abs_diff_eq!(evidence.distance.expect("a neighbour").km(), distance_km, epsilon = 1e-9);
            assert!(evidence.nearest.is_some());
        }
    }
}

/// Where nobody has the tag nothing is said, under any tempering. Where one site alone has it, and is no neighbour of its own, it
/// has none.
#[test]
fn nobody_is_nearby() {
    let sites = list(vec![Site::new("a", origin()).with_tags(["radar"]), Site::new("b", polar(0.0, 30.0))]);
    let region = region(&[(polar(90.0, 10.0), 1.0), (polar(0.0, 50.0), 1.0)]);
    let nearby = |tag: &str| Constraint::nearby(tag, km(12.0), km(4.0), false).expect("a scale");
    for tempering in [Tempering::NONE, Tempering::default()] {
        assert_eq!(ratios(nearby("battery"), &sites, &options(&region, tempering)), [1.0, 1.0]);
    }
    let expected = f64::midpoint(logistic(10.0, 12.0, 4.0), logistic(50.0, 12.0, 4.0));
    let stated = logistic(30.0, 12.0, 4.0) / expected;
    let found = ratios(nearby("radar"), &sites, &options(&region, Tempering::NONE));
    assert_eq!(found[0], 0.0);
    assert_relative_eq!(found[1], stated, max_relative = 1e-9);
    let found = ratios(nearby("radar"), &sites, &options(&region, Tempering::default()));
    assert_relative_eq!(found[0], 0.1, max_relative = 1e-12);
    assert_relative_eq!(found[1], stated.sqrt().max(0.1), max_relative = 1e-9);
    let ranking = sites.rank(&[nearby("radar")], &options(&region, Tempering::default()));
    assert_eq!(ranking.get("a").expect("listed").evidence[0].distance, None);
    let error = Constraint::nearby("t", km(1.0), Length::ZERO, false).expect_err("no scale");
    assert_eq!(error.to_string(), "'nearby' has a width of zero: expected more than zero");
}

/// What is said as stated counts as it is, whatever the tempering; a distance always does.
#[test]
fn as_stated() {
    let sites = list(vec![Site::new("a", origin()).with_tags(["t"]), Site::new("b", polar(0.0, 30.0))]);
    let region = region(&[(polar(90.0, 10.0), 1.0), (polar(0.0, 50.0), 1.0)]);
    let attribute = Constraint::attribute("t", 400.0, 0.25).expect("ratios");
    let near = Constraint::near(point("x", origin()), km(5.0), km(2.0)).expect("a scale");
    let expected = average(&region, |at| logistic(at.distance_to(&origin()).km(), 5.0, 2.0));
    for tempering in [Tempering::default(), Tempering::NONE, Tempering::new(0.0, 1.0).expect("a tempering")] {
        let options = options(&region, tempering);
        let stated = ratios(attribute.clone().as_stated(), &sites, &options);
        assert_relative_eq!(stated[0], 400.0, max_relative = 1e-12);
        assert_relative_eq!(stated[1], 0.25, max_relative = 1e-12);
        let stated = ratios(near.clone().as_stated(), &sites, &options);
        assert_relative_eq!(stated[0], logistic(0.0, 5.0, 2.0) / expected, max_relative = 1e-9);
    }
    assert!(attribute.is_tempered() && near.is_tempered());
    assert!(!attribute.clone().as_stated().is_tempered());
    // Once tempered and once not is twice said; a distance is the same either way.
    let said_before = |said: [Constraint; 2]| {
        let [one, other] = said;
        let said = [one.with_id("one"), other.with_id("other")];
        sites.rank(&said, &options(&region, Tempering::default())).said_before
    };
    assert_eq!(said_before([attribute.clone().as_stated(), attribute.clone().as_stated()]), ["other"]);
    assert_eq!(said_before([attribute.clone(), attribute.clone().as_stated()]), [""; 0]);
    let claim: Claim = "about 30 km from X".parse().expect("a claim");
    let distance = Constraint::distance(&claim, point("x", origin()), &Reading::analyst());
    assert!(!distance.is_tempered());
    assert_eq!(said_before([distance.clone(), distance.as_stated()]), ["other"]);
}

/// `LR_used` = LR^exponent, within the cap either way.
#[test]
fn exponents_and_caps() {
    let sites = list(vec![Site::new("a", origin()).with_tags(["t"]), Site::new("b", polar(0.0, 30.0))]);
    let region = region(&[(polar(90.0, 10.0), 1.0)]);
    for (exponent, cap, present, absent) in [
        (0.5, 10.0, 3.0, 0.5),
        (0.25, 10.0, 3_f64.sqrt(), 0.5_f64.sqrt()),
        (1.0, 4.0, 4.0, 0.25),
        (1.0, f64::INFINITY, 9.0, 0.25),
        (1.0, 1.0, 1.0, 1.0),
        (0.0, 10.0, 1.0, 1.0),
    ] {
        let tempering = Tempering::new(exponent, cap).expect("a tempering");
        assert_eq!((tempering.exponent(), tempering.cap()), (exponent, cap));
        let attribute = Constraint::attribute("t", 9.0, 0.25).expect("ratios");
        let found = ratios(attribute, &sites, &options(&region, tempering));
        assert_relative_eq!(found[0], present, max_relative = 1e-12);
        assert_relative_eq!(found[1], absent, max_relative = 1e-12);
    }
    assert_eq!((Tempering::default().exponent(), Tempering::default().cap()), (0.5, 10.0));
    assert_eq!(Tempering::NONE, Tempering::new(1.0, f64::INFINITY).expect("a tempering"));
    assert_eq!(RankOptions::default().tempering(), Tempering::default());
    for (exponent, cap) in [(-0.1, 10.0), (1.1, 10.0), (f64::NAN, 10.0), (0.5, 0.99), (0.5, f64::NAN), (0.5, -1.0)] {
        let error = Tempering::new(exponent, cap).expect_err("no tempering");
        assert_eq!(
            error.to_string(),
            format!(
                "no tempering: expected an exponent from 0 to 1 and a cap of at least 1, found {exponent} and {cap}"
            )
        );
    }
}

/// λ of a source: a distance counts as f^λ·b^(1−λ), with b one over the diameter, a soft statement as LR^λ. Two of them, by a
/// source that is right nine times in ten: 0.9·(1/30)^λ·(1/200)^(1−λ)·2^λ + 0.1/200 for a at 95 km with the tag.
#[test]
fn a_source_whose_statements_lean_on_each_other() {
    let claim: Claim = "about 85 km from X".parse().expect("a claim");
    let region = region(&[(polar(0.0, 80.0), 1.0), (polar(0.0, 130.0), 1.0)]);
    assert_eq!(region.diameter(), km(200.0));
    let sites = list(vec![Site::new("a", polar(0.0, 95.0)).with_tags(["t"]), Site::new("b", polar(0.0, 80.0))]);
    for lambda in [1.0, 0.5, 0.25, 1e-6] {
        let source = by(0.9).with_tempering(lambda).expect("a power");
        assert_eq!(source.tempering(), lambda);
        let said = [
            Constraint::distance(&claim, point("x", origin()), &Reading::analyst()).with_source(source.clone()),
            Constraint::attribute("t", 4.0, 1.0).expect("ratios").with_source(source).with_id("tag"),
        ];
        let ranking = sites.rank(&said, &options(&region, Tempering::default()));
        let counted = |f: f64, ratio: f64| {
            0.9 * f.powf(lambda) * 200_f64.powf(lambda - 1.0) * f64::powf(ratio, lambda) + 0.1 / 200.0
        };
        let of = |id: &str| ranking.get(id).expect("listed").log_likelihood.exp();
        assert_relative_eq!(of("a"), counted(1.0 / 30.0, 2.0), max_relative = 1e-9);
        assert_relative_eq!(of("b"), counted(1.0 / 60.0, 1.0), max_relative = 1e-9);
        // The place at 130 km lies outside the band: nothing to any power is nothing.
        let none = f64::midpoint(counted(1.0 / 60.0, 1.0), 0.1 / 200.0);
        assert_relative_eq!(ranking.log_likelihood_none().exp(), none, max_relative = 1e-9);
    }
    for lambda in [0.0, -0.5, 1.01, f64::NAN] {
        let error = by(0.9).with_tempering(lambda).expect_err("no power");
        assert_eq!(error.to_string(), format!("{lambda} is no tempering: expected a number above 0 and at most 1"));
    }
}

/// The same feature under the same id in another atlas takes its place, destinations and all.
#[test]
fn features_of_another_atlas() {
    let sites = list(vec![Site::new("a", polar(0.0, 100.0))]);
    let region = region(&[(polar(0.0, 100.0), 1.0)]);
    let mut atlas = Atlas::new();
    atlas.insert(point("Y", polar(0.0, 20.0))).expect("an id of its own");
    let to = vec![point("y", origin()).into(), point("z", origin()).into()];
    let access = Constraint::access(to, 1.0, km(50.0)).expect("ways");
    let mean_km = |statement: &Constraint| {
        let ranking = sites.rank(std::slice::from_ref(statement), &options(&region, Tempering::default()));
        ranking.get("a").expect("listed").evidence[0].distance.expect("a way").km()
    };
    assert_abs_diff_eq!(mean_km(&access), 100.0, epsilon = 1e-9);
    let moved = access.with_features_of(&atlas).expect("it has one of them");
    assert_abs_diff_eq!(mean_km(&moved), 90.0, epsilon = 1e-9);
    let toward = Constraint::toward(point("z", origin()), "N".parse().expect("a wind"));
    assert!(toward.with_features_of(&atlas).is_none());
    assert!(Constraint::nearby("t", km(1.0), km(1.0), true).expect("a scale").with_features_of(&atlas).is_none());
}

/// A statement that holds at no place of the region and of some sites leaves numbers that are numbers, and the order that it says: here
/// a hard limit of 1 km, where every place is farther.
#[test]
fn what_no_place_of_the_region_satisfies() {
    let sites = list(vec![Site::new("a", origin()), Site::new("b", polar(0.0, 30.0)), Site::new("c", polar(0.0, 0.5))]);
    let region = region(&[(polar(90.0, 10.0), 1.0), (polar(0.0, 50.0), 1.0)]);
    let limit = Constraint::at_most(point("x", origin()), km(1.0), &Reading::literal());
    for (statement, reliability) in
        [(limit.clone(), 1.0), (limit.clone(), 0.5), (limit.clone().as_stated(), 1.0), (limit.as_stated(), 0.5)]
    {
        let said = [statement.with_source(by(reliability))];
        for tempering in [Tempering::default(), Tempering::NONE] {
            let ranking = sites.rank(&said, &options(&region, tempering));
            let sum: f64 = ranking.top(3).map(|ranked| ranked.posterior).sum::<f64>() + ranking.none_of_these;
            assert_abs_diff_eq!(sum, 1.0, epsilon = 1e-12);
            assert!(posterior(&ranking, "a") > posterior(&ranking, "b"), "{}", posterior(&ranking, "a"));
            assert_eq!(posterior(&ranking, "a"), posterior(&ranking, "c"));
            let top: Vec<&str> =
                sites.top_k(3, &said, &options(&region, tempering)).iter().map(|(site, _)| site.id()).collect();
            assert_eq!(top, ["a", "c", "b"]);
        }
    }
}
