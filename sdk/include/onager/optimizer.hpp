// SPDX-License-Identifier: MIT
//
// Optimizers.
//
// Solvers of linear kernel systems: a class S offers
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
//
// Optimizers that go step by step. A class S offers
//
//   std::int64_t begin(const Objective& objective)          how many steps there will be
//   Step step(const Objective& objective, std::int64_t index, Matrix<T> w)    T = float and double
//   state() -> std::vector<NamedTable>          what one step leaves for the next     optional
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

/// What is minimised; see onager_objective. Lists of samples: NULL stands for all.
class Objective {
 public:
  explicit Objective(const onager_objective* raw) : raw_(raw) {}
  std::int64_t parameters() const { return raw_->parameters; }
  std::int64_t samples() const { return raw_->samples; }

  /// The loss at w, and its gradient where that is not NULL.
  template <class T>
  double evaluate(Matrix<const T> w, const std::vector<std::int64_t>* samples,
                  Matrix<T>* gradient) const {
    double loss = 0;
    auto vw = w.array();
    onager_array out{};
    if (gradient) out = gradient->array();
    Host::check(
        raw_->evaluate(raw_, &vw, count(samples), list(samples), &loss, gradient ? &out : nullptr));
    return loss;
  }
  template <class T>
  void hessian_product(Matrix<const T> w, const std::vector<std::int64_t>* samples,
                       Matrix<const T> u, Matrix<T> out) const {
    auto vw = w.array(), vu = u.array(), vo = out.array();
    Host::check(raw_->hessian_product(raw_, &vw, count(samples), list(samples), &vu, &vo));
  }
  /// The largest eigenvalue of the Gauss-Newton matrix: steps are critical at 2 / lambda.
  template <class T>
  double lambda(Matrix<const T> w, const std::vector<std::int64_t>* samples,
                double tolerance = 1e-8) const {
    double out = 0;
    auto vw = w.array();
    Host::check(raw_->lambda(raw_, &vw, count(samples), list(samples), tolerance, &out));
    return out;
  }

 private:
  std::int64_t count(const std::vector<std::int64_t>* samples) const {
    return samples ? static_cast<std::int64_t>(samples->size()) : raw_->samples;
  }
  static const std::int64_t* list(const std::vector<std::int64_t>* samples) {
    return samples ? samples->data() : nullptr;
  }
  const onager_objective* raw_;
};

/// What a step did. `samples` points at the batch's list, which lives until the next call; NULL:
/// all samples.
struct Step {
  double loss = 0;  // of the batch, before the step
  double learning_rate = 0;
  const std::vector<std::int64_t>* samples = nullptr;
};

namespace detail {

template <class S>
struct StepOptimizerCalls {
  static onager_status begin(void* p, const onager_objective* objective, std::int64_t* steps) {
    return Instance<S>::call(p, [&](S& s) { *steps = s.begin(Objective(objective)); });
  }
  static onager_status step(void* p, const onager_objective* objective, std::int64_t index,
                            onager_array* w, onager_step* out) {
    return Instance<S>::call(p, [&](S& s) {
      with_dtype(*w, [&](auto zero) {
        const Step done = s.step(Objective(objective), index, Matrix<decltype(zero)>(*w));
        out->loss = done.loss;
        out->learning_rate = done.learning_rate;
        out->samples = done.samples ? done.samples->data() : nullptr;
        out->batch =
            done.samples ? static_cast<std::int64_t>(done.samples->size()) : objective->samples;
      });
    });
  }
  static std::vector<Interface> list() {
    static const onager_step_optimizer table{sizeof table, 0, begin, step};
    std::vector<Interface> out{{ONAGER_OPTIMIZER_STEP, &table}};
    append_common<S>(out);
    return out;
  }
};

}  // namespace detail

template <class S>
Component step_optimizer(const char* id, const char* summary,
                         std::vector<Parameter> parameters = {}) {
  return Component::of<S>("optimizer", id, summary, std::move(parameters),
                          detail::Functions<S, detail::StepOptimizerCalls<S>>::table());
}

}  // namespace onager
