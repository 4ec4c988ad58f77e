// SPDX-License-Identifier: MIT
#pragma once

#include "config/plan.hpp"
#include "linalg/kernel_matrix.hpp"
#include "pipeline/components.hpp"
#include "pipeline/data.hpp"
#include "pipeline/diagnostics.hpp"
#include "pipeline/experiment.hpp"
#include "pipeline/feature_chain.hpp"
#include "pipeline/kept_round.hpp"
#include "pipeline/memory_plan.hpp"
#include "pipeline/predictor.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// A kernel machine with feature maps that may learn: the loop's body. A round is
///
///   draw       other training samples, where the loop says so and from round 1 on
///   transform  carry all samples through the feature maps
///   fit        solve (K + ridge I) alpha = y, or what the optimizer makes of it
///   measure    predictions, mean squared error, accuracy, diagnostics
///   learn      feature maps learn from the predictor's gradients
///
/// With a feature map that learns from the average gradient outer product this is the recursive
/// feature machine of Radhakrishnan et al., Science 383 (2024); with none, one round of it is
/// kernel ridge regression. With validation samples the best round is kept.
template <class T>
class KernelMachine : public Experiment {
 public:
  /// Creates every component, each with the environment that is made for its place in the pipeline.
  /// Throws Error.
  KernelMachine(const Plan& plan, const EnvironmentOf& environment);
  ~KernelMachine() override;

  const char* unit() const override { return "round"; }
  const MemoryPlan& expected_memory() override;
  /// Throws Error(system) when the memory plan exceeds its limit, before anything is loaded.
  void load(PhaseTimes& times) override;
  Row advance(std::int64_t from, const Emit& emit, PhaseTimes& times) override;
  std::int64_t end() const override { return loop_.rounds; }
  std::int64_t done(std::int64_t from) const override { return from; }
  double seconds_between_checkpoints(double) const override { return 0; }
  std::optional<std::int64_t> interrupted_at() const override { return std::nullopt; }
  /// With the predictor of the last round where that was complete.
  void finish(std::int64_t last, PhaseTimes& times) override;
  std::vector<ComponentState> state() const override;
  void restore(const std::vector<ComponentState>& state, std::int64_t from) override;
  /// State of the feature maps, in the round that is kept.
  std::map<std::string, NpyArray> learned_arrays() const override;
  void describe(Summary& summary) const override;

  /// draw, transform and fit, then the round's measurements; the first half of advance.
  void fit_and_measure(std::int64_t round, const Emit& emit, PhaseTimes& times);
  void learn(std::int64_t round, PhaseTimes& times);
  /// Outputs for the unseen samples (c x samples), after fit_and_measure.
  const arma::Mat<T>& unseen_prediction() const { return predictor_->unseen_prediction; }
  std::int64_t kernel_dimension() const;
  const DataShape& shape() const { return shape_; }
  const Data<T>& data() const { return data_; }
  bool learns() const { return chain_->learns(); }

 private:
  std::vector<Stateful> stateful() const;
  MemoryShape memory_shape(std::vector<std::string>& unknown) const;
  KernelInputs<T> kernel_inputs();
  void begin_features() const;
  std::vector<std::int64_t> held_out() const;
  /// Whether the samples of the data are needed beside those the kernel gets.
  bool keeps_samples() const { return !diagnostics_->empty() || loop_.fresh_samples; }
  void measure(const Emit& emit);

  std::uint64_t seed_;
  KernelLoop loop_;
  double memory_limit_;
  std::string memory_limit_source_;
  Components components_;  // outlives the instances
  std::unique_ptr<Instance> dataset_, kernel_, optimizer_;
  std::unique_ptr<Diagnostics> diagnostics_;
  std::vector<std::string> map_paths_;
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
  ValidationScore score_;  // of the round
  KeptRound kept_;         // where there are validation samples
};

}  // namespace onager::host
