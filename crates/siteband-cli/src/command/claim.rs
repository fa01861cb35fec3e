//! `siteband claim`: what the words of a claim mean.

mod json;
mod words;

use std::fmt::Write;
use std::io::Read;

use siteband::limits::TEXT_BYTES;
use siteband::{Band, Claim, Found, Interval, Length, Reading};

use super::reading;
use crate::args::{self, TableOrJson};
use crate::output::write_text;
use crate::report::{paragraph, plain_table, pretty_json, printable};
use crate::{Failure, Outcome};
use json::{ClaimJson, FoundJson};

pub(super) fn run(args: &args::Claim) -> Result<Outcome, Failure> {
    let reading = reading(args.reading.as_deref(), Reading::default())?;
    let said = said(&args.text)?;
    let text = if args.all {
        let found = Claim::find_all(&said);
        match args.format {
            TableOrJson::Json => pretty_json(&FoundJson::new(&said, &found, &reading)),
            TableOrJson::Table => printable(&listed(&said, &found, &reading)),
        }
    } else {
        let claim: Claim = said.parse().map_err(|error: siteband::ParseClaimError| {
            let several = Claim::parse_all(&said).is_ok();
            Failure::input(format!("{error}{}", if several { "; --all lists them" } else { "" }))
        })?;
        match args.format {
            TableOrJson::Json => pretty_json(&ClaimJson::new(&said, &said, &claim, &reading)),
            TableOrJson::Table => printable(&understood(&said, &claim)),
        }
    };
    write_text(None, &text)?;
    Ok(Outcome::Whole)
}

/// The words of the command line, or standard input.
fn said(text: &str) -> Result<String, Failure> {
    if text != "-" {
        return Ok(text.to_owned());
    }
    let mut bytes = Vec::new();
    let some = std::io::stdin().take(TEXT_BYTES as u64 + 1).read_to_end(&mut bytes);
    some.map_err(|error| Failure::input(format!("standard input: {error}")))?;
    if bytes.len() > TEXT_BYTES {
        let most = TEXT_BYTES >> 20;
        return Err(Failure::input(format!(
            "standard input has more than {most} MiB: expected less, a part at a time"
        )));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let perhaps = "perhaps UTF-16, Latin-1 or Windows-1252";
        Failure::input(format!("standard input is not UTF-8 at byte {at}, {perhaps}: expected text in UTF-8"))
    })
}

fn ends(interval: Interval) -> String {
    format!("{:.1}–{:.1}", interval.from.km(), interval.to.km())
}

/// Word by word, and the band under every reading.
fn understood(said: &str, claim: &Claim) -> String {
    let header = ["reading", "core, km", "support, km", "50 %, km", "80 %, km", "90 %, km"];
    let rows = Reading::all().into_iter().map(|reading| {
        let band: Band = reading.band(claim, Length::ZERO);
        let shares = [0.5, 0.8, 0.9].map(|share| ends(band.credible_interval(share)));
        [vec![reading.to_string(), ends(band.core()), ends(band.support())], shares.to_vec()].concat()
    });
    format!("{}\n{}", words::table(said, claim), plain_table(&header, rows))
}

/// Every claim of a paragraph, and what was not understood.
fn listed(said: &str, found: &Found, reading: &Reading) -> String {
    let mut text = String::new();
    let bytes = |span: &std::ops::Range<usize>| format!("{}–{}", span.start, span.end);
    let number = match found.claims.len() {
        0 => "no claims".to_owned(),
        1 => "1 claim".to_owned(),
        more => format!("{more} claims"),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{number}; 90 % under {reading}\n");
    if !found.claims.is_empty() {
        let header = ["bytes", "words", "understood as", "90 %, km"];
        let rows = found.claims.iter().map(|claim| {
            let band = reading.band(claim, Length::ZERO);
            vec![
                bytes(&claim.span()),
                words::one_line(&said[claim.span()]),
                claim.to_string(),
                ends(band.credible_interval(0.9)),
            ]
        });
        let _ = writeln!(text, "{}", plain_table(&header, rows));
    }
    for other in &found.not_understood {
        let words =
            format!("not understood: \"{}\" ({}): {}", words::one_line(&other.text), bytes(&other.span), other.reason);
        text.push_str(&paragraph(&words));
    }
    text
}
