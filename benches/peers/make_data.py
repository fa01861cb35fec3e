#!/usr/bin/env python3
"""Write the borders and the sites that every peer measures.

    border.csv         the China - North Korea border, from data/borders/cn-kp.geojson
    world.csv          all land borders of the world: the arcs that two countries share
    sites-border.csv   made-up sites, uniform in 37.5-43.1 N, 124-131 E
    sites-world.csv    made-up sites, uniform by area over land

Borders are `part,lat,lon`, sites `id,lat,lon`, in degrees. The world is that of
Natural Earth 1:10m, the land that of 1:110m, both from the npm package that
data/scripts/natural_earth.py fetches and checks. Same bytes on every run.

    make_data.py FOLDER [--package DIR]

Python 3.8 or later, standard library only.
"""

import argparse
import csv
import json
import math
import pathlib
import random
import sys

PROJECT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "data" / "scripts"))
sys.dont_write_bytecode = True

import natural_earth  # noqa: E402  (the path is set above)

SEED = 2012
BORDER_SITES = 200_000
WORLD_SITES = 50_000
# What world-atlas 2.0.2 has; another number means that something was read wrongly.
WORLD_ARCS, WORLD_SEGMENTS = 387, 67_951
COLUMNS = {"lines": ("part", "lat", "lon"), "sites": ("id", "lat", "lon")}


def one_border():
    """The parts of the bundled border, as [longitude, latitude]."""
    collection = json.loads((PROJECT / "data" / "borders" / "cn-kp.geojson").read_text(encoding="utf-8"))
    return [part for feature in collection["features"] for part in feature["geometry"]["coordinates"]]


def users(topology):
    """For each arc the set of countries whose outline it is part of."""
    found = [set() for _ in topology.arcs]
    for number, country in enumerate(topology.countries):
        polygons = country.get("arcs", [])
        for polygon in polygons if country["type"] == "MultiPolygon" else [polygons]:
            for reference in (reference for ring in polygon for reference in ring):
                found[reference if reference >= 0 else ~reference].add(number)
    return found


def shared_arcs(topology):
    """The arcs that two different countries share, in steps of the grid."""
    shared = [arc for arc, countries in zip(topology.arcs, users(topology)) if len(countries) > 1]
    segments = sum(len(arc) - 1 for arc in shared)
    if (len(shared), segments) != (WORLD_ARCS, WORLD_SEGMENTS):
        sys.exit(f"land borders: {len(shared)} arcs, {segments} segments, expected {WORLD_ARCS}, {WORLD_SEGMENTS}")
    return shared


def all_borders(topology):
    """The same in degrees."""
    return [topology.degrees(arc) for arc in shared_arcs(topology)]


class Land:
    """Where land is: the coast is crossed an odd number of times on the way to the north pole, which is sea."""

    def __init__(self, topology):
        self.columns = [[] for _ in range(360)]
        for arc, countries in zip(topology.arcs, users(topology)):
            if len(countries) != 1:
                continue
            points = topology.degrees(arc)
            for (lon0, lat0), (lon1, lat1) in zip(points, points[1:]):
                # The short way round: an edge may cross the antimeridian.
                lon1 -= 360 * round((lon1 - lon0) / 360)
                (lon0, lat0), (lon1, lat1) = sorted([(lon0, lat0), (lon1, lat1)])
                for column in range(math.floor(lon0), math.floor(lon1) + 1):
                    turn = 360 * math.floor((column + 180) / 360)
                    self.columns[column - turn + 180].append((lon0 - turn, lat0, lon1 - turn, lat1))

    def contains(self, lat, lon):
        crossed = 0
        for lon0, lat0, lon1, lat1 in self.columns[math.floor(lon) + 180]:
            if lon0 <= lon < lon1:
                crossed += lat < lat0 + (lat1 - lat0) * (lon - lon0) / (lon1 - lon0)
        return crossed % 2 == 1


def border_sites(draw, count=BORDER_SITES):
    for _ in range(count):
        yield 37.5 + 5.6 * draw.random(), 124.0 + 7.0 * draw.random()


def world_sites(draw, land):
    left = WORLD_SITES
    while left:
        lat, lon = math.degrees(math.asin(2.0 * draw.random() - 1.0)), 360.0 * draw.random() - 180.0
        if land.contains(lat, lon):
            left -= 1
            yield lat, lon


def write(path, columns, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        count = -1
        for count, (key, lat, lon) in enumerate(rows):
            writer.writerow([key, f"{lat:.6f}", f"{lon:.6f}"])
    print(f"{path.name}: {count + 1} rows", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description="Write the borders and the sites that every peer measures.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--package", type=pathlib.Path, metavar="DIR", help="an unpacked world-atlas")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    topologies = natural_earth.load(arguments.package)
    for name, lines in ("border", one_border()), ("world", all_borders(topologies["10m"])):
        rows = ((part, lat, lon) for part, points in enumerate(lines) for lon, lat in points)
        write(arguments.folder / f"{name}.csv", COLUMNS["lines"], rows)
    sites = {
        "border": border_sites(random.Random(SEED)),
        "world": world_sites(random.Random(SEED), Land(topologies["110m"])),
    }
    for name, places in sites.items():
        rows = ((number, lat, lon) for number, (lat, lon) in enumerate(places))
        write(arguments.folder / f"sites-{name}.csv", COLUMNS["sites"], rows)


if __name__ == "__main__":
    main()
