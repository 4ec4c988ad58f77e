// SPDX-License-Identifier: MIT
#include "pipeline/bench_network.hpp"

#include "base/error.hpp"
#include "base/memory.hpp"
#include "base/threads.hpp"
#include "linalg/arrays.hpp"
#include "pipeline/bench_parts.hpp"
#include "pipeline/network_machine.hpp"

#include <fmt/format.h>

#include <vector>

namespace onager::host {

namespace {

/// A network pipeline as far as its first row, without a run folder.
template <class T>
struct LoneNetwork {
  ThreadPool pool;
  NetworkMachine<T> machine;

  LoneNetwork(const Plan& plan, int threads) : pool(threads), machine(plan, environment(plan)) {
    PhaseTimes times;
    machine.load(times);
  }

  const Network<T>& network() const { return machine.network(); }
  NetworkShape shape() const {
    return {machine.objective().all().count, network().features(), network().outputs(),
            network().parameters()};
  }

 private:
  EnvironmentOf environment(const Plan& plan) {
    return [this, seed = plan.seed](const std::string&) {
      Environment e;
      e.seed = seed;
      e.threads = &pool;
      e.emit.scalar = [](const std::string&, double) {};
      e.emit.array = [](const std::string&, const onager_array&) {};
      return e;
    };
  }
};

struct Layer {
  std::int64_t rows, cols;
};

/// The matrices that lie in the parameters. Vectors, such as biases, make no matrix product.
template <class T>
std::vector<Layer> layers_of(const Network<T>& network) {
  std::vector<Layer> layers;
  const auto* table = network.functions().model();
  for (std::int64_t i = 0; table->part; ++i) {
    onager_model_part part{sizeof part, 0, nullptr, 0, 0, 0};
    bool there = false;
    network.model().call("part", [&] {
      const auto status = table->part(network.model().get(), i, &part);
      there = status == ONAGER_OK;
      return status == ONAGER_NOT_FOUND ? ONAGER_OK : status;
    });
    if (!there) break;
    if (part.cols > 1) layers.push_back({part.rows, part.cols});
  }
  if (layers.empty())
    throw Error(Category::config,
                fmt::format("{} names no matrices among its parameters, so there are no matrix "
                            "products to set its step beside",
                            network.model().name()));
  return layers;
}

/// Values of n samples, gradient of the weights, and for all but the first layer of the inputs.
template <class T>
std::vector<std::size_t> step_products(BenchParts<T>& parts, const std::vector<Layer>& layers,
                                       std::int64_t n) {
  std::vector<std::size_t> needed;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto [rows, cols] = layers[i];
    needed.push_back(parts.gemm(n, rows, cols, true));
    needed.push_back(parts.gemm(rows, cols, n, false));
    if (i > 0) needed.push_back(parts.gemm(n, cols, rows, false));
  }
  return needed;
}

template <class T>
StepCost step(const Plan& plan, int threads, int repeat) {
  LoneNetwork<T> lone(plan, threads);
  const auto& objective = lone.machine.objective();
  const NetworkShape shape = lone.shape();
  const auto layers = layers_of(lone.network());
  arma::Mat<T> w = lone.machine.parameters(), gradient(1, w.n_cols);

  BenchParts<T> parts;
  const auto products = step_products(parts, layers, shape.samples);
  const auto work = parts.time([&] {
    objective.evaluate(w, objective.all(), &gradient);
    w -= T(1e-6) * gradient;
  });
  parts.time_all(repeat);

  StepCost cost;
  cost.shape = shape;
  cost.seconds = parts.seconds(work);
  cost.gemms = parts.seconds(products);
  double flops = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    flops += (i > 0 ? 6.0 : 4.0) * static_cast<double>(shape.samples * layers[i].rows) *
             static_cast<double>(layers[i].cols);
    cost.part_list += fmt::format("{}{} x {}", i > 0 ? ", " : "", layers[i].rows, layers[i].cols);
  }
  cost.gemm_rate = flops / cost.gemms / 1e9;
  return cost;
}

/// J' with a column for each output of each sample.
template <class T>
void fill_jacobian(const Network<T>& network, const arma::Mat<T>& w, const arma::Mat<T>& x,
                   T* columns) {
  const std::int64_t c = network.outputs(), p = network.parameters();
  arma::Mat<T> f(static_cast<arma::uword>(c), 1), v(static_cast<arma::uword>(c), 1);
  auto values = as_array(f);
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(x.n_cols); ++i)
    for (std::int64_t l = 0; l < c; ++l) {
      v.zeros();
      v(static_cast<arma::uword>(l)) = 1;
      onager_array gradient{sizeof gradient, dtype_of<T>(), columns + (i * c + l) * p, p, 1, 1, 1};
      network.functions().vjp(as_array(w), as_array(x, i, 1), values, nullptr, nullptr, as_array(v),
                              &gradient, nullptr);
    }
}

template <class T>
TangentKernelCost tangent_kernel(const Plan& plan, int threads, int repeat) {
  LoneNetwork<T> lone(plan, threads);
  const auto& network = lone.network();
  const auto& x = lone.machine.inputs();
  const arma::Mat<T> w = lone.machine.parameters();
  TangentKernelCost cost;
  cost.shape = lone.shape();
  const std::int64_t rows = cost.shape.samples * cost.shape.outputs;
  cost.jacobian_bytes =
      static_cast<double>(rows) * static_cast<double>(cost.shape.parameters) * sizeof(T);

  forget_peak_memory();
  const auto before = static_cast<double>(peak_memory());
  arma::Mat<T> kernel = network.tangent_kernel(w, x);
  cost.bytes = static_cast<double>(peak_memory()) - before;

  TimedInTurns works;
  Numbers<T> numbers(rows * cost.shape.parameters);
  const arma::Mat<T> jacobian(numbers.data(), w.n_cols, static_cast<arma::uword>(rows), false,
                              true);
  arma::Mat<T> product;
  const auto own = works.time([&] { kernel = network.tangent_kernel(w, x); });
  const auto both = works.time([&] {
    fill_jacobian(network, w, x, numbers.data());
    product = jacobian.t() * jacobian;  // a syrk
  });
  works.time_all(repeat);
  cost.seconds = works.seconds(own);
  cost.jacobian = works.seconds(both);
  cost.difference =
      static_cast<double>(arma::norm(kernel - product, "fro") / arma::norm(product, "fro"));
  return cost;
}

void require_network(const Plan& plan) {
  if (!plan.is_network())
    throw Error(Category::config, fmt::format("{} has no [model]: it trains no network whose step "
                                              "and tangent kernel could be timed",
                                              plan.file.string()));
}

}  // namespace

StepCost bench_step(const Plan& plan, int threads, int repeat) {
  require_network(plan);
  if (plan.precision == Precision::float32) return step<float>(plan, threads, repeat);
  return step<double>(plan, threads, repeat);
}

TangentKernelCost bench_tangent_kernel(const Plan& plan, int threads, int repeat) {
  require_network(plan);
  if (plan.precision == Precision::float32) return tangent_kernel<float>(plan, threads, repeat);
  return tangent_kernel<double>(plan, threads, repeat);
}

}  // namespace onager::host
