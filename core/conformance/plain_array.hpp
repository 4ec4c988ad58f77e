// SPDX-License-Identifier: MIT
#pragma once

#include <onager/array.hpp>

#include <cstdint>
#include <vector>

namespace onager::host::conformance {

/// An argument of a call in memory of its own, filled with zeros.
class PlainArray {
 public:
  PlainArray(onager_dtype dtype, std::int64_t rows, std::int64_t cols)
      : memory_(static_cast<std::size_t>(rows * cols * (dtype == ONAGER_FLOAT32 ? 4 : 8))),
        view_{sizeof view_, dtype, memory_.data(), rows, cols, cols, 1} {}
  PlainArray(const PlainArray&) = delete;
  PlainArray& operator=(const PlainArray&) = delete;

  onager_array view() const { return view_; }
  Table table() const { return Table::copy_of(view_); }

 private:
  std::vector<char> memory_;
  onager_array view_;
};

}  // namespace onager::host::conformance
