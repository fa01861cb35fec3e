//! The smallest changes that change the first place, where a tie has a closed form.

use super::*;
use siteband::TippingPoint;

pub(super) fn point_of<'a>(points: &'a [TippingPoint], parameter: &str) -> &'a TippingPoint {
    let names: Vec<&str> = points.iter().map(|point| point.parameter.as_str()).collect();
    points
        .iter()
        .find(|point| point.parameter == parameter)
        .unwrap_or_else(|| panic!("{parameter} is not in {names:?}"))
}

/// Where a number ties, and who is first beyond.
pub(super) fn assert_tips(point: &TippingPoint, value: f64, tips_at: f64, then: &str) {
    assert_close(point.value, value);
    let found = point.tips_at.expect("a change");
    // Twenty halvings of a step: a millionth of a twentieth of a scale's standard deviation.
    assert_relative_eq!(found, tips_at, max_relative = 1e-6);
    assert_eq!(point.then.as_deref(), Some(then), "{}", point.parameter);
}

pub(super) fn assert_never(point: &TippingPoint) {
    assert_eq!((point.tips_at, point.then.as_deref(), point.is_plausible), (None, None, false), "{point:?}");
}

fn logit(share: f64) -> f64 {
    (share / (1.0 - share)).ln()
}

/// The middle 90 % of a normal distribution.
const PLAUSIBLE_SD: f64 = 1.645;

fn point_x() -> Feature {
    point("x", 0.0)
}

/// None of these ties at π·0.008 = (1 − π)·0.0305/2: π = 0.01525/0.02325. Neither the source nor its number puts b
/// before a: see below for the number.
#[test]
fn a_lead_that_rests_on_the_number_alone() {
    let report = World::two_sites().report();
    let names: Vec<&str> = report.tipping_points.iter().map(|point| point.parameter.as_str()).collect();
    assert_eq!(names, ["prior for none of these", "reliability of report", "number of report-1, in km"]);
    let prior = point_of(&report.tipping_points, "prior for none of these");
    assert_tips(prior, 0.2, 0.01525 / 0.02325, "none of these");
    assert_eq!((prior.plausible, prior.is_plausible, prior.unit), ((0.05, 0.5), false, None));
    assert_never(point_of(&report.tipping_points, "reliability of report"));
}

/// With one place at 80 km none of these is worth 0.0155: it ties at π = 0.01525/(0.01525 + 0.0155) = 0.496, which is plausible.
/// From a prior of 0.9, at which it leads, the first place ties by a fall to there.
#[test]
fn the_prior_for_none_of_these() {
    let mut world = World::two_sites();
    world.options = world.options.with_search_region(places(&[80.0]));
    let tie = 0.01525 / 0.03075;
    let report = world.report();
    let prior = point_of(&report.tipping_points, "prior for none of these");
    assert_tips(prior, 0.2, tie, "none of these");
    assert!(prior.is_plausible);
    world.options = world.options.with_none_of_these(0.9).expect("a prior");
    let report = world.report();
    assert_tips(point_of(&report.tipping_points, "prior for none of these"), 0.9, tie, "a");

    // A group counts as one: 0.4·(0.0305 + 0.0155)/2 against b's 0.4·0.0155, and it ties at π·0.008 = (1 − π)·0.0115.
    let pair = vec![site("a", 95.0).with_group("g"), site("c", 80.0).with_group("g"), site("b", 80.0)];
    let report = World::new(pair, World::two_sites().said).report();
    assert_tips(point_of(&report.tipping_points, "prior for none of these"), 0.2, 0.0115 / 0.0195, "none of these");

    // Where none of these is impossible, no prior below one makes it first.
    let certain = vec![about_85().with_source(by("report", 1.0))];
    let mut world = World::new(vec![site("a", 95.0)], certain);
    world.options = world.options.with_search_region(places(&[10.0]));
    assert_never(&world.report().tipping_points[0]);
}

/// Against b speaks a tag of ratio R, of a source that is never wrong; a ties where r/30 + (1−r)/200 = R·(r/60 + (1−r)/200), that
/// is at r = 3·(R−1)/(17 − 7·R).
#[test]
fn the_reliability_at_which_two_sites_tie() {
    for (ratio, is_plausible) in [(1.95_f64, true), (1.8, false), (1.5, false), (1.05, false)] {
        let mut world = World::two_sites().with([tagged("t", ratio).with_source(by("certain", 1.0))]);
        world.sites = list(two_tagged_sites("s", "t"));
        let report = world.report();
        assert_eq!(place(report.leader.as_ref()), "a");
        let point = point_of(&report.tipping_points, "reliability of report");
        let tie = 3.0 * (ratio - 1.0) / (17.0 - 7.0 * ratio);
        assert_tips(point, 0.9, tie, "b");
        assert_eq!(point.is_plausible, is_plausible, "{tie}");
        let share = |on_scale: f64| 1.0 / (1.0 + (-on_scale).exp());
        let reach = PLAUSIBLE_SD * 0.8;
        assert_close(point.plausible.0, share(logit(0.9) - reach));
        assert_close(point.plausible.1, share(logit(0.9) + reach));
    }
}

/// A source that was called certain ties where it is doubted enough.
#[test]
fn a_certain_source_can_be_doubted() {
    // b's tag counts with 1.5·r + (1 − r) = 1 + r/2 against a's 0.0305/0.0155 of the report... from the other side: a tag of
    // ratio 4 puts b first, 4·r + 1 − r = 305/155 takes that back: r = 150/465.
    let mut world = World::two_sites().with([tagged("t", 4.0).with_source(by("certain", 1.0))]);
    world.sites = list(two_tagged_sites("s", "t"));
    let report = world.report();
    assert_eq!(place(report.leader.as_ref()), "b");
    let point = point_of(&report.tipping_points, "reliability of certain");
    assert_tips(point, 1.0, 150.0 / 465.0, "a");
    assert!(!point.is_plausible && point.plausible.1 <= 1.0, "{point:?}");
}

/// One source says the distance and a tag of b's with a ratio of 3, another favours a by a tag with a ratio of R. Nobody is
/// wrong: with λ, a : b = (1/30)^λ·R : (1/60·3)^λ, which ties at (3/2)^λ = R; for a ratio of 1.2 at λ = 0.4497, below one
/// argument's 1/2, for 1.4 at 0.8298.
#[test]
fn the_tempering_at_which_two_sites_tie() {
    for (ratio, is_plausible) in [(1.4_f64, true), (1.2, false)] {
        let said = vec![
            about_85().with_source(by("report", 1.0)),
            tagged("t", 3.0).with_source(by("report", 1.0)).with_id("report-2"),
            tagged("s", ratio).with_source(by("expert", 1.0)),
        ];
        let report = World::new(two_tagged_sites("s", "t"), said).report();
        assert_eq!(place(report.leader.as_ref()), "b");
        let point = point_of(&report.tipping_points, "tempering of report");
        assert_tips(point, 1.0, ratio.ln() / 1.5_f64.ln(), "a");
        assert_eq!((point.plausible, point.is_plausible), ((0.5, 1.0), is_plausible));
    }
}

/// A ratio R for b's tag, of a source that is right with probability r, ties at r·R + 1 − r = 0.0305/0.0155.
#[test]
fn the_likelihood_ratio_at_which_two_sites_tie() {
    for (ratio, reliability, first, then) in [(1.5, 1.0, "a", "b"), (3.0, 1.0, "b", "a"), (2.0, 0.8, "a", "b")] {
        let mut world = World::two_sites().with([tagged("t", ratio).with_source(by("expert", reliability))]);
        world.sites = list(two_tagged_sites("s", "t"));
        let report = world.report();
        assert_eq!(place(report.leader.as_ref()), first);
        let point = point_of(&report.tipping_points, "likelihood ratio of expert-1");
        let tie = (305.0 / 155.0 - 1.0 + reliability) / reliability;
        assert_tips(point, ratio, tie, then);
        assert_close(point.plausible.0, ratio * f64::exp(-PLAUSIBLE_SD * 0.7));
        assert_close(point.plausible.1, ratio * f64::exp(PLAUSIBLE_SD * 0.7));
        assert!(point.is_plausible);
    }
    // ln(40/1.97) is 4.3 standard deviations of 0.7 away: possible, and not plausible.
    let mut world = World::two_sites().with([tagged("t", 40.0).with_source(by("expert", 1.0))]);
    world.sites = list(two_tagged_sites("s", "t"));
    let report = world.report();
    let point = point_of(&report.tipping_points, "likelihood ratio of expert-1");
    assert_tips(point, 40.0, 305.0 / 155.0, "a");
    assert!(!point.is_plausible);
}

/// The ratio for the absence of a tag is a number of its own: b lacks it, and ties where 1/absent = 0.0305/0.0155 the other way
/// round.
#[test]
fn the_ratio_of_absence() {
    let absent = Constraint::attribute("s", 1.0, 2.5).expect("ratios").as_stated();
    let mut world = World::two_sites().with([absent.with_source(by("expert", 1.0))]);
    world.sites = list(two_tagged_sites("s", "t"));
    let report = world.report();
    assert_eq!(place(report.leader.as_ref()), "b");
    let point = point_of(&report.tipping_points, "likelihood ratio for the absence of the tag of expert-1");
    assert_tips(point, 2.5, 305.0 / 155.0, "a");
    // And the same for its presence: 2.5/R.
    let point = point_of(&report.tipping_points, "likelihood ratio of expert-1");
    assert_tips(point, 1.0, 2.5 / (305.0 / 155.0), "a");
}

/// A ratio of 4 for b's tag ties at 4^e = 0.0305/0.0155, whatever the exponent was.
#[test]
fn the_soft_exponent_at_which_two_sites_tie() {
    let tie = f64::ln(305.0 / 155.0) / 4_f64.ln();
    for (exponent, then) in [(0.5, "a"), (1.0, "a"), (0.2, "b"), (0.0, "b")] {
        let tag = Constraint::attribute("t", 4.0, 1.0).expect("a ratio");
        let mut world = World::two_sites().with([tag.with_source(by("expert", 1.0))]);
        world.sites = list(two_tagged_sites("s", "t"));
        world.options = world.options.with_tempering(Tempering::new(exponent, 10.0).expect("a tempering"));
        let report = world.report();
        let point = point_of(&report.tipping_points, "exponent of soft statements");
        approx::assert_abs_diff_eq!(point.value, exponent);
        approx::assert_abs_diff_eq!(point.tips_at.expect("a tie"), tie, epsilon = 1e-6);
        assert_eq!((point.then.as_deref(), point.plausible, point.is_plausible), (Some(then), (0.0, 1.0), true));
    }
}

/// Where everything soft counts as it is stated, no exponent does.
#[test]
fn no_exponent_of_what_is_not_tempered() {
    let mut world = World::two_sites().with([tagged("t", 4.0).with_source(by("expert", 1.0))]);
    world.sites = list(two_tagged_sites("s", "t"));
    let report = world.report();
    assert!(report.tipping_points.iter().all(|point| !point.parameter.contains("exponent")));
}

/// "Near Y": g = 1/(1 + exp((D − m)/s)). a is 30 km from Y, b 15 km. b is first while the ratio of their credits exceeds
/// K = 0.0305/0.0155: with u = exp(−m/s), (1 + u·e^(30/s))/(1 + u·e^(15/s)) = K at u = (K − 1)/(e^(30/s) − K·e^(15/s)).
#[test]
fn midpoint_and_scale_of_a_soft_statement() {
    let k = 305.0 / 155.0;
    let near = Constraint::near(point("y", 65.0), km(20.0), km(10.0)).expect("a scale").as_stated();
    let report = World::two_sites().with([near.with_source(by("expert", 1.0))]).report();
    assert_eq!(place(report.leader.as_ref()), "b");
    let point = point_of(&report.tipping_points, "midpoint of expert-1");
    let tie = -10.0 * ((k - 1.0) / (3_f64.exp() - k * 1.5_f64.exp())).ln();
    assert_tips(point, 20.0, tie, "a");
    assert_eq!(point.unit, Some("km"));
    assert_close(point.plausible.1, 20.0 * f64::exp(PLAUSIBLE_SD * 0.3));
    // At the scale where it ties the two credits have that ratio.
    let point = point_of(&report.tipping_points, "scale of expert-1");
    let tie = point.tips_at.expect("a tie");
    assert_relative_eq!((1.0 + f64::exp(10.0 / tie)) / (1.0 + f64::exp(-5.0 / tie)), k, max_relative = 1e-5);
    assert_eq!((point.value, point.then.as_deref()), (10.0, Some("a")));
}

/// A hard "at least 90 km" rules b out; a limit of 80 km or less lets it in, and more than 95 km rules out a as well. The nearer
/// of both by logarithm: 95/90.
#[test]
fn the_limit_of_a_soft_statement() {
    let limit = Constraint::at_least(point("x", 0.0), km(90.0), &Reading::literal()).as_stated();
    let mut world = World::two_sites().with([limit.with_source(by("expert", 0.5))]);
    // b is so likely beforehand that it is first as soon as the limit tells nothing: 3·0.0155 against 0.0305.
    let b = site("b", 80.0).with_prior(3.0).expect("a weight");
    world.sites = list(vec![site("a", 95.0), b]);
    let report = world.report();
    assert_eq!(place(report.leader.as_ref()), "a");
    let point = point_of(&report.tipping_points, "limit of expert-1");
    assert_tips(point, 90.0, 95.0, "b");
    assert!(point.is_plausible);
    assert_close(point.plausible.0, 90.0 * f64::exp(-PLAUSIBLE_SD * 0.1));
}

/// Access falls as exp(−D/s), D being `detour` times the way: a is 30 km and b 15 km from Y, so b leads by exp(15·detour/50) over
/// a's K, and a ties at a detour of 50·ln K/15.
#[test]
fn the_detour_of_access() {
    let k: f64 = 305.0 / 155.0;
    let access = Constraint::access(vec![point("y", 65.0).into()], 2.5, km(50.0)).expect("ways").as_stated();
    let report = World::two_sites().with([access.with_source(by("expert", 1.0))]).report();
    assert_eq!(place(report.leader.as_ref()), "b");
    assert_tips(point_of(&report.tipping_points, "detour of expert-1"), 2.5, 50.0 * k.ln() / 15.0, "a");
    assert_tips(point_of(&report.tipping_points, "scale of expert-1"), 50.0, 2.5 * 15.0 / k.ln(), "a");
    // A detour is no less than one: at 1, what is plausible ends there.
    let access = Constraint::access(vec![point("y", 65.0).into()], 1.0, km(50.0)).expect("ways").as_stated();
    let report = World::two_sites().with([access.with_source(by("expert", 1.0))]).report();
    assert_eq!(point_of(&report.tipping_points, "detour of expert-1").plausible.0, 1.0);
}

/// "About n km" for other n, as the sceptic takes them: from 75 to 84 it is (60, 80, 100, 120), under which both sites are as
/// good and a is first by its id; 74 is (30, 50, 70, 90), which leaves a out. Upward a stays ahead. Half of what "about 85"
/// allows lies from 70 + √300 = 87.3 to 102.7 km, and the number itself is plausible in any case.
#[test]
fn the_number_said() {
    let report = World::two_sites().report();
    let point = point_of(&report.tipping_points, "number of report-1, in km");
    assert_eq!((point.value, point.tips_at, point.then.as_deref()), (85.0, Some(74.0), Some("b")));
    assert_eq!((point.plausible, point.is_plausible), ((85.0, 102.0), false));
    // A range has no number that could be moved.
    let range = distance("80 to 90 km from X", point_x(), &Reading::analyst()).with_source(by("report", 0.9));
    let report = World::new(vec![site("a", 95.0), site("b", 80.0)], vec![range]).report();
    assert!(report.tipping_points.iter().all(|point| !point.parameter.starts_with("number")));
}

/// The number to half a unit: of sites at 84 and 86 km "85 km" fits neither, and both equally; a claim of 86 km puts the second
/// first.
#[test]
fn one_step_of_the_number_is_plausible() {
    let said = |km: u32| {
        distance(&format!("about {km} km from X"), point_x(), &Reading::rounded()).with_source(by("report", 0.9))
    };
    // 84 is no multiple of 5: 83.5 to 84.5 km. 83 and below leave both sites out, and 85 is 82.5 to 87.5.
    let report = World::new(vec![site("a", 84.0), site("b", 86.0)], vec![said(84)]).report();
    let point = point_of(&report.tipping_points, "number of report-1, in km");
    assert_eq!((point.value, point.tips_at, point.then.as_deref()), (84.0, Some(86.0), Some("b")));
    // The middle half of 82.5 to 87.5 is 83.75 to 86.25: 84 to 86 are plausible, and 86 puts b first.
    let report = World::new(vec![site("a", 84.0), site("b", 86.0)], vec![said(85)]).report();
    let point = point_of(&report.tipping_points, "number of report-1, in km");
    assert_eq!((point.value, point.tips_at, point.then.as_deref()), (85.0, Some(86.0), Some("b")));
    assert_eq!((point.plausible, point.is_plausible), ((84.0, 86.0), true));
}

/// With the point x km farther, a's 95 + x falls off the core at 100 as (25 − x)/20, and b's 80 + x climbs as (10 + x)/20: they
/// tie at 7.5 km. That is plausible where the position is uncertain by 5 km (1.645·5 = 8.2), not where by 4 (6.6).
#[test]
fn how_far_a_feature_has_to_move() {
    for (uncertainty_km, is_plausible) in [(5.0, true), (4.0, false)] {
        let vague = point_x().with_name("the point").with_position_uncertainty(km(uncertainty_km));
        let said = distance("about 85 km from X", vague, &Reading::analyst()).with_source(by("report", 0.9));
        let report = World::new(vec![site("a", 95.0), site("b", 80.0)], vec![said]).report();
        let point = point_of(&report.tipping_points, "distance of every site from the point, as the data have it");
        assert_eq!((point.value, point.unit), (0.0, Some("km more")));
        assert_relative_eq!(point.tips_at.expect("a tie"), 7.5, max_relative = 1e-6);
        assert_eq!((point.then.as_deref(), point.is_plausible), (Some("b"), is_plausible));
        assert_close(point.plausible.1, PLAUSIBLE_SD * uncertainty_km);
        assert_close(point.plausible.0, -PLAUSIBLE_SD * uncertainty_km);
    }
    let exact = World::two_sites().report();
    assert!(exact.tipping_points.iter().all(|point| !point.parameter.starts_with("distance")));
}

/// Inside an area whose outline may be x km farther: a lies 2 km inside, b 3 km outside, and b is 1.2 times as likely beforehand.
/// They tie at (1 + e^(3 + x))/(1 + e^(x − 2)) = 1.2, at x = −4.60: then the outline has passed both.
#[test]
fn how_far_an_outline_has_to_move() {
    let (west, east, south, edge) = (125.0, 127.0, north(-50.0).lat_deg(), north(50.0).lat_deg());
    let ring = vec![(west, south), (east, south), (east, edge), (west, edge), (west, south)];
    let area = Feature::new("area", geo::Polygon::new(geo::LineString::from(ring), vec![]).into()).expect("an area");
    let area = area.with_position_uncertainty(km(1.0));
    // The northern edge is a geodesic, which bends north of its parallel: measured from where it is.
    let at_edge = area.nearest_boundary(north(50.0));
    let middle_km = 50.0 + at_edge.distance.km();
    let inside = Constraint::inside(area.clone(), km(1.0)).expect("an area").as_stated().with_source(by("one", 1.0));
    let b = site("b", middle_km + 3.0).with_prior(1.2).expect("a weight");
    let report = World::new(vec![site("a", middle_km - 2.0), b], vec![inside]).report();
    assert_eq!(place(report.leader.as_ref()), "a");
    let point = point_of(&report.tipping_points, "distance of every site from area, as the data have it");
    let tie = -((3_f64.exp() - 1.2 * (-2_f64).exp()) / 0.2).ln();
    assert_relative_eq!(point.tips_at.expect("a tie"), tie, max_relative = 1e-5);
    assert_eq!(point.then.as_deref(), Some("b"));
}

/// The mixture's likelihood f is linear in the share φ of numbers whose digits say nothing: two sites whose other odds are K tie
/// at a₀ + φ·(a₁ − a₀) = K·(b₀ + φ·(b₁ − b₀)), where a₀ is f for the first with φ = 0, and so on.
#[test]
fn a_parameter_of_the_reading() {
    let claim: Claim = "about 85 km from X".parse().expect("a claim");
    let f = |share: f64, at_km: f64| {
        let reading = Reading::mixture_prior().with_spurious_precision(share).expect("a share");
        reading.band_about(&claim, &point_x()).likelihood_per_km(km(at_km))
    };
    // At φ = 0.35 the sites are 0.0798 and 0.0167 per km; a tag of 5.2 puts b first, and less doubt puts a first.
    let ratio = 5.2;
    let said = distance("about 85 km from X", point_x(), &Reading::mixture_prior()).with_source(by("report", 1.0));
    let said = vec![said, tagged("t", ratio).with_source(by("expert", 1.0))];
    let sites = vec![site("a", 85.0), site("b", 94.0).with_tags(["t"])];
    let report = World::new(sites, said).report();
    assert_eq!(place(report.leader.as_ref()), "b");
    let [a0, a1, b0, b1] = [f(0.0, 85.0), f(1.0, 85.0), f(0.0, 94.0), f(1.0, 94.0)];
    let tie = (ratio * b0 - a0) / (a1 - a0 - ratio * (b1 - b0));
    assert!((0.0..0.35).contains(&tie), "{tie}");
    let point = point_of(&report.tipping_points, "share of numbers whose digits say nothing");
    assert_tips(point, 0.35, tie, "a");
    assert_close(logit(point.plausible.1), logit(0.35) + PLAUSIBLE_SD * 0.4);
    assert_eq!(point.is_plausible, logit(0.35) - logit(tie) < PLAUSIBLE_SD * 0.4);
    // Hard readings have no such numbers; nor has the prior mixture what its parameters are zero for.
    let names: Vec<&str> = report.tipping_points.iter().map(|point| point.parameter.as_str()).collect();
    assert!(
        names.contains(&"how well a source knows a distance") && !names.contains(&"share of claims that are far off")
    );
}

/// Every number that was put in lies within what is plausible for it, whatever it is.
#[test]
fn numbers_are_plausible_themselves() {
    for reliability in [0.0, 0.001, 0.5, 0.999, 1.0] {
        let said = vec![
            about_85().with_source(by("report", reliability)),
            Constraint::near(point("y", 65.0), Length::ZERO, km(10.0))
                .expect("a scale")
                .with_source(by("report", reliability))
                .with_id("near"),
            Constraint::at_most(point("y", 65.0), Length::ZERO, &Reading::default()).with_source(by("expert", 0.5)),
        ];
        for point in World::two_sites().with(said).report().tipping_points {
            let (low, high) = point.plausible;
            assert!(low <= point.value && point.value <= high, "{point:?}");
        }
    }
}
