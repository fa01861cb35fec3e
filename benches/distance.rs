//! Distances to one border, to all land borders of the world and to one point: siteband beside what its users would write themselves,
//! on the same sites in one run. benches/README.md says what each is, and how to run them; `benches/peers` measures other libraries.
//!
//! Every group checks its results before it is timed: siteband within a micrometre of Karney's inverse on every piece, the others
//! within what they are known to be off.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use geo::{Closest, Distance, Haversine, HaversineClosestPoint, LineString, MultiLineString, Point};
use rstar::RTree;
use rstar::primitives::Line;
use siteband::{Atlas, Feature, Length, Position};

mod rstar_karney;
mod world;

use rstar_karney::RstarKarney;

/// Knuth's linear congruential generator: good enough to scatter sites, the same everywhere.
struct Numbers(u64);

impl Numbers {
    /// In [0, 1).
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).expect("32 bits")) / 4_294_967_296.0
    }
}

fn at(lat_deg: f64, lon_deg: f64) -> Position {
    Position::new(lat_deg, lon_deg).expect("in range")
}

/// What a group measures to, and where its sites are.
struct Task {
    name: &'static str,
    feature: Feature,
    /// How many sites siteband gets at once; the others get fewer.
    many: usize,
    /// A site that may be used, or not.
    draw: fn(&mut Numbers, &Feature) -> Option<Position>,
}

/// Around the Korean peninsula.
#[allow(clippy::unnecessary_wraps, reason = "one kind of function for all tasks")]
fn around_korea(next: &mut Numbers, _: &Feature) -> Option<Position> {
    Some(at(37.5 + 5.6 * next.next(), 124.0 + 7.0 * next.next()))
}

/// Anywhere within 1,000 km of the feature.
fn within_1000_km(next: &mut Numbers, feature: &Feature) -> Option<Position> {
    let site = at((2.0 * next.next() - 1.0).asin().to_degrees(), 360.0 * next.next() - 180.0);
    let limit = Length::from_km(1000.0).expect("a length");
    feature.is_within(site, limit).then_some(site)
}

impl Task {
    fn uniform(&self, count: usize) -> Vec<Position> {
        let mut next = Numbers(2012);
        std::iter::repeat_with(|| (self.draw)(&mut next, &self.feature)).flatten().take(count).collect()
    }

    /// A hundred to a cluster some 10 km across, the clusters uniform.
    fn clustered(&self, count: usize) -> Vec<Position> {
        let mut next = Numbers(12);
        let sites = self.uniform(count / 100 + 1).into_iter().flat_map(|middle| {
            let mut near = || 0.1 * (next.next() - 0.5);
            let around: Vec<Position> = (0..100)
                .map(|_| at((middle.lat_deg() + near()).clamp(-90.0, 90.0), middle.lon_deg() + near()))
                .collect();
            around
        });
        sites.take(count).collect()
    }

    /// The uniform sites in rows from west to east, a tenth of a degree high.
    fn sorted(&self, count: usize) -> Vec<Position> {
        let mut sites = self.uniform(count);
        let key = |site: &Position| ((site.lat_deg() * 10.0).floor(), site.lon_deg());
        sites.sort_by(|a, b| key(a).partial_cmp(&key(b)).expect("finite"));
        sites
    }
}

/// What users would write with geo alone: the nearest point on a sphere, over every edge, and the distance on that sphere.
struct GeoHaversine(MultiLineString<f64>);

impl GeoHaversine {
    fn new(feature: &Feature) -> Self {
        let lines = feature.parts().iter().map(|part| part.iter().map(|vertex| (vertex.lon_deg(), vertex.lat_deg())));
        Self(MultiLineString(lines.map(LineString::from_iter).collect()))
    }

    fn distance_m(&self, site: Position) -> f64 {
        let site = Point::new(site.lon_deg(), site.lat_deg());
        match self.0.haversine_closest_point(&site) {
            Closest::SinglePoint(nearest) | Closest::Intersection(nearest) => Haversine.distance(site, nearest),
            Closest::Indeterminate => f64::NAN,
        }
    }
}

/// The edge that is nearest in degrees, by an R-tree, and the way there as if a degree of longitude were as long everywhere as at the
/// site.
struct PlanarLonLat(RTree<Line<[f64; 2]>>);

impl PlanarLonLat {
    fn new(feature: &Feature) -> Self {
        let edges = feature.parts().iter().flat_map(|part| part.windows(2)).map(|ends| {
            let [from, to] = [ends[0], ends[1]].map(|vertex| [vertex.lon_deg(), vertex.lat_deg()]);
            Line::new(from, to)
        });
        Self(RTree::bulk_load(edges.collect()))
    }

    fn distance_m(&self, site: Position) -> f64 {
        const M_PER_DEG: f64 = 111_195.0;
        let point = [site.lon_deg(), site.lat_deg()];
        let Some(edge) = self.0.nearest_neighbor(&point) else { return f64::NAN };
        let foot = edge.nearest_point(&point);
        let east_m = (foot[0] - point[0]) * site.lat_deg().to_radians().cos() * M_PER_DEG;
        east_m.hypot((foot[1] - point[1]) * M_PER_DEG)
    }
}

/// The greatest difference to Karney's inverse on every piece.
fn worst_m(task: &Task, sites: &[Position], distance_m: impl Fn(Position) -> f64) -> f64 {
    let off_m = |site: &Position| (distance_m(*site) - task.feature.nearest_by_karney(*site).distance.m()).abs();
    sites.iter().map(off_m).fold(0.0, f64::max)
}

fn each(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    sites: &[Position],
    distance_m: impl Fn(Position) -> f64,
) {
    group.throughput(Throughput::Elements(sites.len() as u64));
    group.bench_function(name, |bencher| {
        bencher.iter(|| black_box(sites).iter().map(|site| distance_m(*site)).sum::<f64>());
    });
}

fn lines(criterion: &mut Criterion) {
    let atlas = Atlas::bundled();
    let border = atlas.get("cn-kp").expect("bundled").as_ref().clone();
    let mut tasks = vec![Task { name: "border", feature: border, many: 500_000, draw: around_korea }];
    match world::borders() {
        Some(feature) => tasks.push(Task { name: "world", feature, many: 1_000_000, draw: within_1000_km }),
        None => println!("world: left out, since benches/world/borders.txt is not there"),
    }
    // `cargo test` runs each bench once, to see that it does.
    let share = if is_test() { 1000 } else { 1 };
    for task in tasks {
        let (feature, many) = (&task.feature, task.many / share);
        let recipe = RstarKarney::new(feature);
        let (sphere, plane) = (GeoHaversine::new(feature), PlanarLonLat::new(feature));
        // What they are off at most, on a sample: a thousandth of the way and more.
        let sample = task.uniform(if task.name == "border" { 200 } else { 8 });
        assert!(worst_m(&task, &sample, |site| recipe.distance_m(site)) < 1.0);
        let off_m = [
            worst_m(&task, &sample, |site| sphere.distance_m(site)),
            worst_m(&task, &sample, |site| plane.distance_m(site)),
        ];
        println!(
            "{}: geo_haversine is up to {:.0} m off, planar_lonlat {:.0} m, of {} sites",
            task.name,
            off_m[0],
            off_m[1],
            sample.len()
        );
        assert!(off_m[0] > 1.0 && off_m[0] < 10_000.0 && off_m[1] > 1.0, "{off_m:?}");
        for (order, sites) in
            [("uniform", task.uniform(many)), ("clustered", task.clustered(many)), ("sorted", task.sorted(many))]
        {
            let all = feature.nearest_all(&sites);
            let step = (sites.len() / sample.len()).max(1);
            for (site, nearest) in sites.iter().zip(&all).step_by(step) {
                let karneys = feature.nearest_by_karney(*site).distance.m();
                assert!((nearest.distance.m() - karneys).abs() < 1e-6, "{site}");
                assert_eq!(*nearest, feature.nearest(*site), "{site}");
            }
            let mut group = criterion.benchmark_group(format!("{}/{order}", task.name));
            group.sample_size(10).throughput(Throughput::Elements(sites.len() as u64));
            group.bench_function("siteband", |bencher| bencher.iter(|| feature.nearest_all(black_box(&sites))));
            // The same sites, from all over the list.
            let few: Vec<Position> = sites.iter().step_by((50_000 / share).min(25)).copied().collect();
            each(&mut group, "siteband_single", &few, |site| feature.nearest(site).distance.m());
            each(&mut group, "rstar_karney", &few, |site| recipe.distance_m(site));
            each(&mut group, "planar_lonlat", &few, |site| plane.distance_m(site));
            // Without an index, every edge for every site.
            let one = &few[..few.len().min(if task.name == "border" { 20 } else { 1 })];
            each(&mut group, "siteband_brute_force", one, |site| feature.nearest_brute_force(site).distance.m());
            each(&mut group, "geo_haversine", one, |site| sphere.distance_m(site));
            group.finish();
        }
    }
}

fn one_point(criterion: &mut Criterion) {
    let city = at(39.039_2, 125.762_5);
    let task = Task { name: "point", feature: Feature::point("pyongyang", city), many: 500_000, draw: around_korea };
    let share = if is_test() { 1000 } else { 1 };
    let sites = task.uniform(task.many / share);
    for (site, nearest) in sites.iter().zip(task.feature.nearest_all(&sites)).step_by(100) {
        assert!((nearest.distance.m() - city.distance_to(site).m()).abs() < 1e-7);
    }
    let mut group = criterion.benchmark_group(format!("{}/uniform", task.name));
    group.sample_size(10).throughput(Throughput::Elements(sites.len() as u64));
    group.bench_function("siteband", |bencher| bencher.iter(|| task.feature.nearest_all(black_box(&sites))));
    let few: Vec<Position> = sites.iter().step_by(10).copied().collect();
    each(&mut group, "siteband_single", &few, |site| task.feature.nearest(site).distance.m());
    each(&mut group, "karney", &few, |site| city.distance_to(&site).m());
    group.finish();
}

/// Whether nothing is to be timed: `cargo test --benches` runs this without the `--bench` that `cargo bench` passes.
fn is_test() -> bool {
    !std::env::args().any(|argument| argument == "--bench") || std::env::args().any(|argument| argument == "--test")
}

criterion_group!(benches, lines, one_point);
criterion_main!(benches);
