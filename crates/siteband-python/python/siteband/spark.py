"""Sites of any number, on a cluster: Spark runs the wheel's batch function on its partitions.

Nothing here is distributed by itself. A scenario travels with its data, as bytes, so that executors need the wheel and no file; each Python
worker unpacks it once. Spark holds the data, schedules, and recovers what is lost with an executor.

>>> from siteband.spark import score, top_k          # doctest: +SKIP
>>> sites = spark.read.parquet("sites/")             # doctest: +SKIP
>>> score(sites, scenario).write.parquet("scores/")  # doctest: +SKIP
>>> top_k(sites, scenario, 100).show()               # doctest: +SKIP
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from siteband import Error, Scenario

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.types import StructType

__all__ = ["account", "score", "top_k"]

# The best sites are looked for where what was said speaks for a site more than against it, in decibans; then farther and farther.
_LEAST_DECIBANS = (0.0, -10.0, -30.0)

# So many boxes say where that is.
_BOXES = 64


def score(df: DataFrame, scenario: Scenario, reading: str | None = None) -> DataFrame:
    """Every row of ``df`` with its scores behind its own columns, as :meth:`siteband.Scenario.score` has them.

    ``df`` has the columns ``lat`` and ``lon`` in degrees, and may have ``id``, ``tags``, ``uncertainty_m`` and ``prior``. A row that is no
    site keeps its place, without scores and with the reason in the column ``rejected``; :func:`account` counts them. It is lazy: nothing
    runs before the result is asked for.
    """
    packed = scenario.to_bytes()

    def scored(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        unpacked = _unpacked(packed)
        for batch in batches:
            yield unpacked.score_batch(batch, reading)

    return df.mapInArrow(scored, _with_scores(df, scenario, reading))


def account(scored: DataFrame) -> dict[str, int]:
    """How many rows of a scored frame have scores, and how many were rejected. It reads the whole frame."""
    from pyspark.sql import functions as f

    row = scored.agg(f.count("*").alias("rows"), f.count("rejected").alias("rejected")).first()
    return {"scored": row["rows"] - row["rejected"], "rejected": row["rejected"]}


def top_k(df: DataFrame, scenario: Scenario, k: int, reading: str | None = None) -> DataFrame:
    """The ``k`` rows of ``df`` that fit best, best first, those that fit alike in the order of their ids.

    ``df`` has the columns ``id``, ``lat`` and ``lon``. It is read only where such sites can be: in boxes of latitude and longitude outside of
    which no site scores so much. Where the files are sorted by place, most of their row groups are skipped; the answer is that of
    :func:`score`, whatever the order. It runs at once, and gives back a small frame. Rows that are no sites are left out; :func:`score` has
    their reasons.
    """
    names = {name.lower(): name for name in df.columns}
    if missing := [name for name in ("id", "lat", "lon") if name not in names]:
        raise Error(f"the column '{missing[0]}' is missing: expected id, lat and lon, found {', '.join(df.columns)}")
    if k < 1:
        raise Error(f"the best {k} sites: expected 1 or more")
    schema = _with_scores(df, scenario, reading)
    # Where positions are uncertain, no box holds them.
    grades = () if "uncertainty_m" in names else _LEAST_DECIBANS
    for decibans in (*grades, None):
        near = df
        if decibans is not None:
            boxes = scenario.cover(decibans, reading=reading, at_most=_BOXES)
            near = df.where(_within(boxes, names["lat"], names["lon"]))
        best = near.mapInArrow(_best_of(scenario, reading, k, names["id"]), schema).toArrow()
        best = _head(best, k, names["id"])
        # Whatever is outside of the boxes fits worse than that.
        if decibans is not None and best.num_rows == k and best["decibans"][k - 1].as_py() >= decibans:
            break
    return df.sparkSession.createDataFrame(best, schema)


def _best_of(scenario: Scenario, reading: str | None, k: int, id_column: str):
    """The best of each partition."""
    packed = scenario.to_bytes()

    def best_of(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        import pyarrow

        unpacked, best = _unpacked(packed), None
        for batch in batches:
            scored = pyarrow.Table.from_batches([unpacked.score_batch(batch, reading)])
            best = _head(scored if best is None else pyarrow.concat_tables([best, scored]), k, id_column)
        if best is not None:
            yield from best.to_batches()

    return best_of


def _head(table: pyarrow.Table, k: int, id_column: str) -> pyarrow.Table:
    """The best rows of a table that are sites, best first."""
    import pyarrow.compute

    sites = table.filter(pyarrow.compute.is_null(table["rejected"]))
    order = pyarrow.compute.sort_indices(sites, [("log_likelihood", "descending"), (id_column, "ascending")])
    return sites.take(order[:k]).combine_chunks()


def _within(boxes: list[tuple[float, float, float, float]], lat: str, lon: str) -> Column:
    """Whether a row lies in one of some boxes; longitudes may be counted to 360° too."""
    from pyspark.sql import functions as f

    within = f.lit(False)
    for south, north, west, east in boxes:
        of_lon = f.col(lon).between(west, east)
        if west < 0:
            of_lon = of_lon | f.col(lon).between(west + 360, east + 360)
        within = within | (f.col(lat).between(south, north) & of_lon)
    return within


def _with_scores(df: DataFrame, scenario: Scenario, reading: str | None) -> StructType:
    from pyspark.sql.types import DoubleType, StringType, StructField, StructType

    added = [StructField(name, DoubleType()) for name in scenario.score_columns(reading)]
    taken = {name.lower() for name in df.columns}
    for name in [field.name for field in added] + ["rejected"]:
        if name.lower() in taken:
            raise Error(f"the frame has a column '{name}', which would be added: rename it, or take one that has no scores yet")
    return StructType([*df.schema.fields, *added, StructField("rejected", StringType())])


@functools.lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> Scenario:
    """A scenario, once for each Python worker."""
    return Scenario.from_bytes(packed)
