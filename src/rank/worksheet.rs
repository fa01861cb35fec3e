//! What a ranking's numbers are worked out from, laid open for those who work them out again elsewhere.

use serde::Serialize;

use super::RankOptions;
use super::question::{Posed, Question, classes};
use crate::constraint::{Constraint, Gauge};
use crate::length::Length;
use crate::position::Position;
use crate::site::{Site, Sites};

/// Everything that priors and posteriors follow from, but for the bands: what each statement measures at each site, and at each place
/// where an unlisted site could be.
///
/// With ε the contamination of a source, `f` the density of a band at what is measured or a soft statement's likelihood ratio, λ the
/// source's tempering and `b` one over [`Worksheet::diameter_km`] for a distance, 1 for a soft statement, everything that one source said has
/// the likelihood `(1−ε)·Π f^λ·b^(1−λ) + ε·Π b`; see `docs/RANKING.md`.
///
/// # Example
/// ```
/// use siteband::{Reading, Scenario, Worked};
/// let scenario = Scenario::from_path("data/scenarios/sino-ri.toml".as_ref())?;
/// let sites = scenario.load_sites()?;
/// let worksheet = sites.worksheet(&scenario.constraints(&Reading::default()), scenario.options());
/// let Worked::Distance(distance) = &worksheet.statements[0].worked else { unreachable!("a distance claim") };
/// assert_eq!(distance.sites.distance_m.len(), sites.len());
/// assert_eq!(distance.places.distance_m.len(), worksheet.ln_shares.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Worksheet {
    /// The prior probability that no listed site is right.
    pub prior_none: f64,
    /// ln of each site's prior, given that one of them is right.
    pub ln_priors: Vec<f64>,
    /// How uncertain each site's position is: one standard deviation.
    pub uncertainties_m: Vec<f64>,
    /// The greatest distance within the search region.
    pub diameter_km: f64,
    /// Places that represent the search region.
    #[serde(skip)]
    pub places: Vec<Position>,
    /// ln of the share of the region that each of them stands for.
    pub ln_shares: Vec<f64>,
    /// The statements, those that only repeat among them.
    pub statements: Vec<WorkedStatement>,
}

/// One statement of a [`Worksheet`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkedStatement {
    /// Its id.
    pub id: String,
    /// The id of its source.
    pub source: String,
    /// Statements of one origin with the same number here say the same: only one of them counts.
    pub says: usize,
    /// Of these, the one with the least number here counts.
    pub precedence: usize,
    /// What it measures.
    pub worked: Worked,
}

/// What a statement measures.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Worked {
    /// Distances, to be held against a band.
    Distance(Box<WorkedDistance>),
    /// A soft statement: its likelihood ratio.
    Soft {
        /// ln of it for each site.
        log_likelihoods: Vec<f64>,
    },
}

/// What a distance claim measures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkedDistance {
    /// Whether a crossing or a way by road may have been meant.
    pub has_choice: bool,
    /// How much longer the road is, where that was said.
    pub road_factor: Option<f64>,
    /// At each site.
    pub sites: Distances,
    /// At each place of the search region.
    pub places: Distances,
}

/// Distances of many places, in their order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Distances {
    /// To the feature, in metres.
    pub distance_m: Vec<f64>,
    /// To the named crossing, in metres.
    pub crossing_m: Option<Vec<f64>>,
    /// ln of what the stated direction and side are worth, where there is one.
    pub ln_beside: Option<Vec<f64>>,
}

impl Sites {
    /// Measures everything that a ranking is worked out from.
    #[must_use]
    pub fn worksheet(&self, constraints: &[Constraint], options: &RankOptions) -> Worksheet {
        let (question, _) = Question::new(self, constraints, options);
        let question = question.measured();
        let statements = constraints
            .iter()
            .zip(classes(&constraints.iter().collect::<Vec<_>>(), constraints))
            .filter_map(|(constraint, (says, precedence))| {
                let posed = question.posed.get(says)?;
                Some(WorkedStatement {
                    id: constraint.id().to_owned(),
                    source: constraint.source().id().to_owned(),
                    says,
                    precedence,
                    worked: worked(posed, &question),
                })
            });
        Worksheet {
            prior_none: question.prior_none,
            ln_priors: (0..self.len()).map(|site| question.priors.ln(site)).collect(),
            uncertainties_m: self.as_slice().iter().map(|site| site.position().uncertainty().m()).collect(),
            diameter_km: question.region.as_ref().map_or(1.0, |region| region.diameter().km()),
            places: question.region.as_ref().map_or_else(Vec::new, |region| region.places().to_vec()),
            ln_shares: question.ln_shares.to_vec(),
            statements: statements.collect(),
        }
    }
}

fn worked(posed: &Posed, question: &Question<'_>) -> Worked {
    let constraint = posed.constraint();
    let sites = question.sites.as_slice();
    let of_sites = || posed.sites().iter().zip(sites.iter().map(|site: &Site| site.position().uncertainty()));
    if let Some((has_choice, road_factor)) = constraint.choice() {
        let of_places = || posed.places().iter().map(|gauge| (gauge, Length::ZERO));
        return Worked::Distance(Box::new(WorkedDistance {
            has_choice,
            road_factor,
            sites: distances(constraint, of_sites()),
            places: distances(constraint, of_places()),
        }));
    }
    let of_site = |(site, gauge): (&Site, &Gauge)| {
        constraint.log_likelihood(site, gauge, posed.ln_expectation, question.tempering)
    };
    Worked::Soft { log_likelihoods: sites.iter().zip(posed.sites()).map(of_site).collect() }
}

fn distances<'a>(constraint: &Constraint, of: impl Iterator<Item = (&'a Gauge, Length)>) -> Distances {
    let (mut distance_m, mut crossing_m, mut ln_beside) = (Vec::new(), Vec::new(), Vec::new());
    for (gauge, uncertainty) in of {
        distance_m.push(gauge.distance_m);
        crossing_m.extend(gauge.crossing_m);
        ln_beside.push(constraint.ln_beside(gauge, uncertainty));
    }
    let is_something = ln_beside.iter().any(|ln| *ln != 0.0);
    Distances {
        distance_m,
        crossing_m: (!crossing_m.is_empty()).then_some(crossing_m),
        ln_beside: is_something.then_some(ln_beside),
    }
}
