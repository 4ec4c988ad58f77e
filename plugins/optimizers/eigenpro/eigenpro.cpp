// SPDX-License-Identifier: MIT
#include "preconditioner.hpp"

#include <limits>
#include <optional>

namespace {

using onager::Buffer;
using onager::Error;
using onager::KernelOperator;
using onager::Matrix;
namespace plugins = onager::plugins;

/// Stochastic gradient descent on (K + ridge I) alpha = y, preconditioned so that large batches
/// pay.
///
///   for each batch t of an epoch's random order
///     g = (K + ridge I)[t, :] alpha - y_t                          b x c
///     alpha_t -= (eta / b) g
///     alpha_s += (eta / b) V_q D V_q' (K + ridge I)[s, t] g        the s sampled points
///
///   b   = beta / lambda + 1             the largest batch that still speeds up in proportion
///   eta = b / (beta + (b - 1) lambda)   the fastest step of a batch of b
///
/// V, D, beta, lambda: see EigenProPreconditioner. alpha, y: n x c. ridge is handled exactly: it is
/// the kernel k(x, z) + ridge [x is z] of the same samples. An epoch costs
/// 2 n² (d + c) + 2 n s (d + c) flops. (s + b) s numbers besides s q and vectors; b is lowered
/// until these fit. "residual" is max_j |y_j - (K + ridge I) alpha_j| / |y_j| of the solution, one
/// more pass over K; the residual that stops the iteration is that of an epoch's batches, each
/// before its step.
///
/// Source: Ma, Belkin 2019 (MLSys), algorithm 1; step and batch size from Ma, Bassily, Belkin 2018
/// (ICML), applied to the preconditioned kernel.
class EigenPro {
 public:
  EigenPro(const onager::Config& c, const onager::Host& host)
      : host_(host),
        ridge_(c.real("ridge")),
        subsample_(c.integer("subsample")),
        directions_(c.integer("directions")),
        batch_(c.integer("batch")),
        step_scale_(c.real("step_scale")),
        epochs_(c.integer("epochs")),
        tolerance_(c.real("tolerance")),
        time_limit_(c.real("time_limit")) {}

  template <class T>
  void solve(const KernelOperator<T>& kernel, Matrix<const T> targets, Matrix<T> solution) {
    const plugins::Deadline deadline(time_limit_);
    const std::int64_t n = kernel.size(), s = std::min(n, subsample_);
    const double needed = plugins::EigenProPreconditioner<T>::numbers(s, directions_) +
                          static_cast<double>((n + 2 * s) * targets.cols);
    plugins::require_memory(kernel, needed, "a subsample of " + std::to_string(s) + " points",
                            "set subsample lower");
    host_.progress(0, "preconditioner");
    const plugins::EigenProPreconditioner<T> preconditioner(
        kernel, host_, ridge_, plugins::sample(host_, n, s), directions_);
    const double left = static_cast<double>(kernel.memory()) / sizeof(T) - needed;
    const Step step = step_of(preconditioner.beta(), preconditioner.lambda(), n,
                              left / static_cast<double>(s + 2 * targets.cols));
    host_.info(std::to_string(preconditioner.directions()) + " directions of " + std::to_string(s) +
               " points, batches of " + std::to_string(step.batch) + ", step " +
               plugins::in_short(step.size));

    plugins::set_zero(solution);
    const auto y2 = plugins::column_dots<T>(targets, targets);
    std::int64_t epoch = 0;
    double residual = 0, first = 0;
    std::string stopped = "epochs reached";
    while (epoch < epochs_) {
      const auto r2 = run_epoch(kernel, preconditioner, step, epoch, deadline, targets, solution);
      if (!r2) {
        stopped = "time_limit reached";
        break;
      }
      residual = plugins::relative_residual(*r2, y2);
      if (++epoch == 1) first = std::max(residual, 1.0);
      require_convergence(residual, first, epoch, step);
      if (residual <= tolerance_) {
        stopped.clear();
        break;
      }
    }
    finish(kernel, targets, solution, y2, epoch, stopped);
  }

 private:
  struct Step {
    std::int64_t batch;
    double size;
  };

  /// The batch and step of the docstring; at most `most` samples fit in memory.
  Step step_of(double beta, double lambda, std::int64_t n, double most) const {
    if (!(beta > 0)) return {std::max<std::int64_t>(1, batch_), 0};
    const double largest = std::max(1.0, std::min(static_cast<double>(n), most));
    double batch = batch_ > 0 ? static_cast<double>(batch_) : beta / lambda + 1;
    batch = std::floor(std::min(batch, largest));
    return {static_cast<std::int64_t>(batch), step_scale_ * batch / (beta + (batch - 1) * lambda)};
  }

  /// One pass over the samples. Squares of the residuals' columns, or nothing when time ran out.
  template <class T>
  std::optional<std::vector<double>> run_epoch(
      const KernelOperator<T>& kernel, const plugins::EigenProPreconditioner<T>& preconditioner,
      const Step& step, std::int64_t epoch, const plugins::Deadline& deadline,
      Matrix<const T> targets, Matrix<T> alpha) const {
    const std::int64_t n = kernel.size(), c = alpha.cols;
    const auto& points = preconditioner.points();
    const auto s = static_cast<std::int64_t>(points.size());
    const Buffer<T> memory(host_, (s + c) * step.batch + 2 * s * c);
    // stream 0 chose the subsample
    const auto order = host_.permutation(1 + static_cast<std::uint64_t>(epoch), n);
    std::vector<double> r2(static_cast<std::size_t>(c));
    for (std::int64_t begin = 0; begin < n; begin += step.batch) {
      host_.stop_if_cancelled();
      if (deadline.passed()) return std::nullopt;
      const std::int64_t b = std::min(step.batch, n - begin);
      const plugins::Indices batch(order.begin() + begin, order.begin() + begin + b);
      const Matrix<T> g(memory.data(), b, c), k(g.data + step.batch * c, s, b),
          v(k.data + step.batch * s, s, c), change(v.data + s * c, s, c);

      kernel.rows_product(batch, alpha, g);
      for (std::int64_t i = 0; i < b; ++i) {
        const std::int64_t at = batch[static_cast<std::size_t>(i)];
        for (std::int64_t j = 0; j < c; ++j)
          g(i, j) += static_cast<T>(ridge_) * alpha(at, j) - targets(at, j);
      }
      const auto squares = plugins::column_dots<T>(g, g);
      for (std::size_t j = 0; j < r2.size(); ++j) r2[j] += squares[j];

      kernel.block(points, batch, k);
      add_ridge(points, batch, k);
      host_.gemm<T>(1, k, false, g, false, 0, v);
      preconditioner.apply(v, change);
      // a last batch that is smaller takes the same step a sample
      const T rate = static_cast<T>(step.size / static_cast<double>(step.batch));
      for (std::int64_t i = 0; i < b; ++i)
        for (std::int64_t j = 0; j < c; ++j)
          alpha(batch[static_cast<std::size_t>(i)], j) -= rate * g(i, j);
      for (std::int64_t i = 0; i < s; ++i)
        for (std::int64_t j = 0; j < c; ++j)
          alpha(points[static_cast<std::size_t>(i)], j) += rate * change(i, j);
      host_.progress(
          (static_cast<double>(epoch) + static_cast<double>(begin + b) / static_cast<double>(n)) /
              static_cast<double>(epochs_),
          "epochs");
    }
    return r2;
  }

  /// k (points x batch) += ridge where both are the same sample.
  template <class T>
  void add_ridge(const plugins::Indices& points, const plugins::Indices& batch, Matrix<T> k) const {
    if (ridge_ == 0) return;
    for (std::size_t j = 0; j < batch.size(); ++j) {
      const auto at = std::lower_bound(points.begin(), points.end(), batch[j]);
      if (at != points.end() && *at == batch[j])
        k(at - points.begin(), static_cast<std::int64_t>(j)) += static_cast<T>(ridge_);
    }
  }

  void require_convergence(double residual, double first, std::int64_t epoch,
                           const Step& step) const {
    if (residual <= 10 * first) return;  // false for NaN
    throw Error(ONAGER_NUMERICAL, "the iteration diverges: relative residual " +
                                      plugins::in_short(residual) + " in epoch " +
                                      std::to_string(epoch) + " with step " +
                                      plugins::in_short(step.size) + "; set step_scale below " +
                                      plugins::in_short(step_scale_) + " or subsample higher");
  }

  template <class T>
  void finish(const KernelOperator<T>& kernel, Matrix<const T> targets, Matrix<T> alpha,
              const std::vector<double>& y2, std::int64_t epoch, const std::string& stopped) const {
    const Buffer<T> memory(host_, targets.rows * targets.cols);
    const Matrix<T> r(memory.data(), targets.rows, targets.cols);
    plugins::apply_kernel<T>(kernel, host_, ridge_, alpha, r);
    for (std::int64_t i = 0; i < r.rows; ++i)
      for (std::int64_t j = 0; j < r.cols; ++j) r(i, j) = targets(i, j) - r(i, j);
    const double residual = plugins::relative_residual(plugins::column_dots<T>(r, r), y2);
    if (!std::isfinite(residual))
      throw Error(ONAGER_NUMERICAL, "the solution is not finite; set step_scale below " +
                                        plugins::in_short(step_scale_));
    host_.emit("epochs", static_cast<double>(epoch));
    host_.emit("residual", residual);
    if (!stopped.empty())
      host_.warn("not converged after " + std::to_string(epoch) + " epochs: relative residual " +
                 plugins::in_short(residual) + ", tolerance " + plugins::in_short(tolerance_) +
                 "; " + stopped);
  }

  onager::Host host_;
  double ridge_;
  std::int64_t subsample_, directions_, batch_;
  double step_scale_;
  std::int64_t epochs_;
  double tolerance_, time_limit_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.eigenpro", "1.0.0", "MIT",
    onager::linear_solver<EigenPro>(
        "eigenpro", "Preconditioned stochastic iterations for (K + ridge I) alpha = y",
        {onager::real("ridge", 0.0, "Added to the diagonal of the kernel matrix").at_least(0),
         onager::integer("subsample", 2000, "Points that the preconditioner is made of")
             .at_least(2),
         onager::integer("directions", 0,
                         "Eigenvectors that are preconditioned; 0: a quarter of the subsample")
             .at_least(0),
         onager::integer("batch", 0,
                         "Samples in a batch; 0: from the spectrum, as many as speed up in "
                         "proportion")
             .at_least(0),
         onager::real("step_scale", 1.0, "Factor of the step that the spectrum gives").above(0),
         onager::integer("epochs", 10, "Passes over the samples").at_least(1),
         onager::real("tolerance", 1e-3,
                      "Norm of an epoch's residuals, relative to the targets, at which to stop")
             .above(0)
             .below(1),
         onager::real("time_limit", std::numeric_limits<double>::infinity(),
                      "Time after which to stop with what there is, seen between batches")
             .unit("s")
             .above(0)})
        .cite("Ma, Belkin, Kernel machines that adapt to GPUs for effective large batch training, "
              "MLSys 2019"))
