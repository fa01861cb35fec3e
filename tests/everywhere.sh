#!/usr/bin/env bash
# The same input gives the same bytes: whatever the language and the time zone, for any number of threads, with optimisation and without.
#
#   tests/everywhere.sh SITEBAND…        the outputs of every command, of each SITEBAND (a debug and a release build, say): a minute
#   tests/everywhere.sh tests            `cargo test` under each language, with 1 thread and with as many as there are cores: an hour
#
# The languages are made by localedef from the sources that Debian's package `locales` has.
set -euo pipefail
cd "$(dirname "$0")/.."
fail() { echo "FAILED: $*" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# A point in numbers, a comma, an i without its dot, other digits.
languages=(C de_DE.UTF-8 tr_TR.UTF-8 fa_IR.UTF-8)

export LOCPATH=$folder/languages
mkdir "$LOCPATH"
for language in "${languages[@]:1}"; do
    localedef --inputfile="${language%.*}" --charmap=UTF-8 "$LOCPATH/$language"
    # It is there, and means something.
    [[ $(LC_ALL=$language locale charmap) == UTF-8 ]] || fail "$language is not in force"
done
[[ $(LC_ALL=de_DE.UTF-8 locale decimal_point) == , ]] || fail "de_DE.UTF-8 has no decimal comma"

in_place() { # LANGUAGE ZONE THREADS COMMAND…
    LC_ALL=$1 LANG=$1 LANGUAGE=${1%%_*} TZ=$2 RAYON_NUM_THREADS=$3 "${@:4}"
}

if [[ $* == tests ]]; then
    cores=$(nproc)
    for combination in "tr_TR.UTF-8 America/St_Johns 1" "fa_IR.UTF-8 Asia/Pyongyang $cores" "de_DE.UTF-8 UTC $cores" "C UTC $cores --release"; do
        read -r language zone number mode <<< "$combination"
        echo "== $language, $zone, $number threads ${mode:-}"
        # The documents' programs are compiled anew each time, and read nothing of the kind.
        RUST_TEST_THREADS=$number in_place "$language" "$zone" "$number" cargo test --quiet ${mode:+"$mode"} --lib --bins --tests
    done
    exit
fi
(($#)) || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }

# What every command writes. $1 is the command, the working folder has the data.
outputs() {
    local siteband=$1 to=$2 threads=$3 scenario=data/scenarios/sino-ri.toml sites=data/sites/dprk-places.csv format code
    said() { # NAME COMMAND…: both streams and the exit code
        code=0
        "${@:2}" > "$to/$1.out" 2> "$to/$1.err" || code=$?
        echo "$code" > "$to/$1.code"
    }
    for format in table json csv geojson kml markdown; do
        said "rank.$format" "$siteband" rank "$scenario" --full --format "$format"
    done
    said rank.claim "$siteband" rank --claim "nearly 53 miles north-northeast of Seoul" --sites data/sites/dprk-facilities.csv --atlas data/sites/features.geojson
    said explain "$siteband" explain "$scenario" sino-ri
    said check "$siteband" check "$scenario"
    said claim "$siteband" claim "In North Korea, some 1,234.5 miles NNE of the border with China"
    said claim.all "$siteband" claim --all --format json "It is about 85 km from the Chinese border, İstanbul'dan 12,5 km, and fifty-three miles off Seoul."
    said distance "$siteband" distance --to data/borders/cn-kp.geojson --sites "$sites" -o "$to/distance.csv"
    said score "$siteband" score "$scenario" --sites "$sites" -o "$to/scores.csv" --summary "$to/summary.json" --threads "$threads"
    said index "$siteband" index "$sites" -o "$to/sites.sbx"
    said borders "$siteband" borders
    said calibrate "$siteband" calibrate data/claims/dprk-bases.csv data/claims/dprk-markets.csv --format json --picture "$to/calibrate.svg"
    said new "$siteband" new "$to/new.toml"
    # What is wrong is said alike, too.
    said wrong "$siteband" rank "$scenario" --sites data/borders/cn-kp.geojson
    printf 'id,lat,lon\na,"40,1","125,2"\nb,40.1,125.2\n' > "$to/rows.csv"
    said rows "$siteband" score "$scenario" --sites "$to/rows.csv"
    for format in html svg png kml kmz geojson md; do
        said "map.$format" "$siteband" map "$scenario" -o "$to/map.$format"
    done
    # Where it wrote is another place each time.
    sed -i "s|$to|FOLDER|g" "$to"/*.out "$to"/*.err
}

number=0
for siteband in "$@"; do
    siteband=$(realpath "$siteband")
    for place in "C UTC 1" "de_DE.UTF-8 Asia/Pyongyang 2" "tr_TR.UTF-8 America/St_Johns 7" "fa_IR.UTF-8 UTC 2"; do
        read -r language zone count <<< "$place"
        to=$folder/$number
        mkdir "$to"
        in_place "$language" "$zone" "$count" outputs "$siteband" "$to" "$count"
        if ((number)); then
            diff --recursive --brief "$folder/0" "$to" || fail "$siteband writes otherwise with $place"
            rm -r "$to"
        fi
        number=$((number + 1))
    done
done
files=$(find "$folder/0" -type f | wc -l)
((files > 70)) || fail "only $files files were compared"
[[ $(cat "$folder/0/rank.table.code" "$folder/0/map.html.code") == $'0\n0' ]] || fail "$(cat "$folder/0/rank.table.err")"
echo "the same $files files from $number runs"
