//! What a lead rests on: distances, or arguments about sites.

use serde::Serialize;

use super::Inquiry;
use crate::constraint::Constraint;
use crate::rank::Model;

/// What a place's lead over its best rival rests on.
///
/// The lead is measured with everything that was said, without the soft statements, and without the distances. What a part
/// contributes is what its leaving out takes away; parts of one source share its fate, so they need not add up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reliance {
    /// The place.
    pub place: String,
    /// Its lead over the best other place, in decibans; negative where it is behind, none where either is impossible.
    pub lead_decibans: Option<f64>,
    /// Its lead without the soft statements.
    pub lead_without_soft_decibans: Option<f64>,
    /// Its lead without the distances.
    pub lead_without_distance_decibans: Option<f64>,
    /// What the soft statements contribute to its lead.
    pub soft_decibans: Option<f64>,
    /// What the distances contribute to it.
    pub distance_decibans: Option<f64>,
    /// What the soft statements of each source contribute, in the order of the statements.
    pub soft_by_source: Vec<(String, Option<f64>)>,
    /// Which of the two contributes more; none where one of them cannot be said.
    pub rests_on: Option<RestsOn>,
}

/// What contributes more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RestsOn {
    /// Arguments about sites.
    SoftStatements,
    /// What was said about distances.
    Distances,
    /// Neither puts it ahead.
    Neither,
}

impl Inquiry<'_> {
    /// For the first place, and the place of each site that the caller watches.
    pub(super) fn reliance(&self) -> Vec<Reliance> {
        let mut places: Vec<usize> = Vec::new();
        let wanted = |site: &usize| {
            let id = self.question.sites.as_slice()[*site].id();
            self.leader.as_ref().is_some_and(|leader| leader.site == id)
                || self.options.watched.iter().any(|watched| watched.eq_ignore_ascii_case(id))
        };
        for site in self.base.iter().filter(|site| wanted(site)) {
            let place = self.places.of_site(*site);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places.into_iter().map(|place| self.reliance_of(place)).collect()
    }

    fn reliance_of(&self, place: usize) -> Reliance {
        let lead = |keep: &dyn Fn(&Constraint) -> bool| {
            let model = Model::without_leaving_out(self.question.clone().retaining(keep));
            self.places.lead(&model, place).filter(|lead| lead.is_finite())
        };
        let with_all = lead(&|_| true);
        let takes_away = |without: Option<f64>| Some(with_all? - without?);
        let (without_soft, without_distance) = (lead(&Constraint::is_distance), lead(&|of| !of.is_distance()));
        let (soft, distance) = (takes_away(without_soft), takes_away(without_distance));
        let soft_by_source = self
            .ids(|posed| posed.constraint().source().id().to_owned())
            .into_iter()
            .filter(|id| self.question.posed.iter().any(|posed| is_soft_of(posed.constraint(), id)))
            .map(|id| {
                let without = lead(&|constraint| !is_soft_of(constraint, &id));
                (id, takes_away(without))
            })
            .collect();
        let rests_on = soft.zip(distance).map(|(soft, distance)| {
            if soft <= 0.0 && distance <= 0.0 {
                RestsOn::Neither
            } else if soft > distance {
                RestsOn::SoftStatements
            } else {
                RestsOn::Distances
            }
        });
        Reliance {
            place: self.places.name(place).to_owned(),
            lead_decibans: with_all,
            lead_without_soft_decibans: without_soft,
            lead_without_distance_decibans: without_distance,
            soft_decibans: soft,
            distance_decibans: distance,
            soft_by_source,
            rests_on,
        }
    }
}

fn is_soft_of(constraint: &Constraint, source: &str) -> bool {
    !constraint.is_distance() && constraint.source().id() == source
}
