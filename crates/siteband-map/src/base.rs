//! The base map: outlines of countries from Natural Earth at 1:10 million, cut to a picture.

use std::io::Read;
use std::sync::OnceLock;

use crate::projection::Frame;

/// Made by `data/scripts/base_map.py`, which says how.
const PACKED: &[u8] = include_bytes!("../assets/countries-10m.bin.gz");

/// Rings of countries, in degrees of longitude and latitude.
fn countries() -> &'static [Vec<[f64; 2]>] {
    static COUNTRIES: OnceLock<Vec<Vec<[f64; 2]>>> = OnceLock::new();
    COUNTRIES.get_or_init(|| {
        let mut bytes = Vec::new();
        // What the crate carries is whole: see the test.
        let _ = flate2::read::GzDecoder::new(PACKED).read_to_end(&mut bytes);
        rings(&bytes).unwrap_or_default()
    })
}

fn rings(bytes: &[u8]) -> Option<Vec<Vec<[f64; 2]>>> {
    let number = |at: usize| bytes.get(8 * at..8 * at + 8)?.try_into().ok().map(f64::from_le_bytes);
    let (scale, origin) = ([number(0)?, number(1)?], [number(2)?, number(3)?]);
    let mut rest = bytes.get(32..)?;
    let mut rings = Vec::new();
    while !rest.is_empty() {
        let count = varint(&mut rest)?;
        let mut ring = Vec::new();
        let mut on_grid = [0_i64; 2];
        for _ in 0..count {
            for axis in &mut on_grid {
                let packed = i64::try_from(varint(&mut rest)?).ok()?;
                *axis += (packed >> 1) ^ -(packed & 1);
            }
            #[allow(clippy::cast_precision_loss, reason = "a million at most")]
            let degrees = |axis: usize| on_grid[axis] as f64 * scale[axis] + origin[axis];
            ring.push([degrees(0), degrees(1)]);
        }
        rings.push(ring);
    }
    Some(rings)
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        shift += 7;
    }
}

/// What a picture shows of the base map, in pixels.
#[derive(Debug, Default)]
pub(crate) struct Base {
    /// Land, to be filled where an odd number of rings is around it.
    pub(crate) land: Vec<Vec<[f64; 2]>>,
    /// Coasts and borders, to be drawn.
    pub(crate) outlines: Vec<Vec<[f64; 2]>>,
}

/// Vertices nearer to each other than this are one, in pixels.
const LEAST_STEP_PX: f64 = 0.6;

/// The picture is cut so far beyond its window.
const BEYOND_PX: f64 = 12.0;

impl Base {
    pub(crate) fn of(frame: &Frame) -> Self {
        let (center, reach, antipode) = (frame.center(), frame.reach(), frame.antipode_deg());
        let mut base = Self::default();
        for ring in countries() {
            // A ring is far away if its vertices are, and none of its edges is longer than some hundreds of kilometres.
            let near = |[lon_deg, lat_deg]: &[f64; 2]| {
                siteband::Position::new(*lat_deg, *lon_deg).is_ok_and(|at| quick_km(&center, &at) < reach.km() + 300.0)
            };
            if !ring.iter().step_by(4).any(near) {
                continue;
            }
            let points: Vec<Option<[f64; 2]>> = ring.iter().map(|[lon, lat]| frame.xy_deg(*lon, *lat)).collect();
            let filled: Vec<[f64; 2]> = points.iter().flatten().copied().collect();
            let land = simplified(&clipped(filled, frame));
            if land.len() > 2 {
                base.land.push(land);
            }
            // The antipode of the middle is all around the map: what has it inside is everything outside of its ring.
            if holds(ring, antipode) {
                base.land.push(frame.corners());
            }
            base.add_outline(ring, &points, frame);
        }
        base
    }

    /// The edges of a ring that are in the window, without those along 180° where the data is cut.
    fn add_outline(&mut self, ring: &[[f64; 2]], points: &[Option<[f64; 2]>], frame: &Frame) {
        let mut line: Vec<[f64; 2]> = Vec::new();
        for at in 0..ring.len() {
            let next = (at + 1) % ring.len();
            let is_cut =
                ring[at][0].abs() > 179.99 && ring[next][0].abs() > 179.99 || ring[at][1].min(ring[next][1]) < -89.9;
            match (points[at], points[next]) {
                (Some(from), Some(to)) if !is_cut && (is_near(from, frame) || is_near(to, frame)) => {
                    if line.is_empty() {
                        line.push(from);
                    }
                    line.push(to);
                }
                _ => {
                    let line = simplified(&std::mem::take(&mut line));
                    self.outlines.extend((line.len() > 1).then_some(line));
                }
            }
        }
        let line = simplified(&line);
        self.outlines.extend((line.len() > 1).then_some(line));
    }
}

/// Whether a point is in a ring, both in degrees of longitude and latitude: the rings of the base map are cut at 180°.
fn holds(ring: &[[f64; 2]], [lon_deg, lat_deg]: [f64; 2]) -> bool {
    let edges = ring.iter().zip(ring.iter().cycle().skip(1));
    let crossed = edges.filter(|([from_lon, from_lat], [to_lon, to_lat])| {
        (*from_lat > lat_deg) != (*to_lat > lat_deg)
            && lon_deg < from_lon + (lat_deg - from_lat) / (to_lat - from_lat) * (to_lon - from_lon)
    });
    crossed.count() % 2 == 1
}

/// The distance on a sphere, which is enough to leave out what is far away.
fn quick_km(one: &siteband::Position, other: &siteband::Position) -> f64 {
    let (lat, other_lat) = (one.lat_deg().to_radians(), other.lat_deg().to_radians());
    let half = |difference: f64| (difference / 2.0).sin().powi(2);
    let across = half((one.lon_deg() - other.lon_deg()).to_radians());
    2.0 * 6371.0 * (half(lat - other_lat) + lat.cos() * other_lat.cos() * across).min(1.0).sqrt().asin()
}

fn is_near([x, y]: [f64; 2], frame: &Frame) -> bool {
    (-BEYOND_PX..=frame.width_px() + BEYOND_PX).contains(&x)
        && (-BEYOND_PX..=frame.height_px() + BEYOND_PX).contains(&y)
}

/// A polygon cut to a little more than the window, side by side (Sutherland & Hodgman).
pub(crate) fn clipped(mut ring: Vec<[f64; 2]>, frame: &Frame) -> Vec<[f64; 2]> {
    let sides: [(usize, f64, f64); 4] = [
        (0, 1.0, -BEYOND_PX),
        (0, -1.0, -(frame.width_px() + BEYOND_PX)),
        (1, 1.0, -BEYOND_PX),
        (1, -1.0, -(frame.height_px() + BEYOND_PX)),
    ];
    for (axis, sign, limit) in sides {
        let depth = |point: [f64; 2]| sign * point[axis] - limit;
        let mut cut = Vec::with_capacity(ring.len());
        for at in 0..ring.len() {
            let (from, to) = (ring[at], ring[(at + 1) % ring.len()]);
            let (before, after) = (depth(from), depth(to));
            if before >= 0.0 {
                cut.push(from);
            }
            if (before >= 0.0) != (after >= 0.0) {
                let share = before / (before - after);
                cut.push([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
            }
        }
        ring = cut;
    }
    ring
}

/// Without vertices that no eye tells apart.
pub(crate) fn simplified(line: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut kept: Vec<[f64; 2]> = Vec::new();
    for (at, point) in line.iter().enumerate() {
        let far = |last: &[f64; 2]| (point[0] - last[0]).hypot(point[1] - last[1]) >= LEAST_STEP_PX;
        if at + 1 == line.len() || kept.last().is_none_or(far) {
            kept.push(*point);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The data is whole: as many rings as the script that packed it counted, and no place off the Earth.
    #[test]
    fn the_base_map_is_whole() {
        assert_eq!(countries().len(), 4270);
        assert!(countries().iter().flatten().all(|[lon, lat]| lon.abs() <= 180.0001 && lat.abs() <= 90.0001));
    }

    /// A square about the window is cut to it; what lies outside is gone.
    #[test]
    fn cut_to_the_window() {
        let places = [[39.0, 125.0], [41.0, 127.0]].map(|[lat, lon]| siteband::Position::new(lat, lon).expect("valid"));
        let frame = Frame::around(&places, 400.0).expect("places");
        let around = clipped(vec![[-5000.0, -5000.0], [9000.0, -5000.0], [9000.0, 9000.0], [-5000.0, 9000.0]], &frame);
        assert_eq!(around.len(), 4);
        assert!(around.iter().all(|[x, y]| (-12.0..=412.0).contains(x) && *y >= -12.0));
        assert!(clipped(vec![[-500.0, 0.0], [-400.0, 0.0], [-400.0, 100.0]], &frame).is_empty());
    }
}
