//! `siteband index`: every command says the same of the saved index as of the list, to the byte.

mod common;

use std::fs;

use common::{BORDER, CLAIM, Folder, Problems, SINO_RI, SITES, repository, siteband, siteband_with};

/// The list of the scenario with rows that are rejected.
fn list(folder: &Folder) -> String {
    let table = fs::read_to_string(repository().join(SITES)).expect("the list");
    let columns = table.lines().next().expect("a header").matches(',').count();
    let bad = format!("bad,Bad,,91,12{}\n", ",".repeat(columns - 4));
    folder.file("sites.csv", table + &bad)
}

#[test]
fn every_command_says_the_same_of_it() {
    let folder = Folder::new();
    let (sites, saved) = (list(&folder), folder.path("sites.sbx"));
    let made = siteband(&["index", &sites, "-o", &saved]);
    assert_eq!(made.code, Some(1), "{}", made.stderr);
    assert!(made.stdout.is_empty());
    for says in ["rejected: ", "sites.csv: line 31, lat: ", "29 sites and 1 rejected rows"] {
        assert!(made.stderr.contains(says), "{}", made.stderr);
    }
    let distance = ["distance", "--to", BORDER];
    let commands: [&[&str]; 8] = [
        &["rank", SINO_RI],
        &["rank", SINO_RI, "--full"],
        &["rank", SINO_RI, "--format", "json"],
        &["rank", SINO_RI, "--format", "csv"],
        &["rank", SINO_RI, "--format", "geojson", "--top", "5"],
        &["rank", "--claim", CLAIM, "--format", "json"],
        &["explain", SINO_RI, "sino-ri"],
        &distance,
    ];
    for command in commands {
        let [list, index] = [&sites, &saved].map(|path| siteband(&[command, &["--sites", path]].concat()));
        assert_eq!(list.code, Some(1), "{command:?}: {}", list.stderr);
        assert!(list.stdout == index.stdout, "{command:?}: {}", index.text());
        assert_eq!(list.code, index.code, "{command:?}");
        if command[0] != "distance" {
            assert_eq!(list.stderr, index.stderr, "{command:?}");
        }
    }
    // The same file again, and from itself.
    let (again, of_itself) = (folder.path("again.sbx"), folder.path("of_itself.SBX"));
    siteband(&["index", &sites, "-o", &again]);
    siteband(&["index", &saved, "-o", &of_itself]);
    assert!(folder.read("again.sbx") == folder.read("sites.sbx"));
    assert!(folder.read("of_itself.SBX") == folder.read("sites.sbx"));
    let table = fs::read(repository().join(SITES)).expect("the list");
    let from_input = siteband_with(&["index", "-", "-o", &again], &table, &[]).ok();
    assert!(from_input.stderr.contains("29 sites;"), "{}", from_input.stderr);
}

#[test]
fn what_is_none_is_refused() {
    let folder = Folder::new();
    let saved = folder.path("sites.sbx");
    siteband(&["index", SITES, "-o", &saved]).ok();
    let whole = folder.read("sites.sbx");
    let mut newer = whole.clone();
    newer[8] = 2;
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    let table = fs::read(repository().join(SITES)).expect("the list");
    let mut problems = Problems::default();
    for (case, content, says) in [
        ("cut", whole[..whole.len() - 1].to_vec(), "cut off"),
        ("empty", Vec::new(), "cut off"),
        ("damaged", damaged, "damaged (a checksum does not fit)"),
        ("newer", newer, "format 2"),
        ("a table", table, "not one that siteband has written"),
    ] {
        let sites = folder.file("bad.sbx", content);
        let says = ["bad.sbx: ", says, "build it again from its list with 'siteband index'"];
        problems.refused(case, &["distance", "--to", BORDER, "--sites", &sites], 1, &says);
        problems.refused(case, &["rank", "--claim", CLAIM, "--sites", &sites], 1, &says);
        problems.refused(case, &["explain", SINO_RI, "a", "--sites", &sites], 1, &says);
    }
    problems.refused("another name", &["index", SITES, "-o", &folder.path("sites.idx")], 1, &["ends in .sbx"]);
    problems.refused("no place", &["index", SITES], 2, &["--output"]);
    problems.refused("no list", &["index", "missing.csv", "-o", &folder.path("x.sbx")], 1, &["missing.csv"]);
    problems.none(18);
}
