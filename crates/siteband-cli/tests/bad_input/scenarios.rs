//! Scenarios.

use crate::common::{Folder, Problems, siteband};
use crate::{Case, GOOD_SITES, SCENARIO, latin1, utf16, utf16_big};

/// The scenario with something else in one place.
pub(crate) fn but(from: &str, to: &str) -> Vec<u8> {
    assert_eq!(SCENARIO.matches(from).count(), 1, "'{from}' does not stand once in the scenario");
    SCENARIO.replace(from, to).into()
}

/// The scenario with a second claim, its statement on line 14.
pub(crate) fn and_claims(statement: &str) -> Vec<u8> {
    format!("{SCENARIO}\n[[claim]]\nsource = \"diplomat\"\n{statement}\n").into()
}

/// The scenario with something behind it, from line 12.
fn and(more: &str) -> Vec<u8> {
    format!("{SCENARIO}\n{more}").into()
}

/// The scenario with something on its first line.
pub(crate) fn before(more: &str) -> Vec<u8> {
    format!("{more}\n{SCENARIO}").into()
}

#[test]
fn the_scenario_of_these_tests_has_no_fault() {
    for (name, content) in [("q.toml", SCENARIO), ("q.json", JSON_SCENARIO)] {
        let folder = Folder::new();
        folder.file("sites.csv", GOOD_SITES);
        let scenario = folder.file(name, content);
        siteband(&["check", &scenario]).ok();
        assert_eq!(siteband(&["rank", &scenario, "--format", "csv"]).ok().csv().1.len(), 3);
    }
}

pub(crate) fn scenarios_that_are_no_toml() -> Vec<Case> {
    vec![
        ("syntax", but("reliability = 0.9", "reliability = = 0.9"), &["line 6: "]),
        ("no end of text", but("with China\"", "with China"), &["line 10: ", "\""]),
        (
            "key twice",
            but("none_of_these = 0.2", "none_of_these = 0.2\nnone_of_these = 0.3"),
            &["line 3: duplicate key"],
        ),
        ("overflow", but("0.2", "1e999"), &["line 2: ", "overflow"]),
        ("JSON", b"{\"sites\": 1}".into(), &["line 1: "]),
        ("CSV", GOOD_SITES.into(), &["line 1: "]),
        ("carriage returns alone", SCENARIO.replace('\n', "\r").into(), &["line 1: ", "carriage return"]),
        ("UTF-16", utf16(SCENARIO), &["UTF-16 (little-endian)", "UTF-8"]),
        ("UTF-16, no mark", utf16_big(SCENARIO), &["UTF-16 (big-endian)", "UTF-8"]),
        ("an archive", b"PK\x03\x04".into(), &["an archive (ZIP)"]),
        ("Latin-1", latin1(&SCENARIO.replace("diplomat", "diplömat")), &["line 5: byte ", "is not UTF-8", "Latin-1"]),
    ]
}

pub(crate) fn scenarios_with_wrong_keys_and_types() -> Vec<Case> {
    vec![
        (
            "unknown key",
            but("none_of_these", "none_of_thees"),
            &["line 2: ", "`none_of_thees`", "did you mean 'none_of_these'?"],
        ),
        (
            "unknown key of a source",
            but("reliability", "reliabilty"),
            &["line 6: ", "`reliabilty`", "did you mean 'reliability'?"],
        ),
        ("unknown key of a claim", but("text =", "txet ="), &["line 10: ", "`txet`", "did you mean 'text'?"]),
        (
            "unknown key of a statement",
            and_claims(r#"near = { featur = "pyongyang", midpoint_km = 40, scale_km = 10 }"#),
            &["line 14: ", "`featur`", "did you mean 'feature'?"],
        ),
        ("text for a number", but("0.2", "\"much\""), &["line 2: ", "\"much\"", "number"]),
        ("number for text", but("\"sites.csv\"", "7"), &["line 1: ", "`7`", "expected text"]),
        ("neither number nor letter", but("0.9", "true"), &["line 6: ", "expected a probability from 0 to 1"]),
        ("windows line ends", SCENARIO.replace("0.9", "[]").replace('\n', "\r\n").into(), &["line 6: "]),
        ("no source", but("source = \"diplomat\"\n", ""), &["line 8: ", "`source`"]),
        ("no likelihood ratio", and_claims(r#"attribute = { tag = "x" }"#), &["line 14: ", "`likelihood_ratio`"]),
        ("no claim", b"sites = \"sites.csv\"\n".into(), &["no [[claim]]", "at least one"]),
        ("empty", Vec::new(), &["no [[claim]]"]),
    ]
}

pub(crate) fn scenarios_with_wrong_sources() -> Vec<Case> {
    let source = |more: &str| and(&format!("[[source]]\n{more}\n"));
    vec![
        (
            "undeclared",
            but("source = \"diplomat\"", "source = \"diplomt\""),
            &["line 9: claim[1].source: ", "'diplomt'", "did you mean 'diplomat'?"],
        ),
        (
            "twice",
            source("id = \"Diplomat\"\nreliability = 0.5"),
            &["line 13: source[2].id: ", "'Diplomat' is declared twice"],
        ),
        (
            "circle",
            source(
                "id = \"x\"\nreliability = 0.5\nrepeats = \"y\"\n[[source]]\nid = \"y\"\nreliability = 0.5\nrepeats = \"x\"",
            ),
            &["line 19: source[3].repeats: ", "in a circle"],
        ),
        ("repeats itself", but("0.9", "0.9\nrepeats = \"diplomat\""), &["line 7: source[1].repeats: ", "in a circle"]),
        (
            "repeats nobody",
            but("0.9", "0.9\nrepeats = \"diplomt\""),
            &["line 7: source[1].repeats: ", "'diplomt'", "did you mean 'diplomat'?"],
        ),
        (
            "reliability 1.5",
            but("0.9", "1.5"),
            &["line 6: source[1].reliability: 1.5 is no reliability", "from 0 to 1"],
        ),
        ("reliability below zero", but("0.9", "-0.1"), &["line 6: source[1].reliability: -0.1", "from 0 to 1"]),
        ("reliability NaN", but("0.9", "nan"), &["line 6: source[1].reliability: NaN"]),
        ("reliability G", but("0.9", "\"G\""), &["line 6: source[1].reliability: 'G'", "from A to F"]),
        ("reliability B2", but("0.9", "\"B2\""), &["line 6: source[1].reliability: 'B2'", "from A to F", "digit"]),
        ("reliability in words", but("0.9", "\"fairly good\""), &["line 6: source[1].reliability: 'fairly good'"]),
    ]
}

pub(crate) fn scenarios_with_wrong_statements() -> Vec<Case> {
    vec![
        (
            "two in one",
            and_claims(
                "attribute = { tag = \"x\", likelihood_ratio = 2 }\nat_most_km = { feature = \"cn-kp\", value = 5 }",
            ),
            &["line 12: claim[2]: ", "at_most_km and attribute", "one statement"],
        ),
        ("none", and_claims("note = \"nothing\""), &["line 12: claim[2]: ", "found none", "text, away_from, near"]),
        (
            "unknown unit",
            but("kilometers", "leagues"),
            &["line 10: claim[1].text: unknown unit 'leagues'", "nautical miles"],
        ),
        ("unknown hedge", but("about", "abuot"), &["line 10: claim[1].text: 'abuot'", "did you mean 'about'"]),
        ("no number", but("about 85 kilometers from", "near"), &["line 10: claim[1].text: found no number"]),
        ("two claims", but("with China", "and 90 km from Seoul"), &["line 10: claim[1].text: found 2 claims"]),
        (
            "unknown border",
            but("North Korean border with China", "Mongolian border"),
            &["line 10: claim[1].text: 'the Mongolian border'", "no border of MN"],
        ),
        (
            "unknown feature beside the words",
            but("\nsource = \"diplomat\"", "\nsource = \"diplomat\"\nfeature = \"cn-kr\""),
            &["line 10: claim[1].feature: 'cn-kr'", "did you mean 'cn-kp'"],
        ),
        (
            "unknown feature",
            and_claims(r#"near = { feature = "pyongyan", midpoint_km = 1, scale_km = 10 }"#),
            &["line 14: claim[2].near.feature: 'pyongyan'", "did you mean 'Pyongyang'"],
        ),
        (
            "feature beside an attribute",
            and_claims("feature = \"cn-kp\"\nattribute = { tag = \"x\", likelihood_ratio = 2 }"),
            &["line 14: claim[2].feature: ", "beside 'text' only"],
        ),
        (
            "negative scale",
            and_claims(r#"away_from = { feature = "pyongyang", midpoint_km = 40, scale_km = -10 }"#),
            &["line 14: claim[2].away_from.scale_km: -10 km"],
        ),
        (
            "scale of zero",
            and_claims(r#"away_from = { feature = "pyongyang", midpoint_km = 40, scale_km = 0 }"#),
            &["line 14: claim[2].away_from.scale_km: ", "more than zero"],
        ),
        (
            "infinite midpoint",
            and_claims(r#"near = { feature = "pyongyang", midpoint_km = inf, scale_km = 10 }"#),
            &["line 14: claim[2].near.midpoint_km: inf km"],
        ),
        (
            "negative limit",
            and_claims(r#"at_least_km = { feature = "kp-kr", value = -1 }"#),
            &["line 14: claim[2].at_least_km.value: -1 km"],
        ),
        (
            "likelihood ratio 0",
            and_claims(r#"attribute = { tag = "x", likelihood_ratio = 0 }"#),
            &["line 14: claim[2].attribute: 0 is no likelihood ratio", "above zero"],
        ),
        (
            "likelihood ratio of absence",
            and_claims(r#"attribute = { tag = "x", likelihood_ratio = 1, likelihood_ratio_absent = -2 }"#),
            &["line 14: claim[2].attribute: -2 is no likelihood ratio"],
        ),
        (
            "inside a line",
            and_claims(r#"inside = { region = "cn-kp", edge_km = 5 }"#),
            &["line 14: claim[2].inside: 'cn-kp' is a line", "expected an area"],
        ),
        (
            "outside a point",
            and_claims(r#"outside = { region = "seoul", edge_km = 5 }"#),
            &["line 14: claim[2].outside: 'seoul' is a point", "expected an area"],
        ),
        (
            "negative edge",
            and_claims(r#"inside = { region = "north-korea", edge_km = -1 }"#),
            &["line 14: claim[2].inside.edge_km: -1 km"],
        ),
        (
            "claim id twice",
            and_claims("id = \"DIPLOMAT-1\"\nattribute = { tag = \"x\", likelihood_ratio = 2 }"),
            &["line 14: claim[2].id: ", "'DIPLOMAT-1' already"],
        ),
    ]
}

pub(crate) fn scenarios_with_wrong_surroundings() -> Vec<Case> {
    vec![
        ("none of these 0", but("0.2", "0"), &["line 2: none_of_these: 0 ", "between"]),
        ("none of these 1", but("0.2", "1"), &["line 2: none_of_these: 1 ", "between"]),
        ("none of these above 1", but("0.2", "20"), &["line 2: none_of_these: 20 "]),
        ("none of these NaN", but("0.2", "nan"), &["line 2: none_of_these: NaN "]),
        (
            "search region a point",
            before("search_region = \"pyongyang\""),
            &["line 1: search_region: 'pyongyang' is a point", "expected an area"],
        ),
        ("search region a line", before("search_region = \"cn-kp\""), &["line 1: search_region: 'cn-kp' is a line"]),
        (
            "search region unknown",
            before("search_region = \"north-koreaa\""),
            &["line 1: search_region: 'north-koreaa'", "did you mean", "'north-korea'"],
        ),
        ("reading", before("reading = \"litteral\""), &["line 1: reading: ", "'litteral'", "did you mean 'literal'?"]),
        (
            "feature id twice",
            and("[[feature]]\nid = \"p\"\nat = \"39 N 125 E\"\n[[feature]]\nid = \"P\"\nat = \"39 N 125 E\"\n"),
            &["line 16: feature[2].id: ", "'P'", "has this id already"],
        ),
        (
            "feature off the Earth",
            and("[[feature]]\nid = \"p\"\nat = \"91 N 125 E\"\n"),
            &["line 14: feature[1].at: latitude 91", "from -90 to 90"],
        ),
        (
            "feature without a place",
            and("[[feature]]\nid = \"p\"\nat = \"somewhere\"\n"),
            &["line 14: feature[1].at: 'somewhere'"],
        ),
        (
            "feature uncertainty",
            and("[[feature]]\nid = \"p\"\nat = \"39 N 125 E\"\nuncertainty_m = -1\n"),
            &["line 15: feature[1].uncertainty_m: -1 m"],
        ),
        ("atlas missing", before("atlas = [\"nope.geojson\"]"), &["line 1: atlas[1]: ", "nope.geojson: No such file"]),
        ("atlas a folder", before("atlas = [\".\"]"), &["line 1: atlas[1]: ", "this is a folder"]),
    ]
}

/// The table of the gazetteer begins on line 12.
pub(crate) fn scenarios_with_wrong_gazetteers() -> Vec<Case> {
    let gazetteer =
        |places: &str, kernel_km: &str| and(&format!("[gazetteer]\nplaces = \"{places}\"\nkernel_km = {kernel_km}\n"));
    vec![
        (
            "unknown key",
            and("[gazetteer]\nplaces = \"sites.csv\"\nkernel = 10\n"),
            &["line 14: ", "`kernel`", "did you mean 'kernel_km'?"],
        ),
        ("no kernel", and("[gazetteer]\nplaces = \"sites.csv\"\n"), &["line 12: ", "missing key `kernel_km`"]),
        ("no places", and("[gazetteer]\nkernel_km = 10\n"), &["line 12: ", "missing key `places`"]),
        ("a path alone", before("gazetteer = \"sites.csv\""), &["line 1: ", "\"sites.csv\"", "expected a table"]),
        ("negative kernel", gazetteer("sites.csv", "-10"), &["line 14: gazetteer.kernel_km: -10 km"]),
        ("kernel NaN", gazetteer("sites.csv", "nan"), &["line 14: gazetteer.kernel_km: NaN km"]),
        (
            "kernel in metres",
            gazetteer("sites.csv", "10_000"),
            &["line 14: gazetteer.kernel_km: a kernel of 10000.0 km", "at most 1,000 km"],
        ),
        ("list missing", gazetteer("nope.csv", "10"), &["line 13: gazetteer.places: ", "nope.csv: No such file"]),
        ("list a folder", gazetteer(".", "10"), &["line 13: gazetteer.places: ", "this is a folder"]),
        ("list empty", gazetteer("empty.csv", "10"), &["line 13: gazetteer.places: the list has no places"]),
        (
            "rows that are no places",
            gazetteer("faulty.csv", "10"),
            &[
                "line 13: gazetteer.places: ",
                "faulty.csv: line 3, lat: latitude 91 is out of range",
                "; 1 more row of it is rejected",
            ],
        ),
        (
            "nothing inside",
            format!(
                "search_region = \"box\"\natlas = \"box.geojson\"\n{}",
                String::from_utf8_lossy(&gazetteer("sites.csv", "10"))
            )
            .into(),
            &["line 15: gazetteer.places: no listed place with a kernel of 10.0 km reaches into the box"],
        ),
        (
            "inside a line",
            format!("search_region = \"cn-kp\"\n{}", String::from_utf8_lossy(&gazetteer("sites.csv", "10"))).into(),
            &["line 1: search_region: 'cn-kp' is a line"],
        ),
    ]
}

/// The scenario of these tests in JSON, of four lines.
const JSON_SCENARIO: &str = r#"{"sites": "sites.csv", "none_of_these": 0.2,
"source": [{"id": "diplomat", "reliability": 0.9}],
"claim": [{"source": "diplomat", "text": "about 85 km from the Chinese border"}]
}"#;

pub(crate) fn scenarios_in_json() -> Vec<Case> {
    let but = |from: &str, to: &str| -> Vec<u8> {
        assert_eq!(JSON_SCENARIO.matches(from).count(), 1, "'{from}' does not stand once in the scenario");
        JSON_SCENARIO.replace(from, to).into()
    };
    vec![
        ("syntax", but("0.9}", "0.9"), &["line 2: ", "column 49"]),
        ("truncated", JSON_SCENARIO[..100].into(), &["line 3: ", "column"]),
        ("empty", Vec::new(), &["line 1: "]),
        ("more behind", format!("{JSON_SCENARIO}\n}}").into(), &["line 5: ", "column 1"]),
        ("TOML", SCENARIO.into(), &["line 1: "]),
        ("key twice", but("\"sites\": \"sites.csv\"", "\"sites\": \"a\", \"sites\": \"b\""), &["line 1: ", "`sites`"]),
        (
            "unknown key",
            but("reliability", "reliabilty"),
            &["line 2: ", "`reliabilty`", "did you mean 'reliability'?", "column"],
        ),
        ("wrong type", but("0.9", "[]"), &["line 2: ", "expected a probability", "column"]),
        ("overflow", but("0.9", "1e999"), &["line 2: ", "out of range", "column"]),
        (
            "undeclared source",
            but("\"source\": \"diplomat\"", "\"source\": \"diplomt\""),
            &["claim[1].source: ", "did you mean 'diplomat'?"],
        ),
        (
            "unknown feature",
            but("the Chinese border", "Pyongyan"),
            &["claim[1].text: 'Pyongyan'", "did you mean 'Pyongyang'"],
        ),
        ("none of these 1", but("0.2", "1"), &["none_of_these: 1 "]),
        ("UTF-16", utf16(JSON_SCENARIO), &["UTF-16 (little-endian)", "UTF-8"]),
        ("deep", "[".repeat(100_000).into(), &["line 1: "]),
        ("deep inside", but("0.9", &"[".repeat(100_000)), &["line 2: "]),
    ]
}

#[test]
fn scenarios_that_are_not_there_or_have_no_sites() {
    let mut problems = Problems::default();
    let folder = Folder::new();
    let missing = folder.path("missing.toml");
    for (path, says) in [(missing.as_str(), "missing.toml: No such file"), ("data", "data: this is a folder")] {
        problems.refused(path, &["rank", path], 1, &[says]);
        problems.refused(path, &["explain", path, "a"], 1, &[says]);
        problems.refused(path, &["check", path], 1, &[says]);
    }
    let scenario = folder.file("q.toml", but("sites = \"sites.csv\"\n", ""));
    problems.refused("no list", &["rank", &scenario], 1, &["q.toml", "no list of sites", "--sites"]);
    problems.refused("no list", &["explain", &scenario, "a"], 1, &["q.toml", "no list of sites", "--sites"]);
    let scenario = folder.file("q.toml", but("sites.csv", "nope.csv"));
    problems.refused("list missing", &["rank", &scenario], 1, &["nope.csv: No such file"]);
    problems.refused("list missing", &["explain", &scenario, "a"], 1, &["nope.csv: No such file"]);
    // Checking says what it understood all the same.
    let check = siteband(&["check", &scenario]);
    problems.check("check list missing", &check, 1, &["nope.csv: No such file"]);
    problems.must("check list missing", "nothing was understood", check.text().contains("diplomat-1: about 85 km"));
    problems.none(10);
}

/// What stands beside the words of a claim: the statement begins on line 14.
pub(crate) fn ways_and_sides_that_do_not_fit() -> Vec<Case> {
    let text = "text = \"85 km from the Chinese border\"";
    let beside = |text: &str, key: &str| and_claims(&format!("{text}\n{key}"));
    vec![
        ("shorter than straight", beside(text, "road_factor = 0.9"), &["line 15: ", "0.9 is no road factor"]),
        ("unknown crossing", beside(text, "crossing = \"ponte\""), &["line 15: ", "'ponte'"]),
        (
            "the words say by road",
            beside("text = \"85 km by road from the Chinese border\"", "road_factor = 1.3"),
            &["line 15: ", "the words say how it was measured, by road", "'road_factor'"],
        ),
        (
            "the words say straight",
            beside("text = \"85 km as the crow flies from the Chinese border\"", "crossing = \"seoul\""),
            &["line 15: ", "in a straight line", "'crossing'"],
        ),
        (
            "no words",
            beside("attribute = { tag = \"x\", likelihood_ratio = 2.0 }", "road_factor = 1.3"),
            &["line 15: ", "'road_factor' stands beside 'text' only"],
        ),
        (
            "unknown side",
            and_claims("text = \"in Mongolia, 85 km from the Chinese border\""),
            &["line 14: ", "'Mongolia'"],
        ),
        (
            "a point is no side",
            and_claims("text = \"in Seoul, 85 km from the Chinese border\""),
            &["line 14: ", "area"],
        ),
    ]
}

/// Texts, names and lists without end.
pub(crate) fn scenarios_that_are_too_much() -> Vec<Case> {
    let many = |entry: &str| and(&(0..=1000).map(|number| entry.replace('N', &number.to_string())).collect::<String>());
    vec![
        ("deep lists", before(&format!("title = {}", "[".repeat(100_000))), &["line 1: ", "max recursion depth"]),
        ("deep tables", before(&format!("title = {}", "{a=".repeat(100_000))), &["line 1: ", "max recursion depth"]),
        ("deep keys", before(&format!("a{} = 1", ".a".repeat(100_000))), &["recursion limit"]),
        ("too long", before(&format!("title = \"{}\"", "x".repeat(5 << 20))), &["more than 4 MiB"]),
        (
            "too many claims",
            many("[[claim]]\nsource = \"diplomat\"\nattribute = { tag = \"N\", likelihood_ratio = 2 }\n"),
            &["claim[201]: ", "1002 entries", "200 at most"],
        ),
        (
            "too many sources",
            many("[[source]]\nid = \"N\"\nreliability = 0.5\n"),
            &["source[1001]: ", "1002 entries", "1000 at most"],
        ),
        (
            "too many features",
            many("[[feature]]\nid = \"N\"\nat = \"39 N 125 E\"\n"),
            &["feature[1001]: ", "1001 entries", "1000 at most"],
        ),
        (
            "too many assumptions",
            many("[[what_if]]\ntitle = \"N\"\nwithout_tags = [\"x\"]\n"),
            &["what_if[201]: ", "1001 entries", "200 at most"],
        ),
        (
            "too many files",
            before(&format!("atlas = [{}]", "\"box.geojson\",".repeat(1001))),
            &["line 1: atlas", "1001 entries", "1000 at most"],
        ),
        (
            "too many places to go to",
            and_claims(&format!("access = {{ to = [{}], detour = 1.3, scale_km = 50 }}", "\"seoul\",".repeat(1001))),
            &["line 14: claim[2].access.to: ", "1001 entries", "1000 at most"],
        ),
        (
            "words too long",
            but("with China", &"with China ".repeat(7_000)),
            &["line 10: claim[1].text: ", "bytes for one claim", "16384 at most"],
        ),
        (
            "a name of a megabyte",
            but("source = \"diplomat\"", &format!("source = \"{}\"", "diplomat".repeat(1 << 17))),
            &["line 9: claim[1].source: no [[source]] has the id 'diplomat", "[…]"],
        ),
        (
            "a key of a megabyte",
            before(&format!("{} = 1", "title".repeat(1 << 17))),
            &["line 1: unknown key `title", "[…]"],
        ),
        ("an escape of a terminal", before("reading = \"\\u001b[2J\""), &["line 1: reading: ", "'\u{fffd}[2J'"]),
        ("a turn of the line", before("reading = \"\\u202Egnidaer\""), &["line 1: reading: ", "'\u{fffd}gnidaer'"]),
        ("a line of its own", before("reading = \"x\\nerror: y\""), &["line 1: reading: ", "'x error: y'"]),
        (
            "a path out of the folder",
            before("atlas = \"../../../../etc/passwd\""),
            &["line 1: atlas[1]: ", "/etc/passwd: "],
        ),
    ]
}
