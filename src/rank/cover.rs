//! Where a site would have to be to score so much: boxes of latitude and longitude by which a list can be cut down before it is read.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::score::Scorer;
use crate::constraint::Over;
use crate::length::Length;
use crate::position::Position;
use crate::rank::Posed;
use crate::site::Cluster;

/// A box of latitude and longitude, in degrees; its edges belong to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LatLonBox {
    /// In [-90, 90].
    pub south_deg: f64,
    /// In [-90, 90], north of the south.
    pub north_deg: f64,
    /// In [-180, 180].
    pub west_deg: f64,
    /// In [-180, 180], east of the west: no box reaches over 180°.
    pub east_deg: f64,
}

/// The greatest radius of curvature of the ellipsoid, at the poles: a degree is nowhere longer than on a sphere of it.
const GREATEST_RADIUS_M: f64 = 6_399_593.7;

/// Boxes are not halved below this, some 100 m.
const LEAST_DEG: f64 = 0.001;

/// Scores go by tables that are good to 1e-11; bounds get a little more room.
const SLACK: f64 = 1e-9;

impl Scorer<'_> {
    /// Boxes outside of which no site scores a log-likelihood of `least` or more, whatever its tags: `at_most` of them, or a few more; the
    /// more, the closer they lie around such places. Positions may be uncertain by up to `uncertainty`.
    ///
    /// A program that wants the best sites of a list sorted by place needs to read no more than what lies in the boxes; what speaks for a
    /// site more than against it is at [`Scorer::log_likelihood_none`].
    ///
    /// # Example
    /// ```
    /// use siteband::{Atlas, Constraint, Length, RankOptions, Reading, Sites};
    /// let atlas = Atlas::from_path("data/borders/cn-kp.geojson".as_ref())?;
    /// let sites = Sites::from_path("data/sites/dprk-facilities.csv".as_ref())?;
    /// let claim = "about 85 km from the Chinese border".parse()?;
    /// let constraints = [Constraint::resolve(&claim, &atlas, &Reading::default())?];
    /// let scorer = sites.scorer(&constraints, &RankOptions::default());
    /// let boxes = scorer.cover(scorer.log_likelihood_none(), Length::ZERO, 64);
    /// let holds = |lat: f64, lon: f64| boxes.iter().any(|of| of.holds(lat, lon));
    /// // Sino-ri, but neither Seoul nor the other side of the Earth.
    /// assert!(holds(39.65, 125.37) && !holds(37.57, 126.98) && !holds(-39.65, -54.63));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn cover(&self, least: f64, uncertainty: Length, at_most: usize) -> Vec<LatLonBox> {
        let over: Vec<Over<'_>> = self
            .model
            .question
            .posed
            .iter()
            .map(Posed::constraint)
            .map(|said| said.over([Length::ZERO, uncertainty]))
            .collect();
        let reaches = |of: &LatLonBox| {
            let cluster = of.cluster();
            let ln = self.model.log_likelihood_of(|at| self.model.ln_f_bound(at, &cluster, &over[at]).ln, None);
            let slack = if ln.is_finite() { SLACK * (1.0 + ln.abs()) } else { 0.0 };
            // A bound that is no number bounds nothing.
            ln.is_nan() || ln + slack >= least
        };
        let mut open: BinaryHeap<Largest> = LatLonBox::world().filter(&reaches).map(Largest).collect();
        let mut done = Vec::new();
        while open.len() + done.len() < at_most {
            let Some(Largest(largest)) = open.pop() else { break };
            if largest.north_deg - largest.south_deg < LEAST_DEG {
                done.push(largest);
            } else {
                open.extend(largest.quarters().into_iter().filter(&reaches).map(Largest));
            }
        }
        done.extend(open.into_iter().map(|Largest(of)| of));
        done.sort_by(|a, b| {
            (a.south_deg, a.west_deg).partial_cmp(&(b.south_deg, b.west_deg)).unwrap_or(Ordering::Equal)
        });
        done
    }
}

impl LatLonBox {
    /// Whether a place lies in it.
    #[must_use]
    pub fn holds(&self, lat_deg: f64, lon_deg: f64) -> bool {
        (self.south_deg..=self.north_deg).contains(&lat_deg) && (self.west_deg..=self.east_deg).contains(&lon_deg)
    }

    /// Thirty-two of an eighth of a turn each.
    fn world() -> impl Iterator<Item = Self> {
        let edge = |number: u8| 45.0 * f64::from(number);
        (0..4).flat_map(move |row| {
            (0..8).map(move |column| Self {
                south_deg: edge(row) - 90.0,
                north_deg: edge(row + 1) - 90.0,
                west_deg: edge(column) - 180.0,
                east_deg: edge(column + 1) - 180.0,
            })
        })
    }

    fn quarters(&self) -> [Self; 4] {
        let (lat, lon) = self.middle_deg();
        let (south, north) = (Self { north_deg: lat, ..*self }, Self { south_deg: lat, ..*self });
        let halves = |of: Self| [Self { east_deg: lon, ..of }, Self { west_deg: lon, ..of }];
        let ([a, b], [c, d]) = (halves(south), halves(north));
        [a, b, c, d]
    }

    fn middle_deg(&self) -> (f64, f64) {
        (f64::midpoint(self.south_deg, self.north_deg), f64::midpoint(self.west_deg, self.east_deg))
    }

    /// Half of its height and of its greatest width, in metres or more.
    fn halves_m(&self) -> [f64; 2] {
        let widest_deg =
            if self.south_deg * self.north_deg <= 0.0 { 0.0 } else { self.south_deg.abs().min(self.north_deg.abs()) };
        let half_m = |deg: f64| deg.to_radians() / 2.0 * GREATEST_RADIUS_M;
        [half_m(self.north_deg - self.south_deg), half_m(self.east_deg - self.west_deg) * widest_deg.to_radians().cos()]
    }

    /// Every place of it is reached from its middle along a meridian and then along a parallel.
    fn cluster(&self) -> Cluster {
        let (lat_deg, lon_deg) = self.middle_deg();
        let [tall_m, wide_m] = self.halves_m();
        Cluster::of_any_tags(Position::computed_deg(lat_deg, lon_deg), tall_m + wide_m)
    }
}

/// The largest first, by area; of the same size the one in the south-west.
struct Largest(LatLonBox);

impl Ord for Largest {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |of: &LatLonBox| of.halves_m().iter().product::<f64>();
        let corner = |of: &LatLonBox| [of.south_deg, of.west_deg];
        let ([south, west], [other_south, other_west]) = (corner(&self.0), corner(&other.0));
        size(&self.0)
            .total_cmp(&size(&other.0))
            .then_with(|| other_south.total_cmp(&south))
            .then_with(|| other_west.total_cmp(&west))
    }
}

impl PartialOrd for Largest {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Largest {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Largest {}
