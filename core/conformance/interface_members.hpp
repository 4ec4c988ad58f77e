// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace onager::host::conformance {

/// A function in the table of an interface.
struct InterfaceMember {
  const char* name;
  std::size_t offset;
  bool may_be_null;
};

struct InterfaceTable {
  const char* id;
  std::size_t size;  // of the table in ABI 1.0
  std::vector<InterfaceMember> members;
};

/// The tables that components give, by their ids.
const std::vector<InterfaceTable>& interface_tables();

}  // namespace onager::host::conformance
