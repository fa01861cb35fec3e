//! Columns of every kind become the same sites, and what is none keeps its place.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, FixedSizeListArray, Float64Array, Int64Array, RecordBatch, StringArray,
    StructArray,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Float64Type, Schema};
use siteband::{Constraint, RankOptions, Sites};
use siteband_arrow::{Ids, InvalidColumns, Shape, with_all_scores};

const LAT_DEG: [f64; 3] = [39.6472, 95.0, 40.2];
const LON_DEG: [f64; 3] = [125.3675, 125.0, 125.1];

fn numbers(values: &[f64]) -> ArrayRef {
    Arc::new(Float64Array::from(values.to_vec()))
}

/// Rows with an extension type on their column `place`.
fn rows(places: ArrayRef, extension: &[(&str, &str)]) -> RecordBatch {
    let pairs: HashMap<String, String> =
        extension.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let field = Field::new("place", places.data_type().clone(), true).with_metadata(pairs);
    RecordBatch::try_new(Arc::new(Schema::new(vec![field])), vec![places]).expect("columns of one length")
}

fn shape(rows: &RecordBatch, ids: Ids) -> Result<Shape, InvalidColumns> {
    Shape::new(&rows.schema(), rows.schema().metadata(), ids)
}

fn reason(rows: &RecordBatch) -> String {
    shape(rows, Ids::Optional).expect_err("no shape").reason
}

fn wkb(lon_deg: f64, lat_deg: f64) -> Vec<u8> {
    let head = [1, 1, 0, 0, 0];
    head.into_iter().chain(lon_deg.to_le_bytes()).chain(lat_deg.to_le_bytes()).collect()
}

#[test]
fn geometries_are_what_columns_of_degrees_are() {
    let axes = |name: &str| Arc::new(Field::new(name, DataType::Float64, true));
    let pairs: Vec<f64> = LON_DEG.into_iter().zip(LAT_DEG).flat_map(<[f64; 2]>::from).collect();
    let bytes: Vec<Vec<u8>> =
        LON_DEG.into_iter().zip(LAT_DEG).map(|(lon_deg, lat_deg)| wkb(lon_deg, lat_deg)).collect();
    let separated = StructArray::from(vec![(axes("x"), numbers(&LON_DEG)), (axes("y"), numbers(&LAT_DEG))]);
    let together = FixedSizeListArray::new(axes("xy"), 2, numbers(&pairs), None);
    let wkb = BinaryArray::from_iter_values(&bytes);
    let crs = r#"{"crs":{"name":"WGS 84","id":{"authority":"EPSG","code":4326}}}"#;
    let by_degrees =
        RecordBatch::try_from_iter([("Lat", numbers(&LAT_DEG)), ("lon", numbers(&LON_DEG))]).expect("columns");
    let expected = shape(&by_degrees, Ids::Optional).expect("a shape").sites(&by_degrees).expect("sites");
    assert_eq!((expected.sites.len(), expected.rejected.len()), (2, 1));
    let of: [(ArrayRef, &str); 3] = [
        (Arc::new(separated), "geoarrow.point"),
        (Arc::new(together), "geoarrow.point"),
        (Arc::new(wkb), "geoarrow.wkb"),
    ];
    for (places, name) in of {
        let rows = rows(places, &[("ARROW:extension:name", name), ("ARROW:extension:metadata", crs)]);
        let shape = shape(&rows, Ids::Optional).expect("a shape");
        assert_eq!(shape.geometry_column(), Some(0));
        let read = shape.sites(&rows).expect("sites");
        assert_eq!((read.sites, read.is_good), (expected.sites.clone(), expected.is_good.clone()), "{name}");
        // A part of it, too.
        let read = shape.sites(&rows.slice(2, 1)).expect("sites");
        assert_eq!(read.sites.positions(), &expected.sites.positions()[1..], "{name}");
    }
}

#[test]
fn a_point_that_is_null_is_none() {
    let axes = |name: &str| Arc::new(Field::new(name, DataType::Float64, true));
    let fields = vec![axes("x"), axes("y")];
    let nulls = NullBuffer::from(vec![true, false, true]);
    let points = StructArray::new(fields.into(), vec![numbers(&LON_DEG), numbers(&[39.0; 3])], Some(nulls));
    let crs = r#"{"crs":"OGC:CRS84"}"#;
    let pairs = [("ARROW:extension:name", "geoarrow.point"), ("ARROW:extension:metadata", crs)];
    let rows = rows(Arc::new(points), &pairs);
    let read = shape(&rows, Ids::Optional).expect("a shape").sites(&rows).expect("sites");
    assert_eq!((read.sites.len(), read.rejected[0].1.reason.as_str()), (2, "the latitude is empty"));
}

#[test]
fn geometries_in_other_systems_and_encodings_are_refused() {
    let rows = |name, crs| {
        let pairs = [("ARROW:extension:name", name), ("ARROW:extension:metadata", crs)];
        rows(Arc::new(BinaryArray::from_iter_values([b""])), &pairs)
    };
    let korean = r#"{"crs":{"name":"KGD2002 / Unified CS","id":{"authority":"EPSG","code":5179}}}"#;
    assert!(reason(&rows("geoarrow.wkb", korean)).contains("(KGD2002 / Unified CS, EPSG:5179): expected OGC:CRS84"));
    assert!(reason(&rows("geoarrow.wkb", "{}")).contains("is unknown: expected OGC:CRS84"));
    assert!(reason(&rows("geoarrow.wkb", "{")).starts_with("the metadata of the column 'place': "));
    assert!(
        reason(&rows("geoarrow.polygon", r#"{"crs":"EPSG:4326"}"#)).contains("expected geoarrow.wkb or geoarrow.point")
    );
    assert_eq!(
        reason(&rows("other", "")),
        "the column 'lat' is missing: expected lat and lon (or a geometry), found place"
    );
}

#[test]
fn ids_are_needed_or_not() {
    let rows = RecordBatch::try_from_iter([("lat", numbers(&LAT_DEG)), ("lon", numbers(&LON_DEG))]).expect("columns");
    let missing = shape(&rows, Ids::Required).expect_err("no id");
    assert_eq!(
        missing.reason,
        "the column 'id' is missing: expected id, lat and lon (or the geometry of GeoParquet), found lat, lon"
    );
    let listed = shape(&rows, Ids::Optional).expect("a shape").list(&rows, 10).expect("sites");
    let ids: Vec<(usize, &str)> = listed.sites.iter().map(|(row, site)| (*row, site.id())).collect();
    assert_eq!(ids, [(0, "11"), (2, "13")]);
}

#[test]
fn a_list_has_everything_that_rows_say() {
    let texts = |values: [Option<&str>; 3]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
    let rows = RecordBatch::try_from_iter([
        ("ID", Arc::new(Int64Array::from(vec![7, 8, 9])) as ArrayRef),
        ("lat", numbers(&[39.0, 40.0, 41.0])),
        ("lon", numbers(&[125.0; 3])),
        ("name", texts([Some("Seven"), None, Some("")])),
        ("group", texts([None, Some("g"), None])),
        ("tags", texts([Some("a; b"), None, None])),
        ("prior", Arc::new(Float64Array::from(vec![Some(2.0), None, Some(-1.0)]))),
        ("uncertainty_m", Arc::new(Float64Array::from(vec![Some(50.0), None, None]))),
    ])
    .expect("columns");
    let listed = shape(&rows, Ids::Required).expect("a shape").list(&rows, 0).expect("sites");
    let [(0, seven), (1, eight)] = listed.sites.as_slice() else { panic!("{listed:?}") };
    assert_eq!((seven.id(), seven.name(), seven.group(), seven.prior()), ("7", "Seven", None, 2.0));
    assert_eq!((seven.tags(), seven.position().uncertainty().m()), (["a".to_owned(), "b".to_owned()].as_slice(), 50.0));
    assert_eq!((eight.name(), eight.group(), eight.prior(), eight.tags().len()), ("8", Some("g"), 1.0, 0));
    assert_eq!((listed.rejected[0].0, listed.rejected[0].1.column.as_str()), (2, "prior"));
}

#[test]
fn rows_that_are_no_sites_keep_their_place() {
    let rows = RecordBatch::try_from_iter([("lat", numbers(&LAT_DEG)), ("lon", numbers(&LON_DEG))]).expect("columns");
    let training = Constraint::attribute("training", 3.0, 0.5).expect("a statement").with_id("map-1");
    let listed = Sites::new(Vec::new()).expect("no sites");
    let scorer = listed.scorer(&[training], &RankOptions::default());
    let read = shape(&rows, Ids::Optional).expect("a shape").sites(&rows).expect("sites");
    let good = scorer.score_batch(&read.sites);
    let all = with_all_scores(&rows, &read, &good, &scorer.column_names()).expect("scores");
    let decibans = all.column_by_name("decibans").expect("a column").as_primitive::<Float64Type>();
    assert_eq!((decibans.value(0), decibans.is_null(1), decibans.value(2)), (good.decibans[0], true, good.decibans[1]));
    let reasons = all.column_by_name("rejected").expect("a column").as_string::<i32>();
    assert_eq!((reasons.is_null(0), reasons.is_null(2)), (true, true));
    assert!(reasons.value(1).starts_with("lat: latitude 95 "), "{}", reasons.value(1));
}
