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

mod distribution;
mod envelope;
mod table;
mod trapezoid;

use std::fmt;

use serde::Serialize;

use crate::length::{Length, Unit};
pub use distribution::Distribution;
pub(crate) use envelope::{Bound, Envelope};
pub(crate) use table::BandTable;
use trapezoid::TAU_SQRT;
pub(crate) use trapezoid::{Trapezoid, phi};

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

/// How a stated number may have come about, given the true distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Origin {
    /// Rounded, or as wide as the words are understood.
    Rounded,
    /// Digits that say nothing: the number is good to one or two units of its first digit.
    SpuriousDigits,
    /// Somewhat off: a slip, another point of the feature.
    Loose,
    /// Far off: a wrong name, a wrong number.
    Gross,
    /// Converted from a rounder number in another unit.
    Converted {
        /// The unit of the rounder number.
        from: Unit,
    },
    /// Said in one unit and meant in another.
    MixedUp {
        /// The unit that was meant.
        meant: Unit,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rounded => f.write_str("as it was said"),
            Self::SpuriousDigits => f.write_str("digits that say nothing"),
            Self::Loose => f.write_str("somewhat off"),
            Self::Gross => f.write_str("far off"),
            Self::Converted { from } => write!(f, "converted from {from}"),
            Self::MixedUp { meant } => write!(f, "meant in {meant}"),
        }
    }
}

/// One way in which a number may have come about, and the distances that it allows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) weight: f64,
    pub(crate) shape: Trapezoid,
    pub(crate) origin: Origin,
}

impl Piece {
    /// ln of weight times density, smoothed by a normal of width `tau_m`.
    fn ln_per_m(&self, x_m: f64, tau_m: f64) -> f64 {
        let ln_density =
            if tau_m == 0.0 { self.shape.density_per_m(x_m).ln() } else { self.shape.ln_smoothed(x_m, tau_m) };
        self.weight.ln() + ln_density
    }
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
    pieces: Vec<Piece>,
    core: Interval,
    /// The density is zero outside, and was multiplied by `scale` to make up for what was cut off.
    limits_m: (f64, f64),
    scale: f64,
    /// None where the reading takes its edges literally.
    spread: Option<Spread>,
}

impl Band {
    /// The pieces, widened by `spread`; the weights sum to one.
    pub(crate) fn smoothed(pieces: Vec<Piece>, core: Interval, spread: Spread) -> Self {
        Self { pieces, core, limits_m: (0.0, f64::INFINITY), scale: 1.0, spread: Some(spread) }
    }

    /// One shape with hard edges, cut to `limits_m` and to distances of zero or more, and made to sum to one again.
    pub(crate) fn hard(shape: Trapezoid, limits_m: (f64, f64)) -> Self {
        let limits_m = (limits_m.0.max(0.0), limits_m.1);
        let scale = 1.0 / (shape.share_below(limits_m.1) - shape.share_below(limits_m.0));
        let cut = |m: f64| m.clamp(limits_m.0, limits_m.1);
        let core = Interval::computed_m(cut(shape.b_m), cut(shape.c_m));
        let pieces = vec![Piece { weight: 1.0, shape, origin: Origin::Rounded }];
        Self { pieces, core, limits_m, scale, spread: None }
    }

    /// The distances with full credit: the level part of the narrowest width that the words may have.
    #[must_use]
    pub fn core(&self) -> Interval {
        self.core
    }

    /// The distances with any credit before smoothing.
    #[must_use]
    pub fn support(&self) -> Interval {
        let from_m = self.pieces.iter().fold(f64::INFINITY, |least, piece| least.min(piece.shape.a_m));
        let to_m = self.pieces.iter().fold(0.0, |greatest: f64, piece| greatest.max(piece.shape.d_m));
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
        let tau_m = self.tau_m(x_m, site_m);
        ln_sum_exp(self.pieces.iter().map(|piece| piece.ln_per_m(x_m, tau_m))) + self.scale.ln()
    }

    fn tau_m(&self, x_m: f64, site_m: f64) -> f64 {
        self.spread.map_or(0.0, |spread| spread.tau_m(x_m, site_m))
    }

    /// How the number may have come about if this is the true distance: every way that the reading knows, with its
    /// probability, likeliest first. Empty where the reading excludes the distance.
    ///
    /// # Example
    /// A market is published as 20.7 km from Pyongyang, and is 33.1 km away: 20.7 miles.
    /// ```
    /// use siteband::{Length, Origin, Reading, Unit};
    /// let band = Reading::default().band(&"20.7 km from Pyongyang".parse()?, Length::ZERO);
    /// let (origin, probability) = band.origins(Length::from_km(33.1)?)[0];
    /// assert_eq!(origin, Origin::MixedUp { meant: Unit::Mile });
    /// assert!(probability > 0.5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn origins(&self, distance: Length) -> Vec<(Origin, f64)> {
        self.origins_for(distance, Length::ZERO)
    }

    /// [`Band::origins`] for a site whose own position is uncertain (one standard deviation; hard edges ignore it).
    #[must_use]
    pub fn origins_for(&self, distance: Length, site_uncertainty: Length) -> Vec<(Origin, f64)> {
        let tau_m = self.tau_m(distance.m(), site_uncertainty.m());
        let ln_total = self.ln_density_per_m(distance.m(), site_uncertainty.m()) - self.scale.ln();
        let mut shares: Vec<(Origin, f64)> = Vec::new();
        if ln_total == f64::NEG_INFINITY {
            return shares;
        }
        for piece in &self.pieces {
            let share = (piece.ln_per_m(distance.m(), tau_m) - ln_total).exp();
            match shares.iter_mut().find(|(origin, _)| *origin == piece.origin) {
                Some((_, sum)) => *sum += share,
                None => shares.push((piece.origin, share)),
            }
        }
        shares.sort_by(|a, b| b.1.total_cmp(&a.1));
        shares
    }

    /// The band as a probability distribution of the true distance, for a site whose position is exact.
    #[must_use]
    pub fn distribution(&self) -> Distribution<'_> {
        self.distribution_for(Length::ZERO)
    }

    /// The band as a probability distribution of the true distance, for a site whose own position is uncertain (one standard
    /// deviation; hard edges ignore it).
    #[must_use]
    pub fn distribution_for(&self, site_uncertainty: Length) -> Distribution<'_> {
        Distribution::new(self, site_uncertainty.m())
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
        self.distribution().credible_interval(share)
    }

    /// The distance with half of the likelihood on either side.
    #[must_use]
    pub fn median(&self) -> Length {
        self.distribution().quantile(0.5)
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
            .pieces
            .iter()
            .map(|Piece { weight, shape, .. }| {
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

/// ln Σ exp(x), without overflow, each term taken once; minus infinity for no terms.
pub(crate) fn ln_sum_exp(terms: impl Iterator<Item = f64>) -> f64 {
    let (mut greatest, mut sum) = (f64::NEG_INFINITY, 0.0);
    for term in terms {
        if term > greatest {
            sum = sum * (greatest - term).exp() + 1.0;
            greatest = term;
        } else if term > f64::NEG_INFINITY {
            sum += (term - greatest).exp();
        }
    }
    // For no terms, or nothing but zeros, this is ln 0.
    greatest + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Claim;
    use crate::reading::Reading;

    #[test]
    fn an_interval_has_its_ends() {
        let interval = Interval::computed_m(-5.0, 20.0);
        for (m, is_within) in [(0.0, true), (7.0, true), (20.0, true), (20.001, false)] {
            assert_eq!(interval.contains(Length::computed_m(m)), is_within, "{m}");
        }
        assert!(!Interval::computed_m(10.0, 20.0).contains(Length::computed_m(9.999)));
    }

    /// Beside one wide window the likelihood is greatest for the least certain site, beside a narrow one where the width is that of the gap; between its
    /// edges it is the height. The bound is that, and no more.
    #[test]
    fn the_bound_of_one_window_is_reached() {
        let spread = Spread { abs_m: 1_000.0, relative: 0.0, feature_m: 0.0 };
        for (width_m, gaps_m) in [(40_000.0, [500.0, 5_000.0, 9_000.0]), (1.0, [500.0, 2_000.0, 9_000.0])] {
            let shape = Trapezoid::window(100_000.0, 100_000.0 + width_m);
            let piece = |weight: f64| Piece { weight, shape, origin: Origin::Rounded };
            let band =
                Band::smoothed(vec![piece(0.75), piece(0.25)], Interval::computed_m(shape.b_m, shape.c_m), spread);
            let greatest = |at_m: f64| {
                let of_sites = (0..=3_000)
                    .map(|m| band.log_likelihood(Length::computed_m(at_m), Length::computed_m(f64::from(m))));
                of_sites.fold(f64::NEG_INFINITY, f64::max)
            };
            for gap_m in gaps_m {
                for at_m in [shape.a_m - gap_m, shape.d_m + gap_m] {
                    let bound = band.log_upper_bound(at_m, at_m, 3_000.0);
                    assert!(
                        (0.0..2e-3).contains(&(bound - greatest(at_m))),
                        "{width_m} {gap_m}: {bound}, {}",
                        greatest(at_m)
                    );
                    // Of a range its nearest end counts.
                    let (from_m, to_m) = if at_m < shape.a_m { (at_m - 7_000.0, at_m) } else { (at_m, at_m + 7_000.0) };
                    assert_eq!(band.log_upper_bound(from_m, to_m, 3_000.0), bound);
                }
            }
            let middle_m = f64::midpoint(shape.a_m, shape.d_m);
            let height_per_km = 1_000.0 / width_m;
            assert!((band.log_upper_bound(middle_m, middle_m, 3_000.0) - height_per_km.ln()).abs() < 1e-8);
        }
    }

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
}
