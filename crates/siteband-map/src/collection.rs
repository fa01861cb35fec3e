//! GeoJSON: every layer in one collection, for QGIS and other programs.

use geo::Geometry;
use geojson::{Feature, GeometryValue, JsonObject, feature::Id};
use serde_json::{Value, json};
use siteband::Ranked;

use crate::layers::{ClaimLayer, Connection};
use crate::report::Report;
use crate::shape;
use crate::words::{self, CAUTION};

impl Report<'_> {
    /// The map as a GeoJSON feature collection ([RFC 7946](https://www.rfc-editor.org/rfc/rfc7946)), a feature a line.
    ///
    /// The property `layer` says what a feature is: `site` (with its rank, posterior and evidence), `band` (with `claim`, `kind`,
    /// `from_km`, `to_km`), `feature` (what a statement is about) or `way` (the shortest from one of the first sites). What crosses
    /// 180° is cut there. What concerns the whole, such as the probability of none of these, stands beside the features.
    ///
    /// # Example
    /// ```
    /// use siteband::{Reading, Scenario};
    /// use siteband_map::Report;
    /// let scenario = Scenario::from_path("../../data/scenarios/sino-ri.toml".as_ref())?;
    /// let sites = scenario.load_sites()?;
    /// let text = Report::new(&scenario, &sites, &Reading::default()).geojson();
    /// let collection: geojson::FeatureCollection = text.parse()?;
    /// let is_site = |feature: &&geojson::Feature| feature.property("layer").is_some_and(|layer| layer == "site");
    /// assert_eq!(collection.features.iter().filter(is_site).count(), sites.len());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn geojson(&self) -> String {
        let ranking = self.ranking();
        // Bands come first, so that a program which draws in this order draws the sites last.
        let mut features: Vec<Feature> = self.layers().claims().iter().flat_map(bands).collect();
        features.extend(self.layers().claims().iter().flat_map(about));
        features.extend(self.layers().connections().iter().filter_map(way));
        features.extend(ranking.top(ranking.len()).map(|ranked| site_feature(&ranked)));
        let whole = [
            ("type", json!("FeatureCollection")),
            ("title", json!(self.scenario().title())),
            ("none_of_these", json!(ranking.none_of_these)),
            ("prior_none", json!(ranking.prior_none)),
            ("reading", json!(self.reading())),
            ("caution", json!(CAUTION)),
            ("sources", json!(words::origins(self))),
        ];
        let whole: Vec<String> = whole.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        let features: Vec<String> = features.iter().map(ToString::to_string).collect();
        format!("{{{},\n\"features\":[\n{}\n]}}\n", whole.join(",\n"), features.join(",\n"))
    }
}

fn feature(layer: &str, geometry: GeometryValue, properties: impl IntoIterator<Item = (String, Value)>) -> Feature {
    let mut all = JsonObject::new();
    all.insert("layer".to_owned(), json!(layer));
    all.extend(properties);
    Feature { geometry: Some(geojson::Geometry::new(geometry)), properties: Some(all), ..Feature::default() }
}

fn named<const N: usize>(properties: [(&str, Value); N]) -> impl Iterator<Item = (String, Value)> {
    properties.into_iter().map(|(key, value)| (key.to_owned(), value))
}

fn bands(layer: &ClaimLayer) -> Vec<Feature> {
    let drawn = layer.bands.iter().filter(|band| !band.outline.polygons().0.is_empty());
    drawn
        .map(|band| {
            let properties = named([
                ("claim", json!(layer.claim)),
                ("meaning", json!(layer.meaning)),
                ("kind", json!(band.kind.name())),
                ("from_km", json!(band.interval.from.km())),
                ("to_km", json!(band.interval.to.km())),
            ]);
            feature("band", geojson::Geometry::from(&band.outline).value, properties)
        })
        .collect()
}

/// What a statement is about.
fn about(layer: &ClaimLayer) -> Vec<Feature> {
    let drawn = layer.features.iter().map(|of| {
        let properties = named([
            ("claim", json!(layer.claim)),
            ("meaning", json!(layer.meaning)),
            ("id", json!(of.id())),
            ("name", json!(of.name())),
            ("source", json!(of.source())),
            ("licence", json!(of.licence())),
        ]);
        feature("feature", value_of(&shape::drawn(of)), properties)
    });
    drawn.collect()
}

/// None for a site on the feature, which has no way to go.
fn way(connection: &Connection) -> Option<Feature> {
    let Connection { site, claim, distance, path } = connection;
    let lines = shape::way(path);
    let properties = named([("site", json!(site)), ("claim", json!(claim)), ("distance_m", json!(distance.m()))]);
    (!lines.0.is_empty()).then(|| feature("way", value_of(&lines.into()), properties))
}

/// What a ranked site is on a map, as the GeoJSON feature that stands for it: its rank, posterior, and for each statement what it measures
/// and what it contributes.
#[must_use]
pub fn site_feature(ranked: &Ranked<'_>) -> Feature {
    let (site, position) = (ranked.site, ranked.site.position());
    let finite = |value: f64| value.is_finite().then_some(value);
    let mut properties: Vec<(String, Value)> = named([
        ("rank", json!(ranked.rank)),
        ("name", json!(site.name())),
        ("group", json!(site.group())),
        ("tags", json!(site.tags())),
        ("posterior", json!(ranked.posterior)),
        ("log_likelihood", json!(finite(ranked.log_likelihood))),
        ("tied_with", json!(ranked.tied_with)),
    ])
    .collect();
    for evidence in &ranked.evidence {
        if let Some(distance) = evidence.distance {
            properties.push((format!("{}_distance_m", evidence.claim), json!(distance.m())));
        }
        properties.push((format!("{}_decibans", evidence.claim), json!(evidence.decibans)));
    }
    let at = geo::Point::new(position.lon_deg(), position.lat_deg());
    Feature { id: Some(Id::String(site.id().to_owned())), ..feature("site", GeometryValue::from(&at), properties) }
}

/// One part as itself, several as one.
fn value_of(geometry: &Geometry<f64>) -> GeometryValue {
    match geometry {
        Geometry::MultiPoint(parts) if parts.0.len() == 1 => GeometryValue::from(&parts.0[0]),
        Geometry::MultiLineString(parts) if parts.0.len() == 1 => GeometryValue::from(&parts.0[0]),
        Geometry::MultiPolygon(parts) if parts.0.len() == 1 => GeometryValue::from(&parts.0[0]),
        several => GeometryValue::from(several),
    }
}
