// SPDX-License-Identifier: MIT
#pragma once

#include "config/plan.hpp"
#include "linalg/kernel_matrix.hpp"
#include "pipeline/data.hpp"
#include "pipeline/feature_chain.hpp"
#include "pipeline/memory_plan.hpp"
#include "pipeline/predictor.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// Seconds spent, by phase, in the order the phases first came.
class PhaseTimes {
 public:
  void add(const std::string& phase, double seconds);
  const std::vector<std::pair<std::string, double>>& all() const { return times_; }

  /// Runs work and adds its wall time to a phase, also when it throws.
  template <class Work>
  auto measure(const std::string& phase, Work&& work);

 private:
  std::vector<std::pair<std::string, double>> times_;
};

/// What a component has to keep for resuming: its place in the pipeline and its state arrays.
struct ComponentState {
  std::string path;
  std::map<std::string, NpyArray> arrays;
};

/// A kernel machine with feature maps that may learn: the loop's body. A round is
///
///   transform  carry both splits through the feature maps
///   fit        solve (K + ridge I) alpha = y, or what the optimizer makes of it
///   measure    predictions, mean squared error, accuracy, diagnostics
///   learn      feature maps learn from the predictor's gradients
///
/// With a feature map that learns from the average gradient outer product this is the recursive
/// feature machine of Radhakrishnan et al., Science 383 (2024); with none, one round of it is
/// kernel ridge regression.
template <class T>
class KernelMachine {
 public:
  /// Creates every component, each with the environment that is made for its place in the pipeline.
  /// Throws Error.
  KernelMachine(const Plan& plan,
                const std::function<Environment(const std::string& path)>& environment);
  ~KernelMachine();

  /// What the run will hold, from the sizes of the data alone. Throws Error when the dataset cannot
  /// be described.
  const MemoryPlan& plan_memory();
  /// The plan, once it was made.
  const MemoryPlan* memory() const { return memory_ ? &*memory_ : nullptr; }

  /// Throws Error(system) when the plan exceeds its limit, before anything is loaded.
  void load(PhaseTimes& times);
  const Data<T>& data() const { return data_; }
  const DataShape& shape() const { return shape_; }  // zeros before plan_memory
  bool learns() const { return chain_->learns(); }

  /// transform and fit, then the round's measurements through `emit`.
  using Emit = std::function<void(const std::string& name, double value)>;
  void fit_and_measure(std::int64_t round, const Emit& emit, PhaseTimes& times);
  void observe(std::int64_t round, PhaseTimes& times);
  void learn(std::int64_t round, PhaseTimes& times);
  /// Lets the diagnostics finish, with the predictor of the last round where that was complete.
  void finish(std::int64_t round, PhaseTimes& times);

  std::vector<ComponentState> state() const;
  /// Throws Error(system) when the state is not one of this pipeline.
  void restore(const std::vector<ComponentState>& state);
  /// State of the feature maps by name, for the run folder.
  std::map<std::string, NpyArray> learned_arrays() const;

  /// Outputs for the test samples (c x samples), after fit_and_measure.
  const arma::Mat<T>& test_prediction() const { return predictor_->test_prediction; }
  std::int64_t kernel_dimension() const;

 private:
  std::vector<std::pair<std::string, const Instance*>> stateful() const;
  MemoryShape memory_shape(std::vector<std::string>& unknown) const;
  KernelInputs<T> kernel_inputs();

  double memory_limit_;
  std::string memory_limit_source_;
  std::int64_t rounds_;
  std::vector<std::unique_ptr<Environment>> environments_;  // outlive the instances
  std::unique_ptr<Instance> dataset_, kernel_, optimizer_;
  std::vector<std::unique_ptr<Instance>> diagnostics_;
  std::vector<std::string> map_paths_, diagnostic_paths_;
  std::unique_ptr<FeatureChain<T>> chain_;
  std::unique_ptr<KernelExpression> expression_;
  std::unique_ptr<KernelMatrix> matrix_;
  double dataset_bytes_ = 0;  // that the dataset holds before it is asked for the data
  DataShape shape_;
  std::optional<MemoryPlan> memory_;
  Data<T> data_;
  std::optional<KernelInputs<T>> inputs_;
  std::unique_ptr<Predictor<T>> predictor_;
  bool fitted_ = false;
};

/// The memory that a run of the pipeline would take: creates its components and describes the
/// dataset, and computes nothing. Throws Error.
MemoryPlan expected_memory(const Plan& plan, int threads);

template <class Work>
auto PhaseTimes::measure(const std::string& phase, Work&& work) {
  struct Timer {
    PhaseTimes& times;
    const std::string& phase;
    std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
    ~Timer() {
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
      times.add(phase, taken.count());
    }
  } timer{*this, phase};
  return work();
}

}  // namespace onager::host
