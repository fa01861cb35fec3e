//! What an analyst has to be warned of.

use std::fmt;

use serde::Serialize;

use super::{Inquiry, Robustness};
use crate::band::Origin;
use crate::constraint::Constraint;
use crate::rank::{Model, Posed, decibans};
use crate::reading::Reading;

/// Something that makes a ranking less than it looks.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "flag", rename_all = "snake_case")]
pub enum Flag {
    /// No hypothesis is left possible: the prior is shown.
    NothingPossible,
    /// Every site fits what was said worse than an unlisted one would.
    NoSiteBeatsNone {
        /// How far the best site's likelihood is behind, in decibans; none where no site is possible.
        behind_decibans: Option<f64>,
    },
    /// None of these is likelier than any place, though some site fits better than an unlisted one would.
    NoneLeads {
        /// Its posterior.
        none_of_these: f64,
    },
    /// Two statements that no place satisfies together.
    Contradiction {
        /// The ids of the two.
        claims: (String, String),
        /// How far the best place is behind one that would satisfy both, in decibans; none where it is infinitely far.
        behind_decibans: Option<f64>,
    },
    /// Without this one statement another place would be first, and no other statement is alone in that.
    OneClaimDecides {
        /// Its id.
        claim: String,
        /// Who would be first.
        then: Option<String>,
    },
    /// Without this one source another place would be first, and no other source is alone in that.
    OneSourceDecides {
        /// Its id.
        source: String,
        /// Who would be first.
        then: Option<String>,
    },
    /// Sites with exactly the same posterior are first.
    Tied {
        /// Their ids.
        sites: Vec<String>,
    },
    /// If the first site is the one, the number of a claim is most likely far off, or in another unit than the one written.
    FarOff {
        /// The claim's id.
        claim: String,
        /// The site's id.
        site: String,
        /// What the number would be, in words.
        origin: String,
        /// How likely that is, if the site is the one.
        probability: f64,
    },
    /// No listed site has a tag that a statement looks at.
    NoSuchTag {
        /// The statement's id.
        claim: String,
        /// The tag.
        tag: String,
    },
}

/// Two statements contradict each other where the best place is so far behind one that satisfies both. A true sentence with a
/// direction that is somewhat wrong reaches 10.3.
const CONTRADICTION_DB: f64 = 15.0;

impl Inquiry<'_> {
    pub(super) fn flags(&self, report: &Robustness) -> Vec<Flag> {
        let mut flags = self.of_hypotheses();
        flags.extend(self.contradictions());
        let base = report.leader.as_ref().map(|leader| &leader.place);
        let decisive = |what_ifs: &[super::WhatIf]| {
            let changes = |what_if: &&super::WhatIf| what_if.leader.as_ref().map(|leader| &leader.place) != base;
            let changing: Vec<&super::WhatIf> = what_ifs.iter().filter(changes).collect();
            match changing.as_slice() {
                [one] if what_ifs.len() > 1 => Some((
                    one.assumption.strip_prefix("without ").unwrap_or(&one.assumption).to_owned(),
                    one.leader.as_ref().map(|leader| leader.place.clone()),
                )),
                _ => None,
            }
        };
        flags.extend(decisive(&report.without_claim).map(|(claim, then)| Flag::OneClaimDecides { claim, then }));
        flags.extend(decisive(&report.without_source).map(|(source, then)| Flag::OneSourceDecides { source, then }));
        flags.extend(self.far_off());
        for posed in &self.question.posed {
            let constraint = posed.constraint();
            let missing =
                constraint.tag().filter(|tag| !self.question.sites.as_slice().iter().any(|site| site.has_tag(tag)));
            flags.extend(missing.map(|tag| Flag::NoSuchTag { claim: constraint.id().to_owned(), tag: tag.to_owned() }));
        }
        flags
    }

    fn of_hypotheses(&self) -> Vec<Flag> {
        let model = Model::without_leaving_out(self.question.clone());
        let none = model.log_likelihood_none();
        let best = self.base().iter().map(|site| model.log_likelihood(*site)).fold(f64::NEG_INFINITY, f64::max);
        let mut flags = Vec::new();
        if best == f64::NEG_INFINITY && none == f64::NEG_INFINITY {
            flags.push(Flag::NothingPossible);
            return flags;
        }
        let places = self.leader.as_ref();
        let none_of_these = self.posteriors.none;
        if best < none {
            let behind = decibans(none - best);
            flags.push(Flag::NoSiteBeatsNone { behind_decibans: behind.is_finite().then_some(behind) });
        } else if places.is_none_or(|leader| none_of_these > leader.posterior) {
            flags.push(Flag::NoneLeads { none_of_these });
        }
        let weight = |site: usize| (model.ln_prior(site) + model.log_likelihood(site)).to_bits();
        if let Some(first) = self.base().first() {
            let tied: Vec<usize> =
                self.base().iter().copied().take_while(|site| weight(*site) == weight(*first)).collect();
            let id = |site: &usize| self.question.sites.as_slice()[*site].id().to_owned();
            if tied.len() > 1 && best > f64::NEG_INFINITY {
                flags.push(Flag::Tied { sites: tied.iter().map(id).collect() });
            }
        }
        flags
    }

    /// Claims whose number has to be wrong if the first site is right.
    fn far_off(&self) -> Vec<Flag> {
        let Some(first) = self.base().first() else { return Vec::new() };
        let site = &self.question.sites.as_slice()[*first];
        let of_claim = |at: usize| {
            let constraint = self.question.posed[at].constraint();
            let band = constraint.band()?;
            let distance = crate::Length::from_m(self.question.gauge(at, *first).distance_m).ok()?;
            let (origin, probability) = band.origins_for(distance, site.position().uncertainty()).into_iter().next()?;
            matches!(origin, Origin::Gross | Origin::MixedUp { .. }).then(|| Flag::FarOff {
                claim: constraint.id().to_owned(),
                site: site.id().to_owned(),
                origin: origin.to_string(),
                probability,
            })
        };
        (0..self.question.posed.len()).filter_map(of_claim).collect()
    }

    /// Pairs of statements about location that no place of the search region and no site satisfies together. Distances are read as
    /// the default reading has it: a window of a kilometre contradicts everything.
    fn contradictions(&self) -> Vec<Flag> {
        // Access is a matter of degree: every way is longer than none, and no place satisfies it altogether.
        let can_be_satisfied = |of: &Constraint| of.is_about_location() && of.kind() != "access";
        let located: Vec<&Posed> =
            self.question.posed.iter().filter(|posed| can_be_satisfied(posed.constraint())).collect();
        let shortfalls: Vec<Vec<f64>> = located
            .iter()
            .map(|posed| {
                let constraint = posed.constraint().read_as(&Reading::default());
                let all = posed.places().iter().chain(posed.sites());
                let credits: Vec<f64> = all.map(|gauge| constraint.ln_credit(gauge, crate::Length::ZERO)).collect();
                let best = credits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                credits.into_iter().map(|credit| if credit == best { 0.0 } else { credit - best }).collect()
            })
            .collect();
        let mut flags = Vec::new();
        for (one, first) in located.iter().enumerate() {
            for (other, second) in located.iter().enumerate().skip(one + 1) {
                let together = shortfalls[one].iter().zip(&shortfalls[other]).map(|(a, b)| a + b);
                let behind = decibans(-together.fold(f64::NEG_INFINITY, f64::max));
                if behind >= CONTRADICTION_DB {
                    flags.push(Flag::Contradiction {
                        claims: (first.constraint().id().to_owned(), second.constraint().id().to_owned()),
                        behind_decibans: behind.is_finite().then_some(behind),
                    });
                }
            }
        }
        flags
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let would_be = |f: &mut fmt::Formatter<'_>, then: &Option<String>| match then {
            Some(place) => write!(f, "without it {place} would be first"),
            None => f.write_str("without it no site would be possible"),
        };
        match self {
            Self::NothingPossible => {
                f.write_str("What was said contradicts itself: nothing is possible under it, and the prior is shown.")
            }
            Self::NoSiteBeatsNone { behind_decibans: Some(behind) } => write!(
                f,
                "No listed site fits what was said better than an unlisted one would: the best is {behind:.1} dB behind."
            ),
            Self::NoSiteBeatsNone { behind_decibans: None } => {
                f.write_str("What was said leaves no listed site possible.")
            }
            Self::NoneLeads { none_of_these } => write!(
                f,
                "That no listed site is right is likelier ({:.1} %) than any one place.",
                100.0 * none_of_these
            ),
            Self::Contradiction { claims: (one, other), .. } => {
                write!(f, "{one} and {other} contradict each other: no place satisfies both.")
            }
            Self::OneClaimDecides { claim, then } => {
                write!(f, "One statement alone decides who is first, {claim}: ")?;
                would_be(f, then)?;
                f.write_str(".")
            }
            Self::OneSourceDecides { source, then } => {
                write!(f, "One source alone decides who is first, {source}: ")?;
                would_be(f, then)?;
                f.write_str(".")
            }
            Self::Tied { sites } => match sites.as_slice() {
                [one, other] => write!(f, "{one} and {other} are tied for the first rank."),
                [one, other, third] => write!(f, "{one}, {other} and {third} are tied for the first rank."),
                [one, other, more @ ..] => {
                    write!(f, "{one}, {other} and {} more are tied for the first rank.", more.len())
                }
                _ => Ok(()),
            },
            Self::FarOff { claim, site, origin, probability } => write!(
                f,
                "If {site} is the place, the number of {claim} is most likely {origin} ({:.0} %).",
                100.0 * probability
            ),
            Self::NoSuchTag { claim, tag } => {
                write!(f, "No listed site has the tag '{tag}' that {claim} looks at: it tells no site from another.")
            }
        }
    }
}
