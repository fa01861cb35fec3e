//! Features: the points, lines and areas that claims refer to.

use std::fmt;

use geo_types::{Coord, Geometry};

use crate::country::{CountryCode, country};
use crate::distance::{Edge, InvalidEdge, Nearest, Polyline};
use crate::edges::{EdgeWarning, Edges, planar_between, warning};
use crate::ellipsoid::{EQUATORIAL_RADIUS_M, chord_m, ecef_m, surface_near, wgs84};
use crate::length::Length;
use crate::near::did_you_mean;
use crate::position::Position;
use crate::trigonometry::half_turn_deg;

/// A named point, line or area on the WGS 84 ellipsoid, with the uncertainty of its own position. Edges are shortest geodesics, or
/// [straight in longitude and latitude](Edges).
///
/// # Example
/// ```
/// use geo::line_string;
/// use siteband::{Feature, Position};
/// let road = Feature::new("road", line_string![(x: 125.0, y: 39.0), (x: 126.0, y: 39.5)].into())?;
/// let nearest = road.nearest(Position::new(39.5, 125.2)?);
/// assert_eq!(format!("{:.2}", nearest.distance.km()), "37.15");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Feature {
    id: String,
    name: String,
    aliases: Vec<String>,
    countries: Vec<CountryCode>,
    position_uncertainty: Length,
    extent: Option<Length>,
    source: Option<String>,
    licence: Option<String>,
    kind: FeatureKind,
    edges: Edges,
    outline: Polyline,
    inside: Option<Inside>,
    warnings: Vec<EdgeWarning>,
}

/// What decides whether an area contains a place.
#[derive(Clone, Debug)]
struct Inside {
    north_pole: bool,
    /// For each whole degree of longitude from -180 on, the edges that touch it.
    edges_by_degree: Vec<Vec<usize>>,
}

impl Inside {
    fn new(outline: &Polyline, edges: Edges) -> Self {
        let north_pole = match edges {
            Edges::Geodesic => {
                let rings = outline.edges().chunk_by(|before, after| before.part() == after.part());
                rings.filter(|ring| encloses_north_pole(ring)).count() % 2 == 1
            }
            // On the plane there is nothing beyond the pole: whatever lies below an edge along it lies inside.
            Edges::Planar => false,
        };
        let mut edges_by_degree = vec![Vec::new(); 360];
        for (number, edge) in outline.edges().iter().enumerate() {
            let (start, end) = (edge.start().lon_deg(), edge.end().lon_deg());
            // From the western end, over as many degrees as the edge spans; those at 180° exactly go the eastern way.
            let turn = half_turn_deg(end - start);
            let (west, span) = if turn >= 0.0 { (start, turn) } else { (end, -turn) };
            let first = degree_of(west);
            let count = (west - west.floor() + span).floor();
            let mut step = 0_i16;
            while f64::from(step) <= count {
                edges_by_degree[(first + usize::from(step.unsigned_abs())) % 360].push(number);
                step += 1;
            }
        }
        Self { north_pole, edges_by_degree }
    }
}

/// Which of the 360 whole degrees a longitude in [-180, 180) lies in.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the number lies between 0 and 360")]
fn degree_of(lon_deg: f64) -> usize {
    (lon_deg.floor() + 180.0) as usize % 360
}

/// Whether a feature is a point, a line or an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureKind {
    /// One position, or several.
    Point,
    /// One line, or several.
    Line,
    /// One area, or several, with their holes.
    Area,
}

impl fmt::Display for FeatureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Point => "point",
            Self::Line => "line",
            Self::Area => "area",
        })
    }
}

impl Feature {
    /// A feature of the given geometry, x = longitude and y = latitude in degrees, its edges geodesics.
    ///
    /// # Errors
    /// [`InvalidGeometry`] if a coordinate is no position, there is none at all, or an edge has more than one shortest
    /// geodesic, or the edges make more pieces than [`PIECES`](crate::limits::PIECES). Geometry collections are refused.
    pub fn new(id: impl Into<String>, geometry: Geometry<f64>) -> Result<Self, InvalidGeometry> {
        Self::drawn(id, geometry, Edges::Geodesic)
    }

    /// A feature of the given geometry, x = longitude and y = latitude in degrees, with edges of the given meaning.
    ///
    /// # Errors
    /// As [`Feature::new`]; and if a planar edge spans more than 180° of longitude, along a pole excepted: whoever draws an edge from
    /// 179° to −179° hardly means the way around the Earth, and whoever does can add a vertex half way.
    pub fn drawn(id: impl Into<String>, geometry: Geometry<f64>, edges: Edges) -> Result<Self, InvalidGeometry> {
        let rings = |polygon: geo_types::Polygon<f64>| {
            let (exterior, interiors) = polygon.into_inner();
            std::iter::once(exterior).chain(interiors).map(|ring| ring.0)
        };
        let (kind, parts): (FeatureKind, Vec<Vec<Coord<f64>>>) = match geometry {
            Geometry::Point(point) => (FeatureKind::Point, vec![vec![point.0]]),
            Geometry::MultiPoint(points) => {
                (FeatureKind::Point, points.into_iter().map(|point| vec![point.0]).collect())
            }
            Geometry::Line(line) => (FeatureKind::Line, vec![vec![line.start, line.end]]),
            Geometry::LineString(line) => (FeatureKind::Line, vec![line.0]),
            Geometry::MultiLineString(lines) => (FeatureKind::Line, lines.into_iter().map(|line| line.0).collect()),
            Geometry::Polygon(polygon) => (FeatureKind::Area, rings(polygon).collect()),
            Geometry::MultiPolygon(polygons) => (FeatureKind::Area, polygons.into_iter().flat_map(rings).collect()),
            Geometry::Rect(rect) => (FeatureKind::Area, rings(rect.to_polygon()).collect()),
            Geometry::Triangle(triangle) => (FeatureKind::Area, rings(triangle.to_polygon()).collect()),
            Geometry::GeometryCollection(_) => {
                return Err(InvalidGeometry {
                    part: 0,
                    vertex: 0,
                    reason: "a geometry collection is no single point, line or area".to_owned(),
                });
            }
        };
        let mut positions = Vec::with_capacity(parts.len());
        for (part, coordinates) in parts.iter().enumerate() {
            if kind == FeatureKind::Area && coordinates.len() < 4 {
                let reason = format!(
                    "a ring of {} positions: expected at least four, the last equal to the first",
                    coordinates.len()
                );
                return Err(InvalidGeometry { part, vertex: 0, reason });
            }
            let vertices: Result<Vec<Position>, InvalidGeometry> = coordinates
                .iter()
                .enumerate()
                .map(|(vertex, at)| position(*at).map_err(|reason| InvalidGeometry { part, vertex, reason }))
                .collect();
            positions.push(vertices?);
        }
        let between = |part: usize, segment: usize| match edges {
            Edges::Geodesic => Ok(Vec::new()),
            Edges::Planar => planar_between(parts[part][segment], parts[part][segment + 1]),
        };
        let outline = Polyline::new(positions, between)
            .map_err(|InvalidEdge { part, segment, reason }| InvalidGeometry { part, vertex: segment, reason })?;
        let warnings = match edges {
            Edges::Geodesic => outline.edges().iter().filter_map(warning).collect(),
            Edges::Planar => Vec::new(),
        };
        let id = id.into();
        let inside = (kind == FeatureKind::Area).then(|| Inside::new(&outline, edges));
        Ok(Self {
            name: id.clone(),
            id,
            aliases: Vec::new(),
            countries: Vec::new(),
            position_uncertainty: Length::ZERO,
            extent: None,
            source: None,
            licence: None,
            kind,
            edges,
            outline,
            inside,
            warnings,
        })
    }

    /// A point, with the uncertainty of the position as its own.
    ///
    /// # Panics
    /// Never: a position is a valid geometry.
    #[must_use]
    #[allow(clippy::missing_panics_doc, clippy::expect_used, reason = "one valid position always makes a point")]
    pub fn point(id: impl Into<String>, position: Position) -> Self {
        let at = geo_types::Point::new(position.lon_deg(), position.lat_deg());
        Self::new(id, at.into()).expect("a position is a valid point").with_position_uncertainty(position.uncertainty())
    }

    /// The same feature under a name for people.
    #[must_use]
    pub fn with_name(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// The same feature, also found by these names.
    #[must_use]
    pub fn with_aliases(self, aliases: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { aliases: aliases.into_iter().map(Into::into).collect(), ..self }
    }

    /// The same feature as the border between two countries, or the area of one, given by code or name.
    ///
    /// # Errors
    /// [`UnknownCountry`] if a name is no country.
    pub fn with_countries<'a>(self, countries: impl IntoIterator<Item = &'a str>) -> Result<Self, UnknownCountry> {
        let codes =
            countries.into_iter().map(|name| country(name).ok_or_else(|| UnknownCountry { found: name.to_owned() }));
        Ok(Self { countries: codes.collect::<Result<_, _>>()?, ..self })
    }

    /// The same feature, its position known only to within one standard deviation of so much.
    #[must_use]
    pub fn with_position_uncertainty(self, position_uncertainty: Length) -> Self {
        Self { position_uncertainty, ..self }
    }

    /// The same feature, which reaches so far from its point: the radius of a town that is given by its middle.
    #[must_use]
    pub fn with_extent(self, extent: Length) -> Self {
        Self { extent: Some(extent), ..self }
    }

    /// The same feature with a statement of where its data come from.
    #[must_use]
    pub fn with_source(self, source: Option<String>, licence: Option<String>) -> Self {
        Self { source, licence, ..self }
    }

    /// Its identifier; ids are compared without case.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its name for people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Other names by which a claim may call it.
    #[must_use]
    pub fn aliases(&self) -> &[String] {
        &self.aliases
    }

    /// The ISO 3166-1 codes of the countries whose border or area it is.
    #[must_use]
    pub fn countries(&self) -> &[String] {
        &self.countries
    }

    /// How well its own position is known, as one standard deviation.
    #[must_use]
    pub fn position_uncertainty(&self) -> Length {
        self.position_uncertainty
    }

    /// How far it reaches from its point, where that was stated; a line or an area is all there.
    #[must_use]
    pub fn extent(&self) -> Option<Length> {
        self.extent
    }

    /// Where its data come from.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// Under which terms its data may be used.
    #[must_use]
    pub fn licence(&self) -> Option<&str> {
        self.licence.as_deref()
    }

    /// Whether it is a point, a line or an area.
    #[must_use]
    pub fn kind(&self) -> FeatureKind {
        self.kind
    }

    /// What its edges are.
    #[must_use]
    pub fn edges(&self) -> Edges {
        self.edges
    }

    /// Its edges that may not mean what was drawn: geodesics longer than 100 km whose ends lie on one parallel (to within a hundredth
    /// of the way), and that leave it by 10 m or more. They change no distance.
    #[must_use]
    pub fn warnings(&self) -> &[EdgeWarning] {
        &self.warnings
    }

    /// How many pieces its edges are cut into.
    pub(crate) fn piece_count(&self) -> usize {
        self.outline.piece_count()
    }

    /// How many edges it has, as drawn; a point counts as one.
    #[must_use]
    pub fn segment_count(&self) -> usize {
        self.parts().iter().map(|vertices| vertices.len().saturating_sub(1).max(1)).sum()
    }

    /// The length of all its edges.
    #[must_use]
    pub fn length(&self) -> Length {
        Length::computed_m(self.outline.edges().iter().map(Edge::length_m).sum())
    }

    /// The vertices of each part; rings repeat their first vertex at the end.
    #[must_use]
    pub fn parts(&self) -> &[Vec<Position>] {
        self.outline.parts()
    }

    /// The nearest place of the feature; for an area, the site itself if it lies inside.
    ///
    /// # Accuracy
    /// 1 µm up to 1,000 km, 1 µm × (distance / 1,000 km) beyond.
    #[must_use]
    pub fn nearest(&self, site: Position) -> Nearest {
        self.or_inside(site, self.outline.nearest(site))
    }

    fn or_inside(&self, site: Position, nearest: Nearest) -> Nearest {
        if self.contains(site) { Nearest { distance: Length::ZERO, position: site, ..nearest } } else { nearest }
    }

    /// The line that distances are measured to, where no place counts as inside.
    pub(crate) fn line(&self) -> Option<&Polyline> {
        self.inside.is_none().then_some(&self.outline)
    }

    /// [`Feature::nearest`] for many sites, in their order and to the bit; several times faster than one by one, and on all cores
    /// with the feature `rayon`.
    #[must_use]
    pub fn nearest_all(&self, sites: &[Position]) -> Vec<Nearest> {
        let outlines = self.outline.nearest_all(sites);
        if self.inside.is_none() {
            return outlines;
        }
        let pairs: Vec<(Position, Nearest)> = sites.iter().copied().zip(outlines).collect();
        crate::batch::map(&pairs, |(site, nearest)| self.or_inside(*site, *nearest))
    }

    /// The nearest place of the outline, inside an area too.
    ///
    /// # Accuracy
    /// As [`Feature::nearest`].
    #[must_use]
    pub fn nearest_boundary(&self, site: Position) -> Nearest {
        self.outline.nearest(site)
    }

    /// The nearest place of the outline found by measuring every piece of every edge: slow, and the oracle of the index, equal to
    /// the bit.
    #[must_use]
    pub fn nearest_brute_force(&self, site: Position) -> Nearest {
        self.outline.nearest_brute_force(site)
    }

    /// The nearest place of the outline found by measuring every piece of every edge with Karney's inverse, without any series:
    /// slower still, and the oracle of the whole engine.
    ///
    /// # Accuracy
    /// 0.1 µm up to 9,000 km; within that of [`Feature::nearest_boundary`] everywhere.
    #[must_use]
    pub fn nearest_by_karney(&self, site: Position) -> Nearest {
        self.outline.nearest_by_karney(site)
    }

    /// Whether the feature is no farther than `limit`, ends included; quicker than measuring the distance.
    #[must_use]
    pub fn is_within(&self, site: Position, limit: Length) -> bool {
        self.contains(site) || self.outline.is_within(site, limit)
    }

    /// Whether an area contains the site; false for points and lines. An area is the smaller side of its outer ring, whichever
    /// way round that is drawn; with planar edges, what the ring encloses on a map of longitude and latitude.
    #[must_use]
    pub fn contains(&self, site: Position) -> bool {
        let Some(inside) = &self.inside else {
            return false;
        };
        let near = &inside.edges_by_degree[degree_of(site.lon_deg())];
        let crossings = near.iter().filter(|edge| crosses_north_of(&self.outline.edges()[**edge], site)).count();
        inside.north_pole ^ (crossings % 2 == 1)
    }

    /// The distance to the outline, negative inside an area.
    pub(crate) fn signed_distance_m(&self, site: Position) -> f64 {
        let distance_m = self.nearest_boundary(site).distance.m();
        if self.contains(site) { -distance_m } else { distance_m }
    }

    /// The same for many sites, in their order.
    #[cfg(feature = "outline")]
    pub(crate) fn signed_distances_m(&self, sites: &[Position]) -> Vec<f64> {
        let pairs: Vec<(Position, Nearest)> = sites.iter().copied().zip(self.outline.nearest_all(sites)).collect();
        crate::batch::map(
            &pairs,
            |(site, nearest)| {
                if self.contains(*site) { -nearest.distance.m() } else { nearest.distance.m() }
            },
        )
    }

    /// The greatest distance between any two of its vertices.
    #[must_use]
    pub fn diameter(&self) -> Length {
        self.outline.diameter()
    }

    /// A ball that everything of it lies in, an area's inside too.
    pub(crate) fn center_and_reach_m(&self) -> ([f64; 3], f64) {
        let (center_m, reach_m) = self.outline.center_and_reach_m();
        // What lies outside of the ball around the outline lies inside the area altogether, or not at all.
        let opposite = surface_near(center_m.map(|axis| -axis));
        if chord_m(center_m, ecef_m(opposite)) > reach_m && self.contains(opposite) {
            return ([0.0; 3], EQUATORIAL_RADIUS_M);
        }
        (center_m, reach_m)
    }
}

/// The position of a coordinate, or why it is none.
fn position(at: Coord<f64>) -> Result<Position, String> {
    let (lon_deg, lat_deg) = (at.x, at.y);
    if lon_deg.abs() > 1000.0 || lat_deg.abs() > 1000.0 {
        return Err(format!(
            "[{lon_deg}, {lat_deg}] is no longitude and latitude in degrees: are these metres of a projected system? Expected WGS 84 (EPSG:4326)"
        ));
    }
    Position::new(lat_deg, lon_deg)
        .map_err(|error| format!("[{lon_deg}, {lat_deg}]: {error} (GeoJSON has longitude first)"))
}

/// Whether the meridian from the site to the north pole crosses the edge. A vertex on the meridian belongs to its west.
fn crosses_north_of(edge: &Edge, site: Position) -> bool {
    let [start, end] = [edge.start(), edge.end()].map(|vertex| half_turn_deg(vertex.lon_deg() - site.lon_deg()));
    if (start <= 0.0) == (end <= 0.0) {
        return false;
    }
    // Either across the site's meridian or across the opposite one. An edge over a pole turns by half a circle: it is taken to
    // pass the pole on the side that makes it run eastward.
    let turn = (start - end).abs();
    if turn > 180.0 || (turn == 180.0 && start > 0.0) {
        return false;
    }
    // No place of the edge is farther from both ends than half its length; a degree of latitude has at least 110.5 km.
    let (low_deg, high_deg) =
        (edge.start().lat_deg().min(edge.end().lat_deg()), edge.start().lat_deg().max(edge.end().lat_deg()));
    let bulge_deg = edge.length_m() / 2.0 / 110_500.0;
    if low_deg - bulge_deg > site.lat_deg() {
        return true;
    }
    if high_deg + bulge_deg < site.lat_deg() {
        return false;
    }
    let course = edge.course();
    let (mut west_m, mut east_m) = if start <= 0.0 { (0.0, edge.length_m()) } else { (edge.length_m(), 0.0) };
    for _ in 0..60 {
        let middle_m = f64::midpoint(west_m, east_m);
        if half_turn_deg(course.position_at(middle_m).0.lon_deg() - site.lon_deg()) <= 0.0 {
            west_m = middle_m;
        } else {
            east_m = middle_m;
        }
    }
    course.position_at(west_m).0.lat_deg() > site.lat_deg()
}

/// Whether the smaller side of a ring contains the north pole: it runs around the pole eastward with the smaller side on its
/// left, or westward with it on its right.
fn encloses_north_pole(ring: &[Edge]) -> bool {
    let turn_deg: f64 = ring.iter().map(|edge| half_turn_deg(edge.end().lon_deg() - edge.start().lon_deg())).sum();
    if turn_deg.abs() < 180.0 {
        return false;
    }
    let mut area = geographiclib_rs::PolygonArea::new(wgs84(), geographiclib_rs::Winding::CounterClockwise);
    for edge in ring {
        area.add_point(edge.start().lat_deg(), edge.start().lon_deg());
    }
    let (_, area_m2, _) = area.compute(true);
    (turn_deg > 0.0) == (area_m2 > 0.0)
}

/// A geometry that is no feature, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("part {part}, position {vertex}: {reason}")]
pub struct InvalidGeometry {
    /// The part at fault, counted from zero.
    pub part: usize,
    /// The position of that part, counted from zero.
    pub vertex: usize,
    /// What was found and what was expected.
    pub reason: String,
}

/// A name that is no country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCountry {
    /// The name that was given.
    pub found: String,
}

impl fmt::Display for UnknownCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let near = did_you_mean(&self.found, crate::country::names());
        write!(f, "unknown country '{}': expected an ISO 3166-1 code such as KP, or a name{near}", self.found)
    }
}

impl std::error::Error for UnknownCountry {}
