#!/usr/bin/env bash
# Fuzzes every door of siteband, or those that are named: fuzz/run.sh [TARGET…]. Needs the nightly toolchain below, `cargo install
# cargo-fuzz`, and a C++ compiler. What fails an input has: a panic, more than 1 s of the processor, more than 512 MiB.
#
# Environment: RUNS and SECONDS_EACH bound the run of each target (10 million, 600), whichever comes first; WORK is where inputs are
# collected and minimised (fuzz/target/work).
set -euo pipefail
cd "$(dirname "$0")"

# In this one place. Nothing is installed.
toolchain=nightly
runs=${RUNS:-10000000} seconds=${SECONDS_EACH:-600} work=${WORK:-target/work}
host=$(rustc +"$toolchain" -vV | sed -n 's/^host: //p')

# Longest input of each target, in bytes.
declare -A longest=(
    [claim]=400 [position]=200 [scenario_toml]=1500 [scenario_json]=1500 [sites_csv]=400 [sites_geojson]=1000 [sites_kml]=600
    [sites_kmz]=800 [saved_index]=400 [features]=1000 [roads]=800 [distance]=200 [ranking]=500 [journal]=1000 [parquet]=4000
)
core=(claim position scenario_toml scenario_json sites_csv sites_geojson sites_kml sites_kmz saved_index features roads distance ranking)
command=(journal parquet)
targets=("$@")
((${#targets[@]})) || targets=("${core[@]}" "${command[@]}")

# No address sanitizer: the code forbids unsafe, and it would slow every target. Debug assertions and overflow checks
# are on, as cargo-fuzz has them by default.
build() { cargo +"$toolchain" fuzz build --fuzz-dir . --sanitizer none --target "$host" "$@"; }
is_of_command() { [[ " ${command[*]} " == *" $1 "* ]]; }
build_all() {
    local target of_core=() of_command=()
    for target in "${targets[@]}"; do
        [[ -v longest[$target] ]] || { echo "no target is called '$target': expected one of ${core[*]} ${command[*]}" >&2; exit 2; }
        if is_of_command "$target"; then of_command+=("$target"); else of_core+=("$target"); fi
    done
    # Those of the command have more crates, and a feature for them. One build makes all of a kind.
    if ((${#of_core[@]} == 1)); then build "${of_core[0]}"; elif ((${#of_core[@]})); then build; fi
    if ((${#of_command[@]})); then for target in "${of_command[@]}"; do build --features command "$target"; done; fi
}
build_all
folder=$(cargo +"$toolchain" metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/$host/release

# Files that doors need lie there, and are gone with it.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export TMPDIR=$scratch

failed=0
printf '%-14s %11s %8s %9s %12s %7s %7s %9s\n' target executions seconds peak_MiB slowest_ms edges kept kept_kB
for target in "${targets[@]}"; do
    mkdir -p "$work/$target" "$work/least" artifacts/"$target" "corpus/$target"
    log=$work/$target.log
    options=(-max_len="${longest[$target]}" -rss_limit_mb=512 -artifact_prefix="artifacts/$target/")
    [[ -f dictionaries/$target.dict ]] && options+=(-dict="dictionaries/$target.dict")
    start=$SECONDS
    # The time of the processor is held to 1 s by the target itself; what never ends is ended here.
    "$folder/$target" "$work/$target" "corpus/$target" "${options[@]}" -runs="$runs" -max_total_time="$seconds" -timeout=20 \
        -print_final_stats=1 > "$log" 2>&1 || { failed=1; echo "$target: FAILED, see fuzz/$log and fuzz/artifacts/$target" >&2; }
    took=$((SECONDS - start))
    # What adds nothing is dropped.
    rm -rf "$work/least/$target" && mkdir "$work/least/$target"
    "$folder/$target" -merge=1 "$work/least/$target" "corpus/$target" "$work/$target" -max_len="${longest[$target]}" \
        >> "$log" 2>&1 && rm -rf "${work:?}/$target" && mv "$work/least/$target" "$work/$target"
    stat() { sed -n "s/^stat::$1: *//p" "$log" | tail -n 1; }
    slowest=$(sed -n 's/^SLOWEST: \(.*\) ms$/\1/p' "$log" | sort -n | tail -n 1)
    edges=$(sed -n 's/.*cov: \([0-9]*\).*/\1/p' "$log" | sort -n | tail -n 1)
    printf '%-14s %11s %8s %9s %12s %7s %7s %9s\n' "$target" "$(stat number_of_executed_units)" "$took" "$(stat peak_rss_mb)" \
        "$slowest" "$edges" "$(find "$work/$target" -type f | wc -l)" "$(($(cat "$work/$target"/* | wc -c) / 1000))"
done
exit "$failed"
