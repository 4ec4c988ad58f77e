// SPDX-License-Identifier: MIT
#include <onager/buffer.hpp>
#include <onager/kernel.hpp>

#include <algorithm>
#include <cmath>

namespace {

using onager::Matrix;

/// k(x, z) = exp(-|x - z|_1 / bandwidth) = prod_f exp(-|x_f - z_f| / bandwidth), not invariant
/// under rotations, so it needs the data. 3 n m d flops for values, 6 n m d for gradients.
///
///   d k / d x_f = -sign(x_f - z_f) k / bandwidth, 0 where the coordinates coincide
class ProductLaplace {
 public:
  ProductLaplace(const onager::Config& c, const onager::Host& host)
      : host_(host), rate_(1 / c.real("bandwidth")) {}

  template <class T>
  void block(Matrix<const T> x, Matrix<const T> z, Matrix<T> out) const {
    const onager::Buffer<T> panel(host_, std::max<std::int64_t>(1, x.cols * panel_columns));
    for (std::int64_t first = 0; first < z.rows; first += panel_columns) {
      const std::int64_t count = std::min(panel_columns, z.rows - first);
      pack(z, first, count, panel.data());
      onager::widest([&]() ONAGER_INLINE_LAMBDA {
        for (std::int64_t i = 0; i < x.rows; ++i)
          values(x.row(i), x.cols, panel.data(), count, out.row(i) + first);
      });
    }
  }

  template <class T>
  void gradient(Matrix<const T> x, Matrix<const T> z, Matrix<const T> weights,
                Matrix<T> out) const {
    const onager::Buffer<T> memory(host_, std::max<std::int64_t>(1, x.rows * z.rows));
    const Matrix<T> k(memory.data(), x.rows, z.rows);
    block(x, z, k);
    onager::widest([&]() ONAGER_INLINE_LAMBDA {
      for (std::int64_t i = 0; i < x.rows; ++i) {
        std::fill_n(out.row(i), x.cols, T(0));
        for (std::int64_t j = 0; j < z.rows; ++j)
          add_gradient(x.row(i), z.row(j), x.cols, T(rate_) * weights(i, j) * k(i, j), out.row(i));
      }
    });
  }

 private:
  static constexpr std::int64_t panel_columns = 32;

  /// panel[f * panel_columns + j] <- z(first + j, f): sums over features then run over samples side
  /// by side. Columns past the end repeat the last.
  template <class T>
  static void pack(Matrix<const T> z, std::int64_t first, std::int64_t count, T* panel) {
    for (std::int64_t j = 0; j < panel_columns; ++j) {
      const T* from = z.row(first + std::min(j, count - 1));
      for (std::int64_t f = 0; f < z.cols; ++f) panel[f * panel_columns + j] = from[f];
    }
  }

  template <class T>
  ONAGER_INLINE void values(const T* __restrict x, std::int64_t d, const T* __restrict panel,
                            std::int64_t count, T* __restrict out) const {
    T distance[panel_columns] = {};
    for (std::int64_t f = 0; f < d; ++f) {
      const T at = x[f];
      const T* __restrict z = panel + f * panel_columns;
      for (std::int64_t j = 0; j < panel_columns; ++j) distance[j] += std::fabs(at - z[j]);
    }
    T k[panel_columns];
    for (std::int64_t j = 0; j < panel_columns; ++j)
      k[j] = onager::math::exp(-T(rate_) * distance[j]);
    for (std::int64_t j = 0; j < count; ++j) out[j] = k[j];
  }

  template <class T>
  ONAGER_INLINE static void add_gradient(const T* __restrict x, const T* __restrict z,
                                         std::int64_t d, T size, T* __restrict out) {
    for (std::int64_t f = 0; f < d; ++f) {
      const T below = x[f] < z[f] ? size : T(0), above = x[f] > z[f] ? size : T(0);
      out[f] += below - above;
    }
  }

  onager::Host host_;
  double rate_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.product_laplace", "1.0.0", "MIT",
    onager::block_kernel<ProductLaplace>(
        "product_laplace", "Product of Laplace kernels, exp(-|x - z|_1 / bandwidth)",
        {onager::real("bandwidth", 1.0, "Length scale of each coordinate").above(0)})
        .cite("Rahimi, Recht, Random features for large-scale kernel machines, NeurIPS 2007"))
