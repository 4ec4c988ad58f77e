// SPDX-License-Identifier: MIT
#include "package/scratch_folder.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace onager::host {

ScratchFolder::ScratchFolder(const std::filesystem::path& parent, const std::string& prefix) {
  std::string name = (parent / (prefix + std::string(6, 'X'))).string();
  if (::mkdtemp(name.data()) == nullptr)
    throw Error(Category::system, fmt::format("cannot create a folder in {}: {}", parent.string(),
                                              std::strerror(errno)));
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace onager::host
