//! What posteriors are worth, on questions whose answer is known.

use rand::RngExt;
use rand_pcg::Pcg64;

/// What one posterior says, and whether it is so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged {
    /// The greatest posterior of all, none of these among them, and whether that is the truth.
    pub(crate) first: (f64, bool),
    /// The same of the listed sites alone.
    pub(crate) first_site: (f64, bool),
    /// The posterior of none of these, and whether that is the truth.
    pub(crate) none: (f64, bool),
    /// The posterior below the truth in a random order of the hypotheses, with a random share of the truth's own: uniform on 0
    /// to 1 if posteriors are right.
    pub(crate) rank: f64,
    /// ln of the truth's posterior.
    pub(crate) ln_score: f64,
}

impl Judged {
    /// `posterior` of every site and, last, of none of these; `truth` among them.
    pub(crate) fn new(posterior: &[f64], truth: usize, random: &mut Pcg64) -> Self {
        let first = |among: &[f64]| {
            let (mut best, mut at) = (f64::NEG_INFINITY, 0);
            for (number, value) in among.iter().enumerate() {
                if *value > best {
                    (best, at) = (*value, number);
                }
            }
            (best, at == truth)
        };
        // A random order: each hypothesis has a random number of its own.
        let order: Vec<f64> = posterior.iter().map(|_| random.random()).collect();
        let below = posterior.iter().zip(&order).filter(|(_, place)| **place < order[truth]);
        let below: f64 = below.map(|(posterior, _)| posterior).sum();
        let sites = posterior.len() - 1;
        Self {
            first: first(posterior),
            first_site: first(&posterior[..sites]),
            none: (posterior[sites], truth == sites),
            rank: (below + random.random::<f64>() * posterior[truth]).clamp(0.0, 1.0),
            ln_score: posterior[truth].ln(),
        }
    }
}

/// One bin of a calibration: how many, their mean confidence, and the share that was right.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bin {
    pub(crate) count: f64,
    pub(crate) confidence: f64,
    pub(crate) right: f64,
}

/// Ten bins of equal width.
pub(crate) fn bins(said: &[(f64, bool)]) -> Vec<Bin> {
    let mut bins = vec![Bin::default(); 10];
    for (confidence, right) in said {
        let bin = &mut bins[((confidence * 10.0) as usize).min(9)];
        bin.count += 1.0;
        bin.confidence += confidence;
        bin.right += f64::from(u8::from(*right));
    }
    for bin in &mut bins {
        bin.confidence /= bin.count.max(1.0);
        bin.right /= bin.count.max(1.0);
    }
    bins
}

/// The expected calibration error, Σ n/N·|mean confidence − share right| over ten bins; and what it would come to by chance alone if
/// every confidence were right: Σ n/N·√(2/π)·√(p(1−p)/n), the mean deviation of a binomial share taken as normal.
fn calibration_error(said: &[(f64, bool)]) -> (f64, f64) {
    let all = said.len() as f64;
    bins(said).iter().filter(|bin| bin.count > 0.0).fold((0.0, 0.0), |(error, chance), bin| {
        let spread = (2.0 / std::f64::consts::PI * bin.confidence * (1.0 - bin.confidence) / bin.count).sqrt();
        let share = bin.count / all;
        (error + share * (bin.confidence - bin.right).abs(), chance + share * spread)
    })
}

/// How many bins a rank histogram has.
const RANK_BINS: usize = 20;

/// Σ (found − due)²/due over [`RANK_BINS`] equal bins of numbers from 0 to 1.
fn chi_square(ranks: &[f64]) -> f64 {
    let mut counts = [0.0; RANK_BINS];
    for rank in ranks {
        counts[((rank * RANK_BINS as f64) as usize).min(RANK_BINS - 1)] += 1.0;
    }
    let due = ranks.len() as f64 / RANK_BINS as f64;
    counts.iter().map(|count: &f64| (count - due).powi(2) / due).sum()
}

/// What χ² with 19 degrees of freedom exceeds one time in a thousand.
///
/// Source: NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.4.
pub(crate) const CHI_SQUARE_ONE_IN_A_THOUSAND: f64 = 43.820;

/// The mean, and its standard error.
pub(crate) fn mean(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, (variance / count).sqrt())
}

/// What many posteriors are worth. Each calibration error has beside it what it would come to by chance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Summary {
    pub(crate) questions: usize,
    pub(crate) first: (f64, f64),
    pub(crate) first_site: (f64, f64),
    pub(crate) none: (f64, f64),
    pub(crate) chi_square: f64,
    pub(crate) ln_score: f64,
    /// The share of greatest posteriors that are the truth.
    pub(crate) right: f64,
}

impl Summary {
    pub(crate) fn new(judged: &[Judged]) -> Self {
        let of = |said: fn(&Judged) -> (f64, bool)| calibration_error(&judged.iter().map(said).collect::<Vec<_>>());
        let ranks: Vec<f64> = judged.iter().map(|judged| judged.rank).collect();
        let scores: Vec<f64> = judged.iter().map(|judged| judged.ln_score).collect();
        Self {
            questions: judged.len(),
            first: of(|judged| judged.first),
            first_site: of(|judged| judged.first_site),
            none: of(|judged| judged.none),
            chi_square: chi_square(&ranks),
            ln_score: mean(&scores).0,
            right: judged.iter().filter(|judged| judged.first.1).count() as f64 / judged.len() as f64,
        }
    }
}
