//! How far can the ranking of a scenario be trusted, and what would overturn it?
//!
//!     cargo run --release --example how_far_to_trust

use std::path::Path;

use siteband::{Reading, Scenario};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scenario = Scenario::from_path(Path::new("data/scenarios/sino-ri.toml"))?;
    let sites = scenario.load_sites()?;
    let constraints = scenario.constraints(&Reading::default());
    let report = sites.robustness(&constraints, scenario.options(), &scenario.robustness_options());

    for sentence in report.sentences() {
        println!("- {sentence}");
    }

    // The same as data: which numbers would have to be others, and could be.
    for point in report.tipping_points.iter().filter(|point| point.is_plausible) {
        let (tips_at, then) = (point.tips_at.unwrap_or(f64::NAN), point.then.as_deref().unwrap_or("no site"));
        println!("{}: {} now, {then} at {tips_at:.3}", point.parameter, point.value);
    }
    Ok(())
}
