//! What every peer in Rust shares: reading borders and sites, the clock, the answer.
//!
//! ```text
//! PROGRAM MODE LINES.csv SITES.csv COUNT REPEATS DISTANCES.txt
//! ```
//! writes one distance in metres to a line, and one line of JSON to standard output.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;

use cpu_time::ProcessTime;
use siteband::Position;

/// What goes wrong is told once, and ends the program.
pub(crate) type Told<T> = Result<T, Box<dyn Error>>;

/// Repeats go on until so many seconds have been spent: a few milliseconds are no measurement.
const ENOUGH_S: f64 = 1.0;

pub(crate) struct Task {
    pub(crate) mode: String,
    pub(crate) parts: Vec<Vec<Position>>,
    pub(crate) sites: Vec<Position>,
    repeats: usize,
    output: String,
    start: ProcessTime,
}

impl Task {
    pub(crate) fn from_words(words: &[String]) -> Told<Self> {
        let [mode, lines, sites, count, repeats, output] = words else {
            return Err("expected MODE LINES SITES COUNT REPEATS OUTPUT".into());
        };
        let mut parts: Vec<Vec<Position>> = Vec::new();
        let mut last = None;
        for (part, position) in rows(lines)? {
            if last != Some(part) {
                parts.push(Vec::new());
                last = Some(part);
            }
            parts.last_mut().ok_or("no part")?.push(position);
        }
        let mut sites: Vec<Position> = rows(sites)?.into_iter().map(|(_, position)| position).collect();
        sites.truncate(count.parse()?);
        let (mode, output) = (mode.clone(), output.clone());
        Ok(Self { mode, parts, sites, repeats: repeats.parse()?, output, start: ProcessTime::now() })
    }

    /// Times `distances_m`, all sites at once; what came before is the index. The least of the repeats counts.
    pub(crate) fn report(&self, version: &str, distances_m: impl Fn(&[Position]) -> Vec<f64>) -> Told<()> {
        let index_s = self.start.elapsed().as_secs_f64();
        let (mut least_s, mut spent_s, mut repeat) = (f64::INFINITY, 0.0, 0);
        let mut found = Vec::new();
        while repeat < self.repeats || spent_s < ENOUGH_S {
            let before = ProcessTime::now();
            found = distances_m(&self.sites);
            let taken_s = before.elapsed().as_secs_f64();
            least_s = taken_s.min(least_s);
            spent_s += taken_s;
            repeat += 1;
        }
        let mut text = String::new();
        for distance_m in &found {
            writeln!(text, "{distance_m}")?;
        }
        fs::write(&self.output, text)?;
        println!(
            "{{\"version\": \"{version}\", \"sites\": {}, \"cpu_s\": {least_s}, \"index_s\": {index_s}, \"memory_mb\": {}}}",
            found.len(),
            memory_mb()?
        );
        Ok(())
    }

    /// [`Task::report`] for a library that takes one site at a time.
    pub(crate) fn report_each(&self, version: &str, distance_m: impl Fn(Position) -> f64) -> Told<()> {
        self.report(version, |sites| sites.iter().map(|site| distance_m(*site)).collect())
    }
}

fn rows(path: &str) -> Told<Vec<(u64, Position)>> {
    let mut found = Vec::new();
    for row in csv::Reader::from_path(path)?.deserialize() {
        let (key, lat_deg, lon_deg): (u64, f64, f64) = row?;
        found.push((key, Position::new(lat_deg, lon_deg)?));
    }
    Ok(found)
}

/// The most memory that this process has held.
fn memory_mb() -> Told<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib / 1024.0)
}

/// The version of a package that this program was built with: of its own dependency, where others need another one, too.
pub(crate) fn version(package: &str) -> String {
    let lock = include_str!("../Cargo.lock");
    let own = lock.split_once("name = \"siteband-peers\"").map_or("", |(_, own)| own);
    let direct = own.split_once(&format!("\"{package} "));
    let found = direct.or_else(|| lock.split_once(&format!("name = \"{package}\"\nversion = \"")));
    format!("{package} {}", found.map_or("", |(_, rest)| rest).split('"').next().unwrap_or_default())
}
