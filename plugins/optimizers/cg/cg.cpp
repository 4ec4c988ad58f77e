// SPDX-License-Identifier: MIT
#include "../../common/conjugate_gradients.hpp"
#include "nystrom_preconditioner.hpp"

#include <limits>
#include <optional>

namespace {

using onager::KernelOperator;
using onager::Matrix;
namespace plugins = onager::plugins;

/// Iterative solution of (K + ridge I) alpha = y by conjugate gradients, K as products only.
///
/// alpha, y: n x c. An iteration costs 2 n² (d + c) flops for samples of d features, with the
/// preconditioner of rank m 4 n m c more; 4 n c numbers, and n m + m² for the preconditioner,
/// against n² and n³/3 flops for an exact solution. The iterations needed grow with the square root
/// of the condition number of P⁻¹ (K + ridge I). "residual" is max_j |y_j - (K + ridge I) alpha_j|
/// / |y_j|. Source: conjugate_gradients.hpp, nystrom_preconditioner.hpp.
class ConjugateGradients {
 public:
  ConjugateGradients(const onager::Config& c, const onager::Host& host)
      : host_(host),
        ridge_(c.real("ridge")),
        rank_(c.choice("preconditioner") == "none" ? 0 : c.integer("rank")),
        limits_{c.real("tolerance"), c.integer("max_iterations"), c.real("time_limit")} {}

  template <class T>
  void solve(const KernelOperator<T>& kernel, Matrix<const T> targets, Matrix<T> solution) {
    const std::int64_t n = kernel.size();
    const double vectors = 4 * static_cast<double>(n) * static_cast<double>(targets.cols);
    plugins::require_memory(
        kernel, vectors + (rank_ > 0 ? plugins::NystromPreconditioner<T>::numbers(n, rank_) : 0.0),
        "conjugate gradients for " + std::to_string(n) + " samples",
        rank_ > 0 ? "set rank lower than " + std::to_string(rank_) : "use fewer training samples");

    plugins::IterationLimits limits = limits_;
    const plugins::Deadline deadline(limits.seconds);
    std::optional<plugins::NystromPreconditioner<T>> preconditioner;
    if (rank_ > 0) preconditioner.emplace(kernel, host_, ridge_, rank_);
    limits.seconds = deadline.left();

    const auto outcome = plugins::conjugate_gradients<T>(
        host_,
        [&](Matrix<const T> v, Matrix<T> out) {
          plugins::apply_kernel(kernel, host_, ridge_, v, out);
        },
        [&](Matrix<const T> v, Matrix<T> out) {
          if (preconditioner) preconditioner->apply(v, out);
          else plugins::copy<T>(v, out);
        },
        targets, solution, limits);
    plugins::report(host_, outcome, limits_.tolerance);
  }

 private:
  onager::Host host_;
  double ridge_;
  std::int64_t rank_;
  plugins::IterationLimits limits_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.cg", "1.0.0", "MIT",
    onager::linear_solver<ConjugateGradients>(
        "cg", "Iterative solution of (K + ridge I) alpha = y by conjugate gradients",
        {onager::real("ridge", 0.0, "Added to the diagonal of the kernel matrix").at_least(0),
         onager::choice("preconditioner", {"none", "nystrom"}, "nystrom",
                        "nystrom: from sampled columns of the kernel matrix"),
         onager::integer("rank", 1000, "Columns that the preconditioner samples").at_least(1),
         onager::real("tolerance", 1e-6,
                      "Largest norm of the residual, relative to the targets, at which to stop")
             .above(0)
             .below(1),
         onager::integer("max_iterations", 500, "Iterations after which to stop, with a warning")
             .at_least(1),
         onager::real("time_limit", std::numeric_limits<double>::infinity(),
                      "Time after which to stop with what there is, seen between iterations")
             .unit("s")
             .above(0)})
        .cite("Hestenes, Stiefel, J. Res. Natl. Bur. Stand. 49, 1952; Cutajar et al., ICML 2016"))
