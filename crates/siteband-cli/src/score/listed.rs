//! Lists that are no tables, as tables.

use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use siteband::limits::COLUMNS;
use siteband::{Rejected, Site};

/// What siteband knows of a site, as columns.
const KNOWN: [&str; 8] = ["id", "name", "group", "lat", "lon", "tags", "prior", "uncertainty_m"];

/// Rows that were read and are no sites, to be told with the part that they come before.
pub(crate) type Told = Arc<Mutex<Vec<Rejected>>>;

/// Sites, written as a table while it is read.
pub(crate) struct Table<I> {
    sites: I,
    columns: Vec<String>,
    text: Vec<u8>,
    /// How much of the text has been read.
    read: usize,
    rejected: Told,
}

/// The names of the columns beside the known ones, in the order in which they first come up; of too many for a table, no more than show it.
pub(crate) fn other_columns(sites: impl Iterator<Item = impl Borrow<Site>>) -> Vec<String> {
    let (mut columns, mut seen) = (Vec::new(), HashSet::new());
    for site in sites {
        for (name, _) in site.borrow().other_columns() {
            if !seen.contains(name) {
                seen.insert(name.clone());
                columns.push(name.clone());
            }
        }
        if columns.len() > COLUMNS {
            break;
        }
    }
    columns
}

impl<I: Iterator<Item = Result<Site, Rejected>>> Table<I> {
    /// `columns` are those beside the known ones.
    pub(crate) fn new(sites: I, columns: Vec<String>, rejected: Told) -> Self {
        // A property may have the name of a column that siteband knows.
        let named = columns.iter().map(|name| {
            let is_known = KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name));
            if is_known { format!("property_{name}") } else { name.clone() }
        });
        let header: Vec<String> = KNOWN.iter().map(|name| (*name).to_owned()).chain(named).collect();
        Self { text: row(&header), sites, columns, read: 0, rejected }
    }

    fn row_of(&self, site: &Site) -> Vec<u8> {
        let position = site.position();
        // A site without a name goes by its id.
        let name = if site.name() == site.id() { "" } else { site.name() };
        let mut fields = vec![
            site.id().to_owned(),
            name.to_owned(),
            site.group().unwrap_or_default().to_owned(),
            position.lat_deg().to_string(),
            position.lon_deg().to_string(),
            site.tags().join(";"),
            site.prior().to_string(),
            position.uncertainty().m().to_string(),
        ];
        let others: HashMap<&str, &str> =
            site.other_columns().iter().rev().map(|(name, text)| (&**name, &**text)).collect();
        fields.extend(
            self.columns.iter().map(|column| others.get(column.as_str()).copied().unwrap_or_default().to_owned()),
        );
        row(&fields)
    }
}

fn row(fields: &[String]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Into memory: nothing can fail.
    let _ = writer.write_record(fields);
    writer.into_inner().unwrap_or_default()
}

impl<I: Iterator<Item = Result<Site, Rejected>>> Read for Table<I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.read == self.text.len() {
            match self.sites.next() {
                None => return Ok(0),
                Some(Ok(site)) => (self.text, self.read) = (self.row_of(&site), 0),
                Some(Err(row)) => self.rejected.lock().unwrap_or_else(PoisonError::into_inner).push(row),
            }
        }
        let count = (self.text.len() - self.read).min(buffer.len());
        buffer[..count].copy_from_slice(&self.text[self.read..self.read + count]);
        self.read += count;
        Ok(count)
    }
}
