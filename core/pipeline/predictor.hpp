// SPDX-License-Identifier: MIT
#pragma once

#include "linalg/kernel_matrix.hpp"
#include "linalg/predictor_gradient.hpp"
#include "pipeline/feature_chain.hpp"

#include <armadillo>
#include <map>
#include <memory>
#include <tuple>

namespace onager::host {

/// The fitted kernel predictor of a round, and what is computed from it once however many ask: the
/// gradients at the training samples and their outer products.
template <class T>
class Predictor {
 public:
  Predictor(const FeatureChain<T>& chain, const KernelMatrix& matrix);

  const KernelSamples<T>& train() const { return train_; }
  const KernelSamples<T>& test() const { return test_; }

  arma::Mat<T> alpha;             // c x n
  arma::Mat<T> train_prediction;  // c x n
  arma::Mat<T> test_prediction;   // c x test samples
  void predict();

  /// AGOP with respect to the input of stage s.
  const arma::Mat<T>& outer_product(std::size_t s, OuterProduct form, Centering centering);

  /// Gradients of one output with respect to the input of stage s: d x n.
  const arma::Mat<T>& gradients(std::size_t s, std::int64_t output);

 private:
  PredictorGradient<T>& gradient();

  const FeatureChain<T>& chain_;
  const KernelMatrix& matrix_;
  KernelSamples<T> train_, test_;
  std::unique_ptr<PredictorGradient<T>> gradient_;

  struct Key {
    std::size_t stage;
    OuterProduct form;
    Centering centering;
    bool operator<(const Key& other) const {
      return std::tie(stage, form, centering) < std::tie(other.stage, other.form, other.centering);
    }
  };
  arma::Mat<T> compute_outer_product(const Key& key);
  std::map<Key, arma::Mat<T>> outer_products_;

  std::size_t gradients_stage_ = 0;
  std::int64_t gradients_output_ = -1;
  arma::Mat<T> gradients_;
};

}  // namespace onager::host
