// SPDX-License-Identifier: MIT
//
// How far conjugate gradients are from the solution, from the numbers they make anyway.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace onager::plugins {

/// The error of preconditioned conjugate gradients for one right side, x_0 = 0.
///
/// With step lengths a_j = <r_j,z_j> / <p_j,Ap_j> and d_j = <r_j,z_j> / <r_j-1,z_j-1>, the
/// iteration is Lanczos' for M = P^(-1/2) A P^(-1/2) with the tridiagonal matrix
///
///   T_jj = 1/a_j + d_j/a_(j-1),   T_j,j+1 = sqrt(d_(j+1)) / a_j
///
/// In the norm |e|² = <e, A e> the error e_k = x - x_k obeys (Hestenes, Stiefel 1952)
///
///   |e_k|² = sum_{j = k}^{l-1} a_j <r_j,z_j> + |e_l|²,   |x|² = |e_0|²
///
/// and for mu at most the smallest eigenvalue of M (Gauss-Radau quadrature)
///
///   |e_l|² <= g_l <r_l,z_l>,   g_0 = 1/mu,   g_(j+1) = (g_j - a_j) / (mu (g_j - a_j) + d_(j+1))
///
/// mu is half of the smallest eigenvalue of T, which is above that of M, or a bound known from
/// elsewhere when that is larger. With such a bound, or once half of that eigenvalue is below the
/// smallest of M, the result is a bound from above; before, it is an estimate. On kernel matrices
/// of condition up to 2e5 it was between 0.4 and 16 times the error.
///
/// Source: Golub, Meurant, Matrices, moments and quadrature with applications, 2010; the recurrence
/// for g: Meurant, Tichý, Numer. Algorithms 62, 2013.
class KrylovError {
 public:
  /// a_j and <r_j,z_j>
  void step(double length, double rz) {
    if (!lengths_.empty()) ratios_.push_back(rz / last_rz_);
    lengths_.push_back(length);
    last_rz_ = rz;
    gains_.push_back(length * rz);
  }
  /// A step that leaves this right side as it is.
  void rest() { gains_.push_back(0); }
  /// Directions start anew from a residual that was computed from x.
  void restart() {
    if (!lengths_.empty()) least_ritz_ = std::min(least_ritz_, smallest_eigenvalue());
    lengths_.clear();
    ratios_.clear();
  }

  /// An estimate from above of |x - x_k| / |x|, x_k the solution before step k. rz: <r,P⁻¹r> of the
  /// last residual. least: a number that no eigenvalue of M is below, or 0. drifted: the residual
  /// was computed from x and is not that of the recurrence.
  double relative(std::size_t k, double rz, double least, bool drifted) {
    double all = 0, after = 0;
    for (std::size_t j = 0; j < gains_.size(); ++j) {
      all += gains_[j];
      if (j >= k) after += gains_[j];
    }
    if (all == 0) return rz > 0 ? 1 : 0;  // x_l = 0
    const double ritz =
        lengths_.empty() ? least_ritz_ : std::min(least_ritz_, smallest_eigenvalue());
    const double mu = std::max(least, 0.5 * ritz);
    double g = 1 / mu;
    if (!drifted)
      for (std::size_t j = 0; j < lengths_.size(); ++j) {
        const double rest = g - lengths_[j];
        const double ratio = j < ratios_.size() ? ratios_[j] : rz / last_rz_;
        const double next = rest / (mu * rest + ratio);
        g = next > 0 && next < 1 / mu ? next : 1 / mu;
      }
    const double last = std::max(0.0, g * rz);
    return std::sqrt((after + last) / (all + last));
  }

 private:
  /// Of T, by bisection, to one in a thousand.
  double smallest_eigenvalue() const {
    double above = diagonal(0);
    for (std::size_t j = 1; j < lengths_.size(); ++j) above = std::min(above, diagonal(j));
    double below = above;
    for (int i = 0; i < 500 && !all_above(below); ++i) below /= 4;
    while (above > 1.001 * below) {
      const double middle = std::sqrt(above * below);
      (all_above(middle) ? below : above) = middle;
    }
    return below;
  }
  double diagonal(std::size_t j) const {
    return 1 / lengths_[j] + (j > 0 ? ratios_[j - 1] / lengths_[j - 1] : 0);
  }
  /// Whether T - mu I is positive definite: Sturm's sequence.
  bool all_above(double mu) const {
    double pivot = diagonal(0) - mu;
    for (std::size_t j = 1; pivot > 0 && j < lengths_.size(); ++j)
      pivot = diagonal(j) - mu - ratios_[j - 1] / (lengths_[j - 1] * lengths_[j - 1]) / pivot;
    return pivot > 0;
  }

  std::vector<double> lengths_, ratios_;  // since the directions last started
  std::vector<double> gains_;             // of all steps
  double last_rz_ = 0;
  double least_ritz_ = std::numeric_limits<double>::infinity();
};

}  // namespace onager::plugins
