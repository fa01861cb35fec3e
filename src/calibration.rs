//! How far a reading can be trusted: its bands against claims whose truth is known.
//!
//! A band is *calibrated* if the truth lies within its 90 % interval nine times out of ten, and so for every share; among
//! calibrated ones the narrow is better. [`Calibration::of`] measures both:
//!
//! | figure | what it says | good |
//! |---|---|---|
//! | coverage | how often the 50, 80 and 90 % intervals hold the truth, with its 95 % limits (Clopper–Pearson) | near its name |
//! | PIT histogram | in which tenth of the band the truths lie | level |
//! | width | the median width of the 90 % interval | small |
//! | CRPS | the continuous ranked probability score, in km: see [`Distribution::crps`] | small |
//! | Winkler score | the width of the 90 % interval, and 20 times what the truth is outside by, in km | small |
//! | log score | the mean logarithm of the likelihood, in nats per claim, with the contamination fitted to the training part | great |
//!
//! Intervals and CRPS are those of the band: contamination, the chance that a claim is simply wrong, is no part of them. The log
//! score needs it, or one wrong claim would cost a reading with hard edges everything.
//!
//! [`Distribution::crps`]: crate::Distribution::crps

mod binomial;
mod corpus;
#[cfg(feature = "fit")]
mod fit;

use serde::Serialize;

use crate::band::Band;
use crate::ellipsoid::GREATEST_DISTANCE_M;
use crate::length::Length;
use crate::reading::Reading;
pub use corpus::{Corpus, Observation};
#[cfg(feature = "fit")]
pub use fit::{Fit, FitError, FittedParameter, fit};

/// The intervals whose coverage is measured.
const SHARES: [f64; 3] = [0.5, 0.8, 0.9];

/// What a claim that is simply wrong is worth: any distance on Earth is as good as any other, per kilometre.
pub(crate) fn ln_arbitrary_per_km() -> f64 {
    -(GREATEST_DISTANCE_M / 1000.0).ln()
}

/// How often the interval of a share holds the truth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// The share that the interval is named after.
    pub share: f64,
    /// How often the truth lies in it, as a share of all claims.
    pub found: f64,
    /// The 95 % confidence limits of that.
    pub limits_95: (f64, f64),
}

impl Coverage {
    /// Whether the share lies within the confidence limits.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.limits_95.0 <= self.share && self.share <= self.limits_95.1
    }
}

/// What one claim says of a reading.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Residual {
    /// The number that was said, in km; the lower one of a range.
    pub said_km: f64,
    /// The share of the band below the truth: the probability integral transform.
    pub pit: f64,
    /// The width of the 90 % interval, in km.
    pub width_90_km: f64,
    /// The CRPS, in km.
    pub crps_km: f64,
    /// The Winkler score of the 90 % interval, in km.
    pub winkler_90_km: f64,
    /// The natural logarithm of the likelihood per km, without contamination. Minus infinity beyond a hard edge.
    pub log_likelihood: f64,
}

impl Residual {
    /// Holds a reading's band for a claim against the truth.
    #[must_use]
    pub fn of(reading: &Reading, observation: &Observation) -> Self {
        let band = band(reading, observation);
        let distribution = band.distribution_for(observation.uncertainty());
        let truth = observation.distance();
        let ninety = distribution.credible_interval(0.9);
        let width_90_km = ninety.to.km() - ninety.from.km();
        let outside_km = (ninety.from.km() - truth.km()).max(truth.km() - ninety.to.km()).max(0.0);
        Self {
            said_km: observation.claim().offset_length().km(),
            pit: distribution.share_below(truth),
            width_90_km,
            crps_km: distribution.crps(truth).km(),
            winkler_90_km: width_90_km + 2.0 / 0.1 * outside_km,
            log_likelihood: band.log_likelihood(truth, observation.uncertainty()),
        }
    }
}

fn band(reading: &Reading, observation: &Observation) -> Band {
    reading.band_about(observation.claim(), observation.feature())
}

/// How a reading fares on claims whose truth is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// How many claims there are.
    pub count: usize,
    /// Coverage of the 50, 80 and 90 % intervals.
    pub coverage: [Coverage; 3],
    /// How many truths lie in each tenth of their band.
    pub pit: [usize; 10],
    /// The median width of the 90 % interval, in km.
    pub median_width_90_km: f64,
    /// The median of that width as a share of the number that was said.
    pub median_width_90_share: f64,
    /// The mean CRPS, in km.
    pub crps_km: f64,
    /// The mean Winkler score of the 90 % interval, in km.
    pub winkler_90_km: f64,
    /// The mean log score in nats per claim, with [`Calibration::contamination`].
    pub log_score: f64,
    /// ε: the share of claims that are simply wrong.
    pub contamination: f64,
}

impl Calibration {
    /// Sums up what a reading's bands show, given the share of claims that are simply wrong (see [`fitted_contamination`]).
    /// None without claims.
    ///
    /// # Example
    /// ```
    /// use siteband::{Atlas, Calibration, Corpus, Reading, Residual};
    /// let corpus = Corpus::from_path("data/claims/dprk-markets.csv".as_ref(), &Atlas::bundled())?;
    /// let coverage_90 = |reading: Reading| {
    ///     let residuals: Vec<_> = corpus.test().map(|observation| Residual::of(&reading, observation)).collect();
    ///     Calibration::of(&residuals, 0.05).map(|calibration| calibration.coverage[2].found)
    /// };
    /// assert!(coverage_90(Reading::mixture()) > coverage_90(Reading::literal()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
    pub fn of(residuals: &[Residual], contamination: f64) -> Option<Self> {
        if residuals.is_empty() {
            return None;
        }
        let count = residuals.len();
        let mean = |value: &dyn Fn(&Residual) -> f64| residuals.iter().map(value).sum::<f64>() / count as f64;
        let mut pit = [0; 10];
        for residual in residuals {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a tenth from 0 to 9")]
            let tenth = (residual.pit * 10.0).floor().clamp(0.0, 9.0) as usize;
            pit[tenth] += 1;
        }
        let coverage = SHARES.map(|share| {
            let inside = |residual: &&Residual| (residual.pit - 0.5).abs() <= share / 2.0;
            let hits = residuals.iter().filter(inside).count();
            Coverage { share, found: hits as f64 / count as f64, limits_95: binomial::limits_95(hits, count) }
        });
        let shares = residuals.iter().map(|residual| residual.width_90_km / residual.said_km);
        Some(Self {
            count,
            coverage,
            pit,
            median_width_90_km: median(residuals.iter().map(|residual| residual.width_90_km)),
            median_width_90_share: median(shares),
            crps_km: mean(&|residual| residual.crps_km),
            winkler_90_km: mean(&|residual| residual.winkler_90_km),
            log_score: mean(&|residual| ln_mixed(residual.log_likelihood, contamination)),
            contamination,
        })
    }
}

/// ln((1−ε)·f + ε·u).
fn ln_mixed(log_likelihood: f64, contamination: f64) -> f64 {
    crate::band::ln_sum_exp(
        [(1.0 - contamination).ln() + log_likelihood, contamination.ln() + ln_arbitrary_per_km()].into_iter(),
    )
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

/// [`Residual::of`] each of many claims, on all cores with the feature `rayon`.
#[must_use]
pub fn residuals(reading: &Reading, observations: &[&Observation]) -> Vec<Residual> {
    crate::batch::map(observations, |observation| Residual::of(reading, observation))
}

/// The share of claims that are simply wrong under a reading: the one that makes what was said likeliest.
#[must_use]
pub fn fitted_contamination(reading: &Reading, observations: &[&Observation]) -> f64 {
    likeliest_contamination(&log_likelihoods(reading, observations))
}

/// ln of the likelihood per km of each truth, without contamination.
fn log_likelihoods(reading: &Reading, observations: &[&Observation]) -> Vec<f64> {
    crate::batch::map(observations, |observation| {
        band(reading, observation).log_likelihood(observation.distance(), observation.uncertainty())
    })
}

/// Expectation and maximisation of one share: each step makes what was said likelier.
#[allow(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
fn likeliest_contamination(log_likelihoods: &[f64]) -> f64 {
    let mut share: f64 = 0.1;
    for _ in 0..1000 {
        let wrong =
            |log_likelihood: &f64| (share.ln() + ln_arbitrary_per_km() - ln_mixed(*log_likelihood, share)).exp();
        let next = log_likelihoods.iter().map(wrong).sum::<f64>() / log_likelihoods.len().max(1) as f64;
        let change = (next - share).abs();
        share = next;
        if change < 1e-9 {
            break;
        }
    }
    // Never quite impossible: a claim may always be wrong.
    share.clamp(1e-6, 1.0 - 1e-6)
}

/// A rule that people draw on maps, fitted to the training part, to compare readings with.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// What it is: "±12 %".
    pub name: String,
    /// As a reading.
    pub reading: Reading,
}

/// The fixed percentage with the best log score on the training part, the one with the best CRPS there, and ±5 km; the last alone
/// where there is nothing to train on.
#[must_use]
pub fn baselines(training: &[&Observation]) -> Vec<Baseline> {
    let five_km = Reading::plus_minus(0.0, Length::computed_m(5000.0));
    let five_km = Baseline { name: "±5 km".to_owned(), reading: five_km };
    if training.is_empty() {
        return vec![five_km];
    }
    let percent = |percent: u32| Reading::plus_minus(f64::from(percent) / 100.0, Length::ZERO);
    let best = |score: &dyn Fn(&Reading) -> f64| {
        let scored = (1..=100).map(|at| (at, score(&percent(at))));
        scored.max_by(|a, b| a.1.total_cmp(&b.1)).map_or(10, |(at, _)| at)
    };
    let by_log_score = best(&|reading| {
        let log_likelihoods = log_likelihoods(reading, training);
        let contamination = likeliest_contamination(&log_likelihoods);
        log_likelihoods.iter().map(|log_likelihood| ln_mixed(*log_likelihood, contamination)).sum()
    });
    let by_crps = best(&|reading| {
        let crps =
            |observation: &&Observation| band(reading, observation).distribution().crps(observation.distance()).m();
        -training.iter().map(crps).sum::<f64>()
    });
    vec![
        Baseline { name: format!("±{by_log_score} % (best log score)"), reading: percent(by_log_score) },
        Baseline { name: format!("±{by_crps} % (best CRPS)"), reading: percent(by_crps) },
        five_km,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
    }

    /// Nine claims that a reading is sure of and one that it excludes: one in ten is wrong, less what an arbitrary number would
    /// explain of the nine.
    #[test]
    fn the_likeliest_share_of_wrong_claims() {
        let mut log_likelihoods = vec![0.0; 9];
        log_likelihoods.push(f64::NEG_INFINITY);
        let share = likeliest_contamination(&log_likelihoods);
        assert!((share - 0.1).abs() < 1e-4, "{share}");
        assert_eq!(likeliest_contamination(&[0.0; 5]), 1e-6);
    }
}
