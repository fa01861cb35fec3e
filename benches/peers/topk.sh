#!/usr/bin/env bash
# Asks the peers for the best hundred of many sites for "85 km from the border", and prints a table in Markdown.
#
#     benches/peers/topk.sh [--folder DIR] [--sites N] [--repeats N] [--only KEY,KEY]
#
# Everything is put into DIR, target/peers by default. Nothing is installed: install.sh and run.sh do that.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

folder=$here/../../target/peers
rest=()
while [[ $# -gt 0 ]]; do
    case $1 in
        --folder) folder=${2:?--folder needs a directory}; shift 2 ;;
        -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; python3 -B "$here/topk.py" --help; exit ;;
        *) rest+=("$1"); shift ;;
    esac
done
mkdir -p "$folder/bin"
folder=$(cd "$folder" && pwd)

if [[ ! -x $folder/venv/bin/python ]]; then
    printf '%s\n' "missing: $folder/venv with the packages of requirements.txt; run.sh makes it, and so do" \
        "    python3 -m venv $folder/venv" "    $folder/venv/bin/pip install --requirement $here/requirements.txt" >&2
    exit 1
fi
source=$here/cpp/reference.cpp
program=$folder/bin/reference
if [[ ! ($program -nt $source && $program -nt $here/cpp/measure.hpp) ]]; then
    g++ -std=c++17 -O3 -DNDEBUG -o "$program" "$source" -lGeographicLib
fi
exec "$folder/venv/bin/python" -B "$here/topk.py" "$folder" "${rest[@]+"${rest[@]}"}"
