"""What every peer in Python shares: reading borders and sites, the clock, the answer.

    python PEER.py MODE LINES.csv SITES.csv COUNT REPEATS DISTANCES.txt

writes one distance in metres to a line, and one line of JSON to standard output.
"""

import json
import sys
import time

import numpy

# The border of the one-border table lies in 124-131 E: zone 52 N, 126-132 E.
UTM = "EPSG:32652"
# Repeats go on until so many seconds have been spent: a few milliseconds are no measurement.
ENOUGH_S = 1.0


class Task:
    """What to measure: `parts` are arrays of (lon, lat), `lon` and `lat` those of the sites."""

    def __init__(self, words):
        self.mode, lines, sites, count, repeats, self.output = words
        self.repeats = int(repeats)
        rows = numpy.loadtxt(lines, delimiter=",", skiprows=1)
        starts = numpy.flatnonzero(numpy.diff(rows[:, 0])) + 1
        self.parts = [part[:, [2, 1]] for part in numpy.split(rows, starts)]
        rows = numpy.loadtxt(sites, delimiter=",", skiprows=1, max_rows=int(count), ndmin=2)
        self.lat, self.lon = rows[:, 1].copy(), rows[:, 2].copy()
        self.start_s = time.process_time()

    def segments(self):
        """All edges, as an array of pairs of (lon, lat)."""
        return numpy.concatenate([numpy.stack([part[:-1], part[1:]], axis=1) for part in self.parts])


def task():
    return Task(sys.argv[1:])


def memory_mb():
    """The most memory that this process has held."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))


def report(asked, version, distances_m):
    """Times `distances_m()`, all sites at once; what came before is the index. The least of the repeats counts."""
    index_s = time.process_time() - asked.start_s
    taken_s = []
    while len(taken_s) < asked.repeats or sum(taken_s) < ENOUGH_S:
        before_s = time.process_time()
        found = distances_m()
        taken_s.append(time.process_time() - before_s)
    answer(asked, version, found, min(taken_s), index_s, memory_mb())


def answer(asked, version, distances_m, cpu_s, index_s, held_mb):
    if len(distances_m) != len(asked.lat):
        sys.exit(f"{len(distances_m)} distances, expected {len(asked.lat)}")
    numpy.savetxt(asked.output, distances_m, fmt="%.17g")
    found = {"version": version, "sites": len(asked.lat), "cpu_s": cpu_s, "index_s": index_s, "memory_mb": held_mb}
    print(json.dumps(found))
