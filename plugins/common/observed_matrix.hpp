// SPDX-License-Identifier: MIT
//
// The matrix of features that a diagnostic looks at.
#pragma once

#include <onager/diagnostic.hpp>

#include "part_gram.hpp"

#include <string>
#include <utility>
#include <vector>

namespace onager::plugins {

/// The matrix that a diagnostic looks at: of = "feature_matrix" or "agop", or by the name of an
/// array of the view, such as "gradient_outer_product.plain", where "part.NAME" stands for W'W of
/// the part NAME of the model's parameters.
class ObservedMatrix {
 public:
  ObservedMatrix(const Config& c, const Host& host)
      : host_(host), of_(c.choice("of")), array_(c.text("array")) {
    if (!array_.empty() && !c.is_default("of"))
      throw Error(ONAGER_INVALID, "of and array both name the matrix; one of them does");
  }

  /// The parameters that tell it, and those of the diagnostic after them.
  static std::vector<Parameter> parameters(std::vector<Parameter> own = {}) {
    std::vector<Parameter> out{
        choice("of", {"feature_matrix", "agop"}, "feature_matrix",
               "The matrix: learned by a feature map, or the predictor's AGOP"),
        text("array", "",
             "The matrix by the name of an array instead: gradient_outer_product, "
             "gradient_outer_product.plain, fact.egop, .., or part.w1 for W'W of a part of a "
             "network's parameters")};
    for (auto& p : own) out.push_back(std::move(p));
    return out;
  }

  /// As the user called it.
  const std::string& name() const { return array_.empty() ? of_ : array_; }

  /// d x d, or d x 1 where it holds the diagonal only. Borrowed until the next call.
  onager_array read(const View& view) {
    if (array_.empty()) return of(view);
    if (array_.rfind("part.", 0) == 0) {
      gram_ = part_gram(host_, view, array_.substr(5));
      return gram_.view().array();
    }
    const auto found = view.find(array_.c_str());
    if (!found)
      throw Error(ONAGER_INVALID, "this run has no array \"" + array_ +
                                      "\"; it may have gradient_outer_product, "
                                      "state.feature_matrix, fact.egop, and a network "
                                      "gradient_outer_product.plain and part.NAME");
    if (found->rows != found->cols && found->cols != 1)
      throw Error(ONAGER_INVALID, "array \"" + array_ + "\" is " + std::to_string(found->rows) +
                                      " x " + std::to_string(found->cols) +
                                      ", and neither a square matrix nor the diagonal of one");
    return *found;
  }

 private:
  onager_array of(const View& view) const {
    const bool learned = of_ == "feature_matrix";
    const auto matrix = view.find(learned ? "state.feature_matrix" : "gradient_outer_product");
    if (matrix) return *matrix;
    throw Error(ONAGER_INVALID,
                learned ? "no feature map of this run has a feature_matrix; add one that learns "
                          "it, or set of = \"agop\" or array"
                        : "this run has no average gradient outer product; its kernel or a feature "
                          "map has no gradient");
  }

  Host host_;
  std::string of_, array_;
  Table gram_;
};

/// Whether an array holds the diagonal of a matrix in its only column.
inline bool holds_diagonal(std::int64_t rows, std::int64_t cols) { return cols == 1 && rows > 1; }

/// The diagonal of a d x d matrix, or what is one already: d x 1.
inline Table diagonal_of(const onager_array& matrix) {
  const bool vector = holds_diagonal(matrix.rows, matrix.cols);
  Table out(matrix.rows, 1);
  for (std::int64_t i = 0; i < matrix.rows; ++i) out(i, 0) = element(matrix, i, vector ? 0 : i);
  return out;
}

}  // namespace onager::plugins
