//! One shape of a band, smoothed by a normal distribution: closed forms that do not cancel, in logarithms.

/// One shape of a band: density rises from a to b, is level from b to c, falls from c to d. In metres, a ≤ b ≤ c ≤ d, a < d.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Trapezoid {
    pub(crate) a_m: f64,
    pub(crate) b_m: f64,
    pub(crate) c_m: f64,
    pub(crate) d_m: f64,
}

impl Trapezoid {
    /// Its corners.
    pub(super) fn corners_m(&self) -> [f64; 4] {
        [self.a_m, self.b_m, self.c_m, self.d_m]
    }

    /// A level window.
    pub(crate) fn window(from_m: f64, to_m: f64) -> Self {
        Self { a_m: from_m, b_m: from_m, c_m: to_m, d_m: to_m }
    }

    /// The density of the level part, so that the whole is one.
    pub(super) fn height_per_m(&self) -> f64 {
        2.0 / ((self.d_m - self.a_m) + (self.c_m - self.b_m))
    }

    /// The density without smoothing, edges included.
    pub(super) fn density_per_m(&self, x_m: f64) -> f64 {
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
    pub(super) fn share_below(&self, x_m: f64) -> f64 {
        let Self { a_m, b_m, c_m, d_m } = *self;
        let ramp =
            |from: f64, to: f64| if to > from { (x_m.clamp(from, to) - from).powi(2) / (to - from) / 2.0 } else { 0.0 };
        let fall =
            if d_m > c_m { (d_m - c_m) / 2.0 - (d_m - x_m.clamp(c_m, d_m)).powi(2) / (d_m - c_m) / 2.0 } else { 0.0 };
        self.height_per_m() * (ramp(a_m, b_m) + (x_m.clamp(b_m, c_m) - b_m) + fall)
    }

    /// The natural logarithm of the density per metre after smoothing by a normal of width `tau_m` > 0.
    pub(super) fn ln_smoothed(&self, x_m: f64, tau_m: f64) -> f64 {
        // Nine widths from every corner, inside, smoothing changes nothing that an f64 could hold.
        const FAR: f64 = 9.0;
        let Self { a_m, b_m, c_m, d_m } = *self;
        if a_m < x_m && x_m < d_m && self.corners_m().iter().all(|corner_m| (x_m - corner_m).abs() > FAR * tau_m) {
            return self.density_per_m(x_m).ln();
        }
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
pub(super) const TAU_SQRT: f64 = 2.506_628_274_631_000_5;

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

#[cfg(test)]
mod tests {
    use super::*;

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

    /// The share below a place is the sum of the density up to there.
    #[test]
    fn shares_are_sums_of_the_density() {
        for shape in [
            Trapezoid { a_m: 70.0, b_m: 90.0, c_m: 100.0, d_m: 120.0 },
            Trapezoid { a_m: 10.0, b_m: 11.0, c_m: 11.0, d_m: 40.0 },
            Trapezoid { a_m: 10.0, b_m: 10.0, c_m: 25.0, d_m: 25.0 },
        ] {
            let steps = 3_000_u32;
            let width_m = (shape.d_m - shape.a_m) / f64::from(steps);
            let mut sum = 0.0;
            for step in 0..steps {
                let at_m = shape.a_m + width_m * f64::from(step);
                assert!(
                    (shape.share_below(at_m) - sum).abs() < 1e-6,
                    "{shape:?} {at_m}: {}, {sum}",
                    shape.share_below(at_m)
                );
                sum += shape.density_per_m(at_m + width_m / 2.0) * width_m;
            }
            let beyond = [shape.share_below(shape.a_m - 5.0), shape.share_below(shape.d_m), shape.share_below(1e9)];
            assert!(beyond[0] == 0.0 && beyond[1..].iter().all(|share| (share - 1.0).abs() < 1e-12), "{beyond:?}");
        }
    }

    /// Mills' ratio far out (Abramowitz & Stegun 26.2.12): φ(u) + u·Φ(u) = φ(u)·(1/u² − 3/u⁴ + 15/u⁶ − …).
    #[test]
    fn far_out_a_ramp_is_its_series() {
        for u in [-2e2_f64, -999.0, -1_001.0, -5e3, -1e5] {
            let sq = u * u;
            let expected = (1.0 / sq - 3.0 / (sq * sq) + 15.0 / (sq * sq * sq)) / TAU_SQRT;
            let allowed = if u < -1e3 { 2e-11 } else { 2e-9 };
            assert!((scaled_ramp(u) / expected - 1.0).abs() < allowed, "{u}: {} instead of {expected}", scaled_ramp(u));
        }
    }
}
