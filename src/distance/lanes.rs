//! Pieces measured side by side, several in one step of the processor: the same operations as for one, and so the same bits.

use super::packet::{PACKET, Packet};
use super::piece::{Piece, Series, foot, long_foot};
use super::series::Place;
use super::{Nearest, Polyline};
use crate::ellipsoid::{EQUATORIAL_RADIUS_M, on_surface_deg};

/// So many pieces are measured together.
const LANES: usize = 8;

/// Eight pieces, each with the site for which it may be the nearest, all measured by one series.
struct Lanes<const LONG: bool> {
    count: usize,
    /// The lane of its packet.
    site: [u32; LANES],
    slot: [u32; LANES],
    number: [u32; LANES],
    bulge_per_normal: [f32; LANES],
    site_m: [[f64; LANES]; 3],
    start_m: [[f64; LANES]; 3],
    way_m: [[f64; LANES]; 3],
}

/// The nearest place of a site so far.
#[derive(Clone, Copy)]
struct Best {
    slot: u32,
    number: u32,
    distance_m: f64,
    share: f64,
    lat_deg: f64,
    lon_deg: f64,
}

const NOTHING: Best = Best { slot: 0, number: 0, distance_m: f64::INFINITY, share: 0.0, lat_deg: 0.0, lon_deg: 0.0 };

impl<const LONG: bool> Lanes<LONG> {
    fn new() -> Self {
        // Lanes without a piece measure from the equator to itself.
        let mut start_m = [[0.0; LANES]; 3];
        start_m[0] = [EQUATORIAL_RADIUS_M; LANES];
        Self {
            count: 0,
            site: [0; LANES],
            slot: [0; LANES],
            number: [0; LANES],
            bulge_per_normal: [0.0; LANES],
            site_m: start_m,
            start_m,
            way_m: [[0.0; LANES]; 3],
        }
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn add(&mut self, site: u32, site_m: &[f64; 3], slot: u32, piece: &Piece, best: &mut [Best; PACKET]) {
        let lane = self.count;
        self.site[lane] = site;
        self.slot[lane] = slot;
        self.number[lane] = piece.number;
        self.bulge_per_normal[lane] = piece.bulge_per_normal();
        for (column, m) in self.site_m.iter_mut().zip(site_m) {
            column[lane] = *m;
        }
        for (column, m) in self.start_m.iter_mut().zip(&piece.start_m) {
            column[lane] = *m;
        }
        for (column, m) in self.way_m.iter_mut().zip(&piece.way_m()) {
            column[lane] = *m;
        }
        self.count += 1;
        if self.count == LANES {
            self.measure(best);
        }
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    fn measure(&mut self, best: &mut [Best; PACKET]) {
        let (mut share, mut distance_m) = ([0.0; LANES], [0.0; LANES]);
        let (mut lat_deg, mut lon_deg) = ([0.0; LANES], [0.0; LANES]);
        for lane in 0..LANES {
            let of = |columns: &[[f64; LANES]; 3]| [columns[0][lane], columns[1][lane], columns[2][lane]];
            let site = Place::at(of(&self.site_m));
            let (start_m, way_m, bulge) = (of(&self.start_m), of(&self.way_m), self.bulge_per_normal[lane]);
            let foot = if LONG {
                long_foot(&start_m, &way_m, bulge, &site)
            } else {
                foot::<false>(&start_m, &way_m, bulge, &site)
            };
            (share[lane], distance_m[lane]) = (foot.share, foot.distance_m);
            (lat_deg[lane], lon_deg[lane]) = on_surface_deg(&foot.at_m);
        }
        for lane in 0..self.count {
            let best = &mut best[self.site[lane] as usize];
            if (distance_m[lane], self.number[lane]) < (best.distance_m, best.number) {
                *best = Best {
                    slot: self.slot[lane],
                    number: self.number[lane],
                    distance_m: distance_m[lane],
                    share: share[lane],
                    lat_deg: lat_deg[lane],
                    lon_deg: lon_deg[lane],
                };
            }
        }
        self.count = 0;
    }
}

/// What is nearest to the sites of a packet.
pub(super) struct Measures {
    short: Lanes<false>,
    long: Lanes<true>,
    best: [Best; PACKET],
}

impl Measures {
    pub(super) fn new() -> Self {
        Self { short: Lanes::new(), long: Lanes::new(), best: [NOTHING; PACKET] }
    }

    /// Measures a piece within reach of the short series for a site of the packet, together with those that come before and after.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn add_near(&mut self, site: u32, site_m: &[f64; 3], slot: u32, piece: &Piece) {
        self.short.add(site, site_m, slot, piece, &mut self.best);
    }

    /// The same for a piece within reach of either series.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn add(&mut self, site: u32, site_m: &[f64; 3], slot: u32, piece: &Piece) {
        if piece.series(site_m) == Some(Series::Short) {
            self.short.add(site, site_m, slot, piece, &mut self.best);
        } else {
            self.long.add(site, site_m, slot, piece, &mut self.best);
        }
    }

    /// Writes what is nearest to the sites of a packet, but for those of which no piece was measured.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn write(&mut self, packet: &Packet, line: &Polyline, all: &mut [Nearest]) {
        self.finish();
        for lane in 0..packet.count {
            if let Some(nearest) = self.take(lane, line) {
                all[packet.at[lane] as usize] = nearest;
            }
        }
    }

    /// Measures what is left.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn finish(&mut self) {
        if self.short.count > 0 {
            self.short.measure(&mut self.best);
        }
        if self.long.count > 0 {
            self.long.measure(&mut self.best);
        }
    }

    /// What is nearest to one site, if any piece was measured for it.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "part of the innermost loop")]
    pub(super) fn take(&mut self, site: usize, line: &Polyline) -> Option<Nearest> {
        let best = std::mem::replace(&mut self.best[site], NOTHING);
        (best.distance_m < f64::INFINITY)
            .then(|| line.nearest_at(best.slot as usize, best.distance_m, best.share, || (best.lat_deg, best.lon_deg)))
    }
}
