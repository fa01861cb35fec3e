//! `siteband map`: the ranking of a scenario as a file that people look at.

use std::path::Path;

use siteband::Scenario;
use siteband_map::{PictureOptions, QML, Report};

use super::{account, reading, sites_to_rank, warn_of_edges};
use crate::args::Map;
use crate::output::{write_bytes, write_text};
use crate::{Failure, Outcome};

/// What can be drawn, by the ending of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Kml,
    Kmz,
    Geojson,
    Markdown,
    Html,
    Svg,
    Png,
}

/// Every ending, with what it stands for.
const ENDINGS: [(&str, Format); 7] = [
    ("kml", Format::Kml),
    ("kmz", Format::Kmz),
    ("geojson", Format::Geojson),
    ("md", Format::Markdown),
    ("html", Format::Html),
    ("svg", Format::Svg),
    ("png", Format::Png),
];

impl Format {
    fn of(path: &Path) -> Result<Self, Failure> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let known = ENDINGS.iter().find(|(known, _)| ending.as_deref() == Some(known));
        known.map(|(_, format)| *format).ok_or_else(|| {
            let endings: Vec<String> = ENDINGS.iter().map(|(ending, _)| format!(".{ending}")).collect();
            Failure::Usage(format!(
                "{}: the ending of the file says what to draw: expected one of {}",
                path.display(),
                endings.join(", ")
            ))
        })
    }
}

pub(super) fn run(args: &Map) -> Result<Outcome, Failure> {
    let format = Format::of(&args.output)?;
    let scenario = Scenario::from_path(&args.scenario).map_err(Failure::input)?;
    warn_of_edges(scenario.warnings());
    let reading = reading(args.reading.as_deref(), *scenario.reading())?;
    let sites = sites_to_rank(Some(&scenario), args.sites.as_deref(), args.sites_crs.as_ref())?;
    let report = Report::new(&scenario, &sites, &reading);
    let options =
        PictureOptions { width_px: args.width, dots_per_inch: args.dpi, is_dark: args.dark, labelled: args.labels };
    let path = Some(args.output.as_path());
    match format {
        Format::Kml => write_text(path, &report.kml())?,
        Format::Kmz => write_bytes(path, &report.kmz())?,
        Format::Geojson => {
            write_text(path, &report.geojson())?;
            write_text(Some(&args.output.with_extension("qml")), QML)?;
        }
        Format::Markdown => write_text(path, &report.markdown())?,
        Format::Html => write_text(path, &report.html().map_err(Failure::input)?)?,
        Format::Svg => write_text(path, &report.svg(&options).map_err(Failure::input)?)?,
        Format::Png => write_bytes(path, &report.png(&options).map_err(Failure::input)?)?,
    }
    Ok(account(&sites))
}
