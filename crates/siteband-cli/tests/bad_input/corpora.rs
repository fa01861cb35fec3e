//! Tables of claims with known truth that cannot be read, or have nothing to calibrate on.

use crate::{Case, utf16, utf16_big};

pub(crate) fn corpora_that_cannot_be_read() -> Vec<Case> {
    vec![
        ("empty", Vec::new(), &["the table is empty", "claim, lat and lon"]),
        ("no claim", b"id,lat,lon\na,39,125\n".into(), &["the column 'claim' is missing", "found id, lat, lon"]),
        ("no lat", b"claim,lon\n85 km from Seoul,125\n".into(), &["the column 'lat' is missing", "claim, lat and lon"]),
        ("longer names", b"claim,latitude,lon\n".into(), &["the column 'lat' is missing", "rename 'latitude'?"]),
        ("column twice", b"claim,lat,lon,Lat\n".into(), &["the column 'lat' stands twice"]),
        ("semicolons", b"claim;lat;lon\n85 km from Seoul;39;125\n".into(), &["separated by ';'"]),
        ("tabs", b"claim\tlat\tlon\n".into(), &["separated by '\\t'"]),
        ("UTF-16", utf16("claim,lat,lon\n"), &["UTF-16 (little-endian)"]),
        ("UTF-16, no mark", utf16_big("claim,lat,lon\n"), &["UTF-16 (big-endian)"]),
        ("a spreadsheet", b"PK\x03\x04\x14\0".into(), &["an archive (ZIP), as spreadsheets are"]),
        ("zeros", vec![0; 1000], &["binary"]),
        (
            "too many columns",
            format!("claim,lat,lon{}\n", ",x".repeat(20_000)).into(),
            &["20003 columns", "16384 at most"],
        ),
        (
            "a header without end",
            format!("claim,\"lat{}", "x".repeat(17 << 20)).into(),
            &["the header: ", "longer than 16 MiB", "quotation mark"],
        ),
    ]
}
