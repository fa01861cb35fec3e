//! Every site between two distances from a border, and the best few without looking at all of a long list.
//!
//!     cargo run --release --example search_by_band

use siteband::{Atlas, Constraint, Interval, Length, Position, RankOptions, Reading, SearchRegion, Site, Sites};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let atlas = Atlas::bundled();
    let border = atlas.resolve("the Chinese border")?;

    // A grid of made-up sites over North Korea and around it, some five kilometres apart, on both sides of the border.
    let mut grid = Vec::new();
    for row in 0..100_u32 {
        for column in 0..100_u32 {
            let position = Position::new(38.0 + 0.045 * f64::from(row), 124.5 + 0.06 * f64::from(column))?;
            grid.push(Site::new(format!("r{row:02}-c{column:02}"), position));
        }
    }
    let sites = Sites::new(grid)?;

    let band = Interval { from: Length::from_km(75.0)?, to: Length::from_km(105.0)? };
    let found = sites.within_band(border, band);
    println!("{} of {} sites lie 75 to 105 km from the {}", found.len(), sites.len(), border.name());

    let claim = "about 85 km from the Chinese border".parse()?;
    let constraint = Constraint::resolve(&claim, &atlas, &Reading::default())?;
    let options = RankOptions::default().with_search_region(SearchRegion::area(atlas.resolve("North Korea")?)?);
    for (site, _) in sites.top_k(3, &[constraint], &options) {
        println!("{}  {:.2} km", site.id(), border.nearest(site.position()).distance.km());
    }
    Ok(())
}
