// SPDX-License-Identifier: MIT
//
// What the machine allows: gemm of a kernel block's shape, potrf, and memory.
#include "inputs.hpp"

#include "linalg/blas.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>

namespace {

using namespace onager;

template <class T>
void gemm(benchmark::State& state) {
  bench::threads();
  const std::int64_t n = bench::size(), d = bench::features;
  const auto x = bench::samples<T>(n, d, 1), z = bench::samples<T>(n, d, 2);
  auto out = bench::touched<T>(n * n);
  for (auto _ : state)
    host::blas::gemm<T>(false, true, n, n, d, T(1), x.columns.memptr(), d, z.columns.memptr(), d,
                        T(0), out.data(), n);
  state.counters["flops"] = benchmark::Counter(2.0 * static_cast<double>(n * n * d),
                                               benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(gemm<double>)->Name("limit/gemm/float64")->UseRealTime();
BENCHMARK(gemm<float>)->Name("limit/gemm/float32")->UseRealTime();

template <class T>
void potrf(benchmark::State& state) {
  bench::threads();
  // away from powers of two, so that rows do not share cache sets
  const std::int64_t n = bench::size(), ld = n + 8;
  auto a = bench::touched<T>(n * ld);
  for (auto _ : state) {
    state.PauseTiming();
    for (std::int64_t i = 0; i < n; ++i) {
      std::fill_n(a.data() + i * ld, n, T(0.5));
      a.data()[i * ld + i] = static_cast<T>(n);
    }
    state.ResumeTiming();
    if (host::blas::potrf_lower<T>(n, a.data(), ld) != 0) state.SkipWithError("did not factor");
  }
  state.counters["flops"] = benchmark::Counter(static_cast<double>(n * n * n) / 3,
                                               benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(potrf<double>)->Name("limit/potrf/float64")->UseRealTime();
BENCHMARK(potrf<float>)->Name("limit/potrf/float32")->UseRealTime();

constexpr std::int64_t megabytes_256 = 1 << 25;  // of doubles

template <class Work>
void in_stripes(Work&& work) {
  constexpr std::int64_t stripe = 1 << 18;
  bench::threads().run(megabytes_256 / stripe,
                       [&](std::int64_t task, int) { work(task * stripe, stripe); });
}

void fill(benchmark::State& state) {
  auto to = bench::touched<double>(megabytes_256);
  for (auto _ : state)
    in_stripes([&](std::int64_t first, std::int64_t count) {
      std::fill_n(to.data() + first, count, 2.0);
    });
  state.SetBytesProcessed(state.iterations() * megabytes_256 * 8);
}
BENCHMARK(fill)->Name("limit/fill")->UseRealTime();

void copy(benchmark::State& state) {
  const auto from = bench::touched<double>(megabytes_256);
  auto to = bench::touched<double>(megabytes_256);
  for (auto _ : state)
    in_stripes([&](std::int64_t first, std::int64_t count) {
      std::copy_n(from.data() + first, count, to.data() + first);
    });
  state.SetBytesProcessed(state.iterations() * megabytes_256 * 16);
}
BENCHMARK(copy)->Name("limit/copy")->UseRealTime();

}  // namespace
