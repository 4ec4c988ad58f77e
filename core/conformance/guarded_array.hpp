// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/witness.hpp"

#include <onager/array.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

namespace onager::host::conformance {

enum class Role { input, output };

/// An argument of a call, in memory of its own that ends where a page begins that cannot be
/// touched, with such a page before it too. So it is aligned to its element and no more, as the ABI
/// allows, and an access past its end ends the process. The bytes in front of the first element and
/// between rows are 0xFF (NaN in either precision): one that changes was written by the callee.
class GuardedArray {
 public:
  /// `gap`: elements between the end of a row and the begin of the next.
  GuardedArray(std::string name, Role role, onager_dtype dtype, std::int64_t rows,
               std::int64_t cols, std::int64_t gap = 0);
  ~GuardedArray();
  GuardedArray(const GuardedArray&) = delete;
  GuardedArray& operator=(const GuardedArray&) = delete;

  /// An input with these numbers, in the precision of dtype, that can only be read.
  void fill_and_seal(const Table& numbers);
  /// An output in which every element is a mark that no computation gives.
  void mark();

  onager_array view() const;
  double at(std::int64_t i, std::int64_t j) const { return element(view(), i, j); }
  Table table() const { return Table::copy_of(view()); }
  std::string described() const;  // "k (10 x 1, float64)"

  /// "" or what a call that filled it did not do: "left k[0, 0] of k (10 x 1, float64) unwritten",
  /// or that it added to an element, which then is a NaN with the mark in it.
  std::string unset() const;
  /// Whether bytes outside the elements were changed.
  bool spilled() const;

  // What a handler of signals may use: no allocation, only calls that are safe there.
  const char* name() const { return name_.c_str(); }
  Role role() const { return role_; }
  bool guards(std::uintptr_t address) const;
  /// Where an address that it guards lies; `bytes` from the nearer end of the elements.
  Spot spot_of(std::uintptr_t address, std::int64_t& bytes) const;
  /// Writes FOLDER/NAME.npy; false when it could not.
  bool save(const char* folder) const;

 private:
  char* element_at(std::int64_t i, std::int64_t j) const;

  const std::string name_;
  const Role role_;
  const onager_dtype dtype_;
  const std::int64_t rows_, cols_, row_stride_;
  const std::size_t element_bytes_;
  std::string npy_header_;
  char* memory_ = nullptr;  // the whole mapping
  std::size_t mapped_ = 0;
  char *pages_ = nullptr, *begin_ = nullptr, *end_ = nullptr;
};

}  // namespace onager::host::conformance
