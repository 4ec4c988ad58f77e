// SPDX-License-Identifier: MIT
//
// Solvers of kernel systems through the operator of the host, and what they emit and say.
#pragma once

#include "examples.hpp"

#include "pipeline/kernel_operator.hpp"

#include <limits>
#include <map>
#include <memory>

namespace onager::test {

/// A live solver. Emitted arrays are samples x columns.
struct Solver {
  explicit Solver(const Example& example) {
    environment.seed = 5;
    environment.emit.scalar = [this](const std::string& name, double value) {
      emitted[name] = value;
    };
    environment.emit.array = [this](const std::string& name, const onager_array& value) {
      arrays[name] = host::copy_as<double>(value).t();
    };
    environment.log = [this](int level, const std::string& text) {
      if (level == ONAGER_LOG_WARNING) warnings.push_back(text);
    };
    host::ComponentPlan plan = plan_of(example);
    component = *plan.component;
    original_create() = component.create;
    component.create = [](const onager_host* given, const onager_config* config, void** out) {
      created_with() = given;
      return original_create()(given, config, out);
    };
    plan.component = &component;
    instance = std::make_unique<host::Instance>(plan, environment);
    // the table is the host's own and not constant: tests exchange what it calls
    host_table = const_cast<onager_host*>(created_with());
    table = instance->interface<onager_linear_solver>(ONAGER_OPTIMIZER_LINEAR);
    if (!table) throw std::runtime_error(example.label() + " solves no kernel systems");
  }
  Solver(const std::string& id, const std::string& lines)
      : Solver(Example{everything().find("optimizer", id), lines}) {}
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  std::map<std::string, double> emitted;
  std::map<std::string, arma::mat> arrays;
  std::vector<std::string> warnings;
  host::Environment environment;
  onager_component component;
  std::unique_ptr<host::Instance> instance;
  const onager_linear_solver* table;
  onager_host* host_table;

 private:
  static const onager_host*& created_with() {
    static const onager_host* given = nullptr;
    return given;
  }
  static decltype(onager_component::create)& original_create() {
    static decltype(onager_component::create) create = nullptr;
    return create;
  }
};

/// The kernel system of some samples, the columns of x.
template <class T>
struct System {
  System(const std::string& kernel_table, const arma::mat& x)
      : kernel(kernel_of(kernel_table)),
        threads(2),
        matrix(*kernel.expression, threads),
        samples(host::kernel_samples<T>(arma::conv_to<arma::Mat<T>>::from(x), {})),
        view(matrix, samples),
        memory(view.abi().memory) {}

  arma::mat k() const {
    arma::Mat<T> out(samples.columns.n_cols, samples.columns.n_cols);
    matrix.fill_symmetric(samples, host::KernelMatrix::Part::full, out.memptr(), samples.count());
    return arma::conv_to<arma::mat>::from(out);
  }
  /// Right sides and solutions are the rows.
  arma::mat solve(const Solver& solver, const arma::mat& right_sides) const {
    const arma::Mat<T> targets = arma::conv_to<arma::Mat<T>>::from(right_sides);
    arma::Mat<T> solution(targets.n_rows, targets.n_cols);
    solution.fill(std::numeric_limits<T>::quiet_NaN());
    const auto from = host::as_array(targets);
    auto to = host::as_array(solution);
    onager_operator limited = view.abi();
    limited.memory = memory;
    solver.instance->call(
        "solve", [&] { return solver.table->solve(solver.instance->get(), &limited, &from, &to); });
    return arma::conv_to<arma::mat>::from(solution);
  }

  Kernel kernel;
  host::ThreadPool threads;
  host::KernelMatrix matrix;
  host::KernelSamples<T> samples;
  host::KernelOperator<T> view;
  std::uint64_t memory;  // what a solver is told it may take
};

}  // namespace onager::test
