// SPDX-License-Identifier: MIT
//
// A pipeline file to its plan, and where it has a sweep to its points. What is valid is written out
// and must read back as the same.
#include "base/error.hpp"
#include "base/files.hpp"
#include "config/plan.hpp"
#include "config/sweep.hpp"
#include "memory_file.hpp"

#include <filesystem>

using namespace onager::host;

namespace {

const Registry& registry() {
  static const Registry loaded = Registry::load({{ONAGER_PLUGIN_DIR, "test"}});
  if (loaded.all().empty()) std::abort();
  return loaded;
}

void require_same(const Plan& plan) {
  const std::string written = to_toml(plan);
  const onager::fuzz::MemoryFile again(reinterpret_cast<const std::uint8_t*>(written.data()),
                                       written.size());
  if (to_toml(read_plan(again.path(), {}, registry())) != written) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const onager::fuzz::MemoryFile file(bytes, size);
  Plan plan;
  try {
    plan = read_plan(file.path(), {}, registry());
  } catch (const Error&) {
    return 0;
  }
  require_same(plan);
  if (!plan.has_sweep) return 0;
  try {
    for (const auto& point : read_sweep(file.path(), {}, registry()).points)
      require_same(point.plan);
  } catch (const Error&) {
  }
  return 0;
}
