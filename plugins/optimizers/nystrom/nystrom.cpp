// SPDX-License-Identifier: MIT
#include "../../common/conjugate_gradients.hpp"
#include "sampled_features.hpp"

#include <limits>

namespace {

using onager::Buffer;
using onager::KernelOperator;
using onager::Matrix;
namespace plugins = onager::plugins;

/// Kernel ridge regression with coefficients on m sampled centres only, as Falkon solves it.
///
///   minimise |K_nm a - y|² + ridge a' K_mm a         a: m x c, zero for all other samples
///   (F'F + ridge I) g = F'y,   F = K_nm L⁻ᵀ,  L L' = K_mm,  a = L⁻ᵀ g
///
/// by conjugate gradients in g, preconditioned with the same matrix where the centres stand for all
/// samples, P = (n/m) L'L + ridge I. In g rather than a the condition number is not squared by
/// K_mm. ridge is what the paper calls lambda n. For m < n the solution is not the one of
/// (K + ridge I) alpha = y: it is the regularisation that few centres give. "residual" is
/// max_j |F'y_j - (F'F + ridge I) g_j| / |F'y_j|.
///
/// "error_estimate" is an estimate from above of the relative error of g in the norm of that
/// system, |e|² = |f|² + ridge |f|²_H for the predictor f of the error: the sum over the training
/// samples and the norm of the kernel's Hilbert space; see KrylovError. With held-out samples n
/// counts the others.
///
/// 2 n m d flops once where K_nm is held, at every iteration where it is not; 10 m³ / 3 to set up;
/// (4 n m + 6 m²) c an iteration. 2 m² numbers, and K_nm in half of the memory that is left.
/// Source: Rudi, Carratino, Rosasco 2017 (NeurIPS), with uniform sampling.
class Nystrom {
 public:
  Nystrom(const onager::Config& c, const onager::Host& host)
      : host_(host),
        ridge_(c.real("ridge")),
        centers_(c.integer("centers")),
        limits_(plugins::limits_of(c)),
        validation_(c) {}

  double numbers(std::int64_t samples, std::int64_t outputs, double allowed) const {
    return memory_of(samples, outputs, allowed).peak;
  }

  template <class T>
  void solve(const KernelOperator<T>& kernel, Matrix<const T> targets, Matrix<T> solution) {
    const plugins::Deadline deadline(limits_.seconds);
    const std::int64_t c = targets.cols;
    const Memory memory = memory_of(kernel.size(), c, plugins::allowed_numbers(kernel));
    const plugins::Split split = plugins::split(host_, kernel.size(), validation_.fraction);
    const std::int64_t n = split.training, m = std::min(n, centers_);
    plugins::require_memory(kernel, memory.needed, std::to_string(m) + " centers",
                            "set centers lower");

    plugins::Indices centers = plugins::sample(host_, n, m);
    for (auto& center : centers) center = split.order[static_cast<std::size_t>(center)];
    const Buffer<T> l_memory(host_, m * m), p_memory(host_, m * m);
    const Matrix<T> l(l_memory.data(), m, m), p(p_memory.data(), m, m);
    plugins::factor_sampled(kernel, host_, centers, l);
    precondition<T>(l, static_cast<double>(n) / static_cast<double>(m), p);
    plugins::invert_lower(host_, l);
    plugins::SampledFeatures<T> features(kernel, host_, split, centers, l, memory.features);
    features.report();

    const Buffer<T> g_memory(host_, 2 * m * c);
    const Matrix<T> g(g_memory.data(), m, c), right(g.data + m * c, m, c);
    project(features, split, targets, right);

    plugins::EarlyStopping<T> validation(host_, split, targets, validation_.patience, m);
    plugins::PreconditionedSystem<T> system;
    system.apply = [&](Matrix<const T> v, Matrix<T> out, Matrix<T> held_out) {
      features.normal_product(ridge_, v, out, held_out);
    };
    system.precondition = [&](Matrix<const T> v, Matrix<T> out) {
      plugins::copy<T>(v, out);
      host_.cholesky_solve<T>(p, out);
    };
    system.held_out = split.held_out();
    plugins::IterationLimits limits = limits_;
    limits.seconds = deadline.left();
    const auto outcome =
        plugins::ConjugateGradients<T>(host_, system, right, g, limits, validation).run();

    features.coefficients_of(g, right);
    plugins::scatter<T>(right, centers, solution);
    plugins::report(host_, outcome, limits.tolerance);
    validation.report(host_, "iteration", outcome.iterations, outcome.early);
  }

 private:
  struct Memory {
    double needed;    // without it there is no solution
    double features;  // what the kernel of the centers may take
    double peak;
  };

  Memory memory_of(std::int64_t n, std::int64_t c, double allowed) const {
    using Features = plugins::SampledFeatures<double>;
    const std::int64_t h = plugins::held_out_count(n, validation_.fraction), t = n - h,
                       m = std::min(t, centers_), half = (m + 1) / 2;
    // the order of the samples, of a random choice among them, and the centers twice
    const double squares = 2 * static_cast<double>(m) * static_cast<double>(m) +
                           2 * static_cast<double>(n + m) * plugins::index_numbers;
    const double making = squares + static_cast<double>(half) * static_cast<double>(half);
    const double projecting = static_cast<double>(m * c + (h > 0 ? t * c : 0));
    const double iterating = plugins::ConjugateGradients<double>::numbers(m, h, c) +
                             plugins::EarlyStopping<double>::numbers(h, m, c) +
                             Features::numbers_to_apply(t, m, c);
    const double using_features =
        squares + 2 * static_cast<double>(m * c) + std::max(projecting, iterating);
    const double features = (allowed - using_features) / 2;
    return {std::max(making, using_features + Features::numbers(t, h, m, 0)), features,
            std::max(making, using_features + Features::numbers(t, h, m, features))};
  }

  /// right <- F'y for the training samples' targets
  template <class T>
  void project(plugins::SampledFeatures<T>& features, const plugins::Split& split,
               Matrix<const T> targets, Matrix<T> right) const {
    if (split.held_out() == 0) return features.project(targets, right);
    const Buffer<T> memory(host_, split.training * targets.cols);
    const Matrix<T> y(memory.data(), split.training, targets.cols);
    plugins::gather(targets, split.order, y);
    features.project(y, right);
  }

  /// p <- Cholesky factor of scale L'L + ridge I. 7 m³ / 3 flops.
  template <class T>
  void precondition(Matrix<T> l, double scale, Matrix<T> p) const {
    host_.gemm<T>(scale, l, true, l, false, 0, p);
    double trace = 0;
    for (std::int64_t i = 0; i < p.rows; ++i) trace += static_cast<double>(p(i, i));
    const double rounding = static_cast<double>(std::numeric_limits<T>::epsilon()) * trace;
    for (std::int64_t i = 0; i < p.rows; ++i) p(i, i) += static_cast<T>(std::max(ridge_, rounding));
    if (host_.cholesky<T>(p) != 0)
      throw onager::Error(ONAGER_NUMERICAL,
                          "the kernel matrix of " + std::to_string(p.rows) +
                              " centers is nearly singular; set centers lower or ridge above " +
                              plugins::in_short(std::max(ridge_, rounding)));
  }

  onager::Host host_;
  double ridge_;
  std::int64_t centers_;
  plugins::IterationLimits limits_;
  plugins::ValidationOptions validation_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.nystrom", "1.0.0", "MIT",
    onager::linear_solver<Nystrom>(
        "nystrom", "Kernel ridge regression on sampled centers, by preconditioned iterations",
        {onager::real("ridge", 0.0, "Weight of the squared norm of the predictor").at_least(0),
         onager::integer("centers", 5000, "Samples that may have coefficients").at_least(1),
         onager::real("tolerance", 1e-3,
                      "Largest norm of the residual, relative to the right side, at which to stop")
             .above(0)
             .below(1),
         plugins::iterations_parameter(100),
         plugins::time_limit_parameter(
             "Time after which to stop with what there is, seen between iterations"),
         plugins::validation_parameter(),
         plugins::patience_parameter(
             "Iterations without a lower error on the held-out samples after which to stop", 5)})
        .cite("Rudi, Carratino, Rosasco, FALKON: an optimal large scale kernel method, NeurIPS "
              "2017"))
