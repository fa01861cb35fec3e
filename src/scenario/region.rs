//! Where an unlisted site could be: the search region and the gazetteer of a scenario.

use std::path::Path;

use super::file::GazetteerEntry;
use super::locate::Key;
use super::resolve::{Fault, Features, fault};
use crate::length::Length;
use crate::region::{InvalidGazetteer, SearchRegion};
use crate::site::Sites;

/// Where an unlisted site could be, if the scenario says so; and, beside a gazetteer, the search region as a whole, where what
/// the gazetteer is worth can be seen.
pub(super) fn resolve(
    words: Option<&str>,
    gazetteer: Option<GazetteerEntry>,
    features: &mut Features,
) -> Result<(Option<SearchRegion>, Option<SearchRegion>), Fault> {
    let at = [Key::Name("search_region")];
    let area = words.map(|words| features.find(words, &at)).transpose()?;
    let whole = area.as_deref().map(|area| SearchRegion::area(area).or_else(|error| fault(&at, error))).transpose()?;
    let Some(GazetteerEntry { places, kernel_km }) = gazetteer else {
        return Ok((whole, None));
    };
    let below = |key| [Key::Name("gazetteer"), Key::Name(key)];
    let kernel = Length::from_km(kernel_km).or_else(|error| fault(&below("kernel_km"), error))?;
    let listed = Sites::from_path(&features.file(&places)).or_else(|error| fault(&below("places"), error))?;
    if let [first, more @ ..] = listed.rejected() {
        let others = match more.len() {
            0 => String::new(),
            1 => "; 1 more row of it is rejected".to_owned(),
            count => format!("; {count} more rows of it are rejected"),
        };
        return fault(&below("places"), format!("{first}{others}"));
    }
    let name = Path::new(&places).file_name().map_or_else(|| places.as_str().into(), |name| name.to_string_lossy());
    let region = SearchRegion::gazetteer_of(&name, &listed, kernel, area.as_deref()).or_else(|error| match error {
        InvalidGazetteer::NoArea(error) => fault(&at, error),
        InvalidGazetteer::TooWide { .. } => fault(&below("kernel_km"), error),
        InvalidGazetteer::Empty | InvalidGazetteer::NothingWithin { .. } => fault(&below("places"), error),
    });
    Ok((Some(region?), whole))
}
