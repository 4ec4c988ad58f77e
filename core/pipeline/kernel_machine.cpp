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

namespace {

/// What a view shows of the predictor; nothing without one, in a run stopped in the middle of a
/// round.
template <class T>
typename RunView<T>::Further arrays_of(Predictor<T>* predictor) {
  return [predictor](std::string_view name) -> std::optional<onager_array> {
    if (!predictor) return std::nullopt;
    if (name == "train.predictions") return as_array(predictor->train_prediction);
    if (name == "test.predictions") return as_array(predictor->test_prediction);
    if (name == "coefficients") return as_array(predictor->alpha);
    if (name == "gradient_outer_product")
      return as_array(predictor->outer_product(0, OuterProduct::full, Centering::mean));
    return std::nullopt;
  };
}

/// Bytes that the process has taken since it held `before`.
double grown_since(std::uint64_t before) {
  const std::uint64_t now = resident_memory();
  return now > before ? static_cast<double>(now - before) : 0.0;
}

}  // namespace

template <class T>
KernelMachine<T>::KernelMachine(const Plan& plan, const EnvironmentOf& environment)
    : components_(environment) {
  const auto create = [&](const ComponentPlan& component) { return components_.create(component); };
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
  diagnostics_ = std::make_unique<Diagnostics>(plan.diagnostics, components_);
  if (!optimizer_->template interface<onager_linear_solver>(ONAGER_OPTIMIZER_LINEAR))
    throw Error(Category::config,
                fmt::format("{} does not solve kernel systems: it does not offer {}",
                            optimizer_->name(), ONAGER_OPTIMIZER_LINEAR));
  ThreadPool& threads = *components_.first_environment().threads;
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
  out.diagnoses = !diagnostics_->empty();
  out.rounds = rounds_;
  return out;
}

template <class T>
const MemoryPlan& KernelMachine<T>::expected_memory() {
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
  memory_ = plan_memory(shape, memory_limit_, solver_memory);
  memory_->limit_source = memory_limit_source_;
  memory_->solver_reason = reason;
  memory_->unknown.insert(memory_->unknown.end(), unknown.begin(), unknown.end());
  return *memory_;
}

template <class T>
void KernelMachine<T>::load(PhaseTimes& times) {
  times.measure("load", [&] {
    require_memory(expected_memory());
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
  if (diagnostics_->empty()) return samples(std::move(train), std::move(test));
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
Row KernelMachine<T>::advance(std::int64_t from, const Emit& emit, PhaseTimes& times) {
  fit_and_measure(from, emit, times);
  const bool last = from + 1 == rounds_;
  const RunView<T> view(*chain_, data_, from, arrays_of(predictor_.get()));
  diagnostics_->observe(from, last, view.abi(), times);
  if (!last) learn(from, times);
  return {from, last, ""};
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
void KernelMachine<T>::finish(std::int64_t last, PhaseTimes& times) {
  const RunView<T> view(*chain_, data_, last, arrays_of(fitted_ ? predictor_.get() : nullptr));
  diagnostics_->finish(view.abi(), times);
}

template <class T>
std::vector<Stateful> KernelMachine<T>::stateful() const {
  std::vector<Stateful> out;
  for (std::size_t s = 0; s < chain_->stages(); ++s)
    out.emplace_back(map_paths_[s], &chain_->stage(s));
  out.emplace_back("optimizer", optimizer_.get());
  diagnostics_->append_stateful(out);
  return out;
}

template <class T>
std::vector<ComponentState> KernelMachine<T>::state() const {
  return read_states(stateful());
}

template <class T>
void KernelMachine<T>::restore(const std::vector<ComponentState>& state, std::int64_t) {
  write_states(stateful(), state);
}

template <class T>
std::map<std::string, NpyArray> KernelMachine<T>::learned_arrays() const {
  return feature_map_states(*chain_);
}

template <class T>
void KernelMachine<T>::describe(Summary& summary) const {
  describe_shape(shape_, data_.groups, summary);
  summary.learns = chain_->learns();
  if (!memory_) return;
  const auto whole = [](double bytes) { return static_cast<std::uint64_t>(bytes); };
  summary.memory_limit = whole(memory_->limit);
  summary.planned_memory = memory_->known() ? whole(memory_->peak().bytes) : 0;
}

template <class T>
std::int64_t KernelMachine<T>::kernel_dimension() const {
  return chain_->dimension(chain_->stages());
}

template class KernelMachine<float>;
template class KernelMachine<double>;

}  // namespace onager::host
