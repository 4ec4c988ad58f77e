// SPDX-License-Identifier: MIT
#pragma once

#include "base/threads.hpp"
#include "pipeline/data.hpp"
#include "plugin/instance.hpp"

#include <armadillo>
#include <memory>
#include <vector>

namespace onager::host {

/// Training samples from the first on: of a list, or of all where there is none.
struct ChosenSamples {
  std::int64_t first = 0;
  const std::int64_t* list = nullptr;
};

/// The feature maps of a pipeline, applied in order: x -> phi_S(...phi_1(x)). Stage s reads the
/// input s and writes the input s + 1; input S is what the kernel sees.
template <class T>
class FeatureChain {
 public:
  FeatureChain(std::vector<std::unique_ptr<Instance>> maps, ThreadPool& threads);

  std::size_t stages() const { return stages_.size(); }
  const Instance& stage(std::size_t s) const { return *stages_[s].instance; }
  bool learns(std::size_t s) const { return stages_[s].learning != nullptr; }
  bool learns() const;
  /// The first learning stage, or stages().
  std::size_t first_learning() const;

  /// Most features that each input would have for data with d of them, the data's first: a map may
  /// learn to give fewer. Throws Error(config) when one cannot take what it gets, or cannot tell
  /// yet what it gives.
  std::vector<std::int64_t> dimensions(std::int64_t d) const;

  /// Fits the maps to the training samples and carries both splits through. What comes before the
  /// first learning stage is computed once, until the samples are forgotten.
  void transform(const Data<T>& data);
  /// Before the data changes.
  void forget_samples();

  /// Training samples as stage s < stages() sees them.
  const arma::Mat<T>& train(std::size_t s) const { return *train_[s]; }
  /// Features of input s, after transform.
  std::int64_t dimension(std::size_t s) const { return static_cast<std::int64_t>(dimensions_[s]); }

  /// Both splits as the last map gave them, given away: the chain has no use for them. Once after a
  /// transform, and where there is a map.
  arma::Mat<T> take_train();
  arma::Mat<T> take_unseen();

  const onager_feature_map& map(std::size_t s) const { return *stages_[s].map; }
  bool linear(std::size_t s) const { return stages_[s].linear != nullptr; }
  /// Whether stage s is linear with a diagonal matrix.
  bool diagonal(std::size_t s) const { return is_diagonal(stages_[s]); }

  /// Whether gradients go from the kernel's input back to input s by matrices alone.
  bool linear_from(std::size_t s) const;
  /// The product of those matrices: dimension of input s x dimension of the kernel's input, or a
  /// column when all are diagonal, or empty when s is stages().
  arma::Mat<T> linear_map(std::size_t s) const;
  bool diagonal_from(std::size_t s) const;

  /// Carries gradients at training samples, (e outputs) x rows with output after output in a
  /// column, from the kernel's input back to input s: (d outputs) x rows. Throws Error(config) when
  /// a map gives no pullback.
  arma::Mat<T> pull_back(std::size_t s, arma::Mat<T> gradients, std::int64_t outputs,
                         const ChosenSamples& samples = {}) const;

  void learn(std::size_t s, const onager_learning& context);

 private:
  struct Stage {
    std::unique_ptr<Instance> instance;
    const onager_feature_map* map;
    const onager_linear_map* linear;
    const onager_learning_map* learning;
  };
  std::shared_ptr<arma::Mat<T>> apply(const Stage& stage, const arma::Mat<T>& x) const;
  static std::int64_t output_dimension(const Stage& stage, std::int64_t d);
  static bool is_diagonal(const Stage& stage);
  void pull_back_block(std::size_t at, const ChosenSamples& samples, std::int64_t rows,
                       std::int64_t outputs, std::int64_t e, const T* gradients, T* out) const;
  arma::Mat<T> matrix(std::size_t s) const;

  std::vector<Stage> stages_;
  ThreadPool& threads_;
  std::vector<arma::uword> dimensions_;  // of the inputs
  std::vector<std::shared_ptr<const arma::Mat<T>>> train_;
  std::shared_ptr<const arma::Mat<T>> fixed_unseen_;          // what the first learning stage gets
  std::shared_ptr<arma::Mat<T>> features_, unseen_features_;  // for the kernel, until taken
};

}  // namespace onager::host
