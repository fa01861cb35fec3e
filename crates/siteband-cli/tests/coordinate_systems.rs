//! `--sites-crs` and `--features-crs`.

mod common;

use std::fs;

use common::{BORDER, siteband};
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
