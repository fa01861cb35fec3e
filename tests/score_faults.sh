#!/usr/bin/env bash
# What happens to `siteband score` when it is killed, interrupted, or has nowhere to write: the result is always that of a run that nobody
# disturbed, or nothing under the final name.
#
#   tests/score_faults.sh SITEBAND            a minute
#   tests/score_faults.sh SITEBAND long       1, 2, 3, 8 and 16 threads twenty times each, 100 kills and 20 interrupts: an hour or two
#   tests/score_faults.sh SITEBAND long csv   the same for CSV alone, or for parquet
#
# SITEBAND is the command, built in release mode. Where it can write Parquet, everything is done for that too.
set -euo pipefail
cd "$(dirname "$0")/.."
siteband=$(realpath "$1")
form=${2:-short}
scenario=data/scenarios/sino-ri.toml
case $form in
    short) rows=150000 runs=1 kills=4 interrupts=2 ;;
    # Of so many parts the few that are under way when a run ends are less than a twentieth.
    long) rows=4500000 runs=20 kills=100 interrupts=20 ;;
    *) echo "expected 'short' or 'long', found '$form'" >&2; exit 2 ;;
esac
only=${3:-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

# Sites in and around the country, some with tags, some with notes of two lines, some that are no sites.
make_sites() {
    awk -v rows="$1" 'BEGIN {
        srand(2012); print "id,lat,lon,tags,note"
        for (i = 0; i < rows; i++) {
            lat = (i % 50000 == 7) ? 95 : 37.5 + 5.6 * rand()
            note = (i % 1000 == 3) ? "\"two\nlines, \"\"quoted\"\"\"" : ""
            printf "s%d,%.6f,%.6f,%s,%s\n", i, lat, 124 + 7 * rand(), (i % 97) ? "" : "training", note
        }
    }'
}
make_sites "$rows" > "$folder/sites.csv"
lists=(sites.csv)
if "$siteband" score "$scenario" --sites "$folder/sites.csv" -o "$folder/sites.parquet" 2> "$folder/said"; then
    fail "rows that are no sites go unmentioned"
elif [[ -e $folder/sites.parquet ]]; then
    lists+=(sites.parquet)
elif ! grep -q "does not write Parquet" "$folder/said"; then
    fail "$(cat "$folder/said")"
fi

# Scores a list; exit code 1 means that some rows were rejected.
score() {
    local code=0
    "$siteband" score "$scenario" --sites "$folder/$list" -o "$folder/$out" --rejects "$folder/rejects.csv" "$@" \
        2> "$folder/said" || code=$?
    [[ $code -le 1 && -e $folder/$out ]] || fail "exit code $code: $(cat "$folder/said")"
}

same() {
    cmp "$folder/undisturbed" "$folder/$out" || fail "$1: other scores"
    cmp "$folder/undisturbed.rejects" "$folder/rejects.csv" || fail "$1: other rejected rows"
    rm "$folder/$out" "$folder/rejects.csv"
    left=$(find "$folder" -name '*.part' -o -name '*.journal')
    [[ -z $left ]] || fail "$1: left behind: $left"
}

for list in "${lists[@]}"; do
    [[ -z $only || $list == *."$only" ]] || continue
    out=scores.${list##*.}
    if [[ $list == sites.parquet ]]; then
        # Its columns are scores already, under the same names: as a list it must not have them.
        "$siteband" score data/scenarios/sino-ri.toml --sites "$folder/$list" -o "$folder/$out" 2> "$folder/said" \
            && fail "scores are added twice"
        grep -q "rename it" "$folder/said" || fail "$(cat "$folder/said")"
        list=sites.csv
    fi
    start=$(date +%s%N)
    score
    took_ms=$((($(date +%s%N) - start) / 1000000))
    mv "$folder/$out" "$folder/undisturbed"
    mv "$folder/rejects.csv" "$folder/undisturbed.rejects"

    for threads in 1 2 3 8 16; do
        for ((run = 0; run < runs; run++)); do
            score --threads "$threads"
            same "$threads threads"
        done
    done
    echo "$out: the same bytes for 1, 2, 3, 8 and 16 threads, $runs run(s) each"

    least=100
    for ((at = 0; at < kills + interrupts; at++)); do
        signal=KILL
        [[ $at -lt $kills ]] || signal=INT
        "$siteband" score "$scenario" --sites "$folder/$list" -o "$folder/$out" --rejects "$folder/rejects.csv" \
            2> "$folder/said" &
        running=$!
        sleep "$(awk -v ms="$took_ms" -v seed="$RANDOM" 'BEGIN { srand(seed); print rand() * ms / 1000 }')"
        kill -s "$signal" "$running" 2> /dev/null || true
        code=0
        wait "$running" 2> /dev/null || code=$?
        if [[ $code -gt 1 ]]; then
            [[ ! -e $folder/$out ]] || fail "$signal: something stands under the final name"
            if [[ $signal == INT ]]; then
                [[ $code == 130 ]] || fail "an interrupt ends with $code"
                grep -q -- "--resume" "$folder/said" || fail "nobody says how to go on: $(cat "$folder/said")"
            fi
            kept=$(grep -c . "$folder/$out.journal" 2> /dev/null || true)
            if [[ ${kept:-0} -gt 1 ]]; then
                # Without --resume, what was done is not thrown away.
                "$siteband" score "$scenario" --sites "$folder/$list" -o "$folder/$out" --rejects "$folder/rejects.csv" \
                    2> "$folder/said" && fail "an earlier run was overwritten"
                grep -q -- "--resume" "$folder/said" || fail "$(cat "$folder/said")"
            fi
            score --resume
        fi
        same "after $signal"
    done
    echo "$out: the same bytes after $kills kills and $interrupts interrupts"
    if [[ $form == long && $out == *.csv ]]; then
        parts=$(($(stat -c %s "$folder/sites.csv") / 1048576))
        busy=$((2 * $(nproc) + 2))
        echo "$out: at most $busy of $parts parts were under way when a run ended"
        [[ $((100 * busy)) -lt $((5 * parts)) ]] || fail "a twentieth or more may have been done twice"
    fi

    # A list or a question that has changed is not gone on with.
    cp "$folder/$list" "$folder/changed.csv"
    "$siteband" score "$scenario" --sites "$folder/changed.csv" -o "$folder/$out" --max-errors 0 2> "$folder/said" \
        && fail "too many errors are none"
    grep -q -- "--max-errors" "$folder/said" || fail "$(cat "$folder/said")"
    [[ ! -e $folder/$out ]] || fail "a file with too many errors has its final name"
    sed -i '2s/^s0,3/s0,4/; 2s/^s0,4[0-9]/s0,38/' "$folder/changed.csv"
    "$siteband" score "$scenario" --sites "$folder/changed.csv" -o "$folder/$out" --resume 2> "$folder/said" \
        && fail "a changed list is gone on with"
    grep -q "changed" "$folder/said" || fail "$(cat "$folder/said")"
    "$siteband" score "$scenario" --sites "$folder/$list" -o "$folder/$out" --resume --reading analyst 2> "$folder/said" \
        && fail "another question is gone on with"
    grep -q "the scenario, its data or the reading" "$folder/said" || fail "$(cat "$folder/said")"
    rm -f "$folder/$out".*
    echo "$out: changed lists and other questions are refused"

    # Nowhere to write.
    (
        # Files of at most a megabyte, as on a full disk.
        trap '' XFSZ
        ulimit -f 1024
        "$siteband" score "$scenario" --sites "$folder/$list" -o "$folder/$out" 2> "$folder/said"
    ) && fail "no room is no failure"
    grep -q "cannot be written" "$folder/said" || fail "$(cat "$folder/said")"
    [[ ! -e $folder/$out ]] || fail "without room, something stands under the final name"
    code=0
    "$siteband" score "$scenario" --sites "$folder/$list" -o "$folder/$out" --resume --rejects "$folder/rejects.csv" \
        2> "$folder/said" && fail "other options are gone on with"
    rm -f "$folder/$out".* "$folder/rejects.csv".*
done

if [[ -c /dev/full ]]; then
    "$siteband" score "$scenario" --sites "$folder/sites.csv" > /dev/full 2> "$folder/said" && fail "a full device is no failure"
    grep -qi "no space" "$folder/said" || fail "$(cat "$folder/said")"
fi
("$siteband" score "$scenario" --sites "$folder/sites.csv" 2> "$folder/said" || echo "$?" > "$folder/code") | head -n 1 > /dev/null
[[ $(cat "$folder/code") == 1 ]] || fail "a closed pipe ends with $(cat "$folder/code")"
grep -q "closed" "$folder/said" || fail "$(cat "$folder/said")"
echo "no room and a closed pipe end with a message"
