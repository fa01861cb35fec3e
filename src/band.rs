//! What a stated distance allows: a likelihood over the true distance.
//!
//! A [`Band`] is a weighted sum of trapezoids, each smoothed by a normal distribution whose width grows with the distance:
//!
//! ```text
//! f(D) = Σ_j ρ_j · [Trap_j ⊛ N(0, τ²)](D),   τ² = σ_abs² + (σ_rel·D)² + σ_feature² + σ_site²,   D ≥ 0
//! ```
//!
//! With `h = 2/((d−a)+(c−b))`, `G(u) = u·Φ(u/τ) + τ·φ(u/τ)` and `R(lo, hi) = (G(x−lo) − G(x−hi))/(hi−lo)`, or `Φ((x−lo)/τ)`
//! where `hi = lo`, a trapezoid (a, b, c, d) smoothed is `h·[R(a,b) − R(c,d)]`: closed forms, taken on the side where they do
//! not cancel and in logarithms, so that a site a hundred widths away still has its own finite likelihood.

use serde::Serialize;

use crate::ellipsoid::GREATEST_DISTANCE_M;
use crate::length::Length;

/// One shape of a band: density rises from a to b, is level from b to c, falls from c to d. In metres, a ≤ b ≤ c ≤ d, a < d.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Trapezoid {
    pub(crate) a_m: f64,
    pub(crate) b_m: f64,
    pub(crate) c_m: f64,
    pub(crate) d_m: f64,
}

impl Trapezoid {
    /// A level window.
    pub(crate) fn window(from_m: f64, to_m: f64) -> Self {
        Self { a_m: from_m, b_m: from_m, c_m: to_m, d_m: to_m }
    }

    /// The density of the level part, so that the whole is one.
    fn height_per_m(&self) -> f64 {
        2.0 / ((self.d_m - self.a_m) + (self.c_m - self.b_m))
    }

    /// The density without smoothing, edges included.
    fn density_per_m(&self, x_m: f64) -> f64 {
        let Self { a_m, b_m, c_m, d_m } = *self;
        let share = if x_m < a_m || x_m > d_m {
            0.0
        } else if x_m < b_m {
            (x_m - a_m) / (b_m - a_m)
        } else if x_m > c_m {
            (d_m - x_m) / (d_m - c_m)
        } else {
            1.0
        };
        share * self.height_per_m()
    }

    /// The share of the trapezoid below `x_m`.
    fn share_below(&self, x_m: f64) -> f64 {
        let Self { a_m, b_m, c_m, d_m } = *self;
        let ramp =
            |from: f64, to: f64| if to > from { (x_m.clamp(from, to) - from).powi(2) / (to - from) / 2.0 } else { 0.0 };
        let fall =
            if d_m > c_m { (d_m - c_m) / 2.0 - (d_m - x_m.clamp(c_m, d_m)).powi(2) / (d_m - c_m) / 2.0 } else { 0.0 };
        self.height_per_m() * (ramp(a_m, b_m) + (x_m.clamp(b_m, c_m) - b_m) + fall)
    }

    /// The natural logarithm of the density per metre after smoothing by a normal of width `tau_m` > 0.
    fn ln_smoothed(&self, x_m: f64, tau_m: f64) -> f64 {
        let Self { a_m, b_m, c_m, d_m } = *self;
        // Taken on the left side always: what lies to the right is reflected.
        let (x, [a, b, c, d]) =
            if x_m > f64::midpoint(a_m, d_m) { (-x_m, [-d_m, -c_m, -b_m, -a_m]) } else { (x_m, [a_m, b_m, c_m, d_m]) };
        let [ua, ub, uc, ud] = [a, b, c, d].map(|corner| (x - corner) / tau_m);
        if d - a < 1e-5 * tau_m {
            // A trapezoid this narrow is a point beside the normal: the differences below would cancel.
            let u = f64::midpoint(ua, ud);
            return -u * u / 2.0 - (tau_m * TAU_SQRT).ln();
        }
        let ln_height = self.height_per_m().ln();
        if ua <= 0.0 {
            // Everything relative to exp(-ua²/2), the greatest of the four terms.
            let relative = |u: f64| ((ua - u) * (ua + u) / 2.0).exp();
            let rise =
                if b > a { (scaled_ramp(ua) - scaled_ramp(ub) * relative(ub)) / (ua - ub) } else { scaled_phi(ua) };
            let fall = if d > c {
                (scaled_ramp(uc) * relative(uc) - scaled_ramp(ud) * relative(ud)) / (uc - ud)
            } else {
                scaled_phi(uc) * relative(uc)
            };
            ln_height - ua * ua / 2.0 + (rise - fall).max(f64::MIN_POSITIVE).ln()
        } else {
            let rise = if b > a { (ramp(ua) - ramp(ub)) / (ua - ub) } else { phi(ua) };
            let fall = if d > c { (ramp(uc) - ramp(ud)) / (uc - ud) } else { phi(uc) };
            ln_height + (rise - fall).max(f64::MIN_POSITIVE).ln()
        }
    }
}

/// √(2π).
const TAU_SQRT: f64 = 2.506_628_274_631_000_5;

/// The normal distribution Φ(u).
pub(crate) fn phi(u: f64) -> f64 {
    0.5 * libm::erfc(-u * std::f64::consts::FRAC_1_SQRT_2)
}

/// u·Φ(u) + φ(u).
fn ramp(u: f64) -> f64 {
    u * phi(u) + libm::exp(-u * u / 2.0) / TAU_SQRT
}

/// Φ(u)·exp(u²/2), for u ≤ 0.
fn scaled_phi(u: f64) -> f64 {
    0.5 * erfcx(-u * std::f64::consts::FRAC_1_SQRT_2)
}

/// (u·Φ(u) + φ(u))·exp(u²/2), for u ≤ 0.
fn scaled_ramp(u: f64) -> f64 {
    if u < -1e3 {
        // The two terms nearly cancel; the asymptotic series does not.
        let inverse_sq = 1.0 / (u * u);
        return inverse_sq * (1.0 - 3.0 * inverse_sq) / TAU_SQRT;
    }
    u * scaled_phi(u) + 1.0 / TAU_SQRT
}

/// exp(x²)·erfc(x), for x ≥ 0: by definition up to 10, then by the continued fraction of erfc.
///
/// # Accuracy
/// A relative 2e-14.
fn erfcx(x: f64) -> f64 {
    if x < 10.0 {
        return libm::exp(x * x) * libm::erfc(x);
    }
    let tail = (1..=12).rev().fold(x, |tail, k| x + f64::from(k) / 2.0 / tail);
    1.0 / (tail * std::f64::consts::PI.sqrt())
}

/// What widens a band beyond its words: how well the source knew, and how well the feature's position is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) abs_m: f64,
    pub(crate) relative: f64,
    pub(crate) feature_m: f64,
}

impl Spread {
    fn tau_m(&self, distance_m: f64, site_m: f64) -> f64 {
        let Self { abs_m, relative, feature_m } = *self;
        (abs_m.powi(2) + (relative * distance_m).powi(2) + feature_m.powi(2) + site_m.powi(2)).sqrt()
    }
}

/// An interval of distances, ends included.
///
/// # Example
/// ```
/// use siteband::{Interval, Length};
/// let band = Interval { from: Length::from_km(75.0)?, to: Length::from_km(105.0)? };
/// assert!(band.contains(Length::from_km(92.4)?));
/// # Ok::<(), siteband::InvalidLength>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub from: Length,
    /// Its upper end.
    pub to: Length,
}

impl Interval {
    pub(crate) fn computed_m(from_m: f64, to_m: f64) -> Self {
        Self { from: Length::computed_m(from_m.max(0.0)), to: Length::computed_m(to_m.max(0.0)) }
    }

    /// Whether a distance lies in the interval, ends included.
    #[must_use]
    pub fn contains(&self, distance: Length) -> bool {
        self.from <= distance && distance <= self.to
    }
}

/// Where a distance lies in a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// In the core: full credit.
    Core,
    /// In the support: some credit even without any smoothing.
    Support,
    /// Outside: whatever credit there is comes from smoothing, or from the chance that the source is wrong.
    Outside,
}

/// A likelihood over the true distance: what a claim allows under one reading.
///
/// Contamination, the chance that the claim is simply wrong, is no part of a band.
///
/// # Example
/// ```
/// use siteband::{Length, Place, Reading};
/// let claim = "about 85 km from the Chinese border".parse()?;
/// let band = Reading::analyst().band(&claim, Length::ZERO);
/// assert_eq!(band.support().from, Length::from_km(70.0)?);
/// assert_eq!(band.place(Length::from_km(92.4)?), Place::Core);
/// assert_eq!(format!("{:.4}", band.likelihood_per_km(Length::from_km(92.4)?)), "0.0333");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    shapes: Vec<(f64, Trapezoid)>,
    core: Interval,
    /// The density is zero outside, and was multiplied by `scale` to make up for what was cut off.
    limits_m: (f64, f64),
    scale: f64,
    /// None where the reading takes its edges literally.
    spread: Option<Spread>,
}

impl Band {
    /// The weighted shapes, widened by `spread`; the weights sum to one.
    pub(crate) fn smoothed(shapes: Vec<(f64, Trapezoid)>, core: Interval, spread: Spread) -> Self {
        Self { shapes, core, limits_m: (0.0, f64::INFINITY), scale: 1.0, spread: Some(spread) }
    }

    /// One shape with hard edges, cut to `limits_m` and to distances of zero or more, and made to sum to one again.
    pub(crate) fn hard(shape: Trapezoid, limits_m: (f64, f64)) -> Self {
        let limits_m = (limits_m.0.max(0.0), limits_m.1);
        let scale = 1.0 / (shape.share_below(limits_m.1) - shape.share_below(limits_m.0));
        let cut = |m: f64| m.clamp(limits_m.0, limits_m.1);
        let core = Interval::computed_m(cut(shape.b_m), cut(shape.c_m));
        Self { shapes: vec![(1.0, shape)], core, limits_m, scale, spread: None }
    }

    /// The distances with full credit: the level part of the narrowest width that the words may have.
    #[must_use]
    pub fn core(&self) -> Interval {
        self.core
    }

    /// The distances with any credit before smoothing.
    #[must_use]
    pub fn support(&self) -> Interval {
        let from_m = self.shapes.iter().fold(f64::INFINITY, |least, (_, shape)| least.min(shape.a_m));
        let to_m = self.shapes.iter().fold(0.0, |greatest: f64, (_, shape)| greatest.max(shape.d_m));
        Interval::computed_m(from_m.max(self.limits_m.0), to_m.min(self.limits_m.1))
    }

    /// Where a distance lies.
    #[must_use]
    pub fn place(&self, distance: Length) -> Place {
        if self.core.contains(distance) {
            Place::Core
        } else if self.support().contains(distance) {
            Place::Support
        } else {
            Place::Outside
        }
    }

    /// The natural logarithm of the likelihood, per kilometre, of a true distance for a site whose own position is
    /// uncertain by `site_uncertainty` (one standard deviation). Minus infinity where a hard edge excludes it.
    ///
    /// # Accuracy
    /// A relative 1e-12 of the likelihood, however small it is.
    #[must_use]
    pub fn log_likelihood(&self, distance: Length, site_uncertainty: Length) -> f64 {
        self.ln_density_per_m(distance.m(), site_uncertainty.m()) + 1000_f64.ln()
    }

    /// The likelihood per kilometre for a site whose position is exact: `exp` of [`Band::log_likelihood`].
    #[must_use]
    pub fn likelihood_per_km(&self, distance: Length) -> f64 {
        self.log_likelihood(distance, Length::ZERO).exp()
    }

    fn ln_density_per_m(&self, x_m: f64, site_m: f64) -> f64 {
        if x_m < self.limits_m.0 || x_m > self.limits_m.1 {
            return f64::NEG_INFINITY;
        }
        let tau_m = self.spread.map_or(0.0, |spread| spread.tau_m(x_m, site_m));
        if tau_m == 0.0 {
            let density: f64 = self.shapes.iter().map(|(weight, shape)| weight * shape.density_per_m(x_m)).sum();
            return (density * self.scale).ln();
        }
        ln_sum_exp(self.shapes.iter().map(|(weight, shape)| weight.ln() + shape.ln_smoothed(x_m, tau_m)))
    }

    /// The equal-tailed interval that holds `share` of the likelihood over distances of zero or more, for a site whose
    /// position is exact.
    ///
    /// # Accuracy
    /// 1e-6 of the width of the band.
    ///
    /// # Panics
    /// If `share` is not between 0 and 1.
    #[must_use]
    pub fn credible_interval(&self, share: f64) -> Interval {
        assert!(share > 0.0 && share < 1.0, "a share lies between 0 and 1, found {share}");
        let law = Cumulative::new(self);
        Interval::computed_m(law.quantile_m(self, (1.0 - share) / 2.0), law.quantile_m(self, f64::midpoint(1.0, share)))
    }

    /// The distance with half of the likelihood on either side.
    #[must_use]
    pub fn median(&self) -> Length {
        Length::computed_m(Cumulative::new(self).quantile_m(self, 0.5))
    }

    /// An upper bound, in natural logarithms per kilometre, on the likelihood of every distance between `from_m` and
    /// `to_m`, for every site whose own uncertainty is at most `site_m`.
    ///
    /// A smoothed trapezoid is nowhere higher than the trapezoid itself, than its height times the share of the normal that
    /// reaches it across the gap, or than the normal's own density at the gap (whose greatest value over all widths lies
    /// where the width is the gap).
    pub(crate) fn log_upper_bound(&self, from_m: f64, to_m: f64, site_m: f64) -> f64 {
        let (from_m, to_m) = (from_m.max(self.limits_m.0), to_m.min(self.limits_m.1));
        if from_m > to_m {
            return f64::NEG_INFINITY;
        }
        let (least_tau_m, greatest_tau_m) =
            self.spread.map_or((0.0, 0.0), |spread| (spread.tau_m(from_m, 0.0), spread.tau_m(to_m, site_m)));
        let bound_per_m: f64 = self
            .shapes
            .iter()
            .map(|(weight, shape)| {
                let gap_m = (shape.a_m - to_m).max(from_m - shape.d_m).max(0.0);
                let height_per_m = shape.height_per_m();
                let bound = if gap_m == 0.0 {
                    height_per_m
                } else if greatest_tau_m == 0.0 {
                    0.0
                } else {
                    let tau_m = gap_m.clamp(least_tau_m, greatest_tau_m);
                    let peak_per_m = libm::exp(-(gap_m / tau_m).powi(2) / 2.0) / (tau_m * TAU_SQRT);
                    peak_per_m.min(height_per_m * phi(-gap_m / greatest_tau_m))
                };
                weight * bound
            })
            .sum();
        // A hair above, so that rounding can never put the bound below the value; tails that underflow have no bound to
        // speak of but the least positive number's.
        (bound_per_m * self.scale * (1.0 + 1e-9)).max(f64::MIN_POSITIVE).ln() + 1000_f64.ln()
    }
}

/// ln Σ exp(x), without overflow; minus infinity for no terms.
pub(crate) fn ln_sum_exp(terms: impl Iterator<Item = f64> + Clone) -> f64 {
    let greatest = terms.clone().fold(f64::NEG_INFINITY, f64::max);
    if greatest == f64::NEG_INFINITY {
        return greatest;
    }
    greatest + terms.map(|term| (term - greatest).exp()).sum::<f64>().ln()
}

/// The integral of a band over distance, panel by panel.
struct Cumulative {
    edges_m: Vec<f64>,
    /// The integral up to each edge.
    below: Vec<f64>,
}

impl Cumulative {
    fn new(band: &Band) -> Self {
        let support = band.support();
        let mut edges_m = vec![support.from.m(), support.to.m()];
        for (_, shape) in &band.shapes {
            for corner_m in [shape.a_m, shape.b_m, shape.c_m, shape.d_m] {
                edges_m.push(corner_m);
                if let Some(spread) = band.spread {
                    // Panels of at most one width around each corner; the width grows with the distance, so upward it is
                    // taken anew at every step. Twelve widths out, nothing is left.
                    let mut up_m = corner_m.max(0.0);
                    let mut down_m = corner_m;
                    for _ in 0..12 {
                        up_m = (up_m + spread.tau_m(up_m, 0.0)).min(GREATEST_DISTANCE_M);
                        down_m -= spread.tau_m(down_m, 0.0);
                        edges_m.extend([up_m, down_m]);
                    }
                }
            }
        }
        let limits_m = (band.limits_m.0, band.limits_m.1.min(GREATEST_DISTANCE_M));
        edges_m.push(limits_m.0);
        edges_m.retain(|m| (limits_m.0..=limits_m.1).contains(m));
        edges_m.sort_by(f64::total_cmp);
        edges_m.dedup();
        let mut total = 0.0;
        let mut below = vec![0.0];
        for panel in edges_m.windows(2) {
            total += integral(band, panel[0], panel[1]);
            below.push(total);
        }
        Self { edges_m, below }
    }

    fn quantile_m(&self, band: &Band, share: f64) -> f64 {
        let wanted = share * self.below[self.below.len() - 1];
        let panel = self.below.partition_point(|below| *below < wanted).clamp(1, self.edges_m.len() - 1);
        let (start_m, mut low_m, mut high_m) = (self.edges_m[panel - 1], self.edges_m[panel - 1], self.edges_m[panel]);
        for _ in 0..50 {
            let middle_m = f64::midpoint(low_m, high_m);
            if self.below[panel - 1] + integral(band, start_m, middle_m) < wanted {
                low_m = middle_m;
            } else {
                high_m = middle_m;
            }
        }
        f64::midpoint(low_m, high_m)
    }
}

/// Gauss–Legendre quadrature of ten points; exact for the straight pieces of a hard band. The points never touch the ends,
/// so that a panel between two hard edges sees the inside only.
fn integral(band: &Band, from_m: f64, to_m: f64) -> f64 {
    const NODES: [(f64, f64); 5] = [
        (0.148_874_338_981_631_2, 0.295_524_224_714_752_87),
        (0.433_395_394_129_247_2, 0.269_266_719_309_996_35),
        (0.679_409_568_299_024_4, 0.219_086_362_515_982_04),
        (0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
        (0.973_906_528_517_171_7, 0.066_671_344_308_688_14),
    ];
    let (middle_m, half_m) = (f64::midpoint(from_m, to_m), (to_m - from_m) / 2.0);
    let density = |x_m: f64| band.ln_density_per_m(x_m, 0.0).exp();
    half_m
        * NODES
            .iter()
            .map(|(node, weight)| weight * (density(middle_m - node * half_m) + density(middle_m + node * half_m)))
            .sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Claim;
    use crate::reading::Reading;

    /// The bound is above the likelihood at every distance of the interval, for every uncertainty up to the stated one.
    #[test]
    fn the_bound_is_never_below() {
        for words in [
            "about 85 km from X",
            "nearly 100 km from X",
            "at least 7 km from X",
            "1,200 km from X",
            "exactly 0.4 km from X",
        ] {
            let claim: Claim = words.parse().expect("a claim");
            for reading in Reading::all() {
                let band = reading.band(&claim, Length::computed_m(1000.0));
                for from in 0..60 {
                    for width_m in [0.0, 500.0, 20_000.0, 1e6] {
                        let from_m = f64::from(from * from) * 500.0;
                        let bound = band.log_upper_bound(from_m, from_m + width_m, 3000.0);
                        for step in 0..=8 {
                            let at = Length::computed_m(from_m + width_m * f64::from(step) / 8.0);
                            for site_m in [0.0, 300.0, 3000.0] {
                                let likelihood = band.log_likelihood(at, Length::computed_m(site_m));
                                assert!(likelihood <= bound, "{words}, {reading}: {likelihood} above {bound} at {at}");
                            }
                        }
                    }
                }
            }
        }
    }

    /// Where a trapezoid is far narrower than the smoothing, it is a point beside a normal; where far wider, smoothing changes
    /// nothing inside; and the two ways of computing meet.
    #[test]
    fn narrow_and_wide_trapezoids() {
        let normal = |u: f64, tau_m: f64| -u * u / 2.0 - (tau_m * TAU_SQRT).ln();
        for width_m in [1e-3, 0.5, 2.0] {
            let window = Trapezoid::window(-width_m / 2.0, width_m / 2.0);
            for u in [0.0, 1.0, 5.0, 30.0] {
                let found = window.ln_smoothed(u * 1e4, 1e4);
                // Second order in width over smoothing: (w/τ)²·(u²−1)/24.
                let second = (width_m / 1e4).powi(2) * (u * u - 1.0) / 24.0;
                assert!((found - normal(u, 1e4) - second).abs() < 1e-9, "{width_m} {u}: {found}");
            }
        }
        let wide = Trapezoid { a_m: 0.0, b_m: 1e5, c_m: 2e5, d_m: 4e5 };
        for x_m in [5e4, 1.5e5, 3e5] {
            assert!((wide.ln_smoothed(x_m, 10.0) - wide.density_per_m(x_m).ln()).abs() < 1e-9, "{x_m}");
        }
    }
}
