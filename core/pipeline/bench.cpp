// SPDX-License-Identifier: MIT
#include "pipeline/bench.hpp"

#include "base/error.hpp"
#include "base/threads.hpp"
#include "linalg/blas.hpp"
#include "pipeline/kernel_machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

namespace onager::host {

namespace {

template <class Work>
double seconds_of(Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Single calls of BLAS and LAPACK on buffers of their own, timed together with what they are
/// compared to: every part once after every round, so that both meet the same machine.
template <class T>
class Parts {
 public:
  /// c (m x n) <- a (m x k) b (k x n), or b transposed (n x k) as for a kernel block. Returns an
  /// index for seconds().
  std::size_t gemm(std::int64_t m, std::int64_t n, std::int64_t k, bool transpose_b) {
    return add([=, a = filled(m * k), b = filled(k * n),
                c = std::vector<T>(static_cast<std::size_t>(m * n))]() mutable {
      return seconds_of([&] {
        blas::gemm<T>(false, transpose_b, m, n, k, T(1), a.data(), k, b.data(), transpose_b ? k : n,
                      T(0), c.data(), n);
      });
    });
  }

  std::size_t syrk(std::int64_t n, std::int64_t k) {
    return add([=, a = filled(n * k),
                c = std::vector<T>(static_cast<std::size_t>(n * n))]() mutable {
      return seconds_of([&] { blas::syrk_lower<T>(n, k, T(1), a.data(), n, T(0), c.data(), n); });
    });
  }

  std::size_t potrf(std::int64_t n) {
    // away from powers of two, so that rows do not share cache sets
    const std::int64_t ld = n + 8;
    return add([=, source = filled(n * ld), a = std::vector<T>()]() mutable {
      a = source;
      for (std::int64_t i = 0; i < n; ++i)
        a[static_cast<std::size_t>(i * ld + i)] = static_cast<T>(n);
      return seconds_of([&] {
        if (blas::potrf_lower<T>(n, a.data(), ld) != 0)
          throw Error(Category::numerical, "the benchmark's own matrix did not factor");
      });
    });
  }

  void time_once() {
    for (auto& part : parts_) part.best = std::min(part.best, part.run());
  }
  double seconds(std::size_t part) const { return parts_[part].best; }

 private:
  struct Part {
    std::function<double()> run;
    double best = std::numeric_limits<double>::infinity();
  };
  std::size_t add(std::function<double()> run) {
    parts_.push_back({std::move(run)});
    return parts_.size() - 1;
  }
  static std::vector<T> filled(std::int64_t count) {
    std::vector<T> v(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < v.size(); ++i)
      v[i] = static_cast<T>(std::sin(static_cast<double>(i)));
    return v;
  }
  std::vector<Part> parts_;
};

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

  Parts<T> parts;
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
  const auto sum = [&](const std::vector<std::size_t>& list) {
    double seconds = 0;
    for (const auto part : list) seconds += parts.seconds(part);
    return seconds;
  };
  std::map<std::string, std::pair<double, std::string>> needed;
  needed["fit"] = {parts.seconds(potrf) + parts.seconds(block) / 2,
                   fmt::format("potrf {0}; gemm {0} x {0} x {1}, half", n, d)};
  needed["predict"] = {sum({block, apply}) + sum(tests),
                       fmt::format("gemms {0} x {0} x {1}, {0} x {2} x {0}", n, d, c)};
  if (t > 0)
    needed["predict"].second += fmt::format("; {0} x {1} x {2}, {0} x {3} x {1}", t, n, d, c);
  needed["learn"] = {
      sum({block, apply}) + sum(learning),
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
