// SPDX-License-Identifier: MIT
//
// The pipeline file's own keys, described as a component's parameters are, so that they are checked
// the same way.
#pragma once

#include "config/components.hpp"
#include "plugin/component_plan.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace onager::host {

/// A whole number, at least `least`.
onager_parameter integer_row(const char* name, std::int64_t value, std::int64_t least);
/// A number of at least 0.
onager_parameter real_row(const char* name, double value);
/// A number in [0, 1), by default 0.
onager_parameter part_row(const char* name);
/// By default false.
onager_parameter flag_row(const char* name);
/// A file, by default none.
onager_parameter path_row(const char* name);

/// One of the names, by default the first.
onager_parameter choice_row(const char* name, const char* const* choices, std::uint32_t count);

/// The row with what it means, for editors.
onager_parameter documented(onager_parameter row, const char* meaning);

/// What the table has for a row; the default where the key is missing, or there is no table
/// (nullptr). Problems go to the scope.
ParameterValue own_value(const Node* table, const onager_parameter& row, const Scope& scope);

/// What the [loop] table has for each row. Keys that no row has are problems; `hints` says what to
/// do instead of some. `name`: how messages call the table.
std::vector<ParameterValue> read_loop_table(const Node* table,
                                            const std::vector<onager_parameter>& rows,
                                            const std::string& name,
                                            const std::map<std::string, std::string>& hints,
                                            const Scope& scope);

}  // namespace onager::host
