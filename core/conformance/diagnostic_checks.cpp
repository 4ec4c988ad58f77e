// SPDX-License-Identifier: MIT
#include "conformance/diagnostic_checks.hpp"

#include "conformance/named_arrays.hpp"
#include "conformance/view_stand_in.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <optional>

namespace onager::host::conformance {

namespace {

using Kind = RunForm::Kind;

constexpr std::int64_t rounds = 6;
constexpr RunForm forms[] = {{Kind::kernel_machine, ONAGER_FLOAT64},
                             {Kind::kernel_machine, ONAGER_FLOAT32},
                             {Kind::network, ONAGER_FLOAT64},
                             {Kind::network, ONAGER_FLOAT32}};

using Results = std::vector<Emitted>;

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

/// The rounds of a run, each made when it is first asked for: instances with the same data share
/// them, one after the other.
struct Run {
  const ViewStandIn& view(const Trial& trial, std::int64_t round, const RunForm& form) {
    auto& view = views[static_cast<std::size_t>(round)];
    if (!view) view = std::make_unique<ViewStandIn>(trial, round, form);
    return *view;
  }
  std::array<std::unique_ptr<ViewStandIn>, rounds> views;
};

/// Adds what an instance emitted.
void add_emitted(Specimen& specimen, Digest& digest) {
  for (const auto& result : specimen.emitted()) {
    digest.add(result.name);
    digest.add(result.round);
    digest.add(result.value);
  }
  specimen.emitted().clear();
}

/// The life of a diagnostic that observes a run of that form.
LifeOf life_in(const RunForm& form) {
  const auto runs = std::make_shared<std::map<std::uint64_t, Run>>();
  return [form, runs](Specimen& specimen) {
    Run& run = (*runs)[specimen.trial().seed()];
    const auto& table = table_of(specimen);
    std::vector<Call> out;
    for (std::int64_t round = 0; round < rounds; ++round)
      out.push_back({"observe", [&, form, runs, round](Digest& digest) {
                       const auto& view = run.view(specimen.trial(), round, form);
                       const auto status = table.observe(specimen.get(), &view.abi());
                       add_emitted(specimen, digest);
                       return status;
                     }});
    if (table.finish)
      out.push_back({"finish", [&, form, runs](Digest& digest) {
                       const auto& view = run.view(specimen.trial(), rounds - 1, form);
                       const auto status = table.finish(specimen.get(), &view.abi());
                       add_emitted(specimen, digest);
                       return status;
                     }});
    return out;
  };
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

std::vector<LifeOf> diagnostic_lives() {
  std::vector<LifeOf> out;
  for (const auto& form : forms) out.push_back(life_in(form));
  return out;
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
