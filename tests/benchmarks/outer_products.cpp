// SPDX-License-Identifier: MIT
//
// The average gradient outer product by shape: samples, features, outputs.
#include "inputs.hpp"

#include "linalg/outer_product.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>

namespace {

using namespace onager;

template <class T>
void outer_product(benchmark::State& state) {
  const std::int64_t n = std::min(state.range(0), bench::size()), d = state.range(1),
                     c = state.range(2);
  const auto kernel = test::kernel_of("use = 'laplace'");
  const host::KernelMatrix matrix(*kernel.expression, bench::threads());
  const auto x = bench::samples<T>(n, d, 1);
  const arma::Mat<T> alpha = bench::samples<T>(n, c, 3).columns;
  for (auto _ : state) {
    const host::PredictorGradient<T> gradient(matrix, x, x, alpha);
    benchmark::DoNotOptimize(host::average_gradient_outer_product<T>(
        gradient, host::OuterProduct::full, host::Centering::mean, {}));
  }
}

void shapes(benchmark::internal::Benchmark* b) {
  b->Args({4096, 128, 1})->Args({2048, 122, 61})->Args({4096, 128, 10});
  b->UseRealTime()->Unit(benchmark::kMillisecond);
}
BENCHMARK(outer_product<double>)->Name("outer_product/float64")->Apply(shapes);
BENCHMARK(outer_product<float>)->Name("outer_product/float32")->Apply(shapes);

}  // namespace
