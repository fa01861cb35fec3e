//! Distances from generated sites to one real border and to one point: siteband for many sites at once and one by one, its own
//! brute force, and the recipe that users would write
//! themselves (`rstar_karney`: an R-tree over chords in Cartesian space, then one inverse by Karney). All on one thread, unless the feature
//! `rayon` is on: then siteband alone uses all cores.
//!
//! The sites are made up (uniform in 124–131° E, 37.5–43.1° N, from a fixed seed). Each group checks its result against brute
//! force once before it is timed.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geo::{Distance, Geodesic, Point};
use rstar::primitives::GeomWithData;
use rstar::{RTree, primitives::Line};
use siteband::{Atlas, Feature, Position};

/// e² of WGS 84.
const ECCENTRICITY_SQ: f64 = 0.006_694_379_990_141_317;

/// A small linear congruential generator (Knuth's MMIX constants): good enough to scatter sites, the same everywhere.
fn sites(count: usize) -> Vec<Position> {
    let mut state = 2012_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).expect("32 bits")) / f64::from(u32::MAX)
    };
    (0..count).map(|_| Position::new(37.5 + 5.6 * next(), 124.0 + 7.0 * next()).expect("in range")).collect()
}

fn chord_space(position: Position) -> [f64; 3] {
    let (sin_lat, cos_lat) = position.lat_deg().to_radians().sin_cos();
    let (sin_lon, cos_lon) = position.lon_deg().to_radians().sin_cos();
    let n = 6_378_137.0 / (1.0 - ECCENTRICITY_SQ * sin_lat * sin_lat).sqrt();
    [n * cos_lat * cos_lon, n * cos_lat * sin_lon, n * (1.0 - ECCENTRICITY_SQ) * sin_lat]
}

type Edge = GeomWithData<Line<[f64; 3]>, [[f64; 3]; 2]>;

/// The recipe: the edge whose chord is nearest, the foot on that chord brought to the surface, one inverse by Karney. It looks
/// at one edge only, so it is off where two are nearly tied.
struct RstarKarney {
    tree: RTree<Edge>,
}

impl RstarKarney {
    fn new(border: &Feature) -> Self {
        let edges = border.parts().iter().flat_map(|part| part.windows(2)).map(|ends| {
            let ends = [chord_space(ends[0]), chord_space(ends[1])];
            GeomWithData::new(Line::new(ends[0], ends[1]), ends)
        });
        Self { tree: RTree::bulk_load(edges.collect()) }
    }

    fn distance_m(&self, site: Position) -> f64 {
        let point = chord_space(site);
        let (nearest, _) = self.tree.nearest_neighbor_iter_with_distance_2(&point).next().expect("an edge");
        let [start, end] = nearest.data;
        let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let minus = |a: [f64; 3], b: [f64; 3]| [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
        let chord = minus(end, start);
        let along = (dot(minus(point, start), chord) / dot(chord, chord)).clamp(0.0, 1.0);
        let [x, y, z] = [0, 1, 2].map(|axis| start[axis] + along * chord[axis]);
        let lat_deg = z.atan2((1.0 - ECCENTRICITY_SQ) * x.hypot(y)).to_degrees();
        let foot = Point::new(y.atan2(x).to_degrees(), lat_deg);
        Geodesic.distance(Point::new(site.lon_deg(), site.lat_deg()), foot)
    }
}

fn one_border(criterion: &mut Criterion) {
    let atlas = Atlas::bundled();
    let border = atlas.get("cn-kp").expect("bundled");
    let recipe = RstarKarney::new(border);
    let few = sites(200);
    for site in &few {
        let exact = border.nearest_by_karney(*site);
        assert_eq!(border.nearest(*site), border.nearest_brute_force(*site));
        assert!((border.nearest(*site).distance.m() - exact.distance.m()).abs() < 1e-6);
        assert!((recipe.distance_m(*site) - exact.distance.m()).abs() < 1.0);
    }

    let mut group = criterion.benchmark_group("one_border");
    let many = sites(10_000);
    group.sample_size(10).throughput(Throughput::Elements(10_000));
    group.bench_function("siteband_batch", |bencher| bencher.iter(|| border.nearest_all(black_box(&many))));
    group.bench_function("siteband_single", |bencher| {
        bencher.iter(|| black_box(&many).iter().map(|site| border.nearest(*site).distance.m()).sum::<f64>());
    });
    group.bench_function("rstar_karney", |bencher| {
        bencher.iter(|| black_box(&many).iter().map(|site| recipe.distance_m(*site)).sum::<f64>());
    });
    let one = &many[..20];
    group.throughput(Throughput::Elements(20));
    group.bench_function("siteband_brute_force", |bencher| {
        bencher.iter(|| black_box(one).iter().map(|site| border.nearest_brute_force(*site).distance.m()).sum::<f64>());
    });
    group.finish();
}

fn one_point(criterion: &mut Criterion) {
    let city = Position::new(39.039_2, 125.762_5).expect("in range");
    let point = Feature::point("pyongyang", city);
    let many = sites(10_000);
    for (site, nearest) in many.iter().zip(point.nearest_all(&many)) {
        assert!((nearest.distance.m() - city.distance_to(site).m()).abs() < 1e-7);
    }
    let mut group = criterion.benchmark_group("one_point");
    group.sample_size(10).throughput(Throughput::Elements(10_000));
    group.bench_function("siteband_batch", |bencher| bencher.iter(|| point.nearest_all(black_box(&many))));
    group.bench_function("siteband_single", |bencher| {
        bencher.iter(|| black_box(&many).iter().map(|site| point.nearest(*site).distance.m()).sum::<f64>());
    });
    group.bench_function("karney", |bencher| {
        bencher.iter(|| black_box(&many).iter().map(|site| city.distance_to(site).m()).sum::<f64>());
    });
    group.finish();
}

criterion_group!(benches, one_border, one_point);
criterion_main!(benches);
