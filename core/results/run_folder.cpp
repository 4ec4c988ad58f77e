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
  write("arrays/" + name + ".npy", npy_bytes(array));
}

}  // namespace onager::host
