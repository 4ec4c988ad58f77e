// SPDX-License-Identifier: MIT
#pragma once

#include "results/metrics.hpp"
#include "results/npy.hpp"
#include "results/summary.hpp"

#include <filesystem>
#include <string>
#include <utility>

namespace onager::host {

/// The folder of a run, as its writer sees it. Every file appears whole.
class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}
  const std::filesystem::path& path() const { return path_; }

  /// Creates the folder when it is not there.
  void write(const std::string& name, const std::string& content) const;
  void write_array(const std::string& name, const NpyArray& array) const;  // arrays/NAME.npy
  bool has_array(const std::string& name) const;
  std::filesystem::path checkpoint() const { return path_ / "checkpoint"; }

 private:
  static std::string array_file(const std::string& name) { return "arrays/" + name + ".npy"; }

  std::filesystem::path path_;
};

}  // namespace onager::host
