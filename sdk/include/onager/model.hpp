// SPDX-License-Identifier: MIT
//
// Models: f(w; x) with flat parameters w (p x 1) over a batch x (n x d). A class M offers, for
// T = float and double, by the members it has:
//
//   std::int64_t prepare(std::int64_t features, std::int64_t outputs)     once; returns p
//   initialise(Matrix<T> w) const
//   forward(Matrix<const T> w, Matrix<const T> x, Matrix<T> out) const    out: n x c
//   vjp(Matrix<const T> w, Matrix<const T> x, Matrix<T> f, const Cotangent& cotangent,
//       Matrix<const T> v, Matrix<T>* w_out, Matrix<T>* x_out) const
//       fills f, calls cotangent(), which may write v from f, then the outputs that are not NULL
//   const std::vector<Part>& parts() const          matrices within w                  optional
//   jvp(w, x, const Matrix<const T>* u, const Matrix<const T>* s, Matrix<T> out) const
//   hvp(w, x, Matrix<const T> v, const Matrix<const T>* u, const Matrix<const T>* s,
//       Matrix<T>* w_out, Matrix<T>* x_out) const
//   second(w, x, const Matrix<const T>* u, const Matrix<const T>* s, Matrix<T> out) const
//       all three or none: onager.model.tangent/1                                      optional
//   tangent_kernel(w, x, const Matrix<const T>* z, Matrix<T> out) const                optional
//
// onager_model and onager_model_tangent say what each computes. All but prepare may run on several
// threads at once.
#pragma once

#include <onager/plugin.hpp>

namespace onager {

/// A matrix within the flat parameters.
struct Part {
  std::string name;
  std::int64_t first, rows, cols;
};

/// What turns outputs into the cotangent of a vjp, where the caller has such a function.
class Cotangent {
 public:
  Cotangent(onager_cotangent function, void* argument) : function_(function), argument_(argument) {}
  void operator()() const {
    if (function_) Host::check(function_(argument_));
  }

 private:
  onager_cotangent function_;
  void* argument_;
};

namespace detail {

template <class M, class = void>
struct HasParts : std::false_type {};
template <class M>
struct HasParts<M, std::void_t<decltype(std::declval<const M&>().parts())>> : std::true_type {};

template <class M, class = void>
struct HasTangent : std::false_type {};
template <class M>
struct HasTangent<M, std::void_t<decltype(std::declval<const M&>().second(
                         Matrix<const double>{}, Matrix<const double>{},
                         static_cast<const Matrix<const double>*>(nullptr),
                         static_cast<const Matrix<const double>*>(nullptr), Matrix<double>{}))>>
    : std::true_type {};

template <class M, class = void>
struct HasTangentKernel : std::false_type {};
template <class M>
struct HasTangentKernel<M,
                        std::void_t<decltype(std::declval<const M&>().tangent_kernel(
                            Matrix<const double>{}, Matrix<const double>{},
                            static_cast<const Matrix<const double>*>(nullptr), Matrix<double>{}))>>
    : std::true_type {};

/// A view of an array that may be NULL.
template <class T>
class Optional {
 public:
  explicit Optional(const onager_array* a) {
    if (a) view_ = Matrix<T>(*a), there_ = true;
  }
  Matrix<T>* get() { return there_ ? &view_ : nullptr; }

 private:
  Matrix<T> view_;
  bool there_ = false;
};

template <class M>
struct ModelCalls {
  template <class Work>
  static onager_status typed(const void* p, const onager_array* w, Work&& work) {
    return Instance<M>::call(p, [&](const M& model) {
      with_dtype(*w, [&](auto zero) { work(model, zero, Matrix<const decltype(zero)>(*w)); });
    });
  }

  static onager_status prepare(void* p, std::int64_t features, std::int64_t outputs,
                               std::int64_t* parameters) {
    return Instance<M>::call(p, [&](M& model) { *parameters = model.prepare(features, outputs); });
  }
  static onager_status initialise(void* p, onager_array* w) {
    return typed(p, w, [&](const M& model, auto zero, auto) {
      model.initialise(Matrix<decltype(zero)>(*w));
    });
  }
  static onager_status forward(const void* p, const onager_array* w, const onager_array* x,
                               onager_array* out) {
    return typed(p, w, [&](const M& model, auto zero, auto parameters) {
      using T = decltype(zero);
      model.forward(parameters, Matrix<const T>(*x), Matrix<T>(*out));
    });
  }
  static onager_status vjp(const void* p, const onager_array* w, const onager_array* x,
                           onager_array* f, onager_cotangent cotangent, void* argument,
                           const onager_array* v, onager_array* w_out, onager_array* x_out) {
    return typed(p, w, [&](const M& model, auto zero, auto parameters) {
      using T = decltype(zero);
      model.vjp(parameters, Matrix<const T>(*x), Matrix<T>(*f), Cotangent(cotangent, argument),
                Matrix<const T>(*v), Optional<T>(w_out).get(), Optional<T>(x_out).get());
    });
  }
  static onager_status part(const void* p, std::int64_t index, onager_model_part* out) {
    onager_status found = ONAGER_NOT_FOUND;
    const auto status = Instance<M>::call(p, [&](const M& model) {
      if constexpr (HasParts<M>::value) {
        const std::vector<Part>& parts = model.parts();
        if (index < 0 || index >= static_cast<std::int64_t>(parts.size())) return;
        const Part& part = parts[static_cast<std::size_t>(index)];
        out->name = part.name.c_str();
        out->first = part.first;
        out->rows = part.rows;
        out->cols = part.cols;
        found = ONAGER_OK;
      }
    });
    return status == ONAGER_OK ? found : status;
  }

  static onager_status jvp(const void* p, const onager_array* w, const onager_array* x,
                           const onager_array* u, const onager_array* s, onager_array* out) {
    return typed(p, w, [&](const M& model, auto zero, auto parameters) {
      using T = decltype(zero);
      if constexpr (HasTangent<M>::value)
        model.jvp(parameters, Matrix<const T>(*x), Optional<const T>(u).get(),
                  Optional<const T>(s).get(), Matrix<T>(*out));
    });
  }
  static onager_status hvp(const void* p, const onager_array* w, const onager_array* x,
                           const onager_array* v, const onager_array* u, const onager_array* s,
                           onager_array* w_out, onager_array* x_out) {
    return typed(p, w, [&](const M& model, auto zero, auto parameters) {
      using T = decltype(zero);
      if constexpr (HasTangent<M>::value)
        model.hvp(parameters, Matrix<const T>(*x), Matrix<const T>(*v), Optional<const T>(u).get(),
                  Optional<const T>(s).get(), Optional<T>(w_out).get(), Optional<T>(x_out).get());
    });
  }
  static onager_status second(const void* p, const onager_array* w, const onager_array* x,
                              const onager_array* u, const onager_array* s, onager_array* out) {
    return typed(p, w, [&](const M& model, auto zero, auto parameters) {
      using T = decltype(zero);
      if constexpr (HasTangent<M>::value)
        model.second(parameters, Matrix<const T>(*x), Optional<const T>(u).get(),
                     Optional<const T>(s).get(), Matrix<T>(*out));
    });
  }
  static onager_status tangent_kernel(const void* p, const onager_array* w, const onager_array* x,
                                      const onager_array* z, onager_array* out) {
    return typed(p, w, [&](const M& model, auto zero, auto parameters) {
      using T = decltype(zero);
      if constexpr (HasTangentKernel<M>::value)
        model.tangent_kernel(parameters, Matrix<const T>(*x), Optional<const T>(z).get(),
                             Matrix<T>(*out));
    });
  }

  static std::vector<Interface> list() {
    static const onager_model model{sizeof model, 0, prepare, initialise, forward, vjp, part};
    static const onager_model_tangent tangent{sizeof tangent, 0, jvp, hvp, second};
    static const onager_model_tangent_kernel kernel{sizeof kernel, 0, tangent_kernel};
    std::vector<Interface> out{{ONAGER_MODEL, &model}};
    if constexpr (HasTangent<M>::value) out.push_back({ONAGER_MODEL_TANGENT, &tangent});
    if constexpr (HasTangentKernel<M>::value) out.push_back({ONAGER_MODEL_TANGENT_KERNEL, &kernel});
    append_common<M>(out);
    return out;
  }
};

}  // namespace detail

template <class M>
Component model(const char* id, const char* summary, std::vector<Parameter> parameters = {}) {
  return Component::of<M>("model", id, summary, std::move(parameters),
                          detail::Functions<M, detail::ModelCalls<M>>::table());
}

/// The ABI's view of a matrix that may be NULL. Lives as long as the expression or name it is in.
class OptionalArray {
 public:
  template <class T>
  explicit OptionalArray(const Matrix<T>* m) : there_(m != nullptr) {
    if (m) array_ = m->array();
  }
  onager_array* get() const { return there_ ? &array_ : nullptr; }

 private:
  mutable onager_array array_{};
  bool there_;
};

/// A nested model: its own functions, and what it lacks of onager.model.tangent/1 and
/// onager.model.tangent_kernel/1 as the host derives it.
class NestedModel {
 public:
  NestedModel(const onager_child& child, const Host& host) : child_(child), host_(host) {
    table_ =
        static_cast<const onager_model*>(child.component->interface(child.instance, ONAGER_MODEL));
    if (!table_)
      throw Error(ONAGER_INVALID,
                  std::string("model '") + child.component->id + "' does not offer " ONAGER_MODEL);
  }

  std::int64_t prepare(std::int64_t features, std::int64_t outputs) const {
    std::int64_t parameters = 0;
    Host::check(table_->prepare(child_.instance, features, outputs, &parameters));
    return parameters;
  }
  template <class T>
  void initialise(Matrix<T> w) const {
    auto vw = w.array();
    Host::check(table_->initialise(child_.instance, &vw));
  }
  template <class T>
  void forward(Matrix<const T> w, Matrix<const T> x, Matrix<T> out) const {
    auto vw = w.array(), vx = x.array(), vo = out.array();
    Host::check(table_->forward(child_.instance, &vw, &vx, &vo));
  }
  /// With the cotangent v as it is; f is filled too.
  template <class T>
  void vjp(Matrix<const T> w, Matrix<const T> x, Matrix<T> f, Matrix<const T> v, Matrix<T>* w_out,
           Matrix<T>* x_out) const {
    auto vw = w.array(), vx = x.array(), vf = f.array(), vv = v.array();
    const OptionalArray wo(w_out), xo(x_out);
    Host::check(
        table_->vjp(child_.instance, &vw, &vx, &vf, nullptr, nullptr, &vv, wo.get(), xo.get()));
  }
  std::vector<Part> parts() const {
    std::vector<Part> out;
    for (std::int64_t i = 0; table_->part; ++i) {
      onager_model_part part{};
      part.struct_size = sizeof part;
      const auto status = table_->part(child_.instance, i, &part);
      if (status == ONAGER_NOT_FOUND) break;
      Host::check(status);
      out.push_back({part.name, part.first, part.rows, part.cols});
    }
    return out;
  }
  template <class T>
  void jvp(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* u, const Matrix<const T>* s,
           Matrix<T> out) const {
    auto vw = w.array(), vx = x.array(), vo = out.array();
    const OptionalArray vu(u), vs(s);
    Host::check(derivatives().jvp(host_.raw(), &child_, &vw, &vx, vu.get(), vs.get(), &vo));
  }
  template <class T>
  void hvp(Matrix<const T> w, Matrix<const T> x, Matrix<const T> v, const Matrix<const T>* u,
           const Matrix<const T>* s, Matrix<T>* w_out, Matrix<T>* x_out) const {
    auto vw = w.array(), vx = x.array(), vv = v.array();
    const OptionalArray vu(u), vs(s), wo(w_out), xo(x_out);
    Host::check(derivatives().hvp(host_.raw(), &child_, &vw, &vx, &vv, vu.get(), vs.get(), wo.get(),
                                  xo.get()));
  }
  template <class T>
  void second(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* u,
              const Matrix<const T>* s, Matrix<T> out) const {
    auto vw = w.array(), vx = x.array(), vo = out.array();
    const OptionalArray vu(u), vs(s);
    Host::check(derivatives().second(host_.raw(), &child_, &vw, &vx, vu.get(), vs.get(), &vo));
  }
  template <class T>
  void tangent_kernel(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* z,
                      Matrix<T> out) const {
    auto vw = w.array(), vx = x.array(), vo = out.array();
    const OptionalArray vz(z);
    Host::check(derivatives().tangent_kernel(host_.raw(), &child_, &vw, &vx, vz.get(), &vo));
  }

 private:
  const onager_derivatives& derivatives() const {
    return host_.service<onager_derivatives>(ONAGER_DERIVATIVES);
  }

  onager_child child_;
  Host host_;
  const onager_model* table_;
};

}  // namespace onager
