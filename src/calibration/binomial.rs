//! Confidence limits of a share.

/// The Clopper–Pearson limits of a share of which `hits` of `count` were seen: the least and the greatest share under which so many,
/// or so few, are not too rare (2.5 % either way).
///
/// # Source
/// C. J. Clopper & E. S. Pearson, Biometrika 26, 1934.
pub(super) fn limits_95(hits: usize, count: usize) -> (f64, f64) {
    const TAIL: f64 = 0.025;
    // The chance of at most k hits falls as the share rises.
    let share_where = |k: usize, chance: f64| {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if at_most(k, count, middle) > chance { low = middle } else { high = middle }
        }
        f64::midpoint(low, high)
    };
    let least = if hits == 0 { 0.0 } else { share_where(hits - 1, 1.0 - TAIL) };
    let greatest = if hits == count { 1.0 } else { share_where(hits, TAIL) };
    (least, greatest)
}

/// The chance of at most `k` hits in `count` trials.
#[allow(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
fn at_most(k: usize, count: usize, share: f64) -> f64 {
    let (n, ln_hit, ln_miss) = (count as f64, share.ln(), (-share).ln_1p());
    let ln_choose = |k: f64| libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    (0..=k).map(|k| k as f64).map(|k| (ln_choose(k) + k * ln_hit + (n - k) * ln_miss).exp()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printed in textbooks: 0 of 10 gives 0 to 0.3085, 5 of 10 gives 0.1871 to 0.8129, 10 of 10 gives 0.6915 to 1.
    #[test]
    fn known_limits() {
        for (hits, count, least, greatest) in
            [(0, 10, 0.0, 0.3085), (5, 10, 0.1871, 0.8129), (10, 10, 0.6915, 1.0), (90, 100, 0.8238, 0.9510)]
        {
            let (low, high) = limits_95(hits, count);
            assert!((low - least).abs() < 5e-5 && (high - greatest).abs() < 5e-5, "{hits} of {count}: {low} {high}");
        }
    }
}
