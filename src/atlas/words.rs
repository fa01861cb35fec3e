//! The features that words name: by name, by border, by coast.

use std::sync::Arc;

use super::{Atlas, bare, names};
use crate::country::{countries_in, plain};
use crate::feature::{Feature, FeatureKind};
use crate::near::{did_you_mean, near_matches};

impl Atlas {
    /// [`Atlas::resolve`] here, or in another atlas where this one has nothing of that name.
    ///
    /// # Errors
    /// [`UnknownFeature`] if neither has one, or the first that has any has several.
    pub fn resolve_or_in<'a>(&'a self, other: &'a Self, words: &str) -> Result<&'a Arc<Feature>, UnknownFeature> {
        match self.resolve(words) {
            Err(own) if own.candidates.is_empty() => other.resolve(words).map_err(|others| {
                let closer =
                    self.features.is_empty() || others.reason.contains("did you mean") || !others.candidates.is_empty();
                if closer { others } else { own }
            }),
            known => known,
        }
    }

    /// The feature that the words of a claim name: by id, name or alias; as the border of a country ("the Chinese border"),
    /// or between two ("the North Korean border with China"); or as the area of a country, by its coast ("the Somali coast",
    /// "the east coast of Somalia") or itself ("Somalia").
    ///
    /// # Errors
    /// [`UnknownFeature`] if there is none, with near matches; if there are several; or if a word was not understood.
    pub fn resolve(&self, words: &str) -> Result<&Arc<Feature>, UnknownFeature> {
        let refuse = |reason: String| Err(UnknownFeature { words: words.to_owned(), reason, candidates: Vec::new() });
        let several = |features: &[&Arc<Feature>], reason: String| {
            let candidates = features.iter().map(|feature| feature.id().to_owned()).collect();
            Err(UnknownFeature { words: words.to_owned(), reason, candidates })
        };
        let phrase = plain(words);
        let phrase = bare(&phrase);
        let by_name: Vec<&Arc<Feature>> = self.at(self.by_name.get(phrase)).collect();
        match by_name.as_slice() {
            [only] => return Ok(only),
            [] => {}
            found => return several(found, format!("fits several features: {}", listed(found))),
        }

        let (codes, rest) = countries_in(phrase);
        let countries = codes.join(" and ");
        if let Some(manner) = [&SIDE, &COAST, &BORDER].into_iter().find(|manner| manner.is_spoken_of(&rest)) {
            let noun = manner.noun;
            if let Some(word) = rest.iter().find(|word| !manner.knows(word)) {
                let near = did_you_mean(word, crate::country::names());
                if !codes.is_empty() || !near.is_empty() {
                    return refuse(format!("'{word}' is not understood: expected {}{near}", manner.expected));
                }
            }
            if !codes.is_empty() {
                return match self.of_countries(manner.kind, &codes).as_slice() {
                    [only] => Ok(only),
                    [] => refuse(format!(
                        "no {noun} of {countries} is in the atlas, which has {}",
                        listed(&self.of_countries(manner.kind, &[]))
                    )),
                    found => several(found, format!("{countries} has several {noun}s: {}", listed(found))),
                };
            }
        } else if codes.len() == 1 && rest.is_empty() && is_name_or_capital_code(words) {
            match self.of_countries(FeatureKind::Area, &codes).as_slice() {
                [only] => return Ok(only),
                [] => {}
                found => return several(found, format!("{countries} has several areas: {}", listed(found))),
            }
        }
        let near = near_matches(phrase, self.features.iter().flat_map(|feature| names(feature)));
        if near.is_empty() {
            return refuse(format!(
                "no feature of this name is in the atlas, which has {}",
                listed(&self.features.iter().collect::<Vec<_>>())
            ));
        }
        refuse(format!("no feature of this name is in the atlas{}", did_you_mean(phrase, near)))
    }
}

/// Words that name no feature, or more than one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{words}': {reason}")]
pub struct UnknownFeature {
    /// The words.
    pub words: String,
    /// What was found instead.
    pub reason: String,
    /// The ids of the features that the words fit, where they fit several.
    pub candidates: Vec<String>,
}

/// A way to name a feature by its countries.
struct Manner {
    noun: &'static str,
    /// Any of these words shows that the manner is meant.
    said_by: &'static [&'static str],
    /// These may stand beside them and the countries.
    fill: &'static [&'static str],
    expected: &'static str,
    kind: FeatureKind,
}

/// A country's side of a border: its area.
const SIDE: Manner = Manner {
    noun: "area",
    said_by: &["side"],
    fill: &["the", "of", "its", "s", "border", "borders", "frontier", "boundary", "line"],
    expected: "a side, such as \"A's side of the border\"",
    kind: FeatureKind::Area,
};

/// The border that countries share.
const BORDER: Manner = Manner {
    noun: "border",
    said_by: &["border", "borders", "frontier", "boundary", "borderline", "line"],
    fill: &["the", "with", "between", "and", "of", "its", "s", "land", "international", "common"],
    expected: "a border, such as \"the border between A and B\"",
    kind: FeatureKind::Line,
};

/// The coast of a country: from the sea, the nearest point of its area. Which side of the country is said is no more than a
/// hint at that point.
const COAST: Manner = Manner {
    noun: "coast",
    said_by: &["coast", "coasts", "coastline", "coastlines", "shore", "shores", "shoreline", "shorelines", "seaboard"],
    fill: &[
        "and",
        "the",
        "of",
        "its",
        "s",
        "line",
        "north",
        "south",
        "east",
        "west",
        "northeast",
        "southeast",
        "northwest",
        "southwest",
        "northern",
        "southern",
        "eastern",
        "western",
        "northeastern",
        "southeastern",
        "northwestern",
        "southwestern",
    ],
    expected: "a coast, such as \"the coast of A\"",
    kind: FeatureKind::Area,
};

impl Manner {
    fn is_spoken_of(&self, words: &[String]) -> bool {
        words.iter().any(|word| self.said_by.contains(&word.as_str()))
    }

    fn knows(&self, word: &str) -> bool {
        self.said_by.contains(&word) || self.fill.contains(&word)
    }
}

/// Whether words can name a country by themselves: "it", "no" and "so" are codes only as IT, NO and SO.
fn is_name_or_capital_code(words: &str) -> bool {
    words.trim().len() > 2 || words.chars().all(|c| !c.is_lowercase())
}

/// Ids for a message, the first few.
fn listed(features: &[&Arc<Feature>]) -> String {
    const MOST: usize = 8;
    if features.is_empty() {
        return "none".to_owned();
    }
    let mut ids: Vec<&str> = features.iter().map(|feature| feature.id()).take(MOST).collect();
    let more = format!("and {} more", features.len().saturating_sub(MOST));
    if features.len() > MOST {
        ids.push(&more);
    }
    ids.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_borders() -> Atlas {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","id":"cn-kp","properties":{"name":"China - North Korea border","countries":["CN","KP"],"aliases":["the Yalu"]},
             "geometry":{"type":"LineString","coordinates":[[124.4,40.1],[126.0,41.0]]}},
            {"type":"Feature","properties":{"id":"kp-kr","aliases":["DMZ"],"countries":["North Korea","KR"]},
             "geometry":{"type":"LineString","coordinates":[[126.7,37.8],[128.4,38.6]]}}]}"#;
        Atlas::from_geojson(text.as_bytes()).expect("valid")
    }

    #[test]
    fn borders_by_words() {
        let atlas = two_borders();
        for (words, id) in [
            ("the North Korean border with China", "cn-kp"),
            ("the border between China and North Korea", "cn-kp"),
            ("the China-North Korean border", "cn-kp"),
            ("the Chinese border", "cn-kp"),
            ("China's border with the DPRK", "cn-kp"),
            ("the South Korean frontier", "kp-kr"),
            ("the DMZ", "kp-kr"),
            ("dmz", "kp-kr"),
            ("Yalu", "cn-kp"),
            ("CN-KP", "cn-kp"),
        ] {
            assert_eq!(atlas.resolve(words).map(|feature| feature.id()), Ok(id), "{words}");
        }
        assert_eq!(atlas.borders("China", Some("kp")).map(|found| found.len()), Ok(1));
        assert_eq!(atlas.borders("North Korean", None).map(|found| found.len()), Ok(2));
    }

    #[test]
    fn what_is_ambiguous_here_is_not_looked_up_elsewhere() {
        let atlas = two_borders();
        let other = Atlas::from_geojson(
            r#"{"type":"Feature","id":"kp-ru","properties":{"countries":["KP","RU"]},"geometry":{"type":"LineString","coordinates":[[130.6,42.4],[130.7,42.3]]}}"#.as_bytes(),
        )
        .expect("valid");
        let found = |words: &str| atlas.resolve_or_in(&other, words).map(|feature| feature.id().to_owned());
        assert_eq!(found("the Chinese border").as_deref(), Ok("cn-kp"));
        assert_eq!(found("the Russian border").as_deref(), Ok("kp-ru"));
        assert_eq!(found("the North Korean border").expect_err("two here").candidates, ["cn-kp", "kp-kr"]);
        assert!(found("the Mongolian border").expect_err("nowhere").reason.contains("MN"));
    }

    /// Squares of one degree, each with its countries; no claim about where these lie.
    fn areas(of: &[(&str, &str)]) -> Atlas {
        let mut atlas = Atlas::new();
        for (id, countries) in of {
            let square = geo_types::Rect::new((45.0, 0.0), (46.0, 1.0));
            let area = Feature::new(*id, square.into()).expect("valid");
            atlas.insert(area.with_countries(countries.split(' ')).expect("countries")).expect("an id of its own");
        }
        atlas
    }

    #[test]
    fn coasts_by_words() {
        let atlas = areas(&[("kenya", "KE"), ("horn", "SO"), ("yemen", "YE"), ("nigeria", "NG"), ("sri-lanka", "LK")]);
        for (words, id) in [
            ("the coast of Kenya", "kenya"),
            ("Coast of Kenya", "kenya"),
            ("the Kenyan shore", "kenya"),
            ("the Kenyan shoreline", "kenya"),
            ("Kenya's coast line", "kenya"),
            ("Somali coast", "horn"),
            ("Somalia Coast", "horn"),
            ("Somali Coast, Somalia", "horn"),
            ("the Coast, Somalia", "horn"),
            ("East Coast of Somalia", "horn"),
            ("the north-eastern coast of Somalia", "horn"),
            ("Somalia", "horn"),
            ("SO", "horn"),
            ("the Federal Republic of Somalia", "horn"),
            ("the Yemeni coast", "yemen"),
            ("coastline, Nigeria", "nigeria"),
            ("Sri Lanka", "sri-lanka"),
        ] {
            assert_eq!(atlas.resolve(words).map(|feature| feature.id()), Ok(id), "{words}");
        }
    }

    #[test]
    fn coasts_that_are_not_there_or_not_one() {
        let atlas = areas(&[("puntland", "SO"), ("somaliland", "SO"), ("kenya", "KE"), ("lake", "KE UG")]);
        for (words, why) in [
            ("the Somali coast", "SO has several coasts: puntland, somaliland"),
            ("Somalia", "SO has several areas: puntland, somaliland"),
            ("the coast of Yemen", "no coast of YE is in the atlas, which has puntland, somaliland, kenya, lake"),
            ("the coast of Kenya and Somalia", "no coast of KE and SO"),
            (
                "the coast of Somlia",
                "'somlia' is not understood: expected a coast, such as \"the coast of A\"; did you mean 'somali'",
            ),
            ("the sunny coast of Kenya", "'sunny' is not understood"),
            ("the border on the Kenyan coast", "'border' is not understood: expected a coast"),
            ("the Kenyan border", "no border of KE is in the atlas, which has none"),
            ("the coast", "no feature of this name"),
            ("Keyna", "did you mean 'kenya'"),
            // Words that are codes in capitals only.
            ("so", "no feature of this name"),
        ] {
            let error = atlas.resolve(words).expect_err(words).to_string();
            assert!(error.contains(why), "{words}: {error}");
        }
        assert_eq!(atlas.resolve("Somalia").expect_err("two").candidates, ["puntland", "somaliland"]);
        assert_eq!(
            atlas.resolve("the Kenyan coast").map(|feature| feature.id()),
            Ok("kenya"),
            "the lake is not Kenya's alone"
        );
        // A feature of that name comes before the country.
        assert_eq!(
            areas(&[("horn", "SO"), ("somalia", "KE")]).resolve("Somalia").map(|found| found.id()),
            Ok("somalia")
        );
    }

    #[test]
    fn a_miss_says_what_there_is() {
        let atlas = two_borders();
        for (words, why) in [
            ("the North Korean border", "several borders: cn-kp, kp-kr"),
            ("the Russian border", "no border of RU"),
            ("cn-pk", "did you mean 'cn-kp'"),
            ("the Zambezi", "which has cn-kp, kp-kr"),
            ("the northern Chinese border", "'northern' is not understood"),
            ("the Chiness border", "did you mean 'chinese'"),
        ] {
            let error = atlas.resolve(words).expect_err(words).to_string();
            assert!(error.contains(why), "{words}: {error}");
        }
    }
}
