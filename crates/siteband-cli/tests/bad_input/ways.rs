//! How each kind of input is given to every command that reads it.
//!
//! A command is a line of words. A word that begins with `@` is a file of the folder in which a case is run; what is to be written goes to the
//! folder `new`, which has to stay empty. Where a command can write to a file and the line does not say so, it is run once more with `-o`.

use std::fs;

use crate::common::{BORDER, CLAIM, Folder, Problems, SINO_RI, siteband_with};
use crate::{CORPUS, Case, GOOD_SITES, SCENARIO};

/// An area far from every site.
const BOX: &str = r#"{"type":"Feature","id":"box","properties":{"name":"the box"},
"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}}"#;

/// A list of places with a good row, and bad ones on lines 3 and 5.
const FAULTY_SITES: &str = "id,lat,lon\na,39,125\nb,91,126\n\nA,39,125\n";

/// A folder with good files beside which a bad one stands.
pub(crate) fn folder() -> Folder {
    let folder = Folder::new();
    for (name, content) in [
        ("sites.csv", GOOD_SITES),
        ("faulty.csv", FAULTY_SITES),
        ("empty.csv", "id,lat,lon\n"),
        ("box.geojson", BOX),
        ("good.toml", SCENARIO),
        ("claims.csv", CORPUS),
    ] {
        folder.file(name, content);
    }
    fs::create_dir(folder.path("new")).expect("a folder");
    folder
}

/// The words of a line as arguments. `CLAIM`, `SINO_RI` and `BORDER` stand for what they are in the tests.
fn words(folder: &Folder, line: &str) -> Vec<String> {
    let word = |word: &str| match word {
        "CLAIM" => CLAIM.to_owned(),
        "SINO_RI" => SINO_RI.to_owned(),
        "BORDER" => BORDER.to_owned(),
        word => word.strip_prefix('@').map_or_else(|| word.to_owned(), |name| folder.path(name)),
    };
    line.split(' ').map(word).collect()
}

/// A command that can do nothing: it ends with `code`, says everything, and leaves nothing.
pub(crate) fn refused(problems: &mut Problems, folder: &Folder, case: &str, args: &[String], code: i32, says: &[&str]) {
    let may_write = ["rank", "distance", "score"].iter().any(|command| args.first().is_some_and(|arg| arg == command));
    let is_asked = args.iter().any(|arg| arg == "-o");
    let mut runs = vec![args.to_vec()];
    if may_write && !is_asked {
        runs.push([args, &["-o".to_owned(), folder.path("new/result.csv")]].concat());
    }
    let before = folder.names();
    for args in runs {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let case = format!(
            "{case}: {}",
            args.iter().map(|arg| arg.chars().take(50).collect()).collect::<Vec<String>>().join(" ")
        );
        let ran = problems.timed(&case, &args, b"");
        problems.check(&case, &ran, code, says);
        // What a scenario was understood to mean is said before its list is read.
        problems.must(&case, "something on standard output", args.first() == Some(&"check") || ran.stdout.is_empty());
        let appeared = fs::read_dir(folder.path("new")).expect("a folder").count();
        problems.must(&case, "a file appeared", appeared == 0 && folder.names() == before);
    }
}

/// Gives each case, under its name, to each of some commands.
fn each(name: &str, cases: &[Case], lines: &[&str]) {
    let mut problems = Problems::default();
    let folder = folder();
    for (case, content, says) in cases {
        folder.file(name, content);
        let says = [*says, &[name]].concat();
        for line in lines {
            refused(&mut problems, &folder, case, &words(&folder, line), 1, &says);
        }
    }
    problems.none(cases.len() * lines.len());
}

pub(crate) fn toml(cases: &[Case]) {
    scenario("q.toml", cases);
}

pub(crate) fn json(cases: &[Case]) {
    scenario("q.json", cases);
}

fn scenario(name: &str, cases: &[Case]) {
    let lines =
        ["rank @FILE", "explain @FILE a", "check @FILE", "score @FILE --sites @sites.csv", "map @FILE -o @new/map.svg"];
    each(name, cases, &lines.map(|line| line.replace("FILE", name)).each_ref().map(String::as_str));
}

pub(crate) fn geojson_features(cases: &[Case]) {
    each(
        "f.geojson",
        cases,
        &[
            "distance --to @f.geojson --sites @sites.csv",
            "rank --claim CLAIM --atlas @f.geojson --sites @sites.csv",
            "calibrate @claims.csv --atlas @f.geojson --picture @new/picture.svg",
        ],
    );
    // As a file that a scenario names, too.
    let named: Vec<Case> = cases
        .iter()
        .map(|(case, content, says)| {
            let place: &[&str] = &["f.geojson: ", "q.toml: line 1: atlas[1]"];
            (*case, content.clone(), &*Vec::leak([*says, place].concat()))
        })
        .collect();
    in_scenario(
        "f.geojson",
        "atlas = [\"f.geojson\"]\n",
        &named,
        &["check @q.toml", "score @q.toml --sites @sites.csv", "map @q.toml -o @new/map.kml"],
    );
}

/// Gives each case to commands by way of a scenario with something on its first line.
fn in_scenario(name: &str, first: &str, cases: &[Case], lines: &[&str]) {
    let mut problems = Problems::default();
    let folder = folder();
    folder.file("q.toml", format!("{first}{SCENARIO}"));
    for (case, content, says) in cases {
        folder.file(name, content);
        for line in lines {
            refused(&mut problems, &folder, case, &words(&folder, line), 1, says);
        }
    }
    problems.none(cases.len() * lines.len());
}

pub(crate) fn csv(cases: &[Case]) {
    list("s.csv", cases);
}

pub(crate) fn geojson(cases: &[Case]) {
    list("s.geojson", cases);
}

pub(crate) fn geojsonl(cases: &[Case]) {
    list("s.geojsonl", cases);
}

pub(crate) fn kml(cases: &[Case]) {
    list("s.kml", cases);
}

pub(crate) fn kmz(cases: &[Case]) {
    list("s.kmz", cases);
}

pub(crate) fn sbx(cases: &[Case]) {
    list("s.sbx", cases);
}

/// Lists of sites, named on the command line and by a scenario.
fn list(name: &str, cases: &[Case]) {
    let lines = [
        "rank --claim CLAIM --sites @LIST",
        "explain @good.toml a --sites @LIST",
        "distance --to BORDER --sites @LIST",
        "score @good.toml --sites @LIST",
        "index @LIST -o @new/s.sbx",
        "map @good.toml --sites @LIST -o @new/map.html",
    ];
    each(name, cases, &lines.map(|line| line.replace("LIST", name)).each_ref().map(String::as_str));
    let mut problems = Problems::default();
    let folder = folder();
    let scenario = folder.file("q.toml", SCENARIO.replace("sites.csv", name));
    for (case, content, says) in cases {
        folder.file(name, content);
        refused(&mut problems, &folder, case, &["check".to_owned(), scenario.clone()], 1, &[*says, &[name]].concat());
    }
    problems.none(cases.len());
}

pub(crate) fn corpus(cases: &[Case]) {
    each(
        "c.csv",
        cases,
        &[
            "calibrate @c.csv",
            "calibrate @c.csv --format json",
            "calibrate @claims.csv @c.csv --picture @new/picture.svg",
        ],
    );
}

/// Words of a claim.
pub(crate) fn words_of_claims(cases: &[Case]) {
    let mut problems = Problems::default();
    let folder = folder();
    for (case, content, says) in cases {
        let text = String::from_utf8(content.clone()).expect("text");
        for line in ["claim", "claim --format json", "rank --sites @sites.csv --claim"] {
            let args = [words(&folder, line), vec![text.clone()]].concat();
            refused(&mut problems, &folder, case, &args, 1, says);
        }
        // A text from standard input is the same text.
        let ran = siteband_with(&["claim", "-"], content, &[]);
        problems.check(case, &ran, 1, says);
    }
    problems.none(3 * cases.len());
}

/// Command lines that are not understood.
pub(crate) fn arguments(cases: &[Case]) {
    command_lines(cases, 2);
}

/// Command lines that are understood, and ask for what is not there.
pub(crate) fn commands(cases: &[Case]) {
    command_lines(cases, 1);
}

fn command_lines(cases: &[Case], code: i32) {
    let mut problems = Problems::default();
    let folder = folder();
    for (case, line, says) in cases {
        let line = std::str::from_utf8(line).expect("text");
        let args = if line.is_empty() { Vec::new() } else { words(&folder, line) };
        refused(&mut problems, &folder, case, &args, code, says);
    }
    problems.none(cases.len());
}
