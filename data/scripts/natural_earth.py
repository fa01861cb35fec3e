#!/usr/bin/env python3
"""Write the border and region files of data/ from Natural Earth.

The input is the npm package world-atlas 2.0.2, which carries Natural Earth
4.1.0 as TopoJSON. Each border is the set of arcs that two countries share,
joined end to end; each region is the outline of one country. The output is
the same bytes on every run.

    python3 data/scripts/natural_earth.py                  fetch with `npm pack`, write into data/
    python3 data/scripts/natural_earth.py --package DIR    read an unpacked package instead
    python3 data/scripts/natural_earth.py --check          write nothing; exit 1 if a file differs

Python 3.8 or later, standard library only.
"""

import argparse
import collections
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

PACKAGE = "world-atlas"
VERSION = "2.0.2"
SHA256 = {
    "countries-10m.json": "3bc6f1d367a9bcec479841bae0e76092f512838411d0cef124e92eec4db45f79",
    "countries-50m.json": "04342cdc1e3016bcd7db1630de95684d67b79fe3c8c460321e87aef469502394",
    "countries-110m.json": "2516c915867c7baf18ddec727aec46c315541a07cfb3d79a6559b05d5e94eee8",
}

# Numeric ISO 3166-1 codes, as the TopoJSON has them.
CHINA, NORTH_KOREA, SOUTH_KOREA = "156", "408", "410"
NAMES = {CHINA: "China", NORTH_KOREA: "North Korea", SOUTH_KOREA: "South Korea"}

# How far the drawn line may be from the true one; data/README.md has the source.
UNCERTAINTY_M = {"10m": 1000, "50m": 2000, "110m": 5000}

CN_KP = {
    "id": "cn-kp",
    "name": "China - North Korea border",
    "aliases": ["Sino-North Korean border", "Sino-Korean border", "Sino-DPRK border"],
    "countries": ["CN", "KP"],
}
KP_KR = {
    "id": "kp-kr",
    "name": "North Korea - South Korea border",
    "aliases": [
        "demilitarized zone",
        "demilitarised zone",
        "DMZ",
        "Korean DMZ",
        "military demarcation line",
        "inter-Korean border",
    ],
    "countries": ["KP", "KR"],
}
KP = {
    "id": "north-korea",
    "name": "North Korea",
    "aliases": ["DPRK", "Democratic People's Republic of Korea"],
    "countries": ["KP"],
}

# (file under data/, scale, codes of one country or two, what is known about it)
OUTPUTS = [
    ("borders/cn-kp.geojson", "10m", (CHINA, NORTH_KOREA), CN_KP),
    ("borders/cn-kp-50m.geojson", "50m", (CHINA, NORTH_KOREA), CN_KP),
    ("borders/cn-kp-110m.geojson", "110m", (CHINA, NORTH_KOREA), CN_KP),
    ("borders/kp-kr.geojson", "10m", (NORTH_KOREA, SOUTH_KOREA), KP_KR),
    ("regions/north-korea.geojson", "10m", (NORTH_KOREA,), KP),
]


def fetch(file_names):
    """Download the package with npm and return {file name: bytes}."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm not found: install it, or pass --package with an unpacked " + PACKAGE)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [npm, "pack", "--silent", f"{PACKAGE}@{VERSION}"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with tarfile.open(pathlib.Path(folder) / f"{PACKAGE}-{VERSION}.tgz") as archive:
            return {name: archive.extractfile(f"package/{name}").read() for name in file_names}


def load(package):
    """Return {scale: Topology}, after checking each file against its digest."""
    if package is None:
        files = fetch(SHA256)
    else:
        files = {name: (package / name).read_bytes() for name in SHA256}
    for name, content in files.items():
        found = hashlib.sha256(content).hexdigest()
        if found != SHA256[name]:
            sys.exit(f"{name}: SHA-256 is {found}, expected {SHA256[name]} ({PACKAGE} {VERSION})")
    return {
        name[len("countries-") : -len(".json")]: Topology(json.loads(content))
        for name, content in files.items()
    }


class Topology:
    """A quantised TopoJSON topology; points are pairs of grid steps until `degrees`."""

    def __init__(self, topology):
        self.scale = topology["transform"]["scale"]
        self.translate = topology["transform"]["translate"]
        self.arcs = [self._undelta(arc) for arc in topology["arcs"]]
        self.countries = topology["objects"]["countries"]["geometries"]

    @staticmethod
    def _undelta(arc):
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x, y))
        return points

    def degrees(self, points):
        """Grid steps to [longitude, latitude] in degrees, 6 decimals."""
        return [
            [round(step * k + t, 6) for step, k, t in zip(point, self.scale, self.translate)]
            for point in points
        ]

    def polygons(self, code):
        """The polygons of a country, by code (by name where it has none): lists of rings, each a list of arc references."""
        found = [g for g in self.countries if g.get("id", g["properties"]["name"]) == code]
        if len(found) != 1:
            sys.exit(f"country {code}: {len(found)} geometries, expected 1")
        geometry = found[0]
        return geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]

    def arc(self, reference):
        """The points of an arc reference; ~i means arc i backwards."""
        return self.arcs[reference] if reference >= 0 else self.arcs[~reference][::-1]

    def border(self, one, other):
        """The shared arcs of two countries, joined into lines."""
        indices = [
            {r if r >= 0 else ~r for polygon in self.polygons(code) for ring in polygon for r in ring}
            for code in (one, other)
        ]
        return [self.degrees(line) for line in chain(self.arcs[i] for i in sorted(indices[0] & indices[1]))]

    def joint_outline(self, codes):
        """The outline of several countries together, without the borders between them."""
        shapes = [polygon for code in codes for polygon in self.polygons(code)]
        if any(len(polygon) != 1 for polygon in shapes):
            sys.exit(f"countries {codes}: a polygon has a hole, expected none")
        rings = [ring for polygon in shapes for ring in polygon]
        uses = collections.Counter(r if r >= 0 else ~r for ring in rings for r in ring)
        polygons = []
        for ring in chain(self.arc(r) for ring in rings for r in ring if uses[r if r >= 0 else ~r] == 1):
            if ring[0] != ring[-1]:
                sys.exit(f"countries {codes}: a ring is not closed")
            if twice_area(ring) < 0:
                ring.reverse()
            polygons.append([self.degrees(ring)])
        return polygons

    def outline(self, code):
        """The country's polygons, rings closed, exteriors counter-clockwise, holes clockwise."""
        polygons = []
        for references in self.polygons(code):
            polygon = []
            for number, ring_references in enumerate(references):
                ring = []
                for reference in ring_references:
                    points = self.arc(reference)
                    if ring and ring[-1] != points[0]:
                        sys.exit(f"country {code}: arcs of a ring do not meet")
                    ring.extend(points[1:] if ring else points)
                if len(ring) < 4 or ring[0] != ring[-1]:
                    sys.exit(f"country {code}: a ring is not closed")
                if (twice_area(ring) > 0) != (number == 0):
                    ring.reverse()
                polygon.append(self.degrees(ring))
            polygons.append(polygon)
        return polygons


def chain(arcs):
    """Join arcs that meet end to end; a line keeps the direction of its first arc."""
    waiting = [list(arc) for arc in arcs]
    lines = []
    while waiting:
        line = waiting.pop(0)
        grown = True
        while grown and line[0] != line[-1]:
            grown = False
            for position, arc in enumerate(waiting):
                if arc[0] == line[-1]:
                    line = line + arc[1:]
                elif arc[-1] == line[-1]:
                    line = line + arc[-2::-1]
                elif arc[-1] == line[0]:
                    line = arc + line[1:]
                elif arc[0] == line[0]:
                    line = arc[:0:-1] + line
                else:
                    continue
                del waiting[position]
                grown = True
                break
        lines.append(line)
    return lines


def twice_area(ring):
    """Twice the signed area in grid steps squared, exact; positive is counter-clockwise."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:]))


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def coordinates(value):
    """Nested coordinates as JSON with one position to a line."""
    if isinstance(value[0], float):
        return compact(value)
    inner = ",\n".join(coordinates(item) for item in value)
    return f"[\n{inner}\n]" if isinstance(value[0][0], float) else f"[{inner}]"


def geojson(topology, scale, codes, known):
    """One output file as text."""
    if len(codes) == 2:
        kind, shape = "MultiLineString", topology.border(*codes)
        part = "arcs shared by " + " and ".join(f"{NAMES[c]} ({c})" for c in codes)
    else:
        kind, shape = "MultiPolygon", topology.outline(*codes)
        part = "outline of " + f"{NAMES[codes[0]]} ({codes[0]})"
    return collection([feature(scale, known, part, kind, shape)])


def feature(scale, known, part, kind, shape):
    """One feature as text."""
    properties = {
        "name": known["name"],
        "aliases": known["aliases"],
        "countries": known["countries"],
        "position_uncertainty_m": UNCERTAINTY_M[scale],
        "source": f"Natural Earth 4.1.0, 1:{scale} countries, {part}, "
        f"from npm {PACKAGE} {VERSION} countries-{scale}.json",
        "licence": "public domain",
    }
    return (
        f'{{"type":"Feature","id":{compact(known["id"])},\n'
        f'"properties":{compact(properties)},\n'
        f'"geometry":{{"type":"{kind}","coordinates":{coordinates(shape)}}}}}'
    )


def collection(features):
    """Features as one file."""
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n"


def main():
    parser = argparse.ArgumentParser(description="Write the Natural Earth files of data/.")
    parser.add_argument("--package", type=pathlib.Path, metavar="DIR", help=f"an unpacked {PACKAGE} {VERSION}")
    parser.add_argument(
        "--output",
        type=pathlib.Path,
        metavar="DIR",
        default=pathlib.Path(__file__).resolve().parent.parent,
        help="where borders/ and regions/ go (default: the data folder of this script)",
    )
    parser.add_argument("--check", action="store_true", help="compare with the files that are there; write nothing")
    arguments = parser.parse_args()

    try:
        topologies = load(arguments.package)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"cannot read {PACKAGE} {VERSION}: {error}")
    differ = False
    for name, scale, codes, known in OUTPUTS:
        content = geojson(topologies[scale], scale, codes, known).encode("utf-8")
        path = arguments.output / name
        if arguments.check:
            same = path.is_file() and path.read_bytes() == content
            differ |= not same
            print(f"{name}: {'same' if same else 'differs'}", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(f"{name}: {len(content)} bytes", file=sys.stderr)
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
