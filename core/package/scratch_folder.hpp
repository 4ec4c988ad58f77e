// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace onager::host {

/// A folder of this process's own that goes with all in it.
class ScratchFolder {
 public:
  /// In `parent`, named `prefix` and letters at random. Throws Error(system).
  explicit ScratchFolder(
      const std::filesystem::path& parent = std::filesystem::temp_directory_path(),
      const std::string& prefix = "onager-");
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace onager::host
