"""What all tests share: the data of the repository, and the command, if it is built."""

import os
import pathlib
import shutil
import subprocess

import pytest

import siteband as sb

ROOT = pathlib.Path(__file__).resolve().parents[3]
DATA = ROOT / "data"


@pytest.fixture(scope="session")
def data():
    return DATA


@pytest.fixture(scope="session")
def scenario():
    return sb.read_scenario(DATA / "scenarios/sino-ri.toml")


@pytest.fixture(scope="session")
def command():
    """The command `siteband` of the same tree: SITEBAND, or the one on the path."""
    program = os.environ.get("SITEBAND") or shutil.which("siteband")
    if program is None:
        pytest.skip("SITEBAND does not name the command to compare with")

    def run(*args):
        return subprocess.run([program, *map(str, args)], capture_output=True, text=True, cwd=ROOT)

    return run
