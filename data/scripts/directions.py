#!/usr/bin/env python3
"""Measure how far off the directions of reports are: the source of the widths in src/reading/wind.rs.

    python3 data/scripts/directions.py CORPORA      the folder that corpora.py wrote

Fits a von Mises distribution with a share of uniform errors to the training part of ships.csv and piracy-towns.csv, for each
kind of wind, and says what the widths that siteband uses are worth on the test part. Needs numpy, scipy and pyproj.
"""

import csv
import math
import pathlib
import re
import sys

import numpy
import pyproj
import scipy.optimize
import scipy.special

WINDS = "n nne ne ene e ese se sse s ssw sw wsw w wnw nw nnw".split()
WORDS = re.compile(r"(?:km|nm|miles?)\s+((?:(?:north|south|east|west)[ -]?)+|[nesw]{1,3})\b", re.IGNORECASE)
# Half the sector, the standard deviation that siteband uses, and the share of directions that it takes for wrong.
KINDS = {"cardinal": (45.0, 45.0 / math.sqrt(3.0)), "eight": (22.5, 19.0), "sixteen": (11.25, 11.0)}
WRONG = 0.09


def is_test(group):
    """The split of src/calibration/corpus.rs."""
    mask = (1 << 64) - 1
    value = 0xCBF29CE484222325
    for byte in group.encode():
        value = ((value ^ byte) * 0x100000001B3) & mask
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        value = ((value ^ (value >> 33)) * factor) & mask
    return (value ^ (value >> 33)) >> 63 == 1


def wind(words):
    """The number of a wind in sixteenths, or None."""
    letters = re.sub("north|south|east|west", lambda found: found[0][0], words.lower())
    letters = re.sub("[ -]", "", letters)
    return WINDS.index(letters) if letters in WINDS else None


def ln_ratio(off_deg, sd_deg, wrong):
    """How many times likelier the stated wind is, as a logarithm, than if it said nothing."""
    kappa = 1.0 / math.radians(sd_deg) ** 2
    right = numpy.exp(kappa * (numpy.cos(numpy.radians(off_deg)) - 1.0)) / scipy.special.ive(0, kappa)
    return numpy.log((1.0 - wrong) * right + wrong)


def fitted(off_deg):
    """The likeliest standard deviation, in degrees, and share of wrong directions."""
    unbound = lambda free: (math.exp(free[0]), 1.0 / (1.0 + math.exp(-free[1])))
    loss = lambda free: -ln_ratio(off_deg, *unbound(free)).sum()
    return unbound(scipy.optimize.minimize(loss, [math.log(15.0), -2.0], method="Nelder-Mead").x)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    geod = pyproj.Geod(ellps="WGS84")
    off = {kind: ([], []) for kind in KINDS}
    for corpus in ("ships", "piracy-towns"):
        with open(pathlib.Path(sys.argv[1]) / f"{corpus}.csv", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found = WORDS.search(row["claim"])
                point = wind(found[1]) if found else None
                if point is None or not row["feature_lat"]:
                    continue
                ends = (row["feature_lon"], row["feature_lat"], row["lon"], row["lat"])
                azimuth, _, _ = geod.inv(*map(float, ends))
                kind = "cardinal" if point % 4 == 0 else "eight" if point % 2 == 0 else "sixteen"
                off[kind][is_test(row["group"])].append((azimuth - 22.5 * point + 180.0) % 360.0 - 180.0)
    gains = []
    for kind, (training, test) in off.items():
        half_deg, sd_deg = KINDS[kind]
        training, test = numpy.array(training), numpy.array(test)
        fit_deg, wrong = fitted(training)
        gain = ln_ratio(test, sd_deg, WRONG)
        gains.extend(gain)
        within = [100.0 * numpy.mean(abs(part) <= half_deg) for part in (training, test)]
        print(
            f"{kind}: training {len(training)}, {within[0]:.1f} % in the sector, sd {fit_deg:.1f} deg, wrong {wrong:.3f};"
            f" test {len(test)}, {within[1]:.1f} % in the sector, gain {gain.mean():.2f} nats"
        )
    print(f"all: test {len(gains)}, gain {numpy.mean(gains):.2f} nats")


if __name__ == "__main__":
    main()
