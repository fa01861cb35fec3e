//! A gazetteer as the search region: what *none of these* makes of claims.

use std::path::Path;

use approx::assert_abs_diff_eq;
use siteband::{
    Atlas, Claim, Constraint, Feature, Length, Position, RankOptions, Reading, Scenario, SearchRegion, Site, Sites,
    Source,
};

fn at(lat_deg: f64, lon_deg: f64) -> Position {
    Position::new(lat_deg, lon_deg).expect("valid")
}

fn km(km: f64) -> Length {
    Length::from_km(km).expect("valid")
}

/// ln of the likelihood of a claim under a literal reading if no listed site is right.
fn ln_none(claim: &str, feature: Feature, region: SearchRegion) -> f64 {
    let claim: Claim = claim.parse().expect("a claim");
    let source = Source::new("somebody", 1.0).expect("a reliability");
    let constraint = Constraint::distance(&claim, feature, &Reading::literal()).with_source(source);
    let sites = Sites::new(vec![Site::new("a", at(39.0, 126.0))]).expect("one site");
    sites.rank(&[constraint], &RankOptions::default().with_search_region(region)).log_likelihood_none()
}

/// "10 km" is taken as 9.5 to 10.5 km, at a density of one per kilometre. Of a normal distribution about the town itself,
/// exp(−½·(9.5/k)²) − exp(−½·(10.5/k)²) lies there.
#[test]
fn a_claim_about_the_town_itself() {
    let town = at(39.5, 125.5);
    let towns = Sites::new(vec![Site::new("town", town)]).expect("one town");
    for kernel_km in [5.0_f64, 10.0, 40.0] {
        let region = SearchRegion::gazetteer(&towns, km(kernel_km), None).expect("a region");
        let farther = |than_km: f64| (-0.5 * (than_km / kernel_km).powi(2)).exp();
        let expected = farther(9.5) - farther(10.5);
        let found = ln_none("10 km from Town", Feature::point("town", town), region).exp();
        assert_abs_diff_eq!(found, expected, epsilon = 3e-4);
    }
}

/// One town of weight 3 lies where a literal claim has a density of one per kilometre, one of weight 1 where it has none.
#[test]
fn prior_weights_count_in_a_ranking() {
    let [middle, west, east] = [at(39.5, 125.5), at(39.0, 124.0), at(41.0, 127.0)];
    let town = |id: &str, position: Position, prior: f64| Site::new(id, position).with_prior(prior).expect("a weight");
    for (first, second, share) in [(3.0, 1.0, 0.75_f64), (1.0, 1.0, 0.5), (1e-3, 1.0, 1.0 / 1001.0)] {
        let beside = middle.destination(90.0, km(10.0));
        let towns = Sites::new(vec![town("a", beside, first), town("b", west, second)]).expect("two towns");
        let region = SearchRegion::gazetteer(&towns, Length::ZERO, None).expect("a region");
        assert_abs_diff_eq!(
            ln_none("10 km from X", Feature::point("x", middle), region.clone()),
            share.ln(),
            epsilon = 1e-12
        );
        assert_eq!(ln_none("10 km from X", Feature::point("x", east), region), f64::NEG_INFINITY);
    }
}

/// However small the region, its likelihood is a number: that of its only place.
#[test]
fn regions_of_no_size_can_be_ranked_with() {
    let town = at(39.5, 125.5);
    let towns = Sites::new(vec![Site::new("town", town)]).expect("one town");
    let regions = [
        SearchRegion::gazetteer(&towns, Length::ZERO, None).expect("a region"),
        SearchRegion::around(town, Length::ZERO),
        SearchRegion::around(town, km(0.1)),
    ];
    // Ten kilometres from the town: a literal claim has a density of one per kilometre there.
    let feature = || Feature::point("x", town.destination(90.0, km(10.0)));
    for region in regions {
        assert_abs_diff_eq!(ln_none("10 km from X", feature(), region), 0.0, epsilon = 1e-12);
    }
}

/// What share of the surroundings of the North Korean places lies so far from the Chinese border: by drawing half a million places
/// with another program, on a conformal conic map.
#[test]
fn shares_by_distance_from_a_border() {
    let atlas = Atlas::bundled();
    let [border, country] = ["cn-kp", "north-korea"].map(|id| atlas.get(id).expect("bundled"));
    let towns = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sites/dprk-places.csv");
    let towns = Sites::from_path(&towns).expect("shipped places");
    for (kernel_km, below_20, from_70_to_120, tolerance) in
        [(0.0, 22.0 / 123.0, 19.0 / 123.0, 1e-12), (10.0, 0.1675, 0.1644, 2e-3), (40.0, 0.1144, 0.1652, 2e-3)]
    {
        let region = SearchRegion::gazetteer(&towns, km(kernel_km), Some(country)).expect("a region");
        let away_km: Vec<f64> = region.places().iter().map(|place| border.nearest(*place).distance.km()).collect();
        let share = |from_km: f64, to_km: f64| -> f64 {
            let counts = away_km.iter().zip(region.weights()).filter(|(km, _)| (from_km..to_km).contains(*km));
            counts.map(|(_, weight)| weight).sum()
        };
        assert_abs_diff_eq!(share(0.0, 20.0), below_20, epsilon = tolerance);
        assert_abs_diff_eq!(share(70.0, 120.0), from_70_to_120, epsilon = tolerance);
    }
}

/// The scenario's table is the region that the library makes of the list.
#[test]
fn a_scenario_names_a_gazetteer() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let towns = data.join("sites/dprk-places.csv");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gazetteer.toml");
    let text = format!(
        "search_region = 'north-korea'\ngazetteer = {{ places = '{}', kernel_km = 10 }}\n\
         [[source]]\nid = 's'\nreliability = 0.9\n[[claim]]\nsource = 's'\ntext = '85 km from the Chinese border'\n",
        towns.display()
    );
    std::fs::write(&file, text).expect("written");
    let scenario = Scenario::from_path(&file).expect("a scenario");
    assert_eq!(scenario.features().len(), 1, "the search region is no feature of a claim");
    let found = scenario.options().search_region().expect("a region");
    let name = "the surroundings (kernel 10.0 km) of the 127 places of dprk-places.csv, inside North Korea";
    assert_eq!(found.name(), name);

    let towns = Sites::from_path(&towns).expect("shipped places");
    let country = Atlas::bundled();
    let country = country.get("north-korea").expect("bundled");
    let expected = SearchRegion::gazetteer(&towns, km(10.0), Some(country)).expect("a region");
    assert_eq!((found.places(), found.weights()), (expected.places(), expected.weights()));
    assert_eq!(found.diameter(), country.diameter());
}
