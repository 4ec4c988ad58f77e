// SPDX-License-Identifier: MIT
#include "results/run_folder.hpp"

#include "base/files.hpp"

namespace onager::host {

void RunFolder::write(const std::string& name, const std::string& content) const {
  const auto file = path_ / name;
  make_folder(file.parent_path());
  write_file(file, content);
}

void RunFolder::write_array(const std::string& name, const NpyArray& array) const {
  write(array_file(name), npy_bytes(array));
}

bool RunFolder::has_array(const std::string& name) const {
  return std::filesystem::exists(path_ / array_file(name));
}

}  // namespace onager::host
