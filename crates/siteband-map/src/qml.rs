//! A style for QGIS.

/// The style of [`Report::geojson`](crate::Report::geojson) in QGIS, as QML.
///
/// Written as `map.qml` beside `map.geojson`, it is picked up when QGIS opens the latter. QGIS makes one layer of each type of geometry
/// (points, lines, polygons) out of a file of several: add all of them. The style holds rules for all three by the property `layer`,
/// and each layer draws with those rules whose symbols are of its own type. To load it by hand: Layer Properties, Symbology, Style,
/// Load Style.
///
/// The colours can be told apart with any colour vision, and are those of the KML.
///
/// # Example
/// ```
/// use siteband_map::QML;
/// assert!(QML.starts_with("<!DOCTYPE qgis"));
/// ```
pub const QML: &str = include_str!("qml/style.qml");
