//! Directions of the wind rose, as reports state them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One of the thirty-two points of the compass rose.
///
/// # Example
/// ```
/// use siteband::Direction;
/// let wind: Direction = "north-northeast".parse()?;
/// assert_eq!((wind.azimuth_deg(), wind.half_width_deg()), (22.5, 11.25));
/// assert_eq!("NNE".parse::<Direction>()?, wind);
/// assert_eq!("ExN".parse::<Direction>()?.name(), "east by north");
/// # Ok::<(), siteband::UnknownDirection>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Direction {
    /// Points of 11.25°, clockwise from north.
    point: u8,
}

/// Short and long names, clockwise from north. `NbE` is also written `NxE`.
const WINDS: [(&str, &str); 32] = [
    ("N", "north"),
    ("NbE", "north by east"),
    ("NNE", "north-northeast"),
    ("NEbN", "northeast by north"),
    ("NE", "northeast"),
    ("NEbE", "northeast by east"),
    ("ENE", "east-northeast"),
    ("EbN", "east by north"),
    ("E", "east"),
    ("EbS", "east by south"),
    ("ESE", "east-southeast"),
    ("SEbE", "southeast by east"),
    ("SE", "southeast"),
    ("SEbS", "southeast by south"),
    ("SSE", "south-southeast"),
    ("SbE", "south by east"),
    ("S", "south"),
    ("SbW", "south by west"),
    ("SSW", "south-southwest"),
    ("SWbS", "southwest by south"),
    ("SW", "southwest"),
    ("SWbW", "southwest by west"),
    ("WSW", "west-southwest"),
    ("WbS", "west by south"),
    ("W", "west"),
    ("WbN", "west by north"),
    ("WNW", "west-northwest"),
    ("NWbW", "northwest by west"),
    ("NW", "northwest"),
    ("NWbN", "northwest by north"),
    ("NNW", "north-northwest"),
    ("NbW", "north by west"),
];

impl Direction {
    /// The middle of the direction, in degrees clockwise from north.
    #[must_use]
    pub fn azimuth_deg(self) -> f64 {
        f64::from(self.point) * 11.25
    }

    /// How far to either side the word reaches: 45° for the four cardinal winds, 22.5° for the eight, 11.25° for the sixteen,
    /// 5.625° for the "by" points between them.
    #[must_use]
    pub fn half_width_deg(self) -> f64 {
        match self.point % 8 {
            0 => 45.0,
            4 => 22.5,
            2 | 6 => 11.25,
            _ => 5.625,
        }
    }

    /// Its name, such as `north-northeast` or `north by east`.
    #[must_use]
    pub fn name(self) -> &'static str {
        WINDS[usize::from(self.point)].1
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
        // "NxE" and "N by E", as some reporters abbreviate, are "NbE".
        let short = wanted.replace('x', "b").replace("by", "b");
        (0_u8..)
            .zip(WINDS)
            .find(|(_, (abbreviation, name))| short == plain(abbreviation) || wanted == plain(name))
            .map(|(point, _)| Self { point })
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
#[error("unknown direction '{found}': expected a point of the compass, such as north, NE, south-southwest or ExN")]
pub struct UnknownDirection {
    /// The word that was found.
    pub found: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wind_by_every_name() {
        for (point, (short, name)) in (0..).zip(WINDS) {
            let x = short.replace('b', "x");
            let by = short.replace('b', " by ");
            for text in [short.to_owned(), short.to_uppercase(), x, by, name.to_owned(), name.replace('-', " ")] {
                assert_eq!(text.parse(), Ok(Direction { point }), "{text}");
            }
        }
        assert!("exe".parse::<Direction>().is_err());
        assert_eq!("north east".parse::<Direction>().expect("valid").azimuth_deg(), 45.0);
        assert!("up".parse::<Direction>().is_err());
    }

    /// Boxing the compass: 32 points of 11.25°, each as wide as the words can tell it from its like.
    #[test]
    fn azimuths_and_widths() {
        for (text, azimuth_deg, half_width_deg) in [
            ("E", 90.0, 45.0),
            ("SE", 135.0, 22.5),
            ("WSW", 247.5, 11.25),
            ("ExN", 78.75, 5.625),
            ("SWxS", 213.75, 5.625),
            ("north by west", 348.75, 5.625),
        ] {
            let wind: Direction = text.parse().expect(text);
            assert_eq!((wind.azimuth_deg(), wind.half_width_deg()), (azimuth_deg, half_width_deg), "{text}");
        }
    }
}
