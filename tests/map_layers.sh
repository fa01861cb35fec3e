#!/usr/bin/env bash
# Whether other programs read what `siteband map` draws: GDAL the KML, KMZ and GeoJSON, and the KML against the schema of the OGC. The names
# of the sites are hostile.
#
#   tests/map_layers.sh SITEBAND
#
# What it needs and is not there is installed, where that is possible: gdal-bin and libxml2-utils by apt-get, fastkml, which carries the
# schema, by pip in an environment that is deleted again. Otherwise the checks that need it are left out, and it says so.
set -euo pipefail
cd "$(dirname "$0")/.."
siteband=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
passed=0
failed=0
skipped=0

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAILED: $*" >&2; }
skip() { skipped=$((skipped + 1)); echo "SKIPPED: $*" >&2; }
check() {
    local what=$1
    shift
    if "$@" > "$folder/said" 2>&1; then pass; else fail "$what: $(head -c 2000 "$folder/said")"; fi
}

# A command, from a package.
have() {
    command -v "$1" > "$folder/said" && return
    local as_root=()
    [[ $(id -u) -eq 0 ]] || as_root=(sudo -n)
    { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq "$2"; } > "$folder/said" 2>&1 || true
    command -v "$1" > "$folder/said"
}

# Sites that are no trouble, hostile ones, and many.
cp data/sites/dprk-facilities.csv "$folder/plain.csv"
{
    echo 'id,name,group,lat,lon,tags'
    printf '%s\n' 'a,<script>alert(1)</script>,g,39.1,125.5,town' 'b,=cmd(),g,39.2,125.5,training' 'c,]]>,,39.3,125.5,'
    printf 'd,\u202e\u05e9\u05dc\u05d5\u05dd,,39.4,125.5,\n'
    printf 'e,%s,,39.5,125.5,\n' "$(printf 'x%.0s' {1..300})"
    printf 'f,a control character \001,,39.6,125.5,\n'
    printf '%s\n' 'g,"""quotes"" and '"'quotes'"'",,39.7,125.5,' 'h,a | bar and `backticks`,,39.8,125.5,'
    printf 'i,"two\nlines",,39.9,125.5,\n'
} > "$folder/hostile.csv"
awk 'BEGIN { srand(2012); print "id,lat,lon"; for (i = 0; i < 10000; i++) printf "s%d,%.6f,%.6f\n", i, 37.7 + 5 * rand(), 124.3 + 6 * rand() }' \
    > "$folder/many.csv"
# What crosses 180°.
cp -r crates/siteband-map/tests/over_180 "$folder/over"
printf 'id,lat,lon\neast,-16.9,-179.9\nwest,-16.9,179.9\n' > "$folder/over.csv"

lists=(plain hostile many over)
declare -A sites=([plain]=29 [hostile]=9 [many]=10000 [over]=2)
for list in "${lists[@]}"; do
    scenario=data/scenarios/sino-ri.toml
    [[ $list != over ]] || scenario=$folder/over/scenario.toml
    for ending in kml kmz geojson md; do
        check "$list.$ending is written" "$siteband" map "$scenario" --sites "$folder/$list.csv" -o "$folder/$list.$ending"
    done
    check "$list.qml is written" test -s "$folder/$list.qml"
    "$siteband" map "$scenario" --sites "$folder/$list.csv" -o "$folder/again.kmz" 2> "$folder/said"
    check "$list.kmz is the same each time" cmp "$folder/$list.kmz" "$folder/again.kmz"
done

# The same number of sites in what another program reads; its words on standard error are failures.
read_by_gdal() {
    ogrinfo -ro -so -al "$1" > "$folder/layers" 2> "$folder/words" || { cat "$folder/words"; return 1; }
    [[ ! -s $folder/words ]] || { cat "$folder/words"; return 1; }
}
count_of_sites() {
    local total=0 count
    for layer in "Sites" "Sites from rank 201 on"; do
        count=$(ogrinfo -ro -so "$1" "$layer" 2> "$folder/words" | sed -n 's/^Feature Count: //p')
        total=$((total + ${count:-0}))
    done
    [[ $total -eq $2 ]] || { echo "$total sites, expected $2"; return 1; }
}
count_in_geojson() {
    local count
    count=$(ogrinfo -ro -so -al -where "layer = 'site'" "$1" | sed -n 's/^Feature Count: //p')
    [[ $count -eq $2 ]] || { echo "$count sites, expected $2"; return 1; }
}
if have ogrinfo gdal-bin; then
    for list in "${lists[@]}"; do
        for ending in kml kmz geojson; do
            check "GDAL reads $list.$ending" read_by_gdal "$folder/$list.$ending"
        done
        check "GDAL finds the sites of $list.kml" count_of_sites "$folder/$list.kml" "${sites[$list]}"
        check "GDAL finds the sites of $list.geojson" count_in_geojson "$folder/$list.geojson" "${sites[$list]}"
    done
    check "GDAL finds the name in KML" grep -q '<script>alert(1)</script>' <(ogrinfo -ro -al "$folder/hostile.kml")
    check "GDAL finds the name in GeoJSON" grep -q '<script>alert(1)</script>' <(ogrinfo -ro -al "$folder/hostile.geojson")
else
    skip "GDAL is not here and cannot be installed: nothing was read by it"
fi

if have xmllint libxml2-utils; then
    for list in "${lists[@]}"; do
        check "$list.kml is well-formed" xmllint --noout --nonet "$folder/$list.kml"
        check "$list.qml is well-formed" xmllint --noout --nonet "$folder/$list.qml"
    done
    schema=
    if python3 -m venv "$folder/python" > "$folder/said" 2>&1 \
        && "$folder/python/bin/pip" install --quiet fastkml==1.4.0 > "$folder/said" 2>&1; then
        schema=$(find "$folder/python" -name ogckml22.xsd | head -n 1)
    fi
    if [[ -n $schema ]]; then
        for list in "${lists[@]}"; do
            check "$list.kml keeps to the schema" xmllint --noout --nonet --schema "$schema" "$folder/$list.kml"
        done
    else
        skip "fastkml 1.4.0 cannot be installed: no KML was checked against the schema"
    fi
else
    skip "xmllint is not here and cannot be installed: no XML was checked"
fi

[[ $skipped -eq 0 ]] || echo "$skipped parts skipped, see above"
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
