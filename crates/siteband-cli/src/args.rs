//! The command line.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use siteband::{Crs, Edges};

/// Ranks candidate sites by how well they fit what a report says about where something is.
///
/// The answer is a probability for each site, one for none of these, and the reasons. It says how well a site fits what was
/// said, never that something is there.
#[derive(Debug, Parser)]
#[command(
    name = "siteband",
    version,
    max_term_width = 100,
    after_help = "Try first:\n  siteband rank data/scenarios/sino-ri.toml"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Rank sites by how well they fit the claims of a scenario, or one claim
    Rank(Rank),
    /// Draw the ranking of a scenario: a page to explore, a picture, for Google Earth, QGIS, or an article
    Map(Map),
    /// Explain one site's place in the ranking, claim by claim
    Explain(Explain),
    /// Say what the words of a claim mean under every reading
    Claim(Claim),
    /// Measure the exact distance from each site to the nearest of some features
    Distance(Distance),
    /// Score every site of a list of any length, row by row
    Score(Score),
    /// Say what each statement of a scenario was understood to mean, without ranking
    Check(Check),
    /// Save a list of sites with its index, so that every command opens it sooner
    Index(Index),
    /// Write a commented scenario to start from
    New(New),
    /// List the borders and regions that siteband carries
    Borders(Borders),
    /// Measure how far a reading can be trusted, on claims whose truth is known
    Calibrate(Calibrate),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Rank {
    /// The scenario: a TOML or JSON file (see 'siteband new')
    #[arg(required_unless_present = "claim", conflicts_with = "claim")]
    pub(crate) scenario: Option<PathBuf>,
    /// One claim in words, instead of a scenario: "about 85 km from the Chinese border"
    #[arg(long, value_name = "TEXT", requires = "sites")]
    pub(crate) claim: Option<String>,
    /// The list of sites: .csv, .geojson, .geojsonl (a feature a line), .kml, .kmz, or .sbx from 'siteband index'; or - for CSV on standard
    /// input. Replaces the scenario's own
    #[arg(long, value_name = "FILE")]
    pub(crate) sites: Option<PathBuf>,
    /// The coordinate reference system of the list, if it is not WGS 84, as EPSG:32652 (needs a build with PROJ: docs/PROJ.md)
    #[arg(long, value_name = "SYSTEM", requires = "sites")]
    pub(crate) sites_crs: Option<Crs>,
    /// The feature that the claim is about, where its words do not name one
    #[arg(long, value_name = "ID", requires = "claim")]
    pub(crate) border: Option<String>,
    /// Features in GeoJSON that the claim may name, beside those that siteband carries
    #[arg(long, value_name = "FILE", requires = "claim")]
    pub(crate) atlas: Vec<PathBuf>,
    /// The coordinate reference system of these files, if it is not WGS 84, as EPSG:32652 (needs a build with PROJ: docs/PROJ.md)
    #[arg(long, value_name = "SYSTEM", requires = "atlas")]
    pub(crate) features_crs: Option<Crs>,
    /// What edges are in these files, where a feature does not say so: geodesic, or planar (straight in longitude and latitude)
    #[arg(long, value_name = "MEANING", default_value_t = Edges::Geodesic, requires = "atlas")]
    pub(crate) edges: Edges,
    /// How stated numbers are taken: mixture, mixture-prior, analyst, best-practice, rounded, literal, wieczorek-2004,
    /// frazier-2004 or truncated [default: the scenario's, else mixture]
    #[arg(long, value_name = "NAME")]
    pub(crate) reading: Option<String>,
    /// How many sites to show; the probabilities stay those of the whole list [default: 10 in the table, else all]
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) top: Option<u64>,
    /// Show everything in the table: the statements, how far the ranking can be trusted, the data
    #[arg(long)]
    pub(crate) full: bool,
    /// Leave out how far the ranking can be trusted: quicker for long lists
    #[arg(long)]
    pub(crate) no_robustness: bool,
    /// How to write the ranking
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Where to write it, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people
    Table,
    /// Everything, for programs
    Json,
    /// One row per site, for spreadsheets
    Csv,
    /// Points, for maps
    Geojson,
    /// Bands, sites and reasons for Google Earth, of a scenario (see also 'siteband map')
    Kml,
    /// A section of an article, of a scenario
    Markdown,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Map {
    /// The scenario: a TOML or JSON file
    pub(crate) scenario: PathBuf,
    /// The list of sites: .csv, .geojson, .geojsonl (a feature a line), .kml, .kmz, or .sbx from 'siteband index'; or - for CSV on standard
    /// input. Replaces the scenario's own
    #[arg(long, value_name = "FILE")]
    pub(crate) sites: Option<PathBuf>,
    /// The coordinate reference system of the list, if it is not WGS 84, as EPSG:32652 (needs a build with PROJ: docs/PROJ.md)
    #[arg(long, value_name = "SYSTEM", requires = "sites")]
    pub(crate) sites_crs: Option<Crs>,
    /// How stated numbers are taken: mixture, mixture-prior, analyst, best-practice, rounded, literal, wieczorek-2004,
    /// frazier-2004 or truncated [default: the scenario's, else mixture]
    #[arg(long, value_name = "NAME")]
    pub(crate) reading: Option<String>,
    /// The file to write: .html for a page to explore, .svg or .png for a picture, .kml or .kmz for Google Earth, .geojson for QGIS
    /// (with a style beside it, .qml), or .md for an article
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// How wide a picture is, in pixels at 96 to the inch
    #[arg(long, value_name = "PIXELS", default_value_t = 1000)]
    pub(crate) width: u32,
    /// How many dots to the inch a .png has: 300 for print
    #[arg(long, value_name = "DOTS", default_value_t = 96)]
    pub(crate) dpi: u32,
    /// A picture that is light on dark
    #[arg(long)]
    pub(crate) dark: bool,
    /// How many sites of a picture have their names beside them
    #[arg(long, value_name = "COUNT", default_value_t = 12)]
    pub(crate) labels: usize,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Explain {
    /// The scenario: a TOML or JSON file
    pub(crate) scenario: PathBuf,
    /// The id of the site
    pub(crate) site: String,
    /// The list of sites: .csv, .geojson, .geojsonl (a feature a line), .kml, .kmz, or .sbx from 'siteband index'; or - for CSV on standard
    /// input. Replaces the scenario's own
    #[arg(long, value_name = "FILE")]
    pub(crate) sites: Option<PathBuf>,
    /// The coordinate reference system of the list, if it is not WGS 84, as EPSG:32652 (needs a build with PROJ: docs/PROJ.md)
    #[arg(long, value_name = "SYSTEM", requires = "sites")]
    pub(crate) sites_crs: Option<Crs>,
    /// How stated numbers are taken: mixture, mixture-prior, analyst, best-practice, rounded, literal, wieczorek-2004,
    /// frazier-2004 or truncated [default: the scenario's, else mixture]
    #[arg(long, value_name = "NAME")]
    pub(crate) reading: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Claim {
    /// The words, "about 85 km from the Chinese border", or - to read them from standard input
    pub(crate) text: String,
    /// Read a whole paragraph: list every claim in it, and every distance that was not understood
    #[arg(long)]
    pub(crate) all: bool,
    /// The reading of the JSON output and of a paragraph; the table of one claim shows them side by side [default: mixture]
    #[arg(long, value_name = "NAME")]
    pub(crate) reading: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub(crate) format: TableOrJson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableOrJson {
    /// A table for people
    Table,
    /// For programs
    Json,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Distance {
    /// The features to measure to, in GeoJSON
    #[arg(long, value_name = "FEATURES.geojson")]
    pub(crate) to: PathBuf,
    /// The coordinate reference system of this file, if it is not WGS 84, as EPSG:32652 (needs a build with PROJ: docs/PROJ.md)
    #[arg(long, value_name = "SYSTEM")]
    pub(crate) features_crs: Option<Crs>,
    /// What edges are in this file, where a feature does not say so: geodesic, or planar (straight in longitude and latitude)
    #[arg(long, value_name = "MEANING", default_value_t = Edges::Geodesic)]
    pub(crate) edges: Edges,
    /// One of them, by id [default: the nearest of all]
    #[arg(long, value_name = "ID")]
    pub(crate) feature: Option<String>,
    /// The list of sites: .csv, .geojson, .geojsonl (a feature a line), .kml, .kmz, or .sbx from 'siteband index'; or - for CSV on standard
    /// input
    #[arg(long, value_name = "FILE")]
    pub(crate) sites: PathBuf,
    /// The coordinate reference system of the list, if it is not WGS 84, as EPSG:32652 (needs a build with PROJ: docs/PROJ.md)
    #[arg(long, value_name = "SYSTEM")]
    pub(crate) sites_crs: Option<Crs>,
    /// Where to write the distances, instead of standard output. Cells are as they were read: no guard against formulas in spreadsheets
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Where to write the rejected rows, instead of standard error
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Score {
    /// The scenario: a TOML or JSON file. Tags of sites nearby, and the search region where it names none, are those of its own list
    pub(crate) scenario: PathBuf,
    /// The list of sites to score: .csv, .geojsonl or .parquet (in a build with that feature) of any length; .geojson, .kml,
    /// .kmz or .sbx as far as memory goes; or - for CSV on standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) sites: PathBuf,
    /// The coordinate reference system of the list, if it is not WGS 84, as EPSG:32652 (needs a build with PROJ: docs/PROJ.md)
    #[arg(long, value_name = "SYSTEM")]
    pub(crate) sites_crs: Option<Crs>,
    /// How stated numbers are taken: mixture, mixture-prior, analyst, best-practice, rounded, literal, wieczorek-2004,
    /// frazier-2004 or truncated [default: the scenario's, else mixture]
    #[arg(long, value_name = "NAME")]
    pub(crate) reading: Option<String>,
    /// Where to write the rows with their scores, .csv or .parquet, instead of standard output. Cells are as they were read: no guard
    /// against formulas in spreadsheets
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Go on with a run that was cut short; from the beginning if there is none
    #[arg(long)]
    pub(crate) resume: bool,
    /// Where to write the rejected rows, instead of the first few to standard error
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// Stop when more rows than this are rejected [default: never]
    #[arg(long, value_name = "N")]
    pub(crate) max_errors: Option<u64>,
    /// Where to write what makes posteriors of the scores, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) summary: Option<PathBuf>,
    /// How many threads work; the result is the same [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub(crate) threads: Option<u64>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Check {
    /// The scenario: a TOML or JSON file
    pub(crate) scenario: PathBuf,
    /// How stated numbers are taken: mixture, mixture-prior, analyst, best-practice, rounded, literal, wieczorek-2004,
    /// frazier-2004 or truncated [default: the scenario's, else mixture]
    #[arg(long, value_name = "NAME")]
    pub(crate) reading: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Index {
    /// The list of sites: .csv, .geojson, .geojsonl (a feature a line), .kml or .kmz; or - for CSV on standard input
    pub(crate) sites: PathBuf,
    /// The coordinate reference system of the list, if it is not WGS 84, as EPSG:32652 (needs a build with PROJ: docs/PROJ.md)
    #[arg(long, value_name = "SYSTEM")]
    pub(crate) sites_crs: Option<Crs>,
    /// Where to save it; give this file instead of the list, as --sites FILE.sbx
    #[arg(short, long, value_name = "FILE.sbx")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct New {
    /// The file to write; it must not exist
    pub(crate) file: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Borders {
    /// Only the borders of this country, by name or two-letter code
    #[arg(long, value_name = "A")]
    pub(crate) country: Option<String>,
    /// Only the borders between the two
    #[arg(long, value_name = "B", requires = "country")]
    pub(crate) with: Option<String>,
    /// How to write them
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub(crate) format: TableOrJson,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Calibrate {
    /// Tables of claims with known truth: with columns `claim`, `lat` and `lon`, and `feature` or `feature_lat` and `feature_lon`
    #[arg(required = true, value_name = "CORPUS.csv")]
    pub(crate) corpus: Vec<PathBuf>,
    /// Features in GeoJSON that the claims may name, beside those that siteband carries
    #[arg(long, value_name = "FILE")]
    pub(crate) atlas: Vec<PathBuf>,
    /// The coordinate reference system of these files, if it is not WGS 84, as EPSG:32652 (needs a build with PROJ: docs/PROJ.md)
    #[arg(long, value_name = "SYSTEM", requires = "atlas")]
    pub(crate) features_crs: Option<Crs>,
    /// What edges are in these files, where a feature does not say so: geodesic, or planar (straight in longitude and latitude)
    #[arg(long, value_name = "MEANING", default_value_t = Edges::Geodesic, requires = "atlas")]
    pub(crate) edges: Edges,
    /// The reading to measure: mixture, mixture-prior, analyst, best-practice, rounded, literal, wieczorek-2004, frazier-2004, or
    /// truncated for offsets that a machine cut off [default: mixture]
    #[arg(long, value_name = "NAME")]
    pub(crate) reading: Option<String>,
    /// Fit the reading to the training part first, and print its parameters
    #[arg(long)]
    pub(crate) fit: bool,
    /// Which claims to measure on; the split goes by a hash of each claim
    #[arg(long, value_enum, default_value_t = Part::All)]
    pub(crate) part: Part,
    /// How to write it
    #[arg(long, value_enum, default_value_t = TableOrJson::Table)]
    pub(crate) format: TableOrJson,
    /// Also draw it, as an SVG picture
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) picture: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Every claim
    All,
    /// Those that a fit may see
    Training,
    /// Those that no fit sees
    Test,
}
