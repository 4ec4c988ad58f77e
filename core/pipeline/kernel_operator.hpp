// SPDX-License-Identifier: MIT
#pragma once

#include "base/available_memory.hpp"
#include "config/memory_limit.hpp"
#include "linalg/kernel_matrix.hpp"

#include <onager/abi.h>

namespace onager::host {

/// The kernel matrix of the training samples as plugins see it. Lives as long as both arguments.
template <class T>
class KernelOperator {
 public:
  /// memory: bytes a solver may allocate.
  KernelOperator(const KernelMatrix& matrix, const KernelSamples<T>& samples,
                 std::uint64_t memory = default_memory_limit(available_memory()));
  KernelOperator(const KernelOperator&) = delete;
  KernelOperator& operator=(const KernelOperator&) = delete;
  const onager_operator& abi() const { return table_; }

  /// Listed samples that are copied at once, for rows and again for columns. A multiple of a tile's
  /// rows and columns, so that sums by pieces have the bytes of whole ones.
  static constexpr std::int64_t gathered_samples = 8192;

  struct Context {
    const KernelMatrix* matrix;
    const KernelSamples<T>* samples;
  };

 private:
  Context context_;
  onager_operator table_;
};

}  // namespace onager::host
