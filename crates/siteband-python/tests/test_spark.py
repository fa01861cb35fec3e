"""What `siteband.spark` refuses before Spark is asked; spark_cluster.py has the rest."""

import types

import pytest

import siteband as sb
from siteband.spark import top_k


@pytest.mark.parametrize(
    "columns, k, words",
    [
        (["lat", "lon", "name"], 10, "the column 'id' is missing: expected id, lat and lon, found lat, lon, name"),
        (["ID", "LAT"], 10, "the column 'lon' is missing: expected id, lat and lon, found ID, LAT"),
        (["id", "lat", "lon"], 0, "the best 0 sites: expected 1 or more"),
    ],
)
def test_what_cannot_be_searched(scenario, columns, k, words):
    with pytest.raises(sb.Error, match=words):
        top_k(types.SimpleNamespace(columns=columns), scenario, k)


def test_boxes_hold_what_scores_so_much(scenario):
    boxes = scenario.cover(0.0)
    scores = scenario.score()
    places = zip(scores["lat"].to_pylist(), scores["lon"].to_pylist(), scores["decibans"].to_pylist())
    found = [(any(s <= lat <= n and w <= lon <= e for s, n, w, e in boxes), decibans) for lat, lon, decibans in places]
    assert all(inside for inside, decibans in found if decibans >= 0) and any(decibans >= 0 for _, decibans in found)
    with pytest.raises(sb.Error, match="nan decibans"):
        scenario.cover(float("nan"))
