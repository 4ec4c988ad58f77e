// SPDX-License-Identifier: MIT
//
// The functions of the structs that are lent for a call, with the manners of their arguments.
#pragma once

#include "plugin/remote_functions.hpp"

namespace onager::host {

template <class... Members>
struct List {};

namespace lent {

using Samples = InBuffer<std::int64_t>;
template <class T>
using N = Number<T>;

template <class Table>
struct Functions;

template <>
struct Functions<onager_operator> {
  using T = onager_operator;
  using All = List<LentFunction<&T::diagonal, Out>,
                   LentFunction<&T::block, Count, Samples, Count, Samples, Out>,
                   LentFunction<&T::product, In, Out>, LentFunction<&T::fill, Part, Out>,
                   LentFunction<&T::part_product, Count, Samples, Count, Samples, In, Out>>;
};

template <>
struct Functions<onager_objective> {
  using T = onager_objective;
  using All = List<LentFunction<&T::evaluate, In, Count, Samples, Set<double>, Out>,
                   LentFunction<&T::hessian_product, In, Count, Samples, In, Out>,
                   LentFunction<&T::lambda, In, Count, Samples, N<double>, Set<double>>>;
};

template <>
struct Functions<onager_learning> {
  using T = onager_learning;
  using All = List<LentFunction<&T::agop, N<std::uint32_t>, Out>,
                   LentFunction<&T::gradients, N<std::int64_t>, N<std::int64_t>, Out>,
                   LentFunction<&T::array, Text, View>,
                   LentFunction<&T::agop_of, N<std::uint32_t>, Count, Samples, Out>>;
};

template <>
struct Functions<onager_network> {
  using T = onager_network;
  using All =
      List<LentFunction<&T::part, N<std::int64_t>, Record<onager_model_part>>,
           LentFunction<&T::forward, In, In, Out>, LentFunction<&T::vjp, In, In, In, Out, Out>,
           LentFunction<&T::jvp, In, In, In, In, Out>,
           LentFunction<&T::hvp, In, In, In, In, In, Out, Out>,
           LentFunction<&T::tangent_kernel, In, In, In, Out>>;
};

template <>
struct Functions<onager_view> {
  using T = onager_view;
  using All = List<LentFunction<&T::array, Text, View>, LentFunction<&T::group_count>,
                   LentFunction<&T::group, N<std::int64_t>, Record<onager_feature_group>>>;
};

}  // namespace lent

template <class Table>
using FunctionsOf = typename lent::Functions<Table>::All;

}  // namespace onager::host
