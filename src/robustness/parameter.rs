//! The numbers that a ranking was made with, and how far each could plausibly be another.

use std::borrow::Cow;

use super::Inquiry;
use crate::constraint::{Constraint, SoftParameter, Tempering};
use crate::rank::Question;
use crate::reading::{Mixture, Reading};

/// A number that was put in.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    /// What it is, in words.
    pub(super) name: String,
    pub(super) unit: &'static str,
    pub(super) value: f64,
    pub(super) what: What,
    pub(super) scale: Scale,
}

/// Which number.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// The reliability of a source.
    Reliability(String),
    /// λ of a source.
    Tempering(String),
    /// The exponent of soft statements.
    SoftExponent,
    /// A number of the soft statement at this place.
    Soft(usize, SoftParameter),
    /// A parameter of the reading.
    Reading(&'static Field),
    /// How many steps of its last digit the number of the claim at this place is from the one that was said.
    Number(usize),
    /// By how many km the feature with this id is farther from every site.
    Shift(String),
}

/// On which scale a number is varied, and one standard deviation on it: how far it could plausibly be another.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scale {
    /// A probability, by its log odds; one that is certain is not drawn.
    Logit { sd: f64 },
    /// A positive number of at least `least`, by its logarithm.
    Log { sd: f64, least: f64 },
    /// Every number between two is as plausible; others are possible.
    Even { from: f64, to: f64 },
    /// As it is.
    Plain { sd: f64 },
    /// In whole steps, plausible from the first to the second.
    Steps { from: i32, to: i32 },
}

/// 90 % of a normal distribution lie within so many standard deviations.
const PLAUSIBLE_SD: f64 = 1.645;

/// Log odds of one in a million and beyond count as certain.
pub(super) const CERTAIN: f64 = 13.815_510;

/// A parameter of the mixture.
#[derive(Debug)]
pub(super) struct Field {
    name: &'static str,
    unit: &'static str,
    is_share: bool,
    get: fn(&Mixture) -> f64,
    set: fn(&mut Mixture, f64),
}

/// The parameters of a mixture that say how claims come about. Their standard errors in the fit are a third to a half of their
/// values: see `docs/CALIBRATION.md`.
static FIELDS: [Field; 8] = [
    Field::new(
        "share of numbers whose digits say nothing",
        "",
        true,
        |mixture| mixture.spurious_precision,
        |mixture, value| mixture.spurious_precision = value,
    ),
    Field::new(
        "share of claims that are somewhat off",
        "",
        true,
        |mixture| mixture.loose.share,
        |mixture, value| mixture.loose.share = value,
    ),
    Field::new(
        "reach of claims that are somewhat off",
        "km",
        false,
        |mixture| mixture.loose.reach_m / 1000.0,
        |mixture, value| mixture.loose.reach_m = 1000.0 * value,
    ),
    Field::new(
        "share of claims that are far off",
        "",
        true,
        |mixture| mixture.gross.share,
        |mixture, value| mixture.gross.share = value,
    ),
    Field::new(
        "share of claims in another unit than written",
        "",
        true,
        |mixture| mixture.mixed_up,
        |mixture, value| mixture.mixed_up = value,
    ),
    Field::new(
        "how well a source knows a distance",
        "km",
        false,
        |mixture| mixture.source_abs_m / 1000.0,
        |mixture, value| mixture.source_abs_m = 1000.0 * value,
    ),
    Field::new(
        "how well a source knows a distance, as a share of it",
        "",
        false,
        |mixture| mixture.source_relative,
        |mixture, value| mixture.source_relative = value,
    ),
    Field::new(
        "how far a place that is given as a point extends",
        "km",
        false,
        |mixture| mixture.extent_m / 1000.0,
        |mixture, value| mixture.extent_m = 1000.0 * value,
    ),
];

impl Field {
    const fn new(
        name: &'static str,
        unit: &'static str,
        is_share: bool,
        get: fn(&Mixture) -> f64,
        set: fn(&mut Mixture, f64),
    ) -> Self {
        Self { name, unit, is_share, get, set }
    }

    /// The reading with another value; shares that would leave nothing to the number as it was said are cut.
    fn with(&self, reading: &Reading, value: f64) -> Reading {
        const MOST: f64 = 0.95;
        let Some(mixture) = reading.parameters() else { return *reading };
        let mut changed = *mixture;
        (self.set)(&mut changed, value);
        let taken = |of: &Mixture| of.spurious_precision + of.loose.share + of.gross.share + of.mixed_up;
        let excess = taken(&changed) - MOST;
        if self.is_share && excess > 0.0 {
            (self.set)(&mut changed, (value - excess).max(0.0));
        }
        reading.with_parameters(changed)
    }
}

impl Scale {
    /// The value on the scale.
    pub(super) fn forth(self, value: f64) -> f64 {
        match self {
            Self::Logit { .. } => (value / (1.0 - value)).ln().clamp(-CERTAIN, CERTAIN),
            Self::Log { .. } => value.max(1e-12).ln(),
            Self::Even { .. } | Self::Plain { .. } | Self::Steps { .. } => value,
        }
    }

    /// The value back from the scale.
    pub(super) fn back(self, on_scale: f64) -> f64 {
        match self {
            Self::Logit { .. } if on_scale >= CERTAIN => 1.0,
            Self::Logit { .. } if on_scale <= -CERTAIN => 0.0,
            Self::Logit { .. } => 1.0 / (1.0 + (-on_scale).exp()),
            Self::Log { least, .. } => on_scale.exp().max(least),
            Self::Even { .. } | Self::Plain { .. } => on_scale,
            Self::Steps { .. } => on_scale.round(),
        }
    }

    /// From where to where, on the scale, the value could plausibly lie: the middle 90 % of what is drawn.
    pub(super) fn plausible(self, value: f64) -> (f64, f64) {
        match self {
            Self::Logit { .. } if self.forth(value).abs() >= CERTAIN => (self.forth(value), self.forth(value)),
            Self::Logit { sd } | Self::Log { sd, .. } | Self::Plain { sd } => {
                let middle = self.forth(value);
                (middle - PLAUSIBLE_SD * sd, middle + PLAUSIBLE_SD * sd)
            }
            Self::Even { from, to } => (from, to),
            Self::Steps { from, to } => (f64::from(from), f64::from(to)),
        }
    }

    /// A value drawn at random, from a number with a standard normal distribution and one that is even between 0 and 1; the value
    /// itself where it is not drawn.
    pub(super) fn draw(self, value: f64, normal: f64, even: f64) -> f64 {
        match self {
            Self::Logit { .. } if self.forth(value).abs() >= CERTAIN => value,
            Self::Logit { sd } | Self::Log { sd, .. } => self.back(self.forth(value) + sd * normal),
            Self::Even { from, to } => from + (to - from) * even,
            Self::Plain { .. } | Self::Steps { .. } => value,
        }
    }
}

impl What {
    /// Puts another value of the number into the question.
    pub(super) fn set(&self, question: &mut Question<'_>, value: f64) {
        match self {
            Self::Reliability(source) => question.resource(source, |of| of.with_reliability(value.clamp(0.0, 1.0))),
            Self::Tempering(source) => question.resource(source, |of| of.with_tempering(value.clamp(1e-6, 1.0))),
            Self::SoftExponent => {
                let cap = question.tempering.cap();
                question.tempering = Tempering::new(value.clamp(0.0, 1.0), cap).unwrap_or(question.tempering);
            }
            Self::Soft(at, parameter) => {
                let changed = question.posed[*at].constraint().with_parameter(*parameter, value);
                question.restate(*at, changed);
            }
            Self::Reading(field) => {
                for at in 0..question.posed.len() {
                    let constraint = question.posed[at].constraint();
                    if let Some(reading) = constraint.reading() {
                        let changed = constraint.read_as(&field.with(reading, value));
                        question.restate(at, changed);
                    }
                }
            }
            #[allow(clippy::cast_possible_truncation, reason = "a few dozen steps at most")]
            Self::Number(at) => {
                if let Some(changed) = question.posed[*at].constraint().with_number_moved(value as i32) {
                    question.restate(*at, changed);
                }
            }
            Self::Shift(feature) => {
                for at in 0..question.posed.len() {
                    if question.posed[at].constraint().feature().is_some_and(|of| of.id() == feature) {
                        question.shift(at, 1000.0 * value);
                    }
                }
            }
        }
    }
}

impl Parameter {
    /// The value as people know it: the number of a claim itself, not its steps.
    pub(super) fn shown(&self, question: &Question<'_>, value: f64) -> f64 {
        match &self.what {
            #[allow(clippy::cast_possible_truncation, reason = "a few dozen steps at most")]
            What::Number(at) => {
                let constraint = question.posed[*at].constraint();
                let moved = constraint.with_number_moved(value as i32).map_or(Cow::Borrowed(constraint), Cow::Owned);
                moved.claim().map_or(value, |claim| claim.offset().value())
            }
            _ => value,
        }
    }
}

impl Inquiry<'_> {
    /// Every number that was put in, but the prior for none of these, which no order of sites depends on.
    pub(super) fn parameters(&self) -> Vec<Parameter> {
        let posed = &self.question.posed;
        let mut parameters = Vec::new();
        let sources = self.ids(|posed| posed.constraint().source().id().to_owned());
        for id in sources {
            let mut of_source = posed.iter().map(crate::rank::Posed::constraint).filter(|of| of.source().id() == id);
            let count = of_source.clone().count();
            let overruled = of_source.clone().any(|of| of.fixed_contamination().is_some());
            let Some(source) = of_source.next().map(Constraint::source) else { continue };
            if !overruled {
                parameters.push(Parameter {
                    name: format!("reliability of {id}"),
                    unit: "",
                    value: 1.0 - source.contamination(),
                    what: What::Reliability(id.clone()),
                    scale: Scale::Logit { sd: 0.8 },
                });
            }
            if count > 1 {
                #[allow(clippy::cast_precision_loss, reason = "a few statements")]
                let one_argument = 1.0 / count as f64;
                parameters.push(Parameter {
                    name: format!("tempering of {id}"),
                    unit: "",
                    value: source.tempering(),
                    what: What::Tempering(id),
                    scale: Scale::Even { from: one_argument.min(source.tempering()), to: 1.0 },
                });
            }
        }
        if posed.iter().any(|posed| posed.constraint().is_tempered()) {
            parameters.push(Parameter {
                name: "exponent of soft statements".to_owned(),
                unit: "",
                value: self.question.tempering.exponent(),
                what: What::SoftExponent,
                scale: Scale::Even { from: 0.0, to: 1.0 },
            });
        }
        for (at, posed) in posed.iter().enumerate() {
            let constraint = posed.constraint();
            let of_soft = constraint.parameters().into_iter().map(|(parameter, value)| {
                let (words, unit, scale) = soft_scale(parameter);
                let name = format!("{words} of {}", constraint.id());
                Parameter { name, unit, value, what: What::Soft(at, parameter), scale }
            });
            parameters.extend(of_soft);
            parameters.extend(number_of(constraint, at));
        }
        parameters.extend(self.of_the_reading());
        parameters.extend(self.of_features());
        parameters
    }

    fn of_the_reading(&self) -> Vec<Parameter> {
        let mut readings = self.question.posed.iter().filter_map(|posed| posed.constraint().reading());
        let Some(mixture) = readings.find_map(Reading::parameters) else { return Vec::new() };
        let fields = FIELDS.iter().filter(|field| (field.get)(mixture) > 0.0);
        let about_a_point = |field: &&Field| !field.name.contains("as a point") || self.is_about_a_point();
        fields
            .filter(about_a_point)
            .map(|field| Parameter {
                name: field.name.to_owned(),
                unit: field.unit,
                value: (field.get)(mixture),
                what: What::Reading(field),
                scale: if field.is_share { Scale::Logit { sd: 0.4 } } else { Scale::Log { sd: 0.4, least: 1e-6 } },
            })
            .collect()
    }

    fn is_about_a_point(&self) -> bool {
        let distances = self.question.posed.iter().map(crate::rank::Posed::constraint).filter(|of| of.is_distance());
        distances.filter_map(Constraint::feature).any(|feature| feature.kind() == crate::FeatureKind::Point)
    }

    fn of_features(&self) -> Vec<Parameter> {
        let mut seen: Vec<&str> = Vec::new();
        let mut parameters = Vec::new();
        for feature in self.question.posed.iter().filter_map(|posed| posed.constraint().feature()) {
            let sd = feature.position_uncertainty().km();
            if sd > 0.0 && !seen.contains(&feature.id()) {
                seen.push(feature.id());
                parameters.push(Parameter {
                    name: format!("distance of every site from {}, as the data have it", feature.name()),
                    unit: "km more",
                    value: 0.0,
                    what: What::Shift(feature.id().to_owned()),
                    scale: Scale::Plain { sd },
                });
            }
        }
        parameters
    }
}

/// How far the numbers of soft statements could be others: all are judgements, and so are these.
fn soft_scale(parameter: SoftParameter) -> (&'static str, &'static str, Scale) {
    match parameter {
        SoftParameter::Midpoint => ("midpoint", "km", Scale::Log { sd: 0.3, least: 1e-3 }),
        SoftParameter::Scale => ("scale", "km", Scale::Log { sd: 0.5, least: 1e-3 }),
        SoftParameter::Limit => ("limit", "km", Scale::Log { sd: 0.1, least: 0.0 }),
        SoftParameter::Detour => ("detour", "", Scale::Log { sd: 0.1, least: 1.0 }),
        SoftParameter::RatioPresent => ("likelihood ratio", "", Scale::Log { sd: 0.7, least: 1e-9 }),
        SoftParameter::RatioAbsent => {
            ("likelihood ratio for the absence of the tag", "", Scale::Log { sd: 0.7, least: 1e-9 })
        }
    }
}

/// The number that was said: plausible are those in the middle half of what its words allow.
fn number_of(constraint: &Constraint, at: usize) -> Option<Parameter> {
    let (claim, band) = (constraint.claim()?, constraint.band()?);
    constraint.with_number_moved(0)?;
    let half = band.credible_interval(0.5);
    let value_of = |steps: i32| constraint.with_number_moved(steps)?.claim().map(crate::Claim::offset_length);
    let mut to = 0;
    while to < 1000 && value_of(to + 1).is_some_and(|m| m <= half.to) {
        to += 1;
    }
    let mut from = 0;
    while from > -1000 && value_of(from - 1).is_some_and(|m| m >= half.from) {
        from -= 1;
    }
    Some(Parameter {
        name: format!("number of {}, in {}", constraint.id(), claim.unit()),
        unit: "",
        value: 0.0,
        what: What::Number(at),
        scale: Scale::Steps { from, to },
    })
}
