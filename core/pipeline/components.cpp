// SPDX-License-Identifier: MIT
#include "pipeline/components.hpp"

#include "base/error.hpp"
#include "pipeline/data.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

std::unique_ptr<Instance> Components::create(const ComponentPlan& plan) {
  environments_.push_back(std::make_unique<Environment>(environment_(plan.path)));
  return std::make_unique<Instance>(plan, *environments_.back());
}

std::vector<ComponentState> read_states(const std::vector<Stateful>& components) {
  std::vector<ComponentState> out;
  for (const auto& [path, instance] : components)
    if (auto arrays = read_named_arrays(*instance, ONAGER_STATE); !arrays.empty())
      out.push_back({path, std::move(arrays)});
  return out;
}

void write_states(const std::vector<Stateful>& components,
                  const std::vector<ComponentState>& states) {
  for (const auto& saved : states) {
    const auto found = std::find_if(components.begin(), components.end(),
                                    [&](const auto& entry) { return entry.first == saved.path; });
    const auto* table = found == components.end()
                            ? nullptr
                            : found->second->template interface<onager_named_arrays>(ONAGER_STATE);
    if (!table || !table->write)
      throw Error(Category::system, fmt::format("the checkpoint holds state of {}, which this "
                                                "pipeline cannot take back",
                                                saved.path));
    for (const auto& [name, array] : saved.arrays) {
      const auto view = array.view();
      found->second->call("write state", [&, name = name.c_str()] {
        return table->write(found->second->get(), name, &view);
      });
    }
  }
}

}  // namespace onager::host
