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

double fastest(int repeat, const std::function<double()>& timed) {
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < repeat; ++i) best = std::min(best, timed());
  return best;
}

template <class Work>
double seconds_of(Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Timings of single calls on buffers that are made once.
template <class T>
class Parts {
 public:
  explicit Parts(int repeat) : repeat_(repeat) {}

  /// c (m x n) <- a (m x k) b (k x n), or b transposed (n x k) as for a kernel block
  double gemm(std::int64_t m, std::int64_t n, std::int64_t k, bool transpose_b) {
    const auto a = filled(m * k), b = filled(k * n);
    std::vector<T> c(static_cast<std::size_t>(m * n));
    return fastest(repeat_, [&] {
      return seconds_of([&] {
        blas::gemm<T>(false, transpose_b, m, n, k, T(1), a.data(), k, b.data(), transpose_b ? k : n,
                      T(0), c.data(), n);
      });
    });
  }

  double syrk(std::int64_t n, std::int64_t k) {
    const auto a = filled(n * k);
    std::vector<T> c(static_cast<std::size_t>(n * n));
    return fastest(repeat_, [&] {
      return seconds_of([&] { blas::syrk_lower<T>(n, k, T(1), a.data(), n, T(0), c.data(), n); });
    });
  }

  double potrf(std::int64_t n) {
    // away from powers of two, so that rows do not share cache sets
    const std::int64_t ld = n + 8;
    const auto source = filled(n * ld);
    std::vector<T> a;
    return fastest(repeat_, [&] {
      a = source;
      for (std::int64_t i = 0; i < n; ++i)
        a[static_cast<std::size_t>(i * ld + i)] = static_cast<T>(n);
      return seconds_of([&] {
        if (blas::potrf_lower<T>(n, a.data(), ld) != 0)
          throw Error(Category::numerical, "the benchmark's own matrix did not factor");
      });
    });
  }

 private:
  static std::vector<T> filled(std::int64_t count) {
    std::vector<T> v(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < v.size(); ++i)
      v[i] = static_cast<T>(std::sin(static_cast<double>(i)));
    return v;
  }
  int repeat_;
};

template <class T>
BenchResult bench(const Plan& plan, int threads, int repeat) {
  ThreadPool pool(threads);
  const std::function<Environment(const std::string&)> environment = [&](const std::string&) {
    Environment e;
    e.seed = plan.seed;
    e.threads = &pool;
    e.emit.scalar = [](const std::string&, double) {};
    return e;
  };
  KernelMachine<T> machine(plan, environment);
  PhaseTimes loading;
  machine.load(loading);

  std::map<std::string, double> best;
  std::vector<std::string> order;
  for (int round = 0; round <= repeat; ++round) {  // round 0 warms up
    PhaseTimes times;
    machine.fit_and_measure(
        round, [](const std::string&, double) {}, times);
    if (machine.learns()) machine.learn(round, times);
    if (round == 0) continue;
    for (const auto& [phase, seconds] : times.all()) {
      const auto [entry, fresh] = best.emplace(phase, seconds);
      if (fresh) order.push_back(phase);
      else entry->second = std::min(entry->second, seconds);
    }
  }

  BenchResult result;
  const std::int64_t n = result.samples = static_cast<std::int64_t>(machine.data().train.x.n_cols);
  const std::int64_t t = result.test_samples =
      static_cast<std::int64_t>(machine.data().test.x.n_cols);
  const std::int64_t d = result.features = machine.kernel_dimension();
  const std::int64_t c = result.outputs = static_cast<std::int64_t>(machine.data().train.y.n_rows);

  Parts<T> parts(repeat);
  const double block = parts.gemm(n, n, d, true), potrf = parts.potrf(n);
  const double apply = parts.gemm(n, c, n, false);
  const auto nd = static_cast<double>(n), dd = static_cast<double>(d);
  result.gemm_rate = 2 * nd * nd * dd / block / 1e9;
  result.potrf_rate = nd * nd * nd / 3 / potrf / 1e9;
  std::map<std::string, std::pair<double, std::string>> needed;
  needed["fit"] = {potrf + block / 2, fmt::format("potrf {0}; gemm {0} x {0} x {1}, half", n, d)};
  needed["predict"] = {block + apply,
                       fmt::format("gemms {0} x {0} x {1}, {0} x {2} x {0}", n, d, c)};
  if (t > 0) {
    needed["predict"].first += parts.gemm(t, n, d, true) + parts.gemm(t, c, n, false);
    needed["predict"].second += fmt::format("; {0} x {1} x {2}, {0} x {3} x {1}", t, n, d, c);
  }
  needed["learn"] = {
      block + apply + parts.gemm(n, d * c, n, false) + parts.syrk(d, n * c),
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
