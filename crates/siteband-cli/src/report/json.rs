//! Everything, for programs. The keys are a contract: `schema` changes with them.

use serde::Serialize;
use siteband::{Edges, Evidence, Place, Ranked, RankedGroup, Reading, Rejected, Robustness};

use super::{Text, finite, pretty_json};

#[derive(Serialize)]
struct RankingJson<'a> {
    schema: u32,
    title: &'a str,
    none_of_these: f64,
    prior_none: f64,
    reading: &'a Reading,
    search_region: Option<RegionJson<'a>>,
    contradiction: bool,
    said_before: &'a [String],
    features: Vec<FeatureJson<'a>>,
    ranking: Vec<RankedJson<'a>>,
    groups: Vec<RankedGroup>,
    rejected: &'a [Rejected],
    robustness: RobustnessJson<'a>,
    caution: &'static str,
}

/// The report, or an empty object where it was not asked for.
#[derive(Serialize)]
struct RobustnessJson<'a> {
    #[serde(flatten)]
    report: Option<&'a Robustness>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sentences: Vec<String>,
}

#[derive(Serialize)]
struct RegionJson<'a> {
    name: &'a str,
    diameter_m: f64,
}

#[derive(Serialize)]
struct FeatureJson<'a> {
    claim: &'a str,
    id: &'a str,
    name: &'a str,
    position_uncertainty_m: f64,
    edges: Edges,
    /// Edges that may not mean what was drawn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
    source: Option<&'a str>,
    licence: Option<&'a str>,
}

#[derive(Serialize)]
struct RankedJson<'a> {
    rank: usize,
    id: &'a str,
    name: &'a str,
    group: Option<&'a str>,
    lat: f64,
    lon: f64,
    posterior: f64,
    log_likelihood: Option<f64>,
    tied_with: Vec<&'a str>,
    evidence: Vec<EvidenceJson>,
}

#[derive(Serialize)]
struct EvidenceJson {
    claim: String,
    kind: &'static str,
    distance_m: Option<f64>,
    nearest_lat: Option<f64>,
    nearest_lon: Option<f64>,
    log_likelihood: Option<f64>,
    decibans: Option<f64>,
    position: Option<Place>,
}

impl From<Evidence> for EvidenceJson {
    fn from(evidence: Evidence) -> Self {
        Self {
            claim: evidence.claim,
            kind: evidence.kind,
            distance_m: evidence.distance.map(siteband::Length::m),
            nearest_lat: evidence.nearest.map(|nearest| nearest.lat_deg()),
            nearest_lon: evidence.nearest.map(|nearest| nearest.lon_deg()),
            log_likelihood: finite(evidence.log_likelihood),
            decibans: evidence.decibans,
            position: evidence.position,
        }
    }
}

impl<'a> From<Ranked<'a>> for RankedJson<'a> {
    fn from(ranked: Ranked<'a>) -> Self {
        let position = ranked.site.position();
        Self {
            rank: ranked.rank,
            id: ranked.site.id(),
            name: ranked.site.name(),
            group: ranked.site.group(),
            lat: position.lat_deg(),
            lon: position.lon_deg(),
            posterior: ranked.posterior,
            log_likelihood: finite(ranked.log_likelihood),
            tied_with: ranked.tied_with,
            evidence: ranked.evidence.into_iter().map(EvidenceJson::from).collect(),
        }
    }
}

/// The ranking as JSON.
pub(crate) fn json(told: &Text<'_>, rejected: &[Rejected], top: usize) -> String {
    let ranking = told.ranking;
    let features = ranking.constraints().filter_map(|constraint| {
        let feature = constraint.feature()?;
        Some(FeatureJson {
            claim: constraint.id(),
            id: feature.id(),
            name: feature.name(),
            position_uncertainty_m: feature.position_uncertainty().m(),
            edges: feature.edges(),
            warnings: feature.warnings().iter().map(ToString::to_string).collect(),
            source: feature.source(),
            licence: feature.licence(),
        })
    });
    pretty_json(&RankingJson {
        schema: 1,
        title: told.title,
        none_of_these: ranking.none_of_these,
        prior_none: ranking.prior_none,
        reading: told.reading,
        search_region: ranking
            .search_region()
            .map(|region| RegionJson { name: region.name(), diameter_m: region.diameter().m() }),
        contradiction: ranking.contradiction,
        said_before: &ranking.said_before,
        features: features.collect(),
        ranking: ranking.top(top).map(RankedJson::from).collect(),
        groups: ranking.groups(),
        rejected,
        robustness: RobustnessJson {
            report: told.robustness,
            sentences: told.robustness.map(Robustness::sentences).unwrap_or_default(),
        },
        caution: super::CAUTION,
    })
}
