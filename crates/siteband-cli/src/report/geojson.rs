//! Points with the same content as the table, for maps.

use serde_json::{Value, json};
use siteband_map::site_feature;

use super::Text;

/// The ranking as a GeoJSON feature collection of points; what concerns the whole stands beside the features.
pub(crate) fn geojson(told: &Text<'_>, top: usize) -> String {
    let ranking = told.ranking;
    let features: Vec<Value> = ranking.top(top).map(|ranked| json!(site_feature(&ranked))).collect();
    super::pretty_json(&json!({
        "type": "FeatureCollection",
        "features": features,
        "title": told.title,
        "none_of_these": ranking.none_of_these,
        "prior_none": ranking.prior_none,
        "reading": told.reading,
        "caution": super::CAUTION,
    }))
}
