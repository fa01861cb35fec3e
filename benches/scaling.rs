//! How build time, memory and time per site grow with edges and with sites. Prints two tables in Markdown.
//!
//! ```sh
//! cargo bench --bench scaling                # up to 4 million edges and 10 million sites: some minutes and 4 GB
//! cargo bench --bench scaling -- 500000 1000000
//! ```
//!
//! The lines are made up: walks of 10,000 edges of 0.4 to 1.2 km each that begin anywhere and wander off. The sites lie anywhere within 1,000 km
//! of a line. One thread; the least of three runs. Some results are checked against Karney's inverse on every piece, or where that
//! takes too long against a search by itself.

#![allow(clippy::cast_precision_loss, reason = "counts are far below 2⁵³")]

use std::alloc::System;
use std::hint::black_box;
use std::time::Instant;

use cap::Cap;
use geo::{Coord, LineString, MultiLineString};
use siteband::{Feature, Length, Position};

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// Knuth's linear congruential generator: the same lines and sites everywhere.
struct Numbers(u64);

impl Numbers {
    /// In [0, 1).
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).expect("32 bits")) / 4_294_967_296.0
    }
}

const WALK: usize = 10_000;

fn walks(edges: usize) -> MultiLineString<f64> {
    let mut next = Numbers(2012);
    let walk = |length: usize| {
        let (mut y, mut x) = ((2.0 * next.next() - 1.0).asin().to_degrees() * 0.9, 360.0 * next.next() - 180.0);
        let mut azimuth = std::f64::consts::TAU * next.next();
        let vertex = |_| {
            let here = Coord { x, y };
            azimuth += next.next() - 0.5;
            let step_deg = 0.0036 + 0.0072 * next.next();
            y += step_deg * azimuth.cos();
            x += step_deg * azimuth.sin() / y.to_radians().cos().max(0.05);
            if y.abs() > 85.0 {
                // Back towards the equator.
                azimuth = std::f64::consts::PI - azimuth;
                y = 85.0_f64.copysign(y);
            }
            x = (x + 540.0) % 360.0 - 180.0;
            here
        };
        LineString((0..=length).map(vertex).collect())
    };
    let mut left = edges;
    let lengths = std::iter::from_fn(|| {
        let length = left.min(WALK);
        left -= length;
        (length > 0).then_some(length)
    });
    MultiLineString(lengths.map(walk).collect())
}

fn sites(feature: &Feature, count: usize) -> Vec<Position> {
    let mut next = Numbers(12);
    let limit = Length::from_km(1000.0).expect("a length");
    let draw = || {
        let (lat, lon) = ((2.0 * next.next() - 1.0).asin().to_degrees(), 360.0 * next.next() - 180.0);
        let site = Position::new(lat, lon).expect("in range");
        feature.is_within(site, limit).then_some(site)
    };
    std::iter::repeat_with(draw).flatten().take(count).collect()
}

/// Nanoseconds for each site; checks some of the results.
fn measure(feature: &Feature, sites: &[Position]) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..3 {
        let start = Instant::now();
        let all = black_box(feature.nearest_all(black_box(sites)));
        least = least.min(start.elapsed().as_secs_f64());
        for (site, nearest) in sites.iter().zip(&all).step_by(sites.len() / 20 + 1) {
            if feature.segment_count() <= 10_000 {
                let karneys = feature.nearest_by_karney(*site);
                assert!((nearest.distance.m() - karneys.distance.m()).abs() < 1e-6, "{site}");
            }
            assert_eq!(*nearest, feature.nearest(*site), "{site}");
        }
    }
    least * 1e9 / sites.len() as f64
}

fn main() {
    let given: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    // `cargo bench` says so; `cargo test` does not, and only wants to see that this runs.
    let is_test = !std::env::args().any(|argument| argument == "--bench");
    let default = if is_test { [5_000, 2_000] } else { [4_000_000, 10_000_000] };
    let [most_edges, most_sites] = [0, 1].map(|at| given.get(at).copied().unwrap_or(default[at]));

    let row_sites = if is_test { 1_000 } else { 1_000_000 };
    println!(
        "| edges | build, s | s per million | memory, MB | bytes per edge | ns per site | × for twice the edges |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|");
    let mut edges = most_edges;
    while edges > 62_500 {
        edges /= 2;
    }
    let mut before_ns: Option<f64> = None;
    let mut kept = None;
    while edges <= most_edges {
        let lines = walks(edges);
        let before = MEMORY.allocated();
        let start = Instant::now();
        let feature = Feature::new("lines", lines.into()).expect("valid lines");
        let seconds = start.elapsed().as_secs_f64();
        // The geometry that went in is gone by now; it had 16 bytes for each vertex.
        let bytes = (MEMORY.allocated() + 16 * edges).saturating_sub(before);
        let ns = measure(&feature, &sites(&feature, row_sites));
        let grows = before_ns.map_or_else(|| "–".to_owned(), |before| format!("{:.2}", ns / before));
        let count = edges as f64;
        println!(
            "| {edges} | {seconds:.2} | {:.2} | {:.1} | {:.0} | {ns:.0} | {grows} |",
            seconds * 1e6 / count,
            bytes as f64 / 1e6,
            bytes as f64 / count
        );
        before_ns = Some(ns);
        if edges >= 500_000 || edges * 2 > most_edges {
            kept.get_or_insert(feature);
        }
        edges *= 2;
    }

    let feature = kept.expect("some lines");
    println!("\n{} edges:\n", feature.segment_count());
    println!("| sites | s | ns per site | × for twice the sites, each |");
    println!("|--:|--:|--:|--:|");
    let all = sites(&feature, most_sites);
    let mut count = most_sites;
    while count > 100_000 {
        count /= 2;
    }
    let mut before_ns: Option<f64> = None;
    while count <= most_sites {
        let ns = measure(&feature, &all[..count]);
        let grows = before_ns.map_or_else(|| "–".to_owned(), |before| format!("{:.2}", ns / before));
        println!("| {count} | {:.2} | {ns:.0} | {grows} |", ns * count as f64 / 1e9);
        before_ns = Some(ns);
        count *= 2;
    }
}
