//! The layers of the map, each a group with an id by which a script finds it.

use geo::{Coord, LineString};
use siteband::{Length, Outline, Position};

use super::svg::{Element, path_of, tenths};
use crate::base::{Base, clipped, simplified};
use crate::labels::{self, Dot};
use crate::layers::BandKind;
use crate::projection::Frame;
use crate::report::Report;
use crate::words::percent;

/// The group of a layer.
pub(super) fn empty(name: &str) -> Element {
    Element::new("g").with("id", &format!("map-{name}"))
}

pub(super) fn base(frame: &Frame) -> Element {
    let base = Base::of(frame);
    let mut group = empty("base");
    let land: String = base.land.iter().map(|ring| path_of(ring, true)).collect();
    group.push(Element::new("path").with("class", "land").with("fill-rule", "evenodd").with("d", &land));
    group.push(Element::new("path").with("class", "graticule").with("d", &graticule(frame)));
    let outlines: String = base.outlines.iter().map(|line| path_of(line, false)).collect();
    group.with_element(Element::new("path").with("class", "border").with("d", &outlines))
}

/// How far apart parallels and meridians are, in degrees, so that a handful of each are in the window.
pub(super) fn graticule_steps_deg(frame: &Frame) -> [f64; 2] {
    const STEPS: [f64; 9] = [0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0];
    let least = |deg: f64| STEPS.into_iter().find(|step| *step >= deg).unwrap_or(30.0);
    let height_deg = frame.height_px() * frame.km_per_px() / 111.0;
    [least(height_deg / 6.0), least(height_deg / 6.0 / frame.center().lat_deg().to_radians().cos().max(0.01))]
}

fn graticule(frame: &Frame) -> String {
    let [lat_step, lon_step] = graticule_steps_deg(frame);
    let (center, reach_deg) = (frame.center(), (frame.reach().km() / 110.0).min(180.0));
    let mut path = String::new();
    let mut add = |points: Vec<Option<[f64; 2]>>| {
        for line in points.split(Option::is_none) {
            let line: Vec<[f64; 2]> = line.iter().flatten().copied().collect();
            if line.iter().any(|xy| frame.holds(*xy)) {
                path.push_str(&path_of(&simplified(&line), false));
            }
        }
    };
    let count = |degrees: f64, step: f64| {
        #[allow(clippy::cast_possible_truncation, reason = "a few hundred")]
        let steps = (degrees / step).ceil() as i32;
        steps
    };
    let reach = count(reach_deg, lat_step);
    let middle_lat = (center.lat_deg() / lat_step).round() * lat_step;
    let first_lon = (center.lon_deg() / lon_step).round() * lon_step;
    let lon_reach_deg = if center.lat_deg().abs() + reach_deg > 85.0 {
        180.0
    } else {
        (reach_deg / center.lat_deg().to_radians().cos().max(0.05)).min(180.0)
    };
    let lon_reach = count(lon_reach_deg, lon_step);
    let turned = |lon: f64| (lon + 180.0).rem_euclid(360.0) - 180.0;
    for at in -reach..=reach {
        let lat = middle_lat + f64::from(at) * lat_step;
        if lat.abs() < 89.9 {
            let along = (-16 * lon_reach..=16 * lon_reach).map(|at| first_lon + f64::from(at) * lon_step / 16.0);
            add(along.map(|lon| frame.xy_deg(turned(lon), lat)).collect());
        }
    }
    // Meridians end at the last parallel before a pole.
    let lats = |lat: f64| lat.abs() <= 90.0 - lat_step;
    for at in -lon_reach..=lon_reach {
        let lon = turned(first_lon + f64::from(at) * lon_step);
        let along =
            (-8 * reach..=8 * reach).map(|at| middle_lat + f64::from(at) * lat_step / 8.0).filter(|lat| lats(*lat));
        add(along.map(|lat| frame.xy_deg(lon, lat)).collect());
    }
    path
}

/// Where a site that is on no list would most likely be: the places of the search region, by their likelihood.
pub(super) fn field(report: &Report<'_>, frame: &Frame) -> Element {
    const GRADES: usize = 8;
    let mut group = empty("field");
    let Some(region) = report.ranking().search_region() else { return group };
    let ln: Vec<f64> = report.ranking().log_likelihoods_of_places();
    let most = ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return group;
    }
    let half = spacing_px(report, frame) * 0.55;
    let mut grades = vec![String::new(); GRADES];
    for (place, ln) in region.places().iter().zip(ln) {
        let share = (ln - most).exp();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of eight"
        )]
        let grade = (share * GRADES as f64).ceil() as usize;
        let Some([x, y]) = frame.xy(*place).filter(|xy| grade > 0 && share > 0.02 && frame.holds(*xy)) else {
            continue;
        };
        let side = tenths(2.0 * half);
        let square = format!("M{} {}h{side}v{side}h-{side}z", tenths(x - half), tenths(y - half));
        grades[grade - 1].push_str(&square);
    }
    for (at, path) in grades.iter().enumerate().filter(|(_, path)| !path.is_empty()) {
        #[allow(clippy::cast_precision_loss, reason = "eight")]
        let opacity = 0.75 * (at + 1) as f64 / GRADES as f64;
        group.push(
            Element::new("path").with("class", "field").with("fill-opacity", &format!("{opacity:.2}")).with("d", path),
        );
    }
    group
}

/// How far apart the places of the search region are: the median over some of them, for the region may have any shape.
pub(crate) fn spacing_px(report: &Report<'_>, frame: &Frame) -> f64 {
    let Some(region) = report.ranking().search_region() else { return 1.0 };
    let places = region.places();
    let sample = places.iter().step_by((places.len() / 20).max(1));
    let mut nearest: Vec<f64> = sample
        .map(|place| {
            let others = places.iter().filter(|other| *other != place);
            others.map(|other| place.distance_to(other).km()).fold(f64::INFINITY, f64::min)
        })
        .filter(|km| km.is_finite())
        .collect();
    nearest.sort_by(f64::total_cmp);
    nearest.get(nearest.len() / 2).map_or(1.0, |km| km / frame.km_per_px())
}

/// What an outline encloses, as a path in the picture.
fn inside_of(outline: &Outline, frame: &Frame) -> String {
    let rings =
        outline.polygons().iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    let points = |ring| in_steps(ring, frame).into_iter().flatten().collect();
    rings.map(|ring| path_of(&simplified(&clipped(points(ring), frame)), true)).collect()
}

/// The outline itself, without the cuts that a map of longitude and latitude has at 180° and at the poles.
fn edge_of(outline: &Outline, frame: &Frame) -> String {
    let lines = outline.lines().iter().flat_map(|line| runs_near(in_steps(line, frame).into_iter(), frame));
    lines.map(|line| path_of(&line, false)).collect()
}

/// A line whose edges are straight in longitude and latitude, in steps that are short enough to be straight in the picture.
fn in_steps(line: &LineString<f64>, frame: &Frame) -> Vec<Option<[f64; 2]>> {
    const STEP_PX: f64 = 6.0;
    const MOST: f64 = 64.0;
    let xy = |at: &Coord<f64>| frame.xy_deg(at.x, at.y);
    let mut points: Vec<Option<[f64; 2]>> = line.coords().take(1).map(xy).collect();
    for edge in line.lines() {
        let px = match (xy(&edge.start), xy(&edge.end)) {
            (Some(from), Some(to)) => (to[0] - from[0]).hypot(to[1] - from[1]),
            _ => 0.0,
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "64 at most")]
        let steps = (px / STEP_PX).clamp(1.0, MOST) as u32;
        points.extend((1..=steps).map(|step| xy(&(edge.start + edge.delta() * (f64::from(step) / f64::from(steps))))));
    }
    points
}

pub(super) fn bands(report: &Report<'_>, frame: &Frame) -> Element {
    let mut group = empty("bands");
    for layer in report.layers().claims() {
        for band in &layer.bands {
            let class = match band.kind {
                BandKind::Support => "band band-support",
                BandKind::Credible90 => "band band-credible90",
                BandKind::Credible50 => "band band-credible50",
                BandKind::Core => "band band-core",
                BandKind::HalfCredit => "band band-half",
            };
            let (from, to) = (band.interval.from.km(), band.interval.to.km());
            let title = format!("{}: {}, {from:.1} to {to:.1} km", layer.claim, band.kind.name());
            let path = |class: &str, d: &str| Element::new("path").with("class", class).with("d", d);
            let mut drawn = Element::new("g").with("class", class).with("data-claim", &layer.claim);
            drawn.push(Element::new("title").with_text(&title));
            if matches!(band.kind, BandKind::Credible90 | BandKind::Credible50) {
                drawn.push(path("inside", &inside_of(&band.outline, frame)).with("fill-rule", "evenodd"));
            }
            drawn.push(path("edge", &edge_of(&band.outline, frame)));
            group.push(drawn);
        }
    }
    group
}

/// What the statements are about: lines and areas with their doubt, points with their names.
pub(super) fn features(report: &Report<'_>, frame: &Frame) -> Element {
    let mut group = empty("features");
    let mut drawn: Vec<&str> = Vec::new();
    for layer in report.layers().claims() {
        for feature in &layer.features {
            if drawn.contains(&feature.id()) {
                continue;
            }
            drawn.push(feature.id());
            let mut path = String::new();
            for part in feature.parts() {
                if let [only] = part.as_slice() {
                    if let Some([x, y]) = frame.xy(*only).filter(|xy| frame.holds(*xy)) {
                        group.push(
                            Element::new("rect")
                                .with("class", "feature-point")
                                .with("data-claim", &layer.claim)
                                .with_px("x", x - 4.0)
                                .with_px("y", y - 4.0)
                                .with("width", "8")
                                .with("height", "8")
                                .with_element(Element::new("title").with_text(feature.name())),
                        );
                    }
                    continue;
                }
                for line in in_window(part, frame) {
                    path.push_str(&path_of(&line, false));
                }
            }
            if path.is_empty() {
                continue;
            }
            let doubt_px = 2.0 * feature.position_uncertainty().km() / frame.km_per_px();
            let line = |class: &str| {
                Element::new("path").with("class", class).with("data-claim", &layer.claim).with("d", &path)
            };
            group.push(line("feature-doubt").with_px("stroke-width", doubt_px.max(5.0)));
            group.push(line("feature").with_element(Element::new("title").with_text(feature.name())));
        }
    }
    group
}

/// A line through the window, with its long edges drawn as the geodesics that they are.
fn in_window(part: &[Position], frame: &Frame) -> Vec<Vec<[f64; 2]>> {
    let edges = part.windows(2).flat_map(|edge| {
        let far = edge[0].distance_to(&edge[1]) > Length::from_km(40.0 * frame.km_per_px()).unwrap_or_default();
        if far { edge[0].geodesic_to(&edge[1], 16) } else { edge.to_vec() }
    });
    runs_near(edges.map(|at| frame.xy(at)), frame)
}

/// The stretches of a line that are in the window or just outside of it.
fn runs_near(points: impl Iterator<Item = Option<[f64; 2]>>, frame: &Frame) -> Vec<Vec<[f64; 2]>> {
    let (mut lines, mut line): (Vec<Vec<[f64; 2]>>, Vec<[f64; 2]>) = (Vec::new(), Vec::new());
    let near = |[x, y]: [f64; 2]| {
        (-50.0..=frame.width_px() + 50.0).contains(&x) && (-50.0..=frame.height_px() + 50.0).contains(&y)
    };
    for point in points {
        match point.filter(|xy| near(*xy)) {
            Some(xy) => line.push(xy),
            None => lines.push(std::mem::take(&mut line)),
        }
    }
    lines.push(line);
    lines.into_iter().map(|line| simplified(&line)).filter(|line| line.len() > 1).collect()
}

pub(super) fn ways(report: &Report<'_>, frame: &Frame) -> Element {
    const DRAWN: usize = 3;
    let mut group = empty("ways");
    for way in report.layers().connections().iter().take(DRAWN) {
        let points: Vec<[f64; 2]> = way.path.iter().filter_map(|at| frame.xy(*at)).collect();
        let title = format!("{}: {:.1} km", way.site, way.distance.km());
        group.push(
            Element::new("path")
                .with("class", "way")
                .with("d", &path_of(&points, false))
                .with_element(Element::new("title").with_text(&title)),
        );
    }
    group
}

/// A site of the picture.
#[derive(Debug)]
pub(super) struct Drawn {
    number: usize,
    name: String,
    rank: usize,
    posterior: f64,
    /// Relative to the first site's.
    share: f64,
    dot: Dot,
}

/// The sites in the window, the first first.
pub(super) fn sites(report: &Report<'_>, frame: &Frame) -> Vec<Drawn> {
    let ranking = report.ranking();
    let numbers: std::collections::HashMap<&str, usize> =
        report.sites().as_slice().iter().enumerate().map(|(number, site)| (site.id(), number)).collect();
    let most = ranking.order().next().map_or(1.0, |(_, posterior)| posterior).max(f64::MIN_POSITIVE);
    let in_window = ranking.order().enumerate().filter_map(|(at, (site, posterior))| {
        let xy = frame.xy(site.position()).filter(|xy| frame.holds(*xy))?;
        let share = (posterior / most).clamp(0.0, 1.0);
        let dot = Dot { xy, radius_px: 3.5 + 9.0 * share.sqrt(), text: site.name().to_owned() };
        let number = *numbers.get(site.id())?;
        Some(Drawn { number, name: site.name().to_owned(), rank: at + 1, posterior, share, dot })
    });
    in_window.collect()
}

/// The dots, the first on top. Of very many the unlikely ones are small.
pub(super) fn dots(report: &Report<'_>, sites: &[Drawn]) -> Element {
    const MANY: usize = 2000;
    let is_many = report.ranking().len() > MANY;
    let mut group = empty("sites");
    for site in sites.iter().rev() {
        let radius_px = if is_many && site.posterior < 1e-4 { 1.5 } else { site.dot.radius_px };
        let title = format!("{}: {} (number {})", site.name, percent(site.posterior), site.rank);
        let [x, y] = site.dot.xy;
        group.push(
            Element::new("circle")
                .with("class", "site")
                .with("data-site", &site.number.to_string())
                .with_px("cx", x)
                .with_px("cy", y)
                .with_px("r", radius_px)
                .with("fill", &ramp(site.share.sqrt()))
                .with_element(Element::new("title").with_text(&title)),
        );
    }
    group
}

/// Yellow to red to black: the darker the more probable.
pub(crate) const RAMP: [[u8; 3]; 5] = [[255, 247, 214], [254, 196, 79], [236, 112, 20], [179, 0, 27], [74, 0, 20]];

fn ramp(share: f64) -> String {
    let at = share.clamp(0.0, 1.0) * 4.0;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 3")]
    let below = (at.floor() as usize).min(3);
    #[allow(clippy::cast_precision_loss, reason = "between 0 and 3")]
    let rest = at - below as f64;
    let channels = RAMP[below].iter().zip(RAMP[below + 1]);
    let mixed: Vec<String> = channels
        .map(|(from, to)| (f64::from(*from) + rest * (f64::from(to) - f64::from(*from))).round().to_string())
        .collect();
    format!("rgb({})", mixed.join(","))
}

/// The names of the first sites.
pub(super) fn labels(
    report: &Report<'_>,
    frame: &Frame,
    sites: &[Drawn],
    labelled: usize,
    taken_px: &[[f64; 4]],
) -> Element {
    const SIZE_PX: f64 = 13.0;
    let mut group = empty("labels");
    let mut dots: Vec<Dot> = sites.iter().take(labelled).map(|site| site.dot.clone()).collect();
    let of_sites = dots.len();
    let points = named_points(report, frame).into_iter();
    dots.extend(points.map(|(name, xy)| Dot { xy, radius_px: 5.0, text: name.to_owned() }));
    let names: Vec<String> = dots[of_sites..].iter().map(|dot| labels::cut(&dot.text)).collect();
    for label in labels::placed(&dots, [frame.width_px(), frame.height_px()], SIZE_PX, taken_px) {
        let class = if names.contains(&label.text) { "name" } else { "label" };
        let [left, _, _, bottom] = label.box_px;
        let text = Element::new("text").with("class", class).with_px("x", left).with_px("y", bottom - 4.0);
        group.push(text.with_text(&label.text));
    }
    group
}

/// The points in the window that statements are about, each once, with their names.
pub(crate) fn named_points<'a>(report: &'a Report<'_>, frame: &Frame) -> Vec<(&'a str, [f64; 2])> {
    let mut named: Vec<(&str, [f64; 2])> = Vec::new();
    for feature in report.layers().claims().iter().flat_map(|layer| &layer.features) {
        let [part] = feature.parts() else { continue };
        let [only] = part.as_slice() else { continue };
        let is_new = !named.iter().any(|(name, _)| *name == feature.name());
        named.extend(frame.xy(*only).filter(|xy| is_new && frame.holds(*xy)).map(|xy| (feature.name(), xy)));
    }
    named
}
