// SPDX-License-Identifier: MIT
#include "../../common/conjugate_gradients.hpp"
#include "../../common/tiled_kernel.hpp"
#include "low_rank_preconditioner.hpp"

#include <limits>
#include <optional>

namespace {

using onager::Buffer;
using onager::KernelOperator;
using onager::Matrix;
namespace plugins = onager::plugins;

/// Iterative solution of (K + ridge I) alpha = y by conjugate gradients.
///
/// alpha, y: n x c. K is kept where half of the memory that is left holds its lower part, n²/2
/// numbers, and in part or not at all where it does not. An iteration costs 2 n² c flops with what
/// is kept and n² (d + 2 c) with what is not, for samples of d features; the preconditioner of rank
/// m 4 n m c. 4 n c numbers, and n m + m² for the preconditioner, against n² numbers and n³/3 flops
/// for an exact solution. The iterations needed grow with the square root of the condition number
/// of P⁻¹ (K + ridge I).
///
/// "residual" is max_j |y_j - (K + ridge I) alpha_j| / |y_j|. "error_estimate" is an estimate from
/// above of the relative error of the coefficients in the norm |e|² = e' (K + ridge I) e, which for
/// ridge = 0 is the norm of the predictor in the kernel's Hilbert space; see KrylovError.
/// With held-out samples all of this holds for the others.
/// Source: conjugate_gradients.hpp, low_rank_preconditioner.hpp.
class ConjugateGradients {
 public:
  ConjugateGradients(const onager::Config& c, const onager::Host& host)
      : host_(host),
        ridge_(c.real("ridge")),
        rank_(c.choice("preconditioner") == "none" ? 0 : c.integer("rank")),
        columns_(c.choice("preconditioner") == "nystrom" ? plugins::Columns::sampled
                                                         : plugins::Columns::pivoted),
        limits_(plugins::limits_of(c)),
        validation_(c) {}

  double numbers(std::int64_t samples, std::int64_t outputs, double allowed) const {
    return memory_of(samples, outputs, allowed).peak;
  }

  template <class T>
  void solve(const KernelOperator<T>& kernel, Matrix<const T> targets, Matrix<T> solution) {
    const std::int64_t n = kernel.size(), c = targets.cols;
    const Memory memory = memory_of(n, c, plugins::allowed_numbers(kernel));
    plugins::require_memory(
        kernel, memory.needed, "conjugate gradients for " + std::to_string(n) + " samples",
        rank_ > 0 ? "set rank lower than " + std::to_string(rank_) : "use fewer training samples");

    plugins::IterationLimits limits = limits_;
    limits.tolerance = plugins::tolerance_or_default<T>(limits_.tolerance, 1e-6, 1e-4);
    const plugins::Deadline deadline(limits.seconds);
    const plugins::Split split = plugins::split(host_, n, validation_.fraction);
    std::optional<plugins::LowRankPreconditioner<T>> preconditioner;
    if (rank_ > 0) preconditioner.emplace(kernel, host_, split, ridge_, rank_, columns_);

    plugins::TiledKernel<T> matrix(kernel, host_, split, memory.tiles);
    matrix.report();
    plugins::EarlyStopping<T> validation(host_, split, targets, validation_.patience,
                                         split.training);
    plugins::PreconditionedSystem<T> system;
    system.apply = [&](Matrix<const T> v, Matrix<T> out, Matrix<T> held_out) {
      matrix.product(ridge_, v, out, held_out);
    };
    system.precondition = [&](Matrix<const T> v, Matrix<T> out) {
      if (preconditioner) preconditioner->apply(v, out);
      else plugins::copy<T>(v, out);
    };
    system.held_out = split.held_out();
    system.least_eigenvalue = ridge_;

    const auto run = [&](Matrix<const T> b, Matrix<T> x) {
      limits.seconds = deadline.left();
      return plugins::ConjugateGradients<T>(host_, system, b, x, limits, validation).run();
    };
    plugins::IterationOutcome outcome;
    if (!validation.active()) {
      outcome = run(targets, solution);
    } else {
      const Buffer<T> part(host_, 2 * split.training * c);
      const Matrix<T> b(part.data(), split.training, c), x(b.data + b.rows * c, b.rows, c);
      plugins::gather(targets, split.order, b);
      outcome = run(b, x);
      plugins::scatter<T>(x, split.order, solution);
    }
    plugins::report(host_, outcome, limits.tolerance);
    validation.report(host_, "iteration", outcome.iterations, outcome.early);
  }

 private:
  struct Memory {
    double needed;  // without it there is no solution
    double tiles;   // what the kernel matrix may take
    double peak;
  };

  Memory memory_of(std::int64_t n, std::int64_t c, double allowed) const {
    using Preconditioner = plugins::LowRankPreconditioner<double>;
    using Tiles = plugins::TiledKernel<double>;
    const std::int64_t h = plugins::held_out_count(n, validation_.fraction), t = n - h;
    // the order of the samples, and of a random choice among them
    const double base = 2 * static_cast<double>(n) * plugins::index_numbers +
                        (rank_ > 0 ? Preconditioner::numbers(t, rank_) : 0);
    const double making =
        base + (rank_ > 0 ? Preconditioner::numbers_to_make(n, t, rank_, columns_) : 0);
    const double iterating = base + plugins::ConjugateGradients<double>::numbers(t, h, c) +
                             (rank_ > 0 ? Preconditioner::numbers_to_apply(t, rank_, c) : 0) +
                             plugins::EarlyStopping<double>::numbers(h, t, c) +
                             (h > 0 ? 2 * static_cast<double>(t) * static_cast<double>(c) : 0);
    const double tiles = (allowed - iterating) / 2;
    return {std::max(making, iterating + Tiles::numbers(t, h, 0)), tiles,
            std::max(making, iterating + Tiles::numbers(t, h, tiles))};
  }

  onager::Host host_;
  double ridge_;
  std::int64_t rank_;
  plugins::Columns columns_;
  plugins::IterationLimits limits_;
  plugins::ValidationOptions validation_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.cg", "1.0.0", "MIT",
    onager::linear_solver<ConjugateGradients>(
        "cg", "Iterative solution of (K + ridge I) alpha = y by conjugate gradients",
        {onager::real("ridge", 0.0, "Added to the diagonal of the kernel matrix").at_least(0),
         onager::choice("preconditioner", {"none", "nystrom", "partial_cholesky"}, "nystrom",
                        "From columns of the kernel matrix: nystrom draws them, partial_cholesky "
                        "takes the one where the diagonal is approximated worst"),
         onager::integer("rank", 1000, "Columns that the preconditioner is made of").at_least(1),
         onager::real("tolerance", 0.0,
                      "Largest norm of the residual, relative to the targets, at which to stop; "
                      "0: 1e-6 in float64, 1e-4 in float32")
             .at_least(0)
             .below(1),
         plugins::iterations_parameter(500),
         plugins::time_limit_parameter(
             "Time after which to stop with what there is, seen between iterations"),
         plugins::validation_parameter(),
         plugins::patience_parameter(
             "Iterations without a lower error on the held-out samples after which to stop", 5)})
        .cite("Hestenes, Stiefel, J. Res. Natl. Bur. Stand. 49, 1952; Cutajar et al., ICML 2016; "
              "Harbrecht, Peters, Schneider, Appl. Numer. Math. 62, 2012; Gardner et al., NeurIPS "
              "2018"))
