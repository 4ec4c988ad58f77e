// SPDX-License-Identifier: MIT
//
// Powers of symmetric positive semi-definite matrices.
#pragma once

#include <onager/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace onager::plugins {

/// The eigenvalues of a symmetric matrix, ascending, and its eigenvectors as columns.
struct Spectrum {
  Table values, vectors;
};

inline Spectrum spectrum_of(const Host& host, const Table& symmetric) {
  Spectrum s{Table(symmetric.rows, 1), symmetric};
  host.symmetric_eigen(s.vectors.view(), s.values.view());
  return s;
}

/// Eigenvalues up to d * eps * the largest are rounding errors of zero: negative ones too.
inline double spectrum_cutoff(const Spectrum& s) {
  double largest = 0;
  for (const double w : s.values.values) largest = std::max(largest, std::abs(w));
  return static_cast<double>(s.values.rows) * std::numeric_limits<double>::epsilon() * largest;
}

/// V diag(w^exponent) V' with eigenvalues up to the cutoff left out, so that a negative exponent
/// gives the power of the pseudo-inverse. Symmetric to the last bit. One product of d³ flops.
inline Table power_of(const Host& host, const Spectrum& s, double exponent) {
  const std::int64_t d = s.values.rows;
  const double cutoff = spectrum_cutoff(s);
  Table scaled = s.vectors;
  for (std::int64_t j = 0; j < d; ++j) {
    const double w = s.values(j, 0);
    const double factor = w > cutoff ? std::pow(w, exponent / 2) : 0.0;
    for (std::int64_t i = 0; i < d; ++i) scaled(i, j) *= factor;
  }
  Table out(d, d);
  const Table& half = scaled;
  host.gemm<double>(1.0, half.view(), false, half.view(), true, 0.0, out.view());
  for (std::int64_t i = 0; i < d; ++i)
    for (std::int64_t j = 0; j < i; ++j) out(j, i) = out(i, j);
  return out;
}

/// V_r diag(w_r^exponent): the r largest eigenvalues, d x r, largest first.
inline Table leading_power(const Spectrum& s, std::int64_t rank, double exponent) {
  const std::int64_t d = s.values.rows;
  const double cutoff = spectrum_cutoff(s);
  Table out(d, rank);
  for (std::int64_t j = 0; j < rank; ++j) {
    const double w = s.values(d - 1 - j, 0);
    const double factor = w > cutoff ? std::pow(w, exponent) : 0.0;
    for (std::int64_t i = 0; i < d; ++i) out(i, j) = factor * s.vectors(i, d - 1 - j);
  }
  return out;
}

}  // namespace onager::plugins
