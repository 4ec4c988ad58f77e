// SPDX-License-Identifier: MIT
//
// Layers that are linear in their weights and in their input: dense, sparse and convolutional.
#pragma once

#include "elementwise.hpp"
#include "inner_products.hpp"

namespace onager::plugins::network {

/// y = factor W*a + bias_factor b, with W*a linear in W and in a (n x in). Along a direction
/// W + e U, a + e a_1 + .., Leibniz's rule gives for the orders in e
///
///   y_k  = factor (W*a_k + k U*a_{k-1})
///   ga_k = factor (W'*g_k + k U'*g_{k-1})              cotangents, k <= 1
///   gW_k = factor (g_k (x) a_0 + k g_{k-1} (x) a_1)
///
/// where the class Self has, for weights w of its own layout,
///   apply(host, scratch, alpha, w, a, target)        target += alpha W*a
///   transposed(host, scratch, alpha, w, g, target)   target += alpha W'*g
///   outer(host, scratch, alpha, g, a, keep, to)      to = keep to + alpha g (x) a, like w
/// The output of a sample is `positions` times the biases' size, one bias after the other.
template <class Self>
class Bilinear : public LayerOf<Self> {
 public:
  struct Weights {
    std::int64_t rows, cols;  // how they are called in the flat parameters
    Scaling scaling;
    std::int64_t biases = 0;  // 0: none
    Scaling bias_scaling = {};
    std::int64_t positions = 1;
    std::vector<double> fixed = {};  // weights that are no parameters; then there are no biases
  };

  explicit Bilinear(Weights weights)
      : weights_(std::move(weights)), single_(weights_.fixed.begin(), weights_.fixed.end()) {}

  std::vector<ParameterBlock> parameters() const override {
    std::vector<ParameterBlock> out;
    if (trained()) out.push_back({"w", weights_.rows, weights_.cols, weights_.scaling.initial});
    if (weights_.biases > 0)
      out.push_back({"b", weights_.biases, 1, weights_.bias_scaling.initial});
    return out;
  }
  bool reads_inputs() const override { return trained(); }

  template <class T>
  void forward(const Push<T>& p) const {
    const Series<T>& a = *p.inputs[0];
    const T *w = values(p.w), *u = trained() ? p.u : nullptr;
    for (int k = 0; k <= p.order; ++k) {
      const T* moving = k == 0 ? w : (k == 1 ? u : nullptr);
      if (weights_.biases > 0 && moving) add_biases(moving + count(), p.output.target(k));
      if (a.has(k)) self().apply(p.host, p.scratch, factor(), w, a[k], p.output.target(k));
      if (k > 0 && u && a.has(k - 1))
        self().apply(p.host, p.scratch, k * factor(), u, a[k - 1], p.output.target(k));
    }
  }

  template <class T>
  void backward(const Pull<T>& p) const {
    const Series<T>& g = p.cotangent;
    const T *w = values(p.w), *u = trained() ? p.u : nullptr;
    for (int k = 0; p.sums[0] && k <= p.order; ++k) {
      if (g.has(k)) self().transposed(p.host, p.scratch, factor(), w, g[k], p.sums[0]->target(k));
      if (k > 0 && u && g.has(k - 1))
        self().transposed(p.host, p.scratch, k * factor(), u, g[k - 1], p.sums[0]->target(k));
    }
    if (p.gradient) gradient(p);
  }

  bool trained() const { return weights_.fixed.empty(); }

 protected:
  std::int64_t count() const { return trained() ? weights_.rows * weights_.cols : 0; }
  double factor() const { return weights_.scaling.factor; }
  double bias_factor() const { return weights_.biases > 0 ? weights_.bias_scaling.factor : 0; }
  std::int64_t positions() const { return weights_.positions; }

  /// The weights as T: parameters, or those that are fixed.
  template <class T>
  const T* values(const T* parameters) const {
    if (trained()) return parameters;
    if constexpr (sizeof(T) == sizeof(float)) return single_.data();
    else return weights_.fixed.data();
  }

  /// Adds what the biases give to a tangent kernel: the inner products of the signals, summed over
  /// the positions of a sample. 2 n m c² biases flops.
  template <class T>
  void add_bias_kernel(const KernelSum<T>& sum) const {
    if (weights_.biases == 0) return;
    const typename Scratch<T>::Lease x(sum.scratch, sum.x.samples() * sum.x.outputs(),
                                       weights_.biases),
        z(sum.scratch, sum.lower ? 0 : sum.z.samples() * sum.z.outputs(), weights_.biases);
    sum_positions(sum.x, *x);
    if (!sum.lower) sum_positions(sum.z, *z);
    inner_products<T>(sum.host, bias_factor() * bias_factor(), *x, sum.lower ? *x : *z, sum.lower,
                      1, sum.out);
  }

 private:
  template <class T>
  void add_biases(const T* b, const Target<T>& to) const {
    const std::int64_t size = weights_.biases;
    const T scale = static_cast<T>(bias_factor());
    for (std::int64_t i = 0; i < to.m.rows; ++i)
      for (std::int64_t at = 0; at < positions(); ++at) {
        T* y = to.m.row(i) + at * size;
        for (std::int64_t j = 0; j < size; ++j) y[j] = (to.fresh ? T(0) : y[j]) + scale * b[j];
      }
  }

  template <class T>
  void gradient(const Pull<T>& p) const {
    const Series<T>&a = *p.inputs[0], &g = p.cotangent;
    if (trained()) {
      double keep = 0;
      for (int k = p.order; k >= 0; --k) {
        const int other = p.order - k;
        if (!g.has(k) || !a.has(other)) continue;
        self().outer(p.host, p.scratch, factor(), g[k], a[other], keep, p.gradient);
        keep = 1;
      }
      if (keep == 0) std::fill_n(p.gradient, count(), T(0));
    }
    if (weights_.biases == 0) return;
    T* sums = p.gradient + count();
    std::fill_n(sums, weights_.biases, T(0));
    for (std::int64_t i = 0; g.has(p.order) && i < g[p.order].rows; ++i)
      for (std::int64_t at = 0; at < positions(); ++at) {
        const T* row = g[p.order].row(i) + at * weights_.biases;
        for (std::int64_t j = 0; j < weights_.biases; ++j) sums[j] += row[j];
      }
    for (std::int64_t j = 0; j < weights_.biases; ++j) sums[j] *= static_cast<T>(bias_factor());
  }

  /// Row i c + l of out (biases) <- the sum over positions of sample i's signals of output l.
  template <class T>
  void sum_positions(const Side<T>& side, Matrix<T> out) const {
    fill(out, T(0));
    for (std::int64_t row = 0; row < out.rows; ++row) {
      const auto l = static_cast<std::size_t>(row % side.outputs());
      const T* signals = side.signals[l].row(row / side.outputs());
      for (std::int64_t at = 0; at < positions(); ++at, signals += weights_.biases)
        for (std::int64_t j = 0; j < weights_.biases; ++j) out(row, j) += signals[j];
    }
  }

  const Self& self() const { return static_cast<const Self&>(*this); }

  Weights weights_;
  std::vector<float> single_;
};

}  // namespace onager::plugins::network
