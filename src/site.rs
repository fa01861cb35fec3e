//! Candidate sites: where something could be, and what is known of each place.

mod batch;
mod blocks;
mod files;
mod geojson;
mod header;
mod ids;
mod index;
#[cfg(feature = "kml")]
mod kml;
mod reader;
mod rejected;
mod saved;
mod sequence;
mod start;
mod summary;
mod tagged;

use std::sync::OnceLock;

use crate::band::Interval;
use crate::distance::Nearest;
use crate::feature::Feature;
use crate::length::Length;
use crate::near::did_you_mean;
use crate::position::Position;
use crate::region::SearchRegion;
pub use batch::SiteBatch;
pub use blocks::{SiteBlock, SiteBlocks};
pub(crate) use files::open;
pub use header::SiteHeader;
use ids::Ids;
pub(crate) use index::{ABOUT_M, Cluster, Handle, Index, Member, id_order};
pub use reader::SiteReader;
pub(crate) use rejected::RowPlace;
pub use rejected::{Rejected, SitesError};
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
