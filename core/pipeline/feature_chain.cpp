// SPDX-License-Identifier: MIT
#include "pipeline/feature_chain.hpp"

#include "base/error.hpp"
#include "linalg/arrays.hpp"
#include "linalg/blas.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

namespace {

// Rows that one call of a map gets: the calls run over the threads.
constexpr std::int64_t block_rows = 256;

template <class T>
std::int64_t columns(const arma::Mat<T>& m) {
  return static_cast<std::int64_t>(m.n_cols);
}

// A matrix that belongs to someone who keeps it alive.
template <class T>
std::shared_ptr<const arma::Mat<T>> borrowed(const arma::Mat<T>& m) {
  return {std::shared_ptr<void>(), &m};
}

}  // namespace

template <class T>
FeatureChain<T>::FeatureChain(std::vector<std::unique_ptr<Instance>> maps, ThreadPool& threads)
    : threads_(threads) {
  for (auto& map : maps) {
    Stage stage{std::move(map), nullptr, nullptr, nullptr};
    stage.map = stage.instance->template interface<onager_feature_map>(ONAGER_FEATURE_MAP);
    stage.linear = stage.instance->template interface<onager_linear_map>(ONAGER_FEATURE_MAP_LINEAR);
    stage.learning =
        stage.instance->template interface<onager_learning_map>(ONAGER_FEATURE_MAP_LEARN);
    if (!stage.map)
      throw Error(Category::plugin,
                  fmt::format("{} does not offer {}", stage.instance->name(), ONAGER_FEATURE_MAP));
    stages_.push_back(std::move(stage));
  }
  train_.resize(stages_.size());
  dimensions_.resize(stages_.size() + 1);
}

template <class T>
bool FeatureChain<T>::learns() const {
  return first_learning() < stages();
}

template <class T>
std::size_t FeatureChain<T>::first_learning() const {
  std::size_t s = 0;
  while (s < stages() && !learns(s)) ++s;
  return s;
}

template <class T>
std::int64_t FeatureChain<T>::output_dimension(const Stage& stage, std::int64_t d) {
  const std::int64_t e = stage.instance->ask(
      "output_dimension", [&] { return stage.map->output_dimension(stage.instance->get(), d); });
  if (e >= 1) return e;
  const std::string reason = take_error_reason();
  throw Error(Category::config,
              fmt::format("{} cannot take {} features{}{}", stage.instance->name(), d,
                          reason.empty() ? "" : ": ", reason));
}

template <class T>
std::vector<std::int64_t> FeatureChain<T>::dimensions(std::int64_t d) const {
  std::vector<std::int64_t> out{d};
  for (const auto& stage : stages_) {
    const std::int64_t e = output_dimension(stage, out.back());
    out.push_back(stage.learning ? std::max(e, out.back()) : e);
  }
  return out;
}

template <class T>
std::shared_ptr<arma::Mat<T>> FeatureChain<T>::apply(const Stage& stage,
                                                     const arma::Mat<T>& x) const {
  const auto d = static_cast<std::int64_t>(x.n_rows), n = columns(x);
  const std::int64_t e = output_dimension(stage, d);
  auto out =
      std::make_shared<arma::Mat<T>>(static_cast<arma::uword>(e), x.n_cols, arma::fill::zeros);
  threads_.run((n + block_rows - 1) / block_rows, [&](std::int64_t task, int) {
    const std::int64_t first = task * block_rows, count = std::min(block_rows, n - first);
    const auto from = as_array(x, first, count);
    auto to = as_array(*out, first, count);
    stage.instance->call("apply",
                         [&] { return stage.map->apply(stage.instance->get(), &from, &to); });
  });
  if (!out->is_finite())
    throw Error(Category::numerical,
                fmt::format("{} gave features that are not finite", stage.instance->name()));
  return out;
}

template <class T>
void FeatureChain<T>::transform(const Data<T>& data) {
  const std::size_t changes = first_learning();
  const bool first_time = !fixed_unseen_;
  if (first_time) {
    dimensions_[0] = data.train.x.n_rows;
    if (stages() > 0) train_[0] = borrowed(data.train.x);
    fixed_unseen_ = borrowed(data.unseen.x);
  }
  const auto targets = as_array(data.train.y);
  std::shared_ptr<const arma::Mat<T>> unseen = fixed_unseen_;
  for (std::size_t s = first_time ? 0 : changes; s < stages(); ++s) {
    const auto& stage = stages_[s];
    if (stage.map->fit) {
      const auto x = as_array(*train_[s]);
      stage.instance->call("fit",
                           [&] { return stage.map->fit(stage.instance->get(), &x, &targets); });
    }
    // what the last round left goes before the new is made
    if (s + 1 < stages()) train_[s + 1].reset();
    features_ = apply(stage, *train_[s]);
    unseen_features_ = apply(stage, *unseen);
    dimensions_[s + 1] = features_->n_rows;
    unseen = unseen_features_;
    if (s + 1 < stages()) train_[s + 1] = std::move(features_);
    if (s + 1 == changes) fixed_unseen_ = unseen;
  }
}

template <class T>
void FeatureChain<T>::forget_samples() {
  for (auto& samples : train_) samples.reset();
  fixed_unseen_.reset();
}

template <class T>
arma::Mat<T> FeatureChain<T>::take_train() {
  arma::Mat<T> out = std::move(*features_);
  features_.reset();
  return out;
}

template <class T>
arma::Mat<T> FeatureChain<T>::take_unseen() {
  arma::Mat<T> out = std::move(*unseen_features_);
  unseen_features_.reset();
  return out;
}

template <class T>
bool FeatureChain<T>::linear_from(std::size_t s) const {
  return std::all_of(stages_.begin() + static_cast<std::ptrdiff_t>(s), stages_.end(),
                     [](const Stage& stage) { return stage.linear != nullptr; });
}

template <class T>
bool FeatureChain<T>::is_diagonal(const Stage& stage) {
  return stage.linear && stage.linear->diagonal(stage.instance->get()) != 0;
}

template <class T>
bool FeatureChain<T>::diagonal_from(std::size_t s) const {
  return std::all_of(stages_.begin() + static_cast<std::ptrdiff_t>(s), stages_.end(), is_diagonal);
}

template <class T>
arma::Mat<T> FeatureChain<T>::matrix(std::size_t s) const {
  const auto& stage = stages_[s];
  const arma::uword d = dimensions_[s], e = dimensions_[s + 1];
  arma::Mat<T> rows(is_diagonal(stage) ? 1 : e, d, arma::fill::zeros);  // row-major d x e, or d x 1
  auto view = as_array(rows);
  stage.instance->call("matrix",
                       [&] { return stage.linear->matrix(stage.instance->get(), &view); });
  return rows.t();
}

template <class T>
arma::Mat<T> FeatureChain<T>::linear_map(std::size_t s) const {
  arma::Mat<T> product;
  bool product_diagonal = false;
  for (bool first = true; s < stages(); ++s, first = false) {
    arma::Mat<T> next = matrix(s);
    const bool next_diagonal = is_diagonal(stages_[s]);
    if (first) {
      product = std::move(next);
      product_diagonal = next_diagonal;
    } else if (product_diagonal && next_diagonal) {
      product %= next;
    } else if (product_diagonal) {
      product = next.each_col() % product.col(0);
      product_diagonal = false;
    } else if (next_diagonal) {
      product.each_row() %= next.col(0).t();
    } else {
      product = product * next;
    }
  }
  return product;
}

template <class T>
arma::Mat<T> FeatureChain<T>::pull_back(std::size_t s, arma::Mat<T> gradients, std::int64_t outputs,
                                        const ChosenSamples& samples) const {
  for (std::size_t at = stages(); at-- > s;) {
    const auto& stage = stages_[at];
    if (!stage.map->pullback && !stage.linear)
      throw Error(Category::config,
                  fmt::format("{} gives no gradients, so a feature map before it cannot learn",
                              stage.instance->name()));
    const auto d = static_cast<std::int64_t>(train_[at]->n_rows), n = columns(gradients);
    const auto e = static_cast<std::int64_t>(gradients.n_rows) / outputs;
    arma::Mat<T> back(static_cast<arma::uword>(d * outputs), gradients.n_cols);
    const bool scaled = is_diagonal(stage);
    const arma::Mat<T> map = stage.linear ? matrix(at) : arma::Mat<T>();
    threads_.run((n + block_rows - 1) / block_rows, [&](std::int64_t task, int) {
      const std::int64_t first = task * block_rows, rows = std::min(block_rows, n - first);
      const T* from = gradients.memptr() + first * e * outputs;
      T* to = back.memptr() + first * d * outputs;
      if (!stage.linear) {
        pull_back_block(at, {samples.first + first, samples.list}, rows, outputs, e, from, to);
      } else if (scaled) {
        for (std::int64_t i = 0; i < rows * outputs; ++i)
          for (std::int64_t k = 0; k < d; ++k) to[i * d + k] = from[i * d + k] * map.memptr()[k];
      } else {
        // all outputs of a sample are consecutive rows of e numbers: one gemm with A'
        blas::gemm<T>(false, false, rows * outputs, d, e, T(1), from, e, map.memptr(), d, T(0), to,
                      d);
      }
    });
    gradients = std::move(back);
  }
  return gradients;
}

template <class T>
void FeatureChain<T>::pull_back_block(std::size_t at, const ChosenSamples& samples,
                                      std::int64_t rows, std::int64_t outputs, std::int64_t e,
                                      const T* gradients, T* out) const {
  const auto& stage = stages_[at];
  const arma::Mat<T>& all = *train_[at];
  const auto d = static_cast<std::int64_t>(all.n_rows);
  arma::Mat<T> listed;
  if (samples.list) {
    listed.set_size(all.n_rows, static_cast<arma::uword>(rows));
    for (std::int64_t i = 0; i < rows; ++i)
      listed.col(static_cast<arma::uword>(i)) =
          all.col(static_cast<arma::uword>(samples.list[samples.first + i]));
  }
  const auto x = samples.list ? as_array(listed) : as_array(all, samples.first, rows);
  for (std::int64_t l = 0; l < outputs; ++l) {
    const onager_array from{
        sizeof from, dtype_of<T>(), const_cast<T*>(gradients) + l * e, rows, e, e * outputs, 1};
    onager_array to{sizeof to, dtype_of<T>(), out + l * d, rows, d, d * outputs, 1};
    stage.instance->call(
        "pullback", [&] { return stage.map->pullback(stage.instance->get(), &x, &from, &to); });
  }
}

template <class T>
void FeatureChain<T>::learn(std::size_t s, const onager_learning& context) {
  const auto& stage = stages_[s];
  stage.instance->call("learn",
                       [&] { return stage.learning->learn(stage.instance->get(), &context); });
}

template class FeatureChain<float>;
template class FeatureChain<double>;

}  // namespace onager::host
