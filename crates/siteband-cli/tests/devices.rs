//! What is written to a pipe or by way of a link.
#![cfg(unix)]

mod common;

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::process::Command;

use common::{SINO_RI, siteband};

#[test]
fn a_pipe_is_written_to_and_stays_a_pipe() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
    let reading = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).expect("text")
    });
    siteband(&["rank", SINO_RI, "--format", "json", "-o", pipe.to_str().expect("UTF-8")]).ok();
    let text = reading.join().expect("read");
    assert!(text.contains("sino-ri"), "{text}");
    assert!(fs::metadata(&pipe).expect("still there").file_type().is_fifo());
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
fn a_link_stays_a_link_to_what_was_written() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let [file, link] = ["file.json", "link.json"].map(|name| folder.path().join(name));
    fs::write(&file, "old").expect("written");
    std::os::unix::fs::symlink(&file, &link).expect("linked");
    siteband(&["rank", SINO_RI, "--format", "json", "-o", link.to_str().expect("UTF-8")]).ok();
    assert!(fs::symlink_metadata(&link).expect("still there").is_symlink());
    assert!(fs::read_to_string(&file).expect("text").contains("sino-ri"));
}
