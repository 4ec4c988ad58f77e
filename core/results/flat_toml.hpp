// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onager::host {

/// One value of a TOML file: "kernel.bandwidth", "feature_map[0].power", with its text.
struct Setting {
  std::string key, value;
};

/// All values of a TOML text in the order of the file. A list of plain values is one value; lists
/// of tables are followed. Throws Error(config) with file:line:column.
std::vector<Setting> flat_toml(std::string_view text, const std::string& file);

/// The value of a key, or "". A string comes without its quotes.
std::string value_of(const std::vector<Setting>& settings, std::string_view key);

}  // namespace onager::host
