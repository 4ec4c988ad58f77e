// SPDX-License-Identifier: MIT
#include "pipeline/bench.hpp"

#include "base/threads.hpp"
#include "pipeline/bench_parts.hpp"
#include "pipeline/kernel_machine.hpp"

#include <fmt/format.h>

#include <functional>
#include <map>

namespace onager::host {

namespace {

template <class T>
BenchResult bench(const Plan& plan, int threads, int repeat) {
  ThreadPool pool(threads);
  const std::function<Environment(const std::string&)> environment = [&](const std::string&) {
    Environment e;
    e.seed = plan.seed;
    e.threads = &pool;
    e.emit.scalar = [](const std::string&, double) {};
    e.emit.array = [](const std::string&, const onager_array&) {};
    return e;
  };
  KernelMachine<T> machine(plan, environment);
  PhaseTimes loading;
  machine.load(loading);
  const auto one_round = [&](int round) {
    PhaseTimes times;
    machine.fit_and_measure(
        round, [](const std::string&, double) {}, times);
    if (machine.learns()) machine.learn(round, times);
    return times;
  };
  one_round(0);  // warms up, and the kernel's dimension is known after it

  BenchResult result;
  const DataShape& shape = machine.shape();
  const std::int64_t n = result.samples = shape.train_samples;
  const std::int64_t t = result.test_samples = shape.test_samples;
  const std::int64_t d = result.features = machine.kernel_dimension();
  const std::int64_t c = result.outputs = shape.outputs;

  BenchParts<T> parts;
  const auto block = parts.gemm(n, n, d, true), apply = parts.gemm(n, c, n, false);
  const auto potrf = parts.potrf(n);
  std::vector<std::size_t> tests, learning;
  if (t > 0) tests = {parts.gemm(t, n, d, true), parts.gemm(t, c, n, false)};
  if (machine.learns()) learning = {parts.gemm(n, d * c, n, false), parts.syrk(d, n * c)};

  std::map<std::string, double> best;
  std::vector<std::string> order;
  for (int round = 1; round <= repeat; ++round) {
    const PhaseTimes times = one_round(round);
    for (const auto& [phase, seconds] : times.all()) {
      const auto [entry, fresh] = best.emplace(phase, seconds);
      if (fresh) order.push_back(phase);
      else entry->second = std::min(entry->second, seconds);
    }
    parts.time_once();
  }

  const auto nd = static_cast<double>(n), dd = static_cast<double>(d);
  result.gemm_rate = 2 * nd * nd * dd / parts.seconds(block) / 1e9;
  result.potrf_rate = nd * nd * nd / 3 / parts.seconds(potrf) / 1e9;
  std::map<std::string, std::pair<double, std::string>> needed;
  needed["fit"] = {parts.seconds(potrf) + parts.seconds(block) / 2,
                   fmt::format("potrf {0}; gemm {0} x {0} x {1}, half", n, d)};
  needed["predict"] = {parts.seconds({block, apply}) + parts.seconds(tests),
                       fmt::format("gemms {0} x {0} x {1}, {0} x {2} x {0}", n, d, c)};
  if (t > 0)
    needed["predict"].second += fmt::format("; {0} x {1} x {2}, {0} x {3} x {1}", t, n, d, c);
  needed["learn"] = {
      parts.seconds({block, apply}) + parts.seconds(learning),
      fmt::format("gemms {0} x {0} x {1}, {0} x {2} x {0}, {0} x {3} x {0}; syrk {1} x {4}", n, d,
                  c, d * c, n * c)};
  for (const auto& phase : order) {
    const auto found = needed.find(phase);
    const auto [seconds, list] =
        found == needed.end() ? std::pair<double, std::string>{0.0, ""} : found->second;
    result.phases.push_back({phase, best[phase], seconds, list});
    result.round += best[phase];
    result.parts += seconds;
  }
  return result;
}

}  // namespace

BenchResult bench_round(const Plan& plan, int threads, int repeat) {
  if (plan.precision == Precision::float32) return bench<float>(plan, threads, repeat);
  return bench<double>(plan, threads, repeat);
}

}  // namespace onager::host
