"""The peers: what each computes, how it is started, and on how many sites it is measured."""

import dataclasses
import pathlib

HERE = pathlib.Path(__file__).resolve().parent

# What is measured: a border, the sites, and how they are called in the table.
BORDER, NEAR, WORLD = "border", "near", "world"
FILES = {
    BORDER: ("border.csv", "sites-border.csv"),
    NEAR: ("world.csv", "sites-near.csv"),
    WORLD: ("world.csv", "sites-world.csv"),
}
ALL = 10**9

PLANE = "one UTM zone does not hold the world"
NO_INDEX = "no index: 67,951 edges for each site"


@dataclasses.dataclass(frozen=True)
class Peer:
    key: str
    title: str
    computes: str
    program: str
    mode: str
    # The most sites, or why there are none.
    border: int | str = ALL
    world: int | str = ALL

    def limit(self, what):
        return self.border if what == BORDER else self.world

    def command(self, folder):
        """The program, without its arguments; None where it was not built."""
        if self.program.endswith(".py"):
            python = folder / "venv" / "bin" / "python"
            return [str(python), "-B", str(HERE / "python" / self.program)] if python.exists() else None
        place = folder / "cargo" / "release" if self.program == "siteband-peers" else folder / "bin"
        return [str(place / self.program)] if (place / self.program).exists() else None


# The exact distances, and siteband's own oracle to check them; they are not rows of the table.
REFERENCE = Peer("reference", "reference", "", "reference", "exact")
KARNEY = Peer("karney", "siteband's nearest_by_karney", "", "siteband-peers", "siteband-karney", border=1_000, world=100)

PEERS = [
    Peer(
        "siteband-batch",
        "siteband, `Feature::nearest_all`",
        "ellipsoid; every edge that may be nearest",
        "siteband-peers",
        "siteband-batch",
    ),
    Peer(
        "siteband-single",
        "siteband, `Feature::nearest`",
        "the same to the bit, site by site",
        "siteband-peers",
        "siteband-single",
    ),
    Peer(
        "siteband-python",
        "siteband's wheel, `Feature.distance` of numpy arrays",
        "the same to the bit",
        "siteband_wheel.py",
        "batch",
    ),
    Peer(
        "rstar",
        "rstar and Karney's inverse, 40 lines of one's own",
        "ellipsoid; only the edge whose chord in space is nearest",
        "siteband-peers",
        "rstar",
    ),
    Peer(
        "rstar-all",
        "the same with ten lines more",
        "ellipsoid; every edge whose chord is within 0.01 % + 1 m of the nearest",
        "siteband-peers",
        "rstar-all",
    ),
    Peer(
        "duckdb",
        "DuckDB spatial, `ST_Distance`",
        "UTM plane",
        "duckdb_spatial.py",
        "utm",
        world=PLANE,
    ),
    Peer(
        "shapely-utm",
        "Shapely, `STRtree.query_nearest` in UTM",
        "UTM plane",
        "shapely_strtree.py",
        "utm",
        world=PLANE,
    ),
    Peer(
        "geopandas",
        "geopandas, `sjoin_nearest` in UTM",
        "UTM plane",
        "geopandas_nearest.py",
        "utm",
        world=PLANE,
    ),
    Peer(
        "shapely-degrees",
        "Shapely, `STRtree` in degrees; pyproj",
        "ellipsoid, to the point that is nearest in degrees",
        "shapely_strtree.py",
        "degrees",
    ),
    Peer(
        "s2-geodesic",
        "S2, `S2ClosestEdgeQuery`; GeographicLib",
        "ellipsoid, to the point that is nearest on a sphere",
        "s2_edges",
        "geodesic",
    ),
    Peer(
        "s2-sphere",
        "S2, `S2ClosestEdgeQuery`",
        "sphere of the mean radius",
        "s2_edges",
        "sphere",
    ),
    Peer(
        "spherely",
        "spherely, `distance`",
        "sphere of the mean radius",
        "spherely_distance.py",
        "sphere",
    ),
    Peer(
        "postgis-tree",
        "PostGIS geography, `ST_Distance` to the whole border",
        "ellipsoid, to the point that is nearest on a sphere",
        "postgis.py",
        "tree",
    ),
    Peer(
        "postgis-knn",
        "PostGIS geography, `<->` with GiST, then `ST_Distance`",
        "the same",
        "postgis.py",
        "knn",
    ),
    Peer(
        "scipy",
        "scipy, `cKDTree` over points 100 m apart; pyproj",
        "ellipsoid, to the nearest of these points",
        "scipy_kdtree.py",
        "points",
    ),
    Peer(
        "boost-andoyer",
        "Boost.Geometry, R-tree, `andoyer`",
        "ellipsoid, first order in the flattening; the edge that the tree finds",
        "boost_geometry",
        "rtree-andoyer",
    ),
    Peer(
        "boost-vincenty",
        "Boost.Geometry, R-tree, `vincenty`",
        "ellipsoid; the edge that the tree finds",
        "boost_geometry",
        "rtree-vincenty",
    ),
    Peer(
        "boost-brute",
        "Boost.Geometry, every edge, `vincenty`",
        "ellipsoid; every edge",
        "boost_geometry",
        "brute-vincenty",
        border=10_000,
        world=NO_INDEX,
    ),
    Peer(
        "geo-geodesic",
        "geo, `HaversineClosestPoint` and `Geodesic`",
        "ellipsoid, to the point that is nearest on a sphere",
        "siteband-peers",
        "geo-geodesic",
        border=20_000,
        world=NO_INDEX,
    ),
    Peer(
        "geo-haversine",
        "geo, `HaversineClosestPoint` and `Haversine`",
        "sphere of the mean radius",
        "siteband-peers",
        "geo-haversine",
        border=20_000,
        world=NO_INDEX,
    ),
]
