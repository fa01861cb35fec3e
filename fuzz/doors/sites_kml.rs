//! A list of sites in KML.

use quick_xml::events::Event;
use siteband::Sites;

use super::trickle::Trickle;

/// Every placemark, and every link to other places, is a site or is rejected with its number, its line and its reason; the list is the
/// same however its bytes arrive.
pub(crate) fn door(data: &[u8]) {
    let read = Sites::from_kml(data);
    let trickled = Sites::from_kml(Trickle::new(data, 1));
    match read {
        Ok(sites) => {
            let trickled = trickled.expect("the same text");
            assert_eq!((trickled.as_slice(), trickled.rejected()), (sites.as_slice(), sites.rejected()));
            assert_eq!(sites.len() + sites.rejected().len(), placemarks(data));
            let lines = data.split(|byte| *byte == b'\n').count() as u64;
            for row in sites.rejected() {
                assert!(row.column.starts_with("placemark ") && !row.reason.is_empty(), "{row:?}");
                assert!(row.line.is_some_and(|line| (1..=lines).contains(&line)), "{row:?}");
            }
        }
        Err(error) => {
            assert!(!error.reason.is_empty());
            assert_eq!(trickled.map(drop), Err(error));
        }
    }
}

/// How many placemarks and links there are that stand in no placemark.
fn placemarks(data: &[u8]) -> usize {
    let mut xml = quick_xml::Reader::from_reader(data);
    xml.config_mut().expand_empty_elements = true;
    let (mut buffer, mut count, mut depth, mut inside) = (Vec::new(), 0, 0, None);
    loop {
        match xml.read_event_into(&mut buffer).expect("XML was read") {
            Event::Start(tag) => {
                depth += 1;
                let is_row = matches!(tag.local_name().as_ref(), "Placemark" | "NetworkLink");
                if inside.is_none() && is_row {
                    count += 1;
                    inside = (tag.local_name().as_ref() == "Placemark").then_some(depth);
                }
            }
            Event::End(_) => {
                inside = inside.filter(|placemark| *placemark < depth);
                depth -= 1;
            }
            Event::Eof => return count,
            _ => {}
        }
        buffer.clear();
    }
}
