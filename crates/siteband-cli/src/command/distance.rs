//! `siteband distance`: exact distances, row by row.

use std::fmt::{Display, Write};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread::JoinHandle;

use siteband::{Crs, Feature, Nearest, Position, Rejected, Site, SiteReader, SiteSequence, Sites};

use super::{atlas, keep_apart, warn_of_edges};
use crate::args::Distance;
use crate::output::say;
use crate::output::{Output, written};
use crate::{Failure, Outcome};

/// Sites are measured so many at a time, on all cores, and written in their order. Three batches are in memory at most, some 100 MB.
const AT_ONCE: usize = 131_072;

pub(super) fn run(args: &Distance) -> Result<Outcome, Failure> {
    let outputs = [("--output", args.output.as_deref()), ("--rejects", args.rejects.as_deref())];
    keep_apart(&outputs, &[&args.to, &args.sites])?;
    let atlas = atlas(std::slice::from_ref(&args.to), args.edges, args.features_crs.as_ref())?;
    let features: Vec<&Arc<Feature>> = match &args.feature {
        Some(id) => vec![atlas.resolve(id).map_err(|error| Failure::input(format!("{}: {error}", args.to.display())))?],
        None => atlas.features().iter().collect(),
    };
    warn_of_edges(features.iter().flat_map(|feature| feature.warnings().iter().map(|warning| (&***feature, warning))));
    let rows = rows(&args.sites, args.sites_crs.as_ref())?;
    let mut rejects = Rejects::open(args.rejects.as_deref())?;
    let mut table = csv_failures(csv::Writer::from_writer(Output::open(args.output.as_deref())?));
    table.write(["id", "lat", "lon", "distance_m", "nearest_lat", "nearest_lon", "feature", "part", "segment"])?;
    let mut scored: u64 = 0;
    let mut field = String::new();
    // Reading goes on while what has been read is measured and written.
    let (batches, reading) = in_batches(rows);
    for batch in batches {
        let mut sites: Vec<Site> = Vec::with_capacity(batch.len());
        for row in batch {
            match row {
                Ok(site) => sites.push(site),
                Err(row) => rejects.add(&row, &args.sites)?,
            }
        }
        let nearest = nearest_of(&features, &sites);
        for (site, (feature, nearest)) in sites.iter().zip(nearest) {
            table.field(site.id())?;
            let [here, there] = [site.position(), nearest.position];
            for number in [here.lat_deg(), here.lon_deg(), nearest.distance.m(), there.lat_deg(), there.lon_deg()] {
                table.shown(&mut field, number)?;
            }
            table.field(features[feature].id())?;
            for number in [nearest.part, nearest.segment] {
                table.shown(&mut field, number)?;
            }
            table.end_row()?;
            scored += 1;
        }
    }
    if let Err(panic) = reading.join() {
        std::panic::resume_unwind(panic);
    }
    // Neither gets its name before both are written.
    table.flush()?;
    rejects.flush()?;
    table.finish()?;
    let rejected = rejects.finish()?;
    if rejected == 0 {
        return Ok(Outcome::Whole);
    }
    say(format!("warning: {scored} of {} rows measured, {rejected} rejected", scored + rejected));
    Ok(Outcome::Partial)
}

/// For each site which feature is nearest, and where; of equally near ones the first.
fn nearest_of(features: &[&Arc<Feature>], sites: &[Site]) -> Vec<(usize, Nearest)> {
    let positions: Vec<Position> = sites.iter().map(Site::position).collect();
    let mut all: Vec<(usize, Nearest)> =
        features[0].nearest_all(&positions).into_iter().map(|nearest| (0, nearest)).collect();
    for (number, feature) in features.iter().enumerate().skip(1) {
        for (best, other) in all.iter_mut().zip(feature.nearest_all(&positions)) {
            if other.distance < best.1.distance {
                *best = (number, other);
            }
        }
    }
    all
}

type Row = Result<Site, Rejected>;

/// Reads rows in a thread of its own, so many at a time, no farther ahead than one batch. The thread is not waited for where nobody wants
/// its rows any more: it may be waiting for input.
fn in_batches(mut rows: Box<dyn Iterator<Item = Row> + Send>) -> (Receiver<Vec<Row>>, JoinHandle<()>) {
    let (sender, receiver) = std::sync::mpsc::sync_channel(1);
    let read = move || {
        loop {
            let batch: Vec<Row> = rows.by_ref().take(AT_ONCE).collect();
            let is_last = batch.len() < AT_ONCE;
            if sender.send(batch).is_err() || is_last {
                return;
            }
        }
    };
    (receiver, std::thread::spawn(read))
}

fn rows(path: &Path, crs: Option<&Crs>) -> Result<Box<dyn Iterator<Item = Row> + Send>, Failure> {
    let in_file = |error: siteband::SitesError| Failure::input(format!("{}: {}", path.display(), error.reason));
    let csv = |reader: Box<dyn Read + Send>| {
        match crs {
            Some(crs) => SiteReader::new_in(reader, crs),
            None => SiteReader::new(reader),
        }
        .map_err(in_file)
    };
    if path == Path::new("-") {
        return Ok(Box::new(csv(Box::new(io::stdin()))?));
    }
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let file = || File::open(path).map_err(|error| Failure::input(format!("{}: {error}", path.display())));
    match ending.as_str() {
        "csv" if !path.is_dir() => Ok(Box::new(csv(Box::new(file()?))?)),
        "geojsonl" | "ndjson" | "geojsons" | "geojsonseq" if !path.is_dir() => {
            let sequence = match crs {
                Some(crs) => SiteSequence::new_in(file()?, crs),
                None => SiteSequence::new(file()?),
            };
            Ok(Box::new(sequence.map_err(in_file)?))
        }
        // Read whole: ids that are used twice are found as well.
        _ => {
            let sites = match crs {
                Some(crs) => Sites::from_path_in(path, crs),
                None => Sites::from_path(path),
            }
            .map_err(Failure::input)?;
            let rejected: Vec<Rejected> = sites.rejected().to_vec();
            Ok(Box::new(sites.as_slice().to_vec().into_iter().map(Ok).chain(rejected.into_iter().map(Err))))
        }
    }
}

/// A CSV writer whose failures are the command's.
struct Table(csv::Writer<Output>);

fn csv_failures(writer: csv::Writer<Output>) -> Table {
    Table(writer)
}

/// The kind of a failed write would be lost within the error of the table.
fn not_written(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => written(error),
        other => written(io::Error::other(format!("{other:?}"))),
    }
}

impl Table {
    fn write<'a>(&mut self, fields: impl IntoIterator<Item = &'a str>) -> Result<(), Failure> {
        self.0.write_record(fields).map_err(not_written)
    }

    fn field(&mut self, field: &str) -> Result<(), Failure> {
        self.0.write_field(field).map_err(not_written)
    }

    /// A value as it shows itself, by way of some text that is used again and again.
    fn shown(&mut self, text: &mut String, value: impl Display) -> Result<(), Failure> {
        text.clear();
        // Text takes whatever is written to it.
        let _ = write!(text, "{value}");
        self.field(text)
    }

    fn end_row(&mut self) -> Result<(), Failure> {
        self.0.write_record(None::<&[u8]>).map_err(not_written)
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.0.flush().map_err(written)
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
        // Rows of a saved index were rejected when the list itself was read.
        let file = row.file.as_deref().unwrap_or(file);
        let line = row.line.map_or_else(String::new, |line| line.to_string());
        if let Some(table) = &mut self.table {
            table.write([file.display().to_string().as_str(), &line, &row.column, &row.value, &row.reason])
        } else {
            say(format!("rejected: {}", Rejected { file: Some(file.to_owned()), ..row.clone() }));
            Ok(())
        }
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.table.as_mut().map_or(Ok(()), Table::flush)
    }

    fn finish(self) -> Result<u64, Failure> {
        self.table.map_or(Ok(()), Table::finish)?;
        Ok(self.count)
    }
}
