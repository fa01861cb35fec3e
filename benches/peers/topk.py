#!/usr/bin/env python3
"""Ask the peers for the best hundred of many sites, and print a table in Markdown.

The sites are those of make_data.py, only more: uniform in 37.5-43.1 N, 124-131 E, from the same seed. What is best is
known from the reference: GeographicLib's distance of every site.
"""

import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys

import make_data
import run
import table

HERE = pathlib.Path(__file__).resolve().parent
OFFSET_M, BEST = 85_000, 100

# The key is the mode of python/topk.py.
PEERS = {
    "postgis": ("PostGIS geography, `ST_DWithin`, `ST_Distance`", "ellipsoid, to the point that is nearest on a sphere"),
    "duckdb": ("DuckDB spatial, `ST_DWithin`, `ST_Distance`", "UTM plane"),
    "geopandas": ("geopandas, `sjoin_nearest` in UTM", "UTM plane"),
}


def write_data(data, count):
    data.mkdir(parents=True, exist_ok=True)
    lines, sites = data / "border.csv", data / f"sites-topk-{count}.csv"
    if not lines.exists():
        rows = ((part, lat, lon) for part, points in enumerate(make_data.one_border()) for lon, lat in points)
        make_data.write(lines, make_data.COLUMNS["lines"], rows)
    if not sites.exists():
        places = make_data.border_sites(random.Random(make_data.SEED), count)
        # Under another name until it is whole.
        part = sites.with_suffix(".part")
        make_data.write(part, make_data.COLUMNS["sites"], ((number, *place) for number, place in enumerate(places)))
        part.rename(sites)
    return lines, sites


def reference_m(folder, lines, sites, count):
    """The exact distance of every site; made once."""
    out = folder / "results" / f"reference-topk-{count}.txt"
    if not out.exists():
        part = out.with_suffix(".part")
        subprocess.run([folder / "bin" / "reference", "exact", lines, sites, str(count), "1", part], check=True, stdout=2)
        part.rename(out)
    return table.numbers(out)


def ask(folder, key, lines, sites, count, repeats):
    out = folder / "results" / f"topk-{key}-{count}.txt"
    words = [sys.executable, "-B", HERE / "python" / "topk.py", key, lines, sites, count, repeats, out]
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False, env={**os.environ, **run.ONE_THREAD})
    if done.returncode != 0:
        return {"missing": (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]}
    rows = [line.split(",") for line in out.read_text(encoding="ascii").splitlines()]
    return {**json.loads(done.stdout), "best": [(int(number), float(distance_m)) for number, distance_m in rows]}


def seconds(value_s):
    return f"{value_s:.2f}" if value_s < 10 else f"{value_s:.1f}"


def row(key, found, exact_m, best):
    title, computes = PEERS[key]
    if "missing" in found:
        return [title, computes, f"**not measured**: {found['missing']}".replace("|", "/"), *["–"] * 6]
    spread = f"{seconds(min(found['cpu_s']))}–{seconds(max(found['cpu_s']))}"
    right = sum(number in best for number, _ in found["best"])
    off_m = max(abs(distance_m - exact_m[number]) for number, distance_m in found["best"])
    return [
        f"{title} ({found['version']})",
        computes,
        seconds(statistics.median(found["cpu_s"])),
        spread,
        seconds(statistics.median(found["wall_s"])),
        seconds(found["prepare_s"]),
        f"{right} of {BEST}",
        table.metres(off_m),
        f"{found['memory_mb']:.0f}",
    ]


def main():
    parser = argparse.ArgumentParser(description="Ask the peers for the best hundred sites and print the table.")
    parser.add_argument("folder", type=pathlib.Path, help="what run.sh has built; results go there, too")
    parser.add_argument("--sites", type=int, default=1_000_000, metavar="N", help="how many sites (1,000,000)")
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="the median of N runs (5)")
    parser.add_argument("--only", metavar="KEY,KEY", help=f"ask these alone: {', '.join(PEERS)}")
    arguments = parser.parse_args()
    chosen = arguments.only.split(",") if arguments.only else list(PEERS)
    for key in chosen:
        if key not in PEERS:
            sys.exit(f"no peer {key}; there are {', '.join(PEERS)}")
    if arguments.sites < 1 or arguments.repeats < 1:
        sys.exit("--sites and --repeats must be at least 1")
    folder, count = arguments.folder.resolve(), arguments.sites
    (folder / "results").mkdir(parents=True, exist_ok=True)
    lines, sites = write_data(folder / "data", count)
    exact_m = reference_m(folder, lines, sites, count)
    best = set(sorted(range(count), key=lambda number: (abs(exact_m[number] - OFFSET_M), number))[:BEST])
    worst_m = max(abs(exact_m[number] - OFFSET_M) for number in best)
    heads = ["peer", "what it computes", "CPU s, median", "least–most", "wall s, median", "prepare, wall s"]
    heads += ["right", "error of a distance, max", "memory, MB"]
    print(f"{count:,} sites; the true hundred lie within {table.metres(worst_m)} of {OFFSET_M / 1000:g} km. "
          f"Runs: {arguments.repeats}, after one that is not counted.\n")
    print(f"| {' | '.join(heads)} |\n|---|---|{'--:|' * (len(heads) - 2)}")
    for key in chosen:
        found = ask(folder, key, lines, sites, count, arguments.repeats)
        print(f"| {' | '.join(row(key, found, exact_m, best))} |", flush=True)
        if found.get("index") is False and key == "postgis":
            print("postgis: the plan did not use the GiST index", file=sys.stderr)


if __name__ == "__main__":
    main()
