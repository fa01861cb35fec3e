//! The text of a position.

use siteband::Position;

/// What is understood lies on the Earth, and is the same place to the bit when it is printed and read again, as text and as numbers;
/// in two fields it is read as the columns of a table are. What is not understood has a reason.
pub(crate) fn door(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    check(text.parse::<Position>(), text);
    // The first line as the one field, the rest as the other.
    let (lat, lon) = text.split_once('\n').unwrap_or((text, text));
    check(Position::from_fields(lat, lon), text);
}

fn check(read: Result<Position, siteband::ParsePositionError>, text: &str) {
    match read {
        Ok(position) => {
            let place = |position: &Position| (position.lat_deg(), position.lon_deg());
            let (lat_deg, lon_deg) = place(&position);
            assert!((-90.0..=90.0).contains(&lat_deg) && (-180.0..180.0).contains(&lon_deg), "{text:?}: {position}");
            assert!(position.uncertainty().m().is_finite(), "{text:?}");
            let printed = position.to_string();
            match printed.parse::<Position>() {
                Ok(again) => assert_eq!(place(&again), place(&position), "{text:?} is printed as {printed:?}"),
                Err(error) => panic!("{text:?} is printed as {printed:?}: {error}"),
            }
            let json = serde_json::to_string(&position).expect("numbers");
            let again: Position = serde_json::from_str(&json).expect("a position again");
            assert_eq!(again, position, "{text:?} as {json}");
        }
        Err(error) => assert!(!error.reason.is_empty()),
    }
}
