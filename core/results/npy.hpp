// SPDX-License-Identifier: MIT
#pragma once

#include <onager/abi.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace onager::host {

/// An array as .npy files hold it, owned: little-endian, C order.
struct NpyArray {
  onager_dtype dtype = ONAGER_FLOAT64;
  std::vector<std::int64_t> shape;  // one or two dimensions
  std::vector<char> data;

  /// A read-only view as rows x cols; one dimension is a column.
  onager_array view() const;
  double at(std::int64_t i, std::int64_t j) const;
  static NpyArray copy_of(const onager_array& array);  // cols == 1 becomes one dimension
};

/// The bytes of an .npy file, format 1.0.
std::string npy_bytes(const NpyArray& array);

/// Reads format 1.0 and 2.0, little-endian: float32, float64, int64; int32, uint8 and bool become
/// int64; Fortran order becomes C order. Throws Error(system) that names the file, what is wrong
/// with it and what to do.
NpyArray read_npy(const std::filesystem::path& file);

}  // namespace onager::host
