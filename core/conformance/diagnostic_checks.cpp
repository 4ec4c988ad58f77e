// SPDX-License-Identifier: MIT
#include "conformance/diagnostic_checks.hpp"

#include "conformance/named_arrays.hpp"
#include "conformance/view_stand_in.hpp"

#include <fmt/format.h>

#include <cstring>

namespace onager::host::conformance {

namespace {

constexpr std::int64_t rounds = 3;
constexpr RunKind runs[] = {RunKind::kernel_machine, RunKind::network};

/// A run that a diagnostic observes.
struct Observed {
  RunKind kind;
  onager_dtype dtype = ONAGER_FLOAT64;
};

const onager_diagnostic& table_of(const Specimen& specimen) {
  const auto* table = specimen.interface<onager_diagnostic>(ONAGER_DIAGNOSTIC);
  if (table == nullptr) {
    specimen.trial().report("diagnostic.form",
                            fmt::format("it does not offer {}", ONAGER_DIAGNOSTIC));
    throw CheckEnds{};
  }
  return *table;
}

onager_status observe(const Specimen& specimen, std::int64_t round, const Observed& run) {
  const auto& table = table_of(specimen);
  const ViewStandIn view(specimen.trial(), round, run.kind, run.dtype);
  return specimen.trial().ask("observe",
                              [&] { return table.observe(specimen.get(), &view.abi()); });
}

onager_status finish(const Specimen& specimen, std::int64_t round, const Observed& run) {
  const auto& table = table_of(specimen);
  if (table.finish == nullptr) return ONAGER_OK;
  const ViewStandIn view(specimen.trial(), round, run.kind, run.dtype);
  return specimen.trial().ask("finish", [&] { return table.finish(specimen.get(), &view.abi()); });
}

/// Observes rounds from `first` on and finishes. False when a call failed, with its reason.
bool observe_all(const Specimen& specimen, std::int64_t first, const Observed& run) {
  for (std::int64_t round = first; round < rounds; ++round)
    if (observe(specimen, round, run) != ONAGER_OK) return false;
  return finish(specimen, rounds - 1, run) == ONAGER_OK;
}

bool same(const std::vector<Emitted>& a, const std::vector<Emitted>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto &x = a[i].value.values, &y = b[i].value.values;
    if (a[i].name != b[i].name || a[i].round != b[i].round || x.size() != y.size() ||
        (!x.empty() && std::memcmp(x.data(), y.data(), x.size() * sizeof(double)) != 0))
      return false;
  }
  return true;
}

}  // namespace

void check_diagnostic_rounds(Trial& trial) {
  bool observed = false, emitted = false;
  for (const RunKind kind : runs)
    for (const onager_dtype dtype : {ONAGER_FLOAT64, ONAGER_FLOAT32}) {
      Specimen one(trial), other(trial);
      if (!observe_all(one, 0, {kind, dtype})) continue;  // it says what it lacks
      observed = true;
      emitted = emitted || !one.emitted().empty();
      observe_all(other, 0, {kind, dtype});
      if (!same(one.emitted(), other.emitted()))
        trial.report("values.deterministic",
                     "two instances that observe the same rounds emit different results");
    }
  if (!observed)
    trial.note(fmt::format("it observes neither a kernel machine nor a network of the suite: {}",
                           trial.reason()));
  else if (!emitted)
    trial.report("diagnostic.emits",
                 fmt::format("{} rounds were observed, and nothing was emitted", rounds));
}

void check_diagnostic_without_arrays(Trial& trial) {
  constexpr Observed nothing{RunKind::without_arrays};
  {
    const Specimen specimen(trial);
    observe(specimen, 0, nothing);
    finish(specimen, 0, nothing);
  }
  const Specimen stopped(trial);
  finish(stopped, 0, nothing);
}

void check_diagnostic_state(Trial& trial) {
  for (const RunKind kind : runs) {
    const Observed run{kind};
    Specimen whole(trial), first_part(trial), second_part(trial);
    if (first_part.interface<onager_named_arrays>(ONAGER_STATE) == nullptr) return;
    if (!observe_all(whole, 0, run)) continue;
    for (std::int64_t round = 0; round + 1 < rounds; ++round) observe(first_part, round, run);
    check_state(trial, first_part, second_part);
    observe_all(second_part, rounds - 1, run);
    std::vector<Emitted> both = first_part.emitted();
    both.insert(both.end(), second_part.emitted().begin(), second_part.emitted().end());
    if (!same(whole.emitted(), both))
      trial.report("state.restored",
                   fmt::format("a new instance with the state of one that observed {} rounds does "
                               "not emit what that would have in the next",
                               rounds - 1));
  }
}

}  // namespace onager::host::conformance
