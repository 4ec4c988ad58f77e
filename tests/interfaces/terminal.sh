#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the program prints: in a log plain lines, on a terminal lines no wider than it, and colour
# nowhere.
set -euo pipefail
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf '%s\n' '[dataset]' 'use="modular_arithmetic"' 'modulus=11' '[kernel]' 'use="gaussian"' \
  '[optimizer]' 'use="cholesky"' 'ridge=1e-6' '[loop]' 'rounds=3' '[sweep]' 'seed=[0,1]' > p.toml

# to a file: no control characters, each line at once
"$program" run p.toml --out a > log 2>&1
"$program" sweep p.toml --out b >> log 2>&1
"$program" list >> log 2>&1
"$program" compare a >> log 2>&1
if LC_ALL=C grep -nP '[\x00-\x08\x0b-\x1f]' log; then echo "a log has control characters"; exit 1; fi
[ "$(grep -c '^round' log)" -ge 3 ]

# on a terminal no line is wider than it, but for words that are: paths, values of TOML
on_terminal() {  # a line that is written over counts as one of its own
  TERM=xterm script -qec "stty cols 60 rows 40; $1" /dev/null | sed 's/\r\x1b\[K/\n/g' | tr -d '\r'
}
narrow() {  # columns, command, lines that may be wider
  on_terminal "env COLUMNS=$1 $program $2" | sed 's/\x1b\[[0-9]*[AJK]//g' > narrow
  [ -s narrow ]
  if LC_ALL=C.UTF-8 grep -P "^.{$(($1 + 1))}" narrow | grep -vP "$3"; then
    echo "$2: wider than $1 columns"; exit 1
  fi
}
"$program" run p.toml --set kernel.bandwidth=3 --out a2 > log2 2>&1
for columns in 40 80; do
  narrow $columns "list" '^$'
  narrow $columns "sweep --help" '^$'
  narrow $columns "plugin list" '^$'
  narrow $columns "compare a a2" '^$'
  narrow $columns "describe agop" '^ *\S*/\S*$|^  (file|url) '
  narrow $columns "check p.toml" '^[^#]'
  narrow $columns "run p.toml --out run$columns" '^$'
  narrow $columns "sweep p.toml --out sweep$columns" '^$'
done
on_terminal "env -u COLUMNS $program list" > narrow  # as wide as the terminal says
if LC_ALL=C.UTF-8 grep -nP '^.{61}' narrow; then echo "wider than the terminal"; exit 1; fi
grep -q '…' narrow
"$program" list | grep -q 'Gaussian kernel exp.*org.onager.gaussian 1.0.0'  # a pipe has no width

# erasing a line is the only control sequence there is; none sets a colour
for colour in "NO_COLOR=1" "NO_COLOR="; do
  on_terminal "env $colour $program sweep p.toml --out c$colour" > shown
  sed 's/\x1b\[[0-9]*[AJK]//g' shown > left
  if grep -nP '\x1b' left; then echo "a control sequence other than for erasing"; exit 1; fi
done

# every verb that prints facts does so as JSON
lists=("list" "list --ids" "list kernel --ids" "describe gaussian" "check p.toml" "compare a" "compare a b" "sweep p.toml --out b"
  "sweep p.toml --out d --emit slurm" "plugin list" "bench --only block --size 50 --repeat 1"
  "plugin key list" "schema")
for verb in "${lists[@]}"; do
  json=--json
  if [ "$verb" = schema ]; then json=; fi
  # shellcheck disable=SC2086
  "$program" $verb $json | python3 -c 'import json, sys; json.load(sys.stdin)'
done
