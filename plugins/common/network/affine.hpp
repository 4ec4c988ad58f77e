// SPDX-License-Identifier: MIT
#pragma once

#include "bilinear.hpp"

namespace onager::plugins::network {

/// y = factor a W' + bias_factor b for a: n x in, W: out x in. One gemm of 2 n in out flops
/// forwards, one for each cotangent backwards.
class Affine : public Bilinear<Affine> {
 public:
  Affine(std::int64_t in, std::int64_t out, const Parametrisation& p)
      : Affine(in, {out, in, p.weights(in), p.bias() ? out : 0, p.biases(in)}) {}
  Affine(std::int64_t in, Weights weights) : Bilinear(weights), in_(in), out_(weights.rows) {}

  std::int64_t size() const override { return out_; }

  template <class T>
  void apply(const Host& host, Scratch<T>&, double alpha, const T* w, Matrix<const T> a,
             const Target<T>& to) const {
    host.gemm<T>(alpha, a, false, matrix(w), true, to.beta(), to.m);
  }
  template <class T>
  void transposed(const Host& host, Scratch<T>&, double alpha, const T* w, Matrix<const T> g,
                  const Target<T>& to) const {
    host.gemm<T>(alpha, g, false, matrix(w), false, to.beta(), to.m);
  }
  template <class T>
  void outer(const Host& host, Scratch<T>&, double alpha, Matrix<const T> g, Matrix<const T> a,
             double keep, T* to) const {
    host.gemm<T>(alpha, g, true, a, false, keep, Matrix<T>(to, out_, in_));
  }

  /// The gradient with respect to W is g a', an outer product of vectors, so that
  ///
  ///   <g_l(x_i) a(x_i)', g_k(z_j) a(z_j)'> = <a(x_i), a(z_j)> <g_l(x_i), g_k(z_j)>
  ///
  /// 2 n m (in + c² out) flops and (c + 1) n m numbers, where the Jacobian is n c in out.
  template <class T>
  void tangent_kernel(const KernelSum<T>& sum) const {
    if (!trained()) return;
    const std::int64_t n = sum.x.samples(), m = sum.z.samples(), c = sum.z.outputs();
    const typename Scratch<T>::Lease inputs(sum.scratch, n, m), signals(sum.scratch, c * n, m);
    const double square = bias_factor() * bias_factor();
    fill(*inputs, static_cast<T>(square));
    inner_products<T>(sum.host, factor() * factor(), sum.x.input, sum.z.input, sum.lower, 1,
                      *inputs);
    for (std::int64_t l = 0; l < c; ++l) {
      for (std::int64_t k = 0; k < c; ++k)
        inner_products<T>(sum.host, 1, sum.x.signals[static_cast<std::size_t>(l)],
                          sum.z.signals[static_cast<std::size_t>(k)], sum.lower, 0,
                          Matrix<T>(signals->row(k * n), n, m));
      add_products<T>(sum, l, *inputs, *signals);
    }
  }

 private:
  template <class T>
  Matrix<const T> matrix(const T* w) const {
    return {w, out_, in_};
  }

  std::int64_t in_, out_;
};

}  // namespace onager::plugins::network
