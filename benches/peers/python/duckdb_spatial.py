"""DuckDB spatial: ST_Distance to the whole border in one UTM zone, on one thread.

The extension comes from the PyPI package `duckdb-extension-spatial`, not from the network.
"""

import importlib.util
import pathlib

import duckdb
import numpy

import measure


def main():
    asked = measure.task()
    package = pathlib.Path(importlib.util.find_spec("duckdb_extension_spatial").origin).parent
    extension = next(package.glob("extensions/*/spatial.duckdb_extension"))
    database = duckdb.connect(config={"threads": 1, "allow_unsigned_extensions": "true"})
    database.execute(f"LOAD '{extension}'")
    # geometry_always_xy = true: longitude first.
    plane = "ST_Transform(ST_Point(lon, lat), 'EPSG:4326', '" + measure.UTM + "', true)"
    parts = ", ".join("(" + ", ".join(f"{lon} {lat}" for lon, lat in part) + ")" for part in asked.parts)
    database.execute(
        "CREATE TABLE border AS SELECT "
        f"ST_Transform(ST_GeomFromText('MULTILINESTRING ({parts})'), 'EPSG:4326', '{measure.UTM}', true) AS line"
    )
    number = numpy.arange(len(asked.lat))
    sites = {"number": number, "lat": asked.lat, "lon": asked.lon}  # noqa: F841  (the query names it)
    database.execute("CREATE TABLE site AS SELECT * FROM sites")

    def distances_m():
        query = f"SELECT ST_Distance({plane}, (SELECT line FROM border)) AS distance_m FROM site ORDER BY number"
        return database.execute(query).fetchnumpy()["distance_m"]

    measure.report(asked, f"DuckDB {duckdb.__version__}", distances_m)


if __name__ == "__main__":
    main()
