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
      : host_(host), of_(c.choice("of")), diagonal_(c.flag("diagonal")) {}

  void observe(const onager::View& view) {
    const auto matrix = onager::plugins::observed_matrix(view, of_);
    const Table kept = diagonal_ ? onager::plugins::diagonal_of(matrix) : Table::copy_of(matrix);
    char name[64];
    std::snprintf(name, sizeof name, "%s.round_%03lld", of_.c_str(),
                  static_cast<long long>(view.round()));
    host_.emit(name, kept.view().array());
  }

 private:
  onager::Host host_;
  std::string of_;
  bool diagonal_;
};

}  // namespace

ONAGER_PLUGIN("org.onager.snapshots", "1.0.0", "MIT",
              onager::diagnostic<Snapshots>(
                  "snapshots", "Keeps the feature matrix of observed rounds as arrays",
                  {onager::plugins::observed_matrix_parameter(),
                   onager::flag("diagonal", false, "Keep the diagonal only, as a vector")}))
