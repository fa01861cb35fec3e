//! Points with the same content as the table, for maps.

use serde_json::{Map, Value, json};

use super::{Report, finite};

/// The ranking as a GeoJSON feature collection of points; what concerns the whole stands beside the features.
pub(crate) fn geojson(report: &Report<'_>, top: usize) -> String {
    let ranking = report.ranking;
    let features: Vec<Value> = ranking
        .top(top)
        .map(|ranked| {
            let (site, position) = (ranked.site, ranked.site.position());
            let mut properties = Map::new();
            let mut set = |key: &str, value: Value| properties.insert(key.to_owned(), value);
            set("rank", json!(ranked.rank));
            set("name", json!(site.name()));
            set("group", json!(site.group()));
            set("tags", json!(site.tags()));
            set("posterior", json!(ranked.posterior));
            set("log_likelihood", json!(finite(ranked.log_likelihood)));
            set("tied_with", json!(ranked.tied_with));
            for evidence in &ranked.evidence {
                if let Some(distance) = evidence.distance {
                    set(&format!("{}_distance_m", evidence.claim), json!(distance.m()));
                }
                set(&format!("{}_decibans", evidence.claim), json!(evidence.decibans));
            }
            json!({
                "type": "Feature",
                "id": site.id(),
                "properties": properties,
                "geometry": {"type": "Point", "coordinates": [position.lon_deg(), position.lat_deg()]},
            })
        })
        .collect();
    super::pretty_json(&json!({
        "type": "FeatureCollection",
        "features": features,
        "title": report.title,
        "none_of_these": ranking.none_of_these,
        "prior_none": ranking.prior_none,
        "reading": report.reading,
        "caution": super::CAUTION,
    }))
}
