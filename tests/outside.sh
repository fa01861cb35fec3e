#!/usr/bin/env bash
# A program elsewhere that links the library without its default features: it compiles with few crates, and the twelve lines of the README
# say there what they say here.
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
