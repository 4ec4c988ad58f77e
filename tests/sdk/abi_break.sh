#!/usr/bin/env bash
# Breaks a copy of the ABI header in the ways that happen (a field inserted, removed, retyped, a
# constant renumbered, an interface renamed, an argument or a result of a function changed) and
# expects the checks to notice each; appending a field must pass.
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
  for check in lock signatures; do
    "$compiler" -std=c99 -Wall -Wpedantic -Werror -I"$work" "$here/abi_$check.c" -o "$work/check" \
      2>/dev/null && "$work/check" || return 1
  done
}

holds '' || { echo "the header as it is fails the check"; exit 1; }
holds 's/^(  uint32_t component_count;)$/\1/; s/^(  const onager_component\* const\* components;)$/\1\n  const char* appended;/' \
  || { echo "an appended field was refused"; exit 1; }
for change in \
  's/^(  const char\* id;) .*reverse-DNS.*$/  const char* inserted;\n\1/' \
  's/^  const char\* unit;.*$//' \
  's/^  int64_t rows, cols;$/  int32_t rows, cols;/' \
  's/ONAGER_FLOAT64 = 2/ONAGER_FLOAT64 = 4/' \
  's/"onager.kernel.radial\/1"$/"onager.kernel.radial\/2"/' \
  's/^(  onager_status \(\*evaluate_f64\)\()const (void\* instance, int64_t count, const double\* r2.*)$/\1\2/' \
  's/^  onager_status \(\*fit\)/  void (*fit)/' \
  's/^(typedef onager_status \(\*onager_task\)\(void\* argument, int64_t index, )int32_t/\1int64_t/'; do
  if holds "$change"; then echo "not noticed: $change"; exit 1; fi
done
