//! What the way between two vertices is: a geodesic, or straight in longitude and latitude.

use std::fmt;
use std::str::FromStr;

use geo_types::Coord;
use serde::{Deserialize, Serialize};

use crate::distance::Edge;
use crate::ellipsoid::{ECCENTRICITY_SQ, EQUATORIAL_RADIUS_M, FLATTENING, distance_m};
use crate::length::Length;
use crate::near::did_you_mean;
use crate::position::Position;

/// What the edge between two vertices of a line or a ring is.
///
/// The two differ by metres on an edge of ten kilometres and by kilometres on one of hundreds: the 49th parallel between the Lake of
/// the Woods and the Strait of Georgia, drawn by its two ends, is up to 94 km from the geodesic between them.
///
/// # Example
/// ```
/// use geo::line_string;
/// use siteband::{Edges, Feature, Position};
/// let parallel = line_string![(x: -123.03, y: 49.0), (x: -95.15, y: 49.0)];
/// let site = Position::new(49.0, -109.09)?;
/// let geodesic = Feature::new("border", parallel.clone().into())?;
/// assert_eq!(format!("{:.1}", geodesic.nearest(site).distance.km()), "94.4");
/// assert!(geodesic.warnings()[0].to_string().contains("94.4 km from the parallel"));
/// let planar = Feature::drawn("border", parallel.into(), Edges::Planar)?;
/// assert!(planar.nearest(site).distance.m() <= 0.01);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Edges {
    /// The shortest way on the ellipsoid.
    #[default]
    Geodesic,
    /// Straight in longitude and latitude, as RFC 7946 says of GeoJSON: along a parallel where both ends have one latitude. Followed to
    /// within 1 cm.
    Planar,
}

impl Edges {
    const NAMES: [(&'static str, Self); 2] = [("geodesic", Self::Geodesic), ("planar", Self::Planar)];
}

impl fmt::Display for Edges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Geodesic => "geodesic",
            Self::Planar => "planar",
        })
    }
}

impl FromStr for Edges {
    type Err = UnknownEdges;

    fn from_str(text: &str) -> Result<Self, UnknownEdges> {
        let found = Self::NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text.trim()));
        found.map(|(_, edges)| *edges).ok_or_else(|| UnknownEdges { found: text.to_owned() })
    }
}

/// A word that is no meaning of edges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEdges {
    /// What was given.
    pub found: String,
}

impl fmt::Display for UnknownEdges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let near = did_you_mean(&self.found, Edges::NAMES.map(|(name, _)| name));
        write!(f, "unknown edges '{}': expected geodesic or planar{near}", self.found)
    }
}

impl std::error::Error for UnknownEdges {}

/// An edge that may not mean what was drawn: a long geodesic whose ends lie on one parallel.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeWarning {
    /// The part, counted from zero.
    pub part: usize,
    /// The edge of that part, counted from zero.
    pub segment: usize,
    /// The latitude in the middle of its ends, in degrees.
    pub lat_deg: f64,
    /// How long the geodesic is.
    pub length: Length,
    /// How far the middle of the geodesic is from the parallel.
    pub departure: Length,
}

impl fmt::Display for EdgeWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { part, segment, lat_deg, length, departure } = self;
        write!(
            f,
            "part {part}, edge {segment}: {:.0} km along the parallel of {lat_deg:.4}° are taken as a geodesic, which is up to {:.1} km \
             from the parallel: are the edges planar?",
            length.km(),
            departure.km()
        )
    }
}

/// Shorter edges are not warned of.
const LONG_M: f64 = 100_000.0;

/// An edge lies along a parallel if it climbs no more than so many metres per metre.
const LEVEL: f64 = 0.01;

/// Nearer to the parallel than this, it makes no difference that matters.
const DEPARTURE_M: f64 = 10.0;

/// The warning that an edge deserves.
pub(crate) fn warning(edge: &Edge) -> Option<EdgeWarning> {
    let [start, end] = [edge.start(), edge.end()];
    let climb_m = (end.lat_deg() - start.lat_deg()).abs().to_radians() * EQUATORIAL_RADIUS_M;
    if edge.length_m() <= LONG_M || climb_m > LEVEL * edge.length_m() {
        return None;
    }
    let middle = edge.course().position_at(0.5 * edge.length_m()).0;
    let lat_deg = f64::midpoint(start.lat_deg(), end.lat_deg());
    let departure_m = distance_m(middle, Position::computed_deg(lat_deg, middle.lon_deg()));
    (departure_m >= DEPARTURE_M).then(|| EdgeWarning {
        part: edge.part(),
        segment: edge.segment(),
        lat_deg,
        length: Length::computed_m(edge.length_m()),
        departure: Length::computed_m(departure_m),
    })
}

/// A planar edge is followed to within a centimetre: a tenth of that is left for what the second order does not see.
const TOLERANCE_M: f64 = 0.009;

/// No share of a planar edge spans more degrees of longitude or latitude: up to here the second order is good to 3 %, and the geodesic
/// between the ends of a share is the one beside it.
const GREATEST_SHARE_DEG: f64 = 30.0;

/// The vertices between the ends of an edge that is straight in longitude and latitude, so dense that the geodesics between them
/// are within the tolerance of it. docs/ACCURACY.md has the bound.
///
/// # Errors
/// Where the edge spans more than half a turn, and so is drawn the long way round.
pub(crate) fn planar_between(start: Coord<f64>, end: Coord<f64>) -> Result<Vec<Position>, String> {
    let (lon_deg, lat_deg) = (end.x - start.x, end.y - start.y);
    // A meridian is a geodesic as it is, but from pole to pole it has to be said which.
    if lon_deg == 0.0 && lat_deg.abs() < 180.0 {
        return Ok(Vec::new());
    }
    // All longitudes are one place at a pole: the sides of a map may be joined there.
    let at_one_pole = start.y.abs() == 90.0 && start.y == end.y;
    if lon_deg.abs() > 180.0 && !at_one_pole {
        return Err(long_way_round(start.x, end.x));
    }
    // The acceleration of φ = φ₀ + p·t, λ = λ₀ + q·t within the surface: −2M·sin φ·p·q to the east, M'·p² + N·sin φ·cos φ·q² to the north.
    let (p, q) = (lat_deg.to_radians(), lon_deg.to_radians());
    let [least_lat, greatest_lat] = {
        let [one, other] = [start.y.abs(), end.y.abs()].map(f64::to_radians);
        [if start.y * end.y > 0.0 { one.min(other) } else { 0.0 }, one.max(other)]
    };
    let polar_radius_m = EQUATORIAL_RADIUS_M / (1.0 - FLATTENING);
    // sin φ·cos φ is greatest at 45°, or as near to that as the edge comes.
    let product = 0.5 * libm::sin(2.0 * std::f64::consts::FRAC_PI_4.max(least_lat).min(greatest_lat));
    let east_m = 2.0 * polar_radius_m * libm::sin(greatest_lat) * (p * q).abs();
    let north_m =
        1.5 * ECCENTRICITY_SQ / (1.0 - ECCENTRICITY_SQ) * polar_radius_m * p * p + polar_radius_m * product * q * q;
    // A stretch of h departs from its chord by |acceleration|·h²/8.
    let for_tolerance = (east_m.hypot(north_m) / (8.0 * TOLERANCE_M)).sqrt();
    let count = for_tolerance.max(lon_deg.abs().max(lat_deg.abs()) / GREATEST_SHARE_DEG).ceil();
    let mut between = Vec::new();
    let mut at = 1.0;
    while at < count {
        let share = at / count;
        between.push(Position::computed_deg(start.y + share * lat_deg, start.x + share * lon_deg));
        at += 1.0;
    }
    Ok(between)
}

/// Why an edge of more than half a turn is refused, and what to do about it.
fn long_way_round(start_deg: f64, end_deg: f64) -> String {
    let span_deg = end_deg - start_deg;
    let turn_deg = 360.0_f64.copysign(span_deg);
    let [other_end_deg, other_start_deg] = [end_deg - turn_deg, start_deg + turn_deg];
    let written = |lon_deg: &f64| (-180.0..360.0).contains(lon_deg);
    let short_way = if other_end_deg == start_deg {
        String::new()
    } else if written(&other_end_deg) {
        format!("cut it where it crosses 180° (RFC 7946) or write its end as {other_end_deg}; ")
    } else if written(&other_start_deg) {
        format!("cut it where it crosses 180° (RFC 7946) or write its start as {other_start_deg}; ")
    } else {
        "cut it where it crosses 180° (RFC 7946); ".to_owned()
    };
    format!(
        "a planar edge from longitude {start_deg} to {end_deg} runs {:.1}° around the Earth: expected at most 180°; {short_way}add a \
         vertex half way if it is meant to go so far, or read the edges as geodesics",
        span_deg.abs()
    )
}
