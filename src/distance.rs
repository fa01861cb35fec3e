//! The exact distance from a site to a polyline whose edges are shortest WGS 84 geodesics.
//!
//! Edges are cut into pieces of at most [`PIECE_M`]. An R-tree over the pieces, in Cartesian space, gives them in the order of a
//! lower bound of their distance; each is then measured exactly, until the bound of the next exceeds the best that was found.
//! Measuring every piece gives the same answer and is public as the oracle.

mod edge;

use rstar::primitives::CachedEnvelope;
use rstar::{AABB, Envelope, PointDistance, RTree, RTreeObject};

use crate::ellipsoid::{LEAST_CURVATURE_RADIUS_M, chord_m, ecef_m, least_distance_m};
use crate::length::Length;
use crate::position::Position;
pub(crate) use edge::Edge;

/// The nearest place of a feature, as [`crate::Feature::nearest`] finds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest {
    /// How far it is.
    pub distance: Length,
    /// Where it is. For a site inside an area this is the site itself.
    pub position: Position,
    /// The part of the feature on whose edge it lies, counted from zero; for an area the ring, outer ring first.
    pub part: usize,
    /// The edge of that part, counted from zero. Among equals it is the first of the first part, and the place its earliest.
    pub segment: usize,
}

/// No piece is longer: its chord then runs less than half a metre beneath it.
const PIECE_M: f64 = 5_000.0;

/// Bounds are compared with this slack, a thousand times the rounding of Cartesian coordinates.
const SLACK_M: f64 = 1e-5;

/// Lines made of geodesic edges, indexed.
#[derive(Clone, Debug)]
pub(crate) struct Polyline {
    parts: Vec<Vec<Position>>,
    edges: Vec<Edge>,
    pieces: RTree<CachedEnvelope<Piece>>,
}

/// A stretch of one edge, with its chord.
#[derive(Clone, Copy, Debug)]
struct Piece {
    edge: usize,
    from_m: f64,
    to_m: f64,
    start_m: [f64; 3],
    end_m: [f64; 3],
    /// The geodesic stays within this distance of the chord.
    sagitta_m: f64,
}

impl Piece {
    fn new(edge: usize, line: &Edge, from_m: f64, to_m: f64) -> Self {
        let at = |m: f64| ecef_m(line.position_at(m).0);
        // The most bent of all geodesics, with a hundredth and a micrometre to spare.
        let sagitta_m = 1.01 * (to_m - from_m).powi(2) / (8.0 * LEAST_CURVATURE_RADIUS_M) + 1e-6;
        Self { edge, from_m, to_m, start_m: at(from_m), end_m: at(to_m), sagitta_m }
    }

    /// Where on the chord the point is nearest, from 0 to 1.
    fn foot(&self, point_m: &[f64; 3]) -> f64 {
        let [mut along, mut length_sq] = [0.0, 0.0];
        for (p, (start, end)) in point_m.iter().zip(self.start_m.iter().zip(&self.end_m)) {
            along += (p - start) * (end - start);
            length_sq += (end - start) * (end - start);
        }
        if length_sq > 0.0 { (along / length_sq).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// No place of the piece has a shorter chord to the point.
    fn least_chord_m(&self, point_m: &[f64; 3]) -> f64 {
        let foot = self.foot(point_m);
        let at: [f64; 3] =
            std::array::from_fn(|axis| self.start_m[axis] + foot * (self.end_m[axis] - self.start_m[axis]));
        (chord_m(*point_m, at) - self.sagitta_m).max(0.0)
    }
}

impl RTreeObject for Piece {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> AABB<[f64; 3]> {
        let pad_m = self.sagitta_m + SLACK_M;
        let low = std::array::from_fn(|axis| self.start_m[axis].min(self.end_m[axis]) - pad_m);
        let high = std::array::from_fn(|axis| self.start_m[axis].max(self.end_m[axis]) + pad_m);
        AABB::from_corners(low, high)
    }
}

impl PointDistance for Piece {
    fn distance_2(&self, point_m: &[f64; 3]) -> f64 {
        self.least_chord_m(point_m).powi(2)
    }
}

/// The best place so far.
#[derive(Clone, Copy)]
struct Found {
    distance_m: f64,
    edge: usize,
    along_m: f64,
    position: Position,
}

impl Found {
    /// Nearer, or as near and earlier on the line.
    fn better_than(&self, best: Option<&Self>) -> bool {
        let rank = |found: &Self| (found.distance_m, found.edge, found.along_m);
        best.is_none_or(|best| rank(self) < rank(best))
    }
}

impl Polyline {
    /// Indexes the edges between the vertices of each part; a part of one vertex is a point.
    ///
    /// # Errors
    /// [`InvalidEdge`] if there is no vertex, or an edge whose shortest geodesic is not unique.
    pub(crate) fn new(parts: Vec<Vec<Position>>) -> Result<Self, InvalidEdge> {
        let mut edges = Vec::new();
        for (part, vertices) in parts.iter().enumerate() {
            match vertices.as_slice() {
                [] => return Err(InvalidEdge { part, segment: 0, reason: "the part has no vertices" }),
                [only] => edges.push(Edge::new(*only, *only, part, 0)?),
                _ => {
                    for (segment, ends) in vertices.windows(2).enumerate() {
                        edges.push(Edge::new(ends[0], ends[1], part, segment)?);
                    }
                }
            }
        }
        if edges.is_empty() {
            return Err(InvalidEdge { part: 0, segment: 0, reason: "there are no vertices" });
        }
        let mut pieces = Vec::new();
        for (number, edge) in edges.iter().enumerate() {
            let count = (edge.length_m() / PIECE_M).ceil().max(1.0);
            let at = |piece: f64| if piece >= count { edge.length_m() } else { edge.length_m() * (piece / count) };
            let mut piece = 0.0;
            while piece < count {
                pieces.push(CachedEnvelope::new(Piece::new(number, edge, at(piece), at(piece + 1.0))));
                piece += 1.0;
            }
        }
        Ok(Self { parts, edges, pieces: RTree::bulk_load(pieces) })
    }

    pub(crate) fn parts(&self) -> &[Vec<Position>] {
        &self.parts
    }

    pub(crate) fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The nearest place, by the index.
    pub(crate) fn nearest(&self, site: Position) -> Nearest {
        let point_m = ecef_m(site);
        let mut best: Option<Found> = None;
        for (piece, chord_sq) in self.pieces.nearest_neighbor_iter_with_distance_2(&point_m) {
            if best.is_some_and(|best| least_distance_m(chord_sq.sqrt()) > best.distance_m + SLACK_M) {
                break;
            }
            let found = self.measure(piece, site, &point_m);
            if found.better_than(best.as_ref()) {
                best = Some(found);
            }
        }
        self.nearest_of(best, site)
    }

    /// Whether any place is within the limit; stops as soon as it is known.
    pub(crate) fn is_within(&self, site: Position, limit: Length) -> bool {
        let point_m = ecef_m(site);
        self.pieces
            .nearest_neighbor_iter_with_distance_2(&point_m)
            .take_while(|(_, chord_sq)| least_distance_m(chord_sq.sqrt()) <= limit.m() + SLACK_M)
            .any(|(piece, _)| self.measure(piece, site, &point_m).distance_m <= limit.m())
    }

    /// The nearest place, by measuring every piece.
    pub(crate) fn nearest_brute_force(&self, site: Position) -> Nearest {
        let point_m = ecef_m(site);
        let mut best: Option<Found> = None;
        for piece in &self.pieces {
            let found = self.measure(piece, site, &point_m);
            if found.better_than(best.as_ref()) {
                best = Some(found);
            }
        }
        self.nearest_of(best, site)
    }

    fn measure(&self, piece: &Piece, site: Position, point_m: &[f64; 3]) -> Found {
        let guess_m = piece.from_m + piece.foot(point_m) * (piece.to_m - piece.from_m);
        let foot = self.edges[piece.edge].nearest_between(piece.from_m, piece.to_m, guess_m, site);
        Found { distance_m: foot.distance_m, edge: piece.edge, along_m: foot.along_m, position: foot.position }
    }

    fn nearest_of(&self, best: Option<Found>, site: Position) -> Nearest {
        // A polyline has at least one edge, and so at least one piece: the alternative never runs.
        let found = best.unwrap_or(Found { distance_m: 0.0, edge: 0, along_m: 0.0, position: site });
        let edge = &self.edges[found.edge];
        Nearest {
            distance: Length::computed_m(found.distance_m),
            position: found.position,
            part: edge.part(),
            segment: edge.segment(),
        }
    }

    /// The greatest distance between any two vertices, by chord.
    pub(crate) fn diameter(&self) -> Length {
        let (center_m, _) = self.center_and_reach_m();
        let mut points: Vec<(f64, [f64; 3], Position)> = self
            .parts
            .iter()
            .flatten()
            .map(|&vertex| (chord_m(center_m, ecef_m(vertex)), ecef_m(vertex), vertex))
            .collect();
        points.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut widest = (0.0, points[0].2, points[0].2);
        for (at, (reach_a, a_m, a)) in points.iter().enumerate() {
            // No two places are farther apart than both together are from the center.
            for (reach_b, b_m, b) in &points[at + 1..] {
                if reach_a + reach_b <= widest.0 {
                    break;
                }
                let chord = chord_m(*a_m, *b_m);
                if chord > widest.0 {
                    widest = (chord, *a, *b);
                }
            }
        }
        widest.1.distance_to(&widest.2)
    }

    /// A box in Cartesian space that holds every piece.
    pub(crate) fn center_and_reach_m(&self) -> ([f64; 3], f64) {
        let envelope = self.pieces.root().envelope();
        (envelope.center(), chord_m(envelope.lower(), envelope.upper()) / 2.0)
    }
}

/// An edge that is no shortest geodesic, or a part without vertices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvalidEdge {
    pub(crate) part: usize,
    pub(crate) segment: usize,
    pub(crate) reason: &'static str,
}
