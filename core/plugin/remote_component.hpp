// SPDX-License-Identifier: MIT
#pragma once

#include <onager/abi.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace onager::host {

class IsolatedProcess;

/// A component of another process, as the instance that its callers hold.
struct RemoteComponent {
  /// Its answer to onager_component::interface.
  static const void* interface(void* instance, const char* id);

  IsolatedProcess* process = nullptr;
  std::uint64_t number = 0;    // in the process: its place among the components, parents first
  std::string name;            // "kernel 'cauchy' (org.example.mine 1.0.0)"
  onager_component component;  // the real one's description, with our functions
  std::map<std::string, std::shared_ptr<void>> tables;
  std::vector<std::int64_t> kept;      // the list of an onager_step
  std::vector<onager_child> children;  // of a composite
};

}  // namespace onager::host
