"""Makes the base map of siteband-map from world-atlas' countries-10m.json (Natural Earth, public domain):

    python3 data/scripts/base_map.py countries-10m.json crates/siteband-map/assets/countries-10m.bin.gz

Little-endian, gzipped: the scale of the grid in longitude and latitude and its origin (four f64), then for each ring of each country the
number of vertices and the vertices on the grid, each as the difference to the one before, all as variable-length integers (seven bits a
byte, least first; signs by zigzag). A ring does not repeat its first vertex.
"""

import gzip
import json
import struct
import sys


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value):
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)


def main(source, target):
    topology = json.load(open(source))
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x, y))
        arcs.append(points)

    def ring_of(numbers):
        points = []
        for number in numbers:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            points.extend(arc[1:] if points else arc)
        return points[:-1]

    out = bytearray(struct.pack("<4d", *topology["transform"]["scale"], *topology["transform"]["translate"]))
    rings = 0
    for geometry in topology["objects"]["countries"]["geometries"]:
        polygons = {"Polygon": lambda a: [a], "MultiPolygon": lambda a: a}.get(geometry["type"], lambda a: [])(geometry.get("arcs"))
        for polygon in polygons:
            for numbers in polygon:
                ring = ring_of(numbers)
                out += varint(len(ring))
                x = y = 0
                for to_x, to_y in ring:
                    out += zigzag(to_x - x) + zigzag(to_y - y)
                    x, y = to_x, to_y
                rings += 1
    with open(target, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(bytes(out))
    print(rings, "rings")


main(*sys.argv[1:])
