// SPDX-License-Identifier: MIT
#include "distances.hpp"

#include <onager/feature_map.hpp>

namespace {

using onager::Error;
using onager::Matrix;
using onager::Table;
namespace plugins = onager::plugins;

/// phi(x) = x / s with s a typical distance between training samples, so that the bandwidth of the
/// kernel behind it is in units of s. s is the median (or another quantile, or the mean) of
/// |x_i - x_j| over pairs i != j.
/// Source for the median: Garreau, Jitkrittum, Kanagawa, Large sample analysis of the median
/// heuristic, arXiv:1707.07269, 2017.
class DistanceScale {
 public:
  DistanceScale(const onager::Config& c, const onager::Host& host)
      : host_(host),
        rule_(c.choice("rule")),
        quantile_(rule_ == "quantile" ? c.real("quantile") : 0.5),
        pairs_(c.integer("pairs")),
        once_(c.flag("once")) {
    if (rule_ != "quantile" && !c.is_default("quantile"))
      throw Error(ONAGER_INVALID, "quantile has no meaning with rule = \"" + rule_ +
                                      "\"; set rule = \"quantile\" or leave it out");
  }

  /// The pairs are the same in every round.
  void fit(const onager_array& x, const onager_array&) {
    if (once_ && divisor_.rows == x.cols) {
      host_.emit("distance_scale", divisor_(0, 0));
      return;
    }
    if (x.rows < 2) throw Error(ONAGER_INVALID, "one training sample has no distance to another");
    const auto distances = onager::with_dtype(x, [&](auto zero) {
      using T = decltype(zero);
      return plugins::pair_distances(host_, Matrix<const T>(x), pairs_);
    });
    const double s =
        rule_ == "mean" ? plugins::mean(distances) : plugins::quantile(distances, quantile_);
    if (!std::isfinite(s))
      throw Error(ONAGER_NUMERICAL,
                  "distances between training samples are not finite, or too large to square");
    if (!(s > 0))
      throw Error(ONAGER_NUMERICAL,
                  "the " + (rule_ == "quantile" ? "quantile" : rule_) +
                      " of the distances between training samples is 0: too many of them are "
                      "equal; set rule = \"mean\" or a larger quantile, or look at the features");
    divisor_ = Table(x.cols, 1, s);
    restored();
    host_.emit("distance_scale", s);
  }
  std::int64_t output_dimension(std::int64_t d) const { return d; }

  template <class T>
  void apply(Matrix<const T> x, Matrix<T> out) const {
    const double factor = factor_(0, 0);
    for (std::int64_t i = 0; i < x.rows; ++i)
      for (std::int64_t j = 0; j < x.cols; ++j)
        out(i, j) = static_cast<T>(static_cast<double>(x(i, j)) * factor);
  }

  const Table& matrix() const { return factor_; }
  bool diagonal() const { return true; }

  std::vector<onager::NamedTable> state() {
    return {{"distance_scale", "what each feature is divided by", &divisor_}};
  }
  void restored() {
    factor_ = divisor_;
    for (double& v : factor_.values) v = 1 / v;
  }

 private:
  onager::Host host_;
  std::string rule_;
  double quantile_;
  std::int64_t pairs_;
  bool once_;
  Table divisor_, factor_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.distance_scale", "1.0.0", "MIT",
    onager::feature_map<DistanceScale>(
        "distance_scale", "Divides by a typical distance between training samples",
        {onager::choice("rule", {"median", "mean", "quantile"}, "median",
                        "Which of the distances between training samples"),
         onager::real("quantile", 0.5,
                      "The part of the distances below it, for rule = \"quantile\"")
             .at_least(0)
             .at_most(1),
         onager::integer("pairs", 100000, "Pairs of samples drawn; all where they are no more")
             .at_least(1),
         onager::flag("once", false, "Keep the distance of the first round")})
        .cite("Garreau, Jitkrittum, Kanagawa, Large sample analysis of the median heuristic, "
              "arXiv:1707.07269, 2017"))
