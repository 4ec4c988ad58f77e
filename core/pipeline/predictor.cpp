// SPDX-License-Identifier: MIT
#include "pipeline/predictor.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

namespace onager::host {

template <class T>
Predictor<T>::Predictor(const FeatureChain<T>& chain, const KernelMatrix& matrix,
                        const KernelInputs<T>& inputs)
    : chain_(chain), matrix_(matrix), train_(inputs.train), unseen_(inputs.unseen) {}

template <class T>
void Predictor<T>::predict() {
  train_prediction = matrix_.product(train_, train_, alpha);
  unseen_prediction = matrix_.product(unseen_, train_, alpha);
}

template <class T>
PredictorGradient<T> Predictor<T>::gradient(const KernelSamples<T>& x) const {
  if (const auto id = matrix_.kernel().first_without_derivative(); !id.empty())
    throw Error(Category::config,
                fmt::format("kernel '{}' gives no derivative, so nothing can be learned from its "
                            "gradients",
                            id));
  return PredictorGradient<T>(matrix_, x, train_, alpha);
}

template <class T>
const arma::Mat<T>& Predictor<T>::outer_product(std::size_t s, OuterProduct form,
                                                Centering centering) {
  const auto kept = [&](std::size_t stage, OuterProduct part,
                        auto&& compute) -> const arma::Mat<T>& {
    const Key key{stage, part, centering};
    auto found = outer_products_.find(key);
    if (found == outer_products_.end()) found = outer_products_.emplace(key, compute(key)).first;
    return found->second;
  };
  return kept(s, form, [&](const Key& key) -> arma::Mat<T> {
    const Key full{s, OuterProduct::full, centering};
    if (const auto known = outer_products_.find(full); known != outer_products_.end())
      return known->second.diag();
    const auto g = gradient(train_);
    return carried_outer_product(key, g, nullptr, [&](OuterProduct part) {
      return kept(chain_.stages(), part, [&](const Key& at_kernel) {
        return average_gradient_outer_product(g, at_kernel.form, centering);
      });
    });
  });
}

template <class T>
arma::Mat<T> Predictor<T>::outer_product_of(std::size_t s, OuterProduct form, Centering centering,
                                            const std::vector<std::int64_t>& samples) {
  const KernelSamples<T> x =
      train_.gathered(samples.data(), static_cast<std::int64_t>(samples.size()));
  const auto g = gradient(x);
  return carried_outer_product({s, form, centering}, g, samples.data(), [&](OuterProduct part) {
    return average_gradient_outer_product(g, part, centering);
  });
}

template <class T>
arma::Mat<T> Predictor<T>::carried_outer_product(const Key& key, const PredictorGradient<T>& g,
                                                 const std::int64_t* samples,
                                                 const AtKernel& at_kernel) const {
  if (key.stage == chain_.stages()) return at_kernel(key.form);
  const bool linear = chain_.linear_from(key.stage), diagonal = chain_.diagonal_from(key.stage);
  // A diagonal of A G A' is summed from gradients that were carried back: no d x d is formed.
  if (!linear || (key.form == OuterProduct::diagonal && !diagonal))
    return average_gradient_outer_product<T>(
        g, key.form, key.centering,
        [&](arma::Mat<T> chunk, std::int64_t first, std::int64_t outputs) {
          return chain_.pull_back(key.stage, std::move(chunk), outputs, {first, samples});
        });

  const arma::Mat<T> map = chain_.linear_map(key.stage);
  const arma::Mat<T> product = at_kernel(key.form);
  if (!diagonal) return arma::symmatu(arma::Mat<T>(map * product * map.t()));
  if (key.form == OuterProduct::diagonal) return arma::square(map) % product;
  return product % (map * map.t());
}

template <class T>
const arma::Mat<T>& Predictor<T>::gradients(std::size_t s, std::int64_t output) {
  if (s != gradients_stage_ || output != gradients_output_) {
    gradients_ = chain_.pull_back(s, gradient(train_).gradients(output, 1), 1);
    gradients_stage_ = s;
    gradients_output_ = output;
  }
  return gradients_;
}

template class Predictor<float>;
template class Predictor<double>;

}  // namespace onager::host
