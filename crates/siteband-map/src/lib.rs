//! Maps and reports of rankings that people look at: a page to explore, pictures for articles, layers for Google Earth and QGIS.
//!
//! A [`Report`] is a ranking with its bands drawn and its trust measured; every drawing is a method of it. [`text`] is what a terminal
//! shows. Nothing is fetched from
//! anywhere: the base map is inside.
//!
//! # Example
//! ```
//! use siteband::{Reading, Scenario};
//! use siteband_map::Report;
//! let scenario = Scenario::from_path("../../data/scenarios/sino-ri.toml".as_ref())?;
//! let sites = scenario.load_sites()?;
//! let report = Report::new(&scenario, &sites, &Reading::default());
//! assert_eq!(report.ranking().len(), sites.len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod layers;
mod report;
// Shared by the outputs.
mod base;
mod labels;
mod projection;
mod shape;
mod words;
// Outputs.
mod collection;
mod drawing;
mod kml;
mod markdown;
mod page;
mod picture;
mod qml;
pub mod text;

pub use collection::site_feature;
pub use drawing::{Drawing, UnknownEnding};
pub use layers::{Band, BandKind, ClaimLayer, Connection, Layers};
pub use picture::{InvalidPicture, PictureOptions};
pub use qml::QML;
pub use report::Report;
pub use words::{CAUTION, percent, signed};
