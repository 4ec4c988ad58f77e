// SPDX-License-Identifier: MIT
#include "conformance/network_stand_in.hpp"

#include "conformance/stand_ins.hpp"
#include "linalg/arrays.hpp"
#include "plugin/component_plan.hpp"

namespace onager::host::conformance {

namespace {

/// Rates of the first steps and of all others, in units of 1/lambda. Above 2 a step goes up.
constexpr double first_rates[] = {0.25, 0.25, 7}, later_rate = 1;

Registry registry_of_stand_ins() {
  Registry out;
  out.add(stand_ins(), "conformance");
  return out;
}

/// Of a component that has no parameters.
ComponentPlan plan_of(const Registry& registry, const char* kind, const char* id) {
  const ComponentEntry& entry = *registry.find(kind, id);
  ComponentPlan plan;
  plan.plugin = entry.plugin;
  plan.component = entry.component;
  plan.use = id;
  plan.path = kind;
  return plan;
}

template <class T>
Table table_of(const arma::Mat<T>& columns) {
  return Table::copy_of(as_array(columns));
}

}  // namespace

template <class T>
NetworkStandIn<T>::NetworkStandIn(const Table& x, const Table& y, std::int64_t steps)
    : registry_(registry_of_stand_ins()),
      model_(plan_of(registry_, "model", "stand_in_model"), environment_),
      loss_(plan_of(registry_, "loss", "stand_in_loss"), environment_),
      x_(copy_as<T>(x.view().array())),
      y_(copy_as<T>(y.view().array())),
      network_(model_, x.cols, y.cols),
      objective_(network_, loss_, x_, y_, 0),
      initial_(network_.initial()),
      w_(initial_),
      last_{sizeof last_, 0, 0, nullptr, 0, 0},
      context_{&network_, &w_},
      table_(network_table(context_, x.rows, objective_.abi())) {
  for (std::int64_t step = 0; step < steps; ++step) make_step(step);
  if (steps > 0) table_.last = &last_;
}

template <class T>
void NetworkStandIn<T>::make_step(std::int64_t index) {
  const auto samples = static_cast<std::int64_t>(x_.n_cols);
  batch_.clear();
  if (index % 2 == 1)
    for (std::int64_t i = 1; i < samples; i += 2) batch_.push_back(i);
  last_.samples = batch_.empty() ? nullptr : batch_.data();
  last_.batch = batch_.empty() ? samples : static_cast<std::int64_t>(batch_.size());
  const Batch batch{last_.batch, last_.samples};
  previous_ = w_;
  arma::Mat<T> gradient(1, w_.n_elem);
  last_.loss = objective_.evaluate(w_, batch, &gradient);
  const bool first = index < static_cast<std::int64_t>(std::size(first_rates));
  last_.learning_rate =
      (first ? first_rates[index] : later_rate) / objective_.lambda(w_, batch, 1e-6);
  w_ -= static_cast<T>(last_.learning_rate) * gradient;
}

template <class T>
Table NetworkStandIn<T>::predictions(const Table& x) const {
  return table_of(network_.forward(w_, copy_as<T>(x.view().array())));
}

template <class T>
Table NetworkStandIn<T>::outer_product(bool centered) const {
  arma::Mat<T> out(x_.n_rows, x_.n_rows, arma::fill::zeros);
  for (std::int64_t l = 0; l < network_.outputs(); ++l) {
    arma::Mat<T> gradients = network_.input_gradients(w_, x_, l);
    if (centered) gradients.each_col() -= arma::Col<T>(arma::mean(gradients, 1));
    out += gradients * gradients.t() / static_cast<T>(x_.n_cols);
  }
  return table_of(out);
}

template <class T>
std::vector<std::pair<std::string, Table>> NetworkStandIn<T>::arrays() const {
  arma::Mat<T> gradient(1, w_.n_elem);
  objective_.evaluate(w_, objective_.all(), &gradient);
  std::vector<std::pair<std::string, Table>> out = {
      {"network.inputs", table_of(x_)},
      {"parameters", table_of(w_)},
      {"initial_parameters", table_of(initial_)},
      {"loss_gradient", table_of(gradient)},
      {"tangent_kernel", table_of(network_.tangent_kernel(w_, x_))},
      {"initial_tangent_kernel", table_of(network_.tangent_kernel(initial_, x_))},
      {"gradient_outer_product", outer_product(true)},
      {"gradient_outer_product.plain", outer_product(false)}};
  if (table_.last) out.emplace_back("previous_parameters", table_of(previous_));
  return out;
}

template class NetworkStandIn<float>;
template class NetworkStandIn<double>;

}  // namespace onager::host::conformance
