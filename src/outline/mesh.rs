//! Cells of longitude and latitude, small where an outline passes and smaller where it bends.
//!
//! The Earth is the rectangle from −180° to 180° and from −90° to 90°. It is halved across its longer side, in metres, again and again:
//! a cell that surely lies inside or outside is dropped, one that may be crossed is kept as soon as the field is linear there, as far
//! as the tolerance sees. docs/ACCURACY.md argues when it is.

use hashbrown::HashMap;

use super::field::{Field, Terms, level_m};
use crate::ellipsoid::{EQUATORIAL_RADIUS_M, FLATTENING};
use crate::position::Position;
use crate::trigonometry::sin_cos_deg;

/// The greatest radius of curvature, a²/b.
const GREATEST_RADIUS_M: f64 = EQUATORIAL_RADIUS_M / (1.0 - FLATTENING);
/// A whole turn in steps of longitude; half as many steps make the latitudes. A step is 36 µm, and exact in degrees.
const TURN: u64 = 1 << 40;
const STEP_DEG: f64 = 360.0 / 1_099_511_627_776.0;

/// A corner or middle of a cell, in steps east of −180° and north of −90°.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Vertex {
    pub(super) lon: u64,
    pub(super) lat: u64,
}

/// The four sides of the map, as bits: west, east, south, north.
pub(super) type Sides = u8;

impl Vertex {
    #[allow(clippy::cast_precision_loss, reason = "2^40 is well below 2^53")]
    pub(super) fn lon_lat_deg(self) -> [f64; 2] {
        [self.lon as f64 * STEP_DEG - 180.0, self.lat as f64 * STEP_DEG - 90.0]
    }

    /// On which sides of the map it lies.
    pub(super) fn sides(self) -> Sides {
        u8::from(self.lon == 0)
            | (u8::from(self.lon == TURN) << 1)
            | (u8::from(self.lat == 0) << 2)
            | (u8::from(self.lat == TURN / 2) << 3)
    }
}

/// The place at a longitude and a latitude.
pub(super) fn place([lon_deg, lat_deg]: [f64; 2]) -> Position {
    Position::computed_deg(lat_deg, lon_deg)
}

/// From `lon` and `lat` on, `width` steps to the east and `height` to the north.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    lon: u64,
    lat: u64,
    width: u64,
    height: u64,
}

/// How large a cell is at most, in metres.
struct Extent {
    width_m: f64,
    height_m: f64,
    /// Between any two places of it.
    diagonal_m: f64,
    /// What its parallels leave the geodesics between their ends by.
    sagitta_m: f64,
}

impl Cell {
    const EARTH: Self = Self { lon: 0, lat: 0, width: TURN, height: TURN / 2 };

    /// Counterclockwise from the southwest.
    pub(super) fn corners(&self) -> [Vertex; 4] {
        let Self { lon, lat, width, height } = *self;
        [
            Vertex { lon, lat },
            Vertex { lon: lon + width, lat },
            Vertex { lon: lon + width, lat: lat + height },
            Vertex { lon, lat: lat + height },
        ]
    }

    pub(super) fn middle(&self) -> Vertex {
        Vertex { lon: self.lon + self.width / 2, lat: self.lat + self.height / 2 }
    }

    fn extent(&self) -> Extent {
        let [southwest, _, northeast, _] = self.corners().map(Vertex::lon_lat_deg);
        let [south_deg, north_deg] = [southwest[1], northeast[1]];
        let least_lat_deg = if south_deg * north_deg < 0.0 { 0.0 } else { south_deg.abs().min(north_deg.abs()) };
        let cosine = sin_cos_deg(least_lat_deg).1;
        let sine = sin_cos_deg(south_deg.abs().max(north_deg.abs())).0;
        let span = (northeast[0] - southwest[0]).to_radians();
        let width_m = GREATEST_RADIUS_M * cosine * span;
        let height_m = GREATEST_RADIUS_M * (north_deg - south_deg).to_radians();
        Extent {
            width_m,
            height_m,
            diagonal_m: (width_m * width_m + height_m * height_m).sqrt(),
            sagitta_m: width_m * span * sine / 8.0,
        }
    }

    /// Halved across its longer side.
    fn halves(&self, extent: &Extent) -> [Self; 2] {
        if extent.width_m > extent.height_m {
            let width = self.width / 2;
            [Self { width, ..*self }, Self { lon: self.lon + width, width, ..*self }]
        } else {
            let height = self.height / 2;
            [Self { height, ..*self }, Self { lat: self.lat + height, height, ..*self }]
        }
    }

    /// Its edges along a side of the map, counterclockwise.
    pub(super) fn edges_of_map(&self) -> impl Iterator<Item = [Vertex; 2]> {
        let corners = self.corners();
        (0..4).map(move |at| [corners[at], corners[(at + 1) % 4]]).filter(|[a, b]| a.sides() & b.sides() != 0)
    }
}

/// What the mesh takes from the tolerance, in metres.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fineness {
    /// A cell no wider than this is not halved again.
    pub(super) least_cell_m: f64,
    /// How far the field may be from linear, as the corners and the middle of a cell show it.
    pub(super) shown_m: f64,
    /// How far a cell's parallels may be from geodesics.
    pub(super) sagitta_m: f64,
    /// The widest cells in which a term's bends show at the corners.
    pub(super) greatest_cell_m: Terms,
}

/// Cells that an outline may pass through, which together with what surely lies inside or outside fill the map.
#[derive(Debug, Default)]
pub(super) struct Mesh {
    /// Those that it may pass through.
    pub(super) leaves: Vec<Cell>,
    /// Edges along the sides of the map of cells that lie inside.
    pub(super) inner_edges: Vec<[Vertex; 2]>,
    /// The terms at the middles of all cells and the corners of leaves.
    terms: HashMap<Vertex, Terms>,
}

impl Mesh {
    pub(super) fn new(field: &Field<'_>, fineness: &Fineness) -> Self {
        let mut mesh = Self::default();
        let mut cells = vec![Cell::EARTH];
        while !cells.is_empty() {
            mesh.measure(field, cells.iter().map(Cell::middle));
            let mut split = Vec::new();
            let mut candidates = Vec::new();
            for cell in cells {
                let extent = cell.extent();
                let terms = mesh.terms(cell.middle());
                let reach_m = extent.diagonal_m / 2.0;
                let level_m = level_m(&terms);
                if level_m < -reach_m {
                    mesh.inner_edges.extend(cell.edges_of_map());
                } else if level_m <= reach_m {
                    match fineness.term_to_follow(&extent, &terms) {
                        Follow::None => split.extend(cell.halves(&extent)),
                        Follow::Any => mesh.leaves.push(cell),
                        Follow::One(term) => candidates.push((cell, extent, term)),
                    }
                }
            }
            mesh.measure(field, candidates.iter().flat_map(|(cell, ..)| cell.corners()));
            for (cell, extent, term) in candidates {
                let [southwest, southeast, northeast, northwest] =
                    cell.corners().map(|corner| mesh.terms(corner)[term]);
                let middle = mesh.terms(cell.middle())[term];
                let mean = (southwest + southeast + northeast + northwest) / 4.0;
                let twist = southwest + northeast - southeast - northwest;
                if 2.0 * (middle - mean).abs() + 0.5 * twist.abs() <= fineness.shown_m {
                    mesh.leaves.push(cell);
                } else {
                    split.extend(cell.halves(&extent));
                }
            }
            cells = split;
        }
        let corners: Vec<Vertex> = mesh.leaves.iter().flat_map(Cell::corners).collect();
        mesh.measure(field, corners.into_iter());
        mesh
    }

    /// The terms of a vertex that was measured.
    pub(super) fn terms(&self, vertex: Vertex) -> Terms {
        self.terms[&vertex]
    }

    /// Whether all conditions are met there.
    pub(super) fn is_inside(&self, vertex: Vertex) -> bool {
        level_m(&self.terms(vertex)) <= 0.0
    }

    /// Measures what has not been measured yet.
    fn measure(&mut self, field: &Field<'_>, vertices: impl Iterator<Item = Vertex>) {
        let mut unknown: Vec<Vertex> = vertices.filter(|vertex| !self.terms.contains_key(vertex)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        let places: Vec<Position> = unknown.iter().map(|vertex| place(vertex.lon_lat_deg())).collect();
        self.terms.extend(unknown.into_iter().zip(field.terms(&places)));
    }
}

/// Whose bends decide whether a cell is small enough.
enum Follow {
    /// It is not.
    None,
    /// It is as small as cells get.
    Any,
    /// The term that alone may be zero there.
    One(usize),
}

impl Fineness {
    fn term_to_follow(&self, extent: &Extent, terms: &Terms) -> Follow {
        if extent.diagonal_m <= self.least_cell_m {
            return Follow::Any;
        }
        let mut active = (0..3).filter(|&term| terms[term].abs() <= extent.diagonal_m / 2.0);
        match (active.next(), active.next()) {
            (Some(term), None)
                if extent.diagonal_m <= self.greatest_cell_m[term] && extent.sagitta_m <= self.sagitta_m =>
            {
                Follow::One(term)
            }
            _ => Follow::None,
        }
    }
}
