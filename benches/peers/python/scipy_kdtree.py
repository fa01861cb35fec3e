"""scipy: a k-d tree, in space, over points at most 100 m apart on the edges; then the geodesic to the nearest one (pyproj)."""

import numpy
import pyproj
import scipy

import measure

SPACING_M = 100.0


def densified(segments, geod):
    """Points along the geodesic of every edge, ends included, as two arrays."""
    lon0, lat0, lon1, lat1 = segments[:, 0, 0], segments[:, 0, 1], segments[:, 1, 0], segments[:, 1, 1]
    azimuth, _, length_m = geod.inv(lon0, lat0, lon1, lat1)
    steps = numpy.maximum(numpy.ceil(length_m / SPACING_M).astype(int), 1)
    edge = numpy.repeat(numpy.arange(len(steps)), steps)
    number = numpy.arange(len(edge)) - numpy.repeat(numpy.cumsum(steps) - steps, steps)
    lon, lat, _ = geod.fwd(lon0[edge], lat0[edge], azimuth[edge], number / steps[edge] * length_m[edge])
    return numpy.concatenate([lon, lon1]), numpy.concatenate([lat, lat1])


def main():
    asked = measure.task()
    geod = pyproj.Geod(ellps="WGS84")
    in_space = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True).transform
    lon, lat = densified(asked.segments(), geod)
    tree = scipy.spatial.cKDTree(numpy.stack(in_space(lon, lat, numpy.zeros_like(lon)), axis=-1))

    def distances_m():
        sites = numpy.stack(in_space(asked.lon, asked.lat, numpy.zeros_like(asked.lon)), axis=-1)
        _, nearest = tree.query(sites)
        return geod.inv(asked.lon, asked.lat, lon[nearest], lat[nearest])[2]

    measure.report(asked, f"scipy {scipy.__version__}, pyproj {pyproj.__version__}", distances_m)


if __name__ == "__main__":
    main()
