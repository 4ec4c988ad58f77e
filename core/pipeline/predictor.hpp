// SPDX-License-Identifier: MIT
#pragma once

#include "linalg/kernel_matrix.hpp"
#include "linalg/outer_product.hpp"
#include "pipeline/feature_chain.hpp"

#include <armadillo>
#include <cstdint>
#include <functional>
#include <map>
#include <tuple>
#include <vector>

namespace onager::host {

/// What the kernel sees of both splits.
template <class T>
struct KernelInputs {
  KernelSamples<T> train, unseen;
};

/// The fitted kernel predictor of a round, and what is computed from it once however many ask: the
/// gradients at the training samples and their outer products.
template <class T>
class Predictor {
 public:
  /// The arguments stay with the caller.
  Predictor(const FeatureChain<T>& chain, const KernelMatrix& matrix,
            const KernelInputs<T>& inputs);

  const KernelSamples<T>& train() const { return train_; }
  const KernelSamples<T>& unseen() const { return unseen_; }

  arma::Mat<T> alpha;              // c x n
  arma::Mat<T> train_prediction;   // c x n
  arma::Mat<T> unseen_prediction;  // c x unseen samples
  void predict();

  /// AGOP with respect to the input of stage s.
  const arma::Mat<T>& outer_product(std::size_t s, OuterProduct form, Centering centering);

  /// The same over some of the training samples; computed at each call.
  arma::Mat<T> outer_product_of(std::size_t s, OuterProduct form, Centering centering,
                                const std::vector<std::int64_t>& samples);

  /// Gradients of one output with respect to the input of stage s: d x n.
  const arma::Mat<T>& gradients(std::size_t s, std::int64_t output);

 private:
  /// At the samples x. Throws Error(config) when a kernel gives no derivative.
  PredictorGradient<T> gradient(const KernelSamples<T>& x) const;

  const FeatureChain<T>& chain_;
  const KernelMatrix& matrix_;
  const KernelSamples<T>&train_, &unseen_;

  struct Key {
    std::size_t stage;
    OuterProduct form;
    Centering centering;
    bool operator<(const Key& other) const {
      return std::tie(stage, form, centering) < std::tie(other.stage, other.form, other.centering);
    }
  };
  using AtKernel = std::function<arma::Mat<T>(OuterProduct)>;
  /// For the gradients given, and their outer product at the kernel's input where that is known.
  arma::Mat<T> carried_outer_product(const Key& key, const PredictorGradient<T>& gradient,
                                     const std::int64_t* samples, const AtKernel& at_kernel) const;
  std::map<Key, arma::Mat<T>> outer_products_;

  std::size_t gradients_stage_ = 0;
  std::int64_t gradients_output_ = -1;
  arma::Mat<T> gradients_;
};

}  // namespace onager::host
