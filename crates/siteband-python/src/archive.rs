//! A scenario with every file that it names, as one: what is sent to machines that have none of them.
//!
//! A ZIP archive whose first file is the scenario, in a folder so deep that whatever it names beside or above itself has its place in the
//! archive.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};
use std::path::{Component, Path, PathBuf};

use siteband::Scenario;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// How many folders above its own a relative path reaches; none for one that is absolute.
fn height(path: &Path) -> Option<usize> {
    let (mut depth, mut height) = (0_usize, 0);
    for part in path.components() {
        match part {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir => height += 1,
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(height)
}

/// A scenario as it is sent.
///
/// # Errors
/// If it names a file by an absolute path, which means nothing elsewhere, or one that cannot be read.
pub(crate) fn pack(scenario: &Scenario) -> Result<Vec<u8>, String> {
    let path = scenario.path();
    let refuse = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut deepest = 0;
    for file in scenario.files() {
        let height = height(file).ok_or_else(|| {
            refuse(&format!(
                "'{}' is an absolute path, which means nothing elsewhere: expected one relative to the scenario",
                file.display()
            ))
        })?;
        deepest = deepest.max(height);
    }
    let folder: Vec<String> = (0..deepest).map(|number| format!("above-{}", deepest - number)).collect();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let text = |parts: &[String]| parts.join("/");
    let own = text(&[folder.as_slice(), &[name]].concat());
    let (mut folders, mut files) = (BTreeSet::from([text(&folder)]), BTreeMap::new());
    for file in scenario.files() {
        let mut place = folder.clone();
        let mut parts = file.components().peekable();
        while let Some(part) = parts.next() {
            match part {
                Component::ParentDir => {
                    place.pop();
                }
                Component::Normal(part) => {
                    place.push(part.to_str().ok_or_else(|| refuse(&"a file's name is not UTF-8"))?.to_owned());
                    // Also where it is left again.
                    if parts.peek().is_some() {
                        folders.insert(text(&place));
                    }
                }
                _ => {}
            }
        }
        files.insert(text(&place), path.parent().unwrap_or(Path::new("")).join(file));
    }
    files.remove(&own);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for (place, file) in std::iter::once((own, path.to_owned())).chain(files) {
        let content = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        archive.start_file(place, options).map_err(|error| refuse(&error))?;
        archive.write_all(&content).map_err(|error| refuse(&error))?;
    }
    for folder in folders.into_iter().filter(|folder| !folder.is_empty()) {
        archive.add_directory(folder, options).map_err(|error| refuse(&error))?;
    }
    archive.finish().map(Cursor::into_inner).map_err(|error| refuse(&error))
}

/// Unpacks what [`pack`] made into a folder of its own; with it, the path of the scenario.
///
/// # Errors
/// If these are other bytes.
pub(crate) fn unpack(archive: &[u8]) -> Result<(tempfile::TempDir, PathBuf), String> {
    let refuse = |error: &dyn std::fmt::Display| format!("these bytes are no scenario that to_bytes() made: {error}");
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(|error| refuse(&error))?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let own = archive.by_index(0).map_err(|error| refuse(&error))?.enclosed_name();
    let own = own.ok_or_else(|| refuse(&"its first file is outside of it"))?;
    archive.extract(folder.path()).map_err(|error| refuse(&error))?;
    let path = folder.path().join(own);
    Ok((folder, path))
}
