// SPDX-License-Identifier: MIT
//
// The interfaces of components, with the manners of their functions' arguments.
#pragma once

#include "plugin/lent_functions.hpp"
#include "plugin/lent_structs.hpp"
#include "plugin/remote_functions.hpp"
#include "plugin/remote_vjp.hpp"

namespace onager::host::remote {

template <class T>
using N = Number<T>;

struct Dataset {
  using Table = onager_dataset;
  static constexpr const char* id = ONAGER_DATASET;
  template <auto Member, class... Manners>
  using F = Function<Dataset, Member, Manners...>;
  using Functions = List<F<&Table::describe, Record<onager_dataset_info>>,
                         F<&Table::fill, N<std::uint32_t>, N<std::int64_t>, InOut, InOut>,
                         F<&Table::output_name, N<std::int64_t>>,
                         F<&Table::feature_group, N<std::int64_t>, Record<onager_feature_group>>>;
};

struct Draw {
  using Table = onager_drawing_dataset;
  static constexpr const char* id = ONAGER_DATASET_DRAW;
  using Functions =
      List<Function<Draw, &Table::draw, N<std::uint64_t>, N<std::int64_t>, InOut, InOut>>;
};

struct FeatureMap {
  using Table = onager_feature_map;
  static constexpr const char* id = ONAGER_FEATURE_MAP;
  template <auto Member, class... Manners>
  using F = Function<FeatureMap, Member, Manners...>;
  using Functions = List<F<&Table::fit, In, In>, F<&Table::output_dimension, N<std::int64_t>>,
                         F<&Table::apply, In, Out>, F<&Table::pullback, In, In, Out>>;
};

struct Linear {
  using Table = onager_linear_map;
  static constexpr const char* id = ONAGER_FEATURE_MAP_LINEAR;
  using Functions = List<Function<Linear, &Table::diagonal>, Function<Linear, &Table::matrix, Out>>;
};

struct Learn {
  using Table = onager_learning_map;
  static constexpr const char* id = ONAGER_FEATURE_MAP_LEARN;
  using Functions = List<Function<Learn, &Table::learn, Lent<onager_learning>>>;
};

struct Radial {
  using Table = onager_radial_kernel;
  static constexpr const char* id = ONAGER_KERNEL_RADIAL;
  template <auto Member, class T>
  using F = Function<Radial, Member, Count, InBuffer<T>, OutBuffer<T>, OutBuffer<T>>;
  using Functions = List<F<&Table::evaluate_f64, double>, F<&Table::evaluate_f32, float>>;
};

struct Dot {
  using Table = onager_dot_kernel;
  static constexpr const char* id = ONAGER_KERNEL_DOT;
  template <auto Member, class T>
  using F = Function<Dot, Member, Count, InBuffer<T>, InBuffer<T>, InBuffer<T>, OutBuffer<T>,
                     OutBuffer<T>, OutBuffer<T>>;
  using Functions = List<F<&Table::evaluate_f64, double>, F<&Table::evaluate_f32, float>>;
};

struct Block {
  using Table = onager_block_kernel;
  static constexpr const char* id = ONAGER_KERNEL_BLOCK;
  using Functions = List<Function<Block, &Table::block, In, In, Out>,
                         Function<Block, &Table::gradient, In, In, In, Out>>;
};

/// The children of a composite: a list of components of the same process.
struct Children {
  struct Sent {
    Sent(Channel& channel, const onager_child** to);
    void finish(Channel& channel);
    const onager_child** to;
  };
  struct Taken {
    explicit Taken(Channel& channel);
    const onager_child** arg() { return wanted ? &children : nullptr; }
    void reply(Channel& channel);
    bool wanted;
    const onager_child* children = nullptr;
  };
};

struct Composite {
  using Table = onager_composite_kernel;
  static constexpr const char* id = ONAGER_KERNEL_COMPOSITE;
  template <auto Member, class T>
  using F = Function<Composite, Member, Count, InPlanes<T>, OutBuffer<T>, OutPlanes<T>>;
  using Functions = List<Function<Composite, &Table::children, Children>,
                         F<&Table::combine_f64, double>, F<&Table::combine_f32, float>>;
};

struct Model {
  using Table = onager_model;
  static constexpr const char* id = ONAGER_MODEL;
  template <auto Member, class... Manners>
  using F = Function<Model, Member, Manners...>;
  using Functions =
      List<F<&Table::prepare, N<std::int64_t>, N<std::int64_t>, Set<std::int64_t>>,
           F<&Table::initialise, Out>, F<&Table::forward, In, In, Out>, RemoteVjp<Model>,
           F<&Table::part, N<std::int64_t>, Record<onager_model_part>>>;
};

struct Tangent {
  using Table = onager_model_tangent;
  static constexpr const char* id = ONAGER_MODEL_TANGENT;
  template <auto Member, class... Manners>
  using F = Function<Tangent, Member, Manners...>;
  using Functions =
      List<F<&Table::jvp, In, In, In, In, Out>, F<&Table::hvp, In, In, In, In, In, Out, Out>,
           F<&Table::second, In, In, In, In, Out>>;
};

struct TangentKernel {
  using Table = onager_model_tangent_kernel;
  static constexpr const char* id = ONAGER_MODEL_TANGENT_KERNEL;
  using Functions = List<Function<TangentKernel, &Table::block, In, In, In, Out>>;
};

struct Loss {
  using Table = onager_loss;
  static constexpr const char* id = ONAGER_LOSS;
  template <auto Member, class... Manners>
  using F = Function<Loss, Member, N<std::int64_t>, In, In, Manners...>;
  using Functions = List<F<&Table::evaluate, Set<double>, Out>, F<&Table::curvature, In, Out>>;
};

struct LinearSolver {
  using Table = onager_linear_solver;
  static constexpr const char* id = ONAGER_OPTIMIZER_LINEAR;
  using Functions = List<Function<LinearSolver, &Table::solve, Lent<onager_operator>, In, InOut>,
                         Function<LinearSolver, &Table::memory, N<onager_dtype>, N<std::int64_t>,
                                  N<std::int64_t>, N<std::uint64_t>>>;
};

struct StepOptimizer {
  using Table = onager_step_optimizer;
  static constexpr const char* id = ONAGER_OPTIMIZER_STEP;
  using Functions =
      List<Function<StepOptimizer, &Table::begin, Lent<onager_objective>, Set<std::int64_t>>,
           Function<StepOptimizer, &Table::step, Lent<onager_objective>, N<std::int64_t>, InOut,
                    Record<onager_step>>>;
};

struct Diagnostic {
  using Table = onager_diagnostic;
  static constexpr const char* id = ONAGER_DIAGNOSTIC;
  using Functions = List<Function<Diagnostic, &Table::observe, Lent<onager_view>>,
                         Function<Diagnostic, &Table::finish, Lent<onager_view>>>;
};

template <class Interface>
using NamedArrays = List<
    Function<Interface, &onager_named_arrays::describe, N<std::int64_t>, Record<onager_array_info>>,
    Function<Interface, &onager_named_arrays::read, N<std::int64_t>, Out>,
    Function<Interface, &onager_named_arrays::write, Text, In>>;

struct State {
  using Table = onager_named_arrays;
  static constexpr const char* id = ONAGER_STATE;
  using Functions = NamedArrays<State>;
};

struct Facts {
  using Table = onager_named_arrays;
  static constexpr const char* id = ONAGER_FACTS;
  using Functions = NamedArrays<Facts>;
};

using Interfaces =
    List<Dataset, Draw, Facts, FeatureMap, Linear, Learn, Radial, Dot, Block, Composite, Model,
         Tangent, TangentKernel, Loss, StepOptimizer, LinearSolver, Diagnostic, State>;

}  // namespace onager::host::remote
