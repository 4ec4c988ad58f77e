#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The example that reads a run folder in Python reads one, with numpy and csv alone.
set -euo pipefail
program=$1 python=$2 example=$(cd "$(dirname "$0")/../../examples/reading" && pwd)/read_run.py
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '%s\n' '[dataset]' 'use="modular_arithmetic"' 'modulus=7' '[[feature_map]]' 'use="agop"' \
  '[kernel]' 'use="gaussian"' 'bandwidth=2.5' '[optimizer]' 'use="cholesky"' 'ridge=1e-6' \
  '[loop]' 'rounds=3' > "$work/p.toml"
"$program" run "$work/p.toml" --out "$work/run" --quiet >/dev/null
"$python" "$example" "$work/run" | tee "$work/printed"
best=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "test_mse") c = i }
  NR > 1 && (NR == 2 || $c + 0 < least) { least = $c + 0; round = $1 } END { print round }' \
  "$work/run/metrics.csv")
grep -q "^best round $best test mse" "$work/printed"
grep -qF 'feature_matrix.npy float64 (14, 14)' "$work/printed"
[ "$(grep -E '^(import|from)' "$example")" = $'import csv, glob, sys\nimport numpy as np' ]
[ "$(grep -vcE '^(#|$)' "$example")" -le 10 ]
