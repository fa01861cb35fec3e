//! `siteband claim`: word by word, and over a whole paragraph.

mod common;

use common::{siteband, siteband_with};
use serde_json::{Value, json};

/// A report in several sentences: four claims, three distances that are none, and figures of other kinds.
const REPORT: &str = "North Korea has housed Iranian experts since October 2012, a diplomat said on Monday. About 30 of them, in 3\n\
    teams, work at a military facility about 85 kilometers from the North Korean border with China, where they help with missiles\n\
    that have a range of 6,000 km. One base, built in 2004 for $20m, lies some 27 kilometers (17 miles) from the border; another\n\
    is on the outskirts of Sinuiju, and a third, 242 kilometers north of the demilitarized zone. It is two hours' drive from\n\
    Pyongyang. A town 53 kilomters from the border, of 20,000 people, was not found.";

#[test]
fn a_paragraph_gives_its_claims_and_where_they_stand() {
    for (args, stdin) in
        [(["claim", "--all", REPORT, "--format", "json"], ""), (["claim", "--all", "-", "--format", "json"], REPORT)]
    {
        let json = siteband_with(&args, stdin.as_bytes(), &[]).ok().json();
        let claims = json["claims"].as_array().expect("a list");
        let texts: Vec<&str> = claims.iter().map(|claim| claim["text"].as_str().expect("text")).collect();
        assert_eq!(
            texts,
            [
                "about 85 kilometers from the North Korean border with China",
                "some 27 kilometers (17 miles) from the border",
                "on the outskirts of Sinuiju",
                "242 kilometers north of the demilitarized zone",
            ]
        );
        for claim in claims {
            assert_eq!(&REPORT[span(claim, "span")], claim["text"].as_str().expect("text"));
        }
        assert_eq!(claims[0]["offset_m"], 85_000.0);
        assert_eq!(claims[0]["band"]["credible_90_m"].as_array().map(Vec::len), Some(2));
        assert_eq!(
            claims[1]["restated"],
            json!({"value": 17.0, "value_to": null, "unit": "mi", "offset_m": 17.0 * 1609.344, "offset_to_m": null})
        );
        assert_eq!((&claims[2]["implied"], &claims[2]["offset_to_m"]), (&json!(true), &json!(10_000.0)));

        let others = json["not_understood"].as_array().expect("a list");
        let words: Vec<(&str, &str)> = others
            .iter()
            .map(|other| (other["text"].as_str().expect("text"), other["word"].as_str().expect("text")))
            .collect();
        assert_eq!(words, [("6,000 km", "range of"), ("two hours'", "hours'"), ("53 kilomters", "kilomters")]);
        for other in others {
            assert_eq!(&REPORT[span(other, "span")], other["text"].as_str().expect("text"));
            assert_eq!(&REPORT[span(other, "word_span")], other["word"].as_str().expect("text"));
        }
    }
    let table = siteband(&["claim", "--all", REPORT]).ok();
    for words in [
        "4 claims",
        "about 85 km from the North Korean border",
        "not understood: \"53 kilomters\"",
        "did you mean 'kilometers'",
    ] {
        assert!(
            table.text().replace("\n    ", " ").contains(words) || table.text().contains(words),
            "no {words} in {}",
            table.text()
        );
    }
}

fn span(value: &Value, key: &str) -> std::ops::Range<usize> {
    let ends: Vec<usize> = value[key]
        .as_array()
        .expect("a span")
        .iter()
        .map(|end| usize::try_from(end.as_u64().expect("a byte")).expect("small"))
        .collect();
    ends[0]..ends[1]
}

#[test]
fn every_part_is_named() {
    let text = "in North Korea, a base between 80 and 90 km (50 to 56 miles) by road NNE of Pyongyang, officials said";
    let json = siteband(&["claim", text, "--format", "json"]).ok().json();
    let parts: Vec<(&str, &str)> = json["parts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|part| (part["role"].as_str().expect("a role"), part["text"].as_str().expect("text")))
        .collect();
    assert_eq!(
        parts,
        [
            ("side", "in North Korea"),
            ("skipped", "a base"),
            ("number", "between 80 and 90"),
            ("unit", "km"),
            ("restatement", "(50 to 56 miles)"),
            ("course", "by road"),
            ("direction", "NNE"),
            ("relation", "of"),
            ("feature", "Pyongyang"),
            ("skipped", "officials said"),
        ]
    );
    for (key, value) in [
        ("hedge", json!(null)),
        ("value", json!(80.0)),
        ("value_to", json!(90.0)),
        ("offset_m", json!(80_000.0)),
        ("offset_to_m", json!(90_000.0)),
        ("direction", json!("north-northeast")),
        ("relation", json!("from")),
        ("course", json!("road")),
        ("side", json!("North Korea")),
        ("implied", json!(false)),
        ("skipped", json!(["a base", "officials said"])),
    ] {
        assert_eq!(json[key], value, "{key}");
    }
    assert_eq!(json["restated"]["value_to"], 56.0);

    let plain = siteband(&["claim", "85 km from Seoul", "--format", "json"]).ok().json();
    for key in ["hedge", "value_to", "offset_to_m", "restated", "direction", "course", "side"] {
        assert_eq!(plain[key], Value::Null, "{key}");
    }
}

#[test]
fn the_table_says_what_each_word_means() {
    for (text, lines) in [
        ("80-odd km from Seoul", &["odd            hedge", "over: more"][..]),
        ("2.5m S of Lamma Island", &["2.5 m = 0.003 km", "metres; write nm for nautical miles", "south: 180° ± 45°"]),
        ("10 ri from Pyongyang", &["10 ri = 3.927 km", "Korean ri of 392.7 m"]),
        ("a dozen miles from Seoul", &["12 mi = 19.312 km, taken as \"about\""]),
        ("on the outskirts of Pyongyang", &["no number is said: taken as 2 to 10 km"]),
        ("85 km along the coast from Seoul", &["along the coast  course", "longer than the straight line"]),
    ] {
        let table = siteband(&["claim", text]).ok();
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in lines {
            assert!(squeezed(table.text()).contains(&squeezed(words)), "no \"{words}\" in {}", table.text());
        }
    }
}

#[test]
fn several_claims_are_pointed_to_the_list() {
    let ran = siteband(&["claim", "85 km from Seoul and 20 km from Incheon"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("found 2 claims") && ran.stderr.contains("--all lists them"), "{}", ran.stderr);
    let none = siteband(&["claim", "--all", "nothing here, in 2012", "--format", "json"]).ok().json();
    assert_eq!(none, json!({"claims": [], "not_understood": []}));
    // Only the figure is shown, not what would have been its feature.
    let said = "some officials said it is 85 km from Seoul, and 20 km from Incheon";
    let json = siteband(&["claim", "--all", said, "--format", "json"]).ok().json();
    assert_eq!(
        (&json["not_understood"][0]["text"], &json["not_understood"][0]["word"]),
        (&json!("85 km"), &json!("some"))
    );
    assert_eq!(json["claims"][0]["feature"], "Incheon");
    let bytes = siteband_with(&["claim", "--all", "-"], b"85 km \xff from Seoul", &[]);
    assert_eq!(bytes.code, Some(1));
    assert!(bytes.stderr.contains("not UTF-8 at byte 6"), "{}", bytes.stderr);
}
