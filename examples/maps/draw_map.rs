//! A scenario's ranking as everything that people look at: a page, pictures, layers for Google Earth and QGIS, and a text.
//!
//!     cargo run --example draw_map -- FOLDER

use std::fs;
use std::path::PathBuf;

use siteband::{Reading, Scenario};
use siteband_map::{PictureOptions, QML, Report};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("give the folder to write to")?);
    fs::create_dir_all(&folder)?;

    let scenario = Scenario::from_path("data/scenarios/sino-ri.toml".as_ref())?;
    let sites = scenario.load_sites()?;
    let report = Report::new(&scenario, &sites, &Reading::default());

    // To explore in a browser, without any network.
    fs::write(folder.join("sino-ri.html"), report.html()?)?;
    // For an article: on a screen, and in print.
    fs::write(folder.join("sino-ri.svg"), report.svg(&PictureOptions::default())?)?;
    let for_print = PictureOptions { dots_per_inch: 300, ..PictureOptions::default() };
    fs::write(folder.join("sino-ri.png"), report.png(&for_print)?)?;
    fs::write(folder.join("sino-ri.md"), report.markdown())?;
    // For Google Earth.
    fs::write(folder.join("sino-ri.kml"), report.kml())?;
    fs::write(folder.join("sino-ri.kmz"), report.kmz())?;
    // For QGIS, which picks the style up by its name.
    fs::write(folder.join("sino-ri.geojson"), report.geojson())?;
    fs::write(folder.join("sino-ri.qml"), QML)?;

    for layer in report.layers().claims() {
        println!("{}: {} bands", layer.claim, layer.bands.len());
    }
    Ok(())
}
