// SPDX-License-Identifier: MIT
//
// What the benchmarks run on.
#pragma once

#include "../support.hpp"

#include "base/random.hpp"
#include "base/threads.hpp"
#include "linalg/kernel_matrix.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace onager::bench {

/// Samples of every benchmark that has no shape of its own.
inline std::int64_t size() {
  static const char* const text = std::getenv("ONAGER_BENCH_SIZE");
  static const std::int64_t value = text ? std::atoll(text) : 4096;
  return value;
}

constexpr std::int64_t features = 128;

/// All threads of the process.
inline host::ThreadPool& threads() {
  static host::ThreadPool pool(host::available_threads());
  return pool;
}

/// n samples of d standard normal numbers over sqrt(d): distances near sqrt(2).
template <class T>
host::KernelSamples<T> samples(std::int64_t n, std::int64_t d, std::uint64_t stream) {
  std::vector<double> numbers(static_cast<std::size_t>(n * d));
  host::RandomStreams(1, "benchmarks").normal(stream, 0, n * d, numbers.data());
  arma::Mat<T> columns(static_cast<arma::uword>(d), static_cast<arma::uword>(n));
  for (std::size_t i = 0; i < numbers.size(); ++i)
    columns[i] = static_cast<T>(numbers[i] / std::sqrt(static_cast<double>(d)));
  return host::kernel_samples<T>(columns, {});
}

/// count numbers that were written to, so that no benchmark counts the first touch.
template <class T>
host::Numbers<T> touched(std::int64_t count) {
  host::Numbers<T> numbers(count);
  for (std::int64_t i = 0; i < count; ++i) numbers.data()[i] = T(1);
  return numbers;
}

template <class T>
const char* precision() {
  return sizeof(T) == sizeof(float) ? "float32" : "float64";
}

/// The tables of the kernels that are timed.
inline const std::vector<std::string>& kernels() {
  static const std::vector<std::string> tables{"use = 'gaussian'",
                                               "use = 'laplace'",
                                               "use = 'generalized_laplace'",
                                               "use = 'matern'",
                                               "use = 'polynomial'",
                                               "use = 'quadratic'",
                                               "use = 'sum'\nterms = [{ use = 'gaussian' }, "
                                               "{ use = 'laplace' }]"};
  return tables;
}

/// "gaussian" of "use = 'gaussian' ...".
inline std::string name_of(const std::string& table) {
  const auto first = table.find('\'') + 1;
  return table.substr(first, table.find('\'', first) - first);
}

}  // namespace onager::bench
