// SPDX-License-Identifier: MIT
//
// Gram matrices, and how they add up to a tangent kernel.
#pragma once

#include "layer.hpp"

#include <algorithm>

namespace onager::plugins::network {

/// out (n x m) = keep out + alpha a b' for a: n x k, b: m x k. lower: b is a, and elements above
/// the diagonal may be left out, which saves up to half of the 2 n m k flops.
template <class T>
void inner_products(const Host& host, double alpha, Matrix<const T> a, Matrix<const T> b,
                    bool lower, double keep, Matrix<T> out) {
  constexpr std::int64_t strip = 64;
  if (!lower) return host.gemm<T>(alpha, a, false, b, true, keep, out);
  const auto rows = [](auto m, std::int64_t from, std::int64_t to) {
    m.data = m.row(from);
    m.rows = to - from;
    return m;
  };
  for (std::int64_t first = 0; first < a.rows; first += strip) {
    const std::int64_t end = std::min(a.rows, first + strip);
    Matrix<T> to = rows(out, first, end);
    to.cols = end;
    host.gemm<T>(alpha, rows(a, first, end), false, rows(b, 0, end), true, keep, to);
  }
}

/// out(i c + l, j c + k) += g_ij s_k,ij for one output l of x and every output k of z, of which s
/// (c n x m) has the matrices one below the other.
template <class T>
void add_products(const KernelSum<T>& sum, std::int64_t l, Matrix<const T> g, Matrix<const T> s) {
  const std::int64_t c = sum.z.outputs(), n = g.rows;
  sum.host.parallel(n, [&](std::int64_t i, std::int32_t) {
    const std::int64_t end = sum.lower ? i + 1 : g.cols;
    T* out = sum.out.row(i * c + l);
    for (std::int64_t j = 0; j < end; ++j)
      for (std::int64_t k = 0; k < c; ++k) out[j * c + k] += g(i, j) * s(k * n + i, j);
  });
}

}  // namespace onager::plugins::network
