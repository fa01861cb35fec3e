"""Check the reference: against siteband's own oracle, and against dense sampling in GeographicLib's Python form."""

import csv
import json
import math
import pathlib
import subprocess
import sys

import peers

# Two ways to one number: they may differ by rounding, not by more.
AGREE_M = 1e-6
SAMPLED = 50
# Half of the least and of the greatest circumference differ by less than this from a sphere's.
SPHERE_SLACK = 0.01


def gaps(folder):
    """How far the reference is from either; ends the program if that is too far."""
    results, found = folder / "results", []
    for what in peers.BORDER, peers.WORLD:
        reference_m = numbers(results / f"reference-{what}.txt")
        karney_m = numbers(results / f"karney-{what}.txt")
        found.append({"what": what, "against": "siteband's `nearest_by_karney`", **greatest(reference_m, karney_m)})
        python = folder / "venv" / "bin" / "python"
        words = [str(python), "-B", str(pathlib.Path(__file__).resolve()), str(folder), what]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"dense sampling: {done.stderr}")
        found.append({"what": what, "against": "dense sampling", **greatest(reference_m, json.loads(done.stdout))})
    for one in found:
        if not one["gap_m"] < AGREE_M:
            sys.exit(f"the reference is {one['gap_m']} m off {one['against']} ({one['what']}), expected < {AGREE_M} m")
    return found


def numbers(path):
    return [float(line) for line in path.read_text(encoding="ascii").split()]


def greatest(reference_m, other_m):
    return {"sites": len(other_m), "gap_m": max(abs(one - other) for one, other in zip(reference_m, other_m))}


def sampled(folder, what):
    """The distances of the first sites by the method of tests/golden, from edges that may be nearest."""
    sys.path.insert(0, str(peers.HERE.parents[1] / "tests" / "golden"))
    import make_point_to_line as golden

    lines, sites = (list(rows(folder / "data" / name)) for name in peers.FILES[what])
    edges = [(one[1:], other[1:]) for one, other in zip(lines, lines[1:]) if one[0] == other[0]]
    lengths = [around(one, other) for one, other in edges]
    for _, *site in sites[:SAMPLED]:
        site = tuple(site)
        # No place of an edge is nearer than its first end by more than its length.
        starts = [around(site, one) for one, _ in edges]
        least = min(starts) * (1 + SPHERE_SLACK)
        near = [edge for edge, start, length in zip(edges, starts, lengths)
                if (start - length) * (1 - SPHERE_SLACK) <= least]
        yield min(golden.solve(site, [tuple(one), tuple(other)]).distance for one, other in near)


def rows(path):
    with open(path, encoding="ascii", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for key, lat, lon in reader:
            yield int(key), float(lat), float(lon)


def around(one, other):
    """Metres on a sphere (haversine)."""
    lat0, lon0, lat1, lon1 = map(math.radians, (*one, *other))
    half = math.sin((lat1 - lat0) / 2) ** 2 + math.cos(lat0) * math.cos(lat1) * math.sin((lon1 - lon0) / 2) ** 2
    return 2 * 6_371_009 * math.asin(min(1.0, math.sqrt(half)))


if __name__ == "__main__":
    print(json.dumps(list(sampled(pathlib.Path(sys.argv[1]), sys.argv[2]))))
