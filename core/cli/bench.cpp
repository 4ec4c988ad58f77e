// SPDX-License-Identifier: MIT
#include "pipeline/bench.hpp"

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "base/threads.hpp"
#include "cli/print_json.hpp"
#include "cli/verbs.hpp"
#include "pipeline/bench_network.hpp"
#include "results/machine.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace onager::host::cli {

namespace {

using Json = nlohmann::ordered_json;

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

void add_shape(const NetworkShape& shape, Json& json) {
  json["samples"] = shape.samples;
  json["features"] = shape.features;
  json["outputs"] = shape.outputs;
  json["parameters"] = shape.parameters;
}

std::string described(const NetworkShape& shape, Precision precision) {
  return fmt::format("n = {}, d = {}, outputs = {}, {} parameters, {}", shape.samples,
                     shape.features, shape.outputs, shape.parameters, name_of(precision));
}

void add_step(const StepCost& cost, Json& json) {
  Json& step = json["step"];
  add_shape(cost.shape, step);
  step["gemm_gflops"] = cost.gemm_rate;
  step["seconds"] = cost.seconds;
  step["parts_seconds"] = cost.gemms;
  step["parts"] = cost.part_list;
  step["ratio"] = cost.ratio();
}

void print_step(const StepCost& cost, Precision precision) {
  fmt::print("Step of gradient descent: {}\n", described(cost.shape, precision));
  fmt::print("layers {}: their matrix products at {:.1f} GFLOP/s\n\n", cost.part_list,
             cost.gemm_rate);
  fmt::print("{:<10} {:>10.4f} {:>10.4f}   ratio {:.2f}\n\n", "step", cost.seconds, cost.gemms,
             cost.ratio());
}

void add_tangent_kernel(const TangentKernelCost& cost, Json& json) {
  Json& kernel = json["tangent_kernel"];
  add_shape(cost.shape, kernel);
  kernel["seconds"] = cost.seconds;
  kernel["jacobian_seconds"] = cost.jacobian;
  kernel["speedup"] = cost.speedup();
  kernel["bytes"] = cost.bytes;
  kernel["jacobian_bytes"] = cost.jacobian_bytes;
  kernel["relative_difference"] = cost.difference;
}

void print_tangent_kernel(const TangentKernelCost& cost, Precision precision) {
  fmt::print("Tangent kernel: {}\n\n", described(cost.shape, precision));
  fmt::print("{:<14} {:>10} {:>12}\n", "", "seconds", "memory");
  fmt::print("{:<14} {:>10.4f} {:>12}\n", "kernel", cost.seconds, bytes(cost.bytes));
  fmt::print("{:<14} {:>10.4f} {:>12}\n", "by Jacobian", cost.jacobian, bytes(cost.jacobian_bytes));
  fmt::print("{:.1f} times as fast, {:.1f} % of the memory; relative difference {:.1e}\n\n",
             cost.speedup(), 100 * cost.bytes / cost.jacobian_bytes, cost.difference);
}

using Stages = std::vector<std::string>;

bool among(const Stages& stages, const char* stage) {
  return std::find(stages.begin(), stages.end(), stage) != stages.end();
}

const Stages kernel_stages{"round", "block", "outer_product"};
const Stages network_stages{"step", "tangent_kernel"};

void bench_kernels(const Plan& plan, const Stages& stages, const Registry& registry,
                   const BenchOptions& options, int threads, Json& json) {
  std::int64_t samples = options.size, features = 128;
  if (among(stages, "round")) {
    const BenchResult result = bench_round(plan, threads, options.repeat);
    if (samples == 0) samples = result.samples;
    features = result.features;
    if (options.json) add_round(result, json);
    else print_round(result, plan.precision);
  }
  if (samples == 0) samples = 4096;
  if (among(stages, "block"))
    for (const auto precision : {Precision::float64, Precision::float32}) {
      const BlockBench result = bench_blocks(kernels_to_time(plan, registry), precision, samples,
                                             features, threads, options.repeat);
      if (options.json) add_blocks(result, json);
      else print_blocks(result);
    }
  if (!among(stages, "outer_product")) return;
  const auto shapes = shapes_of(options);
  if (!options.json)
    fmt::print("Average gradient outer product, {}\n\n{:<22} {:>9} {:>9} {:>7}\n",
               name_of(plan.precision), "samples, features, out", "seconds", "parts", "ratio");
  for (const auto shape : shapes) {
    const auto cost =
        bench_outer_product(plan.kernel, plan.precision, shape, threads, options.repeat);
    if (options.json) add_outer_product(cost, plan.precision, json);
    else print_outer_product(cost);
  }
  if (!options.json) fmt::print("\n");
}

void bench_network(const Plan& plan, const Stages& stages, const BenchOptions& options, int threads,
                   Json& json) {
  if (among(stages, "step")) {
    const StepCost cost = bench_step(plan, threads, options.repeat);
    if (options.json) add_step(cost, json);
    else print_step(cost, plan.precision);
  }
  if (among(stages, "tangent_kernel")) {
    const TangentKernelCost cost = bench_tangent_kernel(plan, threads, options.repeat);
    if (options.json) add_tangent_kernel(cost, json);
    else print_tangent_kernel(cost, plan.precision);
  }
}

/// A pipeline and what is timed of it.
struct Timed {
  std::string file;
  Stages stages;
};

/// The named pipeline, or of the program's own those whose stages are asked for.
std::vector<Timed> to_time(const BenchOptions& options) {
  if (!options.file.empty()) return {{options.file, options.only}};
  std::vector<Timed> timed;
  for (const auto& [file, its] :
       {Timed{"bench.toml", kernel_stages}, Timed{"bench_step.toml", {"step"}},
        Timed{"bench_tangent_kernel.toml", {"tangent_kernel"}}}) {
    Stages stages;
    for (const auto& stage : options.only.empty() ? kernel_stages : options.only)
      if (among(its, stage.c_str())) stages.push_back(stage);
    if (!stages.empty()) timed.push_back({own_data(file).string(), stages});
  }
  return timed;
}

/// The stages to time of a pipeline. Throws Error(config) for those of another kind of pipeline.
Stages stages_of(const Plan& plan, const Stages& wanted) {
  const Stages& there = plan.is_network() ? network_stages : kernel_stages;
  for (const auto& stage : wanted)
    if (!among(there, stage.c_str()))
      throw Error(Category::config,
                  fmt::format("--only {}: {} has no [{}]", stage, plan.file.string(),
                              plan.is_network() ? "kernel" : "model"));
  return wanted.empty() ? there : wanted;
}

}  // namespace

const std::vector<std::string>& bench_stages() {
  static const Stages stages = [] {
    Stages all = kernel_stages;
    all.insert(all.end(), network_stages.begin(), network_stages.end());
    return all;
  }();
  return stages;
}

int bench(const Registry& registry, const BenchOptions& options) {
  const int threads = options.threads > 0 ? options.threads : available_threads();
  const Machine machine = this_machine(threads);
  shapes_of(options);  // what is wrong with them is told at once
  const auto timed = to_time(options);
  std::vector<Plan> plans;
  std::vector<Stages> stages;
  for (const auto& each : timed) {
    plans.push_back(read_plan(each.file, options.overrides, registry));
    stages.push_back(stages_of(plans.back(), each.stages));
  }
  Json json{{"threads", threads}, {"cpu", machine.cpu}, {"blas", machine.blas}};
  if (!options.json) fmt::print("{}, {} threads, {}\n\n", machine.cpu, threads, machine.blas);
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (plans[i].is_network()) bench_network(plans[i], stages[i], options, threads, json);
    else bench_kernels(plans[i], stages[i], registry, options, threads, json);
  }
  if (options.json) print_json(json);
  return 0;
}

}  // namespace onager::host::cli
