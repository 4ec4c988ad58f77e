// SPDX-License-Identifier: MIT
//
// Diagnostics. A class G offers
//
//   observe(const View&)    after every round; results go through Host::emit
//   finish(const View&)     once at the end                                     optional
//   state()                 what it remembers between rounds, for resuming      optional
#pragma once

#include <onager/model.hpp>
#include <onager/optimizer.hpp>
#include <onager/plugin.hpp>

#include <optional>

namespace onager {

/// The network of a run after a step; see onager_network. Matrices that may be NULL are pointers.
/// w NULL: the current parameters.
class Network {
 public:
  explicit Network(const onager_network* raw) : raw_(raw) {}
  const onager_network* raw() const { return raw_; }
  onager_dtype dtype() const { return raw_->dtype; }
  std::int64_t parameters() const { return raw_->parameters; }
  std::int64_t samples() const { return raw_->samples; }
  std::int64_t features() const { return raw_->features; }
  std::int64_t outputs() const { return raw_->outputs; }
  Objective objective() const { return Objective(raw_->objective); }
  /// The step that led here; NULL before the first.
  const onager_step* last() const { return raw_->last; }

  std::vector<Part> parts() const {
    std::vector<Part> out;
    for (std::int64_t i = 0;; ++i) {
      onager_model_part part{};
      part.struct_size = sizeof part;
      const auto status = raw_->part(raw_, i, &part);
      if (status == ONAGER_NOT_FOUND) return out;
      Host::check(status);
      out.push_back({part.name, part.first, part.rows, part.cols});
    }
  }
  template <class T>
  void forward(const Matrix<const T>* w, Matrix<const T> x, Matrix<T> out) const {
    auto vx = x.array(), vo = out.array();
    Host::check(raw_->forward(raw_, OptionalArray(w).get(), &vx, &vo));
  }
  template <class T>
  void vjp(const Matrix<const T>* w, Matrix<const T> x, Matrix<const T> v, Matrix<T>* w_out,
           Matrix<T>* x_out) const {
    auto vx = x.array(), vv = v.array();
    Host::check(raw_->vjp(raw_, OptionalArray(w).get(), &vx, &vv, OptionalArray(w_out).get(),
                          OptionalArray(x_out).get()));
  }
  template <class T>
  void jvp(const Matrix<const T>* w, Matrix<const T> x, const Matrix<const T>* u,
           const Matrix<const T>* s, Matrix<T> out) const {
    auto vx = x.array(), vo = out.array();
    Host::check(raw_->jvp(raw_, OptionalArray(w).get(), &vx, OptionalArray(u).get(),
                          OptionalArray(s).get(), &vo));
  }
  template <class T>
  void hvp(const Matrix<const T>* w, Matrix<const T> x, Matrix<const T> v, const Matrix<const T>* u,
           const Matrix<const T>* s, Matrix<T>* w_out, Matrix<T>* x_out) const {
    auto vx = x.array(), vv = v.array();
    Host::check(raw_->hvp(raw_, OptionalArray(w).get(), &vx, &vv, OptionalArray(u).get(),
                          OptionalArray(s).get(), OptionalArray(w_out).get(),
                          OptionalArray(x_out).get()));
  }
  template <class T>
  void tangent_kernel(const Matrix<const T>* w, Matrix<const T> x, const Matrix<const T>* z,
                      Matrix<T> out) const {
    auto vx = x.array(), vo = out.array();
    Host::check(
        raw_->tangent_kernel(raw_, OptionalArray(w).get(), &vx, OptionalArray(z).get(), &vo));
  }

 private:
  const onager_network* raw_;
};

/// The run after a round's fit, or after a step; see onager_view for the names of arrays.
class View {
 public:
  explicit View(const onager_view* raw) : raw_(raw) {}
  /// The round, or how many steps were made.
  std::int64_t round() const { return raw_->round; }

  /// The network, in a pipeline that has one.
  std::optional<Network> network() const {
    if (!raw_->network) return std::nullopt;
    return Network(raw_->network);
  }

  /// The array of that name, or nothing when this run has none.
  std::optional<onager_array> find(const char* name) const {
    onager_array out{};
    out.struct_size = sizeof out;
    const auto status = raw_->array(raw_, name, &out);
    if (status == ONAGER_NOT_FOUND) return std::nullopt;
    Host::check(status);
    return out;
  }
  std::vector<onager_feature_group> groups() const {
    std::vector<onager_feature_group> out(static_cast<std::size_t>(raw_->group_count(raw_)));
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i].struct_size = sizeof out[i];
      Host::check(raw_->group(raw_, static_cast<std::int64_t>(i), &out[i]));
    }
    return out;
  }

 private:
  const onager_view* raw_;
};

namespace detail {

template <class G, class = void>
struct HasFinish : std::false_type {};
template <class G>
struct HasFinish<G, std::void_t<decltype(std::declval<G&>().finish(std::declval<const View&>()))>>
    : std::true_type {};

template <class G>
struct DiagnosticCalls {
  static onager_status observe(void* p, const onager_view* view) {
    return Instance<G>::call(p, [&](G& diagnostic) { diagnostic.observe(View(view)); });
  }
  static onager_status finish(void* p, const onager_view* view) {
    return Instance<G>::call(p, [&](G& diagnostic) {
      if constexpr (HasFinish<G>::value) diagnostic.finish(View(view));
    });
  }
  static std::vector<Interface> list() {
    static const onager_diagnostic table{sizeof table, 0, observe,
                                         HasFinish<G>::value ? finish : nullptr};
    std::vector<Interface> out{{ONAGER_DIAGNOSTIC, &table}};
    append_common<G>(out);
    return out;
  }
};

}  // namespace detail

template <class G>
Component diagnostic(const char* id, const char* summary, std::vector<Parameter> parameters = {}) {
  return Component::of<G>("diagnostic", id, summary, std::move(parameters),
                          detail::Functions<G, detail::DiagnosticCalls<G>>::table());
}

}  // namespace onager
