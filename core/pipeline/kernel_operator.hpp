// SPDX-License-Identifier: MIT
#pragma once

#include "linalg/kernel_matrix.hpp"

#include <onager/abi.h>

namespace onager::host {

/// The kernel matrix of the training samples as plugins see it. Lives as long as both arguments.
template <class T>
class KernelOperator {
 public:
  KernelOperator(const KernelMatrix& matrix, const KernelSamples<T>& samples);
  KernelOperator(const KernelOperator&) = delete;
  KernelOperator& operator=(const KernelOperator&) = delete;
  const onager_operator& abi() const { return table_; }

  struct Context {
    const KernelMatrix* matrix;
    const KernelSamples<T>* samples;
  };

 private:
  Context context_;
  onager_operator table_;
};

/// Bytes of memory that are free for a large matrix now.
std::uint64_t available_memory();

}  // namespace onager::host
