//! A band as a probability distribution of the true distance.

use super::{Band, Interval};
use crate::ellipsoid::GREATEST_DISTANCE_M;
use crate::length::Length;

/// A band made to sum to one over distances of zero or more: what shares of the likelihood lie where.
///
/// # Accuracy
/// 1e-6 of the width of the band.
///
/// # Example
/// ```
/// use siteband::{Length, Reading};
/// let band = Reading::mixture_prior().band(&"about 85 km from the Chinese border".parse()?, Length::ZERO);
/// let distribution = band.distribution();
/// let ninety = distribution.credible_interval(0.9);
/// assert_eq!((ninety.from.to_string(), ninety.to.to_string()), ("73.6 km".to_owned(), "96.8 km".to_owned()));
/// assert!((distribution.share_below(ninety.to) - 0.95).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Distribution<'a> {
    band: &'a Band,
    site_m: f64,
    /// Edges of panels; every second one is the middle of two.
    edges_m: Vec<f64>,
    /// The integral of the density up to each edge.
    below: Vec<f64>,
}

impl<'a> Distribution<'a> {
    pub(super) fn new(band: &'a Band, site_m: f64) -> Self {
        let corners_m = corners_m(band, site_m);
        let mut edges_m: Vec<f64> = Vec::with_capacity(2 * corners_m.len());
        for corner_m in corners_m {
            if let Some(before_m) = edges_m.last() {
                edges_m.push(f64::midpoint(*before_m, corner_m));
            }
            edges_m.push(corner_m);
        }
        let mut total = 0.0;
        let mut below = vec![0.0];
        for panel in edges_m.windows(2) {
            total += integral(band, site_m, panel[0], panel[1]);
            below.push(total);
        }
        Self { band, site_m, edges_m, below }
    }

    fn total(&self) -> f64 {
        self.below[self.below.len() - 1]
    }

    /// The distance below which `share` of the likelihood lies.
    ///
    /// # Panics
    /// If `share` is not between 0 and 1.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Length {
        assert!(share > 0.0 && share < 1.0, "a share lies between 0 and 1, found {share}");
        let wanted = share * self.total();
        let panel = self.below.partition_point(|below| *below < wanted).clamp(1, self.edges_m.len() - 1);
        let (start_m, mut low_m, mut high_m) = (self.edges_m[panel - 1], self.edges_m[panel - 1], self.edges_m[panel]);
        for _ in 0..50 {
            let middle_m = f64::midpoint(low_m, high_m);
            if self.below[panel - 1] + integral(self.band, self.site_m, start_m, middle_m) < wanted {
                low_m = middle_m;
            } else {
                high_m = middle_m;
            }
        }
        Length::computed_m(f64::midpoint(low_m, high_m))
    }

    /// The equal-tailed interval that holds `share` of the likelihood.
    ///
    /// # Panics
    /// If `share` is not between 0 and 1.
    #[must_use]
    pub fn credible_interval(&self, share: f64) -> Interval {
        Interval { from: self.quantile((1.0 - share) / 2.0), to: self.quantile(f64::midpoint(1.0, share)) }
    }

    /// The share of the likelihood below a distance.
    #[must_use]
    pub fn share_below(&self, distance: Length) -> f64 {
        (self.below_m(distance.m()) / self.total()).clamp(0.0, 1.0)
    }

    fn below_m(&self, x_m: f64) -> f64 {
        let panel = self.edges_m.partition_point(|edge_m| *edge_m <= x_m);
        match panel {
            0 => 0.0,
            panel if panel == self.edges_m.len() => self.total(),
            panel => self.below[panel - 1] + integral(self.band, self.site_m, self.edges_m[panel - 1], x_m),
        }
    }

    /// The continuous ranked probability score of a true distance: ∫ (F(x) − \[x ≥ truth\])² dx, with F the share below x. Zero for
    /// a point forecast that is right; for one that is wrong it is how far off it is. Smaller is better.
    ///
    /// # Accuracy
    /// 3e-4 of the width of the band's smoothing.
    ///
    /// # Source
    /// T. Gneiting & A. E. Raftery, "Strictly proper scoring rules, prediction, and estimation", Journal of the American
    /// Statistical Association 102, 2007.
    #[must_use]
    pub fn crps(&self, truth: Length) -> Length {
        let truth_m = truth.m();
        let total = self.total();
        let (first_m, last_m) = (self.edges_m[0], self.edges_m[self.edges_m.len() - 1]);
        // Outside the panels F is 0 or 1.
        let mut sum_m = (first_m - truth_m).max(0.0) + (truth_m - last_m).max(0.0);
        for at in (2..self.edges_m.len()).step_by(2) {
            let (from_m, to_m) = (self.edges_m[at - 2], self.edges_m[at]);
            let shares = [self.below[at - 2], self.below[at - 1], self.below[at]].map(|below| below / total);
            if truth_m <= from_m {
                sum_m += (to_m - from_m) * mean_square(shares.map(|share| 1.0 - share));
            } else if truth_m >= to_m {
                sum_m += (to_m - from_m) * mean_square(shares);
            } else {
                let share = |x_m: f64| self.below_m(x_m) / total;
                let left = [shares[0], share(f64::midpoint(from_m, truth_m)), share(truth_m)];
                let right = [share(truth_m), share(f64::midpoint(truth_m, to_m)), shares[2]];
                sum_m += (truth_m - from_m) * mean_square(left)
                    + (to_m - truth_m) * mean_square(right.map(|share| 1.0 - share));
            }
        }
        Length::computed_m(sum_m)
    }
}

/// The mean of the square of the parabola through the values at the start, the middle and the end of a panel.
fn mean_square([start, middle, end]: [f64; 3]) -> f64 {
    (4.0 * (start * start + end * end + start * middle + middle * end) + 16.0 * middle * middle - 2.0 * start * end)
        / 30.0
}

/// Where the density may bend: the corners of the shapes, and around each, panels of half of the smoothing's width, as far
/// as anything is left.
fn corners_m(band: &Band, site_m: f64) -> Vec<f64> {
    let limits_m = (band.limits_m.0, band.limits_m.1.min(GREATEST_DISTANCE_M));
    let mut corners_m = vec![limits_m.0];
    for piece in &band.pieces {
        for corner_m in piece.shape.corners_m() {
            corners_m.push(corner_m);
            if let Some(spread) = band.spread {
                // The width grows with the distance, so upward it is taken anew at every step. Twelve widths out, nothing is
                // left.
                let mut up_m = corner_m.max(0.0);
                let mut down_m = corner_m;
                for _ in 0..24 {
                    up_m = (up_m + spread.tau_m(up_m, site_m) / 2.0).min(GREATEST_DISTANCE_M);
                    down_m -= spread.tau_m(down_m.max(0.0), site_m) / 2.0;
                    corners_m.extend([up_m, down_m]);
                }
            }
        }
    }
    corners_m.retain(|m| (limits_m.0..=limits_m.1).contains(m));
    corners_m.sort_by(f64::total_cmp);
    // What is smoothed has no feature narrower than its smoothing.
    let least_m = |at_m: f64| band.spread.map_or(0.0, |spread| spread.tau_m(at_m, site_m) / 4.0);
    corners_m.dedup_by(|next_m, before_m| *next_m - *before_m <= least_m(*before_m));
    if let [only_m] = corners_m[..] {
        corners_m.push(only_m + 1.0);
    }
    corners_m
}

/// Gauss–Legendre quadrature of three points; exact for the straight pieces of a hard band. The points never touch the ends, so
/// that a panel between two hard edges sees the inside only.
fn integral(band: &Band, site_m: f64, from_m: f64, to_m: f64) -> f64 {
    const NODE: f64 = 0.774_596_669_241_483_4;
    let (middle_m, half_m) = (f64::midpoint(from_m, to_m), (to_m - from_m) / 2.0);
    let density = |x_m: f64| band.ln_density_per_m(x_m, site_m).exp();
    half_m * (5.0 * (density(middle_m - NODE * half_m) + density(middle_m + NODE * half_m)) + 8.0 * density(middle_m))
        / 9.0
}

#[cfg(test)]
mod tests {
    use super::super::{Origin, Piece, Spread, Trapezoid};
    use super::*;

    fn km(km: f64) -> Length {
        Length::from_km(km).expect("valid")
    }

    /// A window of width w around its middle has CRPS w/12 there, w/3 at its ends, and beyond them
    /// the distance to the nearer end more.
    #[test]
    fn crps_of_a_window() {
        let band = Band::hard(Trapezoid::window(80_000.0, 92_000.0), (0.0, f64::INFINITY));
        let distribution = band.distribution();
        for (truth_km, crps_km) in [(86.0, 1.0), (80.0, 4.0), (92.0, 4.0), (100.0, 12.0), (20.0, 64.0)] {
            assert!((distribution.crps(km(truth_km)).km() - crps_km).abs() < 1e-9, "{truth_km}");
        }
        assert_eq!(distribution.share_below(km(83.0)), 0.25);
    }

    /// A normal distribution of width σ has CRPS σ·(u·(2Φ(u)−1) + 2φ(u) − 1/√π) at u = (truth − mean)/σ.
    #[test]
    fn crps_of_a_normal() {
        let spread = Spread { abs_m: 3000.0, relative: 0.0, feature_m: 0.0 };
        let point = Piece { weight: 1.0, shape: Trapezoid::window(84_999.5, 85_000.5), origin: Origin::Rounded };
        let band = Band::smoothed(vec![point], Interval::computed_m(85_000.0, 85_000.0), spread);
        let distribution = band.distribution();
        for (truth_km, u) in [(85.0, 0.0), (88.0, 1.0), (79.0, -2.0)] {
            let density = (-u * u / 2.0_f64).exp() / (2.0 * std::f64::consts::PI).sqrt();
            let expected =
                3.0 * (u * (2.0 * crate::band::phi(u) - 1.0) + 2.0 * density - 1.0 / std::f64::consts::PI.sqrt());
            let found = distribution.crps(km(truth_km)).km();
            assert!((found - expected).abs() < 9e-4, "{truth_km}: {found}, {expected}");
        }
        assert!((distribution.share_below(km(88.0)) - 0.841_344_746).abs() < 1e-7);
    }
}
