// SPDX-License-Identifier: MIT
#include <onager/feature_map.hpp>

#include "../../common/nested_kernel.hpp"
#include "../../common/symmetric_power.hpp"

#include <algorithm>
#include <cmath>

namespace {

using onager::Matrix;
using onager::Table;

/// Features of a kernel from m of the training samples, the landmarks Z:
///
///   phi(x) = k(x, Z) K_ZZ^{-1/2},     <phi(x), phi(z)> = k(x, Z) K_ZZ^{-1} k(Z, z)
///
/// which is k(x, z) where x or z is a landmark. Directions of K_ZZ with eigenvalues up to m eps
/// times the largest are left out. The landmarks are drawn once, uniformly without replacement, and
/// taken anew from the features as they are in each round. Everything is computed in double. 10 m³
/// flops a fit; 2 n m (d + m) for n samples, twice that for gradients; m² + n m numbers. Source:
/// Williams, Seeger 2001.
class NystromFeatures {
 public:
  NystromFeatures(const onager::Config& c, const onager::Host& host)
      : host_(host), kernel_(c.children("kernel").at(0), host), count_(c.integer("landmarks")) {}

  void fit(const onager_array& x, const onager_array&) {
    auto chosen = host_.permutation(0, x.rows);
    chosen.resize(static_cast<std::size_t>(std::min(count_, x.rows)));
    std::sort(chosen.begin(), chosen.end());
    const auto m = static_cast<std::int64_t>(chosen.size());
    landmarks_ = Table(m, x.cols);
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t j = 0; j < x.cols; ++j)
        landmarks_(i, j) = onager::element(x, chosen[static_cast<std::size_t>(i)], j);
    Table k(m, m);
    kernel_.values(landmarks(), landmarks(), k.view());
    for (const double v : k.values)
      if (!std::isfinite(v))
        throw onager::Error(ONAGER_NUMERICAL, std::string("kernel ") + kernel_.id() +
                                                  " is not finite at the landmarks; check its "
                                                  "parameters and the scale of the features");
    root_ = onager::plugins::power_of(host_, onager::plugins::spectrum_of(host_, k), -0.5);
  }
  /// Before a fit as many as there will be where the training samples suffice.
  std::int64_t output_dimension(std::int64_t) const { return root_.rows > 0 ? root_.rows : count_; }

  template <class T>
  void apply(Matrix<const T> x, Matrix<T> out) const {
    if (x.rows == 0) return;
    const onager::Buffer<double> memory(host_, x.rows * (x.cols + 2 * root_.rows));
    const auto wide = widened(x, memory.data());
    const Matrix<double> k(wide.data + x.rows * x.cols, x.rows, root_.rows),
        phi(k.data + x.rows * root_.rows, x.rows, root_.rows);
    kernel_.values(wide, landmarks(), k);
    host_.gemm<double>(1, k, false, root(), false, 0, phi);
    narrow<T>(phi, out);
  }

  template <class T>
  void pullback(Matrix<const T> x, Matrix<const T> g, Matrix<T> out) const {
    if (x.rows == 0) return;
    const onager::Buffer<double> memory(host_, 2 * x.rows * (x.cols + root_.rows));
    const auto wide = widened(x, memory.data());
    const auto gradient = widened(g, wide.data + x.rows * x.cols);
    const Matrix<double> weights(gradient.data + x.rows * root_.rows, x.rows, root_.rows),
        back(weights.data + x.rows * root_.rows, x.rows, x.cols);
    host_.gemm<double>(1, gradient, false, root(), false, 0, weights);
    kernel_.gradient(wide, landmarks(), weights, back);
    narrow<T>(back, out);
  }

 private:
  Matrix<const double> landmarks() const { return landmarks_.view(); }
  Matrix<const double> root() const { return root_.view(); }

  template <class T>
  static Matrix<double> widened(Matrix<const T> from, double* memory) {
    const Matrix<double> to(memory, from.rows, from.cols);
    for (std::int64_t i = 0; i < from.rows; ++i)
      for (std::int64_t j = 0; j < from.cols; ++j) to(i, j) = static_cast<double>(from(i, j));
    return to;
  }
  template <class T>
  static void narrow(Matrix<const double> from, Matrix<T> to) {
    for (std::int64_t i = 0; i < from.rows; ++i)
      for (std::int64_t j = 0; j < from.cols; ++j) to(i, j) = static_cast<T>(from(i, j));
  }

  onager::Host host_;
  onager::plugins::NestedKernel kernel_;
  std::int64_t count_;
  Table landmarks_, root_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.nystrom_features", "1.0.0", "MIT",
    onager::feature_map<NystromFeatures>(
        "nystrom_features", "Features of a kernel from sampled landmarks",
        {onager::component("kernel", "kernel", "The kernel whose inner products they give"),
         onager::integer("landmarks", 256, "Training samples that are landmarks, the features")
             .at_least(1)})
        .cite("Williams, Seeger, Using the Nyström method to speed up kernel machines, NIPS 2000"))
