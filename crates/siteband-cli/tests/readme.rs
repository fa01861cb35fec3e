//! The README shows the real output.

use std::path::Path;
use std::process::Command;

#[test]
fn the_shown_ranking_is_the_real_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = std::fs::read_to_string(root.join("README.md")).expect("README");
    let output = Command::new(env!("CARGO_BIN_EXE_siteband"))
        .args(["rank", "data/scenarios/sino-ri.toml"])
        .current_dir(&root)
        .output()
        .expect("the command runs");
    let real = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(real.contains("none of these"), "{real}");
    assert!(readme.contains(&format!("```text\n{real}```")), "README.md shows another output than this:\n{real}");
}
