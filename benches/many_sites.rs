//! Lists of up to ten million sites: how long it takes to index them, to find the best of them, to change them, and to read them from a
//! table or a saved index; against looking at every site. The results are compared before anything is timed.

use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::path::Path;
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
        println!("\n{}", of_files(&sites));
        let mut sites = sites;
        let added = self::list(1_000).into_iter().map(|site| Site::new(format!("new {}", site.id()), site.position()));
        let ((), insert) = timed(|| added.for_each(|site| sites.insert(site).expect("an id of its own")));
        let (removed, remove) = timed(|| (0..1_000).filter_map(|at| sites.remove(&format!("s{at}"))).count());
        println!("\n{count} sites: {:.1} µs to insert one, {:.1} to remove one of {removed}\n", ms(insert), ms(remove));
    }
}

/// How long a list takes to read from a table, to save with its index, and to open again; files are in memory by then.
fn of_files(sites: &Sites) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let [table, saved] = ["sites.csv", "sites.sbx"].map(|name| folder.path().join(name));
    let create = |path| BufWriter::new(File::create(path).expect("a file"));
    let mut writer = create(&table);
    writeln!(writer, "id,lat,lon").expect("written");
    for site in sites.as_slice() {
        let position = site.position();
        writeln!(writer, "{},{},{}", site.id(), position.lat_deg(), position.lon_deg()).expect("written");
    }
    writer.flush().expect("written");
    let read = |path: &Path| timed(|| Sites::from_path(path).expect("a list"));
    let (from_table, csv) = read(&table);
    let ((), save) = timed(|| from_table.save(create(&saved)).expect("written"));
    let (from_saved, load) = read(&saved);
    assert!(from_saved.as_slice() == from_table.as_slice());
    let [csv_s, save_s, load_s] = [csv, save, load].map(|time| time.as_secs_f64());
    let count = sites.len();
    format!("{count} sites: {csv_s:.2} s from a table, {save_s:.2} to save with the index, {load_s:.2} from that")
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
