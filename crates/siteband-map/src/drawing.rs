//! What can be drawn, by the ending of a file.

use std::path::Path;

use crate::picture::{InvalidPicture, PictureOptions};
use crate::report::Report;

/// What a ranking can be drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// Layers for Google Earth.
    Kml,
    /// The same in an archive.
    Kmz,
    /// Layers for QGIS, which [`crate::QML`] styles.
    Geojson,
    /// A section of an article.
    Markdown,
    /// A page to explore.
    Html,
    /// A picture made of lines.
    Svg,
    /// A picture made of dots.
    Png,
}

/// Every ending, with what it stands for.
const ENDINGS: [(&str, Drawing); 7] = [
    ("kml", Drawing::Kml),
    ("kmz", Drawing::Kmz),
    ("geojson", Drawing::Geojson),
    ("md", Drawing::Markdown),
    ("html", Drawing::Html),
    ("svg", Drawing::Svg),
    ("png", Drawing::Png),
];

/// A file whose ending stands for no drawing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: the ending of the file says what to draw: expected one of {}", ENDINGS.map(|(ending, _)| format!(".{ending}")).join(", "))]
pub struct UnknownEnding {
    /// The file.
    pub path: String,
}

impl Drawing {
    /// What the ending of a file stands for, without case.
    ///
    /// # Errors
    /// [`UnknownEnding`] if it stands for nothing.
    ///
    /// # Example
    /// ```
    /// use siteband_map::Drawing;
    /// assert_eq!(Drawing::of("report.HTML".as_ref())?, Drawing::Html);
    /// assert!(Drawing::of("report.pdf".as_ref()).is_err());
    /// # Ok::<(), siteband_map::UnknownEnding>(())
    /// ```
    pub fn of(path: &Path) -> Result<Self, UnknownEnding> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let known = ENDINGS.iter().find(|(known, _)| ending.as_deref() == Some(known));
        known.map(|(_, drawing)| *drawing).ok_or_else(|| UnknownEnding { path: path.display().to_string() })
    }
}

impl Report<'_> {
    /// A drawing as the bytes of a file; the options matter to pictures.
    ///
    /// # Errors
    /// [`InvalidPicture`] if a picture or a page cannot be drawn.
    pub fn draw(&self, drawing: Drawing, options: &PictureOptions) -> Result<Vec<u8>, InvalidPicture> {
        Ok(match drawing {
            Drawing::Kml => self.kml().into_bytes(),
            Drawing::Kmz => self.kmz(),
            Drawing::Geojson => self.geojson().into_bytes(),
            Drawing::Markdown => self.markdown().into_bytes(),
            Drawing::Html => self.html()?.into_bytes(),
            Drawing::Svg => self.svg(options)?.into_bytes(),
            Drawing::Png => self.png(options)?,
        })
    }
}
