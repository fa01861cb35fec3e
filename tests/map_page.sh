#!/usr/bin/env bash
# Whether the page of `siteband map` ranks in a browser as the command does, whatever is set in it: the number moved, another reading, each
# statement switched off. The page is worked by its own controls; it must not say an error, and must hold everything.
#
#   tests/map_page.sh SITEBAND
#
# Chromium is installed by apt-get if it is not there and that is possible; otherwise nothing is checked, and it says so.
set -euo pipefail
cd "$(dirname "$0")/.."
siteband=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

find_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
if ! find_browser > "$folder/said"; then
    as_root=()
    [[ $(id -u) -eq 0 ]] || as_root=(sudo -n)
    { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq chromium; } > "$folder/said" 2>&1 || true
fi
if ! browser=$(find_browser); then
    echo "SKIPPED: there is no Chromium, and none can be installed" >&2
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi

passed=0
failed=0
cp -r data "$folder/data"
scenarios=$folder/data/scenarios
asked=$scenarios/sino-ri.toml
"$siteband" map "$asked" -o "$folder/page.html"

# check NAME ACTIONS SCENARIO [OPTIONS of rank]: what the page has after the actions is what the command has for the scenario.
check() {
    local name=$1 actions=$2 scenario=$3
    shift 3
    "$siteband" rank "$scenario" --format json --no-robustness "$@" > "$folder/expected.json"
    {
        cat "$folder/page.html"
        echo '<script type="application/json" id="expected">'
        sed 's/</\\u003c/g' "$folder/expected.json"
        cat <<SCRIPT
</script>
<script>
addEventListener("load", () => {
  const ready = performance.now();
  const set = (at, value, event) => { at.value = value; at.dispatchEvent(new Event(event, { bubbles: true })); };
  const one = (selector) => document.querySelector(selector);
  $actions;
  const expected = JSON.parse(one("#expected").textContent);
  const { data, result } = sitebandPage;
  const ids = (numbers) => numbers.map((number) => data.sites.id[number]).join();
  const posterior = (id) => result().posterior[data.sites.id.indexOf(id)];
  const off = [result().none - expected.none_of_these, ...expected.ranking.map(({ id, posterior: p }) => posterior(id) - p)];
  const worst = Math.max(...off.map(Math.abs));
  const order = expected.ranking.map(({ id }) => id);
  const rows = [...document.querySelectorAll("#ranking tr[data-site]")].map((row) => Number(row.dataset.site));
  const alike = worst < 1e-9 && ids(result().order) === order.join() && ids(rows) === order.slice(0, rows.length).join();
  const drawn = document.querySelectorAll("#map-sites circle").length === expected.ranking.length;
  document.body.prepend("VERDICT " + (alike && drawn ? "alike" : "different") + ", worst " + worst + ", ready after " + ready.toFixed(0) + " ms");
});
</script>
SCRIPT
    } > "$folder/driven.html"
    "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$folder/profile" --enable-logging=stderr --virtual-time-budget=5000 \
        --dump-dom "file://$folder/driven.html" > "$folder/dom" 2> "$folder/said" || true
    local verdict
    verdict=$(grep -o 'VERDICT [^<]*' "$folder/dom" | head -n 1 || true)
    if [[ $verdict == "VERDICT alike"* ]] && ! grep -q "CONSOLE" "$folder/said"; then
        passed=$((passed + 1))
        echo "$name: ${verdict#VERDICT }"
    else
        failed=$((failed + 1))
        echo "FAILED: $name: $verdict $(grep CONSOLE "$folder/said" | head -n 3)" >&2
    fi
}

check "as it was asked" "" "$asked"
sed 's/about 85 kilometers/about 95 kilometers/' "$asked" > "$scenarios/moved.toml"
check "85 moved to 95" 'set(one("#number-diplomat-1"), "95", "input")' "$scenarios/moved.toml"
sed 's/about 85 kilometers/nearly 85 kilometers/' "$asked" > "$scenarios/hedged.toml"
check "nearly for about" 'set(one("[aria-label=\"Hedge of diplomat-1\"]"), "nearly", "change")' "$scenarios/hedged.toml"
for reading in literal rounded best-practice analyst mixture-prior; do
    check "read as $reading" "set(one('[aria-label=Reading]'), '$reading', 'change')" "$asked" --reading "$reading"
done
sed 's/^none_of_these = .*/none_of_these = 0.5/; s/^reliability = 0.9/reliability = 0.4/' "$asked" > "$scenarios/doubted.toml"
check "a source doubted, another prior" 'set(one("[aria-label=\"Reliability of diplomat\"]"), "0.4", "input");
  set(one("[aria-label=\"Prior for none of these\"]"), "0.5", "input")' "$scenarios/doubted.toml"
number=0
for claim in diplomat-1 diplomat-2 analyst-1 analyst-2 analyst-3 analyst-4 bermudez-1; do
    number=$((number + 1))
    # What a ranking without robustness does not look at may no longer make sense: another border to compare with, and what-ifs.
    awk -v leave="$number" '/^\[\[/ { out = 0 } /^\[\[claim\]\]/ { out = ++count == leave }
        /^\[\[what_if\]\]/ { out = 1 } /^other_atlas/ { next } !out' \
        "$asked" > "$scenarios/without.toml"
    check "without $claim" "one('#on-$claim').click()" "$scenarios/without.toml"
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
