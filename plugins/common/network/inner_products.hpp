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

/// out(i c + l, j c + k) += g_ij s_ij for one pair (l, k) of outputs.
template <class T>
void add_products(const KernelSum<T>& sum, std::size_t l, std::size_t k, Matrix<const T> g,
                  Matrix<const T> s) {
  const std::int64_t c = sum.x.outputs();
  for (std::int64_t i = 0; i < s.rows; ++i) {
    const std::int64_t end = sum.lower ? i + 1 : s.cols;
    T* out = sum.out.row(i * c + static_cast<std::int64_t>(l)) + k;
    const T *gi = g.row(i), *si = s.row(i);
    for (std::int64_t j = 0; j < end; ++j) out[j * c] += gi[j] * si[j];
  }
}

}  // namespace onager::plugins::network
