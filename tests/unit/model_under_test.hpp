// SPDX-License-Identifier: MIT
//
// A model component behind its C tables, with matrices of any precision. As everywhere in the host,
// samples are the columns of an arma matrix.
#pragma once

#include "../support.hpp"

#include "config/components.hpp"
#include "linalg/arrays.hpp"

#include <string>
#include <vector>

namespace onager::test {

/// The plan of a component of a kind from the lines of its table.
inline host::ComponentPlan component_plan(const std::string& kind, const std::string& lines,
                                          const host::Registry& registry = built_in()) {
  const Scratch scratch;
  const fs::path file = scratch.file("component.toml", lines);
  host::Problems problems;
  const host::Node document = host::read_document(file);
  auto plan = host::read_component(document, kind, kind, {registry, scratch.path(), problems});
  problems.throw_if_any(file.string());
  return plan;
}

/// |a - b| relative to the larger, by the largest numbers; infinite where a number is not finite.
inline double difference(const arma::mat& a, const arma::mat& b) {
  if (!a.is_finite() || !b.is_finite()) return INFINITY;
  return arma::abs(a - b).max() / std::max({arma::abs(a).max(), arma::abs(b).max(), 1e-3});
}

/// d/de of at(e) at e = 0 by a central difference.
template <class Function>
arma::mat central(double step, Function&& at) {
  return (at(step) - at(-step)) / (2 * step);
}

/// What vjp and hvp give: p numbers, and d x n.
template <class T>
struct Gradients {
  arma::Col<T> w;
  arma::Mat<T> x;
};

class ModelUnderTest {
 public:
  explicit ModelUnderTest(const std::string& lines, std::int64_t features, std::int64_t outputs,
                          const host::Registry& registry = built_in(),
                          host::ThreadPool* threads = nullptr)
      : outputs_(static_cast<arma::uword>(outputs)) {
    environment_.seed = 7;
    environment_.threads = threads;
    instance_ =
        std::make_unique<host::Instance>(component_plan("model", lines, registry), environment_);
    model_ = instance_->interface<onager_model>(ONAGER_MODEL);
    tangent_ = instance_->interface<onager_model_tangent>(ONAGER_MODEL_TANGENT);
    kernel_ = instance_->interface<onager_model_tangent_kernel>(ONAGER_MODEL_TANGENT_KERNEL);
    std::int64_t parameters = 0;
    instance_->call("prepare", [&] {
      return model_->prepare(instance_->get(), features, outputs, &parameters);
    });
    parameters_ = static_cast<arma::uword>(parameters);
  }

  arma::uword parameters() const { return parameters_; }

  template <class T = double>
  arma::Col<T> start() const {
    arma::Col<T> w(parameters_);
    auto out = flat(w);
    instance_->call("initialise", [&] { return model_->initialise(instance_->get(), &out); });
    return w;
  }

  std::vector<std::string> part_names() const {
    std::vector<std::string> names;
    onager_model_part part{};
    part.struct_size = sizeof part;
    for (std::int64_t i = 0; model_->part(instance_->get(), i, &part) == ONAGER_OK; ++i)
      names.emplace_back(part.name);
    return names;
  }

  template <class T>
  arma::Mat<T> forward(const arma::Col<T>& w, const arma::Mat<T>& x) const {
    return filled<T>(outputs_, x.n_cols, "forward", [&](onager_array* out) {
      const auto vw = flat(w), vx = host::as_array(x);
      return model_->forward(instance_->get(), &vw, &vx, out);
    });
  }

  /// With v computed from f by `cotangent`.
  template <class T, class Function>
  Gradients<T> vjp_of(const arma::Col<T>& w, const arma::Mat<T>& x, Function&& cotangent) const {
    Gradients<T> out = gradients<T>(x);
    arma::Mat<T> f(outputs_, x.n_cols), v(outputs_, x.n_cols);
    f.fill(T(NAN));
    v.fill(T(NAN));
    auto vf = host::as_array(f), vv = host::as_array(v), wo = flat(out.w),
         xo = host::as_array(out.x);
    const auto vw = flat(w), vx = host::as_array(x);
    // into the memory that the model knows, which an assignment may replace
    std::function<void()> write = [&] {
      const arma::Mat<T> made = cotangent(f);
      std::copy(made.begin(), made.end(), v.begin());
    };
    instance_->call("vjp", [&] {
      return model_->vjp(
          instance_->get(), &vw, &vx, &vf,
          [](void* argument) -> onager_status {
            (*static_cast<std::function<void()>*>(argument))();
            return ONAGER_OK;
          },
          &write, &vv, &wo, &xo);
    });
    return out;
  }
  template <class T>
  Gradients<T> vjp(const arma::Col<T>& w, const arma::Mat<T>& x, const arma::Mat<T>& v) const {
    return vjp_of(w, x, [&](const arma::Mat<T>&) { return v; });
  }

  /// u or s may be NULL
  template <class T>
  arma::Mat<T> jvp(const arma::Col<T>& w, const arma::Mat<T>& x, const arma::Col<T>* u,
                   const arma::Mat<T>* s) const {
    return along(tangent_->jvp, "jvp", w, x, u, s);
  }
  template <class T>
  arma::Mat<T> second(const arma::Col<T>& w, const arma::Mat<T>& x, const arma::Col<T>* u,
                      const arma::Mat<T>* s) const {
    return along(tangent_->second, "second", w, x, u, s);
  }
  template <class T>
  Gradients<T> hvp(const arma::Col<T>& w, const arma::Mat<T>& x, const arma::Mat<T>& v,
                   const arma::Col<T>* u, const arma::Mat<T>* s) const {
    Gradients<T> out = gradients<T>(x);
    auto wo = flat(out.w), xo = host::as_array(out.x);
    hvp(w, x, v, u, s, &wo, &xo);
    return out;
  }
  /// Of the parameters alone.
  template <class T>
  arma::Col<T> hvp_w(const arma::Col<T>& w, const arma::Mat<T>& x, const arma::Mat<T>& v,
                     const arma::Col<T>* u, const arma::Mat<T>* s) const {
    Gradients<T> out = gradients<T>(x);
    auto wo = flat(out.w);
    hvp(w, x, v, u, s, &wo, nullptr);
    return out.w;
  }

  /// n c x m c, symmetric or not: the rows of the ABI are the rows here
  template <class T>
  arma::Mat<T> tangent_kernel(const arma::Col<T>& w, const arma::Mat<T>& x,
                              const arma::Mat<T>* z = nullptr) const {
    const arma::uword columns = (z ? z->n_cols : x.n_cols) * outputs_;
    return filled<T>(columns, x.n_cols * outputs_, "tangent_kernel",
                     [&](onager_array* out) {
                       const auto vw = flat(w), vx = host::as_array(x);
                       const auto vz = z ? host::as_array(*z) : onager_array{};
                       return kernel_->block(instance_->get(), &vw, &vx, z ? &vz : nullptr, out);
                     })
        .t();
  }

  /// Row i c + l: the gradient of output l at sample i with respect to w, by vjp of one sample.
  arma::mat jacobian(const arma::vec& w, const arma::mat& x) const {
    arma::mat j(x.n_cols * outputs_, parameters_);
    for (arma::uword i = 0; i < x.n_cols; ++i)
      for (arma::uword l = 0; l < outputs_; ++l) {
        arma::mat v(outputs_, 1, arma::fill::zeros);
        v(l, 0) = 1;
        j.row(i * outputs_ + l) = vjp<double>(w, x.col(i), v).w.t();
      }
    return j;
  }

 private:
  template <class T>
  void hvp(const arma::Col<T>& w, const arma::Mat<T>& x, const arma::Mat<T>& v,
           const arma::Col<T>* u, const arma::Mat<T>* s, onager_array* w_out,
           onager_array* x_out) const {
    const auto vw = flat(w), vx = host::as_array(x), vv = host::as_array(v);
    const auto vu = u ? flat(*u) : onager_array{}, vs = s ? host::as_array(*s) : onager_array{};
    instance_->call("hvp", [&] {
      return tangent_->hvp(instance_->get(), &vw, &vx, &vv, u ? &vu : nullptr, s ? &vs : nullptr,
                           w_out, x_out);
    });
  }
  template <class T>
  static onager_array flat(const arma::Col<T>& w) {
    const auto p = static_cast<std::int64_t>(w.n_elem);
    return {sizeof(onager_array), host::dtype_of<T>(), const_cast<T*>(w.memptr()), p, 1, 1, 1};
  }
  template <class T>
  Gradients<T> gradients(const arma::Mat<T>& x) const {
    Gradients<T> out{arma::Col<T>(parameters_), arma::Mat<T>(x.n_rows, x.n_cols)};
    out.w.fill(T(NAN));
    out.x.fill(T(NAN));
    return out;
  }
  /// A matrix that the call must have overwritten.
  template <class T, class Call>
  arma::Mat<T> filled(arma::uword rows, arma::uword cols, const char* what, Call&& call) const {
    arma::Mat<T> out(rows, cols);
    out.fill(T(NAN));
    auto array = host::as_array(out);
    instance_->call(what, [&] { return call(&array); });
    return out;
  }
  template <class T, class Function>
  arma::Mat<T> along(Function function, const char* what, const arma::Col<T>& w,
                     const arma::Mat<T>& x, const arma::Col<T>* u, const arma::Mat<T>* s) const {
    return filled<T>(outputs_, x.n_cols, what, [&](onager_array* out) {
      const auto vw = flat(w), vx = host::as_array(x);
      const auto vu = u ? flat(*u) : onager_array{}, vs = s ? host::as_array(*s) : onager_array{};
      return function(instance_->get(), &vw, &vx, u ? &vu : nullptr, s ? &vs : nullptr, out);
    });
  }

  arma::uword outputs_, parameters_ = 0;
  host::Environment environment_;
  std::unique_ptr<host::Instance> instance_;
  const onager_model* model_ = nullptr;
  const onager_model_tangent* tangent_ = nullptr;
  const onager_model_tangent_kernel* kernel_ = nullptr;
};

}  // namespace onager::test
