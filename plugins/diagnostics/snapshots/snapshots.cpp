// SPDX-License-Identifier: MIT
#include "../../common/observed_matrix.hpp"

#include <cstdio>

namespace {

using onager::Table;

/// The feature matrix of every k-th round and of the last as arrays NAME.round_NNN. The report
/// shows them as one picture with a slider. 8 d² bytes on disk each, 8 d for diagonals.
class Snapshots {
 public:
  Snapshots(const onager::Config& c, const onager::Host& host)
      : host_(host),
        of_(c.choice("of")),
        every_(c.integer("every")),
        diagonal_(c.flag("diagonal")) {}

  void observe(const onager::View& view) {
    const auto matrix = onager::plugins::observed_matrix(view, of_);
    last_ = diagonal_ ? onager::plugins::diagonal_of(matrix) : Table::copy_of(matrix);
    if (view.round() % every_ == 0) keep(view.round());
  }

  // The matrix as last observed: a run that is stopped may have learned another since.
  void finish(const onager::View& view) {
    if (!last_.empty() && view.round() % every_ != 0) keep(view.round());
  }

 private:
  void keep(std::int64_t round) {
    char name[64];
    std::snprintf(name, sizeof name, "%s.round_%03lld", of_.c_str(), static_cast<long long>(round));
    host_.emit(name, last_.view().array());
  }

  onager::Host host_;
  std::string of_;
  std::int64_t every_;
  bool diagonal_;
  Table last_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.snapshots", "1.0.0", "MIT",
    onager::diagnostic<Snapshots>(
        "snapshots", "Keeps the feature matrix of every k-th round as an array",
        {onager::plugins::observed_matrix_parameter(),
         onager::integer("every", 1, "k: rounds 0, k, 2k, .. and the last are kept").at_least(1),
         onager::flag("diagonal", false, "Keep the diagonal only, as a vector")}))
