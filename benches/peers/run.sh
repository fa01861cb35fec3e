#!/usr/bin/env bash
# Builds and measures siteband and its peers, and prints one table in Markdown.
#
#     benches/peers/run.sh [--folder DIR] [--no-build] [options of run.py]
#
# Everything is put into DIR, target/peers by default. What cannot be installed or built is a row of the table that says so.
# Debian's packages come from install.sh, which needs root once.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

folder=$here/../../target/peers
build=yes
rest=()
while [[ $# -gt 0 ]]; do
    case $1 in
        --folder) folder=${2:?--folder needs a directory}; shift 2 ;;
        --no-build) build=no; shift ;;
        -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; python3 -B "$here/run.py" --help; exit ;;
        *) rest+=("$1"); shift ;;
    esac
done
mkdir -p "$folder/bin"
folder=$(cd "$folder" && pwd)

say() { printf '%s\n' "$*" >&2; }

# Each package by itself, so that one that cannot be had takes no other with it.
install_python() {
    [[ -x $folder/venv/bin/python ]] || python3 -m venv "$folder/venv"
    local pip=("$folder/venv/bin/pip" --disable-pip-version-check install --quiet)
    "${pip[@]}" --requirement "$here/requirements.txt" && return
    grep --extended-regexp '^[a-z]' "$here/requirements.txt" | while read -r package; do
        "${pip[@]}" "$package" || say "cannot install $package"
    done
}

# compile NAME LIBRARY...
compile() {
    local name=$1 source=$here/cpp/$1.cpp program=$folder/bin/$1
    shift
    [[ $program -nt $source && $program -nt $here/cpp/measure.hpp ]] && return
    rm -f "$program"
    g++ -std=c++17 -O3 -DNDEBUG -DBOOST_ALLOW_DEPRECATED_HEADERS -o "$program" "$source" "$@" || say "cannot build $name"
}

if [[ $build == yes ]]; then
    "$here/install.sh" || say "going on with what is there"
    install_python
    CARGO_TARGET_DIR=$folder/cargo "$folder/venv/bin/pip" --disable-pip-version-check install --quiet "$here/../../crates/siteband-python" ||
        say "cannot build siteband's wheel"
    compile reference -lGeographicLib
    compile s2_edges -ls2 -labsl_base -lGeographicLib
    compile boost_geometry
    cargo build --quiet --release --locked --manifest-path "$here/rust/Cargo.toml" --target-dir "$folder/cargo" >&2 ||
        say "cannot build the peers in Rust"
fi
[[ -f $folder/data/sites-world.csv ]] || python3 -B "$here/make_data.py" "$folder/data"
exec python3 -B "$here/run.py" "$folder" "${rest[@]+"${rest[@]}"}"
