#!/usr/bin/env bash
# As a new user: on a prefix with nothing but the installed Onager, the projects that `onager plugin
# new` writes build, keep the rules, and their pipelines run. Kernels by the commands that it prints,
# as they stand; the rest in one CMake project.
#
#   templates.sh BUILD [all]: a project in each language, or each kind in each language
set -euo pipefail
build=$1
which=${2:-some}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
DESTDIR= cmake --install "$build" --prefix "$work/prefix" >/dev/null
onager=$work/prefix/bin/onager
unset ONAGER_PLUGIN_PATH
# a rustc of rustup looks for its compiler in the home folder
export RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup} HOME=$work/home
cd "$work"

languages="c cpp"
cmake_languages="C CXX"
if command -v gfortran >/dev/null; then languages+=" fortran"; cmake_languages+=" Fortran"
else echo "not tried: Fortran, for there is no gfortran"; fi
if command -v rustc >/dev/null; then languages+=" rust"
else echo "not tried: Rust, for there is no rustc"; fi

for language in $([ "$which" = all ] && echo "$languages" || echo cpp); do
  project=kernel_in_$language
  "$onager" plugin new "$project" --kind kernel --language "$language" > said
  sed -n 's/^  //p' said > commands
  if ! bash -e commands > log 2>&1; then cat log; echo "$project failed"; exit 1; fi
  grep -q '100% tests passed' log
done
lines=$(wc -l < kernel_in_cpp/kernel_in_cpp.cpp)
[ "$lines" -lt 30 ] || { echo "the C++ kernel has grown to $lines lines"; exit 1; }

mkdir all
cat > all/CMakeLists.txt <<CMAKE
cmake_minimum_required(VERSION 3.18)
project(all LANGUAGES $cmake_languages)
enable_testing()
CMAKE
count=0
some=(dataset/c diagnostic/fortran feature_map/rust)
for kind in feature_map dataset optimizer model loss diagnostic; do
  for language in $languages; do
    [ "$which" = all ] || [[ " ${some[*]} " = *" $kind/$language "* ]] || continue
    project=${kind}_in_$language
    "$onager" plugin new "all/$project" --kind "$kind" --language "$language" > /dev/null
    echo "add_subdirectory($project)" >> all/CMakeLists.txt
    count=$((count + 2))
  done
done
if grep -rniE 'template_|templatename' all kernel_in_* --exclude-dir=build; then
  echo "a project keeps a name of the template"; exit 1
fi
cmake -S all -B all/build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$work/prefix" > log 2>&1 \
  && cmake --build all/build > log 2>&1 || { cat log; exit 1; }
ctest --test-dir all/build -j 2 --output-on-failure > log 2>&1 || { cat log; exit 1; }
grep -q "100% tests passed, 0 tests failed out of $count" log || { tail -5 log; exit 1; }
