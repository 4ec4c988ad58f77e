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
/// 2 n m d flops once where K_nm is held, at every iteration where it is not; 10 m³ / 3 to set up;
/// (4 n m + 6 m²) c an iteration. 2 m² numbers, and K_nm in half of the memory that is left.
/// Source: Rudi, Carratino, Rosasco 2017 (NeurIPS), algorithm 1, uniform sampling.
class Nystrom {
 public:
  Nystrom(const onager::Config& c, const onager::Host& host)
      : host_(host),
        ridge_(c.real("ridge")),
        centers_(c.integer("centers")),
        limits_{c.real("tolerance"), c.integer("max_iterations"), c.real("time_limit")} {}

  template <class T>
  void solve(const KernelOperator<T>& kernel, Matrix<const T> targets, Matrix<T> solution) {
    const std::int64_t n = kernel.size(), m = std::min(n, centers_), c = targets.cols;
    const double squares = 2 * static_cast<double>(m) * static_cast<double>(m);
    const double block = static_cast<double>(std::min(n, plugins::chunk_rows) * (m + c));
    const double needed = squares + block + 10 * static_cast<double>(m * c);
    plugins::require_memory(kernel, needed, std::to_string(m) + " centers", "set centers lower");
    const double left = static_cast<double>(kernel.memory()) / sizeof(T) - needed;

    plugins::IterationLimits limits = limits_;
    const plugins::Deadline deadline(limits.seconds);
    const plugins::Indices centers = plugins::sample(host_, n, m);
    const Buffer<T> l_memory(host_, m * m), p_memory(host_, m * m), g_memory(host_, 3 * m * c);
    const Matrix<T> l(l_memory.data(), m, m), p(p_memory.data(), m, m);
    plugins::factor_sampled(kernel, host_, centers, l);
    precondition<T>(l, static_cast<double>(n) / static_cast<double>(m), p);
    plugins::invert_lower(host_, l);
    const plugins::SampledFeatures<T> features(kernel, host_, centers, l, left / 2);

    const Matrix<T> g(g_memory.data(), m, c), right(g.data + m * c, m, c),
        a(right.data + m * c, m, c);
    features.project(targets, right);
    limits.seconds = deadline.left();
    const auto outcome = plugins::conjugate_gradients<T>(
        host_, [&](Matrix<const T> v, Matrix<T> out) { features.normal_product(ridge_, v, out); },
        [&](Matrix<const T> v, Matrix<T> out) {
          plugins::copy<T>(v, out);
          host_.cholesky_solve<T>(p, out);
        },
        right, g, limits);

    features.coefficients_of(g, a);
    plugins::set_zero(solution);
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t j = 0; j < c; ++j)
        solution(centers[static_cast<std::size_t>(i)], j) = a(i, j);
    plugins::report(host_, outcome, limits_.tolerance);
  }

 private:
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
         onager::integer("max_iterations", 100, "Iterations after which to stop, with a warning")
             .at_least(1),
         onager::real("time_limit", std::numeric_limits<double>::infinity(),
                      "Time after which to stop with what there is, seen between iterations")
             .unit("s")
             .above(0)})
        .cite("Rudi, Carratino, Rosasco, FALKON: an optimal large scale kernel method, NeurIPS "
              "2017"))
