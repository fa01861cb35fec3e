#!/usr/bin/env bash
# The wheel as a user gets it: built by maturin, installed into an environment that has nothing else, the example of the README run there; then
# its tests, which hold its numbers against those of the command; and the same on a Spark cluster of this machine.
#
#   crates/siteband-python/check.sh SITEBAND          some minutes
#   crates/siteband-python/check.sh SITEBAND long     Spark with 20 million sites, and again with an executor killed on the way: 10 GB of disk
#
# SITEBAND is the command, built with the feature `parquet`. It needs Python 3.11 or later with venv and Java 17 or later, which apt-get installs
# where it can, and pip for maturin, pytest, pyspark and what the tests compare kinds of frames with, in environments that are deleted again.
# Without Python all is left out, without Java Spark, and it says so.
set -euo pipefail
siteband=$(realpath "$1")
form=${2:-}
cd "$(dirname "$0")"
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
install() {
    local as_root=()
    [[ $(id -u) -eq 0 ]] || as_root=(sudo -n)
    { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$1"; } > "$folder/said" 2>&1 || true
}
if ! environment "$folder/build"; then
    install python3-venv
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

command -v java > "$folder/said" || install default-jre-headless
if ! command -v java > "$folder/said"; then
    echo "SKIPPED: Spark: there is no Java" >&2
    exit 0
fi
pip "$folder/user" 'pyspark>=4.1,<5'
"$folder/user/bin/python" -W ignore tests/spark_cluster.py "$siteband" ${form:+"$form"}
