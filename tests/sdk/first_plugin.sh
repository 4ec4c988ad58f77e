#!/usr/bin/env bash
# docs/first_plugin.md as a reader follows it: its commands in one shell of a user with an empty home
# and a checkout that is built, and each line of an output that it shows is in what came.
set -euo pipefail
build=$1
page=$(cd "$(dirname "$0")/../../docs" && pwd)/first_plugin.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/home" "$work/checkout" "$work/blocks"
ln -s "$build" "$work/checkout/build"

# NN.sh and NN.text: the commands, and the output of those before it
awk -v folder="$work/blocks" '
  /^```(sh|text)$/ { kind = substr($0, 4); if (kind == "sh") ++count; open = 1; next }
  /^```$/ { open = 0 }
  open { printf "%s\n", $0 > sprintf("%s/%02d.%s", folder, count, kind) }' "$page"
for commands in "$work"/blocks/*.sh; do
  printf 'exec > %q 2>&1\n' "${commands%.sh}.out"
  cat "$commands"
done > "$work/session"

cd "$work/checkout"
unset ONAGER_PLUGIN_PATH DESTDIR XDG_DATA_HOME XDG_CONFIG_HOME
if ! HOME="$work/home" CMAKE_GENERATOR=Ninja bash -e "$work/session"; then
  tail -n 40 "$work"/blocks/*.out
  exit 1
fi
compared=0
for expected in "$work"/blocks/*.text; do
  while IFS= read -r line; do
    grep -qF -- "$line" "${expected%.text}.out" \
      || { cat "${expected%.text}.out"; echo "the page says: $line"; exit 1; }
    compared=$((compared + 1))
  done < "$expected"
done
echo "$compared lines compared"
[ "$compared" -ge 10 ]
