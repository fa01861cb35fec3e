//! Reads what a report *says* about where something is, and ranks candidate sites by how well they fit, with honest uncertainty.
//!
//! # The flow
//! ```text
//! said          means               shows             ranked      reported
//! Claim   ──►   Reading ──► Band ──► Constraint  ──►  Ranking ──► (the command siteband)
//!                                    ▲        ▲
//!                     Feature, Atlas ┘        └ Site, Sites
//! ```
//!
//! - **Said.** A [`Claim`] is a distance as somebody worded it: hedge, offset as written, unit, direction, feature.
//!   [`Claim::find_all`] finds those of a whole text.
//! - **Means.** A [`Reading`] turns words into a [`Band`], a likelihood over the true distance, wide or narrow as the reading has
//!   it.
//! - **Shows.** A [`Constraint`] is a claim whose [`Feature`] has been found in an [`Atlas`], with its band and its [`Source`];
//!   softer statements (away from, inside, tagged) are constraints too. Held against a [`Site`] it gives [`Evidence`].
//! - **Ranked.** [`Sites::rank`] weighs all evidence into a [`Ranking`]: a posterior for every site, for groups of sites, and for
//!   *none of these*.
//!
//! How far a reading can be trusted is measured on claims whose truth is known: see [`Calibration`] and, for the default's figures,
//! `docs/CALIBRATION.md`.
//!
//! Nothing that is read is believed: how much is taken stands in [`limits`], and `docs/LIMITS.md` says what becomes of the rest.
//!
//! A [`Scenario`] assembles a whole question from a file. [`Length`], [`Position`] and [`Direction`] are values that cannot be
//! wrong: whatever makes one checks it.
//!
//! # In twelve lines
//! ```
//! use std::fs::File;
//! use siteband::{Atlas, Claim, Constraint, RankOptions, Reading, Sites};
//!
//! let atlas = Atlas::from_geojson(File::open("data/borders/cn-kp.geojson")?)?;
//! let sites = Sites::from_csv(File::open("data/sites/dprk-facilities.csv")?)?;
//! let claim: Claim = "about 85 kilometers from the North Korean border with China".parse()?;
//! let constraint = Constraint::resolve(&claim, &atlas, &Reading::default())?;
//! let ranking = sites.rank(&[constraint], &RankOptions::default());
//! for ranked in ranking.top(5) {
//!     let distance = ranked.evidence[0].distance.unwrap_or_default();
//!     println!("{:<16} {:>6.1} km {:>5.1} %", ranked.site.id(), distance.km(), 100.0 * ranked.posterior);
//! }
//! println!("none of these {:.1} %", 100.0 * ranking.none_of_these);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Distances
//! are geodesic distances on the WGS 84 ellipsoid to features whose edges are shortest geodesics, to a micrometre up to 1,000 km:
//! see [`Feature::nearest`], and [`Feature::nearest_all`] for many sites. [`Feature::nearest_brute_force`] finds the same without an
//! index, and [`Feature::nearest_by_karney`] without any series, as oracles; `docs/ACCURACY.md` argues the bounds.
//! [`Feature::outline`] draws where the distance lies in an [`Interval`].
//! Ways by road are sums of such distances along a [`RoadNetwork`].
//!
//! # Features
//! - `atlas` (default): the bundled borders and regions, [`Atlas::bundled`].
//! - `outline` (default): [`Feature::outline`].
//! - `simd` (default): distances with the widest registers that the processor has, picked at run time.
//! - `toml` (default): scenarios in TOML, beside those in JSON.
//! - `rayon`: batches and rankings on all cores, with the same results to the bit.
//! - `fit`: a reading's parameters from claims with known truth.
//! - `kml`: sites from KML and KMZ.
//! - `schema`: the JSON Schema of the scenario file.

// Rooms, as docs/DESIGN.md draws them: each uses none below itself.
// Helpers.
mod batch;
pub mod limits;
mod near;
mod text;
mod trigonometry;
// Values, and the ellipsoid.
mod direction;
mod ellipsoid;
mod length;
mod position;
// Said.
mod claim;
// Features.
mod atlas;
mod country;
mod crs;
mod distance;
mod edges;
mod feature;
mod features_file;
mod road;
// Means.
mod band;
mod reading;
// Candidates.
mod region;
mod site;
// Shows.
mod constraint;
#[cfg(feature = "outline")]
mod outline;
// Ranked.
mod rank;
mod robustness;
// Front doors: a whole question from a file, and readings against the truth.
mod calibration;
mod scenario;

pub use direction::{Direction, UnknownDirection};
pub use length::{InvalidLength, Length, Unit, UnknownUnit};
pub use position::{Axis, InvalidPosition, ParsePositionError, Position};

pub use claim::{
    Claim, Course, Found, Hedge, NotUnderstood, Offset, ParseClaimError, Part, Relation, Restated, Role, Side,
};

pub use band::{Band, Distribution, Interval, Origin, Place};
pub use reading::{InvalidShare, Loose, Mixture, Reading, UnknownReading};

pub use atlas::{Atlas, AtlasError, AtlasOptions, UnknownFeature};
pub use crs::{Crs, InvalidCoordinates, UnknownCrs};
pub use distance::Nearest;
pub use edges::{EdgeWarning, Edges, UnknownEdges};
pub use feature::{Feature, FeatureKind, InvalidGeometry, UnknownCountry};
#[cfg(feature = "outline")]
pub use outline::{Outline, OutlineOptions};
pub use region::{InvalidGazetteer, NoArea, SearchRegion};
pub use road::{RoadNetwork, RoadsError, Routes, Snapped, Way};

pub use site::{
    DuplicateId, InvalidPrior, Rejected, Site, SiteBatch, SiteBlock, SiteBlocks, SiteHeader, SiteReader, SiteSequence,
    Sites, SitesError, UnknownSite,
};

pub use constraint::{
    Constraint, Evidence, InvalidAccess, InvalidFactor, InvalidRatio, InvalidStatement, InvalidTempering, Source,
    Tempering, ZeroScale,
};
pub use rank::{
    Distances, LatLonBox, RankOptions, Ranked, RankedGroup, Ranking, Scorer, Scores, StatementScores, Worked,
    WorkedDistance, WorkedStatement, Worksheet,
};
pub use robustness::{
    Acceptability, Acceptance, Assumption, Contribution, Flag, Leader, Reliance, RestsOn, Robustness,
    RobustnessOptions, Share, SourceContribution, Standing, TippingPoint, WaysToWin, WhatIf,
};

#[cfg(feature = "schema")]
pub use scenario::schema;
pub use scenario::{Scenario, ScenarioError};

pub use calibration::{
    Baseline, Calibration, Corpus, Coverage, Observation, Residual, baselines, fitted_contamination, residuals,
};
#[cfg(feature = "fit")]
pub use calibration::{Fit, FitError, FittedParameter, fit};

/// The programs of README and docs, compiled and run.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../README.md")]
    struct Readme;
    #[doc = include_str!("../docs/DESIGN.md")]
    struct Design;
    #[doc = include_str!("../docs/ACCURACY.md")]
    struct Accuracy;
    #[doc = include_str!("../docs/LIMITS.md")]
    struct Limits;
    #[doc = include_str!("../docs/CALIBRATION.md")]
    struct Calibrating;
    #[doc = include_str!("../docs/SINO_RI.md")]
    struct SinoRi;
}
