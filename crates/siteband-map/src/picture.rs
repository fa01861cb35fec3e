//! The map as a picture: SVG, and PNG by drawing it.

mod furniture;
mod layers;
mod svg;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, WriteOptions};

use crate::labels;
use crate::projection::Frame;
use crate::report::Report;
pub(crate) use layers::{RAMP, named_points, spacing_px};
use svg::Element;

/// How a picture is drawn.
///
/// # Example
/// ```
/// use siteband_map::PictureOptions;
/// let for_print = PictureOptions { dots_per_inch: 300, ..PictureOptions::default() };
/// assert_eq!(for_print.width_px, 1000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureOptions {
    /// How wide it is at 96 dots per inch; 200 to 4,000.
    pub width_px: u32,
    /// How many dots a PNG has to the inch: 96 to 1,200. It is drawn so many times as large as at 96.
    pub dots_per_inch: u32,
    /// Whether it is light on dark.
    pub is_dark: bool,
    /// How many sites have their names beside them, if there is room.
    pub labelled: usize,
}

impl Default for PictureOptions {
    fn default() -> Self {
        Self { width_px: 1000, dots_per_inch: 96, is_dark: false, labelled: 12 }
    }
}

/// A picture that cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no picture: {reason}")]
pub struct InvalidPicture {
    /// What is the matter.
    pub reason: String,
}

/// Colours by name: light, dark. Okabe and Ito's blue and orange, and greys: told apart by everybody.
pub(crate) const PALETTE: [(&str, &str, &str); 14] = [
    ("sea", "#dfe9f2", "#0e1620"),
    ("land", "#fbfaf6", "#232c37"),
    ("border", "#a9a396", "#5d6a79"),
    ("grid", "#c6d3de", "#2c3947"),
    ("text", "#1b2430", "#e7ecf2"),
    ("quiet", "#55606e", "#a5b0bd"),
    ("halo", "#ffffff", "#12171e"),
    ("feature", "#8c2d04", "#ffb38a"),
    ("band", "#0072b2", "#56b4e9"),
    ("half", "#5b4a8a", "#c3b1ff"),
    ("field", "#e69f00", "#e69f00"),
    ("way", "#1b2430", "#e7ecf2"),
    ("site-edge", "#1b2430", "#0b0f14"),
    ("paper", "#ffffff", "#12171e"),
];

/// How each part is drawn; `var(--name)` stands for a colour.
pub(crate) const STYLE: &str = include_str!("picture/picture.css");

impl Report<'_> {
    /// The map as SVG that stands alone: text as outlines, so that it looks alike everywhere.
    ///
    /// # Errors
    /// [`InvalidPicture`] if the options are out of range, or nothing is listed.
    ///
    /// # Example
    /// ```
    /// use siteband::{Reading, Scenario};
    /// use siteband_map::{PictureOptions, Report};
    /// let scenario = Scenario::from_path("../../data/scenarios/sino-ri.toml".as_ref())?;
    /// let sites = scenario.load_sites()?;
    /// let report = Report::new(&scenario, &sites, &Reading::default());
    /// assert!(report.svg(&PictureOptions::default())?.starts_with("<svg"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn svg(&self, options: &PictureOptions) -> Result<String, InvalidPicture> {
        let tree = self.tree(options)?;
        Ok(tree.to_string(&WriteOptions {
            coordinates_precision: 2,
            transforms_precision: 4,
            ..WriteOptions::default()
        }))
    }

    /// The map as PNG, with its resolution.
    ///
    /// # Errors
    /// [`InvalidPicture`] if the options are out of range, or nothing is listed.
    pub fn png(&self, options: &PictureOptions) -> Result<Vec<u8>, InvalidPicture> {
        let tree = self.tree(options)?;
        #[allow(clippy::cast_precision_loss, reason = "a few hundred")]
        let scale = options.dots_per_inch as f32 / 96.0;
        let size = tree.size().to_int_size().scale_by(scale);
        let pixels = size.and_then(|size| Pixmap::new(size.width(), size.height()));
        let mut pixels = pixels.ok_or_else(|| invalid("too large"))?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
        let png = pixels.encode_png().map_err(|error| invalid(&error.to_string()))?;
        Ok(with_resolution(&png, options.dots_per_inch))
    }

    fn tree(&self, options: &PictureOptions) -> Result<Tree, InvalidPicture> {
        if !(200..=4000).contains(&options.width_px) {
            return Err(invalid(&format!("{} pixels wide: expected 200 to 4,000", options.width_px)));
        }
        if !(96..=1200).contains(&options.dots_per_inch) {
            return Err(invalid(&format!("{} dots per inch: expected 96 to 1,200", options.dots_per_inch)));
        }
        let frame = Frame::of(self, f64::from(options.width_px)).ok_or_else(|| invalid("nothing is listed"))?;
        let mut style = STYLE.to_owned();
        for (name, light, dark) in PALETTE {
            style = style.replace(&format!("var(--{name})"), if options.is_dark { dark } else { light });
        }
        let text = stand_alone(self, &frame, options, &style);
        let options = Options { fontdb: labels::fonts(), font_family: "DejaVu Sans".to_owned(), ..Options::default() };
        Tree::from_str(&text, &options).map_err(|error| invalid(&error.to_string()))
    }
}

fn invalid(reason: &str) -> InvalidPicture {
    InvalidPicture { reason: reason.to_owned() }
}

/// The map's own layers, back to front, cut to the window.
fn window(report: &Report<'_>, frame: &Frame, options: &PictureOptions, is_for_page: bool) -> Element {
    let [width, height] = [frame.width_px(), frame.height_px()];
    let furniture = furniture::of(frame);
    let sites = layers::sites(report, frame);
    let mut map = Element::new("g").with("clip-path", "url(#window)");
    map.push(Element::new("rect").with("class", "sea").with_px("width", width).with_px("height", height));
    map.push(layers::base(frame));
    map.push(if is_for_page { layers::empty("field") } else { layers::field(report, frame) });
    map.push(layers::bands(report, frame));
    map.push(layers::features(report, frame));
    map.push(layers::ways(report, frame));
    let labels = layers::labels(report, frame, &sites, options.labelled, &furniture.taken_px);
    map.push(layers::dots(report, &sites));
    map.push(labels);
    map.push(furniture.drawn);
    map
}

fn clip(frame: &Frame) -> Element {
    let rect = Element::new("rect").with_px("width", frame.width_px()).with_px("height", frame.height_px());
    let mut clip = Element::new("clipPath").with("id", "window");
    clip.push(rect);
    let mut defs = Element::new("defs");
    defs.push(clip);
    defs
}

/// The map for a page that has styles of its own, and a script that redraws some of it.
pub(crate) fn for_page(report: &Report<'_>, frame: &Frame, options: &PictureOptions) -> String {
    let title = format!("Map: {}", report.scenario().title());
    let mut svg = Element::new("svg")
        .with("viewBox", &format!("0 0 {:.0} {:.0}", frame.width_px(), frame.height_px()))
        .with("role", "group")
        .with("aria-label", &title);
    svg.push(clip(frame));
    svg.push(window(report, frame, options, true));
    svg.to_string()
}

/// The map with title, legend and caption.
fn stand_alone(report: &Report<'_>, frame: &Frame, options: &PictureOptions, style: &str) -> String {
    let head = furniture::head(report, frame);
    let foot = furniture::foot(report, frame);
    let (width, height) = (frame.width_px(), frame.height_px() + head.height_px + foot.height_px);
    let mut svg = Element::new("svg")
        .with("xmlns", "http://www.w3.org/2000/svg")
        .with("viewBox", &format!("0 0 {width:.0} {height:.0}"))
        .with_px("width", width)
        .with_px("height", height);
    svg.push(Element::new("style").with_text(style));
    svg.push(clip(frame));
    svg.push(Element::new("rect").with("class", "paper").with_px("width", width).with_px("height", height));
    svg.push(head.drawn);
    let mut map = Element::new("g").with("transform", &format!("translate(0 {:.1})", head.height_px));
    map.push(window(report, frame, options, false));
    svg.push(map);
    let below = head.height_px + frame.height_px();
    let mut caption = Element::new("g").with("transform", &format!("translate(0 {below:.1})"));
    caption.push(foot.drawn);
    svg.push(caption);
    svg.to_string()
}

/// Boxes of the window that are taken by what stands around the map.
pub(crate) fn taken_px(frame: &Frame) -> Vec<[f64; 4]> {
    furniture::of(frame).taken_px
}

/// A PNG with its resolution, in dots per metre, before its first data (the chunk pHYs).
fn with_resolution(png: &[u8], dots_per_inch: u32) -> Vec<u8> {
    // The signature and the chunk IHDR, which always have this length.
    const HEAD: usize = 8 + 25;
    let per_m = (f64::from(dots_per_inch) / 0.0254).round();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some tens of thousands")]
    let per_m = (per_m as u32).to_be_bytes();
    let mut chunk = b"pHYs".to_vec();
    chunk.extend(per_m);
    chunk.extend(per_m);
    chunk.push(1);
    let mut crc = flate2::Crc::new();
    crc.update(&chunk);
    let (head, rest) = png.split_at(HEAD.min(png.len()));
    [head, &9_u32.to_be_bytes(), &chunk, &crc.sum().to_be_bytes(), rest].concat()
}
