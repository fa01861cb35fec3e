//! What stands around the map: scale, north, legend, title, caption.

use super::layers::graticule_steps_deg;
use super::svg::Element;
use crate::labels::width_px;
use crate::layers::BandKind;
use crate::projection::Frame;
use crate::report::Report;
use crate::words::{CAUTION, first, none_sentence, origins, percent};

/// Something drawn, and the boxes that are taken by it.
#[derive(Debug)]
pub(super) struct Furniture {
    pub(super) drawn: Element,
    pub(super) taken_px: Vec<[f64; 4]>,
}

/// A block of text above or below the map.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) drawn: Element,
    pub(super) height_px: f64,
}

fn text(class: &str, x: f64, y: f64, words: &str) -> Element {
    Element::new("text").with("class", class).with_px("x", x).with_px("y", y).with_text(words)
}

/// The scale bar in the lower left corner, the arrow to the north in the upper right one, and degrees along the edges.
pub(super) fn of(frame: &Frame) -> Furniture {
    let (width, height) = (frame.width_px(), frame.height_px());
    let mut drawn = Element::new("g").with("id", "map-furniture");
    let mut taken_px = Vec::new();

    let longest_km = frame.km_per_px() * width / 4.0;
    let decade = 10_f64.powf(longest_km.log10().floor());
    let bar_km = [5.0, 2.0, 1.0].into_iter().map(|step| step * decade).find(|km| *km <= longest_km).unwrap_or(decade);
    let bar_px = bar_km / frame.km_per_px();
    let (left, foot) = (18.0, height - 18.0);
    let words = format!("{bar_km} km");
    let plate_px = [left - 10.0, foot - 28.0, left + bar_px.max(width_px(&words, 11.0)) + 10.0, foot + 10.0];
    drawn.push(plate(plate_px));
    drawn.push(text("small", left, foot - 12.0, &words));
    let bar = format!("M{left:.1} {:.1}v6h{bar_px:.1}v-6", foot - 6.0);
    drawn.push(Element::new("path").with("class", "mark").with("d", &bar));
    taken_px.push(plate_px);

    // To the north where the arrow stands.
    let at = [width - 30.0, 34.0];
    let north = frame.position(at).and_then(|place| frame.xy_deg(place.lon_deg(), (place.lat_deg() + 0.01).min(90.0)));
    let turn_deg = north.map_or(0.0, |[x, y]| (x - at[0]).atan2(at[1] - y).to_degrees());
    let plate_px = [at[0] - 20.0, at[1] - 26.0, at[0] + 20.0, at[1] + 26.0];
    drawn.push(plate(plate_px));
    let arrow = Element::new("path").with("class", "solid").with("d", "M0 -18L6 4L0 0L-6 4Z");
    let mut turned =
        Element::new("g").with("transform", &format!("translate({:.1} {:.1}) rotate({turn_deg:.1})", at[0], at[1]));
    turned.push(arrow);
    turned.push(text("small", -4.0, 18.0, "N"));
    drawn.push(turned);
    taken_px.push(plate_px);

    for (xy, words) in degrees(frame) {
        let w = width_px(&words, 11.0);
        let (x, y) = (xy[0].clamp(4.0, width - w - 4.0), xy[1].clamp(12.0, height - 4.0));
        let box_px = [x - 2.0, y - 11.0, x + w + 2.0, y + 3.0];
        let is_free = taken_px
            .iter()
            .all(|other| box_px[2] < other[0] || other[2] < box_px[0] || box_px[3] < other[1] || other[3] < box_px[1]);
        if is_free {
            drawn.push(text("small", x, y, &words));
            taken_px.push(box_px);
        }
    }
    Furniture { drawn, taken_px }
}

fn plate([left, top, right, bottom]: [f64; 4]) -> Element {
    Element::new("rect")
        .with("class", "plate")
        .with_px("x", left)
        .with_px("y", top)
        .with_px("width", right - left)
        .with_px("height", bottom - top)
        .with("rx", "3")
}

/// Where meridians meet the lower edge and parallels the left one, with their names.
fn degrees(frame: &Frame) -> Vec<([f64; 2], String)> {
    let [lat_step, lon_step] = graticule_steps_deg(frame);
    let (width, height) = (frame.width_px(), frame.height_px());
    let named = |degrees: f64, positive: char, negative: char| {
        let size = (degrees.abs() * 100.0).round() / 100.0;
        format!("{size}° {}", if degrees < 0.0 { negative } else { positive })
    };
    let mut found = Vec::new();
    let edge = |from: [f64; 2], to: [f64; 2]| {
        (0..=400_i32).map(move |at| {
            let share = f64::from(at) / 400.0;
            [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]
        })
    };
    let crossings = |points: Vec<([f64; 2], f64)>, step: f64| {
        let mut crossed = Vec::new();
        for pair in points.windows(2) {
            let ((xy, before), (_, after)) = (pair[0], pair[1]);
            let line = (before.max(after) / step).floor() * step;
            if (before - line) * (after - line) <= 0.0 && (before - after).abs() < step && before != after {
                crossed.push((xy, line));
            }
        }
        crossed
    };
    let along_foot = edge([60.0, height - 5.0], [width - 40.0, height - 5.0]);
    let lons: Vec<([f64; 2], f64)> = along_foot.filter_map(|xy| Some((xy, frame.position(xy)?.lon_deg()))).collect();
    for (xy, lon) in crossings(lons, lon_step) {
        found.push(([xy[0] + 3.0, xy[1]], named(lon, 'E', 'W')));
    }
    let along_left = edge([4.0, 20.0], [4.0, height - 60.0]);
    let lats: Vec<([f64; 2], f64)> = along_left.filter_map(|xy| Some((xy, frame.position(xy)?.lat_deg()))).collect();
    for (xy, lat) in crossings(lats, lat_step) {
        found.push(([xy[0], xy[1] - 3.0], named(lat, 'N', 'S')));
    }
    found
}

/// Words in lines no longer than the picture is wide.
fn lines(words: &str, size_px: f64, most_px: f64) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in words.split_whitespace() {
        // What has no blanks is cut.
        let word: String = word.chars().take(90).collect();
        let last = lines.len() - 1;
        let longer = if lines[last].is_empty() { word.clone() } else { format!("{} {word}", lines[last]) };
        if width_px(&longer, size_px) > most_px && !lines[last].is_empty() {
            lines.push(word);
        } else {
            lines[last] = longer;
        }
    }
    lines
}

/// Title and result.
pub(super) fn head(report: &Report<'_>, frame: &Frame) -> Block {
    let most_px = frame.width_px() - 36.0;
    let mut drawn = Element::new("g");
    let mut y = 14.0;
    for line in lines(report.scenario().title(), 21.0, most_px).iter().take(2) {
        y += 20.0;
        drawn.push(text("head", 18.0, y, line));
    }
    let first = first(report).map_or_else(String::new, |(site, posterior)| {
        format!("First of the listed sites: {}, {}. ", site.name(), percent(posterior))
    });
    for line in lines(&format!("{first}{}", none_sentence(report)), 13.0, most_px) {
        y += 19.0;
        drawn.push(text("body", 18.0, y, &line));
    }
    Block { drawn, height_px: y + 14.0 }
}

/// Legend, caution, sources.
pub(super) fn foot(report: &Report<'_>, frame: &Frame) -> Block {
    let most_px = frame.width_px() - 36.0;
    let mut drawn = Element::new("g");
    let swatch = |class: &str, x: f64, y: f64| {
        Element::new("rect")
            .with("class", class)
            .with_px("x", x)
            .with_px("y", y - 10.0)
            .with("width", "22")
            .with("height", "12")
    };
    let dash = |class: &str, x: f64, y: f64| {
        Element::new("path").with("class", class).with("d", &format!("M{x:.1} {:.1}h22", y - 4.0))
    };
    let circle = |x: f64, y: f64| {
        Element::new("circle")
            .with("class", "site")
            .with("fill", "rgb(179,0,27)")
            .with_px("cx", x + 11.0)
            .with_px("cy", y - 4.0)
            .with("r", "6")
    };
    let has =
        |kind: BandKind| report.layers().claims().iter().flat_map(|layer| &layer.bands).any(|band| band.kind == kind);
    let entries: [(Element, &str, bool); 9] = [
        (circle(0.0, 0.0), "site, larger and darker the more probable", true),
        (dash("feature", 0.0, 0.0), "what was named, with its doubt", true),
        (swatch("band band-credible90", 0.0, 0.0), "90 % of the band", true),
        (swatch("band band-credible50", 0.0, 0.0), "half of it", true),
        (dash("band band-core", 0.0, 0.0), "its core", true),
        (dash("band band-support", 0.0, 0.0), "all of it", has(BandKind::Support)),
        (dash("band band-half", 0.0, 0.0), "half credit of a softer statement", has(BandKind::HalfCredit)),
        (swatch("field", 0.0, 0.0).with("fill-opacity", "0.6"), "where an unlisted site would be", true),
        (dash("way", 0.0, 0.0), "shortest way", true),
    ];
    let (mut x, mut y) = (18.0, 26.0);
    for (sign, words, is_there) in entries {
        if !is_there {
            continue;
        }
        let w = 22.0 + 8.0 + width_px(words, 11.0) + 18.0;
        if x + w > frame.width_px() - 10.0 {
            (x, y) = (18.0, y + 20.0);
        }
        let mut moved = Element::new("g").with("transform", &format!("translate({x:.1} {y:.1})"));
        moved.push(sign);
        drawn.push(moved);
        drawn.push(text("small", x + 30.0, y, words));
        x += w;
    }
    y += 8.0;
    let data = origins(report).join("; ");
    let caption = format!(
        "{CAUTION} Read as {}. Distances on WGS 84; equal-area projection. {data}. Base map: Natural Earth. Made with siteband {}.",
        report.reading(),
        env!("CARGO_PKG_VERSION")
    );
    for line in lines(&caption, 11.0, most_px) {
        y += 16.0;
        drawn.push(text("small", 18.0, y, &line));
    }
    Block { drawn, height_px: y + 14.0 }
}
