// SPDX-License-Identifier: MIT
#include "pipeline/bench.hpp"

#include "base/error.hpp"
#include "base/threads.hpp"
#include "cli/verbs.hpp"
#include "results/machine.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace onager::host::cli {

namespace {

using Json = nlohmann::ordered_json;

/// The pipeline that comes with the program: beside it in a build, under share when installed.
std::string own_pipeline() {
  namespace fs = std::filesystem;
  const fs::path program = fs::read_symlink("/proc/self/exe").parent_path();
  for (const fs::path& file :
       {program / "bench.toml", program.parent_path() / "share" / "onager" / "bench.toml"})
    if (fs::exists(file)) return file.string();
  throw Error(Category::system, fmt::format("bench.toml is neither beside the program in {} nor in "
                                            "../share/onager; name a pipeline file",
                                            program.string()));
}

const char* name_of(Precision precision) {
  return precision == Precision::float32 ? "float32" : "float64";
}

PredictorShape read_shape(const std::string& text) {
  PredictorShape shape;
  int end = 0;
  const int read = std::sscanf(text.c_str(), "%ldx%ldx%ld%n", &shape.samples, &shape.features,
                               &shape.outputs, &end);
  if (read != 3 || text[static_cast<std::size_t>(end)] != '\0' || shape.samples < 1 ||
      shape.features < 1 || shape.outputs < 1)
    throw Error(Category::config,
                fmt::format("--shape {}: expected samples, features and outputs, each at least 1, "
                            "such as 4096x128x1",
                            text));
  return shape;
}

std::vector<PredictorShape> shapes_of(const BenchOptions& options) {
  if (options.shapes.empty())
    return {{4096, 128, 1}, {8192, 256, 1}, {2048, 122, 61}, {4096, 128, 10}};
  std::vector<PredictorShape> shapes;
  for (const auto& text : options.shapes) shapes.push_back(read_shape(text));
  return shapes;
}

void add_round(const BenchResult& result, Json& json) {
  json["samples"] = result.samples;
  json["test_samples"] = result.test_samples;
  json["features"] = result.features;
  json["outputs"] = result.outputs;
  json["gemm_gflops"] = result.gemm_rate;
  json["potrf_gflops"] = result.potrf_rate;
  json["round_seconds"] = result.round;
  json["parts_seconds"] = result.parts;
  json["ratio"] = result.ratio();
  for (const auto& phase : result.phases)
    json["phases"].push_back({{"phase", phase.phase},
                              {"seconds", phase.seconds},
                              {"parts_seconds", phase.parts},
                              {"parts", phase.part_list}});
}

void print_round(const BenchResult& result, Precision precision) {
  fmt::print("Round: n = {}, d = {}, outputs = {}, test samples = {}, {}\n", result.samples,
             result.features, result.outputs, result.test_samples, name_of(precision));
  fmt::print("gemm {:.1f} GFLOP/s, potrf {:.1f} GFLOP/s\n\n", result.gemm_rate, result.potrf_rate);
  fmt::print("{:<10} {:>10} {:>10}   parts\n", "phase", "seconds", "parts");
  for (const auto& phase : result.phases)
    fmt::print("{:<10} {:>10.4f} {:>10.4f}   {}\n", phase.phase, phase.seconds, phase.parts,
               phase.part_list);
  fmt::print("{:<10} {:>10.4f} {:>10.4f}   ratio {:.2f}\n\n", "round", result.round, result.parts,
             result.ratio());
}

void add_blocks(const BlockBench& bench, Json& json) {
  const auto& limits = bench.limits;
  json["limits"].push_back({{"precision", name_of(bench.precision)},
                            {"gemm_gflops", limits.gemm_rate},
                            {"potrf_gflops", limits.potrf_rate},
                            {"fill_gb_per_s", limits.fill_rate},
                            {"copy_gb_per_s", limits.copy_rate}});
  for (const auto& block : bench.blocks)
    json["blocks"].push_back({{"kernel", block.kernel},
                              {"precision", name_of(bench.precision)},
                              {"samples", bench.samples},
                              {"features", bench.features},
                              {"seconds", block.seconds},
                              {"gemm_seconds", block.gemm},
                              {"memory_seconds", block.memory},
                              {"ratio", block.ratio()}});
}

void print_blocks(const BlockBench& bench) {
  const auto& limits = bench.limits;
  fmt::print("Kernel block: n = {}, d = {}, {}\n", bench.samples, bench.features,
             name_of(bench.precision));
  fmt::print("gemm {:.1f} GFLOP/s, potrf {:.1f} GFLOP/s, fill {:.1f} GB/s, copy {:.1f} GB/s\n\n",
             limits.gemm_rate, limits.potrf_rate, limits.fill_rate, limits.copy_rate);
  fmt::print("{:<22} {:>9} {:>9} {:>9} {:>7}\n", "kernel", "seconds", "gemm", "memory", "ratio");
  for (const auto& block : bench.blocks)
    fmt::print("{:<22} {:>9.4f} {:>9.4f} {:>9.4f} {:>7.2f}\n", block.kernel, block.seconds,
               block.gemm, block.memory, block.ratio());
  fmt::print("\n");
}

void add_outer_product(const OuterProductCost& cost, Precision precision, Json& json) {
  json["outer_products"].push_back({{"precision", name_of(precision)},
                                    {"samples", cost.shape.samples},
                                    {"features", cost.shape.features},
                                    {"outputs", cost.shape.outputs},
                                    {"seconds", cost.seconds},
                                    {"parts_seconds", cost.parts},
                                    {"parts", cost.part_list},
                                    {"ratio", cost.ratio()}});
}

void print_outer_product(const OuterProductCost& cost) {
  fmt::print(
      "{:<22} {:>9.4f} {:>9.4f} {:>7.2f}   {}\n",
      fmt::format("{} x {} x {}", cost.shape.samples, cost.shape.features, cost.shape.outputs),
      cost.seconds, cost.parts, cost.ratio(), cost.part_list);
}

}  // namespace

const std::vector<std::string>& bench_stages() {
  static const std::vector<std::string> stages{"round", "block", "outer_product"};
  return stages;
}

int bench(const Registry& registry, const BenchOptions& options) {
  const Plan plan =
      read_plan(options.file.empty() ? own_pipeline() : options.file, options.overrides, registry);
  const int threads = options.threads > 0 ? options.threads : available_threads();
  const Machine machine = this_machine(threads);
  const auto shapes = shapes_of(options);
  const auto wanted = [&](const char* stage) {
    const auto& only = options.only;
    return only.empty() || std::find(only.begin(), only.end(), stage) != only.end();
  };
  Json json{{"threads", threads}, {"cpu", machine.cpu}, {"blas", machine.blas}};
  if (!options.json) fmt::print("{}, {} threads, {}\n\n", machine.cpu, threads, machine.blas);

  std::int64_t samples = options.size, features = 128;
  if (wanted("round")) {
    const BenchResult result = bench_round(plan, threads, options.repeat);
    if (samples == 0) samples = result.samples;
    features = result.features;
    if (options.json) add_round(result, json);
    else print_round(result, plan.precision);
  }
  if (samples == 0) samples = 4096;
  if (wanted("block"))
    for (const auto precision : {Precision::float64, Precision::float32}) {
      const BlockBench result = bench_blocks(kernels_to_time(plan, registry), precision, samples,
                                             features, threads, options.repeat);
      if (options.json) add_blocks(result, json);
      else print_blocks(result);
    }
  if (wanted("outer_product")) {
    if (!options.json)
      fmt::print("Average gradient outer product, {}\n\n{:<22} {:>9} {:>9} {:>7}\n",
                 name_of(plan.precision), "samples, features, out", "seconds", "parts", "ratio");
    for (const auto shape : shapes) {
      const auto cost =
          bench_outer_product(plan.kernel, plan.precision, shape, threads, options.repeat);
      if (options.json) add_outer_product(cost, plan.precision, json);
      else print_outer_product(cost);
    }
  }
  if (options.json) fmt::print("{}\n", json.dump(2));
  return 0;
}

}  // namespace onager::host::cli
