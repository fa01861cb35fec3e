"""Scores sites on a Spark cluster of one machine (a master and two workers, as processes on loopback), and holds every number against those
of `siteband score`.

    python spark_cluster.py SITEBAND            a minute: 200,000 sites in 8 files
    python spark_cluster.py SITEBAND long       20 million sites in 64 files, and again with an executor killed on the way

SITEBAND is the command, built in release mode with the feature `parquet`; the interpreter has the wheel and pyspark. Whatever is started
here is stopped here, by its process id.
"""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import numpy
import pyarrow
import pyarrow.compute
import pyarrow.dataset
import pyarrow.parquet
import pyspark
from pyspark.sql import SparkSession

import siteband
from siteband.spark import account, score, top_k

SCENARIO = pathlib.Path(__file__).resolve().parents[3] / "data/scenarios/sino-ri.toml"
WORLD_ROWS = 500_000
COLUMNS = ["id", "number", "lat", "lon", "tags"]


def say(*words):
    print(*words, flush=True)


def hilbert(x, y, bits=16):
    """Where points of a grid come on Hilbert's curve."""
    x, y = x.astype(numpy.int64), y.astype(numpy.int64)
    distance = numpy.zeros_like(x)
    for bit in reversed(range(bits)):
        side = 1 << bit
        right, upper = (x & side) > 0, (y & side) > 0
        distance += side * side * ((3 * right) ^ upper)
        flipped = ~upper & right
        x, y = numpy.where(flipped, side - 1 - (x & (side - 1)), x & (side - 1)), numpy.where(flipped, side - 1 - (y & (side - 1)), y & (side - 1))
        x, y = numpy.where(~upper, y, x), numpy.where(~upper, x, y)
    return distance


def make_sites(folder, rows, files, world):
    """Sites in and around the country, or across the world in the order of Hilbert's curve; some with tags, some that are no sites."""
    random = numpy.random.default_rng(2012)
    if world:
        lat = numpy.degrees(numpy.arcsin(random.uniform(-1, 1, rows)))
        lon = random.uniform(-180, 180, rows)
        # One in fifty near the country: a list of the world is denser where people look.
        near = random.random(rows) < 0.02
        lat[near], lon[near] = random.uniform(37.5, 43.1, near.sum()), random.uniform(124, 131, near.sum())
        order = numpy.argsort(hilbert((lon + 180) / 360 * 65535, (lat + 90) / 180 * 65535), kind="stable")
        lat, lon = lat[order], lon[order]
    else:
        lat, lon = random.uniform(37.5, 43.1, rows), random.uniform(124, 131, rows)
        lat[7::50000] = 95
    number = numpy.arange(rows)
    tags = numpy.where(number % 97 == 0, "training", "")
    folder.mkdir()
    for file, part in enumerate(numpy.array_split(number, files)):
        ids = numpy.char.add("s", part.astype(str))
        table = pyarrow.table([ids, part, lat[part], lon[part], tags[part]], COLUMNS)
        pyarrow.parquet.write_table(table, folder / f"part-{file:03}.parquet", row_group_size=5_000 if world else 20_000)


class Cluster:
    """A master and two workers."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []
        port, ui = free_port(), free_port()
        self.url = f"spark://127.0.0.1:{port}"
        self.start("master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(ui))
        self.workers = [
            self.start("worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "3g", "--work-dir", str(folder / f"work-{at}"), "--webui-port", "0", self.url)
            for at in range(2)
        ]

    def start(self, of, *arguments):
        command = [pathlib.Path(pyspark.__file__).parent / "bin/spark-class", f"org.apache.spark.deploy.{of}", *arguments]
        log = open(self.folder / f"{len(self.processes)}.log", "wb")
        environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_NO_DAEMONIZE": "1"}
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        self.processes.append(process)
        return process

    def executors(self):
        """The process ids of the executors that the workers have started."""
        parents = [process.pid for process in self.workers]
        found = []
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                if parent in parents and b"CoarseGrainedExecutorBackend" in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except (OSError, IndexError):
                continue
        return found

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def rows_read(spark, since=0):
    """How many rows Spark's queries have taken from files, but for those of the first `since`, and how many queries there were; by Spark's own
    account."""
    base = f"{spark.sparkContext.uiWebUrl}/api/v1/applications/{spark.sparkContext.applicationId}"
    queries = json.load(urllib.request.urlopen(f"{base}/sql?details=true&length=1000"))
    scans = [node for query in queries[since:] for node in query["nodes"] if node["nodeName"].startswith("Scan parquet")]
    metrics = [metric for node in scans for metric in node["metrics"] if metric["name"] == "number of output rows"]
    return sum(int(metric["value"].replace(",", "")) for metric in metrics), len(queries)


def columns(folder):
    """A function that reads a column of the sites of a folder, in the order of their numbers, and the names of the columns."""
    data = pyarrow.dataset.dataset(folder, format="parquet")
    is_site = pyarrow.compute.field("rejected").is_null() if "rejected" in data.schema.names else None
    read = lambda name: data.to_table(columns=[name], filter=is_site)[name].combine_chunks()
    order = numpy.argsort(read("number").to_numpy())
    return lambda name: read(name).take(order), [name for name in data.schema.names if name != "rejected"]


def same_folders(found, expected, what):
    """Every column of the sites of two folders, to the bit; one column at a time, for they may be many. How many sites there are."""
    (found, names), (expected, expected_names) = columns(found), columns(expected)
    assert names == expected_names, f"{what}: {names} instead of {expected_names}"
    for name in names:
        same_bits(found(name), expected(name), f"{what}, {name}")
    return len(expected("number"))


def same_bits(one, other, what):
    assert len(one) == len(other), f"{what}: {len(one)} values instead of {len(other)}"
    if pyarrow.types.is_floating(one.type):
        one, other = (column.to_numpy(zero_copy_only=False).view(numpy.int64) for column in (one, other))
        assert numpy.array_equal(one, other), f"{what}: other numbers"
    else:
        assert one.equals(other.cast(one.type)), f"{what}: other values"


def main():
    command = pathlib.Path(sys.argv[1]).resolve()
    is_long = sys.argv[2:] == ["long"]
    rows, files = (20_000_000, 64) if is_long else (200_000, 8)
    # The Python of the executors: this one, which has the wheel.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    scenario = siteband.read_scenario(SCENARIO)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_sites(folder / "sites", rows, files, world=False)
        # Distances far away take some seventy times as long, and to compare with, all of them are measured.
        make_sites(folder / "world", WORLD_ROWS if is_long else rows // 2, files, world=True)
        say(f"{rows} sites in {files} files")

        start = time.monotonic()
        (folder / "expected").mkdir()
        for file in sorted((folder / "sites").iterdir()):
            done = subprocess.run([command, "score", SCENARIO, "--sites", file, "-o", folder / "expected" / file.name, "--rejects", folder / "rejects.csv"], capture_output=True, text=True)
            assert done.returncode <= 1, done.stderr
        say(f"siteband score: {time.monotonic() - start:.1f} s")

        cluster = Cluster(folder)
        try:
            spark = (
                SparkSession.builder.master(cluster.url)
                .config("spark.ui.showConsoleProgress", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.executor.memory", "2g")
                .config("spark.sql.execution.arrow.maxRecordsPerBatch", "100000")
                .config("spark.ui.port", str(free_port()))
                .getOrCreate()
            )
            spark.sparkContext.setLogLevel("ERROR")
            check(spark, cluster, scenario, folder, rows, is_long)
        finally:
            try:
                SparkSession.getActiveSession() and SparkSession.getActiveSession().stop()
            finally:
                cluster.stop()
    say("all is as it should be")


def check(spark, cluster, scenario, folder, rows, is_long):
    start = time.monotonic()
    sites = spark.read.parquet(str(folder / "sites"))
    score(sites, scenario).write.parquet(str(folder / "scored"))
    took_s = time.monotonic() - start
    say(f"Spark: {took_s:.1f} s, {rows / took_s / 1e6:.2f} million sites/s")
    count = same_folders(folder / "scored", folder / "expected", "Spark")
    of = account(spark.read.parquet(str(folder / "scored")))
    assert of == {"scored": count, "rejected": rows - count}, of
    say(f"the same bits as siteband score, {of['rejected']} rows rejected with their reasons")

    if is_long:
        kill(cluster, scenario, sites, folder, took_s)

    # A file that a crawler cut in half is named.
    bad = folder / "with-a-bad-file"
    bad.mkdir()
    whole = sorted((folder / "sites").iterdir())[:2]
    for file in whole:
        os.symlink(file, bad / file.name)
    (bad / "part-999.parquet").write_bytes(whole[0].read_bytes()[:50_000])
    try:
        score(spark.read.schema(sites.schema).parquet(str(bad)), scenario).write.parquet(str(folder / "never"))
    except Exception as error:
        assert "part-999.parquet" in str(error), error
        say("a bad file is named in the error")
    else:
        raise AssertionError("a bad file went unnoticed")

    # The best of the world, reading only where they can be.
    world = spark.read.parquet(str(folder / "world"))
    in_world = world.count()
    _, before = rows_read(spark)
    best = top_k(world, scenario, 100).toArrow()
    read, before = rows_read(spark, before)
    everything = score(world, scenario).where("rejected is null").orderBy("log_likelihood", ascending=False).limit(1000).toArrow()
    assert rows_read(spark, before)[0] == in_world, "Spark's account of what it reads"
    everything = everything.sort_by([("log_likelihood", "descending"), ("id", "ascending")]).slice(0, 100)
    for name in everything.column_names:
        same_bits(best[name].combine_chunks(), everything[name].combine_chunks(), f"top_k, {name}")
    say(f"top_k of {in_world} sites across the world: the same 100, {100 * read / in_world:.2f} % of the rows read")
    if is_long:
        assert 0 < read < 0.05 * in_world, (read, in_world)


def kill(cluster, scenario, sites, folder, took_s):
    """The same with an executor killed in the middle."""
    killed = []

    def later():
        time.sleep(took_s / 2)
        killed.extend(cluster.executors()[:1])
        for pid in killed:
            os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=later)
    killer.start()
    score(sites, scenario).write.parquet(str(folder / "again"))
    killer.join()
    assert killed, "no executor was there to be killed"
    same_folders(folder / "again", folder / "expected", "after a kill")
    say(f"the same bits after executor {killed[0]} was killed")


if __name__ == "__main__":
    main()
