//! The numbers that the uncertainty model must reproduce, to the digits that were printed when it was worked out by hand.

use approx::assert_abs_diff_eq;
use siteband::{Band, Claim, Hedge, Interval, Length, Origin, Reading, Unit};

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

/// The same for every word that was studied, from the published coefficients by a calculation of its own: for a number without zeros or fives, with
/// two zeros, with a five, and with both; and what `Hedge` hands out for others to compute with.
#[test]
fn median_widths_for_every_hedge() {
    let table: [(&str, [f64; 4], f64); 11] = [
        ("about", [4.11, 45.255, 3.077, 109.522], 0.5837),
        ("around", [3.6, 53.013, 3.625, 116.03], 0.5261),
        ("roughly", [4.023, 45.567, 4.467, 135.148], 0.5966),
        ("approximately", [4.376, 51.544, 4.794, 101.231], 0.6192),
        ("nearly", [2.425, 31.347, 2.621, 61.168], 0.5969),
        ("almost", [2.676, 28.492, 2.162, 65.665], 0.664),
        ("over", [4.583, 50.826, 4.173, 130.873], 0.6666),
        ("above", [4.861, 49.044, 5.018, 108.58], 0.6668),
        ("below", [3.275, 44.172, 3.11, 99.541], 0.6577),
        ("at least", [3.825, 54.146, 3.741, 119.404], 0.5927),
        ("at most", [4.019, 38.867, 3.107, 130.008], 0.5956),
    ];
    for (hedge, widths, sigma) in table {
        for (number, width) in ["83", "700", "45", "2500"].into_iter().zip(widths) {
            let claim: Claim = format!("{hedge} {number} km from X").parse().expect("valid");
            let median = Reading::median_width(&claim).expect("a measured hedge");
            assert_abs_diff_eq!(median.km(), width, epsilon = 0.001);
            let (coefficients, own_sigma) = claim.hedge().and_then(Hedge::width_regression).expect("a measured hedge");
            assert_eq!(own_sigma, sigma, "{hedge}");
            if number == "83" {
                assert_abs_diff_eq!(
                    10_f64.powf(coefficients[0] + coefficients[1] * 83_f64.log10()),
                    width,
                    epsilon = 0.001
                );
            }
        }
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

fn band(words: &str, reading: Reading) -> Band {
    reading.band(&words.parse().expect("a claim"), Length::ZERO)
}

/// Support and core, in km, to a millimetre.
fn assert_edges(words: &str, reading: Reading, support_km: (f64, f64), core_km: (f64, f64)) {
    let band = band(words, reading);
    for (found, (from_km, to_km)) in [(band.support(), support_km), (band.core(), core_km)] {
        assert_abs_diff_eq!(found.from.km(), from_km, epsilon = 1e-6);
        assert_abs_diff_eq!(found.to.km(), to_km, epsilon = 1e-6);
    }
}

/// Of a range as long as the width of its numbers nothing is level. In metres, rounding could turn the ends of that nothing round.
#[test]
fn a_range_as_long_as_its_width() {
    for unit in ["miles", "nautical miles", "feet", "yards", "li", "ri", "km"] {
        for tens in 1..200 {
            for words in [
                format!("{}-{} {unit} from X", 10 * tens, 10 * tens + 10),
                format!("{tens}-{} {unit} from X", tens + 1),
            ] {
                let claim: Claim = words.parse().expect("a claim");
                for reading in Reading::named() {
                    let band = reading.band(&claim, Length::ZERO);
                    assert!(band.core().from <= band.core().to, "{words} {reading}");
                }
            }
        }
    }
}

/// A window of the number's width slid from one end of the range to the other: w = 1 km for literal, so 80 − ½ to 90 + ½, and level
/// from where the whole of the first window has come in, 80 + ½, to where the last begins to leave, 90 − ½. Height 1/(90 − 80).
#[test]
fn a_range_is_its_window_slid_along() {
    for words in ["between 80 and 90 km from X", "80–90 km from X", "80 to 90 km from X"] {
        assert_edges(words, Reading::literal(), (79.5, 90.5), (80.5, 89.5));
        let band = band(words, Reading::literal());
        assert_density(&band, 85.0, 0.1, 1e-12);
        assert_density(&band, 80.0, 0.05, 1e-12);
        assert_eq!(band.likelihood_per_km(km(79.4)), 0.0);
        assert_abs_diff_eq!(band.median().km(), 85.0, epsilon = 1e-3);
    }
    // To five: w = 5 km.
    assert_edges("between 80 and 90 km from X", Reading::rounded(), (77.5, 92.5), (82.5, 87.5));
    // w = 10 km, as wide as the range: a triangle.
    assert_edges("between 80 and 90 km from X", Reading::wieczorek_2004(), (75.0, 95.0), (85.0, 85.0));
    // The finer end says how wide: 85 is good to 1 km, 80 to 10. So 80 − ½ to 85 + ½.
    assert_edges("80 to 85 km from X", Reading::best_practice(), (79.5, 85.5), (80.5, 84.5));
    // In miles of 1.609344 km: 49.5, 50.5, 59.5 and 60.5 of them.
    assert_edges("50 to 60 miles from X", Reading::literal(), (79.662_528, 97.365_312), (81.271_872, 95.755_968));
    // The analyst takes the hull of both ends: 80 becomes 80 and 100, 90 becomes 90 and 100; two tens further 60 and 120.
    assert_edges("between 80 and 90 km from X", Reading::analyst(), (60.0, 120.0), (80.0, 100.0));
}

/// Taken at their word, two numbers side by side both hold: 84.5 to 85.5 km lies within 52.5 to 53.5 miles (84.491 to 86.100 km); of
/// 83.5 to 84.5 km and 51.5 to 52.5 miles (82.881 to 84.491 km) is left what both allow.
#[test]
fn restated_numbers_both_hold() {
    assert_edges("85 km (53 miles) from X", Reading::literal(), (84.5, 85.5), (84.5, 85.5));
    let both = (83.5, 84.490_56);
    assert_edges("84 km (52 miles) from X", Reading::literal(), both, both);
    assert_edges("52 miles (84 km) from X", Reading::literal(), both, both);
    // 59.5 to 60.5 miles, 95.756 to 97.365 km, have nothing in common with 97.5 to 98.5 km: the first is taken at its word.
    assert_edges("98 km (60 miles) from X", Reading::literal(), (97.5, 98.5), (97.5, 98.5));
    // 99.5 to 100.5 miles, 160.129728 to 161.739072 km, and 160.5 to 161.5 km: the kilometres are narrower.
    assert_edges("100 miles (161 km) from X", Reading::literal(), (160.5, 161.5), (160.5, 161.5));
}

/// 100 miles print as 161 km, and 161 km as 100 miles; the rounder came first. To half a ten, 95 to 105 miles of 1.609344 km.
#[test]
fn the_rounder_of_two_numbers_came_first() {
    let miles = (152.887_68, 168.981_12);
    for words in ["100 miles (161 km) from X", "161 km (100 miles) from X", "161 kilometres, or 100 miles, from X"] {
        assert_edges(words, Reading::best_practice(), miles, miles);
    }
    // 161 km alone are good to one.
    assert_edges("161 km from X", Reading::best_practice(), (160.5, 161.5), (160.5, 161.5));
    // 50 miles, 80.4672 km, print as 80 km; 80 km are 49.7 miles, which print as 50. Fifty miles are rounder than eighty kilometres:
    // good to five miles either way, from 72.420 to 88.514 km.
    assert_edges("80 km (50 miles) from X", Reading::wieczorek_2004(), (72.420_48, 88.513_92), (72.420_48, 88.513_92));
}

fn share_of(origins: &[(Origin, f64)], wanted: Origin) -> f64 {
    origins.iter().find(|(origin, _)| *origin == wanted).map_or(0.0, |(_, share)| *share)
}

/// 161 km is what 100 miles print as (160.93), 85 km what 46 nautical miles print as (85.19). Nothing rounder than a kilometre prints
/// as 88: 54 and 56 miles are 86.9 and 90.1 km, 46 and 48 nautical miles 85.2 and 88.9.
#[test]
fn the_mixture_knows_converted_numbers() {
    let origins = |words: &str, at_km: f64| band(words, Reading::mixture()).origins(km(at_km));
    let from_miles = Origin::Converted { from: Unit::Mile };
    let from_nautical = Origin::Converted { from: Unit::NauticalMile };
    assert!(share_of(&origins("161 km from X", 161.0), from_miles) > 0.1);
    // A hundred miles are wider than 161 km: some way off, they explain it best.
    let off = origins("161 km from X", 175.0);
    assert_eq!(off[0].0, from_miles, "{off:?}");
    assert!(share_of(&origins("85 km from X", 85.0), from_nautical) > 0.0);
    assert!(origins("88 km from X", 88.0).iter().all(|(origin, _)| !matches!(origin, Origin::Converted { .. })));
    // The prior takes every number as it was written.
    let prior = band("161 km from X", Reading::mixture_prior()).origins(km(161.0));
    assert!(prior.iter().all(|(origin, _)| matches!(origin, Origin::Rounded | Origin::SpuriousDigits)), "{prior:?}");
}

/// By road a way is 1.2 to 1.4 times the straight line: 84.5 to 85.5 km of road reach from 84.5/1.4 to 85.5/1.2 km, and every
/// straight line from 85.5/1.4 to 84.5/1.2 km is as likely as the next.
#[test]
fn by_road_is_shorter_as_the_crow_flies() {
    for words in ["85 km by road from X", "a driving distance of 85 km from X"] {
        assert_edges(words, Reading::literal(), (84.5 / 1.4, 85.5 / 1.2), (85.5 / 1.4, 84.5 / 1.2));
        for reading in [Reading::mixture_prior(), Reading::mixture()] {
            let interval = band(words, reading).credible_interval(0.5);
            assert!(km(85.0 / 1.4) < interval.to && interval.from < km(85.0 / 1.2), "{reading}: {interval:?}");
            assert!(band(words, reading).median() < band("85 km from X", reading).median(), "{reading}");
        }
    }
    assert_edges("85 km as the crow flies from X", Reading::literal(), (84.5, 85.5), (84.5, 85.5));
    // At most 84 to 85 km of road is at most 85/1.2 km in a straight line.
    let nearly = band("nearly 85 km by road from X", Reading::literal());
    assert_abs_diff_eq!(nearly.support().to.km(), 85.0 / 1.2, epsilon = 1e-6);
}

/// The rows that Wieczorek, Guo & Hijmans (2004) and Frazier et al. (2004) are cited for: the uncertainty either way.
#[test]
fn published_rules_of_2004() {
    let either_way = |number: &str, reading: Reading| {
        let support = band(&format!("{number} km from X"), reading).support();
        (support.to.km() - support.from.km()) / 2.0
    };
    for (number, uncertainty_km) in [("140", 5.0), ("100", 50.0), ("9.5", 0.5), ("85", 0.5)] {
        assert_abs_diff_eq!(either_way(number, Reading::wieczorek_2004()), uncertainty_km, epsilon = 1e-9);
    }
    // 15 % of a round number: of 40, 100, 140 and 1,200.
    for (number, uncertainty_km) in [("40", 6.0), ("100", 15.0), ("140", 21.0), ("1,200", 180.0), ("85", 0.5)] {
        assert_abs_diff_eq!(either_way(number, Reading::frazier_2004()), uncertainty_km, epsilon = 1e-9);
    }
}

/// A machine that cuts off prints 85 from 85 to 86 km, so the middle lies above.
#[test]
fn a_machine_that_cuts_off_prints_less() {
    let truncated = band("85 km from X", Reading::truncated());
    assert_eq!(truncated.core(), Interval { from: km(85.0), to: km(86.0) });
    assert!(truncated.median() > km(85.3) && truncated.median() < km(85.7), "{}", truncated.median());
    assert!(truncated.likelihood_per_km(km(85.9)) > 2.0 * truncated.likelihood_per_km(km(84.9)));
}
