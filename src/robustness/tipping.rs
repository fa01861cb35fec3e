//! Tipping points: the smallest change of each number that changes the first place.

use serde::Serialize;

use super::Inquiry;
use super::parameter::{CERTAIN, Parameter, Scale, What};
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

/// What would make a place first that is not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WaysToWin {
    /// The place.
    pub place: String,
    /// For each number the nearest value that makes it first.
    pub points: Vec<TippingPoint>,
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
    /// The smallest changes after which another place is first.
    pub(super) fn tipping_points(&self, candidates: &[usize]) -> Vec<TippingPoint> {
        let Some(leader) = self.first_of(self.question.clone().of_sites_alone(), candidates) else { return Vec::new() };
        let others = self.changes(candidates, |first| first != Some(leader));
        self.tipping_prior().into_iter().chain(others).collect()
    }

    /// For the place of each site that the caller watches and that is not first: the smallest changes after which it is.
    pub(super) fn ways_to_win(&self, candidates: &[usize]) -> Vec<WaysToWin> {
        let first = self.leader.as_ref().map(|leader| leader.place.as_str());
        let mut places: Vec<usize> = Vec::new();
        for place in self.called().map(|site| self.places.of_site(site)) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        let others = places.into_iter().filter(|place| Some(self.places.name(*place)) != first);
        others
            .map(|place| {
                let points = self.changes(candidates, |first| first == Some(place));
                WaysToWin { place: self.places.name(place).to_owned(), points }
            })
            .collect()
    }

    fn first_of(&self, question: Question<'_>, candidates: &[usize]) -> Option<usize> {
        self.places.first_among(&Model::without_leaving_out(question), candidates)
    }

    /// For each parameter the change nearest to its value after which `is_so` holds of the first place.
    fn changes(&self, candidates: &[usize], is_so: impl Fn(Option<usize>) -> bool + Sync + Send) -> Vec<TippingPoint> {
        let question = self.question.clone().of_sites_alone();
        crate::batch::map(&self.parameters(), |parameter| {
            let first_at = |on_scale: f64| {
                let mut changed = question.clone();
                parameter.what.set(&mut changed, parameter.scale.back(on_scale));
                self.first_of(changed, candidates)
            };
            let nearest = nearest_change(parameter, &|on_scale| is_so(first_at(on_scale)));
            self.tipping_point(parameter, nearest.map(|on_scale| (on_scale, first_at(on_scale))))
        })
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
        let prior = self.question.prior_none;
        // The odds are proportional to those of the priors, (1 − π)/π.
        let ln_likelihood_ratio = self.posteriors.ln_first_to_none() - ((1.0 - prior) / prior).ln();
        let tips_at = 1.0 / (1.0 + (-ln_likelihood_ratio).exp());
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

/// The value nearest to the present one, on its scale, at which something else is so.
fn nearest_change(parameter: &Parameter, changes: &impl Fn(f64) -> bool) -> Option<f64> {
    let from = parameter.scale.forth(parameter.value);
    let ends = match (parameter.scale, &parameter.what) {
        // A source can be anything between certainly wrong and certainly right.
        (_, What::Reliability(_)) => (-CERTAIN, CERTAIN),
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
    found.min_by(|a, b| (a - from).abs().total_cmp(&(b - from).abs()))
}
