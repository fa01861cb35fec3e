//! Runs the command as a person would, from the top of the repository.

#![allow(dead_code, reason = "each test file uses its own part of these helpers")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// The scenario that comes with the project.
pub(crate) const SINO_RI: &str = "data/scenarios/sino-ri.toml";
/// The border of its claim.
pub(crate) const BORDER: &str = "data/borders/cn-kp.geojson";
/// Its list of 29 sites.
pub(crate) const SITES: &str = "data/sites/dprk-facilities.csv";
/// A claim about a border that siteband carries.
pub(crate) const CLAIM: &str = "about 85 km from the Chinese border";

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

impl Ran {
    /// Standard output as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("standard output is UTF-8")
    }

    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|error| panic!("{error} in {}{}", self.text(), self.stderr))
    }

    /// Standard output as CSV: the header and the rows.
    pub(crate) fn csv(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let fields = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
        let mut reader = csv::Reader::from_reader(self.stdout.as_slice());
        let header = fields(reader.headers().expect("a header"));
        (header, reader.records().map(|record| fields(&record.expect("rows of one length"))).collect())
    }

    /// The same run, which must have ended well.
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self
    }
}

/// Runs the command.
pub(crate) fn siteband(args: &[&str]) -> Ran {
    siteband_with(args, b"", &[])
}

/// Runs the command with something on its standard input, and with variables in its environment.
pub(crate) fn siteband_with(args: &[&str], stdin: &[u8], variables: &[(&str, &str)]) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_siteband"))
        .args(args)
        .current_dir(repository())
        .env("RUST_BACKTRACE", "0")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    // A command that refuses its arguments does not read.
    let _ = child.stdin.take().expect("a pipe").write_all(stdin);
    let output = child.wait_with_output().expect("the command ends");
    Ran {
        stdout: output.stdout,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        code: output.status.code(),
    }
}

/// The top of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder that is gone after the test.
#[derive(Debug)]
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::with_prefix("siteband").expect("a temporary folder"))
    }

    /// The path of a file in it, which need not exist.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().expect("a UTF-8 path").to_owned()
    }

    /// Writes a file, and says where.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, content).expect("a file in a temporary folder");
        path
    }

    /// What a file in it holds.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names of everything in it.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
}

/// What the cases of a table got wrong, told all at once.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    cases: usize,
    found: Vec<String>,
    /// The case that took longest.
    slowest: (Duration, String),
}

/// What takes so long hangs, on however busy a machine.
const HANGS: Duration = Duration::from_secs(60);

impl Problems {
    /// Runs a command that can do nothing: it must end with `code`, say every fragment on standard error, never panic, and
    /// write neither to standard output nor, where it has `-o`, a file.
    pub(crate) fn refused(&mut self, case: &str, args: &[&str], code: i32, says: &[&str]) {
        self.refused_with(case, args, b"", code, says);
    }

    /// [`Problems::refused`] with something on standard input.
    pub(crate) fn refused_with(&mut self, case: &str, args: &[&str], stdin: &[u8], code: i32, says: &[&str]) {
        let case = format!("{} {case}", args.first().unwrap_or(&""));
        let ran = self.timed(&case, args, stdin);
        self.check(&case, &ran, code, says);
        if !ran.stdout.is_empty() {
            self.found.push(format!("{case}: {} bytes on standard output", ran.stdout.len()));
        }
        if ["rank", "distance"].iter().any(|command| args.first() == Some(command)) && !args.contains(&"-o") {
            let folder = Folder::new();
            let output = folder.path("result");
            siteband_with(&[args, &["-o", &output]].concat(), stdin, &[]);
            if !folder.names().is_empty() {
                self.found.push(format!("{case}: a file appeared: {}", folder.names().join(", ")));
            }
        }
    }

    /// Runs a command, which must not hang.
    pub(crate) fn timed(&mut self, case: &str, args: &[&str], stdin: &[u8]) -> Ran {
        self.cases += 1;
        let start = Instant::now();
        let ran = siteband_with(args, stdin, &[]);
        let took = start.elapsed();
        if took > self.slowest.0 {
            self.slowest = (took, case.to_owned());
        }
        self.must(case, &format!("it took {took:?}"), took < HANGS);
        ran
    }

    /// Runs a command that can do a part: it must end with exit code 1 and say every fragment.
    pub(crate) fn partial(&mut self, case: &str, args: &[&str], says: &[&str]) -> Ran {
        let ran = self.timed(case, args, b"");
        self.check(case, &ran, 1, says);
        ran
    }

    /// Whether a run ended with `code`, said every fragment on standard error, and did not panic.
    pub(crate) fn check(&mut self, case: &str, ran: &Ran, code: i32, says: &[&str]) {
        let said = shortened(&ran.stderr);
        if ran.stderr.contains("panicked") {
            self.found.push(format!("{case}: panicked: {said}"));
            return;
        }
        if ran.code != Some(code) {
            self.found.push(format!("{case}: expected exit code {code}, found {:?}: {said}", ran.code));
        }
        for fragment in says.iter().filter(|fragment| !ran.stderr.contains(**fragment)) {
            self.found.push(format!("{case}: expected the words \"{fragment}\", found: {said}"));
        }
    }

    /// Something that must hold.
    pub(crate) fn must(&mut self, case: &str, what: &str, holds: bool) {
        if !holds {
            self.found.push(format!("{case}: {what}"));
        }
    }

    /// Fails if anything was wrong, or if fewer cases than `least` were run. Says which took longest.
    pub(crate) fn none(self, least: usize) {
        println!("{} runs, the slowest in {:?}: {}", self.cases, self.slowest.0, self.slowest.1);
        assert!(self.found.is_empty(), "{} problems:\n{}", self.found.len(), self.found.join("\n"));
        assert!(self.cases >= least, "{} cases were run, expected at least {least}", self.cases);
    }
}

/// The beginning of a message.
fn shortened(message: &str) -> String {
    const MOST: usize = 400;
    let start: String = message.trim_end().chars().take(MOST).collect();
    if start.len() < message.trim_end().len() { format!("{start}…") } else { start }
}
