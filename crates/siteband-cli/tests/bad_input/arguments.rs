//! Command lines that make no sense, and those that ask for what is not there.

use std::fs;

use crate::Case;
use crate::common::{BORDER, Folder, Problems, SINO_RI, SITES, siteband};

/// Command lines that are not understood; the line is the content of a case.
pub(crate) fn command_lines_that_make_no_sense() -> Vec<Case> {
    lines(&[
        ("", &["Usage"]),
        ("rnak", &["rnak", "rank"]),
        ("rank", &["<SCENARIO>"]),
        ("rank SINO_RI --raeding literal", &["--raeding", "--reading"]),
        ("rank --claim CLAIM", &["--sites"]),
        ("rank SINO_RI --claim CLAIM --sites @sites.csv", &["--claim"]),
        ("rank SINO_RI --border cn-kp", &["--claim"]),
        ("rank SINO_RI --atlas BORDER", &["--claim"]),
        ("rank SINO_RI --top 0", &["'0'", "--top"]),
        ("rank SINO_RI --top -1", &["-1"]),
        ("rank SINO_RI --top few", &["'few'", "--top"]),
        ("rank SINO_RI --top 99999999999999999999999", &["--top", "too large"]),
        ("rank SINO_RI --format yaml", &["'yaml'", "--format", "geojson"]),
        ("rank SINO_RI --reading nonsense", &["'nonsense'", "mixture-prior"]),
        ("rank SINO_RI --reading analist", &["'analist'", "did you mean 'analyst'?"]),
        ("rank SINO_RI SINO_RI", &["unexpected argument"]),
        ("rank --claim CLAIM --sites @sites.csv --format kml", &["--format kml needs a scenario, not --claim"]),
        ("rank SINO_RI --top 3 --format markdown", &["leave out --top"]),
        ("rank @good.toml -o @good.toml", &["good.toml: this is read, too, and would be replaced"]),
        ("rank @good.toml -o @sites.csv", &["sites.csv: this is read, too"]),
        ("rank --claim CLAIM --sites @sites.csv -o @new/../sites.csv", &["sites.csv: this is read, too"]),
        ("explain SINO_RI", &["<SITE>"]),
        ("explain SINO_RI sino-ri --reading nonsense", &["'nonsense'", "mixture-prior"]),
        ("claim", &["<TEXT>"]),
        ("claim CLAIM --reading nonsense", &["'nonsense'", "mixture-prior"]),
        ("claim CLAIM --reading nonsense --format json", &["'nonsense'", "mixture-prior"]),
        ("claim CLAIM --format csv", &["'csv'", "table, json"]),
        ("distance", &["--to", "--sites"]),
        ("distance --to BORDER", &["--sites"]),
        ("distance --sites @sites.csv", &["--to"]),
        ("distance --to BORDER --sites @sites.csv --edges round", &["'round'", "geodesic or planar"]),
        ("distance --to BORDER --sites @sites.csv -o @sites.csv", &["--output", "sites.csv: this is read, too"]),
        (
            "distance --to @box.geojson --sites @sites.csv --rejects @box.geojson",
            &["--rejects", "box.geojson: this is read, too"],
        ),
        ("distance --to BORDER --sites @sites.csv -o @new/x --rejects @new/x", &["--rejects", "is an output already"]),
        (
            "distance --to BORDER --sites @sites.csv -o @new/x --rejects @new/../new/x",
            &["--rejects", "is an output already"],
        ),
        ("score SINO_RI", &["--sites"]),
        ("score SINO_RI --sites @sites.csv --resume -o /dev/null", &["give --output FILE"]),
        ("score SINO_RI --sites @sites.csv --threads 0", &["--threads"]),
        ("score SINO_RI --sites @sites.csv --max-errors some", &["'some'", "--max-errors"]),
        ("score @good.toml --sites @faulty.csv -o @sites.csv", &["--output", "sites.csv: this is read, too"]),
        ("score @good.toml --sites @faulty.csv -o @faulty.csv", &["--output", "faulty.csv: this is read, too"]),
        (
            "score @good.toml --sites @faulty.csv -o @new/x --summary @good.toml",
            &["--summary", "good.toml: this is read, too"],
        ),
        ("score @good.toml --sites @faulty.csv -o @new/x --rejects @new/x", &["--rejects", "is an output already"]),
        ("score @good.toml --sites @faulty.csv -o @new/x --rejects @new/x.journal", &["is an output already"]),
        ("index @sites.csv", &["--output"]),
        ("index", &["<SITES>"]),
        ("map SINO_RI", &["--output <FILE>"]),
        ("map SINO_RI -o @new/map.doc", &["expected one of .kml, .kmz, .geojson, .md"]),
        ("map SINO_RI -o @new/map", &["expected one of .kml, .kmz, .geojson, .md"]),
        ("map SINO_RI --reading guess -o @new/map.kml", &["'guess'", "mixture-prior"]),
        ("map SINO_RI --width wide -o @new/map.png", &["'wide'", "--width"]),
        ("map SINO_RI --sites @box.geojson -o @box.geojson", &["box.geojson: this is read, too"]),
        ("check", &["<SCENARIO>"]),
        ("check SINO_RI --reading nonsense", &["'nonsense'", "mixture-prior"]),
        ("new", &["<FILE>"]),
        ("borders --with China", &["--country"]),
        ("borders --format xml", &["'xml'", "table, json"]),
        ("calibrate", &["CORPUS.csv"]),
        ("calibrate @claims.csv --reading mixtur", &["did you mean 'mixture'"]),
        ("calibrate @claims.csv --part most", &["'most'", "--part"]),
        ("calibrate @claims.csv --picture @claims.csv", &["--picture", "claims.csv: this is read, too"]),
    ])
}

/// Command lines that are understood and ask for what is not there, or for what cannot be done.
pub(crate) fn commands_that_can_do_nothing() -> Vec<Case> {
    const HAS: &str = "China - North Korea border";
    lines(&[
        ("rank @missing.toml", &["missing.toml: No such file"]),
        ("rank data", &["data: this is a folder"]),
        ("rank SINO_RI --sites @missing.csv", &["missing.csv: No such file"]),
        ("rank --claim CLAIM --sites data", &["data: this is a folder"]),
        ("rank --claim CLAIM --sites @empty.csv", &["empty.csv", "no valid site"]),
        ("rank --claim CLAIM --sites @good.toml", &["unknown kind of site list", ".csv or .geojson"]),
        ("rank --claim CLAIM --sites /dev/zero", &["/dev/zero: unknown kind of site list"]),
        ("rank --claim CLAIM --sites @sites.csv --atlas @missing.geojson", &["missing.geojson: No such file"]),
        ("rank --claim CLAIM --sites @sites.csv --atlas /dev/zero", &["/dev/zero: this is binary"]),
        ("rank --claim CLAIM --sites @sites.csv --border cn-kk", &["'cn-kk'", "did you mean 'cn-kp'?"]),
        ("rank SINO_RI -o @new", &["new: a folder"]),
        ("rank SINO_RI -o @no/such/folder/result", &["folder/result: No such file"]),
        ("rank SINO_RI --no-robustness -o /dev/full", &["/dev/full: cannot be written: No space left"]),
        ("rank /dev/zero", &["/dev/zero: this is binary"]),
        ("explain @missing.toml a", &["missing.toml: No such file"]),
        ("explain SINO_RI sinori", &["'sinori'", "did you mean 'sino-ri'"]),
        ("explain SINO_RI zebra", &["no site has the id 'zebra'"]),
        ("explain SINO_RI a --sites @empty.csv", &["empty.csv", "no valid site"]),
        ("explain SINO_RI ../../etc/passwd", &["no site has the id '../../etc/passwd'"]),
        ("distance --to @missing.geojson --sites @sites.csv", &["missing.geojson: No such file"]),
        ("distance --to data --sites @sites.csv", &["data: this is a folder"]),
        ("distance --to BORDER --sites @missing.csv", &["missing.csv: No such file"]),
        ("distance --to BORDER --sites data", &["data: this is a folder"]),
        (
            "distance --to BORDER --sites @sites.csv --feature cn-kr",
            &["cn-kp.geojson", "'cn-kr'", "did you mean 'cn-kp'?"],
        ),
        ("distance --to BORDER --sites @sites.csv --feature zebra", &["'zebra'", "which has cn-kp"]),
        ("distance --to BORDER --sites @sites.csv -o @no/such/folder/result", &["folder/result: No such file"]),
        ("distance --to BORDER --sites @faulty.csv --rejects @no/such/folder/result", &["folder/result: No such file"]),
        ("distance --to BORDER --sites @sites.csv -o /dev/full", &["/dev/full: cannot be written: No space left"]),
        (
            "distance --to BORDER --sites @faulty.csv -o @new/x --rejects /dev/full",
            &["/dev/full: cannot be written: No space left"],
        ),
        ("score @missing.toml --sites @sites.csv", &["missing.toml: No such file"]),
        ("score SINO_RI --sites @missing.csv", &["missing.csv: No such file"]),
        ("score SINO_RI --sites src", &["this is a folder"]),
        ("score SINO_RI --sites Cargo.toml", &["Cargo.toml: unknown kind of site list"]),
        ("score SINO_RI --sites @sites.csv -o @no/such/folder/result.csv", &["result.csv: No such file or folder"]),
        ("score SINO_RI --sites @sites.csv -o /dev/full", &["/dev/full: cannot be written: No space left"]),
        ("score SINO_RI --sites @sites.csv -o @new", &["new: a folder"]),
        ("index @missing.csv -o @new/x.sbx", &["missing.csv: No such file"]),
        ("index data -o @new/x.sbx", &["data: this is a folder"]),
        ("index @sites.csv -o @new/x.idx", &["ends in .sbx"]),
        ("index @sites.csv -o @no/such/folder/x.sbx", &["x.sbx: No such file"]),
        ("map @missing.toml -o @new/map.kml", &["missing.toml: No such file"]),
        ("map SINO_RI --sites @empty.csv -o @new/map.kml", &["no valid site"]),
        ("map SINO_RI -o @no/such/folder/map.kml", &["map.kml: No such file or folder"]),
        ("map SINO_RI --width 4294967295 -o @new/map.png", &["4294967295 pixels wide", "200 to 4,000"]),
        ("map SINO_RI --dpi 1000000 -o @new/map.png", &["1000000 dots per inch", "96 to 1,200"]),
        ("check @missing.toml", &["missing.toml: No such file"]),
        ("check data", &["data: this is a folder"]),
        ("new @sites.csv", &["sites.csv: ", "exists already"]),
        ("new @new", &["new: ", "exists already"]),
        ("new @no/such/folder/q.toml", &["q.toml: No such file"]),
        ("new @new/q.json", &["q.json: ", "expected a name in .toml"]),
        ("borders --country Atlantis", &["'Atlantis'", HAS]),
        ("borders --country Atlantis --format json", &["'Atlantis'", HAS]),
        ("borders --country France", &["'France'", HAS]),
        ("borders --country Chnia", &["'Chnia'", "did you mean"]),
        ("borders --country China --with Atlantis", &["'Atlantis'", HAS]),
        ("borders --country CN --with KR", &["'CN' with 'KR'", HAS]),
        ("calibrate @missing.csv", &["missing.csv: No such file"]),
        ("calibrate data", &["data: this is a folder"]),
        ("calibrate @claims.csv --reading literal --fit", &["literal cannot be fitted", "no free parameters"]),
        ("calibrate @claims.csv --fit", &["mixture cannot be fitted", "expected 40 or more"]),
        ("calibrate @claims.csv --atlas @missing.geojson", &["missing.geojson: No such file"]),
        ("calibrate @claims.csv --picture @no/such/folder/x.svg", &["x.svg: No such file or folder"]),
        ("calibrate @claims.csv --picture /dev/full", &["/dev/full: cannot be written: No space left"]),
    ])
}

/// Lines as cases: each goes by its own words.
fn lines(lines: &[(&'static str, &'static [&'static str])]) -> Vec<Case> {
    lines.iter().map(|(line, says)| (*line, line.as_bytes().to_vec(), *says)).collect()
}

/// Arguments that no line can have.
#[test]
fn names_that_are_empty_or_long() {
    let long = "x".repeat(100_000);
    let mut problems = Problems::default();
    problems.refused("empty", &["explain", SINO_RI, ""], 1, &["no site has the id ''"]);
    problems.refused("long", &["explain", SINO_RI, &long], 1, &["no site has the id 'xxx", "[…]"]);
    problems.refused("empty country", &["borders", "--country", ""], 1, &["''"]);
    problems.refused("two lines", &["explain", SINO_RI, "a\nerror: b"], 1, &["no site has the id 'a error: b'"]);
    problems.none(4);
}

#[test]
fn new_overwrites_nothing() {
    let folder = Folder::new();
    let mut problems = Problems::default();
    let taken = folder.file("taken.toml", "mine");
    problems.refused("a file", &["new", &taken], 1, &["taken.toml: ", "exists already"]);
    problems.none(1);
    assert_eq!(folder.read("taken.toml"), b"mine");
    assert_eq!(folder.names(), ["taken.toml"]);
}

/// Whatever is said of a file in the making, its own name is not.
#[test]
fn files_in_the_making_have_no_name() {
    let mut problems = Problems::default();
    for args in [
        ["rank", SINO_RI, "-o", "no/folder"].as_slice(),
        &["distance", "--to", BORDER, "--sites", SITES, "-o", "no/folder"],
    ] {
        let said = siteband(args).stderr;
        problems.must(args[0], &format!("a name that nobody gave is told: {said}"), !said.contains(".tmp"));
    }
    problems.none(0);
}

/// An input that is a link to the output is the same file.
#[cfg(unix)]
#[test]
fn inputs_by_way_of_a_link_are_not_replaced() {
    let folder = Folder::new();
    let sites = folder.file("sites.csv", "id,lat,lon\na,39,125\n");
    let link = folder.path("link.csv");
    std::os::unix::fs::symlink(&sites, &link).expect("a link");
    let mut problems = Problems::default();
    for (from, to) in [(&sites, &link), (&link, &sites)] {
        problems.refused(
            "distance",
            &["distance", "--to", BORDER, "--sites", from, "-o", to],
            2,
            &["this is read, too"],
        );
        problems.refused("score", &["score", SINO_RI, "--sites", from, "-o", to], 2, &["this is read, too"]);
    }
    problems.none(4);
    assert_eq!(fs::read(sites).expect("it is there"), b"id,lat,lon\na,39,125\n");
}
