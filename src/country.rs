//! Countries by every name that a report may use.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The two letters of ISO 3166-1, in upper case.
pub(crate) type CountryCode = String;

/// Code, name, adjectives, other names: see data/README.md.
static TABLE: &str = include_str!("../data/countries.csv");

static BY_NAME: LazyLock<HashMap<String, CountryCode>> = LazyLock::new(|| {
    let mut by_name = HashMap::new();
    let mut rows = csv::Reader::from_reader(TABLE.as_bytes());
    for row in rows.records().flatten() {
        let code = row[0].to_owned();
        for names in row.iter().take(4) {
            for name in names.split(';').filter(|name| !name.is_empty()) {
                by_name.insert(plain(name), code.clone());
            }
        }
    }
    by_name
});

/// Lower case words with single blanks: what names are compared by. Dots and the 's of possession vanish (U.S. is US, China's is
/// China), other marks part words.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.to_lowercase().replace('’', "'").replace("'s", "").chars() {
        if c.is_alphanumeric() {
            plain.push(c);
        } else if !matches!(c, '.' | '\'') && !plain.ends_with(' ') {
            plain.push(' ');
        }
    }
    plain.trim().to_owned()
}

/// The country that a code, a name or an adjective stands for.
pub(crate) fn country(name: &str) -> Option<CountryCode> {
    BY_NAME.get(&plain(name)).cloned()
}

/// Every name, for near matches.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    BY_NAME.keys().map(String::as_str)
}

/// The countries that a phrase names, and the words that belong to none, in order; the longest names first.
pub(crate) fn countries_in(phrase: &str) -> (Vec<CountryCode>, Vec<String>) {
    let plain = plain(phrase);
    let words: Vec<&str> = plain.split(' ').collect();
    let (mut found, mut rest) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < words.len() {
        let longest = (1..=(words.len() - at).min(6)).rev().find_map(|count| {
            let code = BY_NAME.get(&words[at..at + count].join(" "))?;
            Some((code.clone(), count))
        });
        if let Some((code, count)) = longest {
            if !found.contains(&code) {
                found.push(code);
            }
            at += count;
        } else {
            rest.push(words[at].to_owned());
            at += 1;
        }
    }
    (found, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_codes_and_adjectives() {
        for name in ["KP", "kp", "North Korea", "north korean", "DPRK", "Democratic People's Republic of Korea"] {
            assert_eq!(country(name).as_deref(), Some("KP"), "{name}");
        }
        assert_eq!(country("Korean"), None);
        assert_eq!(country("U.S.").as_deref(), Some("US"));
    }

    #[test]
    fn countries_in_a_phrase() {
        let (codes, rest) = countries_in("the North Korean border with China");
        assert_eq!(codes, ["KP", "CN"]);
        assert_eq!(rest, ["the", "border", "with"]);
        assert_eq!(countries_in("the border of the Democratic People’s Republic of Korea").0, ["KP"]);
    }
}
