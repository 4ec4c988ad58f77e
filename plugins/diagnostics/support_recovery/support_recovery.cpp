// SPDX-License-Identifier: MIT
#include "../../common/observed_matrix.hpp"
#include "recovery.hpp"

namespace {

using onager::Error;
using onager::Table;

/// Whether the learned weights of the coordinates, the diagonal of the feature matrix, single out
/// those that the function depends on: as the dataset knows them, or as given.
class SupportRecovery {
 public:
  SupportRecovery(const onager::Config& c, const onager::Host& host)
      : host_(host),
        matrix_(c, host),
        given_(c.integers("support")),
        threshold_(c.real("recovered_above")) {}

  void observe(const onager::View& view) {
    const auto weights = onager::plugins::diagonal_of(matrix_.read(view));
    const auto recovery = onager::plugins::recovery_of(weights.values, support(view, weights.rows));
    if (recovery.ratio) host_.emit("support_ratio", *recovery.ratio);
    host_.emit("support_in_top", static_cast<double>(recovery.in_top));
    if (recovered_.empty() && recovery.ratio && *recovery.ratio > threshold_)
      recovered_ = Table(1, 1, static_cast<double>(view.round()));
    if (!recovered_.empty()) host_.emit("support_recovered_in", recovered_(0, 0));
    if (const auto leap = view.find("fact.leap")) host_.emit("leap", onager::element(*leap, 0, 0));
  }

  std::vector<onager::NamedTable> state() {
    return {{"recovered", "the first round in which the support was recovered", &recovered_}};
  }

 private:
  std::vector<std::int64_t> support(const onager::View& view, std::int64_t features) const {
    std::vector<std::int64_t> out = given_;
    if (given_.empty()) {
      const auto fact = view.find("fact.support");
      if (!fact)
        throw Error(ONAGER_INVALID,
                    "the dataset does not say which coordinates its targets depend on; give them "
                    "as support = [0, 2], counted from 0");
      for (std::int64_t i = 0; i < fact->rows; ++i)
        out.push_back(static_cast<std::int64_t>(onager::element(*fact, i, 0)));
    }
    for (const auto i : out)
      if (i >= features)
        throw Error(ONAGER_INVALID, "the support names coordinate " + std::to_string(i) +
                                        ", counted from 0, of a feature matrix of " +
                                        std::to_string(features));
    return out;
  }

  onager::Host host_;
  onager::plugins::ObservedMatrix matrix_;
  std::vector<std::int64_t> given_;
  double threshold_;
  Table recovered_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.support_recovery", "1.0.0", "MIT",
    onager::diagnostic<SupportRecovery>(
        "support_recovery",
        "Weights of the coordinates that matter against the others; first round that tells them",
        onager::plugins::ObservedMatrix::parameters(
            {onager::integers("support",
                              "The coordinates that matter, counted from 0; empty: as the dataset "
                              "knows")
                 .at_least(0),
             onager::real(
                 "recovered_above", 1.0,
                 "Ratio of the smallest weight inside to the largest outside above which the "
                 "support counts as recovered")
                 .at_least(1)}))
        .cite("Zhu, Davis, Drusvyatskiy, Fazel, Iteratively reweighted kernel machines efficiently "
              "learn sparse functions, 2025"))
