#!/usr/bin/env bash
# Breaks a copy of the ABI header in the ways that happen (a field inserted, removed, retyped, a
# constant renumbered, an interface renamed) and expects the layout check to notice each; appending a
# field must pass.
set -euo pipefail
compiler=$1
here=$(cd "$(dirname "$0")" && pwd)
header=$here/../../sdk/include/onager/abi.h
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/onager"

holds() {  # with the header changed by the sed script $1
  sed -E "$1" "$header" > "$work/onager/abi.h"
  if [ -n "$1" ] && cmp -s "$header" "$work/onager/abi.h"; then echo "no change: $1"; exit 1; fi
  "$compiler" -std=c99 -I"$work" "$here/abi_lock.c" -o "$work/check" 2>/dev/null && "$work/check"
}

holds '' || { echo "the header as it is fails the check"; exit 1; }
holds 's/^(  uint32_t component_count;)$/\1/; s/^(  const onager_component\* const\* components;)$/\1\n  const char* appended;/' \
  || { echo "an appended field was refused"; exit 1; }
for change in \
  's/^(  const char\* id;) .*reverse-DNS.*$/  const char* inserted;\n\1/' \
  's/^  const char\* unit;.*$//' \
  's/^  int64_t rows, cols;$/  int32_t rows, cols;/' \
  's/ONAGER_FLOAT64 = 2/ONAGER_FLOAT64 = 4/' \
  's/"onager.kernel.radial\/1"$/"onager.kernel.radial\/2"/'; do
  if holds "$change"; then echo "not noticed: $change"; exit 1; fi
done
