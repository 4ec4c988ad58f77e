#!/usr/bin/env bash
# Installs what is missing, builds everything and runs all tests but the long reproductions
# (`ctest --test-dir build -L long` runs those). Arguments go to ctest.
set -euo pipefail
cd "$(dirname "$0")/.."
.ci/build -DONAGER_BUILD_TESTS=ON -DONAGER_BUILD_BENCHMARKS=ON
find core plugins sdk tests -name '*.[ch]' -o -name '*.[ch]pp' | xargs clang-format --dry-run -Werror
ctest --test-dir build --output-on-failure -j 2 -LE long "$@"
