"""siteband's own wheel: numpy arrays in, a numpy array out."""

import json
import pathlib
import tempfile

import siteband

import measure


def main():
    asked = measure.task()
    line = {"type": "MultiLineString", "coordinates": [part.tolist() for part in asked.parts]}
    feature = {"type": "Feature", "id": "border", "properties": {}, "geometry": line}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "border.geojson"
        path.write_text(json.dumps(feature), encoding="utf-8")
        border = siteband.read_features(path)["border"]
    border.distance(0.0, 0.0)
    measure.report(asked, f"siteband {siteband.__version__}", lambda: border.distance(asked.lat, asked.lon))


if __name__ == "__main__":
    main()
