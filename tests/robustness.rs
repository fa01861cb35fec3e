//! How far a ranking can be trusted, worked by hand on small questions.
//!
//! Most of them are asked of [`World`]: everything lies due north of one point, where distances along the meridian add up, and an
//! unlisted site could be at two places only, so that averages are sums of two terms.

mod drawn;
#[path = "robustness/draws.rs"]
mod draws;
#[path = "robustness/flags.rs"]
mod flags;
#[path = "robustness/front.rs"]
mod front;
#[path = "robustness/laws.rs"]
mod laws;
#[path = "robustness/reliance.rs"]
mod reliance;
#[path = "robustness/same.rs"]
mod same;
#[path = "robustness/tipping.rs"]
mod tipping;
#[path = "robustness/ways.rs"]
mod ways;
#[path = "robustness/what_ifs.rs"]
mod what_ifs;
#[path = "robustness/words.rs"]
mod words;

use approx::assert_relative_eq;
use drawn::km;
use siteband::{
    Atlas, Claim, Constraint, Feature, Leader, Length, Position, RankOptions, Reading, Robustness, RobustnessOptions,
    SearchRegion, Site, Sites, Source, Tempering, WhatIf,
};

/// So many kilometres north of the point that everything is measured from.
fn north(distance_km: f64) -> Position {
    let origin = Position::new(39.0, 126.0).expect("a position");
    if distance_km < 0.0 {
        origin.destination(180.0, km(-distance_km))
    } else {
        origin.destination(0.0, km(distance_km))
    }
}

/// The point that everything is measured from, moved north.
fn point(id: &str, moved_km: f64) -> Feature {
    Feature::point(id, north(moved_km).with_uncertainty(Length::ZERO))
}

fn site(id: &str, distance_km: f64) -> Site {
    Site::new(id, north(distance_km).with_uncertainty(Length::ZERO))
}

fn list(sites: Vec<Site>) -> Sites {
    Sites::new(sites).expect("ids of their own")
}

fn by(id: &str, reliability: f64) -> Source {
    Source::new(id, reliability).expect("a share")
}

fn distance(words: &str, feature: Feature, reading: &Reading) -> Constraint {
    let claim: Claim = words.parse().expect("a claim");
    Constraint::distance(&claim, feature, reading)
}

/// "about 85 km", as the sceptic takes it: the trapezoid (70, 90, 100, 120) with 1/30 per km at the top.
fn about_85() -> Constraint {
    distance("about 85 km from X", point("x", 0.0), &Reading::analyst())
}

/// A site with the tag is so many times likelier, as stated.
fn tagged(tag: &str, ratio: f64) -> Constraint {
    Constraint::attribute(tag, ratio, 1.0).expect("a ratio").as_stated()
}

/// A region of places so many kilometres north. Up to 200 km apart, its diameter counts as 200 km.
fn places(distances_km: &[f64]) -> SearchRegion {
    let places = distances_km.iter().map(|distance_km| site(&format!("at {distance_km}"), *distance_km)).collect();
    SearchRegion::gazetteer(&list(places), Length::ZERO, None).expect("places")
}

/// A question, with the options of its ranking and of the report.
struct World {
    sites: Sites,
    said: Vec<Constraint>,
    options: RankOptions,
    report: RobustnessOptions,
}

impl World {
    /// Of these sites, with a prior of 0.2 for none of these, which could be 80 or 130 km north, and no draws.
    fn new(sites: Vec<Site>, said: Vec<Constraint>) -> Self {
        Self {
            sites: list(sites),
            said,
            options: RankOptions::default().with_search_region(places(&[80.0, 130.0])),
            report: RobustnessOptions { draws: 0, ..RobustnessOptions::default() },
        }
    }

    /// Site a is 95 km away and b 80 km; "about 85 km", by a source that is right nine times in ten:
    ///
    /// | | likelihood | weight |
    /// |---|---|---|
    /// | a | 0.9/30 + 0.1/200 = 0.0305 | 0.4 of it: 0.0122 |
    /// | b | 0.9/60 + 0.1/200 = 0.0155 | 0.4 of it: 0.0062 |
    /// | none of these | 0.9·(1/60 + 0)/2 + 0.1/200 = 0.008 | 0.2 of it: 0.0016 |
    ///
    /// The weights sum to 0.02, and the posteriors are 0.61, 0.31 and 0.08.
    fn two_sites() -> Self {
        Self::new(vec![site("a", 95.0), site("b", 80.0)], vec![about_85().with_source(by("report", 0.9))])
    }

    fn with(mut self, said: impl IntoIterator<Item = Constraint>) -> Self {
        self.said.extend(said);
        self
    }

    fn report(&self) -> Robustness {
        self.sites.robustness(&self.said, &self.options, &self.report)
    }
}

/// Site a of [`World::two_sites`] with one tag, and b with another.
fn two_tagged_sites(tag_of_a: &str, tag_of_b: &str) -> Vec<Site> {
    vec![site("a", 95.0).with_tags([tag_of_a]), site("b", 80.0).with_tags([tag_of_b])]
}

/// To nine digits: distances are good to a nanometre or so.
fn assert_close(found: f64, expected: f64) {
    assert_relative_eq!(found, expected, max_relative = 1e-9);
}

fn place(leader: Option<&Leader>) -> &str {
    leader.expect("a first place").place.as_str()
}

/// Checks a what-if: its words, and the posteriors of its leader and of none of these, given the weights of places and of none.
fn assert_what_if(what_if: &WhatIf, words: &str, leader: &str, weight: f64, weights: &[f64], none: f64) {
    let total: f64 = weights.iter().sum::<f64>() + none;
    assert_eq!((what_if.assumption.as_str(), place(what_if.leader.as_ref())), (words, leader));
    assert_close(what_if.leader.as_ref().expect("a first place").posterior, weight / total);
    assert_close(what_if.none_of_these, none / total);
    assert!(!what_if.contradiction);
}

fn decibans(ratio: f64) -> f64 {
    10.0 * ratio.log10()
}
