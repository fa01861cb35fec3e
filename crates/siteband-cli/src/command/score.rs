//! `siteband score`: every site of a very large list, row by row.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use siteband::{Position, Scenario, Scorer, SiteBatch, Sites};
use xxhash_rust::xxh3::Xxh3;

use super::{files_of, keep_apart, list_rejected, reading, warn_of_edges};
use crate::args::Score;
use crate::output::{Output, say, written};
use crate::report::{finite, pretty_json};
use crate::score::{Fingerprint, Format, Job, Sink, Source, Totals, Worker, hex, run as run_job};
use crate::{Failure, Outcome};

pub(super) fn run(args: &Score) -> Result<Outcome, Failure> {
    let format = format(args.output.as_deref())?;
    let file = Sink::file(args.output.as_deref());
    if args.resume && file.is_none() {
        return Err(Failure::Usage("--resume goes on with a file: give --output FILE".to_owned()));
    }
    let scenario = Scenario::from_path(&args.scenario).map_err(Failure::input)?;
    let beside = Sink::beside(args.output.as_deref(), args.rejects.as_deref());
    let outputs = [&args.output, &args.rejects, &args.summary].map(Option::as_deref);
    let outputs = ["--output", "--rejects", "--summary"].into_iter().zip(outputs);
    let outputs = outputs.chain(beside.iter().map(|path| ("--output", Some(path.as_path())))).collect::<Vec<_>>();
    let inputs = files_of(&scenario);
    keep_apart(&outputs, &inputs.iter().chain([&args.sites]).map(PathBuf::as_path).collect::<Vec<_>>())?;
    warn_of_edges(scenario.warnings());
    let reading = reading(args.reading.as_deref(), *scenario.reading())?;
    let listed = scenario.reference_sites().map_err(Failure::input)?;
    let of_list = list_rejected(listed.rejected());
    if of_list == Outcome::Partial {
        let (used, rejected) = (listed.len(), listed.rejected().len());
        say(format!(
            "warning: {used} of {} rows of the scenario's own list used, {rejected} rejected",
            used + rejected
        ));
    }
    let mut source = Source::open(&args.sites, args.sites_crs.as_ref())?;
    let scorer = listed.scorer(&scenario.constraints(&reading), scenario.options());
    let worker = Worker { scorer, shape: source.shape(), format };
    worker.check_columns()?;
    let head = worker.head()?;
    // Before the work that would be lost without it.
    let summary = args.summary.as_deref().map(|path| Output::open(Some(path))).transpose()?;
    let streamed = |path: &PathBuf| Output::open(Some(path));
    let (sink, totals, rejects) = if let Some(path) = file {
        let fingerprint = fingerprint(args, &worker, &listed, &head)?;
        let kept = Sink::file(args.rejects.as_deref());
        // A pipe or a device is written to as it is.
        let rejects = args.rejects.as_ref().filter(|_| kept.is_none()).map(streamed).transpose()?;
        let (sink, totals) = Sink::open(path, kept, &head, &fingerprint, &mut source, args.resume)?;
        (sink, totals, rejects)
    } else {
        let rejects = args.rejects.as_ref().map(streamed).transpose()?;
        let mut output = Output::open(args.output.as_deref())?;
        output.write_all(&head).map_err(written)?;
        (Sink::Stream(output), Totals::default(), rejects)
    };
    let ln_none = worker.scorer.log_likelihood_none();
    let job = Job {
        source,
        worker,
        sink,
        totals,
        rejects,
        keeps_rejects: args.rejects.is_some(),
        sites: args.sites.clone(),
        max_errors: args.max_errors,
        threads: threads(args.threads),
    };
    let totals = run_job(job)?;
    if let Some(mut output) = summary {
        let prior_none = scenario.options().none_of_these();
        let summary = Summary::new(&totals, ln_none, prior_none, reading.to_string());
        output.write_all(pretty_json(&summary).as_bytes()).map_err(written)?;
        output.finish()?;
    }
    if totals.rejected == 0 {
        return Ok(of_list);
    }
    say(format!(
        "warning: {} of {} rows scored, {} rejected",
        totals.scored,
        totals.scored + totals.rejected,
        totals.rejected
    ));
    Ok(Outcome::Partial)
}

/// What is needed to make posteriors of the scores.
#[derive(Debug, Serialize)]
struct Summary {
    scored: u64,
    rejected: u64,
    reading: String,
    prior_none: f64,
    log_likelihood_none: Option<f64>,
    /// The sum of the prior weights.
    weight: f64,
    /// ln of the mean likelihood of a scored row, by prior weights.
    log_mean_likelihood: Option<f64>,
    /// The posterior of none of these: a row's own is the rest times its weight times its likelihood, over the sum of that.
    none_of_these: Option<f64>,
}

impl Summary {
    fn new(totals: &Totals, ln_none: f64, prior_none: f64, reading: String) -> Self {
        let ln_mean = totals.ln_sum - totals.weight.ln();
        let (none, some) = (prior_none.ln() + ln_none, (1.0 - prior_none).ln() + ln_mean);
        let posterior = 1.0 / (1.0 + (some - none).exp());
        Self {
            scored: totals.scored,
            rejected: totals.rejected,
            reading,
            prior_none,
            log_likelihood_none: finite(ln_none),
            weight: totals.weight,
            log_mean_likelihood: finite(ln_mean),
            none_of_these: finite(posterior).filter(|_| totals.scored > 0),
        }
    }
}

#[cfg_attr(feature = "parquet", allow(clippy::unnecessary_wraps, reason = "without Parquet it can fail"))]
fn format(output: Option<&Path>) -> Result<Format, Failure> {
    let Some(path) = output else { return Ok(Format::Csv) };
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        #[cfg(feature = "parquet")]
        "parquet" | "geoparquet" => Ok(Format::Parquet),
        #[cfg(not(feature = "parquet"))]
        "parquet" | "geoparquet" => Err(Failure::input(format!(
            "{}: this build does not write Parquet: build siteband with the feature 'parquet'",
            path.display()
        ))),
        _ => Ok(Format::Csv),
    }
}

fn threads(wanted: Option<u64>) -> usize {
    let variable =
        || std::env::var("RAYON_NUM_THREADS").ok().and_then(|text| text.parse().ok()).filter(|count| *count > 0);
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    wanted.and_then(|count| usize::try_from(count).ok()).or_else(variable).unwrap_or_else(cores)
}

/// What decides about the scores: the scenario's text, and what its data make of some places.
fn fingerprint(args: &Score, worker: &Worker<'_>, listed: &Sites, head: &[u8]) -> Result<Fingerprint, Failure> {
    if !args.scenario.is_file() {
        let words = "scores that can be resumed need a scenario that can be read again: expected a file, not a pipe";
        return Err(Failure::input(format!("{}: {words}", args.scenario.display())));
    }
    let text = std::fs::read(&args.scenario)
        .map_err(|error| Failure::input(format!("{}: {error}", args.scenario.display())))?;
    let mut digest = Xxh3::new();
    digest.update(&text);
    digest.update(args.sites_crs.as_ref().map(ToString::to_string).unwrap_or_default().as_bytes());
    for ln in probed(&worker.scorer, listed) {
        digest.update(&ln.to_bits().to_le_bytes());
    }
    Ok(Fingerprint {
        siteband: env!("CARGO_PKG_VERSION").to_owned(),
        question: hex(digest.digest()),
        columns: worker.shape.columns().into_iter().map(str::to_owned).collect(),
        head: hex(xxhash_rust::xxh3::xxh3_64(head)),
        has_rejects: args.rejects.is_some(),
    })
}

/// The likelihoods of each listed site, of a place beside it, and of none of these: whatever changes in the data shows in them.
fn probed(scorer: &Scorer<'_>, listed: &Sites) -> Vec<f64> {
    let mut places: SiteBatch = listed.as_slice().iter().collect();
    for site in listed.as_slice() {
        let (lat_deg, lon_deg) = (site.position().lat_deg(), site.position().lon_deg());
        if let Ok(beside) = Position::new((lat_deg + 0.37).min(90.0), lon_deg) {
            places.push("", beside, [], 1.0);
        }
    }
    for (lat_deg, lon_deg) in [(0.0, 0.0), (45.0, 120.0), (-45.0, -120.0), (80.0, 10.0)] {
        if let Ok(place) = Position::new(lat_deg, lon_deg) {
            places.push("", place, [], 1.0);
        }
    }
    let mut all = scorer.score_batch(&places).log_likelihoods;
    all.push(scorer.log_likelihood_none());
    all
}
