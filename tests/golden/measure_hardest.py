"""Fills the distances of hardest_point_to_line.csv by the method of make_point_to_line.py.

    pip install geographiclib==2.1
    python measure_hardest.py
"""

import csv
import os

import make_point_to_line as reference

PATH = os.path.join(reference.HERE, "hardest_point_to_line.csv")


def main():
    with open(PATH, newline="") as fh:
        head, *rows = csv.reader(fh)
    for row in rows:
        site = (float(row[1]), float(row[2]))
        line = [tuple(map(float, vertex.split())) for vertex in row[3].split(";")]
        row[4] = reference.num(reference.solve(site, line).distance)
    with open(PATH, "w", newline="") as fh:
        out = csv.writer(fh, lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)


if __name__ == "__main__":
    main()
