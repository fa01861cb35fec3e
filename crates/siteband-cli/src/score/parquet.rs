//! Sites from Parquet files, with or without the metadata of GeoParquet, and scores into them.
//!
//! Each part is written as the row groups of a small file of its own, whose data are put behind what has been written, and whose row groups
//! are listed at the end: so a file can grow a part at a time, and a run that was cut short can go on.

mod metadata;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
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
use siteband::{Position, Rejected, Scores, SiteBatch, SiteHeader};
use siteband_arrow::{Ids, InvalidColumns, with_scores};
use xxhash_rust::xxh3::Xxh3;

use super::source::{Part, Rows};
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

/// What the reader of Parquet makes of a file. It panics on some that are damaged, since it believes what they say of lengths and places:
/// such a file is refused as any other.
fn contained<T>(name: &str, read: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let what = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it cannot be read");
        Err(failed(name, format!("the file is damaged: {what}")))
    })
}

impl Source {
    pub(crate) fn open(file: File, path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        contained(&name.clone(), || Self::read(file, name))
    }

    fn read(file: File, name: String) -> Result<Self, Failure> {
        metadata::check(&file).map_err(|error| failed(&name, format!("the file is damaged: {error}")))?;
        let metadata =
            ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|error| failed(&name, error))?;
        let of_file = metadata.metadata().file_metadata().num_rows();
        let mut of_groups = metadata.metadata().row_groups().iter().map(RowGroupMetaData::num_rows);
        if of_groups.try_fold(0_i64, |sum, rows| sum.checked_add(rows).filter(|_| rows >= 0)) != Some(of_file) {
            let what =
                format!("the file is damaged: it says that it has {of_file} rows, and its row groups say otherwise");
            return Err(failed(&name, what));
        }
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
        contained(&self.name.clone(), || self.skip())
    }

    fn skip(&mut self) -> Result<Option<(u64, u64)>, Failure> {
        let Some((group, rows)) = self.coming() else { return Ok(None) };
        let digest = if self.in_group == 0 { self.digest(&group)? } else { 0 };
        self.reader = None;
        self.in_group += rows;
        self.before += rows as u64;
        Ok(Some((digest, rows as u64)))
    }

    pub(crate) fn next_part(&mut self) -> Result<Option<Part>, Failure> {
        contained(&self.name.clone(), || self.next())
    }

    fn next(&mut self) -> Result<Option<Part>, Failure> {
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
        let Some((digest, done)) = self.skip()? else { return Ok(None) };
        self.reader = Some(reader);
        Ok(Some(Part { rows: Rows::Arrow(Batch { rows, before }), digest, done, rejected: Vec::new() }))
    }

    fn read_group(&self) -> Result<ParquetRecordBatchReader, Box<dyn std::error::Error>> {
        let group = self.metadata.metadata().row_group(self.group);
        metadata::check_pages(&self.file, group).map_err(|error| format!("the file is damaged: {error}"))?;
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

/// What the columns of a file are, and what it says beside them.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    columns: siteband_arrow::Shape,
    metadata: Vec<KeyValue>,
}

impl Shape {
    fn new(schema: &SchemaRef, metadata: Option<&Vec<KeyValue>>) -> Result<Self, InvalidColumns> {
        let metadata: Vec<KeyValue> = metadata.cloned().unwrap_or_default();
        let pairs = metadata.iter().filter_map(|pair| Some((pair.key.clone(), pair.value.clone()?))).collect();
        let columns = siteband_arrow::Shape::new(schema, &pairs, Ids::Required)?;
        // The writer makes its own.
        Ok(Self { columns, metadata: metadata.into_iter().filter(|pair| pair.key != "ARROW:schema").collect() })
    }

    pub(crate) fn columns(&self) -> Vec<&str> {
        self.columns.columns()
    }

    /// The sites of some rows, and the rows that have one.
    pub(crate) fn sites(
        &self,
        batch: &Batch,
        rejected: &mut Vec<Rejected>,
    ) -> Result<(SiteBatch, RecordBatch), Failure> {
        let read = self.columns.sites(&batch.rows).map_err(Failure::input)?;
        let rows = read.good_rows(&batch.rows).map_err(Failure::input)?;
        rejected.extend(read.rejected.into_iter().map(|(at, row)| {
            let column = format!("row {}: {}", batch.before + at as u64 + 1, row.column);
            Rejected { column, ..row }
        }));
        Ok((read.sites, rows))
    }

    /// A part of a Parquet file: its data, and its footer.
    pub(crate) fn write(
        &self,
        rows: &RecordBatch,
        scores: &Scores,
        names: &[String],
    ) -> Result<(Vec<u8>, Vec<u8>), Failure> {
        write_part(&with_scores(rows, scores, names).map_err(Failure::input)?, &self.metadata)
    }

    /// [`Shape::write`] without rows.
    pub(crate) fn write_nothing(&self, scores: &Scores, names: &[String]) -> Result<(Vec<u8>, Vec<u8>), Failure> {
        self.write(&RecordBatch::new_empty(Arc::new(self.columns.schema().clone())), scores, names)
    }

    /// The names of the columns that a table of text can hold: all but the geometry, whose latitude and longitude come first.
    pub(crate) fn csv_columns(&self) -> Result<Vec<&str>, Failure> {
        let mut names = Vec::new();
        let geometry = self.columns.geometry_column();
        if geometry.is_some() {
            names.extend(["lat", "lon"]);
        }
        for (at, field) in self.columns.schema().fields().iter().enumerate() {
            if Some(at) == geometry {
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

    /// Rows of a table of text.
    pub(crate) fn write_csv(
        &self,
        rows: &RecordBatch,
        sites: &SiteBatch,
        scores: &Scores,
        names: &[String],
    ) -> Result<Vec<u8>, Failure> {
        let mut rows = rows.clone();
        if let Some(at) = self.columns.geometry_column() {
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
        let rows = with_scores(&rows, scores, names).map_err(Failure::input)?;
        writer.write(&rows).map_err(Failure::input)?;
        drop(writer);
        Ok(text)
    }
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
    write_part(&with_scores(&rows, scores, names).map_err(Failure::input)?, &[])
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
    let four = |at: usize| Some(u32::from_le_bytes(file.get(at..at + 4)?.try_into().ok()?));
    let length = file.len().checked_sub(8).and_then(four);
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
