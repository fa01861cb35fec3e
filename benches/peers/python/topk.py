"""The best hundred sites for "85 km from the border": those within the band whose distance is nearest to 85 km.

    python topk.py MODE LINES.csv SITES.csv COUNT REPEATS BEST.txt

writes `id,distance_m` of the best, one to a line, and one line of JSON to standard output. Modes:

postgis    PostGIS geography: ST_DWithin with a GiST index, then ORDER BY ... LIMIT
duckdb     DuckDB spatial: the same words over points in one UTM zone, on one thread; no index
geopandas  geopandas: sjoin_nearest with max_distance in one UTM zone, then the least of a column

Each has its sites loaded, projected and indexed before the clock starts; that is timed apart.
"""

import contextlib
import importlib.util
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import numpy

import measure
import postgis

OFFSET_M, BEST = 85_000, 100
# The 90 % interval of "about 85 km" in docs/CALIBRATION.md.
BAND_M = 70_000, 115_000

SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
jit = off
autovacuum = off
fsync = off
shared_buffers = 1GB
maintenance_work_mem = 1GB
max_wal_size = 8GB
"""
START_LIMIT_S, STOP_LIMIT_S = 60, 60

QUERY = f"""
SELECT id, distance_m FROM (
    SELECT s.id, ST_Distance(s.geog, b.geog) AS distance_m
    FROM site s JOIN border b ON ST_DWithin(s.geog, b.geog, {BAND_M[1]})
) d WHERE distance_m >= {BAND_M[0]} ORDER BY abs(distance_m - {OFFSET_M}), id LIMIT {BEST}
"""


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextlib.contextmanager
def server(found):
    """A server of our own on the loopback address, with a password of its own; stopped by its process id."""
    folder = tempfile.mkdtemp(prefix="postgis-topk-")
    # PostgreSQL refuses to run as root.
    owner = "postgres" if os.geteuid() == 0 else None
    data, secret, port = f"{folder}/data", f"{folder}/password", free_port()
    password = secrets.token_hex(16)
    pathlib.Path(secret).write_text(password + "\n", encoding="ascii")
    if owner:
        shutil.chown(folder, owner)
        shutil.chown(secret, owner)

    words = ["-D", data, "-A", "scram-sha-256", "--pwfile", secret, "-U", "peer", "-E", "UTF8", "--locale=C", "--no-sync"]
    process = None
    try:
        done = subprocess.run(
            [found / "initdb", *words], cwd=folder, user=owner, group=owner, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            sys.exit(f"initdb: {done.stderr or done.stdout}")
        with open(f"{data}/postgresql.conf", "a", encoding="utf-8") as file:
            file.write(SETTINGS.format(port=port))
        with open(f"{folder}/log", "w", encoding="utf-8") as log:
            process = subprocess.Popen(
                [found / "postgres", "-D", data], cwd=folder, user=owner, group=owner, stdout=log, stderr=log
            )
        ready = [found / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        until_s = time.monotonic() + START_LIMIT_S
        while subprocess.run(ready, check=False).returncode != 0:
            if process.poll() is not None or time.monotonic() > until_s:
                sys.exit(f"postgres did not start: {pathlib.Path(folder, 'log').read_text(encoding='utf-8')}")
            time.sleep(0.1)
        yield {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGUSER": "peer", "PGPASSWORD": password}
    finally:
        if process and process.poll() is None:
            # SIGINT is a fast shutdown.
            process.send_signal(signal.SIGINT)
            process.wait(STOP_LIMIT_S)
        shutil.rmtree(folder)


def psql(found, place, script):
    words = [found / "psql", "-d", "postgres", "-XqAt", "-v", "ON_ERROR_STOP=1"]
    environment = {**os.environ, **place}
    text = "\n".join(script) + "\n"
    done = subprocess.run(words, input=text, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"psql: {done.stderr}")
    return done.stdout.splitlines()


def load(asked):
    """Border and sites, as a script for psql."""
    parts = ",".join("(" + ",".join(f"{lon} {lat}" for lon, lat in part) + ")" for part in asked.parts)
    yield "CREATE EXTENSION postgis;"
    yield "CREATE TABLE border (geog geography);"
    yield f"INSERT INTO border VALUES ('SRID=4326;MULTILINESTRING({parts})');"
    yield "CREATE TABLE site (id integer, geog geography(Point, 4326));\nCOPY site FROM STDIN;"
    yield from (f"{number}\tSRID=4326;POINT({lon} {lat})" for number, (lon, lat) in enumerate(zip(asked.lon, asked.lat)))
    yield "\\.\nCREATE INDEX ON site USING gist (geog);\nVACUUM ANALYZE;"


def by_postgis(asked):
    found = postgis.programs()
    now = "SELECT 'clock', extract(epoch FROM clock_timestamp()), pg_read_file('/proc/self/stat');"
    script = ["SELECT 'version', extversion, current_setting('server_version') FROM pg_extension WHERE extname = 'postgis';"]
    script += ["\\o /dev/null", f"{QUERY};", "\\o"]
    for _ in range(asked.repeats):
        script += [now, f"COPY ({QUERY}) TO STDOUT WITH (FORMAT csv);", now]
    script += ["SELECT 'status', pg_read_file('/proc/self/status');", f"EXPLAIN {QUERY};"]
    with server(found) as place:
        before_s = time.perf_counter()
        psql(found, place, load(asked))
        prepare_s = time.perf_counter() - before_s
        lines = psql(found, place, script)
    clocks = [line.split("|") for line in lines if line.startswith("clock|")]
    pairs = list(zip(clocks[::2], clocks[1::2]))
    ticks = [postgis.ticks(after[2]) - postgis.ticks(before[2]) for before, after in pairs]
    best = [line.split(",") for line in lines if line[:1].isdigit() and "," in line][-BEST:]
    version = next(line.split("|") for line in lines if line.startswith("version|"))
    return {
        "version": f"PostGIS {version[1]}, PostgreSQL {version[2].split()[0]}",
        "prepare_s": prepare_s,
        "wall_s": [float(after[1]) - float(before[1]) for before, after in pairs],
        "cpu_s": [count / postgis.TICKS for count in ticks],
        "memory_mb": next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")),
        "index": any("Index Scan" in line for line in lines),
        "best": [(int(number), float(distance_m)) for number, distance_m in best],
    }


def timed(asked, version, prepare_s, best, index):
    """Asks once for warmth, then `repeats` times."""
    found, wall_s, cpu_s = best(), [], []
    for _ in range(asked.repeats):
        before = time.perf_counter(), time.process_time()
        found = best()
        wall_s.append(time.perf_counter() - before[0])
        cpu_s.append(time.process_time() - before[1])
    return {
        "version": version,
        "prepare_s": prepare_s,
        "wall_s": wall_s,
        "cpu_s": cpu_s,
        "memory_mb": measure.memory_mb(),
        "index": index,
        "best": [(int(number), float(distance_m)) for number, distance_m in found],
    }


def by_duckdb(asked):
    import duckdb

    before_s = time.perf_counter()
    package = pathlib.Path(importlib.util.find_spec("duckdb_extension_spatial").origin).parent
    extension = next(package.glob("extensions/*/spatial.duckdb_extension"))
    database = duckdb.connect(config={"threads": 1, "allow_unsigned_extensions": "true"})
    database.execute(f"LOAD '{extension}'")
    parts = ", ".join("(" + ", ".join(f"{lon} {lat}" for lon, lat in part) + ")" for part in asked.parts)
    # The last argument is geometry_always_xy: longitude first.
    project = f"'EPSG:4326', '{measure.UTM}', true)"
    line = f"ST_Transform(ST_GeomFromText('MULTILINESTRING ({parts})'), {project}"
    database.execute(f"CREATE TABLE border AS SELECT {line} AS geom")
    sites = {"id": numpy.arange(len(asked.lat)), "lat": asked.lat, "lon": asked.lon}  # noqa: F841  (the query names it)
    database.execute(f"CREATE TABLE site AS SELECT id, ST_Transform(ST_Point(lon, lat), {project} AS geom FROM sites")
    prepare_s = time.perf_counter() - before_s
    query = QUERY.replace("geog", "geom")
    return timed(asked, f"DuckDB {duckdb.__version__}", prepare_s, lambda: database.execute(query).fetchall(), False)


def by_geopandas(asked):
    import geopandas
    import shapely

    before_s = time.perf_counter()
    border = geopandas.GeoDataFrame(geometry=shapely.linestrings(asked.segments()), crs="EPSG:4326").to_crs(measure.UTM)
    # The index is built at the first use, and kept.
    border.sindex.query(border.geometry.iloc[0])
    points = geopandas.points_from_xy(asked.lon, asked.lat, crs="EPSG:4326")
    sites = geopandas.GeoDataFrame(geometry=points).to_crs(measure.UTM)
    prepare_s = time.perf_counter() - before_s

    def best():
        found = geopandas.sjoin_nearest(sites, border, max_distance=BAND_M[1], distance_col="distance_m")["distance_m"]
        # A site is listed once for each segment that is equally near.
        found = found[~found.index.duplicated()]
        found = found[found >= BAND_M[0]]
        nearest = (found - OFFSET_M).abs().nsmallest(BEST).index
        return list(zip(nearest, found[nearest]))

    version = f"geopandas {geopandas.__version__}, Shapely {shapely.__version__}"
    return timed(asked, version, prepare_s, best, True)


def main():
    asked = measure.task()
    found = {"postgis": by_postgis, "duckdb": by_duckdb, "geopandas": by_geopandas}[asked.mode](asked)
    best = found.pop("best")
    if len(best) != BEST:
        sys.exit(f"{len(best)} sites, expected {BEST}")
    with open(asked.output, "w", encoding="ascii") as file:
        file.writelines(f"{number},{distance_m!r}\n" for number, distance_m in best)
    print(json.dumps({**found, "sites": len(asked.lat)}))


if __name__ == "__main__":
    main()
