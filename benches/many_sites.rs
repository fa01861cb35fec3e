//! Lists of up to ten million sites: how long it takes to index them, to find the best of them, and to change them; against looking at
//! every site. The results are compared before anything is timed.

use std::hint::black_box;
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use siteband::{Atlas, Constraint, Position, RankOptions, Reading, Site, Sites};

const SEED: u64 = 2012;

fn main() {
    let numbers: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    // Without `--bench`, which `cargo bench` passes, only that it works.
    let is_test = !std::env::args().any(|argument| argument == "--bench");
    let counts = match (is_test, numbers.as_slice()) {
        (true, _) => vec![2_000],
        (false, []) => vec![100_000, 1_000_000, 10_000_000],
        (false, given) => given.to_vec(),
    };
    let atlas = Atlas::from_path("data/borders/cn-kp.geojson".as_ref()).expect("the bundled border");
    let claim = "about 85 km from the Chinese border".parse().expect("a claim");
    let asked = |reading| Constraint::resolve(&claim, &atlas, &reading).expect("the border");
    let china = atlas.resolve("the Chinese border").expect("the border");
    let km = |km| siteband::Length::from_km(km).expect("a length");
    let claims = [
        ("about 85 km", asked(Reading::default())),
        ("about 85 km, as `analyst`", asked(Reading::analyst())),
        ("at least 20 km", Constraint::at_least(china.clone(), km(20.0), &Reading::default())),
    ];
    println!("| sites | index, s | bytes a site | claim | k | top_k, ms | every site, ms | ratio |");
    println!("|--:|--:|--:|---|--:|--:|--:|--:|");
    for count in counts {
        let (list, _) = timed(|| list(count));
        let (sites, index) = timed(|| Sites::new(list).expect("ids of their own"));
        #[allow(clippy::cast_precision_loss, reason = "a few millions")]
        let bytes = sites.index_bytes() as f64 / count as f64;
        // The search region is made once for a list.
        let options = RankOptions::default();
        black_box(sites.top_k(1, &[], &options).len());
        for (name, claim) in &claims {
            let claim = std::slice::from_ref(claim);
            for k in [1, 100, 10_000] {
                let (all, brute) = timed(|| sites.top_k_brute_force(k, claim, &options));
                assert!(sites.top_k(k, claim, &options) == all, "{count} {name} {k}");
                let mut times: Vec<Duration> =
                    (0..11).map(|_| timed(|| sites.top_k(k, claim, &options).len()).1).collect();
                times.sort();
                let (index_s, top_ms, all_ms) = (index.as_secs_f64(), ms(times[5]), ms(brute));
                let ratio = all_ms / top_ms;
                println!(
                    "| {count} | {index_s:.2} | {bytes:.1} | {name} | {k} | {top_ms:.1} | {all_ms:.0} | {ratio:.0} |"
                );
            }
        }
        let mut sites = sites;
        let added = self::list(1_000).into_iter().map(|site| Site::new(format!("new {}", site.id()), site.position()));
        let ((), insert) = timed(|| added.for_each(|site| sites.insert(site).expect("an id of its own")));
        let (removed, remove) = timed(|| (0..1_000).filter_map(|at| sites.remove(&format!("s{at}"))).count());
        println!("\n{count} sites: {:.1} µs to insert one, {:.1} to remove one of {removed}\n", ms(insert), ms(remove));
    }
}

/// Sites in the country and around it.
fn list(count: usize) -> Vec<Site> {
    let mut random = Pcg64::seed_from_u64(SEED);
    let place = |random: &mut Pcg64| {
        Position::new(random.random_range(37.5..43.1), random.random_range(124.0..131.0)).expect("a position")
    };
    (0..count).map(|at| Site::new(format!("s{at}"), place(&mut random))).collect()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

fn ms(duration: Duration) -> f64 {
    1e3 * duration.as_secs_f64()
}
