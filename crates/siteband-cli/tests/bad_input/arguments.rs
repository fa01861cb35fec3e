//! Words that are no claim, and command lines that make no sense.

use crate::common::{BORDER, CLAIM, Folder, Problems, SINO_RI, SITES, siteband};

#[test]
fn words_that_are_no_claim() {
    let long = "x".repeat(5000);
    let cases: [(&str, &[&str]); 20] = [
        ("", &["no number"]),
        ("near China", &["no number", "in \"near China\""]),
        ("about NaN km from the Chinese border", &["no number"]),
        (&long, &["no number"]),
        ("about 85 leagues from the Chinese border", &["unknown unit 'leagues'", "km", "nautical miles"]),
        ("about 85 from the Chinese border", &["unknown unit 'from'"]),
        ("about 1e999 km from the Chinese border", &["'e999'"]),
        ("abuot 85 km from the Chinese border", &["'abuot'", "did you mean 'about'"]),
        ("not 85 km from the Chinese border", &["'not'", "not understood"]),
        ("about 85 km", &["ends before \"from\""]),
        ("about 85 km from", &["no feature is named"]),
        ("85 km towards the Chinese border", &["'towards'", "\"from\""]),
        ("about 0 km from the Chinese border", &["'0' is no distance", "more than zero"]),
        ("about 99999 km from the Chinese border", &["99999 km", "20,004 km"]),
        ("about 9999999999999999 km from the Chinese border", &["'9999999999999999'", "digits"]),
        ("about 85.0000000000000000000001 km from the Chinese border", &["digits"]),
        ("about 85,5 km from the Chinese border", &["'85,5'", "decimals with a point"]),
        ("about 85 km from the Chinese border and 90 km from Seoul", &["found 2 claims", "one at a time"]),
        ("between 90 and 80 km from the Chinese border", &["from 90 to 80", "lower number first"]),
        ("\u{4e2d} 85 km from the Chinese border", &["'\u{4e2d}'"]),
    ];
    let mut problems = Problems::default();
    for (words, says) in cases {
        let case: String = words.chars().take(60).collect();
        problems.refused(&case, &["claim", words], 1, says);
        problems.refused(&case, &["claim", words, "--format", "json"], 1, says);
        problems.refused(&case, &["rank", "--claim", words, "--sites", SITES], 1, says);
    }
    problems.none(3 * 20);
}

#[test]
fn command_lines_that_make_no_sense() {
    let cases: [(&[&str], &[&str]); 30] = [
        (&[], &["Usage"]),
        (&["rnak"], &["rnak", "rank"]),
        (&["rank"], &["<SCENARIO>"]),
        (&["rank", SINO_RI, "--raeding", "literal"], &["--raeding", "--reading"]),
        (&["rank", "--claim", CLAIM], &["--sites"]),
        (&["rank", SINO_RI, "--claim", CLAIM, "--sites", SITES], &["--claim"]),
        (&["rank", SINO_RI, "--border", "cn-kp"], &["--claim"]),
        (&["rank", SINO_RI, "--atlas", BORDER], &["--claim"]),
        (&["rank", SINO_RI, "--top", "0"], &["'0'", "--top"]),
        (&["rank", SINO_RI, "--top", "-1"], &["-1"]),
        (&["rank", SINO_RI, "--top", "few"], &["'few'", "--top"]),
        (&["rank", SINO_RI, "--top", "99999999999999999999999"], &["--top", "too large"]),
        (&["rank", SINO_RI, "--format", "yaml"], &["'yaml'", "--format", "geojson"]),
        (&["rank", SINO_RI, "--reading", "nonsense"], &["'nonsense'", "mixture-prior"]),
        (&["rank", SINO_RI, "--reading", "analist"], &["'analist'", "did you mean 'analyst'?"]),
        (&["rank", SINO_RI, SINO_RI], &["unexpected argument"]),
        (&["explain", SINO_RI], &["<SITE>"]),
        (&["explain", SINO_RI, "sino-ri", "--reading", "nonsense"], &["'nonsense'", "mixture-prior"]),
        (&["claim"], &["<TEXT>"]),
        (&["claim", CLAIM, "--reading", "nonsense"], &["'nonsense'", "mixture-prior"]),
        (&["claim", CLAIM, "--reading", "nonsense", "--format", "json"], &["'nonsense'", "mixture-prior"]),
        (&["claim", CLAIM, "--format", "csv"], &["'csv'", "table, json"]),
        (&["distance"], &["--to", "--sites"]),
        (&["distance", "--to", BORDER], &["--sites"]),
        (&["distance", "--sites", SITES], &["--to"]),
        (&["check"], &["<SCENARIO>"]),
        (&["check", SINO_RI, "--reading", "nonsense"], &["'nonsense'", "mixture-prior"]),
        (&["new"], &["<FILE>"]),
        (&["borders", "--with", "China"], &["--country"]),
        (&["borders", "--format", "xml"], &["'xml'", "table, json"]),
    ];
    let mut problems = Problems::default();
    for (args, says) in cases {
        problems.refused(&args.join(" "), args, 2, says);
    }
    problems.none(30);
}

#[test]
fn sites_that_are_not_known() {
    let long = "x".repeat(5000);
    let mut problems = Problems::default();
    let near = ["'sinori'", "did you mean 'sino-ri'"];
    problems.refused("near", &["explain", SINO_RI, "sinori"], 1, &near);
    problems.refused("far", &["explain", SINO_RI, "zebra"], 1, &["no site has the id 'zebra'"]);
    problems.refused("empty", &["explain", SINO_RI, ""], 1, &["no site has the id ''"]);
    problems.refused("long", &["explain", SINO_RI, &long], 1, &["no site has the id"]);
    problems.none(4);
}

#[test]
fn new_overwrites_nothing() {
    let folder = Folder::new();
    let mut problems = Problems::default();
    let taken = folder.file("taken.toml", "mine");
    problems.refused("a file", &["new", &taken], 1, &["taken.toml: ", "exists already"]);
    problems.refused("a folder", &["new", &folder.path("")], 1, &["exists already"]);
    problems.refused("no folder", &["new", &folder.path("no/such/folder/q.toml")], 1, &["q.toml: No such file"]);
    problems.none(3);
    assert_eq!(folder.read("taken.toml"), b"mine");
    assert_eq!(folder.names(), ["taken.toml"]);
}

#[test]
fn borders_that_are_not_known() {
    let mut problems = Problems::default();
    let has = "China - North Korea border";
    problems.refused("Atlantis", &["borders", "--country", "Atlantis"], 1, &["'Atlantis'", has]);
    problems.refused("json", &["borders", "--country", "Atlantis", "--format", "json"], 1, &["'Atlantis'", has]);
    problems.refused("France", &["borders", "--country", "France"], 1, &["'France'", has]);
    problems.refused("near", &["borders", "--country", "Chnia"], 1, &["'Chnia'", "did you mean"]);
    problems.refused("with", &["borders", "--country", "China", "--with", "Atlantis"], 1, &["'Atlantis'", has]);
    problems.refused("no common border", &["borders", "--country", "CN", "--with", "KR"], 1, &["'CN' with 'KR'", has]);
    problems.refused("empty", &["borders", "--country", ""], 1, &["''", has]);
    problems.none(7);
}

#[test]
fn files_that_cannot_be_written() {
    let folder = Folder::new();
    let sites = folder.file("sites.csv", "id,lat,lon\na,39,125\nb,91,12\n");
    let nowhere = folder.path("no/such/folder/result");
    let mut problems = Problems::default();
    let rank = ["rank", SINO_RI, "-o"];
    let distance = ["distance", "--to", BORDER, "--sites", &sites];
    for (case, args) in [
        ("no folder", [&rank[..], &[&nowhere]].concat()),
        ("no folder", [&distance[..], &["-o", &nowhere]].concat()),
        ("no folder for rejects", [&distance[..], &["--rejects", &nowhere]].concat()),
    ] {
        problems.refused(case, &args, 1, &["folder/result: No such file"]);
        let said = siteband(&args).stderr;
        problems.must(case, &format!("a name that nobody gave is told: {said}"), !said.contains(".tmp"));
    }
    let taken = folder.path("");
    problems.refused("a folder", &[&rank[..], &[&taken]].concat(), 1, &["a folder"]);
    problems.refused("a folder", &[&distance[..], &["-o", &taken]].concat(), 1, &["a folder"]);
    let before = folder.names();
    // Two streams into one file: one would silently replace the other.
    let both = folder.path("both.csv");
    let ran = siteband(&[&distance[..], &["-o", &both, "--rejects", &both]].concat());
    problems.must("one file for both", &format!("exit code {:?}, expected a refusal", ran.code), ran.code == Some(2));
    problems.must("one file for both", "a file appeared", folder.names() == before);
    problems.none(5);
}
