#!/usr/bin/env bash
# The kernel of examples/plugins in four languages: each builds against the SDK of BUILD, keeps the
# rules and runs its pipeline; all give equal numbers, and print what each takes.
set -euo pipefail
build=$1
cc=$2
source=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

languages="cpp c"
if command -v gfortran >/dev/null; then languages+=" fortran"
else echo "not tried: Fortran, for there is no gfortran"; fi
if command -v rustc >/dev/null; then languages+=" rust"
else echo "not tried: Rust, for there is no rustc"; fi

libraries=()
for language in $languages; do
  cmake -S "$source/examples/plugins/$language" -B "$work/$language" -DCMAKE_PREFIX_PATH="$build" \
    -DCMAKE_BUILD_TYPE=Release > "$work/log" 2>&1 \
    && cmake --build "$work/$language" > "$work/log" 2>&1 \
    && ctest --test-dir "$work/$language" --output-on-failure > "$work/log" 2>&1 \
    || { cat "$work/log"; exit 1; }
  libraries+=("$work/$language/inverse_multiquadric_$language.so")
done
for library in "${libraries[@]}"; do
  symbols=$(nm -D --defined-only "$library" | awk '{print $3}')
  [ "$symbols" = onager_plugin_entry ] || { echo "$library exports: $symbols"; exit 1; }
done
"$cc" -std=gnu11 -I"$source/sdk/include" "$source/tests/sdk/kernel_values.c" -o "$work/values" -ldl -lm
"$work/values" "${libraries[@]}"
