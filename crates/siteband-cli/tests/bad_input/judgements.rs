//! Scenarios whose judgements will not do: arguments about places, tempering, assumptions, other data.

use crate::Case;
use crate::scenarios::{and_claims, before, but};

/// Directions, access and what is nearby: the statement stands on line 14.
pub(crate) fn arguments_about_places_that_do_not_fit() -> Vec<Case> {
    let access = |rest: &str| and_claims(&format!("access = {{ {rest} }}"));
    let nearby = |rest: &str| and_claims(&format!("nearby = {{ {rest} }}"));
    vec![
        (
            "unknown wind",
            and_claims(r#"direction = { from = "pyongyang", wind = "NNNW" }"#),
            &["line 14: claim[2].direction.wind: ", "'NNNW'", "north"],
        ),
        (
            "direction from nowhere",
            and_claims(r#"direction = { from = "pyongyan", wind = "NW" }"#),
            &["line 14: claim[2].direction.from: 'pyongyan'", "did you mean 'Pyongyang'"],
        ),
        ("no wind", and_claims(r#"direction = { from = "pyongyang" }"#), &["line 14: ", "missing key `wind`"]),
        (
            "direction of",
            and_claims(r#"direction = { of = "pyongyang", wind = "NW" }"#),
            &["line 14: ", "unknown key `of`", "`from`"],
        ),
        (
            "a wind in degrees",
            and_claims(r#"direction = { from = "pyongyang", wind = 315 }"#),
            &["line 14: ", "`315`", "expected text"],
        ),
        (
            "access to nothing",
            access("to = [], detour = 1.3, scale_km = 50"),
            &["line 14: claim[2].access.to: no place to be connected to", "at least one"],
        ),
        (
            "access to one unknown",
            access(r#"to = ["seoul", "pyongyan"], detour = 1.3, scale_km = 50"#),
            &["line 14: claim[2].access.to[2]: 'pyongyan'", "did you mean 'Pyongyang'"],
        ),
        (
            "access to a text",
            access(r#"to = "seoul", detour = 1.3, scale_km = 50"#),
            &["line 14: ", "\"seoul\"", "expected a list"],
        ),
        (
            "detour below one",
            access(r#"to = ["seoul"], detour = 0.9, scale_km = 50"#),
            &["line 14: claim[2].access.detour: 0.9 is no road factor", "1 or more"],
        ),
        (
            "detour without end",
            access(r#"to = ["seoul"], detour = inf, scale_km = 50"#),
            &["line 14: claim[2].access.detour: inf is no road factor"],
        ),
        ("no detour", access(r#"to = ["seoul"], scale_km = 50"#), &["line 14: ", "missing key `detour`"]),
        (
            "access scale of zero",
            access(r#"to = ["seoul"], detour = 1.3, scale_km = 0"#),
            &["line 14: claim[2].access.scale_km: 'access' has a width of zero"],
        ),
        (
            "negative access scale",
            access(r#"to = ["seoul"], detour = 1.3, scale_km = -50"#),
            &["line 14: claim[2].access.scale_km: -50 km"],
        ),
        (
            "no such roads",
            access(r#"to = ["seoul"], detour = 1.3, scale_km = 50, network = "nope.geojson""#),
            &["line 14: claim[2].access.network: ", "nope.geojson", "No such file"],
        ),
        (
            "nearby scale of zero",
            nearby(r#"tag = "x", midpoint_km = 10, scale_km = 0"#),
            &["line 14: claim[2].nearby.scale_km: 'nearby' has a width of zero"],
        ),
        (
            "negative nearby midpoint",
            nearby(r#"tag = "x", midpoint_km = -10, scale_km = 3"#),
            &["line 14: claim[2].nearby.midpoint_km: -10 km"],
        ),
        ("nearby what", nearby("midpoint_km = 10, scale_km = 3"), &["line 14: ", "missing key `tag`"]),
        (
            "itself perhaps",
            nearby(r#"tag = "x", midpoint_km = 10, scale_km = 3, include_self = "perhaps""#),
            &["line 14: ", "\"perhaps\""],
        ),
        (
            "unknown key of nearby",
            nearby(r#"tag = "x", midpoint_km = 10, scale_km = 3, includes_self = true"#),
            &["line 14: ", "`includes_self`", "did you mean 'include_self'?"],
        ),
        (
            "two arguments in one",
            and_claims(
                "direction = { from = \"seoul\", wind = \"N\" }\nnearby = { tag = \"x\", midpoint_km = 1, scale_km = 1 }",
            ),
            &["line 12: claim[2]: ", "direction and nearby", "one statement"],
        ),
    ]
}

pub(crate) fn scenarios_with_wrong_tempering() -> Vec<Case> {
    const PLACE: &str = "line 7: source[1].tempering: ";
    let source = |tempering: &str| but("0.9", &format!("0.9\ntempering = {tempering}"));
    vec![
        ("tempering 0", source("0"), &[PLACE, "0 is no tempering", "above 0 and at most 1"]),
        ("tempering above 1", source("1.5"), &[PLACE, "1.5 is no tempering"]),
        ("tempering below zero", source("-0.5"), &[PLACE, "-0.5 is no tempering"]),
        ("tempering NaN", source("nan"), &[PLACE, "NaN is no tempering"]),
        ("tempering in words", source("\"half\""), &["line 7: ", "\"half\"", "number"]),
        (
            "a distance is never tempered",
            but("with China\"", "with China\"\ntempered = true"),
            &["line 11: claim[1].tempered: a distance claim is never tempered"],
        ),
        (
            "nor not tempered",
            but("with China\"", "with China\"\ntempered = false"),
            &["line 11: claim[1].tempered: a distance claim is never tempered"],
        ),
        (
            "tempered a little",
            and_claims("attribute = { tag = \"x\", likelihood_ratio = 2 }\ntempered = 0.5"),
            &["line 15: ", "`0.5`"],
        ),
    ]
}

/// The assumption begins on line 16, behind a claim about a tag.
pub(crate) fn scenarios_with_wrong_assumptions() -> Vec<Case> {
    let assume = |more: &str| -> Vec<u8> {
        let claims = and_claims("attribute = { tag = \"rail\", likelihood_ratio = 2 }");
        format!("{}\n[[what_if]]\n{more}\n", String::from_utf8_lossy(&claims)).into()
    };
    let titled = |more: &str| assume(&format!("title = \"x\"\n{more}"));
    vec![
        ("no title", assume("without_tags = [\"rail\"]"), &["line 16: ", "missing key `title`"]),
        (
            "unknown key",
            titled("without_tag = [\"rail\"]"),
            &["line 18: ", "`without_tag`", "did you mean 'without_tags'"],
        ),
        (
            "unknown claim",
            titled("without_claims = [\"diplomat-1\", \"diplomat-3\"]"),
            &["line 18: what_if[1].without_claims[2]: ", "'diplomat-3'", "did you mean 'diplomat-1' or 'diplomat-2'?"],
        ),
        (
            "unknown source",
            titled("without_sources = [\"diplomt\"]"),
            &["line 18: what_if[1].without_sources[1]: ", "'diplomt'", "did you mean 'diplomat'?"],
        ),
        (
            "unknown tag",
            titled("without_tags = [\"rails\"]"),
            &["line 18: what_if[1].without_tags[1]: ", "no [[claim]] looks at the tag 'rails'", "did you mean 'rail'?"],
        ),
        ("nothing left out", titled(""), &["line 16: what_if[1]: nothing is left out", "without_tags"]),
        (
            "nothing left",
            titled("without_sources = [\"DIPLOMAT\"]"),
            &["line 16: what_if[1]: nothing that was said is left", "at least one claim"],
        ),
        ("a claim alone", titled("without_claims = \"diplomat-1\""), &["line 18: ", "expected a list"]),
        (
            "a second assumption",
            titled("without_tags = [\"rail\"]\n[[what_if]]\ntitle = \"y\"\nwithout_tags = [\"x\"]"),
            &["line 21: what_if[2].without_tags[1]: ", "'x'"],
        ),
    ]
}

pub(crate) fn scenarios_with_wrong_other_atlases() -> Vec<Case> {
    vec![
        (
            "missing",
            before("other_atlas = \"nope.geojson\""),
            &["line 1: other_atlas[1]: ", "nope.geojson: No such file"],
        ),
        ("a folder", before("other_atlas = [\".\"]"), &["line 1: other_atlas[1]: ", "this is a folder"]),
        (
            "none of the features",
            before("other_atlas = \"box.geojson\""),
            &["line 1: other_atlas[1]: it has none of the features that the claims refer to", "the same ids"],
        ),
        ("a number", before("other_atlas = 1"), &["line 1: ", "expected a path or a list of paths"]),
    ]
}
