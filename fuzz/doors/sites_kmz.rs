//! A list of sites in KMZ.

use std::io::{Cursor, Write};

use siteband::Sites;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Whatever the archive is, it is a list whose rejected rows have reasons, or refused with one. And whatever the text is, it is the same
/// list in an archive, stored or deflated.
pub(crate) fn door(data: &[u8]) {
    match Sites::from_kmz(Cursor::new(data)) {
        Ok(sites) => assert!(sites.rejected().iter().all(|row| !row.reason.is_empty())),
        Err(error) => assert!(!error.reason.is_empty()),
    }
    if data.starts_with(b"PK") {
        return;
    }
    let method = if data.len().is_multiple_of(2) { CompressionMethod::Stored } else { CompressionMethod::Deflated };
    let archived = Sites::from_kmz(Cursor::new(archive(data, method)));
    match Sites::from_kml(data) {
        Ok(sites) => {
            let archived = archived.expect("the same text");
            assert_eq!((archived.as_slice(), archived.rejected()), (sites.as_slice(), sites.rejected()));
        }
        Err(error) => {
            let other = archived.map(drop).expect_err("the same text");
            assert_eq!(other.reason, format!("doc.kml in the archive: {}", error.reason));
        }
    }
}

fn archive(text: &[u8], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("doc.kml", SimpleFileOptions::default().compression_method(method)).expect("in memory");
    writer.write_all(text).expect("in memory");
    writer.finish().expect("in memory").into_inner()
}
