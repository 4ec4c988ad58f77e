// SPDX-License-Identifier: MIT
#include "conformance/diagnostic_checks.hpp"

#include "conformance/named_arrays.hpp"
#include "conformance/view_stand_in.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <optional>
#include <thread>

namespace onager::host::conformance {

namespace {

using Kind = RunForm::Kind;

constexpr std::int64_t rounds = 6;
constexpr RunForm forms[] = {{Kind::kernel_machine, ONAGER_FLOAT64},
                             {Kind::kernel_machine, ONAGER_FLOAT32},
                             {Kind::network, ONAGER_FLOAT64},
                             {Kind::network, ONAGER_FLOAT32}};

using Results = std::vector<Emitted>;
using Specimens = std::vector<std::unique_ptr<Specimen>>;

const onager_diagnostic& table_of(const Specimen& specimen) {
  const auto* table = specimen.interface<onager_diagnostic>(ONAGER_DIAGNOSTIC);
  if (table == nullptr) {
    specimen.trial().report("diagnostic.form",
                            fmt::format("it does not offer {}", ONAGER_DIAGNOSTIC));
    throw CheckEnds{};
  }
  return *table;
}

onager_status observe(const Specimen& specimen, const ViewStandIn& view) {
  const auto& table = table_of(specimen);
  return specimen.trial().ask("observe",
                              [&] { return table.observe(specimen.get(), &view.abi()); });
}

onager_status finish(const Specimen& specimen, const ViewStandIn& view) {
  const auto& table = table_of(specimen);
  if (table.finish == nullptr) return ONAGER_OK;
  return specimen.trial().ask("finish", [&] { return table.finish(specimen.get(), &view.abi()); });
}

/// A call on a run that it observes has to succeed, and what it emits is finite.
void demand(Specimen& specimen, onager_status status, const char* call, const ViewStandIn& view,
            const RunForm& form) {
  Trial& trial = specimen.trial();
  const auto place = fmt::format("in round {} of {}", view.abi().round, form.described());
  if (status != ONAGER_OK) {
    if (!trial.reported("calls.status") && !trial.reported("calls.reason"))
      trial.report(
          "calls.succeed",
          fmt::format("{} returned the status {} {}: {}", call, status, place, trial.reason()),
          view.arrays());
    throw CheckEnds{};
  }
  for (const auto& result : specimen.emitted())
    for (const double v : result.value.values)
      if (std::isinf(v) || (std::isnan(v) && result.value.values.size() == 1)) {
        trial.report("values.finite",
                     fmt::format("{} emitted {} = {} {}", call, result.name, v, place),
                     view.arrays());
        return;
      }
}

/// Observes rounds from `first` on and finishes. False when it refuses the first of them: a run of
/// this form is not for it, and reason() says why.
bool observe_all(Specimen& specimen, std::int64_t first, const RunForm& form) {
  for (std::int64_t round = first; round < rounds; ++round) {
    const ViewStandIn view(specimen.trial(), round, form);
    const auto status = observe(specimen, view);
    if (status != ONAGER_OK && round == first) return false;
    demand(specimen, status, "observe", view, form);
  }
  const ViewStandIn view(specimen.trial(), rounds - 1, form);
  demand(specimen, finish(specimen, view), "finish", view, form);
  return true;
}

/// What an instance emits that observes a run of that form alone; nothing where it refuses to.
std::optional<Results> alone(Trial& trial, const RunForm& form) {
  Specimen specimen(trial);
  if (!observe_all(specimen, 0, form)) return std::nullopt;
  return specimen.emitted();
}

bool same(const Results& a, const Results& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].name != b[i].name || a[i].round != b[i].round || !same_bytes(a[i].value, b[i].value))
      return false;
  return true;
}

/// The rounds of a run, for several instances to observe.
struct Run {
  Run(const Trial& trial, const RunForm& form, Results alone) : expected(std::move(alone)) {
    for (std::int64_t round = 0; round < rounds; ++round)
      views.push_back(std::make_unique<ViewStandIn>(trial, round, form));
  }
  std::vector<std::unique_ptr<ViewStandIn>> views;
  Results expected;
};

std::vector<Run> observed_runs(Trial& trial) {
  std::vector<Run> out;
  for (const auto& form : forms)
    if (auto results = alone(trial, form)) out.emplace_back(trial, form, std::move(*results));
  return out;
}

/// Instances observe the run, one after the other. False when one emits other results than it does
/// alone.
bool observe_by_turns(const onager_diagnostic& table, const Specimens& specimens, const Run& run) {
  for (const auto& specimen : specimens) {
    for (const auto& view : run.views)
      if (table.observe(specimen->get(), &view->abi()) != ONAGER_OK) return false;
    if (table.finish && table.finish(specimen->get(), &run.views.back()->abi()) != ONAGER_OK)
      return false;
    if (!same(specimen->emitted(), run.expected)) return false;
  }
  return true;
}

/// As many instances as keep a thread busy long enough to be interrupted by others.
Specimens specimens_for(Trial& trial, const Run& run) {
  constexpr std::int64_t duration = 30'000'000, most = 1000;
  Specimens out;
  out.push_back(std::make_unique<Specimen>(trial));
  const auto& table = table_of(*out.front());
  const std::int64_t begin = thread_cpu_time();
  trial.measured("observe", [&] { observe_by_turns(table, out, run); });
  const std::int64_t count =
      std::clamp<std::int64_t>(duration / (thread_cpu_time() - begin), 1, most);
  out.clear();
  for (std::int64_t i = 0; i < count; ++i) out.push_back(std::make_unique<Specimen>(trial));
  return out;
}

}  // namespace

void check_diagnostic_rounds(Trial& trial) {
  bool observed = false, emitted = false;
  std::string refusals;
  for (const auto& form : forms) {
    const auto first = alone(trial, form);
    if (!first) {
      if (form.dtype == ONAGER_FLOAT64)
        refusals +=
            fmt::format("{}{}: {}", refusals.empty() ? "" : "; ", form.described(), trial.reason());
      continue;
    }
    observed = true;
    emitted = emitted || !first->empty();
    const auto second = alone(trial, form);
    if (!second || !same(*first, *second))
      trial.report("values.deterministic",
                   fmt::format("two instances that observe the same rounds of {} emit different "
                               "results",
                               form.described()));
  }
  if (!observed)
    trial.report("diagnostic.observes", fmt::format("not tried: it refuses {}", refusals));
  else if (!emitted)
    trial.report("diagnostic.emits",
                 fmt::format("{} rounds were observed, and nothing was emitted", rounds));
}

void check_diagnostic_instances(Trial& trial, const ComponentPlan& other) {
  for (const auto& form : forms) {
    const auto expected = alone(trial, form);
    if (!expected) continue;
    Specimen one(trial);
    Conditions conditions;
    conditions.plan = &other;
    Specimen second(trial, conditions);
    for (std::int64_t round = 0; round < rounds; ++round) {
      const ViewStandIn seen(trial, round, form), elsewhere(trial, rounds - round, form);
      observe(second, elsewhere);
      observe(one, seen);
    }
    finish(one, ViewStandIn(trial, rounds - 1, form));
    if (!same(one.emitted(), *expected))
      trial.report("component.instances",
                   fmt::format("an instance that observes {} emits other results while another "
                               "with other parameters observes other rounds",
                               form.described()));
  }
}

void check_diagnostic_threads(Trial& trial) {
  constexpr std::size_t threads = 4;
  const auto runs = observed_runs(trial);
  if (runs.empty()) return;
  // to the end: a thread's last moments are counted after it was joined
  trial.threads_expected = true;
  std::vector<Specimens> specimens;
  for (std::size_t t = 0; t < threads; ++t)
    specimens.push_back(specimens_for(trial, runs[t % runs.size()]));
  const auto& table = table_of(*specimens[0][0]);
  std::atomic<std::size_t> waiting{threads}, wrong{0};
  trial.measured("observe", [&] {
    std::vector<std::thread> workers;
    for (std::size_t t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        for (--waiting; waiting != 0;) std::this_thread::yield();
        if (!observe_by_turns(table, specimens[t], runs[t % runs.size()])) ++wrong;
      });
    for (auto& worker : workers) worker.join();
  });
  if (wrong != 0)
    trial.report("values.reentrant",
                 fmt::format("instances that observe runs on {} threads at once emit other results "
                             "than one alone",
                             threads));
}

void check_diagnostic_without_arrays(Trial& trial) {
  const ViewStandIn nothing(trial, 0, {Kind::without_arrays});
  {
    const Specimen specimen(trial);
    observe(specimen, nothing);
    finish(specimen, nothing);
  }
  const Specimen stopped(trial);
  finish(stopped, nothing);
}

void check_diagnostic_state(Trial& trial) {
  for (const Kind kind : {Kind::kernel_machine, Kind::network}) {
    const RunForm form{kind};
    Specimen first_part(trial), second_part(trial);
    if (first_part.interface<onager_named_arrays>(ONAGER_STATE) == nullptr) return;
    const auto whole = alone(trial, form);
    if (!whole) continue;
    for (std::int64_t round = 0; round + 1 < rounds; ++round)
      observe(first_part, ViewStandIn(trial, round, form));
    check_state(trial, first_part, second_part);
    observe_all(second_part, rounds - 1, form);
    Results both = first_part.emitted();
    both.insert(both.end(), second_part.emitted().begin(), second_part.emitted().end());
    if (!same(*whole, both))
      trial.report("state.restored",
                   fmt::format("a new instance with the state of one that observed {} rounds does "
                               "not emit what that would have in the next",
                               rounds - 1));
  }
}

}  // namespace onager::host::conformance
