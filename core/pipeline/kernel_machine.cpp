// SPDX-License-Identifier: MIT
#include "pipeline/kernel_machine.hpp"

#include "base/available_memory.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
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

namespace {

/// Bytes that the process has taken since it held `before`.
double grown_since(std::uint64_t before) {
  const std::uint64_t now = resident_memory();
  return now > before ? static_cast<double>(now - before) : 0.0;
}

}  // namespace

template <class T>
KernelMachine<T>::KernelMachine(
    const Plan& plan, const std::function<Environment(const std::string& path)>& environment) {
  const auto create = [&](const ComponentPlan& component) {
    environments_.push_back(std::make_unique<Environment>(environment(component.path)));
    return std::make_unique<Instance>(component, *environments_.back());
  };
  const std::uint64_t available = available_memory(), resident = resident_memory();
  memory_limit_ = static_cast<double>(plan.memory_limit ? plan.memory_limit->of(available)
                                                        : default_memory_limit(available));
  memory_limit_source_ = plan.memory_limit ? "memory_limit = " + plan.memory_limit->written
                                           : fmt::format("nine tenths of the {} available",
                                                         bytes(static_cast<double>(available)));
  rounds_ = plan.rounds;
  dataset_ = create(plan.dataset);
  dataset_bytes_ = grown_since(resident);
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
MemoryShape KernelMachine<T>::memory_shape(std::vector<std::string>& unknown) const {
  MemoryShape out;
  out.train_samples = shape_.train_samples;
  out.test_samples = shape_.test_samples;
  out.outputs = shape_.outputs;
  out.number_size = sizeof(T);
  out.features = shape_.features;
  std::vector<std::int64_t> dimensions(chain_->stages() + 1, shape_.features);
  try {
    dimensions = chain_->dimensions(shape_.features);
  } catch (const Error& error) {
    unknown.push_back(fmt::format("features between the maps: {}", error.what()));
  }
  for (std::size_t s = 0; s < chain_->stages(); ++s)
    out.stages.push_back({dimensions[s], dimensions[s + 1], chain_->learns(s), chain_->linear(s),
                          chain_->diagonal(s)});
  out.fact_bytes = shape_.fact_bytes;
  // less is what any call takes, and would differ from one look to the next
  constexpr double noticed = 8 << 20;
  out.dataset_bytes = dataset_bytes_ < noticed ? 0 : dataset_bytes_;
  out.threads = matrix_->threads().threads();
  out.block_kernels = expression_->block_kernels();
  out.shifts = expression_->translation_invariant();
  out.differentiable = expression_->differentiable();
  out.diagnoses = !diagnostics_.empty();
  out.rounds = rounds_;
  return out;
}

template <class T>
const MemoryPlan& KernelMachine<T>::plan_memory() {
  if (memory_) return *memory_;
  const std::uint64_t resident = resident_memory();
  shape_ = describe_data(*dataset_);
  dataset_bytes_ += grown_since(resident);

  std::vector<std::string> unknown;
  std::string reason;
  const auto* solver =
      optimizer_->template interface<onager_linear_solver>(ONAGER_OPTIMIZER_LINEAR);
  const SolverMemory solver_memory = [&](double allowed) -> std::optional<double> {
    if (!solver->memory) return std::nullopt;
    const auto needed = optimizer_->ask("memory", [&] {
      return solver->memory(optimizer_->get(), dtype_of<T>(), shape_.train_samples, shape_.outputs,
                            static_cast<std::uint64_t>(allowed));
    });
    reason = take_error_reason();
    if (needed == 0 && !reason.empty()) return std::nullopt;
    return static_cast<double>(needed);
  };
  const MemoryShape shape = memory_shape(unknown);
  memory_ = host::plan_memory(shape, memory_limit_, solver_memory);
  memory_->limit_source = memory_limit_source_;
  memory_->solver_reason = reason;
  memory_->unknown.insert(memory_->unknown.end(), unknown.begin(), unknown.end());
  return *memory_;
}

template <class T>
void KernelMachine<T>::load(PhaseTimes& times) {
  times.measure("load", [&] {
    require_memory(plan_memory());
    data_ = load_data<T>(*dataset_, shape_);
    dataset_.reset();  // with what it holds of its files
  });
}

/// Of the last feature map, or of the data, which is copied only where its shifted samples are not
/// all that is wanted of it.
template <class T>
KernelInputs<T> KernelMachine<T>::kernel_inputs() {
  const auto samples = [&](arma::Mat<T> train, arma::Mat<T> test) {
    const arma::Col<T> shift = kernel_shift(*expression_, train);
    return KernelInputs<T>{kernel_samples(std::move(train), shift),
                           kernel_samples(std::move(test), shift)};
  };
  if (chain_->stages() > 0) return samples(chain_->take_train(), chain_->take_test());
  auto &train = data_.train.x, &test = data_.test.x;
  if (diagnostics_.empty()) return samples(std::move(train), std::move(test));
  if (expression_->translation_invariant()) return samples(train, test);
  const auto view = [](arma::Mat<T>& m) {
    return arma::Mat<T>(m.memptr(), m.n_rows, m.n_cols, false, true);
  };
  return samples(view(train), view(test));
}

template <class T>
void KernelMachine<T>::fit_and_measure(std::int64_t round, const Emit& emit, PhaseTimes& times) {
  fitted_ = false;
  predictor_.reset();
  throw_if_stopped();
  times.measure("transform", [&] {
    if (chain_->learns()) inputs_.reset();
    if (!inputs_) {
      chain_->transform(data_);
      inputs_.emplace(kernel_inputs());
    }
    predictor_ = std::make_unique<Predictor<T>>(*chain_, *matrix_, *inputs_);
  });
  throw_if_stopped();
  times.measure("fit", [&] {
    predictor_->alpha.zeros(data_.train.y.n_rows, data_.train.y.n_cols);
    const KernelOperator<T> kernel(*matrix_, predictor_->train(),
                                   static_cast<std::uint64_t>(memory_->solver_allowed));
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
    if (!shape_.classification) return;
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
  return chain_->dimension(chain_->stages());
}

MemoryPlan expected_memory(const Plan& plan, int threads) {
  ThreadPool pool(threads);
  const std::function<Environment(const std::string&)> environment = [&](const std::string&) {
    Environment e;
    e.seed = plan.seed;
    e.threads = &pool;
    return e;
  };
  if (plan.precision == Precision::float32)
    return KernelMachine<float>(plan, environment).plan_memory();
  return KernelMachine<double>(plan, environment).plan_memory();
}

template class KernelMachine<float>;
template class KernelMachine<double>;

}  // namespace onager::host
