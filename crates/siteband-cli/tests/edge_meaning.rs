//! `--edges`, and the warnings that long edges along parallels deserve.

mod common;

use std::fs;
use std::path::Path;

use common::siteband;
use tempfile::TempDir;

/// The 49th parallel by its two ends, and a site on it that the geodesic between them passes at 94,378.907 m (GeographicLib).
fn files(folder: &Path, properties: &str) -> [String; 2] {
    let border = format!(
        r#"{{"type": "Feature", "id": "border", "properties": {{{properties}}},
            "geometry": {{"type": "LineString", "coordinates": [[-123.03, 49], [-95.15, 49]]}}}}"#
    );
    let paths = [folder.join("border.geojson"), folder.join("sites.csv")];
    fs::write(&paths[0], border).expect("a border");
    fs::write(&paths[1], "id,lat,lon\nmiddle,49,-109.09\n").expect("a list");
    paths.map(|path| path.to_string_lossy().into_owned())
}

fn distance_m(args: &[&str]) -> (f64, String) {
    let ran = siteband(args).ok();
    let (_, rows) = ran.csv();
    (rows[0][3].parse().expect("a number"), ran.stderr)
}

#[test]
fn edges_are_what_is_asked_for() {
    let folder = TempDir::new().expect("a folder");
    let [border, sites] = files(folder.path(), "");
    let (geodesic_m, warned) = distance_m(&["distance", "--to", &border, "--sites", &sites]);
    assert!((geodesic_m - 94_378.907).abs() < 1e-3, "{geodesic_m}");
    let expected = "warning: feature 'border': part 0, edge 0: 2028 km along the parallel of 49.0000° are taken as a geodesic, \
                    which is up to 94.4 km from the parallel: are the edges planar?\n";
    assert_eq!(warned, expected);
    let (planar_m, warned) = distance_m(&["distance", "--to", &border, "--sites", &sites, "--edges", "planar"]);
    assert!(planar_m <= 0.01, "{planar_m}");
    assert_eq!(warned, "");

    let wrong = siteband(&["distance", "--to", &border, "--sites", &sites, "--edges", "planer"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.stderr.contains("did you mean 'planar'"), "{}", wrong.stderr);
}

#[test]
fn what_a_feature_says_goes_first() {
    let folder = TempDir::new().expect("a folder");
    let [border, sites] = files(folder.path(), r#""edges": "planar""#);
    let (planar_m, _) = distance_m(&["distance", "--to", &border, "--sites", &sites, "--edges", "geodesic"]);
    assert!(planar_m <= 0.01, "{planar_m}");
}

#[test]
fn claims_and_scenarios_take_edges_too() {
    let folder = TempDir::new().expect("a folder");
    let [border, sites] = files(folder.path(), "");
    let claim = ["rank", "--claim", "about 5 km from border", "--sites", &sites, "--atlas", &border];
    assert!(siteband(&claim).ok().stderr.contains("are the edges planar?"));
    assert_eq!(siteband(&[&claim[..], &["--edges", "planar"]].concat()).ok().stderr, "");

    let scenario = folder.path().join("question.toml");
    let text = |edges: &str| {
        format!(
            "sites = 'sites.csv'\natlas = 'border.geojson'\n{edges}\n[[source]]\nid = 'a'\nreliability = 0.5\n\n\
             [[claim]]\nsource = 'a'\ntext = 'about 5 km from border'\n"
        )
    };
    let path = scenario.to_string_lossy().into_owned();
    for command in ["rank", "check"] {
        fs::write(&scenario, text("")).expect("a scenario");
        assert!(siteband(&[command, &path]).ok().stderr.contains("are the edges planar?"), "{command}");
        fs::write(&scenario, text("edges = 'planar'")).expect("a scenario");
        assert_eq!(siteband(&[command, &path]).ok().stderr, "", "{command}");
    }
    fs::write(&scenario, text("edges = 'round'")).expect("a scenario");
    let wrong = siteband(&["check", &path]);
    assert_ne!(wrong.code, Some(0));
    assert!(
        wrong.stderr.contains("question.toml: line 3") && wrong.stderr.contains("`geodesic` or `planar`"),
        "{}",
        wrong.stderr
    );
}

/// Nothing goes by the search region or another atlas unseen, and nothing is said twice.
#[test]
fn whatever_a_scenario_measures_with_is_warned_of_once() {
    let folder = TempDir::new().expect("a folder");
    let _ = files(folder.path(), r#""edges": "planar""#);
    let other = r#"{"type": "Feature", "id": "border", "properties": {},
            "geometry": {"type": "LineString", "coordinates": [[-123.03, 49], [-95.15, 49]]}}"#;
    let area = r#"{"type": "Feature", "id": "prairie", "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [[[-120, 45], [-100, 45], [-100, 55], [-120, 55], [-120, 45]]]}}"#;
    for (name, text) in [("other.geojson", other), ("again.geojson", other), ("area.geojson", area)] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let scenario = folder.path().join("question.toml");
    let path = scenario.to_string_lossy().into_owned();
    let warned = |atlas: &str, more: &str| {
        let text = format!(
            "sites = 'sites.csv'\natlas = {atlas}\n{more}\n[[source]]\nid = 'a'\nreliability = 0.5\n\n\
             [[claim]]\nsource = 'a'\ntext = 'about 5 km from border'\n"
        );
        fs::write(&scenario, text).expect("a scenario");
        let lines = siteband(&["check", &path]).ok().stderr;
        lines.lines().map(|line| line.split(": ").nth(1).expect("a feature").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(warned("'border.geojson'", ""), [""; 0]);
    assert_eq!(warned("'border.geojson'", "other_atlas = ['other.geojson', 'again.geojson']"), ["feature 'border'"]);
    let own = "['border.geojson', 'area.geojson']";
    assert_eq!(warned(own, ""), [""; 0], "nothing is measured with the area");
    assert_eq!(warned(own, "search_region = 'prairie'"), ["feature 'prairie'", "feature 'prairie'"]);
    assert_eq!(warned("['other.geojson', 'area.geojson']", "search_region = 'prairie'").len(), 3);
}

#[test]
fn reports_say_what_edges_were() {
    let folder = TempDir::new().expect("a folder");
    let [border, sites] = files(folder.path(), "");
    let claim =
        ["rank", "--claim", "about 5 km from border", "--sites", &sites, "--atlas", &border, "--format", "json"];
    let of = |more: &[&str]| siteband(&[&claim[..], more].concat()).ok().json()["features"][0].clone();
    let geodesic = of(&[]);
    assert_eq!(geodesic["edges"], "geodesic");
    let warning = geodesic["warnings"][0].as_str().expect("a warning");
    assert!(warning.contains("94.4 km from the parallel"), "{warning}");
    let planar = of(&["--edges", "planar"]);
    assert_eq!((&planar["edges"], planar.get("warnings")), (&"planar".into(), None));
}

#[test]
fn of_many_edges_the_first_five_are_told() {
    let folder = TempDir::new().expect("a folder");
    let [border, sites] = files(folder.path(), "");
    for (edges, last) in
        [(5, "edge 4: 220 km"), (6, "and 1 more edge along parallels"), (7, "and 2 more edges along parallels")]
    {
        let vertices: Vec<String> = (0..=edges).map(|number| format!("[{}, 49]", 3 * number)).collect();
        let line = format!(r#"{{"type": "LineString", "coordinates": [{}]}}"#, vertices.join(", "));
        fs::write(&border, line).expect("a border");
        let (_, warned) = distance_m(&["distance", "--to", &border, "--sites", &sites]);
        let lines: Vec<&str> = warned.lines().collect();
        assert_eq!(lines.len(), 6.min(edges), "{warned}");
        assert!(lines.last().is_some_and(|line| line.contains(last)), "{warned}");
    }
}
