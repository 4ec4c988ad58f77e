#!/usr/bin/env bash
# The rules that keep this a toolkit: the host knows no particular component, and plugins know the SDK
# and not the host.
set -euo pipefail
shopt -s nullglob
cd "$(dirname "$0")/../.."
failed=0
for folder in plugins/{kernels,feature_maps,datasets,models,losses,optimizers,diagnostics}/*/; do
  id=$(basename "$folder")
  # words that the host uses in another sense: of arithmetic, of measures, of files and of the
  # ABI
  case $id in sum|product|scale|mse|csv|idx|npy|network|residual|tangent_kernel|feature_matrix|agop) continue ;; esac
  if grep -rnw --include='*.cpp' --include='*.hpp' "$id" core; then
    echo "core names the component $id"; failed=1
  fi
done
if grep -rnE '#include +"(base|linalg|plugin|package|config|results|conformance|pipeline|cli)/' plugins; then
  echo "a plugin includes the host"; failed=1
fi
# each folder of the host knows only those before it
folders=(base linalg plugin package config results pipeline conformance cli)
for i in "${!folders[@]}"; do
  for later in "${folders[@]:i+1}"; do
    if grep -rn "#include \"$later/" "core/${folders[i]}"; then
      echo "core/${folders[i]} includes core/$later"; failed=1
    fi
  done
done
if grep -nE '^#include' sdk/include/onager/abi.h | grep -vE '<(stddef|stdint)\.h>'; then
  echo "the ABI header includes more than stddef and stdint"; failed=1
fi
exit $failed
