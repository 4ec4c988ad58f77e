// SPDX-License-Identifier: MIT
#include <onager/diagnostic.hpp>

#include "../../common/alignment.hpp"
#include "../../common/matrix_file.hpp"
#include "../../common/symmetric_power.hpp"

namespace {

using onager::Error;
using onager::Table;

/// Cosine of the run's feature matrix with a reference: the matrix of the last round, the expected
/// gradient outer product that the dataset knows, or a file. A matrix of zeros gives no value.
///
/// power raises the reference: features M = G^(1/2) compare with power = 0.5 of an expected
/// gradient outer product. Where the features are a diagonal, the reference's diagonal is raised.
///
/// With the last round as reference every round's matrix is kept: d (d + 1) / 2 doubles a round.
class FeatureAlignment {
 public:
  FeatureAlignment(const onager::Config& c, const onager::Host& host)
      : host_(host),
        matrix_(c, host),
        reference_(c.choice("reference")),
        path_(c.path("path")),
        power_(c.real("power")) {
    if (reference_ == "final" && power_ != 1)
      throw Error(ONAGER_INVALID,
                  "power raises a reference = \"egop\" or \"file\"; the last round's matrix is "
                  "compared as it is");
    if ((reference_ == "file") == path_.empty())
      throw Error(ONAGER_INVALID, path_.empty() ? "reference = \"file\" needs path"
                                                : "path goes with reference = \"file\"");
    if (path_.empty()) return;
    file_ = onager::plugins::read_matrix(path_);
  }

  void observe(const onager::View& view) {
    const onager_array matrix = matrix_.read(view);
    if (reference_ == "final") {
      keep(view.round(), matrix);
      return;
    }
    const auto value = power_ == 1 ? onager::plugins::alignment(matrix, reference(view))
                                   : onager::plugins::alignment(matrix, raised(view, matrix));
    if (value) host_.emit("feature_alignment", *value);
  }

  void finish(const onager::View&) {
    if (history_.rows == 0) return;
    const auto count = static_cast<std::size_t>(history_.cols);
    const double* last = history_.values.data() + (history_.values.size() - count);
    for (std::int64_t t = 0; t < history_.rows; ++t) {
      const double* matrix = history_.values.data() + static_cast<std::size_t>(t) * count;
      const auto value = onager::plugins::cosine(matrix, last, count);
      if (value)
        host_.emit_at(static_cast<std::int64_t>(rounds_(t, 0)), "feature_alignment", *value);
    }
  }

  std::vector<onager::NamedTable> state() {
    return {
        {"history", "each round's matrix: lower part, off the diagonal times sqrt 2", &history_},
        {"rounds", "the rounds of history", &rounds_}};
  }

 private:
  /// reference^power, computed once: neither it nor the form of the features changes.
  onager_array raised(const onager::View& view, const onager_array& matrix) {
    if (!raised_.empty()) return raised_.view().array();
    const onager_array base = reference(view);
    const bool diagonal = onager::plugins::holds_diagonal(matrix.rows, matrix.cols) ||
                          onager::plugins::holds_diagonal(base.rows, base.cols);
    if (diagonal) {
      raised_ = onager::plugins::diagonal_of(base);
      for (double& v : raised_.values) v = std::pow(std::max(v, 0.0), power_);
    } else {
      const auto spectrum = onager::plugins::spectrum_of(host_, Table::copy_of(base));
      raised_ = onager::plugins::power_of(host_, spectrum, power_);
    }
    return raised_.view().array();
  }

  onager_array reference(const onager::View& view) {
    if (reference_ == "file") return file_.view().array();
    const auto egop = view.find("fact.egop");
    if (egop) return *egop;
    throw Error(ONAGER_INVALID,
                "the dataset does not know its expected gradient outer product; set "
                "reference = \"final\" or \"file\"");
  }

  void keep(std::int64_t round, const onager_array& matrix) {
    const auto row = onager::plugins::packed(matrix);
    const auto count = static_cast<std::int64_t>(row.size());
    if (history_.rows > 0 && history_.cols != count)
      throw Error(ONAGER_INVALID, "the feature matrix changed its size between rounds");
    history_.values.insert(history_.values.end(), row.begin(), row.end());
    history_.cols = count;
    ++history_.rows;
    rounds_.values.push_back(static_cast<double>(round));
    rounds_.cols = 1;
    ++rounds_.rows;
  }

  onager::Host host_;
  onager::plugins::ObservedMatrix matrix_;
  std::string reference_, path_;
  double power_;
  Table file_, raised_, history_, rounds_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.feature_alignment", "1.0.0", "MIT",
    onager::diagnostic<FeatureAlignment>(
        "feature_alignment", "Cosine of the learned feature matrix with a reference matrix",
        onager::plugins::ObservedMatrix::parameters(
            {onager::choice(
                 "reference", {"final", "egop", "file"}, "final",
                 "The matrix of the last round, the dataset's exact one, or that in path"),
             onager::path("path", "A .npy file for reference = \"file\""),
             onager::real("power", 1.0,
                          "Power of a positive semi-definite reference egop or file; 0.5 where the "
                          "features are G^(1/2)")
                 .above(0)
                 .at_most(4)}))
        .cite("Mallinar, Beaglehole, Zhu, Radhakrishnan, Pandit, Belkin, Emergence in non-neural "
              "models: grokking modular arithmetic via average gradient outer product, ICML 2025"))
