//! Everything that can be wrong with what the commands are given: each is refused or rejected with its place and its reason, leaves no
//! file behind, and takes no time.

mod common;

#[path = "bad_input/arguments.rs"]
mod arguments;
#[path = "bad_input/claims.rs"]
mod claims;
#[path = "bad_input/corpora.rs"]
mod corpora;
#[path = "bad_input/features.rs"]
mod features;
#[path = "bad_input/garbage.rs"]
mod garbage;
#[path = "bad_input/judgements.rs"]
mod judgements;
#[path = "bad_input/lists.rs"]
mod lists;
#[path = "bad_input/rows.rs"]
mod rows;
#[path = "bad_input/scenarios.rs"]
mod scenarios;
#[path = "bad_input/ways.rs"]
mod ways;

use std::collections::BTreeSet;

/// A bad input: its name, its content, and what is said of it.
type Case = (&'static str, Vec<u8>, &'static [&'static str]);

/// A test for each table, which gives its cases to every command that reads the like; and one that counts what is in them.
macro_rules! tables {
    ($($module:ident::$table:ident as $way:ident),* $(,)?) => {
        $(
            #[test]
            fn $table() {
                ways::$way(&$module::$table());
            }
        )*

        #[test]
        fn there_are_many_and_no_two_are_the_same() {
            let (mut known, mut cases) = (BTreeSet::new(), 0);
            $(
                for (case, content, _) in $module::$table() {
                    let is_new = known.insert((stringify!($way), content));
                    assert!(is_new, "{} {case} is there already", stringify!($table));
                    cases += 1;
                }
            )*
            let said = format!("| {cases} bad inputs, no two the same");
            assert!(include_str!("../../../docs/TESTING.md").contains(&said), "docs/TESTING.md lacks '{said}'");
            assert!(cases >= 250, "{cases} bad inputs");
        }
    };
}

tables! {
    scenarios::scenarios_that_are_no_toml as toml,
    scenarios::scenarios_with_wrong_keys_and_types as toml,
    scenarios::scenarios_with_wrong_sources as toml,
    scenarios::scenarios_with_wrong_statements as toml,
    scenarios::scenarios_with_wrong_surroundings as toml,
    scenarios::scenarios_with_wrong_gazetteers as toml,
    scenarios::ways_and_sides_that_do_not_fit as toml,
    scenarios::scenarios_that_are_too_much as toml,
    scenarios::scenarios_in_json as json,
    judgements::arguments_about_places_that_do_not_fit as toml,
    judgements::scenarios_with_wrong_tempering as toml,
    judgements::scenarios_with_wrong_assumptions as toml,
    judgements::scenarios_with_wrong_other_atlases as toml,
    features::texts_that_are_no_features as geojson_features,
    features::geometries_that_are_nowhere_on_earth as geojson_features,
    features::features_with_wrong_properties as geojson_features,
    lists::tables_that_cannot_be_read as csv,
    lists::geojson_that_cannot_be_read as geojson,
    lists::sequences_that_cannot_be_read as geojsonl,
    lists::kml_that_cannot_be_read as kml,
    lists::archives_that_cannot_be_read as kmz,
    lists::saved_indexes_that_cannot_be_read as sbx,
    corpora::corpora_that_cannot_be_read as corpus,
    claims::words_that_are_no_claim as words_of_claims,
    arguments::command_lines_that_make_no_sense as arguments,
    arguments::commands_that_can_do_nothing as commands,
}

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

/// Claims without faults.
const CORPUS: &str = "claim,lat,lon\n85 km from Seoul,38.2,127.1\nabout 63 km from Pyongyang,39.5,125.4\n";

/// UTF-16 with a byte order mark, the little end first, as spreadsheets write it.
fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// UTF-16 without a mark, the big end first.
fn utf16_big(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// Latin-1.
fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).expect("a character of Latin-1")).collect()
}
