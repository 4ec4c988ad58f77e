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

# on a terminal of 60 columns
on_terminal() { TERM=xterm script -qec "stty cols 60 rows 40; $1" /dev/null | tr -d '\r'; }
on_terminal "$program list" > narrow
if LC_ALL=C.UTF-8 grep -nP '^.{61}' narrow; then echo "wider than the terminal"; exit 1; fi
grep -q '…' narrow
# erasing a line is the only control sequence there is; none sets a colour
for colour in "NO_COLOR=1" "NO_COLOR="; do
  on_terminal "env $colour $program sweep p.toml --out c$colour" > shown
  sed 's/\x1b\[[0-9]*[AJK]//g' shown > left
  if grep -nP '\x1b' left; then echo "a control sequence other than for erasing"; exit 1; fi
done

# every verb that prints facts does so as JSON
lists=("list" "describe gaussian" "check p.toml" "compare a" "sweep p.toml --out b" "plugin list"
  "plugin key list" "schema")
for verb in "${lists[@]}"; do
  json=--json
  if [ "$verb" = schema ]; then json=; fi
  # shellcheck disable=SC2086
  "$program" $verb $json | python3 -c 'import json, sys; json.load(sys.stdin)'
done
