// SPDX-License-Identifier: MIT
#include "conformance/checks.hpp"

#include "conformance/component_checks.hpp"
#include "conformance/dataset_checks.hpp"
#include "conformance/diagnostic_checks.hpp"
#include "conformance/feature_map_checks.hpp"
#include "conformance/instance_checks.hpp"
#include "conformance/kernel_checks.hpp"
#include "conformance/loss_checks.hpp"
#include "conformance/model_checks.hpp"
#include "conformance/solver_checks.hpp"
#include "conformance/step_optimizer_checks.hpp"

#include <memory>

namespace onager::host::conformance {

namespace {

void append(std::vector<Check>& to, std::vector<Check> more) {
  for (auto& check : more) to.push_back(std::move(check));
}

/// What any component is tried with.
std::vector<Check> component_checks() {
  return {{"texts", check_texts, {}, false},
          {"interfaces", check_interfaces, {}, false},
          {"creation", check_creation, {"interfaces"}},
          {"no memory", check_no_memory, {"interfaces"}}};
}

/// What several instances are tried with, which lead these lives.
std::vector<Check> instance_checks(const ComponentPlan& other, const std::vector<LifeOf>& lives,
                                   const std::vector<std::string>& needs) {
  const auto by_turns = [&other, lives](Trial& trial) {
    for (const auto& life : lives) check_instances(trial, other, life);
  };
  Check instances{"instances", by_turns, needs};
  instances.unused_process = true;
  return {instances,
          {"signs", [lives](Trial& trial) { check_signs(trial, lives); }, {"instances"}, false}};
}

/// The same on threads. After what one instance is tried with on threads.
std::vector<Check> thread_checks(const ComponentPlan& other, const std::vector<LifeOf>& lives) {
  return {{"threads apart",
           [&other, lives](Trial& trial) { check_threads_apart(trial, other, lives); },
           {"instances", "threads"},
           false}};
}

/// What calls from arrays to arrays are tried with.
std::vector<Check> operation_checks(const OperationsOf& operations) {
  const auto with = [&](void (*check)(Trial&, const Operations&)) {
    return [check, operations](Trial& trial) {
      const Specimen specimen(trial);
      check(trial, operations(specimen));
    };
  };
  return {{"memory", with(check_memory), {"interfaces"}},
          {"repetition", with(check_repetition), {"memory"}},
          {"rows", with(check_rows), {"repetition"}},
          {"not finite", with(check_not_finite), {"repetition"}}};
}

/// What calls that are marked [any] are tried with.
std::vector<Check> concurrent_checks(const OperationsOf& operations) {
  const auto with = [&](void (*check)(Trial&, const Operations&)) {
    return [check, operations](Trial& trial) {
      const Specimen specimen(trial);
      check(trial, operations(specimen));
    };
  };
  return {{"precision", with(check_precision), {"repetition"}},
          {"threads", with(check_threads), {"repetition", "instances"}, false}};
}

std::vector<Check> kernel_checks(const ComponentPlan& other) {
  const OperationsOf operations = [](const Specimen& specimen) {
    const auto kernel = std::make_shared<KernelFunction>(specimen);
    Operations out = kernel_operations(*kernel, specimen.trial());
    for (auto& operation : out)
      operation.run = [kernel, run = std::move(operation.run)](const onager_array* given,
                                                               onager_array* filled) {
        return run(given, filled);
      };
    return out;
  };
  const auto with = [](void (*check)(Trial&, const KernelFunction&)) {
    return [check](Trial& trial) {
      const Specimen specimen(trial);
      const KernelFunction kernel(specimen);
      if (kernel.form() != KernelFunction::Form::none) check(trial, kernel);
    };
  };
  std::vector<Check> out = component_checks();
  append(out, {{"form", check_kernel_form, {"interfaces"}, false}});
  append(out, operation_checks(operations));
  append(out, instance_checks(other, {life_of(operations)}, {"repetition"}));
  append(out, concurrent_checks(operations));
  append(out, thread_checks(other, {life_of(operations)}));
  append(out, {{"outputs", with(check_kernel_outputs), {"repetition"}},
               {"extremes", with(check_kernel_extremes), {"memory"}},
               {"symmetry", with(check_kernel_symmetry), {"repetition", "rows"}},
               {"definiteness", with(check_kernel_definiteness), {"symmetry", "extremes"}},
               {"derivative", with(check_kernel_derivative), {"repetition", "rows", "outputs"}},
               {"forms agree", with(check_kernel_forms_agree), {"repetition"}}});
  return out;
}

std::vector<Check> feature_map_checks(const ComponentPlan& other) {
  std::vector<Check> out = component_checks();
  append(out, {{"dimension", check_map_dimension, {"interfaces"}}});
  append(out, operation_checks(feature_map_operations));
  append(out, instance_checks(other, {feature_map_life}, {"repetition"}));
  append(out, concurrent_checks(feature_map_operations));
  append(out, thread_checks(other, {feature_map_life}));
  append(out, {{"pullback", check_map_pullback, {"repetition"}},
               {"matrix", check_map_matrix, {"repetition"}},
               {"state", check_map_state, {"repetition"}}});
  for (auto& check : out)
    if (check.name == "memory") check.needs.push_back("dimension");
  return out;
}

std::vector<Check> dataset_checks(const ComponentPlan& other) {
  std::vector<Check> out = component_checks();
  append(out, {{"samples", check_dataset_samples, {"interfaces"}},
               {"pieces", check_dataset_pieces, {"samples"}},
               {"seed", check_dataset_seed, {"samples"}},
               {"splits", check_dataset_splits, {"pieces"}},
               {"draws", check_dataset_draws, {"pieces", "seed"}},
               {"repeats", check_dataset_repeats, {"pieces", "seed"}, false},
               {"annotations", check_dataset_annotations, {"samples"}}});
  append(out, instance_checks(other, {dataset_life}, {"pieces", "seed"}));
  append(out, thread_checks(other, {dataset_life}));
  return out;
}

std::vector<Check> optimizer_checks(const ComponentPlan& other) {
  std::vector<Check> out = component_checks();
  append(out, operation_checks(solver_operations));
  const std::vector<LifeOf> lives = {life_of(solver_operations), steps_in(ONAGER_FLOAT64),
                                     steps_in(ONAGER_FLOAT32)};
  append(out, instance_checks(other, lives, {"repetition"}));
  append(out, thread_checks(other, lives));
  append(out, {{"solutions", check_solver_solutions, {"memory"}},
               {"singular", check_solver_singular, {"memory"}},
               {"obedience", check_solver_obedience, {"memory"}},
               {"said memory", check_solver_memory, {"memory"}},
               {"steps", check_steps, {"interfaces"}},
               {"steps again", check_steps_again, {"steps"}},
               {"obedience of steps", check_steps_obedience, {"steps"}}});
  return out;
}

std::vector<Check> model_checks(const ComponentPlan& other) {
  std::vector<Check> out = component_checks();
  append(out, {{"parameters", check_model_parameters, {"interfaces"}}});
  append(out, operation_checks(model_operations));
  append(out, instance_checks(other, {model_life}, {"repetition"}));
  append(out, concurrent_checks(model_operations));
  append(out, thread_checks(other, {model_life}));
  append(out, {{"vjp", check_model_vjp, {"repetition"}},
               {"tangent", check_model_tangent, {"vjp"}},
               {"tangent kernel", check_model_tangent_kernel, {"vjp"}}});
  return out;
}

std::vector<Check> loss_checks(const ComponentPlan& other) {
  std::vector<Check> out = component_checks();
  append(out, operation_checks(loss_operations));
  append(out, instance_checks(other, {loss_life}, {"repetition"}));
  append(out, concurrent_checks(loss_operations));
  append(out, thread_checks(other, {loss_life}));
  append(out, {{"value", check_loss_value, {"repetition"}},
               {"derivatives", check_loss_derivatives, {"value"}}});
  return out;
}

std::vector<Check> diagnostic_checks(const ComponentPlan& other) {
  std::vector<Check> out = component_checks();
  append(out, {{"rounds", check_diagnostic_rounds, {"interfaces"}},
               {"without arrays", check_diagnostic_without_arrays, {"interfaces"}},
               {"state", check_diagnostic_state, {"rounds"}}});
  const auto lives = diagnostic_lives();
  append(out, instance_checks(other, lives, {"rounds"}));
  append(out, thread_checks(other, lives));
  return out;
}

}  // namespace

std::vector<Check> checks_of(const std::string& kind, const ComponentPlan& other) {
  if (kind == "kernel") return kernel_checks(other);
  if (kind == "feature_map") return feature_map_checks(other);
  if (kind == "dataset") return dataset_checks(other);
  if (kind == "optimizer") return optimizer_checks(other);
  if (kind == "model") return model_checks(other);
  if (kind == "loss") return loss_checks(other);
  if (kind == "diagnostic") return diagnostic_checks(other);
  return component_checks();
}

}  // namespace onager::host::conformance
