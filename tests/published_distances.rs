//! Distances from a point to a geodesic that others published, digit by digit.
//!
//! Every number was first checked by a second method that knows nothing of this engine: GeographicLib 2.1 for Python, the line
//! sampled densely and the foot refined twice (tests/golden/README.md, "Method"). Kept are those that agree with it to within the
//! promise (1 µm, beyond 1,000 km 1 µm × distance/1,000 km); those that do not are named where their source is.

#![allow(clippy::excessive_precision, clippy::unreadable_literal, reason = "the digits as they were published")]

mod distances;

use distances::{at, line, metres, promise_m};
use siteband::Position;

/// Latitude and longitude in degrees.
type Place = (f64, f64);

fn place((lat_deg, lon_deg): Place) -> Position {
    at(lat_deg, lon_deg)
}

/// Baselga & Martínez-Llario's three examples (S. Baselga, J. C. Martínez-Llario, "Intersection and point-to-line solutions for
/// geodesics on the ellipsoid", Stud. Geophys. Geod. 62, 353–363, 2018, doi:10.1007/s11200-017-1020-z, tables 4 to 6).
///
/// Positions are printed there to 0.0001″ (3 mm): 51°50′45.9212″ 5°15′37.5426″, 54°55′42.7134″ −21°56′14.2477″,
/// 37°58′41.2236″ 18°20′56.6279″. The digits here are their authors' later ones, to 10⁻¹³°, with distances worked out by
/// GeographicLib for Maxima in 60 digits, and cut here after 1 nm; their own test bounds the error of the foot by 4 nm (data of
/// J. C. Martínez-Llario, S. Baselga, E. Coll, Appl. Sci. 11, 5129, 2021, doi:10.3390/app11115129: `journal_data` in
/// github.com/jomarlla/geodesicSpatialOperators). The second method differs by 1.2, 7.7 and 1.4 nm.
///
/// Rejected, from the same tables, by how far they are off: `ArcGIS` 1.6 mm, 10 mm and 8.2 mm; Google Earth Engine 0.46 m, 5,029 m
/// and 1,573 m; `PostGIS` 0.40 m, 5,025 m and 1,565 m; Oracle −44 m, 3,141 m and −4,915 m.
const BASELGA: [(Place, Place, Place, f64, Place); 3] = [
    ((52.0, 5.0), (51.4, 6.0), (52.0, 5.5), 23_767.724_183_798, (51.846_089_227_051_2, 5.260_428_494_961_07)),
    ((42.0, 29.0), (39.0, -77.0), (64.0, -22.0), 1_010_585.998_836_815, (54.928_531_497_116_9, -21.937_291_066_048_8)),
    ((42.0, 29.0), (-35.0, -70.0), (64.0, -22.0), 3_928_422.735_316_221, (37.978_117_677_995_5, 18.349_063_315_076_9)),
];

/// Karney's own answer to the second example: "Final result 54.92853149711691 -21.93729106604878" (GeographicLib discussion,
/// sourceforge.net/p/geographiclib/discussion/1026621/thread/21aaff9f/#8a93).
const KARNEY: Place = (54.928_531_497_116_91, -21.937_291_066_048_78);

#[test]
fn the_examples_of_baselga_and_martinez_llario() {
    for (a, b, site, distance_m, foot) in BASELGA {
        let nearest = line(&[place(a), place(b)]).nearest(place(site));
        let off_m = (nearest.distance.m() - distance_m).abs();
        println!("{site:?}: {off_m:.1e} m");
        assert!(off_m <= promise_m(distance_m), "{site:?}: {} m, published {distance_m} m", nearest.distance.m());
        // The place: where it is a metre off, the distance is less than a micrometre off.
        let apart_m = nearest.position.distance_to(&place(foot)).m();
        assert!(apart_m <= 0.02, "{site:?}: the foot is {apart_m} m off");
    }
    let [_, (a, b, site, ..), _] = BASELGA;
    let apart_m = line(&[place(a), place(b)]).nearest(place(site)).position.distance_to(&place(KARNEY)).m();
    assert!(apart_m <= 0.02, "{apart_m} m from Karney's");
}

/// The cases of Boost.Geometry for its geographic cross track (`test/strategies/distance_cross_track_cases.hpp`, 2019, Oracle and
/// V. Fysikopoulos, Boost Software License; the last from `test/algorithms/distance/distance_geo_pl_l.cpp`), with what they call the
/// reference, by Vincenty's series, to 17 digits.
///
/// The second method differs by 0.5 µm at most up to 1,000 km, and by 3.2 µm at 7,200 km: Vincenty's series ends there. Left out
/// are their lines from (0, 0) to (0, 180), between which two geodesics are shortest, and sites that are a vertex.
///
/// Rejected, from the same table: the column of Vincenty without bisection in two of the three lines near (10, 18), 5 and 6 mm
/// off, which Boost itself keeps among its failing tests; and the columns of Thomas, Andoyer and the sphere, which are off by up to
/// 0.3 m, 20 m and 12 km.
const BOOST: [(Place, Place, Place, f64); 40] = [
    ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), 78_442.119_873_761_606_868),
    ((0.0, 0.0), (1.0, 1.0), (0.0, 1.0), 78_453.989_428_453_365_69),
    ((15.0, 10.0), (15.0, 30.0), (80.0, 15.0), 7_204_174.488_668_924_197_6),
    ((15.0, 10.0), (15.0, 30.0), (10.0, 15.0), 571_412.781_079_404_870_98),
    ((15.0, 10.0), (15.0, 30.0), (10.0, 5.0), 775_316.402_758_383_424_95),
    ((15.0, 10.0), (15.0, 30.0), (10.0, 35.0), 775_316.402_758_383_424_95),
    ((2.0, 2.0), (2.0, 3.0), (3.0, 3.5), 123_770.827_130_498_510_09),
    ((2.0, 2.0), (2.0, 3.0), (3.0, 1.5), 123_770.827_130_498_510_09),
    ((2.0, 2.0), (2.0, 3.0), (3.0, 2.0), 110_576.411_395_322_313_18),
    ((2.0, 2.0), (2.0, 3.0), (3.0, 3.0), 110_576.411_395_322_342_29),
    ((2.0, 2.0), (2.0, 3.0), (1.0, 3.5), 123_784.753_998_670_843_43),
    ((2.0, 2.0), (2.0, 3.0), (1.0, 1.5), 123_784.753_998_670_843_43),
    ((2.0, 2.0), (2.0, 3.0), (1.0, 2.0), 110_575.064_814_327_983_19),
    ((2.0, 2.0), (2.0, 3.0), (1.0, 3.0), 110_575.064_814_327_983_19),
    ((-2.0, 2.0), (-2.0, 3.0), (-1.0, 3.0), 110_575.064_814_327_983_19),
    ((2.0, 220.0), (2.0, 3.0), (1.0, 3.0), 110_575.064_814_327_983_19),
    ((2.0, 220.0), (2.0, 3.0), (1.0, 220.0), 110_575.064_814_327_983_19),
    ((2.0, 2.0), (4.0, 2.0), (2.0, 2.5), 55_626.064_900_081_859),
    ((2.0, 2.0), (4.0, 2.0), (5.0, 2.5), 123_722.158_222_851_49),
    ((2.0, 2.0), (4.0, 2.0), (3.0, 2.5), 55_583.973_320_908_837),
    ((40.0, 0.0), (80.0, 180.0), (20.0, 0.0), 2_217_162.776_178_684_1),
    ((40.0, 0.0), (80.0, 0.0), (20.0, 0.0), 2_217_162.776_178_684_1),
    ((0.0, 0.0), (90.0, 0.0), (80.0, 0.0), 0.0),
    ((0.0, 0.0), (90.0, 0.0), (80.0, 1.0), 19_392.530_629_092_114),
    ((-1.0, 1.0), (0.0, 1.0), (0.0, 2.0), 111_319.490_793_226_4),
    ((0.0, 2.0), (0.0, 3.0), (0.0, 0.0), 222_638.981_586_452_806_37),
    ((0.0, 2.0), (0.0, 3.0), (3.0, 2.5), 331_725.869_896_263_175_18),
    ((0.0, 2.0), (0.0, 3.0), (3.0, 3.5), 336_358.807_349_673_705_18),
    ((0.0, 0.5), (0.0, 175.5), (1e-3, 90.0), 110.574_275_821_699_22),
    ((0.0, 0.5), (0.0, 175.5), (1e-8, 90.0), 0.001_105_742_758_215_864_7),
    ((-7.52882, -16.42203), (-6.1556, 4.89998), (-6.29345, 3.32696), 489.928_093_518_815_67),
    ((-7.52882, -16.42203), (-6.1556, 4.89998), (-6.2889, 3.32696), 11.511_229_576_046_485),
    ((-7.52882, -16.42203), (-6.1556, 4.89998), (-6.28895, 3.32696), 6.000_907_365_913_390_9),
    ((10.0, 0.0), (10.0, 20.0), (10.054_676_080_707_788, 18.000_000_000_000_04), 0.001_139_802_722_831_802_3),
    ((10.0, 0.0), (10.0, 20.0), (10.054_678_231_628_33, 18.0), 0.236_697_898_525_142_09),
    ((10.0, 0.0), (10.0, 20.0), (10.054_676_091_041_047, 17.999_999_999_999_95), 2.793_074_409_440_774_1e-6),
    ((0.0, 0.5), (0.0, 175.5), (90.0, 90.0), 10_001_965.729_311_479),
    ((-89.0, 0.5), (-89.0, 175.5), (90.0, 90.0), 19_892_237.593_709_32),
    ((0.0, 90.0), (1.000_005, 0.0), (90.0, 0.0), 9_891_389.244_806_42),
    ((1.0, 2.0), (1.0, 3.0), (3.0, 2.5), 221_147.243_327_886_56),
];

#[test]
fn the_cases_of_boost_geometry() {
    let mut worst: f64 = 0.0;
    for (a, b, site, distance_m) in BOOST {
        let own_m = line(&[place(a), place(b)]).nearest(place(site)).distance.m();
        let off = (own_m - distance_m).abs() / promise_m(distance_m);
        assert!(off <= 1.0, "{a:?} {b:?}, {site:?}: {own_m} m, published {distance_m} m");
        worst = worst.max(off);
    }
    println!("{worst:.3} of the promise");
}

/// Feet that were found by minimising numerically in Mathematica, to the digits of an `f64` (coursepointer by M. Shroyer, MIT
/// licence: testdata/intercepts.csv, from its notebook "Course Point Distances.nb"; the rows whose foot is no vertex): the ends of
/// the edge, the site, and the foot.
///
/// A foot that is δ aside makes the distance δ²/2s too great, so the distance to the printed foot is within 0.4 µm of the least
/// though feet are up to 4 cm off. Rejected: the rows of the sites (−22.45°, 85.35°), whose foot is 1.1 m off along the line and so
/// 1.6 µm too far, and (−57.65°, −107.51°), whose foot is 0.44 mm off the line.
const FEET: [(Place, Place, Place, Place); 17] = [
    (
        (-74.54023569756562, -103.26476934330856),
        (-79.6792019028558, -101.40162961925871),
        (-76.36050647163196, -129.758161960167),
        (-77.34098364632622, -102.43447485811166),
    ),
    (
        (58.1584913439799, -85.32279679927603),
        (54.697713104787205, -86.85416829327664),
        (55.26504079940656, -80.52212421193788),
        (56.1901749239001, -86.22875563565397),
    ),
    (
        (-66.43833676081083, 174.54044829087547),
        (-60.93717778855025, 159.2985719410636),
        (-64.8445092844728, 161.1509096862911),
        (-63.25236344871309, 164.50215046505494),
    ),
    (
        (-28.024174329584888, 35.19044527901178),
        (-23.28620670323569, 40.1397251928095),
        (-27.56080702655974, 45.033346577504375),
        (-23.487720814398113, 39.94019451276499),
    ),
    (
        (-52.671483545067794, 52.00996191418278),
        (-52.21553235880572, 61.24533120446607),
        (-52.13882596077924, 60.427785898634006),
        (-52.283013221250506, 60.45926523600894),
    ),
    (
        (50.370832316212734, 22.022714610086496),
        (51.30029173791421, 28.083262056152172),
        (51.01371513600906, 26.753554221527143),
        (51.121169906870435, 26.716363163211913),
    ),
    (
        (65.01713762375451, 107.43350755075687),
        (66.39838080674319, 115.25789031421408),
        (60.699032727462466, 117.21230367541727),
        (66.04307811448959, 112.92493416855046),
    ),
    (
        (26.739941143802305, 112.39277390047471),
        (29.310811090084858, 113.37887579148489),
        (29.24858921664559, 113.19848046574565),
        (29.206540750411865, 113.33788476845771),
    ),
    (
        (64.0388247459734, 153.4066444830737),
        (64.61077354344565, 148.07033157627853),
        (65.01445516183125, 149.99836127976712),
        (64.45940795873614, 149.6968514820312),
    ),
    (
        (-8.57731464351611, 88.91230754213802),
        (-9.147509416059405, 84.96061790962064),
        (-10.16345781026089, 88.00149048312873),
        (-8.743632738631959, 87.7902173246887),
    ),
    (
        (7.637982941197134, 76.72229294551767),
        (12.890632464077843, 81.17680726430945),
        (5.561918559613238, 84.29760283798014),
        (10.180023860473367, 78.85313101572815),
    ),
    (
        (-38.836275638167045, -163.48548036305442),
        (-41.95683930270302, -168.63473023315336),
        (-31.720954100094286, -171.76922141835493),
        (-39.508633444272, -164.525086797458),
    ),
    (
        (11.90894029418022, 11.279499964935098),
        (16.692832542827986, 10.92262943345657),
        (15.8058201749431, 1.8557772733065958),
        (16.64748106444857, 10.92608904349124),
    ),
    (
        (14.409047253263822, 136.8018230167471),
        (9.57453029172293, 143.53886641152837),
        (6.304363889366962, 141.10445286378072),
        (9.574835828083764, 143.53845417691164),
    ),
    (
        (41.69584146369021, 12.171878377272037),
        (42.63290610632144, 0.14071070996846646),
        (40.707183399487285, 5.041164444395842),
        (42.39266529637717, 5.249005917243512),
    ),
    (
        (0.6221618184982043, 171.164747924346),
        (-0.32533209949330916, 165.18044171888636),
        (-1.630526555925565, 168.46278010968882),
        (0.15049145684396018, 168.1843521388125),
    ),
    (
        (13.05626266608055, 135.85425883951973),
        (8.099540695752934, 130.1914747586352),
        (8.334682875903495, 131.6846136150463),
        (8.944373933067514, 131.13672534022928),
    ),
];

#[test]
fn feet_found_by_minimising_numerically() {
    let mut worst: f64 = 0.0;
    for (a, b, site, foot) in FEET {
        let nearest = line(&[place(a), place(b)]).nearest(place(site));
        let published_m = place(foot).distance_to(&place(site)).m();
        let off = (nearest.distance.m() - published_m).abs() / promise_m(published_m);
        assert!(off <= 1.0, "{site:?}: {} m, to the published foot {published_m} m", nearest.distance.m());
        assert!(nearest.position.distance_to(&place(foot)) <= metres(0.05), "{site:?}: {}", nearest.position);
        worst = worst.max(off);
    }
    println!("{worst:.3} of the promise");
}

/// The unit tests of icao-wgs84 2.0.0 (K. Barker, MIT licence): the line from Washington to Istanbul, and Accra; its number was worked
/// out with a precision argument of 1 mm. The second method differs by 34 nm.
///
/// Rejected, of the same test: Chicago, 989 277.185 990 645 7 m, 9.0 µm too far, and Singapore, 8 699 538.227 636 53 m, 36 µm too far.
#[test]
fn a_distance_of_icao_wgs84() {
    let own_m = line(&[at(39.0, -77.0), at(42.0, 29.0)]).nearest(at(6.0, 0.0)).distance.m();
    let published_m = 4_891_211.398_445_355;
    assert!((own_m - published_m).abs() <= promise_m(published_m), "{own_m} m");
}
