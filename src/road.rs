//! Ways by road: a network of lines, the shortest ways through it, and the ways to it from places beside it.
//!
//! # What joins
//! Roads run both ways and join at their vertices: where two vertices are within a metre of each other, one gets from one to the
//! other by the straight way between them. That takes up what rounding has torn apart, moves nothing, and does not depend on the
//! order of the lines. Lines that cross without such vertices do not join, as a bridge does not join the road beneath it; nor
//! does a line that ends at another's side.
//!
//! # How long a way is
//! Lengths on the roads are WGS 84 geodesics, from vertex to vertex, whatever a property `edges` says. A place beside the network
//! goes to the nearest point of it, in general amid a segment, so a way has a part of a segment at either end. It is never shorter
//! than the geodesic from end to end: that is the shortest of all curves, roads included.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use petgraph::algo::{connected_components, dijkstra};
use petgraph::graph::{NodeIndex, UnGraph};
use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::ellipsoid::{distance_m, ecef_m};
use crate::feature::Feature;
use crate::features_file;
use crate::length::Length;
use crate::position::Position;

mod file;

pub use file::RoadsError;

/// Vertices that are no farther apart are joined. One place may be written 0.16 m apart in six decimals of a degree.
const JOINED_M: f64 = 1.0;

/// No way beside the roads is taken to be longer than so many times the straight line.
const GREATEST_DETOUR: f64 = 1000.0;

/// Roads, joined to a network of shortest ways. They run both ways and join where vertices are within a metre of each other;
/// lines that cross without such vertices, as on a bridge, do not join.
///
/// # Example
/// ```
/// use siteband::{Position, RoadNetwork};
/// // Two roads that share a vertex, at 39.5 N 125.5 E.
/// let roads = r#"{"type": "MultiLineString", "coordinates": [
///     [[125.0, 39.0], [125.5, 39.5]],
///     [[125.5, 39.5], [126.0, 39.0]]]}"#;
/// let network = RoadNetwork::from_geojson(roads.as_bytes())?;
/// assert_eq!(network.component_count(), 1);
///
/// let to_the_east = network.routes_to(Position::new(39.0, 126.0)?);
/// let site = network.snap(Position::new(39.0, 124.9)?);
/// // Off the roads the way is taken to be 1.3 times as long as the straight line.
/// let way = to_the_east.way_from(&site, 1.3);
/// assert!(way.by_network);
/// assert_eq!(way.length.to_string(), "151.9 km");
/// assert_eq!(way.snapping.to_string(), "8.7 km");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RoadNetwork {
    /// Every part is a road of two vertices or more.
    roads: Feature,
    /// The node of every vertex of every road.
    nodes: Vec<Vec<NodeIndex>>,
    /// The places of vertices, and how many metres it is from one to the next.
    graph: UnGraph<(), f64>,
}

impl RoadNetwork {
    /// The roads of a GeoJSON text: its `LineString` and `MultiLineString` features, in WGS 84. Properties are not looked at.
    ///
    /// # Errors
    /// [`RoadsError`] for text that is not GeoJSON, a feature that is anything but lines, a line of less than two positions,
    /// coordinates that are not longitude and latitude, or if there is no line at all.
    pub fn from_geojson(reader: impl Read) -> Result<Self, RoadsError> {
        let text = features_file::text(reader).map_err(RoadsError::whole)?;
        file::roads(&text).map(Self::new)
    }

    /// [`RoadNetwork::from_geojson`] for a file, which errors then name.
    ///
    /// # Errors
    /// [`RoadsError`], also where the file cannot be read.
    pub fn from_path(path: &Path) -> Result<Self, RoadsError> {
        let in_file = |error: RoadsError| RoadsError { file: Some(path.to_owned()), ..error };
        let file = features_file::open(path).map_err(|reason| in_file(RoadsError::whole(reason)))?;
        Self::from_geojson(file).map_err(in_file)
    }

    /// Joins roads; every part of the feature has two vertices or more.
    fn new(roads: Feature) -> Self {
        let mut graph = UnGraph::default();
        let mut places = Vec::new();
        let mut known: HashMap<[u64; 2], NodeIndex> = HashMap::new();
        let mut node_of = |vertex: &Position, graph: &mut UnGraph<(), f64>| {
            // Equal positions have equal bits.
            let key = [vertex.lat_deg().to_bits(), vertex.lon_deg().to_bits()];
            *known.entry(key).or_insert_with(|| {
                let node = graph.add_node(());
                places.push(GeomWithData::new(ecef_m(*vertex), (node, *vertex)));
                node
            })
        };
        let mut nodes = Vec::with_capacity(roads.parts().len());
        for vertices in roads.parts() {
            let road: Vec<NodeIndex> = vertices.iter().map(|vertex| node_of(vertex, &mut graph)).collect();
            for (ends, places) in road.windows(2).zip(vertices.windows(2)) {
                graph.add_edge(ends[0], ends[1], distance_m(places[0], places[1]));
            }
            nodes.push(road);
        }
        let tree = RTree::bulk_load(places.clone());
        for place in &places {
            let (node, vertex) = place.data;
            // At a metre, the chord is as long as the geodesic to a billionth of a millimetre.
            for near in tree.locate_within_distance(*place.geom(), JOINED_M * JOINED_M) {
                let (other, other_vertex) = near.data;
                if node < other {
                    graph.add_edge(node, other, distance_m(vertex, other_vertex));
                }
            }
        }
        Self { roads, nodes, graph }
    }

    /// The length of all its roads.
    #[must_use]
    pub fn length(&self) -> Length {
        self.roads.length()
    }

    /// How many networks it falls into, between which no road leads. More than a few islands suggest that the lines lack
    /// vertices where roads meet.
    #[must_use]
    pub fn component_count(&self) -> usize {
        connected_components(&self.graph)
    }

    /// The nearest point of the network from a place. This is most of the work of finding a way, so that it is worth doing once
    /// for several destinations.
    ///
    /// # Accuracy
    /// That of [`Feature::nearest`]. Where several points are equally near it is the one on the first road of the file.
    #[must_use]
    pub fn snap(&self, place: Position) -> Snapped {
        let nearest = self.roads.nearest(place);
        let end = |vertex: usize| End {
            node: self.nodes[nearest.part][vertex],
            distance_m: distance_m(nearest.position, self.roads.parts()[nearest.part][vertex]),
        };
        let mut ends = [end(nearest.segment), end(nearest.segment + 1)];
        ends.sort_by_key(|end| end.node);
        Snapped { place, road: nearest.position, distance: nearest.distance, ends }
    }

    /// The shortest ways through the network from everywhere to one destination.
    ///
    /// # Accuracy
    /// That of [`Feature::nearest`], and 15 nm for every segment on the way.
    #[must_use]
    pub fn routes_to(&self, destination: Position) -> Routes {
        let destination = self.snap(destination);
        let mut graph = self.graph.clone();
        let start = graph.add_node(());
        for end in destination.ends {
            graph.add_edge(start, end.node, end.distance_m);
        }
        let reached = dijkstra(&graph, start, None, |edge| *edge.weight());
        let length_of = |node| reached.get(&node).copied().unwrap_or(f64::INFINITY);
        Routes { destination, lengths_m: self.graph.node_indices().map(length_of).collect() }
    }
}

/// A place and the nearest point of a network, as [`RoadNetwork::snap`] finds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapped {
    place: Position,
    road: Position,
    distance: Length,
    /// Both ends of the segment on which the point lies, the lower node first.
    ends: [End; 2],
}

/// An end of a segment, as seen from a point of it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct End {
    node: NodeIndex,
    distance_m: f64,
}

impl Snapped {
    /// The place itself.
    #[must_use]
    pub fn place(&self) -> Position {
        self.place
    }

    /// The nearest point of the network.
    #[must_use]
    pub fn road(&self) -> Position {
        self.road
    }

    /// How far that is, as a geodesic.
    #[must_use]
    pub fn distance(&self) -> Length {
        self.distance
    }

    /// Whether both lie on one segment. Between two vertices there is only one, even if several roads run along it.
    fn shares_segment(&self, other: &Self) -> bool {
        self.ends.map(|end| end.node) == other.ends.map(|end| end.node)
    }
}

/// The shortest ways through a network from everywhere to one destination, as [`RoadNetwork::routes_to`] finds them.
#[derive(Clone, Debug)]
pub struct Routes {
    destination: Snapped,
    /// For every node, the length along the network from there to the destination's nearest point; infinite where none leads there.
    lengths_m: Vec<f64>,
}

impl Routes {
    /// The destination, and where it meets the network.
    #[must_use]
    pub fn destination(&self) -> &Snapped {
        &self.destination
    }

    /// The way from a place that was snapped to the same network; for one from another network the result means nothing.
    ///
    /// `detour` is how many times as long as the straight line a way beside the roads is, such as 1.3: from 1 to 1,000, and the
    /// nearer of both for what lies outside; what is no number counts as 1.
    #[must_use]
    pub fn way_from(&self, site: &Snapped, detour: f64) -> Way {
        let detour = if detour.is_nan() { 1.0 } else { detour.clamp(1.0, GREATEST_DETOUR) };
        let straight_m = distance_m(site.place, self.destination.place);
        let snapping_m = site.distance.m() + self.destination.distance.m();
        let along_m = self.along_m(site);
        let by_network = along_m.is_finite() && straight_m > snapping_m;
        let length_m = if by_network { detour * snapping_m + along_m } else { detour * straight_m };
        Way {
            // No sum of geodesics from end to end is less than the one, but for its rounding.
            length: Length::computed_m(length_m.max(straight_m)),
            snapping: Length::computed_m(snapping_m),
            by_network,
        }
    }

    /// The length along the network from point to point; infinite where none leads there.
    fn along_m(&self, site: &Snapped) -> f64 {
        if site.shares_segment(&self.destination) {
            // A stretch of a shortest geodesic: no other way is shorter.
            return distance_m(site.road, self.destination.road);
        }
        let by_end = |end: &End| end.distance_m + self.lengths_m.get(end.node.index()).unwrap_or(&f64::INFINITY);
        site.ends.iter().map(by_end).fold(f64::INFINITY, f64::min)
    }
}

/// A way from a place to a destination.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// How long it is: to the network, along it, and from it to the destination; or the straight line with its detour, where
    /// the network is of no use. Never less than the geodesic distance.
    pub length: Length,
    /// How far the place and the destination are from the network, together, as geodesics.
    pub snapping: Length,
    /// Whether it uses the network: not where no road leads to the destination, or where the straight line is no longer than
    /// the ways to the network alone.
    pub by_network: bool,
}
