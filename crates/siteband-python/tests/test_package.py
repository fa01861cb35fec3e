"""What the package weighs: the time of an import, and the size of the wheel."""

import os
import pathlib
import subprocess
import sys

import pytest

import siteband as sb

IMPORT = "import sys, time; start = time.perf_counter(); import siteband; print(time.perf_counter() - start, *sys.modules)"


def test_importing_is_quick_and_brings_nothing_else():
    runs = [subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True).stdout.split() for _ in range(5)]
    seconds = min(float(run[0]) for run in runs)
    assert seconds < 0.2, seconds
    assert not {"numpy", "pyarrow", "pandas", "geopandas", "matplotlib"} & set(runs[0][1:])


def test_the_wheel_is_small():
    wheel = os.environ.get("SITEBAND_WHEEL")
    if wheel is None:
        pytest.skip("SITEBAND_WHEEL does not name the wheel")
    megabytes = pathlib.Path(wheel).stat().st_size / 1e6
    assert megabytes < 15, megabytes


def test_the_version_is_the_crates():
    cargo = (pathlib.Path(__file__).parents[3] / "Cargo.toml").read_text(encoding="utf-8")
    assert f'version = "{sb.__version__}"' in cargo
    with pytest.raises(AttributeError, match="nothing"):
        sb.nothing
