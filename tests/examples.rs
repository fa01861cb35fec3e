//! Every example runs, and says what it should.

use std::process::Command;

fn output_of(example: &str) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--example", example])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{example}: {stderr}");
    stdout.into_owned()
}

fn assert_says(example: &str, expected: &[&str]) {
    let output = output_of(example);
    for words in expected {
        assert!(output.contains(words), "{example} does not say '{words}':\n{output}");
    }
}

/// The interval is that of the model's worked numbers (73.6–96.8) widened by the border's kilometre, the distance that of other
/// programs.
#[test]
fn one_claim_one_site() {
    assert_says(
        "one_claim_one_site",
        &[
            "said: about 85 km from the North Korean border with China",
            "not used: a military facility",
            "means: 73.6 km to 96.9 km (90 %)",
            "shows: 92.38 km, nearest at 40.310274 N 124.714247 E",
        ],
    );
}

#[test]
fn rank_sites() {
    let output = output_of("rank_sites");
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines.len(), 6, "{output}");
    assert!(lines[0].contains("report-1 +") && lines[5].contains("none of these"), "{output}");
    let percent = |line: &str| -> f64 {
        let words: Vec<&str> = line.split_whitespace().collect();
        let at = words.iter().position(|word| *word == "%").expect("a percentage");
        words[at - 1].parse().expect("a number")
    };
    let posteriors: Vec<f64> = lines[..5].iter().map(|line| percent(line)).collect();
    assert!(posteriors.is_sorted_by(|a, b| a >= b), "{output}");
    assert!(posteriors.iter().sum::<f64>() + percent(lines[5]) <= 100.3, "{output}");
}

/// What the hard readings do to the case that drives the model: nothing is left at 92 km.
#[test]
fn compare_readings() {
    let output = output_of("compare_readings");
    let row = |name: &str| output.lines().find(|line| line.starts_with(name)).expect("a row").to_owned();
    assert!(row("literal").contains("no site") && row("literal").contains("100.0 %"), "{output}");
    for reading in ["rounded", "best-practice", "analyst", "mixture-prior"] {
        assert!(row(reading).matches('%').count() == 2, "{output}");
    }
}

/// The distance is GeographicLib's (golden-section search over the edge: 46,711.257 m at 59.81052 N 11.56012 E).
#[test]
fn own_border() {
    assert_says(
        "own_border",
        &["no-se: 46.711 km to segment 0 at 59.8105, 11.5601", "within 60 km: true", "within 30 km: false"],
    );
}

#[test]
fn search_by_band() {
    let output = output_of("search_by_band");
    let mut lines = output.lines();
    assert!(lines.next().is_some_and(|line| line.contains("of 10000 sites lie 75 to 105 km")), "{output}");
    // The density of "about 85" peaks at 85 km; on a grid of some five kilometres something lies within 300 m of that.
    let nearest: Vec<f64> = lines.filter_map(|line| line.split_whitespace().nth(1)?.parse().ok()).collect();
    assert!(nearest.len() == 3 && nearest.iter().all(|km| (km - 85.0).abs() < 0.3), "{output}");
}
