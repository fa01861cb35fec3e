//! What a source may say, and how likely it is to say it.

use rand::RngExt;
use rand_pcg::Pcg64;
use siteband::{Constraint, Reading};

use crate::menu::Menus;
use crate::world::{Seen, World, km};

/// What is known of sites beside where they are.
pub(crate) const TAGS: [&str; 2] = ["fenced", "paved"];

/// A statement as it was made, for those who compute its likelihood themselves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Content {
    /// So many km from a feature, as the words have it.
    Distance { feature: usize, said_km: f64 },
    /// One of two that exclude each other.
    Place { about: About, first: bool },
    /// About a tag: how many times likelier than of an unlisted place, with it and without.
    Tag { tag: &'static str, with: f64, without: f64 },
}

/// What a source speaks of, before it is known what it says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Topic {
    Distance {
        feature: usize,
        wording: usize,
    },
    Place(About),
    /// One of two statements is made of a share of unlisted places, and of so many times more sites with the tag and without; else
    /// the other.
    Tag {
        tag: &'static str,
        share: f64,
        with: f64,
        without: f64,
    },
}

/// What a soft statement about location is about, in km. Each has an opposite, and a source that is right says one of them: the first
/// with the probability that is its credit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum About {
    /// Near a feature, or away from it.
    Nearness { feature: usize, midpoint_km: f64, scale_km: f64 },
    /// Inside the area, or outside.
    Side { edge_km: f64 },
    /// At most so far from a feature, or at least.
    Limit { feature: usize, limit_km: f64 },
}

impl About {
    /// The probability of the first statement, by the formulas of the documentation.
    pub(crate) fn credit(&self, seen: &Seen) -> f64 {
        let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
        match *self {
            Self::Nearness { feature, midpoint_km, scale_km } => {
                logistic((midpoint_km - seen.distances_km[feature]) / scale_km)
            }
            Self::Side { edge_km } => logistic(-seen.outline_km / edge_km),
            Self::Limit { feature, limit_km } => {
                let mixture = *Reading::default().parameters().expect("a mixture");
                let abs_km = (mixture.source_abs_m / 1000.0).min(mixture.source_abs_share * limit_km);
                // The border is known to a kilometre, points are exact.
                let feature_km: f64 = if feature == 0 { 1.0 } else { 0.0 };
                let tau_km = abs_km.hypot(mixture.source_relative * limit_km).hypot(feature_km);
                let x = (limit_km - seen.distances_km[feature]) / tau_km;
                0.5 * libm::erfc(-x / 2_f64.sqrt())
            }
        }
    }

    /// The average of the credit over the region.
    pub(crate) fn expected(&self, world: &World) -> f64 {
        world.seen.iter().zip(world.region.weights()).map(|(seen, weight)| weight * self.credit(seen)).sum()
    }

    fn constraint(self, first: bool, world: &World) -> Constraint {
        let feature = |at: usize| world.scene.features[at].clone();
        let area = || world.scene.area.clone();
        match (self, first) {
            (Self::Nearness { feature: at, midpoint_km, scale_km }, true) => {
                Constraint::near(feature(at), km(midpoint_km), km(scale_km)).expect("a scale")
            }
            (Self::Nearness { feature: at, midpoint_km, scale_km }, false) => {
                Constraint::away_from(feature(at), km(midpoint_km), km(scale_km)).expect("a scale")
            }
            (Self::Side { edge_km }, true) => Constraint::inside(area(), km(edge_km)).expect("an area"),
            (Self::Side { edge_km }, false) => Constraint::outside(area(), km(edge_km)).expect("an area"),
            (Self::Limit { feature: at, limit_km }, true) => {
                Constraint::at_most(feature(at), km(limit_km), &Reading::default())
            }
            (Self::Limit { feature: at, limit_km }, false) => {
                Constraint::at_least(feature(at), km(limit_km), &Reading::default())
            }
        }
    }
}

/// Of what a source speaks: the true place, as far as it shows in what the source says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shows<'a> {
    /// What the place measures, to a source that is right.
    pub(crate) seen: &'a Seen,
    /// Whether the source is wrong: then numbers are arbitrary.
    pub(crate) wrong: bool,
    /// Whether soft statements about location are made as often as over the whole region.
    pub(crate) soft_by_region: bool,
    /// The tags of the site; none for an unlisted place, and for a source that is wrong.
    pub(crate) tags: Option<&'a [String]>,
}

impl Topic {
    /// Half of all statements are distances.
    pub(crate) fn new(feature: usize, tag: &'static str, random: &mut Pcg64) -> Self {
        match random.random_range(0..8) {
            0..4 => Self::Distance { feature, wording: random.random_range(0..Menus::WORDINGS) },
            4 => {
                let midpoint_km = random.random_range(30.0..250.0);
                let scale_km = random.random_range(0.1..0.5) * midpoint_km;
                Self::Place(About::Nearness { feature, midpoint_km, scale_km })
            }
            5 => Self::Place(About::Side { edge_km: random.random_range(2.0..30.0) }),
            6 => Self::Place(About::Limit { feature, limit_km: random.random_range(30.0..300.0) }),
            _ => {
                let share: f64 = random.random_range(0.1..0.6);
                // With the tag up to nearly always; without it less often than of an unlisted place.
                let with = 0.98 * random.random_range(1.0..1.0 / share);
                Self::Tag { tag, share, with, without: random.random_range(0.1..1.0) }
            }
        }
    }

    /// What is said.
    pub(crate) fn say(
        self,
        shows: Shows<'_>,
        world: &World,
        menus: &Menus,
        random: &mut Pcg64,
    ) -> (Constraint, Content) {
        match self {
            Self::Distance { feature, wording } => {
                let menu = menus.of(wording, feature);
                let number =
                    if shows.wrong { menu.wrong(random) } else { menu.right(shows.seen.distances_km[feature], random) };
                let about = world.scene.features[feature].clone();
                let constraint = Constraint::distance(&menu.claim(number), about, &Reading::default());
                (constraint, Content::Distance { feature, said_km: menu.km(number) })
            }
            Self::Place(about) => {
                let share = if shows.soft_by_region { about.expected(world) } else { about.credit(shows.seen) };
                let first = random.random_bool(share.clamp(0.0, 1.0));
                (about.constraint(first, world), Content::Place { about, first })
            }
            Self::Tag { tag, share, with, without } => {
                let ratio = match shows.tags {
                    Some(tags) if tags.iter().any(|own| own == tag) => with,
                    Some(_) => without,
                    None => 1.0,
                };
                let first = random.random_bool(share * ratio);
                let other = |ratio: f64| (1.0 - share * ratio) / (1.0 - share);
                let (with, without) = if first { (with, without) } else { (other(with), other(without)) };
                let constraint = Constraint::attribute(tag, with, without).expect("ratios above zero");
                (constraint, Content::Tag { tag, with, without })
            }
        }
    }
}
