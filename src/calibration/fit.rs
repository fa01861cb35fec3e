//! Fits a mixture to claims whose truth is known, by maximum likelihood.

use argmin::core::{CostFunction, Error, Executor, State};
use argmin::solver::neldermead::NelderMead;
use serde::Serialize;

use super::{Observation, ln_mixed, log_likelihoods};
use crate::reading::{Loose, Mixture, Reading};

/// A reading whose parameters were fitted.
#[derive(Clone, Debug, Serialize)]
pub struct Fit {
    /// The reading with its new parameters.
    pub reading: Reading,
    /// ε: the share of claims that are simply wrong, fitted with them.
    pub contamination: f64,
    /// Each parameter that was free, with its uncertainty.
    pub parameters: Vec<FittedParameter>,
    /// The mean log score on the training part, in nats per claim.
    pub log_score: f64,
    /// How many claims it was fitted to.
    pub count: usize,
}

/// A free parameter after the fit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FittedParameter {
    /// Its name, with the unit.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// Its standard error, by leaving out each twentieth of the groups in turn.
    pub standard_error: f64,
}

/// A fit that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reading} cannot be fitted: {reason}")]
pub struct FitError {
    /// The name of the reading.
    pub reading: &'static str,
    /// What is missing.
    pub reason: String,
}

/// Fits the free parameters of a reading to claims, from the parameters that it has.
///
/// For a mixture these are how well a source knows (absolute and relative), the shares and reaches of spurious, loose and gross
/// claims, and the extent of a feature; for a truncating one the shares and reaches of loose and gross claims. The share of claims
/// that are simply wrong is fitted with them. The share of mix-ups of units stays: they come in blocks, one publisher's, so that a
/// fit to claims would count one slip many times.
///
/// # Errors
/// [`FitError`] if the reading has no free parameters, or there are fewer than 40 claims.
pub fn fit(start: &Reading, training: &[&Observation]) -> Result<Fit, FitError> {
    const FEWEST: usize = 40;
    let refuse = |reason: String| Err(FitError { reading: start.name(), reason });
    let Some(mixture) = start.parameters() else {
        return refuse("it has no free parameters".to_owned());
    };
    if training.len() < FEWEST {
        return refuse(format!("{} claims to learn from: expected {FEWEST} or more", training.len()));
    }
    let problem = Problem { start: *start, mixture: *mixture, observations: training.to_vec() };
    let failed = |error: Error| FitError { reading: start.name(), reason: error.to_string() };
    // The likelihood has more than one hill: climb from the reading as it is, and from one with long slips.
    let long = Mixture {
        spurious_precision: 0.1,
        loose: Loose { share: 0.15, reach_m: 20_000.0, ..mixture.loose },
        gross: Loose { share: 0.05, reach_m: 40_000.0, factor: 6.0, ..mixture.gross },
        ..*mixture
    };
    let hills = [mixture, &long].map(|start| problem.solve(&problem.free(start), 0.5));
    let hills = hills.into_iter().collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let best =
        hills.into_iter().min_by(|a, b| problem.mean_loss(a).total_cmp(&problem.mean_loss(b))).unwrap_or_default();

    let without: Vec<u64> = (0..20).collect();
    let replicates = crate::batch::map(&without, |part| {
        let observations = training.iter().copied().filter(|observation| observation.twentieth() != *part).collect();
        let fewer = Problem { observations, ..problem.clone() };
        fewer.solve(&best, 0.1).map(|free| fewer.named(&free))
    });
    let replicates = replicates.into_iter().collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let parameters = problem
        .named(&best)
        .into_iter()
        .enumerate()
        .map(|(at, (name, value))| {
            let values: Vec<f64> = replicates.iter().map(|replicate| replicate[at].1).collect();
            FittedParameter { name, value, standard_error: jackknife(&values) }
        })
        .collect();
    let (mixture, contamination) = problem.bound(&best);
    let log_score = -problem.mean_loss(&best);
    Ok(Fit { reading: start.with_parameters(mixture), contamination, parameters, log_score, count: training.len() })
}

/// The standard error from estimates that each leave out one of so many parts.
#[allow(clippy::cast_precision_loss, reason = "twenty parts")]
fn jackknife(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    ((count - 1.0) / count * values.iter().map(|value| (value - mean).powi(2)).sum::<f64>()).sqrt()
}

#[derive(Clone)]
struct Problem<'a> {
    start: Reading,
    mixture: Mixture,
    observations: Vec<&'a Observation>,
}

/// Bounds for what the claims do not decide, such as how far a slip reaches that none of them makes: a thousand kilometres, a
/// factor of a hundred.
const GREATEST_M: f64 = 1e6;
const GREATEST_FACTOR: f64 = 99.0;

fn within(ln_value: f64, greatest: f64) -> f64 {
    ln_value.exp().min(greatest)
}

/// Logarithms of shares relative to what they leave of one.
fn log_odds<const N: usize>(shares: [f64; N]) -> [f64; N] {
    let rest = 1.0 - shares.iter().sum::<f64>();
    shares.map(|share| (share.max(1e-4) / rest).ln())
}

fn shares<const N: usize>(log_odds: [f64; N]) -> [f64; N] {
    let odds = log_odds.map(f64::exp);
    let sum = 1.0 + odds.iter().sum::<f64>();
    odds.map(|odds| odds / sum)
}

impl Problem<'_> {
    /// The free parameters, unbounded.
    fn free(&self, mixture: &Mixture) -> Vec<f64> {
        let Mixture { loose, gross, .. } = mixture;
        let [contamination] = log_odds([0.04]);
        if self.mixture.truncated {
            let [l, g] = log_odds([loose.share, gross.share]);
            return vec![
                loose.fade_m.ln(),
                loose.reach_m.ln(),
                (gross.reach_m / loose.reach_m - 1.0).ln(),
                (gross.factor - 1.0).ln(),
                l,
                g,
                contamination,
            ];
        }
        let [s, l, g] = log_odds([mixture.spurious_precision, loose.share, gross.share]);
        vec![
            mixture.source_abs_m.ln(),
            mixture.source_relative.ln(),
            loose.reach_m.max(1000.0).ln(),
            (gross.factor.max(2.0) - 1.0).ln(),
            mixture.extent_m.max(1000.0).ln(),
            s,
            l,
            g,
            contamination,
        ]
    }

    /// The parameters, within their bounds, and the contamination.
    fn bound(&self, free: &[f64]) -> (Mixture, f64) {
        let [contamination] = shares([free[free.len() - 1]]);
        if self.mixture.truncated {
            let [loose, gross] = shares([free[4], free[5]]);
            let reach_m = within(free[1], GREATEST_M);
            let mixture = Mixture {
                loose: Loose { share: loose, fade_m: within(free[0], GREATEST_M), reach_m, factor: 1.0 },
                gross: Loose {
                    share: gross,
                    reach_m: reach_m * (1.0 + within(free[2], GREATEST_FACTOR)),
                    factor: 1.0 + within(free[3], GREATEST_FACTOR),
                    ..self.mixture.gross
                },
                ..self.mixture
            };
            return (mixture, contamination);
        }
        let [spurious_precision, loose, gross] =
            shares([free[5], free[6], free[7]]).map(|share| share * (1.0 - self.mixture.mixed_up));
        let mixture = Mixture {
            spurious_precision,
            loose: Loose { share: loose, reach_m: within(free[2], GREATEST_M), ..self.mixture.loose },
            gross: Loose { share: gross, factor: 1.0 + within(free[3], GREATEST_FACTOR), ..self.mixture.gross },
            source_abs_m: within(free[0], GREATEST_M),
            source_relative: within(free[1], 1.0),
            extent_m: within(free[4], GREATEST_M),
            ..self.mixture
        };
        (mixture, contamination)
    }

    fn named(&self, free: &[f64]) -> Vec<(&'static str, f64)> {
        let (mixture, contamination) = self.bound(free);
        let mut named = vec![
            ("loose.share", mixture.loose.share),
            ("loose.reach_m", mixture.loose.reach_m),
            ("gross.share", mixture.gross.share),
            ("gross.factor", mixture.gross.factor),
        ];
        if mixture.truncated {
            named.extend([("loose.fade_m", mixture.loose.fade_m), ("gross.reach_m", mixture.gross.reach_m)]);
        } else {
            named.extend([
                ("spurious_precision", mixture.spurious_precision),
                ("source_abs_m", mixture.source_abs_m),
                ("source_relative", mixture.source_relative),
                ("extent_m", mixture.extent_m),
            ]);
        }
        named.push(("contamination", contamination));
        named
    }

    /// The mean of minus the log score.
    #[allow(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
    fn mean_loss(&self, free: &[f64]) -> f64 {
        let (mixture, contamination) = self.bound(free);
        let reading = self.start.with_parameters(mixture);
        let log_likelihoods = log_likelihoods(&reading, &self.observations);
        let scores = log_likelihoods.iter().map(|log_likelihood| ln_mixed(*log_likelihood, contamination));
        -scores.sum::<f64>() / log_likelihoods.len() as f64
    }

    /// The likeliest parameters: simplex upon simplex, each around the best so far, until one brings nothing.
    fn solve(&self, start: &[f64], size: f64) -> Result<Vec<f64>, Error> {
        const LEAST_GAIN: f64 = 1e-5;
        let (mut best, mut loss) = (start.to_vec(), self.mean_loss(start));
        for round in 0..12 {
            // Up and down in turn, so that no round repeats the last.
            let step = if round % 2 == 0 { size } else { -size };
            let corner = |at: usize| {
                let mut corner = best.clone();
                corner[at] += step;
                corner
            };
            let simplex = std::iter::once(best.clone()).chain((0..best.len()).map(corner)).collect();
            let solver = NelderMead::new(simplex).with_sd_tolerance(1e-7)?;
            let result = Executor::new(self.clone(), solver).configure(|state| state.max_iters(600)).run()?;
            let found = result.state().get_best_param().cloned().unwrap_or_else(|| best.clone());
            let gain = loss - result.state().get_best_cost();
            if gain > 0.0 {
                (best, loss) = (found, loss - gain);
            }
            if gain < LEAST_GAIN {
                break;
            }
        }
        Ok(best)
    }
}

impl CostFunction for Problem<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, free: &Vec<f64>) -> Result<f64, Error> {
        Ok(self.mean_loss(free))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_their_odds() {
        let found = shares(log_odds([0.2, 0.05, 0.3]));
        for (found, expected) in found.into_iter().zip([0.2, 0.05, 0.3]) {
            assert!((found - expected).abs() < 1e-12);
        }
    }

    /// Leaving out one of n values of a mean: the standard error of the mean.
    #[test]
    fn the_standard_error_of_a_mean() {
        let values: [f64; 4] = [1.0, 2.0, 4.0, 9.0];
        let sum: f64 = values.iter().sum();
        let means: Vec<f64> = values.iter().map(|value| (sum - value) / 3.0).collect();
        let variance = values.iter().map(|value| (value - 4.0).powi(2)).sum::<f64>() / 3.0;
        assert!((jackknife(&means) - (variance / 4.0).sqrt()).abs() < 1e-12);
    }
}
