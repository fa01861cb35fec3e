//! What is said about distances is worth to none of these what it is worth, on average, to one place: all of it has to hold
//! there.

mod drawn;

use std::sync::Arc;

use approx::assert_relative_eq;
use drawn::{config, km};
use proptest::prelude::*;
use siteband::{
    Claim, Constraint, Feature, Length, Position, RankOptions, Reading, SearchRegion, Site, Sites, Source, Tempering,
};

fn at(lat_deg: f64, lon_deg: f64) -> Position {
    Position::new(lat_deg, lon_deg).expect("a position")
}

/// A region of a few places.
fn region(places: impl IntoIterator<Item = (Position, f64)>) -> SearchRegion {
    let place = |(number, (at, weight)): (usize, (Position, f64))| {
        Site::new(number.to_string(), at).with_prior(weight).expect("a weight")
    };
    let places = Sites::new(places.into_iter().enumerate().map(place).collect()).expect("ids of their own");
    SearchRegion::gazetteer(&places, Length::ZERO, None).expect("places")
}

fn says(number: u32, feature: &Arc<Feature>, reading: &Reading) -> Constraint {
    let claim: Claim = format!("about {number} km from X").parse().expect("a claim");
    Constraint::distance(&claim, Arc::clone(feature), reading)
}

/// A source that is wrong with this probability.
fn by(id: &str, wrong: f64) -> Source {
    Source::new(id, 1.0 - wrong).expect("a share")
}

/// The likelihood of everything said if no listed site is right.
fn of_none(said: &[Constraint], region: &SearchRegion) -> f64 {
    let options = RankOptions::default().with_search_region(region.clone()).with_tempering(Tempering::NONE);
    let sites = Sites::new(vec![Site::new("a", at(40.0, 126.0)).with_tags(["training"])]).expect("one site");
    sites.rank(said, &options).log_likelihood_none().exp()
}

/// Two places, 95 km north and south of x. One claim is about x, which both fit by 1/30; the other about a point 95 km north of
/// the northern place, which that one fits by 1/30, and the other, 285 km away, not at all. With ε = 0.1 and a diameter of 200
/// km: (0.0305·0.0305 + 0.0305·0.0005)/2. The product of the averages would be 0.0305·0.0155, the same; but where the second is
/// about the northern place and the first excludes it, it is (0.0305·0.0005 + 0.0005·0.0305)/2, and not 0.0155².
#[test]
fn no_place_but_one() {
    let x = at(39.0, 126.0);
    let (northern, southern) = (x.destination(0.0, km(95.0)), x.destination(180.0, km(95.0)));
    let region = region([(northern, 1.0), (southern, 1.0)]);
    assert!((region.diameter().km() - 200.0).abs() < 1e-3, "{}", region.diameter());
    let exact = |id: &str, at: Position| Arc::new(Feature::point(id, at.with_uncertainty(Length::ZERO)));
    let beyond = |id: &str, bearing_deg: f64, from: Position| exact(id, from.destination(bearing_deg, km(95.0)));
    let reading = Reading::analyst();
    let about = |feature: &Arc<Feature>, source: &str| says(85, feature, &reading).with_source(by(source, 0.1));
    let (both, north, south) = (exact("x", x), beyond("n", 0.0, northern), beyond("s", 180.0, southern));
    let found = of_none(&[about(&both, "one"), about(&north, "other")], &region);
    assert_relative_eq!(found, 0.0305 * 0.0155, max_relative = 1e-6);
    let found = of_none(&[about(&south, "one"), about(&north, "other")], &region);
    assert_relative_eq!(found, 0.0305 * 0.0005, max_relative = 1e-6);
    // By one source, which is wrong in both or in none: 0.1/200² is all that is left.
    let found = of_none(&[about(&south, "one"), about(&north, "one").with_id("one-2")], &region);
    assert_relative_eq!(found, 0.1 / 40_000.0, max_relative = 1e-6);
}

/// Two distance claims under two readings, by sources that are wrong with two probabilities, or by one whose statements lean on
/// each other, against the average worked out by hand.
fn agrees(
    region: &SearchRegion,
    numbers: (u32, u32),
    readings: &(Reading, Reading),
    (wrong, other_wrong, lambda): (f64, f64, f64),
) -> Result<(), TestCaseError> {
    let exact = |id: &str, at: Position| Arc::new(Feature::point(id, at));
    let (x, y) = (exact("x", at(39.04, 125.76)), exact("y", at(37.57, 126.98)));
    let (one, other) = (says(numbers.0, &x, &readings.0), says(numbers.1, &y, &readings.1));
    let arbitrary = 1.0 / region.diameter().km();
    let f = |constraint: &Constraint, at: Position| {
        let distance = constraint.feature().expect("a feature").nearest(at).distance;
        constraint.band().expect("a band").log_likelihood(distance, Length::ZERO).exp()
    };
    let average = |of_place: &dyn Fn(Position) -> f64| -> f64 {
        region.places().iter().zip(region.weights()).map(|(place, weight)| weight * of_place(*place)).sum()
    };
    let check = |said: &[Constraint], expected: f64| {
        let found = of_none(said, region);
        prop_assert!((found - expected).abs() <= 1e-9 * expected, "{} {}", found, expected);
        Ok(())
    };
    // The literal reading knows no wrong source.
    let is_certain = |reading: &Reading| reading.contamination().is_some();
    let (p, q) =
        (if is_certain(&readings.0) { 0.0 } else { wrong }, if is_certain(&readings.1) { 0.0 } else { other_wrong });
    let said = [one.clone().with_source(by("one", wrong)), other.clone().with_source(by("other", other_wrong))];
    let apart = average(&|at| ((1.0 - p) * f(&one, at) + p * arbitrary) * ((1.0 - q) * f(&other, at) + q * arbitrary));
    check(&said, apart)?;
    let near = Constraint::near(Arc::clone(&x), km(30.0), km(10.0)).expect("a scale");
    let tag = Constraint::attribute("training", 3.0, 0.5).expect("ratios");
    let beside = [near.with_source(by("one", wrong)).with_id("near"), tag.with_source(by("third", 0.5))];
    check(&[said.as_slice(), &beside].concat(), apart)?;

    let both = by("both", wrong).with_tempering(lambda).expect("a power");
    let said = [one.clone().with_source(both.clone()), other.clone().with_source(both).with_id("both-2")];
    let p = if is_certain(&readings.0) || is_certain(&readings.1) { 0.0 } else { wrong };
    let together = average(&|at| {
        let right = (f(&one, at) * f(&other, at)).powf(lambda) * arbitrary.powf(2.0 - 2.0 * lambda);
        (1.0 - p) * right + p * arbitrary.powi(2)
    });
    check(&said, together)
}

proptest! {
    #![proptest_config(config(100))]

    /// The average, over the places where it could be, of what distances are worth together: (1−ε)·f + ε/diameter for each of two
    /// sources; (1−ε)·f₁^λ·f₂^λ·b^(2−2λ) + ε·b², with b one over the diameter, for one source that says both. Soft statements
    /// beside them change nothing.
    #[test]
    fn none_of_these_is_at_one_place(
        places in prop::collection::vec((38.0..41.0, 125.0..128.0, 0.2..3.0), 1..30),
        numbers in (20_u32..250, 20_u32..250),
        readings in (0_usize..9, 0_usize..9),
        shares in (0.05..0.95, 0.05..0.95, 0.1..1.0),
    ) {
        let region = region(places.into_iter().map(|(lat_deg, lon_deg, weight)| (at(lat_deg, lon_deg), weight)));
        let named = Reading::named();
        agrees(&region, numbers, &(named[readings.0], named[readings.1]), shares)?;
    }
}
