// SPDX-License-Identifier: MIT
//
// Feature maps. A class F offers, by the members it has:
//
//   fit(const onager_array& x, const onager_array& y)           before apply, every round optional
//   std::int64_t output_dimension(std::int64_t d) const
//   apply(Matrix<const T> x, Matrix<T> out) const               T = float and double
//   pullback(Matrix<const T> x, Matrix<const T> g, Matrix<T> out) const optional matrix() const ->
//   const Table&                              phi(x) = x A + constant     optional
//                     d x e, or d x 1 for a diagonal A; the pullback then follows from it
//   bool diagonal() const                                       whether d x 1 means a diagonal:
//   needed
//                     where matrix() may also be a true d x 1 map; else told from the shape
//                     optional
//   learn(const Learning&)                                      from the round's predictor optional
//   state() -> std::vector<NamedTable>, restored()              what it learned optional
#pragma once

#include <onager/plugin.hpp>

namespace onager {

/// What a feature map may ask of the round's predictor; see onager_learning.
class Learning {
 public:
  Learning(const onager_learning* raw, const Host& host) : raw_(raw), host_(host) {}

  std::int64_t round() const { return raw_->round; }
  std::int64_t samples() const { return raw_->samples; }
  std::int64_t dimension() const { return raw_->dimension; }
  std::int64_t outputs() const { return raw_->outputs; }

  /// Average gradient outer product of the predictor over the training samples: d x d, or d x 1.
  Table agop(std::uint32_t flags) const {
    Table g(dimension(), flags & ONAGER_AGOP_DIAGONAL ? 1 : dimension());
    auto out = g.view().array();
    Host::check(raw_->agop(raw_, flags, &out));
    return g;
  }
  /// The same over some of the training samples.
  Table agop_of(std::uint32_t flags, const std::vector<std::int64_t>& samples) const {
    Table g(dimension(), flags & ONAGER_AGOP_DIAGONAL ? 1 : dimension());
    auto out = g.view().array();
    Host::check(raw_->agop_of(raw_, flags, static_cast<std::int64_t>(samples.size()),
                              samples.data(), &out));
    return g;
  }
  /// Gradients of one output at samples first .. first + out.rows - 1.
  void gradients(std::int64_t output, std::int64_t first, Matrix<double> out) const {
    auto view = out.array();
    Host::check(raw_->gradients(raw_, output, first, &view));
  }
  onager_array array(const char* name) const {
    onager_array out{};
    out.struct_size = sizeof out;
    Host::check(raw_->array(raw_, name, &out));
    return out;
  }
  const Host& host() const { return host_; }

 private:
  const onager_learning* raw_;
  Host host_;
};

namespace detail {

template <class F, class = void>
struct HasFit : std::false_type {};
template <class F>
struct HasFit<F, std::void_t<decltype(std::declval<F&>().fit(std::declval<const onager_array&>(),
                                                             std::declval<const onager_array&>()))>>
    : std::true_type {};
template <class F, class = void>
struct HasPullback : std::false_type {};
template <class F>
struct HasPullback<F, std::void_t<decltype(std::declval<const F&>().pullback(
                          Matrix<const double>{}, Matrix<const double>{}, Matrix<double>{}))>>
    : std::true_type {};
template <class F, class = void>
struct HasMatrix : std::false_type {};
template <class F>
struct HasMatrix<F, std::void_t<decltype(std::declval<const F&>().matrix())>> : std::true_type {};
template <class F, class = void>
struct HasDiagonal : std::false_type {};
template <class F>
struct HasDiagonal<F, std::void_t<decltype(std::declval<const F&>().diagonal())>> : std::true_type {
};
template <class F, class = void>
struct HasLearn : std::false_type {};
template <class F>
struct HasLearn<F, std::void_t<decltype(std::declval<F&>().learn(std::declval<const Learning&>()))>>
    : std::true_type {};

template <class F>
struct FeatureMapCalls {
  static onager_status fit(void* p, const onager_array* x, const onager_array* y) {
    return Instance<F>::call(p, [&](F& map) {
      if constexpr (HasFit<F>::value) map.fit(*x, *y);
    });
  }
  static std::int64_t output_dimension(const void* p, std::int64_t d) {
    std::int64_t e = -1;
    const auto status = Instance<F>::call(p, [&](const F& map) { e = map.output_dimension(d); });
    return status == ONAGER_OK ? e : -1;
  }
  static onager_status apply(const void* p, const onager_array* x, onager_array* out) {
    return Instance<F>::call(p, [&](const F& map) {
      with_dtype(*x, [&](auto zero) {
        using T = decltype(zero);
        map.apply(Matrix<const T>(*x), Matrix<T>(*out));
      });
    });
  }
  static onager_status pullback(const void* p, const onager_array* x, const onager_array* g,
                                onager_array* out) {
    return Instance<F>::call(p, [&](const F& map) {
      with_dtype(*x, [&](auto zero) {
        using T = decltype(zero);
        if constexpr (HasPullback<F>::value)
          map.pullback(Matrix<const T>(*x), Matrix<const T>(*g), Matrix<T>(*out));
      });
    });
  }
  static std::int32_t diagonal(const void* p) {
    std::int32_t yes = 0;
    Instance<F>::call(p, [&](const F& map) {
      if constexpr (HasDiagonal<F>::value) yes = map.diagonal();
      else if constexpr (HasMatrix<F>::value)
        yes = map.matrix().cols == 1 && map.matrix().rows != 1;
    });
    return yes;
  }
  static onager_status matrix(const void* p, onager_array* out) {
    return Instance<F>::call(p, [&](const F& map) {
      if constexpr (HasMatrix<F>::value) map.matrix().copy_to(*out);
    });
  }
  static onager_status learn(void* p, const onager_learning* raw) {
    auto& instance = Instance<F>::of(p);
    return Instance<F>::call(p, [&](F& map) {
      if constexpr (HasLearn<F>::value) map.learn(Learning(raw, instance.host));
    });
  }

  static std::vector<Interface> list() {
    static const onager_feature_map map{
        sizeof map,       0,     HasFit<F>::value ? fit : nullptr,
        output_dimension, apply, HasPullback<F>::value ? pullback : nullptr};
    static const onager_linear_map linear{sizeof linear, 0, diagonal, matrix};
    static const onager_learning_map learning{sizeof learning, 0, learn};
    std::vector<Interface> out{{ONAGER_FEATURE_MAP, &map}};
    if constexpr (HasMatrix<F>::value) out.push_back({ONAGER_FEATURE_MAP_LINEAR, &linear});
    if constexpr (HasLearn<F>::value) out.push_back({ONAGER_FEATURE_MAP_LEARN, &learning});
    append_common<F>(out);
    return out;
  }
};

}  // namespace detail

template <class F>
Component feature_map(const char* id, const char* summary, std::vector<Parameter> parameters = {}) {
  return Component::of<F>("feature_map", id, summary, std::move(parameters),
                          detail::Functions<F, detail::FeatureMapCalls<F>>::table());
}

}  // namespace onager
