"""Rankings as they are shown: page, pictures, files, plot."""

import html
import sys

import pytest

import siteband as sb


@pytest.fixture(scope="module")
def ranking(scenario):
    return scenario.rank()


def test_a_notebook_shows_the_page(ranking):
    shown = ranking._repr_html_()
    assert shown.startswith('<iframe srcdoc="') and shown.count('"') == shown[: shown.index("srcdoc")].count('"') + 6
    page = shown[len('<iframe srcdoc="') :].split('"', 1)[0]
    assert html.unescape(page) == ranking.html()
    assert ranking.html().lower().startswith("<!doctype html>")


def test_pictures_and_files(ranking, tmp_path, command):
    assert ranking.svg().lstrip().startswith("<svg") or "<svg" in ranking.svg()[:500]
    assert ranking.png().startswith(b"\x89PNG")
    for ending in ("html", "svg", "png", "kml", "kmz", "geojson", "md"):
        ranking.save(tmp_path / f"ours.{ending}")
        ran = command("map", "data/scenarios/sino-ri.toml", "-o", tmp_path / f"theirs.{ending}")
        assert ran.returncode == 0, ran.stderr
        assert (tmp_path / f"ours.{ending}").read_bytes() == (tmp_path / f"theirs.{ending}").read_bytes(), ending
    with pytest.raises(sb.Error, match="expected one of .kml"):
        ranking.save(tmp_path / "ranking.pdf")
    with pytest.raises(sb.Error, match="nowhere"):
        ranking.save(tmp_path / "nowhere/ranking.svg")


def test_plot(ranking):
    import matplotlib

    matplotlib.use("agg")
    ax = ranking.plot(top=5)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels[0] == "Sino-ri" and labels[-2:] == [f"{len(ranking) - 5} more sites", "none of these"]
    assert sum(bar.get_width() for bar in ax.patches) == pytest.approx(100)
    assert "posterior" in ax.get_xlabel() and ax.get_title() == ranking.title
    assert ranking.plot(ax) is ax


def test_plot_says_what_it_needs(ranking, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match="pip install matplotlib"):
        ranking.plot()
