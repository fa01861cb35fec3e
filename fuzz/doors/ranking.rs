//! Sites, and what was said of them.

use std::sync::{Arc, LazyLock};

use arbitrary::{Result, Unstructured};
use siteband::{
    Atlas, Constraint, Feature, Length, Position, RankOptions, Reading, SearchRegion, Site, Sites, Source, Tempering,
};

static ATLAS: LazyLock<Atlas> = LazyLock::new(Atlas::bundled);

/// Eight places: the laws hold for any region.
static REGION: LazyLock<SearchRegion> = LazyLock::new(|| {
    let places = (0..8_u32).map(|number| {
        let at = Position::new(38.0 + 0.4 * f64::from(number), 125.0 + 0.3 * f64::from(number * number % 8));
        Site::new(number.to_string(), at.expect("a position"))
    });
    let places = Sites::new(places.collect()).expect("ids of their own");
    SearchRegion::gazetteer(&places, Length::ZERO, None).expect("places")
});

const IDS: [&str; 5] = ["cn-kp", "kp-kr", "pyongyang", "seoul", "north-korea"];
const TAGS: [&str; 3] = ["training", "base", "town"];

/// The best few are those that looking at every site finds, to the bit and with their ties; posteriors are numbers and sum to one with none
/// of these; a scorer gives each site what the ranking gives it; and a list that was saved and opened again ranks the same.
pub(crate) fn door(data: &[u8]) {
    let mut bytes = Unstructured::new(data);
    if let Ok((sites, statements, options, k)) = question(&mut bytes) {
        check(&sites, &statements, &options, k);
    }
}

type Question = (Sites, Vec<Constraint>, RankOptions, usize);

fn question(bytes: &mut Unstructured<'_>) -> Result<Question> {
    let k = bytes.int_in_range(0..=40)?;
    let mut options = RankOptions::default().with_search_region(REGION.clone());
    if bytes.arbitrary()? {
        options = options.with_tempering(Tempering::NONE);
    }
    let prior = share(bytes)?;
    options = options.clone().with_none_of_these(prior).unwrap_or(options);
    let mut statements: Vec<Constraint> = Vec::new();
    for number in 0..bytes.int_in_range(1..=4)? {
        statements.extend(statement(bytes)?.map(|statement| statement.with_id(format!("c{number}"))));
    }
    let mut sites: Vec<Site> = Vec::new();
    for number in 0..bytes.int_in_range(0..=40)? {
        if bytes.is_empty() {
            break;
        }
        sites.push(site(bytes, number, sites.last())?);
    }
    Ok((Sites::new(sites).expect("ids of their own"), statements, options, k))
}

/// A number from 0 to 1, both ends included.
fn share(bytes: &mut Unstructured<'_>) -> Result<f64> {
    Ok(f64::from(bytes.arbitrary::<u16>()?) / 65_535.0)
}

/// A number of zero or more, of any size.
fn number(bytes: &mut Unstructured<'_>) -> Result<f64> {
    let scale = [0.0, 1e-300, 1e-9, 1.0, 10.0, 85.0, 300.0, 1e4, 2e7, 1e15, 1e300];
    Ok(bytes.choose(&scale)? * (0.5 + share(bytes)?))
}

fn length(bytes: &mut Unstructured<'_>) -> Result<Length> {
    Ok(Length::from_km(number(bytes)?).unwrap_or_default())
}

fn feature(bytes: &mut Unstructured<'_>) -> Result<Arc<Feature>> {
    Ok(Arc::clone(ATLAS.get(bytes.choose(&IDS)?).expect("bundled")))
}

fn site(bytes: &mut Unstructured<'_>, number_of: usize, before: Option<&Site>) -> Result<Site> {
    let how: u8 = bytes.arbitrary()?;
    let at = match (how % 8, before) {
        (0, Some(before)) => before.position(),
        // Few, since distances to places on the other side of the Earth take long.
        (1, _) if number_of.is_multiple_of(8) => {
            Position::new(180.0 * share(bytes)? - 90.0, 359.0 * share(bytes)? - 180.0).expect("in range")
        }
        _ => Position::new(37.0 + 6.0 * share(bytes)?, 124.0 + 7.0 * share(bytes)?).expect("in range"),
    };
    let at = if how & 8 == 0 { at } else { at.with_uncertainty(length(bytes)?) };
    // Ids that come in another order than the sites.
    let mut site = Site::new(format!("{:02}", (7 * number_of + 3) % 41), at);
    if how & 16 != 0 {
        site = site.with_tags([*bytes.choose(&TAGS)?]);
    }
    if how & 32 != 0 {
        site = site.with_group(if how & 64 == 0 { "g" } else { "h" });
    }
    if how & 128 != 0 {
        site = site.clone().with_prior(number(bytes)?).unwrap_or(site);
    }
    Ok(site)
}

/// A statement of any kind; none where its numbers are refused.
fn statement(bytes: &mut Unstructured<'_>) -> Result<Option<Constraint>> {
    let readings = Reading::named();
    let reading = bytes.choose(&readings)?;
    let of = feature(bytes)?;
    let statement = match bytes.int_in_range(0..=10)? {
        0 | 1 => {
            let hedge = bytes.choose(&["", "about ", "nearly ", "over ", "at most ", "within "])?;
            let unit = bytes.choose(&["km", "miles", "m", "nm", "li"])?;
            let relation = bytes.choose(&["from", "north of", "SE of", "by road from", "inside"])?;
            let number = bytes.arbitrary::<u32>()? >> bytes.int_in_range(0..=31)?;
            let claim = format!("{hedge}{number} {unit} {relation} X").parse();
            let claim = claim.map(|claim| Constraint::distance(&claim, of, reading));
            claim.ok().map(|claim| claim.clone().with_ways(None, Some(1.3)).unwrap_or(claim))
        }
        2 => Constraint::away_from(of, length(bytes)?, length(bytes)?).ok(),
        3 => Constraint::near(of, length(bytes)?, length(bytes)?).ok(),
        4 => Some(Constraint::at_least(of, length(bytes)?, reading)),
        5 => Some(Constraint::at_most(of, length(bytes)?, reading)),
        6 => Constraint::inside(of, length(bytes)?).ok(),
        7 => Some(Constraint::toward(of, bytes.choose(&["N", "ESE", "SbW"])?.parse().expect("a wind"))),
        8 => Constraint::access(vec![of, feature(bytes)?], 1.0 + number(bytes)?, length(bytes)?).ok(),
        9 => Constraint::nearby(*bytes.choose(&TAGS)?, length(bytes)?, length(bytes)?, bytes.arbitrary()?).ok(),
        _ => Constraint::attribute(*bytes.choose(&TAGS)?, number(bytes)?, number(bytes)?).ok(),
    };
    let id = *bytes.choose(&["one", "two", "three"])?;
    let source = Source::new(id, share(bytes)?).expect("a share");
    let source = source.clone().with_tempering(share(bytes)?).unwrap_or(source);
    let is_stated: bool = bytes.arbitrary()?;
    let by_source = |statement: Constraint| statement.with_source(source.clone());
    Ok(statement.map(by_source).map(|statement| if is_stated { statement.as_stated() } else { statement }))
}

fn bits(top: Vec<(&Site, f64)>) -> Vec<(String, u64)> {
    top.into_iter().map(|(site, ln)| (site.id().to_owned(), ln.to_bits())).collect()
}

fn check(sites: &Sites, statements: &[Constraint], options: &RankOptions, k: usize) {
    let top = sites.top_k(k, statements, options);
    assert!(top.iter().all(|(_, ln)| !ln.is_nan()), "{top:?}");
    let top = bits(top);
    assert_eq!(top, bits(sites.top_k_brute_force(k, statements, options)));

    let ranking = sites.rank(statements, options);
    let scores = sites.scorer(statements, options).score(sites.as_slice());
    let mut sum = ranking.none_of_these;
    for ranked in ranking.top(sites.len()) {
        assert!((0.0..=1.0).contains(&ranked.posterior), "{}: {}", ranked.site.id(), ranked.posterior);
        sum += ranked.posterior;
        assert!(ranked.evidence.iter().all(|evidence| !evidence.log_likelihood.is_nan()), "{:?}", ranked.evidence);
        let at = sites.as_slice().iter().position(|site| site.id() == ranked.site.id()).expect("listed");
        let (alone, among) = (scores.log_likelihoods[at], ranked.log_likelihood);
        // Also for what is excluded altogether.
        assert!(alone == among || (alone - among).abs() <= 1e-9 * among.abs().max(1.0), "{alone} {among}");
    }
    assert!((sum - 1.0).abs() < 1e-9, "posteriors and none of these sum to {sum}");

    let mut saved = Vec::new();
    sites.save(&mut saved).expect("into memory");
    let opened = Sites::from_index(saved.as_slice()).expect("what was saved");
    assert_eq!(bits(opened.top_k(k, statements, options)), top);
}
