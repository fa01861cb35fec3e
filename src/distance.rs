//! The exact distance from a site to a polyline whose edges are shortest WGS 84 geodesics.
//!
//! Edges are cut into pieces that are followed by parabolas in Cartesian space ([`piece`]). A packed tree over them ([`tree`]) rules
//! out what is too far by its chord; the others are measured in closed form ([`series`]) up to some 7,000 km, and beyond by
//! Karney's inverse and a search for the foot ([`edge`]). Many sites are sorted ([`order`]), searched for sixteen at a time ([`packet`]), and
//! measured eight at a time ([`lanes`]). Where bounds do, places are held against chords alone ([`disc`]). Measuring every piece gives the same answer to the bit. Measuring every piece
//! by Karney gives it within the stated accuracy; both are public, as oracles. docs/ACCURACY.md argues the bounds.

mod batch;
mod disc;
mod edge;
mod lanes;
mod order;
mod packet;
mod piece;
mod series;
mod tree;

use crate::ellipsoid::{chord_m, distance_m, ecef_m, greatest_chord_m, on_surface_deg};
use crate::length::Length;
use crate::limits::PIECES;
use crate::position::Position;
pub(crate) use disc::Around;
use edge::Course;
pub(crate) use edge::Edge;
use lanes::Measures;
pub(crate) use order::hilbert_order;
use piece::{Foot, LONG_REACH_M, PIECE_M, Piece, REACH_M};
use series::{Place, gridded_m};
use tree::{Candidates, Tree};

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

/// If all candidates are within this chord, their starts are within reach of the series, whatever single precision makes of them.
#[allow(clippy::cast_possible_truncation, reason = "100 m are left for rounding")]
const CANDIDATES_M: f32 = (REACH_M - PIECE_M - 100.0) as f32;
/// The same for the long series.
#[allow(clippy::cast_possible_truncation, reason = "100 m are left for rounding")]
const LONG_CANDIDATES_M: f32 = (LONG_REACH_M - PIECE_M - 100.0) as f32;

/// Lines made of geodesic edges, indexed.
#[derive(Clone, Debug)]
pub(crate) struct Polyline {
    parts: Vec<Vec<Position>>,
    edges: Vec<Edge>,
    /// For each edge, and once more at the end, how many pieces come before it.
    firsts: Vec<u32>,
    /// In the order of the tree.
    pieces: Vec<Piece>,
    tree: Tree,
}

/// A place of a piece.
#[derive(Clone, Copy, Debug)]
struct Found {
    /// Where the piece stands in the tree.
    slot: usize,
    number: u32,
    distance_m: f64,
    place: Where,
}

#[derive(Clone, Copy, Debug)]
enum Where {
    /// On a piece within reach of the series.
    Near(Foot),
    /// At so many metres of the edge.
    Far { along_m: f64 },
}

impl Found {
    /// Nearer, or as near and earlier on the line.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn better_than(&self, best: &Self) -> bool {
        (self.distance_m, self.number) < (best.distance_m, best.number)
    }
}

impl Polyline {
    /// Indexes the edges between the vertices of each part; a part of one vertex is a point. Where an edge is no geodesic, `between` gives
    /// the places that it goes through from one geodesic to the next, by its part and number.
    ///
    /// # Errors
    /// [`InvalidEdge`] if there is no vertex, or an edge whose shortest geodesic is not unique.
    pub(crate) fn new(
        parts: Vec<Vec<Position>>,
        between: impl Fn(usize, usize) -> Result<Vec<Position>, String>,
    ) -> Result<Self, InvalidEdge> {
        let mut edges: Vec<Edge> = Vec::new();
        let mut count = 0;
        let mut add = |edge: Edge| {
            count += piece_count(edge.length_m()) as usize;
            if count > PIECES {
                let reason = format!(
                    "the edges up to here make more than {PIECES} pieces of 4 km: expected fewer of them, or shorter ones"
                );
                return Err(InvalidEdge { part: edge.part(), segment: edge.segment(), reason });
            }
            edges.push(edge);
            Ok(())
        };
        for (part, vertices) in parts.iter().enumerate() {
            match vertices.as_slice() {
                [] => return Err(InvalidEdge { part, segment: 0, reason: "the part has no vertices".to_owned() }),
                [only] => add(Edge::new(*only, *only, part, 0)?)?,
                _ => {
                    for (segment, ends) in vertices.windows(2).enumerate() {
                        let between = between(part, segment).map_err(|reason| InvalidEdge { part, segment, reason })?;
                        let mut from = ends[0];
                        for to in between.into_iter().chain([ends[1]]) {
                            add(Edge::new(from, to, part, segment)?)?;
                            from = to;
                        }
                    }
                }
            }
        }
        if edges.is_empty() {
            return Err(InvalidEdge { part: 0, segment: 0, reason: "there are no vertices".to_owned() });
        }
        let mut pieces: Vec<Piece> = Vec::with_capacity(edges.len());
        let mut firsts = vec![0];
        for (number, edge) in (0_u32..).zip(&edges) {
            let count = piece_count(edge.length_m());
            let mut start_m = gridded_m(edge.start().lat_deg(), edge.start().lon_deg());
            let course = (count > 1).then(|| edge.course());
            for piece in 1..=count {
                let cut = |course: &Course<'_>| course.position_at(share_m(edge.length_m(), piece, count)).0;
                let end_m = {
                    let cut = course.as_ref().map_or(edge.end(), cut);
                    gridded_m(cut.lat_deg(), cut.lon_deg())
                };
                pieces.push(Piece::new(number, whole(pieces.len()), start_m, end_m));
                start_m = end_m;
            }
            firsts.push(whole(pieces.len()));
        }
        tree::order(&mut pieces);
        let tree = Tree::new(&pieces);
        Ok(Self { parts, edges, firsts, pieces, tree })
    }

    /// How many pieces its edges are cut into.
    pub(crate) fn piece_count(&self) -> usize {
        self.pieces.len()
    }

    pub(crate) fn parts(&self) -> &[Vec<Position>] {
        &self.parts
    }

    pub(crate) fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The nearest place, by the index.
    pub(crate) fn nearest(&self, site: Position) -> Nearest {
        batch::widest(batch::One { line: self, site })
    }

    /// The nearest place for each of many sites, as for each alone.
    pub(crate) fn nearest_all(&self, sites: &[Position]) -> Vec<Nearest> {
        let Some(first) = sites.first() else {
            return Vec::new();
        };
        let mut all = vec![Nearest { distance: Length::ZERO, position: *first, part: 0, segment: 0 }; sites.len()];
        crate::batch::fill(sites, &mut all, batch::chunk(self.pieces.len()), |sites, all| {
            batch::widest(batch::Chunk { line: self, sites, all });
        });
        all
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "compiled for each kind of registers")]
    fn search(&self, site: Position) -> Nearest {
        let place = Place::new(site);
        let candidates = self.tree.candidates(&place.at_m);
        if !candidates.all_within(CANDIDATES_M) {
            return if candidates.all_within(LONG_CANDIDATES_M) {
                self.search_far(site, &place, &candidates)
            } else {
                self.search_beyond(site, &place)
            };
        }
        let mut best: Option<Found> = None;
        for slot in candidates.slots(&self.tree) {
            let found = self.measure_near(slot as usize, &place);
            if found.is_some_and(|found| best.is_none_or(|best| found.better_than(&best))) {
                best = found;
            }
        }
        self.nearest_of(best.as_ref(), site)
    }

    /// The nearest place where it may be beyond the reach of the short series, but not of the long one.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "compiled for each kind of registers")]
    fn search_far(&self, site: Position, place: &Place, candidates: &Candidates) -> Nearest {
        let mut measures = Measures::new();
        for slot in candidates.slots(&self.tree) {
            measures.add(0, &place.at_m, slot, &self.pieces[slot as usize]);
        }
        measures.finish();
        // There is a candidate: the alternative never runs.
        measures.take(0, self).unwrap_or_else(|| self.search_beyond(site, place))
    }

    /// The nearest place where it may be beyond the reach of the series: the piece with the least chord gives the first bound.
    #[cold]
    #[inline(never)]
    fn search_beyond(&self, site: Position, place: &Place) -> Nearest {
        let mut least = (f64::from(tree::ANYWHERE_M), 0);
        self.tree.search_pieces(&place.at_m, least.0, |slot| {
            let chord_m = self.pieces[slot].chord_m(&place.at_m);
            if chord_m < least.0 {
                least = (chord_m, slot);
            }
            least.0
        });
        let mut best = self.measure(least.1, site, place);
        let mut limit_m = greatest_chord_m(best.distance_m);
        self.tree.search_pieces(&place.at_m, limit_m, |slot| {
            let piece = &self.pieces[slot];
            if slot != least.1
                && piece.chord_m(&place.at_m) - piece.sagitta_m() <= limit_m
                && self.least_m(slot, site) <= best.distance_m
            {
                let found = self.measure(slot, site, place);
                if found.better_than(&best) {
                    best = found;
                    limit_m = greatest_chord_m(best.distance_m);
                }
            }
            limit_m
        });
        self.nearest_of(Some(&best), site)
    }

    /// Whether any place is within the limit; stops as soon as it is known.
    pub(crate) fn is_within(&self, site: Position, limit: Length) -> bool {
        let place = Place::new(site);
        let limit_m = greatest_chord_m(limit.m());
        let mut is_within = false;
        self.tree.search_pieces(&place.at_m, limit_m, |slot| {
            is_within = self.measure(slot, site, &place).distance_m <= limit.m();
            if is_within { -1.0 } else { limit_m }
        });
        is_within
    }

    /// The nearest place, by measuring every piece as the index does.
    pub(crate) fn nearest_brute_force(&self, site: Position) -> Nearest {
        let place = Place::new(site);
        self.best_of_all(site, |slot| self.measure(slot, site, &place))
    }

    /// The nearest place, by measuring every piece with Karney's inverse.
    pub(crate) fn nearest_by_karney(&self, site: Position) -> Nearest {
        let place = Place::new(site);
        self.best_of_all(site, |slot| self.measure_exactly(slot, site, &place.at_m))
    }

    /// Compares lengths of geodesics, without any bound.
    fn best_of_all(&self, site: Position, measure: impl Fn(usize) -> Found) -> Nearest {
        let best = (0..self.pieces.len())
            .map(measure)
            .min_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then(a.number.cmp(&b.number)));
        self.nearest_of(best.as_ref(), site)
    }

    /// In closed form, or exactly where that does not reach. What is measured depends on nothing but the piece and the site.
    fn measure(&self, slot: usize, site: Position, place: &Place) -> Found {
        self.measure_near(slot, place).unwrap_or_else(|| self.measure_exactly(slot, site, &place.at_m))
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn measure_near(&self, slot: usize, place: &Place) -> Option<Found> {
        let piece = &self.pieces[slot];
        let foot = piece.foot(place)?;
        Some(Found { slot, number: piece.number, distance_m: foot.distance_m, place: Where::Near(foot) })
    }

    #[cold]
    fn measure_exactly(&self, slot: usize, site: Position, point_m: &[f64; 3]) -> Found {
        let piece = &self.pieces[slot];
        let edge = &self.edges[piece.edge as usize];
        let [from_m, to_m] = self.reach_m(piece);
        let guess_m = from_m + piece.share_of_chord(point_m) * (to_m - from_m);
        let foot = edge.course().nearest_between(from_m, to_m, guess_m, site);
        let place = Where::Far { along_m: foot.along_m };
        Found { slot, number: piece.number, distance_m: foot.distance_m, place }
    }

    /// No place of a piece is nearer, by the triangle inequality: the distance to the closer end of its edge, less the way from there along
    /// the edge, and a millimetre less than that. Far away a chord says little of a geodesic, and this takes one inverse instead of ten.
    fn least_m(&self, slot: usize, site: Position) -> f64 {
        let piece = &self.pieces[slot];
        let edge = &self.edges[piece.edge as usize];
        let [from_m, to_m] = self.reach_m(piece);
        let back_m = edge.length_m() - from_m;
        let (vertex, way_m) = if to_m <= back_m { (edge.start(), to_m) } else { (edge.end(), back_m) };
        distance_m(site, vertex) - way_m - 1e-3
    }

    /// Between which metres of its edge a piece lies.
    fn reach_m(&self, piece: &Piece) -> [f64; 2] {
        let edge = piece.edge as usize;
        let (first, count) = (self.firsts[edge], self.firsts[edge + 1] - self.firsts[edge]);
        let at = piece.number - first;
        [at, at + 1].map(|at| share_m(self.edges[edge].length_m(), at, count))
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn nearest_of(&self, best: Option<&Found>, site: Position) -> Nearest {
        // A polyline has at least one edge, and so at least one piece: the alternative never runs.
        let Some(found) = best else {
            return Nearest { distance: Length::ZERO, position: site, part: 0, segment: 0 };
        };
        match found.place {
            Where::Near(foot) => {
                self.nearest_at(found.slot, found.distance_m, foot.share, || on_surface_deg(&foot.at_m))
            }
            Where::Far { along_m } => {
                let edge = &self.edges[self.pieces[found.slot].edge as usize];
                let position = edge.course().position_at(along_m).0;
                let distance = Length::computed_m(found.distance_m);
                Nearest { distance, position, part: edge.part(), segment: edge.segment() }
            }
        }
    }

    /// A place on a piece; the ends of an edge are its vertices, to the bit.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn nearest_at(&self, slot: usize, distance_m: f64, share: f64, at_deg: impl FnOnce() -> (f64, f64)) -> Nearest {
        let piece = &self.pieces[slot];
        let at = piece.edge as usize;
        let edge = &self.edges[at];
        let position = if share == 0.0 && piece.number == self.firsts[at] {
            edge.start()
        } else if share == 1.0 && piece.number + 1 == self.firsts[at + 1] {
            edge.end()
        } else {
            let (lat_deg, lon_deg) = at_deg();
            Position::computed_deg(lat_deg, lon_deg)
        };
        Nearest { distance: Length::computed_m(distance_m), position, part: edge.part(), segment: edge.segment() }
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
        let (low_m, high_m) = self.tree.bounds_m();
        let center_m = [0, 1, 2].map(|axis| f64::midpoint(low_m[axis], high_m[axis]));
        (center_m, chord_m(low_m, high_m) / 2.0)
    }
}

/// Into how many pieces of equal length an edge is cut.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an edge has at most 5,001 pieces")]
fn piece_count(length_m: f64) -> u32 {
    (length_m / PIECE_M).ceil().max(1.0) as u32
}

/// Where the piece of that number begins.
fn share_m(length_m: f64, piece: u32, count: u32) -> f64 {
    if piece >= count { length_m } else { length_m * (f64::from(piece) / f64::from(count)) }
}

/// Four thousand million pieces take hundreds of gigabytes: memory ends before the numbers do.
fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// An edge that is no shortest geodesic, or a part without vertices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvalidEdge {
    pub(crate) part: usize,
    pub(crate) segment: usize,
    pub(crate) reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vertices all over the Earth, joined by edges of up to 3,000 km.
    fn long_line() -> (Polyline, Vec<Position>) {
        let turn = |at: u32, by: f64| (f64::from(at) * by).fract();
        let place =
            |at: u32| Position::computed_deg(120.0 * turn(at, 0.618_034) - 60.0, 300.0 * turn(at, 0.414_213) - 150.0);
        let mut vertices = vec![place(1)];
        for at in 0..12 {
            let way_m = 10_f64.powf(3.0 + 3.4 * turn(at, 0.732_05));
            vertices
                .push(vertices[vertices.len() - 1].destination(360.0 * turn(at, 0.236_07), Length::computed_m(way_m)));
        }
        (Polyline::new(vec![vertices], |_, _| Ok(Vec::new())).expect("a line"), (100..160).map(place).collect())
    }

    /// The bound by the ends of an edge is below what is measured, by the way to the end and back at most.
    #[test]
    fn no_piece_is_nearer_than_its_edge_allows() {
        let (line, sites) = long_line();
        for site in sites {
            for (slot, piece) in line.pieces.iter().enumerate().step_by(7) {
                let edge = &line.edges[piece.edge as usize];
                let exact_m = line.measure_exactly(slot, site, &ecef_m(site)).distance_m;
                let least_m = line.least_m(slot, site);
                assert!(least_m <= exact_m, "{site}: {least_m} above {exact_m}");
                // The closer end is half an edge away at most.
                assert!(least_m >= exact_m - edge.length_m() - PIECE_M - 1.0, "{site}: {least_m} far below {exact_m}");
                let [from_m, to_m] = line.reach_m(piece);
                if from_m == 0.0 {
                    assert!((least_m - (distance_m(site, edge.start()) - to_m)).abs() < 2e-3);
                }
                if to_m == edge.length_m() && from_m > 0.0 {
                    assert!((least_m - (distance_m(site, edge.end()) - (to_m - from_m))).abs() < 2e-3);
                }
            }
        }
    }

    /// The two vertices that are farthest apart, of all pairs; and all of them within the reach of the middle.
    #[test]
    fn a_diameter_is_that_of_all_pairs() {
        let (_, places) = long_line();
        for count in [1, 2, 3, 10, 60] {
            let line = Polyline::new(vec![places[..count].to_vec()], |_, _| Ok(Vec::new())).expect("a line");
            let mut widest = (-1.0, places[0], places[0]);
            for (a, b) in places[..count].iter().flat_map(|a| places[..count].iter().map(move |b| (*a, *b))) {
                let chord = chord_m(ecef_m(a), ecef_m(b));
                if chord > widest.0 {
                    widest = (chord, a, b);
                }
            }
            assert!((line.diameter().m() - distance_m(widest.1, widest.2)).abs() < 1e-6);
            let (center_m, reach_m) = line.center_and_reach_m();
            assert!(places[..count].iter().all(|place| chord_m(ecef_m(*place), center_m) <= reach_m));
            // A box around a sphere.
            assert!(reach_m <= 3.0_f64.sqrt() * 6_378_138.0);
            assert!(count > 3 || reach_m <= 3.0_f64.sqrt() * widest.0.max(1.0), "{count}: {reach_m}");
        }
    }
}
