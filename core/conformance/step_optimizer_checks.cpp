// SPDX-License-Identifier: MIT
#include "conformance/step_optimizer_checks.hpp"

#include "base/interrupt.hpp"
#include "conformance/named_arrays.hpp"
#include "conformance/objective_stand_in.hpp"
#include "conformance/plain_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace onager::host::conformance {

namespace {

constexpr std::int64_t most_steps = 300, steps_of_a_life = 12;
constexpr double steepest = 0.1;  // largest curvature: rates up to 20 go down

const onager_step_optimizer* table_of(const Specimen& specimen) {
  return specimen.interface<onager_step_optimizer>(ONAGER_OPTIMIZER_STEP);
}

std::int64_t begin(const Specimen& specimen, const ObjectiveStandIn& objective) {
  std::int64_t steps = -1;
  specimen.trial().must(
      "begin", [&] { return table_of(specimen)->begin(specimen.get(), &objective.abi(), &steps); });
  if (steps < 0) {
    specimen.trial().report("optimizer.steps", fmt::format("begin says {} steps", steps));
    throw CheckEnds{};
  }
  return steps;
}

/// What a step said, without borrowed pointers.
struct Said {
  std::int64_t batch = 0;
  std::vector<std::int64_t> samples;  // empty: all
  double loss = 0, learning_rate = 0;
};

/// The step's status; w is taken to the next parameters.
onager_status step(const Specimen& specimen, const ObjectiveStandIn& objective, std::int64_t index,
                   Table& w, Said& said) {
  Trial& trial = specimen.trial();
  GuardedArray array("w", Role::output, objective.abi().dtype, w.rows, 1);
  auto view = array.view();
  w.copy_to(view);
  onager_step out{};
  out.struct_size = sizeof out;
  const auto status = trial.ask("step", [&] {
    return table_of(specimen)->step(specimen.get(), &objective.abi(), index, &view, &out);
  });
  if (array.spilled()) trial.report("memory.outputs", "step wrote in front of w");
  // after a failure that it passed over it has nothing to say
  if (status != ONAGER_OK || objective.failed()) return status;
  w = array.table();
  said = {out.batch, {}, out.loss, out.learning_rate};
  const bool counts = out.batch >= 1 && out.batch <= ObjectiveStandIn::samples;
  if (counts && out.samples) said.samples.assign(out.samples, out.samples + out.batch);
  const bool known = std::all_of(said.samples.begin(), said.samples.end(), [](std::int64_t i) {
    return i >= 0 && i < ObjectiveStandIn::samples;
  });
  if (counts && known && std::isfinite(out.learning_rate)) return status;
  trial.report("optimizer.reports",
               fmt::format("step {} says that its batch is {} of {} samples, that all of them are "
                           "there ({}), and a learning rate of {}",
                           index, out.batch, ObjectiveStandIn::samples, known, out.learning_rate));
  throw CheckEnds{};
}

/// Steps `from` up to but not `to`.
void go(const Specimen& specimen, const ObjectiveStandIn& objective, std::int64_t from,
        std::int64_t to, Table& w) {
  Said said;
  for (std::int64_t index = from; index < to; ++index)
    if (step(specimen, objective, index, w, said) != ONAGER_OK) {
      specimen.trial().report("calls.succeed",
                              fmt::format("step {} failed: {}", index, specimen.trial().reason()));
      throw CheckEnds{};
    }
}

/// Whether the loss that a step says is that of its batch before the step.
void check_said_loss(Trial& trial, const ObjectiveStandIn& objective, const Table& before,
                     std::int64_t index, const Said& said) {
  const double loss = said.samples.empty()
                          ? objective.loss(before)
                          : objective.loss(before, said.batch, said.samples.data());
  const double rounding = objective.abi().dtype == ONAGER_FLOAT32 ? 1e-5 : 1e-10;
  if (std::abs(loss - said.loss) <= rounding * std::abs(loss)) return;
  trial.report("optimizer.reports",
               fmt::format("step {} says a loss of {:.12g}, and its batch had {:.12g} before",
                           index, said.loss, loss),
               {{"w", before}});
}

}  // namespace

void check_steps(Trial& trial) {
  for (const onager_dtype dtype : {ONAGER_FLOAT64, ONAGER_FLOAT32}) {
    const Specimen specimen(trial);
    if (table_of(specimen) == nullptr) return;
    const ObjectiveStandIn objective(trial, steepest, dtype);
    const std::int64_t steps = std::min(most_steps, begin(specimen, objective));
    Table w = objective.start(trial);
    for (double& v : w.values) v = static_cast<float>(v);
    const Table start = w;
    Said said;
    for (std::int64_t index = 0; index < steps; ++index) {
      const Table before = w;
      if (step(specimen, objective, index, w, said) != ONAGER_OK) {
        trial.report("calls.succeed", fmt::format("step {} failed: {}", index, trial.reason()),
                     {{"w", before}});
        return;
      }
      check_said_loss(trial, objective, before, index, said);
    }
    const double least = objective.least_loss();
    const double first = objective.loss(start) - least, last = objective.loss(w) - least;
    if (steps > 0 && !(last < first))
      trial.report("optimizer.descends",
                   fmt::format("{} steps of least squares with curvatures up to {} took the loss "
                               "above its least from {:.6g} to {:.6g}",
                               steps, steepest, first, last),
                   {{"w", start}});
  }
}

LifeOf steps_in(onager_dtype dtype) {
  return [dtype](Specimen& specimen) -> std::vector<Call> {
    const auto* table = table_of(specimen);
    if (table == nullptr) return {};
    const auto objective = std::make_shared<ObjectiveStandIn>(specimen.trial(), steepest, dtype);
    const auto w = std::make_shared<PlainArray>(dtype, ObjectiveStandIn::parameters, 1);
    objective->start(specimen.trial()).copy_to(w->view());
    const auto steps = std::make_shared<std::int64_t>(0);
    std::vector<Call> out;
    out.push_back({"begin", [=, instance = specimen.get()](Digest& digest) {
                     const auto status = table->begin(instance, &objective->abi(), steps.get());
                     digest.add(*steps);
                     return status;
                   }});
    for (std::int64_t index = 0; index < steps_of_a_life; ++index)
      out.push_back({"step", [=, instance = specimen.get()](Digest& digest) {
                       if (index >= *steps) return static_cast<onager_status>(ONAGER_OK);
                       auto view = w->view();
                       onager_step said{};
                       said.struct_size = sizeof said;
                       const auto status =
                           table->step(instance, &objective->abi(), index, &view, &said);
                       digest.add(w->table());
                       digest.add(said.batch);
                       for (std::int64_t k = 0; said.samples && k < said.batch; ++k)
                         digest.add(said.samples[k]);
                       digest.add(said.loss);
                       digest.add(said.learning_rate);
                       return status;
                     }});
    return out;
  };
}

void check_steps_again(Trial& trial) {
  const Specimen one(trial), two(trial), half(trial), rest(trial);
  if (table_of(one) == nullptr) return;
  const ObjectiveStandIn objective(trial, steepest, ONAGER_FLOAT64);
  const std::int64_t steps = std::min<std::int64_t>(40, begin(one, objective));
  const Table start = objective.start(trial);
  Table w = start, again = start, resumed = start;
  go(one, objective, 0, steps, w);
  begin(two, objective);
  go(two, objective, 0, steps, again);
  if (again.values != w.values)
    trial.report("values.deterministic",
                 fmt::format("{} steps of two instances end in different parameters", steps),
                 {{"w", start}});
  begin(half, objective);
  go(half, objective, 0, steps / 2, resumed);
  begin(rest, objective);
  check_state(trial, half, rest);
  go(rest, objective, steps / 2, steps, resumed);
  if (resumed.values != w.values)
    trial.report("state.restored",
                 fmt::format("steps {} to {} of a new instance with the state of another end in "
                             "other parameters than without the change",
                             steps / 2, steps - 1),
                 {{"w", start}});
}

void check_steps_obedience(Trial& trial) {
  {
    const Specimen specimen(trial);
    if (table_of(specimen) == nullptr) return;
    ObjectiveStandIn objective(trial, steepest, ONAGER_FLOAT64);
    if (begin(specimen, objective) == 0) return;
    objective.fail_from(1);
    Table w = objective.start(trial);
    Said said;
    const auto status = step(specimen, objective, 0, w, said);
    if (objective.failed() && status == ONAGER_OK)
      trial.report("optimizer.failure",
                   "the objective answered ONAGER_NUMERICAL, and step answered ONAGER_OK");
  }
  const Specimen specimen(trial);
  const ObjectiveStandIn objective(trial, steepest, ONAGER_FLOAT64);
  begin(specimen, objective);
  Table w = objective.start(trial);
  Said said;
  request_stop();
  const auto status = step(specimen, objective, 0, w, said);
  clear_stop_request();
  if (status != ONAGER_OK && status != ONAGER_CANCELLED)
    trial.report("optimizer.cancelled",
                 fmt::format("the user asked to stop and the objective answered ONAGER_CANCELLED; "
                             "step answered {}",
                             status));
}

}  // namespace onager::host::conformance
