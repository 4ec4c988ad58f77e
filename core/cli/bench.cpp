// SPDX-License-Identifier: MIT
#include "pipeline/bench.hpp"

#include "base/error.hpp"
#include "base/threads.hpp"
#include "cli/verbs.hpp"
#include "results/machine.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace onager::host::cli {

namespace {

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

}  // namespace

int bench(const Registry& registry, const BenchOptions& options) {
  const Plan plan =
      read_plan(options.file.empty() ? own_pipeline() : options.file, options.overrides, registry);
  const int threads = options.threads > 0 ? options.threads : available_threads();
  const BenchResult result = bench_round(plan, threads, options.repeat);
  const Machine machine = this_machine(threads);

  if (options.json) {
    nlohmann::ordered_json json{{"samples", result.samples},
                                {"test_samples", result.test_samples},
                                {"features", result.features},
                                {"outputs", result.outputs},
                                {"threads", threads},
                                {"cpu", machine.cpu},
                                {"blas", machine.blas},
                                {"gemm_gflops", result.gemm_rate},
                                {"potrf_gflops", result.potrf_rate},
                                {"round_seconds", result.round},
                                {"parts_seconds", result.parts},
                                {"ratio", result.ratio()}};
    for (const auto& phase : result.phases)
      json["phases"].push_back({{"phase", phase.phase},
                                {"seconds", phase.seconds},
                                {"parts_seconds", phase.parts},
                                {"parts", phase.part_list}});
    fmt::print("{}\n", json.dump(2));
    return 0;
  }
  fmt::print("{}, {} threads, {}\n", machine.cpu, threads, machine.blas);
  fmt::print("n = {}, d = {}, outputs = {}, test samples = {}, {}\n", result.samples,
             result.features, result.outputs, result.test_samples,
             plan.precision == Precision::float32 ? "float32" : "float64");
  fmt::print("gemm {:.1f} GFLOP/s, potrf {:.1f} GFLOP/s\n\n", result.gemm_rate, result.potrf_rate);
  fmt::print("{:<10} {:>10} {:>10}   parts\n", "phase", "seconds", "parts");
  for (const auto& phase : result.phases)
    fmt::print("{:<10} {:>10.4f} {:>10.4f}   {}\n", phase.phase, phase.seconds, phase.parts,
               phase.part_list);
  fmt::print("{:<10} {:>10.4f} {:>10.4f}   ratio {:.2f}\n", "round", result.round, result.parts,
             result.ratio());
  return 0;
}

}  // namespace onager::host::cli
