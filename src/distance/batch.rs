//! Many sites at once: in an order in which neighbours follow each other, so that what is nearest to one bounds the next.

use super::lanes::Measures;
use super::packet::{Nearby, PACKET, Packet, Reach};
use super::series::Place;
use super::{Nearest, Polyline, order, tree};
use crate::position::Position;

/// How many sites are sorted together and measured by one thread: the more pieces, the more sites it takes for those that follow each
/// other to have the same pieces near. Fewer stay in the caches.
pub(super) fn chunk(pieces: usize) -> usize {
    (128 * pieces).clamp(16_384, 1_048_576)
}

/// Work that is compiled once for each kind of registers.
pub(super) trait Work {
    type Output;

    fn run(self) -> Self::Output;
}

/// Does work with the widest registers that the processor has; without the feature `simd`, with those that every processor of its kind has.
/// The operations are the same, and so are the bits: no two are ever fused.
pub(super) fn widest<W: Work>(work: W) -> W::Output {
    #[cfg(feature = "simd")]
    {
        pulp::Arch::new().dispatch(Wide(work))
    }
    #[cfg(not(feature = "simd"))]
    {
        work.run()
    }
}

#[cfg(feature = "simd")]
struct Wide<W>(W);

#[cfg(feature = "simd")]
impl<W: Work> pulp::WithSimd for Wide<W> {
    type Output = W::Output;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "what is not part of it is compiled without the wider registers")]
    fn with_simd<S: pulp::Simd>(self, _: S) -> W::Output {
        self.0.run()
    }
}

/// One site.
pub(super) struct One<'a> {
    pub(super) line: &'a Polyline,
    pub(super) site: Position,
}

impl Work for One<'_> {
    type Output = Nearest;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "what is not part of it is compiled without the wider registers")]
    fn run(self) -> Nearest {
        self.line.search(self.site)
    }
}

/// A chunk and the room for its results.
pub(super) struct Chunk<'a> {
    pub(super) line: &'a Polyline,
    pub(super) sites: &'a [Position],
    pub(super) all: &'a mut [Nearest],
}

impl Work for Chunk<'_> {
    type Output = ();

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "what is not part of it is compiled without the wider registers")]
    fn run(self) {
        let Self { line, sites, all } = self;
        // Where one leaf holds all, every site looks at that; and a few sites are looked at together in any order.
        let is_one = line.pieces.len() <= tree::WIDTH || sites.len() <= PACKET;
        let order = if is_one { order::as_they_come(sites) } else { order::order(sites) };
        let (mut nearby, mut measures, mut pairs) = (Nearby::default(), Measures::new(), Vec::new());
        for group in order.chunks(PACKET) {
            let packet = Packet::new(group);
            if !nearby.gather(&line.tree, &packet) {
                for at in &packet.at[..packet.count] {
                    all[*at as usize] = line.search(sites[*at as usize]);
                }
                continue;
            }
            let Reach { far, mut beyond } = nearby.pairs(&packet, &mut pairs);
            if far == 0 {
                for (lane, slot) in &pairs {
                    measures.add_near(*lane, &packet.at_m(*lane as usize), *slot, &line.pieces[*slot as usize]);
                }
            } else {
                for (lane, slot) in &pairs {
                    measures.add(*lane, &packet.at_m(*lane as usize), *slot, &line.pieces[*slot as usize]);
                }
            }
            measures.write(&packet, line, all);
            while beyond != 0 {
                let lane = beyond.trailing_zeros() as usize;
                beyond &= beyond - 1;
                let site = sites[packet.at[lane] as usize];
                all[packet.at[lane] as usize] = line.search_beyond(site, &Place::at(packet.at_m(lane)));
            }
        }
    }
}
