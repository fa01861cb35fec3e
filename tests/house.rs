//! What keeps the house in order: rules that reading alone would let slip.

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
