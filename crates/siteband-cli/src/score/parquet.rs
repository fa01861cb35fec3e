//! Sites from Parquet files, with or without the metadata of GeoParquet, and scores into them.
//!
//! Each part is written as the row groups of a small file of its own, whose data are put behind what has been written, and whose row groups
//! are listed at the end: so a file can grow a part at a time, and a run that was cut short can go on.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float64Array, RecordBatch, StringArray};
use arrow::compute::{cast, filter_record_batch};
use arrow::datatypes::{DataType, Field, Float64Type, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Compression;
use parquet::file::metadata::{
    FileMetaData, KeyValue, ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use siteband::{Length, Position, Rejected, Scores, SiteBatch, SiteHeader};
use xxhash_rust::xxh3::Xxh3;

use super::source::{Part, Rows};
use super::worker::result_values;
use crate::Failure;

/// What a Parquet file begins and ends with.
pub(crate) const MAGIC: &[u8] = b"PAR1";

/// A part has at most so many rows, all of one row group.
const PART_ROWS: usize = 1 << 17;

/// Rows of a file, with how many come before them.
#[derive(Debug)]
pub(crate) struct Batch {
    rows: RecordBatch,
    before: u64,
}

/// A Parquet file, read a row group at a time.
#[derive(Debug)]
pub(crate) struct Source {
    file: File,
    name: String,
    metadata: ArrowReaderMetadata,
    shape: Shape,
    group: usize,
    /// How many rows of the group have been read, and of the file.
    in_group: usize,
    before: u64,
    reader: Option<ParquetRecordBatchReader>,
}

fn failed(name: &str, error: impl std::fmt::Display) -> Failure {
    Failure::input(format!("{name}: {error}"))
}

impl Source {
    pub(crate) fn open(file: File, path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let metadata =
            ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|error| failed(&name, error))?;
        let shape = Shape::new(metadata.schema(), metadata.metadata().file_metadata().key_value_metadata())
            .map_err(|error| failed(&name, error))?;
        Ok(Self { file, name, metadata, shape, group: 0, in_group: 0, before: 0, reader: None })
    }

    pub(crate) fn shape(&self) -> Shape {
        self.shape.clone()
    }

    pub(crate) fn rows(&self) -> u64 {
        u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// The row group that comes next, with how many rows its next part has; none behind the last.
    fn coming(&mut self) -> Option<(RowGroupMetaData, usize)> {
        let group = loop {
            let group = self.metadata.metadata().row_groups().get(self.group)?;
            if rows_of(group) > self.in_group {
                break group.clone();
            }
            (self.group, self.in_group, self.reader) = (self.group + 1, 0, None);
        };
        let rows = (rows_of(&group) - self.in_group).min(PART_ROWS);
        Some((group, rows))
    }

    /// Passes over a part: its digest, that of the whole row group where it is the first of it, and its rows.
    pub(crate) fn skip_part(&mut self) -> Result<Option<(u64, u64)>, Failure> {
        let Some((group, rows)) = self.coming() else { return Ok(None) };
        let digest = if self.in_group == 0 { self.digest(&group)? } else { 0 };
        self.reader = None;
        self.in_group += rows;
        self.before += rows as u64;
        Ok(Some((digest, rows as u64)))
    }

    pub(crate) fn next_part(&mut self) -> Result<Option<Part>, Failure> {
        let Some((_, wanted)) = self.coming() else { return Ok(None) };
        let mut reader = match self.reader.take() {
            Some(reader) => reader,
            None => self.read_group().map_err(|error| failed(&self.name, error))?,
        };
        let before = self.before;
        let rows = reader.next().transpose().map_err(|error| failed(&self.name, error))?;
        let Some(rows) = rows.filter(|rows| rows.num_rows() == wanted) else {
            return Err(failed(&self.name, format!("row group {} has fewer rows than the file says", self.group)));
        };
        let Some((digest, done)) = self.skip_part()? else { return Ok(None) };
        self.reader = Some(reader);
        Ok(Some(Part { rows: Rows::Arrow(Batch { rows, before }), digest, done, rejected: Vec::new() }))
    }

    fn read_group(&self) -> Result<ParquetRecordBatchReader, Box<dyn std::error::Error>> {
        let file = self.file.try_clone()?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let builder = builder.with_row_groups(vec![self.group]).with_offset(self.in_group);
        Ok(builder.with_batch_size(PART_ROWS).build()?)
    }

    /// Of the bytes of a row group, as they stand in the file.
    fn digest(&self, group: &RowGroupMetaData) -> Result<u64, Failure> {
        let mut digest = Xxh3::new();
        let mut buffer = Vec::new();
        let mut file = &self.file;
        for column in group.columns() {
            let (from, bytes) = column.byte_range();
            buffer.clear();
            file.seek(SeekFrom::Start(from)).map_err(|error| failed(&self.name, error))?;
            file.take(bytes).read_to_end(&mut buffer).map_err(|error| failed(&self.name, error))?;
            digest.update(&buffer);
        }
        Ok(digest.digest())
    }
}

fn rows_of(group: &RowGroupMetaData) -> usize {
    usize::try_from(group.num_rows()).unwrap_or(0)
}

/// How positions are written.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// In columns of degrees.
    Columns { lat: usize, lon: usize },
    /// As points in the well-known binary format.
    Wkb(usize),
    /// As structures of x and y.
    Point(usize),
}

/// What the columns of a file are.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    schema: SchemaRef,
    metadata: Vec<KeyValue>,
    id: usize,
    place: Place,
    tags: Option<usize>,
    prior: Option<usize>,
    uncertainty_m: Option<usize>,
}

impl Shape {
    fn new(schema: &SchemaRef, metadata: Option<&Vec<KeyValue>>) -> Result<Self, String> {
        let find = |wanted: &str| {
            let mut found =
                schema.fields().iter().enumerate().filter(|(_, field)| field.name().eq_ignore_ascii_case(wanted));
            match (found.next(), found.next()) {
                (Some(_), Some(_)) => Err(format!("the column '{wanted}' stands twice")),
                (found, _) => Ok(found.map(|(at, _)| at)),
            }
        };
        let names = || schema.fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>().join(", ");
        let missing = |wanted: &str| {
            format!(
                "the column '{wanted}' is missing: expected id, lat and lon (or the geometry of GeoParquet), found {}",
                names()
            )
        };
        let metadata: Vec<KeyValue> = metadata.cloned().unwrap_or_default();
        let place = match (find("lat")?, find("lon")?) {
            (Some(lat), Some(lon)) => Place::Columns { lat, lon },
            (lat, _) => {
                geometry(schema, &metadata)?.ok_or_else(|| missing(if lat.is_some() { "lon" } else { "lat" }))?
            }
        };
        Ok(Self {
            id: find("id")?.ok_or_else(|| missing("id"))?,
            place,
            tags: find("tags")?,
            prior: find("prior")?,
            uncertainty_m: find("uncertainty_m")?,
            // The writer makes its own.
            metadata: metadata.into_iter().filter(|pair| pair.key != "ARROW:schema").collect(),
            schema: Arc::clone(schema),
        })
    }

    pub(crate) fn columns(&self) -> Vec<&str> {
        self.schema.fields().iter().map(|field| field.name().as_str()).collect()
    }

    /// The sites of some rows, and the rows that have one.
    pub(crate) fn sites(
        &self,
        batch: Batch,
        rejected: &mut Vec<Rejected>,
    ) -> Result<(SiteBatch, RecordBatch), Failure> {
        let rows = batch.rows;
        let column = |at: usize, kind: &DataType| {
            let name = self.schema.field(at).name();
            cast(rows.column(at), kind).map_err(|error| Failure::input(format!("the column '{name}': {error}")))
        };
        let numbers = |at: Option<usize>| {
            at.map(|at| column(at, &DataType::Float64).map(|array| array.as_primitive::<Float64Type>().clone()))
                .transpose()
        };
        let ids = column(self.id, &DataType::Utf8)?;
        let ids = ids.as_string::<i32>();
        let places = Places::new(self.place, &rows, column)?;
        let tags = self.tags.map(|at| Tags::new(rows.column(at), |kind| column(at, kind))).transpose()?;
        let (priors, uncertainties_m) = (numbers(self.prior)?, numbers(self.uncertainty_m)?);
        let known = |numbers: &Option<Float64Array>, at: usize| {
            numbers.as_ref().filter(|numbers| numbers.is_valid(at)).map(|numbers| numbers.value(at))
        };
        let mut sites = SiteBatch::default();
        let mut is_good = Vec::with_capacity(rows.num_rows());
        for at in 0..rows.num_rows() {
            let site = (|| {
                let id = if ids.is_valid(at) { ids.value(at).trim() } else { "" };
                if id.is_empty() {
                    return Err(("id", String::new(), "the id is empty".to_owned()));
                }
                let mut position = places.get(at)?;
                if let Some(m) = known(&uncertainties_m, at) {
                    let length =
                        Length::from_m(m).map_err(|error| ("uncertainty_m", m.to_string(), error.to_string()))?;
                    position = position.with_uncertainty(length);
                }
                let prior = known(&priors, at).unwrap_or(1.0);
                if !(prior.is_finite() && prior > 0.0) {
                    let reason = format!("'{prior}' is no prior weight: expected a number above zero");
                    return Err(("prior", prior.to_string(), reason));
                }
                match &tags {
                    Some(tags) => sites.push(id, position, tags.get(at), prior),
                    None => sites.push(id, position, [], prior),
                }
                Ok(())
            })();
            is_good.push(site.is_ok());
            if let Err((column, value, reason)) = site {
                let column = format!("row {}: {column}", batch.before + at as u64 + 1);
                rejected.push(Rejected { file: None, line: None, column, value, reason });
            }
        }
        if is_good.iter().all(|good| *good) {
            return Ok((sites, rows));
        }
        let good = filter_record_batch(&rows, &BooleanArray::from(is_good)).map_err(Failure::input)?;
        Ok((sites, good))
    }

    /// A part of a Parquet file: its data, and its footer.
    pub(crate) fn write(
        &self,
        rows: &RecordBatch,
        scores: &Scores,
        names: &[String],
    ) -> Result<(Vec<u8>, Vec<u8>), Failure> {
        write_part(&with_scores(rows, scores, names)?, &self.metadata)
    }

    /// [`Shape::write`] without rows.
    pub(crate) fn write_nothing(&self, scores: &Scores, names: &[String]) -> Result<(Vec<u8>, Vec<u8>), Failure> {
        self.write(&RecordBatch::new_empty(Arc::clone(&self.schema)), scores, names)
    }

    /// The names of the columns that a table of text can hold: all but the geometry, whose latitude and longitude come first.
    pub(crate) fn csv_columns(&self) -> Result<Vec<&str>, Failure> {
        let mut names = Vec::new();
        if self.geometry_column().is_some() {
            names.extend(["lat", "lon"]);
        }
        for (at, field) in self.schema.fields().iter().enumerate() {
            if Some(at) == self.geometry_column() {
                continue;
            }
            if field.data_type().is_nested()
                || matches!(field.data_type(), DataType::Binary | DataType::LargeBinary | DataType::BinaryView)
            {
                let (name, kind) = (field.name(), field.data_type());
                return Err(Failure::input(format!(
                    "the column '{name}' is {kind}, which CSV cannot hold: write .parquet"
                )));
            }
            names.push(field.name());
        }
        Ok(names)
    }

    fn geometry_column(&self) -> Option<usize> {
        match self.place {
            Place::Columns { .. } => None,
            Place::Wkb(at) | Place::Point(at) => Some(at),
        }
    }

    /// Rows of a table of text.
    pub(crate) fn write_csv(
        &self,
        rows: &RecordBatch,
        sites: &SiteBatch,
        scores: &Scores,
        names: &[String],
    ) -> Result<Vec<u8>, Failure> {
        let mut rows = rows.clone();
        if let Some(at) = self.geometry_column() {
            rows.remove_column(at);
            let axis = |deg: fn(&Position) -> f64| -> ArrayRef {
                Arc::new(Float64Array::from_iter_values(sites.positions().iter().map(deg)))
            };
            let mut fields = vec![
                Arc::new(Field::new("lat", DataType::Float64, false)),
                Arc::new(Field::new("lon", DataType::Float64, false)),
            ];
            fields.extend(rows.schema().fields().iter().cloned());
            let mut columns = vec![axis(Position::lat_deg), axis(Position::lon_deg)];
            columns.extend(rows.columns().iter().cloned());
            rows = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(Failure::input)?;
        }
        let mut text = Vec::new();
        let mut writer = arrow::csv::WriterBuilder::new().with_header(false).build(&mut text);
        writer.write(&with_scores(&rows, scores, names)?).map_err(Failure::input)?;
        drop(writer);
        Ok(text)
    }
}

/// The geometry of GeoParquet, if there is one.
fn geometry(schema: &SchemaRef, metadata: &[KeyValue]) -> Result<Option<Place>, String> {
    let Some(geo) = metadata.iter().find(|pair| pair.key == "geo").and_then(|pair| pair.value.as_deref()) else {
        return Ok(None);
    };
    let geo: serde_json::Value =
        serde_json::from_str(geo).map_err(|error| format!("the GeoParquet metadata: {error}"))?;
    let name = geo["primary_column"].as_str().ok_or("the GeoParquet metadata name no primary_column")?;
    let column = &geo["columns"][name];
    let at = schema.index_of(name).map_err(|_| format!("the geometry column '{name}' is missing"))?;
    match &column["crs"] {
        serde_json::Value::Null if column.get("crs").is_none() => {}
        serde_json::Value::Object(crs) => {
            let (authority, code) = (&crs["id"]["authority"], &crs["id"]["code"]);
            let code = code.as_str().map_or_else(|| code.to_string(), str::to_owned);
            let authority = authority.as_str().unwrap_or_default();
            if !matches!((authority, code.as_str()), ("OGC", "CRS84" | "CRS:84") | ("EPSG", "4326")) {
                let found = crs.get("name").and_then(|name| name.as_str()).unwrap_or("without a name");
                return Err(format!("the geometry is in another coordinate reference system ({found}, {authority}:{code}): expected OGC:CRS84, longitude and latitude in WGS 84"));
            }
        }
        _ => return Err("the geometry's coordinate reference system is unknown: expected OGC:CRS84, longitude and latitude in WGS 84".to_owned()),
    }
    match column["encoding"].as_str() {
        Some("WKB") => Ok(Some(Place::Wkb(at))),
        Some("point") => Ok(Some(Place::Point(at))),
        other => Err(format!("the geometry is encoded as {}: expected WKB or point", other.unwrap_or("nothing"))),
    }
}

/// The coordinates of some rows.
enum Places {
    Columns { lat: Float64Array, lon: Float64Array },
    Wkb(ArrayRef),
}

/// A column, a value and a reason.
type Fault = (&'static str, String, String);

impl Places {
    fn new(
        place: Place,
        rows: &RecordBatch,
        column: impl Fn(usize, &DataType) -> Result<ArrayRef, Failure>,
    ) -> Result<Self, Failure> {
        let number = |array: &ArrayRef| array.as_primitive::<Float64Type>().clone();
        match place {
            Place::Columns { lat, lon } => Ok(Self::Columns {
                lat: number(&column(lat, &DataType::Float64)?),
                lon: number(&column(lon, &DataType::Float64)?),
            }),
            Place::Wkb(at) => Ok(Self::Wkb(column(at, &DataType::Binary)?)),
            Place::Point(at) => {
                let found = rows.column(at).as_struct_opt();
                let axis = |name: &str| {
                    let axis = found.and_then(|found| found.column_by_name(name));
                    let axis = axis.ok_or_else(|| Failure::input(format!("the geometry column has no '{name}'")))?;
                    cast(axis, &DataType::Float64).map(|array| number(&array)).map_err(Failure::input)
                };
                Ok(Self::Columns { lat: axis("y")?, lon: axis("x")? })
            }
        }
    }

    fn get(&self, at: usize) -> Result<Position, Fault> {
        let (lat_deg, lon_deg) = match self {
            Self::Columns { lat, lon } => {
                if lat.is_null(at) {
                    return Err(("lat", String::new(), "the latitude is empty".to_owned()));
                }
                if lon.is_null(at) {
                    return Err(("lon", String::new(), "the longitude is empty".to_owned()));
                }
                (lat.value(at), lon.value(at))
            }
            Self::Wkb(points) => {
                let points = points.as_binary::<i32>();
                let point = if points.is_valid(at) { points.value(at) } else { &[] };
                let [x, y] = wkb_point(point).ok_or_else(|| {
                    (
                        "geometry",
                        format!("{} bytes", point.len()),
                        "expected a point in the well-known binary format".to_owned(),
                    )
                })?;
                (y, x)
            }
        };
        Position::new(lat_deg, lon_deg).map_err(|error| {
            let is_lat = !(-90.0..=90.0).contains(&lat_deg);
            (if is_lat { "lat" } else { "lon" }, if is_lat { lat_deg } else { lon_deg }.to_string(), error.to_string())
        })
    }
}

/// The first two coordinates of a point in the well-known binary format, also of more dimensions, and with a reference system of EWKB.
fn wkb_point(bytes: &[u8]) -> Option<[f64; 2]> {
    let is_little = match bytes.first()? {
        0 => false,
        1 => true,
        _ => return None,
    };
    let kind = four(bytes.get(1..5)?, is_little)?;
    let has_system = kind & 0x2000_0000 != 0;
    if (kind & 0x0fff_ffff) % 1000 != 1 {
        return None;
    }
    let from = if has_system { 9 } else { 5 };
    let number = |at: usize| {
        let bytes: [u8; 8] = bytes.get(at..at + 8)?.try_into().ok()?;
        Some(if is_little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    };
    Some([number(from)?, number(from + 8)?])
}

fn four(bytes: &[u8], is_little: bool) -> Option<u32> {
    let bytes: [u8; 4] = bytes.try_into().ok()?;
    Some(if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
}

/// The tags of some rows: texts with semicolons, or lists.
enum Tags {
    Texts(ArrayRef),
    Lists(ArrayRef),
}

impl Tags {
    fn new(array: &ArrayRef, column: impl Fn(&DataType) -> Result<ArrayRef, Failure>) -> Result<Self, Failure> {
        if matches!(array.data_type(), DataType::List(_) | DataType::LargeList(_)) {
            let items = DataType::List(Arc::new(Field::new("item", DataType::Utf8, true)));
            return Ok(Self::Lists(column(&items)?));
        }
        Ok(Self::Texts(column(&DataType::Utf8)?))
    }

    fn get(&self, at: usize) -> impl Iterator<Item = &str> {
        let (texts, range): (&StringArray, _) = match self {
            Self::Texts(texts) => (texts.as_string::<i32>(), at..at + 1),
            Self::Lists(lists) => {
                let lists = lists.as_list::<i32>();
                let offset = |at: usize| usize::try_from(lists.value_offsets()[at]).unwrap_or(0);
                let range = if lists.is_valid(at) { offset(at)..offset(at + 1) } else { 0..0 };
                (lists.values().as_string::<i32>(), range)
            }
        };
        let is_list = matches!(self, Self::Lists(_));
        range.filter(|at| texts.is_valid(*at)).flat_map(move |at| {
            let text = texts.value(at);
            let separator = if is_list { '\0' } else { ';' };
            text.split(separator).map(str::trim).filter(|tag| !tag.is_empty())
        })
    }
}

/// Rows with their scores behind them.
fn with_scores(rows: &RecordBatch, scores: &Scores, names: &[String]) -> Result<RecordBatch, Failure> {
    let mut fields: Vec<Arc<Field>> = rows.schema().fields().iter().cloned().collect();
    let mut columns: Vec<ArrayRef> = rows.columns().to_vec();
    for (name, values) in names.iter().zip(result_values(scores)) {
        fields.push(Arc::new(Field::new(name, DataType::Float64, false)));
        columns.push(Arc::new(Float64Array::from(values.to_vec())));
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(Failure::input)
}

/// A part of a Parquet file from rows of a table of text: latitude and longitude as numbers, everything else as it stands there.
pub(crate) fn write_table<'a>(
    header: &SiteHeader,
    rows: impl Iterator<Item = &'a [u8]>,
    sites: &SiteBatch,
    scores: &Scores,
    names: &[String],
) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let mut texts: Vec<Vec<String>> = vec![Vec::with_capacity(sites.len()); header.columns().len()];
    let mut text = Vec::new();
    for row in rows {
        text.extend_from_slice(row);
        text.push(b'\n');
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_slice());
    for record in reader.records() {
        let record = record.map_err(Failure::input)?;
        for (column, field) in texts.iter_mut().zip(&record) {
            column.push(field.to_owned());
        }
    }
    let mut fields = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::new();
    for (name, texts) in header.columns().iter().zip(texts) {
        let axis = match name.to_ascii_lowercase().as_str() {
            "lat" => Some(Position::lat_deg as fn(&Position) -> f64),
            "lon" => Some(Position::lon_deg as fn(&Position) -> f64),
            _ => None,
        };
        if let Some(deg) = axis {
            fields.push(Field::new(name, DataType::Float64, false));
            columns.push(Arc::new(Float64Array::from_iter_values(sites.positions().iter().map(deg))));
        } else {
            fields.push(Field::new(name, DataType::Utf8, false));
            columns.push(Arc::new(StringArray::from(texts)));
        }
    }
    let rows = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(Failure::input)?;
    write_part(&with_scores(&rows, scores, names)?, &[])
}

/// A small Parquet file, taken apart: its data, and its footer.
fn write_part(rows: &RecordBatch, metadata: &[KeyValue]) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("siteband ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_max_row_group_row_count(Some(usize::MAX))
        .set_key_value_metadata(Some(metadata.to_vec()).filter(|pairs| !pairs.is_empty()));
    // Measured numbers hardly repeat.
    for field in rows.schema().fields().iter().filter(|field| field.data_type().is_floating()) {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(field.name().as_str()), false);
    }
    let mut file = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut file, rows.schema(), Some(properties.build())).map_err(Failure::input)?;
    writer.write(rows).map_err(Failure::input)?;
    writer.close().map_err(Failure::input)?;
    let length = file.len().checked_sub(8).and_then(|at| four(file.get(at..at + 4)?, true));
    let from = length.and_then(|length| file.len().checked_sub(8 + length as usize));
    let Some(from) = from.filter(|from| *from >= MAGIC.len()) else {
        return Err(Failure::input("a part of the file was not written whole"));
    };
    let footer = file[from..file.len() - 8].to_vec();
    file.truncate(from);
    file.drain(..MAGIC.len());
    Ok((file, footer))
}

/// The end of a file whose parts begin at these places and have these footers; `empty` is the footer of a part without rows.
pub(crate) fn footer(parts: &[(u64, Vec<u8>)], empty: &[u8]) -> Result<Vec<u8>, Failure> {
    let decode = |footer: &[u8]| ParquetMetaDataReader::decode_metadata(footer).map_err(Failure::input);
    let first = decode(parts.first().map_or(empty, |(_, footer)| footer))?;
    let schema = first.file_metadata().schema_descr_ptr();
    let (mut groups, mut rows) = (Vec::new(), 0);
    for (at, footer) in parts {
        // Where the part's own file had its data behind the first bytes.
        let shift = i64::try_from(*at).unwrap_or(i64::MAX) - 4;
        for group in decode(footer)?.row_groups() {
            let mut columns = Vec::new();
            for column in group.columns() {
                let moved = column.clone().into_builder();
                let moved = moved
                    .set_data_page_offset(column.data_page_offset() + shift)
                    .set_dictionary_page_offset(column.dictionary_page_offset().map(|at| at + shift));
                columns.push(moved.build().map_err(Failure::input)?);
            }
            let moved = group.clone().into_builder().set_column_metadata(columns);
            let moved = moved.set_file_offset(group.file_offset().unwrap_or(4) + shift);
            let moved = moved.set_ordinal(i32::try_from(groups.len()).unwrap_or(i32::MAX));
            rows += group.num_rows();
            groups.push(moved.build().map_err(Failure::input)?);
        }
    }
    let of_file = first.file_metadata();
    let of_file = FileMetaData::new(
        of_file.version(),
        rows,
        of_file.created_by().map(str::to_owned),
        of_file.key_value_metadata().cloned(),
        schema,
        of_file.column_orders().cloned(),
    );
    let mut end = Vec::new();
    ParquetMetaDataWriter::new(&mut end, &ParquetMetaData::new(of_file, groups)).finish().map_err(Failure::input)?;
    Ok(end)
}
