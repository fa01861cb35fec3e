#!/usr/bin/env python3
"""Writes the frozen reference data of this folder.

    point_to_line.csv     least geodesic distance from a site to a polyline
    geodesic_inverse.csv  geodesic distance and azimuths between two points

Both are computed on WGS 84 with GeographicLib (Charles Karney), in its Python
form, the package `geographiclib`. Every edge of a polyline is the shortest
geodesic between its two vertices.

    pip install geographiclib==2.1
    python make_point_to_line.py            # both files
    python make_point_to_line.py inverse    # only geodesic_inverse.csv
    python make_point_to_line.py line       # only point_to_line.csv

Method (deliberately brute force; no closed form for the foot of the
perpendicular, no auxiliary sphere, no projection):

1. The distance from the site to each vertex is taken by Inverse from the
   coordinates as written.
2. Each edge is sampled evenly along its InverseLine, at least MIN_STEPS
   intervals and none longer than MAX_STEP metres.
3. Around EVERY sample which is not higher than its neighbours (the end samples
   included) the distance is minimised by golden section over the two adjoining
   intervals, to a bracket of GOLDEN_TOL metres along the edge.
4. The derivative of the distance with respect to the arc along the edge is
   minus the cosine of the angle between the edge and the geodesic to the site.
   Where it changes sign over the same two intervals, its root is found by
   bisection to neighbouring doubles or ROOT_TOL metres. This locates the foot
   much better than any comparison of distances can (those are flat near the
   foot). The root is used at all distances above MIN_ANGLE metres; below, the
   azimuth to the site is noise and the lowest golden section value is used.
5. The two results must agree in distance within AGREE metres, or the script
   stops. Where the sign does not change beside an end of the edge there is no
   foot there, and the vertex stands (checked to be as low within AGREE).
6. The least value over all vertices and feet is the result. A vertex is
   preferred to a foot that is not nearer by more than TIE metres, and the edge
   of lowest index is preferred among edges equal within TIE metres.

No local minimum can be lost between samples: the second derivative of the
distance is (M/m) sin^2(angle), M the geodesic scale and m the reduced length,
and it is positive below about 9,900 km (at most one minimum per edge there) and
negative above about 10,100 km (no minimum inside an edge, which includes the
surroundings of the antipode); between, the distance varies over thousands of
kilometres along the edge.
"""

import csv
import math
import os
import random
import sys

from geographiclib.constants import Constants
from geographiclib.geodesic import Geodesic

SEED = 20240229
MAX_STEP = 20_000.0
MIN_STEPS = 32
GOLDEN_TOL = 1e-9
ROOT_TOL = 1e-10
MIN_ANGLE = 1e-6
AGREE = 3e-8
TIE = 1e-9
# A random row is drawn again when its answer is nearly ambiguous: a second
# local minimum elsewhere on the line, or on another edge, within this many
# metres of the least.
CLEAR = 1e-5

# kind -> number of rows
COUNTS = {
    "local": 600,
    "regional": 420,
    "long": 320,
    "antimeridian": 220,
    "polar": 240,
    "antipodal": 180,
    "near": 320,
    "on": 160,
    "vertex": 180,
    "single": 60,
    "duplicate": 100,
}

GEOD = Geodesic(Constants.WGS84_a, Constants.WGS84_f)
M_DIST = Geodesic.DISTANCE
M_DIST_AZI = Geodesic.DISTANCE | Geodesic.AZIMUTH
M_POS = Geodesic.LATITUDE | Geodesic.LONGITUDE
M_POS_AZI = M_POS | Geodesic.AZIMUTH
HERE = os.path.dirname(os.path.abspath(__file__))
INVPHI = (math.sqrt(5.0) - 1.0) / 2.0

STATS = {"agree": 0.0, "golden": 0, "roots": 0, "redrawn": 0}


# ---------------------------------------------------------------- reference

def distance(p, q):
    return GEOD.Inverse(p[0], p[1], q[0], q[1], M_DIST)["s12"]


def direct(p, azi, s):
    r = GEOD.Direct(p[0], p[1], azi, s, M_POS)
    return (r["lat2"], r["lon2"])


class Edge:
    def __init__(self, site, p, q, dp, dq):
        self.site = site
        self.line = GEOD.InverseLine(p[0], p[1], q[0], q[1])
        self.length = self.line.s13
        self.dp, self.dq = dp, dq

    def point(self, s):
        r = self.line.Position(s, M_POS)
        return (r["lat2"], r["lon2"])

    def dist(self, s):
        if s <= 0.0:
            return self.dp
        if s >= self.length:
            return self.dq
        return distance(self.point(s), self.site)

    def slope(self, s):
        """Derivative of dist at s."""
        r = self.line.Position(s, M_POS_AZI)
        g = GEOD.Inverse(r["lat2"], r["lon2"], self.site[0], self.site[1], M_DIST_AZI)
        return -math.cos(math.radians(g["azi1"] - r["azi2"]))

    def golden(self, a, b):
        c = b - INVPHI * (b - a)
        d = a + INVPHI * (b - a)
        fc, fd = self.dist(c), self.dist(d)
        best = min((fc, c), (fd, d))
        while b - a > GOLDEN_TOL:
            if fc <= fd:
                b, d, fd = d, c, fc
                c = b - INVPHI * (b - a)
                if not a < c < d:
                    break
                fc = self.dist(c)
                best = min(best, (fc, c))
            else:
                a, c, fc = c, d, fd
                d = a + INVPHI * (b - a)
                if not c < d < b:
                    break
                fd = self.dist(d)
                best = min(best, (fd, d))
        STATS["golden"] += 1
        return best

    def root(self, a, b):
        if not (self.slope(a) < 0.0 < self.slope(b)):
            return None
        while b - a > ROOT_TOL:
            m = 0.5 * (a + b)
            if not a < m < b:
                break
            g = self.slope(m)
            if g == 0.0:
                a = b = m
            elif g < 0.0:
                a = m
            else:
                b = m
        s = 0.5 * (a + b)
        STATS["roots"] += 1
        return (self.dist(s), s)

    def feet(self):
        """(distance, s) of each local minimum found inside the edge."""
        n = max(MIN_STEPS, math.ceil(self.length / MAX_STEP))
        at = [self.length * i / n for i in range(n)] + [self.length]
        f = [self.dist(s) for s in at]
        out = []
        for i in range(n + 1):
            lo, hi = max(i - 1, 0), min(i + 1, n)
            if f[i] > f[lo] or f[i] > f[hi]:
                continue
            got = self.golden(at[lo], at[hi])
            if got[0] > MIN_ANGLE:
                r = self.root(at[lo], at[hi])
                if r is not None:
                    gap = abs(r[0] - got[0])
                    STATS["agree"] = max(STATS["agree"], gap)
                    if gap > AGREE:
                        raise SystemExit(f"methods differ by {gap} m at {self.site}")
                    got = r
                elif i in (0, n):
                    # No foot beside this vertex: the vertex itself is least, and
                    # golden section has only run up to it.
                    if f[i] - got[0] > AGREE:
                        raise SystemExit(f"foot without a root at {self.site}")
                    continue
            out.append(got)
        return out


class Answer:
    """distance, nearest point, segment, at_vertex, clear."""


def solve(site, line):
    dv = [distance(site, v) for v in line]
    per_edge = []      # (distance, point, at_vertex)
    every = []         # all candidates: (distance, point)
    for i in range(max(len(line) - 1, 0)):
        p, q = line[i], line[i + 1]
        best = (dv[i], p, True) if dv[i] <= dv[i + 1] else (dv[i + 1], q, True)
        every += [(dv[i], p), (dv[i + 1], q)]
        e = Edge(site, p, q, dv[i], dv[i + 1])
        if e.length > 0.0:
            for d, s in e.feet():
                pt = e.point(s)
                every.append((d, pt))
                if d < best[0] - (TIE if best[2] else 0.0):
                    best = (d, pt, False)
        per_edge.append(best)
    if not per_edge:
        per_edge = [(dv[0], line[0], True)]
        every = [(dv[0], line[0])]
    least = min(d for d, _, _ in per_edge)
    seg = next(i for i, b in enumerate(per_edge) if b[0] <= least + TIE)
    a = Answer()
    a.distance, a.nearest, a.at_vertex = per_edge[seg]
    a.segment = seg
    # Clear: no other candidate as near at another place, no other edge as near
    # unless it is nearest in the very same vertex.
    a.clear = True
    for d, pt in every:
        if d < a.distance + CLEAR and distance(pt, a.nearest) > 1.0:
            a.clear = False
    for i, b in enumerate(per_edge):
        if i != seg and b[0] < a.distance + CLEAR and not (
                a.at_vertex and b[2] and distance(b[1], a.nearest) == 0.0):
            a.clear = False
    return a


# ------------------------------------------------------------------- drawing

class Draw:
    """Random numbers from random() alone, which is stable between versions."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def u(self, a=0.0, b=1.0):
        return a + (b - a) * self.r.random()

    def log(self, a, b):
        return math.exp(self.u(math.log(a), math.log(b)))

    def i(self, a, b):
        return a + int(self.r.random() * (b - a + 1))

    def chance(self, p):
        return self.r.random() < p

    def pick(self, *xs):
        return xs[self.i(0, len(xs) - 1)]

    def azi(self):
        return self.u(-180.0, 180.0)

    def sign(self):
        return 1.0 if self.chance(0.5) else -1.0

    def anywhere(self):
        """Evenly over the sphere, or (one in three) evenly in latitude."""
        if self.chance(1 / 3):
            lat = self.u(-89.9, 89.9)
        else:
            lat = math.degrees(math.asin(self.u(-1.0, 1.0)))
        return (lat, self.u(-180.0, 180.0))

    def rounding(self):
        """Half of the rows have coordinates of six decimals."""
        return (lambda p: (round(p[0], 6), round(p[1], 6))) if self.chance(0.5) \
            else (lambda p: p)


def walk(g, start, edges, length, turn=120.0):
    pts, azi = [start], g.azi()
    for _ in range(edges):
        s = length()
        r = GEOD.Direct(pts[-1][0], pts[-1][1], azi, s, M_POS_AZI)
        pts.append((r["lat2"], r["lon2"]))
        azi = r["azi2"] + g.u(-turn, turn)
    return pts


def on_line(g, line, lo=0.0, hi=1.0):
    """A random point of a random edge, and the azimuth of the edge there."""
    i = g.i(0, len(line) - 2)
    (a, b), (c, d) = line[i], line[i + 1]
    ln = GEOD.InverseLine(a, b, c, d)
    r = ln.Position(g.u(lo, hi) * ln.s13, M_POS_AZI)
    return (r["lat2"], r["lon2"]), r["azi2"]


def off_line(g, line, dist):
    """Site about dist away: square to a point of the line, or in any direction."""
    p, azi = on_line(g, line)
    if g.chance(0.6):
        return direct(p, azi + g.sign() * 90.0, dist)
    return direct(p, g.azi(), dist)


def antipode(p):
    return (-p[0], p[1] - 180.0 if p[1] > 0.0 else p[1] + 180.0)


# Each maker returns (site, line) or (site, line, True); True keeps a row whose
# nearest point is not unique.

def make_local(g, k):
    q = g.rounding()
    line = [q(p) for p in walk(g, g.anywhere(), g.i(1, 5), lambda: g.u(1e3, 50e3))]
    d = g.u(0.0, 300e3) if g.chance(0.6) else g.log(10.0, 300e3)
    return q(off_line(g, line, d)), line


def make_regional(g, k):
    q = g.rounding()
    line = [q(p) for p in walk(g, g.anywhere(), g.i(1, 5), lambda: g.u(5e3, 500e3))]
    d = g.u(0.0, 2000e3) if g.chance(0.7) else g.log(100.0, 2000e3)
    return q(off_line(g, line, d)), line


def make_long(g, k):
    if k < 4:
        # Site on a pole, line along the equator: every point is nearest.
        lon = (0.0, 100.0, -179.0, 35.5)[k]
        n = (1, 2, 3, 4)[k]
        line = [(0.0, (lon + 30.0 * j + 180.0) % 360.0 - 180.0) for j in range(n + 1)]
        return (90.0 if k % 2 else -90.0, 0.0), line, True
    q = g.rounding()
    line = [q(p) for p in walk(g, g.anywhere(), g.pick(1, 1, 2, 3, 4, 5),
                               lambda: g.u(1000e3, 15000e3))]
    if k < 44:
        # About a quadrant to the side: the distance hardly varies.
        p, azi = on_line(g, line)
        site = direct(p, azi + g.sign() * 90.0, 10_001_965.7 + g.u(-400e3, 400e3))
        if k < 24:
            line = line[:2]
        return q(site), line
    if g.chance(0.3):
        return q(off_line(g, line, g.log(100.0, 5000e3))), line
    return q(g.anywhere()), line


def make_antimeridian(g, k):
    q = g.rounding()
    n = g.i(2, 6)
    span = g.log(0.01, 40.0)
    lat = g.u(-80.0, 80.0)
    side = g.sign()
    line = []
    for _ in range(n):
        lon = side * (180.0 - g.u(0.0, span))
        line.append((max(-84.0, min(84.0, lat + g.u(-0.5, 0.5) * span)), lon))
        side = -side
    if k % 5 == 0:      # vertices on the antimeridian, written either way
        j = g.i(0, n - 1)
        line[j] = (line[j][0], g.sign() * 180.0)
    if k % 11 == 0:     # whole line along the antimeridian
        line = [(a, g.sign() * 180.0) for a, _ in line]
    line = [q(p) for p in line]
    site = off_line(g, line, g.log(100.0, 3000e3))
    if k % 13 == 0:
        site = (site[0], g.sign() * 180.0)
    return q(site), line


def make_polar(g, k):
    q = g.rounding()
    h = g.sign()
    n = g.i(2, 6)
    if k % 6 == 0:      # exactly over the pole
        lon = float(g.i(1, 179)) + 0.5 * g.i(0, 1)
        line = [(h * round(g.u(85.0, 89.9), 4), lon),
                (h * round(g.u(85.0, 89.9), 4), lon - 180.0)]
    elif k % 6 == 1:    # a vertex on the pole
        line = [(h * g.u(85.0, 90.0), g.azi()) for _ in range(n)]
        line[g.i(0, n - 1)] = (h * 90.0, float(g.i(-180, 180)))
    elif k % 6 == 2:    # just beside the pole
        lon, e = g.u(0.0, 180.0), g.log(1e-7, 1.0)
        line = [(h * g.u(85.0, 89.9), lon),
                (h * g.u(85.0, 89.9), lon - 180.0 + e)]
    elif k % 6 == 3:    # very close to the pole altogether
        r = g.log(1e-6, 0.1)
        line = [(h * (90.0 - g.u(0.05, 1.0) * r), g.azi()) for _ in range(n)]
    else:
        line = [(h * g.u(85.0, 90.0), g.azi()) for _ in range(n)]
    line = [q(p) for p in line]
    w = g.i(0, 9)
    if w == 0:
        site = (h * 90.0, float(g.i(-180, 180)))
    elif w <= 3:
        site = (h * (90.0 - g.log(1e-6, 1.0)), g.azi())
    elif w <= 6:
        site = (h * g.u(85.0, 90.0), g.azi())
    else:
        site = off_line(g, line, g.log(1.0, 500e3))
    return q(site), line


def make_antipodal(g, k):
    q = g.rounding()
    if k % 2 == 0:      # all of the line is near the antipode
        line = walk(g, g.anywhere(), g.i(1, 5), lambda: g.log(100.0, 150e3))
    else:
        line = walk(g, g.anywhere(), g.i(1, 5), lambda: g.u(500e3, 12000e3))
    line = [q(p) for p in line]
    if k % 10 in (0, 1):    # the very antipode of a vertex
        return antipode(line[g.i(0, len(line) - 1)]), line
    p = antipode(on_line(g, line)[0])
    return q(direct(p, g.azi(), g.log(1.0, 220e3))), line


def make_near(g, k):
    top = g.pick(5e3, 50e3, 500e3, 500e3, 5000e3, 14000e3)
    line = walk(g, g.anywhere(), g.i(1, 5), lambda: g.u(0.1, 1.0) * top)
    q = g.rounding()
    line = [q(p) for p in line]
    p, azi = on_line(g, line, 0.02, 0.98)
    return direct(p, azi + g.sign() * 90.0, g.log(1e-3, 100.0)), line


def make_on(g, k):
    top = g.pick(5e3, 50e3, 500e3, 5000e3, 14000e3)
    line = walk(g, g.anywhere(), g.i(1, 5), lambda: g.u(0.1, 1.0) * top)
    q = g.rounding()
    line = [q(p) for p in line]
    if k % 3 == 0:
        return line[g.i(0, len(line) - 1)], line
    return on_line(g, line, 0.02, 0.98)[0], line


def make_vertex(g, k):
    top = g.pick(5e3, 50e3, 500e3, 500e3, 3000e3)
    n = g.i(1, 5)
    line = walk(g, g.anywhere(), n, lambda: g.u(0.1, 1.0) * top)
    q = g.rounding()
    line = [q(p) for p in line]
    if k % 12 == 0 and 2 <= n <= 4:     # closed ring
        line.append(line[0])
    j = g.i(0, len(line) - 1)
    return direct(line[j], g.azi(), g.log(0.01, 2 * top)), line


def make_single(g, k):
    q = g.rounding()
    p = q(g.anywhere())
    if k < 4:
        return p, [p]
    if k < 8:
        return antipode(p), [p]
    if k < 12:
        return q(g.anywhere()), [(90.0 * g.sign(), float(g.i(-180, 180)))]
    if k < 30:
        return direct(p, g.azi(), g.log(1e-3, 1e6)), [p]
    return q(g.anywhere()), [p]


def make_duplicate(g, k):
    top = g.pick(5e3, 50e3, 500e3, 5000e3)
    q = g.rounding()
    line = [q(p) for p in walk(g, g.anywhere(), g.i(1, 3), lambda: g.u(0.1, 1.0) * top)]
    site = q(off_line(g, line, g.log(1.0, top)))
    if k % 10 == 0:     # nothing but one point
        return site, [line[0]] * g.i(2, 6)
    if k % 10 == 1:     # the same point, written +180 and -180
        j = g.i(0, len(line) - 1)
        lat = line[j][0]
        line = [(lat, 180.0), (lat, -180.0)]
        line.insert(g.pick(0, 2), q(direct(line[0], g.azi(), top)))
        return q(off_line(g, line, g.log(1.0, top))), line
    if k % 10 == 2:     # the same point, a pole under two longitudes
        h = g.sign() * 90.0
        line = [(h, float(g.i(-180, 180))), (h, float(g.i(-180, 180)))]
        line.insert(g.pick(0, 2), q(direct(line[0], g.azi(), top)))
        return q(off_line(g, line, g.log(1.0, top))), line
    for _ in range(g.i(1, 6 - len(line))):
        j = g.i(0, len(line) - 1)
        line.insert(j, line[j])
    if k % 10 == 3:
        site = line[g.i(0, len(line) - 1)]
    return site, line


MAKERS = {
    "local": make_local, "regional": make_regional, "long": make_long,
    "antimeridian": make_antimeridian, "polar": make_polar,
    "antipodal": make_antipodal, "near": make_near, "on": make_on,
    "vertex": make_vertex, "single": make_single, "duplicate": make_duplicate,
}


def accept(kind, a):
    if kind == "vertex":
        return a.at_vertex
    if kind == "near":
        return 0.0009 < a.distance < 100.1
    if kind == "on":
        return a.distance < 1e-7
    return True


def num(x):
    return repr(float(x) + 0.0)     # + 0.0: no negative zero


def clean(p):
    return (p[0] + 0.0, p[1] + 0.0)


def write_lines(path):
    with open(path, "w", newline="") as fh:
        out = csv.writer(fh, lineterminator="\n")
        out.writerow(["case", "kind", "site_lat", "site_lon", "line", "distance_m",
                      "nearest_lat", "nearest_lon", "segment"])
        for n, (kind, count) in enumerate(COUNTS.items()):
            g = Draw(SEED + n)
            for k in range(count):
                while True:
                    site, line, *tie = MAKERS[kind](g, k)
                    site, line = clean(site), [clean(p) for p in line]
                    a = solve(site, line)
                    if accept(kind, a) and (a.clear or tie):
                        break
                    STATS["redrawn"] += 1
                out.writerow([
                    f"{kind}-{k:03d}", kind, num(site[0]), num(site[1]),
                    ";".join(f"{num(p[0])} {num(p[1])}" for p in line),
                    num(a.distance), num(a.nearest[0]), num(a.nearest[1]), a.segment])
            print(f"{kind}: {count} rows", file=sys.stderr, flush=True)
    print(f"golden sections {STATS['golden']}, roots {STATS['roots']}, rows drawn "
          f"again {STATS['redrawn']}, largest difference of the two methods "
          f"{STATS['agree']:.2e} m", file=sys.stderr)


# ------------------------------------------------------------ inverse problem

def inverse_pairs(g):
    for _ in range(150):                        # anywhere
        yield g.anywhere(), g.anywhere()
    for _ in range(100):                        # 1 mm to 1 km
        p = g.anywhere()
        yield p, direct(p, g.azi(), g.log(1e-3, 1e3))
    for k in range(70):                         # 1 km to 1,000 km
        q = g.rounding()
        p = g.anywhere()
        yield q(p), q(direct(p, g.azi(), g.log(1e3, 1e6)))
    for k in range(60):                         # polar
        h = g.sign()
        p = (h * (90.0 - g.log(1e-6, 5.0)), g.azi())
        if k % 3 == 0:
            r = (-h * (90.0 - g.log(1e-6, 5.0)), g.azi())
        else:
            r = (h * (90.0 - g.log(1e-6, 5.0)), g.azi())
        if k % 10 == 0:
            p = (h * 90.0, float(g.i(-180, 180)))
        yield p, r
    for k in range(90):                         # antipodal, 1 m to 220 km
        p = g.anywhere()
        if k % 3 == 0:
            p = (g.u(-2.0, 2.0), p[1])
        yield p, direct(antipode(p), g.azi(), g.log(1.0, 220e3))
    for k in range(15):                         # along the equator
        yield (0.0, g.azi()), (0.0, g.azi())
    for k in range(15):                         # along a meridian
        lon = float(g.i(-180, 180))
        yield (g.u(-90.0, 90.0), lon), (g.u(-90.0, 90.0), lon)


def write_inverse(path):
    g = Draw(SEED + 100)
    with open(path, "w", newline="") as fh:
        out = csv.writer(fh, lineterminator="\n")
        out.writerow(["lat1", "lon1", "lat2", "lon2", "s12_m", "azi1_deg", "azi2_deg"])
        n = 0
        for p, q in inverse_pairs(g):
            p, q = clean(p), clean(q)
            r = GEOD.Inverse(p[0], p[1], q[0], q[1], M_DIST_AZI)
            out.writerow([num(x) for x in (p[0], p[1], q[0], q[1],
                                           r["s12"], r["azi1"], r["azi2"])])
            n += 1
    print(f"geodesic_inverse.csv: {n} rows", file=sys.stderr)


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else "all"
    if what in ("all", "inverse"):
        write_inverse(os.path.join(HERE, "geodesic_inverse.csv"))
    if what in ("all", "line"):
        write_lines(os.path.join(HERE, "point_to_line.csv"))
