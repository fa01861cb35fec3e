"""The table of all results, as Markdown."""

import json
import math
import os
import pathlib
import platform
import subprocess
import sys

import peers

BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"
# The reference is no better than some tens of nanometres.
LEAST_M = 1e-7


def metres(value_m):
    """Two significant digits, in a unit that fits."""
    if value_m < LEAST_M:
        return "< 0.1 µm"
    units = ("km", 1e3, 1e3), ("m", 1.0, 0.1), ("mm", 1e-3, 1e-4), ("µm", 1e-6, 0.0)
    unit, size_m, _ = next(one for one in units if value_m >= one[2])
    value = value_m / size_m
    digits = 1 - math.floor(math.log10(value))
    return f"{round(value, digits):.{max(0, digits)}f} {unit}"


def rate(per_s):
    """Two significant digits, three from 100,000 on."""
    step = 10 ** max(0, math.floor(math.log10(per_s)) - (2 if per_s >= 1e5 else 1))
    return f"{round(per_s / step) * step:,}"


def numbers(path):
    return [float(line) for line in path.read_text(encoding="ascii").split()]


class Results:
    """What was found in a folder."""

    def __init__(self, folder):
        self.folder = folder / "results"
        self.reference_m = {what: numbers(self.folder / f"reference-{what}.txt") for what in peers.FILES}

    def of(self, peer, what):
        path = self.folder / f"{peer.key}-{what}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"missing": "not measured"}

    def errors_m(self, peer, what):
        """Greatest, 99th percentile, median."""
        found = numbers(self.folder / f"{peer.key}-{what}.txt")
        off = sorted(abs(one - other) for one, other in zip(found, self.reference_m[what]))
        if not all(map(math.isfinite, off)):
            sys.exit(f"{peer.key}: a distance is not a number")
        return off[-1], off[math.ceil(0.99 * len(off)) - 1], off[(len(off) - 1) // 2]


def row(results, peer):
    found = {what: results.of(peer, what) for what in peers.FILES}
    border, world = found[peers.BORDER], found[peers.WORLD]
    version = next((one["version"] for one in found.values() if "version" in one), None)
    title = f"{peer.title} ({version})" if version else peer.title
    cells = [title, peer.computes]
    if "missing" in border:
        return [*cells, "–", f"**not measured**: {border['missing']}".replace("|", "/"), "–", "–", "–", "–", "–"]
    few = border["sites"] < len(results.reference_m[peers.BORDER])
    speed = rate(border["sites"] / border["cpu_s"])
    cells += [speed + (f" (of {border['sites']:,} sites)" if few else ""), joined(results.errors_m(peer, peers.BORDER))]
    near = found[peers.NEAR]
    if "cpu_s" not in world or "cpu_s" not in near:
        why = world.get("omitted") or world.get("missing") or near["missing"]
        return [*cells, "–", f"– ({why})".replace("|", "/"), "–", "–", f"{border['memory_mb']:.0f} / –"]
    cells += [rate(near["sites"] / near["cpu_s"]), joined(results.errors_m(peer, peers.NEAR))]
    cells += [rate(world["sites"] / world["cpu_s"]), metres(results.errors_m(peer, peers.WORLD)[0])]
    return [*cells, f"{border['memory_mb']:.0f} / {world['memory_mb']:.0f}"]


def beaten(results):
    """The peers that are faster than siteband, or need less memory, as sentences."""
    ours = peers.PEERS[0]
    called = {
        peers.BORDER: "on the border",
        peers.NEAR: "on the world within 1,000 km",
        peers.WORLD: "on the world, anywhere",
    }

    if any("cpu_s" not in results.of(ours, what) for what in called):
        yield "not known: siteband was not measured."
        return

    def list_of(what, value, better):
        own = value(results.of(ours, what))
        found = [(peer.key, value(results.of(peer, what))) for peer in peers.PEERS
                 if not peer.key.startswith("siteband") and "cpu_s" in results.of(peer, what)]
        return [key for key, theirs in found if better(theirs, own)]

    for what, where in called.items():
        faster = list_of(what, lambda one: one["sites"] / one["cpu_s"], lambda theirs, own: theirs > own)
        yield f"Faster than `nearest_all` {where}: {', '.join(faster) or 'none'}."
    for what in peers.BORDER, peers.WORLD:
        smaller = list_of(what, lambda one: one["memory_mb"], lambda theirs, own: theirs < own)
        yield f"Less memory {called[what]}: {', '.join(smaller) or 'none'}."


def joined(errors_m):
    return " / ".join(map(metres, errors_m))


def machine():
    """The processor, the cores, the system, the compilers."""
    lines = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    processor = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
    release = platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    compilers = ", ".join(first_line([*words]) for words in (("rustc", "--version"), ("g++", "--version")))
    return f"{processor}, {os.cpu_count()} cores, {release}, {compilers}, Python {platform.python_version()}"


def first_line(command):
    try:
        lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    except OSError:
        lines = []
    return lines[0] if lines else f"no {pathlib.Path(command[0]).name}"


def commit():
    """What is measured; a plus where files differ from it."""
    git = ["git", "-C", str(peers.HERE.parents[1])]
    changed = first_line([*git, "status", "--porcelain", "--", "src", "benches", "Cargo.toml", "Cargo.lock"])
    return first_line([*git, "describe", "--always"]) + ("+" if not changed.startswith("no ") else "")


def markdown(folder):
    results = Results(folder)
    rows = [row(results, peer) for peer in peers.PEERS]
    dates = sorted({results.of(peer, what)["date"] for peer in peers.PEERS for what in peers.FILES
                    if "date" in results.of(peer, what)})
    check = json.loads((results.folder / "check.json").read_text(encoding="utf-8"))
    measured = results.of(peers.PEERS[0], peers.BORDER).get("commit", "no commit")
    counts = {what: f"{len(found):,}" for what, found in results.reference_m.items()}
    head = [
        "peer",
        "what it computes",
        "border: sites/s",
        "border: error, max / p99 / median",
        "world, within 1,000 km: sites/s",
        "there: error, max / p99 / median",
        "world, anywhere: sites/s",
        "there: error, max",
        "memory, MB, border / world",
    ]
    text = [
        f"Measured {' to '.join(dates[:1] + dates[1:][-1:])}, siteband at {measured}, on {machine()}.",
        f"Border: {counts[peers.BORDER]} sites. World: {counts[peers.WORLD]} sites over land, of which "
        f"{counts[peers.NEAR]} are within 1,000 km of a land border.",
        "",
        "|" + "|".join(f" {cell} " for cell in head) + "|",
        "|---|---|--:|---|--:|---|--:|--:|--:|",
        *("|" + "|".join(f" {cell} " for cell in cells) + "|" for cells in rows),
        "",
        "The reference was checked: " + "; ".join(
            f"{one['sites']:,} sites ({one['what']}) against {one['against']}, {metres(one['gap_m'])} off at most"
            for one in check) + ".",
        "",
        "What siteband loses, by name of the peer in `run.sh --list`:",
        "",
        *(f"- {sentence}" for sentence in beaten(results)),
    ]
    return "\n".join(text)


def put(path, text):
    """Replaces what stands between the marks of a file."""
    page = path.read_text(encoding="utf-8")
    if page.count(BEGIN) != 1 or page.count(END) != 1:
        sys.exit(f"{path}: expected the marks {BEGIN} and {END} once each")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
