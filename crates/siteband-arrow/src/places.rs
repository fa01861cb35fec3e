//! The coordinates of some rows.

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use siteband::Position;

use crate::InvalidColumns;
use crate::rows::Fault;
use crate::shape::Place;

/// The coordinates of some rows, as they stand there.
pub(crate) enum Places {
    Columns { lat: Float64Array, lon: Float64Array },
    Wkb(ArrayRef),
}

impl Places {
    pub(crate) fn new(
        place: Place,
        rows: &RecordBatch,
        column: impl Fn(usize, &DataType) -> Result<ArrayRef, InvalidColumns>,
    ) -> Result<Self, InvalidColumns> {
        let number = |array: &ArrayRef| array.as_primitive::<Float64Type>().clone();
        match place {
            Place::Columns { lat, lon } => Ok(Self::Columns {
                lat: number(&column(lat, &DataType::Float64)?),
                lon: number(&column(lon, &DataType::Float64)?),
            }),
            Place::Wkb(at) => Ok(Self::Wkb(column(at, &DataType::Binary)?)),
            Place::Point(at) => {
                let points = rows.column(at);
                Ok(Self::Columns { lat: axis(points, "y", 1)?, lon: axis(points, "x", 0)? })
            }
        }
    }

    pub(crate) fn get(&self, at: usize) -> Result<Position, Fault> {
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

/// One coordinate of points that are structures of x and y, or lists of both in this order.
fn axis(points: &ArrayRef, name: &str, number: usize) -> Result<Float64Array, InvalidColumns> {
    let (values, width) = if let Some(lists) = points.as_fixed_size_list_opt() {
        (lists.values(), usize::try_from(lists.value_length()).unwrap_or(0))
    } else {
        let axis = points.as_struct_opt().and_then(|points| points.column_by_name(name));
        (axis.ok_or_else(|| InvalidColumns::new(format!("the geometry column has no '{name}'")))?, 1)
    };
    let number = if width > 1 { number } else { 0 };
    let values = cast(values, &DataType::Float64).map_err(InvalidColumns::new)?;
    let values = values.as_primitive::<Float64Type>();
    let place = |at: usize| Some(width * at + number).filter(|place| *place < values.len());
    let known = |at: usize| place(at).filter(|place| points.is_valid(at) && values.is_valid(*place));
    Ok((0..points.len()).map(|at| known(at).map(|place| values.value(place))).collect())
}

/// The first two coordinates of a point in the well-known binary format, also of more dimensions, and with a reference system of EWKB.
fn wkb_point(bytes: &[u8]) -> Option<[f64; 2]> {
    let is_little = match bytes.first()? {
        0 => false,
        1 => true,
        _ => return None,
    };
    let kind: [u8; 4] = bytes.get(1..5)?.try_into().ok()?;
    let kind = if is_little { u32::from_le_bytes(kind) } else { u32::from_be_bytes(kind) };
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

#[cfg(test)]
mod tests {
    use super::*;

    fn point(is_little: bool, kind: u32, system: &[u8], axes: &[f64]) -> Vec<u8> {
        let four = if is_little { kind.to_le_bytes() } else { kind.to_be_bytes() };
        let eight = |axis: &f64| if is_little { axis.to_le_bytes() } else { axis.to_be_bytes() };
        let axes = axes.iter().flat_map(eight);
        std::iter::once(u8::from(is_little)).chain(four).chain(system.iter().copied()).chain(axes).collect()
    }

    #[test]
    fn points_of_any_kind_and_order() {
        for bytes in [
            point(true, 1, &[], &[125.0, 39.0]),
            point(false, 1, &[], &[125.0, 39.0]),
            point(true, 1001, &[], &[125.0, 39.0, 7.0]),
            point(true, 0x2000_0001, &4326_u32.to_le_bytes(), &[125.0, 39.0]),
            point(true, 0x8000_0001, &[], &[125.0, 39.0, 7.0]),
        ] {
            assert_eq!(wkb_point(&bytes), Some([125.0, 39.0]));
            for end in 0..21 {
                assert_eq!(wkb_point(&bytes[..end]), None);
            }
        }
        assert_eq!(wkb_point(&point(true, 2, &[], &[125.0, 39.0])), None);
    }
}
