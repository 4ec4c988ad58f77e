// SPDX-License-Identifier: MIT
#include "pipeline/network.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "linalg/arrays.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

template <class T>
Network<T>::Network(const Instance& model, std::int64_t features, std::int64_t outputs)
    : model_(model), features_(features), outputs_(outputs) {
  const onager_child child{sizeof child, 0, &model.component(), model.get()};
  functions_ = std::make_unique<ModelFunctions>(
      child, [&model](const char* what, const std::function<onager_status()>& call) {
        model.call(what, call);
      });
  const auto* table = model.interface<onager_model>(ONAGER_MODEL);
  if (!table)
    throw Error(Category::plugin, fmt::format("{} does not offer {}", model.name(), ONAGER_MODEL));
  model.call("prepare",
             [&] { return table->prepare(model.get(), features, outputs, &parameters_); });
  if (parameters_ < 1 || parameters_ > (std::int64_t{1} << 40))
    throw Error(Category::plugin, fmt::format("{} says that it has {} parameters for {} features "
                                              "and {} outputs",
                                              model.name(), parameters_, features, outputs));
}

template <class T>
arma::Mat<T> Network<T>::initial() const {
  arma::Mat<T> w(1, static_cast<arma::uword>(parameters_));
  auto view = as_array(w);
  model_.call("initialise", [&] { return functions_->model()->initialise(model_.get(), &view); });
  if (!w.is_finite())
    throw Error(Category::numerical,
                fmt::format("{}: its initial parameters are not finite", model_.name()));
  return w;
}

template <class T>
arma::Mat<T> Network<T>::forward(const arma::Mat<T>& w, const arma::Mat<T>& x) const {
  const auto n = static_cast<std::int64_t>(x.n_cols);
  arma::Mat<T> out(static_cast<arma::uword>(outputs_), x.n_cols);
  for (std::int64_t first = 0; first < n; first += network_block) {
    throw_if_stopped();
    const std::int64_t count = std::min(network_block, n - first);
    auto part = as_array(out, first, count);
    functions_->forward(as_array(w), as_array(x, first, count), part);
  }
  return out;
}

template <class T>
arma::Mat<T> Network<T>::tangent_kernel(const arma::Mat<T>& w, const arma::Mat<T>& x) const {
  const arma::uword size = x.n_cols * static_cast<arma::uword>(outputs_);
  arma::Mat<T> out(size, size);
  auto view = as_array(out);
  functions_->tangent_kernel(as_array(w), as_array(x), nullptr, view);
  return out;
}

template <class T>
arma::Mat<T> Network<T>::input_gradients(const arma::Mat<T>& w, const arma::Mat<T>& x,
                                         std::int64_t output) const {
  const auto n = static_cast<std::int64_t>(x.n_cols);
  arma::Mat<T> out(x.n_rows, x.n_cols);
  for (std::int64_t first = 0; first < n; first += network_block) {
    throw_if_stopped();
    const std::int64_t count = std::min(network_block, n - first);
    const auto c = static_cast<arma::uword>(outputs_), rows = static_cast<arma::uword>(count);
    arma::Mat<T> f(c, rows), v(c, rows, arma::fill::zeros);
    v.row(static_cast<arma::uword>(output)).ones();
    auto f_view = as_array(f), part = as_array(out, first, count);
    functions_->vjp(as_array(w), as_array(x, first, count), f_view, nullptr, nullptr, as_array(v),
                    nullptr, &part);
  }
  return out;
}

template class Network<float>;
template class Network<double>;

}  // namespace onager::host
