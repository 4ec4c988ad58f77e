#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds tests/sanitized into SANITIZED against the main build, BUILD, and writes the fuzzers' seeds
# where there are fuzzers. OPTIONS go to cmake.
set -euo pipefail
build=$1 sanitized=$2 cc=$3 cxx=$4
shift 4
cmake -S "$(dirname "$0")" -B "$sanitized" -G Ninja -DCMAKE_BUILD_TYPE=None \
  -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx" -DONAGER_BUILD="$build" \
  "$@" > /dev/null
cmake --build "$sanitized" > "$sanitized/log" || { tail -50 "$sanitized/log"; exit 1; }
[[ -x $sanitized/fuzz_seeds ]] || exit 0
rm -rf "$sanitized/seeds"
"$sanitized/fuzz_seeds" "$sanitized/seeds"
