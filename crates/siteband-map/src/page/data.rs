//! What the page's script works with: what was said as it was said, and what was measured.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use siteband::{
    Claim, Constraint, Course, Distances, FeatureKind, Hedge, Mixture, Offset, RankOptions, Reading, Side, Sites, Unit,
    Worked, Worksheet,
};

use super::map::MapData;

/// Everything that the script's rankings are worked out from.
#[derive(Debug, Serialize)]
pub(super) struct Data {
    reading: &'static str,
    prior_none: f64,
    diameter_km: f64,
    readings: Vec<NamedReading>,
    hedges: Vec<NamedHedge>,
    units: BTreeMap<String, UnitSize>,
    sources: Vec<SourceOf>,
    sites: SiteNames,
    ln_priors: Numbers,
    uncertainties_m: Numbers,
    ln_shares: Numbers,
    statements: Vec<Statement>,
    map: Option<MapData>,
}

#[derive(Debug, Serialize)]
struct NamedReading {
    name: &'static str,
    mixture: Option<Mixture>,
    contamination: Option<f64>,
}

#[derive(Debug, Serialize)]
struct NamedHedge {
    name: String,
    side: Side,
    regression: Option<([f64; 8], f64)>,
}

#[derive(Debug, Serialize)]
struct UnitSize {
    m: f64,
}

#[derive(Debug, Serialize)]
struct SourceOf {
    id: String,
    reliability: f64,
    power: f64,
}

#[derive(Debug, Serialize)]
struct SiteNames {
    id: Vec<String>,
    name: Vec<String>,
    group: Vec<Option<String>>,
    tags: Vec<String>,
    lat_deg: Vec<f64>,
    lon_deg: Vec<f64>,
}

#[derive(Debug, Serialize)]
struct Statement {
    id: String,
    source: String,
    says: usize,
    precedence: usize,
    kind: &'static str,
    meaning: String,
    note: Option<String>,
    text: Option<String>,
    claim: Option<Said>,
    feature: Option<Known>,
    has_choice: bool,
    road_factor: Option<f64>,
    sites: Option<Measured>,
    places: Option<Measured>,
    /// By reading; under `every` where all have the same.
    soft: Option<BTreeMap<&'static str, Numbers>>,
}

/// A distance claim's number, as it was written.
#[derive(Debug, Serialize)]
struct Said {
    number: Number,
    to: Option<Number>,
    unit: String,
    hedge: Option<String>,
    restated: Option<Restated>,
    by_road: bool,
}

#[derive(Debug, Serialize)]
struct Restated {
    number: Number,
    to: Option<Number>,
    unit: String,
}

#[derive(Debug, Serialize)]
struct Number {
    value: f64,
    decimals: u8,
    denominator: Option<f64>,
}

/// What is known of the feature that a claim names.
#[derive(Debug, Serialize)]
struct Known {
    name: String,
    uncertainty_m: f64,
    is_point: bool,
    extent_m: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Measured {
    distance_m: Numbers,
    crossing_m: Option<Numbers>,
    ln_beside: Option<Numbers>,
}

/// Numbers to the last bit, in base 64: half as long as decimals.
#[derive(Debug, PartialEq)]
pub(super) struct Numbers(Vec<f64>);

impl Serialize for Numbers {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|number| number.to_le_bytes()).collect();
        serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
    }
}

impl Data {
    /// Of statements under any reading; `note` gives what the scenario says beside one.
    pub(super) fn new<'a>(
        sites: &Sites,
        constraints: &[Constraint],
        options: &RankOptions,
        reading: &Reading,
        note: impl Fn(&str) -> Option<&'a str>,
    ) -> Self {
        let mut readings = Reading::all().to_vec();
        if !readings.contains(reading) {
            readings.insert(0, *reading);
        }
        let worksheet_of = |reading: &Reading| {
            let read: Vec<Constraint> = constraints.iter().map(|constraint| constraint.read_as(reading)).collect();
            sites.worksheet(&read, options)
        };
        let worksheets: Vec<(&'static str, Worksheet)> =
            readings.iter().map(|reading| (reading.name(), worksheet_of(reading))).collect();
        let statements = constraints
            .iter()
            .enumerate()
            .map(|(at, constraint)| statement(at, constraint, &worksheets, note(constraint.id()).map(str::to_owned)));
        let statements = statements.collect();
        let mut sources: Vec<SourceOf> = Vec::new();
        for source in constraints.iter().map(Constraint::source) {
            if !sources.iter().any(|other| other.id == source.id()) {
                let (reliability, power) = (1.0 - source.contamination(), source.tempering());
                sources.push(SourceOf { id: source.id().to_owned(), reliability, power });
            }
        }
        let (_, worksheet) = worksheets.into_iter().next().unwrap_or_else(|| ("", worksheet_of(reading)));
        let each = sites.as_slice();
        Self {
            reading: reading.name(),
            prior_none: worksheet.prior_none,
            diameter_km: worksheet.diameter_km,
            readings: readings
                .iter()
                .map(|reading| NamedReading {
                    name: reading.name(),
                    mixture: reading.parameters().copied(),
                    contamination: reading.contamination(),
                })
                .collect(),
            hedges: Hedge::all()
                .map(|hedge| NamedHedge {
                    name: hedge.to_string(),
                    side: hedge.side(),
                    regression: hedge.width_regression(),
                })
                .collect(),
            units: Unit::ALL.iter().map(|unit| (unit.to_string(), UnitSize { m: unit.m() })).collect(),
            sources,
            sites: SiteNames {
                id: each.iter().map(|site| site.id().to_owned()).collect(),
                name: each.iter().map(|site| site.name().to_owned()).collect(),
                group: each.iter().map(|site| site.group().map(str::to_owned)).collect(),
                tags: each.iter().map(|site| site.tags().join(", ")).collect(),
                lat_deg: each.iter().map(|site| site.position().lat_deg()).collect(),
                lon_deg: each.iter().map(|site| site.position().lon_deg()).collect(),
            },
            ln_priors: Numbers(worksheet.ln_priors),
            uncertainties_m: Numbers(worksheet.uncertainties_m),
            ln_shares: Numbers(worksheet.ln_shares),
            statements,
            map: None,
        }
    }

    /// With what the script needs to draw the map again.
    pub(super) fn with_map(self, map: MapData) -> Self {
        Self { map: Some(map), ..self }
    }
}

fn statement(
    at: usize,
    constraint: &Constraint,
    worksheets: &[(&'static str, Worksheet)],
    note: Option<String>,
) -> Statement {
    let worked = |(_, worksheet): &(&'static str, Worksheet)| worksheet.statements.get(at).cloned();
    let first = worksheets.first().and_then(worked);
    let (says, precedence) = first.as_ref().map_or((at, 0), |first| (first.says, first.precedence));
    let mut statement = Statement {
        id: constraint.id().to_owned(),
        source: constraint.source().id().to_owned(),
        says,
        precedence,
        kind: constraint.kind(),
        meaning: constraint.to_string(),
        note,
        text: constraint.claim().map(|claim| claim.text().trim().to_owned()),
        claim: constraint.claim().map(said),
        feature: constraint.feature().map(|feature| Known {
            name: feature.name().to_owned(),
            uncertainty_m: feature.position_uncertainty().m(),
            is_point: feature.kind() == FeatureKind::Point,
            extent_m: feature.extent().map(siteband::Length::m),
        }),
        has_choice: false,
        road_factor: None,
        sites: None,
        places: None,
        soft: None,
    };
    match first.map(|first| first.worked) {
        Some(Worked::Distance(distance)) => {
            statement.has_choice = distance.has_choice;
            statement.road_factor = distance.road_factor;
            statement.sites = Some(measured(distance.sites));
            statement.places = Some(measured(distance.places));
        }
        Some(Worked::Soft { .. }) => {
            let of = |(name, worksheet): &(&'static str, Worksheet)| match &worksheet.statements.get(at)?.worked {
                Worked::Soft { log_likelihoods } => Some((*name, Numbers(log_likelihoods.clone()))),
                Worked::Distance(_) => None,
            };
            let mut soft: BTreeMap<&'static str, Numbers> = worksheets.iter().filter_map(of).collect();
            let is_same = soft.values().zip(soft.values().skip(1)).all(|(one, next)| one == next);
            if is_same {
                soft = soft.into_iter().take(1).map(|(_, numbers)| ("every", numbers)).collect();
            }
            statement.soft = Some(soft);
        }
        None => {}
    }
    statement
}

fn measured(distances: Distances) -> Measured {
    Measured {
        distance_m: Numbers(distances.distance_m),
        crossing_m: distances.crossing_m.map(Numbers),
        ln_beside: distances.ln_beside.map(Numbers),
    }
}

fn said(claim: &Claim) -> Said {
    Said {
        number: number(claim.offset()),
        to: claim.offset_to().map(number),
        unit: claim.unit().to_string(),
        hedge: claim.hedge().map(|hedge| hedge.to_string()),
        restated: claim.restated().map(|restated| Restated {
            number: number(restated.offset()),
            to: restated.offset_to().map(number),
            unit: restated.unit().to_string(),
        }),
        by_road: claim.course() == Course::Road,
    }
}

fn number(offset: &Offset) -> Number {
    let is_fraction = offset.decimals() == 0 && offset.last_digit() < 1.0;
    Number {
        value: offset.value(),
        decimals: offset.decimals(),
        denominator: is_fraction.then(|| (1.0 / offset.last_digit()).round()),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use rand::seq::IndexedRandom;
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64;
    use rquickjs::{Context, Runtime};
    use siteband::{Feature, Length, Position, Ranking, SearchRegion, Site, Source, Tempering};

    use super::*;

    /// The engine has neither atob nor a page.
    const ATOB: &str = "globalThis.atob = (text) => { const of = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'; let [bits, held, out] = [0, 0, '']; for (const c of text) { if (c === '=') break; held = ((held << 6) | of.indexOf(c)) & 0xffffff; bits += 6; if (bits >= 8) { bits -= 8; out += String.fromCharCode((held >> bits) & 255); } } return out; };";

    fn script() -> (Runtime, Context) {
        let runtime = Runtime::new().expect("a runtime");
        let context = Context::full(&runtime).expect("a context");
        context.with(|context| {
            context.eval::<(), _>(ATOB).expect("a function");
            context.eval::<(), _>(super::super::MODEL).expect("the model");
        });
        (runtime, context)
    }

    fn evaluated(context: &Context, code: &str) -> Vec<f64> {
        context.with(|context| match context.eval::<Vec<f64>, _>(code) {
            Ok(values) => values,
            Err(error) => panic!("{error}: {:?}", context.catch()),
        })
    }

    /// erf and erfc by the tables of Abramowitz & Stegun (7.1), and by libm at 2,000 places.
    #[test]
    fn the_error_function() {
        let (_runtime, context) = script();
        let tabled = evaluated(&context, "[siteband.erf(0.5), siteband.erf(1), siteband.erf(2), siteband.erfc(-1)]");
        for (found, expected) in tabled.iter().zip([0.520_499_877_8, 0.842_700_792_9, 0.995_322_265_0, 1.842_700_792_9])
        {
            assert!((found - expected).abs() < 6e-11, "{found} {expected}");
        }
        let code =
            "Array.from({length: 2000}, (_, at) => [siteband.erf(at / 100 - 10), siteband.erfc(at / 100 - 10)]).flat()";
        for (at, pair) in evaluated(&context, code).chunks(2).enumerate() {
            #[allow(clippy::cast_precision_loss, reason = "two thousand")]
            let x = at as f64 / 100.0 - 10.0;
            assert!((pair[0] - libm::erf(x)).abs() < 1e-12, "erf {x}");
            assert!((pair[1] / libm::erfc(x) - 1.0).abs() < 1e-12, "erfc {x}: {} {}", pair[1], libm::erfc(x));
        }
    }

    struct Case {
        sites: Sites,
        options: RankOptions,
        /// As they were said.
        said: Vec<Constraint>,
        /// As they are moved in the page, but for those that are switched off.
        moved: Vec<Constraint>,
        reading: Reading,
        /// What the page's state becomes.
        change: String,
        prior_none: f64,
    }

    const HEDGES: [Option<&str>; 13] = [
        None,
        Some("about"),
        Some("around"),
        Some("roughly"),
        Some("approximately"),
        Some("nearly"),
        Some("almost"),
        Some("over"),
        Some("above"),
        Some("below"),
        Some("at least"),
        Some("at most"),
        Some("exactly"),
    ];

    fn km(km: f64) -> Length {
        Length::from_km(km).expect("a length")
    }

    fn position(random: &mut Pcg64, spread_deg: f64) -> Position {
        let lat_deg = 39.0 + random.random_range(-spread_deg..spread_deg);
        Position::new(lat_deg, 126.0 + random.random_range(-spread_deg..spread_deg)).expect("a position")
    }

    /// A number as somebody may write it.
    fn written(random: &mut Pcg64) -> String {
        match random.random_range(0..4) {
            0 => (random.random_range(1..40) * 10).to_string(),
            1 => format!("{}.{}", random.random_range(1..300), random.random_range(0..10)),
            2 => (random.random_range(1..12) * 100).to_string(),
            _ => random.random_range(1..400).to_string(),
        }
    }

    fn feature(random: &mut Pcg64, id: &str) -> Feature {
        let point = position(random, 1.5);
        if random.random_bool(0.5) {
            let feature = Feature::point(id, point).with_position_uncertainty(km(random.random_range(0.0..5.0)));
            if random.random_bool(0.3) { feature.with_extent(km(random.random_range(0.0..9.0))) } else { feature }
        } else {
            let other = position(random, 2.5);
            let ends = vec![(point.lon_deg(), point.lat_deg()), (other.lon_deg(), other.lat_deg())];
            Feature::new(id, geo_line(ends)).expect("a line").with_position_uncertainty(km(0.7))
        }
    }

    fn geo_line(ends: Vec<(f64, f64)>) -> geo::Geometry<f64> {
        geo::Geometry::LineString(geo::LineString::from(ends))
    }

    #[allow(clippy::too_many_lines, reason = "one list of what may differ")]
    fn case(seed: u64) -> Case {
        let mut random = Pcg64::seed_from_u64(seed);
        let random = &mut random;
        let sites: Vec<Site> = (0..random.random_range(1..30))
            .map(|number| {
                let at = position(random, 3.0).with_uncertainty(km([0.0, 0.05, 4.0][random.random_range(0..3)]));
                let site =
                    Site::new(format!("s{number}"), at).with_prior(random.random_range(0.1..3.0)).expect("a prior");
                if random.random_bool(0.3) { site.with_tags(["training"]) } else { site }
            })
            .collect();
        let reading = *Reading::named().choose(random).expect("a reading");
        let sources: Vec<Source> = (0..3)
            .map(|number| {
                let source = Source::new(format!("source{number}"), random.random_range(0.05..1.0)).expect("a source");
                if random.random_bool(0.3) { source.with_tempering(0.5).expect("a power") } else { source }
            })
            .collect();
        let (mut said, mut moved, mut change) = (Vec::new(), Vec::new(), String::new());
        for number in 0..random.random_range(1..5) {
            let id = format!("claim{number}");
            let source = sources.choose(random).expect("a source").clone();
            let to = feature(random, &format!("x{number}"));
            let is_on = random.random_bool(0.85);
            let own = |constraint: Constraint| constraint.with_source(source.clone()).with_id(id.clone());
            if number > 0 && random.random_bool(0.4) {
                let soft = match random.random_range(0..4) {
                    0 => Constraint::attribute("training", 3.0, 0.5).expect("ratios"),
                    1 => Constraint::at_least(to, km(90.0), &reading),
                    2 => Constraint::near(to, km(60.0), km(10.0)).expect("a scale"),
                    _ => Constraint::away_from(to, km(60.0), km(10.0)).expect("a scale"),
                };
                said.push(own(soft.clone()));
                if is_on {
                    moved.push(own(soft));
                }
            } else {
                let unit = *["km", "miles", "nautical miles", "m", "li"].choose(random).expect("a unit");
                let (first, hedge) = (written(random), *HEDGES.choose(random).expect("a hedge"));
                let range = random.random_bool(0.1);
                let second =
                    if range { format!("-{}", first.parse::<f64>().expect("a number") + 10.0) } else { String::new() };
                let first = if range { first.parse::<f64>().expect("a number").to_string() } else { first };
                let restated = match (unit, range, random.random_bool(0.2)) {
                    ("km", false, true) => {
                        format!(" ({:.0} miles)", (first.parse::<f64>().expect("a number") / 1.609_344).max(1.0))
                    }
                    _ => String::new(),
                };
                let by_road = if random.random_bool(0.15) { " by road" } else { "" };
                let wind = if random.random_bool(0.2) { "north of" } else { "from" };
                let words = |hedge: Option<&str>, number: &str, restated: &str| {
                    format!(
                        "{}{}{number} {unit}{restated}{by_road} {wind} X",
                        hedge.unwrap_or(""),
                        if hedge.is_some() { " " } else { "" }
                    )
                };
                let claim: Claim = words(hedge, &format!("{first}{second}"), &restated).parse().expect("a claim");
                said.push(own(Constraint::distance(&claim, to.clone(), &Reading::default())));
                let (mut new_first, mut new_hedge) = (first.clone(), hedge);
                if random.random_bool(0.5) {
                    new_hedge = *HEDGES.choose(random).expect("a hedge");
                    let name = new_hedge.map_or("null".to_owned(), |hedge| format!("{hedge:?}"));
                    let _ = write!(change, "state.claims.{id}.hedge = {name};");
                }
                if !range && random.random_bool(0.5) {
                    new_first = written(random);
                    let _ = write!(change, "state.claims.{id}.number = siteband.offsetOf('{new_first}');");
                }
                let restated = if new_first == first { restated } else { String::new() };
                let claim: Claim =
                    words(new_hedge, &format!("{new_first}{second}"), &restated).parse().expect("a claim");
                if is_on {
                    moved.push(own(Constraint::distance(&claim, to, &reading)));
                }
            }
            if !is_on {
                let _ = write!(change, "state.claims.{id}.on = false;");
            }
        }
        for source in &sources {
            if random.random_bool(0.4) {
                let reliability = random.random_range(0.0..1.0);
                let _ = write!(
                    change,
                    "if ('{0}' in state.reliability) state.reliability.{0} = {reliability};",
                    source.id()
                );
                for constraint in moved.iter_mut().filter(|constraint| constraint.source().id() == source.id()) {
                    let (id, of) = (constraint.id().to_owned(), constraint.source().clone());
                    let of = of.with_reliability(reliability).expect("a share");
                    *constraint = constraint.clone().with_source(of).with_id(id);
                }
            }
        }
        let prior_none = random.random_range(0.01..0.9);
        let region = SearchRegion::around(position(random, 1.0), km(random.random_range(4.0..8.0)));
        let tempering = if random.random_bool(0.5) { Tempering::default() } else { Tempering::NONE };
        let options = RankOptions::default().with_search_region(region).with_tempering(tempering);
        let _ = write!(change, "state.reading = '{}'; state.prior_none = {prior_none};", reading.name());
        Case { sites: Sites::new(sites).expect("ids"), options, said, moved, reading, change, prior_none }
    }

    /// The page's script and the library rank alike, whatever is moved.
    #[test]
    fn the_script_ranks_as_the_library_does() {
        let (_runtime, context) = script();
        let mut worst: f64 = 0.0;
        for seed in 0..1000 {
            let case = case(seed);
            // A page whose reading is the case's, since it carries the six of `Reading::all` and its own.
            let data = Data::new(&case.sites, &case.said, &case.options, &case.reading, |_| None);
            let json = serde_json::to_string(&data).expect("JSON");
            let code = format!(
                "(() => {{ const question = siteband.question({json}); const state = question.start(); {} \
                 const of = question.evaluate(state); return [of.none, ...of.posterior]; }})()",
                case.change
            );
            let found = evaluated(&context, &code);
            let options = case.options.clone().with_none_of_these(case.prior_none).expect("a prior");
            let ranking: Ranking = case.sites.rank(&case.moved, &options);
            let of_site = |site: &Site| ranking.get(site.id()).map_or(f64::NAN, |ranked| ranked.posterior);
            let expected: Vec<f64> =
                std::iter::once(ranking.none_of_these).chain(case.sites.as_slice().iter().map(of_site)).collect();
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(&expected) {
                let off = (found - expected).abs();
                assert!(off < 1e-9, "case {seed}: {found} {expected}\n{:?}\n{}", case.moved, case.change);
                worst = worst.max(off);
            }
        }
        println!("worst difference of a probability: {worst:e}");
    }
}
