// SPDX-License-Identifier: MIT
#pragma once

#include "linalg/lanczos.hpp"
#include "pipeline/network.hpp"

#include <onager/abi.h>

#include <armadillo>
#include <cstdint>
#include <optional>

namespace onager::host {

/// Some of the training samples, or all of them where there is no list.
struct Batch {
  std::int64_t count;
  const std::int64_t* list = nullptr;
};

/// What a run minimises, as an optimizer sees it:
///
///   L(w) = sum_i l(f(w; x_i), y_i) + agop_penalty (1/n) sum_i sum_l |grad_x f_l(w; x_i)|²
///
/// over the n samples of a batch. The loss's constant is within l. The second term is the trace of
/// the average gradient outer product (Mallinar et al. 2025, section 5); its gradient is exact,
/// (2/n) sum_i sum_l grad_w <grad_x f_l(x_i), s> at s = grad_x f_l(x_i) held fixed. It is left out
/// of Hessian products and of lambda.
template <class T>
class Objective {
 public:
  /// The arguments stay with the caller. Throws Error when the component offers no loss.
  Objective(const Network<T>& network, const Instance& loss, const arma::Mat<T>& x,
            const arma::Mat<T>& y, double agop_penalty);
  Objective(const Objective&) = delete;
  Objective& operator=(const Objective&) = delete;

  const onager_objective& abi() const { return table_; }
  Batch all() const { return {static_cast<std::int64_t>(x_.n_cols), nullptr}; }

  /// The loss, and its gradient (1 x p) where that is asked for. About three forward passes.
  double evaluate(const arma::Mat<T>& w, const Batch& batch, arma::Mat<T>* gradient) const;
  /// The loss of outputs (c x n) for all training samples; without the penalty.
  double loss_of(const arma::Mat<T>& f) const;
  /// out (1 x p) <- (d²L/dw²) u = J' B J u + sum_i H_i[dl/df_i] u with B = d²l/df²
  void hessian_product(const arma::Mat<T>& w, const Batch& batch, const arma::Mat<T>& u,
                       arma::Mat<T>& out) const;
  /// Largest eigenvalue of J' B J, which is that of S K S with the tangent kernel K = J J' and B =
  /// S²: from K where the outputs are few (n c <= 2048) and the loss is convex, else by products
  /// with J' B J. Lanczos iterations both. Throws Error(numerical).
  double lambda(const arma::Mat<T>& w, const Batch& batch, double tolerance) const;

 private:
  struct Samples {
    arma::Mat<T> x, y;
  };
  Samples gathered(const Batch& batch) const;
  /// S of all outputs, block after block (c x c n); empty where the loss is not convex there.
  arma::Mat<T> curvature_roots(const arma::Mat<T>& w, const Samples& samples) const;
  std::optional<Eigenpairs> lambda_from_kernel(const arma::Mat<T>& w, const Batch& batch,
                                               double tolerance) const;
  Eigenpairs lambda_from_products(const arma::Mat<T>& w, const Batch& batch,
                                  double tolerance) const;

  /// work(x, y) for the batch, some samples at a time.
  template <class Work>
  void for_blocks(const Batch& batch, Work&& work) const;
  double add_penalty(const onager_array& w, const onager_array& x, std::int64_t samples,
                     arma::Mat<T>* gradient) const;
  /// J' B J u of some samples, and with `exact` the term of the second derivatives too.
  void add_curvature(const onager_array& w, const onager_array& x, const onager_array& y,
                     std::int64_t samples, const onager_array& u, bool exact,
                     arma::Mat<T>& out) const;

  const Network<T>& network_;
  const Instance& loss_;
  const onager_loss* loss_table_;
  const arma::Mat<T>&x_, &y_;
  const double agop_penalty_;
  onager_objective table_;
};

}  // namespace onager::host
