//! Puts every small fault into the code at once, each behind a number, builds that once, and runs for each fault the tests that reach it.
//!
//! The faults are those of `cargo-mutants`, which builds anew for each: a day where this takes hours.

mod find;
mod insert;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use find::Place;
use insert::FAULTS;

/// A test that takes longer is not used.
const SLOWEST: Duration = Duration::from_secs(60);

type Failed = Box<dyn std::error::Error>;

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["build", work, switch, root, files, cargo @ ..] => build(work, switch, root, files, cargo),
        ["reach", work] => reach(Path::new(work)),
        ["run", work, workers, seconds, rooms @ ..] => {
            run(Path::new(work), workers.parse()?, Duration::from_secs_f64(seconds.parse()?), rooms)
        }
        ["report", work] => report(Path::new(work)),
        _ => Err("usage: mutants build WORK SWITCH LIB.RS FILE,FILE… CARGO-ARGUMENTS… | reach WORK | \
                  run WORK WORKERS SECONDS [ROOM…] | report WORK"
            .into()),
    }
}

/// A fault, as it is listed.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Fault {
    number: usize,
    file: String,
    line: usize,
    function: String,
    what: String,
}

/// A test, and how long it takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Test {
    binary: PathBuf,
    folder: PathBuf,
    name: String,
    seconds: f64,
    reached: Vec<usize>,
}

/// What became of a fault.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Outcome {
    number: usize,
    outcome: String,
    by: String,
    tests: usize,
    /// How much time there was for the tests.
    #[serde(default)]
    seconds: f64,
}

/// The outcome where there was no time for all tests.
const QUICK: &str = "survived the quick tests";

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Failed> {
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

/// Writes the faults into the tree at `work`/tree, a copy of the repository, and builds its tests, leaving out what does not compile.
fn build(work: &str, switch: &str, root: &str, files: &str, cargo: &[&str]) -> Result<(), Failed> {
    let tree = Path::new(work).join("tree");
    let mut sources = Vec::new();
    let mut first = 1;
    for file in files.split(',') {
        let source = fs::read_to_string(tree.join(file))?;
        let places = find::places(&source).map_err(|error| format!("{file}: {error}"))?;
        let count = places.len();
        sources.push((file, source, places, first));
        first += count;
    }
    let lib = tree.join(root);
    let mut text = fs::read_to_string(&lib)?;
    text.push('\n');
    text.push_str(include_str!("switch.rs"));
    fs::write(&lib, text)?;
    let mut left_out = BTreeSet::new();
    let binaries = loop {
        let mut texts: BTreeMap<&str, String> = BTreeMap::new();
        for (file, source, places, first) in &sources {
            let text = insert::insert(source, places, *first, &left_out, switch);
            fs::write(tree.join(file), &text)?;
            texts.insert(file, text);
        }
        let (binaries, wrong) = compile(&tree, cargo)?;
        if wrong.is_empty() {
            break binaries;
        }
        let before = left_out.len();
        for (file, range) in &wrong {
            if let Some(number) = texts.get(file.as_str()).and_then(|text| insert::at_fault(text, range)) {
                left_out.insert(number);
            }
        }
        println!("{} places with errors, {} left out in all", wrong.len(), left_out.len());
        if left_out.len() == before {
            return Err(format!("what does not compile is no fault of ours: {wrong:?}").into());
        }
    };
    let faults: Vec<Fault> = sources
        .iter()
        .flat_map(|(file, _, places, first)| {
            places.iter().enumerate().flat_map(move |(at, place)| listed(file, place, (first + at) * FAULTS))
        })
        .filter(|fault| !left_out.contains(&fault.number) && !left_out.contains(&(fault.number / FAULTS * FAULTS)))
        .collect();
    println!("{} faults; {} do not compile", faults.len(), left_out.len());
    fs::write(Path::new(work).join("faults.json"), serde_json::to_vec(&faults)?)?;
    fs::write(Path::new(work).join("binaries.json"), serde_json::to_vec(&binaries)?)?;
    Ok(())
}

fn listed<'a>(file: &'a str, place: &'a Place, number: usize) -> impl Iterator<Item = Fault> + 'a {
    place.faults.iter().enumerate().map(move |(at, fault)| Fault {
        number: number + at + 1,
        file: file.to_owned(),
        line: place.line,
        function: place.function.clone(),
        what: format!("{} → {}", place.was, if fault.is_empty() { "nothing" } else { fault }),
    })
}

type Compiled = (Vec<(PathBuf, PathBuf)>, Vec<(String, Range<usize>)>);

/// The binaries of the tests with the folders they run in, or where the compiler found something wrong.
fn compile(tree: &Path, cargo: &[&str]) -> Result<Compiled, Failed> {
    let output = Command::new("cargo")
        .args(["test", "--no-run", "--message-format=json"])
        .args(cargo)
        .current_dir(tree)
        .stderr(Stdio::inherit())
        .output()?;
    let (mut binaries, mut wrong) = (Vec::new(), Vec::new());
    for line in output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let message: Value = serde_json::from_slice(line)?;
        if let (Some(binary), Some(true)) = (message["executable"].as_str(), message["profile"]["test"].as_bool()) {
            let manifest = Path::new(message["manifest_path"].as_str().unwrap_or_default());
            binaries.push((binary.into(), manifest.parent().unwrap_or(tree).into()));
        }
        let said = &message["message"];
        if said["level"] == "error" {
            let spans = said["spans"].as_array().into_iter().flatten().filter(|span| span["is_primary"] == true);
            wrong.extend(spans.filter_map(|span| {
                let byte = |name: &str| span[name].as_u64().and_then(|byte| usize::try_from(byte).ok());
                Some((span["file_name"].as_str()?.to_owned(), byte("byte_start")?..byte("byte_end")?))
            }));
        }
    }
    if !output.status.success() && wrong.is_empty() {
        return Err("cargo failed without an error that has a place".into());
    }
    Ok((binaries, wrong))
}

/// Runs every test alone, without a fault: how long it takes and which places it reaches.
fn reach(work: &Path) -> Result<(), Failed> {
    let binaries: Vec<(PathBuf, PathBuf)> = read(&work.join("binaries.json"))?;
    let mut tests = Vec::new();
    for (binary, folder) in binaries {
        let list = Command::new(&binary).args(["--list", "--format", "terse"]).current_dir(&folder).output()?;
        for name in String::from_utf8(list.stdout)?.lines().filter_map(|line| line.strip_suffix(": test")) {
            tests.push(Test {
                binary: binary.clone(),
                folder: folder.clone(),
                name: name.to_owned(),
                seconds: 0.0,
                reached: Vec::new(),
            });
        }
    }
    let done = each(2, tests, |mut test| {
        let file = work.join(format!("reached-{:?}", std::thread::current().id()));
        let _ = fs::remove_file(&file);
        let start = Instant::now();
        let passed = test.run(&[("MUTANTS_REACHED", file.to_str()?)], SLOWEST);
        test.seconds = start.elapsed().as_secs_f64();
        test.reached = fs::read_to_string(&file).unwrap_or_default().lines().filter_map(|l| l.parse().ok()).collect();
        match passed {
            Some(true) => {}
            Some(false) => println!("fails without a fault: {}", test.name),
            None => println!("takes too long: {}", test.name),
        }
        if passed != Some(true) {
            return None;
        }
        Some(test)
    });
    println!("{} tests, {:.0} s", done.len(), done.iter().map(|test| test.seconds).sum::<f64>());
    fs::write(work.join("tests.json"), serde_json::to_vec(&done)?)?;
    Ok(())
}

impl Test {
    /// Whether it passes; nothing where it takes too long.
    fn run(&self, variables: &[(&str, &str)], most: Duration) -> Option<bool> {
        let mut child = Command::new(&self.binary)
            .args(["--exact", &self.name, "--test-threads", "1"])
            .current_dir(&self.folder)
            .envs(variables.iter().copied())
            .env("RUST_BACKTRACE", "0")
            .env("RAYON_NUM_THREADS", "1")
            .env("PROPTEST_FAILURE_PERSISTENCE", "off")
            .env("CARGO_MANIFEST_DIR", &self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let start = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(status) = child.try_wait().ok()? {
                return Some(status.success());
            }
            if start.elapsed() > most {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }
}

/// Works on a list with so many threads.
fn each<T: Send, R: Send>(workers: usize, list: Vec<T>, work: impl Fn(T) -> Option<R> + Sync) -> Vec<R> {
    let (queue, done) = (Mutex::new(list.into_iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().expect("no worker panics").next();
                    let Some(item) = next else { break };
                    if let Some(result) = work(item) {
                        done.lock().expect("no worker panics").push(result);
                    }
                }
            });
        }
    });
    done.into_inner().expect("no worker panics")
}

/// Tries the faults that have not been tried; of the tests that reach one, the quickest first, until one fails, for at most so long.
fn run(work: &Path, workers: usize, most: Duration, rooms: &[&str]) -> Result<(), Failed> {
    let faults: Vec<Fault> = read(&work.join("faults.json"))?;
    let tests: Vec<Test> = read(&work.join("tests.json"))?;
    let path = work.join("results.jsonl");
    let before = results(&path)?;
    // With more time, what only the quick tests have tried is tried again.
    let tried: BTreeSet<usize> = before
        .values()
        .filter(|result| result.outcome != QUICK || result.seconds >= most.as_secs_f64())
        .map(|result| result.number)
        .collect();
    let noticed: Vec<AtomicUsize> = tests
        .iter()
        .map(|test| AtomicUsize::new(before.values().filter(|result| result.by == test.name).count()))
        .collect();
    let log = Mutex::new(fs::OpenOptions::new().append(true).create(true).open(&path)?);
    let left: Vec<&Fault> = faults
        .iter()
        .filter(|fault| !tried.contains(&fault.number))
        .filter(|fault| rooms.is_empty() || rooms.iter().any(|room| fault.file.contains(room)))
        .collect();
    println!("{} faults to try", left.len());
    // Mixed, so that a run that is cut short is a sample.
    let mut left: Vec<_> = left.into_iter().collect();
    left.sort_by_key(|fault| fault.number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20);
    each(workers, left, |fault| {
        let result = try_fault(fault, &tests, &noticed, most);
        let mut line = serde_json::to_string(&result).ok()?;
        line.push('\n');
        log.lock().expect("no worker panics").write_all(line.as_bytes()).ok()
    });
    report(work)
}

/// Runs the tests that reach a fault, those that have noticed most for their time first.
fn try_fault(fault: &Fault, tests: &[Test], noticed: &[AtomicUsize], most: Duration) -> Outcome {
    let place = fault.number / FAULTS * FAULTS;
    let number = fault.number.to_string();
    let worth = |at: usize| (noticed[at].load(Relaxed) as f64 + 0.1) / (tests[at].seconds + 0.05);
    let mut order: Vec<(f64, usize)> =
        (0..tests.len()).filter(|at| tests[*at].reached.contains(&place)).map(|at| (worth(at), at)).collect();
    order.sort_by(|one, other| other.0.total_cmp(&one.0));
    let start = Instant::now();
    let mut count = 0;
    let said = |outcome: &str, by: &str, tests| Outcome {
        number: fault.number,
        outcome: outcome.into(),
        by: by.into(),
        tests,
        seconds: most.as_secs_f64(),
    };
    for (_, at) in order {
        if start.elapsed() > most {
            return said(QUICK, "", count);
        }
        let test = &tests[at];
        count += 1;
        match test.run(&[("MUTANT", &number)], Duration::from_secs_f64(10.0 + 10.0 * test.seconds)) {
            Some(true) => continue,
            passed => {
                noticed[at].fetch_add(1, Relaxed);
                return said(if passed.is_some() { "killed" } else { "timeout" }, &test.name, count);
            }
        }
    }
    said(if count == 0 { "not reached" } else { "survived" }, "", count)
}

/// What was found of each fault; what was found last counts.
fn results(path: &Path) -> Result<BTreeMap<usize, Outcome>, Failed> {
    let text = if path.exists() { fs::read_to_string(path)? } else { String::new() };
    let mut all = BTreeMap::new();
    for line in text.lines() {
        let result: Outcome = serde_json::from_str(line)?;
        all.insert(result.number, result);
    }
    Ok(all)
}

/// How many faults of each file were noticed, and the others one by one.
fn report(work: &Path) -> Result<(), Failed> {
    let faults: Vec<Fault> = read(&work.join("faults.json"))?;
    let results = results(&work.join("results.jsonl"))?;
    let mut files: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for fault in &faults {
        let [all, tried, killed] = files.entry(&fault.file).or_default();
        *all += 1;
        if let Some(result) = results.get(&fault.number) {
            *tried += 1;
            *killed += usize::from(matches!(result.outcome.as_str(), "killed" | "timeout"));
        }
    }
    for fault in &faults {
        let Some(result) = results.get(&fault.number) else { continue };
        if !matches!(result.outcome.as_str(), "killed" | "timeout") {
            let Fault { number, file, line, function, what } = fault;
            println!("{file}:{line}: {function}: {what} ({}, {} tests, {number})", result.outcome, result.tests);
        }
    }
    let mut sum = [0; 3];
    for (file, counts) in files {
        println!("{file}: {} faults, {} tried, {} noticed", counts[0], counts[1], counts[2]);
        (0..3).for_each(|at| sum[at] += counts[at]);
    }
    println!(
        "in all: {} faults, {} tried, {} noticed ({:.1} %)",
        sum[0],
        sum[1],
        sum[2],
        100.0 * sum[2] as f64 / sum[1].max(1) as f64
    );
    Ok(())
}
