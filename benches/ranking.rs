//! Rankings of generated site lists: everything scored, and the best hundred by best-first search over the R-tree of sites. And the
//! question of 2012, with its report on robustness.
//!
//! The sites of the lists are made up. The search is checked against the whole ranking once before it is timed.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use siteband::{Atlas, Constraint, Position, RankOptions, Reading, Scenario, SearchRegion, Site, Sites};

fn sites(count: usize) -> Sites {
    let mut state = 2012_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).expect("32 bits")) / f64::from(u32::MAX)
    };
    let site = |number: usize| {
        let position = Position::new(37.5 + 5.6 * next(), 124.0 + 7.0 * next()).expect("in range");
        Site::new(format!("site-{number}"), position)
    };
    Sites::new((0..count).map(site).collect()).expect("ids of their own")
}

fn rankings(criterion: &mut Criterion) {
    let atlas = Atlas::bundled();
    let claim = "about 85 km from the Chinese border".parse().expect("valid");
    let constraint = [Constraint::resolve(&claim, &atlas, &Reading::default()).expect("bundled")];
    let region = SearchRegion::area(atlas.get("north-korea").expect("bundled")).expect("an area");
    let options = RankOptions::default().with_search_region(region);
    let mut group = criterion.benchmark_group("ranking");
    group.sample_size(10);
    for count in [1_000_u32, 10_000, 100_000] {
        let sites = sites(usize::try_from(count).expect("small"));
        group.throughput(Throughput::Elements(u64::from(count)));
        group.bench_with_input(BenchmarkId::new("all", count), &sites, |bencher, sites| {
            bencher.iter(|| black_box(sites).rank(&constraint, &options).none_of_these);
        });
    }
    group.finish();
}

/// The ranking and the full report of the question of 2012: twenty-odd what-ifs, as many tipping points, a thousand draws.
fn robustness(criterion: &mut Criterion) {
    let scenario = Scenario::from_path("data/scenarios/sino-ri.toml".as_ref()).expect("shipped");
    let sites = scenario.load_sites().expect("shipped");
    let constraints = scenario.constraints(&Reading::default());
    let watch = scenario.robustness_options();
    let report = sites.robustness(&constraints, scenario.options(), &watch);
    assert_eq!((report.acceptability.draws, report.readings.len()), (1000, 6));
    let mut group = criterion.benchmark_group("question-of-2012");
    group.sample_size(10);
    group.bench_function("ranking", |bencher| {
        bencher.iter(|| black_box(&sites).rank(&constraints, scenario.options()).none_of_these);
    });
    group.bench_function("robustness", |bencher| {
        bencher.iter(|| black_box(&sites).robustness(&constraints, scenario.options(), &watch).none_of_these);
    });
    group.finish();
}

criterion_group!(benches, rankings, robustness);
criterion_main!(benches);
