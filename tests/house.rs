//! What keeps the house in order: rules that reading alone would let slip.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The manifests of every package in the repository.
fn manifests() -> Vec<PathBuf> {
    let crates = fs::read_dir(top().join("crates")).expect("the other crates");
    let mut found: Vec<PathBuf> = crates.map(|entry| entry.expect("an entry").path().join("Cargo.toml")).collect();
    found.extend(["Cargo.toml", "fuzz/Cargo.toml", "tests/mutants/Cargo.toml"].map(|path| top().join(path)));
    found.retain(|path| path.exists());
    found
}

/// A comment above each dependency says what it is for.
#[test]
fn every_dependency_has_its_reason() {
    let (mut dependencies, mut without) = (0, Vec::new());
    for path in manifests() {
        let text = fs::read_to_string(&path).expect("a manifest");
        let (mut listed, mut before) = (false, "");
        for line in text.lines() {
            if line.starts_with('[') {
                listed = line.ends_with("dependencies]");
            } else if listed && line.contains(" = ") && !line.starts_with(['#', ' ']) {
                dependencies += 1;
                if !before.starts_with("# ") {
                    without.push(format!("{}: {line}", path.display()));
                }
            }
            before = line;
        }
    }
    assert!(dependencies > 60, "{dependencies} dependencies");
    assert!(without.is_empty(), "no reason for\n{}", without.join("\n"));
}

/// The files below a folder whose names end so, but for what programs have built.
fn files(folder: &Path, ending: &str, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if !path.ends_with("target") && path.file_name().is_none_or(|name| name.as_encoded_bytes()[0] != b'.') {
                files(&path, ending, into);
            }
        } else if path.extension().is_some_and(|own| own == ending) {
            into.push(path);
        }
    }
}

/// The rows of the first table of a document that has such a header, a list of cells each.
fn table(document: &str, header: &str) -> Vec<Vec<String>> {
    let lines = document.lines().skip_while(|line| *line != header).skip(2);
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    lines.take_while(|line| line.starts_with('|')).map(cells).collect()
}

/// What stands between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned)
}

/// The modules of the library, each with the names behind `crate::` in its files, tests left out; and which module a public name is of.
fn modules() -> (BTreeMap<String, BTreeSet<String>>, BTreeMap<String, String>) {
    let library = fs::read_to_string(top().join("src/lib.rs")).expect("the library");
    let names = library.lines().filter_map(|line| {
        line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned)
    });
    let used = |module: &String| {
        let mut paths = vec![top().join("src").join(format!("{module}.rs"))];
        if let folder = top().join("src").join(module)
            && folder.is_dir()
        {
            files(&folder, "rs", &mut paths);
        }
        let mut used = BTreeSet::new();
        for path in paths {
            let text = fs::read_to_string(&path).expect("a source file");
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            for rest in lines.flat_map(|line| line.split("crate::").skip(1)) {
                used.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
            }
        }
        used
    };
    let modules: BTreeMap<_, _> = names.map(|module| (module.clone(), used(&module))).collect();
    let mut of = BTreeMap::new();
    for statement in library.split("pub use ").skip(1) {
        let (module, names) = statement.split_once("::").expect("a path");
        for name in names.split(';').next().unwrap_or_default().split(|c: char| !c.is_alphanumeric() && c != '_') {
            of.insert(name.to_owned(), module.to_owned());
        }
    }
    (modules, of)
}

/// The table of rooms in docs/DESIGN.md has every module once, and no module uses one of a room below its own.
#[test]
fn rooms_are_as_they_are_drawn() {
    let design = fs::read_to_string(top().join("docs/DESIGN.md")).expect("the design");
    let rooms = table(&design, "| room | modules | what it is for |");
    let mut room_of = BTreeMap::new();
    for (number, row) in rooms.iter().enumerate() {
        for module in quoted(&row[1]) {
            assert!(room_of.insert(module.clone(), number).is_none(), "'{module}' stands in two rooms");
        }
    }
    let (modules, of) = modules();
    let (drawn, there): (Vec<_>, Vec<_>) = (room_of.keys().collect(), modules.keys().collect());
    assert_eq!(drawn, there, "modules as docs/DESIGN.md has them, and as src/lib.rs has them");
    let (mut uses, mut against) = (0, Vec::new());
    for (module, names) in &modules {
        for other in names.iter().map(|name| of.get(name).unwrap_or(name)) {
            let Some(room) = room_of.get(other) else { continue };
            uses += 1;
            if *room > room_of[module] {
                against.push(format!(
                    "{module}, which is {}, uses {other}, which is {}",
                    rooms[room_of[module]][0], rooms[*room][0]
                ));
            }
        }
    }
    assert!(uses > 100, "only {uses} uses were found");
    assert!(against.is_empty(), "{}", against.join("\n"));
}

/// Every crate of the workspace stands in docs/DESIGN.md.
#[test]
fn crates_are_as_they_are_listed() {
    let design = fs::read_to_string(top().join("docs/DESIGN.md")).expect("the design");
    let listed: BTreeSet<String> =
        table(&design, "| crate | what it is for |").iter().flat_map(|row| quoted(&row[0])).collect();
    let folders = fs::read_dir(top().join("crates")).expect("the other crates");
    let mut there: BTreeSet<String> =
        folders.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    there.insert("siteband".to_owned());
    assert_eq!(listed, there);
}

/// A file that is longer than this is two.
const LINES: usize = 600;

#[test]
fn no_source_file_is_long() {
    let mut paths = Vec::new();
    for ending in ["rs", "py", "js", "sh"] {
        files(top(), ending, &mut paths);
    }
    assert!(paths.len() > 250, "{} source files", paths.len());
    let count = |path: &PathBuf| fs::read_to_string(path).expect("a source file").lines().count();
    let long: Vec<String> = paths
        .iter()
        .map(|path| (count(path), path))
        .filter(|(lines, _)| *lines > LINES)
        .map(|(lines, path)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "longer than {LINES} lines:\n{}", long.join("\n"));
}

/// Every public function, type and constant of every crate is used: by its other code, another crate, an example, a document, a test.
#[test]
fn no_public_item_is_without_use() {
    let word = |c: char| !c.is_alphanumeric() && c != '_';
    let mut paths = Vec::new();
    for ending in ["rs", "md", "py"] {
        files(top(), ending, &mut paths);
    }
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    let (mut defined, mut public) = (BTreeMap::new(), BTreeSet::new());
    for path in &paths {
        let text = fs::read_to_string(path).expect("a text");
        let below = path.strip_prefix(top()).expect("a path below the top");
        let is_source =
            below.starts_with("src") || below.starts_with("crates") && below.iter().nth(2) == Some("src".as_ref());
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//") || line.contains("/// let ")) {
            for word in line.split(word).filter(|word| !word.is_empty()) {
                *uses.entry(word.to_owned()).or_default() += 1;
            }
            let mut words = line.split_whitespace().skip_while(|word| matches!(*word, "pub" | "const"));
            let kind = words.next();
            if matches!(kind, Some("fn" | "struct" | "enum" | "type")) || line.trim_start().starts_with("pub const ") {
                let name = if matches!(kind, Some("fn" | "struct" | "enum" | "type")) { words.next() } else { kind };
                let name = name.unwrap_or_default().split(word).next().unwrap_or_default();
                *defined.entry(name.to_owned()).or_insert(0) += 1;
                if is_source && line.trim_start().starts_with("pub ") {
                    public.insert(name.to_owned());
                }
            }
        }
    }
    assert!(public.len() > 250, "{} public items", public.len());
    let without: Vec<&String> = public.iter().filter(|name| uses[*name] <= defined[*name]).collect();
    assert!(without.is_empty(), "used nowhere: {without:?}");
}
