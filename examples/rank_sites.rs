//! Which of a list of sites fits several statements best, and how likely is it that none does?
//!
//!     cargo run --example rank_sites

use std::path::Path;
use std::sync::Arc;

use siteband::{Atlas, Constraint, Length, RankOptions, Reading, SearchRegion, Sites, Source};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let atlas = Atlas::bundled();
    let sites = Sites::from_path(Path::new("data/sites/dprk-facilities.csv"))?;
    let reading = Reading::default();

    // Each statement by its source: what one source says stands or falls together.
    let report = Source::new("report", 0.9)?;
    let analyst = Source::admiralty("analyst", 'C').ok_or("a letter of the Admiralty scale")?;
    let claim = "about 85 kilometers from the North Korean border with China".parse()?;
    let pyongyang = Arc::clone(atlas.resolve("Pyongyang")?);
    let constraints = [
        Constraint::resolve(&claim, &atlas, &reading)?.with_source(report),
        Constraint::away_from(pyongyang, Length::from_km(40.0)?, Length::from_km(10.0)?)?.with_source(analyst.clone()),
        Constraint::attribute("training", 3.0, 1.0)?.with_source(analyst).with_id("analyst-2"),
    ];

    // A site that is on no list could be anywhere in the country.
    let options = RankOptions::default().with_search_region(SearchRegion::area(atlas.resolve("North Korea")?)?);
    let ranking = sites.rank(&constraints, &options);
    for ranked in ranking.top(5) {
        let reasons: Vec<String> = ranked
            .evidence
            .iter()
            .map(|evidence| format!("{} {:+.1} dB", evidence.claim, evidence.decibans.unwrap_or(f64::NEG_INFINITY)))
            .collect();
        println!(
            "{} {:<16} {:>5.1} %  {}",
            ranked.rank,
            ranked.site.id(),
            100.0 * ranked.posterior,
            reasons.join(", ")
        );
    }
    println!("  {:<16} {:>5.1} %", "none of these", 100.0 * ranking.none_of_these);
    Ok(())
}
