//! Claims whose truth is known.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::atlas::Atlas;
use crate::claim::Claim;
use crate::feature::Feature;
use crate::length::Length;
use crate::position::{Axis, Position};
use crate::site::{Rejected, RowPlace, Site, SiteReader, SitesError};

/// The columns that may hold the words of a claim.
const WORDS: [&str; 3] = ["claim", "text", "location"];

/// One claim, and how far the place that it was about truly is from the feature that it names.
#[derive(Clone, Debug)]
pub struct Observation {
    id: String,
    group: String,
    corpus: String,
    claim: Claim,
    feature: Arc<Feature>,
    distance: Length,
    uncertainty: Length,
}

impl Observation {
    /// Its identifier.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Which collection it comes from.
    #[must_use]
    pub fn corpus(&self) -> &str {
        &self.corpus
    }

    /// What was said.
    #[must_use]
    pub fn claim(&self) -> &Claim {
        &self.claim
    }

    /// The feature that was meant.
    #[must_use]
    pub fn feature(&self) -> &Feature {
        &self.feature
    }

    /// The true distance; to the edge of an area.
    #[must_use]
    pub fn distance(&self) -> Length {
        self.distance
    }

    /// How well the true position is known: one standard deviation.
    #[must_use]
    pub fn uncertainty(&self) -> Length {
        self.uncertainty
    }

    /// Whether it is one of those that parameters are fitted to; the others test them. Decided by a hash of its group, or of its
    /// words where it has none, so that the same claim never stands on both sides.
    #[must_use]
    pub fn is_for_training(&self) -> bool {
        hash(&self.group) >> 63 == 0
    }

    /// One of twenty parts, for standard errors; also by group.
    #[cfg(feature = "fit")]
    pub(super) fn twentieth(&self) -> u64 {
        (hash(&self.group) << 1 >> 32) % 20
    }
}

/// FNV-1a of 64 bits, its bits then mixed (the finaliser of `MurmurHash3`).
fn hash(text: &str) -> u64 {
    let fnv = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (fnv ^ (fnv >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ (mixed >> 33)
}

/// Claims with known truth, from a table.
///
/// # Format
/// CSV, columns by name in any order: `claim` (the words; `text` or `location` will do), `lat` and `lon` (the true position).
/// The feature is `feature_lat`, `feature_lon` for a point, or `feature`: an id, a name or words that the atlas knows; without
/// either, what the claim's own words name. Optional: `id`, `group` (rows of one group fall on the same side of the split),
/// `corpus`, `uncertainty_m` (of the true position, one standard deviation; else what its digits imply). Other columns are ignored.
///
/// # Example
/// ```
/// use siteband::{Atlas, Corpus};
/// let table = "claim,lat,lon\napproximately 27 km from the Chinese border,40.3163,125.2765\nabout a day's walk,40,125\n";
/// let corpus = Corpus::from_csv(table.as_bytes(), &Atlas::from_path("data/borders/cn-kp.geojson".as_ref())?)?;
/// assert_eq!(corpus.observations()[0].distance().km().round(), 26.0);
/// assert_eq!(corpus.rejected()[0].line, Some(3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    observations: Vec<Observation>,
    rejected: Vec<Rejected>,
}

impl Corpus {
    /// Reads a table; rows that will not do go to [`Corpus::rejected`].
    ///
    /// # Errors
    /// [`SitesError`] if the header cannot be used.
    pub fn from_csv(reader: impl Read, atlas: &Atlas) -> Result<Self, SitesError> {
        let mut corpus = Self::default();
        let table = SiteReader::without_ids(reader)?;
        if !table.columns().iter().any(|column| WORDS.iter().any(|words| column.eq_ignore_ascii_case(words))) {
            let found = table.columns().join(", ");
            let reason = format!("the column 'claim' is missing: expected claim, lat and lon, found {found}");
            return Err(SitesError { file: None, reason });
        }
        for row in table.with_places() {
            match row.and_then(|(site, place)| observation(&site, place, atlas)) {
                Ok(observation) => corpus.observations.push(observation),
                Err(rejected) => corpus.rejected.push(rejected),
            }
        }
        Ok(corpus)
    }

    /// [`Corpus::from_csv`] for a file, which errors and rejected rows then name; so does [`Observation::corpus`] where no column
    /// does.
    ///
    /// # Errors
    /// [`SitesError`], also where the file cannot be read.
    pub fn from_path(path: &Path, atlas: &Atlas) -> Result<Self, SitesError> {
        let in_file = |reason: String| SitesError { file: Some(path.to_owned()), reason };
        let file = crate::site::open(path)?;
        let mut corpus = Self::from_csv(file, atlas).map_err(|error| in_file(error.reason))?;
        let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        for observation in corpus.observations.iter_mut().filter(|observation| observation.corpus.is_empty()) {
            observation.corpus.clone_from(&name);
        }
        for row in &mut corpus.rejected {
            row.file = Some(path.to_owned());
        }
        Ok(corpus)
    }

    /// Adds what another corpus has.
    pub fn extend(&mut self, other: Self) {
        self.observations.extend(other.observations);
        self.rejected.extend(other.rejected);
    }

    /// The claims, in the order in which they were read.
    #[must_use]
    pub fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// The rows that will not do, and why.
    #[must_use]
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// The claims that parameters are fitted to.
    pub fn training(&self) -> impl Iterator<Item = &Observation> {
        self.observations.iter().filter(|observation| observation.is_for_training())
    }

    /// The claims that no parameter may be fitted to.
    pub fn test(&self) -> impl Iterator<Item = &Observation> {
        self.observations.iter().filter(|observation| !observation.is_for_training())
    }
}

fn observation(row: &Site, place: RowPlace, atlas: &Atlas) -> Result<Observation, Rejected> {
    let column = |names: &[&str]| {
        let other = row.other_columns().iter();
        other
            .filter(|(column, text)| names.iter().any(|name| column.eq_ignore_ascii_case(name)) && !text.is_empty())
            .map(|(column, text)| (column.as_str(), text.as_str()))
            .next()
    };
    let Some((words_column, words)) = column(&WORDS) else {
        return Err(place.reject("claim", "", "the claim is empty"));
    };
    let claim: Claim =
        words.parse().map_err(|error: crate::ParseClaimError| place.reject(words_column, words, error.reason))?;
    let feature = match (column(&["feature_lat"]), column(&["feature_lon"]), column(&["feature"])) {
        (Some((lat_column, lat)), Some((lon_column, lon)), _) => {
            let position = Position::from_fields(lat, lon).map_err(|error| {
                let longitude = error.axis == Some(Axis::Longitude);
                let (column, value) = if longitude { (lon_column, lon) } else { (lat_column, lat) };
                place.reject(column, value, error.reason)
            })?;
            Arc::new(Feature::point(claim.feature(), position).with_position_uncertainty(Length::ZERO))
        }
        (Some((column, value)), None, _) | (None, Some((column, value)), _) => {
            return Err(place.reject(column, value, "half a position: expected both feature_lat and feature_lon"));
        }
        (None, None, named) => {
            let (name_column, name) = named.unwrap_or((words_column, claim.feature()));
            Arc::clone(atlas.resolve(name).map_err(|error| place.reject(name_column, name, error.to_string()))?)
        }
    };
    let distance = feature.nearest_boundary(row.position()).distance;
    Ok(Observation {
        id: row.id().to_owned(),
        group: row.group().map_or_else(|| claim.to_string().to_lowercase(), str::to_owned),
        corpus: column(&["corpus"]).map_or_else(String::new, |(_, corpus)| corpus.to_owned()),
        distance,
        uncertainty: row.position().uncertainty(),
        claim,
        feature,
    })
}
