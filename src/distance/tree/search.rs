//! What a search of the tree looks for: the nearest piece of a point, those that may be nearest anywhere in a ball, or any within a limit.

use smallvec::SmallVec;

use super::{
    ANYWHERE_M, Ball, Boxes, LEAVES, ROUNDING, Slots, Tree, WIDTH, greater, lanes_within, least, single, square_of,
    surely_nearest_m,
};
use crate::distance::packet::Chord;

/// The leaves that may hold the nearest piece of one point, as far as single precision tells.
#[derive(Debug)]
pub(crate) struct Candidates {
    /// With the squares of the distances to their chords.
    leaves: SmallVec<[(u32, [f32; WIDTH]); 6]>,
    /// No piece with a longer chord is the nearest.
    limit_m: f32,
    /// Its square, for boxes.
    limit_sq: f32,
}

impl Candidates {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn none() -> Self {
        Self { leaves: SmallVec::new(), limit_m: ANYWHERE_M, limit_sq: square_of(ANYWHERE_M, 0.0) }
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn look(&mut self, tree: &Tree, index: u32, point_m: &[f64; 3]) {
        let leaf = &tree.leaves[index as usize];
        let squares = leaf.chords_sq(point_m);
        let least = least(&squares);
        if least > square_of(self.limit_m, leaf.pad_m) {
            return;
        }
        self.leaves.push((index, squares));
        let limit_m = surely_nearest_m(least.sqrt() * (1.0 + ROUNDING) + leaf.pad_m);
        if limit_m < self.limit_m {
            (self.limit_m, self.limit_sq) = (limit_m, square_of(limit_m, 0.0));
        }
    }

    /// Every piece that may be the nearest, by its place in the tree; there is at least one.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(crate) fn slots(&self, tree: &Tree) -> Slots {
        let mut slots = Slots::new();
        for (index, squares) in &self.leaves {
            let mut near = lanes_within(squares, square_of(self.limit_m, tree.leaves[*index as usize].pad_m));
            while near != 0 {
                slots.push(8 * *index + near.trailing_zeros());
                near &= near - 1;
            }
        }
        slots
    }

    /// Whether all that may be nearest is within a chord.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(crate) fn all_within(&self, chord_m: f32) -> bool {
        self.limit_m <= chord_m
    }
}

/// What a search looks for. Closures would be compiled by themselves, and without the wider registers.
pub(super) trait Visit {
    /// No box farther than this, squared, holds anything; negative to stop.
    fn limit_sq(&self) -> f32;

    /// Which of eight boxes may hold something, a bit for each, given the squares of the distances to them.
    fn open(&self, boxes: &Boxes, squares: &[f32; WIDTH]) -> u32;

    /// A leaf, and the square of the distance to its box.
    fn visit(&mut self, leaf: u32, square: f32);
}

impl Tree {
    /// The leaves that may hold the nearest piece.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(crate) fn candidates(&self, point_m: &[f64; 3]) -> Candidates {
        let mut nearest = Nearest { tree: self, point_m, candidates: Candidates::none() };
        self.search(point_m, &mut nearest);
        nearest.candidates
    }

    /// The chords of the pieces that may be nearest to a point of the ball, and the greatest pad of their leaves; None if there
    /// are too many. `hint` is a leaf that may be near, and then the one that is nearest to the center.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(crate) fn gather(
        &self,
        ball: &Ball,
        hint: &mut u32,
        leaves: &mut Vec<u32>,
        chords: &mut Vec<Chord>,
    ) -> Option<f32> {
        leaves.clear();
        chords.clear();
        let mut within = Within {
            tree: self,
            ball,
            foot_m: [0.0; 3],
            rounded_m: [0.0; 3],
            foot_sq: f32::INFINITY,
            foot_pad_m: 0.0,
            nearest: *hint,
            bound_sq: f32::INFINITY,
            limit_sq: f32::INFINITY,
            leaves,
        };
        within.look(*hint);
        self.search(&ball.center_m, &mut within);
        if within.limit_sq < 0.0 {
            return None;
        }
        *hint = within.nearest;
        let mut pad_m = 0.0;
        for at in 0..within.leaves.len() {
            let index = within.leaves[at];
            pad_m = greater(pad_m, self.leaves[index as usize].pad_m);
            within.chords(index, chords);
        }
        Some(pad_m)
    }

    /// Shows the pieces whose chord from the point may be within a limit; what `visit` returns is the limit from then on, negative
    /// to stop.
    pub(crate) fn search_pieces(&self, point_m: &[f64; 3], limit_m: f64, visit: impl FnMut(usize) -> f64) {
        self.search(point_m, &mut Pieces { tree: self, point_m, limit_m, visit });
    }
}

/// The nearest piece of one point.
struct Nearest<'a> {
    tree: &'a Tree,
    point_m: &'a [f64; 3],
    candidates: Candidates,
}

impl Visit for Nearest<'_> {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn limit_sq(&self) -> f32 {
        self.candidates.limit_sq
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn open(&self, _: &Boxes, squares: &[f32; WIDTH]) -> u32 {
        lanes_within(squares, self.candidates.limit_sq)
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn visit(&mut self, leaf: u32, _: f32) {
        self.candidates.look(self.tree, leaf, self.point_m);
    }
}

/// The pieces that may be nearest to some point of a ball.
///
/// With c its center, r its radius, f a place of the line and q another: for a point s, `|s−q|² − |s−f|²` is
/// `|c−q|² − |c−f|² − 2(s−c)·(q−f)`. So q is farther from the whole ball than f where `|c−q|² − |c−f|² > 2r·|q−f|`.
struct Within<'a> {
    tree: &'a Tree,
    ball: &'a Ball,
    /// The place of a chord that is nearest to the center so far, and in single precision.
    foot_m: [f64; 3],
    rounded_m: [f32; 3],
    /// How far it is from the center, squared; the pad of its leaf; the leaf.
    foot_sq: f32,
    foot_pad_m: f32,
    nearest: u32,
    /// What the square of the distance to a box may exceed only by 2r times the distance from the foot.
    bound_sq: f32,
    /// The square of the distance within which boxes are looked into at all, negative if there were too many leaves.
    limit_sq: f32,
    leaves: &'a mut Vec<u32>,
}

impl Within<'_> {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn look(&mut self, index: u32) {
        let leaf = &self.tree.leaves[index as usize];
        let squares = leaf.chords_sq(&self.ball.center_m);
        let least_sq = least(&squares);
        if least_sq >= self.foot_sq {
            return;
        }
        let lane = lanes_within(&squares, least_sq).trailing_zeros() as usize;
        self.foot_m = leaf.foot_m(&self.ball.center_m, lane % WIDTH);
        self.rounded_m = [single(self.foot_m[0]), single(self.foot_m[1]), single(self.foot_m[2])];
        (self.foot_sq, self.foot_pad_m, self.nearest) = (least_sq, leaf.pad_m, index);
        // Half a metre is in the boxes already.
        self.bound_sq = self.bound_sq(0.5);
        let radius_m = self.ball.radius_m;
        let limit_m = surely_nearest_m(least_sq.sqrt() * (1.0 + ROUNDING) + leaf.pad_m + radius_m) + radius_m;
        self.limit_sq = square_of(limit_m, 0.0);
    }

    /// With `η` what a candidate may be farther than the foot, `|s−q| ≤ |s−f| + η` makes `|s−q|² ≤ |s−f|² + 2η·|s−f| + η²`.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn bound_sq(&self, pad_m: f32) -> f32 {
        let foot_m = self.foot_sq.sqrt() * (1.0 + ROUNDING);
        let farthest_m = foot_m + self.foot_pad_m + self.ball.radius_m;
        let more_m = surely_nearest_m(farthest_m) - farthest_m + ROUNDING * farthest_m + self.foot_pad_m + pad_m;
        (foot_m * foot_m + more_m * (2.0 * farthest_m + more_m)) * (1.0 + 4.0 * ROUNDING)
    }

    /// Which lanes may be nearer to a point of the ball than the foot, given the squares of their least distance from the center
    /// and of their greatest from the foot.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn may_be_nearer(&self, squares: &[f32; WIDTH], from_foot_sq: &[f32; WIDTH], bound_sq: f32) -> u32 {
        let twice_m = 2.0 * self.ball.radius_m * (1.0 + 4.0 * ROUNDING);
        let per_sq = twice_m * twice_m;
        let mut excess = [0.0; WIDTH];
        for lane in 0..WIDTH {
            let more = greater(squares[lane] - bound_sq, 0.0);
            excess[lane] = more * more - per_sq * from_foot_sq[lane];
        }
        lanes_within(&excess, 0.0)
    }

    /// The chords of those pieces of a leaf that may be nearer than the foot.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn chords(&self, index: u32, chords: &mut Vec<Chord>) {
        let leaf = &self.tree.leaves[index as usize];
        let squares = leaf.chords_sq(&self.ball.center_m);
        let from_foot = |axis: usize| single(leaf.center_m[axis] - self.foot_m[axis]);
        let [fx, fy, fz] = [from_foot(0), from_foot(1), from_foot(2)];
        let [sx, sy, sz] = &leaf.start_m;
        let [wx, wy, wz] = &leaf.way_m;
        let mut from_foot_sq = [0.0; WIDTH];
        for lane in 0..WIDTH {
            let (x, y, z) = (sx[lane] + fx, sy[lane] + fy, sz[lane] + fz);
            let start_sq = x * x + y * y + z * z;
            let (x, y, z) = (x + wx[lane], y + wy[lane], z + wz[lane]);
            // A metre more for the rounding of coordinates.
            from_foot_sq[lane] = greater(start_sq, x * x + y * y + z * z) + 1.0;
        }
        let mut near = self.may_be_nearer(&squares, &from_foot_sq, self.bound_sq(leaf.pad_m));
        let from_center = |axis: usize| leaf.center_m[axis] - self.ball.center_m[axis];
        let [x, y, z] = [from_center(0), from_center(1), from_center(2)];
        while near != 0 {
            let lane = near.trailing_zeros();
            near &= near - 1;
            let at = lane as usize;
            chords.push(Chord {
                slot: 8 * index + lane,
                start_m: [single(f64::from(sx[at]) + x), single(f64::from(sy[at]) + y), single(f64::from(sz[at]) + z)],
                way_m: [wx[at], wy[at], wz[at]],
                per_way_sq: leaf.per_way_sq[at],
            });
        }
    }
}

impl Visit for Within<'_> {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn limit_sq(&self) -> f32 {
        self.limit_sq
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn open(&self, boxes: &Boxes, squares: &[f32; WIDTH]) -> u32 {
        self.may_be_nearer(squares, &boxes.farthest_sq(&self.rounded_m), self.bound_sq)
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn visit(&mut self, leaf: u32, square: f32) {
        if self.leaves.len() == LEAVES {
            self.limit_sq = -1.0;
            return;
        }
        self.leaves.push(leaf);
        if square < self.foot_sq {
            self.look(leaf);
        }
    }
}

struct Pieces<'a, F> {
    tree: &'a Tree,
    point_m: &'a [f64; 3],
    limit_m: f64,
    visit: F,
}

impl<F: FnMut(usize) -> f64> Visit for Pieces<'_, F> {
    fn limit_sq(&self) -> f32 {
        if self.limit_m < 0.0 { -1.0 } else { square_of(single(self.limit_m), 0.0) }
    }

    fn open(&self, _: &Boxes, squares: &[f32; WIDTH]) -> u32 {
        lanes_within(squares, self.limit_sq())
    }

    fn visit(&mut self, leaf: u32, _: f32) {
        let index = leaf as usize;
        let leaf = &self.tree.leaves[index];
        for (lane, square) in leaf.chords_sq(self.point_m).iter().enumerate() {
            if self.limit_m >= 0.0 && *square <= square_of(single(self.limit_m), leaf.pad_m) {
                self.limit_m = (self.visit)(WIDTH * index + lane);
            }
        }
    }
}
