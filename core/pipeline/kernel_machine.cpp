// SPDX-License-Identifier: MIT
#include "pipeline/kernel_machine.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "linalg/arrays.hpp"
#include "pipeline/kernel_operator.hpp"
#include "pipeline/learning_context.hpp"
#include "pipeline/measures.hpp"
#include "pipeline/run_view.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

void PhaseTimes::add(const std::string& phase, double seconds) {
  const auto found = std::find_if(times_.begin(), times_.end(),
                                  [&](const auto& entry) { return entry.first == phase; });
  if (found == times_.end()) times_.emplace_back(phase, seconds);
  else found->second += seconds;
}

template <class T>
KernelMachine<T>::KernelMachine(
    const Plan& plan, const std::function<Environment(const std::string& path)>& environment) {
  const auto create = [&](const ComponentPlan& component) {
    environments_.push_back(std::make_unique<Environment>(environment(component.path)));
    return std::make_unique<Instance>(component, *environments_.back());
  };
  dataset_ = create(plan.dataset);
  std::vector<std::unique_ptr<Instance>> maps;
  for (const auto& map : plan.feature_maps) {
    maps.push_back(create(map));
    map_paths_.push_back(map.path);
  }
  kernel_ = create(plan.kernel);
  optimizer_ = create(plan.optimizer);
  for (const auto& diagnostic : plan.diagnostics) {
    diagnostics_.push_back(create(diagnostic));
    diagnostic_paths_.push_back(diagnostic.path);
    if (!diagnostics_.back()->template interface<onager_diagnostic>(ONAGER_DIAGNOSTIC))
      throw Error(Category::plugin, fmt::format("{} does not offer {}", diagnostics_.back()->name(),
                                                ONAGER_DIAGNOSTIC));
  }
  if (!optimizer_->template interface<onager_linear_solver>(ONAGER_OPTIMIZER_LINEAR))
    throw Error(Category::config,
                fmt::format("{} does not solve kernel systems: it does not offer {}",
                            optimizer_->name(), ONAGER_OPTIMIZER_LINEAR));
  ThreadPool& threads = *environments_.front()->threads;
  chain_ = std::make_unique<FeatureChain<T>>(std::move(maps), threads);

  const onager_child root{sizeof root, 0, &kernel_->component(), kernel_->get()};
  expression_ = std::make_unique<KernelExpression>(
      root, [kernel = kernel_.get()](const std::function<onager_status()>& work) {
        kernel->call("evaluate", work);
      });
  if (chain_->learns() && plan.rounds > 1)
    if (const auto id = expression_->first_without_derivative(); !id.empty())
      throw Error(Category::config,
                  located(plan.kernel.where,
                          fmt::format("kernel '{}' gives no derivative, which feature map '{}' "
                                      "needs to learn",
                                      id, plan.feature_maps[chain_->first_learning()].use)));
  matrix_ = std::make_unique<KernelMatrix>(*expression_, threads);
}

template <class T>
KernelMachine<T>::~KernelMachine() = default;

template <class T>
void KernelMachine<T>::load(PhaseTimes& times) {
  times.measure("load", [&] { data_ = load_data<T>(*dataset_); });
}

template <class T>
void KernelMachine<T>::fit_and_measure(std::int64_t round, const Emit& emit, PhaseTimes& times) {
  fitted_ = false;
  predictor_.reset();
  throw_if_stopped();
  times.measure("transform", [&] {
    chain_->transform(data_);
    predictor_ = std::make_unique<Predictor<T>>(*chain_, *matrix_);
  });
  throw_if_stopped();
  times.measure("fit", [&] {
    predictor_->alpha.zeros(data_.train.y.n_rows, data_.train.y.n_cols);
    const KernelOperator<T> kernel(*matrix_, predictor_->train());
    const auto targets = as_array(data_.train.y);
    auto solution = as_array(predictor_->alpha);
    const auto* solver =
        optimizer_->template interface<onager_linear_solver>(ONAGER_OPTIMIZER_LINEAR);
    optimizer_->call("solve", [&] {
      return solver->solve(optimizer_->get(), &kernel.abi(), &targets, &solution);
    });
    if (!predictor_->alpha.is_finite())
      throw Error(
          Category::numerical,
          fmt::format("{}: the solution of round {} is not finite; a larger ridge makes the "
                      "system better conditioned",
                      optimizer_->name(), round));
  });
  throw_if_stopped();
  times.measure("predict", [&] { predictor_->predict(); });
  fitted_ = true;
  times.measure("measure", [&] {
    emit("train_mse", mean_squared_error(predictor_->train_prediction, data_.train.y));
    const bool test = !data_.test.y.is_empty();
    if (test) emit("test_mse", mean_squared_error(predictor_->test_prediction, data_.test.y));
    if (!data_.classification) return;
    emit("train_accuracy", accuracy(predictor_->train_prediction, data_.train.y));
    if (test) emit("test_accuracy", accuracy(predictor_->test_prediction, data_.test.y));
  });
}

template <class T>
void KernelMachine<T>::observe(std::int64_t round, PhaseTimes& times) {
  times.measure("diagnose", [&] {
    const RunView<T> view(predictor_.get(), *chain_, data_, round);
    for (const auto& diagnostic : diagnostics_) {
      const auto* table = diagnostic->template interface<onager_diagnostic>(ONAGER_DIAGNOSTIC);
      diagnostic->call("observe", [&] { return table->observe(diagnostic->get(), &view.abi()); });
    }
  });
}

template <class T>
void KernelMachine<T>::learn(std::int64_t round, PhaseTimes& times) {
  times.measure("learn", [&] {
    for (std::size_t s = 0; s < chain_->stages(); ++s) {
      if (!chain_->learns(s)) continue;
      throw_if_stopped();
      const LearningContext<T> context(*predictor_, *chain_, data_, s, round);
      chain_->learn(s, context.abi());
    }
  });
}

template <class T>
void KernelMachine<T>::finish(std::int64_t round, PhaseTimes& times) {
  times.measure("diagnose", [&] {
    const RunView<T> view(fitted_ ? predictor_.get() : nullptr, *chain_, data_, round);
    for (const auto& diagnostic : diagnostics_) {
      const auto* table = diagnostic->template interface<onager_diagnostic>(ONAGER_DIAGNOSTIC);
      if (table->finish)
        diagnostic->call("finish", [&] { return table->finish(diagnostic->get(), &view.abi()); });
    }
  });
}

template <class T>
std::vector<std::pair<std::string, const Instance*>> KernelMachine<T>::stateful() const {
  std::vector<std::pair<std::string, const Instance*>> out;
  for (std::size_t s = 0; s < chain_->stages(); ++s)
    out.emplace_back(map_paths_[s], &chain_->stage(s));
  out.emplace_back("optimizer", optimizer_.get());
  for (std::size_t i = 0; i < diagnostics_.size(); ++i)
    out.emplace_back(diagnostic_paths_[i], diagnostics_[i].get());
  return out;
}

template <class T>
std::vector<ComponentState> KernelMachine<T>::state() const {
  std::vector<ComponentState> out;
  for (const auto& [path, instance] : stateful())
    if (auto arrays = read_named_arrays(*instance, ONAGER_STATE); !arrays.empty())
      out.push_back({path, std::move(arrays)});
  return out;
}

template <class T>
void KernelMachine<T>::restore(const std::vector<ComponentState>& state) {
  const auto instances = stateful();
  for (const auto& saved : state) {
    const auto found = std::find_if(instances.begin(), instances.end(),
                                    [&](const auto& entry) { return entry.first == saved.path; });
    const auto* table = found == instances.end()
                            ? nullptr
                            : found->second->template interface<onager_named_arrays>(ONAGER_STATE);
    if (!table || !table->write)
      throw Error(Category::system, fmt::format("the checkpoint holds state of {}, which this "
                                                "pipeline cannot take back",
                                                saved.path));
    for (const auto& [name, array] : saved.arrays) {
      const auto view = array.view();
      found->second->call("write state", [&, name = name.c_str()] {
        return table->write(found->second->get(), name, &view);
      });
    }
  }
}

template <class T>
std::map<std::string, NpyArray> KernelMachine<T>::learned_arrays() const {
  return feature_map_states(*chain_);
}

template <class T>
std::int64_t KernelMachine<T>::kernel_dimension() const {
  return static_cast<std::int64_t>(chain_->train(chain_->stages()).n_rows);
}

template class KernelMachine<float>;
template class KernelMachine<double>;

}  // namespace onager::host
