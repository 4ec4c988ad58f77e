// SPDX-License-Identifier: MIT
//
// Preconditioned conjugate gradients for several right sides.
#pragma once

#include "kernel_system.hpp"

namespace onager::plugins {

struct IterationLimits {
  double tolerance;
  std::int64_t iterations;
  double seconds;
};

struct IterationOutcome {
  std::int64_t iterations = 0;
  double residual = 0;  // max_j |b_j - A x_j| / |b_j|, computed anew from x
  std::string stopped;  // why before the tolerance was met; "" when it was
};

/// Preconditioned conjugate gradients on A x = b for the columns of b, each with its own step
/// lengths; a product with A serves all columns.
///
///   x = 0, r = b, z = P⁻¹ r, p = z
///   repeat   a = <r,z> / <p,Ap>,  x += a p,  r -= a Ap,  z = P⁻¹ r,
///            p = z + (<r,z> / <r,z> before) p
///
/// b, x, r, z, p, Ap: m x c. apply(v, out) is out <- A v, precondition(v, out) is out <- P⁻¹ v; A
/// and P symmetric positive definite. When the recurrence says that the tolerance is met, r is
/// computed from x; the iteration begins anew from there when rounding had hidden an error, and
/// ends when that no longer halves it. An iteration is a product with A, one with P⁻¹ and 10 m c
/// flops; 4 m c numbers.
/// Source: Hestenes, Stiefel 1952; Golub, Van Loan, Matrix computations, section 11.5, 2013.
template <class T, class Apply, class Precondition>
IterationOutcome conjugate_gradients(const Host& host, Apply&& apply, Precondition&& precondition,
                                     Matrix<const T> b, Matrix<T> x,
                                     const IterationLimits& limits) {
  const Deadline deadline(limits.seconds);
  const std::int64_t m = b.rows, c = b.cols;
  const auto columns = static_cast<std::size_t>(c);
  const Buffer<T> memory(host, 4 * m * c);
  const Matrix<T> r(memory.data(), m, c), z(r.data + m * c, m, c), p(z.data + m * c, m, c),
      ap(p.data + m * c, m, c);
  set_zero(x);
  copy<T>(b, r);
  const auto b2 = column_dots<T>(b, b);
  const double goal2 = limits.tolerance * limits.tolerance;

  IterationOutcome outcome;
  std::vector<double> r2 = b2, rz(columns), step(columns);
  std::vector<bool> active(columns);
  double exact = 1;   // residual when r was last computed from x
  bool fresh = true;  // r is exact, and directions start anew
  const auto finite = [&](double residual) {
    if (residual < 1e8) return;  // false for NaN
    throw Error(ONAGER_NUMERICAL,
                "conjugate gradients diverge: relative residual " + in_short(residual) + " after " +
                    std::to_string(outcome.iterations) +
                    " iterations; check the scale of the features and targets, or set ridge "
                    "above 0");
  };
  const auto recompute = [&] {
    apply(Matrix<const T>(x), ap);
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t j = 0; j < c; ++j) r(i, j) = b(i, j) - ap(i, j);
    r2 = column_dots<T>(r, r);
    outcome.residual = relative_residual(r2, b2);
    finite(outcome.residual);
  };
  outcome.residual = relative_residual(r2, b2);
  finite(outcome.residual);

  for (;;) {
    const bool any = [&] {
      for (std::size_t j = 0; j < columns; ++j) {
        if (fresh) active[j] = true;
        if (r2[j] <= goal2 * b2[j]) active[j] = false;
      }
      return std::find(active.begin(), active.end(), true) != active.end();
    }();
    if (any && outcome.iterations >= limits.iterations) outcome.stopped = "max_iterations reached";
    if (any && deadline.passed()) outcome.stopped = "time_limit reached";
    if (!any || !outcome.stopped.empty()) {
      if (!fresh) recompute();
      if (outcome.residual <= limits.tolerance) outcome.stopped.clear();
      if (outcome.residual <= limits.tolerance || !outcome.stopped.empty()) return outcome;
      if (outcome.residual > 0.5 * exact) {
        outcome.stopped =
            "rounding, or a matrix that is singular to it, allows no smaller residual";
        return outcome;
      }
      exact = outcome.residual;
      fresh = true;
      continue;
    }

    host.stop_if_cancelled();
    precondition(Matrix<const T>(r), z);
    const auto rz_new = column_dots<T>(r, z);
    for (std::size_t j = 0; j < columns; ++j) step[j] = fresh ? 0 : rz_new[j] / rz[j];
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t j = 0; j < c; ++j) {
        const auto s = static_cast<std::size_t>(j);
        // p was not written before the first step, and a column at rest divides by 0
        if (!active[s]) p(i, j) = T(0);
        else if (fresh) p(i, j) = z(i, j);
        else p(i, j) = z(i, j) + static_cast<T>(step[s]) * p(i, j);
      }
    rz = rz_new;
    fresh = false;

    apply(Matrix<const T>(p), ap);
    const auto pap = column_dots<T>(p, ap);
    for (std::size_t j = 0; j < columns; ++j) {
      if (active[j]) finite(pap[j] - pap[j] + 1);
      // A is positive definite on paper: at this level it is only rounding
      if (!(pap[j] > 0 && rz[j] > 0)) active[j] = false;
      step[j] = active[j] ? rz[j] / pap[j] : 0;
    }
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t j = 0; j < c; ++j) {
        const T a = static_cast<T>(step[static_cast<std::size_t>(j)]);
        x(i, j) += a * p(i, j);
        r(i, j) -= a * ap(i, j);
      }
    ++outcome.iterations;
    r2 = column_dots<T>(r, r);
    const double residual = relative_residual(r2, b2);
    finite(residual);
    host.progress(std::log(std::clamp(residual, limits.tolerance, 1.0)) /
                      std::log(std::min(limits.tolerance, 0.5)),
                  "conjugate gradients");
  }
}

/// Emits what an iteration did, with a warning when it did not converge.
inline void report(const Host& host, const IterationOutcome& outcome, double tolerance) {
  host.emit("iterations", static_cast<double>(outcome.iterations));
  host.emit("residual", outcome.residual);
  if (!outcome.stopped.empty())
    host.warn("not converged after " + std::to_string(outcome.iterations) +
              " iterations: relative residual " + in_short(outcome.residual) + ", tolerance " +
              in_short(tolerance) + "; " + outcome.stopped);
}

}  // namespace onager::plugins
