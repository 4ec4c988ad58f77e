// SPDX-License-Identifier: MIT
//
// Preconditioned conjugate gradients for several right sides.
#pragma once

#include "early_stopping.hpp"
#include "krylov_error.hpp"

#include <functional>

namespace onager::plugins {

struct IterationLimits {
  double tolerance;
  std::int64_t iterations;
  double seconds;
};

inline Parameter iterations_parameter(std::int64_t value) {
  return integer("max_iterations", value, "Iterations after which to stop, with a warning")
      .at_least(1);
}

/// From the parameters "tolerance", "max_iterations" and "time_limit".
inline IterationLimits limits_of(const Config& c) {
  return {c.real("tolerance"), c.integer("max_iterations"), c.real("time_limit")};
}

/// A x = b with a preconditioner P, both symmetric positive definite.
template <class T>
struct PreconditionedSystem {
  /// out <- A v, and the predictions of the held-out samples for coefficients v
  std::function<void(Matrix<const T> v, Matrix<T> out, Matrix<T> held_out)> apply;
  /// out <- P⁻¹ v
  std::function<void(Matrix<const T> v, Matrix<T> out)> precondition;
  std::int64_t held_out = 0;
  double least_eigenvalue = 0;  // a number that no eigenvalue of P⁻¹ A is below, where one is known
};

struct IterationOutcome {
  std::int64_t iterations = 0;
  double residual = 0;        // max_j |b_j - A x_j| / |b_j|, computed anew from x
  double error_estimate = 0;  // max_j of KrylovError
  std::string stopped;        // why before the tolerance was met; "" when it was
  bool early = false;         // the held-out samples were the reason to stop
};

/// Preconditioned conjugate gradients on A x = b for the columns of b, each with its own step
/// lengths; a product with A serves all columns.
///
///   x = 0, r = b, z = P⁻¹ r, p = z
///   repeat   a = <r,z> / <p,Ap>,  x += a p,  r -= a Ap,  z = P⁻¹ r,
///            p = z + (<r,z> / <r,z> before) p
///
/// b, x, r, z, p, Ap: m x c. When the recurrence says that the tolerance is met, r is computed from
/// x; the iteration begins anew from there when rounding had hidden an error, and ends when that no
/// longer halves it. The predictions f of held-out samples follow the same recurrence, f += a f(p),
/// so that they take no product of their own. An iteration is a product with A, one with P⁻¹ and
/// 10 m c flops; 4 m c numbers, and 2 h c for h held-out samples.
/// Source: Hestenes, Stiefel 1952; Golub, Van Loan, Matrix computations, 2013.
template <class T>
class ConjugateGradients {
 public:
  ConjugateGradients(const Host& host, const PreconditionedSystem<T>& system, Matrix<const T> b,
                     Matrix<T> x, const IterationLimits& limits, EarlyStopping<T>& validation)
      : host_(host),
        system_(system),
        b_(b),
        x_(x),
        limits_(limits),
        validation_(validation),
        m_(b.rows),
        c_(b.cols),
        memory_(host, (4 * m_ + 2 * system.held_out) * c_),
        r_(memory_.data(), m_, c_),
        z_(r_.data + m_ * c_, m_, c_),
        p_(z_.data + m_ * c_, m_, c_),
        ap_(p_.data + m_ * c_, m_, c_),
        predictions_(ap_.data + m_ * c_, system.held_out, c_),
        change_(predictions_.data + system.held_out * c_, system.held_out, c_),
        rz_(static_cast<std::size_t>(c_)),
        step_(rz_),
        active_(rz_.size()),
        drifted_(rz_.size()),
        errors_(rz_.size()) {}

  static double numbers(std::int64_t rows, std::int64_t held_out, std::int64_t outputs) {
    return static_cast<double>((4 * rows + 2 * held_out) * outputs);
  }

  IterationOutcome run() {
    const Deadline deadline(limits_.seconds);
    set_zero(x_);
    set_zero(predictions_);
    copy<T>(b_, r_);
    b2_ = r2_ = column_dots<T>(b_, b_);
    outcome_.residual = relative_residual(r2_, b2_);
    require_finite(outcome_.residual);
    validation_.check(predictions_, x_, 0);

    double exact = 1;  // residual when r was last computed from x
    for (;;) {
      const bool any = choose_active();
      if (any && outcome_.iterations >= limits_.iterations)
        outcome_.stopped = "max_iterations reached";
      if (any && deadline.passed()) outcome_.stopped = "time_limit reached";
      if (!any || !outcome_.stopped.empty()) {
        if (!fresh_) recompute();
        if (outcome_.residual <= limits_.tolerance) outcome_.stopped.clear();
        if (outcome_.residual <= limits_.tolerance || !outcome_.stopped.empty()) return finish();
        if (outcome_.residual > 0.5 * exact) {
          outcome_.stopped =
              "rounding, or a matrix that is singular to it, allows no smaller residual";
          return finish();
        }
        exact = outcome_.residual;
        fresh_ = true;
        continue;
      }
      host_.stop_if_cancelled();
      choose_directions();
      advance();
      outcome_.early = validation_.check(predictions_, x_, outcome_.iterations);
      if (outcome_.early) return finish();
      const double left = std::clamp(relative_residual(r2_, b2_), limits_.tolerance, 1.0);
      host_.progress(std::log(left) / std::log(std::min(limits_.tolerance, 0.5)),
                     "conjugate gradients");
    }
  }

 private:
  void require_finite(double residual) const {
    if (residual < 1e8) return;  // false for NaN
    throw Error(ONAGER_NUMERICAL,
                "conjugate gradients diverge: relative residual " + in_short(residual) + " after " +
                    std::to_string(outcome_.iterations) +
                    " iterations; check the scale of the features and targets, or set ridge "
                    "above 0");
  }

  /// Columns whose residual is above the tolerance; false when there are none.
  bool choose_active() {
    const double goal2 = limits_.tolerance * limits_.tolerance;
    bool any = false;
    for (std::size_t j = 0; j < active_.size(); ++j) {
      if (fresh_) active_[j] = true;
      if (r2_[j] <= goal2 * b2_[j]) active_[j] = false;
      any = any || active_[j];
    }
    return any;
  }

  void recompute() {
    const auto recurred = r2_;
    system_.apply(x_, ap_, predictions_);
    for (std::int64_t i = 0; i < m_; ++i)
      for (std::int64_t j = 0; j < c_; ++j) r_(i, j) = b_(i, j) - ap_(i, j);
    r2_ = column_dots<T>(r_, r_);
    for (std::size_t j = 0; j < r2_.size(); ++j) drifted_[j] = r2_[j] > 4 * recurred[j];
    outcome_.residual = relative_residual(r2_, b2_);
    require_finite(outcome_.residual);
  }

  void choose_directions() {
    system_.precondition(r_, z_);
    const auto rz = column_dots<T>(r_, z_);
    for (std::size_t j = 0; j < rz.size(); ++j) {
      step_[j] = fresh_ ? 0 : rz[j] / rz_[j];
      if (fresh_) errors_[j].restart();
    }
    for (std::int64_t i = 0; i < m_; ++i)
      for (std::int64_t j = 0; j < c_; ++j) {
        const auto s = static_cast<std::size_t>(j);
        // p was not written before the first step, and a column at rest divides by 0
        if (!active_[s]) p_(i, j) = T(0);
        else if (fresh_) p_(i, j) = z_(i, j);
        else p_(i, j) = z_(i, j) + static_cast<T>(step_[s]) * p_(i, j);
      }
    rz_ = rz;
    fresh_ = false;
  }

  void advance() {
    system_.apply(p_, ap_, change_);
    const auto pap = column_dots<T>(p_, ap_);
    for (std::size_t j = 0; j < pap.size(); ++j) {
      if (active_[j]) require_finite(pap[j] - pap[j] + 1);
      // A is positive definite on paper: at this level it is only rounding
      if (!(pap[j] > 0 && rz_[j] > 0)) active_[j] = false;
      step_[j] = active_[j] ? rz_[j] / pap[j] : 0;
      if (active_[j]) errors_[j].step(step_[j], rz_[j]);
      else errors_[j].rest();
    }
    add_steps(p_, 1, x_);
    add_steps(ap_, -1, r_);
    add_steps(change_, 1, predictions_);
    ++outcome_.iterations;
    r2_ = column_dots<T>(r_, r_);
    require_finite(relative_residual(r2_, b2_));
  }

  /// to_j += sign a_j by_j
  void add_steps(Matrix<const T> by, double sign, Matrix<T> to) const {
    for (std::int64_t i = 0; i < to.rows; ++i)
      for (std::int64_t j = 0; j < to.cols; ++j)
        to(i, j) += static_cast<T>(sign * step_[static_cast<std::size_t>(j)]) * by(i, j);
  }

  IterationOutcome finish() {
    const auto best = validation_.active() ? validation_.best_step() : outcome_.iterations;
    system_.precondition(r_, z_);
    const auto rz = column_dots<T>(r_, z_);
    for (std::size_t j = 0; j < rz.size(); ++j)
      outcome_.error_estimate = std::max(
          outcome_.error_estimate, errors_[j].relative(static_cast<std::size_t>(best), rz[j],
                                                       system_.least_eigenvalue, drifted_[j]));
    if (validation_.active()) {
      validation_.restore(x_);
      recompute();
    }
    return outcome_;
  }

  Host host_;
  const PreconditionedSystem<T>& system_;
  Matrix<const T> b_;
  Matrix<T> x_;
  IterationLimits limits_;
  EarlyStopping<T>& validation_;
  std::int64_t m_, c_;
  Buffer<T> memory_;
  Matrix<T> r_, z_, p_, ap_, predictions_, change_;
  std::vector<double> b2_, r2_, rz_, step_;
  std::vector<bool> active_, drifted_;
  std::vector<KrylovError> errors_;
  bool fresh_ = true;  // r is exact, and directions start anew
  IterationOutcome outcome_;
};

/// Emits what an iteration did, with a warning when it did not converge.
inline void report(const Host& host, const IterationOutcome& outcome, double tolerance) {
  host.emit("iterations", static_cast<double>(outcome.iterations));
  host.emit("residual", outcome.residual);
  host.emit("error_estimate", outcome.error_estimate);
  if (!outcome.stopped.empty())
    host.warn("not converged after " + std::to_string(outcome.iterations) +
              " iterations: relative residual " + in_short(outcome.residual) + ", tolerance " +
              in_short(tolerance) + "; " + outcome.stopped);
}

}  // namespace onager::plugins
