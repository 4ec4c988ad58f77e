// SPDX-License-Identifier: MIT
//
// W'W of a layer's weights.
#pragma once

#include "network_run.hpp"

namespace onager::plugins {

/// W'W (columns of W squared) of the part of that name of a network's present parameters, in
/// doubles. A pair of features i, j has the entry sum_k W_ki W_kj.
inline Table part_gram(const Host& host, const View& view, const std::string& name) {
  std::string names;
  for (const auto& part : network_of(view, ("part." + name).c_str()).parts()) {
    if (part.name != name) {
      names += (names.empty() ? "" : ", ") + part.name;
      continue;
    }
    const onager_array all = array_of(view, "parameters");
    Table w(part.rows, part.cols), out(part.cols, part.cols);
    for (std::int64_t i = 0; i < part.rows * part.cols; ++i)
      w.values[static_cast<std::size_t>(i)] = element(all, part.first + i, 0);
    const Table& weights = w;
    host.gemm<double>(1.0, weights.view(), true, weights.view(), false, 0.0, out.view());
    return out;
  }
  throw Error(ONAGER_INVALID, "the model has no part \"" + name + "\"; " +
                                  (names.empty() ? "it names none" : "it has " + names));
}

}  // namespace onager::plugins
