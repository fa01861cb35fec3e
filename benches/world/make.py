#!/usr/bin/env python3
"""Write borders.txt: all land borders of the world, for the benches.

    python3 benches/world/make.py [--package DIR]

The input is the npm package that data/scripts/natural_earth.py fetches and
checks; the same bytes come out on every run. Python 3.8 or later, standard
library only.
"""

import argparse
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "peers"))
sys.dont_write_bytecode = True

import make_data  # noqa: E402  (the path is set above)


def main():
    parser = argparse.ArgumentParser(description="Write all land borders of the world.")
    parser.add_argument("--package", type=pathlib.Path, metavar="DIR", help="an unpacked world-atlas")
    topology = make_data.natural_earth.load(parser.parse_args().package)["10m"]
    lines = [" ".join(map(repr, topology.scale + topology.translate))]
    for arc in make_data.shared_arcs(topology):
        steps = zip([(0, 0)] + arc, arc)
        lines.append(" ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in steps))
    (HERE / "borders.txt").write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
