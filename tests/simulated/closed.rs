//! Posteriors computed plainly, without the library's ranking: of the model itself, and of other rules with all else the same.
//!
//! ```text
//! L(site) = Π_sources [(1−ε)·Π f + ε·Π b],   L(none) = Σ_places w·Π_sources [(1−ε)·Π f + ε·Π b]
//! ```
//!
//! with f(D) and b = 1/diameter for distances, f = LR and b = 1 for soft statements, which do not count for none.

use siteband::{Band, Reading, Tempering};

use crate::menu::DIAMETER_KM;
use crate::question::{Question, Statement};
use crate::statement::Content;
use crate::world::{Seen, km};

/// What a number allows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    Reading(Reading),
    /// Anything within so many per cent of the number, all alike, whatever the words around it.
    Percent(f64),
}

/// The rules that compete with the model: every hard band that has a name, and what people draw on maps. `literal` itself takes every
/// source for right; here it has the source's contamination like the others.
pub(crate) fn rivals() -> Vec<(String, Rule)> {
    let readings = [
        Reading::literal(),
        Reading::rounded(),
        Reading::best_practice(),
        Reading::analyst(),
        Reading::wieczorek_2004(),
        Reading::frazier_2004(),
    ];
    let named = readings.map(|reading| (format!("`{}`", reading.name()), Rule::Reading(reading)));
    let percent = [5.0, 10.0, 20.0, 30.0].map(|percent| (format!("±{percent} %"), Rule::Percent(percent)));
    named.into_iter().chain(percent).collect()
}

/// f over the distance, per km.
enum Density {
    Band(Band),
    Window { from_km: f64, to_km: f64 },
}

impl Density {
    fn new(rule: Rule, statement: &Statement, said_km: f64) -> Self {
        match rule {
            Rule::Reading(reading) => {
                let constraint = &statement.constraint;
                let (claim, feature) = (constraint.claim().expect("a claim"), constraint.feature().expect("a feature"));
                Self::Band(reading.band_about(claim, feature))
            }
            Rule::Percent(percent) => {
                let share = percent / 100.0;
                Self::Window { from_km: said_km * (1.0 - share), to_km: said_km * (1.0 + share) }
            }
        }
    }

    fn per_km(&self, distance_km: f64) -> f64 {
        match self {
            Self::Band(band) => band.likelihood_per_km(km(distance_km)),
            Self::Window { from_km, to_km } if (*from_km..=*to_km).contains(&distance_km) => 1.0 / (to_km - from_km),
            Self::Window { .. } => 0.0,
        }
    }
}

/// A statement, with what does not depend on the place.
struct Weighed<'a> {
    statement: &'a Statement,
    density: Option<Density>,
    /// E[g] over the region.
    expected: f64,
}

impl<'a> Weighed<'a> {
    fn new(statement: &'a Statement, question: &Question<'_>, rule: Rule) -> Self {
        let (density, expected) = match statement.content {
            Content::Distance { said_km, .. } => (Some(Density::new(rule, statement, said_km)), 1.0),
            Content::Place { about, .. } => (None, about.expected(question.world)),
            Content::Tag { .. } => (None, 1.0),
        };
        Self { statement, density, expected }
    }

    fn arbitrary(&self) -> f64 {
        if self.density.is_some() { 1.0 / DIAMETER_KM } else { 1.0 }
    }

    /// f of a place that is on no list; nothing where it does not count.
    fn of_place(&self, seen: &Seen) -> Option<f64> {
        match (self.statement.content, &self.density) {
            (Content::Distance { feature, .. }, Some(density)) => Some(density.per_km(seen.distances_km[feature])),
            _ => None,
        }
    }

    fn of_site(&self, seen: &Seen, tags: &[String], tempering: Tempering) -> f64 {
        let ratio = match self.statement.content {
            Content::Distance { .. } => return self.of_place(seen).expect("a density"),
            Content::Place { about, first: true } => about.credit(seen) / self.expected,
            Content::Place { about, first: false } => (1.0 - about.credit(seen)) / (1.0 - self.expected),
            Content::Tag { tag, with, .. } if tags.iter().any(|own| own == tag) => with,
            Content::Tag { without, .. } => without,
        };
        ratio.powf(tempering.exponent()).clamp(1.0 / tempering.cap(), tempering.cap())
    }
}

/// The posterior of every site and, last, of none of these.
pub(crate) fn posterior(question: &Question<'_>, rule: Rule, tempering: Tempering) -> Vec<f64> {
    let weighed: Vec<Weighed<'_>> =
        question.statements.iter().map(|statement| Weighed::new(statement, question, rule)).collect();
    let likelihood = |f: &dyn Fn(&Weighed<'_>) -> Option<f64>| -> f64 {
        let of_source = |(source, wrong): (usize, &f64)| {
            let members = weighed.iter().filter(|weighed| weighed.statement.source == source);
            let counted = members.filter_map(|weighed| f(weighed).map(|f| (f, weighed.arbitrary())));
            let (right, arbitrary) = counted.fold((1.0, 1.0), |(right, arbitrary), (f, b)| (right * f, arbitrary * b));
            (1.0 - wrong) * right + wrong * arbitrary
        };
        question.wrong.iter().enumerate().map(of_source).product()
    };
    let sites = question.sites.as_slice().iter().zip(&question.seen).zip(&question.priors);
    let mut joint: Vec<f64> = sites
        .map(|((site, seen), prior)| prior * likelihood(&|weighed| Some(weighed.of_site(seen, site.tags(), tempering))))
        .collect();
    let places = question.world.seen.iter().zip(question.world.region.weights());
    let none: f64 = places.map(|(seen, weight)| weight * likelihood(&|weighed| weighed.of_place(seen))).sum();
    joint.push(question.prior_none * none);
    let sum: f64 = joint.iter().sum();
    joint.iter().map(|joint| joint / sum).collect()
}
