//! What the page's script needs to draw the map again: where things are in the picture, and distances all over it.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use siteband::{Constraint, Position};

use crate::picture;
use crate::projection::Frame;
use crate::report::Report;

/// The picture's part of the page's data.
#[derive(Debug, Serialize)]
pub(super) struct MapData {
    width: f64,
    height: f64,
    sites_xy: Tenths,
    places_xy: Tenths,
    /// How far apart the places of the search region are.
    spacing_px: f64,
    grid: Grid,
    /// For each distance claim the distance at every node of the grid, in metres.
    grids: BTreeMap<String, Coarse>,
    /// For each distance claim the nearest place of its feature from each of the sites.
    nearest_xy: BTreeMap<String, Tenths>,
    /// Points that statements are about, with their names.
    features: Vec<NamedPoint>,
    /// Boxes of the picture where no name goes.
    taken_px: Vec<[f64; 4]>,
    ramp: [[u8; 3]; 5],
    field: [u8; 3],
}

#[derive(Debug, Serialize)]
struct NamedPoint {
    name: String,
    xy: [f64; 2],
}

/// Nodes that reach a step over the edge of the picture.
#[derive(Clone, Copy, Debug, Serialize)]
struct Grid {
    columns: u32,
    rows: u32,
    left: f64,
    top: f64,
    step: f64,
}

/// Points in tenths of a pixel, in base 64; far outside where there is none.
#[derive(Debug)]
struct Tenths(Vec<Option<[f64; 2]>>);

impl Serialize for Tenths {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let limits = f64::from(i16::MIN + 1)..=f64::from(i16::MAX);
        let tenths = |point: &Option<[f64; 2]>| {
            let point = point.map(|point| point.map(|px| (px * 10.0).round()));
            let point = point.filter(|point| point.iter().all(|tenths| limits.contains(tenths)));
            #[allow(clippy::cast_possible_truncation, reason = "within the limits")]
            point.map_or([i16::MIN; 2], |point| point.map(|tenths| tenths as i16))
        };
        let bytes: Vec<u8> = self.0.iter().flat_map(tenths).flat_map(i16::to_le_bytes).collect();
        serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
    }
}

/// Numbers to seven digits, in base 64.
#[derive(Debug)]
struct Coarse(Vec<f64>);

impl Serialize for Coarse {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[allow(clippy::cast_possible_truncation, reason = "seven digits are enough for a picture")]
        let bytes: Vec<u8> = self.0.iter().flat_map(|number| (*number as f32).to_le_bytes()).collect();
        serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
    }
}

/// Between the nodes of the grid, in pixels.
const STEP_PX: f64 = 8.0;

impl MapData {
    pub(super) fn new(report: &Report<'_>, frame: &Frame, constraints: &[Constraint]) -> Self {
        let sites: Vec<Position> = report.sites().as_slice().iter().map(siteband::Site::position).collect();
        let places = report.ranking().search_region().map_or(&[][..], |region| region.places());
        let xy = |places: &[Position]| Tenths(places.iter().map(|place| frame.xy(*place)).collect());
        let (grid, nodes) = nodes(frame);
        let mut grids = BTreeMap::new();
        let mut nearest_xy = BTreeMap::new();
        for constraint in constraints {
            let (Some(feature), Some(_)) = (constraint.feature(), constraint.band()) else { continue };
            let on_map: Vec<Position> = nodes.iter().flatten().copied().collect();
            let mut measured = feature.nearest_all(&on_map).into_iter().map(|nearest| nearest.distance.m());
            let of_nodes = nodes.iter().map(|node| node.and_then(|_| measured.next()).unwrap_or(f64::NAN));
            grids.insert(constraint.id().to_owned(), Coarse(of_nodes.collect()));
            let nearest: Vec<Position> =
                feature.nearest_all(&sites).into_iter().map(|nearest| nearest.position).collect();
            nearest_xy.insert(constraint.id().to_owned(), xy(&nearest));
        }
        Self {
            width: frame.width_px(),
            height: frame.height_px(),
            sites_xy: Tenths(sites.iter().map(|at| frame.xy(*at).filter(|xy| frame.holds(*xy))).collect()),
            places_xy: Tenths(places.iter().map(|at| frame.xy(*at).filter(|xy| frame.holds(*xy))).collect()),
            spacing_px: picture::spacing_px(report, frame),
            grid,
            grids,
            nearest_xy,
            features: picture::named_points(report, frame)
                .into_iter()
                .map(|(name, xy)| NamedPoint { name: name.to_owned(), xy })
                .collect(),
            taken_px: picture::taken_px(frame),
            ramp: picture::RAMP,
            field: [230, 159, 0],
        }
    }
}

/// The grid, and the place of each of its nodes, row by row; none beyond the edge of the world.
fn nodes(frame: &Frame) -> (Grid, Vec<Option<Position>>) {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred")]
    let count = |px: f64| (px / STEP_PX).ceil() as u32 + 3;
    let (columns, rows) = (count(frame.width_px()), count(frame.height_px()));
    let grid = Grid { columns, rows, left: -STEP_PX, top: -STEP_PX, step: STEP_PX };
    let at = |column: u32, row: u32| {
        frame.position([grid.left + f64::from(column) * STEP_PX, grid.top + f64::from(row) * STEP_PX])
    };
    (grid, (0..rows).flat_map(|row| (0..columns).map(move |column| at(column, row))).collect())
}

#[cfg(test)]
mod tests {
    use rquickjs::{Context, Runtime};
    use siteband::{Feature, Position};

    use super::*;

    const KM: [f64; 3] = [20.0, 85.0, 140.0];

    /// The outlines that the page's script draws lie where the distance is what they stand for, by the exact engine, and enclose what is
    /// nearer: around a border, over 180°, and over a pole.
    #[test]
    fn rings_lie_at_their_distance() {
        let runtime = Runtime::new().expect("a runtime");
        let context = Context::full(&runtime).expect("a context");
        for corners_deg in [
            vec![[124.0, 40.0], [126.0, 41.3], [128.0, 41.4]],
            vec![[179.0, -17.0], [-179.2, -16.2]],
            vec![[0.0, 89.5], [90.0, 89.0]],
        ] {
            let line: geo::LineString<f64> = corners_deg.iter().map(|[lon, lat]| (*lon, *lat)).collect();
            let border = Feature::new("border", line.into()).expect("a line");
            let places: Vec<Position> = corners_deg
                .iter()
                .flat_map(|[lon, lat]| [[lat - 1.0, *lon], [(lat + 1.0).min(90.0), *lon]])
                .map(|[lat, lon]| Position::new(lat, lon).expect("a position"))
                .collect();
            let frame = Frame::around(&places, 1000.0).expect("places");
            let (grid, nodes) = nodes(&frame);
            let m: Vec<f64> =
                nodes.iter().map(|node| node.map_or(f64::NAN, |at| border.nearest(at).distance.m())).collect();
            for km in KM {
                let path = rings(&context, &m, grid, 1000.0 * km);
                let points: Vec<[f64; 2]> = path.iter().flatten().copied().filter(|xy| frame.holds(*xy)).collect();
                assert!(points.len() > 50, "{km} km: {} points", points.len());
                let off_px = |xy: [f64; 2]| {
                    let at = frame.position(xy).expect("on the map");
                    (border.nearest(at).distance.km() - km).abs() / frame.km_per_px()
                };
                let off_px: Vec<f64> = points.into_iter().map(off_px).collect();
                // Coordinates are rounded to a tenth of a pixel; where the nearest place jumps, a cell is cut straight.
                let far = off_px.iter().filter(|px| **px > 0.25).count();
                assert!(100 * far <= 3 * off_px.len(), "{km} km: {far} of {}", off_px.len());
                assert!(off_px.iter().all(|px| *px < STEP_PX), "{km} km");
                for (node, m) in
                    (0..).zip(&m).step_by(7).filter(|(_, m)| (*m / 1000.0 - km).abs() > STEP_PX * frame.km_per_px())
                {
                    let (row, column) = (node / grid.columns, node % grid.columns);
                    let xy = [grid.left + f64::from(column) * grid.step, grid.top + f64::from(row) * grid.step];
                    assert_eq!(encloses(&path, xy), *m < 1000.0 * km, "{km} km, {xy:?}");
                }
            }
        }
    }

    /// The rings that the script draws, in pixels.
    fn rings(context: &Context, m: &[f64], grid: Grid, level_m: f64) -> Vec<Vec<[f64; 2]>> {
        let script = include_str!("map.js");
        let [m, grid] = [serde_json::to_string(m), serde_json::to_string(&grid)].map(|json| json.expect("JSON"));
        let code = format!("{{ {script}; sitebandMap.rings({m}.map((x) => x ?? NaN), {grid}, {level_m}) }}");
        let path: String = context.with(|context| context.eval(code).expect("a path"));
        let number = |text: &str| text.parse::<f64>().expect("a number");
        let point = |text: &str| text.split_once(' ').map(|(x, y)| [number(x), number(y)]).expect("two numbers");
        path.split('M').skip(1).map(|ring| ring.trim_end_matches('Z').split('L').map(point).collect()).collect()
    }

    /// Whether an odd number of rings is around a point.
    fn encloses(rings: &[Vec<[f64; 2]>], [x, y]: [f64; 2]) -> bool {
        let edges = rings.iter().flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
        let crossed = edges.filter(|(from, to)| {
            (from[1] > y) != (to[1] > y) && x < from[0] + (y - from[1]) / (to[1] - from[1]) * (to[0] - from[0])
        });
        crossed.count() % 2 == 1
    }
}
