#!/usr/bin/env bash
# The program and its plugins built by clang, beside those of this build: each program holds the
# plugins of both against the rules and runs the same pipeline with either. Takes some minutes.
# Skipped (77) where there is no clang.
set -euo pipefail
build=$1
source=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v clang++ >/dev/null || { echo "there is no clang++: install clang"; exit 77; }

CC=clang CXX=clang++ cmake -S "$source" -B "$work/clang" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DONAGER_BUILD_TESTS=OFF >/dev/null
cmake --build "$work/clang" > "$work/log" || { tail -50 "$work/log"; exit 1; }
cat > "$work/run.toml" <<'TOML'
[dataset]
use = "modular_arithmetic"
modulus = 11
[[feature_map]]
use = "agop"
[kernel]
use = "sum"
terms = [{ use = "gaussian", bandwidth = 2.5 }, { use = "laplace", bandwidth = 3.0 }]
[optimizer]
use = "cholesky"
ridge = 1e-3
[loop]
rounds = 3
TOML
cd "$work"
for host in "$build" "$work/clang"; do
  for plugins in "$build/bin/plugins" "$work/clang/bin/plugins"; do
    for plugin in gaussian sum agop cholesky modular_arithmetic; do
      "$host/bin/onager" plugin test "$plugins/$plugin.so" > said || { cat said; exit 1; }
    done
    "$host/bin/onager" --plugin-path "$plugins" run run.toml --quiet --threads 1 --out out
    # without the last column, seconds
    sed 's/,[^,]*$//' out/metrics.csv > metrics
    [ -e first ] || cp metrics first
    # compilers round differently: the same numbers to six digits
    paste -d, first metrics | tail -n +2 | awk -F, '{
      for (i = 1; i <= NF / 2; ++i) {
        a = $i; b = $(i + NF / 2); d = a - b; if (d < 0) d = -d; s = a < 0 ? -a : a
        if (d > 1e-6 * s + 1e-12) { print "differs: " a " and " b; exit 1 }
      }
    }'
    rm -rf out
  done
done
