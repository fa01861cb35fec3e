#!/usr/bin/env python3
"""Measure the peers that run.sh has built, and print the table.

    run.py FOLDER [--only KEY,KEY] [--sites N] [--repeats N] [--table] [--write FILE] [--list]

Every measurement is a process of its own, one after the other. Results are kept
in FOLDER/results: what is not measured again stays in the table. Standard
library only.
"""

import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys

import check
import peers
import table

# Of the sites over land, those nearer than this are also measured by themselves.
NEAR_M = 1e6
TIME_LIMIT_S = 1800
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "RAYON")}


def measure(folder, peer, what, count, repeats):
    """Runs one peer on one set of files and keeps its answer, or why there is none."""
    out = folder / "results" / f"{peer.key}-{what}"
    limit = peer.limit(what)
    command = peer.command(folder)
    if isinstance(limit, str):
        found = {"omitted": limit}
    elif command is None:
        found = {"missing": f"{peer.program} could not be built or installed"}
    else:
        data = folder / "data"
        lines, sites = (str(data / name) for name in peers.FILES[what])
        words = [peer.mode, lines, sites, str(min(count, limit)), str(repeats), str(out.with_suffix(".txt"))]
        print(f"{what:<6} {peer.key:<16}", end=" ", file=sys.stderr, flush=True)
        found = answer([*command, *words])
        print(found.get("missing") or f"{found['sites'] / found['cpu_s']:>12,.0f} sites/s", file=sys.stderr)
    found |= {"date": datetime.date.today().isoformat(), "commit": table.commit()}
    out.with_suffix(".json").write_text(json.dumps(found) + "\n", encoding="utf-8")
    return found


def answer(command):
    try:
        environment = {**os.environ, **ONE_THREAD}
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT_S, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return {"missing": f"took longer than {TIME_LIMIT_S} s"}
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        return {"missing": said[-1]}
    return json.loads(done.stdout)


def split_near(folder):
    """Writes the sites over land that are within reach of a border, and their reference."""
    data, results = folder / "data", folder / "results"
    distances_m = (results / "reference-world.txt").read_text(encoding="ascii").split()
    header, *rows = (data / "sites-world.csv").read_text(encoding="ascii").splitlines()
    near = [(row, distance) for row, distance in zip(rows, distances_m) if float(distance) < NEAR_M]
    (data / "sites-near.csv").write_text("\n".join([header, *(row for row, _ in near)]) + "\n", encoding="ascii")
    (results / "reference-near.txt").write_text("\n".join(distance for _, distance in near) + "\n", encoding="ascii")


def prepare(folder):
    """The reference distances and their check; made once."""
    results = folder / "results"
    results.mkdir(parents=True, exist_ok=True)
    if (results / "check.json").exists():
        return
    for what in peers.BORDER, peers.WORLD:
        found = measure(folder, peers.REFERENCE, what, peers.ALL, 1)
        if "missing" in found:
            sys.exit(f"no reference: {found['missing']}; see install.sh")
    split_near(folder)
    for what in peers.BORDER, peers.WORLD:
        found = measure(folder, peers.KARNEY, what, peers.ALL, 1)
        if "missing" in found:
            sys.exit(f"the reference cannot be checked: {found['missing']}")
    (results / "check.json").write_text(json.dumps(check.gaps(folder)) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="Measure the peers and print the table.")
    parser.add_argument("folder", type=pathlib.Path, help="what run.sh has built; results go there, too")
    parser.add_argument("--only", metavar="KEY,KEY", help="measure these peers alone")
    parser.add_argument("--sites", type=int, default=peers.ALL, metavar="N", help="the first N sites of each file")
    parser.add_argument("--repeats", type=int, default=3, metavar="N", help="the best of N counts (3)")
    parser.add_argument("--table", action="store_true", help="measure nothing, print what was found before")
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE", help="put the table between the marks of FILE")
    parser.add_argument("--list", action="store_true", help="list the peers")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    if arguments.list:
        for peer in peers.PEERS:
            print(f"{peer.key:<16} {peer.title}")
        return
    keys = [peer.key for peer in peers.PEERS]
    chosen = arguments.only.split(",") if arguments.only else keys
    for key in chosen:
        if key not in keys:
            sys.exit(f"no peer {key}; there are {', '.join(keys)}")
    if not arguments.table:
        prepare(folder)
        for what in peers.FILES:
            for peer in peers.PEERS:
                if peer.key in chosen:
                    measure(folder, peer, what, arguments.sites, arguments.repeats)
    text = table.markdown(folder)
    if arguments.write:
        table.put(arguments.write, text)
    else:
        print(text)


if __name__ == "__main__":
    main()
