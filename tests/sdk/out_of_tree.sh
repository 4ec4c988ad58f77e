#!/usr/bin/env bash
# A plugin author's way: installs Onager from BUILD under a fresh prefix, builds a plugin outside the
# tree against the installed SDK, by CMake and by pkg-config, and runs it with the installed program.
set -euo pipefail
build=$1
source=$(cd "$(dirname "$0")/cauchy" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

DESTDIR= cmake --install "$build" --prefix "$work/prefix" >/dev/null
env -u ONAGER_PLUGIN_PATH "$work/prefix/bin/onager" list kernel | grep -q gaussian

cmake -S "$source" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$work/prefix" >/dev/null
cmake --build "$work/cmake" >/dev/null

export PKG_CONFIG_PATH
PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name onager.pc)")
mkdir "$work/make"
# shellcheck disable=SC2046
g++ -std=c++17 -O3 -shared "$source/cauchy.cpp" -o "$work/make/cauchy.so" $(pkg-config --cflags --libs onager)

for plugin in "$work/cmake/cauchy.so" "$work/make/cauchy.so"; do
  symbols=$(nm -D --defined-only "$plugin" | awk '{print $3}')
  [ "$symbols" = onager_plugin_entry ] || { echo "$plugin exports: $symbols"; exit 1; }
  rm -rf "$work/run"
  "$work/prefix/bin/onager" --plugin-path "$plugin" describe cauchy | grep -q bandwidth
  "$work/prefix/bin/onager" --plugin-path "$plugin" run "$source/cauchy.toml" --out "$work/run"
  grep -q '"status": "finished"' "$work/run/summary.json"
  grep -q org.example.cauchy "$work/run/lock.toml"
done
lines=$(wc -l < "$source/cauchy.cpp")
[ "$lines" -le 25 ] || { echo "the example kernel has grown to $lines lines"; exit 1; }
