"""Ranks candidate sites by how well they fit what a report says about where something is, with honest uncertainty.

>>> import siteband as sb
>>> scenario = sb.read_scenario(DATA / "scenarios/sino-ri.toml")
>>> ranking = scenario.rank()
>>> ranking.top(1)["name"].to_pylist()
['Sino-ri']

A scenario is a question in a file: what was said, and by whom. Sites come as a path, a pandas, GeoPandas or polars frame, or anything that
speaks Arrow, and results come back as the same kind. `Feature.distance` measures to a border. What cannot be used is an `Error`.
"""

from ._siteband import (
    Band,
    Claim,
    Error,
    Feature,
    Position,
    Ranking,
    Scenario,
    border,
    borders,
    find_claims,
    parse_claim,
    read_features,
    read_scenario,
    read_sites,
)
from ._warning import RejectedRows

__all__ = [
    "Band",
    "Claim",
    "Error",
    "Feature",
    "Position",
    "Ranking",
    "RejectedRows",
    "Scenario",
    "border",
    "borders",
    "find_claims",
    "parse_claim",
    "read_features",
    "read_scenario",
    "read_sites",
]


def __getattr__(name: str) -> str:
    # Looked up when it is asked for: the metadata of packages take longer to import than everything here.
    if name == "__version__":
        from importlib.metadata import version

        return version("siteband")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
