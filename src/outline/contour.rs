//! Where the field is zero: closed lines through the triangles of a mesh.
//!
//! Each leaf is a fan of triangles around its middle, over its corners and over those of smaller neighbours, so that all triangles meet
//! edge to edge. A triangle is crossed by one straight line at most, between two of its edges; hence no two lines cross.

use super::field::{Field, Terms, distance_level_m, level_m};
use super::mesh::{Cell, Mesh, Sides, Vertex, place};

/// A vertex of a ring.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) lon_lat_deg: [f64; 2],
    /// On which sides of the map it lies.
    pub(super) sides: Sides,
    /// Whether its distance is an end of the interval.
    pub(super) at_distance: bool,
}

/// Where a ring passes: across the edge between two vertices of the mesh, the lesser first, or through a vertex on a side of the map.
type Crossing = [Vertex; 2];

/// The closed lines around everything inside, which lies on their left. The first node is not repeated.
pub(super) fn rings(field: &Field<'_>, mesh: &Mesh, accuracy_m: f64) -> Vec<Vec<Node>> {
    let mut segments = segments(mesh);
    segments.sort_unstable();
    let nodes = nodes(field, mesh, segments.iter().map(|segment| segment[0]), accuracy_m);
    // Every line that starts somewhere ends where one starts.
    let next = |at: usize| segments.binary_search_by(|segment| segment[0].cmp(&segments[at][1])).ok();
    let mut used = vec![false; segments.len()];
    let mut rings = Vec::new();
    for start in 0..segments.len() {
        let mut ring = Vec::new();
        let mut at = Some(start);
        while let Some(here) = at.filter(|here| !used[*here]) {
            used[here] = true;
            ring.push(nodes[here]);
            at = next(here);
        }
        debug_assert!(ring.is_empty() || at == Some(start), "a line without an end");
        if !ring.is_empty() {
            rings.push(ring);
        }
    }
    rings
}

/// The lines through all triangles and along the sides of the map, in any order.
fn segments(mesh: &Mesh) -> Vec<[Crossing; 2]> {
    let corners = Corners::new(&mesh.leaves);
    let mut segments: Vec<[Crossing; 2]> = mesh.inner_edges.iter().map(|&[a, b]| [[a, a], [b, b]]).collect();
    for leaf in &mesh.leaves {
        let middle = leaf.middle();
        let around = corners.around(leaf);
        for (at, &a) in around.iter().enumerate() {
            let b = around[(at + 1) % around.len()];
            let triangle = [middle, a, b];
            let inside = triangle.map(|vertex| mesh.is_inside(vertex));
            // Around the inside counterclockwise: the line starts where the outside begins, and ends where it ends.
            let [mut start, mut end] = [None, None];
            for side in 0..3 {
                let [from, to] = [side, (side + 1) % 3];
                if inside[from] != inside[to] {
                    let crossing = crossing(triangle[from], triangle[to]);
                    *if inside[from] { &mut start } else { &mut end } = Some(crossing);
                }
            }
            segments.extend(start.zip(end).map(|(start, end)| [start, end]));
            if a.sides() & b.sides() != 0 {
                let along = match (inside[1], inside[2]) {
                    (true, true) => Some([[a, a], [b, b]]),
                    (true, false) => Some([[a, a], crossing(a, b)]),
                    (false, true) => Some([crossing(a, b), [b, b]]),
                    (false, false) => None,
                };
                segments.extend(along);
            }
        }
    }
    segments
}

fn crossing(a: Vertex, b: Vertex) -> Crossing {
    [a.min(b), a.max(b)]
}

/// All corners of leaves, by longitude and by latitude.
struct Corners {
    by_lon: Vec<[u64; 2]>,
    by_lat: Vec<[u64; 2]>,
}

impl Corners {
    fn new(leaves: &[Cell]) -> Self {
        let sorted = |key: fn(&Vertex) -> [u64; 2]| {
            let mut keys: Vec<[u64; 2]> =
                leaves.iter().flat_map(|leaf| leaf.corners().map(|corner| key(&corner))).collect();
            keys.sort_unstable();
            keys.dedup();
            keys
        };
        Self { by_lon: sorted(|corner| [corner.lon, corner.lat]), by_lat: sorted(|corner| [corner.lat, corner.lon]) }
    }

    /// The vertices on the edges of a leaf, counterclockwise.
    fn around(&self, leaf: &Cell) -> Vec<Vertex> {
        let [southwest, southeast, northeast, northwest] = leaf.corners();
        let between = |keys: &[[u64; 2]], from: [u64; 2], to: [u64; 2]| {
            let first = keys.partition_point(|key| *key < from);
            let last = first + keys[first..].partition_point(|key| *key < to);
            first..last
        };
        let along_lat = |from: Vertex, to: Vertex| {
            let range = between(&self.by_lat, [from.lat, from.lon], [to.lat, to.lon]);
            self.by_lat[range].iter().map(|&[lat, lon]| Vertex { lon, lat })
        };
        let along_lon = |from: Vertex, to: Vertex| {
            let range = between(&self.by_lon, [from.lon, from.lat], [to.lon, to.lat]);
            self.by_lon[range].iter().map(|&[lon, lat]| Vertex { lon, lat })
        };
        let mut around: Vec<Vertex> = along_lat(southwest, southeast).chain(along_lon(southeast, northeast)).collect();
        // The other two edges are found from their lesser end on, which belongs to the edge after.
        around.push(northeast);
        around.extend(along_lat(northwest, northeast).skip(1).rev());
        around.push(northwest);
        around.extend(along_lon(southwest, northwest).skip(1).rev());
        around
    }
}

/// An edge of the mesh with one end inside, and where on it the field is zero.
struct Bracket {
    node: usize,
    inside_deg: [f64; 2],
    outside_deg: [f64; 2],
    /// The shares of the way from inside to outside between which it is, and the levels there.
    shares: [f64; 2],
    levels_m: [f64; 2],
    length_m: f64,
    guess: f64,
}

/// A crossing keeps so far from the ends of its edge that none coincides with another, as a share of its length.
const CLEAR: f64 = 1.0 / 65_536.0;

/// The node of each crossing, to `accuracy_m` along its edge or in the field.
fn nodes(field: &Field<'_>, mesh: &Mesh, crossings: impl Iterator<Item = Crossing>, accuracy_m: f64) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut open = Vec::new();
    for (number, [a, b]) in crossings.enumerate() {
        nodes.push(Node { lon_lat_deg: a.lon_lat_deg(), sides: a.sides() & b.sides(), at_distance: false });
        if a != b {
            let [inside, outside] = if mesh.is_inside(a) { [a, b] } else { [b, a] };
            let levels_m = [inside, outside].map(|vertex| level_m(&mesh.terms(vertex)));
            let [inside_deg, outside_deg] = [inside, outside].map(Vertex::lon_lat_deg);
            let length_m = place(inside_deg).distance_to(&place(outside_deg)).m();
            let mut bracket =
                Bracket { node: number, inside_deg, outside_deg, shares: [0.0, 1.0], levels_m, length_m, guess: 0.0 };
            bracket.guess = bracket.secant();
            open.push(bracket);
        }
    }
    for round in 0..60 {
        let places: Vec<_> = open.iter().map(|bracket| place(bracket.at_deg())).collect();
        let terms = field.terms(&places);
        let mut left = Vec::new();
        for (mut bracket, terms) in open.into_iter().zip(terms) {
            if bracket.refine(&terms, round, accuracy_m) {
                let node = &mut nodes[bracket.node];
                node.lon_lat_deg = bracket.at_deg();
                node.at_distance = distance_level_m(&terms) >= -2.0 * accuracy_m;
            } else {
                left.push(bracket);
            }
        }
        open = left;
        if open.is_empty() {
            break;
        }
    }
    nodes
}

impl Bracket {
    fn at_deg(&self) -> [f64; 2] {
        let share = self.guess.clamp(CLEAR, 1.0 - CLEAR);
        [0, 1].map(|axis| {
            let [from, to] = [self.inside_deg[axis], self.outside_deg[axis]];
            // To the bit on the sides of the map.
            if from == to { from } else { from + share * (to - from) }
        })
    }

    fn secant(&self) -> f64 {
        let [low, high] = self.levels_m;
        let [from, to] = self.shares;
        if high > low { from + (to - from) * (-low / (high - low)) } else { f64::midpoint(from, to) }
    }

    /// Narrows the bracket by the terms at its guess. True when the guess is good enough, and stays.
    fn refine(&mut self, terms: &Terms, round: u32, accuracy_m: f64) -> bool {
        let level = level_m(terms);
        let end = usize::from(level > 0.0);
        if level.abs() <= accuracy_m || round == 59 {
            return true;
        }
        self.shares[end] = self.guess;
        self.levels_m[end] = level;
        if (self.shares[1] - self.shares[0]) * self.length_m <= accuracy_m {
            return true;
        }
        // Secants crawl where the field has a kink: every third time the bracket is halved.
        self.guess = if round % 3 == 2 { f64::midpoint(self.shares[0], self.shares[1]) } else { self.secant() };
        false
    }
}
