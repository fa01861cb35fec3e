//! Every claim of a text, what it means, and what of the text was not understood.
//!
//!     cargo run --example read_a_report

use siteband::{Claim, Length, Reading};

const REPORT: &str = "Iranian experts are stationed at a military facility about 85 kilometers from the North Korean border with \
    China, a diplomat said in 2012. Yongnim lies 242 kilometers north of the demilitarized zone and only 65 kilometers from the \
    Chinese border. Its missiles have a range of 1,300 km.";

fn main() {
    let found = Claim::find_all(REPORT);
    for claim in &found.claims {
        let ninety = Reading::default().band(claim, Length::ZERO).credible_interval(0.9);
        println!("{:?}: {claim}; 90 % within {} to {}", claim.span(), ninety.from, ninety.to);
    }
    for other in &found.not_understood {
        println!("{:?}: '{}' was not understood: {}", other.span, other.text, other.reason);
    }
}
