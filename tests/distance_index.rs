//! The index finds what measuring every piece finds, for one site and for many, to the bit: over 100,000 random pairs of a line and
//! a site, and hard ones.

mod distances;

use distances::{Numbers, at, coord, line, metres};
use geo::{Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Polygon};
use siteband::{Feature, Nearest, Position};

/// Sites for each line.
const SITES: usize = 25;

/// Where a fifth of all lies beside the antimeridian, and a fifth beside a pole.
fn place(random: &mut Numbers, number: usize) -> Position {
    match number % 5 {
        0 => random.by_the_antimeridian(),
        1 => random.by_a_pole(),
        _ => random.anywhere(),
    }
}

/// One to twelve edges, the first of them where they are asked for; their lengths are even in the logarithm up to a greatest one.
fn polyline(random: &mut Numbers, start: Position, greatest_m: f64) -> Vec<Position> {
    let edges = 1 + random.below(12);
    let mut vertices = vec![start];
    let mut azimuth_deg = random.azimuth_deg();
    for _ in 0..edges {
        let last = vertices[vertices.len() - 1];
        match random.below(20) {
            // Twice the same vertex, or back over the edge before.
            0 => vertices.push(last),
            1 if vertices.len() > 1 => vertices.push(vertices[vertices.len() - 2]),
            _ => {
                azimuth_deg += random.between(-120.0, 120.0);
                vertices.push(last.destination(azimuth_deg, metres(random.spread(1.0, greatest_m))));
            }
        }
    }
    if random.below(4) == 0 {
        vertices.push(start);
    }
    vertices
}

/// On vertices, near the line down to a micrometre, up to twice its size away, within 300 km of the antipode of a vertex, and anywhere.
fn sites(random: &mut Numbers, number: usize, vertices: &[Position], greatest_m: f64) -> Vec<Position> {
    let site = |at: usize| {
        let vertex = vertices[random.below(u32::try_from(vertices.len()).expect("few")) as usize];
        let azimuth_deg = random.azimuth_deg();
        match at % 8 {
            0 => vertex,
            1..=3 => vertex.destination(azimuth_deg, metres(random.spread(1e-6, greatest_m))),
            4..=6 => vertex.destination(azimuth_deg, metres(random.between(0.0, 2.0 * greatest_m))),
            _ if at == 15 => distances::at(-vertex.lat_deg(), vertex.lon_deg() + 180.0)
                .destination(azimuth_deg, metres(3e5 * random.next())),
            _ => place(random, number),
        }
    };
    (0..SITES).map(site).collect()
}

/// Bits, not only numbers: a zero has no sign.
fn bits(nearest: &Nearest) -> ([u64; 3], [usize; 2]) {
    let numbers = [nearest.distance.m(), nearest.position.lat_deg(), nearest.position.lon_deg()];
    (numbers.map(f64::to_bits), [nearest.part, nearest.segment])
}

/// Checks all sites of one feature.
fn check(feature: &Feature, sites: &[Position]) -> usize {
    let all = feature.nearest_all(sites);
    for (site, many) in sites.iter().zip(&all) {
        let (one, brute) = (feature.nearest_boundary(*site), feature.nearest_brute_force(*site));
        assert_eq!(bits(&one), bits(&brute), "{site} to {:?}: index {one:?}, every piece {brute:?}", feature.parts());
        let one = feature.nearest(*site);
        assert_eq!(bits(many), bits(&one), "{site} to {:?}: many {many:?}, one {one:?}", feature.parts());
        assert!(feature.is_within(*site, one.distance), "{site} to {:?}: within {one:?}", feature.parts());
        if one.distance.m() > 0.0 {
            let less = metres(one.distance.m().next_down());
            assert!(!feature.is_within(*site, less), "{site} to {:?}: not within less than {one:?}", feature.parts());
        }
    }
    sites.len()
}

/// Lines within reach of the closed form: edges up to 200 km.
#[test]
fn near_lines() {
    let mut random = Numbers(11);
    let mut pairs = 0;
    for number in 0..3_900 {
        let start = place(&mut random, number);
        let greatest_m = random.spread(10.0, 2e5);
        let vertices = polyline(&mut random, start, greatest_m);
        let sites = sites(&mut random, number, &vertices, greatest_m);
        pairs += check(&line(&vertices), &sites);
    }
    assert_eq!(pairs, 97_500);
}

/// Lines that go around the Earth, and sites beyond the reach of the closed form: edges up to 5,000 km.
#[test]
fn far_lines() {
    let mut random = Numbers(12);
    let mut pairs = 0;
    for number in 0..400 {
        let start = place(&mut random, number);
        let greatest_m = random.spread(3e5, 5e6);
        let vertices = polyline(&mut random, start, greatest_m);
        let sites = sites(&mut random, number, &vertices, greatest_m);
        pairs += check(&line(&vertices), &sites);
    }
    assert_eq!(pairs, 10_000);
}

/// Lines at the reach of the closed form: some of their pieces are measured by it, others by Karney's inverse.
#[test]
fn lines_at_the_reach_of_the_closed_form() {
    let mut random = Numbers(15);
    for number in 0..150 {
        let start = place(&mut random, number);
        let vertices = polyline(&mut random, start, 6e4);
        let sites: Vec<Position> = (0..SITES)
            .map(|_| start.destination(random.azimuth_deg(), metres(random.between(0.98e6, 1.04e6))))
            .collect();
        check(&line(&vertices), &sites);
    }
}

/// Thousands of sites at once, close together or not, more than are sorted together: as one by one, whatever their order.
#[test]
fn thousands_of_sites() {
    let mut random = Numbers(16);
    for number in 0..24 {
        let start = place(&mut random, number);
        let greatest_m = random.spread(1e3, 2e5);
        let vertices = polyline(&mut random, start, greatest_m);
        let feature = line(&vertices);
        // Around one vertex, from a metre to the whole Earth; a few lie elsewhere, or are one site many times.
        let reach_m = [1.0, 1e3, 3e4, 3e5, 1e6, 2e7][number % 6];
        let count = if number < 2 { 20_000 } else { 1_000 + random.below(1_000) };
        let mut sites = Vec::new();
        for at in 0..count {
            let vertex = vertices[random.below(u32::try_from(vertices.len()).expect("few")) as usize];
            sites.push(match at % 50 {
                0 => random.anywhere(),
                1 => vertex,
                2 if at > 2 => sites[random.below(at) as usize],
                _ if number % 2 == 0 => start.destination(random.azimuth_deg(), metres(reach_m * random.next())),
                _ => vertex.destination(random.azimuth_deg(), metres(random.spread(1e-3, reach_m))),
            });
        }
        let all = feature.nearest_all(&sites);
        assert_eq!(all.len(), sites.len());
        for (at, (site, many)) in sites.iter().zip(&all).enumerate() {
            let one = feature.nearest(*site);
            assert_eq!(bits(many), bits(&one), "{site} to {vertices:?}: many {many:?}, one {one:?}");
            if at % 20 == 0 {
                let brute = feature.nearest_brute_force(*site);
                assert_eq!(bits(&one), bits(&brute), "{site} to {vertices:?}: index {one:?}, every piece {brute:?}");
            }
        }
        sites.reverse();
        let reversed: Vec<Nearest> = feature.nearest_all(&sites).into_iter().rev().collect();
        assert_eq!(all, reversed, "{vertices:?}: in the opposite order");
    }
}

/// Several lines, points, and areas with holes: the part counts too.
#[test]
fn many_parts() {
    let mut random = Numbers(13);
    for number in 0..300 {
        let center = place(&mut random, number);
        let size_m = random.spread(100.0, 1e6);
        let mut part = |edges: u32| -> LineString<f64> {
            let center = center.destination(random.azimuth_deg(), metres(random.next() * size_m));
            let radius_m = random.spread(0.01, 0.3) * size_m;
            let ring = (0..edges).map(|corner| {
                let azimuth_deg = (f64::from(corner) + random.next()) * 360.0 / f64::from(edges);
                coord(center.destination(azimuth_deg, metres(radius_m)))
            });
            ring.collect()
        };
        let closed = |mut ring: LineString<f64>| {
            ring.close();
            ring
        };
        let geometry: Geometry<f64> = match number % 3 {
            0 => MultiLineString((0..4).map(|_| part(3)).collect()).into(),
            1 => MultiPolygon((0..3).map(|_| Polygon::new(closed(part(6)), vec![closed(part(4))])).collect()).into(),
            _ => MultiPoint((0..9).map(|_| part(1).points().next().expect("one")).collect()).into(),
        };
        let feature = Feature::new("parts", geometry).expect("a feature");
        let vertices = feature.parts().concat();
        check(&feature, &sites(&mut random, number, &vertices, size_m));
    }
}

/// Sites in the middle of regular rings, around poles too, and on the axis of two equal edges: many edges are equally near, up to
/// rounding.
#[test]
fn ties() {
    let mut random = Numbers(14);
    for number in 0..400 {
        let center =
            if number % 4 == 0 { at(90.0 - 180.0 * random.next().round(), 0.0) } else { place(&mut random, number) };
        let radius_m = random.spread(1.0, 3e6);
        let corners = 2 + random.below(30);
        let corner = |corner: u32| {
            center.destination(360.0 * f64::from(corner % corners) / f64::from(corners), metres(radius_m))
        };
        let ring: Vec<Position> = (0..=corners).map(corner).collect();
        let mut sites = vec![center];
        for _ in 0..10 {
            sites.push(center.destination(random.azimuth_deg(), metres(random.spread(1e-9, 1.0) * radius_m)));
        }
        check(&line(&ring), &sites);
        // Mirrored at the site's meridian.
        let site = at(random.between(-89.0, 89.0), 10.0 * f64::from(random.below(36)) - 180.0);
        let (north_deg, east_deg) = (random.between(-0.9, 0.9), random.spread(1e-6, 1.0));
        let beside = |east_deg: f64, lat_deg: f64| at(lat_deg, (site.lon_deg() + east_deg + 540.0) % 360.0 - 180.0);
        let lats_deg = [site.lat_deg() + north_deg, site.lat_deg()];
        let mirrored = [1.0, -1.0].map(|side| lats_deg.map(|lat_deg| beside(side * east_deg, lat_deg)));
        check(&line(&mirrored.concat()), &[site]);
    }
}
