//! Distances from generated sites to one real border and to one point: siteband for many sites at once and one by one, its own
//! brute force, and the recipe that users would write
//! themselves (`rstar_karney`). All on one thread, unless the feature `rayon` is on: then siteband alone uses all cores. `benches/peers` measures
//! other libraries, too.
//!
//! The sites are made up (uniform in 124–131° E, 37.5–43.1° N, from a fixed seed). Each group checks its result against brute
//! force once before it is timed.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use siteband::{Atlas, Feature, Position};

mod rstar_karney;

use rstar_karney::RstarKarney;

/// A small linear congruential generator (Knuth's MMIX constants): good enough to scatter sites, the same everywhere.
fn sites(count: usize) -> Vec<Position> {
    let mut state = 2012_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).expect("32 bits")) / f64::from(u32::MAX)
    };
    (0..count).map(|_| Position::new(37.5 + 5.6 * next(), 124.0 + 7.0 * next()).expect("in range")).collect()
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
