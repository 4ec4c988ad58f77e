// SPDX-License-Identifier: MIT
#include "base/available_memory.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>

namespace onager::host {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

std::uint64_t less(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; }

/// The number that a file holds; nothing where it holds another word, such as "max".
std::optional<std::uint64_t> number_in(const fs::path& file) {
  std::ifstream in(file);
  std::uint64_t value = 0;
  if (in >> value) return value;
  return std::nullopt;
}

/// The number after a word at the begin of a line: "MemAvailable: 123 kB".
std::optional<std::uint64_t> number_after(const fs::path& file, const std::string& word) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string first;
    std::uint64_t value = 0;
    if (words >> first && first == word && words >> value) return value;
  }
  return std::nullopt;
}

struct GroupFiles {
  const char *limit, *used, *cached;
};
constexpr GroupFiles version_1{"memory.limit_in_bytes", "memory.usage_in_bytes",
                               "total_inactive_file"};
constexpr GroupFiles version_2{"memory.max", "memory.current", "inactive_file"};

/// What is left in a control group and in those above it up to the folder `top`. In a container the
/// path is that of the machine outside and may not exist; its own group is then `top`.
std::uint64_t left_in_groups(const fs::path& top, const std::string& path,
                             const GroupFiles& files) {
  std::uint64_t left = unlimited;
  for (fs::path inner = fs::path(path).relative_path();; inner = inner.parent_path()) {
    const fs::path group = top / inner;
    if (const auto limit = number_in(group / files.limit)) {
      const std::uint64_t used = number_in(group / files.used).value_or(0);
      const std::uint64_t cached = number_after(group / "memory.stat", files.cached).value_or(0);
      left = std::min(left, less(*limit, less(used, cached)));
    }
    if (inner.empty()) return left;
  }
}

/// From lines such as "0::/user.slice" (version 2) and "5:cpu,memory:/" (version 1).
std::uint64_t left_in_control_groups(const fs::path& root) {
  std::uint64_t left = unlimited;
  std::ifstream in(root / "proc/self/cgroup");
  const fs::path mounted = root / "sys/fs/cgroup";
  for (std::string line; std::getline(in, line);) {
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string path = line.substr(second + 1);
    if (controllers == ",,") {
      for (const fs::path& top : {mounted, mounted / "unified"})
        left = std::min(left, left_in_groups(top, path, version_2));
    } else if (controllers.find(",memory,") != std::string::npos) {
      left = std::min(left, left_in_groups(mounted / "memory", path, version_1));
    }
  }
  return left;
}

std::uint64_t page_size() { return static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)); }

std::uint64_t left_of_address_space(const fs::path& root) {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return unlimited;
  return less(limit.rlim_cur, number_in(root / "proc/self/statm").value_or(0) * page_size());
}

}  // namespace

std::uint64_t available_memory(const fs::path& root) {
  std::uint64_t left = std::min(left_in_control_groups(root), left_of_address_space(root));
  if (const auto kibibytes = number_after(root / "proc/meminfo", "MemAvailable:"))
    left = std::min(left, *kibibytes * 1024);
  return left == unlimited ? std::uint64_t{4} << 30 : left;
}

std::uint64_t resident_memory() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  in >> size >> resident;
  return resident * page_size();
}

}  // namespace onager::host
