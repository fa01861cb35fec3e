//! Candidate sites: where something could be, and what is known of each place.

mod batch;
mod blocks;
mod geojson;
mod header;
mod ids;
mod index;
#[cfg(feature = "kml")]
mod kml;
mod reader;
mod saved;
mod sequence;
mod start;
mod summary;
mod tagged;

use std::fmt;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::Serialize;

use crate::band::Interval;
use crate::crs::Crs;
use crate::distance::Nearest;
use crate::feature::Feature;
use crate::length::Length;
use crate::limits::{GEOJSON_BYTES, LISTED_ROWS, SHOWN_CHARS};
use crate::near::did_you_mean;
use crate::position::Position;
use crate::region::SearchRegion;
use crate::text::beginning;
pub use batch::SiteBatch;
pub use blocks::{SiteBlock, SiteBlocks};
pub use header::SiteHeader;
use ids::Ids;
pub(crate) use index::{ABOUT_M, Cluster, Handle, Index, Member, id_order};
pub use reader::SiteReader;
pub use sequence::SiteSequence;
pub(crate) use summary::{Priors, Summary};
pub(crate) use tagged::Tagged;

/// One candidate.
///
/// # Example
/// ```
/// use siteband::Site;
/// let site = Site::new("sino-ri", "39°38′50″N 125°22′03″E".parse()?).with_group("sino-ri-area").with_tags(["training"]);
/// assert!(site.has_tag("Training"));
/// # Ok::<(), siteband::ParsePositionError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    id: String,
    name: Option<String>,
    group: Option<String>,
    position: Position,
    tags: Vec<String>,
    prior: f64,
    other: Vec<(String, String)>,
}

impl Site {
    /// A site without name, group or tags, and with a prior weight of 1. Its uncertainty is that of its position.
    #[must_use]
    pub fn new(id: impl Into<String>, position: Position) -> Self {
        Self { id: id.into(), name: None, group: None, position, tags: Vec::new(), prior: 1.0, other: Vec::new() }
    }

    /// The same site under a name for people.
    #[must_use]
    pub fn with_name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// The same site as a part of a place that has several: the group has one prior.
    #[must_use]
    pub fn with_group(self, group: impl Into<String>) -> Self {
        Self { group: Some(group.into()), ..self }
    }

    /// The same site with what is known of it.
    #[must_use]
    pub fn with_tags(self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { tags: tags.into_iter().map(Into::into).collect(), ..self }
    }

    /// The same site, so many times as likely beforehand as a site of weight 1.
    ///
    /// # Errors
    /// [`InvalidPrior`] unless the weight is finite and above zero.
    pub fn with_prior(self, weight: f64) -> Result<Self, InvalidPrior> {
        if weight.is_finite() && weight > 0.0 {
            Ok(Self { prior: weight, ..self })
        } else {
            Err(InvalidPrior { value: weight })
        }
    }

    /// Its identifier; ids are compared without case.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its name for people; its id where it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }

    /// The place that it is a part of.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// Where it is; [`Position::uncertainty`] is taken as one standard deviation.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// What is known of it.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// Whether it has a tag, compared without case.
    #[must_use]
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|own| own.eq_ignore_ascii_case(tag))
    }

    /// How likely it is beforehand, relative to others.
    #[must_use]
    pub fn prior(&self) -> f64 {
        self.prior
    }

    /// The columns of its row that siteband does not use, by name.
    #[must_use]
    pub fn other_columns(&self) -> &[(String, String)] {
        &self.other
    }
}

/// A list of candidates, indexed by place.
///
/// # Example
/// ```
/// use siteband::{Atlas, Interval, Length, Sites};
/// let atlas = Atlas::from_path("data/borders/cn-kp.geojson".as_ref())?;
/// let sites = Sites::from_path("data/sites/dprk-facilities.csv".as_ref())?;
/// let band = Interval { from: Length::from_km(90.0)?, to: Length::from_km(93.0)? };
/// let found = sites.within_band(atlas.resolve("the Chinese border")?, band);
/// let ids: Vec<&str> = found.iter().map(|(site, _)| site.id()).collect();
/// assert_eq!(ids, ["sino-ri-nearby", "sino-ri"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Sites {
    sites: Vec<Site>,
    index: Index,
    ids: Ids,
    rejected: Vec<Rejected>,
    summary: OnceLock<Summary>,
    /// The search region where no other is given.
    region: OnceLock<Option<SearchRegion>>,
}

impl Sites {
    /// The sites of a list.
    ///
    /// # Errors
    /// [`DuplicateId`] if two sites have one id.
    ///
    /// # Panics
    /// If there are more than 4,294,967,295 sites; lists that are read from files end long before.
    pub fn new(sites: Vec<Site>) -> Result<Self, DuplicateId> {
        let ids = Ids::of(&sites)?;
        Ok(Self::indexed(sites, ids, Vec::new()))
    }

    fn indexed(sites: Vec<Site>, ids: Ids, rejected: Vec<Rejected>) -> Self {
        Self::with_index(Index::new(&sites), sites, ids, rejected)
    }

    fn with_index(index: Index, sites: Vec<Site>, ids: Ids, rejected: Vec<Rejected>) -> Self {
        Self { index, sites, ids, rejected, summary: OnceLock::new(), region: OnceLock::new() }
    }

    /// The sites of rows that were read, without those whose id has been used before.
    fn collect(rows: impl Iterator<Item = Result<(Site, RowPlace), Rejected>>) -> Self {
        Self::collect_first(LISTED_ROWS, rows)
    }

    /// [`Sites::collect`] of so many rows; that there are more is a rejected row.
    fn collect_first(most: usize, mut rows: impl Iterator<Item = Result<(Site, RowPlace), Rejected>>) -> Self {
        let mut ids = Ids::with_capacity(0);
        let (mut sites, mut places, mut rejected): (Vec<Site>, Vec<RowPlace>, _) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows.by_ref().take(most) {
            match row {
                Ok((site, place)) => {
                    sites.push(site);
                    match ids.insert(&sites, sites.len() - 1) {
                        Ok(()) => places.push(place),
                        Err(first) => {
                            let reason = format!("this id is used before, {}", places[first]);
                            rejected.extend(sites.pop().map(|site| place.reject("id", &site.id, reason)));
                        }
                    }
                }
                Err(row) => rejected.push(row),
            }
        }
        if let Some(row) = rows.next() {
            let reason = format!(
                "the list is not read any farther: expected {most} rows at most; 'siteband score' takes any number"
            );
            rejected.push(match row {
                Ok((_, place)) => place.reject("", "", reason),
                Err(row) => Rejected { reason, ..row },
            });
        }
        Self::indexed(sites, ids, rejected)
    }

    /// Adds a site at the end of the list, and to an R-tree beside the packed index; after many, [`Sites::pack`] makes searches as
    /// fast again as they were.
    ///
    /// # Errors
    /// [`DuplicateId`] if a site has the same id; then nothing changes.
    ///
    /// # Panics
    /// As [`Sites::new`].
    ///
    /// # Example
    /// ```
    /// use siteband::{Site, Sites};
    /// let mut sites = Sites::new(vec![Site::new("a", "39 N 125 E".parse()?)])?;
    /// sites.insert(Site::new("b", "40 N 125 E".parse()?))?;
    /// assert!(sites.insert(Site::new("A", "41 N 125 E".parse()?)).is_err());
    /// assert_eq!(sites.remove("a").map(|site| site.position().lat_deg()), Some(39.0));
    /// assert_eq!(sites.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn insert(&mut self, site: Site) -> Result<(), DuplicateId> {
        let at = self.sites.len();
        let position = site.position;
        self.sites.push(site);
        if let Err(first) = self.ids.insert(&self.sites, at) {
            let id = self.sites.pop().map_or_else(String::new, |site| site.id);
            return Err(DuplicateId { id, first, second: at });
        }
        self.index.insert(position, at);
        (self.summary, self.region) = (OnceLock::new(), OnceLock::new());
        Ok(())
    }

    /// Takes a site off the list, by its id without case; the last of the list takes its place. None if there is no such site.
    pub fn remove(&mut self, id: &str) -> Option<Site> {
        let at = self.ids.remove(&self.sites, id)?;
        let last = self.sites.len() - 1;
        self.index.remove(self.sites[at].position, at);
        if at != last {
            let moved = self.sites[last].position;
            self.index.remove(moved, last);
            self.index.insert(moved, at);
        }
        if at != last {
            self.ids.renumber(&self.sites, last, at);
        }
        (self.summary, self.region) = (OnceLock::new(), OnceLock::new());
        Some(self.sites.swap_remove(at))
    }

    /// Packs the index of a list that has changed anew, to search it as fast as before.
    pub fn pack(&mut self) {
        self.index = Index::new(&self.sites);
    }

    /// How many bytes the packed index and the table of ids take beside the sites themselves.
    #[must_use]
    pub fn index_bytes(&self) -> usize {
        self.index.bytes() + self.ids.bytes()
    }

    /// The sites of a CSV table: see [`SiteReader`] for its columns. Bad rows go to [`Sites::rejected`], the rest is read.
    ///
    /// # Errors
    /// [`SitesError`] if the header cannot be used.
    pub fn from_csv(reader: impl Read) -> Result<Self, SitesError> {
        Ok(Self::collect(SiteReader::new(reader)?.with_places()))
    }

    /// [`Sites::from_csv`] for a table in another coordinate reference system, with columns as [`SiteReader::new_in`] has them.
    ///
    /// # Errors
    /// As [`Sites::from_csv`].
    pub fn from_csv_in(reader: impl Read, crs: &Crs) -> Result<Self, SitesError> {
        Ok(Self::collect(SiteReader::new_in(reader, crs)?.with_places()))
    }

    /// The sites of a GeoJSON text: points with the properties that a table would have as columns; `tags` may be a list. Bad
    /// features go to [`Sites::rejected`], the rest is read.
    ///
    /// # Errors
    /// [`SitesError`] for text that is not GeoJSON.
    pub fn from_geojson(reader: impl Read) -> Result<Self, SitesError> {
        Self::read_geojson(reader, None)
    }

    /// [`Sites::from_geojson`] for a text in another coordinate reference system.
    ///
    /// # Errors
    /// As [`Sites::from_geojson`], and if the text itself names another system.
    pub fn from_geojson_in(reader: impl Read, crs: &Crs) -> Result<Self, SitesError> {
        Self::read_geojson(reader, Some(crs))
    }

    fn read_geojson(reader: impl Read, crs: Option<&Crs>) -> Result<Self, SitesError> {
        let text = crate::text::read(reader, GEOJSON_BYTES).map_err(|reason| SitesError::new(None, reason))?;
        Ok(Self::collect(geojson::rows(&text, crs)?))
    }

    /// The sites of a GeoJSON text sequence: see [`SiteSequence`]. Bad features go to [`Sites::rejected`], the rest is read.
    ///
    /// # Errors
    /// [`SitesError`] for text in UTF-16 or binary.
    pub fn from_geojson_sequence(reader: impl Read) -> Result<Self, SitesError> {
        Self::read_sequence(reader, None)
    }

    /// [`Sites::from_geojson_sequence`] for a sequence in another coordinate reference system.
    ///
    /// # Errors
    /// As [`Sites::from_geojson_sequence`].
    pub fn from_geojson_sequence_in(reader: impl Read, crs: &Crs) -> Result<Self, SitesError> {
        Self::read_sequence(reader, Some(crs))
    }

    fn read_sequence(reader: impl Read, crs: Option<&Crs>) -> Result<Self, SitesError> {
        Ok(Self::collect(SiteSequence::read(reader, crs.cloned())?.with_places()))
    }

    /// The sites of a KML text: placemarks that are points, in folders or not, with what their `ExtendedData` has as a table would have in
    /// columns. The id is the placemark's attribute `id`, else its property `id`, else its name. Other placemarks go to
    /// [`Sites::rejected`], and so do links to other texts, which are not followed. Coordinates are taken as exact.
    ///
    /// # Errors
    /// [`SitesError`] for text that is not KML in UTF-8, has a document type, or is nested too deep.
    ///
    /// # Example
    /// ```
    /// use siteband::Sites;
    /// let text = "<kml xmlns='http://www.opengis.net/kml/2.2'><Placemark id='sino-ri'><name>Sino-ri</name>
    ///     <ExtendedData><Data name='tags'><value>missile;base</value></Data></ExtendedData>
    ///     <Point><coordinates>125.3675,39.6472,0</coordinates></Point></Placemark></kml>";
    /// let sites = Sites::from_kml(text.as_bytes())?;
    /// assert!(sites.find("sino-ri")?.has_tag("base"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "kml")]
    pub fn from_kml(reader: impl Read) -> Result<Self, SitesError> {
        Ok(Self::collect(kml::rows(reader)?.into_iter()))
    }

    /// [`Sites::from_kml`] for the text of a KMZ archive: `doc.kml`, or the first that ends in `.kml`. Nothing is written to disk.
    ///
    /// # Errors
    /// As [`Sites::from_kml`], and if the archive is damaged, has no such text, or one that is far larger than itself.
    #[cfg(feature = "kml")]
    pub fn from_kmz(reader: impl Read + io::Seek) -> Result<Self, SitesError> {
        Ok(Self::collect(kml::archived_rows(reader)?.into_iter()))
    }

    /// Writes the list with its index and its rejected rows, so that [`Sites::from_index`] has all of it again, and sooner than from
    /// the list: to the bit, but for file names that are not UTF-8, which become so.
    ///
    /// # Errors
    /// What keeps the writer from writing.
    ///
    /// # Example
    /// ```
    /// use siteband::Sites;
    /// let sites = Sites::from_path("data/sites/dprk-facilities.csv".as_ref())?;
    /// let mut saved = Vec::new();
    /// sites.save(&mut saved)?;
    /// assert_eq!(Sites::from_index(saved.as_slice())?.as_slice(), sites.as_slice());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save(&self, writer: impl Write) -> io::Result<()> {
        saved::save(self, writer)
    }

    /// The list that [`Sites::save`] has written. Nothing in it is believed: what is damaged or crafted is refused, and every answer is
    /// that of the list.
    ///
    /// # Errors
    /// [`SitesError`] if it is damaged, cut off, of another version, or something else.
    pub fn from_index(reader: impl Read) -> Result<Self, SitesError> {
        saved::load(reader)
    }

    /// The sites of a file, by its ending: `.csv`; `.geojson` and `.json`; `.geojsonl`, `.ndjson`, `.geojsons` and `.geojsonseq`, a GeoJSON
    /// text sequence; `.kml` and `.kmz`, with the feature `kml`; `.sbx`, a saved index. Errors and rejected rows name the file; the
    /// rejected rows of a saved index name the list that they come from.
    ///
    /// # Errors
    /// [`SitesError`], also where the file cannot be read or has another ending.
    pub fn from_path(path: &Path) -> Result<Self, SitesError> {
        Self::read_path(path, None)
    }

    /// [`Sites::from_path`] for a file in another coordinate reference system.
    ///
    /// # Errors
    /// As [`Sites::from_path`], and for KML and saved indexes, which are in WGS 84.
    pub fn from_path_in(path: &Path, crs: &Crs) -> Result<Self, SitesError> {
        Self::read_path(path, Some(crs))
    }

    pub(crate) fn read_path(path: &Path, crs: Option<&Crs>) -> Result<Self, SitesError> {
        let mut sites = Self::read_file(path, open(path)?, crs)
            .map_err(|error| SitesError { file: Some(path.to_owned()), ..error })?;
        for row in &mut sites.rejected {
            row.file.get_or_insert_with(|| path.to_owned());
        }
        Ok(sites)
    }

    fn read_file(path: &Path, file: fs::File, crs: Option<&Crs>) -> Result<Self, SitesError> {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase).unwrap_or_default();
        if let Some(crs) = crs.filter(|crs| !crs.is_wgs84() && ["kml", "kmz", "sbx"].contains(&ending.as_str())) {
            let hint = if ending == "sbx" { ": say the system where 'siteband index' builds it" } else { "" };
            return Err(SitesError::new(None, format!("a file in .{ending} is in WGS 84, not in {crs}{hint}")));
        }
        match ending.as_str() {
            "csv" => match crs {
                Some(crs) => Self::from_csv_in(file, crs),
                None => Self::from_csv(file),
            },
            "geojson" | "json" => Self::read_geojson(file, crs),
            "geojsonl" | "ndjson" | "geojsons" | "geojsonseq" => Self::read_sequence(file, crs),
            #[cfg(feature = "kml")]
            "kml" => Self::from_kml(file),
            #[cfg(feature = "kml")]
            "kmz" => Self::from_kmz(io::BufReader::new(file)),
            #[cfg(not(feature = "kml"))]
            "kml" | "kmz" => Err(SitesError::new(None, "KML is read where siteband is built with its feature 'kml'")),
            "sbx" => Self::from_index(file),
            _ => Err(SitesError::new(
                None,
                "unknown kind of site list: expected a file that ends in .csv or .geojson, in .geojsonl, .ndjson, .geojsons or \
                 .geojsonseq for a feature a line, in .kml or .kmz, or in .sbx for a saved index",
            )),
        }
    }

    /// How many sites there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sites.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty()
    }

    /// Every site, in the order of the list.
    #[must_use]
    pub fn as_slice(&self) -> &[Site] {
        &self.sites
    }

    /// The site with this id, compared without case.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Site> {
        self.ids.find(&self.sites, id).map(|at| &self.sites[at])
    }

    /// The site with this id, compared without case.
    ///
    /// # Errors
    /// [`UnknownSite`] with near matches.
    pub fn find(&self, id: &str) -> Result<&Site, UnknownSite> {
        self.get(id).ok_or_else(|| {
            let hint = did_you_mean(id, self.sites.iter().map(Site::id));
            UnknownSite { id: id.to_owned(), hint }
        })
    }

    /// The rows that were read and are no sites, with the reason for each.
    #[must_use]
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// Every site whose distance to the feature lies in the interval, nearest first, with its nearest place. The R-tree rules
    /// out clusters of sites at a time: a distance changes by no more than the way between two sites.
    #[must_use]
    pub fn within_band(&self, feature: &Feature, band: Interval) -> Vec<(&Site, Nearest)> {
        let may_reach = |cluster: &Cluster| {
            let center_m = feature.nearest(cluster.center).distance.m();
            center_m + cluster.reach_m >= band.from.m() && center_m - cluster.reach_m <= band.to.m()
        };
        let mut open: Vec<Handle<'_>> = Vec::new();
        open.extend(self.index.roots().into_iter().filter(|(cluster, _)| may_reach(cluster)).map(|(_, handle)| handle));
        let (mut found, mut near) = (Vec::new(), Vec::new());
        while let Some(handle) = open.pop() {
            let cluster = |cluster: Cluster, handle| {
                if may_reach(&cluster) {
                    open.push(handle);
                }
            };
            self.index.open(handle, cluster, |member| near.push(member.site));
            for site in near.drain(..) {
                let nearest = feature.nearest(self.sites[site].position);
                if band.contains(nearest.distance) {
                    found.push((&self.sites[site], nearest));
                }
            }
        }
        found.sort_by(|(a, near_a), (b, near_b)| near_a.distance.cmp(&near_b.distance).then_with(|| a.id.cmp(&b.id)));
        found
    }

    /// The sites that have a tag.
    pub(crate) fn tagged(&self, tag: &str) -> Tagged {
        let mut sites: Vec<usize> = Vec::new();
        let roots = self.index.roots().into_iter();
        let mut open: Vec<Handle<'_>> =
            roots.filter(|(cluster, _)| cluster.may_have(tag)).map(|(_, handle)| handle).collect();
        while let Some(handle) = open.pop() {
            let cluster = |cluster: Cluster, handle| {
                if cluster.may_have(tag) {
                    open.push(handle);
                }
            };
            let site = |member: Member| {
                if self.sites[member.site].has_tag(tag) {
                    sites.push(member.site);
                }
            };
            self.index.open(handle, cluster, site);
        }
        sites.sort_unstable();
        Tagged::new(sites.into_iter().map(|at| &self.sites[at]))
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// The middle of the list and the greatest distance of a site from it; none for an empty list.
    pub(crate) fn middle_and_reach(&self) -> Option<(Position, Length)> {
        summary::middle_and_reach(&self.sites)
    }

    /// The search region where no other is given, worked out once; none for an empty list.
    pub(crate) fn region(&self) -> Option<&SearchRegion> {
        let region = || self.middle_and_reach().map(|(middle, reach)| SearchRegion::around_list(middle, reach));
        self.region.get_or_init(region).as_ref()
    }

    /// What holds for the list as a whole, worked out once.
    pub(crate) fn summary(&self) -> &Summary {
        self.summary.get_or_init(|| Summary::new(&self.sites))
    }
}

/// Opens a file, and says plainly what is wrong where that fails.
pub(crate) fn open(path: &Path) -> Result<fs::File, SitesError> {
    if path.is_dir() {
        return Err(SitesError::new(Some(path), "this is a folder: expected a file"));
    }
    fs::File::open(path).map_err(|error| SitesError::new(Some(path), error.to_string()))
}

/// Where a row stands in its file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RowPlace {
    /// On a line, counted from 1.
    Line(u64),
    /// Among the features, counted from 1.
    Feature(usize),
    /// Among the placemarks, counted from 1, on a line.
    #[cfg(feature = "kml")]
    Placemark { number: usize, line: u64 },
}

impl RowPlace {
    pub(crate) fn line(self) -> Option<u64> {
        match self {
            Self::Line(line) => Some(line),
            Self::Feature(_) => None,
            #[cfg(feature = "kml")]
            Self::Placemark { line, .. } => Some(line),
        }
    }

    pub(crate) fn reject(self, column: &str, whole: &str, reason: impl Into<String>) -> Rejected {
        let line = self.line();
        let of = |what: &str, number: usize| {
            if column.is_empty() { format!("{what} {number}") } else { format!("{what} {number}: {column}") }
        };
        let column = match self {
            Self::Line(_) => column.to_owned(),
            Self::Feature(number) => of("feature", number),
            #[cfg(feature = "kml")]
            Self::Placemark { number, .. } => of("placemark", number),
        };
        let (value, mut reason) = (beginning(whole, SHOWN_CHARS), reason.into());
        if value.len() < whole.len() {
            // What is said of a long value shows it as short.
            reason = reason.replace(whole, &value);
        }
        let reason = beginning(&reason, 5 * SHOWN_CHARS).into_owned();
        Rejected { file: None, line, column, value: value.into_owned(), reason }
    }
}

impl fmt::Display for RowPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "on line {line}"),
            Self::Feature(number) => write!(f, "by feature {number}"),
            #[cfg(feature = "kml")]
            Self::Placemark { number, .. } => write!(f, "by placemark {number}"),
        }
    }
}

/// A row that was read and is no site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// The file, where it came from one.
    pub file: Option<PathBuf>,
    /// The line on which the row begins, counted from 1; none for GeoJSON but for text sequences.
    pub line: Option<u64>,
    /// The column at fault; for GeoJSON and KML the number of the feature or placemark, and the property.
    pub column: String,
    /// What stood there; the first [`SHOWN_CHARS`] characters of it.
    pub value: String,
    /// Why it will not do.
    pub reason: String,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        match (self.line, self.column.as_str()) {
            (Some(line), "") => write!(f, "line {line}: ")?,
            (Some(line), column) => write!(f, "line {line}, {column}: ")?,
            (None, column) => write!(f, "{column}: ")?,
        }
        if !self.value.is_empty() && !self.reason.contains(&self.value) {
            write!(f, "'{}': ", self.value)?;
        }
        f.write_str(&self.reason)
    }
}

/// A list of sites that cannot be read at all, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SitesError {
    /// The file, where it came from one.
    pub file: Option<PathBuf>,
    /// What was found and what was expected.
    pub reason: String,
}

impl SitesError {
    fn new(file: Option<&Path>, reason: impl Into<String>) -> Self {
        Self { file: file.map(Path::to_owned), reason: reason.into() }
    }
}

impl fmt::Display for SitesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for SitesError {}

/// Two sites with one id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sites number {first} and {second}, counted from zero, both have the id '{id}'")]
pub struct DuplicateId {
    /// The id.
    pub id: String,
    /// The first site that has it.
    pub first: usize,
    /// The second.
    pub second: usize,
}

/// An id that no site has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no site has the id '{id}'{hint}")]
pub struct UnknownSite {
    /// The id.
    pub id: String,
    hint: String,
}

/// A number that is no prior weight.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{value} is no prior weight: expected a finite number above zero")]
pub struct InvalidPrior {
    /// The number.
    pub value: f64,
}
