//! Features and ways as they are drawn: long edges in short steps, cut where they cross 180°.

use geo::orient::{Direction, Orient};
use geo::{Area, Contains, Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use siteband::{Edges, Feature, FeatureKind, Position};

/// No step of an edge is longer. A geodesic leaves the straight line between the ends of such a step by some 2 m in middle latitudes.
const STEP_M: f64 = 10_000.0;

/// A feature in longitude and latitude, all longitudes from −180 to 180: points, lines, or polygons whose outer rings run
/// counterclockwise. An area that reaches over 180° or a pole is drawn as its outline.
pub(crate) fn drawn(feature: &Feature) -> Geometry<f64> {
    let parts = || feature.parts().iter().map(|part| in_steps(part, feature.edges()));
    match feature.kind() {
        FeatureKind::Point => {
            MultiPoint::new(feature.parts().iter().flatten().map(|at| Point(coord(at))).collect()).into()
        }
        FeatureKind::Line => cut_all(parts()).into(),
        FeatureKind::Area => {
            let rings: Vec<Vec<Coord<f64>>> = parts().collect();
            if rings.iter().any(|ring| ring.windows(2).any(|edge| crosses(edge[0], edge[1]))) {
                cut_all(rings.into_iter()).into()
            } else {
                polygons(rings).into()
            }
        }
    }
}

/// A way along geodesics.
pub(crate) fn way(path: &[Position]) -> MultiLineString<f64> {
    cut_all(std::iter::once(in_steps(path, Edges::Geodesic)))
}

/// To a centimetre, which spares half of the digits.
pub(crate) fn rounded_deg(deg: f64) -> f64 {
    (deg * 1e7).round() / 1e7
}

fn coord(at: &Position) -> Coord<f64> {
    Coord { x: rounded_deg(at.lon_deg()), y: rounded_deg(at.lat_deg()) }
}

/// The vertices of a part, with more between those that are far apart.
fn in_steps(part: &[Position], edges: Edges) -> Vec<Coord<f64>> {
    let mut path: Vec<Coord<f64>> = part.first().map(coord).into_iter().collect();
    for edge in part.windows(2) {
        let (from, to) = (edge[0], edge[1]);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "2,004 at most")]
        let steps = (from.distance_to(&to).m() / STEP_M).ceil().max(1.0) as usize;
        match edges {
            Edges::Geodesic => path.extend(from.geodesic_to(&to, steps)[1..].iter().map(coord)),
            Edges::Planar => path.extend((1..=steps).map(|step| between(coord(&from), coord(&to), step, steps))),
        }
    }
    path
}

/// So many steps of the straight line in longitude and latitude, the shorter way around.
#[allow(clippy::cast_precision_loss, reason = "2,004 at most")]
fn between(from: Coord<f64>, to: Coord<f64>, step: usize, steps: usize) -> Coord<f64> {
    let share = step as f64 / steps as f64;
    if step == steps {
        return to;
    }
    let lon_deg = from.x + share * wrapped_deg(to.x - from.x);
    Coord { x: rounded_deg(wrapped_deg(lon_deg)), y: rounded_deg(from.y + share * (to.y - from.y)) }
}

/// In [-180, 180).
fn wrapped_deg(lon_deg: f64) -> f64 {
    (lon_deg + 180.0).rem_euclid(360.0) - 180.0
}

fn crosses(a: Coord<f64>, b: Coord<f64>) -> bool {
    (a.x - b.x).abs() > 180.0
}

fn cut_all(paths: impl Iterator<Item = Vec<Coord<f64>>>) -> MultiLineString<f64> {
    MultiLineString::new(paths.flat_map(|path| cut(&path)).collect())
}

/// The pieces of a path on either side of 180°.
fn cut(path: &[Coord<f64>]) -> Vec<LineString<f64>> {
    let mut pieces = Vec::new();
    let mut piece: Vec<Coord<f64>> = path.first().copied().into_iter().collect();
    for edge in path.windows(2) {
        let (a, b) = (edge[0], edge[1]);
        if crosses(a, b) {
            let edge_deg = 180.0_f64.copysign(a.x);
            let (way_deg, whole_deg) = (edge_deg - a.x, b.x + 2.0 * edge_deg - a.x);
            let share = if whole_deg == 0.0 { 0.0 } else { way_deg / whole_deg };
            let y = rounded_deg(a.y + share * (b.y - a.y));
            piece.push(Coord { x: edge_deg, y });
            pieces.push(std::mem::replace(&mut piece, vec![Coord { x: -edge_deg, y }]));
        }
        piece.push(b);
    }
    pieces.push(piece);
    // What only touches 180° leaves a piece without length.
    pieces.retain(|piece| piece.iter().any(|at| *at != piece[0]));
    pieces.into_iter().map(LineString::new).collect()
}

/// Rings that do not cross as polygons: what lies in an odd number of others is a hole of the smallest around it.
fn polygons(rings: Vec<Vec<Coord<f64>>>) -> MultiPolygon<f64> {
    let rings: Vec<Polygon<f64>> =
        rings.into_iter().map(|ring| Polygon::new(LineString::new(ring), Vec::new())).collect();
    let around = |at: usize| -> Vec<usize> {
        let Some(start) = rings[at].exterior().0.first().map(|start| Point(*start)) else { return Vec::new() };
        (0..rings.len()).filter(|&other| other != at && rings[other].contains(&start)).collect()
    };
    let around: Vec<Vec<usize>> = (0..rings.len()).map(around).collect();
    let mut found: Vec<(usize, Polygon<f64>)> =
        (0..rings.len()).filter(|&at| around[at].len().is_multiple_of(2)).map(|at| (at, rings[at].clone())).collect();
    for hole in (0..rings.len()).filter(|&at| !around[at].len().is_multiple_of(2)) {
        let outer = found.iter_mut().filter(|(at, _)| around[hole].contains(at));
        let smallest = outer.min_by(|a, b| a.1.unsigned_area().total_cmp(&b.1.unsigned_area()));
        if let Some((_, outer)) = smallest {
            outer.interiors_push(rings[hole].exterior().clone());
        }
    }
    MultiPolygon::new(found.into_iter().map(|(_, polygon)| polygon.orient(Direction::Default)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat_deg: f64, lon_deg: f64) -> Position {
        Position::new(lat_deg, lon_deg).unwrap()
    }

    #[test]
    fn a_way_over_180_degrees_is_cut_there() {
        let way = way(&[at(50.0, 179.0), at(50.0, -179.0)]);
        assert_eq!(way.0.len(), 2);
        let (first, second) = (&way.0[0].0, &way.0[1].0);
        assert_eq!((first[first.len() - 1].x, second[0].x), (180.0, -180.0));
        assert_eq!(first[first.len() - 1].y, second[0].y);
        // A geodesic leads over the north of its parallel.
        assert!(second[0].y > 50.0 && second[0].y < 50.01);
        // One that ends at 180° is whole.
        assert_eq!(super::way(&[at(0.0, 179.9), at(0.0, 180.0)]).0.len(), 1);
    }

    #[test]
    fn planar_edges_stay_on_their_parallel() {
        let ends: LineString<f64> = vec![(178.0, 60.0), (182.0, 60.0)].into();
        let line = Feature::drawn("l", ends.into(), Edges::Planar).unwrap();
        let Geometry::MultiLineString(lines) = drawn(&line) else { panic!("lines") };
        assert_eq!(lines.0.len(), 2);
        assert!(lines.0.iter().flat_map(|line| &line.0).all(|at| at.y == 60.0 && at.x.abs() <= 180.0));
    }

    #[test]
    fn holes_and_islands_find_their_rings() {
        let square = |half: f64| -> Vec<(f64, f64)> {
            vec![(-half, -half), (-half, half), (half, half), (half, -half), (-half, -half)]
        };
        let around = Polygon::new(square(0.3).into(), vec![square(0.2).into()]);
        let island = Polygon::new(square(0.1).into(), Vec::new());
        let area = Feature::new("a", MultiPolygon::new(vec![around, island]).into()).unwrap();
        let Geometry::MultiPolygon(found) = drawn(&area) else { panic!("polygons") };
        let holes: Vec<usize> = found.0.iter().map(|polygon| polygon.interiors().len()).collect();
        assert_eq!(holes, [1, 0]);
        assert!(found.0.iter().all(|polygon| polygon.signed_area() > 0.0));
    }

    #[test]
    fn an_area_over_180_degrees_is_an_outline() {
        let ring: LineString<f64> = vec![(179.0, 0.0), (-179.0, 0.0), (-179.0, 1.0), (179.0, 1.0), (179.0, 0.0)].into();
        let area = Feature::new("a", Polygon::new(ring, Vec::new()).into()).unwrap();
        let Geometry::MultiLineString(lines) = drawn(&area) else { panic!("lines") };
        assert_eq!(lines.0.len(), 3);
    }
}
