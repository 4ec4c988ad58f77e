// SPDX-License-Identifier: MIT
#pragma once

#include "linalg/outer_product_plan.hpp"
#include "linalg/predictor_gradient.hpp"

#include <armadillo>
#include <cstdint>
#include <functional>
#include <optional>

namespace onager::host {

enum class OuterProduct { full, diagonal };
enum class Centering { none, mean };

/// Carries gradients at samples first .. to other coordinates: (d outputs) x rows, output after
/// output in a column, to (e outputs) x rows.
template <class T>
using PullBack =
    std::function<arma::Mat<T>(arma::Mat<T>, std::int64_t first, std::int64_t outputs)>;

/// Average gradient outer product over the samples,
///
///   G = (1/n) sum_i sum_l grad f_l(x_i) grad f_l(x_i)'      (e x e, or e x 1 for its diagonal)
///
/// with Centering::mean each output's mean gradient subtracted first. The cheapest form for the
/// shape is taken, see OuterProductPlan; a diagonal never forms e x e. `pull_back` may be empty.
template <class T>
arma::Mat<T> average_gradient_outer_product(const PredictorGradient<T>& predictor,
                                            OuterProduct part, Centering centering,
                                            const PullBack<T>& pull_back = {});

/// The same from the gradients of each output, in a stated form: to compare them.
template <class T>
arma::Mat<T> outer_product_by_output(const PredictorGradient<T>& predictor, OuterProduct part,
                                     Centering centering, const PullBack<T>& pull_back = {});

/// The same from sums over outputs, in float64 throughout. The terms cancel where gradients are
/// small against the weights that they are made of; nothing when that costs more than 1e-11
/// (float64) or 1e-6 (float32) of the trace.
template <class T>
std::optional<arma::Mat<T>> outer_product_sums_first(const PredictorGradient<T>& predictor,
                                                     OuterProduct part, Centering centering);

}  // namespace onager::host
