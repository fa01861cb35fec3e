"""Distances by kind, without copies, without the interpreter."""

import threading
import time

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import siteband as sb

BORDER = sb.border("CN", "KP")
LAT = np.array([39.6472, 40.2, 41.5])
LON = np.array([125.3675, 125.1, 127.0])
ONE_BY_ONE = [BORDER.distance(float(lat), float(lon)) for lat, lon in zip(LAT, LON)]


def test_scalars():
    distance = BORDER.distance(39.6472, 125.3675)
    assert type(distance) is float and distance == pytest.approx(92_380.299, abs=1e-3)
    assert BORDER.distance(np.float64(39.6472), np.float64(125.3675)) == distance
    assert type(BORDER.distance(39, 125)) is float
    nearest = BORDER.nearest(39.6472, 125.3675)
    assert nearest.distance_m == distance and type(nearest.lat_deg) is float
    assert BORDER.contains(39.6472, 125.3675) is False


def test_kinds_in_are_kinds_out_to_the_bit():
    array = BORDER.distance(LAT, LON)
    assert type(array) is np.ndarray and array.flags.writeable and array.tolist() == ONE_BY_ONE
    index = pd.Index(["c", "a", "b"], name="site")
    series = BORDER.distance(pd.Series(LAT, index=index), pd.Series(LON, index=index))
    assert type(series) is pd.Series and series.index.equals(index) and series.tolist() == ONE_BY_ONE
    arrow = BORDER.distance(pa.array(LAT), pa.array(LON))
    assert type(arrow) is pa.DoubleArray and arrow.to_pylist() == ONE_BY_ONE
    chunked = pa.chunked_array([LAT[:1], LAT[1:]])
    assert BORDER.distance(chunked, pa.array(LON)).to_pylist() == ONE_BY_ONE
    polars = BORDER.distance(pl.Series(LAT), pl.Series(LON))
    assert type(polars) is pl.Series and polars.to_list() == ONE_BY_ONE
    assert BORDER.distance(LAT.tolist(), LON.tolist()).tolist() == ONE_BY_ONE


def test_shapes_and_types_of_numbers():
    square = BORDER.distance(LAT[:, None], LON[None, :])
    assert square.shape == (3, 3) and np.diag(square).tolist() == ONE_BY_ONE
    assert BORDER.distance(LAT, 125.0).shape == (3,)
    assert BORDER.distance(LAT[::-1], LON[::-1]).tolist() == ONE_BY_ONE[::-1]
    assert BORDER.distance(np.array([39, 40]), np.array([125, 126], dtype=np.float32)).dtype == np.float64
    assert BORDER.distance(np.array([]), np.array([])).shape == (0,)


def test_missing_stays_missing():
    assert np.isnan(BORDER.distance(np.array([39.0, np.nan]), np.array([125.0, 125.0]))).tolist() == [False, True]
    assert BORDER.distance(pa.array([39.0, None]), pa.array([125.0, 125.0])).is_null().to_pylist() == [False, True]
    nullable = pd.Series([39.0, None], dtype="Float64")
    assert BORDER.distance(nullable, nullable * 3).isna().tolist() == [False, True]
    nearest = BORDER.nearest(np.array([np.nan, 39.6472]), np.array([125.0, 125.3675]))
    assert np.isnan(nearest.lat_deg).tolist() == [True, False] and nearest.distance_m[1] == ONE_BY_ONE[0]


def test_what_is_no_column_is_an_error():
    with pytest.raises(sb.Error, match="row 2: latitude 95"):
        BORDER.distance(np.array([39.0, 95.0]), np.array([125.0, 125.0]))
    with pytest.raises(sb.Error, match="different indexes"):
        BORDER.distance(pd.Series(LAT), pd.Series(LON, index=[1, 2, 3]))
    with pytest.raises(sb.Error, match="3 latitudes and 2 longitudes"):
        BORDER.distance(pa.array(LAT), pa.array(LON[:2]))
    with pytest.raises(ValueError):
        BORDER.distance(np.array(["north"]), np.array(["east"]))


def test_inside():
    korea = sb.border("North Korea")
    assert korea.kind == "area"
    assert korea.contains(LAT, LON).tolist() == [korea.contains(float(lat), float(lon)) for lat, lon in zip(LAT, LON)]
    assert korea.contains(pa.array([39.6472, None]), pa.array([125.3675, 0.0])).to_pylist() == [True, None]
    assert korea.distance(39.6472, 125.3675) == 0.0


def test_numpy_reaches_arrow_without_a_copy():
    seen = []

    def spy(lat, lon):
        seen.extend(column.buffers()[1].address for column in (lat, lon))
        return BORDER._distance(lat, lon)

    from siteband._kinds import measure

    (distances,) = measure(spy, LAT, LON)
    assert seen == [LAT.ctypes.data, LON.ctypes.data]
    assert distances.tolist() == ONE_BY_ONE


def test_the_interpreter_is_free_meanwhile():
    rng = np.random.default_rng(2012)
    lat, lon = rng.uniform(38, 43, 2_000_000), rng.uniform(124, 131, 2_000_000)
    worker = threading.Thread(target=BORDER.distance, args=(lat, lon))
    longest, ticks = 0.0, 0
    worker.start()
    last = started = time.perf_counter()
    while worker.is_alive():
        now = time.perf_counter()
        longest, last, ticks = max(longest, now - last), now, ticks + 1
    took = time.perf_counter() - started
    worker.join()
    # If it were held, this thread would have stood still for nearly all of the time.
    assert ticks > 100 and longest < max(0.5 * took, 0.05), (longest, took, ticks)
