//! Many sites at once: in an order in which neighbours follow each other, so that what is nearest to one bounds the next.

use super::series::Place;
use super::{Nearest, Polyline, tree};
use crate::position::Position;

/// So many sites are sorted together, and measured by one thread.
pub(super) const CHUNK: usize = 16_384;

/// A chunk and the room for its results: work that is compiled once for each kind of registers, and done with the widest that the
/// processor has. The operations are the same, and so are the bits: no two are ever fused.
pub(super) struct Chunk<'a> {
    pub(super) line: &'a Polyline,
    pub(super) sites: &'a [Position],
    pub(super) all: &'a mut [Nearest],
}

impl pulp::WithSimd for Chunk<'_> {
    type Output = ();

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "what is not part of it is compiled without the wider registers")]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let order = order(self.sites);
        let sites: Vec<Position> = order.iter().map(|at| self.sites[*at as usize]).collect();
        let places: Vec<Place> = sites.iter().map(|site| Place::new(*site)).collect();
        let mut open = tree::EMPTY;
        let mut hint = None;
        for ((at, site), place) in order.iter().zip(&sites).zip(&places) {
            let found = self.line.search(&mut open, *site, place, hint);
            hint = found.map(|found| found.slot);
            self.all[*at as usize] = self.line.nearest_of(found.as_ref(), *site, place);
        }
    }
}

/// The sites of a chunk in the order of a Morton curve over the box they fill. The order changes no result, only the speed.
pub(super) fn order(sites: &[Position]) -> Vec<u32> {
    let bounds = |of: fn(&Position) -> f64| {
        let (low, high) = sites
            .iter()
            .map(of)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), deg| (low.min(deg), high.max(deg)));
        (low, 65_535.0 / (high - low).max(1e-9))
    };
    let ((south, per_lat), (west, per_lon)) = (bounds(Position::lat_deg), bounds(Position::lon_deg));
    let key = |site: &Position| {
        let cell = |steps: f64| spread(small(steps));
        (cell((site.lat_deg() - south) * per_lat) << 1) | cell((site.lon_deg() - west) * per_lon)
    };
    let mut keys: Vec<u64> = (0_u64..).zip(sites).map(|(at, site)| (key(site) << 32) | at).collect();
    keys.sort_unstable();
    keys.into_iter().map(low_half).collect()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 65,535")]
fn small(steps: f64) -> u32 {
    steps as u32
}

#[allow(clippy::cast_possible_truncation, reason = "the half that is wanted")]
fn low_half(key: u64) -> u32 {
    key as u32
}

/// Sixteen bits with a gap after each.
fn spread(bits: u32) -> u64 {
    let bits = u64::from(bits & 0xffff);
    let bits = (bits | bits << 8) & 0x00ff_00ff;
    let bits = (bits | bits << 4) & 0x0f0f_0f0f;
    let bits = (bits | bits << 2) & 0x3333_3333;
    (bits | bits << 1) & 0x5555_5555
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_site_comes_once_and_neighbours_follow() {
        let corner = |lat_deg, lon_deg| Position::new(lat_deg, lon_deg).expect("valid");
        let sites: Vec<Position> =
            [(10.0, 20.0), (0.0, 0.0), (10.0, 0.0), (0.0, 20.0), (0.1, 0.1)].map(|(lat, lon)| corner(lat, lon)).into();
        assert_eq!(order(&sites), [1, 4, 3, 2, 0]);
        assert_eq!(order(&sites[..1]), [0]);
        assert!(order(&[]).is_empty());
        assert_eq!(spread(0b1011), 0b100_0101);
    }
}
