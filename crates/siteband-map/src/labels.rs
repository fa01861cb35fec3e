//! Names beside dots: the first sites first, none over another, none cut off.

use std::sync::{Arc, OnceLock};

use resvg::usvg::fontdb::Database;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// A dot that wants its name beside it.
#[derive(Clone, Debug)]
pub(crate) struct Dot {
    pub(crate) xy: [f64; 2],
    pub(crate) radius_px: f64,
    pub(crate) text: String,
}

/// A name and its box: left, top, right, bottom.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) text: String,
    pub(crate) box_px: [f64; 4],
}

/// Longer names are cut, in characters.
const LONGEST: usize = 40;

/// Between a dot and its name.
const GAP_PX: f64 = 4.0;

/// Places names on a picture so large, beside dots and clear of boxes that are taken already.
pub(crate) fn placed(dots: &[Dot], size_px: [f64; 2], height_px: f64, taken: &[[f64; 4]]) -> Vec<Label> {
    let dot_box = |Dot { xy: [x, y], radius_px: r, .. }: &Dot| [x - r, y - r, x + r, y + r];
    let mut taken: Vec<[f64; 4]> = taken.iter().copied().chain(dots.iter().map(dot_box)).collect();
    let mut labels = Vec::new();
    for dot in dots {
        let text = cut(&dot.text);
        let (w, h, r, [x, y]) = (width_px(&text, height_px), height_px * 1.2, dot.radius_px, dot.xy);
        let corners = [
            [x + r + GAP_PX, y - h / 2.0],
            [x - r - GAP_PX - w, y - h / 2.0],
            [x - w / 2.0, y - r - GAP_PX - h],
            [x - w / 2.0, y + r + GAP_PX],
            [x + r, y - r - h],
            [x - r - w, y - r - h],
            [x + r, y + r],
            [x - r - w, y + r],
        ];
        let boxes = corners.map(|[left, top]| [left, top, left + w, top + h]);
        let is_inside = |[left, top, right, bottom]: [f64; 4]| {
            left >= 2.0 && top >= 2.0 && right <= size_px[0] - 2.0 && bottom <= size_px[1] - 2.0
        };
        let free = boxes.into_iter().find(|of| is_inside(*of) && !taken.iter().any(|other| overlap(*of, *other)));
        if let Some(box_px) = free {
            taken.push(box_px);
            labels.push(Label { text, box_px });
        }
    }
    labels
}

fn overlap(one: [f64; 4], other: [f64; 4]) -> bool {
    one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
}

/// A name that is not too long for a map, without characters that cannot be drawn.
pub(crate) fn cut(name: &str) -> String {
    let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    if name.chars().count() > LONGEST {
        name.chars().take(LONGEST - 1).map(clean).chain(['…']).collect()
    } else {
        name.chars().map(clean).collect()
    }
}

/// How wide a text is in the font in which pictures are drawn; for letters that it lacks as wide as it is high.
pub(crate) fn width_px(text: &str, height_px: f64) -> f64 {
    let font = FontRef::new(dejavu::sans::regular());
    #[allow(clippy::cast_possible_truncation, reason = "the size of letters")]
    let of_font = font.map(|font| {
        let metrics = font.glyph_metrics(Size::new(height_px as f32), LocationRef::default());
        let wide = |c: char| font.charmap().map(c).and_then(|glyph| metrics.advance_width(glyph)).map(f64::from);
        text.chars().map(|c| wide(c).unwrap_or(height_px)).sum()
    });
    #[allow(clippy::cast_precision_loss, reason = "a name")]
    let guess = text.chars().count() as f64 * height_px;
    of_font.unwrap_or(guess)
}

/// The fonts of every picture: one that comes with it, so that it looks alike everywhere, and for letters that it lacks those of the system.
pub(crate) fn fonts() -> Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    let made = FONTS.get_or_init(|| {
        let mut fonts = Database::new();
        fonts.load_font_data(dejavu::sans::regular().to_vec());
        fonts.load_font_data(dejavu::sans::bold().to_vec());
        fonts.load_system_fonts();
        fonts.set_sans_serif_family("DejaVu Sans");
        Arc::new(fonts)
    });
    Arc::clone(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of many dots close together each name that is placed is clear of all the others, of the dots, and of the edge.
    #[test]
    fn names_do_not_overlap() {
        let dots: Vec<Dot> = (0..60)
            .map(|at| {
                let xy = [f64::from(at * 37 % 400) + 20.0, f64::from(at * 53 % 300) + 20.0];
                Dot { xy, radius_px: 5.0, text: format!("Site number {at}") }
            })
            .collect();
        let labels = placed(&dots, [440.0, 340.0], 13.0, &[]);
        assert!(labels.len() >= 10, "{}", labels.len());
        for (at, label) in labels.iter().enumerate() {
            assert!(labels[at + 1..].iter().all(|other| !overlap(label.box_px, other.box_px)));
            assert!(label.box_px[0] >= 0.0 && label.box_px[2] <= 440.0);
            for dot in &dots {
                let ([x, y], r) = (dot.xy, dot.radius_px);
                assert!(!overlap(label.box_px, [x - r, y - r, x + r, y + r]));
            }
        }
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(cut(&"x".repeat(300)).chars().count(), LONGEST);
        assert_eq!(cut("a\u{1}b"), "a\u{fffd}b");
        assert!(width_px("MMMM", 13.0) > width_px("iiii", 13.0));
    }
}
