// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace onager::host {

/// An interface of a component, and in plain words what a component that offers it can do.
struct InterfaceName {
  const char* id;
  const char* words;
};

/// All that this host asks components for.
const std::vector<InterfaceName>& known_interfaces();

}  // namespace onager::host
