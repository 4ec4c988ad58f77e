// SPDX-License-Identifier: MIT
#include "conformance/model_function.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host::conformance {

namespace {

constexpr std::int64_t most_parameters = 200000;

/// Shapes of data that are tried in turn: some models take images or one output only.
struct Shape {
  std::int64_t features, outputs;
};
constexpr Shape shapes[] = {{5, 3}, {5, 1}, {16, 3}, {27, 3}, {64, 3}, {12, 2}, {256, 2}};

/// The array of a direction among the arguments of an operation, or NULL.
const onager_array* direction(const onager_array* given, std::size_t index, bool there) {
  return there ? &given[index] : nullptr;
}

}  // namespace

ModelFunction::ModelFunction(const Specimen& specimen)
    : specimen_(specimen),
      model_(specimen.interface<onager_model>(ONAGER_MODEL)),
      tangent_(specimen.interface<onager_model_tangent>(ONAGER_MODEL_TANGENT)),
      kernel_(specimen.interface<onager_model_tangent_kernel>(ONAGER_MODEL_TANGENT_KERNEL)) {
  Trial& trial = specimen.trial();
  if (model_ == nullptr) {
    trial.report("model.form", fmt::format("it does not offer {}", ONAGER_MODEL));
    throw CheckEnds{};
  }
  if (!std::any_of(std::begin(shapes), std::end(shapes),
                   [&](const Shape& s) { return prepare(s.features, s.outputs); })) {
    trial.report("model.prepares", fmt::format("prepare refuses every shape of data that was tried "
                                               "(5 to 256 features, 1 to 3 outputs): {}",
                                               trial.reason()));
    throw CheckEnds{};
  }
  const Table w = initial(), x = some_samples(), s = trial.normal(samples, features_, "s");
  input_derivative_ = answers(vjp_inputs(w, x, trial.normal(samples, outputs_, "v")));
  input_curvature_ = input_derivative_ && has_tangent() && answers(second(w, x, nullptr, &s));
}

bool ModelFunction::prepare(std::int64_t features, std::int64_t outputs) {
  std::int64_t parameters = -1;
  const auto status = specimen_.trial().ask(
      "prepare", [&] { return model_->prepare(specimen_.get(), features, outputs, &parameters); });
  if (status != ONAGER_OK) return false;
  if (parameters < 1 || parameters > most_parameters) {
    specimen_.trial().report("model.prepares",
                             fmt::format("prepare gives {} parameters for {} features and {} "
                                         "outputs",
                                         parameters, features, outputs));
    throw CheckEnds{};
  }
  features_ = features;
  outputs_ = outputs;
  parameters_ = parameters;
  return true;
}

/// False where the call says that the model has no such ability.
bool ModelFunction::answers(const Operation& operation) const {
  std::vector<Table> memory;
  for (const auto& argument : operation.arguments) memory.push_back(argument.numbers);
  for (const auto& result : operation.results) memory.emplace_back(result.rows, result.cols);
  std::vector<onager_array> arrays;
  for (auto& table : memory) arrays.push_back(table.view().array());
  return specimen_.trial().ask(operation.call.c_str(), [&] {
    return operation.run(arrays.data(), arrays.data() + operation.arguments.size());
  }) != ONAGER_UNSUPPORTED;
}

Table ModelFunction::initial() const {
  Table w(parameters_, 1);
  auto view = w.view().array();
  specimen_.trial().must("initialise", [&] { return model_->initialise(specimen_.get(), &view); });
  return w;
}

Table ModelFunction::some_parameters() const {
  Table w = initial();
  const Table away = specimen_.trial().normal(parameters_, 1, "parameters");
  for (std::size_t k = 0; k < w.values.size(); ++k) w.values[k] += 0.1 * away.values[k];
  return w;
}

Table ModelFunction::some_samples() const {
  return specimen_.trial().normal(samples, features_, "x");
}

Operation ModelFunction::forward(const Table& w, const Table& x) const {
  Operation out;
  out.call = "forward";
  out.takes_gaps = false;
  out.arguments = {{"w", w, false}, {"x", x}};
  out.results = {{"out", x.rows, outputs_, {}}};
  out.run = [this](const onager_array* given, onager_array* filled) {
    return model_->forward(instance(), &given[0], &given[1], &filled[0]);
  };
  return out;
}

Operation ModelFunction::vjp_parameters(const Table& w, const Table& x, const Table& v) const {
  Operation out;
  out.call = "vjp";
  out.takes_gaps = out.takes_rows = false;
  out.arguments = {{"w", w, false}, {"x", x}, {"v", v}};
  out.results = {{"f", x.rows, outputs_, {}}, {"w_out", parameters_, 1, {}}};
  out.run = [this](const onager_array* given, onager_array* filled) {
    return model_->vjp(instance(), &given[0], &given[1], &filled[0], nullptr, nullptr, &given[2],
                       &filled[1], nullptr);
  };
  return out;
}

Operation ModelFunction::vjp_inputs(const Table& w, const Table& x, const Table& v) const {
  Operation out;
  out.call = "vjp";
  out.takes_gaps = false;
  out.arguments = {{"w", w, false}, {"x", x}, {"v", v}};
  out.results = {{"f", x.rows, outputs_, {}}, {"x_out", x.rows, features_, {}}};
  out.run = [this](const onager_array* given, onager_array* filled) {
    return model_->vjp(instance(), &given[0], &given[1], &filled[0], nullptr, nullptr, &given[2],
                       nullptr, &filled[1]);
  };
  return out;
}

Operation ModelFunction::directional(const char* call, const Table& w, const Table& x,
                                     const Table* v, const Table* u, const Table* s) const {
  Operation out;
  out.call = call;
  out.takes_gaps = false;
  out.arguments = {{"w", w, false}, {"x", x}};
  if (v) out.arguments.push_back({"v", *v});
  if (u) out.arguments.push_back({"u", *u, false});
  if (s) out.arguments.push_back({"s", *s});
  return out;
}

Operation ModelFunction::jvp(const Table& w, const Table& x, const Table* u, const Table* s) const {
  Operation out = directional("jvp", w, x, nullptr, u, s);
  out.results = {{"out", x.rows, outputs_, {}}};
  out.run = [this, has_u = u != nullptr, has_s = s != nullptr](const onager_array* given,
                                                               onager_array* filled) {
    return tangent_->jvp(instance(), &given[0], &given[1], direction(given, 2, has_u),
                         direction(given, has_u ? 3 : 2, has_s), &filled[0]);
  };
  return out;
}

Operation ModelFunction::second(const Table& w, const Table& x, const Table* u,
                                const Table* s) const {
  Operation out = directional("second", w, x, nullptr, u, s);
  out.results = {{"out", x.rows, outputs_, {}}};
  out.run = [this, has_u = u != nullptr, has_s = s != nullptr](const onager_array* given,
                                                               onager_array* filled) {
    return tangent_->second(instance(), &given[0], &given[1], direction(given, 2, has_u),
                            direction(given, has_u ? 3 : 2, has_s), &filled[0]);
  };
  return out;
}

Operation ModelFunction::hvp_parameters(const Table& w, const Table& x, const Table& v,
                                        const Table* u, const Table* s) const {
  Operation out = directional("hvp", w, x, &v, u, s);
  out.takes_rows = false;
  out.results = {{"w_out", parameters_, 1, {}}};
  out.run = [this, has_u = u != nullptr, has_s = s != nullptr](const onager_array* given,
                                                               onager_array* filled) {
    return tangent_->hvp(instance(), &given[0], &given[1], &given[2], direction(given, 3, has_u),
                         direction(given, has_u ? 4 : 3, has_s), &filled[0], nullptr);
  };
  return out;
}

Operation ModelFunction::hvp_inputs(const Table& w, const Table& x, const Table& v, const Table* u,
                                    const Table* s) const {
  Operation out = directional("hvp", w, x, &v, u, s);
  out.results = {{"x_out", x.rows, features_, {}}};
  out.run = [this, has_u = u != nullptr, has_s = s != nullptr](const onager_array* given,
                                                               onager_array* filled) {
    return tangent_->hvp(instance(), &given[0], &given[1], &given[2], direction(given, 3, has_u),
                         direction(given, has_u ? 4 : 3, has_s), nullptr, &filled[0]);
  };
  return out;
}

Operation ModelFunction::tangent_kernel(const Table& w, const Table& x, const Table* z) const {
  Operation out;
  out.call = "block of the tangent kernel";
  out.takes_gaps = out.takes_rows = false;
  out.arguments = {{"w", w, false}, {"x", x}};
  if (z) out.arguments.push_back({"z", *z, false});
  out.results = {{"out", x.rows * outputs_, (z ? z->rows : x.rows) * outputs_, {}}};
  out.run = [this, has_z = z != nullptr](const onager_array* given, onager_array* filled) {
    return kernel_->block(instance(), &given[0], &given[1], direction(given, 2, has_z), &filled[0]);
  };
  return out;
}

}  // namespace onager::host::conformance
