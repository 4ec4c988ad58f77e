// SPDX-License-Identifier: MIT
//
// The two-dimensional discrete Fourier transform of a square block.
#pragma once

#include "../../common/coupling_block.hpp"

#include <cmath>
#include <optional>

namespace onager::plugins {

/// |F|, q x q, with F_uv = (1/q) sum_ij B_ij exp(-2 pi i (u i + v j) / q): unitary, so that
/// |F|_F = |B|_F. By sums over columns, then over rows: 12 q³ flops; q is any number, the primes
/// and their predecessors among them.
inline Table fourier_magnitudes(const Table& block) {
  const std::int64_t q = block.rows;
  std::vector<double> cosine(static_cast<std::size_t>(q)), sine(cosine);
  for (std::int64_t k = 0; k < q; ++k) {
    const double angle = 2 * std::acos(-1.0) * static_cast<double>(k) / static_cast<double>(q);
    cosine[static_cast<std::size_t>(k)] = std::cos(angle);
    sine[static_cast<std::size_t>(k)] = -std::sin(angle);
  }
  Table real(q, q), imaginary(q, q);  // over the rows' index: (u, j)
  for (std::int64_t u = 0; u < q; ++u)
    for (std::int64_t i = 0; i < q; ++i) {
      const auto k = static_cast<std::size_t>(u * i % q);
      for (std::int64_t j = 0; j < q; ++j) {
        real(u, j) += cosine[k] * block(i, j);
        imaginary(u, j) += sine[k] * block(i, j);
      }
    }
  Table out(q, q);
  for (std::int64_t u = 0; u < q; ++u)
    for (std::int64_t v = 0; v < q; ++v) {
      double re = 0, im = 0;
      for (std::int64_t j = 0; j < q; ++j) {
        const auto k = static_cast<std::size_t>(v * j % q);
        re += cosine[k] * real(u, j) - sine[k] * imaginary(u, j);
        im += cosine[k] * imaginary(u, j) + sine[k] * real(u, j);
      }
      out(u, v) = std::hypot(re, im) / static_cast<double>(q);
    }
  return out;
}

/// A block less its mean: without frequency (0, 0).
inline Table less_mean(Table block) {
  double sum = 0;
  for (const double v : block.values) sum += v;
  for (double& v : block.values) v -= sum / static_cast<double>(block.values.size());
  return block;
}

/// Share of the energy sum |F_uv|² at the frequencies that a block constant along wrapped lines
/// has: v = -u mod q for diagonals, where B_ij = c(j - i), and v = u for anti-diagonals, where
/// B_ij = c(i + j). Frequency (0, 0) does not count. 1 for a circulant, 1 / (q + 1) on average for
/// independent normal numbers, nothing for a constant block.
///
/// By Parseval's identity it is 1 - circulant deviation of the block less its mean.
inline std::optional<double> line_share(const Table& magnitudes, WrappedLines lines) {
  const std::int64_t q = magnitudes.rows;
  double on_line = 0, all = 0;
  for (std::int64_t u = 0; u < q; ++u)
    for (std::int64_t v = 0; v < q; ++v) {
      if (u == 0 && v == 0) continue;
      const double energy = magnitudes(u, v) * magnitudes(u, v);
      all += energy;
      if (v == (lines == WrappedLines::diagonals ? (q - u) % q : u)) on_line += energy;
    }
  if (all == 0) return std::nullopt;
  return on_line / all;
}

}  // namespace onager::plugins
