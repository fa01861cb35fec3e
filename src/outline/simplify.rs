//! Fewer vertices, the same topology.
//!
//! A vertex is taken out of a ring if those left are near enough, and if the triangle that is cut off or filled in holds no other
//! vertex: then no line enters it, and nothing that did not cross before crosses after.

use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use super::contour::Node;
use crate::ellipsoid::EQUATORIAL_RADIUS_M;
use crate::trigonometry::sin_cos_deg;

/// Nodes are taken out in runs of no more than so many, or those along a parallel would be compared each with each.
const LONGEST: usize = 64;

type Indexed = GeomWithData<[f64; 2], (usize, usize)>;

/// The rings with as few nodes as stay within the tolerance of those left out; rings smaller than that are gone.
pub(super) fn simplified(rings: &[Vec<Node>], tolerance_m: f64) -> Vec<Vec<Node>> {
    let indexed = |(ring, nodes): (usize, &Vec<Node>)| -> Vec<Indexed> {
        nodes.iter().enumerate().map(|(at, node)| Indexed::new(node.lon_lat_deg, (ring, at))).collect()
    };
    let all = RTree::bulk_load(rings.iter().enumerate().flat_map(indexed).collect());
    let numbers: Vec<usize> = (0..rings.len()).filter(|&ring| !is_tiny(&rings[ring], tolerance_m)).collect();
    crate::batch::map(&numbers, |&ring| {
        let nodes = simplified_ring(ring, &rings[ring], &all, tolerance_m);
        if nodes.len() < 3 { rings[ring].clone() } else { nodes }
    })
}

/// Whether no place of the ring is farther than the tolerance from another.
fn is_tiny(nodes: &[Node], tolerance_m: f64) -> bool {
    let first = nodes[0].lon_lat_deg;
    nodes.len() < 3
        || nodes.iter().all(|node| 2.0 * length_m(metres_between(first, node.lon_lat_deg, first[1])) <= tolerance_m)
}

fn simplified_ring(ring: usize, nodes: &[Node], all: &RTree<Indexed>, tolerance_m: f64) -> Vec<Node> {
    let count = nodes.len();
    let can_span = |from: usize, to: usize| {
        let run = Run { nodes, from, to };
        to - from <= LONGEST && run.is_alike() && run.is_within(tolerance_m) && run.is_clear(ring, all)
    };
    let mut kept = vec![nodes[0]];
    let mut from = 0;
    while from < count {
        // From here as far as everything between is near enough.
        let mut to = from + 1;
        while to < count && can_span(from, to + 1) {
            to += 1;
        }
        if to < count {
            kept.push(nodes[to]);
        }
        from = to;
    }
    kept
}

/// The nodes between two nodes of a ring, the last of which may be the first again.
struct Run<'a> {
    nodes: &'a [Node],
    from: usize,
    to: usize,
}

impl Run<'_> {
    fn ends(&self) -> [&Node; 2] {
        [&self.nodes[self.from], &self.nodes[self.to % self.nodes.len()]]
    }

    fn between(&self) -> &[Node] {
        &self.nodes[self.from + 1..self.to]
    }

    /// Whether all nodes lie along one side of the map or none does, and all or none are at an end of the interval.
    fn is_alike(&self) -> bool {
        let [start, end] = self.ends();
        let shared = start.sides & end.sides;
        let alike = |node: &Node| node.at_distance == start.at_distance && node.sides & shared == shared;
        let on_side = |node: &Node| (node.sides != 0) == (shared != 0);
        alike(end) && self.between().iter().all(|node| alike(node) && on_side(node))
    }

    /// Whether all nodes are so near to the straight line.
    fn is_within(&self, tolerance_m: f64) -> bool {
        let [start, end] = self.ends().map(|node| node.lon_lat_deg);
        self.between().iter().all(|node| {
            let at = node.lon_lat_deg;
            let [along, to] = [end, at].map(|other| metres_between(start, other, at[1]));
            let share = (to[0] * along[0] + to[1] * along[1]) / (along[0] * along[0] + along[1] * along[1]);
            let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
            length_m([to[0] - share * along[0], to[1] - share * along[1]]) <= tolerance_m
        })
    }

    /// Whether the triangle over the last node between holds no vertex of what is left.
    fn is_clear(&self, ring: usize, all: &RTree<Indexed>) -> bool {
        let [start, end] = self.ends().map(|node| node.lon_lat_deg);
        let last = self.nodes[self.to - 1].lon_lat_deg;
        let low = [0, 1].map(|axis| start[axis].min(end[axis]).min(last[axis]));
        let high = [0, 1].map(|axis| start[axis].max(end[axis]).max(last[axis]));
        all.locate_in_envelope_intersecting(&AABB::from_corners(low, high)).all(|other| {
            let (its_ring, at) = other.data;
            let own = its_ring == ring && ((self.from..=self.to).contains(&at) || at == self.to % self.nodes.len());
            own || !holds([start, last, end], *other.geom())
        })
    }
}

/// Whether a triangle holds a place, its edges included.
fn holds([a, b, c]: [[f64; 2]; 3], place: [f64; 2]) -> bool {
    let turn = |from: [f64; 2], to: [f64; 2]| {
        (to[0] - from[0]) * (place[1] - from[1]) - (to[1] - from[1]) * (place[0] - from[0])
    };
    let turns = [turn(a, b), turn(b, c), turn(c, a)];
    turns.iter().all(|turn| *turn >= 0.0) || turns.iter().all(|turn| *turn <= 0.0)
}

/// Metres east and north from one place to another on a flat map that is true at a latitude.
fn metres_between(from_deg: [f64; 2], to_deg: [f64; 2], lat_deg: f64) -> [f64; 2] {
    let metres = |deg: f64| deg.to_radians() * EQUATORIAL_RADIUS_M;
    [metres(to_deg[0] - from_deg[0]) * sin_cos_deg(lat_deg).1, metres(to_deg[1] - from_deg[1])]
}

fn length_m([east, north]: [f64; 2]) -> f64 {
    (east * east + north * north).sqrt()
}
