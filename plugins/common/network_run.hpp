// SPDX-License-Identifier: MIT
//
// What diagnostics of networks read from a view.
#pragma once

#include <onager/diagnostic.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace onager::plugins {

/// The network of a run. A kernel machine has none, and `diagnostic` has nothing to say of it.
inline Network network_of(const View& view, const char* diagnostic) {
  if (const auto network = view.network()) return *network;
  throw Error(ONAGER_INVALID, std::string(diagnostic) +
                                  " looks at a network, and this run is a kernel machine; it goes "
                                  "into pipelines with a [model]");
}

/// An array that every run of a network has.
inline onager_array array_of(const View& view, const char* name) {
  if (const auto found = view.find(name)) return *found;
  throw Error(ONAGER_INTERNAL, std::string("this host shows no array ") + name);
}

/// work(zero) with zero of the run's number type.
template <class Work>
auto in_precision_of(const Network& network, Work&& work) {
  if (network.dtype() == ONAGER_FLOAT32) return work(float{});
  return work(double{});
}

/// The parameter of a diagnostic that looks at the first training samples only.
inline Parameter samples_parameter(std::int64_t value, const char* doc) {
  return integer("samples", value, doc).at_least(0);
}

/// How many samples that is: 0 stands for all, and no more than there are.
inline std::int64_t sample_count(const Network& network, std::int64_t wanted) {
  return wanted == 0 ? network.samples() : std::min(wanted, network.samples());
}

/// Samples 0 .. count - 1 as the objective takes them.
inline std::vector<std::int64_t> first_samples(std::int64_t count) {
  std::vector<std::int64_t> out(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::int64_t>(i);
  return out;
}

/// Rows first .. first + count - 1.
inline onager_array rows_of(onager_array a, std::int64_t first, std::int64_t count) {
  const std::int64_t bytes = a.dtype == ONAGER_FLOAT32 ? 4 : 8;
  a.data = static_cast<char*>(a.data) + first * a.row_stride * bytes;
  a.rows = count;
  return a;
}

/// |a|_F, or |a - b|_F.
inline double frobenius(const onager_array& a, const onager_array* b = nullptr) {
  double sum = 0;
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t j = 0; j < a.cols; ++j) {
      const double v = element(a, i, j) - (b ? element(*b, i, j) : 0.0);
      sum += v * v;
    }
  return std::sqrt(sum);
}

}  // namespace onager::plugins
