// SPDX-License-Identifier: MIT
#include "../../common/observed_matrix.hpp"

#include <cstdio>

namespace {

using onager::Table;

/// The feature matrix of each round that is observed (every = k: of every k-th and the last) as
/// arrays NAME.round_NNN. The report shows them as one picture with a slider. 8 d² bytes on disk
/// each, 8 d for diagonals.
class Snapshots {
 public:
  Snapshots(const onager::Config& c, const onager::Host& host)
      : host_(host), matrix_(c, host), diagonal_(c.flag("diagonal")) {}

  void observe(const onager::View& view) {
    const auto matrix = matrix_.read(view);
    const Table kept = diagonal_ ? onager::plugins::diagonal_of(matrix) : Table::copy_of(matrix);
    char number[32];
    std::snprintf(number, sizeof number, ".round_%03lld", static_cast<long long>(view.round()));
    host_.emit((matrix_.name() + number).c_str(), kept.view().array());
  }

 private:
  onager::Host host_;
  onager::plugins::ObservedMatrix matrix_;
  bool diagonal_;
};

}  // namespace

ONAGER_PLUGIN("org.onager.snapshots", "1.0.0", "MIT",
              onager::diagnostic<Snapshots>(
                  "snapshots", "Keeps the feature matrix of the observed rounds as arrays",
                  onager::plugins::ObservedMatrix::parameters(
                      {onager::flag("diagonal", false, "Keep the diagonal only, as a vector")})))
