// SPDX-License-Identifier: MIT
#pragma once

#include "config/expectations.hpp"
#include "config/figures.hpp"
#include "config/tree_text.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace onager::host {

/// What a sweep's folder keeps of its pipeline file as sweep.toml: all but what takes plugins to
/// understand.
struct SweepFile {
  std::string name;                  // of the pipeline file, without its extension
  std::vector<TomlLine> lines;       // with overrides in them and paths absolute
  std::vector<std::string> columns;  // that are swept
  std::vector<Figure> figures;
  std::vector<Expectation> expectations;
  Units units;  // of swept columns

  /// Whether a line of the file gives a value that [sweep] varies, or the values of one.
  bool varies(const TomlLine& line) const;
  /// The content of sweep.toml; read again it is the same sweep.
  std::string text() const { return joined_lines(lines); }
};

/// A sweep.toml; its units are elsewhere. Throws Error.
SweepFile read_sweep_file(const std::filesystem::path& file);

}  // namespace onager::host
