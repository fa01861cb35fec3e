//! Distances that were published, or measured independently of this project, against the exact engine on the shipped borders.

use std::path::Path;

use approx::assert_abs_diff_eq;
use siteband::{Atlas, Claim, Feature, Position, Site, Sites};

fn data(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(path)
}

fn border(file: &str) -> Atlas {
    Atlas::from_path(&data(file)).expect("shipped border")
}

/// Sino-ri and the facility beside it, measured from three data sets by other programs.
#[test]
fn sino_ri_from_three_borders() {
    let sites = Sites::from_path(&data("sites/dprk-facilities.csv")).expect("shipped sites");
    assert_eq!((sites.len(), sites.rejected().len()), (29, 0));
    for (file, sino_ri_km, nearby_km) in [
        ("borders/cn-kp.geojson", 92.38, 90.60),
        ("borders/cn-kp-50m.geojson", 93.36, 90.56),
        ("borders/cn-kp-110m.geojson", 89.33, 86.62),
    ] {
        let atlas = border(file);
        let feature = atlas.get("cn-kp").expect("the border");
        let km = |id: &str| feature.nearest(sites.find(id).expect("site").position()).distance.km();
        assert_abs_diff_eq!(km("sino-ri"), sino_ri_km, epsilon = 0.01);
        assert_abs_diff_eq!(km("sino-ri-nearby"), nearby_km, epsilon = 0.01);
    }
}

/// Every published sentence parses to the number that stands beside it, and the position of its base agrees: within 3 km for
/// the Chinese border, within 12 km for "north of the demilitarized zone" (whose edge lies 2 km north of the line that Natural
/// Earth draws), within 5 km for cities. Kal-gol's position contradicts its sentence, and has to.
#[test]
fn published_sentences_agree_with_their_positions() {
    let atlas = Atlas::bundled();
    let mut rows = csv::Reader::from_path(data("claims/dprk-bases.csv")).expect("shipped claims");
    let (mut checked, mut to_china) = (0, 0);
    for row in rows.records() {
        let row = row.expect("row");
        let (name, text) = (&row[0], &row[4]);
        if text.is_empty() {
            continue;
        }
        let position = Position::from_fields(&row[1], &row[2]).expect("position");
        let claims = Claim::parse_all(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected: Vec<(&str, f64)> =
            row[5].split(';').zip(row[6].split(';').map(|km| km.parse().expect("a number"))).collect();
        assert_eq!(claims.len(), expected.len(), "{text}");
        for (claim, (id, published_km)) in claims.iter().zip(expected) {
            let feature: &Feature = atlas.resolve(claim.feature()).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(feature.id(), id, "{text}");
            assert_eq!(claim.offset_length().km(), published_km, "{text}");
            let zone_km = if id == "kp-kr" { 2.0 } else { 0.0 };
            let residual_km = feature.nearest(position).distance.km() - zone_km - published_km;
            println!("{name}, {claim}: {residual_km:+.1} km");
            let allowed_km = match id {
                "cn-kp" => 3.0,
                "kp-kr" => 12.0,
                _ => 5.0,
            };
            if name == "Kal-gol" {
                assert!(residual_km.abs() > 100.0, "{name}: {residual_km}");
            } else {
                assert!(residual_km.abs() <= allowed_km, "{name}, {claim}: {residual_km}");
            }
            checked += 1;
            to_china += usize::from(id == "cn-kp");
        }
    }
    assert_eq!(to_china, 3);
    assert!(checked >= 9, "{checked}");
}

/// The shipped borders say where they come from, under which terms, and how well they are known.
#[test]
fn shipped_features_state_their_source() {
    for feature in Atlas::bundled().features() {
        assert!(feature.source().is_some_and(|source| !source.is_empty()), "{}", feature.id());
        assert!(feature.position_uncertainty().m() >= 500.0, "{}", feature.id());
    }
}

/// The market table: "the border" is China's, and markets 123 to 131 are miles that were labelled km. The bounds were found by
/// another geodesic library on the same border.
#[test]
fn published_market_distances_agree_but_for_the_miles() {
    const MARKETS: usize = 48;
    let atlas = Atlas::bundled();
    let mut rows = csv::Reader::from_path(data("claims/dprk-markets.csv")).expect("shipped claims");
    let header =
        ["id", "group", "corpus", "claim", "lat", "lon", "uncertainty_m", "feature", "feature_lat", "feature_lon"];
    assert_eq!(rows.headers().expect("header"), &csv::StringRecord::from(header.to_vec()));
    let (mut ids, mut miles, mut border_outliers) = (std::collections::BTreeSet::new(), 0, 0);
    for row in rows.records() {
        let row = row.expect("row");
        assert!(ids.insert(row[0].to_owned()), "{} twice", &row[0]);
        let claim: Claim = row[3].parse().expect("a claim");
        let feature = atlas.resolve(claim.feature()).expect("a bundled feature");
        assert_eq!(feature.id(), &row[7], "{claim}");
        let position = Position::from_fields(&row[4], &row[5]).expect("position");
        let (published_km, true_km) = (claim.offset_length().km(), feature.nearest(position).distance.km());
        let number: u32 = row[1].parse().expect("the market's number");
        let off_km = (true_km - published_km).abs();
        match (feature.id(), (123..=131).contains(&number)) {
            ("pyongyang", true) => {
                assert!((1.59..1.63).contains(&(true_km / published_km)), "{claim}: {true_km}");
                miles += 1;
            }
            ("pyongyang", false) => assert!(off_km < 0.03 * published_km, "{claim}: {true_km}"),
            (_, true) => assert!((1.45..1.61).contains(&(true_km / published_km)), "{claim}: {true_km}"),
            (_, false) => border_outliers += usize::from(off_km > f64::max(3.0, 0.08 * published_km)),
        }
    }
    assert_eq!((ids.len(), miles, border_outliers), (2 * MARKETS, 5, 8));
}

/// The shipped places are all that their source has of the country, and no id of theirs means a facility.
#[test]
fn shipped_places_are_a_list_of_their_own() {
    let read = |file: &str| Sites::from_path(&data(file)).expect("shipped sites");
    let (places, facilities) = (read("sites/dprk-places.csv"), read("sites/dprk-facilities.csv"));
    assert_eq!((places.len(), places.rejected().len()), (127, 0));
    let shared: Vec<&str> = places.as_slice().iter().map(Site::id).filter(|id| facilities.get(id).is_some()).collect();
    assert!(shared.is_empty(), "{shared:?}");
    let apart_km = |id: &str, facility: &str| {
        let [a, b] = [places.find(id), facilities.find(facility)].map(|site| site.expect("listed").position());
        a.distance_to(&b).km()
    };
    // By another geodesic library.
    for (id, facility, km) in [
        ("panghyon-dong", "panghyon", 0.0),
        ("kwaksan-town", "kwaksan", 0.0),
        ("kusong-si", "kusong", 0.72),
        ("sinuiju-town", "sinuiju", 1.84),
        ("chongju-town", "chongju", 1.97),
    ] {
        assert_abs_diff_eq!(apart_km(id, facility), km, epsilon = 0.005);
    }
}
