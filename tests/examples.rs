//! Every example runs, and says what it should.

use std::process::Command;

use siteband::{Band, Length, Reading};

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

/// The interval is what a plain sum of the likelihood gives, for a border that is known to a kilometre; the distance is that of
/// other programs.
#[test]
fn one_claim_one_site() {
    let claim = "about 85 km from the North Korean border with China".parse().expect("a claim");
    let band = Reading::default().band(&claim, Length::from_km(1.0).expect("a length"));
    let (from_km, to_km) = ninety_percent_by_sum(&band);
    assert_says(
        "one_claim_one_site",
        &[
            "said: about 85 km from the North Korean border with China",
            "not used: a military facility",
            &format!("means: {from_km:.1} km to {to_km:.1} km (90 %)"),
            "shows: 92.38 km, nearest at 40.310274 N 124.714247 E",
        ],
    );
}

/// The report in sentences, and one of its numbers.
#[test]
fn how_far_to_trust() {
    assert_says(
        "how_far_to_trust",
        &[
            "- First is sino-ri-area with ",
            " rest on soft statements more than on the distance",
            "- Without the tags that come from the analysis that names Sino-ri: ",
            "likelihood ratio of diplomat-2: 0.1 now, chongju at 0.",
        ],
    );
}

/// Three claims, each where its words stand, and one figure that is no distance from anything.
#[test]
fn read_a_report() {
    assert_says(
        "read_a_report",
        &[
            "53..112: about 85 km from the North Korean border with China; 90 % within ",
            ": 242 km north of the demilitarized zone; ",
            ": 65 km from the Chinese border; ",
            "'1,300 km' was not understood: ",
        ],
    );
}

/// Where the likelihood, summed over every ten metres up to 5,000 km, reaches 5 and 95 %.
fn ninety_percent_by_sum(band: &Band) -> (f64, f64) {
    let grid_km: Vec<f64> = (0..500_000).map(|step| (f64::from(step) + 0.5) / 100.0).collect();
    let likelihood = |at_km: &f64| band.likelihood_per_km(Length::from_km(*at_km).expect("a length"));
    let likelihoods: Vec<f64> = grid_km.iter().map(likelihood).collect();
    let total: f64 = likelihoods.iter().sum();
    let reaches = |share: f64| {
        let mut sum = 0.0;
        let below = likelihoods.iter().take_while(|likelihood| {
            sum += **likelihood;
            sum < share * total
        });
        grid_km[below.count()]
    };
    (reaches(0.05), reaches(0.95))
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
    let row = |name: &str| {
        output.lines().find(|line| line.split_whitespace().next() == Some(name)).expect("a row").to_owned()
    };
    assert!(row("literal").contains("no site") && row("literal").contains("100.0 %"), "{output}");
    for reading in ["rounded", "best-practice", "analyst", "mixture-prior", "mixture"] {
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
