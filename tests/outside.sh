#!/usr/bin/env bash
# A program elsewhere that links the library without its default features: it compiles with few crates, and the twelve lines of the README
# give the best five sites there, with the probabilities that the command gives them.
set -euo pipefail
cd "$(dirname "$0")/.."
fail() { echo "FAILED: $*" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mkdir "$folder/src"
cat > "$folder/Cargo.toml" << END
[package]
name = "outside"
edition = "2024"

[dependencies]
siteband = { path = "$PWD", default-features = false }
END
# What a reader of the document sees.
awk '/^```rust$/ { inside = 1; next } /^```$/ { inside = 0 } inside { sub(/^# /, ""); print }' README.md > "$folder/src/main.rs"
lines=$(grep -c . "$folder/src/main.rs") || fail "the README has no program"
((lines >= 12)) || fail "only $lines lines"
cp Cargo.lock "$folder/"
crates=$(cargo tree --manifest-path "$folder/Cargo.toml" --edges normal,build --prefix none --no-dedupe | awk '{ print $1, $2 }' | sort -u | wc -l)
echo "$crates crates, the program among them"
((crates < 60)) || fail "$crates crates: expected fewer than 60"
said=$(cargo run --quiet --manifest-path "$folder/Cargo.toml")
echo "$said"
[[ $(wc -l <<< "$said") == 6 && $said == *"none of these"* ]] || fail "expected five sites and none of these"
# With all features, and by another way of asking.
claim=$(sed -n 's/.*claim: Claim = "\(.*\)"\.parse.*/\1/p' README.md)
here=$(cargo run --quiet -- rank --claim "$claim" --atlas data/borders/cn-kp.geojson --sites data/sites/dprk-facilities.csv --format csv --top 5 |
    awk -F, 'NR > 1 { gsub("-", " ", $2); printf "%s %.1f %%\n", $1 ? $2 : "none of these", 100 * $7 }')
there=$(awk '{ sub(/[0-9.]+ km/, ""); gsub("-", " "); gsub(/ +/, " "); print }' <<< "$said")
[[ $there == "$here" ]] || fail "there: $there"$'\n'"here: $here"
echo "the command says the same"
