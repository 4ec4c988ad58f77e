// SPDX-License-Identifier: MIT
#include "../../common/tiled_kernel.hpp"
#include "epochs.hpp"

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
/// 2 n² (d + c) + 2 n s (d + c) flops, the predictions of h held-out samples after it 2 h n (d +
/// c). 3 s² + s q numbers to begin with, then s q and vectors; no part of K is stored.
///
/// "residual" is max_j |y_j - (K + ridge I) alpha_j| / |y_j| of the solution, a pass over half of
/// K; the residual that stops the iteration is that of an epoch's batches, each before its step.
/// "error_estimate" is max_j of an estimate of |alpha*_j - alpha_j| / |alpha_j|, alpha* the exact
/// solution; see EpochError. With held-out samples both are those of the other samples.
///
/// Source: Ma, Belkin 2019 (MLSys); step and batch size from Ma, Bassily, Belkin 2018
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
        time_limit_(c.real("time_limit")),
        validation_(c) {}

  double numbers(std::int64_t samples, std::int64_t outputs, double allowed) const {
    return memory_of(samples, outputs, allowed).peak;
  }

  template <class T>
  void solve(const KernelOperator<T>& kernel, Matrix<const T> targets, Matrix<T> solution) {
    const plugins::Deadline deadline(time_limit_);
    const std::int64_t c = targets.cols;
    const Memory memory = memory_of(kernel.size(), c, plugins::allowed_numbers(kernel));
    const plugins::Split split = plugins::split(host_, kernel.size(), validation_.fraction);
    const std::int64_t n = split.training, s = std::min(n, subsample_);
    plugins::require_memory(kernel, memory.needed,
                            "a subsample of " + std::to_string(s) + " points",
                            "set subsample lower");
    host_.progress(0, "preconditioner");
    plugins::Indices points = plugins::sample(host_, n, s);
    for (auto& point : points) point = split.order[static_cast<std::size_t>(point)];
    const plugins::EigenProPreconditioner<T> preconditioner(kernel, host_, ridge_,
                                                            std::move(points), directions_);
    const plugins::EpochStep step =
        step_of(preconditioner.beta(), preconditioner.lambda(), n, memory.batch);
    host_.info(std::to_string(preconditioner.directions()) + " directions of " + std::to_string(s) +
               " points, batches of " + std::to_string(step.batch) + ", step " +
               plugins::in_short(step.size) + "; the kernel matrix is computed in every epoch");

    plugins::set_zero(solution);
    const auto y2 = squares(split, targets);
    Outcome outcome;
    {
      plugins::Epochs<T> epochs(kernel, host_, split, preconditioner, step, ridge_, targets);
      plugins::EarlyStopping<T> validation(host_, split, targets, validation_.patience,
                                           kernel.size());
      iterate(kernel, split, deadline, y2, step, epochs, validation, solution, outcome);
      if (validation.active()) validation.restore(solution);
      const std::int64_t kept = validation.active() ? validation.best_step() : outcome.epochs;
      host_.emit("error_estimate", epochs.error_estimate(kept, solution));
      validation.report(host_, "epoch", outcome.epochs, outcome.early);
    }
    finish(kernel, split, targets, solution, y2, outcome);
  }

 private:
  struct Outcome {
    std::int64_t epochs = 0;
    std::string stopped = "epochs reached";  // why before the tolerance was met; "" when it was
    bool early = false;                      // the held-out samples were the reason to stop
  };

  template <class T>
  void iterate(const KernelOperator<T>& kernel, const plugins::Split& split,
               const plugins::Deadline& deadline, const std::vector<double>& y2,
               const plugins::EpochStep& step, plugins::Epochs<T>& epochs,
               plugins::EarlyStopping<T>& validation, Matrix<T> alpha, Outcome& outcome) const {
    const Buffer<T> memory(host_, split.held_out() * alpha.cols);
    const Matrix<T> predictions(memory.data(), split.held_out(), alpha.cols);
    const plugins::Indices held_out = plugins::part(split.order, split.training, split.held_out());
    plugins::set_zero(predictions);
    validation.check(predictions, alpha, 0);
    double first = 0;
    while (outcome.epochs < epochs_) {
      const auto total = static_cast<double>(epochs_);
      const auto r2 = epochs.run(outcome.epochs, deadline,
                                 static_cast<double>(outcome.epochs) / total, 1 / total, alpha);
      if (!r2) {
        outcome.stopped = "time_limit reached";
        return;
      }
      const double residual = plugins::relative_residual(*r2, y2);
      if (++outcome.epochs == 1) first = std::max(residual, 1.0);
      require_convergence(residual, first, outcome.epochs, step);
      if (validation.active()) {
        kernel.rows_product(held_out, alpha, predictions);
        outcome.early = validation.check(predictions, alpha, outcome.epochs);
      }
      if (outcome.early || residual <= tolerance_) {
        outcome.stopped.clear();
        return;
      }
    }
  }

  struct Memory {
    double needed;  // without it there is no solution
    double batch;   // samples in a batch at most
    double peak;
  };

  Memory memory_of(std::int64_t n, std::int64_t c, double allowed) const {
    using Preconditioner = plugins::EigenProPreconditioner<double>;
    const std::int64_t h = plugins::held_out_count(n, validation_.fraction), t = n - h,
                       s = std::min(t, subsample_);
    // the order of the samples, and of an epoch
    const double base = 2 * static_cast<double>(n) * plugins::index_numbers +
                        Preconditioner::numbers(s, directions_);
    const double making = base + Preconditioner::numbers_to_make(s);
    const double iterating = base + plugins::Epochs<double>::numbers(s, c) +
                             plugins::EarlyStopping<double>::numbers(h, n, c) +
                             static_cast<double>(h * c) +
                             Preconditioner::numbers_to_apply(s, directions_, c);
    const double finishing = base + static_cast<double>((h > 0 ? 2 : 1) * t * c) +
                             plugins::TiledKernel<double>::numbers(t, 0, 0);
    const auto wanted = static_cast<double>(batch_ > 0 ? std::min(t, batch_) : t);
    const double fits = std::floor((allowed - iterating) / static_cast<double>(c));
    const double batch = std::max(1.0, std::min(wanted, fits));
    return {std::max({making, iterating + static_cast<double>(c), finishing}), batch,
            std::max({making, iterating + batch * static_cast<double>(c), finishing})};
  }

  /// The batch and step of the docstring; at most `most` samples fit in memory.
  plugins::EpochStep step_of(double beta, double lambda, std::int64_t n, double most) const {
    const double largest = std::min(static_cast<double>(n), most);
    if (!(beta > 0)) return {static_cast<std::int64_t>(largest), 0};
    double batch = batch_ > 0 ? static_cast<double>(batch_) : beta / lambda + 1;
    batch = std::floor(std::min(batch, largest));
    return {static_cast<std::int64_t>(batch), step_scale_ * batch / (beta + (batch - 1) * lambda)};
  }

  /// |y_j|² over the training samples
  template <class T>
  static std::vector<double> squares(const plugins::Split& split, Matrix<const T> targets) {
    std::vector<double> sums(static_cast<std::size_t>(targets.cols));
    for (std::int64_t i = 0; i < split.training; ++i)
      for (std::int64_t j = 0; j < targets.cols; ++j) {
        const auto y = static_cast<double>(targets(split.order[static_cast<std::size_t>(i)], j));
        sums[static_cast<std::size_t>(j)] += y * y;
      }
    return sums;
  }

  void require_convergence(double residual, double first, std::int64_t epoch,
                           const plugins::EpochStep& step) const {
    if (residual <= 10 * first) return;  // false for NaN
    throw Error(ONAGER_NUMERICAL, "the iteration diverges: relative residual " +
                                      plugins::in_short(residual) + " in epoch " +
                                      std::to_string(epoch) + " with step " +
                                      plugins::in_short(step.size) + "; set step_scale below " +
                                      plugins::in_short(step_scale_) + " or subsample higher");
  }

  template <class T>
  void finish(const KernelOperator<T>& kernel, const plugins::Split& split, Matrix<const T> targets,
              Matrix<T> alpha, const std::vector<double>& y2, const Outcome& outcome) const {
    const std::int64_t n = split.training, c = targets.cols;
    const bool some = split.held_out() > 0;
    const Buffer<T> memory(host_, (some ? 2 : 1) * n * c);
    const Matrix<T> r(memory.data(), n, c);
    Matrix<T> trained = alpha;
    if (some) {
      trained = Matrix<T>(memory.data() + n * c, n, c);
      plugins::gather<T>(alpha, split.order, trained);
    }
    plugins::TiledKernel<T>(kernel, host_, split, 0)
        .product(ridge_, trained, r, Matrix<T>(nullptr, 0, c));
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t j = 0; j < c; ++j)
        r(i, j) = targets(split.order[static_cast<std::size_t>(i)], j) - r(i, j);
    const double residual = plugins::relative_residual(plugins::column_dots<T>(r, r), y2);
    if (!std::isfinite(residual))
      throw Error(ONAGER_NUMERICAL, "the solution is not finite; set step_scale below " +
                                        plugins::in_short(step_scale_));
    host_.emit("epochs", static_cast<double>(outcome.epochs));
    host_.emit("residual", residual);
    if (!outcome.stopped.empty())
      host_.warn("not converged after " + std::to_string(outcome.epochs) +
                 " epochs: relative residual " + plugins::in_short(residual) + ", tolerance " +
                 plugins::in_short(tolerance_) + "; " + outcome.stopped);
  }

  onager::Host host_;
  double ridge_;
  std::int64_t subsample_, directions_, batch_;
  double step_scale_;
  std::int64_t epochs_;
  double tolerance_, time_limit_;
  plugins::ValidationOptions validation_;
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
         plugins::time_limit_parameter(
             "Time after which to stop with what there is, seen between batches"),
         plugins::validation_parameter(),
         plugins::patience_parameter(
             "Epochs without a lower error on the held-out samples after which to stop", 3)})
        .cite("Ma, Belkin, Kernel machines that adapt to GPUs for effective large batch training, "
              "MLSys 2019"))
