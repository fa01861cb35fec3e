//! Lists that are read in more than one batch.

mod common;

use std::fmt::Write;
use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use common::{BORDER, repository, siteband_with};
use tempfile::TempDir;

/// As many rows as are read at once (in `distance.rs`), and some more.
const ROWS: usize = 131_072 + 3_000;

/// Bad rows: the first, either side of the end of a batch, one in the middle, the last.
const BAD: [usize; 6] = [0, 70_000, 131_070, 131_071, 131_072, ROWS - 1];

#[test]
fn every_row_is_accounted_for_in_order() {
    let mut table = "id,lat,lon\n".to_owned();
    for row in 0..ROWS {
        // Golden-section steps over the peninsula.
        let share = |step: usize| f64::from(u32::try_from(row * step % 10_007).expect("small")) / 10_007.0;
        let lat_deg = if BAD.contains(&row) { 95.0 } else { 37.5 + 5.6 * share(6_185) };
        writeln!(table, "s{row},{lat_deg:.6},{:.6}", 124.0 + 7.0 * share(3_822)).expect("text");
    }
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("sites.csv");
    fs::write(&path, &table).expect("a list");
    let path = path.to_string_lossy().into_owned();
    let rejects = folder.path().join("rejects.csv").to_string_lossy().into_owned();

    let args = ["distance", "--to", BORDER, "--sites", &path, "--rejects", &rejects];
    let from_file = siteband_with(&args, b"", &[("RAYON_NUM_THREADS", "1")]);
    assert_eq!(from_file.code, Some(1), "{}", from_file.stderr);
    let expected = format!("warning: {} of {ROWS} rows measured, {} rejected", ROWS - BAD.len(), BAD.len());
    assert_eq!(from_file.stderr.trim(), expected);
    let (_, rows) = from_file.csv();
    let ids = rows.iter().map(|row| row[0].clone());
    let good = (0..ROWS).filter(|row| !BAD.contains(row)).map(|row| format!("s{row}"));
    assert!(ids.eq(good), "in the order of the list");
    let lines: Vec<String> =
        fs::read_to_string(&rejects).expect("rejects").lines().skip(1).map(str::to_owned).collect();
    assert_eq!(lines.len(), BAD.len());
    for (line, row) in lines.iter().zip(BAD) {
        assert!(line.starts_with(&format!("{path},{},lat,95.000000,", row + 2)), "{line}");
    }

    // Whoever reads only the beginning has had enough: no failure, and nothing to say.
    let mut child = Command::new(env!("CARGO_BIN_EXE_siteband"))
        .args(["distance", "--to", BORDER, "--sites", &path, "--rejects", &rejects])
        .current_dir(repository())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut beginning = [0; 100];
    child.stdout.take().expect("a pipe").read_exact(&mut beginning).expect("a header");
    let ended = child.wait_with_output().expect("the command ends");
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));

    let args = ["distance", "--to", BORDER, "--sites", "-", "--rejects", &rejects];
    let from_input = siteband_with(&args, table.as_bytes(), &[("RAYON_NUM_THREADS", "3")]);
    assert_eq!(from_input.code, Some(1), "{}", from_input.stderr);
    assert!(from_input.stdout == from_file.stdout, "the same bytes from standard input, with more threads");
}
