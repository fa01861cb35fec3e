//! One geodesic edge, and the exact nearest place on a stretch of it.

use geographiclib_rs::{GeodesicLine, capability};

use super::series::{Place, SERIES_CHORD_M};
use super::{InvalidEdge, whole};
use crate::ellipsoid::{chord_m, distance_m, inverse, wgs84};
use crate::position::Position;
use crate::trigonometry::half_turn_deg;

/// The shortest geodesic between two vertices. 48 bytes.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    /// Latitude and longitude.
    start_deg: [f64; 2],
    end_deg: [f64; 2],
    length_m: f64,
    part: u32,
    segment: u32,
}

/// The geodesic of an edge.
#[derive(Clone, Debug)]
pub(crate) struct Course<'a> {
    edge: &'a Edge,
    line: GeodesicLine,
}

/// A place of the edge, as seen from a site.
#[derive(Clone, Copy)]
pub(super) struct Foot {
    pub(super) distance_m: f64,
    pub(super) along_m: f64,
    /// The cosine of the angle between the edge and the way to the site: positive where the site lies ahead.
    slope: f64,
}

/// Below this distance, distance along a geodesic is a convex function of place: a geodesic of 9,000 km ends before its first
/// focal point (10,000 km away, within 0.7 %).
const CONVEX_M: f64 = 9_000_000.0;

/// Rough radius of the Earth, for steps that are repeated until they vanish.
const STEP_RADIUS_M: f64 = 6_371_000.0;

impl Edge {
    pub(super) fn new(start: Position, end: Position, part: usize, segment: usize) -> Result<Self, InvalidEdge> {
        if !has_one_geodesic(start, end) {
            let reason =
                "the edge joins opposite places of the Earth, between which many geodesics are shortest: add a vertex";
            return Err(InvalidEdge { part, segment, reason: reason.to_owned() });
        }
        let [from, to] = [start, end].map(Place::new);
        let is_short = chord_m(from.at_m, to.at_m) <= SERIES_CHORD_M;
        let length_m = if is_short { from.geodesic_m(&to) } else { distance_m(start, end) };
        let [start_deg, end_deg] = [start, end].map(|vertex| [vertex.lat_deg(), vertex.lon_deg()]);
        Ok(Self { start_deg, end_deg, length_m, part: whole(part), segment: whole(segment) })
    }

    /// The geodesic itself; it takes many times the room of its edge, and so is made where it is needed.
    pub(crate) fn course(&self) -> Course<'_> {
        let capabilities = capability::LATITUDE | capability::LONGITUDE | capability::AZIMUTH | capability::DISTANCE_IN;
        let [lat_deg, lon_deg] = self.start_deg;
        let azimuth_deg = inverse(self.start(), self.end()).azimuth_deg;
        let line = GeodesicLine::new(wgs84(), lat_deg, lon_deg, azimuth_deg, Some(capabilities), None, None);
        Course { edge: self, line }
    }

    pub(crate) fn start(&self) -> Position {
        Position::at_deg(self.start_deg[0], self.start_deg[1])
    }

    pub(crate) fn end(&self) -> Position {
        Position::at_deg(self.end_deg[0], self.end_deg[1])
    }

    pub(crate) fn length_m(&self) -> f64 {
        self.length_m
    }

    pub(crate) fn part(&self) -> usize {
        self.part as usize
    }

    pub(crate) fn segment(&self) -> usize {
        self.segment as usize
    }
}

impl Course<'_> {
    /// The position so many metres along the edge, and the azimuth of the edge there, in degrees. Its ends are the vertices
    /// themselves, to the bit.
    pub(crate) fn position_at(&self, along_m: f64) -> (Position, f64) {
        let mask = capability::LATITUDE | capability::LONGITUDE | capability::AZIMUTH;
        let (_, lat_deg, lon_deg, azimuth_deg, ..) = self.line._gen_position(false, along_m, mask);
        let vertex = if along_m <= 0.0 {
            self.edge.start()
        } else if along_m >= self.edge.length_m {
            self.edge.end()
        } else {
            return (Position::computed_deg(lat_deg, lon_deg), azimuth_deg);
        };
        // Azimuths are counted from a meridian, and by a pole the vertex may be on quite another than the line comes to.
        let turn_deg = half_turn_deg(vertex.lon_deg() - lon_deg) * vertex.lat_deg().to_radians().sin();
        (vertex, azimuth_deg + turn_deg)
    }

    /// The place so many metres along, as seen from a site.
    fn foot(&self, along_m: f64, site: Position) -> Foot {
        let (position, azimuth_deg) = self.position_at(along_m);
        let to_site = inverse(position, site);
        let slope = (to_site.azimuth_deg - azimuth_deg).to_radians().cos();
        Foot { distance_m: to_site.distance_m, along_m, slope }
    }

    /// The nearest place between two places of the edge, sought from a guess.
    ///
    /// With γ the angle between the edge and the geodesic to the site, the distance changes by −cos γ per metre. A step to
    /// where γ would be a right angle on a sphere (tan step/R = cos γ·tan distance/R) is exact in the plane and off by a small
    /// share of itself on the ellipsoid. The share is learnt from the step before (the secant method), so three or four steps
    /// reach a nanometre; a bracket guards them, and is halved where a step leads back to an end of it that has been tried.
    ///
    /// # Accuracy
    /// 0.1 µm, and the 15 nm of Karney's inverse, up to [`CONVEX_M`]. Beyond, distance is a concave function of place except
    /// near 10,000 km, where its second derivative vanishes: over one piece the error is then estimated at a few µm.
    pub(super) fn nearest_between(&self, from_m: f64, to_m: f64, guess_m: f64, site: Position) -> Foot {
        let mut here = self.foot(guess_m.clamp(from_m, to_m), site);
        let (mut low_tried, mut high_tried) = (false, false);
        if here.distance_m > CONVEX_M {
            let (start, end) = (self.foot(from_m, site), self.foot(to_m, site));
            if !(start.slope > 0.0 && end.slope < 0.0) {
                return if start.distance_m <= end.distance_m { start } else { end };
            }
            (low_tried, high_tried) = (true, true);
        }
        let (mut low_m, mut high_m) = (from_m, to_m);
        // Where the last place was, and the step that it wanted.
        let mut before: Option<(f64, f64)> = None;
        for _ in 0..100 {
            if here.slope > 0.0 {
                (low_m, low_tried) = (here.along_m, true);
            } else {
                (high_m, high_tried) = (here.along_m, true);
            }
            let angle = here.distance_m / STEP_RADIUS_M;
            let plain_m = STEP_RADIUS_M * (angle.sin() * here.slope).atan2(angle.cos());
            let learnt = before.map_or(1.0, |(along_m, wanted_m)| (here.along_m - along_m) / (wanted_m - plain_m));
            let step_m = plain_m * if (0.5..2.0).contains(&learnt) { learnt } else { 1.0 };
            before = Some((here.along_m, plain_m));
            let mut next_m = (here.along_m + step_m).clamp(low_m, high_m);
            if (next_m <= low_m && low_tried || next_m >= high_m && high_tried) && step_m.abs() > high_m - low_m {
                next_m = f64::midpoint(low_m, high_m);
            }
            if (next_m - here.along_m).abs() <= 1e-8 + 1e-11 * here.distance_m {
                break;
            }
            here = self.foot(next_m, site);
        }
        // The last place, not the least distance: beside the foot, distances differ by less than their rounding.
        here
    }
}

/// Whether only one shortest geodesic joins two positions. Many do between the poles; two do where the ends lie on opposite
/// latitudes and so close to opposite meridians that the ways north and south about are equally long, and shorter than any
/// other: closer than f·180°·cos φ, to first order in the flattening.
fn has_one_geodesic(a: Position, b: Position) -> bool {
    let opposite_latitudes = (a.lat_deg() + b.lat_deg()).abs() < 1e-9;
    if !opposite_latitudes {
        return true;
    }
    let apart_deg = (a.lon_deg() - b.lon_deg()).abs();
    let from_opposite_deg = (180.0 - apart_deg).abs();
    let cos_lat = a.lat_deg().to_radians().cos();
    !(cos_lat < 1e-12 || from_opposite_deg <= 180.0 * crate::ellipsoid::FLATTENING * cos_lat + 1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::length::Length;

    fn metres(m: f64) -> Length {
        Length::from_m(m).expect("a length")
    }

    /// No place of a stretch of at most 4 km is nearer than the one that is found, by looking at many, and from any guess: for edges up to 5,000 km
    /// and sites up to beyond their antipodes.
    #[test]
    fn nothing_on_a_stretch_is_nearer() {
        let mut state = 3_u64;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(state >> 32).unwrap_or(0)) / 4_294_967_296.0
        };
        let mut inside = 0;
        for number in 0..400 {
            let start = Position::computed_deg(180.0 * next() - 90.0, 360.0 * next() - 180.0);
            let end = start.destination(360.0 * next(), metres(10_f64.powf(3.0 + 3.7 * next())));
            let edge = Edge::new(start, end, 0, 0).expect("an edge");
            let course = edge.course();
            let from_m = (edge.length_m() - 4_000.0).max(0.0) * next();
            let to_m = (from_m + 4_000.0 * next()).min(edge.length_m());
            let (at, azimuth_deg) = course.position_at(f64::midpoint(from_m, to_m));
            // Square to the edge, or nearly so, or anywhere.
            let turn_deg = match number % 4 {
                0 => 90.0,
                1 | 2 => 90.0 + 0.02 * (next() - 0.5),
                _ => 360.0 * next(),
            };
            let site = at.destination(
                azimuth_deg + turn_deg,
                metres(if number % 2 == 0 { 1.99e7 * next() } else { 10_f64.powf(6.0 * next()) }),
            );
            let found = course.nearest_between(from_m, to_m, from_m + (to_m - from_m) * next(), site);
            assert!((from_m..=to_m).contains(&found.along_m));
            let way_m = |along_m: f64| distance_m(site, course.position_at(along_m).0);
            assert!((way_m(found.along_m) - found.distance_m).abs() < 1e-7);
            for step in 0..=40 {
                let along_m = from_m + (to_m - from_m) * f64::from(step) / 40.0;
                assert!(
                    way_m(along_m) >= found.distance_m - 2e-6,
                    "{site}: {} at {along_m}, found {} at {}",
                    way_m(along_m),
                    found.distance_m,
                    found.along_m
                );
            }
            // Where the distance is least its slope is none: known there, not by distances that are rounded.
            if found.along_m > from_m && found.along_m < to_m && found.distance_m > 10.0 {
                let to_site = inverse(course.position_at(found.along_m).0, site).azimuth_deg;
                let slope = (to_site - course.position_at(found.along_m).1).to_radians().cos();
                assert!(slope.abs() < 1e-6, "{site}: {slope} at {}", found.along_m);
                inside += 1;
            }
        }
        assert!(inside > 100, "{inside}");
    }
}
