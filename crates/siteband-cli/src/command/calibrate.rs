//! `siteband calibrate`: how far a reading can be trusted, on claims whose truth is known.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use siteband::{
    Atlas, Calibration, Corpus, Fit, Observation, Origin, Reading, Residual, baselines, fit, fitted_contamination,
    residuals,
};

use super::{atlas, keep_apart, list_rejected, reading, warn_of_edges};
use crate::args::{Calibrate, Part, TableOrJson};
use crate::output::{say, write_text};
use crate::report::{calibration_svg, one_line, plain_table, pretty_json, printable};
use crate::{Failure, Outcome};

/// Everything that is said of a corpus.
#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    reading: Reading,
    claims: usize,
    training: usize,
    test: usize,
    shown: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fit: Option<Fit>,
    rules: Vec<Rule>,
    by: BTreeMap<&'static str, Vec<Rule>>,
    mixed_up: Vec<Suspect<'a>>,
    far_off: Vec<Suspect<'a>>,
    worst: Vec<Suspect<'a>>,
    rejected: &'a [siteband::Rejected],
}

/// One rule, or one part of the claims, and how the reading fares.
#[derive(Serialize)]
struct Rule {
    name: String,
    #[serde(flatten)]
    calibration: Calibration,
}

/// A claim that is worth a look.
#[derive(Clone, Serialize)]
struct Suspect<'a> {
    id: &'a str,
    name: &'a str,
    corpus: &'a str,
    line: Option<u64>,
    claim: &'a str,
    said_km: f64,
    true_km: f64,
    log_likelihood: f64,
    origin: Option<Origin>,
    probability: f64,
}

impl Suspect<'_> {
    /// Whether this is what probably happened.
    fn is(&self, origin: impl Fn(Origin) -> bool) -> bool {
        self.probability > 0.5 && self.origin.is_some_and(origin)
    }

    fn is_far_off(&self) -> bool {
        self.is(|origin| origin == Origin::Gross)
    }
}

pub(super) fn run(args: &Calibrate) -> Result<Outcome, Failure> {
    let mut chosen = reading(args.reading.as_deref(), Reading::default())?;
    let inputs: Vec<&Path> = args.corpus.iter().chain(&args.atlas).map(PathBuf::as_path).collect();
    keep_apart(&[("--picture", args.picture.as_deref())], &inputs)?;
    let corpus = load(args)?;
    // Before anything else can fail: a row that was left out may be the reason.
    let outcome = list_rejected(corpus.rejected());
    if outcome == Outcome::Partial {
        let (used, rejected) = (corpus.observations().len(), corpus.rejected().len());
        say(format!("warning: {used} of {} claims used, {rejected} rejected", used + rejected));
    }
    let training: Vec<&Observation> = corpus.training().collect();
    let test: Vec<&Observation> = corpus.test().collect();
    let fitted = if args.fit {
        let fitted = fit(&chosen, &training).map_err(Failure::input)?;
        chosen = fitted.reading;
        Some(fitted)
    } else {
        None
    };
    let (shown, observations) = match args.part {
        Part::All => ("all claims", corpus.observations().iter().collect()),
        Part::Training => ("the training part", training.clone()),
        Part::Test => ("the test part", test.clone()),
    };
    let contamination =
        fitted.as_ref().map_or_else(|| fitted_contamination(&chosen, &training), |fitted| fitted.contamination);
    let own = residuals(&chosen, &observations);
    let Some(calibration) = Calibration::of(&own, contamination) else {
        let place = if args.part == Part::All { String::new() } else { format!(" in {shown}") };
        return Err(Failure::input(format!("there is no claim to calibrate on{place}")));
    };

    let by = by_kind(&own, &observations, contamination);
    // After a fit the reading as it was stands among the others.
    let name = if args.fit { format!("{chosen} (fitted here)") } else { chosen.to_string() };
    let mut rules = vec![Rule { name, calibration }];
    let others = Reading::named().into_iter().filter(|other| *other != chosen);
    let others = others.map(|other| (other.to_string(), other));
    for (name, other) in
        others.chain(baselines(&training).into_iter().map(|baseline| (baseline.name, baseline.reading)))
    {
        let contamination = fitted_contamination(&other, &training);
        if let Some(calibration) = Calibration::of(&residuals(&other, &observations), contamination) {
            rules.push(Rule { name, calibration });
        }
    }
    if let Some(path) = &args.picture {
        write_text(Some(path), &calibration_svg(&rules[0].name, &rules[0].calibration, shown))?;
    }
    let mut suspects = suspects(&chosen, &observations);
    let is_mixed_up = |suspect: &mut Suspect| suspect.is(|origin| matches!(origin, Origin::MixedUp { .. }));
    let mixed_up = suspects.extract_if(.., is_mixed_up).collect();
    let far_off = suspects.iter().filter(|suspect| suspect.is_far_off()).cloned().collect();
    let report = Report {
        schema: 1,
        reading: chosen,
        claims: corpus.observations().len(),
        training: training.len(),
        test: test.len(),
        shown,
        fit: fitted,
        rules,
        by,
        mixed_up,
        far_off,
        worst: suspects.into_iter().take(10).collect(),
        rejected: corpus.rejected(),
    };
    let written = match args.format {
        TableOrJson::Json => pretty_json(&report),
        TableOrJson::Table => printable(&table(&report).map_err(Failure::input)?),
    };
    write_text(None, &written)?;
    Ok(outcome)
}

fn load(args: &Calibrate) -> Result<Corpus, Failure> {
    let mut atlas = atlas(&args.atlas, args.edges, args.features_crs.as_ref())?;
    warn_of_edges(atlas.warnings());
    // What the user brings goes before what siteband carries.
    for feature in Atlas::bundled().features() {
        if atlas.get(feature.id()).is_none() {
            atlas.insert(feature.clone()).map_err(Failure::input)?;
        }
    }
    let mut corpus = Corpus::default();
    for path in &args.corpus {
        corpus.extend(Corpus::from_path(path, &atlas).map_err(Failure::input)?);
    }
    Ok(corpus)
}

/// The reading's figures for each kind of claim.
fn by_kind(
    residuals: &[Residual],
    observations: &[&Observation],
    contamination: f64,
) -> BTreeMap<&'static str, Vec<Rule>> {
    type Kind = fn(&Observation) -> String;
    let kinds: [(&str, Kind); 6] = [
        ("corpus", |observation| observation.corpus().to_owned()),
        ("feature", |observation| observation.feature().kind().to_string()),
        ("hedge", |observation| {
            observation.claim().hedge().map_or_else(|| "none".to_owned(), |hedge| hedge.to_string())
        }),
        ("roundness", roundness),
        ("size", size),
        ("unit", |observation| observation.claim().unit().to_string()),
    ];
    let figures = |kind: Kind| {
        let mut parts: BTreeMap<String, Vec<Residual>> = BTreeMap::new();
        for (observation, residual) in observations.iter().zip(residuals) {
            parts.entry(kind(observation)).or_default().push(residual.clone());
        }
        parts
            .into_iter()
            .filter_map(|(name, part)| {
                let calibration = Calibration::of(&part, contamination)?;
                Some(Rule { name, calibration })
            })
            .collect()
    };
    kinds.into_iter().map(|(name, kind)| (name, figures(kind))).collect()
}

fn roundness(observation: &Observation) -> String {
    let offset = observation.claim().offset();
    let steps = (offset.value() / offset.last_digit()).round();
    let kind = if offset.last_digit() < 1.0 {
        "decimals or fractions"
    } else if steps % 10.0 == 0.0 {
        "ends in 0"
    } else if steps % 5.0 == 0.0 {
        "ends in 5"
    } else {
        "other"
    };
    kind.to_owned()
}

fn size(observation: &Observation) -> String {
    let km = observation.claim().offset_length().km();
    let kind = match km {
        km if km < 10.0 => "below 10 km",
        km if km < 100.0 => "from 10 to 100 km",
        _ => "from 100 km",
    };
    kind.to_owned()
}

/// Every claim with what most probably happened to it, the least likely first.
fn suspects<'a>(reading: &Reading, observations: &[&'a Observation]) -> Vec<Suspect<'a>> {
    let mut suspects: Vec<Suspect> = observations
        .iter()
        .map(|observation| {
            let band = reading.band_about(observation.claim(), observation.feature());
            let origin = band.origins(observation.distance()).first().copied();
            Suspect {
                id: observation.id(),
                name: observation.name(),
                corpus: observation.corpus(),
                line: observation.line(),
                claim: observation.claim().text(),
                said_km: observation.claim().offset_length().km(),
                true_km: observation.distance().km(),
                log_likelihood: band.log_likelihood(observation.distance(), observation.uncertainty()),
                origin: origin.map(|(origin, _)| origin),
                probability: origin.map_or(0.0, |(_, probability)| probability),
            }
        })
        .collect();
    suspects.sort_by(|a, b| a.log_likelihood.total_cmp(&b.log_likelihood).then_with(|| a.id.cmp(b.id)));
    suspects
}

#[allow(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
fn table(report: &Report) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let Report { claims, training, test, shown, .. } = report;
    writeln!(text, "{claims} claims, {training} for training and {test} for test; shown are {shown}")?;
    if let Some(fit) = &report.fit {
        writeln!(text, "\nfitted to {} claims, log score {:.4} nats per claim", fit.count, fit.log_score)?;
        for parameter in &fit.parameters {
            writeln!(text, "  {:<20} {:>10.4} ± {:.4}", parameter.name, parameter.value, parameter.standard_error)?;
        }
        if fit.parameters.iter().any(|parameter| parameter.standard_error == 0.0) {
            writeln!(text, "  ± 0: at a bound, or not decided by these claims")?;
        }
    }
    let mut header = ["", "claims", "50 %", "80 %", "90 %", "limits", "width", "CRPS", "log", "Winkler"];
    writeln!(text, "\n{}", plain_table(&header, report.rules.iter().map(row)))?;
    for (name, parts) in &report.by {
        header[0] = name;
        writeln!(text, "{}", plain_table(&header, parts.iter().map(row)))?;
    }
    writeln!(
        text,
        "where the truth lies in the band, by tenths ({:.1} claims each if calibrated):",
        report.rules[0].calibration.count as f64 / 10.0
    )?;
    for (tenth, count) in report.rules[0].calibration.pit.iter().enumerate() {
        let most = report.rules[0].calibration.pit.iter().max().copied().unwrap_or(1).max(1);
        let bar = "█".repeat(count * 50 / most);
        let line = format!("  {:>3}–{:<3} % {count:>5} {bar}", 10 * tenth, 10 * (tenth + 1));
        writeln!(text, "{}", line.trim_end())?;
    }
    list(&mut text, "probably in another unit than the one written:", report.mixed_up.iter())?;
    list(&mut text, "probably a wrong number, feature or position:", report.far_off.iter())?;
    list(&mut text, "least likely:", report.worst.iter().filter(|suspect| !suspect.is_far_off()))?;
    writeln!(
        text,
        "\n50, 80, 90 %: how often the interval holds the truth; limits: where that share of the 90 % interval lies, with\n95 % confidence; width: its median, in km. CRPS and Winkler score in km: smaller is better. log: log score in nats\nper claim, greater is better, each rule with the contamination that suits it best in training."
    )?;
    Ok(text)
}

fn list<'a>(text: &mut String, title: &str, suspects: impl Iterator<Item = &'a Suspect<'a>>) -> std::fmt::Result {
    let mut suspects = suspects.peekable();
    if suspects.peek().is_none() {
        return Ok(());
    }
    writeln!(text, "\n{title}")?;
    for suspect in suspects {
        let origin = suspect.origin.map_or_else(|| "excluded".to_owned(), |origin| origin.to_string());
        let Suspect { claim, said_km, true_km, probability, .. } = suspect;
        writeln!(
            text,
            "  {}: \"{}\" is {true_km:.1} km ({said_km:.1} said): {origin} {:.0} %",
            one_line(&whose(suspect)),
            one_line(claim),
            100.0 * probability
        )?;
    }
    Ok(())
}

/// What a claim's row is called, and where it stands. A row without an identifier has its line for one.
fn whose(suspect: &Suspect) -> String {
    let Suspect { id, name, line, .. } = suspect;
    let line = line.map_or_else(String::new, |line| format!("line {line}"));
    match (id.ends_with(&line), name == id) {
        (true, true) => id.to_string(),
        (true, false) => format!("{name}, {line}"),
        (false, true) => format!("{id}, {line}"),
        (false, false) => format!("{name} ({id}), {line}"),
    }
}

fn row(rule: &Rule) -> Vec<String> {
    let Calibration { count, coverage, median_width_90_km, crps_km, log_score, winkler_90_km, .. } = &rule.calibration;
    let percent = |share: f64| format!("{:.1}", 100.0 * share);
    let (low, high) = coverage[2].limits_95;
    vec![
        rule.name.clone(),
        count.to_string(),
        percent(coverage[0].found),
        percent(coverage[1].found),
        percent(coverage[2].found),
        format!("{}–{}", percent(low), percent(high)),
        format!("{median_width_90_km:.1}"),
        format!("{crps_km:.2}"),
        format!("{log_score:.3}"),
        format!("{winkler_90_km:.1}"),
    ]
}
