//! Reports to test with: the scenario that comes with the project, and one whose names are hostile.

#![allow(dead_code, reason = "each test file uses its own part of these helpers")]

use std::path::{Path, PathBuf};

use siteband::{Position, Reading, Scenario, Site, Sites};
use siteband_map::Report;

/// The top of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The scenario that comes with the project.
pub(crate) fn sino_ri() -> (Scenario, Sites) {
    let scenario = Scenario::from_path(&repository().join("data/scenarios/sino-ri.toml")).expect("the scenario");
    let sites = scenario.load_sites().expect("its list");
    (scenario, sites)
}

/// Names that somebody chose to break a map.
pub(crate) fn hostile_names() -> Vec<String> {
    let mut names: Vec<String> = [
        "<script>alert(1)</script>",
        "=cmd()",
        "]]>",
        "\u{202e}\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
        "a control character \u{1}",
        "\"quotes\" and 'quotes'",
        "a | bar and `backticks` and a \\",
        "two\nlines",
        "$[description] &amp; &#60;b&#62;",
        "[link](javascript:alert(1)) **bold** _it_ ~~no~~",
        "--> <!-- ?> <?xml",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("x".repeat(300));
    names
}

/// Sites with these names, ids, groups and tags, not far from each other.
pub(crate) fn hostile_sites() -> Sites {
    let site = |(at, name): (usize, String)| {
        let lat_deg = 39.0 + 0.1 * f64::from(u8::try_from(at).expect("a few"));
        Site::new(format!("{at}-{name}"), Position::new(lat_deg, 125.5).expect("a position"))
            .with_group(name.clone())
            .with_tags([name.clone()])
            .with_name(name)
    };
    Sites::new(hostile_names().into_iter().enumerate().map(site).collect()).expect("ids of their own")
}

/// Many sites on a grid.
pub(crate) fn many_sites(count: usize) -> Sites {
    let site = |at: usize| {
        let (row, column) = (u32::try_from(at / 100).expect("a few"), u32::try_from(at % 100).expect("a few"));
        let position =
            Position::new(38.0 + 0.04 * f64::from(row), 124.5 + 0.05 * f64::from(column)).expect("a position");
        Site::new(format!("s{at}"), position)
    };
    Sites::new((0..count).map(site).collect()).expect("ids of their own")
}

/// A report under the default reading.
pub(crate) fn report<'a>(scenario: &'a Scenario, sites: &'a Sites) -> Report<'a> {
    Report::new(scenario, sites, &Reading::default())
}
