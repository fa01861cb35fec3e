//! The same words under every reading: where a hard band leaves nothing, a wider one leaves doubt.
//!
//!     cargo run --example compare_readings

use std::path::Path;

use siteband::{Reading, Scenario};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scenario = Scenario::from_path(Path::new("data/scenarios/sino-ri.toml"))?;
    let sites = scenario.load_sites()?;
    println!("{:<14} {:<18} {:>8} {:>10}", "reading", "first", "sino-ri", "none");
    for reading in Reading::all() {
        let ranking = scenario.rank(&sites, &reading);
        let possible = ranking.top(1).find(|first| first.posterior > 0.0);
        let sino_ri = ranking.get("sino-ri").ok_or("a listed site")?;
        println!(
            "{:<14} {:<18} {:>6.1} % {:>8.1} %",
            reading.name(),
            possible.map_or("no site", |first| first.site.id()),
            100.0 * sino_ri.posterior,
            100.0 * ranking.none_of_these
        );
    }
    Ok(())
}
