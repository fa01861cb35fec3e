//! Claims for programs.

use std::ops::Range;

use serde::Serialize;
use siteband::{
    Band, Claim, Course, Direction, Found, Hedge, Interval, Length, NotUnderstood, Offset, Part, Reading, Relation,
    Restated, Role, Unit,
};

use super::words;

/// One claim: keys that do not apply are null.
#[derive(Debug, Serialize)]
pub(super) struct ClaimJson<'a> {
    text: &'a str,
    hedge: Option<Hedge>,
    value: f64,
    value_to: Option<f64>,
    unit: Unit,
    offset_m: f64,
    offset_to_m: Option<f64>,
    implied: bool,
    restated: Option<RestatedJson>,
    direction: Option<&'static str>,
    relation: Relation,
    course: Option<Course>,
    feature: &'a str,
    side: Option<&'a str>,
    skipped: &'a [String],
    parts: Vec<PartJson<'a>>,
    reading: &'a Reading,
    band: BandJson,
}

#[derive(Debug, Serialize)]
struct RestatedJson {
    value: f64,
    value_to: Option<f64>,
    unit: Unit,
    offset_m: f64,
    offset_to_m: Option<f64>,
}

#[derive(Debug, Serialize)]
struct PartJson<'a> {
    role: Role,
    text: &'a str,
    span: [usize; 2],
    meaning: String,
}

#[derive(Debug, Serialize)]
struct BandJson {
    core_m: [f64; 2],
    support_m: [f64; 2],
    credible_50_m: [f64; 2],
    credible_80_m: [f64; 2],
    credible_90_m: [f64; 2],
}

/// Every claim of a paragraph.
#[derive(Debug, Serialize)]
pub(super) struct FoundJson<'a> {
    claims: Vec<Spanned<'a>>,
    not_understood: Vec<NotUnderstoodJson<'a>>,
}

/// A claim with the bytes of the paragraph that it takes.
#[derive(Debug, Serialize)]
struct Spanned<'a> {
    #[serde(flatten)]
    claim: ClaimJson<'a>,
    span: [usize; 2],
}

#[derive(Debug, Serialize)]
struct NotUnderstoodJson<'a> {
    text: &'a str,
    span: [usize; 2],
    word: &'a str,
    word_span: [usize; 2],
    reason: &'a str,
}

fn both_ends(span: &Range<usize>) -> [usize; 2] {
    [span.start, span.end]
}

fn in_m(offset: &Offset, unit: Unit) -> f64 {
    offset.value() * unit.m()
}

impl<'a> ClaimJson<'a> {
    /// `said` is the whole text, in which the parts have their places; `text` is what is shown of it.
    pub(super) fn new(said: &'a str, text: &'a str, claim: &'a Claim, reading: &'a Reading) -> Self {
        let part = |part: &Part| PartJson {
            role: part.role,
            text: &said[part.span.clone()],
            span: both_ends(&part.span),
            meaning: words::meaning(claim, part.role),
        };
        Self {
            text,
            hedge: claim.hedge(),
            value: claim.offset().value(),
            value_to: claim.offset_to().map(Offset::value),
            unit: claim.unit(),
            offset_m: claim.offset_length().m(),
            offset_to_m: claim.offset_to().map(|to| in_m(to, claim.unit())),
            implied: claim.is_implied(),
            restated: claim.restated().map(RestatedJson::new),
            direction: claim.direction().map(Direction::name),
            relation: claim.relation(),
            course: Some(claim.course()).filter(|course| *course != Course::Unstated),
            feature: claim.feature(),
            side: claim.side(),
            skipped: claim.skipped(),
            parts: claim.parts().iter().map(part).collect(),
            reading,
            band: BandJson::new(&reading.band(claim, Length::ZERO)),
        }
    }
}

impl RestatedJson {
    fn new(restated: &Restated) -> Self {
        let unit = restated.unit();
        Self {
            value: restated.offset().value(),
            value_to: restated.offset_to().map(Offset::value),
            unit,
            offset_m: in_m(restated.offset(), unit),
            offset_to_m: restated.offset_to().map(|to| in_m(to, unit)),
        }
    }
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

impl<'a> FoundJson<'a> {
    pub(super) fn new(said: &'a str, found: &'a Found, reading: &'a Reading) -> Self {
        let claims = found.claims.iter().map(|claim| Spanned {
            claim: ClaimJson::new(said, claim.text(), claim, reading),
            span: both_ends(&claim.span()),
        });
        let not_understood = found.not_understood.iter().map(|other: &NotUnderstood| NotUnderstoodJson {
            text: &other.text,
            span: both_ends(&other.span),
            word: &other.word,
            word_span: both_ends(&other.word_span),
            reason: &other.reason,
        });
        Self { claims: claims.collect(), not_understood: not_understood.collect() }
    }
}
