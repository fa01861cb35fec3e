//! The greatest likelihood within a range of distances, for a search that asks for it thousands of times.
//!
//! The axis of distances is cut into cells of 4 m, 8 m, 16 m and so on. The bound of a cell is worked out when it is first asked for:
//! the density f at five places of it, for the least and the greatest uncertainty of sites, and what it can rise to in between,
//!
//! ```text
//! f(x, s) ≤ max f(x_k, s_least or s_greatest) + K·h²/8 + S·(s_greatest² − s_least²)/4,
//! ```
//!
//! with h the step between the places, K a bound on |∂²f/∂x²|, S one on |∂²f/∂x²| at a fixed width (by the heat equation ∂f/∂τ² is half of
//! it). The derivatives of a smoothed edge are those of the normal distribution. Where f is small the coarse bound of the band is less,
//! and counts. Cells of one width share places with those of the next, so that f is worked out but a few times.

use std::cell::RefCell;

use hashbrown::HashMap;

use super::{Band, Piece, Spread};
use crate::length::Length;

/// A cell is looked at in so many steps.
const STEPS: u32 = 4;
/// The step of the least cells.
const LEAST_M: f64 = 1.0;
/// A range is looked at by cells that are no narrower than this part of it.
const PARTS: f64 = 8.0;
/// No distance is anywhere near.
const FARTHEST_M: f64 = 1e9;

/// The greatest values of the normal density and of its first three derivatives, rounded up.
const PHI: [f64; 4] = [0.398_943, 0.241_971, 0.398_943, 0.550_588];

/// What a bound is above what it bounds, for rounding.
const ROUNDING: f64 = 8e-12;

/// The greatest likelihood of a band over ranges of distances.
#[derive(Debug)]
pub(crate) struct Envelope<'a> {
    band: &'a Band,
    /// The least and the greatest uncertainty of a site.
    site_m: [f64; 2],
    /// By level and number.
    cells: RefCell<HashMap<(u32, u32), f64>>,
    /// ln f, by the number of least steps.
    places: RefCell<HashMap<u32, f64>>,
}

/// An upper bound, in natural logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) ln: f64,
    /// Whether all have this very value.
    pub(crate) is_level: bool,
}

impl Bound {
    /// A bound that may not be reached.
    pub(crate) fn above(ln: f64) -> Self {
        Self { ln, is_level: false }
    }
}

impl<'a> Envelope<'a> {
    /// For sites with uncertainties from `site[0]` to `site[1]`.
    pub(crate) fn new(band: &'a Band, site: [Length; 2]) -> Self {
        Self { band, site_m: site.map(Length::m), cells: RefCell::default(), places: RefCell::default() }
    }

    /// Whether finer cells may say more.
    pub(crate) fn has_cells(&self) -> bool {
        self.band.spread.is_some()
    }

    /// A bound, per kilometre, for every distance between two, by cells that are no narrower than the grain.
    pub(crate) fn over(&self, from_m: f64, to_m: f64, grain_m: f64) -> Bound {
        match self.band.spread {
            None => self.over_hard(from_m, to_m),
            Some(spread) => Bound::above(self.over_smoothed(&spread, from_m.max(0.0), to_m.max(0.0), grain_m)),
        }
    }

    /// Between its corners a shape with hard edges rises or falls all the way.
    fn over_hard(&self, from_m: f64, to_m: f64) -> Bound {
        let ln_per_km = |m: f64| self.band.log_likelihood(Length::computed_m(m.max(0.0)), Length::ZERO);
        let ends = [from_m, to_m].map(ln_per_km);
        let limits_m = <[f64; 2]>::from(self.band.limits_m);
        let corners_m = || {
            let corners_m = self.band.pieces.iter().flat_map(|piece| piece.shape.corners_m()).chain(limits_m);
            corners_m.filter(|m| from_m < *m && *m < to_m)
        };
        let ln = corners_m().map(ln_per_km).chain(ends).fold(f64::NEG_INFINITY, f64::max);
        let is_level = corners_m().next().is_none() && self.is_level(from_m) && self.is_level(to_m);
        Bound { ln, is_level: is_level && ends[0].to_bits() == ends[1].to_bits() }
    }

    /// Whether a shape with hard edges is level about a distance.
    fn is_level(&self, at_m: f64) -> bool {
        let is_within = |from_m: f64, to_m: f64| from_m <= at_m && at_m <= to_m;
        is_within(self.band.core.from.m(), self.band.core.to.m())
            || !is_within(self.band.limits_m.0, self.band.limits_m.1)
            || self.band.pieces.iter().all(|piece| !is_within(piece.shape.a_m, piece.shape.d_m))
    }

    fn over_smoothed(&self, spread: &Spread, from_m: f64, to_m: f64, grain_m: f64) -> f64 {
        if to_m.max(grain_m) > FARTHEST_M {
            return self.band.log_upper_bound(from_m, to_m, self.site_m[1]);
        }
        let mut level = 0;
        // Cells that are no narrower than a part of the range: a few hold it, and little more.
        while width_m(level) < grain_m.max((to_m - from_m) / PARTS) {
            level += 1;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "zero or more, and less than 2^32")]
        let [first, last] = [from_m, to_m].map(|m| (m / width_m(level)) as u32);
        (first..=last).map(|number| self.cell(spread, level, number)).fold(f64::NEG_INFINITY, f64::max)
    }

    fn cell(&self, spread: &Spread, level: u32, number: u32) -> f64 {
        if let Some(known) = self.cells.borrow().get(&(level, number)) {
            return *known;
        }
        let (ln_greatest, ln_rise) = self.fine(spread, level, number);
        let fine = ln_greatest + ln_rise + ROUNDING + 1000_f64.ln();
        // A bound that little above what is there needs no other. A rise that is no number leaves the other.
        let bound = if ln_rise < 1e-2 {
            fine
        } else {
            let from_m = width_m(level) * f64::from(number);
            let coarse = self.band.log_upper_bound(from_m, from_m + width_m(level), self.site_m[1]);
            if fine < coarse { fine } else { coarse }
        };
        self.cells.borrow_mut().insert((level, number), bound);
        bound
    }

    /// ln of the greatest f at the places of a cell, and what it can rise by in between.
    fn fine(&self, spread: &Spread, level: u32, number: u32) -> (f64, f64) {
        let [least_m, greatest_m] = self.site_m;
        let step_m = width_m(level) / f64::from(STEPS);
        let tau_m = spread.tau_m(width_m(level) * f64::from(number), least_m);
        let bends = self.band.pieces.iter().map(|piece| bend(piece, tau_m, spread.relative));
        let [along, at_a_width] = bends.fold([0.0; 2], |sum, bend| [sum[0] + bend[0], sum[1] + bend[1]]);
        let places = (0..=STEPS).map(|step| self.place((STEPS * number + step) << level));
        let ln_greatest = places.fold(f64::NEG_INFINITY, f64::max);
        let rise = along * step_m * step_m / 8.0 + at_a_width * (greatest_m * greatest_m - least_m * least_m) / 4.0;
        (ln_greatest, (rise * self.band.scale / ln_greatest.exp()).ln_1p())
    }

    /// ln f at a place, the greater of those for the least and the greatest uncertainty.
    fn place(&self, number: u32) -> f64 {
        let work_out = || {
            let ln_f = |site_m: f64| self.band.ln_density_per_m(LEAST_M * f64::from(number), site_m);
            let [least_m, greatest_m] = self.site_m;
            if least_m == greatest_m { ln_f(least_m) } else { ln_f(least_m).max(ln_f(greatest_m)) }
        };
        *self.places.borrow_mut().entry(number).or_insert_with(work_out)
    }
}

/// How wide the cells of a level are.
fn width_m(level: u32) -> f64 {
    LEAST_M * f64::from(STEPS) * f64::from(1_u32 << level)
}

/// Bounds on the second derivative of a smoothed piece with the distance, per cubic metre: with the width that changes on the way, and
/// with a fixed one, which is at least `tau_m`.
fn bend(piece: &Piece, tau_m: f64, relative: f64) -> [f64; 2] {
    let Piece { weight, shape, .. } = piece;
    // The n-th derivative of an edge that rises over some way, or all at once.
    let edges = |n: usize, tau_m_to_n: f64| -> f64 {
        let of_edge = |way_m: f64| (PHI[n - 2] * tau_m / way_m).min(PHI[n - 1]) / tau_m_to_n;
        of_edge(shape.b_m - shape.a_m) + of_edge(shape.d_m - shape.c_m)
    };
    let height = weight * shape.height_per_m();
    let [second, third, fourth] = [edges(2, tau_m.powi(2)), edges(3, tau_m.powi(3)), edges(4, tau_m.powi(4))];
    // The width grows by no more than `relative` a metre, and its growth by no more than `relative`² over the width.
    let along = second * (1.0 + 2.0 * relative * relative)
        + 2.0 * tau_m * third * relative
        + (tau_m * relative).powi(2) * fourth;
    [height * along, height * second]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::band::Trapezoid;
    use crate::claim::Claim;
    use crate::reading::Reading;

    const CLAIMS: [&str; 6] = [
        "about 85 km from the Chinese border",
        "less than 100 km from the Chinese border",
        "between 60 and 100 km from the Chinese border",
        "20.7 km from Pyongyang",
        "some 300 metres from Pyongyang",
        "2,000 miles from Pyongyang",
    ];

    fn bands() -> Vec<Band> {
        let claims = CLAIMS.map(|text| text.parse::<Claim>().expect("a claim"));
        let feature = Length::from_m(150.0).expect("a length");
        let readings = Reading::all();
        readings.iter().flat_map(|reading| claims.iter().map(|claim| reading.band(claim, feature))).collect()
    }

    /// For ranges of every width, about every distance that matters, the bound is above the likelihood at many places between,
    /// whatever the uncertainty within its range; and it is level only where they are the same.
    #[test]
    fn nothing_between_is_above_the_bound() {
        for band in bands() {
            for site in [[0.0, 0.0], [50.0, 50.0], [0.0, 300.0]] {
                let site = site.map(|m| Length::from_m(m).expect("a length"));
                let envelope = Envelope::new(&band, site);
                let support = band.support();
                let (low, high) = (support.from.m() * 0.5, support.to.m() * 1.5 + 100.0);
                for step in 0..60 {
                    let from_m = low + (high - low) * f64::from(step) / 60.0;
                    for width_m in [0.0, 0.5, 7.0, 90.0, 1_300.0, 40_000.0] {
                        let bound = envelope.over(from_m, from_m + width_m, 0.0);
                        for at in 0..=20 {
                            let x = Length::from_m(from_m + width_m * f64::from(at) / 20.0).expect("a length");
                            for share in [0.0, 0.3, 1.0] {
                                let s = site[0].m() + share * (site[1].m() - site[0].m());
                                let value = band.log_likelihood(x, Length::from_m(s).expect("a length"));
                                let why = format!("{band:?} {from_m} {width_m} {x} {s}: {value} {bound:?}");
                                assert!(value <= bound.ln, "{why}");
                                assert!(!bound.is_level || value.to_bits() == bound.ln.to_bits(), "{why}");
                            }
                        }
                    }
                }
            }
        }
    }

    /// About the mode a range of 100 m is bounded to a millionth, as the curve is flat there.
    #[test]
    fn about_the_mode_the_bound_is_tight() {
        let claim = CLAIMS[0].parse::<Claim>().expect("a claim");
        let band = Reading::default().band(&claim, Length::from_m(150.0).expect("a length"));
        let envelope = Envelope::new(&band, [Length::ZERO; 2]);
        let value = |m: f64| band.log_likelihood(Length::computed_m(m), Length::ZERO);
        let mode_m = (60_000..120_000).map(f64::from).max_by(|a, b| value(*a).total_cmp(&value(*b))).expect("some");
        let excess = envelope.over(mode_m - 50.0, mode_m + 50.0, 0.0).ln - value(mode_m);
        assert!((0.0..1e-5).contains(&excess), "{excess}");
    }

    /// Where all have one likelihood a range says so: within the core, and beyond everything, but not across an edge or on a slope.
    #[test]
    fn hard_bands_are_level_between_their_edges() {
        let claim = CLAIMS[0].parse::<Claim>().expect("a claim");
        let [literal, analyst] =
            [Reading::literal(), Reading::analyst()].map(|reading| reading.band(&claim, Length::ZERO));
        for (band, from_km, to_km, is_level, likelihood_per_km) in [
            (&literal, 84.6, 85.4, true, 1.0),
            (&literal, 90.0, 99.0, true, 0.0),
            (&literal, 10.0, 84.4, true, 0.0),
            (&literal, 84.0, 85.0, false, 1.0),
            (&literal, 85.0, 86.0, false, 1.0),
            (&literal, 80.0, 90.0, false, 1.0),
            (&analyst, 91.0, 99.0, true, 1.0 / 30.0),
            (&analyst, 121.0, 300.0, true, 0.0),
            (&analyst, 75.0, 85.0, false, 0.75 / 30.0),
            (&analyst, 80.0, 110.0, false, 1.0 / 30.0),
            (&analyst, 60.0, 130.0, false, 1.0 / 30.0),
        ] {
            let envelope = Envelope::new(band, [Length::ZERO; 2]);
            assert!(!envelope.has_cells());
            let bound = envelope.over(from_km * 1e3, to_km * 1e3, 0.0);
            assert_eq!(bound.is_level, is_level, "{from_km} to {to_km}");
            assert!((bound.ln.exp() - likelihood_per_km).abs() < 1e-9, "{from_km} to {to_km}: {}", bound.ln.exp());
        }
    }

    /// The bound on the second derivative is above it, and no more than a few times as much: by differences of the density itself.
    #[test]
    fn bends_are_bounded_and_not_by_much() {
        for (shape, abs_m, relative) in [
            (Trapezoid::window(50_000.0, 90_000.0), 1_500.0, 0.0),
            (Trapezoid { a_m: 50_000.0, b_m: 70_000.0, c_m: 72_000.0, d_m: 95_000.0 }, 1_500.0, 0.0),
            (Trapezoid { a_m: 50_000.0, b_m: 50_400.0, c_m: 52_000.0, d_m: 60_000.0 }, 2_500.0, 0.0),
            (Trapezoid::window(50_000.0, 90_000.0), 1_500.0, 0.08),
            (Trapezoid { a_m: 30_000.0, b_m: 60_000.0, c_m: 72_000.0, d_m: 95_000.0 }, 1_500.0, 0.1),
        ] {
            let piece = Piece { weight: 0.4, shape, origin: crate::band::Origin::Rounded };
            let spread = Spread { abs_m, relative, feature_m: 0.0 };
            let from_m = shape.a_m - 20_000.0;
            let density = |x_m: f64, tau_m: f64| 0.4 * shape.ln_smoothed(x_m, tau_m).exp();
            let step_m = 20.0;
            let greatest = |of: &dyn Fn(f64) -> f64| {
                let second = |x_m: f64| (of(x_m - step_m) - 2.0 * of(x_m) + of(x_m + step_m)) / (step_m * step_m);
                let places = (0..2_400).map(|at| second(from_m + 50.0 * f64::from(at)).abs());
                places.fold(0.0, f64::max)
            };
            let least_tau_m = spread.tau_m(from_m, 0.0);
            let [along, at_a_width] = bend(&piece, least_tau_m, relative);
            let found =
                [greatest(&|x_m| density(x_m, spread.tau_m(x_m, 0.0))), greatest(&|x_m| density(x_m, least_tau_m))];
            // Both edges count, and there are three terms; the width is not everywhere the least.
            let times = if relative > 0.0 { 6.0 } else { 2.2 };
            for (bound, found, times) in [(along, found[0], times), (at_a_width, found[1], 2.2)] {
                assert!(
                    found * 0.999 <= bound && bound <= times * found,
                    "{shape:?} {relative}: {bound}, found {found}"
                );
            }
        }
    }

    /// Of a narrow range little is added to the greatest likelihood: what it can rise in between, and with the uncertainty of the site.
    #[test]
    fn cells_add_little() {
        let claim = CLAIMS[0].parse::<Claim>().expect("a claim");
        let band = Reading::default().band(&claim, Length::from_m(150.0).expect("a length"));
        for (greatest_m, from_km, to_km, most) in [(0.0, 70, 120, 1e-4), (100.0, 84, 92, 2e-2)] {
            let site = [0.0, greatest_m].map(|m| Length::from_m(m).expect("a length"));
            let envelope = Envelope::new(&band, site);
            assert!(envelope.has_cells());
            for from_m in (from_km * 1_000..to_km * 1_000).step_by(300).map(f64::from) {
                let ends = [from_m - 4.0, from_m, from_m + 4.0]
                    .map(|m| site.map(|s| band.log_likelihood(Length::computed_m(m), s)));
                let greatest = ends.into_iter().flatten().fold(f64::NEG_INFINITY, f64::max);
                let excess = envelope.over(from_m, from_m + 0.5, 0.0).ln - greatest;
                assert!(excess < most, "{from_m}: {excess}");
            }
        }
    }
}
