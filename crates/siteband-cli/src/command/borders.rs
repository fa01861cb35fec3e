//! `siteband borders`: what the bundled atlas knows.

use serde::Serialize;
use siteband::{Atlas, Feature, FeatureKind};

use crate::args::{Borders, TableOrJson};
use crate::output::write_text;
use crate::report::{paragraph, plain_table, pretty_json};
use crate::{Failure, Outcome};

#[derive(Serialize)]
struct FeatureJson<'a> {
    id: &'a str,
    name: &'a str,
    kind: String,
    countries: &'a [String],
    aliases: &'a [String],
    segments: usize,
    length_m: f64,
    position_uncertainty_m: f64,
    source: Option<&'a str>,
    licence: Option<&'a str>,
}

pub(super) fn run(args: &Borders) -> Result<Outcome, Failure> {
    let atlas = Atlas::bundled();
    let known = || {
        let borders = atlas.features().iter().filter(|feature| feature.kind() == FeatureKind::Line);
        let names: Vec<&str> = borders.map(|feature| feature.name()).collect();
        format!("the bundled atlas has {}; any other border can be given as GeoJSON", names.join(" and "))
    };
    let features: Vec<&Feature> = match &args.country {
        Some(country) => {
            let found = atlas.borders(country, args.with.as_deref());
            let found = found.map_err(|error| Failure::input(format!("{error}; {}", known())))?;
            if found.is_empty() {
                let with = args.with.as_ref().map_or_else(String::new, |with| format!(" with '{with}'"));
                return Err(Failure::input(format!("no border of '{country}'{with}: {}", known())));
            }
            found.into_iter().map(AsRef::as_ref).collect()
        }
        None => atlas.features().iter().map(AsRef::as_ref).collect(),
    };
    let text = match args.format {
        TableOrJson::Json => pretty_json(&features.iter().map(|feature| describe(feature)).collect::<Vec<_>>()),
        TableOrJson::Table => {
            let header = ["id", "name", "kind", "segments", "length", "known to"];
            let mut text = plain_table(&header, features.iter().map(|feature| row(feature)));
            text.push('\n');
            for feature in &features {
                text.push_str(&paragraph(&format!(
                    "{}: {}",
                    feature.id(),
                    feature.source().unwrap_or("no source stated")
                )));
            }
            text
        }
    };
    write_text(None, &text)?;
    Ok(Outcome::Whole)
}

fn describe(feature: &Feature) -> FeatureJson<'_> {
    FeatureJson {
        id: feature.id(),
        name: feature.name(),
        kind: feature.kind().to_string(),
        countries: feature.countries(),
        aliases: feature.aliases(),
        segments: feature.segment_count(),
        length_m: feature.length().m(),
        position_uncertainty_m: feature.position_uncertainty().m(),
        source: feature.source(),
        licence: feature.licence(),
    }
}

fn row(feature: &Feature) -> Vec<String> {
    let point = feature.kind() == FeatureKind::Point;
    let unless_point = |text: String| if point { String::new() } else { text };
    vec![
        feature.id().to_owned(),
        feature.name().to_owned(),
        feature.kind().to_string(),
        unless_point(feature.segment_count().to_string()),
        unless_point(format!("{:.0} km", feature.length().km())),
        feature.position_uncertainty().to_string(),
    ]
}
