//! The page to explore: the map, the ranking, and a script that works both out again when something is set otherwise.

mod data;
mod map;

use askama::Template;

use crate::picture::{self, InvalidPicture, PALETTE, PictureOptions};
use crate::projection::Frame;
use crate::report::Report;
use crate::words::{CAUTION, first, none_sentence, origins, percent};
use data::Data;
use map::MapData;

/// The library's numbers, worked out again in the page.
const MODEL: &str = include_str!("page/model.js");

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    version: &'static str,
    title: &'a str,
    caution: &'static str,
    sum: String,
    reading: String,
    rows: Vec<(usize, String, String)>,
    sentences: Vec<String>,
    tips: Vec<(String, String, String, String)>,
    quote: String,
    data_lines: Vec<String>,
    css: String,
    svg: String,
    json: String,
    model: &'static str,
    map: &'static str,
    page: &'static str,
}

impl Report<'_> {
    /// A page that holds everything, asks nothing of any network, and works the ranking out again when the reader takes the words
    /// otherwise, doubts a source or leaves a statement out: HTML, in one file.
    ///
    /// # Errors
    /// [`InvalidPicture`] if nothing is listed.
    ///
    /// # Accuracy
    /// The page's probabilities are the library's to 1e-9.
    ///
    /// # Example
    /// ```
    /// use siteband::{Reading, Scenario};
    /// use siteband_map::Report;
    /// let scenario = Scenario::from_path("../../data/scenarios/sino-ri.toml".as_ref())?;
    /// let sites = scenario.load_sites()?;
    /// let page = Report::new(&scenario, &sites, &Reading::default()).html()?;
    /// assert!(page.starts_with("<!DOCTYPE html>") && page.len() < 1_500_000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn html(&self) -> Result<String, InvalidPicture> {
        let invalid = |reason: String| InvalidPicture { reason };
        let options = PictureOptions::default();
        let frame =
            Frame::of(self, f64::from(options.width_px)).ok_or_else(|| invalid("nothing is listed".to_owned()))?;
        let constraints = self.scenario().constraints(self.reading());
        let data = Data::new(self.sites(), &constraints, self.scenario().options(), self.reading(), |id| {
            self.scenario().note(id)
        });
        let map = MapData::new(self, &frame, &constraints);
        let json = serde_json::to_string(&data.with_map(map)).map_err(|error| invalid(error.to_string()))?;
        let lead = first(self).map_or_else(String::new, |(site, posterior)| {
            format!("First: {} with {}. ", site.name(), percent(posterior))
        });
        let page = Page {
            version: env!("CARGO_PKG_VERSION"),
            title: self.scenario().title(),
            caution: CAUTION,
            sum: format!("{lead}{}", none_sentence(self)),
            reading: self.reading().to_string(),
            rows: (self.ranking().order().take(10).enumerate())
                .map(|(at, (site, posterior))| (at + 1, site.name().to_owned(), percent(posterior)))
                .collect(),
            sentences: self.robustness().sentences(),
            tips: tips(self),
            quote: quote(self),
            data_lines: data_lines(self),
            css: css(),
            svg: picture::for_page(self, &frame, &options),
            // Nothing in the data can end the element that it stands in.
            json: json.replace('<', "\\u003c"),
            model: MODEL,
            map: include_str!("page/map.js"),
            page: include_str!("page/page.js"),
        };
        // Control characters have no place in HTML, nor on a terminal that shows it.
        let is_foreign = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
        page.render().map(|page| page.replace(is_foreign, "\u{fffd}")).map_err(|error| invalid(error.to_string()))
    }
}

/// The page's own style, the map's, and its colours, light and dark.
fn css() -> String {
    let colours = |of: fn(&(&str, &str, &str)) -> String| PALETTE.iter().map(of).collect::<String>();
    let light = colours(|(name, light, _)| format!("--{name}:{light};"));
    let dark = colours(|(name, _, dark)| format!("--{name}:{dark};"));
    format!(
        ":root{{{light}}}\n@media screen and (prefers-color-scheme: dark){{:root{{{dark}}}}}\n{}{}",
        picture::STYLE,
        include_str!("page/page.css")
    )
}

/// For each number the smallest change that changes the first place.
fn tips(report: &Report<'_>) -> Vec<(String, String, String, String)> {
    let tip = |point: &siteband::TippingPoint| {
        let number = |value: f64| format!("{value:.3}").trim_end_matches('0').trim_end_matches('.').to_owned();
        Some((
            point.parameter.clone(),
            format!("{} {}", number(point.value), point.unit.unwrap_or_default()).trim().to_owned(),
            format!("{} {}", number(point.tips_at?), point.unit.unwrap_or_default()).trim().to_owned(),
            point.then.clone().unwrap_or_default(),
        ))
    };
    report.robustness().tipping_points.iter().filter_map(tip).collect()
}

/// A caption for an article.
fn quote(report: &Report<'_>) -> String {
    let said: Vec<String> = report
        .ranking()
        .constraints()
        .filter_map(|constraint| Some(format!("“{}”", constraint.claim()?.text().trim())))
        .collect();
    let first = first(report).map_or_else(String::new, |(site, posterior)| {
        format!("Of {} listed sites {} fits best ({}); ", report.ranking().len(), site.name(), percent(posterior))
    });
    format!(
        "{}. Said: {}. {first}the probability that none of them is the one is {}. Read as {}. {CAUTION} Distances on WGS 84. Data: {}. Base map: Natural Earth. Made with siteband {}.",
        report.scenario().title(),
        said.join("; "),
        percent(report.ranking().none_of_these),
        report.reading(),
        origins(report).join("; "),
        env!("CARGO_PKG_VERSION"),
    )
}

fn data_lines(report: &Report<'_>) -> Vec<String> {
    let mut lines = origins(report);
    if let Some(path) = report.scenario().sites_path().and_then(|path| path.file_name()) {
        lines.push(format!("Sites: {} ({} of them)", path.to_string_lossy(), report.ranking().len()));
    }
    lines.push("Base map: Natural Earth, 1:10 million (public domain)".to_owned());
    lines
}
