// SPDX-License-Identifier: MIT
#include "pipeline/predictor.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

namespace onager::host {

template <class T>
Predictor<T>::Predictor(const FeatureChain<T>& chain, const KernelMatrix& matrix)
    : chain_(chain), matrix_(matrix) {
  const arma::Mat<T>& features = chain.train(chain.stages());
  const arma::Col<T> shift = kernel_shift(matrix.kernel(), features);
  train_ = kernel_samples(features, shift);
  test_ = kernel_samples(chain.test(), shift);
}

template <class T>
void Predictor<T>::predict() {
  train_prediction = matrix_.product(train_, train_, alpha);
  test_prediction = matrix_.product(test_, train_, alpha);
}

template <class T>
PredictorGradient<T>& Predictor<T>::gradient() {
  if (!gradient_) {
    if (const auto id = matrix_.kernel().first_without_derivative(); !id.empty())
      throw Error(Category::config,
                  fmt::format("kernel '{}' gives no derivative, so nothing can be learned from its "
                              "gradients",
                              id));
    gradient_ = std::make_unique<PredictorGradient<T>>(matrix_, train_, train_, alpha);
  }
  return *gradient_;
}

template <class T>
const arma::Mat<T>& Predictor<T>::outer_product(std::size_t s, OuterProduct form,
                                                Centering centering) {
  const Key key{s, form, centering};
  auto found = outer_products_.find(key);
  if (found == outer_products_.end())
    found = outer_products_.emplace(key, compute_outer_product(key)).first;
  return found->second;
}

template <class T>
arma::Mat<T> Predictor<T>::compute_outer_product(const Key& key) {
  const std::size_t kernel_input = chain_.stages();
  if (key.stage == kernel_input)
    return average_gradient_outer_product<T>(gradient(), key.form, key.centering, {});
  if (key.form == OuterProduct::diagonal) {
    const Key full{key.stage, OuterProduct::full, key.centering};
    if (const auto known = outer_products_.find(full); known != outer_products_.end())
      return known->second.diag();
  }
  if (!chain_.linear_from(key.stage))
    return average_gradient_outer_product<T>(
        gradient(), key.form, key.centering, [&](arma::Mat<T> chunk, std::int64_t count) {
          return chain_.pull_back(key.stage, std::move(chunk), count);
        });

  // a linear map A carries the whole product: A G A'
  const arma::Mat<T> map = chain_.linear_map(key.stage);
  if (chain_.diagonal_from(key.stage)) {
    const arma::Mat<T>& g = outer_product(kernel_input, key.form, key.centering);
    if (key.form == OuterProduct::diagonal) return arma::square(map) % g;
    return g % (map * map.t());
  }
  const arma::Mat<T> half = map * outer_product(kernel_input, OuterProduct::full, key.centering);
  if (key.form == OuterProduct::diagonal) return arma::sum(half % map, 1);
  return arma::symmatu(arma::Mat<T>(half * map.t()));
}

template <class T>
const arma::Mat<T>& Predictor<T>::gradients(std::size_t s, std::int64_t output) {
  if (s != gradients_stage_ || output != gradients_output_) {
    gradients_ = chain_.pull_back(s, gradient().gradients(output, 1), 1);
    gradients_stage_ = s;
    gradients_output_ = output;
  }
  return gradients_;
}

template class Predictor<float>;
template class Predictor<double>;

}  // namespace onager::host
