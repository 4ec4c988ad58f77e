// SPDX-License-Identifier: MIT
#include <onager/optimizer.hpp>

#include <onager/buffer.hpp>
#include "../../common/kernel_system.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace {

using onager::Error;
using onager::KernelOperator;
using onager::Matrix;
using onager::plugins::in_short;

/// Exact solution of (K + ridge I) alpha = y by one Cholesky factorisation: n³/3 flops, n² numbers.
///
/// A kernel matrix that is positive definite on paper may not be in floating point. Then jitter is
/// added to the diagonal: from n * eps times its mean, tenfold each time, up to a thousandth of it.
class Cholesky {
 public:
  Cholesky(const onager::Config& c, const onager::Host& host)
      : host_(host), ridge_(c.real("ridge")), may_jitter_(c.flag("jitter")) {}

  template <class T>
  void solve(const KernelOperator<T>& kernel, Matrix<const T> targets, Matrix<T> solution) {
    const std::int64_t n = kernel.size();
    require_memory(kernel);
    // rows a power of two apart would share cache sets: 10 to 15 % of the factorisation
    const std::int64_t stride = n % 256 == 0 ? n + 8 : n;
    const onager::Buffer<T> memory(host_, n * stride);
    Matrix<T> k(memory.data(), n, n);
    k.row_stride = stride;

    const double jitter = factor(kernel, k);
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t j = 0; j < targets.cols; ++j) solution(i, j) = targets(i, j);
    host_.cholesky_solve<T>(k, solution);
    if (!finite<T>(solution)) {
      // a factorisation may pass over NaN in the kernel matrix
      require_finite(kernel, k);
      throw Error(ONAGER_NUMERICAL, "the solution is not finite: the kernel matrix of " +
                                        std::to_string(n) +
                                        " samples is nearly singular; set ridge above " +
                                        in_short(std::max(ridge_, jitter)));
    }
    host_.emit("jitter", jitter);
  }

 private:
  template <class T>
  static void require_memory(const KernelOperator<T>& kernel) {
    const auto n = static_cast<std::uint64_t>(kernel.size());
    const std::uint64_t allowed = kernel.memory();
    if (n == 0 || n <= allowed / sizeof(T) / n) return;
    const double needed = static_cast<double>(n) * static_cast<double>(n) * sizeof(T);
    throw Error(ONAGER_NO_MEMORY,
                "an exact solution for " + std::to_string(n) + " samples needs " +
                    in_short(needed / 1e9) + " GB for the kernel matrix, " +
                    in_short(static_cast<double>(allowed) / 1e9) +
                    " GB are allowed; use fewer training samples or precision = \"float32\"");
  }

  /// Leaves L in the lower part of k and returns the jitter that it took.
  template <class T>
  double factor(const KernelOperator<T>& kernel, Matrix<T> k) const {
    const double mean = fill(kernel, k, 0);
    const std::int64_t minor = host_.cholesky<T>(k);
    if (minor == 0) return 0;
    require_finite(kernel, k);

    const double eps = static_cast<double>(std::numeric_limits<T>::epsilon());
    const double most = 1e-3 * mean;
    double jitter = std::min(static_cast<double>(k.rows) * eps * mean, most);
    while (may_jitter_ && jitter > 0) {
      host_.stop_if_cancelled();
      fill(kernel, k, jitter);
      const std::int64_t failed = host_.cholesky<T>(k);
      if (failed == 0) {
        host_.warn("the kernel matrix is not positive definite: its leading minor of order " +
                   std::to_string(minor) + " of " + std::to_string(k.rows) + " is not; " +
                   in_short(jitter) + " was added to its diagonal");
        return jitter;
      }
      if (jitter >= most) break;
      jitter = std::min(10 * jitter, most);
    }
    throw Error(ONAGER_NUMERICAL,
                "the kernel matrix plus ridge = " + in_short(ridge_) +
                    " is not positive definite: its leading minor of order " +
                    std::to_string(minor) + " of " + std::to_string(k.rows) + " is not" +
                    (may_jitter_ ? ", not even with " + in_short(most) + " on the diagonal" : "") +
                    "; set ridge to " + in_short(may_jitter_ ? 10 * most : jitter) +
                    " or more, or look for samples that occur twice");
  }

  /// k <- K + (ridge + jitter) I, lower part. Returns the mean of the diagonal of K.
  template <class T>
  double fill(const KernelOperator<T>& kernel, Matrix<T> k, double jitter) const {
    kernel.fill(ONAGER_LOWER, k);
    double sum = 0;
    for (std::int64_t i = 0; i < k.rows; ++i) {
      sum += static_cast<double>(k(i, i));
      k(i, i) += static_cast<T>(ridge_ + jitter);
    }
    return sum / static_cast<double>(std::max<std::int64_t>(k.rows, 1));
  }

  template <class T>
  static bool finite(Matrix<const T> values) {
    for (std::int64_t i = 0; i < values.rows; ++i)
      for (std::int64_t j = 0; j < values.cols; ++j)
        if (!std::isfinite(values(i, j))) return false;
    return true;
  }

  template <class T>
  void require_finite(const KernelOperator<T>& kernel, Matrix<T> k) const {
    fill(kernel, k, 0);
    for (std::int64_t i = 0; i < k.rows; ++i)
      for (std::int64_t j = 0; j <= i; ++j)
        if (!std::isfinite(k(i, j)))
          throw Error(ONAGER_NUMERICAL, "the kernel of samples " + std::to_string(i) + " and " +
                                            std::to_string(j) +
                                            " is not finite; check the kernel's parameters and "
                                            "the scale of the features");
  }

  onager::Host host_;
  double ridge_;
  bool may_jitter_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.cholesky", "1.0.0", "MIT",
    onager::linear_solver<Cholesky>(
        "cholesky", "Exact solution of (K + ridge I) alpha = y by Cholesky factorisation",
        {onager::real("ridge", 0.0, "Added to the diagonal of the kernel matrix").at_least(0),
         onager::flag(
             "jitter", true,
             "Add a little more, with a warning, where the matrix is not positive definite")})
        .cite("Golub, Van Loan, Matrix computations, section 4.2, 2013"))
