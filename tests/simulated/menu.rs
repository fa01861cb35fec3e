//! Which numbers a source can say, and how often each is written.
//!
//! The model gives the likelihood f(D) of each number r over the true distance D. To draw a number takes the opposite: the probability
//! of each number given the distance. With c(r) for how often r is written at all, that is c(r)·f(D | r), and the model is a law
//! only if
//!
//! ```text
//! Σ c(r)·f(D | r) = 1 for every D,   Σ c(r)/diameter = 1
//! ```
//!
//! The second is the law of the numbers of a source that is wrong. Nothing else is known of c, so it is solved for, by the iteration
//! of Richardson (1972) and Lucy (1974), which keeps it positive. With c = 1 km for every number the sums are off by up to a quarter:
//! round numbers have wide bands, so that near them something is missing.

use geo::LineString;
use rand::RngExt;
use rand_pcg::Pcg64;
use siteband::{Band, Claim, Feature, Position, Reading};

use crate::world::km;

/// The region's diameter: no number is greater.
pub(crate) const DIAMETER_KM: f64 = 600.0;

/// No listed place is nearer to a feature: it would be told in metres, or not by its distance.
pub(crate) const LEAST_KM: u32 = 10;
/// No place is farther from a feature.
const GREATEST_KM: u32 = 450;

/// The words before a number, those behind it, and their unit in km.
type Wording = (&'static str, &'static str, f64);

const WORDINGS: [Wording; 6] = [
    ("", "km", 1.0),
    ("about ", "km", 1.0),
    ("nearly ", "km", 1.0),
    ("over ", "km", 1.0),
    ("roughly ", "miles", 1.609_344),
    ("approximately ", "nautical miles", 1.852),
];

/// The law of the numbers said with one wording about one kind of feature.
#[derive(Debug)]
pub(crate) struct Menu {
    wording: Wording,
    bands: Vec<Band>,
    /// c(r), in km, for r = 1, 2, …
    written_km: Vec<f64>,
    /// For each whole kilometre from [`LEAST_KM`] to [`GREATEST_KM`], the running sums of c(r)·f(D | r).
    right: Vec<Vec<f64>>,
    /// The running sums of c(r).
    wrong: Vec<f64>,
}

impl Menu {
    /// With numbers written as often as makes the model a law; and all alike.
    fn both(wording: Wording, feature: &Feature) -> [Self; 2] {
        let (_, _, unit_km) = wording;
        let numbers = 1..=(DIAMETER_KM / unit_km).floor() as u32;
        let bands: Vec<Band> =
            numbers.map(|number| Reading::default().band_about(&claim(wording, number), feature)).collect();
        let of_distance = |at_km: u32| -> Vec<f64> {
            bands.iter().map(|band| band.likelihood_per_km(km(f64::from(at_km)))).collect()
        };
        let rows: Vec<Vec<f64>> = (LEAST_KM..=GREATEST_KM).map(of_distance).collect();
        let alike_km = vec![unit_km; bands.len()];
        [fitted(&rows, alike_km.clone()), alike_km].map(|written_km| {
            let sums = |row: &Vec<f64>| running(row.iter().zip(&written_km).map(|(f, c_km)| f * c_km));
            let (right, wrong) = (rows.iter().map(sums).collect(), running(written_km.iter().copied()));
            Self { wording, bands: bands.clone(), written_km, right, wrong }
        })
    }

    /// The claim of a number.
    pub(crate) fn claim(&self, number: u32) -> Claim {
        claim(self.wording, number)
    }

    /// The number in km.
    pub(crate) fn km(&self, number: u32) -> f64 {
        f64::from(number) * self.wording.2
    }

    /// The greatest and the mean deviation of Σ c·f from 1, over whole kilometres of distance; with it counts that of Σ c.
    pub(crate) fn off(&self) -> (f64, f64) {
        let sums = self.right.iter().map(|sums| last(sums)).chain([last(&self.wrong) / DIAMETER_KM]);
        let off: Vec<f64> = sums.map(|sum| (sum - 1.0).abs()).collect();
        (off.iter().copied().fold(0.0, f64::max), off.iter().sum::<f64>() / off.len() as f64)
    }

    /// The least and the greatest c, in units of the number.
    pub(crate) fn written(&self) -> (f64, f64) {
        let in_units = self.written_km.iter().map(|c_km| c_km / self.wording.2);
        in_units.fold((f64::INFINITY, 0.0), |(least, greatest), c| (least.min(c), greatest.max(c)))
    }

    /// A number from a source that is right: exactly in proportion to c(r)·f(D | r).
    ///
    /// Numbers are proposed in proportion to the sum of c·f at the whole kilometres on both sides of the distance, which is
    /// nowhere less, and kept with the probability that makes up for the difference.
    pub(crate) fn right(&self, distance_km: f64, random: &mut Pcg64) -> u32 {
        let at = km(distance_km);
        let weight = |index: usize| self.written_km[index] * self.bands[index].likelihood_per_km(at);
        let whole = (distance_km - f64::from(LEAST_KM)).floor();
        if whole < 0.0 || whole >= (self.right.len() - 1) as f64 {
            return draw(&running((0..self.bands.len()).map(weight)), random);
        }
        let ends = [&self.right[whole as usize], &self.right[whole as usize + 1]];
        let share = last(ends[0]) / (last(ends[0]) + last(ends[1]));
        loop {
            let number = draw(ends[usize::from(!random.random_bool(share))], random);
            let index = number as usize - 1;
            let step = |sums: &[f64]| sums[index] - if index == 0 { 0.0 } else { sums[index - 1] };
            let kept = weight(index) / (step(ends[0]) + step(ends[1]));
            assert!(kept <= 1.0, "{} at {distance_km} km is proposed too rarely: {kept}", self.claim(number));
            if random.random_bool(kept) {
                return number;
            }
        }
    }

    /// A number from a source that is wrong.
    pub(crate) fn wrong(&self, random: &mut Pcg64) -> u32 {
        draw(&self.wrong, random)
    }
}

fn claim((hedge, unit, _): Wording, number: u32) -> Claim {
    format!("{hedge}{number} {unit} from X").parse().expect("a claim")
}

fn running(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sum = 0.0;
    weights
        .map(|weight| {
            sum += weight;
            sum
        })
        .collect()
}

fn last(sums: &[f64]) -> f64 {
    sums[sums.len() - 1]
}

/// One of 1, 2, …, by the running sums of their weights.
fn draw(sums: &[f64], random: &mut Pcg64) -> u32 {
    let wanted = random.random::<f64>() * last(sums);
    sums.partition_point(|sum| *sum <= wanted).min(sums.len() - 1) as u32 + 1
}

/// How often each number is written, so that over all of them every distance's likelihoods add up to one.
fn fitted(rows: &[Vec<f64>], mut written_km: Vec<f64>) -> Vec<f64> {
    const STEPS: usize = 200;
    // That the source is wrong is one more way to come to a number, as heavy as all distances together.
    let heavy = rows.len() as f64;
    let totals: Vec<f64> = (0..written_km.len())
        .map(|number| rows.iter().map(|row| row[number]).sum::<f64>() + heavy / DIAMETER_KM)
        .collect();
    for _ in 0..STEPS {
        let mut gains = vec![heavy / written_km.iter().sum::<f64>(); written_km.len()];
        for row in rows {
            let sum: f64 = row.iter().zip(&written_km).map(|(f, c_km)| f * c_km).sum();
            for (gain, f) in gains.iter_mut().zip(row) {
                *gain += f / sum;
            }
        }
        for ((c_km, gain), total) in written_km.iter_mut().zip(gains).zip(&totals) {
            *c_km *= gain / total;
        }
    }
    written_km
}

/// The menus of all wordings about a border that is known to a kilometre, and about points.
#[derive(Debug)]
pub(crate) struct Menus(Vec<[Menu; 2]>);

impl Menus {
    pub(crate) const WORDINGS: usize = WORDINGS.len();

    /// With numbers written as often as makes the model a law; and all alike.
    pub(crate) fn both() -> [Self; 2] {
        let border = Feature::new("border", LineString::from(vec![(0.0, 0.0), (1.0, 0.0)]).into()).expect("a line");
        let border = border.with_position_uncertainty(km(1.0));
        let point = Feature::point("point", Position::new(0.0, 0.0).expect("a place"));
        let of = |wording: &Wording| [&border, &point].map(|feature| Menu::both(*wording, feature));
        let (mut fitted, mut alike) = (Vec::new(), Vec::new());
        for [[border, border_alike], [point, point_alike]] in in_order(&WORDINGS, of) {
            fitted.push([border, point]);
            alike.push([border_alike, point_alike]);
        }
        [Self(fitted), Self(alike)]
    }

    /// Of a wording, about the border (feature 0) or a point.
    pub(crate) fn of(&self, wording: usize, feature: usize) -> &Menu {
        &self.0[wording][feature.min(1)]
    }

    /// Of every wording: the words, with N for the number, and the menus about the border and about points.
    pub(crate) fn all(&self) -> impl Iterator<Item = (String, &[Menu; 2])> {
        self.0.iter().zip(WORDINGS).map(|(menus, (hedge, unit, _))| (format!("{hedge}N {unit}"), menus))
    }
}

/// The same for all of some things, on as many threads as there are cores; in their order whatever the number of threads.
pub(crate) fn in_order<T: Sync, U: Send>(things: &[T], of: impl Fn(&T) -> U + Sync) -> Vec<U> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let of = &of;
    std::thread::scope(|scope| {
        let share = |start: usize| move || things.iter().skip(start).step_by(threads).map(of).collect::<Vec<U>>();
        let workers: Vec<_> = (0..threads).map(|start| scope.spawn(share(start))).collect();
        let mut done: Vec<_> = workers.into_iter().map(|worker| worker.join().expect("no panic").into_iter()).collect();
        (0..things.len()).filter_map(|at| done[at % threads].next()).collect()
    })
}
