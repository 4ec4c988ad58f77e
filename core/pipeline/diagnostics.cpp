// SPDX-License-Identifier: MIT
#include "pipeline/diagnostics.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

std::int64_t next_multiple(std::int64_t from, std::int64_t every) {
  return (from + every - 1) / every * every;
}

Diagnostics::Diagnostics(const std::vector<ComponentPlan>& plans, Components& components) {
  for (const auto& plan : plans) {
    Entry entry{components.create(plan), nullptr, plan.path,
                fmt::format("diagnose.{}", plan.component->id), plan.every};
    entry.table = entry.instance->interface<onager_diagnostic>(ONAGER_DIAGNOSTIC);
    if (!entry.table)
      throw Error(Category::plugin,
                  fmt::format("{} does not offer {}", entry.instance->name(), ONAGER_DIAGNOSTIC));
    all_.push_back(std::move(entry));
  }
}

std::int64_t Diagnostics::next(std::int64_t from) const {
  std::int64_t least = -1;
  for (const auto& entry : all_) {
    const std::int64_t at = next_multiple(from, entry.every);
    least = least < 0 ? at : std::min(least, at);
  }
  return least;
}

void Diagnostics::observe(std::int64_t index, bool last, const onager_view& view,
                          PhaseTimes& times) const {
  for (const auto& entry : all_) {
    if (!last && index % entry.every != 0) continue;
    times.measure(entry.phase, [&] {
      entry.instance->call("observe",
                           [&] { return entry.table->observe(entry.instance->get(), &view); });
    });
  }
}

void Diagnostics::finish(const onager_view& view, PhaseTimes& times) const {
  for (const auto& entry : all_) {
    if (!entry.table->finish) continue;
    times.measure(entry.phase, [&] {
      entry.instance->call("finish",
                           [&] { return entry.table->finish(entry.instance->get(), &view); });
    });
  }
}

void Diagnostics::append_stateful(std::vector<Stateful>& out) const {
  for (const auto& entry : all_) out.emplace_back(entry.path, entry.instance.get());
}

}  // namespace onager::host
