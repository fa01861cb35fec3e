//! `siteband claim`: what the words of a claim mean.

use std::fmt::Write;

use serde::Serialize;
use siteband::{Band, Claim, Interval, Length, Reading, Unit};

use super::reading;
use crate::args::{self, TableOrJson};
use crate::output::write_text;
use crate::report::{plain_table, pretty_json};
use crate::{Failure, Outcome};

#[derive(Serialize)]
struct ClaimJson<'a> {
    text: &'a str,
    hedge: Option<siteband::Hedge>,
    value: f64,
    unit: Unit,
    offset_m: f64,
    direction: Option<&'a str>,
    feature: &'a str,
    skipped: &'a [String],
    reading: &'a Reading,
    band: BandJson,
}

#[derive(Serialize)]
struct BandJson {
    core_m: [f64; 2],
    support_m: [f64; 2],
    credible_50_m: [f64; 2],
    credible_80_m: [f64; 2],
    credible_90_m: [f64; 2],
}

impl BandJson {
    fn new(band: &Band) -> Self {
        let ends = |interval: Interval| [interval.from.m(), interval.to.m()];
        Self {
            core_m: ends(band.core()),
            support_m: ends(band.support()),
            credible_50_m: ends(band.credible_interval(0.5)),
            credible_80_m: ends(band.credible_interval(0.8)),
            credible_90_m: ends(band.credible_interval(0.9)),
        }
    }
}

pub(super) fn run(args: &args::Claim) -> Result<Outcome, Failure> {
    let claim: Claim = args.text.parse().map_err(Failure::input)?;
    let reading = reading(args.reading.as_deref(), Reading::default())?;
    let text = match args.format {
        TableOrJson::Json => pretty_json(&ClaimJson {
            text: &args.text,
            hedge: claim.hedge(),
            value: claim.offset().value(),
            unit: claim.unit(),
            offset_m: claim.offset_length().m(),
            direction: claim.direction().map(siteband::Direction::name),
            feature: claim.feature(),
            skipped: claim.skipped(),
            reading: &reading,
            band: BandJson::new(&reading.band(&claim, Length::ZERO)),
        }),
        TableOrJson::Table => understood(&claim),
    };
    write_text(None, &text)?;
    Ok(Outcome::Whole)
}

fn understood(claim: &Claim) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<10} {value}");
    };
    line("hedge", &claim.hedge().map_or_else(|| "none".to_owned(), |hedge| hedge.to_string()));
    line("offset", &format!("{} {} = {:.3} km", claim.offset(), claim.unit(), claim.offset_length().km()));
    line("direction", claim.direction().map_or("none stated", siteband::Direction::name));
    line("feature", claim.feature());
    for skipped in claim.skipped() {
        line("not used", &format!("\"{skipped}\""));
    }
    let header = ["reading", "core, km", "support, km", "50 %, km", "80 %, km", "90 %, km"];
    let rows = Reading::all().into_iter().map(|reading| {
        let band = reading.band(claim, Length::ZERO);
        let ends = |interval: Interval| format!("{:.1}–{:.1}", interval.from.km(), interval.to.km());
        vec![
            reading.name().to_owned(),
            ends(band.core()),
            ends(band.support()),
            ends(band.credible_interval(0.5)),
            ends(band.credible_interval(0.8)),
            ends(band.credible_interval(0.9)),
        ]
    });
    format!("{text}\n{}", plain_table(&header, rows))
}
