// SPDX-License-Identifier: MIT
//
// Outermost eigenvalues of symmetric operators that are known by their products.
#pragma once

#include <onager/plugin.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace onager::plugins {

/// When Lanczos iterations end: a residual below tolerance |eigenvalue|, at most so many products.
struct SpectrumLimits {
  double tolerance = 1e-8;
  std::int64_t most_products = 10000;

  SpectrumLimits() = default;
  explicit SpectrumLimits(const Config& c)
      : tolerance(c.real("tolerance")), most_products(c.integer("most_products")) {}

  /// The parameters of a diagnostic, and those that tell the limits after them.
  static std::vector<Parameter> parameters(std::vector<Parameter> own) {
    own.push_back(real("tolerance", 1e-6,
                       "Residual of an eigenvalue relative to it, at which Lanczos iterations end")
                      .above(0)
                      .below(1));
    own.push_back(integer("most_products", 2000, "Products after which the diagnostic gives up")
                      .at_least(20));
    return own;
  }
};

struct OuterSpectrum {
  std::vector<double> values;  // outermost first
  std::int64_t products = 0;
};

/// `count` eigenvalues of an operator in the run's precision T, which bounds the tolerance:
/// product(Matrix<const T> v, Matrix<T> out), both size x 1. which: ONAGER_LARGEST, ONAGER_SMALLEST
/// or ONAGER_MAGNITUDE. vectors, where it is not NULL, becomes size x count.
template <class T, class Product>
OuterSpectrum outer_spectrum(const Host& host, std::int64_t size, Product&& product,
                             std::int32_t which, std::int64_t count, const SpectrumLimits& limits,
                             Table* vectors = nullptr) {
  OuterSpectrum out;
  out.values.resize(static_cast<std::size_t>(count));
  std::vector<T> from(static_cast<std::size_t>(size)), to(from.size());
  const auto in_doubles = [&](const double* v, double* result) {
    std::transform(v, v + size, from.begin(), [](double x) { return static_cast<T>(x); });
    product(Matrix<const T>(from.data(), size, 1), Matrix<T>(to.data(), size, 1));
    std::transform(to.begin(), to.end(), result, [](T x) { return static_cast<double>(x); });
  };
  onager_array view{};
  if (vectors) {
    *vectors = Table(size, count);
    view = vectors->view().array();
  }
  const double reachable = 10 * static_cast<double>(std::numeric_limits<T>::epsilon());
  out.products = host.extreme(size, in_doubles, which, std::max(limits.tolerance, reachable),
                              limits.most_products, out.values, vectors ? &view : nullptr);
  return out;
}

/// The largest eigenvalues of a dense symmetric matrix, 2 n² flops a product.
inline OuterSpectrum largest_of(const Host& host, const Table& symmetric, std::int64_t count,
                                Table* vectors = nullptr) {
  const auto product = [&](Matrix<const double> v, Matrix<double> out) {
    host.gemm<double>(1.0, symmetric.view(), false, v, false, 0.0, out);
  };
  return outer_spectrum<double>(host, symmetric.rows, product, ONAGER_LARGEST, count, {}, vectors);
}

}  // namespace onager::plugins
