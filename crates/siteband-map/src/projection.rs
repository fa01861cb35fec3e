//! From longitude and latitude to a picture and back: Lambert's azimuthal projection, on which equal areas are equal, so that the eye
//! sums probability rightly (J. P. Snyder, "Map Projections: A Working Manual", 1987, chapter 24).

use std::f64::consts::PI;

use siteband::{Length, Position};

use crate::report::Report;

const EQUATORIAL_RADIUS_M: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_223_563;
const ECCENTRICITY_SQ: f64 = FLATTENING * (2.0 - FLATTENING);

/// The projection about a center.
#[derive(Clone, Copy, Debug)]
struct Projection {
    center: Position,
    sin_beta: f64,
    cos_beta: f64,
    /// The radius of the sphere of the same area.
    radius_m: f64,
    /// Stretches west to east, and shrinks south to north, so that the scale is true at the center.
    stretch: f64,
}

/// Snyder's q, by which the area between the equator and a latitude grows.
fn q(sin_lat: f64) -> f64 {
    let e = ECCENTRICITY_SQ.sqrt();
    (1.0 - ECCENTRICITY_SQ) * (sin_lat / (1.0 - ECCENTRICITY_SQ * sin_lat * sin_lat) + (e * sin_lat).atanh() / e)
}

/// Sine and cosine of the authalic latitude.
fn authalic(lat_deg: f64) -> (f64, f64) {
    let sine = (q(lat_deg.to_radians().sin()) / q(1.0)).clamp(-1.0, 1.0);
    // Near the poles the cosine comes from the latitude: the sine is flat there.
    (sine, if lat_deg.abs() > 89.999 { lat_deg.to_radians().cos().max(0.0) } else { (1.0 - sine * sine).sqrt() })
}

/// The latitude whose authalic latitude has this sine, by Newton's method.
fn latitude_deg(sine: f64) -> f64 {
    let pole = q(1.0);
    let mut s = sine;
    for _ in 0..5 {
        let slope = 2.0 * (1.0 - ECCENTRICITY_SQ) / (1.0 - ECCENTRICITY_SQ * s * s).powi(2);
        s = (s - (q(s) - sine * pole) / slope).clamp(-1.0, 1.0);
    }
    s.asin().to_degrees()
}

impl Projection {
    fn about(center: Position) -> Self {
        let (sin_beta, cos_beta) = authalic(center.lat_deg());
        let radius_m = EQUATORIAL_RADIUS_M * (q(1.0) / 2.0).sqrt();
        let (sin_lat, cos_lat) = center.lat_deg().to_radians().sin_cos();
        let parallel_m = EQUATORIAL_RADIUS_M * cos_lat / (1.0 - ECCENTRICITY_SQ * sin_lat * sin_lat).sqrt();
        let stretch = if cos_beta > 1e-6 { parallel_m / (radius_m * cos_beta) } else { 1.0 };
        Self { center, sin_beta, cos_beta, radius_m, stretch }
    }

    /// East and north of the center, in metres; none at the antipode.
    fn east_north_m(&self, at: Position) -> Option<[f64; 2]> {
        let (sin, cos) = authalic(at.lat_deg());
        let (sin_lon, cos_lon) = (at.lon_deg() - self.center.lon_deg()).to_radians().sin_cos();
        let toward = 1.0 + self.sin_beta * sin + self.cos_beta * cos * cos_lon;
        let scale_m = self.radius_m * (2.0 / toward).sqrt();
        let north = self.cos_beta * sin - self.sin_beta * cos * cos_lon;
        (toward > 1e-9).then(|| [scale_m * self.stretch * cos * sin_lon, scale_m / self.stretch * north])
    }

    /// The place east and north of the center; none beyond the edge of the world.
    fn position(&self, [east_m, north_m]: [f64; 2]) -> Option<Position> {
        let (x, y) = (east_m / self.stretch, north_m * self.stretch);
        let rho = x.hypot(y);
        let half = rho / (2.0 * self.radius_m);
        if half >= 1.0 {
            return None;
        }
        let (sin_angle, cos_angle) = (2.0 * half.asin()).sin_cos();
        let north = if rho > 0.0 { y * sin_angle * self.cos_beta / rho } else { 0.0 };
        let lat_deg = latitude_deg((cos_angle * self.sin_beta + north).clamp(-1.0, 1.0));
        let lon = (x * sin_angle).atan2(rho * self.cos_beta * cos_angle - y * self.sin_beta * sin_angle);
        let lon_deg = self.center.lon_deg() + if rho > 0.0 { lon.to_degrees() } else { 0.0 };
        Position::new(lat_deg, (lon_deg + 180.0).rem_euclid(360.0) - 180.0).ok()
    }
}

/// The window of a picture: what it shows of the Earth, and how large.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    projection: Projection,
    /// East and north of the window's upper left corner.
    corner_m: [f64; 2],
    m_per_px: f64,
    size_px: [f64; 2],
}

/// So many of the first sites are in the picture.
const SHOWN: usize = 12;

/// Room around what is shown, as a share of it.
const MARGIN: f64 = 0.08;

/// The window is at least so wide.
const LEAST_WIDTH_M: f64 = 20_000.0;

impl Frame {
    /// A window so many pixels wide around the first sites, the nearest places of what was said about them, and the search region if
    /// that is not much larger; none where nothing is listed.
    pub(crate) fn of(report: &Report<'_>, width_px: f64) -> Option<Self> {
        let mut shown: Vec<Position> = Vec::new();
        for ranked in report.ranking().top(SHOWN) {
            shown.push(ranked.site.position());
            let of_claims = ranked.evidence.iter().filter(|evidence| evidence.kind == "distance");
            shown.extend(of_claims.filter_map(|evidence| evidence.nearest));
        }
        let tight = Self::around(&shown, width_px)?;
        let Some(region) = report.ranking().search_region() else { return Some(tight) };
        let all: Vec<Position> = shown.iter().chain(region.places()).copied().collect();
        let wide = Self::around(&all, width_px)?;
        Some(if wide.m_per_px <= 4.0 * tight.m_per_px { wide } else { tight })
    }

    /// The smallest window, between 4:3 and 3:4, with these places in it.
    pub(crate) fn around(places: &[Position], width_px: f64) -> Option<Self> {
        let mut center = middle(places)?;
        // About the middle of what the first projection shows.
        for _ in 0..2 {
            let ([west, north], [east, south]) = bounds(&Projection::about(center), places);
            let moved = Projection::about(center).position([f64::midpoint(west, east), f64::midpoint(north, south)]);
            center = moved.unwrap_or(center);
        }
        let projection = Projection::about(center);
        let ([west, north], [east, south]) = bounds(&projection, places);
        let room = 1.0 + 2.0 * MARGIN;
        let (wide_m, tall_m) = ((east - west).max(LEAST_WIDTH_M) * room, (north - south).max(LEAST_WIDTH_M) * room);
        let wide_m = wide_m.max(tall_m * 0.75);
        let tall_m = tall_m.max(wide_m * 0.75);
        let m_per_px = wide_m / width_px;
        let corner_m = [f64::midpoint(west, east) - wide_m / 2.0, f64::midpoint(north, south) + tall_m / 2.0];
        Some(Self { projection, corner_m, m_per_px, size_px: [width_px, (tall_m / m_per_px).round()] })
    }

    pub(crate) fn width_px(&self) -> f64 {
        self.size_px[0]
    }

    pub(crate) fn height_px(&self) -> f64 {
        self.size_px[1]
    }

    pub(crate) fn km_per_px(&self) -> f64 {
        self.m_per_px / 1000.0
    }

    /// Where a place is in the picture, or outside of it; none at the antipode of its middle.
    pub(crate) fn xy(&self, at: Position) -> Option<[f64; 2]> {
        let [east, north] = self.projection.east_north_m(at)?;
        Some([(east - self.corner_m[0]) / self.m_per_px, (self.corner_m[1] - north) / self.m_per_px])
    }

    /// [`Frame::xy`] by longitude and latitude.
    pub(crate) fn xy_deg(&self, lon_deg: f64, lat_deg: f64) -> Option<[f64; 2]> {
        self.xy(Position::new(lat_deg.clamp(-90.0, 90.0), lon_deg.clamp(-180.0, 180.0)).ok()?)
    }

    /// The place that is shown there; none beyond the edge of the world.
    pub(crate) fn position(&self, [x, y]: [f64; 2]) -> Option<Position> {
        self.projection.position([self.corner_m[0] + x * self.m_per_px, self.corner_m[1] - y * self.m_per_px])
    }

    /// Whether a point of the picture is in the window.
    pub(crate) fn holds(&self, [x, y]: [f64; 2]) -> bool {
        (0.0..=self.size_px[0]).contains(&x) && (0.0..=self.size_px[1]).contains(&y)
    }

    /// The distance from the middle of the window to its corners, and a little more.
    pub(crate) fn reach(&self) -> Length {
        let reach_m = self.size_px[0].hypot(self.size_px[1]) / 2.0 * self.m_per_px * 1.2;
        Length::from_m(reach_m.min(PI * self.projection.radius_m)).unwrap_or_default()
    }

    /// The corners of the window.
    pub(crate) fn corners(&self) -> Vec<[f64; 2]> {
        let [width, height] = self.size_px;
        vec![[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]]
    }

    /// Longitude and latitude of what is farthest from the middle of the projection.
    pub(crate) fn antipode_deg(&self) -> [f64; 2] {
        let center = self.projection.center;
        [if center.lon_deg() > 0.0 { center.lon_deg() - 180.0 } else { center.lon_deg() + 180.0 }, -center.lat_deg()]
    }

    /// What the picture is centered on.
    pub(crate) fn center(&self) -> Position {
        let middle = [self.size_px[0] / 2.0, self.size_px[1] / 2.0];
        self.position(middle).unwrap_or(self.projection.center)
    }
}

/// The middle of places on the Earth, roughly; none of no places.
fn middle(places: &[Position]) -> Option<Position> {
    let mut sum = [0.0; 3];
    for place in places {
        let ((sin_lat, cos_lat), (sin_lon, cos_lon)) =
            (place.lat_deg().to_radians().sin_cos(), place.lon_deg().to_radians().sin_cos());
        for (axis, part) in sum.iter_mut().zip([cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]) {
            *axis += part;
        }
    }
    let [x, y, z] = sum;
    Position::new(z.atan2(x.hypot(y)).to_degrees(), y.atan2(x).to_degrees()).ok().or(places.first().copied())
}

/// The upper left and the lower right of places, east and north in metres.
fn bounds(projection: &Projection, places: &[Position]) -> ([f64; 2], [f64; 2]) {
    let mut points = places.iter().filter_map(|place| projection.east_north_m(*place));
    let first = points.next().unwrap_or_default();
    points.fold((first, first), |([west, north], [east, south]), [x, y]| {
        ([west.min(x), north.max(y)], [east.max(x), south.min(y)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat_deg: f64, lon_deg: f64) -> Position {
        Position::new(lat_deg, lon_deg).expect("a position")
    }

    /// Snyder's own example (page 334) is on Clarke's ellipsoid; these are PROJ 9's for `+proj=laea +ellps=WGS84`.
    #[test]
    fn as_proj_has_it() {
        for Case { center_deg: [lat, lon], place_deg, east_north_m } in PROJ {
            let found =
                Projection::about(at(lat, lon)).east_north_m(at(place_deg[0], place_deg[1])).expect("no antipode");
            for (found, expected) in found.iter().zip(east_north_m) {
                assert!((found - expected).abs() < 1e-3, "{place_deg:?}: {found} {expected}");
            }
        }
    }

    #[test]
    fn there_and_back() {
        for center in [at(40.0, 126.0), at(-75.0, 179.5), at(0.0, 0.0), at(90.0, 0.0), at(-90.0, 30.0)] {
            let projection = Projection::about(center);
            for step in 0..2000_i32 {
                let place = at(f64::from(step * 37 % 1790) / 10.0 - 89.5, f64::from(step * 101 % 3600) / 10.0 - 180.0);
                let Some(xy) = projection.east_north_m(place) else { continue };
                // Near the antipode everything is far apart.
                if center.distance_to(&place).km() < 18_000.0 {
                    let back = projection.position(xy).expect("on the map");
                    assert!(back.distance_to(&place).m() < 1e-3, "{center} {place} {back}");
                }
            }
        }
    }

    /// What is shown is in the window, across 180° and over the poles too.
    #[test]
    fn windows_hold_what_they_show() {
        for places in [
            vec![at(40.0, 125.0), at(41.0, 126.5)],
            vec![at(-17.0, 179.0), at(-16.0, -179.0)],
            vec![at(89.0, 10.0), at(88.0, -170.0), at(88.5, 90.0)],
            vec![at(39.0, 125.0)],
            vec![at(60.0, -150.0), at(-30.0, 20.0), at(10.0, 100.0)],
        ] {
            let frame = Frame::around(&places, 1000.0).expect("places");
            let aspect = frame.width_px() / frame.height_px();
            assert!((0.74..=1.34).contains(&aspect), "{aspect}");
            for place in &places {
                let xy = frame.xy(*place).expect("on the map");
                assert!(frame.holds(xy), "{place} {xy:?}");
                let back = frame.position(xy).expect("on the map");
                assert!(back.distance_to(place).m() < 1e-3);
            }
        }
    }

    /// A center, a place (latitude and longitude), and how far east and north of the center it is, in metres.
    struct Case {
        center_deg: [f64; 2],
        place_deg: [f64; 2],
        east_north_m: [f64; 2],
    }

    const PROJ: [Case; 5] = [
        Case { center_deg: [40.0, 126.0], place_deg: [39.6, 125.3], east_north_m: [-60_122.095_187, -44_177.742_320] },
        Case {
            center_deg: [-75.0, 179.5],
            place_deg: [-60.0, -150.0],
            east_north_m: [1_643_969.092_473, 1_243_196.767_575],
        },
        Case { center_deg: [0.0, 0.0], place_deg: [45.0, 100.0], east_north_m: [6_722_507.082_659, 6_780_525.513_414] },
        Case {
            center_deg: [90.0, 0.0],
            place_deg: [70.0, 30.0],
            east_north_m: [1_110_835.443_748, -1_924_023.427_420],
        },
        Case {
            center_deg: [52.0, 10.0],
            place_deg: [60.0, -20.0],
            east_north_m: [-1_619_674.085_706, 1_240_480.066_710],
        },
    ];
}
