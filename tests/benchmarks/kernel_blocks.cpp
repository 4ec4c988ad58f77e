// SPDX-License-Identifier: MIT
//
// Kernel matrices: all of one, the symmetric one, its product with coefficients that never stores
// it, and the profile alone on numbers in cache.
#include "inputs.hpp"

#include <benchmark/benchmark.h>

#include <functional>

namespace {

using namespace onager;

void per_point(benchmark::State& state, std::int64_t points) {
  state.counters["points"] = benchmark::Counter(static_cast<double>(points),
                                                benchmark::Counter::kIsIterationInvariantRate);
}

template <class T>
void block(benchmark::State& state, const std::string& table) {
  const auto kernel = test::kernel_of(table);
  const host::KernelMatrix matrix(*kernel.expression, bench::threads());
  const std::int64_t n = bench::size();
  const auto x = bench::samples<T>(n, bench::features, 1),
             z = bench::samples<T>(n, bench::features, 2);
  auto out = bench::touched<T>(n * n);
  for (auto _ : state) matrix.fill(x, z, out.data(), n);
  per_point(state, n * n);
}

template <class T>
void symmetric(benchmark::State& state, const std::string& table) {
  const auto kernel = test::kernel_of(table);
  const host::KernelMatrix matrix(*kernel.expression, bench::threads());
  const std::int64_t n = bench::size();
  const auto x = bench::samples<T>(n, bench::features, 1);
  auto out = bench::touched<T>(n * n);
  for (auto _ : state) matrix.fill_symmetric(x, host::KernelMatrix::Part::full, out.data(), n);
  per_point(state, n * n);
}

template <class T>
void product(benchmark::State& state, const std::string& table) {
  const auto kernel = test::kernel_of(table);
  const host::KernelMatrix matrix(*kernel.expression, bench::threads());
  const std::int64_t n = bench::size();
  const auto x = bench::samples<T>(n, bench::features, 1),
             z = bench::samples<T>(n, bench::features, 2), v = bench::samples<T>(n, 10, 3);
  for (auto _ : state) benchmark::DoNotOptimize(matrix.product(x, z, v.columns));
  per_point(state, n * n);
}

/// One thread, runs of 512 numbers as a tile has them: the time of a point is a core's.
template <class T>
void profile(benchmark::State& state, const std::string& table, bool slope) {
  const auto kernel = test::kernel_of(table);
  const auto evaluate = [&](const auto* interface, std::int64_t count, auto... arrays) {
    if constexpr (sizeof(T) == sizeof(float))
      return interface->evaluate_f32(kernel.instance->get(), count, arrays...);
    else return interface->evaluate_f64(kernel.instance->get(), count, arrays...);
  };
  constexpr std::size_t count = 512;
  std::vector<T> in(count), norms(count, T(1)), k(count), first(count), second(count);
  for (std::size_t i = 0; i < count; ++i) in[i] = static_cast<T>(i + 1) / T(count);
  T* const to_first = slope ? first.data() : nullptr;
  T* const to_second = slope ? second.data() : nullptr;
  const auto* radial = kernel.instance->interface<onager_radial_kernel>(ONAGER_KERNEL_RADIAL);
  const auto* dot = kernel.instance->interface<onager_dot_kernel>(ONAGER_KERNEL_DOT);
  for (auto _ : state) {
    if (radial) evaluate(radial, count, in.data(), k.data(), to_first);
    else evaluate(dot, count, in.data(), norms.data(), norms.data(), k.data(), to_first, to_second);
    benchmark::ClobberMemory();
  }
  per_point(state, count);
}

template <class T>
void add(const std::string& table) {
  const std::string end = "/" + bench::name_of(table) + "/" + bench::precision<T>();
  const auto wall = [&](const char* what, auto function) {
    benchmark::RegisterBenchmark((what + end).c_str(), function, table)
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  };
  wall("block", block<T>);
  wall("symmetric", symmetric<T>);
  wall("product", product<T>);
  if (bench::name_of(table) == "sum") return;
  for (const bool slope : {false, true})
    benchmark::RegisterBenchmark(((slope ? "profile_with_slope" : "profile") + end).c_str(),
                                 [=](benchmark::State& state) { profile<T>(state, table, slope); });
}

const bool added = [] {
  for (const auto& table : bench::kernels()) {
    add<double>(table);
    add<float>(table);
  }
  return true;
}();

}  // namespace
