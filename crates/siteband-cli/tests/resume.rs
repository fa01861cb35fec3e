//! `siteband score --resume`: a run that was cut short goes on as if nothing had happened, or says why it cannot.

mod common;

use std::fmt::Write as _;
use std::fs;

use common::{Folder, Problems, Ran, SINO_RI, siteband};

/// Parts of a table have about a megabyte: with long notes there are three.
const ROWS: usize = 5_000;

/// Rows that are no sites, in the first part and in the second.
const BAD: [usize; 2] = [1_500, 3_000];

fn table() -> String {
    let mut table = "id,lat,lon,tags,note\n".to_owned();
    for row in 0..ROWS {
        let share = |step: usize| f64::from(u32::try_from(row * step % 10_007).expect("small")) / 10_007.0;
        let lat_deg = if BAD.contains(&row) { 95.0 } else { 37.5 + 5.6 * share(6_185) };
        let tags = if row % 97 == 0 { "training" } else { "" };
        writeln!(table, "s{row},{lat_deg:.6},{:.6},{tags},number {row:0500}", 124.0 + 7.0 * share(3_822))
            .expect("text");
    }
    table
}

/// A run with a summary and a list of what was rejected.
fn score(folder: &Folder, list: &str, output: &str, more: &[&str]) -> Ran {
    let [output, rejects, summary] = [output.to_owned(), format!("{output}.rejects"), format!("{output}.summary")];
    let files = [&output, &rejects, &summary].map(|name| folder.path(name));
    let args = ["score", SINO_RI, "--sites", list, "-o", &files[0], "--rejects", &files[1], "--summary", &files[2]];
    siteband(&[&args, more].concat())
}

/// Everything that a run that ended well leaves: scores, rejected rows, the summary.
fn left(folder: &Folder, output: &str) -> [Vec<u8>; 3] {
    let files = ["", ".rejects", ".summary"].map(|ending| folder.read(&format!("{output}{ending}")));
    let nothing_else = |name: &str| !["part", "journal"].contains(&name.rsplit('.').next().unwrap_or_default());
    assert!(folder.names().iter().all(|name| nothing_else(name)), "{:?}", folder.names());
    files
}

fn lines(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count() - 1
}

#[test]
fn what_was_cut_short_goes_on() {
    let folder = Folder::new();
    let list = folder.file("sites.csv", table());
    for output in ["out.csv", "out.parquet"] {
        if output.ends_with("parquet") && !cfg!(feature = "parquet") {
            continue;
        }
        let all = "warning: 4998 of 5000 rows scored, 2 rejected";
        let undisturbed = score(&folder, &list, output, &[]);
        assert_eq!((undisturbed.code, undisturbed.stderr.trim()), (Some(1), all));
        let expected = left(&folder, output);
        for file in ["", ".rejects", ".summary"] {
            fs::remove_file(folder.path(&format!("{output}{file}"))).expect("a file");
        }
        let mut kept_before = 0;
        for (rejected, threads) in [("0", "1"), ("1", "3")] {
            let resume: &[&str] = if rejected == "0" { &[] } else { &["--resume"] };
            let cut =
                score(&folder, &list, output, &[resume, &["--max-errors", rejected, "--threads", threads]].concat());
            assert_eq!(cut.code, Some(1), "{}", cut.stderr);
            assert!(cut.stderr.contains(&format!("error: more than {rejected} rows were rejected")), "{}", cut.stderr);
            assert!(!folder.names().contains(&output.to_owned()), "{:?}", folder.names());
            // As many rows as are told of stand in the files that are being made, without their headers.
            let told = cut.stderr.lines().find_map(|line| line.split_once(" rows are kept in "));
            let (kept, place) = told.unwrap_or_else(|| panic!("{}", cut.stderr));
            let kept: usize = kept.parse().expect("a number");
            assert!(place.starts_with(&folder.path(&format!("{output}.part"))), "{place}");
            assert!(kept > kept_before && kept < ROWS, "{kept} after {kept_before}");
            assert!(kept > BAD[rejected.parse::<usize>().expect("a number")]);
            kept_before = kept;
            if output == "out.csv" {
                let written = lines(&folder.read("out.csv.part")) + lines(&folder.read("out.csv.rejects.part"));
                assert_eq!(written, kept + 2);
            }
        }
        // Two are no more than two.
        let again = score(&folder, &list, output, &["--resume", "--threads", "2", "--max-errors", "2"]);
        assert_eq!((again.code, again.stderr.trim()), (Some(1), all));
        assert!(left(&folder, output) == expected, "{output} is another than that of a run that nobody disturbed");
    }
}

/// What a crash may leave: half a line, other bytes, a shorter file. Whatever is whole is kept, the rest is done again.
#[test]
fn what_is_damaged_is_done_again() {
    let folder = Folder::new();
    let list = folder.file("sites.csv", table());
    assert_eq!(score(&folder, &list, "good.csv", &[]).code, Some(1));
    let expected = left(&folder, "good.csv");
    // Two parts are kept.
    assert_eq!(score(&folder, &list, "cut.csv", &["--max-errors", "1"]).code, Some(1));
    let [part, rejects, journal] =
        ["part", "rejects.part", "journal"].map(|ending| folder.read(&format!("cut.csv.{ending}")));
    assert_eq!(lines(&journal), 3);
    let end_of =
        |line: usize| journal.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(line).expect("a line").0;
    let with = |bytes: &[u8], at: usize, byte: u8| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= byte;
        bytes
    };
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    let keep = || [part.clone(), rejects.clone(), journal.clone()];
    let cases = [
        (
            "more than was told of",
            [[&part[..], b"s1,39.5,125.5"].concat(), [&rejects[..], b"x"].concat(), journal.clone()],
        ),
        ("half a line of the journal", {
            let mut files = keep();
            files[2] = journal[..end_of(2) - 5].to_vec();
            files
        }),
        ("a line of the journal of other bytes", {
            let mut files = keep();
            files[2] = with(&journal, end_of(1) + 40, 1);
            files
        }),
        ("another first line", {
            let mut files = keep();
            files[2] = with(&journal, 20, 4);
            files
        }),
        ("no journal", {
            let mut files = keep();
            files[2].clear();
            files
        }),
        ("another byte in the first part", {
            let mut files = keep();
            files[0] = with(&part, 100, 1);
            files
        }),
        ("another byte in the second part", {
            let mut files = keep();
            let at = part.len() - 9;
            files[0] = with(&part, at, 1);
            files
        }),
        ("a shorter file", {
            let mut files = keep();
            files[0] = half(&part);
            files
        }),
        ("no file", {
            let mut files = keep();
            files[0].clear();
            files
        }),
        ("fewer rejected rows", {
            let mut files = keep();
            files[1] = half(&rejects);
            files
        }),
    ];
    for (case, files) in cases {
        for (bytes, ending) in files.iter().zip(["part", "rejects.part", "journal"]) {
            folder.file(&format!("cut.csv.{ending}"), bytes);
        }
        let again = score(&folder, &list, "cut.csv", &["--resume"]);
        assert_eq!(again.stderr.trim(), "warning: 4998 of 5000 rows scored, 2 rejected", "{case}");
        assert!(left(&folder, "cut.csv") == expected, "{case}");
    }
}

/// Another question, another list, another way to ask: each is told, and nothing is touched.
#[test]
fn another_run_is_not_gone_on_with() {
    let folder = Folder::new();
    let list = folder.file("sites.csv", table());
    assert_eq!(score(&folder, &list, "out.csv", &["--max-errors", "0"]).code, Some(1));
    let kept = ["out.csv.part", "out.csv.journal"].map(|name| folder.read(name));
    let other_column = folder.file("columns.csv", table().replacen(",note\n", ",remark\n", 1));
    let other_site = folder.file("changed.csv", table().replacen("s5,", "s6,", 1));
    let shorter = folder.file("shorter.csv", "id,lat,lon,tags,note\ns1,39,125,,\n");
    let [output, rejects] = ["out.csv", "out.csv.rejects"].map(|name| folder.path(name));
    let mut problems = Problems::default();
    let as_before = ["score", SINO_RI, "-o", &output, "--resume"];
    for (case, more, says) in [
        (
            "another column",
            vec!["--sites", &other_column, "--rejects", &rejects],
            "the list of sites has other columns",
        ),
        ("another site", vec!["--sites", &other_site, "--rejects", &rejects], "the list of sites has changed"),
        ("a shorter list", vec!["--sites", &shorter, "--rejects", &rejects], "the list of sites has changed"),
        ("no list of what is rejected", vec!["--sites", &list], "--rejects has to be given as it was"),
        (
            "another reading",
            vec!["--sites", &list, "--rejects", &rejects, "--reading", "analyst"],
            "the scenario, its data or the reading has changed",
        ),
    ] {
        let ran = siteband(&[&as_before, more.as_slice()].concat());
        problems.check(case, &ran, 1, &[says, "out.csv.journal"]);
        problems.must(
            case,
            "the files have changed",
            kept == ["out.csv.part", "out.csv.journal"].map(|name| folder.read(name)),
        );
        problems.must(case, "a file appeared", !folder.names().contains(&"out.csv".to_owned()));
    }
    problems.none(0);
}
