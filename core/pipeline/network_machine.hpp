// SPDX-License-Identifier: MIT
#pragma once

#include "config/plan.hpp"
#include "linalg/outer_product.hpp"
#include "pipeline/components.hpp"
#include "pipeline/data.hpp"
#include "pipeline/diagnostics.hpp"
#include "pipeline/experiment.hpp"
#include "pipeline/feature_chain.hpp"
#include "pipeline/network_calls.hpp"
#include "pipeline/objective.hpp"
#include "pipeline/run_view.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// A model trained step by step. Row 0 of metrics.csv is the model as it starts, row k the model
/// after k steps:
///
///   train    steps of the optimizer up to the next row
///   measure  loss, errors and accuracies on both splits
///   diagnose what the diagnostics that are due say of it
///
/// Feature maps are fitted once and do not learn. Training ends with the optimizer's last step,
/// with a loss below [loop] stop_below, or when it diverges, which is a result and no failure.
template <class T>
class NetworkMachine : public Experiment {
 public:
  /// Throws Error.
  NetworkMachine(const Plan& plan, const EnvironmentOf& environment);
  ~NetworkMachine() override;

  const char* unit() const override { return "step"; }
  void load(PhaseTimes& times) override;
  const MemoryPlan& expected_memory() override;
  Row advance(std::int64_t from, const Emit& emit, PhaseTimes& times) override;
  std::int64_t end() const override { return steps_ + 1; }
  std::int64_t done(std::int64_t from) const override { return from > 0 ? from - 1 : 0; }
  /// Seldom enough that they take no more than a twentieth of the time.
  double seconds_between_checkpoints(double last_took) const override {
    return std::max(2.0, 19 * last_took);
  }
  std::optional<std::int64_t> interrupted_at() const override;
  void finish(std::int64_t last, PhaseTimes& times) override;
  std::vector<ComponentState> state() const override;
  void restore(const std::vector<ComponentState>& state, std::int64_t from) override;
  /// The parameters, and state of the feature maps.
  std::map<std::string, NpyArray> learned_arrays() const override;
  void describe(Summary& summary) const override;

  const Network<T>& network() const { return *network_; }
  const Objective<T>& objective() const { return *objective_; }
  const arma::Mat<T>& parameters() const { return w_; }
  /// The training samples, as the feature maps give them.
  const arma::Mat<T>& inputs() const { return train_inputs(); }

 private:
  /// What is computed of the present parameters when a diagnostic asks for it.
  struct Known {
    arma::Mat<T> train_prediction, test_prediction, gradient, tangent_kernel, outer_product,
        plain_outer_product;
  };
  void start_from(const std::string& file);
  /// One step; why training ends, or "".
  std::string step();
  /// Loss, errors and accuracies; returns the loss.
  double measure(const Emit& emit);
  const arma::Mat<T>& predictions(const arma::Mat<T>& x, arma::Mat<T>& kept);
  const arma::Mat<T>& outer_product(Centering centering);
  std::optional<onager_array> array(std::string_view name);
  std::vector<Stateful> stateful() const;
  const arma::Mat<T>& train_inputs() const { return chain_->stages() ? train_x_ : data_.train.x; }
  const arma::Mat<T>& test_inputs() const { return chain_->stages() ? test_x_ : data_.unseen.x; }

  const NetworkLoop loop_;
  Components components_;  // outlives the instances
  std::unique_ptr<Instance> dataset_, model_, loss_, optimizer_;
  std::vector<std::string> map_paths_;
  std::unique_ptr<FeatureChain<T>> chain_;
  std::unique_ptr<Diagnostics> diagnostics_;
  const onager_step_optimizer* stepper_ = nullptr;

  DataShape shape_;
  Data<T> data_;
  arma::Mat<T> train_x_, test_x_;  // as the feature maps give them
  std::optional<Network<T>> network_;
  std::optional<Objective<T>> objective_;
  arma::Mat<T> w_, initial_, previous_;  // 1 x p
  std::int64_t steps_ = 0, made_ = 0;
  onager_step last_{};
  double peak_loss_ = 0;  // the largest loss of a batch so far
  bool whole_ = false;    // a step is complete, and its row if it has one
  Known known_;
  arma::Mat<T> initial_tangent_kernel_;
  NetworkContext<T> context_{};
  onager_network table_{};
};

}  // namespace onager::host
