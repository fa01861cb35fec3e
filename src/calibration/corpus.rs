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
    name: String,
    line: Option<u64>,
    group: String,
    corpus: String,
    claim: Claim,
    feature: Arc<Feature>,
    distance: Length,
    uncertainty: Length,
}

impl Observation {
    /// The identifier of its row.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name of the place that it is about: the column `name`, else the identifier.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line of the table on which its row begins, counted from 1.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.line
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
/// either, what the claim's own words name. The words may make several claims: `feature` then names one for each, in their order,
/// separated by `;`. Optional: `id`, `name`, `group` (rows of one group fall on the same side of the split), `corpus`,
/// `uncertainty_m` (of the true position, one standard deviation; else what its digits imply). Other columns are ignored.
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
        if !table.header().columns().iter().any(|column| WORDS.iter().any(|words| column.eq_ignore_ascii_case(words))) {
            let found = table.header().columns().join(", ");
            let reason = format!("the column 'claim' is missing: expected claim, lat and lon, found {found}");
            return Err(SitesError { file: None, reason });
        }
        for row in table.with_places() {
            match row.and_then(|(site, place)| observations(&site, place, atlas)) {
                Ok(observations) => corpus.observations.extend(observations),
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

/// The claims of a row, each with its feature.
fn observations(row: &Site, place: RowPlace, atlas: &Atlas) -> Result<Vec<Observation>, Rejected> {
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
    let claims = Claim::parse_all(words).map_err(|error| place.reject(words_column, words, error.reason))?;
    let count = claims.len();
    let named = |column: &str, name: &str| {
        atlas.resolve(name).map(Arc::clone).map_err(|error| place.reject(column, name, error.to_string()))
    };
    let features = match (column(&["feature_lat"]), column(&["feature_lon"]), column(&["feature"])) {
        (Some((lat_column, lat)), Some((lon_column, lon)), _) => {
            let position = Position::from_fields(lat, lon).map_err(|error| {
                let longitude = error.axis == Some(Axis::Longitude);
                let (column, value) = if longitude { (lon_column, lon) } else { (lat_column, lat) };
                place.reject(column, value, error.reason)
            })?;
            if count > 1 {
                let reason = format!("found {count} claims and the position of one feature: give them one at a time");
                return Err(place.reject(words_column, words, reason));
            }
            vec![Arc::new(Feature::point(claims[0].feature(), position).with_position_uncertainty(Length::ZERO))]
        }
        (Some((column, value)), None, _) | (None, Some((column, value)), _) => {
            return Err(place.reject(column, value, "half a position: expected both feature_lat and feature_lon"));
        }
        (None, None, Some((column, listed))) => {
            let listed: Vec<&str> = if count > 1 { listed.split(';').map(str::trim).collect() } else { vec![listed] };
            if listed.len() != count {
                let found = listed.len();
                let reason =
                    format!("found {count} claims and {found} features: expected one for each, separated by ';'");
                return Err(place.reject(column, &listed.join(";"), reason));
            }
            listed.into_iter().map(|name| named(column, name)).collect::<Result<_, _>>()?
        }
        (None, None, None) => {
            claims.iter().map(|claim| named(words_column, claim.feature())).collect::<Result<_, _>>()?
        }
    };
    let own_words = || claims.iter().map(|claim| claim.to_string().to_lowercase()).collect::<Vec<_>>().join("; ");
    let group = row.group().map_or_else(own_words, str::to_owned);
    let corpus = column(&["corpus"]).map_or("", |(_, corpus)| corpus);
    let observation = |(claim, feature): (Claim, Arc<Feature>)| Observation {
        id: row.id().to_owned(),
        name: row.name().to_owned(),
        line: place.line(),
        group: group.clone(),
        corpus: corpus.to_owned(),
        distance: feature.nearest_boundary(row.position()).distance,
        uncertainty: row.position().uncertainty(),
        claim,
        feature,
    };
    Ok(claims.into_iter().zip(features).map(observation).collect())
}
