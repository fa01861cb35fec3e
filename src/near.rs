//! Near matches for misspelt names.

/// At most three of the candidates that `found` may have been meant to be, best first.
pub(crate) fn near_matches<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    const LEAST_SIMILARITY: f64 = 0.75;
    // Nobody misspells longer names, and comparing two takes the product of their lengths.
    const LONGEST: usize = 500;
    if found.len() > LONGEST {
        return Vec::new();
    }
    let found = found.to_lowercase();
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (strsim::jaro_winkler(&found, &candidate.to_lowercase()), candidate))
        .filter(|(similarity, _)| *similarity >= LEAST_SIMILARITY)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// `; did you mean 'a' or 'b'?`, or nothing.
pub(crate) fn did_you_mean<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let near = near_matches(found, candidates);
    if near.is_empty() {
        return String::new();
    }
    format!("; did you mean '{}'?", near.join("' or '"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_and_far() {
        assert_eq!(did_you_mean("abuot", ["about", "above", "exactly"]), "; did you mean 'about' or 'above'?");
        assert_eq!(did_you_mean("zebra", ["about"]), "");
        let long = "about".repeat(1_000_000);
        assert_eq!((did_you_mean(&long, [long.as_str()]), did_you_mean("about", [long.as_str()])), Default::default());
    }
}
