"""PostGIS geography: a server of its own, on a socket in a temporary folder, started and stopped here.

tree  ST_Distance to the whole border as one geography, which PostGIS keeps in a tree between rows
knn   the nearest segment by the operator <-> and a GiST index, then ST_Distance to it

Time is that of the server process which answers, parallel queries and JIT being off.
"""

import contextlib
import glob
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import measure

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
max_parallel_workers_per_gather = 0
jit = off
autovacuum = off
fsync = off
shared_buffers = 256MB
"""
EVERY_DISTANCE = {
    "tree": "SELECT s.id, ST_Distance(b.geog, s.geog) AS distance_m FROM border b CROSS JOIN site s",
    "knn": "SELECT s.id, n.distance_m FROM site s CROSS JOIN LATERAL ("
    "SELECT ST_Distance(g.geog, s.geog) AS distance_m FROM segment g ORDER BY g.geog <-> s.geog LIMIT 1) n",
}
TICKS = os.sysconf("SC_CLK_TCK")


def programs():
    """The folder of the newest server that has PostGIS."""
    for folder in sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: -float(path.split("/")[-2])):
        share = subprocess.run([f"{folder}/pg_config", "--sharedir"], capture_output=True, text=True, check=False).stdout
        if pathlib.Path(share.strip(), "extension", "postgis.control").exists():
            return pathlib.Path(folder)
    sys.exit("no PostgreSQL server with PostGIS: see install.sh")


@contextlib.contextmanager
def server(found):
    """A server of our own; yields its folder, which has its socket."""
    folder = tempfile.mkdtemp(prefix="postgis-")
    # PostgreSQL refuses to run as root.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "postgres")
    data = f"{folder}/data"

    def run(*words):
        done = subprocess.run([*user, *map(str, words)], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{pathlib.Path(words[0]).name}: {done.stderr or done.stdout}")

    try:
        run(found / "initdb", "-D", data, "-A", "trust", "-U", "peer", "-E", "UTF8", "--locale=C", "--no-sync")
        with open(f"{data}/postgresql.conf", "a", encoding="utf-8") as file:
            file.write(SETTINGS.format(folder=folder))
        run(found / "pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "start")
        try:
            yield folder
        finally:
            run(found / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder)


def load(asked):
    """The tables, as a script for psql."""
    def place(lon, lat):
        return f"{lon} {lat}"

    parts = ",".join("(" + ",".join(place(*at) for at in part) + ")" for part in asked.parts)
    segments = (f"SRID=4326;LINESTRING({place(*one)},{place(*other)})" for one, other in asked.segments())
    sites = (f"{number}\tSRID=4326;POINT({place(lon, lat)})" for number, (lon, lat) in enumerate(zip(asked.lon, asked.lat)))
    yield "CREATE EXTENSION postgis;"
    for table, columns, rows in (
        ("border", "geog geography", [f"SRID=4326;MULTILINESTRING({parts})"]),
        ("segment", "geog geography", segments),
        ("site", "id integer, geog geography", sites),
    ):
        yield f"CREATE TABLE {table} ({columns});\nCOPY {table} FROM STDIN;"
        yield from rows
        yield "\\."
    yield "CREATE INDEX ON segment USING gist (geog);\nVACUUM ANALYZE;"


def psql(found, folder, script):
    """What a script prints, as lines."""
    words = [str(found / "psql"), "-h", folder, "-U", "peer", "-d", "postgres", "-XqAt", "-v", "ON_ERROR_STOP=1"]
    done = subprocess.run(words, input="\n".join(script) + "\n", capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"psql: {done.stderr}")
    return done.stdout.splitlines()


def ticks(stat):
    """User and system time of a process from its /proc/self/stat, in clock ticks."""
    fields = stat.rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def main():
    asked = measure.task()
    found = programs()
    query = EVERY_DISTANCE[asked.mode]
    used = "SELECT pg_read_file('/proc/self/stat');"
    script = ["SELECT 'version', extversion FROM pg_extension WHERE extname = 'postgis';"]
    script += [f"{used}\nSELECT 'greatest', max(distance_m) FROM ({query}) d;\n{used}"] * asked.repeats
    script += ["SELECT pg_read_file('/proc/self/status');"]
    script += [f"COPY (SELECT 'distance', distance_m FROM ({query}) d ORDER BY id) TO STDOUT WITH (DELIMITER '|');"]
    script += ["SELECT 'server', current_setting('server_version');"]
    with server(found) as folder:
        psql(found, folder, load(asked))
        # A session of its own, so that its memory is that of the query.
        lines = psql(found, folder, script)
    said = dict(line.split("|") for line in lines if line.startswith(("version|", "server|")))
    stats = [ticks(line) for line in lines if ") " in line and line[0].isdigit()]
    cpu_s = min(after - before for before, after in zip(stats[::2], stats[1::2])) / TICKS
    held_mb = next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))
    distances_m = [float(line.split("|")[1]) for line in lines if line.startswith("distance|")]
    version = f"PostGIS {said['version']}, PostgreSQL {said['server'].split()[0]}"
    measure.answer(asked, version, distances_m, cpu_s, 0.0, held_mb)


if __name__ == "__main__":
    main()
