//! The figures that the documents print are those of the code.

use std::path::Path;

use serde_json::Value;
use siteband::{Claim, Length, Reading, Scenario};

fn in_project(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn document(name: &str) -> String {
    std::fs::read_to_string(in_project("docs").join(name)).expect("a document")
}

/// The rows of the first table under a heading, as cells.
fn table<'a>(document: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let (_, section) = document.split_once(&format!("\n{heading}\n")).expect("the heading");
    section
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// The parameters by the names that the document gives them: `loose.share`.
fn parameters(reading: &Reading) -> Vec<(String, String)> {
    fn flatten(prefix: &str, value: &Value, into: &mut Vec<(String, String)>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    flatten(&format!("{prefix}.{name}"), value, into);
                }
            }
            // JSON has no infinity.
            Value::Null => into.push((prefix[1..].to_owned(), "∞".to_owned())),
            Value::Number(number) => {
                into.push((prefix[1..].to_owned(), number.as_f64().unwrap_or(f64::NAN).to_string()));
            }
            other => into.push((prefix[1..].to_owned(), other.to_string())),
        }
    }
    let mut named = Vec::new();
    let mixture = serde_json::to_value(reading.parameters().expect("a mixture")).expect("a value");
    flatten("", &mixture, &mut named);
    named.sort();
    named
}

#[test]
fn calibration_prints_every_parameter() {
    let text = document("CALIBRATION.md");
    for reading in [Reading::mixture(), Reading::truncated()] {
        let name = reading.name();
        let mut printed: Vec<(String, String)> = table(&text, &format!("### Parameters of `{name}`"))
            .iter()
            .map(|cells| (cells[0].trim_matches('`').to_owned(), cells[1].to_owned()))
            .collect();
        printed.sort();
        assert_eq!(printed, parameters(&reading), "{name}");
    }
}

#[test]
fn limits_prints_every_limit() {
    use siteband::limits;
    let page = document("LIMITS.md");
    let printed: Vec<(String, u64)> = table(&page, "## Limits")
        .iter()
        .map(|cells| {
            let number = cells[1].split(' ').next().unwrap_or_default().replace(',', "");
            let unit = if cells[1].contains("GiB") {
                1 << 30
            } else if cells[1].contains("MiB") {
                1 << 20
            } else {
                1
            };
            (cells[0].trim_matches('`').to_owned(), number.parse::<u64>().expect("a number") * unit)
        })
        .collect();
    let source = std::fs::read_to_string(in_project("src/limits.rs")).expect("the limits");
    let named = source.lines().filter_map(|line| Some(line.strip_prefix("pub const ")?.split(':').next()?.to_owned()));
    let values = [
        limits::ITEM_BYTES as u64,
        limits::COLUMNS as u64,
        limits::LISTED_ROWS as u64,
        limits::GEOJSON_BYTES as u64,
        limits::PIECES as u64,
        limits::KML_DEPTH as u64,
        limits::KMZ_BYTES,
        limits::KMZ_RATIO,
        limits::JSON_DEPTH as u64,
        limits::TOML_DEPTH as u64,
        limits::SCENARIO_BYTES as u64,
        limits::STATEMENTS as u64,
        limits::SCENARIO_ENTRIES as u64,
        limits::CLAIM_BYTES as u64,
        limits::TEXT_BYTES as u64,
        limits::SHOWN_CHARS as u64,
    ];
    assert_eq!(printed, named.zip(values).collect::<Vec<_>>());
}

#[test]
fn calibration_is_of_this_version() {
    let version = Reading::mixture().version().expect("a fit");
    assert!(document("CALIBRATION.md").contains(&format!("version `{version}`")), "{version}");
}

/// The one corpus of some size that is shipped; every printed figure holds to half a unit of its last digit.
#[cfg(feature = "atlas")]
#[test]
fn calibration_measures_the_markets() {
    use approx::assert_abs_diff_eq;
    use siteband::{Atlas, Calibration, Corpus, Observation, fitted_contamination, residuals};

    let page = document("CALIBRATION.md");
    let corpus = Corpus::from_path(&in_project("data/claims/dprk-markets.csv"), &Atlas::bundled()).expect("shipped");
    let training: Vec<&Observation> = corpus.training().collect();
    let test: Vec<&Observation> = corpus.test().collect();
    let rows = table(&page, "### Markets: 50 claims");
    assert_eq!(test.len(), 50);
    for reading in [Reading::mixture_prior(), Reading::mixture(), Reading::analyst(), Reading::literal()] {
        let row = rows.iter().find(|row| row[0] == format!("`{}`", reading.name())).expect("a row");
        let printed = |cell: usize| -> f64 {
            let first = row[cell].split(' ').next().unwrap_or_default().replace('−', "-");
            first.parse().expect("a number")
        };
        let found = Calibration::of(&residuals(&reading, &test), fitted_contamination(&reading, &training));
        let found = found.expect("claims");
        for (at, coverage) in found.coverage.iter().enumerate() {
            assert_abs_diff_eq!(printed(at + 1), 100.0 * coverage.found, epsilon = 0.0501);
        }
        assert_abs_diff_eq!(printed(4), found.median_width_90_km, epsilon = 0.0501);
        assert_abs_diff_eq!(printed(5), found.crps_km, epsilon = 0.00501);
        assert_abs_diff_eq!(printed(6), found.log_score, epsilon = 0.000_501);
        assert_abs_diff_eq!(printed(7), found.winkler_90_km, epsilon = 0.0501);
    }
}

fn seed() -> Claim {
    "a military facility about 85 kilometers from the North Korean border with China".parse().expect("the sentence")
}

#[test]
fn sino_ri_prints_the_bands() {
    let text = document("SINO_RI.md");
    for reading in Reading::all() {
        let band = reading.band(&seed(), Length::ZERO);
        let [core, support, ninety] = [band.core(), band.support(), band.credible_interval(0.9)]
            .map(|interval| format!("{:.1}–{:.1}", interval.from.km(), interval.to.km()));
        let per_km = |km: f64| band.likelihood_per_km(Length::from_km(km).expect("a distance"));
        let row = format!(
            "| `{}` | {core} | {support} | {ninety} | {:.4} | {:.4} | {:.5} |",
            reading.name(),
            per_km(85.0),
            per_km(92.4),
            per_km(130.0)
        );
        assert!(text.contains(&row), "docs/SINO_RI.md lacks\n{row}");
    }
}

#[test]
fn sino_ri_prints_the_origins() {
    let text = document("SINO_RI.md");
    let sino_ri = Length::from_km(92.4).expect("a distance");
    for (origin, probability) in Reading::mixture().band(&seed(), Length::ZERO).origins(sino_ri) {
        let line = format!("{:>5.1} % {origin}\n", 100.0 * probability);
        assert!(text.contains(&line), "docs/SINO_RI.md lacks\n{line}");
    }
}

#[test]
fn sino_ri_prints_the_rankings() {
    let text = document("SINO_RI.md");
    let scenario = Scenario::from_path(&in_project("data/scenarios/sino-ri.toml")).expect("shipped");
    let sites = scenario.load_sites().expect("shipped");
    for reading in Reading::all() {
        let ranking = scenario.rank(&sites, &reading);
        let sino_ri = ranking.get("sino-ri").expect("ranked").posterior;
        let first: Vec<String> = ranking
            .top(3)
            .map(|ranked| match ranked.posterior {
                0.0 => "–".to_owned(),
                posterior => format!("{} {:.1}", ranked.site.id(), 100.0 * posterior),
            })
            .collect();
        let row = format!(
            "| `{}` | {:.1} | {} | {:.1} |",
            reading.name(),
            100.0 * sino_ri,
            first.join(" | "),
            100.0 * ranking.none_of_these
        );
        assert!(text.contains(&row), "docs/SINO_RI.md lacks\n{row}");
    }
}

#[test]
fn sino_ri_prints_what_the_answer_rests_on() {
    let text = document("SINO_RI.md");
    let scenario = Scenario::from_path(&in_project("data/scenarios/sino-ri.toml")).expect("shipped");
    let sites = scenario.load_sites().expect("shipped");
    let constraints = scenario.constraints(&Reading::default());
    let report = sites.robustness(&constraints, scenario.options(), &scenario.robustness_options());
    for sentence in report.sentences().iter().take(5) {
        assert!(text.contains(&format!("- {sentence}\n")), "docs/SINO_RI.md lacks\n- {sentence}");
    }
}
