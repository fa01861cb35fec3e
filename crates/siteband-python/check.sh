#!/usr/bin/env bash
# The wheel as a user gets it: built by maturin, installed into an environment that has nothing else, the example of the README run there; then
# its tests, which hold its numbers against those of the command.
#
#   crates/siteband-python/check.sh SITEBAND
#
# It needs Python 3.11 or later with venv, which apt-get installs where it can, and pip for maturin, pytest and what the tests compare kinds of
# frames with, in environments that are deleted again. Without Python it is left out, and it says so.
set -euo pipefail
cd "$(dirname "$0")"
siteband=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# A Python that makes environments with pip in them.
environment() {
    local python
    for python in python3 python3.{11..15}; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> "$folder/said" || continue
        if "$python" -m venv "$1" > "$folder/said" 2>&1; then return; fi
        rm -rf "$1"
    done
    return 1
}
if ! environment "$folder/build"; then
    as_root=()
    [[ $(id -u) -eq 0 ]] || as_root=(sudo -n)
    { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq python3-venv; } > "$folder/said" 2>&1 || true
    if ! environment "$folder/build"; then
        echo "SKIPPED: the wheel: there is no Python 3.11 or later with venv: $(tail -c 500 "$folder/said")" >&2
        exit 0
    fi
fi
environment "$folder/user"
pip() { "$1/bin/python" -m pip install --quiet --disable-pip-version-check "${@:2}"; }

pip "$folder/build" 'maturin>=1.9,<2'
PATH="$folder/build/bin:$PATH" maturin build --release --quiet --interpreter "$folder/build/bin/python" --out "$folder/wheels"
wheel=$(echo "$folder"/wheels/siteband-*.whl)

# As the README says, in a folder that has the data and nothing else.
pip "$folder/user" "$wheel"
mkdir "$folder/work"
ln -s "$(realpath ../../data)" "$folder/work/data"
awk '/^```python/ { wanted = !seen++; next } /^```/ { wanted = 0 } wanted' README.md > "$folder/work/example.py"
(cd "$folder/work" && "$folder/user/bin/python" example.py > printed)
grep -q '^none of these: ' "$folder/work/printed"
grep -qi '^<!doctype html>' "$folder/work/report.html"

pip "$folder/user" 'pytest>=8' geopandas matplotlib polars
SITEBAND="$siteband" SITEBAND_WHEEL="$wheel" "$folder/user/bin/python" -m pytest -q -p no:cacheprovider
ls -l "$wheel" | awk '{ printf "the wheel has %.1f MB\n", $5 / 1e6 }'
