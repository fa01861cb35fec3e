"""Shapely: an STRtree over the segments.

utm      all in one UTM zone; the distance in the plane
degrees  the nearest segment and its nearest point in degrees, as if they were a plane; then the geodesic to that point (pyproj)
"""

import numpy
import pyproj
import shapely

import measure


def main():
    asked = measure.task()
    version = f"Shapely {shapely.__version__}, GEOS {shapely.geos_version_string}, pyproj {pyproj.__version__}"
    if asked.mode == "utm":
        project = pyproj.Transformer.from_crs("EPSG:4326", measure.UTM, always_xy=True).transform
        segments = asked.segments()
        tree = shapely.STRtree(shapely.linestrings(numpy.stack(project(segments[..., 0], segments[..., 1]), axis=-1)))

        def distances_m():
            sites = shapely.points(*project(asked.lon, asked.lat))
            (numbers, _), found = tree.query_nearest(sites, return_distance=True, all_matches=False)
            return found[numpy.argsort(numbers)]
    else:
        lines = shapely.linestrings(asked.segments())
        tree, geod = shapely.STRtree(lines), pyproj.Geod(ellps="WGS84")

        def distances_m():
            sites = shapely.points(asked.lon, asked.lat)
            numbers, nearest = tree.query_nearest(sites, all_matches=False)
            nearest = lines[nearest[numpy.argsort(numbers)]]
            feet = shapely.line_interpolate_point(nearest, shapely.line_locate_point(nearest, sites))
            return geod.inv(asked.lon, asked.lat, shapely.get_x(feet), shapely.get_y(feet))[2]

    measure.report(asked, version, distances_m)


if __name__ == "__main__":
    main()
