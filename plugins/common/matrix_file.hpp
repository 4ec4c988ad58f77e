// SPDX-License-Identifier: MIT
//
// A matrix of features from a file.
#pragma once

#include "npy.hpp"

#include <utility>

namespace onager::plugins {

/// A d x d matrix, or the diagonal of one as d x 1, from a .npy file. Throws where it is neither,
/// or not finite.
inline Table read_matrix(const std::string& path) {
  auto file = read_npy(path);
  require_finite(file, path);
  const bool square = file.shape.size() == 2 && file.shape[0] == file.shape[1];
  const bool column = file.shape.size() == 1 || (file.shape.size() == 2 && file.shape[1] == 1);
  if (!square && !column)
    throw Error(ONAGER_INVALID, path + ": the array is " + file.shape_text() +
                                    "; a d x d matrix, or a diagonal as a vector, was expected");
  return std::move(file).table();
}

}  // namespace onager::plugins
