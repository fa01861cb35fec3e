//! How well does one place fit one sentence?
//!
//!     cargo run --example one_claim_one_site

use siteband::{Atlas, Claim, Position, Reading};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // What was said, word by word.
    let claim: Claim = "a military facility about 85 kilometers from the North Korean border with China".parse()?;
    println!("said: {claim}");
    println!("not used: {}", claim.skipped().join(", "));

    // What it means: a band of distances from a border.
    let atlas = Atlas::bundled();
    let border = atlas.resolve(claim.feature())?;
    let band = Reading::default().band(&claim, border.position_uncertainty());
    let most_likely = band.credible_interval(0.9);
    println!("means: {} to {} (90 %) from the {}", most_likely.from, most_likely.to, border.name());

    // What the place shows.
    let sino_ri: Position = "39°38′50″N 125°22′03″E".parse()?;
    let nearest = border.nearest(sino_ri);
    let likelihood = band.log_likelihood(nearest.distance, sino_ri.uncertainty()).exp();
    println!("shows: {:.2} km, nearest at {}", nearest.distance.km(), nearest.position);
    println!("likelihood: {likelihood:.4} per km");
    Ok(())
}
