// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/components.hpp"
#include "pipeline/phase_times.hpp"

#include <onager/abi.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace onager::host {

/// The diagnostics of a pipeline, each with the rows it observes. Their time is counted one by one,
/// in phases "diagnose.ID".
class Diagnostics {
 public:
  /// Throws Error(plugin) when a component offers no diagnostic.
  Diagnostics(const std::vector<ComponentPlan>& plans, Components& components);

  bool empty() const { return all_.empty(); }
  /// The least index of `from` or more that one of them observes; -1 where there are none.
  std::int64_t next(std::int64_t from) const;
  /// Those whose period divides the index, or all of them at the last row.
  void observe(std::int64_t index, bool last, const onager_view& view, PhaseTimes& times) const;
  void finish(const onager_view& view, PhaseTimes& times) const;
  void append_stateful(std::vector<Stateful>& out) const;

 private:
  struct Entry {
    std::unique_ptr<Instance> instance;
    const onager_diagnostic* table;
    std::string path, phase;
    std::int64_t every;
  };
  std::vector<Entry> all_;
};

/// The least multiple of `every` that is `from` or more.
std::int64_t next_multiple(std::int64_t from, std::int64_t every);

}  // namespace onager::host
