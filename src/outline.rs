//! Outlines: where the places are whose distance from a feature lies in an interval.
//!
//! The distance is contoured: a [mesh] of cells is refined where the conditions of a [field] may change, [contour] draws the lines of
//! level zero through it, [simplify] leaves out vertices that are not needed, and here rings become polygons. docs/ACCURACY.md
//! argues the tolerance.

mod contour;
mod field;
mod mesh;
mod simplify;

use geo::{Area, Contains, Coord, LineString, MultiLineString, MultiPolygon, Point, Polygon};

use crate::band::Interval;
use crate::feature::{Feature, FeatureKind};
use crate::length::Length;
use crate::region::NoArea;
use contour::Node;
use field::Field;
use mesh::{Fineness, Mesh};

/// The places whose distance from a feature lies in an interval, as polygons on a map of longitude and latitude.
///
/// Coordinates are x = longitude and y = latitude in degrees. Edges are straight in longitude and latitude, as
/// [RFC 7946](https://www.rfc-editor.org/rfc/rfc7946) has them and [`Edges::Planar`](crate::Edges) reads them. Rings are closed, cross
/// neither themselves nor each other, and have their inside on the left: outer rings run counterclockwise, holes clockwise. What
/// crosses 180° is cut there, with edges along ±180°; what contains a pole has an edge along latitude ±90°, as it has on the map.
///
/// # Example
/// ```
/// use siteband::{Feature, Interval, Length, OutlineOptions, Position};
/// let town = Feature::point("town", Position::new(39.0, 125.75)?);
/// let interval = Interval { from: Length::from_km(20.0)?, to: Length::from_km(25.0)? };
/// let outline = town.outline(interval, &OutlineOptions::default())?;
/// // One ring around the town, with a hole.
/// assert_eq!(outline.polygons().0.len(), 1);
/// assert_eq!(outline.polygons().0[0].interiors().len(), 1);
/// assert!(geojson::Geometry::from(&outline).to_string().starts_with("{\"type\":\"MultiPolygon\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    polygons: MultiPolygon<f64>,
    lines: MultiLineString<f64>,
}

/// How an outline is drawn.
#[derive(Clone, Copy, Debug)]
pub struct OutlineOptions<'a> {
    /// How far the outline may be from where it should be, at its vertices and between them; less than 1 cm counts as 1 cm.
    pub tolerance: Length,
    /// Only places inside this area count: a country, a region of interest.
    pub within: Option<&'a Feature>,
}

impl Default for OutlineOptions<'_> {
    /// To 50 m, everywhere.
    fn default() -> Self {
        Self { tolerance: Length::computed_m(50.0), within: None }
    }
}

/// Steps of the map are 36 µm: far below this.
const LEAST_TOLERANCE_M: f64 = 0.01;

impl Feature {
    /// The places whose distance from the feature lies in the interval, ends included: a band on both sides, a disc if it starts
    /// at zero. Nothing if the interval ends before it starts.
    ///
    /// # Errors
    /// [`NoArea`] if the places are to lie within a point or a line.
    ///
    /// # Accuracy
    /// Every place of the outline is at an end of the interval (or on the edge of the area that the places are to lie within) to the
    /// tolerance; every place that is on the wrong side of it is within the tolerance of such an end. Parts, holes and gaps
    /// narrower than the tolerance may be lost.
    ///
    /// # Example
    /// ```
    /// use siteband::{Atlas, Interval, Length, OutlineOptions};
    /// let atlas = Atlas::bundled();
    /// let border = atlas.resolve("the Chinese border with North Korea")?;
    /// let interval = Interval { from: Length::from_km(75.0)?, to: Length::from_km(105.0)? };
    /// let outline = border.outline(interval, &OutlineOptions::default())?;
    /// // Around the border go what is at 75 km and what is at 105 km, with the band between them.
    /// assert_eq!((outline.lines().0.len(), outline.polygons().0.len()), (2, 1));
    /// // Only the band in North Korea: parts of both, and the country's own edge.
    /// let options = OutlineOptions { within: Some(atlas.resolve("North Korea")?), ..OutlineOptions::default() };
    /// let in_the_country = border.outline(interval, &options)?;
    /// assert!(in_the_country.lines().0.len() >= 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn outline(&self, interval: Interval, options: &OutlineOptions<'_>) -> Result<Outline, NoArea> {
        if let Some(area) = options.within.filter(|area| area.kind() != FeatureKind::Area) {
            return Err(NoArea { id: area.id().to_owned(), kind: area.kind() });
        }
        if interval.from > interval.to {
            return Ok(Outline { polygons: MultiPolygon::new(Vec::new()), lines: MultiLineString::new(Vec::new()) });
        }
        let tolerance_m = options.tolerance.m().max(LEAST_TOLERANCE_M);
        let field = Field { feature: self, interval, within: options.within };
        let mesh = Mesh::new(&field, &fineness(interval, tolerance_m));
        let rings = contour::rings(&field, &mesh, ROOT * tolerance_m);
        let rings = simplify::simplified(&rings, LEFT_OUT * tolerance_m);
        Ok(Outline { lines: lines(&rings), polygons: polygons(&rings) })
    }
}

/// Shares of the tolerance, which docs/ACCURACY.md adds up: for bends that show at the corners of a cell, those that do not, the
/// sagitta of parallels, vertices left out, and crossings.
const SHOWN: f64 = 0.15;
const CONCAVE: f64 = 0.25;
const PARALLELS: f64 = 0.05;
const LEFT_OUT: f64 = 0.5;
const ROOT: f64 = 0.01;
/// The same for cells that are not halved again: no two places of one are farther apart.
const LEAST_CELL: f64 = 0.75;

fn fineness(interval: Interval, tolerance_m: f64) -> Fineness {
    // A distance is concave but for 1/distance: over a cell of the diagonal c at no less than ¾ of it, by c²/6 at most.
    let widest_m = |distance_m: f64| (distance_m / 4.0).min((6.0 * distance_m * CONCAVE * tolerance_m).sqrt());
    Fineness {
        least_cell_m: LEAST_CELL * tolerance_m,
        shown_m: SHOWN * tolerance_m,
        sagitta_m: PARALLELS * tolerance_m,
        greatest_cell_m: [widest_m(interval.from.m()), widest_m(interval.to.m()), 32.0 * tolerance_m],
    }
}

impl Outline {
    /// The places, as polygons with holes.
    #[must_use]
    pub fn polygons(&self) -> &MultiPolygon<f64> {
        &self.polygons
    }

    /// Those parts of the outline whose distance is an end of the interval, with what is nearer on the one side and what is farther
    /// on the other: without the edge of the area that the places are to lie within, and without cuts at 180° and the poles. For
    /// an interval from zero these are the places at exactly one distance.
    #[must_use]
    pub fn lines(&self) -> &MultiLineString<f64> {
        &self.lines
    }
}

impl From<&Outline> for geojson::Geometry {
    /// The polygons, as RFC 7946 has them.
    fn from(outline: &Outline) -> Self {
        Self::new(geojson::GeometryValue::from(&outline.polygons))
    }
}

fn coord(node: &Node) -> Coord<f64> {
    let [x, y] = node.lon_lat_deg;
    Coord { x, y }
}

/// Rings that run counterclockwise, each with the others that it is the smallest to contain.
fn polygons(rings: &[Vec<Node>]) -> MultiPolygon<f64> {
    let ring = |nodes: &Vec<Node>| Polygon::new(nodes.iter().chain(nodes.first()).map(coord).collect(), Vec::new());
    let (mut outer, holes): (Vec<Polygon<f64>>, Vec<Polygon<f64>>) =
        rings.iter().map(ring).partition(|ring| ring.signed_area() > 0.0);
    outer.sort_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()));
    let mut interiors: Vec<Vec<LineString<f64>>> = vec![Vec::new(); outer.len()];
    for hole in holes {
        let start = Point(hole.exterior()[0]);
        if let Some(around) = outer.iter().position(|outer| outer.contains(&start)) {
            interiors[around].push(hole.into_inner().0);
        }
    }
    let polygon = |(outer, interiors): (Polygon<f64>, _)| Polygon::new(outer.into_inner().0, interiors);
    // The greatest first.
    outer.into_iter().zip(interiors).rev().map(polygon).collect()
}

/// The stretches of rings along an end of the interval.
fn lines(rings: &[Vec<Node>]) -> MultiLineString<f64> {
    let is_drawn = |[a, b]: [&Node; 2]| a.at_distance && b.at_distance && a.sides & b.sides == 0;
    let mut lines = Vec::new();
    for ring in rings {
        let node = |at: usize| &ring[at % ring.len()];
        // Starts where a stretch does, if there is any gap.
        let gap = (0..ring.len()).find(|&at| !is_drawn([node(at), node(at + 1)])).map_or(0, |gap| gap + 1);
        let mut line: Vec<Coord<f64>> = Vec::new();
        for at in gap..gap + ring.len() {
            if is_drawn([node(at), node(at + 1)]) {
                if line.is_empty() {
                    line.push(coord(node(at)));
                }
                line.push(coord(node(at + 1)));
            } else if !line.is_empty() {
                lines.push(LineString::new(std::mem::take(&mut line)));
            }
        }
        if !line.is_empty() {
            lines.push(LineString::new(line));
        }
    }
    MultiLineString::new(lines)
}
