// SPDX-License-Identifier: MIT
//
// The block of a feature matrix that couples two groups of features, and the order in which it is
// circulant.
#pragma once

#include "observed_matrix.hpp"

#include <numeric>

namespace onager::plugins {

/// Lines of a q x q block: entries (i, i + j mod q), or (i, j - i mod q).
enum class WrappedLines : std::int64_t { diagonals = 1, anti_diagonals = -1 };

/// A coupling block with its rows and columns in circulant order: q x q.
struct CouplingBlock {
  Table values;
  WrappedLines lines;
};

/// Rows and columns of a block in an order, which may leave some out.
inline Table reordered(const Table& block, const std::vector<std::int64_t>& order) {
  const auto q = static_cast<std::int64_t>(order.size());
  Table out(q, q);
  for (std::int64_t i = 0; i < q; ++i)
    for (std::int64_t j = 0; j < q; ++j)
      out(i, j) = block(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(j)]);
  return out;
}

/// Reads the block that couples the first two feature groups, rows of the second and columns of
/// the first, as the parameters of a diagnostic say.
class CouplingBlockReader {
 public:
  CouplingBlockReader(std::string diagnostic, const Config& c, const Host& host)
      : diagnostic_(std::move(diagnostic)),
        matrix_(c, host),
        order_(c.choice("order")),
        direction_(c.choice("direction")) {}

  static std::vector<Parameter> parameters() {
    return ObservedMatrix::parameters(
        {choice("order", {"fact", "natural"}, "fact",
                "Order of the features: as the dataset knows it, or as they come"),
         choice("direction", {"fact", "diagonal", "antidiagonal"}, "fact",
                "Lines that are constant in a circulant: as the dataset knows, or as given")});
  }

  CouplingBlock read(const View& view) {
    const Table block = natural(view);
    return {reordered(block, order(view, block.rows)), lines(view)};
  }

 private:
  Table natural(const View& view) {
    const auto groups = view.groups();
    if (groups.size() < 2 || groups[0].count < 2 || groups[0].count != groups[1].count)
      throw Error(ONAGER_INVALID,
                  diagnostic_ +
                      " compares two groups of as many features, such as the two one-hot numbers "
                      "of modular_arithmetic; this dataset names none");
    const auto matrix = matrix_.read(view);
    const auto &columns = groups[0], &rows = groups[1];
    if (holds_diagonal(matrix.rows, matrix.cols))
      throw Error(ONAGER_INVALID,
                  "the feature matrix is diagonal and couples no features; set "
                  "diagonal = false in its feature map, or of = \"agop\" here");
    if (matrix.rows < rows.first + rows.count || matrix.rows < columns.first + columns.count ||
        matrix.rows != matrix.cols)
      throw Error(ONAGER_INVALID, "the matrix is " + std::to_string(matrix.rows) + " x " +
                                      std::to_string(matrix.cols) +
                                      " and does not hold the dataset's feature groups; it must be "
                                      "learned on the dataset's own features");
    Table block(rows.count, columns.count);
    for (std::int64_t i = 0; i < block.rows; ++i)
      for (std::int64_t j = 0; j < block.cols; ++j)
        block(i, j) = element(matrix, rows.first + i, columns.first + j);
    return block;
  }

  std::vector<std::int64_t> order(const View& view, std::int64_t count) const {
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
      const auto at = static_cast<std::int64_t>(element(*fact, i, 0));
      if (at < 0 || at >= count)
        throw Error(ONAGER_INVALID, "the dataset's circulant_order names feature " +
                                        std::to_string(at) + " of a group of " +
                                        std::to_string(count));
      order[static_cast<std::size_t>(i)] = at;
    }
    return order;
  }

  WrappedLines lines(const View& view) const {
    if (direction_ == "diagonal") return WrappedLines::diagonals;
    if (direction_ == "antidiagonal") return WrappedLines::anti_diagonals;
    const auto fact = view.find("fact.circulant_direction");
    if (!fact)
      throw Error(ONAGER_INVALID,
                  "the dataset does not say along which diagonals its features are "
                  "constant; set direction = \"diagonal\" or \"antidiagonal\"");
    return element(*fact, 0, 0) < 0 ? WrappedLines::anti_diagonals : WrappedLines::diagonals;
  }

  std::string diagnostic_;
  ObservedMatrix matrix_;
  std::string order_, direction_;
};

}  // namespace onager::plugins
