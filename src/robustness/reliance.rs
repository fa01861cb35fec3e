//! What a place's posterior rests on: distances, or arguments about sites.

use std::fmt;

use serde::Serialize;

use super::Inquiry;
use super::sentences::{capitalised, percent};
use crate::constraint::Constraint;
use crate::rank::{Model, decibans};

/// What a place's posterior rests on.
///
/// Measured by its odds against everything else, rivals and *none of these* alike: what a part of what was said contributes is what
/// its leaving out takes away from them. Parts of one source share its fate, so they need not add up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reliance {
    /// The place.
    pub place: String,
    /// Its posterior.
    pub posterior: f64,
    /// The distances.
    pub distances: Contribution,
    /// The soft statements.
    pub soft_statements: Contribution,
    /// The soft statements of each source, in the order of the statements.
    pub by_source: Vec<SourceContribution>,
    /// Which of the two contributes more; none where it cannot be said.
    pub rests_on: Option<RestsOn>,
}

/// What a part of what was said contributes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Contribution {
    /// The place's posterior without the part.
    pub posterior_without: f64,
    /// By how much the part changes the place's odds against everything else, in decibans; none where either way there are no odds.
    pub decibans: Option<f64>,
}

/// What the soft statements of a source contribute.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SourceContribution {
    /// The source's id.
    pub source: String,
    /// What they contribute.
    #[serde(flatten)]
    pub contribution: Contribution,
}

/// What contributes more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RestsOn {
    /// Arguments about sites.
    SoftStatements,
    /// What was said about distances.
    Distances,
    /// Neither speaks for it.
    Neither,
}

impl Contribution {
    /// Whether leaving the part out changes nothing at all, as where there is none.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.decibans.is_some_and(|decibans| decibans == 0.0)
    }
}

impl Inquiry<'_> {
    /// For the first place, and the place of each site that the caller watches.
    pub(super) fn reliance(&self) -> Vec<Reliance> {
        let first = self.leader.as_ref().and_then(|leader| {
            self.base().iter().copied().find(|site| self.question.sites.as_slice()[*site].id() == leader.site)
        });
        let mut places: Vec<usize> = Vec::new();
        for site in first.into_iter().chain(self.called()) {
            let place = self.places.of_site(site);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places.into_iter().map(|place| self.reliance_of(place)).collect()
    }

    fn reliance_of(&self, place: usize) -> Reliance {
        let of_place = |keep: &dyn Fn(&Constraint) -> bool| {
            let model = Model::without_leaving_out(self.question.clone().retaining(keep));
            let posteriors = self.places.posteriors(&model);
            (posteriors.of_place(place), posteriors.ln_odds(place))
        };
        let (with_all, ln_odds) = of_place(&|_| true);
        let contribution = |keep: &dyn Fn(&Constraint) -> bool| {
            let (posterior_without, ln_odds_without) = of_place(keep);
            let change = decibans(ln_odds - ln_odds_without);
            Contribution { posterior_without, decibans: change.is_finite().then_some(change) }
        };
        let (soft_statements, distances) =
            (contribution(&Constraint::is_distance), contribution(&|constraint| !constraint.is_distance()));
        let by_source = self
            .ids(|posed| posed.constraint().source().id().to_owned())
            .into_iter()
            .filter(|id| self.question.posed.iter().any(|posed| is_soft_of(posed.constraint(), id)))
            .map(|id| {
                let contribution = contribution(&|constraint| !is_soft_of(constraint, &id));
                SourceContribution { source: id, contribution }
            })
            .collect();
        let rests_on = soft_statements.decibans.zip(distances.decibans).map(|(soft, distance)| {
            if soft <= 0.0 && distance <= 0.0 {
                RestsOn::Neither
            } else if soft > distance {
                RestsOn::SoftStatements
            } else {
                RestsOn::Distances
            }
        });
        let place = self.places.name(place).to_owned();
        Reliance { place, posterior: with_all, distances, soft_statements, by_source, rests_on }
    }
}

fn is_soft_of(constraint: &Constraint, source: &str) -> bool {
    !constraint.is_distance() && constraint.source().id() == source
}

impl fmt::Display for Reliance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = &self.place;
        let of = |part: &Contribution| match part.decibans {
            Some(decibans) => {
                // No sign of nothing.
                let change = if decibans.abs() < 0.05 { "0.0".to_owned() } else { format!("{decibans:+.1}") };
                format!("{} dB, {} without", change.replace('-', "\u{2212}"), percent(part.posterior_without))
            }
            None => format!("{} without", percent(part.posterior_without)),
        };
        let posterior = percent(self.posterior);
        let (soft, distances) = (&self.soft_statements, &self.distances);
        match self.rests_on {
            Some(RestsOn::SoftStatements) if distances.is_nothing() => {
                write!(f, "The {posterior} of {place} rest on soft statements alone")?;
            }
            Some(RestsOn::Distances) if soft.is_nothing() => {
                write!(f, "The {posterior} of {place} rest on the distance alone")?;
            }
            Some(RestsOn::SoftStatements) => {
                write!(f, "The {posterior} of {place} rest on soft statements more than on the distance")?;
            }
            Some(RestsOn::Distances) => {
                write!(f, "The {posterior} of {place} rest on the distance more than on soft statements")?;
            }
            Some(RestsOn::Neither) => write!(f, "Neither soft statements nor the distance speak for {place}")?,
            None => write!(f, "{} has {posterior}", capitalised(place))?,
        }
        match (soft.is_nothing(), distances.is_nothing()) {
            (true, true) => f.write_str(": what was said changes its odds by nothing.")?,
            (true, false) => write!(f, ": it changes its odds by {}.", of(distances))?,
            (false, true) => write!(f, ": they change its odds by {}.", of(soft))?,
            (false, false) => {
                write!(f, ": soft statements change its odds by {}; the distance by {}.", of(soft), of(distances))?;
            }
        }
        let sources: Vec<String> =
            self.by_source.iter().map(|part| format!("{} {}", part.source, of(&part.contribution))).collect();
        if sources.len() > 1 {
            write!(f, " Soft statements by source: {}.", sources.join("; "))?;
        }
        Ok(())
    }
}
