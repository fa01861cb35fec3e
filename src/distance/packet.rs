//! Sites that are close together, searched for side by side: the pieces that may be nearest to any of them are found once, and their
//! chords are compared for eight sites at a time.

use wide::f32x8;

use super::order::Placed;
use super::series::gridded_m;
use super::tree::{Ball, ROUNDING, Tree, single, square_of, surely_nearest_m};
use super::{CANDIDATES_M, LONG_CANDIDATES_M};
use crate::ellipsoid::chord_m;

/// So many sites that follow each other are searched for together.
pub(super) const PACKET: usize = 16;

/// So many are compared at once.
const BLOCK: usize = 8;

/// More pieces are not worth it.
const NEARBY: usize = 320;

/// Sites that are close together.
pub(super) struct Packet {
    pub(super) count: usize,
    /// Where they stand among all sites.
    pub(super) at: [u32; PACKET],
    at_m: [[f64; PACKET]; 3],
}

impl Packet {
    /// The sites that come next in an order; at least one, at most [`PACKET`].
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn new(sites: &[Placed]) -> Self {
        let mut packet = Self { count: sites.len(), at: [0; PACKET], at_m: [[0.0; PACKET]; 3] };
        let (mut lat_deg, mut lon_deg) = ([0.0; PACKET], [0.0; PACKET]);
        for (lane, site) in sites.iter().enumerate() {
            packet.at[lane] = site.at;
            (lat_deg[lane], lon_deg[lane]) = (site.lat_deg, site.lon_deg);
        }
        for lane in 0..PACKET {
            let [x, y, z] = gridded_m(lat_deg[lane], lon_deg[lane]);
            packet.at_m[0][lane] = x;
            packet.at_m[1][lane] = y;
            packet.at_m[2][lane] = z;
        }
        packet
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn at_m(&self, lane: usize) -> [f64; 3] {
        [self.at_m[0][lane], self.at_m[1][lane], self.at_m[2][lane]]
    }

    /// A ball that holds its sites.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn ball(&self) -> Ball {
        let (mut low_m, mut high_m) = (self.at_m(0), self.at_m(0));
        for lane in 1..self.count {
            for axis in 0..3 {
                low_m[axis] = low_m[axis].min(self.at_m[axis][lane]);
                high_m[axis] = high_m[axis].max(self.at_m[axis][lane]);
            }
        }
        let middle = |axis: usize| 0.5 * (low_m[axis] + high_m[axis]);
        #[allow(clippy::cast_possible_truncation, reason = "rounded up")]
        let radius_m = ((0.5 * chord_m(low_m, high_m)) as f32).next_up() + 1e-3;
        Ball { center_m: [middle(0), middle(1), middle(2)], radius_m }
    }
}

/// The chord of a piece, from the center of a ball.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chord {
    pub(super) slot: u32,
    pub(super) start_m: [f32; 3],
    pub(super) way_m: [f32; 3],
    pub(super) per_way_sq: f32,
}

/// Which lanes of a packet may be beyond reach of the short series, and of the long one, a bit for each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    pub(super) far: u32,
    pub(super) beyond: u32,
}

/// The pieces that may be nearest to some of the sites of a packet.
#[derive(Default)]
pub(super) struct Nearby {
    leaves: Vec<u32>,
    chords: Vec<Chord>,
    squares: Vec<[f32; BLOCK]>,
    /// A leaf that may be near the next packet too.
    hint: u32,
    ball: Ball,
    leaf_pad_m: f32,
}

impl Nearby {
    /// Finds the pieces for a packet; false if there are too many.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn gather(&mut self, tree: &Tree, packet: &Packet) -> bool {
        self.ball = packet.ball();
        let Some(leaf_pad_m) = tree.gather(&self.ball, &mut self.hint, &mut self.leaves, &mut self.chords) else {
            return false;
        };
        self.leaf_pad_m = leaf_pad_m;
        self.chords.len() <= NEARBY
    }

    /// For each site within reach of the series the pieces that may be nearest, in pairs of lane and slot.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn pairs(&mut self, packet: &Packet, pairs: &mut Vec<(u32, u32)>) -> Reach {
        pairs.clear();
        let mut reach = Reach { far: 0, beyond: 0 };
        let mut lane = 0;
        while lane < packet.count {
            let count = (packet.count - lane).min(BLOCK);
            let mut at_m = [[0.0_f32; BLOCK]; 3];
            for ((rounded_m, all_m), center_m) in at_m.iter_mut().zip(&packet.at_m).zip(&self.ball.center_m) {
                for (at, rounded_m) in rounded_m.iter_mut().enumerate() {
                    // Lanes without a site repeat the last.
                    let site = lane + if at < count { at } else { count - 1 };
                    *rounded_m = single(all_m[site] - center_m);
                }
            }
            let block = self.block(&at_m, lane, count, pairs);
            reach = Reach { far: reach.far | block.far << lane, beyond: reach.beyond | block.beyond << lane };
            lane += BLOCK;
        }
        reach
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn block(&mut self, at_m: &[[f32; BLOCK]; 3], first: usize, count: usize, pairs: &mut Vec<(u32, u32)>) -> Reach {
        let mut least = [f32::MAX; BLOCK];
        self.squares.clear();
        for chord in &self.chords {
            let mut squares = [0.0; BLOCK];
            let ([sx, sy, sz], [wx, wy, wz]) = (chord.start_m, chord.way_m);
            for lane in 0..BLOCK {
                let (x, y, z) = (at_m[0][lane] - sx, at_m[1][lane] - sy, at_m[2][lane] - sz);
                let along = (x * wx + y * wy + z * wz) * chord.per_way_sq;
                let along = if along > 0.0 { along } else { 0.0 };
                let along = if along < 1.0 { along } else { 1.0 };
                let (x, y, z) = (x - along * wx, y - along * wy, z - along * wz);
                squares[lane] = x * x + y * y + z * z;
                least[lane] = if squares[lane] < least[lane] { squares[lane] } else { least[lane] };
            }
            self.squares.push(squares);
        }
        let mut within = [0.0; BLOCK];
        let (mut far, mut beyond) = (0, 0);
        for lane in 0..BLOCK {
            let chord_m = least[lane].sqrt() * (1.0 + ROUNDING);
            // Coordinates from the center are rounded in proportion to themselves.
            let pad_m = self.leaf_pad_m + ROUNDING * (chord_m + 2.0 * self.ball.radius_m);
            let limit_m = surely_nearest_m(chord_m + pad_m);
            far |= u32::from(limit_m > CANDIDATES_M) << lane;
            beyond |= u32::from(limit_m > LONG_CANDIDATES_M) << lane;
            within[lane] = square_of(limit_m, pad_m);
        }
        let (within, all) = (f32x8::from(within), (1_u32 << count) - 1);
        let (far, beyond) = (far & all, beyond & all);
        for (chord, squares) in self.chords.iter().zip(&self.squares) {
            let mut near = f32x8::from(*squares).simd_le(within).to_bitmask() & all & !beyond;
            while near != 0 {
                #[allow(clippy::cast_possible_truncation, reason = "a packet is small")]
                pairs.push((first as u32 + near.trailing_zeros(), chord.slot));
                near &= near - 1;
            }
        }
        Reach { far, beyond }
    }
}
