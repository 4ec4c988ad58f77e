// SPDX-License-Identifier: MIT
#pragma once

#include "linalg/model_functions.hpp"
#include "plugin/instance.hpp"

#include <armadillo>
#include <cstdint>
#include <memory>
#include <vector>

namespace onager::host {

/// A model component prepared for data of one shape, over Armadillo's matrices: samples are columns
/// (d x n), outputs c x n, parameters a 1 x p row, which plugins see as p x 1.
template <class T>
class Network {
 public:
  /// Throws Error when the component offers no model or cannot take the shape.
  Network(const Instance& model, std::int64_t features, std::int64_t outputs);

  std::int64_t parameters() const { return parameters_; }
  std::int64_t features() const { return features_; }
  std::int64_t outputs() const { return outputs_; }
  const Instance& model() const { return model_; }
  const ModelFunctions& functions() const { return *functions_; }

  /// The parameters to start from. Throws Error(numerical) when they are not finite.
  arma::Mat<T> initial() const;
  /// In blocks of samples, so that the memory between the layers is bounded.
  arma::Mat<T> forward(const arma::Mat<T>& w, const arma::Mat<T>& x) const;
  /// (n c) x (n c), sample after sample.
  arma::Mat<T> tangent_kernel(const arma::Mat<T>& w, const arma::Mat<T>& x) const;
  /// Gradients of one output with respect to the inputs, d x n.
  arma::Mat<T> input_gradients(const arma::Mat<T>& w, const arma::Mat<T>& x,
                               std::int64_t output) const;

 private:
  const Instance& model_;
  std::int64_t features_, outputs_, parameters_ = 0;
  std::unique_ptr<ModelFunctions> functions_;
};

/// Samples that go through a model at a time.
constexpr std::int64_t network_block = 1024;

}  // namespace onager::host
