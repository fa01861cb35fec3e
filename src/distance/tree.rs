//! A packed tree over pieces: eight to a leaf, eight nodes to a node, tested eight at a time in single precision.
//!
//! It only ever rules out: boxes and chords are padded by more than their rounding, so that no piece within the limit is missed.

mod search;

use smallvec::SmallVec;
use wide::f32x8;

use super::piece::Piece;
pub(crate) use search::Candidates;
use search::Visit;

pub(super) const WIDTH: usize = 8;

/// Where no piece is: lanes without one.
const NOWHERE_M: f32 = 1e9;

/// The share by which squares of distances in single precision are off at most, with room.
pub(super) const ROUNDING: f32 = 2e-6;

#[derive(Clone, Debug)]
pub(super) struct Tree {
    leaves: Vec<Leaf>,
    /// From above the leaves to the root: the node at `i` holds those from 8·i on of the level below.
    levels: Vec<Vec<Boxes>>,
    low_m: [f64; 3],
    high_m: [f64; 3],
}

/// Eight boxes, padded.
#[derive(Clone, Debug)]
struct Boxes {
    low_m: [[f32; WIDTH]; 3],
    high_m: [[f32; WIDTH]; 3],
}

/// The chords of eight pieces, relative to the middle of their box.
#[derive(Clone, Debug)]
struct Leaf {
    center_m: [f64; 3],
    /// What a piece may be nearer than its chord in single precision.
    pad_m: f32,
    start_m: [[f32; WIDTH]; 3],
    way_m: [[f32; WIDTH]; 3],
    per_way_sq: [f32; WIDTH],
}

/// Brings the pieces into the order of leaves: halves them along the longest side of their box, at a whole number of subtrees.
pub(super) fn order(pieces: &mut [Piece]) {
    if pieces.len() <= WIDTH {
        return;
    }
    let mut unit = WIDTH;
    while unit * WIDTH < pieces.len() {
        unit *= WIDTH;
    }
    let left = (pieces.len().div_ceil(unit) / 2).max(1) * unit;
    let (low, high) = bounds(pieces);
    let axis = (0..3).max_by(|a, b| (high[*a] - low[*a]).total_cmp(&(high[*b] - low[*b]))).unwrap_or(0);
    let middle = |piece: &Piece| piece.start_m[axis] + 0.5 * piece.way_m()[axis];
    pieces.select_nth_unstable_by(left, |a, b| middle(a).total_cmp(&middle(b)).then(a.number.cmp(&b.number)));
    let (before, after) = pieces.split_at_mut(left);
    order(before);
    order(after);
}

fn bounds(pieces: &[Piece]) -> ([f64; 3], [f64; 3]) {
    let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for piece in pieces {
        let (start, end, pad) = (piece.start_m, piece.end_m(), piece.sagitta_m());
        for axis in 0..3 {
            low[axis] = low[axis].min(start[axis].min(end[axis]) - pad);
            high[axis] = high[axis].max(start[axis].max(end[axis]) + pad);
        }
    }
    (low, high)
}

#[inline(always)]
#[allow(clippy::cast_possible_truncation, reason = "bounds are padded by more than the rounding")]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
pub(super) fn single(value: f64) -> f32 {
    value as f32
}

impl Leaf {
    fn new(pieces: &[Piece]) -> Self {
        let (low, high) = bounds(pieces);
        let center_m = [0, 1, 2].map(|axis| f64::midpoint(low[axis], high[axis]));
        let reach_m: f64 = (0..3).map(|axis| high[axis] - low[axis]).sum();
        let sagitta_m = pieces.iter().map(Piece::sagitta_m).fold(0.0, f64::max);
        let mut leaf = Self {
            center_m,
            pad_m: single(sagitta_m + reach_m * f64::from(ROUNDING) + 2e-3),
            start_m: [[NOWHERE_M; WIDTH]; 3],
            way_m: [[0.0; WIDTH]; 3],
            per_way_sq: [0.0; WIDTH],
        };
        for (lane, piece) in pieces.iter().enumerate() {
            let way_m = piece.way_m();
            for (axis, center) in center_m.iter().enumerate() {
                leaf.start_m[axis][lane] = single(piece.start_m[axis] - center);
                leaf.way_m[axis][lane] = single(way_m[axis]);
            }
            let way_sq: f32 = (0..3).map(|axis| leaf.way_m[axis][lane].powi(2)).sum();
            leaf.per_way_sq[lane] = if way_sq > 1e-6 { 1.0 / way_sq } else { 0.0 };
        }
        leaf
    }

    /// The squares of the distances to the chords.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn chords_sq(&self, point_m: &[f64; 3]) -> [f32; WIDTH] {
        let from_center = |axis: usize| single(point_m[axis] - self.center_m[axis]);
        let [px, py, pz] = [from_center(0), from_center(1), from_center(2)];
        let [sx, sy, sz] = &self.start_m;
        let [wx, wy, wz] = &self.way_m;
        let mut squares = [0.0; WIDTH];
        for lane in 0..WIDTH {
            let (x, y, z) = (px - sx[lane], py - sy[lane], pz - sz[lane]);
            let along = (x * wx[lane] + y * wy[lane] + z * wz[lane]) * self.per_way_sq[lane];
            let along = lesser(greater(along, 0.0), 1.0);
            let (x, y, z) = (x - along * wx[lane], y - along * wy[lane], z - along * wz[lane]);
            squares[lane] = x * x + y * y + z * z;
        }
        squares
    }
}

impl Leaf {
    /// The place of the chord of a lane that is nearest to a point.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn foot_m(&self, point_m: &[f64; 3], lane: usize) -> [f64; 3] {
        let start = |axis: usize| self.center_m[axis] + f64::from(self.start_m[axis][lane]);
        let way = |axis: usize| f64::from(self.way_m[axis][lane]);
        let part = |axis: usize| (point_m[axis] - start(axis)) * way(axis);
        let along = (part(0) + part(1) + part(2)) * f64::from(self.per_way_sq[lane]);
        let along = if along > 0.0 { along } else { 0.0 };
        let along = if along < 1.0 { along } else { 1.0 };
        [start(0) + along * way(0), start(1) + along * way(1), start(2) + along * way(2)]
    }
}

impl Boxes {
    fn empty() -> Self {
        Self { low_m: [[NOWHERE_M; WIDTH]; 3], high_m: [[NOWHERE_M; WIDTH]; 3] }
    }

    /// Rounded outward, with half a metre more for the rounding of the point.
    fn put(&mut self, lane: usize, low_m: &[f64; 3], high_m: &[f64; 3]) {
        for axis in 0..3 {
            self.low_m[axis][lane] = single(low_m[axis] - 0.5).next_down();
            self.high_m[axis][lane] = single(high_m[axis] + 0.5).next_up();
        }
    }

    /// The squares of the distances to the boxes.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn distances_sq(&self, point_m: &[f32; 3]) -> [f32; WIDTH] {
        let mut squares = [0.0; WIDTH];
        for ((low, high), at) in self.low_m.iter().zip(&self.high_m).zip(*point_m) {
            for lane in 0..WIDTH {
                let beside = greater(greater(low[lane] - at, at - high[lane]), 0.0);
                squares[lane] += beside * beside;
            }
        }
        squares
    }
}

impl Boxes {
    /// The squares of the distances to the farthest corner of each box.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn farthest_sq(&self, point_m: &[f32; 3]) -> [f32; WIDTH] {
        let mut squares = [0.0; WIDTH];
        for ((low, high), at) in self.low_m.iter().zip(&self.high_m).zip(*point_m) {
            for lane in 0..WIDTH {
                let beside = greater(high[lane] - at, at - low[lane]);
                squares[lane] += beside * beside;
            }
        }
        squares
    }
}

/// A node that is being looked into.
#[derive(Clone, Copy, Debug)]
struct Open {
    /// Zero above the leaves.
    level: usize,
    index: u32,
    /// Those that are still to be looked into, a bit for each.
    lanes: u32,
    squares: [f32; WIDTH],
}

/// Pieces, by their place in the tree.
pub(super) type Slots = SmallVec<[u32; 16]>;

/// The longest chord, and something more.
pub(super) const ANYWHERE_M: f32 = 1.3e7;

/// If a place has this chord, no place with a longer one than is returned is nearer: see docs/ACCURACY.md. Beyond the reach of
/// the series it means nothing.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
pub(super) fn surely_nearest_m(chord_m: f32) -> f32 {
    let square = chord_m * chord_m;
    (square * (1.0 + 2.0 * ROUNDING + 6e-17 * square)).sqrt() + 1e-3
}

/// Where some points are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ball {
    pub(super) center_m: [f64; 3],
    pub(super) radius_m: f32,
}

/// More leaves than these are not looked at one by one.
const LEAVES: usize = 64;

impl Tree {
    /// A tree over pieces in [`order`].
    pub(super) fn new(pieces: &[Piece]) -> Self {
        let leaves: Vec<Leaf> = pieces.chunks(WIDTH).map(Leaf::new).collect();
        let mut bounds_m: Vec<([f64; 3], [f64; 3])> = pieces.chunks(WIDTH).map(bounds).collect();
        let mut levels = Vec::new();
        while bounds_m.len() > 1 {
            let mut level = Vec::with_capacity(bounds_m.len().div_ceil(WIDTH));
            let mut above = Vec::with_capacity(level.capacity());
            for group in bounds_m.chunks(WIDTH) {
                let mut boxes = Boxes::empty();
                let (mut low_m, mut high_m) = group[0];
                for (lane, (low, high)) in group.iter().enumerate() {
                    boxes.put(lane, low, high);
                    low_m = [0, 1, 2].map(|axis| low_m[axis].min(low[axis]));
                    high_m = [0, 1, 2].map(|axis| high_m[axis].max(high[axis]));
                }
                level.push(boxes);
                above.push((low_m, high_m));
            }
            levels.push(level);
            bounds_m = above;
        }
        let (low_m, high_m) = bounds_m[0];
        Self { leaves, levels, low_m, high_m }
    }

    /// A box that holds every piece.
    pub(super) fn bounds_m(&self) -> ([f64; 3], [f64; 3]) {
        (self.low_m, self.high_m)
    }

    /// Shows the leaves whose box may be within a limit, of each node the nearest first.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn search(&self, point_m: &[f64; 3], visitor: &mut impl Visit) {
        let rounded_m = [single(point_m[0]), single(point_m[1]), single(point_m[2])];
        let Some(top) = self.levels.len().checked_sub(1) else {
            visitor.visit(0, 0.0);
            return;
        };
        let open = |visitor: &mut _, level: usize, index: u32| {
            let boxes = &self.levels[level][index as usize];
            let squares = boxes.distances_sq(&rounded_m);
            Open { level, index, lanes: Visit::open(visitor, boxes, &squares), squares }
        };
        // Every level has at most one node open; 2³² pieces make eleven levels.
        let mut nodes: SmallVec<[Open; 12]> = SmallVec::new();
        nodes.push(open(visitor, top, 0));
        while let Some(node) = nodes.last_mut() {
            let near = node.lanes & lanes_within(&node.squares, visitor.limit_sq());
            if near == 0 {
                nodes.pop();
                continue;
            }
            let lane = nearest_lane(&node.squares, near);
            node.lanes = near & !(1 << lane);
            let (square, level, below) = (node.squares[lane as usize], node.level, 8 * node.index + lane);
            if level == 0 {
                visitor.visit(below, square);
            } else {
                nodes.push(open(visitor, level - 1, below));
            }
        }
    }
}

#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn least(squares: &[f32; WIDTH]) -> f32 {
    let [a, b, c, d, e, f, g, h] = *squares;
    lesser(lesser(lesser(a, b), lesser(c, d)), lesser(lesser(e, f), lesser(g, h)))
}

/// The lane of the least square, of those with a bit; there is one.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn nearest_lane(squares: &[f32; WIDTH], lanes: u32) -> u32 {
    if lanes == 0xff {
        return lanes_within(squares, least(squares)).trailing_zeros() % 8;
    }
    let mut nearest = lanes.trailing_zeros() % 8;
    let mut others = lanes & (lanes - 1);
    while others != 0 {
        let lane = others.trailing_zeros() % 8;
        others &= others - 1;
        nearest = if squares[lane as usize] < squares[nearest as usize] { lane } else { nearest };
    }
    nearest
}

/// Which lanes are no greater than a limit, a bit for each.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
pub(super) fn lanes_within(squares: &[f32; WIDTH], limit: f32) -> u32 {
    f32x8::from(*squares).simd_le(f32x8::splat(limit)).to_bitmask()
}

/// What a processor does in one step; nothing here is NaN.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn lesser(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// The square of a limit in single precision, with room for the rounding of both sides.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
pub(super) fn square_of(limit_m: f32, pad_m: f32) -> f32 {
    let limit = limit_m + pad_m;
    limit * limit * (1.0 + 4.0 * ROUNDING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance::PIECE_M;
    use crate::distance::series::Place;
    use crate::ellipsoid::{chord_m, distance_m, greatest_chord_m, inverse};
    use crate::length::Length;
    use crate::position::Position;

    /// Numbers in [0, 1), the same on every run (Knuth's linear congruential generator).
    fn numbers(seed: u64) -> impl FnMut() -> f64 {
        let mut state = seed;
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(state >> 32).unwrap_or(0)) / 4_294_967_296.0
        }
    }

    fn point_m(position: Position) -> [f64; 3] {
        Place::new(position).at_m
    }

    fn metres(m: f64) -> Length {
        Length::from_m(m).expect("a length")
    }

    /// A fifth beside the antimeridian, a fifth above 85°, the others anywhere.
    fn place(next: &mut impl FnMut() -> f64, number: usize) -> Position {
        let lat_deg = if number % 5 == 1 { 85.0 + 5.0 * next() } else { (2.0 * next() - 1.0).asin().to_degrees() };
        let lon_deg = if number.is_multiple_of(5) { 179.0 + 2.0 * next() } else { 360.0 * next() - 180.0 };
        let lon_deg = if lon_deg < 180.0 { lon_deg } else { lon_deg - 360.0 };
        Position::computed_deg(if next() < 0.5 { lat_deg } else { -lat_deg }, lon_deg)
    }

    /// How many places of a piece are tried, besides its foot.
    const PLACES: u32 = 9;

    /// Pieces in the order of a tree, along a line that turns, the longest as long as pieces get; and for each some places on its
    /// geodesic, by Karney's direct problem.
    fn pieces(next: &mut impl FnMut() -> f64, number: usize) -> (Vec<Piece>, Vec<Vec<Position>>) {
        let count = 1 + u32::try_from(number % 120).expect("few");
        let greatest_m = 10_f64.powf(4.0 * next()).min(PIECE_M);
        let mut at = place(next, number);
        let mut azimuth_deg = 360.0 * next();
        let (mut pieces, mut places) = (Vec::new(), Vec::new());
        for number in 0..count {
            let length_m = if next() < 0.1 { 0.0 } else { greatest_m * (1.0 - 0.5 * next()) };
            azimuth_deg += 60.0 * (next() - 0.5);
            // Now and then a leap, so that boxes are far apart.
            let from = if next() < 0.02 { at.destination(azimuth_deg, metres(2e6 * next())) } else { at };
            let on =
                |share: u32| from.destination(azimuth_deg, metres(length_m * f64::from(share) / f64::from(PLACES - 1)));
            places.push((0..PLACES).map(on).collect());
            at = on(PLACES - 1);
            pieces.push(Piece::new(0, number, point_m(from), point_m(at)));
        }
        order(&mut pieces);
        let places = pieces.iter().map(|piece| std::mem::take(&mut places[piece.number as usize])).collect();
        (pieces, places)
    }

    /// Half a metre farther out than they are, and no more than rounding beyond that.
    #[test]
    fn boxes_hold_what_is_put_into_them() {
        let mut boxes = Boxes::empty();
        let (low_m, high_m) = ([-6_378_136.9, 12.3, 4_000_000.1], [-6_370_000.4, 12.3, 4_000_900.7]);
        boxes.put(3, &low_m, &high_m);
        for axis in 0..3 {
            let (low, high) = (f64::from(boxes.low_m[axis][3]), f64::from(boxes.high_m[axis][3]));
            assert!((low_m[axis] - 1.6..=low_m[axis] - 0.5).contains(&low), "{axis}: {low}");
            assert!((high_m[axis] + 0.5..=high_m[axis] + 1.6).contains(&high), "{axis}: {high}");
        }
        // 1,000 m below the least corner and 100 m above the greatest, and in between.
        let at = [single(low_m[0] - 1_000.0), 12.3, single(high_m[2] + 100.0)];
        let expected = |x: f64, y: f64, z: f64| x * x + y * y + z * z;
        let near = (boxes.distances_sq(&at)[3].sqrt(), expected(1_000.0, 0.0, 100.0).sqrt());
        let far = (boxes.farthest_sq(&at)[3].sqrt(), expected(9_136.5, 0.0, 1_000.6).sqrt());
        for (found, expected) in [near, far] {
            assert!((f64::from(found) - expected).abs() < 3.0, "{found}, expected {expected}");
        }
        assert!(boxes.distances_sq(&at)[0] > 1e17);
    }

    #[test]
    fn the_least_lane_is_found() {
        let mut next = numbers(23);
        for number in 0..2_000 {
            // Now and then the same number twice: the first of them.
            let squares = [0; WIDTH].map(|_| single((10.0 * next()).floor()));
            let lanes = if number % 3 == 0 { 0xff } else { 1 + number % 255 };
            let of = (0..8).filter(|lane| lanes >> lane & 1 == 1);
            let expected = of.min_by(|a, b| squares[*a as usize].total_cmp(&squares[*b as usize]));
            assert_eq!(Some(nearest_lane(&squares, lanes)), expected, "{squares:?}, {lanes:b}");
            assert_eq!(least(&squares), squares.iter().copied().fold(f32::MAX, f32::min));
        }
    }

    /// A limit has room for rounding, but no more than that.
    #[test]
    fn limits_are_close() {
        for chord_m in [0.0, 1.0, 250.0, 4e3, 1e5, 1e6, 5e6_f32] {
            let (limit_m, chord) = (f64::from(surely_nearest_m(chord_m)), f64::from(chord_m));
            // How much the geodesics with this chord can differ, to first order; single precision on top.
            let most_m = 3.01e-17 * chord.powi(3) + 4.0 * f64::from(ROUNDING) * chord + 2e-3;
            assert!(chord < limit_m && limit_m <= chord + most_m, "{chord_m}: {limit_m}");
            let room = f64::from(square_of(chord_m, 0.75)) / (chord + 0.75).powi(2) / f64::from(ROUNDING);
            assert!(
                room - 1.0 / f64::from(ROUNDING) > 3.0 && room - 1.0 / f64::from(ROUNDING) < 5.0,
                "{chord_m}: {room}"
            );
        }
    }

    /// Nothing is shown that is farther than the limit by more than a leaf's pad.
    #[test]
    fn little_beyond_a_limit_is_shown() {
        let mut next = numbers(24);
        for number in 0..300 {
            let (pieces, places) = pieces(&mut next, number);
            let tree = Tree::new(&pieces);
            let middle = places[pieces.len() / 2][4];
            for _ in 0..4 {
                let at_m = point_m(middle.destination(360.0 * next(), metres(10_f64.powf(6.0 * next()))));
                let limit_m = 10_f64.powf(1.0 + 5.0 * next());
                let shown = shown(&tree, &at_m, limit_m, pieces.len());
                for (slot, piece) in pieces.iter().enumerate().filter(|(slot, _)| shown[*slot]) {
                    let leaf = &pieces[slot / WIDTH * WIDTH..pieces.len().min((slot / WIDTH + 1) * WIDTH)];
                    let (low, high) = bounds(leaf);
                    let reach_m: f64 = (0..3).map(|axis| high[axis] - low[axis]).sum();
                    let bulge_m = leaf
                        .iter()
                        .map(|piece| piece.way_m().iter().map(|m| m * m).sum::<f64>() / 5e7)
                        .fold(0.0, f64::max);
                    let pad_m = bulge_m + 4e-6 * reach_m + 3e-3;
                    let chord_m = piece.chord_m(&at_m);
                    assert!(
                        chord_m <= limit_m + pad_m + 1e-5 * limit_m,
                        "{chord_m} m, the limit is {limit_m} m: {piece:?}"
                    );
                }
            }
        }
    }

    /// What the tree shows within a limit.
    fn shown(tree: &Tree, point_m: &[f64; 3], limit_m: f64, count: usize) -> Vec<bool> {
        let mut shown = vec![false; count];
        tree.search_pieces(point_m, limit_m, |slot| {
            assert!(!shown[slot], "a piece twice");
            shown[slot] = true;
            limit_m
        });
        shown
    }

    /// No piece is missed that has a place as near as the limit: boxes, chords and their rounding never rule out what is near. More
    /// than ten million pairs of a piece and a limit, a few hundred thousand of them with a limit that just reaches the piece.
    #[test]
    fn whatever_is_within_a_limit_is_shown() {
        let mut next = numbers(21);
        let (mut trials, mut tight) = (0_usize, 0_usize);
        for number in 0..700 {
            let (pieces, places) = pieces(&mut next, number);
            let tree = Tree::new(&pieces);
            let places_m: Vec<Vec<[f64; 3]>> =
                places.iter().map(|places| places.iter().copied().map(point_m).collect()).collect();
            let middle = places[pieces.len() / 2][4];
            for at in 0..12 {
                let site = match at {
                    0 => place(&mut next, number),
                    1..=3 => middle.destination(360.0 * next(), metres(2e7 * next())),
                    _ => middle.destination(360.0 * next(), metres(10_f64.powf(-6.0 + 12.0 * next()))),
                };
                let site = Place::new(site);
                // The least chord to a piece: to its foot, or to one of its places.
                let least_m = |(piece, places_m): (&Piece, &Vec<[f64; 3]>)| {
                    let foot_m = piece.foot(&site).map_or(f64::INFINITY, |foot| chord_m(site.at_m, foot.at_m));
                    places_m.iter().map(|place_m| chord_m(site.at_m, *place_m)).fold(foot_m, f64::min)
                };
                let chords_m: Vec<f64> = pieces.iter().zip(&places_m).map(least_m).collect();
                for limit_m in chords_m.iter().step_by(1 + pieces.len() / 40) {
                    let shown = shown(&tree, &site.at_m, *limit_m, pieces.len());
                    for (slot, chord_m) in chords_m.iter().enumerate() {
                        assert!(shown[slot] || chord_m > limit_m, "{site:?}, {:?}: {chord_m} m", pieces[slot]);
                    }
                    trials += pieces.len();
                    tight += 1;
                }
            }
        }
        println!("{trials} pairs, {tight} of them tight");
        assert!(trials > 10_000_000 && tight > 200_000, "{trials} pairs, {tight} of them tight");
    }

    /// No piece is missed by the limit that a geodesic distance makes: that to the nearest of its places, by Karney's inverse.
    #[test]
    fn whatever_is_within_a_distance_is_shown() {
        let mut next = numbers(22);
        for number in 0..2_000 {
            let (pieces, places) = pieces(&mut next, number);
            let tree = Tree::new(&pieces);
            let slot = pieces.len() / 3;
            for _ in 0..10 {
                let away_m = if next() < 0.5 { 2e7 * next() } else { 10_f64.powf(-3.0 + 10.3 * next()) };
                // Square to the piece, so that the place is its foot; or in any direction.
                let on = places[slot][1 + number % 7];
                let along_deg = inverse(on, places[slot][8]).azimuth_deg;
                let away_deg = if next() < 0.5 { along_deg + 90.0 } else { 360.0 * next() };
                let site = on.destination(away_deg, metres(away_m));
                let nearest_m = places[slot].iter().map(|place| distance_m(site, *place)).fold(f64::INFINITY, f64::min);
                let shown = shown(&tree, &point_m(site), greatest_chord_m(nearest_m), pieces.len());
                assert!(shown[slot], "{site}: {nearest_m} m, {:?}", pieces[slot]);
            }
        }
    }
}
