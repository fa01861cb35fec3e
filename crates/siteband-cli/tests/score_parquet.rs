//! `siteband score` from and to Parquet, held against the same rows as a table.
#![cfg(feature = "parquet")]

mod common;

use std::fs::File;
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray, BinaryArray, Float64Array, Int64Array, ListBuilder, RecordBatch, StringArray,
    StringBuilder,
};
use arrow::datatypes::{DataType, Float64Type};
use common::{Folder, SINO_RI, siteband};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

const ROWS: i64 = 3_000;

/// A place for a row; every thousandth is none.
fn place(row: i64) -> [f64; 2] {
    #[allow(clippy::cast_precision_loss, reason = "small")]
    let share = |step: i64| (row * step % 10_007) as f64 / 10_007.0;
    [if row % 1000 == 7 { 95.0 } else { 37.5 + 5.6 * share(6_185) }, 124.0 + 7.0 * share(3_822)]
}

fn tag(row: i64) -> &'static str {
    if row % 97 == 0 { "training" } else { "" }
}

/// The rows as a table, with the numbers of a Parquet file: exact, not as good as their digits.
fn table() -> String {
    let rows = (0..ROWS).map(|row| {
        let [lat_deg, lon_deg] = place(row);
        format!("{row},{lat_deg},{lon_deg},{},0\n", tag(row))
    });
    "id,lat,lon,tags,uncertainty_m\n".to_owned() + &rows.collect::<String>()
}

fn write(path: &str, columns: Vec<(&str, ArrayRef)>, metadata: Option<&str>) {
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let pairs = metadata.map(|geo| vec![KeyValue::new("geo".to_owned(), geo.to_owned())]);
    // Row groups that are no multiple of anything.
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(701)).set_key_value_metadata(pairs);
    let file = File::create(path).expect("a file");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties.build())).expect("a writer");
    writer.write(&batch).expect("written");
    writer.close().expect("closed");
}

fn read(path: &str) -> (RecordBatch, Option<String>) {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("a file")).expect("a Parquet file");
    let pairs = builder.metadata().file_metadata().key_value_metadata().cloned().unwrap_or_default();
    let geo = pairs.into_iter().find(|pair| pair.key == "geo").and_then(|pair| pair.value);
    let batches: Vec<RecordBatch> = builder.build().expect("a reader").map(|batch| batch.expect("rows")).collect();
    (arrow::compute::concat_batches(&batches[0].schema(), &batches).expect("one schema"), geo)
}

/// Numbers by column: of a table and of a Parquet file.
fn column_of_table(path: &str, name: &str) -> Vec<f64> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let at = reader.headers().expect("a header").iter().position(|other| other == name).expect("the column");
    reader.records().map(|row| row.expect("a row")[at].parse().expect("a number")).collect()
}

fn column(batch: &RecordBatch, name: &str) -> Vec<f64> {
    batch.column_by_name(name).expect("the column").as_primitive::<Float64Type>().values().to_vec()
}

const RESULTS: [&str; 4] = ["log_likelihood", "decibans", "diplomat-1_distance_m", "analyst-4_log_likelihood"];

#[test]
fn columns_of_degrees_and_tables_have_the_same_scores() {
    let folder = Folder::new();
    let sites = folder.file("sites.csv", table());
    let [parquet, by_csv, by_parquet, to_csv, to_parquet, rejects] =
        ["sites.parquet", "a.csv", "b.parquet", "c.csv", "d.parquet", "rejects.csv"].map(|name| folder.path(name));
    let degrees =
        |axis: usize| -> ArrayRef { Arc::new(Float64Array::from_iter_values((0..ROWS).map(|row| place(row)[axis]))) };
    write(
        &parquet,
        vec![
            ("id", Arc::new(Int64Array::from_iter_values(0..ROWS)) as ArrayRef),
            ("lat", degrees(0)),
            ("lon", degrees(1)),
            ("tags", Arc::new(StringArray::from_iter_values((0..ROWS).map(tag)))),
        ],
        None,
    );
    for (list, output) in [(&sites, &by_csv), (&parquet, &by_parquet), (&parquet, &to_csv), (&sites, &to_parquet)] {
        let ran = siteband(&["score", SINO_RI, "--sites", list, "-o", output, "--rejects", &rejects]);
        assert_eq!((ran.code, ran.stderr.trim()), (Some(1), "warning: 2997 of 3000 rows scored, 3 rejected"));
    }
    let ran = siteband(&["score", SINO_RI, "--sites", &parquet, "-o", &by_parquet, "--rejects", &rejects]);
    assert_eq!(ran.code, Some(1));
    let told = String::from_utf8(folder.read("rejects.csv")).expect("UTF-8");
    assert!(told.contains(&format!("{parquet},,row 8: lat,95,")), "{told}");
    let (found, _) = read(&by_parquet);
    let (other, _) = read(&to_parquet);
    assert_eq!((found.num_rows(), other.num_rows()), (2_997, 2_997));
    assert_eq!(found.column_by_name("id").expect("ids").data_type(), &DataType::Int64, "columns stay as they are");
    // What was text is numbers where they are places, and text elsewhere.
    let kind = |name: &str| other.column_by_name(name).expect(name).data_type().clone();
    assert_eq!([kind("lat"), kind("lon"), kind("id")], [DataType::Float64, DataType::Float64, DataType::Utf8]);
    for name in ["lat", "lon"] {
        assert_eq!(column(&other, name), column(&found, name), "{name}");
    }
    for name in RESULTS {
        let expected = column_of_table(&by_csv, name);
        assert_eq!(column(&found, name), expected, "{name}");
        assert_eq!(column(&other, name), expected, "{name}");
        assert_eq!(column_of_table(&to_csv, name), expected, "{name}");
    }
}

#[test]
fn geoparquet_has_points_and_keeps_its_metadata() {
    let folder = Folder::new();
    let [sites, output, to_csv] = ["sites.parquet", "out.parquet", "out.csv"].map(|name| folder.path(name));
    let by_csv = folder.path("by.csv");
    let table = folder.file("table.csv", table());
    assert_eq!(siteband(&["score", SINO_RI, "--sites", &table, "-o", &by_csv]).code, Some(1));
    let point = |row: i64| {
        let [lat_deg, lon_deg] = place(row);
        let mut bytes = vec![1, 1, 0, 0, 0];
        bytes.extend(lon_deg.to_le_bytes());
        bytes.extend(lat_deg.to_le_bytes());
        bytes
    };
    let points: Vec<Vec<u8>> = (0..ROWS).map(point).collect();
    let mut tags = ListBuilder::new(StringBuilder::new());
    for row in 0..ROWS {
        if !tag(row).is_empty() {
            tags.values().append_value(tag(row));
        }
        tags.append(true);
    }
    let columns = || {
        vec![
            ("id", Arc::new(StringArray::from_iter_values((0..ROWS).map(|row| row.to_string()))) as ArrayRef),
            ("geometry", Arc::new(BinaryArray::from_iter_values(points.iter())) as ArrayRef),
        ]
    };
    let geo = r#"{"version":"1.1.0","primary_column":"geometry","columns":{"geometry":{"encoding":"WKB","geometry_types":["Point"]}}}"#;
    let mut with_tags = columns();
    with_tags.push(("tags", Arc::new(tags.finish()) as ArrayRef));
    write(&sites, with_tags, Some(geo));
    let ran = siteband(&["score", SINO_RI, "--sites", &sites, "-o", &output]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("row 8: lat: "), "{}", ran.stderr);
    let (found, kept) = read(&output);
    assert_eq!(kept.as_deref(), Some(geo));
    for name in RESULTS {
        assert_eq!(column(&found, name), column_of_table(&by_csv, name), "{name}");
    }
    // A list of tags is nothing for a table of text; a point is, as latitude and longitude.
    let refused = siteband(&["score", SINO_RI, "--sites", &sites, "-o", &to_csv]);
    assert!(refused.code == Some(1) && refused.stderr.contains("which CSV cannot hold"), "{}", refused.stderr);
    write(&sites, columns(), Some(geo));
    assert_eq!(siteband(&["score", SINO_RI, "--sites", &sites, "-o", &to_csv]).code, Some(1));
    assert_eq!(column_of_table(&to_csv, "lon"), column_of_table(&by_csv, "lon"));

    for (case, geo, says) in [
        (
            "another system",
            geo.replace(r#""encoding""#, r#""crs":{"name":"UTM","id":{"authority":"EPSG","code":32652}},"encoding""#),
            "EPSG:32652",
        ),
        ("no system", geo.replace(r#""encoding""#, r#""crs":null,"encoding""#), "is unknown"),
        ("another encoding", geo.replace("WKB", "polygon"), "encoded as polygon"),
        ("no JSON", "{".to_owned(), "GeoParquet metadata"),
        ("no column", geo.replace(r#"n":"geometry""#, r#"n":"where""#), "'where'"),
    ] {
        write(&sites, columns(), Some(&geo));
        let ran = siteband(&["score", SINO_RI, "--sites", &sites, "-o", &output]);
        assert!(ran.code == Some(1) && ran.stderr.contains(says), "{case}: {}", ran.stderr);
    }
}

#[test]
fn files_that_are_no_lists_are_refused() {
    let folder = Folder::new();
    let output = folder.path("out.parquet");
    let whole = folder.path("whole.parquet");
    let ids: ArrayRef = Arc::new(StringArray::from_iter_values((0..9).map(|row| row.to_string())));
    let axis: ArrayRef = Arc::new(Float64Array::from_iter_values((0..9).map(f64::from)));
    write(&whole, vec![("id", Arc::clone(&ids)), ("lat", Arc::clone(&axis)), ("lon", Arc::clone(&axis))], None);
    let bytes = folder.read("whole.parquet");
    let no_place = folder.path("no_place.parquet");
    write(&no_place, vec![("id", Arc::clone(&ids))], None);
    let scored = folder.path("scored.parquet");
    let numbers = |name: &'static str| (name, Arc::clone(&axis));
    write(&scored, vec![("id", Arc::clone(&ids)), numbers("lat"), numbers("lon"), numbers("decibans")], None);
    // Found by the fuzzer: they kept the reader busy for seconds.
    let found = |name: &str| {
        let path = common::repository().join("fuzz/corpus/parquet").join(name);
        folder.file(&format!("{name}.parquet"), std::fs::read(path).expect("an input"))
    };
    let [nothing, confused] = ["page-header-with-lists-of-nothing", "footer-with-fields-of-another-kind"].map(found);
    for (case, path, says) in [
        ("no Parquet", folder.file("no.parquet", "id,lat,lon\n"), "no.parquet"),
        ("empty", folder.file("empty.parquet", ""), "empty.parquet"),
        ("cut short", folder.file("cut.parquet", &bytes[..bytes.len() / 2]), "cut.parquet"),
        ("without positions", no_place, "the column 'lat' is missing"),
        ("scores twice", scored, "'decibans', which would be added"),
        ("lists of nothing in the header of a page", nothing, "a list of truth values"),
        ("a field of another kind", confused, "a field of another kind"),
    ] {
        let ran = siteband(&["score", SINO_RI, "--sites", &path, "-o", &output]);
        assert!(
            ran.code == Some(1) && ran.stderr.contains(says) && !ran.stderr.contains("panicked"),
            "{case}: {}",
            ran.stderr
        );
        assert!(!folder.names().contains(&"out.parquet".to_owned()), "{case}");
    }
    // No rows are a valid list.
    let none = folder.file("none.csv", "id,lat,lon\n");
    siteband(&["score", SINO_RI, "--sites", &none, "-o", &output]).ok();
    let columns_of_nothing = || {
        let builder =
            ParquetRecordBatchReaderBuilder::try_new(File::open(&output).expect("a file")).expect("a Parquet file");
        assert_eq!(builder.metadata().file_metadata().num_rows(), 0);
        builder.schema().fields().iter().map(|field| field.name().clone()).collect::<Vec<_>>()
    };
    let columns = columns_of_nothing();
    assert_eq!(
        (&columns[..3], &columns[3]),
        (&["id", "lat", "lon"].map(str::to_owned)[..], &"log_likelihood".to_owned())
    );
    let none = folder.path("none.parquet");
    let nowhere: ArrayRef = Arc::new(Float64Array::from_iter_values([] as [f64; 0]));
    let ids: ArrayRef = Arc::new(StringArray::from_iter_values([] as [&str; 0]));
    write(&none, vec![("id", ids), ("lat", Arc::clone(&nowhere)), ("lon", nowhere)], None);
    siteband(&["score", SINO_RI, "--sites", &none, "-o", &output]).ok();
    assert_eq!(columns_of_nothing(), columns);
}

/// Row groups are parts: a run that was cut short behind the first goes on.
#[test]
fn what_was_cut_short_behind_a_row_group_goes_on() {
    cut_short_and_resumed(ROWS, 701);
}

/// A long row group is several parts.
#[test]
fn what_was_cut_short_within_a_row_group_goes_on() {
    cut_short_and_resumed(132_000, 1 << 20);
}

fn cut_short_and_resumed(rows: i64, group_rows: usize) {
    let folder = Folder::new();
    let sites = folder.path("sites.parquet");
    let degrees = |axis: usize| -> ArrayRef {
        // Of many rows two are no sites, of which one is in the second part; of few, three.
        let at = |row: i64| match row {
            7 => place(7),
            131_500 => place(1_007),
            row if rows > ROWS => place(8 + row % 990),
            row => place(row),
        };
        Arc::new(Float64Array::from_iter_values((0..rows).map(|row| at(row)[axis])))
    };
    let columns: Vec<(&str, ArrayRef)> =
        vec![("id", Arc::new(Int64Array::from_iter_values(0..rows))), ("lat", degrees(0)), ("lon", degrees(1))];
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let write = |batch: &RecordBatch| write_groups(&sites, batch, group_rows);
    write(&batch);
    for ending in ["csv", "parquet"] {
        let [whole, output] = ["whole", "cut"].map(|name| folder.path(&format!("{name}-{rows}.{ending}")));
        let score = |output: &str, more: &[&str]| {
            let rejects = format!("{output}.rejects");
            siteband(&[&["score", SINO_RI, "--sites", &sites, "-o", output, "--rejects", &rejects], more].concat())
        };
        let undisturbed = score(&whole, &[]);
        assert_eq!(undisturbed.code, Some(1), "{}", undisturbed.stderr);
        let cut = score(&output, &["--max-errors", "0"]);
        assert!(cut.stderr.contains("rows are kept in"), "{}", cut.stderr);
        let kept: usize = cut
            .stderr
            .split(" rows are kept in")
            .next()
            .and_then(|text| text.lines().last())
            .expect("one")
            .parse()
            .expect("a number");
        assert_eq!(kept, group_rows.min(1 << 17));
        // Another number in the first part: it is another list.
        let mut others: Vec<ArrayRef> = batch.columns().to_vec();
        others[1] =
            Arc::new(Float64Array::from_iter_values((0..rows).map(|row| if row == 0 { 39.0 } else { place(8)[0] })));
        write(&RecordBatch::try_new(batch.schema(), others).expect("columns of one length"));
        let other = score(&output, &["--resume"]);
        assert!(other.code == Some(1) && other.stderr.contains("the list of sites has changed"), "{}", other.stderr);
        write(&batch);
        let again = score(&output, &["--resume"]);
        assert_eq!((again.code, again.stderr.lines().last()), (Some(1), undisturbed.stderr.lines().last()));
        let read = |path: &str, ending: &str| std::fs::read(format!("{path}{ending}")).expect("a file");
        for of in ["", ".rejects"] {
            assert!(read(&whole, of) == read(&output, of), "{rows} {ending}{of}");
        }
        // Rows are counted from the beginning of the file.
        let last = if rows > ROWS { 131_501 } else { 2_008 };
        let told = String::from_utf8(read(&output, ".rejects")).expect("UTF-8");
        assert!(told.contains(&format!(",row {last}: lat,")), "{told}");
        if ending == "parquet" {
            let file = ParquetRecordBatchReaderBuilder::try_new(File::open(&output).expect("a file")).expect("Parquet");
            let rejected = if rows > ROWS { 2 } else { 3 };
            assert_eq!(file.metadata().file_metadata().num_rows(), rows - rejected);
            for group in file.metadata().row_groups() {
                assert_eq!(group.file_offset(), i64::try_from(group.column(0).byte_range().0).ok());
            }
        }
    }
}

fn write_groups(path: &str, batch: &RecordBatch, group_rows: usize) {
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group_rows));
    let file = File::create(path).expect("a file");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties.build())).expect("a writer");
    writer.write(batch).expect("written");
    writer.close().expect("closed");
}
