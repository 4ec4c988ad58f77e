// SPDX-License-Identifier: MIT
//
// Optimizers of linear kernel systems. A class S offers
//
//   solve(const KernelOperator<T>& kernel, Matrix<const T> targets, Matrix<T> solution)
//
// for T = float and double, and where it knows
//
//   double numbers(std::int64_t samples, std::int64_t outputs, double allowed) const
//
// how many numbers of type T it will hold at most beyond its arguments, of `allowed` that it may;
// see onager_linear_solver. Where that differs with T: `template <class T> double numbers(..)
// const`.
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
    Host::check(raw_->part_product(raw_, static_cast<std::int64_t>(rows.size()), rows.data(),
                                   size(), nullptr, &from, &to));
  }
  /// out <- K[:, cols] v
  void columns_product(const std::vector<std::int64_t>& cols, Matrix<const T> v,
                       Matrix<T> out) const {
    auto from = v.array(), to = out.array();
    Host::check(raw_->part_product(raw_, size(), nullptr, static_cast<std::int64_t>(cols.size()),
                                   cols.data(), &from, &to));
  }
  /// out <- K[rows, cols] v
  void part_product(const std::vector<std::int64_t>& rows, const std::vector<std::int64_t>& cols,
                    Matrix<const T> v, Matrix<T> out) const {
    auto from = v.array(), to = out.array();
    Host::check(raw_->part_product(raw_, static_cast<std::int64_t>(rows.size()), rows.data(),
                                   static_cast<std::int64_t>(cols.size()), cols.data(), &from,
                                   &to));
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

template <class S, class = void>
struct HasNumbers : std::false_type {};
template <class S>
struct HasNumbers<S, std::void_t<decltype(std::declval<const S&>().numbers(
                         std::int64_t{}, std::int64_t{}, double{}))>> : std::true_type {};
template <class S, class = void>
struct HasNumbersOfType : std::false_type {};
template <class S>
struct HasNumbersOfType<S, std::void_t<decltype(std::declval<const S&>().template numbers<double>(
                               std::int64_t{}, std::int64_t{}, double{}))>> : std::true_type {};

template <class S>
struct LinearSolverCalls {
  static constexpr bool has_memory = HasNumbers<S>::value || HasNumbersOfType<S>::value;

  static onager_status solve(void* p, const onager_operator* kernel, const onager_array* targets,
                             onager_array* solution) {
    return Instance<S>::call(p, [&](S& solver) {
      with_dtype(*targets, [&](auto zero) {
        using T = decltype(zero);
        solver.solve(KernelOperator<T>(kernel), Matrix<const T>(*targets), Matrix<T>(*solution));
      });
    });
  }
  static std::uint64_t memory(const void* p, onager_dtype dtype, std::int64_t samples,
                              std::int64_t outputs, std::uint64_t allowed) {
    double bytes = 0;
    Instance<S>::call(p, [&](const S& solver) {
      const double size = dtype == ONAGER_FLOAT32 ? 4 : 8;
      const double most = static_cast<double>(allowed) / size;
      if constexpr (HasNumbersOfType<S>::value)
        bytes = size * (dtype == ONAGER_FLOAT32
                            ? solver.template numbers<float>(samples, outputs, most)
                            : solver.template numbers<double>(samples, outputs, most));
      else if constexpr (HasNumbers<S>::value)
        bytes = size * solver.numbers(samples, outputs, most);
    });
    return bytes < 1.8e19 ? static_cast<std::uint64_t>(bytes) : UINT64_MAX;
  }
  static std::vector<Interface> list() {
    static const onager_linear_solver table{sizeof table, 0, solve, has_memory ? memory : nullptr};
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
