// SPDX-License-Identifier: MIT
#include "single_factor.hpp"

#include <onager/optimizer.hpp>

namespace {

using onager::Error;
using onager::KernelOperator;
using onager::Matrix;
namespace plugins = onager::plugins;
using plugins::in_short;

/// Exact solution of (K + ridge I) alpha = y by one Cholesky factorisation: n³/3 flops, n² numbers,
/// K is filled and factored in the same place.
///
/// A kernel matrix that is positive definite on paper may not be in floating point. Then jitter is
/// added to the diagonal: from n * eps times its mean, tenfold each time, up to a thousandth of it.
///
/// refine: the factor in float32, the solution refined to what a float64 factor gives; see
/// single_factor.hpp. It does nothing in a float32 run, where K, its products and the residual are
/// rounded as the factor is: steps of refinement changed the residual by a factor of 0.7 to 1.5.
///
/// Emitted: "residual", max_j |y_j - (K + ridge I) alpha_j| / |y_j|, on a sample of at most 256
/// rows (on all with refine); "error_estimate", that times |K + ridge I|_1 |(K + ridge I)⁻¹|_2,
/// about a bound of |alpha - alpha*| / |alpha*|. Where jitter was needed the second norm is bounded
/// by 1 / ridge: infinity for ridge = 0.
class Cholesky {
 public:
  Cholesky(const onager::Config& c, const onager::Host& host)
      : host_(host),
        ridge_(c.real("ridge")),
        may_jitter_(c.flag("jitter")),
        refine_(c.flag("refine")) {}

  /// The matrix and what its norm is summed in; the residual's samples once it is released.
  /// Refinement holds a float32 matrix, and the vectors of conjugate gradients beside it; where a
  /// float64 factor would fit too, it may come to that.
  template <class T>
  double numbers(std::int64_t samples, std::int64_t outputs, double allowed) const {
    const double direct = direct_numbers<T>(samples, outputs);
    if (!refines<T>()) return direct;
    const double refined = refined_numbers(samples, outputs);
    return direct <= allowed ? std::max(direct, refined) : refined;
  }

  template <class T>
  void solve(const KernelOperator<T>& kernel, Matrix<const T> targets, Matrix<T> solution) {
    const std::int64_t n = kernel.size();
    plugins::require_memory(
        kernel,
        refines<T>() ? refined_numbers(n, targets.cols) : direct_numbers<T>(n, targets.cols),
        "an exact solution for " + std::to_string(n) + " samples",
        std::string("use fewer training samples, ") +
            (sizeof(T) == 8 ? "precision = \"float32\", " : "") +
            (sizeof(T) == 8 && !refine_ ? "refine = true (half the memory), " : "") +
            "or a solver that does not store the kernel matrix: cg or eigenpro");
    if constexpr (sizeof(T) == sizeof(double))
      if (refine_ && refined(kernel, targets, solution)) return;
    direct(kernel, targets, solution);
  }

 private:
  template <class T>
  bool refines() const {
    return refine_ && sizeof(T) == sizeof(double);
  }

  template <class T>
  static double direct_numbers(std::int64_t samples, std::int64_t outputs) {
    const double n = static_cast<double>(samples), c = static_cast<double>(outputs);
    const double sums = n * plugins::norm_stripes * sizeof(double) / sizeof(T);
    const double sides = n * static_cast<double>(outputs + plugins::norm_vectors);
    return std::max(n * static_cast<double>(plugins::padded(samples)) + std::max(sums, sides),
                    static_cast<double>(plugins::residual_samples(samples)) * c);
  }
  static double refined_numbers(std::int64_t samples, std::int64_t outputs) {
    const double n = static_cast<double>(samples), c = static_cast<double>(outputs);
    const double block = static_cast<double>(plugins::SingleFactor::block_rows(samples));
    // two float32 numbers in the place of one
    return n * static_cast<double>(plugins::padded(samples)) / 2 +
           std::max({n * block, n * plugins::norm_stripes, 4.5 * n * c});
  }

  /// Whether a factor in float64 may be held.
  static bool fits(const KernelOperator<double>& kernel, std::int64_t outputs) {
    return sizeof(double) * direct_numbers<double>(kernel.size(), outputs) <=
           static_cast<double>(kernel.memory());
  }

  /// True when the solution is as good as one with a float64 factor; else that is what is left.
  bool refined(const KernelOperator<double>& kernel, Matrix<const double> targets,
               Matrix<double> solution) {
    plugins::SingleFactor factor(kernel, host_, ridge_);
    if (!factor.factor()) {
      fall_back(kernel, targets.cols, "has no float32 factor");
      return false;
    }
    // iterations cost more than a float64 factor soon, where there is memory for one
    const std::int64_t most = fits(kernel, targets.cols) ? 30 : 300;
    const auto outcome = plugins::refine(kernel, host_, ridge_, factor, most, targets, solution);
    host_.emit("refinements", static_cast<double>(outcome.iterations));
    if (!outcome.at_rounding) {
      fall_back(kernel, targets.cols,
                "ended its refinement at the relative residual " + in_short(outcome.residual) +
                    " after " + std::to_string(outcome.iterations) + " iterations");
      return false;
    }
    host_.emit("jitter", 0);
    host_.emit("residual", outcome.residual);
    host_.emit("error_estimate", outcome.residual * factor.norm() * factor.norm_of_inverse());
    return true;
  }

  /// Warns that a float64 factor follows, or refuses where it does not fit.
  void fall_back(const KernelOperator<double>& kernel, std::int64_t outputs,
                 const std::string& what) const {
    const std::string why = "the kernel matrix plus ridge = " + in_short(ridge_) + " " + what;
    if (fits(kernel, outputs)) {
      host_.warn(why + "; it is factored in float64");
      return;
    }
    const double needed = sizeof(double) * direct_numbers<double>(kernel.size(), outputs);
    throw Error(ONAGER_NUMERICAL, why + "; a float64 factor needs " + in_short(needed / 1e9) +
                                      " GB, " +
                                      in_short(static_cast<double>(kernel.memory()) / 1e9) +
                                      " GB are allowed; set ridge higher, or use cg with a "
                                      "higher rank");
  }

  template <class T>
  void direct(const KernelOperator<T>& kernel, Matrix<const T> targets, Matrix<T> solution) {
    const std::int64_t n = kernel.size();
    double jitter = 0, condition = 0;
    {
      const onager::Buffer<T> memory(host_, n * plugins::padded(n));
      const Matrix<T> k = plugins::dense(memory, n);
      jitter = factor(kernel, k, condition);
      // the factor is read once, for the targets and for the estimate of its condition
      const std::int64_t c = targets.cols;
      const onager::Buffer<T> sides(host_, n * (c + plugins::norm_vectors));
      const Matrix<T> b(sides.data(), n, c + plugins::norm_vectors);
      const Matrix<T> v = plugins::columns_of(b, c, plugins::norm_vectors);
      plugins::copy<T>(targets, plugins::columns_of(b, 0, c));
      plugins::random_directions(host_, v);
      host_.cholesky_solve<T>(k, b);
      plugins::copy<T>(plugins::columns_of(b, 0, c), solution);
      if (!plugins::finite<T>(solution))
        throw Error(ONAGER_NUMERICAL, "the solution is not finite: the kernel matrix of " +
                                          std::to_string(n) +
                                          " samples is nearly singular; set ridge above " +
                                          in_short(std::max(ridge_, jitter)));
      // K has no eigenvalue below 0: infinity for ridge = 0
      const double bound = 1 / ridge_;
      condition *= jitter == 0 ? std::min(plugins::inverse_norm_from<T>(v), bound) : bound;
    }
    const double residual = plugins::sampled_residual<T>(kernel, host_, ridge_, targets, solution);
    host_.emit("jitter", jitter);
    host_.emit("residual", residual);
    host_.emit("error_estimate", condition * residual);
  }

  /// Leaves L in the lower part of k and returns the jitter that it took; norm <- |K + ridge I|_1.
  template <class T>
  double factor(const KernelOperator<T>& kernel, Matrix<T> k, double& norm) const {
    const double mean = fill(kernel, k, 0);
    norm = plugins::one_norm<T>(host_, k);
    // a factorisation may pass over NaN
    if (!std::isfinite(norm)) plugins::require_finite<T>(k);
    const std::int64_t minor = host_.cholesky<T>(k);
    if (minor == 0) return 0;

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

  onager::Host host_;
  double ridge_;
  bool may_jitter_, refine_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.cholesky", "1.1.0", "MIT",
    onager::linear_solver<Cholesky>(
        "cholesky", "Exact solution of (K + ridge I) alpha = y by Cholesky factorisation",
        {onager::real("ridge", 0.0, "Added to the diagonal of the kernel matrix").at_least(0),
         onager::flag("jitter", true,
                      "Add a little more, with a warning, where the matrix is not positive "
                      "definite"),
         onager::flag("refine", false,
                      "Factor in float32 and refine the solution to float64: half the memory; no "
                      "effect in a float32 run")})
        .cite("Golub, Van Loan, Matrix computations, section 4.2, 2013; Carson, Higham, SIAM J. "
              "Sci. Comput. 40, 2018"))
