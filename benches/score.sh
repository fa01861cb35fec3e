#!/usr/bin/env bash
# How long `siteband score` takes for lists of 10^5, 10^6 and 10^7 sites, for one claim and for the scenario of 2012, on one thread and on all.
#
#   benches/score.sh SITEBAND [ROWS…]      SITEBAND is the command, built in release mode
set -euo pipefail
cd "$(dirname "$0")/.."
siteband=$(realpath "$1")
shift
rows=("$@")
[[ ${#rows[@]} -gt 0 ]] || rows=(100000 1000000 10000000)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/one.toml" << 'TOML'
search_region = "north-korea"
[[source]]
id = "diplomat"
reliability = 0.9
[[claim]]
source = "diplomat"
text = "about 85 kilometers from the North Korean border with China"
TOML
echo "| rows | statements | threads | s | million rows/s | memory, MB |"
echo "|--:|--:|--:|--:|--:|--:|"
for count in "${rows[@]}"; do
    awk -v rows="$count" 'BEGIN {
        srand(2012); print "id,lat,lon"
        for (i = 0; i < rows; i++) printf "s%d,%.6f,%.6f\n", i, 37.5 + 5.6 * rand(), 124 + 7 * rand()
    }' > "$folder/sites.csv"
    for question in "$folder/one.toml" data/scenarios/sino-ri.toml; do
        statements=$(grep -c '^\[\[claim\]\]' "$question")
        for threads in 1 "$(nproc)"; do
            start=$(date +%s%N)
            "$siteband" score "$question" --sites "$folder/sites.csv" -o "$folder/scores.csv" --threads "$threads" &
            running=$!
            most=0
            while kill -0 "$running" 2> /dev/null; do
                now=$(awk '/VmHWM/ { print $2 }' "/proc/$running/status" 2> /dev/null || true)
                most=${now:-$most}
                sleep 0.02
            done
            wait "$running"
            took_ms=$((($(date +%s%N) - start) / 1000000))
            [[ $(wc -l < "$folder/scores.csv") -eq $((count + 1)) ]] || { echo "rows are missing" >&2; exit 1; }
            awk -v n="$count" -v c="$statements" -v t="$threads" -v ms="$took_ms" -v kb="$most" \
                'BEGIN { printf "| %d | %d | %d | %.2f | %.2f | %d |\n", n, c, t, ms / 1000, n / ms / 1000, kb / 1024 }'
        done
    done
done
