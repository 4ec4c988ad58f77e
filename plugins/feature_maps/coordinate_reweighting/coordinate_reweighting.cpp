// SPDX-License-Identifier: MIT
#include <onager/feature_map.hpp>

#include "../../common/chosen_samples.hpp"
#include "../../common/metric.hpp"

#include <algorithm>
#include <cmath>

namespace {

using onager::Error;
using onager::Matrix;
using onager::Table;

enum class Normalize { sum, max, none };

/// The feature map of iteratively reweighted kernel machines:
///
///   w_j <- (1/n) sum_i sum_l (d f_l / d x_j)(x_i)² + safeguard, then scaled as `normalize` says
///   phi(x)_j = sqrt(w_j) x_j
///
/// w = 1 until the first round has been learned from; derivatives are with respect to the x that
/// the map reads. With samples, the mean is over that many training samples, drawn anew each round.
/// Source: Zhu, Davis, Drusvyatskiy, Fazel 2025, algorithm 1.
class CoordinateReweighting {
 public:
  CoordinateReweighting(const onager::Config& c, const onager::Host& host)
      : host_(host), safeguard_(c.real("safeguard")), samples_(c.integer("samples")) {
    const std::string normalize = c.choice("normalize");
    normalize_ = normalize == "sum"   ? Normalize::sum
                 : normalize == "max" ? Normalize::max
                                      : Normalize::none;
  }

  void fit(const onager_array& x, const onager_array&) {
    if (weights_.rows == 0) {
      weights_ = Table(x.cols, 1, 1.0);
      restored();
    }
    if (weights_.rows != x.cols)
      throw Error(ONAGER_INVALID, "there are weights of " + std::to_string(weights_.rows) +
                                      " coordinates, the inputs have " + std::to_string(x.cols));
  }
  std::int64_t output_dimension(std::int64_t d) const { return d; }

  template <class T>
  void apply(Matrix<const T> x, Matrix<T> out) const {
    roots_.apply(host_, x, out);
  }
  const Table& matrix() const { return roots_.table(); }
  bool diagonal() const { return true; }

  void learn(const onager::Learning& predictor) {
    weights_ = onager::plugins::agop_of_some(predictor, ONAGER_AGOP_DIAGONAL, samples_);
    double sum = 0, largest = 0;
    for (double& w : weights_.values) {
      // a mean of squares is negative only by rounding
      w = (w < 0 ? 0 : w) + safeguard_;
      sum += w;
      largest = std::max(largest, w);
    }
    const std::string round = std::to_string(predictor.round());
    if (!std::isfinite(sum))
      throw Error(ONAGER_NUMERICAL, "the mean squared derivatives of round " + round +
                                        " are not finite: the predictor or its gradients "
                                        "overflowed; raise the optimizer's ridge");
    if (largest == 0)
      throw Error(ONAGER_NUMERICAL, "the predictor of round " + round +
                                        " has no gradient at the training samples, so no "
                                        "coordinate is left; use another bandwidth, or set "
                                        "safeguard above 0");
    const double factor = normalize_ == Normalize::sum   ? static_cast<double>(weights_.rows) / sum
                          : normalize_ == Normalize::max ? 1 / largest
                                                         : 1.0;
    for (double& w : weights_.values) w *= factor;
    restored();
  }

  /// One table under two names: what the method calls it, and what reports and other maps look for.
  std::vector<onager::NamedTable> state() {
    return {{"weights", "w: the kernel sees sqrt(w_j) x_j", &weights_},
            {"feature_matrix", "w as the diagonal of M in |phi(x) - phi(z)|² = (x - z)' M (x - z)",
             &weights_}};
  }
  void restored() {
    if (weights_.cols != 1)
      throw Error(ONAGER_INVALID, "weights are a vector, these are " +
                                      std::to_string(weights_.rows) + " x " +
                                      std::to_string(weights_.cols));
    onager::plugins::require_metric(weights_, onager::plugins::MatrixForm::diagonal, "the weights");
    Table roots = weights_;
    for (double& w : roots.values) w = std::sqrt(w);
    roots_.set(std::move(roots), onager::plugins::MatrixForm::diagonal);
  }

 private:
  onager::Host host_;
  double safeguard_;
  std::int64_t samples_;
  Normalize normalize_;
  Table weights_;
  onager::plugins::RightFactor roots_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.coordinate_reweighting", "1.0.0", "MIT",
    onager::feature_map<CoordinateReweighting>(
        "coordinate_reweighting",
        "Learned weights of coordinates of iteratively reweighted kernel machines",
        {onager::real("safeguard", 1e-8,
                      "Added to each mean squared derivative, so that no coordinate is lost")
             .at_least(0),
         onager::choice("normalize", {"sum", "max", "none"}, "sum",
                        "Scale the weights so that their sum is d, or the largest 1"),
         onager::integer("samples", 0,
                         "Training samples that the mean is over, drawn anew each round; 0: all")
             .at_least(0)})
        .cite("Zhu, Davis, Drusvyatskiy, Fazel, Iteratively reweighted kernel machines efficiently "
              "learn sparse functions, 2025, arXiv 2505.08277"))
