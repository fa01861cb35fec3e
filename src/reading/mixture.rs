//! The mixture: every way in which a number may have come about, with its share.
//!
//! ```text
//! f = (1 − φ − Σλ − κ)·Σ_g ρ_g·Window_g  +  φ·Triangle  +  Σ λ·Loose  +  κ·MixedUp,   all ⊛ N(0, τ²)
//! ```
//!
//! | part | share | what it allows around the number r |
//! |---|---|---|
//! | Window | ρ | the width g that listeners give the words ([`super::hedge`]), the grain of a number that was converted from a rounder one in another unit, and what the feature extends |
//! | Triangle | φ | r ± 2·10^⌊log10 r⌋: the digits say nothing |
//! | Loose | λ₁, λ₂ | half (r − δ)/q to r, half r to (r + δ)·q, likeliest at r: a slip, another point of the feature, a wrong name |
//! | MixedUp | κ | the number in the unit that is easily taken for the one written: miles labelled km |

use serde::Serialize;

use super::rules::decade;
use super::wording::{Wording, originals};
use super::{FeatureKnown, hedge};
use crate::band::{Band, Interval, Origin, Piece, Spread, Trapezoid};
use crate::claim::{Claim, Offset};
use crate::length::Unit;

/// The parameters of a mixture. Each says how the result changes with it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Mixture {
    /// Whether the number was cut off, as machines do, and not rounded: then the truth lies above it.
    pub truncated: bool,
    /// φ: the share of claims whose digits say nothing. More of it widens the band to two units of the first digit.
    pub spurious_precision: f64,
    /// The share of claims that are somewhat off, and how far: the shoulders of the band.
    pub loose: Loose,
    /// The share of claims that are far off, and how far: the tails.
    pub gross: Loose,
    /// κ: the share of claims in another unit than the one written. More of it puts a second peak where that unit would.
    pub mixed_up: f64,
    /// The prior share of numbers that were converted from another unit. More of it widens numbers such as 161 km (100 miles).
    pub converted: f64,
    /// The greatest width that listeners' grains may have, as a share of the number: a guard where the regression is
    /// extrapolated.
    pub widest_share: f64,
    /// How well a source knows a distance, in metres: one standard deviation, but no more than `source_abs_share` of it.
    pub source_abs_m: f64,
    /// See `source_abs_m`.
    pub source_abs_share: f64,
    /// And as a share of the distance.
    pub source_relative: f64,
    /// How far a feature that is given as a point extends, in metres: distances "from a town" are often meant from its edge, so
    /// the middle is farther. More of it moves the band outward.
    pub extent_m: f64,
}

/// A share of claims that are off by up to δ and a factor q either way.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Loose {
    /// λ: the share for small numbers.
    pub share: f64,
    /// The number, in metres, at which the share has fallen to half. Near offsets refer to small places, whose positions are
    /// less agreed upon than those of large ones. Infinite where the share is the same for every number.
    pub fade_m: f64,
    /// δ, in metres.
    pub reach_m: f64,
    /// q, at least 1.
    pub factor: f64,
}

impl Loose {
    pub(super) const NONE: Self = Self { share: 0.0, fade_m: f64::INFINITY, reach_m: 0.0, factor: 1.0 };

    /// The share at a number.
    fn share_at(&self, middle_m: f64) -> f64 {
        self.share / (1.0 + middle_m / self.fade_m)
    }

    /// As often too near as too far, both likeliest at the number; also beyond the side of a one-sided hedge, since who is wrong is
    /// wrong either way.
    fn shapes(&self, wording: &Wording) -> [Trapezoid; 2] {
        let (low_m, high_m) = wording.ends_m();
        let (least_m, greatest_m) = ((low_m - self.reach_m) / self.factor, (high_m + self.reach_m) * self.factor);
        [
            wording.along(Trapezoid { a_m: least_m, b_m: low_m, c_m: high_m, d_m: high_m }),
            wording.along(Trapezoid { a_m: low_m, b_m: low_m, c_m: high_m, d_m: greatest_m }),
        ]
    }
}

/// Which fit the numbers below come from.
pub(super) const FIT_VERSION: &str = "2026-11";

/// How far digits that say nothing reach, in units of the first digit.
const SPURIOUS_REACH: f64 = 2.0;

/// The units that each is easily taken for.
///
/// Source: ten consecutive rows of a published table of North Korean markets are miles labelled km; ships' reports say miles for
/// nautical miles.
fn mistaken_for(unit: Unit) -> &'static [Unit] {
    match unit {
        Unit::Kilometer => &[Unit::Mile],
        Unit::Mile => &[Unit::NauticalMile, Unit::Kilometer],
        Unit::NauticalMile => &[Unit::Mile, Unit::Kilometer],
        _ => &[],
    }
}

impl Mixture {
    /// The worked-out prior: no tails, no mix-ups, listeners' widths as they are.
    ///
    /// Source: the share of spurious precision is for one number, second-hand, from one anonymous source; 2 km, or a quarter of
    /// the distance where that is less, and 3 % of it, are how well a source is taken to know. All are judgements.
    pub(super) const PRIOR: Self = Self {
        truncated: false,
        spurious_precision: 0.35,
        loose: Loose::NONE,
        gross: Loose::NONE,
        mixed_up: 0.0,
        converted: 0.0,
        widest_share: f64::INFINITY,
        source_abs_m: 2_000.0,
        source_abs_share: 0.25,
        source_relative: 0.03,
        extent_m: 0.0,
    };

    /// No mixture at all: what the narrow readings report as parameters.
    pub(super) const NONE: Self =
        Self { spurious_precision: 0.0, source_abs_m: 0.0, source_abs_share: 0.0, source_relative: 0.0, ..Self::PRIOR };

    /// Fitted to claims with known truth.
    pub(super) const FITTED: Self = Self {
        truncated: false,
        spurious_precision: 0.090,
        loose: Loose { share: 0.138, fade_m: f64::INFINITY, reach_m: 27_800.0, factor: 1.0 },
        gross: Loose { share: 0.057, fade_m: f64::INFINITY, reach_m: 0.0, factor: 21.7 },
        mixed_up: 0.02,
        converted: 0.1,
        widest_share: 1.0,
        source_abs_m: 1_210.0,
        source_abs_share: 0.25,
        source_relative: 0.0081,
        extent_m: 5_250.0,
    };

    /// Fitted to earthquake catalogues.
    pub(super) const TRUNCATED: Self = Self {
        truncated: true,
        spurious_precision: 0.0,
        loose: Loose { share: 0.638, fade_m: 7_820.0, reach_m: 687.0, factor: 1.0 },
        gross: Loose { share: 0.034, fade_m: f64::INFINITY, reach_m: 10_300.0, factor: 1.043 },
        mixed_up: 0.0,
        converted: 0.0,
        widest_share: 1.0,
        source_abs_m: 10.0,
        source_abs_share: 0.25,
        source_relative: 0.0,
        extent_m: 0.0,
    };

    pub(super) fn band(&self, claim: &Claim, feature: FeatureKnown) -> Band {
        let said = Wording::said(claim);
        let extent_m = if feature.is_point { feature.extent_m.unwrap_or(self.extent_m) } else { 0.0 };
        let extent_m = extent_m.min(said.middle_m());
        let mut pieces = Vec::new();
        for (wording, share) in originals(claim) {
            self.add_pieces(&wording, share, extent_m, &mut pieces);
        }
        pieces.retain(|piece| piece.weight > 0.0);
        let narrowest = pieces[0].shape;
        let spread = Spread {
            abs_m: self.source_abs_m.min(self.source_abs_share * said.middle_m()),
            relative: self.source_relative,
            feature_m: feature.uncertainty_m,
        };
        Band::smoothed(pieces, Interval::computed_m(narrowest.b_m, narrowest.c_m), spread)
    }

    fn add_pieces(&self, wording: &Wording, share: f64, extent_m: f64, pieces: &mut Vec<Piece>) {
        let mistaken = if wording.is_range() { &[] } else { mistaken_for(wording.unit) };
        let mixed_up = if mistaken.is_empty() { 0.0 } else { self.mixed_up };
        let [loose, gross] = [self.loose, self.gross].map(|off| off.share_at(wording.middle_m()));
        let meant = share * (1.0 - self.spurious_precision - loose - gross - mixed_up);
        let mut add = |weight: f64, shape: Trapezoid, origin: Origin| pieces.push(Piece { weight, shape, origin });

        for (width, weight) in self.widths(wording) {
            add(meant * weight.0, extended(width, extent_m), weight.1);
        }
        let reach_m = SPURIOUS_REACH * decade(wording.offset.value()) * wording.unit.m();
        let (low_m, high_m) = wording.ends_m();
        let triangle = wording.peak(low_m - reach_m, high_m + reach_m);
        add(share * self.spurious_precision, triangle, Origin::SpuriousDigits);
        for (off, off_share, origin) in [(self.loose, loose, Origin::Loose), (self.gross, gross, Origin::Gross)] {
            if off_share > 0.0 {
                for shape in off.shapes(wording) {
                    add(share * off_share / 2.0, shape, origin);
                }
            }
        }
        for unit in mistaken {
            let other = wording.instead(wording.offset.clone(), *unit);
            let (width, _) = self.grains(&other)[0];
            #[allow(clippy::cast_precision_loss, reason = "two units at most")]
            let weight = share * mixed_up / mistaken.len() as f64;
            // Units get lost where numbers are copied from a table, and those were measured from the middle.
            add(weight, other.window(width), Origin::MixedUp { meant: *unit });
        }
    }

    /// The windows that the number may have, with weights that sum to one.
    fn widths(&self, wording: &Wording) -> Vec<(Trapezoid, (f64, Origin))> {
        if self.truncated {
            return vec![(wording.truncated(), (1.0, Origin::Rounded))];
        }
        let windows = |wording: &Wording, share: f64, origin: Origin| -> Vec<(Trapezoid, (f64, Origin))> {
            self.grains(wording)
                .into_iter()
                .map(|(width, weight)| (wording.window(width), (share * weight, origin)))
                .collect()
        };
        match self.converted_from(wording) {
            Some((rounder, share)) => {
                let mut all = windows(wording, 1.0 - share, Origin::Rounded);
                all.extend(windows(&rounder, share, Origin::Converted { from: rounder.unit }));
                all
            }
            None => windows(wording, 1.0, Origin::Rounded),
        }
    }

    /// The widths that listeners give, in the wording's unit, with their weights.
    pub(super) fn grains(&self, wording: &Wording) -> Vec<(f64, f64)> {
        let widest = self.widest_share * wording.middle_m() / wording.unit.m();
        let mut grains = hedge::grains(&wording.offset, wording.hedge);
        for (width, _) in &mut grains {
            *width = width.min(widest);
        }
        grains
    }

    /// The roundest number in another unit that prints as this one, if it is rounder, with the probability that it came first.
    ///
    /// A number that ends in zeros is written so much more often than its neighbours as its step is greater, so each candidate
    /// counts by its step.
    fn converted_from(&self, wording: &Wording) -> Option<(Wording, f64)> {
        const UNITS: [Unit; 3] = [Unit::Kilometer, Unit::Mile, Unit::NauticalMile];
        const STEPS: [f64; 8] = [1000.0, 500.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0];
        if self.converted == 0.0 || wording.is_range() || !UNITS.contains(&wording.unit) {
            return None;
        }
        let step_m = wording.offset.significant_digit() * wording.unit.m();
        let half_m = wording.offset.last_digit() * wording.unit.m() / 2.0;
        let (rounder, ratio) = UNITS
            .into_iter()
            .filter(|unit| *unit != wording.unit)
            .flat_map(|unit| STEPS.map(|step| (unit, step)))
            .filter(|(unit, step)| step * unit.m() > step_m)
            .filter_map(|(unit, step)| {
                let number = (wording.middle_m() / unit.m() / step).round() * step;
                let prints = number > 0.0 && (number * unit.m() - wording.middle_m()).abs() <= half_m;
                let offset = prints.then(|| Offset::whole_number(number)).flatten()?;
                Some((wording.instead(offset, unit), step * unit.m() / step_m))
            })
            .max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some((rounder, self.converted * ratio / (self.converted * ratio + 1.0 - self.converted)))
    }
}

/// A shape after what a feature extends has been added: anything from nothing to all of it.
fn extended(shape: Trapezoid, extent_m: f64) -> Trapezoid {
    let Trapezoid { a_m, b_m, c_m, d_m } = shape;
    Trapezoid { a_m, b_m: c_m.min(b_m + extent_m), c_m: c_m.max(b_m + extent_m), d_m: d_m + extent_m }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::length::Unit::{Kilometer, Mile, NauticalMile};

    fn pieces(text: &str, mixture: &Mixture) -> Vec<Piece> {
        let claim: Claim = text.parse().expect("a claim");
        let mut pieces = Vec::new();
        for (wording, share) in originals(&claim) {
            mixture.add_pieces(&wording, share, 0.0, &mut pieces);
        }
        pieces
    }

    /// However the number may have come about, something made it.
    #[test]
    fn the_pieces_sum_to_one() {
        for text in
            ["85 km from X", "about 100 miles from X", "at least 7 feet from X", "30 to 50 nautical miles from X"]
        {
            for mixture in [Mixture::PRIOR, Mixture::FITTED, Mixture::TRUNCATED] {
                let sum: f64 = pieces(text, &mixture).iter().map(|piece| piece.weight).sum();
                assert!((sum - 1.0).abs() < 1e-12, "{text}: {sum}");
            }
        }
    }

    /// One of fifty numbers is in another unit, to its last significant digit: 100 km for 100 miles, which are 160.934 km.
    #[test]
    fn units_that_are_easily_taken_for_each_other() {
        for (text, expected) in [
            ("100 km from X", &[(Mile, 0.02, 160_934.4)][..]),
            ("100 miles from X", &[(NauticalMile, 0.01, 185_200.0), (Kilometer, 0.01, 100_000.0)]),
            ("100 nautical miles from X", &[(Mile, 0.01, 160_934.4), (Kilometer, 0.01, 100_000.0)]),
            ("100 feet from X", &[]),
            ("30 to 50 km from X", &[]),
        ] {
            let pieces = pieces(text, &Mixture::FITTED);
            let mixed_up = pieces.iter().filter_map(|piece| match piece.origin {
                Origin::MixedUp { meant } => {
                    Some((meant, piece.weight, f64::midpoint(piece.shape.a_m, piece.shape.d_m)))
                }
                _ => None,
            });
            let mixed_up: Vec<_> = mixed_up.collect();
            assert_eq!(mixed_up.len(), expected.len(), "{text}");
            for (found, wanted) in mixed_up.iter().zip(expected) {
                assert!(found.0 == wanted.0 && (found.1 - wanted.1).abs() < 1e-12, "{text}: {mixed_up:?}");
                assert!((found.2 - wanted.2).abs() < 1e-6, "{text}: {mixed_up:?}");
            }
        }
    }

    /// 53 miles are 85.3 km: to 5 km 85 of them print so, and to 2 nautical miles 46 of them, whose step is shorter. 93 km are 50 nautical miles,
    /// which print so to fifty of them, and 58 miles to two. A tenth of all numbers were converted, in proportion to the step.
    #[test]
    fn the_roundest_number_that_prints_alike() {
        for (text, unit, m, ratio) in [
            ("53 miles from X", Kilometer, 85_000.0, 5_000.0 / 1609.344),
            ("93 km from X", NauticalMile, 92_600.0, 92.6),
            ("161 km from X", Mile, 160_934.4, 160.934_4),
        ] {
            let said = Wording::said(&text.parse().expect("a claim"));
            let (rounder, share) = Mixture::FITTED.converted_from(&said).expect(text);
            assert_eq!(rounder.unit, unit, "{text}");
            assert!((rounder.middle_m() - m).abs() < 1e-6, "{text}: {}", rounder.middle_m());
            assert!((share - 0.1 * ratio / (0.1 * ratio + 0.9)).abs() < 1e-12, "{text}: {share}");
        }
        for text in ["100 km from X", "8.5 km from X", "30 to 50 miles from X", "161 m from X"] {
            let said = Wording::said(&text.parse().expect("a claim"));
            assert!(Mixture::FITTED.converted_from(&said).is_none(), "{text}");
        }
    }

    /// Half as many where the number is `fade_m`, a third where it is twice that.
    #[test]
    fn near_numbers_are_looser() {
        let loose = Loose { share: 0.6, fade_m: 8_000.0, reach_m: 500.0, factor: 2.0 };
        for (middle_m, share) in [(0.0, 0.6), (8_000.0, 0.3), (16_000.0, 0.2)] {
            assert!((loose.share_at(middle_m) - share).abs() < 1e-12);
        }
        let said = Wording::said(&"10 km from X".parse().expect("a claim"));
        let [near, far] = loose.shapes(&said);
        assert_eq!((near.a_m, near.b_m, near.c_m, near.d_m), (4_750.0, 10_000.0, 10_000.0, 10_000.0));
        assert_eq!((far.a_m, far.b_m, far.c_m, far.d_m), (10_000.0, 10_000.0, 10_000.0, 21_000.0));
    }

    /// From the edge of the feature the least, from its far side the most.
    #[test]
    fn an_extent_adds_anything_from_nothing_to_all_of_it() {
        let shape = Trapezoid { a_m: 10.0, b_m: 20.0, c_m: 30.0, d_m: 40.0 };
        for (extent_m, [b_m, c_m, d_m]) in
            [(0.0, [20.0, 30.0, 40.0]), (5.0, [25.0, 30.0, 45.0]), (15.0, [30.0, 35.0, 55.0])]
        {
            let found = extended(shape, extent_m);
            assert_eq!([found.a_m, found.b_m, found.c_m, found.d_m], [10.0, b_m, c_m, d_m]);
        }
    }
}
