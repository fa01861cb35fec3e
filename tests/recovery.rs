//! Published sentences about North Korean missile bases, each held against 156 places that it could be about: the 29 facilities
//! and the 127 towns of `dprk-places.csv`. What comes out is printed in docs/RANKING.md.
#![cfg(feature = "atlas")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use siteband::{
    Atlas, Claim, Constraint, Corpus, Feature, Length, Observation, Origin, Place, Position, RankOptions, Ranked,
    Ranking, Reading, SearchRegion, Site, Sites, Source, residuals,
};

/// What the bases have in common, and other sites have not.
const KIND: &str = "missile-base";

/// Readings whose bands end somewhere.
const HARD: [&str; 6] = ["literal", "rounded", "best-practice", "wieczorek-2004", "frazier-2004", "analyst"];

fn in_project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Both lists as one.
static SITES: LazyLock<Sites> = LazyLock::new(|| {
    let lists = ["dprk-facilities.csv", "dprk-places.csv"];
    let list = |file: &str| Sites::from_path(&in_project("data/sites").join(file)).expect("a shipped list");
    let sites: Vec<Site> = lists.into_iter().flat_map(|file| list(file).as_slice().to_vec()).collect();
    Sites::new(sites).expect("ids that are used once")
});

static ATLAS: LazyLock<Atlas> = LazyLock::new(Atlas::bundled);

/// One chance in five for none of these, which could be anywhere in North Korea.
static OPTIONS: LazyLock<RankOptions> = LazyLock::new(|| {
    let country = ATLAS.resolve("north-korea").expect("a bundled region");
    let region = SearchRegion::area(country).expect("an area");
    RankOptions::default().with_none_of_these(0.2).expect("a prior").with_search_region(region)
});

/// One published sentence: a row of the table.
struct Sentence {
    /// The id of the base that it is about.
    base: String,
    text: String,
    /// What it says, under the default reading.
    says: Vec<Constraint>,
}

/// One in ten is taken to be simply wrong: careful publishers, but one of the nine was published with a position that contradicts its
/// sentence. The newspapers say that they quote or cite the report, so what both say counts once.
fn source(publisher: &str) -> Source {
    const REPORT: &str = "CSIS Beyond Parallel";
    let source = Source::new(publisher, 0.9).expect("a reliability");
    if publisher.ends_with("the report") { source.with_repeats(REPORT) } else { source }
}

static SENTENCES: LazyLock<Vec<Sentence>> = LazyLock::new(|| {
    let mut rows = csv::Reader::from_path(in_project("data/claims/dprk-bases.csv")).expect("the shipped table");
    let mut sentences = Vec::new();
    for (number, row) in rows.records().enumerate() {
        let row = row.expect("a row");
        let (name, text, publisher) = (&row[0], &row[4], &row[7]);
        if text.is_empty() {
            continue;
        }
        let base = SITES.as_slice().iter().find(|site| site.name() == name).expect("a facility");
        assert!(base.has_tag(KIND), "{name}");
        let says = Claim::parse_all(text).expect("claims").into_iter().enumerate().map(|(at, claim)| {
            let constraint = Constraint::resolve(&claim, &ATLAS, &Reading::default()).expect("a bundled feature");
            constraint.with_source(source(publisher)).with_id(format!("row-{number}-claim-{at}"))
        });
        sentences.push(Sentence { base: base.id().to_owned(), text: text.to_owned(), says: says.collect() });
    }
    sentences
});

/// A base, and what was said of it.
type Question = (String, Vec<Constraint>);

fn each_claim() -> Vec<Question> {
    let claims = |sentence: &Sentence| -> Vec<Question> {
        sentence.says.iter().map(|claim| (sentence.base.clone(), vec![claim.clone()])).collect()
    };
    SENTENCES.iter().flat_map(claims).collect()
}

fn each_sentence() -> Vec<Question> {
    SENTENCES.iter().map(|sentence| (sentence.base.clone(), sentence.says.clone())).collect()
}

fn together() -> Vec<Question> {
    let mut bases: BTreeMap<String, Vec<Constraint>> = BTreeMap::new();
    for sentence in SENTENCES.iter() {
        bases.entry(sentence.base.clone()).or_default().extend(sentence.says.iter().cloned());
    }
    bases.into_iter().collect()
}

/// How a reading fares on questions whose answer is known.
#[derive(Debug, Default)]
struct Score {
    questions: u32,
    first_of_all: u32,
    first_of_kind: u32,
    excluded: u32,
    ln_posterior: f64,
    none: f64,
}

/// Whether a site is ahead of all others of its kind, or of all sites; a tie is no first place.
fn is_first(ranking: &Ranking, id: &str, among: impl Fn(&Ranked) -> bool) -> bool {
    let truth = ranking.get(id).expect("a listed site");
    let mut ahead = ranking.top(ranking.len()).take_while(|other| other.posterior >= truth.posterior);
    !ahead.any(|other| other.site.id() != id && among(&other))
}

fn of_kind(ranked: &Ranked) -> bool {
    ranked.site.has_tag(KIND)
}

impl Score {
    fn of(reading: &Reading, questions: &[Question]) -> Self {
        let mut score = Self::default();
        for (base, says) in questions {
            let says: Vec<Constraint> = says.iter().map(|constraint| constraint.read_as(reading)).collect();
            let ranking = SITES.rank(&says, &OPTIONS);
            let truth = ranking.get(base).expect("a listed site");
            score.questions += 1;
            score.first_of_all += u32::from(is_first(&ranking, base, |_| true));
            score.first_of_kind += u32::from(is_first(&ranking, base, of_kind));
            score.excluded += u32::from(truth.log_likelihood == f64::NEG_INFINITY);
            score.ln_posterior += truth.posterior.ln();
            score.none += ranking.none_of_these;
        }
        score
    }

    /// The mean natural logarithm of the true base's posterior: minus infinity where it was ruled out once.
    fn log_score(&self) -> f64 {
        if self.excluded > 0 { f64::NEG_INFINITY } else { self.ln_posterior / f64::from(self.questions) }
    }

    /// A row of the tables in docs/RANKING.md.
    fn row(&self, reading: &Reading) -> String {
        let log_score = if self.excluded > 0 { "−∞".to_owned() } else { format!("−{:.2}", -self.log_score()) };
        let Self { questions, first_of_all, first_of_kind, excluded, none, .. } = self;
        format!(
            "| `{}` | {first_of_all} of {questions} | {first_of_kind} of {questions} | {log_score} | {excluded} | {:.2} |",
            reading.name(),
            none / f64::from(*questions)
        )
    }
}

/// Fails unless docs/RANKING.md has this text, however its lines are broken.
fn assert_printed(text: &str) {
    static PAGE: LazyLock<String> = LazyLock::new(|| {
        let page = std::fs::read_to_string(in_project("docs/RANKING.md")).expect("the document");
        page.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    assert!(PAGE.contains(text), "docs/RANKING.md lacks\n{text}");
}

/// Prints how every reading fares, as the document does, and holds the default to what it promises.
fn check(questions: &[Question]) {
    let scores: Vec<(Reading, Score)> =
        Reading::named().into_iter().map(|reading| (reading, Score::of(&reading, questions))).collect();
    let rows: Vec<String> = scores.iter().map(|(reading, score)| score.row(reading)).collect();
    println!("{}", rows.join("\n"));
    for row in &rows {
        assert_printed(row);
    }
    let named = |name: &str| &scores.iter().find(|(reading, _)| reading.name() == name).expect("a reading").1;
    let default = named(Reading::default().name());
    assert!(2 * default.first_of_kind > default.questions, "{default:?}");
    // Before anything is said, each of 155 places has its share of what none of these leaves.
    assert!(default.excluded == 0 && default.log_score() > (0.8_f64 / 155.0).ln() + 2.0, "{default:?}");
    for hard in HARD {
        assert!(default.log_score() > named(hard).log_score(), "{hard}: {:?}", named(hard));
    }
    // Taken at its word, a report rules out its own base.
    assert!(named("literal").excluded > 0);
}

#[test]
fn each_claim_alone() {
    assert_eq!((SITES.len(), SITES.as_slice().iter().filter(|site| site.has_tag(KIND)).count()), (156, 10));
    let questions = each_claim();
    assert_eq!(questions.len(), 14);
    check(&questions);
}

#[test]
fn each_sentence_alone() {
    let questions = each_sentence();
    assert_eq!(questions.len(), 9);
    check(&questions);
    let row = |Sentence { base, text, says }: &Sentence| {
        let ranking = SITES.rank(says, &OPTIONS);
        let truth = ranking.get(base).expect("a listed site");
        let ahead = ranking.top(truth.rank).filter(of_kind).count();
        let first = ranking.top(1).next().expect("a site");
        format!(
            "| {} | {text} | {} | {ahead} | {:.1} | {} {:.1} | {:.1} |",
            truth.site.name(),
            truth.rank,
            100.0 * truth.posterior,
            first.site.name(),
            100.0 * first.posterior,
            100.0 * ranking.none_of_these
        )
    };
    let rows: Vec<String> = SENTENCES.iter().map(row).collect();
    println!("{}", rows.join("\n"));
    for row in &rows {
        assert_printed(row);
    }
}

#[test]
fn all_sentences_on_a_base_together() {
    let questions = together();
    assert_eq!(questions.len(), 7);
    check(&questions);
    // The newspaper quotes the report's distance from the zone, which it calls by its full name: that counts once.
    let (_, says) = questions.iter().find(|(base, _)| base == "yusang-ni").expect("a base");
    let repeated: Vec<&str> = says
        .iter()
        .filter(|claim| claim.feature().is_some_and(|feature| feature.id() == "kp-kr"))
        .map(Constraint::id)
        .collect();
    assert_eq!(SITES.rank(says, &OPTIONS).said_before, repeated[1..]);
    assert_eq!((repeated.len(), says.len()), (2, 4));
}

/// Where Kal-gol was once published to be: 266 km from the line of which its own sentence says 52.
fn wrong_kal_gol() -> Sites {
    let wrong = Position::from_fields("40.636137", "126.439019").expect("a position");
    let moved = |site: &Site| match site.id() {
        "kal-gol" => Site::new("kal-gol", wrong).with_name(site.name()).with_tags(site.tags().iter().cloned()),
        _ => site.clone(),
    };
    Sites::new(SITES.as_slice().iter().map(moved).collect()).expect("the same ids")
}

/// At its right position Kal-gol is first of all 156 places; at the wrong one its own sentence speaks against it, no other place
/// is put in its stead, and the report is likely to be about none of these.
#[test]
fn a_wrong_position_is_contradicted_by_its_own_sentence() {
    let wrong = wrong_kal_gol();
    let says = &SENTENCES.iter().find(|sentence| sentence.base == "kal-gol").expect("its sentence").says;
    for reading in [Reading::default(), Reading::mixture_prior()] {
        let says: Vec<Constraint> = says.iter().map(|claim| claim.read_as(&reading)).collect();
        let right = SITES.rank(&says, &OPTIONS);
        assert!(is_first(&right, "kal-gol", |_| true), "{reading}");
        let ranking = wrong.rank(&says, &OPTIONS);
        let kal_gol = ranking.get("kal-gol").expect("listed");
        // A hundredth of what it had before anything was said, and neither first nor near it.
        assert!(kal_gol.posterior < 0.8 / 155.0 / 100.0, "{reading}: {}", kal_gol.posterior);
        assert!(kal_gol.rank > 10 && ranking.none_of_these > 0.5, "{reading}: {kal_gol:?}");
        if reading == Reading::default() {
            let first = 100.0 * right.get("kal-gol").expect("listed").posterior;
            let none = 100.0 * ranking.none_of_these;
            assert_printed(&format!("from first ({first:.0} %)"));
            assert_printed(&format!("none of these rises to {none:.0} %"));
        }
        for (claim, evidence) in says.iter().zip(&kal_gol.evidence) {
            assert!(evidence.decibans.is_some_and(|decibans| decibans < -10.0), "{reading}: {evidence:?}");
            let (band, distance) = (claim.band().expect("a distance"), evidence.distance.expect("a distance"));
            assert!(!band.credible_interval(0.9).contains(distance), "{reading}: {evidence:?}");
            if reading.name() == "mixture-prior" {
                assert_eq!(evidence.position, Some(Place::Outside), "{evidence:?}");
            } else {
                // The default's tails reach twenty times as far, so that its support says little; it says what happened.
                let (origin, probability) = band.origins(distance)[0];
                assert!(origin == Origin::Gross && probability > 0.99, "{origin:?}: {probability}");
            }
        }
    }
    for hard in HARD {
        let reading: Reading = hard.parse().expect("a name");
        let says: Vec<Constraint> = says.iter().map(|claim| claim.read_as(&reading)).collect();
        let evidence = wrong.rank(&says, &OPTIONS).get("kal-gol").expect("listed").evidence;
        // "125 kilometers" by the sceptic's reading may be 344: he goes by its first digit.
        assert_eq!(evidence[0].position, Some(Place::Outside), "{hard}");
        assert!(hard == "analyst" || evidence[1].position == Some(Place::Outside), "{hard}");
    }
}

/// Of the table as it is shipped, with the positions as they were published, the row of Kal-gol is flagged, and no other: its
/// claims alone lie outside their 90 % intervals, and are far off rather than anything else.
#[test]
fn the_wrong_position_is_flagged_among_all_rows() {
    let corpus = Corpus::from_path(&in_project("data/claims/dprk-bases.csv"), &ATLAS).expect("the shipped table");
    let claims: Vec<&Observation> = corpus.observations().iter().collect();
    assert_eq!(claims.len(), 14);
    let reading = Reading::default();
    for (claim, residual) in claims.iter().zip(residuals(&reading, &claims)) {
        let flagged = claim.name() == "Kal-gol";
        assert_eq!(claim.line() == Some(7), flagged);
        assert_eq!((residual.pit - 0.5).abs() > 0.45, flagged, "{}, {}: {residual:?}", claim.name(), claim.claim());
        let (origin, probability) = reading.band_about(claim.claim(), claim.feature()).origins(claim.distance())[0];
        assert_eq!(origin == Origin::Gross && probability > 0.5, flagged, "{}: {origin:?}", claim.name());
    }
}

fn of_venue<'a>(ranking: &Ranking<'a>) -> Ranked<'a> {
    ranking.get("anju-2017").expect("listed")
}

/// The launch of 2017-05-21 was first reported from Pukchang, and was at a venue near Anju, 19 km away. Neither report is a distance:
/// each names a place, which is taken to mean "near".
#[test]
fn the_first_report_of_a_launch_does_not_make_the_venue_first() {
    let km = |km: f64| Length::from_km(km).expect("a length");
    let source = |id: &str| Source::new(id, 0.9).expect("a reliability");
    // The airfield, as Wikipedia has it, and the position of the later report (KBS World) to the minute.
    let pukchang = Feature::point("pukchang", "39.5044 N 125.9643 E".parse().expect("a position"));
    let later = Feature::point("later", "39°37′N 125°48′E".parse().expect("a position"));
    let venue = SITES.get("anju-2017").expect("listed");
    assert!((pukchang.nearest(venue.position()).distance.km() - 19.0).abs() < 0.5);
    let later =
        Constraint::near(later, km(2.0), km(0.5)).expect("a scale").with_source(source("later")).with_id("later");
    let prior = 0.8 / 155.0;
    // From within some five kilometres, or from somewhere in the county.
    for (midpoint_km, scale_km) in [(5.0, 1.0), (10.0, 3.0)] {
        let first = Constraint::near(pukchang.clone(), km(midpoint_km), km(scale_km)).expect("a scale");
        let first = first.with_source(source("first")).with_id("first");
        let [alone, both, corrected] = [vec![first.clone()], vec![first, later.clone()], vec![later.clone()]]
            .map(|says| SITES.rank(&says, &OPTIONS));
        // No site of the list is at Pukchang, so the report favours none of these, and Sunch'on, 9 km off, before the venue.
        assert!(alone.get("sunchon").expect("listed").posterior > 2.0 * of_venue(&alone).posterior);
        assert!(alone.none_of_these > 0.4, "{}", alone.none_of_these);
        let decibans = |at: usize| of_venue(&both).evidence[at].decibans.expect("odds");
        if midpoint_km < 10.0 {
            // Taken narrowly the two contradict each other, and either has its say: less than it had, and less than the
            // correction alone would give it.
            assert!(of_venue(&alone).posterior < prior && of_venue(&alone).rank > 1);
            assert!(decibans(0) < -5.0 && decibans(1) > 5.0, "{:?}", of_venue(&both).evidence);
            assert!(of_venue(&both).posterior < of_venue(&corrected).posterior / 2.0);
            let [alone_none, with_both, later_alone] =
                [alone.none_of_these, of_venue(&both).posterior, of_venue(&corrected).posterior]
                    .map(|share| 100.0 * share);
            assert!(both.none_of_these > alone.none_of_these);
            assert_printed(&format!("puts none of these at {alone_none:.0} %"));
            assert_printed(&format!(
                "first, but with {with_both:.0} %, where the later report alone would give it {later_alone:.0} %"
            ));
        } else {
            // Taken widely 19 km may still be "near", and the later report decides.
            assert!(decibans(0) > 0.0 && of_venue(&both).posterior > of_venue(&corrected).posterior);
            assert_printed(&format!("both together give the venue {:.0} %", 100.0 * of_venue(&both).posterior));
        }
        assert!(is_first(&both, "anju-2017", |_| true));
    }
}
