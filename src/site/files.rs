//! Lists of sites from files, and saved ones.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use super::ids::Ids;
#[cfg(feature = "kml")]
use super::kml;
use super::reader::SiteReader;
use super::rejected::{Rejected, RowPlace, SitesError};
use super::sequence::SiteSequence;
use super::{Site, Sites, geojson, saved};
use crate::crs::Crs;
use crate::limits::{GEOJSON_BYTES, LISTED_ROWS};

impl Sites {
    /// The sites of rows that were read, without those whose id has been used before.
    pub(super) fn collect(rows: impl Iterator<Item = Result<(Site, RowPlace), Rejected>>) -> Self {
        Self::collect_first(LISTED_ROWS, rows)
    }

    /// [`Sites::collect`] of so many rows; that there are more is a rejected row.
    pub(super) fn collect_first(
        most: usize,
        mut rows: impl Iterator<Item = Result<(Site, RowPlace), Rejected>>,
    ) -> Self {
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
}

/// Opens a file, and says plainly what is wrong where that fails.
pub(crate) fn open(path: &Path) -> Result<fs::File, SitesError> {
    if path.is_dir() {
        return Err(SitesError::new(Some(path), "this is a folder: expected a file"));
    }
    fs::File::open(path).map_err(|error| SitesError::new(Some(path), error.to_string()))
}
