//! Tipping points: the smallest change of each number that changes the first place.

use serde::Serialize;

use super::Inquiry;
use super::parameter::{Parameter, Scale, What};
use crate::rank::{Model, Question};

/// How far one number has to change for another place to come first, everything else being as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TippingPoint {
    /// Which number, in words.
    pub parameter: String,
    /// Its unit, where it has one.
    pub unit: Option<&'static str>,
    /// What it is.
    pub value: f64,
    /// From where to where it could plausibly lie.
    pub plausible: (f64, f64),
    /// The nearest value with another first place; none where no value that was tried changes it.
    pub tips_at: Option<f64>,
    /// Who is first there.
    pub then: Option<String>,
    /// Whether that value is plausible.
    pub is_plausible: bool,
}

/// How many steps are looked at to either side.
const STEPS: u32 = 50;

/// How many standard deviations away the last one lies.
const REACH_SD: f64 = 5.0;

/// How often the interval between two steps is halved.
const HALVINGS: u32 = 20;

/// π0 is plausible between these.
const PLAUSIBLE_PRIOR: (f64, f64) = (0.05, 0.5);

impl Inquiry<'_> {
    pub(super) fn tipping_points(&self, candidates: &[usize]) -> Vec<TippingPoint> {
        let question = self.question.clone().of_sites_alone();
        let first = |question: Question<'_>| self.places.first_among(&Model::without_leaving_out(question), candidates);
        let Some(leader) = first(question.clone()) else { return Vec::new() };
        let parameters = self.parameters();
        let others = crate::batch::map(&parameters, |parameter| {
            let first_at = |on_scale: f64| {
                let mut changed = question.clone();
                parameter.what.set(&mut changed, parameter.scale.back(on_scale));
                first(changed)
            };
            self.tipping_point(parameter, nearest_change(parameter, &first_at, leader))
        });
        self.tipping_prior().into_iter().chain(others).collect()
    }

    fn tipping_point(&self, parameter: &Parameter, found: Option<(f64, Option<usize>)>) -> TippingPoint {
        let (low, high) = parameter.scale.plausible(parameter.value);
        let shown = |on_scale: f64| parameter.shown(&self.question, parameter.scale.back(on_scale));
        TippingPoint {
            parameter: parameter.name.clone(),
            unit: (!parameter.unit.is_empty()).then_some(parameter.unit),
            value: parameter.shown(&self.question, parameter.value),
            plausible: (shown(low), shown(high)),
            tips_at: found.map(|(on_scale, _)| shown(on_scale)),
            then: found.and_then(|(_, place)| place).map(|place| self.places.name(place).to_owned()),
            is_plausible: found.is_some_and(|(on_scale, _)| (low..=high).contains(&on_scale)),
        }
    }

    /// The prior at which none of these is as likely as the first place.
    fn tipping_prior(&self) -> Option<TippingPoint> {
        let leader = self.leader.as_ref()?;
        let model = Model::without_leaving_out(self.question.clone());
        let prior = self.question.prior_none;
        let ln_none = model.ln_joint_none() - prior.ln();
        let weights = self.base.iter().map(|site| (model.ln_prior(*site) + model.log_likelihood(*site), *site));
        let (_, ln_first) = self.places.first_of(&weights.collect::<Vec<_>>())?;
        let ln_first = ln_first - (1.0 - prior).ln();
        let tips_at = 1.0 / (1.0 + (ln_none - ln_first).exp());
        let is_inside = tips_at > 0.0 && tips_at < 1.0;
        let then = if tips_at > prior { "none of these" } else { leader.place.as_str() };
        Some(TippingPoint {
            parameter: "prior for none of these".to_owned(),
            unit: None,
            value: prior,
            plausible: PLAUSIBLE_PRIOR,
            tips_at: is_inside.then_some(tips_at),
            then: is_inside.then(|| then.to_owned()),
            is_plausible: (PLAUSIBLE_PRIOR.0..=PLAUSIBLE_PRIOR.1).contains(&tips_at),
        })
    }
}

/// The value nearest to the present one, on its scale, at which another place is first, with that place.
fn nearest_change(
    parameter: &Parameter,
    first_at: &impl Fn(f64) -> Option<usize>,
    leader: usize,
) -> Option<(f64, Option<usize>)> {
    let from = parameter.scale.forth(parameter.value);
    let changes = |on_scale: f64| first_at(on_scale) != Some(leader);
    let ends = match (parameter.scale, &parameter.what) {
        (Scale::Logit { sd } | Scale::Log { sd, .. } | Scale::Plain { sd }, _) => {
            (from - REACH_SD * sd, from + REACH_SD * sd)
        }
        // λ above 1 would make more of a source than it said.
        (Scale::Even { to, .. }, What::Tempering(_)) => (0.02, to),
        (Scale::Even { from, to }, _) => (from, to),
        (Scale::Steps { .. }, _) => (-f64::from(STEPS), f64::from(STEPS)),
    };
    let is_whole = matches!(parameter.scale, Scale::Steps { .. });
    let toward = |end: f64| {
        let mut before = from;
        for step in 1..=STEPS {
            let at = from + (end - from) * f64::from(step) / f64::from(STEPS);
            if at == before {
                return None;
            }
            if changes(at) {
                return Some((before, at));
            }
            before = at;
        }
        None
    };
    let refine = |(mut same, mut other): (f64, f64)| {
        for _ in 0..if is_whole { 0 } else { HALVINGS } {
            let middle = f64::midpoint(same, other);
            if changes(middle) {
                other = middle;
            } else {
                same = middle;
            }
        }
        other
    };
    let found = [toward(ends.0), toward(ends.1)].into_iter().flatten().map(refine);
    let nearest = found.min_by(|a, b| (a - from).abs().total_cmp(&(b - from).abs()))?;
    Some((nearest, first_at(nearest)))
}
