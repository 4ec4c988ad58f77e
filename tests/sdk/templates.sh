#!/usr/bin/env bash
# As a new user: on a prefix with nothing but the installed Onager, every project that `onager plugin
# new` writes builds, and its own tests pass. Arguments: the build folder, then kinds to try.
set -euo pipefail
build=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
DESTDIR= cmake --install "$build" --prefix "$work/prefix" >/dev/null
onager=$work/prefix/bin/onager
unset ONAGER_PLUGIN_PATH
export HOME=$work/home
cd "$work"

for kind in "$@"; do
  for language in cpp; do
    project=${kind}_in_$language
    "$onager" plugin new "$project" --kind "$kind" --language "$language" > said
    grep -q "^$project/$project" said
    # the commands that it prints, as they stand
    sed -n 's/^  //p' said > commands
    if ! bash -e commands > log 2>&1; then cat log; echo "$project failed"; exit 1; fi
    grep -q '100% tests passed' log
    if grep -rniE 'template_|templatename' "$project" --include='*.*' --exclude-dir=build; then
      echo "$project keeps a name of the template"; exit 1
    fi
  done
done
lines=$(wc -l < kernel_in_cpp/kernel_in_cpp.cpp)
[ "$lines" -lt 30 ] || { echo "the C++ kernel has grown to $lines lines"; exit 1; }
