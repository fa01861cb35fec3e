#!/usr/bin/env bash
# Installs what the peers need from Debian's packages, as root; anybody else is told what is missing.
set -euo pipefail

packages=(
    build-essential python3-venv   # to build
    postgresql-postgis             # PostGIS and its server
    libs2-dev libabsl-dev          # S2
    libboost-dev                   # Boost.Geometry
    libgeographiclib-dev           # the reference, and S2 with geodesics
)
# npm fetches the borders; it may have come another way.
command -v npm >/dev/null || packages+=(npm)

missing=()
for package in "${packages[@]}"; do
    state=$(dpkg-query --show --showformat '${Status}' "$package" 2>/dev/null || true)
    [[ $state == *"ok installed" ]] || missing+=("$package")
done
if [[ ${#missing[@]} -eq 0 ]]; then
    echo "all packages are installed" >&2
elif [[ $EUID -eq 0 ]]; then
    apt-get update --quiet
    # The servers of these packages are not wanted, only their programs: nothing is started.
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"
else
    echo "missing: run as root: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
fi
command -v cargo >/dev/null || { echo "missing: a Rust toolchain" >&2; exit 1; }
