// SPDX-License-Identifier: MIT
#include "leave_one_out.hpp"

#include <onager/optimizer.hpp>

namespace {

using onager::Buffer;
using onager::Error;
using onager::KernelOperator;
using onager::Matrix;
namespace plugins = onager::plugins;
using plugins::in_short;
using plugins::RidgeErrors;

/// Exact solution of (K + ridge I) alpha = y for the ridge of a path that predicts left out
/// training samples best, by one eigendecomposition K = Q diag(l) Q':
///
///   alpha = Q diag(1 / (l + ridge)) Q' y
///
/// Q takes the place of K: n² numbers, and 2 n² for the host's eigensolver while it works. About
/// 4 n³ flops, then 2 n² (c + 1) a ridge; see leave_one_out.hpp.
///
/// Rounding leaves eigenvalues of about eps |K|, of either sign, where there is none. A ridge with
/// ridge + min l below n eps times the mean of the diagonal is raised to that: jitter, of the same
/// size as in an exact solution by factorisation.
class RidgePath {
 public:
  RidgePath(const onager::Config& c, const onager::Host& host)
      : host_(host),
        ridges_(c.reals("ridges")),
        count_(c.integer("count")),
        by_gcv_(c.choice("criterion") == "gcv"),
        may_jitter_(c.flag("jitter")) {
    if (!ridges_.empty() && !c.is_default("count"))
      throw Error(ONAGER_INVALID, "count has no meaning beside ridges, which lists " +
                                      std::to_string(ridges_.size()) + "; leave one of them out");
  }

  /// The matrix and its eigenvalues; beside them first LAPACK's workspace (syevd: 2 n² + 6 n + 1
  /// numbers, 5 n + 3 integers) with another copy of the eigenvalues, then what the path needs.
  template <class T>
  double numbers(std::int64_t samples, std::int64_t outputs, double) const {
    const double n = static_cast<double>(samples), c = static_cast<double>(outputs);
    const double eigensolver = 2 * n * n + 7 * n + 1 + (5 * n + 3) * sizeof(int) / sizeof(T);
    const double path = n * c + plugins::PathBlocks::numbers(samples, outputs, path_length());
    const double solving =
        n * c + std::max(n * c, static_cast<double>(plugins::residual_samples(samples)) * c);
    return n * static_cast<double>(plugins::padded(samples)) + n +
           std::max({eigensolver, path, solving});
  }

  template <class T>
  void solve(const KernelOperator<T>& kernel, Matrix<const T> targets, Matrix<T> solution) {
    const std::int64_t n = kernel.size(), c = targets.cols;
    plugins::require_memory(kernel, numbers<T>(n, c, 0),
                            "the eigenvectors of " + std::to_string(n) + " samples",
                            std::string("use fewer training samples, ") +
                                (sizeof(T) == 8 ? "precision = \"float32\", " : "") +
                                "or cholesky with one ridge, a third of the memory");
    const Buffer<T> memory(host_, n * plugins::padded(n)), value_memory(host_, n);
    const Matrix<T> q = plugins::dense(memory, n), values(value_memory.data(), n, 1);
    kernel.fill(ONAGER_LOWER, q);
    plugins::require_finite<T>(q);
    double trace = 0;
    for (std::int64_t i = 0; i < n; ++i) trace += static_cast<double>(q(i, i));
    host_.stop_if_cancelled();
    host_.symmetric_eigen<T>(q, values);

    const Buffer<T> b_memory(host_, n * c);
    const Matrix<T> b(b_memory.data(), n, c);
    host_.gemm<T>(1, q, true, targets, false, 0, b);
    const plugins::Spectrum<T> spectrum{q, values, targets, b};
    const double smallest = spectrum.value(0), largest = spectrum.value(n - 1);
    if (!(largest > 0))
      throw Error(ONAGER_NUMERICAL, "the kernel matrix of " + std::to_string(n) +
                                        " samples has no eigenvalue above 0");
    const double eps = static_cast<double>(std::numeric_limits<T>::epsilon());
    const double least = eps * trace - smallest;  // n eps times the mean of the diagonal

    const std::vector<double> wanted =
        ridges_.empty() ? grid(std::max(1e-8 * trace / static_cast<double>(n), least), largest)
                        : ridges_;
    std::vector<RidgeErrors> path = raised(wanted, least, smallest, trace);
    plugins::leave_one_out(host_, spectrum, path);
    const std::size_t chosen = best(path);
    const double ridge = path[chosen].ridge;
    solve_with(spectrum, path[chosen], solution);

    const double jitter = ridge - wanted_of(wanted, ridge);
    if (jitter > 0)
      host_.warn(
          "the kernel matrix is not positive definite to rounding: its least eigenvalue is " +
          in_short(smallest) + " for the largest of " + in_short(largest) +
          "; ridge = " + in_short(ridge - jitter) + " was raised to " + in_short(ridge));
    if (path.size() > 1 && ridge == largest_of(path))
      host_.info("the largest ridge of the path, " + in_short(ridge) +
                 ", is the best one; a larger one may be better");
    report(path, path[chosen]);
    host_.emit("jitter", jitter);
    const double residual =
        plugins::sampled_residual<T>(kernel, host_, ridge - jitter, targets, solution);
    host_.emit("residual", residual);
    host_.emit("error_estimate", residual * (largest + ridge) / (smallest + ridge));
  }

 private:
  std::int64_t path_length() const {
    return ridges_.empty() ? count_ : static_cast<std::int64_t>(ridges_.size());
  }

  std::vector<double> grid(double from, double to) const {
    from = std::min(from, to);
    std::vector<double> out;
    for (std::int64_t k = 0; k < count_; ++k)
      out.push_back(from *
                    std::pow(to / from, static_cast<double>(k) / static_cast<double>(count_ - 1)));
    return out;
  }

  /// The ridges that are tried: those below `least` raised to it, or with jitter = false left out.
  std::vector<RidgeErrors> raised(const std::vector<double>& wanted, double least, double smallest,
                                  double trace) const {
    std::vector<RidgeErrors> path;
    for (const double ridge : wanted)
      if (ridge >= least || may_jitter_) path.push_back({std::max(ridge, least)});
    if (path.empty())
      throw Error(ONAGER_NUMERICAL,
                  "the kernel matrix plus ridge = " +
                      in_short(*std::max_element(wanted.begin(), wanted.end())) +
                      " is not positive definite to rounding: its least eigenvalue is " +
                      in_short(smallest) + ", its trace " + in_short(trace) + "; add a ridge of " +
                      in_short(2 * least) +
                      " or more to ridges, or look for "
                      "samples that occur twice");
    return path;
  }

  /// The wanted ridge that became `ridge`: itself, or the largest that was raised to it.
  static double wanted_of(const std::vector<double>& wanted, double ridge) {
    double found = 0;
    for (const double w : wanted)
      if (w <= ridge) found = std::max(found, w);
    return found;
  }
  static double largest_of(const std::vector<RidgeErrors>& path) {
    double largest = 0;
    for (const auto& errors : path) largest = std::max(largest, errors.ridge);
    return largest;
  }

  /// The least by the criterion; of equal ones that with the larger ridge.
  std::size_t best(const std::vector<RidgeErrors>& path) const {
    const auto value = [&](const RidgeErrors& e) { return by_gcv_ ? e.gcv : e.loo_mse; };
    std::size_t chosen = path.size();
    for (std::size_t k = 0; k < path.size(); ++k) {
      if (!std::isfinite(value(path[k]))) continue;
      if (chosen == path.size() || value(path[k]) < value(path[chosen]) ||
          (value(path[k]) == value(path[chosen]) && path[k].ridge > path[chosen].ridge))
        chosen = k;
    }
    if (chosen == path.size())
      throw Error(ONAGER_NUMERICAL,
                  "the leave-one-out error is finite for no ridge of the path; "
                  "check that the targets are finite");
    return chosen;
  }

  /// solution <- Q diag(1 / (l + ridge)) B
  template <class T>
  void solve_with(const plugins::Spectrum<T>& spectrum, const RidgeErrors& chosen,
                  Matrix<T> solution) const {
    const Buffer<T> memory(host_, solution.rows * solution.cols);
    const Matrix<T> scaled(memory.data(), solution.rows, solution.cols);
    plugins::scale_by_ridges(spectrum, &chosen, 1, scaled);
    host_.gemm<T>(1, spectrum.q, false, scaled, false, 0, solution);
  }

  void report(const std::vector<RidgeErrors>& path, const RidgeErrors& chosen) const {
    const bool classes = std::isfinite(chosen.loo_accuracy);
    onager::Table table(static_cast<std::int64_t>(path.size()), classes ? 4 : 3);
    for (std::int64_t k = 0; k < table.rows; ++k) {
      const RidgeErrors& errors = path[static_cast<std::size_t>(k)];
      table(k, 0) = errors.ridge;
      table(k, 1) = errors.loo_mse;
      table(k, 2) = errors.gcv;
      if (classes) table(k, 3) = errors.loo_accuracy;
    }
    host_.emit("ridge", chosen.ridge);
    host_.emit("loo_mse", chosen.loo_mse);
    host_.emit("gcv", chosen.gcv);
    if (classes) host_.emit("loo_accuracy", chosen.loo_accuracy);
    host_.emit("ridge_path", table.view().array());
  }

  onager::Host host_;
  std::vector<double> ridges_;
  std::int64_t count_;
  bool by_gcv_, may_jitter_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.ridge_path", "1.0.0", "MIT",
    onager::linear_solver<RidgePath>(
        "ridge_path",
        "Exact solution with the ridge of least leave-one-out error, by one eigendecomposition",
        {onager::reals("ridges",
                       "Ridges to try; left out: from 1e-8 of the mean eigenvalue to the largest "
                       "eigenvalue")
             .at_least(0),
         onager::integer("count", 25, "Number of ridges to try, evenly on a log scale").at_least(2),
         onager::choice("criterion", {"loo", "gcv"}, "loo",
                        "What is least: the leave-one-out mean squared error, or generalised "
                        "cross-validation"),
         onager::flag("jitter", true,
                      "Raise ridges with which the matrix is not positive definite to rounding; "
                      "false: leave them out")})
        .cite("Rifkin, Lippert, Notes on regularized least squares, MIT-CSAIL-TR-2007-025, 2007; "
              "Golub, Heath, Wahba, Technometrics 21, 1979"))
