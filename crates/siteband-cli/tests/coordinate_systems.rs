//! `--sites-crs` and `--features-crs`.

mod common;

use std::fs;

use common::{BORDER, SITES, siteband};
use tempfile::TempDir;

#[test]
fn sites_in_utm() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("utm.csv");
    // 39.6472° N 125.3675° E by pyproj (PROJ 9.5.1).
    fs::write(&path, "id,easting,northing\nsino-ri,188301.8840,4394910.1755\nbad,125.3675,39.6472\n").expect("a list");
    let path = path.to_string_lossy().into_owned();
    let ran = siteband(&["distance", "--to", BORDER, "--sites", &path, "--sites-crs", "EPSG:32652"]);
    if cfg!(feature = "proj") {
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        assert!(ran.stderr.contains("line 3") && ran.stderr.contains("these look like degrees"), "{}", ran.stderr);
        let (_, rows) = ran.csv();
        let expected = folder.path().join("wgs84.csv");
        fs::write(&expected, "id,lat,lon\nsino-ri,39.6472,125.3675\n").expect("a list");
        let expected = siteband(&["distance", "--to", BORDER, "--sites", &expected.to_string_lossy()]).ok();
        let distance_m = |rows: &[Vec<String>]| rows[0][3].parse::<f64>().expect("a number");
        assert!((distance_m(&rows) - distance_m(&expected.csv().1)).abs() < 1e-3);
    } else {
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains("the feature 'proj' (docs/PROJ.md)"), "{}", ran.stderr);
    }
}

/// A line between two places whose UTM coordinates are Karney's (`TransverseMercatorProj` of GeographicLib 2.1.2).
#[test]
fn features_in_utm() {
    let folder = TempDir::new().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path.to_string_lossy().into_owned()
    };
    let line = |crs: &str, ends: &str| {
        format!(
            r#"{{"type": "FeatureCollection"{crs}, "features": [{{"type": "Feature", "id": "line", "properties": {{}},
                "geometry": {{"type": "LineString", "coordinates": [{ends}]}}}}]}}"#
        )
    };
    let ends = "[99321.044804, 4605399.289026], [638565.652159, 4762216.969067]";
    let own = r#", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32652"}}"#;
    let degrees = file("degrees.geojson", &line("", "[124.2, 41.5], [130.7, 43.0]"));
    let (utm, said) = (file("utm.geojson", &line("", ends)), file("said.geojson", &line(own, ends)));
    let measured = |to: &str, more: &[&str]| {
        let ran = siteband(&[&["distance", "--to", to, "--sites", SITES], more].concat());
        let rows = if ran.code == Some(0) { ran.csv().1 } else { Vec::new() };
        (rows.iter().map(|row| row[3].parse::<f64>().expect("metres")).collect::<Vec<_>>(), ran)
    };
    let (expected, _) = measured(&degrees, &["--features-crs", "EPSG:4326"]);
    assert!(expected.len() > 20);
    // Metres without a word are no degrees, in any build.
    let (_, plain) = measured(&utm, &[]);
    assert!(plain.stderr.contains("are these metres of a projected system?"), "{}", plain.stderr);
    // An argument that cannot be used, and a file.
    for ((found, ran), code) in [(measured(&utm, &["--features-crs", "EPSG:32652"]), 2), (measured(&said, &[]), 1)] {
        if cfg!(feature = "proj") {
            assert_eq!(found.len(), expected.len(), "{}", ran.stderr);
            assert!(found.iter().zip(&expected).all(|(found, expected)| (found - expected).abs() < 1e-3));
        } else {
            assert_eq!(ran.code, Some(code), "{}", ran.stderr);
            assert!(ran.stderr.contains("32652") && ran.stderr.contains("the feature 'proj' (docs/PROJ.md)"));
        }
    }
    if cfg!(feature = "proj") {
        let (_, aside) = measured(&said, &["--features-crs", "EPSG:32651"]);
        let expected = "the file says that its coordinates are in urn:ogc:def:crs:EPSG::32652 (WGS 84 / UTM zone 52N), not in \
                        EPSG:32651 (WGS 84 / UTM zone 51N)";
        assert!(aside.stderr.contains(expected), "{}", aside.stderr);
        let (_, swapped) = measured(&degrees, &["--features-crs", "EPSG:32652"]);
        assert!(swapped.stderr.contains("feature 'line'") && swapped.stderr.contains("these look like degrees"));
    }
}

#[test]
fn systems_of_a_scenario() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("question.toml");
    let text = "sites = 'sites.csv'\nsites_crs = 'EPSG:1'\n\n[[source]]\nid = 'a'\nreliability = 0.5\n\n\
                [[claim]]\nsource = 'a'\ntext = 'about 85 km from the Chinese border'\n";
    fs::write(&path, text).expect("a scenario");
    let ran = siteband(&["check", &path.to_string_lossy()]);
    assert_ne!(ran.code, Some(0));
    let expected = "question.toml: line 2: sites_crs: coordinate reference system 'EPSG:1'";
    assert!(ran.stderr.contains(expected), "{}", ran.stderr);
}
