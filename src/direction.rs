//! Directions of the wind rose, as reports state them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One of the sixteen winds of the compass rose.
///
/// # Example
/// ```
/// use siteband::Direction;
/// let wind: Direction = "north-northeast".parse()?;
/// assert_eq!((wind.azimuth_deg(), wind.half_width_deg()), (22.5, 11.25));
/// assert_eq!("NNE".parse::<Direction>()?, wind);
/// # Ok::<(), siteband::UnknownDirection>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Direction {
    /// Sixteenths of a turn, clockwise from north.
    sixteenth: u8,
}

const WINDS: [(&str, &str); 16] = [
    ("n", "north"),
    ("nne", "north-northeast"),
    ("ne", "northeast"),
    ("ene", "east-northeast"),
    ("e", "east"),
    ("ese", "east-southeast"),
    ("se", "southeast"),
    ("sse", "south-southeast"),
    ("s", "south"),
    ("ssw", "south-southwest"),
    ("sw", "southwest"),
    ("wsw", "west-southwest"),
    ("w", "west"),
    ("wnw", "west-northwest"),
    ("nw", "northwest"),
    ("nnw", "north-northwest"),
];

impl Direction {
    /// The middle of the direction, in degrees clockwise from north.
    #[must_use]
    pub fn azimuth_deg(self) -> f64 {
        f64::from(self.sixteenth) * 22.5
    }

    /// How far to either side the word reaches: 45° for the four cardinal winds, 22.5° for the eight, 11.25° for the rest.
    #[must_use]
    pub fn half_width_deg(self) -> f64 {
        match self.sixteenth {
            0 | 4 | 8 | 12 => 45.0,
            sixteenth if sixteenth % 2 == 0 => 22.5,
            _ => 11.25,
        }
    }

    /// Its name, such as `north-northeast`.
    #[must_use]
    pub fn name(self) -> &'static str {
        WINDS[usize::from(self.sixteenth)].1
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Direction {
    type Err = UnknownDirection;

    fn from_str(text: &str) -> Result<Self, UnknownDirection> {
        let plain = |text: &str| text.to_lowercase().replace(['-', ' '], "");
        let wanted = plain(text);
        (0_u8..)
            .zip(WINDS)
            .find(|(_, (short, name))| wanted == *short || wanted == plain(name))
            .map(|(sixteenth, _)| Self { sixteenth })
            .ok_or_else(|| UnknownDirection { found: text.to_owned() })
    }
}

impl TryFrom<String> for Direction {
    type Error = UnknownDirection;

    fn try_from(text: String) -> Result<Self, UnknownDirection> {
        text.parse()
    }
}

impl From<Direction> for String {
    fn from(direction: Direction) -> Self {
        direction.name().to_owned()
    }
}

/// A word that is no wind of the compass rose.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown direction '{found}': expected one of the sixteen winds, such as north, NE or south-southwest")]
pub struct UnknownDirection {
    /// The word that was found.
    pub found: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wind_by_every_name() {
        for (sixteenth, (short, name)) in (0..).zip(WINDS) {
            for text in [short.to_owned(), short.to_uppercase(), name.to_owned(), name.replace('-', " ")] {
                assert_eq!(text.parse(), Ok(Direction { sixteenth }), "{text}");
            }
        }
        assert_eq!("north east".parse::<Direction>().expect("valid").azimuth_deg(), 45.0);
        assert!("up".parse::<Direction>().is_err());
    }
}
