//! The recipe that users would write themselves: an R-tree over chords in Cartesian space, then one inverse by Karney.

use geo::{Distance, Geodesic, Point};
use rstar::RTree;
use rstar::primitives::{GeomWithData, Line};
use siteband::{Feature, Position};

/// a, b and e² of WGS 84.
const A_M: f64 = 6_378_137.0;
const B_M: f64 = 6_356_752.314_245_179;
const ECCENTRICITY_SQ: f64 = 0.006_694_379_990_141_317;

pub(crate) fn chord_space(position: Position) -> [f64; 3] {
    let (sin_lat, cos_lat) = position.lat_deg().to_radians().sin_cos();
    let (sin_lon, cos_lon) = position.lon_deg().to_radians().sin_cos();
    let n = A_M / (1.0 - ECCENTRICITY_SQ * sin_lat * sin_lat).sqrt();
    [n * cos_lat * cos_lon, n * cos_lat * sin_lon, n * (1.0 - ECCENTRICITY_SQ) * sin_lat]
}

pub(crate) type Edge = GeomWithData<Line<[f64; 3]>, [[f64; 3]; 2]>;

/// The edges of a feature in an R-tree.
pub(crate) struct RstarKarney {
    pub(crate) tree: RTree<Edge>,
}

impl RstarKarney {
    pub(crate) fn new(border: &Feature) -> Self {
        let edges = border.parts().iter().flat_map(|part| part.windows(2)).map(|ends| {
            let ends = [chord_space(ends[0]), chord_space(ends[1])];
            GeomWithData::new(Line::new(ends[0], ends[1]), ends)
        });
        Self { tree: RTree::bulk_load(edges.collect()) }
    }

    /// The distance to the edge whose chord is nearest. It looks at one edge only, so it is off where two are nearly tied.
    pub(crate) fn distance_m(&self, site: Position) -> f64 {
        let point = chord_space(site);
        let (nearest, _) = self.tree.nearest_neighbor_iter_with_distance_2(&point).next().expect("an edge");
        edge_distance_m(site, point, nearest)
    }
}

/// The distance to the foot on an edge's chord, brought to the surface.
pub(crate) fn edge_distance_m(site: Position, point: [f64; 3], edge: &Edge) -> f64 {
    let [start, end] = edge.data;
    let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let minus = |a: [f64; 3], b: [f64; 3]| [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    let chord = minus(end, start);
    let along = (dot(minus(point, start), chord) / dot(chord, chord)).clamp(0.0, 1.0);
    let [x, y, z] = [0, 1, 2].map(|axis| start[axis] + along * chord[axis]);
    let foot = Point::new(y.atan2(x).to_degrees(), lat_deg(x.hypot(y), z));
    Geodesic.distance(Point::new(site.lon_deg(), site.lat_deg()), foot)
}

/// The latitude of a place at or just below the surface (Bowring 1976), from its distances to the axis and to the equator's plane.
fn lat_deg(p: f64, z: f64) -> f64 {
    let (tall, wide) = (z * A_M, p * B_M);
    let length = tall.hypot(wide);
    let (sin, cos) = (tall / length, wide / length);
    let north = z + ECCENTRICITY_SQ / (1.0 - ECCENTRICITY_SQ) * B_M * sin.powi(3);
    north.atan2(p - ECCENTRICITY_SQ * A_M * cos.powi(3)).to_degrees()
}
