// SPDX-License-Identifier: MIT
#include "base/error.hpp"
#include "base/random.hpp"
#include "base/threads.hpp"
#include "config/parameters.hpp"
#include "linalg/kernel_matrix.hpp"
#include "linalg/outer_product.hpp"
#include "pipeline/bench.hpp"
#include "pipeline/bench_parts.hpp"
#include "plugin/instance.hpp"

#include <fmt/format.h>

#include <cmath>

namespace onager::host {

namespace {

/// A kernel without a pipeline around it.
struct LoneKernel {
  Environment environment;
  Instance instance;
  KernelExpression expression;

  explicit LoneKernel(const ComponentPlan& plan)
      : instance(plan, environment),
        expression({sizeof(onager_child), 0, &instance.component(), instance.get()},
                   [this](const std::function<onager_status()>& work) {
                     instance.call("evaluate", work);
                   }) {}
};

/// n samples of d standard normal numbers over sqrt(d), so that distances are near sqrt(2) and
/// kernels neither vanish nor cancel.
template <class T>
KernelSamples<T> samples(std::int64_t n, std::int64_t d, std::uint64_t stream) {
  std::vector<double> numbers(static_cast<std::size_t>(n * d));
  RandomStreams(1, "bench").normal(stream, 0, n * d, numbers.data());
  arma::Mat<T> columns(static_cast<arma::uword>(d), static_cast<arma::uword>(n));
  std::transform(numbers.begin(), numbers.end(), columns.begin(),
                 [scale = 1 / std::sqrt(static_cast<double>(d))](double v) {
                   return static_cast<T>(scale * v);
                 });
  return kernel_samples<T>(columns, {});
}

template <class T>
BlockBench blocks(const std::vector<ComponentPlan>& kernels, Precision precision, std::int64_t n,
                  std::int64_t d, int threads, int repeat) {
  ThreadPool pool(threads);
  const auto x = samples<T>(n, d, 1), z = samples<T>(n, d, 2);
  const auto out = bench_numbers<T>(n * n);
  const auto count = static_cast<std::int64_t>((256u << 20) / sizeof(T));

  BenchParts<T> parts;
  // the same samples and the same output as the kernels
  const auto gemm = parts.time([&] {
    blas::gemm<T>(false, true, n, n, d, T(1), x.columns.memptr(), d, z.columns.memptr(), d, T(0),
                  out->data(), n);
  });
  const std::int64_t order = std::min<std::int64_t>(n, 4096);
  const auto potrf = parts.potrf(order), fill = parts.fill(pool, count),
             copy = parts.copy(pool, count);
  std::vector<std::unique_ptr<LoneKernel>> lone;
  std::vector<std::size_t> works;
  for (const auto& plan : kernels) {
    lone.push_back(std::make_unique<LoneKernel>(plan));
    works.push_back(parts.time([&, kernel = lone.back().get()] {
      KernelMatrix(kernel->expression, pool).fill(x, z, out->data(), n);
    }));
  }
  parts.time_all(repeat);

  const auto nd = static_cast<double>(n), dd = static_cast<double>(d);
  const auto od = static_cast<double>(order);
  const double bytes = static_cast<double>(count) * sizeof(T);
  BlockBench result;
  result.precision = precision;
  result.samples = n;
  result.features = d;
  result.limits = {2 * nd * nd * dd / parts.seconds(gemm) / 1e9,
                   od * od * od / 3 / parts.seconds(potrf) / 1e9, bytes / parts.seconds(fill) / 1e9,
                   2 * bytes / parts.seconds(copy) / 1e9};
  const double memory = nd * nd * sizeof(T) / (result.limits.fill_rate * 1e9);
  for (std::size_t i = 0; i < kernels.size(); ++i)
    result.blocks.push_back({kernels[i].use, parts.seconds(works[i]), parts.seconds(gemm), memory});
  return result;
}

template <class T>
OuterProductCost outer_product(const ComponentPlan& kernel, PredictorShape shape, int threads,
                               int repeat) {
  ThreadPool pool(threads);
  const LoneKernel lone(kernel);
  if (const auto id = lone.expression.first_without_derivative(); !id.empty())
    throw Error(Category::config,
                fmt::format("kernel '{}' gives no derivative, so it has no gradients to time", id));
  const auto [n, d, c] = shape;
  const KernelMatrix matrix(lone.expression, pool);
  const auto x = samples<T>(n, d, 1);
  const auto coefficients = samples<T>(n, c, 3);

  BenchParts<T> parts;
  const std::vector<std::size_t> needed = {parts.gemm(n, n, d, true), parts.gemm(n, c, n, false),
                                           parts.gemm(n, d * c, n, false), parts.syrk(d, n * c)};
  const auto work = parts.time([&] {
    const PredictorGradient<T> gradient(matrix, x, x, coefficients.columns);
    average_gradient_outer_product<T>(gradient, OuterProduct::full, Centering::mean, {});
  });
  parts.time_all(repeat);
  return {shape, parts.seconds(work), parts.seconds(needed),
          fmt::format("gemms {0} x {0} x {1}, {0} x {2} x {0}, {0} x {3} x {0}; syrk {1} x {4}", n,
                      d, c, d * c, n * c)};
}

}  // namespace

std::vector<ComponentPlan> kernels_to_time(const Plan& plan, const Registry& registry) {
  std::vector<ComponentPlan> kernels{plan.kernel};
  for (const auto& entry : registry.all()) {
    if (entry.kind() != "kernel" || entry.component == plan.kernel.component) continue;
    ComponentPlan kernel;
    kernel.plugin = entry.plugin;
    kernel.component = entry.component;
    kernel.use = registry.usable_id(entry);
    kernel.path = "kernel";
    bool complete = true;
    for (const auto* parameter : parameters_of(*entry.component)) {
      complete = complete && !(parameter->flags & ONAGER_REQUIRED) &&
                 parameter->type != ONAGER_COMPONENT && parameter->type != ONAGER_COMPONENT_LIST;
      if (complete) kernel.values.push_back(default_value(*parameter, plan.file.parent_path()));
    }
    if (complete) kernels.push_back(std::move(kernel));
  }
  return kernels;
}

BlockBench bench_blocks(const std::vector<ComponentPlan>& kernels, Precision precision,
                        std::int64_t samples, std::int64_t features, int threads, int repeat) {
  if (precision == Precision::float32)
    return blocks<float>(kernels, precision, samples, features, threads, repeat);
  return blocks<double>(kernels, precision, samples, features, threads, repeat);
}

OuterProductCost bench_outer_product(const ComponentPlan& kernel, Precision precision,
                                     PredictorShape shape, int threads, int repeat) {
  if (precision == Precision::float32) return outer_product<float>(kernel, shape, threads, repeat);
  return outer_product<double>(kernel, shape, threads, repeat);
}

}  // namespace onager::host
