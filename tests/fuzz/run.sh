#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A short run of one fuzzer from its seeds: the same steps every time.
set -euo pipefail
sanitized=$1 target=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
declare -A steps=([csv]=8000 [hdf5]=1000 [idx]=2000 [npy]=4000 [package]=1500 [pipeline]=600)
if ! "$sanitized/fuzz_$target" -seed=1 -runs="${steps[$target]}" -max_len=4096 -timeout=20 \
  -rss_limit_mb=2048 -artifact_prefix="$work/" -verbosity=0 "$work" "$sanitized/seeds/$target" \
  > "$work/log" 2>&1; then
  cat "$work/log"
  for file in "$work"/{crash,leak,oom,timeout}-*; do
    if [ -e "$file" ]; then echo "$file:"; base64 "$file"; fi
  done
  exit 1
fi
