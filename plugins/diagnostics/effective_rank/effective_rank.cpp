// SPDX-License-Identifier: MIT
#include "../../common/observed_matrix.hpp"
#include "../../common/symmetric_power.hpp"
#include "rank.hpp"

namespace {

using onager::Table;

/// Number of directions that the feature matrix uses. One symmetric eigendecomposition a round,
/// about 9 d³ flops; none for a diagonal.
class EffectiveRank {
 public:
  EffectiveRank(const onager::Config& c, const onager::Host& host)
      : host_(host), matrix_(c, host) {}

  void observe(const onager::View& view) {
    const auto matrix = matrix_.read(view);
    const Table values = onager::plugins::holds_diagonal(matrix.rows, matrix.cols)
                             ? Table::copy_of(matrix)
                             : onager::plugins::spectrum_of(host_, Table::copy_of(matrix)).values;
    const auto ranks = onager::plugins::ranks_of(values.values);
    if (!ranks) return;
    host_.emit("effective_rank", ranks->effective);
    host_.emit("participation_ratio", ranks->participation);
  }

 private:
  onager::Host host_;
  onager::plugins::ObservedMatrix matrix_;
};

}  // namespace

ONAGER_PLUGIN("org.onager.effective_rank", "1.0.0", "MIT",
              onager::diagnostic<EffectiveRank>(
                  "effective_rank",
                  "Number of directions a feature matrix uses: exp of the spectral entropy, and "
                  "the participation ratio",
                  onager::plugins::ObservedMatrix::parameters())
                  .cite("Roy, Vetterli, The effective rank: a measure of effective "
                        "dimensionality, EUSIPCO 2007"))
