//! Everything that can be wrong with what the commands are given: each is refused or rejected with its place and its reason.

mod common;

#[path = "bad_input/arguments.rs"]
mod arguments;
#[path = "bad_input/features.rs"]
mod features;
#[path = "bad_input/garbage.rs"]
mod garbage;
#[path = "bad_input/judgements.rs"]
mod judgements;
#[path = "bad_input/rows.rs"]
mod rows;
#[path = "bad_input/scenarios.rs"]
mod scenarios;
#[path = "bad_input/sites.rs"]
mod sites;

/// A list of sites without faults.
const GOOD_SITES: &str = "id,lat,lon,tags\na,39.6,125.3,training\nb,40,126,\n";

/// A scenario without faults, of ten lines.
const SCENARIO: &str = r#"sites = "sites.csv"
none_of_these = 0.2

[[source]]
id = "diplomat"
reliability = 0.9

[[claim]]
source = "diplomat"
text = "about 85 kilometers from the North Korean border with China"
"#;

/// UTF-16 with a byte order mark, the little end first, as spreadsheets write it.
fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// Latin-1.
fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).expect("a character of Latin-1")).collect()
}
