//! A point, a line or an area, and a site.

use arbitrary::{Result, Unstructured};
use geo::{Coord, Geometry, LineString, MultiPoint, Polygon};
use siteband::{Edges, Feature, Length, Nearest, Position};

/// The index finds what measuring every piece finds, to the bit, one by one and many at a time; within what is promised of what Karney's
/// inverse finds; and no farther than any vertex. The distance is that to the place that is named. Inside an area it is zero.
pub(crate) fn door(data: &[u8]) {
    let mut bytes = Unstructured::new(data);
    if let Ok((Ok(feature), sites)) = question(&mut bytes) {
        check(&feature, &sites);
    }
}

type Question = (std::result::Result<Feature, siteband::InvalidGeometry>, Vec<Position>);

fn question(bytes: &mut Unstructured<'_>) -> Result<Question> {
    let kind: u8 = bytes.arbitrary()?;
    let edges = if bytes.arbitrary()? { Edges::Geodesic } else { Edges::Planar };
    let count = bytes.int_in_range(1..=8)?;
    let mut vertices: Vec<Position> = Vec::new();
    for _ in 0..count {
        vertices.push(place(bytes, &vertices)?);
    }
    // A line around the Earth has so many pieces that most of the time would go to it.
    let metres: f64 = vertices.windows(2).map(|ends| ends[0].distance_to(&ends[1]).m()).sum();
    if metres > 1e7 {
        return Err(arbitrary::Error::IncorrectFormat);
    }
    let coord = |at: &Position| Coord { x: at.lon_deg(), y: at.lat_deg() };
    let line: LineString<f64> = vertices.iter().map(coord).collect();
    let geometry: Geometry<f64> = match kind % 4 {
        0 => MultiPoint::from(line.into_points()).into(),
        1 | 2 => line.into(),
        // Closed by its maker.
        _ => Polygon::new(line, Vec::new()).into(),
    };
    let mut sites = Vec::new();
    for _ in 0..3 {
        sites.push(place(bytes, &vertices)?);
    }
    Ok((Feature::drawn("drawn", geometry, edges), sites))
}

/// Anywhere, at an odd place, or a step from a place that is known.
fn place(bytes: &mut Unstructured<'_>, known: &[Position]) -> Result<Position> {
    let how = bytes.int_in_range(0..=9)?;
    let before = if known.is_empty() { None } else { Some(*bytes.choose(known)?) };
    let share =
        |bytes: &mut Unstructured<'_>| -> Result<f64> { Ok(f64::from(bytes.arbitrary::<u32>()?) / 4_294_967_296.0) };
    let at = |lat_deg: f64, lon_deg: f64| Position::new(lat_deg, (lon_deg + 540.0) % 360.0 - 180.0).expect("in range");
    Ok(match (how, before) {
        (0, Some(before)) => before,
        (1, Some(before)) => at(-before.lat_deg(), before.lon_deg() + 180.0),
        (2..=6, Some(before)) => {
            let azimuth_deg = 360.0 * share(bytes)?;
            let log10_m = -7.0 + if how < 4 { 12.5 } else { 14.2 } * share(bytes)?;
            before.destination(azimuth_deg, Length::from_m(10_f64.powf(log10_m)).expect("a length"))
        }
        (7, _) => {
            let lat_deg = *bytes.choose(&[90.0, -90.0, 0.0, 89.999_999, 60.0])?;
            at(lat_deg, *bytes.choose(&[0.0, -180.0, 179.999_999_9, 90.0, 1e-300])?)
        }
        (8, _) => at(f64::from(bytes.int_in_range(-90_i16..=90)?), f64::from(bytes.int_in_range(-180_i16..=179)?)),
        _ => at(180.0 * share(bytes)? - 90.0, 360.0 * share(bytes)? - 180.0),
    })
}

/// What is promised: 1 µm up to 1,000 km, 1 µm × (distance / 1,000 km) beyond.
fn promise_m(distance: Length) -> f64 {
    1e-6 * (distance.m() / 1e6).max(1.0)
}

fn bits(nearest: &Nearest) -> (u64, u64, u64, usize, usize) {
    let Nearest { distance, position, part, segment } = nearest;
    (distance.m().to_bits(), position.lat_deg().to_bits(), position.lon_deg().to_bits(), *part, *segment)
}

fn check(feature: &Feature, sites: &[Position]) {
    let all = feature.nearest_all(sites);
    // Measuring every piece takes its time, and by Karney's inverse a thousand times as long: always so where it is far.
    let km = feature.length().km();
    assert!(km.is_finite());
    for (site, many) in sites.iter().zip(&all) {
        let nearest = feature.nearest(*site);
        assert_eq!(bits(many), bits(&nearest), "{site}: many {many:?}, one {nearest:?}");
        let inside = feature.contains(*site);
        assert!(!inside || nearest.distance == Length::ZERO, "{site}: {nearest:?}");
        assert!(feature.is_within(*site, nearest.distance), "{site}: {nearest:?}");
        let nearest = feature.nearest_boundary(*site);
        assert!(nearest.distance.m().is_finite());
        let promise_m = promise_m(nearest.distance);
        if km < 40.0 || km < 1_000.0 && nearest.distance.km() < 5_000.0 {
            let brute = feature.nearest_brute_force(*site);
            assert_eq!(bits(&nearest), bits(&brute), "{site}: index {nearest:?}, every piece {brute:?}");
        }
        if km < 40.0 {
            let karney = feature.nearest_by_karney(*site);
            let apart_m = (nearest.distance.m() - karney.distance.m()).abs();
            assert!(apart_m <= promise_m, "{site}: {nearest:?}, by Karney's inverse {karney:?}");
        }
        let named_m = site.distance_to(&nearest.position).m();
        assert!((named_m - nearest.distance.m()).abs() <= 2.0 * promise_m, "{site}: {nearest:?} is at {named_m} m");
        for vertex in feature.parts().iter().flatten() {
            let to_vertex_m = site.distance_to(vertex).m();
            assert!(
                nearest.distance.m() <= to_vertex_m + promise_m,
                "{site}: {nearest:?}, {vertex} at {to_vertex_m} m"
            );
        }
        if nearest.distance.m() > 1.0 && !inside {
            let less = Length::from_m(nearest.distance.m() - 0.5).expect("a length");
            assert!(!feature.is_within(*site, less), "{site}: {nearest:?}");
        }
    }
}
