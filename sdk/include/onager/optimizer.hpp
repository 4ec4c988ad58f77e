// SPDX-License-Identifier: MIT
//
// Optimizers of linear kernel systems. A class S offers
//
//   solve(const KernelOperator<T>& kernel, Matrix<const T> targets, Matrix<T> solution)
//
// for T = float and double.
#pragma once

#include <onager/plugin.hpp>

namespace onager {

/// The round's kernel matrix; see onager_operator.
template <class T>
class KernelOperator {
 public:
  explicit KernelOperator(const onager_operator* raw) : raw_(raw) {}
  std::int64_t size() const { return raw_->size; }
  std::uint64_t memory() const { return raw_->memory; }

  void diagonal(Matrix<T> out) const {
    auto view = out.array();
    Host::check(raw_->diagonal(raw_, &view));
  }
  void block(const std::vector<std::int64_t>& rows, const std::vector<std::int64_t>& cols,
             Matrix<T> out) const {
    auto view = out.array();
    Host::check(raw_->block(raw_, static_cast<std::int64_t>(rows.size()), rows.data(),
                            static_cast<std::int64_t>(cols.size()), cols.data(), &view));
  }
  void product(Matrix<const T> v, Matrix<T> out) const {
    auto from = v.array(), to = out.array();
    Host::check(raw_->product(raw_, &from, &to));
  }
  /// out <- K[rows, :] v
  void rows_product(const std::vector<std::int64_t>& rows, Matrix<const T> v, Matrix<T> out) const {
    auto from = v.array(), to = out.array();
    Host::check(
        raw_->rows_product(raw_, static_cast<std::int64_t>(rows.size()), rows.data(), &from, &to));
  }
  /// ONAGER_FULL or ONAGER_LOWER.
  void fill(std::int32_t part, Matrix<T> out) const {
    auto view = out.array();
    Host::check(raw_->fill(raw_, part, &view));
  }

 private:
  const onager_operator* raw_;
};

namespace detail {

template <class S>
struct LinearSolverCalls {
  static onager_status solve(void* p, const onager_operator* kernel, const onager_array* targets,
                             onager_array* solution) {
    return Instance<S>::call(p, [&](S& solver) {
      with_dtype(*targets, [&](auto zero) {
        using T = decltype(zero);
        solver.solve(KernelOperator<T>(kernel), Matrix<const T>(*targets), Matrix<T>(*solution));
      });
    });
  }
  static std::vector<Interface> list() {
    static const onager_linear_solver table{sizeof table, 0, solve};
    std::vector<Interface> out{{ONAGER_OPTIMIZER_LINEAR, &table}};
    append_common<S>(out);
    return out;
  }
};

}  // namespace detail

template <class S>
Component linear_solver(const char* id, const char* summary,
                        std::vector<Parameter> parameters = {}) {
  return Component::of<S>("optimizer", id, summary, std::move(parameters),
                          detail::Functions<S, detail::LinearSolverCalls<S>>::table());
}

}  // namespace onager
