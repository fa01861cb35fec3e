//! The JSON Schema that is shipped is the one that the types give.
//!
//! After a change of the format, write it anew:
//!
//!     SITEBAND_WRITE_SCHEMA=1 cargo test -p siteband --all-features --test scenario_schema
#![cfg(feature = "schema")]

use std::fs;
use std::path::Path;

#[test]
fn the_shipped_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/scenarios/schema.json");
    let current = format!("{}\n", serde_json::to_string_pretty(&siteband::schema()).expect("JSON"));
    if std::env::var_os("SITEBAND_WRITE_SCHEMA").is_some() {
        fs::write(&path, &current).expect("written");
    }
    assert_eq!(fs::read_to_string(&path).expect("shipped"), current);
}

/// Like the reader, the schema refuses keys that it does not know, everywhere; and it knows every key of the shipped scenario.
#[test]
fn the_schema_knows_its_keys() {
    fn closed(value: &serde_json::Value) {
        if let Some(object) = value.as_object() {
            if object.contains_key("properties") {
                assert_eq!(object.get("additionalProperties"), Some(&serde_json::Value::Bool(false)), "{value}");
            }
            object.values().for_each(closed);
        }
    }
    let schema = siteband::schema();
    closed(&schema);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/scenarios/sino-ri.toml");
    let scenario: toml::Table = fs::read_to_string(path).expect("shipped").parse().expect("TOML");
    for key in scenario.keys() {
        assert!(schema["properties"].get(key).is_some(), "{key}");
    }
    for claim in scenario["claim"].as_array().expect("claims") {
        for key in claim.as_table().expect("a claim").keys() {
            assert!(schema["$defs"]["ClaimEntry"]["properties"].get(key).is_some(), "{key}");
        }
    }
}
