// SPDX-License-Identifier: MIT
#include <onager/feature_map.hpp>

#include <onager/buffer.hpp>

#include <cmath>

namespace {

using onager::Error;
using onager::Matrix;

enum class Basis { shifted, paired };

/// Random features whose inner product estimates a shift-invariant kernel:
///
///   shifted: phi(x) = sqrt(2/D) cos(x W + b)                 W d x D, b uniform on [0, 2 pi)
///   paired:  phi(x) = sqrt(2/D) [cos(x W), sin(x W)]         W d x D/2
///
/// The columns of W are drawn from the kernel's spectral density: normal with deviation 1/bandwidth
/// for exp(-r²/(2 bandwidth²)), multivariate Cauchy of scale 1/bandwidth for exp(-r/bandwidth).
/// Source: Rahimi and Recht 2007, algorithm 1.
class RandomFourier {
 public:
  RandomFourier(const onager::Config& c, const onager::Host& host)
      : host_(host),
        features_(c.integer("features")),
        bandwidth_(c.real("bandwidth")),
        laplace_(c.choice("kernel") == "laplace"),
        basis_(c.choice("basis") == "paired" ? Basis::paired : Basis::shifted) {
    if (basis_ == Basis::paired && features_ % 2 != 0)
      throw Error(ONAGER_INVALID, "features = " + std::to_string(features_) +
                                      " is odd; with basis = \"paired\" it must be even");
    frequencies_ = basis_ == Basis::paired ? features_ / 2 : features_;
  }

  /// The numbers come from the run's seed alone: nothing is learned, nothing needs to be kept.
  void fit(const onager_array& x, const onager_array&) {
    if (dimension_ == x.cols) return;
    const std::int64_t d = x.cols, m = frequencies_;
    const std::vector<double> normal = host_.normal(0, 0, d * m);
    const std::vector<double> divisor = laplace_ ? host_.normal(1, 0, m) : std::vector<double>();
    const std::vector<double> uniform = host_.uniform(2, 0, m);
    w_.resize(normal.size());
    b_.assign(static_cast<std::size_t>(m), 0.0);
    for (std::int64_t j = 0; j < m; ++j) {
      const auto at = static_cast<std::size_t>(j);
      const double scale = bandwidth_ * (laplace_ ? std::abs(divisor[at]) : 1.0);
      for (std::int64_t i = 0; i < d; ++i)
        w_[static_cast<std::size_t>(i * m + j)] =
            normal[static_cast<std::size_t>(j * d + i)] / scale;
      if (basis_ == Basis::shifted) b_[at] = 6.283185307179586476925 * uniform[at];
    }
    w_single_.assign(w_.begin(), w_.end());
    dimension_ = d;
  }
  std::int64_t output_dimension(std::int64_t) const { return features_; }

  template <class T>
  void apply(Matrix<const T> x, Matrix<T> out) const {
    const onager::Buffer<T> memory(host_, x.rows * frequencies_);
    const auto angle = angles(x, memory);
    const T amplitude = T(std::sqrt(2.0 / static_cast<double>(features_)));
    for (std::int64_t i = 0; i < x.rows; ++i)
      for (std::int64_t j = 0; j < frequencies_; ++j) {
        out(i, j) = amplitude * std::cos(angle(i, j));
        if (basis_ == Basis::paired) out(i, frequencies_ + j) = amplitude * std::sin(angle(i, j));
      }
  }

  template <class T>
  void pullback(Matrix<const T> x, Matrix<const T> g, Matrix<T> out) const {
    const onager::Buffer<T> memory(host_, x.rows * frequencies_);
    const auto angle = angles(x, memory);
    const T amplitude = T(std::sqrt(2.0 / static_cast<double>(features_)));
    for (std::int64_t i = 0; i < x.rows; ++i)
      for (std::int64_t j = 0; j < frequencies_; ++j) {
        T slope = -std::sin(angle(i, j)) * g(i, j);
        if (basis_ == Basis::paired) slope += std::cos(angle(i, j)) * g(i, frequencies_ + j);
        angle(i, j) = amplitude * slope;
      }
    host_.gemm<T>(1.0, angle, false, frequencies<T>(), true, 0.0, out);
  }

 private:
  template <class T>
  Matrix<const T> frequencies() const {
    if constexpr (sizeof(T) == sizeof(float)) return {w_single_.data(), dimension_, frequencies_};
    else return {w_.data(), dimension_, frequencies_};
  }

  template <class T>
  Matrix<T> angles(Matrix<const T> x, const onager::Buffer<T>& memory) const {
    const Matrix<T> angle(memory.data(), x.rows, frequencies_);
    for (std::int64_t i = 0; i < x.rows; ++i)
      for (std::int64_t j = 0; j < frequencies_; ++j)
        angle(i, j) = static_cast<T>(b_[static_cast<std::size_t>(j)]);
    host_.gemm<T>(1.0, x, false, frequencies<T>(), false, 1.0, angle);
    return angle;
  }

  onager::Host host_;
  std::int64_t features_, frequencies_ = 0, dimension_ = -1;
  double bandwidth_;
  bool laplace_;
  Basis basis_;
  std::vector<double> w_, b_;
  std::vector<float> w_single_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.random_fourier", "1.0.0", "MIT",
    onager::feature_map<RandomFourier>(
        "random_fourier", "Random Fourier features of the Gaussian or the Laplace kernel",
        {onager::integer("features", 1024, "Number of features D").at_least(1),
         onager::real("bandwidth", 1.0, "Length scale of the kernel").above(0),
         onager::choice("kernel", {"gaussian", "laplace"}, "gaussian",
                        "exp(-r²/(2 bandwidth²)) or exp(-r/bandwidth)"),
         onager::choice("basis", {"shifted", "paired"}, "shifted",
                        "shifted: D cosines with random phases; paired: D/2 cosines and sines")})
        .cite("Rahimi, Recht, Random features for large-scale kernel machines, NeurIPS 2007"))
