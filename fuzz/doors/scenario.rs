//! A scenario file, in TOML or in JSON.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use siteband::{Constraint, Length, RankOptions, Reading, Scenario, SearchRegion, Sites};

const SITES: &str = "id,lat,lon,tags,group,uncertainty_m\na,39.6472,125.3675,training;base,g,300\nb,39.66,125.4,,g,\n\
    c,40.0,126.0,town,,5000\nd,41.5,128.0,training,,0\ne,37.5,127.0,,,\n";
const LINE: &str = r#"{"type":"Feature","id":"line","properties":{"name":"the line"},
    "geometry":{"type":"LineString","coordinates":[[124.4,40.1],[125.0,40.5],[126.1,41.2]]}}"#;
const AREA: &str = r#"{"type":"Feature","id":"area","properties":{"name":"the area"},
    "geometry":{"type":"Polygon","coordinates":[[[125,39],[127,39],[126,41],[125,39]]]}}"#;

/// What a scenario may name, in a folder of its own.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("siteband-scenarios-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    for (name, text) in [("sites.csv", SITES), ("line.geojson", LINE), ("area.geojson", AREA)] {
        fs::write(folder.join(name), text).expect("a file");
    }
    folder
});

static LISTED: LazyLock<Sites> = LazyLock::new(|| Sites::from_csv(SITES.as_bytes()).expect("a table"));

/// A few places: none of these is worked out as over ten thousand, and sooner.
static REGION: LazyLock<SearchRegion> =
    LazyLock::new(|| SearchRegion::gazetteer(&LISTED, Length::ZERO, None).expect("places"));

pub(crate) fn toml(data: &[u8]) {
    check(data, "question.toml");
}

pub(crate) fn json(data: &[u8]) {
    check(data, "question.json");
}

/// A scenario that is accepted ranks sites under its own reading and under the default: statements have ids of their own, posteriors are
/// numbers and sum to one with none of these. One that is refused has a reason, and a line of the file where it has one at all. What it
/// names is read from a folder that has a list of sites, an area, and a line, which may be roads; never from elsewhere.
fn check(data: &[u8], name: &str) {
    // A path with a slash could lead anywhere, and escapes could spell one.
    if data.contains(&b'/') || data.contains(&b'\\') {
        return;
    }
    let path = FOLDER.join(name);
    fs::write(&path, data).expect("a file");
    let scenario = match Scenario::from_path(&path) {
        Ok(scenario) => scenario,
        Err(error) => {
            assert!(!error.reason.is_empty() && error.to_string().contains(name));
            let lines = data.split(|byte| *byte == b'\n').count();
            assert!(error.line.is_none_or(|line| (1..=lines).contains(&line)), "{error}");
            return;
        }
    };
    let constraints = scenario.constraints(scenario.reading());
    let ids: HashSet<String> = constraints.iter().map(|constraint| constraint.id().to_lowercase()).collect();
    assert!(!ids.is_empty() && ids.len() == constraints.len());
    assert!(constraints.iter().all(|constraint| !constraint.to_string().is_empty()));
    assert!(scenario.warnings().all(|(feature, _)| !feature.id().is_empty() || feature.name().is_empty()));
    let options = scenario.options().clone().with_search_region(REGION.clone());
    check_ranking(&constraints, &options);
    check_ranking(&scenario.constraints(&Reading::default()), &options);
}

fn check_ranking(constraints: &[Constraint], options: &RankOptions) {
    let ranking = LISTED.rank(constraints, options);
    let mut sum = ranking.none_of_these;
    for ranked in ranking.top(LISTED.len()) {
        assert!((0.0..=1.0).contains(&ranked.posterior), "{}: {}", ranked.site.id(), ranked.posterior);
        sum += ranked.posterior;
        for evidence in ranked.evidence {
            assert!(!evidence.log_likelihood.is_nan(), "{evidence:?}");
            assert!(evidence.decibans.is_none_or(f64::is_finite), "{evidence:?}");
        }
    }
    assert!((sum - 1.0).abs() < 1e-9, "posteriors and none of these sum to {sum}");
}
