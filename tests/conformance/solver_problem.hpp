// SPDX-License-Identifier: MIT
//
// A small kernel system, and what an iterative solver does with it.
#pragma once

#include "../catch.hpp"
#include "../support.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/memory.hpp"
#include "pipeline/kernel_operator.hpp"
#include "plugin/configuration.hpp"
#include "plugin/host_context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

namespace onager::test {

/// What a solver did with a problem.
struct Solved {
  arma::mat alpha;  // n x c
  std::map<std::string, double> emitted;
  std::vector<std::string> warnings, information;
  double claimed = 0;              // bytes that the solver said it would hold at most
  double measured = 0;             // bytes that it took from the host, at the most at one time
  std::int64_t kernel_values = 0;  // that it asked the operator for, or for products with
};

/// An operator that counts the values of the kernel it computes.
class CountingOperator {
 public:
  CountingOperator(const onager_operator& counted, std::uint64_t memory) : counted_(counted) {
    table_ = counted;
    table_.context = this;
    table_.memory = memory;
    table_.diagonal = [](const onager_operator* op, onager_array* out) {
      return of(op).counted_.diagonal(&of(op).counted_, out);
    };
    table_.block = [](const onager_operator* op, std::int64_t rows, const std::int64_t* row_list,
                      std::int64_t cols, const std::int64_t* col_list, onager_array* out) {
      of(op).values_ += rows * cols;
      return of(op).counted_.block(&of(op).counted_, rows, row_list, cols, col_list, out);
    };
    table_.product = [](const onager_operator* op, const onager_array* v, onager_array* out) {
      of(op).values_ += op->size * op->size;
      return of(op).counted_.product(&of(op).counted_, v, out);
    };
    table_.fill = [](const onager_operator* op, std::int32_t part, onager_array* out) {
      of(op).values_ += op->size * op->size;
      return of(op).counted_.fill(&of(op).counted_, part, out);
    };
    table_.part_product = [](const onager_operator* op, std::int64_t rows,
                             const std::int64_t* row_list, std::int64_t cols,
                             const std::int64_t* col_list, const onager_array* v,
                             onager_array* out) {
      of(op).values_ += rows * cols;
      return of(op).counted_.part_product(&of(op).counted_, rows, row_list, cols, col_list, v, out);
    };
  }
  CountingOperator(const CountingOperator&) = delete;
  CountingOperator& operator=(const CountingOperator&) = delete;
  const onager_operator& abi() const { return table_; }
  std::int64_t values() const { return values_; }

 private:
  static CountingOperator& of(const onager_operator* op) {
    return *static_cast<CountingOperator*>(op->context);
  }
  const onager_operator& counted_;
  onager_operator table_;
  std::int64_t values_ = 0;
};

/// The memory that a component takes from its host.
struct MemoryMeter {
  static constexpr std::uint64_t header = 64;
  static inline std::uint64_t held = 0, most = 0;

  static void* allocate(const onager_host*, std::uint64_t bytes) {
    auto* memory = static_cast<std::uint64_t*>(host::allocate_memory(bytes + header));
    if (!memory) return nullptr;
    *memory = bytes;
    held += bytes;
    most = std::max(most, held);
    return reinterpret_cast<unsigned char*>(memory) + header;
  }
  static void release(const onager_host*, void* memory) {
    if (!memory) return;
    auto* begin = static_cast<unsigned char*>(memory) - header;
    held -= *reinterpret_cast<std::uint64_t*>(begin);
    std::free(begin);
  }
};

/// A matrix K of n samples of 5 features by a gaussian kernel, and targets of c columns.
template <class T>
class Problem {
 public:
  explicit Problem(std::int64_t n, std::int64_t c = 3, double bandwidth = 1.0)
      : kernel_(kernel_of(fmt::format("use = \"gaussian\"\nbandwidth = {}", bandwidth))),
        threads_(2) {
    arma::arma_rng::set_seed(7);
    inputs = arma::mat(5, static_cast<arma::uword>(n), arma::fill::randn);
    targets =
        arma::mat(static_cast<arma::uword>(n), static_cast<arma::uword>(c), arma::fill::randn);
    targets.each_row() %= arma::logspace<arma::rowvec>(0, 3, static_cast<arma::uword>(c));
    samples_ = host::kernel_samples<T>(arma::conv_to<arma::Mat<T>>::from(inputs), {});
    matrix_ = std::make_unique<host::KernelMatrix>(*kernel_.expression, threads_);
    arma::Mat<T> filled(static_cast<arma::uword>(n), static_cast<arma::uword>(n));
    matrix_->fill_symmetric(samples_, host::KernelMatrix::Part::full, filled.memptr(), n);
    k = arma::conv_to<arma::mat>::from(filled);
  }

  Solved solve(const std::string& optimizer, std::uint64_t seed = 0,
               std::uint64_t memory = std::uint64_t{1} << 30) {
    const host::Plan plan = plan_of(
        "[dataset]\nuse = \"modular_arithmetic\"\nmodulus = 5\n[kernel]\nuse = "
        "\"gaussian\"\nbandwidth = 1.0\n[optimizer]\n" +
        optimizer);
    Solved solved;
    host::Environment environment;
    environment.seed = seed;
    environment.threads = &threads_;
    environment.log = [&](int level, const std::string& text) {
      (level == ONAGER_LOG_WARNING ? solved.warnings : solved.information).push_back(text);
    };
    environment.emit.scalar = [&](const std::string& name, double value) {
      solved.emitted[name] = value;
    };
    // the instance takes memory from a host table of its own
    const host::Instance checker(plan.optimizer, environment);
    host::HostContext context(plan.optimizer, environment);
    context.table.allocate = MemoryMeter::allocate;
    context.table.release = MemoryMeter::release;
    const std::vector<std::vector<onager_child>> no_children(plan.optimizer.values.size());
    const host::Configuration configuration(plan.optimizer, no_children);
    void* instance = nullptr;
    const onager_component& component = checker.component();
    REQUIRE(component.create(&context.table, configuration.get(), &instance) == ONAGER_OK);
    const std::shared_ptr<void> owner(instance, component.destroy);
    const auto* solver = checker.interface<onager_linear_solver>(ONAGER_OPTIMIZER_LINEAR);
    REQUIRE(solver);

    const host::KernelOperator<T> kernel(*matrix_, samples_);
    const CountingOperator counting(kernel.abi(), memory);
    // columns of c numbers, as the host keeps them; what was there before must not matter
    const arma::Mat<T> y = arma::conv_to<arma::Mat<T>>::from(targets.t());
    arma::Mat<T> alpha(y.n_rows, y.n_cols);
    alpha.fill(T(123));
    const onager_array from = host::as_array(y);
    onager_array to = host::as_array(alpha);
    REQUIRE(solver->memory);
    claimed = static_cast<double>(solver->memory(instance, host::dtype_of<T>(), kernel.abi().size,
                                                 static_cast<std::int64_t>(y.n_rows), memory));
    MemoryMeter::held = MemoryMeter::most = 0;
    checker.call("solve", [&] { return solver->solve(instance, &counting.abi(), &from, &to); });
    REQUIRE(MemoryMeter::held == 0);
    solved.kernel_values = counting.values();
    solved.measured = static_cast<double>(MemoryMeter::most);
    solved.alpha = arma::conv_to<arma::mat>::from(alpha).t();
    return solved;
  }

  arma::mat system(double ridge) const { return k + ridge * arma::eye(arma::size(k)); }
  arma::mat exact(double ridge) const { return arma::solve(system(ridge), targets); }
  /// max_j |y_j - (K + ridge I) alpha_j| / |y_j| over the chosen samples
  double residual(const arma::mat& alpha, double ridge, const arma::uvec& rows) const {
    const arma::mat r = targets - system(ridge) * alpha;
    double largest = 0;
    for (arma::uword j = 0; j < r.n_cols; ++j) {
      const arma::vec y = targets.col(j), left = r.col(j);
      largest = std::max(largest, arma::norm(left(rows)) / arma::norm(y(rows)));
    }
    return largest;
  }
  arma::uvec all() const { return arma::regspace<arma::uvec>(0, targets.n_rows - 1); }

  arma::mat inputs, k, targets;
  double claimed = 0;  // bytes that the last solver said it would hold at most, before it began

 private:
  Kernel kernel_;
  host::ThreadPool threads_;
  host::KernelSamples<T> samples_;
  std::unique_ptr<host::KernelMatrix> matrix_;
};

/// |a_j - b_j| / |b_j|, the largest over columns: columns of any scale count alike.
inline double column_error(const arma::mat& a, const arma::mat& b) {
  double largest = 0;
  for (arma::uword j = 0; j < a.n_cols; ++j)
    largest = std::max(largest, arma::norm(a.col(j) - b.col(j)) / arma::norm(b.col(j)));
  return largest;
}

}  // namespace onager::test
