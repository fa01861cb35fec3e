//! The sites of a list by place: a packed tree for the list as it was made, and an R-tree of rstar's for what came since.
//!
//! The packed tree holds the sites in the order of Hilbert's curve, sixteen to a leaf and eight nodes to the next. A node is a disc: no site
//! of it lies farther from the center than its reach, measured on the ellipsoid. It knows which tags its sites may have, and the one
//! whose id comes first. Beside the list itself it takes some 18 bytes a site; an R-tree takes some 90. Sites are put into the
//! R-tree one by one: rstar 0.12 may fail on a tree that it has loaded as a whole and that is changed then.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use rstar::{AABB, Envelope, ParentNode, PointDistance, RTree, RTreeNode, RTreeObject};

use super::Site;
use crate::distance::hilbert_order;
use crate::ellipsoid::{chord_m, ecef_m, greatest_distance_m, surface_near};
use crate::position::Position;

/// So many sites to a leaf.
const LEAF: usize = 16;
/// So many nodes to a node of the next level.
const FAN_OUT: usize = 8;

/// A site in Cartesian space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    pub(super) point_m: [f64; 3],
    pub(super) site: usize,
}

impl Place {
    pub(super) fn new(position: Position, site: usize) -> Self {
        Self { point_m: ecef_m(position), site }
    }
}

impl RTreeObject for Place {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> AABB<[f64; 3]> {
        AABB::from_point(self.point_m)
    }
}

impl PointDistance for Place {
    fn distance_2(&self, point_m: &[f64; 3]) -> f64 {
        chord_m(self.point_m, *point_m).powi(2)
    }
}

/// Sites that lie close together: none is farther from `center` than `reach_m`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cluster {
    pub(crate) center: Position,
    pub(crate) reach_m: f64,
    tags: TagSet,
    /// The site whose id comes first, where that is known.
    pub(crate) first: Option<u32>,
}

impl Cluster {
    /// Any sites of a disc.
    pub(crate) fn of_any_tags(center: Position, reach_m: f64) -> Self {
        Self { center, reach_m, tags: TagSet::ALL, first: None }
    }

    /// Whether any of its sites may have the tag.
    pub(crate) fn may_have(&self, tag: &str) -> bool {
        self.tags.may_have(tag)
    }
}

/// Tags that sites may have: a bit for each, which others may share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct TagSet(u64);

impl TagSet {
    const ALL: Self = Self(u64::MAX);

    fn of(tags: &[String]) -> Self {
        Self(tags.iter().fold(0, |bits, tag| bits | Self::bit(tag)))
    }

    fn bit(tag: &str) -> u64 {
        // FNV-1a, without case.
        let hash = tag.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0000_0100_0000_01b3)
        });
        1 << (hash >> 58)
    }

    fn may_have(self, tag: &str) -> bool {
        self.0 & Self::bit(tag) != 0
    }
}

/// A site of a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) site: usize,
    /// Where it is in space, no farther off than [`ABOUT_M`].
    pub(crate) about_m: [f64; 3],
}

/// Each coordinate is off by no more than half of the half metre that single precision has between numbers there.
pub(crate) const ABOUT_M: f64 = 0.45;

/// A part of the index, to be opened.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Handle<'a> {
    Packed { level: usize, node: usize },
    Since(&'a ParentNode<Place>),
}

#[derive(Clone, Debug)]
pub(crate) struct Index {
    packed: Packed,
    since: RTree<Place>,
}

impl Index {
    pub(super) fn new(sites: &[Site]) -> Self {
        Self::in_order(sites, packing_order(sites))
    }

    /// The index of sites whose order along the curve is known; any order of them will do, at a cost in speed alone.
    pub(super) fn in_order(sites: &[Site], order: Vec<u32>) -> Self {
        Self { packed: Packed::new(sites, order), since: RTree::new() }
    }

    /// The numbers of the sites in the order in which they are packed, or would be.
    pub(super) fn order(&self, sites: &[Site]) -> Cow<'_, [u32]> {
        let is_fresh = !self.packed.is_worn && self.since.size() == 0;
        if is_fresh { Cow::Borrowed(&self.packed.order) } else { Cow::Owned(packing_order(sites)) }
    }

    pub(super) fn insert(&mut self, position: Position, site: usize) {
        self.since.insert(Place::new(position, site));
    }

    pub(super) fn remove(&mut self, position: Position, site: usize) {
        let place = Place::new(position, site);
        if !self.packed.remove(&place) {
            self.since.remove(&place);
        }
    }

    /// How many bytes the packed tree takes.
    pub(super) fn bytes(&self) -> usize {
        self.packed.bytes()
    }

    /// Parts that together hold all sites.
    pub(crate) fn roots(&self) -> Vec<(Cluster, Handle<'_>)> {
        let mut roots = Vec::new();
        if let Some(nodes) = self.packed.levels.last() {
            let level = self.packed.levels.len() - 1;
            let root = |node: usize| (self.packed.cluster(level, node), Handle::Packed { level, node });
            roots.extend((0..nodes.len()).map(root));
        }
        if self.since.size() > 0 {
            roots.push(of_parent(self.since.root()));
        }
        roots
    }

    /// Hands on the parts of a part, and its sites, with about where they are.
    pub(crate) fn open<'a>(
        &'a self,
        handle: Handle<'a>,
        mut cluster: impl FnMut(Cluster, Handle<'a>),
        mut site: impl FnMut(Member),
    ) {
        match handle {
            Handle::Packed { level: 0, node } => {
                for slot in self.packed.slots(node).filter(|slot| self.packed.order[*slot] != REMOVED) {
                    let about_m = self.packed.points_m[slot].map(f64::from);
                    site(Member { site: self.packed.order[slot] as usize, about_m });
                }
            }
            Handle::Packed { level, node } => {
                for child in self.packed.children(level, node) {
                    cluster(self.packed.cluster(level - 1, child), Handle::Packed { level: level - 1, node: child });
                }
            }
            Handle::Since(parent) => {
                for child in parent.children() {
                    match child {
                        RTreeNode::Leaf(place) => site(Member { site: place.site, about_m: place.point_m }),
                        RTreeNode::Parent(parent) => {
                            let (of, handle) = of_parent(parent);
                            cluster(of, handle);
                        }
                    }
                }
            }
        }
    }
}

fn packing_order(sites: &[Site]) -> Vec<u32> {
    let positions: Vec<Position> = sites.iter().map(|site| site.position).collect();
    hilbert_order(&positions)
}

fn of_parent(parent: &ParentNode<Place>) -> (Cluster, Handle<'_>) {
    let envelope = parent.envelope();
    let center_m = envelope.center();
    let center = surface_near(center_m);
    let half_diagonal_m = chord_m(envelope.lower(), envelope.upper()) / 2.0;
    let reach_m = farthest_m(chord_m(ecef_m(center), center_m) + half_diagonal_m);
    (Cluster { center, reach_m, tags: TagSet::ALL, first: None }, Handle::Since(parent))
}

/// The greatest distance that a chord may stand for, with a micrometre for the rounding of Cartesian coordinates.
fn farthest_m(chord_m: f64) -> f64 {
    greatest_distance_m(chord_m) + 1e-6
}

/// A node of the packed tree.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Disc {
    /// Numbers of single precision are places like any other.
    lat_deg: f32,
    lon_deg: f32,
    reach_m: f32,
    first: u32,
    tags: TagSet,
}

impl Disc {
    fn center(&self) -> Position {
        Position::computed_deg(f64::from(self.lat_deg), f64::from(self.lon_deg))
    }
}

/// Stands for a site that is no longer on the list.
const REMOVED: u32 = u32::MAX;

#[derive(Clone, Debug)]
pub(crate) struct Packed {
    /// The numbers of the sites, as the tree has them.
    order: Vec<u32>,
    /// Where they are in space, to single precision.
    points_m: Vec<[f32; 3]>,
    /// From the leaves up; the last level has as many nodes as one could hold.
    levels: Vec<Vec<Disc>>,
    /// Whether sites have been taken off, so that which one comes first is not known any more.
    is_worn: bool,
}

impl Packed {
    fn new(sites: &[Site], order: Vec<u32>) -> Self {
        let exact_m = crate::batch::map(&order, |at: &u32| ecef_m(sites[*at as usize].position));
        let mut levels: Vec<Vec<Disc>> = Vec::new();
        let mut size = LEAF;
        while levels.last().is_none_or(|nodes| nodes.len() > FAN_OUT) && !order.is_empty() {
            let below = levels.last().map(Vec::as_slice);
            let groups: Vec<(usize, &[[f64; 3]])> = exact_m.chunks(size).enumerate().collect();
            let nodes = crate::batch::map(&groups, |(at, points_m)| {
                let by_id = |a: &u32, b: &u32| id_order(sites, *a, *b);
                let (first, tags) = if let Some(below) = below {
                    let children = &below[FAN_OUT * at..below.len().min(FAN_OUT * (at + 1))];
                    let firsts = children.iter().map(|disc| disc.first);
                    (firsts.min_by(by_id), children.iter().fold(0, |bits, disc| bits | disc.tags.0))
                } else {
                    let members = &order[size * at..order.len().min(size * (at + 1))];
                    let tags = members.iter().map(|site| TagSet::of(&sites[*site as usize].tags).0);
                    (members.iter().copied().min_by(by_id), tags.fold(0, |all, bits| all | bits))
                };
                disc(points_m, first.unwrap_or_default(), TagSet(tags))
            });
            levels.push(nodes);
            size *= FAN_OUT;
        }
        #[allow(clippy::cast_possible_truncation, reason = "good to half a metre")]
        let points_m = exact_m.iter().map(|point_m| point_m.map(|m| m as f32)).collect();
        Self { order, points_m, levels, is_worn: false }
    }

    fn cluster(&self, level: usize, node: usize) -> Cluster {
        let disc = &self.levels[level][node];
        let first = (!self.is_worn).then_some(disc.first);
        Cluster { center: disc.center(), reach_m: f64::from(disc.reach_m), tags: disc.tags, first }
    }

    /// The sites of a leaf.
    fn slots(&self, leaf: usize) -> Range<usize> {
        LEAF * leaf..self.order.len().min(LEAF * (leaf + 1))
    }

    /// The nodes of a node, one level below.
    fn children(&self, level: usize, node: usize) -> Range<usize> {
        FAN_OUT * node..self.levels[level - 1].len().min(FAN_OUT * (node + 1))
    }

    /// Takes a site off; false if it is not there.
    fn remove(&mut self, place: &Place) -> bool {
        let Some(top) = self.levels.len().checked_sub(1) else { return false };
        let mut open: Vec<(usize, usize)> = (0..self.levels[top].len()).map(|node| (top, node)).collect();
        while let Some((level, node)) = open.pop() {
            let disc = &self.levels[level][node];
            if chord_m(ecef_m(disc.center()), place.point_m) > f64::from(disc.reach_m) {
                continue;
            }
            if level > 0 {
                open.extend(self.children(level, node).map(|child| (level - 1, child)));
            } else if let Some(slot) = self.slots(node).find(|slot| self.order[*slot] as usize == place.site) {
                self.order[slot] = REMOVED;
                self.is_worn = true;
                return true;
            }
        }
        false
    }

    /// How many bytes it takes.
    fn bytes(&self) -> usize {
        size_of::<u32>() * self.order.capacity()
            + size_of::<[f32; 3]>() * self.points_m.capacity()
            + self.levels.iter().map(|nodes| size_of::<Disc>() * nodes.capacity()).sum::<usize>()
    }
}

/// The disc around some places.
fn disc(points_m: &[[f64; 3]], first: u32, tags: TagSet) -> Disc {
    let (mut low_m, mut high_m) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for point_m in points_m {
        for axis in 0..3 {
            low_m[axis] = low_m[axis].min(point_m[axis]);
            high_m[axis] = high_m[axis].max(point_m[axis]);
        }
    }
    let middle = |axis: usize| f64::midpoint(low_m[axis], high_m[axis]);
    let near = surface_near([middle(0), middle(1), middle(2)]);
    #[allow(clippy::cast_possible_truncation, reason = "a place nearby does as well")]
    let (lat_deg, lon_deg) = (near.lat_deg() as f32, near.lon_deg() as f32);
    let center_m = ecef_m(Position::computed_deg(f64::from(lat_deg), f64::from(lon_deg)));
    let reach_m = farthest_m(points_m.iter().map(|point_m| chord_m(*point_m, center_m)).fold(0.0, f64::max));
    #[allow(clippy::cast_possible_truncation, reason = "rounded up")]
    let reach_m = (reach_m as f32).next_up();
    Disc { lat_deg, lon_deg, reach_m, first, tags }
}

/// The order of sites by id.
pub(crate) fn id_order(sites: &[Site], a: u32, b: u32) -> Ordering {
    sites[a as usize].id.cmp(&sites[b as usize].id)
}
