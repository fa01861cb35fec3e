//! What one site shows of one statement.

use serde::Serialize;

use crate::band::Place;
use crate::length::Length;
use crate::position::Position;

/// What one site shows of one statement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// The statement's id.
    pub claim: String,
    /// Its kind: see [`crate::Constraint::kind`].
    pub kind: &'static str,
    /// How far the site is from the feature; from the outline for a side of an area, the mean way for access. None for an attribute.
    pub distance: Option<Length>,
    /// The nearest place of the feature; none for access.
    pub nearest: Option<Position>,
    /// How far the site is from the nearest road, where the statement knows roads: as much of its ways is guessed.
    pub snapping: Option<Length>,
    /// The azimuth from that place to the site, in degrees clockwise from north, where the claim states a direction.
    pub azimuth_deg: Option<f64>,
    /// The natural logarithm of the site's likelihood of the statement: per kilometre for a distance, a tempered likelihood ratio
    /// for a soft statement. Minus infinity where a hard reading excludes the site.
    pub log_likelihood: f64,
    /// How much the statement changes the odds of the site against *none of these*: ten times the decimal logarithm, with the
    /// source's chance of being wrong taken into account: against the odds without this statement. Where a source makes several,
    /// these need not add up. None where either way there are no odds.
    pub decibans: Option<f64>,
    /// Where the distance lies in the claim's band.
    pub position: Option<Place>,
}
