//! `siteband distance`: exact distances, row by row.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use siteband::{Crs, Feature, Nearest, Position, Rejected, Site, SiteReader, Sites};

use super::{atlas, warn_of_edges};
use crate::args::Distance;
use crate::output::say;
use crate::output::{Output, written};
use crate::{Failure, Outcome};

/// Sites are measured so many at a time, on all cores, and written in their order.
const AT_ONCE: usize = 16_384;

pub(super) fn run(args: &Distance) -> Result<Outcome, Failure> {
    if args.output.is_some() && args.output == args.rejects {
        return Err(Failure::Usage("--output and --rejects name the same file: each needs its own".to_owned()));
    }
    let atlas = atlas(std::slice::from_ref(&args.to), args.edges, args.features_crs.as_ref())?;
    let features: Vec<&Arc<Feature>> = match &args.feature {
        Some(id) => vec![atlas.resolve(id).map_err(|error| Failure::input(format!("{}: {error}", args.to.display())))?],
        None => atlas.features().iter().collect(),
    };
    warn_of_edges(features.iter().flat_map(|feature| feature.warnings().iter().map(|warning| (&***feature, warning))));
    let mut rows = rows(&args.sites, args.sites_crs.as_ref())?;
    let mut rejects = Rejects::open(args.rejects.as_deref())?;
    let mut table = csv_failures(csv::Writer::from_writer(Output::open(args.output.as_deref())?));
    table.write(["id", "lat", "lon", "distance_m", "nearest_lat", "nearest_lon", "feature", "part", "segment"])?;
    let mut scored: u64 = 0;
    loop {
        let mut sites: Vec<Site> = Vec::with_capacity(AT_ONCE);
        for row in rows.by_ref().take(AT_ONCE) {
            match row {
                Ok(site) => sites.push(site),
                Err(row) => rejects.add(&row, &args.sites)?,
            }
        }
        if sites.is_empty() && rows.size_hint().1 == Some(0) {
            break;
        }
        let positions: Vec<Position> = sites.iter().map(Site::position).collect();
        let mut nearest: Vec<(usize, Nearest)> =
            features[0].nearest_all(&positions).into_iter().map(|nearest| (0, nearest)).collect();
        for (number, feature) in features.iter().enumerate().skip(1) {
            for (best, other) in nearest.iter_mut().zip(feature.nearest_all(&positions)) {
                if other.distance < best.1.distance {
                    *best = (number, other);
                }
            }
        }
        for (site, (feature, nearest)) in sites.iter().zip(nearest) {
            table.write([
                site.id(),
                &site.position().lat_deg().to_string(),
                &site.position().lon_deg().to_string(),
                &nearest.distance.m().to_string(),
                &nearest.position.lat_deg().to_string(),
                &nearest.position.lon_deg().to_string(),
                features[feature].id(),
                &nearest.part.to_string(),
                &nearest.segment.to_string(),
            ])?;
            scored += 1;
        }
    }
    table.finish()?;
    let rejected = rejects.finish()?;
    if rejected == 0 {
        return Ok(Outcome::Whole);
    }
    say(format!("warning: {scored} of {} rows measured, {rejected} rejected", scored + rejected));
    Ok(Outcome::Partial)
}

/// The rows of a site list, streaming where it is CSV. Its upper size hint is zero once it has ended.
struct Rows {
    rows: Box<dyn Iterator<Item = Result<Site, Rejected>>>,
    ended: bool,
}

impl Iterator for Rows {
    type Item = Result<Site, Rejected>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next();
        self.ended |= row.is_none();
        row
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.ended.then_some(0))
    }
}

fn rows(path: &Path, crs: Option<&Crs>) -> Result<Rows, Failure> {
    let in_file = |error: siteband::SitesError| Failure::input(format!("{}: {}", path.display(), error.reason));
    let csv = |reader: Box<dyn Read>| {
        match crs {
            Some(crs) => SiteReader::new_in(reader, crs),
            None => SiteReader::new(reader),
        }
        .map_err(in_file)
    };
    let rows: Box<dyn Iterator<Item = Result<Site, Rejected>>> = if path == Path::new("-") {
        Box::new(csv(Box::new(io::stdin()))?)
    } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) && !path.is_dir() {
        let file = File::open(path).map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
        Box::new(csv(Box::new(file))?)
    } else {
        let sites = match crs {
            Some(crs) => Sites::from_path_in(path, crs),
            None => Sites::from_path(path),
        }
        .map_err(Failure::input)?;
        let rejected: Vec<Rejected> = sites.rejected().to_vec();
        Box::new(sites.as_slice().to_vec().into_iter().map(Ok).chain(rejected.into_iter().map(Err)))
    };
    Ok(Rows { rows, ended: false })
}

/// A CSV writer whose failures are the command's.
struct Table(csv::Writer<Output>);

fn csv_failures(writer: csv::Writer<Output>) -> Table {
    Table(writer)
}

impl Table {
    fn write<'a>(&mut self, fields: impl IntoIterator<Item = &'a str>) -> Result<(), Failure> {
        self.0.write_record(fields).map_err(written)
    }

    fn finish(self) -> Result<(), Failure> {
        self.0.into_inner().map_err(|error| written(error.into_error()))?.finish()
    }
}

/// Where rejected rows go, and how many there were.
struct Rejects {
    table: Option<Table>,
    count: u64,
}

impl Rejects {
    fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(Self { table: None, count: 0 });
        };
        let mut table = csv_failures(csv::Writer::from_writer(Output::open(Some(path))?));
        table.write(["file", "line", "column", "value", "reason"])?;
        Ok(Self { table: Some(table), count: 0 })
    }

    fn add(&mut self, row: &Rejected, file: &Path) -> Result<(), Failure> {
        self.count += 1;
        let line = row.line.map_or_else(String::new, |line| line.to_string());
        if let Some(table) = &mut self.table {
            table.write([file.display().to_string().as_str(), &line, &row.column, &row.value, &row.reason])
        } else {
            say(format!("rejected: {}", Rejected { file: Some(file.to_owned()), ..row.clone() }));
            Ok(())
        }
    }

    fn finish(self) -> Result<u64, Failure> {
        self.table.map_or(Ok(()), Table::finish)?;
        Ok(self.count)
    }
}
