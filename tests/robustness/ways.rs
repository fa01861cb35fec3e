//! What would make a place first that is not, and what places are.

use super::tipping::{assert_never, assert_tips, point_of};
use super::*;
use siteband::RobustnessOptions;

/// What makes b first is what takes the first place from a, where there are but two.
///
/// A third place aa, 92 km away, has the tag as well: it is first before b is, whatever the tag is worth. But "about 74 km"
/// leaves b alone.
#[test]
fn ways_to_win() {
    let mut world = World::two_sites().with([tagged("t", 1.5).with_source(by("expert", 1.0))]);
    world.sites = list(two_tagged_sites("s", "t"));
    world.report = RobustnessOptions { watched: vec!["b".to_owned(), "a".to_owned()], ..world.report };
    let report = world.report();
    let [ways] = report.ways_to_win.as_slice() else { panic!("for b alone") };
    assert_eq!(ways.place, "b");
    assert_eq!(ways.points, report.tipping_points[1..]);

    world.sites = list([two_tagged_sites("s", "t"), vec![site("aa", 92.0).with_tags(["t"])]].concat());
    let report = world.report();
    assert_eq!(place(report.leader.as_ref()), "aa");
    let ways = report.ways_to_win.iter().find(|ways| ways.place == "b").expect("watched");
    assert_never(point_of(&ways.points, "likelihood ratio of expert-1"));
    let number = point_of(&ways.points, "number of report-1, in km");
    assert_eq!((number.tips_at, number.then.as_deref()), (Some(74.0), Some("b")));
    let ways = report.ways_to_win.iter().find(|ways| ways.place == "a").expect("watched");
    assert_tips(point_of(&ways.points, "likelihood ratio of expert-1"), 1.5, 1.0, "a");
}

/// A place that is watched by several of its sites has one list of ways, though c comes between these.
#[test]
fn a_watched_place_is_one() {
    let sites =
        vec![site("a", 95.0), site("b", 80.0).with_group("g"), site("d", 72.0).with_group("g"), site("c", 74.0)];
    let mut world = World::new(sites, World::two_sites().said);
    world.report.watched = ["b", "c", "d"].map(str::to_owned).to_vec();
    let places: Vec<String> = world.report().ways_to_win.into_iter().map(|ways| ways.place).collect();
    assert_eq!(places, ["g", "c"]);
}

/// Of several sites of a place each keeps a share of its prior, and rivals are places: here 90 sites of one group, each far
/// behind 40 sites of their own, are first together.
#[test]
fn a_place_of_many_sites() {
    let many = (0..90_u32).map(|number| site(&format!("g{number:02}"), 95.0).with_group("g"));
    let others = (0..40_u32).map(|number| site(&format!("o{number:02}"), 80.0));
    let report = World::new(many.chain(others).collect(), World::two_sites().said).report();
    assert_eq!(place(report.leader.as_ref()), "g");
    let point = point_of(&report.tipping_points, "number of report-1, in km");
    assert_eq!((point.tips_at, point.then.as_deref()), (Some(74.0), Some("o00")));
}
