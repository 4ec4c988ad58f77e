// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/specimen.hpp"

#include <string>
#include <vector>

namespace onager::host::conformance {

/// An array of "onager.state/1" or "onager.facts/1".
struct NamedArray {
  std::string name;
  onager_dtype dtype;
  Table value;
};

/// All of them, read between guarded pages. What is wrong with the table breaks `rule`.
std::vector<NamedArray> read_named_arrays(const Specimen& specimen,
                                          const onager_named_arrays& table, const char* rule);

/// Writes them back into an instance.
void write_named_arrays(const Specimen& specimen, const onager_named_arrays& table,
                        const std::vector<NamedArray>& arrays);

/// What the state of one instance says, written into another that was only created, is what that
/// then says too. Nothing without "onager.state/1".
void check_state(Trial& trial, const Specimen& saved, const Specimen& restored);

}  // namespace onager::host::conformance
