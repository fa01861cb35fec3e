//! Files that hold anything at all.

use crate::GOOD_SITES;
use crate::common::{BORDER, CLAIM, Folder, Problems, SINO_RI, siteband};

#[test]
fn binary_garbage_as_every_kind_of_file() {
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    });
    let garbage: [(&str, Vec<u8>); 5] = [
        ("every byte", (0..=255).cycle().take(1024).collect()),
        ("zeros", vec![0; 1000]),
        ("ones", vec![0xff; 1000]),
        ("noise", noise.take(5000).collect()),
        ("an image", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[200; 300]].concat()),
    ];
    let mut problems = Problems::default();
    for (case, bytes) in garbage {
        let folder = Folder::new();
        let sites = folder.file("sites.csv", GOOD_SITES);
        for name in ["g.toml", "g.json"] {
            let path = folder.file(name, &bytes);
            problems.refused(case, &["rank", &path], 1, &["error: ", name]);
            problems.refused(case, &["check", &path], 1, &["error: ", name]);
            problems.refused(case, &["explain", &path, "a"], 1, &["error: ", name]);
        }
        for name in ["g.csv", "g.geojson", "g.json"] {
            let path = folder.file(name, &bytes);
            problems.refused(case, &["rank", "--claim", CLAIM, "--sites", &path], 1, &["error: ", name]);
            problems.refused(case, &["rank", SINO_RI, "--sites", &path], 1, &["error: ", name]);
            problems.refused(case, &["distance", "--to", BORDER, "--sites", &path], 1, &["error: ", name]);
        }
        let features = folder.file("g.geojson", &bytes);
        problems.refused(case, &["distance", "--to", &features, "--sites", &sites], 1, &["error: ", "g.geojson"]);
        let rank = ["rank", "--claim", CLAIM, "--atlas", &features, "--sites", &sites];
        problems.refused(case, &rank, 1, &["error: ", "g.geojson"]);
        problems.refused_with(case, &["distance", "--to", BORDER, "--sites", "-"], &bytes, 1, &["error: "]);
    }
    problems.none(5 * 18);
}

#[test]
fn names_of_any_length_and_script_do_no_harm() {
    let folder = Folder::new();
    let long = "x".repeat(100_000);
    let sites = folder.file(
        "sites.csv",
        format!("id,lat,lon,name\n{long},39,125,{long}\n\u{c2e0}\u{c624}\u{b9ac},39.6,125.3,\u{1f3ef}\u{202e}\n"),
    );
    for format in ["table", "json", "csv", "geojson"] {
        let ran = siteband(&["rank", "--claim", CLAIM, "--sites", &sites, "--format", format]).ok();
        assert!(ran.text().contains('\u{1f3ef}'), "{format}");
    }
    let (_, rows) = siteband(&["distance", "--to", BORDER, "--sites", &sites]).ok().csv();
    assert_eq!(rows[0][0], long);
}
