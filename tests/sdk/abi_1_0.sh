#!/usr/bin/env bash
# The ABI as it was at 1.0, with the header of that version (abi-1.0/): plugins built with it load in
# today's host and keep its rules, and today's plugins are loaded by a host built with it.
set -euo pipefail
build=$1
cc=$2
here=$(cd "$(dirname "$0")" && pwd)
old=$here/abi-1.0
sources=$here/../faults/plugins/conformance
onager=$build/bin/onager
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for check in lock signatures; do
  "$cc" -std=c99 -Wall -Wpedantic -Werror -I"$old" "$here/abi_$check.c" -o "$work/$check"
  "$work/$check"
done

count=0
for source in "$sources"/*keep*_the_rules.c; do
  name=$(basename "$source" .c)
  "$cc" -std=gnu11 -O1 -shared -fPIC -fvisibility=hidden -I"$old" -I"$sources" "$source" \
    -o "$work/$name.so" -lm
  (cd "$work" && "$onager" plugin test "$name.so" > said) || { cat "$work/said"; exit 1; }
  count=$((count + 1))
done
[ "$count" -ge 9 ]

"$cc" -std=gnu11 -O1 -Wall -Wextra -I"$old" "$here/host_1_0.c" -o "$work/host" -ldl -lm
"$work/host" "$build"/bin/plugins/*.so > "$work/said" || { cat "$work/said"; exit 1; }
cat "$work/said"
