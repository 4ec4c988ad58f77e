// SPDX-License-Identifier: MIT
//
// One kernel of an expression and the calls into it, in either precision.
#pragma once

#include "linalg/kernel_expression.hpp"

namespace onager::host {

struct KernelExpression::Node {
  enum class Form { radial, dot, block, composite };

  Form form = Form::block;
  std::string id;
  std::size_t index = 0;        // in nodes_
  std::size_t block_index = 0;  // in blocks_
  void* instance = nullptr;
  const onager_radial_kernel* radial = nullptr;
  const onager_dot_kernel* dot = nullptr;
  const onager_block_kernel* block = nullptr;
  const onager_composite_kernel* composite = nullptr;
  std::vector<std::unique_ptr<Node>> children;

  explicit Node(const onager_child& source);

  bool gives_derivative() const;

  // Profiles over a run of `count` numbers. A plugin without single precision is called in double
  // through `convert`.
  template <class T>
  onager_status evaluate_radial(std::int64_t count, const T* r2, T* k, T* slope,
                                std::vector<double>& convert) const;
  template <class T>
  onager_status evaluate_dot(std::int64_t count, const T* s, const T* a, const T* b, T* k,
                             T* slope_s, T* slope_a, std::vector<double>& convert) const;
  template <class T>
  onager_status combine(std::int64_t count, const T* const* values, T* k, T* const* slopes,
                        std::vector<double>& convert) const;
};

}  // namespace onager::host
