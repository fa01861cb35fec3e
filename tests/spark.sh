#!/usr/bin/env bash
# Whether Spark, on a cluster of this machine, scores sites as `siteband score` does, to the bit; finds the best by reading next to nothing; and
# names a file that is damaged.
#
#   tests/spark.sh SITEBAND WHEEL            some minutes
#   tests/spark.sh SITEBAND WHEEL long       20 million sites, and again with an executor killed on the way: half an hour, 10 GB of disk
#
# SITEBAND is the command, built in release mode with the feature `parquet`, WHEEL the wheel of crates/siteband-python. What it needs and is not
# there is installed, where that is possible: Java by apt-get, pyspark by pip in an environment that is deleted again.
set -euo pipefail
cd "$(dirname "$0")/.."
siteband=$(realpath "$1")
wheel=$(realpath "$2")
form=${3:-short}

python=
for name in python3.14 python3.13 python3.12 python3.11 python3; do
    if command -v "$name" > /dev/null && "$name" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
        python=$name
        break
    fi
done
[[ -n $python ]] || { echo "SKIPPED: Spark (no Python 3.11 or later)" >&2; exit 0; }
if ! command -v java > /dev/null; then
    as_root=()
    [[ $(id -u) == 0 ]] || as_root=(sudo -n)
    { "${as_root[@]}" apt-get -qq update && "${as_root[@]}" apt-get install -y -qq --no-install-recommends default-jre-headless; } > /dev/null 2>&1 || true
    command -v java > /dev/null || { echo "SKIPPED: Spark (no Java)" >&2; exit 0; }
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/venv"
if ! "$folder/venv/bin/pip" --disable-pip-version-check install --quiet "$wheel" 'pyspark>=4.1,<5' > "$folder/said" 2>&1; then
    echo "SKIPPED: Spark (pyspark cannot be installed: $(tail -n 1 "$folder/said"))" >&2
    exit 0
fi
arguments=("$siteband")
[[ $form == short ]] || arguments+=("$form")
"$folder/venv/bin/python" tests/spark_cluster.py "${arguments[@]}"
