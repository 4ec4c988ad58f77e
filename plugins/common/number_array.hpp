// SPDX-License-Identifier: MIT
//
// Arrays of numbers as files hold them.
#pragma once

#include <onager/array.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace onager::plugins {

/// An array of any shape, last index fastest.
struct NumberArray {
  std::vector<std::int64_t> shape;
  std::vector<double> values;

  std::int64_t rows() const { return shape.empty() ? 1 : shape[0]; }
  /// All indices but the first, taken as one.
  std::int64_t cols() const {
    std::int64_t n = 1;
    for (std::size_t k = 1; k < shape.size(); ++k) n *= shape[k];
    return n;
  }
  Table table() && {
    Table t;
    t.rows = rows();
    t.cols = cols();
    t.values = std::move(values);
    return t;
  }
  std::string shape_text() const {
    std::string text;
    for (const auto n : shape) text += (text.empty() ? "" : " x ") + std::to_string(n);
    return text.empty() ? "a single number" : text;
  }
};

/// Throws at the first number that is NaN or infinite. Rows and columns count from 0, as in NumPy.
inline void require_finite(const NumberArray& array, const std::string& file) {
  const auto cols = static_cast<std::size_t>(std::max<std::int64_t>(array.cols(), 1));
  for (std::size_t k = 0; k < array.values.size(); ++k)
    if (!std::isfinite(array.values[k]))
      throw Error(ONAGER_IO, file + ": element [" + std::to_string(k / cols) + ", " +
                                 std::to_string(k % cols) + "] is " +
                                 (std::isnan(array.values[k]) ? "NaN" : "infinite") +
                                 "; all numbers must be finite");
}

}  // namespace onager::plugins
