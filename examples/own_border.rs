//! A border of your own, from GeoJSON, and the exact distance to it.
//!
//!     cargo run --example own_border

use siteband::{Atlas, Length, Position};

const BORDER: &str = r#"{
    "type": "Feature",
    "id": "no-se",
    "properties": {
        "name": "Norway - Sweden border, three points of it",
        "countries": ["NO", "SE"],
        "position_uncertainty_m": 20000
    },
    "geometry": {"type": "LineString", "coordinates": [[11.2, 59.1], [12.2, 61.0], [14.0, 65.0]]}
}"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let atlas = Atlas::from_geojson(BORDER.as_bytes())?;
    // Found by the words that a report would use.
    let border = atlas.resolve("the Swedish border with Norway")?;
    let oslo: Position = "59.9139 N 10.7522 E".parse()?;

    let nearest = border.nearest(oslo);
    println!(
        "{}: {:.3} km to segment {} at {:.4}, {:.4}",
        border.id(),
        nearest.distance.km(),
        nearest.segment,
        nearest.position.lat_deg(),
        nearest.position.lon_deg()
    );
    println!("within 60 km: {}", border.is_within(oslo, Length::from_km(60.0)?));
    println!("within 30 km: {}", border.is_within(oslo, Length::from_km(30.0)?));

    // The same without an index, as a check.
    assert_eq!(nearest, border.nearest_brute_force(oslo));
    Ok(())
}
