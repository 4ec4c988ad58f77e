// SPDX-License-Identifier: MIT
#pragma once

#include "activation.hpp"
#include "elementwise.hpp"
#include "layer.hpp"

namespace onager::plugins::network {

/// y = s(a), number by number. Along a direction, with s' and s'' at a_0,
///
///   y_1 = s' a_1,  y_2 = s'' a_1² + s' a_2,   ga_0 = s' g_0,  ga_1 = s' g_1 + s'' a_1 g_0
class ActivationLayer : public LayerOf<ActivationLayer> {
 public:
  ActivationLayer(std::int64_t size, const Activation& function)
      : size_(size), function_(function) {}

  std::int64_t size() const override { return size_; }
  bool reads_inputs() const override { return true; }

  template <class T>
  void forward(const Push<T>& p) const {
    const Series<T>& a = *p.inputs[0];
    const int order = a.has(1) || a.has(2) ? p.order : 0;
    Matrix<T> y[3];
    for (int k = 0; k <= order; ++k) y[k] = p.output.target(k).m;
    elementwise(
        p.host, a[0].rows, size_,
        [&](std::int64_t n, const T* a0, const T* a1, const T* a2, T* y0, T* y1, T* y2) {
          T slope[run_length], curvature[run_length];
          function_.evaluate(n, a0, y0, slope, curvature);
          if (y1) combine<T>(n, y1, T(0), slope, a1, nullptr, nullptr, nullptr);
          if (y2) combine<T>(n, y2, T(0), slope, a2, curvature, a1, a1);
        },
        a[0], a[1], a[2], y[0], y[1], y[2]);
  }

  template <class T>
  void backward(const Pull<T>& p) const {
    if (!p.sums[0]) return;
    const Series<T>&a = *p.inputs[0], &g = p.cotangent;
    const bool first = p.order == 1 && (g.has(1) || (g.has(0) && a.has(1)));
    const Target<T> none{Matrix<T>(), true};
    const Target<T> to0 = g.has(0) ? p.sums[0]->target(0) : none;
    const Target<T> to1 = first ? p.sums[0]->target(1) : none;
    elementwise(
        p.host, a[0].rows, size_,
        [&](std::int64_t n, const T* a0, const T* a1, const T* g0, const T* g1, T* s0, T* s1) {
          T value[run_length], slope[run_length], curvature[run_length];
          function_.evaluate(n, a0, value, slope, curvature);
          if (s0) combine<T>(n, s0, T(to0.beta()), slope, g0, nullptr, nullptr, nullptr);
          if (s1) combine<T>(n, s1, T(to1.beta()), slope, g1, curvature, a1, g0);
        },
        a[0], a[1], g[0], g[1], to0.m, to1.m);
  }

 private:
  /// to = keep to + slope p + curvature q r, where a term with NULL is 0 and keep is 0 or 1.
  template <class T>
  static void combine(std::int64_t n, T* to, T keep, const T* slope, const T* p, const T* curvature,
                      const T* q, const T* r) {
    widest([&]() ONAGER_INLINE_LAMBDA {
      if (keep == T(0)) std::fill_n(to, n, T(0));
      if (p)
        for (std::int64_t i = 0; i < n; ++i) to[i] += slope[i] * p[i];
      if (q && r)
        for (std::int64_t i = 0; i < n; ++i) to[i] += curvature[i] * q[i] * r[i];
    });
  }

  std::int64_t size_;
  Activation function_;
};

}  // namespace onager::plugins::network
