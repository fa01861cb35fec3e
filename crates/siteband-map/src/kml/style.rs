//! The styles that placemarks share.
//!
//! The colours are those of M. Okabe and K. Ito, Color Universal Design, 2008, which people with any colour vision tell apart.

use std::io;

use siteband::Interval;

use super::xml::Xml;
use crate::layers::BandKind;

/// A colour as KML writes it: opacity, blue, green, red.
struct Colour(&'static str);

const VERMILION: Colour = Colour("005ed5");
const ORANGE: Colour = Colour("009fe6");
const SKY_BLUE: Colour = Colour("e9b456");
const BLUE: Colour = Colour("b27200");
const GREEN: Colour = Colour("739e00");
const GREY: Colour = Colour("999999");
const BLACK: Colour = Colour("000000");

impl Colour {
    fn opaque(&self) -> String {
        format!("ff{}", self.0)
    }

    fn faint(&self) -> String {
        format!("30{}", self.0)
    }
}

/// Sites by their class of posterior, the likeliest first: the colour, how large the point is, and how large its name.
const SITES: [(Colour, &str, &str); 4] =
    [(VERMILION, "1.3", "1.1"), (ORANGE, "1.0", "0.9"), (SKY_BLUE, "0.8", "0.7"), (GREY, "0.6", "0")];

/// The style of a site of a class.
pub(super) fn site(class: usize) -> String {
    format!("site-{}", class + 1)
}

/// The style of sites far down the list.
pub(super) const OTHER_SITE: &str = "other-site";
/// The style of what a statement is about.
pub(super) const FEATURE: &str = "feature";
/// The style of a shortest way.
pub(super) const WAY: &str = "way";

/// The style of a band.
pub(super) fn band(kind: BandKind) -> &'static str {
    match kind {
        BandKind::Support => "band-support",
        BandKind::Credible90 => "band-90",
        BandKind::Credible50 => "band-50",
        BandKind::Core => "band-core",
        BandKind::HalfCredit => "band-half-credit",
    }
}

/// Every style, with a picture for points where there is one.
pub(super) fn write(xml: &mut Xml, picture: Option<&str>) -> io::Result<()> {
    for (class, (colour, scale, label)) in SITES.iter().enumerate() {
        point(xml, &site(class), colour, scale, label, picture)?;
    }
    point(xml, OTHER_SITE, &GREY, "0.4", "0", picture)?;
    let bands = [
        (BandKind::Support, SKY_BLUE),
        (BandKind::Credible90, SKY_BLUE),
        (BandKind::Credible50, BLUE),
        (BandKind::Core, BLUE),
        (BandKind::HalfCredit, GREEN),
    ];
    for (kind, colour) in bands {
        xml.open_with("Style", "id", band(kind))?;
        line(xml, &colour, "1.5")?;
        xml.open("PolyStyle")?;
        xml.leaf("color", &colour.faint())?;
        xml.close("PolyStyle")?;
        balloon(xml)?;
        xml.close("Style")?;
    }
    xml.open_with("Style", "id", FEATURE)?;
    icon(xml, &BLACK, "0.8", picture)?;
    line(xml, &BLACK, "2.5")?;
    xml.open("PolyStyle")?;
    xml.leaf("fill", "0")?;
    xml.close("PolyStyle")?;
    balloon(xml)?;
    xml.close("Style")?;
    xml.open_with("Style", "id", WAY)?;
    line(xml, &GREY, "1.5")?;
    balloon(xml)?;
    xml.close("Style")
}

fn point(xml: &mut Xml, id: &str, colour: &Colour, scale: &str, label: &str, picture: Option<&str>) -> io::Result<()> {
    xml.open_with("Style", "id", id)?;
    icon(xml, colour, scale, picture)?;
    xml.open("LabelStyle")?;
    xml.leaf("scale", label)?;
    xml.close("LabelStyle")?;
    balloon(xml)?;
    xml.close("Style")
}

/// Only the description: the heading is in it, where it is escaped.
fn balloon(xml: &mut Xml) -> io::Result<()> {
    xml.open("BalloonStyle")?;
    xml.leaf("text", "$[description]")?;
    xml.close("BalloonStyle")
}

fn icon(xml: &mut Xml, colour: &Colour, scale: &str, picture: Option<&str>) -> io::Result<()> {
    xml.open("IconStyle")?;
    xml.leaf("color", &colour.opaque())?;
    xml.leaf("scale", scale)?;
    if let Some(picture) = picture {
        xml.open("Icon")?;
        xml.leaf("href", picture)?;
        xml.close("Icon")?;
    }
    xml.close("IconStyle")
}

fn line(xml: &mut Xml, colour: &Colour, width: &str) -> io::Result<()> {
    xml.open("LineStyle")?;
    xml.leaf("color", &colour.opaque())?;
    xml.leaf("width", width)?;
    xml.close("LineStyle")
}

/// What a band is called, with its distances.
pub(super) fn band_name(kind: BandKind, interval: Interval) -> String {
    if interval.from.m() == 0.0 {
        format!("{}: up to {}", kind.name(), interval.to)
    } else {
        format!("{}: {} to {}", kind.name(), interval.from, interval.to)
    }
}
