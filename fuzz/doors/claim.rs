//! The text of a claim, or of a whole report.

use siteband::{Claim, Interval, Length, Reading};

/// Whatever is understood is found where it is said to stand, says the same when it is printed and read again, and means a band of
/// finite numbers, one within the other, under every reading; what is not understood is an error that points into the text.
pub(crate) fn door(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(error) = Claim::parse_all(text) {
        assert_eq!(text[error.span.clone()], error.word);
        assert!(!error.reason.is_empty() && !error.to_string().is_empty());
    }
    if let Ok(claim) = text.parse::<Claim>() {
        assert!(!claim.parts().is_empty());
        check(text, &claim);
    }
    let found = Claim::find_all(text);
    let mut behind = 0;
    for claim in &found.claims {
        assert!(behind <= claim.span().start, "claims in order, apart: {text:?}");
        behind = claim.span().end;
        check(text, claim);
    }
    if let Some(claim) = found.claims.first() {
        check_bands(text, claim);
    }
    let mut before = 0;
    for figure in &found.not_understood {
        assert!(before <= figure.span.start, "figures in order: {text:?}");
        before = figure.span.start;
        assert_eq!(text[figure.span.clone()], figure.text);
        assert_eq!(text[figure.word_span.clone()], figure.word);
        assert!(!figure.reason.is_empty());
    }
}

fn check(text: &str, claim: &Claim) {
    assert_eq!(&text[claim.span()], claim.text());
    let mut behind = 0;
    for part in claim.parts() {
        assert!(behind <= part.span.start && part.span.start < part.span.end, "parts in order, apart: {text:?}");
        behind = part.span.end;
        assert!(text.get(part.span.clone()).is_some(), "parts are of whole characters: {text:?}");
    }
    let printed = claim.to_string();
    match printed.parse::<Claim>() {
        Ok(again) => assert_eq!(&again, claim, "{text:?} is printed as {printed:?}"),
        Err(error) => panic!("{text:?} is printed as {printed:?}: {error}"),
    }
}

fn check_bands(text: &str, claim: &Claim) {
    assert!(claim.offset_length().m().is_finite());
    let readings = Reading::named();
    for reading in &readings {
        let band = reading.band(claim, Length::ZERO);
        check_nested(band.core(), band.support(), text);
        for m in [0.0, claim.offset_length().m().min(2e7)] {
            let ln = band.log_likelihood(Length::from_m(m).expect("a length"), Length::ZERO);
            assert!(!ln.is_nan() && ln < f64::INFINITY, "{reading} at {m} m: {text:?}: {ln}");
        }
    }
    // A distribution takes a thousand times as long as a band: one text in 64 gets one, under one reading.
    let sum: usize = text.bytes().map(usize::from).sum();
    if sum.is_multiple_of(64) {
        let band = readings[sum / 64 % readings.len()].band(claim, Length::ZERO);
        let distribution = band.distribution();
        let [half, nearly_all] = [0.5, 0.9].map(|share| distribution.credible_interval(share));
        check_nested(half, nearly_all, text);
    }
}

fn check_nested(inner: Interval, outer: Interval, text: &str) {
    for interval in [inner, outer] {
        assert!(interval.from <= interval.to && interval.to.m().is_finite(), "{text:?}: {interval:?}");
    }
    assert!(outer.from <= inner.from && inner.to <= outer.to, "{text:?}: {inner:?} in {outer:?}");
}
