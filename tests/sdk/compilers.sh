#!/usr/bin/env bash
# Plugins and hosts of gcc and clang together, in all four pairs: a small host in C, and plugins in C
# and C++ built by the SDK's CMake function; and the plugins of both in the program of this build.
# Skipped (77) where there is no clang.
set -euo pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v clang++ >/dev/null || { echo "there is no clang++: install clang"; exit 77; }

for compiler in gcc clang; do
  cxx=$([ $compiler = gcc ] && echo g++ || echo clang++)
  $compiler -std=gnu11 -O1 -I"$here/../../sdk/include" "$here/host_1_0.c" -o "$work/host-$compiler" -ldl -lm
  for language in c cpp; do
    folder=$work/$language-$compiler
    CC=$compiler CXX=$cxx cmake -S "$here/../../examples/plugins/$language" -B "$folder" \
      -DCMAKE_PREFIX_PATH="$build" -DCMAKE_BUILD_TYPE=Release >/dev/null
    cmake --build "$folder" >/dev/null
    (cd "$folder" && "$build/bin/onager" plugin test inverse_multiquadric_$language.so > said) \
      || { cat "$folder/said"; exit 1; }
  done
done
for host in gcc clang; do
  for plugin in gcc clang; do
    "$work/host-$host" "$work/c-$plugin/inverse_multiquadric_c.so" \
      "$work/cpp-$plugin/inverse_multiquadric_cpp.so"
  done
done
