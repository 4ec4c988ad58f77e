// SPDX-License-Identifier: MIT
#include <onager/diagnostic.hpp>

#include "../../common/npy.hpp"
#include "alignment.hpp"

namespace {

using onager::Error;
using onager::Table;

/// Cosine of the run's feature matrix with a reference: the matrix of the last round, the expected
/// gradient outer product that the dataset knows, or a file. A matrix of zeros gives no value.
///
/// With the last round as reference every round's matrix is kept: d (d + 1) / 2 doubles a round.
class FeatureAlignment {
 public:
  FeatureAlignment(const onager::Config& c, const onager::Host& host)
      : host_(host), of_(c.choice("of")), reference_(c.choice("reference")), path_(c.path("path")) {
    if ((reference_ == "file") == path_.empty())
      throw Error(ONAGER_INVALID, path_.empty() ? "reference = \"file\" needs path"
                                                : "path goes with reference = \"file\"");
    if (path_.empty()) return;
    auto file = onager::plugins::read_npy(path_);
    onager::plugins::require_finite(file, path_);
    const bool square = file.shape.size() == 2 && file.shape[0] == file.shape[1];
    const bool column = file.shape.size() == 1 || (file.shape.size() == 2 && file.shape[1] == 1);
    if (!square && !column)
      throw Error(ONAGER_INVALID, path_ + ": the array is " + file.shape_text() +
                                      "; a d x d matrix, or a diagonal as a vector, was expected");
    file_ = std::move(file).table();
  }

  void observe(const onager::View& view) {
    const onager_array matrix = observed(view);
    if (reference_ == "final") {
      keep(view.round(), matrix);
      return;
    }
    const auto value = onager::plugins::alignment(matrix, reference(view));
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
  onager_array observed(const onager::View& view) const {
    const bool learned = of_ == "feature_matrix";
    const auto matrix = view.find(learned ? "state.feature_matrix" : "gradient_outer_product");
    if (matrix) return *matrix;
    throw Error(ONAGER_INVALID, learned
                                    ? "no feature map of this run has a feature_matrix; add one "
                                      "that learns it, or set of = \"agop\""
                                    : "this run has no average gradient outer product; its "
                                      "kernel or a feature map has no gradient");
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
  std::string of_, reference_, path_;
  Table file_, history_, rounds_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.feature_alignment", "1.0.0", "MIT",
    onager::diagnostic<FeatureAlignment>(
        "feature_alignment", "Cosine of the learned feature matrix with a reference matrix",
        {onager::choice("of", {"feature_matrix", "agop"}, "feature_matrix",
                        "The matrix: learned by a feature map, or the predictor's AGOP"),
         onager::choice("reference", {"final", "egop", "file"}, "final",
                        "The matrix of the last round, the dataset's exact one, or that in path"),
         onager::path("path", "A .npy file for reference = \"file\"")})
        .cite("Mallinar, Beaglehole, Zhu, Radhakrishnan, Pandit, Belkin, Emergence in non-neural "
              "models: grokking modular arithmetic via average gradient outer product, ICML 2025"))
