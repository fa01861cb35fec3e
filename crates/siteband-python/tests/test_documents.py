"""The examples of docstrings, and whether the stub names everything."""

import ast
import doctest
import inspect
import pathlib
import re
import subprocess
import sys

import pytest
from conftest import DATA, ROOT

import siteband as sb
from siteband import _siteband


def documented():
    yield "siteband", sb
    for name in sb.__all__:
        value = getattr(sb, name)
        yield name, value
        if inspect.isclass(value):
            for member, of in vars(value).items():
                if not member.startswith("_") and member != "with_traceback":
                    yield f"{name}.{member}", of


@pytest.mark.parametrize("name, value", list(documented()))
def test_examples(name, value):
    assert value.__doc__, f"{name} has no docstring"
    test = doctest.DocTestParser().get_doctest(value.__doc__, {"DATA": DATA}, name, None, None)
    runner = doctest.DocTestRunner()
    said = []
    runner.run(test, out=said.append)
    assert runner.failures == 0, "".join(said)


def test_stub_is_complete():
    stub = ast.parse(pathlib.Path(_siteband.__file__).with_name("_siteband.pyi").read_text(encoding="utf-8"))
    stated = {}
    for node in stub.body:
        if isinstance(node, ast.ClassDef):
            stated[node.name] = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
        elif isinstance(node, ast.FunctionDef):
            stated[node.name] = set()
    public = {name for name in vars(_siteband) if not name.startswith("_")}
    assert public == stated.keys()
    assert public | {"RejectedRows"} == set(sb.__all__)
    for name, members in stated.items():
        value = getattr(_siteband, name)
        if inspect.isclass(value) and not issubclass(value, Exception):
            own = {member for member in vars(value) if not member.startswith("_")}
            assert own == {member for member in members if not member.startswith("_")}, name


def test_the_own_question_of_the_readme(tmp_path):
    text = (ROOT / "crates/siteband-python/README.md").read_text(encoding="utf-8")
    [question] = re.findall(r"^```toml\n(.*?)^```", text, re.S | re.M)
    program = re.findall(r"^```python\n(.*?)^```", text, re.S | re.M)[1]
    (tmp_path / "question.toml").write_text(question, encoding="utf-8")
    (tmp_path / "places.csv").write_text("name,lat,lon\nHuichon,40.1711,126.2758\nSinuiju,40.1006,124.398\n", encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, env={"MPLBACKEND": "agg", "PATH": ""})
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    # Huichon is some 83 km from the border, Sinuiju on it.
    assert lines[1].split()[1] == "Huichon" and "Sinuiju" in lines[2] and lines[3].startswith("none of these: 0.")
    assert (tmp_path / "map.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
