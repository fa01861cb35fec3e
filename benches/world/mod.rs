//! All land borders of the world, where the file is.

use std::fs;

use geo::{Coord, LineString, MultiLineString};
use siteband::Feature;

/// The borders of `benches/world/borders.txt`: 387 lines, 67,951 edges. None where the file is not, as in the packaged crate.
pub(crate) fn borders() -> Option<Feature> {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/world/borders.txt")).ok()?;
    let mut rows = text.lines();
    let grid: Vec<f64> = numbers(rows.next().expect("a grid"));
    let [lon_step, lat_step, west, south] = grid[..] else { panic!("a grid of four numbers") };
    let lines = rows.map(|row| {
        let (mut x, mut y) = (0.0, 0.0);
        let steps = numbers(row);
        let vertex = |step: &[f64]| {
            (x, y) = (x + step[0], y + step[1]);
            Coord { x: west + x * lon_step, y: south + y * lat_step }
        };
        LineString(steps.chunks_exact(2).map(vertex).collect())
    });
    let borders = Feature::new("world", MultiLineString(lines.collect()).into()).expect("valid borders");
    assert_eq!((borders.parts().len(), borders.segment_count()), (387, 67_951));
    Some(borders)
}

fn numbers(row: &str) -> Vec<f64> {
    row.split(' ').map(|number| number.parse().expect("a number")).collect()
}
