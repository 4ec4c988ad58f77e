// SPDX-License-Identifier: MIT
//
// What the C ABI costs: a kernel block through the plugin's function table against the same tiles
// with the plugin's source compiled into this loop. Both run in turns in each iteration and the
// least of each counts: the counter `ratio` is table over compiled in, in CPU time of all threads.
#include "inputs.hpp"

#include "linalg/blas.hpp"
#include "linalg/squared_distances.hpp"

#include "../../plugins/kernels/gaussian/gaussian.cpp"

#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace {

using namespace onager;

/// KernelMatrix::fill for one profile, without plugin, expression or guard.
template <class T, class Profile>
void compiled_in(const Profile& profile, const host::KernelSamples<T>& x,
                 const host::KernelSamples<T>& z, T* k) {
  constexpr std::int64_t rows = 128, columns = 512;  // as in linalg/kernel_matrix.cpp
  const std::int64_t n = x.count(), m = z.count(), d = x.dimension();
  const std::int64_t across = (m + columns - 1) / columns;
  struct Scratch {
    std::vector<T> products, r2;
  };
  std::vector<Scratch> scratch(static_cast<std::size_t>(bench::threads().threads()));
  bench::threads().run((n + rows - 1) / rows * across, [&](std::int64_t task, int worker) {
    auto& [products, r2] = scratch[static_cast<std::size_t>(worker)];
    products.resize(rows * columns);
    r2.resize(columns);
    const std::int64_t i0 = task / across * rows, j0 = task % across * columns;
    const std::int64_t height = std::min(rows, n - i0), width = std::min(columns, m - j0);
    host::blas::gemm<T>(false, true, height, width, d, T(1), x.columns.memptr() + i0 * d, d,
                        z.columns.memptr() + j0 * d, d, T(0), products.data(), width);
    for (std::int64_t i = 0; i < height; ++i) {
      host::expanded_distances<T>(width, x.norms.memptr()[i0 + i], z.norms.memptr() + j0,
                                  products.data() + i * width, r2.data());
      T* const to = k + (i0 + i) * m + j0;
      widest([&]() ONAGER_INLINE_LAMBDA {
        const T* __restrict from = r2.data();
        T* __restrict out = to;
        for (std::int64_t j = 0; j < width; ++j) out[j] = profile(from[j]).value;
      });
    }
  });
}

Gaussian with_bandwidth(double bandwidth) {
  onager_value value{};
  value.struct_size = sizeof value;
  value.type = ONAGER_REAL;
  value.name = "bandwidth";
  value.count = 1;
  value.real = bandwidth;
  const onager_config raw{sizeof raw, 1, sizeof value, 0, &value};
  return Gaussian(Config(raw));
}

template <class Work>
double cpu_seconds_of(Work&& work) {
  const auto now = [] {
    timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  const double begin = now();
  work();
  return now() - begin;
}

template <class T>
void function_table(benchmark::State& state) {
  const auto kernel = test::kernel_of("use = 'gaussian'");
  const host::KernelMatrix matrix(*kernel.expression, bench::threads());
  const std::int64_t n = bench::size();
  const auto x = bench::samples<T>(n, bench::features, 1),
             z = bench::samples<T>(n, bench::features, 2);
  auto through_table = bench::touched<T>(n * n), here = bench::touched<T>(n * n);
  const Gaussian profile = with_bandwidth(1);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double table = infinity, inlined = infinity;
  for (auto _ : state) {
    const double seconds = cpu_seconds_of([&] { matrix.fill(x, z, through_table.data(), n); });
    state.SetIterationTime(seconds);
    table = std::min(table, seconds);
    inlined = std::min(inlined, cpu_seconds_of([&] { compiled_in(profile, x, z, here.data()); }));
  }
  for (std::int64_t i = 0; i < n * n; ++i)
    if (std::abs(through_table.data()[i] - here.data()[i]) > T(1e-5)) {
      state.SkipWithError("the two blocks differ");
      break;
    }
  state.counters["ratio"] = table / inlined;
}
BENCHMARK(function_table<double>)
    ->Name("function_table/gaussian/float64")
    ->UseManualTime()
    ->Iterations(15)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(function_table<float>)
    ->Name("function_table/gaussian/float32")
    ->UseManualTime()
    ->Iterations(15)
    ->Unit(benchmark::kMillisecond);

}  // namespace
