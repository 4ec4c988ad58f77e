// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// A line of a pipeline file.
struct TomlLine {
  std::string text;
  std::string path;  // of the value that it gives, "kernel.bandwidth"; "" for headers and gaps
};

/// Another text for a value than its own, such as a path that is to be absolute; nothing to keep
/// it.
using Replacement = std::function<std::optional<std::string>(const Node& value)>;

/// A file's tree, overrides included, as a file again: values before tables, tables nested in
/// tables in one line.
std::vector<TomlLine> lines_of(const Node& root, const Replacement& replaced);

/// A value in one line.
std::string toml_text(const Node& value, const Replacement& replaced);
std::string toml_text(const Node& value);

/// The lines as one text.
std::string joined_lines(const std::vector<TomlLine>& lines);

}  // namespace onager::host
