//! A list of sites in GeoJSON, or as a sequence of such texts.

use serde_json::Value;
use siteband::{Rejected, Site, SiteSequence, Sites};

use super::trickle::Trickle;

/// Every feature is a site or is rejected with its number and its reason. The features of a collection, one a line, are the same list. In
/// a sequence, whatever it is, every text that is not blank is a site or is rejected, however its bytes arrive.
pub(crate) fn door(data: &[u8]) {
    match Sites::from_geojson(data) {
        Ok(sites) => {
            let text = std::str::from_utf8(data).expect("text was read").trim_start_matches('\u{feff}');
            let value: Value = serde_json::from_str(text).expect("JSON was read");
            check_rejected(&sites);
            let Some(features) = value.get("features").and_then(Value::as_array) else {
                assert_eq!(sites.len() + sites.rejected().len(), 1);
                return;
            };
            assert_eq!(sites.len() + sites.rejected().len(), features.len());
            let lines: Vec<String> = features.iter().map(Value::to_string).collect();
            let sequence = Sites::from_geojson_sequence(lines.join("\n").as_bytes()).expect("a sequence");
            assert_eq!(sequence.as_slice(), sites.as_slice());
            assert_eq!(sequence.rejected().len(), sites.rejected().len());
        }
        Err(error) => assert!(!error.reason.is_empty()),
    }
    check_sequence(data);
}

fn check_rejected(sites: &Sites) {
    for row in sites.rejected() {
        assert!(row.column.starts_with("feature ") && !row.reason.is_empty(), "{row:?}");
    }
}

fn check_sequence(data: &[u8]) {
    let sequence = match SiteSequence::new(data) {
        Ok(sequence) => sequence,
        Err(error) => {
            assert_eq!(SiteSequence::new(Trickle::new(data, 1)).map(drop), Err(error));
            return;
        }
    };
    let rows: Vec<Result<Site, Rejected>> = sequence.collect();
    let text = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let separator = if text.first() == Some(&0x1e) { 0x1e } else { b'\n' };
    let is_blank = |text: &&[u8]| text.iter().all(u8::is_ascii_whitespace);
    assert_eq!(rows.len(), text.split(|byte| *byte == separator).filter(|text| !is_blank(text)).count());
    for row in rows.iter().filter_map(|row| row.as_ref().err()) {
        assert!(row.line.is_some() && !row.reason.is_empty(), "{row:?}");
    }
    let trickled: Vec<_> = SiteSequence::new(Trickle::new(data, 1)).expect("a sequence").collect();
    assert_eq!(trickled, rows);
    let sites = Sites::from_geojson_sequence(data).expect("a sequence");
    assert_eq!(sites.len() + sites.rejected().len(), rows.len());
}
