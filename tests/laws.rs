//! Laws of words and bands, over random claims and positions.

mod drawn;

use std::sync::LazyLock;

use drawn::{config, km, reading};
use proptest::prelude::*;
use siteband::{Atlas, Claim, Length, Position, Reading, SiteReader, Sites};

static BUNDLED: LazyLock<Atlas> = LazyLock::new(Atlas::bundled);

const HEDGES: [&str; 18] = [
    "",
    "about ",
    "around ",
    "roughly ",
    "approximately ",
    "nearly ",
    "almost ",
    "over ",
    "above ",
    "below ",
    "at least ",
    "at most ",
    "exactly ",
    "no more than ",
    "just under ",
    "in the region of ",
    "upwards of ",
    "~",
];

/// Claims of every hedge and unit, with and without decimals and directions, up to some 2,000 km.
fn claim_text() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        (1_u32..1200).prop_map(|number| number.to_string()),
        (1_u32..120).prop_map(|tens| (tens * 10).to_string()),
        (1_u32..9999).prop_map(|tenths| format!("{}.{}", tenths / 10, tenths % 10)),
        Just("1,000".to_owned()),
    ];
    let unit = prop::sample::select(vec!["km", "miles", "nautical miles", "kilometres"]);
    let relation = prop::sample::select(vec!["from", "north of", "south-southwest of", "NE of"]);
    let feature = prop::sample::select(vec!["the Chinese border", "Pyongyang", "the border between A and B"]);
    (prop::sample::select(HEDGES.to_vec()), number, unit, relation, feature)
        .prop_map(|(hedge, number, unit, relation, feature)| format!("{hedge}{number} {unit} {relation} {feature}"))
}

/// Claims with everything that the grammar knows, put together at random.
fn any_claim_text() -> impl Strategy<Value = String> {
    let side = prop::sample::select(vec![
        "",
        "",
        "in North Korea, ",
        "inside the zone, ",
        "on the Chinese side of the border, ",
    ]);
    let lead = prop::sample::select(vec!["", "", "at a distance of ", "a driving distance of ", "the base lies only "]);
    let number = prop_oneof![
        (1_u32..1200).prop_map(|number| number.to_string()),
        (1_u32..9999).prop_map(|tenths| format!("{}.{}", tenths / 10, tenths % 10)),
        (1_u32..90, 1_u32..9).prop_map(|(from, more)| format!("{from} to {}", from + more)),
        (1_u32..90, 1_u32..9).prop_map(|(from, more)| format!("{from}–{}.0", from + more)),
        prop::sample::select(vec![
            "half a",
            "2 1/2",
            "3¼",
            "two and a half",
            "eighty-five",
            "a hundred and five",
            "twelve hundred",
            "a dozen",
            "a couple of",
            "2/3",
            "1 000",
        ])
        .prop_map(str::to_owned),
    ];
    let unit = prop::sample::select(vec!["km", "miles", "nm", "feet", "yards", "metres", "li", "ri", "Japanese ri"]);
    let restated = prop::sample::select(vec!["", "", " or so", " as the crow flies", " (by road)", " away"]);
    let relation = prop::sample::select(vec![
        "from",
        "off",
        "inside",
        "outside",
        "across the border from",
        "to the NE of",
        "SxE off",
        "off NW of",
        "within the territory of",
    ]);
    let feature = prop::sample::select(vec![
        "the Chinese border",
        "Cox's Bazar",
        "St. Petersburg",
        "A and B",
        "the 38th parallel",
        "Sino-ri",
    ]);
    let rest = prop::sample::select(vec![
        "",
        ", officials said",
        ", deep inside Iran",
        " along the coast",
        " where it is",
        " to the west",
    ]);
    let hedge = prop::sample::select(HEDGES.to_vec());
    (side, lead, hedge, number, unit, restated, relation, feature, rest).prop_map(
        |(side, lead, hedge, number, unit, restated, relation, feature, rest)| {
            format!("{side}{lead}{hedge}{number} {unit}{restated} {relation} {feature}{rest}")
        },
    )
}

/// A full stop that is read as part of a name only because of what stands behind it is no part of the name.
#[test]
fn a_name_is_the_same_wherever_it_stands() {
    for (text, name) in [
        ("8 km off rock m. (so printed)", "rock m"),
        ("8 km off pier No. 3 (the old one)", "pier No. 3"),
        ("8 km off the island of St. (so printed)", "the island of St."),
        ("8 km off bank NW. of (so printed)", "bank NW. of"),
    ] {
        let found = Claim::find_all(text);
        let [claim] = found.claims.as_slice() else { panic!("{text}: {found:?}") };
        assert_eq!(claim.feature(), name, "{text}");
        assert_eq!(claim.to_string().parse::<Claim>().as_ref(), Ok(claim), "{text}");
    }
}

proptest! {
    #![proptest_config(config(400))]

    /// parse(print(c)) = c.
    #[test]
    fn a_printed_claim_says_the_same(text in claim_text()) {
        let claim: Claim = text.parse().expect("a claim");
        let printed = claim.to_string();
        prop_assert_eq!(&printed.parse::<Claim>().expect("a printed claim"), &claim, "{}", printed);
    }

    /// Whatever is understood prints as what says the same; its own words, without what stands around them, do too; and no
    /// word is lost.
    #[test]
    fn whatever_is_understood_says_the_same_again(text in any_claim_text()) {
        match text.parse::<Claim>() {
            Ok(claim) => {
                for words in [claim.to_string(), claim.text().to_owned()] {
                    prop_assert_eq!(&words.parse::<Claim>().expect("a claim again"), &claim, "{}: {}", text, words);
                }
                for (at, _) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
                    prop_assert_eq!(claim.parts().iter().filter(|part| part.span.contains(&at)).count(), 1, "{} at {}", text, at);
                }
                let found = Claim::find_all(&text);
                prop_assert_eq!(&found.claims, &[claim], "{}", text);
            }
            // Two courses, two sides, two hedges, two directions; a fraction of a foot and so on.
            Err(error) => {
                prop_assert_eq!(&text[error.span.clone()], &error.word);
                prop_assert!(!error.reason.is_empty());
            }
        }
    }

    /// A printed position is the same place to the bit.
    #[test]
    fn a_printed_position_is_the_same(lat_deg in -90.0..=90.0, lon_deg in -180.0..180.0) {
        let position = Position::new(lat_deg, lon_deg).expect("a position");
        let printed = position.to_string();
        let again: Position = printed.parse().expect("a printed position");
        prop_assert_eq!((again.lat_deg(), again.lon_deg()), (position.lat_deg(), position.lon_deg()), "{}", printed);
    }

    /// Degrees, minutes and seconds in several notations are the one decimal number.
    #[test]
    fn notations_agree(d in 0_u32..90, m in 0_u32..60, s in 0_u32..60, e in 0_u32..180, south: bool) {
        let expected_deg = f64::from(d) + f64::from(m) / 60.0 + f64::from(s) / 3600.0;
        let hemisphere = if south { 'S' } else { 'N' };
        for text in [
            format!("{d}°{m}′{s}″{hemisphere} {e}°0′0″E"),
            format!("{hemisphere} {d} {m} {s} E {e} 0 0"),
            format!("{d}-{m}-{s}{hemisphere}, {e}-0-0E"),
            format!("{d:02}{m:02}{s:02}{hemisphere} {e:03}0000E"),
        ] {
            let position: Position = text.parse().expect("a position");
            prop_assert!((position.lat_deg().abs() - expected_deg).abs() < 1e-12, "{}: {}", text, position);
            prop_assert_eq!(position.lat_deg() <= 0.0, south || expected_deg == 0.0, "{}", text);
        }
        let both = format!("-{d}.5{hemisphere} {e}E");
        prop_assert!(both.parse::<Position>().is_err(), "a sign and a letter: {}", both);
    }

    /// Whatever the text, nothing panics.
    #[test]
    fn no_text_panics(text in "\\PC{0,60}", odd in "[0-9°'\"NSEWnsew.,;:/ +\\-−′″a-c?]{0,40}", words in "[a-z0-9 .,()\\-]{0,60}") {
        for text in [&text, &odd, &words] {
            let _ = text.parse::<Claim>();
            let found = Claim::find_all(text);
            prop_assert!(found.claims.iter().all(|claim| text[claim.span()] == *claim.text()), "{}", text);
            if let Err(error) = Claim::parse_all(text) {
                prop_assert_eq!(&text[error.span.clone()], &error.word, "{}", text);
            }
            let _ = text.parse::<Position>();
            let _ = Position::from_fields(text, text);
            let _ = text.parse::<siteband::Unit>();
            let _ = text.parse::<siteband::Direction>();
            let _ = text.parse::<Reading>();
            let _ = BUNDLED.resolve(text);
        }
    }

    /// Whatever the bytes, nothing panics.
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), table in "(id,lat,lon)?[\n\r\",;0-9a-z.]{0,80}") {
        for bytes in [bytes.as_slice(), table.as_bytes()] {
            let _ = Atlas::from_geojson(bytes);
            let _ = Sites::from_geojson(bytes);
            if let Ok(rows) = SiteReader::new(bytes) {
                let _ = rows.count();
            }
        }
    }

    /// Core within support; 50 % within 80 % within 90 %; likelihoods are numbers, and nothing outside a hard support.
    #[test]
    fn bands_are_nested(text in claim_text(), reading in reading(), at_km in 0.0..20_000.0, site_km in 0.0..50.0) {
        let claim: Claim = text.parse().expect("a claim");
        let band = reading.band(&claim, km(1.0));
        let inside = |inner: siteband::Interval, outer: siteband::Interval| outer.from <= inner.from && inner.to <= outer.to;
        prop_assert!(inside(band.core(), band.support()), "{:?} {:?}", band.core(), band.support());
        let [half, most, nearly_all] = [0.5, 0.8, 0.9].map(|share| band.credible_interval(share));
        prop_assert!(inside(half, most) && inside(most, nearly_all), "{:?} {:?} {:?}", half, most, nearly_all);
        prop_assert!(half.contains(band.median()));
        let ln = band.log_likelihood(km(at_km), km(site_km));
        prop_assert!(!ln.is_nan() && ln < f64::INFINITY, "{}", ln);
        // What has no parameters is not smoothed.
        if reading.parameters().is_none() {
            prop_assert_eq!(ln == f64::NEG_INFINITY, band.place(km(at_km)) == siteband::Place::Outside);
        }
    }

    /// Under a hard reading the likelihood over all distances is one.
    #[test]
    fn hard_bands_sum_to_one(text in claim_text()) {
        let claim: Claim = text.parse().expect("a claim");
        for reading in &Reading::all()[..4] {
            let band = reading.band(&claim, km(1.0));
            let (from_km, to_km) = (band.support().from.km(), band.support().to.km());
            let steps = 4000_u32;
            let width_km = (to_km - from_km) / f64::from(steps);
            let sum: f64 = (0..steps).map(|step| band.likelihood_per_km(km(from_km + (f64::from(step) + 0.5) * width_km)) * width_km).sum();
            prop_assert!((sum - 1.0).abs() < 2e-3, "{}: {}", reading, sum);
        }
    }

    /// More spurious precision never makes the middle 90 % narrower.
    #[test]
    fn doubt_widens(number in 20_u32..400, low in 0.0..1.0, high in 0.0..1.0) {
        let claim: Claim = format!("about {number} km from X").parse().expect("a claim");
        let width = |share: f64| {
            let reading = Reading::mixture_prior().with_spurious_precision(share).expect("a share");
            let interval = reading.band(&claim, Length::ZERO).credible_interval(0.9);
            interval.to.km() - interval.from.km()
        };
        let (less, more) = (f64::min(low, high), f64::max(low, high));
        // Round numbers are taken more widely than their own triangle: there, doubt about the digits narrows.
        if number % 10 != 0 {
            prop_assert!(width(less) <= width(more) + 1e-3, "{} {}", width(less), width(more));
        }
    }
}
