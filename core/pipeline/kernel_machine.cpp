// SPDX-License-Identifier: MIT
#include "pipeline/kernel_machine.hpp"

#include "base/available_memory.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/random.hpp"
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

constexpr const char* own_state = "loop";  // the place of the loop's state among components'

/// What a view shows of the predictor; nothing without one, in a run stopped in the middle of a
/// round.
template <class T>
typename RunView<T>::Further arrays_of(Predictor<T>* predictor, const DataShape& shape) {
  return [predictor, shape](std::string_view name) -> std::optional<onager_array> {
    if (!predictor) return std::nullopt;
    if (name == "train.predictions") return as_array(predictor->train_prediction);
    constexpr std::string_view predictions = ".predictions";
    if (name.size() > predictions.size() &&
        name.substr(name.size() - predictions.size()) == predictions)
      return unseen_array(predictor->unseen_prediction, shape,
                          name.substr(0, name.size() - predictions.size()));
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
    : seed_(plan.seed), loop_(plan.kernel_loop), components_(environment) {
  const auto create = [&](const ComponentPlan& component) { return components_.create(component); };
  const std::uint64_t available = available_memory(), resident = resident_memory();
  memory_limit_ = static_cast<double>(plan.memory_limit ? plan.memory_limit->of(available)
                                                        : default_memory_limit(available));
  memory_limit_source_ = plan.memory_limit ? "memory_limit = " + plan.memory_limit->written
                                           : fmt::format("nine tenths of the {} available",
                                                         bytes(static_cast<double>(available)));
  dataset_ = create(plan.dataset);
  dataset_bytes_ = grown_since(resident);
  if (loop_.fresh_samples &&
      !dataset_->template interface<onager_drawing_dataset>(ONAGER_DATASET_DRAW))
    throw Error(Category::config,
                located(loop_.where.fresh_samples,
                        fmt::format("fresh_samples = true needs a dataset that can draw its "
                                    "training samples anew, and {} does not offer {}",
                                    dataset_->name(), ONAGER_DATASET_DRAW)));
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
      root,
      [kernel = kernel_.get()](const std::function<onager_status()>& work) {
        kernel->call("evaluate", work);
      },
      kernel_->rooms());
  if (chain_->learns() && loop_.rounds > 1)
    if (const auto id = expression_->first_without_derivative(); !id.empty())
      throw Error(Category::config,
                  located(plan.kernel.where,
                          fmt::format("kernel '{}' gives no derivative, which feature map '{}' "
                                      "needs to learn",
                                      id, plan.feature_maps[chain_->first_learning()].use)));
  matrix_ = std::make_unique<KernelMatrix>(*expression_, threads);
  if (!loop_.start.empty()) begin_features();
}

/// Gives the feature map that learns the matrix of a file as what it has learned so far.
template <class T>
void KernelMachine<T>::begin_features() const {
  const auto refuse = [&](const std::string& message) {
    throw Error(Category::config, located(loop_.where.start, message));
  };
  const std::size_t stage = chain_->first_learning();
  if (stage == chain_->stages())
    refuse(
        "start is the feature matrix that a feature map learns on from, and none of this "
        "pipeline learns");
  for (std::size_t s = stage + 1; s < chain_->stages(); ++s)
    if (chain_->learns(s))
      refuse("start is the feature matrix of the one feature map that learns, and here several do");
  const Instance& map = chain_->stage(stage);
  const auto* state = map.interface<onager_named_arrays>(ONAGER_STATE);
  if (!state || !state->write) refuse(map.name() + " keeps no state that could be given to it");
  try {
    const NpyArray array = read_npy(loop_.start);
    const auto view = array.view();
    map.call("write state", [&] { return state->write(map.get(), "feature_matrix", &view); });
  } catch (const Error& error) {
    refuse(error.what());
  }
}

/// The training samples that are held out for validation, ascending: a function of the seed and
/// their number.
template <class T>
std::vector<std::int64_t> KernelMachine<T>::held_out() const {
  const std::int64_t all = shape_.train_samples + shape_.validation_samples;
  std::vector<std::int64_t> samples(static_cast<std::size_t>(all));
  RandomStreams(seed_, "loop").permutation(0, all, samples.data());
  samples.resize(static_cast<std::size_t>(shape_.validation_samples));
  std::sort(samples.begin(), samples.end());
  return samples;
}

template <class T>
KernelMachine<T>::~KernelMachine() = default;

template <class T>
MemoryShape KernelMachine<T>::memory_shape(std::vector<std::string>& unknown) const {
  MemoryShape out;
  out.train_samples = shape_.train_samples;
  out.unseen_samples = shape_.unseen_samples();
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
  out.fresh_samples = loop_.fresh_samples;
  out.validates = shape_.validation_samples > 0;
  out.rounds = loop_.rounds;
  return out;
}

template <class T>
const MemoryPlan& KernelMachine<T>::expected_memory() {
  if (memory_) return *memory_;
  const std::uint64_t resident = resident_memory();
  shape_ = describe_data(*dataset_);
  hold_out(shape_, loop_);
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
    data_ = load_data<T>(*dataset_, shape_, held_out());
    if (!loop_.fresh_samples) dataset_.reset();  // with what it holds of its files
  });
}

/// Of the last feature map, or of the data, which is copied only where its shifted samples are not
/// all that is wanted of it.
template <class T>
KernelInputs<T> KernelMachine<T>::kernel_inputs() {
  const auto samples = [&](arma::Mat<T> train, arma::Mat<T> unseen) {
    const arma::Col<T> shift = kernel_shift(*expression_, train);
    return KernelInputs<T>{kernel_samples(std::move(train), shift),
                           kernel_samples(std::move(unseen), shift)};
  };
  if (chain_->stages() > 0) return samples(chain_->take_train(), chain_->take_unseen());
  auto &train = data_.train.x, &unseen = data_.unseen.x;
  if (!keeps_samples()) return samples(std::move(train), std::move(unseen));
  if (expression_->translation_invariant()) return samples(train, unseen);
  const auto view = [](arma::Mat<T>& m) {
    return arma::Mat<T>(m.memptr(), m.n_rows, m.n_cols, false, true);
  };
  return samples(view(train), view(unseen));
}

template <class T>
void KernelMachine<T>::fit_and_measure(std::int64_t round, const Emit& emit, PhaseTimes& times) {
  fitted_ = false;
  predictor_.reset();
  throw_if_stopped();
  if (loop_.fresh_samples && round > 0)
    times.measure("draw", [&] {
      inputs_.reset();
      chain_->forget_samples();
      draw_train(*dataset_, static_cast<std::uint64_t>(round), data_);
    });
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
  times.measure("measure", [&] { measure(emit); });
}

template <class T>
void KernelMachine<T>::measure(const Emit& emit) {
  struct Part {
    std::string name;
    arma::Mat<T> prediction, target;
  };
  const auto columns = [](const arma::Mat<T>& m, std::int64_t first, std::int64_t count) {
    const auto begin = static_cast<arma::uword>(first) * m.n_rows;
    return arma::Mat<T>(const_cast<T*>(m.memptr()) + begin, m.n_rows,
                        static_cast<arma::uword>(count), false, true);
  };
  std::vector<Part> parts;
  const auto add = [&](const char* name, const arma::Mat<T>& prediction, const arma::Mat<T>& target,
                       std::int64_t first, std::int64_t count) {
    if (count == 0) return;
    parts.push_back({name, columns(prediction, first, count), columns(target, first, count)});
  };
  const std::int64_t v = shape_.validation_samples;
  add("train", predictor_->train_prediction, data_.train.y, 0, shape_.train_samples);
  add("validation", predictor_->unseen_prediction, data_.unseen.y, 0, v);
  add("test", predictor_->unseen_prediction, data_.unseen.y, v, shape_.test_samples);
  for (const Part& part : parts) {
    const double mse = mean_squared_error(part.prediction, part.target);
    if (part.name == "validation") score_.mse = mse;
    emit(part.name + "_mse", mse);
  }
  if (!shape_.classification) return;
  for (const Part& part : parts) {
    const double right = accuracy(part.prediction, part.target);
    if (part.name == "validation") score_.accuracy = right;
    emit(part.name + "_accuracy", right);
  }
}

template <class T>
Row KernelMachine<T>::advance(std::int64_t from, const Emit& emit, PhaseTimes& times) {
  fit_and_measure(from, emit, times);
  Row row{from, true, from + 1 == loop_.rounds, ""};
  if (shape_.validation_samples > 0) {
    row.kept = kept_.offer(from, score_, feature_map_states(*chain_));
    if (!row.last && loop_.patience > 0 && from - kept_.round() >= loop_.patience) {
      row.last = true;
      row.ended = fmt::format(
          "stopped after round {}: the validation samples were predicted best "
          "in round {}, {} before",
          from, kept_.round(), loop_.patience);
    }
  }
  const RunView<T> view(*chain_, data_, from, arrays_of(predictor_.get(), shape_));
  diagnostics_->observe(from, row.last, view.abi(), times);
  if (!row.last) learn(from, times);
  return row;
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
  const RunView<T> view(*chain_, data_, last,
                        arrays_of(fitted_ ? predictor_.get() : nullptr, shape_));
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
  auto out = read_states(stateful());
  if (!kept_.empty()) out.push_back({own_state, kept_.state()});
  return out;
}

template <class T>
void KernelMachine<T>::restore(const std::vector<ComponentState>& state, std::int64_t) {
  std::vector<ComponentState> components;
  for (const auto& saved : state)
    if (saved.path == own_state) kept_.restore(saved.arrays);
    else components.push_back(saved);
  write_states(stateful(), components);
}

template <class T>
std::map<std::string, NpyArray> KernelMachine<T>::learned_arrays() const {
  return kept_.empty() ? feature_map_states(*chain_) : kept_.arrays();
}

template <class T>
void KernelMachine<T>::describe(Summary& summary) const {
  describe_shape(shape_, data_.groups, summary);
  summary.learns = chain_->learns();
  if (!kept_.empty()) summary.kept_round = kept_.round();
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
