//! Sites in an order in which neighbours follow each other: along Hilbert's curve over the box that they fill. The order changes no
//! result, only the speed.

use crate::position::Position;

/// A site on its way to be measured.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Placed {
    /// How far along the curve it comes.
    key: u32,
    /// Where it stands among all sites.
    pub(super) at: u32,
    pub(super) lat_deg: f64,
    pub(super) lon_deg: f64,
}

/// So many keys are worked out at once.
const BLOCK: usize = 8;

/// Sorted by so many bits at a time.
const DIGIT: u32 = 10;

/// The sites as they come.
pub(super) fn as_they_come(sites: &[Position]) -> Vec<Placed> {
    let placed = |(at, site): (u32, &Position)| Placed { key: 0, at, lat_deg: site.lat_deg(), lon_deg: site.lon_deg() };
    (0..).zip(sites).map(placed).collect()
}

/// The sites in the order of the curve, as good as two digits have it.
#[inline(always)]
#[allow(clippy::inline_always, reason = "compiled for each kind of registers")]
pub(super) fn order(sites: &[Position]) -> Vec<Placed> {
    // A few sites to a cell, and cells enough for two digits.
    order_by(sites, if sites.len() < 4_096 { 1 } else { 2 })
}

/// The numbers of the sites in the order of the curve, for a tree that is kept: as good as three digits have it.
pub(crate) fn hilbert_order(sites: &[Position]) -> Vec<u32> {
    order_by(sites, 3).into_iter().map(|placed| placed.at).collect()
}

#[inline(always)]
#[allow(clippy::inline_always, reason = "compiled for each kind of registers")]
fn order_by(sites: &[Position], digits: u32) -> Vec<Placed> {
    let levels = digits * DIGIT / 2;
    let mut placed = keyed(sites, levels);
    let mut other = vec![Placed::default(); sites.len()];
    for digit in 0..digits {
        sort_by_digit(&placed, &mut other, digit * DIGIT);
        std::mem::swap(&mut placed, &mut other);
    }
    placed
}

/// Moves everything to where its digit puts it, in the order it had among those of the same digit.
#[inline(always)]
#[allow(clippy::inline_always, reason = "compiled for each kind of registers")]
fn sort_by_digit(from: &[Placed], to: &mut [Placed], shift: u32) {
    let digit = |placed: &Placed| ((placed.key >> shift) & ((1 << DIGIT) - 1)) as usize;
    let mut next = [0_usize; 1 << DIGIT];
    for placed in from {
        next[digit(placed)] += 1;
    }
    let mut before = 0;
    for slot in &mut next {
        (*slot, before) = (before, before + *slot);
    }
    for placed in from {
        let slot = &mut next[digit(placed)];
        to[*slot] = *placed;
        *slot += 1;
    }
}

/// The sites as they come, with their keys.
#[inline(always)]
#[allow(clippy::inline_always, reason = "compiled for each kind of registers")]
fn keyed(sites: &[Position], levels: u32) -> Vec<Placed> {
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for site in sites {
        for (axis, deg) in [site.lat_deg(), site.lon_deg()].into_iter().enumerate() {
            low[axis] = if deg < low[axis] { deg } else { low[axis] };
            high[axis] = if deg > high[axis] { deg } else { high[axis] };
        }
    }
    let cells = f64::from((1_u32 << levels) - 1);
    let per_deg = [cells / (high[0] - low[0]).max(1e-9), cells / (high[1] - low[1]).max(1e-9)];
    let mut placed = Vec::with_capacity(sites.len());
    let mut at = 0;
    for block in sites.chunks(BLOCK) {
        let (mut lat_deg, mut lon_deg) = ([low[0]; BLOCK], [low[1]; BLOCK]);
        for (lane, site) in block.iter().enumerate() {
            (lat_deg[lane], lon_deg[lane]) = (site.lat_deg(), site.lon_deg());
        }
        let (mut x, mut y, mut keys) = ([0; BLOCK], [0; BLOCK], [0; BLOCK]);
        for lane in 0..BLOCK {
            x[lane] = cell((lat_deg[lane] - low[0]) * per_deg[0]);
            y[lane] = cell((lon_deg[lane] - low[1]) * per_deg[1]);
        }
        for level in (0..levels).rev() {
            for lane in 0..BLOCK {
                keys[lane] = hilbert_step(keys[lane], &mut x[lane], &mut y[lane], level);
            }
        }
        for lane in 0..block.len() {
            placed.push(Placed { key: keys[lane], at, lat_deg: lat_deg[lane], lon_deg: lon_deg[lane] });
            at += 1;
        }
    }
    placed
}

#[inline(always)]
#[allow(
    clippy::inline_always,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and the number of cells, several at a time"
)]
fn cell(steps: f64) -> u32 {
    steps as i32 as u32
}

/// One level of how far along Hilbert's curve a cell comes. Cells that follow each other are neighbours.
#[inline(always)]
#[allow(clippy::inline_always, reason = "several at a time")]
fn hilbert_step(along: u32, x: &mut u32, y: &mut u32, level: u32) -> u32 {
    let (right, up) = ((*x >> level) & 1, (*y >> level) & 1);
    // The lower quarters are mirrored if they lie to the right, and turned: all bits or none, without a branch.
    let is_low = up.wrapping_sub(1);
    let mirror = is_low & right.wrapping_neg();
    let swap = (*x ^ *y) & is_low;
    (*x, *y) = (*x ^ mirror ^ swap, *y ^ mirror ^ swap);
    (along << 2) | ((3 * right) ^ up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_comes_once_and_neighbours_follow() {
        for levels in [1, 2, 5] {
            let cells = 1_u32 << levels;
            let mut along = vec![None; (cells * cells) as usize];
            for x in 0..cells {
                for y in 0..cells {
                    let (mut at, mut right, mut up) = (0, x, y);
                    for level in (0..levels).rev() {
                        at = hilbert_step(at, &mut right, &mut up, level);
                    }
                    let place = &mut along[at as usize];
                    assert_eq!(*place, None, "{x} {y}");
                    *place = Some((x, y));
                }
            }
            for pair in along.windows(2) {
                let [(a, b), (x, y)] = [pair[0], pair[1]].map(|cell| cell.expect("every cell comes"));
                assert_eq!(a.abs_diff(x) + b.abs_diff(y), 1, "{a} {b} to {x} {y}");
            }
        }
    }

    /// On a grid of as many sites as the curve has cells, at some level, each site follows a neighbour.
    #[test]
    fn neighbours_on_a_grid_follow_each_other() {
        for (side, reach_deg) in [(16, 1.0), (64, 1.0), (64, 0.001), (64, 60.0)] {
            let along = |step: usize| {
                f64::from(u32::try_from(step).expect("small")) / f64::from(u32::try_from(side - 1).expect("small"))
            };
            // In an order that has nothing to do with the grid.
            let cells: Vec<[usize; 2]> =
                (0..side * side).map(|at| at * 1_237 % (side * side)).map(|at| [at / side, at % side]).collect();
            let site = |[x, y]: &[usize; 2]| {
                Position::computed_deg(-20.0 + reach_deg * along(*x), 100.0 + reach_deg * along(*y))
            };
            let sites: Vec<Position> = cells.iter().map(site).collect();
            let by_two: Vec<u32> = order(&sites).iter().map(|placed| placed.at).collect();
            for order in [by_two, hilbert_order(&sites)] {
                for pair in order.windows(2) {
                    let [[a, b], [x, y]] = [pair[0], pair[1]].map(|at| cells[at as usize]);
                    let steps = a.abs_diff(x) + b.abs_diff(y);
                    assert!(steps == 1, "{side}, {reach_deg}: {a} {b} to {x} {y}");
                }
            }
        }
    }

    #[test]
    fn every_site_comes_once() {
        for count in [0, 1, 2, 9, 5_000] {
            let sites: Vec<Position> = (0..count)
                .map(|at| {
                    let turn = f64::from(at) * 137.508;
                    Position::new(turn % 90.0, turn % 180.0).expect("valid")
                })
                .collect();
            let placed = order(&sites);
            let mut seen = vec![false; sites.len()];
            for pair in placed.windows(2) {
                assert!(pair[0].key <= pair[1].key);
            }
            for placed in &placed {
                let site = sites[placed.at as usize];
                assert_eq!((placed.lat_deg, placed.lon_deg), (site.lat_deg(), site.lon_deg()));
                assert!(!std::mem::replace(&mut seen[placed.at as usize], true));
            }
            assert!(seen.iter().all(|seen| *seen));
        }
    }
}
