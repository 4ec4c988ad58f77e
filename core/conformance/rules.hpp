// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

namespace onager::host::conformance {

/// Something that every plugin keeps to.
struct Rule {
  const char* id;
  const char* demand;  // what holds, in a sentence
  const char* remedy;  // what the author of a plugin that breaks it can do
};

/// All that the suite looks at, by subject.
const std::vector<Rule>& rules();
/// The rule of an id, which is one of them.
const Rule& rule_of(std::string_view id);

}  // namespace onager::host::conformance
