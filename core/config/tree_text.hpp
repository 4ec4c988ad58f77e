// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"

#include <string>
#include <vector>

namespace onager::host {

/// A line of a pipeline file.
struct TomlLine {
  std::string text;
  std::string path;  // of the value that it gives, "kernel.bandwidth"; "" for headers and gaps
};

/// A file's tree, overrides included, as a file again: values before tables, tables nested in
/// tables in one line.
std::vector<TomlLine> lines_of(const Node& root);

/// A value in one line.
std::string toml_text(const Node& value);

/// The lines as one text.
std::string joined_lines(const std::vector<TomlLine>& lines);

}  // namespace onager::host
