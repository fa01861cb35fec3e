"""Kinds of columns and frames: each becomes Arrow, and what comes out becomes the same kind again.

Packages are imported where they are needed, and only if the caller has made an object of theirs.
"""

from __future__ import annotations

import os
import warnings
from typing import Any, NamedTuple

from ._siteband import Error, read_sites
from ._warning import RejectedRows

#: What a site can have; other columns are not looked at.
COLUMNS = {"id", "name", "group", "lat", "lon", "tags", "prior", "uncertainty_m"}


class Nearest(NamedTuple):
    """The nearest place of a feature: each a number, or a column of the kind of what was asked."""

    distance_m: Any
    lat_deg: Any
    lon_deg: Any


def _package(value) -> str:
    """The package that a value is of, also where its class is derived from one of theirs."""
    of = (kind.__module__.partition(".")[0] for kind in type(value).__mro__)
    return next((package for package in of if package in {"geopandas", "pandas", "polars", "pyarrow"}), "")


# Columns.


def measure(function, lat, lon) -> list:
    """Calls a function with latitudes and longitudes as Arrow arrays, and gives its columns in the kind of these."""
    import pyarrow as pa

    kinds = {_package(lat), _package(lon)}
    try:
        if kinds & {"pyarrow", "polars"}:
            columns = function(*(_arrow_array(column) for column in (lat, lon)))
            if "polars" in kinds:
                import polars

                return [polars.from_arrow(column) for column in columns]
            return columns
        import numpy as np

        if kinds & {"pandas", "geopandas"}:
            import pandas

            indexes = [column.index for column in (lat, lon) if isinstance(column, pandas.Series)]
            if any(not index.equals(indexes[0]) for index in indexes):
                raise Error("the latitudes and longitudes have different indexes: expected one")
            lat, lon = (
                column.to_numpy(dtype=float, na_value=np.nan) if isinstance(column, pandas.Series) else column
                for column in (lat, lon)
            )
            columns = _measure_numpy(function, lat, lon)
            return [pandas.Series(column, index=indexes[0]) if indexes else column for column in columns]
        return _measure_numpy(function, lat, lon)
    except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError) as error:
        raise Error(f"expected degrees as numbers: {error}") from error


def _measure_numpy(function, lat, lon) -> list:
    import numpy as np
    import pyarrow as pa

    lat, lon = np.broadcast_arrays(np.asarray(lat, dtype=float), np.asarray(lon, dtype=float))
    # An array of numbers in a row becomes Arrow without being copied.
    columns = function(*(pa.array(np.ravel(column)) for column in (lat, lon)))
    return [column.to_numpy(zero_copy_only=False, writable=True).reshape(lat.shape) for column in columns]


def _arrow_array(column):
    import pyarrow as pa

    if hasattr(column, "__arrow_c_stream__") and not isinstance(column, pa.ChunkedArray):
        column = pa.chunked_array(column)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else pa.array(column)


# Frames.


class Frame:
    """Rows of some kind: `table` has the columns that siteband looks at; the others are kept for what comes back."""

    def __init__(self, rows, table, names, rejected=()):
        self.rows = rows
        self.table = table
        self.names = [str(name) for name in names]
        #: Rows of a file that are no sites and have no place among these.
        self.rejected = list(rejected)

    @staticmethod
    def of(sites, unique) -> Frame:
        import pyarrow as pa

        try:
            if isinstance(sites, (str, os.PathLike)):
                return _file(os.fspath(sites), unique)
            package = _package(sites)
            if package == "geopandas":
                return _GeoPandas.of(sites)
            if package == "pandas":
                return _Pandas(sites, pa.Table.from_pandas(_needed(sites), preserve_index=False), sites.columns)
            if package == "polars":
                if hasattr(sites, "collect"):
                    sites = sites.collect()
                return _Polars(sites, pa.table(_needed(sites)), sites.columns)
            if hasattr(sites, "__arrow_c_stream__") or hasattr(sites, "__arrow_c_array__"):
                return Frame.of_arrow(sites)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise Error(f"the list cannot be read as columns: {error}") from error
        raise Error(
            f"{type(sites).__module__}.{type(sites).__qualname__} is no list of sites: expected None, a path, a pandas, GeoPandas or polars frame, "
            "or something that speaks Arrow"
        )

    @staticmethod
    def of_arrow(sites) -> Frame:
        import pyarrow as pa

        kind = _Batch if isinstance(sites, pa.RecordBatch) else Frame
        table = pa.table(sites)
        return kind(table, table, table.column_names)

    @staticmethod
    def of_list(batch, rejected) -> Frame:
        """A list that siteband has read itself."""
        import pyarrow as pa

        table = pa.Table.from_batches([batch])
        return Frame(table, table, table.column_names, rejected)

    def check(self, added) -> None:
        taken = {name.lower() for name in added}
        for name in self.names:
            if name.lower() in taken:
                raise Error(
                    f"the list has a column '{name}', which would be added: rename it, or take a list that has no scores yet"
                )

    def scored(self, added):
        """The rows with these columns behind them."""
        self.check(added.column_names)
        rows = self.with_columns(self.rows, added)
        if self.rejected:
            import pyarrow as pa

            lost = pa.table({"rejected": pa.array(self.rejected, pa.string())})
            rows = pa.concat_tables([rows, lost], promote_options="default")
        return rows

    def ranked(self, added):
        """Some of the rows, in the order of the column `row`, with the other columns behind them."""
        import pyarrow as pa

        added = pa.Table.from_batches([added])
        at, added = added["row"].to_numpy(), added.drop_columns(["row"])
        self.check(added.column_names)
        return self.with_columns(self.take(self.rows, at), added)

    def take(self, rows, at):
        return rows.take(at)

    def with_columns(self, rows, added):
        for name in added.column_names:
            rows = rows.append_column(added.schema.field(name), added[name])
        return rows

    def top(self, rows, k):
        return rows.slice(0, k)


class _Batch(Frame):
    def with_columns(self, rows, added):
        import pyarrow as pa

        table = super().with_columns(rows, added).combine_chunks()
        return (table.to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)])[0]


class _Pandas(Frame):
    def take(self, rows, at):
        return rows.iloc[at]

    def with_columns(self, rows, added):
        return rows.assign(**{name: added[name].to_numpy() for name in added.column_names})

    def top(self, rows, k):
        return rows.head(k)


class _GeoPandas(_Pandas):
    @classmethod
    def of(cls, sites) -> Frame:
        import pyarrow as pa

        name = getattr(sites, "active_geometry_name", None)
        if name is None:
            raise Error("the GeoDataFrame has no active geometry: set one with set_geometry()")
        if sites.crs is None:
            raise Error(
                "the GeoDataFrame has no coordinate reference system: say which with set_crs(), such as set_crs(4326) for "
                "longitude and latitude in WGS 84"
            )
        # The geometry says where a site is, whatever columns of degrees there are.
        table = pa.table(sites[[name]].to_crs(4326).to_arrow(index=False))
        others = pa.Table.from_pandas(_needed(sites, COLUMNS - {"lat", "lon"}), preserve_index=False)
        for field, values in zip(others.schema, others.columns):
            table = table.append_column(field, values)
        return cls(sites, table, sites.columns)


class _Polars(Frame):
    def take(self, rows, at):
        return rows[at]

    def with_columns(self, rows, added):
        import polars

        return rows.hstack(polars.from_arrow(added))

    def top(self, rows, k):
        return rows.head(k)


def _needed(frame, wanted=COLUMNS):
    """The columns of a frame that siteband looks at."""
    return frame[[name for name in frame.columns if str(name).lower() in wanted]]


def _file(path, unique) -> Frame:
    if path.lower().endswith((".parquet", ".geoparquet")):
        import pyarrow.parquet

        try:
            return Frame.of_arrow(pyarrow.parquet.ParquetFile(path).read())
        except OSError as error:
            raise Error(f"{path}: {error}") from error
    return Frame.of_list(*read_sites(path, unique))


def _warn(rejected, total) -> None:
    if rejected:
        words = f"{total - len(rejected)} of {total} rows scored, {len(rejected)} rejected; the first: {rejected[0]}"
        warnings.warn(words, RejectedRows, stacklevel=3)


def _frame(scenario, sites, unique) -> Frame:
    return Frame.of_list(*scenario._listed()) if sites is None else Frame.of(sites, unique)


# What the methods of a scenario do.


def listed(scenario):
    """The scenario's own sites."""
    return _frame(scenario, None, unique=True).table


def score(scenario, sites, reading):
    """Rows with their scores."""
    # Each row is scored alone: it does not matter which other has its id.
    frame = _frame(scenario, sites, unique=False)
    added = scenario._score(frame.table, reading)
    scored = frame.scored(added)
    rejected = added["rejected"].drop_null().to_pylist() + frame.rejected
    _warn(rejected, frame.table.num_rows + len(frame.rejected))
    return scored


def rank(scenario, sites, reading):
    """A ranking of rows."""
    frame = _frame(scenario, sites, unique=True)
    ranking = scenario._rank(frame.table, reading, frame, frame.rejected)
    _warn(ranking.rejected, len(ranking) + len(ranking.rejected))
    return ranking
