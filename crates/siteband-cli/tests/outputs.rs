//! What becomes of outputs: names in them, their modes, and what an interrupt leaves.

mod common;

use std::fs;

use common::{BORDER, CLAIM, Folder, Problems, SINO_RI, siteband, siteband_with};

/// Names that would be something else if they were not taken for text: markup, formulas, terminals, paths, lines.
const NAMES: [&str; 8] = [
    "<script>alert(1)</script>",
    "=cmd()",
    "\u{1b}[2J\u{7}",
    "\u{202e}gnp.exe",
    "../../../etc/passwd",
    "x\n 1  forged  100.0 %",
    "**b** [l](javascript:x) | c `d`",
    "]]>&amp;\"'",
];

/// A list in which ids, names, groups, tags and another column are such names.
fn hostile(folder: &Folder) -> String {
    let mut table = csv::Writer::from_path(folder.path("sites.csv")).expect("a file");
    table.write_record(["id", "lat", "lon", "name", "group", "tags", "note"]).expect("a row");
    for (at, name) in NAMES.iter().enumerate() {
        let lat = format!("39.{at}");
        table.write_record([name, lat.as_str(), "125.5", name, name, name, name]).expect("a row");
    }
    table.flush().expect("a file");
    folder.path("sites.csv")
}

/// A scenario whose every text is such a name.
fn hostile_scenario(folder: &Folder, name: &str) -> String {
    let name = serde_json::to_string(name).expect("text");
    let scenario = format!(
        r#"{{"title": {name}, "sites": "sites.csv",
"feature": [{{"id": {name}, "at": "39 N 125 E", "name": {name}, "source": {name}}}],
"source": [{{"id": {name}, "reliability": 0.9}}],
"claim": [{{"source": {name}, "note": {name}, "text": "85 km from the place", "feature": {name}}},
          {{"source": {name}, "id": {name}, "note": {name}, "attribute": {{"tag": {name}, "likelihood_ratio": 2}}}}],
"what_if": [{{"title": {name}, "without_tags": [{name}]}}]}}"#
    );
    folder.file("q.json", scenario)
}

/// Nothing that a terminal obeys, and no line that a name made.
fn is_inert(text: &str) -> bool {
    let obeyed =
        |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
    !text.contains(obeyed) && !text.lines().any(|line| line == " 1  forged  100.0 %")
}

#[test]
fn names_are_text_on_a_terminal() {
    let folder = Folder::new();
    let sites = hostile(&folder);
    let mut problems = Problems::default();
    for name in NAMES {
        let scenario = hostile_scenario(&folder, name);
        for args in [
            vec!["rank", &scenario, "--full"],
            vec!["rank", "--claim", CLAIM, "--sites", &sites],
            vec!["explain", &scenario, name],
            vec!["check", &scenario],
        ] {
            let ran = problems.timed(name, &args, b"");
            problems.check(&format!("{name:?} {}", args[0]), &ran, 0, &[]);
            let is_inert = is_inert(ran.text()) && is_inert(&ran.stderr);
            problems.must(name, &format!("{} is not inert: {:?}", args[0], ran.text()), is_inert);
        }
        let ran = siteband_with(
            &["claim", "-", "--all"],
            format!("85 furlongs from {name}; 85 km from {name}").as_bytes(),
            &[],
        );
        problems.must(name, "claim is not inert", is_inert(ran.text()) && is_inert(&ran.stderr));
    }
    problems.none(4 * NAMES.len());
}

/// Machine formats have the names as they are, and people's formats have them as text.
#[test]
fn names_are_text_in_files() {
    let folder = Folder::new();
    hostile(&folder);
    let scenario = hostile_scenario(&folder, "<script>alert(1)</script>");
    let before = folder.names();
    for name in ["map.html", "map.svg", "map.png", "map.kml", "map.kmz", "map.geojson", "map.md"] {
        siteband(&["map", &scenario, "-o", &folder.path(name)]).ok();
    }
    for name in ["map.html", "map.svg", "map.kml", "map.md"] {
        let text = String::from_utf8(folder.read(name)).expect("text");
        assert!(!text.contains("<script>alert"), "{name}");
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{name}");
    }
    // No name is a path: what was written has the names that were asked for.
    let appeared: Vec<String> = folder.names().into_iter().filter(|name| !before.contains(name)).collect();
    assert_eq!(appeared, ["map.geojson", "map.html", "map.kml", "map.kmz", "map.md", "map.png", "map.qml", "map.svg"]);
    for format in ["json", "geojson"] {
        let ran = siteband(&["rank", &scenario, "--format", format]).ok();
        let text = serde_json::to_string(&ran.json()).expect("JSON");
        for name in NAMES {
            let escaped = serde_json::to_string(name).expect("text");
            assert!(text.contains(&escaped), "{format} {name:?}");
        }
    }
}

/// Cells of data for programs are as they went in, ids that are used twice among them; only what people open in a spreadsheet is guarded.
#[test]
fn data_come_out_as_they_went_in() {
    let folder = Folder::new();
    let sites = folder
        .file("sites.csv", "id,lat,lon,note\n=cmd(),39,125,+1\n\" @x\",39.5,125,-\na,95,125,=1\n=cmd(),40,125,\n");
    let says = ["3 of 4 rows", "1 rejected"];
    let mut problems = Problems::default();
    let distances = problems.partial("distance", &["distance", "--to", BORDER, "--sites", &sites], &says).csv().1;
    assert_eq!(distances.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["=cmd()", "@x", "=cmd()"]);
    let scores = problems.partial("score", &["score", SINO_RI, "--sites", &sites], &says);
    let starts: Vec<&str> = scores.text().lines().skip(1).collect();
    for (row, start) in starts.iter().zip(["=cmd(),39,125,+1,", "\" @x\",39.5,125,-,", "=cmd(),40,125,,"]) {
        assert!(row.starts_with(start), "{row}");
    }
    let ranked = problems.partial(
        "rank",
        &["rank", "--claim", CLAIM, "--sites", &sites, "--format", "csv"],
        &["2 of 4 rows scored", "used before"],
    );
    assert!(ranked.csv().1.iter().any(|row| row[1] == "'=cmd()"));
    problems.none(3);
    // The same of a sequence, which is read a feature at a time.
    let point = |lat: u32| {
        format!(
            r#"{{"type":"Feature","id":"a","properties":{{}},"geometry":{{"type":"Point","coordinates":[125,{lat}]}}}}"#
        )
    };
    let lines = folder.file("sites.geojsonl", [point(39), point(40)].join("\n"));
    assert_eq!(siteband(&["distance", "--to", BORDER, "--sites", &lines]).ok().csv().1.len(), 2);
    assert_eq!(siteband(&["score", SINO_RI, "--sites", &lines]).ok().csv().1.len(), 2);
}

/// A short question of a list beside it.
const QUESTION: &str = "sites = \"own.csv\"\n[[source]]\nid = \"s\"\nreliability = 0.9\n[[claim]]\nsource = \"s\"\ntext = \"85 km from Seoul\"\n";

/// Rows of the list that a scenario names are rows that were read.
#[test]
fn scores_by_a_list_with_bad_rows_are_partial() {
    let folder = Folder::new();
    let good = folder.file("good.csv", "id,lat,lon\na,39,125\n");
    folder.file("own.csv", "id,lat,lon,tags\na,39,125,x\nb,95,125,x\n");
    let scenario = folder.file("q.toml", QUESTION);
    let mut problems = Problems::default();
    let says = ["own.csv: line 3, lat: ", "1 of 2 rows of the scenario's own list used, 1 rejected"];
    let ran = problems.partial("score", &["score", &scenario, "--sites", &good], &says);
    assert_eq!(ran.csv().1.len(), 1);
    problems.none(1);
}

#[cfg(unix)]
mod unix {
    use std::io::{BufRead, BufReader, Write};
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Command, Stdio};

    use super::*;

    fn mode(path: &str) -> u32 {
        fs::metadata(path).expect("a file").permissions().mode() & 0o777
    }

    /// A new file is as readable as the umask has it, and one that is replaced stays as it was.
    #[test]
    fn files_have_the_mode_of_any_file() {
        let folder = Folder::new();
        let sites = folder.file("sites.csv", "id,lat,lon\na,39,125\n");
        let [plain, output, rejects, summary, saved, map] =
            ["plain", "o.csv", "r.csv", "s.json", "s.sbx", "m.svg"].map(|name| folder.path(name));
        fs::write(&plain, "").expect("a file");
        let outputs = [&output, &rejects, &summary, &saved, &map];
        for replaced in [false, true] {
            for args in [
                vec!["rank", SINO_RI, "--no-robustness", "-o", &output],
                vec!["distance", "--to", BORDER, "--sites", &sites, "-o", &output, "--rejects", &rejects],
                vec!["score", SINO_RI, "--sites", &sites, "-o", &output, "--rejects", &rejects, "--summary", &summary],
                vec!["index", &sites, "-o", &saved],
                vec!["map", SINO_RI, "-o", &map],
            ] {
                for path in outputs.iter().filter(|_| replaced) {
                    fs::write(path, "old").expect("a file");
                    fs::set_permissions(path, fs::Permissions::from_mode(0o640)).expect("its own file");
                }
                siteband(&args).ok();
                let expected = if replaced { 0o640 } else { mode(&plain) };
                for path in outputs.iter().filter(|path| args.contains(&path.as_str())) {
                    assert_eq!(mode(path), expected, "{} {path}", args[0]);
                }
            }
        }
    }

    /// Rejected rows for a device are not put in its place.
    #[test]
    fn a_device_is_written_to() {
        let folder = Folder::new();
        let sites = folder.file("sites.csv", "id,lat,lon\na,39,125\nb,95,125\n");
        let pipe = folder.path("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        let reading = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).expect("text")
        });
        let output = folder.path("o.csv");
        let ran = siteband(&["score", SINO_RI, "--sites", &sites, "-o", &output, "--rejects", &pipe]);
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        let text = reading.join().expect("read");
        assert!(text.contains("sites.csv,3,lat,95,"), "{text}");
        assert_eq!(folder.names(), ["o.csv", "pipe", "sites.csv"]);
    }

    /// What is read twice cannot be a pipe: it would be waited for without end.
    #[test]
    fn a_sequence_from_a_pipe_is_refused() {
        let folder = Folder::new();
        let pipe = folder.path("pipe.geojsonl");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        let mut problems = Problems::default();
        problems.refused("score", &["score", SINO_RI, "--sites", &pipe], 1, &["pipe.geojsonl: ", "read twice"]);
        problems.none(1);
    }

    /// An interrupt ends a run, and leaves nothing beside the files that were there.
    #[test]
    fn an_interrupt_leaves_nothing() {
        let folder = Folder::new();
        let [output, rejects] = ["o.csv", "r.csv"].map(|name| folder.path(name));
        folder.file("own.csv", "id,lat,lon\na,39,125\n");
        let question = folder.file("q.toml", QUESTION);
        let before = folder.names();
        for args in [
            vec!["distance", "--to", BORDER, "--sites", "-", "-o", &output, "--rejects", &rejects],
            vec!["score", &question, "--sites", "-", "--rejects", &rejects],
        ] {
            let mut child = Command::new(env!("CARGO_BIN_EXE_siteband"))
                .args(&args)
                .current_dir(common::repository())
                .stdin(Stdio::piped())
                // A pipe that nobody reads would be waited for.
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the command starts");
            let mut stdin = child.stdin.take().expect("a pipe");
            let rows = "a,39,125\n".repeat(10_000);
            stdin.write_all(format!("id,lat,lon\n{rows}").as_bytes()).expect("a header and rows");
            // It waits for more, and has begun its files by then.
            let mut wait = 0;
            while folder.names() == before && wait < 3000 {
                std::thread::sleep(std::time::Duration::from_millis(20));
                wait += 1;
            }
            assert_ne!(folder.names(), before, "{} began no file", args[0]);
            std::thread::sleep(std::time::Duration::from_millis(200));
            let id = child.id().to_string();
            assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill runs").success());
            // A reader that waits is not waited for once the pipe is closed.
            drop(stdin);
            let ended = child.wait().expect("it ends");
            let mut said = String::new();
            BufReader::new(child.stderr.take().expect("a pipe")).read_line(&mut said).expect("text");
            assert_eq!((ended.code(), folder.names()), (Some(130), before.clone()), "{} {said}", args[0]);
        }
    }

    /// A reader that has had enough is no error, and a full disk is one.
    #[test]
    fn a_full_disk_is_named() {
        let mut problems = Problems::default();
        let full = "/dev/full: cannot be written: No space left on device";
        for args in [
            vec!["rank", SINO_RI, "--no-robustness", "-o", "/dev/full"],
            vec!["score", SINO_RI, "--sites", common::SITES, "-o", "/dev/full"],
            vec!["score", SINO_RI, "--sites", common::SITES, "--summary", "/dev/full", "-o", "/dev/null"],
        ] {
            problems.refused(args[0], &args, 1, &[full]);
        }
        problems.none(3);
    }
}
