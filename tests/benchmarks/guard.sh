#!/usr/bin/env bash
# Fails when a stage of a small round costs more than 1.3 times what guard.txt says: instructions of
# Onager's own code (host and plugins, not BLAS nor libc), bytes asked of malloc, calls into the
# kernel's plugin. None of these depends on the clock or on what else the machine does.
#
#   guard.sh PROGRAM            compares
#   guard.sh PROGRAM --update   writes guard.txt anew
#
# Status 77: this CPU has no AVX2, so that the instructions would be others.
set -euo pipefail
expected=$(dirname "$0")/guard.txt
program=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The BLAS without FMA, which valgrind emulates slowly; its instructions are not counted.
status=0
OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Sandybridge valgrind --tool=callgrind --quiet --instr-atstart=no \
  --callgrind-out-file="$scratch/out" --combine-dumps=no --dump-line=no \
  "$program" >"$scratch/counted" 2>"$scratch/errors" || status=$?
if [ $status = 77 ]; then
  echo "skipped: this CPU has no AVX2"
  exit 77
fi
if [ $status != 0 ]; then
  cat "$scratch/errors"
  echo "$program ended with status $status under callgrind"
  exit 1
fi

# A dump lists costs by object and function. A line after calls= is what a callee cost in all, and
# is counted where the callee is.
for dump in "$scratch"/out.*; do
  awk -v own="$program" '
    /^desc: Trigger: Client Request:/ { stage = $NF }
    /^ob=/ { id = $0; sub(/^ob=/, "", id); sub(/ .*/, "", id)
             if ($2 != "") { name = $0; sub(/^ob=[^ ]* /, "", name); object[id] = name }
             ours = object[id] == own || object[id] ~ /\/plugins\/[^\/]*\.so$/ }
    /^cob=/ && $2 != "" { id = $0; sub(/^cob=/, "", id); sub(/ .*/, "", id)
             name = $0; sub(/^cob=[^ ]* /, "", name); object[id] = name }
    /^calls=/ { callee = 1; next }
    /^[0-9+*-]/ { if (!callee && ours) sum += $2; callee = 0 }
    END { if (stage != "") print stage, sum }' "$dump"
done >"$scratch/instructions"

awk 'NR == FNR { instructions[$1] = $2; next }
     { printf "%s %d %d %d\n", $1, instructions[$1], $2, $3 }' \
  "$scratch/instructions" "$scratch/counted" >"$scratch/measured"

if [ "${2:-}" = --update ]; then
  { echo "# stage, instructions, bytes, plugin calls; written by guard.sh --update"
    cat "$scratch/measured"; } >"$expected"
  exit 0
fi
awk '
  /^#/ { next }
  NR == FNR { known[$1] = 1; for (i = 2; i <= 4; ++i) limit[$1, i] = $i; next }
  {
    if (!($1 in known)) { print $1 ": guard.txt has no such stage"; failed = 1; next }
    seen[$1] = 1
    for (i = 2; i <= 4; ++i) {
      what = i == 2 ? "instructions" : i == 3 ? "bytes" : "plugin calls"
      if ($i > 1.3 * limit[$1, i] + (i == 3 ? 4096 : 0)) {
        printf "%s: %d %s, and %d were expected\n", $1, $i, what, limit[$1, i]; failed = 1
      }
      if (i == 2 && $i == 0) { print $1 ": no instructions were counted"; failed = 1 }
    }
    printf "%-36s %12d instructions %10d bytes %6d calls\n", $1, $2, $3, $4
  }
  END {
    for (stage in known) if (!(stage in seen)) { print stage ": was not run"; failed = 1 }
    if (failed) print "Where the cost is meant, write the new one with tests/benchmarks/guard.sh PROGRAM --update"
    exit failed
  }' "$expected" "$scratch/measured"
