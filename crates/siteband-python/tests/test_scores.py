"""Scores and rankings of frames of every kind, held against the command."""

import csv
import json
import pickle
import subprocess
import sys
import warnings

import geopandas
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest
from conftest import ROOT

import siteband as sb

ROWS = 3_000


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(2012)
    return pd.DataFrame(
        {
            "id": [f"s{row}" for row in range(ROWS)],
            "lat": rng.uniform(37.5, 43.1, ROWS),
            "lon": rng.uniform(124.0, 131.0, ROWS),
            "tags": ["training" if row % 97 == 0 else "" for row in range(ROWS)],
            "uncertainty_m": 0.0,
            "note": range(ROWS),
        },
        index=pd.RangeIndex(7, 7 + ROWS, name="row"),
    )


@pytest.fixture(scope="module")
def scores(scenario, frame):
    return scenario.score(frame)


def added(scores):
    return [name for name in scores.columns if name.startswith(("log_likelihood", "decibans")) or name.endswith(("_distance_m", "_log_likelihood"))]


def test_pandas_keeps_its_index_and_columns(frame, scores):
    assert type(scores) is pd.DataFrame and scores.index.equals(frame.index)
    pd.testing.assert_frame_equal(scores[frame.columns], frame)
    assert list(scores.columns[6:9]) == ["log_likelihood", "decibans", "diplomat-1_distance_m"]
    assert scores.columns[-1] == "rejected" and scores["rejected"].isna().all()


def test_kinds_in_are_kinds_out(scenario, frame, scores):
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for kind, rows in [(pa.Table, table), (pa.RecordBatch, table.combine_chunks().to_batches()[0]), (pl.DataFrame, pl.from_arrow(table))]:
        of = scenario.score(rows)
        assert type(of) is kind
        for name in added(scores):
            assert np.array_equal(np.asarray(of[name]), scores[name]), (kind, name)

    class Stream:
        def __arrow_c_stream__(self, requested_schema=None):
            return table.__arrow_c_stream__(requested_schema)

    assert scenario.score(Stream()).column("decibans").to_pylist() == scores["decibans"].tolist()


def test_chunks_change_no_bit(scenario, frame, scores):
    table = pa.Table.from_pandas(frame, preserve_index=False)
    batches = [batch for at in range(0, ROWS, 701) for batch in table.slice(at, 701).to_batches()]
    parts = [scenario.score_batch(batch) for batch in batches]
    assert pa.Table.from_batches(parts)["log_likelihood"].to_pylist() == scores["log_likelihood"].tolist()
    assert scenario.score(pa.Table.from_batches(batches))["log_likelihood"].to_pylist() == scores["log_likelihood"].tolist()
    empty = scenario.score_batch(batches[0].slice(0, 0))
    assert empty.num_rows == 0 and empty.schema.names == parts[0].schema.names
    assert scenario.score(frame.iloc[:0]).columns.tolist() == scores.columns.tolist()


def test_a_batch_is_not_copied(scenario):
    lat, lon = np.array([39.6472, 40.2]), np.array([125.3675, 125.1])
    batch = pa.record_batch({"lat": pa.array(lat), "lon": pa.array(lon)})
    scored = scenario.score_batch(batch)
    assert scored["lat"].buffers()[1].address == lat.ctypes.data
    assert scored["lon"].buffers()[1].address == lon.ctypes.data


def test_scores_are_the_command_s_to_the_bit(scenario, frame, scores, command, tmp_path):
    sites, output = tmp_path / "sites.csv", tmp_path / "scores.csv"
    # The shortest digits that give the same numbers again.
    frame.to_csv(sites, index=False)
    ran = command("score", "data/scenarios/sino-ri.toml", "--sites", sites, "-o", output)
    assert ran.returncode == 0, ran.stderr
    by_path = scenario.score(sites)
    with open(output, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == ROWS
    for name in added(scores):
        expected = [float(row[name]) for row in rows]
        assert scores[name].tolist() == expected, name
        assert by_path[name].to_pylist() == expected, name


def test_ranks_are_the_command_s_to_the_bit(scenario, command):
    ran = command("rank", "data/scenarios/sino-ri.toml", "--format", "json", "--no-robustness")
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    ranking = scenario.rank()
    assert ranking.none_of_these == said["none_of_these"] and ranking.prior_none == said["prior_none"]
    rows = ranking.table.to_pylist()
    assert [row["id"] for row in rows] == [row["id"] for row in said["ranking"]]
    for row, expected in zip(rows, said["ranking"]):
        assert (row["rank"], row["posterior"], row["log_likelihood"]) == (expected["rank"], expected["posterior"], expected["log_likelihood"])
        for evidence in expected["evidence"]:
            assert row[f"{evidence['claim']}_log_likelihood"] == evidence["log_likelihood"]
            assert row.get(f"{evidence['claim']}_distance_m") == evidence["distance_m"]
    assert list(ranking.groups.items()) == [(group["group"], group["posterior"]) for group in said["groups"]]


def test_it_prints_as_the_command(scenario, command):
    ran = command("rank", "data/scenarios/sino-ri.toml")
    printed = [line for line in ran.stdout.splitlines() if not line.startswith("  more: ")]
    assert [line for line in str(scenario.rank()).splitlines() if not line.startswith("  more: ")] == printed


def test_ranking_of_frames(scenario, frame):
    some = frame.iloc[:200]
    ranking = scenario.rank(some)
    table = ranking.table
    assert type(table) is pd.DataFrame and table["rank"].tolist() == list(range(1, 201))
    assert table.loc[table.index].equals(table) and set(table.index) == set(some.index)
    pd.testing.assert_frame_equal(table[frame.columns].sort_index(), some)
    assert table["posterior"].sum() + ranking.none_of_these == pytest.approx(1)
    assert ranking.top(3).equals(table.head(3)) and len(ranking) == 200
    of_polars = scenario.rank(pl.from_pandas(some))
    assert type(of_polars.table) is pl.DataFrame and of_polars.table["posterior"].to_list() == table["posterior"].tolist()
    without_ids = scenario.rank(some.drop(columns="id"))
    assert sorted(without_ids.table["posterior"]) == sorted(table["posterior"])
    assert scenario.rank(some, reading="literal").reading == "literal"


def test_geopandas_reprojects_by_its_own_system(scenario, frame):
    some = frame.iloc[:300]
    points = geopandas.GeoDataFrame(some.drop(columns=["lat", "lon"]), geometry=geopandas.points_from_xy(some["lon"], some["lat"]), crs=4326)
    by_degrees = scenario.score(some)
    by_points = scenario.score(points)
    assert type(by_points) is geopandas.GeoDataFrame and by_points.crs == points.crs
    assert by_points["log_likelihood"].equals(by_degrees["log_likelihood"])
    for code in (3857, 5179):
        projected = points.to_crs(code)
        scored = scenario.score(projected)
        assert scored.crs.to_epsg() == code and scored.geometry.equals(projected.geometry)
        off = (scored["diplomat-1_distance_m"] - by_degrees["diplomat-1_distance_m"]).abs().max()
        assert off < 2e-6, (code, off)
    ranking = scenario.rank(points.to_crs(5179))
    assert type(ranking.table) is geopandas.GeoDataFrame and ranking.table.crs.to_epsg() == 5179
    with pytest.raises(sb.Error, match="no coordinate reference system"):
        scenario.score(points.set_crs(None, allow_override=True))
    # Arrow says so itself.
    with pytest.raises(sb.Error, match="another coordinate reference system"):
        scenario.score(pa.table(points.to_crs(5179).to_arrow(index=False)))
    for encoding in ("WKB", "geoarrow"):
        for interleaved in (True, False):
            arrow = pa.table(points.to_arrow(index=False, geometry_encoding=encoding, interleaved=interleaved))
            assert scenario.score(arrow)["log_likelihood"].to_pylist() == by_degrees["log_likelihood"].tolist()


def test_files_of_every_kind(scenario, frame, scores, tmp_path):
    frame.to_parquet(tmp_path / "sites.parquet")
    assert scenario.score(tmp_path / "sites.parquet")["decibans"].to_pylist() == scores["decibans"].tolist()
    points = geopandas.GeoDataFrame(frame, geometry=geopandas.points_from_xy(frame["lon"], frame["lat"]), crs=4326).drop(columns=["lat", "lon"])
    points.to_parquet(tmp_path / "points.parquet")
    assert scenario.score(tmp_path / "points.parquet")["decibans"].to_pylist() == scores["decibans"].tolist()
    with pytest.raises(sb.Error, match="sites.ods: "):
        (tmp_path / "sites.ods").write_text("")
        scenario.score(tmp_path / "sites.ods")
    with pytest.raises(sb.Error, match="nowhere.parquet"):
        scenario.score(tmp_path / "nowhere.parquet")


def test_rejected_rows_keep_their_place(scenario):
    rows = pd.DataFrame({"id": ["a", "b", "", "d", "A"], "lat": [39.0, 95.0, 39.0, None, 39.5], "lon": [125.0] * 5, "prior": [1, 1, 1, 1, 2.0]})
    with pytest.warns(sb.RejectedRows, match=r"2 of 5 rows scored, 3 rejected; the first: lat: latitude 95 ") as caught:
        scored = scenario.score(rows)
    assert caught[0].filename == __file__
    assert scored["decibans"].isna().tolist() == [False, True, True, True, False]
    assert scored["rejected"].isna().tolist() == [True, False, False, False, True]
    assert "the latitude is empty" in scored["rejected"][3] and "the id is empty" in scored["rejected"][2]
    with pytest.warns(sb.RejectedRows, match="1 of 5 rows"):
        ranking = scenario.rank(rows)
    assert ranking.table["id"].tolist() == ["a"]
    assert [row.split(":")[0] for row in ranking.rejected] == ["row 2, lat", "row 3, id", "row 4, lat", "row 5, id"]
    assert "used before, in row 1" in ranking.rejected[3]
    batch = pa.RecordBatch.from_pandas(rows, preserve_index=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert scenario.score_batch(batch)["decibans"].null_count == 3


def test_rejected_rows_of_files(scenario, tmp_path):
    sites = tmp_path / "sites.csv"
    sites.write_text("id,lat,lon\na,39,125\nb,95,125\na,40,126\n")
    with pytest.warns(sb.RejectedRows, match="2 of 3 rows"):
        scored = scenario.score(sites)
    assert scored["id"].to_pylist() == ["a", "a", None]
    assert "sites.csv: line 3, lat" in scored["rejected"].to_pylist()[2]
    with pytest.warns(sb.RejectedRows, match="1 of 3 rows"):
        ranking = scenario.rank(sites)
    assert len(ranking) == 1
    assert [row.split(": ")[1] for row in ranking.rejected] == ["line 3, lat", "line 4, id"]


@pytest.mark.parametrize(
    "rows, words",
    [
        (pd.DataFrame({"lat": [39.0]}), "the column 'lon' is missing: expected lat and lon (or a geometry), found lat"),
        (pd.DataFrame({"lat": [39.0], "LAT": [39.0], "lon": [125.0]}), "the column 'lat' stands twice"),
        (pd.DataFrame({"lat": [39.0], "lon": [125.0], "Decibans": [0.0]}), "has a column 'Decibans', which would be added"),
        (pd.DataFrame({"lat": [39.0], "lon": [125.0], "rejected": [0.0]}), "has a column 'rejected'"),
        (pd.DataFrame({"lat": [[39.0]], "lon": [125.0]}), "the column 'lat'"),
        (pd.DataFrame({"id": [1, "a", {}], "lat": [39.0] * 3, "lon": [125.0] * 3}), "cannot be read as columns"),
        (42, "builtins.int is no list of sites"),
        ("/nowhere/sites.csv", "/nowhere/sites.csv"),
    ],
)
def test_what_is_no_list_is_an_error(scenario, rows, words):
    with pytest.raises(sb.Error) as error:
        scenario.score(rows)
    assert words in str(error.value)


def test_no_site_at_all_is_an_error(scenario):
    with pytest.raises(sb.Error, match="no valid site to rank; row 1, lat"):
        scenario.rank(pd.DataFrame({"lat": [95.0], "lon": [125.0]}))


def test_readings(scenario, frame):
    batch = pa.RecordBatch.from_pandas(frame.iloc[:10], preserve_index=False)
    by_reading = {name: scenario.score_batch(batch, name)["decibans"].to_pylist() for name in ("mixture", "analyst", "literal")}
    assert scenario.score_batch(batch)["decibans"].to_pylist() == by_reading[scenario.reading]
    assert by_reading["analyst"] != by_reading["mixture"]
    with pytest.raises(sb.Error, match="did you mean"):
        scenario.score_batch(batch, "analist")


ELSEWHERE = """
import pickle, sys
import pyarrow as pa
scenario = pickle.load(sys.stdin.buffer)
batch = pa.record_batch({"id": ["a", "b"], "lat": [39.6472, 40.2], "lon": [125.3675, 125.1]})
ranking = scenario.rank()
print([value.hex() for value in scenario.score_batch(batch)["log_likelihood"].to_pylist()], ranking.none_of_these.hex(), scenario.title)
sys.exit(0 if scenario.to_bytes() == pickle.loads(pickle.dumps(scenario)).to_bytes() else 1)
"""


def test_a_scenario_needs_no_files_elsewhere(scenario, tmp_path):
    (tmp_path / "deep/down").mkdir(parents=True)
    (tmp_path / "maps").mkdir()
    border = json.loads((ROOT / "data/borders/cn-kp.geojson").read_text(encoding="utf-8"))
    (tmp_path / "maps/border.geojson").write_text(json.dumps(border), encoding="utf-8")
    (tmp_path / "deep/sites.csv").write_text("id,lat,lon,tags\nx,39.6472,125.3675,training\ny,40.2,125.1,\n")
    (tmp_path / "deep/down/question.toml").write_text(
        'atlas = "../../maps/border.geojson"\nsites = "../aside/../sites.csv"\nsearch_region = "north-korea"\n'
        '[[source]]\nid = "a"\nreliability = 0.9\n[[claim]]\nsource = "a"\ntext = "about 85 km from cn-kp"\n'
        '[[claim]]\nsource = "a"\nnearby = { tag = "training", midpoint_km = 10, scale_km = 5 }\n'
    )
    (tmp_path / "deep/aside").mkdir()
    here = sb.read_scenario(tmp_path / "deep/down/question.toml")
    sent = pickle.dumps(here)
    batch = pa.record_batch({"id": ["a", "b"], "lat": [39.6472, 40.2], "lon": [125.3675, 125.1]})
    expected = f"{[value.hex() for value in here.score_batch(batch)['log_likelihood'].to_pylist()]} {here.rank().none_of_these.hex()} question"
    (tmp_path / "deep").rename(tmp_path / "gone")
    (tmp_path / "maps").rename(tmp_path / "gone maps")
    ran = subprocess.run([sys.executable, "-c", ELSEWHERE], input=sent, capture_output=True)
    assert (ran.returncode, ran.stdout.decode().strip()) == (0, expected), ran.stderr.decode()
    with pytest.raises(sb.Error, match="No such file"):
        here.to_bytes()


def test_absolute_paths_mean_nothing_elsewhere(data, tmp_path):
    (tmp_path / "question.toml").write_text(
        f'sites = "{(data / "sites/dprk-facilities.csv").as_posix()}"\n[[source]]\nid = "a"\nreliability = 0.9\n'
        '[[claim]]\nsource = "a"\ntext = "about 85 km from cn-kp"\n'
    )
    with pytest.raises(sb.Error, match="is an absolute path, which means nothing elsewhere"):
        sb.read_scenario(tmp_path / "question.toml").to_bytes()
