//! The number of a claim in metres, ready to be given a width.

use crate::band::Trapezoid;
use crate::claim::{Claim, Hedge, Offset, Side};
use crate::length::Unit;

/// By road a way is 1.2 to 1.4 times as long as the straight line. More of it moves the place nearer to the feature.
///
/// Source: a judgement, for a road that is not known.
pub(crate) const DETOUR: (f64, f64) = (1.2, 1.4);

/// What a distance "from" a line may have been measured to, where a crossing or a road factor is named: its nearest point, the
/// crossing, or along the road there. More of the second and third weighs the distance to the nearest point less.
///
/// Source: a judgement.
pub(crate) const MEASURE_SHARES: (f64, f64, f64) = (0.6, 0.2, 0.2);

/// A number or a range in one unit, as it was said or as it may have been said.
#[derive(Clone, Debug)]
pub(super) struct Wording {
    /// The number, or the end of the range that is given more precisely.
    pub(super) offset: Offset,
    pub(super) unit: Unit,
    pub(super) hedge: Option<Hedge>,
    low_m: f64,
    high_m: f64,
    side: Side,
    /// Whether the way was measured by road.
    by_road: bool,
}

impl Wording {
    /// The number that was said first.
    pub(super) fn said(claim: &Claim) -> Self {
        Self::new(claim, claim.offset(), claim.offset_to(), claim.unit())
    }

    /// The number in another unit beside it: "85 km (53 miles)".
    pub(super) fn restated(claim: &Claim) -> Option<Self> {
        let restated = claim.restated()?;
        Some(Self::new(claim, restated.offset(), restated.offset_to(), restated.unit()))
    }

    /// Another number in the place of the one that was said.
    pub(super) fn instead(&self, offset: Offset, unit: Unit) -> Self {
        let m = offset.value() * unit.m();
        Self { offset, unit, low_m: m, high_m: m, ..self.clone() }
    }

    fn new(claim: &Claim, from: &Offset, to: Option<&Offset>, unit: Unit) -> Self {
        let low_m = from.value() * unit.m();
        let finer = to.filter(|to| to.significant_digit() < from.significant_digit()).unwrap_or(from);
        Self {
            offset: finer.clone(),
            unit,
            hedge: claim.hedge(),
            low_m,
            high_m: to.map_or(low_m, |to| to.value() * unit.m()),
            side: claim.hedge().map_or(Side::Both, Hedge::side),
            by_road: claim.course() == crate::claim::Course::Road,
        }
    }

    pub(super) fn is_range(&self) -> bool {
        self.high_m > self.low_m
    }

    /// The middle of what was said.
    pub(super) fn middle_m(&self) -> f64 {
        f64::midpoint(self.low_m, self.high_m)
    }

    /// Both ends of what was said.
    pub(super) fn ends_m(&self) -> (f64, f64) {
        (self.low_m, self.high_m)
    }

    /// The distances that the hedge allows at all, where a reading takes it to the letter.
    pub(super) fn limits_m(&self) -> (f64, f64) {
        let (longest, shortest) = if self.by_road { (DETOUR.1, DETOUR.0) } else { (1.0, 1.0) };
        match self.side {
            Side::Both => (0.0, f64::INFINITY),
            Side::Less => (0.0, self.high_m / shortest),
            Side::More => (self.low_m / longest, f64::INFINITY),
        }
    }

    /// The number with a width, in its unit, on the side where the hedge puts the truth: a level window; for a range, the
    /// window slid from one end to the other.
    pub(super) fn window(&self, width: f64) -> Trapezoid {
        let width_m = width * self.unit.m();
        let (below_m, above_m) = match self.side {
            Side::Both => (width_m / 2.0, width_m / 2.0),
            Side::Less => (width_m, 0.0),
            Side::More => (0.0, width_m),
        };
        let (a_m, d_m) = (self.low_m - below_m, self.high_m + above_m);
        let ramp_m = width_m.min(self.high_m - self.low_m);
        // Of a range as long as the width nothing is level: rounding must not turn its ends round.
        let b_m = a_m + ramp_m;
        self.along(Trapezoid { a_m, b_m, c_m: (d_m - ramp_m).max(b_m), d_m })
    }

    /// The number as a machine prints it that cuts off digits: one step of the last digit upward.
    pub(super) fn truncated(&self) -> Trapezoid {
        let step_m = self.offset.last_digit() * self.unit.m();
        self.along(Trapezoid::window(self.low_m, self.high_m + step_m))
    }

    /// A shape that is highest at the number and falls to nothing at two distances; a one-sided hedge keeps its side only.
    pub(super) fn peak(&self, from_m: f64, to_m: f64) -> Trapezoid {
        self.along(Trapezoid {
            a_m: if self.side == Side::More { self.low_m } else { from_m.min(self.low_m) },
            b_m: self.low_m,
            c_m: self.high_m,
            d_m: if self.side == Side::Less { self.high_m } else { to_m.max(self.high_m) },
        })
    }

    /// From the way to the straight line, where the way was by road.
    pub(super) fn along(&self, way: Trapezoid) -> Trapezoid {
        if !self.by_road {
            return way;
        }
        let (inner, outer) = (way.b_m / DETOUR.0, way.c_m / DETOUR.1);
        Trapezoid { a_m: way.a_m / DETOUR.1, b_m: inner.min(outer), c_m: inner.max(outer), d_m: way.d_m / DETOUR.0 }
    }
}

/// Who printed which number: every number that the claim's may come from, with its probability. The first is what the narrow
/// readings go by.
///
/// Of two numbers side by side one is the other's conversion. It is the one that the other prints; where each prints the other, the
/// rounder is likelier to have come first, in proportion to its step.
pub(super) fn originals(claim: &Claim) -> Vec<(Wording, f64)> {
    let said = Wording::said(claim);
    let Some(other) = Wording::restated(claim) else {
        return vec![(said, 1.0)];
    };
    let step_m = |wording: &Wording| wording.offset.significant_digit() * wording.unit.m();
    let prints = |from: &Wording, to: &Wording| {
        let half_m = to.offset.last_digit() * to.unit.m() / 2.0 * (1.0 + 1e-9);
        (from.low_m - to.low_m).abs() <= half_m && (from.high_m - to.high_m).abs() <= half_m
    };
    match (prints(&said, &other), prints(&other, &said)) {
        (true, false) => vec![(said, 1.0)],
        (false, true) => vec![(other, 1.0)],
        _ => {
            let share = step_m(&said) / (step_m(&said) + step_m(&other));
            if share >= 0.5 {
                vec![(said, share), (other, 1.0 - share)]
            } else {
                vec![(other, 1.0 - share), (said, share)]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 85 km prints 53 miles, and 53 miles print 85 km: a step of a kilometre beside one of 1.609 km. 80 km print 50 miles, whose last significant
    /// digit is ten of them; 53.0 miles do not print 84 km, nor the other way round.
    #[test]
    fn the_rounder_number_is_likelier_to_have_come_first() {
        let weights = |text: &str| -> Vec<(f64, f64)> {
            let claim: Claim = text.parse().expect("a claim");
            originals(&claim).iter().map(|(wording, weight)| (wording.low_m, *weight)).collect()
        };
        let share = 1609.344 / (1609.344 + 1000.0);
        for (text, expected) in [
            ("85 km from X", vec![(85_000.0, 1.0)]),
            ("85 km (53 miles) from X", vec![(85_295.232, share), (85_000.0, 1.0 - share)]),
            ("53 miles (85 km) from X", vec![(85_295.232, share), (85_000.0, 1.0 - share)]),
            ("84.5 km (53 miles) from X", vec![(84_500.0, 1.0)]),
            ("53 miles (84.5 km) from X", vec![(84_500.0, 1.0)]),
            ("85.2 km (53 miles) from X", vec![(85_200.0, 1.0)]),
            // Ranges print each other by both ends: 53 miles do not print 86 km, and 50 not 81.
            ("84 to 86 km (52 to 53 miles) from X", vec![(84_000.0, 1.0)]),
            ("81 to 85 km (50 to 53 miles) from X", vec![(81_000.0, 1.0)]),
        ] {
            let found = weights(text);
            assert_eq!(found.len(), expected.len(), "{text}: {found:?}");
            for ((m, weight), (expected_m, expected_weight)) in found.iter().zip(&expected) {
                assert!((m - expected_m).abs() < 1e-6 && (weight - expected_weight).abs() < 1e-12, "{text}: {found:?}");
            }
        }
    }

    /// A way by road is 1.2 to 1.4 times as long as the straight line: what is at least 14 km by road may be 10 km away, what is at most 12 km is
    /// no farther than that.
    #[test]
    fn one_sided_hedges_have_limits() {
        for (text, limits_m) in [
            ("85 km from X", (0.0, f64::INFINITY)),
            ("at least 14 km from X", (14_000.0, f64::INFINITY)),
            ("at most 12 km from X", (0.0, 12_000.0)),
            ("at least 14 km by road from X", (10_000.0, f64::INFINITY)),
            ("at most 12 km by road from X", (0.0, 10_000.0)),
        ] {
            let found = Wording::said(&text.parse().expect(text)).limits_m();
            assert!(
                (found.0 - limits_m.0).abs() < 1e-6 && (found.1 == limits_m.1 || (found.1 - limits_m.1).abs() < 1e-6),
                "{text}: {found:?}"
            );
        }
    }
}
