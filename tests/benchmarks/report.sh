#!/usr/bin/env bash
# Measures every row of docs/performance.md and prints the tables, in Markdown, to put there. Takes
# about 30 minutes on 2 cores; run it when the machine does nothing else, because it says only what
# it saw.
#
#   tests/benchmarks/report.sh [BUILD] [ROWS..]     BUILD: default build
#
# SAMPLES in the environment takes the place of the 20,000 of solvers and the 4,096 and 8,192 of
# peers, to try this script.
#
# ROWS: block outer_product round function_table solvers peers; default all. Needs
# /usr/bin/python3; peers needs python3-sklearn and python3-torch, solvers dataset-fashion-mnist,
# function_table a build with -DONAGER_BUILD_BENCHMARKS=ON.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$(realpath "${1:-build}")
[ $# = 0 ] || shift
rows=${*:-block outer_product round function_table solvers peers}
onager=$build/bin/onager
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# table FILE: a Python body with the file's JSON as `data`
table() { /usr/bin/python3 -c "
import json, sys
data = json.load(open(sys.argv[1]))
$2" "$1"; }

echo "Machine: $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2- | xargs), $(nproc) cores; $("$onager" --version | tail -1)"
echo "Load average at the start: $(cut -d' ' -f1-3 /proc/loadavg); $(date -u +%Y-%m-%d); commit $(git rev-parse --short HEAD)"

for row in $rows; do
  echo
  case $row in
  block)
    command="bench --only block --size 8192 --repeat 7"
    echo "### \`onager $command\`"; echo
    "$onager" $command --json >"$scratch/block"
    table "$scratch/block" '
for l in data["limits"]:
    print("{precision}: gemm {gemm_gflops:.0f} GFLOP/s, potrf {potrf_gflops:.0f} GFLOP/s, fill {fill_gb_per_s:.0f} GB/s, copy {copy_gb_per_s:.0f} GB/s\n".format(**l))
print("| kernel | precision | seconds | gemm | memory | ratio |\n| --- | --- | --- | --- | --- | --- |")
for b in data["blocks"]:
    print("| `{kernel}` | {precision} | {seconds:.3f} | {gemm_seconds:.3f} | {memory_seconds:.3f} | {ratio:.2f} |".format(**b))' ;;
  outer_product)
    echo "### \`onager bench --only outer_product\`"; echo
    echo "| samples x features x outputs | precision | seconds | parts | ratio |"
    echo "| --- | --- | --- | --- | --- |"
    for precision in float64 float32; do
      "$onager" bench --only outer_product --set "precision=\"$precision\"" --json >"$scratch/outer"
      table "$scratch/outer" '
for o in data["outer_products"]:
    print("| {samples} x {features} x {outputs} | {precision} | {seconds:.3f} | {parts_seconds:.3f} | {ratio:.2f} |".format(**o))'
    done ;;
  round)
    echo "### \`onager bench --only round\`"; echo
    echo "| phase | precision | seconds | parts | ratio |"
    echo "| --- | --- | --- | --- | --- |"
    for precision in float64 float32; do
      "$onager" bench --only round --set "precision=\"$precision\"" --repeat 9 --json >"$scratch/round"
      PRECISION=$precision table "$scratch/round" '
import os
data["phases"].append({"phase": "round", "seconds": data["round_seconds"], "parts_seconds": data["parts_seconds"]})
for p in data["phases"]:
    if p["parts_seconds"]:
        print("| {phase} | {precision} | {seconds:.3f} | {parts_seconds:.3f} | {ratio:.2f} |".format(
            **p, precision=os.environ["PRECISION"], ratio=p["seconds"] / p["parts_seconds"]))'
    done ;;
  function_table)
    echo "### \`micro_benchmarks --benchmark_filter=function_table\`"; echo
    "$build/tests/benchmarks/micro_benchmarks" --benchmark_filter=function_table \
      --benchmark_format=json >"$scratch/table" 2>/dev/null
    table "$scratch/table" '
for b in data["benchmarks"]:
    print("- {}: {:.3f}".format(b["name"].split("/")[2], b["ratio"]))' ;;
  solvers)
    limit=${SAMPLES:-20000}
    echo "### \`onager run examples/image_rfm/plain.toml --set dataset.train_limit=$limit --set 'precision=\"float32\"' ..\`"
    echo
    echo "| \`--set optimizer=..\` | fit, seconds | peak memory, GiB | test error, % |"
    echo "| --- | --- | --- | --- |"
    while read -r optimizer; do
      rm -rf "$scratch/run"
      "$onager" run examples/image_rfm/plain.toml --quiet --out "$scratch/run" \
        --set dataset.train_limit=$limit --set 'precision="float32"' \
        --set "optimizer=$optimizer" >"$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }
      OPTIMIZER=$optimizer table "$scratch/run/summary.json" '
import os
print("| `{}` | {:.1f} | {:.1f} | {:.2f} |".format(
    os.environ["OPTIMIZER"], data["seconds"]["by_phase"]["fit"],
    data["peak_memory_bytes"] / 2**30, 100 * (1 - data["metrics"]["test_accuracy"])))'
    done <<'LIST'
{ use = "cholesky" }
{ use = "cg", tolerance = 0.001 }
{ use = "eigenpro" }
{ use = "nystrom", centers = 12000 }
LIST
    ;;
  peers)
    samples=${SAMPLES:-4096 8192}
    echo "### \`tests/benchmarks/peers.py --samples $samples\`"; echo
    status=0
    /usr/bin/python3 tests/benchmarks/peers.py --program "$onager" --samples $samples \
      --json "$scratch/peers" >"$scratch/text" || status=$?
    [ $status = 0 ] || tail -3 "$scratch/text"
    table "$scratch/peers" '
print("| work | samples | precision | Onager, s | peer | peer, s | ratio | test mse, Onager | test mse, peer |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
for r in data:
    print("| {work} | {samples} | {precision} | {seconds:.2f} | {peer} | {peer_seconds:.2f} | {ratio:.2f} | {test_mse:.6f} | {peer_test_mse:.6f} |".format(**r))' ;;
  *)
    echo "no such row: $row"
    exit 2 ;;
  esac
done
echo
echo "Load average at the end: $(cut -d' ' -f1-3 /proc/loadavg)"
