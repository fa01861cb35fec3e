//! What a distance claim says beside its number: direction, side, another measure. Values worked by hand.

use std::sync::LazyLock;

use approx::{assert_abs_diff_eq, assert_relative_eq};
use siteband::{
    Atlas, Claim, Constraint, Feature, Length, Position, RankOptions, Reading, SearchRegion, Site, Sites, Source,
};

fn km(km: f64) -> Length {
    Length::from_km(km).expect("valid")
}

fn origin() -> Position {
    Position::new(10.0, 20.0).expect("valid").with_uncertainty(Length::ZERO)
}

fn point() -> Feature {
    Feature::point("x", origin())
}

fn claim(words: &str) -> Claim {
    words.parse().unwrap_or_else(|error| panic!("{words}: {error}"))
}

/// What H0 gets does not matter here: a small region is quick.
static OPTIONS: LazyLock<RankOptions> =
    LazyLock::new(|| RankOptions::default().with_search_region(SearchRegion::around(origin(), km(2.0))));

/// The likelihood, per kilometre, of a statement for one exact site.
fn likelihood(constraint: Constraint, at: Position) -> f64 {
    let certain = constraint.with_source(Source::new("s", 1.0).expect("a share"));
    let sites = Sites::new(vec![Site::new("a", at.with_uncertainty(Length::ZERO))]).expect("one site");
    let ranking = sites.rank(&[certain], &OPTIONS);
    ranking.get("a").expect("listed").log_likelihood.exp()
}

/// 0.91·exp(κ(cos θ − 1))/(I₀(κ)·e^−κ) + 0.09 times the density of the distance, with κ = 1/sd² and sd = 45°/√3 for north, 19° for
/// northeast, 11° for NNE; Bessel functions from `SciPy`.
#[test]
fn a_direction_weighs_the_azimuth() {
    for (words, off_deg, ratio) in [
        ("85 km north of X", 0.0, 4.975_271),
        ("85 km north of X", 45.0, 1.265_581),
        ("85 km north of X", 180.0, 0.090_291),
        ("85 km northeast of X", 0.0, 6.868_853),
        ("85 km NNE of X", 0.0, 11.915_566),
    ] {
        let claim = claim(words);
        let azimuth_deg = claim.direction().expect("stated").azimuth_deg() + off_deg;
        let at = origin().destination(azimuth_deg, km(85.0));
        let found = likelihood(Constraint::distance(&claim, point(), &Reading::literal()), at);
        // Under the literal reading the distance alone has a density of 1 per km.
        assert_relative_eq!(found, ratio, max_relative = 2e-5);
    }
}

/// Where the feature is known to no better than it is far, every direction is as good: κ falls to 1/(sd² + 100²).
#[test]
fn close_to_a_vague_feature_no_direction_counts() {
    let vague = point().with_position_uncertainty(km(8500.0));
    let claim = claim("85 km north of X");
    let found =
        likelihood(Constraint::distance(&claim, vague, &Reading::literal()), origin().destination(180.0, km(85.0)));
    assert_abs_diff_eq!(found, 1.0, epsilon = 1e-3);
}

/// With a crossing: 0.6 for the nearest point, 0.2 for the crossing, 0.2 for the way by road from there. Site at 85 km from the
/// line's nearest point and 100 km from the crossing: only the first fits "85 km". At 85 km from the crossing both could.
#[test]
fn another_measure_may_have_been_meant() {
    let line = |crossing: Feature| {
        Constraint::distance(&claim("85 km from X"), point(), &Reading::literal())
            .with_ways(Some(crossing.into()), Some(1.25))
            .expect("a factor")
    };
    let at = origin().destination(90.0, km(85.0));
    let far = Feature::point("bridge", at.destination(0.0, km(100.0)).with_uncertainty(Length::ZERO));
    assert_relative_eq!(likelihood(line(far), at), 0.6, max_relative = 1e-9);
    let near = Feature::point("bridge", at.destination(0.0, km(85.0)).with_uncertainty(Length::ZERO));
    assert_relative_eq!(likelihood(line(near), at), 0.8, max_relative = 1e-9);
    // 68 km to the crossing are 85 km by road.
    let road = Feature::point("bridge", at.destination(0.0, km(68.0)).with_uncertainty(Length::ZERO));
    assert_relative_eq!(likelihood(line(road), at), 0.8, max_relative = 1e-9);
    // Without a crossing its share goes to the nearest point; who says "in a straight line" means just that.
    let by_factor = |words: &str| {
        Constraint::distance(&claim(words), point(), &Reading::literal()).with_ways(None, Some(1.25)).expect("a factor")
    };
    assert_relative_eq!(likelihood(by_factor("85 km from X"), at), 0.8, max_relative = 1e-9);
    assert_relative_eq!(likelihood(by_factor("85 km in a straight line from X"), at), 1.0, max_relative = 1e-9);
    let error = Constraint::distance(&claim("85 km from X"), point(), &Reading::literal()).with_ways(None, Some(0.9));
    assert_eq!(
        error.expect_err("shorter than the straight line").to_string(),
        "0.9 is no road factor: expected a finite number of 1 or more, such as 1.3"
    );
}

/// Of two places on either bank of the Yalu, the side that the words name leaves one, and does not change it.
#[test]
fn the_side_is_part_of_the_claim() {
    let atlas = Atlas::bundled();
    let reading = Reading::default();
    let border = atlas.get("cn-kp").expect("bundled");
    let south = Position::new(40.316_252, 125.276_505).expect("valid");
    let nearest = border.nearest(south).position;
    let north = nearest.destination(straight_on(nearest, south), nearest.distance_to(&south));
    let values = |words: &str| {
        let constraint = Constraint::resolve(&claim(words), &atlas, &reading).unwrap_or_else(|error| panic!("{error}"));
        [south, north].map(|at| likelihood(constraint.clone(), at))
    };
    let [south_anywhere, north_anywhere] = values("27 km from the Chinese border");
    assert!(north_anywhere > 1e-3, "{north_anywhere}");
    for words in ["in North Korea, 27 km from the Chinese border", "27 km from the Chinese border, inside North Korea"]
    {
        let [south_inside, north_inside] = values(words);
        assert!(north_inside < 1e-9, "{words}: {north_inside}");
        assert_relative_eq!(south_inside, south_anywhere, max_relative = 1e-6);
    }
    let unknown = Constraint::resolve(&claim("in Mongolia, 27 km from the Chinese border"), &atlas, &reading);
    assert!(unknown.expect_err("no area of it").to_string().starts_with("'Mongolia'"));
    let line = Constraint::distance(&claim("27 km from X"), point(), &reading).with_side(point());
    assert!(line.expect_err("a point").to_string().contains("area"), "a point has no inside");
}

/// The azimuth straight on, from a place to its mirror image across another.
fn straight_on(middle: Position, from: Position) -> f64 {
    let shrink = middle.lat_deg().to_radians().cos();
    let (north, east) = (middle.lat_deg() - from.lat_deg(), (middle.lon_deg() - from.lon_deg()) * shrink);
    east.atan2(north).to_degrees()
}

/// "20 km inside North Korea" is 20 km from its outline, and not 20 km out in China.
#[test]
fn inside_and_outside_are_distances_to_the_edge() {
    let atlas = Atlas::bundled();
    let area = atlas.get("north-korea").expect("bundled");
    let inside = Position::new(40.316_252, 125.276_505).expect("valid");
    let edge = area.nearest_boundary(inside);
    let outside = edge.position.destination(straight_on(edge.position, inside), edge.distance);
    for (relation, right, wrong) in [("inside", inside, outside), ("outside", outside, inside)] {
        let words = format!("about {:.0} km {relation} North Korea", area.nearest_boundary(right).distance.km());
        let value = |at: Position| {
            likelihood(Constraint::resolve(&claim(&words), &atlas, &Reading::default()).expect("bundled"), at)
        };
        assert!(value(right) > 0.01, "{words}: {}", value(right));
        assert!(value(wrong) < 1e-9, "{words}: {}", value(wrong));
    }
}

/// A claim may name two sides: outside one area and in another. Neither replaces the other.
#[test]
fn two_sides_both_hold() {
    let atlas = Atlas::bundled();
    let north = atlas.get("north-korea").expect("bundled");
    let near_border = Position::new(40.316_252, 125.276_505).expect("valid");
    let edge = north.nearest_boundary(near_border);
    let across = edge.position.destination(straight_on(edge.position, near_border), edge.distance);
    let words = format!("about {:.0} km outside North Korea", north.nearest_boundary(across).distance.km());
    let outside = || Constraint::distance(&claim(&words), std::sync::Arc::clone(north), &Reading::default());
    assert!(likelihood(outside(), across) > 0.01);
    let contradicts = outside().with_side(std::sync::Arc::clone(north)).expect("an area");
    for at in [across, near_border] {
        assert!(likelihood(contradicts.clone(), at) < 1e-9);
    }
}
