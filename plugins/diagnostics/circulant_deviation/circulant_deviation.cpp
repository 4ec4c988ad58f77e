// SPDX-License-Identifier: MIT
#include <onager/diagnostic.hpp>

#include "circulant.hpp"

#include <numeric>

namespace {

using onager::Error;
using onager::Table;
using onager::plugins::WrappedLines;

/// Circulant deviation of the block that couples the first two feature groups: rows of the second,
/// columns of the first. A block of zeros, such as the identity has in round 0, gives no value.
class CirculantDeviation {
 public:
  CirculantDeviation(const onager::Config& c, const onager::Host& host)
      : host_(host),
        of_(c.choice("of")),
        order_(c.choice("order")),
        direction_(c.choice("direction")) {}

  void observe(const onager::View& view) {
    const auto block = coupling_block(view);
    const auto deviation =
        onager::plugins::circulant_deviation(block, order(view, block.rows), lines(view));
    if (deviation) host_.emit("circulant_deviation", *deviation);
  }

 private:
  Table coupling_block(const onager::View& view) const {
    const auto groups = view.groups();
    if (groups.size() < 2 || groups[0].count != groups[1].count)
      throw Error(ONAGER_INVALID,
                  "circulant_deviation compares two groups of as many features, such as the two "
                  "one-hot numbers of modular_arithmetic; this dataset names none");
    const bool learned = of_ == "feature_matrix";
    const auto matrix = view.find(learned ? "state.feature_matrix" : "gradient_outer_product");
    if (!matrix)
      throw Error(ONAGER_INVALID, learned ? "no feature map of this run has a feature_matrix; add "
                                            "one that learns it, or set of = \"agop\""
                                          : "this run has no average gradient outer product; its "
                                            "kernel or a feature map has no gradient");
    const auto &columns = groups[0], &rows = groups[1];
    if (matrix->cols == 1 && matrix->rows > 1)
      throw Error(ONAGER_INVALID,
                  "the feature matrix is diagonal and couples no features; set "
                  "diagonal = false in its feature map, or of = \"agop\" here");
    if (matrix->rows < rows.first + rows.count || matrix->cols < columns.first + columns.count ||
        matrix->rows < columns.first + columns.count || matrix->rows != matrix->cols)
      throw Error(ONAGER_INVALID, "the matrix is " + std::to_string(matrix->rows) + " x " +
                                      std::to_string(matrix->cols) +
                                      " and does not hold the dataset's feature groups; it must be "
                                      "learned on the dataset's own features");
    Table block(rows.count, columns.count);
    for (std::int64_t i = 0; i < block.rows; ++i)
      for (std::int64_t j = 0; j < block.cols; ++j)
        block(i, j) = onager::element(*matrix, rows.first + i, columns.first + j);
    return block;
  }

  std::vector<std::int64_t> order(const onager::View& view, std::int64_t count) const {
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    if (order_ == "natural") return order;
    const auto fact = view.find("fact.circulant_order");
    if (!fact)
      throw Error(ONAGER_INVALID,
                  "the dataset does not say in which order its features are "
                  "circulant; set order = \"natural\" and a direction");
    order.resize(static_cast<std::size_t>(fact->rows));
    for (std::int64_t i = 0; i < fact->rows; ++i) {
      const auto at = static_cast<std::int64_t>(onager::element(*fact, i, 0));
      if (at < 0 || at >= count)
        throw Error(ONAGER_INVALID, "the dataset's circulant_order names feature " +
                                        std::to_string(at) + " of a group of " +
                                        std::to_string(count));
      order[static_cast<std::size_t>(i)] = at;
    }
    return order;
  }

  WrappedLines lines(const onager::View& view) const {
    if (direction_ == "diagonal") return WrappedLines::diagonals;
    if (direction_ == "antidiagonal") return WrappedLines::anti_diagonals;
    const auto fact = view.find("fact.circulant_direction");
    if (!fact)
      throw Error(ONAGER_INVALID,
                  "the dataset does not say along which diagonals its features are "
                  "constant; set direction = \"diagonal\" or \"antidiagonal\"");
    return onager::element(*fact, 0, 0) < 0 ? WrappedLines::anti_diagonals
                                            : WrappedLines::diagonals;
  }

  onager::Host host_;
  std::string of_, order_, direction_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.circulant_deviation", "1.0.0", "MIT",
    onager::diagnostic<CirculantDeviation>(
        "circulant_deviation",
        "Distance of the block that couples two feature groups from a circulant; no value for "
        "zeros",
        {onager::choice("of", {"feature_matrix", "agop"}, "feature_matrix",
                        "The matrix: learned by a feature map, or the predictor's AGOP"),
         onager::choice("order", {"fact", "natural"}, "fact",
                        "Order of the features: as the dataset knows it, or as they come"),
         onager::choice(
             "direction", {"fact", "diagonal", "antidiagonal"}, "fact",
             "Lines that are constant in a circulant: as the dataset knows, or as given")})
        .cite("Mallinar, Beaglehole, Zhu, Radhakrishnan, Pandit, Belkin, Emergence in non-neural "
              "models: grokking modular arithmetic via average gradient outer product, ICML 2025"))
