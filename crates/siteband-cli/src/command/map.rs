//! `siteband map`: the ranking of a scenario as a file that people look at.

use std::io::Write;
use std::path::PathBuf;

use siteband::Scenario;
use siteband_map::{Drawing, PictureOptions, QML, Report};

use super::{account, files_of, keep_apart, reading, sites_to_rank, warn_of_edges};
use crate::args::Map;
use crate::output::{Output, write_text, written};
use crate::{Failure, Outcome};

pub(super) fn run(args: &Map) -> Result<Outcome, Failure> {
    let drawing = Drawing::of(&args.output).map_err(|error| Failure::Usage(error.to_string()))?;
    let scenario = Scenario::from_path(&args.scenario).map_err(Failure::input)?;
    let style = (drawing == Drawing::Geojson).then(|| args.output.with_extension("qml"));
    let outputs = [("--output", Some(args.output.as_path())), ("--output", style.as_deref())];
    let inputs = files_of(&scenario);
    keep_apart(&outputs, &inputs.iter().chain(&args.sites).map(PathBuf::as_path).collect::<Vec<_>>())?;
    warn_of_edges(scenario.warnings());
    let reading = reading(args.reading.as_deref(), *scenario.reading())?;
    let sites = sites_to_rank(Some(&scenario), args.sites.as_deref(), args.sites_crs.as_ref())?;
    let mut output = Output::open(Some(&args.output))?;
    let report = Report::new(&scenario, &sites, &reading);
    let options =
        PictureOptions { width_px: args.width, dots_per_inch: args.dpi, is_dark: args.dark, labelled: args.labels };
    let drawn = report.draw(drawing, &options).map_err(Failure::input)?;
    output.write_all(&drawn).map_err(written)?;
    output.finish()?;
    if let Some(style) = &style {
        write_text(Some(style), QML)?;
    }
    Ok(account(&sites))
}
