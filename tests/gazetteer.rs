//! A gazetteer as the search region: what *none of these* makes of claims.

use approx::assert_abs_diff_eq;
use siteband::{Claim, Constraint, Feature, Length, Position, RankOptions, Reading, SearchRegion, Site, Sites, Source};

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
