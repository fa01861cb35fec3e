//! A packed tree over pieces: eight to a leaf, eight nodes to a node, tested eight at a time in single precision.
//!
//! It only ever rules out: boxes and chords are padded by more than their rounding, so that no piece within the limit is missed.

use super::piece::Piece;

const WIDTH: usize = 8;

/// Where no piece is: lanes without one.
const NOWHERE_M: f32 = 1e9;

/// The share by which squares of distances in single precision are off at most, with room.
const ROUNDING: f32 = 2e-6;

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

#[allow(clippy::cast_possible_truncation, reason = "bounds are padded by more than the rounding")]
fn single(value: f64) -> f32 {
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

/// A node that is still to be looked into.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    square: f32,
    /// How many levels it is above the leaves.
    level: u32,
    index: u32,
}

/// Room for the nodes that are still to be looked into, kept from one search to the next.
pub(super) type Stack = [Open; 96];

/// A stack with nothing on it. Every level leaves at most seven nodes behind; 2³² pieces make eleven levels.
pub(super) const EMPTY: Stack = [Open { square: 0.0, level: 0, index: 0 }; 96];

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

    /// Shows the pieces whose chord from the point may be within a limit, near ones first as far as can be told cheaply; what
    /// `visit` returns is the limit from then on, negative to stop.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn search(
        &self,
        open: &mut Stack,
        point_m: &[f64; 3],
        mut limit_m: f64,
        mut visit: impl FnMut(usize) -> f64,
    ) {
        let rounded_m = [single(point_m[0]), single(point_m[1]), single(point_m[2])];
        let mut count = 1;
        open[0] = Open { square: 0.0, level: u32::try_from(self.levels.len()).unwrap_or(0), index: 0 };
        let mut box_limit = square_of(limit_m, 0.0);
        while count > 0 {
            count -= 1;
            let Open { square, level, index } = open[count];
            if square > box_limit {
                continue;
            }
            if level == 0 {
                let before_m = limit_m;
                limit_m = self.search_leaf(index as usize, point_m, limit_m, &mut visit);
                if limit_m < 0.0 {
                    return;
                }
                if limit_m != before_m {
                    box_limit = square_of(limit_m, 0.0);
                }
                continue;
            }
            let squares = self.levels[level as usize - 1][index as usize].distances_sq(&rounded_m);
            let first = count;
            let mut near = lanes_within(&squares, box_limit);
            while near != 0 {
                let lane = near.trailing_zeros();
                near &= near - 1;
                let square = squares[lane as usize];
                // The nearest comes last, and is the next.
                let mut slot = count;
                while slot > first && open[slot - 1].square < square {
                    open[slot] = open[slot - 1];
                    slot -= 1;
                }
                open[slot] = Open { square, level: level - 1, index: index * 8 + lane };
                count += 1;
            }
        }
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn search_leaf(&self, index: usize, point_m: &[f64; 3], limit_m: f64, visit: &mut impl FnMut(usize) -> f64) -> f64 {
        let leaf = &self.leaves[index];
        let squares = leaf.chords_sq(point_m);
        let mut limit_m = limit_m;
        let mut near = lanes_within(&squares, square_of(limit_m, leaf.pad_m));
        while near != 0 {
            let mut nearest = near.trailing_zeros();
            let mut others = near & (near - 1);
            while others != 0 {
                let lane = others.trailing_zeros();
                others &= others - 1;
                if squares[lane as usize] < squares[nearest as usize] {
                    nearest = lane;
                }
            }
            near &= !(1 << nearest);
            limit_m = visit(WIDTH * index + nearest as usize);
            if limit_m < 0.0 {
                return limit_m;
            }
            if near != 0 {
                near &= lanes_within(&squares, square_of(limit_m, leaf.pad_m));
            }
        }
        limit_m
    }
}

/// Which lanes are no greater than a limit, a bit for each.
#[inline(always)]
#[allow(clippy::inline_always, reason = "part of the innermost loop")]
fn lanes_within(squares: &[f32; WIDTH], limit: f32) -> u32 {
    let mut lanes = 0;
    for (lane, square) in squares.iter().enumerate() {
        lanes |= u32::from(*square <= limit) << lane;
    }
    lanes
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
fn square_of(limit_m: f64, pad_m: f32) -> f32 {
    let limit = single(limit_m) + pad_m;
    limit * limit * (1.0 + 4.0 * ROUNDING)
}
