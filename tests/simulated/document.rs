//! `docs/RANKING.md` prints the figures that come out here.

use std::fmt::Write;
use std::path::Path;

use super::{
    ASKED, ASKED_OF_AREA, CHI_SQUARE_ONE_IN_A_THOUSAND, Judged, MENUS, Summary, bins, far_ahead, mean, off, plain,
    rivals, summary,
};

/// Every table of the section, by its heading.
fn tables() -> Vec<(&'static str, String)> {
    vec![
        ("### How often numbers are written", numbers()),
        ("### Right as often as they say", ways()),
        ("### The greatest posterior, bin by bin", calibration()),
        ("### Other rules", rules()),
        ("### Without the true site", without()),
        ("### Anywhere in an area", area()),
    ]
}

fn numbers() -> String {
    let mut rows = String::new();
    for ((wording, fitted), (_, alike)) in MENUS[0].all().zip(MENUS[1].all()) {
        for (feature, fitted, alike) in [("the border", &fitted[0], &alike[0]), ("a point", &fitted[1], &alike[1])] {
            let ((most, average), (most_alike, average_alike)) = (fitted.off(), alike.off());
            let (least, greatest) = fitted.written();
            let percent = |share: f64| format!("{:.1} %", 100.0 * share);
            let _ = writeln!(
                rows,
                "| {wording} from {feature} | {} | {} | {least:.2} | {greatest:.2} | {} | {} |",
                percent(most),
                percent(average),
                percent(most_alike),
                percent(average_alike)
            );
        }
    }
    rows
}

/// 10,500.
fn thousands(count: usize) -> String {
    if count < 1000 { count.to_string() } else { format!("{},{:03}", count / 1000, count % 1000) }
}

fn row(name: &str, of: &Summary) -> String {
    let Summary { questions, first, first_site, none, chi_square, ln_score, right } = of;
    format!(
        "| {name} | {} | {:.4} | {:.4} | {:.4} | {:.4} | {chi_square:.1} | {ln_score:.3} | {:.1} % |\n",
        thousands(*questions),
        first.0,
        first.1,
        first_site.0,
        none.0,
        100.0 * right
    )
}

fn ways() -> String {
    [
        row("as stated", &plain()),
        row("**by default**, tempered", &summary(|asked| Some(asked.tempered))),
        row("as stated; unlisted places as assumed", &summary(|asked| Some(asked.by_region))),
        row("as stated; numbers written alike", &summary(|asked| asked.alike)),
    ]
    .concat()
}

fn calibration() -> String {
    let of = |judged: fn(&super::Asked) -> Judged| -> Vec<(f64, bool)> {
        ASKED.iter().map(|asked| judged(asked).first).collect()
    };
    let both = bins(&of(|asked| asked.plain)).into_iter().zip(bins(&of(|asked| asked.tempered)));
    let mut rows = String::new();
    for (at, (plain, tempered)) in both.enumerate() {
        let _ = writeln!(
            rows,
            "| {}–{} % | {} | {:.1} % | {:.1} % | {} | {:.1} % | {:.1} % |",
            10 * at,
            10 * (at + 1),
            plain.count,
            100.0 * plain.confidence,
            100.0 * plain.right,
            tempered.count,
            100.0 * tempered.confidence,
            100.0 * tempered.right
        );
    }
    rows
}

fn rules() -> String {
    let mut rows = String::new();
    for (at, (name, _)) in rivals().iter().enumerate() {
        let rival = summary(|asked| Some(asked.rivals[at]));
        let (gain, error) =
            mean(&ASKED.iter().map(|asked| asked.plain.ln_score - asked.rivals[at].ln_score).collect::<Vec<f64>>());
        let _ = writeln!(
            rows,
            "| {name} | {:.3} | {gain:.3} ± {error:.3} | {:.4} | {:.1} | {:.1} % |",
            rival.ln_score,
            rival.first.0,
            rival.chi_square,
            100.0 * rival.right
        );
    }
    rows
}

fn without() -> String {
    let (asked, ahead) = far_ahead();
    let least = ahead.iter().copied().fold(1.0, f64::min);
    format!("| {} | {} | {least:.3} | {:.3} |\n", thousands(asked), ahead.len(), mean(&ahead).0)
}

fn area() -> String {
    let summary = Summary::new(&ASKED_OF_AREA);
    let off = |said| mean(&off(&ASKED_OF_AREA, said));
    let (first, none) = (off(|judged| judged.first), off(|judged| judged.none));
    format!(
        "| {} | {:.3} ± {:.3} | {:.3} ± {:.3} | {:.1} | {:.3} |\n",
        summary.questions, first.0, first.1, none.0, none.1, summary.chi_square, summary.ln_score
    )
}

/// The numbers of a cell, each with a unit of its last digit, and the text around them.
fn numbers_of(cell: &str) -> (String, Vec<(f64, f64)>) {
    let (mut text, mut numbers) = (String::new(), Vec::new());
    let mut digits = String::new();
    for letter in cell.chars().chain([' ']) {
        if letter.is_ascii_digit() || (letter == '.' && !digits.is_empty()) || (letter == '-' && digits.is_empty()) {
            digits.push(letter);
            continue;
        }
        if let Ok(number) = digits.parse::<f64>() {
            let decimals = digits.split_once('.').map_or(0, |(_, behind)| behind.len());
            numbers.push((number, 0.1_f64.powi(i32::try_from(decimals).expect("few digits"))));
            text.push('#');
        } else {
            text.push_str(&digits);
        }
        digits.clear();
        text.push(letter);
    }
    (text, numbers)
}

/// Every printed figure holds to two units of its last digit: on another platform's exponentials a draw in ten thousand may fall the
/// other way.
#[test]
fn ranking_prints_the_figures() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/RANKING.md");
    let text = std::fs::read_to_string(path).expect("the document");
    for (heading, found) in tables() {
        let (_, section) =
            text.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("{heading}: no heading"));
        let table = section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
        let printed: Vec<&str> = table.skip(2).collect();
        let found: Vec<&str> = found.lines().collect();
        assert_eq!(printed.len(), found.len(), "{heading}: expected\n{}", found.join("\n"));
        for (printed, found) in printed.iter().zip(&found) {
            let ((printed_text, printed_numbers), (text, numbers)) =
                (numbers_of(&printed.replace('−', "-")), numbers_of(found));
            assert_eq!(printed_text, text, "{heading}: {printed} is not\n{found}");
            for ((printed_number, unit), (number, _)) in printed_numbers.iter().zip(&numbers) {
                assert!((printed_number - number).abs() <= 2.01 * unit, "{heading}: {printed} is not\n{found}");
            }
        }
    }
    for figure in [format!("{} questions", thousands(ASKED.len())), format!("{CHI_SQUARE_ONE_IN_A_THOUSAND:.2}")] {
        assert!(text.contains(&figure), "docs/RANKING.md lacks {figure}");
    }
}

/// Prints the tables to be copied: `cargo test --test simulated -- --ignored --nocapture`.
#[test]
#[ignore = "prints what the document has to say"]
fn print_the_tables() {
    for (heading, table) in tables() {
        println!("{heading}\n\n{table}");
    }
}
