//! The scenario file as it is written: keys and plain values, nothing looked up yet.

use serde::Deserialize;

use crate::edges::Edges;

/// The whole file.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(title = "siteband scenario"))]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// What is asked, for people.
    pub(super) title: Option<String>,
    /// The prior probability that no listed site is right, between 0 and 1.
    pub(super) none_of_these: Option<f64>,
    /// The list of sites, relative to this file.
    pub(super) sites: Option<String>,
    /// The coordinate reference system of that list, if it is not WGS 84, as EPSG:32652; needs a build with PROJ.
    pub(super) sites_crs: Option<String>,
    /// Files of features in GeoJSON, relative to this file.
    #[serde(default)]
    pub(super) atlas: OneOrMany,
    /// Other data for the same features, in GeoJSON, relative to this file: what the ranking would be with them is part of the report.
    #[serde(default)]
    pub(super) other_atlas: OneOrMany,
    /// The coordinate reference system of those files, if it is not WGS 84 and they do not say so, as EPSG:32652; needs a build with PROJ.
    pub(super) features_crs: Option<String>,
    /// What edges are in those files, where a feature does not say so: geodesic (the default), or planar (straight in longitude and
    /// latitude).
    #[serde(default)]
    pub(super) edges: Edges,
    /// The area where an unlisted site could be: an id or a name.
    pub(super) search_region: Option<String>,
    /// Places that an unlisted site is likelier to be near, inside the search region where there is one.
    pub(super) gazetteer: Option<GazetteerEntry>,
    /// How stated numbers are taken: mixture (the default), mixture-prior, analyst, best-practice, rounded, literal or a further one.
    pub(super) reading: Option<String>,
    /// Points that claims refer to.
    #[serde(default)]
    pub(super) feature: Vec<FeatureEntry>,
    /// Who says something.
    #[serde(default)]
    pub(super) source: Vec<SourceEntry>,
    /// What is said.
    #[serde(default)]
    pub(super) claim: Vec<ClaimEntry>,
    /// Assumptions under which the ranking is repeated.
    #[serde(default)]
    pub(super) what_if: Vec<WhatIfEntry>,
}

/// One path or a list of them.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a path or a list of paths")]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(path) => vec![path],
            Self::Many(paths) => paths,
        }
    }
}

/// Places that an unlisted site is likelier to be near.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct GazetteerEntry {
    /// The list of places, relative to this file: a list of sites, such as the towns of a country.
    pub(super) places: String,
    /// How near: one standard deviation in each direction, in kilometres; 0 for the listed places themselves.
    pub(super) kernel_km: f64,
}

/// A point that claims refer to.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct FeatureEntry {
    /// Its identifier, in kebab-case.
    pub(super) id: String,
    /// Where it is, such as "39.0392 N 125.7625 E".
    pub(super) at: String,
    /// Its name for people.
    pub(super) name: Option<String>,
    /// Other names that claims use.
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    /// One standard deviation of its position, in metres; by default what the digits of its position imply.
    pub(super) uncertainty_m: Option<f64>,
    /// Where its position comes from, and under which terms; for people.
    pub(super) source: Option<String>,
    /// How far it reaches from that position, in metres: the radius of a town; by default what the reading takes for a town.
    pub(super) extent_m: Option<f64>,
}

/// Somebody who says something.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct SourceEntry {
    /// Its identifier, in kebab-case.
    pub(super) id: String,
    /// The probability that it is right, or a letter of the Admiralty scale.
    pub(super) reliability: Reliability,
    /// The source that it only repeats.
    pub(super) repeats: Option<String>,
    /// The power to which each of its statements counts, above 0 and at most 1: less where they lean on each other.
    pub(super) tempering: Option<f64>,
}

/// A probability from 0 to 1, or a letter from A to F.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a probability from 0 to 1, or an Admiralty letter from A to F")]
pub(super) enum Reliability {
    Probability(f64),
    Letter(String),
}

/// An assumption under which the ranking is repeated: some of what was said does not count.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct WhatIfEntry {
    /// What is assumed, for people.
    pub(super) title: String,
    /// Ids of claims that do not count.
    #[serde(default)]
    pub(super) without_claims: Vec<String>,
    /// Ids of sources that do not count.
    #[serde(default)]
    pub(super) without_sources: Vec<String>,
    /// Tags that do not count: every claim that looks at one is left out.
    #[serde(default)]
    pub(super) without_tags: Vec<String>,
}

/// One statement of one source.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ClaimEntry {
    /// Its identifier; by default the source's with a number behind it.
    pub(super) id: Option<String>,
    /// Who says it.
    pub(super) source: String,
    /// Why it is here, or why its numbers are what they are; for people.
    pub(super) note: Option<String>,
    /// Whether it counts less than it is stated, as arguments do that are found by looking at sites; by default it does. Not
    /// beside `text`.
    pub(super) tempered: Option<bool>,
    /// The feature of `text`, where its words name none.
    pub(super) feature: Option<String>,
    /// A distance claim in words.
    pub(super) text: Option<String>,
    /// A point of the feature of `text`, such as a bridge, that the distance may have been measured to.
    pub(super) crossing: Option<String>,
    /// How much longer the road is than the straight line, where the distance of `text` may have been measured by road.
    pub(super) road_factor: Option<f64>,
    /// Away from a feature.
    pub(super) away_from: Option<LogisticEntry>,
    /// Near a feature.
    pub(super) near: Option<LogisticEntry>,
    /// At least so far from a feature.
    pub(super) at_least_km: Option<LimitEntry>,
    /// At most so far from a feature.
    pub(super) at_most_km: Option<LimitEntry>,
    /// Inside an area.
    pub(super) inside: Option<SideEntry>,
    /// Outside an area.
    pub(super) outside: Option<SideEntry>,
    /// In a direction from a feature.
    pub(super) direction: Option<DirectionEntry>,
    /// Well connected to some features.
    pub(super) access: Option<AccessEntry>,
    /// Near a site with a tag.
    pub(super) nearby: Option<NearbyEntry>,
    /// Having an attribute.
    pub(super) attribute: Option<AttributeEntry>,
}

impl ClaimEntry {
    /// The kinds of statement.
    pub(super) const KINDS: [&str; 11] = [
        "text",
        "away_from",
        "near",
        "at_least_km",
        "at_most_km",
        "inside",
        "outside",
        "direction",
        "access",
        "nearby",
        "attribute",
    ];

    /// The kinds of statement that this entry makes.
    pub(super) fn kinds(&self) -> Vec<&'static str> {
        let made = [
            self.text.is_some(),
            self.away_from.is_some(),
            self.near.is_some(),
            self.at_least_km.is_some(),
            self.at_most_km.is_some(),
            self.inside.is_some(),
            self.outside.is_some(),
            self.direction.is_some(),
            self.access.is_some(),
            self.nearby.is_some(),
            self.attribute.is_some(),
        ];
        Self::KINDS.into_iter().zip(made).filter_map(|(kind, made)| made.then_some(kind)).collect()
    }
}

/// A logistic in the distance from a feature.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct LogisticEntry {
    /// The feature's id or name.
    pub(super) feature: String,
    /// Where the credit is a half.
    pub(super) midpoint_km: f64,
    /// How gently it changes: from 0.27 to 0.73 within one scale to either side.
    pub(super) scale_km: f64,
}

/// A limit of the distance from a feature.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct LimitEntry {
    /// The feature's id or name.
    pub(super) feature: String,
    /// The limit, in kilometres.
    pub(super) value: f64,
}

/// A side of an area's outline.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct SideEntry {
    /// The area's id or name.
    pub(super) region: String,
    /// The width of its edge, in kilometres.
    pub(super) edge_km: f64,
}

/// A direction from a feature.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct DirectionEntry {
    /// The feature's id or name.
    pub(super) from: String,
    /// The wind: NW, northwest, WNW and the like.
    pub(super) wind: String,
}

/// Ways to some features, one argument for all of them.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct AccessEntry {
    /// The features' ids or names.
    pub(super) to: Vec<String>,
    /// How many times longer a way is than the straight line where no road is known; 1 or more.
    pub(super) detour: f64,
    /// Roads in GeoJSON lines, relative to this file; without them, every way is the straight line with its detour.
    pub(super) network: Option<String>,
    /// By how much the mean way grows while the credit falls to 0.37 of what it was.
    pub(super) scale_km: f64,
}

/// The distance to the nearest listed site with a tag.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct NearbyEntry {
    /// The tag, as in the list of sites.
    pub(super) tag: String,
    /// Where the credit is a half.
    pub(super) midpoint_km: f64,
    /// How gently it changes.
    pub(super) scale_km: f64,
    /// Whether a site that has the tag counts as near itself.
    #[serde(default)]
    pub(super) include_self: bool,
}

/// Something known of some sites.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct AttributeEntry {
    /// The tag, as in the list of sites.
    pub(super) tag: String,
    /// How many times more probable the tag is if the site is the one than if it is not.
    pub(super) likelihood_ratio: f64,
    /// The same for the absence of the tag.
    #[serde(default = "one")]
    pub(super) likelihood_ratio_absent: f64,
}

fn one() -> f64 {
    1.0
}

/// The JSON Schema of the scenario file, derived from the types that read it.
#[cfg(feature = "schema")]
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(File).to_value()
}
