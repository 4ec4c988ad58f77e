#!/usr/bin/env bash
# From a fresh clone to the first result: installs what is missing, builds, and runs
# examples/grokking/addition.toml.
set -euo pipefail
cd "$(dirname "$0")/.."
.ci/build -DONAGER_BUILD_TESTS=OFF
build/bin/onager run examples/grokking/addition.toml
