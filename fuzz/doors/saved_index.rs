//! A saved index.

use std::sync::LazyLock;

use siteband::{Atlas, Constraint, Interval, Length, RankOptions, Reading, SearchRegion, Site, Sites};

static ATLAS: LazyLock<Atlas> = LazyLock::new(Atlas::bundled);

/// About the Chinese border, about a tag, and a search region of one place.
static QUESTION: LazyLock<(Vec<Constraint>, RankOptions)> = LazyLock::new(|| {
    let claim = "about 85 km from the Chinese border".parse().expect("a claim");
    let near = Constraint::resolve(&claim, &ATLAS, &Reading::default()).expect("a border");
    let tagged = Constraint::attribute("x", 3.0, 0.5).expect("ratios").with_id("tagged");
    let place = Site::new("place", "40 N 126 E".parse().expect("a position"));
    let places = Sites::new(vec![place]).expect("one id");
    let region = SearchRegion::gazetteer(&places, Length::ZERO, None).expect("one place");
    (vec![near, tagged], RankOptions::default().with_search_region(region))
});

/// By the first byte: bytes of a file as they are; parts of a file, around which everything is put that is needed for them to be read; or
/// a table whose index is saved and opened. What is opened is a list like any other: it answers as measuring every site does, and is the
/// same when it is saved and opened again. What is not has a reason.
pub(crate) fn door(data: &[u8]) {
    let Some((&kind, rest)) = data.split_first() else { return };
    let file = match kind % 4 {
        0 => rest.to_vec(),
        1 | 2 => around(rest),
        _ => {
            let Ok(sites) = Sites::from_csv(rest) else { return };
            saved(&sites)
        }
    };
    match Sites::from_index(file.as_slice()) {
        Ok(sites) => check(&sites),
        Err(error) => {
            assert!(kind % 4 != 3, "what was saved is refused: {error}");
            assert!(error.reason.contains("siteband index"), "{error}");
        }
    }
}

fn saved(sites: &Sites) -> Vec<u8> {
    let mut file = Vec::new();
    sites.save(&mut file).expect("into memory");
    file
}

/// Three parts, of which the first two begin with their lengths, as a file.
fn around(parts: &[u8]) -> Vec<u8> {
    let mut file = b"\x89SBX\r\n\x1a\n\x01\0\0\0".to_vec();
    let mut checksum = crc32fast::Hasher::new();
    let mut block = |bytes: &[u8]| {
        let length = u32::try_from(bytes.len()).expect("short").to_le_bytes();
        checksum.update(&length);
        checksum.update(bytes);
        file.extend(length);
        file.extend(checksum.clone().finalize().to_le_bytes());
        file.extend(bytes);
    };
    let mut rest = parts;
    for number in 0..3 {
        let (length, behind) = match rest.split_first() {
            Some((length, behind)) if number < 2 => (usize::from(*length).min(behind.len()), behind),
            _ => (rest.len(), rest),
        };
        let (part, behind) = behind.split_at(length);
        if !part.is_empty() {
            block(part);
        }
        block(&[]);
        rest = behind;
    }
    file
}

fn check(sites: &Sites) {
    let again = Sites::from_index(saved(sites).as_slice()).expect("what was saved");
    assert_eq!((again.as_slice(), again.rejected()), (sites.as_slice(), sites.rejected()));
    let (statements, options) = &*QUESTION;
    for k in [1, 3, sites.len()] {
        let bits = |top: Vec<(&Site, f64)>| -> Vec<(String, u64)> {
            top.into_iter().map(|(site, ln)| (site.id().to_owned(), ln.to_bits())).collect()
        };
        let top = bits(sites.top_k(k, statements, options));
        assert_eq!(top, bits(sites.top_k_brute_force(k, statements, options)));
        assert_eq!(top, bits(again.top_k(k, statements, options)));
    }
    let border = ATLAS.get("cn-kp").expect("a border");
    let km = |km: f64| Length::from_km(km).expect("a length");
    let band = Interval { from: km(50.0), to: km(150.0) };
    let found = sites.within_band(border, band).len();
    let inside = sites.as_slice().iter().filter(|site| band.contains(border.nearest(site.position()).distance));
    assert_eq!(found, inside.count());
    for site in sites.as_slice() {
        assert_eq!(sites.get(site.id()), Some(site));
    }
}
