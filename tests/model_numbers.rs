//! The numbers that the uncertainty model must reproduce, to the digits that were printed when it was worked out by hand.

use approx::assert_abs_diff_eq;
use siteband::{Band, Claim, Length, Reading};

fn about_85(reading: Reading) -> Band {
    let claim: Claim = "about 85 km from the border".parse().expect("valid");
    reading.band(&claim, Length::ZERO)
}

fn km(km: f64) -> Length {
    Length::from_km(km).expect("valid")
}

/// To the printed digits: half a unit of the last one.
fn assert_density(band: &Band, at_km: f64, printed: f64, half_unit: f64) {
    assert_abs_diff_eq!(band.likelihood_per_km(km(at_km)), printed, epsilon = half_unit);
}

fn assert_interval(band: &Band, share: f64, printed_km: (f64, f64)) {
    let interval = band.credible_interval(share);
    assert_abs_diff_eq!(interval.from.km(), printed_km.0, epsilon = 0.05);
    assert_abs_diff_eq!(interval.to.km(), printed_km.1, epsilon = 0.05);
}

#[test]
fn literal_is_half_a_unit_either_way() {
    let band = about_85(Reading::literal());
    assert_eq!((band.support().from, band.support().to), (km(84.5), km(85.5)));
    assert_eq!((band.core().from, band.core().to), (km(84.5), km(85.5)));
    for inside in [84.5, 84.9, 85.0, 85.5] {
        assert_abs_diff_eq!(band.likelihood_per_km(km(inside)), 1.0, epsilon = 1e-12);
    }
    assert_eq!(band.likelihood_per_km(km(91.7)), 0.0);
    assert_interval(&band, 0.5, (84.75, 85.25));
}

#[test]
fn rounded_is_to_five() {
    let band = about_85(Reading::rounded());
    assert_eq!((band.support().from, band.support().to), (km(82.5), km(87.5)));
    assert_density(&band, 85.0, 0.2, 1e-12);
    assert_eq!(band.likelihood_per_km(km(91.7)), 0.0);
}

#[test]
fn best_practice_is_half_the_precision() {
    let band = about_85(Reading::best_practice());
    assert_eq!((band.support().from, band.support().to), (km(84.5), km(85.5)));
    let width = |words: &str| {
        let claim: Claim = words.parse().expect("valid");
        let support = Reading::best_practice().band(&claim, Length::ZERO).support();
        support.to.km() - support.from.km()
    };
    assert_abs_diff_eq!(width("140 km from X"), 10.0, epsilon = 1e-9);
    assert_abs_diff_eq!(width("1,000 km from X"), 100.0, epsilon = 1e-9);
}

#[test]
fn analyst_reads_90_or_100_with_tens_of_kilometres() {
    let band = about_85(Reading::analyst());
    assert_eq!((band.core().from, band.core().to), (km(90.0), km(100.0)));
    assert_eq!((band.support().from, band.support().to), (km(70.0), km(120.0)));
    assert_density(&band, 85.0, 0.0250, 5e-5);
    assert_density(&band, 91.7, 0.0333, 5e-5);
    assert_density(&band, 97.6, 0.0333, 5e-5);
    assert_eq!(band.likelihood_per_km(km(59.7)), 0.0);
    assert_interval(&band, 0.9, (77.7, 112.3));
}

#[test]
fn mixture_has_shoulders() {
    let band = about_85(Reading::mixture_prior());
    assert_density(&band, 85.0, 0.0798, 5e-5);
    assert_density(&band, 91.7, 0.0267, 5e-5);
    assert_density(&band, 95.2, 0.0126, 5e-5);
    assert_density(&band, 97.6, 0.0083, 5e-5);
    assert_density(&band, 59.7, 0.00038, 5e-6);
    assert_abs_diff_eq!(band.median().km(), 85.1, epsilon = 0.05);
    assert_interval(&band, 0.5, (81.6, 88.7));
    assert_interval(&band, 0.9, (73.6, 96.8));
}

#[test]
fn spurious_precision_widens_the_mixture() {
    for (share, printed_km) in [(0.0, (77.6, 93.1)), (0.35, (73.6, 96.8)), (0.8, (71.2, 99.3)), (1.0, (70.7, 99.9))] {
        let reading = Reading::mixture_prior().with_spurious_precision(share).expect("a share");
        assert_interval(&about_85(reading), 0.9, printed_km);
    }
}

/// The printed weights are cut so that they sum to one: 0.3315 stands there as .331.
#[test]
fn grain_weights_of_about_85() {
    let printed = [(1.0, 0.341), (5.0, 0.331), (10.0, 0.160), (20.0, 0.109), (50.0, 0.044), (100.0, 0.015)];
    let grains = Reading::mixture_prior().widths(&"about 85 km from X".parse().expect("valid"));
    for ((width, weight), (printed_width, printed_weight)) in grains.iter().zip(printed) {
        assert_eq!(width.km(), printed_width);
        assert_abs_diff_eq!(*weight, printed_weight, epsilon = 5.5e-4);
    }
    assert_eq!(grains.len(), printed.len());
    assert_abs_diff_eq!(grains.iter().map(|(_, weight)| weight).sum::<f64>(), 1.0, epsilon = 1e-12);
}

/// The median width that listeners give: 3.9 for about 85, 8.2 for 80, 8.7 for 90, 18.6 for 100.
#[test]
fn median_widths_of_listeners() {
    for (number, printed) in [("85", 3.9), ("80", 8.2), ("90", 8.7), ("100", 18.6)] {
        let claim: Claim = format!("about {number} km from X").parse().expect("valid");
        let median = Reading::median_width(&claim).expect("a measured hedge");
        assert_abs_diff_eq!(median.km(), printed, epsilon = 0.05);
    }
}

/// A one-sided hedge puts its whole width on its side, under every reading.
#[test]
fn one_sided_hedges_put_the_mass_on_one_side() {
    let band = |words: &str, reading: Reading| reading.band(&words.parse().expect("valid"), Length::ZERO);
    for (hedge, from_km, to_km) in
        [("nearly", 84.0, 85.0), ("at most", 84.0, 85.0), ("over", 85.0, 86.0), ("at least", 85.0, 86.0)]
    {
        let support = band(&format!("{hedge} 85 km from X"), Reading::literal()).support();
        assert_eq!((support.from, support.to), (km(from_km), km(to_km)), "{hedge}");
    }
    // The analyst's trapezoid (70, 90, 100, 120) cut at 85: a ramp from 0 at 70 to its top at 85, area ½·15·top = 1.
    let nearly = band("nearly 85 km from X", Reading::analyst());
    assert_eq!((nearly.support().from, nearly.support().to), (km(70.0), km(85.0)));
    assert_abs_diff_eq!(nearly.likelihood_per_km(km(85.0)), 2.0 / 15.0, epsilon = 1e-12);
    assert_eq!(nearly.likelihood_per_km(km(85.1)), 0.0);
    // The mixture leaks to the other side only by what the source may not know.
    let over = band("over 85 km from X", Reading::mixture_prior());
    assert!(over.median() > km(86.0) && over.likelihood_per_km(km(80.0)) < 0.2 * over.likelihood_per_km(km(90.0)));
}

/// References from the closed forms with 1,500 decimal digits (mpmath): a far tail keeps its own finite likelihood, where the
/// plain formula cancels to zero.
#[test]
fn tails_do_not_cancel() {
    let band = about_85(Reading::mixture_prior());
    for (at_km, ln_per_km) in TAILS {
        let found = band.log_likelihood(km(at_km), Length::ZERO);
        assert_abs_diff_eq!(found, ln_per_km, epsilon = 1e-9 * ln_per_km.abs().max(1.0));
    }
}

const TAILS: [(f64, f64); 11] = [
    (0.0, -166.119_261_475_534_06),
    (1.0, -157.432_848_733_898_86),
    (20.0, -37.921_906_160_841_812),
    (59.7, -7.872_405_145_489_64),
    (85.0, -2.527_981_217_455_430_7),
    (130.0, -9.345_661_398_117_48),
    (200.0, -65.280_522_254_234_04),
    (400.0, -250.458_663_356_416_73),
    (1000.0, -427.330_601_977_877_32),
    (5000.0, -539.368_992_569_875_8),
    (20000.0, -558.084_151_692_840_4),
];
