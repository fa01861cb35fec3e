//! A band's likelihood in a table, for very many sites.

use std::sync::OnceLock;

use super::Band;
use crate::ellipsoid::GREATEST_DISTANCE_M;
use crate::length::Length;

/// The likelihood over a cell of distances is a polynomial of this many terms.
const TERMS: usize = 10;
/// In the square of the site's own uncertainty it is one of this many.
const WIDTHS: usize = 5;
/// Sites that are less certain than this share of the narrowest smoothing are looked at one by one.
const GREATEST_SHARE: f64 = 0.05;
/// So many cells to a width of the smoothing, at the least.
const CELLS_PER_WIDTH: f64 = 8.0;
/// Where the polynomial is farther off than this, or this share of the value, a cell has none.
const WORST: f64 = 1e-12;

/// The likelihood of a smoothed band as polynomials over cells of distances, each worked out when a site first asks for it.
///
/// Smoothing leaves no detail narrower than a fraction of its own width, so that a few terms over an eighth of it are as good as the
/// closed forms, at a fiftieth of the time. Cells grow with the distance, as the smoothing does.
///
/// # Accuracy
/// 1e-12 in the natural logarithm, or 1e-12 of that where it is greater. Each cell is held against the closed forms between the places
/// that it was made from; one that fails has no polynomial, and its sites are looked at by the closed forms.
#[derive(Debug)]
pub(crate) struct BandTable {
    cells: Vec<OnceLock<Option<Box<Cell>>>>,
    /// Distances are taken from so far before the feature: the width grows in proportion from there.
    before_m: f64,
    /// Cells are told apart by the exponent and as many leading bits of the distance from there.
    shift: u32,
    first: u64,
    /// The greatest uncertainty of a site, in square metres.
    greatest_m2: f64,
}

#[derive(Debug)]
struct Cell {
    middle_m: f64,
    per_half_width: f64,
    /// For each power of the share of the greatest uncertainty, a Chebyshev series over the cell.
    series: [[f64; TERMS]; WIDTHS],
}

impl BandTable {
    /// None for a band with hard edges, which is quick to look at.
    pub(crate) fn new(band: &Band) -> Option<Self> {
        let spread = band.spread?;
        let least_m = spread.tau_m(0.0, 0.0);
        // The width is at least this much of the distance from the place before the feature, divided by the root of two.
        let slope = spread.relative.max(least_m / GREATEST_DISTANCE_M);
        let before_m = least_m / slope;
        if !(least_m > 0.0 && before_m.is_normal()) {
            return None;
        }
        let bits = (CELLS_PER_WIDTH * std::f64::consts::SQRT_2 / slope).log2().ceil().clamp(1.0, 16.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 16")]
        let shift = f64::MANTISSA_DIGITS - 1 - bits as u32;
        let first = before_m.to_bits() >> shift;
        let count = usize::try_from(((before_m + GREATEST_DISTANCE_M).to_bits() >> shift) - first + 1).ok()?;
        let cells = std::iter::repeat_with(OnceLock::new).take(count).collect();
        Some(Self { cells, before_m, shift, first, greatest_m2: (GREATEST_SHARE * least_m).powi(2) })
    }

    /// As [`Band::log_likelihood`] of the band that the table was made for.
    pub(crate) fn log_likelihood(&self, band: &Band, distance_m: f64, site_m: f64) -> f64 {
        let exact = || band.log_likelihood(Length::computed_m(distance_m), Length::computed_m(site_m));
        let share = site_m * site_m / self.greatest_m2;
        let key = (self.before_m + distance_m).to_bits() >> self.shift;
        let at = usize::try_from(key.wrapping_sub(self.first)).ok().and_then(|at| self.cells.get(at));
        let Some(cell) = at.filter(|_| share <= 1.0) else { return exact() };
        let cell = cell.get_or_init(|| self.cell(band, key));
        cell.as_ref().map_or_else(exact, |cell| cell.value(distance_m, share))
    }

    fn cell(&self, band: &Band, key: u64) -> Option<Box<Cell>> {
        let [from_m, to_m] = [key, key + 1].map(|key| f64::from_bits(key << self.shift) - self.before_m);
        let (middle_m, half_m) = (f64::midpoint(from_m, to_m), (to_m - from_m) / 2.0);
        let exact = |t: f64, share: f64| {
            let site_m = (share * self.greatest_m2).sqrt();
            // The first cell may begin a little before the feature.
            band.log_likelihood(Length::computed_m((middle_m + half_m * t).max(0.0)), Length::computed_m(site_m))
        };
        if from_m < 0.0 {
            return None;
        }
        let mut series = [[0.0; TERMS]; WIDTHS];
        for (of_width, share) in series.iter_mut().zip(shares()) {
            *of_width = chebyshev(|t| exact(t, share));
        }
        let cell = Cell { middle_m, per_half_width: 1.0 / half_m, series: powers(series) };
        let off = |t: f64, share: f64| {
            let value = exact(t, share);
            let difference = (cell.value(middle_m + half_m * t, share) - value).abs();
            // Also for what is no number.
            difference <= WORST * value.abs().max(1.0)
        };
        let is_good = [-0.95, -0.33, 0.21, 0.9].iter().all(|t| [0.0, 0.3, 0.9].iter().all(|share| off(*t, *share)));
        is_good.then(|| Box::new(cell))
    }
}

impl Cell {
    fn value(&self, distance_m: f64, share: f64) -> f64 {
        let mut terms = self.series[0];
        if share > 0.0 {
            terms = self.series[WIDTHS - 1];
            for series in self.series[..WIDTHS - 1].iter().rev() {
                for (term, of_width) in terms.iter_mut().zip(series) {
                    *term = *term * share + of_width;
                }
            }
        }
        // Clenshaw's summation.
        let t = (distance_m - self.middle_m) * self.per_half_width;
        let (mut last, mut before) = (0.0, 0.0);
        for term in terms[1..].iter().rev() {
            (last, before) = (term + 2.0 * t * last - before, last);
        }
        terms[0] + t * last - before
    }
}

/// The Chebyshev series of a function between −1 and 1.
fn chebyshev(function: impl Fn(f64) -> f64) -> [f64; TERMS] {
    #[allow(clippy::cast_precision_loss, reason = "ten")]
    let angle = |order: usize, node: usize| std::f64::consts::PI * order as f64 * (node as f64 + 0.5) / TERMS as f64;
    let values: [f64; TERMS] = std::array::from_fn(|node| function(libm::cos(angle(1, node))));
    std::array::from_fn(|order| {
        let sum: f64 = values.iter().enumerate().map(|(node, value)| value * libm::cos(angle(order, node))).sum();
        #[allow(clippy::cast_precision_loss, reason = "ten")]
        let mean = sum / TERMS as f64;
        if order == 0 { mean } else { 2.0 * mean }
    })
}

/// Shares of the greatest uncertainty, squared, from which the polynomials in it are made: none first.
fn shares() -> [f64; WIDTHS] {
    #[allow(clippy::cast_precision_loss, reason = "five")]
    let angle = |at: usize| std::f64::consts::PI * at as f64 / (WIDTHS - 1) as f64;
    std::array::from_fn(|at| if at == 0 { 0.0 } else { 0.5 - 0.5 * libm::cos(angle(at)) })
}

/// From values at [`shares`] to the polynomial through them, by Newton's divided differences, for every term of a series at once.
fn powers(mut values: [[f64; TERMS]; WIDTHS]) -> [[f64; TERMS]; WIDTHS] {
    let at = shares();
    for order in 1..WIDTHS {
        for width in (order..WIDTHS).rev() {
            let (before, after) = values.split_at_mut(width);
            for (value, before) in after[0].iter_mut().zip(before[width - 1]) {
                *value = (*value - before) / (at[width] - at[width - order]);
            }
        }
    }
    // Newton's products, multiplied out from the last.
    for width in (0..WIDTHS - 1).rev() {
        for power in width..WIDTHS - 1 {
            let (before, after) = values.split_at_mut(power + 1);
            for (value, after) in before[power].iter_mut().zip(after[0]) {
                *value -= at[width] * after;
            }
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Claim;
    use crate::reading::Reading;

    /// The table is as good as it says at every distance and uncertainty, for every reading that smooths.
    #[test]
    fn the_table_is_the_band() {
        let (mut places, mut by_table) = (0, 0);
        for words in [
            "about 85 km from X",
            "nearly 100 miles from X",
            "at least 7 km from X",
            "1,200 km from X",
            "0.4 km from X",
        ] {
            let claim: Claim = words.parse().expect("a claim");
            for reading in Reading::all() {
                for feature_m in [0.0, 60.0, 3_000.0] {
                    let band = reading.band(&claim, Length::computed_m(feature_m));
                    let Some(table) = BandTable::new(&band) else { continue };
                    let middle_m = band.core().from.m();
                    for step in 0..400_i32 {
                        let distance_m = match step % 4 {
                            0 => f64::from(step * step) * 120.0,
                            _ => (middle_m * (0.4 + 0.004 * f64::from(step))).min(GREATEST_DISTANCE_M),
                        };
                        for site_m in [0.0, 0.07, 7.0, 40.0, 90.0, 2_500.0] {
                            let exact = band.log_likelihood(Length::computed_m(distance_m), Length::computed_m(site_m));
                            let found = table.log_likelihood(&band, distance_m, site_m);
                            let off = (found - exact).abs();
                            assert!(
                                off <= 3.0 * WORST * exact.abs().max(1.0),
                                "{words} {reading} {distance_m} {site_m}: {off:e}"
                            );
                            places += 1;
                            by_table += usize::from(found.to_bits() != exact.to_bits());
                        }
                    }
                }
            }
        }
        assert!(by_table > places / 4, "{by_table} of {places}");
    }

    /// Eight cells to a width of the smoothing at least, and not many more; nearly all of them are good enough.
    #[test]
    fn cells_are_as_many_as_it_takes() {
        let claim: Claim = "about 85 km from X".parse().expect("a claim");
        for feature_m in [0.0, 500.0] {
            let band = Reading::default().band(&claim, Length::computed_m(feature_m));
            let spread = band.spread.expect("it is smoothed");
            let table = BandTable::new(&band).expect("a table");
            // Twenty metres are far less than a twentieth of the smoothing.
            for step in 0..60_000_u32 {
                let distance_m = 5.0 * f64::from(step);
                table.log_likelihood(&band, distance_m, 20.0);
            }
            let asked: Vec<&Option<Box<Cell>>> = table.cells.iter().filter_map(OnceLock::get).collect();
            let good: Vec<&Cell> = asked.iter().filter_map(|cell| cell.as_deref()).collect();
            assert!(good.len() * 20 > asked.len() * 19, "{} of {} cells", good.len(), asked.len());
            for cell in good {
                let (width_m, tau_m) = (2.0 / cell.per_half_width, spread.tau_m(cell.middle_m, 0.0));
                assert!(width_m <= tau_m / 8.0 && width_m >= tau_m / 64.0, "{width_m} of {tau_m} at {}", cell.middle_m);
            }
        }
    }
}
