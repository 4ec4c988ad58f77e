// SPDX-License-Identifier: MIT
#include "pipeline/network_machine.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "linalg/arrays.hpp"
#include "pipeline/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace onager::host {

namespace {

constexpr const char* own_state = "network";  // the place of the loop's state among components'

}  // namespace

template <class T>
NetworkMachine<T>::NetworkMachine(const Plan& plan, const EnvironmentOf& environment)
    : loop_(plan.network_loop), components_(environment) {
  dataset_ = components_.create(plan.dataset);
  std::vector<std::unique_ptr<Instance>> maps;
  for (const auto& map : plan.feature_maps) {
    maps.push_back(components_.create(map));
    map_paths_.push_back(map.path);
  }
  chain_ =
      std::make_unique<FeatureChain<T>>(std::move(maps), *components_.first_environment().threads);
  if (chain_->learns()) {
    const auto& map = plan.feature_maps[chain_->first_learning()];
    throw Error(Category::config,
                located(map.where, fmt::format("feature map '{}' learns from round to round; a "
                                               "network pipeline has steps and no rounds",
                                               map.use)));
  }
  model_ = components_.create(plan.model);
  loss_ = components_.create(plan.loss);
  optimizer_ = components_.create(plan.optimizer);
  stepper_ = optimizer_->template interface<onager_step_optimizer>(ONAGER_OPTIMIZER_STEP);
  if (!stepper_)
    throw Error(Category::config,
                located(plan.optimizer.where,
                        fmt::format("{} does not train networks: it does not offer {}",
                                    optimizer_->name(), ONAGER_OPTIMIZER_STEP)));
  diagnostics_ = std::make_unique<Diagnostics>(plan.diagnostics, components_);
}

template <class T>
NetworkMachine<T>::~NetworkMachine() = default;

template <class T>
const MemoryPlan& NetworkMachine<T>::expected_memory() {
  throw Error(Category::system, "the memory of a network pipeline is not planned");
}

template <class T>
void NetworkMachine<T>::load(PhaseTimes& times) {
  times.measure("load", [&] {
    shape_ = describe_data(*dataset_);
    data_ = load_data<T>(*dataset_, shape_);
    dataset_.reset();  // with what it holds of its files
  });
  times.measure("transform", [&] {
    chain_->transform(data_);
    if (chain_->stages() == 0) return;
    train_x_ = chain_->take_train();
    test_x_ = chain_->take_unseen();
  });
  times.measure("initialise", [&] {
    network_.emplace(*model_, static_cast<std::int64_t>(train_inputs().n_rows), shape_.outputs);
    w_ = network_->initial();
    if (!loop_.start.empty()) start_from(loop_.start);
    initial_ = w_;
    objective_.emplace(*network_, *loss_, train_inputs(), data_.train.y, loop_.agop_penalty);
    optimizer_->call(
        "begin", [&] { return stepper_->begin(optimizer_->get(), &objective_->abi(), &steps_); });
    if (steps_ < 0)
      throw Error(Category::plugin, fmt::format("{} wants {} steps", optimizer_->name(), steps_));
  });
  context_ = {&*network_, &w_};
  table_ = network_table(context_, shape_.train_samples, objective_->abi());
}

template <class T>
void NetworkMachine<T>::start_from(const std::string& file) {
  const NpyArray array = read_npy(file);
  const onager_array view = array.view();
  if (view.rows * view.cols != network_->parameters())
    throw Error(Category::config,
                fmt::format("{}: it holds {} numbers, and {} has {} parameters", file,
                            view.rows * view.cols, model_->name(), network_->parameters()));
  w_ = arma::Mat<T>(arma::vectorise(copy_as<T>(view)).t());
  if (!w_.is_finite())
    throw Error(Category::system, fmt::format("{}: its numbers are not all finite", file));
}

template <class T>
std::string NetworkMachine<T>::step() {
  throw_if_stopped();
  const StopLater whole_step;
  whole_ = false;
  if (!diagnostics_->empty()) previous_ = w_;
  last_ = {sizeof last_, 0, shape_.train_samples, nullptr, 0, 0};
  auto w = as_array(w_);
  optimizer_->call("step", [&] {
    return stepper_->step(optimizer_->get(), &objective_->abi(), made_, &w, &last_);
  });
  ++made_;
  known_ = {};
  table_.last = &last_;
  if (!(last_.loss <= peak_loss_)) peak_loss_ = last_.loss;
  whole_ = true;
  const bool high = !(std::fabs(last_.loss) <= loop_.diverged_above);
  if (!high && w_.is_finite()) return "";
  return fmt::format(
      "diverged in step {}: {}", made_,
      high ? fmt::format("a loss of {:.3g}", last_.loss) : "parameters that are not finite");
}

template <class T>
Row NetworkMachine<T>::advance(std::int64_t from, const Emit& emit, PhaseTimes& times) {
  std::int64_t target = std::min(steps_, next_multiple(from, loop_.every));
  if (const auto due = diagnostics_->next(from); due >= 0) target = std::min(target, due);
  std::string ended;
  times.measure("train", [&] {
    while (made_ < target && ended.empty()) ended = step();
  });
  const StopLater whole_row;
  whole_ = false;
  const bool diverged = !ended.empty();
  bool last = diverged || made_ == steps_;
  if (last || made_ % loop_.every == 0)
    times.measure("measure", [&] {
      const double loss = measure(emit);
      if (last || !(loss < loop_.stop_below)) return;
      last = true;
      ended = fmt::format("stopped after step {}: the loss is below {}", made_, loop_.stop_below);
    });
  if (last) emit("diverged", diverged);
  if (!diverged) {
    const RunView<T> view(
        *chain_, data_, made_, [this](auto name) { return array(name); }, &table_);
    diagnostics_->observe(made_, last, view.abi(), times);
  }
  whole_ = true;
  return {made_, true, last, ended};
}

template <class T>
double NetworkMachine<T>::measure(const Emit& emit) {
  const auto& train = predictions(train_inputs(), known_.train_prediction);
  const double loss = objective_->loss_of(train);
  emit("loss", loss);
  emit("train_mse", mean_squared_error(train, data_.train.y));
  const arma::Mat<T>* test = nullptr;
  if (!data_.unseen.y.is_empty()) {
    test = &predictions(test_inputs(), known_.test_prediction);
    emit("test_mse", mean_squared_error(*test, data_.unseen.y));
  }
  if (shape_.classification) {
    emit("train_accuracy", accuracy(train, data_.train.y));
    if (test) emit("test_accuracy", accuracy(*test, data_.unseen.y));
  }
  if (made_ > 0) {
    emit("batch_loss", last_.loss);
    emit("peak_loss", peak_loss_);
    emit("learning_rate", last_.learning_rate);
  }
  return loss;
}

template <class T>
const arma::Mat<T>& NetworkMachine<T>::predictions(const arma::Mat<T>& x, arma::Mat<T>& kept) {
  if (kept.is_empty()) kept = network_->forward(w_, x);
  return kept;
}

/// With respect to the data's features, before the feature maps.
template <class T>
const arma::Mat<T>& NetworkMachine<T>::outer_product(Centering centering) {
  arma::Mat<T>& kept =
      centering == Centering::mean ? known_.outer_product : known_.plain_outer_product;
  if (!kept.is_empty()) return kept;
  const auto& x = train_inputs();
  const arma::uword c = data_.train.y.n_rows, e = x.n_rows;
  arma::Mat<T> gradients(e * c, x.n_cols);
  for (arma::uword l = 0; l < c; ++l)
    gradients.rows(l * e, (l + 1) * e - 1) =
        network_->input_gradients(w_, x, static_cast<std::int64_t>(l));
  gradients = chain_->pull_back(0, std::move(gradients), static_cast<std::int64_t>(c));
  const arma::uword d = gradients.n_rows / c;
  kept.zeros(d, d);
  for (arma::uword l = 0; l < c; ++l) {
    arma::Mat<T> g = gradients.rows(l * d, (l + 1) * d - 1);
    if (centering == Centering::mean) g.each_col() -= arma::Col<T>(arma::mean(g, 1));
    kept += g * g.t();
  }
  kept /= static_cast<T>(x.n_cols);
  return kept;
}

template <class T>
std::optional<onager_array> NetworkMachine<T>::array(std::string_view name) {
  if (!network_) return std::nullopt;
  if (name == "train.predictions")
    return as_array(predictions(train_inputs(), known_.train_prediction));
  if (name == "test.predictions" && !data_.unseen.y.is_empty())
    return as_array(predictions(test_inputs(), known_.test_prediction));
  if (name == "network.inputs") return as_array(train_inputs());
  if (name == "parameters") return as_array(w_);
  if (name == "initial_parameters") return as_array(initial_);
  if (name == "previous_parameters" && made_ > 0) return as_array(previous_);
  if (name == "loss_gradient") {
    if (known_.gradient.is_empty()) {
      known_.gradient.set_size(1, w_.n_elem);
      objective_->evaluate(w_, objective_->all(), &known_.gradient);
    }
    return as_array(known_.gradient);
  }
  if (name == "tangent_kernel") {
    if (known_.tangent_kernel.is_empty())
      known_.tangent_kernel = network_->tangent_kernel(w_, train_inputs());
    return as_array(known_.tangent_kernel);
  }
  if (name == "initial_tangent_kernel") {
    if (initial_tangent_kernel_.is_empty())
      initial_tangent_kernel_ = network_->tangent_kernel(initial_, train_inputs());
    return as_array(initial_tangent_kernel_);
  }
  if (name == "gradient_outer_product") return as_array(outer_product(Centering::mean));
  if (name == "gradient_outer_product.plain") return as_array(outer_product(Centering::none));
  return std::nullopt;
}

template <class T>
void NetworkMachine<T>::finish(std::int64_t last, PhaseTimes& times) {
  const RunView<T> view(
      *chain_, data_, last, [this](auto name) { return array(name); }, &table_);
  diagnostics_->finish(view.abi(), times);
}

template <class T>
std::vector<Stateful> NetworkMachine<T>::stateful() const {
  std::vector<Stateful> out;
  for (std::size_t s = 0; s < chain_->stages(); ++s)
    out.emplace_back(map_paths_[s], &chain_->stage(s));
  out.emplace_back("model", model_.get());
  out.emplace_back("optimizer", optimizer_.get());
  diagnostics_->append_stateful(out);
  return out;
}

template <class T>
std::vector<ComponentState> NetworkMachine<T>::state() const {
  auto out = read_states(stateful());
  const arma::mat peak{peak_loss_};
  out.push_back({own_state,
                 {{"parameters", NpyArray::copy_of(as_array(w_))},
                  {"peak_loss", NpyArray::copy_of(as_array(peak))}}});
  return out;
}

template <class T>
std::optional<std::int64_t> NetworkMachine<T>::interrupted_at() const {
  return whole_ ? std::optional(made_ + 1) : std::nullopt;
}

template <class T>
void NetworkMachine<T>::restore(const std::vector<ComponentState>& state, std::int64_t from) {
  if (from == 0) return;
  std::vector<ComponentState> components;
  for (const auto& saved : state) {
    if (saved.path != own_state) {
      components.push_back(saved);
      continue;
    }
    w_ = copy_as<T>(saved.arrays.at("parameters").view());
    peak_loss_ = saved.arrays.at("peak_loss").at(0, 0);
  }
  if (static_cast<std::int64_t>(w_.n_elem) != network_->parameters() ||
      components.size() == state.size())
    throw Error(Category::system, "the checkpoint holds no parameters of this network");
  write_states(stateful(), components);
  made_ = from - 1;
}

template <class T>
std::map<std::string, NpyArray> NetworkMachine<T>::learned_arrays() const {
  auto out = feature_map_states(*chain_);
  out.emplace("parameters", NpyArray::copy_of(as_array(w_)));
  return out;
}

template <class T>
void NetworkMachine<T>::describe(Summary& summary) const {
  describe_shape(shape_, data_.groups, summary);
  summary.learns = true;
  summary.parameters = network_ ? network_->parameters() : 0;
}

template class NetworkMachine<float>;
template class NetworkMachine<double>;

}  // namespace onager::host
